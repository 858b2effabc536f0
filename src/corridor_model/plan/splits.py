"""Yearly splits (年度分解目标): what a year must bring, for every measure (S21).

A split says its ``basis``: ``year``, what that year brings, or ``to_date``, what stands at its
end. Where it does not, the numbers may leave one reading: 40, 40, 40 of 120 are years, 40, 80,
120 run. Otherwise the basis is asked for, and the split is not used until it is stated.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corridor_model import units
from corridor_model.arguments import holding
from corridor_model.errors import CorridorError, CorridorWarning, PlanError, Problem
from corridor_model.messages import N_, Listing, Name, message
from corridor_model.plan.promises import base_year_of
from corridor_model.tabular.cells import Quantity
from corridor_model.tabular.frames import (
    columns_of,
    frame_of,
    read_frame,
    with_defaults,
    with_index,
)
from corridor_model.tabular.parse import parse_table, unit_mismatch
from corridor_model.tabular.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.contents import PlanRecords
    from corridor_model.plan.promises import Promise
    from corridor_model.tabular.frames import Tabular

BASES = ("year", "to_date")

CLOSE = 0.005
"""Parts that were rounded sum to the whole within this share of it."""

_ROLLING = frozenset({"level", "share", "ratio", "rank", "change", "relative_change"})
"""Measures of which a split usually says where they stand at the end of the year."""


@dataclass(frozen=True, slots=True)
class Split:
    """One year's own target.

    Attributes
    ----------
    value : float
        In the unit of the promise.
    origin : str
        Of the number (S5); ``document`` for a bound of that year which the plan prints.
    basis : str
        ``year`` or ``to_date``; empty where it must be asked for.
    reason : str
        ``basis_unknown`` where the numbers leave no single reading; otherwise empty.
    """

    value: float
    origin: str
    basis: str
    reason: str = ""


class SplitWarning(CorridorWarning):
    """A yearly split is not used until its basis is stated (S21)."""


def splits_of(plan: PlanRecords, more: Table | pd.DataFrame | None, year: int) -> dict[str, Split]:
    """Return this year's own targets by promise.

    Parameters
    ----------
    plan : Plan
        With its table ``annual_targets``, and with interim targets among its promises.
    more : Table or DataFrame or None
        Those a user brings: indicator, year, value, and basis and origin where known.
    year : int
        The year.

    Warns
    -----
    SplitWarning
        Where a basis must be asked for, or nothing is promised of an indicator.

    Raises
    ------
    CorridorError
        For an indicator the plan does not know, and cells that say no number, year, basis or
        origin.
    """
    rows = _rows(plan.tables["annual_targets"].columns, "published")
    if more is not None:
        holding("annual_targets", more, "DataFrame", "columns")
        table = more if isinstance(more, Table) else _table_of(more, plan)
        rows |= _rows(table.columns, "user")
    by_name: dict[str, dict[int, tuple[float, str, str]]] = {}
    for (name, of_year), cells in rows.items():
        by_name.setdefault(name, {})[of_year] = cells
    splits = {} if not by_name else _of_year(plan, by_name, year)
    # a bound of an earlier date that the plan itself prints is a split of the later promise
    for promise in plan.targets.values():
        main = plan.targets.get(promise.of)
        if promise.year != year or main is None or main.id in splits or promise.value is None:
            continue
        if promise.kind == main.kind and promise.tier == main.tier and (main.year or 0) > year:
            splits[main.id] = Split(promise.value, "document", "to_date")
    return splits


def _table_of(frame: Tabular, plan: PlanRecords) -> Table:
    """Return a person's own frame as the table of the schema; its other columns are none."""
    own = with_index(frame_of(frame, _NAME), _NAME)
    titles = columns_of(own.columns, _NAME)
    if lacking := [name for name in ("indicator", "year", "value") if name not in titles]:
        raise CorridorError(N_("annual_targets lacks the columns {names}."), names=Listing(lacking))
    known = [place for place, one in enumerate(titles) if one]
    text = with_defaults(read_frame(own.iloc[:, known], _NAME, numbered=True), _NAME)
    table, problems = parse_table(text, _NAME)
    values = list(table["value"])
    for row, value in enumerate(values):
        if not isinstance(value, Quantity):
            continue
        name = table["indicator"][row]
        promise = plan.targets.get(name) or plan.indicators.get(name)
        into = value.unit if promise is None else promise.unit or ""
        try:
            values[row] = units.convert(value.value, value.unit, into)
        except units.UnitError:
            problems.append(unit_mismatch(table, row, "value", value.unit, into))
    if problems:
        raise PlanError(problems)
    return replace(table, columns={**table.columns, "value": tuple(values)})


_NAME = "annual_targets"
_COLUMNS = ("indicator", "year", "value", "basis", "origin")


def _rows(
    columns: Mapping[str, Iterable[Any]], origin: str
) -> dict[tuple[str, int], tuple[float, str, str]]:
    """Return value, origin and basis by indicator and year."""
    known = {name: list(values) for name, values in columns.items() if name in _COLUMNS}
    count = len(known.get("value", ()))
    bases = known.get("basis", [None] * count)
    origins = known.get("origin", [origin] * count)
    return {
        (str(name), int(year)): (float(value), of or origin, basis if basis in BASES else "")
        for name, year, value, of, basis in zip(
            known["indicator"], known["year"], known["value"], origins, bases, strict=True
        )
    }


