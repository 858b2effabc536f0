"""Workbooks and DataFrames as text: what a spreadsheet does to a cell is undone here.

Percent formats, dates, units in a number's format, WPS's cell pictures and formulas nobody
calculated are all found in real files. Where the table stands on its sheet is found in
:mod:`corridor_model.tabular.headers`.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from corridor_model.errors import NOTHING, CellError, CorridorError, PlanError, Problem
from corridor_model.files import contents, silenced
from corridor_model.formatting import LONGEST
from corridor_model.messages import N_, Message, Name, message
from corridor_model.tabular.frames import missing_cells, read_frame
from corridor_model.tabular.headers import HEADER_DEPTH, laid_out
from corridor_model.tabular.packages import OWN_REMARKS, measured, own_tables
from corridor_model.tabular.readers import RawTable, read_csv
from corridor_model.tabular.schema import TABLES, doubled_table, table_named, unknown_table
from corridor_model.units import scale, tidy

if TYPE_CHECKING:
    import pandas as pd


GUIDES = frozenset({"说明", "guide", "填写说明", "填报说明", "填表说明", "还缺什么"})
"""Sheets that explain and hold no figures."""

_ASIDE = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*+\]|_.|\*.')
"""Parts of a number format that do not say how the number is shown."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook stores what XML cannot: a carriage return is ``_x000D_``."""


def read_workbook(path: Path) -> tuple[dict[str, RawTable | None], list[Problem]]:
    """Return every sheet of a workbook that is a table of a plan.

    Sheets are named like tables, in English or with their Chinese title. A sheet of another
    name is a mistake, unless it is empty or a guide (``说明``, ``guide``).

    Returns
    -------
    tables : dict
        By table name; None for a sheet that cannot be read.
    problems : list of Problem
        What is wrong with sheets and their cells.

    Raises
    ------
    PlanError
        For a file that is no xlsx workbook.
    """
    values, formulas = _open(path)
    raw: dict[str, RawTable | None] = {}
    problems: list[Problem] = []
    if (own := own_tables(values, path.name)) is not None:
        for name, sheet in own.items():
            try:
                raw[name] = _laid_out(sheet, None, name, f"{path.name}[{sheet.title}]")
            except PlanError as error:
                raw[name] = None
                problems.extend(error.problems)
        return raw, problems
    for sheet in values.worksheets:
        title = sheet.title.strip()
        file = f"{path.name}[{title}]"
        name = table_named(title)
        if name in GUIDES or _is_empty(sheet):
            continue
        if name not in TABLES:
            problems.append(unknown_table(file, name))
            continue
        if name in raw:
            problems.append(doubled_table(file, name))
            continue
        try:
            raw[name] = _laid_out(sheet, _same_sheet(formulas, sheet), name, file)
        except PlanError as error:
            raw[name] = None
            problems.extend(error.problems)
    return raw, problems


def read_first_sheet(path: Path, name: str) -> RawTable:
    """Return one sheet of a workbook as the table ``name``: see :func:`read_grid` for which."""
    sheet, formulas, file = _sheet_for(path, name)
    return _laid_out(sheet, formulas, name, file)


def read_grid(path: Path, name: str) -> tuple[str, list[list[str]], list[list[str]], list[Problem]]:
    """Return one sheet as text, before anyone asked where its header is.

    The sheet called like the table is taken, otherwise the first that is no guide.

    Returns
    -------
    file : str
        File and sheet, for messages.
    rows : list of list of str
        Every row, as long as it is filled.
    top : list of list of str
        The first rows with merged cells filled: where a header can be.
    notes : list of Problem
        What was passed over.
    """
    sheet, formulas, file = _sheet_for(path, name)
    grid, notes = _texts(sheet, formulas, file)
    return file, grid, _unmerged(grid, sheet), notes


_held: ContextVar[dict[bytes, tuple[Any, Any]] | None] = ContextVar("held", default=None)
HELD = 2
"""Workbooks that are kept open at a time."""


