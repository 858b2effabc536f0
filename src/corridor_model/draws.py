"""Random numbers keyed by name (S13).

The draws of a name depend on the seed and the name alone, in units of 2,048: more draws keep
the first ones, another name leaves this one alone, every scenario shares them, and any
thread may make any unit.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtrc, ndtr, ndtri

from corridor_model import growth
from corridor_model._typing import Array, Bits
from corridor_model.arguments import count, flag, mapping, number, numbers, single
from corridor_model.codes import Side
from corridor_model.errors import CorridorError
from corridor_model.formatting import short, whole
from corridor_model.messages import N_

__all__ = [
    "design_size",
    "draws_for_error",
    "first_year_met",
    "latin_hypercube",
    "rank_correlation",
    "sobol_points",
    "tolerance_confidence",
    "tolerance_draws",
]
"""For whoever plans a run of their own; each answers a published formula."""


def __dir__() -> list[str]:
    return list(__all__)


UNIT = 2048
"""Draws that belong together; sums are taken over these (S13)."""


Seed: TypeAlias = int | np.random.Generator | None
"""A seed; a generator, of which one is drawn; or None for one that nobody chose."""


def checked_seed(seed: object) -> int:
    """Return a seed as a number that a result can hold; 0 is one like any other.

    A generator gives its next number, so that two calls with it differ and a program that
    makes it anew repeats them. None gives a number of the system's own.

    Raises
    ------
    CorridorError
        If it is no whole number from 0 to 2^63 - 1, which is what a file can hold.

    Examples
    --------
    >>> import numpy as np
    >>> checked_seed(0), checked_seed(np.random.default_rng(1)) == checked_seed(
    ...     np.random.default_rng(1))
    (0, True)
    """
    if seed is None:
        return secrets.randbits(63)
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63 - 1, endpoint=True))
    number = (
        None if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) else int(seed)
    )
    if number is None or not 0 <= number < 2**63:
        raise CorridorError(
            N_(
                "seed must be a whole number from 0 to 2^63 - 1, a numpy.random.Generator or None; "
                "got {seed}."
            ),
            seed=short(seed),
        )
    return number


def rng_of(seed: object) -> np.random.Generator:
    """Return a generator: the one that is meant, or a new one of a seed."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(checked_seed(seed))


MOST_DRAWS = 100_000_000
"""What a day's patience allows; a file that asks for more is damaged, a person has slipped."""


def checked_draws(draws: object) -> int:
    """Return a number of draws, from 1 to `MOST_DRAWS`.

    Raises
    ------
    CorridorError
        If it is anything else.
    """
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise CorridorError(
            N_("draws must be a whole number of at least 1; got {draws!r}."), draws=draws
        )
    if draws > MOST_DRAWS:
        raise CorridorError(
            N_("draws must be at most {most}; got {draws}."), most=MOST_DRAWS, draws=short(draws)
        )
    return int(draws)


def generator(name: str, seed: int, unit: int) -> np.random.Generator:
    """Return the generator of one unit of one name."""
    words = _words(name)
    # an array of words is read four times faster than a list of numbers, to the same seed
    entropy = (
        [seed, *words, unit] if max(seed, unit) >> 32 else np.array([seed, *words, unit], "u4")
    )
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy)))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[int, ...]:
    digest = hashlib.sha256(name.encode()).digest()[:16]
    return tuple(np.frombuffer(digest, dtype="<u4").tolist())


class Streams:
    """One generator that is put at the beginning of any stream.

    Making a generator costs as much as a thousand normals and keeps other threads waiting;
    this one is made once a task. Its streams are not those of :func:`generator`.
    """

    def __init__(self) -> None:
        self._bits = np.random.SFC64(0)
        self._rng = np.random.Generator(self._bits)
        self._words = np.ones(4, dtype=np.uint64)
        self._state: Any = {
            "bit_generator": "SFC64",
            "state": {"state": self._words},
            "has_uint32": 0,
            "uinteger": 0,
        }

    def at(self, name: str, seed: int, unit: int) -> np.random.Generator:
        """Return the generator at the beginning of one unit of one name.

        Notes
        -----
        The three words of the state are a BLAKE2b digest of seed, unit and name, and the
        counter starts at 1, as it does where NumPy seeds SFC64 itself.
        """
        digest = hashlib.blake2b(f"{seed}:{unit}:{name}".encode(), digest_size=24).digest()
        self._words[:3] = np.frombuffer(digest, dtype="<u8")
        self._bits.state = self._state
        return self._rng


