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
from corridor_model.codes import KINDS_EN, KINDS_ZH, ORIGINS_ZH
from corridor_model.errors import CorridorError
from corridor_model.files import replacing
from corridor_model.plan.display import EXAMPLE_EN, EXAMPLE_ZH, SENSE_SIGNS, in_language
from corridor_model.plan.growth_paths import BOUNDED
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.required_growth import Requirement, requirement

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Baseline, Indicator

RATES = (0.10, 0.12, 0.15, 0.20)
FIRST = 5
"""Zero-based row where the figures start; above are title, note, and the header."""

_GEOMETRIC = frozenset({"level", "share", "ratio", "rank"})


def write_workbook(
    plan: Plan, file: str | Path, *, rates: Sequence[float] = RATES, lang: str = "zh"
) -> Path:
    """Write required growth, yearly additions and back-casts as a workbook with formulas.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : str or path
        Ending in xlsx.
    rates : sequence of float
        Yearly fractions for the back-casts; they stand in cells and may be changed there.
    lang : {"zh", "en"}
        Language of titles and notes.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file does not end in xlsx, or cannot be written; an old one stays whole.
    """
    import xlsxwriter

    must_be_plan(plan)
    path = Path(file)
    if path.suffix.lower() != ".xlsx":
        raise CorridorError(
            f"{path.name}: a workbook ends in .xlsx. Rename it.",
            f"{path.name}：工作簿应以.xlsx结尾。请改名。",
        )
    needed = {name: requirement(indicator) for name, indicator in plan.indicators.items()}
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(temporary, {"in_memory": True, "strings_to_formulas": False})
        writer = _Writer(book, plan, needed, lang)
        writer.required()
        writer.back_casts(rates)
        writer.growth_and_floors()
        book.close()
    return path