@contextmanager
def workbook_cache() -> Iterator[None]:
    """Keep a workbook open while one table after another is looked for in it.

    To open it takes ten times what reading a table does. What is kept goes by its bytes, so that
    a file that changes in between is opened again.
    """
    if _held.get() is not None:
        yield
        return
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def _open(path: Path) -> tuple[Any, Any]:
    """Return a workbook for its values and, where it has any, for its formulas."""
    data, held = contents(path), _held.get()
    if held is None:
        return _load(data, path)
    if data not in held:
        books = _load(data, path)
        for oldest in list(held)[: len(held) + 1 - HELD]:
            del held[oldest]
        held[data] = books
    return held[data]


def _load(data: bytes, path: Path) -> tuple[Any, Any]:
    import openpyxl

    try:
        # from memory: openpyxl leaves a file open when it stumbles over it
        package, has_formulas = measured(data, path.name)
        with silenced("openpyxl"):  # it speaks of styles and extensions it drops
            values = openpyxl.load_workbook(package, data_only=True, rich_text=True)
            # a second time only to know which cells are formulas, where there are any
            formulas = openpyxl.load_workbook(package) if has_formulas else None
        if not values.worksheets:
            raise LookupError("charts alone")
        return values, formulas
    except PlanError:
        raise
    except Exception as error:  # a broken file makes openpyxl stumble in ways it does not list
        raise _refused(
            path,
            message(
                "is not a valid xlsx workbook{reason}.",
                reason=Name("", f" ({type(error).__name__})"),
            ),
            message("Open it in WPS or Excel and save it as xlsx; remove a password first."),
        ) from error


def _refused(path: Path, what: Message, remedy: Message) -> PlanError:
    return PlanError([Problem(what, remedy, path.name)])


def _sheet_for(path: Path, name: str) -> tuple[Any, Any, str]:
    """Return the sheet called like a table, or the first that is no guide."""
    values, formulas = _open(path)
    own = own_tables(values, path.name)
    if own is not None and name in own:
        return own[name], None, f"{path.name}[{own[name].title}]"
    sheets = [s for s in values.worksheets if s.title.strip().lower() not in GUIDES]
    named = [s for s in sheets if table_named(s.title) == name]
    filled = [s for s in sheets if not _is_empty(s)]
    sheet = [*named, *filled, *values.worksheets][0]
    return sheet, _same_sheet(formulas, sheet), f"{path.name}[{sheet.title.strip()}]"


def _same_sheet(book: Any, sheet: Any) -> Any:
    """Return the sheet of the same name in another book, or None where there is no book."""
    return None if book is None else book[sheet.title]


def _is_empty(sheet: Any) -> bool:
    return all(cell.value is None for cell in sheet._cells.values())


def _laid_out(sheet: Any, formulas: Any, name: str, file: str) -> RawTable:
    """Return one sheet as text, its header found and its units kept."""
    grid, notes = _texts(sheet, formulas, file)
    top = _unmerged(grid, sheet)
    return laid_out(file, grid, range(1, len(grid) + 1), TABLES[name], top, tuple(notes))


@dataclass
class _Page:
    """One sheet as text, and what is to be said of its cells.

    Attributes
    ----------
    grid : list of list of str
        Every row, as long as it is filled.
    odd : dict of (int, int) to CellError
        Cells whose figure does not count, by row and column from 1: struck out, hidden.
    asides : dict of (int, int) to str
        Superscripts, by row and column from 1.
    notes, problems : list of Problem
        What was passed over, and what cannot be.
    """

    grid: list[list[str]] = field(default_factory=list)
    odd: dict[tuple[int, int], CellError] = field(default_factory=dict)
    asides: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


WIDEST = 5_000_000
"""Cells of a sheet from the left edge to the last that is filled in each row."""

LONGEST_TEXT = 50_000_000
"""Characters of a sheet: a plan of 10,000 targets has a tenth of it."""

_SCATTERED = message(
    "is too large for a plan: {reason}.",
    reason=message("its figures lie too far apart, or its texts are too long"),
)
_SAVED_ONCE = message("Open the file in WPS or Excel and save it once.")
_TOGETHER = message("Keep the table together, and remove stray cells at the far right.")


def _texts(sheet: Any, formulas: Any, file: str) -> tuple[list[list[str]], list[Problem]]:
    """Return every row of a sheet as text, as long as it is filled, and what was passed over."""
    page = _page(sheet, formulas, file)
    if page.problems:
        raise PlanError(page.problems)
    return page.grid, page.notes


