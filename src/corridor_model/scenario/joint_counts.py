"""How many targets are reached at once: paths of normal scores, counted in whole numbers.

An indicator is reached where its normal score lies between two limits, which follow from its
marginal distribution; where works add to it in each draw, what they add is compared with what
its score leaves to be done. Counts are whole numbers, so that no order of adding, no number
of threads or workers and no size of a task can change them (S13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array32, Integers, Mask
from corridor_model.draws import UNIT
from corridor_model.scenario.attainment import limits
from corridor_model.scenario.correlation import STREAM, Delays, Room, Together, scores_of
from corridor_model.scenario.joint_needs import Need, Needs, NeedsOf, Varying, varying_of
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook import Outlook

if TYPE_CHECKING:
    from corridor_model.scenario.per_target import PerTarget
    from corridor_model.scenario.promise_odds import Promised


UNITS = STREAM // UNIT
"""Units of a task."""
TASK = UNIT * UNITS
"""Draws of a task."""
SIDE_BY_SIDE = 5
"""Scenarios counted in one call: threads wait for each other between calls."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One scenario's limits, shape (indicators,), and what varies with works instead.

    Attributes
    ----------
    lower, upper : ndarray of float32, shape (indicators,)
        Limits of the score of good news.
    varying : Varying or None
        Indicators to which works with an uncertain delay add; their limits are not read.
    paired, common : float
        Loadings of the works' delays.
    """

    lower: Array32
    upper: Array32
    varying: Varying | None = None
    paired: float = 0.0
    common: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Everything a task needs; pickles small.

    Attributes
    ----------
    names : tuple of str
        Indicators.
    groups : tuple of tuple of int
        Alternatives: any of them is one promise (S4); the rest are promises of their own.
    works : tuple of str
        Works whose delay is uncertain in some scenario.
    needs : tuple of Need
        What indicators that works add to need, shared by scenarios.
    """

    names: tuple[str, ...]
    together: Together
    asked: tuple[Asked, ...]
    works: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    draws: int
    seed: int
    singles: tuple[int, ...] = field(default=())
    needs: tuple[Need, ...] = field(default=())

    @property
    def promises(self) -> int:
        """How many promises are counted."""
        return len(self.singles) + len(self.groups)


