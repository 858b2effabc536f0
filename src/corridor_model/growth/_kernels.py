"""Arithmetic that keeps twelve digits where the plain expression loses them.

``out`` is a block to fill; inputs have its shape or none. Nothing here raises or warns: the
caller holds ``np.errstate``, and NaN or infinity tells it that something is undefined.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor_model.growth._relation import Array

# Below this ln(end / start), (end - start) / start is so near -1 that log1p loses digits.
FAR = float(np.log(1e-3))
# Up to this many periods the rounding of 1 + rate stays below 1e-14 in its power.
FEW = 64.0
# A power beyond exp(±ROOM) leaves no room to be multiplied by a start of the other extreme.
ROOM = 665.0


def lowest(array: Array) -> float:
    """Return the smallest element, NaN if there is one."""
    return float(np.minimum.reduce(array, axis=None))


def highest(array: Array) -> float:
    """Return the largest element, NaN if there is one."""
    return float(np.maximum.reduce(array, axis=None))


def pick(places: NDArray[np.intp], *arrays: Array) -> list[Array]:
    """Return the elements at some places of a block, also from arrays without a shape."""
    return [array[places] if array.ndim else array for array in arrays]


def log_ratio(out: Array, start: Array, end: Array) -> bool:
    """Fill `out` with ln(end / start); True if `end` is surely finite and not below 0.

    Far from a ratio of 1 the difference of two logarithms serves better than log1p.
    """
    np.subtract(end, start, out=out)
    np.divide(out, start, out=out)
    np.log1p(out, out=out)
    if lowest(out) > FAR and highest(out) < np.inf:
        return True
    far = np.flatnonzero(~((out > FAR) & (out < np.inf)))
    first, last = pick(far, start, end)
    out[far] = np.log(last) - np.log(first)
    return lowest(last) >= 0 and highest(last) < np.inf and highest(first) < np.inf


def power(out: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with (1 + rate)^periods; True if no rate is below -1 and no result tiny."""
    least, fewest, longest = lowest(rate), lowest(periods), highest(periods)
    if fewest > FEW:
        _long_power(out, rate, periods)
    else:
        np.add(rate, 1.0, out=out)
        np.power(out, periods, out=out)
    if longest > FEW and periods.ndim:
        many = np.empty_like(out)
        _long_power(many, rate, periods)
        out[...] = np.where(periods > FEW, many, out)
    if not (least >= -1 and longest < np.inf) or (fewest <= 0 and highest(rate) == np.inf):
        return False  # 0 periods would hide an infinite rate; with others the result shows it
    return bool(longest * np.log1p(least) > -ROOM)


def _long_power(out: Array, rate: Array, periods: Array) -> None:
    np.log1p(rate, out=out)
    np.multiply(out, periods, out=out)
    np.exp(out, out=out)


def grown(out: Array, start: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with start × (1 + rate)^periods; True if surely defined."""
    sound = power(out, rate, periods)
    if sound:
        np.multiply(out, start, out=out)
        sound = highest(out) < np.inf
    if not sound:
        half = np.empty_like(out)  # two halves do not overflow before their product does
        power(half, rate, 0.5 * periods)
        nothing = (start == 0) | (half == 0)
        out[...] = np.where(nothing, 0.0, start * half * half)
    return sound


def shrunk(out: Array, end: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with end / (1 + rate)^periods; True if surely defined."""
    sound = power(out, rate, periods) and highest(out) < np.inf
    if sound:
        np.divide(end, out, out=out)
    else:
        half = np.empty_like(out)
        power(half, rate, 0.5 * periods)
        out[...] = np.where(end == 0, 0.0, end / half / half)
    return sound


def between(path: Array, first: Array, last: Array) -> Array:
    """Keep a path between its ends, which rounding may overstep."""
    return np.maximum(np.minimum(path, np.maximum(first, last)), np.minimum(first, last))


def two_sum(one: Array, other: Array) -> tuple[Array, Array]:
    """Return a sum and exactly what its rounding lost."""
    total = one + other
    kept = total - one
    return total, (one - (total - kept)) + (other - kept)


def two_product(one: Array, other: Array) -> tuple[Array, Array]:
    """Return a product and exactly what its rounding lost."""
    product = one * other
    high, low = _halves(one)
    head, tail = _halves(other)
    return product, low * tail - (((product - high * head) - low * head) - high * tail)


def _halves(value: Array) -> tuple[Array, Array]:
    scaled = 134217729.0 * value  # 2^27 + 1
    high = scaled - (scaled - value)
    return high, value - high


def exact_sum(terms: list[Array]) -> Array:
    """Sum as if in twice the precision (Ogita, Rump and Oishi 2005, Sum2)."""
    total, lost = np.zeros_like(terms[0]), np.zeros_like(terms[0])
    for term in terms:
        total, error = two_sum(total, term)
        lost = lost + error
    return total + lost
