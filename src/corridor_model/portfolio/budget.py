"""The money there is: by year, in all, and by unit or category."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.errors import Problem
from corridor_model.messages import message
from corridor_model.periods import first_month
from corridor_model.portfolio.arguments import number_problem, year_problem
from corridor_model.scenario.resolve import Resolved
from corridor_model.scenario.work import Work
from corridor_model.tabular.schema import likely

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


@dataclass(frozen=True)
class Cap:
    """Money of the works of one category, or led by one unit.

    ``yearly`` caps single years; ``total`` the years of the plan, or None.
    """

    name: str
    works: frozenset[str]
    yearly: Mapping[int, float]
    total: float | None


@dataclass(frozen=True)
class Budget:
    """Money by year; a year that is not named has no cap.

    Attributes
    ----------
    yearly : mapping of int to float
        亿元; infinite for a year without cap.
    total : float or None
        亿元 over the years of the plan, from its first to its last or the budget's last.
    caps : tuple of Cap
        Of categories and units.
    origin : str
        ``user``, or ``assumed`` where the planned spending stands for a budget.
    first, last : int
        Years over which totals are taken.
    """

    yearly: Mapping[int, float]
    total: float | None
    caps: tuple[Cap, ...]
    origin: str
    first: int
    last: int

    def scaled(self, by: float) -> Budget:
        """Return every yearly cap and the total times a factor; caps of groups stay."""
        yearly = {year: by * money for year, money in self.yearly.items()}
        return replace(self, yearly=yearly, total=None if self.total is None else by * self.total)

    def raised(self, year: int, by: float) -> Budget:
        """Return the budget with more money in one year, and in all."""
        yearly = {**self.yearly, year: self.yearly[year] + by}
        return replace(self, yearly=yearly, total=None if self.total is None else self.total + by)


def budget_of(
    plan: Plan,
    resolved: Resolved,
    works: tuple[Work, ...],
    left_out: Mapping[str, str],
    budget: Any,
    caps: Mapping[str, Any] | None,
    total: float | None,
    problems: list[Problem],
) -> Budget:
    """Return the budget; None is what the plan's works spend as scheduled, origin ``assumed``."""
    first, last = plan.about.first_year, plan.about.last_year
    origin = "user"
    if total is not None and (wrong := number_problem(total, "total")):
        problems.append(wrong)
        total = None
    if budget is None and total is None:
        yearly, origin = planned(works, left_out, first, last), "assumed"
    elif budget is None:
        yearly = {}
    elif not isinstance(budget, Mapping) and not hasattr(budget, "items"):
        wrong = number_problem(budget, "budget")
        problems.extend([wrong] if wrong else [])
        yearly, total = {}, 0.0 if wrong else float(budget)
    else:
        yearly = _years("budget", budget, resolved.since, problems, whole=True)
    _outside("budget", yearly, first, last, problems)
    last = max([last, *yearly])
    groups = [
        _cap(plan, name, money, resolved.since, problems) for name, money in _items(caps, problems)
    ]
    for group in groups:
        if group is not None:
            _outside(f"caps {group.name}", group.yearly, first, last, problems)
    return Budget(yearly, total, tuple(g for g in groups if g), origin, first, last)


def _outside(
    where: str, yearly: Mapping[int, float], first: int, last: int, problems: list[Problem]
) -> None:
    """Refuse money of years that all lie outside the plan's: it would cap nothing."""
    if not yearly or any(first <= year <= last for year in yearly):
        return
    what = message(
        "{years} lies outside {first}-{last}, so that no year of these has a cap.",
        years=", ".join(map(str, yearly)),
        first=first,
        last=last,
    )
    problems.append(Problem(what, message("Write the money of these years, too."), where))


def planned(
    works: tuple[Work, ...], left_out: Mapping[str, str], first: int, last: int
) -> dict[int, float]:
    """Return what the candidates spend in each year as scheduled, delays and overruns apart."""
    bounds = 12.0 * np.arange(first, last + 2)
    money = np.zeros(last - first + 1)
    for work in sorted(works, key=lambda w: w.id):
        if work.id not in left_out and work.investment is not None:
            money += work.investment * np.diff(work.timeline.planned(bounds))
    return dict(zip(range(first, last + 1), money.tolist(), strict=True))


def _years(
    where: str, money_by_year: Any, since: int, problems: list[Problem], *, whole: bool
) -> dict[int, float]:
    """Return money by year; ``whole`` refuses a year left out between two others."""
    capped: dict[int, float] = {}
    for year, money in money_by_year.items():
        if (odd := year_problem(year, where)) is not None:
            problems.append(odd)
            continue
        value = math.inf if money is None else money
        if wrong := number_problem(value, f"{where} {year}", infinite=True):
            problems.append(wrong)
            continue
        if 12 * (int(year) + 1) <= since:
            what = message(
                "{year} was over before {since}; its money is spent.",
                year=year,
                since=first_month(since),
            )
            problems.append(Problem(what, message("Leave this year out."), where))
            continue
        capped[int(year)] = float(value)
    gaps = sorted(set(range(min(capped), max(capped))) - set(capped)) if capped and whole else []
    if gaps and not problems:
        what = message("{years} is missing between other years.", years=", ".join(map(str, gaps)))
        problems.append(Problem(what, message("Write its money, or None for no cap."), where))
    return dict(sorted(capped.items()))


def _items(caps: Any, problems: list[Problem]) -> list[tuple[str, Any]]:
    if caps is None:
        return []
    if not isinstance(caps, Mapping):
        problems.append(Problem(message("must map a category or a unit to money."), file="caps"))
        return []
    return [(str(name), money_by_year) for name, money_by_year in sorted(caps.items())]


def _cap(
    plan: Plan, name: str, money_by_year: Any, since: int, problems: list[Problem]
) -> Cap | None:
    """Return the cap of a category, or of the works that a unit leads."""
    unit = plan.units.get(name, name)
    leads = {
        p.id: {plan.units.get(lead, lead) for lead in p.lead_units} for p in plan.projects.values()
    }
    works = frozenset(
        p.id for p in plan.projects.values() if p.category == name or unit in leads[p.id]
    )
    if not works:
        known = sorted(
            {p.category for p in plan.projects.values()}.union(*leads.values(), plan.units)
        )
        what = message("there is no category or leading unit {name!r}.", name=name)
        problems.append(Problem(what, likely(name, known), "caps"))
        return None
    if isinstance(money_by_year, Mapping) or hasattr(money_by_year, "items"):
        return Cap(
            name, works, _years(f"caps {name}", money_by_year, since, problems, whole=False), None
        )
    if wrong := number_problem(money_by_year, f"caps {name}"):
        problems.append(wrong)
        return None
    return Cap(name, works, {}, float(money_by_year))