def _page(sheet: Any, formulas: Any, file: str) -> _Page:
    """Return a sheet as text.

    The sheet's own dimension is not asked (WPS writes A1:A1), and rows are not walked cell by
    cell: one stray figure in the last corner would make that seventeen billion.
    """
    page = _Page()
    grid, cells = page.grid, sheet._cells
    blank: list[str] = []  # one for all empty rows: there may be a million before a stray figure
    extent = letters = 0
    sources = None if formulas is None else formulas._cells
    for row, column in sorted(cells if sources is None else sources):
        if row < 1 or column < 1:
            what = message("holds a cell of row {row}, which no sheet has.", row=row)
            raise PlanError([Problem(what, _SAVED_ONCE, file)])
        cell = cells.get((row, column))
        source = cell if sources is None else sources[row, column]
        value = None if cell is None else cell._value
        if isinstance(value, str) and type(value) is str and cell.data_type != "e":
            text = value  # by far the most cells: a plain text
            if source.data_type == "f" or "_x" in text:
                text = _sheet_cell(cell, source, file, page)
        elif value is None and source.data_type != "f":
            continue
        else:
            text = _sheet_cell(cell, source, file, page)
        if not text:
            continue
        if row > len(grid):
            grid += [blank] * (row - 1 - len(grid))
            grid.append([])
        extent += column - len(grid[-1])
        letters += len(text)
        if extent > WIDEST or letters > LONGEST_TEXT:
            raise PlanError([Problem(_SCATTERED, _TOGETHER, file)])
        if len(text) > LONGEST:  # no spreadsheet holds it, and to look into it takes its time
            what = message("is longer than {most} characters.", most=LONGEST)
            page.problems.append(
                Problem(what, message("Shorten it."), file, row, source.column_letter)
            )
            continue
        grid[-1].extend([""] * (column - 1 - len(grid[-1])))
        grid[-1].append(text)
        if cell is not None and cell.has_style and _is_struck(cell):
            page.odd[row, column] = CellError(N_("is struck out."))
    return page


def _is_struck(cell: Any) -> bool:
    font = cell.parent.parent._fonts[cell._style.fontId]
    return bool(font.strike) or font.vertAlign == "superscript"


def _sheet_cell(cell: Any, source: Any, file: str, page: _Page) -> str:
    def report(into: list[Problem], what: Message, remedy: Message = NOTHING) -> str:
        into.append(Problem(what, remedy, file, source.row, source.column_letter))
        return ""

    value = None if cell is None else cell.value
    if source.data_type == "f":
        formula = getattr(source.value, "text", source.value)  # of an array formula
        if "DISPIMG" in str(formula):
            return report(page.notes, message("a cell picture was passed over."))
        if value is None:
            return report(
                page.problems,
                message("holds a formula without a calculated value."),
                _SAVED_ONCE,
            )
    if value is not None and cell.data_type == "e":
        return report(
            page.problems,
            message("holds the error value {value}.", value=value),
            message("Mend the formula or clear the cell."),
        )
    if isinstance(value, list):  # rich text
        text, aside = _rich(value)
        if aside:
            page.asides[source.row, source.column] = aside
        return text
    if isinstance(value, str):
        return _unescaped(value)
    if value is None:
        return ""
    try:
        return cell_text(value, cell.number_format[:LONGEST_FORMAT])
    except _UnseenError as error:
        page.odd[source.row, source.column] = error
        return _digits(value)
    except CellError as error:
        page.problems.append(error.at(file, source.row, source.column_letter))
        return ""


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _rich(parts: Sequence[Any]) -> tuple[str, str]:
    """Return what stands in a cell of rich text, and its superscripts; struck text does not."""
    text = aside = ""
    for part in parts:
        font = getattr(part, "font", None)
        letters = _unescaped(str(getattr(part, "text", part) or ""))
        if font is not None and font.strike:
            continue
        if font is not None and font.vertAlign == "superscript" and not text.endswith(("m", "M")):
            aside += letters
        else:
            text += letters
    return text, aside


LONGEST_FORMAT = 255
"""Characters of a number format; spreadsheets take no longer one."""


