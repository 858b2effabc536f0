"""Files of offices read into tables of the schema, each mistake with its cell.

Every table goes the same way (`read_table`): the header is found, each row is brought to what
it speaks of and laid out as entries, one figure each, and the entries are parsed by the schema.
What differs is a `Layout`; that of figures stands here, those of reports in `reports`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from corridor_model.errors import NOTHING, CellError, CorridorWarning, PlanError, Problem
from corridor_model.messages import N_, Name, Worded, message
from corridor_model.observations.bulletins import (
    Bulletin,
    Entry,
    Header,
    Quote,
    Row,
    column_problems,
    find_header,
    find_tables,
    has_year,
)
from corridor_model.observations.columns import Heading
from corridor_model.observations.figures import (
    Label,
    NotTakenError,
    ask_since_when,
    counted_since,
    figure_cells,
    figure_text,
    is_numeric,
    note_denies,
)
from corridor_model.observations.headings import (
    MEANINGS,
    NO_SENSE,
    Area,
    Sense,
    is_quarter_alone,
    not_own,
    not_understood,
    plain,
    sense,
    span_text,
)
from corridor_model.observations.model import Observations, Remark, ReportLine
from corridor_model.observations.names import names_of
from corridor_model.observations.semantics import settle_units, spell_out, with_series
from corridor_model.observations.shapes import Figures as Shaped
from corridor_model.observations.shapes import Kept, as_frame, of_history
from corridor_model.observations.titles import (
    Calendar,
    calendar_of,
    cover_texts,
    double_year,
    is_period,
)
from corridor_model.observations.validation import (
    check_completions,
    check_figures,
    unnamed_series,
)
from corridor_model.observations.vocabulary import (
    AREA,
    BASES,
    FIGURES,
    LAST,
    NAME,
    PASSED,
    reason_for,
)
from corridor_model.periods import Period
from corridor_model.plan.plan import Plan
from corridor_model.tabular import workbooks
from corridor_model.tabular.cells import narrow, parse_year
from corridor_model.tabular.parse import parse_table
from corridor_model.tabular.readers import RawTable
from corridor_model.tabular.schema import TABLES, TITLES_ZH
from corridor_model.tabular.table import Problems, Table, empty
from corridor_model.tabular.workbooks import Grid, Source


class Layout(Protocol):
    """How the rows of one table of the schema are laid out by offices.

    Attributes
    ----------
    name : str
        The table.
    key : str
        Its column that says what a row speaks of.
    no_name : CellError
        What is wrong with a row that has figures and names nothing.
    """

    name: str
    key: str
    no_name: CellError

    def missing_column(self, column: str) -> CellError:
        """Return what is wrong with a file without a column that it cannot be without."""

    def is_silent(self, row: Row) -> bool:
        """Return whether a row says nothing, so that nobody minds what it speaks of."""

    def entries(self, row: Row, identifier: str, reading: Reading) -> None:
        """Put the entries of a row into what is read so far."""


@dataclass
class Reading:
    """What a file holds, as far as it is read.

    Attributes
    ----------
    problems : Problems
        Mistakes of the header and of rows.
    entries : list of Entry
        Rows of the table to be.
    quotes : list of Quote
        What rows say of their own figures.
    remarks : list of Remark
        Words in the place of a figure.
    notes : list of Problem
        What was passed over.
    page : Page or None
        What became of each cell.
    """

    problems: Problems
    entries: list[Entry] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    page: Page | None = None


def read_table(
    source: Source,
    layout: Layout,
    plan: Plan,
    period: int | str | Period | None = None,
) -> tuple[Table, list[Problem], Reading]:
    """Return the table in a file, the cells of it that cannot be parsed, and all that was read.

    Parameters
    ----------
    source : str, path, DataFrame or Grid
        The file.
    layout : Layout
        How its rows are laid out.
    plan : Plan
        What they speak of.
    period : int, str or Period, optional
        Period of a table that prints none.

    Raises
    ------
    PlanError
        If it cannot be read, or lacks a column without which no row can be.
    """
    grid = workbooks.read(source, layout.name)
    header = find_header(grid, layout.name)
    if header.row < 0 or header.of(layout.key) is None:
        raise PlanError([layout.missing_column(layout.key).at(grid.file, column=layout.key)])
    reading = Reading(column_problems(grid, header, layout.name), notes=list(grid.notes))
    default_period = None if period is None else Period.of(period)
    names = names_of(plan, layout.key)
    for row in Bulletin.of(grid, layout.name, header, default_period).rows():
        if row.is_total:
            continue
        text = row.text(layout.key).strip()
        identifier = names.find(text) if text else None
        if identifier is not None:
            layout.entries(row, identifier, reading)
        elif not layout.is_silent(row):
            error = names.unknown(text) if text else layout.no_name
            reading.problems.add(error, row.line, header.title(layout.key))
    table, wrong = parse_table(_as_text(reading.entries, layout.name, grid.file), layout.name)
    return table, wrong, reading


def _as_text(entries: Sequence[Entry], name: str, file: str) -> RawTable:
    columns = TABLES[name].names
    return RawTable(
        file,
        columns,
        [[entry.cells.get(column, "") for column in columns] for entry in entries],
        [entry.line for entry in entries],
        titles=[entry.titles for entry in entries],
    )


# The import report: what became of each cell of a page.


class Page:
    """What became of the cells of one page (S22).

    Parameters
    ----------
    grid : Grid
        The page.
    """

    def __init__(self, grid: Grid):
        self.grid = grid
        self.lines: dict[tuple[int, int], ReportLine] = {}

    def add(
        self,
        line: int,
        column: int,
        text: str,
        fate: str,
        why: Worded,
        within: str = "",
        brief: Worded | None = None,
    ) -> None:
        """Say what became of a cell; what was said first holds."""
        cell = self.grid.address(line or 1, column)
        book = self.grid.book or self.grid.file
        entry = ReportLine(book, self.grid.sheet, cell, text.strip(), fate, why, within, brief)
        self.lines.setdefault((line, column), entry)

    def skip(self, line: int, column: int, text: str, error: CellError, within: str = "") -> None:
        """Say that a cell was passed over, and why."""
        fields = getattr(error.what, "fields", {})
        brief = fields.get("meaning") or error.what
        self.add(line, column, text, "skipped", error.message, within, brief)

    def skip_all(self, why: CellError) -> None:
        """Say that the whole page was passed over; another table is read by itself."""
        text = self.grid.sheet or self.grid.file
        if self.grid.is_other_table:
            self.add(1, 0, text, "remark", why.message)
            return
        self.skip(0, 0, text, why)
        for line, texts in zip(self.grid.lines, self.grid.rows, strict=True):
            for column, cell in enumerate(texts):
                if is_numeric(cell):
                    self.skip(line, column, cell, why, within="A1")

    def rest(self, tables: Sequence[Header]) -> None:
        """Say of every figure that nothing was said of yet that it stands outside a table."""
        headers = {
            row for header in tables for row in range(header.above, header.row + header.depth)
        }
        known = {
            (heading.position, row)
            for header in tables
            for heading in header.headings
            if heading.role not in {*FIGURES, PASSED}
            for row in range(header.row, header.stop)
        }
        for row, (line, texts) in enumerate(zip(self.grid.lines, self.grid.rows, strict=True)):
            if row in headers:
                continue
            for column, text in enumerate(texts):
                if not text or (line, column) in self.lines or (column, row) in known:
                    continue
                if is_numeric(text):
                    self.skip(line, column, text, self.grid.odd.get((line, column), _OUTSIDE))

    def every(self) -> list[ReportLine]:
        """Return what was said, in the order of the page."""
        return [self.lines[place] for place in sorted(self.lines)]


_OUTSIDE = CellError(
    N_("stands under no heading that is understood."),
    N_("Give its column a heading, and its row the name of an indicator."),
)
_TOTAL = CellError(N_("is a sum over rows, not a figure of an indicator."))
_CHECKED = {
    "@completion": message("held against the figures, not taken as one."),
    LAST: message("the figure before, shown beside; not taken again."),
    "@plan": message("a target, held against the figures, not taken as one."),
}
_COVER = message("a cover: its period holds where none stands nearer.")
_NOT_PARTED = CellError(
    N_("holds one cell in each row: nothing parts its columns."),
    N_("Part them by commas, such as 指标,时期,数值, or save it as xlsx."),
)
_NO_TABLE = CellError(
    N_("the sheet has no column of indicators."), N_("Head the column with their names 指标.")
)


# Figures.


def read_observations(
    source: Source | Shaped,
    plan: Plan,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: str = "user",
    beside: Observations | None = None,
    strict: bool = False,
    missing: str = "error",
) -> tuple[Observations, list[CorridorWarning]]:
    """Return observations and what a person should look at, without warning.

    Everything else is as in :func:`corridor_model.load_observations`.
    """
    figures = Figures(plan, "" if published is None else str(published), missing)
    known, _ = spell_out(plan.tables["observations"], plan.indicators)
    if beside is not None:
        known = known + beside.table
    around = None if period is None else Period.of(period)
    brought = source if isinstance(source, (str, Path, Grid)) else as_frame(source)
    histories = list(map(of_history, workbooks.read_pages(brought, "observations")))
    pages = [page for page, _ in histories]
    intake = Intake(figures, known, around, origin)
    if sum(page.passed is None for page in pages) > 1:
        pages = [figures.of_own_area(page) for page in pages]
        histories = [(page, kept) for page, (_, kept) in zip(pages, histories, strict=True)]
    is_only = sum(page.passed is None for page in pages) < 2
    tables = [
        [] if page.passed else find_tables(page, figures.area, figures.is_name) for page in pages
    ]
    for page, headers in zip(pages, tables, strict=True):
        if not headers and page.passed is None and not is_only:
            intake.cover += [t for t in cover_texts(page.rows) if t not in intake.cover]
    for (page, kept), headers in zip(histories, tables, strict=True):
        intake.add(page, headers, is_only, kept)
    intake.check(strict)
    return intake.observations(), intake.warned


@dataclass
class Intake:
    """What the pages of a source hold together, as far as they are read.

    Attributes
    ----------
    figures : Figures
        How their rows are laid out.
    known : Table
        Figures that theirs must agree with.
    around : Period or None
        Period of tables that print none.
    origin : str
        S5.
    total : Table
        The figures.
    cover : list of str
        What sheets without figures say of the period.
    lines, remarks, notes, warned : list
        As of `Observations`.
    problems, foreign : list of Problem
        Mistakes, and rows of no indicator of the plan.
    """

    figures: Figures
    known: Table
    around: Period | None
    origin: str
    total: Table = field(default_factory=lambda: empty("observations"))
    cover: list[str] = field(default_factory=list)
    lines: list[ReportLine] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    warned: list[CorridorWarning] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    foreign: list[Problem] = field(default_factory=list)

    def add(
        self, grid: Grid, tables: Sequence[Header], is_only: bool, kept: Sequence[Kept] = ()
    ) -> None:
        """Take in one page with its tables, and ``kept`` of a history.

        Raises
        ------
        PlanError
            If it is the only one and has no column of indicators, or none of figures.
        """
        page = Page(grid)
        for line, column, text, why in kept:
            page.add(line, column, text, "remark", why)
        if not tables and grid.passed is None and is_only:
            is_parted = max(map(len, grid.rows)) > 1 or not any(map(any, grid.rows))
            error = self.figures.missing_column("indicator") if is_parted else _NOT_PARTED
            raise PlanError([error.at(grid.file, column="indicator" if is_parted else "")])
        if tables:
            self._tables(grid, page, tables, is_only)
        elif self.cover and not grid.passed and {*cover_texts(grid.rows)} & {*self.cover}:
            page.add(1, 0, grid.sheet, "remark", _COVER)
            page.rest(())
        else:
            page.skip_all(grid.passed or _NO_TABLE)
        self.lines += page.every()

    def _tables(self, grid: Grid, page: Page, tables: Sequence[Header], is_only: bool) -> None:
        reading = Reading(Problems(grid.file), notes=list(grid.notes), page=page)
        for header in tables:
            reading.problems += column_problems(grid, header, "observations")
        if not any(map(can_read, tables)):
            for heading in (h for header in tables for h in header.headings if h.role == PASSED):
                why = heading.sense.why or _NO_TABLE
                reading.problems.add(why, grid.lines[heading.row], heading.title)
            error = self.figures.missing_column("value")
            reading.problems.add(error, column="value")
            if is_only:
                raise PlanError(reading.problems)
        outer: Bulletin | None = None
        for header in tables:
            bulletin = Bulletin.of(grid, "observations", header, self.around, outer, self.cover)
            outer = outer or bulletin
            self.foreign += self.figures.read(bulletin, reading)
        page.rest(tables)
        self._settle(reading, page)

    def _settle(self, reading: Reading, page: Page) -> None:
        """Bring what a page holds to the indicators' units and meanings, and check it."""
        plan = self.figures.plan
        table, wrong = parse_table(
            _as_text(reading.entries, "observations", page.grid.file), "observations"
        )
        table, unit_problems = settle_units(table, plan.indicators)
        table, measure_problems = spell_out(table, plan.indicators, self.origin)
        table, repeated = _without_repeated(table, self.total, page)
        table, asked = with_series(table, self.known + self.total, plan.indicators)
        contradictions, warned = check_figures(table, self.known + self.total, plan)
        warned += unnamed_series(table, asked, plan)
        completions = check_completions(reading.quotes, table, plan)
        self.problems += [*reading.problems, *completions, *wrong, *unit_problems]
        self.problems += [*measure_problems, *contradictions, *repeated]
        file = self.total.file or table.file
        self.total = replace(self.total + replace(table, titles=()), file=file)
        self.warned += warned
        self.remarks += reading.remarks
        self.notes += reading.notes

    def check(self, strict: bool) -> None:
        """Refuse what has mistakes, what holds foreign rows alone, and, strictly, what skips.

        Raises
        ------
        PlanError
            With every mistake.
        """
        nothing = not len(self.total) and not self.remarks
        if self.problems or (self.foreign and (strict or nothing)):
            problems = Problems()
            problems += [*self.problems, *self.foreign]
            problems.check()
        skipped = [line for line in self.lines if line.fate == "skipped" and not line.within]
        if strict and skipped:
            raise PlanError(
                Problem(line.why, NOTHING, line.place, column=line.cell) for line in skipped
            )

    def observations(self) -> Observations:
        """Return all that was read."""
        remarks = tuple(dict.fromkeys(self.remarks))
        return Observations(self.total, remarks, tuple(self.notes), tuple(self.lines))


