"""The experts: small closed-form forecasters of yearly steps, as columns of numbers.

An expert expects a drift and ARMA(1,1) noise whose size it learns (`Experts`). What that means
for short steps with gaps is worked out once for each pattern of years (`coefficients`); `read`
lets all experts at a history and returns their evidence and forecasts (`Posterior`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import gammaln

from corridor_model._typing import Array, Index
from corridor_model.forecasting import mixture

KINDS = ("level", "share", "ratio", "count")


@dataclass(frozen=True)
class Expert:
    """One expert: a yearly drift, a noise memory and a way to learn the noise's size.

    Attributes
    ----------
    phi, theta : float
        Steps are drift + ARMA(1,1) noise. Positive ``phi`` is persistent growth, ``theta``
        near -1 is reversion to a trend, both 0 a random walk with drift.
    s0 : float
        Size of a yearly shock before any is observed, in units of the step (log or log-odds).
    mu : float
        Yearly drift, same units.
    delta, nu, cap : float
        Memory of the noise's size (1 remembers every year alike), weight of ``s0`` in
        years, and the largest number of degrees of freedom.
    """

    phi: float
    theta: float
    s0: float
    mu: float
    delta: float
    nu: float
    cap: float


@dataclass(frozen=True, eq=False)
class Experts:
    """Experts side by side; E experts, P distinct noise models.

    Attributes
    ----------
    rows : tuple of Expert
        Those that remember every year (``delta`` 1) come first.
    """

    rows: tuple[Expert, ...]

    def __post_init__(self) -> None:
        order = [row.delta < 1 for row in self.rows]
        if order != sorted(order):
            raise ValueError("experts with delta = 1 must come first")

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Array:
        """Return one attribute of all experts, shape (E,)."""
        return np.array([getattr(row, name) for row in self.rows], float)

    @cached_property
    def steady(self) -> int:
        """Number of experts that remember every year alike."""
        return sum(row.delta == 1 for row in self.rows)

    @cached_property
    def noises(self) -> tuple[tuple[float, float], ...]:
        """The distinct (phi, theta)."""
        return tuple(dict.fromkeys((row.phi, row.theta) for row in self.rows))

    @cached_property
    def noise(self) -> Index:
        """Position of each expert's noise model in `noises`, shape (E,)."""
        return np.array([self.noises.index((r.phi, r.theta)) for r in self.rows], np.intp)

    @cached_property
    def mu(self) -> Array:
        """Yearly drifts, shape (E,)."""
        return self.column("mu")

    @cached_property
    def s0(self) -> Array:
        """Prior shock sizes, shape (E,)."""
        return self.column("s0")

    def dof(self, steps: int) -> Index:
        """Degrees of freedom after so many steps, shape (E,), whole numbers."""
        learned = self.column("nu") + self.memory(steps)
        return np.floor(np.minimum(learned, self.column("cap"))).astype(np.intp)

    def memory(self, steps: int) -> Array:
        """How many of so many steps each expert still remembers, shape (E,)."""
        delta = self.column("delta")
        steps_kept = np.zeros(len(self))
        for _ in range(steps):
            steps_kept = delta * steps_kept + 1
        return steps_kept


def grid(
    noises: Sequence[tuple[float, float]],
    sizes: Sequence[float],
    drifts: Sequence[float],
    memories: Sequence[tuple[float, float, float]],
) -> Experts:
    """Cross every noise model, size, drift and memory.

    Examples
    --------
    >>> len(grid([(0, 0), (0.7, -0.4)], [0.01, 0.1], [0.0], [(1, 4, float("inf"))]))
    4
    """
    rows = [
        Expert(phi, theta, s0, mu, *memory)
        for memory in sorted(memories, key=lambda m: m[0] < 1)
        for phi, theta in noises
        for s0 in sizes
        for mu in drifts
    ]
    return Experts(tuple(rows))


# What an ARMA(1,1) with unit innovations implies for short, possibly gapped, steps.

_TAUGHT_YEARS = 5
_NARROWER = 0.99
"""The weights are taught up to five years ahead. Further on their 80 % intervals held 81 to 83 %
of outcomes (benchmarks/forecast_horizons.py); so much narrower a year they hold 80 to 82 %."""


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
    # a step across a gap of g years is the sum of g yearly steps that nobody observed
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
    far = _NARROWER ** np.maximum(np.arange(1, horizon + 1) - _TAUGHT_YEARS, 0)
    return Coefficients(
        whiten=whiten,
        drift=np.stack([p[1] for p in parts]),
        log_det=np.log(diagonal).sum(axis=1),
        pull=np.stack([p[2] for p in parts], axis=1),
        spread=np.ascontiguousarray(np.diagonal(future, axis1=1, axis2=2).T * far[:, None] ** 2),
        path=np.asarray(np.linalg.cholesky(future) * far[:, None], float),
    )


# What each expert makes of a history: its evidence, and its forecast of the change ahead.

LOG_PI = float(np.log(np.pi))


