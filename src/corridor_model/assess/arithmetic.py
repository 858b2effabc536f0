"""How much of the way is done: shares, completion, what is left, what is over (S2, S3, S17).

Every function is elementwise and broadcasts. All shares are fractions (0.9184 is 91.84 %).
What has no value raises :class:`ShareUndefinedError`; nothing is substituted (S7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_model.errors import CorridorError

Floats = NDArray[np.float64]


class ShareUndefinedError(CorridorError, ValueError):
    """A share has no value for these numbers: there is no way to go, or nothing planned."""


def numbers(name: str, value: ArrayLike) -> Floats:
    """Return a float array without NaN; a NaN is an error that names its element (S7)."""
    array = np.asarray(value, dtype=np.float64)
    if np.isnan(array).any():
        raise ShareUndefinedError(
            f"{name} is not a number{_where(np.isnan(array))}. Leave an unknown out."
        )
    return array


def _where(mask: NDArray[np.bool_]) -> str:
    return f" at {tuple(map(int, np.argwhere(mask)[0]))}" if mask.ndim else ""


def _plain(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else value


def _divided(above: Floats, below: Floats, said: str) -> Any:
    empty = np.asarray(below == 0)
    if empty.any():
        raise ShareUndefinedError(f"{said}{_where(np.broadcast_to(empty, np.shape(below)))}.")
    return _plain(above / below)


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
    start = numbers("base", base)
    way = numbers("target", target) - start
    return _divided(
        numbers("actual", actual) - start, way, "base and target are equal, there is no way to go"
    )


def distance_outside(value: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Any:
    """Return how far a value lies outside the range [lower, upper]; 0 within.

    An open end is ``-inf`` or ``inf``.

    Examples
    --------
    >>> distance_outside([0.5, 1.5, 4.0], 1, 2).tolist()
    [0.5, 0.0, 2.0]
    """
    given = numbers("value", value)
    below = numbers("lower", lower) - given
    above = given - numbers("upper", upper)
    return _plain(np.maximum(np.maximum(below, above), 0.0))


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
    return _divided(way - left, way, "the base lies in the range, there is no way to go")


def completion(actual: ArrayLike, planned: ArrayLike) -> Any:
    """Return what was done as a part of what was planned (完成率).

    Examples
    --------
    >>> round(completion(194.54, 211.83), 4)
    0.9184
    """
    return _divided(numbers("actual", actual), numbers("planned", planned), "nothing was planned")


def window_completion(actuals: ArrayLike, planned: ArrayLike) -> float:
    """Return the sum done over the sum planned, period by period up to now.

    Examples
    --------
    >>> window_completion([220, 240, 200, 230], [250, 250, 250, 250])
    0.89
    """
    return float(completion(numbers("actuals", actuals).sum(), numbers("planned", planned).sum()))


def remaining(actual: ArrayLike, target: ArrayLike) -> Any:
    """Return what is left to the target, in its unit; negative once it is passed."""
    return _plain(numbers("target", target) - numbers("actual", actual))


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
    goal = numbers("target", target)
    return _divided(numbers("actual", actual) - goal, goal, "the target is 0")


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

    last = max((i for i, value in enumerate(values) if value is not None), default=-1)
    if last < 0:
        raise ShareUndefinedError("no period has a value.")
    met = [value is not None and bool(meets(value, target, sense)) for value in values[: last + 1]]
    return sum(met) / len(met)
