"""What stands above a table: the period it speaks of, and the unit of its money (S22).

A plan's name may hold years, 三年行动计划（2020—2022年）, and so may 2022年度目标任务 and
2020年同口径. The period is what stands outside of them, and of several the narrowest that fits
all; the day on which a form was filled in is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corridor_model.errors import CellError
from corridor_model.messages import N_, Listing
from corridor_model.observations.headings import is_quarter_alone, plain, span_text
from corridor_model.periods import Period, days_in, read_period
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
    r"(?P<year>\d{4})年度?(?:总体|主要|重点)?(?:目标|任务|计划|规划|预算|行动|工作要点|方案|考核)"
)

_PROGRESS = re.compile("完成|进展|执行|监测|实际|情况|落实|推进|统计|数据|快报|月报|简报|通报")
"""Words of a table that says what was reached of a year's targets, not what they are."""

_AMBIGUOUS = (
    N_("has several periods above it: {periods}."),
    N_("Leave one, or give the period beside the file."),
)


def period_above(
    rows: Sequence[Sequence[str]], sheet: str = ""
) -> tuple[Period | None, bool, CellError | None]:
    """Return the period that the rows above a table print.

    Parameters
    ----------
    rows : sequence of sequence of str
        The rows above its header.
    sheet : str
        Name of the sheet, which counts where nothing else is printed.

    Returns
    -------
    period : Period or None
        None where nothing is printed, or several that do not fit each other.
    is_alone : bool
        Whether it is a quarter by itself, 第三季度.
    error : CellError or None
        Which periods do not fit.

    Examples
    --------
    >>> title = "三年行动计划（2020—2022年）2021年1—9月监测表"
    >>> str(period_above([[title, "填报日期：2021年10月12日"]])[0])
    '2021-09'
    >>> str(period_above([["2022年度目标任务2021年1—9月"]])[0])
    '2021-09'
    """
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
    if labelled:
        found = _labelled(labelled, texts)
        if found is not None:
            return found, is_quarter_alone(labelled), None
    for group in (texts, [plain(sheet)]):
        found, is_alone, error = _of_texts(group)
        if found is not None or error is not None:
            return found, is_alone, error
    return None, False, None


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

_UNIT = re.compile(r"(?P<whose>[^\s()（）:,，;；、]*?)单位:(?P<unit>[^\s()（）、，,;；]*)")
_OF_FIGURES = frozenset({"", "计量", "金额", "货币", "数量", "货币计量", "金额计量"})
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
            word = tidy(text).removeprefix("人民币").strip("元" if text == "元元" else "")
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


def _unit_texts(row: Sequence[str]) -> Iterator[str]:
    cells = [plain(cell) for cell in row if cell.strip()]
    for i, cell in enumerate(cells):
        for match in _UNIT.finditer(cell):
            if match["whose"] not in _OF_FIGURES and not match["whose"].endswith(("计量", "金额")):
                continue
            if match["unit"]:
                yield match["unit"]
            elif i + 1 < len(cells):
                yield cells[i + 1]
        is_label = cell in {"单位", "计量单位", "金额单位"} and i + 1 < len(cells)
        if is_label and scale(cells[i + 1]) is not None:
            yield cells[i + 1]
