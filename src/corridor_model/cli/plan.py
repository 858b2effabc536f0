"""Verbs on a plan and its figures: plan, template, validate, observe, collect."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.cli import output
from corridor_model.codes import KIND_WORDS
from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.formatting import plain
from corridor_model.messages import N_, Translator, context, message, plural, translator
from corridor_model.observations.load import load_observations
from corridor_model.observations.model import Observations
from corridor_model.observations.names import names_of
from corridor_model.observations.reports import holds_reports_alone, load_reports
from corridor_model.observations.store import REPORTS, Store
from corridor_model.observations.vocabulary import STATES_OF_FORM, state_of
from corridor_model.periods import Period
from corridor_model.plan.display import EXAMPLE, SENSE_SIGNS, counts
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.plan.templates import GUIDE, baselines_form, new_plan
from corridor_model.rows import plain_value, to_rows
from corridor_model.tabular.schema import SHEETS_ZH, TITLES_ZH
from corridor_model.tabular.workbooks import workbook_cache

if TYPE_CHECKING:
    from corridor_model.observations.collection import Collection, Statement
    from corridor_model.observations.forms import Due

_FILTERS = ("unit", "area", "group", "due", "kind", "text")


def run_plan(options: Namespace) -> None:
    """Print the plan, the promises that meet the filters, or one table."""
    plan = output.plan_of(options)
    chosen = {name: getattr(options, name) for name in _FILTERS if getattr(options, name)}
    if options.table and chosen:
        raise CorridorError(N_("--table prints a whole table; leave the filters out."))
    if options.table:
        rows = to_rows(plan.table(options.table))
        # as text it is CSV, since it may be of any width
        output.records(rows, "csv" if options.format == "table" else options.format)
        return
    if not chosen and options.format == "table":
        print_plan(plan, translator(options.lang))
        return
    rows = to_rows(plan.promises(**chosen))
    for row in rows:
        row["indicator"] = row["id"] if row["what"] == "target" else None
    if options.format != "table":
        output.records(rows, options.format)
        return
    _print_promises(rows, translator(options.lang))


def print_plan(plan: Plan, t: Translator) -> None:
    """Print names, counts and the groups of the plan."""
    note = f" [{t(EXAMPLE)}]" if plan.example else ""
    output.heading(plan.about.name(t.lang) + note)
    output.say("")
    n = counts(plan)
    lines = (
        t.plural(
            "{n} indicator, {baselines} with a known baseline",
            "{n} indicators, {baselines} with a known baseline",
            n["indicators"],
            baselines=n["baselines"],
        ),
        t.plural(
            "{n} work, {known} with a known cost",
            "{n} works, {known} with a known cost",
            n["works"],
            known=n["works_with_money"],
        ),
        t(
            "{tasks} of {offices}",
            tasks=plural("{n} task", "{n} tasks", n["tasks"]),
            offices=plural(
                "{n} responsible unit", "{n} responsible units", len(set(plan.units.values()))
            ),
        ),
        t.plural(
            "{n} place where the document contradicts itself or is silent "
            "(corridor plan --table conflicts)",
            "{n} places where the document contradicts itself or is silent "
            "(corridor plan --table conflicts)",
            n["conflicts"],
        ),
    )
    output.paragraph(*(f"  {line}" for line in lines))
    labels = plan.tables["groups"]
    names = dict(zip(labels["id"], labels[f"name_{t.lang}"], strict=True))
    by_group: dict[str | None, Counter[str]] = {}
    for indicator in plan.indicators.values():
        by_group.setdefault(indicator.group, Counter())[indicator.kind] += 1
    output.say("")
    output.table(
        (
            t.context("column", "group"),
            t.context("column", "indicators"),
            t.context("column", "kinds"),
        ),
        [
            (
                names.get(group) or str(group or "—"),
                str(kinds.total()),
                t.listing(f"{t.of(KIND_WORDS[kind])} {count}" for kind, count in kinds.items()),
            )
            for group, kinds in by_group.items()
        ],
        (False, True, False),
    )


_ROW_WORDS = {
    "target": context("row", "target"),
    "work": context("row", "work"),
    "task": context("row", "task"),
}


def _print_promises(rows: Sequence[Mapping[str, Any]], t: Translator) -> None:
    if not rows:
        output.say(t("Nothing meets these conditions."))
        return
    name = "name" if t.lang == "zh" else "name_en"
    output.table(
        (
            t.context("column", "what"),
            t.context("column", "name"),
            t.context("column", "value"),
            t.context("column", "due"),
            t.context("column", "lead"),
            t.context("column", "place"),
        ),
        [
            (
                t.of(_ROW_WORDS[row["what"]]),
                str(row[name] or row["name"]),
                _value(row),
                str(row["due"] or ""),
                str(row["lead_units"]).replace(";", "、"),
                str(row["places"]).replace(";", "、"),
            )
            for row in rows
        ],
        (False, False, True, True, False, False),
    )
    output.say("", t.plural("{n} row", "{n} rows", len(rows)))


def _value(row: Mapping[str, Any]) -> str:
    value = row["value"]
    if value is None or row["kind"] == "milestone":
        return ""
    sign = SENSE_SIGNS.get(str(row["sense"]), "")
    return f"{sign} {plain(value)} {row['unit']}".strip()


# ``corridor template``: a new plan, or a form for the figures a plan still lacks.


def run_template(options: Namespace) -> None:
    """Write the template that the target's name asks for."""
    target = Path(options.target)
    t = translator(options.lang)
    stem = target.stem.lower()
    if target.suffix == "":
        new_plan(target)
        outcome = t(
            "{target} is ready. Read {guide} in it, fill the tables in, then run corridor "
            "validate {target}.",
            target=target,
            guide=GUIDE,
        )
    elif target.suffix.lower() not in {".csv", ".xlsx"}:
        raise CorridorError(
            N_("{file}: a form is a .csv or .xlsx file; a new plan is a folder without a dot."),
            file=target.name,
        )
    elif stem.startswith(("observations", SHEETS_ZH["observations"])):
        _write_observations_form(options, target)
        outcome = t(
            "{target} is ready, with what is due and what is missing by unit.", target=target
        )
    elif stem.startswith(("baselines", SHEETS_ZH["baselines"])):
        baselines_form(output.plan_of(options), target)
        outcome = t(
            "{target} is ready. Fill in {value} (value) and {source} (source), leave the rest "
            "empty, then run corridor required --baselines {target}.",
            target=target,
            value=TITLES_ZH["value"],
            source=TITLES_ZH["source"],
        )
    else:
        raise CorridorError(
            N_("{file}: name the form baselines... or observations..., or give a folder."),
            file=target.name,
        )
    output.paragraph(outcome)


