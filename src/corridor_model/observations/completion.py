"""Completions as typed, held against their parts: 完成率 must follow from value and target.

The typed figure and its parts were rounded before they were printed; a completion is
refused only if no values that round to the printed ones give it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from corridor_model.errors import Problem
from corridor_model.observations.entries import Entry, Quoted
from corridor_model.observations.meaning import period_of
from corridor_model.observations.remarks import PAUSED
from corridor_model.observations.settle import converted
from corridor_model.plan.cells import CellError, Quantity, parse_quantity
from corridor_model.plan.headers import split_header
from corridor_model.plan.plan import Plan
from corridor_model.plan.table import Table
from corridor_model.plan.units import UnitError

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
    return Problem(
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
    return Problem(
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
    return Problem(what[0], what[1], remedy[0], remedy[1], file, line, column)


def with_title_unit(text: str, titles: Mapping[str, str]) -> str:
    """Return a printed plan with the unit in its column's title, where it stands alone."""
    _, unit = split_header(titles.get("plan", ""))
    bare = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{text.strip()}{unit}" if bare and unit else text
