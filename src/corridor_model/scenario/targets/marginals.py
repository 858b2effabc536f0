"""Each indicator's distribution by year, before works add to it.

A forecast with a closed form is tabulated once: at nodes of a standard normal z the values x
with the same probability. Between nodes z is linear in x, so that P(value <= x) =
Phi(z(x)) is smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.forecast.mixed import Mixed, side_by_side

if TYPE_CHECKING:
    from corridor_model.forecast.predictive import Core
    from corridor_model.scenario.targets.outlook import Outlook

Array = NDArray[np.float64]
NODES = np.linspace(-6.0, 6.0, 241)
"""Normal scores at which values are tabulated."""


class Marginal:
    """Distributions of one indicator over its years.

    Attributes
    ----------
    values : ndarray, shape (Y, nodes)
        Values at the nodes; constant where the year is known.
    shifts : dict
        Kept by :func:`corridor_model.scenario.targets.reach.shift`.
    """

    def __init__(self, outlook: Outlook, table: Array | None = None):
        self.outlook = outlook
        self.first = int(outlook.years[0])
        self.exact = outlook.predictive is not None and outlook.paths is None
        self.values = np.repeat(outlook.known[:, None], len(NODES), axis=1)
        self.paths = outlook.paths
        if outlook.paths is not None:
            open_ = np.isnan(outlook.known)
            levels = ndtr(NODES)
            self.values[open_] = np.quantile(outlook.paths[open_], levels, axis=1).T
        elif outlook.predictive is not None:
            table = tabulated([outlook])[0] if table is None else table
            for row, year in enumerate(outlook.predictive.years):
                place = year - self.first
                if place >= 0 and np.isnan(outlook.known[place]):
                    self.values[place] = table[row]
        self.shifts: dict[bool, tuple[float, float]] = {}
        self._ordered: dict[int, Array] = {}

    def place(self, year: int) -> int:
        """Return the row of a year."""
        return year - self.first

    def known(self, year: int) -> bool:
        """Whether a year's value is known."""
        return not np.isnan(self.outlook.known[self.place(year)])

    def z(self, year: int, x: Array) -> Array:
        """Return the normal score of values in a year: infinite beyond the table."""
        nodes = self.values[self.place(year)]
        if nodes[0] == nodes[-1]:
            return np.where(x >= nodes[0], np.inf, -np.inf)
        out = np.interp(x, nodes, NODES)
        return np.where(x < nodes[0], -np.inf, np.where(x > nodes[-1], np.inf, out))

    def ordered(self, year: int) -> Array:
        """Return the paths' values in a year, ascending; sorted once."""
        if year not in self._ordered:
            assert self.paths is not None
            self._ordered[year] = np.sort(self.paths[self.place(year)])
        return self._ordered[year]

    def value_at(self, year: int, z: Array) -> Array:
        """Return the values at normal scores in a year."""
        return np.asarray(np.interp(z, NODES, self.values[self.place(year)]))

    def quantile(self, levels: Array) -> Array:
        """Return quantiles without works, shape (Y, Q)."""
        at = ndtri(levels)
        return np.array([np.interp(at, NODES, row) for row in self.values])


def marginals_of(outlooks: Sequence[Outlook]) -> list[Marginal]:
    """Return the distributions of several indicators, whose tables are made together."""
    closed = [i for i, o in enumerate(outlooks) if o.predictive is not None and o.paths is None]
    tables = dict(zip(closed, tabulated([outlooks[i] for i in closed]), strict=True))
    return [Marginal(outlook, tables.get(i)) for i, outlook in enumerate(outlooks)]


def tabulated(outlooks: Sequence[Outlook]) -> list[Array]:
    """Return the values of forecasts at the nodes, shape (H, nodes) each.

    Forecasts of one pattern are read together; each gives what it gives alone.
    """
    made: list[Array] = [np.empty(0)] * len(outlooks)
    mixed: dict[int, Mixed] = {}
    for i, outlook in enumerate(outlooks):
        predictive = outlook.predictive
        assert predictive is not None
        if isinstance(predictive.core, Mixed):
            mixed[i] = predictive.core
        elif predictive.route == "gamma_poisson":  # it has steps
            made[i] = np.asarray(predictive.quantile(ndtr(NODES)))
        else:
            assert predictive.core is not None
            made[i] = _table(predictive.core)[0]
    places = list(mixed)
    for at, core in side_by_side(list(mixed.values())):
        for k, table in zip(at, _table(core), strict=True):
            made[places[k]] = table
    return made


def _table(core: Core) -> Array:
    """Return values at the nodes, shape (N, H, nodes).

    Quantiles that are interpolated (about 1e-4 in probability) are put right by one look at
    their probabilities. A forecast with steps is left as it is read.
    """
    levels = ndtr(NODES)
    rough = np.asarray(core.quantile(levels, False))
    middle = rough[:, :1, len(NODES) // 2 : len(NODES) // 2 + 1]
    beside = np.broadcast_to(
        np.concatenate([middle, middle - 1e-9 * np.abs(middle)], axis=2), (*rough.shape[:2], 2)
    )
    p = np.asarray(core.cdf(np.concatenate([rough, beside], axis=2)))
    z = ndtri(np.clip(p[..., :-2], 1e-12, 1 - 1e-12))
    stepped = ~np.isclose(p[:, 0, -2], p[:, 0, -1])
    made = np.array(core.quantile(levels)) if stepped.any() else np.empty_like(rough)
    for i, k in np.ndindex(rough.shape[:2]):
        if not stepped[i]:
            made[i, k] = np.interp(NODES, *_rising(z[i, k], rough[i, k]))
    return made


def _rising(z: Array, x: Array) -> tuple[Array, Array]:
    """Return scores and values with equal scores kept once."""
    keep = np.concatenate([[True], np.diff(z) > 0])
    return z[keep], x[keep]
