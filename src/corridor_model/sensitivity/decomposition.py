"""Exact decomposition of the variance of a sum of parts: kilometres, money, tasks of works.

Each part depends on few inputs of its own, and the inputs are independent, so that the variance
given some inputs follows from each part on a small grid of values and weights. Nothing is
sampled: an event of one in a million counts for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from corridor_model._typing import Array
from corridor_model.distributions import Discrete, Distribution
from corridor_model.draws import inside
from corridor_model.frozen import Frozen
from corridor_model.sensitivity.inputs import Spread

# An input on a grid: values and weights that stand for its whole distribution.

TINY = 2.0**-52
TAILS = 10.0 ** -np.arange(1, 16)
LISTED = 4097
"""Probabilities that list the values of a discrete distribution of scipy."""


class Nodes(NamedTuple):
    """Values of an input and their weights, which sum to 1."""

    values: Array
    weights: Array


def discrete_nodes(spread: Spread) -> Nodes | None:
    """Return the values of a discrete input with their probabilities; None for any other.

    Examples
    --------
    >>> discrete_nodes(Discrete([0, 24], [0.9, 0.1]))
    Nodes(values=array([ 0., 24.]), weights=array([0.9, 0.1]))
    """
    if isinstance(spread, Discrete):
        return _normed(np.array(spread.values), np.array(spread.probabilities))
    if isinstance(spread, Distribution) and spread.lowest == spread.highest:
        return Nodes(np.array([spread.lowest]), np.ones(1))
    if isinstance(spread, Frozen) and spread.is_discrete:
        levels = np.concatenate([TAILS, np.linspace(0.0, 1.0, LISTED)[1:-1], 1 - TAILS])
        values = np.unique(spread.ppf(levels))
        below = spread.cdf(values)
        below[-1] = 1.0
        return _normed(values, np.diff(below, prepend=0.0))
    return None


def linear_nodes(spread: Spread) -> Nodes | None:
    """Return two values with the mean and variance of an input; None where it has no variance.

    Of what is linear in the input, nothing else of its distribution counts.
    """
    if isinstance(spread, Distribution):
        mean, variance = spread.mean, spread.variance
    else:
        return None
    if not (np.isfinite(mean) and np.isfinite(variance)):
        return None
    sd = np.sqrt(variance)
    return Nodes(np.array([mean - sd, mean + sd]), np.full(2, 0.5))


def switch_nodes(spread: Spread, at: float) -> Nodes:
    """Return 0 and 1 with the probability that an input lies below a number, or not."""
    listed = discrete_nodes(spread)
    if listed is None:
        below = float(_levels(spread, np.array([np.nextafter(at, -np.inf)]))[0])
    else:
        below = float(listed.weights[listed.values < at].sum())
    return Nodes(np.array([0.0, 1.0]), np.array([below, 1.0 - below]))


LONGEST = 1200.0
"""Months beyond which a delay is as good as this one."""
MONTHS = 600
"""Whole months at which the range of a delay is divided, at most."""
CLOSE = 1e-10
"""Error of the mean and mean square of what a stretch contributes, relative to its range."""
DEEPEST = 40
INSIDE = 1e-7
"""How far within a stretch its outer values lie: jumps lie at its ends, not beside them."""


def _lobatto(count: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Lobatto quadrature on (0, 1)."""
    basis = np.polynomial.legendre.Legendre.basis(count - 1)
    inner = np.sort(basis.deriv().roots().real)
    x = np.concatenate([[-1.0], inner, [1.0]])
    weights = 2 / (count * (count - 1) * basis(x) ** 2)
    return (x * (1 - INSIDE) + 1) / 2, weights / 2


PLACES, SHARES = _lobatto(7)


