"""A workbook for people and auditors: sheets with named columns, live formulas, locked cells.

A formula carries the library's own number as its cached value, so that phones and previews
show it; what is unknown is a dash, never 0. Everything is written in memory first: the bytes
depend on what is written alone, and a full disk leaves the old file whole.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from corridor_model.codes import STATUSES
from corridor_model.errors import CorridorError
from corridor_model.files import extra_package, replacing
from corridor_model.messages import N_, Message, Name, Translator, printable
from corridor_model.units import MONEY

DASH = "——"
"""What stands where nothing is known."""

TOP = 4
"""Zero-based row where the lines begin; above are title, mark, note and the header."""

BOLD, TITLE_SIZE = 1.15, 1.5
"""How much wider a bold character and one of a title is than one of a cell."""

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds."""

INPUT, HEAD, EDGE, WASH = "#FFF9DB", "#E4E9EE", "#C8CED4", "#F3F5F7"
MARKS = {
    "achieved": "◆",
    "ahead": "▲",
    "on_schedule": "●",
    "behind": "▼",
    "missed": "✕",
    "not_assessable": "○",
}
"""The mark of a verdict: print without colours loses nothing."""
_COLOURS = {
    "achieved": ("#0A6C74", True),
    "ahead": ("#0A6C74", False),
    "on_schedule": ("#454C54", False),
    "behind": ("#B3351B", True),
    "missed": ("#B3351B", True),
    "not_assessable": ("#646B73", False),
}

_STYLES: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "word": {"align": "center", "text_wrap": True},
    "number": {"num_format": "General", "align": "right"},
    "percent": {"num_format": "0.0%", "align": "right"},
    "rate": {"num_format": "0.0%", "align": "right"},
    "points": {"num_format": "+0.0;−0.0;0.0", "align": "right"},
    "money": {"num_format": "#,##0.00", "align": "right"},
    "tenth": {"num_format": "0.0", "align": "right"},
    "two": {"num_format": "#,##0.00", "align": "right"},
    "count": {"num_format": "#,##0", "align": "right"},
    "plain": {"num_format": "@", "align": "center"},
}
"""How the cells of a column look, by name."""

Cell = str | float | int | None


class Field(NamedTuple):
    """One column of a sheet.

    Attributes
    ----------
    key : str
        What formulas call it.
    title : str
        Its heading, with the unit.
    width : float
        In characters.
    style : str
        Of `_STYLES`.
    is_input : bool
        Whether its cells may be filled in.
    """

    key: str
    title: str
    width: float
    style: str = "text"
    is_input: bool = False


def _as_written(_: Any, formula: str, __: bool = False) -> str:
    """Return a formula as the file holds it.

    The library looks for thirty functions of later years in each of thirteen thousand formulas,
    for a second; ours use none, and a test sees to that.
    """
    return formula.removeprefix("=")


def quoted(text: str) -> str:
    """Return a text as a formula has it.

    Examples
    --------
    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + text.replace('"', '""') + '"'


def known(value: Any) -> Any:
    """Return a number, or a dash where it is unknown."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return DASH
    return value


