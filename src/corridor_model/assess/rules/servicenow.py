"""ServiceNow Goal Framework: percent of what was planned to date, green from 90, red below 75.

With cumulative check-ins the achievement is measured from the start value against the value
planned for the period. Without an entered breakdown we plan a straight line from the start
to the target, as the product's even distribution does.
"""

from __future__ import annotations

from collections.abc import Mapping

from corridor_model.assess.rules.facts import Facts, Rule, Verdict, undefined

THRESHOLDS = {"green": 0.90, "yellow": 0.75}


def colour(achievement: float, thresholds: Mapping[str, float] = THRESHOLDS) -> str:
    """Return green, yellow or red for a fraction achieved.

    The source prints «75–89» for yellow; what lies between 89 and 90 is not yet green.

    References
    ----------
    ServiceNow, Goal Framework, "Status calculation specifications and examples" and "Target
    types and achievement strategies" (ServiceNow/ServiceNowDocs, releases australia, brazil).

    Examples
    --------
    >>> colour(0.88), colour(0.947), colour(0.8), colour(0.7)
    ('yellow', 'green', 'yellow', 'red')
    """
    achievement = round(achievement, 12)
    for word, threshold in thresholds.items():
        if achievement >= threshold:
            return word
    return "red"


def latest_wins(achievements: list[float]) -> str:
    """Return the status of a target with cumulative check-ins: that of the latest one."""
    return colour(achievements[-1])


def worst_wins(colours: list[str]) -> str:
    """Return the status of a goal with several targets: the worst of them.

    Examples
    --------
    >>> worst_wins(["green", "red", "yellow"])
    'red'
    """
    return max(colours, key=["green", "yellow", "red"].index)


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by what is achieved of what a straight line plans to date."""
    if facts.elapsed <= 0:
        return undefined("no_time_elapsed")
    achievement = facts.share / facts.elapsed
    word = colour(achievement, thresholds)
    return Verdict("on_schedule" if word == "green" else "behind", word, achievement, branch=word)


RULE = Rule(
    name="servicenow",
    name_zh="ServiceNow目标框架",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("已达标", "achieved"),
        "green": ("绿", "green"),
        "yellow": ("黄", "yellow"),
        "red": ("红", "red"),
        "not_available": ("无法计算", "not available"),
    },
    measure="achievement_to_date",
    source=(
        "ServiceNow, Goal Framework: Status calculation specifications and examples; Target types "
        "and achievement strategies (docs, releases australia and brazil, 2026)"
    ),
    ours="the straight line where no breakdown was entered; which colours are on schedule (green)",
)
