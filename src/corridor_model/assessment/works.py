"""Works: money against the year's plan and since the start, openings due, overdue, next."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor_model.arguments import holding
from corridor_model.assessment.case import LAG, When, period_text, when_of
from corridor_model.assessment.verdicts import SCHEDULE_THRESHOLDS, by_gap
from corridor_model.codes import NOT_ASSESSABLE, REASONS, STATUSES
from corridor_model.display import display
from corridor_model.errors import CorridorError
from corridor_model.formatting import rounded
from corridor_model.messages import N_, context, message
from corridor_model.observations.histories import last_period
from corridor_model.observations.model import known_from
from corridor_model.observations.semantics import (
    finish_moment,
    is_finished,
    is_paused,
    is_unfinished,
)
from corridor_model.periods import MONTHS, Period, day_of, end_of, is_due, is_next, year_before
from corridor_model.plan.plan import must_be_plan
from corridor_model.tabular.table import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.assessment.engine import AsOf
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Project, Task


_WORK_REPORT = (
    "project",
    "period",
    "invested_month",
    "invested_year",
    "invested_total",
    "milestone",
    "started",
    "in_statistics",
    "problem",
    "next_step",
    "unit",
    "published",
)


def assess_works(
    plan: Plan,
    work_reports: Any = None,
    annual_investment: Any = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
) -> pd.DataFrame:
    """Return where each work of a plan stands at a period.

    Parameters
    ----------
    plan : Plan
        Its own tables ``work_reports`` and ``annual_investment`` are included.
    work_reports, annual_investment : Table, DataFrame or list of mappings, optional
        Further rows, with the columns of those tables; the last report published wins.
    as_of : int, str or Period, optional
        The period the verdict speaks of, by default the last one that a report speaks of;
        without any report the last one with figures (S15).
    known_by : str or date, optional
        Leave out reports published later.

    Returns
    -------
    pandas.DataFrame
        Indexed by project: name_zh, category, lead_units, investment, period (of the report),
        invested_month, invested_year, annual_plan, annual_origin, completion (完成率),
        year_elapsed (序时进度), year_gap (超欠序时, a fraction), invested_total,
        invested_share (since the start, of the total), start, end, start_due, started,
        finished, met_late (the period of a finish after the printed end), overdue,
        start_next_month, end_next_month, in_statistics, milestone, problem, next_step, status,
        reason, branch.

    Notes
    -----
    A work is finished when its 形象进度 says so of the whole (竣工, 完工, 通车, 建成, 投入使用)
    and neither plans nor denies it; the month is that which it names, otherwise that of the
    first report that says so. From its printed end on a work is achieved or missed (S20): one
    that a report of the end or later does not call finished is missed, also where it rests,
    and one finished only later is missed, ``met_late``. 入统 is a second truth beside money
    spent and never compared with it. An annual plan that nobody entered is unknown: the verdict
    is ``not_quantified``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> works = assess_works(cm.load_plan(), as_of="2021-09",
    ...     work_reports=[{"project": "weiken_road", "period": "2021-09", "invested_year": 1.5}],
    ...     annual_investment=[{"project": "weiken_road", "year": 2021, "value": 1.8}])
    >>> works.loc["weiken_road", "status"], float(works.loc["weiken_road", "year_gap"])
    ('ahead', 0.083333333333)
    """
    import pandas as pd

    must_be_plan(plan)
    day = None if known_by is None else day_of(known_by)
    every = [
        *rows_of(plan.tables["work_reports"], _WORK_REPORT),
        *rows_of(work_reports, _WORK_REPORT),
    ]
    if as_of is None:
        known = [
            period
            for row in every
            if (period := Period.of(row["period"]))
            and (day is None or known_from(str(period), row["published"]) <= day)
        ]
        as_of = _last_of(known) or last_period(plan, None, day)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year)
    reports = _reports(every, when, day)
    plans = _plans(
        [
            *rows_of(plan.tables["annual_investment"], ("project", "year", "value", "origin")),
            *rows_of(annual_investment, ("project", "year", "value", "origin")),
        ],
        when.period.year,
    )
    rows = {
        name: _work(work, reports.get(name, []), plans.get(name), when)
        for name, work in plan.projects.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "project"
    frame.attrs = {"as_of": str(when.period), "thresholds": str(SCHEDULE_THRESHOLDS)}
    return frame


def _last_of(periods: list[Period]) -> Period | None:
    """Return the period that ends last, of several the longest; None where there is none."""
    return max(periods, key=lambda period: (period.end, period.length), default=None)


def _reports(
    rows: list[dict[str, Any]], when: When, day: str | None
) -> dict[str, list[dict[str, Any]]]:
    """Return the reports of each work up to the period, by time; of one the last published."""
    known: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        period = Period.of(row["period"])
        at = period.end
        published = known_from(str(period), row["published"])
        if at > when.moment or (day is not None and published > day):
            continue
        text = period_text(period.year, period.month)
        of_work = known.setdefault(row["project"], {})
        if at not in of_work or of_work[at]["day"] <= published:
            of_work[at] = {**row, "at": at, "text": text, "day": published}
    return {name: [of_work[at] for at in sorted(of_work)] for name, of_work in known.items()}


class Finish(NamedTuple):
    """Whether a work or a task is done, and what its date makes of that (S20).

    ``late`` is when it was done after its date; ``missed`` says that a report of the date or
    later did not call it done.
    """

    done: bool
    late: str = ""
    missed: bool = False


def _finish(work: Project, reports: Sequence[Mapping[str, Any]]) -> Finish:
    """Return whether a work is finished by its reports, and whether by its printed end.

    Once finished it stays so, whatever later reports speak of, unless one takes it back.
    """
    first: Mapping[str, Any] | None = None
    for one in reports:
        if is_finished(one["milestone"]):
            first = first or one
        elif is_unfinished(one["milestone"]):
            first = None
    due = end_of(work.end) if work.end else math.inf
    if first is None:
        return Finish(False, missed=any(one["at"] >= due for one in reports))
    at = finish_moment(str(first["milestone"]), first["at"])
    return Finish(True, _text_of(at) if at > due else "")


def _text_of(moment: int) -> str:
    return period_text(year_before(moment), moment % MONTHS or MONTHS)


def _plans(rows: list[dict[str, Any]], year: int) -> dict[str, tuple[float, str]]:
    return {
        row["project"]: (float(row["value"]), row["origin"] or "user")
        for row in rows
        if int(row["year"]) == year and row["value"] is not None
    }


def _work(
    work: Project,
    reports: Sequence[Mapping[str, Any]],
    planned: tuple[float, str] | None,
    when: When,
) -> dict[str, Any]:
    report = reports[-1] if reports else None
    reported: Mapping[str, Any] = report or {}
    months = reported["at"] % MONTHS or MONTHS if report else when.period.month
    spent = reported.get("invested_year")
    if report and int(report["text"][:4]) != when.period.year:
        spent = None  # last year's money says nothing of this year's plan
    goal = planned[0] if planned else None
    completion = spent / goal if spent is not None and goal else None
    gap = None if completion is None else round(completion - months / MONTHS, 12)
    # the month's money is of this month alone: a finished work reported its last one earlier
    is_of_month = report is not None and report["at"] == when.moment
    total = reported.get("invested_total")
    finish = _finish(work, reports)
    started = finish.done or reported.get("started")
    if started is None and any((reported.get(name) or 0) > 0 for name in ("invested_total",)):
        started = True
    row = {
        "name_zh": work.name_zh,
        "name_en": work.name("en"),
        "category": work.category,
        "lead_units": ";".join(work.lead_units),
        "investment": work.investment,
        "period": reported.get("text"),
        "invested_month": reported.get("invested_month") if is_of_month else None,
        "invested_year": spent,
        "annual_plan": goal,
        "annual_origin": planned[1] if planned else None,
        "completion": completion,
        "year_elapsed": months / MONTHS,
        "year_gap": gap,
        "invested_total": total,
        "invested_share": total / work.investment
        if total is not None and work.investment
        else None,
        "start": work.start,
        "end": work.end,
        "start_due": is_due(work.start, when.moment),
        "started": started,
        "finished": finish.done,
        "met_late": finish.late or None,
        "overdue": is_due(work.end, when.moment) and not finish.done,
        "start_next_month": is_next(work.start, when.moment),
        "end_next_month": is_next(work.end, when.moment),
        "in_statistics": reported.get("in_statistics"),
        "milestone": reported.get("milestone"),
        "problem": reported.get("problem"),
        "next_step": reported.get("next_step"),
    }
    status, reason, branch = _work_verdict(work, reported, row, finish, when)
    return row | {"status": status, "reason": reason, "branch": branch}


def _work_verdict(
    work: Project,
    reported: Mapping[str, Any],
    row: Mapping[str, Any],
    finish: Finish,
    when: When,
) -> tuple[str, str, str]:
    if finish.done:
        return ("missed", "", "met_late") if finish.late else ("achieved", "", "finished")
    if row["overdue"] and finish.missed:
        return "missed", "", "overdue"  # at its date it was not done, resting or not
    current = bool(reported) and reported["at"] >= when.moment - LAG
    if current and is_paused(reported.get("milestone"), reported.get("problem")):
        return "not_assessable", "paused", "paused"
    if not current or row["overdue"]:
        waiting = work.start and not row["start_due"] and not reported
        reason = "not_due_yet" if waiting else "not_reported"
        return "not_assessable", reason, reason
    if row["start_due"] and row["started"] is False:
        return "behind", "", "not_started"
    if row["year_gap"] is None:
        early = work.start and not row["start_due"] and not row["started"]
        reason = "not_due_yet" if early else "not_quantified"
        return "not_assessable", reason, reason
    return by_gap(row["year_gap"]), "", "gap_of_year"


# The works of a plan in one line, in the order in which offices report it.


class KnownSum(NamedTuple):
    """A sum over unknowns: what is known, and how many of how many (S6)."""

    value: float | None
    known: int
    of: int

    def text(self, lang: str = "zh") -> str:
        """Return the sum with how much of it is known, unless all is.

        Examples
        --------
        >>> KnownSum(219.0, 14, 24).text("en"), KnownSum(None, 0, 24).text("zh")
        ('219.00 (14 of 24 known)', '未知')
        """
        if self.value is None:
            return context("sum", "unknown").text(lang)
        total = rounded(self.value, 2)
        if self.known == self.of:
            return total
        return message(
            "{total} ({known} of {of} known)", total=total, known=self.known, of=self.of
        ).text(lang)


class WorksTotal(NamedTuple):
    """Works of a plan at a period; counts of statuses sum to ``works``."""

    works: int
    investment: KnownSum
    annual_plan: KnownSum
    invested_month: KnownSum
    invested_year: KnownSum
    completion: float | None
    year_gap: float | None
    start_due: int
    started: int
    start_rate: float | None
    finished: int
    overdue: int
    statuses: dict[str, int]
    reasons: dict[str, int]

    def _repr_html_(self) -> str:
        return display(self)


def works_total(works: pd.DataFrame) -> WorksTotal:
    """Return the totals of :func:`corridor_model.assessment.works.assess_works`.

    The completion compares like with like: only works of which both the money of the year and
    its plan are known.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.assessment import assess_works
    >>> works_total(assess_works(cm.load_plan(example=True), as_of="2021-12")) is None
    False
    """
    holding("works", works, "DataFrame", "columns", "dropna")
    if "completion" not in works.columns:
        raise CorridorError(N_("This is no result of assess_works: it has no column completion."))

    def known_sum(name: str) -> KnownSum:
        values = works[name].dropna()
        total = float(values.sum()) if len(values) else None
        return KnownSum(total, len(values), len(works))

    both = works.dropna(subset=["completion"])
    done = planned = None
    if len(both):
        done, planned = float(both["invested_year"].sum()), float(both["annual_plan"].sum())
    completion = done / planned if done is not None and planned else None
    elapsed = float(both["year_elapsed"].max()) if len(both) else 0.0
    due = works[works["start_due"].astype(bool)]
    started = int(sum(value is True or value == 1 for value in due["started"]))
    return WorksTotal(
        works=len(works),
        investment=known_sum("investment"),
        annual_plan=known_sum("annual_plan"),
        invested_month=known_sum("invested_month"),
        invested_year=known_sum("invested_year"),
        completion=completion,
        year_gap=None if completion is None else round(completion - elapsed, 12),
        start_due=len(due),
        started=started,
        start_rate=started / len(due) if len(due) else None,
        finished=int(works["finished"].sum()),
        overdue=int(works["overdue"].sum()),
        statuses={status: int((works["status"] == status).sum()) for status in STATUSES},
        reasons={
            reason: int(((works["status"] == NOT_ASSESSABLE) & (works["reason"] == reason)).sum())
            for reason in REASONS
        },
    )


# Tasks: the state last reported, deadlines overdue and next month's.

_TASK_REPORT = ("task", "date", "state", "sentence")


def assess_tasks(
    plan: Plan,
    task_reports: Any = None,
    as_of: AsOf | None = None,
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
    as_of : int, str or Period, optional
        The period the verdict speaks of, by default the last one that a report speaks of;
        without any report the last one with figures (S15).
    known_by : str or date, optional
        Leave out reports made later.

    Returns
    -------
    pandas.DataFrame
        Indexed by task: name, area, deadline, lead_units, other_units, indicators, state,
        date, sentence, met_late, overdue, due_next_month, status, reason, branch. From its
        deadline on a task is achieved or missed (S20), resting or not: one that was done only
        later is missed, with the day of that report in ``met_late``. Where nothing was reported
        since, and it was not done before, that is ``not_reported``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> works = assess_tasks(cm.load_plan(), as_of="2020-12",
    ...     task_reports=[{"task": "annex1_01", "date": "2020-11-30", "state": "on_schedule"}])
    >>> works.loc["annex1_01", "status"], works.loc["annex1_02", "reason"]
    ('on_schedule', 'not_reported')
    """
    import pandas as pd

    must_be_plan(plan)
    rows = [
        *rows_of(plan.tables["task_reports"], _TASK_REPORT),
        *rows_of(task_reports, _TASK_REPORT),
    ]
    if as_of is None:
        days = [day_of(str(row["date"])[:10]) for row in rows]
        known = [Period.of(day[:7]) for day in days if known_by is None or day <= day_of(known_by)]
        as_of = _last_of(known) or last_period(plan, None, known_by)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year)
    last = when.period.last_day
    if known_by is not None:
        last = min(last, day_of(known_by))
    reports: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        day = day_of(str(row["date"])[:10])
        if day <= last:
            reports.setdefault(row["task"], {})[day] = {**row, "day": day}
    rows_by_task = {
        name: _task(task, [of_task[day] for day in sorted(of_task)], when)
        for name, task in plan.tasks.items()
        for of_task in (reports.get(name, {}),)
    }
    frame = pd.DataFrame.from_dict(rows_by_task, orient="index")
    frame.index.name = "task"
    frame.attrs = {"as_of": str(when.period)}
    return frame


