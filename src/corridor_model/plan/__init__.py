"""What is promised: a plan's indicators, targets, works and tasks, as data."""
