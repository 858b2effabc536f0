"""The order of questions before a rule is asked, the same under every rule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.assessment.rules.base import RULE as SCHEDULE
from corridor_model.assessment.rules.base import Facts, Rule, Verdict, by_gap, undefined
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import cagr
from corridor_model.periods import in_years, month_end
from corridor_model.plan.promises import alternatives

if TYPE_CHECKING:
    from corridor_model.assessment.case import Case
    from corridor_model.assessment.measures import Numbers


NAN = math.nan


def verdicts(
    numbers: Numbers, rule: Rule, thresholds: Mapping[str, float] | None = None
) -> list[Verdict]:
    """Return the verdict on every case under one rule, alternatives settled together (S4)."""
    limits = {**rule.thresholds, **(thresholds or {})}
    made = [verdict(numbers, i, rule, limits) for i in range(numbers.count)]
    for members in alternatives([case.indicator for case in numbers.cases]):
        if any(made[i].status == "achieved" for i in members):
            for i in members:
                if made[i].status != "achieved":
                    made[i] = Verdict(
                        "achieved", "achieved", made[i].value, branch="alternative_achieved"
                    )
    return made


def verdict(numbers: Numbers, i: int, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    """Return the verdict on one case: what needs no rule first, then the rule."""
    case = numbers.cases[i]
    if case.withdrawn:
        return _unsaid("target_revised" if case.indicator.targets else "not_quantified")
    if case.kind == "milestone":
        return _milestone(case, numbers.when.moment)
    met = bool(numbers.met[i])
    if case.kind == "annual" and case.missed:
        if case.state:
            return _unsaid(case.state)
        return Verdict("behind", "behind", _value(case.share), branch="missed_earlier_year")
    if met and (not case.state or case.lasting):
        return Verdict("achieved", "achieved", _value(_share(numbers, i)), branch="target_met")
    if case.state:
        return _unsaid(case.state)
    if case.kind == "annual":
        return _annual(case, rule, limits)
    if case.kind == "growth":
        return Verdict("behind", "behind", case.value or 0.0, branch="below_target_growth")
    return _by_rule(numbers, i, rule, limits)


def _by_rule(numbers: Numbers, i: int, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    case = numbers.cases[i]
    if case.now >= case.due and rule.name == "schedule":
        gap = float(numbers.columns["schedule_gap"].values[i])
        return Verdict("behind", "behind", gap, branch="deadline_passed")
    if case.base is None or case.start is None:
        return _unsaid("no_baseline")
    if case.now <= case.start:
        return _unsaid("not_due_yet")
    if numbers.base_met[i]:
        return Verdict("behind", "behind", branch="lost")
    if case.due <= case.start:
        return undefined("start_after_deadline")
    return rule.judge(_facts(numbers, i), limits)


def _facts(numbers: Numbers, i: int) -> Facts:
    case = numbers.cases[i]
    assert case.base is not None
    assert case.start is not None
    assert case.value is not None
    actual = case.value
    rate, required = (
        _known(numbers.columns[name].values[i]) for name in ("achieved_rate", "required_rate")
    )
    share = float(numbers.columns["achieved_share"].values[i])
    if case.two_sided:
        # beyond the far end of a range counts like as far before the near end
        folded = case.base + share * (case.goal - case.base)
        if folded != actual:
            gone = in_years(case.now) - in_years(case.start)
            actual, rate = folded, _rate(case.base, folded, gone)
    points = [(month_end(p.year, p.months), p.value) for p in case.points]
    if not points or case.start < points[0][0]:
        points.insert(0, (case.start, case.base))
    if points[-1][0] < case.now:
        points[-1] = (int(case.now), actual)
    return Facts(
        case.kind,
        case.base,
        actual,
        case.goal,
        in_years(case.start),
        in_years(case.now),
        in_years(case.due),
        share,
        float(numbers.columns["elapsed_share"].values[i]),
        rate,
        required,
        tuple((in_years(at), value) for at, value in points),
    )


def _milestone(case: Case, now: float) -> Verdict:
    if case.done:
        late = case.at > case.due
        return Verdict("achieved", "achieved", 1.0, branch="done_late" if late else "done")
    if case.state:
        return _unsaid(case.state)
    if case.done is False and now >= case.due:
        return Verdict("behind", "behind", 0.0, branch="not_done_when_due")
    return _unsaid("not_due_yet")


def _annual(case: Case, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    """Judge a year's minimum by the schedule within the year; no publication covers it (S17)."""
    thresholds = limits if rule.name == "schedule" else SCHEDULE.thresholds
    if case.share is None or case.elapsed is None or case.at >= case.due:
        return Verdict("behind", "behind", _value(case.share), branch="year_missed")
    if case.upper is not None and case.value is not None and case.value > case.upper:
        return Verdict("behind", "behind", case.share, branch="above_range")
    gap = case.share - case.elapsed
    status = by_gap(gap, thresholds)
    return Verdict(status, status, round(gap, 12), branch="gap_of_year")


def _unsaid(reason: str) -> Verdict:
    return Verdict("not_assessable", "not_available", NAN, reason, reason)


def _share(numbers: Numbers, i: int) -> float:
    return float(numbers.columns["achieved_share"].values[i])


def _value(share: float | None) -> float:
    return NAN if share is None else share


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rate(start: float, end: float, years: float) -> float | None:
    try:
        return float(cagr(start, end, years))
    except GrowthUndefinedError:
        return None


def tally(statuses: Sequence[str], reasons: Sequence[str]) -> dict[str, int]:
    """Return how many there are of each status, and of each reason; statuses sum to the total."""
    from corridor_model.codes import NOT_ASSESSABLE, REASONS, STATUSES

    counts = dict.fromkeys((*STATUSES, *REASONS), 0)
    for status, reason in zip(statuses, reasons, strict=True):
        counts[status] += 1
        if status == NOT_ASSESSABLE:
            counts[reason] += 1
    return counts
