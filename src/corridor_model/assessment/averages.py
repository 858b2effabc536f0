"""Whole years out of their parts, and averages out of years (S4, S17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, cast

from corridor_model.assessment.progress import elapsed_of_year
from corridor_model.assessment.regional_numbers import along, elementwise
from corridor_model.codes import weakest
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import (
    average_growth_cumulative_method,
    average_rate_of_chain,
    chain,
    compound,
    remaining_rate,
)
from corridor_model.observations.model import Point
from corridor_model.observations.semantics import CUMULATIVE_METHOD
from corridor_model.periods import MONTHS

if TYPE_CHECKING:
    from corridor_model.observations.model import History
    from corridor_model.plan.promises import Promise

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
    used, if they are of one series (S10). By 水平法 only the last year counts, so that levels
    of the base year and of the last one are enough; by 累计法 the sum of all years. The last
    year may be a part of it, compared with the same months of the year before; the method then
    ends in ``_part_year``.
    """
    cumulative = average_method == CUMULATIVE_METHOD
    run = _by_rates(history, base_year) or _by_levels(history, base_year, cumulative)
    if run is None:
        return None
    index, last, method = run
    rate = _average_rate(index, cumulative)
    if rate is None:
        return None
    if last.months < MONTHS:
        method += "_part_year"
    return Average(rate, tuple(index), last, method, cumulative)


def _average_rate(index: Sequence[float], cumulative: bool) -> float | None:
    """Return the average growth of an index that was 1 at the start; None where undefined."""
    try:
        if cumulative:
            return float(average_growth_cumulative_method(1.0, index))
        steps = [now / before - 1 for before, now in pairwise((1.0, *index))]
        return along(average_rate_of_chain, steps)
    except (GrowthUndefinedError, ZeroDivisionError):
        return None


def with_baselines(history: History, promise: Promise) -> History:
    """Return a history with the baselines among its levels: growth may start from them (S4).

    A baseline in percent of an indicator that is a growth itself is no level.
    """
    known = {p.year for p in history.points if p.months == MONTHS}
    starts = [
        Point(b.year, MONTHS, b.value, b.unit, "level", "year", b.series, origin=b.origin)
        for b in promise.baselines
        if b.year not in known and not (promise.series_kind == "growth" and b.unit in {"", "%"})
    ]
    if not starts:
        return history
    of_year = {p.year: p for p in reversed(starts)}  # the one in use stands first
    others = [p for p in history.points if p.year not in of_year]
    return replace(history, points=tuple(sorted([*others, *of_year.values()], key=_year)))


def _year(point: Point) -> int:
    return point.year


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
        index = [1 + along(chain, rates[: n + 1]) for n in range(len(rates))]
    except GrowthUndefinedError:
        return None
    return index, by_year[last], "chained_growth"


def _by_levels(
    history: History, base_year: int, cumulative: bool
) -> tuple[list[float], Point, str] | None:
    by_year = {p.year: p for p in history.points if p.year >= base_year and p.months == MONTHS}
    base, last = by_year.get(base_year), max(by_year, default=base_year)
    if base is None or base.value <= 0 or last == base_year:
        return None
    points = [by_year[year] for year in range(base_year + 1, last + 1) if year in by_year]
    if any(p.series != base.series or p.value < 0 for p in points):
        return None
    steps = last - base_year
    if len(points) == steps:
        return [p.value / base.value for p in points], by_year[last], "levels"
    if cumulative or by_year[last].value == 0:
        return None
    # the years between are not known and do not count: only the ends of the chain do
    rate = (by_year[last].value / base.value) ** (1 / steps)
    whole = by_year[last].value / base.value
    return [*(rate**n for n in range(1, steps)), whole], by_year[last], "levels"


# What published bounds on yearly growths leave of an average, or of a change since the start.

DIGITS = 10
"""Decimals of a percentage that a chain of printed ones keeps: the rest is rounding."""
_SIDES = {"at_least": ("at_least", "above"), "at_most": ("at_most", "below")}


