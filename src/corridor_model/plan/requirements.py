"""How fast each indicator must grow to keep its promise, by the plan alone (S4, S6, S7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from corridor_model import growth
from corridor_model.codes import weakest
from corridor_model.errors import GrowthUndefinedError
from corridor_model.labels import SCHEMA_VERSION
from corridor_model.plan.measures import measures
from corridor_model.plan.promises import Promise, is_limit, own_promise, relative_bounds, span_of
from corridor_model.plan.records import bounds, is_part_of_a_year, strict_ends
from corridor_model.plan.revisions import in_force

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.contents import PlanRecords
    from corridor_model.plan.records import Baseline, Indicator


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one promise needs; None is a mask and ``reason`` says why (S7).

    Attributes
    ----------
    required_rate : float or None
        Yearly fraction, compounded over ``steps`` years; negative where the value must or
        may fall. Of a limit: the rate at which it would just hold.
    required_step : float or None
        Yearly addition in the promise's unit; percentage points where that is %.
    already_met : bool or None
        Whether the baseline itself meets the target.
    is_limit : bool
        Whether it is kept by holding (S19): the rate and the step then say what may be used.
    """

    kind: str
    sense: str
    unit: str
    baseline: float | None
    baseline_year: int | None
    baseline_origin: str | None
    series: str | None
    target: float | None
    target_max: float | None
    target_year: int | None
    steps: int | None
    required_rate: float | None
    required_step: float | None
    already_met: bool | None
    is_limit: bool
    reason: str
    origin: str

    @property
    def number(self) -> float:
        """The target, of a promise that has one."""
        assert self.target is not None
        return self.target

    @property
    def goal(self) -> float:
        """The value the rate leads to: of a range, the bound a path meets first."""
        # a change goes its way from nothing, wherever the level stands
        start = 0.0 if self.kind in measures(value="change") else self.baseline
        if self.target_max is None or start is None:
            return self.number
        return _nearest_bound(start, self.number, self.target_max)


def requirements(plan: PlanRecords, day: str = "9999") -> pd.DataFrame:
    """Return what each promise needs by the plan alone, as a table indexed by ``indicator``.

    Parameters
    ----------
    plan : Plan
        With the revisions of its targets.
    day : str, optional
        Leave out revisions after this day, such as ``2021-12-31``.

    See Also
    --------
    corridor_model.required_growth : the same with what has happened since; it says what the
        columns mean.
    """
    import pandas as pd

    known = requirements_of(plan, day)
    rows = list(known.values())
    frame = pd.DataFrame(
        {
            field.name: pd.Series(
                [getattr(row, field.name) for row in rows], dtype=_DTYPES.get(field.name, "str")
            )
            for field in fields(Requirement)
        }
    )
    frame.index = pd.Index(list(known), name="indicator")
    frame.attrs |= {"example": plan.example, "schema_version": SCHEMA_VERSION}
    return frame


_DTYPES = {
    **dict.fromkeys(("baseline", "target", "target_max"), "float64"),
    **dict.fromkeys(("required_rate", "required_step"), "float64"),
    **dict.fromkeys(("baseline_year", "target_year", "steps"), "Int64"),
    **dict.fromkeys(("already_met", "is_limit"), "boolean"),
}


def requirements_of(plan: PlanRecords, day: str = "9999") -> dict[str, Requirement]:
    """Return what each promise needs, as revised by a day; a withdrawn one needs nothing."""
    now = in_force(plan, day)
    return {
        name: _withdrawn(plan.targets[name])
        if promise is None
        else requirement(promise, bound_of(promise, now.values()), plan.about.base_year)
        for name, promise in now.items()
    }


def bound_of(promise: Promise, promises: Iterable[Promise | None]) -> float | None:
    """Return the bound that another indicator's promise of the same measure sets (S4)."""
    for other in promises:
        if other is None or other.of != promise.relative_to:
            continue
        if other.kind == promise.kind and other.value is not None and other.year == promise.year:
            return other.value + promise.margin
    return None


