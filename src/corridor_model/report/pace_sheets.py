"""The sheets of pace: what each target needs, what rates reach, and the paths of one of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corridor_model import growth
from corridor_model.assessment.case import Case
from corridor_model.messages import Translator
from corridor_model.periods import in_years, year_before
from corridor_model.plan.growth_paths import BOUNDED
from corridor_model.report.figure_sheet import word_of
from corridor_model.report.promise_formulas import GEOMETRIC, LEVELED, STEPPED, is_number, rate
from corridor_model.report.promise_sheets import BEYOND, Promises, goal_value
from corridor_model.report.spreadsheet import (
    DASH,
    EDGE,
    HEAD,
    TOP,
    Field,
    Sheet,
    known,
    percent_title,
    quoted,
)
from corridor_model.report.verdict_formulas import PromiseFormulas
from corridor_model.text.bulletin import name_of

if TYPE_CHECKING:
    from corridor_model.report.figure_sheet import Baselines, Figures


def write_pace(promises: Promises, baselines: Baselines, rates: Sequence[float]) -> Sheet:
    """Write the sheet of required growth, pace so far, and what the rates reach."""
    t, book = promises.t, promises.book
    fields = (
        Field("no", t.context("workbook", "no."), 5, "count"),
        Field("name", t.context("workbook", "indicator"), 32),
        Field("unit", t.context("workbook", "unit"), 8, "word"),
        Field("base", t.context("workbook", "start"), 9, "number"),
        Field("target", t.context("workbook", "target"), 9, "number"),
        Field("steps", t.context("workbook", "years in all"), 7, "two"),
        Field("required_rate", percent_title(t.context("workbook", "required rate"), t), 9, "rate"),
        Field("required_step", t.context("workbook", "required step"), 9, "two"),
        Field("achieved_rate", percent_title(t.context("workbook", "rate so far"), t), 9, "rate"),
        Field("achieved_step", t.context("workbook", "step so far"), 9, "two"),
        Field("rate_left", percent_title(t.context("workbook", "rate still needed"), t), 9, "rate"),
        Field("step_left", t.context("workbook", "step still needed"), 9, "two"),
        Field("acceleration", t.context("workbook", "times as fast"), 8, "two"),
        *(Field(f"path{i}", "", 9, "two") for i in range(len(rates))),
        Field("index", t.context("workbook", "index at the date, 100 at the start"), 10, "two"),
        Field("id", t.context("workbook", "id"), 20),
    )
    sheet = Sheet(
        book,
        t.context("sheet", "Growth needed"),
        t("Yearly growth that each target needs"),
        t(
            "Rates are compounded; years from start to date. Right: what the baseline grows to "
            "by the target's date at the rates of the sheet of baselines (what must fall falls)."
        ),
        fields,
        printed=14 + len(rates),
    )
    rate_heads(sheet, baselines, rates)
    for place, case in enumerate(promises.cases):
        if case.kind in GEOMETRIC | STEPPED | {"growth"} and not case.withdrawn:
            _pace_line(sheet, promises, place, case, rates)
            sheet.next()
    sheet.finish()
    return sheet


def _pace_line(
    sheet: Sheet, promises: Promises, place: int, case: Case, rates: Sequence[float]
) -> None:
    t, main, line = promises.t, promises.sheet, TOP + place
    row, one = promises.standing.rows[case.id], promises.promise(place)
    sheet.line(no=sheet.row - TOP + 1, name=name_of(row, t), unit=case.promise.unit, id=case.id)
    if case.kind == "growth":
        sheet.put("base", DASH)
    else:
        sheet.formula("base", main.abroad("base_level", line), known(case.base))
    sheet.formula("target", main.abroad("target", line), goal_value(case))
    timed = case.start is not None and not math.isinf(case.due)
    whole = in_years(case.due) - in_years(case.start) if timed and case.start is not None else DASH
    start, due = main.abroad("start", line), main.abroad("due_at", line)
    valid = f"AND({is_number(start)},{due}<{BEYOND:.0f})"
    sheet.formula("steps", f"IF({valid},{due}-{start},{quoted(DASH)})", whole)
    for key, formula, name in (
        *_required(sheet, case, one),
        *_achieved(sheet, main, line, case, one),
        ("rate_left", main.abroad("rate", line), "required_rate_remaining"),
        ("step_left", _step_left(main, line, one), "required_step_remaining"),
        ("acceleration", _acceleration(sheet, case), "acceleration"),
    ):
        value = known(float(promises.assessment.columns[name].values[place]))
        if formula == DASH:
            sheet.put(key, DASH)
        else:
            sheet.formula(key, formula, value)
    _paths(sheet, case, rates, t)
    _index(sheet, case)


Line = tuple[str, str, str]
"""The key of a column, its formula and the library's column that has the same number."""


