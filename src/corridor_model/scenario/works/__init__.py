"""What is done: a scenario put onto a plan, and what each work then spends and adds."""
