"""A whole year out of its first months: by the indicator's own season, else by the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.schedule import MONTHS, elapsed_of_year

if TYPE_CHECKING:
    from corridor_model.observations.model import History


class Season(NamedTuple):
    """Share of a whole year reached after some months, and how it is known.

    ``method`` is ``reported`` (the year is whole), ``seasonal_share`` (the mean of earlier
    years) or ``elapsed_time`` (months / 12).
    """

    share: float
    method: str
    years: tuple[int, ...] = ()


def season(history: History, year: int, months: int) -> Season:
    """Return what share of a year is usually reached after some months (S17).

    Parameters
    ----------
    history : History
        Earlier years count where both their part and their whole are known.
    year, months : int
        The year in question is left out.

    Examples
    --------
    >>> from corridor_model.observations.model import History, Point
    >>> whole = Point(2020, 12, 400.0, "亿元", "level", "year")
    >>> part = Point(2020, 9, 280.0, "亿元", "level", "ytd")
    >>> season(History("gdp", (whole,), part_years={2020: (part,)}), 2021, 9)
    Season(share=0.7, method='seasonal_share', years=(2020,))
    >>> season(History("gdp"), 2021, 9)
    Season(share=0.75, method='elapsed_time', years=())
    """
    if months == MONTHS:
        return Season(1.0, "reported")
    known = {
        past: share
        for past, share in history.ytd_shares(months).items()
        if past < year and share > 0
    }
    if known:
        return Season(sum(known.values()) / len(known), "seasonal_share", tuple(known))
    return Season(elapsed_of_year(months), "elapsed_time")


def full_year(value: float, found: Season) -> float:
    """Return the whole year that a part of it points to.

    Examples
    --------
    >>> full_year(280.0, Season(0.7, "seasonal_share", (2020,)))
    400.0
    """
    return value if found.share == 1 else value / found.share
