"""Plans made up for the tests of the portfolio floor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.scenario.profiles import ShareTable
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows


def made_up_plan(works: Sequence[dict[str, Any]], first: int = 2020, last: int = 2022) -> Plan:
    """A plan with nothing but works; each row wants an id, the rest has defaults."""
    rows = [
        {
            "table": 2,
            "row": i + 1,
            "name_zh": work["id"],
            "category": "road",
            "opens": True,
            "start": str(first),
            "end": str(first),
            "investment": 1.0,
            **work,
        }
        for i, work in enumerate(works)
    ]
    about = [{"id": "x", "name_zh": "x", "first_year": first, "last_year": last}]
    given = {"about": about, "projects": rows}
    return Plan(
        {name: from_rows(name, given[name]) if name in given else empty(name) for name in TABLES}
    )


def by_years(costs: Sequence[Sequence[float]], first: int = 2020) -> tuple[Plan, cm.Scenario]:
    """Works w0, w1 ... that spend these amounts in these years, if not moved."""
    n = len(costs[0])
    last = first + n - 1
    works = [
        {"id": f"w{i:02d}", "investment": float(sum(row)), "end": str(last)}
        for i, row in enumerate(costs)
    ]
    changes = [
        cm.SetProfile(f"w{i:02d}", profile=ShareTable(tuple(map(float, row))))
        for i, row in enumerate(costs)
    ]
    return made_up_plan(works, first, last), cm.Scenario("profiles", *changes)


def subsets(n: int) -> np.ndarray:
    """Every 0/1 vector, shape (2^n, n)."""
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1


def every(starts: Sequence[Sequence[int | None]]) -> list[tuple[int | None, ...]]:
    """Every combination of a start, or None, for each work."""
    return list(product(*starts))
