"""Each indicator's distribution by year, before works add to it.

A forecast with a closed form is tabulated once: at nodes of a standard normal z the values x
with the same probability. Between nodes z is linear in x, so that P(value <= x) =
Phi(z(x)) is smooth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from corridor_model.scenario.outlook import Outlook

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
        Kept by :func:`corridor_model.scenario.reach.shift`.
    """

    def __init__(self, outlook: Outlook):
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
            table = tabulated(outlook)
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


def tabulated(outlook: Outlook) -> Array:
    """Return a forecast's values at the nodes, shape (H, nodes).

    Quantiles that are interpolated (about 1e-4 in probability) are put right by one look at
    their probabilities.
    """
    made = outlook.predictive
    assert made is not None
    assert made.core is not None
    levels = ndtr(NODES)
    rough = np.asarray(made.core.quantile(levels, False)[0])
    middle = float(rough[0, len(NODES) // 2])
    at, under = made.cdf(np.array([middle, middle - 1e-9 * abs(middle)]))[0]
    if not np.isclose(at, under) or made.route == "gamma_poisson":  # it has steps
        return np.asarray(made.quantile(levels))
    z = ndtri(np.clip(made.cdf(rough), 1e-12, 1 - 1e-12))
    return np.array(
        [np.interp(NODES, *_rising(score, row)) for score, row in zip(z, rough, strict=True)]
    )


def _rising(z: Array, x: Array) -> tuple[Array, Array]:
    """Return scores and values with equal scores kept once."""
    keep = np.concatenate([[True], np.diff(z) > 0])
    return z[keep], x[keep]
