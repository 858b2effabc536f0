"""The bulletin of a month or a quarter, as an office publishes it: docx, Markdown and HTML.

It is one list of blocks, made from results alone. It holds no instruction, and no cause that
was not reported: what only the office can write is an empty slot.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corridor_model.arguments import single
from corridor_model.assessment.rollup import FAILING, Promise
from corridor_model.codes import (
    BEHIND,
    MISSED,
    NOT_ASSESSABLE,
    REASONS,
    STATUSES,
    reason_word,
    status_word,
)
from corridor_model.errors import CorridorError
from corridor_model.files import replacing_all, require_packages
from corridor_model.formatting import rounded
from corridor_model.messages import N_, Listing, Translator, context, translator
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.reports import load_reports, with_tables
from corridor_model.options import Language, language
from corridor_model.periods import Period, date_text
from corridor_model.plan.plan import must_be_plan
from corridor_model.report.annexes import annexes
from corridor_model.report.blocks import (
    Block,
    Column,
    Heading,
    Landscape,
    Paragraph,
    Run,
    Runs,
    Slot,
    Table,
    band,
    html,
    markdown,
    row,
    table,
)
from corridor_model.report.standing import (
    Moves,
    Row,
    Standing,
    day_known,
    owed_by_unit,
    standing_of,
)
from corridor_model.text.assessment import due_text
from corridor_model.text.bulletin import (
    TASK_WORDS,
    by_first_unit,
    counted,
    counts_by_unit,
    doubts_text,
    goal,
    known_at,
    latest,
    name_of,
    need,
    period_name,
    points,
    reasons,
    sentences,
    some,
    some_units,
    statuses,
    to_date,
    with_unit,
    yuan,
)
from corridor_model.text.numbers import percents

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

Form = Literal["annex", "district"]
FORMS = ("annex", "district")
"""How tasks are laid out: a table by annex of the plan, or the district's four columns."""

FORMATS = (".docx", ".md", ".html")


def write_bulletin(
    plan: Plan,
    out: str | Path,
    period: str | Period,
    observations: ObservationsLike = None,
    *,
    known_by: str | datetime.date | None = None,
    form: Form = "annex",
    template: str | Path | None = None,
    lang: Language | None = None,
) -> dict[str, Path]:
    """Write the bulletin of a month or a quarter.

    Parameters
    ----------
    plan : Plan
        The plan; reports on works and tasks that stand beside the figures are added.
    out : str or path
        A file, ``.docx``, ``.md`` or ``.html``; or a folder, which gets all three. A file is
        replaced whole or not at all.
    period : str or Period
        ``"2021-09"``, ``"2021Q3"``, ``"2021H1"`` or ``"2021"``; compared with the one before.
    observations : Observations, path or DataFrame, optional
        Figures besides the plan's own; without any the bulletin says who owes what.
    known_by : str or date, optional
        The day on which the figures were known (S15).
    form : {"annex", "district"}
        Annex 3 in full, or as the district's table of four columns.
    template : str or path, optional
        A .docx of the office's own, whose styles are used.
    lang : {"zh", "en"}, optional
        By default the language that is set.

    Returns
    -------
    dict of str to pathlib.Path
        What was written, by ``docx``, ``md`` and ``html``.

    Raises
    ------
    CorridorError
        For another period, form, language or file, a template that lacks a style, or where
        python-docx is not installed.

    Examples
    --------
    >>> import corridor_model as cm, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_bulletin(cm.load_plan(), f"{folder}/a.md", "2021-09")
    ...     print(files["md"].read_text(encoding="utf-8").splitlines()[8])
    # 2021年9月进展情况通报
    """
    lang = language(lang)
    target = Path(out)
    whole = target.suffix.lower() not in FORMATS
    if whole and target.suffix:
        raise CorridorError(
            N_("{file}: a bulletin is a .docx, .md or .html file, or a folder."), file=target.name
        )
    stem = target / f"bulletin_{Period.of(period)}" if whole else target.with_suffix("")
    files = {
        suffix[1:]: stem.with_name(f"{stem.name}{suffix}") if whole else target
        for suffix in (FORMATS if whole else (target.suffix.lower(),))
    }
    contents: dict[str, bytes] = {}
    if "docx" in files:
        require_packages("docx")
    blocks = bulletin(plan, period, observations, known_by=known_by, form=form, lang=lang)
    if "docx" in files:
        # before anything is written: a missing library or style leaves no half a bulletin
        from corridor_model.report.word import document

        contents["docx"] = document(blocks, template=template)
    if "md" in files:
        contents["md"] = markdown(blocks).encode()
    if "html" in files:
        title = next(block.text for block in blocks if isinstance(block, Heading))
        contents["html"] = html(blocks, title, lang).encode()
    with replacing_all() as beside:
        for suffix, data in contents.items():
            beside(files[suffix]).write_bytes(data)
    return files


