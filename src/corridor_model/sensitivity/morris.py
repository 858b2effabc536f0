"""Morris screening: which of many inputs matter at all, for few runs of a function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from corridor_model._typing import Array, Index
from corridor_model.arguments import number
from corridor_model.draws import Seed, checked_seed, generator
from corridor_model.errors import warn_not_converged
from corridor_model.labels import label
from corridor_model.messages import N_, Message, message, plural
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


INNERMOST = (0.005, 1e-4, 1e-6, 1e-9)
"""Where the ends of an unbounded distribution are cut, as a probability: the first that moves."""
MOST = 10_000_000
"""Trajectories, and levels, at most."""
RANKS = 1001
"""Probabilities that list the values of a distribution of few."""


def morris(
    func: Function,
    inputs: Mapping[str, object],
    trajectories: int = 100,
    levels: int = 4,
    seed: Seed = 0,
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
    seed : int, Generator or None, default 0
        Of the paths.
    level : float, default 0.95
        Of the bounds of mu_star.

    Returns
    -------
    xarray.Dataset
        mu (mean effect), mu_star (mean size, with mu_star_low and mu_star_high) and sigma
        (standard deviation: interaction or curvature) by (output, input), in the unit of the
        output per whole range of the input. An input that does nothing has exactly 0.
        ``converged`` (output): whether the half width of every mu_star is within a fifth of the
        largest one; n_converge (output) how many trajectories would do, -1 where nothing moved the
        output and nobody knows.

    Raises
    ------
    SensitivityError
        As for :func:`corridor_model.sensitivity.sobol_indices`.

    Warns
    -----
    ConvergenceWarning
        Once, if an output has not converged; it says how many trajectories would do.

    Notes
    -----
    An effect is the change of the output over the step of the input as a share of its whole
    range, so that of ``c x`` it is c times the range of x whatever its distribution. Levels lie
    evenly by probability; where a step between two of them would not move the input (a rare
    value), they lie evenly over its values. Ends of unbounded distributions are cut at
    probabilities 0.005 and 0.995, or further out where all between is one value.

    Screening asks which inputs matter beside the largest, so that precision counts in its terms.
    An effect that few steps show may be shown by none: for ``converged`` the standard error counts
    one more trajectory than there was, as far off as the largest effect of all, as in
    :func:`corridor_model.sensitivity.shapley_values`. Below ten trajectories nothing has converged.

    References
    ----------
    Morris (1991), Technometrics 33(2), 161-174; Campolongo, Cariboni, Saltelli (2007),
    Environmental Modelling and Software 22(10), 1509-1518, for mu_star; Sarrazin, Pianosi,
    Wagener (2016), Environmental Modelling and Software 79, 135-152, for the width of
    intervals as the test of convergence. The fifth is ours.

    Examples
    --------
    >>> ds = morris(lambda x: 3 * x[0] + x[1] ** 2, {"a": (0, 1), "b": (0, 1), "c": (0, 1)})
    >>> ds["mu_star"].round(3).values, ds["sigma"].round(3).values[0, 0]
    (array([[3.   , 1.007, 0.   ]]), np.float64(0.0))
    """
    ranges, seed = spreads(inputs), checked_seed(seed)
    _check(trajectories, levels, level)
    k = len(ranges)
    points, moved = paths(k, trajectories, levels, seed)
    grids = np.array([grid(spread, levels) for spread in ranges.values()])
    # on paths: (trajectories, inputs + 1, inputs)
    x = grids[np.arange(k), points]
    whole = grids[:, -1] - grids[:, 0]
    share = np.diff(x, axis=1).sum(axis=1) / np.where(whole > 0, whole, 1.0)
    step = np.take_along_axis(share, moved, axis=1)
    ask = Ask(func, k)
    answers = ask.checked(np.ascontiguousarray(x.reshape(-1, k).T))
    effects = elementary_effects(answers.reshape(-1, trajectories, k + 1), moved, step)
    ds = _dataset(ask.names, list(ranges), effects, seed, level)
    _warn(ds, stacklevel=2)
    return ds


def paths(inputs: int, trajectories: int, levels: int, seed: int) -> tuple[Index, Index]:
    """Return random paths that move each input once, by half the number of levels.

    Returns
    -------
    points : ndarray, shape (trajectories, inputs + 1, inputs)
        Places on the grid of each input, from 0 to ``levels`` - 1.
    moved : ndarray, shape (trajectories, inputs)
        Which input each step moves.
    """
    rng = generator("morris", seed, 0)
    half = levels // 2
    low = rng.integers(0, half, (trajectories, inputs))
    up = rng.random((trajectories, inputs)) < 0.5
    moved = np.argsort(rng.random((trajectories, inputs)), axis=1)
    step = np.where(up, half, -half)
    points = np.repeat(np.where(up, low, low + half)[:, None, :], inputs + 1, axis=1)
    rows = np.arange(trajectories)
    for place in range(inputs):
        which = moved[:, place]
        points[rows, place + 1 :, which] += step[rows, which][:, None]
    return points, moved


