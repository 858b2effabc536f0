"""A scenario: a name, changes, and from when they count. Immutable and hashable."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.distributions import Distribution, distribution_to_toml
from corridor_model.errors import CorridorError, Problem, finite, short, two_language_problem, whole
from corridor_model.messages import Name
from corridor_model.periods import date_of
from corridor_model.plan.uncertainties import LONGEST
from corridor_model.scenario.changes import (
    AIM_CHANGES,
    EFFECT_CHANGES,
    WORK_CHANGES,
    Change,
    ScenarioError,
)
from corridor_model.scenario.profiles import Profile, profile_to_toml
from corridor_model.tabular.names import nearest

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


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
    >>> from corridor_model.scenario.changes import Cancel, Delay
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

        See :func:`corridor_model.scenario.difference.diff`.
        """
        from corridor_model.scenario.difference import diff

        must_be_scenario(other)
        return diff(self, other, plan)

    def text(self, plan: Plan | None = None, lang: str = "zh") -> list[str]:
        """Return the scenario in words, one line a change, in ``"zh"`` or ``"en"``."""
        from corridor_model.text.scenario import scenario_text

        return scenario_text(self, plan, lang)

    def to_toml(self) -> str:
        """Return the scenario as a TOML file of one."""
        return scenarios_to_toml([self])


AS_PLANNED_SCENARIO = Scenario("as planned")
"""The plan as it stands, by the name that results carry."""


def changes_nothing(scenario: Scenario) -> bool:
    """Return whether a scenario is the plan as it stands, whatever it is called."""
    return not scenario.changes and scenario.settings == Settings()


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


# Scenarios written as TOML, and the words that name changes in a file.

CHANGE_WORDS: dict[type[Change], str] = {}
for _kind in (*WORK_CHANGES, *AIM_CHANGES, *EFFECT_CHANGES):
    CHANGE_WORDS[_kind] = "".join(
        f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(_kind.__name__)
    )
KINDS: dict[str, type[Change]] = {word: kind for kind, word in CHANGE_WORDS.items()}
"""Every change by the word that names it in a file: ``delay``, ``set_growth`` ..."""

TEXTS = ("name", "name_zh", "why_zh", "why_en")
SETTINGS = tuple(field.name for field in fields(Settings))


def scenarios_to_toml(scenarios: Iterable[Scenario]) -> str:
    """Return scenarios as the text of a TOML file; :func:`scenarios_from_toml` reads it back."""
    return "\n".join(_scenario_text(scenario) for scenario in scenarios)


def _scenario_text(scenario: Scenario) -> str:
    lines = ["[[scenario]]"]
    lines += [f"{k} = {_toml(v)}" for k in TEXTS if (v := getattr(scenario, k))]
    lines += [
        f"{name} = {_toml(value)}"
        for name in SETTINGS
        if (value := getattr(scenario.settings, name)) is not None
    ]
    for change in scenario.changes:
        lines += ["", "[[scenario.change]]", f"change = {_toml(CHANGE_WORDS[type(change)])}"]
        for field_ in fields(change):
            value = getattr(change, field_.name)
            if value is not None and value is not False and value != "":
                lines.append(f"{field_.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """Return one value as TOML; floats that are whole numbers stay floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Distribution):
        value = distribution_to_toml(value)
    if isinstance(value, Profile):
        value = profile_to_toml(value)
    return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"


# The words of scenario files: changes and entries, as people write them, and where one stands.

CHANGES_ZH: dict[str, tuple[str, ...]] = {
    "delay": ("推迟", "延期", "延迟", "延后", "推后", "滞后", "缓建"),
    "accelerate": ("提前", "加快", "加速"),
    "overrun": ("超支", "超概算", "涨价", "造价"),
    "cancel": ("取消", "停建", "不建"),
    "set_investment": ("设定总投资", "总投资", "投资"),
    "set_dates": ("设定起止", "起止", "起止时间", "工期", "开工", "完工"),
    "set_profile": ("设定投资曲线", "投资曲线", "投资进度"),
    "as_planned": ("恢复原计划", "按计划"),
    "set_growth": ("设定增速", "增速", "增长"),
    "set_baseline": ("设定基期值", "基期值", "基期"),
    "set_target": ("设定目标值", "目标值", "目标"),
    "as_forecast": ("恢复原预测",),
    "set_effect": ("设定项目影响", "项目影响", "影响"),
    "effect_as_planned": ("恢复原影响",),
}
"""What each change is called in Chinese; messages show the first."""

SELECTORS = ("target", "category", "unit", "all")
_WRITTEN = {
    "value": ("amount", "investment", "money", "total", "cost", "baseline", "金额", "总投资"),
    "months": ("delay", "duration", "time", "月数", "个月"),
    "factor": ("amount", "overrun", "ratio", "times", "percent", "value", "cost", "倍数"),
    "mean": ("growth", "rate", "value", "amount", "percent", "average", "增速"),
    "sd": ("std", "sigma", "stdev", "deviation", "标准差"),
    "from_year": ("year", "start", "from", "since"),
    "per_unit": ("effect", "value", "amount", "影响"),
    "target": ("project", "work", "works", "id", "name", "项目", "工程"),
    "indicator": ("target", "aim", "id", "name", "goal", "指标"),
    "start": ("begin", "from", "开工"),
    "end": ("finish", "until", "to", "completion", "完工"),
    "profile": ("curve", "shape", "曲线"),
    "what": ("field", "part"),
    "category": ("kind", "type", "class", "类别"),
    "unit": ("office", "department", "lead", "led_by", "单位", "牵头单位"),
}
MEANT: dict[str, tuple[str, ...]] = {}
"""Entries by what people write for them; of several, that which the change takes."""
for _name, _said_so in _WRITTEN.items():
    for _other in _said_so:
        MEANT[_other] = (*MEANT.get(_other, ()), _name)

