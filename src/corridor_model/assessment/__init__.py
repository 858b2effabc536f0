"""Is it on track: schedule arithmetic, rule profiles, roll-up."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
