"""How many promises are kept if targets had nothing in common but works: no draws of targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.targets.reach import Reach

Array = NDArray[np.float64]
PART = 256
"""Draws that are worked on at a time, so that they stay in a processor's own memory."""
SEEN = 1e-3
"""Standard deviation of probabilities over draws below which they say nothing of weights."""


def independent(kept: Sequence[Reach]) -> Array:
    """Return P(exactly n promises kept), shape (promises + 1,), given the works.

    The Poisson binomial distribution for each draw of the works, averaged over them with
    `weights`, so that its mean is the sum of the promises' probabilities.

    Parameters
    ----------
    kept : sequence of Reach
        Each promise.

    References
    ----------
    Wang (1993), On the number of successes in independent trials, Statistica Sinica 3(2).
    """
    weight = weights(kept)
    total = np.zeros(len(kept) + 1)
    for start in range(0, len(weight), PART):
        part = slice(start, start + PART)
        chances = [one.chance[part] if len(one.chance) > 1 else one.chance for one in kept]
        total += _sums(chances, weight[part])
    # weights may be negative by a little, and so may what is all but impossible
    total = np.maximum(total, 0.0)
    return np.asarray(total / total.sum())


def weights(kept: Sequence[Reach]) -> Array:
    """Return weights of the draws of works under which each promise has its own probability.

    Of all that do, those nearest to even. Probabilities that draws hardly move are left out.

    References
    ----------
    Deville and Särndal (1992), Calibration estimators in survey sampling, Journal of the
    American Statistical Association 87(418).
    """
    n = max((len(one.chance) for one in kept), default=1)
    even = np.full(n, 1 / n)
    moved = [one for one in kept if len(one.chance) == n > 1]
    missed = np.array([one.p - one.drawn_mean for one in moved])
    if not missed.any():
        return even
    away = np.array([one.chance - one.drawn_mean for one in moved])
    size, ways = np.linalg.eigh(away @ away.T)
    seen = size > n * SEEN**2
    return np.asarray(even + (ways[:, seen] @ (missed @ ways[:, seen] / size[seen])) @ away)


def _sums(promises: Sequence[Array], weight: Array) -> Array:
    """Return the distributions of a sum, added up over draws, shape (promises + 1,)."""
    out, kept = np.zeros((2, len(promises) + 1, len(weight)))
    out[0] = 1.0
    for k, p in enumerate(promises, 1):
        np.multiply(out[:k], p, out=kept[:k])
        out[: k + 1] *= 1 - p
        out[1 : k + 1] += kept[:k]
    return np.asarray(out @ weight)
