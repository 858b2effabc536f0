"""``corridor assess``: where each target stands, and what cannot be said and why."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.answers import METHODS
from corridor_model.assessment.assessment import assess
from corridor_model.assessment.rollup import league
from corridor_model.assessment.rules import RULES
from corridor_model.assessment.verdicts import tally
from corridor_model.assessment.works import assess_tasks, assess_works, works_total
from corridor_model.cli import output
from corridor_model.codes import (
    BEHIND,
    MISSED,
    NOT_ASSESSABLE,
    REASONS,
    STATUSES,
    RuleName,
    reason_word,
    status_word,
    worst_first,
)
from corridor_model.errors import CorridorError
from corridor_model.forecasting.base_rates import end_of
from corridor_model.formatting import plain, rounded, telling
from corridor_model.messages import N_, Name, Translator, translator
from corridor_model.observations.histories import last_period
from corridor_model.observations.names import names_of
from corridor_model.periods import Period
from corridor_model.plan.display import EXAMPLE, SENSE_SIGNS
from corridor_model.plan.plan import Plan
from corridor_model.plan.query import headline
from corridor_model.rows import plain_value, to_rows
from corridor_model.text.assessment import (
    BASIS,
    basis_word,
    beside_verdict,
    is_known_later,
    is_settled,
    part,
    probability_text,
    probability_word,
    row_of,
    sentence,
    short,
    split_line,
    target_text,
    thresholds_text,
)
from corridor_model.text.audit import explain
from corridor_model.text.forecasting import record_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.observations.model import Observations


Row = Mapping[str, Any]


def run(options: Namespace) -> None:
    """Print an assessment in the form asked for."""
    t = translator(options.lang)
    plan = output.plan_of(options)
    observations = output.figures_of(options, plan)
    if options.works or options.tasks or options.league or options.unit:
        print_units(options, output.with_reports(options, plan), observations, t)
        return
    if options.explain:
        # a name does as well as an id
        options.explain = names_of(plan, "indicator").find(options.explain) or options.explain
    if options.method == "all" and not options.explain:
        print_methods(options, plan, observations, t)
        return
    method = "default" if options.method == "all" else options.method
    ds = assess(plan, observations, options.as_of, options.known_by, options.rule, method=method)
    if options.explain:
        print_audit(ds, options, t)
    elif options.format != "table":
        output.records(rows_of(ds), options.format)
    elif options.rule == "all":
        print_rules(ds, plan, t)
    else:
        print_assessment(ds, plan, t, options.all, method)


def rows_of(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator, and a rule where there are several; a mask is None (S7)."""
    rows = to_rows(ds, ("indicator", "rule"))
    for row in rows:
        # where it is not asked the answer is no, and path_sensitive_reason says why
        row["path_sensitive"] = bool(row["path_sensitive"])
    return rows


def print_assessment(
    ds: xr.Dataset, plan: Plan, t: Translator, everything: bool = False, method: str = "default"
) -> None:
    """Print the counts, what can be said, the worst first, how likely, and what cannot."""
    rows = {str(name): row_of(ds, str(name)) for name in ds["indicator"].to_numpy()}
    _print_head(ds, plan, t)
    assessed = [row for row in rows.values() if row["status"] != NOT_ASSESSABLE]
    counts = tally([r["status"] for r in rows.values()], [r["reason"] for r in rows.values()])
    listed = t.listing(f"{status_word(status, t.lang)} {counts[status]}" for status in STATUSES)
    output.paragraph(
        t.plural("{n} target: {counts}", "{n} targets: {counts}", len(rows), counts=listed)
    )
    if late := sum(bool(row["met_late"]) for row in rows.values()):
        output.paragraph(
            t.plural(
                "Of the missed ones {n} was met after its date.",
                "Of the missed ones {n} were met after their date.",
                late,
            )
        )
    if stretch := sum(row["tier"] == "stretch" for row in rows.values()):
        output.paragraph(
            t.plural(
                "{n} of the targets is a stretch target.",
                "{n} of the targets are stretch targets.",
                stretch,
            )
        )
    if assessed:
        output.say("")
        assessed.sort(key=lambda row: worst_first(row["status"]))
        output.table(
            (
                t.context("table", "indicator"),
                t.context("table", "figure"),
                t.context("table", "target"),
                t.context("table", "done"),
                t.context("table", "time"),
                t.context("table", "gap"),
                t.context("table", "verdict"),
            ),
            [_line(row, t, str(ds.attrs["as_of"])) for row in assessed],
            (False, True, True, True, True, True, False),
        )
        output.paragraph(
            t(
                "done, time: from the baseline to the target year; of a yearly bound, within its "
                "year; of a limit, what is used of its room."
            )
        )
        for row in assessed:
            if row["status"] in {"behind", "missed"} or row["series_break"]:
                output.remark(sentence(row, t.lang))
    print_splits(rows, t)
    print_probabilities(rows, plan, t, everything, method)
    _print_not_assessable(rows, plan, t, everything)


