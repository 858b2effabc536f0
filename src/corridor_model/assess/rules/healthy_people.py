"""Healthy People 2020: percent of targeted change achieved, without standard errors.

Towards the target: 10 % and more of the targeted change is improved. Away from it: 10 % and
more of the baseline is getting worse. In between: little or no detectable change. Where
standard errors exist the publication tests significance instead; our figures have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from corridor_model.assess.arithmetic import achieved_share
from corridor_model.assess.rules.facts import Facts, Rule, Verdict, undefined

THRESHOLDS = {"improved": 0.10, "getting_worse": 0.10}


class Change(NamedTuple):
    """Fraction of the targeted change, and the publication's status."""

    share: float
    status: str | None


def change(
    base: float,
    target: float,
    recent: float,
    thresholds: Mapping[str, float] = THRESHOLDS,
) -> Change:
    """Return the progress of one objective; status is None where it cannot be said.

    Raises
    ------
    ShareUndefinedError
        If base and target are equal.

    References
    ----------
    National Center for Health Statistics, Healthy People 2020 Final Progress Table, notes,
    https://catalog.data.gov/dataset/healthy-people-2020-final-progress-table-eef88

    Examples
    --------
    >>> change(10, 20, 20).status, change(10, 20, 10.9).status, change(10, 20, 8.9).status
    ('target_met', 'little_or_no_detectable_change', 'getting_worse')
    """
    share = achieved_share(base, recent, target)
    return Change(share, _status(share, base, recent, thresholds))


def _status(
    share: float, base: float, recent: float, thresholds: Mapping[str, float]
) -> str | None:
    share = round(share, 12)
    if share >= 1:
        return "target_met"
    if share >= thresholds["improved"]:
        return "improved"
    if share >= 0:
        return "little_or_no_detectable_change"
    if base == 0:
        return None  # a change relative to 0 has no size (S7)
    moved = round(abs(recent - base) / abs(base), 12)
    return (
        "getting_worse"
        if moved >= thresholds["getting_worse"]
        else ("little_or_no_detectable_change")
    )


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the percent of targeted change; time plays no part in this rule."""
    word = _status(facts.share, facts.base, facts.actual, thresholds)
    if word is None:
        return undefined("base_is_zero")
    status = "on_schedule" if word in {"improved", "target_met"} else "behind"
    return Verdict(status, word, facts.share, branch=word)


RULE = Rule(
    name="healthy_people",
    name_zh="健康人民2020",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("已达标", "target met or exceeded"),
        "improved": ("改善", "improved"),
        "little_or_no_detectable_change": ("无明显变化", "little or no detectable change"),
        "getting_worse": ("恶化", "getting worse"),
        "not_available": ("无法计算", "not available"),
    },
    measure="achieved_share",
    source=(
        "National Center for Health Statistics, Healthy People 2020 Final Progress Table, "
        "https://catalog.data.gov/dataset/healthy-people-2020-final-progress-table-eef88"
    ),
    ours="which of its classes is on schedule (improved) and which is behind; it knows no time",
)
