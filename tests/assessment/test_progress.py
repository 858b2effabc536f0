"""Every kind of target at a period: numbers, masks, statuses, reasons (S3, S4, S15, S17)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, remark, target

import corridor_model as cm
import corridor_model.assessment as room
from corridor_model.assessment import assess
from corridor_model.assessment.columns import Column
from corridor_model.assessment.rules import RULES, Verdict
from corridor_model.codes import MASKS, REASONS, STATUSES
from corridor_model.errors import CorridorError
from corridor_model.observations.load import load_observations

PROMISED = (
    *("actual", "achieved_share", "elapsed_share", "plan_elapsed", "schedule_gap"),
    *("achieved_rate", "required_rate", "required_rate_remaining", "acceleration"),
    *("projected", "lower", "upper", "p_reach", "p_basis"),
    *("series_break", "path_sensitive", "status", "reason"),
)


PLAIN = {"due", "compared_at", "target_before", "rule_value", "margin"}
"""Floats that are empty where another variable says why."""


def x(dataset, *names):
    """Return the values of the indicator ``x``."""
    row = dataset.sel(indicator="x")
    values = tuple(row[name].item() for name in names)
    return values[0] if len(values) == 1 else values


def status(plan, *rows, as_of=2021, **options):
    return x(assess(plan, figures(plan, *rows), as_of, **options), "status", "reason", "branch")


# ------------------------------------------------------------------ the published facts


def test_gdp_as_published(plan):
    gdp = assess(plan, as_of=2020).sel(indicator="gdp")
    assert round(float(gdp.required_rate), 4) == 0.0644
    assert round(float(gdp.required_rate_remaining), 4) == 0.1136
    assert bool(gdp.series_break)
    assert gdp.status.item() == "behind"
    assert float(gdp.actual) == 467.7
    assert gdp.origin.item() == "published"
    assert float(gdp.elapsed_share) == 0.5


def test_gdp_with_a_figure_of_2021(plan):
    rows = pd.DataFrame({"indicator": ["gdp"], "period": ["2021"], "value": [500.0]})
    gdp = assess(plan, load_observations(rows, plan), as_of=2021).sel(indicator="gdp")
    assert float(gdp.required_rate_remaining) == pytest.approx(0.16)
    assert gdp.status.item() == "behind"
    assert bool(gdp.series_break), "the path still crosses the census"


def test_an_older_figure_gives_rates_but_no_verdict(plan):
    gdp = assess(plan, as_of=2021).sel(indicator="gdp")
    assert (gdp.status.item(), gdp.reason.item()) == ("not_assessable", "not_reported")
    assert gdp.actual_period.item() == "2020"
    assert round(float(gdp.required_rate_remaining), 4) == 0.1136
    assert np.isnan(gdp.schedule_gap)
    assert gdp.schedule_gap_reason.item() == "not_reported"


def test_known_by_hides_what_came_later(plan):
    gdp = assess(plan, as_of=2020, known_by="2020-12-31").sel(indicator="gdp")
    assert gdp.actual_period.item() == "2018"
    assert gdp.reason.item() == "not_due_yet"
    gdp = assess(plan, as_of=2020, known_by="2021-04-01").sel(indicator="gdp")
    assert gdp.status.item() == "behind"


# ------------------------------------------------------------------ form of the result


@pytest.mark.uncounted
def test_every_promised_variable_and_a_reason_beside_each_mask(plan):
    for as_of in (2018, 2019, 2020, "2021-03", 2022, 2025):
        made = assess(plan, as_of=as_of)
        assert set(PROMISED) <= set(made.data_vars)
        for name in made.data_vars:
            values = made[name].values
            if values.dtype.kind != "f" or name in PLAIN:
                continue
            reasons = made[f"{name}_reason"].values
            assert np.array_equal(np.isnan(values), reasons != ""), (as_of, name)
            assert set(reasons) <= set(MASKS), (as_of, name)
        assert set(made.status.values) <= set(STATUSES)
        unsaid = made.status.values == "not_assessable"
        assert set(made.reason.values[unsaid]) <= set(REASONS)
        assert set(made.reason.values[~unsaid]) <= {""}


def test_forecasts_can_be_left_out(plan):
    made = assess(plan, method=None)
    kinds = made.kind.values
    for name in ("projected", "lower", "upper", "p_reach", "p_basis"):
        reasons = made[f"{name}_reason"].values
        assert set(reasons[np.isin(kinds, ["milestone", "completion"])]) == {"not_applicable"}
        assert set(reasons[~np.isin(kinds, ["milestone", "completion"])]) == {"no_forecast"}


def test_all_rules_make_a_dimension(plan):
    made = assess(plan, as_of=2020, rule="all")
    assert made.status.dims == ("rule", "indicator")
    assert made.achieved_share.dims == ("indicator",)
    assert made.rule.values[0] == "schedule"
    alone = assess(plan, as_of=2020, rule="eurostat")
    both = made.sel(rule="eurostat")
    assert np.array_equal(both.status.values, alone.status.values)
    assert both.sel(indicator="gdp").rule_word.item() == "insufficient"


def test_the_room_stands_beside_its_function(plan):
    assert room.assess is cm.assess
    assert cm.assess(plan, as_of=2020).attrs["as_of"] == "2020"


def test_what_is_wrong_is_said(plan):
    with pytest.raises(CorridorError, match="No rule 'eurostats'"):
        assess(plan, rule="eurostats")
    with pytest.raises(CorridorError, match="period"):
        assess(plan, as_of="soon")
    with pytest.raises(CorridorError, match=r"moderate.*do not belong to rule 'schedule'"):
        assess(plan, thresholds={"moderate": 0.5})
    with pytest.raises(CorridorError, match="one rule at a time"):
        assess(plan, rule="all", thresholds={"ahead": 0.1})


# ------------------------------------------------------------------ levels, shares, ranks


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100, "achieved"),
        (99, "ahead"),
        (85.84, "ahead"),
        (85.82, "on_schedule"),
        (83, "on_schedule"),
        (80.9, "on_schedule"),
        (80.8, "behind"),
        (50, "behind"),
        (10, "behind"),
    ],
)
def test_level_against_its_schedule(value, expected):
    plan = one(value=100, base=50)
    assert status(plan, ("x", 2021, value))[0] == expected


def test_the_edges_of_the_thresholds_count():
    plan = one(value=120, base=20)  # 100 to go; two of three years gone: 66.67
    assert status(plan, ("x", 2020, 20 + 100 / 3 + 5), as_of=2020)[0] == "ahead"
    assert status(plan, ("x", 2020, 20 + 100 / 3 - 5), as_of=2020)[0] == "behind"
    wide = {"ahead": 0.2, "behind": -0.2}
    assert status(plan, ("x", 2020, 40), as_of=2020, thresholds=wide)[0] == "on_schedule"


def test_at_most_falls():
    plan = one(value=0.4, base=0.5, sense="at_most")
    made = assess(plan, figures(plan, ("x", 2021, 0.46)), 2021)
    share, gap, verdict = x(made, "achieved_share", "schedule_gap", "status")
    assert share == pytest.approx(0.4)
    assert gap == pytest.approx(0.4 - 2 / 3)
    assert verdict == "behind"
    assert x(made, "achieved_rate") < 0
    assert x(made, "acceleration") == pytest.approx(
        x(made, "required_rate_remaining") / x(made, "achieved_rate")
    )
    assert status(plan, ("x", 2021, 0.4))[0] == "achieved"
    assert status(plan, ("x", 2021, 0.6))[0] == "behind"


def test_no_progress_has_no_acceleration():
    plan = one(value=100, base=50)
    for value in (50, 40):
        made = assess(plan, figures(plan, ("x", 2021, value)), 2021)
        assert math.isnan(x(made, "acceleration"))
        assert x(made, "acceleration_reason") == "no_progress"


def test_rank_is_better_when_lower():
    plan = one("rank", value=80, base=100, sense="at_most")
    assert status(plan, ("x", 2021, 80))[0] == "achieved"
    assert status(plan, ("x", 2021, 90))[0] == "behind"
    assert status(plan, ("x", 2021, 85))[0] == "ahead"


def test_unmet_at_the_deadline_is_missed_however_near():
    plan = one(value=580, base=451.84)
    assert status(plan, ("x", 2022, 579.9), as_of=2022) == ("missed", "", "deadline_passed")
    assert status(plan, ("x", 2022, 580), as_of=2022)[0] == "achieved"


def test_a_figure_at_the_deadline_stands_after_it():
    plan = one(value=20, base=10, year=2020, month=12)
    rows = [("x", 2020, 20)]
    assert status(plan, *rows, as_of=2022)[0] == "achieved"
    made = assess(plan, figures(plan, ("x", 2020, 15)), 2022)
    assert x(made, "status", "branch") == ("missed", "deadline_passed")
    assert x(made, "elapsed_share") == 1.0
    assert x(made, "required_rate_remaining_reason") == "deadline_passed"


def test_no_baseline():
    plan = one(base=None)
    rows = [("x", 2021, 80)]
    assert status(plan, *rows) == ("not_assessable", "no_baseline", "no_baseline")
    made = assess(plan, figures(plan, *rows), 2021)
    assert x(made, "achieved_share_reason") == "no_baseline"
    assert x(made, "required_rate_remaining") == pytest.approx(0.25)
    assert status(plan, ("x", 2021, 100))[0] == "achieved", "a value met needs no start"
    assert status(plan, ("x", 2022, 80), as_of=2022)[0] == "missed", "nor does a missed deadline"


def test_a_figure_before_the_plan_is_a_start():
    plan = one(base=None)
    made = assess(plan, figures(plan, ("x", 2018, 40), ("x", 2021, 90)), 2021)
    assert x(made, "baseline", "baseline_year", "baseline_origin") == (40, 2018, "user")
    assert x(made, "achieved_share") == pytest.approx(50 / 60)


def test_met_at_the_start_and_lost():
    plan = one(value=40, base=50, role="aim")
    assert status(plan, ("x", 2021, 45))[0] == "achieved"
    made = assess(plan, figures(plan, ("x", 2021, 35)), 2021)
    assert x(made, "status", "branch") == ("behind", "lost")
    assert x(made, "achieved_share_reason") == "base_met"


def test_a_target_equal_to_its_start():
    plan = one(value=50, base=50, role="aim")
    made = assess(plan, figures(plan, ("x", 2021, 49)), 2021)
    assert x(made, "status", "achieved_share_reason") == ("behind", "base_met")


def test_a_rate_across_zero_is_refused_and_the_step_given():
    plan = one(value=10, base=-2)
    made = assess(plan, figures(plan, ("x", 2021, 3)), 2021)
    assert x(made, "achieved_rate_reason", "required_rate_reason") == ("undefined_rate",) * 2
    assert x(made, "achieved_step", "required_step") == (2.5, 4.0)
    assert x(made, "achieved_share") == pytest.approx(5 / 12)


def test_exactly_counts_from_both_sides():
    plan = one(value=100, base=50, sense="exactly")
    assert status(plan, ("x", 2021, 100))[0] == "achieved"
    near = x(assess(plan, figures(plan, ("x", 2021, 90)), 2021), "achieved_share")
    past = x(assess(plan, figures(plan, ("x", 2021, 110)), 2021), "achieved_share")
    assert near == past == pytest.approx(0.8)


def test_a_range_of_levels():
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", 10), target("x", 20, "at_most")],
        baselines=[baseline("x", 0)],
    )
    made = assess(plan, figures(plan, ("x", 2021, 15)), 2021)
    assert x(made, "status", "target", "target_max") == ("achieved", 10, 20)
    made = assess(plan, figures(plan, ("x", 2021, 21)), 2021)
    assert x(made, "status", "reason") == ("achieved", "above_range"), "on the good side"
    assert x(made, "achieved_share", "target_max") == (1.0, 20.0), "and no 210 % of the way"
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", 10, beyond="broken"), target("x", 20, "at_most")],
        baselines=[baseline("x", 0)],
    )
    made = assess(plan, figures(plan, ("x", 2021, 21)), 2021)
    assert x(made, "status") == "ahead", "0.9 of the way, from the other side"
    made = assess(plan, figures(plan, ("x", 2021, 25)), 2021, rule="all")
    assert set(made.status.sel(indicator="x").values) <= {"behind", "on_schedule", "not_assessable"}
    above = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", 10), target("x", 20, "at_most")],
        baselines=[baseline("x", 30)],
    )
    made = assess(above, figures(above, ("x", 2021, 22)), 2021)
    assert x(made, "achieved_share") == pytest.approx(0.8)
    assert x(made, "required_rate_remaining") == pytest.approx(20 / 22 - 1)


def test_before_the_plan_nothing_is_due():
    plan = one(base=None)
    assert status(plan, as_of=2019)[1] == "not_due_yet"
    with_base = one()
    assert status(with_base, ("x", 2019, 50), as_of=2019)[1] == "not_due_yet"


# ------------------------------------------------------------------ within a year


def test_a_stock_within_a_year_and_one_month_of_lag():
    plan = one(value=100, base=50)
    made = assess(plan, figures(plan, ("x", "2021-09", 80)), "2021-09")
    assert x(made, "elapsed_share") == pytest.approx(1.75 / 3)
    assert x(made, "status") == "on_schedule"
    lagging = assess(plan, figures(plan, ("x", "2021-08", 80)), "2021-09")
    assert x(lagging, "status") == "on_schedule"
    assert x(lagging, "elapsed_share") == pytest.approx((1 + 8 / 12) / 3), "of its own month"
    assert status(plan, ("x", "2021-07", 80), as_of="2021-09")[1] == "not_reported"


def test_a_figure_once_a_year_is_not_due_within_it():
    plan = one(value=100, base=50)
    assert status(plan, ("x", 2020, 70), as_of="2021-06")[1] == "not_due_yet"
    assert status(plan, ("x", "2020-06", 60), ("x", 2020, 70), as_of="2021-06")[1] == "not_reported"


def test_part_of_a_flow_by_the_season_of_earlier_years():
    plan = one(value=580, base=450, about={"nature": "flow", "unit": "亿元"})
    rows = [("x", "2019Q3", 300.0), ("x", 2019, 400.0), ("x", "2020Q3", 325.0), ("x", 2020, 500.0)]
    made = assess(plan, figures(plan, *rows, ("x", "2021Q3", 385.0)), "2021Q3")
    assert x(made, "method") == "seasonal_share"
    assert x(made, "compared") == pytest.approx(385 / 0.7)
    assert x(made, "actual") == 385.0
    assert x(made, "elapsed_share") == pytest.approx(2 / 3), "the full year speaks of its end"
    made = assess(plan, figures(plan, ("x", "2021Q3", 385.0)), "2021Q3")
    assert x(made, "method") == "elapsed_time"
    assert x(made, "compared") == pytest.approx(385 / 0.75)


def test_remarks_say_why():
    plan = one()
    for given, reason in (
        ("paused", "paused"),
        ("not_started", "paused"),
        ("not_due_yet", "not_due_yet"),
        ("not_reported", "not_reported"),
    ):
        seen = remark("x", "2021-09", given, "项目暂缓") + figures(plan, ("x", 2020, 60))
        made = assess(plan, seen, "2021-09")
        assert x(made, "status", "reason", "remark") == ("not_assessable", reason, "项目暂缓")
    older = remark("x", "2020-03", "paused") + figures(plan, ("x", 2021, 90))
    assert x(assess(plan, older, 2021), "status") == "ahead"


# ------------------------------------------------------------------ counts


def test_cumulative_counts_from_zero():
    plan = one("cumulative", value=120, base=0)
    made = assess(plan, figures(plan, ("x", 2021, 60)), 2021)
    assert x(made, "achieved_share", "status") == (0.5, "behind")
    assert x(made, "achieved_rate_reason", "required_rate_remaining_reason") == (
        "undefined_rate",
        "undefined_rate",
    )
    steps = x(made, "achieved_step", "required_step", "required_step_remaining")
    assert steps == (30.0, 40.0, 60.0)
    assert x(made, "acceleration") == 2.0


def test_additions_are_added_up():
    plan = one("cumulative", value=120, base=0)
    rows = [("x", 2020, 40, "addition"), ("x", 2021, 45, "addition")]
    made = assess(plan, figures(plan, *rows), 2021)
    assert x(made, "actual", "status") == (85.0, "on_schedule")


def test_a_count_once_met_stays_met_a_level_does_not():
    count, level = one("cumulative", value=10, base=0), one("level", value=10, base=0)
    assert status(count, ("x", 2020, 12), as_of=2021)[0] == "achieved"
    assert status(level, ("x", 2020, 12), as_of=2021)[1] == "not_reported"


def test_completion_needs_a_start():
    plan = one("completion", value=85, base=None, about={"unit": "%"})
    assert status(plan, ("x", 2021, 60))[1] == "no_baseline"
    plan = one("completion", value=85, base=0, about={"unit": "%"})
    made = assess(plan, figures(plan, ("x", 2021, 60)), 2021)
    assert x(made, "status") == "on_schedule"
    assert x(made, "required_rate_reason") == "not_applicable"
    assert x(made, "required_step_remaining") == 25.0


def test_alternatives_are_one_promise():
    plan = plan_of(
        indicators=[indicator("x", "cumulative"), indicator("y", "cumulative")],
        targets=[target("x", 25, any_of="p"), target("y", 10, any_of="p")],
        baselines=[baseline("x", 0), baseline("y", 0)],
    )
    made = assess(plan, figures(plan, ("x", 2021, 3), ("y", 2021, 10)), 2021)
    assert list(made.status.values) == ["achieved", "achieved"]
    assert list(made.branch.values) == ["alternative_achieved", "target_met"]
    assert list(made.promise.values) == ["p", "p"]
    made = assess(plan, figures(plan, ("x", 2021, 3)), 2021)
    assert list(made.status.values) == ["behind", "not_assessable"]


# ------------------------------------------------------------------ each year


def test_annual_against_the_months():
    plan = one("annual", value=12, base=None)
    made = assess(plan, figures(plan, ("x", 2020, 12), ("x", "2021-09", 9)), "2021-09")
    assert x(made, "achieved_share", "elapsed_share", "schedule_gap") == (0.75, 0.75, 0.0)
    assert x(made, "status", "year_method") == ("on_schedule", "elapsed_time")
    assert x(made, "plan_elapsed") == pytest.approx(1.75 / 3)
    kept = ("x", 2020, 12)
    assert status(plan, kept, ("x", "2021-09", 12), as_of="2021-09")[0] == "achieved"
    assert status(plan, ("x", "2021-09", 8), as_of="2021-09")[0] == "behind"
    assert status(plan, ("x", "2021-09", 10), as_of="2021-09")[0] == "ahead"
    assert status(plan, ("x", 2021, 11), as_of=2021) == ("missed", "", "year_missed")


def test_annual_against_its_own_season():
    plan = one("annual", value=10, base=None)
    rows = [("x", "2020-06", 2), ("x", 2020, 10), ("x", "2021-06", 2)]
    made = assess(plan, figures(plan, *rows), "2021-06")
    assert x(made, "elapsed_share", "year_method") == (0.2, "seasonal_share")
    assert x(made, "status") == "on_schedule"


def test_annual_with_a_missed_year():
    plan = one("annual", value=10, base=None)
    made = assess(plan, figures(plan, ("x", 2020, 9), ("x", 2021, 15)), 2021)
    assert x(made, "status", "branch", "missed_years") == (
        "missed",
        "missed_earlier_year",
        "2020",
    )
    made = assess(plan, figures(plan, ("x", 2021, 15)), 2021)
    # this year's bound is met; of the year before nobody knows
    assert x(made, "status", "branch", "unknown_years") == ("ahead", "year_met", "2020")


def test_annual_range():
    plan = plan_of(
        indicators=[indicator("x", "annual")],
        targets=[target("x", 1), target("x", 2, "at_most")],
    )
    kept = ("x", 2020, 1)
    assert status(plan, kept, ("x", 2021, 2))[0] == "achieved"
    assert status(plan, kept, ("x", 2021, 3)) == ("achieved", "above_range", "target_met")
    half = status(plan, kept, ("x", "2021-06", 3), as_of="2021-06")
    assert half[:2] == ("achieved", "above_range")
    made = assess(plan, figures(plan, kept, ("x", 2021, 3)), 2021)
    assert x(made, "achieved_share", "target_max") == (1.0, 2.0), "3 of 1-2 are no 300 %"
    broken = plan_of(
        indicators=[indicator("x", "annual")],
        targets=[target("x", 1, beyond="broken"), target("x", 2, "at_most")],
    )
    # what came in within a year is not taken back: a range that must not be passed is lost then
    for day in (2021, "2021-06"):
        assert status(broken, ("x", day, 3), as_of=day) == ("missed", "", "limit_broken")


def test_annual_before_and_after_the_plan():
    plan = one("annual", value=10, base=None)
    assert status(plan, as_of=2019)[1] == "not_due_yet"
    rows = [("x", year, 10) for year in (2020, 2021, 2022)]
    assert status(plan, *rows, as_of=2024)[0] == "achieved"
    for hole in range(3):
        known = [row for place, row in enumerate(rows) if place != hole]
        assert status(plan, *known, as_of=2024)[:2] == ("not_assessable", "not_reported")


def test_annual_targets_split_the_way():
    plan = one("cumulative", value=120, base=0)
    rows = [("x", 2020, 40), ("x", "2021-09", 64)]
    table = pd.DataFrame({"indicator": ["x", "x"], "year": [2021, 2022], "value": [80, 120]})
    made = assess(plan, figures(plan, *rows), "2021-09", annual_targets=table)
    assert x(made, "completion", "year_elapsed") == (0.6, 0.75)
    assert x(made, "year_gap") == -0.15
    none = assess(plan, figures(plan, *rows), "2021-09")
    assert x(none, "completion_reason", "year_gap_reason") == ("no_annual_target",) * 2
    flow = one(value=580, base=450, about={"nature": "flow"})
    table = pd.DataFrame({"indicator": ["x"], "year": [2021], "value": [500.0], "origin": ["user"]})
    made = assess(flow, figures(flow, ("x", "2021-09", 400)), "2021-09", annual_targets=table)
    assert x(made, "completion", "year_gap") == (0.8, 0.05)
    first = assess(
        plan, figures(plan, ("x", 2020, 30)), 2020, annual_targets=table.assign(year=2020, value=40)
    )
    assert x(first, "completion") == 0.75
    stated = table.assign(value=80, basis="to_date")
    again = assess(plan, figures(plan, ("x", 2021, 60)), 2021, annual_targets=stated)
    assert x(again, "completion_reason") == "no_record", "last year's count is unknown"


# ------------------------------------------------------------------ growth


def test_growth_is_compared_never_divided():
    plan = one("growth", value=10, base=None)
    rows = [("x", 2020, 8.0, "growth"), ("x", 2021, 12.0, "growth")]
    made = assess(plan, figures(plan, *rows), 2021)
    average = math.sqrt(1.08 * 1.12) - 1
    assert x(made, "actual") == pytest.approx(100 * average)
    assert x(made, "achieved_rate") == pytest.approx(average)
    assert x(made, "achieved_share_reason", "schedule_gap_reason") == ("not_applicable",) * 2
    assert x(made, "status", "branch") == ("on_schedule", "average_so_far")
    assert x(made, "required_rate") == 0.1
    assert x(made, "required_rate_remaining") == pytest.approx(1.1**3 / (1.08 * 1.12) - 1)
    better = assess(plan, figures(plan, ("x", 2020, 8.0), ("x", 2021, 12.1)), 2021)
    assert x(better, "status") == "on_schedule", "an average is achieved at its date alone"
    ahead = assess(plan, figures(plan, ("x", 2020, 8.0), ("x", 2021, 12.3)), 2021)
    assert x(ahead, "status", "gap") == ("ahead", pytest.approx(0.1291, abs=1e-4))


def test_growth_with_a_year_missing_is_unknown():
    plan = one("growth", value=10, base=None)
    assert status(plan, ("x", 2021, 20.0))[:2] == ("not_assessable", "not_reported")
    assert status(plan, ("x", "2020-06", 5.0), ("x", 2021, 20.0))[1] == "not_reported"


def test_growth_out_of_levels_of_one_series():
    plan = one("growth", value=10, base=None)
    known = {2019: 100, 2020: 105, 2021: 121}
    rows = [("x", year, value, "level", "old", None, "亿元") for year, value in known.items()]
    made = assess(plan, figures(plan, *rows), 2021)
    assert x(made, "status", "method") == ("on_schedule", "levels")
    broken = [*rows[:2], (*rows[2][:4], "new", None, "亿元")]
    assert status(plan, *broken)[1] == "not_reported"


def test_growth_by_the_cumulative_method():
    plan = one("growth", value=10, base=None, about={"average_method": "累计法"})
    rows = [("x", 2020, 30.0), ("x", 2021, -7.0)]
    made = assess(plan, figures(plan, *rows), 2021)
    factor = 1 + x(made, "actual") / 100
    assert factor + factor**2 == pytest.approx(1.3 + 1.3 * 0.93)
    rest = 1 + x(made, "required_rate_remaining")
    level = 1.3 * 0.93
    assert 1.3 + level + level * rest == pytest.approx(1.1 + 1.1**2 + 1.1**3)


def test_growth_of_a_part_year():
    plan = one("growth", value=10, base=None)
    made = assess(plan, figures(plan, ("x", 2020, 8.0), ("x", "2021-09", 15.0)), "2021-09")
    assert x(made, "method") == "chained_growth_part_year"
    assert x(made, "status") == "ahead"


def test_growth_lost_for_good():
    plan = one("growth", value=10, base=None)
    made = assess(plan, figures(plan, ("x", 2020, -99.0)), 2020)
    assert x(made, "status") == "behind"
    assert x(made, "required_rate_remaining") > 10


# ------------------------------------------------------------------ milestones


def test_milestones():
    plan = one("milestone", value=1, base=None, year=2021, month=6)
    assert status(plan, ("x", "2021-05", 1), as_of=2021) == ("achieved", "", "done")
    assert status(plan, ("x", "2021-08", 1), as_of=2021) == ("missed", "", "met_late")
    assert status(plan, ("x", "2020-05", 1), as_of=2022)[0] == "achieved", "done stays done"
    assert status(plan, ("x", "2021-06", 0), as_of="2021-06") == (
        "missed",
        "",
        "not_done_when_due",
    )
    assert status(plan, ("x", "2021-03", 0), as_of="2021-03")[1] == "not_due_yet"
    assert status(plan, as_of="2021-05")[1] == "not_due_yet"
    assert status(plan, as_of="2021-06")[1] == "not_reported"
    assert status(plan, ("x", "2020-12", 0), as_of=2021)[1] == "not_reported"
    paused = remark("x", "2021-03", "paused")
    assert x(assess(plan, paused, "2021-03"), "reason") == "paused"


def test_a_milestone_has_no_schedule_but_a_share_once_done():
    plan = one("milestone", value=1, base=None)
    made = assess(plan, figures(plan, ("x", 2021, 1)), 2021)
    assert x(made, "achieved_share") == 1.0
    assert x(made, "schedule_gap_reason", "required_rate_reason") == ("not_applicable",) * 2


# ------------------------------------------------------------------ revisions


def test_a_revised_target_keeps_the_old_verdict():
    plan = one(value=100, base=50)
    rows = figures(plan, ("x", 2021, 75))
    change = [{"indicator": "x", "valid_from": "2021-07-01", "value": 85, "source": "文件"}]
    made = assess(plan, rows, 2021, revisions=change)
    assert x(made, "target", "status") == (85.0, "on_schedule")
    assert x(made, "target_before", "status_before") == (100.0, "behind")
    early = assess(plan, figures(plan, ("x", "2021-06", 75)), "2021-06", revisions=change)
    assert x(early, "target", "status_before") == (100.0, "")
    known = assess(plan, rows, 2021, known_by="2021-06-30", revisions=change)
    assert x(known, "target") == 100.0


def test_a_revision_does_not_reach_back():
    plan = one(value=100, base=50)
    change = [{"indicator": "x", "valid_from": "2021-07-01", "value": 85}]
    rows = figures(plan, ("x", "2021-06", 75))
    made = assess(plan, rows, "2021-06", known_by="2021-12-31", revisions=change)
    assert x(made, "target") == 100.0


def test_a_start_at_the_deadline():
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", 10, year=2020)],
        baselines=[baseline("x", 5, 2020)],
    )
    made = assess(plan, figures(plan, ("x", 2021, 8)), 2021, rule="all").sel(indicator="x")
    assert set(made.status.values) == {"missed"}, "the start is the figure of the date"
    assert set(made.met_late.values.tolist() if made.met_late.ndim else [made.met_late.item()]) == {
        ""
    }
    at_once = assess(plan, figures(plan, ("x", 2020, 8)), 2020).sel(indicator="x")
    assert (at_once.status.item(), at_once.branch.item()) == ("missed", "deadline_passed")


def test_units_of_a_file_change_nothing(plan):
    def seen(value, unit):
        frame = pd.DataFrame(
            {"indicator": ["gdp"], "period": ["2021"], "value": [value], "unit": [unit]}
        )
        return assess(plan, load_observations(frame, plan), 2021)

    assert seen(500.0, "亿元").identical(seen(5_000_000.0, "万元"))


def test_a_withdrawn_target():
    plan = one(value=100, base=50)
    change = pd.DataFrame({"indicator": ["x"], "valid_from": ["2021-07-01"], "value": [np.nan]})
    made = assess(plan, figures(plan, ("x", 2021, 75)), 2021, revisions=change)
    assert x(made, "status", "reason") == ("not_assessable", "target_revised")
    assert x(made, "status_before") == "behind"


def test_revisions_move_deadlines_and_the_last_one_wins():
    plan = one(value=100, base=50)
    changes = [
        {"indicator": "x", "valid_from": "2021-09-01", "value": 90, "year": 2023},
        {"indicator": "x", "valid_from": "2021-03-01", "value": 60},
    ]
    made = assess(plan, figures(plan, ("x", 2021, 75)), 2021, revisions=changes)
    assert x(made, "target", "target_year", "elapsed_share") == (90.0, 2023, 0.5)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"indicator": "z", "valid_from": "2021-01-01", "value": 1}, "no indicator 'z'"),
        ({"indicator": "x", "valid_from": "soon", "value": 1}, "no day"),
        ({"indicator": "x", "value": 1}, "no day"),
    ],
)
def test_wrong_revisions(row, said):
    with pytest.raises(CorridorError, match=said):
        assess(one(), revisions=[row])


def test_a_range_is_revised_in_a_plan_of_its_own():
    plan = plan_of(indicators=[indicator("x")], targets=[target("x", 1), target("x", 2, "at_most")])
    with pytest.raises(CorridorError, match="several targets"):
        assess(plan, revisions=[{"indicator": "x", "valid_from": "2021-01-01", "value": 1}])


def test_an_indicator_without_a_target_is_not_quantified():
    plan = plan_of(indicators=[indicator("x")])
    assert status(plan, ("x", 2021, 3)) == ("not_assessable", "not_quantified", "not_quantified")


# ------------------------------------------------------------------ paths, record, series


def test_the_documented_path_sensitive_case():
    plan = plan_of(
        indicators=[indicator("x", "ratio")],
        targets=[target("x", 100, year=2020)],
        baselines=[baseline("x", 57.05, 2000)],
    )
    made = assess(plan, figures(plan, ("x", 2006, 69.05)), 2006)
    assert x(made, "path_sensitive") is True
    assert x(made, "achieved_share") / x(made, "elapsed_share") == pytest.approx(0.93, abs=0.005)
    ratio = assess(plan, figures(plan, ("x", 2006, 69.05)), 2006, rule="eurostat")
    assert x(ratio, "rule_value") == pytest.approx(1.14, abs=0.005)
    assert x(ratio, "status") == "on_schedule"


def test_paths_agree_far_from_the_path():
    plan = one("share", value=80, base=50)
    made = assess(plan, figures(plan, ("x", 2021, 51)), 2021)
    assert x(made, "path_sensitive", "path_sensitive_reason") == (False, "")
    made = assess(plan, figures(plan, ("x", 2021, 81)), 2021)
    assert x(made, "path_sensitive") is False, "a target met needs no path"


def test_never_this_fast():
    plan = one(value=100, base=50)
    rows = [("x", 2018, 45), ("x", 2019, 50), ("x", 2020, 54), ("x", 2021, 58)]
    made = assess(plan, figures(plan, *rows), 2021)
    assert x(made, "never_this_fast") is True
    assert x(made, "best_rate") == pytest.approx(50 / 45 - 1)
    assert x(made, "best_year") == 2019
    count = one("cumulative", value=120, base=0)
    made = assess(count, figures(count, ("x", 2020, 50), ("x", 2021, 85)), 2021)
    assert x(made, "never_this_fast", "best_step") == (False, 50.0)


def test_a_series_break_is_flagged_and_not_a_record():
    plan = one(value=100, base=50)
    rows = [("x", 2020, 60, "level", "old"), ("x", 2021, 95, "level", "new")]
    made = assess(plan, figures(plan, *rows), 2021)
    assert x(made, "series_break", "status") == (True, "ahead")
    assert x(made, "best_year_reason") == "no_record" or x(made, "best_year") == 2020


# ------------------------------------------------------------------ reasons of any length

LONG = "the_office_has_moved_and_lost_its_records"


def test_a_long_reason_of_a_rule_is_not_cut(monkeypatch):
    unsure = replace(RULES["eurostat"], judge=lambda facts, limits: undefined_because(LONG))
    monkeypatch.setitem(RULES, "eurostat", unsure)
    plan = one(value=100, base=50)
    for rule in ("eurostat", "all"):
        ds = assess(plan, figures(plan, ("x", 2021, 60)), 2021, rule=rule)
        verdict = ds.sel(indicator="x")
        verdict = verdict if rule == "eurostat" else verdict.sel(rule="eurostat")
        assert verdict["reason"].item() == LONG
        assert verdict["branch"].item() == LONG


def undefined_because(reason):
    return Verdict("not_assessable", "not_available", math.nan, reason, reason)


def test_a_long_reason_of_a_number_is_not_cut():
    column = Column(3, "missing")
    column.mask(1, LONG)
    column.mask(np.array([False, False, True]), np.array(["undefined_rate"]))
    assert column.reasons.tolist() == ["missing", LONG, "undefined_rate"]
    column.put(1, 2.0)
    assert column.reasons.tolist() == ["missing", "", "undefined_rate"]


def test_every_code_fits_into_the_results(plan):
    ds = assess(plan, as_of=2020)
    for name, codes in (("status", STATUSES), ("reason", REASONS), ("gap_reason", MASKS)):
        assert ds[name].dtype.itemsize // 4 >= max(map(len, codes))


def test_an_average_due_within_the_year_after_the_last_one_known_leaves_no_whole_year():
    """By the cumulative method the rest was divided by no years at all."""
    from corridor_model.assessment.averages import Average, still_needed

    for cumulative in (True, False):
        average = Average(0.04, (0.999, 1.123), None, "chained_growth", cumulative)
        assert still_needed(average, 0.041, 1 / 6) is None
        assert still_needed(average, 0.041, 1.0) is not None
