"""Workbooks and DataFrames as text tables: what offices do to a sheet is undone here.

Titles above the header, «单位：万元» at its right, headers merged over two or three rows, a
row of units under the header, percent formats, dates, WPS's cell pictures and formulas
nobody calculated are all found in real files.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from corridor_model.errors import PlanError, Problem
from corridor_model.plan.headers import column_of, split_header
from corridor_model.plan.raw import RawTable, from_rows, unreadable
from corridor_model.plan.schema import TABLES, TableSchema
from corridor_model.plan.units import scale

if TYPE_CHECKING:
    import pandas as pd

HEADER_DEPTH = 20
"""A header further down than this is not looked for."""

_SHEET_UNIT = re.compile(r"单位\s*[:：]\s*([^\s()（）]+)")
_TOTALS = frozenset({"合计", "小计", "总计", "其中", "注", "注:", "注：", "备注:", "说明:"})


def read_workbook(path: Path) -> dict[str, RawTable]:
    """Return every sheet of a workbook that is a table of a plan.

    Sheets are named like tables, in English or with their Chinese title. A sheet of another
    name is a mistake, unless it is empty or a guide (``说明``, ``guide``).

    Raises
    ------
    PlanError
        For a file that is no xlsx workbook, and for sheets that cannot be read.
    """
    from corridor_model.plan.load import unknown_table
    from corridor_model.plan.titles import SHEETS_ZH

    values, formulas = _open(path)
    by_title = {title: name for name, title in SHEETS_ZH.items()}
    raw: dict[str, RawTable] = {}
    problems: list[Problem] = []
    for sheet in values.worksheets:
        title = sheet.title.strip()
        name = by_title.get(title, title.lower())
        if title.lower() in {"说明", "guide", "填写说明"} or (
            sheet.calculate_dimension() == "A1:A1" and sheet["A1"].value is None
        ):
            continue
        if name not in TABLES:
            problems.append(unknown_table(f"{path.name}[{title}]", name))
            continue
        try:
            raw[name] = _read_sheet(
                sheet, formulas[sheet.title], TABLES[name], f"{path.name}[{title}]"
            )
        except PlanError as error:
            problems.extend(error.problems)
    if problems:
        raise PlanError(problems)
    return raw


def read_first_sheet(path: Path, name: str) -> RawTable:
    """Return the first sheet of a workbook as the table ``name``."""
    values, formulas = _open(path)
    sheet = values.worksheets[0]
    return _read_sheet(sheet, formulas[sheet.title], TABLES[name], f"{path.name}[{sheet.title}]")


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
    from openpyxl.utils.exceptions import InvalidFileException

    if path.suffix.lower() in {".xls", ".et"}:
        raise PlanError(
            [
                Problem(
                    f"不支持{path.suffix}格式。",
                    f"{path.suffix} is an old format that is not read.",
                    "请在WPS或Excel中另存为xlsx。",
                    "Save it as xlsx in WPS or Excel (请在WPS中另存为xlsx).",
                    path.name,
                )
            ]
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles and extensions it drops
            return (
                openpyxl.load_workbook(path, data_only=True),
                openpyxl.load_workbook(path, data_only=False),
            )
    except OSError as error:
        raise unreadable(path.name, error) from error
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
    ) as error:
        raise PlanError(
            [
                Problem(
                    "不是有效的xlsx工作簿。",
                    f"is not a valid xlsx workbook ({type(error).__name__}).",
                    "请用WPS或Excel打开后另存为xlsx；有密码的请先取消密码。",
                    "Open it in WPS or Excel and save it as xlsx; remove a password first.",
                    path.name,
                )
            ]
        ) from error


def _read_sheet(sheet: Any, formulas: Any, schema: TableSchema, file: str) -> RawTable:
    """Return one sheet as text, its header found and its units kept."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    grid: list[list[str]] = []
    for row, (cells, written) in enumerate(
        zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), 1
    ):
        texts = []
        for cell, source in zip(cells, written, strict=True):
            texts.append(_sheet_cell(cell, source, file, row, problems, notes))
        grid.append(texts)
    if problems:
        raise PlanError(problems)
    top, depth, header = find_header(_unmerged(grid, sheet), schema)
    if top < 0:
        table = from_rows(file, grid, range(1, len(grid) + 1))
        return RawTable(file, table.header, table.rows, table.lines, {}, tuple(notes))
    below = top + depth
    sheet_unit = _unit_above(grid[:below])
    column_units, skip = _units_row(grid[below] if below < len(grid) else [])
    body = range(below + (1 if skip else 0), len(grid))
    kept = [i for i in body if any(grid[i]) and not _is_total(grid[i])]
    units = dict.fromkeys(_money_columns(header, schema), sheet_unit) if sheet_unit else {}
    return RawTable(
        file,
        tuple(header),
        [grid[i] for i in kept],
        [i + 1 for i in kept],
        units | column_units,
        tuple(notes),
    )


