"""Decisions on a table of payoffs, alternative by state: regret and the classical rules.

Every rule reports all alternatives that are best: a tie is named, never broken in silence.
Payoffs are gains; more is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_model import growth
from corridor_model.errors import CorridorError

Array = NDArray[np.float64]
Payoff = Mapping[str, Sequence[float]]
EQUAL = 1e-9
"""Scores nearer than this share of the largest are a tie."""


@dataclass(frozen=True)
class Verdict:
    """What a rule says.

    Attributes
    ----------
    names : tuple of str
        The best alternatives, in the order of the table; several are a tie.
    scores : mapping of str to float
        Of every alternative.
    """

    names: tuple[str, ...]
    scores: Mapping[str, float]


def regret_table(payoff: Payoff) -> dict[str, Array]:
    """Return how much each alternative loses in each state against the best one there.

    Parameters
    ----------
    payoff : mapping of str to sequence of float
        Gains by alternative, one a state.

    Returns
    -------
    dict of str to ndarray, shape (states,)
        At least 0, with a 0 in each state.

    References
    ----------
    Savage (1951), The theory of statistical decision, JASA 46(253), 55-67.

    Examples
    --------
    >>> regret_table({"a": [50, 60], "b": [20, 80]})
    {'a': array([ 0., 20.]), 'b': array([30.,  0.])}
    """
    names, table = _checked(payoff)
    return dict(zip(names, table.max(axis=0) - table, strict=True))


def maximax(payoff: Payoff) -> Verdict:
    """Return the alternative whose best state is best."""
    names, table = _checked(payoff)
    return _highest(names, table.max(axis=1))


def maximin(payoff: Payoff) -> Verdict:
    """Return the alternative whose worst state is best (Wald)."""
    names, table = _checked(payoff)
    return _highest(names, table.min(axis=1))


def minimax_regret(payoff: Payoff) -> Verdict:
    """Return the alternative whose largest regret is smallest (Savage); scores are regrets."""
    names, table = _checked(payoff)
    worst = (table.max(axis=0) - table).max(axis=1)
    best = _highest(names, -worst).names
    return Verdict(best, dict(zip(names, worst.tolist(), strict=True)))


def laplace(payoff: Payoff) -> Verdict:
    """Return the alternative that is best on average, all states alike.

    Examples
    --------
    >>> laplace({"a": [50, 60], "b": [40, 70]}).names
    ('a', 'b')
    """
    names, table = _checked(payoff)
    return _highest(names, table.mean(axis=1))


def hurwicz(payoff: Payoff, alpha: float = 0.5) -> Verdict:
    """Return the best by alpha × best state + (1 - alpha) × worst state."""
    if not 0 <= alpha <= 1:
        raise CorridorError(f"alpha must lie within 0 and 1; got {alpha!r}.")
    names, table = _checked(payoff)
    return _highest(names, alpha * table.max(axis=1) + (1 - alpha) * table.min(axis=1))


def satisficing_share(outcomes: ArrayLike, threshold: float, direction: str = "at_least") -> float:
    """Return the share of outcomes that meet a threshold; an exact hit counts (S3).

    References
    ----------
    Starr (1963), Product design and decision theory: the domain criterion.

    Examples
    --------
    >>> satisficing_share([3, 5, 7, 9, 11], 7)
    0.6
    """
    values = _finite(outcomes)
    met = [growth.meets(float(value), threshold, direction) for value in values]
    return float(np.mean(met))


def cvar(outcomes: ArrayLike, level: float = 0.9) -> float:
    """Return the mean of the worst outcomes, those beyond a level; high is bad.

    Parameters
    ----------
    outcomes : array_like, shape (n,)
        Losses, equally likely.
    level : float, default 0.9
        The worst 1 - level are averaged; an outcome on the border counts in part.

    References
    ----------
    Rockafellar and Uryasev (2002), Conditional value-at-risk for general loss distributions,
    Journal of Banking & Finance 26(7), 1443-1471.

    Examples
    --------
    >>> cvar([0, 0, 0, 0, 0, 0, 0, 0, 5, 10], 0.9), cvar([0, 1, 2, 3], 0.375)
    (10.0, 2.2)
    """
    if not 0 <= level < 1:
        raise CorridorError(f"level must lie within 0 and 1; got {level!r}.")
    worst = np.sort(_finite(outcomes))[::-1]
    tail = (1 - level) * len(worst)
    weights = np.clip(tail - np.arange(len(worst)), 0.0, 1.0)
    return float(weights @ worst / tail)


def _finite(outcomes: ArrayLike) -> Array:
    values = np.asarray(outcomes, dtype=np.float64).ravel()
    if not values.size or not np.isfinite(values).all():
        raise CorridorError("Outcomes must be numbers, at least one.")
    return values


def _checked(payoff: Any) -> tuple[list[str], Array]:
    try:
        names = [str(name) for name in payoff]
        table = np.array([np.asarray(payoff[name], dtype=np.float64) for name in payoff])
    except (TypeError, ValueError):
        names, table = [], np.zeros(0)
    if not names or table.ndim != 2 or not table.shape[1] or not np.isfinite(table).all():
        raise CorridorError(
            "A payoff table needs numbers: as many for each alternative as there are states.",
            "收益表应为数值，每个方案在每种状态下各一个。",
        )
    return names, table


def _highest(names: Sequence[str], scores: Array) -> Verdict:
    near = EQUAL * float(np.abs(scores).max())
    best = tuple(n for n, s in zip(names, scores, strict=True) if s >= scores.max() - near)
    return Verdict(best, dict(zip(names, scores.tolist(), strict=True)))
