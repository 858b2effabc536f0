"""Blank forms: a new plan to fill in, and the baselines a plan still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.files import replacing, write_csv
from corridor_model.tabular.schema import CHOICES_ZH, SHEETS_ZH, TABLES, TITLES_ZH, Column

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


NEEDS_NO_BASELINE = frozenset({"growth", "annual", "milestone", "cumulative"})

_EXAMPLE_ROWS: dict[str, dict[str, str]] = {
    "about": {
        "id": "my_plan",
        "name_zh": "示例：某区三年行动计划",
        "name_en": "Example: a district's three-year plan",
        "first_year": "2024",
        "last_year": "2026",
        "source": "示例",
    },
    "indicators": {
        "id": "example_output",
        "name_zh": "示例：规上工业总产值",
        "name_en": "Example: industrial output",
        "kind": "level",
        "unit": "亿元",
        "nature": "flow",
    },
    "targets": {
        "indicator": "example_output",
        "value": "120",
        "sense": "at_least",
        "year": "2026",
        "places": "二/1",
    },
    "baselines": {
        "indicator": "example_output",
        "year": "2023",
        "value": "100",
        "unit": "亿元",
        "origin": "user",
        "source": "示例",
    },
}


def new_plan(folder: Path) -> Path:
    """Write every table with its header, example rows and a one-page guide.

    Parameters
    ----------
    folder : Path
        A folder that does not exist yet, or is empty.

    Returns
    -------
    Path
        The folder; it loads as a plan as it stands.

    Raises
    ------
    CorridorError
        If the folder holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CorridorError(
            f"{folder} exists already and is not empty; name a new folder.",
            f"“{folder}”已存在且不为空，请另取名称。",
        )
    for name, schema in TABLES.items():
        rows = [list(schema.names)]
        if name in _EXAMPLE_ROWS:
            rows.append([_EXAMPLE_ROWS[name].get(column, "") for column in schema.names])
        # with a BOM, Excel and WPS show Chinese at once
        write_csv(folder / f"{name}.csv", rows, bom=True)
    with replacing(folder / "说明 GUIDE.md") as temporary:
        temporary.write_text(guide(), encoding="utf-8")
    return folder


def baselines_form(plan: Plan, file: Path) -> Path:
    """Write the baselines a plan still lacks as a form: name, year and unit filled in.

    Rows whose value stays empty are passed over when the form is loaded.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : Path
        A ``.csv`` or ``.xlsx`` file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CorridorError
        If the file's ending is neither, or it exists already.
    """
    if file.exists():
        raise CorridorError(
            f"{file} exists already; name a new file.", f"“{file}”已存在，请另取文件名。"
        )
    columns = ("indicator", "year", "value", "unit", "source")
    rows = [
        (indicator.name_zh, plan.about.base_year, None, indicator.unit, None)
        for indicator in plan.indicators.values()
        if not indicator.baselines and indicator.kind not in NEEDS_NO_BASELINE
    ]
    titles = [TITLES_ZH[column] for column in columns]
    if file.suffix.lower() == ".csv":
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        write_csv(file, [titles, *texts], bom=True)
        return file
    if file.suffix.lower() == ".xlsx":
        _write_form(file, titles, rows)
        return file
    raise CorridorError(f"{file.name}: a form is a .csv or an .xlsx file.")


def _write_form(file: Path, titles: list[str], rows: Sequence[Sequence[object]]) -> None:
    import xlsxwriter

    with replacing(file) as temporary, xlsxwriter.Workbook(temporary) as book:
        sheet = book.add_worksheet(SHEETS_ZH["baselines"])
        head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
        fill = book.add_format({"bg_color": "#FFF8DC", "border": 1})
        edge = book.add_format({"border": 1})
        sheet.write_row(0, 0, titles, head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell is None:
                    sheet.write_blank(number, column, None, fill)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell, edge)
                else:
                    sheet.write_string(number, column, str(cell), edge)
        for column, width in enumerate((44, 8, 14, 16, 40)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)


# The one-page guide that comes with a blank plan: Chinese first, English beside it.

HEAD = """\
# 填写说明 / How to fill in this plan

每个 CSV 是一张表，一行一件事。示例行请替换或删去，不知道的留空，不要填 0。
填完运行 `corridor validate 本文件夹`，会一次列出全部错误；
再运行 `corridor required --plan 本文件夹`。

Each CSV is a table, one fact a row. Replace the example rows. Leave empty what is not
known; never write 0 for it. Then run `corridor validate FOLDER`, which lists every mistake
at once, and `corridor required --plan FOLDER`.

- 必填的表：about（计划）、indicators（指标）、targets（目标）。其余可以不填。
  Required: about, indicators, targets.
- 表头可用英文列名，也可用中文列名；选项可写英文，也可写中文。
  Headers and choices may be written in English or in Chinese.
- 指标编号用英文小写短词，如 gdp。其他表用编号或中文名称指向指标和项目。
  Ids are short English slugs; other tables refer to indicators and works by id or by name.
- 目标类型：占比不超过100%，可超过的用比率；累计新增从计划开始时的 0 起算，不需要基期；
  节点目标的数值填 1。
- 能耗、位次等越低越好的，方向填“不高于”。What is better when lower is at_most.
- 区间写两行：一行不低于，一行不高于。“A或B”两行填同一个任选组。
  A range is two rows; alternatives share a word in any_of.
- 多个单位、多处出处用分号隔开。Several units or places are separated by `;`.
- 日期写 2024、2024-05 或 2024-05-31，印到哪一级写到哪一级。
- 投资额以亿元计；也可以写成 8710万元，会自动换算。Money is in 亿元; 8710万元 converts.

"""

