"""Printed dates as months: the one place where «2020» becomes January or December.

A moment is a float: months since the year 0, so that 2020-01 begins at 24240.0 and ends at
24241.0. Whole months are exact; a delay of 1.5 months is allowed.
"""

from __future__ import annotations

import math
import numbers

from corridor_model.errors import CorridorError
from corridor_model.finite import short
from corridor_model.plan.cells import CellError, days_in, parse_date

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
