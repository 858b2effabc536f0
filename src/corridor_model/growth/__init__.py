"""Growth: what rates reach, what targets need, how yearly changes add up.

Pure NumPy, knowing nothing of plans. Every function broadcasts; scalars give a float, arrays an
array. Rates are yearly fractions (0.10); a log rate says so in its name (S2). Where a relation
is undefined it raises `GrowthUndefinedError` naming the element; `tried` gives values and
reason codes instead (S7). Formulas and references stand in docs/formulas.md.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
