"""Eurostat: the yearly growth so far against the yearly growth the target needs.

For indicators with a quantitative target Eurostat divides the actual compound annual growth
rate by the required one: 95 % and more is significant progress, 60 % to less than 95 %
moderate, 0 % to less than 60 % insufficient, below 0 % movement away.
"""

from __future__ import annotations

from collections.abc import Mapping

from corridor_model.assess.rules.facts import Facts, Rule, Verdict, undefined

THRESHOLDS = {"significant": 0.95, "moderate": 0.60, "insufficient": 0.0}


def cagr_ratio(
    base: float, now: float, target: float, years_so_far: float, years_total: float
) -> float:
    """Return the yearly rate so far over the yearly rate from base to target.

    Raises
    ------
    GrowthUndefinedError
        Where a rate is undefined; ShareUndefinedError where none is needed.

    References
    ----------
    Eurostat, Sustainable development in the European Union: monitoring report on progress
    towards the SDGs in an EU context, annex on the assessment method.

    Examples
    --------
    >>> round(cagr_ratio(57.05, 69.05, 100, 6, 20), 4)
    1.136
    """
    from corridor_model.assess.arithmetic import completion
    from corridor_model.growth import cagr

    return float(completion(cagr(base, now, years_so_far), cagr(base, target, years_total)))


def classify(ratio: float, thresholds: Mapping[str, float] = THRESHOLDS) -> str:
    """Return the class of a ratio of rates.

    Examples
    --------
    >>> [classify(ratio) for ratio in (0.95, 0.60, 0.0, -0.01)]
    ['significant', 'moderate', 'insufficient', 'away']
    """
    ratio = round(ratio, 12)
    for word, threshold in thresholds.items():
        if ratio >= threshold:
            return word
    return "away"


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the ratio of rates; refuses where a rate is undefined (S7)."""
    if facts.rate is None or not facts.required:
        return undefined("undefined_rate")
    ratio = facts.rate / facts.required
    word = classify(ratio, thresholds)
    return Verdict("on_schedule" if word == "significant" else "behind", word, ratio, branch=word)


RULE = Rule(
    name="eurostat",
    name_zh="欧盟统计局",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("已达标", "target met"),
        "significant": ("显著进展", "significant progress"),
        "moderate": ("中等进展", "moderate progress"),
        "insufficient": ("进展不足", "insufficient progress"),
        "away": ("背离目标", "movement away"),
    },
    measure="cagr_ratio",
    source=(
        "Eurostat, Sustainable development in the European Union: monitoring report on progress "
        "towards the SDGs in an EU context (annual), assessment of indicators with a "
        "quantitative target"
    ),
    ours="which of its classes is on schedule (significant) and which is behind",
)
