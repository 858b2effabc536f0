"""Sobol indices of any function: which inputs decide its outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.draws.keyed import checked_seed
from corridor_model.sensitivity.ask import Ask, Function, blocks
from corridor_model.sensitivity.design import checked_points, design
from corridor_model.sensitivity.estimators import Sums, all_pairs, bootstrap_weights
from corridor_model.sensitivity.inputs import (
    SensitivityError,
    Spread,
    dependences,
    groups_of,
    spreads,
)
from corridor_model.sensitivity.labels import Study, indices_dataset

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


def sobol_indices(
    func: Function,
    inputs: Mapping[str, object],
    n: int = 1024,
    second_order: bool = True,
    resamples: int = 100,
    seed: int = 0,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    correlations: Mapping[str, Any] | None = None,
    columns: Mapping[str, int] | None = None,
    level: float = 0.95,
    tolerance: float = 0.05,
) -> xr.Dataset:
    """Return first, total and second order Sobol indices of a function.

    Parameters
    ----------
    func : callable
        From an array of shape (inputs, m), one row an input in the order of ``inputs``, to
        (outputs, m) or (m,), or a mapping of output names to (m,). Column by column: each
        answer depends on its own column alone.
    inputs : mapping
        Name to (low, high), a `Distribution` (whole numbers and yes or no by `Discrete`), or a
        frozen distribution of ``scipy.stats``.
    n : int, default 1024
        Points, a power of two. The function is asked n (2 d + 2) times, or n (d + 2) without
        the second order, d being the number of inputs or groups.
    second_order : bool, default True
        Whether pairs are asked for.
    resamples : int, default 100
        Of the bootstrap; 0 gives no bounds.
    seed : int, default 0
        Of the scrambled Sobol points and the bootstrap; 0 is a seed like any other.
    groups : mapping, optional
        Name to inputs that are judged together; the rest stand alone.
    correlations : mapping, optional
        Name of a group to one correlation of its normal scores, or a matrix. Correlated
        inputs must be one group.
    columns : mapping, optional
        Place of each input in the design; by default sorted by name, so that their order
        changes nothing. Stored places keep the points when an input is added.
    level : float, default 0.95
        Of the bounds.
    tolerance : float, default 0.05
        Largest half width of the bounds of S1 and ST that counts as converged.

    Returns
    -------
    xarray.Dataset
        S1, ST (output, input) and S2 (output, input, input_2), each with ``_low`` and
        ``_high``; variance, mean, zero_variance, converged and n_converge (output), the
        smallest n that would bring every half width within ``tolerance``. S2 is symmetric,
        its diagonal masked. An output without variance has indices 0 and says so.

    Raises
    ------
    SensitivityError
        A CorridorError and ValueError: for wrong inputs, groups, n or tolerance, for answers of a
        wrong shape, for an answer that depends on other columns, and for outputs that are not
        finite, by name and count.

    Notes
    -----
    Estimators and references stand in :mod:`corridor_model.sensitivity.estimators`. The bounds
    are the estimate plus and minus normal quantiles of the bootstrap's standard deviation;
    on Sobol points they are wider than need be.

    Examples
    --------
    >>> made = sobol_indices(lambda x: 10 * x[0] * x[1] - 1, {"a": (0, 1), "b": (0, 1)})
    >>> made["ST"].round(3).values
    array([[0.571, 0.572]])
    >>> bool(made["converged"][0]), int(made["n_converge"][0])
    (False, 2048)
    """
    given, n, seed = spreads(inputs), checked_points(n), checked_seed(seed)
    check_study(resamples, level, tolerance)
    names = list(given)
    grouped = groups_of(names, groups)
    tied = dependences(grouped, correlations)
    u, v = design(names, n, seed, columns, tied)
    a, b = values_at(given, u), values_at(given, v)
    ask = Ask(func, len(names))
    members = [list(places) for places in grouped.values()]
    weights = bootstrap_weights(n, resamples, seed)
    sums: list[Sums] = []
    for rows in blocks(n):
        fa, fb = ask.both(a[:, rows], b[:, rows], a)
        fab = ask.swapped(a[:, rows], b[:, rows], members)
        fba = ask.swapped(b[:, rows], a[:, rows], members) if second_order else None
        if not sums:
            pairs = all_pairs(len(members)) if second_order else None
            sums = [Sums(len(members), resamples, pairs, float(f.mean())) for f in fa]
        for i, total in enumerate(sums):
            pair = None if fba is None else fba[:, i]
            total.add(fa[i], fb[i], fab[:, i], pair, weights[rows])
    study = Study(list(grouped), n, seed, resamples, level, tolerance, second_order, groups)
    every = list(range(len(members)))
    return indices_dataset(
        ask.names, [total.indices() for total in sums], [every] * len(sums), study
    )


def check_study(resamples: object, level: float, tolerance: float) -> None:
    """Refuse settings of a study that make none.

    Raises
    ------
    SensitivityError
        If one is out of range.
    """
    whole = isinstance(resamples, (int, np.integer)) and not isinstance(resamples, bool)
    if not whole or not 0 <= int(resamples) <= 100_000:  # type: ignore[call-overload]
        raise SensitivityError(
            f"resamples must be a whole number of at least 0; got {resamples!r}.",
            f"resamples应为不小于0的整数；现为{resamples!r}。",
        )
    if not (0 < level < 1 and tolerance > 0):
        raise SensitivityError(
            "level must lie between 0 and 1, tolerance above 0.",
            "level应在0与1之间，tolerance应大于0。",
        )


def values_at(given: Mapping[str, Spread], u: Array) -> Array:
    """Return the values of inputs at uniform points, shape (inputs, n)."""
    made = np.empty_like(u)
    for row, (name, spread), levels in zip(made, given.items(), u, strict=True):
        row[:] = spread.ppf(levels)
        if not np.isfinite(row).all():
            raise SensitivityError(
                f"Input {name!r} is not finite at some probabilities.",
                f"输入“{name}”在某些概率处不是有限数。",
            )
    return made
