"""What a choice is asked for, checked: all mistakes are listed before anything is solved."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

import numpy as np

from corridor_model.arguments import items, single
from corridor_model.draws import Seed, checked_draws, checked_seed
from corridor_model.errors import CorridorWarning, PlanError, Problem
from corridor_model.formatting import readable
from corridor_model.messages import Listing, message
from corridor_model.periods import first_month
from corridor_model.plan.plan import must_be_plan
from corridor_model.portfolio.arguments import (
    number_problem,
    unknown_cost,
    unknown_work,
    year_problem,
)
from corridor_model.portfolio.benefit import Worth, worth_of
from corridor_model.portfolio.budget import Budget, budget_of
from corridor_model.scenario.resolve import Resolved, resolve
from corridor_model.scenario.work import Work
from corridor_model.units import MONEY

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


_Function = TypeVar("_Function", bound=Callable[..., Any])
UNKNOWN, NOT_ASKED, CANCELLED = "unknown_investment", "not_asked", "cancelled"
Leftover = Literal["save", "plan"]
Running = Literal["keep", "free"]
LEFTOVER = ("save", "plan")
RUNNING = ("keep", "free")


@dataclass(frozen=True)
class ChoiceRequest:
    """A checked request; works are sorted by id, so that the plan's order changes nothing.

    Attributes
    ----------
    plan, resolved
        The plan and what the scenario makes of it.
    every : tuple of Work
        All works of the plan, with the user's money, in its order.
    works : tuple of Work
        Candidates: known money, asked for, not cancelled by the scenario.
    left_out : mapping of str to str
        Every other work, with the reason.
    shifts : mapping
        By candidate: the years by which it may move.
    committed, running : tuple of str
        Works that must be done: named by the user, or begun before changes count.
    running_left_out : tuple of str
        Works that run and spend in the budget's years, but are not among those asked for:
        their money is not counted.
    worth : Worth
        The objective.
    budget : Budget
        Yearly caps, total and caps of groups.
    links : tuple of Link
        requires, excludes, same_year.
    leftover : {"save", "plan"}
        What becomes of money that the objective does not need.
    near : float
        Share of the most planned investment that may be given up to keep more works as
        scheduled.
    draws, seed : int
        Of delays and overruns that are distributions.
    """

    plan: Plan
    resolved: Resolved
    every: tuple[Work, ...]
    works: tuple[Work, ...]
    left_out: Mapping[str, str]
    shifts: Mapping[str, Shifts]
    committed: tuple[str, ...]
    running: tuple[str, ...]
    running_left_out: tuple[str, ...]
    worth: Worth
    budget: Budget
    links: tuple[Link, ...]
    leftover: Leftover
    near: float
    draws: int
    seed: int

    def with_budget(self, budget: Budget) -> ChoiceRequest:
        """Return the same request under other money."""
        return replace(self, budget=budget)


class ChoiceConditions(TypedDict, total=False):
    """Conditions of a choice, as :func:`corridor_model.choose_projects` describes them."""

    works: Iterable[str] | None
    costs: Mapping[str, float] | None
    starts: Any
    committed: Any
    running: Running
    requires: Iterable[Any]
    excludes: Iterable[Any]
    same_year: Iterable[Any]
    caps: Mapping[str, Any] | None
    total: float | None
    benefit: Any
    horizon: int | None
    discount: float
    near: float
    draws: int
    seed: Seed


class ChoiceOptions(ChoiceConditions, total=False):
    """The same with those that a function may have a default of its own for."""

    scenario: Scenario | None
    leftover: Leftover


def choice_request(
    plan: Plan,
    budget: Any = None,
    *,
    scenario: Scenario | None = None,
    works: Iterable[str] | None = None,
    costs: Mapping[str, float] | None = None,
    starts: Any = None,
    committed: Any = (),
    running: Running = "keep",
    requires: Iterable[Any] = (),
    excludes: Iterable[Any] = (),
    same_year: Iterable[Any] = (),
    caps: Mapping[str, Any] | None = None,
    total: float | None = None,
    benefit: Any = None,
    horizon: int | None = None,
    discount: float = 0.0,
    leftover: Leftover = "save",
    near: float = 0.02,
    draws: int = 8192,
    seed: Seed = 0,
) -> ChoiceRequest:
    """Return a checked request; the arguments are those of ``choose_projects``.

    Raises
    ------
    PlanError
        With every mistake in the arguments.
    """
    must_be_plan(plan)
    single(costs=costs, scenario=scenario)
    problems: list[Problem] = []
    resolved = resolve(plan, scenario)
    priced = _priced(plan, resolved, costs or {}, problems)
    left_out = _left_out(priced, works, problems, plan)
    links = links_of(requires, excludes, same_year, problems)
    fixed = _committed(committed, problems)
    _names(plan, left_out, links, fixed, problems)
    worth = worth_of(plan, benefit, horizon, discount, problems)
    money = budget_of(plan, resolved, priced, left_out, budget, caps, total, problems)
    candidates = tuple(sorted((w for w in priced if w.id not in left_out), key=lambda w: w.id))
    last = max(plan.about.last_year, worth.horizon or 0, *money.yearly)
    shifts = shifts_of(plan, candidates, starts, fixed, last, problems)
    single(leftover=leftover, running=running, near=near)
    for name, value, known in (("leftover", leftover, LEFTOVER), ("running", running, RUNNING)):
        if value not in known:
            what = message(
                "{value!r} is unknown. Known: {known}.", value=value, known=Listing(known)
            )
            problems.append(Problem(what, file=name))
    if number_problem(near, "") is not None or near > 1:
        what = message("{value!r} must lie within 0 and 1, such as {such}.", value=near, such=0.02)
        problems.append(Problem(what, file="near"))
    if problems:
        raise PlanError(problems)
    begun = tuple(w.id for w in candidates if w.finished or w.timeline.sunk > 0)
    over = {w.id for w in candidates if w.finished}
    return ChoiceRequest(
        plan,
        resolved,
        priced,
        candidates,
        left_out,
        shifts,
        tuple(sorted(fixed)),
        tuple(n for n in begun if n not in fixed and (running == "keep" or n in over)),
        _running_left_out(priced, left_out, money),
        worth,
        money,
        links,
        leftover,
        float(near),
        checked_draws(draws),
        checked_seed(seed),
    )


def names_conditions(function: _Function) -> _Function:
    """Show the conditions by name in the signature of a function that hands them on."""
    own = inspect.signature(function).parameters
    conditions = inspect.signature(choice_request).parameters
    every = [
        *(p for p in own.values() if p.kind is not inspect.Parameter.VAR_KEYWORD),
        *(conditions[name] for name in conditions if name not in own),
    ]
    function.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    return function


def _priced(
    plan: Plan, resolved: Resolved, costs: Any, problems: list[Problem]
) -> tuple[Work, ...]:
    """Return the works with the user's money put on."""
    if not isinstance(costs, Mapping):
        what = message("must be a mapping from a work to its {unit}.", unit=MONEY)
        problems.append(Problem(what, file="costs"))
        return resolved.works
    for name, value in costs.items():
        if name not in plan.projects:
            problems.append(unknown_work(name, plan.projects, "costs"))
        elif wrong := number_problem(value, f"costs {name}"):
            problems.append(wrong)
    good = {n: v for n, v in costs.items() if not number_problem(v, "")}
    return tuple(
        replace(w, investment=float(good[w.id]), investment_origin="user") if w.id in good else w
        for w in resolved.works
    )


