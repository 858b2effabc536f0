"""Rules that compare the yearly growth so far with the yearly growth the target needs.

Eurostat divides one by the other. Statistics Canada and Open SDG do the same with a direction,
a sign and a score. Theirs is faithful to ``sdg/ProgressMeasure.py``, also where we would not do
it: a start of 0 and a target of 0 are replaced by 0.001. No other rule here does (S7), and
every verdict that rests on it carries the reason ``published_substitution``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from corridor_model.arguments import flag, number, single
from corridor_model.assessment.progress import completion
from corridor_model.assessment.verdicts import Facts, Rule, Verdict, undefined
from corridor_model.codes import PUBLISHED_SUBSTITUTION
from corridor_model.growth import cagr
from corridor_model.messages import context

# Eurostat: the yearly growth so far against the yearly growth the target needs.

EUROSTAT_THRESHOLDS = {"significant": 0.95, "moderate": 0.60, "insufficient": 0.0}


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
    return float(completion(cagr(base, now, years_so_far), cagr(base, target, years_total)))


def eurostat_class(ratio: float, thresholds: Mapping[str, float] = EUROSTAT_THRESHOLDS) -> str:
    """Return the class of a ratio of rates.

    Examples
    --------
    >>> [eurostat_class(ratio) for ratio in (0.95, 0.60, 0.0, -0.01)]
    ['significant', 'moderate', 'insufficient', 'away']
    """
    ratio = round(ratio, 12)
    for word, threshold in thresholds.items():
        if ratio >= threshold:
            return word
    return "away"


def eurostat_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the ratio of rates; refuses where a rate is undefined (S7)."""
    if facts.rate is None or not facts.required:
        return undefined("undefined_rate")
    ratio = facts.rate / facts.required
    word = eurostat_class(ratio, thresholds)
    return Verdict("on_schedule" if word == "significant" else "behind", word, ratio, branch=word)


EUROSTAT = Rule(
    name="eurostat",
    title=context("rule", "eurostat"),
    judge=eurostat_verdict,
    thresholds=EUROSTAT_THRESHOLDS,
    words={
        "achieved": context("rule", "target met"),
        "significant": context("rule", "significant progress"),
        "moderate": context("rule", "moderate progress"),
        "insufficient": context("rule", "insufficient progress"),
        "away": context("rule", "movement away"),
    },
    measure="cagr_ratio",
    source=(
        "Eurostat, Sustainable development in the European Union: monitoring report on progress "
        "towards the SDGs in an EU context (annual), assessment of indicators with a "
        "quantitative target"
    ),
    ours="which of its classes is on schedule (significant) and which is behind",
)


# Statistics Canada and Open SDG: the same with a direction, a sign and a score.

STATCAN_THRESHOLDS = {
    "substantial_progress": 0.95,
    "moderate_progress": 0.60,
    "limited_progress": 0.0,
}
STATCAN_NO_TARGET = {
    "substantial_progress": 0.015,
    "moderate_progress": 0.005,
    "limited_progress": 0.0,
}
"""Yearly growth in the wanted direction, where there is no target."""
INSTEAD_OF_ZERO = 0.001
TARGET_YEAR = 2030
STEEPNESS = 4.44
"""How fast the thresholds fall towards a natural limit: they are halved at 86 % of it."""


class ProgressMeasure(NamedTuple):
    """Value, class and score (-5 to 5), and whether 0.001 was put for zero."""

    value: float | None
    status: str
    score: float | None
    substituted: bool


def progress_measure(
    base: float,
    current: float,
    base_year: float,
    current_year: float,
    direction: int,
    target: float | None = None,
    target_year: float = TARGET_YEAR,
    limit: float | None = None,
) -> ProgressMeasure:
    """Return the progress measure of one series.

    Parameters
    ----------
    base, current : float
        Values in the base year and the latest year.
    direction : {1, -1}
        Whether more is better.
    target : float, optional
        Without one the growth itself is judged.
    limit : float, optional
        A natural limit, such as the 100 of a share, near which less growth is asked for
        (`limit_coefficient`); counts only where there is no target.

    Returns
    -------
    ProgressMeasure
        ``not_available`` with None where the signs differ or less than a year lies between.

    References
    ----------
    open-sdg/sdg-build, ``sdg/ProgressMeasure.py`` (commit 139fede); Open SDG, "Progress
    Measurement Methodology for the Sustainable Development Goals".

    Examples
    --------
    >>> progress_measure(480, 508.8, 2019, 2020, 1, 580, 2022).status
    'moderate_progress'
    >>> near = progress_measure(97, 97.5, 2015, 2020, 1, limit=100)
    >>> near.status, round(near.score, 5)
    ('moderate_progress', 0.78333)
    >>> progress_measure(0, 5, 2015, 2020, 1, 50)[1:]
    ('substantial_progress', 5, True)
    """
    base, current = number("base", base), number("current", current)
    target = None if target is None else number("target", target)
    limit = None if limit is None else number("limit", limit)
    single(base_year=base_year, current_year=current_year, direction=direction)
    substituted = base == 0 or target == 0
    target = INSTEAD_OF_ZERO if target == 0 else target
    achieved = target is not None and (current - target) * direction >= 0
    sign = -1 if base < 0 else 1
    coefficient = 1.0 if limit is None else limit_coefficient(base, limit)
    base = INSTEAD_OF_ZERO if base == 0 else base
    value = None
    if base * current >= 0 and current_year - base_year >= 1:
        value = _value(base, current, current_year - base_year, sign * direction)
        if target is not None and value is not None:
            needed = _value(base, target, target_year - base_year, 1)
            value = value / abs(needed) if needed else None
    if achieved:
        return ProgressMeasure(value, "target_achieved", 5, substituted)
    if value is None:
        return ProgressMeasure(None, "not_available", None, substituted)
    if target is None:
        reduced = {word: bound * coefficient for word, bound in STATCAN_NO_TARGET.items()}
        score = score_no_target(value, coefficient)
        return ProgressMeasure(value, statcan_class(value, reduced), score, substituted)
    return ProgressMeasure(value, statcan_class(value), score_with_target(value), substituted)


