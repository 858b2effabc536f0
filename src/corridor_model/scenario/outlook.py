"""What each indicator does without works: known years, a forecast, or what a scenario sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution
from corridor_model.forecast.api import forecast
from corridor_model.forecast.inputs import ForecastError
from corridor_model.observations.histories import histories
from corridor_model.plan.kinds import bounds
from corridor_model.plan.origins import weakest
from corridor_model.scenario.aims import SetBaseline, SetGrowth, SetTarget
from corridor_model.scenario.draws import generator, uniforms
from corridor_model.scenario.uncertain import uncertainties_of

if TYPE_CHECKING:
    from corridor_model.forecast.predictive import Predictive
    from corridor_model.observations.model import History, Observations, Point
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.apply import Aim

Array = NDArray[np.float64]
PATHS = 16_384
"""Paths that stand for an outlook without a closed form."""
INDEX = 100.0
COUNTED = frozenset("家个名人件项栋条座所")
"""Things counted one by one: a stock of them is forecast as a count."""


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
    """

    lower: float | None
    upper: float | None
    year: int
    score: str = "final"


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
    """

    indicator: Indicator
    goal: Goal
    years: NDArray[np.int64]
    known: Array
    predictive: Predictive | None = None
    paths: Array | None = None
    basis: str = ""
    reason: str = ""
    origin: str = "document"
    series_break: bool = False


def goal_of(indicator: Indicator, first_year: int, aim: SetTarget | None) -> Goal:
    """Return the last targets due as bounds on the score."""
    last = max(indicator.targets, key=lambda t: (t.year, t.month or 12))
    lower, upper = bounds(indicator)
    year = last.year
    if aim is not None:
        lower = aim.value if lower is not None else None
        upper = aim.value if upper is not None else None
        year = aim.year or year
    if indicator.kind == "growth":
        steps = year - first_year + 1
        summed = indicator.average_method == "累计法"
        lower = None if lower is None else _index(lower, steps, summed)
        upper = None if upper is None else _index(upper, steps, summed)
        return Goal(lower, upper, year, "sum" if summed else "final")
    if indicator.kind == "annual":
        return Goal(lower, upper, year, "most" if lower is None else "least")
    return Goal(lower, upper, year)


def _index(percent: float, steps: int, summed: bool) -> float:
    """Return the index, or the sum of indices, that an average growth means."""
    grown = INDEX * (1 + percent / 100) ** np.arange(1, steps + 1)
    return float(grown.sum() if summed else grown[-1])


class Builder:
    """Makes outlooks of a plan's indicators; a forecast is made once and shared."""

    def __init__(self, plan: Plan, observations: Observations | None, seed: int):
        self.plan, self.seed = plan, seed
        self.first = plan.about.first_year
        self.histories = histories(plan, observations)
        self.made: dict[tuple[str, tuple[Aim, ...]], Outlook] = {}
        self.given = uncertainties_of(plan)

    def outlook(self, name: str, aims: tuple[Aim, ...]) -> Outlook:
        """Return the outlook of one indicator under what a scenario sets of it."""
        key = (name, aims)
        if key not in self.made:
            self.made[key] = self._outlook(self.plan.indicators[name], aims)
        return self.made[key]

    def _outlook(self, indicator: Indicator, aims: tuple[Aim, ...]) -> Outlook:
        target = next((a for a in aims if isinstance(a, SetTarget)), None)
        goal = goal_of(indicator, self.first, target)
        last = max(goal.year, self.plan.about.last_year)
        years = np.arange(self.first, last + 1)
        blank = np.full(len(years), np.nan)
        if indicator.kind in {"milestone", "completion"}:
            return Outlook(indicator, goal, years, blank, reason="not_applicable")
        if goal.year < self.first:
            return Outlook(indicator, goal, years, blank, reason="before_plan")
        points, origin, broken = self._points(indicator, aims)
        known = np.array([points.get(int(year), np.nan) for year in years])
        if indicator.kind == "cumulative":
            known = self._base(indicator) + np.cumsum(known)
        growth = next((a for a in aims if isinstance(a, SetGrowth)), None)
        explicit = self._explicit(indicator, growth)
        base = Outlook(indicator, goal, years, known, origin=origin, series_break=broken)
        if explicit is not None:
            return self._grown(base, points, *explicit)
        return self._forecast(base, points)

    def _points(
        self, indicator: Indicator, aims: tuple[Aim, ...]
    ) -> tuple[dict[int, float], str, bool]:
        """Return the yearly figures to forecast from; of a count its yearly additions."""
        history = self.histories[indicator.id]
        used = ["document"]
        if indicator.kind == "growth":
            return (*_index_points(history, self.first), False)
        points: dict[int, float] = {}
        due = max((t.year, t.month or 12) for t in indicator.targets)
        # of the year it is due, a figure from the month printed on settles a promise
        whole = [p for p in history.points if p.months == 12 or (p.year, p.months) >= due]
        found, broken = last_series([p for p in whole if p.months == 12 or p.year == due[0]])
        if indicator.kind == "cumulative":
            points, used, broken = self._additions(indicator, history)
            found = []
        for point in found:
            points[point.year] = point.value
            used.append(point.origin)
        starts = [] if indicator.kind in {"cumulative", "annual"} else list(indicator.baselines[:1])
        series = next((p.series for p in found if p.series), None)
        for start in starts:
            same = start.series is None or series is None or start.series == series
            if start.year not in points and same:
                points[start.year] = start.value
                used.append(start.origin)
        for aim in aims:
            if isinstance(aim, SetBaseline):
                points[aim.year] = aim.value
                used.append("user")
        return points, weakest(used), broken

    def _additions(
        self, indicator: Indicator, history: History
    ) -> tuple[dict[int, float], list[str], bool]:
        """Return what each whole year added: as reported, else the difference of two counts."""
        due = max((t.year, t.month or 12) for t in indicator.targets)
        counts = {
            p.year: p.value
            for p in history.points
            if p.months == 12 or (p.year == due[0] and p.months >= due[1])
        }
        counts.setdefault(self.first - 1, self._base(indicator))
        added = {year: counts[year] - counts[year - 1] for year in counts if year - 1 in counts}
        added.update({p.year: p.value for p in history.additions if p.months == 12})
        origins = [p.origin for p in (*history.points, *history.additions)]
        return added, ["document", *origins], False

    def _base(self, indicator: Indicator) -> float:
        """Return a count at the end of the year before the plan: printed, else 0 (S5)."""
        start = indicator.baseline
        return start.value if start is not None and start.year == self.first - 1 else 0.0

    def _explicit(
        self, indicator: Indicator, growth: SetGrowth | None
    ) -> tuple[Distribution | float, float, int | None, str] | None:
        """Return growth set by the scenario, or by the plan's uncertainties."""
        if growth is not None:
            return growth.mean, growth.sd, growth.from_year, "user"
        if (indicator.id, "growth") in self.given:
            made, origin = self.given[indicator.id, "growth"]
            return made, 0.0, None, origin
        return None

    def _grown(
        self,
        base: Outlook,
        points: dict[int, float],
        mean: Distribution | float,
        sd: float,
        from_year: int | None,
        origin: str,
    ) -> Outlook:
        """Return paths that grow from the last known value, or from a forecast before a year."""
        name, years = base.indicator.id, base.years
        open_years = [int(y) for y, v in zip(years, base.known, strict=True) if np.isnan(v)]
        begin = from_year or (open_years[0] if open_years else int(years[-1]) + 1)
        earlier = [year for year in open_years if year < begin]
        before = self._forecast(base, points) if earlier else base
        if earlier and before.reason:
            return before
        start = points.get(begin - 1)
        if start is None and not earlier:
            last = max((year for year in points if year < begin), default=None)
            if last is None:
                return _with(base, reason="no_baseline")
            start, begin = points[last], last + 1
        paths = self.paths_of(before) if earlier else np.repeat(base.known[:, None], PATHS, axis=1)
        level = np.full(PATHS, start) if start is not None else paths[begin - 1 - self.first]
        for year in range(begin, int(years[-1]) + 1):
            place = year - self.first
            u = uniforms(f"growth:{name}:{year}", PATHS, self.seed)
            rate = mean.ppf(u) if isinstance(mean, Distribution) else _normal(mean, sd, u)
            level = level * np.maximum(1 + rate, 0.0)
            if place >= 0 and np.isnan(base.known[place]):
                before_it = self._before(base.indicator, paths, place)
                paths[place] = level + before_it
        return _with(base, paths=paths, basis="scenario", origin=weakest([base.origin, origin]))

    def _forecast(self, base: Outlook, points: dict[int, float]) -> Outlook:
        """Return the forecast floor's answer for the open years."""
        kind = base.indicator.kind
        if kind in {"cumulative", "annual"}:
            asked = "additions"
        elif kind == "growth":
            asked = "level"
        else:
            asked = _kind(base.indicator)
        place = base.goal.year - self.first
        upto = base.known[: place + 1] if base.goal.score != "final" else base.known[[place]]
        if not np.isnan(upto).any():
            base = _with(base, basis="observed")
        history = sorted(points)
        if not history:
            if base.basis:
                return base
            counted = kind == "cumulative" and base.indicator.baseline is not None
            no = "no_forecast" if kind == "annual" else "no_baseline"
            return _with(base, reason="no_scale" if counted else no)
        ahead = int(base.years[-1]) - history[-1]
        if ahead <= 0:
            return base
        try:
            made = forecast([points[y] for y in history], history, ahead, asked)
        except ForecastError:
            return base if base.basis else _with(base, reason="no_forecast")
        if made.reason:
            return base if base.basis else _with(base, reason=made.reason)
        basis = made.p_basis or "unbenchmarked"
        if base.series_break and basis == "benchmarked":
            basis = "unbenchmarked"
        basis = base.basis or basis
        out = _with(base, predictive=made, basis=basis)
        joint = kind == "cumulative" or base.goal.score != "final"
        if joint and np.isnan(base.known[: history[-1] - self.first + 1]).any():
            return _with(base, reason="not_reported")  # a year of the sum is unknown
        return _with(out, paths=self.paths_of(out)) if joint else out

    def _before(self, indicator: Indicator, paths: Array, place: int) -> Array | float:
        """Return the count before a year's addition; 0 for what does not add up."""
        if indicator.kind != "cumulative":
            return 0.0
        return paths[place - 1] if place else self._base(indicator)

    def paths_of(self, outlook: Outlook) -> Array:
        """Return paths of an outlook, shape (Y, PATHS), known years as they are."""
        if outlook.paths is not None:
            return outlook.paths.copy()
        name = outlook.indicator.id
        paths = np.repeat(outlook.known[:, None], PATHS, axis=1)
        made = outlook.predictive
        assert made is not None
        drawn = made.sample_paths(PATHS, generator(f"paths:{name}", self.seed, 0))
        for row, year in enumerate(made.years):
            place = year - self.first
            if place >= 0 and np.isnan(outlook.known[place]):
                before = self._before(outlook.indicator, paths, place)
                paths[place] = drawn[row] + before
        return paths


