"""How many draws are enough, and designs of points: the small arithmetic of sampling."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, ndtri

from corridor_model import growth
from corridor_model.errors import CorridorError

Array = NDArray[np.float64]


def first_year_met(path: Mapping[int, float], target: float, sense: str) -> int | None:
    """Return the first year of a path that meets a target, an exact hit counting (S3).

    Examples
    --------
    >>> first_year_met({2020: 3, 2021: 3, 2022: 3}, 3, "at_least")
    2020
    """
    for year in sorted(path):
        if growth.meets(path[year], target, sense):
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
    if not (error > 0 and sd >= 0 and 0 < confidence < 1):
        raise CorridorError(
            "error must be above 0, sd at least 0, confidence within 0-1.",
            "误差应大于0，标准差不小于0，置信水平在0与1之间。",
        )
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
    outside = k * sides
    return float(bdtrc(outside - 1, n, 1 - p)) if n >= outside else 0.0


def tolerance_draws(p: float, confidence: float, k: int = 1, sides: int = 1) -> int:
    """Return the fewest draws that cover a share p with this confidence.

    Examples
    --------
    >>> tolerance_draws(0.95, 0.95), tolerance_draws(0.95, 0.95, sides=2)
    (59, 93)
    """
    if not (0 < p < 1 and 0 < confidence < 1 and k >= 1 and sides in {1, 2}):
        raise CorridorError(
            "p and confidence must lie within 0-1, k be at least 1, sides 1 or 2.",
            "p和置信水平应在0与1之间，k不小于1，sides为1或2。",
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
    return np.asarray(6 / np.pi * np.arcsin(np.asarray(rho, dtype=np.float64) / 2))[()]


def design_size(inputs: int, n: int, second_order: bool = False) -> int:
    """Return how often a model runs for Sobol indices: n (d + 2), or n (2 d + 2).

    References
    ----------
    Saltelli (2002), Computer Physics Communications 145(2), 280-297.
    """
    return n * ((2 * inputs + 2) if second_order else (inputs + 2))


def sobol_points(n: int, inputs: int) -> Array:
    """Return the first n points of the unscrambled Sobol sequence, shape (n, inputs).

    Examples
    --------
    >>> sobol_points(3, 2).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25]]
    """
    from scipy.stats import qmc

    power = max(0, math.ceil(math.log2(n)))
    points = qmc.Sobol(inputs, scramble=False).random_base2(power)
    return np.asarray(points[:n], dtype=np.float64)


def latin_hypercube(n: int, inputs: int, seed: int = 0) -> Array:
    """Return n points with one in each of n equal strips of every input, shape (n, inputs).

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21(2), 239-245.
    """
    rng = np.random.default_rng(seed)
    strips = rng.permuted(np.tile(np.arange(n), (inputs, 1)), axis=1).T
    return np.asarray((strips + rng.random((n, inputs))) / n)