_CLASSES = {kind.__name__: word for kind, word in CHANGE_WORDS.items()}
_CLASS = re.compile(rf"\b(?:{'|'.join(_CLASSES)})\b")
_PREFIX = re.compile(rf"\A(?:{'|'.join(_CLASSES)}):? ")


def where_of(scenario: Scenario, place: int, change: Change) -> str:
    """Return where a change stands, as its author wrote it: file, scenario, number, word."""
    if scenario.file is None:
        return f"{scenario.name} #{place} {type(change).__name__}"
    return f"{scenario.file} {scenario.name} #{place} {CHANGE_WORDS[type(change)]}".strip()


def in_words_of_files(problem: Problem) -> Problem:
    """Return a problem that calls changes as files do: ``delay``, where Python says Delay."""
    what, remedy = (
        _CLASS.sub(lambda found: _CLASSES[found[0]], text)
        for text in (_PREFIX.sub("", problem.what_en), problem.remedy_en)
    )
    return replace(
        problem,
        what=Name(problem.what_zh, what),
        remedy=Name(problem.remedy_zh, remedy),
    )


def known_changes() -> tuple[str, str]:
    """Return every change, in Chinese with what it is called there, and in English."""
    listed = "、".join(f"{CHANGES_ZH[word][0]} {word}" for word in KINDS)
    return f"可用：{listed}。", f"Known: {', '.join(KINDS)}."


def unknown_change(where: str, word: object) -> Problem:
    """Return the problem of a change that there is not, with the one that was likely meant."""
    said = word.strip().lower() if isinstance(word, str) else ""
    meant = next((one for one, names in CHANGES_ZH.items() if said in names), "")
    if not meant:  # «推迟12个月»: what it begins with, the longest first
        begun = [(name, one) for one, names in CHANGES_ZH.items() for name in names]
        meant = next(
            (one for name, one in sorted(begun, key=_longest) if said.startswith(name)), ""
        )
    near = "" if meant or not said else nearest(said, list(KINDS))
    if meant:
        hint = f"请写{meant}。", f"Write {meant!r}."
    elif near:
        hint = f"是否应为{near}（{CHANGES_ZH[near][0]}）？", f"Did you mean {near!r}?"
    else:
        hint = known_changes()
    got = short(word)
    return two_language_problem(
        f"没有名为{got}的改动。", f"there is no change {got}.", *hint, where
    )


def _longest(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def unknown_entry(where: str, key: str, known: Sequence[str]) -> Problem:
    """Return the problem of an entry that a change does not take, with all those it takes."""
    meant = next((one for one in MEANT.get(key.lower(), ()) if one in known), "")
    near = meant or nearest(key, [name for name in known if name not in SELECTORS[1:]])
    listed_zh, listed_en = f"可用：{'、'.join(known)}。", f"It takes {', '.join(known)}."
    return two_language_problem(
        f"没有名为{key!r}的项。",
        f"there is no entry {key!r}.",
        f"是否应为{near}？{listed_zh}" if near else listed_zh,
        f"Did you mean {near!r}? {listed_en}" if near else listed_en,
        where,
    )


# What a question about scenarios is asked with, checked: scenarios, quantiles, threads.

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def listed_scenarios(scenarios: Scenario | Iterable[Scenario] | None) -> list[Scenario]:
    """Return scenarios as a list, each name once.

    Raises
    ------
    CorridorError
        If there is none, one is no scenario, or two share a name.
    """
    if scenarios is None:
        return [Scenario(AS_PLANNED_SCENARIO.name, name_zh="按计划")]
    single = isinstance(scenarios, (Scenario, str)) or not isinstance(scenarios, Iterable)
    listed: list[Scenario] = [scenarios] if single else list(scenarios)  # type: ignore[list-item, arg-type]
    if not listed or not all(isinstance(one, Scenario) for one in listed):
        raise CorridorError(
            "scenarios must be one or more Scenario values; load_scenarios reads them from a file.",
            "请给出一个或多个情景；load_scenarios可从文件载入。",
        )
    names = [one.name for one in listed]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise CorridorError(
            f"Two scenarios are called {doubled[0]!r}. Rename one.",
            f"有两个名为“{doubled[0]}”的情景。请改名。",
        )
    return listed


def checked_quantiles(quantiles: Sequence[float]) -> Array:
    """Return quantile levels in ascending order.

    Raises
    ------
    CorridorError
        If one is not strictly between 0 and 1, or given twice.
    """
    try:
        levels = np.sort(np.atleast_1d(np.asarray(quantiles, dtype=np.float64)))
    except (TypeError, ValueError):
        levels = np.zeros(0)
    good = levels.ndim == 1 and len(levels) and bool(((levels > 0) & (levels < 1)).all())
    if not good or len(np.unique(levels)) != len(levels):
        raise CorridorError(
            f"quantiles must lie between 0 and 1, each once; got {quantiles!r}.",
            f"分位数应在0与1之间且不重复；得到{quantiles!r}。",
        )
    return levels


def checked_threads(threads: int | None) -> int:
    """Return a number of threads; None is as many as there are processors.

    Raises
    ------
    CorridorError
        If it is no whole number of at least 1.
    """
    if threads is None:
        return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    made = whole(threads)
    if made is None or made < 1:
        raise CorridorError(
            f"threads must be a whole number of at least 1; got {short(threads)}.",
            f"线程数应为不小于1的整数；得到{short(threads)}。",
        )
    return made