def _scale(case: Case, one: PromiseFormulas, base: str) -> str:
    return f"*100/{base}" if case.kind == "relative_change" and not one.is_chained else ""


def _required(sheet: Sheet, case: Case, one: PromiseFormulas) -> tuple[Line, Line]:
    """Return the formulas of the rate and the step from the start to the target."""
    base, target, steps = (sheet.at(key) for key in ("base", "target", "steps"))
    dash = quoted(DASH)
    numbers = f"AND({is_number(base)},{is_number(steps)},{is_number(target)})"
    rate_, step = DASH, DASH
    if case.kind == "growth":
        rate_ = DASH if case.needed is None else f"{target}/100"
    elif case.kind in GEOMETRIC and not case.unbounded:
        rate_ = f"IF({numbers},{rate(base, target, steps)},{dash})"
    if case.kind in LEVELED | STEPPED and not case.unbounded:
        amount = f"({target}-{base}){_scale(case, one, base)}/{steps}"
        step = f"IF({numbers},IF({steps}>0,{amount},{dash}),{dash})"
    return ("required_rate", rate_, "required_rate"), ("required_step", step, "required_step")


def _achieved(
    sheet: Sheet, main: Sheet, line: int, case: Case, one: PromiseFormulas
) -> tuple[Line, Line]:
    """Return the formulas of the rate and the step from the start to now."""
    base, dash = sheet.at("base"), quoted(DASH)
    start, now, value = (main.abroad(key, line) for key in ("start", "now", "value"))
    cells = ",".join(is_number(cell) for cell in (base, value, now, start))
    rate_, step = DASH, DASH
    if case.kind == "growth":
        if case.rate is not None and case.value is not None:
            rate_ = f"IF({is_number(value)},{value}/100,{dash})"
    elif case.kind in GEOMETRIC:
        rate_ = f"IF(AND({cells}),{rate(base, value, f'({now}-{start})')},{dash})"
    if case.kind in LEVELED | STEPPED:
        amount = f"({value}-{base}){_scale(case, one, base)}/({now}-{start})"
        step = f"IF(AND({cells}),IF({now}>{start},{amount},{dash}),{dash})"
    return ("achieved_rate", rate_, "achieved_rate"), ("achieved_step", step, "achieved_step")


def _step_left(main: Sheet, line: int, one: PromiseFormulas) -> str:
    left = one.step_left()
    return DASH if left == DASH else _abroad(left, main, line)


def _index(sheet: Sheet, case: Case) -> None:
    """Write what an average growth multiplies to by its date."""
    timed = case.start is not None and not math.isinf(case.due)
    if case.kind != "growth" or case.needed is None or case.unbounded or not timed:
        sheet.put("index", DASH)
        return
    steps, target = sheet.at("steps"), sheet.at("target")
    years = in_years(case.due) - in_years(case.start or 0)
    value = float(growth.compound(100.0, case.needed, years))
    formula = f"IF({is_number(steps)},100*(1+{target}/100)^{steps},{quoted(DASH)})"
    sheet.formula("index", formula, value)


def _abroad(formula: Any, main: Sheet, line: int) -> str:
    """Return a formula of the sheet of targets as another sheet has it."""
    tab = main.abroad("id", line).split("!")[0]
    cell = re.compile(rf"(?<![A-Z0-9$'!\"])([A-Z]{{1,3}}{line + 1})(?![0-9(])")
    return cell.sub(lambda m: f"{tab}!{m[1]}", str(formula))


def _acceleration(sheet: Sheet, case: Case) -> str:
    """Return how many times as fast the rest must be: rates, or steps of a count."""
    dash, stepped = quoted(DASH), case.kind in STEPPED
    done, left = ("achieved_step", "step_left") if stepped else ("achieved_rate", "rate_left")
    first, second = sheet.at(done), sheet.at(left)
    base, target = sheet.at("base"), sheet.at("target")
    sign = "1" if case.kind == "growth" else f"IF({target}>{base},1,-1)"
    both = f"AND({is_number(first)},{is_number(second)})"
    return f"IF({both},IF({first}*{sign}>0,{second}/{first},{dash}),{dash})"


