"""What a choice used, as attributes: what is known of how much, settings, origins, versions."""

from __future__ import annotations

from typing import Any

from corridor_model.plan.origins import weakest
from corridor_model.portfolio.found import Answers, money_of
from corridor_model.portfolio.question import Question
from corridor_model.portfolio.worth import NO_LENGTH, NO_ROAD


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