def _example_note(plan: Plan, t: Translator) -> str:
    return f" [{t(EXAMPLE)}]" if plan.example else ""


def _print_head(ds: xr.Dataset, plan: Plan, t: Translator) -> None:
    """Print the period, the rule with its thresholds, and how much of the plan is over."""
    attrs = ds.attrs
    rule = RULES[str(attrs["rule"])]
    fields = {"period": attrs["as_of"], "note": _example_note(plan, t)}
    output.heading(
        t("Targets as of {period}, as known on {day}{note}", day=attrs["known_by"], **fields)
        if attrs["known_by"]
        else t("Targets as of {period}{note}", **fields)
    )
    fields = {"rule": rule.title, "thresholds": thresholds_text(ds, rule.name)}
    output.paragraph(
        t.context("ours", "Rule {rule}: {thresholds}.", **fields)
        if rule.name == "schedule"
        else t("Rule {rule}: {thresholds}.", **fields)
    )
    if rule.ours and t.lang == "en":
        output.paragraph(f"Ours in it: {rule.ours}.")
    if ds.sizes["indicator"]:
        elapsed = rounded(100 * float(ds["plan_elapsed"][0]), 1)
        years = f"{int(attrs['base_year']) + 1}-{attrs['last_year']}"
        output.paragraph(t("Of {years}, {elapsed} % is over.", years=years, elapsed=elapsed))


def _name(row: Row, t: Translator) -> str:
    return str(row["name_zh" if t.lang == "zh" else "name_en"])


def _line(row: Row, t: Translator, as_of: str) -> tuple[str, ...]:
    """Return one line; the period of a figure stands beside it only if it is another."""
    figure = _number(row["actual"], row, row["target"])
    if figure:
        figure = SENSE_SIGNS.get(row["actual_bound"], "") + figure
    if figure and row["actual_period"] != as_of:
        figure += f" ({row['actual_period']})"
    done = _percent(row["achieved_share"])
    if row["is_limit"] and not math.isnan(row["used_share"]):
        done = t.context("table", "used {share}", share=_percent(row["used_share"]))
    return (
        _name(row, t),
        figure,
        target_text(row, t),
        done,
        _percent(row["elapsed_share"]),
        _points(row["schedule_gap"]),
        "\n".join([status_word(row["status"], t.lang), *beside_verdict(row, t, as_of)]),
    )


def _number(value: float, row: Row, bound: float) -> str:
    """Return a figure of a table, with the digits that tell it from its target (S18)."""
    if math.isnan(value):
        return ""
    exact, bound = plain(value), value if math.isnan(bound) else bound
    return exact if len(exact) <= 8 else telling(value, bound, 1 if row["kind"] == "growth" else 2)


def _points(gap: float) -> str:
    """Return a gap in percentage points with its sign."""
    if math.isnan(gap):
        return ""
    points = rounded(gap * 100, 1)
    return points if points.startswith("-") or points == "0.0" else f"+{points}"


def _percent(share: float) -> str:
    return "" if math.isnan(share) else part(share).replace(" ", "")


