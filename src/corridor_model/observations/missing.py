"""What has not been reported: which figure is due for which period, from whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.messages import (
    N_,
    Listing,
    Message,
    Name,
    Translator,
    Worded,
    message,
    plural,
    translator,
)
from corridor_model.observations.histories import histories
from corridor_model.observations.load import ObservationsLike
from corridor_model.observations.model import History
from corridor_model.observations.vocabulary import ANNEXES
from corridor_model.periods import Period, period_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator

if TYPE_CHECKING:
    import pandas as pd

HEADER = ("序号", "事项", "应报单位", "应报期", "原因", "影响")
"""Columns of the list, as district offices print it."""

_REASONS = {
    "not_reported": N_("not reported"),
    "not_due_yet": N_("not published yet"),
    "paused": N_("the work is paused"),
    "not_started": N_("not begun yet"),
    "months_missing": N_("months are missing"),
    "year_missing": N_("earlier years are missing"),
    "month_only": N_("only the month by itself"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One figure or report that is due and not there.

    Attributes
    ----------
    kind : str
        ``indicator``, ``work`` or ``task``.
    id : str
        Of what.
    name : str or Message
        What it is called.
    units : tuple of str
        Who answers for it, in the order printed.
    period : Period
        For when it is due.
    reason, effect : Message
        Why it is missing, and what cannot be said without it.
    """

    kind: str
    id: str
    name: str | Worded
    units: tuple[str, ...]
    period: Period
    reason: Worded
    effect: Worded

    def who(self, t: Translator) -> str:
        """Return who answers for it, as a list prints them."""
        return t.listing(self.units) or t("(no unit is named)")

    def cells(self, t: Translator) -> tuple[str, ...]:
        """Return its row of the list behind the number."""
        texts = (t.of(part) for part in (self.name, self.period, self.reason, self.effect))
        name, period, reason, effect = texts
        return name, self.who(t), period, reason, effect


def missing_figures(
    plan: Plan,
    observations: ObservationsLike = None,
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

    t = translator("zh")
    due = missing_by_unit(plan, observations, as_of, known_by)
    rows = [(number, *item.cells(t)) for number, item in enumerate(due, 1)]
    index = pd.Index([item.id for item in due], name="id", dtype=object)
    return pd.DataFrame(rows, columns=list(HEADER), index=index)


def missing_by_unit(
    plan: Plan,
    observations: ObservationsLike,
    as_of: int | str | Period,
    known_by: str | datetime.date | None = None,
) -> list[Due]:
    """Return what is due and not there, each unit's together, and last what nobody owes."""
    due = missing(plan, observations, as_of, known_by)
    return sorted(due, key=lambda item: item.units[:1] or ("\uffff",))


def missing(
    plan: Plan,
    observations: ObservationsLike,
    as_of: int | str | Period,
    known_by: str | datetime.date | None = None,
) -> Iterator[Due]:
    """Yield what is due and not there: indicators, works, tasks, each in the plan's order."""
    end = Period.of(as_of)
    known = histories(plan, observations, end, known_by)
    units = responsible_units(plan)
    for name, indicator in plan.indicators.items():
        period = due_period(indicator, end)
        if period is None or _reported(indicator, known[name], period):
            continue
        effect = plural(
            "{n} target cannot be assessed",
            "{n} targets cannot be assessed",
            len(indicator.targets),
        )
        reason = _why(known[name], period)
        yield Due("indicator", name, indicator.name_zh, units.get(name, ()), period, reason, effect)
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


def responsible_units(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Return the leading units of the tasks that carry each indicator."""
    units: dict[str, list[str]] = {}
    for task in plan.tasks.values():
        for name in task.indicators:
            units.setdefault(name, []).extend(plan.units.get(u, u) for u in task.lead_units)
    return {name: tuple(dict.fromkeys(names)) for name, names in units.items()}


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


def _why(history: History, period: Period) -> Message:
    """Return the reason nearest to the period: what was written there, a gap, a part of it."""
    for remark in reversed(history.remarks):
        about = period_of(remark.period)
        if (about.year, about.month) == (period.year, period.month):
            return Message(_REASONS[remark.reason])
    for gap in history.gaps:
        if gap.year == period.year:
            reason = Message(_REASONS[gap.reason])
            if not gap.missing:
                return reason
            return message("{reason} ({missing})", reason=reason, missing=Listing(gap.missing))
    point = next((p for p in reversed(history.points) if p.year == period.year), None)
    if point is not None and point.months < 12:
        return message("reported up to month {month} only", month=point.months)
    return Message(_REASONS["not_reported"])


def _works(plan: Plan, end: Period) -> Iterator[Due]:
    reports: dict[str, list[tuple[int, int]]] = {}
    table = plan.tables["work_reports"]
    for work, text in zip(table["project"], table["period"], strict=True):
        period = period_of(text)
        reports.setdefault(work, []).append((period.year, period.month))
    reason, effect = Message(_REASONS["not_reported"]), message("the work cannot be assessed")
    for name, work in plan.projects.items():
        if any(time == (end.year, end.month) for time in reports.get(name, ())):
            continue
        if work.start is not None and f"{end.year}-{end.month:02d}" < work.start:
            continue  # not begun by then: nothing to report
        units = tuple(plan.units.get(unit, unit) for unit in work.lead_units)
        yield Due("work", name, work.name_zh, units, end, reason, effect)


def _tasks(plan: Plan, end: Period) -> Iterator[Due]:
    latest: dict[str, tuple[str, str]] = {}
    table = plan.tables["task_reports"]
    for task, date, state in zip(table["task"], table["date"], table["state"], strict=True):
        if date <= end.last_day:
            latest[task] = max(latest.get(task, ("", "")), (date, state))
    first = f"{end.year}-{end.first_month:02d}"
    reason, effect = Message(_REASONS["not_reported"]), message("the state is not known")
    for name, item in plan.tasks.items():
        date, state = latest.get(name, ("", ""))
        if state == "done" or (date >= first and state != "not_reported"):
            continue
        units = tuple(plan.units.get(unit, unit) for unit in item.lead_units)
        called = message(
            "{task} (annex {annex}, row {row})",
            task=item.name,
            annex=Name(ANNEXES[item.table], str(item.table)),
            row=item.row,
        )
        yield Due("task", name, called, units, end, reason, effect)
