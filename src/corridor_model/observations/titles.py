"""What stands around a table: the period it speaks of, the unit of its money, its dates (S22).

A plan's name may hold years, 三年行动计划（2020—2022年）, and so may 2022年度目标任务 and
2020年同口径. The period is what stands outside of them, and of several the narrowest that fits
all; the day on which a form was filled in is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corridor_model.errors import CellError
from corridor_model.messages import N_, Listing, Message, message
from corridor_model.observations.headings import is_quarter_alone, plain, span_text
from corridor_model.periods import MONTHS, Period, days_in, read_period
from corridor_model.tabular.cells import narrow
from corridor_model.units import scale, tidy

_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日?|\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,2}(?![\d月]))"
_FILLED_IN = (
    "(?:填报|填表|填写|报送|上报|制表|打印|发布|公布|更新|印发|编制|审核|报出|出表|编印|报告)"
    "(?:日期|时间|日)"
)
_LABEL = re.compile(rf"{_FILLED_IN}[:]?")
_LABELLED = re.compile(
    rf"{_FILLED_IN}[:]?\s*(?:{_DAY}|\d{{4}}[年\-/.]\d{{1,2}}月?|\d{{1,2}}月\d{{1,2}}日)?"
)
_STAMPED = re.compile(rf"{_DAY}(?:印发|发布|填报|制|编|印|公布|报送)")
_SPAN_OF_YEARS = re.compile(r"(?:19|20|21)\d{2}年?度?-(?:(?:19|20|21)\d{2}|\d{2})年?度?(?!\d|月)")
_COMPARED = re.compile(
    r"(?:[比较同与和]|为)\d{4}年?(?:\d{1,2}-\d{1,2}月|\d{1,2}月|前?[一二三四]季度|[上下]半年)?"
    r"|\d{4}年?(?:=100|为100|为?基期|价格|不变价|可比价|同口径|可比口径|口径)"
)
_REPORT_PERIOD = re.compile(
    r"(?:报告期|报表期|所属期|所属时期|统计期|时期|期间|数据期|报告时间|统计时间|月份):?"
)

_PERIODS = re.compile(
    r"(?P<until>截[至止]到?)?(?P<span>"
    rf"{_DAY}|\d{{4}}年?\d{{1,2}}月?-\d{{1,2}}月|\d{{4}}年\d{{1,2}}月(?!\d)"
    r"|\d{4}年?前\d{1,2}个?月|\d{4}年?[一1][-至][二三23]季度"
    r"|\d{4}年?度?(?:前[一二三123]个?季度|第?[一二三四1-4]季度|[上下]半年|全年)"
    r"|\d{4}Q[1-4]|\d{4}H[12]|\d{4}[-.]\d{2}(?![\d.-])|20\d{2}(?:0[1-9]|1[0-2])(?!\d)"
    r"|(?:19|20|21)\d{2}年度?)"
)
_PART_OF_YEAR = re.compile(
    r"(?<!\d)(?:\d{1,2}月?-\d{1,2}月|前[一二三123]个?季度|第?[一二三四]季度|[上下]半年|\d{1,2}月)(?!\d)"
)
_PROMISED = re.compile(
    r"(?P<year>\d{4})年度?(?:(?:总体|主要|重点|预期)?(?:目标|任务|计划|规划|预算|行动|工作要点|方案|考核)"
    r"|[^\d\s(),;、]{0,10}(?:目标|预期|计划表|计划数|责任书|任务书))"
)

_PROGRESS = re.compile("完成|进展|执行|监测|实际|情况|落实|推进|统计|数据|快报|月报|简报|通报")
"""Words of a table that says what was reached of a year's targets, not what they are."""

_AMBIGUOUS = (
    N_("has several periods above it: {periods}."),
    N_("Leave one, or give the period beside the file."),
)

TITLE, SHEET, COVER, FILE = "title", "sheet", "cover", "file"
"""Where a period may stand, the nearest first."""


