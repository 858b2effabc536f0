"""A table as an office prints it: where its header is, what its columns and its rows hold.

A bulletin prints one row an indicator and one column a way of counting: 本月, 累计, 同比,
完成率. Its header may be merged over two or three rows; its title may print the period, and a
line above it the unit of its money.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from corridor_model.errors import CellError
from corridor_model.messages import N_, Listing
from corridor_model.observations.vocabulary import (
    FIGURES,
    HEADINGS,
    IGNORED,
    OBSERVED_HEADINGS,
    PERIOD_IN_HEADING,
    PERIOD_IN_TITLE,
    QUOTED,
    UNKNOWN,
    narrow,
)
from corridor_model.periods import Period, read_period
from corridor_model.tabular.headers import (
    HEADER_DEPTH,
    column_of,
    is_total,
    split_header,
    unit_above,
    units_row,
)
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Problems
from corridor_model.tabular.workbooks import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: what it holds and what its title says of unit and period.

    Attributes
    ----------
    position : int
        Its place in the row.
    role : str
        A column of the schema, or one of the words with ``@``.
    title : str
        As printed, for messages.
    unit : str
        Unit in the title, or empty.
    span : str
        Period in the title, perhaps without a year, or empty.
    follows : str
        Role of the figure that a growth column speaks of.
    """

    position: int
    role: str
    title: str
    unit: str = ""
    span: str = ""
    follows: str = ""


@dataclass(frozen=True)
class Header:
    """Where the header is and what its columns hold; ``row`` is -1 where there is none."""

    row: int
    depth: int
    headings: tuple[Heading, ...]

    def of(self, role: str) -> Heading | None:
        """Return the column with a role, or None."""
        return next((heading for heading in self.headings if heading.role == role), None)

    @cached_property
    def figures(self) -> list[Heading]:
        """The columns whose cells become figures."""
        return [heading for heading in self.headings if heading.role in FIGURES]

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles as printed, by role; of two columns of one role that of the first."""
        return {heading.role: heading.title for heading in reversed(self.headings)}

    def title(self, role: str) -> str:
        """Return the title of a column as printed, or the role where the file has none."""
        return self.titles.get(role, role)


def find_header(grid: Grid, name: str) -> Header:
    """Return the header: the rows in which the most columns are understood.

    Parameters
    ----------
    grid : Grid
        Text of the file.
    name : str
        Table of the schema.
    """
    best = ((1, 0), Header(-1, 1, ()))
    for row in range(min(HEADER_DEPTH, len(grid.top))):
        for depth in (1, 2, 3):
            if row + depth > len(grid.top):
                break
            headings = _headings(grid.top[row : row + depth], name)
            known = {
                (heading.role, heading.span, heading.follows)
                for heading in headings
                if heading.role != UNKNOWN
            }
            # of two that are understood equally well, the one of fewer rows
            if (len(known), -depth) > best[0]:
                best = ((len(known), -depth), Header(row, depth, headings))
    return best[1]


def _headings(rows: Sequence[Sequence[str]], name: str) -> tuple[Heading, ...]:
    headings: list[Heading] = []
    upper = [_over_blanks(row) for row in rows[:-1]]
    for position, cells in enumerate(zip(*upper, rows[-1], strict=True)):
        texts = list(dict.fromkeys(text for text in map(str.strip, cells) if text))
        if not texts:
            continue
        heading = _heading(position, texts, name)
        if heading.role == "@growth":
            # 同比 speaks of what the rows above it name, else of the figure to its left
            own = _role("".join(texts[:-1]), OBSERVED_HEADINGS) if len(texts) > 1 else UNKNOWN
            left = next((h for h in reversed(headings) if h.role in FIGURES - {"@growth"}), None)
            follows = own if own in FIGURES else (left.role if left else "@ytd")
            span = heading.span or (left.span if left and follows == left.role else "")
            heading = replace(heading, span=span, follows=follows)
        headings.append(heading)
    return tuple(headings)


def _over_blanks(row: Sequence[str]) -> list[str]:
    """Return an upper header row with each title carried over the empty cells to its right."""
    if len({text.strip() for text in row} - {""}) < 2:
        return [""] * len(row)  # a title over the whole table
    titles = [""]
    for text in row:
        titles.append(text.strip() or titles[-1])
    return titles[1:]


def _heading(position: int, texts: list[str], name: str) -> Heading:
    titles, units = zip(*map(split_header, texts), strict=True)
    unit = next((text for text in reversed(units) if text), "").lstrip("±+-")
    joined = "".join(titles)
    title = "/".join(texts)
    # the lowest row that the schema knows decides; 责任单位 is an office and no unit
    for text in reversed(titles):
        column = column_of(text, (*TABLES[name].names, "year"))
        if column is not None and not (column == "unit" and "责任" in joined):
            return Heading(position, column, title, unit)
    if name == "observations" and (period := _as_period(joined)) is not None:
        return Heading(position, "@period", title, unit, str(period))
    role = _role(joined, HEADINGS[name])
    if role == "@year":
        return Heading(position, role, title, unit, _with_hyphens(joined)[:4])
    span = PERIOD_IN_HEADING.search(_with_hyphens(joined))
    return Heading(position, role, title, unit, span.group() if span else "")


def _role(title: str, words: Sequence[tuple[str, str]]) -> str:
    text = _with_hyphens(title)
    return next((role for role, pattern in words if re.search(pattern, text)), UNKNOWN)


def _with_hyphens(text: str, signs: str = "—–―~至") -> str:
    """Return a text in which every sign between two months is a hyphen."""
    return re.sub(f"[{signs}]+(?=\\d)", "-", text)


def _as_period(title: str) -> Period | None:
    """Return the period that a title is, year included, or None."""
    try:
        return read_period(title)
    except CellError:
        return None


# The table whole: its rows, and what stands around them.


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A table with what stands around it.

    Attributes
    ----------
    name : str
        Table of the schema.
    grid : Grid
        Text of the file.
    header : Header
        Its columns.
    period : Period or None
        Of figures that print none: as the caller says, otherwise as the title does.
    unit : str
        Unit of its money, printed above it, or empty.
    column_units : mapping of int to str
        Units in a row of their own below the header, by position.
    body : int
        Place of the first row of figures.
    """

    name: str
    grid: Grid
    header: Header
    period: Period | None
    unit: str
    column_units: Mapping[int, str]
    body: int

    @classmethod
    def of(cls, grid: Grid, name: str, header: Header, period: Period | None) -> Bulletin:
        """Return the table under a header."""
        below = header.row + header.depth
        units, is_row = units_row(grid.rows[below]) if below < len(grid.rows) else ({}, False)
        return cls(
            name,
            grid,
            header,
            period or _title_period(grid.rows[: header.row]),
            unit_above(grid.rows[:below]),
            units,
            below + int(is_row),
        )

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, without sums and notes."""
        body = zip(self.grid.lines[self.body :], self.grid.rows[self.body :], strict=True)
        for line, texts in body:
            if any(cell.strip() for cell in texts) and not is_total(texts):
                yield Row(line, texts, self)

    def column_unit(self, heading: Heading) -> str:
        """Return the unit that a column's title or the row below the header prints."""
        return heading.unit or self.column_units.get(heading.position, "")

    def period_of(self, heading: Heading, printed: str, year: int | None) -> str:
        """Return the period of a figure in canonical form, or empty where nothing says it.

        The row's own period comes first, then the column's title, then the table's title; a
        year in the row stands above the one in the title.

        Raises
        ------
        CellError
            If it cannot be read.
        """
        text = printed.strip() or heading.span
        around = self.period
        if text:
            if year is None and around is not None and not re.match(r"\D{0,3}\d{4}", narrow(text)):
                year = around.year
            period = read_period(text, year)
        elif year is not None:
            period = Period(year, 12)
        elif around is not None and "@month" in {heading.role, heading.follows}:
            period = Period(around.year, around.month, 3 if "季" in heading.title else 1)
        else:
            period = around
        return "" if period is None else str(period)


