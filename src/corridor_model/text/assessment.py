"""A verdict as a sentence that an office can print, and how likely a target is (S14, S18)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor_model.assessment.case import PART_YEAR_GROWTH, period_text
from corridor_model.codes import reason_word, status_word
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain, readable, rounded, telling
from corridor_model.growth import meets
from corridor_model.messages import N_, Listing, Name, Translator, context, translator
from corridor_model.periods import MONTHS, Period, in_years
from corridor_model.plan.display import SENSE_SIGNS, relative_text
from corridor_model.plan.measures import measures
from corridor_model.text.forecasting import record_text

if TYPE_CHECKING:
    import xarray as xr

Row = Mapping[str, Any]
"""The variables of an assessment for one indicator, see `row_of`."""

SIGNS = SENSE_SIGNS | {"range": "", "about": ""}
TYPED_SIGNS = SIGNS | {"at_least": ">=", "at_most": "<="}
CHANGES = measures(value="change")
METHODS = {
    "seasonal_share": N_("Full year by the season of earlier years: {whole} {unit}"),
    "elapsed_time": N_("Full year by months elapsed: {whole} {unit}"),
}


def row_of(assessment: xr.Dataset, indicator: str, rule: str | None = None) -> dict[str, Any]:
    """Return one indicator's values as plain Python, by variable name."""
    names = list(assessment["indicator"].to_numpy())
    if indicator not in names:
        raise CorridorError(N_("The assessment has no indicator {id!r}."), id=indicator)
    place = names.index(indicator)
    which = None
    if "rule" in assessment.dims:
        rules = list(assessment["rule"].to_numpy())
        if rule is not None and rule not in rules:
            raise CorridorError(
                N_("The assessment has no rule {name!r}; it has {rules}."),
                name=rule,
                rules=Listing(rules),
            )
        which = 0 if rule is None else rules.index(rule)
    row = {}
    for name, variable in assessment.variables.items():
        values = variable.to_numpy()
        if variable.dims == ("indicator",):
            row[str(name)] = values[place].item()
        elif variable.dims == ("rule", "indicator"):
            row[str(name)] = values[which, place].item()
    row["base_year"] = assessment.attrs["base_year"]
    return row


def thresholds_text(assessment: xr.Dataset, rule: str) -> str:
    """Return the thresholds of a rule as they were set: ``ahead 0.05, behind -0.05``."""
    thresholds = json.loads(assessment.attrs["thresholds"])[rule]
    return ", ".join(f"{name} {value:g}" for name, value in thresholds.items())


def sentence(row: Row, lang: str) -> str:
    """Return one indicator's verdict in ``"zh"`` or ``"en"``."""
    t = translator(lang)
    parts = (_figure(row, t), _verdict(row, t), _rest(row, t), _warnings(row, t))
    return _in_turn(parts, N_("{first} {second}"), t)


def _in_turn(parts: Iterable[str], between: str, t: Translator) -> str:
    """Return texts one after another, as a template of ``first`` and ``second`` joins them."""
    known = [part for part in parts if part]
    return reduce(lambda first, second: t(between, first=first, second=second), known or [""])


def percent(share: float, digits: int = 1) -> str:
    """Return a fraction as percent with a number of decimals, half up."""
    return f"{rounded(share * 100, digits)} %"


def part(share: float) -> str:
    """Return a part of the way as percent; what is not the whole of it never looks so (S18).

    Examples
    --------
    >>> part(0.4), part(0.99999), part(1.0)
    ('40.0 %', '99.999 %', '100.0 %')
    """
    return f"{telling(round(share * 100, 9), 100.0, 1)} %"


def target_text(row: Row, t: Translator, signs: Mapping[str, str] = SIGNS) -> str:
    """Return what must be reached: ``≥ 580``, ``1-2``, ``≤ 0.4``, ``75 ± 1``."""
    # twelve digits: an average that is the bound of another is worked out
    low, high = (float(f"{row[name]:.12g}") for name in ("target", "target_max"))
    if row["kind"] == "milestone":
        return t.context("milestone", "done")
    if math.isnan(low) and row["relative_to"]:
        other = str(row["relative_zh" if t.lang == "zh" else "relative_en"])
        bound = relative_text(row["sense"], other, row["margin"], t)
        return t("{bound} (its figure is not known)", bound=bound)
    if math.isnan(low):
        return t.context("target", "in words")
    if math.isnan(high) and row["sense"] == "about":
        return t.context("target without a tolerance", "about {value}", value=plain(low))
    if not math.isnan(high) and row["sense"] == "about":
        # halves of decimal numbers: what binary adds to them is no part of the promise
        middle, tolerance = round((low + high) / 2, 10), round((high - low) / 2, 10)
        return f"{plain(middle)} ± {plain(tolerance)}"
    if not math.isnan(high) and row["sense"] == "range":
        return f"{plain(low)}-{plain(high)}"
    return f"{signs[row['sense']]} {plain(low)}".strip()


