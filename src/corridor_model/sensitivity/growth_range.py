"""The yearly growth that a forecast implies: the same end value, said as a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.plan.limits import FASTEST
from corridor_model.sensitivity.levers import lever
from corridor_model.sensitivity.outputs import output

if TYPE_CHECKING:
    from corridor_model.sensitivity.reader import Reader

LOWEST, HIGHEST = -0.95, FASTEST


def growth_range(
    reader: Reader, indicator: str, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return by ``growth:indicator`` the rates that end at two quantiles of its forecast.

    Nothing where growth is set already, the target year is known, nothing is forecast, or no
    rate leads there.
    """
    turn = lever(reader.plan, f"growth:{indicator}")
    outlook = reader.outlook(reader.resolved, indicator)
    if outlook.reason or turn.base(reader.plan, reader.resolved) is not None:
        return {}
    asked = output(reader.plan, f"value:{indicator}:{outlook.goal.year}")
    if not np.isnan(outlook.known[outlook.goal.year - int(outlook.years[0])]):
        return {}

    def ends(rate: float) -> float:
        return float(reader.read([asked], turn.change(rate, reader.resolved))[0])

    found = []
    for level in levels:
        wanted = float(reader.read([asked], (), {indicator: level})[0])
        found.append(_solved(ends, wanted))
    if any(rate is None for rate in found):
        return {}
    low, high = sorted(float(rate) for rate in found if rate is not None)
    return {turn.name: (low, high, outlook.origin)}


def _solved(ends: object, wanted: float) -> float | None:
    from scipy.optimize import brentq

    def off(rate: float) -> float:
        return float(ends(rate) - wanted)  # type: ignore[operator]

    if off(LOWEST) * off(HIGHEST) > 0:
        return None
    return float(brentq(off, LOWEST, HIGHEST, xtol=1e-10))
