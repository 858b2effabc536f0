"""Rows of a file as entries of one table of the schema, one figure each.

A bulletin's row holds several figures; each becomes an entry of its own that remembers the
cell it stood in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corridor_model.errors import Problem
from corridor_model.observations.columns import IGNORED, UNKNOWN, VALUES, Header, Heading
from corridor_model.observations.grids import Grid
from corridor_model.observations.periods import Period, read_period
from corridor_model.plan.cells import CellError
from corridor_model.plan.raw import RawTable
from corridor_model.plan.schema import TABLES
from corridor_model.plan.sheets import is_total, unit_above, units_row

_TITLE_PERIOD = re.compile(
    r"(?:截至|截止)?到?(\d{4})年(?:度|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2}月|\d{1,2}月|前[一二三]季度"
    r"|[一二三四]季度|上半年)?"
)
_BASES = {"@month": "month", "@ytd": "ytd", "@end": "end", "@period": "", "value": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table to be, as text, and the cell its figure stood in."""

    line: int
    title: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a row of a bulletin says of itself: completion, the year's plan, a note."""

    line: int
    completion: str = ""
    plan: str = ""
    note: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the table: its period, and the unit of its money."""

    period: Period | None
    unit: str
    column_units: Mapping[int, str]
    body: int


def around(grid: Grid, header: Header, period: Period | None) -> Around:
    """Return what the lines above and the row of units below the header say."""
    below = header.row + header.depth
    above = grid.rows[: header.row]
    units, skip = units_row(grid.rows[below]) if below < len(grid.rows) else ({}, False)
    return Around(
        period or _title_period(above),
        unit_above(grid.rows[:below]),
        units,
        below + (1 if skip else 0),
    )


def _title_period(rows: Iterable[Sequence[str]]) -> Period | None:
    """Return the period that a title prints, such as 截至2021年9月底."""
    for row in rows:
        for cell in row:
            text = re.sub("[—–―~至到]+(?=\\d)", "-", re.sub(r"\s", "", _narrow(cell)))
            for found in _TITLE_PERIOD.finditer(text):
                try:
                    return read_period(found.group().lstrip("截至止到-"))
                except CellError:
                    continue
    return None


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def body_rows(grid: Grid, start: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows below the header with their line, without sums and notes."""
    for line, row in zip(grid.lines[start:], grid.rows[start:], strict=True):
        if any(cell.strip() for cell in row) and not is_total(row):
            yield line, row


def cell(row: Sequence[str], heading: Heading | None) -> str:
    """Return the text of a column in a row, empty where the row is too short."""
    if heading is None or heading.position >= len(row):
        return ""
    return row[heading.position]


def plain_cells(row: Sequence[str], header: Header, name: str) -> dict[str, str]:
    """Return the cells of the columns that the schema has."""
    return {
        heading.role: cell(row, heading)
        for heading in header.headings
        if heading.role in TABLES[name].names
    }


def quoted(line: int, row: Sequence[str], header: Header) -> Quoted:
    """Return what the row says of itself."""
    parts = {role: header.of(f"@{role}") for role in ("completion", "plan", "note")}
    return Quoted(
        line,
        **{role: cell(row, heading).strip() for role, heading in parts.items()},
        titles={role: heading.title for role, heading in parts.items() if heading},
    )


def figures(row: Sequence[str], header: Header) -> list[Heading]:
    """Return the columns of a row whose cells become figures."""
    return [heading for heading in header.headings if heading.role in VALUES]


def period_text(
    heading: Heading, row_period: str, row_year: int | None, known: Period | None
) -> str:
    """Return the period of a figure in canonical form, or empty where nothing says it.

    The row's own period comes first, then the column's title, then the table's title; a year
    in the row stands above the one in the title.

    Raises
    ------
    CellError
        If it cannot be read.
    """
    said = row_period.strip() or heading.span
    if said:
        has_year = re.match(r"\D{0,3}\d{4}", _narrow(said)) is not None
        year = row_year if has_year or row_year is not None else (known.year if known else None)
        found = read_period(said, year)
    elif row_year is not None:
        found = Period(row_year, 12)
    elif known is not None and "@month" in {heading.role, heading.follows}:
        found = Period(known.year, known.month, 3 if "季" in heading.title else 1)
    else:
        found = known
    return "" if found is None else str(found)


def basis_of(heading: Heading) -> str:
    """Return the basis that a column of a bulletin stands for, or empty."""
    role = heading.follows or heading.role
    return _BASES.get(role, "")


def unknown_columns(grid: Grid, header: Header, name: str) -> Iterator[Problem]:
    """Yield the columns that nobody understands; a column to be passed over is named 备注."""
    known = "、".join(TABLES[name].names)
    for heading in header.headings:
        if heading.role == UNKNOWN:
            yield Problem(
                f"不认识“{heading.title}”列。",
                f"unknown column {heading.title!r}.",
                f"可用的列：{known}；或本月、累计、同比、完成率、备注。",
                f"Known: {known.replace('、', ', ')}; or 本月, 累计, 同比, 完成率, 备注.",
                grid.file,
                grid.lines[header.row],
                heading.title,
            )
    seen: set[tuple[str, str, str]] = set()
    for heading in header.headings:
        mark = (heading.role, heading.span, heading.follows)
        if heading.role not in {UNKNOWN, IGNORED, "@note"} and mark in seen:
            yield Problem(
                f"“{heading.title}”列出现两次。",
                f"{heading.title!r} appears twice.",
                "请删去其中一列。",
                "Remove one of the two.",
                grid.file,
                grid.lines[header.row],
                heading.title,
            )
        seen.add(mark)


def as_raw(entries: Sequence[Entry], name: str, file: str) -> RawTable:
    """Return entries as the text table of the schema; each has a line of its own."""
    names = TABLES[name].names
    rows = [[entry.cells.get(column, "") for column in names] for entry in entries]
    return RawTable(file, names, rows, range(len(entries)))


def placed(problem: Problem, entries: Sequence[Entry], header: Header) -> Problem:
    """Return a problem of an entry at the cell it came from, its column called as printed."""
    if problem.row is None:
        return problem
    entry = entries[problem.row]
    if problem.column == "value" and entry.title:
        return replace(problem, row=entry.line, column=entry.title)
    return replace(problem, row=entry.line, column=header.title(problem.column))