@dataclass(frozen=True, slots=True)
class Dating:
    """What is printed around a table of the period it speaks of.

    Attributes
    ----------
    period : Period or None
        None where nothing is printed, or several that do not fit each other.
    is_alone : bool
        Whether it is a quarter by itself, 第三季度.
    error : CellError or None
        Which periods do not fit, or what else must be asked.
    place : str
        ``title``, ``sheet``, ``cover`` or ``file``: where it stands.
    text : str
        The name of the sheet or file, or what the cover says.
    year : int or None
        Of periods that print none, where a year stands and no period.
    """

    period: Period | None = None
    is_alone: bool = False
    error: CellError | None = None
    place: str = TITLE
    text: str = ""
    year: int | None = None

    @property
    def note(self) -> Message | None:
        """What the import report says of a period that stands in no title."""
        if self.place == TITLE or (self.period is None and self.year is None):
            return None
        fields = {"period": str(self.period or self.year), "text": self.text}
        return Message(_PLACES[self.place], fields)


_PLACES = {
    SHEET: N_("the period {period} is taken from the name of the sheet, {text}."),
    COVER: N_("the period {period} is taken from the cover, {text}."),
    FILE: N_("the period {period} is taken from the name of the file, {text}."),
}
_WHOLE_YEAR = re.compile("年报|年度|公报|年鉴|全年|年末|年底|annual|yearbook", re.IGNORECASE)
"""What in a file's name says that its figures are of the whole year."""


def period_above(
    rows: Sequence[Sequence[str]], sheet: str = "", cover: Sequence[str] = (), file: str = ""
) -> Dating:
    """Return the period that is printed around a table.

    What stands nearest holds: the rows above, the sheet's name, a cover, the file's name. Where
    it is only a part of a year (1—9月), what stands further off may say the year; if it says
    another part, it is asked which holds.

    Parameters
    ----------
    rows : sequence of sequence of str
        The rows above its header.
    sheet, file : str
        Names.
    cover : sequence of str
        Texts of a cover sheet.

    Examples
    --------
    >>> title = "三年行动计划（2020—2022年）2021年1—9月监测表"
    >>> str(period_above([[title, "填报日期：2021年10月12日"]]).period)
    '2021-09'
    >>> str(period_above([["2022年度目标任务2021年1—9月"]]).period)
    '2021-09'
    >>> dating = period_above([["主要指标"]], file="2021年1-9月快报")
    >>> str(dating.period), dating.place
    ('2021-09', 'file')
    """
    texts, labelled = _texts_of(rows)
    if labelled:
        found = _labelled(labelled, texts)
        if found is not None:
            return Dating(found, is_quarter_alone(labelled))
    if expected := next(filter(None, map(_EXPECTED.search, texts)), None):
        what = N_("has no period: the title says {word!r}, an expectation and no figures.")
        remedy = N_("Give the period beside the file if these are figures all the same.")
        return Dating(error=CellError(what, remedy, word=expected.group()))
    places = ((TITLE, texts), (SHEET, [plain(sheet)]), (COVER, list(map(plain, cover))),
              (FILE, [plain(file)]))  # fmt: skip
    near: list[str] = []
    for place, group in places:
        found, is_alone, error = _of_texts([*near, *group])
        text = {SHEET: sheet, COVER: " ".join(cover), FILE: file}.get(place, "")
        if error is not None:
            return Dating(error=error, place=place)
        if found is not None and (others := _other_parts(found, near)):
            what, remedy = _AMBIGUOUS
            return Dating(error=CellError(what, remedy, periods=Listing([*others, str(found)])))
        is_report = place == TITLE and any(map(_OF_PARTS.search, texts))
        if found is not None and found.kind == "year" and is_report:
            what = N_("has no period: {text!r} says a year, but not which months.")
            remedy = N_("Print 2021年1—9月 in the title, or give the period beside the file.")
            return Dating(error=CellError(what, remedy, text=" ".join(texts)), year=found.year)
        if found is not None and place == TITLE and _is_shorter(found, texts):
            what, remedy = N_("has no period: {text!r} is shorter than a month."), _AMBIGUOUS[1]
            return Dating(error=CellError(what, remedy, text=" ".join(texts)))
        if found is not None and place == FILE and _is_bare_year(found, near, group):
            what = N_("has no period: {text!r} says a year, but not which months.")
            remedy = N_("Print 2021年1—9月 in the title, or give the period beside the file.")
            asked = CellError(what, remedy, text=file)
            return Dating(error=asked, place=place, text=text, year=found.year)
        if found is not None:
            return Dating(found, is_alone, place=place, text=text)
        near += [text for text in group if _PART_OF_YEAR.search(text)]
    return Dating()


