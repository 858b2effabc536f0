"""UN ESCAP: how far one has come, and where one will arrive at this pace.

Current Status Index: progress since the start on a scale of 0 to 10, where 10 is the target.
Anticipated Progress Index: the gap between target and the value anticipated for the target
year, as a part of the progress needed. The dashboard has three classes: maintain progress,
accelerate progress, reverse the trend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.assess.arithmetic import _divided, _plain, achieved_share, numbers
from corridor_model.assess.rules.facts import Facts, Rule, Verdict, undefined

THRESHOLDS = {"maintain": 0.10, "accelerate": 1.0}


def current_status(base: ArrayLike, current: ArrayLike, target: ArrayLike) -> Any:
    """Return the Current Status Index: 0 at the start, 10 at the target, below 0 worse.

    References
    ----------
    A. Bidarbakht Nia, Tracking progress towards the SDGs: measuring the otherwise ambiguous
    progress, UN ESCAP SD/WP/05, 2017; https://data.unescap.org/resource-guides/progress-assessment-methodology

    Examples
    --------
    >>> current_status(10, 12, 20), current_status(20, 15, 10)
    (2.0, 5.0)
    """
    return _plain(10.0 * np.asarray(achieved_share(base, current, target)))


def current_status_parity(base: ArrayLike, current: ArrayLike, target: ArrayLike) -> Any:
    """Return the index of a parity indicator, where both sides of the target are off.

    Examples
    --------
    >>> round(current_status_parity(0.8, 0.9, 1.0), 9)
    5.0
    """
    goal = numbers("target", target)
    away = np.abs(goal - numbers("current", current))
    way = np.abs(goal - numbers("base", base))
    return _plain(10.0 - 10.0 * np.asarray(_divided(away, way, "base and target are equal")))


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the gap that is left in the target year if the average pace so far goes on."""
    if facts.elapsed <= 0:
        return undefined("no_time_elapsed")
    gap = round(1.0 - facts.share / facts.elapsed, 12)
    if gap <= thresholds["maintain"]:
        return Verdict("on_schedule", "maintain", gap, branch="maintain")
    word = "accelerate" if gap <= thresholds["accelerate"] else "reverse"
    return Verdict("behind", word, gap, branch=word)


RULE = Rule(
    name="escap",
    name_zh="联合国亚太经社会",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("已达标", "achieved"),
        "maintain": ("保持进展", "maintain progress"),
        "accelerate": ("加快进展", "accelerate progress"),
        "reverse": ("扭转趋势", "reverse the trend"),
        "not_available": ("无法计算", "not available"),
    },
    measure="anticipated_gap",
    source=(
        "UN ESCAP, Progress Assessment Methodology (Current Status Index, Anticipated Progress "
        "Index); A. Bidarbakht Nia, UN ESCAP SD/WP/05, 2017"
    ),
    ours=(
        "the cut at a gap of 10 % (we could not read a printed threshold), and a straight line "
        "from start to now in place of the time-weighted regression, for which the series here "
        "are too short"
    ),
)
