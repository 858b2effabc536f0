"""Around the best choice: the next best, other budgets, and what more money buys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from corridor_model._typing import Array, Integers, Mask
from corridor_model.portfolio.programme import (
    FEN,
    ChoiceModel,
    Condition,
    WorkDraws,
    in_parts,
    parts_of_fen,
)
from corridor_model.portfolio.request import ChoiceRequest
from corridor_model.portfolio.solver import Choice, Solution, maximise


def runners_up(model: ChoiceModel, first: Choice, count: int) -> list[Choice]:
    """Return the next best choices, each with other works than all before.

    Where money left over is saved, only works that are worth something when done tell two
    choices apart; else all works do.
    """
    options = model.options
    counted = options.value != 0
    if model.request.leftover == "plan" or not counted.any():
        counted = np.ones(len(options), dtype=bool)
    cuts: list[tuple[Integers, int]] = []
    others: list[Choice] = []
    last = first
    for _ in range(count):
        done = np.unique(options.owner[last.chosen & counted])
        # at least one of those works less, or one other more
        row = np.where(np.isin(options.owner, done), 1, -1) * counted
        cuts.append((row, len(done) - 1))
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
    proven : bool
        Whether all of this, and the choice it adds to, is proven: else it may be more.
    """

    years: tuple[int, ...]
    gained: Array
    invested: Array
    gained_anywhere: float
    needed: Array
    needed_total: float
    next_objective: float
    proven: bool


def more(model: ChoiceModel, first: Choice, by: float) -> MoreMoney:
    """Return what more money buys, by solving again."""
    budget = model.request.budget
    years = tuple(year for year, money in budget.yearly.items() if np.isfinite(money))
    choices = [model.under(budget.raised(year, by)).best() for year in years]
    gained = [0.0 if c is None else _gain(model, first, c.chosen) for c in choices]
    plan = model.request.leftover == "plan"
    invested = [
        (c.levels[1] - first.levels[1]) / model.carried.per if c is not None and plan else np.nan
        for c in choices
    ]
    wider = WiderBudget(model)
    anywhere, settled = wider.gain(first, by)
    step = wider.next_step(first)
    return MoreMoney(
        years,
        np.array(gained),
        np.array(invested),
        max([anywhere, *gained]),
        step.needed[: len(years)],
        step.total,
        step.objective,
        all([first.proven[0], settled, step.proven, *(c.proven[0] for c in choices if c)]),
    )


def _gain(model: ChoiceModel, first: Choice, chosen: Mask) -> float:
    """Return how much more a choice is worth, 0 where rounding may be all there is."""
    more_worth = model.worth_of(chosen) - model.worth_of(first.chosen)
    return 0.0 if more_worth <= model.rounding else more_worth / model.worth.per


class NextStep(NamedTuple):
    """The least money that allows a better choice.

    Attributes
    ----------
    needed : ndarray, shape (pots,)
        亿元 in each year.
    total : float
        亿元 in all.
    objective : float
        Of that choice.
    proven : bool
        Whether no less is enough.
    """

    needed: Array
    total: float
    objective: float
    proven: bool


