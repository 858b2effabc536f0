"""What an ARMA(1,1) with unit innovations implies for short, possibly gapped, steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """Constants of the linear prediction, one set per noise model.

    P noise models, k observed steps, H horizon years.

    Attributes
    ----------
    whiten : ndarray, shape (P, k, k)
        Inverse lower Cholesky factor: it turns steps into unit shocks.
    drift : ndarray, shape (P, k)
        What one unit of yearly drift becomes after whitening.
    log_det : ndarray, shape (P,)
        Log determinant of ``whiten``.
    pull : ndarray, shape (H, P, k)
        Weight of each shock in the expected change until horizon year h.
    spread : ndarray, shape (H, P)
        Variance of that change, in units of the innovation variance.
    path : ndarray, shape (P, H, H)
        Lower Cholesky factor of the cumulated changes' joint covariance.
    """

    whiten: Array
    drift: Array
    log_det: Array
    pull: Array
    spread: Array
    path: Array


def autocovariance(phi: float, theta: float, lags: int) -> Array:
    """Return the autocovariances 0..lags of an ARMA(1,1) with unit innovations.

    References
    ----------
    Brockwell, P. J. and Davis, R. A. (1991). Time Series: Theory and Methods, section 3.3.

    Examples
    --------
    >>> [round(float(g), 4) for g in autocovariance(0.5, 0.0, 2)]
    [1.3333, 0.6667, 0.3333]
    """
    gamma = np.empty(lags + 1)
    gamma[0] = (1 + 2 * phi * theta + theta**2) / (1 - phi**2)
    if lags:
        gamma[1:] = (1 + phi * theta) * (phi + theta) / (1 - phi**2) * phi ** np.arange(lags)
    return gamma


@lru_cache(maxsize=4096)
def _one(gaps: tuple[int, ...], horizon: int, phi: float, theta: float) -> tuple[Array, ...]:
    """Coefficients of one noise model: whiten, drift, pull, joint covariance of the future."""
    past, k = sum(gaps), len(gaps)
    total = past + horizon
    gamma = autocovariance(phi, theta, total)
    cov = gamma[np.abs(np.subtract.outer(np.arange(total), np.arange(total)))]
    # a step across a gap of g years is the sum of g unseen yearly steps
    merge = np.zeros((k + horizon, total))
    edges = np.concatenate([[0], np.cumsum(gaps)]).astype(int)
    for row in range(k):
        merge[row, edges[row] : edges[row + 1]] = 1.0
    for h in range(horizon):
        merge[k + h, past : past + h + 1] = 1.0
    joint = merge @ cov @ merge.T
    chol = np.linalg.cholesky(joint[:k, :k]) if k else np.zeros((0, 0))
    whiten = np.linalg.inv(chol) if k else chol
    pull = joint[k:, :k] @ whiten.T
    future = joint[k:, k:] - pull @ pull.T
    drift = np.asarray(whiten @ np.asarray(gaps, float))
    return np.asarray(whiten, float), drift, pull, future


@lru_cache(maxsize=512)
def coefficients(
    gaps: tuple[int, ...], horizon: int, noises: Sequence[tuple[float, float]]
) -> Coefficients:
    """Collect the constants of several noise models; cached.

    Parameters
    ----------
    gaps : tuple of int
        Years between successive observations; ``(1, 1)`` for three consecutive years.
    horizon : int
        Number of years ahead.
    noises : tuple of (phi, theta)
        The noise models.

    Returns
    -------
    Coefficients

    Examples
    --------
    >>> c = coefficients((1, 1), 2, ((0.0, 0.0),))
    >>> c.spread[:, 0].tolist()  # a random walk's variance grows with the years
    [1.0, 2.0]
    """
    parts = [_one(gaps, horizon, phi, theta) for phi, theta in noises]
    whiten = np.stack([p[0] for p in parts])
    future = np.stack([p[3] for p in parts])
    diagonal = np.diagonal(whiten, axis1=1, axis2=2)
    return Coefficients(
        whiten=whiten,
        drift=np.stack([p[1] for p in parts]),
        log_det=np.log(diagonal).sum(axis=1),
        pull=np.stack([p[2] for p in parts], axis=1),
        spread=np.ascontiguousarray(np.diagonal(future, axis1=1, axis2=2).T),
        path=np.asarray(np.linalg.cholesky(future), float),
    )
