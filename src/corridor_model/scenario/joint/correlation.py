"""How indicators move together: loadings on factors by default, a full matrix on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]
LOADING = 0.3
"""Of every indicator on the plan's one factor where nothing is said; origin ``assumed``."""
FACTOR = "corridor"


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Normal scores as factors plus rest, or as a matrix of independent ones.

    Attributes
    ----------
    factors : tuple of str
        Names of the factors.
    loadings : ndarray, shape (indicators, factors)
        Good news loads positively, whatever the direction of the target.
    root : ndarray or None
        Instead: lower triangular root of a full correlation matrix.
    moved : float
        Largest change a given matrix needed to be valid.
    origin : str
        S5.
    """

    factors: tuple[str, ...]
    loadings: Array
    root: Array | None = None
    moved: float = 0.0
    origin: str = "assumed"

    @property
    def rest(self) -> Array:
        """Loading of each indicator on what is its own, shape (indicators,)."""
        return np.asarray(np.sqrt(np.maximum(0.0, 1 - (self.loadings**2).sum(axis=1))))


def together(plan: Plan, names: Sequence[str], correlation: Any = None) -> Together:
    """Return how indicators move together.

    Parameters
    ----------
    plan : Plan
        Its table ``correlations`` gives loadings by factor.
    names : sequence of str
        Indicators.
    correlation : float or DataFrame, optional
        A loading for all instead (0: independent), or a full matrix by indicator.

    Raises
    ------
    CorridorError
        For loadings beyond -1 to 1, or a matrix that does not name every indicator.
    """
    if correlation is None:
        return _from_table(plan, names)
    if hasattr(correlation, "loc"):
        return _from_matrix(correlation, names)
    number = isinstance(correlation, (int, float, np.number)) and not isinstance(correlation, bool)
    loading = float(correlation) if number else np.nan
    if not -1 <= loading <= 1:
        raise CorridorError(
            f"correlation: a loading within -1 and 1, or a DataFrame; got {correlation!r}.",
            f"相关设定应为-1与1之间的因子载荷，或DataFrame；得到{correlation!r}。",
        )
    return Together((FACTOR,), np.full((len(names), 1), loading), origin="user")


def _from_table(plan: Plan, names: Sequence[str]) -> Together:
    rows = [row for row in plan.tables["correlations"].rows() if row["indicator"] in set(names)]
    factors = tuple(dict.fromkeys([FACTOR, *(row["factor"] for row in rows)]))
    loadings = np.zeros((len(names), len(factors)))
    given = {row["indicator"] for row in rows}
    loadings[:, 0] = [0.0 if name in given else LOADING for name in names]
    for row in rows:
        loadings[list(names).index(row["indicator"]), factors.index(row["factor"])] = row["loading"]
    if ((loadings**2).sum(axis=1) > 1 + 1e-12).any():
        raise CorridorError(
            "correlations: the squared loadings of an indicator exceed 1.",
            "correlations表：某指标各因子载荷的平方和超过1。",
        )
    return Together(factors, loadings)


def _from_matrix(matrix: Any, names: Sequence[str]) -> Together:
    missing = [name for name in names if name not in matrix.index or name not in matrix.columns]
    if missing:
        raise CorridorError(
            f"correlation: the matrix lacks {', '.join(missing[:5])}. It must name all "
            f"{len(names)} simulated indicators in rows and columns.",
            f"相关矩阵缺少{'、'.join(missing[:5])}；行和列都要列出全部{len(names)}项所模拟的指标。",
        )
    given = np.asarray(matrix.loc[list(names), list(names)], dtype=np.float64)
    if not np.isfinite(given).all() or not np.allclose(given, given.T, atol=1e-9):
        raise CorridorError(
            "correlation: the matrix must be finite and symmetric.",
            "相关矩阵应为有限数字且对称。",
        )
    valid = nearest_correlation(given)
    moved = float(np.abs(valid - given).max())
    values, vectors = np.linalg.eigh(valid)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return Together((), np.zeros((len(names), 0)), root, moved, "user")


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
    made, correction = symmetric.copy(), np.zeros_like(symmetric)
    for _ in range(rounds):
        shifted = made - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, 0)) @ vectors.T
        correction = positive - shifted
        before, made = made, positive.copy()
        np.fill_diagonal(made, 1.0)
        if np.abs(made - before).max() < 1e-12:
            break
    return np.asarray(made)
