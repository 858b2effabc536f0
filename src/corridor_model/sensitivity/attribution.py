"""Which change of a scenario did it: shares free of order, beside the ordered waterfall."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from corridor_model._typing import Array, Index, Mask
from corridor_model.arguments import count, fraction, items
from corridor_model.codes import Side
from corridor_model.display import display
from corridor_model.draws import Seed, checked_seed, generator
from corridor_model.errors import warn_not_converged
from corridor_model.formatting import plain
from corridor_model.labels import label
from corridor_model.messages import N_, Message, message, plural
from corridor_model.plan.plan import must_be_plan
from corridor_model.scenario.changes import (
    Change,
    EffectAsPlanned,
    SetEffect,
    WorkChange,
    works_of,
)
from corridor_model.scenario.resolve import must_be_scenario, resolve
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario
from corridor_model.scenario.wording import change_wording
from corridor_model.sensitivity.evaluator import Reader, scenario_attrs, study_attrs
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import Outcome, is_summed, outcome_coords
from corridor_model.sensitivity.outcomes import outcomes as outcomes_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan


def attribute(
    plan: Plan,
    scenario: Scenario,
    outputs: Iterable[str] | str | None = None,
    *,
    observations: ObservationsLike = None,
    orders: int = 256,
    level: float = 0.95,
    seed: Seed = 0,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return how much of what a scenario does comes from each of its changes.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario
        Whose changes are judged, against the same settings without changes.
    outputs : str or iterable of str, optional
        Names such as ``inside_plan``, ``km_open:2022``, ``p_reach:gdp``. By default money inside
        and after the plan, roads and kilometres open by its end, the expected number of
        promises kept, and the odds of every target that the scenario moves.
    observations, as_of, known_by, forecasts : optional
        As for :func:`corridor_model.simulate`.
    orders : int, default 256
        Random orders beyond 12 changes.
    level : float, default 0.95
        Of the interval of sampled shares.
    seed : int, Generator or None, default 0
        Of uncertain works and random orders.

    Returns
    -------
    xarray.Dataset
        share (change, output): the Shapley value; share_low and share_high; ordered (change,
        output): what each adds in the order written; before and after (output). Shares sum to
        after less before, and so does the ordered column. ``exact`` (output): up to 12 changes
        always, beyond them of money, kilometres, roads and tasks while no work has more than 12;
        1 in the attributes where all are. ``converged`` (output): exact, or every half width
        within 0.05 of the whole effect; n_converge (output) how many orders would do. Coordinates
        change_zh and change_en say each change in words.

    Raises
    ------
    PlanError
        For a scenario with mistakes.
    SensitivityError
        For a scenario without changes, or an output that has no number.

    Warns
    -----
    ConvergenceWarning
        Once, if an output has not converged; it says how many orders would do.

    Notes
    -----
    Subsets keep the order in which changes are written, so that a later change of the same field
    still wins over an earlier one.

    Examples
    --------
    >>> import corridor_model as cm
    >>> both = cm.Scenario("both", cm.Delay("jinliwen_expressway", months=12),
    ...                    cm.Overrun("jinliwen_expressway", factor=1.2))
    >>> attribute(cm.load_plan(), both, "inside_plan")["share"].round(2).values.ravel()
    array([-22.,  10.])
    """
    must_be_plan(plan)
    must_be_scenario(scenario)
    seed, level = checked_seed(seed), fraction("level", level)
    orders = count("orders", orders, 2, MOST_ORDERS)
    changes = scenario.changes
    base = Scenario(AS_PLANNED_SCENARIO.name, settings=scenario.settings)
    resolve(plan, scenario)  # refused whole, before anything is computed
    reader = Reader(
        plan, base, observations, seed, as_of=as_of, known_by=known_by, forecasts=forecasts
    )
    outcomes = _outcomes(plan, reader, changes, outputs)

    def value(who: tuple[int, ...]) -> Array:
        return reader.read(outcomes, tuple(changes[i] for i in who))

    steps = np.array([value(tuple(range(i))) for i in range(len(changes) + 1)])
    size = len(changes), len(outcomes)
    exact = np.ones(len(outcomes), dtype=bool)
    shares = Shares(np.zeros(size), np.zeros(size), steps[0], steps[-1], exact)
    by_work = _by_work(reader, outcomes, changes) if len(changes) > EXACT else None
    rest = [i for i, one in enumerate(outcomes) if by_work is None or not is_summed(one)]
    if by_work is not None:
        shares.parts[:] = by_work
    if rest:
        some = [outcomes[i] for i in rest]
        sampled = _shapley_values(
            lambda who: reader.read(some, tuple(changes[i] for i in who)),
            len(changes),
            orders,
            seed,
            EXACT,
        )
        for whole, part in zip(shares[:2], sampled[:2], strict=True):
            whole[:, rest] = part
        exact[rest] = sampled.exact
    enough = _enough_orders(shares, orders, level)
    ordered = np.diff(steps, axis=0)
    ds = _dataset(plan, scenario, outcomes, shares, ordered, level, reader)
    ds["converged"] = "output", enough <= orders
    ds["n_converge"] = "output", enough
    ds.attrs["orders"] = orders
    _warn(list(map(str, ds["output"].values)), enough, orders, stacklevel=2)
    return label(ds, "attribution")


