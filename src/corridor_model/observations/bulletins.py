"""A table as an office prints it: where its header is, what its columns and its rows hold.

A bulletin prints one row an indicator and one column a way of counting: 本月, 累计, 同比,
完成率. Its header may be merged over two or three rows; its title may print the period, and a
line above it the unit of its money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath

from corridor_model.errors import CellError
from corridor_model.messages import N_, Listing
from corridor_model.observations.columns import (
    YEAR,
    Heading,
    figure_heading,
    heading_of,
    in_context,
    is_key,
    is_weak_key,
)
from corridor_model.observations.headings import (
    NO_AREA,
    Area,
    parts,
    plain,
    sense,
)
from corridor_model.observations.titles import (
    TITLE,
    Dating,
    growth_above,
    is_part_of_year,
    is_period,
    period_above,
    runs_since_january,
    unit_above,
    unit_below,
)
from corridor_model.observations.vocabulary import (
    AREA,
    FIGURES,
    IGNORED,
    LAST,
    NAME,
    PARTS_OF_YEAR,
    PASSED,
    QUOTED,
    UNKNOWN,
)
from corridor_model.periods import Period, read_period
from corridor_model.tabular.cells import MISSING, narrow
from corridor_model.tabular.headers import (
    HEADER_DEPTH,
    cut_at_commas,
    is_total,
    units_row,
)
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Problems
from corridor_model.tabular.workbooks import Grid


@dataclass(frozen=True)
class Header:
    """Where the header is and what its columns hold; ``row`` is -1 where there is none.

    Attributes
    ----------
    row, depth : int
        Place of its first row among the grid's, and how many it has.
    headings : tuple of Heading
        Its columns.
    above : int
        Place of the first row that can speak of it: a title, a unit.
    stop : int
        Place of the first row below it that belongs to another table.
    first, last : int
        Columns of its block, the last one not among them.
    subject : str
        Name of the indicator of all its rows, where they are periods.
    """

    row: int
    depth: int
    headings: tuple[Heading, ...]
    above: int = 0
    stop: int = 1_000_000
    first: int = 0
    last: int = 1_000_000
    subject: str = ""

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
        if texts:
            headings.append(heading_of(position, texts, name))
    return tuple(headings)


def _over_blanks(row: Sequence[str]) -> list[str]:
    """Return an upper header row with each title carried over the empty cells to its right."""
    if len({text.strip() for text in row} - {""}) < 2:
        return [""] * len(row)  # a title over the whole table
    titles = [""]
    for text in row:
        titles.append(text.strip() or titles[-1])
    return titles[1:]


# Tables of figures: where each stands on its page, and what its columns are.


def find_tables(
    grid: Grid, area: Area = NO_AREA, is_name: Callable[[str], bool] = bool
) -> list[Header]:
    """Return the headers of every table of figures on a page: below and beside each other.

    Parameters
    ----------
    grid : Grid
        The page.
    area : Area
        The plan's.
    is_name : callable
        Whether a text names an indicator: where no column is headed 指标, one headed 项目 or 名称
        is theirs if one of them stands below it.
    """
    strong = _tables(grid, area, is_key, is_name)
    if strong and not all(_is_corner(grid, header) for header in strong):
        return strong
    if across := _tables_across(grid, area, is_name):
        return across
    if strong:
        return strong
    weak = _tables(grid, area, is_weak_key, is_name)
    keys = [(header, header.of("indicator")) for header in weak]
    named = any(
        is_name(row[key.position])
        for header, key in keys
        if key is not None
        for row in grid.filled[header.row + header.depth : header.stop]
        if key.position < len(row) and row[key.position].strip()
    )
    return weak if named else []


def _is_corner(grid: Grid, header: Header) -> bool:
    """Return whether 指标 heads a column of periods, and names stand in the row beside it."""
    key = header.of("indicator")
    rows = [row for row in grid.filled[header.row + header.depth :] if not is_total(row)]
    texts = [row[key.position] for row in rows if key and key.position < len(row)]
    return any(texts) and all(is_period(text) for text in texts if text.strip())


def _tables_across(grid: Grid, area: Area, is_name: Callable[[str], bool]) -> list[Header]:
    """Return the tables of a page with periods in their rows: one for each indicator.

    Names stand over the columns, or one stands above them all.
    """
    headers: list[Header] = []
    row = 0
    while row < len(grid.filled) - 1:
        blocks = _across(grid, row, area, is_name)
        headers += blocks
        row += blocks[0].depth if blocks else 1
    return _with_stops(headers, grid.filled, is_name)


def _across(grid: Grid, first: int, area: Area, is_name: Callable[[str], bool]) -> list[Header]:
    """Return the tables whose titles begin in a row, each with one indicator's columns."""
    rows, below = grid.filled, first + 1
    texts = {text for text in map(plain, rows[first]) if text}
    is_unit = units_row(rows[first])[1] or any("单位:" in text for text in texts)
    if is_unit or len(texts) < 2 - ("" in rows[first][:1]):
        return []  # what stands above a table
    while below < min(first + 3, len(rows) - 1) and _is_further(grid, below, rows[first]):
        below += 1
    body = rows[below + int(below + 1 < len(rows) and units_row(rows[below])[1])]
    names = [c for c, text in enumerate(rows[first]) if text.strip() and is_name(text)]
    others = [c for c, text in enumerate(body) if c not in names and text.strip()]
    times = [c for c in others if _is_time(body[c], rows[first][c : c + 1])]
    areas = [
        c for c in others if c not in times and _is_area(body[c], rows[first][c : c + 1], area)
    ]
    key = (*times, *areas, *names, -1)[0]
    upper = first > 0 and bool(names) and _is_above(rows[first - 1], key, area)
    columns = dict(_paths(grid, range(first - int(upper), below)))
    if not times and not areas:
        are_numbers = all(c < len(body) and _is_number(plain(body[c])) for c in names)
        if len(names) < 2 or not are_numbers or any(c not in columns for c in others):
            return []  # nobody knows what the rows are of
    heads = [_time_heading(c, columns.pop(c, [""]), first, area) for c in times]
    for position in areas:
        title = "/".join(columns.pop(position, ["地区"]))
        heads.append(Heading(position, AREA, title, row=first))
    groups = _groups(columns, below - 1, area, is_name)
    beside = groups.pop("", [])
    if not groups and any(heading.role in FIGURES for heading in beside):
        above = [text for row in grid.rows[:first] for text in row]
        named = (_EACH.sub("", plain(text)) for text in (*above, grid.sheet))
        subjects = dict.fromkeys(text for text in named if text and is_name(text))
        if len(subjects) == 1:  # 生产总值（亿元） as the title of 时期 | 累计 | 同比
            groups, beside = {next(iter(subjects)): beside}, []
    headers = []
    for subject, group in groups.items():
        name = Heading(key, "indicator", subject, row=first)
        block = tuple(in_context([name, *heads, *group, *beside], area))
        # what is passed over is said once
        beside = [heading for heading in beside if heading.role not in {*FIGURES, PASSED}]
        headers.append(Header(first, below - first, block, subject=subject))
    return headers


