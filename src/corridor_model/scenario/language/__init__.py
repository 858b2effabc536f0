"""What can be said: changes as data, scenarios made of them, their words and files."""
