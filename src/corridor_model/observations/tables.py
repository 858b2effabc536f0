"""Annual targets, annual investment, work reports and task reports, loaded like figures."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.observations import annexes, entries, grids, reports
from corridor_model.observations.columns import Header, find_header
from corridor_model.observations.entries import Entry
from corridor_model.observations.names import Names, names_of
from corridor_model.observations.periods import Period
from corridor_model.observations.remarks import reason_for
from corridor_model.plan import settle
from corridor_model.plan.cells import CellError
from corridor_model.plan.load import load_plan
from corridor_model.plan.parse import parse_table
from corridor_model.plan.plan import Plan
from corridor_model.plan.table import Table

if TYPE_CHECKING:
    import pandas as pd

KEYS = {
    "annual_targets": "indicator",
    "annual_investment": "project",
    "work_reports": "project",
    "task_reports": "task",
}
"""What each row of a table speaks of."""


def load_table(
    source: str | Path | pd.DataFrame | grids.Grid,
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
        raise CorridorError(f"{name!r} is not filled in like this. Known: {', '.join(KEYS)}.")
    plan = load_plan() if plan is None else plan
    grid = grids.read(source, name)
    header = find_header(grid, name)
    if header.row < 0 or header.of(KEYS[name]) is None:
        raise PlanError([_no_key(grid.file, KEYS[name])])
    problems = list(entries.unknown_columns(grid, header, name))
    stated = None if period is None else Period.of(period)
    made, quotes = _entries(
        name, grid, header, names_of(plan, KEYS[name]), stated, str(published or ""), problems
    )
    cells = [replace(entry, cells={**entry.cells, "origin": origin}) for entry in made]
    table, found = parse_table(entries.as_raw(cells, name, grid.file), name)
    if "value" in table.columns and "indicator" in table.columns:
        table, unsettled = settle.values_to_units(table, plan.tables["indicators"])
        found = [*found, *unsettled]
    found += reports.check(name, table, plan)
    problems += reports.check_quotes(name, quotes, table, made, plan)
    problems += [entries.placed(problem, made, header) for problem in found]
    if problems:
        raise PlanError(sorted(dict.fromkeys(problems), key=lambda p: p.row or 0))
    return replace(table, lines=[made[line].line for line in table.lines])


def load_annual_targets(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan | None = None,
    *,
    origin: str = "user",
) -> Table:
    """Load 年度分解目标: indicator, year, value. See :func:`load_table`."""
    return load_table(source, "annual_targets", plan, origin=origin)


def load_annual_investment(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan | None = None,
    *,
    origin: str = "user",
) -> Table:
    """Load 年度计划投资: project, year, value in 亿元. See :func:`load_table`."""
    return load_table(source, "annual_investment", plan, origin=origin)


def load_work_reports(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
) -> Table:
    """Load reports on works. See :func:`load_table`."""
    return load_table(source, "work_reports", plan, period=period, published=published)


def load_task_reports(
    source: str | Path | pd.DataFrame | grids.Grid,
    plan: Plan | None = None,
    *,
    published: str | datetime.date | None = None,
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
    merged = dict(plan.tables)
    for table in tables:
        old, key = merged[table.schema.name], table.schema.key
        new = set(zip(*(table[name] for name in key), strict=True))
        rows = list(zip(*(old[name] for name in key), strict=True))
        merged[table.schema.name] = (
            old.select([i for i, row in enumerate(rows) if row not in new]) + table
        )
    return replace(plan, tables=merged)


def _entries(
    name: str,
    grid: grids.Grid,
    header: Header,
    names: Names,
    period: Period | None,
    published: str,
    problems: list[Problem],
) -> tuple[list[Entry], list[entries.Quoted]]:
    """Return the rows as entries of the schema, and the completions they quote."""
    around = entries.around(grid, header, period)
    made: list[Entry] = []
    quotes: list[entries.Quoted] = []
    make: Callable[..., list[Entry]] = {
        "work_reports": annexes.work,
        "task_reports": annexes.task,
    }.get(name, annexes.yearly)
    for line, row in entries.body_rows(grid, around.body):
        text = entries.cell(row, header.of(KEYS[name])).strip()
        identifier = names.find(text) if text else None
        cells = entries.plain_cells(row, header, name)
        filled = [value for role, value in cells.items() if role != KEYS[name]]
        filled += [entries.cell(row, h) for h in header.headings if h.role == "@year"]
        if identifier is None:
            if any(reason_for(value) is None for value in filled):
                error = names.unknown(text) if text else _no_name(KEYS[name])
                problems.append(_problem(grid.file, line, header.title(KEYS[name]), error))
            continue
        cells[KEYS[name]] = identifier
        try:
            new = make(line, row, cells, header, around, published)
        except CellError as error:
            problems.append(_problem(grid.file, line, header.title("period"), error))
            continue
        made.extend(new)
        quote = entries.quoted(line, row, header)
        if quote.completion and new:
            quotes.append(quote)
    return made, quotes


def _no_key(file: str, column: str) -> Problem:
    return Problem(
        f"缺少必需的“{column}”列。",
        "the required column is missing.",
        "请补上这一列，填编号或名称。",
        "Add it, with ids or names.",
        file,
        None,
        column,
    )


def _no_name(column: str) -> CellError:
    return CellError("名称为空。", f"has figures but no {column}.", "请填写。", "Name it.")


def _problem(file: str, line: int, column: str, error: CellError) -> Problem:
    return Problem(
        error.what_zh, error.what_en, error.remedy_zh, error.remedy_en, file, line, column
    )
