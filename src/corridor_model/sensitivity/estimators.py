"""Sobol indices from sums: every estimator is a mean of products, so that resamples are a matrix.

For one output, with a = f(A), b = f(B) and, for input j, d_j = f(A with B's j) - a and
e_j = f(B with A's j) - b, all less a centre m (the mean of all evaluations):

    V      = mean of a² and b², less the squared mean of a and b
    S1_j   = mean(b d_j) / V                                    (Saltelli et al. 2010)
    ST_j   = mean(d_j²) / 2 / V                                 (Jansen 1999)
    S2_jk  = (mean(a e_j) + mean(e_j d_k) - mean(b d_j)) / V    (Saltelli 2002)

The last is mean(f(B with A's j) f(A with B's k) - a b) / V - S1_j - S1_k, written so that
an input that does nothing has exactly 0. With weights that count how often a resample drew each
point, one product of matrices gives all resamples at once; blocks of points add up, so that
neither the points nor the answers need be held.

References
----------
Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola (2010), Computer Physics Communications
181(2), 259-270; Jansen (1999), Computer Physics Communications 117(1-2), 35-43; Saltelli
(2002), Computer Physics Communications 145(2), 280-297; Archer, Saltelli, Sobol (1997), Journal
of Statistical Computation and Simulation 58(2), 99-120, for the bootstrap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.draws.keyed import generator

Array = NDArray[np.float64]
Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


def all_pairs(inputs: int) -> Pairs:
    """Return every pair of inputs, the first place below the second."""
    first, second = np.triu_indices(inputs, 1)
    return first, second


class Indices(NamedTuple):
    """Indices of one output; column 0 is the estimate, the others are resamples.

    Attributes
    ----------
    first, total : ndarray, shape (inputs, resamples + 1)
    second : ndarray, shape (pairs, resamples + 1)
        In the order of ``pairs``; no rows where not asked for.
    pairs : (ndarray, ndarray)
        Places of the two inputs of each pair.
    variance : ndarray, shape (resamples + 1,)
    mean : float
        Of the two samples.
    """

    first: Array
    total: Array
    second: Array
    pairs: Pairs
    variance: Array
    mean: float


def bootstrap_weights(n: int, resamples: int, seed: int) -> Array:
    """Return how often each resample draws each point, shape (n, resamples + 1).

    Column 0 is all ones: the sample itself.
    """
    rng = generator("bootstrap", seed, 0)
    out = np.ones((n, resamples + 1))
    for column in range(1, resamples + 1):
        out[:, column] = np.bincount(rng.integers(0, n, n), minlength=n)
    return out


class Sums:
    """Weighted sums over points of one output.

    Parameters
    ----------
    inputs : int
        How many inputs, or groups, touch the output.
    resamples : int
        How many resamples.
    pairs : (ndarray, ndarray) or None
        Pairs of inputs that are asked for, ascending; None where the second order is not.
    shift : float
        Taken off every answer first, against cancellation.
    """

    def __init__(self, inputs: int, resamples: int, pairs: Pairs | None, shift: float):
        self.inputs, self.second, self.shift = inputs, pairs is not None, shift
        none = np.zeros(0, dtype=np.intp)
        self.pairs = (none, none) if pairs is None else pairs
        self.every = len(self.pairs[0]) == inputs * (inputs - 1) // 2
        rows = 4 + 3 * inputs + (2 * inputs + len(self.pairs[0]) if self.second else 0)
        self.total = np.zeros((rows, resamples + 1))
        self.low, self.high = np.inf, -np.inf
        self.points = 0

    def add(self, a: Array, b: Array, ab: Array, ba: Array | None, weights: Array) -> None:
        """Add a block of points.

        Parameters
        ----------
        a, b : ndarray, shape (n,)
            Answers of the two samples.
        ab, ba : ndarray, shape (inputs, n)
            Answers of the first with one input of the second, and the reverse.
        weights : ndarray, shape (n, resamples + 1)
            Of these points.
        """
        for part in (a, b):
            self.low, self.high = min(self.low, part.min()), max(self.high, part.max())
        t, n = self.inputs, len(a)
        rows = np.empty((len(self.total), n))
        rows[0], rows[1] = a - self.shift, b - self.shift
        np.multiply(rows[:2], rows[:2], out=rows[2:4])
        d = np.subtract(ab, a, out=rows[4 : 4 + t])
        np.multiply(d, rows[1], out=rows[4 + t : 4 + 2 * t])
        np.multiply(d, d, out=rows[4 + 2 * t : 4 + 3 * t])
        if self.second:
            assert ba is not None
            at = 4 + 3 * t
            e = np.subtract(ba, b, out=rows[at : at + t])
            np.multiply(e, rows[0], out=rows[at + t : at + 2 * t])
            place = at + 2 * t
            if not self.every:
                np.multiply(e[self.pairs[0]], d[self.pairs[1]], out=rows[place:])
            for j in range(t - 1 if self.every else 0):
                count = t - 1 - j
                np.multiply(d[j + 1 :], e[j], out=rows[place : place + count])
                place += count
        self.total += rows @ weights
        self.points += n

    @property
    def constant(self) -> bool:
        """Whether the output never moved beyond rounding."""
        most = max(abs(self.low), abs(self.high))
        return bool(self.high - self.low <= 16 * np.finfo(np.float64).eps * most)

    def indices(self) -> Indices:
        """Return the indices of what was added; zeros where the output is constant."""
        t, mean = self.inputs, self.total / self.points
        middle = (mean[0] + mean[1]) / 2
        variance = np.maximum((mean[2] + mean[3]) / 2 - middle**2, 0.0)
        d, bd, dd = (mean[4 + i * t : 4 + (i + 1) * t] for i in range(3))
        e = mean[4 + 3 * t : 4 + 4 * t] if self.second else d[:0]
        # the centre: the mean of all evaluations, both samples and every swapped one
        swapped = t * mean[0, 0] + d[:, 0].sum() + len(e) * mean[1, 0] + e[:, 0].sum()
        centre = (mean[0, 0] + mean[1, 0] + swapped) / (2 + t + len(e))
        if self.constant:
            empty = np.zeros((len(self.pairs[0]), mean.shape[1]))
            zero = np.zeros((t, mean.shape[1]))
            flat = np.zeros_like(variance)
            return Indices(zero, zero.copy(), empty, self.pairs, flat, self._mean(mean))
        with np.errstate(divide="ignore", invalid="ignore"):
            first = (bd - centre * d) / variance
            total = dd / 2 / variance
            second = np.zeros((0, mean.shape[1]))
            if self.second:
                ae = mean[4 + 4 * t : 4 + 5 * t]
                j = self.pairs[0]
                own = (ae - centre * e) / variance - first
                second = own[j] + mean[4 + 5 * t :] / variance
        # a resample of few points may happen to be constant: it says nothing
        for made in (first, total, second):
            made[:, variance == 0] = np.nan
        return Indices(first, total, second, self.pairs, variance, self._mean(mean))

    def _mean(self, mean: Array) -> float:
        return float(mean[0, 0] + mean[1, 0]) / 2 + self.shift


def decided(found: Indices) -> Indices:
    """Return the indices of an output; where one input alone can move it, it has all of it."""
    if len(found.first) != 1 or found.variance[0] == 0:
        return found
    whole = np.ones_like(found.first)
    return found._replace(first=whole, total=whole.copy())
