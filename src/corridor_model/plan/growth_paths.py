"""Paths at given yearly rates: what each reaches, when, and the start it would need (S16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor_model import growth
from corridor_model._typing import Array, Integers, Mask, Texts
from corridor_model.codes import weakest
from corridor_model.errors import CorridorError, GrowthUndefinedError
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.plan.measures import MEASURES, measures
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.promises import (
    Promise,
    base_year_of,
    is_limit,
    own_promise,
    relative_bounds,
    span_of,
)
from corridor_model.plan.records import (
    Baseline,
    Indicator,
    bounds,
    is_part_of_a_year,
    last_target,
    strict_ends,
)
from corridor_model.plan.requirements import Requirement, bound_of, requirements_of, within
from corridor_model.plan.revisions import in_force

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan


def growth_paths(
    plan: Plan, rates: float | Sequence[float] = (0.10, 0.12, 0.15, 0.20)
) -> xr.Dataset:
    """Return the path of each indicator at each yearly growth rate, against its target.

    Parameters
    ----------
    plan : Plan
        The plan.
    rates : float or sequence of float, default (0.10, 0.12, 0.15, 0.20)
        Discrete yearly fractions above -1, as magnitudes: an aim of at most falls by the rate, a
        limit may grow by it.

    Returns
    -------
    xarray.Dataset
        Dimensions indicator, rate, year (from the earliest baseline to the last target):

        - value (indicator, rate, year): level, share, ratio and rank as printed; a growth
          target as an index (100 at the end of the year before the plan); a cumulative
          count along additions that grow at the rate and reach the target; an annual
          target as its yearly floor;
        - target (indicator): in the unit of the path: 152.09 for 15 % over three years;
        - direction (indicator): -1 where the path falls by the rate (an aim of at most, a range
          from above), 1 where it grows (S16);
        - required_path (indicator, year): the promise's own path at the rate it needs;
        - reached (indicator, rate): whether the path meets the target in the target year, of
          a limit whether it is still within, and of a range also beyond its far end (S4);
          False wherever ``reached_reason`` is not empty;
        - year_reached (indicator, rate): first year that meets it, also after the target
          year;
        - required_baseline (indicator, rate): the value at the end of the year before the
          plan from which the path would just reach the target, known baseline or not (S6);
        - first_addition (indicator, rate): what a cumulative target needs in its first year;
        - kind, unit, origin (indicator), and a ``*_reason`` beside each masked variable:
          ``no_baseline``, ``before_baseline``, ``above_bound``, ``never_reached``,
          ``undefined_rate``, ``deadline_passed`` where the start is no earlier than the
          target, ``not_applicable``.

    Raises
    ------
    CorridorError
        For rates that are not finite, not above -1, or given twice.

    See Also
    --------
    corridor_model.required_growth : the exact rate each target needs.

    Examples
    --------
    >>> import corridor_model as cm
    >>> paths = cm.growth_paths(cm.load_plan())
    >>> float(paths["value"].sel(indicator="gdp", rate=0.10, year=2022).round(2))
    661.54
    >>> float(paths["target"].sel(indicator="hightech_investment_growth").round(2))
    152.09
    """
    from corridor_model.results import Result

    must_be_plan(plan)
    fractions = _checked(rates)
    years = _years(plan)
    now = in_force(plan)
    base_year = plan.about.base_year
    paths = [
        _withdrawn(plan.targets[name], fractions, years)
        if promise is None
        else paths_of(promise, fractions, years, base_year, bound_of(promise, now.values()))
        for name, promise in now.items()
    ]
    needs = requirements_of(plan)
    by_rate = ("indicator", "rate")
    by_year = ("indicator", "rate", "year")
    data: dict[str, tuple[Sequence[str], object]] = {
        "value": (by_year, np.array([p.value for p in paths])),
        "value_reason": (by_year, np.array([p.value_reason for p in paths], dtype="U20")),
        "target": (("indicator",), np.array([p.target for p in paths])),
        "kind": (("indicator",), np.array([p.kind for p in plan.targets.values()], dtype="U15")),
        "direction": (("indicator",), np.array([p.direction for p in paths], dtype=np.int64)),
        "unit": (("indicator",), np.array([p.unit for p in paths], dtype=np.str_)),
        "origin": (("indicator",), np.array([p.origin for p in paths], dtype="U12")),
    }
    for name in ("reached", "year_reached", "required_baseline", "first_addition"):
        data[name] = (by_rate, np.array([getattr(p, name) for p in paths]))
        reasons = [getattr(p, f"{name}_reason") for p in paths]
        data[f"{name}_reason"] = (by_rate, np.array(reasons, dtype="U20"))
    required = [
        _required_path(
            needs[name], years, base_year if promise is None else base_year_of(promise, base_year)
        )
        for name, promise in now.items()
    ]
    data["required_path"] = (("indicator", "year"), np.array([values for values, _ in required]))
    data["required_path_reason"] = (("indicator", "year"), np.array([why for _, why in required]))
    coords = {
        "indicator": list(plan.targets),
        "of": ("indicator", [p.of for p in plan.targets.values()]),
        "rate": fractions,
        "year": years,
    }
    attrs = {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "base_year": plan.about.base_year,
        "example": int(plan.example),
    }
    return label(Result(data, coords=coords, attrs=attrs), "growth_paths")


def _checked(rates: float | Sequence[float]) -> Array:
    try:
        fractions = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    except (TypeError, ValueError, OverflowError):
        raise CorridorError(
            N_("rates must be numbers, 0.10 for 10 %; got {rates!r}."), rates=rates
        ) from None
    proper = np.isfinite(fractions) & (fractions > -1)
    if fractions.ndim != 1 or not fractions.size or not proper.all():
        raise CorridorError(
            N_("rates must be finite yearly fractions above -1, such as 0.10; got {rates!r}."),
            rates=rates,
        )
    if np.any(fractions > 5):
        raise CorridorError(
            N_("rates are yearly fractions, 0.10 for 10 %: {rate:g} is {rate:.0%}."),
            rate=float(fractions.max()),
        )
    if len(np.unique(fractions)) != len(fractions):
        raise CorridorError(N_("rates has a value twice: {rates!r}."), rates=rates)
    return fractions


def _years(plan: Plan) -> Integers:
    starts = [p.baseline.year for p in plan.targets.values() if p.baseline is not None]
    drawn = [p for p in in_force(plan).values() if p is not None and p.kind in KINDS_WITH_PATHS]
    ends = [p.year for p in drawn if p.year is not None]
    return np.arange(min([plan.about.base_year, *starts]), max([plan.about.last_year, *ends]) + 1)


# The paths of one indicator at given rates, by its kind (S4, S16). Plain arrays, no labels.

INDEX = 100.0
"""What a growth target's index is at the end of the year before the plan; ``assumed`` (S5)."""
BOUNDED = measures(bounded=True)