def _groups(
    columns: Mapping[int, list[str]], row: int, area: Area, is_name: Callable[[str], bool]
) -> dict[str, list[Heading]]:
    """Return the columns of each indicator by its title, those of none under nothing."""
    groups: dict[str, list[Heading]] = {}
    left: str | Heading = ""
    for position, path in columns.items():
        subject = next((text for text in path if is_name(text)), "")
        heading = Heading(position, "value", "/".join(path), row=row)
        if rest := [text for text in path if text != subject]:
            meant = figure_heading(position, rest, row, _is_no_head, area)
            heading = replace(meant, title=heading.title)
        is_of_left = not subject and heading.role in {*FIGURES, "@completion", "@plan", LAST}
        if is_of_left and isinstance(left, Heading):  # 用电量 | 同比: of what nobody knows
            heading = replace(heading, role=PASSED, sense=left.sense)
        elif is_of_left and not isinstance(left, Heading):
            subject = left
        elif subject:
            left = subject
        elif heading.role == PASSED and not heading.sense.meaning:
            left = heading
        groups.setdefault(subject, []).append(heading)
    return groups


_EACH = re.compile(r"各(?:地|[县市区()、])*")
"""各县(市、区) in a title: its rows say which."""


def _is_area(text: str, title: Sequence[str], area: Area) -> bool:
    """Return whether a cell names an area, or its title says that it does."""
    is_headed = any(sense([word]).kind == "area" for word in title)
    return is_headed or area.is_own(text) or bool(area.section(text, ""))


def _is_time(text: str, title: Sequence[str]) -> bool:
    """Return whether a cell below a title is a period, or a number of a month below 月份."""
    if any(map(is_period, title)):
        return False
    part = any(PARTS_OF_YEAR.get(plain(word).lower()) for word in title)
    return is_period(text) or (part and re.fullmatch(r"\s*\d{1,2}(?:\.0+)?\s*", text) is not None)


