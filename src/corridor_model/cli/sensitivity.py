"""``corridor sensitivity``: what decides a result, where it tips, which change did it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from corridor_model.cli import output, sensitivity_tables
from corridor_model.cli.diff import scenario_named
from corridor_model.cli.sensitivity_inputs import check_options, ranges_for
from corridor_model.cli.sensitivity_records import records
from corridor_model.sensitivity import (
    attribute,
    sobol,
    switching_values,
    tornado,
    two_way,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

OUTPUT = "inside_plan"
"""What is asked for where nothing is said and one output is needed."""
GRID = 17
"""Points of each axis where nothing is said: a few seconds for most outputs."""


def run(options: Namespace) -> int:
    """Study, draw, and print in the form asked for."""
    check_options(options)
    plan = output.plan_of(options)
    made = study(plan, options)
    if options.figure:
        from corridor_model.report.sensitivity_figure import sensitivity_figure

        sensitivity_figure(made, options.figure, lang=options.lang, top=options.top)
    if options.format != "table":
        output.records(records(made), options.format)
        return 0
    sensitivity_tables.show(made, options.lang, options.top, named=options.input is not None)
    return 0


def study(plan: Plan, options: Namespace) -> xr.Dataset:
    """Return the study that the options ask for."""
    scenario = scenario_named(options.scenario) if options.scenario else None
    observations = output.figures_of(options, plan)
    given = ranges_for(options, plan, scenario, observations)
    told: dict[str, Any] = {
        "scenario": scenario,
        "observations": observations,
        "seed": options.seed,
    }
    one = (options.output or [OUTPUT])[0]
    limit = {"threshold": options.threshold, "sense": options.sense}
    points = {} if options.points is None else {"points": options.points}
    if options.method == "tornado":
        return tornado(plan, one, given, **told)
    if options.method == "switching":
        return switching_values(plan, one, given, **limit, **points, **told)
    if options.method == "grid":
        size = GRID if options.points is None else options.points
        x, y = given
        # there is nothing between yes and no
        across, up = (2 if name.startswith("cancel:") else size for name, _, _ in given)
        return two_way(plan, one, x, y, points=(across, up), **limit, **told)
    if options.method == "sobol":
        points = {} if options.points is None else {"n": options.points}
        # pairs are not shown here, and cost as much again
        return sobol(plan, options.output, given, second_order=False, **points, **told)
    assert scenario is not None  # asked for by check_options
    del told["scenario"]
    return attribute(plan, scenario, options.output, **told)
