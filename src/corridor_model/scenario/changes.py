"""What can be changed in a plan, one frozen value each: data, never code.

A change of works names them by id, or by ``category=``, ``unit=`` (the works it leads) or
``all=True``. It carries a number or a distribution. Nothing is looked up here; what a change
means for a plan is said by :mod:`corridor_model.scenario.resolve`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from corridor_model.distributions import Distribution
from corridor_model.errors import (
    CellError,
    CorridorError,
    Problem,
    finite,
    short,
    two_language_problem,
    whole,
)
from corridor_model.periods import date_of, date_text, end_of, start_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.uncertainties import fraction_meant, free, too_dear, too_fast, too_long
from corridor_model.scenario.profiles import Profile
from corridor_model.tabular.cells import parse_year
from corridor_model.tabular.names import nearest
from corridor_model.tabular.schema import CHOICES_ZH, listed_zh, synonyms
from corridor_model.units import scale, tidy

if TYPE_CHECKING:
    from corridor_model.plan.records import Indicator, Project


MODES = ("move", "stretch")
WORK_FIELDS = ("schedule", "factor", "cancelled", "investment", "dates", "profile")
"""What can be changed of a work; a later change of the same field replaces an earlier one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``field`` says of what, so that a later one replaces an earlier one."""

    field: ClassVar[str] = ""


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
                f"{type(self).__name__}: all is true or false, without quotes; "
                f"got {short(self.all)}.",
                f"all应为true或false，不加引号；得到{short(self.all)}。",
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
        if len(named) == 1 and (self.all or all_text(list(named.values()))):
            return
        if len(named) > 1 and isinstance(self.unit, str) and is_measure(self.unit):
            raise ScenarioError(
                f"{type(self).__name__}: unit is the office that leads works, no unit of measure; "
                f"leave out unit = {self.unit!r}. Money is in 亿元, time in months.",
                f"unit指牵头单位，不是计量单位：请删去unit = “{self.unit}”。"
                "投资以亿元计，时间以月计。",
            )
        got_en, got_zh = "", ""
        if len(named) > 1:
            got_en = f"; got {' and '.join(named)}"
            got_zh = f"；现有{'、'.join(named)}"
        raise ScenarioError(
            f"{type(self).__name__}: name the works in one way{got_en}: the id of a work "
            "(target), or category=, unit= (the office that leads them) or all=True.",
            f"请用一种方式指明项目{got_zh}：项目编号target，或category（类别）、"
            "unit（牵头单位）、all = true。",
        )

    @property
    def selector(self) -> tuple[str, str]:
        """Which works: ("id" | "category" | "unit" | "all", name)."""
        for kind, name in (("id", self.target), ("category", self.category), ("unit", self.unit)):
            if name is not None:
                return kind, name
        return "all", ""


def is_measure(unit: str) -> bool:
    """Return whether a text is a unit of measure, such as 亿元."""
    return bool(unit.strip()) and scale(tidy(unit)) is not None


def all_text(names: list[object]) -> bool:
    """Return whether every name is a text with something in it."""
    return all(isinstance(name, str) and name.strip() for name in names)


# Numbers and distributions that a change may carry, and how others are refused.


class _Unsaid(float):
    """A number that was not given; help() shows it as one that must be."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<required>"


UNSAID = _Unsaid("nan")
"""Stands where an amount was left out."""


class ScenarioError(CorridorError, ValueError):
    """A change that makes no sense by itself."""


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
    months: Number = UNSAID
    mode: Literal["move", "stretch"] = "move"

    def __post_init__(self) -> None:
        super(Delay, self).__post_init__()
        object.__setattr__(self, "months", months_of(self, self.months))
        if not isinstance(self.mode, str) or self.mode not in MODES:
            raise ScenarioError(
                f"Delay: mode is move or stretch; got {short(self.mode)}.",
                f"mode应为move（平移）或stretch（拉长）；得到{short(self.mode)}。",
            )


@dataclass(frozen=True, slots=True)
class Accelerate(WorkChange):
    """Works end earlier; nothing begins before ``since``, so running works are compressed."""

    field: ClassVar[str] = "schedule"
    months: Number = UNSAID

    def __post_init__(self) -> None:
        super(Accelerate, self).__post_init__()
        object.__setattr__(self, "months", months_of(self, self.months))