def _is_no_head(text: str) -> bool:
    return False


def _is_further(grid: Grid, row: int, above: Sequence[str]) -> bool:
    """Return whether a row below names has what is told of each: 累计, 同比."""
    texts = grid.filled[row]
    own = [t for c, t in enumerate(texts) if t.strip() and t != "".join(above[c : c + 1])]
    if not own or units_row(texts)[1] or any(map(is_period, own)):
        return False
    return not any(part.kind == "unknown" for text in own for part in parts(text))


def _time_heading(position: int, path: Sequence[str], row: int, area: Area) -> Heading:
    heading = figure_heading(position, path, row, _is_no_head, area)
    if heading.role in {"period", "year"}:
        return heading
    return Heading(position, "period", "/".join(path), row=row)


def _tables(
    grid: Grid, area: Area, is_head: Callable[[str], bool], is_name: Callable[[str], bool]
) -> list[Header]:
    rows, headers, end = grid.filled, [], 0
    row = 0
    while row < len(rows):
        keys = _keys(grid, row, is_head)
        if not keys or len({text for text in map(plain, rows[row]) if text}) < 2:
            row += 1
            continue
        first, below = _depth(grid, row, keys[0], end, area)
        columns = _columns(grid, range(first, below), is_head, area)
        blocks = _blocks(keys, columns)
        for start, stop in blocks:
            block = [heading for heading in columns if start <= heading.position < stop]
            block = in_context(block, area)
            if not any(heading.role == "indicator" for heading in block):
                continue  # its title stands over something else
            headers.append(Header(first, below - first, tuple(block), end, len(rows), start, stop))
        end = row = below
    return _with_stops(headers, rows, is_name)


def _keys(grid: Grid, row: int, is_head: Callable[[str], bool]) -> list[int]:
    line = grid.lines[row]
    texts = grid.filled[row]
    return [c for c, text in enumerate(texts) if is_head(text) and (line, c) not in grid.spread]


def _depth(grid: Grid, row: int, key: int, end: int, area: Area) -> tuple[int, int]:
    """Return the first row of a header and the first one below it."""
    rows, first, below = grid.filled, row, row + 1
    while below < len(rows) and below - row < 4 and _continues(grid, below, key):
        below += 1
    while first > end and row - first < 2 and _is_above(rows[first - 1], key, area):
        first -= 1
    return first, below


def _continues(grid: Grid, row: int, key: int) -> bool:
    """Return whether a row is a further row of the header above it."""
    texts = grid.filled[row]
    if key < len(texts) and is_key(texts[key]):
        return True  # merged, or repeated where a CSV file cannot merge
    filled = [text for text in map(plain, texts) if text]
    if plain(texts[key] if key < len(texts) else "") or not filled:
        return False
    if units_row(texts)[1] or any(text in MISSING or _is_number(text) for text in filled):
        return False
    return any(sense([text]).kind not in {"", "skip"} for text in filled)


def _is_number(text: str) -> bool:
    return re.fullmatch(
        r"[-+]?+(?:\d++(?:,\d++)*+(?:\.\d++)?+|\.\d++)%?", text
    ) is not None and not re.fullmatch(r"(?:19|20|21)\d\d", text)


_LABEL = re.compile("单位|日期|时间|报告期|填报|报表|表号|制表")


def _is_above(texts: Sequence[str], key: int, area: Area) -> bool:
    """Return whether a row above the names' title is an upper row of the header."""
    filled = [text for text in map(plain, texts) if text]
    if len(set(filled)) < 2 or (key < len(texts) and plain(texts[key])):
        return False
    if any(_LABEL.search(text) for text in filled):
        return False
    meanings = [sense([area.heading(text)]) for text in filled]
    return all(m.kind not in {"", "skip"} or m.meaning == "other_row" for m in meanings)


def _columns(grid: Grid, span: range, is_head: Callable[[str], bool], area: Area) -> list[Heading]:
    """Return the columns below the titles of some rows."""
    headings = []
    for position, path in _paths(grid, span):
        own = [row for row in span if "".join(grid.filled[row][position : position + 1]).strip()]
        headings.append(figure_heading(position, path, own[-1], is_head, area))
    return headings


