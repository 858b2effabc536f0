"""Completions as typed, held against their parts: 完成率 must follow from value and target.

The typed figure and its parts were rounded before they were printed; a completion is
refused only if no values that round to the printed ones give it.
"""

from __future__ import annotations

import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from corridor_model.errors import CellError, CorridorWarning, Problem, two_language_problem
from corridor_model.observations.bulletins import PAUSED, Entry, Quoted
from corridor_model.observations.model import KEY, last_day
from corridor_model.observations.semantics import converted, is_flow
from corridor_model.periods import period_of
from corridor_model.plan.load import UnitSlipWarning
from corridor_model.plan.plan import Plan
from corridor_model.tabular.cells import Quantity, parse_quantity
from corridor_model.tabular.headers import split_header
from corridor_model.tabular.table import Table, Value, problem
from corridor_model.units import UnitError, scale

_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+")


def check(
    quotes: Iterable[Quoted], table: Table, entries: Sequence[Entry], plan: Plan
) -> list[Problem]:
    """Return the typed completions that do not follow, and finished works that are paused.

    The row numbers of the problems are those of the file.
    """
    by_line: dict[int, list[int]] = {}
    for row, entry in enumerate(table.lines):
        by_line.setdefault(entries[entry].line, []).append(row)
    targets = {
        (name, year): value
        for name, year, value in zip(
            *(plan.tables["annual_targets"][c] for c in ("indicator", "year", "value")),
            strict=True,
        )
    }
    problems: list[Problem] = []
    for quote in quotes:
        column = quote.titles.get("completion", "完成率")
        try:
            typed = parse_quantity(quote.completion)
        except CellError as error:
            what = (error.what_zh, error.what_en)
            problems.append(_problem(table.file, quote.line, column, what))
            continue
        if typed is None:
            continue
        if typed.value >= 100 and PAUSED.search(quote.note):
            problems.append(paused(table.file, quote.line, column, quote.note))
            continue
        rows = [r for r in by_line.get(quote.line, ()) if table["measure"][r] != "growth"]
        if not rows:
            continue
        running = [r for r in rows if table["basis"][r] != "month"]
        row = (running or rows)[0]
        text = entries[table.lines[row]].cells["value"]
        problems.extend(_row(quote, typed, text, row, table, plan, targets))
    return problems


def _row(
    quote: Quoted,
    typed: Quantity,
    text: str,
    row: int,
    table: Table,
    plan: Plan,
    targets: dict[tuple[str, int], float],
) -> Iterator[Problem]:
    """Yield the mistake of one row: its completion held against its target and its value."""
    name, value = table["indicator"][row], table["value"][row]
    unit = plan.indicators[name].unit
    year = period_of(table["period"][row]).year
    title = quote.titles.get("plan", "")
    years = re.findall(r"\d{4}", title)
    target, slack = targets.get((name, year)), 0.0
    if quote.plan and (not years or str(year) in years):
        try:
            target, slack = stated(with_title_unit(quote.plan, quote.titles), unit)
        except (CellError, UnitError):
            what = (
                f"“{quote.plan}”不是以{unit}计的目标。",
                f"{quote.plan!r} is no target in {unit}.",
            )
            yield _problem(table.file, quote.line, title, what)
            return
    if target and not follows(
        typed, quote.completion, value, spread_of(text, value), target, slack
    ):
        column = quote.titles.get("completion", "完成率")
        yield mismatch(table.file, quote.line, column, typed.value, value, target)


def stated(text: str, unit: str) -> tuple[float | None, float]:
    """Return a printed target in a unit, and half a unit of its last digit.

    Raises
    ------
    CellError, UnitError
        If it is no number, or in a unit that does not convert.
    """
    quantity = parse_quantity(text)
    if quantity is None:
        return None, 0.0
    value = converted(quantity.value, quantity.unit, unit)
    return value, half(text) * abs(value / quantity.value) if quantity.value else 0.0


