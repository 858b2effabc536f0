"""Log rates and the rate of reduction that health statistics quote (S2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import _kernels as kernels
from corridor_model.growth._kernels import highest, lowest
from corridor_model.growth._relation import Array, FloatOrArray, Relation, Rule, read
from corridor_model.growth.geometric import LEVEL_RULES, fill_cagr


def _log_rate(out: Array, start: Array, end: Array, periods: Array) -> bool:
    sound = kernels.log_ratio(out, start, end) and lowest(start) > 0
    np.divide(out, periods, out=out)
    sound = sound and lowest(periods) >= 1 and highest(periods) < np.inf
    return sound and lowest(out) > -np.inf


_END_ZERO = Rule("end is 0, whose log is undefined", lambda end: end == 0)
_LOG_RATE = Relation("log_rate", ("start", "end", "periods"), _log_rate, (*LEVEL_RULES, _END_ZERO))


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


_RATE_FROM_LOG = Relation("rate_from_log", ("log_rate",), _rate_from_log)


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


_LOG_FROM_RATE = Relation(
    "log_from_rate",
    ("rate",),
    _log_from_rate,
    (Rule("rate must be above -1 (-100 %)", lambda rate: rate <= -1),),
)


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


_AARR = Relation("aarr", ("start", "end", "periods"), _aarr, LEVEL_RULES)


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


_AARR_FROM_SLOPE = Relation("aarr_from_slope", ("slope",), _aarr_from_slope)


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
    ("value",),
    _log_value,
    (Rule("a log needs a value above 0", lambda value: value <= 0),),
    listed=False,
)


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
    when, level = read("years", years), read("values", values)
    if when.ndim != 1 or level.shape[-1:] != when.shape:
        raise GrowthUndefinedError(
            f"aarr_fit: years {when.shape} need one axis, the last of values {level.shape}."
        )
    if not np.isfinite(when).all() or np.unique(when).size < 2:
        raise GrowthUndefinedError("aarr_fit: at least two different, finite years are needed.")
    logs = np.asarray(_LOG_VALUE(level))
    apart = when - when.mean()
    # a common level drops out of the slope, and its rounding with it
    slope = (logs - logs[..., :1]) @ apart / (apart @ apart)
    return aarr_from_slope(slope)
