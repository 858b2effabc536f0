"""What can be changed in a plan, one frozen value each, and what holds for all of them.

A change is data, never code. It names works by id, or by ``category=``, ``unit=`` (the works it
leads) or ``all=True``, or an indicator by id; it carries a number or a distribution. What a
change means for the works of a plan is said by :mod:`corridor_model.scenario.resolve`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from functools import partial
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np

from corridor_model.arguments import single
from corridor_model.display import Displayed
from corridor_model.distributions import Distribution
from corridor_model.errors import CellError, CorridorError
from corridor_model.formatting import finite, short, whole
from corridor_model.frozen import distribution_of
from corridor_model.messages import N_, Listing, Message, Name, Worded, context
from corridor_model.periods import date_of, date_text, end_of, start_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.uncertainties import (
    LONGEST,
    fraction_meant,
    free,
    too_cheap,
    too_dear,
    too_fast,
    too_late,
    too_long,
)
from corridor_model.scenario.profiles import Profile
from corridor_model.tabular.cells import parse_year
from corridor_model.units import MONEY, scale, tidy

Number = float | Distribution

DAYS = 365.25
"""Of a year, where a number of months may be one of days."""
MODES = ("move", "stretch")
WORK_FIELDS = ("schedule", "factor", "cancelled", "investment", "dates", "profile")
"""What can be changed of a work; a later change of the same field replaces an earlier one."""


class _Required(float):
    """A number without default (S24), behind selectors that have one; help() shows it so."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<required>"


REQUIRED = _Required("nan")
"""Stands where an amount was left out."""


class ScenarioError(CorridorError):
    """A change, setting or scenario that makes no sense by itself.

    Parameters
    ----------
    message : str or Message
        As of `CorridorError`; the message alone is what a file's author reads.
    change : Change, optional
        What it is about; its class stands before the English.
    between : str, default ": "
        Stands between the two.
    **fields
        Fields of the template.
    """

    def __init__(
        self,
        message: str | Message,
        /,
        change: Change | None = None,
        between: str = ": ",
        **fields: Any,
    ):
        self.before = "" if change is None else f"{type(change).__name__}{between}"
        super().__init__(message, **fields)

    def text(self, lang: str = "en") -> str:
        """Return the message in ``"zh"`` or ``"en"``."""
        sentence = self.message.text(lang)
        return sentence if lang == "zh" else f"{self.before}{sentence}"

    def __str__(self) -> str:
        return self.text("en")


class MissingNumberError(ScenarioError, TypeError):
    """A change of works without the number that it sets (S24)."""


# What a change may carry: each check returns the value as it is stored.


def _months(change: Change, name: str, months: object) -> Number:
    """Return checked months: at least 0, in every draw."""
    number = _amount(change, name, months, zero=True)
    highest = too_long(number)
    if highest is not None:
        raise ScenarioError(
            context("change", "{months:g} months are more than a hundred years.", months=highest),
            change,
        )
    middle = too_late(number)
    if middle is not None:
        raise ScenarioError(
            N_(
                "{months:g} months are more than ten years; {months:g} days are {meant:.0f} "
                "months. If it is meant, set the dates: {set_dates}."
            ),
            change,
            months=middle,
            meant=middle * 12 / DAYS,
            set_dates=ChangeName(SetDates),
        )
    return number


def _factor(change: Change, name: str, factor: object) -> Number:
    """Return a checked factor on money: above 0 in every draw, and no percentage."""
    number = _amount(change, name, factor)
    if free(number):
        raise ScenarioError(
            N_("factor {factor} may be 0: must be above 0. To drop works: {cancel}."),
            change,
            factor=short(number),
            cancel=ChangeName(Cancel),
        )
    dear, cheap = too_dear(number), too_cheap(number)
    if dear is not None:
        raise ScenarioError(
            N_(
                "factor {factor:g} makes works {factor:g} times as dear. {factor:g} % dearer is "
                "{meant:g}. If it is meant, set the money: {set_investment}."
            ),
            change,
            factor=dear,
            meant=1 + dear / 100,
            set_investment=ChangeName(SetInvestment),
        )
    if cheap is not None:
        raise ScenarioError(
            N_(
                "factor {factor:g} makes works {less:g} % cheaper. {more:g} % dearer is {meant:g}. "
                "If it is meant, set the money: {set_investment}."
            ),
            change,
            factor=cheap,
            less=round(100 * (1 - cheap), 4),
            more=round(100 * cheap, 4),
            meant=round(1 + cheap, 6),
            set_investment=ChangeName(SetInvestment),
        )
    return number


