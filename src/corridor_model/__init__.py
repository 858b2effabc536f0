"""Required growth, progress and scenarios for a plan with targets and a deadline.

>>> import corridor_model as cm
>>> plan = cm.load_plan()
>>> plan.indicators["gdp"].target.value
580.0
>>> round(cm.required_growth(plan).loc["gdp", "required_rate"], 4)
0.0644

Names are imported when they are first used, so that importing the package costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model import growth as growth
    from corridor_model.distributions import Beta as Beta
    from corridor_model.distributions import Discrete as Discrete
    from corridor_model.distributions import Distribution as Distribution
    from corridor_model.distributions import Fixed as Fixed
    from corridor_model.distributions import Lognormal as Lognormal
    from corridor_model.distributions import Normal as Normal
    from corridor_model.distributions import PERT as PERT
    from corridor_model.distributions import Triangular as Triangular
    from corridor_model.distributions import Uniform as Uniform
    from corridor_model.errors import CorridorError as CorridorError
    from corridor_model.errors import GrowthUndefinedError as GrowthUndefinedError
    from corridor_model.errors import PlanError as PlanError
    from corridor_model.plan.growth_paths import growth_paths as growth_paths
    from corridor_model.plan.load import load_plan as load_plan
    from corridor_model.plan.plan import Plan as Plan
    from corridor_model.plan.required import required_growth as required_growth
    from corridor_model.report.workbook import write_workbook as write_workbook
    from corridor_model.report.write import write_report as write_report

_HOMES = {
    "Beta": "distributions",
    "Discrete": "distributions",
    "Distribution": "distributions",
    "Fixed": "distributions",
    "Lognormal": "distributions",
    "Normal": "distributions",
    "PERT": "distributions",
    "Triangular": "distributions",
    "Uniform": "distributions",
    "CorridorError": "errors",
    "GrowthUndefinedError": "errors",
    "PlanError": "errors",
    "Plan": "plan.plan",
    "load_plan": "plan.load",
    "required_growth": "plan.required",
    "growth_paths": "plan.growth_paths",
    "write_report": "report.write",
    "write_workbook": "report.workbook",
}
_ROOMS = frozenset({"growth"})

__all__ = ["__version__", *sorted({*_HOMES, *_ROOMS})]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        value: Any = import_module(f"corridor_model.{name}")
    elif name in _HOMES:
        value = getattr(import_module(f"corridor_model.{_HOMES[name]}"), name)
    elif name == "__version__":
        from importlib.metadata import version

        value = version("corridor-model")
    else:
        raise AttributeError(f"module 'corridor_model' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
