"""Sobol indices of any function: which inputs decide its outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.draws import checked_seed
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
Function = Callable[[Array], Any]
BLOCK = 1024
"""Points handled together; all that is held of them is their answers."""
COLUMNS = 16_384
"""Points in one call of the function, at most."""


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


def blocks(n: int) -> Iterator[slice]:
    """Yield the points handled together."""
    for begin in range(0, n, BLOCK):
        yield slice(begin, min(begin + BLOCK, n))


class Ask:
    """A user's function, asked in calls of bounded size and held to what it promises."""

    def __init__(self, func: Function, inputs: int):
        self.func, self.inputs = func, inputs
        self.names: list[str] = []

    def __call__(self, x: Array) -> Array:
        """Return answers, shape (outputs, m)."""
        told = self.func(x)
        if isinstance(told, Mapping):
            names = [str(name) for name in told]
            made = np.array([np.broadcast_to(told[name], x.shape[1:]) for name in told], float)
        else:
            made = np.atleast_2d(np.asarray(told, dtype=np.float64))
            names = ["y"] if np.ndim(told) < 2 else [f"y{i}" for i in range(len(made))]
        if made.ndim != 2 or made.shape[1] != x.shape[1] or not len(made):
            raise SensitivityError(
                f"func must answer (outputs, {x.shape[1]}) or ({x.shape[1]},) to an array of "
                f"shape {x.shape}; it answered {np.shape(told)}.",
                f"函数对形状{x.shape}的输入应返回（输出数，{x.shape[1]}）；现为{np.shape(told)}。",
            )
        if self.names and names != self.names:
            raise SensitivityError(
                "func answers another number of outputs from call to call.",
                "函数每次返回的输出不一致。",
            )
        self.names = names
        return made

    def checked(self, x: Array) -> Array:
        """Return finite answers to all columns, in calls of bounded size."""
        parts = [self(x[:, i : i + COLUMNS].copy()) for i in range(0, x.shape[1], COLUMNS)]
        made = np.hstack(parts)
        self._finite(made, None)
        return made

    def both(self, a: Array, b: Array, whole: Array) -> tuple[Array, Array]:
        """Return answers of both samples; the first call is repeated on a few columns."""
        first = not self.names
        fa, fb = self(a.copy()), self(b.copy())
        self._finite(fa, whole)
        self._finite(fb, None)
        if first and a.shape[1] > 2:
            few = self(a[:, 1:3].copy())
            if not np.allclose(few, fa[:, 1:3], rtol=1e-9, atol=1e-12 * np.abs(fa).max()):
                raise SensitivityError(
                    "func gave another answer to the same inputs in another call. An answer "
                    "may depend on its own column alone, and on no random numbers of its own.",
                    "同样的输入再算一次结果不同。每一列的结果只能取决于该列，函数内不得有随机数。",
                )
        return fa, fb

    def swapped(self, a: Array, b: Array, members: list[list[int]]) -> Array:
        """Return answers of the first sample with each member of the second, (t, outputs, m)."""
        m = a.shape[1]
        out = np.empty((len(members), len(self.names), m))
        at_once = max(1, COLUMNS // m)
        for begin in range(0, len(members), at_once):
            part = members[begin : begin + at_once]
            x = np.tile(a, len(part))
            for i, rows in enumerate(part):
                x[rows, i * m : (i + 1) * m] = b[rows]
            made = self(x)
            self._finite(made, None)
            out[begin : begin + len(part)] = made.reshape(len(made), len(part), m).swapaxes(0, 1)
        return out

    def _finite(self, made: Array, whole: Array | None) -> None:
        """Refuse answers that are not finite, counted over the whole sample where it is known."""
        if np.isfinite(made).all():
            return
        if whole is not None and made.shape[1] < whole.shape[1]:
            made = np.hstack([self(whole[:, rows].copy()) for rows in blocks(whole.shape[1])])
        wrong = (~np.isfinite(made)).sum(axis=1)
        kind = "NaN" if np.isnan(made).any() else "infinite"
        said = "; ".join(
            f"output {name!r}: {count} of {made.shape[1]} draws"
            for name, count in zip(self.names, wrong, strict=True)
            if count
        )
        raise SensitivityError(
            f"func answered {kind} ({said}). Nothing is dropped or replaced: narrow the inputs "
            "or mend the function.",
            f"函数返回了{kind}（{said}）。不会忽略或替换，请缩小输入范围或修改函数。",
        )
