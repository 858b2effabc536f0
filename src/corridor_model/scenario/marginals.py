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
STEP = float(NODES[1] - NODES[0])
FEW, ROUNDS, EXACT = 64, 6, 1e-6
"""Levels that are worth solving for, steps allowed, and the normal score they may miss by."""


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
    """Return the means of `STRATA` equal parts of the sorted draws, the last axis."""
    ordered = np.sort(added)
    if ordered.shape[-1] % STRATA == 0:
        return np.asarray(ordered.reshape(*ordered.shape[:-1], STRATA, -1).mean(axis=-1))
    parts = np.array_split(ordered, min(STRATA, ordered.shape[-1]), axis=-1)
    return np.stack([part.mean(axis=-1) for part in parts], axis=-1)


def convolved(marginal: Marginal, levels: Array, added: Array) -> Array:
    """Return quantiles by year of the values plus an independent addition, shape (Y, Q).

    Parameters
    ----------
    marginal : Marginal
        Without works.
    levels : ndarray, shape (Q,)
        Probabilities.
    added : ndarray, shape (Y, n)
        Draws of the addition.

    Notes
    -----
    P(value + addition <= x), a mean over `STRATA` parts, is solved for x in normal scores,
    where it is almost straight, by the secant method for all years and levels together.
    Years that do not settle (atoms, or parts far from each other) and long lists of levels
    are read off a grid instead.
    """
    solved = np.isnan(marginal.outlook.known) & (added.min(axis=1) != added.max(axis=1))
    solved &= marginal.values[:, 0] < marginal.values[:, -1]  # neither masked nor one atom
    if len(levels) > FEW:
        solved[:] = False
    made = np.empty((len(added), len(levels)))
    if solved.any():
        made[solved], good = _secant(marginal.values[solved], ndtri(levels), strata(added[solved]))
        solved[solved] = good
    for row in np.flatnonzero(~solved):
        made[row] = marginal.moved(int(marginal.outlook.years[row]), levels, added[row])
    return made


def _secant(values: Array, z: Array, parts: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return quantiles by row, and whether they settled; what did not is of no use."""
    low, high = values[:, :1], values[:, -1:]
    # rows are laid end to end, so that one interpolation reads them all
    begin = np.add.accumulate(high - low + 1) - high - 1
    line, nodes = (values + begin).ravel(), np.concatenate([NODES] * len(values))
    least, most, begins = (each[..., None] for each in (low, high, begin))
    shifts = parts[:, None, :]

    def miss(x: Array) -> Array:
        inside = np.minimum(np.maximum(x[:, :, None] - shifts, least), most)
        inside += begins
        p = np.add.reduce(ndtr(np.interp(inside, line, nodes)), axis=-1)
        p /= parts.shape[1]
        return np.asarray(ndtri(p) - z)

    place = np.clip((z - NODES[0]) / STEP, 0, len(NODES) - 2)
    left = place.astype(np.intp)
    before = values.take(left, axis=1)
    slope = values.take(left + 1, axis=1) - before
    before += slope * (place - left)
    before += np.add.reduce(parts, axis=1, keepdims=True) / parts.shape[1]
    error = miss(before)
    made = before - error * slope / STEP
    for _ in range(ROUNDS):
        wrong = miss(made)
        far = np.abs(wrong) > EXACT
        if not far.any():
            break
        rise = wrong - error
        with np.errstate(over="ignore", invalid="ignore"):  # where it does not settle
            step = np.where(far, wrong * (made - before), 0.0) / np.where(rise, rise, 1.0)
            before, error, made = made, wrong, made - step
    return made, np.asarray(~far.any(axis=1))


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
