"""One programme of whole numbers, solved by HiGHS and checked exactly; several aims in turn.

HiGHS computes in floating point: it takes rows as met that are exceeded by 1e-6, and numbers as
whole that are off by as much. With coefficients of a few digits neither can change an answer.
Longer ones, such as money in fen, are split into digits to a base with a carry from each digit
to the next, as in adding by hand; the digits are again small. Every answer is checked in
integers before it counts.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corridor_model._typing import Array, Integers, Mask
from corridor_model.errors import CorridorError
from corridor_model.messages import N_

SIZE = 1e6
"""What the largest number of a row or an aim may be, in coarser units if need be."""
BASES = (10_000, 1_000, 100)
"""Bases of the digits; a smaller one where an answer in a larger one is not exact."""
FEW = 100
"""Unknowns up to which digits cost less than a first answer without them."""
LATER, AT_LEAST = 0.25, 10.0
"""Share of the time limit that the aims after the first may take together; seconds each may
where there are few unknowns, so that a slow machine gives the same answer."""
PATIENCE = 3600.0
"""Seconds for some choice, whatever the time limit: one is returned where there is one."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What is known of one programme.

    Attributes
    ----------
    x : ndarray of int or None
        None where there is none: infeasible, or nothing in time.
    bound : int or None
        No solution is worth more; None where nothing is known.
    proven : bool
        Whether x is best, or as near to it as the gap asked for.
    infeasible : bool
        Whether there is provably no solution.
    """

    x: Integers | None
    bound: int | None
    proven: bool
    infeasible: bool


def maximise(
    aim: Integers,
    rows: Integers,
    upper: Integers,
    *,
    high: Integers | None = None,
    seconds: float = 60.0,
    gap: float = 0.0,
    exact: bool = True,
) -> Solution:
    """Return the whole x that maximises ``aim @ x`` under ``rows @ x <= upper``, 0 <= x <= high.

    Parameters
    ----------
    aim : ndarray of int, shape (n,)
        Objective.
    rows, upper : ndarray of int, shape (r, n) and (r,)
        Conditions.
    high : ndarray of int, shape (n,), optional
        Upper ends of the unknowns; 1, by default.
    seconds, gap : float
        Limit of time, and relative gap at which to stop.
    exact : bool
        Whether a better x within the solver's tolerance of 1e-6 matters; x meets all
        conditions exactly in any case.

    Raises
    ------
    CorridorError
        If the solver fails.

    Examples
    --------
    >>> a = np.array([10**12 + 1, 10**12, 3])
    >>> maximise(a, a[None, :], np.array([10**12 + 2])).x.tolist()
    [1, 0, 0]
    """
    until = time.monotonic() + seconds
    if not len(aim):
        never = bool((upper < 0).any())
        return Solution(None if never else np.zeros(0, np.int64), 0, True, never)
    high = np.ones(len(aim), dtype=np.int64) if high is None else high
    rows, upper = _shortened(rows, upper)
    step = int(np.gcd.reduce(np.abs(aim))) or 1
    aim = aim // step
    # a few long numbers are solved in digits at once
    long = len(aim) <= FEW and int(np.abs(aim).max()) >= SIZE
    first = Solution(None, None, True, False)
    exact = exact and not gap
    if not long or not exact:
        first = _solved(aim, rows, upper, high, seconds, gap)
    if first.infeasible:  # also with what the solver's tolerance allows
        return first
    best, bound = first.x, first.bound
    if best is not None and not _meets(best, rows, upper):
        best = None
    if first.proven and (exact or best is None):
        best, bound, never = _refined(aim, rows, upper, high, best, bound, until, exact)
        if never:
            return Solution(None, None, True, True)
    if best is None:
        return Solution(None, None if bound is None else bound * step, False, False)
    worth = int(aim @ best)
    settled = first.proven and (not exact or bound == worth)
    if not settled:
        loose = _solved(aim, rows, upper, high, PATIENCE, 0.0, whole=False).bound
        bound = min(one for one in (bound, loose) if one is not None)
    bound = None if bound is None else max(bound, worth) * step
    proven = settled or bound == worth * step
    return Solution(best, bound, proven, False)


def _refined(
    aim: Integers,
    rows: Integers,
    upper: Integers,
    high: Integers,
    best: Integers | None,
    bound: int | None,
    until: float,
    exact: bool,
) -> tuple[Integers | None, int | None, bool]:
    """Return the exact best, its bound, and whether there is none, from near the answer.

    Asks for more than the best so far, in digits, until there provably is no more.
    """
    for base in BASES:
        while best is None or (exact and (bound is None or int(aim @ best) < bound)):
            left = until - time.monotonic()
            if left <= 0:
                return best, bound, False
            conditions, limits = rows, upper
            if best is not None:
                conditions = np.vstack([rows, -aim[None, :]])
                limits = np.append(upper, -(int(aim @ best) + 1))
            split, split_limits, carries = _digits(conditions, limits, high, base)
            wide = np.concatenate([high, np.full(carries, 2 * int(high.sum()) + 2)])
            cost = np.concatenate([aim, np.zeros(carries, dtype=np.int64)])
            answer = _solved(cost, split, split_limits, wide, left, 0.0, carries)
            if answer.infeasible:
                return best, None if best is None else int(aim @ best), best is None
            if answer.x is None:
                return best, bound, False
            better = answer.x[: len(aim)]
            if not _meets(better, conditions, limits):
                break  # an unknown was not whole enough: smaller digits
            best = better
            if answer.bound is not None:
                bound = answer.bound if bound is None else min(bound, answer.bound)
            bound = None if bound is None else max(bound, int(aim @ best))
        else:
            return best, bound, False
    return best, bound, False


def _meets(x: Integers, rows: Integers, upper: Integers) -> bool:
    return bool((rows @ x <= upper).all())


def _shortened(rows: Integers, upper: Integers) -> tuple[Integers, Integers]:
    """Return the rows divided by what all their coefficients share; the limits round down."""
    shared = np.gcd.reduce(np.abs(rows), axis=1) if rows.size else np.ones(len(rows), np.int64)
    shared = np.maximum(shared, 1)
    return rows // shared[:, None], upper // shared


def _digits(
    rows: Integers, upper: Integers, high: Integers, base: int
) -> tuple[Integers, Integers, int]:
    """Return rows with long numbers as rows of their digits, and how many carries they need.

    A row of digits d, with the carry from below and to above, says: the sum of the digits, and
    what comes from below, is at most the limit's digit and what goes above times the base.
    Together they say what the row says, for whole carries.
    """
    parts: list[tuple[Integers, int, int, int]] = []  # digits, limit, carry in, carry out
    carries = 0
    for row, limit in zip(rows, upper.tolist(), strict=True):
        largest = max(int(np.abs(row).max(initial=0)), abs(limit))
        if largest < min(base * base, SIZE):  # few enough digits as it is
            parts.append((row, limit, -1, -1))
            continue
        rest, rest_limit, below = row, limit, -1
        while largest >= base:
            parts.append((rest % base, rest_limit % base, below, carries))
            rest, rest_limit, largest = rest // base, rest_limit // base, largest // base
            below, carries = carries, carries + 1
        parts.append((rest, rest_limit, below, -1))
    n = rows.shape[1]
    out = np.zeros((len(parts), n + carries), dtype=np.int64)
    for place, (digits, _, below, above) in enumerate(parts):
        out[place, :n] = digits
        if below >= 0:
            out[place, n + below] = 1
        if above >= 0:
            out[place, n + above] = -base
    return out, np.array([limit for _, limit, _, _ in parts], dtype=np.int64), carries


def _solved(
    aim: Integers,
    rows: Integers,
    upper: Integers,
    high: Integers,
    seconds: float,
    gap: float,
    carries: int = 0,
    *,
    whole: bool = True,
) -> Solution:
    """Return what HiGHS says, its unknowns rounded; the bound rounds down to a whole number."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    # in coarser units, each number rounded down: a sum that keeps the row keeps this one, too
    largest = np.maximum(np.abs(rows).max(axis=1, initial=0), np.abs(upper))
    units = 1 + largest // int(SIZE)
    coarse = rows // units[:, None]
    # what lowers a sum is rounded towards none, if it may be large, and made good on the limit
    lost = np.where((rows < 0) & (high > 1), coarse + 1 - rows / units[:, None], 0.0)
    lost = np.where(lost < 1, lost, 0.0)
    coarse += lost > 0
    rows, upper = coarse, upper // units + np.ceil(lost @ high).astype(np.int64)
    size = min(1.0, SIZE / max(1.0, float(np.abs(aim).max(initial=0))))
    low = np.zeros(len(aim))
    low[len(aim) - carries :] = -1.0  # what is lent by a digit that holds nothing
    answer = _interruptible(
        lambda: milp(
            -size * aim,
            constraints=LinearConstraint(csr_array(rows.astype(np.float64)), -np.inf, upper),
            integrality=np.full(len(aim), int(whole)),
            bounds=Bounds(low, high.astype(np.float64)),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
        )
    )
    if answer.status not in {0, 1, 2}:
        raise CorridorError(N_("The solver failed: {why}"), why=answer.message)
    least = answer.mip_dual_bound if whole else answer.fun
    bound = None
    if least is not None and math.isfinite(least):
        # the solver stops at gaps of 1e-6 and sees no smaller differences than 1e-9 of a sum
        bound = math.floor((-least + 1e-5 * min(1.0, 100 * size) + 1e-9 * abs(least)) / size)
    x = None if answer.x is None or not whole else np.round(answer.x).astype(np.int64)
    return Solution(x, bound, answer.status == 0, answer.status == 2)


