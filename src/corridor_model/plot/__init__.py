"""Pictures, from numbers and text."""
