"""The objective as the user gives it: kilometres by default, or a benefit table, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.errors import Problem
from corridor_model.portfolio.problems import number_problem, told, unknown_work
from corridor_model.portfolio.worth import Worth, kilometres, own_table

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


def worth_of(
    plan: Plan, benefit: Any, horizon: int | None, discount: float, found: list[Problem]
) -> Worth:
    """Return the objective, with what is wrong in it found."""
    first, until = plan.about.first_year, horizon
    if horizon is not None and not (
        number_problem(horizon, "") is None
        and horizon == int(horizon)
        and first <= horizon <= first + 200
    ):
        en = f"{horizon!r} is no year from {first} on."
        found.append(told("horizon", f"{horizon!r}不是{first}年以后的年份。", en))
        until = None
    if wrong := number_problem(discount, "discount", lowest=-0.5):
        found.append(wrong)
        discount = 0.0
    if benefit is None:
        return kilometres(plan, plan.about.last_year if until is None else int(until), discount)
    return own_table(plan, _table(plan, benefit, found), until, discount)


def _table(plan: Plan, benefit: Any, found: list[Problem]) -> dict[str, Any]:
    """Return a benefit table by work; a DataFrame has project, benefit and maybe year."""
    rows: list[tuple[Any, Any, Any]]
    if hasattr(benefit, "columns"):
        missing = [c for c in ("project", "benefit") if c not in benefit.columns]
        if missing:
            en = f"the table has no column {', '.join(missing)}."
            found.append(told("benefit", f"缺少{'、'.join(missing)}列。", en))
            return {}
        years = benefit["year"] if "year" in benefit.columns else [None] * len(benefit)
        rows = list(zip(benefit["project"], years, benefit["benefit"], strict=True))
    elif isinstance(benefit, Mapping) or hasattr(benefit, "items"):
        rows = [(name, None, value) for name, value in benefit.items()]
    else:
        en = "must map works to numbers, or be a DataFrame (project, benefit[, year])."
        found.append(told("benefit", "应为“项目: 数值”或数据表。", en))
        return {}
    return _by_work(plan, rows, found)


def _by_work(plan: Plan, rows: list[tuple[Any, Any, Any]], found: list[Problem]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    seen: set[tuple[Any, Any]] = set()
    for name, year, value in rows:
        if name not in plan.projects:
            found.append(unknown_work(name, plan.projects, "benefit"))
        elif wrong := number_problem(value, f"benefit {name}", lowest=-math.inf):
            found.append(wrong)
        elif (name, year) in seen or isinstance(made.get(name), float):
            found.append(told("benefit", f"“{name}”重复。", f"{name!r} is given twice."))
        elif year is None or (isinstance(year, float) and math.isnan(year)):
            made[name] = float(value)
        elif number_problem(year, "") or year != int(year):
            found.append(told("benefit", f"{year!r}不是年份。", f"{year!r} is not a year."))
        else:
            made.setdefault(name, {})[int(year)] = float(value)
        seen.add((name, year))
    return made
