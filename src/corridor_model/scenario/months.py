"""Printed dates as months: the one place where «2020» becomes January or December.

A moment is a float: months since the year 0, so that 2020-01 begins at 24240.0 and ends at
24241.0. Whole months are exact; a delay of 1.5 months is allowed.
"""

from __future__ import annotations

import math

from corridor_model.errors import CorridorError
from corridor_model.plan.cells import CellError, parse_date

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


def date_of(text: str) -> str:
    """Return a date as the data write it: ``2020``, ``2020-05`` or ``2020-05-31``.

    Raises
    ------
    CorridorError
        If it is no date.
    """
    try:
        found = parse_date(str(text))
    except CellError as error:
        raise CorridorError(
            f"{error.what_en} {error.remedy_en}".strip(), f"{error.what_zh}{error.remedy_zh}"
        ) from None
    if found is None:
        raise CorridorError(
            "A date is missing. Write it as 2020 or 2020-05.", "缺少日期。请写成2020或2020-05。"
        )
    return found


def _parts(date: str) -> tuple[int, int]:
    year, month, *_ = (*date.split("-"), "0")
    return int(year), int(month)
