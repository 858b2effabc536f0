"""An xlsx file as the package of parts it is: measured before any library opens it.

A few kilobytes can ask for gigabytes: parts that unpack a thousandfold or lie about their size,
ranges of seventeen billion cells, rows no spreadsheet has. Every part is unpacked once, in
pieces, and its XML is counted as it passes by; what is within the limits is packed again, so
that what a library opens is what was measured.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from corridor_model.errors import PlanError, Problem
from corridor_model.messages import N_, Message, message
from corridor_model.tabular.schema import TABLES

LARGEST = 200_000_000
"""Bytes a workbook may unpack to: a plan of 10,000 targets takes a twentieth of it."""

MOST_PARTS = 5_000
MOST_CELLS = 500_000
"""Cells of all sheets, also empty ones that only have a format: each takes a kilobyte."""

MOST_ROWS = 200_000
MOST_ELEMENTS = 300_000
"""Of all parts together, beside rows, cells and what stands in them: styles, names, rules."""

WIDEST_REFS = 1_000_000
"""Cells that merged ranges, links and comments may cover; a library makes an object of each."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
DEEPEST = 200

_PIECE = 1 << 16
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_IN_CELLS = frozenset({"v", "f", "is", "t", "si", "r", "rPr"})
_EXPANDED = frozenset({"mergeCell", "hyperlink", "comment", "threadedComment"})
"""Elements whose ``ref`` a library walks cell by cell."""

_TEXTS = ("xl/sharedStrings", "xl/worksheets/")
_UNDERSCORE = re.compile(rb"(_x005F_)|x005F(?=_)")

_REF = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d{0,8})")
_REMEDY = message("Keep the plan's tables alone, and clear the formats of blank rows.")


class TooLargeError(Exception):
    """A workbook is past one of the limits."""

    def __init__(self, reason: Message):
        self.reason = reason
        super().__init__(reason.text())


def measured(data: bytes, file: str) -> tuple[io.BytesIO, bool]:
    """Return a workbook as a package that holds what was measured, and whether it calculates.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name, for messages.

    Raises
    ------
    PlanError
        If it is past a limit, which the message names.
    BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError
        If it is no sound package.
    """
    package = io.BytesIO()
    count = Count()
    try:
        with ZipFile(io.BytesIO(data)) as archive, ZipFile(package, "w") as copy:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise TooLargeError(message("it has more than {most:,} parts", most=MOST_PARTS))
            for part in dict.fromkeys(archive.namelist()):
                content = b"".join(count.pieces(archive, part))
                # Windows takes a backslash in the name of a part for a slash, and so do we
                name = part.replace("\\", "/")
                if name in copy.NameToInfo:
                    raise BadZipFile(name)
                if name.startswith(_TEXTS):
                    content = _UNDERSCORE.sub(_kept_underscore, content)
                copy.writestr(name, content)
    except TooLargeError as error:
        what = message("is too large for a plan: {reason}.", reason=error.reason)
        raise PlanError([Problem(what, _REMEDY, file)]) from None
    except expat.ExpatError as error:
        raise BadZipFile(str(error)) from error
    package.seek(0)
    return package, count.has_formulas


def _kept_underscore(match: re.Match[bytes]) -> bytes:
    """Return an escaped underscore in letters openpyxl leaves alone.

    It deletes every ``x005F_``, be it the escape of an underscore or a text of its own: both
    are written in another way that means the same, and unescaped with the rest of the cell.
    """
    return b"_x005f_" if match[1] else b"_x0078_005F"


