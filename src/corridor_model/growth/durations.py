"""How long a constant yearly rate takes: to a target, and to double (S1, S3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth import _kernels as kernels
from corridor_model.growth._kernels import highest, lowest
from corridor_model.growth._relation import Array, FloatOrArray, Mask, Relation, Rule


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
    ("start", "target", "rate", "sense"),
    _periods,
    (
        Rule(
            "a level is negative",
            lambda start, target: (start < 0) | (target < 0),
        ),
        Rule(
            "rate must be above -1 (-100 %)",
            lambda rate: rate <= -1,
        ),
        Rule("this rate never leads from start to target", _never, "never_reached"),
    ),
)


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
    ("rate",),
    _doubling,
    (Rule("a level that does not grow never doubles", lambda rate: rate <= 0, "never_reached"),),
)


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
