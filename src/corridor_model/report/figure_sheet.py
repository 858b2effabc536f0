"""The sheets of figures and baselines, and the formulas that look a figure up in them.

A figure is looked up by what it is of, its period, measure and basis, among those in use: a
revision is a new line, and the old one is set out of use. What adds up is added up by formula.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridor_model.codes import ORIGIN_WORDS
from corridor_model.errors import PlanError
from corridor_model.messages import Translator, context
from corridor_model.observations.histories import best
from corridor_model.observations.model import Observations, Point, known_from
from corridor_model.observations.semantics import is_flow, spell_out, with_series
from corridor_model.periods import Period, period_of
from corridor_model.plan.display import in_language
from corridor_model.report.spreadsheet import (
    DASH,
    TOP,
    Field,
    Sheet,
    Spreadsheet,
    quoted,
)

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Baseline

SPARE = 40
"""Empty lines for further figures, and for further baselines."""

MOST_PARTS = 24
"""Figures that one formula adds up; a formula holds 8,192 characters."""


CODES = {
    "level": context("figure", "level"),
    "addition": context("figure", "addition"),
    "growth": context("figure", "growth on a year earlier"),
    "average_growth": context("figure", "average growth"),
    "change": context("figure", "change since the baseline"),
    "done": context("figure", "done"),
    "year": context("figure", "whole year"),
    "ytd": context("figure", "since January"),
    "month": context("figure", "period alone"),
    "end": context("figure", "end of period"),
    "at_least": context("figure", "at least"),
    "above": context("figure", "above"),
    "at_most": context("figure", "at most"),
    "below": context("figure", "below"),
    **ORIGIN_WORDS,
}
"""Measures, bases, bounds and origins in words."""


def word_of(code: str | None, lang: str) -> str:
    """Return a code of a table in words."""
    return CODES[code].text(lang) if code else ""


def code_formula(cell: str, column: str, lang: str) -> str:
    """Return the formula of the code that a word of a cell means; other words as they are."""
    formula = f'IF({cell}="","",{cell})'
    for code in _OF_COLUMN[column]:
        formula = f"IF({cell}={quoted(word_of(code, lang))},{quoted(code)},{formula})"
    return formula


_OF_COLUMN: dict[str, tuple[str, ...]] = {
    "measure": ("level", "addition", "growth", "average_growth", "change", "done"),
    "basis": ("year", "ytd", "month", "end"),
    "bound": ("at_least", "above", "at_most", "below"),
    "origin": tuple(ORIGIN_WORDS),
}
"""The codes of each column that shows words."""


class Figures:
    """Every figure of a plan as lines of a sheet, and where formulas find them.

    Parameters
    ----------
    plan : Plan
        Its own figures are included.
    observations : Observations or None
        Further ones.
    period : Period
        What ends later is out of use.
    known_by : str or None
        What was published later is out of use, too.
    """

    def __init__(
        self,
        plan: Plan,
        observations: Observations | None,
        period: Period,
        known_by: str | None,
    ):
        self.plan = plan
        table, problems = spell_out(plan.tables["observations"], plan.indicators)
        if problems:
            raise PlanError(problems)
        if observations is not None:
            table = table.merge(observations.table)
        self.table, _ = with_series(table, table, plan.indicators)
        self.rows: list[dict[str, Any]] = [
            row for row in self.table.rows() if row["indicator"] in plan.indicators
        ]
        self.used = _in_use(self.rows, period, known_by)
        self._of: dict[str, list[int]] = {}
        for place in self.used:
            self._of.setdefault(self.rows[place]["indicator"], []).append(place)
        self.names: dict[str, str] = {}
        self.lang = "zh"
        self._labels: dict[str, str] = {}
        self._lists = "", ""
        self.sheet: Sheet | None = None
        # words in the place of figures, which are read back as such
        remarks = observations.remarks if observations is not None else ()
        blank = dict.fromkeys(self.table.schema.names)
        self.rows += [
            blank
            | {
                "indicator": one.indicator,
                "period": one.period,
                "value": one.text or "—",
                "published": one.published,
            }
            for one in remarks
            if one.indicator in plan.indicators
        ]

    def name_cells(self, t: Translator) -> None:
        """Settle what formulas call the columns of the sheet, before it is written."""
        self.lang = t.lang
        self.names = {
            "value": t.context("cell", "figure_value"),
            "key": t.context("cell", "figure_key"),
            "use": t.context("cell", "figure_in_use"),
            "indicator": t.context("cell", "figure_indicator"),
            "yes": t.context("workbook", "yes"),
        }

    # Lines of figures that a formula rests on.

    def parts(self, indicator: str, point: Point, value: float | None = None) -> list[int] | None:
        """Return the lines whose sum is a figure of a history; None where none are.

        ``value`` is that of the lines where the history has made another one of it.
        """
        flow = is_flow(self.plan.indicators[indicator])
        places = self._sum(indicator, point.year, point.months, point.measure, flow)
        if places is None or len(places) > MOST_PARTS:
            return None
        total = sum(float(self.rows[place]["value"]) for place in places)
        wanted = point.value if value is None else value
        return places if math.isclose(total, wanted, rel_tol=1e-12, abs_tol=1e-12) else None

    def _sum(
        self, indicator: str, year: int, months: int, measure: str, flow: bool
    ) -> list[int] | None:
        if measure not in {"level", "addition"}:
            direct = self._direct(indicator, year, months, {measure})
            return None if direct is None else [direct]
        wanted = {"level", "addition"} if flow else {measure}
        direct = self._direct(indicator, year, months, wanted)
        if direct is not None:
            return [direct]
        if flow or measure == "addition":
            return self._chain(indicator, year, months, wanted)
        added = self._chain(indicator, year, months, {"addition"})
        if added is None or year <= self.plan.about.first_year:
            return added
        before = self._sum(indicator, year - 1, 12, "level", flow)
        return None if before is None else [*before, *added]

    def _direct(self, indicator: str, year: int, months: int, measures: set[str]) -> int | None:
        for place in self._of.get(indicator, ()):
            row = self.rows[place]
            at = period_of(row["period"])
            if (
                (at.year, at.month) == (year, months)
                and row["measure"] in measures
                and row["basis"] != "month"
            ):
                return place
        return None

    def _chain(
        self, indicator: str, year: int, months: int, measures: set[str]
    ) -> list[int] | None:
        """Return figures of months or quarters that reach from January to a month."""
        if months == 0:
            return []
        direct = self._direct(indicator, year, months, measures)
        if direct is not None:
            return [direct]
        pieces = []
        for place in self._of.get(indicator, ()):
            row = self.rows[place]
            at = period_of(row["period"])
            if (
                (at.year, at.month) == (year, months)
                and row["measure"] in measures
                and row["basis"] == "month"
            ):
                pieces.append((at.first_month - 1, place))
        for start, place in sorted(pieces):
            before = self._chain(indicator, year, start, measures)
            if before is not None:
                return [*before, place]
        return None

    # Formulas.

    def key(self, place: int) -> str:
        """Return what a line is looked up by."""
        row = self.rows[place]
        words = (word_of(row[name], self.lang) for name in ("measure", "basis"))
        return "|".join((row["indicator"], row["period"], *words))

    def formula(self, places: Sequence[int]) -> str:
        """Return the formula of the sum of some figures; a dash where one is out of use."""
        yes = quoted(self.names["yes"])
        value, key, use = (self.names[name] for name in ("value", "key", "use"))
        keys = [quoted(self.key(place)) for place in places]
        found = "*".join(f"COUNTIFS({key},{one},{use},{yes})" for one in keys)
        total = "+".join(f"SUMIFS({value},{key},{one},{use},{yes})" for one in keys)
        return f"IF({found}=0,{quoted(DASH)},{total})"

    def of_point(self, indicator: str, point: Point, value: float | None = None) -> str | None:
        """Return the formula of a figure of a history; None where it has none."""
        places = self.parts(indicator, point, value)
        return None if places is None else self.formula(places)

    # The sheet.

    def write(self, book: Spreadsheet, t: Translator) -> Sheet:
        """Write the sheet of figures, with empty lines for further ones."""
        self.name_cells(t)
        self.sheet = sheet = Sheet(
            book,
            t.context("sheet", "Figures"),
            t("Figures, one a line"),
            t(
                "A revision is a new line; set the old one out of use. Add figures below in "
                "yellow; one of a newer period counts when the file is read back. "
                "Periods: 2021, 2021-09, 2021Q3."
            ),
            self._fields(t),
            printed=13,
        )
        self._list(sheet)
        for place, row in enumerate(self.rows):
            self._line(sheet, row, place in self.used, t)
        last = sheet.row - 1
        names, ids = self._lists
        for _ in range(SPARE):
            for field in sheet.fields:
                if field.is_input:
                    sheet.put(field.key, None)
            own = f"INDEX({ids},MATCH({sheet.at('name')},{names},0))"
            sheet.formula("indicator", f'IF({sheet.at("name")}="","",IFERROR({own},""))', "")
            self._lookups(sheet, t)
            sheet.next()
        sheet.choices("name", names, first=last + 1)
        self._names(book, sheet, t)
        sheet.numbers("value", -1e15, 1e15, t("A number; leave it empty if unknown"))
        sheet.finish(sheet.row - 1)
        sheet.sheet.print_area(0, 0, max(last, TOP), sheet.printed - 1)
        return sheet

    @staticmethod
    def _fields(t: Translator) -> tuple[Field, ...]:
        def field(key: str, title: str, width: float, style: str = "text") -> Field:
            return Field(key, title, width, style, key not in {"no", "indicator", "key", "double"})

        return (
            field("no", t.context("workbook", "no."), 5, "count"),
            field("name", t.context("workbook", "indicator"), 36),
            field("period", t.context("workbook", "period"), 9, "plain"),
            field("measure", t.context("workbook", "measure"), 9, "word"),
            field("basis", t.context("workbook", "basis"), 7, "word"),
            field("value", t.context("workbook", "value"), 11, "number"),
            field("unit", t.context("workbook", "unit"), 9, "word"),
            field("use", t.context("workbook", "in use"), 6, "word"),
            field("stage", t.context("workbook", "stage"), 9, "word"),
            field("published", t.context("workbook", "published"), 11, "plain"),
            field("series", t.context("workbook", "series"), 14),
            field("source", t.context("workbook", "source"), 26),
            field("origin", t.context("workbook", "origin"), 9, "word"),
            field("bound", t.context("workbook", "bound alone"), 9, "word"),
            field("indicator", t.context("workbook", "id"), 24),
            field("key", t.context("workbook", "looked up by"), 26),
            field("double", t.context("workbook", "check"), 9, "word"),
        )

    def _line(self, sheet: Sheet, row: Mapping[str, Any], used: bool, t: Translator) -> None:
        lang = t.lang
        name = self._label(row["indicator"])
        sheet.line(
            no=sheet.row - TOP + 1,
            indicator=row["indicator"],
            name=name,
            period=row["period"],
            measure=word_of(row["measure"], lang),
            basis=word_of(row["basis"], lang),
            value=row["value"],
            unit=row["unit"] or "",
            use=t.context("workbook", "yes") if used else t.context("workbook", "no"),
            stage=row["stage"] or "",
            published=row["published"] or "",
            series=row["series"] or "",
            source=row["source"] or "",
            origin=word_of(row["origin"], lang),
            bound=word_of(row["bound"], lang),
        )
        self._lookups(sheet, t, row)
        sheet.next()

    def _lookups(
        self,
        sheet: Sheet,
        t: Translator,
        row: Mapping[str, Any] | None = None,
    ) -> None:
        """Write what a line is looked up by, and whether another one in use has the same."""
        cells = '&"|"&'.join(sheet.at(key) for key in ("indicator", "period", "measure", "basis"))
        key = ""
        if row is not None and not row["bound"]:
            words = [word_of(row[name], self.lang) for name in ("measure", "basis")]
            key = "|".join((row["indicator"], row["period"], *words))
        empty = f'OR({sheet.at("indicator")}="",{sheet.at("bound")}<>"")'
        sheet.formula("key", f'IF({empty},"",{cells})', key)
        keys = f"${sheet.letters('key')}${TOP + 1}:${sheet.letters('key')}${self._end}"
        uses = f"${sheet.letters('use')}${TOP + 1}:${sheet.letters('use')}${self._end}"
        yes, twice = quoted(t.context("workbook", "yes")), t.context("workbook", "twice")
        sheet.formula(
            "double",
            f'IF(AND({sheet.at("key")}<>"",{sheet.at("use")}={yes}),'
            f'IF(COUNTIFS({keys},{sheet.at("key")},{uses},{yes})>1,{quoted(twice)},""),"")',
            "",
        )

    def _label(self, name: str) -> str:
        """Return the name of an indicator, with its id where another one is called alike."""
        if not self._labels:
            own = {one.id: one.name(self.lang) for one in self.plan.indicators.values()}
            twice = Counter(own.values())
            self._labels.update(
                {key: text if twice[text] == 1 else f"{text} ({key})" for key, text in own.items()}
            )
        return self._labels[name]

    def _list(self, sheet: Sheet) -> None:
        """Write the names to choose from, and their ids, right of all columns."""
        from xlsxwriter.utility import xl_col_to_name

        column = len(sheet.fields) + 1
        look = sheet.book.style("text")
        for row, name in enumerate(self.plan.indicators, TOP):
            sheet.text(row, column, self._label(name), look)
            sheet.text(row, column + 1, name, look)
        sheet.sheet.set_column(column, column + 1, 24)
        end = TOP + len(self.plan.indicators)
        letters = (xl_col_to_name(one) for one in (column, column + 1))
        names, ids = (f"${one}${TOP + 1}:${one}${end}" for one in letters)
        self._lists = names, ids

    @property
    def _end(self) -> int:
        return TOP + len(self.rows) + SPARE

    def _names(self, book: Spreadsheet, sheet: Sheet, t: Translator) -> None:
        """Name the columns that formulas of other sheets look into."""
        for key in ("value", "key", "use", "indicator"):
            book.name(self.names[key], sheet.span(key))
        twice = t.context("workbook", "twice")
        sheet.sheet.conditional_format(
            *(TOP, sheet.columns["double"], sheet.row - 1, sheet.columns["double"]),
            {
                "type": "cell",
                "criteria": "==",
                "value": quoted(twice),
                "format": book.verdicts["missed"],
            },
        )


def _in_use(rows: Sequence[Mapping[str, Any]], period: Period, known_by: str | None) -> set[int]:
    """Return the lines that count: of several for one time the most trusted one."""
    groups: dict[tuple[Any, ...], list[tuple[int, Point]]] = {}
    for place, row in enumerate(rows):
        at = period_of(row["period"])
        late = known_by is not None and known_from(row["period"], row["published"]) > known_by
        if row["bound"] or late or (at.year, at.month) > (period.year, period.month):
            continue
        more = (row[name] for name in ("series", "stage", "published", "source", "origin"))
        point = Point(
            *(at.year, at.month, row["value"], row["unit"] or "", row["measure"], row["basis"]),
            *more,
        )
        key = (row["indicator"], row["period"], row["measure"], row["basis"])
        groups.setdefault(key, []).append((place, point))
    used = set()
    for pairs in groups.values():
        chosen = best([point for _, point in pairs])
        used.add(next(place for place, point in pairs if point is chosen))
    return used


class Baselines:
    """The sheet of baselines, one line an indicator: its year and value may be filled in."""

    def __init__(self, plan: Plan, lang: str):
        self.plan, self.lang = plan, lang
        self.lines: dict[str, int] = {}
        self.sheet: Sheet | None = None

    def write(
        self,
        book: Spreadsheet,
        t: Translator,
        kinds: frozenset[str],
        rates: Sequence[float],
        starts: Mapping[str, Sequence[Any]],
        goals: Mapping[str, tuple[float, int, bool, bool]],
    ) -> Sheet:
        """Write the sheet.

        Parameters
        ----------
        book, t
            Where to, in which language.
        kinds : frozenset of str
            Kinds of promises that are measured from a start.
        rates : sequence of float
            Of the back-casts; they stand in the header and may be changed.
        starts : mapping of str to sequence
            By promise, the start that each rate would need, or in words why none is shown.
        goals : mapping of str to (float, int, bool, bool)
            By promise, goal, target year, whether it falls, and whether it ends at 100.
        """
        base = self.plan.about.base_year
        fields = [
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("name", t.context("workbook", "indicator"), 38),
            Field("unit", t.context("workbook", "unit"), 10, "word"),
            Field("year", t.context("workbook", "baseline year"), 9, "plain", True),
            Field("value", t.context("workbook", "baseline"), 11, "number", True),
            Field("origin", t.context("workbook", "origin"), 9, "word"),
            Field("goal", t.context("workbook", "target"), 10, "number"),
            Field("target_year", t.context("workbook", "target year"), 8, "word"),
            *(Field(f"rate{i}", "", 10, "two") for i in range(len(rates))),
            Field("series", t.context("workbook", "series"), 18),
            Field("source", t.context("workbook", "source"), 40),
            Field("id", t.context("workbook", "id"), 24),
        ]
        sheet = Sheet(
            book,
            t.context("sheet", "Baselines"),
            t("Baselines, and the start each rate would need"),
            t(
                "Fill in year and value in yellow where they are unknown, or change them. Right: "
                "the value needed at the end of {base} for each rate in the header (it may be "
                "changed) to reach the target.",
                base=base,
            ),
            fields,
            printed=8 + len(rates),
        )
        self.sheet = sheet
        self._rates(book, sheet, rates)
        indicators = [
            one
            for one in self.plan.indicators.values()
            if one.baselines or any((target.kind or one.kind) in kinds for target in one.targets)
        ]
        for one in indicators:
            self._line(sheet, t, one.id, rates, starts, goals)
        for key, name in (
            ("id", t.context("cell", "baseline_indicator")),
            ("year", t.context("cell", "baseline_year")),
            ("value", t.context("cell", "baseline_value")),
        ):
            book.name(name, sheet.span(key))
        sheet.numbers("year", 1900, 2400, t("A year, such as 2019"), whole=True)
        sheet.numbers("value", -1e15, 1e15, t("A number; leave it empty if unknown"))
        sheet.finish()
        return sheet

    def _rates(self, book: Spreadsheet, sheet: Sheet, rates: Sequence[float]) -> None:
        look = {"bg_color": "#FFF9DB", "border": 1, "border_color": "#C8CED4", "bold": True}
        cell = book.book.add_format(
            {**look, "num_format": "0.0%", "align": "center", "valign": "vcenter", "locked": False}
        )
        for i, rate in enumerate(rates):
            sheet.sheet.write_number(TOP - 1, sheet.columns[f"rate{i}"], rate, cell)

    def _line(
        self,
        sheet: Sheet,
        t: Translator,
        name: str,
        rates: Sequence[float],
        starts: Mapping[str, Sequence[Any]],
        goals: Mapping[str, tuple[float, int, bool, bool]],
    ) -> None:
        indicator = self.plan.indicators[name]
        start = indicator.baselines[0] if indicator.baselines else None
        row = sheet.line(
            no=sheet.row - TOP + 1,
            id=name,
            name=indicator.name(self.lang),
            unit=indicator.unit,
            year=None if start is None else start.year,
            value=None if start is None else start.value,
            series=in_language(start.series or "", self.lang) if start else "",
            source=start.source or "" if start else "",
        )
        self.lines[name] = row
        self._origin(sheet, t, start)
        goal = goals.get(name)
        if goal is None:
            for key in ("goal", "target_year", *(f"rate{i}" for i in range(len(rates)))):
                sheet.put(key, "")
        else:
            sheet.line(goal=goal[0], target_year=goal[1])
            self._back_casts(sheet, t, rates, starts[name], goal)
        sheet.next()

    def _origin(self, sheet: Sheet, t: Translator, start: Baseline | None) -> None:
        """Write the origin; a figure typed over the shipped one is the user's own."""
        own = word_of("user", t.lang)
        if start is None:
            formula, word = f'IF(ISNUMBER({sheet.at("value")}),{quoted(own)},"")', ""
        else:
            word = word_of(start.origin, t.lang)
            formula = (
                f"IF(AND({sheet.at('year')}={start.year},{sheet.at('value')}={start.value!r}),"
                f'{quoted(word)},IF(ISNUMBER({sheet.at("value")}),{quoted(own)},""))'
            )
        sheet.formula("origin", formula, word)

    def _back_casts(
        self,
        sheet: Sheet,
        t: Translator,
        rates: Sequence[float],
        starts: Sequence[Any],
        goal: tuple[float, int, bool, bool],
    ) -> None:
        _, _, falls, bounded = goal
        above = t.context("workbook", "above 100 %")
        base = self.plan.about.base_year
        for i in range(len(rates)):
            rate = f"{sheet.letters(f'rate{i}')}${TOP}"
            sign = "-" if falls else "+"
            value = f"{sheet.at('goal')}/(1{sign}{rate})^({sheet.at('target_year')}-{base})"
            formula = f"IF({value}>100,{quoted(above)},{value})" if bounded else value
            sheet.formula(f"rate{i}", formula, starts[i])