# This year's own targets (S21).


def print_splits(rows: Mapping[str, Row], t: Translator) -> None:
    """Print this year's own targets, the worst first, and those that are not used with why."""
    splits = [row for row in rows.values() if row["year_origin"]]
    known = [row for row in splits if not row["completion_reason"]]
    if not splits:
        return
    output.heading(t("This year's own targets"))
    if known:
        known.sort(key=lambda row: row["year_gap"])
        output.table(
            (
                t.context("table", "indicator"),
                t.context("table", "figure"),
                t.context("table", "this year's target"),
                t.context("table", "completion"),
                t.context("table", "time"),
                t.context("table", "gap"),
            ),
            [_line_of_split(row, t) for row in known],
            (False, True, True, True, True, True),
        )
        output.paragraph(
            t(
                "completion, time: of flows and additions, of this year; of stocks, shares and "
                "ranks, from the start to the end of this year; a growth is compared in points."
            )
        )
    for reason in dict.fromkeys(row["completion_reason"] for row in splits):
        names = [_name(row, t) for row in splits if row["completion_reason"] == reason]
        if reason:
            fields = {"reason": reason_word(reason, t.lang), "names": _semicolons(names, t)}
            output.paragraph(t("Not compared, {reason}: {names}.", **fields))


def _line_of_split(row: Row, t: Translator) -> tuple[str, ...]:
    line = split_line(row)
    return (
        _name(row, t),
        _number(line.figure, row, line.goal),
        _number(line.goal, row, line.figure),
        _percent(line.completion),
        _percent(line.elapsed),
        _points(line.gap),
    )


def _print_not_assessable(
    rows: Mapping[str, Row], plan: Plan, t: Translator, everything: bool
) -> None:
    """Name what cannot be judged, by reason; single blocks are counted unless asked for."""
    open_rows = {name: row for name, row in rows.items() if row["status"] == NOT_ASSESSABLE}
    if not open_rows:
        return
    output.heading(
        t.plural(
            "What cannot be said: {n} target", "What cannot be said: {n} targets", len(open_rows)
        )
    )
    chosen = set(rows) if everything else set(headline(plan))
    hidden = 0
    for reason in REASONS:
        names = [name for name, row in open_rows.items() if row["reason"] == reason]
        if not names:
            continue
        listed = [_name(rows[name], t) for name in names if name in chosen]
        hidden += len(names) - len(listed)
        fields = {"reason": reason_word(reason, t.lang), "n": len(names)}
        output.paragraph(
            t("{reason}, {n}: {names}.", names=_semicolons(listed, t), **fields)
            if listed
            else t("{reason}, {n}.", **fields)
        )
    if hidden:
        output.paragraph(
            t.plural(
                "{n} of single blocks and institutes is not named here: add --all.",
                "{n} of single blocks and institutes are not named here: add --all.",
                hidden,
            )
        )
    older = [
        row
        for row in open_rows.values()
        if row["actual_period"] and not math.isnan(row["required_rate_remaining"])
    ]
    if older:
        sentences = [sentence(row, t.lang) for row in older]
        output.heading(t("Only an older figure is known"), *sentences)
    if later := [sentence(row, t.lang) for row in open_rows.values() if is_known_later(row)]:
        output.heading(t("Only a figure after the date is known"), *later)
    output.paragraph(t("To fill them in: --observations FILE (indicator, period, value, unit)."))


def _semicolons(names: Sequence[str], t: Translator) -> str:
    """Return names in a row; an English name may hold a comma of its own."""
    return t.listing(names) if t.lang == "zh" else "; ".join(names)


# How likely each target is, on the terminal: one method, or all side by side.


