"""What a rule is told about one indicator, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Facts(NamedTuple):
    """One indicator whose figure is known, whose target is not met and whose start is known.

    Attributes
    ----------
    kind : str
        Kind of target (S4).
    base, actual, goal : float
        Start, figure and the bound to reach, in one unit; a figure beyond the far end of a
        range stands here folded back to the near side.
    start, now, due : float
        On the scale of year ends (see :func:`corridor_model.periods.in_years`).
    share, elapsed : float
        Achieved share and elapsed share (S15).
    rate, required : float or None
        Yearly rate from base to actual and from base to goal; None where undefined (S7).
    points : tuple of (moment, value)
        The figures up to now, oldest first, the start included.
    """

    kind: str
    base: float
    actual: float
    goal: float
    start: float
    now: float
    due: float
    share: float
    elapsed: float
    rate: float | None
    required: float | None
    points: tuple[tuple[float, float], ...]

    @property
    def direction(self) -> int:
        """1 where the value must rise from its start to the goal, -1 where it must fall."""
        return 1 if self.goal > self.base else -1


class Verdict(NamedTuple):
    """A rule's answer.

    Attributes
    ----------
    status : str
        One of :data:`corridor_model.codes.STATUSES`.
    word : str
        The rule's own class, such as ``moderate`` or ``sun``.
    value : float
        What the rule measured; NaN where it measured nothing.
    reason : str
        Why not assessable, or ``published_substitution``.
    branch : str
        Which case of the rule was taken, for the audit record.
    """

    status: str
    word: str
    value: float = math.nan
    reason: str = ""
    branch: str = ""


Judge = Callable[[Facts, Mapping[str, float]], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """A published way to judge progress.

    Attributes
    ----------
    name, name_zh : str
        Its names.
    judge : callable
        ``(facts, thresholds) -> Verdict``; called only for what is not yet met.
    thresholds : mapping of str to float
        What it compares with, as printed with every result.
    words : mapping of str to (str, str)
        Its own classes in Chinese and English, best first.
    measure : str
        Id of the formula of what it measures.
    source : str
        Where it is published.
    ours : str
        What in it is ours and not the publication's; empty where nothing is.
    kinds : frozenset of str
        Kinds of target it covers; the others are judged as by ``schedule``, and say so.
    """

    name: str
    name_zh: str
    judge: Judge
    thresholds: Mapping[str, float]
    words: Mapping[str, tuple[str, str]]
    measure: str
    source: str
    ours: str = ""
    kinds: frozenset[str] = field(
        default=frozenset({"level", "share", "ratio", "rank", "cumulative", "completion"})
    )


def undefined(branch: str) -> Verdict:
    """Return the verdict of a rule that finds no scale in these numbers (S7)."""
    return Verdict("not_assessable", "not_available", math.nan, "no_scale", branch)


# Our own rule: achieved share against elapsed share (S15).

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
