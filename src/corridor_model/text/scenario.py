"""A scenario in words: what a director reads before the numbers.

A line a setting and a change, as `corridor_model.scenario.wording` has it; then what a scenario
changes in vain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.formatting import percent, plain
from corridor_model.messages import N_, Message, Name, Translator, context, translator
from corridor_model.periods import Period, first_month
from corridor_model.plan.plan import must_be_plan
from corridor_model.scenario.changes import FIRST_DAY, Change, date_name
from corridor_model.scenario.resolve import moment_since, values_under
from corridor_model.scenario.scenario import Scenario
from corridor_model.scenario.wording import change_wording

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.work import Work


def scenario_text(scenario: Scenario, plan: Plan | None = None, lang: str = "zh") -> list[str]:
    """Return a scenario in words: why, its settings, one line a change.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> scenario_text(late, cm.load_plan(), "zh")
    ['金丽温高速公路东延线推迟12个月，工期不变']
    >>> scenario_text(late, cm.load_plan(), "en")
    ['Jinliwen Expressway eastern extension (G1513): 12 months later, duration kept']
    """
    if plan is not None:
        must_be_plan(plan)
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
    return change_wording(change, plan).text(lang)


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


def figures_text(result: xr.Dataset, t: Translator) -> str:
    """Return the period a result is looked from, and of which period its last figures are."""
    when, until = (str(result.attrs[name]) for name in ("as_of", "figures_until"))
    if when == until:
        return t("From figures up to {period}.", period=period_name(when))
    return t(
        "Seen from {period}; the last figures are of {until}.",
        period=period_name(when),
        until=period_name(until),
    )


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
