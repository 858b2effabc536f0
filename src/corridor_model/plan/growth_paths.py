"""Paths at given yearly rates: what each reaches, when, and the start it would need (S16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.plan.given import must_be_plan
from corridor_model.plan.path_kinds import KINDS_WITH_PATHS, Floats, paths_of

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
    asked = _checked(rates)
    years = _years(plan)
    made = {
        name: paths_of(indicator, asked, years, plan.about.base_year)
        for name, indicator in plan.indicators.items()
    }
    paths = list(made.values())
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
    coords = {"indicator": list(made), "rate": asked, "year": years}
    attrs = {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "base_year": plan.about.base_year,
        "example": int(plan.example),
    }
    dataset = xr.Dataset(data, coords=coords, attrs=attrs)
    return _described(dataset)


_LONG_NAMES = {
    "value": "path value / 路径值",
    "target": "target in the unit of the path / 目标值",
    "reached": "target met in the target year / 目标年份达到",
    "year_reached": "first year that meets the target / 达到年份",
    "required_baseline": "start needed at the end of the base year / 所需基期值",
    "first_addition": "addition needed in the first year / 首年所需新增",
}


def _described(dataset: xr.Dataset) -> xr.Dataset:
    for name, text in _LONG_NAMES.items():
        dataset[name].attrs["long_name"] = text
    dataset["rate"].attrs["long_name"] = "yearly growth, a fraction / 年均增速"
    return dataset


def _checked(rates: float | Sequence[float]) -> Floats:
    try:
        asked = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    except (TypeError, ValueError):
        raise CorridorError(
            f"rates must be numbers, 0.10 for 10 %; got {rates!r}.",
            f"增速应为小数，0.10表示10%；得到{rates!r}。",
        ) from None
    if asked.ndim != 1 or not asked.size or not np.all(np.isfinite(asked)) or np.any(asked <= -1):
        raise CorridorError(
            f"rates must be finite yearly fractions above -1, such as 0.10; got {rates!r}."
        )
    if np.any(asked > 5):
        raise CorridorError(
            f"rates are yearly fractions, 0.10 for 10 %: {asked.max():g} is {asked.max():.0%}.",
            "增速是小数：0.10表示10%。",
        )
    if len(np.unique(asked)) != len(asked):
        raise CorridorError(f"rates has a value twice: {rates!r}.")
    return asked


def _years(plan: Plan) -> NDArray[np.int64]:
    starts = [i.baseline.year for i in plan.indicators.values() if i.baseline is not None]
    drawn = [i for i in plan.indicators.values() if i.kind in KINDS_WITH_PATHS]
    ends = [target.year for i in drawn for target in i.targets]
    return np.arange(min([plan.about.base_year, *starts]), max([plan.about.last_year, *ends]) + 1)
