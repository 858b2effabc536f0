"""Shapley values: what each player adds, averaged over all orders in which they may come."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_model.scenario.draws.keyed import generator
from corridor_model.sensitivity.inputs import SensitivityError

Array = NDArray[np.float64]
Value = Callable[[tuple[int, ...]], ArrayLike]
EXACT = 12
"""Players up to which every subset is asked."""


class Shares(NamedTuple):
    """What each player adds.

    Attributes
    ----------
    parts : ndarray, shape (players, outputs)
        Shapley values; they sum to the value of all less that of none.
    error : ndarray, shape (players, outputs)
        Standard error; 0 where every subset was asked.
    none, all : ndarray, shape (outputs,)
        Value of no player and of all.
    exact : bool
        Whether every subset was asked.
    """

    parts: Array
    error: Array
    none: Array
    all: Array
    exact: bool


def shapley_values(
    value: Value, players: int, *, orders: int = 256, seed: int = 0, exact: int = EXACT
) -> Shares:
    """Return the Shapley value of each player.

    Parameters
    ----------
    value : callable
        From the places of the players that take part, ascending, to a number or (outputs,).
    players : int
        How many.
    orders : int, default 256
        Random orders beyond ``exact`` players, each with its reverse.
    seed : int, default 0
        Of those orders.
    exact : int, default 12
        Players up to which all subsets are asked.

    References
    ----------
    Shapley (1953), A value for n-person games, Annals of Mathematics Studies 28, 307-317;
    Castro, Gomez, Tejada (2009), Computers and Operations Research 36(5), 1726-1730, for
    sampled orders.

    Examples
    --------
    The cost of a runway by the aeroplanes that need 1, 2 and 3 of it:

    >>> shares = shapley_values(lambda who: max((1 + i for i in who), default=0), 3)
    >>> shares.parts.round(4).ravel().tolist()
    [0.3333, 0.8333, 1.8333]
    """
    if players < 1:
        raise SensitivityError("There is nothing to attribute: no changes.", "没有可归因的改动。")
    known: dict[tuple[int, ...], Array] = {}

    def ask(who: tuple[int, ...]) -> Array:
        if who not in known:
            known[who] = np.atleast_1d(np.asarray(value(who), dtype=np.float64))
        return known[who]

    none, whole = ask(()), ask(tuple(range(players)))
    if players <= exact:
        parts = _all_subsets(ask, players, len(none))
        return Shares(parts, np.zeros_like(parts), none, whole, True)
    parts, error = _sampled(ask, players, orders, seed)
    return Shares(parts, error, none, whole, False)


def _all_subsets(ask: Callable[[tuple[int, ...]], Array], players: int, outputs: int) -> Array:
    parts = np.zeros((players, outputs))
    for code in range(2**players):
        who = tuple(i for i in range(players) if code >> i & 1)
        orders = math.comb(players - 1, len(who)) * players
        for i in range(players):
            if not code >> i & 1:
                # one who changes nothing adds exactly 0
                parts[i] += (ask(tuple(sorted((*who, i)))) - ask(who)) / orders
    return parts


def _sampled(
    ask: Callable[[tuple[int, ...]], Array], players: int, orders: int, seed: int
) -> tuple[Array, Array]:
    if orders < 2:
        raise SensitivityError("orders must be at least 2.", "orders至少为2。")
    rng = generator("orders", seed, 0)
    found = []
    for _ in range(orders):
        order = rng.permutation(players).tolist()
        found.append((_along(ask, order) + _along(ask, order[::-1])) / 2)
    made = np.array(found)
    return made.mean(axis=0), made.std(axis=0, ddof=1) / np.sqrt(orders)


def _along(ask: Callable[[tuple[int, ...]], Array], order: Sequence[int]) -> Array:
    """Return what each player adds where they come in one order."""
    before = ask(())
    out = np.empty((len(order), len(before)))
    for place, player in enumerate(order):
        after = ask(tuple(sorted(order[: place + 1])))
        out[player] = after - before
        before = after
    return out