def _amount(
    change: Change, name: str, value: object, *, zero: bool = False, certain: bool = False
) -> Number:
    """Return a number or distribution that cannot be negative.

    Raises
    ------
    ScenarioError
        If it is anything else.
    """
    _there(change, name, value)
    value = distribution_of(value) or value
    if isinstance(value, Distribution) and not math.isfinite(value.mean):
        raise ScenarioError(
            N_("{name} {value!r} has no mean, so that no money can be expected of it."),
            change,
            name=name,
            value=value,
        )
    if isinstance(value, Distribution) and value.lowest == value.highest:
        value = value.lowest
    if isinstance(value, Distribution) and not certain:
        if value.lowest >= 0:
            return value
        raise ScenarioError(
            N_(
                "{name} {value!r} can be negative. Use a distribution that begins at 0, such as "
                "PERT, Triangular or Lognormal. To bring works forward use {accelerate}."
            )
            if zero
            else N_(
                "{name} {value!r} can be negative. Use a distribution that begins at 0, such as "
                "PERT, Triangular or Lognormal."
            ),
            change,
            name=name,
            value=value,
            accelerate=ChangeName(Accelerate),
        )
    number = finite(value)
    if number is None:
        raise ScenarioError(
            N_("{name} must be a number; got {got}.")
            if certain
            else N_("{name} must be a number or a Distribution; got {got}."),
            change,
            name=name,
            got=short(value),
        )
    if number > 0 or (number == 0 and zero):
        return number
    if not zero:
        message = N_("{name} must be above 0; got {value:g}. To drop works: {cancel}.")
    elif isinstance(change, Delay):
        message = N_("{name} is negative ({value:g}); use {accelerate} to bring works forward.")
    else:
        message = N_("{name} is negative ({value:g}); use {delay}.")
    raise ScenarioError(
        message,
        change,
        name=name,
        value=number,
        accelerate=ChangeName(Accelerate),
        delay=ChangeName(Delay),
        cancel=ChangeName(Cancel),
    )


def _there(change: Change, name: str, value: object) -> None:
    """Refuse a change that was made without its number.

    Raises
    ------
    MissingNumberError
        Of the number.
    """
    if value is REQUIRED:
        raise MissingNumberError(N_("lacks {name}."), change, " ", name=name)


def _finite(change: Change, name: str, value: object) -> float:
    """Return a checked number."""
    _there(change, name, value)
    number = finite(value)
    if number is None:
        raise ScenarioError(
            N_("{name} must be a finite number; got {got}."), change, name=name, got=short(value)
        )
    return number


def _year(change: Change, name: str, value: object, *, optional: bool = False) -> int | None:
    """Return a checked year."""
    if value is None and optional:
        return None
    try:  # texts are read as in tables and dates: 2019, also with the sign of the year behind
        year = parse_year(value) if isinstance(value, str) else whole(value)
    except CellError:
        year = None
    if year is None or not 1900 <= year <= 2200:
        raise ScenarioError(
            N_("{name} must be a year, such as 2019; got {got}."),
            change,
            name=name,
            got=short(value),
        )
    return year


def _indicator(change: Change, name: str, value: object) -> str:
    """Return a checked id."""
    if not isinstance(value, str) or not value.strip():
        raise ScenarioError(N_("give the id of an indicator."), change)
    return value


# Changes of works.


@dataclass(frozen=True, slots=True)
class Change(Displayed):
    """One change; ``field`` says of what, so that a later one replaces an earlier one."""

    field: ClassVar[str] = ""
    _checks: ClassVar[Mapping[str, Callable[[Any, str, Any], object]]] = {}

    def __post_init__(self) -> None:
        for name, check in self._checks.items():
            object.__setattr__(self, name, check(self, name, getattr(self, name)))