@dataclass(frozen=True, slots=True)
class Overrun(WorkChange):
    """Works cost ``factor`` times as much; 1.204 is 20.4 % dearer. Progress stays (S12)."""

    field: ClassVar[str] = "factor"
    factor: Number = UNSAID

    def __post_init__(self) -> None:
        super(Overrun, self).__post_init__()
        object.__setattr__(self, "factor", factor_of(self, self.factor))


@dataclass(frozen=True, slots=True)
class Cancel(WorkChange):
    """Nothing more is built or spent after ``since``."""

    field: ClassVar[str] = "cancelled"


@dataclass(frozen=True, slots=True)
class SetInvestment(WorkChange):
    """A planned total in 亿元 in place of the printed or unknown one (origin ``user``)."""

    field: ClassVar[str] = "investment"
    value: float = UNSAID

    def __post_init__(self) -> None:
        super(SetInvestment, self).__post_init__()
        object.__setattr__(self, "value", amount(self, "value", self.value, certain=True))


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
            given = getattr(self, name)
            if given is not None and given != "":
                object.__setattr__(self, name, date_of(given, last=name == "end"))
            else:
                object.__setattr__(self, name, "")
        if not self.start and not self.end:
            raise ScenarioError(
                'SetDates lacks start and end: give one or both, such as end = "2024-06".',
                '缺少start（开工）和end（完工）：至少写一个，如end = "2024-06"。',
            )
        if self.start and self.end and start_of(self.start) >= end_of(self.end):
            raise ScenarioError(
                f"SetDates: {self.end} lies before {self.start}.",
                f"完工{date_text(self.end)}早于开工{date_text(self.start)}。",
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
                f"SetProfile: give a profile, such as SCurve(); got {short(self.profile)}.",
                f"请给出投资曲线，如SCurve()；得到{short(self.profile)}。",
            )


@dataclass(frozen=True, slots=True)
class AsPlanned(WorkChange):
    """Takes back what was changed of works: ``what`` is a field such as ``schedule``."""

    what: str = ""

    def __post_init__(self) -> None:
        super(AsPlanned, self).__post_init__()
        if not isinstance(self.what, str) or self.what not in WORK_FIELDS:
            raise ScenarioError(
                f"AsPlanned: what is one of {', '.join(WORK_FIELDS)}; got {short(self.what)}.",
                f"what应为{'、'.join(WORK_FIELDS)}之一；得到{short(self.what)}。",
            )

    @property
    def field(self) -> str:  # type: ignore[override]
        """The field taken back."""
        return self.what


WORK_CHANGES: tuple[type[WorkChange], ...] = (
    Delay,
    Accelerate,
    Overrun,
    Cancel,
    SetInvestment,
    SetDates,
    SetProfile,
    AsPlanned,
)


# Changes of indicators: their growth, start, target, and what works do to them.


def _finite(change: object, *names: str) -> None:
    for name in names:
        made = finite(getattr(change, name))
        if made is None:
            got = short(getattr(change, name))
            raise ScenarioError(
                f"{type(change).__name__}: {name} must be a finite number; got {got}.",
                f"{name}应为有限的数字；得到{got}。",
            )
        object.__setattr__(change, name, made)


def _year(change: object, name: str, *, optional: bool) -> None:
    value = getattr(change, name)
    if value is None and optional:
        return
    year = _year_text(value) if isinstance(value, str) else whole(value)
    if year is None or not 1900 <= year <= 2200:
        raise ScenarioError(
            f"{type(change).__name__}: {name} must be a year, such as 2019; got {short(value)}.",
            f"{name}应为年份，如2019；得到{short(value)}。",
        )
    object.__setattr__(change, name, year)


def _year_text(text: str) -> int | None:
    """Return a year as tables and dates have it: 2019, 2019年."""
    try:
        return parse_year(text)
    except CellError:
        return None


