"""The order of questions before a rule is asked, and what a rule is told, by hand (S4, S15-S20)."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.helpers.assess_plans import figures, indicator, one, plan_of, remark, target

from corridor_model.assessment.engine import evaluate
from corridor_model.assessment.progress import PathShares
from corridor_model.assessment.rules import RULES, growth_ratio, pace
from corridor_model.assessment.verdicts import (
    SCHEDULE,
    Facts,
    Verdict,
    by_gap,
    is_path_sensitive,
    path_sensitive,
    tally,
    verdicts,
)

FLOW = {"nature": "flow", "unit": "亿元"}


def judged(plan, *rows, at, rule="schedule", seen=None, **options):
    """Return the verdict on the promise ``x``: status, branch, reason and what was measured."""
    known = figures(plan, *rows) if seen is None else seen + figures(plan, *rows)
    return evaluate(plan, known, at, rule=rule, **options).verdicts[rule][0]


def status(plan, *rows, at, **options):
    made = judged(plan, *rows, at=at, **options)
    return made.status, made.reason or made.branch


def facts_of(plan, *rows, at):
    """Return what a rule is told of the promise ``x``."""
    made = evaluate(plan, figures(plan, *rows), at)
    asked = []

    def judge(facts, thresholds):
        asked.append(facts)
        return Verdict("behind", "behind")

    verdicts(made.cases, made.when, made.columns, replace(SCHEDULE, judge=judge))
    (facts,) = asked
    return facts


def range_of(low, high, kind="level", base=0.0, beyond="broken", about=None, sense="at_most"):
    return plan_of(
        indicators=[indicator("x", kind, **(about or {}))],
        targets=[target("x", low, beyond=beyond), target("x", high, sense, beyond=beyond)],
        baselines=[{"indicator": "x", "value": base, "year": 2019, "origin": "user"}],
    )


# ------------------------------------------------------------------ gaps


def test_gaps_are_compared_to_twelve_decimals():
    for edge, word, within in ((0.05, "ahead", -1), (-0.05, "behind", 1)):
        assert by_gap(edge) == by_gap(edge + within * 4e-13) == word
        assert by_gap(edge + within * 6e-13) == "on_schedule"
        assert by_gap(edge * 2, of="growth_") == by_gap(edge * 2 + within * 4e-13, of="growth_")
        assert by_gap(edge * 2, of="growth_") == word
        assert by_gap(edge * 1.99, of="growth_") == "on_schedule"
    facts = facts_of(one(value=100, base=50), ("x", 2021, 80), at=2021)
    noisy = facts._replace(share=0.6 + 4e-13, elapsed=0.5)
    assert SCHEDULE.judge(noisy, SCHEDULE.thresholds) == Verdict("ahead", "ahead", 0.1, "", "gap")
    behind = facts._replace(share=0.25, elapsed=0.5)
    assert SCHEDULE.judge(behind, SCHEDULE.thresholds).value == -0.25


def test_thresholds_of_a_user_are_put_over_those_of_the_rule():
    plan = one(value=120, base=20)
    made = evaluate(plan, figures(plan, ("x", 2020, 60)), 2020)
    for user, want in ((None, "ahead"), ({"ahead": 0.2}, "on_schedule"), ({"behind": 0.5}, "ahead"),
                       ({"ahead": 0.2, "behind": 0.1}, "behind")):  # fmt: skip
        assert verdicts(made.cases, made.when, made.columns, SCHEDULE, user)[0].status == want


def test_one_of_alternatives_settles_the_others():
    plan = plan_of(
        indicators=[indicator("x"), indicator("y"), indicator("z")],
        targets=[target("x", 100, any_of="p"), target("y", 100, any_of="p"), target("z", 100)],
        baselines=[{"indicator": n, "value": 50, "year": 2019, "origin": "user"} for n in "xyz"],
    )
    rows = [("x", 2021, 60), ("y", 2021, 100), ("z", 2021, 60)]
    made = evaluate(plan, figures(plan, *rows), 2021).verdicts["schedule"]
    assert [(one.status, one.branch) for one in made] == [
        ("achieved", "alternative_achieved"), ("achieved", "target_met"), ("behind", "gap")
    ]  # fmt: skip
    assert made[0].value == made[2].value == pytest.approx(0.2 - 2 / 3)
    none = evaluate(plan, figures(plan, rows[0], ("y", 2021, 99)), 2021).verdicts["schedule"]
    assert [one.status for one in none] == ["behind", "ahead", "not_assessable"]


# ------------------------------------------------------------------ before a rule is asked


def test_an_aim_that_its_start_met_or_only_touched():
    kept = one(value=80, base=100, role="aim", about=FLOW)
    assert status(kept, ("x", "2021-06", 45), at="2021-06") == ("on_schedule", "projected_met")
    assert status(kept, ("x", "2021-06", 30), at="2021-06") == ("behind", "lost")
    strict = one(value=80, base=80, sense="above", role="aim", about=FLOW)
    assert status(strict, ("x", "2021-06", 45), at="2021-06") == ("on_schedule", "projected_met")
    assert status(strict, ("x", "2021-06", 40), at="2021-06") == ("behind", "no_way")
    # a projected year that meets an aim with a way to go is judged by its schedule
    way = one(value=120, base=100, about=FLOW)
    assert status(way, ("x", "2021-06", 65), at="2021-06") == ("ahead", "gap")
    assert status(one(value=100, base=50), ("x", 2019, 60), at=2019) == (
        "not_assessable", "not_due_yet"
    )  # fmt: skip


def test_what_is_lost_is_said_before_its_date_and_missed_at_it():
    limit = one("cumulative", 60, 0, "at_most")
    assert status(limit, ("x", 2021, 61), at=2021) == ("missed", "limit_broken")
    assert status(limit, ("x", 2022, 61), at=2022) == ("missed", "deadline_passed")
    aim = one(value=80, base=100, sense="at_most", about=FLOW)
    assert status(aim, ("x", "2022-10", 81), at="2022-10") == ("missed", "total_passed")
    assert status(aim, ("x", 2022, 81), at=2022) == ("missed", "deadline_passed")
    exactly = range_of(10, 12, "cumulative")
    assert status(exactly, ("x", 2021, 13), at=2021) == ("missed", "limit_broken")


def test_a_count_once_met_stays_met_and_a_level_does_not():
    assert status(one("cumulative", 60, 0), ("x", 2020, 61), at=2021) == ("achieved", "target_met")
    assert status(one(value=60), ("x", 2020, 61), at=2021) == ("not_assessable", "not_reported")
    assert status(one(value=60), ("x", 2021, 61), at=2021) == ("achieved", "target_met")
    assert judged(one(value=60, base=50), ("x", 2021, 61), at=2021).value == 1.1
    passed = range_of(10, 12, "cumulative", beyond="met")
    made = judged(passed, ("x", 2021, 13), at=2021)
    assert (made.status, made.reason, made.value) == ("achieved", "above_range", 1.0)
    assert judged(passed, ("x", 2021, 12), at=2021).reason == ""
    assert judged(passed, ("x", 2022, 13), at=2022).reason == "above_range"


def test_at_its_date_every_kind_is_kept_or_missed():
    growth = one("growth", 8, None)
    rows = [("x", year, 9.0, "growth") for year in (2020, 2021, 2022)]
    made = judged(growth, *rows, at=2022)
    assert (made.status, made.branch, made.value) == ("achieved", "target_met", pytest.approx(9))
    limit = one(value=60, base=50, sense="at_most", role="limit")
    assert status(limit, ("x", 2022, 60), at=2022) == ("achieved", "target_kept")
    assert status(limit, ("x", 2022, 61), at=2022) == ("missed", "deadline_passed")
    level = one(value=100, base=50, year=2021)
    assert status(level, ("x", 2021, 99), ("x", 2022, 101), at=2022) == ("missed", "met_late")
    assert judged(level, ("x", 2021, 75), at=2021).value == 0.5
    assert status(level, at=2021) == ("not_assessable", "not_reported")


# ------------------------------------------------------------------ limits


def test_limits_that_are_used_and_limits_that_hold():
    used = one("cumulative", 90, 0, "at_most")
    for value, word in ((25.4, "ahead"), (25.6, "on_schedule"), (34.4, "on_schedule"),
                        (34.6, "behind")):  # fmt: skip
        made = judged(used, ("x", 2020, value), at=2020)
        assert (made.status, made.branch) == (word, "limit_used")
        assert made.value == pytest.approx(1 / 3 - value / 90)
    bare = one(value=120, base=None, sense="at_most")
    assert status(bare, ("x", 2021, 119), at=2021) == ("on_schedule", "limit_held")
    assert status(bare, ("x", 2021, 121), at=2021) == ("behind", "limit_broken")
    ratio = one("ratio", 60, 50, "at_most", role="limit")
    assert status(ratio, ("x", 2021, 50), at=2021) == ("ahead", "limit_held")
    assert status(ratio, ("x", 2021, 51), at=2021) == ("on_schedule", "limit_held")
    assert status(ratio, ("x", 2021, 61), at=2021) == ("behind", "limit_broken")
    unknown = one("ratio", 60, None, "at_most", role="limit")
    assert status(unknown, ("x", 2021, 55), at=2021) == ("on_schedule", "limit_held")
    assert status(ratio, ("x", 2021, "≤45"), at=2021) == ("on_schedule", "limit_held")
    flow = one(value=120, base=100, sense="at_most", about=FLOW, role="limit")
    assert status(flow, ("x", "2021-06", 61), at="2021-06") == ("behind", "limit_projected")
    assert status(ratio, at=2021) == ("not_assessable", "not_reported")
    assert status(ratio, ("x", 2021, 55), at=2021, rule="eurostat") == (
        "not_assessable", "not_applicable"
    )  # fmt: skip
    assert status(ratio, at=2021, rule="eurostat") == ("not_assessable", "not_reported")


def test_within_two_limits_only_the_start_is_no_nearer_to_any():
    plan = plan_of(
        indicators=[indicator("x", "ratio")],
        targets=[target("x", 40, role="limit", beyond="broken"),
                 target("x", 60, "at_most", role="limit", beyond="broken")],
        baselines=[{"indicator": "x", "value": 50, "year": 2019, "origin": "user"}],
    )  # fmt: skip
    words = [status(plan, ("x", 2021, value), at=2021)[0] for value in (39, 45, 50, 55, 61)]
    assert words == ["behind", "on_schedule", "ahead", "on_schedule", "behind"]


# ------------------------------------------------------------------ averages


def test_an_average_is_compared_in_points():
    plan = one("growth", 8, None)
    for rate, word in ((8.1, "ahead"), (8.09, "on_schedule"), (7.91, "on_schedule"),
                       (7.9, "behind")):  # fmt: skip
        for rule in ("schedule", "eurostat", "destatis"):
            made = judged(plan, ("x", 2020, rate, "growth"), at=2020, rule=rule)
            assert (made.status, made.branch) == (word, "average_so_far")
            assert made.value == pytest.approx(rate - 8)
    assert judged(plan, ("x", 2020, 8.1 + 4e-13, "growth"), at=2020).value == 0.1
    wide = {"growth_ahead": 2.0, "growth_behind": -2.0}
    assert judged(plan, ("x", 2020, 9, "growth"), at=2020, thresholds=wide).status == "on_schedule"
    zero = one("growth", 0, None, "at_most")
    assert status(zero, ("x", 2020, -1, "growth"), at=2020) == ("ahead", "average_so_far")
    assert status(zero, ("x", 2020, -1, "growth"), at=2020, rule="eurostat") == (
        "not_assessable", "not_applicable"
    )  # fmt: skip


def test_a_published_bound_on_an_average_leaves_a_least_or_a_most():
    aim = one("growth", 8, None)
    rows = {"≥8.2": "ahead", "≥8.05": "on_schedule", "≥8": "on_schedule", "≤7.8": "behind",
            "<8": "not_assessable", "≥7": "not_assessable", "≤9": "not_assessable"}  # fmt: skip
    for printed, word in rows.items():
        made = judged(aim, ("x", 2020, printed, "average_growth"), at=2020)
        assert made.status == word, printed
        assert made.branch == ("not_reported" if word == "not_assessable" else "bound"), printed
        assert math.isnan(made.value)
    within = plan_of(
        indicators=[indicator("x", "growth")],
        targets=[target("x", 3, beyond="broken"), target("x", 8, "at_most", beyond="broken")],
    )
    made = judged(within, ("x", 2020, "≥9", "average_growth"), at=2020)
    assert (made.status, made.branch) == ("behind", "bound"), "the nearer end counts"
    ceiling = one("growth", 8, None, "at_most")
    for printed, word in {"≤7.8": "ahead", "≤8": "on_schedule", "≥8.2": "behind"}.items():
        assert judged(ceiling, ("x", 2020, printed, "average_growth"), at=2020).status == word


# ------------------------------------------------------------------ what a rule is told


def test_facts_of_a_level():
    plan = one(value=100, base=50)
    facts = facts_of(plan, ("x", 2020, 60), ("x", "2021-06", 72), at="2021-06")
    assert facts[:7] == ("level", 50, 72, 100, 2019, 2020.5, 2022)
    assert (facts.share, facts.elapsed) == (0.44, 0.5)
    assert facts.rate == pytest.approx((72 / 50) ** (1 / 1.5) - 1)
    assert facts.required == pytest.approx(2 ** (1 / 3) - 1)
    assert facts.points() == ((2019, 50), (2020, 60), (2020.5, 72))
    assert (facts.ceiling, facts.direction) == (None, 1)
    falls = facts_of(one(value=40, base=50, sense="at_most"), ("x", 2021, 45), at=2021)
    assert (falls.direction, falls.share) == (-1, 0.5)
    none = facts_of(one(value=10, base=-2), ("x", 2021, 3), at=2021)
    assert (none.rate, none.required) == (None, None)
    earlier = facts_of(plan, ("x", 2017, 40), ("x", 2019, 51), ("x", 2021, 72), at=2021)
    assert earlier.points() == ((2017, 40), (2019, 51), (2021, 72)), "no start put before figures"
    same = facts_of(plan, ("x", 2019, 51), ("x", 2021, 72), at=2021)
    assert same.points() == ((2019, 51), (2021, 72))


def test_facts_of_a_projected_year_stand_at_its_end():
    plan = one(value=120, base=100, about=FLOW)
    facts = facts_of(plan, ("x", 2020, 104), ("x", "2021-06", 54), at="2021-06")
    assert (facts.actual, facts.now) == (108, 2021)
    assert facts.points() == ((2019, 100), (2020, 104), (2021, 108))
    large = one(value=120_000, base=100_000, about=FLOW)
    facts = facts_of(large, ("x", 2020, 104_000), ("x", "2021-06", 54_000), at="2021-06")
    assert facts.points() == ((2019, 100_000), (2020, 104_000), (2021, 108_000))


def test_facts_beyond_the_far_end_of_a_range_are_folded_back():
    plan = range_of(10, 20, base=5.0)
    facts = facts_of(plan, ("x", 2021, 22), at=2021)
    assert (facts.share, facts.actual, facts.goal) == (0.6, 8, 10)
    assert facts.points() == ((2019, 5), (2021, 22)), "the figures stand as they are"
    more = facts_of(plan, ("x", 2020, 7), ("x", 2021, 22), at=2021)
    assert more.points() == ((2019, 5), (2020, 7), (2021, 22))
    assert facts.rate == pytest.approx((8 / 5) ** 0.5 - 1)
    assert facts.required == pytest.approx(2 ** (1 / 3) - 1)
    below = facts_of(plan, ("x", 2021, 7), at=2021)
    assert (below.actual, below.share) == (7, 0.4)
    assert below.rate == pytest.approx((7 / 5) ** 0.5 - 1)
    zero = facts_of(range_of(10, 20, base=0.0), ("x", 2021, 22), at=2021)
    assert (zero.actual, zero.rate) == (8, None)
    above = facts_of(range_of(10, 20, base=30.0), ("x", 2021, 24), at=2021)
    assert (above.goal, above.direction, above.share) == (20, -1, 0.6)


def test_a_share_whose_range_ends_at_100_has_a_ceiling():
    assert facts_of(range_of(80, 100, "share", 50.0), ("x", 2021, 60), at=2021).ceiling == 100
    assert facts_of(range_of(80, 101, "ratio", 50.0), ("x", 2021, 60), at=2021).ceiling is None
    assert facts_of(range_of(80, 100, "level", 50.0), ("x", 2021, 60), at=2021).ceiling is None
    assert facts_of(range_of(80, 90, "share", 50.0), ("x", 2021, 60), at=2021).ceiling is None
    assert facts_of(one("share", 80, 50), ("x", 2021, 60), at=2021).ceiling is None


def test_what_must_fall_is_judged_as_what_must_rise():
    """Statistics Canada's measure and the German weather of a target below its start."""
    falls = Facts("level", 100, 90, 80, 2019, 2021, 2022, 0.5, 2 / 3, -0.05, -0.07,
                  lambda: tuple((2016.0 + i, 115.0 - 5 * i) for i in range(6)))  # fmt: skip
    made = growth_ratio.STATCAN.judge(falls, growth_ratio.STATCAN.thresholds)
    assert made.value == pytest.approx((1 - 0.9**0.5) / (1 - 0.8 ** (1 / 3)))
    assert made.word == "moderate_progress"
    away = growth_ratio.STATCAN.judge(falls._replace(actual=110), growth_ratio.STATCAN.thresholds)
    assert (away.word, away.value < 0) == ("deterioration", True)
    weather = pace.DESTATIS.judge(falls._replace(goal=85), pace.DESTATIS.thresholds)
    assert (weather.word, weather.value) == ("sun", 0.0)
    weather = pace.DESTATIS.judge(falls, pace.DESTATIS.thresholds)
    assert (weather.word, weather.value) == ("cloud", 0.5)
    rises = Facts("level", 100, 110, 120, 2019, 2021, 2022, 0.5, 2 / 3, 0.05, 0.07,
                  lambda: tuple((2016.0 + i, 85.0 + 5 * i) for i in range(6)))  # fmt: skip
    weather = pace.DESTATIS.judge(rises, pace.DESTATIS.thresholds)
    assert (weather.word, weather.value) == ("cloud", 0.5)
    assert SCHEDULE.judge(rises, SCHEDULE.thresholds).value == round(0.5 - 2 / 3, 12)