@dataclass(frozen=True, slots=True)
class WorkChange(Change):
    """A change of works.

    Parameters
    ----------
    target : str, optional
        Id of a work; ``"all"`` for all of them.
    category, unit : str, optional
        Instead: a category, or a responsible unit by any of its names (the works it leads).
    all : bool
        Instead: every work.
    """

    target: str | None = None
    _: KW_ONLY
    category: str | None = None
    unit: str | None = None
    all: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.all, (bool, np.bool_)):
            raise ScenarioError(
                N_("all is true or false, without quotes; got {got}."), self, got=short(self.all)
            )
        object.__setattr__(self, "all", bool(self.all))
        if isinstance(self.target, str) and self.target == "all":
            object.__setattr__(self, "target", None)
            object.__setattr__(self, "all", True)
        named = {
            key: value
            for key in ("target", "category", "unit", "all")
            if (value := getattr(self, key)) is not None and value is not False
        }
        if len(named) > 1 and _is_measure(self.unit):
            raise ScenarioError(
                N_(
                    "unit is the office that leads works, no unit of measure; leave out "
                    "unit = {unit!r}. Money is in {money}, time in months."
                ),
                self,
                unit=self.unit,
                money=MONEY,
            )
        if len(named) > 1:
            raise ScenarioError(
                N_(
                    "name the works in one way; got {ways}: the id of a work (target), or "
                    "category=, unit= (the office that leads them) or all=True."
                ),
                self,
                ways=Name("、".join(named), " and ".join(named)),
            )
        if not self.all and not any(isinstance(n, str) and n.strip() for n in named.values()):
            raise ScenarioError(
                N_(
                    "name the works in one way: the id of a work (target), or category=, "
                    "unit= (the office that leads them) or all=True."
                ),
                self,
            )
        super(WorkChange, self).__post_init__()

    @property
    def selector(self) -> tuple[str, str]:
        """Which works: ("id" | "category" | "unit" | "all", name)."""
        for kind, name in (("id", self.target), ("category", self.category), ("unit", self.unit)):
            if name is not None:
                return kind, name
        return "all", ""


@dataclass(frozen=True, slots=True)
class Delay(WorkChange):
    """Works end later; money, duration and what was done before ``since`` are kept (S11).

    Parameters
    ----------
    target, category, unit, all
        Which works.
    months : float or Distribution
        At least 0; 0 is as planned.
    mode : {"move", "stretch"}
        Move start and end, or keep the start and take longer.

    Examples
    --------
    >>> Delay("jinliwen_expressway", months=12).selector
    ('id', 'jinliwen_expressway')
    """

    field: ClassVar[str] = "schedule"
    _checks: ClassVar = {"months": _months}
    months: Number = REQUIRED
    mode: Literal["move", "stretch"] = "move"

    def __post_init__(self) -> None:
        super(Delay, self).__post_init__()
        if not isinstance(self.mode, str) or self.mode not in MODES:
            raise ScenarioError(
                N_("mode is move or stretch; got {got}."), self, got=short(self.mode)
            )


@dataclass(frozen=True, slots=True)
class Accelerate(WorkChange):
    """Works end earlier; nothing begins before ``since``, so running works are compressed."""

    field: ClassVar[str] = "schedule"
    _checks: ClassVar = {"months": _months}
    months: Number = REQUIRED


@dataclass(frozen=True, slots=True)
class Overrun(WorkChange):
    """Works cost ``factor`` times as much; 1.204 is 20.4 % dearer. Progress stays (S12)."""

    field: ClassVar[str] = "factor"
    _checks: ClassVar = {"factor": _factor}
    factor: Number = REQUIRED


@dataclass(frozen=True, slots=True)
class Cancel(WorkChange):
    """Nothing more is built or spent after ``since``."""

    field: ClassVar[str] = "cancelled"


