"""Constant yearly rates: what they reach, what they need, and how long they take (S1, S2)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array, Mask
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import _elementwise as kernels
from corridor_model.growth._elementwise import (
    RELATIONS,
    FloatOrArray,
    Relation,
    Rule,
    highest,
    lowest,
    read,
)
from corridor_model.growth._labels import labelled
from corridor_model.messages import N_, message

NO_PERIODS = Rule(message("periods must be above 0"), lambda periods: periods <= 0)
NEGATIVE_PERIODS = Rule(message("periods is negative"), lambda periods: periods < 0)
NEGATIVE_LEVEL = message("a level is negative")
RATE_BELOW = Rule(message("rate is below -1 (-100 %)"), lambda rate: rate < -1)
RATE_NOT_ABOVE = Rule(message("rate must be above -1 (-100 %)"), lambda rate: rate <= -1)
LEVEL_RULES = (
    NO_PERIODS,
    Rule(
        message("start and end are both 0, which every rate fits"),
        lambda start, end: (start == 0) & (end == 0),
    ),
    Rule(message("start is 0, from which no rate grows"), lambda start: start == 0),
    Rule(
        message("start and end are both negative, where a rate has no clear direction"),
        lambda start, end: (start < 0) & (end < 0),
    ),
    Rule(message("start is negative"), lambda start, end: (start < 0) & (end == 0)),
    Rule(message("the sign changes"), lambda start, end: (start < 0) | (end < 0)),
)

_COMPOUND_RULES = (
    Rule(
        message("start is negative, where a rate has no clear direction"), lambda start: start < 0
    ),
    RATE_BELOW,
    NEGATIVE_PERIODS,
)
_BACKCAST_RULES = (
    Rule(
        message("target is negative, where a rate has no clear direction"),
        lambda target: target < 0,
    ),
    RATE_NOT_ABOVE,
    NEGATIVE_PERIODS,
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
    sound = kernels.grow(out, start, rate, periods) and lowest(periods) >= 0
    return sound and lowest(start) >= 0


def _required_start(out: Array, target: Array, rate: Array, periods: Array) -> bool:
    sound = kernels.discount(out, target, rate, periods) and lowest(periods) >= 0
    return sound and lowest(target) >= 0 and lowest(rate) > -1 and highest(out) < np.inf


_CAGR = Relation("cagr", fill_cagr, *LEVEL_RULES)
RELATIONS["required_rate"] = _CAGR
_COMPOUND = Relation("compound", _compound, *_COMPOUND_RULES)
_REQUIRED_START = Relation("required_start", _required_start, *_BACKCAST_RULES)


@labelled()
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


@labelled()
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


@labelled()
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


@labelled()
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


# Log rates and the rate of reduction that health statistics quote (S2).


def _log_rate(out: Array, start: Array, end: Array, periods: Array) -> bool:
    sound = kernels.log_ratio(out, start, end) and lowest(start) > 0
    np.divide(out, periods, out=out)
    sound = sound and lowest(periods) >= 1 and highest(periods) < np.inf
    return sound and lowest(out) > -np.inf


_END_ZERO = Rule(message("end is 0, whose log is undefined"), lambda end: end == 0)
_LOG_RATE = Relation("log_rate", _log_rate, *LEVEL_RULES, _END_ZERO)


@labelled()
def log_rate(start: ArrayLike, end: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Continuous (log) yearly rate, ln(end / start) / periods.

    Parameters
    ----------
    start, end : array_like
        Levels in one unit, above 0. Broadcast.
    periods : array_like
        Yearly steps, above 0.

    Returns
    -------
    float or ndarray
        Log rate per year; never a discrete rate: `rate_from_log` turns it into one.

    Raises
    ------
    GrowthUndefinedError
        If a level or `periods` is not above 0, or an input is NaN or infinite.

    References
    ----------
    World Bank, Growth Rates (data methodology), continuous growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(log_rate(216, 70, 15), 4)
    -0.0751
    """
    return _LOG_RATE(start, end, periods)


def _rate_from_log(out: Array, log_rate: Array) -> bool:
    np.expm1(log_rate, out=out)
    return lowest(log_rate) > -np.inf and highest(out) < np.inf


_RATE_FROM_LOG = Relation("rate_from_log", _rate_from_log)