class Spreadsheet:
    """One workbook being written.

    Parameters
    ----------
    t : Translator
        Of its language.
    day : str
        The day that its properties bear: never that of writing, so that the same input gives
        the same bytes.
    mark : str
        What stands in the second row of every sheet and at the foot of every page, such as
        that its figures are made up; empty where there is nothing to warn of.
    """

    def __init__(self, t: Translator, day: str, mark: str = ""):
        xlsxwriter = extra_package("xlsxwriter")

        self.t, self.mark = t, mark
        own = {"_prepare_formula": _as_written}
        self.sheet_class = type("PlainFormulas", (xlsxwriter.worksheet.Worksheet,), own)
        self._data = io.BytesIO()
        plain = dict.fromkeys(
            ("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False
        )
        self.book = xlsxwriter.Workbook(self._data, {"in_memory": True, **plain})
        self.book.set_properties({"created": datetime.datetime.fromisoformat(f"{day}T00:00:00")})
        self.book.set_calc_mode("auto")
        self._formats: dict[tuple[str, bool, bool], Any] = {}
        self.names: set[str] = set()
        edge = {"font_size": 14, "bold": True}
        self.title = self.book.add_format(edge)
        self.long_title = self.book.add_format({**edge, "text_wrap": True, "valign": "top"})
        self.warning = self.book.add_format(
            {"font_size": 10, "bold": True, "font_color": "#B3351B"}
        )
        self.note = self.book.add_format({"font_size": 9, "font_color": "#5A6672"})
        self.head = self.book.add_format(
            {
                "bold": True,
                "bg_color": HEAD,
                "border": 1,
                "border_color": EDGE,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "font_size": 10,
            }
        )
        self.aside = self.book.add_format(
            {
                "bg_color": WASH,
                "border": 1,
                "border_color": EDGE,
                "font_color": "#646B73",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "font_size": 9,
            }
        )
        self.verdicts = {
            status: self.book.add_format({"font_color": colour, "bold": bold})
            for status, (colour, bold) in _COLOURS.items()
        }

    def style(self, name: str, is_input: bool = False, bold: bool = False) -> Any:
        """Return the format of a column's cells."""
        key = (name, is_input, bold)
        if key not in self._formats:
            look = {"border": 1, "border_color": EDGE, "valign": "vcenter", "font_size": 10}
            look |= _STYLES[name]
            if is_input:
                look |= {"bg_color": INPUT, "locked": False}
            self._formats[key] = self.book.add_format({**look, "bold": bold})
        return self._formats[key]

    def name(self, name: str, place: str) -> None:
        """Give a name to a cell or a range: ``'Sheet'!$A$1``."""
        self.names.add(name)
        self.book.define_name(name, f"={place}")

    def save(self, path: Path) -> Path:
        """Write the workbook whole, or leave the old one."""
        data = self.contents()
        with replacing(path) as temporary:
            temporary.write_bytes(data)
        return path

    def contents(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.book.close()
        return self._data.getvalue()


class Sheet:
    """One sheet with named columns; a line is a row below its header.

    Parameters
    ----------
    book : Spreadsheet
        Where it belongs.
    name : str
        Of its tab.
    title, note : str
        Above the header.
    fields : sequence of Field
        Its columns.
    printed : int, optional
        How many of them are printed; what stands right of them is arithmetic.
    frozen : int
        How many columns stay in view.
    """

    def __init__(
        self,
        book: Spreadsheet,
        name: str,
        title: str,
        note: str,
        fields: Sequence[Field],
        printed: int | None = None,
        frozen: int = 2,
    ):
        self.book, self.tab, self.fields = book, name, tuple(fields)
        self.sheet = book.book.add_worksheet(name, worksheet_class=book.sheet_class)
        self.columns = {field.key: place for place, field in enumerate(self.fields)}
        self.printed = len(self.fields) if printed is None else printed
        self.row = TOP
        self._lines: dict[int, float] = {}
        self.sheet.write_string(0, 0, self._checked(title, 0), book.title)
        across = sum(field.width for field in self.fields[: self.printed])
        if _places(title) * TITLE_SIZE > across:  # it would run off the printed page
            last = self.printed - 1
            self.sheet.merge_range(0, 0, 0, last, title, book.long_title)
            self.sheet.set_row(0, 22 * _lines_of(title, across / TITLE_SIZE))
        self.sheet.write_string(1, 0, book.mark, book.warning)
        self.sheet.write_string(2, 0, self._checked(note, 0), book.note)
        for place, field in enumerate(self.fields):
            head = book.head if place < self.printed else book.aside
            self.sheet.write_string(TOP - 1, place, self._checked(field.title, place), head)
            # a word of a heading that is wider than its column would be broken
            word = max((len(part) for part in field.title.split() if part.isascii()), default=0)
            self.sheet.set_column(place, place, max(field.width, min(word * BOLD + 1, 16)))
        tall = max((_lines_of(field.title, field.width) for field in self.fields), default=1)
        self.sheet.set_row(TOP - 1, 14 * min(tall, 5) + 6)
        self.sheet.freeze_panes(TOP, min(frozen, len(self.fields)))
        self._page()

    def _page(self) -> None:
        """Set how it prints: A4 landscape, as wide as the page, the header on every page."""
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, TOP - 1)
        t = self.book.t
        foot = t("&P of &N pages")
        left = self.book.mark.replace("&", "&&")
        sheet.set_footer(f"&L&9{left}&C&9&A&R&9{foot}")
        sheet.hide_gridlines(2)
        allowed = ("autofilter", "sort", "format_columns", "format_rows")
        sheet.protect("", dict.fromkeys(allowed, True))

    # Where things stand.

    def letters(self, key: str) -> str:
        """Return the letters of a column."""
        from xlsxwriter.utility import xl_col_to_name

        return str(xl_col_to_name(self.columns[key]))

    def at(self, key: str, row: int | None = None) -> str:
        """Return a cell of a line as formulas on this sheet call it."""
        return f"{self.letters(key)}{(self.row if row is None else row) + 1}"

    def abroad(self, key: str, row: int) -> str:
        """Return a cell as formulas on other sheets call it."""
        return f"{self._tab()}!${self.letters(key)}${row + 1}"

    def span(self, key: str, last: int | None = None, first: int = TOP) -> str:
        """Return the lines of a column as formulas anywhere call them."""
        letters, end = self.letters(key), (self.row - 1 if last is None else last)
        return f"{self._tab()}!${letters}${first + 1}:${letters}${max(end, first) + 1}"

    def _tab(self) -> str:
        return "'" + self.tab.replace("'", "''") + "'"

    # What stands there.

    def line(self, **cells: Cell) -> int:
        """Write the plain cells of the line that comes next; return its row."""
        row = self.row
        for key, value in cells.items():
            self.put(key, value, row)
        return row

    def put(self, key: str, value: Cell, row: int | None = None, style: str = "") -> None:
        """Write a text, a number or nothing into a cell; nothing looks like a formula."""
        row, place = self.row if row is None else row, self.columns[key]
        field = self.fields[place]
        look = self.book.style(style or field.style, field.is_input)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.sheet.write_blank(row, place, None, look)
        elif isinstance(value, str):
            self._write(row, place, value, look, field.width)
        else:
            self.sheet.write_number(row, place, value, look)

    def formula(
        self,
        key: str,
        formula: str,
        value: Any,
        row: int | None = None,
        style: str = "",
        bold: bool = False,
    ) -> None:
        """Write a formula with the library's own answer; unknown is a dash."""
        row, place = self.row if row is None else row, self.columns[key]
        field = self.fields[place]
        look = self.book.style(style or field.style, field.is_input, bold)
        value = known(value)
        value = int(value) if isinstance(value, bool) else value
        self.sheet.write_formula(row, place, f"={formula}", look, value)

    def text(self, row: int, column: int, text: str, look: Any = None, width: float = 20) -> None:
        """Write a text anywhere."""
        self._write(row, column, text, look or self.book.style("text"), width)

    def next(self) -> None:
        """Go on to the next line."""
        height = self._lines.get(self.row, 1)
        self.sheet.set_row(self.row, min(13.5 * height + 4, 400))
        self.row += 1

    def _write(self, row: int, place: int, text: str, look: Any, width: float) -> None:
        text = self._checked(text, place)
        self.sheet.write_string(row, place, text, look)
        if place < self.printed:
            self._lines[row] = max(self._lines.get(row, 1), _lines_of(text, width))

    def _checked(self, text: str, place: int) -> str:
        if len(text) > LONGEST_CELL:
            title = self.fields[place].title if place < len(self.fields) else self.tab
            raise CorridorError(
                N_("A {column} of {n} characters does not fit into a cell of a workbook."),
                column=title,
                n=len(text),
            )
        return printable(text)

    # What may be chosen, what stands out, what is printed.

    def choices(self, key: str, place: str, first: int = TOP, last: int | None = None) -> None:
        """Offer the words of a range for the cells of a column."""
        column, end = self.columns[key], (self.row - 1 if last is None else last)
        t = self.book.t
        self.sheet.data_validation(
            *(first, column, max(end, first), column),
            {
                "validate": "list",
                "source": f"={place}",
                "error_title": t("Not one of the words"),
                "error_message": t("Choose one of the words of the list."),
            },
        )

    def numbers(
        self,
        key: str,
        least: float,
        most: float,
        message: str,
        first: int = TOP,
        last: int | None = None,
        whole: bool = False,
    ) -> None:
        """Take numbers within bounds alone in the cells of a column."""
        column, end = self.columns[key], (self.row - 1 if last is None else last)
        self.sheet.data_validation(
            *(first, column, max(end, first), column),
            {
                "validate": "integer" if whole else "decimal",
                "criteria": "between",
                "minimum": least,
                "maximum": most,
                "error_message": message,
            },
        )

    def colour_verdicts(self, key: str, words: Mapping[str, str], last: int | None = None) -> None:
        """Set the words of a column in the colour of what they say."""
        column, end = self.columns[key], (self.row - 1 if last is None else last)
        for status, word in words.items():
            self.sheet.conditional_format(
                *(TOP, column, max(end, TOP), column),
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": quoted(word),
                    "format": self.book.verdicts[status],
                },
            )

    def finish(self, last: int | None = None, filtered: bool = True) -> None:
        """Set what is filtered and what is printed."""
        end = self.row - 1 if last is None else last
        if filtered and self.row > TOP:
            self.sheet.autofilter(TOP - 1, 0, max(end, TOP), len(self.fields) - 1)
        self.sheet.print_area(0, 0, max(self.row - 1, TOP), max(self.printed, 1) - 1)


