"""How indicators move together: loadings on factors by default, a full matrix on request."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike

from corridor_model._typing import AnyArray, Array, Array32, Index
from corridor_model.arguments import numbers
from corridor_model.draws import UNIT, Streams, generator
from corridor_model.errors import CorridorError, CorridorWarning, Problem
from corridor_model.formatting import finite
from corridor_model.messages import N_, Listing, message

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


LOADING = 0.3
"""Of every indicator on the plan's one factor where nothing is said; origin ``assumed``."""
FACTOR = "corridor"
ROUNDED = 1e-6
"""By so much an entry may be off because it was written with few digits."""


@dataclass(frozen=True, slots=True, eq=False)
class CorrelationModel:
    """Normal scores as factors plus rest, or as a matrix of independent ones.

    Attributes
    ----------
    factors : tuple of str
        Names of the factors.
    loadings : ndarray, shape (indicators, factors)
        Good news loads positively, whatever the direction of the target.
    root : ndarray or None
        Instead: lower triangular root of a full correlation matrix.
    adjustment : float
        Largest change a given matrix needed to be valid.
    origin : str
        S5.
    """

    factors: tuple[str, ...]
    loadings: Array
    root: Array | None = None
    adjustment: float = 0.0
    origin: str = "assumed"

    @property
    def rest(self) -> Array:
        """Loading of each indicator on what is its own, shape (indicators,)."""
        return np.asarray(np.sqrt(np.maximum(0.0, 1 - (self.loadings**2).sum(axis=1))))


def correlation_model(
    plan: Plan, names: Sequence[str], correlation: Any = None
) -> CorrelationModel:
    """Return how indicators move together.

    Parameters
    ----------
    plan : Plan
        Its table ``correlations`` gives loadings by factor.
    names : sequence of str
        Indicators; one stands once for each of its promises.
    correlation : float or DataFrame, optional
        A loading for all instead (0: independent), or a full matrix by indicator.

    Raises
    ------
    CorridorError
        For loadings beyond -1 to 1, a matrix that does not name every indicator once, or one
        whose entries are no correlations.

    Warns
    -----
    CorridorWarning
        If a matrix had to be moved, because no indicators move together like that.
    """
    if correlation is None:
        return _from_table(plan, names)
    if hasattr(correlation, "columns"):
        return _from_matrix(correlation, names)
    number = finite(correlation)  # a text, a truth or a number past all doubles is none
    loading = np.nan if number is None else number
    if not -1 <= loading <= 1:
        raise CorridorError(
            N_("correlation: a loading within -1 and 1, or a DataFrame; got {got!r}."),
            got=correlation,
        )
    return CorrelationModel((FACTOR,), np.full((len(names), 1), loading), origin="user")


def _from_table(plan: Plan, names: Sequence[str]) -> CorrelationModel:
    rows = [row for row in plan.tables["correlations"].rows() if row["indicator"] in set(names)]
    factors = tuple(dict.fromkeys([FACTOR, *(row["factor"] for row in rows)]))
    loadings = np.zeros((len(names), len(factors)))
    in_table = {row["indicator"] for row in rows}
    loadings[:, 0] = [0.0 if name in in_table else LOADING for name in names]
    for row in rows:
        for place in (i for i, name in enumerate(names) if name == row["indicator"]):
            loadings[place, factors.index(row["factor"])] = row["loading"]
    return CorrelationModel(factors, loadings)


