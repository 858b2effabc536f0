"""The tables of a plan: every column, its type, its constraints and its links.

This is the one place that says what a plan looks like on disk. ``datapackage.json``
is written from it (:mod:`corridor_model.plan.save`), checks read it, records follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor_model.codes import KINDS, ORIGINS, SENSES

ColumnType = Literal["text", "list", "number", "integer", "year", "date", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Header in the file.
    type : str
        ``text``; ``list`` (parts separated by ``;``); ``number``; ``integer``; ``year``;
        ``date`` (``2020``, ``2020-05`` or ``2020-05-31``: the precision is what was printed);
        ``flag`` (``yes`` | ``no``); ``choice``.
    required : bool
        Whether an empty cell is a mistake.
    choices : tuple of str
        The allowed words of a ``choice``.
    links : str
        ``table.column`` that each value must exist in.
    meaning : str
        What stands here, for people and for the data package.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    links: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns, the columns that make a row unique, and its purpose."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    meaning: str
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(column.name for column in self.columns)


def _text(name: str, meaning: str = "", required: bool = False, links: str = "") -> Column:
    return Column(name, "text", required, links=links, meaning=meaning)


def _list(name: str, meaning: str, links: str = "") -> Column:
    return Column(name, "list", links=links, meaning=meaning)


def _number(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "number", required, meaning=meaning)


def _integer(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "integer", required, meaning=meaning)


def _year(name: str, meaning: str = "", required: bool = True) -> Column:
    return Column(name, "year", required, meaning=meaning)


def _date(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "date", required, meaning=meaning)


def _choice(
    name: str, choices: tuple[str, ...], meaning: str = "", required: bool = False
) -> Column:
    return Column(name, "choice", required, choices, meaning=meaning)


_ID = _text("id", "short English slug", required=True)
_INDICATOR = _text("indicator", "id of an indicator", required=True, links="indicators.id")
_PROJECT = _text("project", "id of a work", required=True, links="projects.id")
_ORIGIN = _choice("origin", ORIGINS, "how the number came to be, strongest first", required=True)
_SOURCE = _text("source", "where the number can be looked up")
_LEAD = _list("lead_units", "responsible units that lead, as printed", links="units.name")
_OTHER = _list("other_units", "the other responsible units, as printed", links="units.name")
_NAMES = (_text("name_zh", required=True), _text("name_en"))

_TABLES = (
    TableSchema(
        "about",
        (
            _ID,
            *_NAMES,
            _year("first_year", "first year of the plan"),
            _year("last_year", "last year of the plan, and the horizon of its money"),
            _date("issued", "date of issue"),
            _text("number", "document number"),
            _SOURCE,
        ),
        ("id",),
        "the plan itself, one row",
        required=True,
    ),
    TableSchema("groups", (_ID, *_NAMES), ("id",), "headings under which indicators stand"),
    TableSchema(
        "areas", (_ID, *_NAMES), ("id",), "areas, blocks and institutes a promise speaks of"
    ),
    TableSchema(
        "indicators",
        (
            _ID,
            *_NAMES,
            _text("group", "id of a group", links="groups.id"),
            _choice("kind", KINDS, "how the target is meant (S4)", required=True),
            _text("unit", "unit of target, baselines and observations"),
            _choice("nature", ("stock", "flow", "ratio", "rank", "event")),
            _choice("price_basis", ("nominal", "real"), "for money; empty where not printed"),
            _choice("average_method", ("水平法", "累计法"), "for average growth"),
            _text("scope", "id of an area", links="areas.id"),
            _choice(
                "binding", ("binding", "expected"), "约束性 or 预期性; empty where not printed"
            ),
        ),
        ("id",),
        "what is measured",
        required=True,
    ),
    TableSchema(
        "targets",
        (
            _INDICATOR,
            _number("value", required=True),
            _choice("sense", SENSES, "the direction is data, never guessed (S3)", required=True),
            _year("year", "calendar year by whose end it is due"),
            _integer("month", "month by whose end it is due, where printed"),
            _text("any_of", "targets that share this word are one promise: any of them will do"),
            _list("places", "every place in the document that prints it"),
        ),
        ("indicator", "value", "sense", "year", "month"),
        "what is promised",
        required=True,
    ),
    TableSchema(
        "baselines",
        (
            _INDICATOR,
            _year("year"),
            _number("value", required=True),
            _text("unit"),
            _ORIGIN,
            _text("series", "vintage of the statistic; two vintages are two series (S10)"),
            _SOURCE,
            _choice("confidence", ("high", "medium", "low")),
            _text("note"),
        ),
        ("indicator", "year", "series"),
        "where each indicator started, as far as known",
    ),
    TableSchema(
        "observations",
        (
            _INDICATOR,
            _text("period", "2021, 2021H1, 2021Q3 or 2021-09", required=True),
            _choice("measure", ("level", "addition", "growth", "done")),
            _choice("basis", ("year", "ytd", "month", "end")),
            _number("value", required=True),
            _text("unit"),
            _choice("stage", ("快报", "初步核算", "最终核实")),
            _text("series"),
            _date("published"),
            _SOURCE,
            _choice("origin", ORIGINS, "S5; empty means published"),
        ),
        ("indicator", "period", "measure", "basis", "series", "published"),
        "what the statistics say; append-only",
    ),
    TableSchema(
        "annual_targets",
        (_INDICATOR, _year("year"), _number("value", required=True), _ORIGIN),
        ("indicator", "year"),
        "年度分解目标",
    ),
    TableSchema(
        "target_revisions",
        (
            _INDICATOR,
            _date("valid_from", "day from which the revision holds", required=True),
            _number("value", "the new target; empty where it was withdrawn"),
            _year("year", "new deadline; empty keeps the old one", required=False),
            _choice("sense", SENSES, "new direction; empty keeps the old one"),
            _SOURCE,
        ),
        ("indicator", "valid_from"),
        "targets revised while the plan runs; the first ones stay in targets",
    ),
    TableSchema(
        "projects",
        (
            _ID,
            _integer("table", "annex table", required=True),
            _integer("row", "row in it", required=True),
            _integer("part", "phase or part of the row, where it has several"),
            *_NAMES,
            _choice("category", ("road", "public_transport", "environment"), required=True),
            _text("class", "two-ring road, link road ..."),
            _number("length_km", "length as printed"),
            _number("length_in_area_km", "road length that its end opens inside the area"),
            Column("opens", "flag", meaning="whether its end opens a road"),
            _date("start", "at the precision printed"),
            _date("end", "at the precision printed"),
            _number("investment", "total, 亿元; empty where unknown (视情而定)"),
            _LEAD,
            _OTHER,
            _text("note"),
        ),
        ("id",),
        "works",
    ),
    TableSchema(
        "annual_investment",
        (_PROJECT, _year("year"), _number("value", "亿元", required=True), _ORIGIN),
        ("project", "year"),
        "年度计划投资",
    ),
    TableSchema(
        "tasks",
        (
            _ID,
            _integer("table", "annex table, 1-4", required=True),
            _integer("row", required=True),
            _integer("part", "task cell within a row that has several"),
            _text("area", "id of an area", links="areas.id"),
            _text("name", "name or scene as printed", required=True),
            _date("deadline", "at the precision printed"),
            _list("indicators", "targets the task carries", links="indicators.id"),
            _LEAD,
            _OTHER,
            _text("summary_en", "short English summary of our own"),
        ),
        ("id",),
        "tasks of the annex tables",
    ),
    TableSchema(
        "work_reports",
        (
            _PROJECT,
            _text("period", required=True),
            _number("invested_month", "亿元"),
            _number("invested_year", "亿元, since 1 January"),
            _number("invested_total", "亿元, since the start of the work"),
            _text("milestone", "形象进度"),
            Column("started", "flag"),
            Column("in_statistics", "flag", meaning="入统"),
            _text("problem"),
            _text("next_step"),
            _text("unit", "who reports", links="units.name"),
            _date("published"),
        ),
        ("project", "period", "published"),
        "reports on works",
    ),
    TableSchema(
        "task_reports",
        (
            _text("task", "id of a task", required=True, links="tasks.id"),
            _date("date", required=True),
            _choice(
                "state", ("done", "on_schedule", "behind", "paused", "not_reported"), required=True
            ),
            _text("sentence"),
        ),
        ("task", "date"),
        "reports on tasks",
    ),
    TableSchema(
        "units",
        (
            _text("name", required=True),
            _list("aliases", "other names of the same office"),
            _date("valid_from"),
            _date("valid_to"),
        ),
        ("name",),
        "responsible units",
    ),
    TableSchema(
        "conflicts",
        (
            _ID,
            _text("subject", required=True),
            _list("readings", "every reading, each with its place"),
            _text("used", "the reading the data follows", required=True),
            _text("reason", required=True),
            _list("places", "places in the document"),
        ),
        ("id",),
        "where the document contradicts itself or stays silent",
    ),
    TableSchema(
        "effects",
        (
            _text("target", "a work, a category of works, or all", required=True),
            _INDICATOR,
            _number("per_unit", "change of the indicator per 亿元 carried out", required=True),
            _number("lag", "whole years until it shows; empty is 0"),
            _number("decay", "share of the effect lost a year, 0 to 1; empty is 1"),
            _ORIGIN,
            _SOURCE,
        ),
        ("target", "indicator"),
        "how works move indicators",
    ),
    TableSchema(
        "uncertainties",
        (
            _text("target", "an indicator or a work", required=True),
            _text("field", required=True),
            _text("distribution", required=True),
            _ORIGIN,
            _SOURCE,
        ),
        ("target", "field"),
        "distributions in place of the default forecast",
    ),
    TableSchema(
        "correlations",
        (
            _INDICATOR,
            _text("factor", required=True),
            _number("loading", required=True),
            _ORIGIN,
            _SOURCE,
        ),
        ("indicator", "factor"),
        "loadings of the common factor",
    ),
    TableSchema(
        "design_columns",
        (
            _text(
                "input", "an input of a sensitivity study, such as delay:some_road", required=True
            ),
            _integer("column", "its place in the design, from 0", required=True),
        ),
        ("input",),
        "places of inputs in sensitivity designs, so that another input leaves their points alone",
    ),
)

TABLES: dict[str, TableSchema] = {table.name: table for table in _TABLES}


# Chinese titles of a workbook's sheets.

SHEETS_ZH = {
    "about": "计划",
    "groups": "指标类别",
    "areas": "区块",
    "indicators": "指标",
    "targets": "目标",
    "baselines": "基期",
    "observations": "监测数据",
    "annual_targets": "年度分解目标",
    "target_revisions": "目标调整",
    "projects": "项目",
    "annual_investment": "年度计划投资",
    "tasks": "任务",
    "work_reports": "项目进展",
    "task_reports": "任务进展",
    "units": "责任单位",
    "conflicts": "疑义",
    "effects": "项目影响",
    "uncertainties": "不确定性",
    "correlations": "相关性",
    "design_columns": "抽样列",
}
"""By table name; a sheet may carry either."""


# The words of choice columns as an office writes them in Chinese.

CHOICES_ZH: dict[str, tuple[str, ...]] = {
    "level": ("水平值", "水平"),
    "share": ("占比",),
    "ratio": ("比率",),
    "growth": ("年均增速", "增速"),
    "cumulative": ("累计新增", "累计"),
    "annual": ("每年", "每年下限"),
    "rank": ("位次", "排名"),
    "milestone": ("节点",),
    "completion": ("完成进度", "进度"),
    "at_least": ("不低于", "不少于", "以上", "达到", "≥", ">="),
    "at_most": ("不高于", "不超过", "以内", "≤", "<="),
    "exactly": ("等于", "="),
    "document": ("文件",),
    "definition": ("定义", "按口径为零"),
    "published": ("公开发布",),
    "user": ("本单位填报", "填报"),
    "literature": ("文献",),
    "assumed": ("假设",),
    "stock": ("存量", "期末数"),
    "flow": ("流量", "期间数"),
    "event": ("事件",),
    "nominal": ("现价", "名义"),
    "real": ("可比价", "不变价"),
    "binding": ("约束性",),
    "expected": ("预期性",),
    "high": ("高",),
    "medium": ("中",),
    "low": ("低",),
    "road": ("道路", "公路"),
    "public_transport": ("公共交通", "公交"),
    "environment": ("环境整治", "环境"),
    "addition": ("新增",),
    "done": ("完成", "已完成"),
    "year": ("全年",),
    "ytd": ("累计", "本年累计"),
    "month": ("当月", "本月"),
    "end": ("期末",),
    "on_schedule": ("按序时", "正常推进"),
    "behind": ("滞后",),
    "paused": ("暂缓",),
    "not_reported": ("未报送",),
}
"""By the word in the schema; the first one is shown in messages."""


def synonyms(choices: tuple[str, ...]) -> dict[str, str]:
    """Return every way to write one of the choices, in lower case, by what it means.

    Examples
    --------
    >>> synonyms(("at_least", "at_most"))["不低于"]
    'at_least'
    """
    known = {said: choice for choice in choices for said in CHOICES_ZH.get(choice, ())}
    return known | {choice.lower(): choice for choice in choices}


def listed_zh(choices: tuple[str, ...]) -> str:
    """Return the choices for a Chinese message: ``不低于（at_least）``."""
    return "、".join(
        f"{CHOICES_ZH[choice][0]}（{choice}）" if choice in CHOICES_ZH else choice
        for choice in choices
    )


TITLES_ZH: dict[str, str] = {
    "id": "编号",
    "name_zh": "名称",
    "name_en": "英文名称",
    "name": "名称",
    "group": "类别",
    "kind": "目标类型",
    "unit": "计量单位",
    "nature": "性质",
    "price_basis": "价格口径",
    "average_method": "平均方法",
    "scope": "范围",
    "binding": "约束性",
    "indicator": "指标",
    "value": "数值",
    "sense": "方向",
    "year": "年份",
    "month": "月份",
    "any_of": "任选组",
    "places": "出处",
    "origin": "数据性质",
    "series": "口径",
    "source": "来源",
    "confidence": "可信度",
    "note": "备注",
    "first_year": "起始年份",
    "last_year": "目标年份",
    "issued": "印发日期",
    "number": "文号",
    "period": "时期",
    "measure": "量别",
    "basis": "期别",
    "stage": "数据阶段",
    "published": "发布日期",
    "table": "表",
    "row": "序号",
    "part": "分项",
    "category": "项目类别",
    "class": "道路类别",
    "length_km": "长度",
    "length_in_area_km": "区内长度",
    "opens": "建成通车",
    "start": "开工时间",
    "end": "完工时间",
    "investment": "总投资",
    "lead_units": "牵头单位",
    "other_units": "配合单位",
    "area": "区块",
    "deadline": "完成时限",
    "indicators": "对应指标",
    "summary_en": "英文摘要",
    "project": "项目",
    "task": "任务",
    "invested_month": "本月完成投资",
    "invested_year": "本年累计完成投资",
    "invested_total": "自开工累计完成投资",
    "milestone": "形象进度",
    "started": "是否开工",
    "in_statistics": "是否入统",
    "problem": "存在问题",
    "next_step": "下步计划",
    "date": "日期",
    "state": "状态",
    "sentence": "进展情况",
    "aliases": "别名",
    "valid_from": "启用日期",
    "valid_to": "停用日期",
    "subject": "事项",
    "readings": "各处表述",
    "used": "采用",
    "reason": "理由",
    "target": "对象",
    "per_unit": "每亿元影响",
    "lag": "滞后年数",
    "decay": "衰减率",
    "field": "字段",
    "distribution": "分布",
    "factor": "因子",
    "loading": "载荷",
    "input": "输入",
    "column": "列号",
}
