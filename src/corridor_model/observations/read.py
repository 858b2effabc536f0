"""Files of offices read into tables of the schema, each mistake with its cell.

Every table goes the same way (`read_table`): the header is found, each row is brought to what
it speaks of and laid out as entries, one figure each, and the entries are parsed by the schema.
What differs is a `Layout`; that of figures stands here, those of reports in `reports`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from corridor_model import units
from corridor_model.errors import CellError, CorridorWarning, PlanError, Problem
from corridor_model.messages import N_
from corridor_model.observations import vocabulary
from corridor_model.observations.bulletins import (
    Bulletin,
    Entry,
    Heading,
    Quote,
    Row,
    column_problems,
    find_header,
)
from corridor_model.observations.model import Observations, Remark
from corridor_model.observations.names import names_of
from corridor_model.observations.semantics import adds_up, is_flow, settle_units, spell_out
from corridor_model.observations.validation import check_completions, check_figures
from corridor_model.observations.vocabulary import narrow, reason_for
from corridor_model.periods import Period
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.tabular import workbooks
from corridor_model.tabular.cells import parse_year
from corridor_model.tabular.parse import parse_table
from corridor_model.tabular.readers import RawTable
from corridor_model.tabular.schema import TABLES, TITLES_ZH
from corridor_model.tabular.table import Problems, Table
from corridor_model.tabular.workbooks import Source

if TYPE_CHECKING:
    pass


class Layout(Protocol):
    """How the rows of one table of the schema are laid out by offices.

    Attributes
    ----------
    name : str
        The table.
    key : str
        Its column that says what a row speaks of.
    needs_figures : bool
        Whether it cannot be without a column of figures.
    no_name : CellError
        What is wrong with a row that has figures and names nothing.
    """

    name: str
    key: str
    needs_figures: bool
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
    """

    problems: Problems
    entries: list[Entry] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


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
    if layout.needs_figures and not header.figures:
        raise PlanError(
            [*reading.problems, layout.missing_column("value").at(grid.file, column="value")]
        )
    default_period = None if period is None else Period.of(period)
    names = names_of(plan, layout.key)
    for row in Bulletin.of(grid, layout.name, header, default_period).rows():
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


# Figures.


def read_observations(
    source: Source,
    plan: Plan,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: str = "user",
    beside: Observations | None = None,
) -> tuple[Observations, list[CorridorWarning]]:
    """Return observations and what a person should look at, without warning.

    Everything else is as in :func:`corridor_model.load_observations`.
    """
    layout = Figures(plan, "" if published is None else str(published))
    table, wrong, reading = read_table(source, layout, plan, period)
    table, unit_problems = settle_units(table, plan.indicators)
    table, measure_problems = spell_out(table, plan.indicators, origin)
    known, _ = spell_out(plan.tables["observations"], plan.indicators)
    if beside is not None:
        known = known + beside.table
    contradictions, warned = check_figures(table, known, plan)
    reading.problems += check_completions(reading.quotes, table, plan)
    reading.problems += [*wrong, *unit_problems, *measure_problems, *contradictions]
    reading.problems.check()
    remarks = tuple(dict.fromkeys(reading.remarks))
    return Observations(replace(table, titles=()), remarks, tuple(reading.notes)), warned


class Figures:
    """Figures of indicators: one a row, one a column of a bulletin, or one a column a period.

    Parameters
    ----------
    plan : Plan
        Whose indicators they are of.
    published : str
        Day of publication of rows that print none, or empty.
    """

    name, key, needs_figures = "observations", "indicator", True
    no_name = CellError(N_("has a figure but no indicator."), N_("Name the indicator."))

    def __init__(self, plan: Plan, published: str):
        self.plan = plan
        self.published = published

    def missing_column(self, column: str) -> CellError:
        """Return what is wrong with a file without a column that it cannot be without."""
        # the place names the column already; only the Chinese sentence repeats it
        return CellError(
            N_("the required column is missing.{title:.0}{column:.0}"),
            N_("Add it; the header has indicator, period, value, unit."),
            title=TITLES_ZH[column],
            column=column,
        )

    def is_silent(self, row: Row) -> bool:
        """Return whether no figure and no reason stands in a row."""
        figures = row.bulletin.header.figures
        return all(reason_for(row.text(heading)) == "not_reported" for heading in figures)

    def entries(self, row: Row, identifier: str, reading: Reading) -> None:
        """Lay out one entry a figure, and one remark a reason why there is none."""
        header = row.bulletin.header
        try:
            year = parse_year(row.text("year"))
        except CellError as error:
            reading.problems.add(error, row.line, header.title("year"))
            return
        cells = row.cells() | {"indicator": identifier}
        cells["published"] = cells.get("published", "").strip() or self.published
        quote = row.quote()
        if quote.completion:
            texts = map(row.text, header.figures)
            words = [text.strip() for text in texts if reason_for(text)]
            reading.quotes.append(replace(quote, note=" ".join([quote.note, *words]).strip()))
        for heading in header.figures:
            self._figure(row, heading, year, cells, reading)

    def _figure(
        self, row: Row, heading: Heading, year: int | None, cells: dict[str, str], reading: Reading
    ) -> None:
        text, header = row.text(heading), row.bulletin.header
        reason = reason_for(text)
        # of several figures in a row, an empty one says nothing; nor does a growth ever
        if reason and (heading.role == "@growth" or (len(header.figures) > 1 and not text)):
            return
        title = header.title("period")
        try:
            period = row.bulletin.period_of(heading, cells.get("period", ""), year)
            if not period:
                raise CellError(
                    N_("has no period."),
                    N_("Add a column period, or print 2021年1—9月 in the title."),
                )
            indicator = self.plan.indicators[cells["indicator"]]
            if reason:
                day = cells["published"] or None
                reading.remarks.append(Remark(indicator.id, period, reason, text.strip(), day))
                return
            title = heading.title
            figure = figure_cells(indicator, row.bulletin, heading, text, cells)
        except CellError as error:
            reading.problems.add(error, row.line, title)
            return
        if not figure:
            note = CellError(
                N_("the change of a share in percentage points was passed over; its value counts.")
            )
            reading.notes.append(note.at(row.bulletin.grid.file, row.line, heading.title))
            return
        reading.entries.append(row.entry({**cells, **figure, "period": period}, heading))
        if reading.quotes and reading.quotes[-1].line == row.line:
            reading.quotes[-1].figures[heading.title] = figure["value"]


