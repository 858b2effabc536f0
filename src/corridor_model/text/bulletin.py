"""Words of a bulletin that its body and its annexes share: periods, figures, counts, needs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from corridor_model.codes import MISSED, NOT_ASSESSABLE, REASONS, STATUSES, reason_word, status_word
from corridor_model.formatting import plain, rounded, telling
from corridor_model.messages import N_, Translator, context
from corridor_model.observations.validation import Doubt
from corridor_model.periods import MONTHS, Period, date_text, in_years
from corridor_model.plan.display import SENSE_SIGNS
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.text.assessment import Row, due_text, figure_period, target_text
from corridor_model.text.numbers import percents
from corridor_model.units import MONEY

PERIODS = {
    ("half", 1): N_("the first half of {year}"),
    ("half", 2): N_("the second half of {year}"),
    ("quarter", 1): N_("the first quarter of {year}"),
    ("quarter", 2): N_("the second quarter of {year}"),
    ("quarter", 3): N_("the third quarter of {year}"),
    ("quarter", 4): N_("the fourth quarter of {year}"),
}


def period_name(period: Period, t: Translator) -> str:
    """Return a period as a title has it: ``2021年9月``, ``2021年第三季度``.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> [period_name(Period.of(p), translator("zh")) for p in ("2021-09", "2021Q3", "2021")]
    ['2021年9月', '2021年第三季度', '2021年']
    """
    if period.length == MONTHS:
        return date_text(str(period.year), t.lang)
    if period.length == 1:
        return date_text(f"{period.year}-{period.month:02d}", t.lang)
    return t(PERIODS[period.kind, period.month // period.length], year=period.year)


def to_date(period: Period, t: Translator) -> str:
    """Return the months since January as an office writes them: ``1—9月``."""
    if period.month == 1:
        return t.context("months", "January")
    if period.month == MONTHS:
        return t.context("months", "the whole year")
    return t("January to month {month}", month=period.month)


def points(value: float) -> str:
    """Return a gap in points with its sign; empty where there is none.

    Examples
    --------
    >>> points(-0.2823), points(0.042), points(0.0), points(math.nan)
    ('−28.2', '+4.2', '0.0', '')
    """
    if value is None or math.isnan(value):
        return ""
    size = rounded(abs(value) * 100, 1)
    return size if size == "0.0" else f"{'−' if value < 0 else '+'}{size}"


def share(value: float | None) -> str:
    """Return a share as percent without its sign, for a column that has it in its title."""
    return "" if value is None or math.isnan(value) else minus(rounded(value * 100, 1))


def minus(text: str) -> str:
    """Return a number with the minus of print, as wide as a plus."""
    return text.replace("-", "−", 1) if text.startswith("-") else text


def money(value: float | None) -> str:
    """Return 亿元 with two decimals; empty where nothing is known."""
    return "" if value is None else rounded(value, 2)


def yuan(value: float | None, t: Translator) -> str:
    """Return money with its unit, or a dash where nothing is known."""
    return with_unit(money(value), MONEY, t) or "——"


def name_of(one: Row, t: Translator) -> str:
    """Return the name of a promise or a work."""
    return str(one["name_zh" if t.lang == "zh" else "name_en"])


def number(value: float, one: Row, bound: float) -> str:
    """Return a figure with the digits that tell it from its target (S18)."""
    if math.isnan(value):
        return ""
    exact, bound = plain(float(f"{value:.12g}")), value if math.isnan(bound) else bound
    return exact if len(exact) <= 8 else telling(value, bound, 1 if one["kind"] == "growth" else 2)


def latest(one: Row) -> str:
    """Return the latest figure of a promise; a bound that was published with its sign."""
    if math.isnan(one["actual"]):
        return ""
    text = number(one["actual"], one, one["target"])
    return SENSE_SIGNS.get(one["actual_bound"], "") + text


def known_at(one: Row, t: Translator) -> str:
    """Return the period of the latest figure; empty where there is none."""
    return figure_period(one, t) if one["actual_period"] else ""


def lacking(one: Row, period: Period, t: Translator) -> str:
    """Return whose figures are missing: those named, past its date that of the date (S20)."""
    periods = str(one["missing_periods"])
    if one["kind"] == "annual" and one["actual_period"] == str(one["target_year"]):
        periods = periods or one["unknown_years"]  # the last year is known, others are not
    elif one["reason"] == "not_reported" and in_years(period.end) >= one["due"]:
        periods = periods or due_text(one)
    return t.listing(period_name(Period.of(p), t) for p in periods.split(";") if p)


def with_unit(text: str, unit: str, t: Translator) -> str:
    """Return a number and its unit, which Chinese sets without a blank."""
    return text + ("" if not unit or (t.lang == "zh") else " ") + unit if text else ""


def goal(one: Row, t: Translator) -> str:
    """Return what is promised, with its unit: ``≥580亿元``, ``年均≥15%``."""
    if math.isnan(one["target"]) or one["kind"] == "milestone":
        return target_text(one, t)
    # a bound that another indicator's figure gives has more digits than people read
    bound = float(number(one["target"], one, one["actual"]))
    text = with_unit(target_text({**one, "target": bound}, t).replace(" ", ""), one["unit"], t)
    return t("{goal} a year on average", goal=text) if one["kind"] == "growth" else text


def counted(pairs: Iterable[tuple[str, int]], t: Translator) -> str:
    """Return words with their numbers in a row: 已实现46项，滞后9项."""
    return t.listing((t("{what} {n}", what=what, n=n) for what, n in pairs), "，", ", ")


def sentences(parts: Iterable[str], t: Translator) -> str:
    """Return sentences one after another."""
    return t.listing([part for part in parts if part], "", " ")


MOST_NAMES = 6
"""Names that a sentence of the body lists; the annexes have them all."""


def some(names: Sequence[str], t: Translator, most: int = MOST_NAMES) -> str:
    """Return names in a row, of many the first ones and how many there are."""
    if len(names) <= most:
        return t.listing(names, "、", "; ")
    return t(
        "{names} and others, {n} in all", names=t.listing(names[:most], "、", "; "), n=len(names)
    )


def some_units(units: Sequence[str], t: Translator, most: int = MOST_NAMES) -> str:
    """Return units in a row, of many the first ones and how many there are."""
    if len(units) <= most:
        return t.listing(units)
    return t("{units} and others, {n} units in all", units=t.listing(units[:most]), n=len(units))


def statuses(counts: Mapping[str, int], t: Translator) -> str:
    """Return the five classes with their counts."""
    words = [status for status in STATUSES if status != NOT_ASSESSABLE]
    return counted(((status_word(s, t.lang), counts[s]) for s in words), t)


def reasons(counts: Mapping[str, int], t: Translator) -> str:
    """Return the reasons why something is not assessable, with their counts."""
    return counted(((reason_word(r, t.lang), counts[r]) for r in REASONS if counts[r]), t)


def need(one: Row, t: Translator) -> str:
    """Return what a promise that is behind or missed still needs, as a cell says it.

    Before its date the pace of the years left; after it how much is short; of what came late
    when it came.
    """
    if one["met_late"]:
        return t("met in {period}", period=date_text(str(one["met_late"]), t.lang))
    if one["kind"] == "milestone":
        return t("not done yet")
    if one["missed_years"]:
        return t("not met in {years}", years=t.listing(one["missed_years"].split(";")))
    gap, rate, step = one["gap"], one["required_rate_remaining"], one["required_step_remaining"]
    short = one["status"] == MISSED or (one["is_limit"] and gap < 0)
    if short and not math.isnan(gap):
        of = t.context("unit", "points") if one["unit"] == "%" else one["unit"]
        amount = with_unit(
            rounded(abs(gap), 1) if one["unit"] == "%" else number(abs(gap), one, math.nan), of, t
        )
        if one["sense"] in {"at_most", "below"}:
            return t("{amount} beyond it", amount=amount)
        return t("{amount} short of it", amount=amount)
    if not math.isnan(rate) and not one["is_limit"]:
        size = percents(abs(rate), t)
        template = N_("a rise of {rate} a year") if rate >= 0 else N_("a fall of {rate} a year")
        return t(template, rate=size)
    if math.isnan(step):
        return ""
    amount = with_unit(rounded(step, 2 if abs(step) < 100 else 1), one["unit"], t)
    return (
        t("no more than {amount} a year", amount=amount)
        if one["is_limit"]
        else t("{amount} a year", amount=amount)
    )


def by_first_unit(leads: Sequence[Sequence[str]], t: Translator) -> str:
    """Return how many items each first unit leads, so that they sum."""
    counts = Counter(units[0] if units else "" for units in leads)
    return counts_by_unit(sorted(counts.items(), key=lambda p: (not p[0], -p[1], p[0])), t)


def counts_by_unit(counts: Sequence[tuple[str, int]], t: Translator) -> str:
    """Return units with their numbers; of many the first, and the rest by their number.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> owed = [("A", 4), *((unit, 2) for unit in "BCDEF"), ("G", 1), ("", 3)]
    >>> counts_by_unit(owed, translator("zh"))
    'A4项、其余5家各2项、1家各1项，未注明单位3项'
    """
    named = [(unit, n) for unit, n in counts if unit]
    nobody = dict(counts).get("", 0)
    shown = [pair for pair in named if pair[1] > 2 or len(named) <= MOST_NAMES][:MOST_NAMES]
    rest = named[len(shown) :]
    parts = [t("{unit} {n}", unit=unit, n=n) for unit, n in shown]
    if len(rest) and rest[0][1] > 2:
        parts.append(t("{units} others {n} in all", units=len(rest), n=sum(n for _, n in rest)))
    else:
        groups = Counter(n for _, n in rest)
        for place, (n, units) in enumerate(sorted(groups.items(), reverse=True)):
            template = (
                N_("the other {units} {n} each")
                if place == 0 and shown
                else N_("{units} units {n} each")
            )
            parts.append(t(template, units=units, n=n))
    said = t.listing(parts)
    if nobody:
        none = t("without a unit {n}", n=nobody)
        said = t.listing([said, none], "，", ", ") if said else none
    return said


TASK_WORDS = {
    "achieved": context("task", "done"),
    "on_schedule": context("task", "on schedule"),
    "behind": context("task", "behind"),
    "missed": context("task", "missed"),
}
"""Verdicts on tasks, as offices call their states."""


def doubts_text(doubts: Sequence[Doubt], plan: Plan, t: Translator) -> str:
    """Return which figures look slipped and count all the same; empty where none does."""
    if not doubts:
        return ""
    return t(
        "Figures that look slipped and count until they are revised, {n}: {figures}.",
        n=len(doubts),
        figures=t.listing([doubt_text(one, plan.indicators[one.indicator], t) for one in doubts]),
    )


def doubt_text(doubt: Doubt, indicator: Indicator, t: Translator) -> str:
    """Return a figure that looks slipped, and what it was held against."""
    unit = indicator.unit if doubt.measure in {"level", "addition"} else "%"
    name, period = indicator.name(t.lang), period_name(Period.of(doubt.period), t)
    figure = with_unit(plain(doubt.value), unit, t)
    if doubt.known is None:
        return t("{name} ({period}: {figure})", name=name, period=period, figure=figure)
    return t(
        "{name} ({period}: {figure}; a known figure or target: {known})",
        name=name,
        period=period,
        figure=figure,
        known=with_unit(plain(doubt.known), unit, t),
    )