def grid(spread: Spread, levels: int) -> Array:
    """Return the values of an input at each level, ascending, its ends at both ends.

    Examples
    --------
    >>> from corridor_model.distributions import Discrete, Uniform
    >>> grid(Uniform(0, 12), 4), grid(Discrete([0, 24], [0.9, 0.1]), 4)
    (array([ 0.,  4.,  8., 12.]), array([ 0.,  0., 24., 24.]))
    """
    low, high = 0.0, 1.0
    if not np.isfinite([spread.lowest, spread.highest]).all():
        for low in INNERMOST:
            high = 1 - low
            ends = np.asarray(spread.ppf(np.array([low, high])))
            if ends[0] < ends[1]:
                break

    def at(count: int) -> Array:
        return np.asarray(spread.ppf(np.linspace(low, high, count)), dtype=np.float64)

    values, half = at(levels), levels // 2
    if (values[half:] > values[:half]).all():
        return values
    few = np.unique(at(RANKS))
    places = np.rint(np.arange(levels) * (len(few) - 1) / (levels - 1)).astype(np.intp)
    return np.asarray(few[places])


def elementary_effects(answers: Array, moved: Index, step: Array) -> Array:
    """Return effects by input, shape (outputs, trajectories, inputs).

    Parameters
    ----------
    answers : ndarray, shape (outputs, trajectories, inputs + 1)
        Along each path.
    moved, step : ndarray, shape (trajectories, inputs)
        Which input each step moves, and by what share of its range, with its sign.
    """
    change = np.diff(answers, axis=2)
    # an input of one value takes no step, and has no effect
    by_step = np.zeros_like(change)
    np.divide(change, step, out=by_step, where=step != 0)
    out = np.empty_like(by_step)
    np.put_along_axis(out, np.broadcast_to(moved, by_step.shape), by_step, axis=2)
    return out


def _check(trajectories: object, levels: object, level: float) -> None:
    whole_number("trajectories", trajectories, 2, MOST)
    if whole_number("levels", levels, 2, MOST) % 2 or not 0 < number("level", level) < 1:
        raise SensitivityError(
            N_("levels must be even ({levels!r}), and level lie between 0 and 1."), levels=levels
        )


def _dataset(
    outputs: list[str], inputs: list[str], effects: Array, seed: int, level: float
) -> xr.Dataset:
    from corridor_model.results import Result

    count = effects.shape[1]
    size = np.abs(effects)
    star = size.mean(axis=1)
    z = float(ndtri((1 + level) / 2))
    half = z * size.std(axis=1, ddof=1) / np.sqrt(count)
    enough = _enough(size, z)
    by = ("output", "input")
    ds = Result(
        {
            "mu": (by, effects.mean(axis=1)),
            "mu_star": (by, star),
            "mu_star_low": (by, star - half),
            "mu_star_high": (by, star + half),
            "sigma": (by, effects.std(axis=1, ddof=1)),
            "converged": ("output", (enough > 0) & (enough <= count)),
            "n_converge": ("output", enough),
        },
        coords={"output": outputs, "input": inputs},
        attrs={"trajectories": count, "evaluations": count * (len(inputs) + 1), "seed": seed},
    )
    return label(ds, "morris")


# Whether the trajectories were enough.

TOLERANCE = 0.2
"""Half width of mu_star that counts as converged, as a part of the largest mu_star."""


def _enough(size: Array, z: float) -> Index:
    """Return how many trajectories bring the half widths of each output within `TOLERANCE`.

    Parameters
    ----------
    size : ndarray, shape (outputs, trajectories, inputs)
        Sizes of effects.
    z : float
        Standard errors in a half width.

    Returns
    -------
    ndarray of int, shape (outputs,)
        -1 where nothing moved the output.
    """
    star, most = size.mean(axis=1).max(axis=1), size.max(axis=(1, 2))
    moved = star > 0
    # of n trajectories the squared error is variance / n + (most / n)², in units of the limit
    limit = np.where(moved, TOLERANCE * star / z, 1.0)
    variance = (size.std(axis=1, ddof=1).max(axis=1) / limit) ** 2
    further = (most / limit) ** 2
    enough = (variance + np.sqrt(variance * variance + 4 * further)) / 2
    return np.where(moved, np.ceil(enough), -1).astype(np.int64)


def _warn(ds: xr.Dataset, stacklevel: int) -> None:
    """Warn of the outputs that have not converged, and say how many trajectories would do."""
    short = ~ds["converged"].values
    names = [str(name) for name in ds["output"].values[short]]
    count, enough = int(ds.attrs["trajectories"]), ds["n_converge"].values[short]
    remedy = (
        message("trajectories={enough} would do.", enough=int(enough.max(initial=0)))
        if (enough > 0).all()
        else message(
            "Take trajectories={more} or more; how many would do is not known.", more=2 * count
        )
    )

    def what(n: int, **fields: Any) -> Message:
        return plural(
            "Not converged at {count} trajectories: {outputs}.",
            "Not converged at {count} trajectories ({n} outputs): {outputs}.",
            n,
            count=count,
            **fields,
        )

    warn_not_converged(what, names, remedy, stacklevel + 1)