def figure_text(row: Row, digits: int | None = None) -> str:
    """Return the latest figure; of one of which only a bound is published, with its sign."""
    # twelve digits: a change is a difference of levels and has their rounding
    exact = plain(float(f"{row['actual']:.12g}"))
    if row["kind"] == "relative_change":
        exact = _average(row["actual"], row["target"])
    elif row["kind"] == "change" and row["method"] in METHODS:
        exact = rounded(row["actual"], 2)
    value = exact if digits is None else rounded(row["actual"], digits)
    return SENSE_SIGNS.get(row["actual_bound"], "") + value


def _figure(row: Row, t: Translator) -> str:
    """Return the figure, where it started, and the target."""
    name = Name(row["name_zh"], row["name_en"])
    if row["kind"] == "milestone":
        return t("{name} (due {due}).", name=name, due=due_text(row))
    fields = {
        "name": name,
        "unit": row["unit"],
        "year": _due(row, t),
        "goal": _goal(row, t),
    }
    if math.isnan(row["actual"]) and not row["target_year"]:
        return t("{name}: target {goal}, without a date.", **fields)
    if math.isnan(row["actual"]):
        return t("{name}: target {goal} in {year}.", **fields)
    fields["period"] = figure_period(row, t)
    if row["kind"] == "growth":
        return t(
            "{name}: {value} % a year since {since} up to {period}, target {goal}.",
            value=SENSE_SIGNS.get(row["actual_bound"], "") + _average(row["actual"], row["target"]),
            since=row["baseline_year"] or row["base_year"],
            **fields,
        )
    fields["value"] = figure_text(row)
    if row["kind"] in CHANGES and not math.isnan(row["baseline"]) and row["target_year"]:
        return t(
            "{name}: in {period} a change of {value} {unit} since {since} ({base}), target "
            "{goal} by {year}.",
            base=plain(row["baseline"]),
            since=row["baseline_year"],
            **fields,
        )
    if not row["target_year"]:
        return t("{name}: {value} {unit} in {period} to {goal}, without a date.", **fields)
    if row["kind"] == "annual":
        return t("{name}: {value} {unit} in {period}, each year {goal}.", **fields)
    if math.isnan(row["baseline"]) or row["actual_period"] == str(row["baseline_year"]):
        return t("{name}: {value} {unit} in {period} to {goal} in {year}.", **fields)
    return t(
        "{name}: {value} {unit} in {period}, from {base} in {since} to {goal} in {year}.",
        base=plain(row["baseline"]),
        since=row["baseline_year"],
        **fields,
    )


def _goal(row: Row, t: Translator) -> str | Name:
    """Return what must be reached with its unit; what stands in words has none."""
    if math.isnan(row["target"]):
        return target_text(row, t)
    typed = target_text(row, t, signs=TYPED_SIGNS)
    zh = target_text(row, t).replace(" ", "")
    # an average growth is printed apart from its sign, as its own figure is
    apart = " " if row["kind"] == "growth" and not math.isnan(row["actual"]) else ""
    # beside a figure the unit stands with that one
    unit = row["unit"] if math.isnan(row["actual"]) or row["kind"] == "growth" else ""
    return Name(f"{zh}{apart if unit else ''}{unit}", f"{typed} {unit}".rstrip())


def _average(value: float, bound: float) -> str:
    """Return a growth with one decimal, or more where one would hide that it misses its bound."""
    return rounded(value, 1) if math.isnan(bound) else telling(value, bound, 1)


def due_text(row: Row) -> str:
    """Return a deadline at its precision: a year, or the month by whose end it is due."""
    if math.isnan(row["due"]):
        return ""
    month = round((row["due"] - row["target_year"] + 1) * MONTHS)
    return period_text(row["target_year"], month)


