"""Levels year by year, along the last axis: `periods` + 1 of them, the start included (S1, S16)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array, Mask
from corridor_model.growth import _elementwise as kernels
from corridor_model.growth._elementwise import (
    FloatOrArray,
    Relation,
    Rule,
    between,
    highest,
    lowest,
    read,
    whole_periods,
)
from corridor_model.growth._labels import labelled
from corridor_model.growth.rates import (
    NEGATIVE_LEVEL,
    NEGATIVE_PERIODS,
    NO_PERIODS,
    cagr,
    compound,
)
from corridor_model.messages import message


@labelled("steps")
def geometric_path(start: ArrayLike, rate: ArrayLike, periods: int) -> Array:
    """Path that grows at a constant yearly rate.

    Parameters
    ----------
    start, rate : array_like, shape (...)
        Level, at least 0, and yearly rate as a fraction, at least -1. Broadcast.
    periods : int
        Yearly steps, at least 1.

    Returns
    -------
    ndarray, shape (..., periods + 1)
        Levels in the unit of `start`; the first is `start` exactly.

    Raises
    ------
    GrowthUndefinedError
        As `compound`; or if `periods` is no whole number from 1 up.

    References
    ----------
    World Health Organization, Triple Billions scenarios, annual rate of change:
    gpw13/billionaiRe, R/scenarios_aroc.R.

    Examples
    --------
    >>> geometric_path(100, [0.0, 1.0], 2)
    array([[100., 100., 100.],
           [100., 200., 400.]])
    """
    steps = whole_periods(periods)
    compound(start, rate, steps)  # names an undefined element by the caller's own index
    level, yearly = read("start", start)[..., None], read("rate", rate)[..., None]
    return np.asarray(compound(level, yearly, np.arange(steps + 1.0)))


@labelled("steps")
def path_to_target(start: ArrayLike, target: ArrayLike, periods: int) -> Array:
    """Geometric path from start that hits the target exactly in its last year.

    Parameters
    ----------
    start, target : array_like, shape (...)
        Levels in one unit: `start` above 0, `target` at least 0. Broadcast.
    periods : int
        Yearly steps, at least 1.

    Returns
    -------
    ndarray, shape (..., periods + 1)
        Levels; a target of 0 is a fall by 100 %, so that all years after the start are 0.

    Raises
    ------
    GrowthUndefinedError
        As `cagr`; or if `periods` is no whole number from 1 up.

    References
    ----------
    World Health Organization, Triple Billions scenarios, annual rate of change to a target:
    gpw13/billionaiRe, R/scenarios_aroc.R.

    Examples
    --------
    >>> path_to_target(68, 99, 7)[-1]
    np.float64(99.0)
    """
    steps = whole_periods(periods)
    cagr(start, target, steps)  # names an undefined element by the caller's own index
    first, last = np.broadcast_arrays(
        read("start", start)[..., None], read("target", target)[..., None]
    )
    logs = np.empty(first.shape)
    with np.errstate(all="ignore"):
        # from the ratio itself: a rate near -1 has lost the digits of a small target
        if logs.size:
            kernels.log_ratio(logs.reshape(-1), first.reshape(-1), last.reshape(-1))
        half = np.exp(logs * (np.arange(steps + 1.0) / (2 * steps)))
        path = first * half * half
    path[..., :1], path[..., -1:] = first, last
    return between(path, first, last)


def _latest(out: Array, prev: Array, last: Array, periods: Array) -> bool:
    sound = kernels.log_ratio(out, prev, last) and lowest(prev) > 0
    np.multiply(out, periods, out=out)
    if lowest(out) > -kernels.ROOM and highest(out) < kernels.ROOM:
        np.exp(out, out=out)
        np.multiply(out, last, out=out)
    else:  # two halves do not overflow before their product does
        half = np.exp(0.5 * out)
        out[...] = np.where((last == 0) & (periods > 0), 0.0, last * half * half)
        np.copyto(out, last, where=periods == 0)
    sound = sound and lowest(periods) >= 0 and highest(periods) < np.inf
    return sound and highest(out) < np.inf


_LATEST = Relation(
    "project_latest",
    _latest,
    Rule(message("prev is 0, from which no rate grows"), lambda prev: prev == 0),
    Rule(NEGATIVE_LEVEL, lambda prev, last: (prev < 0) | (last < 0)),
    NEGATIVE_PERIODS,
)


@labelled()
def project_latest(prev: ArrayLike, last: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Level if the latest yearly change goes on compounding, last × (last / prev)^periods.

    Parameters
    ----------
    prev, last : array_like
        Levels of the last two years: `prev` above 0, `last` at least 0. Broadcast.
    periods : array_like
        Yearly steps after `last`, at least 0.

    Returns
    -------
    float or ndarray
        Level in the unit of `last`.

    Raises
    ------
    GrowthUndefinedError
        If `prev` is not above 0, `last` or `periods` is negative, an input is NaN or infinite,
        or the result exceeds double precision.

    References
    ----------
    World Health Organization, Triple Billions scenarios, annual rate of change from the latest
    year: gpw13/billionaiRe, R/scenarios_aroc.R.

    Examples
    --------
    >>> round(project_latest(87, 88, 7), 6)
    95.329345
    """
    return _LATEST(prev, last, periods)


