"""What must hold among figures: completions that follow, no doubles, no falling counts.

What cannot be is a mistake, and the file is refused; what a person should look at is a warning,
and the figures are taken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from corridor_model.errors import CellError, CorridorWarning, Problem
from corridor_model.messages import N_, Message, Name, Worded, message
from corridor_model.observations.bulletins import Quote
from corridor_model.observations.semantics import in_unit, is_flow
from corridor_model.observations.vocabulary import PAUSED
from corridor_model.periods import last_day, period_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.validation import level_mistake, target_mistake
from corridor_model.tabular.cells import Quantity, narrow, parse_quantity
from corridor_model.tabular.headers import split_header
from corridor_model.tabular.table import Problems, Table, Value
from corridor_model.units import MONEY, UnitError, UnitSlipWarning, fraction_slip, scale

# Completions held against their parts: 完成率 must follow from value and target. All three were
# rounded before they were printed; a completion is refused only if no values that round to the
# printed ones give it.

_NUMBER = re.compile(r"[+-]?+(?:\d++(?:,\d++)*+(?:\.\d++)?+|\.\d++)")


def check_completions(quotes: Iterable[Quote], table: Table, plan: Plan) -> list[Problem]:
    """Return the completions of indicators that do not follow, and finished ones on hold."""
    by_line: dict[int, list[int]] = {}
    for row, line in enumerate(table.lines):
        by_line.setdefault(line, []).append(row)
    targets = _values(plan.tables["annual_targets"], ("indicator", "year"))
    problems = Problems(table.file)
    for quote in quotes:
        column = quote.titles["@completion"]
        try:
            completion = parse_quantity(quote.completion)
        except CellError as error:
            problems.add(CellError(error.what, _CHECK_BOTH), quote.line, column)
            continue
        if completion is None:
            continue
        if completion.value >= 100 and PAUSED.search(quote.note):
            problems.add(_on_hold(quote.note), quote.line, column)
            continue
        rows = [
            r
            for r in by_line.get(quote.line, ())
            if table["measure"][r] != "growth" and table["indicator"][r] == quote.name
        ]
        if not rows:
            continue
        # a completion is of the year so far, not of a month by itself
        row = next((r for r in rows if table["basis"][r] != "month"), rows[0])
        indicator = plan.indicators[table["indicator"][row]]
        year = period_of(table["period"][row]).year
        title = quote.titles.get("@plan", "")
        years = re.findall(r"\d{4}", title)
        target, slack = targets.get((indicator.id, year)), 0.0
        if quote.plan and (not years or str(year) in years):
            try:
                target, slack = printed_target(quote, indicator.unit)
            except (CellError, UnitError):
                problems.add(_no_target(quote, indicator.unit), quote.line, title)
                continue
        text = quote.figures[table.titles[row]["value"]]
        if mismatch := _mismatch(quote, completion, text, table["value"][row], target, slack):
            problems.add(mismatch, quote.line, column)
    return problems


def check_work_completions(quotes: Iterable[Quote], table: Table, plan: Plan) -> list[Problem]:
    """Return the completions of works that do not follow, and finished works on hold."""
    budgets = _values(plan.tables["annual_investment"], ("project", "year"))
    rows = {line: row for row, line in enumerate(table.lines)}
    problems = Problems(table.file)
    for quote in quotes:
        row = rows[quote.line]
        column = quote.titles["@completion"]
        words = [quote.note, *(table[c][row] or "" for c in ("milestone", "problem", "next_step"))]
        try:
            completion = parse_quantity(quote.completion)
        except CellError:
            what = message("is no number.{completion:.0}", completion=quote.completion)
            problems.add(CellError(what, message("Check it.")), quote.line, column)
            continue
        try:
            target, slack = (
                printed_target(quote, MONEY) if quote.plan else (_budget(budgets, table, row), 0.0)
            )
        except (CellError, UnitError):
            problems.add(_no_target(quote, MONEY), quote.line, quote.titles.get("@plan", column))
            continue
        if completion is None:
            continue
        if completion.value >= 100 and PAUSED.search(" ".join(words)):
            note = " ".join(word for word in words if PAUSED.search(word))
            problems.add(_on_hold(note), quote.line, column)
            continue
        value = table["invested_year"][row]
        if value is None:
            continue
        text = quote.figures["invested_year"]
        if mismatch := _mismatch(quote, completion, text, value, target, slack):
            problems.add(mismatch, quote.line, column)
    return problems


def _no_target(quote: Quote, unit: str | None) -> CellError:
    """Return what is wrong with a printed target that is no number in a unit."""
    title = quote.titles.get("@plan", "")
    what = message(
        "{plan!r} is no target in {unit}.",
        plan=with_unit(quote.plan, split_header(title)[1]),
        unit=unit,
    )
    return CellError(what, _CHECK_BOTH)


_CHECK_BOTH = message("Check figure and unit.")


def _values(table: Table, key: Sequence[str]) -> dict[tuple[Value, ...], float]:
    keys = zip(*(table[name] for name in key), strict=True)
    return dict(zip(keys, table["value"], strict=True))


def _budget(budgets: Mapping[tuple[Value, ...], float], table: Table, row: int) -> float | None:
    try:
        year = period_of(table["period"][row] or "").year
    except CellError:
        return None
    return budgets.get((table["project"][row], year))


def _on_hold(note: str) -> CellError:
    return CellError(
        N_("is 100 % complete, but its text says {note!r} (paused)."),
        N_("A paused work is not finished. Check which of the two holds."),
        note=note if len(note) <= 30 else note[:27] + "...",
    )


def _mismatch(
    quote: Quote, completion: Quantity, text: str, value: float, target: float | None, slack: float
) -> CellError | None:
    """Return what is wrong with a completion that its parts do not give, or None."""
    spread = _spread(text, value)
    if not target or follows(completion, quote.completion, value, spread, target, slack):
        return None
    return CellError(
        N_(
            "a completion of {typed:g} % does not follow from {value:g} / {target:g} = "
            "{right:.2f} %."
        ),
        N_("Check what was reached, the target, and their units."),
        typed=completion.value,
        value=value,
        target=target,
        right=100 * value / target,
    )


def printed_target(quote: Quote, unit: str) -> tuple[float | None, float]:
    """Return the target that a row prints, in a unit, and half a unit of its last digit.

    Raises
    ------
    CellError, UnitError
        If it is no number, or in a unit that does not convert.
    """
    _, title_unit = split_header(quote.titles.get("@plan", ""))
    quantity = parse_quantity(with_unit(quote.plan, title_unit))
    if quantity is None:
        return None, 0.0
    value = in_unit(quantity.value, quantity.unit, unit)
    return value, half(quote.plan) * abs(value / quantity.value) if quantity.value else 0.0


def with_unit(text: str, unit: str) -> str:
    """Return a bare number with the unit that stands elsewhere behind it."""
    return f"{text.strip()}{unit}" if unit and _NUMBER.fullmatch(narrow(text).strip()) else text


def follows(
    completion: Quantity, text: str, value: float, spread: float, target: float, slack: float
) -> bool:
    """Return whether a completion can follow from its rounded parts.

    Parameters
    ----------
    completion : Quantity
        Completion in percent.
    text : str
        As printed; its decimals say how far it was rounded.
    value, spread : float
        What was reached, and half a unit of its last printed digit.
    target, slack : float
        What was planned, and half a unit of its last printed digit.

    Examples
    --------
    >>> follows(Quantity(91.84), "91.84", 194.54, 0.005, 211.83, 0.005)
    True
    >>> follows(Quantity(98.1), "98.1", 194.54, 0.005, 211.83, 0.005)
    False
    """
    rounding = half(text)
    if abs(target) <= slack:
        return True
    ends = [100 * (value + v) / (target + t) for v in (-spread, spread) for t in (-slack, slack)]
    rim = 1e-9 * max(1.0, abs(completion.value))
    return min(ends) - rounding - rim <= completion.value <= max(ends) + rounding + rim


def half(text: str) -> float:
    """Return half a unit of the last digit printed.

    Examples
    --------
    >>> half("91.84"), half("1,200")
    (0.005, 0.5)
    """
    match = _NUMBER.search(narrow(text))
    if match is None:
        return 0.0
    exponent = Decimal(match.group().replace(",", "")).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0


def _spread(text: str, value: float) -> float:
    """Return half a unit of the last digit printed, in the unit the value was brought to."""
    match = _NUMBER.search(narrow(text))
    printed = abs(float(match.group().replace(",", ""))) if match else 0.0
    return half(text) * (abs(value) / printed if printed else 1.0)


# Figures held against each other and against what is known.


def check_figures(
    table: Table, known: Table, plan: Plan
) -> tuple[list[Problem], list[CorridorWarning]]:
    """Return every mistake among the figures of ``table``, and what a person should look at.

    Parameters
    ----------
    table : Table
        New figures, written out, in the units of their indicators.
    known : Table
        Earlier ones.
    plan : Plan
        What they speak of.
    """
    problems = [*_doubled(table), *_impossible(table, plan), *_falling(table, known, plan)]
    problems += published_too_early(table, "indicator")
    warned = [slip for _, slip in _slips(table, known, plan)]
    return problems, [*warned, *series_breaks(table, known, plan)]


class Doubt(NamedTuple):
    """A figure that looks slipped: 元 for 万元, 0.65 for 65 %, a year for its January.

    ``known`` is what it was held against, None where its digits alone are odd.
    """

    indicator: str
    period: str
    measure: str
    value: float
    known: float | None


def doubts(table: Table, plan: Plan) -> list[Doubt]:
    """Return the figures that look slipped beside what the plan itself has.

    A slip that was taken is no measure of the next one: figures are held against baselines and
    targets, and against each other only where there are none.
    """
    doubtful = []
    for row, slip in _slips(table, table.select([]), plan):
        indicator, period, measure, value = (
            table[name][row] for name in ("indicator", "period", "measure", "value")
        )
        fields = slip.problem.what.fields if isinstance(slip.problem.what, Message) else {}
        doubtful.append(Doubt(indicator, period, measure, value, fields.get("known")))
    return doubtful


def _slips(table: Table, known: Table, plan: Plan) -> Iterator[tuple[int, CorridorWarning]]:
    """Yield the figures that look slipped, with their rows."""
    for check in (unit_slips, fractions, yearly_sized):
        yield from check(table, known, plan)


def _doubled(table: Table) -> Iterator[Problem]:
    rows: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(table.keys()):
        first = rows.setdefault(key, row)
        if first != row:
            yield table.problem(
                row,
                "indicator",
                N_("{figure} appears twice.")
                if table["value"][first] == table["value"][row]
                else N_("{figure} appears twice, with different values."),
                N_("Keep one row; for a revision give each its date of publication."),
                figure=" ".join(str(part) for part in key[:3]),
            )


def known_too_early(subject: str, period: str, published: str | None) -> CellError | None:
    """Return what is wrong with a figure that was known before the last month of its period.

    Offices close their books some days before a month ends; no earlier than in that month.

    Examples
    --------
    >>> known_too_early("gdp", "2021Q3", "2021-09-25")
    >>> known_too_early("gdp", "2021Q3", "2021-08-31").what.text()
    'gdp of 2021Q3 is dated 2021-08-31, before its period was over.'
    """
    if not published:
        return None
    span = period_of(period)
    if last_day(published) >= f"{span.year}-{span.month:02d}-01":
        return None
    return CellError(
        N_("{subject} of {period} is dated {published}, before its period was over."),
        N_("Check the period and the date of publication; a forecast is no figure."),
        subject=subject,
        period=period,
        published=published,
    )


def published_too_early(table: Table, subject: str) -> Iterator[Problem]:
    """Yield the rows that were published before their period was over."""
    columns = (table[name] for name in (subject, "period", "published"))
    for row, (name, period, published) in enumerate(zip(*columns, strict=True)):
        if error := known_too_early(name, period, published):
            yield table.at(row, "published", error)


_BOUNDED = frozenset({"share", "completion"})
_COUNTED = frozenset({"cumulative", "annual"})


def _impossible(table: Table, plan: Plan) -> Iterator[Problem]:
    columns = (table[name] for name in ("indicator", "measure", "value", "bound"))
    for row, (name, measure, value, bound) in enumerate(zip(*columns, strict=True)):
        indicator = plan.indicators[name]
        what: str | Worded
        remedy: str | Worded = _CHECK_BOTH
        if measure == "done" and value not in {0, 1}:
            what = N_("{value:g} is neither 1 nor 0.")
            remedy = N_("Enter 1 once it is reached, 0 before.")
        elif measure in {"growth", "average_growth"} and value <= -100:
            what = N_("growth of {value:g} % ends below nothing.")
        elif measure == "level" and (
            mistake := level_mistake(indicator.kind, value, indicator.unit, indicator.nature)
        ):
            what, remedy = mistake
            remedy = ENDS_AT_100 if indicator.kind in _BOUNDED else remedy
        elif measure == "level" and (
            mistake := target_mistake(indicator.kind, value, bound) if bound else None
        ):
            what, remedy = mistake
        elif measure == "addition" and indicator.kind in _COUNTED and value < 0:
            what, remedy = NEGATIVE, N_("Leave it empty if unknown.")
        else:
            continue
        yield table.problem(row, "value", what, remedy, value=value)


OUTSIDE = N_("{value:g} is outside 0 to 100.")
ENDS_AT_100 = N_("A share ends at 100 %. Check it.")
NEGATIVE = N_("{value:g} is negative.")


@dataclass(frozen=True, slots=True)
class _Total:
    """One figure of a running total: when, how much, when published, and its row if new."""

    year: int
    months: int
    value: float
    published: str
    series: str | None
    row: int | None


def _falling(table: Table, known: Table, plan: Plan) -> Iterator[Problem]:
    """Yield running totals that are lower than an earlier one, the latest vintages compared."""
    new = set(table["indicator"])
    groups: dict[tuple[Value, ...], list[_Total]] = {}
    for name, group, figure in (*_totals(known, plan, False), *_totals(table, plan, True)):
        if name in new:
            groups.setdefault(group, []).append(figure)
    for figures in groups.values():
        latest: dict[tuple[int, int], _Total] = {}
        for figure in sorted(figures, key=lambda f: (f.published, f.row is not None)):
            latest[figure.year, figure.months] = figure
        run = [latest[time] for time in sorted(latest)]
        for before, after in pairwise(run):
            row = after.row if after.row is not None else before.row
            breaks = None not in {before.series, after.series} and before.series != after.series
            if row is None or breaks or after.value >= before.value:
                continue
            yield table.problem(
                row,
                "value",
                N_(
                    "a running total falls from {before.value:g} "
                    "({before.year}-{before.months:02d}) to {after.value:g} "
                    "({after.year}-{after.months:02d})."
                ),
                N_(
                    "If it is the figure of the period alone, use measure addition; otherwise "
                    "revise the earlier one."
                ),
                before=before,
                after=after,
            )


def _totals(table: Table, plan: Plan, new: bool) -> Iterator[tuple[str, tuple[Value, ...], _Total]]:
    """Yield figures that may only rise: counts since the start, and totals within a year."""
    names = ("indicator", "period", "measure", "basis", "value", "published", "series")
    for row, values in enumerate(zip(*(table[name] for name in names), strict=True)):
        name, text, measure, basis, value, published, series = values
        indicator = plan.indicators.get(name)
        if indicator is None or table["bound"][row]:
            continue  # «at least 50» after 60 is no fall
        period = period_of(text)
        if indicator.kind == "cumulative" and measure == "level":
            group: tuple[Value, ...] = (name, "count")
        elif basis in {"year", "ytd"} and (
            measure == "addition" or (measure == "level" and is_flow(indicator))
        ):
            group = (name, measure, period.year)
        else:
            continue
        day = last_day(published) if published else ""
        place = row if new else None
        yield name, group, _Total(period.year, period.month, value, day, series, place)


# What a person should look at, though the figures are taken: slips of units, series breaks.

SLIP = 3000.0
"""From this factor on, two figures of one amount look like a slip of 10,000 or more."""

_SCALED = frozenset({"money", "us dollars", "area", "coal equivalent", "energy"})


class SeriesBreakWarning(CorridorWarning):
    """A figure is of another series than the one it would be compared with (S10)."""


def unit_slips(table: Table, known: Table, plan: Plan) -> Iterator[tuple[int, CorridorWarning]]:
    """Yield figures that lie a factor of 10,000 from what is known.

    Compared are baselines, targets and earlier figures; where there are none, the other
    figures of the file.
    """
    references = _references(known, plan)
    own = _levels(table)
    for row, (name, measure, value) in enumerate(
        zip(table["indicator"], table["measure"], table["value"], strict=True)
    ):
        indicator = plan.indicators[name]
        if measure not in {"level", "addition"} or not value or indicator.kind == "growth":
            continue
        beside = references.get(name) or [v for r, v in own.get(name, ()) if r != row and v]
        if not beside:
            continue
        nearest = min(max(abs(value / v), abs(v / value)) for v in beside)
        if not (_scaled(indicator.unit) and nearest > SLIP):
            continue
        slip = table.problem(
            row,
            "value",
            N_("{indicator} is {value:g} {unit}, known is {known:g}: a factor of {factor:,.0f}."),
            N_("Was 万元 meant for 亿元, or 元 for 万元?"),
            indicator=Name(indicator.name_zh, name),
            value=value,
            unit=indicator.unit,
            known=min(beside, key=lambda v: abs(math.log(abs(value / v)))),
            factor=nearest,
        )
        yield row, UnitSlipWarning(slip)


def fractions(table: Table, known: Table, plan: Plan) -> Iterator[tuple[int, CorridorWarning]]:
    """Yield shares, ratios and growths that look like fractions: 0.65 for 65 %."""
    references, own = _references(known, plan), _levels(table)
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        indicator = plan.indicators[name]
        named = Name(f"“{indicator.name_zh}”", name)
        if measure in {"growth", "average_growth"}:
            promised = [target.value for target in indicator.targets if indicator.kind == "growth"]
            beside = [v for v in promised if v is not None]
            subject: Worded = message("the growth of {indicator}", indicator=named)
            unit = "%"
        elif measure == "level" and indicator.kind != "growth":
            beside = references.get(name) or [v for r, v in own.get(name, ()) if r != row]
            subject, unit = named, indicator.unit
        else:
            continue
        if slip := fraction_slip(value, beside, subject, unit):
            yield row, UnitSlipWarning(table.at(row, "value", slip))


YEARLY = 0.5
"""A January above this share of a year's figure looks like the year itself."""


