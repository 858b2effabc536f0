"""Choices that hold when roads are late and dearer: candidates over the draws of simulate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.plan.given import must_be_plan
from corridor_model.portfolio.choose import FRONTIER, answers
from corridor_model.portfolio.found import Answers, starts_of
from corridor_model.portfolio.labels import MONEY
from corridor_model.portfolio.options import Draws
from corridor_model.portfolio.outcomes import outcome, over_budget
from corridor_model.portfolio.payoffs import EQUAL, cvar
from corridor_model.portfolio.question import ask
from corridor_model.portfolio.rules import EXACT
from corridor_model.portfolio.solver import Choice
from corridor_model.portfolio.study import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario

Array = NDArray[np.float64]
LONG_NAMES: dict[str, tuple[str, str]] = {
    "objective_mean": ("objective, mean / 目标值（均值）", ""),
    "objective_quantile": ("objective, quantile / 目标值分位数", ""),
    "invested": ("planned investment carried out, mean / 完成计划投资（均值）", MONEY),
    "regret_mean": ("loss against the best candidate in the same draw / 平均后悔值", ""),
    "regret_max": ("largest loss against the best candidate / 最大后悔值", ""),
    "p_satisfied": ("share of draws that meet the threshold / 达到门槛的比例", "1"),
    "overspending_mean": ("spent above yearly budgets, mean / 超预算（均值）", MONEY),
    "overspending_cvar": ("mean of the worst overspending / 超预算的条件风险值", MONEY),
    "p_within_budget": ("probability of keeping every budget / 不超预算的概率", "1"),
    "p_within_year": ("probability of keeping the year's budget / 当年不超预算的概率", "1"),
}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def robust_choice(
    plan: Plan,
    budget: Mapping[int, float | None] | float | None = None,
    *,
    scenario: Scenario,
    level: float = 0.9,
    threshold: float | None = None,
    runners_up: int = 3,
    frontier: Sequence[float] = FRONTIER,
    time_limit: float = 60.0,
    mip_rel_gap: float = 0.0,
    **asked: Any,
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
    **asked
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
    >>> made = cm.portfolio.robust_choice(
    ...     cm.load_plan(), {2020: 5, 2021: 5, 2022: 5}, scenario=late, draws=64,
    ...     frontier=(0.8, 1.0),
    ... )
    >>> bool((made["regret_mean"] >= 0).all())
    True
    """
    must_be_plan(plan)
    if not (isinstance(level, float) and 0 <= level < 1):
        raise CorridorError(f"level must lie within 0 and 1; got {level!r}.")
    question = ask(plan, budget, scenario=scenario, **asked)
    found = answers(question, runners_up, frontier, 0.0, float(time_limit), float(mip_rel_gap))
    named = _candidates(found)
    draws = Draws(question)
    goal = _on_time(found.problem, found.first) if threshold is None else float(threshold)
    outcomes = [outcome(found.problem, choice, draws) for _, choice in named]
    return _dataset(found, named, outcomes, float(level), goal)


def _candidates(found: Answers) -> list[tuple[str, Choice]]:
    """Return each choice once, with where it comes from."""
    listed: list[tuple[str, Choice | None]] = [("best", found.first)]
    listed += [(f"runner-up {i}", choice) for i, choice in enumerate(found.others, 1)]
    listed += [
        (f"budget x {by:g}", choice)
        for by, choice in zip(found.scales, found.frontier, strict=True)
    ]
    seen: dict[bytes, tuple[str, Choice]] = {}
    for name, choice in listed:
        if choice is not None:
            seen.setdefault(choice.chosen.tobytes(), (name, choice))
    return list(seen.values())


def _on_time(problem: Problem, choice: Choice) -> float:
    """Return what a choice is worth if every work ends as scheduled."""
    question, options = problem.question, problem.options
    total = 0.0
    for at in np.flatnonzero(choice.chosen):
        work = question.works[options.owner[at]]
        end = np.array([float(work.end + 12 * options.shift[at])])
        total += float(question.worth.of(work.id, end)[0])
    return total


def _dataset(
    found: Answers,
    named: list[tuple[str, Choice]],
    outcomes: list[tuple[Array, Array]],
    level: float,
    goal: float,
) -> xr.Dataset:
    import xarray as xr

    problem, question = found.problem, found.problem.question
    n = max(max(o.size, m.shape[1]) for o, m in outcomes)
    objective = np.array([np.broadcast_to(o, (n,)) for o, _ in outcomes])
    overs = [over_budget(question, problem.options.years, m) for _, m in outcomes]
    over = np.array([np.broadcast_to(o, (n,)) for _, o in overs])
    regret = objective.max(axis=0) - objective
    size = float(np.abs(problem.options.value).max(initial=0.0))
    satisfied = (objective >= goal - EXACT * size).mean(axis=1)
    risk = np.array([cvar(row, level) for row in over])
    kept = (over == 0).mean(axis=1)
    invested = np.array([problem.options.carried[c.chosen].sum() for _, c in named])
    projects = list(question.plan.projects)
    begins = np.full((len(named), len(projects)), np.nan)
    for row, (_, choice) in enumerate(named):
        for name, at in starts_of(problem, choice).items():
            begins[row, projects.index(name)] = problem.options.begins[at]
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
    capped = [y for y, m in question.budget.yearly.items() if np.isfinite(m)]
    made = xr.Dataset(
        data,
        coords={
            "portfolio": np.arange(len(named)),
            "source": (by, names),
            "project": projects,
            "budget_year": capped,
            "quantile": list(QUANTILES),
        },
        attrs={
            "plan": question.plan.about.id,
            "plan_digest": question.plan.digest,
            "unit": question.worth.unit,
            "horizon": question.worth.horizon or 0,
            "level": level,
            "threshold": goal,
            "minimax_regret": _best(names, -regret.max(axis=1)),
            "most_satisficing": _best(names, satisfied),
            "least_cvar": _best(names, -risk),
            "sure_enough": _sure_enough(names, kept >= level, objective.mean(axis=1), invested),
            "draws": n,
            "seed": question.seed,
        },
    )
    for name, (text, unit) in LONG_NAMES.items():
        made[name].attrs = {"long_name": text, "units": unit or question.worth.unit}
    return made


def _sure_enough(names: list[str], sure: NDArray[np.bool_], value: Array, money: Array) -> str:
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