_OF_PARTS = re.compile(r"[月季旬]报|第[\d一二三四五六七八九十]{1,3}期")
"""Words of a title that comes out several times a year."""
_SHORTER = re.compile(r"(?<!\d)(?:(\d{1,2})月[上中下]旬|第[\d一二三四五六七八九十]{1,3}周)")
_EXPECTED = re.compile("预计|预测|预估|测算")
"""Words of a title over what has not happened."""


def _is_shorter(period: Period, texts: Sequence[str]) -> bool:
    """Return whether a title says ten days of its month, or a week of its year."""
    matches = [match for text in texts for match in _SHORTER.finditer(text)]
    return any(match[1] in {f"{period.month}", f"{period.month:02d}", None} for match in matches)


def _is_bare_year(period: Period, near: Sequence[str], group: Sequence[str]) -> bool:
    return period.kind == "year" and not any(map(_WHOLE_YEAR.search, (*near, *group)))


def _texts_of(rows: Sequence[Sequence[str]]) -> tuple[list[str], str]:
    """Return the texts above a table without days of filling in, and that beside 报告期."""
    texts, labelled = [], ""
    for row in rows:
        cells = [plain(cell) for cell in row]
        cells = [cell for i, cell in enumerate(cells) if cell and cell not in cells[:i]]
        for i, cell in enumerate(cells):
            before = cells[i - 1] if i else ""
            if _LABEL.fullmatch(before) and not _REPORT_PERIOD.fullmatch(before):
                continue  # the day itself, beside its label
            if _REPORT_PERIOD.fullmatch(before):
                labelled = cell
            texts.append(cell)
    return texts, labelled