def _paths(grid: Grid, span: range) -> Iterator[tuple[int, list[str]]]:
    """Yield the titles of each column of a header, the uppermost first."""
    rows = [grid.filled[row] for row in span]
    width = max(map(len, rows))
    merged = [any((grid.lines[row], c) in grid.spread for c in range(width)) for row in span]
    upper = [
        [*row, *[""] * (width - len(row))] if is_merged else _over_blanks(row)
        for row, is_merged in zip(rows[:-1], merged[:-1], strict=True)
    ]
    for position in range(width):
        texts = [row[position].strip() if position < len(row) else "" for row in (*upper, rows[-1])]
        path = list(dict.fromkeys(text for text in texts if text))
        if path and any("".join(row[position : position + 1]).strip() for row in rows):
            yield position, path  # not only what stands over a neighbour


def _blocks(keys: Sequence[int], columns: Sequence[Heading]) -> list[tuple[int, int]]:
    """Return the columns of each table that stands beside another, by its first and last."""
    starts: list[int] = []
    for key in keys:
        before = [h for h in columns if starts and starts[-1] <= h.position < key]
        if starts and not any(h.role in FIGURES or h.role == PASSED for h in before):
            continue  # 指标编号 beside 指标名称
        number = key - 1 if starts and any(
            h.position == key - 1 and h.role == IGNORED for h in columns
        ) else key  # fmt: skip
        starts.append(number if starts else 0)
    return list(zip(starts, [*starts[1:], 1_000_000], strict=True))


def _with_stops(
    headers: Sequence[Header], rows: Sequence[Sequence[str]], is_name: Callable[[str], bool]
) -> list[Header]:
    """Return headers that end where the titles of the next one begin."""
    settled = []
    for header in headers:
        below = [h for h in headers if h.row >= header.row + header.depth]
        stop = len(rows)
        if below:
            stop = below[0].row
            while stop > header.row + header.depth and _is_title(rows[stop - 1], header, is_name):
                stop -= 1
        settled.append(replace(header, stop=stop))
    for i, header in enumerate(settled):
        before = [h.stop for h in settled[:i] if h.stop <= header.row]
        settled[i] = replace(header, above=max(before, default=0))
    return settled


