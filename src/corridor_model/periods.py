"""Periods as offices write them: 2021, 2021H1, 2021Q3, 2021-09, 1—9月, 前三季度, 截至9月底 ..."""

from __future__ import annotations

import datetime
import math
import numbers
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from corridor_model.errors import CellError, CorridorError, short
from corridor_model.tabular.cells import clean, days_in, parse_date

KINDS = {12: "year", 6: "half", 3: "quarter", 1: "month"}
"""Kind of a period by how many months it has."""

_FIRST, _LAST = 1900, 2200
_SERIALS = range(36526, 73051)
"""Spreadsheet date serials of 2000-01-01 to 2099-12-31."""

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_COMPACT = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?00:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})(?P<mark>[-/.年])(\d{1,2})月?")
_YEAR_AHEAD = re.compile(r"(\d{4})(?:年度|年|-|/|\.)?")
_RANGE = re.compile(r"(?:1-)?(\d{1,2})月份?")
_QUARTER = re.compile(r"Q([1-4])|(?:第|前)?([一二三四1-4])个?季度?|([1-4])季")
_PREFIX = re.compile(r"^(?:截至到?|截止到?|至)")
_SUFFIX = re.compile(r"(?:累计|合计|止|底|末|份|数)+$")
_WHOLE = frozenset({"", "全年", "年", "度", "年度", "年全年", "1-12月"})


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The months that end with ``month`` of ``year``.

    Attributes
    ----------
    year : int
        Calendar year (S1).
    month : int
        Last month of the period, 1 to 12.
    length : int
        Months it has: 12, 6, 3 or 1. By default 12 for December and 1 for any other month.

    Examples
    --------
    >>> str(Period(2021, 9)), str(Period(2021, 9, 3)), Period(2021, 12).kind
    ('2021-09', '2021Q3', 'year')
    >>> Period.of("2021年1—9月") < Period.of(2021)
    True
    """

    year: int
    month: int
    length: int = 0

    def __post_init__(self) -> None:
        length = self.length or (12 if self.month == 12 else 1)
        object.__setattr__(self, "length", length)
        known = length in KINDS and _FIRST <= self.year <= _LAST and 1 <= self.month <= 12
        if not known or self.month % length:
            raise CorridorError(
                f"There is no period of {length} months that ends with month {self.month} "
                f"of {self.year}."
            )

    @classmethod
    def of(cls, value: int | str | datetime.date | Period) -> Period:
        """Return the period that a number, a date or a text means.

        Parameters
        ----------
        value : int, str, date or Period
            2021, ``"2021Q3"``, ``"2021-09"``, ``"2021年1—9月"`` ...

        Raises
        ------
        CorridorError
            If it is none.
        """
        if isinstance(value, Period):
            return value
        if isinstance(value, datetime.date):
            return cls(value.year, value.month, 1)
        try:
            found = read_period(str(value))
        except CellError as error:
            raise CorridorError(f"{error.what_en} {error.remedy_en}".strip()) from None
        if found is None:
            raise CorridorError(f"{value!r} is not a period. Write 2021, 2021Q3 or 2021-09.")
        return found

    @property
    def kind(self) -> str:
        """``year``, ``half``, ``quarter`` or ``month``."""
        return KINDS[self.length]

    @property
    def first_month(self) -> int:
        """First month of the period itself."""
        return self.month - self.length + 1

    @property
    def last_day(self) -> str:
        """Last day, as ``2021-09-30``."""
        return f"{self.year:04d}-{self.month:02d}-{days_in(self.year, self.month):02d}"

    def __str__(self) -> str:
        match self.kind:
            case "year":
                return f"{self.year}"
            case "half":
                return f"{self.year}H{self.month // 6}"
            case "quarter":
                return f"{self.year}Q{self.month // 3}"
            case _:
                return f"{self.year}-{self.month:02d}"


def read_period(text: str, year: int | None = None) -> Period | None:
    """Return the period of a cell, or None for an empty one.

    Parameters
    ----------
    text : str
        Text of the cell; a date or a date serial stands for its month.
    year : int, optional
        Year of periods written without one, such as ``1—9月``.

    Raises
    ------
    CellError
        If it is no period, lacks its year, contradicts ``year``, or is ``2021.1``: a
        spreadsheet stores a typed 2021.10 so, and January and October look the same.

    Examples
    --------
    >>> [str(read_period(text)) for text in ("2021年9月", "2021.9", "202109", "2021上半年")]
    ['2021-09', '2021-09', '2021-09', '2021H1']
    >>> str(read_period("截至9月底", year=2021)), str(read_period("前三季度", year=2021))
    ('2021-09', '2021Q3')
    """
    cleaned = clean(text)
    if not cleaned:
        return None
    word = _narrow(cleaned)
    if re.fullmatch(r"\d{4}\.1", word):
        raise CellError(
            f"“{cleaned}”可能是1月，也可能是10月（表格会把2021.10存成2021.1）。",
            f"{cleaned!r} may be January or October: a spreadsheet stores 2021.10 as 2021.1.",
            f"请写成{word[:4]}-01或{word[:4]}-10。",
            f"Write {word[:4]}-01 or {word[:4]}-10.",
        )
    found = _numeric(word) or _in_words(word, year)
    if found is None or not _FIRST <= found[0] <= _LAST or not 1 <= found[1] <= 12:
        raise _no_period(cleaned, year)
    if year is not None and found[0] != year:
        raise CellError(
            f"“{cleaned}”与年份{year}矛盾。",
            f"{cleaned!r} contradicts the year {year}.",
            "请改正其中一个。",
            "Correct one of the two.",
        )
    return Period(*found)


def _narrow(text: str) -> str:
    """Return the text in narrow characters without blanks, every dash a hyphen."""
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    word = re.sub(r"^(\d{4,6})\.0+$", r"\1", word)  # a whole number from a spreadsheet
    return re.sub("[—–―−‐~至到]+(?=\\d)", "-", _PREFIX.sub("", word))


def _numeric(word: str) -> tuple[int, int, int] | None:
    """Return year, month and length of a period written in digits."""
    if found := _DAY.fullmatch(word):
        year, month, day = (int(part) for part in found.groups())
        fits = 1 <= month <= 12 and 1 <= day <= days_in(year, month)
        return (year, month, 1) if fits else None
    if found := _COMPACT.fullmatch(word) or _MONTH.fullmatch(word):
        return int(found[1]), int(found.groups()[-1]), 1
    if re.fullmatch(r"\d{5}", word) and int(word) in _SERIALS:
        day_one = datetime.date(1899, 12, 30)
        date = day_one + datetime.timedelta(days=int(word))
        return date.year, date.month, 1
    return None


def _in_words(word: str, year: int | None) -> tuple[int, int, int] | None:
    """Return year, month and length of a period written in words, its year perhaps elsewhere."""
    if ahead := _YEAR_AHEAD.match(word):
        year, word = int(ahead[1]), word[ahead.end() :]
    word = _SUFFIX.sub("", word)
    if year is None:
        return None
    if word in _WHOLE:
        return year, 12, 12
    if word in {"H1", "上半年"}:
        return year, 6, 6
    if word in {"H2", "下半年"}:
        return year, 12, 6
    if found := _QUARTER.fullmatch(word):
        digit = next(part for part in found.groups() if part)
        return year, 3 * _DIGITS[digit], 3
    if found := _RANGE.fullmatch(word):
        return year, int(found[1]), 1
    return None


def _no_period(text: str, year: int | None) -> CellError:
    short = text if len(text) <= 40 else text[:37] + "..."
    guess = _in_words(_narrow(text), _FIRST) if year is None else None
    if guess and guess[0] == _FIRST and 1 <= guess[1] <= 12:
        return CellError(
            f"“{short}”没有年份。",
            f"{short!r} has no year.",
            "请写成2021年1—9月，或加一列“年份”。",
            "Write 2021年1—9月, or add a column year.",
        )
    return CellError(
        f"“{short}”不是时期。",
        f"{short!r} is not a period.",
        "请写成2021、2021H1、2021Q3或2021-09。",
        "Write 2021, 2021H1, 2021Q3 or 2021-09.",
    )


# Printed dates as months: the one place where «2020» becomes January or December.

YEAR = 12


def year_start(year: int) -> int:
    """Return the moment a year begins."""
    return YEAR * year


def start_of(date: str) -> int:
    """Return the moment a printed start begins: a year means its January.

    Examples
    --------
    >>> start_of("2020") == start_of("2020-01") == 12 * 2020
    True
    """
    year, month = _parts(date)
    return YEAR * year + (month or 1) - 1


def end_of(date: str) -> int:
    """Return the moment a printed end is over: a year means its December.

    Examples
    --------
    >>> end_of("2022") == end_of("2022-12") == 12 * 2023
    True
    """
    year, month = _parts(date)
    return YEAR * year + (month or YEAR)


def last_month(end: float) -> str:
    """Return the month in which a moment's last day falls, as people write it.

    Examples
    --------
    >>> last_month(end_of("2022")), last_month(end_of("2022-12") + 0.5)
    ('2022-12', '2023-01')
    """
    month = math.ceil(round(end, 9)) - 1
    return f"{month // YEAR}-{month % YEAR + 1:02d}"


def first_month(start: float) -> str:
    """Return the month in which a moment's first day falls."""
    month = math.floor(round(start, 9))
    return f"{month // YEAR}-{month % YEAR + 1:02d}"