def cover_texts(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return what a sheet without figures says of the period of the others."""
    texts, labelled = _texts_of(rows)
    if labelled and (period := _labelled(labelled, texts)) is not None:
        return [labelled if re.match(r"\d{4}", labelled) else f"{period.year}年{labelled}"]
    return [text for text in texts if _of_texts([text])[0] is not None]


def _labelled(text: str, texts: Sequence[str]) -> Period | None:
    """Return the period of a cell beside 报告期, its year perhaps from the title."""
    years = {int(year) for year in re.findall(r"(?<!\d)(20\d{2})年", " ".join(texts))}
    for year in (None, *(years if len(years) == 1 else ())):
        try:
            return read_period(span_text(text), year)
        except CellError:
            continue
    return None


def _of_texts(texts: Sequence[str]) -> tuple[Period | None, bool, CellError | None]:
    spans: list[str] = []
    rest: list[str] = []
    promised: set[str] = set()
    for text in texts:
        word = _SPAN_OF_YEARS.sub(" ", text)
        word = _COMPARED.sub(" ", _STAMPED.sub(" ", _LABELLED.sub(" ", word)))
        promised |= {match["year"] for match in _PROMISED.finditer(word)}
        matches = list(_PERIODS.finditer(word))
        spans += [span for match in matches if (span := _counted(match))]
        rest.append(_PERIODS.sub(" ", word))
    narrow = [span for span in spans if not re.fullmatch(r"\d{4}年?度?", span)]
    years = [span for span in spans if span not in narrow]
    late = [
        span for span in narrow if any(map(_WHOLE_YEAR.search, texts)) and _is_later(span, years)
    ]
    further = [part for text in rest for part in _AND_PART.findall(text)]
    further += [part for text in rest for part in _RANGE_ALONE.findall(text)]
    others = [part for span in narrow for part in further if _ends_elsewhere(part, span)]
    if late or others:  # 2021年统计公报（2022年3月）; 2021年上半年及7月
        what, remedy = _AMBIGUOUS
        listed = Listing(dict.fromkeys([*(years if late else ()), *narrow, *others]))
        return None, False, CellError(what, remedy, periods=listed)
    if not narrow and years:
        # 2021年 in one cell and 1—9月 in another
        done = any(_PROGRESS.search(text) for text in texts)
        open_years = [year for year in years if year[:4] not in promised]
        open_years = open_years or (years if done else [])
        parts = [match.group() for text in rest for match in _PART_OF_YEAR.finditer(text)]
        if parts and open_years and len({year[:4] for year in open_years}) == 1:
            narrow = [f"{open_years[0][:4]}年{part}" for part in parts]
        else:
            narrow = open_years
    periods: dict[Period, str] = {}
    for span in narrow:
        try:
            period = read_period(span_text(span))
        except CellError:
            continue
        if period is not None:
            periods.setdefault(period, span)
    if len({(period.year, period.month) for period in periods}) > 1:
        what, remedy = _AMBIGUOUS
        listed = Listing(dict.fromkeys(periods.values()))
        return None, False, CellError(what, remedy, periods=listed)
    if not periods:
        return None, False, None
    best = min(periods, key=lambda period: period.length)
    return best, is_quarter_alone(periods[best]), None


_RANGE_ALONE = re.compile("(?<![\\d\u3400-\u9fff])(\\d{1,2}月?-\\d{1,2}月)(?!\\d)")
"""1—9月 in 2021年10月月报（1—9月数据）, but not in 服务业1—8月."""
_AND_PART = re.compile(r"[、及和](\d{1,2}月?-\d{1,2}月|\d{1,2}月)(?!\d)")


def _is_later(span: str, years: Sequence[str]) -> bool:
    """Return whether a period lies behind all the years beside it."""
    return bool(years) and span[:4] > max(year[:4] for year in years)


_WITHIN_YEAR = re.compile(
    r"(?:(?:19|20|21)\d\d年?)?(?:\d{1,2}-)?\d{1,2}月份?[末底]?|(?:19|20|21)\d\d-\d\d"
    r"|(?:(?:19|20|21)\d\d年?)?(?:[第前]?[一二三四1-4]个?季度|[上下]半年|Q[1-4])[末底]?"
)


def is_part_of_year(text: str) -> bool:
    """Return whether a text is a period shorter than a year and nothing else.

    Examples
    --------
    >>> is_part_of_year("1-9月"), is_part_of_year("三季度"), is_part_of_year("2021年")
    (True, True, False)
    """
    return _WITHIN_YEAR.fullmatch(text) is not None


def is_period(text: str) -> bool:
    """Return whether a text is a period and nothing else.

    Examples
    --------
    >>> [is_period(text) for text in ("2021", "2021年1—9月", "三季度", "生产总值", "370.5")]
    [True, True, True, False, False]
    """
    word = plain(text)
    if is_part_of_year(word) or re.fullmatch(
        r"(?:(?:19|20)\d\d年?)?全年|(?:19|20)\d\d年?度?", word
    ):
        return True
    try:
        return _day(text) is not None or (
            len(word) > 4 and read_period(span_text(word)) is not None
        )
    except CellError:
        return False


def _ends_elsewhere(part: str, span: str) -> bool:
    try:
        period = read_period(span_text(span))
    except CellError:
        return False
    return period is not None and bool(_other_parts(period, [part]))


def _other_parts(period: Period, texts: Sequence[str]) -> list[str]:
    """Return the parts of a year in some texts that end with another month than a period."""
    parts = dict.fromkeys(m.group() for text in texts for m in _PART_OF_YEAR.finditer(text))
    ends = ((part, read_period(span_text(part), period.year)) for part in parts)
    return [part for part, end in ends if end is not None and end.month != period.month]


def _counted(match: re.Match[str]) -> str:
    """Return the period of a match; a day within a month is none unless it says 截至."""
    span = match["span"]
    day = re.fullmatch(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?", span)
    if day is None:
        return span
    year, month, number = map(int, day.groups())
    if not 1 <= month <= 12:
        return ""
    if match["until"] or number == days_in(year, month):
        return f"{year}年{month}月"
    return ""


# Units.

_WORD_ENDS = re.compile(r"[\s()（）:,，;；、]")
_OF_FIGURES = frozenset({"", "计量", "金额", "货币", "数量", "货币计量", "金额计量"})
_OF_OFFICES = ("填报", "报送", "责任", "填表", "编制", "牵头", "主管", "制表")
_OFFICE = re.compile(
    r"(?:局|委|办|部|处|厅|院|中心|公司|集团|街道|镇|乡|府|会|科|所|站|司|队|组|行|校|区|市|县)$"
)


def unit_above(rows: Sequence[Sequence[str]]) -> tuple[str, CellError | None]:
    """Return the unit that a line above a table prints for the whole of it, the nearest one.

    A unit that is not known comes as what is wrong with it: what it would scale could be off by
    ten thousand, or be in another currency.

    Examples
    --------
    >>> unit_above([["2021年1—9月"], ["填报单位：区发改局", "单位：万美元"]])[0]
    '万美元'
    """
    for row in reversed(rows):
        for text in _unit_texts(row):
            word = (
                tidy(text)
                .removeprefix("人民币")
                .removesuffix("人民币")
                .strip("元" if text == "元元" else "")
            )
            if not word or _OFFICE.search(word):
                continue
            if scale(word) is not None:
                return word, None
            return "", CellError(
                N_("the unit {unit!r} above the table is not known."),
                N_("Write one that is, such as 万元, or give each figure its own."),
                unit=word,
            )
    return "", None


_UNIT_LABEL = re.compile("units?:", re.IGNORECASE)
_UNIT_ALONE = re.compile(
    r"[^()]{1,80}[(](?P<behind>[^()]{1,24})[)]|[(](?P<alone>[^()]{1,24})[)]|(?P<bare>[^()]{2,60})"
)


_IN_UNIT = re.compile(r".{0,40}?in(?=rmb|cny|usd|yuan|\d|thousand|million|billion)", re.IGNORECASE)
_WORDED_UNIT = re.compile("(?:rmb|cny|usd|thousand|million|billion|yuan)", re.IGNORECASE)
"""What can only be a unit, known or not: Amounts in millions of RMB."""
_COUNTED_IN = re.compile("(?:以|按)([十百千万亿]*[美欧日港]?元)(?:为单位|计|表示)")


def _unit_texts(row: Sequence[str]) -> Iterator[str]:
    cells = [_UNIT_LABEL.sub("单位:", plain(cell)) for cell in row if cell.strip()]
    for i, cell in enumerate(cells):
        # （万元） at the end of a title, or by itself
        alone = _UNIT_ALONE.fullmatch(cell)
        word = (alone["behind"] or alone["alone"] or alone["bare"]) if alone else ""
        word = _IN_UNIT.sub("", word)
        if _WORDED_UNIT.match(word) or (word not in {"", "%", "‰"} and scale(word) is not None):
            yield word
        for counted in _COUNTED_IN.findall(cell):
            if scale(counted) is not None:
                yield counted
        pieces = cell.split("单位:")
        for before, behind in pairwise(pieces):
            whose = _WORD_ENDS.split(before)[-1]
            # 填报单位:区发改局 单位:万元 in one cell, its blank gone
            is_second = before is not pieces[0] and not whose.endswith(_OF_OFFICES)
            if not (is_second or whose in _OF_FIGURES or whose.endswith(("计量", "金额"))):
                continue
            unit = behind if scale(behind) else _WORD_ENDS.split(behind)[0]
            if unit:
                yield unit
            elif i + 1 < len(cells) and behind is pieces[-1]:
                yield cells[i + 1]
        is_label = cell in {"单位", "计量单位", "金额单位"} and i + 1 < len(cells)
        if is_label and scale(cells[i + 1]) is not None:
            yield cells[i + 1]


def unit_below(rows: Sequence[Sequence[str]]) -> str:
    """Return the unit that a note below a table prints for the whole of it, or nothing.

    Examples
    --------
    >>> unit_below([["生产总值", "3700000"], ["注：单位为万元"]])
    '万元'
    """
    alone = [texts[0] for row in rows if len(texts := [t for t in row if t.strip()]) == 1]
    matches = (
        re.fullmatch(
            r"[^单]{0,30}单位(?:均?[为是]|[:])?([^。.;,()]{1,24})(?:[。.;,)].*)?",
            _UNIT_LABEL.sub("单位:", plain(t)),
        )
        for t in alone
    )
    return next((match[1] for match in matches if match and scale(match[1]) is not None), "")


# What else a title says of its figures.

_RUNNING = re.compile(r"(?:分月|各月|逐月|按月|每月|月度)[^累]{0,12}累计")
_GROWTH_ABOVE = re.compile("(?<![及和、与])(?:增速|增长率|增幅|增长速度)")


def growth_above(rows: Sequence[Sequence[str]]) -> str:
    """Return the word for a growth in the rows above a table, 主要指标增速, or nothing."""
    matches = (_GROWTH_ABOVE.search(plain(text)) for row in rows for text in row if text)
    return next((match.group() for match in matches if match), "")


def runs_since_january(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a title says that its months run since January: 各月累计."""
    return any(_RUNNING.search(plain(text)) for row in rows for text in row if text)


# Dates as periods (S23).


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the dates of a table mean: days, or the years or quarters that they stand for.

    Attributes
    ----------
    kind : str
        ``year``, ``quarter``, or empty where a date stands for its month.
    note : Message or None
        What is said of it in the import report.
    problem : CellError or None
        What must be asked.
    """

    kind: str = ""
    note: Message | None = None
    problem: CellError | None = None

    def text(self, text: str) -> str:
        """Return the period that a date stands for, or any other text as it is.

        Raises
        ------
        CellError
            For a lone 1 January among dates of other months.
        """
        day = _day(text)
        if day is None:
            return text
        year, month, number = day
        if self.problem is not None and (month, number) == (1, 1):
            raise self.problem
        if self.kind == "year":
            return f"{year}"
        if self.kind == "quarter":
            return f"{year}Q{(month + 2) // 3}"
        return text


def calendar_of(texts: Iterable[str]) -> Calendar:
    """Return what the dates among the periods of a table mean.

    Examples
    --------
    >>> calendar_of(["2018-01-01", "2019-01-01"]).kind, calendar_of(["2021-03-01"]).kind
    ('year', '')
    """
    days = list(dict.fromkeys(day for text in texts if (day := _day(text)) is not None))
    if not days:
        return Calendar()
    ends = [(month, number) for _, month, number in days]
    if all(end == (1, 1) for end in ends) or all(end == (12, 31) for end in ends):
        return Calendar("year", message("all dates are the first or last day of a year: years."))
    firsts = all(number == 1 for _, number in ends)
    lasts = all(number == days_in(year, month) for year, month, number in days)
    if firsts and (1, 1) in ends:
        return Calendar(
            problem=CellError(
                N_("1 January may be the month or the year."),
                N_("Write 2021-01 for the month, 2021 for the year."),
            )
        )
    if lasts and len(days) > 1 and all(month % 3 == 0 for month, _ in ends):
        return Calendar("quarter", message("all dates are the last day of a quarter: quarters."))
    return Calendar()


def _day(text: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(
        r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]?0?0:00(?::00)?(?:\.0+)?)?", text.strip()
    )
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def double_year(text: str) -> CellError | None:
    """Return the mistake of 2009/10 or 2008-09, which are two years and may be a month (S23).

    Examples
    --------
    >>> double_year("2009/10") is None, double_year("2021-09") is None
    (False, True)
    """
    match = re.fullmatch(r"(\d{4})[-/](\d{2})", narrow(text).strip())
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
        return None
    return CellError(
        N_("{text!r} may be a fiscal year, two years, or a month."),
        N_("Write {year}年{month}月 for the month, or the calendar year.")
        if int(match[2]) <= MONTHS
        else N_("Write the calendar year."),
        text=text.strip(),
        year=match[1],
        month=int(match[2]),
    )
