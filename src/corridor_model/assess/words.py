"""The closed lists of an assessment: statuses and reasons, in words and in order of concern."""

from __future__ import annotations

ACHIEVED = "achieved"
AHEAD = "ahead"
ON_SCHEDULE = "on_schedule"
BEHIND = "behind"
NOT_ASSESSABLE = "not_assessable"

STATUSES = {
    ACHIEVED: ("提前实现", "achieved"),
    AHEAD: ("快于预期", "ahead"),
    ON_SCHEDULE: ("基本符合预期", "on schedule"),
    BEHIND: ("滞后", "behind"),
    NOT_ASSESSABLE: ("无法评估", "not assessable"),
}
"""The official classes of a mid-term report, best first, and the one for what cannot be said."""

REASONS = {
    "not_due_yet": ("未到公布期", "not due yet"),
    "not_reported": ("未报送", "not reported"),
    "no_baseline": ("无基期", "no baseline"),
    "no_scale": ("无可比尺度", "no scale"),
    "not_quantified": ("无法量化", "not quantified"),
    "paused": ("暂缓", "paused"),
    "target_revised": ("目标调整", "target revised"),
}
"""Why a status is `not_assessable`: a closed list, so that counts always sum to the total."""

PUBLISHED_SUBSTITUTION = "published_substitution"
"""The one reason beside a status that was given: the publication put 0.001 for zero (S7)."""

MASKS = {
    "": ("", ""),
    "not_reported": REASONS["not_reported"],
    "not_due_yet": REASONS["not_due_yet"],
    "no_baseline": REASONS["no_baseline"],
    "no_scale": REASONS["no_scale"],
    "no_forecast": ("尚无预测", "no forecast"),
    "not_applicable": ("不适用", "not applicable"),
    "undefined_rate": ("无法计算增速", "rate undefined"),
    "out_of_range": ("超出计算范围", "out of range"),
    "above_bound": ("超过界限", "beyond the bound"),
    "base_met": ("基期已达标", "met at the start"),
    "no_progress": ("尚无进展", "no progress yet"),
    "deadline_passed": ("期限已过", "deadline passed"),
    "target_revised": REASONS["target_revised"],
    "missing": ("缺数", "missing"),
    "never_reached": ("达不到", "never reached"),
    "no_annual_target": ("无年度目标", "no annual target"),
    "no_record": ("无历年记录", "no record of earlier years"),
}
"""Why a number is masked (S7); each masked variable x has x_reason."""

_ORDER = {BEHIND: 0, NOT_ASSESSABLE: 1, ON_SCHEDULE: 2, AHEAD: 3, ACHIEVED: 4}


def worst_first(status: str) -> int:
    """Return the place of a status when the worst stands first.

    Examples
    --------
    >>> sorted(STATUSES, key=worst_first)
    ['behind', 'not_assessable', 'on_schedule', 'ahead', 'achieved']
    """
    return _ORDER[status]


def status_word(status: str, lang: str) -> str:
    """Return a status in ``"zh"`` or ``"en"``."""
    return STATUSES[status][lang == "en"]


def reason_word(reason: str, lang: str) -> str:
    """Return a reason or a mask in ``"zh"`` or ``"en"``; an unknown code as it is."""
    if reason == PUBLISHED_SUBSTITUTION:
        return ("按原公布方法以0.001代零", "0.001 for zero, as published")[lang == "en"]
    return (REASONS.get(reason) or MASKS.get(reason) or (reason, reason))[lang == "en"]