def _normal(mean: float, sd: float, u: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(mean + sd * ndtri(u)) if sd else np.full(u.shape, mean)


def _index_points(history: History, first: int) -> tuple[dict[int, float], str]:
    """Return the index of a growth target, 100 at the end of the year before the plan.

    A year's growth is the one reported, else that of two levels of one series.
    """
    levels = {p.year: p for p in history.points if p.months == 12 and p.value > 0}
    rates = {
        year: point.value / levels[year - 1].value - 1
        for year, point in levels.items()
        if year - 1 in levels and levels[year - 1].series == point.series
    }
    rates.update({p.year: p.value / 100 for p in history.growths if p.months == 12})
    origins = ["assumed", *(p.origin for p in (*history.points, *history.growths))]
    points = {first - 1: INDEX}
    year = first - 1
    while rates.get(year, -1.0) > -1:
        points[year - 1] = points[year] / (1 + rates[year])
        year -= 1
    year = first
    while rates.get(year, -1.0) > -1:
        points[year] = points[year - 1] * (1 + rates[year])
        year += 1
    return points, weakest(origins)


def last_series(points: list[Point]) -> tuple[list[Point], bool]:
    """Return the points of the last series, and whether earlier ones were left out (S10).

    A point without a series belongs to its neighbours.
    """
    name: str | None = None
    for place in range(len(points) - 1, -1, -1):
        series = points[place].series
        if series and name and series != name:
            return points[place + 1 :], True
        name = name or series
    return points, False


def _kind(indicator: Indicator) -> str:
    """Return what the forecast floor calls a level, share, ratio or rank."""
    if indicator.kind in {"share", "ratio"}:
        return indicator.kind
    if indicator.kind == "rank" and indicator.unit == "%":
        return "share"  # a percentile cannot pass 100
    stock = indicator.kind == "level" and indicator.nature == "stock"
    return "count" if stock and indicator.unit in COUNTED else "level"


def _with(outlook: Outlook, **fields: object) -> Outlook:
    from dataclasses import replace

    return replace(outlook, **fields)  # type: ignore[arg-type]
