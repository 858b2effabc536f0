"""A part of the worked example with every kind of promise, small enough to be published."""

from __future__ import annotations

import functools

import corridor_model as cm
from corridor_model.observations.load import Observations
from corridor_model.plan.plan import Plan

# a sort of promise is what sheets, cards and formulas tell apart
_SORT = (
    "kind",
    "sense",
    "month",
    "tier",
    "role",
    "any_of",
    "base_year",
    "from_year",
    "relative_to",
)


@functools.cache
def excerpt() -> tuple[Plan, Observations]:
    """Return a plan of the first promises of each sort, some works and tasks, and its figures."""
    plan, figures = cm.load_plan(example=True), cm.example_observations()
    assessment = cm.assess(plan, figures, "2021-09", method=None)
    names, seen = {"gdp"}, set[tuple[object, ...]]()
    moved = set(plan.tables["annual_targets"]["indicator"])
    moved |= set(plan.tables["target_revisions"]["indicator"])
    for name, promise in plan.targets.items():
        status = str(assessment["status"].sel(indicator=name).item())
        sort = (promise.kind, status, promise.baseline is None, promise.of in moved)
        sort += tuple(str(getattr(promise, key, None) or "") for key in _SORT[1:])
        if sort not in seen:
            seen.add(sort)
            names.add(promise.of)
    works = list(plan.projects)[::3]
    reported = set(plan.tables["task_reports"]["task"])
    tasks = [*list(plan.tasks)[::12], *sorted(reported)[::12]]
    names |= {one for task in tasks for one in plan.tasks[task].indicators}
    kept = {"indicator": names, "project": set(works), "task": set(tasks)}
    own = {"indicators": "indicator", "projects": "project", "tasks": "task"}
    tables = {}
    for name, table in plan.tables.items():
        columns = {key: key for key in kept} | ({"id": own[name]} if name in own else {})
        places = range(len(table))
        for column, key in columns.items():
            if column in table.columns:
                values = table[column]
                places = [i for i in places if values[i] in kept[key]]
        tables[name] = table.select(list(places))
    for name in ("effects", "uncertainties"):
        table = tables[name]
        every = kept["indicator"] | kept["project"] | {"all"}
        tables[name] = table.select([i for i, x in enumerate(table["target"]) if x in every])
    tables["design_columns"] = plan.tables["design_columns"].select([])
    part = Plan(tables, plan.example)
    rows = [i for i, x in enumerate(figures.table["indicator"]) if x in names]
    return part, Observations(figures.table.select(rows))