def _left_out(
    works: tuple[Work, ...], names: Any, problems: list[Problem], plan: Plan
) -> dict[str, str]:
    """Return the works that are no candidates, with the reason."""
    if names is not None and not isinstance(names, Iterable):
        problems.append(Problem(message("must be a list of ids of works."), file="works"))
        names = None
    wanted = (
        None if names is None else {names} if isinstance(names, str) else set(items("works", names))
    )
    for name in sorted(map(str, wanted or ())):
        if name not in plan.projects:
            problems.append(unknown_work(name, plan.projects, "works"))
    out: dict[str, str] = {}
    for work in works:
        if wanted is not None and work.id not in wanted:
            out[work.id] = NOT_ASKED
        elif work.investment is None:
            out[work.id] = UNKNOWN
            if wanted is not None:
                problems.append(unknown_cost(work.id, "works"))
        elif work.cancelled:
            out[work.id] = CANCELLED
    return out


def _running_left_out(
    works: tuple[Work, ...], left_out: Mapping[str, str], budget: Budget
) -> tuple[str, ...]:
    """Return running works that are not asked for, warning of the money that is not counted."""
    bounds = 12.0 * np.array([budget.first, budget.last + 1])
    money: dict[str, float] = {}
    for work in works:
        line = work.timeline
        if left_out.get(work.id) != NOT_ASKED or work.investment is None or work.cancelled:
            continue
        spent = work.investment * float(np.diff(line.planned(bounds))[0])
        if line.start < line.since and not work.finished and spent > 0:
            money[work.id] = spent
    if money:
        what = message(
            "{works} run already and are not among works: their {money} {unit} in the years of "
            "the budget are not counted against it.",
            works=Listing(list(money)),
            money=readable(sum(money.values())),
            unit=MONEY,
        )
        remedy = message("Name them, too, or lower the budget by as much.")
        warnings.warn(CorridorWarning(Problem(what, remedy, "works")), stacklevel=4)
    return tuple(money)