def _paths(sheet: Sheet, case: Case, rates: Sequence[float], t: Translator) -> None:
    """Write what a baseline grows to at each rate; a share above 100 has no meaning."""
    dash, above = quoted(DASH), t.context("workbook", "above 100 %")
    base, steps = sheet.at("base"), sheet.at("steps")
    falls = case.promise.sense in {"at_most", "below"} and not case.limit
    geometric = case.kind in LEVELED and not math.isinf(case.due)
    years = None
    if geometric and case.start is not None and case.base is not None:
        years = in_years(case.due) - in_years(case.start)
    for i, one in enumerate(rates):
        if not geometric:
            sheet.put(f"path{i}", DASH)
            continue
        cell = f"{sheet.letters(f'path{i}')}${TOP}"
        value = f"{base}*(1{'-' if falls else '+'}{cell})^{steps}"
        shown = f"IF({value}>100,{quoted(above)},{value})" if case.kind in BOUNDED else value
        cached: Any = DASH
        if years is not None and case.base is not None and case.base > 0 and years > 0:
            cached = case.base * (1 + (-one if falls else one)) ** years
            if case.kind in BOUNDED and cached > 100:
                cached = above
        known_ = f"IF(AND({is_number(base)},{is_number(steps)}),AND({base}>0,{steps}>0),FALSE)"
        sheet.formula(f"path{i}", f"IF({known_},{shown},{dash})", cached)


# One indicator's path, chosen from a list, with a chart.


def write_paths(promises: Promises, baselines: Baselines, rates: Sequence[float]) -> Sheet | None:
    """Write the sheet of paths of one target that the reader chooses; None without any."""
    shown = [
        (place, case)
        for place, case in enumerate(promises.cases)
        if case.measure.value == "level"
        and case.base is not None
        and case.base > 0
        and not math.isinf(case.due)
        and case.start is not None
        and case.due > case.start
    ]
    if not shown:
        return None
    return _Paths(promises, baselines, rates, shown).write()