def follows(
    typed: Quantity, text: str, value: float, spread: float, target: float, slack: float
) -> bool:
    """Return whether a typed completion can follow from its rounded parts.

    Parameters
    ----------
    typed : Quantity
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
    rim = 1e-9 * max(1.0, abs(typed.value))
    return min(ends) - rounding - rim <= typed.value <= max(ends) + rounding + rim


def half(text: str) -> float:
    """Return half a unit of the last digit printed.

    Examples
    --------
    >>> half("91.84"), half("1,200")
    (0.005, 0.5)
    """
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return 0.0
    exponent = Decimal(found.group().replace(",", "")).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0


def spread_of(text: str, value: float) -> float:
    """Return half a unit of the last digit printed, in the unit the value was brought to."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    printed = abs(float(found.group().replace(",", ""))) if found else 0.0
    return half(text) * (abs(value) / printed if printed else 1.0)


def mismatch(
    file: str, row: int | None, column: str, typed: float, value: float, target: float
) -> Problem:
    """Return the mistake of a completion that its parts do not give."""
    right = 100 * value / target
    return two_language_problem(
        f"完成率{typed:g}%与{value:g}÷{target:g}={right:.2f}%不符。",
        f"a completion of {typed:g} % does not follow from {value:g} / {target:g} = {right:.2f} %.",
        "请核对完成数、目标数及单位。",
        "Check what was reached, the target, and their units.",
        file,
        row,
        column,
    )


def paused(file: str, row: int | None, column: str, note: str) -> Problem:
    """Return the mistake of a paused work that is shown as finished."""
    short = note if len(note) <= 30 else note[:27] + "..."
    return two_language_problem(
        f"完成率为100%，而文字为“{short}”。",
        f"is 100 % complete, but its text says {short!r} (paused).",
        "暂缓的项目不能填100%，请核对。",
        "A paused work is not finished. Check which of the two holds.",
        file,
        row,
        column,
    )


def _problem(file: str, line: int, column: str, what: tuple[str, str]) -> Problem:
    remedy = ("请检查数值和单位。", "Check figure and unit.")
    return two_language_problem(what[0], what[1], remedy[0], remedy[1], file, line, column)


def with_title_unit(text: str, titles: Mapping[str, str]) -> str:
    """Return a printed plan with the unit in its column's title, where it stands alone."""
    _, unit = split_header(titles.get("plan", ""))
    bare = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{text.strip()}{unit}" if bare and unit else text


# What must hold among figures: no doubles, no impossible values, no falling counts.


def check_checks(table: Table, known: Table, plan: Plan) -> tuple[list[Problem], list[Warned]]:
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
    warned = [*unit_slips(table, known, plan), *series_breaks(table, known, plan)]
    return problems, warned


def _doubled(table: Table) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(zip(*(table[name] for name in KEY), strict=True)):
        first = seen.setdefault(key, row)
        if first == row:
            continue
        shown = " ".join(str(part) for part in key[:3])
        same = table["value"][first] == table["value"][row]
        yield problem(
            table,
            row,
            "indicator",
            (
                f"{shown}出现两次{'' if same else '，数值不同'}。",
                f"{shown} appears twice{'' if same else ', with different values'}.",
            ),
            (
                "请保留一行；若为修订，请填写各自的发布日期。",
                "Keep one row; for a revision give each its date of publication.",
            ),
        )


_BOUNDED = frozenset({"share", "completion"})
_COUNTED = frozenset({"cumulative", "annual"})


