"""What Sobol indices can be asked of: outputs with a number and a variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.masks import masked

if TYPE_CHECKING:
    from corridor_model.scenario.targets.outlook import Outlook
    from corridor_model.sensitivity.layout import Layout
    from corridor_model.sensitivity.levers import Lever
    from corridor_model.sensitivity.outputs import Output
    from corridor_model.sensitivity.reader import Reader

TAILED = frozenset({"log", "additive"})
"""Routes of a forecast that are Student-t, or its exponential."""


def check(reader: Reader, asked: Sequence[Output], levers: Sequence[Lever], layout: Layout) -> None:
    """Refuse levers that cannot be turned draw by draw, and outputs without a variance.

    Raises
    ------
    SensitivityError
        For the first of them, with what to ask instead.
    """
    for turn in levers:
        if turn.field in {"baseline", "target"}:
            raise SensitivityError(
                f"{turn.name} cannot be an input here. Ask tornado, switching_values or "
                "two_way, or sobol_indices with a function of your own.",
                f"“{turn.name}”不能作为此处的输入，请用tornado、switching_values或two_way。",
            )
    turned = {one.name for one in levers}
    for one in asked:
        _check(reader, one, turned, layout)


def _check(reader: Reader, one: Output, turned: set[str], layout: Layout) -> None:
    """Refuse an output that has no number, or no variance."""
    if one.word == "expected_reached" or one.kind.of != "indicator":
        if one.word == "spending" and reader.unknown(one.key, layout.by_work):
            raise masked(one.name, "unknown_investment")
        return
    outlook = reader.outlook(reader.resolved, one.key)
    if outlook.reason:
        raise masked(one.name, outlook.reason)
    place = one.year - int(outlook.years[0]) if one.year else 0
    if not 0 <= place < len(outlook.years):
        raise masked(one.name, "not_reported")
    open_ = np.isnan(outlook.known[place]) and f"forecast:{one.key}" in turned
    if one.word == "value" and open_ and _tailed(outlook):
        raise SensitivityError(
            f"{one.name} has no variance to decompose: its forecast is a Student-t, or "
            f"the exponential of one. Ask for log_value:{one.key}:{one.year}, or "
            f"p_reach:{one.key}.",
            f"“{one.name}”的预测分布没有方差，无法分解；请改用log_value:{one.key}或"
            f"p_reach:{one.key}。",
        )
    if one.word == "gap":
        raise SensitivityError(
            f"{one.name} is read by tornado and switching_values; ask here for value, "
            "log_value, log_odds or p_reach.",
            f"“{one.name}”请用tornado或switching_values；此处可用value、log_value、log_odds、p_reach。",
        )
    paths = outlook.goal.score != "final"
    if one.word == "p_reach" and paths and one.key in layout.added:
        raise SensitivityError(
            f"{one.name}: what works add to {one.key} is judged year by year along paths, "
            "which gives one probability and not one a draw.",
            f"“{one.name}”按路径逐年判断，只有总体概率，不能逐次分解。",
        )


def _tailed(outlook: Outlook) -> bool:
    """Whether a value's forecast is a Student-t, or its exponential; counts and shares are not."""
    if outlook.predictive is not None:
        return outlook.predictive.route in TAILED
    return outlook.indicator.kind not in {"cumulative", "annual", "share"}
