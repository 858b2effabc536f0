"""Changes in words: a message each, which waits for its language.

Works first, then indicators, then how numbers, distributions and spending profiles read. Results
and texts take their words for a change from here.
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
from corridor_model.messages import N_, Listing, Message, Name, Worded, context, message, plural
from corridor_model.plan.display import printed_text
from corridor_model.plan.records import last_target
from corridor_model.scenario import changes as kinds
from corridor_model.scenario import profiles
from corridor_model.scenario.changes import Change, Number, WorkChange, date_name
from corridor_model.scenario.profiles import Profile
from corridor_model.units import MONEY

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator, Project


def change_wording(change: Change, plan: Plan | None = None) -> Worded:
    """Return one change in words; a plan names its works and indicators.

    Examples
    --------
    >>> change_wording(kinds.Delay("jinliwen_expressway", months=12)).text("en")
    'jinliwen_expressway: 12 months later, duration kept'
    """
    if isinstance(change, WorkChange):
        return message(
            "{works}: {change}", works=_works(change, plan), change=_of_works(change, plan)
        )
    key = str(getattr(change, "indicator", ""))
    indicator = None if plan is None else plan.indicators.get(key)
    if plan is not None and isinstance(change, kinds.SetTarget) and key in plan.targets:
        indicator = plan.targets[key]
    name = key if indicator is None else _name(indicator)
    setting = _of_an_indicator(change, indicator)
    return message("{indicator}: {change}", indicator=name, change=setting)


def _works(change: WorkChange, plan: Plan | None) -> Worded | str:
    kind, name = change.selector
    if kind == "all":
        return message("all works")
    if kind == "category":
        return CATEGORIES.get(name, name)
    if kind == "unit":
        return message("works led by {unit}", unit=name)
    if plan is not None and name in plan.projects:
        return _name(plan.projects[name])
    return name


def _name(of: Project | Indicator) -> Name:
    return Name(of.name("zh"), of.name("en"))


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


def _of_works(change: WorkChange, plan: Plan | None) -> Worded:
    match change:
        case kinds.Delay() | kinds.Accelerate():
            months = number_wording(change.months, months=True)
            return Message(_shift(change), {"months": months})
        case kinds.Overrun():
            return _cost(change.factor)
        case kinds.Cancel():
            return context("works", "cancelled")
        case kinds.SetInvestment():
            return message("investment {value} {money}", value=plain(change.value), money=MONEY)
        case kinds.SetDates():
            return _dates(change)
        case kinds.SetProfile():
            return message("spending profile {profile}", profile=profile_wording(change.profile))
        case kinds.SetEffect() | kinds.EffectAsPlanned():
            indicator = None if plan is None else plan.indicators.get(change.indicator)
            return _effect(change, indicator)
        case kinds.AsPlanned():
            return _TAKEN_BACK[change.field]
    return Name(repr(change), repr(change))


def _shift(change: kinds.Delay | kinds.Accelerate) -> str:
    """Return how works move: «12 months later», «later by PERT 0 to 24 months»."""
    certain, uncertain = {
        "earlier": (N_("{months} earlier"), N_("earlier by {months}")),
        "move": (N_("{months} later, duration kept"), N_("later by {months}; duration kept")),
        "stretch": (N_("{months} later, start kept"), N_("later by {months}; start kept")),
    }["earlier" if isinstance(change, kinds.Accelerate) else change.mode]
    return uncertain if isinstance(change.months, Distribution) else certain


def _cost(factor: Number) -> Worded:
    """Return a cost factor as percent dearer or cheaper."""
    if isinstance(factor, Lognormal | Normal):
        mean, sd = percent(factor.mean - 1, 1), percent(factor.sd, 1)
        return message("cost {mean} higher on average (s.d. {sd})", mean=mean, sd=sd)
    if isinstance(factor, Distribution):
        return message("cost times {factor}", factor=number_wording(factor))
    if factor == 1:
        return message("cost as planned")
    by = percent(abs(factor - 1), 1)
    return message("cost {by} lower", by=by) if factor < 1 else message("cost {by} higher", by=by)


def _dates(change: kinds.SetDates) -> Worded:
    if not change.end:
        return message("starts {start}", start=date_name(change.start))
    if not change.start:
        return message("ends {end}", end=date_name(change.end))
    return message(
        "from {start} to {end}", start=date_name(change.start), end=date_name(change.end)
    )


def _effect(change: kinds.SetEffect | kinds.EffectAsPlanned, indicator: Indicator | None) -> Worded:
    name = change.indicator if indicator is None else _name(indicator)
    if isinstance(change, kinds.EffectAsPlanned):
        return message("effect on {indicator} as it was", indicator=name)
    if not change.per_unit:
        return message("no effect on {indicator}", indicator=name)
    return message(
        "{by} of {indicator} per {money} carried out{course}",
        money=MONEY,
        by=_step(change.per_unit, indicator),
        indicator=name,
        course=course_wording(change.lag, change.decay),
    )


def _step(value: float, indicator: Indicator | None) -> Worded:
    """Return by how much an effect moves an indicator, in its unit; that of a growth is index."""
    known = indicator if indicator is not None and indicator.kind != "growth" else None
    if known is not None and known.unit == "%":
        points = plain(abs(value))
        if value < 0:
            return message("-{by} percentage points", by=points)
        return message("+{by} percentage points", by=points)
    by = _value(abs(value), known)
    return message("-{by}", by=by) if value < 0 else message("+{by}", by=by)


def course_wording(lag: float, decay: float) -> Worded:
    """Return when an effect shows and how it fades; nothing of what is usual.

    Usual is an effect at once, and in that year only.

    Examples
    --------
    >>> course_wording(2, 0.2).text("en")
    ', after 2 years, losing 20.0 % of itself each year after'
    >>> course_wording(0, 0.0).text("zh")
    '，此后一直保持'
    """
    after = plural(", after {n} year", ", after {n} years", int(lag)) if lag else ""
    fading: Worded | str = ""
    if decay == 0:
        fading = message(", and for good")
    elif decay < 1:
        fading = message(", losing {lost} of itself each year after", lost=percent(decay, 1))
    return Message("{after}{fading}", {"after": after, "fading": fading})


# Changes of indicators.


def _of_an_indicator(change: Change, indicator: Indicator | None) -> Worded:
    match change:
        case kinds.SetGrowth():
            return _growth(change)
        case kinds.SetBaseline():
            value = _value(change.value, indicator)
            was = _start_was(change, indicator)
            return message(
                "baseline of {year}: {value}{was}", year=change.year, value=value, was=was
            )
        case kinds.SetTarget():
            value = _value(change.value, indicator)
            was = _target_was(change, indicator)
            if change.year is None:
                return message("target {value}{was}", value=value, was=was)
            return message("target {value} in {year}{was}", value=value, year=change.year, was=was)
        case kinds.AsForecast(what="growth"):
            return message("growth as forecast")
        case kinds.AsForecast(what="target"):
            return message("target as it was")
        case kinds.AsForecast():
            return message("baseline {year} as it was", year=change.what.partition(" ")[2])
    return Name(repr(change), repr(change))


def _growth(change: kinds.SetGrowth) -> Worded:
    by = percent(abs(change.mean), 1)
    start: Worded | str = (
        "" if change.from_year is None else message(" from {year}", year=change.from_year)
    )
    falls = change.mean < 0
    if not change.sd:
        if falls:
            return message("falls {by} a year{start}", by=by, start=start)
        return message("grows {by} a year{start}", by=by, start=start)
    by += f" ± {percent(change.sd, 1)}"
    if falls:
        return message("falls {by} a year{start}, each year by itself", by=by, start=start)
    return message("grows {by} a year{start}, each year by itself", by=by, start=start)


def _value(value: float, indicator: Indicator | None) -> Name:
    """Return a value with the unit of its indicator, where that is known."""
    unit = indicator.unit if indicator else ""
    return Name(value_text(value, unit, "zh"), value_text(value, unit, "en"))


def _start_was(change: kinds.SetBaseline, indicator: Indicator | None) -> Worded | str:
    """Return the starting value of the year that the plan has itself."""
    known = [] if indicator is None else [b for b in indicator.baselines if b.year == change.year]
    return _was(_value(known[0].value, indicator)) if known else ""


def _target_was(change: kinds.SetTarget, indicator: Indicator | None) -> Worded | str:
    """Return the printed target, with its year where that is moved."""
    if indicator is None or not indicator.targets:
        return ""
    value = Name(printed_text(indicator, "zh"), printed_text(indicator, "en"))
    year = last_target(indicator).year
    if change.year is None or change.year == year:
        return _was(value)
    return _was(context("printed", "{value} in {year}", value=value, year=year))


def _was(value: Worded) -> Worded:
    return message(" (printed: {value})", value=value)


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


def number_wording(value: Number, *, months: bool = False) -> Worded | str:
    """Return a number, or a distribution, as people read it.

    Parameters
    ----------
    value : float or Distribution
        The number.
    months : bool, default False
        Whether it counts months.

    Examples
    --------
    >>> number_wording(PERT(0, 6, 24), months=True).text("zh")
    '三点分布（最短0、最可能6、最长24个月）'
    >>> number_wording(PERT(0, 6, 24), months=True).text("en")
    'PERT 0 to 24 months, most likely 6'
    """
    if not isinstance(value, Distribution):
        one = 1 if plain(value) == "1" else 2
        return (
            plural("{months} month", "{months} months", one, months=plain(value))
            if months
            else plain(value)
        )
    if isinstance(value, Discrete):
        pairs = zip(value.values, value.probabilities, strict=True)
        template = _SHAPES["odds"][months]
        return Listing(
            [Message(template, {"value": plain(v), "odds": percent(p, 0)}) for v, p in pairs]
        )
    shape, names = "moments", ["mean", "sd"]
    if isinstance(value, PERT | Triangular | Uniform | Beta):
        shape, names = "range", ["low", "high"]
    if isinstance(value, PERT | Triangular):
        shape, names = "mode", [*names, "mode"]
    if isinstance(value, PERT) and value.shape != 4:
        shape, names = "weight", [*names, "shape"]
    if isinstance(value, Beta):
        shape, names = "powers", [*names, "alpha", "beta"]
    name = _DISTRIBUTIONS.get(type(value), context("distribution", "distribution"))
    numbers = {key: plain(getattr(value, key)) for key in names}
    return Message(_SHAPES[shape][months], {"name": name, **numbers})


LONGEST = 12
"""Parts of a table of shares that are listed."""


def profile_wording(profile: Profile | None) -> Worded:
    """Return a spending profile as people read it.

    Examples
    --------
    >>> curve = profile_wording(profiles.SCurve(2, 3.5))
    >>> curve.text("zh"), curve.text("en")
    ('S形曲线（α 2、β 3.5）', 'S-curve (alpha 2, beta 3.5)')
    """
    match profile:
        case profiles.Even():
            return context("spending profile", "even")
        case profiles.Smoothstep():
            return message("smooth S-curve")
        case profiles.SCurve():
            alpha, beta = plain(profile.alpha), plain(profile.beta)
            return message("S-curve (alpha {alpha}, beta {beta})", alpha=alpha, beta=beta)
        case profiles.Logistic():
            return message(
                "logistic curve (steepness {steepness}, fastest at {middle} of the time)",
                steepness=plain(profile.steepness),
                middle=_share(profile.middle),
            )
        case profiles.Rayleigh():
            return message("Rayleigh curve (peak at {peak} of the time)", peak=_share(profile.peak))
        case profiles.DHSS():
            return message("DHSS curve (C {c}, K {k})", c=plain(profile.c), k=plain(profile.k))
        case profiles.FrontLoaded():
            return message("front-loaded curve (power {power})", power=plain(profile.power))
        case profiles.ShareTable():
            count, whole = len(profile.shares), sum(profile.shares)
            if count > LONGEST:
                return message("a table of {count} shares", count=count)
            shares = Listing([percent(share / whole, 1) for share in profile.shares])
            return message(
                "{shares} in {count} equal parts of the time", shares=shares, count=count
            )
    return message("a curve of one's own")


def _share(value: float) -> str:
    return f"{plain(round(100 * value, 4))} %"
