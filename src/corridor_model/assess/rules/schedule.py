"""Our own rule: achieved share against elapsed share (S15).

The official mid-term reports publish the names of their classes (提前实现, 快于预期,
基本符合预期, 滞后) and no thresholds. The 0.05 on either side is ours (origin ``assumed``)
and can be set: ``assess(plan, thresholds={"ahead": 0.1, "behind": -0.1})``.
"""

from __future__ import annotations

from collections.abc import Mapping

from corridor_model.assess.rules.facts import Facts, Rule, Verdict

THRESHOLDS = {"ahead": 0.05, "behind": -0.05}


def by_gap(gap: float, thresholds: Mapping[str, float] = THRESHOLDS) -> str:
    """Return ahead, on_schedule or behind by the gap between two shares.

    Examples
    --------
    >>> by_gap(0.05), by_gap(0.0), by_gap(-0.05)
    ('ahead', 'on_schedule', 'behind')
    """
    gap = round(gap, 12)
    if gap >= thresholds["ahead"]:
        return "ahead"
    return "behind" if gap <= thresholds["behind"] else "on_schedule"


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by achieved share less elapsed share; unmet at its deadline is behind."""
    gap = round(facts.share - facts.elapsed, 12)
    if facts.now >= facts.due:
        return Verdict("behind", "behind", gap, branch="deadline_passed")
    status = by_gap(gap, thresholds)
    return Verdict(status, status, gap, branch="gap")


RULE = Rule(
    name="schedule",
    name_zh="序时进度",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("提前实现", "achieved"),
        "ahead": ("快于预期", "ahead"),
        "on_schedule": ("基本符合预期", "on schedule"),
        "behind": ("滞后", "behind"),
    },
    measure="schedule_gap",
    source="class names of 国民经济和社会发展规划中期评估 (mid-term assessments)",
    ours="both thresholds; that a target unmet at its deadline is behind",
    kinds=frozenset(
        {
            "level",
            "share",
            "ratio",
            "rank",
            "cumulative",
            "completion",
            "growth",
            "annual",
            "milestone",
        }
    ),
)