def _from_matrix(matrix: Any, names: Sequence[str]) -> CorrelationModel:
    missing = [name for name in names if name not in matrix.index or name not in matrix.columns]
    if missing:
        raise CorridorError(
            N_(
                "correlation: the matrix lacks {missing}. It must name all {n} simulated "
                "indicators in rows and columns."
            ),
            missing=Listing(missing[:5]),
            n=len(names),
        )
    twice = [*matrix.index[matrix.index.duplicated()], *matrix.columns[matrix.columns.duplicated()]]
    if twice:
        raise CorridorError(
            N_("correlation: the matrix names {names} twice. Keep one row and one column of each."),
            names=Listing([str(name) for name in dict.fromkeys(twice)][:5]),
        )
    entries = numbers("correlation", matrix.loc[list(names), list(names)])
    if not np.isfinite(entries).all() or not np.allclose(entries, entries.T, atol=1e-9):
        raise CorridorError(N_("correlation: the matrix must be finite and symmetric."))
    _refuse_covariances(entries, names)
    valid = nearest_correlation(entries)
    adjustment = float(np.abs(valid - entries).max())
    if adjustment > ROUNDED:
        what = message(
            "no indicators move together like that; the nearest matrix that is possible stands "
            "for it, and differs by up to {moved:.2g}.",
            moved=adjustment,
        )
        remedy = message("Look at the pairs: close to one both, two must be close to each other.")
        warnings.warn(CorridorWarning(Problem(what, remedy, "correlation")), stacklevel=2)
    values, vectors = np.linalg.eigh(valid)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return CorrelationModel((), np.zeros((len(names), 0)), root, adjustment, "user")


def _refuse_covariances(entries: Array, names: Sequence[str]) -> None:
    """Refuse what no correlation can be: another diagonal than 1, an entry beyond -1 to 1."""
    own = np.eye(len(entries), dtype=bool) & (np.abs(entries - 1) > ROUNDED)
    for row, column in np.argwhere(own | (np.abs(entries) > 1 + ROUNDED))[:1].tolist():
        raise CorridorError(
            N_(
                "correlation: {name} and {other} stand at {value:g}. A correlation lies within -1 "
                "and 1, of a name with itself it is 1; divide covariances by both standard "
                "deviations."
            ),
            name=names[row],
            other=names[column],
            value=entries[row, column],
        )


def nearest_correlation(matrix: Array, rounds: int = 200) -> Array:
    """Return the correlation matrix nearest in the Frobenius norm.

    References
    ----------
    Higham (2002), IMA Journal of Numerical Analysis 22(3), 329-343: alternating projections
    with Dykstra's correction.

    Examples
    --------
    >>> nearest_correlation(np.array([[1.0, 0.5], [0.5, 1.0]]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    symmetric = (matrix + matrix.T) / 2
    if np.all(np.diag(symmetric) == 1) and np.linalg.eigvalsh(symmetric).min() >= 0:
        return np.asarray(symmetric)
    nearest, correction = symmetric.copy(), np.zeros_like(symmetric)
    for _ in range(rounds):
        # onto the matrices without negative eigenvalues, then onto those with ones in the diagonal
        shifted = nearest - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, 0)) @ vectors.T
        correction = positive - shifted
        before, nearest = nearest, positive.copy()
        np.fill_diagonal(nearest, 1.0)
        if np.abs(nearest - before).max() < 1e-12:
            break
    return np.asarray(nearest)


# Normal scores of indicators, and of works' delays, for any range of draws.

STREAM = 8 * UNIT
"""Draws that one start of a generator makes at most: threads wait for each other between."""
BLOCK = 4 * UNIT
"""Draws whose works are looked up at a time, so that they stay in a processor's own memory."""
ROWS = 8
"""Indicators to which a factor is added at a time: new memory for all of them is slow."""


def scores_of(
    names: Sequence[str],
    correlation: CorrelationModel,
    seed: int,
    begin: int,
    end: int,
    workspace: Workspace | None = None,
) -> Array32:
    """Return the indicators' scores of good news, shape (indicators, end - begin)."""
    first, last = begin // STREAM, -(-end // STREAM)
    streams, size = Streams(), end - first * STREAM
    whole = (workspace or Workspace()).array("scores", (len(names), size), np.float32)
    for k, unit in enumerate(range(first, last)):
        _stream(whole[:, k * STREAM : (k + 1) * STREAM], names, correlation, seed, unit, streams)
    return whole[:, begin - first * STREAM :]


