"""What if: scenarios over the works and indicators of a plan, as data.

Rooms, in the direction things flow:

- ``language``: what can be said, its words and files
- ``draws``: random numbers keyed by name
- ``works``: a scenario put onto a plan; what each work then spends and adds
- ``targets``: what is foreseen of each indicator, and how likely its target is
- ``joint``: many targets at once

Here stand the questions themselves: `simulate`, `spending`, `openings`, and their labels.
"""
