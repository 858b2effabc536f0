"""In which years a work may begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.errors import Problem
from corridor_model.portfolio.problems import number_problem, told, unknown_work
from corridor_model.scenario.language.months import first_month
from corridor_model.scenario.works.work import Work

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

Shifts = tuple[int, ...]
"""Whole years by which a work may move; 0 is as scheduled."""
PRINTED = "printed"


def shifts_of(
    plan: Plan,
    works: Iterable[Work],
    starts: Any,
    committed: Mapping[str, int | None],
    last: int,
    found: list[Problem],
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
    found : list of Problem
        Mistakes are added here.
    """
    own, most = _read(plan, starts, found)
    made = {}
    for work in works:
        begins = work.start // 12
        if work.id in own:
            made[work.id] = _given(work, own[work.id], found)
        elif committed.get(work.id) is not None:
            made[work.id] = _given(work, (committed[work.id],), found)
        elif work.id in committed or work.start < work.since:
            made[work.id] = (0,)
        else:
            furthest = max(0, last - begins)
            made[work.id] = tuple(range(1 + (furthest if most is None else min(most, furthest))))
    return made


def _read(
    plan: Plan, starts: Any, found: list[Problem]
) -> tuple[dict[str, tuple[Any, ...]], int | None]:
    """Return the years of single works, and the most years of delay of the others."""
    if starts is None:
        return {}, None
    if starts == PRINTED:
        return {}, 0
    if isinstance(starts, Mapping):
        own = {}
        for name, years in starts.items():
            if name not in plan.projects:
                found.append(unknown_work(name, plan.projects, "starts"))
            own[str(name)] = (years,) if isinstance(years, (int, str)) else tuple(years)
        return own, None
    if number_problem(starts, "") is None and starts == int(starts):
        return {}, int(starts)
    zh = "应为“printed”、最多推迟的年数，或“项目: 年份”。"
    en = "must be 'printed', the most years of delay, or a mapping from works to years."
    found.append(told("starts", zh, en))
    return {}, None


def _given(work: Work, years: tuple[Any, ...], found: list[Problem]) -> Shifts:
    begins, where = work.start // 12, f"starts {work.id}"
    if years == (PRINTED,):
        return (0,)
    if not years or any(number_problem(y, "") or y != int(y) for y in years):
        found.append(told(where, f"{years!r}不是年份。", f"{years!r} are no years."))
        return (0,)
    shifts = tuple(sorted({int(year) - begins for year in years}))
    moved = any(shifts)
    if moved and work.start < work.since:
        zh = f"{first_month(work.start)}已开工，不能改动开工年份。"
        en = f"it began in {first_month(work.start)} and cannot begin in another year."
        found.append(told(where, zh, en, "用情景表示停建缓建。", "Use a scenario to slow it."))
    elif moved and work.start + 12 * shifts[0] < work.since:
        since = first_month(work.since)
        zh = f"{begins + shifts[0]}年早于可改动的起点{since}。"
        en = f"{begins + shifts[0]} lies before {since}, from when changes count."
        found.append(told(where, zh, en, "请改用以后的年份。", "Use a later year."))
    return shifts
