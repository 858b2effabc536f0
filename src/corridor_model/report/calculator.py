"""What the page's calculator starts from: promises and works with the numbers of the library.

The page computes with the same formulas; a promise is offered only where they give its verdict
as it stands, to the last digit that is kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model import growth
from corridor_model.assessment.rollup import Promise
from corridor_model.assessment.verdicts import by_gap
from corridor_model.periods import MONTHS, end_of, start_of
from corridor_model.plot.portfolio import frontier_line
from corridor_model.report.standing import Row, Standing

if TYPE_CHECKING:
    import xarray as xr

KINDS = frozenset({"level", "share", "ratio", "rank"})
"""Measures whose own value grows at a rate."""
SENSES = {"at_least": 1, "above": 1, "at_most": -1, "below": -1}


class Model(NamedTuple):
    """The calculator: promises and works offered, in the order of the menus.

    Attributes
    ----------
    promises : tuple of str
        Ids of promises.
    works : tuple of str
        Ids of works.
    numbers : dict
        Everything the page computes from, as JSON takes it.
    """

    promises: tuple[str, ...]
    works: tuple[str, ...]
    numbers: dict[str, Any]


def model_of(
    standing: Standing,
    rows: Mapping[str, Row],
    assessment: xr.Dataset,
    works: xr.Dataset | None,
    choice: xr.Dataset | None,
) -> Model:
    """Return what the calculator starts from.

    Parameters
    ----------
    standing : Standing
        Where the plan stands.
    rows : mapping
        The variables of each promise.
    assessment : Dataset
        Of ``assess``; the calculator knows the rule ``schedule`` alone.
    works : Dataset, optional
        Of ``spending`` or ``simulate``, of one scenario.
    choice : Dataset, optional
        Of ``choose_projects``, for what a budget buys.
    """
    about = standing.plan.about
    thresholds = json.loads(str(assessment.attrs["thresholds"])).get("schedule")
    promises = {}
    if thresholds is not None:
        for promise in standing.promises:
            entry = _promise(standing, promise, rows[promise.indicators[0]], thresholds)
            if entry is not None:
                promises[promise.id] = entry
    moving = {} if works is None else _works(standing, works)
    return Model(
        tuple(promises),
        tuple(moving),
        {
            "promises": list(promises.values()),
            "works": list(moving.values()),
            "plan": [about.first_year, about.last_year],
            "thresholds": thresholds or {},
            "frontier": [] if choice is None else _frontier(choice),
        },
    )


def _promise(
    standing: Standing, promise: Promise, row: Row, thresholds: Mapping[str, float]
) -> dict[str, Any] | None:
    """Return the numbers of a promise; None where the formulas of the page do not hold."""
    numbers = [row[name] for name in ("baseline", "compared", "target", "due", "compared_at")]
    if (
        len(promise.indicators) > 1
        or row["kind"] not in KINDS
        or row["sense"] not in SENSES
        or row["is_limit"]
        or row["relative_to"]
        or math.isfinite(row["target_max"])
        or not all(math.isfinite(value) for value in numbers)
        or min(numbers[:3]) <= 0
        or row["due"] <= row["compared_at"]
        or row["compared_at"] <= row["baseline_year"]
    ):
        return None
    start, now, aim, due, at = numbers
    entry = {
        "sense": row["sense"],
        "start": start,
        "since": int(row["baseline_year"]),
        "now": now,
        "at": at,
        "aim": aim,
        "due": due,
        "cap": 100.0 if row["kind"] == "share" else None,
        "aimed": standing.plan.targets[row["indicator"]].role == "aim",
        "unit": row["unit"],
        "growth": _pace(start, now, at - row["baseline_year"]),
    }
    return entry if _verdict(entry, thresholds) == row["status"] else None


def _pace(start: float, now: float, years: float) -> float:
    return float(growth.cagr(start, now, years)) if years > 0 else 0.0


def _verdict(entry: Mapping[str, Any], thresholds: Mapping[str, float]) -> str:
    """Return the verdict that the page's formulas give, as :file:`page.js` has them."""
    start, now, aim = entry["start"], entry["now"], entry["aim"]
    if holds(now, aim, entry["sense"]):
        return "achieved"
    if holds(start, aim, entry["sense"]) or start == aim:
        return "behind"
    elapsed = (entry["at"] - entry["since"]) / (entry["due"] - entry["since"])
    return by_gap((now - start) / (aim - start) - elapsed, thresholds)


def holds(value: float, bound: float, sense: str) -> bool:
    """Return whether a value keeps a bound (S3).

    Examples
    --------
    >>> holds(3, 3, "at_least"), holds(3, 3, "above"), holds(2, 3, "below")
    (True, False, True)
    """
    if value == bound:
        return sense in {"at_least", "at_most"}
    return (value - bound) * SENSES[sense] > 0


def _works(standing: Standing, works: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Return works with known money or length; empty where one is not spread evenly."""
    if not works.sizes["project"] or set(map(str, works["profile"].values)) - {"even", ""}:
        return {}
    known = {}
    for i, name in enumerate(map(str, works["project"].values)):
        at = works.isel(project=i)
        project = standing.plan.projects[name]
        begins, ends = str(at["start_planned"].values), str(at["end_planned"].values)
        km = project.length_in_area_km if project.opens else None
        if not (begins and ends and (project.investment or km)):
            continue
        known[name] = {
            "money": project.investment or 0.0,
            "begins": start_of(begins),
            "ends": end_of(ends),
            "category": project.category,
            "km": km,
        }
    since = standing.plan.about.first_year * MONTHS
    return known if _agrees(known, works, since) else {}


def _agrees(known: Mapping[str, Mapping[str, Any]], works: xr.Dataset, since: int) -> bool:
    """Return whether money spread evenly is the library's, year by year."""
    years = works["spending_year"].values.astype(float)
    for name, work in known.items():
        bounds = np.append(years, years[-1] + 1) * MONTHS
        share = np.clip((bounds - work["begins"]) / (work["ends"] - work["begins"]), 0, 1)
        own = np.nan_to_num(works["spending"].sel(project=name).values)
        if not np.allclose(np.diff(share) * work["money"], own, rtol=0, atol=1e-9):
            return False
    return True


def _frontier(choice: xr.Dataset) -> list[list[float]]:
    """Return multiples of the budget with what they buy, where that is money."""
    if choice.sizes["budget_scale"] < 2:
        return []
    line = frontier_line(choice)
    if not line.of_money:
        return []
    return [
        [float(scale), float(value)]
        for scale, value in zip(line.scale, line.value, strict=True)
        if math.isfinite(value)
    ]
