"""Which works a change means, and what is wrong with a name."""

from __future__ import annotations

from collections.abc import Iterator

from corridor_model.errors import Problem
from corridor_model.plan.names import nearest
from corridor_model.plan.plan import Plan
from corridor_model.scenario.aims import AimChange, EffectAsPlanned, SetBaseline, SetEffect
from corridor_model.scenario.changes import Cancel, Change, WorkChange

_NO_START = frozenset({"growth", "milestone", "completion"})


def works_of(change: WorkChange, plan: Plan) -> tuple[str, ...]:
    """Return the ids of the works a change names, in the order of the plan; maybe none."""
    kind, name = change.selector
    if kind == "all":
        return tuple(plan.projects)
    if kind == "id":
        return (name,) if name in plan.projects else ()
    if kind == "category":
        return tuple(p.id for p in plan.projects.values() if p.category == name)
    unit = plan.units.get(name, name)
    return tuple(
        p.id
        for p in plan.projects.values()
        if unit in {plan.units.get(lead, lead) for lead in p.lead_units}
    )


def problems_of(change: Change, plan: Plan, where: str) -> Iterator[Problem]:
    """Yield what is wrong with the names in one change."""
    if isinstance(change, WorkChange) and not works_of(change, plan):
        yield _no_works(change, plan, where)
    indicator = ""
    if isinstance(change, (AimChange, SetEffect, EffectAsPlanned)):
        indicator = change.indicator
    if indicator and indicator not in plan.indicators:
        near = nearest(indicator, list(plan.indicators))
        yield Problem(
            f"没有指标“{indicator}”。",
            f"there is no indicator {indicator!r}.",
            f"是否应为“{near}”？" if near else "请查看corridor plan。",
            f"Did you mean {near!r}?" if near else "See `corridor plan`.",
            where,
        )
    elif isinstance(change, SetBaseline) and plan.indicators[indicator].kind in _NO_START:
        yield Problem(
            f"指标“{indicator}”没有可设的基期值。",
            f"{indicator!r} has no starting value: it is a growth, a milestone or a completion.",
            "增速请用set_growth。",
            "To set a growth use SetGrowth.",
            where,
        )


def _no_works(change: WorkChange, plan: Plan, where: str) -> Problem:
    kind, name = change.selector
    known: list[str] = {
        "id": list(plan.projects),
        "category": sorted({p.category for p in plan.projects.values()}),
        "unit": sorted({u for p in plan.projects.values() for u in p.lead_units}),
    }.get(kind, [])
    words = {
        "id": ("没有项目", "there is no work"),
        "category": ("没有类别", "there is no category"),
        "unit": ("没有由其牵头的项目：", "no work is led by"),
        "all": ("本规划没有项目", "the plan has no works"),
    }[kind]
    near = nearest(name, known) if name else ""
    listed = known if kind == "category" else known[:0]
    return Problem(
        f"{words[0]}“{name}”。",
        f"{words[1]} {name!r}.",
        f"是否应为“{near}”？" if near else ("可用：" + "、".join(listed) if listed else ""),
        f"Did you mean {near!r}?" if near else ("Known: " + ", ".join(listed) if listed else ""),
        where,
    )


def finished_problem(change: Cancel, work: str, since: str, where: str) -> Problem:
    """Return the problem of cancelling what was finished before changes count."""
    return Problem(
        f"“{work}”在{since}之前已完工，不能取消。",
        f"{work!r} was finished before {since} and cannot be cancelled.",
        "请删去这项改动，或提前since。",
        "Leave this change out, or set an earlier since.",
        where,
    )
