"""How many promises are kept if targets had nothing in common: exact, without draws of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.reach import Reach

if TYPE_CHECKING:
    from corridor_model.scenario.joint import Question

Array = NDArray[np.float64]
PART = 256
"""Draws that are worked on at a time, so that they stay in a processor's own memory."""


def independent(reached: Mapping[str, Reach], question: Question) -> Array:
    """Return P(exactly n promises kept), shape (promises + 1,), given the works.

    The Poisson binomial distribution for each draw of the works, averaged over them.

    References
    ----------
    Wang (1993), On the number of successes in independent trials, Statistica Sinica 3(2).
    """
    chances = [reached[name].chance for name in question.names]
    promises = [chances[i] for i in question.singles]
    for group in question.groups:
        missed: Array = np.ones(1)
        for i in group:
            missed = missed * (1 - chances[i])
        promises.append(1 - missed)
    draws = max((len(p) for p in promises), default=1)
    total = np.zeros(len(promises) + 1)
    for start in range(0, draws, PART):
        part = slice(start, start + PART)
        total += _sums([p[part] if len(p) > 1 else p for p in promises], min(PART, draws - start))
    return total / draws


def _sums(promises: list[Array], draws: int) -> Array:
    """Return the distributions of a sum, added up over draws, shape (promises + 1,)."""
    out, kept = np.zeros((2, len(promises) + 1, draws))
    out[0] = 1.0
    for k, p in enumerate(promises, 1):
        np.multiply(out[:k], p, out=kept[:k])
        out[: k + 1] *= 1 - p
        out[1 : k + 1] += kept[:k]
    return np.asarray(out.sum(axis=1))
