"""Rules that compare how far one has come, or will come at this pace, with where one should be.

UN ESCAP and Destatis ask where the pace so far leads, Healthy People how much of the way is
done, ServiceNow how much of what was planned to date. Each stands with its own thresholds and
words; what in it is ours says so. Two products follow that no assessment uses, and the pace by
steps and by rates side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.arguments import items, number
from corridor_model.assessment.progress import (
    achieved_share,
    divided,
    numbers,
    path_shares,
    scalar,
    together,
)
from corridor_model.assessment.rules.growth_ratio import cagr_ratio
from corridor_model.assessment.verdicts import Facts, Rule, Verdict, limits_of, undefined
from corridor_model.errors import CorridorError
from corridor_model.formatting import short
from corridor_model.messages import N_, Listing, context

# Destatis: four weather symbols for where the last five yearly changes would lead.
#
# The mean of the last five yearly changes (the last six points) goes on to the target year.
# The miss is compared with the distance between target and current value: less than 5 % is
# sun, 5 % to 20 % slight cloud, more than 20 % cloud; no move towards the target is a
# thunderstorm. Sun and slight cloud are published as on track, the others as off track. In
# exceptional cases four consecutive points are enough.

DESTATIS_THRESHOLDS = {"sun": 0.05, "slight_cloud": 0.20}
POINTS, FEWEST = 6, 4


class Weather(NamedTuple):
    """Projected value, miss as a part of the distance still to go, and symbol."""

    projected: float
    miss_ratio: float
    symbol: str


def weather(
    values: Sequence[float],
    target: float,
    years_to_target: float,
    direction: int = 1,
    thresholds: Mapping[str, float] = DESTATIS_THRESHOLDS,
) -> Weather:
    """Return the weather of yearly values whose target is not met.

    Parameters
    ----------
    values : sequence of float
        Yearly values, oldest first; the change is the mean over all of them.
    target : float
        The target, not met by the last value.
    years_to_target : float
        Years from the last value to the target year.
    direction : {1, -1}
        Whether more is better.

    References
    ----------
    Statistisches Bundesamt, Indicators of the German Sustainable Development Strategy,
    "Status of indicators – Methodology", https://dns-indikatoren.de/en/status; likewise
    Vanuatu NSDP, https://nsdp.vnso.gov.vu/methodology

    Examples
    --------
    >>> weather([10, 11, 12, 13, 14, 15], 20, 5)
    Weather(projected=20.0, miss_ratio=0.0, symbol='sun')
    >>> weather([15, 14, 13, 12, 11, 10], 20, 4).symbol
    'thunderstorm'
    """
    line = numbers("values", values)
    target, years_to_target = number("target", target), number("years_to_target", years_to_target)
    if line.ndim != 1 or len(line) < 2 or line[-1] == target:
        raise CorridorError(N_("weather needs two values or more, the last not the target."))
    limits = limits_of(DESTATIS, thresholds)
    values = line.tolist()
    change = (values[-1] - values[0]) / (len(values) - 1)
    projected = values[-1] + change * years_to_target
    # twelve decimals: a miss of exactly 20 % must not become more by floating point
    miss = round((target - projected) * direction / abs(target - values[-1]), 12)
    if change * direction <= 0:
        return Weather(projected, miss, "thunderstorm")
    cloud = "slight_cloud" if miss <= limits["slight_cloud"] else "cloud"
    return Weather(projected, miss, "sun" if miss < limits["sun"] else cloud)


def destatis_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the last six consecutive yearly points, or at least the last four."""
    values = _consecutive(facts.points())[-POINTS:]
    if len(values) < FEWEST:
        return undefined("too_few_points")
    forecast = weather(
        [*values[:-1], facts.actual], facts.goal, facts.due - facts.now, facts.direction, thresholds
    )
    on_track = forecast.symbol in {"sun", "slight_cloud"}
    status = "on_schedule" if on_track else "behind"
    return Verdict(status, forecast.symbol, forecast.miss_ratio, branch=f"{len(values)}_points")


def _consecutive(points: Sequence[tuple[float, float]]) -> list[float]:
    """Return the values of the last run of points that lie one year apart."""
    run: list[tuple[float, float]] = []
    for point in points:
        if run and point[0] - run[-1][0] != 1:
            run = []
        run.append(point)
    return [value for _, value in run]


DESTATIS = Rule(
    name="destatis",
    title=context("rule", "destatis"),
    judge=destatis_verdict,
    thresholds=DESTATIS_THRESHOLDS,
    words={
        "achieved": context("rule", "target met"),
        "sun": context("rule", "sun"),
        "slight_cloud": context("rule", "slightly cloudy"),
        "cloud": context("rule", "cloudy"),
        "thunderstorm": context("rule", "thunderstorm"),
        "not_available": context("rule", "too few points"),
    },
    measure="miss_ratio",
    source=(
        "Statistisches Bundesamt, Indicators of the German Sustainable Development Strategy, "
        "Status of indicators – Methodology, https://dns-indikatoren.de/en/status"
    ),
)


# UN ESCAP: how far one has come, and where one will arrive at this pace.