def _by_work(reader: Reader, outcomes: list[Outcome], changes: tuple[Change, ...]) -> Array | None:
    """Return the shares of outcomes that are sums over works, work by work; 0 of the others.

    The Shapley value of a sum of games is the sum of theirs, and the game of a work is played by
    the changes that name it. None where one work has more than can be asked subset by subset.
    """
    named: dict[str, list[int]] = {}
    for i, change in enumerate(changes):
        if isinstance(change, WorkChange) and not isinstance(change, (SetEffect, EffectAsPlanned)):
            for work in works_of(change, reader.plan):
                named.setdefault(work, []).append(i)
    if max(map(len, named.values()), default=0) > EXACT:
        return None
    summed = [i for i, one in enumerate(outcomes) if is_summed(one)]
    parts = np.zeros((len(changes), len(outcomes)))
    resolved = cache(lambda who: reader.with_changes(tuple(changes[i] for i in who)))
    for work, players in named.items():

        def value(
            who: tuple[int, ...], work: str = work, players: list[int] = players
        ) -> list[float]:
            under = resolved(tuple(players[i] for i in who))
            return [reader.of_work(outcomes[i], under.work(work), under) for i in summed]

        parts[np.ix_(players, summed)] += shapley_values(value, len(players)).parts
    return parts


def _outcomes(
    plan: Plan, reader: Reader, changes: tuple[Change, ...], outputs: Iterable[str] | str | None
) -> list[Outcome]:
    if outputs is not None:
        return outcomes_of(plan, outputs)
    names = ["inside_plan", "beyond_horizon", "total", "roads_open", "km_open", "expected_reached"]
    names = names if plan.projects else names[-1:]
    after = reader.with_changes(changes)
    odds = [
        f"p_reach:{name}"
        for name in plan.targets
        if not reader.outlook(reader.resolved, name).reason
        and not reader.outlook(after, name).reason
    ]
    listed = outcomes_of(plan, odds) if odds else []
    moved = reader.read(listed) != reader.read_resolved(listed, after)
    return outcomes_of(plan, names) + [one for one, does in zip(listed, moved, strict=True) if does]


def _dataset(
    plan: Plan,
    scenario: Scenario,
    outcomes: list[Outcome],
    shares: Shares,
    ordered: Array,
    level: float,
    reader: Reader,
) -> xr.Dataset:
    from corridor_model.results import Result

    half = float(ndtri((1 + level) / 2)) * shares.error
    by = ("change", "output")
    changes = [change_wording(change, plan) for change in scenario.changes]
    ds = Result(
        {
            "share": (by, shares.parts),
            "share_low": (by, shares.parts - half),
            "share_high": (by, shares.parts + half),
            "ordered": (by, ordered),
            "before": ("output", shares.none),
            "after": ("output", shares.all),
            "exact": ("output", np.broadcast_to(shares.exact, len(outcomes))),
        },
        coords={
            "change": np.arange(1, len(scenario.changes) + 1),
            "change_zh": ("change", [change.text("zh") for change in changes]),
            "change_en": ("change", [change.text("en") for change in changes]),
            **outcome_coords(outcomes, plan),
        },
    )
    label(ds, "attribution")
    ds.attrs = {
        "exact": int(np.all(shares.exact)),
        "level": level,
        **study_attrs("attribution", reader, outcomes, {}),
        **scenario_attrs(scenario),
    }
    return ds


