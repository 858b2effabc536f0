"""Growth, or a value, that a scenario or the user sets: paths over the open years."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution
from corridor_model.plan.origins import weakest
from corridor_model.scenario.draws.keyed import generator, inside, uniforms
from corridor_model.scenario.targets.outlook import Outlook

Array = NDArray[np.float64]
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


def grown(
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
        known = max((year for year in points if year < begin), default=min(points, default=None))
        if known is None:
            return replace(base, reason="no_baseline")
        start, begin = points[known], known + 1
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
        grows = growth.rates(base.indicator.id, year, seed) if rates is None else rates
        level = level * np.maximum(1 + grows, 0.0)
        if place >= 0 and np.isnan(base.known[place]):
            paths[place] = level + count_before(place)
    origin = weakest([base.origin, growth.origin])
    return replace(base, paths=paths, basis="scenario", origin=origin)


def valued(base: Outlook, value: Distribution, origin: str, count: float, seed: int) -> Outlook:
    """Return paths that lead to a value of the target year, which the user gives.

    The open years before lie on a straight line from the last known one, and are masked where
    none is known; those after it are masked. Of a yearly minimum every open year has the value.
    """
    name, place = base.indicator.id, base.goal.year - int(base.years[0])
    rng = generator(f"value:{name}", seed, 0)
    # one draw in each of as many equal strips: the probability is that of the distribution
    drawn = value.ppf(inside((rng.permutation(PATHS) + rng.random(PATHS)) / PATHS))
    paths = np.repeat(base.known[:, None], PATHS, axis=1)
    start = count if base.indicator.kind == "cumulative" else np.nan
    since = -1
    for i in range(place + 1):
        if not np.isnan(base.known[i]):
            start, since = base.known[i], i
        elif base.indicator.kind == "annual":
            paths[i] = drawn
        else:
            paths[i] = start + (drawn - start) * (i - since) / (place - since)
    if np.isnan(base.known[place]):
        paths[place] = drawn  # also where nothing is known before
    return replace(base, paths=paths, basis="scenario", origin=weakest([base.origin, origin]))


def paths_of(outlook: Outlook, seed: int, size: int = PATHS) -> Array:
    """Return paths of an outlook, known years as they are.

    Shape (Y, PATHS) of a forecast, (Y, size) where nothing is forecast.
    """
    if outlook.paths is not None:
        return outlook.paths.copy()
    made = outlook.predictive
    if made is None:
        return np.repeat(outlook.known[:, None], size, axis=1)
    paths = np.repeat(outlook.known[:, None], PATHS, axis=1)
    drawn = made.sample_paths(PATHS, generator(f"paths:{outlook.indicator.id}", seed, 0))
    for row, year in enumerate(made.years):
        place = year - int(outlook.years[0])
        if place >= 0 and np.isnan(outlook.known[place]):
            paths[place] = drawn[row]
    return paths