@dataclass(frozen=True, slots=True)
class SetInvestment(WorkChange):
    """A planned total in 亿元 in place of the printed or unknown one (origin ``user``)."""

    field: ClassVar[str] = "investment"
    _checks: ClassVar = {"value": partial(_amount, certain=True)}
    value: float = REQUIRED


@dataclass(frozen=True, slots=True)
class SetDates(WorkChange):
    """A start, an end or both in place of printed or assumed ones (origin ``user``).

    Parameters
    ----------
    target, category, unit, all
        Which works.
    start, end : str
        ``2020`` or ``2020-05``; a year means its January, and its December. One that is left
        out is as in the plan, whatever an earlier change said: printed, or by the rule for
        dates that are not.

    Examples
    --------
    >>> SetDates("binhai_avenue", end="2025-06").start
    ''
    """

    field: ClassVar[str] = "dates"
    start: str = ""
    end: str = ""

    def __post_init__(self) -> None:
        super(SetDates, self).__post_init__()
        for name in ("start", "end"):
            date = getattr(self, name)
            single(**{name: date})
            known = date is not None and date != ""
            object.__setattr__(self, name, date_of(date, last=name == "end") if known else "")
        if not self.start and not self.end:
            raise ScenarioError(
                N_('lacks start and end: give one or both, such as end = "2024-06".'), self, " "
            )
        if self.start and self.end and start_of(self.start) >= end_of(self.end):
            raise ScenarioError(
                N_("{end} lies before {start}."),
                self,
                end=date_name(self.end),
                start=date_name(self.start),
            )

    @property
    def given(self) -> str:
        """Which dates are given: ``start``, ``end`` or ``both``."""
        return "both" if self.start and self.end else "start" if self.start else "end"


@dataclass(frozen=True, slots=True)
class SetProfile(WorkChange):
    """A spending profile in place of the even one."""

    field: ClassVar[str] = "profile"
    profile: Profile | None = None

    def __post_init__(self) -> None:
        super(SetProfile, self).__post_init__()
        if not isinstance(self.profile, Profile):
            raise ScenarioError(
                N_("give a profile, such as SCurve(); got {got}."), self, got=short(self.profile)
            )


@dataclass(frozen=True, slots=True)
class AsPlanned(WorkChange):
    """Takes back what was changed of works: ``what`` is a field such as ``schedule``."""

    what: str = ""

    def __post_init__(self) -> None:
        super(AsPlanned, self).__post_init__()
        if not isinstance(self.what, str) or self.what not in WORK_FIELDS:
            raise ScenarioError(
                N_("what is one of {fields}; got {got}."),
                self,
                fields=Listing(WORK_FIELDS),
                got=short(self.what),
            )

    @property
    def field(self) -> str:  # type: ignore[override]
        """The field taken back."""
        return self.what


def in_study(kind: type[WorkChange], name: str, value: float, **works: Any) -> Any:
    """Return a change with the number that a study sets, however unlikely.

    What a person writes is held to what is likely; a tipping point may lie beyond.

    Examples
    --------
    >>> in_study(Overrun, "factor", 0.3, all=True).factor
    0.3
    """
    entries: dict[str, Any] = {name: 1.0, **works}
    change = kind(**entries)
    object.__setattr__(change, name, _amount(change, name, value, zero=name == "months"))
    return change


# Changes of indicators: their growth, start, target, and what works do to them.


@dataclass(frozen=True, slots=True)
class AimChange(Change):
    """A change of one indicator, by id."""

    indicator: str

    def __post_init__(self) -> None:
        _indicator(self, "indicator", self.indicator)
        super(AimChange, self).__post_init__()

    @property
    def part(self) -> str:
        """The field of the indicator that is set."""
        return self.field