# ------------------------------------------------------------------ milestones and years


def test_milestones_have_verdicts_with_0_or_1():
    plan = one("milestone", 1, None, year=2021, month=6)
    for rows, at, want in (
        ([("x", "2021-06", 1)], 2021, ("achieved", "done", 1.0)),
        ([("x", "2021-07", 1)], 2021, ("missed", "met_late", 0.0)),
        ([("x", "2021-06", 0)], "2021-06", ("missed", "not_done_when_due", 0.0)),
    ):
        made = judged(plan, *rows, at=at)
        assert (made.status, made.branch, made.value) == want
    for rows, at, why in (
        ([("x", "2021-05", 0)], "2021-05", "not_due_yet"),
        ([("x", "2021-05", 0)], "2021-06", "not_reported"),
        ([], "2021-05", "not_due_yet"),
        ([], "2021-06", "not_reported"),
    ):
        assert status(plan, *rows, at=at) == ("not_assessable", why), (rows, at)
    resting = remark("x", "2021-05", "paused")
    assert status(plan, at="2021-05", seen=resting) == ("not_assessable", "paused")


def test_a_minimum_of_each_year_is_judged_by_the_part_of_the_year():
    plan = one("annual", 12, None)
    for value, want in ((6.6, "ahead"), (6.5, "on_schedule"), (5.5, "on_schedule"),
                        (5.4, "behind")):  # fmt: skip
        for rule in ("schedule", "eurostat"):
            made = judged(plan, ("x", "2020-06", value), at="2020-06", rule=rule)
            assert (made.status, made.branch) == (want, "gap_of_year")
            assert made.value == round(value / 12 - 0.5, 12)
    wide = {"ahead": 0.2, "behind": -0.2}
    made = judged(plan, ("x", "2020-06", 6.6), at="2020-06", thresholds=wide)
    assert made.status == "on_schedule"
    over = judged(plan, ("x", 2020, 11.9), at=2020)
    assert (over.status, over.branch, over.value) == (
        "missed", "year_missed", pytest.approx(11.9 / 12)
    )  # fmt: skip
    earlier = judged(plan, ("x", 2020, 11), ("x", "2021-06", 8), at="2021-06")
    assert (earlier.status, earlier.branch) == ("missed", "missed_earlier_year")
    assert earlier.value == pytest.approx(8 / 12)
    # a year that nobody knows excuses no other
    assert status(plan, ("x", 2021, 11), at=2021) == ("missed", "year_missed")
    assert status(plan, ("x", "2021-06", 5), at="2021-06") == ("behind", "gap_of_year")
    hole = judged(plan, ("x", 2021, 15), at=2021)
    assert (hole.status, hole.branch, hole.value) == ("ahead", "year_met", 1.25)
    assert status(plan, ("x", 2020, 12), ("x", 2021, 15), at=2021) == ("achieved", "target_met")
    no_figure = judged(plan, ("x", 2020, 11), at="2021-06")
    assert (no_figure.branch, math.isnan(no_figure.value)) == ("missed_earlier_year", True)