@labelled()
def rate_from_log(log_rate: ArrayLike) -> FloatOrArray:
    """Discrete yearly rate of a log rate, exp(log_rate) - 1.

    Parameters
    ----------
    log_rate : array_like
        Continuous rate per year.

    Returns
    -------
    float or ndarray
        Yearly rate as a fraction.

    Raises
    ------
    GrowthUndefinedError
        If an input is NaN or infinite, or the result exceeds double precision.

    References
    ----------
    World Bank, Growth Rates (data methodology), continuous growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(rate_from_log(-0.0751), 4)
    -0.0723
    """
    return _RATE_FROM_LOG(log_rate)


def _log_from_rate(out: Array, rate: Array) -> bool:
    np.log1p(rate, out=out)
    return lowest(rate) > -1 and highest(rate) < np.inf


_LOG_FROM_RATE = Relation("log_from_rate", _log_from_rate, RATE_NOT_ABOVE)


@labelled()
def log_from_rate(rate: ArrayLike) -> FloatOrArray:
    """Log rate of a discrete yearly rate, ln(1 + rate).

    Parameters
    ----------
    rate : array_like
        Yearly rate as a fraction, above -1.

    Returns
    -------
    float or ndarray
        Continuous rate per year.

    Raises
    ------
    GrowthUndefinedError
        If `rate` is not above -1, or NaN or infinite.

    References
    ----------
    World Bank, Growth Rates (data methodology), continuous growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(log_from_rate(0.10), 4)
    0.0953
    """
    return _LOG_FROM_RATE(rate)


def _aarr(out: Array, start: Array, end: Array, periods: Array) -> bool:
    sound = fill_cagr(out, start, end, periods)
    np.subtract(0.0, out, out=out)
    return sound


_AARR = Relation("aarr", _aarr, *LEVEL_RULES)


