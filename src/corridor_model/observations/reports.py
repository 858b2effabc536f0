"""Reports on works and tasks, and yearly targets and plans: read like figures, and checked."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from corridor_model.errors import CellError, CorridorError, Problem
from corridor_model.files import exists
from corridor_model.messages import N_, Listing
from corridor_model.observations.bulletins import Bulletin, Entry, Row
from corridor_model.observations.columns import Heading
from corridor_model.observations.read import Reading, read_table
from corridor_model.observations.shapes import history_places
from corridor_model.observations.validation import (
    ENDS_AT_100,
    NEGATIVE,
    OUTSIDE,
    check_work_completions,
    published_too_early,
    with_unit,
)
from corridor_model.observations.vocabulary import PAUSED, reason_for, state_of
from corridor_model.periods import Period, last_day, period_of
from corridor_model.plan.assembly import values_to_units
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.tabular import workbooks
from corridor_model.tabular.cells import narrow
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Problems, Table, Value
from corridor_model.tabular.workbooks import Source, of_mappings, tables_of, workbook_cache

KEYS = {
    "annual_targets": "indicator",
    "annual_investment": "project",
    "work_reports": "project",
    "task_reports": "task",
}
"""What each row of a table speaks of."""

MONEY = ("invested_month", "invested_year", "invested_total")
"""Money of a work report, 亿元, each part of the next."""


def load_table(
    source: Source,
    name: str,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: str = "user",
) -> Table:
    """Load one table that an office fills in, and report every mistake at once.

    Parameters
    ----------
    source : str, path or DataFrame
        CSV, xlsx or DataFrame with the columns of the schema, in English or Chinese. Yearly
        tables may have a column a year; work reports may be a bulletin's annex (本月完成,
        1—9月完成, 自开工累计完成, 完成率, 形象进度 ...).
    name : str
        ``annual_targets``, ``annual_investment``, ``work_reports`` or ``task_reports``.
    plan : Plan, optional
        What the rows speak of; the bundled plan by default.
    period : int, str or Period, optional
        Period of reports that print none.
    published : str or date, optional
        Day of publication, or of a task's report, where none is printed.
    origin : str, default "user"
        S5.

    Returns
    -------
    Table

    Raises
    ------
    PlanError
        With file, row, column and remedy of every mistake.

    Examples
    --------
    >>> import pandas as pd
    >>> wide = pd.DataFrame({"指标": ["生产总值"], "2021年(亿元)": [520], "2022年(亿元)": [580]})
    >>> load_table(wide, "annual_targets").frame()[["indicator", "year", "value", "origin"]]
      indicator  year  value origin
    0       gdp  2021  520.0   user
    1       gdp  2022  580.0   user
    """
    if name not in KEYS:
        raise CorridorError(
            N_("{name!r} is not filled in like this. Known: {known}."),
            name=name,
            known=Listing(KEYS),
        )
    plan = load_plan() if plan is None else plan
    layout = _LAYOUTS.get(name, Yearly)(name, origin, str(published or ""))
    table, wrong, reading = read_table(source, layout, plan, period)
    if "value" in table.columns and "indicator" in table.columns:
        table, unit_problems = values_to_units(table, plan.tables["indicators"])
        wrong += unit_problems
    wrong += check(name, table, plan)
    if name == "work_reports":
        reading.problems += check_work_completions(reading.quotes, table, plan)
    reading.problems += wrong
    reading.problems.check()
    return replace(table, titles=())


REPORTS = ("work_reports", "task_reports")
"""Tables of what units report beside figures."""


@workbook_cache()
def load_reports(
    source: Source,
    plan: Plan,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
) -> tuple[Table, ...]:
    """Load the reports on works and tasks that stand beside the figures of a filled-in form.

    Rows that nobody filled in are left out. A store gives the reports it was given; a file
    without such sheets, and what is no file, none.
    """
    if not isinstance(source, (str, Path)):
        return ()
    path = Path(source)
    if path.suffix.lower() == ".store":
        from corridor_model.observations.store import Store

        return Store(path).reports()
    if path.suffix.lower() == ".csv" and (kept := _of_history(path, plan)) is not None:
        return kept
    tables = []
    for name in tables_of(path):
        if name in REPORTS:
            table = load_table(path, name, plan, period=period, published=published)
            tables.append(_filled_in(table))
    return tuple(table for table in tables if len(table))


def _of_history(path: Path, plan: Plan) -> tuple[Table, ...] | None:
    """Return the reports of an export of a store that were not taken back, or None for others."""
    grid = workbooks.read(path, "observations")
    if (places := history_places(grid)) is None:
        return None
    top, at = places
    rows: dict[str, list[dict[str, Any]]] = {}
    problems = Problems(grid.file)
    for line, row in zip(grid.lines[top + 1 :], grid.rows[top + 1 :], strict=True):
        cells = {
            name: row[column].strip() if column < len(row) else "" for name, column in at.items()
        }
        kind, subject = cells["kind"], KEYS.get(cells["kind"])
        if kind not in REPORTS or subject is None or cells["withdrawn"]:
            continue
        try:
            said = dict(json.loads(cells["text"]))
        except (TypeError, ValueError):
            problems.add(_NOT_WHOLE, line, "text")
            continue
        date = "date" if kind == "task_reports" else "period"
        named = {
            subject: cells["indicator"],
            date: cells["period"],
            "published": cells["published"],
        }
        names = TABLES[kind].names
        rows.setdefault(kind, []).append({k: x for k, x in (said | named).items() if k in names})
    problems.check()
    tables = {kind: load_table(of_mappings(rows[kind], grid.file), kind, plan) for kind in rows}
    return tuple(tables[name] for name in REPORTS if name in tables)


_NOT_WHOLE = CellError(
    N_("the report is not whole."), N_("Export the store again; do not edit this column.")
)


def holds_reports_alone(source: Source) -> bool:
    """Return whether a file is named, or its sheets are, after reports and nothing else."""
    if not isinstance(source, (str, Path)) or not exists(Path(source)):
        return False
    names = tables_of(Path(source)) if Path(source).is_file() else ()
    return bool(names) and set(names) <= set(REPORTS)


def _filled_in(table: Table) -> Table:
    """Return the reports that say something: a form lists every task that owes one."""
    if table.schema.name != "task_reports":
        return table
    said = zip(table["state"], table["sentence"], strict=True)
    return table.select(
        [i for i, (state, text) in enumerate(said) if text or state not in {None, "not_reported"}]
    )


def load_annual_targets(source: Source, plan: Plan | None = None, *, origin: str = "user") -> Table:
    """Load 年度分解目标: indicator, year, value. See :func:`load_table`."""
    return load_table(source, "annual_targets", plan, origin=origin)


def load_annual_investment(
    source: Source, plan: Plan | None = None, *, origin: str = "user"
) -> Table:
    """Load 年度计划投资: project, year, value in 亿元. See :func:`load_table`."""
    return load_table(source, "annual_investment", plan, origin=origin)


def load_work_reports(
    source: Source,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
) -> Table:
    """Load reports on works. See :func:`load_table`."""
    return load_table(source, "work_reports", plan, period=period, published=published)


def load_task_reports(
    source: Source, plan: Plan | None = None, *, published: str | datetime.date | None = None
) -> Table:
    """Load reports on tasks. See :func:`load_table`."""
    return load_table(source, "task_reports", plan, published=published)


def with_tables(plan: Plan, *tables: Table) -> Plan:
    """Return the plan with further rows; a row replaces one of the same key.

    Examples
    --------
    >>> import corridor_model as cm, pandas as pd
    >>> plan = cm.load_plan()
    >>> rows = pd.DataFrame({"indicator": ["gdp"], "year": [2021], "value": [520]})
    >>> len(with_tables(plan, load_annual_targets(rows, plan)).table("annual_targets"))
    1
    """
    every = dict(plan.tables)
    for table in tables:
        every[table.schema.name] = every[table.schema.name].merge(table)
    return replace(plan, tables=every)


# How the rows of each table are laid out.


class Yearly:
    """Yearly targets and plans: one year a row, or one a column.

    Parameters
    ----------
    name : str
        Table of the schema.
    origin : str
        Of every figure (S5).
    published : str
        Day of publication of rows that print none, or empty.
    """

    def __init__(self, name: str, origin: str, published: str):
        self.name, self.key = name, KEYS[name]
        self.origin, self.published = origin, published
        self.no_name = CellError(
            N_("has figures but no {column}."), N_("Name it."), column=self.key
        )

    def missing_column(self, column: str) -> CellError:
        """Return what is wrong with a file without a column that it cannot be without."""
        # the place names the column already; only the Chinese sentence repeats it
        return CellError(
            N_("the required column is missing.{column:.0}"),
            N_("Add it, with ids or names."),
            column=column,
        )

    def is_silent(self, row: Row) -> bool:
        """Return whether nothing stands in a row beside what it speaks of."""
        texts = [text for role, text in row.cells().items() if role != self.key]
        texts += [row.text(h) for h in row.bulletin.header.headings if h.role == "@year"]
        return all(map(reason_for, texts))

    def entries(self, row: Row, identifier: str, reading: Reading) -> None:
        """Lay out one entry a year that has a figure."""
        cells = row.cells() | {self.key: identifier}
        unit = row.text("unit").strip()
        for heading in row.bulletin.header.headings:
            text = row.text(heading)
            if heading.role not in {"@year", "value"} or reason_for(text):
                continue
            value = with_unit(text, unit or _money_unit(row.bulletin, heading))
            year = {"year": heading.span or cells.get("year", ""), "value": value}
            reading.entries.append(self._entry(row, cells | year, heading))

    def _entry(self, row: Row, cells: dict[str, str], value: Heading | None = None) -> Entry:
        return row.entry(cells | {"origin": self.origin}, value)


class Works(Yearly):
    """Reports on works, one a row."""

    def entries(self, row: Row, identifier: str, reading: Reading) -> None:
        """Lay out a report, if the row says anything."""
        cells, bulletin = row.cells() | {self.key: identifier}, row.bulletin
        headings = bulletin.header.headings
        for heading in headings:
            if heading.role in MONEY:
                text = cells[heading.role]
                unit = _money_unit(bulletin, heading)
                cells[heading.role] = "" if reason_for(text) else with_unit(text, unit)
        texts = [text for role, text in cells.items() if role not in _BESIDE]
        if all(reason_for(text) == "not_reported" for text in texts):
            return
        # the period of a report is that of the money of the year, which its title may print
        period = bulletin.header.of("period") or headings[0]
        period = next((h for h in headings if h.role == "invested_year" and h.span), period)
        try:
            cells["period"] = bulletin.period_of(
                replace(period, follows="@ytd"), cells.get("period", ""), None
            )
        except CellError as error:
            reading.problems.add(error, row.line, bulletin.header.title("period"))
            return
        cells["published"] = cells.get("published", "").strip() or self.published
        reading.entries.append(self._entry(row, cells))
        quote = row.quote()
        if quote.completion:
            quote.figures["invested_year"] = cells.get("invested_year", "")
            reading.quotes.append(quote)


_BESIDE = frozenset({"project", "period", "published"})


class Tasks(Yearly):
    """Reports on tasks, one a row."""

    def entries(self, row: Row, identifier: str, reading: Reading) -> None:
        """Lay out a report; one without a word is not reported."""
        cells, period = row.cells() | {self.key: identifier}, row.bulletin.period
        day = cells.get("date", "").strip() or self.published
        if not day and period is not None:
            day = period.last_day
        state = state_of(cells.get("state", ""))
        if not state and reason_for(cells.get("sentence", "")) == "not_reported":
            state = "not_reported"
        reading.entries.append(self._entry(row, cells | {"date": day, "state": state}))


_LAYOUTS: dict[str, type[Yearly]] = {"work_reports": Works, "task_reports": Tasks}


def _money_unit(bulletin: Bulletin, heading: Heading) -> str:
    return bulletin.column_unit(heading) or bulletin.unit


# What must hold in each table.

_HUNDRED = re.compile(r"(?<![\d.])100(?:\.0+)?\s*%")
_PERCENT = frozenset({"share", "completion"})


def check(name: str, table: Table, plan: Plan) -> list[Problem]:
    """Return the mistakes of one of these tables."""
    problems = list(_doubled(table))
    match name:
        case "annual_targets":
            problems += _yearly_targets(table, plan)
        case "annual_investment":
            problems += _not_negative(table, ("value",))
        case "work_reports":
            problems += _periods(table)
            problems += _not_negative(table, MONEY)
            problems += _parts_fit(table)
            if not problems:
                problems += published_too_early(table, "project")
                problems += _falling(table)
        case _:
            problems += _paused_tasks(table)
    return problems


def _doubled(table: Table) -> Iterator[Problem]:
    first: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(table.keys()):
        if None not in key[:2] and first.setdefault(key, row) != row:
            yield table.problem(
                row,
                table.schema.key[0],
                N_("{figure} appears twice."),
                N_("Keep one row."),
                figure=" ".join(str(part) for part in key if part is not None),
            )


def _yearly_targets(table: Table, plan: Plan) -> Iterator[Problem]:
    for row, (name, value) in enumerate(zip(table["indicator"], table["value"], strict=True)):
        indicator = plan.indicators.get(name)
        if indicator and indicator.kind in _PERCENT and value is not None and not 0 <= value <= 100:
            yield table.problem(row, "value", OUTSIDE, ENDS_AT_100, value=value)


def _not_negative(table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    for column in columns:
        for row, value in enumerate(table[column]):
            if value is not None and value < 0:
                yield table.problem(row, column, NEGATIVE, N_("Leave it empty."), value=value)


def _periods(table: Table) -> Iterator[Problem]:
    for row, text in enumerate(table["period"]):
        try:
            if text is not None:
                period_of(text)
        except CellError as error:
            yield table.at(row, "period", error)


def _parts_fit(table: Table) -> Iterator[Problem]:
    """Yield months that exceed their year, and years that exceed the total."""
    for part, whole in pairwise(MONEY):
        for row, (inner, outer) in enumerate(zip(table[part], table[whole], strict=True)):
            if inner is not None and outer is not None and inner > outer * (1 + 1e-9):
                yield table.problem(
                    row,
                    part,
                    N_("{part:g} 亿元 exceeds the running total {total:g} 亿元."),
                    N_("Check figures and units."),
                    part=inner,
                    total=outer,
                )


def _falling(table: Table) -> Iterator[Problem]:
    """Yield invested money that falls over time, the latest vintages compared."""
    for column in MONEY[1:]:
        runs: dict[tuple[Value, ...], dict[int, tuple[str, float, int]]] = {}
        for row, (work, text, published, value) in enumerate(
            zip(*(table[c] for c in ("project", "period", "published", column)), strict=True)
        ):
            if value is None or text is None:
                continue
            period = period_of(text)
            group = (work, period.year if column == "invested_year" else None)
            time = period.year * 12 + period.month
            figure = (last_day(published) if published else "", value, row)
            run = runs.setdefault(group, {})
            run[time] = max(run.get(time, figure), figure)
        for run in runs.values():
            for (_, before, _), (_, after, row) in pairwise(run[time] for time in sorted(run)):
                if after < before:
                    yield table.problem(
                        row,
                        column,
                        N_("money invested falls from {before:g} to {after:g} 亿元."),
                        N_("Check it; revise the earlier report."),
                        before=before,
                        after=after,
                    )


def _paused_tasks(table: Table) -> Iterator[Problem]:
    for row, (state, sentence) in enumerate(zip(table["state"], table["sentence"], strict=True)):
        text = narrow(sentence or "")
        done = state == "done" or _HUNDRED.search(text)
        if done and (PAUSED.search(text) or state == "paused"):
            yield table.problem(
                row,
                "state",
                N_("the state is {state}, but the text says {text!r}: paused and finished."),
                N_("A paused task is not finished. Check it."),
                state=state,
                text=text[:30],
            )
