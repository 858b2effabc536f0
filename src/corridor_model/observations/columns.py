"""What each column of a file holds: columns of the schema, and those of office bulletins.

A bulletin prints one row an indicator and one column a way of counting: 本月, 累计, 同比,
完成率. Its header may be merged over two or three rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corridor_model.observations.grids import Grid
from corridor_model.observations.periods import Period, read_period
from corridor_model.plan.cells import CellError
from corridor_model.plan.headers import column_of, split_header
from corridor_model.plan.schema import TABLES
from corridor_model.plan.sheets import HEADER_DEPTH

VALUES = frozenset({"value", "@period", "@month", "@ytd", "@end", "@growth"})
"""Columns whose cells become figures."""

IGNORED, UNKNOWN = "@ignored", "@unknown"

_COMMON = (
    (
        "@completion",
        r"完成率|完成比例|完成进度|占.{0,8}(?:计划|目标|任务)|完成(?:年度|全年)?(?:计划|目标|任务)",
    ),
    (IGNORED, r"序时|[超欠]|两年平均|剩余|上年|上期|去年|环比|位次变化|排名变化"),
    (
        IGNORED,
        r"^(?:序号|事项|评价|上月评价|类别|建设规模|起止年限|建设年限|板块|性质|.*单位\*?|.*人)$",
    ),
    ("@note", r"备注|说明|进展|原因"),
)
_OBSERVED = (
    *_COMMON,
    ("@growth", r"同比|增速|增长|增幅|±"),
    ("@plan", r"(?:目标|计划|任务)(?:值|数|量)?$"),
    ("@month", r"本月|当月|当季|本季|^\d{1,2}月"),
    ("@ytd", r"累计.*期末|期末.*累计"),
    ("@end", r"期末|月末|季末|年末|时点"),
    ("@ytd", r"累计|本年|年初|\d+-\d+月|前.季度|上半年|全年|本期"),
)
_WORKS = (
    ("project", r"^(?:重点)?(?:项目|工程)(?:名称)?$"),
    ("@completion", r"完成率|完成比例|占.{0,8}计划|投资进度|完成(?:年度|全年)?计划"),
    (IGNORED, r"序时|[超欠]|上年|去年|同比"),
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
_TASKS = (
    ("task", r"^(?:重点)?(?:任务|工作)(?:名称)?$"),
    ("sentence", r"进展"),
    ("date", r"截至|时间点"),
    ("state", r"^(?:状态|评价|进度评价)$"),
    (IGNORED, r"^(?:序号|事项|完成时限|区块|备注|.*单位\*?|.*人)$"),
)
_YEARS = (
    ("project", r"^(?:项目|工程)(?:名称)?$"),
    ("@year", r"^\d{4}年?(?:度?(?:分解目标|目标|计划|计划投资|投资))?$"),
    ("unit", r"^(?:计量)?单位$"),
    (IGNORED, r"^(?:序号|备注|类别|总投资|.*单位\*?)$"),
)
_WORDS = {
    "observations": _OBSERVED,
    "work_reports": _WORKS,
    "task_reports": _TASKS,
    "annual_targets": _YEARS,
    "annual_investment": _YEARS,
}
_SPAN = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}-\d{1,2}月|\d{1,2}月|前[一二三123]季度|[一二三四]季度|上半年|全年)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: what it holds and what its title says of unit and period.

    Attributes
    ----------
    position : int
        Its place in the row.
    role : str
        A column of the schema, or one of the words with ``@``.
    title : str
        As printed, for messages.
    unit : str
        Unit in the title, or empty.
    span : str
        Period in the title, perhaps without a year, or empty.
    follows : str
        Role of the figure that a growth column speaks of.
    """

    position: int
    role: str
    title: str
    unit: str = ""
    span: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what its columns hold; ``row`` is -1 where there is none."""

    row: int
    depth: int
    headings: tuple[Heading, ...]

    def of(self, role: str) -> Heading | None:
        """Return the column with a role, or None."""
        return next((heading for heading in self.headings if heading.role == role), None)

    def title(self, role: str) -> str:
        """Return the title of a column as printed, or the role where the file has none."""
        heading = self.of(role)
        return heading.title if heading else role


def find_header(grid: Grid, name: str) -> Header:
    """Return the header: the rows in which the most columns are understood.

    Parameters
    ----------
    grid : Grid
        Text of the file.
    name : str
        Table of the schema.
    """
    best = ((1, 0), Header(-1, 1, ()))
    for row in range(min(HEADER_DEPTH, len(grid.top))):
        for depth in (1, 2, 3):
            if row + depth > len(grid.top):
                break
            headings = _headings(grid.top[row : row + depth], name)
            known = {
                (heading.role, heading.span, heading.follows)
                for heading in headings
                if heading.role != UNKNOWN
            }
            if (len(known), -depth) > best[0]:
                best = ((len(known), -depth), Header(row, depth, headings))
    return best[1]


def _headings(rows: Sequence[Sequence[str]], name: str) -> tuple[Heading, ...]:
    headings: list[Heading] = []
    upper = [_carried(row) for row in rows[:-1]]
    for position, cells in enumerate(zip(*upper, rows[-1], strict=True)):
        texts = list(dict.fromkeys(text for text in map(str.strip, cells) if text))
        if not texts:
            continue
        heading = _heading(position, texts, name)
        if heading.role == "@growth":
            own = _role("".join(texts[:-1]), _OBSERVED) if len(texts) > 1 else UNKNOWN
            left = next((h for h in reversed(headings) if h.role in VALUES - {"@growth"}), None)
            follows = own if own in VALUES else (left.role if left else "@ytd")
            span = heading.span or (left.span if left and follows == left.role else "")
            heading = Heading(position, heading.role, heading.title, heading.unit, span, follows)
        headings.append(heading)
    return tuple(headings)


def _carried(row: Sequence[str]) -> list[str]:
    """Return an upper header row with each title carried over the empty cells to its right."""
    if len({text.strip() for text in row} - {""}) < 2:
        return [""] * len(row)  # a title over the whole table
    carried: list[str] = []
    last = ""
    for text in row:
        last = text.strip() or last
        carried.append(last)
    return carried


def _heading(position: int, texts: list[str], name: str) -> Heading:
    titles, units = zip(*map(split_header, texts), strict=True)
    unit = next((text for text in reversed(units) if text), "").lstrip("±+-")
    joined = "".join(titles)
    shown = "/".join(texts)
    for text in reversed(titles):
        found = column_of(text, (*TABLES[name].names, "year"))
        if found is not None and not (found == "unit" and "责任" in joined):
            return Heading(position, found, shown, unit)
    narrow = re.sub("[—–―~至]+(?=\\d)", "-", joined)
    span = _SPAN.search(narrow)
    if name == "observations" and (period := _as_period(joined)) is not None:
        return Heading(position, "@period", shown, unit, str(period))
    role = _role(narrow, _WORDS[name])
    said = narrow[:4] if role == "@year" else (span.group() if span else "")
    return Heading(position, role, shown, unit, said)


def _role(joined: str, words: Sequence[tuple[str, str]]) -> str:
    narrow = re.sub("[—–―~至]+(?=\\d)", "-", joined)
    return next((role for role, pattern in words if re.search(pattern, narrow)), UNKNOWN)


def _as_period(title: str) -> Period | None:
    """Return the period that a title is, year included, or None."""
    try:
        return read_period(title)
    except CellError:
        return None