def _is_title(texts: Sequence[str], header: Header, is_name: Callable[[str], bool]) -> bool:
    """Return whether a row below a table belongs to the next one: its title, its unit."""
    if is_total(texts) or any(map(_is_number, map(plain, texts))):
        return False  # 注：单位为万元 speaks of what stands above it
    is_of_row = is_period if header.subject else is_name
    names = [h.position for h in header.headings if h.role in {"indicator", NAME}]
    return not any(is_of_row(texts[c]) for c in names if c < len(texts) and texts[c].strip())


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
    is_alone : bool
        Whether the title speaks of a quarter by itself.
    dating : Dating
        What stands around the table of its period, and where.
    wrong_unit : CellError or None
        What is wrong with the unit above it.
    printed : Period or None
        What the title says, where the caller says otherwise.
    growth_above : str
        增速 of a title over columns of which none says so.
    is_running : bool
        Whether the title says that its months run since January: 各月累计.
    is_unit_below : bool
        Whether a note below it says the unit, which is then of no other table.
    """

    name: str
    grid: Grid
    header: Header
    period: Period | None
    unit: str
    column_units: Mapping[int, str]
    body: int
    is_alone: bool = False
    dating: Dating = field(default_factory=Dating)
    wrong_unit: CellError | None = None
    printed: Period | None = None
    growth_above: str = ""
    is_running: bool = False
    is_unit_below: bool = False

    @classmethod
    def of(
        cls,
        grid: Grid,
        name: str,
        header: Header,
        period: Period | None,
        outer: Bulletin | None = None,
        cover: Sequence[str] = (),
    ) -> Bulletin:
        """Return the table under a header.

        ``outer`` is one above it on the same page; ``cover`` is what another sheet says of the
        period. A file's name counts where figures are read, which say so in their report.
        """
        below = header.row + header.depth
        units, is_row = units_row(grid.rows[below]) if below < len(grid.rows) else ({}, False)
        above = [
            [text if header.first <= c < header.last or header.first == 0 else ""
             for c, text in enumerate(row)]
            for row in grid.rows[header.above : header.row]
        ]  # fmt: skip
        # a frame has no name that a person chose
        stem = "" if grid.book.startswith("DataFrame[") else PurePath(grid.book).stem
        file = stem if name == "observations" else ""
        dating = period_above(above, grid.sheet, cover, file)
        is_silent = dating == Dating() or dating.place != TITLE
        if outer is not None and is_silent:  # what the first table's title says is nearer
            dating = outer.dating
        is_titled = dating.place == TITLE
        # 指标（万元） is nearest to the figures
        heads = [h.title for h in header.headings if h.role in {"indicator", "period", "year"}]
        unit, wrong_unit = unit_above([*above, heads if name == "observations" else []])
        is_unit_below = False
        if not unit and wrong_unit is None:
            unit = unit_below(grid.rows[_last_figures(grid, below, header.stop) : header.stop])
            is_unit_below = bool(unit)
        if not unit and wrong_unit is None and outer is not None and not outer.is_unit_below:
            unit, wrong_unit = outer.unit, outer.wrong_unit
        return cls(
            name,
            grid,
            header,
            period or dating.period,
            unit,
            units,
            below + int(is_row),
            dating.is_alone and period is None,
            dating,
            wrong_unit,
            dating.period if is_titled and period not in {None, dating.period} else None,
            "" if "@growth" in {h.role for h in header.headings} else growth_above(above),
            runs_since_january(above),
            is_unit_below,
        )

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, without notes and empty ones."""
        stop, first, last = self.header.stop, self.header.first, self.header.last
        lines, whole = self.grid.lines, self.grid.filled
        table = self
        for place in range(self.body, min(stop, len(lines))):
            texts = whole[place]
            if first or last < len(texts):
                texts = [text if first <= c < last else "" for c, text in enumerate(texts)]
            if any(cell.strip() for cell in texts):
                if not self.is_unit_below and not is_total(texts) and (unit := unit_below([texts])):
                    table = replace(self, unit=unit, wrong_unit=None)  # of the rows below it
                yield Row(lines[place], texts, table)

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
        text = printed.strip() or self._span_of(heading)
        around = self.period
        if text:
            text = self._dated(text)
            if year is None and not has_year(text):
                year = self.dating.year if around is None else around.year
            period = read_period(text, year)
            if not printed.strip() and period is not None:
                self._must_be_over(heading, period)
        elif year is not None:
            period = Period(year, 12)
        elif around is not None and "@month" in {heading.role, heading.follows}:
            is_quarter = "季" in heading.title or (around.length == 3 and self.is_alone)
            period = Period(around.year, around.month, 3 if is_quarter else 1)
        else:
            period = around
        return "" if period is None else str(period)

    @property
    def _months_above(self) -> Period | None:
        """The part of a year that the title names, where nobody says otherwise."""
        above = self.dating.period if self.dating.place == TITLE else None
        return above if above is not None and above == self.period and above.month < 12 else None

    def _span_of(self, heading: Heading) -> str:
        """Return the period in a column's title: 2021年累计 under 2021年1—9月 has its months."""
        above, span = self._months_above, heading.span
        if above is None or not _is_running_year(heading):
            return span
        years = {h.span[:4] for h in self.header.figures if _is_running_year(h)}
        return f"{span[:4]}年1-{above.month}月" if f"{above.year}" in years else span

    def _must_be_over(self, heading: Heading, period: Period) -> None:
        """Refuse a column of a time that was not over when the title's period was."""
        above = self._months_above
        if above is not None and period.end > above.end:
            raise CellError(
                N_("{title!r} is {period}, which ends after the period of the title, {above}."),
                N_("Print the months in the heading, or 目标 where it is a target."),
                title=heading.title,
                period=period,
                above=above,
            )

    def _dated(self, text: str) -> str:
        """Return a period, a serial of a workbook that counts from 1904 as others count it."""
        if self.grid.is_1904 and re.fullmatch(r"\d{5}", text.strip()):
            return str(int(text) + SINCE_1904)
        return text


def _last_figures(grid: Grid, below: int, stop: int) -> int:
    """Return the place behind the last row of a table that holds a number."""
    places = range(min(stop, len(grid.rows)) - 1, below - 1, -1)
    return next((i + 1 for i in places if any(map(_is_number, map(plain, grid.rows[i])))), below)


def _is_running_year(heading: Heading) -> bool:
    return "@ytd" in {heading.role, heading.follows} and bool(YEAR.fullmatch(heading.span))


def has_year(text: str) -> bool:
    """Return whether a period begins with its year."""
    return re.match(r"\D{0,3}\d{4}", narrow(text)) is not None