def _committed(works: Any, problems: list[Problem]) -> dict[str, int | None]:
    """Return committed works with the year they start in, None for the scheduled one."""
    if isinstance(works, str):
        return {works: None}
    if not isinstance(works, Iterable):
        problems.append(Problem(message("must be a list of ids of works."), file="committed"))
        return {}
    if not isinstance(works, Mapping):
        return dict.fromkeys(map(str, items("committed", works)))
    starts: dict[str, int | None] = {}
    for name, year in works.items():
        if year is not None and (odd := year_problem(year, f"committed {name}")) is not None:
            problems.append(odd)
        else:
            starts[str(name)] = None if year is None else int(year)
    return starts


def _names(
    plan: Plan,
    left_out: Mapping[str, str],
    links: tuple[Link, ...],
    fixed: Mapping[str, Any],
    problems: list[Problem],
) -> None:
    """Refuse works that conditions name although they cannot be chosen."""
    named = [("committed", name) for name in fixed]
    named += [(link.kind, name) for link in links for name in link.works]
    for where, name in dict.fromkeys(named):
        if name not in plan.projects:
            problems.append(unknown_work(name, plan.projects, where))
        elif left_out.get(name) == UNKNOWN:
            problems.append(unknown_cost(name, where))
        elif name in left_out:
            what = message(
                "{name!r} is no candidate: not among works, or cancelled by the scenario.",
                name=name,
            )
            problems.append(Problem(what, message("Change one of the two."), where))


# In which years a work may begin.

Shifts = tuple[int, ...]
"""Integers years by which a work may move; 0 is as scheduled."""
PRINTED = "printed"


def shifts_of(
    plan: Plan,
    works: Iterable[Work],
    starts: Any,
    committed: Mapping[str, int | None],
    last: int,
    problems: list[Problem],
) -> dict[str, Shifts]:
    """Return by how many years each candidate may move.

    A work that runs, or that is committed, stays where it is. Any other begins in its
    scheduled year or a later one up to ``last``; the month within the year is kept.

    Parameters
    ----------
    plan : Plan
        For names.
    works : iterable of Work
        Candidates.
    starts : None, "printed", int or mapping
        None is every later year; ``"printed"`` none; a number the most years of delay; a
        mapping gives the years of the works it names.
    committed : mapping
        Works with the year they begin in, None for the scheduled one.
    last : int
        Last year in which a work may begin by default.
    problems : list of Problem
        Mistakes are added here.
    """
    own, most = _years_of_starts(plan, starts, problems)
    shifts: dict[str, Shifts] = {}
    for work in works:
        begins = work.start // 12
        if work.id in own:
            shifts[work.id] = _own_shifts(work, own[work.id], problems)
        elif committed.get(work.id) is not None:
            shifts[work.id] = _own_shifts(work, (committed[work.id],), problems)
        elif work.id in committed or work.start < work.since:
            shifts[work.id] = (0,)
        else:
            furthest = max(0, last - begins)
            shifts[work.id] = tuple(range(1 + (furthest if most is None else min(most, furthest))))
    return shifts