def count(
    question: Question,
    threads: int = 1,
    client: Any = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
    units: int | None = None,
) -> tuple[Integers, Integers]:
    """Return how often each number of promises was kept, and each indicator reached.

    Parameters
    ----------
    question : Question
        What is asked.
    threads : int
        Threads; NumPy releases the lock while it works.
    client : dask.distributed.Client, optional
        Instead: workers. Each task returns its counts alone.
    progress : callable, optional
        Wraps the tasks as they end.
    units : int, optional
        Units of 2,048 draws in one task, `UNITS` by default; the answer is the same.

    Returns
    -------
    n_reached : ndarray of int64, shape (scenarios, promises + 1)
    reached : ndarray of int64, shape (scenarios, indicators)
    """
    task = _Task(question, UNITS if units is None else units)
    tasks = range(-(-question.draws // task.draws))
    show = progress or (lambda ended, _: ended)
    total = np.zeros((len(question.asked), question.promises + 1), dtype=np.int64)
    reached = np.zeros((len(question.asked), len(question.names)), dtype=np.int64)
    if client is not None:
        futures = client.map(task, list(tasks))
        ended: Iterable[Any] = (client.gather(future) for future in futures)
    elif threads == 1:
        ended = map(task, tasks, repeat(Room()))
    else:
        pool = ThreadPoolExecutor(threads)
        ended = pool.map(task, tasks, repeat(Room()))
    try:
        for counts, hits in show(ended, len(tasks)):
            total += counts
            reached += hits
    finally:
        if client is None and threads > 1:
            pool.shutdown(cancel_futures=True)
    return total, reached


@dataclass(frozen=True, slots=True)
class _Task:
    """A function of the task's number that travels to a worker."""

    question: Question
    units: int

    @property
    def draws(self) -> int:
        return UNIT * self.units

    def __call__(self, task: int, room: Room | None = None) -> tuple[Integers, Integers]:
        question = self.question
        begin = task * self.draws
        end = min(begin + self.draws, question.draws)
        total = np.zeros((len(question.asked), question.promises + 1), dtype=np.int64)
        reached = np.zeros((len(question.asked), len(question.names)), dtype=np.int64)
        room = room or Room()
        scores = _scores(question, begin, end, room)
        needs = Needs(question.needs, scores, delays_of(question, begin, end))
        shape = (min(SIDE_BY_SIDE, len(question.asked)), *scores.shape)
        side_by_side = room.array("met", shape, np.bool_)
        for first in range(0, len(question.asked), SIDE_BY_SIDE):
            at = slice(first, first + SIDE_BY_SIDE)
            asked = question.asked[at]
            met = side_by_side[: len(asked)]
            for one, hit in zip(asked, met, strict=True):
                _meet(one, scores, needs, hit)
            reached[at], total[at] = _hits(met), _promises(question, met)
        return total, reached


def delays_of(question: Question, begin: int, end: int) -> Delays:
    """Return the normals of works whose delay is uncertain in some scenario."""
    paired = any(asked.paired for asked in question.asked)
    common = any(asked.common for asked in question.asked)
    return Delays(question.works, question.seed, begin, end, paired, common)


def _scores(question: Question, begin: int, end: int, room: Room | None = None) -> Array32:
    """Return the indicators' scores of good news, shape (indicators, end - begin)."""
    return scores_of(question.names, question.together, question.seed, begin, end, room)


def _hits(met: Mask) -> Integers:
    """Return how often each indicator is reached, shape (scenarios, indicators)."""
    # counting bits is many times faster than counting bytes, and words are counted at once
    bits = np.packbits(met, axis=-1)
    words = bits.view(np.uint64) if bits.shape[-1] % 8 == 0 else bits
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def _promises(question: Question, met: Mask) -> Integers:
    """Return how often each number of promises is kept, shape (scenarios, promises + 1)."""
    small = np.int8 if question.promises < 128 else np.int32  # a byte adds four times faster
    singles, numbers = question.singles, question.promises + 1
    alone = met if len(singles) == met.shape[1] else met[:, list(singles)]
    kept = alone.view(np.int8).sum(axis=1, dtype=small)
    for group in question.groups:
        kept += met[:, list(group)].any(axis=1)
    apart = kept + numbers * np.arange(len(met))[:, None]
    counts = np.bincount(apart.ravel(), minlength=len(met) * numbers)
    return np.asarray(counts.reshape(len(met), numbers))


def _meet(asked: Asked, scores: Array32, needs: Needs, met: Mask) -> None:
    """Put down which indicators are reached in which draw, shape (indicators, draws)."""
    varying = asked.varying
    if varying is None or len(varying.firsts) < len(scores):
        np.greater_equal(scores, asked.lower[:, None], out=met)
        if (asked.upper < np.inf).any():
            met &= scores <= asked.upper[:, None]
    if varying is not None:
        varying.meet(needs, asked.paired, asked.common, met)


# What the joint engine is asked: limits of scores, and what varies with works instead.


def question_of(
    counted: Promised,
    tied: Together,
    results: list[PerTarget],
    marginal: Callable[[Outlook], Marginal],
    draws: int,
    seed: int,
) -> Question:
    """Return what the joint engine is asked."""
    works = tuple(dict.fromkeys(c.work.id for r in results for c in r.contributions if c.uncertain))
    needed = NeedsOf(marginal)
    names = list(counted.names)
    asked = []
    for result in results:
        varying = varying_of(names, works, result, needed)
        lower, upper = _limits(names, result)
        asked.append(Asked(lower, upper, varying, result.resolved.paired, result.resolved.common))
    needs = tuple(needed.needs)
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


def _limits(names: list[str], result: PerTarget) -> tuple[Array32, Array32]:
    """Return the limits of scores that give each indicator's probability."""
    below, above = np.array([result.missed[name] for name in names]).reshape(-1, 2).T
    alone = np.array([one_sided(result.outlooks[name]) for name in names], dtype=np.bool_)
    lower, upper = limits(below, above, alone)
    return lower.astype(np.float32), upper.astype(np.float32)
