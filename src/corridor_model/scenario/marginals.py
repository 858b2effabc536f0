"""Each indicator's distribution by year, alone and with what works add to it.

A forecast with a closed form is tabulated once: at nodes of a standard normal z the values x
with the same probability. Between nodes z is linear in x, so that P(value <= x) =
Phi(z(x)) is smooth. What works add is independent of the forecast; with a certain addition c
the distribution is moved by c, with an uncertain one it is the mean over its draws of the
moved ones (a convolution), computed from the conditional means of `STRATA` equal parts.
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
STRATA = 16
_COARSE = np.array([1e-6, 0.01, 0.5, 0.99, 1 - 1e-6])


class Marginal:
    """Distributions of one indicator over its years.

    Attributes
    ----------
    values : ndarray, shape (Y, nodes)
        Values at the nodes; constant where the year is known.
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

    def quantile(self, levels: Array) -> Array:
        """Return quantiles without works, shape (Y, Q)."""
        at = ndtri(levels)
        return np.array([np.interp(at, NODES, row) for row in self.values])

    def moved(self, year: int, levels: Array, added: Array) -> Array:
        """Return quantiles of the value plus an independent addition, shape (Q,).

        Parameters
        ----------
        year : int
            Year.
        levels : ndarray, shape (Q,)
            Probabilities.
        added : ndarray, shape (n,)
            Draws of the addition.
        """
        base = np.interp(ndtri(levels), NODES, self.values[self.place(year)])
        if added.min() == added.max() or np.isnan(base[0]):  # a year without a figure stays so
            return np.asarray(base + added[0])
        if self.known(year):
            return np.asarray(np.quantile(base[0] + added, levels))
        parts = strata(added)
        middle = self.values[self.place(year)][20:-20:4]
        grid = middle + parts.mean()
        if parts[-1] - parts[0] > 0.05 * (middle[-1] - middle[0]):
            grid = np.sort(np.concatenate([middle + parts[0], grid, middle + parts[-1]]))
        p = ndtr(self.z(year, grid[:, None] - parts)).mean(axis=1)
        inner = (p > 0) & (p < 1)
        return np.asarray(np.interp(ndtri(levels), ndtri(p[inner]), grid[inner]))


def strata(added: Array) -> Array:
    """Return the means of `STRATA` equal parts of the sorted draws."""
    ordered = np.sort(added)
    if len(ordered) % STRATA == 0:
        return np.asarray(ordered.reshape(STRATA, -1).mean(axis=1))
    return np.array([part.mean() for part in np.array_split(ordered, min(STRATA, len(ordered)))])


def tabulated(outlook: Outlook) -> Array:
    """Return a forecast's values at the nodes, shape (H, nodes).

    Three rounds: a few quantiles, then twice the probability of a grid of values and the
    grid's values moved to the nodes.
    """
    made = outlook.predictive
    assert made is not None
    assert made.core is not None
    rough = made.core.quantile(_COARSE, False)[0]
    step = np.isclose(made.cdf(rough)[0, 2], made.cdf(rough - 1e-9 * np.abs(rough))[0, 2])
    if not step or made.route == "gamma_poisson":
        return np.asarray(made.quantile(ndtr(NODES)))
    at = ndtri(_COARSE)
    table = np.array([np.interp(NODES, at, row) for row in rough])
    for _ in range(3):
        z = ndtri(np.clip(made.cdf(table), 1e-12, 1 - 1e-12))
        table = np.array(
            [np.interp(NODES, *_rising(score, row)) for score, row in zip(z, table, strict=True)]
        )
    return table


def _rising(z: Array, x: Array) -> tuple[Array, Array]:
    """Return scores and values with equal scores kept once."""
    keep = np.concatenate([[True], np.diff(z) > 0])
    return z[keep], x[keep]