@dataclass(slots=True)
class Paths:
    """The paths of one promise, a mask being NaN with a reason beside it (S7)."""

    value: Array
    value_reason: Texts
    target: float
    direction: int
    reached: Mask
    reached_reason: list[str]
    year_reached: Array
    year_reached_reason: list[str]
    required_baseline: Array
    required_baseline_reason: list[str]
    first_addition: Array
    first_addition_reason: list[str]
    origin: str
    unit: str = field(default="")
    lower: float | None = None
    upper: float | None = None


def paths_of(
    indicator: Indicator,
    rates: Array,
    years: Integers,
    base_year: int,
    bound: float | None = None,
) -> Paths:
    """Return the paths of one promise at ``rates`` (r,) over ``years`` (t,).

    ``bound`` is that of a promise relative to another indicator's promise.
    """
    promise = own_promise(indicator)
    reason = promise.reason
    lower, upper = bounds(promise)
    if bound is not None:
        lower, upper = relative_bounds(promise, bound)
    elif promise.relative_to is not None and not reason:
        reason = "bound_unknown"
    paths = _masked(promise, rates, years, reason or "not_applicable")
    fill = _BY_PATH.get(promise.measure.path)
    if fill is not None and not reason:
        paths.lower, paths.upper = lower, upper
        paths.target = lower if lower is not None else upper if upper is not None else np.nan
        start = promise.baseline
        limit, _ = is_limit(promise, None if start is None else start.value)
        paths.direction = -1 if promise.sense in {"at_most", "below"} and not limit else 1
        fill(paths, promise, rates, years, base_year)
    return paths


