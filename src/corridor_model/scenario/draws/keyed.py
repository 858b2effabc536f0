"""Random numbers keyed by name (S13).

The draws of a name depend on the seed and the name alone, in units of 2,048: more draws keep
the first ones, another name leaves this one alone, every scenario shares them, and any
thread may make any unit.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from corridor_model.errors import CorridorError

Array = NDArray[np.float64]
UNIT = 2048
"""Draws that belong together; sums are taken over these (S13)."""


def checked_seed(seed: object) -> int:
    """Return a seed; 0 is one like any other.

    Raises
    ------
    CorridorError
        If it is no whole number from 0 to 2^63 - 1, which is what a file can hold.
    """
    made = None if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) else int(seed)
    if made is None or not 0 <= made < 2**63:
        raise CorridorError(
            f"seed must be a whole number from 0 to 2^63 - 1; got {seed!r}.",
            f"随机种子应为0到2^63-1的整数；得到{seed!r}。",
        )
    return made


def checked_draws(draws: object) -> int:
    """Return a number of draws, at least 1.

    Raises
    ------
    CorridorError
        If it is anything else.
    """
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise CorridorError(
            f"draws must be a whole number of at least 1; got {draws!r}.",
            f"抽取次数应为不小于1的整数；得到{draws!r}。",
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
        made = generator(name, seed, unit).standard_normal(UNIT)
        out[unit * UNIT : (unit + 1) * UNIT] = made[: draws - unit * UNIT]
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
