"""Any file of an office as a grid of text, before anyone asked where its header is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError, Problem
from corridor_model.plan.raw import RawTable, read_csv
from corridor_model.plan.sheets import HEADER_DEPTH, cell_text, read_frame, read_grid

if TYPE_CHECKING:
    import pandas as pd

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


def read(source: str | Path | pd.DataFrame | Grid, name: str) -> Grid:
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
            f"A {type(source).__name__} cannot be read. Give a CSV or xlsx file, or a DataFrame."
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