# Shapley values: what each player adds, with_exact_mean over all orders in which they may come.

Value = Callable[[tuple[int, ...]], ArrayLike]
EXACT = 12
"""Players up to which every subset is asked."""
MOST_ORDERS = 10_000_000


class Shares(NamedTuple):
    """What each player adds.

    Attributes
    ----------
    parts : ndarray, shape (players, outputs)
        Shapley values; they sum to the value of all less that of none.
    error : ndarray, shape (players, outputs)
        Standard error; 0 where the shares are exact.
    none, all : ndarray, shape (outputs,)
        Value of no player and of all.
    exact : bool, or ndarray of bool, shape (outputs,)
        Whether every subset was counted.
    """

    parts: Array
    error: Array
    none: Array
    all: Array
    exact: bool | Mask

    def _repr_html_(self) -> str:
        return display(self)


def shapley_values(
    value: Value | VotingGame,
    players: int,
    *,
    orders: int = 256,
    seed: Seed = 0,
    exact: int = EXACT,
) -> Shares:
    """Return the Shapley value of each player.

    Parameters
    ----------
    value : callable
        From the places of the players that take part, ascending, to a number or (outputs,). A
        `VotingGame` is exact up to 40 players.
    players : int
        How many.
    orders : int, default 256
        Random orders beyond ``exact`` players, each with its reverse.
    seed : int, Generator or None, default 0
        Of those orders.
    exact : int, default 12
        Players up to which all subsets are asked.

    Notes
    -----
    A player who turns the outcome in few orders may turn it in none of those sampled. The
    standard error therefore counts one more observation than was made, as far off as the largest
    single addition of any player: of rare events that is the interval of Agresti and Coull,
    elsewhere it is lost among the others.

    Sampled shares have converged where every half width of their 95 % intervals is within 0.05 of
    the whole effect: of what all players add together, or of the largest share where shares
    offset each other. That is the tolerance of :func:`corridor_model.sensitivity.sobol_indices`.

    Warns
    -----
    ConvergenceWarning
        Once, if an output has not converged; it says how many orders would do.

    References
    ----------
    Shapley (1953), A value for n-person games, Annals of Mathematics Studies 28, 307-317;
    Castro, Gomez, Tejada (2009), Computers and Operations Research 36(5), 1726-1730, for
    sampled orders; Agresti, Coull (1998), The American Statistician 52(2), 119-126.

    Examples
    --------
    The cost of a runway by the aeroplanes that need 1, 2 and 3 of it:

    >>> shares = shapley_values(lambda who: max((1 + i for i in who), default=0), 3)
    >>> shares.parts.round(4).ravel().tolist()
    [0.3333, 0.8333, 1.8333]
    """
    seed, orders = checked_seed(seed), count("orders", orders, 2, MOST_ORDERS)
    shares = _shapley_values(value, players, orders, seed, exact)
    enough = _enough_orders(shares, orders, 0.95)
    names = [str(place) for place in range(len(enough))] if len(enough) > 1 else [""]
    _warn(names, enough, orders, stacklevel=2)
    return shares


def _shapley_values(
    value: Value | VotingGame, players: int, orders: int, seed: int, exact: int
) -> Shares:
    players, exact = count("players", players, 0, 10_000), count("exact", exact, 0, MOST)
    if players < 1:
        raise SensitivityError(N_("There is nothing to attribute: no changes."))
    if isinstance(value, VotingGame) and players == len(value.parts) <= MOST:
        return value.shares()
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


TOLERANCE = 0.05
"""Half width of sampled shares that counts as converged, as a part of the whole effect."""


def _enough_orders(shares: Shares, orders: int, level: float) -> Index:
    """Return how many orders bring the half widths of each output within `TOLERANCE`.

    Of exact shares none; the variance of a mean falls at least as fast as orders are added.
    """
    whole = np.maximum(np.abs(shares.all - shares.none), np.abs(shares.parts).max(axis=0))
    half = float(ndtri((1 + level) / 2)) * shares.error.max(axis=0)
    beyond = np.divide(half, TOLERANCE * whole, out=np.zeros_like(half), where=whole > 0)
    return np.asarray(np.ceil(orders * beyond * beyond), dtype=np.int64)