def date_text(date: str, lang: str = "zh") -> str:
    """Return a date as people read it: in Chinese ``2021年7月``, in English as it stands.

    Examples
    --------
    >>> date_text("2030"), date_text("2021-07"), date_text("2021-07-01"), date_text("2030", "en")
    ('2030年', '2021年7月', '2021年7月1日', '2030')
    """
    if lang != "zh":
        return date
    return "".join(
        f"{int(part)}{sign}" for part, sign in zip(date.split("-"), "年月日", strict=False)
    )


def date_of(given: object, *, last: bool = False) -> str:
    """Return a date as it was written, ``2020`` or ``2020-05``: scenarios count in months.

    A day is read only where nothing is lost: the first of a month, or its last day where
    ``last`` says that an end is meant.

    Raises
    ------
    CorridorError
        If it is no date, a number such as 2021.10, or a day within a month.
    """
    if isinstance(given, numbers.Real) and not isinstance(given, numbers.Integral):
        # 2021.10 and 2021.1 are one number: which month was meant is lost
        raise CorridorError(
            f'{short(given)} is a number, not a date. Write dates in quotes, such as "2021-10".',
            f'{short(given)}是数字，不是日期。日期请加引号，如"2021-10"。',
        )
    try:
        found = parse_date(str(given))
    except CellError as error:
        raise CorridorError(
            f"{error.what_en} {error.remedy_en}".strip(), f"{error.what_zh}{error.remedy_zh}"
        ) from None
    if found is None:
        raise CorridorError(
            "A date is missing. Write it as 2020 or 2020-05.", "缺少日期。请写成2020或2020-05。"
        )
    year, month, day = (int(part) for part in (*found.split("-"), "0", "0")[:3])
    if day not in {0, days_in(year, month) if last else 1}:
        whole = found[:7]
        raise CorridorError(
            f"{found!r} names a day, but scenarios count in whole months. Write {whole!r}.",
            f"“{found}”精确到日，情景按整月计算。请写成“{whole}”。",
        )
    return found


