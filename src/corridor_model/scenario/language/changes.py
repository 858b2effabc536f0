"""What can be changed in a plan, one frozen value each: data, never code.

A change of works names them by id, or by ``category=``, ``unit=`` (the works it leads) or
``all=True``. It carries a number or a distribution. Nothing is looked up here; what a change
means for a plan is said by :mod:`corridor_model.scenario.works.resolve`.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np

from corridor_model.finite import short
from corridor_model.plan.units import scale, tidy
from corridor_model.scenario.language.amounts import (
    UNSAID,
    Number,
    ScenarioError,
    amount,
    factor_of,
    months_of,
)
from corridor_model.scenario.language.months import date_of, date_text, end_of, start_of
from corridor_model.scenario.language.profiles import Profile

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
