"""Sobol points whose columns are scrambled by the random numbers of a name (S13).

Joint columns of one sequence fill many dimensions evenly; a scrambling of its own keeps each
name's points whatever other names there are, as long as the name keeps its column.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.draws.keyed import generator

Bits = NDArray[np.uint32]
BITS = 30
"""Of a coordinate; there are at most 2^30 points."""


def sobol_bits(width: int, n: int) -> Bits:
    """Return the first n points of the unscrambled sequence as whole numbers, (width, n).

    Parameters
    ----------
    width : int
        Columns.
    n : int
        Points, a power of two.

    References
    ----------
    Sobol (1967), USSR Computational Mathematics 7(4), 86-112; direction numbers of Joe and Kuo
    (2008), SIAM Journal on Scientific Computing 30(5), 2635-2654.
    """
    from scipy.stats import qmc

    plain = qmc.Sobol(width, scramble=False, bits=BITS).random_base2(n.bit_length() - 1)
    return np.asarray((plain * 2**BITS).astype(np.uint32).T)


def uniform_points(bits: Bits, name: str, seed: int) -> NDArray[np.float64]:
    """Return one column as uniform points within (0, 1), scrambled by its name."""
    return np.asarray((scrambled(bits, name, seed) + 0.5) / 2**BITS)


def scrambled(points: Bits, name: str, seed: int) -> Bits:
    """Return coordinates scrambled by a random matrix and a random shift of a name.

    References
    ----------
    Matousek (1998), Journal of Complexity 14(4), 527-556.
    """
    rng = generator(name, seed, 0)
    rows = rng.integers(0, 2**BITS, BITS, dtype=np.uint32)
    out = np.zeros_like(points)
    for place in range(BITS):
        # bit ``place`` from the top becomes itself plus a random choice of those above it
        own = np.uint32(1 << (BITS - 1 - place))
        above = np.uint32((2**place - 1) << (BITS - place))
        mask = own | (rows[place] & above)
        parity = np.bitwise_count(points & mask) & 1
        out |= parity.astype(np.uint32) << np.uint32(BITS - 1 - place)
    return np.asarray(out ^ rng.integers(0, 2**BITS, dtype=np.uint32))
