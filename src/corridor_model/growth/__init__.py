"""Growth: what rates reach, what targets need, how yearly changes add up.

Pure NumPy, knowing nothing of plans. Every function broadcasts; scalars give a float, arrays an
array. Rates are yearly fractions (0.10); a log rate says so in its name (S2). Where a relation
is undefined it raises `GrowthUndefinedError` naming the element; `tried` gives values and
reason codes instead (S7). Formulas and references stand in docs/formulas.md.
"""

from corridor_model.growth._relation import REASONS, Tried, tried
from corridor_model.growth.average import (
    average_growth_cumulative_method,
    average_growth_level_method,
)
from corridor_model.growth.bounded import log_odds, log_odds_path, share_from_log_odds
from corridor_model.growth.chains import average_rate_of_chain, chain
from corridor_model.growth.changes import change, intensity_change, remaining_rate
from corridor_model.growth.durations import doubling_time, periods_to_reach
from corridor_model.growth.geometric import (
    cagr,
    compound,
    required_rate,
    required_start,
)
from corridor_model.growth.linear import linear_path, linear_step, project_linear
from corridor_model.growth.logarithmic import (
    aarr,
    aarr_fit,
    aarr_from_slope,
    log_from_rate,
    log_rate,
    rate_from_log,
)
from corridor_model.growth.paths import (
    geometric_path,
    path_to_target,
    project_latest,
)
from corridor_model.growth.ratios import acceleration, elasticity, share_of
from corridor_model.growth.split import (
    cumulate,
    first_addition,
    split_even,
    split_growing,
    total_between,
)
from corridor_model.growth.targets import gap, meets, whole_periods_to_reach

__all__ = [
    "REASONS",
    "Tried",
    "aarr",
    "aarr_fit",
    "aarr_from_slope",
    "acceleration",
    "average_growth_cumulative_method",
    "average_growth_level_method",
    "average_rate_of_chain",
    "cagr",
    "chain",
    "change",
    "compound",
    "cumulate",
    "doubling_time",
    "elasticity",
    "first_addition",
    "gap",
    "geometric_path",
    "intensity_change",
    "linear_path",
    "linear_step",
    "log_from_rate",
    "log_odds",
    "log_odds_path",
    "log_rate",
    "meets",
    "path_to_target",
    "periods_to_reach",
    "project_latest",
    "project_linear",
    "rate_from_log",
    "remaining_rate",
    "required_rate",
    "required_start",
    "share_from_log_odds",
    "share_of",
    "split_even",
    "split_growing",
    "total_between",
    "tried",
    "whole_periods_to_reach",
]
