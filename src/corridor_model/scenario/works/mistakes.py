"""Every mistake of a scenario for a plan: names, what is set of indicators, what is too late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.scenario.language.changes import AsPlanned, Cancel, Change, SetDates, WorkChange
from corridor_model.scenario.language.entries import in_words_of_files, where_of
from corridor_model.scenario.language.months import date_text, end_of, first_month, start_of
from corridor_model.scenario.language.select import finished_problem, problems_of, works_of
from corridor_model.scenario.works.aim_mistakes import aim_problems

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario
    from corridor_model.scenario.works.work import Work


def mistakes(plan: Plan, scenario: Scenario, works: Mapping[str, Work]) -> list[Problem]:
    """Return what is wrong with a scenario.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario
        What is asked.
    works : mapping of str to Work
        With every change put on that names any.

    Returns
    -------
    list of Problem
        Names nothing carries, what an indicator cannot have, and works cancelled that were
        finished before ``since``.
    """
    found: list[Problem] = []
    wrong: list[Change] = []
    for place, change in enumerate(scenario.changes, 1):
        where = where_of(scenario, place, change)
        told = [*problems_of(change, plan, where), *aim_problems(change, plan, scenario, where)]
        if isinstance(change, SetDates) and change.given != "both":
            told += _backwards(change, plan, where)
        found += told
        wrong += [change] if told else []
    if not any(_could_mend(change) for change in wrong):
        found += _too_late(plan, scenario, works)
    return found if scenario.file is None else [in_words_of_files(one) for one in found]


def _backwards(change: SetDates, plan: Plan, where: str) -> Iterator[Problem]:
    """Yield the first work that would end before it begins: one date given, the other printed."""
    for name in works_of(change, plan):
        printed = plan.projects[name]
        start, end = change.start or printed.start, change.end or printed.end
        if not start or not end or start_of(start) < end_of(end):
            continue
        if change.given == "end":
            zh, en = f"规划所印的开工{date_text(start)}", f"the printed start, {start}"
            yield Problem(
                f"“{name}”的完工{date_text(end)}早于{zh}。",
                f"the end {end} of {name!r} lies before {en}.",
                "请同时写明start。",
                "Give start, too.",
                where,
            )
        else:
            zh, en = f"规划所印的完工{date_text(end)}", f"the printed end, {end}"
            yield Problem(
                f"“{name}”的开工{date_text(start)}晚于{zh}。",
                f"the start {start} of {name!r} lies after {en}.",
                "请同时写明end。",
                "Give end, too.",
                where,
            )
        return


def _could_mend(change: Change) -> bool:
    """Return whether a change, had it the right name, could undo a late cancellation."""
    group = isinstance(change, Cancel) and change.selector[0] != "id"
    back = isinstance(change, AsPlanned) and change.what in {Cancel.field, SetDates.field}
    return group or back or isinstance(change, SetDates)


def _too_late(plan: Plan, scenario: Scenario, works: Mapping[str, Work]) -> Iterator[Problem]:
    """Yield works that are cancelled though finished; of a group only if all of it was."""
    last: dict[str, WorkChange] = {}  # who has the last word on whether a work is built
    for change in scenario.changes:
        if isinstance(change, WorkChange) and change.field == Cancel.field:
            last.update(dict.fromkeys(works_of(change, plan), change))
    for place, change in enumerate(scenario.changes, 1):
        if not isinstance(change, Cancel) or not any(change is one for one in last.values()):
            continue
        named = works_of(change, plan)
        if all(works[name].finished and works[name].cancelled for name in named):
            since = first_month(works[named[0]].since)
            where = where_of(scenario, place, change)
            yield finished_problem(change, named[0], since, where)
