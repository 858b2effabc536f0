"""How fast each indicator must grow to keep its promise (issue of every plan: S4, S6, S7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model import growth
from corridor_model.codes import weakest
from corridor_model.errors import GrowthUndefinedError
from corridor_model.plan.records import bounds

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


COLUMNS = (
    "kind",
    "sense",
    "unit",
    "baseline",
    "baseline_year",
    "baseline_origin",
    "series",
    "target",
    "target_max",
    "target_year",
    "steps",
    "required_rate",
    "required_step",
    "already_met",
    "reason",
    "origin",
)


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


def required_growth(plan: Plan) -> pd.DataFrame:
    """Return how fast each indicator must grow from its baseline to its target.

    Parameters
    ----------
    plan : Plan
        The plan; its baselines say where each indicator starts.

    Returns
    -------
    pandas.DataFrame
        One row an indicator, indexed by ``indicator``:

        - kind, sense, unit, target, target_max (the upper end of a range), target_year;
        - baseline, baseline_year, baseline_origin, series, steps: the start and the number
          of yearly steps, which follows from the two years (S1);
        - required_rate: yearly fraction, compounded (水平法); negative where a value must fall;
        - required_step: yearly addition in the indicator's unit;
        - already_met: whether the baseline meets the target, so that the rate says how much
          may be lost;
        - reason: why a rate is masked (``no_baseline``, ``undefined_rate``,
          ``not_applicable``), otherwise empty;
        - origin: the weakest origin of what was used (S5).

        A growth target is its own requirement. A cumulative target from zero has no rate
        but a yearly addition. An annual target is a floor in each year and needs neither.

    See Also
    --------
    corridor_model.growth_paths : what given rates reach, and the baseline each would need.

    References
    ----------
    Compound annual growth rate as in Excel's RRI; see docs/formulas.md.

    Examples
    --------
    >>> import corridor_model as cm
    >>> needed = cm.required_growth(cm.load_plan())
    >>> float(needed.loc["gdp", "required_rate"].round(4))
    0.0644
    >>> needed.loc["sei_va_share", "reason"]
    'no_baseline'
    """
    import pandas as pd

    rows = {name: requirement(indicator) for name, indicator in plan.indicators.items()}
    columns = {column: [getattr(row, column) for row in rows.values()] for column in COLUMNS}
    numbers = ("baseline", "target", "target_max", "required_rate", "required_step")
    integers = ("baseline_year", "target_year", "steps")
    frame = pd.DataFrame(
        {
            column: pd.Series(values, dtype=_dtype(column, numbers, integers))
            for column, values in columns.items()
        }
    )
    frame.index = pd.Index(list(rows), name="indicator")
    frame.attrs["example"] = plan.example
    return frame


def _dtype(column: str, numbers: tuple[str, ...], integers: tuple[str, ...]) -> str:
    if column in numbers:
        return "float64"
    if column in integers:
        return "Int64"
    return "boolean" if column == "already_met" else "str"


def requirement(indicator: Indicator) -> Requirement:
    """Return what one indicator needs, from the baseline in use to the last target due."""
    last = max(indicator.targets, key=lambda target: (target.year, target.month or 12))
    lower, upper = bounds(indicator)
    goal = last.value if lower is None else lower
    is_range = lower is not None and upper is not None and lower != upper
    start = indicator.baseline
    rate, step, met, reason = _needed(indicator, lower, upper)
    used = ["document"]
    if start is not None and (rate is not None or step is not None) and indicator.kind != "growth":
        used.append(start.origin)
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
        origin=weakest(used),
    )


def _needed(
    indicator: Indicator, lower: float | None, upper: float | None
) -> tuple[float | None, float | None, bool | None, str]:
    """Return rate, step, whether the baseline meets the target, and the reason for a mask."""
    last = max(indicator.targets, key=lambda target: (target.year, target.month or 12))
    start = indicator.baseline
    if indicator.kind == "growth":
        return last.value / 100, None, None, ""
    if indicator.kind in {"annual", "milestone"}:
        return None, None, None, "not_applicable"
    if start is None:
        return None, None, None, "no_baseline"
    met = (lower is None or growth.meets(start.value, lower, "at_least")) and (
        upper is None or growth.meets(start.value, upper, "at_most")
    )
    goal = _nearest_bound(start.value, lower, upper)
    steps = last.year - start.year
    step = growth.linear_step(start.value, goal, steps)
    if indicator.kind == "completion":
        # work done is added up, not compounded
        return None, float(step), bool(met), "not_applicable"
    try:
        rate = float(growth.cagr(start.value, goal, steps))
    except GrowthUndefinedError:
        return None, float(step), bool(met), "undefined_rate"
    return rate, float(step), bool(met), ""


def _nearest_bound(value: float, lower: float | None, upper: float | None) -> float:
    """Return the bound that a path must reach: of a range, the one it would meet first."""
    if lower is None or upper is None:
        bound = lower if lower is not None else upper
        assert bound is not None
        return bound
    return upper if value > upper else lower