def _write_observations_form(options: Namespace, target: Path) -> None:
    """Write the form for a period's figures, with what last month's file already holds."""
    from corridor_model.observations.forms import write_observation_template

    if options.as_of is None:
        raise CorridorError(N_("Say which period is due, such as --as-of 2021-09."))
    write_observation_template(output.plan_of(options), target, options.as_of, options.previous)


# ``corridor validate``: every mistake of a plan, or that there is none.


def run_validate(options: Namespace) -> None:
    """Print what was checked; mistakes are raised and printed by the command itself."""
    t = translator(options.lang)
    n = counts(load_plan(options.source))
    output.paragraph(
        t(
            "No mistakes: {indicators}, {targets}, {works}, {tasks}.",
            indicators=plural("{n} indicator", "{n} indicators", n["indicators"]),
            targets=plural("{n} target", "{n} targets", n["targets"]),
            works=plural("{n} work", "{n} works", n["works"]),
            tasks=plural("{n} task", "{n} tasks", n["tasks"]),
        )
    )


# ``corridor observe``: figures into a store that only grows, and out of it.

_MORE = ("unit", "measure", "basis", "stage", "series")


def run_observe(options: Namespace) -> None:
    """Add, list, revise, withdraw or export."""
    actions = {
        "add": _add,
        "list": _list,
        "revise": _revise,
        "withdraw": _withdraw,
        "export": _export,
    }
    store = Store(options.store)
    actions[options.action](options, store)
    for note in store.notes:
        output.paragraph(note.text(options.lang))


@workbook_cache()
def _add(options: Namespace, store: Store) -> None:
    plan, t = output.plan_of(options), translator(options.lang)
    rows: Any
    if len(options.figure) == 1 and holds_reports_alone(options.figure[0]):
        rows = Observations()
    elif len(options.figure) == 1:
        rows = load_observations(
            options.figure[0], plan, period=options.period, beside=store.open()
        )
        output.paragraph(rows.summary.text(options.lang))
    else:
        rows = [_figure(options)]
    remarks = [r for r in getattr(rows, "remarks", ()) if r.reason != "not_reported"]
    total = len(rows) + len(remarks)
    reports = (
        ()
        if len(options.figure) != 1
        else load_reports(options.figure[0], plan, period=options.period, published=options.date)
    )
    added = store.append(rows, date=options.date, source=options.source, plan=plan)
    if reports:
        n = store.report(*reports)
        output.paragraph(
            t.plural(
                "{n} report on works and tasks added to {store}.",
                "{n} reports on works and tasks added to {store}.",
                n,
                store=options.store,
            )
        )
    if added == total:
        output.paragraph(t("{added} added to {store}.", added=added, store=options.store))
        return
    output.paragraph(
        t(
            "{added} added to {store}; {same} were there already.",
            added=added,
            same=total - added,
            store=options.store,
        )
    )