class _Paths:
    """The sheet of paths; the first target of the list, or GDP, is chosen."""

    def __init__(
        self,
        promises: Promises,
        baselines: Baselines,
        rates: Sequence[float],
        shown: Sequence[tuple[int, Case]],
    ):
        self.promises, self.baselines, self.rates, self.shown = promises, baselines, rates, shown
        self.t, self.book = promises.t, promises.book
        self.place, self.case = next(((p, c) for p, c in shown if c.id == "gdp"), shown[0])
        about = promises.standing.plan.about
        last = max(about.last_year, year_before(self.case.due))
        self.years = range(about.base_year, last + 1)
        self.below = TOP + len(self.years) + 1
        t = self.t
        fields = (
            Field("year", t.context("workbook", "year"), 24, "word"),
            *(Field(f"path{i}", "", 12, "two") for i in range(len(rates))),
            Field("required", t.context("workbook", "at the required rate"), 14, "two"),
            Field("actual", t.context("workbook", "figure of the year"), 14, "number"),
            Field("goal", t.context("workbook", "target"), 12, "number"),
            Field("aside", "", 3),
            Field("choice", t.context("workbook", "targets to choose from"), 40),
            Field("id", t.context("workbook", "id"), 20),
        )
        self.sheet = Sheet(
            self.book,
            t.context("sheet", "Paths"),
            t("The paths of one target"),
            t("Choose a target in the yellow cell. What must fall falls by the rate."),
            fields,
            printed=4 + len(rates),
            frozen=0,
        )

    def write(self) -> Sheet:
        """Write the list, what is chosen, and the paths."""
        sheet, grid = self.sheet, self.sheet.sheet
        rate_heads(sheet, self.baselines, self.rates)
        cells = self._choice()
        last = TOP + len(self.years) - 1
        for offset, year in enumerate(self.years):
            sheet.row = TOP + offset
            self._year(year, cells)
        # gaps of the chart are #N/A: white on white, but for an auditor's search
        white = self.book.book.add_format({"font_color": "#FFFFFF"})
        grid.conditional_format(
            *(TOP, 1, last, sheet.columns["goal"]), {"type": "errors", "format": white}
        )
        low = self.below + 2 + len(cells)
        sheet.row = low + 1
        _chart(sheet, self.promises, self.rates, TOP, last, low)
        sheet.finish(filtered=False)
        grid.print_area(0, 0, low + 21, sheet.printed - 1)
        grid.fit_to_pages(1, 1)
        return sheet

    def _choice(self) -> dict[str, str]:
        """Write the list and the cell to choose in; return the cells of what is chosen."""
        t, book, sheet, grid = self.t, self.book, self.sheet, self.sheet.sheet
        labels = _labels(self.promises, self.shown, t)
        for row, (label, (_, case)) in enumerate(zip(labels, self.shown, strict=True), TOP):
            sheet.put("choice", label, row)
            sheet.put("id", case.id, row)
        end = TOP + len(self.shown) - 1
        options, ids = sheet.span("choice", end), sheet.span("id", end)
        info, case = self.below, self.case
        grid.write_string(info, 0, t.context("workbook", "indicator"), book.head)
        label = labels[[one.id for _, one in self.shown].index(case.id)]
        grid.merge_range(info, 1, info, 3, label, book.style("text", True))
        grid.data_validation(info, 1, info, 1, {"validate": "list", "source": f"={options}"})
        chosen = f"$B${info + 2}"
        grid.write_string(info + 1, 0, t.context("workbook", "id"), book.head)
        key = f"INDEX({ids},MATCH($B${info + 1},{options},0))"
        grid.write_formula(info + 1, 1, f"={key}", book.style("text"), case.id)
        main = self.promises.sheet
        last = TOP + len(self.promises.cases) - 1
        at = f"MATCH({chosen},{main.span('id', last)},0)"
        cells = {"id": chosen}
        start, due = float(in_years(case.start or 0)), float(in_years(case.due))
        row = info + 2
        for title, column, cached, style in (
            (t.context("workbook", "unit"), "unit", case.promise.unit, "word"),
            (t.context("workbook", "start"), "base_level", case.base, "number"),
            (t.context("workbook", "moment of the start"), "start", start, "number"),
            (t.context("workbook", "target"), "target", goal_value(case), "number"),
            (t.context("workbook", "moment due"), "due_at", due, "number"),
            (t.context("workbook", "limit (1) or aim (0)"), "limit", int(case.limit), "count"),
        ):
            grid.write_string(row, 0, title, book.head)
            formula = f"INDEX({main.span(column, last)},{at})"
            grid.write_formula(row, 1, f"={formula}", book.style(style), cached)
            cells[column] = f"$B${row + 1}"
            row += 1
        base, target = cells["base_level"], cells["target"]
        falls = f"IF({is_number(target)},IF(AND({target}<{base},{cells['limit']}=0),1,0),0)"
        grid.write_string(row, 0, t.context("workbook", "falls (1)"), book.head)
        grid.write_formula(row, 1, f"={falls}", book.style("count"), int(self.falls))
        cells["falls"] = f"$B${row + 1}"
        needed = rate(base, target, f"({cells['due_at']}-{cells['start']})")
        needed = f"IF({is_number(target)},{needed},{quoted(DASH)})"
        title = percent_title(t.context("workbook", "required rate"), t)
        grid.write_string(row + 1, 0, title, book.head)
        grid.write_formula(row + 1, 1, f"={needed}", book.style("rate"), known(self.required))
        cells["required"] = f"$B${row + 2}"
        return cells

    @property
    def falls(self) -> bool:
        """Whether the path falls: an aim below its start."""
        case = self.case
        return bool(case.goal < (case.base or 0.0)) and not case.limit

    @property
    def required(self) -> float:
        """The rate that the target needs."""
        return float(self.promises.assessment.columns["required_rate"].values[self.place])

    def _year(self, year: int, cells: dict[str, str]) -> None:
        """Write one year of every path; what is not there is #N/A, a gap of the chart."""
        sheet, case = self.sheet, self.case
        base, begin = case.base or 0.0, in_years(case.start or 0)
        sheet.put("year", year)
        gone = f"({sheet.at('year')}-{cells['start']})"
        sign, start = f"(1-2*{cells['falls']})", cells["base_level"]
        for i, one in enumerate(self.rates):
            head = f"{sheet.letters(f'path{i}')}${TOP}"
            value: Any = DASH
            if year >= begin:
                value = base * (1 + (-one if self.falls else one)) ** (year - begin)
            formula = f"IF({gone}>=0,{start}*(1+{sign}*{head})^{gone},NA())"
            _gap_formula(sheet, f"path{i}", formula, value)
        need, value = cells["required"], DASH
        if year >= begin and not math.isnan(self.required):
            value = base * (1 + self.required) ** (year - begin)
        formula = f"IF(AND({gone}>=0,{is_number(need)}),{start}*(1+{need})^{gone},NA())"
        _gap_formula(sheet, "required", formula, value)
        _actual(sheet, self.promises.figures, case, cells["id"], year, self.t)
        at_date = year == case.target_year
        formula = f"IF({sheet.at('year')}=ROUNDUP({cells['due_at']},0),{cells['target']},NA())"
        _gap_formula(sheet, "goal", formula, goal_value(case) if at_date else DASH)