def test_a_ratio_within_a_range_in_each_year():
    plan = range_of(2, 3, "annual", about={"nature": "ratio", "unit": "%"})
    for value, want in ((3.5, "above_range"), (1.5, "below_bound")):
        made = judged(plan, ("x", "2020-06", value), at="2020-06")
        assert (made.status, made.branch, made.value) == ("behind", want, value / 2)
    assert status(plan, ("x", "2020-06", 2.5), at="2020-06")[0] == "achieved"
    strict = range_of(2, 3, "annual", about={"nature": "ratio", "unit": "%"}, sense="below")
    assert status(strict, ("x", "2020-06", 3), at="2020-06") == ("behind", "above_range")
    assert status(plan, ("x", 2020, 3.5), at=2020) == ("missed", "limit_broken")


# ------------------------------------------------------------------ paths and counts


@pytest.mark.parametrize(
    ("shares", "sensitive"),
    [
        ((0.51, 0.52, None), False),
        ((0.5, 0.52, None), False),  # just in time is in time
        ((0.5 - 4e-13, 0.52, None), False),
        ((0.49, 0.51, None), True),  # one is kept, the other not
        ((0.51, 0.56, None), True),  # one is ahead
        ((0.51, 0.52, 0.56), True),
        ((0.49, 0.44, None), True),  # one is behind
        ((0.56, 0.9, None), False),
        ((0.51, None, None), False),
    ],
)
def test_a_verdict_that_hangs_on_the_shape_of_the_path(shares, sensitive):
    assert is_path_sensitive(PathShares(*shares), 0.5) is sensitive


