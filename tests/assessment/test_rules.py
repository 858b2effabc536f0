"""Each rule at its edges, and lamps with their printed thresholds."""

from __future__ import annotations

import pytest
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, target

from corridor_model.assessment import assess, progress
from corridor_model.assessment.rules import (
    PROFILES,
    RULES,
    growth_ratio,
    lamp,
    lamps,
    pace,
    rule_of,
)
from corridor_model.assessment.verdicts import Facts
from corridor_model.codes import PUBLISHED_SUBSTITUTION, reason_word
from corridor_model.errors import CorridorError, GrowthUndefinedError


def facts(base=100.0, actual=110.0, goal=130.0, start=2019.0, now=2021.0, due=2022.0, points=()):
    share = (actual - base) / (goal - base)
    rate = required = None
    if min(base, actual, goal) > 0 and now > start:
        rate = (actual / base) ** (1 / (now - start)) - 1
        required = (goal / base) ** (1 / (due - start)) - 1
    return Facts(
        "level",
        base,
        actual,
        goal,
        start,
        now,
        due,
        share,
        (now - start) / (due - start),
        rate,
        required,
        lambda: tuple(points) or ((start, base), (now, actual)),
    )


def said(rule, **given):
    return rule.judge(facts(**given), rule.thresholds)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_says_where_it_is_published_and_what_is_ours(rule):
    assert rule.source
    assert rule.measure
    assert rule.thresholds
    assert rule.ours or rule.name == "destatis"
    assert "achieved" in rule.words
    for word in rule.words.values():
        assert word.text("zh") != word.text("en")


def test_unknown_rules_and_lamps_are_named():
    with pytest.raises(CorridorError, match=r"No rule 'best'.*schedule"):
        rule_of("best")
    with pytest.raises(CorridorError, match="No lamps 'x'"):
        lamp("x", 0.5, 6)


# ------------------------------------------------------------------ eurostat


@pytest.mark.parametrize(
    ("ratio", "word"),
    [
        (0.95, "significant"),
        (0.9499, "moderate"),
        (0.6, "moderate"),
        (0.1 + 0.2 + 0.3 - 1e-16, "moderate"),
        (0.5999, "insufficient"),
        (0.0, "insufficient"),
        (-1e-9, "away"),
    ],
)
def test_eurostat_classes(ratio, word):
    assert growth_ratio.eurostat_class(ratio) == word


def test_eurostat_on_level_and_falling_targets():
    assert said(growth_ratio.EUROSTAT, actual=121).word == "significant"
    assert said(growth_ratio.EUROSTAT, actual=90).word == "away"
    assert said(growth_ratio.EUROSTAT, base=100, actual=90, goal=80).word == "moderate"
    assert said(growth_ratio.EUROSTAT, base=-5, actual=2, goal=10).reason == "no_scale"
    with pytest.raises(GrowthUndefinedError):
        growth_ratio.cagr_ratio(0, 5, 10, 1, 2)
    with pytest.raises(progress.ShareUndefinedError):
        growth_ratio.cagr_ratio(5, 6, 5, 1, 2)


# ------------------------------------------------------------------ statcan


def test_only_statcan_puts_something_for_zero():
    plan = one("cumulative", value=120, base=0)
    made = assess(plan, figures(plan, ("x", 2021, 60)), 2021, rule="all").isel(indicator=0)
    reasons = dict(zip(made.rule.values, made.reason.values, strict=True))
    assert reasons.pop("statcan") == PUBLISHED_SUBSTITUTION
    assert PUBLISHED_SUBSTITUTION not in reasons.values()
    assert made.sel(rule="statcan").status.item() == "on_schedule"
    assert made.sel(rule="eurostat").status.item() == "not_assessable"
    assert made.sel(rule="eurostat").reason.item() == "no_scale"
    assert reason_word(PUBLISHED_SUBSTITUTION, "en") == "0.001 for zero, as published"


