"""Values turned so that more is better: folded around a target, parity, distance to target."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.assess.arithmetic import ShareUndefinedError, _divided, _plain, numbers

PARITY_BAND = (0.97, 1.03)
"""Within it a ratio of two groups counts as parity (UNESCO's gender parity index)."""


def fold_around_target(value: ArrayLike, target: ArrayLike) -> Any:
    """Return target + |value - target|: both sides of a target become one.

    References
    ----------
    Open SDG, "Progress Measurement Methodology" (Statistics Canada), values that may lie on
    either side of the target.

    Examples
    --------
    >>> fold_around_target([35, 65], 50).tolist()
    [65.0, 65.0]
    """
    goal = numbers("target", target)
    return _plain(goal + np.abs(numbers("value", value) - goal))


def parity(value: ArrayLike, band: tuple[float, float] = PARITY_BAND) -> Any:
    """Return a ratio of two groups as max(y, 1 / y), and 1 within the band of parity.

    Raises
    ------
    ShareUndefinedError
        If a ratio is not above 0.

    References
    ----------
    Open SDG, "Progress Measurement Methodology" (Statistics Canada), parity indices.

    Examples
    --------
    >>> parity([2.0, 0.5, 0.98, 1.02]).tolist()
    [2.0, 2.0, 1.0, 1.0]
    """
    ratio = numbers("value", value)
    if np.any(ratio <= 0):
        raise ShareUndefinedError("a ratio of two groups must be above 0.")
    even = (ratio >= band[0]) & (ratio <= band[1])
    return _plain(np.where(even, 1.0, np.maximum(ratio, 1.0 / ratio)))


def distance_to_target(
    values: ArrayLike, target: float, direction: int = 1, cap: bool = False
) -> Any:
    """Return each value's place between the worst of all values (0) and the target (1).

    Parameters
    ----------
    values : array_like
        Values of one indicator, of several places or years.
    target : float
        The target.
    direction : {1, -1}
        Whether more is better.
    cap : bool, default False
        Whether what lies beyond the target counts as 1.

    Returns
    -------
    ndarray
        (x - min) / (target - min), or (max - x) / (max - target).

    References
    ----------
    W. Becker et al., COINr: An R package for developing composite indicators, JOSS 2022,
    normalisation ``n_dist2targ``.

    Examples
    --------
    >>> distance_to_target([0, 5, 11], 10).tolist()
    [0.0, 0.5, 1.1]
    """
    given = numbers("values", values)
    worst = given.min() if direction > 0 else given.max()
    placed = _divided(
        given - worst,
        np.asarray(target - worst, dtype=np.float64),
        "the worst value is the target itself",
    )
    return np.minimum(placed, 1.0) if cap else placed
