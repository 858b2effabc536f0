"""The annexes of a bulletin: every target, work, task, unit, missing figure and revision."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from corridor_model.assessment.rollup import FAILING
from corridor_model.codes import KIND_WORDS, NOT_ASSESSABLE, REASONS, reason_word, status_word
from corridor_model.formatting import rounded
from corridor_model.messages import N_, Name, Translator, context, message
from corridor_model.observations import vocabulary
from corridor_model.periods import Period, date_text
from corridor_model.plan.records import Task
from corridor_model.report.blocks import (
    Block,
    Column,
    Heading,
    Mark,
    Paragraph,
    Row,
    Run,
    Runs,
    band,
    row,
    table,
)
from corridor_model.report.standing import Row as Values
from corridor_model.report.standing import Standing, units_of
from corridor_model.rows import plain_value
from corridor_model.text.assessment import METHODS, beside_verdict, due_text, split_line
from corridor_model.text.bulletin import (
    TASK_WORDS,
    goal,
    known_at,
    lacking,
    latest,
    minus,
    money,
    name_of,
    need,
    number,
    period_name,
    points,
    share,
    to_date,
    with_unit,
)
from corridor_model.text.numbers import percents


class Annex(NamedTuple):
    """A title and what stands below it."""

    title: str
    blocks: list[Block]


def annexes(standing: Standing, t: Translator, form: str) -> list[Annex]:
    """Return the annexes of a bulletin, each with its title.

    Parameters
    ----------
    standing : Standing
        What the bulletin speaks of.
    t : Translator
        Of its language.
    form : {"annex", "district"}
        How tasks are laid out.
    """
    tasks = district_table if form == "district" else task_table
    every: tuple[tuple[str, bool, Callable[[Standing, Translator, int], list[Block]]], ...] = (
        (N_("Progress of targets (as of {day})"), bool(standing.rows), target_tables),
        (N_("Progress of works (as of {day})"), bool(standing.works), work_table),
        (N_("Progress of tasks (as of {day})"), bool(standing.tasks), tasks),
        (N_("Responsible units (as of {day})"), bool(standing.units), unit_table),
        (N_("What is owed and was not reported (as of {day})"), True, missing_tables),
        (
            N_("Revisions of figures and targets (as of {day})"),
            bool(standing.figure_revisions or standing.target_revisions),
            revision_tables,
        ),
    )
    day = date_text(standing.period.last_day, t.lang)
    there = [(title, blocks) for title, has, blocks in every if has]
    return [
        Annex(t(title, day=day), blocks(standing, t, place))
        for place, (title, blocks) in enumerate(there, 1)
    ]


def _title(annex: int, place: int, title: str, t: Translator) -> Heading:
    text = t("Table {annex}-{n}: {title}", annex=annex, n=place, title=title)
    return Heading(3, "table_title", text)


def _note(*texts: str, t: Translator) -> Paragraph:
    return Paragraph("table_note", (t("Note: {notes}", notes=t.listing(texts, "", " ")),))


def verdict_runs(status: str, reason: str, t: Translator, beside: Iterable[str] = ()) -> Runs:
    """Return the word of a verdict, what fails in a style of its own, and its second line."""
    word = reason_word(reason, t.lang) if status == NOT_ASSESSABLE else status_word(status, t.lang)
    runs: list[Run] = [Mark("failing", word) if status in FAILING else word]
    runs += [f"\n{note}" for note in beside]
    return tuple(runs)


# Targets: assessed ones with a number, the year's own targets, milestones, and the rest.


def target_tables(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return every target once, in the table that fits it, and again those of this year."""
    numbers = _numbers(standing)
    rows = standing.rows
    assessed = [name for name in numbers if rows[name]["status"] != NOT_ASSESSABLE]
    figures = [name for name in assessed if rows[name]["kind"] != "milestone"]
    milestones = [name for name in assessed if rows[name]["kind"] == "milestone"]
    rest = [name for name in numbers if rows[name]["status"] == NOT_ASSESSABLE]
    splits = [name for name in numbers if rows[name]["year_origin"]]
    parts: list[tuple[str, Block]] = []
    if figures:
        parts.append(
            (
                t("Targets with a number that can be assessed"),
                _assessed(standing, figures, numbers, t),
            )
        )
    if splits:
        title = t("This year's own targets, {year}", year=standing.period.year)
        parts.append((title, _splits(standing, splits, numbers, t)))
    if milestones:
        parts.append(
            (t("Milestones that can be assessed"), _milestones(standing, milestones, numbers, t))
        )
    if rest:
        parts.append(
            (
                t("Targets that cannot be assessed, by reason"),
                _not_assessed(standing, rest, numbers, t),
            )
        )
    blocks: list[Block] = []
    for place, (title, grid) in enumerate(parts, 1):
        blocks += [_title(annex, place, title, t), grid]
    blocks.append(
        _note(
            t(
                "{rows} rows stand for {targets} targets: alternatives have a row each, stretch "
                "targets are not counted.",
                rows=len(numbers),
                targets=len(standing.promises),
            ),
            t(
                "Points ahead or short are the share done less the share of the time elapsed, from "
                "the end of the baseline's year; of an average growth the points to its target."
            ),
            *_whole_years(standing, t),
            t=t,
        )
    )
    return blocks