ESCAP_THRESHOLDS = {"maintain": 0.10, "accelerate": 1.0}


def current_status(base: ArrayLike, current: ArrayLike, target: ArrayLike) -> Any:
    """Return the Current Status Index: 0 at the start, 10 at the target, below 0 worse.

    References
    ----------
    A. Bidarbakht Nia, Tracking progress towards the SDGs: measuring the otherwise ambiguous
    progress, UN ESCAP SD/WP/05, 2017; https://data.unescap.org/resource-guides/progress-assessment-methodology

    Examples
    --------
    >>> current_status(10, 12, 20), current_status(20, 15, 10)
    (2.0, 5.0)
    """
    return scalar(10.0 * np.asarray(achieved_share(base, current, target)))


def current_status_parity(base: ArrayLike, current: ArrayLike, target: ArrayLike) -> Any:
    """Return the index of a parity indicator, where both sides of the target are off.

    Examples
    --------
    >>> round(current_status_parity(0.8, 0.9, 1.0), 9)
    5.0
    """
    goal, now, start = together(target=target, current=current, base=base)
    away, way = np.abs(goal - now), np.abs(goal - start)
    return scalar(
        10.0 - 10.0 * np.asarray(divided(away, way, N_("base and target are equal{where}.")))
    )


def escap_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the gap that is left in the target year if the average pace so far goes on."""
    if facts.elapsed <= 0:
        return undefined("no_time_elapsed")
    gap = round(1.0 - facts.share / facts.elapsed, 12)
    if gap <= thresholds["maintain"]:
        return Verdict("on_schedule", "maintain", gap, branch="maintain")
    word = "accelerate" if gap <= thresholds["accelerate"] else "reverse"
    return Verdict("behind", word, gap, branch=word)


ESCAP = Rule(
    name="escap",
    title=context("rule", "escap"),
    judge=escap_verdict,
    thresholds=ESCAP_THRESHOLDS,
    words={
        "achieved": context("rule", "achieved"),
        "maintain": context("rule", "maintain progress"),
        "accelerate": context("rule", "accelerate progress"),
        "reverse": context("rule", "reverse the trend"),
        "not_available": context("rule", "not available"),
    },
    measure="anticipated_gap",
    source=(
        "UN ESCAP, Progress Assessment Methodology (Current Status Index, Anticipated Progress "
        "Index); A. Bidarbakht Nia, UN ESCAP SD/WP/05, 2017"
    ),
    ours=(
        "the cut at a gap of 10 % (we could not read a printed threshold), and a straight line "
        "from start to now in place of the time-weighted regression, for which the series here "
        "are too short"
    ),
)


# Healthy People 2020: percent of targeted change achieved, without standard errors.

HEALTHY_PEOPLE_THRESHOLDS = {"improved": 0.10, "getting_worse": 0.10}


class TargetedChange(NamedTuple):
    """Fraction of the targeted change, and the publication's status."""

    share: float
    status: str | None


def targeted_change(
    base: float,
    target: float,
    recent: float,
    thresholds: Mapping[str, float] = HEALTHY_PEOPLE_THRESHOLDS,
) -> TargetedChange:
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
    >>> [targeted_change(10, 20, recent).status for recent in (20, 10.9, 8.9)]
    ['target_met', 'little_or_no_detectable_change', 'getting_worse']
    """
    share, limits = achieved_share(base, recent, target), limits_of(HEALTHY_PEOPLE, thresholds)
    return TargetedChange(share, _status(share, base, recent, limits))


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


def healthy_people_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the percent of targeted change; time plays no part in this rule."""
    word = _status(facts.share, facts.base, facts.actual, thresholds)
    if word is None:
        return undefined("base_is_zero")
    status = "on_schedule" if word in {"improved", "target_met"} else "behind"
    return Verdict(status, word, facts.share, branch=word)


HEALTHY_PEOPLE = Rule(
    name="healthy_people",
    title=context("rule", "healthy_people"),
    judge=healthy_people_verdict,
    thresholds=HEALTHY_PEOPLE_THRESHOLDS,
    words={
        "achieved": context("rule", "target met or exceeded"),
        "improved": context("rule", "improved"),
        "little_or_no_detectable_change": context("rule", "little or no detectable change"),
        "getting_worse": context("rule", "getting worse"),
        "not_available": context("rule", "not available"),
    },
    measure="achieved_share",
    source=(
        "National Center for Health Statistics, Healthy People 2020 Final Progress Table, "
        "https://catalog.data.gov/dataset/healthy-people-2020-final-progress-table-eef88"
    ),
    ours="which of its classes is on schedule (improved) and which is behind; it knows no time",
)


# ServiceNow Goal Framework: percent of what was planned to date, green from 90, red below 75.

SERVICENOW_THRESHOLDS = {"green": 0.90, "yellow": 0.75}


