"""The sheets of promises: each target with its verdict, this year's splits, pace and paths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.case import Case, case_of, of_count
from corridor_model.assessment.measurement import fill
from corridor_model.codes import KIND_WORDS, NOT_ASSESSABLE, ORIGIN_WORDS, reason_word
from corridor_model.messages import Translator
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import MONTHS, date_text, in_years, month_end, year_before, year_end
from corridor_model.report.promise_formulas import (
    is_number,
)
from corridor_model.report.spreadsheet import (
    DASH,
    MARKS,
    TOP,
    Field,
    Sheet,
    Spreadsheet,
    in_points,
    known,
    percent_title,
    points_between,
    points_title,
    quoted,
    verdict_words,
)
from corridor_model.report.standing import Standing, move, units_of
from corridor_model.report.verdict_formulas import PromiseFormulas, alternatives_of
from corridor_model.text.assessment import due_text, probability_text
from corridor_model.text.bulletin import goal, known_at, name_of

if TYPE_CHECKING:
    from corridor_model.assessment.engine import Assessment
    from corridor_model.assessment.verdicts import Verdict
    from corridor_model.observations.model import History
    from corridor_model.plan.records import Indicator
    from corridor_model.report.figure_sheet import Figures

BEYOND = 1e12
"""What stands for a date that never comes."""


class Promises:
    """The sheet of all promises, and what other sheets find on it.

    Parameters
    ----------
    book : Spreadsheet
        The workbook.
    standing : Standing
        Verdicts of now and of the period before.
    assessment : Assessment
        Cases and columns of the same period, in the same order.
    histories : mapping of str to History
        By indicator.
    figures : Figures
        Where formulas look figures up.
    names : mapping of str to str
        Names of cells that formulas use.
    """

    def __init__(
        self,
        book: Spreadsheet,
        standing: Standing,
        assessment: Assessment,
        histories: Mapping[str, History],
        figures: Figures,
        names: Mapping[str, str],
    ):
        self.book, self.standing, self.assessment = book, standing, assessment
        self.t, self.histories, self.figures, self.names = book.t, histories, figures, names
        self.cases: Sequence[Case] = assessment.cases
        self.verdicts = assessment.verdicts[assessment.rules[0].name]
        self.words = verdict_words(self.t)
        self.others = alternatives_of(self.cases)
        self.counted = set(self._counted())
        self.splits = [
            case
            for case in self.cases
            if case.annual_target is not None
            or case.annual_reason not in {"no_annual_target", ""}
            or (case.kind == "annual" and case.annual_completion is not None)
        ]
        self.split_rows = {case.id: TOP + place for place, case in enumerate(self.splits)}
        self.sheet = self._sheet()
        self.splits_tab = self.t.context("sheet", "Yearly splits")

    def _counted(self) -> list[str]:
        """Return the line that each counted promise is counted by: of alternatives the best."""
        ids = []
        for promise in self.standing.promises:
            ids.append(
                next(
                    name
                    for name in promise.indicators
                    if self.standing.rows[name]["status"] == promise.status
                )
            )
        return ids

    def _sheet(self) -> Sheet:
        t = self.t
        fields = (
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("name", t.context("workbook", "indicator"), 32),
            Field("goal", t.context("workbook", "target"), 13, "word"),
            Field("due", t.context("workbook", "due"), 8, "word"),
            Field("base", t.context("workbook", "baseline"), 9, "number"),
            Field("base_year", t.context("workbook", "baseline year"), 6.5, "word"),
            Field("actual", t.context("workbook", "latest figure"), 9, "number"),
            Field("period", t.context("workbook", "as of"), 11, "word"),
            Field(
                "share", percent_title(t.context("workbook", "achieved share"), t), 8.5, "percent"
            ),
            Field(
                "elapsed", percent_title(t.context("workbook", "time elapsed"), t), 8.5, "percent"
            ),
            Field("gap", points_title(t.context("workbook", "ahead or behind"), t), 9, "points"),
            Field(
                "rate",
                percent_title(t.context("workbook", "growth still needed a year"), t),
                9,
                "rate",
            ),
            Field("mark", t.context("workbook", "mark"), 4.5, "word"),
            Field("verdict", t.context("workbook", "verdict"), 11.5, "word"),
            Field("before", t.context("workbook", "verdict before"), 11.5, "word"),
            Field("units", t.context("workbook", "lead units"), 20),
            # right of what is printed: the arithmetic
            Field("moved", t.context("workbook", "change of verdict"), 9, "word"),
            Field("reason", t.context("workbook", "why not assessable"), 10, "word"),
            Field(
                "p", t.context("workbook", "probability (worked out by the library)"), 10, "word"
            ),
            Field("live", t.context("workbook", "follows the figures"), 11, "word"),
            Field("id", t.context("workbook", "id"), 20),
            Field("kind", t.context("workbook", "kind"), 9, "word"),
            Field("unit", t.context("workbook", "unit"), 8, "word"),
            Field("origin", t.context("workbook", "origin"), 8, "word"),
            Field("counted", t.context("workbook", "counted"), 6, "count"),
            Field("group", t.context("workbook", "group"), 16),
            Field("search", t.context("workbook", "units, to be looked up"), 20),
            Field("lower", t.context("workbook", "minimum as printed"), 9, "number"),
            Field("upper", t.context("workbook", "maximum as printed"), 9, "number"),
            Field("base_level", t.context("workbook", "start"), 9, "number"),
            Field("low", t.context("workbook", "minimum"), 9, "number"),
            Field("high", t.context("workbook", "maximum"), 9, "number"),
            Field("start", t.context("workbook", "moment of the start"), 9, "number"),
            Field("due_at", t.context("workbook", "moment due"), 9, "number"),
            Field("now", t.context("workbook", "moment of the figure"), 9, "number"),
            Field("limit", t.context("workbook", "limit (1) or aim (0)"), 7, "count"),
            Field("reported", t.context("workbook", "figure as reported"), 9, "number"),
            Field("season", t.context("workbook", "share of the year"), 8, "percent"),
            Field("value", t.context("workbook", "value compared"), 9, "number"),
            Field("met", t.context("workbook", "met"), 5, "count"),
            Field("base_met", t.context("workbook", "met at the start"), 6, "count"),
            Field("target", t.context("workbook", "bound reached first"), 9, "number"),
            Field("used", t.context("workbook", "used share"), 8, "percent"),
            Field("points", t.context("workbook", "distance to the target"), 9, "number"),
            Field("judged", t.context("workbook", "verdict by itself"), 12, "word"),
        )
        return Sheet(
            self.book,
            t.context("sheet", "Targets"),
            t("Progress of targets (as of {day})", day=day_text(self.standing, t)),
            t(
                "Targets and dates as printed; baselines come from their sheet, figures from "
                "theirs. The time elapsed is up to the figure. Unknown is {dash}, never 0.",
                dash=DASH,
            ),
            fields,
            printed=16,
            frozen=2,
        )

    # The lines.

    def write(self) -> Sheet:
        """Write the sheet."""
        for place, case in enumerate(self.cases):
            self.sheet.row = TOP + place
            self._line(place, case)
            self.sheet.next()
        sheet = self.sheet
        for key, name in (
            ("id", self.t.context("cell", "target_id")),
            ("verdict", self.t.context("cell", "target_verdict")),
            ("reason", self.t.context("cell", "target_reason")),
            ("counted", self.t.context("cell", "target_counted")),
            ("search", self.t.context("cell", "target_units")),
            ("group", self.t.context("cell", "target_group")),
        ):
            self.book.name(name, sheet.span(key))
        sheet.colour_verdicts("verdict", self.words)
        sheet.colour_verdicts("before", self.words)
        sheet.finish()
        return sheet

    def promise(self, place: int) -> PromiseFormulas:
        """Return the formulas of a promise."""
        case, sheet = self.cases[place], self.sheet
        row = TOP + place
        split = ""
        if case.id in self.split_rows and case.annual_target is not None:
            tab = "'" + self.splits_tab.replace("'", "''") + "'"
            split = f"{tab}!$E${self.split_rows[case.id] + 1}"
        verdict = self.verdicts[place]
        fixed = verdict.reason if verdict.status == NOT_ASSESSABLE else verdict.status
        text = reason_word(fixed, self.t.lang) if verdict.reason else self.words[verdict.status]
        one = PromiseFormulas(
            case,
            self.histories[case.promise.of],
            self.figures,
            self.assessment.when,
            self.t,
            lambda key: sheet.at(_CELLS.get(key, key), row),
            self.names,
            split,
        )
        one.fixed = quoted(text)
        return one

    def _line(self, place: int, case: Case) -> None:
        t, sheet = self.t, self.sheet
        row, one = self.standing.rows[case.id], self.promise(place)
        units = units_of(self.standing, row)
        tier = t.context("tier", "stretch") if case.promise.tier == "stretch" else ""
        name = name_of(row, t)
        sheet.line(
            no=place + 1,
            name=t("{name} ({tier})", name=name, tier=tier) if tier else name,
            goal=goal(row, t),
            due=due_text(row) or t.context("target", "undated"),
            period=known_at(row, t) or DASH,
            before=self._before(case),
            units=t.listing(units),
            p=self._probability(row),
            id=case.id,
            kind=t.of(KIND_WORDS[case.kind]),
            unit=case.promise.unit,
            origin=t.of(ORIGIN_WORDS[row["origin"]]) if row["origin"] else "",
            counted=int(case.id in self.counted),
            group=_group(self.standing, case, t),
            search=lookup(units),
            due_at=BEYOND if math.isinf(case.due) else float(in_years(case.due)),
        )
        self._start_and_bounds(place, case, one)
        live = self._figure(place, case, one)
        self._progress(place, case, one)
        self._verdict(place, case, one)
        fixed = t("fixed: a changed figure does not reach it")
        if case.reported is None:
            fixed, live = t("none yet: one counts when the file is read back"), False
        sheet.put("live", "" if live else fixed)

    def _put(self, key: str, formula: Any, cached: Any) -> None:
        """Write a formula with its cached value, or what is no formula as it is."""
        if not isinstance(formula, str) or formula in {DASH, ""}:
            self.sheet.put(key, formula)
            return
        if key in {"reported", "value", "season", "base_level"}:
            # a figure that is out of use leaves a dash, with which nothing is worked out
            formula = f"IFERROR({formula},{quoted(DASH)})"
        self.sheet.formula(key, formula, cached)

    def _column(self, place: int, name: str) -> Any:
        return known(float(self.assessment.columns[name].values[place]))

    def _start_and_bounds(self, place: int, case: Case, one: PromiseFormulas) -> None:
        sheet = self.sheet
        lower, upper = one.printed_bounds
        for key, bound in (("lower", lower), ("upper", upper)):
            is_split = one.split and case.kind == "annual" and bound is not None
            if bound is not None and (other := self._relative(case)) is not None:
                cell, offset = other[0], bound - other[1]
                formula = f"IFERROR({cell}+{round(offset, 9)!r},{bound!r})"
                sheet.formula(key, formula, bound)
            elif is_split and (key == "lower" or lower is None):
                sheet.formula(key, f"IF({is_number(one.split)},{one.split},{bound!r})", bound)
            else:
                sheet.put(key, "" if bound is None else bound)
        self._put("base_level", one.base(), known(case.base))
        low, high = one.bounds()
        self._put("low", low, "" if case.lower is None else case.lower)
        self._put("high", high, "" if case.upper is None else case.upper)
        start = DASH if case.start is None else float(in_years(case.start))
        self._put("start", one.start(), start)
        shown = self._column(place, "baseline")
        unstarted = case.kind in {"annual", "growth", "milestone", "qualitative"}
        if shown == DASH and (unstarted or one.is_chained):
            sheet.put("base", DASH)
            sheet.put("base_year", DASH)
        else:
            sheet.formula("base", sheet.at("base_level"), shown)
            year = DASH if case.start is None or case.base is None else year_before(case.start)
            formula = f"IF({is_number(sheet.at('base'))},{sheet.at('start')},{quoted(DASH)})"
            sheet.formula("base_year", formula, year)
        self._put("limit", one.limit(), int(case.limit))

    def _figure(self, place: int, case: Case, one: PromiseFormulas) -> bool:
        """Write the figure and what is compared; return whether they follow the figures."""
        now = DASH if math.isnan(case.now) else float(in_years(case.now))
        self._put("now", one.now(), now)
        reported, follows = one.reported()
        self._put("reported", reported, known(case.reported))
        self._put("season", one.season(), self._season(one, case))
        value, also = one.value()
        self._put("value", value, known(case.value))
        style = "tenth" if case.kind == "growth" else "number"
        self.sheet.formula("actual", one.actual(), self._column(place, "actual"), style=style)
        return follows and also

    def _progress(self, place: int, case: Case, one: PromiseFormulas) -> None:
        cases, sheet = self.assessment.cases, self.sheet
        met = bool(cases.met[place]) if case.decided is None else False
        for key, cell, answer in (
            ("met", "value", met),
            ("base_met", "base_level", bool(cases.base_met[place])),
        ):
            self._put(key, f"IF({one.met(sheet.at(cell))},1,0)", int(answer))
        self._put("target", one.goal(), goal_value(case))
        for key, formula, name in (
            ("share", one.share(), "achieved_share"),
            ("used", one.used(), "used_share"),
            ("elapsed", one.elapsed(), "elapsed_share"),
            ("gap", one.gap(), "schedule_gap"),
            ("points", one.points(), "gap"),
            ("rate", one.rate_left(), "required_rate_remaining"),
        ):
            answer = self._column(place, name)
            self._put(key, formula, in_points(answer) if key == "gap" else answer)

    def _relative(self, case: Case) -> tuple[str, float] | None:
        """Return the formula and the value of what another indicator's figures set (S4)."""
        name = case.promise.relative_to
        if name is None or name not in self.histories:
            return None
        other = case_of(replace(case.promise, baselines=self._indicator(name).baselines))
        fill(other, self.histories[name], self.assessment.when)
        if other.value is None or other.value != other.reported:
            return None
        one = PromiseFormulas(
            *(other, self.histories[name], self.figures, self.assessment.when, self.t),
            self.sheet.at,
            self.names,
            of=name,
        )
        formula, follows = one.reported()
        return (formula, other.value) if follows and isinstance(formula, str) else None

    def _indicator(self, name: str) -> Indicator:
        return self.standing.plan.indicators[name]

    def _season(self, one: PromiseFormulas, case: Case) -> Any:
        from corridor_model.assessment.averages import season

        formula = one.season()
        if formula == DASH:
            return DASH
        history = self.histories[case.promise.of]
        year, month = year_before(case.at), int(case.at) % MONTHS or MONTHS
        return season(history, year, month).share

    def _before(self, case: Case) -> str:
        row = self.standing.rows_before.get(case.id)
        return DASH if row is None else self.words[row["status"]]

    def _probability(self, row: Mapping[str, Any]) -> str:
        p = row.get("p_reach", math.nan)
        return DASH if p is None or math.isnan(p) else probability_text(p)

    def _verdict(self, place: int, case: Case, one: PromiseFormulas) -> None:
        t, sheet = self.t, self.sheet
        verdict = self.verdicts[place]
        final = self._final(place)
        judged = one.judged()
        own = verdict
        if verdict.branch == "alternative_achieved":
            own = self._alone(place)
        shown = (
            reason_word(own.reason, t.lang)
            if own.status == NOT_ASSESSABLE
            else self.words[own.status]
        )
        sheet.formula("judged", judged, shown)
        cell, achieved = sheet.at("judged"), quoted(self.words["achieved"])
        none = quoted(self.words[NOT_ASSESSABLE])
        is_word = ",".join(f"{cell}={quoted(one_word)}" for one_word in self.words.values())
        formula = f"IF(OR({is_word}),{cell},{none})"
        if others := self.others.get(place):
            tests = ",".join(f"{sheet.at('judged', TOP + one_)}={achieved}" for one_ in others)
            formula = f"IF(OR({tests}),{achieved},{formula})"
        sheet.formula("verdict", formula, self.words[final.status], bold=False)
        sheet.formula(
            "reason",
            f'IF({sheet.at("verdict")}={quoted(self.words[NOT_ASSESSABLE])},{cell},"")',
            reason_word(final.reason, t.lang) if final.status == NOT_ASSESSABLE else "",
        )
        sheet.formula("mark", self._mark(sheet.at("verdict")), MARKS[final.status])
        sheet.formula("moved", *self._moved(place, case))

    def _final(self, place: int) -> Any:
        return self.verdicts[place]

    def _alone(self, place: int) -> Any:
        return self._verdicts_alone[place]

    @cached_property
    def _verdicts_alone(self) -> list[Verdict]:
        """Return the verdict on each promise without its alternatives."""
        from corridor_model.assessment.verdicts import standings, verdict

        a = self.assessment
        rule = a.rules[0]
        return [
            verdict(case, at, a.when, rule, a.thresholds[rule.name])
            for case, at in zip(a.cases, standings(a.cases, a.columns), strict=True)
        ]

    def _mark(self, cell: str) -> str:
        formula = quoted(MARKS[NOT_ASSESSABLE])
        for status in reversed([s for s in self.words if s != NOT_ASSESSABLE]):
            formula = f"IF({cell}={quoted(self.words[status])},{quoted(MARKS[status])},{formula})"
        return formula

    def _moved(self, place: int, case: Case) -> tuple[str, str]:
        """Return the formula and the word of what became of a verdict."""
        t, sheet = self.t, self.sheet
        words = {
            key: t.context("moves", text)
            for key, text in (
                ("better", "better"),
                ("worse", "worse"),
                ("entered", "assessable anew"),
                ("left", "no longer assessable"),
                ("same", "unchanged"),
            )
        }
        row = self.standing.rows_before.get(case.id)
        if row is None:
            return '""', ""
        cell, before = sheet.at("verdict"), sheet.at("before")
        none = quoted(self.words[NOT_ASSESSABLE])
        order = "{" + ",".join(quoted(self.words[s]) for s in self.words) + "}"
        better = f"MATCH({cell},{order},0)<MATCH({before},{order},0)"
        formula = (
            f"IF({cell}={before},{quoted(words['same'])},"
            f"IF({before}={none},{quoted(words['entered'])},"
            f"IF({cell}={none},{quoted(words['left'])},"
            f"IF({better},{quoted(words['better'])},{quoted(words['worse'])}))))"
        )
        return formula, words[move(row["status"], self._final(place).status)]


