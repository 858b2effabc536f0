"""How fast each indicator must grow to keep its promise, by the plan alone (S4, S6, S7)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from corridor_model import growth
from corridor_model.codes import weakest
from corridor_model.errors import GrowthUndefinedError
from corridor_model.plan.records import bounds, last_target

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one indicator needs; None is a mask and ``reason`` says why (S7).

    Attributes
    ----------
    required_rate : float or None
        Yearly fraction, compounded over ``steps`` years; negative where the value must or
        may fall.
    required_step : float or None
        Yearly addition in the indicator's unit; percentage points where that is %.
    already_met : bool or None
        Whether the baseline itself meets the target.
    """

    kind: str
    sense: str
    unit: str
    baseline: float | None
    baseline_year: int | None
    baseline_origin: str | None
    series: str | None
    target: float
    target_max: float | None
    target_year: int
    steps: int | None
    required_rate: float | None
    required_step: float | None
    already_met: bool | None
    reason: str
    origin: str

    @property
    def goal(self) -> float:
        """The value the rate leads to: of a range, the bound a path meets first."""
        if self.target_max is None or self.baseline is None:
            return self.target
        return _nearest_bound(self.baseline, self.target, self.target_max)


def requirements(plan: Plan) -> pd.DataFrame:
    """Return what each indicator needs by the plan alone, as a table indexed by ``indicator``.

    See Also
    --------
    corridor_model.required_growth : the same with what has happened since; it says what the
        columns mean.
    """
    import pandas as pd

    rows = [requirement(indicator) for indicator in plan.indicators.values()]
    frame = pd.DataFrame(
        {
            field.name: pd.Series(
                [getattr(row, field.name) for row in rows], dtype=_DTYPES.get(field.name, "str")
            )
            for field in fields(Requirement)
        }
    )
    frame.index = pd.Index(list(plan.indicators), name="indicator")
    frame.attrs["example"] = plan.example
    return frame


_DTYPES = {
    **dict.fromkeys(("baseline", "target", "target_max"), "float64"),
    **dict.fromkeys(("required_rate", "required_step"), "float64"),
    **dict.fromkeys(("baseline_year", "target_year", "steps"), "Int64"),
    "already_met": "boolean",
}


def requirement(indicator: Indicator) -> Requirement:
    """Return what one indicator needs, from the baseline in use to the last target due."""
    last = last_target(indicator)
    lower, upper = bounds(indicator)
    goal = last.value if lower is None else lower
    is_range = lower is not None and upper is not None and lower != upper
    start = indicator.baseline
    rate, step, met, reason = _needed(indicator, lower, upper)
    origins = ["document"]
    if start is not None and (rate is not None or step is not None) and indicator.kind != "growth":
        origins.append(start.origin)
    return Requirement(
        kind=indicator.kind,
        sense="at_least" if is_range else last.sense,
        unit=indicator.unit,
        baseline=None if start is None else start.value,
        baseline_year=None if start is None else start.year,
        baseline_origin=None if start is None else start.origin,
        series=None if start is None else start.series,
        target=goal,
        target_max=upper if is_range else None,
        target_year=last.year,
        steps=None if start is None else last.year - start.year,
        required_rate=rate,
        required_step=step,
        already_met=met,
        reason=reason,
        origin=weakest(origins),
    )


def _needed(
    indicator: Indicator, lower: float | None, upper: float | None
) -> tuple[float | None, float | None, bool | None, str]:
    """Return rate, step, whether the baseline meets the target, and the reason for a mask."""
    last = last_target(indicator)
    start = indicator.baseline
    if indicator.kind == "growth":
        return last.value / 100, None, None, ""
    if indicator.kind in {"annual", "milestone"}:
        return None, None, None, "not_applicable"
    if start is None:
        return None, None, None, "no_baseline"
    met = within(start.value, lower, upper)
    goal = _nearest_bound(start.value, lower, upper)
    steps = last.year - start.year
    step = growth.linear_step(start.value, goal, steps)
    if indicator.kind == "completion":
        # work done is added up, not compounded
        return None, float(step), met, "not_applicable"
    try:
        rate = float(growth.cagr(start.value, goal, steps))
    except GrowthUndefinedError:
        return None, float(step), met, "undefined_rate"
    return rate, float(step), met, ""


def within(value: float, lower: float | None, upper: float | None) -> bool:
    """Whether a value meets the bounds of a target, of which one may be absent."""
    return (lower is None or bool(growth.meets(value, lower, "at_least"))) and (
        upper is None or bool(growth.meets(value, upper, "at_most"))
    )


def _nearest_bound(value: float, lower: float | None, upper: float | None) -> float:
    """Return the bound that a path must reach: of a range, the one it would meet first."""
    if lower is None or upper is None:
        bound = lower if lower is not None else upper
        assert bound is not None
        return bound
    return upper if value > upper else lower