def _of_year(
    plan: PlanRecords, by_name: Mapping[str, Mapping[int, tuple[float, str, str]]], year: int
) -> dict[str, Split]:
    splits: dict[str, Split] = {}
    for name, years in by_name.items():
        promise = plan.targets.get(name)
        if promise is None:
            _is_no_promise(plan, name)
            continue
        if year not in years:
            continue
        value, origin, basis = years[year]
        if not basis:
            stated = {stated for _, _, stated in years.values() if stated}
            basis = stated.pop() if len(stated) == 1 else ""
        if not basis:
            values = {of_year: cells[0] for of_year, cells in years.items()}
            basis = reading(promise, values, year, plan.about.base_year)
        if not basis:
            warnings.warn(SplitWarning(_which_basis(promise)), stacklevel=5)
        splits[promise.id] = Split(value, origin, basis, "" if basis else "basis_unknown")
    return splits


def _is_no_promise(plan: PlanRecords, name: str) -> None:
    """Refuse the split of a name the plan does not know; warn of one that nothing promises."""
    if name not in plan.indicators:
        raise CorridorError(N_("annual_targets: the plan has no indicator {id!r}."), id=name)
    what = message("{id} has a yearly target and no promise: it is not used.", id=name)
    remedy = message("Add its target in targets, or remove the row.")
    warnings.warn(SplitWarning(Problem(what, remedy, "annual_targets")), stacklevel=6)


def _which_basis(promise: Promise) -> Problem:
    return Problem(
        message(
            "{indicator}: the numbers may be what each year brings or what stands at its end.",
            indicator=Name(f"“{promise.name_zh}”", promise.id),
        ),
        message("Add a column basis: year or to_date. Until then they are not used."),
        "annual_targets",
    )


def reading(promise: Promise, values: Mapping[int, float], year: int, plan_base_year: int) -> str:
    """Return the one reading that the numbers of a split leave, or an empty text.

    Parameters
    ----------
    promise : Promise
        Of which they are the split.
    values : mapping of int to float
        By year.
    year : int
        The year in question: in the first one both readings say the same of additions.
    plan_base_year : int
        The year before the plan.

    Examples
    --------
    >>> import corridor_model as cm
    >>> count = cm.load_plan().targets["new_hightech_enterprises"]
    >>> reading(count, {2020: 40, 2021: 80, 2022: 120}, 2021, 2019)
    'to_date'
    >>> reading(count, {2020: 40, 2021: 40, 2022: 40}, 2021, 2019)
    'year'
    """
    if promise.kind == "annual" or (promise.kind == "level" and promise.nature == "flow"):
        return "year"  # an amount a year has no other reading
    first = base_year_of(promise, plan_base_year) + 1
    # what is stated of other years is no part of the way
    inside = range(first, (promise.year or max(values)) + 1)
    values = {one: value for one, value in values.items() if one in inside}
    if promise.kind == "growth":
        return _of_growth(promise, values, year, first)
    start, goal = promise.baseline, promise.value
    if promise.measure.value == "additions":
        base = 0.0 if start is None else start.value
        if year == first:
            return "year"
    elif promise.measure.value == "change":
        base = 0.0
    elif start is None:
        return "to_date" if promise.kind in _ROLLING else ""
    else:
        base = start.value
    if goal is None:
        return ""
    whole = goal - base
    fits = {
        "year": _are_parts(values, whole, first, promise.year),
        "to_date": _run(values, base, goal, promise.year),
    }
    left = [basis for basis in BASES if fits[basis]]
    return left[0] if len(left) == 1 else ""


def _are_parts(values: Mapping[int, float], whole: float, first: int, last: int | None) -> bool:
    """Return whether the numbers can be what each year brings: parts of the whole way."""
    if whole == 0 or any(value * whole < 0 for value in values.values()):
        return False
    part = sum(values.values()) / whole
    if last is not None and set(range(first, last + 1)) <= set(values):
        return math.isclose(part, 1.0, abs_tol=CLOSE)
    return part <= 1 + CLOSE


def _run(values: Mapping[int, float], base: float, goal: float, last: int | None) -> bool:
    """Return whether the numbers can be what stands at each year's end, on the way to the goal."""
    ordered = [base, *(values[year] for year in sorted(values))]
    rising = 1 if goal >= base else -1
    steps = [(b - a) * rising for a, b in pairwise(ordered)]
    if any(step < 0 for step in steps) or (ordered[-1] - goal) * rising > abs(goal) * CLOSE:
        return False
    return last is None or last not in values or math.isclose(values[last], goal, rel_tol=CLOSE)


def _of_growth(promise: Promise, values: Mapping[int, float], year: int, first: int) -> str:
    """Return whether rates are those of the years, or averages since the start."""
    so_far = [values.get(one) for one in range(first, year + 1)]
    if so_far and len(set(so_far)) == 1:
        return "year"  # the same rate each year is also the average
    last, goal = promise.year, promise.value
    if last is None or goal is None or not set(range(first, last + 1)) <= set(values):
        return ""
    chain = math.prod(1 + value / 100 for value in values.values())
    average = 100 * (chain ** (1 / len(values)) - 1)
    fits = {
        "year": abs(average - goal) < 0.05 + CLOSE * abs(goal),
        "to_date": math.isclose(values[last], goal, rel_tol=CLOSE),
    }
    left = [basis for basis in BASES if fits[basis]]
    return left[0] if len(left) == 1 else ""
