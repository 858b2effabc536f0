"""Levels year by year, along the last axis: `periods` + 1 of them, the start included (S1, S16)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth import _kernels as kernels
from corridor_model.growth._kernels import between, highest, lowest
from corridor_model.growth._relation import (
    Array,
    FloatOrArray,
    Relation,
    Rule,
    read,
    whole_periods,
)
from corridor_model.growth.geometric import cagr, compound


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
    ("prev", "last", "periods"),
    _latest,
    (
        Rule(
            "prev is 0, from which no rate grows",
            lambda prev: prev == 0,
        ),
        Rule(
            "a level is negative",
            lambda prev, last: (prev < 0) | (last < 0),
        ),
        Rule("periods is negative", lambda periods: periods < 0),
    ),
)


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
