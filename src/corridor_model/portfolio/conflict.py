"""Why nothing is possible: the fewest conditions that already collide.

Implicit hitting sets: collect sets of conditions of which at least one must go; a smallest set
that meets all of them is either itself impossible, and then it is the answer, or it can be
satisfied, and then the conditions that must go beside it are one more set to be met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.portfolio.rules import Rule
from corridor_model.portfolio.solver import minimise

Array = NDArray[np.float64]


class InfeasibleError(CorridorError):
    """No choice meets all conditions.

    Attributes
    ----------
    constraints : tuple of Rule
        The fewest conditions that collide: without any one of them the others can be met.
    """

    def __init__(self, constraints: Sequence[Rule], names: dict[str, dict[str, str]]):
        self.constraints = tuple(constraints)
        zh = "；".join(rule.text("zh", names["zh"]) for rule in self.constraints)
        en = "; ".join(rule.text("en", names["en"]) for rule in self.constraints)
        count = len(self.constraints)
        super().__init__(
            f"No choice meets all conditions. These {count} collide: {en}. Relax one of them.",
            f"没有方案能同时满足全部条件。相互冲突的{count}个条件：{zh}。请放宽其中一个。",
        )


def smallest_conflict(
    rules: Sequence[Rule], rows: Array, upper: Array, *, seconds: float = 60.0
) -> tuple[Rule, ...]:
    """Return the fewest rules that cannot be met together.

    Parameters
    ----------
    rules : sequence of Rule
        Conditions that could be given up; together they cannot be met.
    rows, upper : ndarray
        What always holds: each work once.
    seconds : float
        Limit for each programme.

    References
    ----------
    Ignatiev, Previti, Liffiton and Marques-Silva (2015), Smallest MUS extraction with minimal
    hitting set dualization, CP 2015, LNCS 9255, 173-182.
    """
    sets: list[NDArray[np.bool_]] = []
    while True:
        kept = _hitting(sets, len(rules), seconds)
        broken = _broken(rules, kept, rows, upper, seconds)
        if broken is None:
            return tuple(rule for rule, keep in zip(rules, kept, strict=True) if keep)
        sets.append(broken)


def _hitting(sets: list[NDArray[np.bool_]], count: int, seconds: float) -> NDArray[np.bool_]:
    """Return a smallest set that meets all others; between equals the earlier rules."""
    if not sets:
        return np.zeros(count, dtype=bool)
    # far less than one rule in all, so that it only decides between equals
    cost = 1.0 + np.arange(count) / (10.0 * count * count)
    rows = -np.array(sets, dtype=np.float64)
    found = minimise(cost, rows, -np.ones(len(sets)), seconds=seconds)
    if found.x is None or not found.proven:
        raise CorridorError(
            "No choice meets all conditions, and which of them collide was not found in time.",
            "没有方案能同时满足全部条件；限定时间内未能查明哪些条件冲突。",
        )
    return found.x > 0.5


def _broken(
    rules: Sequence[Rule],
    kept: NDArray[np.bool_],
    rows: Array,
    upper: Array,
    seconds: float,
) -> NDArray[np.bool_] | None:
    """Return the fewest rules that go when others are kept; None if those cannot be kept."""
    options, count = rows.shape[1], len(rules)
    parts = [np.hstack([rows, np.zeros((len(rows), count))])]
    limits = [upper]
    for place, rule in enumerate(rules):
        slack = np.zeros((len(rule.rows), count))
        if not kept[place]:
            # enough for any choice, so that the rule no longer binds
            most = np.clip(rule.rows, 0.0, None).sum(axis=1) - rule.upper
            slack[:, place] = -np.maximum(most, 0.0)
        parts.append(np.hstack([rule.rows, slack]))
        limits.append(rule.upper)
    cost = np.concatenate([np.zeros(options), np.ones(count)])
    found = minimise(cost, np.vstack(parts), np.concatenate(limits), seconds=seconds)
    if found.infeasible:
        return None
    if found.x is None:
        raise CorridorError("Which conditions collide was not found in time.", "未能查明冲突条件。")
    return (found.x[options:] > 0.5) & ~kept
