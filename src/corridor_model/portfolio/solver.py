"""One mixed-integer programme, optimum by HiGHS; and several aims, one after another."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor_model._typing import Array, Mask
from corridor_model.errors import CorridorError
from corridor_model.messages import N_

SIZE = 1000.0
"""What the largest coefficient of an aim becomes: HiGHS stops at gaps of 1e-6, absolute."""
EVEN = 1e-9
"""Values that differ by less than this share of the largest coefficient are equal."""
SLIP = 0.5 * EVEN
"""How far a row may be exceeded: with the slack its rule has, 1e-9 of a cap in all (S3)."""
LATER = 0.25
"""Share of the time limit that each aim after the first may take."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What the solver says of one programme.

    Attributes
    ----------
    x : ndarray or None
        None where there is none: infeasible, or nothing found in time.
    bound : float
        No solution has a lower cost.
    proven : bool
        Whether the gap asked for was reached.
    infeasible : bool
        Whether there is provably no solution.
    """

    x: Array | None
    bound: float
    proven: bool
    infeasible: bool


def minimise(
    cost: Array,
    rows: Array,
    upper: Array,
    *,
    whole: Mask | None = None,
    seconds: float = 60.0,
    gap: float = 0.0,
) -> Solution:
    """Return the x that minimises ``cost @ x`` under ``rows @ x <= upper`` and x >= 0.

    Parameters
    ----------
    cost : ndarray, shape (n,)
        Objective.
    rows, upper : ndarray, shape (r, n) and (r,)
        Conditions.
    whole : ndarray of bool, shape (n,), optional
        Which unknowns are 0 or 1; the others have no upper end. All, by default.
    seconds, gap : float
        Limit of time, and relative gap at which to stop.

    Raises
    ------
    CorridorError
        If the solver fails.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    n = len(cost)
    if not n:
        never = bool((upper < 0).any())
        return Solution(None if never else np.zeros(0), 0.0, True, never)
    binary = np.ones(n, dtype=bool) if whole is None else whole
    answer = milp(
        cost,
        constraints=LinearConstraint(csr_array(rows), -np.inf, upper),
        integrality=binary.astype(np.int64),
        bounds=Bounds(0.0, np.where(binary, 1.0, np.inf)),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
    )
    if answer.status not in {0, 1, 2}:
        raise CorridorError(N_("The solver failed: {why}"), why=answer.message)
    bound = answer.mip_dual_bound
    low = -math.inf if bound is None or not math.isfinite(bound) else float(bound)
    x = None if answer.x is None else _rounded(answer.x, binary)
    return Solution(x, low, answer.status == 0, answer.status == 2)


def sound(cost: Array, rows: Array, upper: Array, *, seconds: float, gap: float = 0.0) -> Solution:
    """Return the best 0/1 solution that is feasible by our own arithmetic.

    The solver takes rows as met that are exceeded by up to 1e-6. A choice that lives on that
    is forbidden, and the next one asked for, until the time is over.
    """
    until = time.monotonic() + seconds
    while True:
        solution = minimise(cost, rows, upper, seconds=until - time.monotonic(), gap=gap)
        if solution.x is None or not len(rows) or (rows @ solution.x - upper).max() <= SLIP:
            return solution
        if time.monotonic() > until:
            return Solution(None, solution.bound, False, False)
        row, limit = other_than(solution.x > 0.5)
        rows, upper = np.vstack([rows, row[None, :]]), np.append(upper, limit)


def other_than(chosen: Mask) -> tuple[Array, float]:
    """Return the row, and its limit, that forbids exactly one 0/1 vector.

    References
    ----------
    Balas and Jeroslow (1972), Canonical cuts on the unit hypercube, SIAM J. Appl. Math. 23(1).

    Examples
    --------
    >>> row, limit = other_than(np.array([True, False, True]))
    >>> row.tolist(), limit
    ([1.0, -1.0, 1.0], 1.0)
    """
    return np.where(chosen, 1.0, -1.0), float(chosen.sum()) - 1.0