def normals(name: str, draws: int, seed: int = 0) -> Array:
    """Return the standard normal draws of a name, shape (draws,).

    Examples
    --------
    >>> few, many = normals("delay:x", 10), normals("delay:x", 5000)
    >>> bool((few == many[:10]).all())
    True
    """
    out = np.empty(draws)
    for unit in range(-(-draws // UNIT)):
        block = generator(name, seed, unit).standard_normal(UNIT)
        out[unit * UNIT : (unit + 1) * UNIT] = block[: draws - unit * UNIT]
    return out


def uniforms(name: str, draws: int, seed: int = 0) -> Array:
    """Return the uniform draws of a name within (0, 1), shape (draws,)."""
    return inside(ndtr(normals(name, draws, seed)))


def inside(levels: Array) -> Array:
    """Return probabilities kept off 0 and 1, where a distribution may be infinite."""
    tiny = np.finfo(np.float64).eps / 2
    return np.clip(levels, tiny, 1 - tiny)


def scores_of_work(
    work: str, draws: int, seed: int, paired: float, common: float
) -> tuple[Array, Array]:
    """Return the normal scores of a work's overrun and delay, shape (draws,) each.

    Each is made of the programme's factor (loading ``common``), the work's own
    factor (``paired``) and a rest of its own, so that overrun and delay of one work correlate
    by paired² + common², and those of two works by common².

    References
    ----------
    The one-factor Gaussian copula: Vasicek (2002), Loan portfolio value, Risk 15(12).
    """
    rest = np.sqrt(max(0.0, 1 - paired**2 - common**2))
    shared = np.zeros(draws)
    if common:
        shared = shared + common * normals("factor:programme", draws, seed)
    if paired:
        shared = shared + paired * normals(f"factor:{work}", draws, seed)
    overrun = shared + rest * normals(f"overrun:{work}", draws, seed)
    delay = shared + rest * normals(f"delay:{work}", draws, seed)
    return overrun, delay


# Sobol points whose columns are scrambled by the random numbers of a name (S13).

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


def uniform_points(bits: Bits, name: str, seed: int) -> Array:
    """Return one column as uniform points within (0, 1), scrambled by its name."""
    return np.asarray((scramble(bits, name, seed) + 0.5) / 2**BITS)


def scramble(points: Bits, name: str, seed: int) -> Bits:
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


# How many draws are enough, and designs of points: the small arithmetic of sampling.


def first_year_met(path: Mapping[int, float], target: float, sense: Side) -> int | None:
    """Return the first year of a path that meets a target, an exact hit counting (S3).

    Examples
    --------
    >>> first_year_met({2020: 3, 2021: 3, 2022: 3}, 3, "at_least")
    2020
    """
    path, target = mapping("path", path), number("target", target)
    try:
        years = sorted(path)
    except TypeError:
        raise CorridorError(N_("path: its years are calendar years, each once.")) from None
    for year in years:
        if growth.meets(number("path", path[year]), target, sense):
            return year
    return None


def sorted_quantiles(ordered: Array, levels: Array) -> Array:
    """Return quantiles of sorted draws, interpolated as np.quantile does.

    Parameters
    ----------
    ordered : ndarray, shape (..., n)
        Ascending along the last axis. One sort gives every quantile, and costs a quarter of
        choosing five of them.
    levels : ndarray, shape (Q,)
        Probabilities.

    Returns
    -------
    ndarray, shape (..., Q)

    Examples
    --------
    >>> sorted_quantiles(np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.75]))
    array([2., 3.])
    """
    at = levels * (ordered.shape[-1] - 1)
    left = np.floor(at).astype(np.intp)
    low = ordered[..., left]
    high = ordered[..., np.minimum(left + 1, ordered.shape[-1] - 1)]
    share = at - left
    # equal neighbours are their own quantile, infinite ones too
    run = np.subtract(high, low, where=high != low, out=np.zeros_like(low))
    near = np.where(share < 0.5, low, high)
    return np.asarray(near + run * np.where(share < 0.5, share, share - 1))


def draws_for_error(error: float, sd: float, confidence: float = 0.95) -> int:
    """Return how many independent draws keep a mean within an error.

    Parameters
    ----------
    error : float
        Half the width of the interval, in the unit of the value.
    sd : float
        Of one draw; of a probability p it is sqrt(p (1 - p)), at most 0.5.
    confidence : float, default 0.95
        Of the interval.

    Examples
    --------
    >>> draws_for_error(0.01, 0.5)
    9604
    """
    error, sd = number("error", error), number("sd", sd)
    confidence = number("confidence", confidence)
    if not (error > 0 and sd < math.inf and sd >= 0 and 0 < confidence < 1):
        raise CorridorError(N_("error must be above 0, sd at least 0, confidence within 0-1."))
    return max(1, math.ceil((float(ndtri((1 + confidence) / 2)) * sd / error) ** 2))


def tolerance_confidence(n: int, p: float, k: int = 1, sides: int = 1) -> float:
    """Return how sure n draws cover a share p of what can happen.

    Parameters
    ----------
    n : int
        Draws.
    p : float
        Share to be covered.
    k : int, default 1
        Which draw from the end is the limit: 1 is the most extreme one.
    sides : {1, 2}
        One limit, or one at each end.

    Returns
    -------
    float
        P(at least k × sides of n draws fall outside a share p).

    References
    ----------
    Wilks (1941), Annals of Mathematical Statistics 12(1), 91-96; Hahn and Meeker (1991),
    Statistical Intervals, ch. 5.

    Examples
    --------
    >>> round(tolerance_confidence(59, 0.95), 4)
    0.9515
    """
    n, k, sides = count("n", n, 0), count("k", k), count("sides", sides, 1, 2)
    p = number("p", p)
    if not 0 <= p <= 1:
        raise CorridorError(N_("p must lie within 0 and 1; got {p}."), p=p)
    outside = k * sides
    return float(bdtrc(outside - 1, n, 1 - p)) if n >= outside else 0.0


def tolerance_draws(p: float, confidence: float, k: int = 1, sides: int = 1) -> int:
    """Return the fewest draws that cover a share p with this confidence.

    Examples
    --------
    >>> tolerance_draws(0.95, 0.95), tolerance_draws(0.95, 0.95, sides=2)
    (59, 93)
    """
    p, confidence = number("p", p), number("confidence", confidence)
    single(k=k, sides=sides)
    most = whole(k) or 0
    if not (0 < p < 1 and 0 < confidence < 1 and 1 <= most <= 10_000 and sides in {1, 2}):
        raise CorridorError(
            N_("p and confidence must lie within 0-1, k be at least 1, sides 1 or 2.")
        )
    low, high = k * sides - 1, max(k * sides, 2)
    while tolerance_confidence(high, p, k, sides) < confidence:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = tolerance_confidence(middle, p, k, sides) >= confidence
        low, high = (low, middle) if enough else (middle, high)
    return high


def rank_correlation(rho: ArrayLike) -> Array:
    """Return Spearman's correlation of two normals whose correlation is rho.

    References
    ----------
    Pearson (1907): 6 / pi × arcsin(rho / 2).

    Examples
    --------
    >>> rank_correlation(0.5).round(4)
    np.float64(0.4826)
    """
    return np.asarray(6 / np.pi * np.arcsin(numbers("rho", rho) / 2))[()]


def design_size(inputs: int, n: int, second_order: bool = False) -> int:
    """Return how often a model runs for Sobol indices: n (d + 2), or n (2 d + 2).

    References
    ----------
    Saltelli (2002), Computer Physics Communications 145(2), 280-297.

    Examples
    --------
    >>> design_size(3, 64), design_size(3, 64, second_order=True)
    (320, 512)
    """
    inputs, n = count("inputs", inputs), count("n", n)
    second_order = flag("second_order", second_order)
    return n * ((2 * inputs + 2) if second_order else (inputs + 2))


def sobol_points(n: int, inputs: int) -> Array:
    """Return the first n points of the unscrambled Sobol sequence, shape (n, inputs).

    References
    ----------
    Sobol (1967), USSR Computational Mathematics 7(4), 86-112.

    Examples
    --------
    >>> sobol_points(3, 2).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25]]
    """
    from scipy.stats import qmc

    n, inputs = count("n", n, 1, 2**24), count("inputs", inputs, 1, 21_201)
    power = max(0, math.ceil(math.log2(n)))
    points = qmc.Sobol(inputs, scramble=False).random_base2(power)
    return np.asarray(points[:n], dtype=np.float64)


def latin_hypercube(n: int, inputs: int, seed: Seed = 0) -> Array:
    """Return n points with one in each of n equal strips of every input, shape (n, inputs).

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21(2), 239-245.

    Examples
    --------
    >>> latin_hypercube(4, 2, seed=1).shape
    (4, 2)
    """
    n, inputs = count("n", n, 1, 2**24), count("inputs", inputs, 1, 2**24)
    rng = rng_of(seed)
    strips = rng.permuted(np.tile(np.arange(n), (inputs, 1)), axis=1).T
    return np.asarray((strips + rng.random((n, inputs))) / n)
