"""What each column of a file holds: columns of the schema, and those of office bulletins.

A bulletin prints one row an indicator and one column a way of counting: 本月, 累计, 同比,
完成率. Its header may be merged over two or three rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corridor_model import units
from corridor_model.errors import CellError, Problem, two_language_problem
from corridor_model.observations.model import Remark
from corridor_model.observations.names import Names
from corridor_model.observations.semantics import adds_up, is_flow
from corridor_model.periods import Period, read_period
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.tabular import workbooks
from corridor_model.tabular.cells import MISSING, parse_year
from corridor_model.tabular.headers import (
    HEADER_DEPTH,
    column_of,
    is_total,
    split_header,
    unit_above,
    units_row,
)
from corridor_model.tabular.readers import RawTable
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.workbooks import Grid

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


# Rows of a file as entries of one table of the schema, one figure each.

_TITLE_PERIOD = re.compile(
    r"(?:截至|截止)?到?(\d{4})年(?:度|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2}月|\d{1,2}月|前[一二三]季度"
    r"|[一二三四]季度|上半年)?"
)
_BASES = {"@month": "month", "@ytd": "ytd", "@end": "end", "@period": "", "value": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table to be, as text, and the cell its figure stood in."""

    line: int
    title: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a row of a bulletin says of itself: completion, the year's plan, a note."""

    line: int
    completion: str = ""
    plan: str = ""
    note: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the table: its period, and the unit of its money."""

    period: Period | None
    unit: str
    column_units: Mapping[int, str]
    body: int


def around_entries(grid: Grid, header: Header, period: Period | None) -> Around:
    """Return what the lines above and the row of units below the header say."""
    below = header.row + header.depth
    above = grid.rows[: header.row]
    units, skip = units_row(grid.rows[below]) if below < len(grid.rows) else ({}, False)
    return Around(
        period or _title_period(above),
        unit_above(grid.rows[:below]),
        units,
        below + (1 if skip else 0),
    )


def _title_period(rows: Iterable[Sequence[str]]) -> Period | None:
    """Return the period that a title prints, such as 截至2021年9月底."""
    for row in rows:
        for cell in row:
            text = re.sub("[—–―~至到]+(?=\\d)", "-", re.sub(r"\s", "", _narrow(cell)))
            for found in _TITLE_PERIOD.finditer(text):
                try:
                    return read_period(found.group().lstrip("截至止到-"))
                except CellError:
                    continue
    return None


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def body_rows(grid: Grid, start: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows below the header with their line, without sums and notes."""
    for line, row in zip(grid.lines[start:], grid.rows[start:], strict=True):
        if any(cell.strip() for cell in row) and not is_total(row):
            yield line, row


def cell(row: Sequence[str], heading: Heading | None) -> str:
    """Return the text of a column in a row, empty where the row is too short."""
    if heading is None or heading.position >= len(row):
        return ""
    return row[heading.position]


def plain_cells(row: Sequence[str], header: Header, name: str) -> dict[str, str]:
    """Return the cells of the columns that the schema has."""
    return {
        heading.role: cell(row, heading)
        for heading in header.headings
        if heading.role in TABLES[name].names
    }


def quoted(line: int, row: Sequence[str], header: Header) -> Quoted:
    """Return what the row says of itself."""
    parts = {role: header.of(f"@{role}") for role in ("completion", "plan", "note")}
    return Quoted(
        line,
        **{role: cell(row, heading).strip() for role, heading in parts.items()},
        titles={role: heading.title for role, heading in parts.items() if heading},
    )


def figures_entries(row: Sequence[str], header: Header) -> list[Heading]:
    """Return the columns of a row whose cells become figures."""
    return [heading for heading in header.headings if heading.role in VALUES]


