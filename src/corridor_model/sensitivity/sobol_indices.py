"""Sobol indices of any function: design, estimators, indices with their bounds."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from corridor_model._typing import Array, Index
from corridor_model.arguments import flag, mapping, number
from corridor_model.distributions import Discrete, Distribution
from corridor_model.draws import Seed, checked_seed, generator, inside, sobol_bits, uniform_points
from corridor_model.errors import warn_not_converged
from corridor_model.labels import label
from corridor_model.messages import N_, Message, message, plural
from corridor_model.sensitivity.inputs import (
    Ask,
    Dependence,
    Function,
    SensitivityError,
    Spread,
    blocks,
    dependences,
    groups_of,
    spreads,
    whole_number,
)

if TYPE_CHECKING:
    import xarray as xr


def sobol_indices(
    func: Function,
    inputs: Mapping[str, object],
    n: int = 1024,
    second_order: bool = True,
    resamples: int = 100,
    seed: Seed = 0,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    correlations: Mapping[str, Any] | None = None,
    columns: Mapping[str, int] | None = None,
    level: float = 0.95,
    tolerance: float = 0.05,
) -> xr.Dataset:
    """Return first, total and second order Sobol indices of a function.

    Parameters
    ----------
    func : callable
        From an array of shape (inputs, m), one row an input in the order of ``inputs``, to
        (outputs, m) or (m,), or a mapping of output names to (m,). Column by column: each
        answer depends on its own column alone.
    inputs : mapping
        Name to (low, high), a `Distribution` (whole numbers and yes or no by `Discrete`), or a
        frozen distribution of ``scipy.stats``.
    n : int, default 1024
        Points, a power of two. The function is asked n (2 d + 2) times, or n (d + 2) without
        the second order, d being the number of inputs or groups.
    second_order : bool, default True
        Whether pairs are asked for.
    resamples : int, default 100
        Of the bootstrap; 0 gives no bounds.
    seed : int, Generator or None, default 0
        Of the scrambled Sobol points and the bootstrap; 0 is a seed like any other.
    groups : mapping, optional
        Name to inputs that are judged together; the rest stand alone.
    correlations : mapping, optional
        Name of a group to one correlation of its normal scores, or a matrix. Correlated
        inputs must be one group.
    columns : mapping, optional
        Place of each input in the design; by default sorted by name, so that their order
        changes nothing. Stored places keep the points when an input is added.
    level : float, default 0.95
        Of the bounds.
    tolerance : float, default 0.05
        Largest half width of the bounds of S1 and ST that counts as converged.

    Returns
    -------
    xarray.Dataset
        S1, ST (output, input) and S2 (output, input, input_2), each with ``_low`` and
        ``_high``; variance, mean, zero_variance, converged and n_converge (output), the
        smallest n that would bring every half width within ``tolerance``, -1 where that is not
        known. S2 is symmetric, its diagonal masked. An output that never moved has indices 0 and
        says so. ``events`` (output) is the number of points that carry its variance, and
        ``converged_reason`` why it has not converged: few_events, unseen_values, out_of_range
        (the sample cannot tell, and bounds reach from 0 to 1), wide or no_bounds.

    Warns
    -----
    ConvergenceWarning
        Once, if an output has not converged; it says how many points would do.

    Raises
    ------
    SensitivityError
        A CorridorError and ValueError: for wrong inputs, groups, n or tolerance, for answers of a
        wrong shape, for an answer that depends on other columns, and for outputs that are not
        finite, by name and count.

    Notes
    -----
    Estimators and references stand in :mod:`corridor_model.sensitivity.sobol_indices`. The bounds
    are the estimate plus and minus normal quantiles of the bootstrap's standard deviation;
    on Sobol points they are wider than need be. A bootstrap knows only what the sample saw: fewer
    than ten points that carry the variance, resamples that lost it, or estimates outside their
    range are no ground for bounds. Values too rare for n points are asked on purpose, a few
    dozen columns an input; where they would move the output further than all that was seen,
    the sample cannot tell either.

    Examples
    --------
    >>> ds = sobol_indices(lambda x: 10 * x[0] * x[1] - 1, {"a": (0, 1), "b": (0, 1)})
    >>> ds["ST"].round(3).values
    array([[0.571, 0.572]])
    >>> bool(ds["converged"][0]), int(ds["n_converge"][0])
    (False, 2048)
    """
    ranges, n, seed = spreads(inputs), checked_points(n), checked_seed(seed)
    level, tolerance = check_study(resamples, level, tolerance)
    second_order = flag("second_order", second_order)
    names = list(ranges)
    grouped = groups_of(names, groups)
    tied = dependences(grouped, correlations)
    u, v = design(names, n, seed, columns, tied)
    a, b = values_at(ranges, u), values_at(ranges, v)
    ask = Ask(func, len(names))
    members = [list(places) for places in grouped.values()]
    weights = bootstrap_weights(n, resamples, seed)
    sums: list[Sums] = []
    for rows in blocks(n):
        fa, fb = ask.both(a[:, rows], b[:, rows], a)
        fab = ask.swapped(a[:, rows], b[:, rows], members)
        fba = ask.swapped(b[:, rows], a[:, rows], members) if second_order else None
        if not sums:
            pairs = all_pairs(len(members)) if second_order else None
            sums = [Sums(len(members), resamples, pairs, float(f.mean())) for f in fa]
        for i, total in enumerate(sums):
            pair = None if fba is None else fba[:, i]
            total.add(fa[i], fb[i], fab[:, i], pair, weights[rows])
    hidden = unseen_variance(
        ask.loosely, list(ranges.values()), a, members, np.array([one.most for one in sums])
    )
    study = Study(
        list(grouped), n, seed, resamples, level, tolerance, second_order, groups, ask.columns
    )
    every = list(range(len(members)))
    indices = [one.indices(rare) for one, rare in zip(sums, hidden, strict=True)]
    ds = indices_dataset(ask.names, indices, [every] * len(sums), study)
    warn_of_doubt(ds, stacklevel=2)
    return ds


def check_study(resamples: object, level: float, tolerance: float) -> tuple[float, float]:
    """Return level and tolerance of a study; refuse settings that make none.

    Raises
    ------
    SensitivityError
        If one is out of range.
    """
    whole_number("resamples", resamples, 0, 100_000)
    level, tolerance = number("level", level), number("tolerance", tolerance)
    if not (0 < level < 1 and tolerance > 0):
        raise SensitivityError(N_("level must lie between 0 and 1, tolerance above 0."))
    return level, tolerance


def values_at(ranges: Mapping[str, Spread], u: Array, felt: Collection[int] | None = None) -> Array:
    """Return the values of inputs at uniform points, shape (inputs, n).

    What no output feels, where ``felt`` names those that are, stands at its median.
    """
    values = np.empty_like(u)
    for i, (row, (name, spread)) in enumerate(zip(values, ranges.items(), strict=True)):
        row[:] = spread.ppf(u[i] if felt is None or i in felt else 0.5)
        if not np.isfinite(row).all():
            raise SensitivityError(
                N_("Input {name!r} is not finite at some probabilities."), name=name
            )
    return values


# Sobol indices from sums: every estimator is a mean of products, so that resamples are a matrix.

Pairs = tuple[Index, Index]


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
    events : float
        Points that carry the variance: N m2² / m4 of N answers with central moments m2 and m4,
        which is about the number of events where they are few.
    carriers : ndarray, shape (inputs,)
        The same of the changes that each input makes.
    unseen : float
        Share of the variance that comes from values the sample did not hold.
    exact : bool
        Whether nothing of the indices is an estimate.
    """

    first: Array
    total: Array
    second: Array
    pairs: Pairs
    variance: Array
    mean: float
    events: float = np.nan
    carriers: Array = np.zeros(0)
    unseen: float = 0.0
    exact: bool = False


