"""Around the best choice: the next best, other budgets, and what more money buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor_model._typing import Array, Integers
from corridor_model.portfolio.programme import EXACT, ChoiceModel, WorkDraws
from corridor_model.portfolio.request import ChoiceRequest
from corridor_model.portfolio.solver import SIZE, Choice, minimise

BETTER = 2e-6
"""Share of the largest worth by which a next step is better: above the solver's tolerance."""


def runners_up(model: ChoiceModel, first: Choice, count: int) -> list[Choice]:
    """Return the next best choices, each with other works than all before.

    Where money left over is saved, only works that are worth something when done tell two
    choices apart; else all works do.
    """
    options = model.options
    counted = options.value != 0
    if model.request.leftover == "plan" or not counted.any():
        counted = np.ones(len(options), dtype=bool)
    cuts: list[tuple[Array, float]] = []
    others: list[Choice] = []
    last = first
    for _ in range(count):
        done = np.unique(options.owner[last.chosen & counted])
        # at least one of those works less, or one other more
        row = np.where(np.isin(options.owner, done), 1.0, -1.0) * counted
        cuts.append((row, float(len(done) - 1)))
        choice = model.best(cuts)
        if choice is None:
            break
        others.append(choice)
        last = choice
    return others


def frontier(model: ChoiceModel, scales: Sequence[float]) -> list[Choice | None]:
    """Return the best choice under every multiple of the budget, None where there is none."""
    return [model.under(model.request.budget.scaled(by)).best() for by in scales]


@dataclass(frozen=True)
class MoreMoney:
    """What more money buys.

    Attributes
    ----------
    years : tuple of int
        Years with a cap.
    gained : ndarray, shape (years,)
        Objective gained by that much more in one year.
    invested : ndarray, shape (years,)
        Planned investment, 亿元, carried out beside it by that much more in one year; all NaN
        where money left over is saved.
    gained_anywhere : float
        The same, spent in whichever years it helps most.
    needed : ndarray, shape (years,)
        亿元 in each year that the next better choice needs; all NaN where none is better.
    needed_total : float
        Their sum, or what the total needs where there are no yearly budgets.
    next_objective : float
        Of the choice that needs the least more money, or NaN.
    """

    years: tuple[int, ...]
    gained: Array
    invested: Array
    gained_anywhere: float
    needed: Array
    needed_total: float
    next_objective: float


def more(model: ChoiceModel, first: Choice, by: float) -> MoreMoney:
    """Return what more money buys, by solving again."""
    budget = model.request.budget
    years = tuple(year for year, money in budget.yearly.items() if np.isfinite(money))
    choices = [model.under(budget.raised(year, by)).best() for year in years]
    gained = [0.0 if c is None else _gain(model, first, c.objective) for c in choices]
    plan = model.request.leftover == "plan"
    # without the solver's dust, which differs between machines and would turn a half up or down
    invested = [
        round(c.levels[1] - first.levels[1], 9) if c is not None and plan else np.nan
        for c in choices
    ]
    # a total without yearly budgets is one pot
    pots: tuple[int | None, ...] = years or ((None,) if budget.total is not None else ())
    anywhere = _spread(model, first, pots, by)
    needed, following = _next_step(model, first, pots)
    total = float(needed.sum()) if len(pots) else float("nan")
    by_year = needed[: len(years)]
    return MoreMoney(
        years, np.array(gained), np.array(invested), anywhere, by_year, total, following
    )


def _gain(model: ChoiceModel, first: Choice, objective: float) -> float:
    return 0.0 if model.even(objective, first.objective) else objective - first.objective


def _widened(model: ChoiceModel, years: tuple[int | None, ...]) -> tuple[Array, Array]:
    """Return the rows with one more unknown a year: money above its budget, 亿元.

    The total, where there is one, grows with them.
    """
    parts, limits = [], []
    first, upper = model.rows()
    before = len(upper) - sum(len(condition.upper) for condition in model.conditions)
    parts.append(np.hstack([first[:before], np.zeros((before, len(years)))]))
    limits.append(upper[:before])
    for condition in model.conditions:
        more_money = np.zeros((len(condition.rows), len(years)))
        if condition.kind in {"budget", "total"} and condition.scale:
            wide = [condition.kind == "total" or condition.year == year for year in years]
            more_money[0] = -np.array(wide, dtype=np.float64) / condition.scale
        parts.append(np.hstack([condition.rows, more_money]))
        limits.append(condition.upper)
    return np.vstack(parts), np.concatenate(limits)