def period_text(
    heading: Heading, row_period: str, row_year: int | None, known: Period | None
) -> str:
    """Return the period of a figure in canonical form, or empty where nothing says it.

    The row's own period comes first, then the column's title, then the table's title; a year
    in the row stands above the one in the title.

    Raises
    ------
    CellError
        If it cannot be read.
    """
    said = row_period.strip() or heading.span
    if said:
        has_year = re.match(r"\D{0,3}\d{4}", _narrow(said)) is not None
        year = row_year if has_year or row_year is not None else (known.year if known else None)
        found = read_period(said, year)
    elif row_year is not None:
        found = Period(row_year, 12)
    elif known is not None and "@month" in {heading.role, heading.follows}:
        found = Period(known.year, known.month, 3 if "季" in heading.title else 1)
    else:
        found = known
    return "" if found is None else str(found)


def basis_of(heading: Heading) -> str:
    """Return the basis that a column of a bulletin stands for, or empty."""
    role = heading.follows or heading.role
    return _BASES.get(role, "")


def unknown_columns(grid: Grid, header: Header, name: str) -> Iterator[Problem]:
    """Yield the columns that nobody understands; a column to be passed over is named 备注."""
    known = "、".join(TABLES[name].names)
    for heading in header.headings:
        if heading.role == UNKNOWN:
            yield two_language_problem(
                f"不认识“{heading.title}”列。",
                f"unknown column {heading.title!r}.",
                f"可用的列：{known}；或本月、累计、同比、完成率、备注。",
                f"Known: {known.replace('、', ', ')}; or 本月, 累计, 同比, 完成率, 备注.",
                grid.file,
                grid.lines[header.row],
                heading.title,
            )
    seen: set[tuple[str, str, str]] = set()
    for heading in header.headings:
        mark = (heading.role, heading.span, heading.follows)
        if heading.role not in {UNKNOWN, IGNORED, "@note"} and mark in seen:
            yield two_language_problem(
                f"“{heading.title}”列出现两次。",
                f"{heading.title!r} appears twice.",
                "请删去其中一列。",
                "Remove one of the two.",
                grid.file,
                grid.lines[header.row],
                heading.title,
            )
        seen.add(mark)


def as_raw(entries: Sequence[Entry], name: str, file: str) -> RawTable:
    """Return entries as the text table of the schema; each has a line of its own."""
    names = TABLES[name].names
    rows = [[entry.cells.get(column, "") for column in names] for entry in entries]
    return RawTable(file, names, rows, range(len(entries)))


def placed(problem: Problem, entries: Sequence[Entry], header: Header) -> Problem:
    """Return a problem of an entry at the cell it came from, its column called as printed."""
    if problem.row is None:
        return problem
    entry = entries[problem.row]
    if problem.column == "value" and entry.title:
        return replace(problem, row=entry.line, column=entry.title)
    return replace(problem, row=entry.line, column=header.title(problem.column))


# The rows of a file of figures, one entry a figure; what is wrong or left out is collected.

NAME = "observations"