def _sheet_cell(
    cell: Any, source: Any, file: str, row: int, problems: list[Problem], notes: list[Problem]
) -> str:
    formula = source.value if isinstance(source.value, str) and source.data_type == "f" else ""
    if "DISPIMG" in formula:
        notes.append(
            Problem(
                "单元格图片已略过。",
                "a cell picture was passed over.",
                "",
                "",
                file,
                row,
                cell.column_letter,
            )
        )
        return ""
    if formula and cell.value is None:
        problems.append(
            Problem(
                "公式没有计算结果。",
                "holds a formula without a calculated value.",
                "请在WPS或Excel中打开并保存一次。",
                "Open the file in WPS or Excel and save it once.",
                file,
                row,
                cell.column_letter,
            )
        )
        return ""
    if isinstance(cell.value, str) and cell.data_type == "e":
        problems.append(
            Problem(
                f"单元格为错误值{cell.value}。",
                f"holds the error value {cell.value}.",
                "请改正公式或清空。",
                "Mend the formula or clear the cell.",
                file,
                row,
                cell.column_letter,
            )
        )
        return ""
    return cell_text(cell.value, getattr(cell, "number_format", "General") or "General")


def cell_text(value: Any, number_format: str = "General") -> str:
    """Return a cell's value as an office reads it: 0.033 under a % format is ``3.3%``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if "%" in number_format:
            # 12 significant digits: 0.033 * 100 is 3.3000000000000003
            return f"{float(f'{value * 100:.12g}')!r}%"
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _unmerged(grid: Sequence[Sequence[str]], sheet: Any) -> list[list[str]]:
    """Return the grid's top with every merged range showing its text in all of its cells."""
    top = [list(row) for row in grid[: HEADER_DEPTH + 3]]
    for merged in sheet.merged_cells.ranges:
        text = grid[merged.min_row - 1][merged.min_col - 1] if merged.min_row <= len(grid) else ""
        for row in range(merged.min_row - 1, min(merged.max_row, len(top))):
            for column in range(merged.min_col - 1, min(merged.max_col, len(top[row]))):
                top[row][column] = text
    return top


def find_header(top: Sequence[Sequence[str]], schema: TableSchema) -> tuple[int, int, list[str]]:
    """Return row, depth and titles of the header, or row -1.

    The header is where most columns are recognised; of a header merged over two or three
    rows the lowest recognised title of each column counts.
    """
    best: tuple[int, int, int, list[str]] = (0, -1, 1, [])
    for row in range(min(HEADER_DEPTH, len(top))):
        for depth in (1, 2, 3):
            if row + depth > len(top):
                break
            titles = [
                _lowest_title(column, schema)
                for column in zip(*top[row : row + depth], strict=True)
            ]
            known = len({column_of(split_header(t)[0], schema.names) for t in titles} - {None})
            if known > best[0]:
                best = (known, row, depth, titles)
    known, row, depth, titles = best
    return (row, depth, titles) if known >= min(2, len(schema.names)) else (-1, 1, [])


def _lowest_title(column: Sequence[str], schema: TableSchema) -> str:
    for text in reversed(column):
        if text and column_of(split_header(text)[0], schema.names) is not None:
            return text
    return next((text for text in reversed(column) if text), "")


def _unit_above(rows: Iterable[Sequence[str]]) -> str:
    for row in rows:
        for text in row:
            if found := _SHEET_UNIT.search(text):
                return found[1]
    return ""


def _money_columns(header: Sequence[str], schema: TableSchema) -> Iterator[int]:
    """Yield the numeric columns that a unit printed above the table speaks of."""
    numeric = {column.name for column in schema.columns if column.type == "number"}
    for position, text in enumerate(header):
        if column_of(split_header(text)[0], schema.names) in numeric:
            yield position


def _units_row(row: Sequence[str]) -> tuple[dict[int, str], bool]:
    """Return units by position, and whether the row holds units and nothing else."""
    filled = {position: text.strip("()（） ") for position, text in enumerate(row) if text.strip()}
    if not filled or any(not text or scale(text) is None for text in filled.values()):
        return {}, False
    return filled, True


def _is_total(row: Sequence[str]) -> bool:
    first = next((text.strip() for text in row if text.strip()), "")
    return first in _TOTALS or first.startswith(("注：", "注:", "备注：", "说明："))
