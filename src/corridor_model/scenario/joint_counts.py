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
from corridor_model.scenario.correlation import (
    STREAM,
    CorrelationModel,
    Delays,
    Workspace,
    scores_of,
)
from corridor_model.scenario.joint_needs import Need, Needs, NeedsOf, Varying, varying_of
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook import Outlook

if TYPE_CHECKING:
    from corridor_model.scenario.per_target import PerTarget
    from corridor_model.scenario.promise_odds import CountedPromises


UNITS = STREAM // UNIT
"""Units of a task."""
TASK = UNIT * UNITS
"""Draws of a task."""
SIDE_BY_SIDE = 5
"""Scenarios counted in one call: threads wait for each other between calls."""


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioLimits:
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
class JointQuestion:
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
    streams : tuple of str
        By what each is drawn: promises of one series that look the same way rise and fall
        together.
    """

    names: tuple[str, ...]
    correlation: CorrelationModel
    scenarios: tuple[ScenarioLimits, ...]
    works: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    draws: int
    seed: int
    singles: tuple[int, ...] = field(default=())
    needs: tuple[Need, ...] = field(default=())
    streams: tuple[str, ...] = field(default=())

    @property
    def promises(self) -> int:
        """How many promises are counted."""
        return len(self.singles) + len(self.groups)


def count(
    question: JointQuestion,
    threads: int = 1,
    client: Any = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
    units: int | None = None,
) -> tuple[Integers, Integers]:
    """Return how often each number of promises was kept, and each indicator reached.

    Parameters
    ----------
    question : JointQuestion
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
    show = progress or (lambda results, _: results)
    total = np.zeros((len(question.scenarios), question.promises + 1), dtype=np.int64)
    reached = np.zeros((len(question.scenarios), len(question.names)), dtype=np.int64)
    if client is not None:
        futures = client.map(task, list(tasks))
        results: Iterable[Any] = (client.gather(future) for future in futures)
    elif threads == 1:
        results = map(task, tasks, repeat(Workspace()))
    else:
        pool = ThreadPoolExecutor(threads)
        results = pool.map(task, tasks, repeat(Workspace()))
    try:
        for counts, hits in show(results, len(tasks)):
            total += counts
            reached += hits
    except KeyboardInterrupt:
        if client is not None:
            client.cancel(futures)
        raise
    finally:
        if client is None and threads > 1:
            # Ctrl-C does not wait for tasks that are half done
            pool.shutdown(wait=False, cancel_futures=True)
    return total, reached


@dataclass(frozen=True, slots=True)
class _Task:
    """A function of the task's number that travels to a worker."""

    question: JointQuestion
    units: int

    @property
    def draws(self) -> int:
        return UNIT * self.units

    def __call__(self, task: int, workspace: Workspace | None = None) -> tuple[Integers, Integers]:
        question = self.question
        begin = task * self.draws
        end = min(begin + self.draws, question.draws)
        total = np.zeros((len(question.scenarios), question.promises + 1), dtype=np.int64)
        reached = np.zeros((len(question.scenarios), len(question.names)), dtype=np.int64)
        workspace = workspace or Workspace()
        scores = scores_of(
            question.streams or question.names,
            *(question.correlation, question.seed, begin, end, workspace),
        )
        needs = Needs(question.needs, scores, delays_of(question, begin, end))
        shape = (min(SIDE_BY_SIDE, len(question.scenarios)), *scores.shape)
        side_by_side = workspace.array("met", shape, np.bool_)
        for first in range(0, len(question.scenarios), SIDE_BY_SIDE):
            at = slice(first, first + SIDE_BY_SIDE)
            scenarios = question.scenarios[at]
            met = side_by_side[: len(scenarios)]
            for one, hit in zip(scenarios, met, strict=True):
                _meet(one, scores, needs, hit)
            reached[at], total[at] = _hits(met), _promises(question, met)
        return total, reached


def delays_of(question: JointQuestion, begin: int, end: int) -> Delays:
    """Return the normals of works whose delay is uncertain in some scenario."""
    paired = any(scenario.paired for scenario in question.scenarios)
    common = any(scenario.common for scenario in question.scenarios)
    return Delays(question.works, question.seed, begin, end, paired, common)


def _hits(met: Mask) -> Integers:
    """Return how often each indicator is reached, shape (scenarios, indicators)."""
    # counting bits is many times faster than counting bytes, and words are counted at once
    bits = np.packbits(met, axis=-1)
    words = bits.view(np.uint64) if bits.shape[-1] % 8 == 0 else bits
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def _promises(question: JointQuestion, met: Mask) -> Integers:
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


def _meet(scenario: ScenarioLimits, scores: Array32, needs: Needs, met: Mask) -> None:
    """Put down which indicators are reached in which draw, shape (indicators, draws)."""
    varying = scenario.varying
    if varying is None or len(varying.firsts) < len(scores):
        np.greater_equal(scores, scenario.lower[:, None], out=met)
        if (scenario.upper < np.inf).any():
            met &= scores <= scenario.upper[:, None]
    if varying is not None:
        varying.meet(needs, scenario.paired, scenario.common, met)


# What the joint engine is asked: limits of scores, and what varies with works instead.


def joint_question(
    counted: CountedPromises,
    correlation: CorrelationModel,
    results: list[PerTarget],
    marginal: Callable[[Outlook], Marginal],
    draws: int,
    seed: int,
) -> JointQuestion:
    """Return what the joint engine is asked."""
    works = tuple(dict.fromkeys(c.work.id for r in results for c in r.contributions if c.uncertain))
    needed = NeedsOf(marginal)
    names = list(counted.names)
    scenarios = []
    for result in results:
        varying = varying_of(names, works, result, needed)
        lower, upper = _limits(names, result)
        scenarios.append(
            ScenarioLimits(lower, upper, varying, result.resolved.paired, result.resolved.common)
        )
    return JointQuestion(
        counted.names,
        correlation,
        tuple(scenarios),
        works,
        counted.groups,
        draws,
        seed,
        counted.singles,
        tuple(needed.needs),
        _streams(names, results[0], correlation),
    )


def _streams(names: list[str], result: PerTarget, correlation: CorrelationModel) -> tuple[str, ...]:
    """Return the name of each promise's stream; a matrix says itself what moves together."""
    if correlation.root is not None:
        return tuple(names)
    first: dict[str, bool] = {}
    streams = []
    for name in names:
        outlook = result.outlooks[name]
        of, caps = outlook.indicator.of, outlook.goal.lower is None
        same = first.setdefault(of, caps) == caps
        streams.append(of if same else name)
    return tuple(streams)


def _limits(names: list[str], result: PerTarget) -> tuple[Array32, Array32]:
    """Return the limits of scores that give each indicator's probability."""
    below, above = np.array([result.missed[name] for name in names]).reshape(-1, 2).T
    goals = [result.outlooks[name].goal for name in names]
    # a range is one-sided, too, where it is read as a distance to its nearer end
    one_sided = [g.score != "final" or g.lower is None or g.upper is None for g in goals]
    lower, upper = limits(below, above, np.array(one_sided, dtype=np.bool_))
    return lower.astype(np.float32), upper.astype(np.float32)