def _parts(date: str) -> tuple[int, int]:
    year, month, *_ = (*date.split("-"), "0")
    return int(year), int(month)


# Deadlines at the precision they were printed, against the period of an assessment.

EPSILON = 1e-9
"""Moments are multiples of 1 / 12; differences below this are rounding."""


def due_moment(date: str | None) -> float:
    """Return the end of the last month a printed date allows; ``inf`` where none is printed.

    Examples
    --------
    >>> due_moment("2020"), due_moment("2020-06"), due_moment("2020-06-30"), due_moment(None)
    (2020.0, 2019.5, 2019.5, inf)
    """
    if not date:
        return math.inf
    year, *rest = date.split("-")
    return moment(int(year), int(rest[0]) if rest else MONTHS)


def is_due(date: str | None, now: float) -> bool:
    """Return whether a date has come by a moment."""
    return due_moment(date) <= now + EPSILON


def is_next(date: str | None, now: float) -> bool:
    """Return whether a date falls into the month after a moment.

    Examples
    --------
    >>> is_next("2020-06", moment(2020, 5)), is_next("2020", moment(2020, 5))
    (True, False)
    """
    return abs(due_moment(date) - now - 1 / MONTHS) < EPSILON


def rows_of(given: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a Table, a DataFrame or a list of mappings; unknown is None.

    Columns that are missing are unknown in every row.
    """
    if given is None:
        return []
    if hasattr(given, "rows"):
        rows = list(given.rows())
    elif hasattr(given, "to_dict"):
        rows = given.to_dict("records")
    else:
        rows = list(given)
    return [{name: known(row, name) for name in names} for row in rows]


def known(row: Mapping[str, Any], name: str) -> Any:
    """Return a cell, None for every way in which a table says nothing (S6)."""
    value = row.get(name)
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value == "":
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


MONTHS = 12


def moment(year: int, month: int = MONTHS) -> float:
    """Return the end of a month as a moment.

    Examples
    --------
    >>> moment(2021), moment(2021, 9), moment(2020, 6)
    (2021.0, 2020.75, 2019.5)
    """
    return year + (month - MONTHS) / MONTHS


@lru_cache(maxsize=65536)
def period_of(text: str) -> Period:
    """Return the period of a text that is one; the same text is read once.

    Raises
    ------
    CellError
        If it is none.
    """
    found = read_period(text)
    if found is None:
        raise CellError("缺少时期。", "the period is missing.", "请填写。", "Fill it in.")
    return found