def _warn(names: Sequence[str], enough: Index, orders: int, stacklevel: int) -> None:
    """Warn of the outputs that have not converged, and say how many orders would do."""
    short = [name for name, needed in zip(names, enough, strict=True) if needed > orders]

    def what(n: int, **fields: Any) -> Message:
        if names == [""]:
            return message("Not converged at {orders} orders.", orders=orders)
        return plural(
            "Not converged at {orders} orders: {outputs}.",
            "Not converged at {orders} orders ({n} outputs): {outputs}.",
            n,
            orders=orders,
            **fields,
        )

    remedy = message("orders={enough} would do.", enough=int(enough.max(initial=0)))
    warn_not_converged(what, short, remedy, stacklevel + 1)


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
    rng = generator("orders", seed, 0)
    added = np.empty((orders, players, len(ask(()))))
    most = np.zeros(added.shape[2])
    for place in range(orders):
        order = rng.permutation(players).tolist()
        both = np.array([_along(ask, order), _along(ask, order[::-1])])
        added[place] = both.mean(axis=0)
        most = np.maximum(most, np.abs(both).max(axis=(0, 1)))
    squares = added.var(axis=0, ddof=1) * orders + most**2
    return added.mean(axis=0), np.sqrt(squares) / orders


def _along(ask: Callable[[tuple[int, ...]], Array], order: Sequence[int]) -> Array:
    """Return what each player adds where they come in one order."""
    before = ask(())
    out = np.empty((len(order), len(before)))
    for place, player in enumerate(order):
        after = ask(tuple(sorted(order[: place + 1])))
        out[player] = after - before
        before = after
    return out


# A game that a sum of parts decides: enough kilometres, a majority of votes, money within a limit.

