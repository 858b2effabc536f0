"""Outlooks of a plan's indicators: forecasts, or growth that a scenario or the user sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution
from corridor_model.forecast.api import forecast
from corridor_model.forecast.inputs import ForecastError
from corridor_model.observations.histories import histories
from corridor_model.plan.origins import weakest
from corridor_model.scenario.aims import SetBaseline, SetGrowth, SetTarget
from corridor_model.scenario.draws import generator, uniforms
from corridor_model.scenario.outlook import Outlook, goal_of
from corridor_model.scenario.points import forecast_kind, index_points, last_series
from corridor_model.scenario.uncertain import uncertainties_of

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Observations
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.apply import Aim

Array = NDArray[np.float64]
PATHS = 16_384
"""Paths that stand for an outlook without a closed form."""


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
            return (*index_points(history, self.first), False)
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
        if begin > int(years[-1]):
            return self._forecast(base, points)  # it begins after all that is asked for
        earlier = [year for year in open_years if year < begin]
        before = self._forecast(base, points) if earlier else base
        if earlier and before.reason:
            return before
        start = points.get(begin - 1)
        if start is None and not earlier:
            last = max((year for year in points if year < begin), default=min(points, default=None))
            if last is None:
                return _with(base, reason="no_baseline")
            start, begin = points[last], last + 1
        paths = self.paths_of(before) if earlier else np.repeat(base.known[:, None], PATHS, axis=1)
        level = np.full(PATHS, start) if start is not None else paths[begin - 1 - self.first]
        for year in range(begin, int(years[-1]) + 1):
            place = year - self.first
            if year in points:
                level = np.full(PATHS, points[year])  # what is known is not grown anew
                continue
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
            asked = forecast_kind(base.indicator)
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


def _with(outlook: Outlook, **fields: object) -> Outlook:
    from dataclasses import replace

    return replace(outlook, **fields)  # type: ignore[arg-type]
