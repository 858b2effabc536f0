"""Verdicts: what a rule is told and answers, our own rule, and what is the same under every rule.

Where a target is «behind» is decided here: by `by_gap` under our own rule, the schedule, and by
`verdict` wherever no rule is needed. The published rules stand in
:mod:`corridor_model.assessment.rules`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from corridor_model.arguments import mapping, number
from corridor_model.assessment.case import (
    beyond_range,
    cannot_be_kept,
    holds_now,
    is_projected,
)
from corridor_model.assessment.progress import PathShares, path_shares
from corridor_model.assessment.regional_numbers import elementwise
from corridor_model.codes import ABOVE_RANGE, NOT_ASSESSABLE, REASONS, STATUSES
from corridor_model.errors import CorridorError, GrowthUndefinedError
from corridor_model.growth import cagr
from corridor_model.messages import N_, Listing, Message, context
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import in_years, month_end, year_end
from corridor_model.plan.promises import alternatives

if TYPE_CHECKING:
    from corridor_model.assessment.case import Case, When
    from corridor_model.assessment.columns import Cases, Columns
    from corridor_model.plan.promises import Promise


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
    points : callable
        Gives (moment, value) of the figures up to now, oldest first, the start included; most
        rules do not look at them.
    ceiling : float or None
        The natural limit at which the range of a rising share ends, 100.
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
    points: Callable[[], tuple[tuple[float, float], ...]]
    ceiling: float | None = None

    @property
    def direction(self) -> int:
        """1 where the value must rise from its start to the goal, -1 where it must fall."""
        return 1 if self.goal > self.base else -1


@dataclass(frozen=True, slots=True)
class Verdict:
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


SHARE_CEILING = 100.0
"""What a share cannot pass."""

Judge = Callable[[Facts, Mapping[str, float]], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """A published way to judge progress.

    Attributes
    ----------
    name : str
        Its id.
    title : Message
        What it is called: in English by its id.
    judge : callable
        ``(facts, thresholds) -> Verdict``; called only for what is not yet met.
    thresholds : mapping of str to float
        What it compares with, as printed with every result.
    words : mapping of str to Message
        Its own classes, best first.
    measure : str
        Id of the formula of what it measures.
    source : str
        Where it is published.
    ours : str
        What in it is ours and not the publication's; empty where nothing is.
    """

    name: str
    title: Message
    judge: Judge
    thresholds: Mapping[str, float]
    words: Mapping[str, Message]
    measure: str
    source: str
    ours: str = ""


def limits_of(rule: Rule, own: Mapping[str, float] | None, alone: bool = True) -> dict[str, float]:
    """Return a rule's thresholds with those the user set; only for one rule at a time.

    Raises
    ------
    CorridorError
        If they are no mapping, bear other names or are no finite numbers.
    """
    if own is None:
        return dict(rule.thresholds)
    own = mapping("thresholds", own)
    unknown = sorted(set(own) - set(rule.thresholds), key=str)
    if unknown or not alone:
        raise CorridorError(
            N_(
                "thresholds: {names} do not belong to rule {rule!r}, which has {known}; set them "
                "for one rule at a time."
            ),
            names=Listing(unknown) if unknown else context("thresholds", "they"),
            rule=rule.name,
            known=Listing(rule.thresholds),
        )
    limits = {name: number("thresholds", value) for name, value in own.items()}
    if not all(map(math.isfinite, limits.values())):
        raise CorridorError(N_("thresholds: finite numbers are needed."))
    return {**rule.thresholds, **limits}


def undefined(branch: str) -> Verdict:
    """Return the verdict of a rule that finds no scale in these numbers (S7)."""
    return Verdict("not_assessable", "not_available", math.nan, "no_scale", branch)


# Our own rule: achieved share against elapsed share (S15).

SCHEDULE_THRESHOLDS = {"ahead": 0.05, "behind": -0.05, "growth_ahead": 0.1, "growth_behind": -0.1}
"""Of shares (S15), and in points of an average growth (S20)."""


def by_gap(gap: float, thresholds: Mapping[str, float] = SCHEDULE_THRESHOLDS, of: str = "") -> str:
    """Return ahead, on_schedule or behind by the gap between two shares, or two growths.

    Examples
    --------
    >>> by_gap(0.05), by_gap(0.0), by_gap(-0.05)
    ('ahead', 'on_schedule', 'behind')
    """
    gap = round(gap, 12)
    if gap >= thresholds[f"{of}ahead"]:
        return "ahead"
    return "behind" if gap <= thresholds[f"{of}behind"] else "on_schedule"


def schedule_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by achieved share less elapsed share."""
    gap = round(facts.share - facts.elapsed, 12)
    status = by_gap(gap, thresholds)
    return Verdict(status, status, gap, branch="gap")


