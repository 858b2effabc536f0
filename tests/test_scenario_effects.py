"""What works do: the plan's table of effects, as it is read and as it is told."""

from __future__ import annotations

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.plan.table import from_rows
from corridor_model.scenario.effects import effects_of

PLAN = cm.load_plan()


def with_rows(table, names, *rows):
    """Return the bundled plan with other rows in one table."""
    made = [dict(zip(names, row, strict=True)) for row in rows]
    return Plan({**PLAN.tables, table: from_rows(table, made)})


EFFECT = ("target", "indicator", "per_unit", "lag", "decay", "origin")


def test_an_effect_of_all_works_is_that_of_every_work_of_which_nothing_else_is_said():
    plan = with_rows(
        "effects",
        EFFECT,
        ("bus_lanes", "gdp", 0.4, None, None, "user"),
        ("road", "gdp", 0.3, 1, 0.5, "user"),
        ("all", "gdp", 0.1, None, None, "user"),
    )
    found = {e.project: e.per_unit for e in effects_of(plan)}
    assert len(found) == len(PLAN.projects)
    assert found.pop("bus_lanes") == 0.4
    for name, per_unit in found.items():
        assert per_unit == (0.3 if PLAN.projects[name].category == "road" else 0.1), name
