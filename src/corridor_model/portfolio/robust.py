"""Choices that hold when roads are late and dearer: candidates over the draws of simulate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from corridor_model import growth
from corridor_model._typing import Array, Mask
from corridor_model.errors import CorridorError
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.plan.plan import must_be_plan
from corridor_model.portfolio.alternatives import ChoiceResult, outcome, over_budget, starts_of
from corridor_model.portfolio.choose import FRONTIER, answers
from corridor_model.portfolio.programme import ChoiceModel, WorkDraws
from corridor_model.portfolio.request import ChoiceConditions, choice_request, names_conditions
from corridor_model.portfolio.solver import Choice

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@names_conditions
def robust_choice(
    plan: Plan,
    budget: Mapping[int, float | None] | float | None = None,
    *,
    scenario: Scenario,
    leftover: str = "save",
    level: float = 0.9,
    threshold: float | None = None,
    runners_up: int = 3,
    frontier: Sequence[float] = FRONTIER,
    time_limit: float = 60.0,
    mip_rel_gap: float = 0.0,
    **conditions: Unpack[ChoiceConditions],
) -> xr.Dataset:
    """Return how candidate choices fare in every draw of a scenario.

    Parameters
    ----------
    plan : Plan
        The plan.
    budget : mapping or float, optional
        As for :func:`corridor_model.choose_projects`.
    scenario : Scenario
        With delays or overruns that are distributions; its draws are those of ``simulate``.
    leftover : {"save", "plan"}
        As for :func:`corridor_model.choose_projects`.
    level : float, default 0.9
        Of the CVaR of overspending: the mean of the worst 1 - level of the draws.
    threshold : float, optional
        Objective that is good enough; by default what the best choice reaches when nothing
        is late.
    runners_up, frontier
        Where candidates come from: the best choice, the next best, and the best under other
        budgets (of which smaller ones leave a reserve). Each choice is listed once.
    time_limit, mip_rel_gap
        As for :func:`corridor_model.choose_projects`.
    **conditions
        Its other conditions, ``draws`` and ``seed`` included.

    Returns
    -------
    xarray.Dataset
        By portfolio: objective_mean, objective_quantile, invested, regret_mean, regret_max,
        p_satisfied, overspending_mean, overspending_cvar, p_within_budget, p_within_year
        (budget_year), start_year (project). ``source`` says where a candidate comes from.
        Attributes ``minimax_regret``, ``most_satisficing``, ``least_cvar`` name the best by
        each rule, all of them where several are; ``sure_enough`` the one that does most among
        those that keep every budget with probability ``level``.

    Raises
    ------
    PlanError, InfeasibleError
        As for :func:`corridor_model.choose_projects`.
    CorridorError
        If level or threshold make no sense.

    Notes
    -----
    Regret is taken against the best candidate in the same draw, not against a choice made
    with hindsight. Overspending is what lies above the yearly budgets, or above the total if
    that is more.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 3, 12)))
    >>> choices = cm.portfolio.robust_choice(
    ...     cm.load_plan(), {2020: 5, 2021: 5, 2022: 5}, scenario=late, draws=64,
    ...     frontier=(0.8, 1.0),
    ... )
    >>> bool((choices["regret_mean"] >= 0).all())
    True
    """
    must_be_plan(plan)
    if not (isinstance(level, float) and 0 <= level < 1):
        raise CorridorError(N_("level must lie within 0 and 1; got {level!r}."), level=level)
    request = choice_request(plan, budget, scenario=scenario, leftover=leftover, **conditions)
    result = answers(request, runners_up, frontier, 0.0, float(time_limit), float(mip_rel_gap))
    named = _candidates(result)
    draws = WorkDraws(request)
    goal = _on_time(result.model, result.first) if threshold is None else float(threshold)
    outcomes = [outcome(result.model, choice, draws) for _, choice in named]
    return _dataset(result, named, outcomes, float(level), goal)


def _candidates(result: ChoiceResult) -> list[tuple[str, Choice]]:
    """Return each choice once, with where it comes from."""
    listed: list[tuple[str, Choice | None]] = [("best", result.first)]
    listed += [(f"runner-up {i}", choice) for i, choice in enumerate(result.others, 1)]
    listed += [
        (f"budget x {by:g}", choice)
        for by, choice in zip(result.scales, result.frontier, strict=True)
    ]
    distinct: dict[bytes, tuple[str, Choice]] = {}
    for name, choice in listed:
        if choice is not None:
            distinct.setdefault(choice.chosen.tobytes(), (name, choice))
    return list(distinct.values())


def _on_time(model: ChoiceModel, choice: Choice) -> float:
    """Return what a choice is worth if every work ends as scheduled."""
    request, options = model.request, model.options
    total = 0.0
    for at in np.flatnonzero(choice.chosen):
        work = request.works[options.owner[at]]
        end = np.array([float(work.end + 12 * options.shift[at])])
        total += float(request.worth.of(work.id, end)[0])
    return total


def _dataset(
    result: ChoiceResult,
    named: list[tuple[str, Choice]],
    outcomes: list[tuple[Array, Array]],
    level: float,
    goal: float,
) -> xr.Dataset:
    import xarray as xr

    model, request = result.model, result.model.request
    n = max(max(o.size, m.shape[1]) for o, m in outcomes)
    objective = np.array([np.broadcast_to(o, (n,)) for o, _ in outcomes])
    overs = [over_budget(request, model.options.years, m) for _, m in outcomes]
    over = np.array([np.broadcast_to(o, (n,)) for _, o in overs])
    regret = objective.max(axis=0) - objective
    size = float(np.abs(model.options.value).max(initial=0.0))
    satisfied = (objective >= goal - EQUAL * size).mean(axis=1)
    risk = np.array([cvar(row, level) for row in over])
    kept = (over == 0).mean(axis=1)
    invested = np.array([model.options.carried[c.chosen].sum() for _, c in named])
    projects = list(request.plan.projects)
    begins = np.full((len(named), len(projects)), np.nan)
    for row, (_, choice) in enumerate(named):
        for name, at in starts_of(model, choice).items():
            begins[row, projects.index(name)] = model.options.begins[at]
    by = "portfolio"
    data: dict[str, Any] = {
        "objective_mean": (by, objective.mean(axis=1)),
        "objective_quantile": ((by, "quantile"), np.quantile(objective, QUANTILES, axis=1).T),
        "invested": (by, invested),
        "regret_mean": (by, regret.mean(axis=1)),
        "regret_max": (by, regret.max(axis=1)),
        "p_satisfied": (by, satisfied),
        "overspending_mean": (by, over.mean(axis=1)),
        "overspending_cvar": (by, risk),
        "p_within_budget": (by, kept),
        "p_within_year": ((by, "budget_year"), [(y == 0).mean(axis=1) for y, _ in overs]),
        "start_year": ((by, "project"), begins),
        "start_year_reason": (
            (by, "project"),
            np.where(np.isnan(begins), "not_chosen", "").tolist(),
        ),
    }
    names = [name for name, _ in named]
    capped = [y for y, m in request.budget.yearly.items() if np.isfinite(m)]
    ds = xr.Dataset(
        data,
        coords={
            "portfolio": np.arange(len(named)),
            "source": (by, names),
            "project": projects,
            "budget_year": capped,
            "quantile": list(QUANTILES),
        },
        attrs={
            "study": "robust",
            "plan": request.plan.about.id,
            "plan_digest": request.plan.digest,
            "unit": request.worth.unit,
            "horizon": request.worth.horizon or 0,
            "level": level,
            "threshold": goal,
            "minimax_regret": _best(names, -regret.max(axis=1)),
            "most_satisficing": _best(names, satisfied),
            "least_cvar": _best(names, -risk),
            "sure_enough": _sure_enough(names, kept >= level, objective.mean(axis=1), invested),
            "draws": n,
            "seed": request.seed,
        },
    )
    return label(ds, "robust_choice", request.worth.unit)


def _sure_enough(names: list[str], sure: Mask, value: Array, money: Array) -> str:
    """Return the candidate that does most among those that keep the budgets often enough."""
    places = [i for i in range(len(names)) if sure[i]]
    if not places:
        return "none"
    return names[max(places, key=lambda i: (round(float(value[i]), 6), float(money[i])))]


def _best(names: list[str], scores: Array) -> str:
    """Return the names of all that are best (ties are named)."""
    near = EQUAL * float(np.abs(scores).max(initial=0.0))
    pairs = zip(names, scores, strict=True)
    return "; ".join(name for name, score in pairs if score >= scores.max() - near)


# Decisions on a table of payoffs, alternative by state: regret and the classical rules.

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
        raise CorridorError(N_("alpha must lie within 0 and 1; got {alpha!r}."), alpha=alpha)
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
        The worst 1 - level are with_exact_mean; an outcome on the border counts in part.

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
        raise CorridorError(N_("level must lie within 0 and 1; got {level!r}."), level=level)
    worst = np.sort(_finite(outcomes))[::-1]
    tail = (1 - level) * len(worst)
    weights = np.clip(tail - np.arange(len(worst)), 0.0, 1.0)
    return float(weights @ worst / tail)


def _finite(outcomes: ArrayLike) -> Array:
    values = np.asarray(outcomes, dtype=np.float64).ravel()
    if not values.size or not np.isfinite(values).all():
        raise CorridorError(N_("Outcomes must be numbers, at least one."))
    return values


def _checked(payoff: Any) -> tuple[list[str], Array]:
    try:
        names = [str(name) for name in payoff]
        table = np.array([np.asarray(payoff[name], dtype=np.float64) for name in payoff])
    except (TypeError, ValueError):
        names, table = [], np.zeros(0)
    if not names or table.ndim != 2 or not table.shape[1] or not np.isfinite(table).all():
        raise CorridorError(
            N_("A payoff table needs numbers: as many for each alternative as there are states.")
        )
    return names, table


def _highest(names: Sequence[str], scores: Array) -> Verdict:
    near = EQUAL * float(np.abs(scores).max())
    best = tuple(n for n, s in zip(names, scores, strict=True) if s >= scores.max() - near)
    return Verdict(best, dict(zip(names, scores.tolist(), strict=True)))
