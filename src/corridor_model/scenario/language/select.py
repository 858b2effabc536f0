"""Which works a change means, and what is wrong with a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.plan.choices import CHOICES_ZH, listed_zh, synonyms
from corridor_model.plan.names import nearest
from corridor_model.plan.plan import Plan
from corridor_model.scenario.language.aims import AimChange, EffectAsPlanned, SetEffect
from corridor_model.scenario.language.changes import Cancel, Change, WorkChange
from corridor_model.scenario.language.months import date_text

if TYPE_CHECKING:
    from corridor_model.plan.model import Indicator, Project

LISTED = 8
"""Names that a message lists where none is near."""


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
        zh, en = f"没有编号为“{indicator}”的指标。", f"there is no indicator {indicator!r}."
        yield Problem(zh, en, *_meant(indicator, plan.indicators, "indicators"), where)


def _no_works(change: WorkChange, plan: Plan, where: str) -> Problem:
    kind, name = change.selector
    if kind == "all":
        return Problem("本规划没有项目。", "the plan has no works.", file=where)
    if kind == "id":
        zh, en = f"没有编号为“{name}”的项目。", f"there is no work {name!r}."
        return Problem(zh, en, *_meant(name, plan.projects, "projects"), where)
    works = plan.projects.values()
    if kind == "category":
        known = sorted({work.category for work in works})
        return _no_category(name, known, where)
    known = sorted({unit for work in works for unit in work.lead_units})
    zh, en = f"没有由“{name}”牵头的项目。", f"no work is led by {name!r}."
    near, listed = nearest(name, known), known[:LISTED]
    return Problem(
        zh,
        en,
        f"是否应为“{near}”？" if near else "可用：" + "、".join(listed),
        f"Did you mean {near!r}?" if near else "Known: " + ", ".join(listed),
        where,
    )


def _no_category(name: str, known: list[str], where: str) -> Problem:
    """Return the problem of a category no work is of; a Chinese name leads to the word."""
    said = f"没有类别“{name}”。", f"there is no category {name!r}."
    words = synonyms(tuple(known))
    short = name.strip().removesuffix("项目").removesuffix("工程")
    near = short if short in words else nearest(short, words)
    meant = words.get(near, "")
    if not meant:
        listed = f"可用：{listed_zh(tuple(known))}。", f"Known: {', '.join(known)}"
        return Problem(*said, *listed, where)
    if near == short:
        return Problem(*said, f"请写{meant}。", f"Write {meant!r}.", where)
    own = CHOICES_ZH.get(meant, ("",))[0]
    zh = f"是否应为{meant}（{own}）？" if own else f"是否应为{meant}？"
    return Problem(*said, zh, f"Did you mean {meant!r}?", where)


def _meant(
    word: str, known: Mapping[str, Project] | Mapping[str, Indicator], table: str
) -> tuple[str, str]:
    """Return what to do about an unknown id, in Chinese and English; a name leads to its id."""
    near = nearest(word, known)
    if near:
        return f"是否应为“{near}”？", f"Did you mean {near!r}?"
    names = {
        name: key for key, one in known.items() for name in (one.name("zh"), one.name("en")) if name
    }
    parts = [name for name in names if word and word in name]
    near = nearest(word, names) or (parts[0] if parts else "")
    if near:
        return f"请写编号：{names[near]}（{near}）。", f"Write its id: {names[near]} ({near})."
    return f"编号见corridor plan --table {table}。", f"Ids: `corridor plan --table {table}`."


def finished_problem(change: Cancel, work: str, since: str, where: str) -> Problem:
    """Return the problem of cancelling what was finished before changes count."""
    return Problem(
        f"“{work}”在{date_text(since)}之前已完工，不能取消。",
        f"{work!r} was finished before {since} and cannot be cancelled.",
        "请删去这项改动，或提前since。",
        "Leave this change out, or set an earlier since.",
        where,
    )
