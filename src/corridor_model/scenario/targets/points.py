"""The yearly figures an outlook begins from: what is known, what growth starts from, origins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.probability.ask import additions, with_base
from corridor_model.assess.probability.growths import index_of, yearly_rates
from corridor_model.assess.probability.question import INDEX, last_series, whole
from corridor_model.observations.model import Point
from corridor_model.observations.periods import Period
from corridor_model.plan.origins import weakest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor_model.assess.case import Case, When
    from corridor_model.observations.model import History, Observations
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.aims import SetBaseline, SetTarget

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What is known of one indicator.

    Attributes
    ----------
    known : ndarray, shape (Y,)
        Values by year of the outlook, NaN where open: a count, an index, or a value.
    points : dict of int to float
        By year, what growth that is set begins from; of a count its yearly additions.
    origin : str
        The weakest of what was used (S5).
    series_break : bool
        Whether figures of an earlier series were left out (S10).
    """

    known: Array
    points: dict[int, float]
    origin: str
    series_break: bool = False


def figures(case: Case, history: History, when: When, years: NDArray[np.int64]) -> Figures:
    """Return what is known of an indicator over the years of its outlook.

    Parts of a year are left to the forecast, which reads them; here a year is whole or open.
    """
    used = ["document", *(p.origin for p in (*history.points, *history.additions))]
    if case.kind == "growth":
        rates = yearly_rates(history)
        points = _index(rates, when.base_year)
        origins = [p.origin for p in (*history.points, *history.growths)]
        return Figures(_by_year(points, years), points, weakest(["assumed", *origins]))
    if case.kind == "cumulative":
        counts = {p.year: p.value for p in whole(list(history.points))}
        if case.base is not None and case.base_origin != "definition":
            used.append(case.base_origin)
        return Figures(_by_year(counts, years), additions(case, history, when), weakest(used))
    if case.kind == "annual":
        points = {p.year: p.value for p in whole(list(history.points))}
        return Figures(_by_year(points, years), points, weakest(used))
    found, broken = last_series(with_base(case, list(history.points), when))
    own = set(history.points)
    used = ["document", *(p.origin if p in own else case.base_origin for p in found)]
    points = {p.year: p.value for p in whole(found)}
    return Figures(_by_year(points, years), points, weakest(used), broken)


def _by_year(points: dict[int, float], years: NDArray[np.int64]) -> Array:
    return np.array([points.get(int(year), np.nan) for year in years])


def _index(rates: dict[int, float], base: int) -> dict[int, float]:
    """Return the index by year, 100 at the end of the year before the plan."""
    before = {year: rate for year, rate in rates.items() if year <= base and rate > -1}
    values, years = index_of(before, INDEX, base) if base in before else ((INDEX,), (base,))
    points = dict(zip(years, values, strict=True))
    year = base + 1
    while rates.get(year, -1.0) > -1:
        points[year] = points[year - 1] * (1 + rates[year])
        year += 1
    return points


def last_period(plan: Plan, observations: Observations | None) -> Period:
    """Return the last period that figures or baselines speak of: the ``as_of`` of a simulation.

    Examples
    --------
    >>> import corridor_model as cm
    >>> last_period(cm.load_plan(), None).year
    2021
    """
    texts = [str(text) for text in plan.tables["observations"]["period"]]
    if observations is not None:
        texts += [str(text) for text in observations.table["period"]]
        texts += [remark.period for remark in observations.remarks]
    years = [b.year for i in plan.indicators.values() for b in i.baselines]
    base = Period.of(max([plan.about.base_year, *years]))
    found = [base, *(Period.of(text) for text in texts)]
    return max(found, key=lambda period: (period.year, period.month))


def figures_until(plan: Plan, histories: Iterable[History], as_of: Period) -> Period:
    """Return the last period, no later than ``as_of``, of which a figure or baseline is known.

    Examples
    --------
    >>> import corridor_model as cm
    >>> str(figures_until(cm.load_plan(), (), Period(2025, 12)))
    '2019'
    """
    years = [b.year for i in plan.indicators.values() for b in i.baselines]
    found = {(year, 12) for year in years if year <= as_of.year} | {(plan.about.base_year, 12)}
    for history in histories:
        points = [*history.points, *history.growths, *history.additions, *history.done]
        points += [point for part in history.part_years.values() for point in part]
        found |= {(point.year, point.months) for point in points}
    year, month = max(found)
    if (year, month) == (as_of.year, as_of.month):
        return as_of
    return Period(year, month, 0 if month % 3 or month == 12 else 3)


def with_baselines(history: History, aims: Sequence[SetBaseline]) -> History:
    """Return a history with the starting values a scenario sets, in place of those years'."""
    years = {aim.year for aim in aims}
    kept = [p for p in history.points if p.year not in years]
    made = [Point(aim.year, 12, aim.value, "", "level", "year", origin="user") for aim in aims]
    points = tuple(sorted([*kept, *made], key=lambda p: p.year))
    added = tuple(p for p in history.additions if p.year not in years)
    return replace(history, points=points, additions=added)


def with_target(indicator: Indicator, aim: SetTarget) -> Indicator:
    """Return an indicator whose last targets due have another value, or year."""
    due = max((t.year, t.month or 12) for t in indicator.targets)
    targets = tuple(
        replace(t, value=aim.value, year=aim.year or t.year)
        if (t.year, t.month or 12) == due
        else t
        for t in indicator.targets
        if (t.year, t.month or 12) == due or t.year < (aim.year or t.year)
    )
    return replace(indicator, targets=targets)


def until(indicator: Indicator, year: int) -> Indicator:
    """Return an indicator that is due at the end of a year: to ask for the years until then."""
    due = max((t.year, t.month or 12) for t in indicator.targets)
    last = [t for t in indicator.targets if (t.year, t.month or 12) == due]
    return replace(indicator, targets=tuple(replace(t, year=year, month=None) for t in last))