def _whole_years(standing: Standing, t: Translator) -> list[str]:
    """Return which figures of a part of the year are judged by a full year, and by which."""
    told = []
    for one in standing.rows.values():
        if one["method"] in METHODS and one["status"] != NOT_ASSESSABLE:
            whole = t(METHODS[one["method"]], whole=rounded(one["compared"], 2), unit=one["unit"])
            told.append(t("{name}: {said}", name=name_of(one, t), said=whole))
    return [t("{sentences}.", sentences=t.listing(told, "；", "; "))] if told else []


def _numbers(standing: Standing) -> dict[str, str]:
    """Return the number of each row: that of its promise, of alternatives with a letter."""
    numbers = {}
    for place, promise in enumerate((*standing.promises, *standing.stretch), 1):
        several = len(promise.indicators) > 1
        for part, name in enumerate(promise.indicators, 1):
            numbers[name] = f"{place}({part})" if several else str(place)
    order = {name: place for place, name in enumerate(standing.rows)}
    return dict(sorted(numbers.items(), key=lambda pair: order[pair[0]]))


def _before(standing: Standing, name: str, t: Translator) -> Any:
    """Return the word of the last verdict, empty where there was none."""
    one = standing.rows_before.get(name)
    return "" if one is None else verdict_runs(one["status"], one["reason"], t)


def _lead(standing: Standing, one: Values, t: Translator) -> str:
    return t.listing(units_of(standing, one))


def _base(one: Values, t: Translator) -> str:
    """Return the start of a promise with its year."""
    if math.isnan(one["baseline"]):
        return ""
    return t(
        "{value} ({year})", value=number(one["baseline"], one, math.nan), year=one["baseline_year"]
    )


def _lacking(one: Values, period: Period, t: Translator) -> str:
    """Return whose figures are missing, where others were reported."""
    periods = lacking(one, period, t)
    return t("no figure of {period}", period=periods) if periods else ""


def _assessed(
    standing: Standing, names: Sequence[str], numbers: dict[str, str], t: Translator
) -> Block:
    lines = []
    for name in names:
        one = standing.rows[name]
        lines.append(
            row(
                numbers[name],
                name_of(one, t),
                one["unit"],
                goal({**one, "unit": ""}, t),
                due_text(one),
                _base(one, t),
                latest(one),
                known_at(one, t),
                _shares(one, t),
                share(one["elapsed_share"]),
                points(one["gap"] / 100 if one["kind"] == "growth" else one["schedule_gap"]),
                "" if one["status"] == "achieved" else need(one, t),
                verdict_runs(
                    one["status"], one["reason"], t, beside_verdict(one, t, standing.as_of)
                ),
                _before(standing, name, t),
                _lead(standing, one, t),
            )
        )
    columns = (
        Column(t.context("annex", "No."), 11, "center"),
        Column(t.context("annex", "Target"), 47),
        Column(t.context("annex", "Unit"), 12, "center"),
        Column(t.context("annex", "Promised"), 15, "center"),
        Column(t.context("annex", "Due"), 14, "center"),
        Column(t.context("annex", "Baseline (year)"), 28, "center"),
        Column(t.context("annex", "Latest"), 14, "right"),
        Column(t.context("annex", "Period of it"), 24, "center"),
        Column(t.context("annex", "Done (%)"), 13, "right"),
        Column(t.context("annex", "Time elapsed (%)"), 13, "right"),
        Column(t.context("annex", "Ahead or short (points)"), 14, "right"),
        Column(t.context("annex", "Needs"), 22, "center"),
        Column(t.context("annex", "Verdict"), 21, "center"),
        Column(t.context("annex", "Verdict before"), 21, "center"),
        Column(t.context("annex", "Leading unit"), 24),
    )
    return table(columns, lines)