def _lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column."""
    room = max(width - 1.0, 1.0)
    return sum(max(1, math.ceil(_places(part) / room)) for part in text.split("\n"))


def _places(text: str) -> int:
    """Return how many characters wide a text is; a Chinese one takes two places."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def verdict_words(t: Translator) -> dict[str, str]:
    """Return the words of the six verdicts."""
    return {status: t.of(word) for status, word in STATUSES.items()}


def money_title(title: str, t: Translator) -> str:
    """Return the heading of a column of money, with its unit."""
    return t("{title} ({unit})", title=title, unit=MONEY)


def percent_title(title: str, t: Translator) -> str:
    """Return the heading of a column of percentages."""
    return t("{title} ({unit})", title=title, unit="%")


def points_title(title: str, t: Translator) -> str:
    """Return the heading of a column of percentage points."""
    return t("{title} ({unit})", title=title, unit=t.context("unit", "points"))


def points_between(share: str, time: str) -> str:
    """Return the formula of a share less another, in percentage points."""
    return f"ROUND(({share}-{time})*100,10)"


def in_points(share: Any) -> Any:
    """Return a fraction in percentage points; what is no number stays what it is."""
    number = isinstance(share, int | float) and not math.isnan(share)
    return round(share * 100, 10) if number else share


def by_gap(gap: str, ahead: str, behind: str, words: Mapping[str, str]) -> str:
    """Return the formula of ahead, on schedule or behind (S15)."""
    return (
        f"IF({gap}>={ahead},{quoted(words['ahead'])},"
        f"IF({gap}<={behind},{quoted(words['behind'])},{quoted(words['on_schedule'])}))"
    )


def either(conditions: Iterable[str]) -> str:
    """Return the formula of whether any of some conditions holds."""
    every = list(conditions)
    return every[0] if len(every) == 1 else f"OR({','.join(every)})"


def workbook_path(file: str | Path) -> Path:
    """Return the path of a workbook, which ends in .xlsx."""
    path = Path(file)
    if path.suffix.lower() != ".xlsx":
        raise CorridorError(
            N_("{file}: a workbook ends in .xlsx. Rename it."), file=Name(path.name, path.name)
        )
    return path


def heading(text: str, **fields: Any) -> Message:
    """Return a heading of the workbook."""
    return Message(text, fields, context="workbook")
