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
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.records import Indicator, bounds, last_target
from corridor_model.plan.requirements import within

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
        Discrete yearly fractions above -1. An at-most target falls by the rate.

    Returns
    -------
    xarray.Dataset
        Dimensions indicator, rate, year (from the earliest baseline to the last target):

        - value (indicator, rate, year): level, share, ratio and rank as printed; a growth
          target as an index (100 at the end of the year before the plan); a cumulative
          count along additions that grow at the rate and reach the target; an annual
          target as its yearly floor;
        - target (indicator): in the unit of the path: 152.09 for 15 % over three years;
        - reached (indicator, rate): whether the path meets the target in the target year;
          False wherever ``reached_reason`` is not empty;
        - year_reached (indicator, rate): first year that meets it, also after the target
          year;
        - required_baseline (indicator, rate): the value at the end of the year before the
          plan from which the path would just reach the target, known baseline or not (S6);
        - first_addition (indicator, rate): what a cumulative target needs in its first year;
        - kind, unit, origin (indicator), and a ``*_reason`` beside each masked variable:
          ``no_baseline``, ``before_baseline``, ``above_bound``, ``never_reached``,
          ``undefined_rate``, ``not_applicable``.

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
    import xarray as xr

    must_be_plan(plan)
    fractions = _checked(rates)
    years = _years(plan)
    paths = [
        paths_of(indicator, fractions, years, plan.about.base_year)
        for indicator in plan.indicators.values()
    ]
    by_rate = ("indicator", "rate")
    by_year = ("indicator", "rate", "year")
    data: dict[str, tuple[Sequence[str], object]] = {
        "value": (by_year, np.array([p.value for p in paths])),
        "value_reason": (by_year, np.array([p.value_reason for p in paths], dtype="U20")),
        "target": (("indicator",), np.array([p.target for p in paths])),
        "kind": (("indicator",), np.array([i.kind for i in plan.indicators.values()], dtype="U12")),
        "unit": (("indicator",), np.array([p.unit for p in paths], dtype=np.str_)),
        "origin": (("indicator",), np.array([p.origin for p in paths], dtype="U12")),
    }
    for name in ("reached", "year_reached", "required_baseline", "first_addition"):
        data[name] = (by_rate, np.array([getattr(p, name) for p in paths]))
        reasons = [getattr(p, f"{name}_reason") for p in paths]
        data[f"{name}_reason"] = (by_rate, np.array(reasons, dtype="U20"))
    coords = {"indicator": list(plan.indicators), "rate": fractions, "year": years}
    attrs = {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "base_year": plan.about.base_year,
        "example": int(plan.example),
    }
    return label(xr.Dataset(data, coords=coords, attrs=attrs), "growth_paths")


def _checked(rates: float | Sequence[float]) -> Array:
    try:
        fractions = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    except (TypeError, ValueError):
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
    starts = [i.baseline.year for i in plan.indicators.values() if i.baseline is not None]
    drawn = [i for i in plan.indicators.values() if i.kind in KINDS_WITH_PATHS]
    ends = [target.year for i in drawn for target in i.targets]
    return np.arange(min([plan.about.base_year, *starts]), max([plan.about.last_year, *ends]) + 1)


# The paths of one indicator at given rates, by its kind (S4, S16). Plain arrays, no labels.

INDEX = 100.0
"""What a growth target's index is at the end of the year before the plan; ``assumed`` (S5)."""
BOUNDED = frozenset({"share"})


@dataclass(slots=True)
class Paths:
    """The paths of one indicator, a mask being NaN with a reason beside it (S7)."""

    value: Array
    value_reason: Texts
    target: float
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


