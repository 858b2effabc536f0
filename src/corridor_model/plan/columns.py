"""A column of cells at once: where all of them are plain, none is looked at alone.

What :mod:`corridor_model.plan.cells` does to one cell is done here to ten thousand, with the
same result; a column with anything unusual in it goes through those parsers, each distinct
text once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from corridor_model.plan import cells
from corridor_model.plan.cells import LONGEST, MISSING, CellError
from corridor_model.plan.schema import Column
from corridor_model.plan.table import Value

_NUMERIC = frozenset("0123456789.-+eE")

_ODD = (" ;", "; ", *(f";{mark};" for mark in sorted(MISSING)))
"""A part of a list that is missing, or has blanks around it."""

Values = tuple[Value, ...]
Wrong = list[tuple[int, CellError]]


def parse_column(texts: tuple[str, ...], column: Column) -> tuple[Values, tuple[str, ...], Wrong]:
    """Return what the cells of a column say.

    Parameters
    ----------
    texts : tuple of str
        One text a row.
    column : Column
        What the schema says of it.

    Returns
    -------
    values : tuple
        One value a row; unknown where a cell is wrong.
    units : tuple of str
        Unit beside each number, or nothing at all if there is none.
    wrong : list of (int, CellError)
        Rows that cannot be read.
    """
    plain = _PLAIN.get(column.type, _nothing)(texts, column)
    if plain is not None:
        return plain, (), []
    parse = parser_of(column)
    known: dict[str, Value] = {}
    errors: dict[str, CellError] = {}
    for text in set(texts):
        try:
            known[text] = parse(text)
        except CellError as error:
            known[text] = () if column.type == "list" else None
            errors[text] = error
    wrong: Wrong = []
    if errors:
        wrong = [(row, errors[text]) for row, text in enumerate(texts) if text in errors]
    values = tuple(map(known.__getitem__, texts))
    if column.type != "number":
        return values, (), wrong
    numbers = tuple(None if quantity is None else quantity.value for quantity in values)
    return numbers, tuple("" if quantity is None else quantity.unit for quantity in values), wrong


def parser_of(column: Column) -> Callable[[str], Value]:
    """Return what reads one cell of a column."""
    match column.type:
        case "number":
            return cells.parse_quantity
        case "integer":
            return cells.parse_integer
        case "year":
            return cells.parse_year
        case "date":
            return cells.parse_date
        case "flag":
            return cells.parse_flag
        case "choice":
            return cells.choice_parser(column.choices)
        case "list":
            return cells.list_parser(_separators(column))
        case _ if column.name == "unit" and not column.links:
            return cells.parse_unit
        case _:
            return cells.parse_text


def _separators(column: Column) -> str:
    """Offices are also listed with 、 and ，, which other texts contain."""
    return ";；、，" if column.links == "units.name" else ";；"


def _nothing(texts: tuple[str, ...], column: Column) -> Values | None:
    return None


def _stripped(texts: tuple[str, ...]) -> list[str] | None:
    """Return the texts without blanks around them, or None if they need more than that."""
    joined = "".join(texts)
    # printable: no control characters, no line breaks, no blank but the common one
    if not joined.isprintable() or "'" in joined or max(map(len, texts)) > LONGEST:
        return None
    return list(map(str.strip, texts))


def _texts(texts: tuple[str, ...], column: Column) -> Values | None:
    stripped = None if column.name == "unit" else _stripped(texts)
    if stripped is None or MISSING.isdisjoint(stripped):
        return stripped if stripped is None else tuple(stripped)
    return tuple(None if text in MISSING else text for text in stripped)


def _lists(texts: tuple[str, ...], column: Column) -> Values | None:
    stripped = _stripped(texts)
    if stripped is None:
        return None
    joined = f";{';'.join(filter(None, stripped))};"
    if any(odd in joined for odd in (*_separators(column)[1:], *_ODD)):
        return None
    return tuple([tuple(text.split(";")) if text else () for text in stripped])


def _numbers(texts: tuple[str, ...], column: Column) -> Values | None:
    distinct = set(texts)
    if not _NUMERIC.issuperset("".join(distinct)):
        return None
    try:
        known = {text: float(text) + 0.0 if text else None for text in distinct}
    except ValueError:
        return None
    if not all(map(math.isfinite, filter(None, known.values()))):
        return None
    return tuple(map(known.__getitem__, texts))


_PLAIN: dict[str, Callable[[tuple[str, ...], Column], Values | None]] = {
    "text": _texts,
    "list": _lists,
    "number": _numbers,
}
