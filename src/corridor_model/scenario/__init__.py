"""What if: scenarios over the works and indicators of a plan, as data."""
