"""Labels on a choice: the Dataset that people and other floors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.codes import weakest
from corridor_model.labels import label
from corridor_model.periods import first_month, last_month
from corridor_model.portfolio.alternatives import (
    ChoiceResult,
    invested_of,
    mean_regret,
    money_of,
    starts_of,
)
from corridor_model.portfolio.benefit import NO_LENGTH, NO_ROAD
from corridor_model.portfolio.programme import ChoiceModel, WorkDraws
from corridor_model.portfolio.request import ChoiceRequest
from corridor_model.portfolio.solver import Choice

if TYPE_CHECKING:
    import xarray as xr


NOT_CHOSEN, AFTER_HORIZON, NO_CAP, INFEASIBLE = (
    "not_chosen",
    "after_horizon",
    "no_cap",
    "infeasible",
)


def to_dataset(answers: ChoiceResult) -> xr.Dataset:
    """Return a choice, and what lies around it, as a Dataset."""
    from corridor_model.results import Result

    model, request = answers.model, answers.model.request
    plan = request.plan
    data: dict[str, Any] = {
        **_by_project(model, answers.first),
        **_by_year(model, answers.first),
        "objective": ((), answers.first.objective),
        "invested": ((), invested_of(model, answers.first)),
        "objective_bound": ((), answers.first.bound),
        **_as_scheduled(request),
        "gap": ((), answers.first.gap),
        **_portfolios(model, [answers.first, *answers.others]),
        **_frontier(model, answers.frontier),
    }
    coords: dict[str, Any] = {
        "project": list(plan.projects),
        "name_zh": ("project", [p.name_zh for p in plan.projects.values()]),
        "name_en": ("project", [p.name("en") for p in plan.projects.values()]),
        "spending_year": model.options.years,
        "portfolio": np.arange(1 + len(answers.others)),
        "budget_scale": np.array(answers.scales, dtype=np.float64),
    }
    if answers.more is not None:
        at = answers.more
        coords["budget_year"] = list(at.years)
        data["more_objective"] = ("budget_year", at.gained)
        data["more_invested"] = ("budget_year", at.invested)
        saved = "money_saved" if request.leftover == "save" else ""
        data["more_invested_reason"] = ((), saved)
        data["more_anywhere"] = ((), at.gained_anywhere)
        data["next_money"] = ("budget_year", at.needed)
        data["next_money_total"] = ((), at.needed_total)
        data["next_objective"] = ((), at.next_objective)
        data["more_proven"] = ((), at.proven)
        none = "" if np.isfinite(at.next_objective) else "no_better_choice"
        for name in ("next_money", "next_money_total", "next_objective"):
            data[f"{name}_reason"] = ((), none)
    ds = Result(data, coords=coords, attrs=attributes(answers))
    return label(ds, "choice", request.worth.unit)


def status_of(model: ChoiceModel, name: str, at: int | None) -> str:
    """Return what becomes of a work, as a code."""
    request = model.request
    if name in request.left_out:
        return request.left_out[name]
    work = next(w for w in request.works if w.id == name)
    begun = work.timeline.sunk > 0
    if at is None:
        return "stopped" if begun else NOT_CHOSEN
    if begun or work.finished:
        return "finished" if work.finished else "running"
    shift = int(model.options.shift[at])
    return "as_scheduled" if not shift else "postponed" if shift > 0 else "brought_forward"


def _by_project(model: ChoiceModel, choice: Choice) -> dict[str, Any]:
    request, options = model.request, model.options
    plan, chosen = request.plan, starts_of(model, choice)
    place = {work.id: i for i, work in enumerate(request.works)}
    works = {work.id: work for work in request.every}
    money = np.full((len(plan.projects), len(options.years)), np.nan)
    known = money_of(model, choice)
    for row, name in enumerate(plan.projects):
        if name in place:
            money[row] = known[place[name]]
        elif request.left_out[name] != "unknown_investment":
            money[row] = 0.0
    at = [chosen.get(name) for name in plan.projects]
    status = [status_of(model, name, a) for name, a in zip(plan.projects, at, strict=True)]
    begins = [np.nan if a is None else float(options.begins[a]) for a in at]
    ends = ["" if a is None or not np.isfinite(options.end[a]) else options.end[a] for a in at]
    value = _values(model, at)
    left = request.left_out
    return {
        "start_year": ("project", begins),
        "start_year_reason": (
            "project",
            ["" if a is not None else left.get(n, NOT_CHOSEN) for n, a in _zip(plan, at)],
        ),
        "start_scheduled": ("project", [works[name].start // 12 for name in plan.projects]),
        "start": ("project", ["" if a is None else _begins(model, a) for a in at]),
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


def _as_scheduled(request: ChoiceRequest) -> dict[str, Any]:
    """Return what all works are worth as scheduled, and those of them that are no candidates."""
    works = [work for work in request.every if work.id in request.worth.table]
    draws = WorkDraws(request, works)
    worth = {w.id: float(request.worth.of(w.id, draws.end(w, 0)).mean()) for w in works}
    left_out = sum(value for name, value in worth.items() if name in request.left_out)
    return {
        "objective_scheduled": ((), sum(worth.values())),
        "objective_left_out": ((), left_out),
    }


def _begins(model: ChoiceModel, at: int) -> str:
    """Return the month in which an option begins."""
    options = model.options
    work = model.request.works[options.owner[at]]
    return first_month(work.start + 12 * int(options.shift[at]))


def _zip(plan: Any, at: list[int | None]) -> list[tuple[str, int | None]]:
    return list(zip(plan.projects, at, strict=True))


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _values(model: ChoiceModel, at: list[int | None]) -> list[tuple[float, str]]:
    """Return what each work adds, and why nothing is known or it adds nothing."""
    request, options = model.request, model.options
    place = {work.id: i for i, work in enumerate(request.works)}
    values: list[tuple[float, str]] = []
    for name, chosen in _zip(request.plan, at):
        if name in request.worth.missing:
            values.append((np.nan, request.worth.missing[name]))
        elif chosen is not None:
            value = float(options.value[chosen])
            values.append((value, "" if value else AFTER_HORIZON))
        elif name in place and not options.value[options.of(place[name])].any():
            values.append((0.0, AFTER_HORIZON))
        else:
            values.append((0.0, request.left_out.get(name, NOT_CHOSEN)))
    return values


def _by_year(model: ChoiceModel, choice: Choice) -> dict[str, Any]:
    request, years = model.request, model.options.years
    limits = [request.budget.yearly.get(int(year), np.inf) for year in years]
    budget = np.where(np.isfinite(limits), limits, np.nan)
    spent = money_of(model, choice).sum(axis=0)
    reason = np.where(np.isnan(budget), NO_CAP, "").tolist()
    return {
        "budget": ("spending_year", budget),
        "budget_reason": ("spending_year", reason),
        "spent": ("spending_year", spent),
        "slack": ("spending_year", budget - spent),
        "slack_reason": ("spending_year", reason),
    }


def _portfolios(model: ChoiceModel, choices: list[Choice]) -> dict[str, Any]:
    names = list(model.request.plan.projects)
    begins = np.full((len(choices), len(names)), np.nan)
    for row, choice in enumerate(choices):
        for name, at in starts_of(model, choice).items():
            begins[row, names.index(name)] = model.options.begins[at]
    objective = [choice.objective for choice in choices]
    by = ("portfolio", "project")
    reason = np.where(np.isnan(begins), NOT_CHOSEN, "").astype(object)
    for name, why in model.request.left_out.items():
        reason[:, names.index(name)] = why
    return {
        "portfolio_start_year": (by, begins),
        "portfolio_start_year_reason": (by, reason.astype(str)),
        "portfolio_funded": (by, ~np.isnan(begins)),
        "portfolio_objective": ("portfolio", objective),
        "portfolio_money": ("portfolio", [money_of(model, c).sum() for c in choices]),
        "portfolio_invested": ("portfolio", [invested_of(model, c) for c in choices]),
        "portfolio_regret": ("portfolio", mean_regret(model, choices)),
        "portfolio_tied": ("portfolio", [model.even(o, objective[0]) for o in objective]),
    }


def _frontier(model: ChoiceModel, choices: list[Choice | None]) -> dict[str, Any]:
    years = model.options.years
    budget = model.request.budget
    inside = (years >= budget.first) & (years <= budget.last)
    objective = [np.nan if c is None else c.objective for c in choices]
    money = [np.nan if c is None else money_of(model, c)[:, inside].sum() for c in choices]
    invested = [np.nan if c is None else invested_of(model, c) for c in choices]
    reason = [INFEASIBLE if c is None else "" for c in choices]
    return {
        "frontier_objective": ("budget_scale", objective),
        "frontier_objective_reason": ("budget_scale", reason),
        "frontier_invested": ("budget_scale", invested),
        "frontier_invested_reason": ("budget_scale", reason),
        "frontier_money": ("budget_scale", money),
        "frontier_money_reason": ("budget_scale", reason),
    }


def _every_counted(model: ChoiceModel, choice: Choice) -> bool:
    """Return whether every candidate that can count is chosen, at its best."""
    best: dict[int, int] = {}
    for owner, worth in zip(model.options.owner, model.worth.numbers, strict=True):
        best[int(owner)] = max(best.get(int(owner), 0), int(worth))
    return sum(best.values()) <= model.worth_of(choice.chosen) + model.rounding


# What a choice used, as attributes: what is known of how much, settings, origins, versions.


def _origin(request: ChoiceRequest) -> str:
    """Return the weakest origin of what was used (S5)."""
    origins = [work.money_origin for work in request.works]
    return weakest([request.budget.origin, request.worth.origin, *origins])


def attributes(answers: ChoiceResult) -> dict[str, Any]:
    """Return the attributes of a choice."""
    import scipy

    from corridor_model.files import version

    request, options = answers.model.request, answers.model.options
    plan, first = request.plan, answers.first
    known = len(plan.projects) - sum(w.investment is None for w in request.every)
    roads = [p for p in plan.projects.values() if p.opens]
    lengths = sum(p.length_in_area_km is not None for p in roads)
    no_worth = request.worth.missing
    inside = (options.years >= request.budget.first) & (options.years <= request.budget.last)
    spent = money_of(answers.model, first).sum(axis=0)
    return {
        "study": "choice",
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "n_known": known,
        "n_works": len(plan.projects),
        "candidates": len(request.works),
        "chosen": int(first.chosen.sum()),
        "n_lengths": lengths,
        "n_roads": len(roads),
        "no_length": "; ".join(n for n, why in no_worth.items() if why == NO_LENGTH) or "none",
        "opens_no_road": "; ".join(n for n, why in no_worth.items() if why == NO_ROAD) or "none",
        "unit": request.worth.unit,
        "horizon": request.worth.horizon or 0,
        "discount": request.worth.discount,
        "leftover": request.leftover,
        "near": request.near,
        "committed": "; ".join(request.committed) or "none",
        "running": "; ".join(request.running) or "none",
        "running_left_out": "; ".join(request.running_left_out) or "none",
        "every_counted": int(_every_counted(answers.model, first)),
        "budget_origin": request.budget.origin,
        "budget_total": "" if request.budget.total is None else request.budget.total,
        "uncapped_money": float(spent[~inside & (options.years > request.budget.last)].sum()),
        "more_by": answers.by,
        "status": "optimal" if first.proven[0] else "time_limit",
        "ties_broken": "proven" if all(first.proven) else "time_limit",
        "origin": _origin(request),
        "draws": request.draws,
        "seed": request.seed,
        "solver": f"HiGHS, scipy {scipy.__version__}",
        "version": version(),
    }