def _stream(
    own: Array32,
    names: Sequence[str],
    correlation: CorrelationModel,
    seed: int,
    unit: int,
    streams: Streams,
) -> None:
    """Write one stream's first scores, shape (indicators, STREAM) or fewer."""
    shared = [
        streams.at(f"factor:{name}", seed, unit).standard_normal(own.shape[1], dtype=np.float32)
        for name in correlation.factors
    ]
    for row, name in zip(own, names, strict=True):
        streams.at(f"indicator:{name}", seed, unit).standard_normal(out=row, dtype=np.float32)
    if correlation.root is not None:
        own[:] = _product(correlation.root.astype(np.float32), own)
        return
    own *= correlation.rest.astype(np.float32)[:, None]
    loadings = correlation.loadings.astype(np.float32)
    for start in range(0, len(own), ROWS):
        rows = slice(start, start + ROWS)
        for loading, factor in zip(loadings[rows].T, shared, strict=True):
            own[rows] += loading[:, None] * factor


def _product(root: Array32, own: Array32) -> Array32:
    """Return root @ own, added up in one order whatever the machine's threads."""
    out = np.zeros_like(own)
    for start in range(0, own.shape[1], UNIT):
        part = slice(start, start + UNIT)
        for column, row in zip(root.T, own[:, part], strict=True):
            out[:, part] += column[:, None] * row
    return out


class Delays:
    """Places of works' delays among the scores at which responses are tabulated."""

    def __init__(
        self, works: Sequence[str], seed: int, begin: int, end: int, paired: bool, common: bool
    ):
        self._seed, self._begin, self._end = seed, begin, end
        self._works = [
            (self._draw(f"delay:{name}"), self._draw(f"factor:{name}") if paired else 0.0)
            for name in works
        ]
        self._programme = self._draw("factor:programme") if works and common else 0.0
        self._loadings = (0.0, 0.0)
        self._cells: dict[int, Index] = {}
        self._last: tuple[tuple[int, ...], list[Index]] | None = None

    def _draw(self, name: str) -> Array:
        first, last = self._begin // UNIT, -(-self._end // UNIT)
        scores = np.empty((last - first) * UNIT)
        for k, unit in enumerate(range(first, last)):
            part = scores[k * UNIT : (k + 1) * UNIT]
            generator(name, self._seed, unit).standard_normal(out=part)
        return scores[self._begin - first * UNIT : self._end - first * UNIT]

    def places(self, works: tuple[int, ...], paired: float, common: float) -> list[Index]:
        """Return places in a table with one row of `SCORES` for each work, `BLOCK` draws each.

        Shape (works, draws) each. Those of the last works are kept, and each work's own under
        the last loadings: scenarios in a row mostly share them, and any number of scenarios
        takes no more memory than one.
        """
        if self._loadings != (paired, common):
            self._loadings, self._last = (paired, common), None
            self._cells.clear()
        if self._last is None or self._last[0] != works:
            rows = [self._cells_of(work) + at * len(SCORES) for at, work in enumerate(works)]
            whole = np.array(rows).reshape(len(works), self._end - self._begin)
            starts = range(0, whole.shape[1], BLOCK)
            blocks = [np.ascontiguousarray(whole[:, i : i + BLOCK]) for i in starts]
            self._last = (works, blocks)
        return self._last[1]

    def _cells_of(self, work: int) -> Index:
        """Return the place among `SCORES` of a work's delay in each draw."""
        if work not in self._cells:
            paired, common = self._loadings
            own, factor = self._works[work]
            rest = np.sqrt(max(0.0, 1 - paired**2 - common**2))
            z = common * self._programme + paired * factor + rest * own
            nearest = np.rint((z - SCORES[0]) / (SCORES[1] - SCORES[0]))
            self._cells[work] = np.clip(nearest, 0, len(SCORES) - 1).astype(np.intp)
        return self._cells[work]


SCORES = np.linspace(-6.0, 6.0, 2049)
"""Scores of a delay at which responses are tabulated."""


# Memory that a thread's tasks use one after another.


class Workspace(threading.local):
    """Arrays by name, one of each for every thread.

    New memory of some MiB is slow, and threads wait for each other while they get it.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, AnyArray] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> AnyArray:
        """Return an array to write in; what was in it is gone."""
        size = int(np.prod(shape))
        if name not in self._arrays or self._arrays[name].size < size:
            self._arrays[name] = np.empty(size, dtype=dtype)
        return self._arrays[name][:size].reshape(shape)