def test_statcan_refuses_what_the_publication_refuses():
    assert growth_ratio.progress_measure(-2, 3, 2015, 2020, 1, 10).status == "not_available"
    assert growth_ratio.progress_measure(10, 11, 2020, 2020, 1, 20).status == "not_available"
    assert growth_ratio.progress_measure(10, 11, 2015, 2020, 1, -5).status == "target_achieved"
    assert growth_ratio.progress_measure(10, 9, 2015, 2020, -1, -5).status == "not_available"
    assert growth_ratio.progress_measure(10, 11, 2015, 2020, 1, 10).score == 5
    assert growth_ratio.progress_measure(10, 9, 2015, 2020, 1, 10).value is None
    assert said(growth_ratio.STATCAN, base=-2, actual=3, goal=10).reason == "no_scale"
    assert said(growth_ratio.STATCAN, now=2019.5).reason == "no_scale"


def test_statcan_without_a_target():
    made = growth_ratio.progress_measure(100, 120, 2015, 2020, 1)
    assert (made.status, made.score) == ("substantial_progress", 5)
    assert growth_ratio.progress_measure(100, 99, 2015, 2020, 1).status == "deterioration"
    assert growth_ratio.score_no_target(0.02, coefficient=0) == 5
    assert growth_ratio.score_no_target(-0.01, coefficient=0) == -3.75
    assert growth_ratio.score_no_target(0.01, 1) == 1.25
    assert growth_ratio.statcan_aggregate(0, all_achieved=True) == "target_achieved"
    assert [growth_ratio.statcan_aggregate(score) for score in (2.5, 0, -2.5, -2.6)] == [
        "substantial_progress",
        "moderate_progress",
        "limited_progress",
        "deterioration",
    ]


def test_statcan_asks_for_less_near_a_natural_limit():
    # 97 to 97.5 in five years: 0.103 % a year where 0.063 % is moderate, 0.190 % substantial
    near = growth_ratio.progress_measure(97, 97.5, 2015, 2020, 1, limit=100)
    assert (near.status, near.score) == ("moderate_progress", pytest.approx(0.78333, abs=5e-6))
    far = growth_ratio.progress_measure(97, 97.5, 2015, 2020, 1)
    assert (far.status, far.score) == ("limited_progress", pytest.approx(-1.986, abs=5e-4))
    # at the limit any holding is enough; a target makes the limit count for nothing
    assert growth_ratio.progress_measure(100, 100, 2015, 2020, 1, limit=100).score == 5
    assert growth_ratio.progress_measure(100, 99, 2015, 2020, 1, limit=100).status == (
        "deterioration"
    )
    with_target = growth_ratio.progress_measure(97, 97.5, 2015, 2020, 1, 99, 2030, limit=100)
    assert with_target == growth_ratio.progress_measure(97, 97.5, 2015, 2020, 1, 99, 2030)
    # as far above a limit as below it, and from twice the limit on as if there were none
    assert growth_ratio.limit_coefficient(110, 100) == growth_ratio.limit_coefficient(90, 100)
    assert growth_ratio.limit_coefficient(200, 100) == growth_ratio.limit_coefficient(0, 0) == 1


def test_statcan_of_a_range_that_ends_at_100_percent():
    ends = [target("x", 99, "at_least"), target("x", 100, "at_most")]
    plan = plan_of(
        indicators=[indicator("x", "share")],
        targets=[row | {"year": 2025} for row in ends],
        baselines=[baseline("x", 97, 2015)],
    )
    made = assess(plan, figures(plan, ("x", 2020, 97.5)), 2020, rule="statcan").isel(indicator=0)
    assert made.rule_word.item() == "moderate_progress"
    assert made.rule_value.item() == pytest.approx((97.5 / 97) ** 0.2 - 1)
    # a range that ends lower is judged by the end that comes first, as any target
    ends[1]["value"] = 99.5
    plan = plan_of(
        indicators=[indicator("x", "share")],
        targets=[row | {"year": 2025} for row in ends],
        baselines=[baseline("x", 97, 2015)],
    )
    made = assess(plan, figures(plan, ("x", 2020, 97.5)), 2020, rule="statcan").isel(indicator=0)
    ratio = ((97.5 / 97) ** 0.2 - 1) / ((99 / 97) ** 0.1 - 1)
    assert made.rule_value.item() == pytest.approx(ratio)