def _due(row: Row, t: Translator) -> str:
    return _months(Period.of(due_text(row)), t) if row["target_year"] else ""


def is_known_later(row: Row) -> bool:
    """Return whether only a figure from after its date is known of a promise."""
    silent = row["reason"] == "not_reported" and row["actual_period"] and row["due"] == row["due"]
    return bool(silent) and in_years(Period.of(row["actual_period"]).end) > row["due"]


def _later(row: Row, t: Translator) -> str:
    """Return what a figure from after the date says, and what is missing (S20)."""
    fields = {"due": _due(row, t), "period": figure_period(row, t)}
    one_sided = row["sense"] not in {"range", "about"} and not math.isnan(row["target"])
    # a bound that is met beyond doubt would have decided, were it of the date
    figure = not row["actual_bound"]
    if one_sided and figure and meets(row["actual"], row["target"], row["sense"]):
        return t(
            "the figure of {due} is missing, and that of {period}, which meets the target, does "
            "not tell when that was",
            **fields,
        )
    return t("the figure of {due} is missing, and that of {period} does not speak of it", **fields)


def figure_period(row: Row, t: Translator) -> str:
    """Return the period of the figure: ``2021年``, ``2021年9月``, of a flow ``2021年1—9月``."""
    period = Period.of(row["actual_period"])
    projected = row["method"] in METHODS or row["method"] == PART_YEAR_GROWTH
    running = row["kind"] in {"annual", "growth"} or projected
    if running and period.length != MONTHS:
        return t("January to {year}-{month:02d}", year=period.year, month=period.month)
    return _months(period, t)


BRANCHES = {
    "target_met": N_("The target is met: {status}."),
    "alternative_achieved": N_("One of the alternatives is met: {status}."),
    "done": N_("Done: {status}."),
    "met_late": N_("Met late, in {late}: {status}."),
    "not_done_when_due": N_("Not done when due: {status}."),
    "deadline_passed": N_("Not met at the deadline: {status}."),
    "lost": N_("Met at the start, lost since: {status}."),
    "target_kept": N_("Kept until its date: {status}."),
    "limit_broken": N_("The limit is passed: {status}."),
    "limit_held": N_("The limit is kept so far: {status}."),
    "limit_projected": N_("The full year as projected does not keep the limit: {status}."),
    "projected_met": N_("The full year as projected meets the target: {status}."),
    "total_passed": N_("The running total is over the target already: {status}."),
    "year_met": N_("This year's bound is met: {status}."),
    "below_bound": N_("This year's bound is not met so far: {status}."),
    "missed_earlier_year": N_("Missed in {years}: {status}."),
    "year_missed": N_("The year is missed: {status}."),
    "above_range": N_("Above the range: {status}."),
}
"""What decided a verdict, where it was no rule; the others are worded by their shares."""

LIMITS = {
    "deadline_passed": N_("Not kept at its date: {status}."),
    "met_late": N_("Not kept at its date, again in {late}: {status}."),
    "lost": N_("Kept at the start, lost since: {status}."),
}
"""The same of a limit, which is kept and not reached (S19)."""

FLOOR_BROKEN = N_("The lower limit is passed: {status}.")
"""Of a limit that must not be fallen short of; a ceiling is passed."""

SHARES = {
    ("annual", True): N_(
        "Achieved {done} of the year's target in {elapsed} of the year, {points} points ahead: "
        "{status}."
    ),
    ("annual", False): N_(
        "Achieved {done} of the year's target in {elapsed} of the year, {points} points short: "
        "{status}."
    ),
    ("level", True): N_(
        "Achieved {done} of the way in {elapsed} of the time, {points} points ahead: {status}."
    ),
    ("level", False): N_(
        "Achieved {done} of the way in {elapsed} of the time, {points} points short: {status}."
    ),
}
"""A share done against a share elapsed: of a year or the whole way, ahead or not."""


