"""Pictures, from numbers and text.

Each function takes a result or a plan, draws on axes of the caller's or on a figure of its own,
and returns the axes. What it draws (arrays, labels, order) is worked out by a plain function
beside it. Files are written by the ``*_figure`` functions.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