class WiderBudget:
    """A model with further money that its years share; the total grows by as much.

    Parameters
    ----------
    model : ChoiceModel
        The model.

    Attributes
    ----------
    pots : tuple
        Years with a cap; None is the total where there is no other.
    unit : int
        Parts of money of which all budgets and all spending are whole multiples; a fen where
        they are not.
    """

    def __init__(self, model: ChoiceModel):
        self.model = model
        budget = model.request.budget
        years = tuple(year for year, money in budget.yearly.items() if np.isfinite(money))
        self.pots: tuple[int | None, ...] = years or (
            () if budget.total is None else (None,)  # a total without yearly budgets is one pot
        )
        self._budgets = [c for c in model.conditions if c.kind == "budget"]
        self._money = [c for c in model.conditions if c.kind in {"budget", "total"}]
        self.unit = _common(self._money, parts_of_fen(model.options.per))
        # groups of years that are told to share, and what rounding they may have together
        self._together: dict[tuple[int, ...], int] = {}

    def gain(self, first: Choice, by: float) -> tuple[float, bool]:
        """Return the objective gained by more money that any of the years may take, and proof."""
        worth = self.model.worth.numbers
        if not self.pots or not worth.any():
            return 0.0, True
        answer = self._within(in_parts(by, self.model.options.per), worth, ())
        if answer.x is None:
            return 0.0, answer.infeasible
        return max(0.0, _gain(self.model, first, answer.x > 0)), answer.proven

    def next_step(self, first: Choice) -> NextStep:
        """Return the least money that allows a better choice; of equally little the larger gain.

        Asks for less than the least so far until there provably is none.
        """
        model, worth = self.model, self.model.worth.numbers
        step = NextStep(np.full(len(self.pots), np.nan), float("nan"), float("nan"), True)
        if not self.pots or not worth.any():
            return step
        better = [(-worth, -(model.worth_of(first.chosen) + model.rounding + 1))]
        some = self._nearly(better)
        if some.x is None:
            return step._replace(proven=some.infeasible)
        chosen, proven = some.x > 0, True
        while True:
            less = self._within(int(self.needed(chosen).sum()) - self.unit, 0 * worth, better)
            if less.x is None:
                proven = less.infeasible
                break
            chosen = less.x > 0
        largest = self._within(int(self.needed(chosen).sum()), worth, better)
        if largest.x is not None:
            chosen, proven = largest.x > 0, proven and largest.proven
        needed = self.needed(chosen)
        return NextStep(
            needed / model.options.per,
            int(needed.sum()) / model.options.per,
            model.worth_of(chosen) / model.worth.per,
            proven,
        )

    def needed(self, chosen: Mask) -> Integers:
        """Return the further money, in parts, that a choice needs by pot."""
        needed = np.zeros(len(self.pots), dtype=np.int64)
        above = 0
        for condition in self._money:
            over = int(condition.rows[0] @ chosen) - int(condition.upper[0])
            parts = -(-max(0, over) // self.unit) * self.unit
            if condition.kind == "budget":
                needed[self.pots.index(condition.year)] = parts
            else:
                above = parts
        # what the total needs beyond that falls into the first year that may take it
        if above:
            needed[0] += max(0, above - int(needed.sum()))
        return needed

    def _within(self, limit: int, aim: Integers, extra: Sequence[tuple[Integers, int]]) -> Solution:
        """Return the best choice with so much further money in all years together.

        Each year may take all of it. Where an answer takes it more than once, its years are
        told to share, and the next answer is asked for.
        """
        model = self.model
        raised = [
            replace(c, upper=c.upper + limit) if c.kind in {"budget", "total"} else c
            for c in model.conditions
        ]
        wider = replace(model, conditions=tuple(raised))
        while True:
            shared = [self._sum_of(group, slack + limit) for group, slack in self._together.items()]
            rows, upper = wider.rows([*extra, *shared])
            answer = maximise(aim, rows, upper, seconds=model.seconds, gap=model.gap)
            if answer.x is None:
                return answer
            over = [int(c.rows[0] @ answer.x) - int(c.upper[0]) for c in self._budgets]
            group = tuple(at for at, parts in enumerate(over) if parts > 0)
            if not group or self.needed(answer.x > 0).sum() <= limit:
                return answer
            # the rounding of one sum is enough for all of them
            one = self._budgets[group[0]]
            row, room = self._sum_of(group, limit)
            self._together[group] = min(
                int(one.upper[0]) - one.room, int(row @ answer.x) - room - 1
            )

    def _sum_of(self, group: tuple[int, ...], more_money: int) -> tuple[Integers, int]:
        """Return the row that holds the money of some years together, and its limit."""
        budgets = [self._budgets[at] for at in group]
        row = np.sum([c.rows[0] for c in budgets], axis=0)
        return row, sum(c.room for c in budgets) + more_money

    def _nearly(self, better: Sequence[tuple[Integers, int]]) -> Solution:
        """Return a better choice that needs little money, counted in large steps."""
        model = self.model
        n, pots = len(model.options), len(self.pots)
        most = max(int(np.abs(c.rows).sum() + abs(int(c.upper[0]))) for c in self._money)
        step = max(self.unit, most // STEPS)
        rows, upper = model.rows(better)
        extra = np.zeros((len(rows), pots), dtype=np.int64)
        place = len(rows) - len(better) - sum(len(c.upper) for c in model.conditions)
        for condition in model.conditions:
            if condition.kind == "total":
                extra[place] = -step
            elif condition.kind == "budget":
                extra[place, self.pots.index(condition.year)] = -step
            place += len(condition.upper)
        aim = np.concatenate([np.zeros(n, np.int64), np.full(pots, -1)])
        answer = maximise(
            aim,
            np.hstack([rows, extra]),
            upper,
            high=np.concatenate([np.ones(n, np.int64), np.full(pots, most // step + 1)]),
            seconds=model.seconds,
            exact=False,
        )
        return answer if answer.x is None else replace(answer, x=answer.x[:n])


STEPS = 10_000
"""Steps of money in which a next step is first looked for."""


def _common(money: Sequence[Condition], fen: int) -> int:
    """Return the largest unit of which all money is a whole multiple; at least a fen."""
    shared = math.gcd(*(c.room for c in money), *(int(n) for c in money for n in c.rows[0]))
    return shared if shared and shared % fen == 0 else fen


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
    # an exact hit counts, in whole fen (S3)
    return np.where(np.floor(spent * FEN + 0.5) <= np.floor(cap * FEN + 0.5), 0.0, spent - cap)


def mean_regret(model: ChoiceModel, choices: Sequence[Choice]) -> Array:
    """Return each choice's mean loss against the best of them in the same draw, (choices,).

    At least 0; where nothing is uncertain, how far a choice falls short of the best.
    """
    draws = WorkDraws(model.request)
    worth = [outcome(model, choice, draws)[0] for choice in choices]
    rows = np.stack(np.broadcast_arrays(*worth))
    return np.asarray((rows.max(axis=0) - rows).mean(axis=1))