def requirement(
    indicator: Indicator, bound: float | None = None, base_year: int | None = None
) -> Requirement:
    """Return what one promise needs, from the baseline in use to its date.

    Parameters
    ----------
    indicator : Promise or Indicator
        The promise, or the indicator whose own one is meant.
    bound : float, optional
        Of a promise relative to another indicator: what that one's promise makes of it.
    base_year : int, optional
        The year before the plan, since which a change counts that names no other.
    """
    promise = own_promise(indicator)
    lower, upper = bounds(promise)
    if bound is not None:
        lower, upper = relative_bounds(promise, bound)
    start = promise.baseline
    if start is not None and promise.base_year not in {None, start.year}:
        start = None
    year = promise.year
    limit, _ = is_limit(promise, None if start is None else start.value)
    reason = promise.reason or ("bound_unknown" if (lower, upper) == (None, None) else "")
    begins = promise.base_year or base_year if start is None else start.year
    rate, step, met = None, None, None
    if promise.kind == "milestone":
        reason = "not_applicable"
    elif not reason:
        rate, step, met, reason = _needed(promise, start, lower, upper, begins)
    origins = ["document"]
    if start is not None and (rate is not None or step is not None) and promise.kind != "growth":
        origins.append(start.origin)
    is_range = lower is not None and upper is not None and lower != upper
    dated = start is not None or promise.measure.value == "change"
    target = lower if upper is None or is_range else upper
    if promise.sense == "about":
        target = promise.value if bound is None else bound
    return Requirement(
        kind=promise.kind,
        sense="at_least" if promise.sense == "range" else promise.sense or "",
        unit=promise.unit,
        baseline=None if start is None else start.value,
        baseline_year=None if start is None else start.year,
        baseline_origin=None if start is None else start.origin,
        series=None if start is None else start.series,
        target=promise.value if target is None else target,
        target_max=upper if is_range and promise.sense == "range" else None,
        target_year=year,
        steps=year - begins if dated and begins is not None and year is not None else None,
        required_rate=rate,
        required_step=step,
        already_met=met,
        is_limit=limit,
        reason=reason,
        origin=weakest(origins),
    )


def _withdrawn(promise: Promise) -> Requirement:
    """Return what a withdrawn promise needs: nothing."""
    none: dict[str, Any] = dict.fromkeys((field.name for field in fields(Requirement)), None)
    texts = {"kind": promise.kind, "sense": promise.sense or "", "unit": promise.unit}
    rest: dict[str, Any] = {"is_limit": False, "reason": "target_revised", "origin": "document"}
    return Requirement(**none | texts | rest)


def _needed(
    promise: Promise,
    start: Baseline | None,
    lower: float | None,
    upper: float | None,
    begins: int | None,
) -> tuple[float | None, float | None, bool | None, str]:
    """Return rate, step, whether the baseline meets the target, and the reason for a mask."""
    year, value = promise.year, promise.measure.value
    assert year is not None
    if promise.kind == "growth":
        return float(_nearest_bound(0.0, lower, upper)) / 100, None, None, ""
    if value == "year":
        return None, None, None, "not_applicable"
    if value == "change":
        return _changed(promise, start, lower, upper, begins)
    if is_part_of_a_year(promise):
        # it is counted from nothing on 1 January: no year before it is its start
        return None, None, None, "not_applicable"
    if start is None:
        return None, None, None, "no_baseline"
    span = span_of(promise, start.value, lower, upper)
    met = within(promise, start.value, span.lower, span.upper)
    goal = _nearest_bound(start.value, lower, upper)
    steps = year - start.year
    if steps < 1:
        # a figure since an interim date is the start of what follows, not of what led there
        return None, None, met, "deadline_passed"
    step = growth.linear_step(start.value, goal, steps)
    if promise.kind == "completion":
        # work done is added up, not compounded
        return None, float(step), met, "not_applicable"
    try:
        rate = float(growth.cagr(start.value, goal, steps))
    except GrowthUndefinedError:
        return None, float(step), met, "undefined_rate"
    return rate, float(step), met, ""


def _changed(
    promise: Promise,
    start: Baseline | None,
    lower: float | None,
    upper: float | None,
    begins: int | None,
) -> tuple[float | None, float | None, bool | None, str]:
    """Return the same of a change: a relative one has its rate without any level."""
    if promise.kind == "relative_change" and start is not None and start.value <= 0:
        return None, None, None, "undefined_rate"  # nothing is a percentage of 0 or of a loss
    change = _nearest_bound(0.0, lower, upper)
    met = within(promise, 0.0, lower, upper)
    assert promise.year is not None
    if begins is None:
        return None, None, met, "no_baseline"
    steps = promise.year - begins
    if steps < 1:
        return None, None, met, "deadline_passed"
    step = float(growth.linear_step(0.0, change, steps))
    relative = promise.kind == "relative_change"
    if not relative and start is None:
        return None, step, met, "no_baseline"
    base = 100.0 if relative or start is None else start.value
    try:
        return float(growth.cagr(base, base + change, steps)), step, met, ""
    except GrowthUndefinedError:
        return None, step, met, "undefined_rate"


def within(promise: Indicator, value: float, lower: float | None, upper: float | None) -> bool:
    """Whether a value meets bounds, of which one may be absent, and each may be strict (S3)."""
    low_open, high_open = strict_ends(promise)
    low, high = "above" if low_open else "at_least", "below" if high_open else "at_most"
    return (lower is None or bool(growth.meets(value, lower, low))) and (
        upper is None or bool(growth.meets(value, upper, high))
    )


def _nearest_bound(value: float, lower: float | None, upper: float | None) -> float:
    """Return the bound that a path must reach: of a range, the one it would meet first."""
    if lower is None or upper is None:
        bound = lower if lower is not None else upper
        assert bound is not None
        return bound
    return upper if value > upper else lower
