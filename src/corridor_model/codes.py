"""Where a number came from, and which of several origins a result must carry (S5)."""

from __future__ import annotations

from collections.abc import Iterable

ORIGINS_ZH = {
    "document": "文件",
    "definition": "定义",
    "published": "公开发布",
    "user": "本单位填报",
    "literature": "文献",
    "assumed": "假设",
}


ORIGINS = ("document", "definition", "published", "user", "literature", "assumed")


_STRENGTH = {origin: place for place, origin in enumerate(ORIGINS)}
_CHOICE = ("user", "document", "definition", "published", "literature", "assumed")


def weakest(origins: Iterable[str]) -> str:
    """Return the weakest of some origins: a result is no better than its worst input.

    Examples
    --------
    >>> weakest(["document", "assumed", "published"])
    'assumed'
    """
    return max(origins, key=_STRENGTH.__getitem__)


def preference(origin: str) -> int:
    """Return the place of an origin when two baselines compete: the user's own comes first."""
    return _CHOICE.index(origin)


# The closed lists of an assessment: statuses and reasons, in words and in order of concern.

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


KINDS_ZH = {
    "level": "水平值",
    "share": "占比",
    "ratio": "比率",
    "growth": "年均增速",
    "cumulative": "累计新增",
    "annual": "每年",
    "rank": "位次",
    "milestone": "节点",
    "completion": "完成进度",
}
KINDS_EN = {
    "level": "level",
    "share": "share",
    "ratio": "ratio",
    "growth": "average growth",
    "cumulative": "cumulative",
    "annual": "yearly minimum",
    "rank": "rank",
    "milestone": "milestone",
    "completion": "completion",
}


KINDS = (
    "level",
    "share",
    "ratio",
    "growth",
    "cumulative",
    "annual",
    "rank",
    "milestone",
    "completion",
)
SENSES = ("at_least", "at_most", "exactly")


CATEGORIES = {
    "road": ("道路项目", "roads"),
    "public_transport": ("公共交通项目", "public transport works"),
    "environment": ("环境整治项目", "environment works"),
}
