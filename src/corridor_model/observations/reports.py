"""What must hold in reports on works and tasks, and in yearly targets and plans."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CellError, CorridorError, PlanError, Problem, two_language_problem
from corridor_model.observations import bulletins, validation
from corridor_model.observations.bulletins import (
    PAUSED,
    Entry,
    Header,
    Quoted,
    find_header,
    reason_for,
)
from corridor_model.observations.model import last_day
from corridor_model.observations.names import Names, names_of
from corridor_model.periods import Period, period_of
from corridor_model.plan import load
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.tabular import workbooks
from corridor_model.tabular.cells import parse_quantity
from corridor_model.tabular.parse import parse_table
from corridor_model.tabular.table import Table, Value, problem
from corridor_model.units import UnitError

if TYPE_CHECKING:
    import pandas as pd


MONEY = ("invested_month", "invested_year", "invested_total")
"""Money of a work report, 亿元, each part of the next."""

_STATES = {
    "done": ("已完成", "完成", "办结", "已办结", "提前完成", "√"),
    "on_schedule": (
        "按序时推进",
        "正常推进",
        "推进中",
        "按计划推进",
        "正常",
        "符合序时",
        "基本符合预期",
    ),
    "behind": ("滞后", "进度滞后", "落后", "逾期", "未达序时"),
    "paused": ("暂缓", "暂停", "停工"),
    "not_reported": ("未报送", "未报", "未上报"),
}
_HUNDRED = re.compile(r"(?<![\d.])100(?:\.0+)?\s*%")
_BARE = re.compile(r"[+-]?[\d,]*\.?\d+")
_PERCENT = frozenset({"share", "completion"})


def state_word(text: str) -> str:
    """Return the state of a task that an office's word means, or the word itself.

    Examples
    --------
    >>> state_word("进度滞后"), state_word("on_schedule"), state_word("差不多")
    ('behind', 'on_schedule', '差不多')
    """
    word = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return next((state for state, words in _STATES.items() if word in words), text.strip())


def with_unit(text: str, unit: str) -> str:
    """Return a bare number with the unit that stands elsewhere behind it."""
    bare = _BARE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{text.strip()}{unit}" if bare and unit else text


def check(name: str, table: Table, plan: Plan) -> list[Problem]:
    """Return the mistakes of one of these tables, rows numbered as in it."""
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
                problems += _falling(table)
        case _:
            problems += _paused_tasks(table)
    return problems


def _doubled(table: Table) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(zip(*(table[name] for name in table.schema.key), strict=True)):
        if None in key[:2]:
            continue
        if seen.setdefault(key, row) != row:
            shown = " ".join(str(part) for part in key if part is not None)
            what = (f"{shown}出现两次。", f"{shown} appears twice.")
            yield problem(table, row, table.schema.key[0], what, ("请保留一行。", "Keep one row."))


def _yearly_targets(table: Table, plan: Plan) -> Iterator[Problem]:
    for row, (name, value) in enumerate(zip(table["indicator"], table["value"], strict=True)):
        indicator = plan.indicators.get(name)
        if indicator and indicator.kind in _PERCENT and value is not None and not 0 <= value <= 100:
            what = (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100.")
            remedy = ("占比不能超过100%，请检查数值和单位。", "A share ends at 100 %. Check it.")
            yield problem(table, row, "value", what, remedy)


def _not_negative(table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    for column in columns:
        for row, value in enumerate(table[column]):
            if value is not None and value < 0:
                what = (f"{value:g}为负数。", f"{value:g} is negative.")
                yield problem(table, row, column, what, ("未知请留空。", "Leave it empty."))


def _periods(table: Table) -> Iterator[Problem]:
    for row, text in enumerate(table["period"]):
        try:
            if text is not None:
                period_of(text)
        except CellError as error:
            what, remedy = (error.what_zh, error.what_en), (error.remedy_zh, error.remedy_en)
            yield problem(table, row, "period", what, remedy)


def _parts_fit(table: Table) -> Iterator[Problem]:
    """Yield months that exceed their year, and years that exceed the total."""
    for part, whole in pairwise(MONEY):
        for row, (inner, outer) in enumerate(zip(table[part], table[whole], strict=True)):
            if inner is not None and outer is not None and inner > outer * (1 + 1e-9):
                what = (
                    f"{inner:g}亿元超过累计数{outer:g}亿元。",
                    f"{inner:g} 亿元 exceeds the running total {outer:g} 亿元.",
                )
                yield problem(
                    table, row, part, what, ("请核对数值和单位。", "Check figures and units.")
                )


def _falling(table: Table) -> Iterator[Problem]:
    """Yield invested money that falls over time, the latest vintages compared."""
    for column in MONEY[1:]:
        runs: dict[tuple[Value, ...], dict[int, tuple[str, float, int]]] = {}
        for row, (work, text, published, value) in enumerate(
            zip(*(table[c] for c in ("project", "period", "published", column)), strict=True)
        ):
            if value is None:
                continue
            period = period_of(text)
            group = (work, period.year if column == "invested_year" else None)
            time = period.year * 12 + period.month
            figure = (last_day(published) if published else "", value, row)
            known = runs.setdefault(group, {})
            known[time] = max(known.get(time, figure), figure)
        for known in runs.values():
            for before, after in pairwise(sorted(known)):
                was, now = known[before][1], known[after][1]
                if now < was:
                    what = (
                        f"累计投资由{was:g}降至{now:g}亿元。",
                        f"money invested falls from {was:g} to {now:g} 亿元.",
                    )
                    remedy = ("请核对，前期有误请修订。", "Check it; revise the earlier report.")
                    yield problem(table, known[after][2], column, what, remedy)


def _paused_tasks(table: Table) -> Iterator[Problem]:
    for row, (state, sentence) in enumerate(zip(table["state"], table["sentence"], strict=True)):
        said = unicodedata.normalize("NFKC", sentence or "")
        whole = state == "done" or _HUNDRED.search(said)
        if whole and (PAUSED.search(said) or state == "paused"):
            what = (
                f"状态为{state}，而文字为“{said[:30]}”。",
                f"the state is {state}, but the text says {said[:30]!r}: paused and finished.",
            )
            remedy = ("暂缓的任务不能算完成，请核对。", "A paused task is not finished. Check it.")
            yield problem(table, row, "state", what, remedy)


def check_quotes(
    name: str, quotes: Iterable[Quoted], table: Table, made: Sequence[Entry], plan: Plan
) -> Iterator[Problem]:
    """Yield completions of works that do not follow, and finished works that are paused."""
    if name != "work_reports":
        return
    planned = plan.tables["annual_investment"]
    money = dict(
        zip(
            zip(planned["project"], planned["year"], strict=True),
            planned["value"],
            strict=True,
        )
    )
    rows = {made[line].line: row for row, line in enumerate(table.lines)}
    for quote in quotes:
        row = rows[quote.line]
        column = quote.titles.get("completion", "完成率")
        words = [table[c][row] or "" for c in ("milestone", "problem", "next_step")]
        try:
            typed = parse_quantity(quote.completion)
            target, slack = (
                validation.stated(validation.with_title_unit(quote.plan, quote.titles), "亿元")
                if quote.plan
                else (_planned(money, table, row), 0.0)
            )
        except (CellError, UnitError):
            what = (f"“{quote.completion}”或计划投资不是数字。", "is no number.")
            remedy = ("请检查。", "Check it.")
            yield two_language_problem(*what, *remedy, table.file, quote.line, column)
            continue
        if typed is None:
            continue
        if typed.value >= 100 and PAUSED.search(" ".join([quote.note, *words])):
            note = " ".join(word for word in [quote.note, *words] if PAUSED.search(word))
            yield validation.paused(table.file, quote.line, column, note)
            continue
        value = table["invested_year"][row]
        if not target or value is None:
            continue
        spread = validation.spread_of(made[table.lines[row]].cells["invested_year"], value)
        if not validation.follows(typed, quote.completion, value, spread, target, slack):
            yield validation.mismatch(table.file, quote.line, column, typed.value, value, target)


def _planned(money: dict[tuple[str, int], float], table: Table, row: int) -> float | None:
    try:
        year = period_of(table["period"][row] or "").year
    except CellError:
        return None
    return money.get((table["project"][row], year))


# Annual targets, annual investment, work reports and task reports, loaded like figures.

KEYS = {
    "annual_targets": "indicator",
    "annual_investment": "project",
    "work_reports": "project",
    "task_reports": "task",
}
"""What each row of a table speaks of."""


def load_table(
    source: str | Path | pd.DataFrame | workbooks.Grid,
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
    grid = workbooks.read(source, name)
    header = find_header(grid, name)
    if header.row < 0 or header.of(KEYS[name]) is None:
        raise PlanError([_no_key(grid.file, KEYS[name])])
    problems = list(bulletins.unknown_columns(grid, header, name))
    stated = None if period is None else Period.of(period)
    made, quotes = _entries(
        name, grid, header, names_of(plan, KEYS[name]), stated, str(published or ""), problems
    )
    cells = [replace(entry, cells={**entry.cells, "origin": origin}) for entry in made]
    table, found = parse_table(bulletins.as_raw(cells, name, grid.file), name)
    if "value" in table.columns and "indicator" in table.columns:
        table, unsettled = load.values_to_units(table, plan.tables["indicators"])
        found = [*found, *unsettled]
    found += check(name, table, plan)
    problems += check_quotes(name, quotes, table, made, plan)
    problems += [bulletins.placed(problem, made, header) for problem in found]
    if problems:
        raise PlanError(sorted(dict.fromkeys(problems), key=lambda p: p.row or 0))
    return replace(table, lines=[made[line].line for line in table.lines])


def load_annual_targets(
    source: str | Path | pd.DataFrame | workbooks.Grid,
    plan: Plan | None = None,
    *,
    origin: str = "user",
) -> Table:
    """Load 年度分解目标: indicator, year, value. See :func:`load_table`."""
    return load_table(source, "annual_targets", plan, origin=origin)


def load_annual_investment(
    source: str | Path | pd.DataFrame | workbooks.Grid,
    plan: Plan | None = None,
    *,
    origin: str = "user",
) -> Table:
    """Load 年度计划投资: project, year, value in 亿元. See :func:`load_table`."""
    return load_table(source, "annual_investment", plan, origin=origin)


def load_work_reports(
    source: str | Path | pd.DataFrame | workbooks.Grid,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
) -> Table:
    """Load reports on works. See :func:`load_table`."""
    return load_table(source, "work_reports", plan, period=period, published=published)


def load_task_reports(
    source: str | Path | pd.DataFrame | workbooks.Grid,
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
    grid: workbooks.Grid,
    header: Header,
    names: Names,
    period: Period | None,
    published: str,
    problems: list[Problem],
) -> tuple[list[Entry], list[bulletins.Quoted]]:
    """Return the rows as entries of the schema, and the completions they quote."""
    around = bulletins.around_entries(grid, header, period)
    made: list[Entry] = []
    quotes: list[bulletins.Quoted] = []
    make: Callable[..., list[Entry]] = {
        "work_reports": work,
        "task_reports": task,
    }.get(name, yearly)
    for line, row in bulletins.body_rows(grid, around.body):
        text = bulletins.cell(row, header.of(KEYS[name])).strip()
        identifier = names.find(text) if text else None
        cells = bulletins.plain_cells(row, header, name)
        filled = [value for role, value in cells.items() if role != KEYS[name]]
        filled += [bulletins.cell(row, h) for h in header.headings if h.role == "@year"]
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
        quote = bulletins.quoted(line, row, header)
        if quote.completion and new:
            quotes.append(quote)
    return made, quotes


def _no_key(file: str, column: str) -> Problem:
    return two_language_problem(
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
    return two_language_problem(
        error.what_zh, error.what_en, error.remedy_zh, error.remedy_en, file, line, column
    )


# Rows of yearly tables and of reports as entries of the schema.


def yearly(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: bulletins.Around,
    published: str,
) -> list[Entry]:
    """Return one entry a year that has a figure."""
    made = []
    unit = bulletins.cell(row, header.of("unit")).strip()
    for heading in header.headings:
        if heading.role not in {"@year", "value"}:
            continue
        text = bulletins.cell(row, heading)
        if reason_for(text):
            continue
        year = heading.span or cells.get("year", "")
        said = unit or heading.unit or around.column_units.get(heading.position, "") or around.unit
        value = with_unit(text, said)
        made.append(Entry(line, heading.title, {**cells, "year": year, "value": value}))
    return made


def work(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: bulletins.Around,
    published: str,
) -> list[Entry]:
    """Return a report on a work, if the row says anything."""
    for heading in header.headings:
        if heading.role in MONEY:
            text = cells[heading.role]
            unit = heading.unit or around.column_units.get(heading.position, "") or around.unit
            cells[heading.role] = "" if reason_for(text) else with_unit(text, unit)
    said = [text for role, text in cells.items() if role not in {"project", "period", "published"}]
    if all(reason_for(text) == "not_reported" for text in said):
        return []
    heading = header.of("period") or header.headings[0]
    span = next((h for h in header.headings if h.role == "invested_year" and h.span), heading)
    cells["period"] = bulletins.period_text(
        replace(span, follows="@ytd"), cells.get("period", ""), None, around.period
    )
    cells["published"] = cells.get("published", "").strip() or published
    return [Entry(line, "", cells)]


def task(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: bulletins.Around,
    published: str,
) -> list[Entry]:
    """Return a report on a task; one without a word is not reported."""
    day = cells.get("date", "").strip() or published
    if not day and around.period is not None:
        day = around.period.last_day
    state = state_word(cells.get("state", ""))
    silent = reason_for(cells.get("sentence", "")) == "not_reported"
    if silent and not state:
        state = "not_reported"
    return [Entry(line, "", {**cells, "date": day, "state": state})]
