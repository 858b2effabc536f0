"""What a finished work is worth: kilometres open by the horizon, or the user's own table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.errors import Problem
from corridor_model.messages import Listing, message
from corridor_model.plan.uncertainties import fraction_meant, too_fast
from corridor_model.portfolio.arguments import number_problem, unknown_work, year_problem

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


SLIP = 1e-9
"""Months by which an end may pass the last day through rounding alone (S3)."""

NO_LENGTH, NO_ROAD, NO_ROW = "no_length", "opens_no_road", "not_in_table"


@dataclass(frozen=True)
class Worth:
    """The objective: what each work adds once it is finished.

    Attributes
    ----------
    table : mapping
        By work: a number, or a mapping from the year of completion to a number.
    missing : mapping of str to str
        Works that cannot be valued, with the reason; their worth is unknown, not 0 (S6).
    horizon : int or None
        Year by whose end a work must be finished to count; None is whenever.
    discount : float
        Yearly fraction; what is finished in the plan's first year is not discounted.
    first_year : int
        Of the plan.
    unit, origin : str
        Of the numbers.
    """

    table: Mapping[str, float | Mapping[int, float]]
    missing: Mapping[str, str]
    horizon: int | None
    discount: float
    first_year: int
    unit: str
    origin: str

    def of(self, work: str, ends: Array) -> Array:
        """Return what a work is worth in every draw, shape (n,); 0 where it is unknown.

        Parameters
        ----------
        work : str
            Id.
        ends : ndarray, shape (n,)
            Moments at which the work is over, infinite where it never is.
        """
        if work not in self.table:
            return np.zeros(ends.shape)
        finite = np.isfinite(ends)
        years = np.ceil(np.where(finite, ends, 0.0) / 12 - SLIP) - 1
        counted = finite if self.horizon is None else finite & (years <= self.horizon)
        worth = self.table[work]
        if isinstance(worth, Mapping):
            amount = np.array([float(worth.get(int(year), 0.0)) for year in years])
        else:
            amount = np.full(ends.shape, float(worth))
        factor = (1.0 + self.discount) ** -np.maximum(years - self.first_year, 0.0)
        return np.asarray(np.where(counted, amount * factor, 0.0))


def kilometres(plan: Plan, horizon: int, discount: float) -> Worth:
    """Return the default objective: road-kilometres in the area open by the horizon.

    Examples
    --------
    >>> import corridor_model as cm
    >>> worth = kilometres(cm.load_plan(), 2022, 0.0)
    >>> len(worth.table), worth.table["weiken_road"], worth.missing["binhai_avenue"]
    (8, 3.0, 'no_length')
    """
    table: dict[str, float] = {}
    missing: dict[str, str] = {}
    for project in plan.projects.values():
        if not project.opens:
            missing[project.id] = NO_ROAD
        elif project.length_in_area_km is None:
            missing[project.id] = NO_LENGTH
        else:
            table[project.id] = project.length_in_area_km
    origin = "document"
    return Worth(table, missing, horizon, discount, plan.about.first_year, "km", origin)


def own_table(plan: Plan, table: Mapping[str, Any], horizon: int | None, discount: float) -> Worth:
    """Return the objective of a user's table, already checked."""
    missing = {name: NO_ROW for name in plan.projects if name not in table}
    return Worth(table, missing, horizon, discount, plan.about.first_year, "benefit", "user")


# The objective as the user gives it: kilometres by default, or a benefit table, checked.


def worth_of(
    plan: Plan, benefit: Any, horizon: int | None, discount: float, problems: list[Problem]
) -> Worth:
    """Return the objective; what is wrong in it is added to the problems."""
    first, until = plan.about.first_year, horizon
    if horizon is not None and not (
        number_problem(horizon, "") is None
        and horizon == int(horizon)
        and first <= horizon <= first + 200
    ):
        what = message("{horizon!r} is no year from {first} on.", horizon=horizon, first=first)
        problems.append(Problem(what, file="horizon"))
        until = None
    if wrong := number_problem(discount, "discount", lowest=-0.5):
        problems.append(wrong)
        discount = 0.0
    elif (fast := too_fast(float(discount))) is not None:
        problems.append(Problem(fraction_meant(fast), message("Write a fraction."), "discount"))
    if benefit is None:
        return kilometres(plan, plan.about.last_year if until is None else int(until), discount)
    return own_table(plan, _table(plan, benefit, problems), until, discount)


def _table(plan: Plan, benefit: Any, problems: list[Problem]) -> dict[str, Any]:
    """Return a benefit table by work; a DataFrame has project, benefit and maybe year."""
    rows: list[tuple[Any, Any, Any]]
    if hasattr(benefit, "columns"):
        missing = [c for c in ("project", "benefit") if c not in benefit.columns]
        if missing:
            what = message("the table has no column {columns}.", columns=Listing(missing))
            problems.append(Problem(what, file="benefit"))
            return {}
        years = benefit["year"] if "year" in benefit.columns else [None] * len(benefit)
        rows = list(zip(benefit["project"], years, benefit["benefit"], strict=True))
    elif isinstance(benefit, Mapping) or hasattr(benefit, "items"):
        rows = [(name, None, value) for name, value in benefit.items()]
    else:
        what = message("must map works to numbers, or be a DataFrame (project, benefit[, year]).")
        problems.append(Problem(what, file="benefit"))
        return {}
    return _by_work(plan, rows, problems)


def _by_work(
    plan: Plan, rows: list[tuple[Any, Any, Any]], problems: list[Problem]
) -> dict[str, Any]:
    table: dict[str, Any] = {}
    keys: set[tuple[Any, Any]] = set()
    for name, year, value in rows:
        if name not in plan.projects:
            problems.append(unknown_work(name, plan.projects, "benefit"))
        elif wrong := number_problem(value, f"benefit {name}", lowest=-math.inf):
            problems.append(wrong)
        elif (name, year) in keys or isinstance(table.get(name), float):
            problems.append(Problem(message("{name!r} is given twice.", name=name), file="benefit"))
        elif year is None or (isinstance(year, float) and math.isnan(year)):
            table[name] = float(value)
        elif (odd := year_problem(year, "benefit")) is not None:
            problems.append(odd)
        else:
            table.setdefault(name, {})[int(year)] = float(value)
        keys.add((name, year))
    return table
