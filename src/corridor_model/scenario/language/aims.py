"""Changes of indicators: their growth, start, target, and what works do to them."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from corridor_model.finite import finite, short, whole
from corridor_model.plan.cells import CellError, parse_year
from corridor_model.plan.limits import fraction_meant, too_fast
from corridor_model.scenario.language.amounts import ScenarioError
from corridor_model.scenario.language.changes import Change, WorkChange


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
            zh, en = fraction_meant(fast)
            raise ScenarioError(
                f"SetGrowth: mean and sd are yearly fractions. {en}",
                f"mean和sd是年增速的小数。{zh}",
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