def _title_period(rows: Iterable[Sequence[str]]) -> Period | None:
    """Return the period that a title prints, such as 截至2021年9月底."""
    for row in rows:
        for cell in row:
            text = _with_hyphens(re.sub(r"\s", "", narrow(cell)), "—–―~至到")
            for match in PERIOD_IN_TITLE.finditer(text):
                try:
                    return read_period(match.group().lstrip("截至止到-"))
                except CellError:
                    continue
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a bulletin: its line as a spreadsheet counts it, and its cells."""

    line: int
    texts: Sequence[str]
    bulletin: Bulletin

    def text(self, column: str | Heading | None) -> str:
        """Return the cell of a column or a role, empty where the row or the file has none."""
        heading = self.bulletin.header.of(column) if isinstance(column, str) else column
        if heading is None or heading.position >= len(self.texts):
            return ""
        return self.texts[heading.position]

    def cells(self) -> dict[str, str]:
        """Return the cells of the columns that the schema has."""
        names = TABLES[self.bulletin.name].names
        headings = self.bulletin.header.headings
        return {h.role: self.text(h) for h in headings if h.role in names}

    def entry(self, cells: Mapping[str, str], value: Heading | None = None) -> Entry:
        """Return a row of the table to be; ``value`` is the column its figure stood in."""
        titles = self.bulletin.header.titles
        return Entry(self.line, cells, titles | {"value": value.title} if value else titles)

    def quote(self) -> Quote:
        """Return what the row says of its figures."""
        completion, plan, note = (self.text(role).strip() for role in QUOTED)
        return Quote(self.line, completion, plan, note, self.bulletin.header.titles)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table to be, as text: its line, and what its columns are called there."""

    line: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a row says of its own figures: completion, the year's plan, a note.

    ``titles`` are those of the header; ``figures`` are the texts of the figures that the row
    speaks of, by the title of their column.
    """

    line: int
    completion: str
    plan: str
    note: str
    titles: Mapping[str, str]
    figures: dict[str, str] = field(default_factory=dict)


def column_problems(grid: Grid, header: Header, name: str) -> Problems:
    """Return the columns that nobody understands, and those that are there twice.

    A column to be passed over is named 备注.
    """
    problems = Problems(grid.file)
    line = grid.lines[header.row]
    for heading in header.headings:
        if heading.role == UNKNOWN:
            error = CellError(
                N_("unknown column {title!r}."),
                N_("Known: {known}; or 本月, 累计, 同比, 完成率, 备注."),
                title=heading.title,
                known=Listing(TABLES[name].names),
            )
            problems.add(error, line, heading.title)
    marks: set[tuple[str, str, str]] = set()
    for heading in header.headings:
        mark = (heading.role, heading.span, heading.follows)
        if heading.role not in {UNKNOWN, IGNORED, "@note"} and mark in marks:
            error = CellError(
                N_("{title!r} appears twice."), N_("Remove one of the two."), title=heading.title
            )
            problems.add(error, line, heading.title)
        marks.add(mark)
    return problems