_CELLS = {"goal": "target"}
"""Columns that formulas call otherwise: the goal of a path is the bound it reaches first."""


def day_text(standing: Standing, t: Translator) -> str:
    """Return the last day of the period in words."""
    return date_text(standing.period.last_day, t.lang)


def lookup(units: Sequence[str]) -> str:
    """Return units so that no name matches inside another."""
    return f"、{'、'.join(units)}、" if units else ""


def _group(standing: Standing, case: Case, t: Translator) -> str:
    table = standing.plan.tables["groups"]
    key = "name_zh" if t.lang == "zh" else "name_en"
    names: dict[str, str] = {
        one: name or zh
        for one, name, zh in zip(table["id"], table[key], table["name_zh"], strict=True)
    }
    return names.get(case.promise.group or "", case.promise.group or "")


def goal_value(case: Case) -> Any:
    """Return the bound that a path from the start reaches first, or a dash."""
    value = case.goal
    return DASH if math.isnan(value) else value


# This year's splits (年度分解目标).


def write_splits(promises: Promises) -> Sheet:
    """Write the sheet of this year's own targets; they may be changed."""
    t, book = promises.t, promises.book
    year = promises.assessment.when.period.year
    fields = (
        Field("no", t.context("workbook", "no."), 5, "count"),
        Field("name", t.context("workbook", "indicator"), 36),
        Field("unit", t.context("workbook", "unit"), 9, "word"),
        Field("goal", t.context("workbook", "target"), 14, "word"),
        Field("split", t("target of {year}", year=year), 11, "number", True),
        Field("basis", t.context("workbook", "of the year or to date"), 9, "word"),
        Field("begin", t.context("workbook", "begins at"), 10, "number"),
        Field("figure", t.context("workbook", "latest figure"), 10, "number"),
        Field("completion", percent_title(t.context("workbook", "completion"), t), 9, "percent"),
        Field(
            "elapsed",
            percent_title(t.context("workbook", "time elapsed of the year"), t),
            9,
            "percent",
        ),
        Field("gap", points_title(t.context("workbook", "ahead or behind"), t), 9, "points"),
        Field("origin", t.context("workbook", "origin"), 9, "word"),
        Field("reason", t.context("workbook", "why not used"), 16, "word"),
        Field("id", t.context("workbook", "id"), 20),
    )
    sheet = Sheet(
        book,
        promises.splits_tab,
        t("Targets of {year}", year=year),
        t(
            "Flows: figure over target of the year. Counts: added this year over what is to be "
            "added. Stocks and shares: change since the start over planned change. Growth is "
            "compared, never divided."
        ),
        fields,
        printed=13,
    )
    places = {case.id: place for place, case in enumerate(promises.cases)}
    for case in promises.splits:
        _split_line(sheet, promises, places[case.id], case)
        sheet.next()
    sheet.numbers("split", -1e15, 1e15, t("A number; leave it empty if unknown"))
    sheet.finish()
    return sheet


