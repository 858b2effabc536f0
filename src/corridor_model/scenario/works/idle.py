"""What a scenario says of works in vain: they were finished before changes count (S11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.scenario.language.months import date_text, first_month
from corridor_model.scenario.works.resolve import applied, moment_since

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario
    from corridor_model.scenario.works.work import Work

IDLE = {
    "schedule": ("改期", "a move in time"),
    "factor": ("造价系数", "a cost factor"),
    "cancelled": ("取消", "a cancellation"),
}
"""What changes nothing of a finished work, in words."""
NAMED = 3
"""So many works are named; of more the others are counted."""


def idle_text(plan: Plan, scenario: Scenario, lang: str = "zh") -> list[str]:
    """Return one line on the changes that change nothing, or none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("yandang_middle_road", 6), since="2021-07")
    >>> idle_text(cm.load_plan(), late, "zh")
    ['雁荡中路在2021年7月之前已完工，改期对其不起作用']
    """
    works, _, _ = applied(plan, scenario)
    idle = {name: said for name, work in works.items() if (said := _said(work))}
    if not idle:
        return []
    at = 0 if lang == "zh" else 1
    what = [IDLE[field][at] for field in IDLE if any(field in said for said in idle.values())]
    names = [plan.projects[name].name(lang) for name in list(idle)[:NAMED]]
    more = len(idle) - len(names)
    since = first_month(moment_since(plan, scenario.settings.since))
    if lang == "zh":
        who = "、".join(names) + (f"等{len(idle)}项" if more else "")
        return [f"{who}在{date_text(since)}之前已完工，{'、'.join(what)}对其不起作用"]
    who = ", ".join(names) + (f" and {more} more" if more else "")
    return [f"{who}: finished before {since}, so {' or '.join(what)} changes nothing"]


def _said(work: Work) -> set[str]:
    """Return the fields a scenario sets of a work that was finished before they count."""
    said = {
        "schedule": work.schedule_origin == "user" and work.months != 0.0,
        "factor": work.factor_origin == "user" and work.factor != 1.0,
        "cancelled": work.cancelled,
    }
    return {field for field, is_set in said.items() if is_set and work.finished}