def cell_text(value: Any, number_format: str = "General") -> str:
    """Return a cell's value as an office reads it.

    Examples
    --------
    >>> cell_text(0.033, "0.0%"), cell_text(8710, '0"万元"'), cell_text("3.3%")
    ('3.3%', '8710万元', '3.3%')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _number_text(value, number_format)
    if isinstance(value, datetime.date):
        return _date_text(value, _ASIDE.sub("", number_format).lower())
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    """Return a number as its format shows it: scaled, with what stands before and behind it.

    Raises
    ------
    CellError
        If what is shown contradicts the value.
    """
    if number_format in _PLAIN_FORMATS:
        return _digits(value)
    sections = _sections(number_format)
    section, shown = _section_of(sections, value)
    if section is None:
        return _digits(value)
    scaled = section.power and not (section.unit or section.times != 1)
    minus = value < 0 and not shown < 0
    if section.is_blank:
        raise _UnseenError(
            N_("holds {value}, but its format {format!r} shows nothing."),
            N_("Clear the cell, or choose a plain number format."),
            value=_digits(value),
            format=number_format,
        )
    if (scaled and value) or (minus and not section.is_fall):
        what = section.before + _shifted(abs(value), section.power)
        raise CellError(
            N_("holds {value}, but its format {format!r} shows {shown!r}."),
            N_("Choose a plain number format, and write the unit in the cell or the heading."),
            value=_digits(value),
            format=number_format,
            shown=what + section.behind,
        )
    if value > 0 and section.is_fall and not section.words:
        raise CellError(
            N_("holds {value}, but its format {format!r} shows {shown!r}."),
            N_("Choose a plain number format, and write the sign into the cell."),
            value=_digits(value),
            format=number_format,
            shown=section.before + _shifted(value, section.power) + section.behind,
        )
    number = _shifted(shown if minus is False else value, section.power)
    if section.percent:
        # 12 significant digits: 0.033 * 100 is 3.3000000000000003
        number = f"{float(f'{float(number) * 100:.12g}')!r}%"
    elif section.times != 1:
        number += tidy(section.behind)  # 480.5亿: of what, the heading may say
    return section.words + number + section.unit


class _UnseenError(CellError):
    """A number that its format does not show."""


_PLAIN_FORMATS = frozenset({"General", "@", "0", "0.0", "0.00", "0.000", "#,##0", "#,##0.00"})
_TIMES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
"""What stands behind a number and multiplies it, whatever its unit is."""
_CURRENCIES = frozenset("¥￥")
_FALLS = frozenset("-−－▼▽△↓")
_FORMAT_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\[\]]*+)\]'
    r"|(?P<general>General|G/通用格式)|(?P<digit>[0#?])|(?P<mark>[.,%;])|[eE][+-]|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format: which numbers it is for, and what it makes of them."""

    condition: str
    limit: float
    before: str
    behind: str
    power: int
    percent: bool
    is_red: bool
    has_digits: bool

    @property
    def is_blank(self) -> bool:
        """Whether nothing of the number is shown."""
        return not self.has_digits and not (self.before + self.behind).strip()

    @property
    def is_fall(self) -> bool:
        """Whether what is shown is negative: a minus, brackets, a mark, or red."""
        before = self.before.strip()
        return (
            self.is_red
            or bool(_FALLS & set(before))
            or (before.startswith(("(", "（")) and self.behind.strip().startswith((")", "）")))
        )

    @property
    def words(self) -> str:
        """What is said before the number, other than a sign or a currency's."""
        text = self.before.strip()
        return "" if set(text) <= _CURRENCIES | _FALLS | set("+(（ ") else text

    @property
    def times(self) -> int:
        return _TIMES.get(tidy(self.behind), 1)

    @property
    def unit(self) -> str:
        """A unit, or a note in brackets, behind the number."""
        text = tidy(self.behind)
        if text and (scale(text) is not None or (text[0] == "(" and len(text) > 2)):
            return text
        return ""


def _always(value: float, limit: float) -> bool:
    return True


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
}
"""What a section's condition says; one without a condition takes all that is left."""


@lru_cache(maxsize=4096)
def _sections(number_format: str) -> tuple[_Section, ...]:
    parts: list[list[re.Match[str]]] = [[]]
    for match in _FORMAT_PART.finditer(number_format):
        if match["mark"] == ";":
            parts.append([])
        else:
            parts[-1].append(match)
    return tuple(map(_section, parts))


