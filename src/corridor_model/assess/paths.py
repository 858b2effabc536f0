"""Whether the verdict hangs on the shape of the path: linear, geometric, log-odds."""

from __future__ import annotations

import math
from typing import NamedTuple

from corridor_model.assess.rules.eurostat import cagr_ratio
from corridor_model.assess.rules.schedule import THRESHOLDS, by_gap


class PathShares(NamedTuple):
    """Achieved share along each path; None where the path has no meaning."""

    linear: float
    geometric: float | None
    log_odds: float | None

    def known(self) -> tuple[float, ...]:
        """Return the shares of the paths that exist."""
        return tuple(share for share in self if share is not None)


def path_shares(base: float, actual: float, goal: float, bounded: bool = False) -> PathShares:
    """Return the part of the way done along each path from base to goal.

    Parameters
    ----------
    base, actual, goal : float
        Values in one unit; base and goal differ.
    bounded : bool
        Whether the values are shares in percent, for which log-odds exist.

    Examples
    --------
    >>> [round(share, 4) for share in path_shares(57.05, 69.05, 100).known()]
    [0.2794, 0.3401]
    """
    values = (base, actual, goal)
    linear = (actual - base) / (goal - base)
    geometric = log_odds = None
    if min(values) > 0:
        geometric = math.log(actual / base) / math.log(goal / base)
    if bounded and min(values) > 0 and max(values) < 100:
        first, now, last = (math.log(value / (100 - value)) for value in values)
        log_odds = (now - first) / (last - first)
    return PathShares(linear, geometric, log_odds)


def pace_ratios(
    base: float, actual: float, goal: float, years_so_far: float, years_total: float
) -> tuple[float, float]:
    """Return the pace so far over the pace needed: of yearly steps, and of yearly rates.

    Above 1 the path is kept, below 1 it is not.

    References
    ----------
    国家统计局, 2006年小康社会进程监测报告: 57.05 (2000), 69.05 (2006), goal 100 in 2020.

    Examples
    --------
    >>> [round(ratio, 2) for ratio in pace_ratios(57.05, 69.05, 100, 6, 20)]
    [0.93, 1.14]
    """
    linear = path_shares(base, actual, goal).linear * years_total / years_so_far
    return linear, cagr_ratio(base, actual, goal, years_so_far, years_total)


def is_path_sensitive(
    shares: PathShares, elapsed: float, thresholds: dict[str, float] | None = None
) -> bool:
    """Return whether the paths disagree: one is kept and another not, or their statuses differ.

    Examples
    --------
    >>> is_path_sensitive(path_shares(57.05, 69.05, 100), 6 / 20)
    True
    >>> is_path_sensitive(path_shares(100, 110, 200), 0.5)
    False
    """
    limits = THRESHOLDS if thresholds is None else thresholds
    gaps = [round(share - elapsed, 12) for share in shares.known()]
    kept = {gap >= 0 for gap in gaps}
    return len(kept) > 1 or len({by_gap(gap, limits) for gap in gaps}) > 1
