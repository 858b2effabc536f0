"""Whole years out of their parts, and averages out of years (S4, S17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assessment.progress import elapsed_of_year
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import (
    average_growth_cumulative_method,
    average_rate_of_chain,
    chain,
    compound,
    remaining_rate,
)
from corridor_model.observations.semantics import CUMULATIVE_METHOD
from corridor_model.periods import MONTHS

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point

# A whole year out of its first months: by the indicator's own season, else by the calendar.


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


def full_year(value: float, usual: Season) -> float:
    """Return the whole year that a part of it points to.

    Examples
    --------
    >>> full_year(280.0, Season(0.7, "seasonal_share", (2020,)))
    400.0
    """
    return value if usual.share == 1 else value / usual.share


# Average growth since the base year, by rates or by levels, 水平法 or 累计法 (S4, S17).


class Average(NamedTuple):
    """Average growth from the base year to ``last``, with the level of each year (base 1)."""

    rate: float
    levels: tuple[float, ...]
    last: Point
    method: str
    cumulative: bool


def since(history: History, base_year: int, average_method: str | None) -> Average | None:
    """Return the average growth since the base year; None where a year between is unknown.

    Growth rates on a year earlier are chained; without them, levels from the base year on are
    used, if they are of one series (S10). By 水平法 only the last year counts, by 累计法 the
    sum of all years. The last year may be a part of it, compared with the same months of the
    year before; the method then ends in ``_part_year``.
    """
    run = _by_rates(history, base_year) or _by_levels(history, base_year)
    if run is None:
        return None
    index, last, method = run
    cumulative = average_method == CUMULATIVE_METHOD
    try:
        if cumulative:
            rate = average_growth_cumulative_method(1.0, index)
        else:
            steps = [now / before - 1 for before, now in zip((1.0, *index), index, strict=False)]
            rate = average_rate_of_chain(steps)
    except (GrowthUndefinedError, ZeroDivisionError):
        return None
    if last.months < MONTHS:
        method += "_part_year"
    return Average(float(rate), tuple(index), last, method, cumulative)


def _by_rates(history: History, base_year: int) -> tuple[list[float], Point, str] | None:
    by_year = {point.year: point for point in history.growths if point.year > base_year}
    if not by_year:
        return None
    last = max(by_year)
    years = range(base_year + 1, last + 1)
    # only the last year may be a part of one: an earlier part is not that year's growth
    if any(year not in by_year or by_year[year].months < MONTHS for year in years[:-1]):
        return None
    rates = [by_year[year].value / 100 for year in years]
    try:
        index = [1 + float(chain(rates[: n + 1])) for n in range(len(rates))]
    except GrowthUndefinedError:
        return None
    return index, by_year[last], "chained_growth"


def _by_levels(history: History, base_year: int) -> tuple[list[float], Point, str] | None:
    by_year = {p.year: p for p in history.points if p.year >= base_year and p.months == MONTHS}
    base, last = by_year.get(base_year), max(by_year, default=base_year)
    if base is None or base.value <= 0 or last == base_year:
        return None
    points = [by_year.get(year) for year in range(base_year + 1, last + 1)]
    if any(p is None or p.series != base.series or p.value < 0 for p in points):
        return None
    return [p.value / base.value for p in points if p is not None], by_year[last], "levels"


def still_needed(average: Average, target: float, years_left: float) -> float | None:
    """Return the yearly growth that the years left need, so that the average is the target.

    Parameters
    ----------
    average : Average
        The average so far.
    target : float
        Yearly fraction.
    years_left : float
        Whole years after the last one known.

    Returns
    -------
    float or None
        Yearly fraction; None where no growth can do it any more, or none is defined.
    """
    done = len(average.levels)
    years = round(done + years_left)
    try:
        if not average.cumulative:
            total = float(compound(1.0, target, years)) - 1
            return float(remaining_rate(average.levels[-1] - 1, total, years_left))
        planned = sum(float(compound(1.0, target, year)) for year in range(1, years + 1))
        rest = planned - sum(average.levels)
        if rest <= 0:
            return -1.0
        left = years - done
        return float(average_growth_cumulative_method(average.levels[-1], [rest / left] * left))
    except GrowthUndefinedError:
        return None
