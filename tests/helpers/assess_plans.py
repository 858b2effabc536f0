"""Small plans and figures for the tests of the assess floor."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import pandas as pd

from corridor_model.observations.load import load_observations
from corridor_model.observations.model import Observations, Remark
from corridor_model.plan.plan import Plan
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows

ABOUT = {
    "id": "test",
    "name_zh": "测试计划",
    "name_en": "Test plan",
    "first_year": 2020,
    "last_year": 2022,
}
NATURES = {
    "share": "ratio",
    "ratio": "ratio",
    "rank": "rank",
    "milestone": "event",
    "completion": "ratio",
}


def indicator(name: str, kind: str = "level", **more: Any) -> dict[str, Any]:
    nature = NATURES.get(kind, "stock" if kind == "level" else "flow")
    unit = {"milestone": None, "share": "%", "ratio": "%", "growth": "%"}.get(kind, "家")
    return {"id": name, "name_zh": name, "kind": kind, "unit": unit, "nature": nature} | more


def target(name: str, value: float = 100, sense: str = "at_least", **more: Any) -> dict[str, Any]:
    return {"indicator": name, "value": value, "sense": sense, "year": 2022} | more


def baseline(name: str, value: float, year: int = 2019, **more: Any) -> dict[str, Any]:
    return {"indicator": name, "value": value, "year": year, "origin": "user"} | more


def plan_of(**tables: list[dict[str, Any]]) -> Plan:
    """Return a plan made of rows, unchecked; tables that are not given are empty."""
    made = {name: empty(name) for name in TABLES}
    made["about"] = from_rows("about", [ABOUT])
    for name, rows in tables.items():
        made[name] = from_rows(name, rows)
    return Plan(made)


def one(
    kind: str = "level",
    value: float = 100,
    base: float | None = 50,
    sense: str = "at_least",
    about: dict[str, Any] | None = None,
    **more: Any,
) -> Plan:
    """Return a plan with the one indicator ``x``."""
    return plan_of(
        indicators=[indicator("x", kind, **(about or {}))],
        targets=[target("x", value, sense, **more)],
        baselines=[] if base is None else [baseline("x", base)],
    )


FIVE_YEARS = {**ABOUT, "first_year": 2021, "last_year": 2025}


def five_years(
    kind: str = "level",
    base: float | None = None,
    about: dict[str, Any] | None = None,
    targets: Sequence[dict[str, Any]] = (),
    others: Sequence[dict[str, Any]] = (),
    more: Sequence[dict[str, Any]] = (),
    **tables: list[dict[str, Any]],
) -> Plan:
    """Return a plan of 2021-2025 with the indicator ``x``, and others beside it."""
    rows = [{"indicator": "x", "year": 2025, **row} for row in targets]
    starts = [] if base is None else [baseline("x", base, 2020)]
    plan = plan_of(
        indicators=[indicator("x", kind, **(about or {})), *others],
        targets=[*rows, *more],
        baselines=starts,
        **tables,
    )
    return Plan({**plan.tables, "about": from_rows("about", [FIVE_YEARS])})


def figures(plan: Plan, *rows: tuple[Any, ...]) -> Observations:
    """Return figures: (indicator, period, value[, measure[, series[, published[, unit]]]])."""
    if not rows:
        return Observations()
    names = ("indicator", "period", "value", "measure", "series", "published", "unit")
    filled = [dict(zip(names, row, strict=False)) for row in rows]
    frame = pd.DataFrame(filled, columns=list(names)).astype({"period": "str"})
    with warnings.catch_warnings():
        # what a figure looks like is the concern of the floor below
        warnings.simplefilter("ignore")
        return load_observations(frame.dropna(axis=1, how="all"), plan)


def remark(name: str, period: str, reason: str, text: str = "") -> Observations:
    return Observations(remarks=(Remark(name, period, reason, text),))
