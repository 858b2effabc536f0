"""What each expert makes of a history: its evidence, and its forecast of the change ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from . import student
from .arma import Coefficients, coefficients
from .experts import Experts

Array = NDArray[np.float64]
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
    dof: NDArray[np.intp]


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
    known = coefficients(gaps, horizon, experts.noises)
    shocks = _shocks(steps, known, experts)
    cut = experts.steady
    total, evidence = np.empty(shocks.shape[1:]), np.empty(shocks.shape[1:])
    total[:, :cut], evidence[:, :cut] = _steady(shocks[:, :, :cut], experts)
    total[:, cut:], evidence[:, cut:] = _fading(shocks[:, :, cut:], experts)
    evidence += known.log_det[experts.noise]
    size = np.sqrt(total)
    location = np.empty((len(steps), horizon, len(experts)))
    for h in range(horizon):
        moved = np.broadcast_to((h + 1) * experts.mu, size.shape).copy()
        for i in range(len(gaps)):
            moved += shocks[i] * known.pull[h][experts.noise, i]
        location[:, h] = moved
    spread = np.sqrt(known.spread[:, experts.noise])
    return Posterior(evidence, location, size, size[:, None, :] * spread, experts.dof(len(gaps)))


def _shocks(steps: Array, known: Coefficients, experts: Experts) -> Array:
    """Whiten the steps: unit shocks as each expert sees them, shape (k, N, E)."""
    k = steps.shape[1]
    out = np.empty((k, len(steps), len(experts)))
    for i in range(k):
        # a product and a sum over the last axis: no BLAS, so no bit depends on the batch
        plain = (steps[:, None, : i + 1] * known.whiten[None, :, i, : i + 1]).sum(axis=-1)
        out[i] = plain[:, experts.noise] - experts.mu * known.drift[experts.noise, i]
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


def _fading(shocks: Array, experts: Experts) -> tuple[Array, Array]:
    """Size squared and log evidence where old and outlying years count less."""
    cut = experts.steady
    delta, nu, cap = (experts.column(name)[cut:] for name in ("delta", "nu", "cap"))
    prior = nu * experts.s0[cut:] ** 2
    seen = np.zeros(len(delta))
    learned = np.zeros(shocks.shape[1:])
    evidence = np.zeros(shocks.shape[1:])
    for shock in shocks:
        square = (prior + learned) / (nu + seen)
        dof = np.minimum(nu + seen, cap)
        far = shock * shock / square
        constant = np.array([student.log_constant(float(f)) for f in dof])
        evidence += constant - 0.5 * np.log(square) - (dof + 1) / 2 * np.log1p(far / dof)
        weight = np.minimum((dof + 1) / (dof + far), 2.0)
        learned = delta * learned + weight * (shock * shock)
        seen = delta * seen + 1
    return (prior + learned) / (nu + seen), evidence