def _split_line(sheet: Sheet, promises: Promises, place: int, case: Case) -> None:
    t, columns = promises.t, promises.assessment.columns
    row = promises.standing.rows[case.id]
    completion, elapsed, gap = (
        known(float(columns[name].values[place]))
        for name in ("completion", "year_elapsed", "year_gap")
    )
    target = float(columns["year_target"].values[place])
    basis = {
        "year": t.context("workbook", "in the year"),
        "to_date": t.context("workbook", "to date"),
    }
    sheet.line(
        no=sheet.row - TOP + 1,
        name=name_of(row, t),
        unit=case.promise.unit,
        goal=goal(row, t),
        split=None if math.isnan(target) else target,
        basis=basis.get(case.annual_basis, ""),
        origin=t.of(ORIGIN_WORDS[row["year_origin"]]) if row["year_origin"] else "",
        reason=reason_word(case.annual_reason, t.lang) if case.annual_reason else "",
        id=case.id,
        begin=DASH,
        figure=DASH,
        completion=completion,
        elapsed=elapsed,
        gap=in_points(gap),
    )
    if case.annual_completion is None:
        return
    pair = _completion(sheet, promises, TOP + place, case)
    if pair is None:  # of a change: the library's own numbers, as they are
        return
    formula, time = pair
    dash = quoted(DASH)
    both = f"AND({is_number(sheet.at('split'))},{is_number(sheet.at('figure'))})"
    sheet.formula("completion", f"IF({both},{formula},{dash})", completion)
    sheet.formula("elapsed", f"IF({is_number(sheet.at('completion'))},{time},{dash})", elapsed)
    both = f"AND({is_number(sheet.at('completion'))},{is_number(sheet.at('elapsed'))})"
    difference = points_between(sheet.at("completion"), sheet.at("elapsed"))
    sheet.formula("gap", f"IF({both},{difference},{dash})", in_points(gap))