def _masked(promise: Promise, rates: Array, years: Integers, reason: str) -> Paths:
    """Return paths of which nothing is known yet."""
    reasons = [reason] * len(rates)
    nothing = np.full(len(rates), np.nan)
    return Paths(
        value=np.full((len(rates), len(years)), np.nan),
        value_reason=np.full((len(rates), len(years)), reason, dtype="U20"),
        target=np.nan if promise.value is None else promise.value,
        direction=1,
        reached=np.zeros(len(rates), dtype=bool),
        reached_reason=reasons.copy(),
        year_reached=nothing.copy(),
        year_reached_reason=reasons.copy(),
        required_baseline=nothing.copy(),
        required_baseline_reason=reasons.copy(),
        first_addition=nothing.copy(),
        first_addition_reason=reasons.copy(),
        origin="document",
        unit=promise.unit,
    )


def _withdrawn(promise: Promise, rates: Array, years: Integers) -> Paths:
    """Return the paths of a promise that was withdrawn: there are none."""
    paths = _masked(promise, rates, years, "target_revised")
    paths.target = np.nan
    return paths


def _required_path(need: Requirement, years: Integers, base_year: int) -> tuple[Array, Texts]:
    """Return the path at a promise's own rate from its start to its date (S16)."""
    values = np.full(len(years), np.nan)
    reasons = np.full(len(years), need.reason or "not_applicable", dtype="U20")
    rate, last, begins = need.required_rate, need.target_year, need.baseline_year
    start = need.baseline
    if need.kind == "growth":
        begins, start = base_year, INDEX
    elif need.kind == "relative_change" and start is None and need.steps and last is not None:
        begins, start = last - need.steps, INDEX
    if last is None or begins is None or start is None:
        return values, reasons
    inside = (years >= begins) & (years <= last)
    if rate is not None:
        values[inside] = growth.compound(start, rate, years[inside] - begins)
    elif need.required_step is not None and need.kind in {"cumulative", "completion"}:
        values[inside] = start + need.required_step * (years[inside] - begins)
    else:
        return values, reasons
    reasons[inside] = ""
    reasons[years < begins] = "before_baseline"
    reasons[years > last] = "not_applicable"
    return values, reasons


def _fill_geometric(
    paths: Paths, promise: Promise, rates: Array, years: Integers, base_year: int
) -> None:
    """Level, share, ratio, rank and changes: the baseline compounded at the rate (水平法)."""
    year = last_target(promise).deadline
    start, part = promise.baseline, is_part_of_a_year(promise)
    if start is not None and promise.base_year not in {None, start.year}:
        start = None
    if promise.measure.value == "change":
        start = _levels_of_change(paths, promise, start, base_year)
    _pass_far_end(paths, promise, None if start is None else start.value)
    for i, rate in enumerate(rates):
        signed_rate = paths.direction * rate
        if not part:
            _back_cast(paths, i, promise, signed_rate, year - base_year)
        if start is None:
            paths.value_reason[i] = "no_baseline"
            paths.reached_reason[i] = paths.year_reached_reason[i] = "no_baseline"
            continue
        paths.origin = weakest(["document", start.origin])
        steps = years - start.year
        paths.value_reason[i] = np.where(steps < 0, "before_baseline", "")
        lost = promise.kind == "relative_change" and start.value <= 0
        if signed_rate <= -1 or start.value < 0 or lost:
            # a negative level has no direction in which a rate could grow it, and nothing is a
            # percentage of 0
            paths.value_reason[i, steps >= 0] = "undefined_rate"
            paths.reached_reason[i] = paths.year_reached_reason[i] = "undefined_rate"
            continue
        later = steps >= 0
        paths.value[i, later] = growth.compound(start.value, signed_rate, steps[later])
        _mask_above_bound(paths, i, promise)
        if part:  # a path of whole years does not pass the first months of one
            paths.reached_reason[i] = paths.year_reached_reason[i] = "not_applicable"
        else:
            _judge(paths, i, promise, start.value, signed_rate, start.year, year)