def print_probabilities(
    rows: Mapping[str, Row], plan: Plan, t: Translator, everything: bool, method: str = "default"
) -> None:
    """Print the probability of each target that has one, the least likely first."""
    known = {name: row for name, row in rows.items() if not math.isnan(row["p_reach"])}
    if not known:
        return
    chosen = set(rows) if everything else set(headline(plan))
    listed = [row for name, row in known.items() if name in chosen]
    output.heading(t("How likely"))
    if method != "default":
        output.paragraph(t("Method: {method}, to compare.", method=METHODS[method].title))
    if listed:
        listed.sort(key=lambda row: row["p_reach"])
        output.table(
            (
                t.context("table", "indicator"),
                t.context("table", "projected (80 %)"),
                t.context("table", "p"),
                "",
                t.context("table", "basis"),
            ),
            [_line_of_probability(row, t) for row in listed],
            (False, True, True, False, False),
        )
        bases = [basis for basis in BASIS if any(row["p_basis"] == basis for row in listed)]
        output.paragraph(t("{notes}.", notes=_legend(bases, t)))
    output.paragraph(
        t(
            "Very likely from 0.9, likely from 0.6, about even from 0.4, unlikely from 0.1 "
            "(cut points are ours)."
        )
    )
    for end in ("low", "high"):
        near = [row["p_reach"] for row in listed if end_of(row["p_reach"]) == end]
        if near and method == "default":
            output.paragraph(record_text(near[0], t.lang))
    if len(known) > len(listed):
        count = len(known) - len(listed)
        output.paragraph(t("{n} more of single blocks and institutes: add --all.", n=count))


def _legend(bases: Sequence[str], t: Translator) -> str:
    """Return what the codes of a basis mean, one after another."""
    legend = ""
    for code in bases:
        entry = t("{code}: {meaning}", code=code, meaning=basis_word(code, t.lang))
        legend = t("{first}; {second}", first=legend, second=entry) if legend else entry
    return legend


def _line_of_probability(row: Row, t: Translator) -> tuple[str, ...]:
    projected = short(row["projected"]) if not math.isnan(row["projected"]) else ""
    if projected and row["p_basis"] != "observed":
        projected += f" ({short(row['lower'])}–{short(row['upper'])})"
    return (
        _name(row, t),
        projected,
        probability_text(row["p_reach"]),
        probability_word(row["p_reach"], t.lang, is_settled(row)),
        row["p_basis"],
    )


def print_methods(
    options: Namespace, plan: Plan, observations: Observations | None, t: Translator
) -> None:
    """Print the probability of each target by every method, and how skilful each is."""
    rule: RuleName = "schedule" if options.rule == "all" else options.rule
    rows = method_rows(
        {
            name: assess(plan, observations, options.as_of, options.known_by, rule, method=name)
            for name in METHODS
        }
    )
    if options.format != "table":
        output.records(rows, options.format)
        return
    chosen = set(plan.targets) if options.all else set(headline(plan))
    lines = []
    for row in rows:
        values = [row[f"p_{name}"] for name in METHODS]
        if row["indicator"] in chosen and any(value is not None for value in values):
            lines.append(
                (_name(row, t), *("—" if v is None else probability_text(v) for v in values))
            )
    skills = ("—" if m.skill is None else f"{m.skill:.3f}" for m in METHODS.values())
    output.heading(t("The probability by every method"))
    output.table(
        (
            t.context("table", "indicator"),
            *(method.title.text(t.lang) for method in METHODS.values()),
        ),
        [*lines, (t("skill (BSS)"), *skills)],
        (False, *(True for _ in METHODS)),
    )
    output.paragraph(
        t(
            "BSS: Brier skill against the base rate on 13,968 tasks cut from real short series; "
            "higher is better, below 0 is worse than the base rate (ETS on 1,791 tasks; see "
            "docs/forecast.md). Only the default is calibrated, the others are there to compare: "
            "where one or two values show no size of change they give no probability, and ETS "
            "needs five consecutive years."
        )
    )


def method_rows(by_method: Mapping[str, xr.Dataset]) -> list[dict[str, Any]]:
    """Return one row an indicator: probability and projection by method; a mask is None."""
    first = next(iter(by_method.values()))
    rows = to_rows(first, ("indicator",), ("indicator", "name_zh", "name_en", "p_basis"))
    for place, row in enumerate(rows):
        for variable, prefix in (("p_reach", "p"), ("projected", "projected")):
            for method, ds in by_method.items():
                row[f"{prefix}_{method}"] = plain_value(ds[variable].to_numpy()[place])
    return rows