def can_read(header: Header) -> bool:
    """Return whether a table has a column of figures, or one known to hold others."""
    return bool(header.figures) or any(heading.sense.meaning for heading in header.headings)


def _without_repeated(table: Table, total: Table, page: Page) -> tuple[Table, list[Problem]]:
    """Return figures without those that an earlier sheet has with the same value."""
    if not len(total):
        return table, []
    before = dict(zip(total.keys(), total["value"], strict=True))
    keep, problems = [], []
    for row, (key, value) in enumerate(zip(table.keys(), table["value"], strict=True)):
        if key not in before:
            keep.append(row)
        elif before[key] != value:
            error = CellError(
                N_("{figure} is {value:g} here and {other:g} on an earlier sheet."),
                N_("Keep one of the two."),
                figure=" ".join(str(part) for part in key[:3]),
                value=value,
                other=before[key],
            )
            problems.append(table.at(row, "value", error))
        else:
            line, title = table.lines[row], table.titles[row]["value"]
            for place, entry in page.lines.items():
                if place[0] == line and entry.fate == "taken" and entry.within == title:
                    why = message("stands with the same value on an earlier sheet.")
                    page.lines[place] = replace(entry, fate="skipped", why=why, within="")
    return table.select(keep), problems


class Figures:
    """Figures of indicators: one a row, one a column of a bulletin, or one a column a period.

    Parameters
    ----------
    plan : Plan
        Whose indicators they are of.
    published : str
        Day of publication of rows that print none, or empty.
    missing : str
        ``error`` or ``skip``: what a NaN of a frame is.
    """

    name, key = "observations", "indicator"
    no_name = CellError(N_("has a figure but no indicator."), N_("Name the indicator."))

    def __init__(self, plan: Plan, published: str, missing: str = "error"):
        self.plan = plan
        self.published = published
        self.missing = missing
        self.names = names_of(plan, self.key)
        about = plan.tables["about"]
        names = [text for name in ("name_zh", "name_en", "id") for text in about[name] if text]
        self.area = Area.of_names(names)
        self._periods: dict[tuple[Any, ...], tuple[str, bool]] = {}
        self._is_dated_around = False

    def of_own_area(self, page: Grid) -> Grid:
        """Return one of several sheets, passed over where it is named after another area."""
        other = self.area.section(page.sheet, "") if page.passed is None else ""
        return replace(page, passed=not_own(page.sheet, other, "other_row")) if other else page

    def is_name(self, text: str) -> bool:
        """Return whether a text names an indicator."""
        return self._label(text, "")[0] is not None

    def missing_column(self, column: str) -> CellError:
        """Return what is wrong with a file without a column that it cannot be without."""
        # the place names the column already; only the Chinese sentence repeats it
        return CellError(
            N_("the required column is missing.{title:.0}{column:.0}"),
            N_("Add it; the header has indicator, period, value, unit."),
            title=TITLES_ZH[column],
            column=column,
        )

    def read(self, bulletin: Bulletin, reading: Reading) -> list[Problem]:
        """Put the figures of a table into what is read so far; return its foreign rows."""
        foreign: list[Problem] = []
        self._periods = {}  # many rows of a table share one
        self._is_dated_around = False
        header, page = bulletin.header, reading.page
        assert page is not None
        self._columns(bulletin, page)
        rows = list(bulletin.rows())
        spans = [h.span for h in header.headings if h.role in FIGURES]
        dated = calendar_of([*(row.text("period") for row in rows), *spans])
        if dated.note is not None:
            heading = header.of("period") or header.figures[0]
            line = bulletin.grid.lines[heading.row]
            page.add(line, heading.position, heading.title, "remark", dated.note)
        elsewhere = ""
        for row in rows:
            name, text = self._name(row)
            if row.is_total:
                self._pass(row, name, text, _TOTAL, page)
                continue
            label, error = self._label(text, row.text(AREA))
            is_title = label is None and text and self._is_silent(row)
            elsewhere = self.area.section(text, elsewhere) if is_title else elsewhere
            error = error or _not_of_row(row, elsewhere if label else "")
            if error is not None:
                self._pass(row, name, text, error, page)
            elif label is not None:
                self._entries(row, label, dated, reading)
            elif text and (not self._is_silent(row) or _passed_figures(row)):
                error = self.names.unknown(text)
                foreign.append(error.at(bulletin.grid.file, row.line, name.title))
                self._pass(row, name, text, error, page)
            elif not self._is_silent(row):
                reading.problems.add(self.no_name, row.line, name.title)
        self._around(bulletin, page)
        return foreign

    def _around(self, bulletin: Bulletin, page: Page) -> None:
        """Say of what stands around a table how it counts."""
        header, dating = bulletin.header, bulletin.dating
        if bulletin.printed is not None:
            beside = message(
                "the period beside the file, {period}, holds; the title says {printed}.",
                period=bulletin.period,
                printed=bulletin.printed,
            )
            key = header.of(self.key) or header.headings[0]
            page.add(bulletin.grid.lines[key.row], key.position, key.title, "remark", beside)
        above = [text for row in bulletin.grid.rows[header.above : header.row] for text in row]
        if area := self.area.other_above(above):
            key = header.of(self.key) or header.headings[0]
            said = message(
                "the title names {area}; the figures are taken as the plan's.", area=area
            )
            page.add(bulletin.grid.lines[header.above], key.position, area, "remark", said)
        if self._is_dated_around and bulletin.period == dating.period and dating.note is not None:
            key = header.of(self.key) or header.headings[0]
            page.add(bulletin.grid.lines[key.row], key.position, key.title, "remark", dating.note)

    def _name(self, row: Row) -> tuple[Heading, str]:
        """Return the cell that names a row's indicator: of several, the last that names one."""
        headings = [h for h in row.bulletin.header.headings if h.role in {self.key, NAME}]
        for heading in reversed(headings):
            text = row.text(heading).strip()
            if text and (len(headings) == 1 or self.is_name(text)):
                return heading, text
        return headings[0], row.text(headings[0]).strip()

    def _label(self, text: str, area: str) -> tuple[Label | None, CellError | None]:
        """Return what a row's label means, and why its figures are not the indicator's own.

        ``area`` is what a column of areas says of it.
        """
        label = self.names.label(text) if text else None
        if text and (label is None or label.sense.meaning == "other_row"):
            place, rest = self.area.of_label(text)
            label = self.names.label(rest) if place else label
            if label is not None and place and not self.area.is_own(place):
                return label, not_own(text, place, "other_row")
        if label is None:
            return None, None
        said, kind, word, level = label.sense, label.sense.kind, area.strip(), self.area.level
        if word and not self.area.is_own(word) and sense([word]).scope not in {level, "own"}:
            return label, not_own(word, word, "other_row")
        other = {("district", "city"): "city", ("city", "district"): "part"}
        if meaning := other.get((level, said.scope)):
            return label, not_own(text, text, meaning)
        if kind in {"", "growth", "figure"}:
            return label, None
        own = not_own(text, text, kind) if kind in MEANINGS else not_understood(text, text)
        return label, said.why or own

    def _columns(self, bulletin: Bulletin, page: Page) -> None:
        """Say which columns are passed over."""
        for heading in bulletin.header.headings:
            line = bulletin.grid.lines[heading.row]
            if heading.role == PASSED and heading.sense.why is not None:
                page.skip(line, heading.position, heading.title, heading.sense.why)
            elif heading.role in _CHECKED:
                page.add(line, heading.position, heading.title, "remark", _CHECKED[heading.role])

    def _pass(self, row: Row, name: Heading, text: str, why: CellError, page: Page) -> None:
        """Say that a row is passed over with all its figures."""
        figures = [
            heading
            for heading in row.bulletin.header.headings
            if heading.role in {*FIGURES, PASSED}
            and is_numeric(row.text(heading))
            and not row.is_spread(heading)
        ]
        if not figures and not text:
            return
        if not figures and why is _TOTAL:
            return  # a note, or a sum that is not filled in
        page.skip(row.line, name.position, text, why)
        for heading in figures:
            within = row.bulletin.grid.address(row.line, name.position)
            page.skip(row.line, heading.position, row.text(heading), why, within)

    def _is_silent(self, row: Row) -> bool:
        """Return whether no figure and no reason stands in a row."""
        figures = row.bulletin.header.figures
        return all(reason_for(row.text(heading)) == "not_reported" for heading in figures)

    def _entries(self, row: Row, label: Label, dated: Calendar, reading: Reading) -> None:
        """Lay out one entry a figure, and one remark a reason why there is none."""
        header, page = row.bulletin.header, reading.page
        assert page is not None
        try:
            year = parse_year(row.text("year"))
        except CellError as error:
            reading.problems.add(error, row.line, header.title("year"))
            return
        cells = row.cells() | {"indicator": label.identifier}
        cells["published"] = cells.get("published", "").strip() or self.published
        if label.sense.stage and not cells.get("stage", "").strip():
            cells["stage"] = label.sense.stage
        quote = row.quote()
        if quote.completion:
            texts = map(row.text, header.figures)
            words = [text.strip() for text in texts if reason_for(text)]
            note = " ".join([quote.note, *words]).strip()
            reading.quotes.append(replace(quote, note=note, name=label.identifier))
        for heading in header.headings:
            if heading.role in FIGURES:
                self._figure(row, heading, year, cells, label, dated, reading)
            elif heading.role == PASSED and is_numeric(text := row.text(heading)):
                grid, why = row.bulletin.grid, heading.sense.why
                if why is not None and not row.is_spread(heading):
                    within = grid.address(grid.lines[heading.row], heading.position)
                    page.skip(row.line, heading.position, text, why, within)

    def _figure(
        self,
        row: Row,
        heading: Heading,
        year: int | None,
        cells: dict[str, str],
        label: Label,
        dated: Calendar,
        reading: Reading,
    ) -> None:
        text, bulletin, page = row.text(heading), row.bulletin, reading.page
        assert page is not None
        place = (row.line, heading.position)
        if row.is_spread(heading):
            return  # what the first cell of the merged range says
        if (odd := bulletin.grid.odd.get(place)) is not None:
            self._odd(row, heading, odd, reading)
            return
        reason = None if is_numeric(text) else reason_for(text)
        # of several figures in a row, an empty one says nothing; nor does a growth ever
        many = len(bulletin.header.figures) > 1
        if reason and not text.strip() and (heading.role == "@growth" or many):
            return
        title = bulletin.header.titles.get("period", heading.title)
        try:
            period, is_alone = self._period(row, heading, year, cells, label.sense, dated)
            if not period:
                raise bulletin.dating.error or _NO_PERIOD
            if reason:
                self._remark(row, heading, period, reason, cells, reading)
                return
            title = heading.title
            figure, note = self._read_cell(row, heading, cells, label, (period, is_alone))
        except NotTakenError as refused:
            page.skip(*place, text, refused.why)
            reading.notes.append(refused.why.at(bulletin.grid.file, row.line, heading.title))
            return
        except CellError as error:
            reading.problems.add(error, row.line, title)
            return
        note = " ".join(filter(None, (note, bulletin.grid.asides.get(place, ""))))
        indicator = self.plan.indicators[cells["indicator"]]
        why = message(
            "{indicator} {period} {measure}",
            indicator=Name(indicator.name_zh, indicator.id),
            period=period,
            measure=Name(*_MEASURE_NAMES.get(figure["measure"], ("", ""))),
        )
        if figure.get("bound"):
            why = message("{figure}; only a bound, which decides where it can", figure=why)
        if note:
            why = message("{figure}; beside it: {note}", figure=why, note=note)
            if not cells.get("stage", "").strip() and (stage := sense([note]).stage):
                figure = {**figure, "stage": stage}
        page.add(*place, text, "taken", why, within=heading.title)
        reading.entries.append(row.entry({**cells, **figure, "period": period}, heading))
        if reading.quotes and reading.quotes[-1].line == row.line:
            reading.quotes[-1].figures[heading.title] = figure["value"]

    def _odd(self, row: Row, heading: Heading, odd: CellError, reading: Reading) -> None:
        """Say of a cell that its figure does not count: struck out, hidden, a NaN."""
        text, page = row.text(heading), reading.page
        assert page is not None
        if text.strip() or self.missing == "skip":
            page.skip(row.line, heading.position, text or "NaN", odd)
        else:
            reading.problems.add(odd, row.line, heading.title)

    def _remark(
        self,
        row: Row,
        heading: Heading,
        period: str,
        reason: str,
        cells: dict[str, str],
        reading: Reading,
    ) -> None:
        """Keep the words in the place of a figure."""
        text, day = row.text(heading).strip(), cells["published"] or None
        if heading.role != "@growth":
            reading.remarks.append(Remark(cells["indicator"], period, reason, text, day))
        if text and reading.page is not None:
            why = message("in the place of a figure.")
            reading.page.add(row.line, heading.position, text, "remark", why)

    def _period(
        self,
        row: Row,
        heading: Heading,
        year: int | None,
        cells: dict[str, str],
        label: Sense,
        dated: Calendar,
    ) -> tuple[str, bool]:
        """Return a figure's period, and whether it is a quarter by itself."""
        place = (cells.get("period", ""), heading.position, year, label.span, label.against)
        if place not in self._periods:
            self._periods[place] = self._period_of(row, heading, year, cells, label, dated)
        return self._periods[place]

    def _period_of(
        self,
        row: Row,
        heading: Heading,
        year: int | None,
        cells: dict[str, str],
        label: Sense,
        dated: Calendar,
    ) -> tuple[str, bool]:
        printed = dated.text(cells.get("period", "").strip()) or label.span
        is_year = printed and year is None and re.fullmatch(r"\d{4}年?", heading.span)
        if is_year and not re.match(r"\D{0,3}\d{4}", narrow(printed)):
            printed = f"{heading.span[:4]}年{printed}"  # a year in the heading, months in the row
        span = printed or dated.text(heading.span)
        basis = cells.get("basis", "").strip()
        if not BASES.get(basis, basis) and (error := double_year(span)):
            raise error  # a basis says that it is no two years
        heading = replace(heading, span=span_text(dated.text(heading.span)))
        usual = span_text(plain(printed))
        if usual != plain(printed) or re.search("[一二三四五六七八九十]月", printed):
            printed = usual
        period = row.bulletin.period_of(heading, printed, year)
        self._is_dated_around |= year is None and not has_year(printed or heading.span)
        is_alone = is_quarter_alone(span) if span else row.bulletin.is_alone and year is None
        against = heading.sense.against or label.against
        if against and period and Period.of(period).year != against + 1:
            raise NotTakenError(not_own(heading.title, str(against), "year"))
        return period, is_alone

    def _read_cell(
        self,
        row: Row,
        heading: Heading,
        cells: dict[str, str],
        label: Label,
        time: tuple[str, bool],
    ) -> tuple[dict[str, str], str]:
        """Return a figure's cells of the schema, and the note beside it."""
        parts, indicator = figure_text(row.text(heading)), self.plan.indicators[cells["indicator"]]
        first, (period, is_alone) = self.plan.about.first_year, time
        heading = counted_since(heading, label.sense, indicator, period, first)
        if parts.note and (denied := note_denies(parts.note)):
            raise NotTakenError(denied)
        figure = figure_cells(
            indicator, row.bulletin, heading, parts, cells, label.sense, is_alone, label.is_level
        )
        is_bare = heading.sense.basis == "ytd" and figure["measure"] == "level"
        if is_bare and indicator.kind == "cumulative" and heading.role == "@ytd":
            month = row.bulletin.header.of("@month")
            beside = month is not None and is_numeric(row.text(month))
            if beside and not row.text("@completion").strip() and not heading.span:
                raise ask_since_when(Name(indicator.name_zh, indicator.id), heading.title)
        return figure, parts.note


_NO_PERIOD = CellError(
    N_("has no period."), N_("Add a column period, or print 2021年1—9月 in the title.")
)


def _not_of_row(row: Row, elsewhere: str) -> CellError | None:
    """Return why a row's figures are not the plan's: below another area, of 2021年目标; or None."""
    if elsewhere:
        return not_own(elsewhere, elsewhere, "other_row")
    text = (row.text("period") or row.text("year")).strip()
    text = text if row.bulletin.header.subject else ""
    meaning = sense([text]) if text and not is_period(text) else NO_SENSE
    kind = meaning.kind if meaning.kind in MEANINGS else meaning.meaning
    return not_own(text, text, kind) if kind in MEANINGS else None


def _passed_figures(row: Row) -> bool:
    """Return whether a row has a figure in a column that is passed over."""
    headings = row.bulletin.header.headings
    return any(heading.role == PASSED and is_numeric(row.text(heading)) for heading in headings)


_MEASURE_NAMES = {
    "growth": ("增速", "growth"),
    "average_growth": ("年均增速", "average growth"),
    "change": ("较基期变化", "change since the baseline"),
    "addition": ("当期数", "addition"),
    "done": ("节点", "milestone"),
}