def paths_of(indicator: Indicator, rates: Array, years: Integers, base_year: int) -> Paths:
    """Return the paths of one indicator at ``rates`` (r,) over ``years`` (t,)."""
    last = last_target(indicator)
    paths = Paths(
        value=np.full((len(rates), len(years)), np.nan),
        value_reason=np.full((len(rates), len(years)), "not_applicable", dtype="U20"),
        target=last.value,
        reached=np.zeros(len(rates), dtype=bool),
        reached_reason=["not_applicable"] * len(rates),
        year_reached=np.full(len(rates), np.nan),
        year_reached_reason=["not_applicable"] * len(rates),
        required_baseline=np.full(len(rates), np.nan),
        required_baseline_reason=["not_applicable"] * len(rates),
        first_addition=np.full(len(rates), np.nan),
        first_addition_reason=["not_applicable"] * len(rates),
        origin="document",
        unit=indicator.unit,
    )
    fill = _BY_KIND.get(indicator.kind)
    if fill is not None:
        fill(paths, indicator, rates, years, base_year)
    return paths


def _fill_geometric(
    paths: Paths, indicator: Indicator, rates: Array, years: Integers, base_year: int
) -> None:
    """Level, share, ratio and rank: the baseline compounded at the rate (水平法)."""
    last = last_target(indicator)
    falls = last.sense == "at_most" and bounds(indicator)[0] is None
    paths.target = last.value
    for i, rate in enumerate(rates):
        signed_rate = -rate if falls else rate
        _back_cast(paths, i, indicator, signed_rate, last.year - base_year)
        start = indicator.baseline
        if start is None:
            paths.value_reason[i] = "no_baseline"
            paths.reached_reason[i] = paths.year_reached_reason[i] = "no_baseline"
            continue
        paths.origin = weakest(["document", start.origin])
        steps = years - start.year
        paths.value_reason[i] = np.where(steps < 0, "before_baseline", "")
        if signed_rate <= -1 or start.value < 0:
            # a negative level has no direction in which a rate could grow it
            paths.value_reason[i, steps >= 0] = "undefined_rate"
            paths.reached_reason[i] = paths.year_reached_reason[i] = "undefined_rate"
            continue
        later = steps >= 0
        paths.value[i, later] = growth.compound(start.value, signed_rate, steps[later])
        _mask_above_bound(paths, i, indicator)
        _judge(paths, i, indicator, start.value, signed_rate, start.year, last.year)


def _back_cast(paths: Paths, i: int, indicator: Indicator, signed_rate: float, steps: int) -> None:
    """Fill the start that a path would need at the end of the base year (S6)."""
    if signed_rate <= -1 or steps < 0 or paths.target < 0:
        paths.required_baseline_reason[i] = "undefined_rate"
        return
    needed = (
        float(growth.required_start(paths.target, signed_rate, steps)) if steps else paths.target
    )
    if indicator.kind in BOUNDED and needed > 100:
        paths.required_baseline_reason[i] = "above_bound"
        return
    paths.required_baseline[i] = needed
    paths.required_baseline_reason[i] = ""


def _mask_above_bound(paths: Paths, i: int, indicator: Indicator) -> None:
    if indicator.kind in BOUNDED:
        above = paths.value[i] > 100
        paths.value[i, above] = np.nan
        paths.value_reason[i, above] = "above_bound"


def _judge(
    paths: Paths,
    i: int,
    indicator: Indicator,
    start: float,
    rate: float,
    start_year: int,
    target_year: int,
) -> None:
    """Fill whether the path meets the target in its year, and when it first does."""
    lower, upper = bounds(indicator)
    end = float(growth.compound(start, rate, target_year - start_year))
    if indicator.kind in BOUNDED and end > 100:
        # the path has no meaning there, but a share that must be high was passed on the way
        paths.reached_reason[i] = "above_bound"
    else:
        paths.reached[i] = within(end, lower, upper)
        paths.reached_reason[i] = ""
    year = _first_year(start, rate, start_year, lower, upper)
    if year is None:
        paths.year_reached_reason[i] = "never_reached"
    else:
        paths.year_reached[i] = year
        paths.year_reached_reason[i] = ""