# Verdicts in other forms: every rule side by side, and how one came about.


def print_rules(ds: xr.Dataset, plan: Plan, t: Translator) -> None:
    """Print the verdicts of all rules side by side, for what any of them can judge."""
    note = _example_note(plan, t)
    output.heading(
        t("Verdicts of every rule as of {period}{note}", period=ds.attrs["as_of"], note=note)
    )
    names = ds["name_zh" if t.lang == "zh" else "name_en"].to_numpy()
    statuses, words = ds["status"].to_numpy(), ds["rule_word"].to_numpy()
    for i, name in enumerate(names):
        if (statuses[:, i] == NOT_ASSESSABLE).all():
            continue
        output.say("")
        output.say(str(name), is_bold=True)
        output.table(
            (
                t.context("table", "rule"),
                t.context("table", "verdict"),
                t.context("table", "its own class"),
            ),
            [
                (
                    rule.title.text(t.lang),
                    status_word(str(statuses[r, i]), t.lang),
                    # what was settled before the rule has none of its classes
                    t.of(rule.words.get(str(words[r, i]), Name("", str(words[r, i])))),
                )
                for r, rule in enumerate(RULES.values())
            ],
            (False, False, False),
        )


def print_audit(ds: xr.Dataset, options: Namespace, t: Translator) -> None:
    """Print how one verdict came about."""
    rule = "schedule" if options.rule == "all" else None
    audit = explain(ds, options.explain, rule)
    if options.format == "json":
        fields = type(audit).__dataclass_fields__
        output.records([{name: getattr(audit, name) for name in fields}], "json")
        return
    output.heading(audit.zh if t.lang == "zh" else audit.en)
    rows = [(name, value) for part in (audit.inputs, audit.steps) for name, value in part.items()]
    rows += [(f"formula {name}", text) for name, text in audit.formulas.items()]
    rows += [
        (name, getattr(audit, name))
        for name in ("rule", "source", "thresholds", "branch", "status", "reason")
    ]
    output.table(
        (t.context("table", "item"), t.context("table", "value")),
        [(name, _cell(value)) for name, value in rows],
        (False, False),
    )
    if audit.forecast.get("p_reach") is None:
        return
    output.heading(t("Behind the probability"))
    for name in ("said", "experts", "feasibility"):
        if audit.forecast[f"{name}_{t.lang}"]:
            output.paragraph(audit.forecast[f"{name}_{t.lang}"])


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "—"
    return plain(value) if isinstance(value, float) else str(value)


# Works, tasks and units: what stands beside the targets in a bulletin.


def print_units(
    options: Namespace, plan: Plan, observations: Observations | None, t: Translator
) -> None:
    """Print where works and tasks stand, of one unit or all, or the league of units."""
    period = options.as_of
    works = assess_works(plan, as_of=period, known_by=options.known_by)
    tasks = assess_tasks(plan, as_of=period, known_by=options.known_by)
    if options.league:
        if period is None:
            # units are compared at one time: the last that anything speaks of
            figures = last_period(plan, observations, options.known_by)
            reported = (Period.of(frame.attrs["as_of"]) for frame in (works, tasks))
            period = max(figures, *reported, key=lambda one: (one.end, one.length))
            works = assess_works(plan, as_of=period, known_by=options.known_by)
            tasks = assess_tasks(plan, as_of=period, known_by=options.known_by)
        ds = assess(plan, observations, period, options.known_by, "schedule")
        frame = league(plan, ds, works, tasks)
        if options.unit:
            frame = frame[_are_of(frame.index, plan, options.unit)]
        _print_league(frame, str(ds.attrs["as_of"]), options, t)
        return
    every = not (options.works or options.tasks)
    if options.unit:
        works, tasks = (f[_are_of(f["lead_units"], plan, options.unit)] for f in (works, tasks))
    if options.format != "table":
        frames = [works] if options.works or every else []
        frames += [tasks] if options.tasks or every else []
        output.records([row for frame in frames for row in to_rows(frame)], options.format)
        return
    if options.works or every:
        _print_works(works, t)
    if options.tasks or every:
        _print_tasks(tasks, t)