@dataclass(frozen=True, slots=True)
class SetGrowth(AimChange):
    """Yearly growth in place of the forecast.

    Parameters
    ----------
    indicator : str
        Id.
    mean : float
        A yearly fraction above -1 and at most 1: 0.12 for 12 %.
    sd : float, default 0
        Of one year's growth, at most 1. Each year is drawn by itself, so that the average over
        n years spreads by sd / sqrt(n) only.
    from_year : int, optional
        First year that grows so; by default all years after the last known one.
    """

    field: ClassVar[str] = "growth"
    _checks: ClassVar = {"mean": _finite, "sd": _finite, "from_year": partial(_year, optional=True)}
    mean: float
    sd: float = 0.0
    from_year: int | None = None

    def __post_init__(self) -> None:
        super(SetGrowth, self).__post_init__()
        fast = too_fast(self.mean, self.sd)
        if fast is not None:
            raise ScenarioError(
                N_("mean and sd are yearly fractions. {meant}"), self, meant=fraction_meant(fast)
            )
        if self.mean <= -1:
            raise ScenarioError(
                N_("mean must be above -1, which loses everything; got {mean:g}."),
                self,
                mean=self.mean,
            )
        if self.sd < 0:
            raise ScenarioError(N_("sd is negative ({sd:g})."), self, sd=self.sd)


@dataclass(frozen=True, slots=True)
class SetBaseline(AimChange):
    """A starting value, in the unit of the indicator (origin ``user``)."""

    field: ClassVar[str] = "baseline"
    _checks: ClassVar = {"value": _finite, "year": _year}
    year: int
    value: float

    @property
    def part(self) -> str:
        """One field a year."""
        return f"baseline {self.year}"


@dataclass(frozen=True, slots=True)
class SetTarget(AimChange):
    """Another value, or year, of the last target due; its direction stays."""

    field: ClassVar[str] = "target"
    _checks: ClassVar = {"value": _finite, "year": partial(_year, optional=True)}
    value: float
    year: int | None = None


@dataclass(frozen=True, slots=True)
class AsForecast(AimChange):
    """Takes back what was changed of an indicator: ``what`` is a part such as ``growth``."""

    what: str = ""

    def __post_init__(self) -> None:
        super(AsForecast, self).__post_init__()
        words = str(self.what).split(" ")
        if words[0] not in {"growth", "baseline", "target"} or (
            (words[0] == "baseline") != (len(words) == 2 and words[1].isdigit())
        ):
            raise ScenarioError(
                N_("what is growth, target or «baseline 2019»; got {got!r}."), self, got=self.what
            )

    @property
    def part(self) -> str:
        """The part taken back."""
        return self.what


@dataclass(frozen=True, slots=True)
class SetEffect(WorkChange):
    """What works do to an indicator, per 亿元 of planned investment carried out (S12).

    Parameters
    ----------
    target, category, unit, all
        Which works.
    indicator : str
        Id.
    per_unit : float
        Change of the indicator, in its unit; 0 for none.
    lag : float, default 0
        Years until it shows.
    decay : float, default 1
        Share of the effect lost a year: 1 acts in one year only, 0 stays for good.
    """

    field: ClassVar[str] = "effect"
    _checks: ClassVar = {
        "per_unit": _finite,
        "lag": _finite,
        "decay": _finite,
        "indicator": _indicator,
    }
    indicator: str = ""
    per_unit: float = REQUIRED
    lag: float = 0.0
    _: KW_ONLY
    decay: float = 1.0

    def __post_init__(self) -> None:
        super(SetEffect, self).__post_init__()
        if self.lag < 0 or self.lag != int(self.lag) or not 0 <= self.decay <= 1:
            raise ScenarioError(N_("lag is whole years of at least 0, decay lies in 0-1."), self)


@dataclass(frozen=True, slots=True)
class EffectAsPlanned(WorkChange):
    """Takes back what was changed of the effects of works on an indicator."""

    field: ClassVar[str] = "effect"
    _checks: ClassVar = {"indicator": _indicator}
    indicator: str = ""


# Which works a change means.


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


# How changes are called, in Python and in files.