def _verdict(row: Row, t: Translator) -> str:
    status = status_word(row["status"], t.lang)
    if row["status"] == "not_assessable":
        remark = f"“{row['remark']}”" if row["remark"] else ""
        why = reason_word(row["reason"], t.lang) + remark
        if is_known_later(row):
            why = _later(row, t)
        elif row["actual_bound"] and row["reason"] == "not_reported":
            why = t("only a bound is published, and it leaves both possible")
        periods = row["missing_periods"]
        if row["kind"] == "annual" and row["actual_period"] == str(row["target_year"]):
            periods = periods or row["unknown_years"]  # the last year is known, others are not
        if not periods:
            return t("Not assessable: {why}.", why=why)
        missing = Listing(periods.split(";"))
        return t("Not assessable: {why} (missing: {missing}).", why=why, missing=missing)
    if row["branch"] in BRANCHES:
        late = Period.of(row["met_late"]) if row["met_late"] else None
        years = Listing(row["missed_years"].split(";"))
        template = BRANCHES[row["branch"]]
        if row["is_limit"]:
            floor = row["branch"] == "limit_broken" and row["actual"] < row["target"]
            template = FLOOR_BROKEN if floor else LIMITS.get(row["branch"], template)
        said = t(template, status=status, years=years, late=_months(late, t) if late else "")
        return _in_turn((said, _remains(row, t)), N_("{first} {second}"), t)
    if row["branch"] == "average_so_far":
        points = telling(abs(row["gap"]), 0.0, 1)
        top = row["target_max"]
        beyond = not math.isnan(top) and row["actual"] > top
        template = AVERAGES[bool(row["actual"] >= (top if beyond else row["target"]))]
        return t(template, points=points, status=status)
    if row["branch"] == "limit_used":
        used, elapsed = part(row["used_share"]), percent(row["elapsed_share"])
        return t(USES[row["kind"] == "annual"], used=used, elapsed=elapsed, status=status)
    done, elapsed, gap = row["achieved_share"], row["elapsed_share"], row["schedule_gap"]
    if any(math.isnan(value) for value in (done, elapsed, gap)):
        return t("Verdict: {status}.", status=status)
    return t(
        SHARES["annual" if row["kind"] == "annual" else "level", gap >= 0],
        done=part(done),
        elapsed=percent(elapsed),
        points=rounded(abs(gap) * 100, 1),
        status=status,
    )


AVERAGES = {
    True: N_("The average so far is {points} points above it: {status}."),
    False: N_("The average so far is {points} points below it: {status}."),
}
"""An average growth beside its target, or the far end of a range it has passed: above or below."""

USES = {
    True: N_("Used {used} of the year's limit in {elapsed} of the year: {status}."),
    False: N_("Used {used} of the room in {elapsed} of the time: {status}."),
}
"""What a limit has used, of a year or of the whole time."""


def _remains(row: Row, t: Translator) -> str:
    """Return what a met target must still fear: that it is lost again, or lies beyond a range."""
    if row["status"] != "achieved":
        return ""
    beyond = t("It lies beyond the range, which counts as met.") if row["reason"] else ""
    lost = "" if row["secured"] else t("It can still be lost.")
    return _in_turn((beyond, lost), N_("{first} {second}"), t)


def _months(period: Period, t: Translator) -> str:
    """Return a period by its last month, or its year."""
    if period.length == MONTHS:
        return t.context("period", "{year}", year=period.year)
    return t.context("period", "{year}-{month:02d}", year=period.year, month=period.month)


def _rest(row: Row, t: Translator) -> str:
    """Return what the years left need: a rate, or a step where there is none."""
    if row["status"] in {"achieved", "missed"}:
        return ""
    kept = row["gap"] >= 0
    if kept and not row["is_limit"] and row["kind"] != "growth":
        return ""  # a full year as projected leaves nothing to do
    years = row["due"] - row["compared_at"]
    needed, so_far = row["required_rate_remaining"], row["achieved_rate"]
    if not math.isnan(needed) and 0 < years < math.inf:
        if row["is_limit"]:
            return _growth_left(row, t) if row["kind"] == "growth" else holds_at(needed, kept, t)
        return _rate_left(plain(round(years, 2)), needed, so_far, t)
    step = row["required_step_remaining"]
    if math.isnan(step):
        return ""
    amount = rounded(step, 2 if abs(step) < 100 else 1)
    if step and not amount.strip("-0."):
        amount = readable(step)  # little is not nothing
    if row["is_limit"]:
        size = amount.lstrip("-")
        unit = row["unit"]
        if not kept and step < 0:
            return t("To be kept it must fall by {amount} {unit} a year.", amount=size, unit=unit)
        if not kept:
            return t("To be kept it must rise by {amount} {unit} a year.", amount=size, unit=unit)
        if step < 0:
            return t("It may fall by {amount} {unit} a year.", amount=size, unit=unit)
        return t("It leaves {amount} {unit} a year.", amount=size, unit=unit)
    return t("The rest needs {amount} {unit} a year.", amount=amount, unit=row["unit"])