def test_the_shape_of_the_path_is_asked_of_aims_that_are_open():
    def asked(plan, *rows, at=2021):
        made = evaluate(plan, figures(plan, *rows), at)
        flags, reasons = path_sensitive(made.cases, made.columns)
        return flags[0], reasons[0]

    assert asked(one(value=400, base=100), ("x", 2021, 270)) == (True, "")
    assert asked(one(value=400, base=100), ("x", 2021, 120)) == (False, "")
    assert asked(one(value=400, base=100), ("x", 2021, 400)) == (False, "")
    assert asked(one(value=400, base=None), ("x", 2021, 270)) == (False, "no_baseline")
    assert asked(one(value=400, base=100)) == (False, "not_reported")
    assert asked(one(value=130, base=100, sense="at_most"), ("x", 2021, 120)) == (False, "base_met")
    assert asked(range_of(40, 60, base=10.0), ("x", 2021, 30)) == (False, "not_applicable")
    assert asked(one("growth", 8, None), ("x", 2020, 8, "growth")) == (False, "not_applicable")
    # of a share the log-odds are a third path
    share = one("share", 99, 50)
    assert asked(share, ("x", 2021, 83)) == (True, "")
    assert asked(share, ("x", 2020, 75), at=2020) == (True, "")
    assert asked(one("ratio", 99, 50), ("x", 2020, 75), at=2020) == (False, "")


def test_verdicts_are_counted():
    counts = tally(
        ["achieved", "not_assessable", "behind", "not_assessable", "behind"],
        ["above_range", "paused", "", "no_date", ""],
    )
    assert {name: n for name, n in counts.items() if n} == {
        "achieved": 1, "behind": 2, "not_assessable": 2, "paused": 1, "no_date": 1
    }  # fmt: skip
    assert sum(counts[name] for name in ("achieved", "ahead", "on_schedule", "behind", "missed",
                                         "not_assessable")) == 5  # fmt: skip


def test_every_rule_is_asked_in_the_same_order():
    plan = one(value=100, base=50)
    for rule in RULES:
        assert status(plan, ("x", 2021, 100), at=2021, rule=rule) == ("achieved", "target_met")
        assert status(plan, ("x", 2022, 99), at=2022, rule=rule) == ("missed", "deadline_passed")
        assert status(plan, at=2021, rule=rule)[1] == "not_reported"