def _section(parts: Sequence[re.Match[str]]) -> _Section:
    places = [i for i, part in enumerate(parts) if part["digit"] or part["general"]]
    first, last = (places[0], places[-1]) if places else (len(parts), len(parts))
    before, behind, condition, limit, power = "", "", "", 0.0, 0
    percent = is_red = False
    for i, part in enumerate(parts):
        bracket, mark = part["bracket"], part["mark"]
        literal = part["quoted"] or part["escaped"] or part["other"] or ""
        if bracket is not None:
            if compared := re.fullmatch(r"([<>=]+)\s*([+-]?[\d.]+)", bracket):
                condition, limit = compared[1], float(compared[2])
            elif bracket.startswith("$"):
                literal = bracket[1:].partition("-")[0]
            is_red |= bracket.lower() in {"red", "红色"}
        percent |= mark == "%"
        if mark == "," and i > last and not any(p["digit"] for p in parts[i:]):
            power -= 3  # behind the last digit: thousands are cut off
        if first < i < last:
            if literal == "." and not any(p["mark"] == "." for p in parts[first:i]):
                power -= sum(bool(p["digit"]) for p in parts[i:])  # a point set among digits
        elif i < first:
            before += literal
        else:
            behind += literal
    return _Section(condition, limit, before, behind, power, percent, is_red, bool(places))


def _section_of(sections: Sequence[_Section], value: float) -> tuple[_Section | None, float]:
    """Return the section that shows a value, and the number it shows."""
    if any(section.condition for section in sections):
        fits = (s for s in sections if _COMPARE.get(s.condition, _always)(value, s.limit))
        return next(fits, None), value
    if value < 0 and len(sections) > 1:
        return sections[1], abs(value)
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _digits(value: float) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(value)


def _shifted(value: float, power: int) -> str:
    return _digits(float(Decimal(repr(value)).scaleb(power))) if power else _digits(value)


def _date_text(value: datetime.date, shown: str) -> str:
    """Return a date at the precision it is shown: 2020年5月 is stored as the first of May."""
    iso = value.isoformat()[:10]
    if "y" not in shown or "d" in shown:
        return iso
    return iso[:7] if "m" in shown else iso[:4]


def _unmerged(grid: list[list[str]], sheet: Any) -> list[list[str]]:
    """Return the grid's top with every merged range showing its text in all of its cells."""
    rows = grid[: HEADER_DEPTH + 3]
    width = max(map(len, rows), default=0)
    top = [[*row, *[""] * (width - len(row))] for row in rows]
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > len(top) or merged.min_col > width:
            continue
        text = top[merged.min_row - 1][merged.min_col - 1]
        for row in top[merged.min_row - 1 : merged.max_row]:
            end = min(merged.max_col, width)
            row[merged.min_col - 1 : end] = [text] * (end - merged.min_col + 1)
    return top


