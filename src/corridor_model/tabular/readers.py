"""A table as text, before anyone asked what it means: the common form of CSV and xlsx."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from corridor_model.errors import PlanError, Problem
from corridor_model.files import contents
from corridor_model.messages import Message, Name, message

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order, strictly: what Excel, WPS and everything else write."""

_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How xlsx and xls begin. As GB18030 either could pass for text."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Header and rows as text.

    Attributes
    ----------
    file : str
        File or sheet, for messages.
    header : tuple of str
        One text a column.
    rows : sequence of sequence of str
        Cells; short rows mean empty cells at the end.
    lines : sequence of int
        Row number of each row as a spreadsheet counts it.
    units : dict
        Unit by column position, where the sheet prints one for a whole column.
    notes : tuple of Problem
        What was passed over while reading, to be said as warnings.
    top : int
        Row number of the header.
    unit : str
        Unit printed above the table, for every figure that has none of its own.
    titles : sequence of mapping of str to str
        What the file calls the columns, row by row, where other than in ``header``.
    """

    file: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    units: dict[int, str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    top: int = 1
    unit: str = ""
    titles: Sequence[Mapping[str, str]] = ()


class EvenRows(Sequence[Sequence[str]]):
    """Rows of one length, kept as one list of cells.

    A list for each of ten thousand rows takes longer to make than everything that is done
    with the cells afterwards.
    """

    __slots__ = ("_cells", "_width")

    def __init__(self, cells: list[str], width: int):
        self._cells, self._width = cells, width

    def __len__(self) -> int:
        return len(self._cells) // self._width

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> EvenRows: ...
    def __getitem__(self, row: int | slice) -> list[str] | EvenRows:
        width = self._width
        if isinstance(row, slice):
            start, stop, _ = row.indices(len(self))
            return EvenRows(self._cells[start * width : stop * width], width)
        at = range(len(self))[row] * width
        return self._cells[at : at + width]

    def column(self, position: int) -> tuple[str, ...]:
        """Return one cell of every row."""
        return tuple(self._cells[position :: self._width])


def cells_at(rows: Sequence[Sequence[str]], position: int) -> tuple[str, ...]:
    """Return one cell of every row; short rows end in empty cells."""
    if isinstance(rows, EvenRows):
        return rows.column(position)
    return tuple([row[position] if position < len(row) else "" for row in rows])


def widest(rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells the longest row has."""
    return len(rows[0]) if isinstance(rows, EvenRows) and rows else max(map(len, rows), default=0)


def decode(data: bytes, file: str) -> str:
    """Return the text of a file that is UTF-8 (with or without BOM) or GB18030.

    Raises
    ------
    PlanError
        If it is neither.
    """
    if data.startswith(_ARCHIVES):
        raise _wrong_file(
            file,
            message("is a workbook or an archive, not text."),
            message("Save it as CSV UTF-8 in WPS or Excel."),
        )
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _wrong_file(
        file,
        message("the text is neither UTF-8 nor GB18030."),
        message("Save it as CSV UTF-8."),
    )


def csv_rows(path: Path) -> Sequence[Sequence[str]]:
    """Return every row of a CSV file, also the empty ones.

    Raises
    ------
    PlanError
        If the file cannot be opened or is not comma-separated text.
    """
    text = decode(contents(path), path.name)
    lines = text.replace("\r\n", "\n")
    if '"' not in text and "\r" not in lines:
        return _split(lines.removesuffix("\n"))
    try:
        # strict: a stray quote would otherwise swallow the rows that follow it
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise _wrong_file(
            path.name,
            message(
                "is not a valid CSV file ({reason}).",
                reason=Name("引号或分隔符有误，或单元格过长", str(error)),
            ),
            message("Open it in a spreadsheet and save it as CSV again."),
        ) from error


def _split(text: str) -> Sequence[Sequence[str]]:
    """Return the rows of a text without quotes, where each comma parts two cells."""
    lines = text.split("\n")
    commas = {line.count(",") for line in lines}
    if len(commas) == 1:
        return EvenRows(text.replace("\n", ",").split(","), commas.pop() + 1)
    return [line.split(",") for line in lines]


def read_csv(path: Path) -> RawTable:
    """Return a CSV file as it stands: its first row that is not empty is the header."""
    rows = csv_rows(path)
    filled = [(line, row) for line, row in enumerate(rows, 1) if any(row)]
    if not filled:
        raise empty_file(path.name)
    (top, header), body = filled[0], filled[1:]
    return RawTable(
        path.name,
        tuple(header),
        [row for _, row in body],
        [line for line, _ in body],
        top=top,
    )


def _wrong_file(file: str, what: Message, remedy: Message) -> PlanError:
    return PlanError([Problem(what, remedy, file)])


def empty_file(file: str) -> PlanError:
    """Return the error for a file or sheet without a single cell."""
    return _wrong_file(
        file, message("the file is empty."), message("It needs at least a header row.")
    )
