"""A scenario: a name, changes, and from when they count. Immutable and hashable."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from corridor_model.finite import finite, short, whole
from corridor_model.plan.limits import LONGEST
from corridor_model.scenario.language.amounts import ScenarioError
from corridor_model.scenario.language.changes import Change
from corridor_model.scenario.language.months import date_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

AS_PLANNED = "plan"
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
        if self.since is not None and not (
            isinstance(self.since, str) and self.since == AS_PLANNED
        ):
            object.__setattr__(self, "since", date_of(self.since))
        for name, low, high in (("escalation", -0.5, 1.0), ("paired", 0, 1), ("common", 0, 1)):
            given = getattr(self, name)
            if given is None:
                continue
            value = finite(given)
            if value is None:
                got = short(given)
                raise ScenarioError(
                    f"{name} must be a number; got {got}.", f"{name}应为数字；得到{got}。"
                )
            if not low <= value <= high:
                raise ScenarioError(
                    f"{name} must lie within {low:g} and {high:g}; got {value:g}.",
                    f"{name}应在{low:g}与{high:g}之间；得到{value:g}。",
                )
            object.__setattr__(self, name, value)
        if (self.paired or 0) ** 2 + (self.common or 0) ** 2 > 1:
            raise ScenarioError(
                "paired² + common² must not exceed 1: they are shares of variance.",
                "paired与common的平方和不能超过1：它们是方差的份额。",
            )
        if self.duration is None:
            return
        months = whole(self.duration)
        if months is None or months < 0:
            raise ScenarioError(
                f"duration is a number of months, at least 0; got {short(self.duration)}.",
                f"duration（工期）应为不小于0的整月数；得到{short(self.duration)}。",
            )
        if months > LONGEST:
            raise ScenarioError(
                f"duration: {months:g} months are more than a hundred years.",
                f"duration（工期）为{months:g}个月，超过一百年，请核对月数。",
            )
        object.__setattr__(self, "duration", months)

    def __add__(self, later: Settings) -> Settings:
        said = {f.name: getattr(later, f.name) for f in fields(later)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True, init=False)
class Scenario:
    """What if: changes to a plan, as data.

    Parameters
    ----------
    name : str
        Short name; the coordinate of results.
    *changes : Change
        In order; a later one wins where both set the same field of the same work or
        indicator.
    since, escalation, paired, common, duration
        See `Settings`.
    name_zh, why_zh, why_en : str
        A Chinese name, and one sentence each of why this scenario is asked.

    Attributes
    ----------
    file : str or None
        Name of the file it was read from, empty for TOML text; None where it was made here.
        Scenarios that differ in it alone are the same.

    Notes
    -----
    ``a + b`` applies b after a. ``a.diff(b)`` is what must be added to a to mean b.

    Examples
    --------
    >>> from corridor_model.scenario.language.changes import Cancel, Delay
    >>> late = Scenario("late", Delay("jinliwen_expressway", months=12))
    >>> less = Scenario("less", Cancel(category="public_transport"))
    >>> (late + less).name, len((late + less).changes)
    ('late + less', 2)
    """

    name: str
    changes: tuple[Change, ...]
    settings: Settings
    name_zh: str
    why_zh: str
    why_en: str
    file: str | None = field(default=None, compare=False, repr=False)

    def __init__(
        self,
        name: str,
        *changes: Change,
        name_zh: str = "",
        why_zh: str = "",
        why_en: str = "",
        settings: Settings | None = None,
        **said: Any,
    ):
        if not isinstance(name, str) or not name.strip():
            raise ScenarioError("A scenario needs a name.", "情景缺少名称（name）。")
        wrong = [change for change in changes if not isinstance(change, Change)]
        if wrong:
            raise ScenarioError(
                f"Scenario {name!r}: {short(wrong[0])} is not a change.",
                f"情景“{name}”：{short(wrong[0])}不是一项改动。",
            )
        for text, words in (("name_zh", name_zh), ("why_zh", why_zh), ("why_en", why_en)):
            if not isinstance(words, str):
                raise ScenarioError(
                    f"Scenario {name!r}: {text} must be text; got {short(words)}.",
                    f"情景“{name}”：{text}应为文字；得到{short(words)}。",
                )
        if settings is not None and not isinstance(settings, Settings):
            raise ScenarioError(
                f"Scenario {name!r}: settings must be Settings; got {short(settings)}. "
                "Single ones are given by name, such as since='2021-07'.",
                f"情景“{name}”：settings应为Settings；得到{short(settings)}。"
                "单项设定请按名称给出，如since='2021-07'。",
            )
        unknown = sorted(set(said) - {f.name for f in fields(Settings)})
        if unknown:
            raise ScenarioError(
                f"Scenario {name!r} has no setting {unknown[0]!r}. Settings: "
                f"{', '.join(f.name for f in fields(Settings))}.",
                f"情景“{name}”没有名为{unknown[0]!r}的设定。可用："
                f"{'、'.join(f.name for f in fields(Settings))}。",
            )
        held = Settings(**said) if settings is None else settings + Settings(**said)
        for part, value in (
            ("name", name.strip()),
            ("changes", tuple(changes)),
            ("settings", held),
            ("name_zh", name_zh.strip()),
            ("why_zh", why_zh.strip()),
            ("why_en", why_en.strip()),
            ("file", None),
        ):
            object.__setattr__(self, part, value)

    @property
    def since(self) -> str | None:
        """Date from which changes count; None is the plan's first day."""
        return self.settings.since

    def title(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``."""
        return self.name_zh or self.name if lang == "zh" else self.name

    def __add__(self, later: Scenario) -> Scenario:
        if not isinstance(later, Scenario):
            return NotImplemented
        return Scenario(
            f"{self.name} + {later.name}",
            *self.changes,
            *later.changes,
            settings=self.settings + later.settings,
            name_zh=f"{self.title('zh')}＋{later.title('zh')}"
            if self.name_zh or later.name_zh
            else "",
            why_zh=self.why_zh + later.why_zh,
            why_en=f"{self.why_en} {later.why_en}".strip(),
        )

    def diff(self, other: Scenario, plan: Plan | None = None) -> Scenario:
        """Return what must be added to this scenario to mean another.

        See :func:`corridor_model.scenario.works.difference.diff`.
        """
        from corridor_model.scenario.works.difference import diff

        must_be_scenario(other)
        return diff(self, other, plan)

    def text(self, plan: Plan | None = None, lang: str = "zh") -> list[str]:
        """Return the scenario in words, one line a change, in ``"zh"`` or ``"en"``."""
        from corridor_model.scenario.language.words import scenario_text

        return scenario_text(self, plan, lang)

    def to_toml(self) -> str:
        """Return the scenario as a TOML file of one."""
        from corridor_model.scenario.language.toml_writing import scenarios_to_toml

        return scenarios_to_toml([self])


def must_be_scenario(given: object) -> None:
    """Refuse what is no scenario.

    Raises
    ------
    ScenarioError
        If it is anything else.
    """
    if not isinstance(given, Scenario):
        raise ScenarioError(
            f"A Scenario is needed; got {short(given)}. load_scenarios reads them from a file.",
            f"此处应为情景（Scenario）；得到{short(given)}。load_scenarios可从文件载入。",
        )
