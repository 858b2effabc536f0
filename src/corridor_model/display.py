"""What a notebook shows of an object: a caption and a table, in HTML that stands on any ground.

No colour is set, so that a dark theme keeps its own, and nothing is said by style alone: headers
have a scope, the table a caption, what is missing a mark. Whatever comes from a user is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError
from corridor_model.formatting import plain, rounded
from corridor_model.messages import printable, translator
from corridor_model.options import language

if TYPE_CHECKING:
    import pandas as pd

MOST = 12
"""Rows that a notebook shows; :func:`corridor_model.table` has them all."""
MISSING = "—"
"""What stands in a cell of which nothing is known."""
_LEFT, _RIGHT = "text-align:left", "text-align:right"


class Displayed:
    """What a notebook shows by its words and its table.

    Both come from :func:`corridor_model.describe` and :func:`corridor_model.table`, which know
    every class of results.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return display(self)


def display(thing: object) -> str:
    """Return what a notebook shows of an object: its words and the first rows of its table."""
    return shown(thing) or f"<pre>{_escaped(repr(thing))}</pre>"


def shown(thing: object, call: str = "cm.table(…)") -> str:
    """Return words and table as HTML; nothing where the object has lost what they speak of."""
    # words stand above what they speak of: they are looked up by name, when they are asked for
    face = import_module("corridor_model")
    lang = language()
    try:
        first, *others = face.describe(thing, lang).splitlines() or [""]
        frame = face.table(thing, lang)
    except (CorridorError, KeyError, ValueError):
        return ""
    title = getattr(thing, "title", None)
    if callable(title):  # a scenario, whose changes are its table
        others, first = [first, *others], title(lang)
    rows = {str(cell) for column in frame for cell in frame[column]}
    return frame_html(frame, first, [line for line in others if line not in rows], call)


def frame_html(
    frame: pd.DataFrame, caption: str, notes: Iterable[str] = (), call: str = "cm.table(…)"
) -> str:
    """Return the first rows of a table with a caption above it and notes below.

    Parameters
    ----------
    frame : DataFrame
        With headers in words; its index, where that has a name, is the header of the rows.
    caption : str
        What it is.
    notes : iterable of str
        Paragraphs below.
    call : str
        What gives the rows that are left out.
    """
    titled = frame.index.name is not None
    rows = []
    for label, values in zip(
        frame.index[:MOST], frame.head(MOST).itertuples(index=False), strict=True
    ):
        rows.append(([label] if titled else []) + list(values))
    header = ([str(frame.index.name)] if titled else []) + [str(name) for name in frame.columns]
    t = translator(language())
    below = list(notes)
    if more := len(frame) - len(rows):
        below.append(t("{n} more rows: {call}", n=more, call=call))
    return table_html(header, rows, caption, below)


def table_html(
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    caption: str,
    notes: Iterable[str] = (),
) -> str:
    """Return a table of plain values, the first column as headers of the rows.

    Parameters
    ----------
    header : sequence of str
        One title a column.
    rows : sequence of sequence
        Texts, numbers, truth values, None and NaN.
    caption : str
        What it is.
    notes : iterable of str
        Paragraphs below.

    Examples
    --------
    >>> print(table_html(["indicator", "value"], [["GDP", 580.0]], "Targets")[:50])
    <div><table><caption style="text-align:left">Targe
    """
    numeric = [_is_numeric([row[i] for row in rows]) for i in range(len(header))]
    digits = [_digits([row[i] for row in rows]) for i in range(len(header))]
    head = "".join(
        f'<th scope="col" style="{_RIGHT if number else _LEFT}">{_escaped(title)}</th>'
        for title, number in zip(header, numeric, strict=True)
    )
    body = "".join(f"<tr>{_row(row, numeric, digits)}</tr>" for row in rows)
    below = "".join(f"<p>{_escaped(note)}</p>" for note in notes)
    title = f'<caption style="{_LEFT}">{_escaped(caption)}</caption>' if caption else ""
    # a table without columns has nothing to head
    headed = f"<thead><tr>{head}</tr></thead>" if header else ""
    return f"<div><table>{title}{headed}<tbody>{body}</tbody></table>{below}</div>"


def fields_html(fields: Mapping[str, Any], caption: str) -> str:
    """Return one thing as a table of its fields, a row each."""
    body = "".join(
        f'<tr><th scope="row" style="{_LEFT}">{_escaped(name)}</th>'
        f'<td style="{_LEFT}">{_lines(value)}</td></tr>'
        for name, value in fields.items()
    )
    title = f'<caption style="{_LEFT}">{_escaped(caption)}</caption>'
    return f"<div><table>{title}<tbody>{body}</tbody></table></div>"


def _row(row: Sequence[Any], numeric: Sequence[bool], digits: Sequence[int]) -> str:
    cells = []
    for place, (value, number, decimals) in enumerate(zip(row, numeric, digits, strict=True)):
        tag, scope = ("td", "") if place else ("th", ' scope="row"')
        align = _RIGHT if number else _LEFT
        text = _lines(cell_text(value, decimals))
        cells.append(f'<{tag}{scope} style="{align}">{text}</{tag}>')
    return "".join(cells)


EVEN = 2
"""Decimals up to which the numbers of a column are written with the same number of them."""


def _digits(values: Iterable[Any]) -> int:
    """Return the decimals of a column's numbers, 0 where they differ too much or are whole."""
    floats = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    most = max((len(plain(value).partition(".")[2]) for value in floats), default=0)
    return most if most <= EVEN else 0


def _lines(text: str) -> str:
    return "<br>".join(_escaped(line) for line in text.splitlines()) or MISSING


def _escaped(text: str) -> str:
    from html import escape  # not needed to load a plan

    return escape(printable(text))


def cell_text(value: Any, digits: int = 0) -> str:
    """Return a value as a cell shows it; every kind of missing value is the same mark.

    Examples
    --------
    >>> cell_text(580.0), cell_text(None), cell_text(float("nan")), cell_text("≥ 580")
    ('580', '—', '—', '≥ 580')
    >>> cell_text(5.0, digits=1)
    '5.0'
    """
    t = translator(language())
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return t.context("flag", "yes") if value else t.context("flag", "no")
    if _is_missing(value):
        return MISSING
    if not isinstance(value, float):
        return str(value)
    return rounded(value, digits) if digits else plain(value)


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return value == "" or (isinstance(value, float) and math.isnan(value))


def _is_numeric(values: Iterable[Any]) -> bool:
    """Return whether a column holds numbers alone, and at least one."""
    known = [value for value in values if not _is_missing(value)]
    return bool(known) and all(
        isinstance(value, (int, float)) or hasattr(value, "dtype") for value in known
    )
