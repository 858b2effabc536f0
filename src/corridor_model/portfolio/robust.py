"""Choices that hold when roads are late and dearer.

Under one scenario candidates are compared over the draws of ``simulate``; under several the
choice with the least largest regret is searched for among all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from corridor_model import growth
from corridor_model._typing import Array, Integers, Mask
from corridor_model.arguments import holding, items, number, numbers
from corridor_model.display import Displayed
from corridor_model.draws import checked_seed
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain
from corridor_model.labels import label
from corridor_model.messages import N_, Name
from corridor_model.plan.plan import must_be_plan
from corridor_model.portfolio.alternatives import (
    STEPS,
    ChoiceResult,
    WiderBudget,
    outcome,
    over_budget,
    starts_of,
)
from corridor_model.portfolio.choose import FRONTIER, answers, check_search
from corridor_model.portfolio.programme import (
    ChoiceModel,
    Condition,
    InfeasibleError,
    WorkDraws,
    choice_model,
    in_fen,
    once,
    optimum,
    smallest_conflict,
)
from corridor_model.portfolio.request import (
    ChoiceConditions,
    ChoiceRequest,
    Leftover,
    choice_request,
    names_conditions,
)
from corridor_model.portfolio.solver import PATIENCE, Choice, best, maximise, whole

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
    scenario: Scenario | Sequence[Scenario],
    leftover: Leftover = "save",
    level: float = 0.9,
    threshold: float | None = None,
    runners_up: int = 3,
    frontier: Sequence[float] = FRONTIER,
    time_limit: float = 60.0,
    mip_rel_gap: float = 0.0,
    **conditions: Unpack[ChoiceConditions],
) -> xr.Dataset:
    """Return how candidate choices fare in every draw, or the best choice for all scenarios.

    Parameters
    ----------
    plan : Plan
        The plan.
    budget : mapping or float, optional
        As for :func:`corridor_model.choose_projects`.
    scenario : Scenario, or sequence of Scenario
        One with delays or overruns that are distributions; its draws are those of
        ``simulate``. Several, with names of their own: the choice whose largest regret over
        them is least is searched for.
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

        Of several scenarios, by portfolio and scenario: objective, regret, overspending; by
        portfolio: objective_mean, regret_mean, regret_max, invested, keeps_budgets,
        start_year (project); best_objective (scenario), of the best choice under it alone.
        Portfolio 0 (``source`` is ``minimax regret``) is the choice that was searched for, the
        others are the best under each scenario; ``regret_bound`` says that no choice has a
        smaller largest regret. Where a scenario is uncertain, its means are meant.

    Raises
    ------
    PlanError, InfeasibleError
        As for :func:`corridor_model.choose_projects`.
    CorridorError
        If level or threshold make no sense.

    Notes
    -----
    Under one scenario regret is taken against the best candidate in the same draw, not
    against a choice made with hindsight. Under several it is taken against the best of all
    choices that keep the budgets of that scenario; the choice itself must keep the budgets of
    every scenario, and is one programme: x minimises the largest of best - worth(x) (Savage
    1951; Kouvelis and Yu 1997, Robust discrete optimization, chapter 2). What is equal in
    that is worth most on average, then costs least.

    Overspending is what lies above the yearly budgets, or above the total if that is more.

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
    check_search(runners_up, frontier, 0.0, time_limit, mip_rel_gap)
    level = number("level", level)
    if threshold is not None and np.isnan(threshold := number("threshold", threshold)):
        raise CorridorError(N_("threshold: a number is needed, not NaN."))
    if not 0 <= level < 1:
        raise CorridorError(N_("level must lie within 0 and 1; got {level!r}."), level=level)
    if "seed" in conditions:  # one for all scenarios: they share their draws (S13)
        conditions["seed"] = checked_seed(conditions["seed"])
    if isinstance(scenario, Sequence):
        for one in scenario:
            holding("scenario", one, "Scenario", "name", "changes")
        requests = {
            one.name: choice_request(plan, budget, scenario=one, leftover=leftover, **conditions)
            for one in scenario
        }
        if not requests or len(requests) < len(scenario):
            raise CorridorError(N_("Several scenarios need a name each, and there must be one."))
        return _least_regret(requests, float(time_limit))
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
        (f"budget x {plain(by)}", choice)
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
    from corridor_model.results import Result

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
    ds = Result(
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


# The choice with the least largest regret over several scenarios, searched for among all.

MINIMAX, BEST_OF = "minimax regret", "best of "
"""Where the choice comes from that was searched for."""


@dataclass(frozen=True, eq=False)
class Together:
    """The models of several scenarios on the options that they share; o options, s scenarios.

    Attributes
    ----------
    models : tuple of ChoiceModel
        One a scenario.
    places : ndarray of int, shape (s, o)
        Of each option in each model; -1 where the scenario cancels the work, which then
        neither costs nor adds anything.
    worth : ndarray of int, shape (s, o)
        Of each option under each scenario, on one scale.
    best : ndarray of int, shape (s,)
        What the best choice under each scenario alone is worth.
    rounding : int
        What rounding may move in the worth of a choice.
    per : float
        Whole numbers that make one unit of the objective.
    """

    models: tuple[ChoiceModel, ...]
    places: Integers
    worth: Integers
    best: Integers
    rounding: int
    per: float

    def rows(self) -> tuple[Integers, Integers]:
        """Return the conditions of all scenarios on the shared options."""
        parts = [self._shared(model.rows()[0], i) for i, model in enumerate(self.models)]
        return np.vstack(parts), np.concatenate([model.rows()[1] for model in self.models])

    def once(self) -> tuple[Integers, Integers]:
        """Return the rows that let each work be done at most once."""
        parts = [once(model.request, model.options) for model in self.models]
        rows = [self._shared(part, i) for i, (part, _) in enumerate(parts)]
        return np.vstack(rows), np.concatenate([upper for _, upper in parts])

    def conditions(self) -> list[Condition]:
        """Return what could be given up, as it reads on the shared options."""
        return [
            replace(condition, rows=self._shared(condition.rows, i))
            for i, model in enumerate(self.models)
            for condition in model.conditions
        ]

    def _shared(self, rows: Integers, scenario: int) -> Integers:
        at = self.places[scenario]
        return np.where(at >= 0, rows[:, at], 0)

    def mean(self, scenario_values: Sequence[Integers]) -> Integers:
        """Return the sum over scenarios of a number that each model's options have."""
        pairs = zip(scenario_values, self.places, strict=True)
        values_on_shared = [np.where(at >= 0, values[at], 0) for values, at in pairs]
        return np.asarray(np.sum(values_on_shared, axis=0), dtype=np.int64)

    def regret(self, x: Integers) -> Integers:
        """Return what a choice loses under each scenario against the best there."""
        return self.best - self.worth @ x

    def no_more_than(self, regret: int) -> tuple[Integers, Integers]:
        """Return the rows that hold the regret under every scenario."""
        return -self.worth, regret - self.best

    def chosen(self, x: Integers, scenario: int) -> Mask:
        """Return a choice in the options of one scenario."""
        model, at = self.models[scenario], self.places[scenario]
        chosen = np.zeros(len(model.options), dtype=np.bool_)
        chosen[at[(x > 0) & (at >= 0)]] = True
        return chosen


def _together(models: Sequence[ChoiceModel], choices: Sequence[Choice]) -> Together:
    """Return the models on the options that each scenario has that does not cancel the work."""
    keys = [
        [
            (m.request.works[o].id, int(k))
            for o, k in zip(m.options.owner, m.options.shift, strict=True)
        ]
        for m in models
    ]
    known = [{name for name, _ in one} for one in keys]
    places = [{key: at for at, key in enumerate(one)} for one in keys]
    shared = [
        key
        for key in sorted(set().union(*keys))
        if all(key in at or key[0] not in names for at, names in zip(places, known, strict=True))
    ]
    at = np.array([[one.get(key, -1) for key in shared] for one in places], dtype=np.int64)
    numbers = whole(np.concatenate([model.options.value for model in models]))
    ends = np.cumsum([len(model.options) for model in models])[:-1]
    by_model = np.split(numbers.numbers, ends)
    pairs = zip(by_model, at, strict=True)
    worth = np.array([np.where(place >= 0, values[place], 0) for values, place in pairs])
    best_of = [int(v @ c.chosen) for v, c in zip(by_model, choices, strict=True)]
    rounding = 0 if numbers.exact else max(len(model.request.works) for model in models)
    return Together(tuple(models), at, worth, np.array(best_of, np.int64), rounding, numbers.per)


def _searched(both: Together, seconds: float) -> tuple[Integers, int, bool]:
    """Return the choice, the least largest regret that is proven possible, and whether proven.

    From a choice near the best asks for less regret until there provably is none.

    Raises
    ------
    InfeasibleError
        If no choice keeps the conditions of every scenario.
    """
    rows, upper = both.rows()
    options, most = both.worth.shape[1], int(np.abs(both.best).max(initial=0))
    step = max(1, most // STEPS)
    near = maximise(
        np.append(np.zeros(options, np.int64), -1),
        np.vstack(
            [
                np.hstack([rows, np.zeros((len(rows), 1), np.int64)]),
                np.hstack([-both.worth, np.full((len(both.best), 1), -step)]),
            ]
        ),
        np.concatenate([upper, -both.best]),
        high=np.append(
            np.ones(options, np.int64), STEPS + 2 + int(np.abs(both.worth).sum()) // step
        ),
        seconds=seconds,
        exact=False,
    )
    start = near
    if near.x is None and not near.infeasible:
        start = maximise(np.zeros(options, np.int64), rows, upper, seconds=PATIENCE)
    if start.x is None:
        colliding = smallest_conflict(both.conditions(), *both.once(), seconds=seconds)
        projects = both.models[0].request.plan.projects.values()
        names = {p.id: Name(p.name("zh"), p.name("en")) for p in projects}
        raise InfeasibleError(colliding, names)
    x, lowest, proven = start.x[:options], 0, False
    total = both.worth.sum(axis=0)
    while not proven:
        regret = int(both.regret(x).max())
        if regret <= both.rounding:
            lowest, proven = regret, True
            break
        held, limits = both.no_more_than(regret - 1 - both.rounding)
        less = maximise(total, np.vstack([rows, held]), np.append(upper, limits), seconds=seconds)
        if less.infeasible:
            lowest, proven = regret, True
        elif less.x is None:
            break
        else:
            x = less.x
    held, limits = both.no_more_than(int(both.regret(x).max()))
    money = both.mean([in_fen(m.options.spending.sum(axis=1)).numbers for m in both.models])
    late = both.mean([np.abs(m.options.shift) for m in both.models])
    answer = best(
        [total, -money, -late, both.mean([m.aims[-1] for m in both.models])],
        np.vstack([rows, held]),
        np.append(upper, limits),
        slack=both.rounding * len(both.models),
        seconds=seconds,
    )
    return (x if answer is None else answer[0]), lowest, proven


def _least_regret(requests: Mapping[str, ChoiceRequest], seconds: float) -> xr.Dataset:
    """Return the choice with the least largest regret, beside the best of each scenario."""
    from corridor_model.results import Result

    models = [choice_model(request, seconds, 0.0) for request in requests.values()]
    choices = [optimum(model) for model in models]
    both = _together(models, choices)
    x, lowest, proven = _searched(both, seconds)
    proven = proven and all(choice.proven[0] for choice in choices)
    listed: dict[bytes, tuple[str, Integers]] = {x.tobytes(): (MINIMAX, x)}
    for i, (name, choice) in enumerate(zip(requests, choices, strict=True)):
        at = both.places[i]
        own = np.where(at >= 0, choice.chosen[at], False).astype(np.int64)
        listed.setdefault(own.tobytes(), (BEST_OF + name, own))
    sources = [name for name, _ in listed.values()]
    portfolios = [own for _, own in listed.values()]
    over = np.array([[_overspent(both, own, i) for i in range(len(models))] for own in portfolios])
    objective = np.array([both.worth @ own for own in portfolios]) / both.per
    regret = np.array([both.regret(own) for own in portfolios]) / both.per
    plan, first = models[0].request.plan, models[0]
    projects = list(plan.projects)
    begins = np.full((len(portfolios), len(projects)), np.nan)
    for row, own in enumerate(portfolios):
        for name, at in _starts(both, own).items():
            begins[row, projects.index(name)] = at
    invested = [
        np.mean([m.options.carried[both.chosen(own, i)].sum() for i, m in enumerate(models)])
        for own in portfolios
    ]
    by, each = "portfolio", ("portfolio", "scenario")
    ds = Result(
        {
            "objective": (each, objective),
            "regret": (each, regret),
            "overspending": (each, over),
            "best_objective": ("scenario", both.best / both.per),
            "objective_mean": (by, objective.mean(axis=1)),
            "regret_mean": (by, regret.mean(axis=1)),
            "regret_max": (by, regret.max(axis=1)),
            "regret_bound": ((), lowest / both.per),
            "invested": (by, invested),
            "keeps_budgets": (by, (over == 0).all(axis=1)),
            "start_year": ((by, "project"), begins),
            "start_year_reason": (
                (by, "project"),
                np.where(np.isnan(begins), "not_chosen", "").tolist(),
            ),
        },
        coords={
            "portfolio": np.arange(len(portfolios)),
            "source": (by, sources),
            "scenario": list(requests),
            "project": projects,
            "name_zh": ("project", [p.name_zh for p in plan.projects.values()]),
            "name_en": ("project", [p.name("en") for p in plan.projects.values()]),
        },
        attrs={
            "study": "minimax_regret",
            "plan": plan.about.id,
            "plan_digest": plan.digest,
            "unit": first.request.worth.unit,
            "horizon": first.request.worth.horizon or 0,
            "discount": first.request.worth.discount,
            "minimax_regret": MINIMAX,
            "status": "optimal" if proven else "time_limit",
            "draws": first.request.draws,
            "seed": first.request.seed,
        },
    )
    return label(ds, "robust_choice", first.request.worth.unit)


def _overspent(both: Together, x: Integers, scenario: int) -> float:
    """Return the money above the budgets of one scenario: of its years, or of the total."""
    model, chosen = both.models[scenario], both.chosen(x, scenario)
    return float(WiderBudget(model).needed(chosen).sum()) / model.options.per


def _starts(both: Together, x: Integers) -> dict[str, int]:
    """Return the year in which each chosen work begins, in the first scenario that has it."""
    starts: dict[str, int] = {}
    for i, model in enumerate(both.models):
        for at in np.flatnonzero(both.chosen(x, i)):
            work = model.request.works[model.options.owner[at]].id
            starts.setdefault(work, int(model.options.begins[at]))
    return starts


# Decisions on a table of payoffs, alternative by state: regret and the classical rules.

Payoff = Mapping[str, Sequence[float]]
EQUAL = 1e-9
"""Scores nearer than this share of the largest are a tie."""


@dataclass(frozen=True)
class Verdict(Displayed):
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
    """Return the alternative whose best state is best.

    Examples
    --------
    >>> maximax({"a": [50, 60], "b": [20, 80]}).names
    ('b',)
    """
    names, table = _checked(payoff)
    return _highest(names, table.max(axis=1))


def maximin(payoff: Payoff) -> Verdict:
    """Return the alternative whose worst state is best (Wald).

    Examples
    --------
    >>> maximin({"a": [50, 60], "b": [20, 80]}).names
    ('a',)
    """
    names, table = _checked(payoff)
    return _highest(names, table.min(axis=1))


def minimax_regret(payoff: Payoff) -> Verdict:
    """Return the alternative whose largest regret is smallest (Savage); scores are regrets.

    Examples
    --------
    >>> minimax_regret({"a": [50, 60], "b": [20, 80]}).names
    ('a',)
    """
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
    """Return the best by alpha × best state + (1 - alpha) × worst state.

    Examples
    --------
    >>> hurwicz({"a": [50, 60], "b": [20, 80]}, alpha=0.9).names
    ('b',)
    """
    alpha = number("alpha", alpha)
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
    level = number("level", level)
    if not 0 <= level < 1:
        raise CorridorError(N_("level must lie within 0 and 1; got {level!r}."), level=level)
    worst = np.sort(_finite(outcomes))[::-1]
    tail = (1 - level) * len(worst)
    weights = np.clip(tail - np.arange(len(worst)), 0.0, 1.0)
    return float(weights @ worst / tail)


def _finite(outcomes: ArrayLike) -> Array:
    values = numbers("outcomes", outcomes).ravel()
    if not values.size or not np.isfinite(values).all():
        raise CorridorError(N_("Outcomes must be numbers, at least one."))
    return values


def _checked(payoff: Any) -> tuple[list[str], Array]:
    try:
        names = [str(name) for name in items("payoff", payoff)]
        table = np.array([np.asarray(payoff[name], dtype=np.float64) for name in payoff])
    except (TypeError, ValueError, IndexError, KeyError):
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
