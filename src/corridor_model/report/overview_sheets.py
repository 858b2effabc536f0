"""The sheets that come first: a guide to the workbook, and counts that sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_model.assessment.rollup import Promise
from corridor_model.assessment.verdicts import SCHEDULE_THRESHOLDS, tally
from corridor_model.codes import NOT_ASSESSABLE, REASONS, reason_word
from corridor_model.messages import N_
from corridor_model.report.promise_formulas import is_number
from corridor_model.report.promise_sheets import day_text
from corridor_model.report.spreadsheet import (
    BOLD,
    DASH,
    MARKS,
    Field,
    Sheet,
    Spreadsheet,
    in_points,
    quoted,
    verdict_words,
)
from corridor_model.report.standing import Standing
from corridor_model.tabular.packages import OWN_TABLES

# The guide: what stands where, what may be filled in, what the words mean.


class Guide:
    """The first sheet; readers of tables pass it over."""

    def __init__(self, book: Spreadsheet, standing: Standing):
        t = book.t
        self.book, self.standing = book, standing
        self.sheet = Sheet(
            book,
            t.context("sheet", "Guide"),
            standing.plan.about.name(t.lang),
            t("Yellow cells may be filled in; everything else is locked, without a password."),
            (
                Field("what", t.context("guide", "sheet"), 22),
                Field("value", t.context("guide", "to fill in"), 14, "word"),
                Field("text", t.context("guide", "what it holds"), 92),
            ),
            frozen=0,
        )

    def write(self, names: Mapping[str, str]) -> None:
        """Write the guide, and name the cells of the period and of the thresholds."""
        t, sheet, standing = self.book.t, self.sheet, self.standing
        there = {one.get_name() for one in self.book.book.worksheets()}
        for name, fill, text in _SHEETS:
            title = t.context("sheet", name)
            if title in there:
                filled = t.context("guide", "yes") if fill else t.context("guide", "nothing")
                sheet.line(what=title, value=filled, text=t(text))
                sheet.next()
        self._section(t("The period and the thresholds"))
        period, plan = standing.period, standing.plan
        moment = f"{names['year']}-1+{names['month']}/12"
        cells: tuple[tuple[str, str, Any, bool, str], ...] = (
            ("year", N_("Year of the verdicts"), period.year, False, "count"),
            ("month", N_("Month of the verdicts"), period.month, False, "count"),
            ("moment", N_("The same in years, 2021 its end"), moment, False, "two"),
            ("first", N_("Year before the plan"), plan.about.base_year, False, "number"),
            ("last", N_("Last year of the plan"), plan.about.last_year, False, "number"),
            ("ahead", N_("Ahead from this gap on (points)"), "ahead", True, "number"),
            ("behind", N_("Behind from this gap on (points)"), "behind", True, "number"),
            (
                "growth_ahead",
                N_("Average growth ahead from (points)"),
                "growth_ahead",
                True,
                "number",
            ),
            (
                "growth_behind",
                N_("Average growth behind from (points)"),
                "growth_behind",
                True,
                "number",
            ),
        )
        for key, text, value, is_input, style in cells:
            sheet.put("what", t(text))
            place = sheet.columns["value"]
            look = self.book.style("number" if style == "count" else style, is_input)
            if key == "moment":
                shown = period.year - 1 + period.month / 12
                sheet.sheet.write_formula(sheet.row, place, f"={value}", look, shown)
                # by this cell readers know the workbook, and that its formulas are worked out
                self.book.name(OWN_TABLES, sheet.abroad("value", sheet.row))
            else:
                number: float = value
                if is_input:
                    number = SCHEDULE_THRESHOLDS[value]
                    number = number if key.startswith("growth") else in_points(number)
                sheet.sheet.write_number(sheet.row, place, number, look)
            sheet.put("text", t("Name of the cell: {name}", name=names[key]))
            self.book.name(names[key], sheet.abroad("value", sheet.row))
            sheet.next()
        self._section(t("Verdicts and their marks"))
        for status, text in verdict_words(t).items():
            sheet.line(what=text, value=MARKS[status], text=t(_MEANINGS[status]))
            sheet.next()
        self._section(t("How it is worked out"))
        for title, text in _DEFINITIONS:
            sheet.line(what=t(title), value="", text=t(text))
            sheet.next()
        sheet.finish(filtered=False)

    def _section(self, title: str) -> None:
        sheet = self.sheet
        for place, field in enumerate(sheet.fields):
            text = title if place == 0 else ""
            sheet.text(sheet.row, place, text, self.book.head, field.width / BOLD)
        sheet.next()


_SHEETS = (
    (
        "Overview",
        False,
        N_(
            "Counts by verdict: targets, works, tasks, groups, units with their rank; each "
            "line is checked."
        ),
    ),
    (
        "Targets",
        False,
        N_(
            "Every target with its latest figure, achieved share, time, verdict and what is "
            "still needed; the arithmetic stands right of what is printed."
        ),
    ),
    ("Yearly splits", True, N_("This year's own targets, and how far they are met.")),
    (
        "Figures",
        True,
        N_(
            "Every figure, one a line; a revision is a new line, and the old one is set out of use."
        ),
    ),
    (
        "Baselines",
        True,
        N_("The start of each indicator, and the start that each rate would need."),
    ),
    (
        "Growth needed",
        False,
        N_("Required, achieved and still needed growth, and where the rates lead."),
    ),
    ("Paths", True, N_("The paths of one target, which is chosen there, with a chart.")),
    ("Works", True, N_("Money of the year against its plan, state, verdict.")),
    ("Money by year", True, N_("Investment by year; a delay in months moves it.")),
    ("Tasks", True, N_("State of each task; the verdict follows it.")),
    ("Scenarios", False, N_("What scenarios do to targets and money; worked out by the library.")),
    ("Conflicts", False, N_("Where the document contradicts itself, and which reading is used.")),
    ("Missing", True, N_("What is owed and was not reported, by unit.")),
)
"""The sheets, whether something may be filled in, and what they hold."""

_MEANINGS = {
    "achieved": N_("Met; before the date only where it is an aim."),
    "ahead": N_("At least 5 points ahead of the time, an average growth 0.1 points."),
    "on_schedule": N_("Between the two thresholds."),
    "behind": N_("At least 5 points behind the time, an average growth 0.1 points."),
    "missed": N_("Not met at the date, or no longer to be met; also what was met only later."),
    "not_assessable": N_("Nothing can be said; the reason stands beside it."),
}

_DEFINITIONS = (
    (
        N_("Achieved share"),
        N_(
            "(figure - start) / (target - start); of a part of a year the full year by the "
            "season of earlier years, or by months."
        ),
    ),
    (
        N_("Time elapsed"),
        N_(
            "(moment of the figure - moment of the start) / (date - start), in years; of a "
            "yearly target within its year."
        ),
    ),
    (
        N_("Ahead or behind"),
        N_("Achieved share less time elapsed; of a limit time elapsed less what is used of it."),
    ),
    (
        N_("Growth still needed"),
        N_("(target / figure) ^ (1 / years left) - 1, where both are above 0."),
    ),
    (
        N_("What is fixed"),
        N_(
            "Which figure is current, whether one was due, and what was revised are the "
            "library's; probabilities and scenarios, too. Lines whose figure no formula "
            "gives say so in the column «follows the figures»."
        ),
    ),
)


# The overview: counts that sum, by kind, group and unit.


class Overview:
    """The sheet of counts; every line says whether it sums."""

    def __init__(self, book: Spreadsheet, standing: Standing):
        t = book.t
        self.book, self.standing, self.t = book, standing, t
        self.words = verdict_words(t)
        # reasons that nothing has stand right of what is printed
        given = [r for r in REASONS if any(c[r] for c in standing.counts.values())]
        ordered = [*given, *(r for r in REASONS if r not in given)]
        self.reasons = ordered
        fields = [
            Field("name", t.context("overview", "kind"), 30),
            Field("total", t.context("overview", "total"), 7, "count"),
            *(Field(status, text, 8, "count") for status, text in self.words.items()),
            Field("share", t.context("workbook", "not failing, of assessed (%)"), 9, "percent"),
            Field("rank", t.context("workbook", "rank"), 7, "count"),
            Field("check", t.context("workbook", "check"), 7, "word"),
            *(Field(f"r_{reason}", reason_word(reason, t.lang), 8, "count") for reason in ordered),
            Field("ranked", t.context("workbook", "score of the ranking"), 9, "number"),
        ]
        self.sheet = Sheet(
            book,
            t.context("sheet", "Overview"),
            t("Overview (as of {day})", day=day_text(standing, t)),
            t(
                "Counts are formulas over the other sheets. Alternatives count once, stretch "
                "targets are not counted. Units count with all they lead; fewer than three "
                "assessed items are not ranked."
            ),
            fields,
            printed=11 + len(given),
            frozen=1,
        )

    def write(self) -> None:
        """Write all counts."""
        t, standing, sheet = self.t, self.standing, self.sheet
        lines = []
        titles = {"targets": N_("Targets"), "works": N_("Works"), "tasks": N_("Tasks")}
        for kind, counts in standing.counts.items():
            if counts["total"]:
                lines.append(sheet.row)
                self._line(t(titles[kind]), self._kind(kind), counts)
        if len(lines) > 1:
            self._sum(lines)
        self._section(t("Targets by group"))
        groups: dict[str, list[Promise]] = {}
        table = standing.plan.tables["groups"]
        names = dict(
            zip(table["id"], zip(table["name_zh"], table["name_en"], strict=True), strict=True)
        )
        for promise in standing.promises:
            groups.setdefault(promise.group, []).append(promise)
        for key, members in groups.items():
            zh, en = names.get(key, (key, key))
            title = (zh if t.lang == "zh" else en or zh) or ""
            self._line(title, self._group(), _tally((p.status, p.reason) for p in members))
        if standing.units:
            self._section(t("Responsible units"))
            first = sheet.row
            for row in standing.units:
                self._unit(row, first, first + len(standing.units) - 1)
        sheet.finish(filtered=False)

    def _kind(self, kind: str) -> Any:
        """Return how a count of a kind is written: of a column equal to a word."""
        t = self.t
        prefix = {"targets": "target", "works": "work", "tasks": "task"}[kind]
        verdict, reason = (t.context("cell", f"{prefix}_{what}") for what in ("verdict", "reason"))
        counted = t.context("cell", "target_counted")

        def count(text: str | None, is_reason: bool) -> str:
            if kind == "targets":
                if text is None:
                    return f"SUM({counted})"
                column = reason if is_reason else verdict
                return f"SUMPRODUCT(--({column}={quoted(text)}),{counted})"
            if text is None:
                return f"ROWS({verdict})"
            return f"SUMPRODUCT(--({reason if is_reason else verdict}={quoted(text)}))"

        return count

    def _group(self) -> Any:
        t, sheet = self.t, self.sheet
        group, verdict, reason, counted = (
            t.context("cell", f"target_{what}")
            for what in ("group", "verdict", "reason", "counted")
        )

        def count(text: str | None, is_reason: bool) -> str:
            own = f"--({group}={sheet.at('name')}),{counted}"
            if text is None:
                return f"SUMPRODUCT({own})"
            column = reason if is_reason else verdict
            return f"SUMPRODUCT({own},--({column}={quoted(text)}))"

        return count

    def _of_unit(self) -> Any:
        t, sheet, standing = self.t, self.sheet, self.standing
        cell = sheet.at("name")
        kinds = ["target"]
        kinds += ["work"] if standing.works else []
        kinds += ["task"] if standing.tasks else []
        counted = t.context("cell", "target_counted")

        def count(text: str | None, is_reason: bool) -> str:
            parts, holds = [], "reason" if is_reason else "verdict"
            for kind in kinds:
                units = t.context("cell", f"{kind}_units")
                own = f'--ISNUMBER(FIND("、"&{cell}&"、",{units}))'
                own += f",{counted}" if kind == "target" else ""
                if text is not None:
                    column = t.context("cell", f"{kind}_{holds}")
                    own += f",--({column}={quoted(text)})"
                parts.append(f"SUMPRODUCT({own})")
            return "+".join(parts)

        return count

    def _line(self, title: str, count: Any, counts: Mapping[str, int], finish: bool = True) -> None:
        sheet, t = self.sheet, self.t
        sheet.put("name", title)
        sheet.formula("total", count(None, False), counts["total"])
        for status, text in self.words.items():
            sheet.formula(status, count(text, False), counts[status])
        for reason in REASONS:
            formula = count(reason_word(reason, t.lang), True)
            sheet.formula(f"r_{reason}", formula, counts[reason])
        self._check()
        self._share(counts)
        if finish:
            for key in ("rank", "ranked"):
                sheet.put(key, "")
            sheet.next()

    def _check(self) -> None:
        """Write whether the verdicts sum to the total, and the reasons to what is open."""
        sheet, t = self.sheet, self.t
        statuses = list(self.words)
        sums = f"SUM({sheet.at(statuses[0])}:{sheet.at(statuses[-1])})={sheet.at('total')}"
        reasons = [f"r_{reason}" for reason in self.reasons]
        why = f"SUM({sheet.at(reasons[0])}:{sheet.at(reasons[-1])})={sheet.at(NOT_ASSESSABLE)}"
        good, bad = t.context("workbook", "agrees"), t.context("workbook", "differs")
        formula = f"IF(AND({sums},{why}),{quoted(good)},{quoted(bad)})"
        sheet.formula("check", formula, good)

    def _share(self, counts: Mapping[str, int]) -> None:
        sheet = self.sheet
        total, none = sheet.at("total"), sheet.at(NOT_ASSESSABLE)
        failing = f"({sheet.at('behind')}+{sheet.at('missed')})"
        assessed = f"({total}-{none})"
        formula = f"IF({assessed}>0,({assessed}-{failing})/{assessed},{quoted(DASH)})"
        n = counts["total"] - counts[NOT_ASSESSABLE]
        share = (n - counts["behind"] - counts["missed"]) / n if n else DASH
        sheet.formula("share", formula, share)

    def _sum(self, lines: Sequence[int]) -> None:
        sheet, t = self.sheet, self.t
        whole: Counter[str] = Counter()
        for counts in self.standing.counts.values():
            whole.update(counts)
        sheet.put("name", t.context("overview", "sum"))
        for key, name in (
            ("total", "total"),
            *((status, status) for status in self.words),
            *((f"r_{reason}", reason) for reason in REASONS),
        ):
            letters = sheet.letters(key)
            formula = f"SUM({letters}{lines[0] + 1}:{letters}{lines[-1] + 1})"
            sheet.formula(key, formula, whole[name], bold=True)
        self._check()
        self._share(whole)
        for key in ("rank", "ranked"):
            sheet.put(key, "")
        sheet.next()

    def _section(self, title: str) -> None:
        sheet = self.sheet
        for place in range(sheet.printed):
            sheet.sheet.write_string(sheet.row, place, title if place == 0 else "", self.book.head)
        sheet.next()

    def _unit(self, row: Mapping[str, Any], first: int, last: int) -> None:
        sheet, t = self.sheet, self.t
        kinds = self.standing.by_unit.get(str(row["unit"]), {})
        counts = _tally(
            (item["status"], item["reason"] if item["status"] == NOT_ASSESSABLE else "")
            for items in kinds.values()
            for item in items
        )
        self._line(str(row["unit"]), self._of_unit(), counts, finish=False)
        assessed = f"({sheet.at('total')}-{sheet.at(NOT_ASSESSABLE)})"
        score, text = sheet.at("share"), t.context("workbook", "not ranked")
        ranked = row["rank"] > 0
        cached = round(float(row["score"]), 9) if ranked else ""
        sheet.formula("ranked", f'IF({assessed}>=3,ROUND({score},9),"")', cached)
        letters = sheet.letters("ranked")
        span = f"${letters}${first + 1}:${letters}${last + 1}"
        own = sheet.at("ranked")
        formula = f"IF({is_number(own)},RANK({own},{span}),{quoted(text)})"
        sheet.formula("rank", formula, int(row["rank"]) if ranked else text)
        sheet.next()


def _tally(verdicts: Any) -> dict[str, int]:
    pairs = list(verdicts)
    counts: dict[str, int] = dict(tally([s for s, _ in pairs], [r for _, r in pairs]))
    return counts | {"total": len(pairs)}
