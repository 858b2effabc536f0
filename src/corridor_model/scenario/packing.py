"""What a saved result needs to be run again: plan, observations, scenarios, settings."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from typing import Any

import numpy as np

from corridor_model.observations.model import Observations, Remark
from corridor_model.plan.plan import Plan
from corridor_model.plan.schema import TABLES
from corridor_model.plan.table import Table, from_rows
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.language.toml import scenarios_from_toml
from corridor_model.scenario.language.toml_writing import scenarios_to_toml

PACKED = "packed"
"""The attribute of ``rerun`` that holds the text.

A dimension of its own would repeat every number of a flat table, and a text without dimension
does not pass through ``where``.
"""


def packed(
    plan: Plan, scenarios: list[Scenario], request: dict[str, Any], asked: dict[str, Any]
) -> str:
    """Return everything a run was given, packed into one text."""
    correlation, observations = asked["correlation"], asked["observations"]
    if correlation is not None and hasattr(correlation, "loc"):
        correlation = {
            "names": [str(name) for name in correlation.index],
            "columns": [str(name) for name in correlation.columns],
            "values": np.asarray(correlation, dtype=np.float64).tolist(),
        }
    told = {
        "plan": {name: list(table.rows()) for name, table in plan.tables.items()},
        "example": plan.example,
        "observations": None if observations is None else list(observations.table.rows()),
        "remarks": [] if observations is None else [asdict(r) for r in observations.remarks],
        "as_of": asked["as_of"],
        "known_by": asked["known_by"],
        "scenarios": scenarios_to_toml(scenarios),
        "correlation": correlation,
        **request,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(held: str) -> tuple[Plan, tuple[Scenario, ...], dict[str, Any]]:
    """Return the plan, the scenarios and all other arguments of a run."""
    told = json.loads(zlib.decompress(base64.b64decode(held)))
    rows, remarks = told["observations"], tuple(Remark(**row) for row in told["remarks"])
    correlation = told["correlation"]
    if isinstance(correlation, dict):
        import pandas as pd

        correlation = pd.DataFrame(
            correlation["values"], index=correlation["names"], columns=correlation["columns"]
        )
    tables = {name: _table(name, rows) for name, rows in told["plan"].items()}
    others = {
        "observations": None
        if rows is None
        else Observations(_table("observations", rows), remarks),
        "correlation": correlation,
        **{name: told[name] for name in ("draws", "seed", "quantiles", "as_of", "known_by")},
    }
    return Plan(tables, told["example"]), scenarios_from_toml(told["scenarios"]), others


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    lists = {column.name for column in TABLES[name].columns if column.type == "list"}
    typed = [{k: tuple(v) if k in lists else v for k, v in row.items()} for row in rows]
    return from_rows(name, typed)
