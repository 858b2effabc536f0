"""How many targets are reached at once: paths of normal scores, counted in whole numbers.

An indicator is reached where its normal score lies between two limits, which follow from its
marginal distribution and from what works add in that draw. Scores are made of factors and a
rest of its own, keyed by name, float32, in units of 2,048; every scenario reads the same
ones. Counts are whole numbers, so that no order of adding can change them (S13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.correlation import Together
from corridor_model.scenario.draws import UNIT, generator

Float32 = NDArray[np.float32]
Counts = NDArray[np.int64]
UNITS = 4
"""Units that one task makes with the same generators."""
TASK = UNIT * UNITS
"""Draws of one task."""
SCORES = np.linspace(-6.0, 6.0, 2049)
"""Scores of a delay at which responses are tabulated."""
CELLS = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """One indicator's limits under works that are uncertain.

    Attributes
    ----------
    indicator : int
        Place among the indicators.
    works : tuple of (int, ndarray)
        Place of each work, and what it adds at `SCORES`.
    fixed, low, step : float
        What certain works add; where the table of limits begins, and its step.
    lower, upper : ndarray, shape (CELLS + 1,)
        Limits by what is added; ``upper`` is None where the target has one bound.
    """

    indicator: int
    works: tuple[tuple[int, Float32], ...]
    fixed: float
    low: float
    step: float
    lower: Float32
    upper: Float32 | None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One scenario's limits: lower and upper, shape (indicators,), and what varies."""

    lower: Float32
    upper: Float32
    varying: tuple[Limits, ...] = ()
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
    """

    names: tuple[str, ...]
    together: Together
    asked: tuple[Asked, ...]
    works: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    draws: int
    seed: int
    singles: tuple[int, ...] = field(default=())

    @property
    def promises(self) -> int:
        """How many promises are counted."""
        return len(self.singles) + len(self.groups)


def count(
    question: Question,
    threads: int = 1,
    client: Any = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> tuple[Counts, Counts]:
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

    Returns
    -------
    n_reached : ndarray of int64, shape (scenarios, promises + 1)
    reached : ndarray of int64, shape (scenarios, indicators)
    """
    tasks = range(-(-question.draws // TASK))
    show = progress or (lambda ended, _: ended)
    total = np.zeros((len(question.asked), question.promises + 1), dtype=np.int64)
    reached = np.zeros((len(question.asked), len(question.names)), dtype=np.int64)
    if client is not None:
        futures = client.map(_Task(question), list(tasks))
        ended: Iterable[Any] = (client.gather(future) for future in futures)
    elif threads == 1:
        ended = map(_Task(question), tasks)
    else:
        pool = ThreadPoolExecutor(threads)
        ended = pool.map(_Task(question), tasks)
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

    def __call__(self, task: int) -> tuple[Counts, Counts]:
        question = self.question
        left = question.draws - task * TASK
        size = min(TASK, left)
        total = np.zeros((len(question.asked), question.promises + 1), dtype=np.int64)
        reached = np.zeros((len(question.asked), len(question.names)), dtype=np.int64)
        scores, delays = _scores(question, task), _delays(question, task)
        singles = list(question.singles)
        small = np.int8 if question.promises < 128 else np.int32  # a byte adds four times faster
        alone = len(singles) == len(question.names)
        for i, asked in enumerate(question.asked):
            met = _met(asked, scores, delays)[:, :size]
            reached[i] = np.count_nonzero(met, axis=1)
            kept = (met if alone else met[singles]).view(np.int8).sum(axis=0, dtype=small)
            for group in question.groups:
                kept += met[list(group)].any(axis=0)
            total[i] = np.bincount(kept, minlength=question.promises + 1)
        return total, reached


def _scores(question: Question, task: int) -> Float32:
    """Return the indicators' scores of good news, shape (indicators, TASK)."""
    tied = question.together
    own = np.empty((len(question.names), TASK), dtype=np.float32)
    for row, name in zip(own, question.names, strict=True):
        stream = generator(f"indicator:{name}", question.seed, task)
        stream.standard_normal(out=row, dtype=np.float32)
    if tied.root is not None:
        return np.asarray(tied.root.astype(np.float32) @ own)
    own *= tied.rest.astype(np.float32)[:, None]
    for k, name in enumerate(tied.factors):
        stream = generator(f"factor:{name}", question.seed, task)
        shared = stream.standard_normal(TASK, dtype=np.float32)
        own += tied.loadings[:, k : k + 1].astype(np.float32) * shared
    return own


def _delays(question: Question, task: int) -> dict[str, Any]:
    """Return the normals of works whose delay is uncertain: those that money uses, too."""
    if not question.works:
        return {}

    def draw(name: str) -> Any:
        units = range(task * UNITS, (task + 1) * UNITS)
        made = [generator(name, question.seed, unit).standard_normal(UNIT) for unit in units]
        return np.concatenate(made)

    paired = any(asked.paired for asked in question.asked)
    common = any(asked.common for asked in question.asked)
    works = [
        (draw(f"delay:{name}"), draw(f"factor:{name}") if paired else 0.0)
        for name in question.works
    ]
    return {
        "programme": draw("factor:programme") if common else 0.0,
        "works": works,
        "cells": {},
    }


def _met(asked: Asked, scores: Float32, delays: dict[str, Any]) -> NDArray[np.bool_]:
    """Return which indicators are reached in which draw, shape (indicators, TASK)."""
    met = scores >= asked.lower[:, None]
    if np.isfinite(asked.upper).any():
        met &= scores <= asked.upper[:, None]
    for limits in asked.varying:
        added = np.full(TASK, limits.fixed, dtype=np.float32)
        for work, response in limits.works:
            added += response.take(_cells(asked, work, delays))
        added -= np.float32(limits.low)
        added *= np.float32(1 / limits.step)
        cell = np.rint(added, out=added).astype(np.intp)
        row = scores[limits.indicator]
        hit = row >= limits.lower.take(cell, mode="clip")
        if limits.upper is not None:
            hit &= row <= limits.upper.take(cell, mode="clip")
        met[limits.indicator] = hit
    return met


def _cells(asked: Asked, work: int, delays: dict[str, Any]) -> NDArray[np.intp]:
    """Return the place among `SCORES` of a work's delay in each draw; made once a unit."""
    key = (work, asked.paired, asked.common)
    if key not in delays["cells"]:
        own, factor = delays["works"][work]
        rest = np.sqrt(max(0.0, 1 - asked.paired**2 - asked.common**2))
        z = asked.common * delays["programme"] + asked.paired * factor + rest * own
        step = SCORES[1] - SCORES[0]
        nearest = np.rint((z - SCORES[0]) / step)
        delays["cells"][key] = np.clip(nearest, 0, len(SCORES) - 1).astype(np.intp)
    cells: NDArray[np.intp] = delays["cells"][key]
    return cells


def groups_of(
    names: Sequence[str], any_of: Sequence[str | None]
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return indicators that stand alone, and those that share a promise."""
    by_word: dict[str, list[int]] = {}
    for i, word in enumerate(any_of):
        by_word.setdefault(word or f"\0{names[i]}", []).append(i)
    singles = tuple(group[0] for group in by_word.values() if len(group) == 1)
    return singles, tuple(tuple(group) for group in by_word.values() if len(group) > 1)
