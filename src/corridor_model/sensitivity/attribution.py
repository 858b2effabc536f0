"""Which change of a scenario did it: shares free of order, beside the ordered waterfall."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from corridor_model._typing import Array
from corridor_model.draws import checked_seed, generator
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.plan.plan import must_be_plan
from corridor_model.scenario.changes import Change
from corridor_model.scenario.resolve import must_be_scenario, resolve
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario
from corridor_model.scenario.wording import change_wording
from corridor_model.sensitivity.evaluator import Reader, scenario_attrs, study_attrs
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import Outcome, outcome_coords
from corridor_model.sensitivity.outcomes import outcomes as outcomes_of

if TYPE_CHECKING:
    import xarray as xr

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
    seed: int = 0,
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
    observations : Observations, path or DataFrame, optional
        As for :func:`corridor_model.simulate`.
    orders : int, default 256
        Random orders beyond 12 changes.
    level : float, default 0.95
        Of the interval of sampled shares.
    seed : int, default 0
        Of uncertain works and random orders.

    Returns
    -------
    xarray.Dataset
        share (change, output): the Shapley value, exact up to 12 changes; share_low and
        share_high; ordered (change, output): what each adds in the order written; before
        and after (output). Shares sum to after less before, and so does the ordered column.
        Coordinates change_zh and change_en say each change in words; ``exact`` in the
        attributes.

    Raises
    ------
    PlanError
        For a scenario with mistakes.
    SensitivityError
        For a scenario without changes, or an output that has no number.

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
    seed = checked_seed(seed)
    changes = scenario.changes
    base = Scenario(AS_PLANNED_SCENARIO.name, settings=scenario.settings)
    resolve(plan, scenario)  # refused whole, before anything is computed
    reader = Reader(plan, base, observations, seed)
    outcomes = _outcomes(plan, reader, changes, outputs)

    def value(who: tuple[int, ...]) -> Array:
        return reader.read(outcomes, tuple(changes[i] for i in who))

    shares = shapley_values(value, len(changes), orders=orders, seed=seed)
    steps = np.array([value(tuple(range(i))) for i in range(len(changes) + 1)])
    return _dataset(plan, scenario, outcomes, shares, np.diff(steps, axis=0), level, reader)


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
    import xarray as xr

    half = float(ndtri((1 + level) / 2)) * shares.error
    by = ("change", "output")
    changes = [change_wording(change, plan) for change in scenario.changes]
    ds = xr.Dataset(
        {
            "share": (by, shares.parts),
            "share_low": (by, shares.parts - half),
            "share_high": (by, shares.parts + half),
            "ordered": (by, ordered),
            "before": ("output", shares.none),
            "after": ("output", shares.all),
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
        "exact": int(shares.exact),
        "level": level,
        **study_attrs("attribution", reader, outcomes, {}),
        **scenario_attrs(scenario),
    }
    return ds


# Shapley values: what each player adds, with_exact_mean over all orders in which they may come.

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
        raise SensitivityError(N_("There is nothing to attribute: no changes."))
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
        raise SensitivityError(N_("orders must be at least 2."))
    rng = generator("orders", seed, 0)
    added = np.empty((orders, players, len(ask(()))))
    for place in range(orders):
        order = rng.permutation(players).tolist()
        added[place] = (_along(ask, order) + _along(ask, order[::-1])) / 2
    return added.mean(axis=0), added.std(axis=0, ddof=1) / np.sqrt(orders)


def _along(ask: Callable[[tuple[int, ...]], Array], order: Sequence[int]) -> Array:
    """Return what each player adds where they come in one order."""
    before = ask(())
    out = np.empty((len(order), len(before)))
    for place, player in enumerate(order):
        after = ask(tuple(sorted(order[: place + 1])))
        out[player] = after - before
        before = after
    return out
