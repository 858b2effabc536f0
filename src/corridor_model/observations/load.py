"""Load what the statistics say: CSV, xlsx or a DataFrame, checked cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import PlanError
from corridor_model.observations.meaning import written_out
from corridor_model.observations.model import Observations
from corridor_model.plan import checks, settle
from corridor_model.plan.load import _read_one, load_plan
from corridor_model.plan.parse import parse_table
from corridor_model.plan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd


def load_observations(
    source: str | Path | pd.DataFrame, plan: Plan | None = None, *, origin: str = "user"
) -> Observations:
    """Load observations."""
    plan = load_plan() if plan is None else plan
    table, problems = parse_table(_read_one(source, "observations"), "observations")
    indicators = plan.tables["indicators"]
    table, found = settle.values_to_units(settle.names_to_ids(table, indicators), indicators)
    problems = [*problems, *found]
    table, found = written_out(table, plan.indicators, origin)
    problems += [*found, *checks.check_table(table, {**plan.tables, "observations": table})]
    if problems:
        raise PlanError(dict.fromkeys(problems))
    return Observations(table)