def _rounded(x: Array, binary: Mask) -> Array:
    """Return the solution with its 0s and 1s exact; anything else is no solution."""
    nearest = np.round(x)
    if np.abs(x - nearest)[binary].max(initial=0.0) > 1e-4:
        raise CorridorError(N_("The solver returned parts of works."))
    return np.asarray(np.where(binary, nearest, np.maximum(x, 0.0)))


@dataclass(frozen=True, eq=False)
class Choice:
    """A choice of options.

    Attributes
    ----------
    chosen : ndarray of bool, shape (o,)
        At most one a work.
    objective, bound : float
        Of the first aim; no choice exceeds the bound.
    proven : tuple of bool
        For each aim, whether it was optimum to the gap asked for.
    levels : tuple of float
        The best value of each aim, before later ones gave anything up.
    """

    chosen: Mask
    objective: float
    bound: float
    proven: tuple[bool, ...]
    levels: tuple[float, ...]

    @property
    def gap(self) -> float:
        """How far the objective may lie below the best one, as a share of the bound."""
        apart = max(0.0, self.bound - self.objective)
        return apart / max(abs(self.bound), abs(self.objective)) if apart else 0.0


def best(
    aims: Sequence[Array],
    rows: Array,
    upper: Array,
    *,
    near: Sequence[float] = (),
    seconds: float = 60.0,
    gap: float = 0.0,
) -> Choice | None:
    """Return the choice that is best by the first aim, among those by the second, and so on.

    Parameters
    ----------
    aims : sequence of ndarray, shape (o,)
        To be maximised.
    rows, upper : ndarray
        Conditions on the 0/1 vector.
    near : sequence of float
        For each aim, the share of its best value that later aims may give up; 0 where left out.
    seconds : float
        For the first aim; each later one has a quarter of it.
    gap : float
        Relative gap of the first aim; later aims stop at the same.

    Returns
    -------
    Choice or None
        None if no choice meets the conditions.

    Raises
    ------
    CorridorError
        If nothing was found in time.

    Examples
    --------
    >>> worth, money = np.array([3.0, 2.0, 2.0]), np.array([5.0, 3.0, 2.0])
    >>> choice = best([worth, -money], money[None, :], np.array([5.0]))
    >>> choice.chosen.tolist(), choice.objective
    ([False, True, True], 4.0)
    """
    x: Array | None = None
    objective, bound = 0.0, 0.0
    proven: list[bool] = []
    levels: list[float] = []
    for place, aim in enumerate(aims):
        size = float(np.abs(aim).max(initial=0.0))
        if place and not size:
            proven.append(True)
            levels.append(0.0)
            continue
        cost = -aim * (SIZE / size if size else 1.0)
        limit = seconds if not place else max(1.0, LATER * seconds)
        solution = sound(cost, rows, upper, seconds=limit, gap=gap)
        if not place:
            if solution.infeasible:
                return None
            if solution.x is None:
                raise CorridorError(
                    N_("No choice was found in {seconds:g} seconds. Allow more time."),
                    seconds=seconds,
                )
        x = x if solution.x is None else solution.x
        assert x is not None
        proven.append(solution.proven)
        levels.append(float(aim @ x))
        if not place:
            objective = float(aim @ x)
            bound = max(objective, -solution.bound * size / SIZE) if size else 0.0
        # whatever comes later must keep what was reached; equal is equal up to rounding
        row = cost / SIZE
        given_up = near[place] if place < len(near) else 0.0
        rows = np.vstack([rows, row[None, :]])
        upper = np.append(upper, float(row @ x) + EVEN + given_up * abs(float(row @ x)))
    assert x is not None
    if proven[0] and not gap:
        bound = objective
    return Choice(x > 0.5, float(aims[0] @ x), bound, tuple(proven), tuple(levels))