def _revise(options: Namespace, store: Store) -> None:
    plan = output.plan_of(options)
    row = _figure(options)
    store.revise(
        row.pop("indicator"),
        row.pop("period"),
        row.pop("value"),
        date=options.date,
        source=options.source,
        plan=plan,
        **row,
    )
    t = translator(options.lang)
    output.paragraph(t("Revised; the former value stays in {store}.", store=options.store))


def _withdraw(options: Namespace, store: Store) -> None:
    """Take one entry back: by its number, or by indicator and period."""
    if not 1 <= len(options.figure) <= 2:
        what = message("takes the number of an entry, or an indicator and a period.")
        remedy = message("For example: corridor observe withdraw 12 --reason 'typing error'")
        raise PlanError([Problem(what, remedy, "observe withdraw")])
    plan, t = output.plan_of(options), translator(options.lang)
    name, period = [*options.figure, None][:2]
    figure = name if name.isdecimal() else names_of(plan, "indicator").find(name) or name
    more = {key: getattr(options, key) for key in _MORE if getattr(options, key)}
    row = store.withdraw(figure, period, reason=options.reason or "", **more)
    output.paragraph(
        t(
            "Entry {number} is taken back: {indicator} {period} {value}. It stays in the history "
            "of {store}.",
            number=row["number"],
            indicator=_name(plan, row["indicator"], t.lang),
            period=row["period"],
            value=_shown(row),
            store=options.store,
        )
    )


def _export(options: Namespace, store: Store) -> None:
    """Write the history as CSV, to a file or to the terminal."""
    if options.figure:
        what = message("takes no figures; it writes the whole history.")
        remedy = message("For example: corridor observe export --out history.csv")
        raise PlanError([Problem(what, remedy, "observe export")])
    if not options.out:
        output.records(store.history(), "csv")
        return
    n = store.export(options.out)
    t = translator(options.lang)
    output.paragraph(
        t.plural("{n} entry written to {file}.", "{n} entries written to {file}.", n,
                 file=options.out)
    )  # fmt: skip


def _shown(row: Mapping[str, Any]) -> str:
    """Return the value of an entry, or the words it has instead."""
    return str(row["text"] or "") if row["value"] is None else plain(row["value"])


def _figure(options: Namespace) -> dict[str, Any]:
    """Return the row that the command line spells out."""
    if len(options.figure) != 3:
        what = message("takes an indicator, a period and a value, or one file.")
        remedy = message(
            "For example: corridor observe add gdp 2021Q3 370.1 --source 'Statistics, flash'"
        )
        raise PlanError([Problem(what, remedy, f"observe {options.action}")])
    row = dict(zip(("indicator", "period", "value"), options.figure, strict=True))
    return row | {name: getattr(options, name) for name in _MORE if getattr(options, name)}


_MARKS = {"addition": " +", "growth": " ±"}
"""Behind the period: an addition of the period alone, a growth on a year earlier."""


def _list(options: Namespace, store: Store) -> None:
    plan, t = output.plan_of(options), translator(options.lang)
    name, text = [*options.figure, None, None][:2]
    indicator = None if name is None else names_of(plan, "indicator").find(name) or name
    period = None if text is None else str(Period.of(text))
    rows = store.list(indicator, period)
    if options.format != "table":
        output.records(rows, options.format)
        return
    if not rows:
        output.say(t("Nothing is there."))
        return
    reports = {
        entry["number"]: json.loads(entry["text"])
        for entry in store.history()
        if entry["kind"] in REPORTS
    }
    output.table(
        (
            *(
                t.context("column", "no."),
                t.context("column", "indicator"),
                t.context("column", "period"),
                t.context("column", "value"),
                t.context("column", "unit"),
                t.context("column", "published"),
                t.context("column", "entered"),
            ),
            t.context("column", "source"),
        ),
        [
            (
                str(row["number"]),
                _name(plan, row["indicator"], t.lang),
                f"{row['period']}{_MARKS.get(row['measure'] or '', '')}",
                "" if row["kind"] in REPORTS else _shown(row),
                *(row[key] or "" for key in ("unit", "published", "entered")),
                _report(row, reports[row["number"]], t)
                if row["kind"] in REPORTS
                else _remark(row, t),
            )
            for row in rows
        ],
        (True, False, False, True, False, False, False, False),
    )