def _impossible(table: Table, plan: Plan) -> Iterator[Problem]:
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        kind = plan.indicators[name].kind
        if measure == "done" and value not in {0, 1}:
            what = (f"{value:g}既不是1也不是0。", f"{value:g} is neither 1 nor 0.")
            remedy = ("已完成填1，未完成填0。", "Enter 1 once it is reached, 0 before.")
        elif measure == "growth" and value <= -100:
            what = (f"增速{value:g}%低于-100%。", f"growth of {value:g} % ends below nothing.")
            remedy = ("请检查数值和单位。", "Check figure and unit.")
        elif measure == "level" and kind in _BOUNDED and not 0 <= value <= 100:
            what = (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100.")
            remedy = ("占比不能超过100%，请检查数值和单位。", "A share ends at 100 %. Check it.")
        elif measure == "level" and kind == "rank" and value <= 0:
            what = (f"位次{value:g}不是正数。", f"a rank of {value:g} is not positive.")
            remedy = ("请检查数值。", "Check the figure.")
        elif measure in {"level", "addition"} and kind in _COUNTED and value < 0:
            what = (f"{value:g}为负数。", f"{value:g} is negative.")
            remedy = ("未知请留空，退出请修订累计数。", "Leave it empty if unknown.")
        else:
            continue
        yield problem(table, row, "value", what, remedy)


@dataclass(frozen=True, slots=True)
class _Known:
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
    groups: dict[tuple[Value, ...], list[_Known]] = {}
    for name, group, figure in (*_totals(known, plan, False), *_totals(table, plan, True)):
        if name in new:
            groups.setdefault(group, []).append(figure)
    for figures in groups.values():
        latest: dict[tuple[int, int], _Known] = {}
        for figure in sorted(figures, key=lambda f: (f.published, f.row is not None)):
            latest[figure.year, figure.months] = figure
        run = [latest[time] for time in sorted(latest)]
        for before, after in pairwise(run):
            if after.value < before.value and not _breaks(before, after):
                yield from _fallen(table, before, after)


def _breaks(before: _Known, after: _Known) -> bool:
    return None not in {before.series, after.series} and before.series != after.series


def _totals(table: Table, plan: Plan, new: bool) -> Iterator[tuple[str, tuple[Value, ...], _Known]]:
    """Yield figures that may only rise: counts since the start, and totals within a year."""
    names = ("indicator", "period", "measure", "basis", "value", "published", "series")
    for row, values in enumerate(zip(*(table[name] for name in names), strict=True)):
        name, text, measure, basis, value, published, series = values
        indicator = plan.indicators.get(name)
        if indicator is None:
            continue
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
        yield name, group, _Known(period.year, period.month, value, day, series, place)


def _fallen(table: Table, before: _Known, after: _Known) -> Iterator[Problem]:
    row = after.row if after.row is not None else before.row
    if row is None:
        return
    yield problem(
        table,
        row,
        "value",
        (
            f"累计数由{before.year}年{before.months}月的{before.value:g}降至"
            f"{after.year}年{after.months}月的{after.value:g}。",
            f"a running total falls from {before.value:g} ({before.year}-{before.months:02d}) "
            f"to {after.value:g} ({after.year}-{after.months:02d}).",
        ),
        (
            "累计数不应下降：当期数请填measure=addition；前期数有误请修订。",
            "If it is the figure of the period alone, use measure addition; otherwise revise "
            "the earlier one.",
        ),
    )


# What a person should look at, though the figures are taken: slips of units, series breaks.

SLIP = 3000.0
"""From this factor on, two figures of one amount look like a slip of 10,000 or more."""

PERCENT_SLIP = (50.0, 200.0)
"""Within these factors two percentages look like 0.65 for 65 %."""

_SCALED = frozenset({"money", "us dollars", "area", "coal equivalent", "energy"})


class SeriesBreakWarning(CorridorWarning):
    """A figure is of another series than the one it would be compared with (S10)."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning to be given once its place is known."""

    category: type[CorridorWarning]
    problem: Problem

    def place(self, placed: Callable[[Problem], Problem]) -> Warned:
        """Return the warning with its problem at the cell it came from."""
        return replace(self, problem=placed(self.problem))

    def show(self) -> None:
        """Give the warning to the caller of the loading function."""
        warnings.warn(self.category(self.problem), stacklevel=4)


def unit_slips(table: Table, known: Table, plan: Plan) -> Iterator[Warned]:
    """Yield figures that lie a factor of 10,000 (or, for percentages, 100) from what is known.

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
        beside = references.get(name) or [v for r, v in own.get(name, ()) if r != row]
        factors = [max(abs(value / v), abs(v / value)) for v in beside if v]
        if not factors:
            continue
        nearest = min(factors)
        if _scaled(indicator.unit) and nearest > SLIP:
            hint = (
                "是否把万元写成了亿元，或把元写成了万元？",
                "Was 万元 meant for 亿元, or 元 for 万元?",
            )
        elif indicator.unit == "%" and PERCENT_SLIP[0] < nearest < PERCENT_SLIP[1]:
            hint = ("是否把65%写成了0.65？", "Was 65 % written as 0.65?")
        else:
            continue
        like = min(beside, key=lambda v: abs(math.log(abs(value / v))) if v else math.inf)
        what = (
            f"{indicator.name_zh}为{value:g}{indicator.unit}，已知为{like:g}，"
            f"相差约{nearest:,.0f}倍。",
            f"{name} is {value:g} {indicator.unit}, known is {like:g}: a factor of {nearest:,.0f}.",
        )
        yield Warned(UnitSlipWarning, problem(table, row, "value", what, hint))


def _levels(table: Table) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        if measure in {"level", "addition"}:
            found.setdefault(name, []).append((row, value))
    return found


def _references(known: Table, plan: Plan) -> Mapping[str, list[float]]:
    """Return baselines, targets and earlier levels by indicator, without zeros."""
    found: dict[str, list[float]] = {}
    for name, indicator in plan.indicators.items():
        values = [b.value for b in indicator.baselines] + [t.value for t in indicator.targets]
        found[name] = [value for value in values if value]
    for name, levels in _levels(known).items():
        found.setdefault(name, []).extend(value for _, value in levels if value)
    return found


def _scaled(unit: str) -> bool:
    """Return whether a unit is one that offices print in steps of 10,000."""
    known = scale(unit)
    return known is not None and any(part in _SCALED for part in known.dimension.split("/"))


def series_breaks(table: Table, known: Table, plan: Plan) -> Iterator[Warned]:
    """Yield the first figure of each indicator that another series stands before.

    A figure without a series breaks nothing: it says nothing of its series.
    """
    before: dict[str, list[tuple[int, str]]] = {}
    for name, indicator in plan.indicators.items():
        before[name] = [(b.year, b.series) for b in indicator.baselines if b.series]
    for name, year, series in (*_series(known), *_series(table)):
        before.setdefault(name, []).append((year, series))
    told: set[str] = set()
    rows = zip(table["indicator"], table["period"], table["measure"], table["series"], strict=True)
    for row, (name, text, measure, series) in enumerate(rows):
        if measure != "level" or not series or name in told:
            continue
        year = period_of(text).year
        other = [(y, s) for y, s in before.get(name, ()) if y < year and s != series]
        if not other:
            continue
        told.add(name)
        since, earlier = max(other)
        label = plan.indicators[name].name_zh
        yield Warned(
            SeriesBreakWarning,
            problem(
                table,
                row,
                "series",
                (
                    f"{label}{year}年的口径“{series}”与{since}年的“{earlier}”不同。",
                    f"{name} of {year} is of the series {series!r}, {since} of {earlier!r}.",
                ),
                (
                    "跨口径比较仍会计算，但会标明。",
                    "A comparison across the break is computed and flagged.",
                ),
            ),
        )


def _series(table: Table) -> Iterator[tuple[str, int, str]]:
    rows = zip(table["indicator"], table["period"], table["measure"], table["series"], strict=True)
    for name, text, measure, series in rows:
        if measure == "level" and series:
            yield name, period_of(text).year, series