def _are_of(units: Iterable[Any], plan: Plan, unit: str) -> list[bool]:
    """Return which cells name a unit, by its name of today or a former one."""
    name = plan.units.get(unit, unit)
    own = [name in {plan.units.get(one, one) for one in str(cell).split(";")} for cell in units]
    if not any(own) and unit not in plan.units:
        raise CorridorError(
            N_("{unit!r} is no unit of the plan (corridor plan --table units)."), unit=unit
        )
    return own


def _print_works(works: pd.DataFrame, t: Translator) -> None:
    total = works_total(works)
    output.heading(t("Works as of {period}", period=works.attrs["as_of"]))
    output.table(
        (
            t.context("table", "work"),
            t.context("table", "report"),
            t.context("table", "this month"),
            t.context("table", "this year"),
            t.context("table", "plan of the year"),
            t.context("table", "done"),
            t.context("table", "gap"),
            t.context("table", "verdict"),
        ),
        [
            (
                _name(row, t),
                str(row["period"] or ""),
                *(_money(row[key]) for key in ("invested_month", "invested_year", "annual_plan")),
                "" if row["completion"] is None else _percent(row["completion"]),
                "" if row["year_gap"] is None else _points(row["year_gap"]),
                _verdict_of(row, t),
            )
            for row in to_rows(works)
        ],
        (False, False, True, True, True, True, True, False),
    )
    month, year = total.invested_month, total.invested_year
    output.paragraph(
        t.plural(
            "{n} work; this month {month} 亿元 ({known_month} reported), this year {year} 亿元 "
            "({known_year} reported); {started} of {due} due to start have started; {finished} "
            "finished.",
            "{n} works; this month {month} 亿元 ({known_month} reported), this year {year} 亿元 "
            "({known_year} reported); {started} of {due} due to start have started; {finished} "
            "finished.",
            total.works,
            month=_money(month.value) or "—",
            known_month=month.known,
            year=_money(year.value) or "—",
            known_year=year.known,
            started=total.started,
            due=total.start_due,
            finished=total.finished,
        )
    )


def _verdict_of(row: Row, t: Translator) -> str:
    """Return the verdict on a work or a task, or why there is none; when it came late (S20)."""
    if row["status"] == NOT_ASSESSABLE:
        return reason_word(row["reason"], t.lang)
    word = status_word(row["status"], t.lang)
    return "\n".join([word, t.context("verdict", "met late")]) if row["met_late"] else word


def _money(value: float | None) -> str:
    return "" if value is None else rounded(value, 2)


def _print_tasks(tasks: pd.DataFrame, t: Translator) -> None:
    output.heading(t("Tasks as of {period}", period=tasks.attrs["as_of"]))
    rows = to_rows(tasks)
    counts = tally([row["status"] for row in rows], [row["reason"] for row in rows])
    listed = t.listing(f"{status_word(status, t.lang)} {counts[status]}" for status in STATUSES)
    output.paragraph(
        t.plural("{n} task: {counts}", "{n} tasks: {counts}", len(rows), counts=listed)
    )
    output.table(
        (
            t.context("table", "task"),
            t.context("table", "deadline"),
            t.context("table", "report"),
            t.context("table", "verdict"),
            t.context("table", "sentence"),
        ),
        [
            (
                str(row["name"]),
                str(row["deadline"] or ""),
                str(row["date"] or ""),
                _verdict_of(row, t),
                str(row["sentence"] or ""),
            )
            for row in sorted(rows, key=lambda row: worst_first(row["status"]))
        ],
        (False, False, False, False, False),
    )


