"""Everything a person reads, from numbers upward."""
