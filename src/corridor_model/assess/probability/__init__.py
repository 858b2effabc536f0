"""How likely each target is: questions put to the forecast floor, and its answers in words."""