@labelled()
def aarr(start: ArrayLike, end: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Average annual rate of reduction, 1 - (end / start)^(1 / periods): minus `cagr`.

    Parameters
    ----------
    start, end : array_like
        Levels in one unit: `start` above 0, `end` at least 0. Broadcast.
    periods : array_like
        Yearly steps, above 0.

    Returns
    -------
    float or ndarray
        Yearly reduction as a fraction; above 0 where the level falls.

    Raises
    ------
    GrowthUndefinedError
        As `cagr`.

    References
    ----------
    UNICEF (2007). Technical Note: How to calculate Average Annual Rate of Reduction (AARR) of
    Underweight Prevalence.

    Examples
    --------
    >>> round(aarr(223, 70, 10), 4)
    0.1094
    """
    return _AARR(start, end, periods)


def _aarr_from_slope(out: Array, slope: Array) -> bool:
    np.expm1(slope, out=out)
    np.subtract(0.0, out, out=out)
    return lowest(slope) > -np.inf and lowest(out) > -np.inf


_AARR_FROM_SLOPE = Relation("aarr_from_slope", _aarr_from_slope)


@labelled()
def aarr_from_slope(slope: ArrayLike) -> FloatOrArray:
    """Average annual rate of reduction of a log-linear trend, 1 - exp(slope).

    Parameters
    ----------
    slope : array_like
        Slope of the natural logarithm of the level against the year.

    Returns
    -------
    float or ndarray
        Yearly reduction as a fraction.

    Raises
    ------
    GrowthUndefinedError
        If an input is NaN or infinite, or the result exceeds double precision.

    References
    ----------
    UNICEF (2007). Technical Note: How to calculate Average Annual Rate of Reduction (AARR) of
    Underweight Prevalence.

    Examples
    --------
    >>> round(aarr_from_slope(-0.06613), 3)
    0.064
    """
    return _AARR_FROM_SLOPE(slope)


def _log_value(out: Array, value: Array) -> bool:
    np.log(value, out=out)
    return lowest(out) > -np.inf and highest(out) < np.inf


_LOG_VALUE = Relation(
    "aarr_fit",
    _log_value,
    Rule(message("a log needs a value above 0"), lambda value: value <= 0),
    listed=False,
)


@labelled("none")
def aarr_fit(years: ArrayLike, values: ArrayLike) -> FloatOrArray:
    """Average annual rate of reduction by regression of ln(value) on the year.

    Parameters
    ----------
    years : array_like, shape (m,)
        Calendar years, at least two different ones; gaps are allowed.
    values : array_like, shape (..., m)
        Levels above 0, one for each year.

    Returns
    -------
    float or ndarray, shape (...)
        Yearly reduction as a fraction, from the slope of least squares.

    Raises
    ------
    GrowthUndefinedError
        If a value is not above 0, NaN or infinite, the years are fewer than two, or the last
        axis of `values` has another length than `years`.

    References
    ----------
    UNICEF (2007). Technical Note: How to calculate Average Annual Rate of Reduction (AARR) of
    Underweight Prevalence.

    Examples
    --------
    >>> round(aarr_fit([2010, 2012, 2015], [100, 81, 59.049]), 12)
    0.1
    """
    dates, level = read("years", years), read("values", values)
    if dates.ndim != 1 or level.shape[-1:] != dates.shape:
        raise GrowthUndefinedError(
            N_("aarr_fit: years {years} need one axis, the last of values {values}."),
            years=dates.shape,
            values=level.shape,
        )
    if not np.isfinite(dates).all() or np.unique(dates).size < 2:
        raise GrowthUndefinedError(N_("aarr_fit: at least two different, finite years are needed."))
    logs = np.asarray(_LOG_VALUE(level))
    apart = dates - dates.mean()
    # a common level drops out of the slope, and its rounding with it
    slope = (logs - logs[..., :1]) @ apart / (apart @ apart)
    return aarr_from_slope(slope)


# How long a constant yearly rate takes: to a target, and to double (S1, S3).


def _there(start: Array, target: Array, sense: Array) -> Mask:
    return np.where(
        sense > 0, start >= target, np.where(sense < 0, start <= target, start == target)
    )


def _periods(out: Array, start: Array, target: Array, rate: Array, sense: Array) -> bool:
    sound = kernels.log_ratio(out, start, target)
    np.divide(out, np.log1p(rate), out=out)
    if sense.ndim or sense != 0 or not lowest(out) > 0:
        out[np.broadcast_to(_there(start, target, sense), out.shape)] = 0.0
    sound = sound and lowest(start) > 0 and lowest(rate) > -1 and highest(rate) < np.inf
    return sound and lowest(out) > 0 and highest(out) < np.inf


def _never(start: Array, target: Array, rate: Array, sense: Array) -> Any:
    rising = (start > 0) & (target > start) & (rate > 0)
    falling = (target > 0) & (target < start) & (rate < 0)
    return ~(rising | falling | _there(start, target, sense))


_PERIODS = Relation(
    "periods_to_reach",
    _periods,
    Rule(NEGATIVE_LEVEL, lambda start, target: (start < 0) | (target < 0)),
    RATE_NOT_ABOVE,
    Rule(message("this rate never leads from start to target"), _never, "never_reached"),
)


@labelled()
def periods_to_reach(
    start: ArrayLike, target: ArrayLike, rate: ArrayLike, sense: ArrayLike | str = "exactly"
) -> FloatOrArray:
    """Years until a constant yearly rate reaches the target, ln(target / start) / ln(1 + rate).

    Parameters
    ----------
    start, target : array_like
        Levels in one unit, at least 0. Broadcast.
    rate : array_like
        Yearly rate as a fraction, above -1.
    sense : {"exactly", "at_least", "at_most"} or array of them, default "exactly"
        Which side of the target counts as already there (S3). ``"exactly"`` guesses no
        direction: only an equal start is there.

    Returns
    -------
    float or ndarray
        Periods, a real number; 0 where already there. `whole_periods_to_reach` counts years.

    Raises
    ------
    GrowthUndefinedError
        If the path never gets there, a level is negative, `rate` is not above -1, or an input
        is NaN or infinite.

    References
    ----------
    PDURATION, the spreadsheet function for the number of periods; docs/formulas.md.

    Examples
    --------
    >>> round(periods_to_reach(451.84, 580, 0.10), 2)
    2.62
    >>> periods_to_reach(600, 580, 0.10, "at_least")
    0.0
    """
    return _PERIODS(start, target, rate, sense)


def _doubling(out: Array, rate: Array) -> bool:
    np.log1p(rate, out=out)
    np.divide(np.log(2.0), out, out=out)
    return lowest(rate) > 0 and highest(rate) < np.inf and highest(out) < np.inf


_DOUBLING = Relation(
    "doubling_time",
    _doubling,
    Rule(
        message("a level that does not grow never doubles"),
        lambda rate: rate <= 0,
        "never_reached",
    ),
)


@labelled()
def doubling_time(rate: ArrayLike) -> FloatOrArray:
    """Years in which a level doubles at a constant yearly rate, ln 2 / ln(1 + rate).

    Parameters
    ----------
    rate : array_like
        Yearly rate as a fraction, above 0.

    Returns
    -------
    float or ndarray
        Periods.

    Raises
    ------
    GrowthUndefinedError
        If `rate` is not above 0, or NaN or infinite.

    References
    ----------
    PDURATION, the spreadsheet function for the number of periods; docs/formulas.md.

    Examples
    --------
    >>> round(doubling_time(0.072), 2)
    9.97
    """
    return _DOUBLING(rate)
