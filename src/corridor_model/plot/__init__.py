"""Pictures, from numbers and text.

Figures of a result save a file; :func:`fan` and :func:`reliability` draw on axes of the
caller's, whose fonts and styles they leave as they are.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
