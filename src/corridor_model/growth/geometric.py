"""Constant yearly rates: what they reach, what they need, and how long they take (S1, S2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth import _kernels as kernels
from corridor_model.growth._kernels import highest, lowest
from corridor_model.growth._relation import RELATIONS, Array, FloatOrArray, Relation, Rule

NO_PERIODS = Rule("periods must be above 0", lambda periods: periods <= 0)
LEVEL_RULES = (
    NO_PERIODS,
    Rule(
        "start and end are both 0, which every rate fits",
        lambda start, end: (start == 0) & (end == 0),
    ),
    Rule(
        "start is 0, from which no rate grows",
        lambda start: start == 0,
    ),
    Rule(
        "start and end are both negative, where a rate has no clear direction",
        lambda start, end: (start < 0) & (end < 0),
    ),
    Rule(
        "start is negative",
        lambda start, end: (start < 0) & (end == 0),
    ),
    Rule("the sign changes", lambda start, end: (start < 0) | (end < 0)),
)


_COMPOUND_RULES = (
    Rule("start is negative, where a rate has no clear direction", lambda start: start < 0),
    Rule("rate is below -1 (-100 %)", lambda rate: rate < -1),
    Rule("periods is negative", lambda periods: periods < 0),
)
_BACKCAST_RULES = (
    Rule("target is negative, where a rate has no clear direction", lambda target: target < 0),
    Rule("rate must be above -1 (-100 %)", lambda rate: rate <= -1),
    Rule("periods is negative", lambda periods: periods < 0),
)


def fill_cagr(out: Array, start: Array, end: Array, periods: Array) -> bool:
    """Fill `out` with the yearly rate between two levels; True if surely defined."""
    if periods.ndim == 0 and periods in (1, 2) and _short_root(out, start, end, periods):
        return True
    sound = kernels.log_ratio(out, start, end) and lowest(start) > 0
    np.divide(out, periods, out=out)
    np.expm1(out, out=out)
    fewest = lowest(periods)
    if not fewest > 1:  # one period needs no root: the plain change is exact
        one = np.flatnonzero(np.broadcast_to(periods == 1, out.shape))
        first, last = kernels.pick(one, start, end)
        out[one] = (last - first) / first
    return sound and fewest >= 1 and highest(periods) < np.inf and highest(out) < np.inf


def _short_root(out: Array, start: Array, end: Array, periods: Array) -> bool:
    """Fill `out` for one or two periods without logarithms; True if that served all."""
    np.subtract(end, start, out=out)
    np.divide(out, start, out=out)
    sound = lowest(start) > 0 and lowest(out) > -0.999 and highest(out) < np.inf
    if sound and periods == 2:  # sqrt(1 + x) - 1 without its cancellation
        divisor = out + 1.0
        np.sqrt(divisor, out=divisor)
        np.add(divisor, 1.0, out=divisor)
        np.divide(out, divisor, out=out)
    return sound


def _compound(out: Array, start: Array, rate: Array, periods: Array) -> bool:
    sound = kernels.grown(out, start, rate, periods) and lowest(periods) >= 0
    return sound and lowest(start) >= 0


def _required_start(out: Array, target: Array, rate: Array, periods: Array) -> bool:
    sound = kernels.shrunk(out, target, rate, periods) and lowest(periods) >= 0
    return sound and lowest(target) >= 0 and lowest(rate) > -1 and highest(out) < np.inf


_CAGR = Relation("cagr", ("start", "end", "periods"), fill_cagr, LEVEL_RULES)
RELATIONS["required_rate"] = _CAGR
_COMPOUND = Relation("compound", ("start", "rate", "periods"), _compound, _COMPOUND_RULES)
_REQUIRED_START = Relation(
    "required_start", ("target", "rate", "periods"), _required_start, _BACKCAST_RULES
)


def cagr(start: ArrayLike, end: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Compound annual growth rate, (end / start)^(1 / periods) - 1 (平均增长速度，水平法).

    Parameters
    ----------
    start, end : array_like
        Levels in one unit: `start` above 0, `end` at least 0. Broadcast.
    periods : array_like
        Yearly steps between them, above 0; 2019 to 2022 are 3 (S1).

    Returns
    -------
    float or ndarray
        Yearly rate as a fraction (0.10), -1 exactly where `end` is 0 and 0 exactly where
        `end` equals `start`.

    Raises
    ------
    GrowthUndefinedError
        If `start` is 0, a level is negative, `periods` is not above 0, or an input is NaN or
        infinite; the message names the element. `tried` gives a reason code instead (S7).

    Notes
    -----
    Two negative levels have a positive ratio, so spreadsheets give them a number. A loss that
    deepens would then look like growth; here it is undefined.

    References
    ----------
    Microsoft, RRI function, https://support.microsoft.com/en-us/excel/rri-function

    Examples
    --------
    >>> round(cagr(451.84, 580, 4), 4)
    0.0644
    >>> cagr([100, 385], [100, 0], [3, 25])
    array([ 0., -1.])
    """
    return _CAGR(start, end, periods)


def required_rate(current: ArrayLike, target: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Yearly rate that leads from the current level to the target: `cagr`, named for intent.

    Parameters
    ----------
    current, target : array_like
        Levels in one unit: `current` above 0, `target` at least 0. Broadcast.
    periods : array_like
        Yearly steps left, above 0.

    Returns
    -------
    float or ndarray
        Yearly rate as a fraction. A negative rate is the fall that an at-most target needs, or
        the room of an at-least target that is already met; 0 exactly at the target.

    Raises
    ------
    GrowthUndefinedError
        As `cagr`.

    References
    ----------
    Microsoft, RRI function, https://support.microsoft.com/en-us/excel/rri-function

    Examples
    --------
    >>> round(required_rate(2.7, 3.3, 3), 4)
    0.0692
    """
    return _CAGR(current, target, periods)


def compound(start: ArrayLike, rate: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Level after growing at a constant yearly rate, start × (1 + rate)^periods.

    Parameters
    ----------
    start : array_like
        Level, at least 0. Broadcast.
    rate : array_like
        Yearly rate as a fraction, at least -1. An at-most target falls at ``-rate`` (S16).
    periods : array_like
        Yearly steps, at least 0; after 0 steps the level is `start` exactly.

    Returns
    -------
    float or ndarray
        Level in the unit of `start`.

    Raises
    ------
    GrowthUndefinedError
        If `start` or `periods` is negative, `rate` is below -1, the result exceeds double
        precision, or an input is NaN or infinite.

    References
    ----------
    World Bank, Growth Rates (data methodology), compounding growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(compound(100, 0.15, 3), 2)
    152.09
    >>> compound([100, 40], -0.5, [[0], [1]])
    array([[100.,  40.],
           [ 50.,  20.]])
    """
    return _COMPOUND(start, rate, periods)


def required_start(target: ArrayLike, rate: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Back-cast: the start from which a yearly rate reaches the target (S6).

    Parameters
    ----------
    target : array_like
        Level to reach, at least 0. Broadcast.
    rate : array_like
        Yearly rate as a fraction, above -1.
    periods : array_like
        Yearly steps, at least 0.

    Returns
    -------
    float or ndarray
        Baseline in the unit of `target`, target / (1 + rate)^periods.

    Raises
    ------
    GrowthUndefinedError
        If `target` or `periods` is negative, `rate` is not above -1 (nothing then reaches a
        target above 0), the result exceeds double precision, or an input is NaN or infinite.

    References
    ----------
    World Bank, Growth Rates (data methodology), compounding growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(required_start(580, 0.10, 3), 2)
    435.76
    """
    return _REQUIRED_START(target, rate, periods)
