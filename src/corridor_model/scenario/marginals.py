"""Each indicator's distribution by year, before works add to it.

A forecast with a closed form is tabulated once: at nodes of a standard normal z the values x
with the same probability. Between nodes z is linear in x, so that P(value <= x) =
Phi(z(x)) is smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from corridor_model._typing import Array, Mask
from corridor_model.forecasting.pooling import MixtureForecast, side_by_side

if TYPE_CHECKING:
    from corridor_model.forecasting.predictive import Core
    from corridor_model.scenario.outlook import Outlook


NODES = np.linspace(-6.0, 6.0, 241)
"""Normal scores at which values are tabulated."""


class Marginal:
    """Distributions of one indicator over its years.

    Attributes
    ----------
    values : ndarray, shape (Y, nodes)
        Values at the nodes; constant where the year is known.
    shifts : dict
        Kept by :func:`corridor_model.scenario.attainment.shift`.
    """

    def __init__(self, outlook: Outlook, table: Array | None = None):
        self.outlook = outlook
        self.values = outlook.table(len(NODES), (), ())
        self.paths = outlook.paths
        if outlook.paths is not None:
            open_ = np.isnan(outlook.known)
            levels = ndtr(NODES)
            self.values[open_] = np.quantile(outlook.paths[open_], levels, axis=1).T
        elif outlook.predictive is not None:
            table = tables_at_nodes([outlook])[0] if table is None else table
            self.values = outlook.table(len(NODES), outlook.predictive.years, table)
        self.shifts: dict[bool, tuple[float, float]] = {}
        self._ordered: dict[int, Array] = {}

    def place(self, year: int) -> int:
        """Return the row of a year."""
        return self.outlook.place(year)

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
    tables = dict(zip(closed, tables_at_nodes([outlooks[i] for i in closed]), strict=True))
    return [Marginal(outlook, tables.get(i)) for i, outlook in enumerate(outlooks)]


def tables_at_nodes(outlooks: Sequence[Outlook]) -> list[Array]:
    """Return the values of forecasts at the nodes, shape (H, nodes) each.

    Forecasts of one pattern are read together; each gives what it gives alone.
    """
    tables: list[Array] = [np.empty(0)] * len(outlooks)
    mixed: dict[int, MixtureForecast] = {}
    for i, outlook in enumerate(outlooks):
        predictive = outlook.predictive
        assert predictive is not None
        if isinstance(predictive.core, MixtureForecast):
            mixed[i] = predictive.core
        elif predictive.route == "gamma_poisson":  # it has steps
            tables[i] = np.asarray(predictive.quantile(ndtr(NODES)))
        else:
            assert predictive.core is not None
            tables[i] = _table(predictive.core)[0]
    places = list(mixed)
    for at, core in side_by_side(list(mixed.values())):
        for k, table in zip(at, _table(core), strict=True):
            tables[places[k]] = table
    return tables


def _table(core: Core) -> Array:
    """Return values at the nodes, shape (N, H, nodes).

    Quantiles that are interpolated (about 1e-4 in probability) are put right by one look at
    their probabilities. A forecast with steps is left as it is read.
    """
    levels = ndtr(NODES)
    rough = np.asarray(core.quantile(levels, False))
    # a forecast with steps has one probability at its median and just below it
    middle = rough[:, :1, len(NODES) // 2 : len(NODES) // 2 + 1]
    beside = np.broadcast_to(
        np.concatenate([middle, middle - 1e-9 * np.abs(middle)], axis=2), (*rough.shape[:2], 2)
    )
    p = np.asarray(core.cdf(np.concatenate([rough, beside], axis=2)))
    z = ndtri(np.clip(p[..., :-2], 1e-12, 1 - 1e-12))
    stepped = ~np.isclose(p[:, 0, -2], p[:, 0, -1])
    values = np.array(core.quantile(levels)) if stepped.any() else np.empty_like(rough)
    for i, k in np.ndindex(rough.shape[:2]):
        if not stepped[i]:
            rising = np.concatenate([[True], np.diff(z[i, k]) > 0])  # equal scores are kept once
            values[i, k] = np.interp(NODES, z[i, k, rising], rough[i, k, rising])
    return values


# Quantiles of a value and an uncertain addition that is independent of it.

STRATA, FINER, WIDE = 16, 256, 0.5
"""Parts of the draws; finer ones where works spread a value that many times as far as itself."""
STEP = float(NODES[1] - NODES[0])
ROUNDS, EXACT = 6, 1e-6
"""Steps allowed, and the normal score by which a solution may miss."""
ROWS, LEVELS = 256, 64
"""Rows and levels that are solved for at a time."""
BEGIN = 4096.0
"""Where the first row is laid; all lie below twice this, where floats are evenly spaced."""


def convolution_quantiles(
    marginals: Sequence[Marginal], levels: Array, added: Sequence[Array]
) -> list[Array]:
    """Return quantiles by year of values plus independent additions, shape (Y, Q) each.

    Parameters
    ----------
    marginals : sequence of Marginal
        Indicators without works; the answer of one does not depend on the others.
    levels : ndarray, shape (Q,)
        Probabilities.
    added : sequence of ndarray, shape (Y, n)
        Draws of the addition to each, as many for all.

    Notes
    -----
    P(value + addition <= x), a mean over `STRATA` parts (or `FINER`), is solved for x in normal
    scores, where it is almost straight, by the secant method for all years and levels together.
    Years that do not settle (atoms, or parts far from each other) are read off a grid instead.
    """
    if not marginals:
        return []
    quantiles = [np.empty((len(draws), len(levels))) for draws in added]
    smooth = [_is_smooth(*each) for each in zip(marginals, added, strict=True)]
    wide = [_is_wide(*each) for each in zip(marginals, added, strict=True)]
    for parts in (STRATA, FINER):
        # every indicator's years of one kind are solved for in one call, then handed back
        rows_of_parts = [
            rows & (far == (parts == FINER)) for rows, far in zip(smooth, wide, strict=True)
        ]
        values = np.concatenate(
            [m.values[rows] for m, rows in zip(marginals, rows_of_parts, strict=True)]
        )
        draws = [strata(each[rows], parts) for each, rows in zip(added, rows_of_parts, strict=True)]
        x, settled = _solve(values, ndtri(levels), np.concatenate(draws))
        begin = 0
        for i, rows in enumerate(rows_of_parts):
            part = slice(begin, begin := begin + int(rows.sum()))
            quantiles[i][rows], smooth[i][rows] = x[part], settled[part]
    for i, rows in enumerate(smooth):
        for row in np.flatnonzero(~rows):
            quantiles[i][row] = _off_grid(marginals[i], int(row), levels, added[i][row])
    return quantiles


def strata(added: Array, parts: int = STRATA) -> Array:
    """Return the means of equal parts of the sorted draws, the last axis."""
    ordered = np.sort(added)
    size, rest = divmod(ordered.shape[-1], parts)
    if not rest:
        return np.asarray(ordered.reshape(*ordered.shape[:-1], parts, size).mean(axis=-1))
    split = np.array_split(ordered, min(parts, ordered.shape[-1]), axis=-1)
    return np.stack([part.mean(axis=-1) for part in split], axis=-1)


def _is_wide(marginal: Marginal, added: Array) -> Mask:
    """Return years in which works spread so far that their parts could be told apart."""
    low, high = (np.searchsorted(NODES, z) for z in (-1.0, 1.0))
    spread = (marginal.values[:, high] - marginal.values[:, low]) / 2
    return np.asarray(added.std(axis=1) > WIDE * spread)


def _is_smooth(marginal: Marginal, added: Array) -> Mask:
    """Return years that are open, neither masked nor one atom, with an uncertain addition."""
    open_ = np.isnan(marginal.outlook.known) & (added.min(axis=1) != added.max(axis=1))
    return np.asarray(open_ & (marginal.values[:, 0] < marginal.values[:, -1]))


def _off_grid(marginal: Marginal, row: int, levels: Array, added: Array) -> Array:
    """Return one year's quantiles, shape (Q,), interpolated between points of a grid."""
    year = int(marginal.outlook.years[row])
    base = np.interp(ndtri(levels), NODES, marginal.values[row])
    if added.min() == added.max() or np.isnan(base[0]):  # a year without a figure stays so
        return np.asarray(base + added[0])
    if marginal.values[row, 0] == marginal.values[row, -1]:  # certain, were it not for works
        return np.asarray(np.quantile(base[0] + added, levels))
    parts = strata(added, FINER)
    middle = marginal.values[row][20:-20:4]
    grid = np.sort((middle + strata(added)[:, None]).ravel())
    p = ndtr(marginal.z(year, grid[:, None] - parts)).mean(axis=1)
    inner = (p > 0) & (p < 1)
    return np.asarray(np.interp(ndtri(levels), ndtri(p[inner]), grid[inner]))


