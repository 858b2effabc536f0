"""What each indicator does without works: its goal, its known years, its forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import Array, Integers
from corridor_model.assessment import averages
from corridor_model.assessment.case import of_count, of_each_year
from corridor_model.assessment.questions import (
    INDEX,
    additions,
    index_points,
    last_series,
    per_effect,
    strict_bounds,
    whole,
    with_base,
    yearly_rates,
)
from corridor_model.codes import weakest
from corridor_model.distributions import Distribution
from corridor_model.draws import generator, inside, uniforms
from corridor_model.observations.model import Point
from corridor_model.observations.semantics import CUMULATIVE_METHOD
from corridor_model.periods import Period
from corridor_model.plan.promises import base_year_of
from corridor_model.plan.records import bounds
from corridor_model.scenario.changes import SetTarget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor_model.assessment.case import Case, When
    from corridor_model.forecasting.predictive import Predictive
    from corridor_model.observations.model import History
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.promises import Promise
    from corridor_model.scenario.changes import SetBaseline


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as bounds on one number: the score.

    Attributes
    ----------
    lower, upper : float or None
        In the unit of ``value``; a growth target as an index.
    year : int
        Target year.
    score : str
        ``final`` (value of the year), ``least`` (of all plan years: an annual minimum),
        ``most`` (an annual maximum) or ``sum`` (growth by the cumulative method).
    own : tuple of (int, float)
        Of an annual minimum: years whose own minimum (年度分解目标) is another one.
    lower_open, upper_open : bool
        Whether a bound must be passed, not only touched (S3).
    """

    lower: float | None
    upper: float | None
    year: int
    score: str = "final"
    own: tuple[tuple[int, float], ...] = ()
    lower_open: bool = False
    upper_open: bool = False


class MissProbability(NamedTuple):
    """What the assessment says of the goal without works.

    Attributes
    ----------
    below, above : float
        Probability of lying below the lower bound, and above the upper one.
    settled : bool
        Whether the final figure is known, or an earlier year was missed: works change nothing.
    draws : int
        Fixed paths it rests on; 0 for a closed form.
    """

    below: float
    above: float
    settled: bool = False
    draws: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """One indicator over the years ``base + 1`` to the last asked for.

    Attributes
    ----------
    indicator : Indicator
        What is meant.
    goal : Goal
        What counts as reached.
    years : ndarray
        Years, shape (Y,).
    known : ndarray
        Values already known, NaN where open, shape (Y,).
    predictive : Predictive or None
        Closed form of the open years, the first of which is ``opens``.
    paths : ndarray or None
        Shape (Y, PATHS), where there is no closed form.
    basis, reason, origin : str
        S14; why it is not simulated; S5.
    series_break : bool
        S10.
    missed : MissProbability or None
        The assessment's answer to ``goal``; None where a scenario or the user sets the growth.
    zero, scale : float
        What turns a value into the change that is promised: (value - zero) * scale.
    per_effect : float
        What one unit of the indicator's own series, of which works' effects speak, is here; 0
        where the promise's measure is not of the series.
    """

    indicator: Promise
    goal: Goal
    years: Integers
    known: Array
    predictive: Predictive | None = None
    paths: Array | None = None
    basis: str = ""
    reason: str = ""
    origin: str = "document"
    series_break: bool = False
    missed: MissProbability | None = None
    zero: float = 0.0
    scale: float = 1.0
    per_effect: float = 1.0

    def printed(self, values: Array) -> Array:
        """Return values as the promise speaks of them: of a change, the distance from the base."""
        return np.asarray((values - self.zero) * self.scale)

    def place(self, year: int) -> int:
        """Return the row of a year."""
        return year - int(self.years[0])

    def table(self, width: int, years: Iterable[int], rows: Iterable[Array]) -> Array:
        """Return a table by year, shape (Y, width): known values, and rows of open years."""
        table = np.repeat(self.known[:, None], width, axis=1)
        for year, row in zip(years, rows, strict=True):
            place = self.place(year)
            if place >= 0 and np.isnan(self.known[place]):
                table[place] = row
        return table


def goal_of(case: Case, first_year: int) -> Goal:
    """Return the bounds of a promise as bounds on the score; of a change they are levels."""
    goal = _goal_of(case, first_year)
    return replace(goal, lower_open=case.lower_open, upper_open=case.upper_open)


def _goal_of(case: Case, first_year: int) -> Goal:
    promise, year = case.promise, case.target_year
    if case.kind == "annual":
        lower, upper = bounds(promise)
        upper = None if case.far_end is not None else upper
        return Goal(lower, upper, year, "most" if lower is None else "least")
    lower, upper = strict_bounds(case)
    if case.kind == "growth":
        steps = year - (promise.from_year or first_year) + 1
        summed = promise.average_method == CUMULATIVE_METHOD
        lower = None if lower is None else _index(lower, steps, summed)
        upper = None if upper is None else _index(upper, steps, summed)
        return Goal(lower, upper, year, "sum" if summed else "final")
    return Goal(lower, upper, year)