def _interruptible(solve: Callable[[], Any]) -> Any:
    """Return what a solver returns; Ctrl-C does not wait until its time is over.

    HiGHS hears no signals. It lets other threads run, so it gets one: where the user has
    enough, it works on unheard until it ends, or the program does.
    """
    if threading.current_thread() is not threading.main_thread():
        return solve()  # signals go to the main thread alone
    answers: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(solve())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, name="HiGHS", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.5)  # on Windows nothing interrupts a wait without an end
    if errors:
        raise errors[0]
    return answers[0]


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
        For each aim, whether it was optimal to the gap asked for.
    levels : tuple of int
        The best value of each aim, before later ones gave anything up.
    """

    chosen: Mask
    objective: float
    bound: float
    proven: tuple[bool, ...]
    levels: tuple[int, ...]

    @property
    def gap(self) -> float:
        """How far the objective may lie below the best one, as a share of the bound."""
        apart = max(0.0, self.bound - self.objective)
        return apart / max(abs(self.bound), abs(self.objective)) if apart else 0.0


def best(
    aims: Sequence[Integers],
    rows: Integers,
    upper: Integers,
    *,
    high: Integers | None = None,
    near: Sequence[float] = (),
    base: Sequence[int] = (),
    slack: int = 0,
    seconds: float = 60.0,
    gap: float = 0.0,
) -> tuple[Integers, Choice] | None:
    """Return the x that is best by the first aim, among those by the second, and so on.

    Parameters
    ----------
    aims : sequence of ndarray of int, shape (n,)
        To be maximised.
    rows, upper : ndarray of int
        Conditions.
    high : ndarray of int, shape (n,), optional
        Upper ends of the unknowns; 1, by default.
    near : sequence of float
        For each aim, the share of its best value that later aims may give up; 0 where left out.
    base : sequence of int
        What each aim has beside the unknowns: a share of its best value counts it.
    slack : int
        Of the first aim, what rounding its numbers to whole ones may have moved in a sum.
    seconds : float
        For all aims: three quarters for the first where others follow, a quarter for these.
    gap : float
        Relative gap of the first aim; later aims stop at the same.

    Returns
    -------
    (x, Choice) or None
        None if nothing meets the conditions. Something is returned whatever the time limit,
        with the bound that is proven.

    Examples
    --------
    >>> worth, money = np.array([3, 2, 2]), np.array([5, 3, 2])
    >>> x, choice = best([worth, -money], money[None, :], np.array([5]))
    >>> x.tolist(), choice.objective
    ([0, 1, 1], 4.0)
    """
    x: Integers | None = None
    later = sum(bool(aim.any()) for aim in aims[1:])
    bound = 0
    proven: list[bool] = []
    levels: list[int] = []
    for place, aim in enumerate(aims):
        if place and not aim.any():
            proven.append(True)
            levels.append(0)
            continue
        limit = seconds * (1.0 - LATER) if later else seconds
        if place:
            # there is no hurry only where the first aim was not too hard
            patient = len(aim) <= FEW and proven[0]
            limit = max(AT_LEAST if patient else 1.0, LATER * seconds / later)
        given_up = near[place] if place < len(near) else 0.0
        exact = all(proven) and not given_up
        solution = maximise(aim, rows, upper, high=high, seconds=limit, gap=gap, exact=exact)
        if x is None:
            if solution.infeasible:
                return None
            if solution.x is None:
                solution = _whatever_the_time(aim, rows, upper, high, solution.bound)
                if solution.infeasible:
                    return None
            x = solution.x
            assert x is not None
            x = x if solution.proven else _filled(x, aim, rows, upper)
            bound = int(aim @ x) if solution.bound is None else solution.bound
        elif solution.x is not None and int(aim @ solution.x) >= int(aim @ x):
            x = solution.x
        proven.append(solution.proven)
        level = int(aim @ x)
        levels.append(level)
        # whatever comes later must keep what was reached
        whole_level = abs(level + (base[place] if base else 0))
        room = math.floor(whole_level * given_up) + (0 if place else slack)
        rows = np.vstack([rows, -aim[None, :]])
        upper = np.append(upper, room - level)
    assert x is not None
    worth = int(aims[0] @ x)
    choice = Choice(x > 0, float(worth), float(max(bound, worth)), tuple(proven), tuple(levels))
    return x, choice


def _whatever_the_time(
    aim: Integers, rows: Integers, upper: Integers, high: Integers | None, bound: int | None
) -> Solution:
    """Return some choice where there is one, and a bound that takes no time to prove."""
    none = np.zeros_like(aim)
    some = Solution(none, None, False, False)
    if not _meets(none, rows, upper):
        some = maximise(none, rows, upper, high=high, seconds=PATIENCE)
    if some.infeasible:
        return some
    if some.x is None:
        raise CorridorError(N_("Whether any choice meets all conditions was not settled in time."))
    highest = np.ones(len(aim), dtype=np.int64) if high is None else high
    short, limits = _shortened(rows, upper)
    loose = _solved(aim, short, limits, highest, PATIENCE, 0.0, whole=False).bound
    bound = min(one for one in (bound, loose, int(np.maximum(aim, 0) @ highest)) if one is not None)
    return Solution(some.x, bound, False, False)


def _filled(x: Integers, aim: Integers, rows: Integers, upper: Integers) -> Integers:
    """Return a choice with all that still can be added to it, the best for its money first."""
    x, spent = x.copy(), rows @ x
    weight = np.maximum(rows / np.maximum(upper, 1)[:, None], 0.0).max(axis=0, initial=1e-9)
    ratio = aim / np.maximum(weight, 1e-9)
    ratio = np.round(ratio / max(float(np.abs(ratio).max()), 1e-9), 6)
    for at in np.lexsort((-aim, -ratio)):  # of equals the largest
        if aim[at] > 0 and not x[at] and (spent + rows[:, at] <= upper).all():
            x[at], spent = 1, spent + rows[:, at]
    return x


# What is not whole by itself, as whole numbers: worth that is discounted, money in fen.

DIGITS = 12
"""Digits of the largest number that is kept where not all can be."""


@dataclass(frozen=True, eq=False)
class Whole:
    """Numbers as whole multiples of a power of ten.

    Attributes
    ----------
    numbers : ndarray of int
        In the shape of what they stand for.
    per : float
        How many of them make 1.
    exact : bool
        Whether nothing was rounded.
    """

    numbers: Integers
    per: float
    exact: bool


def whole(values: Array) -> Whole:
    """Return numbers as whole ones: exact if they are decimals short enough, else to 12 digits.

    Examples
    --------
    >>> whole(np.array([4.665, 0.2])).numbers.tolist(), whole(np.array([1 / 3])).exact
    ([4665, 200], False)
    """
    from decimal import Decimal

    largest = float(np.abs(values).max(initial=0.0))
    if not largest:
        return Whole(np.zeros(values.shape, dtype=np.int64), 1.0, True)
    written = [Decimal(repr(value)) for value in values.ravel().tolist()]
    places = max(0, *(-int(one.normalize().as_tuple().exponent) for one in written))
    if places <= 22 and largest * 10.0**places < 1e15:
        numbers = [int(one.scaleb(places)) for one in written]
        return Whole(np.array(numbers, dtype=np.int64).reshape(values.shape), 10.0**places, True)
    power = DIGITS - 1 - math.floor(math.log10(largest))
    per = float(f"1e{power}")
    return Whole(np.floor(values * per + 0.5).astype(np.int64), per, False)