def limit_coefficient(base: float, limit: float) -> float:
    """Return what the thresholds without a target are multiplied with near a natural limit.

    1 far from it (and from twice the limit on), 0 at it; the same on both sides.

    References
    ----------
    open-sdg/sdg-build, ``sdg/ProgressMeasure.py`` (commit 139fede), exponent 4.44.

    Examples
    --------
    >>> round(limit_coefficient(97, 100), 4), limit_coefficient(100, 100), limit_coefficient(5, 0)
    (0.1265, 0.0, 1.0)
    """
    base, limit = abs(base), abs(limit)
    if base >= 2 * limit:
        return 1.0
    near = base if base <= limit else 2 * limit - base
    return float(1 - (near / limit) ** STEEPNESS)


def _value(start: float, end: float, years: float, sign: int) -> float | None:
    """Return the signed yearly growth; None where the power has no real value."""
    if years <= 0 or end / start < 0:
        return None
    return float(sign * ((end / start) ** (1 / years) - 1))


def statcan_class(value: float, thresholds: Mapping[str, float] = STATCAN_THRESHOLDS) -> str:
    """Return the class of a ratio of rates, or of a growth rate with :data:`STATCAN_NO_TARGET`."""
    for word, threshold in thresholds.items():
        if value >= threshold:
            return word
    return "deterioration"


def score_with_target(ratio: float) -> float:
    """Return the score of a ratio of rates, -5 to 5.

    Examples
    --------
    >>> score_with_target(-1.0), round(score_with_target(0.6), 3)
    (-5, 0.0)
    """
    ratio = number("ratio", ratio)
    if ratio >= STATCAN_THRESHOLDS["moderate_progress"]:
        return min(7.1429 * ratio - 4.2857, 5)
    return max(4.1667 * ratio - 2.5, -5)


def score_no_target(growth: float, coefficient: float = 1.0) -> float:
    """Return the score of a growth rate in the wanted direction, -5 to 5.

    Parameters
    ----------
    growth : float
        Yearly fraction.
    coefficient : float, default 1
        What the thresholds are multiplied with near a natural limit, 0 to 1.

    Examples
    --------
    >>> score_no_target(0.005), score_no_target(0.015), score_no_target(-0.05)
    (0.0, 2.5, -5)
    """
    growth, coefficient = number("growth", growth), number("coefficient", coefficient)
    low, medium, high = (
        STATCAN_NO_TARGET[word] * coefficient
        for word in ("limited_progress", "moderate_progress", "substantial_progress")
    )
    if growth < low:
        return max(125 * growth - 2.5, -5)
    if coefficient == 0:
        return 5
    if growth >= high:
        return min(500 * growth / coefficient - 5, 5)
    if growth >= medium:
        return 250 * growth / coefficient - 1.25
    return 500 * growth / coefficient - 2.5


def statcan_aggregate(mean_score: float, all_achieved: bool = False) -> str:
    """Return the class of a mean of scores.

    Examples
    --------
    >>> statcan_aggregate(1.0)
    'moderate_progress'
    """
    mean_score = number("mean_score", mean_score)
    if flag("all_achieved", all_achieved):
        return "target_achieved"
    bounds = {"substantial_progress": 2.5, "moderate_progress": 0.0, "limited_progress": -2.5}
    return statcan_class(mean_score, bounds)


def statcan_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the publication's measure; says where it put 0.001 for zero.

    A range that ends at a natural limit is no one number: the publication then asks for
    growth in its direction, the less the nearer the limit.
    """
    measure = progress_measure(
        facts.base,
        facts.actual,
        facts.start,
        facts.now,
        facts.direction,
        facts.goal if facts.ceiling is None else None,
        facts.due,
        facts.ceiling,
    )
    if measure.value is None or not math.isfinite(measure.value):
        return undefined("not_available")
    reason = PUBLISHED_SUBSTITUTION if measure.substituted else ""
    word = measure.status
    if facts.ceiling is None:
        word = statcan_class(measure.value, thresholds)
    status = "on_schedule" if word == "substantial_progress" else "behind"
    return Verdict(status, word, measure.value, reason, word)


STATCAN = Rule(
    name="statcan",
    title=context("rule", "statcan"),
    judge=statcan_verdict,
    thresholds=STATCAN_THRESHOLDS,
    words={
        "achieved": context("rule", "target achieved"),
        "substantial_progress": context("rule", "on track"),
        "moderate_progress": context("rule", "progress made but acceleration needed"),
        "limited_progress": context("rule", "limited progress"),
        "deterioration": context("rule", "deterioration"),
        "not_available": context("rule", "not available"),
    },
    measure="statcan_ratio",
    source=(
        "open-sdg/sdg-build sdg/ProgressMeasure.py (139fede); Open SDG, Progress Measurement "
        "Methodology for the Sustainable Development Goals (Statistics Canada)"
    ),
    ours=(
        "which of its classes is on schedule (substantial progress) and which is behind; that a "
        "range up to 100 % is a natural limit without a target"
    ),
)
