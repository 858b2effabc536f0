"""What must be added to one scenario to mean another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from corridor_model.periods import first_month, last_month
from corridor_model.scenario.changes import (
    Accelerate,
    AimChange,
    AsForecast,
    AsPlanned,
    Cancel,
    Change,
    Delay,
    EffectAsPlanned,
    Overrun,
    SetDates,
    SetEffect,
    SetInvestment,
    SetProfile,
    WorkChange,
)
from corridor_model.scenario.scenario import (
    AS_PLANNED_SCENARIO,
    FIRST_DAY,
    Scenario,
    Settings,
)

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.work import Work


_DEFAULTS = Settings(since=FIRST_DAY, escalation=0.0, paired=0.0, common=0.0, duration=0)


def diff(a: Scenario, b: Scenario, plan: Plan | None = None) -> Scenario:
    """Return what must be added to ``a`` to mean ``b``.

    Parameters
    ----------
    a, b : Scenario
        Any two.
    plan : Plan, optional
        With it the fields whose resolved values differ are named work by work; without it
        the changes are compared as they are written, which holds for every plan.

    Returns
    -------
    Scenario
        ``resolve(plan, a + diff(a, b)) == resolve(plan, b)``, always.

    Examples
    --------
    >>> a = Scenario("a", Delay("x", 12), Overrun("x", factor=1.2))
    >>> b = Scenario("b", Delay("x", 24), Overrun("x", factor=1.2))
    >>> [change.months for change in diff(a, b).changes]
    [24.0]
    """
    settings = Settings(**{name: new for name, (_, new) in settings_between(a, b).items()})
    changes = _written(a.changes, b.changes) if plan is None else _resolved(plan, a, b)
    return Scenario(f"{a.name} → {b.name}", *changes, settings=settings)


def settings_between(a: Scenario, b: Scenario) -> dict[str, tuple[Any, Any]]:
    """Return the settings that differ, old and new; what is not said is its default."""
    said = {}
    for field in fields(Settings):
        name = field.name
        held = [getattr(one.settings, name) for one in (a, b)]
        old, new = (getattr(_DEFAULTS, name) if value is None else value for value in held)
        if old != new:
            said[name] = old, new
    return said


def _key(change: Change) -> tuple[str, str]:
    """Return what a change sets: changes of different keys never meet."""
    if isinstance(change, AimChange):
        return change.part, change.indicator
    if isinstance(change, (SetEffect, EffectAsPlanned)):
        return "effect", change.indicator
    return change.field, ""


def _written(a: Sequence[Change], b: Sequence[Change]) -> list[Change]:
    found: list[Change] = []
    keys = dict.fromkeys(_key(change) for change in (*a, *b))
    for key in keys:
        mine = [change for change in a if _key(change) == key]
        theirs = [change for change in b if _key(change) == key]
        if mine != theirs:
            found += _one_field(mine, theirs)
    return found


def _one_field(mine: list[Change], theirs: list[Change]) -> list[Change]:
    """Return what leads from one list of changes of a field to another."""
    if isinstance((mine or theirs)[0], AimChange):
        return theirs[-1:] or [_taken_back(mine[0])]
    shared = 0
    while shared < min(len(mine), len(theirs)) and mine[shared] == theirs[shared]:
        shared += 1
    added = theirs[shared:]
    reset = _selectors(added)
    lost = [c for c in mine[shared:] if isinstance(c, WorkChange) and c.selector not in reset]
    if not lost:
        return list(added)
    # what is taken back may have stood on something that both share
    back: dict[tuple[str, str], Change] = {c.selector: _taken_back(c) for c in lost}
    return [*back.values(), *theirs]


def _selectors(changes: Sequence[Change]) -> set[tuple[str, str]]:
    return {change.selector for change in changes if isinstance(change, WorkChange)}


def _taken_back(change: Change) -> Change:
    if isinstance(change, AimChange):
        return AsForecast(change.indicator, what=change.part)
    assert isinstance(change, WorkChange)
    category, unit, every = change.category, change.unit, change.all
    if isinstance(change, (SetEffect, EffectAsPlanned)):
        return EffectAsPlanned(
            change.target, category=category, unit=unit, all=every, indicator=change.indicator
        )
    return AsPlanned(change.target, category=category, unit=unit, all=every, what=change.field)


def _resolved(plan: Plan, a: Scenario, b: Scenario) -> list[Change]:
    """Return the fields whose resolved values differ, work by work."""
    from corridor_model.scenario.resolve import applied, resolve_all

    before, after = resolve_all(plan, [a, b])
    # under the settings of b, which the difference sets: what they move is no change of a work
    works, _, _ = applied(plan, Scenario(a.name, *a.changes, settings=b.settings))
    planned, _, _ = applied(plan, Scenario(AS_PLANNED_SCENARIO.name, settings=b.settings))
    found: list[Change] = []
    for old, new in zip(before.works, after.works, strict=True):
        if old != new:
            # as it was written: what changed nothing before may matter from another ``since``
            found += _work(works[new.id], new, planned[new.id])
    old_effects = {(e.project, e.indicator): e for e in before.effects}
    new_effects = {(e.project, e.indicator): e for e in after.effects}
    for key in sorted({*old_effects, *new_effects}):
        effect = new_effects.get(key)
        if effect == old_effects.get(key):
            continue
        if effect is None or effect.source != "scenario":
            found.append(EffectAsPlanned(key[0], indicator=key[1]))
        else:
            lag, decay = effect.lag, effect.decay
            found.append(SetEffect(*key[:1], key[1], effect.per_unit, lag, decay=decay))
    old_aims = {(c.indicator, c.part): c for c in before.aims}
    new_aims = {(c.indicator, c.part): c for c in after.aims}
    found += [c for key, c in new_aims.items() if old_aims.get(key) != c]
    lost = [c for key, c in old_aims.items() if key not in new_aims]
    return found + [_taken_back(c) for c in lost]


def _work(old: Work, new: Work, planned: Work) -> list[Change]:
    from corridor_model.scenario.resolve import FIELDS

    found: list[Change] = []
    for field, names in FIELDS.items():
        if all(getattr(old, name) == getattr(new, name) for name in names):
            continue
        if all(getattr(planned, name) == getattr(new, name) for name in names):
            found.append(AsPlanned(new.id, what=field))
        else:
            found.append(_set(new, field))
    return found


def _set(work: Work, field: str) -> Change:
    """Return the change that sets one field of a work to what it is."""
    match field:
        case "schedule":
            if work.mode == "accelerate":
                return Accelerate(work.id, work.months)
            return Delay(work.id, work.months, "stretch" if work.mode == "stretch" else "move")
        case "factor":
            return Overrun(work.id, work.factor)
        case "cancelled":
            return Cancel(work.id)
        case "investment":
            assert work.investment is not None
            return SetInvestment(work.id, work.investment)
        case "dates":
            start = "" if work.given == "end" else first_month(work.start)
            end = "" if work.given == "start" else last_month(work.end)
            return SetDates(work.id, start, end)
    return SetProfile(work.id, work.profile)