def bulletin(
    plan: Plan,
    period: str | Period,
    observations: ObservationsLike = None,
    *,
    known_by: str | datetime.date | None = None,
    form: Form = "annex",
    lang: Language | None = None,
) -> list[Block]:
    """Return the bulletin of a period as a list of blocks; see :func:`write_bulletin`."""
    must_be_plan(plan)
    lang = language(lang)
    single(form=form)
    if form not in FORMS:
        raise CorridorError(
            N_("form is one of {forms}, not {form!r}."), forms=Listing(FORMS), form=form
        )
    when = Period.of(period)
    about = plan.about
    if when.year < about.first_year:
        raise CorridorError(
            N_("{period} lies before the plan, which begins in {year}."),
            period=str(when),
            year=about.first_year,
        )
    if isinstance(observations, (str, Path)):
        plan = with_tables(plan, *load_reports(observations, plan))
    figures = as_observations(plan, observations)
    return blocks_of(standing_of(plan, when, figures, day_known(known_by)), form, lang)


def blocks_of(standing: Standing, form: Form = "annex", lang: str = "zh") -> list[Block]:
    """Return the bulletin on a standing as a list of blocks.

    Parameters
    ----------
    standing : Standing
        From :func:`corridor_model.report.standing.standing_of`.
    form : {"annex", "district"}
        How tasks are laid out.
    lang : {"zh", "en"}
        Its language.
    """
    t = translator(lang)
    enclosed = annexes(standing, t, form)
    blocks: list[Block] = [*_masthead(standing, t), *_sections(standing, t)]
    blocks += _foot(standing, t, [annex.title for annex in enclosed])
    blocks.append(Landscape())
    for number, annex in enumerate(enclosed, 1):
        blocks.append(Paragraph("annex_number", (t("Annex {n}", n=number),)))
        blocks.append(Heading(2, "annex_title", annex.title))
        blocks += annex.blocks
    return blocks


def example_mark(plan: Plan, t: Translator) -> str:
    """Return what every page of an example says; nothing of a real plan."""
    return (
        t("Made-up figures for teaching (assumed): not real, not to be quoted")
        if plan.example
        else ""
    )


# The head: whose bulletin, of when, and the answer in one sentence.

_YEARS = re.compile(r"(?<!\s)\s*+[(（]\d{4}\D{1,3}\d{4}\w?[)）]$")
_SLOT = re.compile("\x00(\\d+)\x00")


def _slots(template: str, t: Translator, **names: str) -> Runs:
    """Return a template as runs, its fields the slots of these names."""
    slots = [Slot(name) for name in names.values()]
    places = {field: f"\x00{place}\x00" for place, field in enumerate(names)}
    text = t(template, **places)
    parts = _SLOT.split(text)
    runs: list[Run] = [slots[int(part)] if place % 2 else part for place, part in enumerate(parts)]
    return tuple(run for run in runs if run)


def _masthead(standing: Standing, t: Translator) -> list[Block]:
    about = standing.plan.about
    counts = standing.counts.values()
    whole = {
        key: sum(one[key] for one in counts) for key in ("total", BEHIND, MISSED, NOT_ASSESSABLE)
    }
    blocks: list[Block] = []
    if mark := example_mark(standing.plan, t):
        blocks.append(Paragraph("example", (mark,)))
    return [
        *blocks,
        # the years of the plan stand in no masthead
        Paragraph("system", (_YEARS.sub("", about.name(t.lang)),)),
        Paragraph("masthead", (t("Monitoring bulletin"),)),
        Paragraph(
            "issue",
            _slots(
                N_("No. {number} (No. {overall} in all)"),
                t,
                number=t.context("slot", "number"),
                overall=t.context("slot", "overall number"),
            ),
        ),
        Paragraph(
            "ends",
            (
                Slot(t.context("slot", "issuing office")),
                "\t",
                Slot(t.context("slot", "date of issue")),
            ),
        ),
        Heading(1, "title", t("Progress in {period}", period=period_name(standing.period, t))),
        Paragraph(
            "text",
            (
                t(
                    "As of {day}, of the plan's {n} items {behind} are behind, {missed} were "
                    "missed and {open} cannot be assessed.",
                    day=date_text(standing.period.last_day, t.lang),
                    n=whole["total"],
                    behind=whole[BEHIND],
                    missed=whole[MISSED],
                    open=whole[NOT_ASSESSABLE],
                ),
            ),
        ),
    ]