def _solve(values: Array, z: Array, parts: Array) -> tuple[Array, Mask]:
    """Return quantiles by row, and whether they settled; what did not is of no use."""
    low, run = values[:, :1], values[:, -1:] - values[:, :1]
    solution, settled = np.empty((len(values), len(z))), np.ones(len(values), dtype=np.bool_)
    for start in range(0, len(values), ROWS):
        at = slice(start, start + ROWS)
        scaled = (values[at] - low[at]) / run[at], parts[at] / run[at]
        for first in range(0, len(z), LEVELS):
            some = slice(first, first + LEVELS)
            solution[at, some], good = _secant(scaled[0], z[some], scaled[1])
            settled[at] &= good
    return low + solution * run, settled


def _secant(values: Array, z: Array, parts: Array) -> tuple[Array, Mask]:
    """Return quantiles of rows that run from 0 to 1, and whether they settled.

    Rows are laid end to end, so that one interpolation reads them all. They begin where sums
    keep the same 40 binary digits of a value whatever its row, so that no row's answer
    depends on the others.
    """
    begin = BEGIN + 2.0 * np.arange(len(values))[:, None]
    line, nodes = (values + begin).ravel(), np.concatenate([NODES] * len(values))
    begins, shifts = begin[..., None], parts[:, None, :]

    def miss(x: Array) -> Array:
        inside = x[:, :, None] - shifts
        np.clip(inside, 0.0, 1.0, out=inside)
        inside += begins
        p = np.add.reduce(ndtr(np.interp(inside, line, nodes)), axis=-1)
        p /= parts.shape[1]
        return np.asarray(ndtri(p) - z)

    # the first guess: the quantile without works, moved by what works add on average
    place = np.clip((z - NODES[0]) / STEP, 0, len(NODES) - 2)
    left = place.astype(np.intp)
    before = values.take(left, axis=1)
    slope = values.take(left + 1, axis=1) - before
    before += slope * (place - left)
    before += np.add.reduce(parts, axis=1, keepdims=True) / parts.shape[1]
    error = miss(before)
    quantile = before - error * slope / STEP
    for _ in range(ROUNDS):
        wrong = miss(quantile)
        far = np.abs(wrong) > EXACT
        if not far.any():
            break
        rise = wrong - error
        with np.errstate(over="ignore", invalid="ignore"):  # where it does not settle
            step = np.where(far, wrong * (quantile - before), 0.0) / np.where(rise, rise, 1.0)
            before, error, quantile = quantile, wrong, quantile - step
    return quantile, np.asarray(~far.any(axis=1))