def _task(task: Task, reports: Sequence[Mapping[str, Any]], when: When) -> dict[str, Any]:
    reported: Mapping[str, Any] = reports[-1] if reports else {}
    state = reported.get("state") or "not_reported"
    due = is_due(task.deadline, when.moment)
    finish = _end_of_task(task, reports)
    overdue = due and not finish.done
    status, reason, branch = _task_verdict(state, overdue, finish)
    return {
        "name": task.name,
        "area": task.area,
        "deadline": task.deadline,
        "lead_units": ";".join(task.lead_units),
        "other_units": ";".join(task.other_units),
        "indicators": ";".join(task.indicators),
        "state": state,
        "date": reported.get("date"),
        "sentence": reported.get("sentence"),
        "met_late": finish.late or None,
        "overdue": overdue and finish.missed,
        "due_next_month": is_next(task.deadline, when.moment) and state != "done",
        "status": status,
        "reason": reason,
        "branch": branch,
    }


def _end_of_task(task: Task, reports: Sequence[Mapping[str, Any]]) -> Finish:
    """Return whether a task is done by its reports, and whether by its deadline."""
    first: Mapping[str, Any] | None = None
    for one in reports:
        if one["state"] == "done":
            first = first or one
        elif one["state"] != "not_reported":
            first = None
    due = day_of(task.deadline) if task.deadline else "9999"
    if first is not None:
        return Finish(True, str(first["date"]) if first["day"] > due else "")
    later = (one for one in reports if one["day"] >= due and one["state"] != "not_reported")
    return Finish(False, missed=any(later))


def _task_verdict(state: str, overdue: bool, finish: Finish) -> tuple[str, str, str]:
    if finish.done:
        return ("missed", "", "met_late") if finish.late else ("achieved", "", "done")
    if overdue and finish.missed:
        return "missed", "", "overdue"
    if state == "paused":
        return "not_assessable", "paused", "paused"
    if overdue or state == "not_reported":
        return "not_assessable", "not_reported", "not_reported"
    return state, "", "reported"