def delay_nodes(spread: Spread, func: Callable[[Array], Array]) -> Nodes:
    """Return values and weights of months that integrate a function of them, and its square.

    Parameters
    ----------
    spread : Spread
        Of the months.
    func : callable
        From (m,) months to (rows, m). It may jump and bend, most likely at whole months.

    Notes
    -----
    Gauss-Lobatto quadrature of the inverse distribution function between the probabilities of
    whole months, each stretch halved until mean and mean square agree with those of its halves.
    """
    listed = discrete_nodes(spread)
    if listed is not None:
        return listed
    edges = month_edges(spread)
    low, high = edges[:-1], edges[1:]

    def on(months: Array) -> Array:
        """Return answers, shape (rows, stretches, 7)."""
        answers = func(months.ravel())
        return answers.reshape(len(answers), *months.shape)

    answers = on(_months(spread, low, high))
    bottom, top = answers.min(axis=(1, 2)), answers.max(axis=(1, 2))
    moves = top - bottom > 1e-12 * np.maximum(abs(top), abs(bottom))
    middle, reach = ((top + bottom) / 2)[:, None, None], (top - bottom)[:, None, None]

    def moments(low: Array, high: Array, answers: Array) -> Array:
        unit = (answers - middle)[moves] / reach[moves]
        return np.asarray(np.concatenate([unit @ SHARES, unit**2 @ SHARES]) * (high - low))

    whole = moments(low, high, answers)
    values, weights = [], []
    for _ in range(DEEPEST):
        half = (low + high) / 2
        parts = np.repeat(low, 2), np.repeat(high, 2)
        parts[0][1::2] = parts[1][::2] = half
        months = _months(spread, *parts)
        both = moments(*parts, on(months))
        off = np.abs(both[:, ::2] + both[:, 1::2] - whole).max(axis=0, initial=0.0)
        again = np.repeat(off > CLOSE, 2)
        values.append(months[~again].ravel())
        weights.append(((parts[1] - parts[0])[~again, None] * SHARES).ravel())
        low, high = parts[0][again], parts[1][again]
        months, whole = months[again], both[:, again]
        if not len(low):
            break
    values.append(months.ravel())
    weights.append(((high - low)[:, None] * SHARES).ravel())
    return _normed(np.concatenate(values), np.concatenate(weights))


def _months(spread: Spread, low: Array, high: Array) -> Array:
    """Return the months at the nodes of stretches of probability, shape (stretches, 7).

    Works share their distributions, and so the first stretches.
    """
    if isinstance(spread, Distribution):
        return _months_of(spread, low.tobytes(), high.tobytes())
    return _at_nodes(spread, low, high)


@lru_cache(maxsize=256)
def _months_of(spread: Distribution, low: bytes, high: bytes) -> Array:
    return _at_nodes(spread, np.frombuffer(low), np.frombuffer(high))


def _at_nodes(spread: Spread, low: Array, high: Array) -> Array:
    levels = inside(low[:, None] + (high - low)[:, None] * PLACES)
    return np.clip(np.asarray(spread.ppf(levels), dtype=np.float64), -LONGEST, LONGEST)


def bounded(spread: Spread) -> bool:
    """Whether hardly any month lies more than a century away."""
    ends = np.asarray(spread.ppf(np.array([1e-6, 1 - 1e-6])))
    return bool((np.abs(ends) <= LONGEST).all())


def month_edges(spread: Spread) -> Array:
    """Return the probabilities at which whole months end, ascending from 0 to 1."""
    return _month_edges(spread) if isinstance(spread, Distribution) else _divided(spread)


@lru_cache(maxsize=256)
def _month_edges(spread: Distribution) -> Array:
    return _divided(spread)


def _divided(spread: Spread) -> Array:
    low, high = (float(end) for end in spread.ppf(np.array([TINY, 1 - TINY])))
    if high - low > MONTHS:
        low, high = (float(end) for end in spread.ppf(np.array([1e-6, 1 - 1e-6])))
    step = max(1.0, np.ceil((high - low) / MONTHS))
    levels = _levels(spread, np.arange(np.ceil(low), high, step))
    edges = np.unique(np.concatenate([[0.0], TAILS, levels, 1 - TAILS, [1.0]]))
    return np.asarray(edges[np.concatenate([[True], np.diff(edges) > TINY])])


def _levels(spread: Spread, values: Array) -> Array:
    """Return the probability of lying at or below each value, by halving."""
    low, high = np.zeros(len(values)), np.ones(len(values))
    for _ in range(60):
        half = (low + high) / 2
        below = np.asarray(spread.ppf(half)) <= values
        low, high = np.where(below, half, low), np.where(below, high, half)
    return (low + high) / 2


def _normed(values: Array, weights: Array) -> Nodes:
    return Nodes(values, weights / weights.sum())


# A sum of parts: what is known given some of its inputs.


