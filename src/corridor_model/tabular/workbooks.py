"""Workbooks and DataFrames as text: what a spreadsheet does to a cell is undone here.

Percent formats, dates, units in a number's format, WPS's cell pictures and formulas nobody
calculated are all found in real files. Where the table stands on its sheet is found in
:mod:`corridor_model.tabular.headers`.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Union
from zipfile import ZipFile

from corridor_model.errors import NOTHING, CorridorError, PlanError, Problem
from corridor_model.messages import N_, Message, Name, message
from corridor_model.tabular.headers import HEADER_DEPTH, laid_out
from corridor_model.tabular.readers import RawTable, read_csv, unreadable
from corridor_model.tabular.schema import TABLES, doubled_table, table_named, unknown_table
from corridor_model.units import scale, tidy

if TYPE_CHECKING:
    import pandas as pd


GUIDES = frozenset({"说明", "guide", "填写说明"})
"""Sheets that explain and hold no figures."""

LARGEST = 200_000_000
"""Bytes a workbook may unpack to: a plan of 10,000 targets takes a twentieth of it."""

WIDEST_MERGE = 2_000_000
"""Cells that one merged range may cover; openpyxl makes an object of each."""

_ASIDE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""Parts of a number format that do not say how the number is shown."""

_PRINTED = re.compile(r'"([^"]*)"|\\(.)')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook stores what XML cannot: a carriage return is ``_x000D_``."""

_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


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
            raw[name] = _laid_out(sheet, formulas[sheet.title], name, file)
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
        Every row, as long as the longest of them.
    top : list of list of str
        The first rows with merged cells filled: where a header can be.
    notes : list of Problem
        What was passed over.
    """
    sheet, formulas, file = _sheet_for(path, name)
    grid, notes = _texts(sheet, formulas, file)
    width = max(map(len, grid), default=0)
    for row in grid:
        row.extend([""] * (width - len(row)))
    return file, grid, _unmerged(grid, sheet), notes


def read_frame(frame: pd.DataFrame, name: str) -> RawTable:
    """Return a DataFrame as text; an index that carries names becomes columns.

    Row numbers in messages are those a spreadsheet would show: the first row is 2.
    """
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    rows = [
        [cell_text(_plain(value)) for value in row]
        for row in frame.itertuples(index=False, name=None)
    ]
    header = [str(column) for column in frame.columns]
    return RawTable(f"DataFrame[{name}]", tuple(header), rows, range(2, len(rows) + 2))


