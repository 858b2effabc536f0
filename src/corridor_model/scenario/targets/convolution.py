"""Quantiles of a value and an uncertain addition that is independent of it.

With a certain addition c a distribution is moved by c. With an uncertain one it is the mean
over its draws of the moved ones (a convolution), computed from the conditional means of
equal parts of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.scenario.targets.marginals import NODES, Marginal

Array = NDArray[np.float64]
STRATA, FINER, WIDE = 16, 256, 0.5
"""Parts of the draws; finer ones where works spread a value that many times as far as itself."""
STEP = float(NODES[1] - NODES[0])
ROUNDS, EXACT = 6, 1e-6
"""Steps allowed, and the normal score by which a solution may miss."""
ROWS, LEVELS = 256, 64
"""Rows and levels that are solved for at a time."""
BEGIN = 4096.0
"""Where the first row is laid; all lie below twice this, where floats are evenly spaced."""


def convolved(marginals: Sequence[Marginal], levels: Array, added: Sequence[Array]) -> list[Array]:
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
    made = [np.empty((len(draws), len(levels))) for draws in added]
    smooth = [_is_smooth(*each) for each in zip(marginals, added, strict=True)]
    wide = [_is_wide(*each) for each in zip(marginals, added, strict=True)]
    for parts in (STRATA, FINER):
        asked = [rows & (far == (parts == FINER)) for rows, far in zip(smooth, wide, strict=True)]
        values = np.concatenate([m.values[rows] for m, rows in zip(marginals, asked, strict=True)])
        draws = [strata(each[rows], parts) for each, rows in zip(added, asked, strict=True)]
        x, settled = _solved(values, ndtri(levels), np.concatenate(draws))
        begin = 0
        for i, rows in enumerate(asked):
            part = slice(begin, begin := begin + int(rows.sum()))
            made[i][rows], smooth[i][rows] = x[part], settled[part]
    for i, rows in enumerate(smooth):
        for row in np.flatnonzero(~rows):
            made[i][row] = _off_grid(marginals[i], int(row), levels, added[i][row])
    return made


def strata(added: Array, parts: int = STRATA) -> Array:
    """Return the means of equal parts of the sorted draws, the last axis."""
    ordered = np.sort(added)
    size, rest = divmod(ordered.shape[-1], parts)
    if not rest:
        return np.asarray(ordered.reshape(*ordered.shape[:-1], parts, size).mean(axis=-1))
    split = np.array_split(ordered, min(parts, ordered.shape[-1]), axis=-1)
    return np.stack([part.mean(axis=-1) for part in split], axis=-1)


def _is_wide(marginal: Marginal, added: Array) -> NDArray[np.bool_]:
    """Return years in which works spread so far that their parts could be told apart."""
    low, high = (np.searchsorted(NODES, z) for z in (-1.0, 1.0))
    spread = (marginal.values[:, high] - marginal.values[:, low]) / 2
    return np.asarray(added.std(axis=1) > WIDE * spread)


def _is_smooth(marginal: Marginal, added: Array) -> NDArray[np.bool_]:
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


def _solved(values: Array, z: Array, parts: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return quantiles by row, and whether they settled; what did not is of no use."""
    low, run = values[:, :1], values[:, -1:] - values[:, :1]
    made, settled = np.empty((len(values), len(z))), np.ones(len(values), dtype=np.bool_)
    for start in range(0, len(values), ROWS):
        at = slice(start, start + ROWS)
        scaled = (values[at] - low[at]) / run[at], parts[at] / run[at]
        for first in range(0, len(z), LEVELS):
            some = slice(first, first + LEVELS)
            made[at, some], good = _secant(scaled[0], z[some], scaled[1])
            settled[at] &= good
    return low + made * run, settled


def _secant(values: Array, z: Array, parts: Array) -> tuple[Array, NDArray[np.bool_]]:
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
