"""Whether a value meets a target, by how much, and in which whole year (S3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array, Mask
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth._elementwise import FloatOrArray, Relation, highest, lowest
from corridor_model.growth._labels import labelled
from corridor_model.growth.rates import compound, periods_to_reach
from corridor_model.messages import N_

# Sixteen roundings of a double. 100 × 1.1³ misses 133.1 by one or two of them; a difference
# that a person could print is ten billion times as large.
GUARD = 16 * float(np.finfo(np.float64).eps)

STRICT = ("above", "below")
"""Directions in which an exact hit is not enough (S3)."""


def _gap(out: Array, value: Array, target: Array, sense: Array) -> bool:
    np.subtract(value, target, out=out)
    size = np.maximum(np.abs(value), np.abs(target))
    same = np.abs(out) <= GUARD * size
    missing = np.where(sense == 0, -np.abs(out), sense * out)
    out[...] = np.where(same, 0.0, missing)
    return highest(size) < np.inf and -np.inf < lowest(out) and highest(out) < np.inf


_GAP = Relation("gap", _gap)


@labelled()
def gap(value: ArrayLike, target: ArrayLike, sense: ArrayLike | str) -> FloatOrArray:
    """Distance to a target; at least 0 means met, strictly more for above and below (S3).

    Parameters
    ----------
    value, target : array_like
        Numbers in one unit. Broadcast.
    sense : {"at_least", "at_most", "above", "below", "exactly"} or array of them
        Direction; it has no default.

    Returns
    -------
    float or ndarray
        value - target, target - value, or ``-abs(value - target)``, in the unit of the target.
        It is 0 exactly where the two differ by no more than sixteen roundings of a double, relative
        to the larger one; against a target of 0 nothing is forgiven.

    Raises
    ------
    GrowthUndefinedError
        If a sense is unknown, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    The project's own meaning S3, docs/semantics.md.

    Examples
    --------
    >>> gap([3.3, 3.5], 3.3, "at_least").round(12)
    array([0. , 0.2])
    >>> gap(7, 5, "exactly")
    -2.0
    """
    return _GAP(value, target, sense)


@labelled()
def meets(value: ArrayLike, target: ArrayLike, sense: ArrayLike | str) -> Any:
    """Whether a value meets a target; an exact hit counts, but not for above and below (S3).

    Parameters
    ----------
    value, target : array_like
        Numbers in one unit. Broadcast.
    sense : {"at_least", "at_most", "above", "below", "exactly"} or array of them
        Direction; it has no default.

    Returns
    -------
    bool or ndarray of bool
        True where `gap` is at least 0, for above and below where it is more than 0; sixteen
        roundings of a double still count as equal.

    Raises
    ------
    GrowthUndefinedError
        As `gap`.

    References
    ----------
    The project's own meaning S3, docs/semantics.md.

    Examples
    --------
    >>> meets(100 * 1.1**3, 133.1, "exactly")
    True
    >>> meets([2.9, 3.0, 3.1], 3.0, "at_most")
    array([ True,  True, False])
    >>> meets(3.0, 3.0, "above")
    False
    """
    distance = gap(value, target, sense)
    strict = np.isin(sense, STRICT)
    met: Mask = (np.asarray(distance) > 0) | (~strict & (np.asarray(distance) == 0))
    return met if met.ndim else bool(met)


@labelled()
def whole_periods_to_reach(
    start: ArrayLike, target: ArrayLike, rate: ArrayLike, sense: ArrayLike | str
) -> FloatOrArray:
    """Whole years after which a target is met at a constant yearly rate.

    A target hit exactly at the end of a year belongs to that year, though the logarithms say
    3.0000000000000004.

    Parameters
    ----------
    start, target : array_like
        Levels in one unit, at least 0. Broadcast.
    rate : array_like
        Yearly rate as a fraction, above -1.
    sense : {"at_least", "at_most", "above", "below"} or array of them
        Direction.

    Returns
    -------
    float or ndarray
        Whole number of years, 0 where already met.

    Raises
    ------
    GrowthUndefinedError
        As `periods_to_reach`; or if a sense is ``"exactly"``, which a path only crosses.

    References
    ----------
    PDURATION, the spreadsheet function for the number of periods; docs/formulas.md.

    Examples
    --------
    >>> whole_periods_to_reach(100, [133.1, 133.2], 0.10, "at_least")
    array([3., 4.])
    """
    exact = np.asarray(periods_to_reach(start, target, rate, sense))
    if np.any(np.asarray(sense) == "exactly"):
        raise GrowthUndefinedError(
            N_(
                "whole_periods_to_reach: sense 'exactly' has no whole year, since a path only "
                "crosses its target. Use at_least or at_most."
            )
        )
    nearest = np.rint(exact)
    whole = np.where(meets(compound(start, rate, nearest), target, sense), nearest, np.ceil(exact))
    if np.any(strict := np.isin(sense, STRICT)):
        # a bound that is only touched is passed a year later
        touched = strict & ~np.asarray(meets(compound(start, rate, whole), target, sense))
        whole = whole + touched
        if np.any(touched & ~np.asarray(meets(compound(start, rate, whole), target, sense))):
            raise GrowthUndefinedError(
                N_("whole_periods_to_reach: the path touches its target and never passes it.")
            )
    return whole if whole.ndim else float(whole)