def servicenow_colour(
    achievement: float, thresholds: Mapping[str, float] = SERVICENOW_THRESHOLDS
) -> str:
    """Return green, yellow or red for a fraction achieved.

    The source prints «75–89» for yellow; what lies between 89 and 90 is not yet green.

    References
    ----------
    ServiceNow, Goal Framework, "Status calculation specifications and examples" and "Target
    types and achievement strategies" (ServiceNow/ServiceNowDocs, releases australia, brazil).

    Examples
    --------
    >>> [servicenow_colour(achievement) for achievement in (0.88, 0.947, 0.8, 0.7)]
    ['yellow', 'green', 'yellow', 'red']
    """
    achievement = round(number("achievement", achievement), 12)
    limits = limits_of(SERVICENOW, thresholds)
    return next((word for word, limit in limits.items() if achievement >= limit), "red")


def latest_wins(achievements: list[float]) -> str:
    """Return the status of a target with cumulative check-ins: that of the latest one.

    Examples
    --------
    >>> latest_wins([0.5, 0.95])
    'green'
    """
    line = numbers("achievements", achievements)
    if line.ndim != 1 or not len(line):
        raise CorridorError(N_("achievements: at least one check-in is needed."))
    return servicenow_colour(float(line[-1]))


def worst_wins(colours: list[str]) -> str:
    """Return the status of a goal with several targets: the worst of them.

    Examples
    --------
    >>> worst_wins(["green", "red", "yellow"])
    'red'
    """
    known = ["green", "yellow", "red"]
    words = [str(colour) for colour in items("colours", colours)]
    if not words or not set(words) <= set(known):
        raise CorridorError(
            N_("colours are some of {known}; got {value}."),
            known=Listing(known),
            value=short(colours),
        )
    return max(words, key=known.index)


def servicenow_verdict(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by what is achieved of what a straight line plans to date."""
    if facts.elapsed <= 0:
        return undefined("no_time_elapsed")
    achievement = facts.share / facts.elapsed
    word = servicenow_colour(achievement, thresholds)
    return Verdict("on_schedule" if word == "green" else "behind", word, achievement, branch=word)


SERVICENOW = Rule(
    name="servicenow",
    title=context("rule", "servicenow"),
    judge=servicenow_verdict,
    thresholds=SERVICENOW_THRESHOLDS,
    words={
        "achieved": context("rule", "achieved"),
        "green": context("rule", "green"),
        "yellow": context("rule", "yellow"),
        "red": context("rule", "red"),
        "not_available": context("rule", "not available"),
    },
    measure="achievement_to_date",
    source=(
        "ServiceNow, Goal Framework: Status calculation specifications and examples; Target types "
        "and achievement strategies (docs, releases australia and brazil, 2026)"
    ),
    ours="the straight line where no breakdown was entered; which colours are on schedule (green)",
)


# Two more products, for comparison; no assessment uses them.

BEHIND_FROM, AT_RISK_ABOVE = 16.5, 33.0


def engagedly(expected: float, actual: float) -> str:
    """Return the status of a goal by expected less actual, both in percent.

    References
    ----------
    https://help.engagedly.com/automatic-status-updates-for-goals

    Examples
    --------
    >>> engagedly(50, 34), engagedly(50, 33), engagedly(50, 17), engagedly(90, 50)
    ('on_track', 'behind', 'behind', 'at_risk')
    """
    expected, actual = number("expected", expected), number("actual", actual)
    if actual >= 100:
        return "achieved"
    gap = expected - actual
    if gap < BEHIND_FROM:
        return "on_track"
    return "behind" if gap <= AT_RISK_ABOVE else "at_risk"


def okr_progress(baseline: float, target: float, actual: float) -> float:
    """Return progress in percent as puzzle OKR shows it: never below 0.

    A move away from the target is hidden; :func:`corridor_model.assessment.progress.achieved_share`
    returns the negative share.

    References
    ----------
    puzzle/okr@ccd79d5, ``frontend/src/app/shared/common.spec.ts``.

    Examples
    --------
    >>> okr_progress(100, 0, 20), okr_progress(0, 100, -10)
    (80.0, 0.0)
    """
    return max(0.0, 100.0 * float(achieved_share(baseline, actual, target)))


# The pace so far over the pace needed, along a straight line and by constant growth.


def pace_ratios(
    base: float, actual: float, goal: float, years_so_far: float, years_total: float
) -> tuple[float, float]:
    """Return the pace so far over the pace needed: of yearly steps, and of yearly rates.

    Above 1 the path is kept, below 1 it is not.

    Raises
    ------
    CorridorError
        If a number of years is not above 0.

    References
    ----------
    国家统计局, 2006年小康社会进程监测报告: 57.05 (2000), 69.05 (2006), goal 100 in 2020.

    Examples
    --------
    >>> [round(ratio, 2) for ratio in pace_ratios(57.05, 69.05, 100, 6, 20)]
    [0.93, 1.14]
    """
    gone = number("years_so_far", years_so_far)
    whole = number("years_total", years_total)
    if not gone > 0 or not whole > 0:
        raise CorridorError(N_("years_so_far and years_total must be above 0."))
    linear = path_shares(base, actual, goal).linear * whole / gone
    return linear, cagr_ratio(base, actual, goal, years_so_far, years_total)
