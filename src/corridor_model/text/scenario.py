"""A scenario in words, Chinese and English: what a director reads before the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.codes import CATEGORIES
from corridor_model.distributions import (
    PERT,
    Beta,
    Discrete,
    Distribution,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
)
from corridor_model.formatting import percent, plain, value_text
from corridor_model.periods import date_text, first_month
from corridor_model.plan.display import printed_text
from corridor_model.scenario.changes import (
    Accelerate,
    AsForecast,
    AsPlanned,
    Cancel,
    Change,
    Delay,
    EffectAsPlanned,
    Number,
    Overrun,
    SetBaseline,
    SetDates,
    SetEffect,
    SetGrowth,
    SetInvestment,
    SetProfile,
    SetTarget,
    WorkChange,
)
from corridor_model.scenario.profiles import (
    DHSS,
    Even,
    FrontLoaded,
    Logistic,
    Profile,
    Rayleigh,
    SCurve,
    ShareTable,
    Smoothstep,
)
from corridor_model.scenario.resolve import applied, moment_since
from corridor_model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator
    from corridor_model.scenario.work import Work


LANGS = ("zh", "en")


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


# Distributions, courses of effects and spending profiles in words, Chinese and English.

MONTHS = ("个月", " months")
NAMES: dict[type[Distribution], tuple[str, str]] = {
    PERT: ("三点分布", "PERT"),
    Triangular: ("三角分布", "triangular"),
    Uniform: ("均匀分布", "uniform"),
    Beta: ("贝塔分布", "beta"),
    Lognormal: ("对数正态分布", "lognormal"),
    Normal: ("正态分布", "normal"),
}
LONGEST = 12
"""Parts of a table of shares that are listed."""


def number_text(value: Number, at: int, unit: tuple[str, str] = ("", "")) -> str:
    """Return a number, or a distribution, as people read it.

    Parameters
    ----------
    value : float or Distribution
        What is told.
    at : {0, 1}
        Chinese or English.
    unit : tuple of str
        Stands behind numbers, in both languages.

    Examples
    --------
    >>> from corridor_model.distributions import PERT
    >>> number_text(PERT(0, 6, 24), 0, MONTHS)
    '三点分布（最短0、最可能6、最长24个月）'
    >>> number_text(PERT(0, 6, 24), 1, MONTHS)
    'PERT 0 to 24 months, most likely 6'
    """
    by = unit[at]
    if not isinstance(value, Distribution):
        return f"{plain(value)}{by}"
    if isinstance(value, Discrete):
        pairs = zip(value.values, value.probabilities, strict=True)
        if at == 0:
            return "、".join(f"{plain(v)}{by}（{percent(p, 0)}）" for v, p in pairs)
        return ", ".join(f"{plain(v)}{by} ({percent(p, 0)})" for v, p in pairs)
    name = NAMES.get(type(value), ("分布", "distribution"))[at]
    if not isinstance(value, (PERT, Triangular, Uniform, Beta)):
        mean, sd = plain(value.mean), plain(value.sd)
        return (f"{name}（均值{mean}、标准差{sd}{by}）", f"{name}, mean {mean}{by}, s.d. {sd}")[at]
    low, high = plain(value.low), plain(value.high)
    least, most = ("最短", "最长") if unit == MONTHS else ("最低", "最高")
    middle, more = "", ("", "")
    if isinstance(value, (PERT, Triangular)):
        mode = plain(value.mode)
        middle, more = f"、最可能{mode}", ("", f", most likely {mode}")
    if isinstance(value, Beta):
        alpha, beta = plain(value.alpha), plain(value.beta)
        more = (f"，参数{alpha}和{beta}", f", parameters {alpha} and {beta}")
    if isinstance(value, PERT) and value.shape != 4:
        shape = plain(value.shape)
        more = (f"，最可能值权重{shape}", f"{more[1]} with weight {shape}")
    return (
        f"{name}（{least}{low}{middle}、{most}{high}{by}{more[0]}）",
        f"{name} {low} to {high}{by}{more[1]}",
    )[at]


def course_text(lag: float, decay: float, at: int) -> str:
    """Return when an effect shows and how it fades, in Chinese (0) or English (1).

    Nothing is said of what is usual: at once, and in that year only.

    Examples
    --------
    >>> course_text(2, 0.2, 1)
    ', after 2 years, losing 20.0 % of itself each year after'
    >>> course_text(0, 0.0, 0)
    '，此后一直保持'
    """
    said = ""
    if lag:
        years = "year" if lag == 1 else "years"
        said += (f"，滞后{plain(lag)}年见效", f", after {plain(lag)} {years}")[at]
    if decay == 0:
        said += ("，此后一直保持", ", and for good")[at]
    elif decay < 1:
        lost = percent(decay, 1)
        said += (f"，此后每年减弱{lost}", f", losing {lost} of itself each year after")[at]
    return said


def profile_text(profile: Profile | None, at: int) -> str:
    """Return a spending profile as people read it, in Chinese (0) or English (1).

    Examples
    --------
    >>> profile_text(SCurve(2, 3.5), 0), profile_text(SCurve(2, 3.5), 1)
    ('S形曲线（α 2、β 3.5）', 'S-curve (alpha 2, beta 3.5)')
    """
    match profile:
        case Even():
            return ("均匀投资", "even")[at]
        case Smoothstep():
            return ("平滑S形曲线", "smooth S-curve")[at]
        case SCurve():
            a, b = plain(profile.alpha), plain(profile.beta)
            return (f"S形曲线（α {a}、β {b}）", f"S-curve (alpha {a}, beta {b})")[at]
        case Logistic():
            steep, middle = plain(profile.steepness), _share(profile.middle)
            return (
                f"逻辑斯谛曲线（陡度{steep}，工期{middle}处最快）",
                f"logistic curve (steepness {steep}, fastest at {middle} of the time)",
            )[at]
        case Rayleigh():
            peak = _share(profile.peak)
            return (
                f"瑞利曲线（工期{peak}处最高）",
                f"Rayleigh curve (peak at {peak} of the time)",
            )[at]
        case DHSS():
            c, k = plain(profile.c), plain(profile.k)
            return (f"DHSS曲线（C {c}、K {k}）", f"DHSS curve (C {c}, K {k})")[at]
        case FrontLoaded():
            power = plain(profile.power)
            return (f"先多后少的曲线（幂次{power}）", f"front-loaded curve (power {power})")[at]
        case ShareTable():
            return _table_text(profile, at)
    return ("自定曲线", "a curve of one's own")[at]


def _table_text(table: ShareTable, at: int) -> str:
    count, whole = len(table.shares), sum(table.shares)
    if count > LONGEST:
        return (f"分{count}段的比例表", f"a table of {count} shares")[at]
    parts = ("、", ", ")[at].join(percent(share / whole, 1) for share in table.shares)
    return (f"工期等分{count}段，各占{parts}", f"{parts} in {count} equal parts of the time")[at]


def _share(value: float) -> str:
    return f"{plain(round(100 * value, 4))} %"


# What a scenario says of works in vain: they were finished before changes count (S11).

IDLE = {
    "schedule": ("改期", "a move in time"),
    "factor": ("造价系数", "a cost factor"),
    "cancelled": ("取消", "a cancellation"),
}
"""What changes nothing of a finished work, in words."""
NAMED = 3
"""So many works are named; of more the others are counted."""


def idle_text(plan: Plan, scenario: Scenario, lang: str = "zh") -> list[str]:
    """Return one line on the changes that change nothing, or none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("yandang_middle_road", 6), since="2021-07")
    >>> idle_text(cm.load_plan(), late, "zh")
    ['雁荡中路在2021年7月之前已完工，改期对其不起作用']
    """
    works, _, _ = applied(plan, scenario)
    idle = {name: said for name, work in works.items() if (said := _said(work))}
    if not idle:
        return []
    at = 0 if lang == "zh" else 1
    what = [IDLE[field][at] for field in IDLE if any(field in said for said in idle.values())]
    names = [plan.projects[name].name(lang) for name in list(idle)[:NAMED]]
    more = len(idle) - len(names)
    since = first_month(moment_since(plan, scenario.settings.since))
    if lang == "zh":
        who = "、".join(names) + (f"等{len(idle)}项" if more else "")
        return [f"{who}在{date_text(since)}之前已完工，{'、'.join(what)}对其不起作用"]
    who = ", ".join(names) + (f" and {more} more" if more else "")
    return [f"{who}: finished before {since}, so {' or '.join(what)} changes nothing"]


def _said(work: Work) -> set[str]:
    """Return the fields a scenario sets of a work that was finished before they count."""
    said = {
        "schedule": work.schedule_origin == "user" and work.months != 0.0,
        "factor": work.factor_origin == "user" and work.factor != 1.0,
        "cancelled": work.cancelled,
    }
    return {field for field, is_set in said.items() if is_set and work.finished}
