"""What has not been reported: which figure is due for which period, from whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.observations.histories import histories
from corridor_model.observations.load import Given
from corridor_model.observations.model import History
from corridor_model.periods import Period, period_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator

if TYPE_CHECKING:
    import pandas as pd

HEADER = ("序号", "事项", "应报单位", "应报期", "原因", "影响")
"""Columns of the list, as district offices print it."""

_REASONS = {
    "not_reported": "未报送",
    "not_due_yet": "未到公布期",
    "paused": "项目暂缓",
    "not_started": "暂未启动",
    "months_missing": "分月数据不全",
    "year_missing": "以前年度数据不全",
    "month_only": "只有当月数",
}
NOBODY = "（未注明责任单位）"


@dataclass(frozen=True, slots=True)
class Due:
    """One figure or report that is due and not there.

    Attributes
    ----------
    kind : str
        ``indicator``, ``work`` or ``task``.
    id, name : str
        Of what.
    units : tuple of str
        Who answers for it, in the order printed.
    period : Period
        For when it is due.
    reason, effect : str
        Why it is missing and what cannot be said without it, in Chinese.
    """

    kind: str
    id: str
    name: str
    units: tuple[str, ...]
    period: Period
    reason: str
    effect: str


def missing_figures(
    plan: Plan,
    observations: Given = None,
    as_of: int | str | Period = 2021,
    known_by: str | datetime.date | None = None,
) -> pd.DataFrame:
    """Return what is due by a period and has not been reported, sorted by who owes it.

    Every indicator owes a figure for ``as_of``, or for its own deadline where that is
    earlier; every unfinished work and every open task owes a report.

    Parameters
    ----------
    plan : Plan
        With its reports on works and tasks.
    observations : Observations, path or DataFrame, optional
        Figures besides the plan's own.
    as_of : int, str or Period, default 2021
        The period asked about (S15).
    known_by : str or date, optional
        What was known on that day.

    Returns
    -------
    pandas.DataFrame
        Indexed by id: 序号, 事项, 应报单位, 应报期, 原因, 影响.

    Examples
    --------
    >>> import corridor_model as cm
    >>> missing_figures(cm.load_plan(), as_of="2021Q3").loc["gdp", "应报期"]
    '2021Q3'
    """
    import pandas as pd

    due = sorted(
        missing(plan, observations, as_of, known_by), key=lambda d: d.units[:1] or ("\uffff",)
    )
    rows = [
        (number, d.name, "、".join(d.units) or NOBODY, str(d.period), d.reason, d.effect)
        for number, d in enumerate(due, 1)
    ]
    index = pd.Index([d.id for d in due], name="id", dtype=object)
    return pd.DataFrame(rows, columns=list(HEADER), index=index)


def missing(
    plan: Plan,
    observations: Given,
    as_of: int | str | Period,
    known_by: str | datetime.date | None = None,
) -> Iterator[Due]:
    """Yield what is due and not there: indicators, works, tasks, each in the plan's order."""
    end = Period.of(as_of)
    known = histories(plan, observations, end, known_by)
    answers = answerable(plan)
    for name, indicator in plan.indicators.items():
        period = due_period(indicator, end)
        if period is None or _reported(indicator, known[name], period):
            continue
        units = answers.get(name, ())
        effect = f"{len(indicator.targets)}项目标无法评估"
        reason = _why(known[name], period)
        yield Due("indicator", name, indicator.name_zh, units, period, reason, effect)
    yield from _works(plan, end)
    yield from _tasks(plan, end)


def due_period(indicator: Indicator, as_of: Period) -> Period | None:
    """Return the period an indicator owes a figure for, or None if it has no target."""
    if not indicator.targets:
        return None
    last = max((target.year, target.month or 12) for target in indicator.targets)
    if last < (as_of.year, as_of.month):
        return Period(last[0], last[1])
    return as_of


def answerable(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Return the leading units of the tasks that carry each indicator."""
    found: dict[str, list[str]] = {}
    for task in plan.tasks.values():
        for name in task.indicators:
            found.setdefault(name, []).extend(plan.units.get(u, u) for u in task.lead_units)
    return {name: tuple(dict.fromkeys(units)) for name, units in found.items()}


def _reported(indicator: Indicator, history: History, period: Period) -> bool:
    if indicator.kind == "milestone":
        last = history.done[-1] if history.done else None
        return last is not None and (
            last.value == 1 or (last.year, last.months) >= (period.year, period.month)
        )
    points = history.points
    if indicator.kind == "growth":
        points += history.growths
    return any(
        point.year == period.year and point.months >= period.month
        for point in (*points, *history.part_years.get(period.year, ()))
    )


def _why(history: History, period: Period) -> str:
    for remark in reversed(history.remarks):
        said = period_of(remark.period)
        if (said.year, said.month) == (period.year, period.month):
            return _REASONS[remark.reason]
    for gap in history.gaps:
        if gap.year == period.year:
            lacking = f"（缺{'、'.join(gap.missing)}）" if gap.missing else ""
            return _REASONS[gap.reason] + lacking
    point = next((p for p in reversed(history.points) if p.year == period.year), None)
    if point is not None and point.months < 12:
        return f"只报到{point.months}月"
    return _REASONS["not_reported"]


def _works(plan: Plan, end: Period) -> Iterator[Due]:
    reports: dict[str, list[tuple[int, int]]] = {}
    table = plan.tables["work_reports"]
    for work, text in zip(table["project"], table["period"], strict=True):
        period = period_of(text)
        reports.setdefault(work, []).append((period.year, period.month))
    for name, work in plan.projects.items():
        if any(time == (end.year, end.month) for time in reports.get(name, ())):
            continue
        if work.start is not None and f"{end.year}-{end.month:02d}" < work.start:
            continue  # not begun by then: nothing to report
        units = tuple(plan.units.get(unit, unit) for unit in work.lead_units)
        yield Due("work", name, work.name_zh, units, end, "未报送", "项目进度无法评估")


def _tasks(plan: Plan, end: Period) -> Iterator[Due]:
    latest: dict[str, tuple[str, str]] = {}
    table = plan.tables["task_reports"]
    for task, date, state in zip(table["task"], table["date"], table["state"], strict=True):
        if date <= end.last_day:
            latest[task] = max(latest.get(task, ("", "")), (date, state))
    first = f"{end.year}-{end.first_month:02d}"
    for name, item in plan.tasks.items():
        date, state = latest.get(name, ("", ""))
        if state == "done" or (date >= first and state != "not_reported"):
            continue
        units = tuple(plan.units.get(unit, unit) for unit in item.lead_units)
        shown = f"{item.name}（附件{'一二三四'[item.table - 1]}第{item.row}行）"
        yield Due("task", name, shown, units, end, "未报送", "任务状态不明")