def _growth_left(row: Row, t: Translator) -> str:
    """Return the growth of the years left at which a limit on the average just holds."""
    needed = row["required_rate_remaining"]
    size = percent(needed)
    if row["sense"] in {"at_most", "below"} and needed < 0:
        return t("The years left must fall by {rate} a year at least.", rate=percent(-needed))
    if row["sense"] in {"at_most", "below"}:
        return t("The years left may grow by {rate} a year at most.", rate=size)
    return t("The years left need a growth of {rate} a year.", rate=size)


def holds_at(rate: float, kept: bool, t: Translator) -> str:
    """Return the yearly change at which a limit just holds, or is kept again."""
    size = percent(abs(rate))
    if not kept and rate < 0:
        return t("To be kept it must fall by {rate} a year.", rate=size)
    if not kept:
        return t("To be kept it must rise by {rate} a year.", rate=size)
    if rate >= 0:
        return t("It just holds at a rise of {rate} a year.", rate=size)
    return t("It just holds at a fall of {rate} a year.", rate=size)


def _rate_left(years: str, needed: float, so_far: float, t: Translator) -> str:
    # Chinese says of a fall that it falls, and then its size; English keeps the sign
    size = Name(percent(abs(needed)), percent(needed))
    rate = (
        context("yearly rise", "{rate}", rate=size)
        if needed >= 0
        else context("yearly fall", "{rate}", rate=size)
    )
    number = 1 if years == "1" else 2
    if math.isnan(so_far):
        return t.plural(
            "The year left needs {rate} a year.",
            "The {years} years left need {rate} a year.",
            number,
            years=years,
            rate=rate,
        )
    return t.plural(
        "The year left needs {rate} a year, so far {past}.",
        "The {years} years left need {rate} a year, so far {past}.",
        number,
        years=years,
        rate=rate,
        past=percent(so_far),
    )


def _warnings(row: Row, t: Translator) -> str:
    """Return what one should know before one believes the verdict."""
    warnings = []
    if row["method"] in METHODS and row["compared_at"] == round(row["compared_at"]):
        whole = rounded(row["compared"], 2)
        warnings.append(t(METHODS[row["method"]], whole=whole, unit=row["unit"]))
    if row["series_break"]:
        warnings.append(t("Start and figure are of different series"))
    if row["unknown_years"] and row["status"] not in {"missed", "not_assessable"}:
        years = Listing(row["unknown_years"].split(";"))
        warnings.append(t("Of {years} nothing is known", years=years))
    if row["path_sensitive"]:
        warnings.append(t("The verdict hangs on the shape of the path"))
    best = row["best_rate"]
    if row["never_this_fast"] and not math.isnan(best) and not row["series_break"]:
        needed = row["required_rate_remaining"]
        never = (
            N_("It never fell so fast; in its best year it changed by {best}")
            if needed < 0
            else N_("That is above the best year on record, {best}")
        )
        warnings.append(t(never, best=percent(best)))
    if row["status_before"]:
        warnings.append(
            t(
                "Against the target before revision ({target}): {status}",
                target=plain(row["target_before"]),
                status=status_word(row["status_before"], t.lang),
            )
        )
    if not warnings:
        return ""
    between = N_("{first}. {second}")
    return t("{warnings}.", warnings=_in_turn(warnings, between, t))


# What stands beside a verdict in tables: its second line, and this year's own target (S20, S21).


def beside_verdict(row: Row, t: Translator, as_of: str) -> list[str]:
    """Return what stands below the word of a class: early, met late, a stretch target (S20)."""
    notes = []
    if row["met_late"]:
        notes.append(t.context("verdict", "met late"))
    elif row["status"] == "achieved" and in_years(Period.of(as_of).end) < row["due"]:
        notes.append(t.context("verdict", "early"))
    if row["tier"] == "stretch" and "@stretch" not in row["indicator"]:
        notes.append(t.context("tier", "stretch"))
    return notes


class SplitLine(NamedTuple):
    """A promise against its own target of the year; what is only compared has no shares."""

    figure: float
    goal: float
    completion: float
    elapsed: float
    gap: float


