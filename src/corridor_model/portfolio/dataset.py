"""Labels on a choice: the Dataset that people and other floors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.codes import weakest
from corridor_model.labels import label
from corridor_model.periods import first_month, last_month
from corridor_model.portfolio.alternatives import (
    Answers,
    invested_of,
    mean_regret,
    money_of,
    starts_of,
)
from corridor_model.portfolio.benefit import NO_LENGTH, NO_ROAD
from corridor_model.portfolio.programme import Problem
from corridor_model.portfolio.question import Question
from corridor_model.portfolio.solver import Choice

if TYPE_CHECKING:
    import xarray as xr


MONEY = "亿元"
NOT_CHOSEN, AFTER_HORIZON, NO_CAP, INFEASIBLE = (
    "not_chosen",
    "after_horizon",
    "no_cap",
    "infeasible",
)


def to_dataset(answers: Answers) -> xr.Dataset:
    """Return a choice, and what lies around it, as a Dataset."""
    import xarray as xr

    problem, question = answers.problem, answers.problem.question
    plan = question.plan
    data: dict[str, Any] = {
        **_by_project(problem, answers.first),
        **_by_year(problem, answers.first),
        "objective": ((), answers.first.objective),
        "invested": ((), invested_of(problem, answers.first)),
        "objective_bound": ((), answers.first.bound),
        "gap": ((), answers.first.gap),
        **_portfolios(problem, [answers.first, *answers.others]),
        **_frontier(problem, answers.frontier),
    }
    coords: dict[str, Any] = {
        "project": list(plan.projects),
        "name_zh": ("project", [p.name_zh for p in plan.projects.values()]),
        "name_en": ("project", [p.name("en") for p in plan.projects.values()]),
        "spending_year": problem.options.years,
        "portfolio": np.arange(1 + len(answers.others)),
        "budget_scale": np.array(answers.scales, dtype=np.float64),
    }
    if answers.more is not None:
        at = answers.more
        coords["budget_year"] = list(at.years)
        data["more_objective"] = ("budget_year", at.gained)
        data["more_invested"] = ("budget_year", at.invested)
        saved = "money_saved" if question.leftover == "save" else ""
        data["more_invested_reason"] = ((), saved)
        data["more_anywhere"] = ((), at.gained_anywhere)
        data["next_money"] = ("budget_year", at.needed)
        data["next_money_total"] = ((), at.needed_total)
        data["next_objective"] = ((), at.next_objective)
        none = "" if np.isfinite(at.next_objective) else "no_better_choice"
        for name in ("next_money", "next_money_total", "next_objective"):
            data[f"{name}_reason"] = ((), none)
    made = xr.Dataset(data, coords=coords, attrs=attributes(answers))
    return label(made, "choice", question.worth.unit)


def status_of(problem: Problem, name: str, at: int | None) -> str:
    """Return what becomes of a work, as a code."""
    question = problem.question
    if name in question.left_out:
        return question.left_out[name]
    work = next(w for w in question.works if w.id == name)
    begun = work.timeline.settled > 0
    if at is None:
        return "stopped" if begun else NOT_CHOSEN
    if begun or work.finished:
        return "finished" if work.finished else "running"
    shift = int(problem.options.shift[at])
    return "as_scheduled" if not shift else "postponed" if shift > 0 else "brought_forward"


def _by_project(problem: Problem, choice: Choice) -> dict[str, Any]:
    question, options = problem.question, problem.options
    plan, chosen = question.plan, starts_of(problem, choice)
    place = {work.id: i for i, work in enumerate(question.works)}
    works = {work.id: work for work in question.every}
    money = np.full((len(plan.projects), len(options.years)), np.nan)
    known = money_of(problem, choice)
    for row, name in enumerate(plan.projects):
        if name in place:
            money[row] = known[place[name]]
        elif question.left_out[name] != "unknown_investment":
            money[row] = 0.0
    at = [chosen.get(name) for name in plan.projects]
    status = [status_of(problem, name, a) for name, a in zip(plan.projects, at, strict=True)]
    begins = [np.nan if a is None else float(options.begins[a]) for a in at]
    ends = ["" if a is None or not np.isfinite(options.end[a]) else options.end[a] for a in at]
    value = _values(problem, at)
    left = question.left_out
    return {
        "start_year": ("project", begins),
        "start_year_reason": (
            "project",
            ["" if a is not None else left.get(n, NOT_CHOSEN) for n, a in _zip(plan, at)],
        ),
        "start_scheduled": ("project", [works[name].start // 12 for name in plan.projects]),
        "start": ("project", ["" if a is None else _begins(problem, a) for a in at]),
        "start_planned": ("project", [first_month(works[name].start) for name in plan.projects]),
        "end_planned": ("project", [last_month(works[name].end) for name in plan.projects]),
        "end": ("project", [e if isinstance(e, str) else last_month(float(e)) for e in ends]),
        "funded": ("project", [a is not None for a in at]),
        "status": ("project", status),
        "investment": ("project", [_number(works[name].investment) for name in plan.projects]),
        "investment_reason": (
            "project",
            ["unknown_investment" if works[n].investment is None else "" for n in plan.projects],
        ),
        "spending": (("project", "spending_year"), money),
        "spending_reason": (
            "project",
            ["unknown_investment" if np.isnan(row).any() else "" for row in money],
        ),
        "value": ("project", [v for v, _ in value]),
        "value_reason": ("project", [reason for _, reason in value]),
        "origin": ("project", [works[name].money_origin for name in plan.projects]),
    }


def _begins(problem: Problem, at: int) -> str:
    """Return the month in which an option begins."""
    options = problem.options
    work = problem.question.works[options.owner[at]]
    return first_month(work.start + 12 * int(options.shift[at]))


def _zip(plan: Any, at: list[int | None]) -> list[tuple[str, int | None]]:
    return list(zip(plan.projects, at, strict=True))


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _values(problem: Problem, at: list[int | None]) -> list[tuple[float, str]]:
    """Return what each work adds, and why nothing is known or it adds nothing."""
    question, options = problem.question, problem.options
    place = {work.id: i for i, work in enumerate(question.works)}
    made: list[tuple[float, str]] = []
    for name, chosen in _zip(question.plan, at):
        if name in question.worth.missing:
            made.append((np.nan, question.worth.missing[name]))
        elif chosen is not None:
            value = float(options.value[chosen])
            made.append((value, "" if value else AFTER_HORIZON))
        elif name in place and not options.value[options.of(place[name])].any():
            made.append((0.0, AFTER_HORIZON))
        else:
            made.append((0.0, question.left_out.get(name, NOT_CHOSEN)))
    return made


def _by_year(problem: Problem, choice: Choice) -> dict[str, Any]:
    question, years = problem.question, problem.options.years
    limits = [question.budget.yearly.get(int(year), np.inf) for year in years]
    budget = np.where(np.isfinite(limits), limits, np.nan)
    spent = money_of(problem, choice).sum(axis=0)
    reason = np.where(np.isnan(budget), NO_CAP, "").tolist()
    return {
        "budget": ("spending_year", budget),
        "budget_reason": ("spending_year", reason),
        "spent": ("spending_year", spent),
        "slack": ("spending_year", budget - spent),
        "slack_reason": ("spending_year", reason),
    }


def _portfolios(problem: Problem, choices: list[Choice]) -> dict[str, Any]:
    names = list(problem.question.plan.projects)
    begins = np.full((len(choices), len(names)), np.nan)
    for row, choice in enumerate(choices):
        for name, at in starts_of(problem, choice).items():
            begins[row, names.index(name)] = problem.options.begins[at]
    objective = [choice.objective for choice in choices]
    by = ("portfolio", "project")
    reason = np.where(np.isnan(begins), NOT_CHOSEN, "").astype("U20")
    for name, why in problem.question.left_out.items():
        reason[:, names.index(name)] = why
    return {
        "portfolio_start_year": (by, begins),
        "portfolio_start_year_reason": (by, reason),
        "portfolio_funded": (by, ~np.isnan(begins)),
        "portfolio_objective": ("portfolio", objective),
        "portfolio_money": ("portfolio", [money_of(problem, c).sum() for c in choices]),
        "portfolio_invested": ("portfolio", [invested_of(problem, c) for c in choices]),
        "portfolio_regret": ("portfolio", mean_regret(problem, choices)),
        "portfolio_tied": ("portfolio", [problem.even(o, objective[0]) for o in objective]),
    }


def _frontier(problem: Problem, found: list[Choice | None]) -> dict[str, Any]:
    years = problem.options.years
    budget = problem.question.budget
    inside = (years >= budget.first) & (years <= budget.last)
    objective = [np.nan if c is None else c.objective for c in found]
    money = [np.nan if c is None else money_of(problem, c)[:, inside].sum() for c in found]
    invested = [np.nan if c is None else invested_of(problem, c) for c in found]
    reason = [INFEASIBLE if c is None else "" for c in found]
    return {
        "frontier_objective": ("budget_scale", objective),
        "frontier_objective_reason": ("budget_scale", reason),
        "frontier_invested": ("budget_scale", invested),
        "frontier_invested_reason": ("budget_scale", reason),
        "frontier_money": ("budget_scale", money),
        "frontier_money_reason": ("budget_scale", reason),
    }


# What a choice used, as attributes: what is known of how much, settings, origins, versions.


def _origin(question: Question) -> str:
    """Return the weakest origin of what was used (S5)."""
    used = [work.money_origin for work in question.works]
    return weakest([question.budget.origin, question.worth.origin, *used])


def attributes(answers: Answers) -> dict[str, Any]:
    """Return the attributes of a choice."""
    import scipy

    from corridor_model import __version__

    question, options = answers.problem.question, answers.problem.options
    plan, first = question.plan, answers.first
    known = len(plan.projects) - sum(w.investment is None for w in question.every)
    roads = [p for p in plan.projects.values() if p.opens]
    lengths = sum(p.length_in_area_km is not None for p in roads)
    no_worth = question.worth.missing
    inside = (options.years >= question.budget.first) & (options.years <= question.budget.last)
    spent = money_of(answers.problem, first).sum(axis=0)
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "known": f"{known} of {len(plan.projects)} known",
        "known_zh": f"{len(plan.projects)}项中{known}项投资已知",
        "candidates": len(question.works),
        "chosen": int(first.chosen.sum()),
        "lengths": f"{lengths} of {len(roads)} lengths in the area known",
        "lengths_zh": f"{len(roads)}条道路中{lengths}条区内里程已知",
        "no_length": "; ".join(n for n, why in no_worth.items() if why == NO_LENGTH) or "none",
        "opens_no_road": "; ".join(n for n, why in no_worth.items() if why == NO_ROAD) or "none",
        "unit": question.worth.unit,
        "horizon": question.worth.horizon or 0,
        "discount": question.worth.discount,
        "leftover": question.leftover,
        "near": question.near,
        "committed": "; ".join(question.committed) or "none",
        "running": "; ".join(question.running) or "none",
        "budget_origin": question.budget.origin,
        "budget_total": "" if question.budget.total is None else question.budget.total,
        "uncapped_money": float(spent[~inside & (options.years > question.budget.last)].sum()),
        "more_by": answers.by,
        "status": "optimal" if first.proven[0] else "time_limit",
        "ties_broken": "proven" if all(first.proven) else "time_limit",
        "origin": _origin(question),
        "draws": question.draws,
        "seed": question.seed,
        "solver": f"HiGHS, scipy {scipy.__version__}",
        "version": __version__,
    }
