"""What has not been reported, from whom, and the form that units fill in to report it.

Both are lists for the offices of the plan, in Chinese: what the form prints is read back by its
titles.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError
from corridor_model.files import workbook_at
from corridor_model.growth import meets
from corridor_model.messages import N_, Listing, Message, Name, Worded, message, plural, translator
from corridor_model.observations import vocabulary
from corridor_model.observations.histories import histories
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.model import History, Point
from corridor_model.observations.names import names_of
from corridor_model.observations.reports import load_reports, with_tables
from corridor_model.observations.semantics import is_finished
from corridor_model.periods import (
    MONTHS,
    Period,
    PrintedDate,
    last_month,
    month_end,
    period_of,
    year_before,
)
from corridor_model.plan.display import target_text
from corridor_model.plan.measures import MEASURES
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator, Project, Task
from corridor_model.tabular.schema import SHEETS_ZH, TITLES_ZH

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook

t = translator("zh")

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
    "finished": N_("the work is finished"),
    "no_date": N_("the promise has no date yet"),
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
    is_due : bool
        False for what is not there and not owed: a yearly figure within its year, a figure
        whose office says when it comes, a finished work.
    """

    kind: str
    id: str
    name: str | Worded
    units: tuple[str, ...]
    period: Period
    reason: Worded
    effect: Worded
    is_due: bool = True

    @property
    def who(self) -> str:
        """Who answers for it, as a list prints them."""
        return t.listing(self.units) or t("(no unit is named)")

    def cells(self) -> tuple[str, ...]:
        """Return its row of the list behind the number."""
        parts = (self.name, self.who, self.period, self.reason, self.effect)
        return tuple(map(t.of, parts))


def missing_figures(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: int | str | Period = 2021,
    known_by: str | datetime.date | None = None,
    *,
    rest: bool = False,
) -> pd.DataFrame:
    """Return what is due by a period and has not been reported, sorted by who owes it.

    Every indicator owes a figure for ``as_of``, or for its own deadline where that is
    earlier; every unfinished work and every open task owes a report. Within a year an
    indicator that the office reports by whole years alone owes none, where it reports others
    within the year; nor does one whose office says when it will be published, nor a finished
    work: they are the rest.

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
    rest : bool, default False
        Return what is not there and not due instead.

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

    due = missing_by_unit(plan, observations, as_of, known_by, rest=rest)
    rows = [(number, *item.cells()) for number, item in enumerate(due, 1)]
    index = pd.Index([item.id for item in due], name="id", dtype=object)
    return pd.DataFrame(rows, columns=list(HEADER), index=index)


def missing_by_unit(
    plan: Plan,
    observations: ObservationsLike,
    as_of: int | str | Period,
    known_by: str | datetime.date | None = None,
    *,
    rest: bool = False,
) -> list[Due]:
    """Return what is due and not there, each unit's together, and last what nobody owes."""
    due = (d for d in missing(plan, observations, as_of, known_by) if d.is_due is not rest)
    return sorted(due, key=lambda item: item.units[:1] or ("\uffff",))


def missing(
    plan: Plan,
    observations: ObservationsLike,
    as_of: int | str | Period,
    known_by: str | datetime.date | None = None,
) -> Iterator[Due]:
    """Yield what is not there: indicators, works, tasks, each in the plan's order."""
    end = Period.of(as_of)
    known = histories(plan, observations, end, known_by)
    units, yearly = responsible_units(plan), _yearly(plan, known)
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
        to_come = reason.template == _REASONS["not_due_yet"] or (
            period.month < MONTHS and name in yearly
        )
        undated = all(target.year is None for target in indicator.targets)
        if undated:
            reason = Message(_REASONS["no_date"])  # listed apart: nothing is owed
        elif to_come:
            reason = Message(_REASONS["not_due_yet"])
        to_come |= undated
        who = units.get(name, ())
        yield Due(
            "indicator", name, indicator.name_zh, who, period, reason, effect, is_due=not to_come
        )
    yield from _works(plan, end)
    yield from _tasks(plan, end)


def due_period(indicator: Indicator, as_of: Period) -> Period | None:
    """Return the period an indicator owes a figure for, or None if it has no target."""
    if not indicator.targets:
        return None
    last = max((t.year or as_of.year, t.month or 12) for t in indicator.targets)
    if last < (as_of.year, as_of.month):
        return Period(last[0], last[1])
    return as_of


