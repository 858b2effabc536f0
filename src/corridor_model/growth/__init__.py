"""Growth: what rates reach, what targets need, how yearly changes add up.

Pure NumPy, knowing nothing of plans. Every function broadcasts; scalars give a float, arrays an
array. Rates are yearly fractions (0.10); a log rate says so in its name (S2). Where a relation
is undefined it raises `GrowthUndefinedError` naming the element; `tried` gives values and
reason codes instead (S7). Formulas and references stand in docs/formulas.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model.growth._elementwise import REASONS as REASONS
    from corridor_model.growth._elementwise import Tried as Tried
    from corridor_model.growth._elementwise import tried as tried
    from corridor_model.growth.additions import cumulate as cumulate
    from corridor_model.growth.additions import first_addition as first_addition
    from corridor_model.growth.additions import split_even as split_even
    from corridor_model.growth.additions import split_growing as split_growing
    from corridor_model.growth.additions import total_between as total_between
    from corridor_model.growth.averages import (
        average_growth_cumulative_method as average_growth_cumulative_method,
    )
    from corridor_model.growth.averages import (
        average_growth_level_method as average_growth_level_method,
    )
    from corridor_model.growth.averages import average_rate_of_chain as average_rate_of_chain
    from corridor_model.growth.averages import chain as chain
    from corridor_model.growth.changes import acceleration as acceleration
    from corridor_model.growth.changes import change as change
    from corridor_model.growth.changes import elasticity as elasticity
    from corridor_model.growth.changes import intensity_change as intensity_change
    from corridor_model.growth.changes import remaining_rate as remaining_rate
    from corridor_model.growth.changes import share_of as share_of
    from corridor_model.growth.paths import geometric_path as geometric_path
    from corridor_model.growth.paths import linear_path as linear_path
    from corridor_model.growth.paths import linear_step as linear_step
    from corridor_model.growth.paths import log_odds as log_odds
    from corridor_model.growth.paths import log_odds_path as log_odds_path
    from corridor_model.growth.paths import path_to_target as path_to_target
    from corridor_model.growth.paths import project_latest as project_latest
    from corridor_model.growth.paths import project_linear as project_linear
    from corridor_model.growth.paths import share_from_log_odds as share_from_log_odds
    from corridor_model.growth.rates import aarr as aarr
    from corridor_model.growth.rates import aarr_fit as aarr_fit
    from corridor_model.growth.rates import aarr_from_slope as aarr_from_slope
    from corridor_model.growth.rates import cagr as cagr
    from corridor_model.growth.rates import compound as compound
    from corridor_model.growth.rates import doubling_time as doubling_time
    from corridor_model.growth.rates import log_from_rate as log_from_rate
    from corridor_model.growth.rates import log_rate as log_rate
    from corridor_model.growth.rates import periods_to_reach as periods_to_reach
    from corridor_model.growth.rates import rate_from_log as rate_from_log
    from corridor_model.growth.rates import required_rate as required_rate
    from corridor_model.growth.rates import required_start as required_start
    from corridor_model.growth.targets import gap as gap
    from corridor_model.growth.targets import meets as meets
    from corridor_model.growth.targets import whole_periods_to_reach as whole_periods_to_reach

# A room is imported with the first use of one of its relations: most need one or two.
_ROOMS: dict[str, tuple[str, ...]] = {
    "_elementwise": (
        "REASONS",
        "Tried",
        "tried",
    ),
    "averages": (
        "average_growth_cumulative_method",
        "average_growth_level_method",
        "average_rate_of_chain",
        "chain",
    ),
    "paths": (
        "log_odds",
        "log_odds_path",
        "share_from_log_odds",
        "linear_path",
        "linear_step",
        "project_linear",
        "geometric_path",
        "path_to_target",
        "project_latest",
    ),
    "changes": (
        "change",
        "intensity_change",
        "remaining_rate",
        "acceleration",
        "elasticity",
        "share_of",
    ),
    "rates": (
        "doubling_time",
        "periods_to_reach",
        "cagr",
        "compound",
        "required_rate",
        "required_start",
        "aarr",
        "aarr_fit",
        "aarr_from_slope",
        "log_from_rate",
        "log_rate",
        "rate_from_log",
    ),
    "additions": (
        "cumulate",
        "first_addition",
        "split_even",
        "split_growing",
        "total_between",
    ),
    "targets": (
        "gap",
        "meets",
        "whole_periods_to_reach",
    ),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corridor_model.growth' has no attribute {name!r}")
    value = getattr(import_module(f"corridor_model.growth.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
