"""Morris screening: which of many inputs matter at all, for few runs of a function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from corridor_model._typing import Array, Index
from corridor_model.draws import checked_seed, generator
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.sensitivity.inputs import (
    Ask,
    Function,
    SensitivityError,
    Spread,
    spreads,
    whole_number,
)

if TYPE_CHECKING:
    import xarray as xr


INNERMOST = 0.005
"""Where the ends of an unbounded distribution are cut, as a probability."""


def morris(
    func: Function,
    inputs: Mapping[str, object],
    trajectories: int = 100,
    levels: int = 4,
    seed: int = 0,
    *,
    level: float = 0.95,
) -> xr.Dataset:
    """Return the mean and spread of elementary effects of each input.

    Parameters
    ----------
    func, inputs
        As for :func:`corridor_model.sensitivity.sobol_indices`.
    trajectories : int, default 100
        Random paths; the function is asked trajectories × (inputs + 1) times.
    levels : int, default 4
        Of the grid of probabilities, even; a step is levels / (2 (levels - 1)).
    seed : int, default 0
        Of the paths.
    level : float, default 0.95
        Of the bounds of mu_star.

    Returns
    -------
    xarray.Dataset
        mu (mean effect), mu_star (mean size, with mu_star_low and mu_star_high) and sigma
        (standard deviation: interaction or curvature) by (output, input), in the unit of the
        output per whole range of the input. An input that does nothing has exactly 0.

    Raises
    ------
    SensitivityError
        As for :func:`corridor_model.sensitivity.sobol_indices`.

    Notes
    -----
    Ends of unbounded distributions are cut at probabilities 0.005 and 0.995.

    References
    ----------
    Morris (1991), Technometrics 33(2), 161-174; Campolongo, Cariboni, Saltelli (2007),
    Environmental Modelling and Software 22(10), 1509-1518, for mu_star.

    Examples
    --------
    >>> ds = morris(lambda x: 3 * x[0] + x[1] ** 2, {"a": (0, 1), "b": (0, 1), "c": (0, 1)})
    >>> ds["mu_star"].round(3).values, ds["sigma"].round(3).values[0, 0]
    (array([[3.   , 1.007, 0.   ]]), np.float64(0.0))
    """
    ranges, seed = spreads(inputs), checked_seed(seed)
    _check(trajectories, levels, level)
    k = len(ranges)
    points, moved, step = paths(k, trajectories, levels, seed)
    x = np.empty((k, points.shape[0] * points.shape[1]))
    for row, (name, spread) in enumerate(ranges.items()):
        x[row] = _at(name, spread, points[:, :, row].ravel())
    ask = Ask(func, k)
    answers = ask.checked(x).reshape(-1, trajectories, k + 1)
    effects = elementary_effects(answers, moved, step)
    return _dataset(ask.names, list(ranges), effects, seed, level)


def paths(inputs: int, trajectories: int, levels: int, seed: int) -> tuple[Array, Index, Array]:
    """Return random paths that move each input once.

    Returns
    -------
    points : ndarray, shape (trajectories, inputs + 1, inputs)
        Probabilities on the grid.
    moved : ndarray, shape (trajectories, inputs)
        Which input each step moves.
    step : ndarray, shape (trajectories, inputs)
        By how much, with its sign.
    """
    rng = generator("morris", seed, 0)
    delta = levels / (2 * (levels - 1))
    low = rng.integers(0, levels // 2, (trajectories, inputs)) / (levels - 1)
    up = rng.random((trajectories, inputs)) < 0.5
    start = np.where(up, low, low + delta)
    moved = np.argsort(rng.random((trajectories, inputs)), axis=1)
    sign = np.where(up, delta, -delta)
    step = np.take_along_axis(sign, moved, axis=1)
    points = np.repeat(start[:, None, :], inputs + 1, axis=1)
    for place in range(inputs):
        rows = np.arange(trajectories)
        which = moved[:, place]
        points[rows, place + 1 :, which] += step[:, place : place + 1]
    return np.clip(points, 0.0, 1.0), moved, step


def elementary_effects(answers: Array, moved: Index, step: Array) -> Array:
    """Return effects by input, shape (outputs, trajectories, inputs).

    Parameters
    ----------
    answers : ndarray, shape (outputs, trajectories, inputs + 1)
        Along each path.
    moved, step : ndarray, shape (trajectories, inputs)
        Which input each step moves, and by how much.
    """
    by_step = np.diff(answers, axis=2) / step
    out = np.empty_like(by_step)
    np.put_along_axis(out, np.broadcast_to(moved, by_step.shape), by_step, axis=2)
    return out


def _at(name: str, spread: Spread, u: Array) -> Array:
    ends = np.asarray(spread.ppf(np.array([0.0, 1.0])), dtype=np.float64)
    levels = u if np.isfinite(ends).all() else INNERMOST + (1 - 2 * INNERMOST) * u
    return np.asarray(spread.ppf(levels), dtype=np.float64)


def _check(trajectories: object, levels: object, level: float) -> None:
    whole_number("trajectories", trajectories, 2)
    if whole_number("levels", levels, 2) % 2 or not 0 < level < 1:
        raise SensitivityError(
            N_("levels must be even ({levels!r}), and level lie between 0 and 1."), levels=levels
        )


def _dataset(
    outputs: list[str], inputs: list[str], effects: Array, seed: int, level: float
) -> xr.Dataset:
    import xarray as xr

    count = effects.shape[1]
    size = np.abs(effects)
    star = size.mean(axis=1)
    half = float(ndtri((1 + level) / 2)) * size.std(axis=1, ddof=1) / np.sqrt(count)
    by = ("output", "input")
    ds = xr.Dataset(
        {
            "mu": (by, effects.mean(axis=1)),
            "mu_star": (by, star),
            "mu_star_low": (by, star - half),
            "mu_star_high": (by, star + half),
            "sigma": (by, effects.std(axis=1, ddof=1)),
        },
        coords={"output": outputs, "input": inputs},
        attrs={"trajectories": count, "evaluations": count * (len(inputs) + 1), "seed": seed},
    )
    return label(ds, "morris")