class Count:
    """What was met so far in a package."""

    def __init__(self) -> None:
        self.bytes = self.covered = self.depth = 0
        self.cells = self.rows = self.inside = self.elements = 0
        self.has_formulas = False

    def pieces(self, archive: ZipFile, name: str) -> Iterator[bytes]:
        """Yield a part in pieces, counted."""
        parser = None
        with archive.open(name) as part:
            first = True
            while piece := part.read(_PIECE):
                self.bytes += len(piece)
                if self.bytes > LARGEST:
                    raise TooLargeError(
                        message("it unpacks to more than {most} MB", most=LARGEST // 1_000_000)
                    )
                if first and _is_markup(piece):
                    parser = self._parser()
                first = False
                if parser is not None:
                    parser.Parse(piece, False)
                yield piece
        if parser is not None:
            parser.Parse(b"", True)

    def _parser(self) -> Any:
        self.depth = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _no_document_type
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.depth += 1
        _check(self.depth, DEEPEST, N_("its parts are nested more than {most} deep"))
        if name == "c":
            self.cells += 1
            _check(self.cells, MOST_CELLS, N_("it has more than {most:,} cells"))
            _check_row((attributes.get("r") or "").lstrip(_LETTERS))
        elif name in _IN_CELLS:
            self.inside += 1
            self.has_formulas |= name == "f"
            _check(self.inside, 4 * MOST_CELLS, N_("it has more than {most:,} texts and values"))
        elif name == "row":
            self.rows += 1
            _check(self.rows, MOST_ROWS, N_("it has more than {most:,} rows"))
            _check_row(attributes.get("r") or "")
        else:
            self.elements += 1
            _check(self.elements, MOST_ELEMENTS, N_("it has more than {most:,} styles and rules"))
            if name in _EXPANDED and (ref := attributes.get("ref")):
                self.covered += area(ref)
                _check(
                    self.covered,
                    WIDEST_REFS,
                    N_("merged ranges, links or comments cover more than {most:,} cells"),
                )

    def _end(self, _: str) -> None:
        self.depth -= 1


def _check(count: int, most: int, template: str) -> None:
    if count > most:
        raise TooLargeError(Message(template, {"most": most}))


def _check_row(digits: str) -> None:
    if len(digits) > 7 or (digits.isdecimal() and int(digits) > LAST_ROW):
        raise TooLargeError(message("it names row {row}, which no sheet has", row=digits[:20]))


def _is_markup(piece: bytes) -> bool:
    """Return whether a part begins like XML in any encoding, as its relations may call it."""
    start = piece[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start.startswith(b"<")


def _no_document_type(*_: object) -> None:
    raise TooLargeError(message("it declares entities of its own"))


def area(ref: str) -> int:
    """Return how many cells a reference covers, written in any way spreadsheets take.

    Examples
    --------
    >>> area("A1"), area("$B$2:d4"), area("A:C") == 3 * LAST_ROW, area("1:2") == 2 * LAST_COLUMN
    (1, 9, True, True)
    """
    cells = 0
    for span in ref.split():
        first, _, last = span.rpartition("!")[2].partition(":")
        corner, opposite = _REF.fullmatch(first), _REF.fullmatch(last or first)
        if corner is None or opposite is None:
            continue  # the library refuses it
        left, right = column_number(corner[1]) or 1, column_number(opposite[1]) or LAST_COLUMN
        top, bottom = int(corner[2] or 1), int(opposite[2] or LAST_ROW)
        cells += (abs(right - left) + 1) * (abs(bottom - top) + 1)
    return cells


def column_number(letters: str) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


# Workbooks of ours, which hold the tables of their plan behind the sheets.

OWN_TABLES = "corridor_tables"
"""Name of the cell by which a workbook of ours is known: behind its sheets it holds the tables of
its plan, each named like the table with an underscore before it. That cell is a formula: where it
has no value, the links to what was filled in have none either."""

OWN_REMARKS = "_remarks"
"""Its sheet of words in the place of figures."""


def own_tables(values: Any, file: str) -> dict[str, Any] | None:
    """Return the tables behind the sheets of a workbook of ours, or None for any other.

    Raises
    ------
    PlanError
        If it was changed by a program that does not calculate: the links would be empty.
    """
    if OWN_TABLES not in values.defined_names:
        return None
    place = list(values.defined_names[OWN_TABLES].destinations)
    titles = {f"_{name}": name for name in TABLES}
    tables = {titles[s.title]: s for s in values.worksheets if s.title in titles}
    if not place or place[0][0] not in values.sheetnames or not tables:
        return None
    title, cell = place[0]
    if values[title][cell.replace("$", "")].value is None:
        what = message("was changed by a program that does not calculate its formulas.")
        remedy = message("Open the file in WPS or Excel and save it once.")
        raise PlanError([Problem(what, remedy, file)])
    return tables