# Straight lines: equal yearly amounts, where a rate has no meaning or is not wanted (S7).


def _finite(out: Array) -> bool:
    return -np.inf < lowest(out) and highest(out) < np.inf


def _step(out: Array, start: Array, end: Array, periods: Array) -> bool:
    np.subtract(end, start, out=out)
    np.divide(out, periods, out=out)
    sound = _finite(out)
    if not sound:  # the difference may overflow where its yearly part does not
        np.copyto(out, end / periods - start / periods, where=~np.isfinite(out))
    return sound and lowest(periods) > 0 and highest(periods) < np.inf


_STEP = Relation("linear_step", _step, NO_PERIODS)


@labelled()
def linear_step(start: ArrayLike, end: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Equal yearly amount that leads from start to end, (end - start) / periods.

    Parameters
    ----------
    start, end : array_like
        Levels in one unit, of any sign. Broadcast.
    periods : array_like
        Yearly steps, above 0.

    Returns
    -------
    float or ndarray
        Amount per year, in the unit of the levels (percentage points for a percent).

    Raises
    ------
    GrowthUndefinedError
        If `periods` is not above 0, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    World Health Organization, Triple Billions scenarios, linear change: gpw13/billionaiRe,
    R/scenarios_linear_change.R.

    Examples
    --------
    >>> round(linear_step(2.7, 3.3, 3), 12)
    0.2
    """
    return _STEP(start, end, periods)


def _project(out: Array, start: Array, step: Array, periods: Array) -> bool:
    np.multiply(step, periods, out=out)
    np.add(out, start, out=out)
    return _finite(out) and lowest(periods) >= 0


_PROJECT = Relation("project_linear", _project, NEGATIVE_PERIODS)


@labelled()
def project_linear(start: ArrayLike, step: ArrayLike, periods: ArrayLike) -> FloatOrArray:
    """Level after equal yearly amounts, start + step × periods.

    Parameters
    ----------
    start, step : array_like
        Level, and amount per year in its unit. Broadcast.
    periods : array_like
        Yearly steps, at least 0.

    Returns
    -------
    float or ndarray
        Level in the unit of `start`.

    Raises
    ------
    GrowthUndefinedError
        If `periods` is negative, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    World Health Organization, Triple Billions scenarios, linear change: gpw13/billionaiRe,
    R/scenarios_linear_change.R.

    Examples
    --------
    >>> project_linear(10, 2, [1, 2])
    array([12., 14.])
    """
    return _PROJECT(start, step, periods)


@labelled("steps")
def linear_path(start: ArrayLike, end: ArrayLike, periods: int) -> Array:
    """Straight path from start to end, both hit exactly.

    Parameters
    ----------
    start, end : array_like, shape (...)
        Levels in one unit, of any sign. Broadcast.
    periods : int
        Yearly steps, at least 1.

    Returns
    -------
    ndarray, shape (..., periods + 1)
        Levels at the end of each year, from the start's year to the end's.

    Raises
    ------
    GrowthUndefinedError
        If `periods` is no whole number from 1 up, or an input is NaN or infinite.

    References
    ----------
    World Health Organization, Triple Billions scenarios, linear change: gpw13/billionaiRe,
    R/scenarios_linear_change.R.

    Examples
    --------
    >>> linear_path(100, 130, 3)
    array([100., 110., 120., 130.])
    """
    steps = whole_periods(periods)
    step = np.asarray(linear_step(start, end, steps))[..., None]
    first, last = read("start", start)[..., None], read("end", end)[..., None]
    years = np.arange(steps + 1.0)
    with np.errstate(all="ignore"):
        path = np.asarray(step * years)
        path += first
        if not np.isfinite(path[..., -1]).all():
            # between ends of opposite sign and extreme size, the steps together overflow
            share = years / steps
            path = np.where(np.isfinite(path), path, first * (1.0 - share) + last * share)
    # hit exactly; no year before can overstep, being short of the end by a whole step
    path[..., -1:] = last
    return path


# Shares between 0 and a bound: equal steps in their log-odds never leave it (S4, S16).


def _log_odds(out: Array, share: Array, upper: Array) -> bool:
    rest = upper - share
    kernels.log_ratio(out, rest, share)
    return lowest(share) > 0 and lowest(rest) > 0 and highest(upper) < np.inf


def _on_bound(share: Array, upper: Array) -> Mask:
    return (share <= 0) | (share >= upper)


_UPPER = Rule(message("upper must be above 0"), lambda upper: upper <= 0)
_LOG_ODDS = Relation(
    "log_odds",
    _log_odds,
    _UPPER,
    Rule(message("a share must lie inside its bounds"), _on_bound, "above_bound"),
)


@labelled()
def log_odds(share: ArrayLike, upper: ArrayLike = 100.0) -> FloatOrArray:
    """Log-odds of a bounded share, ln(share / (upper - share)).

    Parameters
    ----------
    share : array_like
        Share, strictly between 0 and `upper`. Broadcast.
    upper : array_like, default 100
        Upper bound, in the unit of the share: 100 for percent.

    Returns
    -------
    float or ndarray
        Log-odds, of any sign.

    Raises
    ------
    GrowthUndefinedError
        If a share lies on or outside its bounds, or an input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> log_odds(50)
    0.0
    """
    return _LOG_ODDS(share, upper)


def _share(out: Array, log_odds: Array, upper: Array) -> bool:
    small = np.exp(-np.abs(log_odds))  # never overflows
    out[...] = upper * (np.where(log_odds < 0, small, 1.0) / (1.0 + small))
    return (
        lowest(out) >= 0
        and highest(out) < np.inf
        and lowest(upper) > 0
        and bool(np.isfinite(log_odds).all())
    )


_SHARE = Relation("share_from_log_odds", _share, _UPPER)


@labelled()
def share_from_log_odds(log_odds: ArrayLike, upper: ArrayLike = 100.0) -> FloatOrArray:
    """Share with these log-odds, upper / (1 + exp(-log_odds)).

    Parameters
    ----------
    log_odds : array_like
        Log-odds. Broadcast.
    upper : array_like, default 100
        Upper bound of the share.

    Returns
    -------
    float or ndarray
        Share, in the unit of `upper`.

    Raises
    ------
    GrowthUndefinedError
        If `upper` is not above 0, or an input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> share_from_log_odds(0.0)
    50.0
    """
    return _SHARE(log_odds, upper)


@labelled("steps")
def log_odds_path(
    start: ArrayLike, end: ArrayLike, periods: int, upper: ArrayLike = 100.0
) -> Array:
    """Path of a bounded share with equal yearly steps in its log-odds, both ends exact.

    Parameters
    ----------
    start, end : array_like, shape (...)
        Shares, strictly between 0 and `upper`. Broadcast.
    periods : int
        Yearly steps, at least 1.
    upper : array_like, default 100
        Upper bound, in the unit of the shares: 100 for percent.

    Returns
    -------
    ndarray, shape (..., periods + 1)
        Shares; no year leaves the range between start and end.

    Raises
    ------
    GrowthUndefinedError
        If a share lies on or outside its bounds, `periods` is no whole number from 1 up, or an
        input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> log_odds_path(20, 80, 2)
    array([20., 50., 80.])
    """
    steps = whole_periods(periods)
    bound = read("upper", upper)[..., None]
    first, last = read("start", start)[..., None], read("end", end)[..., None]
    one, other = np.asarray(log_odds(start, upper)), np.asarray(log_odds(end, upper))
    share = np.arange(steps + 1.0) / steps
    path = one[..., None] * (1.0 - share) + other[..., None] * share
    path = np.asarray(share_from_log_odds(path, bound))
    path[..., :1], path[..., -1:] = first, last
    return between(path, first, last)