# The sections, numbered as they come: a plan without works has none on works.

_NUMERALS = (
    context("section", "1"),
    context("section", "2"),
    context("section", "3"),
    context("section", "4"),
    context("section", "5"),
    context("section", "6"),
    context("section", "7"),
)


def _sections(standing: Standing, t: Translator) -> list[Block]:
    parts = [_overall(standing, t), _targets(standing, t)]
    if standing.works:
        parts.append(works_part(standing, t))
    if standing.tasks:
        parts.append(tasks_part(standing, t))
    if standing.units:
        parts.append(units_part(standing, t))
    parts += [figures_part(standing, t), _requests(t)]
    blocks: list[Block] = []
    for place, (title, body) in enumerate(parts):
        heading = t("{numeral}. {title}", numeral=_NUMERALS[place], title=title)
        blocks.append(Heading(2, "section", heading))
        blocks += body
    return blocks


def _text(parts: Iterable[str], t: Translator) -> Paragraph:
    return Paragraph("text", (sentences(parts, t),))


KIND_TITLES = {
    "targets": N_("Targets"),
    "works": N_("Works"),
    "tasks": N_("Tasks"),
}


def _overall(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    kinds = {kind: counts for kind, counts in standing.counts.items() if counts["total"]}
    keys = ("total", "assessed", *STATUSES, *REASONS)
    whole = {key: sum(counts[key] for counts in kinds.values()) for key in keys}
    why = [reason for reason in REASONS if whole[reason]]
    word = {s: status_word(s, t.lang) for s in STATUSES}
    titles = [
        (t.context("overview", "kind"), 17.0),
        (t.context("overview", "total"), 10.0),
        (t.context("overview", "assessable"), 11.0),
    ]
    listed = [*(s for s in STATUSES if s != NOT_ASSESSABLE), NOT_ASSESSABLE, *why]
    for place, key in enumerate(listed):
        title = word[key] if key in word else reason_word(key, t.lang)
        first = place == 0 or (why and key == why[0])
        titles.append((t("of which: {title}", title=title), 17.0) if first else (title, 12.0))
    lines = [*kinds.items()]
    rows = [
        row(t(KIND_TITLES[kind]), *(str(counts[key]) for key in ("total", "assessed", *listed)))
        for kind, counts in lines
    ]
    if len(lines) > 1:
        rows.append(
            row(
                t.context("overview", "sum"),
                *(str(whole[key]) for key in ("total", "assessed", *listed)),
            )
        )
    columns = [
        Column(title, width, "left" if place == 0 else "center")
        for place, (title, width) in enumerate(titles)
    ]
    moves = _moved(standing, t)
    return t("The whole"), [
        Table(tuple(columns), tuple(rows), small=False),
        *([Paragraph("text", (moves,))] if moves else []),
    ]


def _moved(standing: Standing, t: Translator) -> str:
    """Return what became of everything since the period before, in one sentence each kind."""
    if standing.before is None:
        return ""
    parts = []
    for kind, counts in standing.counts.items():
        if not counts["total"]:
            continue
        moves = standing.moves(kind)
        words = (
            (t.context("moves", "better"), len(moves.better)),
            (t.context("moves", "worse"), len(moves.worse)),
            (t.context("moves", "assessable anew"), len(moves.entered)),
            (t.context("moves", "no longer assessable"), len(moves.left)),
            (t.context("moves", "unchanged"), len(moves.same)),
        )
        parts.append(t("{kind}: {moves}", kind=t(KIND_TITLES[kind]), moves=counted(words, t)))
    since = t(
        "Since {before}: {kinds}.",
        before=period_name(standing.before, t),
        kinds=t.listing(parts, "；", "; "),
    )
    return sentences([since, _restated(standing, t)], t)


def _restated(standing: Standing, t: Translator) -> str:
    """Return whose verdict of the period before is no longer the one that was printed."""
    if standing.before is None or not standing.restated:
        return ""
    names = [
        t(
            "{name} (then {before}, now {now})",
            name=promise_name(standing, promise, t),
            before=status_word(standing.restated[promise.id], t.lang),
            now=status_word(standing.statuses_before["targets"][promise.id], t.lang),
        )
        for promise in standing.promises
        if promise.id in standing.restated
    ]
    return t(
        "Compared is with {before} as its figures were revised since, which changes the verdict of "
        "{names}.",
        before=period_name(standing.before, t),
        names=some(names, t),
    )


# Targets.


def _targets(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    counts = standing.counts["targets"]
    parts = [
        t(
            "Of {n} targets {assessed} can be assessed: {counts}.",
            n=counts["total"],
            assessed=counts["assessed"],
            counts=statuses(counts, t),
        ),
        _came_late((standing.row_of(promise) for promise in standing.promises), LATE, t),
        t(
            "{n} cannot be assessed: {reasons}.",
            n=counts[NOT_ASSESSABLE],
            reasons=reasons(counts, t),
        )
        if counts[NOT_ASSESSABLE]
        else "",
        _stretch(standing, t),
        *movements(standing, standing.moves(), t),
    ]
    blocks: list[Block] = [_text(parts, t)]
    if standing.failing:
        blocks.append(_failing_table(standing, t))
    return t("Targets"), blocks


def _stretch(standing: Standing, t: Translator) -> str:
    if not standing.stretch:
        return ""
    met = sum(p.status == "achieved" for p in standing.stretch)
    return t(
        "Besides, {n} stretch targets are not counted here; {met} of them are achieved.",
        n=len(standing.stretch),
        met=met,
    )


def movements(standing: Standing, moves: Moves, t: Translator) -> list[str]:
    """Return by name which targets moved since the period before."""
    if standing.before is None:
        return []
    promises = {promise.id: promise for promise in standing.promises}

    def names(ids: Sequence[str]) -> str:
        return some([promise_name(standing, promises[one], t) for one in ids], t)

    before = period_name(standing.before, t)
    listed = (
        (moves.better, N_("Better than in {before}: {names}.")),
        (moves.worse, N_("Worse than in {before}: {names}.")),
        (moves.entered, N_("Not assessable in {before}, and now assessed: {names}.")),
        (moves.left, N_("Assessed in {before}, and not assessable now: {names}.")),
    )
    return [t(template, before=before, names=names(ids)) for ids, template in listed if ids]


def promise_name(standing: Standing, promise: Promise, t: Translator) -> str:
    """Return the name of a promise, of alternatives all of them."""
    names = dict.fromkeys(name_of(standing.rows[name], t) for name in promise.indicators)
    return t.listing(names, t.context("alternatives", " or "), t.context("alternatives", " or "))


def _failing_table(standing: Standing, t: Translator) -> Table:
    """Return every target behind or missed, and what it still needs."""
    groups: dict[str, list[Promise]] = {}
    for promise in standing.failing:
        groups.setdefault(_band_of(standing.row_of(promise), t), []).append(promise)
    lines = []
    place = 0
    for title, promises in groups.items():
        lines.append(band(t("{title}: {n}", title=title, n=len(promises))))
        for promise in promises:
            one = standing.row_of(promise)
            if one["met_late"]:
                continue  # nothing is needed any more; annex 1 has each of them
            place += 1
            figure = with_unit(latest(one), one["unit"], t)
            if one["kind"] == "milestone" and not math.isnan(one["actual"]):
                figure = (
                    t.context("milestone", "done")
                    if one["actual"]
                    else t.context("milestone", "not done")
                )
            if figure:
                figure = t("{figure} ({period})", figure=figure, period=known_at(one, t))
            lines.append(
                row(
                    str(place),
                    promise_name(standing, promise, t),
                    goal(one, t),
                    figure,
                    points(one["gap"] / 100 if one["kind"] == "growth" else one["schedule_gap"]),
                    need(one, t),
                    t.listing(promise.units),
                )
            )
    columns = (
        Column(t.context("failing", "No."), 7, "center"),
        Column(t.context("failing", "Target not on schedule"), 38),
        Column(t.context("failing", "Promised"), 19, "center"),
        Column(t.context("failing", "Latest figure"), 31, "center"),
        Column(t.context("failing", "Points ahead or short"), 13, "center"),
        Column(t.context("failing", "Needs"), 24, "center"),
        Column(t.context("failing", "Leading unit"), 25),
    )
    return table(columns, lines, small=False)


def _band_of(one: Row, t: Translator) -> str:
    due = date_text(due_text(one), t.lang)
    if one["status"] == BEHIND:
        return t("Behind (due {due})", due=due)
    if one["met_late"]:
        return t("Missed, and met after the date (named in annex 1)")
    if one["missed_years"] and not one["gap"] < 0:
        return t("Missed in a year that counts (until {due})", due=due)
    return t("Missed (due {due})", due=one["target_year"])


# Works, in the order in which offices report them.


def works_part(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    """Return the title and the text on works, in the order in which offices report them."""
    total, period = standing.total, standing.period
    assert total is not None
    counts = standing.counts["works"]
    ytd = to_date(period, t)
    older = sum(
        w["invested_year"] is not None and w["period"] != f"{period.year}-{period.month:02d}"
        for w in standing.works
    )
    parts = [
        t(
            "{n} works with {investment} in all ({known} known); the plan of the year is {plan} "
            "({planned} known).",
            n=total.works,
            investment=yuan(total.investment.value, t),
            known=total.investment.known,
            plan=yuan(total.annual_plan.value, t),
            planned=total.annual_plan.known,
        ),
        t(
            "In month {month} {amount} were invested ({known} reported).",
            month=period.month,
            amount=yuan(total.invested_month.value, t),
            known=total.invested_month.known,
        )
        if period.length == 1
        else "",
        t(
            "{months}: {amount} ({known} reported{older}).",
            months=ytd,
            amount=yuan(total.invested_year.value, t),
            known=total.invested_year.known,
            older=t(", {n} of them before this month", n=older) if older else "",
        ),
        _completion(standing, t),
        _starts(standing, t),
        t(
            "{finished} are finished; {overdue} are past their date and not reported finished.",
            finished=total.finished,
            overdue=total.overdue,
        ),
        t(
            "{assessed} can be assessed: {counts}.",
            assessed=counts["assessed"],
            counts=statuses(counts, t),
        ),
        t(
            "{n} cannot be assessed: {reasons}.",
            n=counts[NOT_ASSESSABLE],
            reasons=reasons(counts, t),
        )
        if counts[NOT_ASSESSABLE]
        else "",
        _came_late(standing.works, LATE, t),
        _failing_works(standing, t),
    ]
    return t("Works"), [_text(parts, t)]


def _starts(standing: Standing, t: Translator) -> str:
    """Return how many works were due to start, have started, and said nothing of it."""
    total = standing.total
    assert total is not None
    silent = sum(w["start_due"] and w["started"] is None for w in standing.works)
    # a rate of works of which nothing is known would say that none has started
    rate = None if silent == total.start_due else total.start_rate
    return t(
        "{due} were due to start, {started} of them have started{rate}{silent}.",
        due=total.start_due,
        started=total.started,
        rate="" if rate is None else t(", {rate}", rate=percents(rate, t)),
        silent=t(" ({n} not reported)", n=silent) if silent else "",
    )


def _completion(standing: Standing, t: Translator) -> str:
    total = standing.total
    if total is None or total.completion is None or total.year_gap is None:
        return t("No completion of the year's plan is known.")
    both = sum(w["completion"] is not None for w in standing.works)
    size = rounded(abs(total.year_gap) * 100, 1)
    template = (
        N_("Of the {n} with both, {done} of the plan is done, {points} points ahead of the year.")
        if total.year_gap >= 0
        else N_(
            "Of the {n} with both, {done} of the plan is done, {points} points short of the year."
        )
    )
    return t(template, n=both, done=percents(total.completion, t), points=size)


def _failing_works(standing: Standing, t: Translator) -> str:
    late = [w for w in standing.works if w["status"] in FAILING and not w["met_late"]]
    if not late:
        return ""
    described = [_failing_work(standing, work, t) for work in late]
    return t("Behind or missed: {works}.", works=t.listing(described, "；", "; "))


def _came_late(rows: Iterable[Row], template: str, t: Translator) -> str:
    """Return how many of the missed came after their date."""
    late = sum(one["status"] == MISSED and bool(one["met_late"]) for one in rows)
    return t(template, n=late) if late else ""


LATE = N_("Of the missed ones {n} were met after their date.")
LATE_TASKS = N_("Of the missed tasks {n} were done after their deadline.")


def _failing_work(standing: Standing, work: Row, t: Translator) -> str:
    parts = [name_of(work, t) + _state_of(work, t)]
    if work["completion"] is not None:
        left = work["annual_plan"] - work["invested_year"]
        if left > 0:
            parts.append(t("{amount} are left of the year's plan", amount=yuan(left, t)))
    if work["problem"]:
        parts.append(t("reported: {problem}", problem=work["problem"]))
    said = t.listing(parts, "，", ", ")
    units = standing.leads(work)
    return t("{said} ({units})", said=said, units=t.listing(units)) if units else said


def _state_of(work: Row, t: Translator) -> str:
    if work["branch"] == "overdue":
        return t(" past its date {end}", end=date_text(str(work["end"]), t.lang))
    if work["branch"] == "not_started":
        return t(
            " due to start in {start} and not started", start=date_text(str(work["start"]), t.lang)
        )
    return t(
        " {done} of the year's plan, {points} points short of the year",
        done=percents(work["completion"], t),
        points=rounded(abs(work["year_gap"]) * 100, 1),
    )


# Tasks: the counts, what falls due, what is overdue and whose.


def tasks_part(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    """Return the title and the text on tasks: counts, what falls due, what is overdue and whose."""
    counts, period = standing.counts["tasks"], standing.period
    end = period.end
    now = standing.due_tasks(end - period.length, end)
    coming = standing.due_tasks(end, end + period.length)
    overdue = standing.overdue_tasks()
    open_ = [task for task in overdue if task["status"] != NOT_ASSESSABLE]
    silent = [task for task in overdue if task["status"] == NOT_ASSESSABLE]
    parts = [
        t(
            "{n} tasks, of which {assessed} can be assessed: {counts}.",
            n=counts["total"],
            assessed=counts["assessed"],
            counts=counted(((t.of(word), counts[s]) for s, word in TASK_WORDS.items()), t),
        ),
        _came_late(standing.tasks, LATE_TASKS, t),
        t(
            "{n} cannot be assessed: {reasons}.",
            n=counts[NOT_ASSESSABLE],
            reasons=reasons(counts, t),
        )
        if counts[NOT_ASSESSABLE]
        else "",
        t(
            "{n} fell due in this period, {done} of them are done; {next} fall due in {coming}.",
            n=len(now),
            done=sum(task["state"] == "done" for task in now),
            next=len(coming),
            coming=period_name(period.moved(period.length), t),
        ),
        t(
            "{n} are overdue and not done: {units}.",
            n=len(open_),
            units=by_first_unit([standing.leads(task) for task in open_], t),
        )
        if open_
        else "",
        t(
            "Of {n} more that are past their date nothing is known: {reasons}.",
            n=len(silent),
            reasons=counted(
                (
                    (reason_word(reason, t.lang), count)
                    for reason, count in sorted(Counter(k["reason"] for k in silent).items())
                ),
                t,
            ),
        )
        if silent
        else "",
    ]
    return t("Tasks"), [_text(parts, t)]


# Units.


def units_part(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    """Return the title and the text on units, ranked by what is neither behind nor missed."""
    units = standing.units
    ranked = [unit for unit in units if unit["rank"]]
    parts = [
        t("{n} units lead items, {ranked} of them are ranked.", n=len(units), ranked=len(ranked)),
    ]
    if ranked:
        first = [u for u in ranked if u["rank"] == 1]
        worst = max(u["rank"] for u in ranked)
        # who stands in the upper half is not last, however few are ranked
        least = max(_third_last(ranked), len(ranked) / 2 + 0.5)
        last = [u for u in ranked if u["rank"] >= least and u["score"] < 1]
        parts.append(
            t(
                "First with {score}: {units}.",
                score=percents(first[0]["score"], t),
                units=some_units([u["unit"] for u in first], t),
            )
        )
        if last and worst > 1:
            told = [
                t("{unit} ({score})", unit=u["unit"], score=percents(u["score"], t)) for u in last
            ]
            parts.append(t("Last: {units}.", units=t.listing(told)))
    most = max((u["behind"] for u in units), default=0)
    if most:
        names = [u["unit"] for u in units if u["behind"] == most]
        parts.append(
            t("Most items behind or missed, {n}: {units}.", n=most, units=some_units(names, t))
        )
    return t("Units"), [_text(parts, t)]


def _third_last(ranked: Sequence[Row]) -> int:
    """Return the rank from which on the last three stand, with all who share it."""
    return int(sorted((u["rank"] for u in ranked), reverse=True)[:3][-1])


# Figures: who owes what, and what was revised.

DUE_TITLES = {
    "indicator": context("owed", "indicators"),
    "work": context("owed", "works"),
    "task": context("owed", "tasks"),
}


def figures_part(standing: Standing, t: Translator) -> tuple[str, list[Block]]:
    """Return the title and the text on figures: who owes what, and what was revised."""
    missing = standing.missing
    kinds = Counter(item.kind for item in missing)
    since = standing.before.last_day if standing.before else ""
    figures = [r for r in standing.figure_revisions if r.since > since]
    targets = [r for r in standing.target_revisions if r.since > since]
    parts = [
        t(
            "{n} are owed and were not reported ({kinds}): {units}.",
            n=len(missing),
            kinds=counted(
                ((t.of(word), kinds[kind]) for kind, word in DUE_TITLES.items() if kinds[kind]),
                t,
            ),
            units=counts_by_unit(owed_by_unit(missing), t),
        )
        if missing
        else t("Nothing that is owed is missing."),
        t("What several units lead is counted with the first of them.")
        if any(len(item.units) > 1 for item in missing)
        else "",
        t("{n} more are not there and not due.", n=len(standing.rest)) if standing.rest else "",
        t(
            "Revised since the last bulletin: figures {figures}, targets {targets}; in {year} so "
            "far: figures {all_figures}, targets {all_targets}.",
            figures=len(figures),
            targets=len(targets),
            year=standing.period.year,
            all_figures=len(standing.figure_revisions),
            all_targets=len(standing.target_revisions),
        ),
        doubts_text(standing.doubts, standing.plan, t),
    ]
    return t("Figures"), [_text(parts, t)]


def _requests(t: Translator) -> tuple[str, list[Block]]:
    return t("Requests"), [
        Paragraph("text", (Slot(t.context("slot", "to be written by the issuing office")),))
    ]


# The foot: notes, the list of annexes, and to whom it goes.


def _foot(standing: Standing, t: Translator, titles: Sequence[str]) -> list[Block]:
    notes = [
        t(
            "Points ahead or short: the share done less the share of the time elapsed; within 5 "
            "points is on schedule (thresholds are assumed and can be set). An average growth is "
            "compared with its target, in points, and never divided."
        ),
        t(
            "What is needed: before the date the yearly pace from the latest figure to the target; "
            "after it the difference from the target. Missed: at its date a target was not met, "
            "also where it was met later."
        ),
        t(
            "Not reported, in the overview, is what cannot be assessed for want of a report; the "
            "list of what is owed also has what an earlier figure still decides."
        ),
    ]
    if standing.units:
        notes.append(
            t(
                "Units with three assessed items or more are ranked by the share that is neither "
                "behind nor missed; equal shares have equal ranks."
            )
        )
    listed = [t("{n}. {title}", n=n, title=title) for n, title in enumerate(titles, 1)]
    return [
        Paragraph("note", (t("Notes: {notes}", notes=sentences(notes, t)),)),
        Paragraph("note", (t("Annexes: {titles}", titles=t.listing(listed, " ", "; ")),)),
        Paragraph(
            "imprint",
            _slots(
                N_("To: {recipients}\tCopies: {copies}"),
                t,
                recipients=t.context("slot", "recipients"),
                copies=t.context("slot", "copies"),
            ),
        ),
        Paragraph(
            "imprint",
            _slots(
                N_("{office}\tissued {date}"),
                t,
                office=t.context("slot", "issuing office"),
                date=t.context("slot", "date of issue"),
            ),
        ),
    ]
