"""Words that offices write and what each means: all that is read in Chinese, as data.

One table a kind of word: headings, words for a figure, words in the place of a figure, states
of a task, stages of a statistic. A pattern may hit anywhere in a heading; the first of a table
that does decides. What is not in a table is not understood, and said to the user.
"""

from __future__ import annotations

import re

from corridor_model.tabular.cells import MISSING, narrow

# Headings: a role beside those of the schema begins with @.

FIGURES = frozenset({"value", "@period", "@month", "@ytd", "@end", "@growth"})
"""Roles of columns whose cells become figures."""

QUOTED = ("@completion", "@plan", "@note")
"""Roles of columns that speak of the figures beside them."""

IGNORED, UNKNOWN, PASSED = "@ignored", "@unknown", "@passed"
LAST, NAME, AREA = "@last", "@name", "@area"

_WORK_HEADINGS = (
    ("project", r"^(?:重点)?(?:项目|工程)(?:名称)?$"),
    ("@completion", r"完成率|完成比例|占.{0,8}计划|投资进度|完成(?:年度|全年)?计划"),
    (IGNORED, r"序时|[超欠]|上年|去年|同比"),
    (IGNORED, r"下月|(?:[本当]月|\d月|[本当]季度?).*(?:计划|目标|任务|预计)"),
    ("@plan", r"(?:年度|全年|\d{4}年).*(?:计划|目标)"),
    ("invested_total", r"(?:自?开工|建设以来).*累计|累计.*自?开工|^累计完成投资$"),
    ("invested_month", r"本月|当月|^\d{1,2}月.*完成"),
    ("invested_year", r"本年|年初|\d+-\d+月|今年|年度.*完成"),
    ("started", r"是否开工"),
    ("in_statistics", r"入统|纳统"),
    ("milestone", r"形象进度|进展情况"),
    ("problem", r"存在.*问题|困难"),
    ("next_step", r"下.*步.*(?:计划|安排|打算)"),
    ("unit", r"^(?:填报|报送)单位$"),
    (IGNORED, r"^(?:序号|类别|建设规模|起止年限|建设年限|总投资|评价|备注|.*单位\*?|.*人)$"),
)
_TASK_HEADINGS = (
    ("task", r"^(?:重点)?(?:任务|工作)(?:名称)?$"),
    ("sentence", r"进展"),
    ("date", r"截至|时间点"),
    ("state", r"^(?:状态|评价|进度评价)$"),
    (IGNORED, r"^(?:序号|事项|完成时限|区块|备注|.*单位\*?|.*人)$"),
)
_YEAR_HEADINGS = (
    ("project", r"^(?:项目|工程)(?:名称)?$"),
    ("@year", r"^\d{4}年?(?:度?(?:分解目标|目标|计划|计划投资|投资))?$"),
    ("unit", r"^(?:计量)?单位$"),
    (IGNORED, r"^(?:序号|备注|类别|总投资|.*单位\*?)$"),
)
HEADINGS = {
    "work_reports": _WORK_HEADINGS,
    "task_reports": _TASK_HEADINGS,
    "annual_targets": _YEAR_HEADINGS,
    "annual_investment": _YEAR_HEADINGS,
}
"""What the headings of each table of the schema mean, besides its own titles."""

PERIOD_IN_HEADING = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}-\d{1,2}月|\d{1,2}月|前[一二三123]季度|[一二三四]季度|上半年|全年)"
)
WITHIN_YEAR = re.compile(r"本年|今年|年初|\d\s*+[—–―~至-]\s*+\d++月|前.季度|上半年")
"""What in a heading says that a count runs since January, not since the plan began."""

PARTS_OF_YEAR = {
    **dict.fromkeys(("月份", "月", "月别", "统计月份", "所属月份", "报告月份", "month"), "月"),
    **dict.fromkeys(("季度", "季", "季别", "统计季度", "所属季度", "quarter"), "季度"),
}
"""Titles of a column that says the month or quarter of a year, and what a bare number there is."""

BASIS_OF_ROLE = {"@month": "month", "@ytd": "ytd", "@end": "end"}

# The text of a figure, and the words of the forms for its measure, basis and stage.

