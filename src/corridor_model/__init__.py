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

import sys
from typing import Any

import lazy_loader

from corridor_model import _deprecated

_public, _, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":  # looked up when asked for: the look-up is slow
        from corridor_model.files import version

        return version()
    value = _public(name)
    if name in {"assess", "forecast"}:
        value = globals()[name] = _deprecated.with_old_names(name, value)
    return value


def __dir__() -> list[str]:
    return list(__all__)


_deprecated.install(sys.modules[__name__])
