"""One change put onto a work, an effect or an aim."""

from __future__ import annotations

from dataclasses import replace

from corridor_model.scenario.language.aims import (
    AimChange,
    AsForecast,
    EffectAsPlanned,
    SetBaseline,
    SetEffect,
    SetGrowth,
    SetTarget,
)
from corridor_model.scenario.language.amounts import Number
from corridor_model.scenario.language.changes import (
    Accelerate,
    AsPlanned,
    Cancel,
    Delay,
    Overrun,
    SetDates,
    SetInvestment,
    SetProfile,
    WorkChange,
)
from corridor_model.scenario.works.effects import Effect
from corridor_model.scenario.works.work import Work

Aim = SetGrowth | SetBaseline | SetTarget


def changed(work: Work, planned: Work, change: WorkChange) -> Work:
    """Return a work with one field set, or taken back."""
    match change:
        case AsPlanned():
            names = FIELDS[change.field]
            return replace(work, **{name: getattr(planned, name) for name in names})
        case Delay():
            return _moved(work, change.mode, change.months)
        case Accelerate():
            return _moved(work, "accelerate", change.months)
        case Overrun():
            return replace(work, factor=change.factor, factor_origin="user")
        case Cancel():
            return replace(work, cancelled=True)
        case SetInvestment():
            return replace(work, investment=change.value, investment_origin="user")
        case SetDates():
            assert planned.printed is not None
            start, end, rule = planned.printed.dates(change.start, change.end)
            origin = "assumed" if rule else "user"
            return replace(
                work, start=start, end=end, dates_origin=origin, rule=rule, given=change.given
            )
        case SetProfile():
            assert change.profile is not None
            return replace(work, profile=change.profile)
    raise TypeError(change)  # pragma: no cover


FIELDS: dict[str, tuple[str, ...]] = {
    "schedule": ("mode", "months", "schedule_origin"),
    "factor": ("factor", "factor_origin"),
    "cancelled": ("cancelled",),
    "investment": ("investment", "investment_origin"),
    "dates": ("start", "end", "dates_origin", "rule", "given"),
    "profile": ("profile",),
}
"""What each field of a change sets in a work."""


def tidied(work: Work) -> Work:
    """Return a work in which what changes nothing has only one form."""
    if work.finished and work.cancelled:
        work = replace(work, cancelled=False)  # one of a group: there is nothing to cancel
    if work.factor == 1.0:
        work = replace(work, factor_origin="document")
    return _moved(work, "move", 0.0, "document") if work.months == 0.0 else work


def _moved(work: Work, mode: str, months: Number, origin: str = "user") -> Work:
    return replace(work, mode=mode, months=months, schedule_origin=origin)


def set_aim(aims: dict[tuple[str, str], Aim], change: AimChange) -> None:
    """Set, or take back, one part of an indicator."""
    key = (change.indicator, change.part)
    if isinstance(change, AsForecast):
        aims.pop(key, None)
    elif isinstance(change, (SetGrowth, SetBaseline, SetTarget)):
        aims[key] = change


def set_effect(
    effects: dict[tuple[str, str], Effect],
    base: dict[tuple[str, str], Effect],
    change: SetEffect | EffectAsPlanned,
    works: tuple[str, ...],
) -> None:
    """Set, or take back, the effect of works on an indicator."""
    for name in works:
        key = (name, change.indicator)
        if isinstance(change, SetEffect):
            effects[key] = Effect(
                *key, change.per_unit, int(change.lag), change.decay, "user", "scenario"
            )
        elif key in base:
            effects[key] = base[key]
        else:
            effects.pop(key, None)