@dataclass(frozen=True)
class Posterior:
    """Every expert's reading of N histories with one pattern of gaps.

    Attributes
    ----------
    evidence : ndarray, shape (N, E)
        Log density of the observed steps.
    location : ndarray, shape (N, H, E)
        Expected change from the last value to each horizon year.
    size : ndarray, shape (N, E)
        Scale of a yearly shock as learned.
    scale : ndarray, shape (N, H, E)
        Scale of the change; the change is a Student t.
    dof : ndarray of int, shape (E,)
        Its degrees of freedom.
    """

    evidence: Array
    location: Array
    size: Array
    scale: Array
    dof: Index


def read(steps: Array, gaps: tuple[int, ...], horizon: int, experts: Experts) -> Posterior:
    """Let every expert read the steps and forecast.

    Parameters
    ----------
    steps : ndarray, shape (N, k)
        Changes between successive observations (of logs, log-odds or scaled values); k may be 0.
    gaps : tuple of int, length k
        Years each change spans.
    horizon : int
        Years ahead.
    experts : Experts

    Returns
    -------
    Posterior

    References
    ----------
    Box, G. E. P. and Jenkins, G. M. (1970) for the prediction; West, M. and Harrison, J.
    (1997), Bayesian Forecasting and Dynamic Models, section 10.8, for discounted volatility.
    """
    constants = coefficients(gaps, horizon, experts.noises)
    shocks = _shocks(steps, constants, experts)
    cut = experts.steady
    total, evidence = np.empty(shocks.shape[1:]), np.empty(shocks.shape[1:])
    total[:, :cut], evidence[:, :cut] = _steady(shocks[:, :, :cut], experts)
    total[:, cut:], evidence[:, cut:] = _fading(shocks[:, :, cut:], experts)
    evidence += constants.log_det[experts.noise]
    size = np.sqrt(total)
    location = np.empty((len(steps), horizon, len(experts)))
    for h in range(horizon):
        change = np.broadcast_to((h + 1) * experts.mu, size.shape).copy()
        for i in range(len(gaps)):
            change += shocks[i] * constants.pull[h][experts.noise, i]
        location[:, h] = change
    spread = np.sqrt(constants.spread[:, experts.noise])
    return Posterior(evidence, location, size, size[:, None, :] * spread, experts.dof(len(gaps)))


def _shocks(steps: Array, constants: Coefficients, experts: Experts) -> Array:
    """Whiten the steps: unit shocks as each expert sees them, shape (k, N, E)."""
    k = steps.shape[1]
    out = np.empty((k, len(steps), len(experts)))
    for i in range(k):
        # a product and a sum over the last axis: no BLAS, so no bit depends on the batch
        plain = (steps[:, None, : i + 1] * constants.whiten[None, :, i, : i + 1]).sum(axis=-1)
        out[i] = plain[:, experts.noise] - experts.mu * constants.drift[experts.noise, i]
    return out


def _steady(shocks: Array, experts: Experts) -> tuple[Array, Array]:
    """Size squared and log evidence where every year counts alike (inverse gamma)."""
    cut, k = experts.steady, len(shocks)
    nu = experts.column("nu")[:cut]
    prior = nu * experts.s0[:cut] ** 2
    total = prior + np.zeros(shocks.shape[1:])
    for shock in shocks:
        total = total + shock * shock
    constant = gammaln((nu + k) / 2) - gammaln(nu / 2) - k / 2 * LOG_PI + nu / 2 * np.log(prior)
    evidence = constant - (nu + k) / 2 * np.log(total)
    return total / (nu + k), evidence


@lru_cache(maxsize=256)
def _log_constants(dof: bytes) -> Array:
    """Return the constants of t densities; of one prior they are the same in every block."""
    return np.array([mixture.log_constant(float(f)) for f in np.frombuffer(dof)])


def _fading(shocks: Array, experts: Experts) -> tuple[Array, Array]:
    """Size squared and log evidence where old and outlying years count less."""
    cut = experts.steady
    delta, nu, cap = (experts.column(name)[cut:] for name in ("delta", "nu", "cap"))
    prior = nu * experts.s0[cut:] ** 2
    memory = np.zeros(len(delta))
    learned = np.zeros(shocks.shape[1:])
    evidence = np.zeros(shocks.shape[1:])
    for shock in shocks:
        square = (prior + learned) / (nu + memory)
        dof = np.minimum(nu + memory, cap)
        energy = shock * shock
        spread = dof + energy / square
        # the log of the t density; its log1p is a log here, which NumPy takes eight at a time
        constant = _log_constants(dof.tobytes()) + (dof + 1) / 2 * np.log(dof)
        evidence += constant - 0.5 * np.log(square) - (dof + 1) / 2 * np.log(spread)
        energy *= np.minimum((dof + 1) / spread, 2.0)
        learned = delta * learned + energy
        memory = delta * memory + 1
    return (prior + learned) / (nu + memory), evidence