# Any file of an office as a grid of text, before anyone asked where its header is.

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text and where each stood.

    Attributes
    ----------
    file : str
        File and sheet, for messages.
    rows : sequence of sequence of str
        All rows that are not empty.
    lines : sequence of int
        Number of each row as a spreadsheet counts it.
    top : sequence of sequence of str
        The first rows with merged cells filled: where the header can be.
    notes : tuple of Problem
        What was passed over while reading.
    book, sheet : str
        File and sheet by themselves; a CSV file has no sheet.
    whole : sequence of sequence of str
        All rows with merged cells filled, where any are.
    spread : frozenset of (int, int)
        Cells, by line and column from 0, that only repeat what a merged range says.
    odd : mapping of (int, int) to CellError
        Cells, by line and column from 0, whose figure does not count, and why.
    asides : mapping of (int, int) to str
        Superscripts of cells, by line and column from 0.
    is_1904 : bool
        Whether the workbook counts its dates from 1904.
    passed : CellError or None
        Why the whole sheet is passed over.
    is_other_table : bool
        Whether that is because it is another table of the schema.
    """

    file: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    top: Sequence[Sequence[str]]
    notes: tuple[Problem, ...] = ()
    book: str = ""
    sheet: str = ""
    whole: Sequence[Sequence[str]] = ()
    spread: frozenset[tuple[int, int]] = frozenset()
    odd: Mapping[tuple[int, int], CellError] = field(default_factory=dict)
    asides: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_1904: bool = False
    passed: CellError | None = None
    is_other_table: bool = False

    @property
    def filled(self) -> Sequence[Sequence[str]]:
        """All rows, merged cells filled."""
        return self.whole or self.rows

    def address(self, line: int, column: int) -> str:
        """Return a cell as a spreadsheet calls it, column from 0."""
        return f"{column_letters(column)}{int(line)}"


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


Source: TypeAlias = Union[str, Path, "pd.DataFrame", Grid]
"""What an office brings: a file or a table."""


def read(source: Source, name: str) -> Grid:
    """Return a CSV file, a sheet of a workbook or a DataFrame as a grid.

    Parameters
    ----------
    source : str, path or DataFrame
        What the office brought.
    name : str
        Table of the schema it is meant to be.

    Raises
    ------
    PlanError
        If it cannot be read.
    CorridorError
        If it is none of the three.
    """
    if isinstance(source, Grid):
        return source
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.suffix.lower() in WORKBOOKS:
            return _filled(*read_grid(path, name))
        return _of_raw(read_csv(path))
    if not hasattr(source, "itertuples"):
        raise CorridorError(
            N_("A {kind} cannot be read. Give a CSV or xlsx file, or a DataFrame."),
            kind=type(source).__name__,
        )
    return replace(
        _of_raw(read_frame(source, name, numbered=True)), odd=missing_cells(source, name)
    )


def tables_of(path: Path) -> tuple[str, ...]:
    """Return which tables the visible sheets of a workbook are named after, or a CSV file is.

    Raises
    ------
    PlanError
        For a workbook that cannot be opened.
    """
    if path.suffix.lower() not in WORKBOOKS:
        names = [table_named(path.stem)]
    else:
        values, _ = _open(path)
        if (own := own_tables(values, path.name)) is not None:
            return tuple(name for name, sheet in own.items() if not _is_empty(sheet))
        sheets = [s for s in values.worksheets if s.sheet_state == "visible" and not _is_empty(s)]
        names = [table_named(sheet.title) for sheet in sheets]
    return tuple(dict.fromkeys(name for name in names if name in TABLES))


def read_pages(source: Source, name: str) -> Iterator[Grid]:
    """Yield every page that an office brings as a grid: the sheets of a workbook one by one.

    Guides are left out; a hidden sheet, and one that is another table, come with the reason why
    they are passed over.

    Parameters
    ----------
    source, name
        As of :func:`read`.
    """
    path = Path(source) if isinstance(source, (str, Path)) else None
    if path is None or path.suffix.lower() not in WORKBOOKS:
        yield read(source, name)
        return
    values, formulas = _open(path)
    own = own_tables(values, path.name)
    if own is not None and name in own:
        yield _grid_of(own[name], None, path.name, name, is_own=True)
        if name == "observations" and OWN_REMARKS in values.sheetnames:
            remarks = values[OWN_REMARKS]
            if remarks._cells.get((2, 1)) is not None:
                yield _grid_of(remarks, None, path.name, name, is_own=True)
        return
    every = [s for s in values.worksheets if s.title.strip().lower() not in GUIDES]
    sheets = [s for s in every if not _is_empty(s)] or every[:1] or values.worksheets[:1]
    for sheet in sheets:
        yield _grid_of(sheet, _same_sheet(formulas, sheet), path.name, name)


_HIDDEN_SHEET = CellError(N_("the sheet is hidden."), N_("Unhide it if its figures count."))
_HIDDEN = CellError(N_("stands in a hidden row or column."), N_("Unhide it if it counts."))


def _grid_of(sheet: Any, formulas: Any, book: str, name: str, is_own: bool = False) -> Grid:
    title = sheet.title.strip()
    file, passed, table = f"{book}[{title}]", None, table_named(title)
    if is_own:
        table = name
    elif sheet.sheet_state != "visible":
        passed = _HIDDEN_SHEET
    elif table in TABLES and table != name:
        passed = CellError(
            N_("the sheet is the table {table}, which is read by itself."),
            table=Name(title, table),
        )
    page = _page(sheet, formulas, file)
    if page.problems and passed is None:
        raise PlanError(page.problems)
    # only rows that hold something: a stray figure may stand a million rows below
    kept = [i for i, row in enumerate(page.grid) if row and any(map(str.strip, row))]
    width = max((len(page.grid[i]) for i in kept), default=0)
    if width * len(kept) > WIDEST:
        raise PlanError([Problem(_SCATTERED, _TOGETHER, file)])
    rows = {i: [*page.grid[i], *[""] * (width - len(page.grid[i]))] for i in kept}
    whole, spread = _unfolded(rows, width, sheet)
    odd = {(row, column - 1): error for (row, column), error in page.odd.items()}
    odd |= dict.fromkeys(_unseen_cells(rows, width, sheet), _HIDDEN)
    return Grid(
        file,
        [rows[i] for i in kept],
        [i + 1 for i in kept],
        [whole[i] for i in kept if i < HEADER_DEPTH + 3],
        tuple(page.notes),
        book,
        title,
        [whole[i] for i in kept] if spread else (),
        frozenset(spread),
        odd,
        {(row, column - 1): text for (row, column), text in page.asides.items()},
        sheet.parent.epoch.year == 1904,
        passed,
        passed is not None and passed is not _HIDDEN_SHEET,
    )


def _unseen_cells(
    rows: Mapping[int, Sequence[str]], width: int, sheet: Any
) -> Iterator[tuple[int, int]]:
    """Yield the filled cells of hidden rows and columns, by line and column from 0."""
    from openpyxl.utils import column_index_from_string as index

    hidden_rows = {row for row, shape in sheet.row_dimensions.items() if shape.hidden}
    hidden_columns: set[int] = set()
    for letters, shape in sheet.column_dimensions.items():
        if shape.hidden:
            first = shape.min or index(letters)
            hidden_columns |= set(range(first - 1, min(shape.max or first, width)))
    if hidden_rows or hidden_columns:
        for i, row in rows.items():
            line = i + 1
            for column, text in enumerate(row):
                if text and (line in hidden_rows or column in hidden_columns):
                    yield line, column


def _unfolded(
    rows: Mapping[int, list[str]], width: int, sheet: Any
) -> tuple[dict[int, list[str]], set[tuple[int, int]]]:
    """Return the rows with every merged range showing its text in all of its cells.

    Also returned are the cells that only repeat it, by line and column from 0.
    """
    whole, spread = {i: list(row) for i, row in rows.items()}, set()
    for merged in sheet.merged_cells.ranges:
        top, left = merged.min_row - 1, merged.min_col - 1
        if top not in rows or left >= width or not rows[top][left]:
            continue
        for line in range(top, merged.max_row):
            for column in range(left, min(merged.max_col, width)) if line in rows else ():
                if (line, column) != (top, left):
                    whole[line][column] = rows[top][left]
                    spread.add((line + 1, column))
    return whole, spread


def _of_raw(raw: RawTable) -> Grid:
    rows = [list(raw.header), *raw.rows]
    widest = max(map(len, rows))
    top = [[*row, *[""] * (widest - len(row))] for row in rows[: HEADER_DEPTH + 3]]
    return Grid(raw.file, rows, [raw.top, *raw.lines], top, raw.notes, book=raw.file)


def _filled(file: str, rows: list[list[str]], top: list[list[str]], notes: list[Problem]) -> Grid:
    """Return the grid without empty rows."""
    kept = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    return Grid(
        file,
        [rows[i] for i in kept],
        [i + 1 for i in kept],
        [top[i] for i in kept if i < len(top)],
        tuple(notes),
    )


def of_mappings(rows: Sequence[Mapping[str, Any]], file: str) -> Grid:
    """Return rows given as mappings as a grid; a missing value is an empty cell."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    texts = [["" if row.get(name) is None else _text(row[name]) for name in header] for row in rows]
    grid = [header, *texts]
    return Grid(file, grid, range(1, len(grid) + 1), grid[: HEADER_DEPTH + 3])


def _text(value: Any) -> str:
    return cell_text(value) if isinstance(value, (int, float)) else str(value)
