"""A table as text, before anyone asked what it means: the common form of CSV and xlsx."""

from __future__ import annotations

import csv
import io
import re
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

    Cells are parted by commas, or by tabs, semicolons and what else leaves one reading.

    Raises
    ------
    PlanError
        If the file cannot be opened, or leaves two readings.
    """
    return _rows_of(path)[0]


def _rows_of(path: Path) -> tuple[Sequence[Sequence[str]], tuple[Problem, ...]]:
    text = decode(contents(path), path.name)
    stated = re.match(r"sep=([,;\t|])\r?(?=\n)", text)  # what a spreadsheet adds for itself
    text = text[stated.end() :] if stated else text
    mark = stated[1] if stated else _separator(text, path.name)
    lines = text.replace("\r\n", "\n")
    if '"' not in text and "\r" not in lines:
        rows = _split(lines.removesuffix("\n"), mark)
        return (rows, ()) if mark == "," else _with_points(rows, mark, path.name)
    try:
        # strict: a stray quote would otherwise swallow the rows that follow it
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark))
    except csv.Error as error:
        raise _wrong_file(
            path.name,
            message(
                "is not a valid CSV file ({reason}).",
                reason=Name("引号或分隔符有误，或单元格过长", str(error)),
            ),
            message("Open it in a spreadsheet and save it as CSV again."),
        ) from error
    return (rows, ()) if mark == "," else _with_points(rows, mark, path.name)


def _separator(text: str, file: str) -> str:
    """Return what parts the cells: a comma, or what stands wherever one does and in most lines.

    Raises
    ------
    PlanError
        If two may.
    """
    present = [mark for mark in _SEPARATORS if mark in text]
    lines = [line for line in text.split("\n") if line.strip()] if present else []
    many = {}
    for mark in present:
        first = next(i for i, line in enumerate(lines) if mark in line)
        body = lines[first:]
        count = sum(mark in line for line in body)
        is_table = (
            count > 1 and 2 * count >= len(lines) and sum("," in t for t in lines[:first]) < 2
        )
        # a header has no commas where another mark parts its cells
        is_header = any("," not in line for line in body if mark in line)
        if is_table and is_header and all(mark in line for line in body if "," in line):
            many[mark] = count
    best = [mark for mark in many if many[mark] == max(many.values())]
    if len(best) > 1:
        raise _wrong_file(
            file,
            message(
                "its cells may be parted by {one} or by {other}.",
                one=_SEPARATORS[best[0]],
                other=_SEPARATORS[best[1]],
            ),
            _SAVE_WITH_COMMAS,
        )
    return best[0] if best else ","


_SEPARATORS = {
    "\t": Name("制表符", "tabs"),
    ";": Name("分号“;”", "semicolons"),
    "；": Name("全角分号“；”", "full-width semicolons"),
    "，": Name("全角逗号“，”", "full-width commas"),
    "|": Name("竖线“|”", "bars"),
}
"""What parts cells beside a comma, the likelier first."""
_SAVE_WITH_COMMAS = message("Save it as CSV parted by commas, with decimal points.")
_WITH_COMMA = re.compile(r"\s*[-+]?(?P<whole>\d[\d.]*),(?P<rest>[\d,]*\d)(?P<point>\.\d+)?\D*")
_WITH_POINT = re.compile(r"\s*[-+]?(?!(?:19|20)\d\d\.\d{1,2}\s*$)\d+\.(?P<rest>\d+)[^\d.]*")


def _with_points(
    rows: Sequence[Sequence[str]], mark: str, file: str
) -> tuple[Sequence[Sequence[str]], tuple[Problem, ...]]:
    """Return rows whose decimal commas are points, and what is to be said of that.

    Where commas part no cells, 370,5 is 370.5 and 1,234,567 a number in groups; 1,234 alone may
    be either where semicolons part the cells, as they do where the comma is the decimal sign.

    Raises
    ------
    PlanError
        With every cell that leaves two readings.
    """
    decimal: list[tuple[int, int]] = []
    grouped, doubtful, points = decimal[:], decimal[:], decimal[:]
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            place = (line, column)
            if "," in text and (match := _WITH_COMMA.fullmatch(text)):
                rest, whole = match["rest"], match["whole"]
                if match["point"] or "," in rest:
                    grouped.append(place)
                elif len(rest) != 3 or whole.startswith("0") or "." in whole or len(whole) > 3:
                    decimal.append(place)
                else:
                    doubtful.append(place)
            elif "." in text and (match := _WITH_POINT.fullmatch(text)):
                (points if len(match["rest"]) == 3 else grouped).append(place)
    is_mixed = bool(decimal) and bool(grouped or points)
    if is_mixed or (doubtful and mark == ";" and not decimal and not grouped):
        raise PlanError(
            Problem(
                message("{text!r} may have a decimal sign or groups of three.", text=rows[i][j]),
                _SAVE_WITH_COMMAS,
                file,
                i + 1,
                chr(65 + j) if j < 26 else "",
            )
            for i, j in sorted([*decimal[:1], *grouped[:1], *points, *doubtful])
        )
    if not decimal:
        return rows, ()
    changed = [list(row) for row in rows]
    for i, j in (*decimal, *doubtful):
        changed[i][j] = rows[i][j].replace(".", "").replace(",", ".")
    line, column = decimal[0]
    note = message("decimal commas are read as points: {text}.", text=rows[line][column].strip())
    return changed, (Problem(note, file=file, row=line + 1),)


def _split(text: str, mark: str = ",") -> Sequence[Sequence[str]]:
    """Return the rows of a text without quotes, where each mark parts two cells."""
    lines = text.split("\n")
    marks = {line.count(mark) for line in lines}
    if len(marks) == 1:
        return EvenRows(text.replace("\n", mark).split(mark), marks.pop() + 1)
    return [line.split(mark) for line in lines]


def read_csv(path: Path) -> RawTable:
    """Return a CSV file as it stands: its first row that is not empty is the header."""
    rows, notes = _rows_of(path)
    filled = [(line, row) for line, row in enumerate(rows, 1) if any(row)]
    if not filled:
        raise empty_file(path.name)
    (top, header), body = filled[0], filled[1:]
    return RawTable(
        path.name,
        tuple(header),
        [row for _, row in body],
        [line for line, _ in body],
        notes=notes,
        top=top,
    )


def _wrong_file(file: str, what: Message, remedy: Message) -> PlanError:
    return PlanError([Problem(what, remedy, file)])


def empty_file(file: str) -> PlanError:
    """Return the error for a file or sheet without a single cell."""
    return _wrong_file(
        file, message("the file is empty."), message("It needs at least a header row.")
    )