def _spread(model: ChoiceModel, first: Choice, years: tuple[int | None, ...], by: float) -> float:
    """Return the objective gained by more money that any of the years may take."""
    if not years:
        return 0.0
    rows, upper = _widened(model, years)
    n, value = len(model.options), model.options.value
    limit = np.concatenate([np.zeros(n), np.ones(len(years))])
    size = float(np.abs(value).max(initial=0.0))
    if not size:
        return 0.0
    cost = np.concatenate([-value * SIZE / size, np.zeros(len(years))])
    whole = np.arange(n + len(years)) < n
    rows, upper = np.vstack([rows, limit[None, :]]), np.append(upper, by)
    solution = minimise(cost, rows, upper, whole=whole, seconds=model.seconds, gap=model.gap)
    if solution.x is None:
        return 0.0
    return max(0.0, _gain(model, first, float(value @ solution.x[:n])))


def _next_step(
    model: ChoiceModel, first: Choice, years: tuple[int | None, ...]
) -> tuple[Array, float]:
    """Return the least money by year that allows a better choice, and its objective."""
    none = np.full(len(years), np.nan), float("nan")
    value = model.options.value
    size = float(np.abs(value).max(initial=0.0))
    if not years or not size:
        return none
    rows, upper = _widened(model, years)
    n = len(value)
    # better by more than rounding; works add steps far larger than this
    better = np.concatenate([-value / size, np.zeros(len(years))])
    rows = np.vstack([rows, better[None, :]])
    upper = np.append(upper, -(first.objective / size + BETTER))
    # of equally much money, the larger gain
    cost = np.concatenate([-value / size * 1e-6, np.ones(len(years))])
    whole = np.arange(n + len(years)) < n
    solution = minimise(cost, rows, upper, whole=whole, seconds=model.seconds)
    if solution.x is None:
        return none
    return solution.x[n:], float(value @ solution.x[:n])


# A choice with all that lies around it, before labels; and how to read a choice.


@dataclass(frozen=True)
class ChoiceResult:
    """The best choice of a request and what lies around it, before labels."""

    model: ChoiceModel
    first: Choice
    others: list[Choice]
    scales: tuple[float, ...]
    frontier: list[Choice | None]
    by: float
    more: MoreMoney | None


def starts_of(model: ChoiceModel, choice: Choice) -> dict[str, int]:
    """Return the options chosen, by work: places in the options."""
    works, options = model.request.works, model.options
    return {works[options.owner[at]].id: int(at) for at in np.flatnonzero(choice.chosen)}


def money_of(model: ChoiceModel, choice: Choice) -> Array:
    """Return 亿元 by work and year, shape (works, years), with what was spent before."""
    options = model.options
    money = options.sunk.copy()
    np.add.at(money, options.owner[choice.chosen], options.spending[choice.chosen])
    return money


def invested_of(model: ChoiceModel, choice: Choice) -> float:
    """Return the planned investment carried out in the budget's years, 亿元."""
    return float(model.options.carried[choice.chosen].sum())


# What a choice comes to in every draw: its worth, its money, and money above the budget.


def outcome(model: ChoiceModel, choice: Choice, draws: WorkDraws) -> tuple[Array, Array]:
    """Return objective, shape (n,), and spending, shape (years, n), in every draw."""
    request, options = model.request, model.options
    bounds = 12.0 * np.arange(options.years[0], options.years[-1] + 2)
    objective: Array = np.zeros(1)
    money: Array = options.sunk.sum(axis=0)[:, None]
    for at in np.flatnonzero(choice.chosen):
        owner, shift = int(options.owner[at]), int(options.shift[at])
        work = request.works[owner]
        spent, _ = draws.money(work, shift, bounds)
        money = money + spent - options.sunk[owner][:, None]
        objective = objective + request.worth.of(work.id, draws.end(work, shift))
    return objective, money


def over_budget(request: ChoiceRequest, years: Integers, money: Array) -> tuple[Array, Array]:
    """Return money above each yearly budget, shape (capped, n), and above all, shape (n,)."""
    budget = request.budget
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


def mean_regret(model: ChoiceModel, choices: Sequence[Choice]) -> Array:
    """Return each choice's mean loss against the best of them in the same draw, (choices,).

    At least 0; where nothing is uncertain, how far a choice falls short of the best.
    """
    draws = WorkDraws(model.request)
    worth = [outcome(model, choice, draws)[0] for choice in choices]
    rows = np.stack(np.broadcast_arrays(*worth))
    return np.asarray((rows.max(axis=0) - rows).mean(axis=1))
