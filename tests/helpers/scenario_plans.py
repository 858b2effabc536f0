"""Small made-up plans for scenarios, and one even work's money by plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from corridor_model.plan.plan import Plan
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows


def levels(seed: int, years: int = 10) -> dict[int, float]:
    """Yearly figures from 2010 that grow by 6 % on average."""
    rng = np.random.default_rng(seed)
    values = 100 * np.exp(np.cumsum(rng.normal(0.06, 0.05, years)))
    return {2010 + t: float(value) for t, value in enumerate(values)}


def small_plan(
    indicators: Sequence[dict[str, Any]],
    works: Sequence[tuple[str, str, str, float]],
    effects: Sequence[tuple[str, str, float]] = (),
) -> Plan:
    """A plan of 2020-2022.

    ``indicators``: id, history by year, targets as (value, sense), and optionally kind,
    average_method and any_of.
    ``works``: id, start, end, 亿元. ``effects``: work, indicator, per 亿元, which stay for good.
    """
    rows: dict[str, list[dict[str, Any]]] = {
        "about": [{"id": "x", "name_zh": "x", "first_year": 2020, "last_year": 2022}],
        "indicators": [
            {
                "id": one["id"],
                "name_zh": one["id"],
                "kind": one.get("kind", "level"),
                "unit": "亿元",
                "nature": "flow",
                "average_method": one.get("average_method"),
            }
            for one in indicators
        ],
        "targets": [
            {
                "indicator": one["id"],
                "value": value,
                "sense": sense,
                "year": 2022,
                "any_of": one.get("any_of"),
            }
            for one in indicators
            for value, sense in one["targets"]
        ],
        "observations": [
            {
                "indicator": one["id"],
                "period": str(year),
                "measure": "level",
                "basis": "year",
                "value": value,
                "unit": "亿元",
            }
            for one in indicators
            for year, value in one["history"].items()
        ],
        "projects": [
            {
                "id": name,
                "table": 2,
                "row": i + 1,
                "name_zh": name,
                "category": "road",
                "opens": True,
                "start": start,
                "end": end,
                "investment": money,
            }
            for i, (name, start, end, money) in enumerate(works)
        ],
        "effects": [
            {
                "target": work,
                "indicator": indicator,
                "per_unit": per_unit,
                "lag": 0.0,
                "decay": 0.0,
                "origin": "assumed",
            }
            for work, indicator, per_unit in effects
        ],
    }
    return Plan(
        {name: from_rows(name, rows[name]) if name in rows else empty(name) for name in TABLES}
    )


def less_done(money: float, months: Any, year: int) -> Any:
    """亿元 that a work of 2020-2022 has carried out less by a year's end when late by months."""
    late = np.clip((12 * (year - 2019) - np.asarray(months)) / 36, 0, 1)
    return money * (late - (year - 2019) / 3)