def _names_an_indicator(change: object, name: object) -> None:
    if not isinstance(name, str) or not name.strip():
        raise ScenarioError(
            f"{type(change).__name__}: give the id of an indicator.", "请写明指标编号。"
        )


@dataclass(frozen=True, slots=True)
class AimChange(Change):
    """A change of one indicator, by id."""

    indicator: str

    def __post_init__(self) -> None:
        _names_an_indicator(self, self.indicator)

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
    mean: float = 0.0
    sd: float = 0.0
    from_year: int | None = None

    def __post_init__(self) -> None:
        super(SetGrowth, self).__post_init__()
        _finite(self, "mean", "sd")
        _year(self, "from_year", optional=True)
        fast = too_fast(self.mean, self.sd)
        if fast is not None:
            meant = fraction_meant(fast)
            raise ScenarioError(
                f"SetGrowth: mean and sd are yearly fractions. {meant}",
                f"mean和sd是年增速的小数。{meant.text('zh')}",
            )
        if self.mean <= -1:
            raise ScenarioError(
                f"SetGrowth: mean must be above -1, which loses everything; got {self.mean:g}.",
                f"mean应大于-1（-1即全部归零）；得到{self.mean:g}。",
            )
        if self.sd < 0:
            raise ScenarioError(
                f"SetGrowth: sd is negative ({self.sd:g}).", f"sd（标准差）为负（{self.sd:g}）。"
            )


@dataclass(frozen=True, slots=True)
class SetBaseline(AimChange):
    """A starting value, in the unit of the indicator (origin ``user``)."""

    field: ClassVar[str] = "baseline"
    year: int = 2019
    value: float = 0.0

    def __post_init__(self) -> None:
        super(SetBaseline, self).__post_init__()
        _finite(self, "value")
        _year(self, "year", optional=False)

    @property
    def part(self) -> str:
        """One field a year."""
        return f"baseline {self.year}"


@dataclass(frozen=True, slots=True)
class SetTarget(AimChange):
    """Another value, or year, of the last target due; its direction stays."""

    field: ClassVar[str] = "target"
    value: float = 0.0
    year: int | None = None

    def __post_init__(self) -> None:
        super(SetTarget, self).__post_init__()
        _finite(self, "value")
        _year(self, "year", optional=True)


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
                f"AsForecast: what is growth, target or «baseline 2019»; got {self.what!r}.",
                f"what应为growth、target或“baseline 2019”；得到{self.what!r}。",
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
    indicator: str = ""
    per_unit: float = 0.0
    lag: float = 0.0
    _: KW_ONLY
    decay: float = 1.0

    def __post_init__(self) -> None:
        super(SetEffect, self).__post_init__()
        _finite(self, "per_unit", "lag", "decay")
        _names_an_indicator(self, self.indicator)
        if self.lag < 0 or self.lag != int(self.lag) or not 0 <= self.decay <= 1:
            raise ScenarioError(
                "SetEffect: lag is whole years of at least 0, decay lies in 0-1.",
                "lag应为不小于0的整年数，decay在0与1之间。",
            )


@dataclass(frozen=True, slots=True)
class EffectAsPlanned(WorkChange):
    """Takes back what was changed of the effects of works on an indicator."""

    field: ClassVar[str] = "effect"
    indicator: str = ""

    def __post_init__(self) -> None:
        super(EffectAsPlanned, self).__post_init__()
        _names_an_indicator(self, self.indicator)


AIM_CHANGES: tuple[type[AimChange], ...] = (SetGrowth, SetBaseline, SetTarget, AsForecast)
EFFECT_CHANGES: tuple[type[WorkChange], ...] = (SetEffect, EffectAsPlanned)


Number = float | Distribution


def months_of(change: object, months: object) -> Number:
    """Return checked months: at least 0, in every draw."""
    made = amount(change, "months", months, zero=True)
    highest = too_long(made)
    if highest is not None:
        raise ScenarioError(
            f"{type(change).__name__}: {highest:g} months are more than a hundred years.",
            f"{highest:g}个月超过一百年，请核对月数。",
        )
    return made