def figure_cells(
    indicator: Indicator, bulletin: Bulletin, heading: Heading, text: str, cells: dict[str, str]
) -> dict[str, str]:
    """Return measure, basis, value and unit of one figure as cells of the schema.

    Nothing is returned for the change of a share in 个百分点, which its value says already.

    Parameters
    ----------
    indicator : Indicator
        What it is a figure of.
    bulletin : Bulletin
        Where it stands.
    heading : Heading
        Its column.
    text : str
        As it stands in the cell: ``1,234.5``, ``580亿元``, ``增长18%``, ``已完成``.
    cells : dict of str to str
        The other cells of the row.

    Raises
    ------
    CellError
        If the units in title and row contradict each other.
    """
    word = narrow(text).strip()
    measure, basis = cells.get("measure", "").strip(), cells.get("basis", "").strip()
    measure = vocabulary.MEASURES.get(measure, measure)
    role = heading.follows or heading.role
    basis = vocabulary.BASES.get(basis, basis) or vocabulary.BASIS_OF_ROLE.get(role, "")
    if heading.role == "@growth":
        measure = "growth"
        if "百分点" in word and indicator.unit == "%" and indicator.kind != "growth":
            return {}
    change = vocabulary.CHANGE.fullmatch(word)
    if change and measure in {"", "growth"}:
        sign = "-" if change["sign"] in vocabulary.FALLS else ""
        return _growth(sign + change["value"], change["unit"], basis)
    if indicator.kind == "milestone" and word.lower() in vocabulary.REACHED:
        value = vocabulary.REACHED[word.lower()]
        return {"measure": measure or "done", "basis": basis, "value": value, "unit": ""}
    if measure == "growth" or (not measure and indicator.kind == "growth"):
        unit = cells.get("unit", "").strip() if heading.role == "value" else ""
        return _growth(text, unit or bulletin.column_unit(heading) or "%", basis)
    if not measure and heading.role == "@month" and adds_up(indicator):
        measure = "addition"
    if not measure and heading.role == "@ytd" and indicator.kind == "cumulative":
        measure = "addition" if vocabulary.WITHIN_YEAR.search(heading.title) else "level"
    if heading.role == "@end" and is_flow(indicator):
        basis = "ytd"  # 期末 over a table of stocks and flows: what a flow has reached by then
    unit = _unit(indicator, bulletin, heading, cells)
    return {"measure": measure, "basis": basis, "value": text, "unit": unit}


def _growth(value: str, unit: str, basis: str) -> dict[str, str]:
    # a growth at the end of a period is that since January
    basis = "" if basis == "end" else basis
    return {"measure": "growth", "basis": basis, "value": value, "unit": unit}


def _unit(indicator: Indicator, bulletin: Bulletin, heading: Heading, cells: dict[str, str]) -> str:
    """Return the unit that a figure's row, column or table prints, the nearest first."""
    own, column = cells.get("unit", "").strip(), bulletin.column_unit(heading)
    if own and column and own != column and converts(column, own):
        raise CellError(
            N_("the unit {title!r} in the title contradicts {row!r} in the row."),
            N_("Give one unit only."),
            title=column,
            row=own,
        )
    if own or column:
        return own or column
    return bulletin.unit if converts(bulletin.unit, indicator.unit) else ""


def converts(unit: str, into: str) -> bool:
    """Return whether a unit converts into another."""
    have, want = units.scale(unit), units.scale(into)
    return bool(unit) and have is not None and want is not None and have.dimension == want.dimension