@dataclass
class Reader:
    """Turns the rows of a grid into entries; collects what is wrong or left out."""

    plan: Plan
    grid: workbooks.Grid
    header: Header
    names: Names
    period: Period | None
    published: str
    made: list[Entry] = field(default_factory=list)
    quotes: list[Quoted] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read every row below the header."""
        around = around_entries(self.grid, self.header, self.period)
        for line, row in body_rows(self.grid, around.body):
            self._row(line, row, around)

    def _row(self, line: int, row: Sequence[str], around: Around) -> None:
        name = cell(row, self.header.of("indicator")).strip()
        figures = figures_entries(row, self.header)
        said = [cell(row, heading) for heading in figures]
        empty = all(reason_for(text) == "not_reported" for text in said)
        identifier = self.names.find(name) if name else None
        if identifier is None:
            if not empty:
                self._wrong(line, "indicator", self.names.unknown(name) if name else _no_name())
            return
        try:
            year = parse_year(cell(row, self.header.of("year")))
        except CellError as error:
            self._wrong(line, "year", error)
            return
        quote = quoted(line, row, self.header)
        if quote.completion:
            words = [text.strip() for text in said if reason_for(text)]
            self.quotes.append(replace(quote, note=" ".join([quote.note, *words]).strip()))
        cells = plain_cells(row, self.header, NAME) | {"indicator": identifier}
        cells["published"] = cells.get("published", "").strip() or self.published
        for heading, text in zip(figures, said, strict=True):
            self._figure(line, heading, text, cells, year, around)

    def _figure(
        self,
        line: int,
        heading: Heading,
        text: str,
        cells: dict[str, str],
        year: int | None,
        around: Around,
    ) -> None:
        reason = reason_for(text)
        if reason and (heading.role == "@growth" or (self._several() and not text)):
            return
        try:
            period = period_text(heading, cells.get("period", ""), year, around.period)
            if not period:
                raise _no_period()
        except CellError as error:
            self._wrong(line, "period", error)
            return
        indicator = self.plan.indicators[cells["indicator"]]
        if reason:
            day = cells["published"] or None
            self.remarks.append(Remark(indicator.id, period, reason, text.strip(), day))
            return
        try:
            made = fields_of(indicator, heading, text, cells, around)
        except CellError as error:
            self._wrong(line, heading.title, error)
            return
        if not made:
            self.notes.append(_change_of_share(self.grid.file, line, heading.title))
            return
        made["period"] = period
        self.made.append(Entry(line, heading.title, {**cells, **made}))

    def _several(self) -> bool:
        """Return whether a row holds several figures, so that empty cells say nothing."""
        return sum(heading.role in VALUES for heading in self.header.headings) > 1

    def _wrong(self, line: int, column: str, error: CellError) -> None:
        self.problems.append(
            two_language_problem(
                error.what_zh,
                error.what_en,
                error.remedy_zh,
                error.remedy_en,
                self.grid.file,
                line,
                self.header.title(column),
            )
        )


def _change_of_share(file: str, line: int, title: str) -> Problem:
    return two_language_problem(
        "占比的变动（个百分点）已略过，以本期值为准。",
        "the change of a share in percentage points was passed over; its value counts.",
        "",
        "",
        file,
        line,
        title,
    )


def _no_name() -> CellError:
    return CellError(
        "有数值而没有指标。",
        "has a figure but no indicator.",
        "请填写指标。",
        "Name the indicator.",
    )


def _no_period() -> CellError:
    return CellError(
        "没有时期。",
        "has no period.",
        "请加“时期”列，或在标题中写明“2021年1—9月”。",
        "Add a column period, or print 2021年1—9月 in the title.",
    )


# The text of one figure: its unit, and whether it is a level, an addition or a growth.

_CHANGE = re.compile(
    r"(?:同比|比上年)?(?P<sign>增长|增加|上升|提高|提升|下降|减少|降低|回落)\s*(?P<value>[\d.]+)\s*"
    r"(?P<unit>%|个百分点)"
)
_FALLS = frozenset({"下降", "减少", "降低", "回落"})
_DONE = {"是": "1", "已完成": "1", "完成": "1", "√": "1", "✓": "1", "yes": "1", "建成": "1"}
_NOT_DONE = {"否": "0", "未完成": "0", "×": "0", "✗": "0", "no": "0"}
MEASURES = {"水平": "level", "水平值": "level", "当期新增": "addition", "同比增速": "growth"}
BASES = {"全年": "year", "累计": "ytd", "当月": "month", "当期": "month", "期末": "end"}
"""Words of the forms for measures and bases; those of the schema hold too."""

_WITHIN_YEAR = re.compile(r"本年|今年|年初|\d+\s*[—–―~至-]\s*\d+月|前.季度|上半年")


def fields_of(
    indicator: Indicator, heading: Heading, text: str, cells: dict[str, str], around: Around
) -> dict[str, str]:
    """Return measure, basis, value and unit of one figure as cells of the schema.

    Nothing is returned for the change of a share in 个百分点, which its value says already.

    Parameters
    ----------
    indicator : Indicator
        What it is a figure of.
    heading : Heading
        Its column.
    text : str
        As it stands in the cell: ``1,234.5``, ``580亿元``, ``增长18%``, ``已完成``.
    cells : dict of str to str
        The other cells of the row.
    around : Around
        What stands around the table.

    Raises
    ------
    CellError
        If the units in title and row contradict each other.
    """
    narrow = unicodedata.normalize("NFKC", text).strip()
    measure, basis = cells.get("measure", "").strip(), cells.get("basis", "").strip()
    measure = MEASURES.get(measure, "done" if measure == "完成" else measure)
    basis = BASES.get(basis, basis) or basis_of(heading)
    if heading.role == "@growth":
        measure = "growth"
    in_percent = indicator.unit == "%" and indicator.kind != "growth"
    if heading.role == "@growth" and in_percent and "百分点" in narrow:
        return {}
    change = _CHANGE.fullmatch(narrow)
    if change and measure in {"", "growth"}:
        sign = "-" if change["sign"] in _FALLS else ""
        return _growth(sign + change["value"], change["unit"], _running(basis))
    if indicator.kind == "milestone" and narrow.lower() in _DONE | _NOT_DONE:
        value = (_DONE | _NOT_DONE)[narrow.lower()]
        return {"measure": measure or "done", "basis": basis, "value": value, "unit": ""}
    if measure == "growth" or (not measure and indicator.kind == "growth"):
        unit = cells.get("unit", "") if heading.role == "value" else ""
        unit = unit.strip() or heading.unit or around.column_units.get(heading.position, "")
        return _growth(text, unit or "%", _running(basis))
    if not measure and heading.role == "@month" and adds_up(indicator):
        measure = "addition"
    if not measure and heading.role == "@ytd" and indicator.kind == "cumulative":
        measure = "addition" if _WITHIN_YEAR.search(heading.title) else "level"
    if heading.role == "@end" and is_flow(indicator):
        basis = "ytd"  # 期末 over a table of stocks and flows: what a flow has reached by then
    unit = _unit(indicator, heading, cells, around)
    return {"measure": measure, "basis": basis, "value": text, "unit": unit}


def _growth(value: str, unit: str, basis: str) -> dict[str, str]:
    return {"measure": "growth", "basis": basis, "value": value, "unit": unit}


def _running(basis: str) -> str:
    """Return the basis of growth: a growth at the end of a period is that since January."""
    return "" if basis == "end" else basis


def _unit(indicator: Indicator, heading: Heading, cells: dict[str, str], around: Around) -> str:
    """Return the unit that a figure's row, column or table prints, the nearest first."""
    own = cells.get("unit", "").strip()
    column = heading.unit or around.column_units.get(heading.position, "")
    if own and column and own != column and converts(column, own):
        raise CellError(
            f"列标题的单位“{column}”与本行的单位“{own}”矛盾。",
            f"the unit {column!r} in the title contradicts {own!r} in the row.",
            "请只写一个单位。",
            "Give one unit only.",
        )
    if own or column:
        return own or column
    return around.unit if converts(around.unit, indicator.unit) else ""