def _years_of_starts(
    plan: Plan, starts: Any, problems: list[Problem]
) -> tuple[dict[str, tuple[Any, ...]], int | None]:
    """Return the years of single works, and the most years of delay of the others."""
    single(starts=starts)
    if starts is None:
        return {}, None
    if starts == PRINTED:
        return {}, 0
    if isinstance(starts, Mapping):
        own = {}
        for name, years in starts.items():
            if name not in plan.projects:
                problems.append(unknown_work(name, plan.projects, "starts"))
            one = isinstance(years, str) or not isinstance(years, Iterable)
            own[str(name)] = (years,) if one else tuple(items("starts", years))
        return own, None
    if number_problem(starts, "") is None and starts == int(starts):
        return {}, int(starts)
    what = message("must be 'printed', the most years of delay, or a mapping from works to years.")
    problems.append(Problem(what, file="starts"))
    return {}, None


def _own_shifts(work: Work, years: tuple[Any, ...], problems: list[Problem]) -> Shifts:
    begins, where = work.start // 12, f"starts {work.id}"
    if years == (PRINTED,):
        return (0,)
    odd = [one for year in years if (one := year_problem(year, where)) is not None]
    if odd or not years:
        what = message("{years!r} are no years.", years=years)
        problems.extend(odd or [Problem(what, file=where)])
        return (0,)
    shifts = tuple(sorted({int(year) - begins for year in years}))
    moved = any(shifts)
    if moved and work.start < work.since:
        what = message(
            "it began in {month} and cannot begin in another year.", month=first_month(work.start)
        )
        problems.append(Problem(what, message("Use a scenario to slow it."), where))
    elif moved and work.start + 12 * shifts[0] < work.since:
        what = message(
            "{year} lies before {since}, from when changes count.",
            year=begins + shifts[0],
            since=first_month(work.since),
        )
        problems.append(Problem(what, message("Use a later year."), where))
    return shifts


# Conditions between works: requires, excludes, same year.

REQUIRES, EXCLUDES, SAME_YEAR = "requires", "excludes", "same_year"


@dataclass(frozen=True, slots=True)
class Link:
    """One condition.

    Attributes
    ----------
    kind : str
        ``requires``: the first only if the second is done, too. ``excludes``: at most one.
        ``same_year``: all begin in the same year, or none is done.
    works : tuple of str
        Ids.
    """

    kind: str
    works: tuple[str, ...]


def links_of(
    requires: Iterable[Any],
    excludes: Iterable[Any],
    same_year: Iterable[Any],
    problems: list[Problem],
) -> tuple[Link, ...]:
    """Return the conditions, sorted, each once; malformed ones become problems.

    Examples
    --------
    >>> links_of([("a", "b")], [("c", "b", "a")], [], [])
    (Link(kind='excludes', works=('a', 'b', 'c')), Link(kind='requires', works=('a', 'b')))
    """
    links: set[Link] = set()
    for kind, groups in ((REQUIRES, requires), (EXCLUDES, excludes), (SAME_YEAR, same_year)):
        listed = groups.items() if isinstance(groups, Mapping) else items(kind, groups)
        for group in listed:
            names = () if isinstance(group, str) else tuple(map(str, items(kind, group)))
            pair = kind == REQUIRES
            if len(set(names)) != len(names) or len(names) < 2 or (pair and len(names) > 2):
                what = (
                    message("{group!r} must be a pair of different works.", group=group)
                    if pair
                    else message("{group!r} must be two or more different works.", group=group)
                )
                problems.append(Problem(what, file=kind))
                continue
            links.add(Link(kind, names if pair else tuple(sorted(names))))
    return tuple(sorted(links, key=lambda link: (link.kind, link.works)))