def _print_league(frame: pd.DataFrame, period: str, options: Namespace, t: Translator) -> None:
    rows = to_rows(frame)
    if options.format != "table":
        output.records(rows, options.format)
        return
    output.heading(t("Responsible units as of {period}", period=period))
    output.table(
        (
            t.context("table", "rank"),
            t.context("table", "unit"),
            t.context("table", "items"),
            t.context("table", "assessed"),
            t.context("table", "behind"),
            t.context("table", "score"),
        ),
        [
            (
                str(row["rank"] or "—"),
                str(row["unit"]),
                *(str(row[key]) for key in ("items", "assessed", "behind")),
                "" if row["score"] is None else _percent(row["score"]),
            )
            for row in rows
        ],
        (True, False, True, True, True, True),
    )
    output.paragraph(t("Units with fewer than three assessed items are not ranked."))


# Many regions: how many stand where, by target, and who is last.

PANEL_COLUMNS = (
    *("region", "indicator", "of", "status", "reason", "actual", "actual_period", "target"),
    *("target_year", "gap", "achieved_share", "schedule_gap", "required_rate"),
    *("required_rate_remaining", "p_reach", "p_reach_reason", "p_basis", "rank_p_reach"),
)
"""Of a region's target, for programs."""


def run_panel(options: Namespace) -> None:
    """Print where the targets of many regions stand, in the form asked for."""
    from corridor_model.assessment.panel import assess_panel

    ds = assess_panel(
        options.targets, options.values, options.as_of, first_year=_year_of(options.first_year)
    )
    if options.format == "table":
        _print_panel(ds, translator(options.lang), options.top)
        return
    rows = to_rows(ds, ("region", "indicator"), (*PANEL_COLUMNS, "has_target"))
    output.records(
        [{k: row[k] for k in PANEL_COLUMNS} for row in rows if row["has_target"]], options.format
    )


def _year_of(text: str | None) -> Any:
    return int(text) if text is not None and text.isdecimal() else text


def _print_panel(ds: xr.Dataset, t: Translator, top: int) -> None:
    """Print the counts by target, and the regions with the most that is behind or missed."""
    counts = ds["n_regions"].values
    output.heading(
        t.plural(
            "{n} region as of {period}",
            "{n} regions as of {period}",
            ds.sizes["region"],
            period=ds.attrs["as_of"],
        )
    )
    listed = t.listing(
        f"{status_word(status, t.lang)} {n}"
        for status, n in zip(STATUSES, counts.sum(axis=1).tolist(), strict=True)
    )
    output.paragraph(
        t.plural("{n} target: {counts}", "{n} targets: {counts}", int(counts.sum()), counts=listed)
    )
    if ds.attrs["first_year_origin"] == "assumed":
        output.paragraph(
            t(
                "No target names a base year: {year}, the year after the first figure, is taken "
                "as the first of the plan (assumed). Yours: --first-year.",
                year=ds.attrs["first_year"],
            )
        )
    if without := ds.attrs["regions_without_values"]:
        output.paragraph(
            t.plural(
                "{n} region has no figure at all.", "{n} regions have no figure at all.", without
            )
        )
    words = [status_word(status, t.lang) for status in STATUSES]
    chances = ds["p_reach"].median("region", skipna=True).values.tolist()
    output.say("")
    output.table(
        (t.context("table", "target"), *words, t("median odds")),
        [
            (str(name), *(str(n) for n in column), "—" if math.isnan(p) else rounded(p, 2))
            for name, column, p in zip(ds["indicator"].values, counts.T, chances, strict=True)
        ],
        (False, *[True] * len(words), True),
    )
    late = ds["n_promises"].sel(verdict=[BEHIND, MISSED]).sum("verdict").values
    last = [int(i) for i in (-late).argsort(kind="stable")[:top] if late[i]]
    if not last:
        return
    output.heading(t("Regions with most behind or missed"))
    of = ds["n_promises"].sum("verdict").values
    output.table(
        (t.context("table", "region"), t.context("table", "behind"), t.context("table", "items")),
        [(str(ds["region"].values[i]), str(late[i]), str(of[i])) for i in last],
        (False, True, True),
    )
