"""How much of the way is done: shares, completion, what is left, what is over (S2, S3, S17).

Every function is elementwise and broadcasts. All shares are fractions (0.9184 is 91.84 %).
What has no value raises :class:`ShareUndefinedError`; nothing is substituted (S7).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from corridor_model import arguments
from corridor_model._typing import Array, Mask
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing, Message, message
from corridor_model.periods import MONTHS

_NO_WAY = N_("base and target are equal, there is no way to go{where}.")
_NO_WAY_OF_RANGE = N_("the base lies in the range, there is no way to go{where}.")


class ShareUndefinedError(CorridorError):
    """A share has no value for these numbers: there is no way to go, or nothing planned."""


def numbers(name: str, value: ArrayLike) -> Array:
    """Return a float array without NaN; a NaN is an error that names its element (S7)."""
    array = arguments.numbers(name, value)
    if np.isnan(array).any():
        raise ShareUndefinedError(
            N_("{name} is not a number{where}. Leave an unknown out."),
            name=name,
            where=_where(np.isnan(array)),
        )
    return array


def together(**named: ArrayLike) -> list[Array]:
    """Return float arrays without NaN whose shapes go together.

    Raises
    ------
    CorridorError
        If one is no number, or the shapes do not broadcast.
    """
    arrays = [numbers(name, value) for name, value in named.items()]
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        raise ShareUndefinedError(
            N_("{names}: the shapes {shapes} do not go together."),
            names=Listing(named),
            shapes=Listing([str(array.shape) for array in arrays]),
        ) from None
    return arrays


def _where(mask: Mask) -> Message:
    """Return where the first element of an array is wrong; nothing of a single number."""
    if not mask.ndim:
        return Message("")
    return message(" at {place}", place=tuple(map(int, np.argwhere(mask)[0])))


def scalar(value: Any) -> Any:
    """Return a plain float for an array without dimensions."""
    return float(value) if np.ndim(value) == 0 else value


def divided(above: Array, below: Array, refusal: str) -> Any:
    """Return a quotient; where the divisor is 0, an error of the template ``refusal``."""
    empty = np.asarray(below == 0)
    if empty.any():
        raise ShareUndefinedError(refusal, where=_where(np.broadcast_to(empty, np.shape(below))))
    return scalar(above / below)


def achieved_share(base: ArrayLike, actual: ArrayLike, target: ArrayLike) -> Any:
    """Return the part of the way from base to target that is done (目标实现程度).

    Works in both directions: the way down from 10,000 to 5,000 counts like a way up. A step
    away from the target is negative, more than the target is above 1; nothing is cut off.

    Parameters
    ----------
    base, actual, target : array_like
        Values in one unit.

    Returns
    -------
    float or ndarray
        Fraction, dimensionless.

    Raises
    ------
    ShareUndefinedError
        If base and target are equal: there is no way to go.

    References
    ----------
    国家统计局, 全面建设小康社会进程统计监测 (linear degree of realisation); the same
    formula in Healthy People 2020 ("percent of targeted change achieved").

    Examples
    --------
    >>> achieved_share(10_000, 7_000, 5_000)
    0.6
    >>> round(achieved_share(57.05, 69.05, 100), 4)
    0.2794
    """
    start, now, end = together(base=base, actual=actual, target=target)
    return divided(now - start, end - start, _NO_WAY)


def distance_outside(value: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Any:
    """Return how far a value lies outside the range [lower, upper]; 0 within.

    An open end is ``-inf`` or ``inf``.

    Examples
    --------
    >>> distance_outside([0.5, 1.5, 4.0], 1, 2).tolist()
    [0.5, 0.0, 2.0]
    """
    values, low, high = together(value=value, lower=lower, upper=upper)
    below, above = low - values, values - high
    return scalar(np.maximum(np.maximum(below, above), 0.0))


def achieved_share_of_range(
    base: ArrayLike, actual: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> Any:
    """Return how much of the distance to a range is gone; at most 1, also beyond it (S4).

    Parameters
    ----------
    base, actual : array_like
        Values; the base lies outside the range.
    lower, upper : array_like
        The range. Equal bounds mean exactly that value.

    Returns
    -------
    float or ndarray
        1 inside the range, 0 at the base's distance, negative further away on either side.

    Raises
    ------
    ShareUndefinedError
        If the base lies in the range: there is no way to go.

    Examples
    --------
    >>> achieved_share_of_range(0, [0.5, 1.5, 3.0], 1, 2).tolist()
    [0.5, 1.0, 0.0]
    """
    way = np.asarray(distance_outside(base, lower, upper))
    left = np.asarray(distance_outside(actual, lower, upper))
    return divided(way - left, way, _NO_WAY_OF_RANGE)


def completion(actual: ArrayLike, planned: ArrayLike) -> Any:
    """Return what was done as a part of what was planned (完成率).

    Examples
    --------
    >>> round(completion(194.54, 211.83), 4)
    0.9184
    """
    done, due = together(actual=actual, planned=planned)
    return divided(done, due, N_("nothing was planned{where}."))


def window_completion(actuals: ArrayLike, planned: ArrayLike) -> float:
    """Return the sum done over the sum planned, period by period up to now.

    Examples
    --------
    >>> window_completion([220, 240, 200, 230], [250, 250, 250, 250])
    0.89
    """
    return float(completion(numbers("actuals", actuals).sum(), numbers("planned", planned).sum()))


def overfulfilment(actual: ArrayLike, target: ArrayLike) -> Any:
    """Return what was done beyond the target as a part of the target (超额完成率).

    Both are amounts of change in the wanted direction: a reduction of 21.67 % against 20 %.

    References
    ----------
    国家发展改革委、国家统计局公告2011年第9号: (实际降低率 - 目标降低率) / 目标降低率.

    Examples
    --------
    >>> round(overfulfilment(21.67, 20), 4)
    0.0835
    """
    goal, now = together(target=target, actual=actual)
    return divided(now - goal, goal, N_("the target is 0{where}."))


def share_of_periods_met(
    values: Sequence[float | None], target: float, sense: str = "at_least"
) -> float:
    """Return the share of periods that met a target that is to be kept, up to the latest one.

    A period without a value before the latest one with a value counts as not met.

    Raises
    ------
    ShareUndefinedError
        If no period has a value.

    References
    ----------
    ServiceNow, Goal Framework, "Target types and achievement strategies" (Maintain above,
    Maintain below).

    Examples
    --------
    >>> share_of_periods_met([1.2, 1.1, 1.3, 1.5], 1.5, "at_most")
    1.0
    >>> share_of_periods_met([98.5, None, 99.0, None], 98)
    0.6666666666666666
    """
    from corridor_model.growth import meets

    target = arguments.number("target", target)
    arguments.single(sense=sense)
    values = [
        None if value is None else arguments.number("values", value)
        for value in arguments.items("values", values)
    ]
    last = max((i for i, value in enumerate(values) if value is not None), default=-1)
    if last < 0:
        raise ShareUndefinedError(N_("no period has a value."))
    met = [value is not None and bool(meets(value, target, sense)) for value in values[: last + 1]]
    return sum(met) / len(met)


# How much of the time is gone, and what a schedule asks for by now (S15, S17).


def elapsed_share(start: ArrayLike, now: ArrayLike, end: ArrayLike) -> Any:
    """Return the part of the time from start to end that is gone, within [0, 1] (S15).

    After the deadline all of the time is gone: a target cannot be asked for twice.

    Parameters
    ----------
    start, now, end : array_like
        Years for year ends, see :func:`corridor_model.periods.in_years` for months.

    Returns
    -------
    float or ndarray
        Fraction.

    Raises
    ------
    ShareUndefinedError
        If the end does not lie after the start.

    Examples
    --------
    >>> from corridor_model.periods import month_end, in_years
    >>> elapsed_share(2018, 2020, 2022)
    0.5
    >>> elapsed_share(2019, in_years(month_end(2021, 9)), 2022)
    0.5833333333333334
    """
    first, today, last = together(start=start, now=now, end=end)
    whole = last - first
    if np.any(whole <= 0):
        raise ShareUndefinedError(N_("the end must lie after the start."))
    gone = (today - first) / whole
    return scalar(np.clip(gone, 0.0, 1.0))


def elapsed_of_year(months: ArrayLike) -> Any:
    """Return the part of a year that is gone, months / 12 (序时进度, S17).

    Examples
    --------
    >>> elapsed_of_year(9)
    0.75
    """
    gone = numbers("months", months)
    if np.any((gone < 0) | (gone > MONTHS)):
        raise CorridorError(N_("months must lie within 0-12, not {months!r}."), months=months)
    return scalar(gone / MONTHS)


def schedule_gap(share: ArrayLike, elapsed: ArrayLike) -> Any:
    """Return share done less share elapsed (超（欠）序时), a fraction; 0.1684 is 16.84 points.

    Twelve decimals are kept, so that 0.55 against 0.60 is a gap of 0.05 and nothing else.

    Examples
    --------
    >>> schedule_gap(0.9184, elapsed_of_year(9)), schedule_gap(0.55, 0.60)
    (0.1684, -0.05)
    """
    done, gone = together(share=share, elapsed=elapsed)
    return scalar(np.round(done - gone, 12))


def expected_progress(start: ArrayLike, now: ArrayLike, end: ArrayLike, total: float = 1.0) -> Any:
    """Return what a linear schedule asks for by now, of a total.

    Examples
    --------
    >>> expected_progress(2020, 2025, 2030, total=0.5)
    0.25
    """
    return elapsed_share(start, now, end) * arguments.number("total", total)


def milestones(base: float, end: float, fractions: Sequence[float]) -> list[float]:
    """Return the values at fractions of the way from base to end, in either direction.

    Examples
    --------
    >>> milestones(-5, 5, [0.7, 0.3])
    [2.0, -2.0]
    """
    base, end = arguments.number("base", base), arguments.number("end", end)
    return [base + (end - base) * one for one in numbers("fractions", fractions).ravel().tolist()]


# The same along other paths than a straight line: geometric, and of shares log-odds.


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
    base, actual, goal = map(arguments.number, ("base", "actual", "goal"), (base, actual, goal))
    bounded = arguments.flag("bounded", bounded)
    if base == goal:
        raise ShareUndefinedError(_NO_WAY, where="")
    values = (base, actual, goal)
    linear = (actual - base) / (goal - base)
    geometric = log_odds = None
    if min(values) > 0:
        geometric = math.log(actual / base) / math.log(goal / base)
    if bounded and min(values) > 0 and max(values) < 100:
        first, now, last = (math.log(value / (100 - value)) for value in values)
        log_odds = (now - first) / (last - first)
    return PathShares(linear, geometric, log_odds)


# Values turned so that more is better: folded around a target, parity, distance to target.

PARITY_BAND = (0.97, 1.03)
"""Within it a ratio of two groups counts as parity (UNESCO's gender parity index)."""


def fold_around_target(value: ArrayLike, target: ArrayLike) -> Any:
    """Return target + |value - target|: both sides of a target become one.

    References
    ----------
    Open SDG, "Progress Measurement Methodology" (Statistics Canada), values that may lie on
    either side of the target.

    Examples
    --------
    >>> fold_around_target([35, 65], 50).tolist()
    [65.0, 65.0]
    """
    goal, now = together(target=target, value=value)
    return scalar(goal + np.abs(now - goal))


def parity(value: ArrayLike, band: tuple[float, float] = PARITY_BAND) -> Any:
    """Return a ratio of two groups as max(y, 1 / y), and 1 within the band of parity.

    Raises
    ------
    ShareUndefinedError
        If a ratio is not above 0.

    References
    ----------
    Open SDG, "Progress Measurement Methodology" (Statistics Canada), parity indices.

    Examples
    --------
    >>> parity([2.0, 0.5, 0.98, 1.02]).tolist()
    [2.0, 2.0, 1.0, 1.0]
    """
    ratio = numbers("value", value)
    if numbers("band", band).shape != (2,):
        raise ShareUndefinedError(N_("band: two numbers are needed."))
    if np.any(ratio <= 0):
        raise ShareUndefinedError(N_("a ratio of two groups must be above 0."))
    even = (ratio >= band[0]) & (ratio <= band[1])
    return scalar(np.where(even, 1.0, np.maximum(ratio, 1.0 / ratio)))


def distance_to_target(
    values: ArrayLike, target: float, direction: int = 1, cap: bool = False
) -> Any:
    """Return each value's place between the worst of all values (0) and the target (1).

    Parameters
    ----------
    values : array_like
        Values of one indicator, of several places or years.
    target : float
        The target.
    direction : {1, -1}
        Whether more is better.
    cap : bool, default False
        Whether what lies beyond the target counts as 1.

    Returns
    -------
    ndarray
        (x - min) / (target - min), or (max - x) / (max - target).

    References
    ----------
    W. Becker et al., COINr: An R package for developing composite indicators, JOSS 2022,
    normalisation ``n_dist2targ``.

    Examples
    --------
    >>> distance_to_target([0, 5, 11], 10).tolist()
    [0.0, 0.5, 1.1]
    """
    known = numbers("values", values)
    target, sign = arguments.number("target", target), arguments.number("direction", direction)
    if not known.size:
        raise ShareUndefinedError(N_("no period has a value."))
    worst = known.min() if sign > 0 else known.max()
    placed = divided(
        known - worst,
        np.asarray(target - worst, dtype=np.float64),
        N_("the worst value is the target itself{where}."),
    )
    return np.minimum(placed, 1.0) if arguments.flag("cap", cap) else placed