# ------------------------------------------------------------------ escap, servicenow


def test_escap_by_the_gap_that_is_left():
    assert said(pace.ESCAP, actual=118).word == "maintain"  # 18 of 30 in 2/3: a gap of 10 %
    assert said(pace.ESCAP, actual=117.9).word == "accelerate"
    assert said(pace.ESCAP, actual=100).word == "accelerate"
    assert said(pace.ESCAP, actual=99).word == "reverse"
    assert said(pace.ESCAP, now=2019.0).reason == "no_scale"


def test_servicenow_against_the_straight_line():
    assert said(pace.SERVICENOW, actual=118).word == "green"
    assert said(pace.SERVICENOW, actual=115).word == "yellow"
    assert said(pace.SERVICENOW, actual=114.9).word == "red"
    assert said(pace.SERVICENOW, now=2019.0).reason == "no_scale"
    assert pace.servicenow_colour(0.895) == "yellow", "between 89 and 90 it is not yet green"
    assert pace.worst_wins(["green", "yellow"]) == "yellow"


# ------------------------------------------------------------------ destatis


@pytest.mark.parametrize(
    ("goal", "symbol"),
    [
        (16.05, "sun"),  # misses 0.05 of 1.05: just under 5 %
        (16.06, "slight_cloud"),
        (16.25, "slight_cloud"),  # misses 0.25 of 1.25: 20 % is still slight
        (16.26, "cloud"),
    ],
)
def test_weather_at_its_edges(goal, symbol):
    made = pace.weather([10, 11, 12, 13, 14, 15], goal, 1)
    assert made.symbol == symbol


def test_twenty_percent_by_floating_point():
    made = pace.weather([0.5, 0.6, 0.7, 0.8, 0.9, 1.0], 1.5, 4)  # projected 1.4
    assert made.symbol == "slight_cloud"
    assert made.miss_ratio == 0.2


def test_weather_needs_four_consecutive_points():
    rows = [(2016.0 + i, 10.0 + i) for i in range(6)]
    base = {"base": 13.0, "actual": 15.0, "goal": 16.0}
    assert said(pace.DESTATIS, **base, points=rows).branch == "6_points"
    assert said(pace.DESTATIS, **base, points=rows[2:]).branch == "4_points"
    assert said(pace.DESTATIS, **base, points=rows[3:]).reason == "no_scale"
    holed = [rows[0], rows[1], *rows[3:]]
    assert said(pace.DESTATIS, **base, points=holed).reason == "no_scale"


def test_standing_still_is_a_thunderstorm():
    assert pace.weather([10] * 6, 20, 2).symbol == "thunderstorm"
    assert pace.weather([20, 19, 18, 17, 16, 15], 14, 2, -1).symbol == "sun"


def test_destatis_in_an_assessment():
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", 17)],
        baselines=[baseline("x", 13)],
    )
    rows = [("x", 2016 + i, 10.0 + i) for i in range(6)]
    made = assess(plan, figures(plan, *rows), 2021, rule="destatis").sel(indicator="x")
    assert made.rule_word.item() == "cloud"
    assert float(made.rule_value) == 0.5


# ------------------------------------------------------------------ healthy people


@pytest.mark.parametrize(
    ("recent", "word"),
    [
        (20, "target_met"),
        (25, "target_met"),
        (11, "improved"),
        (10.99, "little_or_no_detectable_change"),
        (10, "little_or_no_detectable_change"),
        (9.01, "little_or_no_detectable_change"),
        (9, "getting_worse"),
    ],
)
def test_healthy_people(recent, word):
    assert pace.targeted_change(10, 20, recent).status == word


