"""Load what the statistics say: CSV, xlsx or a DataFrame, checked cell by cell."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import PlanError, Problem
from corridor_model.observations import completion, entries, grids
from corridor_model.observations.checks import check
from corridor_model.observations.columns import VALUES, Header, find_header
from corridor_model.observations.meaning import written_out
from corridor_model.observations.model import Observations
from corridor_model.observations.names import names_of
from corridor_model.observations.periods import Period
from corridor_model.observations.reader import NAME, Reader
from corridor_model.observations.settle import settle_units
from corridor_model.observations.warn import Warned
from corridor_model.plan.load import load_plan
from corridor_model.plan.parse import parse_table
from corridor_model.plan.plan import Plan
from corridor_model.plan.raw import unreadable

if TYPE_CHECKING:
    import pandas as pd


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
    reader = Reader(plan, grid, header, names_of(plan, "indicator"), stated, day)
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
