"""Is it on track: verdicts under published rules, their numbers and probabilities, roll-ups.

The formulas that offices and agencies publish stand here too, each by itself with its
reference: see the table in docs/assess.md.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
