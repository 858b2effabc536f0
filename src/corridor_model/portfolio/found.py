"""Everything found for one question, before labels; and how to read a choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor_model.portfolio.around import More
from corridor_model.portfolio.solver import Choice
from corridor_model.portfolio.study import Problem

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Everything found for one question."""

    problem: Problem
    first: Choice
    others: list[Choice]
    scales: tuple[float, ...]
    frontier: list[Choice | None]
    by: float
    more: More | None


def starts_of(problem: Problem, choice: Choice) -> dict[str, int]:
    """Return the options chosen, by work: places in the options."""
    works, options = problem.question.works, problem.options
    return {works[options.owner[at]].id: int(at) for at in np.flatnonzero(choice.chosen)}


def money_of(problem: Problem, choice: Choice) -> Array:
    """Return 亿元 by work and year, shape (works, years), with what was spent before."""
    options = problem.options
    money = options.sunk.copy()
    np.add.at(money, options.owner[choice.chosen], options.spending[choice.chosen])
    return money


def invested_of(problem: Problem, choice: Choice) -> float:
    """Return the planned investment carried out in the budget's years, 亿元."""
    return float(problem.options.carried[choice.chosen].sum())