@dataclass(frozen=True)
class Part:
    """One summand on the grid of its inputs.

    Attributes
    ----------
    axes : tuple of int
        Places of its inputs, ascending.
    weights : tuple of ndarray
        Of the nodes of each.
    values : ndarray, shape (rows, nodes of the first input, ...)
    """

    axes: tuple[int, ...]
    weights: tuple[Array, ...]
    values: Array

    def given(self, inputs: Iterable[int]) -> Part:
        """Return its mean over all inputs but some."""
        keep, values = set(inputs), self.values
        for axis in reversed(range(len(self.axes))):
            if self.axes[axis] not in keep:
                values = np.tensordot(values, self.weights[axis], axes=(axis + 1, 0))
        kept = [i for i, one in enumerate(self.axes) if one in keep]
        return Part(tuple(self.axes[i] for i in kept), tuple(self.weights[i] for i in kept), values)

    @property
    def mean(self) -> Array:
        """Over all inputs, shape (rows,)."""
        return self.given(()).values

    def less(self, other: Part) -> Part:
        """Return the part less another of some of its inputs."""
        shape = [
            len(w) if one in other.axes else 1
            for one, w in zip(self.axes, self.weights, strict=True)
        ]
        return Part(self.axes, self.weights, self.values - other.values.reshape(-1, *shape))

    def covariance(self, other: Part) -> Array:
        """Return the covariance with another of the same inputs, shape (rows,)."""
        shape = (-1, *[1] * len(self.axes))
        product = (self.values - self.mean.reshape(shape)) * (
            other.values - other.mean.reshape(shape)
        )
        return Part(self.axes, self.weights, product).mean


ROUNDING = 64 * float(np.finfo(np.float64).eps)
"""Standard deviation, relative to the size of the parts, that is rounding and no variance."""


class SumOfParts:
    """A sum of parts whose inputs are independent.

    Parameters
    ----------
    parts : sequence of Part
        Of the same rows. What several share of an input they have on the same nodes.

    Notes
    -----
    With Z the inputs that parts share, each part is its mean given Z and a rest that is
    uncorrelated with all others; the means given the same inputs are added up first.

    References
    ----------
    Sobol (1993), Mathematical Modelling and Computational Experiments 1(4), 407-414, for the
    decomposition; Saltelli, Tarantola (2002), JASA 97(459), 702-709, for the total index as the
    mean variance given all other inputs.

    Examples
    --------
    Roads of 5 and 2 km, each late once in 10,000 times:

    >>> late = np.array([0.9999, 0.0001])
    >>> parts = [Part((i,), (late,), np.array([[km, 0.0]])) for i, km in ((0, 5), (1, 2))]
    >>> roads = SumOfParts(parts)
    >>> (roads.closed([0]) / roads.variance).round(3), (roads.total([1]) / roads.variance).round(3)
    (array([0.862]), array([0.138]))
    """

    def __init__(self, parts: Sequence[Part]):
        every = [one for part in parts for one in part.axes]
        shared = {one for one in every if every.count(one) > 1}
        self.mean = np.sum([part.mean for part in parts], axis=0)
        self.rests: list[Part] = []
        common: dict[tuple[int, ...], Part] = {}
        for part in parts:
            between = part.given(shared)
            if set(part.axes) - shared:
                self.rests.append(part.less(between))
            if between.axes in common:
                known = common[between.axes]
                between = Part(known.axes, known.weights, known.values + between.values)
            common[between.axes] = between
        self.common = [part for part in common.values() if part.axes]
        variance = self.closed(every)
        flat = [np.abs(part.values).reshape(len(variance), -1) for part in parts]
        size = np.sum([values.max(axis=1) for values in flat], axis=0)
        self.variance = np.where(variance > (ROUNDING * size) ** 2, variance, 0.0)

    def closed(self, inputs: Iterable[int]) -> Array:
        """Return the variance of the mean given some inputs, shape (rows,)."""
        keep = set(inputs)
        total: Array = np.zeros_like(self.mean)
        for part in self.rests:
            if keep & set(part.axes):
                one = part.given(keep)
                total += one.covariance(one)
        for i, part in enumerate(self.common):
            for other in self.common[: i + 1]:
                both = keep & set(part.axes) & set(other.axes)
                if both:
                    once = part.given(both).covariance(other.given(both))
                    total += once if other is part else 2 * once
        return total

    def total(self, inputs: Iterable[int]) -> Array:
        """Return the mean variance given all inputs but some, shape (rows,)."""
        out = set(inputs)
        total: Array = np.zeros_like(self.mean)
        for part in self.rests:
            if out & set(part.axes):
                rest = part.given(set(part.axes) - out)
                total += part.covariance(part) - rest.covariance(rest)
        for i, part in enumerate(self.common):
            for other in self.common[: i + 1]:
                both = set(part.axes) & set(other.axes)
                if both & out:
                    whole = part.given(both).covariance(other.given(both))
                    left = both - out
                    whole = whole - part.given(left).covariance(other.given(left))
                    total += whole if other is part else 2 * whole
        return np.asarray(np.maximum(total, 0.0))