def responsible_units(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Return the leading units of the tasks that carry each indicator."""
    units: dict[str, list[str]] = {}
    for task in plan.tasks.values():
        for name in task.indicators:
            units.setdefault(name, []).extend(leading_units(plan, task))
    return {name: tuple(dict.fromkeys(names)) for name, names in units.items()}


def leading_units(plan: Plan, item: Project | Task) -> tuple[str, ...]:
    """Return who leads a work or task, by today's names."""
    return tuple(plan.units.get(unit, unit) for unit in item.lead_units)


def _reported(indicator: Indicator, history: History, period: Period) -> bool:
    if indicator.kind == "milestone":
        last = history.done[-1] if history.done else None
        return last is not None and (
            last.value == 1 or (last.year, last.months) >= (period.year, period.month)
        )
    points = history.points
    if indicator.kind == "growth":
        points += history.growths
    within = history.part_years.get(period.year, ())
    if any((p.year, p.months) == (period.year, period.month) for p in (*points, *within)):
        return True  # a later one of the year says nothing of a date within it (S20)
    goals = indicator.targets
    counts = MEASURES[indicator.kind].lasting and len(goals) == 1 and goals[0].kind is None
    if not counts or goals[0].sense not in {"at_least", "above"} or goals[0].value is None:
        return False
    # a count that was there before its date was there at it, one not there later was not (S20)
    known = chain(points, *history.part_years.values())
    met = {
        month_end(p.year, p.months): meets(p.value, goals[0].value, goals[0].sense) for p in known
    }
    earlier = [met[end] for end in sorted(met) if end < period.end]
    later = [met[end] for end in sorted(met) if end > period.end]
    return any(earlier[-1:]) or not all(later[:1])


def _yearly(plan: Plan, known: Mapping[str, History]) -> frozenset[str]:
    """Return the indicators that are reported by whole years alone.

    That can be told only where the office reports others within the year; before, every figure
    is asked for. What was published says nothing of what the office reports within a year,
    but of a rank, which is published once a year.
    """
    yearly, within = set(), False
    for name, history in known.items():
        parts = chain.from_iterable(history.part_years.values())
        points = [
            point
            for point in (*history.points, *history.growths, *parts)
            if point.origin != "published" or plan.indicators[name].kind == "rank"
        ]
        if any(point.months < MONTHS for point in points):
            within = True
        elif points:
            yearly.add(name)
    return frozenset(yearly) if within else frozenset()


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
    known = chain(history.points, *history.part_years.values())
    ends = [month_end(p.year, p.months) for p in known]
    if later := [end for end in ends if end > period.end]:
        return message(
            "only a later figure is known, of {month}", month=PrintedDate(last_month(min(later)))
        )
    if within := [end % MONTHS for end in ends if year_before(end) == period.year]:
        return message("reported up to month {month} only", month=max(within))
    return Message(_REASONS["not_reported"])


def _works(plan: Plan, end: Period) -> Iterator[Due]:
    table = plan.tables["work_reports"]
    reported, finished = set(), set()
    for work, text, milestone in zip(
        *(table[name] for name in ("project", "period", "milestone")), strict=True
    ):
        period = period_of(text)
        if (period.year, period.month) == (end.year, end.month):
            reported.add(work)
        elif period <= end and is_finished(milestone):
            finished.add(work)
    reason, effect = Message(_REASONS["not_reported"]), message("the work cannot be assessed")
    for name, work in plan.projects.items():
        if name in reported:
            continue
        if work.start is not None and f"{end.year}-{end.month:02d}" < work.start:
            continue  # not begun by then: nothing to report
        why = Message(_REASONS["finished"]) if name in finished else reason
        who = leading_units(plan, work)
        yield Due("work", name, work.name_zh, who, end, why, effect, is_due=name not in finished)


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
        named = Name(item.name, item.summary_en or item.name)
        annex = Name(vocabulary.ANNEXES[item.table], str(item.table))
        title = (
            message("{task} (annex {annex}, row {row})", task=named, annex=annex, row=item.row)
            if item.part is None  # the parts of a row bear one name
            else message(
                "{task} (annex {annex}, row {row}, part {part})",
                task=named,
                annex=annex,
                row=item.row,
                part=item.part,
            )
        )
        yield Due("task", name, title, leading_units(plan, item), end, reason, effect)


# The form.


_TITLES = {
    "row": N_("No."),
    "indicator_name": N_("Name of the indicator"),
    "target": N_("Target of the plan"),
    "last": N_("Last figure"),
    "units": N_("Responsible units"),
    "item": N_("Item"),
    "missing": N_("What is missing"),
    "guide": N_("How to fill it in"),
}
"""Titles that the schema does not have."""

_MONEY = ("invested_month", "invested_year", "invested_total")
_FLAGS = ("started", "in_statistics")
_FIGURES = {
    "row": 6,
    "indicator_name": 30,
    "unit": 9,
    "target": 16,
    "period": 9,
    "value": 12,
    "measure": 9,
    "basis": 7,
    "stage": 9,
    "published": 11,
    "source": 14,
    "last": 14,
    "units": 20,
    "note": 14,
}
_WORKS = {
    "project": 32,
    "period": 9,
    **dict.fromkeys(_MONEY, 12),
    **dict.fromkeys(_FLAGS, 9),
    **dict.fromkeys(("milestone", "problem", "next_step"), 20),
    "units": 22,
}
_TASKS = {"task": 13, "item": 40, "date": 12, "state": 12, "sentence": 44, "units": 26}
_MISSING = (6, 50, 32, 12, 20, 20)
"""Columns of each sheet and their widths: a page across, in a type that can be read."""

_TO_FILL = {
    "observations": ("value", "measure", "basis", "stage", "published", "source", "note"),
    "work_reports": (*_MONEY, *_FLAGS, "milestone", "problem", "next_step"),
    "task_reports": ("date", "state", "sentence"),
}

_RULES = (
    message(
        "One row an indicator; fill in 数值. Leave it empty, or say why there is none. Never 0."
    ),
    message(
        "Flows run from January; stocks and ratios are the latest; counts run since 2020-01-01."
    ),
    message(
        "For a month by itself choose 当月 and 当期新增; for a growth without a level 同比增速."
    ),
    message("Periods: 2021, 2021Q3 or 2021-09. A typed 2021.10 is stored as 2021.1 and refused."),
    message("A revision is a new row with a later date of publication; the former value stays."),
    message(
        "Of a task that is done, 日期 is the day on which it was; of a work that was finished "
        "earlier, add a row with the 时期 of that month. Otherwise it counts as done this month."
    ),
)


def _guide() -> list[str]:
    """Return how to fill the form in: each rule in Chinese, then in English."""
    title, last = message("How to fill this in"), message("When it is filled in")
    lines = [f"{title.text('zh')} / {title}"]
    for number, rule in enumerate(_RULES, 1):
        first, *rest = [*rule.text("zh").split("\n"), str(rule)]
        lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
    command = t("corridor observe add FILE --source SOURCE")
    return [*lines, f"{len(_RULES) + 1}. {last.text('zh')} / {last}: {command}"]


def write_observation_template(
    plan: Plan,
    file: str | Path,
    as_of: int | str | Period,
    previous: ObservationsLike = None,
) -> Path:
    """Write a workbook to collect figures in, and the list of what is missing by unit.

    Parameters
    ----------
    plan : Plan
        What is to be reported on.
    file : str or path
        An ``.xlsx`` file; an old one is replaced whole or not at all.
    as_of : int, str or Period
        The period that is due.
    previous : str, path or Observations, optional
        Last month's file or store: what it holds is not asked for again, and its latest
        figures stand beside.

    Returns
    -------
    pathlib.Path
        The file, which :func:`load_observations` and :func:`load_table` read once filled in.

    Raises
    ------
    CorridorError
        If the name is not that of an xlsx file, or it cannot be written.
    PlanError
        For mistakes in last month's file.
    """
    target = Path(file)
    if target.suffix.lower() != ".xlsx":
        raise CorridorError(N_("{file}: a form is an .xlsx file."), file=target.name)
    end = Period.of(as_of)
    observations = as_observations(plan, previous)
    if isinstance(previous, (str, Path)):
        plan = with_tables(plan, *load_reports(previous, plan))
    due = missing_by_unit(plan, observations, end)
    with workbook_at(target) as book:
        form = _Form(book, plan)
        form.figures([d for d in due if d.kind == "indicator"], histories(plan, observations, end))
        form.works([d for d in due if d.kind == "work"])
        form.tasks([d for d in due if d.kind == "task"])
        form.missing(due)
        guide = book.add_worksheet(_title("guide"))
        guide.set_column(0, 0, 110)
        for row, line in enumerate(_guide()):
            guide.write_string(row, 0, line)
    return target


def _title(name: str) -> str:
    title = t(_TITLES[name]) if name in _TITLES else TITLES_ZH[name]
    return f"{title}（亿元）" if name in _MONEY else title


class _Form:
    """The sheets of the form."""

    def __init__(self, book: Workbook, plan: Plan):
        self.book, self.plan = book, plan
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DDE6EE", "text_wrap": True, "valign": "top", "border": 1}
        )
        self.fill = book.add_format(
            {"bg_color": "#FFF8E1", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})

    def _sheet(self, title: str, titles: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self.book.add_worksheet(title)
        for position, (name, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, name, self.head)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _rows(
        self,
        name: str,
        columns: dict[str, int],
        rows: Sequence[dict[str, str]],
        choices: dict[str, Sequence[str]],
    ) -> Any:
        """Return the sheet of a table with a row each, and words to choose from."""
        titles = [_title(column) for column in columns]
        sheet = self._sheet(SHEETS_ZH[name], titles, list(columns.values()))
        place = {column: position for position, column in enumerate(columns)}
        for row, cells in enumerate(rows, 1):
            for column in _TO_FILL[name]:
                sheet.write_blank(row, place[column], None, self.fill)
            for column, text in cells.items():
                look = self.fill if column in _TO_FILL[name] else self.text
                sheet.write_string(row, place[column], text, look)
        for column, words in choices.items():
            at = place[column]
            if rows:  # other words than these are reported when the file is read
                options = {"validate": "list", "source": list(words), "ignore_blank": True}
                sheet.data_validation(1, at, len(rows), at, options)
        return sheet

    def figures(self, due: Sequence[Due], known: dict[str, History]) -> None:
        """Write what figures are due, beside the last ones that are known."""
        names = names_of(self.plan, "indicator")
        rows = []
        for item in due:
            indicator = self.plan.indicators[item.id]
            # two indicators of one name are told apart by their ids
            unique = names.find(indicator.name_zh) == item.id
            cells = {
                "indicator_name": indicator.name_zh if unique else item.id,
                "unit": indicator.unit,
                "target": target_text(indicator, "zh"),
                "period": str(item.period),
                "last": _last(known[item.id]),
                "units": item.who,
            }
            rows.append(cells)
        choices: dict[str, Sequence[str]] = {
            "measure": [
                word for word in vocabulary.MEASURES if word != "水平值"
            ],  # one word for levels
            "basis": list(vocabulary.BASES),
            "stage": list(vocabulary.STAGES),
        }
        sheet = self._rows("observations", _FIGURES, rows, choices)
        for row in range(1, len(rows) + 1):
            sheet.write_number(row, 0, row)
        sheet.autofilter(0, 0, max(1, len(rows)), len(_FIGURES) - 1)

    def works(self, due: Sequence[Due]) -> None:
        """Write which works are to be reported on."""
        rows = [{"project": t.of(d.name), "period": str(d.period), "units": d.who} for d in due]
        self._rows("work_reports", _WORKS, rows, dict.fromkeys(_FLAGS, vocabulary.YES_NO))

    def tasks(self, due: Sequence[Due]) -> None:
        """Write which tasks are to be reported on."""
        rows = [
            {"task": d.id, "item": t.of(d.name), "date": d.period.last_day, "units": d.who}
            for d in due
        ]
        self._rows("task_reports", _TASKS, rows, {"state": vocabulary.STATES_OF_FORM})

    def missing(self, due: Sequence[Due]) -> None:
        """Write what is missing, by unit; a unit's items stand together."""
        sheet = self._sheet(_title("missing"), HEADER, _MISSING)
        for row, item in enumerate(due, 1):
            sheet.write_number(row, 0, row)
            for position, text in enumerate(item.cells(), 1):
                sheet.write_string(row, position, text, self.text)
        sheet.autofilter(0, 0, max(1, len(due)), len(HEADER) - 1)


def _last(history: History) -> str:
    """Return the latest figure; of what is reported as a growth alone, that."""
    point: Point | None = next(iter((*history.points[-1:], *history.growths[-1:])), None)
    if point is None:
        return ""
    until = "" if point.months == 12 else f"-{point.months:02d}"
    percent = "" if history.points else "%"
    return f"{point.value:g}{percent}（{point.year}{until}）"