def yearly_sized(table: Table, known: Table, plan: Plan) -> Iterator[tuple[int, CorridorWarning]]:
    """Yield figures of January alone that are as large as those of a whole year (S23)."""
    references = _references(known, plan)
    columns = (table[name] for name in ("indicator", "period", "measure", "value"))
    for row, (name, text, measure, value) in enumerate(zip(*columns, strict=True)):
        indicator = plan.indicators[name]
        period = period_of(text)
        if period.month != 1 or measure not in {"level", "addition"} or not is_flow(indicator):
            continue
        if indicator.kind == "growth":
            continue
        years = [v for v in references.get(name, ()) if v > 0]
        if years and value > YEARLY * min(years):
            slip = table.problem(
                row,
                "period",
                N_("a January figure of {value:g} {unit} is as large as a year ({known:g})."),
                message("Was the whole year meant? Write {year}.", year=period.year),
                value=value,
                unit=indicator.unit,
                known=min(years, key=lambda v: abs(math.log(value / v))),
            )
            yield row, UnitSlipWarning(slip)


def _levels(table: Table) -> dict[str, list[tuple[int, float]]]:
    levels: dict[str, list[tuple[int, float]]] = {}
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        if measure in {"level", "addition"}:
            levels.setdefault(name, []).append((row, value))
    return levels


