"""Tasks: the state last reported, deadlines overdue and next month's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.assess.case import When, when_of
from corridor_model.assess.dates import is_due, is_next, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.assess.ready import AsOf
    from corridor_model.plan.model import Task
    from corridor_model.plan.plan import Plan

REPORT = ("task", "date", "state", "sentence")


def assess_tasks(
    plan: Plan,
    task_reports: Any = None,
    as_of: AsOf = 2021,
    known_by: str | datetime.date | None = None,
) -> pd.DataFrame:
    """Return where each task of a plan stands at a period.

    Parameters
    ----------
    plan : Plan
        Its own table ``task_reports`` is included.
    task_reports : Table, DataFrame or list of mappings, optional
        Further reports: task, date, state (done, on_schedule, behind, paused, not_reported),
        sentence. The last one up to the period counts.
    as_of : int, str or Period, default 2021
        The period the verdict speaks of (S15).
    known_by : str or date, optional
        Leave out reports made later.

    Returns
    -------
    pandas.DataFrame
        Indexed by task: name, area, deadline, lead_units, other_units, indicators, state,
        date, sentence, overdue, due_next_month, status, reason, branch. A task not done at its
        deadline is behind, whatever its report says.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = assess_tasks(cm.load_plan(), as_of="2020-12",
    ...     task_reports=[{"task": "annex1_01", "date": "2020-11-30", "state": "on_schedule"}])
    >>> made.loc["annex1_01", "status"], made.loc["annex1_02", "reason"]
    ('on_schedule', 'not_reported')
    """
    import pandas as pd

    from corridor_model.observations.model import day_of

    when = when_of(as_of, plan.about.first_year, plan.about.last_year)
    last = when.period.last_day
    if known_by is not None:
        last = min(last, day_of(known_by))
    reports: dict[str, dict[str, Any]] = {}
    rows = [*rows_of(plan.tables["task_reports"], REPORT), *rows_of(task_reports, REPORT)]
    for row in rows:
        day = day_of(str(row["date"])[:10])
        if day > last:
            continue
        old = reports.get(row["task"])
        if old is None or old["day"] <= day:
            reports[row["task"]] = {**row, "day": day}
    made = {name: _task(task, reports.get(name), when) for name, task in plan.tasks.items()}
    frame = pd.DataFrame.from_dict(made, orient="index")
    frame.index.name = "task"
    frame.attrs = {"as_of": str(when.period)}
    return frame


def _task(task: Task, report: Mapping[str, Any] | None, when: When) -> dict[str, Any]:
    said: Mapping[str, Any] = report or {}
    state = said.get("state") or "not_reported"
    overdue = is_due(task.deadline, when.moment) and state != "done"
    status, reason, branch = _verdict(state, overdue)
    return {
        "name": task.name,
        "area": task.area,
        "deadline": task.deadline,
        "lead_units": ";".join(task.lead_units),
        "other_units": ";".join(task.other_units),
        "indicators": ";".join(task.indicators),
        "state": state,
        "date": said.get("date"),
        "sentence": said.get("sentence"),
        "overdue": overdue and state not in {"not_reported", "paused"},
        "due_next_month": is_next(task.deadline, when.moment) and state != "done",
        "status": status,
        "reason": reason,
        "branch": branch,
    }


def _verdict(state: str, overdue: bool) -> tuple[str, str, str]:
    if state == "done":
        return "achieved", "", "done"
    if state in {"paused", "not_reported"}:
        return "not_assessable", state, state
    if overdue:
        return "behind", "", "overdue"
    return state, "", "reported"
