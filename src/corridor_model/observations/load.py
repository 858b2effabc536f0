"""Load what the statistics say: CSV, xlsx or a DataFrame, checked cell by cell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import PlanError, Problem
from corridor_model.observations import completion, entries, grids
from corridor_model.observations.checks import check
from corridor_model.observations.columns import VALUES, Header, Heading, find_header
from corridor_model.observations.entries import Entry, Quoted
from corridor_model.observations.figures import fields_of
from corridor_model.observations.meaning import written_out
from corridor_model.observations.model import Observations, Remark
from corridor_model.observations.names import Names, names_of
from corridor_model.observations.periods import Period
from corridor_model.observations.remarks import reason_for
from corridor_model.observations.settle import settle_units
from corridor_model.observations.warn import Warned
from corridor_model.plan.cells import CellError, parse_year
from corridor_model.plan.load import load_plan
from corridor_model.plan.parse import parse_table
from corridor_model.plan.plan import Plan
from corridor_model.plan.raw import unreadable

if TYPE_CHECKING:
    import pandas as pd

NAME = "observations"


def load_observations(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: str = "user",
    beside: Observations | None = None,
) -> Observations:
    """Load observations, and report every mistake at once.

    Parameters
    ----------
    source : str, path or DataFrame
        CSV (UTF-8 or GB18030) or xlsx: one figure a row (indicator, period, value, unit,
        and if wanted measure, basis, stage, series, published, source; Chinese titles too),
        or a bulletin with the columns 本月, 累计, 同比, 完成率, or a column a period; or a
        store (``.store``, see :class:`~corridor_model.observations.store.Store`).
    plan : Plan, optional
        What the figures speak of; the bundled plan by default.
    period : int, str or Period, optional
        Period of a table that prints none, and the year of periods without one.
    published : str or date, optional
        Day of publication of rows that print none.
    origin : str, default "user"
        S5.
    beside : Observations, optional
        Earlier figures that these must agree with, besides the plan's own.

    Returns
    -------
    Observations

    Raises
    ------
    PlanError
        With file, row, column and remedy of every mistake.

    Warns
    -----
    UnitSlipWarning
        Where a figure lies a factor of about 10,000 from what is known.
    SeriesBreakWarning
        Where a figure is of another series than the one it would be compared with (S10).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"指标": ["生产总值", "累计新增高新技术企业"], "时期": ["2021年1—9月", "2021Q3"],
    ...         "数值": ["3701000万元", 70]}
    >>> load_observations(pd.DataFrame(rows)).frame()[["indicator", "period", "value", "unit"]]
                      indicator   period  value unit
    0                       gdp  2021-09  370.1   亿元
    1  new_hightech_enterprises   2021Q3   70.0    家
    """
    if isinstance(source, (str, Path)) and Path(source).suffix.lower() == ".store":
        return _stored(Path(source))
    plan = load_plan() if plan is None else plan
    observations, warned = read_observations(
        source, plan, period=period, published=published, origin=origin, beside=beside
    )
    for warning in warned:
        warning.show()
    return observations


def read_observations(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: str = "user",
    beside: Observations | None = None,
) -> tuple[Observations, list[Warned]]:
    """Return observations and what a person should look at, without warning.

    Everything else is as in :func:`load_observations`.
    """
    grid = grids.read(source, NAME)
    header = find_header(grid, NAME)
    problems = [*_header_problems(grid, header)]
    if any(problem.row is None for problem in problems):
        raise PlanError(problems)
    stated = None if period is None else Period.of(period)
    day = "" if published is None else str(published)
    reader = _Reader(plan, grid, header, names_of(plan, "indicator"), stated, day)
    reader.read()
    problems += reader.problems
    raw = entries.as_raw(reader.made, NAME, grid.file)
    table, found = parse_table(raw, NAME)
    table, unsettled = settle_units(table, plan.indicators)
    table, senseless = written_out(table, plan.indicators, origin)
    known, _ = written_out(plan.tables[NAME], plan.indicators)
    if beside is not None:
        known = known + beside.table
    wrong, warned = check(table, known, plan)
    problems += completion.check(reader.quotes, table, reader.made, plan)
    cells = [*found, *unsettled, *senseless, *wrong]
    problems += [entries.placed(problem, reader.made, header) for problem in cells]
    if problems:
        raise PlanError(sorted(dict.fromkeys(problems), key=lambda p: p.row or 0))
    warned = [w.place(lambda p: entries.placed(p, reader.made, header)) for w in warned]
    table = replace(table, lines=[reader.made[line].line for line in table.lines])
    remarks = tuple(dict.fromkeys(reader.remarks))
    return Observations(table, remarks, (*grid.notes, *reader.notes)), warned


def _stored(path: Path) -> Observations:
    from corridor_model.observations.store import Store

    if not path.exists():
        raise unreadable(path.name, FileNotFoundError(2, "No such file or directory"))
    return Store(path).open()


def _header_problems(grid: grids.Grid, header: Header) -> list[Problem]:
    if header.row < 0 or header.of("indicator") is None:
        return [_missing(grid, "指标", "indicator")]
    problems = list(entries.unknown_columns(grid, header, NAME))
    if not any(heading.role in VALUES for heading in header.headings):
        problems.append(_missing(grid, "数值", "value"))
    return problems


def _missing(grid: grids.Grid, zh: str, name: str) -> Problem:
    return Problem(
        f"缺少必需的“{zh}”（{name}）列。",
        "the required column is missing.",
        "请补上这一列；表头应有指标、时期、数值、计量单位。",
        "Add it; the header has indicator, period, value, unit.",
        grid.file,
        None,
        name,
    )


@dataclass
class _Reader:
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
        if reason and (heading.role == "@growth" or (len(self.header_values) > 1 and not text)):
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

    @property
    def header_values(self) -> list[Heading]:
        return [heading for heading in self.header.headings if heading.role in VALUES]

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