_ALONE = 1 << 17
"""Multiplications of a product that BLAS leaves to one thread (OpenBLAS: up to twice as many)."""


def _product(rows: Array, weights: Array) -> Array:
    """Return rows @ weights, added up in one order whatever the machine's threads.

    How BLAS parts a large product among threads moves the last digits of resamples.
    """
    count, points = rows.shape
    out = np.zeros((count, weights.shape[1]))
    side = max(2, math.isqrt(_ALONE // out.shape[1]))
    for part in np.array_split(np.arange(count), -(-count // side)):
        place = slice(part[0], part[-1] + 1)
        for start in range(0, points, side):
            block = slice(start, start + side)
            out[place] += rows[place, block] @ weights[block]
    return out


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
        self.powers = np.zeros(4)
        self.fourth, self.most = np.zeros(inputs), np.zeros(inputs)

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
        dd = np.multiply(d, d, out=rows[4 + 2 * t : 4 + 3 * t])
        self.powers += [rows[:2].sum(), rows[2:4].sum(), (rows[:2] * rows[2:4]).sum(),
                        (rows[2:4] ** 2).sum()]  # fmt: skip
        self.fourth += np.einsum("ij,ij->i", dd, dd)
        np.maximum(self.most, dd.max(axis=1, initial=0.0), out=self.most)
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
        self.total += _product(rows, weights)
        self.points += n

    @property
    def constant(self) -> bool:
        """Whether the output never moved beyond rounding."""
        most = max(abs(self.low), abs(self.high))
        return bool(self.high - self.low <= 16 * np.finfo(np.float64).eps * most)

    @property
    def events(self) -> float:
        """Points of both samples that carry the variance."""
        count = 2 * self.points
        m, second, third, fourth = self.powers / count
        m2 = second - m**2
        m4 = fourth - 4 * m * third + 6 * m**2 * second - 3 * m**4
        return 0.0 if self.constant or m4 <= 0 else float(count * m2**2 / m4)

    @property
    def carriers(self) -> Array:
        """Points at which each input changes the output, as far as they carry its variance."""
        squares = self.total[4 + 2 * self.inputs : 4 + 3 * self.inputs, 0]
        return np.divide(squares**2, self.fourth, out=np.zeros(self.inputs), where=self.fourth > 0)

    def indices(self, unseen: Array | float = 0.0) -> Indices:
        """Return the indices of what was added; zeros where the output is constant.

        Parameters
        ----------
        unseen : ndarray, shape (inputs,)
            Variance from values that the sample did not hold; see `unseen_variance`.
        """
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
            still = Indices(zero, zero.copy(), empty, self.pairs, flat, self._mean(mean))
            # what nothing can move is constant for certain; what did not move may yet
            return still._replace(events=0.0, carriers=np.zeros(t), exact=t == 0)
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
        for index in (first, total, second):
            index[:, variance == 0] = np.nan
        rare = float(np.sum(unseen))
        share = rare / (rare + variance[0]) if np.isfinite(rare) else 1.0
        return Indices(
            first, total, second, self.pairs, variance, self._mean(mean),
            self.events, self.carriers, share,
        )  # fmt: skip

    def _mean(self, mean: Array) -> float:
        return float(mean[0, 0] + mean[1, 0]) / 2 + self.shift


def sole(indices: Indices) -> Indices:
    """Return the indices of an output; where one input alone can move it, it has all of it."""
    if len(indices.first) != 1 or indices.variance[0] == 0:
        return indices
    whole = np.ones_like(indices.first)
    return indices._replace(first=whole, total=whole.copy(), exact=True)


# Values that are too rare for the sample: they are asked on purpose.

FEW = 10
"""Events below which a sample cannot tell whose they are."""
BASES = 4
"""Points of the sample at which rare values are tried."""
SHELL = 8.0
"""Each stretch of a tail is so much rarer than the one before."""
RAREST = 1e-7
LISTED = 16
"""Rare values of a `Discrete` that are tried one by one."""
BEYOND = 2.0
"""How much further than all that was seen a rare value must move an output to count as unseen."""


def rare_values(spread: Spread, n: int) -> tuple[Array, Array]:
    """Return values that two samples of n points hold fewer than ten times, and how likely each is.

    Examples
    --------
    >>> from corridor_model.distributions import Discrete, Distribution
    >>> rare_values(Discrete([0, 24], [0.9999, 0.0001]), 1024)
    (array([24.]), array([0.0001]))
    """
    return _rare_of(spread, n) if isinstance(spread, Distribution) else _rare(spread, n)


@lru_cache(maxsize=256)
def _rare_of(spread: Distribution, n: int) -> tuple[Array, Array]:
    return _rare(spread, n)  # inputs share their distributions


def _rare(spread: Spread, n: int) -> tuple[Array, Array]:
    edge = min(0.25, FEW / (2 * n))
    if isinstance(spread, Discrete):
        pairs = zip(spread.values, spread.probabilities, strict=True)
        rare = [(value, p) for value, p in pairs if p < edge]
        if len(rare) <= LISTED:
            return np.array([value for value, _ in rare]), np.array([p for _, p in rare])
    count = int(np.ceil(np.log(edge / RAREST) / np.log(SHELL)))
    levels = edge / SHELL ** np.arange(count + 1)
    values = np.asarray(spread.ppf(np.concatenate([levels[1:], 1 - levels[1:]])))
    return values, np.tile(-np.diff(levels), 2)


def unseen_variance(
    func: Function,
    ranges: Sequence[Spread],
    sample: Array,
    members: Sequence[Sequence[int]],
    most: Array,
) -> Array:
    """Return the variance from values that a sample did not hold, shape (outputs, groups).

    Parameters
    ----------
    func : callable
        From (inputs, m) to (outputs, m); what is not finite counts as infinite variance.
    ranges : sequence of Spread
        Of each input.
    sample : ndarray, shape (inputs, n)
        Values of one sample.
    members : sequence of sequence of int
        Inputs of each group.
    most : ndarray, shape (outputs, groups)
        Largest square of what each group changed in the sample.
    """
    base = sample[:, :BASES]
    rare = {i: rare_values(ranges[i], sample.shape[1]) for places in members for i in places}
    columns = [base]
    for i, (values, _) in rare.items():
        block = np.repeat(base[:, :, None], len(values), axis=2)
        block[i] = values
        columns.append(block.reshape(len(base), -1))
    answers = np.asarray(func(np.hstack(columns)))
    here, at = answers[:, : base.shape[1], None], base.shape[1]
    unseen = np.zeros_like(most)
    for g, places in enumerate(members):
        for i in places:
            chance = rare[i][1]
            count = base.shape[1] * len(chance)
            there = answers[:, at : at + count].reshape(len(answers), base.shape[1], -1)
            at += count
            with np.errstate(invalid="ignore", over="ignore"):
                squares = (there - here) ** 2
            squares[~np.isfinite(squares)] = np.inf
            new = squares > BEYOND**2 * most[:, g, None, None]
            # rounding of what does not move is no move
            new &= squares > (1e-12 * np.abs(here)) ** 2
            unseen[:, g] += (np.where(new, squares, 0.0).mean(axis=1) * chance).sum(axis=1)
    return unseen


# Points of a Sobol study: two independent samples, every column keyed by name (S13).


def checked_points(n: object) -> int:
    """Return a number of points: a power of two, so that the sequence is balanced.

    Raises
    ------
    SensitivityError
        If it is anything else; with the powers beside it.
    """
    good = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
    if good and 2 <= int(n) <= 2**20 and int(n).bit_count() == 1:  # type: ignore[call-overload]
        return int(n)  # type: ignore[call-overload, no-any-return]
    if good and 2 < int(n) < 2**20:  # type: ignore[call-overload]
        low = 2 ** (int(n).bit_length() - 1)  # type: ignore[call-overload]
        raise SensitivityError(
            N_(
                "n must be a power of two, so that the Sobol sequence is balanced: {low} or "
                "{high}; got {n}."
            ),
            low=low,
            high=2 * low,
            n=n,
        )
    raise SensitivityError(
        N_("n must be a power of two from 2 to 2^20, such as 1024; got {n!r}."), n=n
    )


def columns_of(names: Sequence[str], stored: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the place of each input in the design.

    Parameters
    ----------
    names : sequence of str
        Inputs.
    stored : mapping, optional
        Places already given away; the other names take the next free ones, sorted.

    Examples
    --------
    >>> columns_of(["b", "a"])
    {'b': 1, 'a': 0}
    >>> columns_of(["b", "a", "c"], {"b": 0, "a": 1})
    {'b': 0, 'a': 1, 'c': 2}
    """
    columns = dict(mapping("columns", {} if stored is None else stored))
    places = list(columns.values())
    for place in places:
        if not isinstance(place, (int, np.integer)):
            whole_number("columns", place, 0)
    if len(set(places)) != len(places) or any(place < 0 for place in places):
        raise SensitivityError(N_("Two inputs share a column of the design, or one is negative."))
    free = max(places, default=-1) + 1
    for name in sorted(set(names) - set(columns)):
        columns[name] = free
        free += 1
    return {name: columns[name] for name in names}


def design(
    names: Sequence[str],
    n: int,
    seed: int = 0,
    columns: Mapping[str, int] | None = None,
    dependent: Sequence[Dependence] = (),
) -> tuple[Array, Array]:
    """Return two samples of uniform points, shape (inputs, n) each, within (0, 1).

    Parameters
    ----------
    names : sequence of str
        Inputs.
    n : int
        Points of each sample, a power of two.
    seed : int
        Of the scrambling.
    columns : mapping, optional
        Stored places by name; see `columns_of`.
    dependent : sequence of Dependence
        Inputs that move together.

    References
    ----------
    Sobol (1967), USSR Computational Mathematics 7(4), 86-112; Matousek (1998), Journal of
    Complexity 14(4), 527-556, for the scrambling; Saltelli (2002), Computer Physics
    Communications 145(2), 280-297, for the two samples.

    Examples
    --------
    >>> a, b = design(["x", "y"], 4)
    >>> a.shape, np.sort(np.floor(4 * a[0])).tolist()
    ((2, 4), [0.0, 1.0, 2.0, 3.0])
    """
    from scipy.stats import qmc

    places = columns_of(names, columns)
    width = 2 * (max(places.values()) + 1)
    if width > qmc.Sobol.MAXDIM:
        raise SensitivityError(
            N_("The design has {n} columns; it can hold {most}."),
            n=width // 2,
            most=qmc.Sobol.MAXDIM // 2,
        )
    whole = sobol_bits(width, n)
    samples = []
    for side, word in enumerate(("a", "b")):
        points = np.empty((len(names), n))
        for row, name in zip(points, names, strict=True):
            bits = whole[2 * places[name] + side]
            row[:] = uniform_points(bits, f"design:{word}:{name}", seed)
        for group in dependent:
            members = list(group.members)
            points[members] = inside(ndtr(group.root @ ndtri(points[members])))
        samples.append(points)
    return samples[0], samples[1]


# Labels on Sobol indices: the Dataset, with bounds and whether there were points enough.


@dataclass(frozen=True)
class Study:
    """How the indices were estimated."""

    inputs: list[str]
    n: int
    seed: int
    resamples: int
    level: float
    tolerance: float
    second: bool
    groups: Mapping[str, Sequence[str]] | None
    evaluations: int


def indices_dataset(
    outputs: Sequence[str],
    indices: Sequence[Indices],
    touched: Sequence[Sequence[int]],
    study: Study,
) -> xr.Dataset:
    """Return indices as a Dataset; what does not touch an output has exactly 0.

    Parameters
    ----------
    outputs : sequence of str
        Names.
    indices : sequence of Indices
        One an output, over the inputs that touch it.
    touched : sequence of sequence of int
        Places of those inputs.
    study : Study
        How they were estimated.
    """
    from corridor_model.results import Result

    k = len(study.inputs)
    by = ("output", "input")
    data: dict[str, tuple[tuple[str, ...], Any]] = {}
    ends = [
        [bounds(rows, study.level, one.exact) for rows in (one.first, one.total)] for one in indices
    ]
    half = [np.max([high - point for point, _, high in pair], axis=0) for pair in ends]
    reasons = [doubt(one, width, study) for one, width in zip(indices, half, strict=True)]
    tables = [
        _spread_out(*one, study, k) for one in zip(indices, ends, touched, reasons, strict=True)
    ]
    for name in ("S1", "ST"):
        for end in ("", "_low", "_high"):
            data[name + end] = by, np.array([table[name + end] for table in tables])
    if study.second:
        pairs = [
            _square(one, list(at), k, study, why)
            for one, at, why in zip(indices, touched, reasons, strict=True)
        ]
        for place, end in enumerate(("", "_low", "_high")):
            data["S2" + end] = (*by, "input_2"), np.array([pair[place] for pair in pairs])
        own = np.where(np.eye(k, dtype=bool), "not_applicable", "")
        data["S2_reason"] = ("input", "input_2"), own
    flat = np.array([bool(one.variance[0] == 0) for one in indices])
    exact = np.array([one.exact for one in indices])
    enough = np.array([_enough(*one, study) for one in zip(indices, half, reasons, strict=True)])
    data["variance"] = ("output",), np.array([one.variance[0] for one in indices])
    data["mean"] = ("output",), np.array([one.mean for one in indices])
    data["zero_variance"] = ("output",), flat
    data["exact"] = ("output",), exact
    events = np.array([one.events for one in indices])
    data["events"] = ("output",), np.where(exact, np.nan, events)
    data["events_reason"] = ("output",), np.where(exact, "not_applicable", "")
    data["converged"] = ("output",), np.array([not why for why in reasons])
    data["converged_reason"] = ("output",), np.array(reasons, dtype=np.str_)
    data["n_converge"] = ("output",), enough.astype(np.int64)
    coords: dict[str, Any] = {"output": list(outputs), "input": study.inputs}
    if study.second:
        coords["input_2"] = study.inputs
    ds = label(Result(data, coords=coords), "sobol")
    ds.attrs = {
        "study": "sobol",
        "n": study.n,
        "evaluations": study.evaluations,
        "seed": study.seed,
        "resamples": study.resamples,
        "level": study.level,
        "tolerance": study.tolerance,
    }
    if study.groups:
        members = [f"{name}: {', '.join(parts)}" for name, parts in study.groups.items()]
        ds.attrs["groups"] = "; ".join(members)
    return ds


def warn_of_doubt(ds: xr.Dataset, stacklevel: int) -> None:
    """Warn once of all outputs that have not converged, and say how many points would do.

    Where nothing was resampled nobody asked whether it has: there is no warning.

    Parameters
    ----------
    ds : Dataset
        Of `indices_dataset`.
    stacklevel : int
        Of the frame that asked, as :func:`warnings.warn` counts.
    """
    reasons = ds["converged_reason"].values
    short = ~ds["converged"].values & (reasons != "no_bounds")
    if not short.any():
        return
    names = [str(name) for name in ds["output"].values[short]]
    needed, points = ds["n_converge"].values[short], int(ds.attrs["n"])
    remedy = (
        message("n={enough} would do.", enough=int(needed.max()))
        if (needed > 0).all()
        else message("Take n={more} or more; how many would do is not known.", more=2 * points)
    )

    def what(n: int, **fields: Any) -> Message:
        return plural(
            "Not converged at {points} points: {outputs}.",
            "Not converged at {points} points ({n} outputs): {outputs}.",
            n,
            points=points,
            **fields,
        )

    warn_not_converged(what, names, remedy, stacklevel + 1)


def bounds(rows: Array, level: float, exact: bool = False) -> tuple[Array, Array, Array]:
    """Return estimate, lower and upper bound of rows whose column 0 is the estimate."""
    point = rows[:, 0]
    if exact:
        return point, point, point
    if rows.shape[1] < 3:
        return point, np.full(point.shape, np.nan), np.full(point.shape, np.nan)
    with np.errstate(invalid="ignore"):
        usable = rows[:, 1:][:, np.isfinite(rows[:, 1:]).all(axis=0)]
    sd = usable.std(axis=1, ddof=1) if usable.shape[1] > 1 else np.full(point.shape, np.nan)
    half = float(ndtri((1 + level) / 2)) * sd
    return point, point - half, point + half


UNTOLD = frozenset({"few_events", "unseen_values", "out_of_range"})
"""Why a sample cannot tell, so that bounds reach from 0 to 1."""


def doubt(indices: Indices, half: Array, study: Study) -> str:
    """Return why indices have not converged; nothing where they have, or are exact.

    Parameters
    ----------
    indices : Indices
        Of one output.
    half : ndarray, shape (inputs,)
        The wider half width of the first and total index of each input.
    study : Study
        How they were estimated.

    Returns
    -------
    str
        ``few_events``: fewer than ten points carry the variance, of the output or of an input
        that has a share of it, or resamples lost it. ``unseen_values``: values that the
        sample did not hold have more of it than the tolerance. ``out_of_range``: an estimate lies
        outside 0-1 beyond its bounds. ``no_bounds``: nothing was resampled. ``wide``: a half
        width exceeds the tolerance.
    """
    if indices.exact:
        return ""
    tolerance, flat = study.tolerance, indices.variance == 0
    first, total = indices.first[:, 0], indices.total[:, 0]
    felt = total > tolerance
    if flat.any() or indices.events < FEW or (indices.carriers[felt] < FEW).any():
        return "few_events"
    if indices.unseen > tolerance:
        return "unseen_values"
    if study.resamples < 2:
        return "no_bounds"
    beyond = np.max([-first, first - 1, total - 1, (first - total) / 2], axis=0)
    # of many inputs a few miss their bounds by chance; none misses them by as much again
    if (beyond > np.maximum(2 * half, tolerance)).any():
        return "out_of_range"
    return "" if half.max(initial=0.0) <= tolerance else "wide"


def _widened(ends: tuple[Array, Array, Array], study: Study, why: str) -> list[Array]:
    """Return estimate, lower and upper bound; from 0 to 1 where the sample cannot tell."""
    point, low, high = ends
    if why in UNTOLD and study.resamples > 1:
        low, high = np.fmin(low, 0.0), np.fmax(high, 1.0)
    return [point, low, high]


def _spread_out(
    indices: Indices,
    ends: list[tuple[Array, Array, Array]],
    at: Sequence[int],
    why: str,
    study: Study,
    k: int,
) -> dict[str, Array]:
    out = {}
    for name, three in zip(("S1", "ST"), ends, strict=True):
        for end, values in zip(("", "_low", "_high"), _widened(three, study, why), strict=True):
            known = indices.exact or study.resamples > 1 or not end
            whole = np.zeros(k) if known else np.full(k, np.nan)
            whole[list(at)] = values
            out[name + end] = whole
    return out


def _square(indices: Indices, at: list[int], k: int, study: Study, why: str) -> list[Array]:
    """Return estimate, lower and upper of pairs as symmetric squares, the diagonal masked."""
    rows, columns = (np.array(at, dtype=np.intp)[places] for places in indices.pairs)
    out = []
    three = bounds(indices.second, study.level, indices.exact)
    for end, values in zip(("", "_low", "_high"), _widened(three, study, why), strict=True):
        known = indices.exact or study.resamples > 1 or not end
        whole = np.zeros((k, k)) if known else np.full((k, k), np.nan)
        whole[rows, columns] = whole[columns, rows] = values
        np.fill_diagonal(whole, np.nan)
        out.append(whole)
    return out


def _enough(indices: Indices, half: Array, why: str, study: Study) -> int:
    """Return the power of two of points whose half width would be within the tolerance.

    A half width shrinks at least as fast as one over the square root of n; -1 is not known, and
    what is exact needs none.
    """
    if indices.exact:
        return 0
    if why and why != "wide":
        return -1
    needed = study.n * max(1.0, (float(half.max(initial=0.0)) / study.tolerance) ** 2)
    return int(2 ** math.ceil(math.log2(needed) - 1e-9))