def _pass_far_end(paths: Paths, promise: Promise, start: float | None) -> None:
    """Leave out the end of a range beyond which a value is met, too (S4)."""
    if promise.sense == "range" and start is not None and paths.upper is not None:
        limit, _ = is_limit(promise, start)
        if start > paths.upper and not limit:
            paths.direction = -1  # from above a range, the way into it is down
    paths.lower, paths.upper, _ = span_of(promise, start, paths.lower, paths.upper)


def _levels_of_change(
    paths: Paths, promise: Promise, start: Baseline | None, base_year: int
) -> Baseline | None:
    """Turn the bounds of a change into levels; a relative one without any is an index of 100."""
    relative = promise.kind == "relative_change"
    if start is None and relative:
        begins = promise.base_year or base_year
        start = Baseline(promise.of, begins, INDEX, f"{begins}=100", "definition")
    if start is None or (relative and start.value <= 0):
        paths.target, paths.lower, paths.upper = np.nan, None, None
        return start
    scale = start.value / 100 if relative else 1.0

    def level(change: float | None) -> float | None:
        return None if change is None else start.value + change * scale

    paths.lower, paths.upper = level(paths.lower), level(paths.upper)
    goal = paths.lower if paths.lower is not None else paths.upper
    paths.target = np.nan if goal is None else goal
    if relative:
        paths.unit = start.unit
    return start


def _back_cast(paths: Paths, i: int, promise: Promise, signed_rate: float, steps: int) -> None:
    """Fill the start that a path would need at the end of the base year (S6)."""
    # of a range, a path that falls comes to the upper end first
    goal = paths.target if paths.upper is None or paths.direction > 0 else paths.upper
    if signed_rate <= -1 or steps < 0 or not goal >= 0:
        paths.required_baseline_reason[i] = "undefined_rate"
        return
    needed = float(growth.required_start(goal, signed_rate, steps)) if steps else goal
    if promise.kind in BOUNDED and needed > 100:
        paths.required_baseline_reason[i] = "above_bound"
        return
    paths.required_baseline[i] = needed
    paths.required_baseline_reason[i] = ""


def _mask_above_bound(paths: Paths, i: int, promise: Promise) -> None:
    if promise.kind in BOUNDED:
        above = paths.value[i] > 100
        paths.value[i, above] = np.nan
        paths.value_reason[i, above] = "above_bound"


def _judge(
    paths: Paths,
    i: int,
    promise: Promise,
    start: float,
    rate: float,
    start_year: int,
    target_year: int,
) -> None:
    """Fill whether the path meets the target in its year, and when it first does."""
    lower, upper = paths.lower, paths.upper
    if target_year < start_year:
        paths.reached_reason[i] = "deadline_passed"  # no path runs back before its start
    else:
        end = float(growth.compound(start, rate, target_year - start_year))
        beyond = promise.kind in BOUNDED and end > 100
        # the path has no meaning there, but a share that must be high was passed on the way
        paths.reached_reason[i] = "above_bound" if beyond else ""
        paths.reached[i] = not beyond and within(promise, end, lower, upper)
    year = _first_year(promise, start, rate, start_year, lower, upper)
    if year is None:
        paths.year_reached_reason[i] = "never_reached"
    else:
        paths.year_reached[i] = year
        paths.year_reached_reason[i] = ""


def _first_year(
    promise: Promise,
    start: float,
    rate: float,
    start_year: int,
    lower: float | None,
    upper: float | None,
) -> int | None:
    """Return the first year whose path value meets the target, or None if none ever does."""
    if within(promise, start, lower, upper):
        return start_year
    low_open, high_open = strict_ends(promise)
    low, high = "above" if low_open else "at_least", "below" if high_open else "at_most"
    goal, sense = (lower, low) if upper is None or start < upper else (upper, high)
    assert goal is not None
    try:
        steps = int(growth.whole_periods_to_reach(start, goal, rate, sense))
    except GrowthUndefinedError:
        return None
    # a fast path may jump over a narrow range
    reached = within(promise, float(growth.compound(start, rate, steps)), lower, upper)
    return start_year + steps if reached else None


