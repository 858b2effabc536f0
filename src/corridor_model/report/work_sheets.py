"""The sheets of works and tasks: progress, money by year under a delay, states, scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.works import WorksTotal
from corridor_model.codes import CATEGORIES, NOT_ASSESSABLE, ORIGIN_WORDS, reason_word
from corridor_model.messages import Translator, context
from corridor_model.periods import day_of, end_of, is_due, start_of, year_start
from corridor_model.report.promise_formulas import is_number
from corridor_model.report.promise_sheets import day_text, lookup
from corridor_model.report.spreadsheet import (
    DASH,
    MARKS,
    TOP,
    Field,
    Sheet,
    Spreadsheet,
    by_gap,
    in_points,
    known,
    money_title,
    percent_title,
    points_between,
    points_title,
    quoted,
    verdict_words,
)
from corridor_model.report.standing import Standing
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

STATES = {
    "done": context("task state", "done"),
    "on_schedule": context("task state", "on schedule"),
    "behind": context("task state", "behind"),
    "paused": context("task state", "paused"),
    "not_reported": context("task state", "not reported"),
}
"""What is reported of a task, in words."""

LATEST_DELAY = 120
"""Months by which a work may be delayed in the sheet of money."""


def mark_formula(cell: str, words: Mapping[str, str]) -> str:
    """Return the formula of the mark of a verdict."""
    formula = quoted(MARKS[NOT_ASSESSABLE])
    for status in reversed([s for s in words if s != NOT_ASSESSABLE]):
        formula = f"IF({cell}={quoted(words[status])},{quoted(MARKS[status])},{formula})"
    return formula


# Works.


class Works:
    """The sheet of works.

    Parameters
    ----------
    book : Spreadsheet
        The workbook.
    standing : Standing
        Verdicts on works.
    names : mapping of str to str
        Names of cells that formulas use.
    """

    def __init__(self, book: Spreadsheet, standing: Standing, names: Mapping[str, str]):
        self.book, self.standing, self.names, self.t = book, standing, names, book.t
        self.words = verdict_words(book.t)
        year = standing.period.year
        t = book.t
        self.sheet = Sheet(
            book,
            t.context("sheet", "Works"),
            t("Progress of works (as of {day})", day=day_text(standing, t)),
            t(
                "Money spent and money in statistics are two truths, never compared. Blank is "
                "not printed or not reported, never 0."
            ),
            (
                Field("no", t.context("workbook", "no."), 5, "count"),
                Field("name", t.context("workbook", "work"), 30),
                Field("start", t.context("workbook", "planned start"), 9, "plain"),
                Field("end", t.context("workbook", "planned end"), 9, "plain"),
                Field(
                    "investment",
                    money_title(t.context("workbook", "investment"), t),
                    9,
                    "money",
                    True,
                ),
                Field(
                    "total",
                    money_title(t.context("workbook", "spent since the start"), t),
                    9,
                    "money",
                    True,
                ),
                Field("plan", money_title(t("plan of {year}", year=year), t), 9, "money", True),
                Field(
                    "month",
                    money_title(t.context("workbook", "spent this month"), t),
                    8,
                    "money",
                    True,
                ),
                Field(
                    "spent",
                    money_title(t.context("workbook", "spent this year"), t),
                    9,
                    "money",
                    True,
                ),
                Field(
                    "completion",
                    percent_title(t.context("workbook", "completion"), t),
                    8,
                    "percent",
                ),
                Field(
                    "gap", points_title(t.context("workbook", "ahead or behind"), t), 9, "points"
                ),
                Field(
                    "left",
                    money_title(t.context("workbook", "left of the year's plan"), t),
                    9,
                    "money",
                ),
                Field("milestone", t.context("workbook", "state of the works"), 20),
                Field("problem", t.context("workbook", "problem"), 18),
                Field("mark", t.context("workbook", "mark"), 4.5, "word"),
                Field("verdict", t.context("workbook", "verdict"), 11.5, "word"),
                Field("units", t.context("workbook", "lead units"), 18),
                Field("reason", t.context("workbook", "why not assessable"), 10, "word"),
                Field(
                    "share",
                    percent_title(t.context("workbook", "spent of the investment"), t),
                    9,
                    "percent",
                ),
                Field(
                    "elapsed",
                    percent_title(t.context("workbook", "time elapsed of the year"), t),
                    8,
                    "percent",
                ),
                Field("started", t.context("workbook", "started"), 7, "word"),
                Field("statistics", t.context("workbook", "in statistics"), 8, "word"),
                Field("next", t.context("workbook", "next step"), 20),
                Field("period", t.context("workbook", "as of"), 9, "plain"),
                Field("category", t.context("workbook", "category"), 10, "word"),
                Field("origin", t.context("workbook", "origin of the year's plan"), 9, "word"),
                Field("id", t.context("workbook", "id"), 20),
                Field("search", t.context("workbook", "units, to be looked up"), 20),
            ),
            printed=17,
        )

    def write(self) -> Sheet:
        """Write the sheet, its last line the sum."""
        t, sheet = self.t, self.sheet
        for place, row in enumerate(self.standing.works):
            self._line(place, row)
            sheet.next()
        last = sheet.row - 1
        for key, name in (
            ("verdict", t.context("cell", "work_verdict")),
            ("reason", t.context("cell", "work_reason")),
            ("search", t.context("cell", "work_units")),
        ):
            self.book.name(name, sheet.span(key, last))
        for key in ("investment", "total", "plan", "month", "spent"):
            sheet.numbers(key, 0, 1e9, t("A number; leave it empty if unknown"), last=last)
        sheet.colour_verdicts("verdict", self.words, last)
        if self.standing.total is not None:
            self._sum(self.standing.total, last)
        sheet.finish(last)
        return sheet

    def _line(self, place: int, row: Mapping[str, Any]) -> None:
        t, sheet, dash = self.t, self.sheet, quoted(DASH)
        yes, no = t.context("workbook", "yes"), t.context("workbook", "no")
        units = self.standing.leads(row)

        def flag(value: Any) -> str:
            return "" if value is None else yes if value else no

        sheet.line(
            no=place + 1,
            name=str(row["name_zh" if t.lang == "zh" else "name_en"]),
            start=row["start"] or t.context("workbook", "not printed"),
            end=row["end"] or t.context("workbook", "not printed"),
            investment=row["investment"],
            total=row["invested_total"],
            plan=row["annual_plan"],
            month=row["invested_month"],
            spent=row["invested_year"],
            milestone=row["milestone"] or "",
            problem=row["problem"] or "",
            units=t.listing(units),
            started=flag(row["started"]),
            statistics=flag(row["in_statistics"]),
            next=row["next_step"] or "",
            period=row["period"] or "",
            category=_category(row["category"], t),
            origin=t.of(ORIGIN_WORDS[row["annual_origin"]]) if row["annual_origin"] else "",
            elapsed=float(row["year_elapsed"]),
            id=str(row["project"]),
            search=lookup(units),
        )
        plan, spent, elapsed = (sheet.at(key) for key in ("plan", "spent", "elapsed"))
        completion, gap = sheet.at("completion"), sheet.at("gap")
        both = f"AND({is_number(plan)},{is_number(spent)})"
        formula = f"IF({both},IF({plan}<>0,{spent}/{plan},{dash}),{dash})"
        sheet.formula("completion", formula, row["completion"])
        formula = f"IF({is_number(completion)},{points_between(completion, elapsed)},{dash})"
        sheet.formula("gap", formula, in_points(row["year_gap"]))
        left: Any = DASH
        if row["completion"] is not None:
            left = max(0.0, row["annual_plan"] - row["invested_year"])
        sheet.formula("left", f"IF({is_number(completion)},MAX(0,{plan}-{spent}),{dash})", left)
        total, investment = sheet.at("total"), sheet.at("investment")
        both = f"AND({is_number(total)},{is_number(investment)})"
        formula = f"IF({both},IF({investment}<>0,{total}/{investment},{dash}),{dash})"
        sheet.formula("share", formula, row["invested_share"])
        self._verdict(row, gap)

    def _verdict(self, row: Mapping[str, Any], gap: str) -> None:
        """Write the verdict: by the money of the year where nothing else decides."""
        t, sheet, none = self.t, self.sheet, quoted(self.words[NOT_ASSESSABLE])
        status, reason, branch = row["status"], row["reason"], row["branch"]
        why = reason_word(reason, t.lang) if status == NOT_ASSESSABLE else ""
        money = branch in {"gap_of_year", "not_quantified"}
        if money:
            judged = by_gap(gap, self.names["ahead"], self.names["behind"], self.words)
            sheet.formula("verdict", f"IF({is_number(gap)},{judged},{none})", self.words[status])
            otherwise = quoted(reason_word("not_quantified", t.lang))
            sheet.formula("reason", f'IF({is_number(gap)},"",{otherwise})', why)
        else:
            sheet.put("verdict", self.words[status])
            sheet.put("reason", why)
        cell = sheet.at("verdict")
        sheet.formula("mark", mark_formula(cell, self.words), MARKS[status])

    def _sum(self, total: WorksTotal, last: int) -> None:
        t, sheet = self.t, self.sheet
        for field in sheet.fields[: sheet.printed]:
            sheet.put(field.key, "", style="text")
        sheet.put("name", t("Sum of what is known"))
        sums = {
            "investment": total.investment,
            "plan": total.annual_plan,
            "month": total.invested_month,
            "spent": total.invested_year,
        }
        look = self.book.style("money", False, True)
        for key, one in sums.items():
            column = f"{sheet.letters(key)}{TOP + 1}:{sheet.letters(key)}{last + 1}"
            formula = f"=IF(COUNT({column})=0,{quoted(DASH)},SUM({column}))"
            place = sheet.columns[key]
            sheet.sheet.write_formula(sheet.row, place, formula, look, known(one.value))
        ranges = {
            key: f"{sheet.letters(key)}{TOP + 1}:{sheet.letters(key)}{last + 1}"
            for key in ("plan", "spent", "completion", "elapsed")
        }
        done = f'SUMIFS({ranges["spent"]},{ranges["completion"]},">-1E+300")'
        planned = f'SUMIFS({ranges["plan"]},{ranges["completion"]},">-1E+300")'
        formula = f"IF({planned}=0,{quoted(DASH)},{done}/{planned})"
        sheet.formula("completion", formula, total.completion, bold=True)
        month = self.standing.period.month
        done = sheet.at("completion")
        time = f"{month}/12"
        own = total.year_gap
        if total.completion is not None and own is not None:
            elapsed = round(total.completion - own, 12)
            # works may report of other months than that of the period
            time = time if math.isclose(elapsed, month / 12, abs_tol=1e-9) else repr(elapsed)
        gap = f"IF({is_number(done)},{points_between(done, time)},{quoted(DASH)})"
        sheet.formula("gap", gap, in_points(own), bold=True)
        sheet.put(
            "milestone",
            t(
                "due to start {due}, started {started}; finished {finished}, overdue {overdue}",
                due=total.start_due,
                started=total.started,
                finished=total.finished,
                overdue=total.overdue,
            ),
        )
        sheet.next()
        for field in sheet.fields[: sheet.printed]:
            sheet.put(field.key, "", style="text")
        sheet.put("name", t("Known, of all works"))
        for key, one in sums.items():
            column = f"{sheet.letters(key)}{TOP + 1}:{sheet.letters(key)}{last + 1}"
            look = self.book.style("count")
            place = sheet.columns[key]
            sheet.sheet.write_formula(sheet.row, place, f"=COUNT({column})", look, one.known)
        sheet.next()


def _category(category: str, t: Translator) -> str:
    return t.of(CATEGORIES[category]) if category in CATEGORIES else category


# Money by year, even over the months of a work, and moved by a delay (S11).


def write_money(works: Works, money: xr.Dataset | None) -> Sheet | None:
    """Write the sheet of money by year: a delay in months moves it.

    Parameters
    ----------
    works : Works
        Whose sheet has the investments.
    money : xarray.Dataset
        From :func:`corridor_model.scenario.spending.spending`, as planned.
    """
    if money is None:
        return None
    t, book, plan = works.t, works.book, works.standing.plan
    first, last = plan.about.first_year, plan.about.last_year
    every = [int(year) for year in money["spending_year"].to_numpy()]
    years = list(range(min(every[0], first), max(every[-1], last + 2) + 1))
    fields = (
        Field("no", t.context("workbook", "no."), 5, "count"),
        Field("name", t.context("workbook", "work"), 32),
        Field("investment", money_title(t.context("workbook", "investment"), t), 9, "money"),
        Field("delay", t.context("workbook", "delay (months)"), 7, "count", True),
        Field("begin", t.context("workbook", "first month"), 9, "plain"),
        Field("over", t.context("workbook", "last month"), 9, "plain"),
        *(Field(f"y{year}", t("{year} (year)", year=year), 8.5, "money") for year in years),
        Field("later", t("after {year} (all)", year=years[-1]), 8.5, "money"),
        Field("before", t("before {year}", year=first), 9, "money"),
        Field("inside", t("{first} to {last}", first=first, last=last), 10, "money"),
        Field("beyond", t("after {year}", year=last), 9, "money"),
        Field("check", t.context("workbook", "check"), 7, "word"),
        Field("rule", t.context("workbook", "dates assumed"), 9, "word"),
        Field("start", t.context("workbook", "planned start, months"), 9, "number"),
        Field("end", t.context("workbook", "planned end, months"), 9, "number"),
        Field("id", t.context("workbook", "id"), 20),
    )
    sheet = Sheet(
        book,
        t.context("sheet", "Money by year"),
        t("Investment by year ({unit})", unit=MONEY),
        t(
            "Spread evenly over the months of each work. A delay moves what is spent after the "
            "beginning of {first}; what was spent before stays. Unknown investment is not summed.",
            first=first,
        ),
        fields,
        printed=12 + len(years),
    )
    for place, row in enumerate(works.standing.works):
        _money_line(sheet, works, money, place, row, years)
        sheet.next()
    end = sheet.row - 1
    _money_sum(sheet, money, years, end, t)
    sheet.numbers(
        "delay",
        0,
        LATEST_DELAY,
        t("Whole months, 0 to {most}", most=LATEST_DELAY),
        last=end,
        whole=True,
    )
    sheet.finish(end)
    return sheet


def _month(moment: float) -> str:
    from corridor_model.periods import first_month

    return first_month(moment)


def _money_line(
    sheet: Sheet,
    works: Works,
    money: xr.Dataset,
    place: int,
    row: Mapping[str, Any],
    years: Sequence[int],
) -> None:
    t, dash = works.t, quoted(DASH)
    plan = works.standing.plan
    name = str(row["project"])
    one = money.sel(project=name)
    start = start_of(str(one["start_planned"].item()))
    end = end_of(str(one["end_planned"].item()))
    rule = str(one["rule"].item())
    rules = {
        "start": t.context("workbook", "start"),
        "end": t.context("workbook", "end"),
        "both": t.context("workbook", "both"),
    }
    sheet.line(
        no=place + 1,
        name=str(row["name_zh" if t.lang == "zh" else "name_en"]),
        delay=0,
        rule=rules.get(rule, ""),
        start=start,
        end=end,
        id=name,
    )
    investment = works.sheet.abroad("investment", TOP + place)
    total = row["investment"]
    formula = f"IF({is_number(investment)},{investment},{dash})"
    sheet.formula("investment", formula, total)
    cell, delay, begins, ends = (sheet.at(k) for k in ("investment", "delay", "start", "end"))
    pivot = year_start(plan.about.first_year)
    moved = f"IF({ends}<={pivot},0,{delay})"
    begin = f"IF({begins}<{pivot},{begins},{begins}+{moved})"
    sheet.formula("begin", _month_formula(begin), _month(start))
    sheet.formula("over", _month_formula(f"{ends}+{moved}-1"), _month(end - 1))
    spending = {
        int(y): float(one["spending"].sel(spending_year=y)) for y in one["spending_year"].to_numpy()
    }
    for year in years:
        low, high = year_start(year), year_start(year + 1)
        early = f"MAX(0,MIN({ends},{pivot},{high})-MAX({begins},{low}))"
        late = f"MAX(0,MIN({ends}+{moved},{high})-MAX(MAX({begins},{pivot})+{moved},{low}))"
        formula = f"IF({is_number(cell)},{cell}*({early}+{late})/({ends}-{begins}),{dash})"
        cached: Any = DASH if total is None else spending.get(year, 0.0)
        sheet.formula(f"y{year}", formula, cached)
    first, last = plan.about.first_year, plan.about.last_year

    def span(begin: int, over: int) -> str:
        return f"SUM({sheet.at(f'y{begin}')}:{sheet.at(f'y{over}')})"

    all_years = span(years[0], years[-1])
    parts = {
        "later": (f"{cell}-{all_years}", 0.0),
        "before": (
            span(years[0], first - 1) if years[0] < first else "0",
            float(one["before_plan"]),
        ),
        "inside": (span(first, last), float(one["inside_plan"])),
        "beyond": (
            f"{span(last + 1, years[-1])}+{sheet.at('later')}",
            float(one["beyond_horizon"]),
        ),
    }
    for key, (formula, value) in parts.items():
        sheet.formula(
            key, f"IF({is_number(cell)},{formula},{dash})", DASH if total is None else value
        )
    agrees = f"ABS({sheet.at('before')}+{sheet.at('inside')}+{sheet.at('beyond')}-{cell})<0.000001"
    good, bad = t.context("workbook", "agrees"), t.context("workbook", "differs")
    formula = f"IF({is_number(cell)},IF({agrees},{quoted(good)},{quoted(bad)}),{dash})"
    sheet.formula("check", formula, DASH if total is None else good)


def _month_formula(moment: str) -> str:
    """Return the month that begins at a moment, as 2021-09."""
    return f'INT(({moment})/12)&"-"&TEXT(({moment})-12*INT(({moment})/12)+1,"00")'


def _money_sum(
    sheet: Sheet, money: xr.Dataset, years: Sequence[int], end: int, t: Translator
) -> None:
    for field in sheet.fields[: sheet.printed]:
        sheet.put(field.key, "", style="text")
    sheet.put("name", t("Sum of what is known"))
    programme = {
        int(y): float(money["programme"].sel(spending_year=y))
        for y in money["spending_year"].to_numpy()
    }
    totals: dict[str, float] = {f"y{year}": programme.get(year, 0.0) for year in years}
    for key, name in (
        ("investment", "total"),
        ("before", "before_plan"),
        ("inside", "inside_plan"),
        ("beyond", "beyond_horizon"),
    ):
        totals[key] = float(money[name].sum())
    totals["later"] = 0.0
    for key, value in totals.items():
        column = f"{sheet.letters(key)}{TOP + 1}:{sheet.letters(key)}{end + 1}"
        sheet.formula(key, f"SUM({column})", value, bold=True)
    sheet.next()


# Tasks.


def write_tasks(book: Spreadsheet, standing: Standing) -> Sheet:
    """Write the sheet of tasks: the verdict follows the state that is chosen."""
    t = book.t
    words = verdict_words(t)
    sheet = Sheet(
        book,
        t.context("sheet", "Tasks"),
        t("Progress of tasks (as of {day})", day=day_text(standing, t)),
        t("From its deadline on a task is achieved or missed, resting or not."),
        (
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("row", t.context("workbook", "annex, row"), 9, "word"),
            Field("name", t.context("workbook", "task"), 44),
            Field("deadline", t.context("workbook", "due"), 10, "plain"),
            Field("units", t.context("workbook", "lead units"), 22),
            Field("others", t.context("workbook", "other units"), 24),
            Field("state", t.context("workbook", "state reported"), 10, "word", True),
            Field("date", t.context("workbook", "day of the report"), 11, "plain", True),
            Field("sentence", t.context("workbook", "progress"), 30, "text", True),
            Field("mark", t.context("workbook", "mark"), 4.5, "word"),
            Field("verdict", t.context("workbook", "verdict"), 11.5, "word"),
            Field("reason", t.context("workbook", "why not assessable"), 10, "word"),
            Field("due", t.context("workbook", "due by now"), 7, "word"),
            Field("last_day", t.context("workbook", "last day"), 11, "plain"),
            Field("id", t.context("workbook", "id"), 16),
            Field("search", t.context("workbook", "units, to be looked up"), 20),
        ),
        printed=11,
        frozen=3,
    )
    for place, row in enumerate(standing.tasks):
        _task_line(sheet, standing, place, row, words)
        sheet.next()
    end = sheet.row - 1
    states = [t.of(one) for one in STATES.values()]
    for i, one in enumerate(states):
        sheet.sheet.write_string(TOP + i, len(sheet.fields) + 1, one, book.style("word"))
    from xlsxwriter.utility import xl_col_to_name

    column = xl_col_to_name(len(sheet.fields) + 1)
    sheet.choices("state", f"${column}${TOP + 1}:${column}${TOP + len(states)}", last=end)
    for key, name in (
        ("verdict", t.context("cell", "task_verdict")),
        ("reason", t.context("cell", "task_reason")),
        ("search", t.context("cell", "task_units")),
    ):
        book.name(name, sheet.span(key, end))
    sheet.colour_verdicts("verdict", words, end)
    sheet.finish(end)
    return sheet


def _task_line(
    sheet: Sheet,
    standing: Standing,
    place: int,
    row: Mapping[str, Any],
    words: Mapping[str, str],
) -> None:
    t = sheet.book.t
    task = standing.plan.tasks[row["task"]]
    deadline = str(row["deadline"] or "")
    due = bool(is_due(row["deadline"], standing.period.end))
    yes, no = t.context("workbook", "yes"), t.context("workbook", "no")
    last_day = day_of(deadline) if deadline else ""
    units = standing.leads(row)
    part = "" if task.part is None else f".{task.part}"
    sheet.line(
        no=place + 1,
        row=f"{task.table}-{task.row}{part}",
        name=str(row["name"]),
        deadline=deadline or t.context("target", "undated"),
        units=t.listing(units),
        others=t.listing(
            standing.plan.units.get(u, u) for u in str(row["other_units"] or "").split(";") if u
        ),
        state=t.of(STATES[row["state"]]),
        date=str(row["date"] or ""),
        sentence=str(row["sentence"] or ""),
        due=yes if due else no,
        last_day=last_day,
        id=str(row["task"]),
        search=lookup(units),
    )
    state, date, last = (sheet.at(key) for key in ("state", "date", "last_day"))
    w = {key: quoted(t.of(text)) for key, text in STATES.items()}
    status, none = {k: quoted(v) for k, v in words.items()}, quoted(words[NOT_ASSESSABLE])
    late = f'AND({last}<>"",{date}>{last})'
    is_due_ = f"{sheet.at('due')}={quoted(yes)}"
    # what a report of the deadline or later does not call done was missed
    after = f"AND({is_due_},{state}<>{w['not_reported']},{date}>={last})"
    formula = (
        f"IF({state}={w['done']},IF({late},{status['missed']},{status['achieved']}),"
        f"IF({after},{status['missed']},"
        f"IF(OR({state}={w['paused']},{is_due_},{state}={w['not_reported']}),{none},"
        f"IF({state}={w['behind']},{status['behind']},{status['on_schedule']}))))"
    )
    shown, why = words[row["status"]], ""
    if row["status"] == NOT_ASSESSABLE:
        why = reason_word(row["reason"], t.lang)
    if _by_last_report(row, last_day, due) == row["status"]:
        sheet.formula("verdict", formula, shown)
        paused, silent = (quoted(reason_word(r, t.lang)) for r in ("paused", "not_reported"))
        cell = sheet.at("verdict")
        reason = f'IF({cell}={none},IF({state}={w["paused"]},{paused},{silent}),"")'
        sheet.formula("reason", reason, why)
    else:  # an earlier report decided, which no cell shows
        sheet.put("verdict", shown)
        sheet.put("reason", why)
    sheet.formula("mark", mark_formula(sheet.at("verdict"), words), MARKS[row["status"]])


def _by_last_report(row: Mapping[str, Any], last_day: str, due: bool) -> str:
    """Return the verdict that the last report alone gives: what the formula answers."""
    state, date = row["state"], str(row["date"] or "")
    if state == "done":
        return "missed" if last_day and date > last_day else "achieved"
    if due and state != "not_reported" and date >= last_day:
        return "missed"
    if state in {"paused", "not_reported"} or due:
        return NOT_ASSESSABLE
    return str(state)


# Scenarios, side by side.


def write_scenarios(book: Spreadsheet, results: xr.Dataset | None, plan: Plan) -> Sheet | None:
    """Write the sheet of scenarios: the library's numbers, and differences as formulas."""
    if results is None or "scenario" not in results.dims:
        return None
    t = book.t
    first, last = plan.about.first_year, plan.about.last_year
    has_money = "inside_plan" in results or "spending" in results
    sheet = Sheet(
        book,
        t.context("sheet", "Scenarios"),
        t("Scenarios side by side"),
        t(
            "Worked out by the library ({draws} draws, seed {seed}); the numbers do not follow "
            "this workbook. Scenarios are questions, not forecasts.",
            draws=f"{int(results.attrs.get('draws', 0)):,}",
            seed=str(results.attrs.get("seed", "")),
        ),
        (
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("name", t.context("workbook", "scenario"), 34),
            Field("promises", t.context("workbook", "targets met, expected"), 11, "two"),
            Field("low", t.context("workbook", "of 20 runs 19 at least"), 11, "number"),
            Field("high", t.context("workbook", "of 20 runs 19 at most"), 11, "number"),
            Field("more", t.context("workbook", "against the first: targets"), 11, "two"),
            Field(
                "inside",
                money_title(t("money {first} to {last}", first=first, last=last), t),
                13,
                "money",
            ),
            Field("beyond", money_title(t("money after {year}", year=last), t), 13, "money"),
            Field(
                "dearer",
                money_title(t.context("workbook", "against the first: money inside"), t),
                13,
                "money",
            ),
        ),
        frozen=2,
    )
    names = [str(name) for name in results["scenario"].to_numpy()]
    key = "scenario_zh" if t.lang == "zh" and "scenario_zh" in results.coords else "scenario"
    shown = [str(name) for name in results[key].to_numpy()]
    for place, (name, title) in enumerate(zip(names, shown, strict=True)):
        one = results.sel(scenario=name)
        counts = _counts(one)
        sheet.line(
            no=place + 1, name=title or name, promises=counts[0], low=counts[1], high=counts[2]
        )
        if has_money:
            inside, beyond = _money_of(one, last)
            sheet.line(inside=inside, beyond=beyond)
        else:
            sheet.line(inside=None, beyond=None)
        for to, of in (("more", "promises"), ("dearer", "inside")):
            top = f"{sheet.letters(of)}${TOP + 1}"
            cell = sheet.at(of)
            reference = results.isel(scenario=0)
            base = (
                _counts(reference)[0]
                if of == "promises"
                else _money_of(reference, last)[0]
                if has_money
                else math.nan
            )
            value = (
                counts[0]
                if of == "promises"
                else _money_of(one, last)[0]
                if has_money
                else math.nan
            ) - base
            formula = f"IF(AND({is_number(cell)},{is_number(top)}),{cell}-{top},{quoted(DASH)})"
            sheet.formula(to, formula, known(value))
        sheet.next()
    sheet.finish(filtered=False)
    return sheet


def _counts(one: xr.Dataset) -> tuple[float, float, float]:
    """Return the mean and the 5 and 95 % of the number of promises met."""
    mean = float(one["n_reached_mean"]) if "n_reached_mean" in one else math.nan
    if "n_reached" not in one:
        return mean, math.nan, math.nan
    weights = one["n_reached"].to_numpy().astype(float)
    total = weights.sum()
    if not total:
        return mean, math.nan, math.nan
    numbers = one["n_targets"].to_numpy()
    share = weights.cumsum() / total
    low = float(numbers[int((share >= 0.05).argmax())])
    high = float(numbers[int((share >= 0.95).argmax())])
    return mean, low, high


def _money_of(one: xr.Dataset, last: int) -> tuple[float, float]:
    """Return the expected money within the plan and after it."""
    beyond = float(one["beyond_horizon"].sum())
    if "inside_plan" in one:
        return float(one["inside_plan"].sum()), beyond
    years = one["spending_year"]
    spending = one["spending"]
    first = int(one["year"].min())
    return float(spending.where((years >= first) & (years <= last)).sum()), beyond
