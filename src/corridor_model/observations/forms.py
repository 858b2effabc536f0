"""The form that units fill in: what is due, in which unit, from whom, with lists to choose."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corridor_model.errors import CorridorError
from corridor_model.files import replacing
from corridor_model.observations.histories import histories
from corridor_model.observations.load import load_observations
from corridor_model.observations.missing import HEADER, NOBODY, Due, missing
from corridor_model.observations.model import Observations, Point
from corridor_model.observations.names import names_of
from corridor_model.observations.vocabulary import BASES, MEASURES
from corridor_model.periods import Period
from corridor_model.plan.display import target_text
from corridor_model.plan.plan import Plan
from corridor_model.tabular.schema import SHEETS_ZH, TITLES_ZH

_STAGES = ("快报", "初步核算", "最终核实")
_STATES = ("已完成", "正常推进", "滞后", "暂缓", "未报送")
_FORM = (
    ("序号", 6),
    ("指标名称", 44),
    ("计量单位", 12),
    ("规划目标", 22),
    ("时期", 10),
    ("数值", 14),
    ("量别", 12),
    ("期别", 10),
    ("数据阶段", 12),
    ("发布日期", 12),
    ("来源", 28),
    ("上期数", 14),
    ("责任单位", 30),
    ("备注", 24),
)
_GUIDE = (
    "怎样填写 / How to fill this in",
    "1. 每行一个指标，只填“数值”；没有数据请留空，或写明原因（“预计10月下旬公布”“项目暂缓”），",
    "   不要填0。",
    "   One row an indicator; fill in 数值. Leave it empty, or say why there is none. Never 0.",
    "2. 期间数（生产总值、每年新增等）填1月以来累计；时点数、比率填期末值；",
    "   “累计”“新增”指标填2020年以来累计。",
    "   Flows run from January; stocks and ratios are the latest; counts run since 2020-01-01.",
    "3. 只报当月数请在“期别”选“当月”、“量别”选“当期新增”；只有增速请在“量别”选“同比增速”。",
    "   For a month by itself choose 当月 and 当期新增; for a growth without a level 同比增速.",
    "4. 时期写2021、2021Q3或2021-09。不要写2021.10：表格会存成2021.1。",
    "   Periods: 2021, 2021Q3 or 2021-09. A typed 2021.10 is stored as 2021.1 and refused.",
    "5. 数据修订：另起一行，填更晚的发布日期；原数保留。",
    "   A revision is a new row with a later date of publication; the former value stays.",
    "6. 填好后 / When it is filled in: corridor observe add 本文件 --source 来源",
)


def write_observation_template(
    plan: Plan,
    file: str | Path,
    as_of: int | str | Period,
    previous: str | Path | Observations | None = None,
) -> Path:
    """Write a workbook to collect figures in, and the list of what is missing by unit.

    Parameters
    ----------
    plan : Plan
        What is to be reported on.
    file : str or path
        An ``.xlsx`` file; an old one is replaced whole or not at all.
    as_of : int, str or Period
        The period that is due.
    previous : str, path or Observations, optional
        Last month's file or store: what it holds is not asked for again, and its latest
        figures stand beside.

    Returns
    -------
    pathlib.Path
        The file, which :func:`load_observations` and :func:`load_table` read once filled in.

    Raises
    ------
    CorridorError
        If the name is not that of an xlsx file, or it cannot be written.
    PlanError
        For mistakes in last month's file.
    """
    target = Path(file)
    if target.suffix.lower() != ".xlsx":
        raise CorridorError(f"{target.name}: a form is an .xlsx file. 填报表请用.xlsx。")
    end = Period.of(as_of)
    known = previous
    if previous is not None and not isinstance(previous, Observations):
        known = load_observations(previous, plan)
    observations = known if isinstance(known, Observations) else None
    due = sorted(missing(plan, observations, end), key=lambda d: d.units[:1] or ("\uffff",))
    with replacing(target) as temporary:
        _write(temporary, plan, observations, end, due)
    return target


def _write(
    path: Path, plan: Plan, observations: Observations | None, end: Period, due: Sequence[Due]
) -> None:
    import xlsxwriter

    plain_text = dict.fromkeys(
        ("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False
    )
    with xlsxwriter.Workbook(str(path), plain_text) as book:
        # the same content gives the same bytes
        book.set_properties({"created": datetime.datetime(2020, 1, 1)})
        styles = {
            "head": book.add_format(
                {
                    "bold": True,
                    "bg_color": "#DDE6EE",
                    "text_wrap": True,
                    "valign": "top",
                    "border": 1,
                }
            ),
            "fill": book.add_format({"bg_color": "#FFF8E1", "border": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _figures_sheet(book, styles, plan, observations, end, due)
        _reports_sheets(book, styles, due)
        _missing_sheet(book, styles, due)
        guide = book.add_worksheet("填写说明")
        guide.set_column(0, 0, 110)
        for row, line in enumerate(_GUIDE):
            guide.write_string(row, 0, line)


def _sheet(book: Any, styles: Any, title: str, columns: Sequence[tuple[str, int]]) -> Any:
    sheet = book.add_worksheet(title)
    for position, (name, width) in enumerate(columns):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, name, styles["head"])
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet


def _figures_sheet(
    book: Any,
    styles: Any,
    plan: Plan,
    observations: Observations | None,
    end: Period,
    due: Sequence[Due],
) -> None:
    sheet = _sheet(book, styles, SHEETS_ZH["observations"], _FORM)
    names = names_of(plan, "indicator")
    last = {name: history.latest for name, history in histories(plan, observations, end).items()}
    rows = [item for item in due if item.kind == "indicator"]
    place = {name: position for position, (name, _) in enumerate(_FORM)}
    for row, item in enumerate(rows, 1):
        indicator = plan.indicators[item.id]
        sheet.write_number(row, 0, row)
        # two indicators of one name are told apart by their ids
        shown = indicator.name_zh if names.find(indicator.name_zh) == item.id else item.id
        cells = {
            "指标名称": shown,
            "计量单位": indicator.unit,
            "规划目标": target_text(indicator, "zh"),
            "时期": str(item.period),
            "上期数": _last(last[item.id]),
            "责任单位": "、".join(item.units) or NOBODY,
        }
        for name, text in cells.items():
            sheet.write_string(row, place[name], text)
        for name in ("数值", "量别", "期别", "数据阶段", "发布日期", "来源", "备注"):
            sheet.write_blank(row, place[name], None, styles["fill"])
    lists = {
        "量别": [word for word in MEASURES if word != "水平值"],
        "期别": list(BASES),
        "数据阶段": list(_STAGES),
    }
    for name, words in lists.items():
        _choose(sheet, place[name], len(rows), words)
    sheet.autofilter(0, 0, max(1, len(rows)), len(_FORM) - 1)


def _last(point: Point | None) -> str:
    if point is None:
        return ""
    until = "" if point.months == 12 else f"-{point.months:02d}"
    return f"{point.value:g}（{point.year}{until}）"


def _choose(sheet: Any, column: int, rows: int, words: Sequence[str]) -> None:
    """Offer words to choose from; others are reported when the file is read."""
    if rows:
        sheet.data_validation(
            1,
            column,
            rows,
            column,
            {"validate": "list", "source": list(words), "ignore_blank": True},
        )


def _reports_sheets(book: Any, styles: Any, due: Sequence[Due]) -> None:
    names = ("invested_month", "invested_year", "invested_total")
    works = (
        ("项目", 44),
        ("时期", 10),
        *((f"{TITLES_ZH[name]}（亿元）", 16) for name in names),
        *((TITLES_ZH[name], 14) for name in ("started", "in_statistics")),
        *((TITLES_ZH[name], 28) for name in ("milestone", "problem", "next_step")),
        ("责任单位", 30),
    )
    sheet = _sheet(book, styles, SHEETS_ZH["work_reports"], works)
    rows = [item for item in due if item.kind == "work"]
    for row, item in enumerate(rows, 1):
        sheet.write_string(row, 0, item.name)
        sheet.write_string(row, 1, str(item.period))
        sheet.write_string(row, len(works) - 1, "、".join(item.units) or NOBODY)
    for position, (name, _) in enumerate(works):
        if name.startswith("是否"):
            _choose(sheet, position, len(rows), ("是", "否"))
    tasks = (
        ("任务", 14),
        ("事项", 40),
        ("日期", 12),
        ("状态", 12),
        ("进展情况", 60),
        ("责任单位", 30),
    )
    sheet = _sheet(book, styles, SHEETS_ZH["task_reports"], tasks)
    rows = [item for item in due if item.kind == "task"]
    for row, item in enumerate(rows, 1):
        for position, text in enumerate((item.id, item.name, item.period.last_day)):
            sheet.write_string(row, position, text)
        sheet.write_string(row, 5, "、".join(item.units) or NOBODY)
    _choose(sheet, 3, len(rows), _STATES)


def _missing_sheet(book: Any, styles: Any, due: Sequence[Due]) -> None:
    """Write what is missing, by unit; a unit's items stand together."""
    widths = (6, 50, 32, 12, 20, 20)
    sheet = _sheet(book, styles, "还缺什么", list(zip(HEADER, widths, strict=True)))
    for row, item in enumerate(due, 1):
        sheet.write_number(row, 0, row)
        texts = (item.name, "、".join(item.units) or NOBODY, str(item.period), item.reason)
        for position, text in enumerate((*texts, item.effect), 1):
            sheet.write_string(row, position, text, styles["text"])
    sheet.autofilter(0, 0, max(1, len(due)), len(HEADER) - 1)