MOST = 40
"""Players up to which a game of a sum is exact."""
TABLE = 8_000_000
"""Numbers in the table of sums by size, at most; beyond it halves of the players are listed."""
LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class VotingGame:
    """A game worth 1 where the parts of those who take part sum to a quota, and 0 elsewhere.

    Parameters
    ----------
    parts : sequence of float
        One a player, read as the decimal numbers they are printed as; some may be negative.
    quota : float
        An exact hit counts.
    sense : {"at_least", "at_most"}
        Whether the sum must reach the quota, or keep within it.

    Notes
    -----
    The Shapley value is the chance that a player turns the outcome on arriving in random order.
    With whole numbers as parts it follows from how many sets of each size have each sum, which a
    dynamic programme counts; where there are too many sums, those of two halves of the
    players are listed and matched.

    References
    ----------
    Shapley, Shubik (1954), American Political Science Review 48(3), 787-792; Mann, Shapley
    (1962), RAND RM-3158, for the count by sums; Horowitz, Sahni (1974), Journal of the ACM
    21(2), 277-292, for the halves.

    Examples
    --------
    The Security Council: five vetoes, and nine of fifteen votes.

    >>> council = VotingGame([7] * 5 + [1] * 10, quota=39)
    >>> shapley_values(council, 15).parts[[0, 14], 0].round(4)
    array([0.1963, 0.0019])
    """

    parts: tuple[float, ...]
    quota: float
    sense: Side = "at_least"
    _units: tuple[int, ...] = field(init=False, repr=False)
    _goal: int = field(init=False, repr=False)

    def __init__(self, parts: Iterable[float], quota: float, sense: Side = "at_least"):
        try:
            numbers = [Fraction(plain(float(one))) for one in (*items("parts", parts), quota)]
        except (TypeError, ValueError, OverflowError):
            raise SensitivityError(
                N_("The parts and the quota of a game must be finite numbers.")
            ) from None
        if len(numbers) < 2 or sense not in {"at_least", "at_most"}:
            raise SensitivityError(
                N_("A game needs at least one part, and sense at_least or at_most; got {sense!r}."),
                sense=sense,
            )
        scale = math.lcm(*(one.denominator for one in numbers))
        *units, goal = (int(one * scale) for one in numbers)
        if sum(map(abs, units)) + abs(goal) > LARGEST:
            raise SensitivityError(
                N_("The parts of the game have more than 18 digits together. Round them.")
            )
        store = object.__setattr__
        store(self, "parts", tuple(float(one) for one in numbers[:-1]))
        store(self, "quota", float(numbers[-1]))
        store(self, "sense", sense)
        # within a quota is short of the next unit above it
        goal += sense == "at_most"
        common = math.gcd(*units) or 1
        store(self, "_units", tuple(one // common for one in units))
        store(self, "_goal", -(-goal // common))

    def __call__(self, who: Iterable[int]) -> float:
        """Return the worth of some players, by their places."""
        there = sum(self._units[i] for i in who) >= self._goal
        return float(there == (self.sense == "at_least"))

    def shares(self) -> Shares:
        """Return the exact Shapley values, of up to 40 players."""
        n = len(self.parts)
        if n > MOST:
            raise SensitivityError(
                N_("A game of a sum is exact up to {most} players; this one has {n}."),
                most=MOST,
                n=n,
            )
        lowest, highest = (sum(u for u in self._units if sign * u > 0) for sign in (-1, 1))
        table = (highest - lowest + 1) * (n + 1) <= TABLE
        counts = _counted(self._units, lowest, highest) if table else None
        turns = {unit: self._turns(unit, counts, lowest) for unit in set(self._units)}
        sign = 1.0 if self.sense == "at_least" else -1.0
        parts = sign * np.array([[turns[unit]] for unit in self._units])
        none, whole = (np.array([self(who)]) for who in ((), range(n)))
        return Shares(parts, np.zeros_like(parts), none, whole, True)

    def _turns(self, unit: int, counts: Index | None, lowest: int) -> float:
        """Return the chance that a player of one part lifts the sum to the quota, with its sign."""
        # sets without the player that fall short of the quota, and still do with it, by size
        goals = self._goal, self._goal - unit
        if counts is None:
            others = list((Counter(self._units) - Counter([unit])).elements())
            short, still = _short_of(others, goals)
        else:
            rest = _without(counts, unit)
            short, still = (rest[:, : max(goal - lowest, 0)].sum(axis=1) for goal in goals)
        n = len(self._units)
        total = sum(
            (int(short[k]) - int(still[k])) * math.factorial(k) * math.factorial(n - 1 - k)
            for k in range(n)
        )
        return float(Fraction(total, math.factorial(n)))


def _short_of(units: Sequence[int], goals: Sequence[int]) -> list[Index]:
    """Return how many sets of each size sum to less than each goal, matching two halves."""
    half = len(units) // 2
    (one, one_sizes), (two, two_sizes) = (_listed(part) for part in (units[:half], units[half:]))
    places = [np.searchsorted(two, goal - one, side="left") for goal in goals]
    result = [np.zeros(len(units) + 1, dtype=np.int64) for _ in goals]
    for size in range(len(units) - half + 1):
        below = np.concatenate([[0], np.cumsum(two_sizes == size)])
        for at, totals in zip(places, result, strict=True):
            # at most 2^40 pairs, which a float holds
            pairs = np.bincount(one_sizes, weights=below[at], minlength=half + 1)
            totals[size : size + half + 1] += np.rint(pairs).astype(np.int64)
    return result


def _counted(units: Sequence[int], lowest: int, highest: int) -> Index:
    """Return the number of sets by size and by sum from the lowest on."""
    counts = np.zeros((len(units) + 1, highest - lowest + 1), dtype=np.int64)
    counts[0, -lowest] = 1
    for done, unit in enumerate(units, 1):
        for size in range(done, 0, -1):
            _shift(counts[size], counts[size - 1], unit, 1)
    return counts


def _without(counts: Index, unit: int) -> Index:
    """Return the numbers of sets that do without a player of one part."""
    rest = counts.copy()
    for size in range(1, len(counts)):
        _shift(rest[size], rest[size - 1], unit, -1)
    return rest


def _shift(row: Index, other: Index, unit: int, sign: int) -> None:
    """Add another row, or take it off, moved by one part."""
    if unit >= 0:
        row[unit:] += sign * other[: len(other) - unit]
    else:
        row[:unit] += sign * other[-unit:]


def _listed(units: Sequence[int]) -> tuple[Index, Index]:
    """Return the sum and the size of every set, in ascending order of the sums."""
    sums, sizes = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for unit in units:
        sums, sizes = np.concatenate([sums, sums + unit]), np.concatenate([sizes, sizes + 1])
    order = np.argsort(sums, kind="stable")
    return sums[order], sizes[order]
