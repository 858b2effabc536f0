"""Outputs without a number: why, and what to do about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.words import MASKS
from corridor_model.assess.words import REASONS as STATUS_REASONS
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outputs import Output

Array = NDArray[np.float64]
REASONS = {
    **STATUS_REASONS,
    **MASKS,
    "observed": ("已有实际数", "known already"),
    "no_logarithm": ("不能取对数", "no logarithm"),
    "unknown_investment": ("总投资未知", "investment unknown"),
}
"""Why an output has no number, in Chinese and English."""
REMEDIES = {
    "no_baseline": (
        "请用baselines=给出基期，或在情景中用SetBaseline。",
        "Give one with baselines=, or SetBaseline in the scenario.",
    ),
    "no_scale": (
        "请先录入监测数据，或在情景中用SetGrowth。",
        "Enter figures first, or SetGrowth in the scenario.",
    ),
    "unknown_investment": (
        "请在情景中用SetInvestment给出总投资。",
        "Give its money with SetInvestment in the scenario.",
    ),
    "not_reported": ("请换一个年份。", "Ask for another year."),
}
"""What to do about a reason, in Chinese and English."""


def reason_text(reason: str, zh: bool) -> str:
    """Return a reason code in words."""
    return REASONS.get(reason, (reason, reason))[0 if zh else 1]


def masked(name: str, reason: str) -> SensitivityError:
    """Return the error of an output without a number, and what to do about it."""
    zh, en = REMEDIES.get(reason, ("", ""))
    return SensitivityError(
        f"Output {name!r} has no number here: {reason}. {en}".rstrip(),
        f"输出“{name}”没有数值：{reason_text(reason, zh=True)}。{zh}",
    )


def logged(asked: Output, value: Array) -> Array:
    """Return the logarithm, or the log-odds of a percent.

    Raises
    ------
    SensitivityError
        Where it does not exist for every value.
    """
    share = asked.word == "log_odds"
    good = (value > 0) & (value < 100) if share else value > 0
    if not good.all():
        raise SensitivityError(
            f"{asked.name}: {np.count_nonzero(~good)} of {value.size} values lie outside "
            + ("0-100." if share else "what has a logarithm."),
            f"{asked.name}：{value.size}个数值中有{np.count_nonzero(~good)}个没有对数。",
        )
    return np.log(value) - np.log(100 - value) if share else np.log(value)
