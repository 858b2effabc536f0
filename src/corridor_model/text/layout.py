"""How text is laid out: a result and its notes, and tables for a terminal.

In a terminal a Chinese character takes two places.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple


class Narrative(NamedTuple):
    """A result in words.

    Attributes
    ----------
    result : list of str
        What it says; a sentence or two each.
    notes : list of str
        How far to trust it: assumptions, convergence, what was left out.
    """

    result: list[str]
    notes: list[str]

    @property
    def lines(self) -> list[str]:
        """Result and notes."""
        return self.result + self.notes


_CLOSING = frozenset("、，。；：？！）】》”’,.;:?!)]}%％")
_OPENING = frozenset("（【《“‘([{")

_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Accents, signs that enclose, and marks that are not seen."""

GAP = 2
"""Blanks between two columns."""


def width(text: str) -> int:
    """Return how many places a text takes in a terminal.

    Examples
    --------
    >>> width("GDP"), width("生产总值"), width("12.3 ％")
    (3, 8, 7)
    """
    if text.isascii():
        return len(text)
    places = 0
    for character in text:
        if unicodedata.category(character) not in _NO_WIDTH:
            places += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return places


def shortened(text: str, places: int) -> str:
    """Return a text that fits, its middle left out: names differ at the end as at the start.

    Examples
    --------
    >>> shortened("按计划", 8), shortened("高速和滨海大道推迟12个月", 15)
    ('按计划', '高速和…迟12个月')
    """
    if width(text) <= places:
        return text
    head, tail = "", ""
    for character in text:
        if width(head + character) > (places - 1) // 2:
            break
        head += character
    for character in reversed(text):
        if width(head + "…" + character + tail) > places:
            break
        tail = character + tail
    return f"{head.rstrip()}…{tail.lstrip()}"


def wrap(text: str, places: int) -> list[str]:
    """Break a text into lines that fit; at blanks if there are any, else between characters.

    A line break in the text stays one.
    """
    parts = text.expandtabs(1).splitlines() or [""]
    return [line for part in parts for line in _wrap(part, places)]


def _wrap(text: str, places: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text, places):
        fits = used + width(piece) <= places
        if not fits:
            if line.strip():  # blanks alone make no line, and leave no room for what follows
                lines.append(line.rstrip())
            line, used = "", 0
        word = piece if fits else piece.lstrip()
        line += word
        used += width(word)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, places: int) -> list[str]:
    """Return what may not be broken: Latin words with their blank, and single wide characters.

    Closing marks stay with what they close, so that no line begins with one.
    """
    pieces: list[str] = []
    for character in text:
        if pieces and _joins(pieces[-1], character, places):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _joins(piece: str, character: str, places: int) -> bool:
    if width(piece) + width(character) > places:
        return False
    if character in _CLOSING or piece in _OPENING:
        return True
    narrow = width(character) == 1 and width(piece[-1]) == 1
    return narrow and (character == " " or not piece.endswith(" "))


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numeric: Sequence[bool],
    places: int = 80,
) -> list[str]:
    r"""Return the lines of a table that fits into a number of places.

    Numbers stand to the right and are never cut. The widest text column gives way first
    and is wrapped.

    Parameters
    ----------
    header : sequence of str
        One title a column.
    rows : sequence of sequence of str
        One text a cell.
    numeric : sequence of bool
        Which columns are numbers.
    places : int, default 80
        Width of the terminal.

    Returns
    -------
    list of str
        Header, rule and rows.

    Examples
    --------
    >>> print("\n".join(table(["指标", "%"], [["生产总值", "6.44"]], numeric=[False, True])))
    指标         %
    ────────  ────
    生产总值  6.44
    """
    natural = [
        max(width(line) for text in column for line in text.splitlines() or [""])
        for column in zip(header, *rows, strict=True)
    ]
    widths = _shrunk(natural, numeric, places)
    lines = _line(header, widths, numeric)
    lines.append((" " * GAP).join("─" * size for size in widths))
    for row in rows:
        lines.extend(_line(row, widths, numeric))
    return lines


def _shrunk(natural: Sequence[int], numeric: Sequence[bool], places: int) -> list[int]:
    widths = list(natural)
    text_columns = [i for i, is_number in enumerate(numeric) if not is_number]
    excess = sum(widths) + GAP * (len(widths) - 1) - places
    while excess > 0 and text_columns:
        widest = max(text_columns, key=lambda i: widths[i])
        if widths[widest] <= 6:
            break
        widths[widest] -= 1
        excess -= 1
    return widths


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    cells = [wrap(text, size) for text, size in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    lines = []
    for i in range(height):
        parts = []
        for lines_of_cell, size, is_number in zip(cells, widths, numeric, strict=True):
            text = lines_of_cell[i] if i < len(lines_of_cell) else ""
            pad = " " * max(0, size - width(text))
            parts.append(pad + text if is_number else text + pad)
        lines.append((" " * GAP).join(parts).rstrip())
    return lines
