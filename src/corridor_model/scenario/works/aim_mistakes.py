"""What cannot be set of an indicator: what its kind has not, what it can never reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.plan.kinds import UNFORESEEN
from corridor_model.plan.rules import baseline_mistake, target_mistake
from corridor_model.scenario.language.aims import SetBaseline, SetEffect, SetGrowth, SetTarget
from corridor_model.scenario.language.changes import Change

if TYPE_CHECKING:
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario

_NO_START = frozenset({"growth", *UNFORESEEN})
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
        told = [_target(change, indicator, plan), target_mistake(indicator.kind, change.value)]
    for said in told:
        if said:
            (zh, en), (remedy_zh, remedy_en) = said
            yield Problem(zh, en, remedy_zh, remedy_en, where)


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
    return baseline_mistake(indicator.kind, change.value)


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
