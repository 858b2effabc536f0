"""A cumulative target as yearly additions: equal ones, or ones that grow (S4, S16)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.arguments import count
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth._elementwise import (
    FloatOrArray,
    Relation,
    Rule,
    highest,
    lowest,
    read,
    whole_periods,
)
from corridor_model.growth._labels import labelled
from corridor_model.growth.rates import RATE_BELOW, compound
from corridor_model.messages import N_, message


def _first(out: Array, total: Array, rate: Array, periods: Array) -> bool:
    np.log1p(rate, out=out)
    np.multiply(out, periods, out=out)
    np.expm1(out, out=out)
    np.divide(rate, out, out=out)
    # the limit at rate 0 is an even split; one period takes everything
    out[...] = np.where(rate == 0, 1.0 / periods, np.where(periods == 1, 1.0, out))
    out[(out == 0) & (rate > 0)] = np.nan  # the last addition would exceed all numbers
    np.multiply(out, total, out=out)
    sound = lowest(rate) >= -1 and highest(rate) < np.inf and lowest(periods) >= 1
    return sound and highest(periods) < np.inf and bool(np.isfinite(out).all())


_FIRST = Relation(
    "first_addition",
    _first,
    RATE_BELOW,
    Rule(message("periods is below 1"), lambda periods: periods < 1),
)


@labelled()
def first_addition(total: ArrayLike, rate: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """First of yearly additions that grow at a rate and sum to a total.

    total × rate / ((1 + rate)^periods - 1), and total / periods at a rate of 0.

    Parameters
    ----------
    total : array_like
        Sum of all additions, in any unit. Broadcast.
    rate : array_like
        Yearly growth of the additions as a fraction, at least -1.
    periods : array_like
        Number of additions, at least 1.

    Returns
    -------
    float or ndarray
        Addition of the first year, in the unit of `total`.

    Raises
    ------
    GrowthUndefinedError
        If `rate` is below -1, `periods` is below 1, an input is NaN or infinite, or the last
        addition's growth exceeds double precision.

    References
    ----------
    Future value of a growing annuity without interest (a geometric series); docs/formulas.md.

    Examples
    --------
    >>> round(first_addition(331, 0.10, 3), 9)
    100.0
    """
    return _FIRST(total, rate, periods)


@labelled("parts")
def split_growing(total: ArrayLike, rate: ArrayLike, periods: int) -> Array:
    """Yearly additions that grow at a rate and sum to a total.

    Parameters
    ----------
    total, rate : array_like, shape (...)
        Sum of all additions, and their yearly growth as a fraction, at least -1. Broadcast.
    periods : int
        Number of additions, at least 1.

    Returns
    -------
    ndarray, shape (..., periods)
        Additions in the unit of `total`; their sum is `total` up to the last rounding.

    Raises
    ------
    GrowthUndefinedError
        As `first_addition`; or if `periods` is no whole number from 1 up.

    References
    ----------
    Future value of a growing annuity without interest (a geometric series); docs/formulas.md.

    Examples
    --------
    >>> split_growing(331, 0.10, 3).round(9)
    array([100., 110., 121.])
    """
    steps = whole_periods(periods)
    first = np.asarray(first_addition(total, rate, steps))[..., None]
    factors = compound(1.0, read("rate", rate)[..., None], np.arange(float(steps)))
    return np.asarray(first * factors)


@labelled("parts")
def split_even(total: ArrayLike, periods: int) -> Array:
    """Equal yearly additions that sum to a total: a growing split at a rate of 0.

    Parameters
    ----------
    total : array_like, shape (...)
        Sum of all additions, in any unit.
    periods : int
        Number of additions, at least 1.

    Returns
    -------
    ndarray, shape (..., periods)
        Additions in the unit of `total`.

    Raises
    ------
    GrowthUndefinedError
        If `periods` is no whole number from 1 up, or an input is NaN or infinite.

    References
    ----------
    Future value of a growing annuity without interest (a geometric series); docs/formulas.md.

    Examples
    --------
    >>> split_even(30, 3)
    array([10., 10., 10.])
    """
    return split_growing(total, 0.0, periods)


@labelled("along")
def cumulate(additions: ArrayLike) -> Array:
    """Running total of yearly additions.

    Parameters
    ----------
    additions : array_like, shape (..., n)
        Additions year by year.

    Returns
    -------
    ndarray, shape (..., n)
        Total at the end of each year, in the same unit.

    Raises
    ------
    GrowthUndefinedError
        If an addition is NaN or infinite: a missing year has no running total.

    References
    ----------
    Center for Government Excellence, Setting Performance Targets (year to date):
    govex/setting-performance-targets-getting-started-guide, Practice.md.

    Examples
    --------
    >>> cumulate([405, 376, 390, 280, 270, 236])
    array([ 405.,  781., 1171., 1451., 1721., 1957.])
    """
    return np.asarray(np.cumsum(np.atleast_1d(_FINITE(additions)), axis=-1))


def _copy(out: Array, addition: Array) -> bool:
    np.copyto(out, addition)
    return bool(np.isfinite(out).all())


_FINITE = Relation("cumulate", _copy, listed=False)


def total_between(years: ArrayLike, values: ArrayLike, first: int, last: int) -> float:
    """Total of a yearly flow over all years from ``first`` to ``last``, both counted.

    Years between two known ones are read off the straight line between them.

    Parameters
    ----------
    years : array_like of int, shape (n,)
        Known years, each once, in any order.
    values : array_like, shape (n,)
        Flow of each known year, in any unit.
    first, last : int
        First and last year of the total, within the known years.

    Returns
    -------
    float
        In the unit of the values.

    Raises
    ------
    GrowthUndefinedError
        If a figure is missing, a year is given twice, or the total would need years before
        the first or after the last known one.

    References
    ----------
    pyam, ``cumulative``: inclusive of both ends; docs/formulas.md.

    Examples
    --------
    >>> total_between([2003, 2007, 2013], [3, 1, 1], 2008, 2013)
    6.0
    """
    first, last = count("first", first, -9999, 9999), count("last", last, -9999, 9999)
    dates, flows = np.atleast_1d(_FINITE(years)), np.atleast_1d(_FINITE(values))
    if dates.shape != flows.shape or dates.ndim != 1:
        raise GrowthUndefinedError(N_("total_between: give one value a year."))
    order = np.argsort(dates)
    dates, flows = dates[order], flows[order]
    if np.any(np.diff(dates) == 0):
        raise GrowthUndefinedError(N_("total_between: a year is given twice. Keep one value."))
    if not dates[0] <= first <= last <= dates[-1]:
        raise GrowthUndefinedError(
            N_(
                "total_between: {first} to {last} is not within the known years {earliest:.0f} to "
                "{latest:.0f}. Give the missing years, or a shorter span."
            ),
            first=first,
            last=last,
            earliest=dates[0],
            latest=dates[-1],
        )
    return float(np.interp(np.arange(first, last + 1), dates, flows).sum())