def bounds_since(history: History, base_year: int, average_method: str | None) -> list[Point]:
    """Return bounds on the average growth since a year, and on the change since it in percent.

    Growths that are known, averages and changes that were reported, and bounds on any of them
    are chained: if the growth of one year is at least 5 and that of the next was 6, the two
    together are at least (1.05 x 1.06 - 1). Only what rests on a bound is returned; where the
    figures themselves are known they say more.

    Parameters
    ----------
    history : History
        With published bounds.
    base_year : int
        The year since which it counts.
    average_method : str or None
        By 累计法 the years themselves must be known: an average says nothing of them.
    """
    cumulative = average_method == CUMULATIVE_METHOD
    bounds: list[Point] = []
    for side in _SIDES:
        levels: dict[int, _Chained | None] = {base_year: _Chained(1.0, (), (), "")}
        last = max((p.year for p in history.bounded), default=base_year)
        for year in range(base_year + 1, last + 1):
            link = _link(history, levels[year - 1], year, side)
            if link is None and not cumulative:
                link = _of_start(history, base_year, year, side)
            levels[year] = link
            if link is None or not link.bound:
                continue
            rate = _average_rate(link.levels, cumulative) if link.levels else None
            if rate is None and not cumulative:
                rate = link.level ** (1 / (year - base_year)) - 1
            point = link.points[-1]._replace(bound=link.bound, unit="%", year=year)
            point = point._replace(origin=weakest(p.origin for p in link.points))
            if rate is not None:
                value = round(100 * rate, DIGITS)
                bounds.append(point._replace(measure="average_growth", value=value))
            value = round(100 * (link.level - 1), DIGITS)
            bounds.append(point._replace(measure="change", value=value))
    return bounds


class _Chained(NamedTuple):
    """How far a chain of growths has come: its level, its years, what it rests on, its bound."""

    level: float
    levels: tuple[float, ...]
    points: tuple[Point, ...]
    bound: str


def _link(history: History, before: _Chained | None, year: int, side: str) -> _Chained | None:
    """Return a chain one year on, by that year's growth or a bound on it; None without either."""
    if before is None:
        return None
    point = _of_year(history.growths, year) or _of_year(
        [p for p in history.bounded if p.measure == "growth" and p.bound in _SIDES[side]], year
    )
    if point is None:
        return None
    level = before.level * (1 + point.value / 100)
    levels = (*before.levels, level) if len(before.levels) == len(before.points) else ()
    sides = {before.bound, point.bound or ""} - {""}
    bound = next((one for one in reversed(_SIDES[side]) if one in sides), "")  # strict if any is
    return _Chained(level, levels, (*before.points, point), bound)


def _of_start(history: History, base_year: int, year: int, side: str) -> _Chained | None:
    """Return where a chain stands by what was reported, or bounded, since the start."""
    of_side = [p for p in history.bounded if p.bound in _SIDES[side]]
    steps = year - base_year
    for points in ((*history.averages, *history.changes), of_side):
        for measure in ("average_growth", "change"):
            point = _of_year([p for p in points if p.measure == measure and p.unit == "%"], year)
            if point is None:
                continue
            grown = 1 + point.value / 100
            level = grown**steps if measure == "average_growth" else grown
            return _Chained(level, (), (point,), point.bound or "")
    return None


def _of_year(points: Iterable[Point], year: int) -> Point | None:
    return next((p for p in points if p.year == year and p.months == MONTHS), None)


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
    if years <= done:  # a date within the year after the last one known: no whole year is left
        return None
    try:
        if not average.cumulative:
            total = elementwise(compound, 1.0, target, years) - 1
            left = elementwise(remaining_rate, average.levels[-1] - 1, total, years_left)
            return cast("float", left)
        planned = sum(float(compound(1.0, target, year)) for year in range(1, years + 1))
        rest = planned - sum(average.levels)
        if rest <= 0:
            return -1.0
        left = years - done
        return float(average_growth_cumulative_method(average.levels[-1], [rest / left] * left))
    except GrowthUndefinedError:
        return None
