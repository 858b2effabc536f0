"""Quantiles of values by year, and of how far a target is met or missed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.targets.convolution import convolved
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Goal
from corridor_model.scenario.targets.reach import range_score, score_of

Array = NDArray[np.float64]
_FINE = (np.arange(2000) + 0.5) / 2000


def values(marginals: Sequence[Marginal], levels: Array, added: Sequence[Array]) -> list[Array]:
    """Return quantiles by year with what works add, shape (Y, Q) each; shares stay within 100."""
    uncertain = [i for i, draws in enumerate(added) if draws.shape[1] > 1]
    found = convolved([marginals[i] for i in uncertain], levels, [added[i] for i in uncertain])
    made = dict(zip(uncertain, found, strict=True))
    out = []
    for i, marginal in enumerate(marginals):
        one = made[i] if i in made else marginal.quantile(levels) + added[i]
        share = marginal.outlook.indicator.kind == "share"
        out.append(np.clip(one, 0.0, 100.0) if share else one)
    return out


def gaps(marginal: Marginal, goal: Goal, levels: Array, added: Array, value: Array) -> Array:
    """Return quantiles of the distance to the target, shape (Q,); at least 0 is met (S3).

    In the unit of the value; of a growth target in index points, of the cumulative method
    averaged over the years; of an annual target the worst year's. ``value`` holds the
    quantiles of the value at the same levels.
    """
    if goal.score != "final":
        if goal.score == "least" and goal.lower is not None and goal.upper is not None:
            return np.quantile(range_score(marginal, goal, added), levels)
        score = score_of(marginal, goal, added)
        scale = marginal.place(goal.year) + 1 if goal.score == "sum" else 1
        return np.quantile(_distance(score, goal) / scale, levels)
    place = marginal.place(goal.year)
    if goal.upper is None and goal.lower is not None:
        return np.asarray(value[place] - goal.lower)
    if goal.lower is None and goal.upper is not None:
        return np.asarray(
            goal.upper - values([marginal], (1 - levels)[::-1], [added])[0][place][::-1]
        )
    return np.quantile(_distance(values([marginal], _FINE, [added])[0][place], goal), levels)


def _distance(score: Array, goal: Goal) -> Array:
    low = np.inf if goal.lower is None else score - goal.lower
    high = np.inf if goal.upper is None else goal.upper - score
    return np.asarray(np.minimum(low, high))