def split_line(row: Row) -> SplitLine:
    """Return the figure that a yearly split speaks of, beside the split (S21)."""
    goal, completion = row["year_target"], row["completion"]
    # the figure is what the split speaks of: this year's part, or all up to now
    figure = row["actual"] if row["year_basis"] == "to_date" else completion * goal
    if row["kind"] != "growth":
        return SplitLine(figure, goal, completion, row["year_elapsed"], row["year_gap"])
    figure = completion * goal
    return SplitLine(figure, goal, math.nan, math.nan, (figure - goal) / 100)


# Probabilities as people read them: a number, a word, and what it rests on (S14, S18).

WORDS = (
    (0.9, context("probability", "very likely")),
    (0.6, context("probability", "likely")),
    (0.4, context("probability", "about even")),
    (0.1, context("probability", "unlikely")),
    (0.0, context("probability", "very unlikely")),
)
"""From which probability on each word is used."""

BASIS = {
    "benchmarked": context("basis", "benchmarked"),
    "unbenchmarked": context("basis", "same method, not benchmarked"),
    "base_rate": context("basis", "base rate of comparable series only"),
    "observed": context("basis", "the final figure is known"),
    "user": context("basis", "your own forecast"),
}


def probability_word(p: float, lang: str, settled: bool = False) -> str:
    """Return the word for a probability in ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> [probability_word(p, "zh") for p in (0.95, 0.6, 0.5, 0.39, 0.02)]
    ['很可能', '较可能', '五五开', '较难', '很难']
    >>> probability_word(1.0, "en", settled=True)
    'settled: reached'
    """
    t = translator(lang)
    if settled and p == 1:
        return t("settled: reached")
    if settled and p == 0:
        return t("settled: missed")
    return next(word for least, word in WORDS if p >= least).text(lang)


def basis_word(basis: str, lang: str) -> str:
    """Return what a probability rests on in ``"zh"`` or ``"en"``."""
    return BASIS[basis].text(lang) if basis in BASIS else basis


def probability_text(p: float) -> str:
    """Return a probability as a number with three digits; 0 and 1 only where settled.

    Examples
    --------
    >>> probability_text(0.18895), probability_text(1.0)
    ('0.189', '1')
    """
    return plain(p) if p in (0.0, 1.0) else rounded(p, 3)


def is_settled(row: Row) -> bool:
    """Return whether a row's probability is exact: 0 and 1 are never shown of an open year."""
    return row["p_reach"] in (0.0, 1.0)


def probability_sentence(row: Row, lang: str) -> str:
    """Return what is projected and how likely the target is; empty where masked."""
    t, p = translator(lang), row["p_reach"]
    if math.isnan(p):
        return ""
    projected = ""
    lost = is_settled(row) and row["p_basis"] != "observed"
    if not math.isnan(row["projected"]) and row["p_basis"] != "observed":
        projected = t(
            "Projected for {year}: {middle} {unit} (80 % interval {low} to {high}). ",
            year=row["target_year"],
            middle=short(row["projected"]),
            low=short(row["lower"]),
            high=short(row["upper"]),
            unit=row["unit"],
        )
    said = projected + t(
        "Probability of the target {p}, {word} (basis: {basis}{history}).",
        p=probability_text(p),
        word=probability_word(p, lang, is_settled(row)),
        basis=t("the figures so far decide") if lost else basis_word(row["p_basis"], lang),
        history=_history(row, t),
    )
    record = "" if math.isnan(row["p_record"]) else record_text(p, lang)
    return t("{first} {second}", first=said, second=record) if record else said


def _history(row: Row, t: Translator) -> str:
    """Return from which years a forecast was made, and that it does not cross a break (S10)."""
    years = [part.partition("=")[0] for part in row["forecast_history"].split(";") if part]
    if not years or row["p_basis"] == "observed" or row["kind"] == "growth":
        return ""
    history = t.plural(
        "; {n} yearly value: {years}",
        "; {n} yearly values: {years}",
        len(years),
        years=Listing(years),
    )
    return history + (t(", not across the break of series") if row["series_break"] else "")


def short(value: float) -> str:
    """Return a projected value with about four digits.

    Examples
    --------
    >>> short(500.6235), short(3.41525), short(0.2098), short(10400.0)
    ('500.6', '3.42', '0.21', '10400')
    """
    if value == round(value):
        return plain(value)
    return rounded(value, 1 if abs(value) >= 100 else 2)