SCHEDULE = Rule(
    name="schedule",
    title=context("rule", "schedule"),
    judge=schedule_verdict,
    thresholds=SCHEDULE_THRESHOLDS,
    words={
        "achieved": context("status", "achieved"),
        "ahead": context("status", "ahead"),
        "on_schedule": context("status", "on schedule"),
        "behind": context("status", "behind"),
        "missed": context("status", "missed"),
    },
    measure="schedule_gap",
    source="class names of 国民经济和社会发展规划中期评估 (mid-term assessments)",
    ours="all thresholds; that a limit is judged by what is used of it",
)


# The order of questions before a rule is asked, the same under every rule.


def verdicts(
    cases: Cases,
    when: When,
    columns: Columns,
    rule: Rule,
    thresholds: Mapping[str, float] | None = None,
) -> list[Verdict]:
    """Return the verdict on every case under one rule, alternatives settled together (S4)."""
    limits = {**rule.thresholds, **(thresholds or {})}
    rows = zip(cases, standings(cases, columns), strict=True)
    single = [verdict(case, row, when, rule, limits) for case, row in rows]
    return with_alternatives_kept([case.promise for case in cases], single)


def with_alternatives_kept(promises: Sequence[Promise], single: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts with that of an alternative that is achieved in place of the others' (S4)."""
    joint = list(single)
    for members in alternatives(promises):
        if any(single[i].status == "achieved" for i in members):
            for i in members:
                if single[i].status != "achieved":
                    joint[i] = Verdict(
                        "achieved", "achieved", single[i].value, branch="alternative_achieved"
                    )
    return joint


class Standing(NamedTuple):
    """What the columns say of one case; NaN is unknown.

    Attributes
    ----------
    met, base_met : bool
        Whether the figure and the start meet the target.
    achieved_share, elapsed_share, schedule_gap, gap, achieved_rate, required_rate : float
        As the columns of these names.
    """

    met: bool
    base_met: bool
    achieved_share: float
    elapsed_share: float
    schedule_gap: float
    gap: float
    achieved_rate: float
    required_rate: float


def standing_columns(cases: Cases, columns: Columns) -> list[Any]:
    """Return the fields of a `Standing` as arrays, one entry a row."""
    return [
        *(cases.met, cases.base_met),
        *(columns[name].values for name in Standing._fields[2:]),
    ]


def standings(cases: Cases, columns: Columns) -> list[Standing]:
    """Return what the columns say of each case."""
    listed = (array.tolist() for array in standing_columns(cases, columns))
    return list(map(Standing, *listed))


def verdict(
    case: Case, at: Standing, when: When, rule: Rule, limits: Mapping[str, float]
) -> Verdict:
    """Return the verdict on one case: what needs no rule first, then the rule."""
    before = _before_rules(case, at, when, rule, limits)
    if before is not None:
        return before
    if case.base is None or case.start is None:
        return _not_assessable("no_baseline")
    if case.now <= case.start:
        return _not_assessable("not_due_yet")
    if at.met and (at.base_met or case.base == case.goal):
        # no way to go, and only the full year as projected is there
        return Verdict("on_schedule", "on_schedule", branch="projected_met")
    if at.base_met:
        return Verdict("behind", "behind", branch="lost")
    if case.base == case.goal:
        return Verdict("behind", "behind", branch="no_way")  # a strict bound, only touched
    return rule.judge(_facts(case, at), limits)


def _before_rules(
    case: Case, at: Standing, when: When, rule: Rule, limits: Mapping[str, float]
) -> Verdict | None:
    """Return the verdict that is the same under every rule; None where a rule is asked."""
    if case.withdrawn:
        return _not_assessable("target_revised")
    if case.unbounded in {"not_quantified", "no_date"}:
        return _not_assessable(case.unbounded)
    if case.kind == "milestone":
        return _milestone(case, when.moment)
    # one missed year breaks the promise of a bound in each year, whatever this year brings
    if case.missed:
        return Verdict("missed", "missed", _value(case.share), branch="missed_earlier_year")
    if cannot_be_kept(case) and when.moment < case.due:
        passed = case.measure.value in {"level", "change"} and not case.limit
        branch = "total_passed" if passed else "limit_broken"
        return Verdict("missed", "missed", branch=branch)
    if when.moment >= case.due:
        return _at_date(case, at)
    if case.limit:
        return _limit(case, at, rule, limits)
    if case.kind == "growth":
        return _growth(case, at, rule, limits)
    # a count, once met, stays met, also where no figure is current any more
    if at.met and (case.lasting or (not case.state and _is_kept(case))):
        share = at.achieved_share
        return Verdict("achieved", "achieved", share, _beyond(case), branch="target_met")
    if case.state:
        return _not_assessable(case.state)
    if case.unbounded:
        return _not_assessable(case.unbounded)
    return _annual(case, rule, limits) if case.kind == "annual" else None


def _at_date(case: Case, at: Standing) -> Verdict:
    """From the date on there is achieved or missed, however small the gap (S20)."""
    value = _value(case.value) if case.kind == "growth" else at.achieved_share
    if case.state:
        return _not_assessable(case.state)
    if case.unbounded:
        return _not_assessable(case.unbounded)
    if at.met:
        branch = "target_kept" if case.limit else "target_met"
        return Verdict("achieved", "achieved", value, _beyond(case), branch=branch)
    branch = "met_late" if case.met_late else "deadline_passed"
    return Verdict("missed", "missed", value, branch=branch)


def _limit(case: Case, at: Standing, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    """Judge a limit before its date: by what is used of it, or by whether it holds (S19)."""
    if case.state:
        return _not_assessable(case.state)
    if case.unbounded:
        return _not_assessable(case.unbounded)
    if rule.name != "schedule":
        return _not_assessable("not_applicable")  # no publication speaks of limits
    if case.kind == "growth":
        return _growth(case, at, rule, limits)
    gap = at.schedule_gap
    if case.measure.limit == "use" and _known(gap) is not None and at.met:
        status = by_gap(gap, limits)
        return Verdict(status, status, gap, branch="limit_used")
    if not at.met:
        branch = "limit_projected" if is_projected(case) else "limit_broken"
        return Verdict("behind", "behind", gap, branch=branch)
    figure = case.base is not None and case.value is not None
    kept = case.measure.limit == "hold" and figure and _no_worse(case)
    status = "ahead" if kept else "on_schedule"
    return Verdict(status, status, gap, branch="limit_held")


def _is_kept(case: Case) -> bool:
    """Return whether an aim may be called achieved before its date (S20).

    A full year that is only projected is none yet; nor is a promise of each year kept by the
    years that are known, where another is not.
    """
    return holds_now(case) and not case.unknown


def _no_worse(case: Case) -> bool:
    """Return whether a value lies no nearer to its bound than its start did."""
    assert case.base is not None
    assert case.value is not None
    falls = case.upper is None or case.value <= case.base
    rises = case.lower is None or case.value >= case.base
    return falls and rises


def _growth(case: Case, at: Standing, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    """Judge an average growth before its date: in points of the average so far (S20)."""
    if case.state:
        return _not_assessable(case.state)
    if case.unbounded:
        return _not_assessable(case.unbounded)
    thresholds = limits if rule.name == "schedule" else SCHEDULE.thresholds
    gap = round(at.gap, 12)
    if case.decided is not None and case.reported is not None:
        return _growth_bound(case, case.reported, thresholds)
    status = by_gap(gap, thresholds, of="growth_")
    return Verdict(status, status, gap, branch="average_so_far")


def _growth_bound(case: Case, bound: float, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the least, or the most, that a published bound leaves of the gap."""
    gaps = [case.upper - bound] if case.upper is not None else []
    gaps += [bound - case.lower] if case.lower is not None else []
    status = by_gap(min(gaps), thresholds, of="growth_")
    if case.decided or status == "behind":
        return Verdict(status, status, branch="bound")
    return _not_assessable("not_reported")


def _beyond(case: Case) -> str:
    return ABOVE_RANGE if beyond_range(case) else ""


def _facts(case: Case, at: Standing) -> Facts:
    assert case.base is not None
    assert case.start is not None
    assert case.value is not None
    actual, share = case.value, at.achieved_share
    rate, required = _known(at.achieved_rate), _known(at.required_rate)
    if case.two_sided:
        # beyond the far end of a range counts like as far before the near end
        folded = case.base + share * (case.goal - case.base)
        if folded != actual:
            gone = in_years(case.now) - in_years(case.start)
            actual, rate = folded, _rate(case.base, folded, gone)
    return Facts(
        case.kind,
        case.base,
        actual,
        case.goal,
        in_years(case.start),
        in_years(case.now),
        in_years(case.due),
        share,
        at.elapsed_share,
        rate,
        required,
        partial(_points, case, actual),
        _ceiling(case),
    )


def _points(case: Case, actual: float) -> tuple[tuple[float, float], ...]:
    """Return the figures up to now with their moments in years, the start first."""
    assert case.base is not None
    assert case.start is not None
    points = [(month_end(p.year, p.months), p.value) for p in case.points]
    if not points or case.start < points[0][0]:
        points.insert(0, (case.start, case.base))
    if points[-1][0] < case.now:
        # a full year worked out from its first months stands at the end of the year
        points[-1] = (int(case.now), actual)
    return tuple((in_years(at), value) for at, value in points)


def _ceiling(case: Case) -> float | None:
    """Return 100 where the range of a rising share ends there: to go beyond means nothing."""
    ends = case.measure.bounded and case.target_max == SHARE_CEILING and case.goal == case.lower
    return SHARE_CEILING if ends else None


def _milestone(case: Case, now: float) -> Verdict:
    if case.done and case.met_late:
        return Verdict("missed", "missed", 0.0, branch="met_late")
    if case.done:
        return Verdict("achieved", "achieved", 1.0, branch="done")
    if case.done is False and case.at >= case.due:
        return Verdict("missed", "missed", 0.0, branch="not_done_when_due")
    if case.state:
        return _not_assessable(case.state)
    return _not_assessable("not_reported" if now >= case.due else "not_due_yet")


def _annual(case: Case, rule: Rule, limits: Mapping[str, float]) -> Verdict:
    """Judge a year's minimum by the schedule within the year; no publication covers it (S17)."""
    thresholds = limits if rule.name == "schedule" else SCHEDULE.thresholds
    if case.unknown and holds_now(case):
        return Verdict("ahead", "ahead", _value(case.share), branch="year_met")
    if case.share is None or case.elapsed is None or case.at >= year_end(case.year):
        return Verdict("missed", "missed", _value(case.share), branch="year_missed")
    if case.upper is not None and case.value is not None and case.value >= case.upper:
        return Verdict("behind", "behind", case.share, branch="above_range")
    if not is_flow(case.promise):
        return Verdict("behind", "behind", case.share, branch="below_bound")
    gap = case.share - case.elapsed
    status = by_gap(gap, thresholds)
    return Verdict(status, status, round(gap, 12), branch="gap_of_year")


def _not_assessable(reason: str) -> Verdict:
    return Verdict("not_assessable", "not_available", math.nan, reason, reason)


def _value(share: float | None) -> float:
    return math.nan if share is None else share


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 (of many regions, too: NaN)


def _rate(start: float, end: float, years: float) -> float | None:
    try:
        return cast("float", elementwise(cagr, start, end, years))
    except GrowthUndefinedError:
        return None


# Whether a verdict hangs on the shape of the path: linear, geometric, log-odds.


def path_sensitive(cases: Cases, columns: Columns) -> tuple[list[bool], list[str]]:
    """Return whether each verdict hangs on the shape of the path, or why that is not asked."""
    flags, reasons = [False] * len(cases), ["not_applicable"] * len(cases)
    share, elapsed = columns["achieved_share"], columns["elapsed_share"]
    for i, case in enumerate(cases):
        if not cases.leveled[i] or case.two_sided:
            continue
        reasons[i] = str(share.reasons[i] or elapsed.reasons[i] or case.state)
        if reasons[i] or cases.met[i] or case.limit:
            continue
        assert case.base is not None
        assert case.value is not None
        shares = path_shares(case.base, case.value, case.goal, case.kind == "share")
        flags[i] = is_path_sensitive(shares, float(elapsed.values[i]))
    return flags, reasons


def is_path_sensitive(
    shares: PathShares, elapsed: float, thresholds: Mapping[str, float] = SCHEDULE_THRESHOLDS
) -> bool:
    """Return whether the paths disagree: one is kept and another not, or their statuses differ.

    Examples
    --------
    >>> is_path_sensitive(path_shares(57.05, 69.05, 100), 6 / 20)
    True
    >>> is_path_sensitive(path_shares(100, 110, 200), 0.5)
    False
    """
    gaps = [round(share - elapsed, 12) for share in shares.known()]
    kept = {gap >= 0 for gap in gaps}
    return len(kept) > 1 or len({by_gap(gap, thresholds) for gap in gaps}) > 1


# Verdicts counted.


def tally(statuses: Sequence[str], reasons: Sequence[str]) -> dict[str, int]:
    """Return how many there are of each status, and of each reason; statuses sum to the total."""
    counts = dict.fromkeys((*STATUSES, *REASONS), 0)
    for status, reason in zip(statuses, reasons, strict=True):
        counts[status] += 1
        if status == NOT_ASSESSABLE:
            counts[reason] += 1
    return counts