def _fill_growth(
    paths: Paths, promise: Promise, rates: Array, years: Integers, base_year: int
) -> None:
    """Average growth since the base year, as an index and the multiple it implies."""
    begins = base_year_of(promise, base_year)
    span = last_target(promise).deadline - begins

    def index(percent: float | None) -> float | None:
        return None if percent is None else float(growth.compound(INDEX, percent / 100, span))

    paths.target = float(growth.compound(INDEX, paths.target / 100, span))
    _pass_far_end(paths, promise, None)
    percents = paths.lower, paths.upper
    lower, upper = index(percents[0]), index(percents[1])
    paths.unit = f"{begins}=100"
    paths.origin = "assumed"
    steps = years - begins
    later = steps >= 0
    for i, rate in enumerate(paths.direction * rates):
        paths.value_reason[i] = np.where(later, "", "before_baseline")
        if rate <= -1:
            paths.value_reason[i, later] = "undefined_rate"
            paths.reached_reason[i] = paths.year_reached_reason[i] = "undefined_rate"
            continue
        paths.value[i, later] = growth.compound(INDEX, rate, steps[later])
        # the same mark as a rate and as an index: the rate is what was promised
        paths.reached[i] = within(promise, rate * 100, *percents)
        paths.reached_reason[i] = ""
        year = _first_year(promise, INDEX, rate, begins, lower, upper)
        paths.year_reached[i] = np.nan if year is None else year
        paths.year_reached_reason[i] = "never_reached" if year is None else ""


def _fill_cumulative(
    paths: Paths, promise: Promise, rates: Array, years: Integers, base_year: int
) -> None:
    """A count since the plan began: additions that grow at the rate and sum to the target."""
    year, start = last_target(promise).deadline, promise.baseline
    if start is None or year <= start.year:
        reason = "no_baseline" if start is None else "deadline_passed"
        paths.value_reason[:] = reason
        paths.reached_reason = [reason] * len(rates)
        paths.year_reached_reason = [reason] * len(rates)
        paths.first_addition_reason = [reason] * len(rates)
        return
    periods = year - start.year
    paths.origin = weakest(["document", start.origin])
    for i, rate in enumerate(rates):
        additions = growth.split_growing(paths.target - start.value, rate, periods)
        counts = start.value + np.concatenate([[0.0], np.cumsum(additions)])
        counts[-1] = paths.target  # the sum of the parts is the whole, without its rounding
        inside = (years >= start.year) & (years <= year)
        paths.value[i, inside] = counts
        paths.value_reason[i] = np.where(
            inside, "", np.where(years < start.year, "before_baseline", "not_applicable")
        )
        paths.reached[i] = True
        paths.year_reached[i] = year
        paths.first_addition[i] = additions[0]
        paths.reached_reason[i] = paths.year_reached_reason[i] = ""
        paths.first_addition_reason[i] = ""


def _fill_annual(
    paths: Paths, promise: Promise, rates: Array, years: Integers, base_year: int
) -> None:
    """A minimum in each year of the plan: the floor itself, whatever the rate."""
    begins = base_year_of(promise, base_year)
    inside = (years > begins) & (years <= last_target(promise).deadline)
    paths.value[:, inside] = paths.target
    paths.value_reason[:, inside] = ""


Fill = Callable[[Paths, Promise, Array, Integers, int], None]

_BY_PATH: dict[str, Fill] = {
    "geometric": _fill_geometric,
    "index": _fill_growth,
    "additions": _fill_cumulative,
    "floor": _fill_annual,
}
"""By the path of the measure, see `corridor_model.plan.measures.Measure`."""

KINDS_WITH_PATHS = frozenset(name for name, measure in MEASURES.items() if measure.path in _BY_PATH)
