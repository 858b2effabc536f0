"""Every output of a plan that has a number and a variance, and why the others are left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corridor_model.scenario.language.months import last_month
from corridor_model.sensitivity.levers import Lever
from corridor_model.sensitivity.outputs import Output, output
from corridor_model.sensitivity.reader import Reader

AFTER = 3
"""Years after the last planned end for which money and openings are asked."""


def default_outputs(reader: Reader, levers: Sequence[Lever]) -> tuple[list[Output], dict[str, str]]:
    """Return all outputs of a study, and those left out with the reason.

    Parameters
    ----------
    reader : Reader
        Plan and scenario.
    levers : sequence of Lever
        Inputs; a probability is asked only where works, or growth that is set, can move it.
    """
    plan = reader.plan
    names: list[str] = []
    if plan.projects:
        ends = [int(last_month(work.end)[:4]) for work in reader.resolved.works]
        last = max(*ends, plan.about.last_year) + AFTER
        years = range(plan.about.first_year, last + 1)
        names += ["before_plan", "inside_plan", "beyond_horizon", "total"]
        names += [f"programme:{year}" for year in years]
        names += [f"{word}:{y}" for word in ("km_open", "roads_open", "tasks_done") for y in years]
    left: dict[str, str] = {}
    moved = {e.indicator for e in reader.resolved.effects if e.per_unit}
    moved |= {one.indicator for one in levers if one.field in {"effect", "growth"}}
    found = [n for n in plan.indicators if not reader.outlook(reader.resolved, n).reason]
    left |= {
        n: reader.outlook(reader.resolved, n).reason for n in plan.indicators if n not in found
    }
    if found:
        names.append("expected_reached")
    for name in found:
        outlook = reader.outlook(reader.resolved, name)
        if name in moved and outlook.goal.score == "final":
            names.append(f"p_reach:{name}")
        word, why = _word(reader, name)
        if not word:
            left[name] = why
            continue
        for year, known in zip(outlook.years, outlook.known, strict=True):
            if np.isnan(known) and year <= plan.about.last_year:
                names.append(f"{word}:{name}:{year}")
    return [output(plan, name) for name in names], left


def _word(reader: Reader, name: str) -> tuple[str, str]:
    """Return how an indicator's value is decomposed, or why it cannot be."""
    outlook = reader.outlook(reader.resolved, name)
    values = reader.marginal(outlook).values[np.isnan(outlook.known)]
    if not len(values):
        return "", "observed"
    if outlook.indicator.kind == "share":
        return ("log_odds", "") if values.min() > 0 and values.max() < 100 else ("value", "")
    if values.min() > 0:
        return "log_value", ""
    counted = outlook.predictive is not None and outlook.predictive.route == "gamma_poisson"
    return ("value", "") if counted else ("", "no_logarithm")