CHANGE = re.compile(
    r"(?:同比|[比较](?:上年|去年)(?:同期)?)?"
    r"(?P<sign>负增长|增长|增加|上升|提高|提升|上涨|下降|减少|降低|回落|下滑|下跌|收窄|增|升|降|减)了?\s*"
    r"(?P<value>[\d.]+)\s*(?P<unit>%|个?百分点)"
)
FALLS = frozenset({"负增长", "下降", "减少", "降低", "回落", "下滑", "下跌", "收窄", "降", "减"})
POINTS = frozenset({"个百分点", "百分点"})
REACHED = {
    **dict.fromkeys(("是", "已完成", "完成", "√", "✓", "yes", "建成"), "1"),
    **dict.fromkeys(("否", "未完成", "×", "✗", "no"), "0"),
    **dict.fromkeys(("正在推进", "推进中", "正常推进", "进行中", "在建", "建设中", "未建成"), "0"),
}
"""Words for a milestone, reached or not; one that is under way is not reached."""

MEASURES = {
    "水平": "level",
    "水平值": "level",
    "当期新增": "addition",
    "同比增速": "growth",
    "年均增速": "average_growth",
    "较基期变化": "change",
    "完成": "done",
}
BASES = {"全年": "year", "累计": "ytd", "当月": "month", "当期": "month", "期末": "end"}
"""Words of the forms; those of the schema hold too."""

STAGES = {"快报": 1, "初步核算": 2, "最终核实": 3}
"""Stages of a statistic, weakest first."""

# Words that stand where a figure is expected, and what they mean: never 0, never N/A.

PAUSED = re.compile(r"暂缓|暂停|停工|停建|缓建")
_REASONS = (
    ("paused", PAUSED),
    ("not_started", re.compile(r"未启动|未开工|未实施|未动工")),
    (
        "not_due_yet",
        re.compile(r"预计.*(?:公布|发布|反馈|出)|(?:未|待|尚未)(?:公布|发布|反馈)|年度指标|年报"),
    ),
    (
        "not_reported",
        re.compile(
            r"未报送?|未上报|未填报|漏报|缺报|[暂空]缺|缺数|[待未]统计|待核[实定算]|无数据|未掌握|未取得"
        ),
    ),
)
"""Why there is no figure."""


def reason_for(text: str) -> str | None:
    """Return why a cell holds no figure, or None where it should hold one.

    Examples
    --------
    >>> reason_for("预计10月下旬公布"), reason_for("项目暂缓"), reason_for("——"), reason_for("3.5")
    ('not_due_yet', 'paused', 'not_reported', None)
    """
    word = re.sub(r"[\s\ufeff]", "", narrow(text))
    if text.strip() in MISSING or word in MISSING:
        return "not_reported"
    word = word[:LONGEST_WORD]
    return next((reason for reason, pattern in _REASONS if pattern.search(word)), None)


# Names: what is forgiven around them, and the places of tasks.

DROPPED = re.compile("[\\s\"'“”‘’《》「」·*★]")
NUMBERING = re.compile(
    r"^(?:其中[:：]?|#|\(?[一二三四五六七八九十]+[)、.]|\(\d{1,3}\)|\d{1,3}[、.．])"
)
BRACKET = re.compile(r"\([^()]*\)$")
ANNEXES = {1: "一", 2: "二", 3: "三", 4: "四"}

# States of a task.

_STATES = {
    "done": ("已完成", "完成", "办结", "已办结", "提前完成", "√"),
    "on_schedule": (
        "按序时推进",
        "正常推进",
        "推进中",
        "按计划推进",
        "正常",
        "符合序时",
        "基本符合预期",
    ),
    "behind": ("滞后", "进度滞后", "落后", "逾期", "未达序时"),
    "paused": ("暂缓", "暂停", "停工"),
    "not_reported": ("未报送", "未报", "未上报"),
}


LONGEST_WORD = 300
"""Characters of a figure, a name or a heading: longer texts are not looked into for a meaning."""

STATES_OF_FORM = ("已完成", "正常推进", "滞后", "暂缓", "未报送")
"""One word for each, as the form offers them."""

YES_NO = ("是", "否")


def state_of(text: str) -> str:
    """Return the state of a task that an office's word means, or the word itself.

    Examples
    --------
    >>> state_of("进度滞后"), state_of("on_schedule"), state_of("差不多")
    ('behind', 'on_schedule', '差不多')
    """
    word = re.sub(r"\s", "", narrow(text))
    return next((state for state, words in _STATES.items() if word in words), text.strip())