def rate_heads(sheet: Sheet, baselines: Baselines, rates: Sequence[float]) -> None:
    """Write the rates of the sheet of baselines into the header."""
    look = {"bold": True, "bg_color": HEAD, "border": 1, "border_color": EDGE}
    cell = sheet.book.book.add_format(
        {**look, "num_format": "0.0%", "align": "center", "valign": "vcenter"}
    )
    assert baselines.sheet is not None
    for i, one in enumerate(rates):
        formula = f"={baselines.sheet.abroad(f'rate{i}', TOP - 1)}"
        sheet.sheet.write_formula(TOP - 1, sheet.columns[f"path{i}"], formula, cell, one)


def _labels(promises: Promises, shown: Sequence[tuple[int, Case]], t: Translator) -> list[str]:
    """Return names to choose from, each once."""
    names = [name_of(promises.standing.rows[case.id], t) for _, case in shown]
    return [
        name if names.count(name) == 1 else f"{name} ({case.id})"
        for name, (_, case) in zip(names, shown, strict=True)
    ]


def _gap_formula(sheet: Sheet, key: str, formula: str, cached: Any) -> None:
    """Write a formula of a chart: a gap is #N/A, white on white."""
    look = sheet.book.style(sheet.fields[sheet.columns[key]].style)
    value = "#N/A" if cached == DASH else cached
    sheet.sheet.write_formula(sheet.row, sheet.columns[key], f"={formula}", look, value)


def _actual(
    sheet: Sheet,
    figures: Figures,
    case: Case,
    chosen: str,
    year: int,
    t: Translator,
) -> None:
    """Write the figure of a whole year, where one line gives it."""
    value, key, use = (figures.names[name] for name in ("value", "key", "use"))
    yes = quoted(figures.names["yes"])
    of = f'LEFT({chosen},IFERROR(FIND("@",{chosen})-1,LEN({chosen})))'
    tail = "|".join(("", str(year), word_of("level", t.lang), word_of("year", t.lang)))
    one = f"{of}&{quoted(tail)}"
    found = f"COUNTIFS({key},{one},{use},{yes})"
    formula = f"IF({found}=0,NA(),SUMIFS({value},{key},{one},{use},{yes}))"
    wanted = f"{case.promise.of}{tail}"
    lines = [i for i in figures.used if figures.key(i) == wanted]
    cached: Any = figures.rows[lines[0]]["value"] if lines else DASH
    _gap_formula(sheet, "actual", formula, cached)


def _chart(
    sheet: Sheet, promises: Promises, rates: Sequence[float], first: int, last: int, below: int
) -> None:
    book, t = promises.book.book, promises.t
    chart = book.add_chart({"type": "line"})
    tab = sheet.tab
    greys = ("#C0C4C8", "#A0A6AC", "#80868E", "#60666E")
    columns: list[tuple[str, str, float, str]] = [
        (f"path{i}", greys[i % len(greys)], 1.0, "dash") for i in range(len(rates))
    ]
    columns += [("required", "#2B4A9B", 1.75, "solid"), ("actual", "#14181D", 2.25, "solid")]
    for key, colour, width, dash in columns:
        place = sheet.columns[key]
        title: Any = [tab, TOP - 1, place]
        series = {
            "name": title,
            "categories": [tab, first, 0, last, 0],
            "values": [tab, first, place, last, place],
            "line": {"color": colour, "width": width, "dash_type": dash},
        }
        if key == "actual":
            series["marker"] = {"type": "circle", "size": 6, "fill": {"color": colour}}
        chart.add_series(series)
    goal_place = sheet.columns["goal"]
    chart.add_series(
        {
            "name": [tab, TOP - 1, goal_place],
            "categories": [tab, first, 0, last, 0],
            "values": [tab, first, goal_place, last, goal_place],
            "line": {"none": True},
            "marker": {"type": "diamond", "size": 9, "fill": {"color": "#B3351B"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_title({"name": t("The paths of one target"), "name_font": {"size": 11}})
    chart.show_blanks_as("span")
    chart.set_size({"width": 760, "height": 330})
    sheet.sheet.insert_chart(below + 3, 0, chart, {"object_position": 1})
