"""The workbook an auditor can recompute: every rate a live formula beside its inputs.

Formulas carry the library's own number as their cached value, so that phones and previews
show it. Roots are written in the guarded power form: RRI is missing from older WPS, and a
root of a negative ratio must not come out as a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model import growth
from corridor_model.codes import KIND_WORDS, ORIGIN_WORDS, reason_word
from corridor_model.errors import CorridorError
from corridor_model.files import replacing
from corridor_model.messages import N_, Message, context, translator
from corridor_model.options import Language, language
from corridor_model.plan.display import EXAMPLE, SENSE_SIGNS, goal_text, in_language
from corridor_model.plan.growth_paths import BOUNDED
from corridor_model.plan.measures import measures
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.requirements import requirements_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.promises import Promise
    from corridor_model.plan.records import Baseline, Indicator

RATES = (0.10, 0.12, 0.15, 0.20)
FIRST = 5
"""Zero-based row where the figures start; above are title, note, and the header."""

_GEOMETRIC = frozenset({"level", "share", "ratio", "rank"})
_CHANGES = measures(value="change")
_WORKED_OUT = _GEOMETRIC | _CHANGES | {"cumulative", "completion"}


def write_workbook(
    plan: Plan,
    file: str | Path,
    *,
    rates: Sequence[float] = RATES,
    lang: Language | None = None,
) -> Path:
    """Write required growth, yearly additions and back-casts as a workbook with formulas.

    Its last sheet lists every promise of the plan, on which sheet it is worked out, and in
    words why it has no rate.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : str or path
        Ending in xlsx.
    rates : sequence of float
        Yearly fractions for the back-casts; they stand in cells and may be changed there.
    lang : {"zh", "en"}, optional
        Language of titles and notes; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file does not end in xlsx, or cannot be written; an old one stays whole. For
        another language.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> write_workbook(cm.load_plan(), Path(tempfile.mkdtemp()) / "plan.xlsx").name
    'plan.xlsx'
    """
    import xlsxwriter

    must_be_plan(plan)
    lang = language(lang)
    path = Path(file)
    if path.suffix.lower() != ".xlsx":
        raise CorridorError(N_("{file}: a workbook ends in .xlsx. Rename it."), file=path.name)
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(temporary, {"in_memory": True, "strings_to_formulas": False})
        writer = _Writer(book, plan, lang)
        writer.required()
        writer.back_casts(rates)
        writer.growth_and_floors()
        writer.every_promise()
        book.close()
    return path


_INDICATOR = context("workbook", "indicator")
_KIND = context("workbook", "kind")
_UNIT = context("workbook", "unit")
_TARGET = context("workbook", "target")
_TARGET_YEAR = context("workbook", "target year")
_PLACE = context("workbook", "place")
_REQUIRED = (
    (_INDICATOR, 40),
    (_KIND, 10),
    (_UNIT, 12),
    (context("workbook", "baseline year"), 9),
    (context("workbook", "baseline"), 11),
    (context("workbook", "sense"), 6),
    (_TARGET, 10),
    (_TARGET_YEAR, 9),
    (context("workbook", "steps"), 8),
    (context("workbook", "required rate"), 12),
    (context("workbook", "required step"), 12),
    (context("workbook", "origin"), 10),
    (context("workbook", "series and source"), 46),
    (_PLACE, 24),
)
_BACK_CASTS = ((_INDICATOR, 40), (_UNIT, 12), (_TARGET, 10), (_TARGET_YEAR, 9))
_GROWTH = (
    (_INDICATOR, 44),
    (_KIND, 10),
    (_UNIT, 10),
    (_TARGET, 10),
    (_TARGET_YEAR, 10),
    (context("workbook", "years"), 8),
    (context("workbook", "index, or floor a year"), 16),
    (_PLACE, 26),
)
_EVERY = (
    (context("workbook", "id"), 34),
    (_INDICATOR, 40),
    (_KIND, 12),
    (context("workbook", "tier"), 8),
    (context("workbook", "aim or limit"), 10),
    (_TARGET, 30),
    (context("workbook", "due"), 10),
    (context("workbook", "required rate"), 12),
    (context("workbook", "required step"), 12),
    (context("workbook", "why no rate"), 18),
    (context("workbook", "worked out on sheet"), 18),
    (_PLACE, 26),
)
"""Titles and widths of the columns of each sheet."""


class _Writer:
    """One workbook being written: its formats, its plan, its language."""

    def __init__(self, book: Any, plan: Plan, lang: str):
        self.book, self.plan, self.lang, self.t = book, plan, lang, translator(lang)
        self.needed = requirements_of(plan)
        # as revised: what no number is promised of any more stands on the last sheet alone
        usable = (p for p in plan.targets.values() if not p.reason)
        self.promises = [p for p in usable if self.needed[p.id].target is not None]
        edge = {"border": 1, "border_color": "#C8D0D8", "valign": "vcenter", "font_size": 10}
        wrap = {**edge, "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": "#5A6672", "font_size": 10})
        self.head = book.add_format(
            {**wrap, "bold": True, "bg_color": "#DDE6EE", "align": "center"}
        )
        # not wrapped: a printed sheet would let long sources run over the rows below
        self.text = book.add_format(edge)
        self.number = book.add_format({**edge, "num_format": "General"})
        self.input = book.add_format({**edge, "bg_color": "#FFF8DC"})
        self.percent = book.add_format({**edge, "num_format": "0.00%", "align": "right"})
        self.two = book.add_format({**edge, "num_format": "#,##0.00", "align": "right"})

    def _sheet(
        self,
        name: str,
        title: str,
        notes: Sequence[str],
        columns: Sequence[tuple[Message, float]],
    ) -> Any:
        """Return a sheet with its title, notes, header, and how it scrolls and prints."""
        sheet = self.book.add_worksheet(name)
        flag = self.t(EXAMPLE) if self.plan.example else ""
        sheet.write_string(0, 0, f"{title}  [{flag}]" if flag else title, self.title)
        for row, note in enumerate(notes, 1):
            sheet.write_string(row, 0, note, self.note)
        for column, (text, width) in enumerate(columns):
            sheet.write_string(FIRST - 1, column, self.t.of(text), self.head)
            sheet.set_column(column, column, width)
        sheet.set_row(FIRST - 1, 32)
        sheet.freeze_panes(FIRST, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST - 1)
        return sheet

    def _cells(self, sheet: Any, row: int, *values: str | float) -> None:
        """Write the plain cells a row begins with."""
        self._cells_from(sheet, row, 0, *values)

    def _cells_from(self, sheet: Any, row: int, first: int, *values: str | float) -> None:
        """Write plain cells from a column on."""
        for column, value in enumerate(values, first):
            if isinstance(value, str):
                sheet.write_string(row, column, value, self.text)
            else:
                sheet.write_number(row, column, value, self.number)

    def _kind(self, indicator: Indicator) -> str:
        return self.t.of(KIND_WORDS[indicator.kind])

    def _places(self, indicator: Indicator) -> str:
        """Return where the targets are printed, each place once."""
        return "；".join(dict.fromkeys(at for target in indicator.targets for at in target.places))

    def required(self) -> None:
        """The sheet of required growth; baselines may be typed in and rates follow."""
        t = self.t
        sheet = self._sheet(
            t.context("sheet", "required"),
            t("Yearly growth that each target needs"),
            (
                t("Yellow cells may be filled in with a baseline; rate and step follow."),
                t("Rates are compounded; the number of steps is target year less baseline year."),
            ),
            _REQUIRED,
        )
        rows = [i for i in self.promises if i.kind in _WORKED_OUT]
        for row, indicator in enumerate(rows, FIRST):
            self._required_row(sheet, row, indicator)
        last = FIRST + len(rows) - 1
        sheet.autofilter(FIRST - 1, 0, last, 13)
        sheet.print_area(0, 0, last, 11)  # long sources would shrink the rest beyond reading
        # a year is a year and a value a number, as they are typed
        years = {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2100}
        years["error_message"] = t("A year, such as 2019")
        sheet.data_validation(FIRST, 3, last, 3, years)
        values = {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12}
        values["error_message"] = t("A number; leave it empty if unknown")
        sheet.data_validation(FIRST, 4, last, 4, values)

    def _required_row(self, sheet: Any, row: int, indicator: Indicator) -> None:
        needed, start, line, t = self.needed[indicator.id], indicator.baseline, row + 1, self.t
        self._cells(sheet, row, indicator.name(self.lang), self._kind(indicator), indicator.unit)
        change = indicator.kind in _CHANGES
        begins = needed.baseline_year
        if change and needed.steps is not None:
            begins = needed.deadline - needed.steps
        for column, value in ((3, begins), (4, needed.baseline)):
            if value is None:
                sheet.write_blank(row, column, None, self.input)
            else:
                sheet.write_number(row, column, value, self.input)
        sheet.write_string(row, 5, SENSE_SIGNS[needed.sense], self.text)
        sheet.write_number(row, 6, needed.goal, self.number)
        sheet.write_number(row, 7, needed.target_year, self.number)
        unknown = t.context("workbook", "no baseline")
        undefined = t.context("workbook", "undefined")
        from_zero = t.context("workbook", "from zero")
        masked = unknown if start is None else from_zero if start.value == 0 else undefined
        steps = f'=IF(ISNUMBER(D{line}),H{line}-D{line},"")'
        sheet.write_formula(
            row, 8, steps, self.number, "" if needed.steps is None else needed.steps
        )
        rate, step = self._formulas(indicator.kind, line)
        if indicator.kind == "completion":
            sheet.write_string(row, 9, t.context("workbook", "not applicable"), self.text)
        else:
            cached = masked if needed.required_rate is None else needed.required_rate
            sheet.write_formula(row, 9, rate, self.percent, cached)
        cached = unknown if needed.required_step is None else needed.required_step
        sheet.write_formula(row, 10, step, self.two, cached)
        self._write_origin(sheet, row, start)
        sheet.write_string(row, 13, self._places(indicator), self.text)

    def _formulas(self, kind: str, line: int) -> tuple[str, str]:
        """Return the formulas of a row's rate and step: of a change they start from it alone."""
        t = self.t
        unknown = t.context("workbook", "no baseline")
        undefined = t.context("workbook", "undefined")
        from_zero = t.context("workbook", "from zero")
        start, goal, away = f"E{line}", f"G{line}", f"G{line}-E{line}"
        needs = f"AND(ISNUMBER(D{line}),ISNUMBER(E{line}))"
        if kind == "relative_change":
            start, goal, away, needs = "100", f"(100+G{line})", f"G{line}", f"ISNUMBER(D{line})"
        elif kind == "change":
            goal, away = f"(E{line}+G{line})", f"G{line}"
        known = f"ISNUMBER(D{line})" if kind in _CHANGES else needs
        rate = (
            f'=IF(NOT({needs}),"{unknown}",IF({start}=0,"{from_zero}",'
            f"IF(AND({start}>0,{goal}>=0,I{line}>0),"
            f'({goal}/{start})^(1/I{line})-1,"{undefined}")))'
        )
        step = f'=IF(NOT({known}),"{unknown}",IF(I{line}>0,({away})/I{line},"{undefined}"))'
        return rate, step

    def _write_origin(self, sheet: Any, row: int, start: Baseline | None) -> None:
        """Write origin and source; a figure typed over the shipped one is the user's own."""
        line = row + 1
        own = self.t.of(ORIGIN_WORDS["user"])
        if start is None:
            formula, origin, source = f'=IF(ISNUMBER(E{line}),"{own}","")', "", ""
        else:
            origin = self.t.of(ORIGIN_WORDS[start.origin])
            formula = (
                f'=IF(AND(D{line}={start.year},E{line}={start.value!r}),"{origin}",'
                f'IF(ISNUMBER(E{line}),"{own}",""))'
            )
            weak = self.t.context("workbook", "weak source") if start.confidence == "low" else None
            parts = (weak, in_language(start.series or "", self.lang), start.source)
            source = "；".join(part for part in parts if part)
        sheet.write_formula(row, 11, formula, self.text, origin)
        sheet.write_string(row, 12, source, self.text)

    def back_casts(self, rates: Sequence[float]) -> None:
        """The sheet of the starts each rate would need at the end of the base year."""
        t, base = self.t, self.plan.about.base_year
        sheet = self._sheet(
            t.context("sheet", "back-casts"),
            t("Value needed at the end of {base} for each rate to reach the target", base=base),
            (
                t("The rates in the header may be changed. What must fall falls by the rate."),
                t("A share above 100 % has no meaning and is not shown."),
            ),
            [*_BACK_CASTS, *((Message(""), 11) for _ in rates)],
        )
        colours = {"bg_color": "#FFF8DC", "border": 1}
        rate_head = self.book.add_format(
            {"bold": True, **colours, "num_format": "0.0%", "align": "center"}
        )
        for i, rate in enumerate(rates):
            sheet.write_number(FIRST - 1, 4 + i, rate, rate_head)
        rows = [i for i in self.promises if i.kind in _GEOMETRIC]
        for row, indicator in enumerate(rows, FIRST):
            self._back_cast_row(sheet, row, indicator, rates)

    def _back_cast_row(
        self, sheet: Any, row: int, indicator: Indicator, rates: Sequence[float]
    ) -> None:
        needed, base = self.needed[indicator.id], self.plan.about.base_year
        name, year = indicator.name(self.lang), needed.deadline
        self._cells(sheet, row, name, indicator.unit, needed.number, year)
        falls = needed.sense in {"at_most", "below"} and not needed.is_limit
        above = self.t.context("workbook", "above 100 %")
        for i, rate in enumerate(rates):
            cell = f"{chr(ord('E') + i)}${FIRST}"
            value = f"$C{row + 1}/(1{'-' if falls else '+'}{cell})^($D{row + 1}-{base})"
            yearly = -rate if falls else rate
            cached: float | str = ""
            if yearly > -1:
                cached = float(growth.required_start(needed.number, yearly, year - base))
            formula = f"={value}"
            if indicator.kind in BOUNDED:
                formula = f'=IF({value}>100,"{above}",{value})'
                cached = above if isinstance(cached, float) and cached > 100 else cached
            sheet.write_formula(row, 4 + i, formula, self.two, cached)

    def growth_and_floors(self) -> None:
        """The sheet of growth and cumulative targets: the multiple and the yearly addition."""
        t, base = self.t, self.plan.about.base_year
        sheet = self._sheet(
            t.context("sheet", "growth and floors"),
            t("What growth targets multiply to, and the floor of each year"),
            (
                t(
                    "Growth targets: index with {base} = 100 (no base year is printed: assumed).",
                    base=base,
                ),
                t("A yearly minimum needs no baseline."),
            ),
            _GROWTH,
        )
        rows = [i for i in self.promises if i.kind in {"growth", "annual"}]
        for row, indicator in enumerate(rows, FIRST):
            needed, line = self.needed[indicator.id], row + 1
            name, kind = indicator.name(self.lang), self._kind(indicator)
            year = needed.deadline
            self._cells(sheet, row, name, kind, indicator.unit, needed.number, year)
            sheet.write_formula(row, 5, f"=E{line}-{base}", self.number, year - base)
            formula, value = f"=D{line}", needed.number
            if indicator.kind == "growth":
                formula = f"=100*(1+D{line}/100)^F{line}"
                value = float(growth.compound(100.0, needed.number / 100, year - base))
            sheet.write_formula(row, 6, formula, self.two, value)
            sheet.write_string(row, 7, self._places(indicator), self.text)

    def every_promise(self) -> None:
        """The sheet of all promises: none is left out, and each says why it has no rate."""
        t = self.t
        sheet = self._sheet(
            t.context("sheet", "all promises"),
            t("Every promise of the plan"),
            (
                t.plural(
                    "{n} promise, as many as the plan has.",
                    "{n} promises, as many as the plan has.",
                    len(self.plan.targets),
                ),
                t("Rates and steps are those of the sheet on which a promise is worked out."),
            ),
            _EVERY,
        )
        usable = {promise.id for promise in self.promises}
        for row, promise in enumerate(self.plan.targets.values(), FIRST):
            self._promise_row(sheet, row, promise, promise.id in usable)
        last = FIRST + len(self.plan.targets) - 1
        sheet.autofilter(FIRST - 1, 0, last, len(_EVERY) - 1)

    def _promise_row(self, sheet: Any, row: int, promise: Promise, usable: bool) -> None:
        needed, t = self.needed[promise.id], self.t
        limit = t.context("role", "limit") if needed.is_limit else t.context("role", "aim")
        where = ""
        if usable and promise.kind in _WORKED_OUT:
            where = t.context("sheet", "required")
        elif usable and promise.kind in {"growth", "annual"}:
            where = t.context("sheet", "growth and floors")
        tier = t.context("tier", "stretch") if promise.tier == "stretch" else ""
        goal = goal_text(promise, self.lang, self.plan.indicators)
        self._cells(sheet, row, promise.id, promise.name(self.lang), self._kind(promise), tier)
        self._cells_from(sheet, row, 4, "" if promise.reason else limit, goal, self._due(promise))
        for column, number, style in (
            (7, needed.required_rate, self.percent),
            (8, needed.required_step, self.two),
        ):
            if number is None:
                sheet.write_string(row, column, "", self.text)
            else:
                sheet.write_number(row, column, number, style)
        reason = reason_word(needed.reason, self.lang) if needed.reason else ""
        self._cells_from(sheet, row, 9, reason, where, self._places(promise))

    def _due(self, promise: Promise) -> str | float:
        if promise.year is None:
            return self.t.context("target", "undated")
        return promise.year if promise.month is None else f"{promise.year}-{promise.month:02d}"