def _report(row: Mapping[str, Any], columns: Mapping[str, Any], t: Translator) -> str:
    """Return what a report on a work or a task says, column by column."""
    text = str(row["text"])
    if t.lang == "zh":
        flags = {True: t.context("flag", "yes"), False: t.context("flag", "no")}
        states = {state_of(word): word for word in STATES_OF_FORM}
        words = {
            name: flags[value] if isinstance(value, bool) else str(value)
            for name, value in columns.items()
        }
        if "state" in words:
            words["state"] = states.get(words["state"], words["state"])
        text = "；".join(f"{TITLES_ZH[name]} {word}" for name, word in words.items())
    return _remark({**row, "source": text}, t)


def _remark(row: Mapping[str, Any], t: Translator) -> str:
    """Return the source of an entry, or what became of it."""
    if row["withdraws"]:
        return t("takes back no. {number}", number=row["withdraws"])
    source = row["source"] or ""
    if not row["withdrawn"]:
        return source
    return t("taken back {day}. {source}", day=row["withdrawn"], source=source).strip()


def _name(plan: Plan, identifier: str, lang: str) -> str:
    if identifier in plan.tasks:
        return plan.tasks[identifier].name
    named = plan.indicators.get(identifier) or plan.projects.get(identifier)
    return named.name(lang) if named else identifier


# ``corridor collect``: what the units sent in, in one go.


def run_collect(options: Namespace) -> None:
    """Read a folder, print what is in it and what is amiss, and keep what is new."""
    from corridor_model.observations.collection import collect

    plan, t = output.plan_of(options), translator(options.lang)
    result = collect(
        plan,
        options.folder,
        options.as_of,
        due=options.due,
        published=options.date,
        store=options.store,
        apart=[options.out] if options.out else (),
    )
    if options.out:
        result.save(options.out)
    if options.format != "table":
        output.records(_rows_of_collection(result, plan, options.lang), options.format)
        return
    output.heading(t("Returns for {period}", period=result.as_of))
    for one in result.returns:
        text = one.summary.text(t.lang)
        # the reason why a file was not read mostly names the file itself
        if not text.startswith(one.file):
            text = t("{file}: {what}", file=one.file, what=text)
        output.paragraph(text)
    _print_contradictions(result, plan, t)
    for problem in result.doubts:
        output.paragraph(t("Please check: {warning}", warning=problem.text(t.lang)))
    _print_missing(result, t)
    if options.due:
        _print_late(result, options.due, t)
    output.say("")
    if options.out:
        output.paragraph(_written(result, options.out, t))
    if result.added is not None:
        output.paragraph(t("{added} added to {store}.", added=result.added, store=options.store))
    output.paragraph(result.summary.text(t.lang))


def _written(result: Collection, file: str, t: Translator) -> str:
    figures, reports = len(result.observations), sum(map(len, result.reports))
    return t(
        "{figures} and {reports} on works and tasks written to {file}.",
        figures=plural("{n} figure", "{n} figures", figures),
        reports=plural("{n} report", "{n} reports", reports),
        file=file,
    )


def _print_contradictions(result: Collection, plan: Plan, t: Translator) -> None:
    """Print what several files say differently, each with its place; none was taken."""
    if not result.contradictions:
        return
    n = len(result.contradictions)
    output.heading(
        t.plural(
            "{n} contradiction; none of its figures was taken",
            "{n} contradictions; none of their figures was taken",
            n,
        )
    )
    rows = []
    for group in result.contradictions:
        columns = [name for one in group[1:] for name in group[0].differences(one)]
        for one in group:
            what = f"{_name(plan, one.subject, t.lang)} {one.period}"
            rows.append((what, _said(one, columns, t), one.published, t.of(one.place)))
    output.table(
        (
            t.context("table", "item"),
            t.context("table", "value"),
            t.context("column", "published"),
            t.context("column", "place"),
        ),
        rows,
        (False, True, False, False),
    )
    output.paragraph(t("Ask the units which is right, correct the file, and collect again."))


def _said(one: Statement, columns: Sequence[str], t: Translator) -> str:
    """Return a figure with its unit, or what a report says in the columns that differ."""
    if one.kind == "observations":
        sign = SENSE_SIGNS.get(str(one.row.get("bound") or ""), "")
        mark = _MARKS.get(one.row["measure"], "")
        return f"{sign}{plain(one.row['value'])} {one.row['unit'] or ''}{mark}".strip()
    parts = []
    for name in dict.fromkeys(columns):
        value = plain_value(one.row.get(name))
        text = plain(value) if isinstance(value, float) else str("—" if value is None else value)
        title = TITLES_ZH[name] if t.lang == "zh" else name
        parts.append(f"{title} {text}")
    return t.listing(parts)