def _shares(one: Values, t: Translator) -> str:
    """Return the share done; of a limit what is used of its room."""
    if one["is_limit"] and not math.isnan(one["used_share"]):
        return t.context("table", "used {share}", share=share(one["used_share"]))
    return share(one["achieved_share"])


def _splits(
    standing: Standing, names: Sequence[str], numbers: dict[str, str], t: Translator
) -> Block:
    lines = []
    for name in names:
        one = standing.rows[name]
        known = not one["completion_reason"]
        line = split_line(one)
        why = "" if known else reason_word(one["completion_reason"], t.lang)
        lines.append(
            row(
                numbers[name],
                name_of(one, t),
                one["unit"],
                number(line.goal, one, math.nan),
                number(line.figure, one, line.goal) if known else "",
                known_at(one, t) if known else "",
                share(line.completion) if known else "",
                share(line.elapsed) if known else "",
                points(line.gap) if known else "",
                why,
                _lead(standing, one, t),
            )
        )
    columns = (
        Column(t.context("annex", "No."), 11, "center"),
        Column(t.context("annex", "Target"), 60),
        Column(t.context("annex", "Unit"), 16, "center"),
        Column(t.context("annex", "Target of the year"), 20, "right"),
        Column(t.context("annex", "Reported"), 18, "right"),
        Column(t.context("annex", "Period of it"), 20, "center"),
        Column(t.context("annex", "Completion (%)"), 18, "right"),
        Column(t.context("annex", "Time of the year (%)"), 20, "right"),
        Column(t.context("annex", "Ahead or short (points)"), 18, "right"),
        Column(t.context("annex", "Why not compared"), 26, "center"),
        Column(t.context("annex", "Leading unit"), 30),
    )
    return table(columns, lines)


def _milestones(
    standing: Standing, names: Sequence[str], numbers: dict[str, str], t: Translator
) -> Block:
    lines = []
    for name in names:
        one = standing.rows[name]
        lines.append(
            row(
                numbers[name],
                name_of(one, t),
                due_text(one),
                t.context("milestone", "done")
                if one["actual"]
                else t.context("milestone", "not done"),
                known_at(one, t),
                verdict_runs(
                    one["status"], one["reason"], t, beside_verdict(one, t, standing.as_of)
                ),
                _before(standing, name, t),
                _lead(standing, one, t),
            )
        )
    columns = (
        Column(t.context("annex", "No."), 11, "center"),
        Column(t.context("annex", "Milestone"), 80),
        Column(t.context("annex", "Due"), 18, "center"),
        Column(t.context("annex", "Progress"), 18, "center"),
        Column(t.context("annex", "Period of it"), 24, "center"),
        Column(t.context("annex", "Verdict"), 24, "center"),
        Column(t.context("annex", "Verdict before"), 24, "center"),
        Column(t.context("annex", "Leading unit"), 50),
    )
    return table(columns, lines)