_ZH = {
    "id": "英文小写短词，如gdp",
    "first_year": "计划第一年",
    "last_year": "计划最后一年，也是投资统计的截止年",
    "issued": "印发日期",
    "number": "文号",
    "source": "数据从哪里可以查到",
    "group": "类别编号",
    "kind": "目标怎样理解",
    "unit": "目标、基期和监测数据共用的单位",
    "price_basis": "金额的价格口径，文件未写的留空",
    "average_method": "年均增速的算法",
    "scope": "区块编号",
    "binding": "文件未写的留空",
    "indicator": "指标编号或名称",
    "sense": "必须写明，不作推断",
    "year": "到该年年末为止",
    "month": "到该月月末为止，文件写明才填",
    "any_of": "填同一个词的几项，实现其一即可",
    "places": "**必填** 文件中出现的所有位置，用分号隔开",
    "origin": "数从何来，由强到弱",
    "series": "统计口径；口径不同是两个序列",
    "period": "2021、2021H1、2021Q3或2021-09",
    "valid_from": "从哪一天起有效",
    "table": "附件第几张表",
    "row": "表中第几行",
    "part": "一行有几项时的第几项",
    "class": "如两环道路、联系道路",
    "length_km": "公里，按文件",
    "length_in_area_km": "公里，建成后在区内通车的长度",
    "opens": "完工是否通车",
    "start": "按文件写到年、月或日",
    "end": "按文件写到年、月或日",
    "deadline": "按文件写到年、月或日",
    "investment": "亿元；未定（视情而定）的留空",
    "lead_units": "按文件写法",
    "other_units": "按文件写法",
    "project": "项目编号",
    "task": "任务编号",
    "area": "区块编号",
    "name": "按文件写法",
    "indicators": "该任务承担的指标",
    "summary_en": "可不填",
    "invested_month": "亿元",
    "invested_year": "亿元，1月1日起",
    "invested_total": "亿元，自开工起",
    "milestone": "如“主体结顶”",
    "aliases": "同一单位的其他叫法",
    "readings": "各处原文，注明出处",
    "used": "数据采用哪一种",
    "distribution": "如pert(16, 17.5, 19)、normal(0.15, 0.05)、lognormal(1.204, 0.299)",
    "loading": "与共同因子的相关程度，-1到1",
    "factor": "共同因子的名称，自定",
    "per_unit": "每完成1亿元投资带来的变化",
    "lag": "年",
    "decay": "每年减弱的比例",
}
_ZH_BY_TABLE = {
    ("work_reports", "unit"): "填报单位",
    ("conflicts", "places"): "在文件中的位置",
    ("annual_investment", "value"): "亿元",
    ("effects", "target"): "项目编号或名称；一类项目写类别，全部项目写all",
    ("uncertainties", "target"): "指标或项目的编号或名称",
    ("uncertainties", "field"): "指标：value（目标年份的数值）或growth（每年增速，小数）；"
    "项目：delay（推迟月数）或overrun（造价倍数）",
    ("target_revisions", "value"): "新目标值；取消目标的留空",
    ("target_revisions", "year"): "新的目标年份；不变的留空",
    ("target_revisions", "sense"): "新的方向；不变的留空",
}


def guide() -> str:
    """Return the guide: how to fill in, then every table with its columns."""
    lines = []
    for name, schema in TABLES.items():
        lines += [f"## {SHEETS_ZH[name]} {name}.csv", "", "| 列 | 中文 | 填什么 |", "|---|---|---|"]
        lines += [
            f"| {column.name} | {TITLES_ZH[column.name]} | {_meaning(name, column)} |"
            for column in schema.columns
        ]
        lines.append("")
    return HEAD + "\n".join(lines)


def _meaning(table: str, column: Column) -> str:
    said = ["**必填**"] if column.required else []
    said.append(_ZH_BY_TABLE.get((table, column.name), _ZH.get(column.name, "")))
    if column.choices:
        words = (
            f"{CHOICES_ZH[word][0]} {word}" if word in CHOICES_ZH else word
            for word in column.choices
        )
        said.append("；".join(words))
    return "；".join(text for text in said if text)
