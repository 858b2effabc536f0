"""A question answered: the best choice, the next best, other budgets, one more 亿元."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridor_model.portfolio.budgets import Budget
from corridor_model.portfolio.conflict import InfeasibleError, smallest_conflict
from corridor_model.portfolio.options import Options, build
from corridor_model.portfolio.question import Question
from corridor_model.portfolio.rules import Rule, once, rules_of
from corridor_model.portfolio.solver import EVEN, Choice, best

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """A question as arrays."""

    question: Question
    options: Options
    rules: tuple[Rule, ...]
    seconds: float
    gap: float

    @property
    def aims(self) -> list[Array]:
        """What is maximised, one aim after another.

        First the objective. If money left over goes to the plan, then the planned investment
        carried out, the works kept as scheduled, and the works done at all. Last the least
        money and the fewest years of delay: nothing is spent for nothing. What is equal in
        all of that is decided by names alone.
        """
        options = self.options
        late = -np.abs(options.shift).astype(np.float64)
        last = [-options.spending.sum(axis=1), late, self._by_name()]
        if self.question.leftover == "save":
            return [options.value, *last]
        kept = (options.shift == 0).astype(np.float64)
        return [options.value, options.carried, kept, np.ones(len(options)), *last]

    def _by_name(self) -> Array:
        """Return a number of each option within 0 and 1 that only its name and year make."""
        works, options = self.question.works, self.options
        pairs = zip(options.owner, options.begins, strict=True)
        keys = [f"{works[owner].id} {year}".encode() for owner, year in pairs]
        digests = [hashlib.sha256(key).digest()[:6] for key in keys]
        return np.array([int.from_bytes(d, "big") / 2**48 for d in digests], dtype=np.float64)

    def rows(self, extra: Sequence[tuple[Array, float]] = ()) -> tuple[Array, Array]:
        """Return all conditions as one matrix, with further rows."""
        first, upper = once(self.question, self.options)
        parts = [first, *(rule.rows for rule in self.rules)]
        limits = [upper, *(rule.upper for rule in self.rules)]
        parts += [row[None, :] for row, _ in extra]
        limits += [np.array([limit]) for _, limit in extra]
        return np.vstack(parts), np.concatenate(limits)

    def under(self, budget: Budget) -> Problem:
        """Return the same problem under other money."""
        question = self.question.with_budget(budget)
        made = tuple(rules_of(question, self.options))
        return Problem(question, self.options, made, self.seconds, self.gap)

    def within(self, seconds: float) -> Problem:
        """Return the same problem with another time limit."""
        return Problem(self.question, self.options, self.rules, seconds, self.gap)

    def best(self, extra: Sequence[tuple[Array, float]] = ()) -> Choice | None:
        """Return the best choice, or None."""
        near: tuple[float, ...] = (
            () if self.question.leftover == "save" else (0.0, self.question.near)
        )
        rows, upper = self.rows(extra)
        able = self.affordable()
        aims = [aim[able] for aim in self.aims]
        asked = best(aims, rows[:, able], upper, near=near, seconds=self.seconds, gap=self.gap)
        if asked is None:
            return None
        chosen = np.zeros(len(able), dtype=bool)
        chosen[able] = asked.chosen
        return replace(asked, chosen=chosen)

    def affordable(self) -> NDArray[np.bool_]:
        """Return which options fit the money by themselves; the others cannot matter."""
        able = np.ones(len(self.options), dtype=np.bool_)
        for rule in self.rules:
            if rule.scale:
                able &= rule.rows[0] <= max(float(rule.upper[0]), 0.0)
        return able

    def even(self, a: float, b: float) -> bool:
        """Return whether two values of the objective are equal up to rounding."""
        size = float(np.abs(self.options.value).max(initial=0.0))
        return abs(a - b) <= 4 * EVEN * size


def problem_of(question: Question, seconds: float, gap: float) -> Problem:
    """Return a question as arrays."""
    options = build(question)
    return Problem(question, options, tuple(rules_of(question, options)), seconds, gap)


def solved(problem: Problem) -> Choice:
    """Return the best choice.

    Raises
    ------
    InfeasibleError
        Naming the fewest conditions that collide.
    """
    found = problem.best()
    if found is not None:
        return found
    fixed = once(problem.question, problem.options)
    colliding = smallest_conflict(problem.rules, *fixed, seconds=problem.seconds)
    projects = problem.question.plan.projects.values()
    names = {lang: {p.id: p.name(lang) for p in projects} for lang in ("zh", "en")}
    raise InfeasibleError(colliding, names)