def _print_missing(result: Collection, t: Translator) -> None:
    """Print how much each unit owes, and of what nobody is named to owe it."""
    from corridor_model.observations.collection import owed

    if not result.missing:
        output.heading(t("Nothing is missing."))
        return
    output.heading(t("What is missing, by responsible unit"))
    output.table(
        (
            t.context("table", "unit"),
            t.context("column", "indicators"),
            t.context("column", "works"),
            t.context("column", "tasks"),
            t.context("column", "name"),
        ),
        [
            (
                translator("zh").listing(units) or t("(no unit is named)"),
                *(str(len([i for i in items if i.kind == kind]) or "") for kind in _OWED),
                _first(items, t),
            )
            for units, items in owed(result.missing)
        ],
        (False, True, True, True, False),
    )


_OWED = ("indicator", "work", "task")
_MOST_NAMES = 3


def _first(items: Sequence[Due], t: Translator) -> str:
    """Return the first names of what is owed, and that there are more."""
    names = t.listing(t.of(item.name) for item in items[:_MOST_NAMES])
    more = len(items) - _MOST_NAMES
    return names if more <= 0 else t("{names} and {n} more", names=names, n=more)


def _print_late(result: Collection, due: str, t: Translator) -> None:
    """Print what was published after the due day, by file, and what says no day."""
    if not result.late:
        output.remark(t("Nothing is dated after {day}.", day=due))
    else:
        output.heading(t("Published after {day}", day=due))
        files = Counter(one.file for one in result.late)
        for file, n in files.items():
            days = [one.published for one in result.late if one.file == file]
            output.paragraph(
                t.plural(
                    "{file}: {n} figure or report, the last of {day}.",
                    "{file}: {n} figures or reports, the last of {day}.",
                    n,
                    file=file,
                    day=max(days),
                )
            )
    if result.undated:
        output.paragraph(
            t.plural(
                "{n} has no day of publication; whether it is late is not known.",
                "{n} have no day of publication; whether they are late is not known.",
                len(result.undated),
            )
        )


def _rows_of_collection(result: Collection, plan: Plan, lang: str) -> list[dict[str, Any]]:
    """Return everything a program may ask of a collection, all rows with the same columns."""
    from corridor_model.observations.collection import units_of

    t = translator(lang)
    rows: list[dict[str, Any]] = []

    def add(what: str, **columns: Any) -> None:
        rows.append({name: columns.get(name) for name in _COLUMNS} | {"what": what})

    def add_statement(what: str, one: Statement, text: str | None = None) -> None:
        add(
            what,
            file=one.file,
            place=t.of(one.place),
            id=one.subject,
            name=_name(plan, one.subject, lang),
            period=one.period,
            measure=one.row.get("measure"),
            bound=one.row.get("bound"),
            value=one.row.get("value"),
            unit=one.row.get("unit"),
            published=one.published or None,
            units=";".join(units_of(plan, one)) or None,
            text=text,
        )

    for one in result.returns:
        add("unreadable" if one.why else "file", file=one.file, text=one.summary.text(lang))
    for statement in result.taken:
        add_statement(_KINDS[statement.kind], statement)
    for statement in result.repeated:
        add_statement("repeated", statement)
    for file, line in result.skipped:
        place = f"{file}[{line.sheet}]!{line.cell}" if line.sheet else f"{file}!{line.cell}"
        add("skipped", file=file, place=place, text=f"{line.text}: {line.why.text(lang)}")
    for group in result.contradictions:
        columns = [name for one in group[1:] for name in group[0].differences(one)]
        for statement in group:
            add_statement("contradictory", statement, _said(statement, columns, t))
    for item in result.missing:
        add(
            "missing",
            id=item.id,
            name=t.of(item.name),
            period=str(item.period),
            units=";".join(item.units) or None,
            text=item.reason.text(lang),
        )
    for statement in result.late:
        add_statement("late", statement)
    for statement in result.undated:
        add_statement("undated", statement)
    for problem in result.doubts:
        add("doubt", text=problem.text(lang))
    add("summary", value=result.added, text=result.summary.text(lang))
    return rows


_KINDS = {"observations": "figure", "work_reports": "work", "task_reports": "task"}
_COLUMNS = (
    *("what", "file", "place", "id", "name", "period", "measure", "bound", "value", "unit"),
    *("published", "units", "text"),
)