def converts(unit: str, into: str) -> bool:
    """Return whether a unit converts into another."""
    have, want = units.scale(unit), units.scale(into)
    return bool(unit) and have is not None and want is not None and have.dimension == want.dimension


# Words that stand where a figure is expected, and what they mean (never 0, never N/A).

REASONS = ("not_due_yet", "paused", "not_started", "not_reported")
"""Why there is no figure."""

PAUSED = re.compile(r"暂缓|暂停|停工|停建|缓建")
_MEANINGS = (
    ("paused", PAUSED),
    ("not_started", re.compile(r"未启动|未开工|未实施|未动工")),
    (
        "not_due_yet",
        re.compile(r"预计.*(?:公布|发布|反馈|出)|(?:未|待|尚未)(?:公布|发布|反馈)|年度指标|年报"),
    ),
    ("not_reported", re.compile(r"未报送?|未上报|未填报|漏报|缺报")),
)


def reason_for(text: str) -> str | None:
    """Return why a cell holds no figure, or None where it should hold one.

    Examples
    --------
    >>> reason_for("预计10月下旬公布"), reason_for("项目暂缓"), reason_for("——"), reason_for("3.5")
    ('not_due_yet', 'paused', 'not_reported', None)
    """
    word = unicodedata.normalize("NFKC", text).strip(" \t\n\u00a0\u3000\ufeff")
    if text.strip() in MISSING or word in MISSING:
        return "not_reported"
    return next((reason for reason, pattern in _MEANINGS if pattern.search(word)), None)