def _first_year(
    start: float, rate: float, start_year: int, lower: float | None, upper: float | None
) -> int | None:
    """Return the first year whose path value meets the target, or None if none ever does."""
    if within(start, lower, upper):
        return start_year
    goal, sense = (lower, "at_least") if upper is None or start < upper else (upper, "at_most")
    assert goal is not None
    try:
        steps = int(growth.whole_periods_to_reach(start, goal, rate, sense))
    except GrowthUndefinedError:
        return None
    # a fast path may jump over a narrow range
    reached = within(float(growth.compound(start, rate, steps)), lower, upper)
    return start_year + steps if reached else None


def _fill_growth(
    paths: Paths, indicator: Indicator, rates: Array, years: Integers, base_year: int
) -> None:
    """Average growth since the base year, as an index and the multiple it implies."""
    last = last_target(indicator)
    steps = years - base_year
    later = steps >= 0
    paths.target = float(growth.compound(INDEX, last.value / 100, last.year - base_year))
    paths.unit = f"{base_year}=100"
    paths.origin = "assumed"
    for i, rate in enumerate(rates):
        paths.value_reason[i] = np.where(later, "", "before_baseline")
        paths.value[i, later] = growth.compound(INDEX, rate, steps[later])
        paths.reached[i] = bool(growth.meets(rate, last.value / 100, last.sense))
        paths.reached_reason[i] = ""
        lower = paths.target if last.sense != "at_most" else None
        upper = paths.target if last.sense != "at_least" else None
        year = _first_year(INDEX, rate, base_year, lower, upper)
        paths.year_reached[i] = np.nan if year is None else year
        paths.year_reached_reason[i] = "never_reached" if year is None else ""


def _fill_cumulative(
    paths: Paths, indicator: Indicator, rates: Array, years: Integers, base_year: int
) -> None:
    """A count since the plan began: additions that grow at the rate and sum to the target."""
    last = last_target(indicator)
    start = indicator.baseline
    if start is None:
        paths.value_reason[:] = "no_baseline"
        paths.reached_reason = ["no_baseline"] * len(rates)
        paths.year_reached_reason = ["no_baseline"] * len(rates)
        paths.first_addition_reason = ["no_baseline"] * len(rates)
        return
    periods = last.year - start.year
    paths.origin = weakest(["document", start.origin])
    for i, rate in enumerate(rates):
        additions = growth.split_growing(last.value - start.value, rate, periods)
        counts = start.value + np.concatenate([[0.0], np.cumsum(additions)])
        counts[-1] = last.value  # the sum of the parts is the whole, without its rounding
        inside = (years >= start.year) & (years <= last.year)
        paths.value[i, inside] = counts
        paths.value_reason[i] = np.where(
            inside, "", np.where(years < start.year, "before_baseline", "not_applicable")
        )
        paths.reached[i] = True
        paths.year_reached[i] = last.year
        paths.first_addition[i] = additions[0]
        paths.reached_reason[i] = paths.year_reached_reason[i] = ""
        paths.first_addition_reason[i] = ""


def _fill_annual(
    paths: Paths, indicator: Indicator, rates: Array, years: Integers, base_year: int
) -> None:
    """A minimum in each year of the plan: the floor itself, whatever the rate."""
    last = last_target(indicator)
    lower, upper = bounds(indicator)
    floor = lower if lower is not None else upper
    assert floor is not None
    paths.target = floor
    inside = (years > base_year) & (years <= last.year)
    paths.value[:, inside] = floor
    paths.value_reason[:, inside] = ""


Fill = Callable[[Paths, Indicator, Array, Integers, int], None]

_BY_KIND: dict[str, Fill] = {
    "level": _fill_geometric,
    "share": _fill_geometric,
    "ratio": _fill_geometric,
    "rank": _fill_geometric,
    "growth": _fill_growth,
    "cumulative": _fill_cumulative,
    "annual": _fill_annual,
}

KINDS_WITH_PATHS = frozenset(_BY_KIND)
