"""Column headers as people write them: Chinese titles, and units in brackets.

Files may use the schema's English names or these Chinese titles; templates and workbooks
print both.
"""

from __future__ import annotations

import re
import unicodedata

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

_SYNONYMS_ZH: dict[str, tuple[str, ...]] = {
    "unit": ("单位",),
    "indicator": ("指标名称", "指标编号"),
    "name_zh": ("指标名称", "项目名称", "中文名称"),
    "name": ("任务名称", "单位名称"),
    "value": ("目标值", "基期值", "指标值", "本期值", "完成值"),
    "year": ("年度", "基期", "年"),
    "source": ("数据来源", "依据"),
    "note": ("说明",),
    "investment": ("投资额", "投资总额"),
    "project": ("项目编号",),
    "period": ("报告期", "期间"),
}

_BRACKET = re.compile(r"[(\[【](?:单位:)?([^()\[\]【】]++)[)\]】]$")


def split_header(cell: str) -> tuple[str, str]:
    """Return the title without blanks and the unit in its bracket, if any.

    Examples
    --------
    >>> split_header("总投资（万元）")
    ('总投资', '万元')
    """
    if cell.isidentifier() and cell.isascii():
        return cell, ""
    text = "".join(unicodedata.normalize("NFKC", cell).replace("\ufeff", "").split())
    found = _BRACKET.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def column_of(title: str, names: tuple[str, ...]) -> str | None:
    """Return which of the schema's columns a header means, or None."""
    word = title.lower()
    if word in names:
        return word
    for name in names:
        if title == TITLES_ZH.get(name):
            return name
    for name in names:
        if title in _SYNONYMS_ZH.get(name, ()):
            return name
    return None