SINCE_1904 = 1462
"""Days between the two dates from which workbooks count."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a bulletin: its line as a spreadsheet counts it, and its cells."""

    line: int
    texts: Sequence[str]
    bulletin: Bulletin

    def text(self, column: str | Heading | None) -> str:
        """Return the cell of a column or a role, empty where the row or the file has none."""
        heading = self.bulletin.header.of(column) if isinstance(column, str) else column
        if heading is not None and heading.role == "indicator" and self.bulletin.header.subject:
            return self.bulletin.header.subject
        if heading is None or heading.position >= len(self.texts):
            return ""
        return self.texts[heading.position]

    def is_spread(self, heading: Heading) -> bool:
        """Return whether a cell only repeats what the range it is merged into says."""
        return (self.line, heading.position) in self.bulletin.grid.spread

    @property
    def is_total(self) -> bool:
        """Whether the row is a sum or a note."""
        return is_total(self.texts)

    def cells(self) -> dict[str, str]:
        """Return the cells of the columns that the schema has."""
        names = TABLES[self.bulletin.name].names
        headings = self.bulletin.header.headings
        cells = {h.role: self.text(h) for h in headings if h.role in names}
        part = self.bulletin.header.of("period")
        if part and re.fullmatch(r"\s*\d{1,2}(?:\.0+)?\s*", cells["period"]):
            cells["period"] = f"{int(float(cells['period']))}{part.span}"  # 9 under 月份
        return cells

    def entry(self, cells: Mapping[str, str], value: Heading | None = None) -> Entry:
        """Return a row of the table to be; ``value`` is the column its figure stood in."""
        titles = self.bulletin.header.titles
        if value is not None:
            # what the file has no column for is said of the figure's own
            own = dict.fromkeys(("period", "measure", "unit"), value.title)
            own["basis"] = titles.get("period", value.title)
            titles = own | titles | {"value": value.title}
        return Entry(self.line, cells, titles)

    def quote(self) -> Quote:
        """Return what the row says of its figures."""
        completion, plan, note = (self.text(role).strip() for role in QUOTED)
        name = self.text("indicator").strip()
        return Quote(self.line, completion, plan, note, self.bulletin.header.titles, name=name)


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
    name: str = ""


def _cut_rows(grid: Grid, header: Header) -> Problems:
    """Return the rows of a CSV file that a number's comma has cut."""
    problems = Problems(grid.file)
    below = header.row + header.depth
    if grid.file.lower().endswith(".csv"):
        width = max(map(len, grid.rows[header.row : below]))
        for place in cut_at_commas(grid.rows[below : header.stop], width):
            problems.add(_CUT, grid.lines[below + place])
    return problems


_TIMED = N_("Head the column 时期.")
_CUT = CellError(
    N_("has more cells than the header: a number may be cut at its comma."),
    N_("Put it in quotes, or leave the comma out."),
)


def _holds_periods(grid: Grid, header: Header, heading: Heading) -> bool:
    """Return whether every cell below a title is a part of a year, such as 三季度."""
    below = grid.filled[header.row + header.depth : header.stop]
    texts = {plain(row[heading.position]) for row in below if heading.position < len(row)} - {""}
    return bool(texts) and all(map(is_part_of_year, texts))


def column_problems(grid: Grid, header: Header, name: str) -> Problems:
    """Return the columns that nobody understands, and those that are there twice.

    A column to be passed over is named 备注.
    """
    problems = Problems(grid.file)
    line = grid.lines[header.row]
    for heading in header.headings:
        if (
            heading.role == PASSED
            and not heading.sense.meaning
            and _holds_periods(grid, header, heading)
        ):
            what, remedy = N_("{title!r} is not understood, but holds periods."), _TIMED
            problems.add(CellError(what, remedy, title=heading.title), line, heading.title)
        if heading.role == UNKNOWN:
            error = CellError(
                N_("unknown column {title!r}."),
                N_("Known: {known}; or 本月, 累计, 同比, 完成率, 备注."),
                title=heading.title,
                known=Listing(TABLES[name].names),
            )
            problems.add(error, line, heading.title)
    problems += _cut_rows(grid, header)
    marks: set[tuple[str, str, str, bool]] = set()
    for heading in header.headings:
        span = heading.span * (name != "work_reports")  # 8月完成 beside 9月完成 are two there
        mark = (heading.role, span, heading.follows, heading.sense.basis == "since_plan")
        if heading.role not in {UNKNOWN, IGNORED, PASSED, "@note"} and mark in marks:
            error = CellError(
                N_("{title!r} appears twice."), N_("Remove one of the two."), title=heading.title
            )
            problems.add(error, line, heading.title)
        marks.add(mark)
    return problems
