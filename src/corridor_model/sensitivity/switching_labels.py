"""Labels on tipping points: masks with their reasons, names and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.sensitivity.levers import Lever

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan


class Flip(NamedTuple):
    """Where a verdict changes, nearest to where the input stands.

    Attributes
    ----------
    value : float
        On the good side; NaN where there is none.
    crossings : int
        How often the verdict changes along the range.
    good_side : str
        Of the value: ``above`` or ``below``; empty where there is none.
    """

    value: float
    crossings: int
    good_side: str


class Tipping(NamedTuple):
    """One input's tipping point.

    Attributes
    ----------
    stands : float or None
        Where the input stands; None where nothing sets it.
    low, high : float
        The range that was searched.
    flip : Flip
        What was found.
    coefficient, reason : float, str
        Sensitivity coefficient, or why there is none.
    """

    stands: float | None
    low: float
    high: float
    flip: Flip
    coefficient: float
    reason: str


def switching_dataset(plan: Plan, turns: Sequence[Lever], rows: Sequence[Tipping]) -> xr.Dataset:
    """Return tipping points as a Dataset by input."""
    import xarray as xr

    stands = np.array(
        [np.nan if row.stands is None else row.stands for row in rows], dtype=np.float64
    )
    value = np.array([row.flip.value for row in rows])
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(stands == 0, np.nan, (value - stands) / np.abs(stands))
    nothing = np.isnan(value)
    unset = np.where(np.isnan(stands), "as_forecast", np.where(stands == 0, "zero_base", ""))
    data = {
        "base": stands,
        "base_reason": np.where(np.isnan(stands), "as_forecast", ""),
        "switching_value": value,
        "switching_value_reason": np.where(nothing, "none_in_range", ""),
        "change": change,
        "change_reason": np.where(nothing, "none_in_range", unset),
        "low": np.array([row.low for row in rows]),
        "high": np.array([row.high for row in rows]),
        "crossings": np.array([row.flip.crossings for row in rows], dtype=np.int64),
        "good_side": np.array([row.flip.good_side for row in rows], dtype=np.str_),
        "coefficient": np.array([row.coefficient for row in rows]),
        "coefficient_reason": np.array([row.reason for row in rows], dtype=np.str_),
    }
    made = xr.Dataset(
        {name: ("input", values) for name, values in data.items()},
        coords={
            "input": [turn.name for turn in turns],
            "name_zh": ("input", [turn.title(plan, "zh") for turn in turns]),
            "name_en": ("input", [turn.title(plan, "en") for turn in turns]),
            "unit": ("input", [turn.unit(plan) for turn in turns]),
        },
    )
    for name, (text, unit) in _LONG_NAMES.items():
        made[name].attrs = {"long_name": text, "units": unit}
    return made


_LONG_NAMES = {
    "base": ("where the input stands / 现值", "see unit"),
    "switching_value": ("value at which the target is just met / 临界点", "see unit"),
    "change": ("relative change to get there / 临界变化率", "1"),
    "low": ("searched from / 搜索下限", "see unit"),
    "high": ("searched to / 搜索上限", "see unit"),
    "crossings": ("how often the verdict changes in the range / 翻转次数", "1"),
    "good_side": ("side on which the target is met / 达标的一侧", "1"),
    "coefficient": ("sensitivity coefficient / 敏感度系数", "1"),
}