def _completion(sheet: Sheet, promises: Promises, line: int, case: Case) -> tuple[str, str] | None:
    """Write where a split begins and stands; return the formulas of completion and time."""
    main, year = promises.sheet, promises.assessment.when.period.year
    split, begin, figure = (sheet.at(key) for key in ("split", "begin", "figure"))
    value, reported = main.abroad("value", line), main.abroad("reported", line)
    latest = case.points[-1].value if case.points else None
    own = case.annual_basis == "year"
    if case.kind == "annual":
        # the split of a yearly bound is that bound: it stands on the sheet of targets
        _put(sheet, "figure", value, case.value)
        return main.abroad("share", line), main.abroad("elapsed", line)
    if case.kind == "growth":
        shown = (case.annual_completion or 0.0) * (case.annual_target or 1.0)
        source = _year_growth(promises, case, year) if own or not case.annual_basis else value
        _put(sheet, "figure", shown if source is None else source, shown)
        return f"{figure}/{split}", "1"
    now, season = main.abroad("now", line), main.abroad("season", line)
    point = case.points[-1]
    end = month_end(point.year, point.months)
    if (
        case.at != end or case.value is None
    ):  # the verdict is of a date within the year, its split of what came since
        reported = value = promises.promise(line - TOP).value_of(point)
        now, season = repr(float(in_years(end))), repr(float(case.annual_elapsed or 0.0))
    if case.measure.value == "additions":
        _put(sheet, "begin", *_before_year(promises, case, year))
        _put(sheet, "figure", reported, latest)
        planned = split if own else f"({split}-{begin})"
        time = float(case.annual_elapsed or 0.0)
        return f"({figure}-{begin})/{planned}", repr(time)
    if is_flow(case.promise):
        _put(sheet, "figure", reported, latest)
        return f"{figure}/{split}", f"IF({is_number(season)},{season},1)"
    if case.measure.value != "level":
        return None
    before = _before_year(promises, case, year)
    _put(sheet, "begin", *(before if own else (main.abroad("base_level", line), case.base)))
    _put(sheet, "figure", value, latest)
    planned = split if own else f"({split}-{begin})"
    first = str(year - 1) if own else main.abroad("start", line)
    time_gone = f"({now}-{first})/({year}-{first})"
    return f"({figure}-{begin})/{planned}", time_gone


def _put(sheet: Sheet, key: str, formula: Any, cached: Any) -> None:
    if isinstance(formula, str) and formula != DASH:
        sheet.formula(key, formula, cached)
    else:
        sheet.put(key, formula)


def _before_year(promises: Promises, case: Case, year: int) -> tuple[Any, Any]:
    """Return the figure of the end of the year before, as a formula and a value."""
    history = of_count(case, promises.histories[case.promise.of])
    point = next((p for p in history.points if p.year == year - 1 and p.months == MONTHS), None)
    if point is not None:
        formula = promises.figures.of_point(case.promise.of, point)
        return (point.value, point.value) if formula is None else (formula, point.value)
    if case.start == year_end(year - 1):
        place = next(i for i, one in enumerate(promises.cases) if one is case)
        return promises.sheet.abroad("base_level", TOP + place), case.base
    return DASH, DASH


def _year_growth(promises: Promises, case: Case, year: int) -> str | None:
    history = promises.histories[case.promise.of]
    point = next((p for p in history.growths if p.year == year), None)
    return None if point is None else promises.figures.of_point(case.promise.of, point)