class _Writer:
    """One workbook being written: its formats, its plan, its language."""

    def __init__(self, book: Any, plan: Plan, needed: dict[str, Requirement], lang: str):
        self.book, self.plan, self.needed, self.zh = book, plan, needed, lang == "zh"
        self.lang = lang
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

    def say(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def _sheet(
        self,
        name: str,
        title: str,
        notes: Sequence[str],
        head: Sequence[str],
        widths: Sequence[float],
    ) -> Any:
        sheet = self.book.add_worksheet(name)
        flag = (EXAMPLE_ZH if self.zh else EXAMPLE_EN) if self.plan.example else ""
        sheet.write_string(0, 0, f"{title}  [{flag}]" if flag else title, self.title)
        for row, note in enumerate(notes, 1):
            sheet.write_string(row, 0, note, self.note)
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.write_string(FIRST - 1, column, text, self.head)
            sheet.set_column(column, column, width)
        sheet.set_row(FIRST - 1, 32)
        sheet.freeze_panes(FIRST, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST - 1)
        return sheet

    def required(self) -> None:
        """The sheet of required growth; baselines may be typed in and rates follow."""
        sheet = self._sheet(
            self.say("所需增速", "required"),
            self.say("各项目标所需的年均增速", "Yearly growth that each target needs"),
            (
                self.say(
                    "淡黄色单元格可以填写：填入基期年份和基期值，年均增速和每年增加自动计算。",
                    "Yellow cells may be filled in with a baseline; rate and step follow.",
                ),
                self.say(
                    "年均增速按水平法（几何平均），步数为目标年份减基期年份。",
                    "Rates are compounded; the number of steps is target year less baseline year.",
                ),
            ),
            (
                self.say("指标", "indicator"),
                self.say("类型", "kind"),
                self.say("计量单位", "unit"),
                self.say("基期年份", "baseline year"),
                self.say("基期值", "baseline"),
                self.say("方向", "sense"),
                self.say("目标值", "target"),
                self.say("目标年份", "target year"),
                self.say("步数（年）", "steps"),
                self.say("所需年均增速", "required rate"),
                self.say("所需每年增减", "required step"),
                self.say("数据性质", "origin"),
                self.say("口径与来源", "series and source"),
                self.say("出处", "place"),
            ),
            (40, 10, 12, 9, 11, 6, 10, 9, 8, 12, 12, 10, 46, 24),
        )
        kinds = _GEOMETRIC | {"cumulative", "completion"}
        rows = [i for i in self.plan.indicators.values() if i.kind in kinds]
        for row, indicator in enumerate(rows, FIRST):
            self._required_row(sheet, row, indicator)
        last = FIRST + len(rows) - 1
        sheet.autofilter(FIRST - 1, 0, last, 13)
        sheet.print_area(0, 0, last, 11)  # long sources would shrink the rest beyond reading
        self._guard_inputs(sheet, last)

    def _guard_inputs(self, sheet: Any, last: int) -> None:
        """Let a year be a year and a value be a number, as they are typed."""
        say = self.say("请填写年份，如2019", "A year, such as 2019")
        between = {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2100}
        sheet.data_validation(FIRST, 3, last, 3, {**between, "error_message": say})
        say = self.say("请填写数字；没有数据请留空", "A number; leave it empty if unknown")
        number = {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12}
        sheet.data_validation(FIRST, 4, last, 4, {**number, "error_message": say})

    def _required_row(self, sheet: Any, row: int, indicator: Indicator) -> None:
        needed = self.needed[indicator.id]
        start = indicator.baseline
        line = row + 1
        sheet.write_string(row, 0, indicator.name(self.lang), self.text)
        sheet.write_string(row, 1, (KINDS_ZH if self.zh else KINDS_EN)[indicator.kind], self.text)
        sheet.write_string(row, 2, indicator.unit, self.text)
        for column, value in ((3, needed.baseline_year), (4, needed.baseline)):
            if value is None:
                sheet.write_blank(row, column, None, self.input)
            else:
                sheet.write_number(row, column, value, self.input)
        sheet.write_string(row, 5, SENSE_SIGNS[needed.sense], self.text)
        sheet.write_number(row, 6, needed.goal, self.number)
        sheet.write_number(row, 7, needed.target_year, self.number)
        unknown = self.say("无基期", "no baseline")
        undefined = self.say("无法计算", "undefined")
        from_zero = self.say("从零起算", "from zero")
        masked = unknown if start is None else from_zero if start.value == 0 else undefined
        sheet.write_formula(
            row,
            8,
            f'=IF(ISNUMBER(D{line}),H{line}-D{line},"")',
            self.number,
            "" if needed.steps is None else needed.steps,
        )
        if indicator.kind == "completion":
            sheet.write_string(row, 9, self.say("不适用", "not applicable"), self.text)
        else:
            shown = needed.required_rate
            sheet.write_formula(
                row,
                9,
                f'=IF(NOT(AND(ISNUMBER(D{line}),ISNUMBER(E{line}))),"{unknown}",IF(E{line}=0,"{from_zero}",'
                f"IF(AND(E{line}>0,G{line}>=0,I{line}>0),"
                f'(G{line}/E{line})^(1/I{line})-1,"{undefined}")))',
                self.percent,
                masked if shown is None else shown,
            )
        sheet.write_formula(
            row,
            10,
            f'=IF(NOT(AND(ISNUMBER(D{line}),ISNUMBER(E{line}))),"{unknown}",'
            f'IF(I{line}>0,(G{line}-E{line})/I{line},"{undefined}"))',
            self.two,
            needed.required_step if needed.required_step is not None else unknown,
        )
        self._write_origin(sheet, row, start)
        places = dict.fromkeys(place for target in indicator.targets for place in target.places)
        sheet.write_string(row, 13, "；".join(places), self.text)

    def _write_origin(self, sheet: Any, row: int, start: Baseline | None) -> None:
        """Write origin and source; a figure typed over the shipped one is the user's own."""
        line = row + 1
        own = ORIGINS_ZH["user"] if self.zh else "user"
        if start is None:
            formula, shown, said = f'=IF(ISNUMBER(E{line}),"{own}","")', "", ""
        else:
            shown = ORIGINS_ZH[start.origin] if self.zh else start.origin
            formula = (
                f'=IF(AND(D{line}={start.year},E{line}={start.value!r}),"{shown}",'
                f'IF(ISNUMBER(E{line}),"{own}",""))'
            )
            weak = self.say("可信度低", "weak source") if start.confidence == "low" else None
            parts = (weak, in_language(start.series or "", self.lang), start.source)
            said = "；".join(part for part in parts if part)
        sheet.write_formula(row, 11, formula, self.text, shown)
        sheet.write_string(row, 12, said, self.text)

    def back_casts(self, rates: Sequence[float]) -> None:
        """The sheet of the starts each rate would need at the end of the base year."""
        base = self.plan.about.base_year
        head = [
            self.say("指标", "indicator"),
            self.say("计量单位", "unit"),
            self.say("目标值", "target"),
            self.say("目标年份", "target year"),
        ]
        sheet = self._sheet(
            self.say("所需基期值", "back-casts"),
            self.say(
                f"按各增速达到目标，{base}年末需要已达到的数值",
                f"Value needed at the end of {base} for each rate to reach the target",
            ),
            (
                self.say(
                    "表头中的增速可以修改，下方自动计算。越低越好的指标按该比率下降。",
                    "The rates in the header may be changed. What must fall falls by the rate.",
                ),
                self.say(
                    "占比超过100%时无意义，不显示数值。",
                    "A share above 100 % has no meaning and is not shown.",
                ),
            ),
            [*head, *("" for _ in rates)],
            (40, 12, 10, 9, *(11 for _ in rates)),
        )
        rate_head = self.book.add_format(
            {
                "bold": True,
                "bg_color": "#FFF8DC",
                "border": 1,
                "num_format": "0.0%",
                "align": "center",
            }
        )
        for i, rate in enumerate(rates):
            sheet.write_number(FIRST - 1, 4 + i, rate, rate_head)
        row = FIRST
        for indicator in self.plan.indicators.values():
            if indicator.kind not in _GEOMETRIC:
                continue
            self._back_cast_row(sheet, row, indicator, rates)
            row += 1

    def _back_cast_row(
        self, sheet: Any, row: int, indicator: Indicator, rates: Sequence[float]
    ) -> None:
        needed = self.needed[indicator.id]
        base = self.plan.about.base_year
        sheet.write_string(row, 0, indicator.name(self.lang), self.text)
        sheet.write_string(row, 1, indicator.unit, self.text)
        sheet.write_number(row, 2, needed.target, self.number)
        sheet.write_number(row, 3, needed.target_year, self.number)
        sign = "-" if needed.sense == "at_most" else "+"
        steps = needed.target_year - base
        for i, rate in enumerate(rates):
            cell = f"{chr(ord('E') + i)}${FIRST}"
            value = f"$C{row + 1}/(1{sign}{cell})^($D{row + 1}-{base})"
            moved = -rate if sign == "-" else rate
            shown = (
                float(growth.required_start(needed.target, moved, steps)) if moved > -1 else None
            )
            bounded = indicator.kind in BOUNDED
            above = self.say("超过100%", "above 100 %")
            formula = f'=IF({value}>100,"{above}",{value})' if bounded else f"={value}"
            cached: float | str = "" if shown is None else shown
            if bounded and shown is not None and shown > 100:
                cached = above
            sheet.write_formula(row, 4 + i, formula, self.two, cached)

    def growth_and_floors(self) -> None:
        """The sheet of growth and cumulative targets: the multiple and the yearly addition."""
        base = self.plan.about.base_year
        sheet = self._sheet(
            self.say("增速与每年下限", "growth and floors"),
            self.say(
                "年均增速目标的指数，每年下限目标的逐年数",
                "What growth targets multiply to, and the floor of each year",
            ),
            (
                self.say(
                    f"年均增速目标：{base}年=100的指数（文件未写基期，属假设）。",
                    f"Growth targets: index with {base} = 100 (no base year is printed: assumed).",
                ),
                self.say(
                    "每年下限目标不需要基期，逐年对照即可。", "A yearly minimum needs no baseline."
                ),
            ),
            (
                self.say("指标", "indicator"),
                self.say("类型", "kind"),
                self.say("计量单位", "unit"),
                self.say("目标值", "target"),
                self.say("目标年份", "target year"),
                self.say("年数", "years"),
                self.say("目标年份指数，或每年下限", "index, or floor a year"),
                self.say("出处", "place"),
            ),
            (44, 10, 10, 10, 10, 8, 16, 26),
        )
        row = FIRST
        for indicator in self.plan.indicators.values():
            if indicator.kind not in {"growth", "annual"}:
                continue
            self._growth_row(sheet, row, indicator)
            row += 1

    def _growth_row(self, sheet: Any, row: int, indicator: Indicator) -> None:
        needed, line = self.needed[indicator.id], row + 1
        base = self.plan.about.base_year
        years = needed.target_year - base
        sheet.write_string(row, 0, indicator.name(self.lang), self.text)
        sheet.write_string(row, 1, (KINDS_ZH if self.zh else KINDS_EN)[indicator.kind], self.text)
        sheet.write_string(row, 2, indicator.unit, self.text)
        sheet.write_number(row, 3, needed.target, self.number)
        sheet.write_number(row, 4, needed.target_year, self.number)
        sheet.write_formula(row, 5, f"=E{line}-{base}", self.number, years)
        if indicator.kind == "growth":
            index = float(growth.compound(100.0, needed.target / 100, years))
            sheet.write_formula(row, 6, f"=100*(1+D{line}/100)^F{line}", self.two, index)
        else:
            sheet.write_formula(row, 6, f"=D{line}", self.two, needed.target)
        places = dict.fromkeys(place for target in indicator.targets for place in target.places)
        sheet.write_string(row, 7, "；".join(places), self.text)