def _index(percent: float, steps: int, summed: bool) -> float:
    """Return the index, or the sum of indices, that an average growth means."""
    indices = INDEX * (1 + percent / 100) ** np.arange(1, steps + 1)
    return float(indices.sum() if summed else indices[-1])


# What is known of an indicator, and what growth starts from.


def outlook_of_figures(
    case: Case, goal: Goal, history: History, when: When, years: Integers
) -> tuple[Outlook, dict[int, float]]:
    """Return what is known of an indicator, and the values that growth begins from.

    Parts of a year are left to the forecast, which reads them; here a year is whole or open.

    Returns
    -------
    outlook : Outlook
        Without a forecast; its origin is the weakest of what was used (S5).
    points : dict of int to float
        By year, what growth that is set begins from; of a count its yearly additions.
    """
    sources = ["document", *(p.origin for p in (*history.points, *history.additions))]
    series_break = False
    if case.kind == "growth":
        base_year = base_year_of(case.promise, when.base_year)
        rates = yearly_rates(averages.with_baselines(history, case.promise))
        values = points = index_points(rates, base_year)
        sources = ["assumed", *(p.origin for p in (*history.points, *history.growths))]
    elif case.kind == "cumulative":
        history = of_count(case, history)
        values = {p.year: p.value for p in whole(list(history.points))}
        points = additions(case, history, when)
        if case.base is not None and case.base_origin != "definition":
            sources.append(case.base_origin)
    elif case.kind == "annual":
        yearly = of_each_year(case, history)
        values = points = {p.year: p.value for p in whole(list(yearly.points))}
    else:
        series, series_break = last_series(with_base(case, list(case.points), when))
        own = set(case.points)
        sources = ["document", *(p.origin if p in own else case.base_origin for p in series)]
        values = points = {p.year: p.value for p in whole(series)}
    known = np.array([values.get(int(year), np.nan) for year in years])
    origin = weakest(sources)
    outlook = Outlook(
        *(case.promise, goal, years, known),
        origin=origin,
        series_break=series_break,
        zero=case.zero,
        scale=case.scale,
        per_effect=per_effect(case, history, when),
    )
    return outlook, points


def figures_until(plan: Plan, histories: Iterable[History], as_of: Period) -> Period:
    """Return the last period, no later than ``as_of``, of which a figure or baseline is known.

    Examples
    --------
    >>> import corridor_model as cm
    >>> str(figures_until(cm.load_plan(), (), Period(2025, 12)))
    '2019'
    """
    years = [b.year for i in plan.indicators.values() for b in i.baselines]
    known = {(year, 12) for year in years if year <= as_of.year} | {(plan.about.base_year, 12)}
    for history in histories:
        points = [*history.points, *history.growths, *history.additions, *history.done]
        points += [point for part in history.part_years.values() for point in part]
        known |= {(point.year, point.months) for point in points}
    year, month = max(known)
    if (year, month) == (as_of.year, as_of.month):
        return as_of
    return Period(year, month, 0 if month % 3 or month == 12 else 3)


def with_baselines(history: History, aims: Sequence[SetBaseline]) -> History:
    """Return a history with the starting values a scenario sets, in place of those years'."""
    years = {aim.year for aim in aims}
    others = [p for p in history.points if p.year not in years]
    baselines = [Point(aim.year, 12, aim.value, "", "level", "year", origin="user") for aim in aims]
    points = tuple(sorted([*others, *baselines], key=lambda p: p.year))
    added = tuple(p for p in history.additions if p.year not in years)
    return replace(history, points=points, additions=added)


def with_target(promise: Promise, aim: SetTarget) -> Promise:
    """Return a promise whose rows have another value, or year."""
    rows = tuple(replace(t, value=aim.value, year=aim.year or t.year) for t in promise.targets)
    return replace(promise, targets=rows)


def due_in(promise: Promise, year: int) -> Promise:
    """Return a promise that is due at the end of a year: to ask for the years until then."""
    rows = tuple(replace(t, year=year, month=None) for t in promise.targets)
    return replace(promise, targets=rows)


# Growth, or a value, that a scenario or the user sets: paths over the open years.

PATHS = 16_384
"""Paths that stand for an outlook without a closed form."""


