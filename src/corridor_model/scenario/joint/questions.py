"""What the joint engine is asked: limits of scores, and what varies with works instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.joint.bounds import NeedsOf
from corridor_model.scenario.joint.correlation import Together
from corridor_model.scenario.joint.counting import Asked, Question
from corridor_model.scenario.joint.responses import varying_of
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import limits

if TYPE_CHECKING:
    from corridor_model.scenario.targets.promised import Promised
    from corridor_model.scenario.targets.single import Result

Array = NDArray[np.float64]


def question_of(
    counted: Promised,
    tied: Together,
    results: list[Result],
    marginals: dict[int, Marginal],
    draws: int,
    seed: int,
) -> Question:
    """Return what the joint engine is asked."""
    works = tuple(dict.fromkeys(t.work.id for r in results for t in r.moved if t.uncertain))
    needed = NeedsOf(marginals)
    names = list(counted.names)
    asked = []
    for result in results:
        varying = varying_of(names, works, result, needed)
        lower, upper = _limits(names, result)
        asked.append(Asked(lower, upper, varying, result.resolved.paired, result.resolved.common))
    needs = tuple(needed.made)
    return Question(
        counted.names,
        tied,
        tuple(asked),
        works,
        counted.groups,
        draws,
        seed,
        counted.singles,
        needs,
    )


def one_sided(outlook: Outlook) -> bool:
    """Whether a target has one bound only, or is read as a distance to the nearer one."""
    goal = outlook.goal
    return goal.score != "final" or goal.lower is None or goal.upper is None


def _limits(names: list[str], result: Result) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the limits of scores that give each indicator's probability."""
    below, above = np.array([result.missed[name] for name in names]).reshape(-1, 2).T
    alone = np.array([one_sided(result.outlooks[name]) for name in names], dtype=np.bool_)
    lower, upper = limits(below, above, alone)
    return lower.astype(np.float32), upper.astype(np.float32)
