"""What must be added to one scenario to mean another: the law behind ``a.diff(b)``.

Changes of different fields never meet, so that each field of works, and each part of an
indicator, is compared by itself. Without a plan the changes are compared as they are written,
which holds for every plan; with one, the resolved values of each work and indicator are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from corridor_model.periods import first_month, last_month
from corridor_model.scenario import changes as kinds
from corridor_model.scenario.changes import FIRST_DAY, Change, Settings, WhatIf, WorkChange
from corridor_model.scenario.resolve import FIELDS, Values, resolve_all, values_under

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.work import Work


_DEFAULTS = Settings(since=FIRST_DAY, escalation=0.0, paired=0.0, common=0.0, duration=0)


def difference(a: WhatIf, b: WhatIf, plan: Plan | None = None) -> tuple[list[Change], Settings]:
    """Return the changes and settings that must be added to ``a`` to mean ``b``.

    Parameters
    ----------
    a, b : Scenario
        Any two.
    plan : Plan, optional
        With it the fields whose resolved values differ are named work by work.
    """
    changes = _written(a.changes, b.changes) if plan is None else _resolved(plan, a, b)
    settings = {name: new for name, (_, new) in settings_between(a, b).items()}
    return changes, Settings(**settings)


def settings_between(a: WhatIf, b: WhatIf) -> dict[str, tuple[Any, Any]]:
    """Return the settings that differ, old and new; what is not set is its default."""
    differing = {}
    for name in (field.name for field in fields(Settings)):
        both = (getattr(one.settings, name) for one in (a, b))
        old, new = (getattr(_DEFAULTS, name) if value is None else value for value in both)
        if old != new:
            differing[name] = old, new
    return differing


# Changes as they are written.


def _key(change: Change) -> tuple[str, str]:
    """Return what a change sets: changes of different keys never meet."""
    if isinstance(change, kinds.AimChange):
        return change.part, change.indicator
    if isinstance(change, (kinds.SetEffect, kinds.EffectAsPlanned)):
        return "effect", change.indicator
    return change.field, ""


def _written(a: Sequence[Change], b: Sequence[Change]) -> list[Change]:
    changes: list[Change] = []
    for key in dict.fromkeys(_key(change) for change in (*a, *b)):
        mine = [change for change in a if _key(change) == key]
        theirs = [change for change in b if _key(change) == key]
        if mine != theirs:
            changes += _one_field(mine, theirs)
    return changes


def _one_field(mine: list[Change], theirs: list[Change]) -> list[Change]:
    """Return what leads from one list of changes of a field to another."""
    if isinstance((mine or theirs)[0], kinds.AimChange):
        return theirs[-1:] or [_taken_back(mine[0])]
    shared = 0
    while shared < min(len(mine), len(theirs)) and mine[shared] == theirs[shared]:
        shared += 1
    added = theirs[shared:]
    reset = {change.selector for change in added if isinstance(change, WorkChange)}
    only_mine = [c for c in mine[shared:] if isinstance(c, WorkChange) and c.selector not in reset]
    if not only_mine:
        return added
    # what is taken back may have stood on something that both share
    back: dict[tuple[str, str], Change] = {c.selector: _taken_back(c) for c in only_mine}
    return [*back.values(), *theirs]


def _taken_back(change: Change) -> Change:
    if isinstance(change, kinds.AimChange):
        return kinds.AsForecast(change.indicator, what=change.part)
    assert isinstance(change, WorkChange)
    same = {name: getattr(change, name) for name in ("target", "category", "unit", "all")}
    if isinstance(change, kinds.SetEffect | kinds.EffectAsPlanned):
        return kinds.EffectAsPlanned(**same, indicator=change.indicator)
    return kinds.AsPlanned(**same, what=change.field)


# Values of works and indicators that differ under a plan.


def _resolved(plan: Plan, a: WhatIf, b: WhatIf) -> list[Change]:
    """Return the fields whose resolved values differ, work by work."""
    before, after = resolve_all(plan, [a, b])
    # under the settings of b, which the difference sets: what they move is no change of a work
    works = values_under(plan, a.changes, b.settings).works
    planned = values_under(plan, (), b.settings).works
    changes: list[Change] = []
    for old, new in zip(before.works, after.works, strict=True):
        if old != new:
            # as it was written: what changed nothing before may matter from another ``since``
            changes += _work(works[new.id], new, planned[new.id])
    _, old_effects, old_aims = Values.of(before)
    _, new_effects, new_aims = Values.of(after)
    for key in sorted({*old_effects, *new_effects}):
        work, indicator = key
        effect = new_effects.get(key)
        if effect == old_effects.get(key):
            continue
        if effect is None or effect.source != "scenario":
            changes.append(kinds.EffectAsPlanned(work, indicator=indicator))
        else:
            changes.append(
                kinds.SetEffect(work, indicator, effect.per_unit, effect.lag, decay=effect.decay)
            )
    changes += [c for key, c in new_aims.items() if old_aims.get(key) != c]
    return changes + [_taken_back(c) for key, c in old_aims.items() if key not in new_aims]


def _work(old: Work, new: Work, planned: Work) -> list[Change]:
    """Return what sets, or takes back, each field of a work that differs."""
    changes: list[Change] = []
    for field, names in FIELDS.items():
        if all(getattr(old, name) == getattr(new, name) for name in names):
            continue
        if all(getattr(planned, name) == getattr(new, name) for name in names):
            changes.append(kinds.AsPlanned(new.id, what=field))
        else:
            changes.append(_set(new, field))
    return changes


def _set(work: Work, field: str) -> Change:
    """Return the change that sets one field of a work to what it is."""
    match field:
        case "schedule":
            if work.mode == "accelerate":
                return kinds.Accelerate(work.id, work.months)
            return kinds.Delay(
                work.id, work.months, "stretch" if work.mode == "stretch" else "move"
            )
        case "factor":
            return kinds.Overrun(work.id, work.factor)
        case "cancelled":
            return kinds.Cancel(work.id)
        case "investment":
            assert work.investment is not None
            return kinds.SetInvestment(work.id, work.investment)
        case "dates":
            start = "" if work.override == "end" else first_month(work.start)
            end = "" if work.override == "start" else last_month(work.end)
            return kinds.SetDates(work.id, start, end)
    return kinds.SetProfile(work.id, work.profile)