def _references(known: Table, plan: Plan) -> Mapping[str, list[float]]:
    """Return baselines, targets and earlier levels by indicator, without zeros."""
    references: dict[str, list[float]] = {}
    for name, indicator in plan.indicators.items():
        values = [b.value for b in indicator.baselines] + [
            t.value for t in indicator.targets if t.value is not None
        ]
        references[name] = [value for value in values if value]
    for name, levels in _levels(known).items():
        references.setdefault(name, []).extend(value for _, value in levels if value)
    return references


def _scaled(unit: str) -> bool:
    """Return whether a unit is one that offices print in steps of 10,000."""
    known = scale(unit)
    return known is not None and any(part in _SCALED for part in known.dimension.split("/"))


def series_breaks(table: Table, known: Table, plan: Plan) -> Iterator[CorridorWarning]:
    """Yield the first figure of each indicator that another series stands before.

    A figure without a series breaks nothing: it says nothing of its series. Nor does one that
    repeats a known figure: that break is known.
    """
    before: dict[str, list[tuple[int, str]]] = {}
    for name, indicator in plan.indicators.items():
        before[name] = [(b.year, b.series) for b in indicator.baselines if b.series]
    there = {figure[1:] for figure in _series(known)}
    levels = [figure for figure in _series(table) if figure[1:] not in there]
    for _, name, year, series in (*_series(known), *levels):
        before.setdefault(name, []).append((year, series))
    breaks: set[str] = set()
    for row, name, year, series in levels:
        others = [(y, s) for y, s in before[name] if y < year and s != series]
        if name in breaks or not others:
            continue
        breaks.add(name)
        since, earlier = max(others)
        problem = table.problem(
            row,
            "series",
            N_("{indicator} of {year} is of the series {series!r}, {since} of {earlier!r}."),
            N_("A comparison across the break is computed and flagged."),
            indicator=Name(plan.indicators[name].name_zh, name),
            year=year,
            series=series,
            since=since,
            earlier=earlier,
        )
        yield SeriesBreakWarning(problem)


def unnamed_series(
    table: Table, asked: Mapping[int, tuple[float, str]], plan: Plan
) -> Iterator[CorridorWarning]:
    """Yield the figures that differ from a known one and must say their series (S10).

    ``asked`` is as :func:`~corridor_model.observations.semantics.with_series` returns it.
    """
    for row, (known, series) in asked.items():
        name = table["indicator"][row]
        problem = table.problem(
            row,
            "value",
            N_(
                "{indicator} of {period} is {value:g}; {known:g} is known of the series {series!r}."
            ),
            N_(
                "Name its series in the column series; until then a comparison with it counts as "
                "one across a break."
            ),
            indicator=Name(plan.indicators[name].name_zh, name),
            period=table["period"][row],
            value=table["value"][row],
            known=known,
            series=series,
        )
        yield SeriesBreakWarning(problem)


def _series(table: Table) -> Iterator[tuple[int, str, int, str]]:
    """Yield row, indicator, year and series of the levels that state theirs."""
    rows = zip(table["indicator"], table["period"], table["measure"], table["series"], strict=True)
    for row, (name, text, measure, series) in enumerate(rows):
        if measure == "level" and series:
            yield row, name, period_of(text).year, series
