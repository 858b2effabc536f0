"""Required growth, progress and scenarios for a plan with targets and a deadline.

>>> import corridor_model as cm
>>> plan = cm.load_plan()
>>> plan.indicators["gdp"].target.value
580.0
>>> float(cm.required_growth(plan).loc["gdp", "required_rate"].round(4))
0.0644

Names are imported when they are first used, so that importing the package costs next to
nothing.
"""

from importlib import import_module
from typing import Any

import lazy_loader

from corridor_model import _deprecated

_public, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":  # looked up when asked for: the look-up is slow
        from importlib.metadata import version

        return version("corridor-model")
    return _public(name)


def _look_up(name: str) -> Any:
    """Return ``room.function``, for methods that became functions of a room above theirs."""
    room, _, function = name.rpartition(".")
    return getattr(import_module(f"{__name__}.{room}"), function)


_deprecated.register(_look_up)
