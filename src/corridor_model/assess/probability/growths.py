"""The question of an average growth: known years compounded, the others forecast (S4)."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from corridor_model.assess.average import CUMULATIVE
from corridor_model.assess.case import EPSILON, Case, When
from corridor_model.assess.probability.question import (
    INDEX,
    Final,
    Question,
    Settled,
    Unasked,
    Yearly,
    met,
    whole,
)
from corridor_model.assess.schedule import MONTHS

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point


def ask_growth(case: Case, history: History, when: When) -> Question:
    """Return the question of the index in the target year, or of its sum by 累计法.

    The index is 100 at the end of the year before the plan, whose growth the text prints (S5:
    assumed). Years with a known growth move it; the years between and after are forecast from
    the last run of known years. Where no growth is known at all, the index alone is forecast,
    and only the base rate speaks.
    """
    base, end = when.base_year, case.target_year
    steps = end - base
    if steps <= 0:
        return Unasked("not_applicable")
    if case.rate is not None and case.at >= case.due - EPSILON:
        return Settled(case.rate * 100, met(case.rate * 100, case.lower, case.upper))
    rates = yearly_rates(history)
    known = [year for year in range(base + 1, end + 1) if year in rates]
    part = next((p for p in history.growths if p.months < MONTHS and base < p.year <= end), None)
    if part is not None and part.year in rates:
        part = None
    open_years = [
        year
        for year in range(base + 1, end + 1)
        if year not in rates and (part is None or year != part.year)
    ]
    if any(rate <= -1 for rate in rates.values()) or (part is not None and part.value <= -100):
        return Unasked("undefined_rate")
    if not open_years and part is None:
        return Unasked("missing")
    reached = INDEX * math.prod(1 + rates[year] for year in known)
    values, years = index_of(rates, reached, base)
    holes = any(year < years[-1] for year in open_years)
    if case.indicator.average_method == CUMULATIVE:
        if holes or (part is not None and open_years and open_years[0] < part.year):
            return Unasked("missing")
        return _sum(case, values, years, rates, base, part)
    grown = 1.0 if part is None else 1 + part.value / 100
    chance = len(open_years) + (0.0 if part is None else 1 - part.months / MONTHS)
    return Final(
        values,
        years,
        "level",
        max(1, math.ceil(chance)),
        _index(case.lower, steps),
        _index(case.upper, steps),
        None if part is None else reached * grown,
        float(len(open_years)),
        chance,
        broken=holes,
        steps=steps,
    )


def yearly_rates(history: History) -> dict[int, float]:
    """Return each year's growth as a fraction: as reported, else from two levels of one series."""
    levels = whole([p for p in history.points if p.value > 0])
    rates = {
        now.year: now.value / before.value - 1
        for before, now in pairwise(levels)
        if now.year == before.year + 1 and now.series == before.series
    }
    rates.update({p.year: p.value / 100 for p in history.growths if p.months == MONTHS})
    return rates


def index_of(
    rates: dict[int, float], reached: float, base: int
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the index over the last run of years with a known growth; it ends at ``reached``.

    Examples
    --------
    >>> index_of({2020: 0.25, 2021: 0.0}, 125.0, 2019)
    ((100.0, 125.0, 125.0), (2019, 2020, 2021))
    >>> index_of({}, 100.0, 2019)
    ((100.0,), (2019,))
    """
    last = max(rates, default=base)
    values, years = [reached], [last]
    while years[0] in rates:
        values.insert(0, values[0] / (1 + rates[years[0]]))
        years.insert(0, years[0] - 1)
    return tuple(values), tuple(years)


def _index(percent: float | None, steps: int) -> float | None:
    return None if percent is None else INDEX * (1 + percent / 100) ** steps


def _sum(
    case: Case,
    values: tuple[float, ...],
    years: tuple[int, ...],
    rates: dict[int, float],
    base: int,
    part: Point | None,
) -> Question:
    """Return the question of the sum of the index over the plan's years (累计法)."""
    steps, end = case.target_year - base, case.target_year
    index, start = INDEX, 0.0
    first = base + 1
    while first in rates:
        index *= 1 + rates[first]
        start += index
        first += 1
    share, estimate = 0.0, None
    if part is not None:
        share, estimate = part.months / MONTHS, index * (1 + part.value / 100)

    def planned(percent: float | None) -> float | None:
        if percent is None:
            return None
        return sum(INDEX * (1 + percent / 100) ** year for year in range(1, steps + 1))

    open_years = tuple(range(first, end + 1))
    moved = first - 1 - years[-1]  # growth before the plan counts as the years just before
    return Yearly(
        values,
        tuple(year + moved for year in years),
        "level",
        open_years,
        tuple(1.0 for _ in open_years),
        "total",
        (planned(case.lower),),
        (planned(case.upper),),
        start,
        0.0,
        share,
        estimate,
        steps=steps,
    )