KINDS: dict[str, type[Change]] = {
    "delay": Delay,
    "accelerate": Accelerate,
    "overrun": Overrun,
    "cancel": Cancel,
    "set_investment": SetInvestment,
    "set_dates": SetDates,
    "set_profile": SetProfile,
    "as_planned": AsPlanned,
    "set_growth": SetGrowth,
    "set_baseline": SetBaseline,
    "set_target": SetTarget,
    "as_forecast": AsForecast,
    "set_effect": SetEffect,
    "effect_as_planned": EffectAsPlanned,
}
"""Every change by the word that names it in a file."""
CHANGE_WORDS = {kind: word for word, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class ChangeName:
    """A change named in a message: by its class in English, by the word of files in Chinese."""

    kind: type[Change]

    def text(self, lang: str = "en") -> str:
        """Return the name in ``"zh"`` or ``"en"``."""
        return CHANGE_WORDS[self.kind] if lang == "zh" else self.kind.__name__


def as_in_files(message: Worded) -> Worded:
    """Return a message that calls changes by the words of files in English, too."""
    if not isinstance(message, Message):
        return message
    words = {
        name: CHANGE_WORDS[value.kind]
        for name, value in message.fields.items()
        if isinstance(value, ChangeName)
    }
    return replace(message, fields={**message.fields, **words})


# What holds for a whole scenario.

FIRST_DAY = "plan"
"""As ``since``: the plan's first day."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a whole scenario; None is not said, and the default holds.

    Attributes
    ----------
    since : str or None
        Date from which changes count; what was spent before stays (S11). Default: the
        plan's first day, also written ``"plan"``.
    escalation : float or None
        Yearly price rise of money that moves in time, a fraction. Default 0.
    paired : float or None
        Loading of overrun and delay of one work on the factor they share; the correlation
        between the two is its square. Default 0, origin ``assumed``.
    common : float or None
        Loading of all overruns and delays on one factor of the programme. Default 0.
    duration : int or None
        Months between start and end of a work of which only one is printed. Default 0: the
        plan's first day stands for a start that is not printed, its last for an end.
    """

    since: str | None = None
    escalation: float | None = None
    paired: float | None = None
    common: float | None = None
    duration: int | None = None

    def __post_init__(self) -> None:
        if self.since is not None and not (isinstance(self.since, str) and self.since == FIRST_DAY):
            object.__setattr__(self, "since", date_of(self.since))
        for name, low, high in (("escalation", -0.5, 1.0), ("paired", 0, 1), ("common", 0, 1)):
            number = getattr(self, name)
            if number is None:
                continue
            value = finite(number)
            if value is None:
                raise ScenarioError(
                    N_("{name} must be a number; got {got}."), name=name, got=short(number)
                )
            if not low <= value <= high:
                raise ScenarioError(
                    N_("{name} must lie within {low:g} and {high:g}; got {value:g}."),
                    name=name,
                    low=low,
                    high=high,
                    value=value,
                )
            object.__setattr__(self, name, value)
        if (self.paired or 0) ** 2 + (self.common or 0) ** 2 > 1:
            raise ScenarioError(
                N_("paired² + common² must not exceed 1: they are shares of variance.")
            )
        if self.duration is None:
            return
        months = whole(self.duration)
        if months is None or months < 0:
            raise ScenarioError(
                N_("duration is a number of months, at least 0; got {got}."),
                got=short(self.duration),
            )
        if months > LONGEST:
            raise ScenarioError(
                N_("duration: {months:g} months are more than a hundred years."), months=months
            )
        object.__setattr__(self, "duration", months)

    def __add__(self, later: Settings) -> Settings:
        values = {f.name: getattr(later, f.name) for f in fields(later)}
        return replace(self, **{name: value for name, value in values.items() if value is not None})


@runtime_checkable
class WhatIf(Protocol):
    """What of a scenario decides what it means for a plan, and where its mistakes stand."""

    @property
    def name(self) -> str:
        """Name of the scenario."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """Changes in order; a later one of the same field wins."""

    @property
    def settings(self) -> Settings:
        """What holds for all of them."""

    @property
    def file(self) -> str | None:
        """File it was read from, empty for TOML text; None where it was made in Python."""


def _is_measure(unit: object) -> bool:
    """Return whether a text is a unit of measure, such as 亿元."""
    return isinstance(unit, str) and bool(unit.strip()) and scale(tidy(unit)) is not None


def date_name(date: str) -> Name:
    """Return a date as a field of a message."""
    return Name(date_text(date), date)
