"""Target by target: what is foreseen, what works add, and how likely it is to be reached."""
