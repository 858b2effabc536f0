"""Labels on a tornado: the effects sorted by swing, and how far they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.sensitivity.levers import lever
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.study import study_attrs

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.sensitivity.reader import Reader

Array = NDArray[np.float64]
EXACT = 1e-9
"""Relative remainder below which single effects add up."""


def effects_dataset(
    names: Sequence[str],
    ends: tuple[Array, Array],
    stands: Sequence[float | None],
    base: float,
    answers: tuple[Array, Array],
    together: Sequence[float],
) -> xr.Dataset:
    """Return the effects sorted by swing; of equal ones, as they were told."""
    import xarray as xr

    low, high = answers
    # the base may lie outside: a road due at the year's end is late at both ends of a delay
    ends_of = np.array([low, np.full(len(names), base), high])
    swing = ends_of.max(axis=0) - ends_of.min(axis=0)
    order = np.argsort(-swing, kind="stable")
    both = zip(together, answers, strict=True)
    remainder = [float(whole - base - (one - base).sum()) for whole, one in both]
    scale = max(abs(base), float(np.abs(np.array(together)).max()), 1e-300)
    data = {
        "low": ends[0],
        "base": np.array([np.nan if b is None else b for b in stands], dtype=np.float64),
        "high": ends[1],
        "output_low": low,
        "output_high": high,
        "swing": swing,
        "share_of_swing": swing / swing.sum() if swing.sum() > 0 else np.zeros(len(names)),
    }
    made = xr.Dataset(
        {name: ("input", np.asarray(values)[order]) for name, values in data.items()},
        coords={"input": [names[i] for i in order]},
    )
    made.attrs = {
        "base": float(base),
        "remainder_low": float(remainder[0]),
        "remainder_high": float(remainder[1]),
        "additive": int(max(map(abs, remainder)) <= EXACT * scale),
    }
    return made


def described(
    made: xr.Dataset, asked: Output, reader: Reader, origins: Mapping[str, str]
) -> xr.Dataset:
    """Return a tornado of a plan with names, units and origins."""
    plan, unit = reader.plan, asked.unit(reader.plan)
    turns = [lever(plan, str(name)) for name in made["input"].values]
    made["origin"] = ("input", [origins[turn.name] for turn in turns])
    unset = np.isnan(made["base"].values)
    made["base_reason"] = ("input", np.where(unset, "as_forecast", ""))
    made = made.assign_coords(
        name_zh=("input", [turn.title(plan, "zh") for turn in turns]),
        name_en=("input", [turn.title(plan, "en") for turn in turns]),
        unit=("input", [turn.unit(plan) for turn in turns]),
    )
    for name, (text, of) in _LONG_NAMES.items():
        made[name].attrs = {"long_name": text, "units": of or unit}
    made.attrs |= {
        "output": asked.name,
        "output_zh": asked.title(plan, "zh"),
        "output_en": asked.title(plan, "en"),
        "unit": unit,
        **study_attrs(reader),
    }
    return made


_LONG_NAMES = {
    "low": ("input, low / 输入低值", "see unit"),
    "base": ("input, where it stands / 输入现值", "see unit"),
    "high": ("input, high / 输入高值", "see unit"),
    "output_low": ("output at the low input / 输入取低值时的结果", ""),
    "output_high": ("output at the high input / 输入取高值时的结果", ""),
    "swing": ("from the least to the most / 变动幅度", ""),
    "share_of_swing": ("share of all swings / 占全部幅度之比", "1"),
    "origin": ("origin of the range / 范围的出处等级", "1"),
}
"""In both languages, and the unit; empty is that of the output."""
