"""A scenario in words, Chinese and English: what a director reads before the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.distributions import Distribution, Lognormal, Normal
from corridor_model.plan.kinds import printed_text, value_text
from corridor_model.rounding import percent, plain
from corridor_model.scenario.language.aims import (
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
    Change,
    Delay,
    Overrun,
    SetDates,
    SetInvestment,
    SetProfile,
    WorkChange,
)
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.language.months import date_text
from corridor_model.scenario.language.number_words import (
    MONTHS,
    course_text,
    number_text,
    profile_text,
)

if TYPE_CHECKING:
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan

LANGS = ("zh", "en")
CATEGORIES = {
    "road": ("道路项目", "roads"),
    "public_transport": ("公共交通项目", "public transport works"),
    "environment": ("环境整治项目", "environment works"),
}
FIELDS = {
    "schedule": ("工期", "schedule"),
    "factor": ("造价", "cost"),
    "investment": ("总投资", "investment"),
    "dates": ("起止时间", "dates"),
    "profile": ("投资进度曲线", "spending profile"),
    "growth": ("增速", "growth"),
    "target": ("目标值", "target"),
}


def scenario_text(scenario: Scenario, plan: Plan | None = None, lang: str = "zh") -> list[str]:
    """Return a scenario in words: why, its settings, one line a change.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = Scenario("late", Delay("jinliwen_expressway", months=12))
    >>> scenario_text(late, cm.load_plan(), "zh")
    ['金丽温高速公路东延线推迟12个月，工期不变']
    >>> scenario_text(late, cm.load_plan(), "en")
    ['Jinliwen Expressway eastern extension (G1513): 12 months later, duration kept']
    """
    zh = lang == "zh"
    why = scenario.why_zh if zh else scenario.why_en
    lines = [why] if why else []
    lines += _settings(scenario, zh)
    lines += [change_text(change, plan, lang) for change in scenario.changes]
    return lines or ["与计划一致" if zh else "as planned"]


def _settings(scenario: Scenario, zh: bool) -> list[str]:
    held, lines = scenario.settings, []
    if held.since not in {None, "plan"}:
        lines.append(
            f"{date_text(held.since)}以前已完成的投资不变"
            if zh
            else f"what was spent before {held.since} stays"
        )
    if held.escalation:
        said = percent(held.escalation, 1)
        lines.append(
            f"移到别的年份的投资按每年{said}调价"
            if zh
            else f"money that moves is dearer by {said} a year"
        )
    for name, words in (
        ("paired", ("同一项目的超支与推迟相关", "overrun and delay of one work correlate")),
        ("common", ("各项目的超支与推迟相关", "overruns and delays of all works correlate")),
    ):
        value = getattr(held, name)
        if value:
            by = plain(round(value**2, 4))
            lines.append(f"{words[0]}（相关系数{by}）" if zh else f"{words[1]} ({by})")
    if held.duration:
        lines.append(
            f"只印了开工或完工的项目，另一个日期按工期{held.duration}个月推算"
            if zh
            else f"a date that is not printed lies {held.duration} months from the other"
        )
    return lines


def change_text(change: Change, plan: Plan | None = None, lang: str = "zh") -> str:
    """Return one change in words."""
    at = 0 if lang == "zh" else 1
    if isinstance(change, WorkChange):
        told = _work_text(change, plan, at)
        who = _who(change, plan, at)
        return f"{who}{told}" if at == 0 else f"{who}: {told}"
    indicator = str(getattr(change, "indicator", ""))
    told = _aim_text(change, None if plan is None else plan.indicators.get(indicator), at)
    name = _indicator(indicator, plan, at)
    return f"{name}：{told}" if at == 0 else f"{name}: {told}"


def _who(change: WorkChange, plan: Plan | None, at: int) -> str:
    kind, name = change.selector
    if kind == "all":
        return ("全部项目", "all works")[at]
    if kind == "category":
        return CATEGORIES.get(name, (name, name))[at]
    if kind == "unit":
        return (f"{name}牵头的项目", f"works led by {name}")[at]
    if plan is not None and name in plan.projects:
        return plan.projects[name].name(("zh", "en")[at])
    return name


def _indicator(name: str, plan: Plan | None, at: int) -> str:
    if plan is not None and name in plan.indicators:
        return plan.indicators[name].name(("zh", "en")[at])
    return name


def _work_text(change: WorkChange, plan: Plan | None, at: int) -> str:
    match change:
        case Delay():
            kept = (
                ("工期不变", "开工不变")[change.mode == "stretch"],
                ("duration kept", "start kept")[change.mode == "stretch"],
            )[at]
            moved = _moved(change.months, ("推迟", "later")[at], at)
            pause = "; " if isinstance(change.months, Distribution) else ", "
            return moved + ("，", pause)[at] + kept
        case Accelerate():
            return _moved(change.months, ("提前", "earlier")[at], at)
        case Overrun():
            by = factor_text(change.factor, at)
            return (f"造价{by}", f"cost {by}")[at]
        case Cancel():
            return ("取消", "cancelled")[at]
        case SetInvestment():
            return (
                f"总投资改为{plain(change.value)}亿元",
                f"investment {plain(change.value)} 亿元",
            )[at]
        case SetDates():
            return _dates_text(change, at)
        case SetProfile():
            shape = profile_text(change.profile, at)
            return (f"投资进度曲线改为{shape}", f"spending profile {shape}")[at]
        case SetEffect():
            return _effect_text(change, plan, at)
        case EffectAsPlanned():
            name = _indicator(change.indicator, plan, at)
            return (f"对{name}的影响恢复原设定", f"effect on {name} as it was")[at]
        case AsPlanned(what="cancelled"):
            return ("恢复实施", "not cancelled")[at]
        case AsPlanned():
            word = FIELDS[change.field][at]
            return (f"{word}恢复原计划", f"{word} as planned")[at]
    return repr(change)


def _dates_text(change: SetDates, at: int) -> str:
    if not change.end:
        return (f"开工改为{date_text(change.start)}", f"starts {change.start}")[at]
    if not change.start:
        return (f"完工改为{date_text(change.end)}", f"ends {change.end}")[at]
    return (
        f"起止改为{date_text(change.start)}至{date_text(change.end)}",
        f"from {change.start} to {change.end}",
    )[at]


def _effect_text(change: SetEffect, plan: Plan | None, at: int) -> str:
    name = _indicator(change.indicator, plan, at)
    if not change.per_unit:
        return (f"对{name}没有影响", f"no effect on {name}")[at]
    own = None if plan is None else plan.indicators.get(change.indicator)
    by, when = _effect(change.per_unit, own, at), course_text(change.lag, change.decay, at)
    return (
        f"每完成1亿元投资，{name}{by}{when}",
        f"{by} of {name} per 亿元 carried out{when}",
    )[at]


def _aim_text(change: Change, indicator: Indicator | None, at: int) -> str:
    match change:
        case SetGrowth():
            by, spread, each = percent(abs(change.mean), 1), "", ("", "")
            way = ("增长", "grows") if change.mean >= 0 else ("下降", "falls")
            each_year = "每年" if change.sd else "年均"
            if change.sd:
                spread = f" ± {percent(change.sd, 1)}"
                each = "，各年独立", ", each year by itself"
            since = change.from_year
            start = "" if since is None else (f"{since}年起", f" from {since}")[at]
            told = (
                f"{start}{each_year}{way[0]}{by}{spread}",
                f"{way[1]} {by}{spread} a year{start}",
            )
            return told[at] + each[at]
        case SetBaseline():
            value, was = _value(change.value, indicator, at), _start_was(change, indicator, at)
            return (f"{change.year}年基期值改为{value}", f"baseline of {change.year}: {value}")[
                at
            ] + was
        case SetTarget():
            value, was = _value(change.value, indicator, at), _target_was(change, indicator, at)
            if change.year is None:
                return (f"目标值改为{value}", f"target {value}")[at] + was
            return (f"目标改为{change.year}年{value}", f"target {value} in {change.year}")[at] + was
        case AsForecast(what="growth"):
            return ("增速恢复按预测", "growth as forecast")[at]
        case AsForecast():
            word, _, year = change.what.partition(" ")
            zh = f"{year}年基期值" if year else FIELDS[word][0]
            return (f"{zh}恢复原值", f"{change.what} as it was")[at]
    return repr(change)


def _value(value: float, indicator: Indicator | None, at: int) -> str:
    """Return a value with the unit of its indicator, where that is known."""
    return value_text(value, indicator.unit if indicator else "", LANGS[at])


def _effect(value: float, indicator: Indicator | None, at: int) -> str:
    """Return by how much an effect moves an indicator, in its unit; that of a growth is index."""
    if indicator is not None and indicator.unit == "%" and indicator.kind != "growth":
        by = plain(abs(value))
        return (
            ("提高", "降低")[value < 0] + f"{by}个百分点",
            f"{'-' if value < 0 else '+'}{by} percentage points",
        )[at]
    known = indicator if indicator is not None and indicator.kind != "growth" else None
    if at == 0:
        return ("增加", "减少")[value < 0] + _value(abs(value), known, at)
    return ("+", "-")[value < 0] + _value(abs(value), known, at)


def _start_was(change: SetBaseline, indicator: Indicator | None, at: int) -> str:
    """Return the starting value of the year that the plan has itself."""
    known = [] if indicator is None else [b for b in indicator.baselines if b.year == change.year]
    return _was(_value(known[0].value, indicator, at), at) if known else ""


def _target_was(change: SetTarget, indicator: Indicator | None, at: int) -> str:
    """Return the printed target, with its year where that is moved."""
    if indicator is None or not indicator.targets:
        return ""
    said, year = printed_text(indicator, LANGS[at]), max(t.year for t in indicator.targets)
    if change.year is None or change.year == year:
        return _was(said, at)
    return _was((f"{year}年{said}", f"{said} in {year}")[at], at)


def _was(said: str, at: int) -> str:
    return (f"（原{said}）", f" (printed: {said})")[at]


def _moved(months: Number, word: str, at: int) -> str:
    """Return by how many months works move: «12 months later», «later by PERT 0 to 24 months»."""
    by = number_text(months, at, MONTHS)
    if isinstance(months, Distribution):
        return (f"{word}时间为{by}", f"{word} by {by}")[at]
    return (f"{word}{by}", f"{by} {word}")[at]


def factor_text(value: Number, at: int) -> str:
    """Return a cost factor as percent dearer or cheaper."""
    if isinstance(value, (Lognormal, Normal)):
        mean, sd = percent(value.mean - 1, 1), percent(value.sd, 1)
        return (f"平均增加{mean}（标准差{sd}）", f"{mean} higher on average (s.d. {sd})")[at]
    if isinstance(value, Distribution):
        return (f"乘以{number_text(value, at)}", f"times {number_text(value, at)}")[at]
    if value == 1:
        return ("不变", "as planned")[at]
    by = percent(abs(value - 1), 1)
    return (("增加", "减少")[value < 1] + by, f"{by} " + ("higher", "lower")[value < 1])[at]