def _plain(value: Any) -> Any:
    """Return Python's own value for a NumPy or pandas one; a missing value is None."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (list, tuple)):
        return ";".join(str(part) for part in value)
    return value.item() if hasattr(value, "item") else value


def _open(path: Path) -> tuple[Any, Any]:
    """Open a workbook twice: once for values, once to know which cells are formulas."""
    import warnings

    import openpyxl

    if path.suffix.lower() in {".xls", ".et"}:
        raise _refused(
            path,
            message("{format} is an old format that is not read.", format=path.suffix),
            message("Save it as xlsx in WPS or Excel (请在WPS中另存为xlsx)."),
        )
    try:
        # from memory: openpyxl leaves a file open when it stumbles over it
        data = path.read_bytes()
        with ZipFile(io.BytesIO(data)) as archive:
            giant = _is_giant(archive)
        if giant:
            raise _refused(
                path,
                message("is too large for a plan."),
                message("Keep the plan's tables alone, and clear the formats of blank rows."),
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles and extensions it drops
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
        if not values.worksheets:
            raise LookupError("charts alone")
        return values, formulas
    except PlanError:
        raise
    except OSError as error:
        raise unreadable(path.name, error) from error
    except Exception as error:  # a broken file makes openpyxl stumble in ways it does not list
        raise _refused(
            path,
            message(
                "is not a valid xlsx workbook{reason}.",
                reason=Name("", f" ({type(error).__name__})"),
            ),
            message("Open it in WPS or Excel and save it as xlsx; remove a password first."),
        ) from error


def _is_giant(archive: ZipFile) -> bool:
    """Return whether opening a workbook would fill the memory."""
    from openpyxl.utils import column_index_from_string as index

    if sum(part.file_size for part in archive.infolist()) > LARGEST:
        return True
    return any(
        (index(right) - index(left) + 1) * (int(below) - int(above) + 1) > WIDEST_MERGE
        for part in archive.namelist()
        if part.startswith("xl/worksheets/")
        for left, above, right, below in (
            [text.decode() for text in found] for found in _MERGED.findall(archive.read(part))
        )
    )


def _refused(path: Path, what: Message, remedy: Message) -> PlanError:
    return PlanError([Problem(what, remedy, path.name)])


def _sheet_for(path: Path, name: str) -> tuple[Any, Any, str]:
    """Return the sheet called like a table, or the first that is no guide."""
    values, formulas = _open(path)
    sheets = [s for s in values.worksheets if s.title.strip().lower() not in GUIDES]
    named = [s for s in sheets if table_named(s.title) == name]
    filled = [s for s in sheets if not _is_empty(s)]
    sheet = [*named, *filled, *values.worksheets][0]
    return sheet, formulas[sheet.title], f"{path.name}[{sheet.title.strip()}]"


def _is_empty(sheet: Any) -> bool:
    return all(cell.value is None for cell in sheet._cells.values())


def _laid_out(sheet: Any, formulas: Any, name: str, file: str) -> RawTable:
    """Return one sheet as text, its header found and its units kept."""
    grid, notes = _texts(sheet, formulas, file)
    top = _unmerged(grid, sheet)
    return laid_out(file, grid, range(1, len(grid) + 1), TABLES[name], top, tuple(notes))


def _texts(sheet: Any, formulas: Any, file: str) -> tuple[list[list[str]], list[Problem]]:
    """Return every row of a sheet as text, as long as it is filled, and what was passed over.

    The sheet's own dimension is not asked (WPS writes A1:A1), and rows are not walked cell by
    cell: one stray figure in the last corner would make that seventeen billion.
    """
    problems: list[Problem] = []
    notes: list[Problem] = []
    grid: list[list[str]] = []
    for row, column in sorted(formulas._cells):
        cell = sheet._cells.get((row, column))
        text = _sheet_cell(cell, formulas._cells[row, column], file, problems, notes)
        if text:
            grid.extend([] for _ in range(row - len(grid)))
            grid[-1].extend([""] * (column - 1 - len(grid[-1])))
            grid[-1].append(text)
    if problems:
        raise PlanError(problems)
    return grid, notes


def _sheet_cell(
    cell: Any, source: Any, file: str, problems: list[Problem], notes: list[Problem]
) -> str:
    def report(into: list[Problem], what: Message, remedy: Message = NOTHING) -> str:
        into.append(Problem(what, remedy, file, source.row, source.column_letter))
        return ""

    value = None if cell is None else cell.value
    if source.data_type == "f":
        formula = getattr(source.value, "text", source.value)  # of an array formula
        if "DISPIMG" in str(formula):
            return report(notes, message("a cell picture was passed over."))
        if value is None:
            return report(
                problems,
                message("holds a formula without a calculated value."),
                message("Open the file in WPS or Excel and save it once."),
            )
    if value is not None and cell.data_type == "e":
        return report(
            problems,
            message("holds the error value {value}.", value=value),
            message("Mend the formula or clear the cell."),
        )
    if isinstance(value, str):
        return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
    return "" if value is None else cell_text(value, cell.number_format)


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
    if "%" in _ASIDE.sub("", number_format):
        # 12 significant digits: 0.033 * 100 is 3.3000000000000003
        return f"{float(f'{value * 100:.12g}')!r}%"
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    text = str(int(value)) if whole else repr(value)
    if '"' in number_format or "\\" in number_format:
        positive = number_format.partition(";")[0]
        unit = tidy("".join(quoted or escaped for quoted, escaped in _PRINTED.findall(positive)))
        return text + unit if scale(unit) is not None else text
    return text


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
    """

    file: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    top: Sequence[Sequence[str]]
    notes: tuple[Problem, ...] = ()


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
    return _of_raw(read_frame(source, name))


def _of_raw(raw: RawTable) -> Grid:
    rows = [list(raw.header), *raw.rows]
    widest = max(map(len, rows))
    top = [[*row, *[""] * (widest - len(row))] for row in rows[: HEADER_DEPTH + 3]]
    return Grid(raw.file, rows, [raw.top, *raw.lines], top, raw.notes)


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