def factor_of(change: object, factor: object) -> Number:
    """Return a checked factor on money: above 0 in every draw, and no percentage."""
    made = amount(change, "factor", factor)
    if free(made):
        raise ScenarioError(
            f"{type(change).__name__}: factor {short(made)} may be 0: must be above 0. "
            "To drop works: Cancel.",
            f"factor的分布{short(made)}可能为0，应大于0。取消项目请用cancel。",
        )
    middle = too_dear(made)
    if middle is not None:
        raise ScenarioError(
            f"{type(change).__name__}: factor {middle:g} makes works {middle:g} times as dear. "
            "20 % dearer is 1.2.",
            f"factor为{middle:g}，即投资变为{middle:g}倍。贵20%应写1.2。",
        )
    return made


def amount(
    change: object, name: str, value: object, *, zero: bool = False, certain: bool = False
) -> Number:
    """Return a number or distribution that cannot be negative.

    Raises
    ------
    ScenarioError
        If it is anything else.
    """
    kind = type(change).__name__
    if value is UNSAID:
        raise ScenarioError(f"{kind} lacks {name}.", f"缺少{name}。")
    if isinstance(value, Distribution) and value.lowest == value.highest:
        value = value.lowest
    if isinstance(value, Distribution) and not certain:
        if value.lowest < 0:
            raise ScenarioError(
                f"{kind}: {name} {value!r} can be negative. Use a distribution that begins at 0, "
                "such as PERT, Triangular or Lognormal."
                + (" To bring works forward use Accelerate." if zero else ""),
                f"{name}的分布{value!r}可能为负。请用从0起的分布，如pert、triangular、lognormal。"
                + ("要提前请用accelerate。" if zero else ""),
            )
        return value
    made = finite(value)
    if made is None:
        what = "a number" if certain else "a number or a Distribution"
        raise ScenarioError(
            f"{kind}: {name} must be {what}; got {short(value)}.",
            f"{name}应为数字{'' if certain else '或分布'}；得到{short(value)}。",
        )
    if made < 0 or (made == 0 and not zero):
        if zero:
            late = kind == "Delay"
            hint = "use Accelerate to bring works forward" if late else "use Delay"
            raise ScenarioError(
                f"{kind}: {name} is negative ({made:g}); {hint}.",
                f"{name}为负（{made:g}）；{'提前请用accelerate' if late else '推迟请用delay'}。",
            )
        raise ScenarioError(
            f"{kind}: {name} must be above 0; got {made:g}. To drop works: Cancel.",
            f"{name}应大于0；得到{made:g}。取消项目请用cancel。",
        )
    return made


# Which works a change means, and what is wrong with a name.

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
        yield two_language_problem(zh, en, *_meant(indicator, plan.indicators, "indicators"), where)


def _no_works(change: WorkChange, plan: Plan, where: str) -> Problem:
    kind, name = change.selector
    if kind == "all":
        return two_language_problem("本规划没有项目。", "the plan has no works.", file=where)
    if kind == "id":
        zh, en = f"没有编号为“{name}”的项目。", f"there is no work {name!r}."
        return two_language_problem(zh, en, *_meant(name, plan.projects, "projects"), where)
    works = plan.projects.values()
    if kind == "category":
        known = sorted({work.category for work in works})
        return _no_category(name, known, where)
    known = sorted({unit for work in works for unit in work.lead_units})
    zh, en = f"没有由“{name}”牵头的项目。", f"no work is led by {name!r}."
    near, listed = nearest(name, known), known[:LISTED]
    return two_language_problem(
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
        return two_language_problem(*said, *listed, where)
    if near == short:
        return two_language_problem(*said, f"请写{meant}。", f"Write {meant!r}.", where)
    own = CHOICES_ZH.get(meant, ("",))[0]
    zh = f"是否应为{meant}（{own}）？" if own else f"是否应为{meant}？"
    return two_language_problem(*said, zh, f"Did you mean {meant!r}?", where)


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
    return two_language_problem(
        f"“{work}”在{date_text(since)}之前已完工，不能取消。",
        f"{work!r} was finished before {since} and cannot be cancelled.",
        "请删去这项改动，或提前since。",
        "Leave this change out, or set an earlier since.",
        where,
    )
