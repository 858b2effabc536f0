"""Bulletins that look like those of offices: random figures in twenty layouts, and what they mean.

Every figure of a page is kept with its cell and its meaning, or without one where it is no figure
of the indicator: what is read back must be equal, or stand in the import report.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corridor_model.tabular.workbooks import column_letters

NAMES = {
    "output": ("生产总值", "亿元"),
    "loans": ("贷款余额", "亿元"),
    "firms": ("企业数", "家"),
    "income": ("人均收入", "元"),
    "patents": ("每年新增专利", "件"),
}
"""Indicators of the plan of tests/helpers/observation_tables.py, with their units."""
FLOWS = frozenset({"output", "income", "patents"})
SCALES = {
    "亿元": {"万元": 1e-4, "亿元": 1.0},
    "家": {"家": 1.0},
    "元": {"元": 1.0},
    "件": {"件": 1.0},
}

Meaning = tuple[str, str, str, float] | None
"""Indicator, period, measure and value; None for what is no figure of the indicator."""


@dataclass
class Page:
    """One sheet: its rows, its merged ranges, and what each figure on it means.

    Attributes
    ----------
    title : str
        Of the sheet.
    rows : list of list
        Cells, rows of any length.
    merged : list of str
        Ranges.
    figures : dict of str to Meaning
        By cell.
    """

    title: str = "表1"
    rows: list[list[object]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    figures: dict[str, Meaning] = field(default_factory=dict)

    def put(self, column: int, value: object, meaning: Meaning) -> None:
        """Put a figure into the last row."""
        row = self.rows[-1]
        row.extend([None] * (column + 1 - len(row)))
        row[column] = value
        self.figures[f"{column_letters(column)}{len(self.rows)}"] = meaning


@dataclass(frozen=True)
class Column:
    """A column of a bulletin: its titles from the uppermost, and what stands below it."""

    titles: tuple[str, ...]
    kind: str


VALUE_TITLES = (
    "累计",
    "1—9月",
    "本年累计",
    "绝对额",
    "实绩",
    "1-9月累计",
    "累计完成",
    "本月止累计",
    "数值",
)
GROWTH_TITLES = (
    "同比（%）",
    "同比增长%",
    "比上年同期增长（%）",
    "增速(%)",
    "较上年同期±%",
    "同比增减（%）",
)
MONTH_TITLES = ("本月", "当月", "9月", "当月完成")
OTHER_TITLES = (
    "环比（%）",
    "两年平均（%）",
    "上年同期",
    "全市排名",
    "贡献率（%）",
    "比年初增长（%）",
    "甲口径",
)
TITLES = (
    "青山区2021年1—9月主要指标完成情况",
    "三年行动计划（2020—2022年）2021年1—9月监测表",
    "截至2021年9月底主要经济指标",
    "2021年9月统计快报",
    "2022年度目标任务2021年1—9月进展",
)


def columns(rng: random.Random, stacked: bool) -> list[Column]:
    """Return some columns in some order: at most one of each kind of figure, any number else."""
    value, growth = rng.choice(VALUE_TITLES), rng.choice(GROWTH_TITLES)
    month = rng.choice(MONTH_TITLES)
    chosen = [Column(("1—9月", "绝对额") if stacked else (value,), "value")]
    if rng.random() < 0.7:
        chosen.append(Column(("1—9月", growth) if stacked else (growth,), "growth"))
    if rng.random() < 0.4:
        chosen.insert(0, Column(("9月", "绝对额") if stacked else (month,), "month"))
    for title in rng.sample(OTHER_TITLES, rng.randint(0, 3)):
        place = rng.randint(0, len(chosen))
        # nothing between a figure and the growth that follows it would change its meaning
        chosen.insert(place, Column((title,), "other"))
    return chosen


def of_month(content: Page, month: int) -> Page:
    """Return a page of September as one of another month of 2021, from February on."""

    def moved(text: object) -> object:
        if not isinstance(text, str):
            return text
        return re.sub(r"(?<!\d)9月", f"{month}月", text).replace("10月15日", f"{month}月25日")

    content.rows = [[moved(cell) for cell in row] for row in content.rows]
    content.figures = {
        cell: meaning and (meaning[0], f"2021-{month:02d}", *meaning[2:])
        for cell, meaning in content.figures.items()
    }
    return content


def page(
    rng: random.Random,
    names: Sequence[str],
    title: str = "表1",
    values: Mapping[tuple[str, str], float] | None = None,
) -> Page:
    """Return one page with the figures of some indicators in a random layout.

    ``values`` gives figures by indicator and ``value``, ``month`` or ``growth``, in the unit of
    the indicator; otherwise they are random.
    """
    sheet, stacked = Page(title), rng.random() < 0.35
    scale = rng.choice(("万元", "亿元"))
    unit_place = rng.choice(("above", "column", "label", "heading", "cell"))
    money = unit_place != "heading" or all(NAMES[name][1] == "亿元" for name in names)
    unit_place = unit_place if money else "column"
    number = rng.random() < 0.6
    body = columns(rng, stacked)
    sheet.rows.append([rng.choice(TITLES)])
    if rng.random() < 0.4:
        sheet.rows.append(["填报单位：区统计局", None, "填报日期：2021年10月15日"])
    if unit_place == "above":
        sheet.rows.append([None, None, f"单位：{scale}"])
    if rng.random() < 0.3:
        sheet.rows.append([])
    lead = (
        (["序号"] if number else []) + ["指标"] + (["计量单位"] if unit_place == "column" else [])
    )
    tail = ["备注"] if rng.random() < 0.5 else []
    _header(sheet, lead, body, tail, stacked, scale if unit_place == "heading" else "")
    for place, name in enumerate(names, 1):
        _row(rng, sheet, place, name, body, scale, unit_place, number, values or {})
    if rng.random() < 0.5:
        _foreign(rng, sheet, body, len(lead), number)
    if rng.random() < 0.4:
        sheet.rows.append([None] * number + [rng.choice(("合计", "合  计"))])
        first = next(i for i, column in enumerate(body) if column.kind == "value")
        sheet.put(len(lead) + first, rng.randint(1, 900) / 10, None)
    if rng.random() < 0.4:
        sheet.rows.append(["注：本表数据为快报数"])
    return sheet


def _header(
    sheet: Page, lead: list[str], body: list[Column], tail: list[str], stacked: bool, unit: str
) -> None:
    def low(column: Column) -> str:
        has_unit = unit and column.kind in {"value", "month"}
        return f"{column.titles[-1]}（{unit}）" if has_unit else column.titles[-1]

    if not stacked:
        sheet.rows.append([*lead, *map(low, body), *tail])
        return
    upper = [column.titles[0] for column in body]
    lower = [low(column) if len(column.titles) > 1 else None for column in body]
    first = len(sheet.rows) + 1
    sheet.rows.append([*lead, *upper, *tail])
    sheet.rows.append([*[None] * len(lead), *lower, *[None] * len(tail)])
    for c in [*range(len(lead)), *range(len(lead) + len(body), len(lead) + len(body) + len(tail))]:
        sheet.merged.append(f"{column_letters(c)}{first}:{column_letters(c)}{first + 1}")
    for c, column in enumerate(body, len(lead)):
        if len(column.titles) == 1:
            sheet.merged.append(f"{column_letters(c)}{first}:{column_letters(c)}{first + 1}")


def _row(
    rng: random.Random,
    sheet: Page,
    place: int,
    name: str,
    body: list[Column],
    scale: str,
    unit_place: str,
    number: bool,
    values: Mapping[tuple[str, str], float],
) -> None:
    label, own = NAMES[name]
    unit = scale if own == "亿元" else own
    # 元 under 单位：万元 is said beside the name: the nearest unit wins
    says_own = own == "元" or (own != "亿元" and rng.random() < 0.5)
    if unit_place == "label" or (unit_place == "above" and says_own):
        label = f"{label}（{unit}）"
    lead: list[object] = [place] if number else []
    lead.append(rng.choice((label, f"{place}.{label}", f" {label}")))
    if unit_place == "column":
        lead.append(unit)
    sheet.rows.append(lead)
    factor = SCALES[own][unit]
    for column, kind in enumerate((c.kind for c in body), len(lead)):
        if kind in {"value", "month"}:
            value = rng.randint(1, 99999) / 10
            if (name, kind) in values:
                value = float(f"{values[name, kind] / factor:.12g}")
            meant = float(f"{value * factor:.12g}")
            text: object = value
            if unit_place == "cell":
                text = f"{value}{unit}"
            elif rng.random() < 0.2:
                text = rng.choice((f"{value:,}", f" {value} ", f"{value}（快报）", f"{value:.2f}"))
            measure = "addition" if kind == "month" and name in FLOWS else "level"
            # of a stock the month and its end are one figure
            meaning = (name, "2021-09", measure, meant)
            sheet.put(column, text, meaning)
        elif kind == "growth":
            value = values.get((name, "growth"), rng.randint(-300, 300) / 10)
            texts = (value, f"{value}%", f"{'增长' if value >= 0 else '下降'}{abs(value)}%")
            if value < 0:
                texts += (f"({-value})", f"▼{-value}")
            sheet.put(column, rng.choice(texts), (name, "2021-09", "growth", value))
        else:
            sheet.put(column, rng.randint(1, 300) / 10, None)


def _foreign(rng: random.Random, sheet: Page, body: list[Column], first: int, number: bool) -> None:
    sheet.rows.append([99] * number + ["外区旅游收入"])
    for column, _ in enumerate(body, first):
        if rng.random() < 0.7:
            sheet.put(column, rng.randint(1, 900) / 10, None)


def without_doubles(sheet: Page) -> Page:
    """Return a page in which a stock has no figure of the month beside that of its end."""
    seen: dict[tuple[str, str, str], str] = {}
    for cell, meaning in list(sheet.figures.items()):
        if meaning is not None and (first := seen.setdefault(meaning[:3], cell)) != cell:
            row = int("".join(filter(str.isdigit, first))) - 1
            column = next(c for c in range(40) if first.startswith(column_letters(c)) and
                          first == f"{column_letters(c)}{row + 1}")  # fmt: skip
            sheet.rows[row][column] = None
            del sheet.figures[first]
    return sheet


def beside(rng: random.Random) -> Page:
    """Return a page of two tables beside each other."""
    names = rng.sample(list(NAMES), 4)
    sheet = Page("并列")
    sheet.rows += [
        [TITLES[0]],
        ["序号", "指标", "累计", "同比（%）", None, "序号", "指标", "累计", "同比"],
    ]
    for place in range(2):
        sheet.rows.append([])
        for half in (0, 1):
            name, first = names[place + 2 * half], 5 * half
            row = sheet.rows[-1]
            row.extend([None] * (first - len(row)))
            row.extend([place + 1, NAMES[name][0]])
            value, growth = rng.randint(1, 9999) / 10, rng.randint(-300, 300) / 10
            sheet.put(first + 2, value, (name, "2021-09", "level", value))
            sheet.put(first + 3, growth, (name, "2021-09", "growth", growth))
    return sheet


def by_period(rng: random.Random) -> Page:
    """Return a page with one column a period and growth behind the latest."""
    sheet = Page("分期")
    heads = rng.choice((
        (("2021年1—9月", "2021-09"), ("2020年1—9月", "2020-09")),
        (("2020年", "2020"), ("2019年", "2019")),
        (("2021年前三季度", "2021Q3"), ("2020年", "2020"), ("2019年", "2019")),
    ))  # fmt: skip
    sheet.rows.append(["指标", "单位", *[head for head, _ in heads], "同比增长（%）"])
    for name in rng.sample(list(NAMES), 3):
        sheet.rows.append([NAMES[name][0], NAMES[name][1]])
        for column, (_, period) in enumerate(heads, 2):
            value = rng.randint(1, 9999) / 10
            sheet.put(column, value, (name, period, "level", value))
        growth = rng.randint(-300, 300) / 10
        sheet.put(2 + len(heads), growth, (name, heads[0][1], "growth", growth))
    return sheet


def long(rng: random.Random) -> Page:
    """Return a page of one figure a row, the periods of each indicator merged."""
    sheet = Page("长表")
    sheet.rows.append(["指标", "时期", "数值", "计量单位"])
    for name in rng.sample(list(NAMES), 3):
        first = len(sheet.rows) + 1
        start = rng.randint(1, 4000) / 10
        for step, (text, period) in enumerate(
            (("2021年1—3月", "2021-03"), ("2021年上半年", "2021H1"), ("2021-09", "2021-09"))
        ):
            sheet.rows.append([None if step else NAMES[name][0], text, None, NAMES[name][1]])
            value = start * (step + 1)
            value = float(f"{value:.12g}")
            sheet.put(2, value, (name, period, "level", value))
        sheet.merged.append(f"A{first}:A{first + 2}")
    return sheet


def layouts(seed: int = 0) -> list[tuple[str, list[Page]]]:
    """Return twenty bulletins: a name, and its sheets."""
    rng = random.Random(seed)
    every: list[tuple[str, list[Page]]] = []
    for number in range(14):
        names = rng.sample(list(NAMES), rng.randint(2, 5))
        every.append((f"bulletin_{number + 1}", [without_doubles(page(rng, names))]))
    makers: tuple[Callable[[random.Random], Page], ...] = (beside, by_period, long)
    every += [(maker.__name__, [maker(rng)]) for maker in makers]
    every.append(("by_period_again", [by_period(rng)]))
    names = list(NAMES)
    two = [
        without_doubles(page(rng, names[:2], "综合")),
        without_doubles(page(rng, names[2:], "科技")),
    ]
    every.append(("two_sheets", two))
    three = [without_doubles(page(rng, [name], name)) for name in names[:3]]
    every.append(("three_sheets", three))
    return every


def write(pages: Sequence[Page], file: Path) -> Path:
    """Write pages as a workbook, or the only one as a CSV file."""
    if file.suffix == ".csv":
        import csv

        with file.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows(
                ["" if cell is None else cell for cell in row] or [""] for row in pages[0].rows
            )
        return file
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for content in pages:
        sheet = book.create_sheet(content.title)
        for row in content.rows:
            sheet.append(row)
        for span in content.merged:
            sheet.merge_cells(span)
    book.save(file)
    return file
