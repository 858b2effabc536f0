"""Straight lines: equal yearly amounts, where a rate has no meaning or is not wanted (S7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth._kernels import highest, lowest
from corridor_model.growth._relation import (
    Array,
    FloatOrArray,
    Relation,
    Rule,
    read,
    whole_periods,
)
from corridor_model.growth.geometric import NO_PERIODS


def _finite(out: Array) -> bool:
    return -np.inf < lowest(out) and highest(out) < np.inf


def _step(out: Array, start: Array, end: Array, periods: Array) -> bool:
    np.subtract(end, start, out=out)
    np.divide(out, periods, out=out)
    sound = _finite(out)
    if not sound:  # the difference may overflow where its yearly part does not
        np.copyto(out, end / periods - start / periods, where=~np.isfinite(out))
    return sound and lowest(periods) > 0 and highest(periods) < np.inf


_STEP = Relation("linear_step", ("start", "end", "periods"), _step, (NO_PERIODS,))


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


_PROJECT = Relation(
    "project_linear",
    ("start", "step", "periods"),
    _project,
    (Rule("periods is negative", lambda periods: periods < 0),),
)


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
