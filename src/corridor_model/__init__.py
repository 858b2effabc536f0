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

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model import growth as growth
    from corridor_model import portfolio as portfolio
    from corridor_model import sensitivity as sensitivity
    from corridor_model.assess import assess as assess
    from corridor_model.assess.required_growth import required_growth as required_growth
    from corridor_model.distributions import PERT as PERT
    from corridor_model.distributions import Beta as Beta
    from corridor_model.distributions import Discrete as Discrete
    from corridor_model.distributions import Distribution as Distribution
    from corridor_model.distributions import Fixed as Fixed
    from corridor_model.distributions import Lognormal as Lognormal
    from corridor_model.distributions import Normal as Normal
    from corridor_model.distributions import Triangular as Triangular
    from corridor_model.distributions import Uniform as Uniform
    from corridor_model.errors import CorridorError as CorridorError
    from corridor_model.errors import CorridorWarning as CorridorWarning
    from corridor_model.errors import GrowthUndefinedError as GrowthUndefinedError
    from corridor_model.errors import PlanError as PlanError
    from corridor_model.forecast import Predictive as Predictive
    from corridor_model.forecast import calibrate as calibrate
    from corridor_model.forecast import feasibility as feasibility
    from corridor_model.forecast import forecast as forecast
    from corridor_model.forecast.backtest import backtest as backtest
    from corridor_model.observations.load import example_observations as example_observations
    from corridor_model.observations.load import load_observations as load_observations
    from corridor_model.observations.model import Observations as Observations
    from corridor_model.plan.growth_paths import growth_paths as growth_paths
    from corridor_model.plan.load import load_plan as load_plan
    from corridor_model.plan.plan import Plan as Plan
    from corridor_model.plot.sensitivity import sensitivity_figure as sensitivity_figure
    from corridor_model.portfolio.budget_cut import budget_cut as budget_cut
    from corridor_model.portfolio.choose import choose_projects as choose_projects
    from corridor_model.report.workbook import write_workbook as write_workbook
    from corridor_model.report.write import write_report as write_report
    from corridor_model.scenario.archive import load_result as load_result
    from corridor_model.scenario.archive import rerun as rerun
    from corridor_model.scenario.archive import save_result as save_result
    from corridor_model.scenario.changes import Accelerate as Accelerate
    from corridor_model.scenario.changes import AsForecast as AsForecast
    from corridor_model.scenario.changes import AsPlanned as AsPlanned
    from corridor_model.scenario.changes import Cancel as Cancel
    from corridor_model.scenario.changes import Delay as Delay
    from corridor_model.scenario.changes import EffectAsPlanned as EffectAsPlanned
    from corridor_model.scenario.changes import Overrun as Overrun
    from corridor_model.scenario.changes import SetBaseline as SetBaseline
    from corridor_model.scenario.changes import SetDates as SetDates
    from corridor_model.scenario.changes import SetEffect as SetEffect
    from corridor_model.scenario.changes import SetGrowth as SetGrowth
    from corridor_model.scenario.changes import SetInvestment as SetInvestment
    from corridor_model.scenario.changes import SetProfile as SetProfile
    from corridor_model.scenario.changes import SetTarget as SetTarget
    from corridor_model.scenario.dataset import long_table as long_table
    from corridor_model.scenario.dataset import to_iamc as to_iamc
    from corridor_model.scenario.profiles import DHSS as DHSS
    from corridor_model.scenario.profiles import Even as Even
    from corridor_model.scenario.profiles import FrontLoaded as FrontLoaded
    from corridor_model.scenario.profiles import Logistic as Logistic
    from corridor_model.scenario.profiles import Rayleigh as Rayleigh
    from corridor_model.scenario.profiles import SCurve as SCurve
    from corridor_model.scenario.profiles import ShareTable as ShareTable
    from corridor_model.scenario.profiles import Smoothstep as Smoothstep
    from corridor_model.scenario.read_toml import load_scenarios as load_scenarios
    from corridor_model.scenario.read_toml import shipped_scenarios as shipped_scenarios
    from corridor_model.scenario.resolve import resolve as resolve
    from corridor_model.scenario.scenario import Scenario as Scenario
    from corridor_model.scenario.simulate import simulate as simulate
    from corridor_model.scenario.spending import openings as openings
    from corridor_model.scenario.spending import spending as spending
    from corridor_model.sensitivity import attribute as attribute
    from corridor_model.sensitivity import switching_values as switching_values
    from corridor_model.sensitivity.plan_sobol import sobol as sobol
    from corridor_model.sensitivity.tornado import tornado as tornado


# Rooms named like a public name; two of them can be called, too (cm.assess, cm.forecast).
_NAMED_ROOMS = frozenset({"assess", "forecast", "growth", "portfolio", "sensitivity"})

_ROOMS: dict[str, tuple[str, ...]] = {
    "errors": (
        "CorridorError",
        "CorridorWarning",
        "GrowthUndefinedError",
        "PlanError",
    ),
    "plan.plan": ("Plan",),
    "plan.load": ("load_plan",),
    "assess.required_growth": ("required_growth",),
    "plan.growth_paths": ("growth_paths",),
    "observations.load": (
        "load_observations",
        "example_observations",
    ),
    "observations.model": ("Observations",),
    "forecast": (
        "Predictive",
        "backtest",
        "calibrate",
        "feasibility",
    ),
    "distributions": (
        "PERT",
        "Beta",
        "Discrete",
        "Distribution",
        "Fixed",
        "Lognormal",
        "Normal",
        "Triangular",
        "Uniform",
    ),
    "scenario.scenario": ("Scenario",),
    "scenario.changes": (
        "Accelerate",
        "AsPlanned",
        "Cancel",
        "Delay",
        "Overrun",
        "SetDates",
        "SetInvestment",
        "SetProfile",
        "AsForecast",
        "EffectAsPlanned",
        "SetBaseline",
        "SetEffect",
        "SetGrowth",
        "SetTarget",
    ),
    "scenario.profiles": (
        "DHSS",
        "Even",
        "FrontLoaded",
        "Logistic",
        "Rayleigh",
        "SCurve",
        "ShareTable",
        "Smoothstep",
    ),
    "scenario.resolve": ("resolve",),
    "scenario.simulate": ("simulate",),
    "scenario.archive": (
        "load_result",
        "rerun",
        "save_result",
    ),
    "scenario.dataset": (
        "long_table",
        "to_iamc",
    ),
    "scenario.spending": (
        "spending",
        "openings",
    ),
    "scenario.read_toml": (
        "load_scenarios",
        "shipped_scenarios",
    ),
    "sensitivity": (
        "attribute",
        "sobol",
        "switching_values",
        "tornado",
    ),
    "portfolio.choose": ("choose_projects",),
    "portfolio.budget_cut": ("budget_cut",),
    "plot.sensitivity": ("sensitivity_figure",),
    "report.workbook": ("write_workbook",),
    "report.write": ("write_report",),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *sorted({*_HOMES, *_NAMED_ROOMS})]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _NAMED_ROOMS:
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
    return sorted({*(name for name in globals() if name.startswith("__")), *__all__})
