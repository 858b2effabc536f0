"""What a choice comes to in every draw: its worth, its money, and money above the budget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.portfolio.options import Draws
from corridor_model.portfolio.question import Question
from corridor_model.portfolio.rules import EXACT
from corridor_model.portfolio.solver import Choice
from corridor_model.portfolio.study import Problem

Array = NDArray[np.float64]


def outcome(problem: Problem, choice: Choice, draws: Draws) -> tuple[Array, Array]:
    """Return objective, shape (n,), and spending, shape (years, n), in every draw."""
    question, options = problem.question, problem.options
    bounds = 12.0 * np.arange(options.years[0], options.years[-1] + 2)
    objective: Array = np.zeros(1)
    money: Array = options.sunk.sum(axis=0)[:, None]
    for at in np.flatnonzero(choice.chosen):
        owner, shift = int(options.owner[at]), int(options.shift[at])
        work = question.works[owner]
        spent, _ = draws.money(work, shift, bounds)
        money = money + spent - options.sunk[owner][:, None]
        objective = objective + question.worth.of(work.id, draws.end(work, shift))
    return objective, money


def over_budget(question: Question, years: NDArray[np.int64], money: Array) -> tuple[Array, Array]:
    """Return money above each yearly budget, shape (capped, n), and above all, shape (n,)."""
    budget = question.budget
    capped = {y: m for y, m in budget.yearly.items() if np.isfinite(m)}
    parts = [_above(money[years == year].sum(axis=0), cap) for year, cap in capped.items()]
    by_year = np.array(parts).reshape(-1, money.shape[1])
    over = by_year.sum(axis=0)
    if budget.total is not None:
        inside = (years >= budget.first) & (years <= budget.last)
        over = np.maximum(over, _above(money[inside].sum(axis=0), budget.total))
    return by_year, over


def _above(spent: Array, cap: float) -> Array:
    return np.where(spent <= cap * (1 + EXACT), 0.0, spent - cap)


def mean_regret(problem: Problem, choices: Sequence[Choice]) -> Array:
    """Return each choice's mean loss against the best of them in the same draw, (choices,).

    At least 0; where nothing is uncertain, how far a choice falls short of the best.
    """
    draws = Draws(problem.question)
    worth = [outcome(problem, choice, draws)[0] for choice in choices]
    rows = np.stack(np.broadcast_arrays(*worth))
    return np.asarray((rows.max(axis=0) - rows).mean(axis=1))
