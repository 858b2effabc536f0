"""Load what the statistics say: CSV, xlsx or a DataFrame, checked cell by cell."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import PlanError, Problem, two_language_problem
from corridor_model.observations import bulletins, validation
from corridor_model.observations.bulletins import NAME, VALUES, Header, Reader, find_header
from corridor_model.observations.model import Observations
from corridor_model.observations.names import names_of
from corridor_model.observations.semantics import settle_units, written_out
from corridor_model.observations.validation import Warned, check_checks
from corridor_model.periods import Period
from corridor_model.plan.plan import Plan
from corridor_model.tabular import workbooks
from corridor_model.tabular.parse import parse_table

if TYPE_CHECKING:
    import pandas as pd


def read_observations(
    source: str | Path | pd.DataFrame | workbooks.Grid,
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
    grid = workbooks.read(source, NAME)
    header = find_header(grid, NAME)
    problems = [*_header_problems(grid, header)]
    if any(problem.row is None for problem in problems):
        raise PlanError(problems)
    stated = None if period is None else Period.of(period)
    day = "" if published is None else str(published)
    reader = Reader(plan, grid, header, names_of(plan, "indicator"), stated, day)
    reader.read()
    problems += reader.problems
    raw = bulletins.as_raw(reader.made, NAME, grid.file)
    table, found = parse_table(raw, NAME)
    table, unsettled = settle_units(table, plan.indicators)
    table, senseless = written_out(table, plan.indicators, origin)
    known, _ = written_out(plan.tables[NAME], plan.indicators)
    if beside is not None:
        known = known + beside.table
    wrong, warned = check_checks(table, known, plan)
    problems += validation.check(reader.quotes, table, reader.made, plan)
    cells = [*found, *unsettled, *senseless, *wrong]
    problems += [bulletins.placed(problem, reader.made, header) for problem in cells]
    if problems:
        raise PlanError(sorted(dict.fromkeys(problems), key=lambda p: p.row or 0))
    warned = [w.place(lambda p: bulletins.placed(p, reader.made, header)) for w in warned]
    table = replace(table, lines=[reader.made[line].line for line in table.lines])
    remarks = tuple(dict.fromkeys(reader.remarks))
    return Observations(table, remarks, (*grid.notes, *reader.notes)), warned


def _header_problems(grid: workbooks.Grid, header: Header) -> list[Problem]:
    if header.row < 0 or header.of("indicator") is None:
        return [_missing(grid, "指标", "indicator")]
    problems = list(bulletins.unknown_columns(grid, header, NAME))
    if not any(heading.role in VALUES for heading in header.headings):
        problems.append(_missing(grid, "数值", "value"))
    return problems


def _missing(grid: workbooks.Grid, zh: str, name: str) -> Problem:
    return two_language_problem(
        f"缺少必需的“{zh}”（{name}）列。",
        "the required column is missing.",
        "请补上这一列；表头应有指标、时期、数值、计量单位。",
        "Add it; the header has indicator, period, value, unit.",
        grid.file,
        None,
        name,
    )
