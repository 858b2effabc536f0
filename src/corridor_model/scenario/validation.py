"""What cannot be set of an indicator: what its kind has not, what it can never reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from corridor_model.errors import Problem, two_language_problem
from corridor_model.formatting import value_text
from corridor_model.messages import Worded
from corridor_model.periods import date_text, end_of, first_month, start_of
from corridor_model.plan.display import printed_text
from corridor_model.plan.records import UNFORESEEN, printed_values
from corridor_model.plan.uncertainties import times_off
from corridor_model.plan.validation import baseline_mistake, target_mistake
from corridor_model.scenario.changes import (
    AsPlanned,
    Cancel,
    Change,
    SetBaseline,
    SetDates,
    SetEffect,
    SetGrowth,
    SetTarget,
    WorkChange,
    finished_problem,
    problems_of,
    works_of,
)
from corridor_model.scenario.scenario import in_words_of_files, where_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator
    from corridor_model.scenario.scenario import Scenario
    from corridor_model.scenario.work import Work


_NO_START = frozenset({"growth", *UNFORESEEN})
MANY = 1e12
"""Times from which on a power of ten says more than digits."""
Said = tuple[tuple[str, str], tuple[str, str]]


def aim_problems(change: Change, plan: Plan, scenario: Scenario, where: str) -> Iterator[Problem]:
    """Yield what is wrong with what one change sets of a known indicator."""
    indicator = plan.indicators.get(getattr(change, "indicator", ""))
    if indicator is None:
        return
    told: list[Said | None] = []
    if isinstance(change, SetBaseline):
        told = [_start(change, indicator, _due(indicator, scenario))]
    elif isinstance(change, (SetGrowth, SetTarget, SetEffect)) and indicator.kind in UNFORESEEN:
        told = [_not_simulated(indicator)]
    elif isinstance(change, SetTarget):
        beyond = _two_languages(target_mistake(indicator.kind, change.value))
        told = [
            _target(change, indicator, plan),
            beyond or _in_another_unit(change.value, indicator),
        ]
    for said in told:
        if said:
            (zh, en), (remedy_zh, remedy_en) = said
            yield two_language_problem(zh, en, remedy_zh, remedy_en, where)


def _due(indicator: Indicator, scenario: Scenario) -> int | None:
    """Return the last year of a target, also where the scenario moves it."""
    moved = (
        change.year
        for change in scenario.changes
        if isinstance(change, SetTarget) and change.indicator == indicator.id and change.year
    )
    return max((*(target.year for target in indicator.targets), *moved), default=None)


def _start(change: SetBaseline, indicator: Indicator, due: int | None) -> Said | None:
    if indicator.kind in _NO_START:
        return (
            f"指标“{indicator.id}”没有可设的基期值。",
            f"{indicator.id!r} has no starting value: it is a growth, a milestone or a completion.",
        ), ("增速请用set_growth。", "To set a growth use SetGrowth.")
    if due is not None and change.year >= due:
        return (
            f"基期{change.year}年不早于目标年份{due}年。",
            f"{change.year} is not before the target year {due}.",
        ), ("请检查年份。", "Check the year.")
    beyond = _two_languages(baseline_mistake(indicator.kind, change.value))
    return beyond or _start_in_another_unit(change, indicator)


def _two_languages(mistake: tuple[Worded, Worded] | None) -> Said | None:
    if mistake is None:
        return None
    what, remedy = ((each.text("zh"), each.text("en")) for each in mistake)
    return what, remedy


def _start_in_another_unit(change: SetBaseline, indicator: Indicator) -> Said | None:
    """Return what is wrong with a start far above where the target is to lead."""
    rises = all(target.sense == "at_least" for target in indicator.targets)
    known = [base.value for base in indicator.baselines]
    if not rises or any(times_off(change.value, value) is None for value in known):
        return None
    told = _in_another_unit(change.value, indicator)
    return told if told and abs(change.value) > max(map(abs, printed_values(indicator))) else None


def _in_another_unit(value: float, indicator: Indicator) -> Said | None:
    """Return what is wrong with a value that lies far from every printed one."""
    printed = printed_values(indicator)
    off = [times_off(value, one) for one in printed]
    if indicator.kind == "rank" or not printed or any(times is None for times in off):
        return None
    times = min(one for one in off if one is not None)
    far = f"{times:.0f}" if times < MANY else f"{times:.0e}"
    above = abs(value) > max(map(abs, printed))
    zh, en = (value_text(value, indicator.unit, lang) for lang in ("zh", "en"))
    goal_zh, goal_en = (printed_text(indicator, lang) for lang in ("zh", "en"))
    unit = indicator.unit
    return (
        f"{zh}是规划目标{goal_zh}的{far}倍，可能用错了单位。"
        if above
        else f"{zh}只有规划目标{goal_zh}的1/{far}，可能用错了单位。",
        f"{en} is {far} times the printed target of {goal_en}: a slip of unit?"
        if above
        else f"{en} is 1/{far} of the printed target of {goal_en}: a slip of unit?",
    ), (
        f"这里的数按“{unit}”计" + ("，12%写12，不写0.12。" if unit == "%" else "，请换算后填写。"),
        f"Values here are in {unit}"
        + (": 12 % is 12, not 0.12." if unit == "%" else ": convert yours."),
    )


def _target(change: SetTarget, indicator: Indicator, plan: Plan) -> Said | None:
    first = plan.about.first_year
    if not indicator.targets:
        return (
            f"指标“{indicator.id}”没有目标可改。",
            f"{indicator.id!r} has no target to change.",
        ), ("请先在targets表中登记。", "Enter one in targets first.")
    if change.year is not None and change.year < first:
        return (
            f"{change.year}年早于计划起始年份{first}年。",
            f"{change.year} lies before the plan's first year {first}.",
        ), ("请检查年份。", "Check the year.")
    return None


def _not_simulated(indicator: Indicator) -> Said:
    milestone = indicator.kind == "milestone"
    return (
        f"指标“{indicator.id}”是{'节点目标' if milestone else '工程进度'}，不作模拟，"
        "设定增速、目标或影响不起作用。",
        f"{indicator.id!r} is a {indicator.kind} and is not simulated: a growth, target or effect "
        "would change nothing.",
    ), (
        "请改动所涉项目的工期：delay、accelerate、set_dates。",
        "Change the schedule of the works it depends on: Delay, Accelerate, SetDates.",
    )


# Every mistake of a scenario for a plan: names, what is set of indicators, what is too late.


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
            yield two_language_problem(
                f"“{name}”的完工{date_text(end)}早于{zh}。",
                f"the end {end} of {name!r} lies before {en}.",
                "请同时写明start。",
                "Give start, too.",
                where,
            )
        else:
            zh, en = f"规划所印的完工{date_text(end)}", f"the printed end, {end}"
            yield two_language_problem(
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