def _not_assessed(
    standing: Standing, names: Sequence[str], numbers: dict[str, str], t: Translator
) -> Block:
    lines: list[Row] = []
    for reason in REASONS:
        group = [name for name in names if standing.rows[name]["reason"] == reason]
        if not group:
            continue
        lines.append(band(t("{title}: {n}", title=reason_word(reason, t.lang), n=len(group))))
        for name in group:
            one = standing.rows[name]
            rate, step = one["required_rate"], one["required_step"]
            lines.append(
                row(
                    numbers[name],
                    name_of(one, t),
                    KIND_WORDS[one["kind"]].text(t.lang),
                    one["unit"],
                    goal({**one, "unit": ""}, t),
                    due_text(one),
                    _base(one, t),
                    latest(one),
                    known_at(one, t),
                    "" if math.isnan(rate) else minus(percents(rate, t)),
                    "" if math.isnan(step) else minus(rounded(step, 2 if abs(step) < 100 else 1)),
                    one["remark"] or _lacking(one, standing.period, t),
                    _before(standing, name, t),
                    _lead(standing, one, t),
                )
            )
    columns = (
        Column(t.context("annex", "No."), 11, "center"),
        Column(t.context("annex", "Target"), 58),
        Column(t.context("annex", "Kind"), 18, "center"),
        Column(t.context("annex", "Unit"), 16, "center"),
        Column(t.context("annex", "Promised"), 16, "center"),
        Column(t.context("annex", "Due"), 16, "center"),
        Column(t.context("annex", "Baseline (year)"), 23, "center"),
        Column(t.context("annex", "Latest"), 14, "right"),
        Column(t.context("annex", "Period of it"), 21, "center"),
        Column(t.context("annex", "Growth needed a year"), 16, "right"),
        Column(t.context("annex", "Step needed a year"), 16, "right"),
        Column(t.context("annex", "Remark"), 26),
        Column(t.context("annex", "Verdict before"), 18, "center"),
        Column(t.context("annex", "Leading unit"), 28),
    )
    return table(columns, lines)


# Works.


