"""A mixture of Student t's over changes: probabilities, quantiles, densities, draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.special import gammaln

from corridor_model._typing import Array, Index

BOUND = 8.0
"""A change beyond e**8 in logs (or log-odds) is not believed; mass beyond piles up there."""
_TICKS = np.linspace(-1.0, 1.0, 36)
_LEVELS = (np.arange(40) + 0.5) / 40
_BLOCK = 65536
_FEW = 16
"""Of fewer levels counting the nodes below each is faster than a search."""
_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Mixture:
    """Weighted Student t's, one mixture per row; R rows, E experts.

    Attributes
    ----------
    weight, location, scale : ndarray, shape (R, E)
    dof : ndarray of int, shape (E,)
    """

    weight: Array
    location: Array
    scale: Array
    dof: Index

    def _sums(self, points: Array, density: bool = False) -> tuple[Array, Array]:
        """Sum the experts' cdf (and density) at points, shape (R, Q); no BLAS, so batch-proof."""
        heights, slopes = np.zeros(points.shape), np.zeros(points.shape)
        rows = max(1, _BLOCK // max(1, points.shape[1] * self.weight.shape[1]))
        edges = np.flatnonzero(np.diff(self.dof, prepend=-1, append=-1))
        for start in range(0, len(points), rows):
            part = slice(start, start + rows)
            for first, last in pairwise(edges):
                group = slice(first, last)
                scale = self.scale[part, None, group]
                weight = self.weight[part, None, group]
                z = points[part, :, None] - self.location[part, None, group]
                z /= scale
                dof = int(self.dof[first])
                below = cdf(z, dof)
                below *= weight
                heights[part] += below.sum(axis=-1)
                if density:
                    slopes[part] += (pdf(z, dof) * (weight / scale)).sum(axis=-1)
        return heights, slopes

    def cdf(self, points: Array) -> Array:
        """P(change <= point), shape (R, Q)."""
        inside = np.minimum(self._sums(np.clip(points, -BOUND, BOUND))[0], 1.0)
        # a value read back from the bound may miss it by rounding
        edge = BOUND * (1 - 1e-12)
        return np.where(points < -2 * BOUND + edge, 0.0, np.where(points >= edge, 1.0, inside))

    def pdf(self, points: Array) -> Array:
        """Density, shape (R, Q)."""
        return self._sums(points, density=True)[1]

    def nodes(self) -> tuple[Array, Array]:
        """Points dense where the mass is and reaching to the bounds, with their cdf."""
        centre = np.clip((self.weight * self.location).sum(axis=-1), -BOUND, BOUND)
        width = 0.5 * np.minimum((self.weight * self.scale).sum(axis=-1), 1.0)
        reach = np.arcsinh((BOUND + np.abs(centre)) / width)
        rough = centre[:, None] + width[:, None] * np.sinh(reach[:, None] * _TICKS)
        rough = np.clip(rough, -BOUND, BOUND)
        rough_height = np.maximum.accumulate(self.cdf(rough), axis=1)
        fine = _interpolate(
            rough, rough_height, np.broadcast_to(_LEVELS, (len(rough), len(_LEVELS)))
        )
        points = np.concatenate([rough, fine[0]], axis=1)
        heights = np.concatenate([rough_height, self.cdf(fine[0])], axis=1)
        order = np.argsort(points, axis=1, kind="stable")
        points = np.take_along_axis(points, order, 1)
        return points, np.maximum.accumulate(np.take_along_axis(heights, order, 1), axis=1)

    def quantile(self, levels: Array, polish: bool = True) -> Array:
        """Invert the distribution function, shape (R, Q).

        Parameters
        ----------
        levels : ndarray, shape (Q,) or (R, Q)
            Probabilities in [0, 1].
        polish : bool
            Solve to rounding; without it the answer is interpolated (about 1e-4 in
            probability), which is enough for drawing and for scoring.
        """
        nodes, heights = self.nodes()
        levels = np.broadcast_to(levels, (len(nodes), np.shape(levels)[-1]))
        guess, low, high = _interpolate(nodes, heights, levels)
        return self._polish(levels, guess, low, high) if polish else guess

    def _polish(self, levels: Array, guess: Array, low: Array, high: Array) -> Array:
        """Newton steps kept inside a shrinking bracket; a point that has settled stays."""
        unsettled = (levels > 0) & (levels < 1) & (high > low)
        for _ in range(60):
            rows = np.flatnonzero(unsettled.any(axis=1))
            if not rows.size:
                break
            some = Mixture(self.weight[rows], self.location[rows], self.scale[rows], self.dof)
            height, slope = some._sums(guess[rows], density=True)
            error, on, at = height - levels[rows], unsettled[rows], guess[rows]
            low[rows] = np.where(on & (error <= 0), at, low[rows])
            high[rows] = np.where(on & (error >= 0), at, high[rows])
            step = at - error / np.maximum(slope, 1e-300)
            inside = (step >= low[rows]) & (step <= high[rows])
            step = np.where(inside, step, 0.5 * (low[rows] + high[rows]))
            settled = (np.abs(error) <= _ROUNDING) | (step == at)
            guess[rows] = np.where(on, step, at)
            unsettled[rows] = on & ~settled
        return guess

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Draw n changes a row, shape (R, n): first an expert, then its t."""
        out = np.empty((len(self.weight), n))
        for row, weight in enumerate(self.weight):
            expert = pick(weight, rng.random(n))
            dof = self.dof[expert]
            noise = rng.standard_normal(n) * np.sqrt(dof / rng.chisquare(dof))
            out[row] = self.location[row, expert] + self.scale[row, expert] * noise
        return np.clip(out, -BOUND, BOUND)


def pick(weight: Array, uniform: Array) -> Index:
    """Choose experts in proportion to their weights, by inversion."""
    edges = np.cumsum(weight)
    return np.minimum(np.searchsorted(edges / edges[-1], uniform, side="right"), len(weight) - 1)


def _interpolate(nodes: Array, heights: Array, levels: Array) -> tuple[Array, Array, Array]:
    """Monotone cubic through (height, node): value at each level and the nodes around it.

    References
    ----------
    Fritsch, F. N. and Butland, J. (1984), SIAM J. Sci. Stat. Comput. 5, 300-304.
    """
    run = np.diff(nodes, axis=1)
    rise = np.diff(heights, axis=1)
    steep = run / np.maximum(rise, 1e-300)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        inner = (
            3
            * (rise[:, :-1] + rise[:, 1:])
            / (
                (2 * rise[:, 1:] + rise[:, :-1]) / steep[:, :-1]
                + (rise[:, 1:] + 2 * rise[:, :-1]) / steep[:, 1:]
            )
        )
    # where nodes coincide or nothing lies between them the curve is taken flat
    inner = np.where(np.isfinite(inner), inner, 0.0)
    slope = np.concatenate([steep[:, :1], inner, steep[:, -1:]], axis=1)
    # the number of inner nodes at or below each level names its interval
    inner_heights = heights[:, 1:-1]
    if levels.shape[1] < _FEW:
        at = (inner_heights[:, None] <= levels[:, :, None]).sum(axis=-1)
    else:
        at = np.empty(levels.shape, np.intp)
        for row, level, out in zip(inner_heights, levels, at, strict=True):
            out[:] = row.searchsorted(level, "right")
    take = np.take_along_axis
    low, high = take(nodes, at, 1), take(nodes, at + 1, 1)
    width = take(rise, at, 1)
    share = np.clip((levels - take(heights, at, 1)) / np.maximum(width, 1e-300), 0.0, 1.0)
    rest = 1 - share
    left, right = take(slope, at, 1) * width, take(slope, at + 1, 1) * width
    left, right = np.minimum(left, 3 * (high - low)), np.minimum(right, 3 * (high - low))
    value = (
        low * rest * rest * (1 + 2 * share)
        + high * share * share * (3 - 2 * share)
        + share * rest * (left * rest - right * share)
    )
    return np.clip(value, low, high), low, high


# Student's t for whole degrees of freedom: fast, and the same bits in any batch.


@lru_cache(maxsize=256)
def log_constant(dof: float) -> float:
    """Return the log of the t density's constant, for unit scale."""
    return float(gammaln((dof + 1) / 2) - gammaln(dof / 2) - 0.5 * np.log(dof * np.pi))


def cdf(z: Array, dof: int) -> Array:
    """Distribution function of Student's t with a whole number of degrees of freedom.

    Parameters
    ----------
    z : ndarray
        Points, in units of the scale.
    dof : int
        Degrees of freedom, at least 1.

    Returns
    -------
    ndarray
        Probabilities, same shape.

    References
    ----------
    Abramowitz, M. and Stegun, I. A. (1972). Handbook of Mathematical Functions, 26.7.3-4.

    Examples
    --------
    >>> import numpy as np
    >>> [round(float(cdf(np.array(2.0), f)), 6) for f in (1, 2, 3, 10)]
    [0.852416, 0.908248, 0.930337, 0.963306]
    """
    cos2 = np.asarray(z * z, float)
    cos2 += dof
    np.divide(dof, cos2, out=cos2)
    # Horner's rule over the finite series, from its last term back to its first; in place, for
    # a forecast spends most of its time here
    last, *others = _series(dof)
    total = np.full_like(cos2, last)
    for term in others:
        total *= cos2
        total += term
    total *= z
    if dof % 2 == 0:
        np.sqrt(cos2, out=cos2)
        total *= cos2
    else:
        total *= cos2
        angle = np.asarray(np.arctan(z / np.sqrt(dof)))
        angle /= np.pi
        total += angle
    total += 0.5
    return total


@lru_cache(maxsize=256)
def _series(dof: int) -> tuple[float, ...]:
    """Return the series' coefficients of powers of cos², the last one first.

    What the sum is multiplied by (sine, a half or 1 / pi) is in them, but for z and the cosine.
    """
    terms = [0.5 / np.sqrt(dof)] if dof % 2 == 0 else [1 / (np.pi * np.sqrt(dof))]
    for j in range(2 + dof % 2, dof - 1, 2):
        terms.append(terms[-1] * (j - 1) / j)
    return tuple(reversed(terms)) if dof > 1 else (0.0,)


def pdf(z: Array, dof: int) -> Array:
    """Density of Student's t, for unit scale.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(pdf(np.array(0.0), 3)), 6)
    0.367553
    """
    base = 1 + z * z / dof
    power = 1 / base ** ((dof + 1) // 2)
    if dof % 2 == 0:
        power = power / np.sqrt(base)
    return np.asarray(float(np.exp(log_constant(dof))) * power)
