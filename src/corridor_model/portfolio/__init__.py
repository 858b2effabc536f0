"""What to choose: works under budgets, next best choices, cuts, and choices that hold.

>>> import corridor_model as cm
>>> cm.portfolio.maximin({"wait": [50, 60], "build": [20, 80]}).names
('wait',)
"""

from typing import Any

import lazy_loader

from corridor_model import _deprecated

_public, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    return _public(name) if name in __all__ else _deprecated.attribute(__name__, name)
