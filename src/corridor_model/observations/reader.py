"""The rows of a file of figures, one entry a figure; what is wrong or left out is collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corridor_model.errors import Problem
from corridor_model.observations import entries, grids
from corridor_model.observations.columns import VALUES, Header, Heading
from corridor_model.observations.entries import Entry, Quoted
from corridor_model.observations.figures import fields_of
from corridor_model.observations.model import Remark
from corridor_model.observations.names import Names
from corridor_model.observations.periods import Period
from corridor_model.observations.remarks import reason_for
from corridor_model.plan.cells import CellError, parse_year
from corridor_model.plan.plan import Plan

NAME = "observations"


@dataclass
class Reader:
    """Turns the rows of a grid into entries; collects what is wrong or left out."""

    plan: Plan
    grid: grids.Grid
    header: Header
    names: Names
    period: Period | None
    published: str
    made: list[Entry] = field(default_factory=list)
    quotes: list[Quoted] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read every row below the header."""
        around = entries.around(self.grid, self.header, self.period)
        for line, row in entries.body_rows(self.grid, around.body):
            self._row(line, row, around)

    def _row(self, line: int, row: Sequence[str], around: entries.Around) -> None:
        name = entries.cell(row, self.header.of("indicator")).strip()
        figures = entries.figures(row, self.header)
        said = [entries.cell(row, heading) for heading in figures]
        empty = all(reason_for(text) == "not_reported" for text in said)
        identifier = self.names.find(name) if name else None
        if identifier is None:
            if not empty:
                self._wrong(line, "indicator", self.names.unknown(name) if name else _no_name())
            return
        try:
            year = parse_year(entries.cell(row, self.header.of("year")))
        except CellError as error:
            self._wrong(line, "year", error)
            return
        quote = entries.quoted(line, row, self.header)
        if quote.completion:
            words = [text.strip() for text in said if reason_for(text)]
            self.quotes.append(replace(quote, note=" ".join([quote.note, *words]).strip()))
        cells = entries.plain_cells(row, self.header, NAME) | {"indicator": identifier}
        cells["published"] = cells.get("published", "").strip() or self.published
        for heading, text in zip(figures, said, strict=True):
            self._figure(line, heading, text, cells, year, around)

    def _figure(
        self,
        line: int,
        heading: Heading,
        text: str,
        cells: dict[str, str],
        year: int | None,
        around: entries.Around,
    ) -> None:
        reason = reason_for(text)
        if reason and (heading.role == "@growth" or (self._several() and not text)):
            return
        try:
            period = entries.period_text(heading, cells.get("period", ""), year, around.period)
            if not period:
                raise _no_period()
        except CellError as error:
            self._wrong(line, "period", error)
            return
        indicator = self.plan.indicators[cells["indicator"]]
        if reason:
            day = cells["published"] or None
            self.remarks.append(Remark(indicator.id, period, reason, text.strip(), day))
            return
        try:
            made = fields_of(indicator, heading, text, cells, around)
        except CellError as error:
            self._wrong(line, heading.title, error)
            return
        if not made:
            self.notes.append(_change_of_share(self.grid.file, line, heading.title))
            return
        made["period"] = period
        self.made.append(Entry(line, heading.title, {**cells, **made}))

    def _several(self) -> bool:
        """Return whether a row holds several figures, so that empty cells say nothing."""
        return sum(heading.role in VALUES for heading in self.header.headings) > 1

    def _wrong(self, line: int, column: str, error: CellError) -> None:
        self.problems.append(
            Problem(
                error.what_zh,
                error.what_en,
                error.remedy_zh,
                error.remedy_en,
                self.grid.file,
                line,
                self.header.title(column),
            )
        )


def _change_of_share(file: str, line: int, title: str) -> Problem:
    return Problem(
        "占比的变动（个百分点）已略过，以本期值为准。",
        "the change of a share in percentage points was passed over; its value counts.",
        "",
        "",
        file,
        line,
        title,
    )


def _no_name() -> CellError:
    return CellError(
        "有数值而没有指标。",
        "has a figure but no indicator.",
        "请填写指标。",
        "Name the indicator.",
    )


def _no_period() -> CellError:
    return CellError(
        "没有时期。",
        "has no period.",
        "请加“时期”列，或在标题中写明“2021年1—9月”。",
        "Add a column period, or print 2021年1—9月 in the title.",
    )
