"""The calendar: periods as offices write them, printed dates, and months as whole numbers.

A *moment* is a whole number of months since the year 0: ``12 * 2021`` is where 2020 ends and
2021 begins. Everything is compared and counted in moments; years of three quarters appear only
where time is divided by time, see :func:`in_years`.
"""

from __future__ import annotations

import datetime
import math
import numbers
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from corridor_model.errors import CellError, CorridorError
from corridor_model.formatting import clean, excerpt, short
from corridor_model.messages import N_, context

MONTHS = 12
"""Of a year."""

EPSILON = 1e-9
"""Spans in years are quotients of months; differences below this are rounding."""

KINDS = {12: "year", 6: "half", 3: "quarter", 1: "month"}
"""Kind of a period by how many months it has."""

FIRST_YEAR, LAST_YEAR = 1900, 2200


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
        length = self.length or (MONTHS if self.month == MONTHS else 1)
        object.__setattr__(self, "length", length)
        real = FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= MONTHS
        if length not in KINDS or not real or self.month % length:
            raise CorridorError(
                N_("There is no period of {length} months that ends with month {month} of {year}."),
                length=length,
                month=self.month,
                year=self.year,
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
        # pandas' NaT is a date to Python, and equals nothing
        if isinstance(value, datetime.date) and value == value:  # noqa: PLR0124
            return cls(value.year, value.month, 1)
        try:
            period = read_period(str(value))
        except CellError as error:
            raise CorridorError(error.message) from None
        if period is None:
            raise CorridorError(
                N_("{value!r} is not a period. Write 2021, 2021Q3 or 2021-09."), value=value
            )
        return period

    @property
    def kind(self) -> str:
        """``year``, ``half``, ``quarter`` or ``month``."""
        return KINDS[self.length]

    @property
    def first_month(self) -> int:
        """First month of the period itself."""
        return self.month - self.length + 1

    @property
    def end(self) -> int:
        """The moment at which it is over."""
        return MONTHS * self.year + self.month

    @property
    def last_day(self) -> str:
        """Last day, as ``2021-09-30``."""
        return last_day(f"{self.year:04d}-{self.month:02d}")

    def moved(self, months: int, length: int = 0) -> Period:
        """Return the period that ends some months later, as long as this one or as told.

        Examples
        --------
        >>> str(Period(2021, 3, 3).moved(-3)), str(Period(2021, 12).moved(1, length=1))
        ('2020Q4', '2022-01')
        """
        year, month = divmod(self.end + months - 1, MONTHS)
        return Period(year, month + 1, length or self.length)

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


# Moments.


def in_years(moment: Any) -> Any:
    """Return moments on the scale of year ends: 2021.0 is the end of 2021.

    Differences on it are spans in years, as rates and the shares of elapsed time need them.

    Examples
    --------
    >>> in_years(Period(2021, 12).end), in_years(month_end(2021, 9)), in_years(math.inf)
    (2021.0, 2020.75, inf)
    """
    return (moment - MONTHS) / MONTHS


def year_start(year: int) -> int:
    """Return the moment a year begins."""
    return MONTHS * year


def year_end(year: int) -> int:
    """Return the moment a year is over."""
    return MONTHS * (year + 1)


def month_end(year: int, month: int) -> int:
    """Return the moment a month is over."""
    return MONTHS * year + month


def year_before(moment: float) -> int:
    """Return the year in which the last day before a moment falls.

    Examples
    --------
    >>> year_before(year_end(2021)), year_before(year_end(2021) + 1)
    (2021, 2022)
    """
    return int((moment - 1) // MONTHS)


def last_month(end: float) -> str:
    """Return the month in which a moment's last day falls, as people write it.

    Examples
    --------
    >>> last_month(end_of("2022")), last_month(end_of("2022-12") + 0.5)
    ('2022-12', '2023-01')
    """
    month = math.ceil(round(end, 9)) - 1
    return f"{month // MONTHS}-{month % MONTHS + 1:02d}"


def first_month(start: float) -> str:
    """Return the month in which a moment's first day falls."""
    month = math.floor(round(start, 9))
    return f"{month // MONTHS}-{month % MONTHS + 1:02d}"


# Printed dates, at the precision they were printed: the one place where «2020» becomes January
# or December.


def start_of(date: str) -> int:
    """Return the moment a printed start begins: a year means its January.

    Examples
    --------
    >>> start_of("2020") == start_of("2020-01") == 12 * 2020
    True
    """
    year, month, _ = _parts(date)
    return MONTHS * year + (month or 1) - 1


def end_of(date: str) -> int:
    """Return the moment a printed end is over: a year means its December.

    Examples
    --------
    >>> end_of("2022") == end_of("2022-12") == end_of("2022-12-31") == 12 * 2023
    True
    """
    year, month, _ = _parts(date)
    return MONTHS * year + (month or MONTHS)


def is_due(date: str | None, moment: float) -> bool:
    """Return whether a printed date has come by a moment; one that is not printed never does.

    Examples
    --------
    >>> is_due("2020", year_end(2020)), is_due("2020", year_end(2020) - 1), is_due(None, math.inf)
    (True, False, False)
    """
    return bool(date) and end_of(str(date)) <= moment


def is_next(date: str | None, moment: float) -> bool:
    """Return whether a date falls into the month after a moment.

    Examples
    --------
    >>> is_next("2020-06", month_end(2020, 5)), is_next("2020", month_end(2020, 5))
    (True, False)
    """
    return bool(date) and end_of(str(date)) == moment + 1


def last_day(date: str) -> str:
    """Return the last day of ``2021``, ``2021-10`` or ``2021-10-31``.

    Examples
    --------
    >>> last_day("2021-02"), last_day("2021")
    ('2021-02-28', '2021-12-31')
    """
    year, month, day = _parts(date)
    month = month or MONTHS
    return f"{year:04d}-{month:02d}-{day or days_in(year, month):02d}"


def days_in(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def date_text(date: str, lang: str = "zh") -> str:
    """Return a date as people read it: in Chinese ``2021年7月``, in English as it stands.

    Examples
    --------
    >>> date_text("2030"), date_text("2021-07"), date_text("2021-07-01"), date_text("2030", "en")
    ('2030年', '2021年7月', '2021年7月1日', '2030')
    """
    return PrintedDate(date).text(lang)


_DATES = (
    context("date", "{year}"),
    context("date", "{year}-{month}"),
    context("date", "{year}-{month}-{day}"),
)


class PrintedDate(NamedTuple):
    """A date as a message can carry it.

    Attributes
    ----------
    date : str
        ``2021``, ``2021-07`` or ``2021-07-01``.
    """

    date: str

    def text(self, lang: str = "en") -> str:
        """Return the date in ``"zh"`` or ``"en"``."""
        if lang == "en":
            return self.date
        year, month, day = _parts(self.date)
        fields = {"year": year, "month": month, "day": day}
        return replace(_DATES[bool(month) + bool(day)], fields=fields).text(lang)

    def __str__(self) -> str:
        return self.date


def _parts(date: str) -> tuple[int, int, int]:
    """Return year, month and day, 0 for what is not printed."""
    year, month, day = (*date.split("-"), "0", "0")[:3]
    return int(year), int(month), int(day)


# What people write, read: one cell or argument as a date or as a period.

_SERIALS = range(36526, 73051)
"""Spreadsheet date serials of 2000-01-01 to 2099-12-31."""

_DATE = re.compile(
    r"""(\d{4}) (?: [-/.年] (\d{1,2}) (?: 月? | [-/.月] (\d{1,2}) 日? (?:[T ]?00:00(?::00)?)? )
                 | (0[1-9]|1[0-2])
                 | (?:\.0+)?年? )""",
    re.VERBOSE,
)
# as texts: compiled when a period first needs them, which a plan's own dates do not
_YEAR_AHEAD = r"(\d{4})(?:年度|年|-|/|\.)?"
_AROUND = (
    r"^(?:截至到?|截止到?|至)",
    (r"(?<!累计)(?<!合计)(?<![止底末份数])(?:累计|合计|止|底|末|份|数)++$"),
)
_OF_YEAR = r"""(?x)(?P<year> | 全年 | 年 | 度 | 年度 | 年全年 | 1-12月)
      | (?P<half> H1 | 上半年) | (?:H2 | 下半年)
      | Q(?P<quarter>[1-4]) | [第前]? (?P<numeral>[一二三四1-4]) 个? 季度?
      | (?:1-)? (?P<month>\d{1,2}) 月份?"""
_NUMERALS = "1234一二三四"
_WORLD_BANK = r"^(?:YR(\d{4})|(\d{4})\[YR\2\])$"


LONGEST_PERIOD = 100
"""Characters of a period, «from the beginning of the year until the end of September» and all."""


def read_date(text: str) -> str:
    """Return ``2020``, ``2020-05`` or ``2020-05-31``: the precision is kept as written.

    Raises
    ------
    CellError
        If it is no date, or ``2021.1``: a spreadsheet stores a typed 2021.10 so.

    Examples
    --------
    >>> read_date("2020年"), read_date("2020/5"), read_date("2020年5月31日")
    ('2020', '2020-05', '2020-05-31')
    """
    narrow = unicodedata.normalize("NFKC", text)
    if _is_cut(narrow):
        raise CellError(
            N_("{text!r} may be January, or October after a spreadsheet dropped its 0."),
            N_("Write {year}-01 or {year}-10."),
            text=text,
            year=narrow[:4],
        )
    parts = _digits(narrow)
    if parts:
        return "-".join(f"{part:02d}" for part in parts)
    raise CellError(
        N_("{text!r} is not a date."),
        N_("Write it as 2020, 2020-05 or 2020-05-31."),
        text=excerpt(text),
    )


def date_of(value: object, *, last: bool = False) -> str:
    """Return a date as it was written, ``2020`` or ``2020-05``: scenarios count in months.

    A day is read only where nothing is lost: the first of a month, or its last day where
    ``last`` says that an end is meant.

    Raises
    ------
    CorridorError
        If it is no date, a number such as 2021.10, or a day within a month.
    """
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        # 2021.10 and 2021.1 are one number: which month was meant is lost
        raise CorridorError(
            N_('{value} is a number, not a date. Write dates in quotes, such as "2021-10".'),
            value=short(value),
        )
    date = _date(str(value), N_("A date is missing. Write it as 2020 or 2020-05."))
    year, month, day = _parts(date)
    if day not in {0, days_in(year, month) if last else 1}:
        raise CorridorError(
            N_("{date!r} names a day, but scenarios count in whole months. Write {month!r}."),
            date=date,
            month=date[:7],
        )
    return date


def day_of(value: str | datetime.date) -> str:
    """Return the last day that a date means, as ``2021-10-31``.

    Raises
    ------
    CorridorError
        If it is no date.
    """
    text = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return last_day(_date(text, N_("A date is missing. Write it as 2021-10-31.")))


def _date(text: str, missing: str) -> str:
    try:
        if text := clean(text):
            return read_date(text)
    except CellError as error:
        raise CorridorError(error.message) from None
    raise CorridorError(missing)


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
    cell = clean(text)
    if not cell:
        return None
    if len(cell) > LONGEST_PERIOD:  # before it is looked into: no period is as long
        raise CellError(
            N_("{text!r} is not a period."),
            N_("Write 2021, 2021H1, 2021Q3 or 2021-09."),
            text=excerpt(cell),
        )
    word = _narrow(cell)
    if _is_cut(word):
        raise CellError(
            N_("{text!r} may be January or October: a spreadsheet stores 2021.10 as 2021.1."),
            N_("Write {year}-01 or {year}-10."),
            text=cell,
            year=word[:4],
        )
    parts = _in_digits(word) or _in_words(word, year)
    if parts is None or not _exists(*parts[:2]):
        raise _no_period(cell, year)
    if year is not None and parts[0] != year:
        raise CellError(
            N_("{text!r} contradicts the year {year}."),
            N_("Correct one of the two."),
            text=cell,
            year=year,
        )
    return Period(*parts)


@lru_cache(maxsize=65536)
def period_of(text: str) -> Period:
    """Return the period of a text that is one; the same text is read once.

    Raises
    ------
    CellError
        If it is none.
    """
    period = read_period(text)
    if period is None:
        raise CellError(N_("the period is missing."), N_("Fill it in."))
    return period


def _narrow(text: str) -> str:
    """Return the text in narrow characters without blanks, every dash a hyphen."""
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    word = re.sub(r"^(\d{4,6})\.0+$", r"\1", word)  # a whole number from a spreadsheet
    word = re.sub(_WORLD_BANK, r"\1\2", word)
    return re.sub(r"(?<![—–―−‐~至到])[—–―−‐~至到]++(?=\d)", "-", re.sub(_AROUND[0], "", word))


def _is_cut(word: str) -> bool:
    """Return whether it may be an October whose 0 a spreadsheet has cut off."""
    return re.fullmatch(r"\d{4}\.1", word) is not None


def _digits(word: str) -> tuple[int, ...]:
    """Return year, month and day of a date, as many as are printed; nothing if it is none."""
    match = _DATE.fullmatch(word)
    parts = tuple(int(part) for part in match.groups() if part) if match else ()
    return parts if parts and _exists(*parts) else ()


def _exists(year: int, month: int = 1, day: int = 1) -> bool:
    whole = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= MONTHS
    return whole and 1 <= day <= days_in(year, month)


def _in_digits(word: str) -> tuple[int, int, int] | None:
    """Return year, month and length of a period written as a date or as a date's serial."""
    if len(parts := _digits(word)) > 1:
        return parts[0], parts[1], 1
    if re.fullmatch(r"\d{5}", word) and int(word) in _SERIALS:
        date = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(word))
        return date.year, date.month, 1
    return None


def _in_words(word: str, year: int | None) -> tuple[int, int, int] | None:
    """Return year, month and length of a period written in words, its year perhaps elsewhere."""
    if ahead := re.match(_YEAR_AHEAD, word):
        year, word = int(ahead[1]), word[ahead.end() :]
    part = re.fullmatch(_OF_YEAR, re.sub(_AROUND[1], "", word))
    if year is None or part is None:
        return None
    if part["month"]:
        return year, int(part["month"]), 1
    if numeral := part["quarter"] or part["numeral"]:
        return year, 3 * (_NUMERALS.index(numeral) % 4 + 1), 3
    if part["year"] is not None:
        return year, 12, 12
    return year, 6 if part["half"] else 12, 6


def _no_period(text: str, year: int | None) -> CellError:
    guess = _in_words(_narrow(text), FIRST_YEAR) if year is None else None
    if guess and guess[0] == FIRST_YEAR and _exists(*guess[:2]):
        return CellError(
            N_("{text!r} has no year."),
            N_("Write 2021年1—9月, or add a column year."),
            text=excerpt(text),
        )
    return CellError(
        N_("{text!r} is not a period."),
        N_("Write 2021, 2021H1, 2021Q3 or 2021-09."),
        text=excerpt(text),
    )
