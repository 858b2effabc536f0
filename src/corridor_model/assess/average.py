"""Average growth since the base year, by rates or by levels, 水平法 or 累计法 (S4, S17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.schedule import MONTHS
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import (
    average_growth_cumulative_method,
    average_rate_of_chain,
    chain,
    compound,
    remaining_rate,
)

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point

CUMULATIVE = "累计法"


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
    found = _by_rates(history, base_year) or _by_levels(history, base_year)
    if found is None:
        return None
    index, last, method = found
    cumulative = average_method == CUMULATIVE
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


def still_needed(found: Average, target: float, years_left: float) -> float | None:
    """Return the yearly growth that the years left need, so that the average is the target.

    Parameters
    ----------
    found : Average
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
    done = len(found.levels)
    years = round(done + years_left)
    try:
        if not found.cumulative:
            total = float(compound(1.0, target, years)) - 1
            return float(remaining_rate(found.levels[-1] - 1, total, years_left))
        planned = sum(float(compound(1.0, target, year)) for year in range(1, years + 1))
        rest = planned - sum(found.levels)
        if rest <= 0:
            return -1.0
        left = years - done
        return float(average_growth_cumulative_method(found.levels[-1], [rest / left] * left))
    except GrowthUndefinedError:
        return None
