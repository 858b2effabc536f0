"""How far each input of a tornado goes: quantiles, ends, or a share of where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from corridor_model.distributions import Distribution
from corridor_model.sensitivity.defaults import Default, default_inputs
from corridor_model.sensitivity.growth_range import growth_range
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import lever
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.reader import Reader

Inputs = Mapping[str, Any] | Sequence[str] | None
LEVELS = (0.1, 0.9)
"""Quantiles of a distribution that stand for low and high."""


def checked_levels(levels: tuple[float, float]) -> tuple[float, float]:
    """Return the two probabilities that stand for low and high."""
    low, high = levels
    if not 0 < low < high < 1:
        raise SensitivityError(
            f"levels must be two probabilities in ascending order; got {levels!r}.",
            f"levels应为升序的两个概率；现为{levels!r}。",
        )
    return low, high


def ranges_of(
    reader: Reader, asked: Output, inputs: Inputs, share: float, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return low, high and origin of every input."""
    plan = reader.plan
    if inputs is None:
        found = default_inputs(plan, reader.resolved)
        made = {}
        for name, one in found.items():
            low, high = one.distribution.ppf(levels)
            made[name] = float(low), float(high), one.origin
        if asked.kind.of == "indicator":
            made |= growth_range(reader, asked.key, levels)
        if not made:
            raise SensitivityError(
                "Nothing can be varied by itself here: no work is open and nothing is forecast. "
                "Give inputs.",
                "没有可变动的输入：没有未完工的工程，也没有预测。请给出输入。",
            )
        return made
    given = inputs if isinstance(inputs, Mapping) else dict.fromkeys(inputs, share)
    if not given:
        raise SensitivityError("Give at least one input.", "请至少给出一个输入。")
    made = {}
    for name, value in given.items():
        said, origin = value, "user"
        if isinstance(value, Default):
            said, origin = value.distribution, value.origin
        made[str(name)] = *_ends(reader, str(name), said, levels), origin
    return made


def _ends(
    reader: Reader, name: str, given: Any, levels: tuple[float, float]
) -> tuple[float, float]:
    turn = lever(reader.plan, name)
    if isinstance(given, Distribution):
        low, high = given.ppf(levels)
        return float(low), float(high)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        base = turn.base(reader.plan, reader.resolved)
        if not base:
            raise SensitivityError(
                f"{name} stands at {'0' if base == 0 else 'no single number'}, so that a share "
                f"of it means nothing. Give (low, high): {{{name!r}: (low, high)}}.",
                f"“{name}”现值为0或没有唯一数值，不能按百分比变动，请给出（低，高）。",
            )
        return base * (1 - given), base * (1 + given)
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise SensitivityError(
            f"{name}: give a Distribution, (low, high) with low <= high, or a share; "
            f"got {given!r}.",
            f"“{name}”：请给出分布、（低，高）或百分比；现为{given!r}。",
        )
    return low, high