def work_table(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return every work, the sum first."""
    period, total = standing.period, standing.total
    assert total is not None
    lines = [
        row(
            "",
            t.context("annex", "Sum of what is known"),
            "",
            money(total.investment.value),
            "",
            money(total.annual_plan.value),
            money(total.invested_month.value),
            money(total.invested_year.value),
            share(total.completion),
            points(math.nan if total.year_gap is None else total.year_gap),
        )
    ]
    lines[0] = Row((*lines[0].cells, *((("——",),) * 7)))
    for place, work in enumerate(standing.works, 1):
        left = None
        if work["completion"] is not None:
            left = max(work["annual_plan"] - work["invested_year"], 0.0)
        lines.append(
            row(
                str(place),
                name_of(work, t),
                _span(work),
                money(work["investment"]),
                money(work["invested_total"]),
                money(work["annual_plan"]),
                money(work["invested_month"]),
                money(work["invested_year"]),
                share(work["completion"]),
                points(math.nan if work["year_gap"] is None else work["year_gap"]),
                money(left),
                _started(work, t),
                _flag(work["in_statistics"], t),
                str(work["milestone"] or ""),
                _problem(work, t),
                t.listing(standing.leads(work)),
                verdict_runs(
                    work["status"],
                    work["reason"],
                    t,
                    [t.of(BRANCHES[work["branch"]])] if work["branch"] in BRANCHES else (),
                ),
            )
        )
    months = to_date(period, t)
    columns = (
        Column(t.context("annex", "No."), 8, "center"),
        Column(t.context("annex", "Work"), 40),
        Column(t.context("annex", "Start and end"), 24, "center"),
        Column(t.context("annex", "Investment (100 million yuan)"), 12, "right"),
        Column(t.context("annex", "Since the start (100 million yuan)"), 12, "right"),
        Column(t.context("annex", "Plan of the year (100 million yuan)"), 12, "right"),
        Column(t("Month {month} (100 million yuan)", month=period.month), 12, "right"),
        Column(t("{months} (100 million yuan)", months=months), 12, "right"),
        Column(t.context("annex", "Completion (%)"), 11, "right"),
        Column(t.context("annex", "Ahead or short (points)"), 12, "right"),
        Column(t.context("annex", "Left this year (100 million yuan)"), 12, "right"),
        Column(t.context("annex", "Started"), 19, "center"),
        Column(t.context("annex", "In the statistics"), 9, "center"),
        Column(t.context("annex", "Progress"), 22),
        Column(t.context("annex", "Problem and next step, as reported"), 26),
        Column(t.context("annex", "Leading unit"), 26),
        Column(t.context("annex", "Verdict"), 21, "center"),
    )
    older = [work for work in standing.works if _is_older(work, standing)]
    notes = [
        t("Where a sum is over less than all works the text says over how many."),
        t("Completion compares works of which the money of the year and its plan are both known."),
    ]
    if older:
        told = [
            t(
                "{name} ({period})",
                name=name_of(work, t),
                period=date_text(str(work["period"]), t.lang),
            )
            for work in older
        ]
        notes.append(
            t("Last reported before this month: {works}.", works=t.listing(told, "、", "; "))
        )
    return [table(columns, lines), _note(*notes, t=t)]


BRANCHES = {
    "met_late": context("verdict", "met late"),
    "overdue": message("past its date"),
    "not_started": message("not started when due"),
}
"""What stands below the verdict on a work."""


def _is_older(work: Values, standing: Standing) -> bool:
    """Return whether the last report of a work is of an earlier month."""
    now = f"{standing.period.year}-{standing.period.month:02d}"
    return bool(work["period"]) and str(work["period"]) not in {now, standing.as_of}


def _span(work: Values) -> str:
    """Return start and end as printed; empty where neither is."""
    dates = [str(work[key]).replace("-", ".") if work[key] else "" for key in ("start", "end")]
    return "—".join(dates) if any(dates) else ""


def _started(work: Values, t: Translator) -> str:
    """Return whether a work should have started, and whether it has."""
    has = {True: context("started", "started"), False: context("started", "not started")}.get(
        work["started"], context("started", "not reported")
    )
    if not work["start"]:
        due = context("started", "no date")
    else:
        due = context("started", "due") if work["start_due"] else context("started", "not due")
    return t("{due}, {has}", due=due, has=has)


def _flag(value: Any, t: Translator) -> str:
    if value is None:
        return ""
    return t.context("flag", "yes") if value else t.context("flag", "no")


def _problem(work: Values, t: Translator) -> str:
    """Return what the unit reported: a problem and the next step; nothing is added."""
    parts = [str(work[key]) for key in ("problem", "next_step") if work[key]]
    return t.listing(parts, "；", "; ")


# Tasks.


def task_table(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return every task, by annex of the plan."""
    lines: list[Row] = []
    group = None
    for place, task in enumerate(standing.tasks, 1):
        record = standing.plan.tasks[task["task"]]
        if record.table != group:
            group = record.table
            lines.append(
                band(
                    t(
                        "Annex {annex} of the plan",
                        annex=Name(vocabulary.ANNEXES.get(group, str(group)), str(group)),
                    )
                )
            )
        lines.append(
            row(
                str(place),
                f"{record.row}({record.part})" if record.part else str(record.row),
                _task_name(standing, record, t),
                str(task["deadline"] or ""),
                t.listing(record.lead_units),
                t.listing(record.other_units),
                str(task["sentence"] or ""),
                _task_verdict(task, t),
            )
        )
    columns = (
        Column(t.context("annex", "No."), 9, "center"),
        Column(t.context("annex", "Row"), 12, "center"),
        Column(t.context("annex", "Task"), 70),
        Column(t.context("annex", "Due"), 15, "center"),
        Column(t.context("annex", "Leading unit (*)"), 36),
        Column(t.context("annex", "With it"), 50),
        Column(t.context("annex", "Progress, as reported"), 45),
        Column(t.context("annex", "Verdict"), 20, "center"),
    )
    return [table(columns, lines)]


def _task_name(standing: Standing, task: Task, t: Translator) -> str:
    """Return the name of a task, and below it what it is to bring about.

    The plan gives many tasks of an annex the same name; the targets they carry tell them apart.
    """
    if t.lang == "en" and task.summary_en:
        return f"{task.name}\n{task.summary_en}"
    carried = [standing.plan.indicators[one].name(t.lang) for one in task.indicators]
    return f"{task.name}\n{t.listing(carried, '、', '; ')}" if carried else task.name


def _task_verdict(task: Values, t: Translator) -> Runs:
    """Return the verdict on a task in the words of its states."""
    status = task["status"]
    beside = [t.of(BRANCHES["met_late"])] if task["met_late"] else []
    if task["overdue"]:
        beside.append(t.context("task", "overdue"))
    if status not in TASK_WORDS:
        return verdict_runs(status, task["reason"], t, beside)
    word = t.of(TASK_WORDS[status])
    runs: list[Run] = [Mark("failing", word) if status in FAILING else word]
    return (*runs, *(f"\n{note}" for note in beside))


def district_table(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return the district's own table: number, task, units with a star at the leading, progress."""
    lines = []
    for place, task in enumerate(standing.tasks, 1):
        record = standing.plan.tasks[task["task"]]
        units = [*(f"*{unit}" for unit in record.lead_units), *record.other_units]
        sentence = str(task["sentence"] or "")
        word = _task_verdict(task, t)
        lines.append(
            row(
                str(place),
                _task_name(standing, record, t),
                t.listing(units),
                (*word, f"\n{sentence}") if sentence else word,
            )
        )
    columns = (
        Column(t.context("annex", "No."), 10, "center"),
        Column(t.context("annex", "Task"), 110),
        Column(t.context("annex", "Responsible units"), 60),
        Column(t.context("annex", "Progress"), 77),
    )
    return [table(columns, lines), _note(t("* marks the leading unit."), t=t)]


# Units.


def item_name(standing: Standing, one: Values, t: Translator) -> str:
    """Return the name of a target, a work or a task that a unit leads."""
    if "task" in one:
        task = standing.plan.tasks[one["task"]]
        return (t.lang == "en" and task.summary_en) or task.name
    if "project" in one:
        return standing.plan.projects[one["project"]].name(t.lang)
    return name_of(one, t)


def unit_table(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return every unit with what it leads, ranked ones first."""
    owed: dict[str, int] = {}
    for item in standing.missing:
        for unit in item.units:
            owed[unit] = owed.get(unit, 0) + 1
    lines = []
    for line in standing.units:
        items = standing.by_unit[line["unit"]]
        late = [
            item_name(standing, one, t)
            for kind in items.values()
            for one in kind
            if one["status"] in {"behind", "missed"}
        ]
        lines.append(
            row(
                str(line["rank"] or ""),
                line["unit"],
                str(line["items"]),
                *(str(len(items[kind])) for kind in ("targets", "works", "tasks")),
                str(line["assessed"]),
                str(line["behind"]),
                str(line["not_assessable"]),
                str(owed.get(line["unit"], 0)),
                share(plain_value(line["score"])),
                _with_counts(late, t),
            )
        )
    columns = (
        Column(t.context("annex", "Rank"), 10, "center"),
        Column(t.context("annex", "Unit"), 42),
        Column(t.context("annex", "Items it leads"), 12, "center"),
        Column(t.context("annex", "Targets"), 10, "center"),
        Column(t.context("annex", "Works"), 10, "center"),
        Column(t.context("annex", "Tasks"), 10, "center"),
        Column(t.context("annex", "Assessable"), 12, "center"),
        Column(t.context("annex", "Behind or missed"), 14, "center"),
        Column(t.context("annex", "Not assessable"), 12, "center"),
        Column(t.context("annex", "Reports owed"), 12, "center"),
        Column(t.context("annex", "Neither behind nor missed (%)"), 16, "right"),
        Column(t.context("annex", "What is behind or missed"), 97),
    )
    return [
        table(columns, lines),
        _note(
            t("An item that several units lead counts with each of them."),
            t("Units with fewer than three assessed items are not ranked."),
            t=t,
        ),
    ]


def _with_counts(names: Iterable[str], t: Translator) -> str:
    """Return names in a row, one that several items share once with their number."""
    counts = Counter(names)
    told = [name if n == 1 else t("{name} ({n})", name=name, n=n) for name, n in counts.items()]
    return t.listing(told, "；", "; ")


# What is owed, and what is not there and not due.

DUE_KINDS = {
    "indicator": context("owed", "target"),
    "work": context("owed", "work"),
    "task": context("owed", "task"),
}


def missing_tables(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return what is owed, each unit's together, and what is not there and not due."""
    blocks: list[Block] = []
    parts = (
        (t("owed and not reported"), standing.missing),
        (t("not there and not due"), standing.rest),
    )
    for place, (title, items) in enumerate(parts, 1):
        if items:
            blocks += [_title(annex, place, title, t), _missing(standing, items, t)]
    return blocks or [Paragraph("table_note", (t("Nothing that is owed is missing."),))]


def _missing(standing: Standing, items: Iterable[Any], t: Translator) -> Block:
    groups: dict[tuple[str, ...], list[Any]] = {}
    for item in items:
        groups.setdefault(item.units, []).append(item)
    lines: list[Row] = []
    place = 0
    for units, owed in groups.items():
        who = t.listing(units) or t("(no unit is named)")
        lines.append(band(t("{title}: {n}", title=who, n=len(owed))))
        for item in owed:
            place += 1
            lines.append(
                row(
                    str(place),
                    _item_name(standing, item, t),
                    DUE_KINDS[item.kind].text(t.lang),
                    period_name(item.period, t),
                    t.of(item.reason),
                    t.of(item.effect),
                    _last_known(standing, item, t),
                )
            )
    columns = (
        Column(t.context("annex", "No."), 9, "center"),
        Column(t.context("annex", "Item"), 90),
        Column(t.context("annex", "Kind"), 15, "center"),
        Column(t.context("annex", "For the period"), 24, "center"),
        Column(t.context("annex", "Why it is missing"), 42),
        Column(t.context("annex", "What follows"), 42),
        Column(t.context("annex", "Last figure"), 35, "center"),
    )
    return table(columns, lines)


def _item_name(standing: Standing, item: Any, t: Translator) -> str:
    """Return what an owed item is called in the reader's language."""
    if item.kind == "task":
        return t.of(item.name)
    holder = standing.plan.indicators if item.kind == "indicator" else standing.plan.projects
    return str(holder[item.id].name(t.lang))


def _last_known(standing: Standing, item: Any, t: Translator) -> str:
    """Return the last figure of an indicator with its period; of others there is none."""
    one = standing.rows.get(item.id)
    if item.kind != "indicator" or one is None or math.isnan(one["actual"]):
        return ""
    if one["kind"] == "milestone":
        return ""
    figure = with_unit(latest(one), one["unit"], t)
    return t("{figure} ({period})", figure=figure, period=known_at(one, t))


# Revisions.


def revision_tables(standing: Standing, t: Translator, annex: int) -> list[Block]:
    """Return the year's revisions of figures and of targets, the latest first."""
    lines: list[Row] = []
    for place, one in enumerate((*standing.figure_revisions, *standing.target_revisions), 1):
        values = standing.rows[one.indicator]
        unit = values["unit"]

        def text(value: float | None, values: Values = values, unit: str = unit) -> str:
            if value is None:
                return t.context("revision", "withdrawn")
            return with_unit(number(value, values, math.nan), unit, t)

        changed = one.status_before != one.status
        lines.append(
            row(
                str(place),
                name_of(values, t),
                t.context("revision", "figure") if one.period else t.context("revision", "target"),
                one.period,
                text(one.before),
                text(one.after),
                one.since,
                status_word(one.status_before, t.lang) if one.status_before else "",
                status_word(one.status, t.lang),
                t.context("revision", "changed") if changed else t.context("revision", "unchanged"),
                one.source,
            )
        )
    columns = (
        Column(t.context("annex", "No."), 10, "center"),
        Column(t.context("annex", "Target"), 50),
        Column(t.context("annex", "Revised"), 15, "center"),
        Column(t.context("annex", "Period"), 18, "center"),
        Column(t.context("annex", "Former value"), 26, "center"),
        Column(t.context("annex", "Present value"), 26, "center"),
        Column(t.context("annex", "Since"), 24, "center"),
        Column(t.context("annex", "Verdict on the former"), 22, "center"),
        Column(t.context("annex", "Verdict on the present"), 22, "center"),
        Column(t.context("annex", "Change"), 16, "center"),
        Column(t.context("annex", "Source"), 28),
    )
    return [
        table(columns, lines),
        _note(
            t(
                "Revisions of {year} that were known; the verdict on the former value is as of the "
                "same day, without the later value.",
                year=standing.period.year,
            ),
            t=t,
        ),
    ]