class Growth(NamedTuple):
    """Yearly growth: a number, with a spread of its years or a distribution instead.

    ``from_year`` is the first year that grows so; None: the first that is open.
    """

    mean: Distribution | float
    sd: float
    from_year: int | None
    origin: str

    @property
    def certain(self) -> bool:
        """Whether every year grows by one number."""
        return not self.sd and not isinstance(self.mean, Distribution)

    def rates(self, name: str, year: int, seed: int) -> Array:
        """Draw one year's growth, shape (PATHS,), or (1,) where it is certain."""
        if self.certain:
            return np.array([float(self.mean)])  # type: ignore[arg-type]
        from scipy.special import ndtri

        u = uniforms(f"growth:{name}:{year}", PATHS, seed)
        if isinstance(self.mean, Distribution):
            return np.asarray(self.mean.ppf(u))
        return np.asarray(self.mean + self.sd * ndtri(u))


def growth_paths(
    base: Outlook,
    before: Outlook,
    points: dict[int, float],
    growth: Growth,
    begin: int,
    count: float,
    seed: int,
    rates: Array | None = None,
) -> Outlook:
    """Return paths that grow from the last known value, or from a forecast before a year.

    Certain growth from a known value is one path.

    Parameters
    ----------
    base : Outlook
        What is known.
    before : Outlook
        With the forecast of the open years before ``begin``; ``base`` where there are none.
    points : dict of int to float
        What growth begins from, by year; of a count its yearly additions. Years in it are not
        grown anew.
    growth : Growth
        What is set.
    begin : int
        First year that grows.
    count : float
        A count at the end of the year before the outlook.
    seed : int
        Of the draws.
    rates : ndarray, shape (n,), optional
        Instead of ``growth``: the rate of every year, path by path.
    """
    first, last = int(base.years[0]), int(base.years[-1])
    adds_up = base.indicator.kind == "cumulative"

    def count_before(place: int) -> Array | float:
        return (paths[place - 1] if place else count) if adds_up else 0.0

    start = points.get(begin - 1)
    if start is None and before is base:
        # from the last figure before the year; where there is none, from the first after it
        known = max((year for year in points if year < begin), default=min(points, default=None))
        if known is None:
            return replace(base, reason="no_baseline")
        start, begin = points[known], known + 1
    # certain growth from a known value is the same on every path: one is enough
    size = PATHS if rates is None else len(rates)
    if rates is None and growth.certain and before is base:
        size = 1
    paths = paths_of(before, seed, size)
    if start is not None:
        level = np.full(size, start)
    else:
        place = begin - 1 - first
        level = paths[place] - count_before(place)
    for year in range(begin, last + 1):
        place = year - first
        if year in points:
            level = np.full(size, points[year])  # what is known is not grown anew
            continue
        grows = growth.rates(base.indicator.of, year, seed) if rates is None else rates
        level = level * np.maximum(1 + grows, 0.0)  # a draw below -1 loses everything, not more
        if place >= 0 and np.isnan(base.known[place]):
            paths[place] = level + count_before(place)
    origin = weakest([base.origin, growth.origin])
    return replace(base, paths=paths, basis="scenario", origin=origin)


def value_paths(
    base: Outlook, value: Distribution, origin: str, count: float, seed: int
) -> Outlook:
    """Return paths that lead to a value of the target year, which the user gives.

    The open years before lie on a straight line from the last known one, and are masked where
    none is known; those after it are masked. Of a yearly minimum every open year has the value.
    """
    place = base.place(base.goal.year)
    rng = generator(f"value:{base.indicator.id}", seed, 0)
    # one draw in each of as many equal strips: the probability is that of the distribution
    draws = value.ppf(inside((rng.permutation(PATHS) + rng.random(PATHS)) / PATHS))
    paths = base.table(PATHS, (), ())
    start = count if base.indicator.kind == "cumulative" else np.nan
    since = -1
    for i in range(place + 1):
        if not np.isnan(base.known[i]):
            start, since = base.known[i], i
        elif base.indicator.kind == "annual":
            paths[i] = draws
        else:
            paths[i] = start + (draws - start) * (i - since) / (place - since)
    if np.isnan(base.known[place]):
        paths[place] = draws  # also where nothing is known before
    return replace(base, paths=paths, basis="scenario", origin=weakest([base.origin, origin]))


def paths_of(outlook: Outlook, seed: int, size: int = PATHS) -> Array:
    """Return paths of an outlook, known years as they are.

    Shape (Y, PATHS) of a forecast, (Y, size) where nothing is forecast.
    """
    if outlook.paths is not None:
        return outlook.paths.copy()
    if outlook.predictive is None:
        return outlook.table(size, (), ())
    rng = generator(f"paths:{outlook.indicator.of}", seed, 0)
    draws = outlook.predictive.sample_paths(PATHS, rng)
    return outlook.table(PATHS, outlook.predictive.years, draws)
