"""A scenario in words: what a director reads before the numbers.

A line a setting and a change. Changes of works come first, then those of indicators, then how
numbers, distributions and spending profiles read, and last what changes nothing.
"""

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
from corridor_model.messages import N_, Message, Name, Translator, context, message, translator
from corridor_model.periods import Period, first_month
from corridor_model.plan.display import printed_text
from corridor_model.scenario.changes import (
    FIRST_DAY,
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
    date_name,
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
from corridor_model.scenario.resolve import moment_since, values_under
from corridor_model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator
    from corridor_model.scenario.work import Work


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
    t = translator(lang)
    why = scenario.why_zh if lang == "zh" else scenario.why_en
    lines = [why] if why else []
    lines += _settings(scenario, t)
    lines += [change_text(change, plan, lang) for change in scenario.changes]
    return lines or [t.context("no change", "as planned")]


def _settings(scenario: Scenario, t: Translator) -> list[str]:
    settings, lines = scenario.settings, []
    if settings.since not in {None, FIRST_DAY}:
        since = date_name(settings.since)
        lines.append(t("what was spent before {since} stays", since=since))
    if settings.escalation:
        rise = percent(settings.escalation, 1)
        lines.append(t("money that moves is dearer by {rise} a year", rise=rise))
    # two loadings on one factor correlate by their product
    paired, common = (plain(round((x or 0) ** 2, 4)) for x in (settings.paired, settings.common))
    if settings.paired:
        lines.append(t("overrun and delay of one work correlate ({r})", r=paired))
    if settings.common:
        lines.append(t("overruns and delays of all works correlate ({r})", r=common))
    if settings.duration:
        lines.append(
            t(
                "a date that is not printed lies {months} months from the other",
                months=settings.duration,
            )
        )
    return lines


def change_text(change: Change, plan: Plan | None = None, lang: str = "zh") -> str:
    """Return one change in words."""
    t = translator(lang)
    if isinstance(change, WorkChange):
        return t(
            "{works}: {change}", works=_works(change, plan, t), change=_of_works(change, plan, t)
        )
    key = str(getattr(change, "indicator", ""))
    indicator = None if plan is None else plan.indicators.get(key)
    return t(
        "{indicator}: {change}",
        indicator=_indicator(key, plan, t),
        change=_of_an_indicator(change, indicator, t),
    )


def _works(change: WorkChange, plan: Plan | None, t: Translator) -> str:
    kind, name = change.selector
    if kind == "all":
        return t("all works")
    if kind == "category":
        return t.of(CATEGORIES.get(name, name))
    if kind == "unit":
        return t("works led by {unit}", unit=name)
    if plan is not None and name in plan.projects:
        return plan.projects[name].name(t.lang)
    return name


def _indicator(name: str, plan: Plan | None, t: Translator) -> str:
    if plan is not None and name in plan.indicators:
        return plan.indicators[name].name(t.lang)
    return name


# Changes of works.

_TAKEN_BACK = {
    "schedule": message("schedule as planned"),
    "factor": context("taken back", "cost as planned"),
    "cancelled": message("not cancelled"),
    "investment": message("investment as planned"),
    "dates": message("dates as planned"),
    "profile": message("spending profile as planned"),
}
"""What `AsPlanned` says of each field."""


def _of_works(change: WorkChange, plan: Plan | None, t: Translator) -> str:
    match change:
        case Delay() | Accelerate():
            months = number_text(change.months, t, months=True)
            return t(_shift(change), months=months)
        case Overrun():
            return _cost(change.factor, t)
        case Cancel():
            return t.context("works", "cancelled")
        case SetInvestment():
            return t("investment {value} 亿元", value=plain(change.value))
        case SetDates():
            return _dates(change, t)
        case SetProfile():
            return t("spending profile {profile}", profile=profile_text(change.profile, t.lang))
        case SetEffect():
            return _effect(change, plan, t)
        case EffectAsPlanned():
            indicator = _indicator(change.indicator, plan, t)
            return t("effect on {indicator} as it was", indicator=indicator)
        case AsPlanned():
            return t.of(_TAKEN_BACK[change.field])
    return repr(change)


def _shift(change: Delay | Accelerate) -> str:
    """Return how works move: «12 months later», «later by PERT 0 to 24 months»."""
    certain, uncertain = {
        "earlier": (N_("{months} earlier"), N_("earlier by {months}")),
        "move": (N_("{months} later, duration kept"), N_("later by {months}; duration kept")),
        "stretch": (N_("{months} later, start kept"), N_("later by {months}; start kept")),
    }["earlier" if isinstance(change, Accelerate) else change.mode]
    return uncertain if isinstance(change.months, Distribution) else certain


def _cost(factor: Number, t: Translator) -> str:
    """Return a cost factor as percent dearer or cheaper."""
    if isinstance(factor, Lognormal | Normal):
        mean, sd = percent(factor.mean - 1, 1), percent(factor.sd, 1)
        return t("cost {mean} higher on average (s.d. {sd})", mean=mean, sd=sd)
    if isinstance(factor, Distribution):
        return t("cost times {factor}", factor=number_text(factor, t))
    if factor == 1:
        return t("cost as planned")
    by = percent(abs(factor - 1), 1)
    return t("cost {by} lower", by=by) if factor < 1 else t("cost {by} higher", by=by)


def _dates(change: SetDates, t: Translator) -> str:
    if not change.end:
        return t("starts {start}", start=date_name(change.start))
    if not change.start:
        return t("ends {end}", end=date_name(change.end))
    return t("from {start} to {end}", start=date_name(change.start), end=date_name(change.end))


def _effect(change: SetEffect, plan: Plan | None, t: Translator) -> str:
    name = _indicator(change.indicator, plan, t)
    if not change.per_unit:
        return t("no effect on {indicator}", indicator=name)
    own = None if plan is None else plan.indicators.get(change.indicator)
    return t(
        "{by} of {indicator} per 亿元 carried out{course}",
        by=_step(change.per_unit, own, t),
        indicator=name,
        course=course_text(change.lag, change.decay, t.lang),
    )


def _step(value: float, indicator: Indicator | None, t: Translator) -> str:
    """Return by how much an effect moves an indicator, in its unit; that of a growth is index."""
    known = indicator if indicator is not None and indicator.kind != "growth" else None
    if known is not None and known.unit == "%":
        by = plain(abs(value))
        if value < 0:
            return t("-{by} percentage points", by=by)
        return t("+{by} percentage points", by=by)
    by = _value(abs(value), known, t)
    return t("-{by}", by=by) if value < 0 else t("+{by}", by=by)


def course_text(lag: float, decay: float, lang: str) -> str:
    """Return when an effect shows and how it fades; nothing of what is usual.

    Usual is an effect at once, and in that year only.

    Examples
    --------
    >>> course_text(2, 0.2, "en")
    ', after 2 years, losing 20.0 % of itself each year after'
    >>> course_text(0, 0.0, "zh")
    '，此后一直保持'
    """
    t = translator(lang)
    course = ""
    if lag:
        course += t.plural(", after {n} year", ", after {n} years", int(lag))
    if decay == 0:
        course += t(", and for good")
    elif decay < 1:
        lost = percent(decay, 1)
        course += t(", losing {lost} of itself each year after", lost=lost)
    return course


# Changes of indicators.


def _of_an_indicator(change: Change, indicator: Indicator | None, t: Translator) -> str:
    match change:
        case SetGrowth():
            return _growth(change, t)
        case SetBaseline():
            value = _value(change.value, indicator, t)
            was = _start_was(change, indicator, t)
            return t("baseline of {year}: {value}{was}", year=change.year, value=value, was=was)
        case SetTarget():
            value = _value(change.value, indicator, t)
            was = _target_was(change, indicator, t)
            if change.year is None:
                return t("target {value}{was}", value=value, was=was)
            return t("target {value} in {year}{was}", value=value, year=change.year, was=was)
        case AsForecast(what="growth"):
            return t("growth as forecast")
        case AsForecast(what="target"):
            return t("target as it was")
        case AsForecast():
            return t("baseline {year} as it was", year=change.what.partition(" ")[2])
    return repr(change)


def _growth(change: SetGrowth, t: Translator) -> str:
    by = percent(abs(change.mean), 1)
    start = "" if change.from_year is None else t(" from {year}", year=change.from_year)
    falls = change.mean < 0
    if not change.sd:
        if falls:
            return t("falls {by} a year{start}", by=by, start=start)
        return t("grows {by} a year{start}", by=by, start=start)
    by += f" ± {percent(change.sd, 1)}"
    if falls:
        return t("falls {by} a year{start}, each year by itself", by=by, start=start)
    return t("grows {by} a year{start}, each year by itself", by=by, start=start)


def _value(value: float, indicator: Indicator | None, t: Translator) -> str:
    """Return a value with the unit of its indicator, where that is known."""
    return value_text(value, indicator.unit if indicator else "", t.lang)


def _start_was(change: SetBaseline, indicator: Indicator | None, t: Translator) -> str:
    """Return the starting value of the year that the plan has itself."""
    known = [] if indicator is None else [b for b in indicator.baselines if b.year == change.year]
    return _was(_value(known[0].value, indicator, t), t) if known else ""


def _target_was(change: SetTarget, indicator: Indicator | None, t: Translator) -> str:
    """Return the printed target, with its year where that is moved."""
    if indicator is None or not indicator.targets:
        return ""
    value, year = printed_text(indicator, t.lang), max(g.year for g in indicator.targets)
    if change.year is None or change.year == year:
        return _was(value, t)
    return _was(t.context("printed", "{value} in {year}", value=value, year=year), t)


def _was(value: str, t: Translator) -> str:
    return t(" (printed: {value})", value=value)


# Numbers, distributions and spending profiles.

_DISTRIBUTIONS: dict[type[Distribution], Message] = {
    PERT: context("distribution", "PERT"),
    Triangular: context("distribution", "triangular"),
    Uniform: context("distribution", "uniform"),
    Beta: context("distribution", "beta"),
    Lognormal: context("distribution", "lognormal"),
    Normal: context("distribution", "normal"),
}
_SHAPES = {
    "moments": (N_("{name}, mean {mean}, s.d. {sd}"), N_("{name}, mean {mean} months, s.d. {sd}")),
    "range": (N_("{name} {low} to {high}"), N_("{name} {low} to {high} months")),
    "mode": (
        N_("{name} {low} to {high}, most likely {mode}"),
        N_("{name} {low} to {high} months, most likely {mode}"),
    ),
    "weight": (
        N_("{name} {low} to {high}, most likely {mode} with weight {shape}"),
        N_("{name} {low} to {high} months, most likely {mode} with weight {shape}"),
    ),
    "powers": (
        N_("{name} {low} to {high}, parameters {alpha} and {beta}"),
        N_("{name} {low} to {high} months, parameters {alpha} and {beta}"),
    ),
    "odds": (N_("{value} ({odds})"), N_("{value} months ({odds})")),
}
"""How a distribution reads, of plain numbers and of months."""


def number_text(value: Number, t: Translator, *, months: bool = False) -> str:
    """Return a number, or a distribution, as people read it.

    Parameters
    ----------
    value : float or Distribution
        The number.
    t : Translator
        The language.
    months : bool, default False
        Whether it counts months.

    Examples
    --------
    >>> from corridor_model.distributions import PERT
    >>> number_text(PERT(0, 6, 24), translator("zh"), months=True)
    '三点分布（最短0、最可能6、最长24个月）'
    >>> number_text(PERT(0, 6, 24), translator("en"), months=True)
    'PERT 0 to 24 months, most likely 6'
    """
    if not isinstance(value, Distribution):
        return t("{months} months", months=plain(value)) if months else plain(value)
    if isinstance(value, Discrete):
        return t.listing(
            t(_SHAPES["odds"][months], value=plain(v), odds=percent(p, 0))
            for v, p in zip(value.values, value.probabilities, strict=True)
        )
    name = t.of(_DISTRIBUTIONS.get(type(value), context("distribution", "distribution")))
    shape, names = "moments", ["mean", "sd"]
    if isinstance(value, PERT | Triangular | Uniform | Beta):
        shape, names = "range", ["low", "high"]
    if isinstance(value, PERT | Triangular):
        shape, names = "mode", [*names, "mode"]
    if isinstance(value, PERT) and value.shape != 4:
        shape, names = "weight", [*names, "shape"]
    if isinstance(value, Beta):
        shape, names = "powers", [*names, "alpha", "beta"]
    return t(_SHAPES[shape][months], name=name, **{n: plain(getattr(value, n)) for n in names})


LONGEST = 12
"""Parts of a table of shares that are listed."""


def profile_text(profile: Profile | None, lang: str) -> str:
    """Return a spending profile as people read it.

    Examples
    --------
    >>> profile_text(SCurve(2, 3.5), "zh"), profile_text(SCurve(2, 3.5), "en")
    ('S形曲线（α 2、β 3.5）', 'S-curve (alpha 2, beta 3.5)')
    """
    t = translator(lang)
    match profile:
        case Even():
            return t.context("spending profile", "even")
        case Smoothstep():
            return t("smooth S-curve")
        case SCurve():
            alpha, beta = plain(profile.alpha), plain(profile.beta)
            return t("S-curve (alpha {alpha}, beta {beta})", alpha=alpha, beta=beta)
        case Logistic():
            return t(
                "logistic curve (steepness {steepness}, fastest at {middle} of the time)",
                steepness=plain(profile.steepness),
                middle=_share(profile.middle),
            )
        case Rayleigh():
            return t("Rayleigh curve (peak at {peak} of the time)", peak=_share(profile.peak))
        case DHSS():
            return t("DHSS curve (C {c}, K {k})", c=plain(profile.c), k=plain(profile.k))
        case FrontLoaded():
            return t("front-loaded curve (power {power})", power=plain(profile.power))
        case ShareTable():
            count, whole = len(profile.shares), sum(profile.shares)
            if count > LONGEST:
                return t("a table of {count} shares", count=count)
            shares = t.listing(percent(share / whole, 1) for share in profile.shares)
            return t("{shares} in {count} equal parts of the time", shares=shares, count=count)
    return t("a curve of one's own")


def _share(value: float) -> str:
    return f"{plain(round(100 * value, 4))} %"


def period_name(text: str) -> Message:
    """Return a period as people read it: in English as results carry it.

    Examples
    --------
    >>> [period_name(text).text("zh") for text in ("2021", "2021Q3", "2021H1", "2021-09")]
    ['2021年', '2021年三季度', '2021年上半年', '2021年9月']
    """
    period = Period.of(text)
    year = period.year
    match period.kind, period.month:
        case "year", _:
            return context("period", "{year}", year=year)
        case "half", 6:
            return context("period", "{year}H1", year=year)
        case "half", _:
            return context("period", "{year}H2", year=year)
        case "quarter", 3:
            return context("period", "{year}Q1", year=year)
        case "quarter", 6:
            return context("period", "{year}Q2", year=year)
        case "quarter", 9:
            return context("period", "{year}Q3", year=year)
        case "quarter", _:
            return context("period", "{year}Q4", year=year)
    return context("period", "{year}-{month:02d}", year=year, month=period.month)


# What a scenario changes in vain: works that were finished before changes count (S11).

_IN_VAIN = {
    "schedule": N_("a move in time"),
    "factor": N_("a cost factor"),
    "cancelled": N_("a cancellation"),
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
    t = translator(lang)
    works = values_under(plan, scenario.changes, scenario.settings).works
    idle = {name: fields for name, work in works.items() if (fields := _set_in_vain(work))}
    if not idle:
        return []
    first, *others = [
        t(word) for key, word in _IN_VAIN.items() if any(key in fields for fields in idle.values())
    ]
    for other in others:
        first = t("{change} or {other}", change=first, other=other)
    names = t.listing(plan.projects[name].name(lang) for name in list(idle)[:NAMED])
    if len(idle) > NAMED:
        # English counts those that are left, Chinese all of them
        count = Name(str(len(idle)), str(len(idle) - NAMED))
        names = t("{works} and {count} more", works=names, count=count)
    return [
        t(
            "{works}: finished before {since}, so {change} changes nothing",
            works=names,
            since=date_name(first_month(moment_since(plan, scenario.settings.since))),
            change=first,
        )
    ]


def _set_in_vain(work: Work) -> set[str]:
    """Return the fields a scenario sets of a work that was finished before they count."""
    fields = {
        "schedule": work.schedule_origin == "user" and work.months != 0.0,
        "factor": work.factor_origin == "user" and work.factor != 1.0,
        "cancelled": work.cancelled,
    }
    return {field for field, is_set in fields.items() if is_set and work.finished}


# What is known of the works that a result counts.


def known_money(result: xr.Dataset, lang: str) -> str:
    """Return how many works have known money under the scenarios of a result."""
    counts = result["known_works"].values.ravel().tolist()
    few, many, works = min(counts), max(counts), result.sizes["project"]
    t = translator(lang)
    if few == many:
        return t("{n} of {works} known", n=few, works=works)
    return t("{few} to {many} of {works} known, by scenario", few=few, many=many, works=works)


def known_lengths(result: xr.Dataset, lang: str) -> str:
    """Return of how many roads the length in the area is known."""
    n, roads = result.attrs["n_lengths"], result.attrs["n_roads"]
    t = translator(lang)
    return t("{n} of {roads} lengths in the area known", n=n, roads=roads)