def test_healthy_people_from_zero():
    assert pace.targeted_change(0, 20, -1).status is None
    assert said(pace.HEALTHY_PEOPLE, base=0, actual=-1).reason == "no_scale"
    assert said(pace.HEALTHY_PEOPLE, actual=103).word == "improved"


# ------------------------------------------------------------------ products, lamps


def test_products():
    assert pace.engagedly(50, 100) == "achieved"
    assert pace.engagedly(90, 50) == "at_risk"
    assert pace.engagedly(50, 33.5) == "behind"


@pytest.mark.parametrize(
    ("profile", "completion", "months", "word"),
    [
        ("yinchuan", 0.75, 9, "green"),
        ("yinchuan", 0.7499, 9, "not defined there"),
        ("yinchuan", 0.65, 9, "yellow"),
        ("yinchuan", 0.45, 9, "yellow"),
        ("yinchuan", 0.4499, 9, "red"),
        ("jinhua", 5 / 12, 5, "blue"),
        ("jinhua", 0.41, 5, "yellow"),
        ("jinhua", 0.25, 5, "yellow"),
        ("jinhua", 0.249, 5, "red"),
        ("xuancheng", 0.75, 9, "green"),
        ("xuancheng", 0.74, 9, "red"),
    ],
)
def test_lamps(profile, completion, months, word):
    assert lamp(profile, completion, months).word_en == word


def test_a_lamp_is_never_only_a_colour():
    for each in (lamps.GREEN, lamps.BLUE, lamps.YELLOW, lamps.RED, lamps.UNSAID):
        assert each.word_zh
        assert each.word_en
        assert each.shape
    shapes = [each.shape for each in (lamps.GREEN, lamps.BLUE, lamps.YELLOW, lamps.RED)]
    assert len(set(shapes)) == 4
    for profile in PROFILES.values():
        assert profile.thresholds.text("zh") != profile.thresholds.text("en")
        assert profile.source
    assert "10—30" in PROFILES["yinchuan"].thresholds.text("zh")


# ------------------------------------------------------------------ arithmetic refuses


def test_arithmetic_refuses_what_has_no_value():
    refused = progress.ShareUndefinedError
    assert issubclass(refused, ValueError)
    assert issubclass(refused, CorridorError)
    with pytest.raises(refused, match="no way to go"):
        progress.achieved_share(5, 6, 5)
    with pytest.raises(refused, match=r"at \(1,\)"):
        progress.achieved_share([1, 5], 6, [2, 5])
    with pytest.raises(refused, match="not a number"):
        progress.achieved_share(1, float("nan"), 2)
    with pytest.raises(refused, match="lies in the range"):
        progress.achieved_share_of_range(15, 16, 10, 20)
    with pytest.raises(refused, match="nothing was planned"):
        progress.completion(1, 0)
    with pytest.raises(refused, match="target is 0"):
        progress.overfulfilment(1, 0)
    with pytest.raises(refused, match="no period"):
        progress.share_of_periods_met([None, None], 1)
    with pytest.raises(refused, match="no period"):
        progress.share_of_periods_met([], 1)
    with pytest.raises(refused, match="after the start"):
        progress.elapsed_share(2022, 2020, 2022)
    with pytest.raises(CorridorError, match="0-12"):
        progress.elapsed_of_year(13)
    with pytest.raises(refused, match="above 0"):
        progress.parity(0)
    with pytest.raises(refused, match="worst value"):
        progress.distance_to_target([5, 6], 5)


def test_arithmetic_beyond_the_ends():
    assert progress.achieved_share(10, 25, 20) == 1.5
    assert progress.achieved_share(10, 5, 20) == -0.5
    assert progress.elapsed_share(2019, 2030, 2022) == 1.0
    assert progress.elapsed_share(2019, 2018, 2022) == 0.0
