"""Promises of every kind, with answers worked out by hand (S3, S4, S19-S21)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.assess_plans import (
    baseline,
    figures,
    five_years,
    indicator,
    one,
    plan_of,
    target,
)

import corridor_model as cm
from corridor_model.assessment import assess, roll_up, verdict_history
from corridor_model.codes import NOT_ASSESSABLE, STATUSES, worst_first
from corridor_model.rows import to_rows
from corridor_model.text.assessment import row_of, sentence
from corridor_model.text.audit import explain


def at_most(value, **row):
    return {"value": value, "sense": "at_most", **row}


def at_least(value, **row):
    return {"value": value, "sense": "at_least", **row}


def judged(plan, *rows, as_of, name="x", **options):
    return assess(plan, figures(plan, *rows), as_of, **options).sel(indicator=name)


def status(plan, *rows, as_of, name="x", **options):
    return judged(plan, *rows, as_of=as_of, name=name, **options).status.item()


# ------------------------------------------------------------------ limits


def test_a_ceiling_of_a_sum_is_judged_by_what_is_used():
    plan = five_years("cumulative", base=0, targets=[at_most(1000)])
    made = judged(plan, ("x", 2022, 700), as_of=2022)
    assert made.status.item() == "behind"
    assert (made.used_share.item(), made.elapsed_share.item()) == (0.7, 0.4)
    assert made.required_step_remaining.item() == 100
    assert bool(made.is_limit)
    assert status(plan, ("x", 2022, 300), as_of=2022) == "ahead"
    assert status(plan, ("x", 2022, 1001), as_of=2022) == "missed", "a sum once broken stays so"
    needed = cm.required_growth(plan, figures(plan, ("x", 2022, 700)), 2022)
    assert needed.loc["x", "required_step_remaining"] == 100


def test_a_ceiling_of_each_year():
    plan = five_years("annual", targets=[at_most(10)])
    rows = [("x", 2021, 9), ("x", "2022-06", 8)]
    made = judged(plan, *rows, as_of="2022-06")
    assert (made.status.item(), made.used_share.item()) == ("behind", 0.8)
    assert status(plan, ("x", 2021, 9), ("x", "2022-06", 4), as_of="2022-06") == "ahead"
    assert status(plan, ("x", 2021, 9), ("x", "2022-06", 11), as_of="2022-06") == "missed"
    assert status(plan, ("x", 2021, 11), ("x", "2022-06", 1), as_of="2022-06") == "missed"


def test_a_ratio_below_a_bound_in_every_year_is_compared():
    about = {"nature": "ratio", "unit": "%"}
    plan = five_years("annual", about=about, targets=[{"value": 5.5, "sense": "below"}])
    assert status(plan, ("x", 2021, 5.1), ("x", "2022-06", 5.4), as_of="2022-06") == "on_schedule"
    assert status(plan, ("x", 2021, 5.1), ("x", "2022-06", 5.5), as_of="2022-06") == "behind"
    assert status(plan, ("x", 2021, 5.5), as_of=2021) == "missed", "touched is not below"


def test_a_ceiling_of_a_level():
    plan = five_years(base=115, targets=[at_most(120)])
    made = judged(plan, ("x", 2021, 118), as_of=2021)
    assert (made.status.item(), made.used_share.item()) == ("behind", pytest.approx(0.6))
    assert made.elapsed_share.item() == pytest.approx(0.2)
    assert status(plan, ("x", 2021, 115.5), as_of=2021) == "ahead"
    assert judged(plan, ("x", 2021, 110), as_of=2021).used_share.item() == -1.0
    assert status(plan, ("x", 2025, 121), as_of=2025) == "missed"
    assert status(plan, ("x", 2025, 120), as_of=2025) == "achieved"
    every = [status(plan, ("x", 2021, v), as_of=2021) for v in (0, 100, 115, 119, 120)]
    assert "achieved" not in every


def test_a_rank_kept_within_three():
    plan = five_years("rank", base=3, targets=[at_most(3, role="limit")])
    assert status(plan, ("x", 2022, 2), as_of=2022) == "ahead"
    assert status(plan, ("x", 2022, 3), as_of=2022) == "ahead", "no worse than its start"
    assert status(plan, ("x", 2022, 4), as_of=2022) == "behind"
    made = judged(plan, ("x", 2022, 3), as_of=2022)
    assert made.used_share_reason.item() == "no_room"
    assert status(plan, ("x", 2025, 4), as_of=2025) == "missed"


def test_a_floor_that_is_to_be_held():
    plan = five_years("share", base=99.0, targets=[at_least(95)], about={"unit": "%"})
    assert status(plan, ("x", 2022, 97), as_of=2022) == "on_schedule"
    assert status(plan, ("x", 2022, 99.5), as_of=2022) == "ahead"
    assert status(plan, ("x", 2022, 94), as_of=2022) == "behind"


def test_no_room_and_no_start():
    full = five_years(base=120, targets=[at_most(120)])
    assert status(full, ("x", 2021, 120), as_of=2021) == "on_schedule"
    assert status(full, ("x", 2021, 121), as_of=2021) == "behind"
    unknown = five_years(targets=[at_most(120)])
    made = judged(unknown, ("x", 2021, 119), as_of=2021)
    assert (made.status.item(), made.used_share_reason.item()) == ("on_schedule", "no_baseline")
    assert (bool(made.is_limit), made.limit_origin.item()) == (True, "assumed")


def test_an_average_is_said_to_lie_where_it_lies():
    for targets, rate, words in (
        ([at_most(3)], 5, "2.0 points above it: behind"),
        ([at_most(3)], 1, "2.0 points below it: ahead"),
        ([at_least(5), at_most(6)], 7, "1.0 points above it: behind"),
        ([at_least(5)], 4, "1.0 points below it: behind"),
    ):
        plan = five_years("growth", targets=targets)
        made = assess(plan, figures(plan, ("x", 2021, rate, "growth")), 2021)
        assert words in sentence(row_of(made, "x"), "en")


def test_nothing_is_secured_without_a_figure_of_its_date():
    limit = five_years("cumulative", base=0, targets=[at_most(1000)])
    level = five_years(base=50, targets=[at_least(100, year=2022)])
    for plan, row in ((limit, ("x", 2022, 700)), (level, ("x", 2023, 101))):
        made = judged(plan, row, as_of=2025)
        assert (made.reason.item(), bool(made.secured)) == ("not_reported", False)


def test_zero_growth_is_a_limit():
    plan = five_years("growth", targets=[at_most(0)])
    made = judged(plan, ("x", 2021, -1.0, "growth"), as_of=2021)
    assert (bool(made.is_limit), made.status.item()) == (True, "ahead")
    assert status(plan, ("x", 2021, 0.05, "growth"), as_of=2021) == "on_schedule"
    assert status(plan, ("x", 2021, 1.0, "growth"), as_of=2021) == "behind"


def test_other_publications_say_nothing_of_limits():
    plan = five_years(base=115, targets=[at_most(120)])
    made = judged(plan, ("x", 2021, 118), as_of=2021, rule="eurostat")
    assert (made.status.item(), made.reason.item()) == (NOT_ASSESSABLE, "not_applicable")


# ------------------------------------------------------------------ averages


def test_an_average_is_achieved_at_its_date_alone():
    plan = five_years("growth", targets=[at_least(10)])
    rows = [("x", 2021, 14.6, "growth")]
    assert status(plan, *rows, as_of=2021) == "ahead"
    rows += [("x", year, 10.0, "growth") for year in (2022, 2023, 2024, 2025)]
    assert status(plan, *rows, as_of=2025) == "achieved"
    assert status(plan, *rows[:-1], ("x", 2025, 4.0, "growth"), as_of=2025) == "missed"


def test_an_average_from_the_levels_of_its_ends():
    plan = five_years(base=100, targets=[at_least(10, kind="growth")])
    made = judged(plan, ("x", 2022, 121), as_of=2022)
    assert (made.status.item(), made.actual.item()) == ("on_schedule", pytest.approx(10))
    assert made.required_rate_remaining.item() == pytest.approx(0.1)
    assert status(plan, ("x", 2025, 161.051), as_of=2025) == "achieved"
    assert status(plan, ("x", 2025, 161.0), as_of=2025) == "missed"


def test_what_is_nearly_all_is_not_said_to_be_all():
    plan = five_years("cumulative", base=0, targets=[at_least(3000)])
    row = row_of(assess(plan, figures(plan, ("x", 2024, 2999.9)), 2024), "x")
    assert "99.997 %" in sentence(row, "en")
    assert "99.997 %" in sentence(row, "zh")
    near = row_of(assess(plan, figures(plan, ("x", 2024, 2999.999)), 2024), "x")
    assert "needs 0.0010 " in sentence(near, "en")
    rank = five_years("rank", base=2, targets=[at_most(3)])
    over = row_of(assess(rank, figures(rank, ("x", 2022, 4)), 2022), "x")
    assert "it must fall by 9.1 % a year" in sentence(over, "en")


def test_a_start_that_only_touches_a_strict_bound_does_not_hold_it():
    above = five_years(base=60, targets=[{"value": 60, "sense": "above"}])
    assert not bool(judged(above, ("x", 2021, 61), as_of=2021).is_limit)
    rising = five_years("growth", targets=[{"value": 0, "sense": "above"}])
    assert not bool(judged(rising, ("x", 2021, 1.0, "growth"), as_of=2021).is_limit)


def test_two_years_of_five_against_seven_percent():
    plan = five_years("growth", targets=[at_least(7)])
    made = judged(plan, ("x", 2021, 14.6, "growth"), ("x", 2022, 4.0, "growth"), as_of=2022)
    average = 100 * ((1.146 * 1.04) ** 0.5 - 1)
    assert made.actual.item() == pytest.approx(average)
    assert (made.status.item(), made.gap.item()) == ("ahead", pytest.approx(average - 7))


# ------------------------------------------------------------------ before, at and after the date


def test_interim_targets_are_promises_of_their_own():
    plan = five_years(base=200, targets=[at_least(300, year=2023), at_least(400)])
    assert list(plan.targets) == ["x", "x@2023"]
    made = assess(plan, figures(plan, ("x", 2023, 290)), 2023)
    assert made.sel(indicator="x@2023").status.item() == "missed"
    assert made.sel(indicator="x").status.item() == "behind"
    assert made.of.values.tolist() == ["x", "x"]
    assert plan.targets["x@2025"] is plan.targets["x"]


def test_a_milestone_done_late_is_missed():
    plan = one("milestone", 1, None, year=2020)
    made = judged(plan, ("x", 2021, 1), as_of=2021)
    assert (made.status.item(), made.met_late.item()) == ("missed", "2021")
    assert not bool(made.secured)
    done = judged(plan, ("x", 2020, 1), as_of=2021)
    assert (done.status.item(), bool(done.secured)) == ("achieved", True)


def test_a_target_met_by_a_later_figure_alone():
    plan = one(value=100, base=50, year=2020)
    made = judged(plan, ("x", 2020, 90), ("x", 2021, 110), as_of=2021)
    assert (made.status.item(), made.met_late.item()) == ("missed", "2021")
    assert (made.p_reach.item(), made.p_basis.item()) == (0, "observed")
    alone = judged(plan, ("x", 2021, 110), as_of=2021)
    assert (alone.status.item(), alone.reason.item()) == (NOT_ASSESSABLE, "not_reported")


def test_a_milestone_that_rests_at_its_date_is_missed():
    plan = one("milestone", value=1, base=None, month=6)
    assert status(plan, ("x", "2022-06", "项目暂缓"), as_of=2022) == "missed"
    early = judged(plan, ("x", "2022-03", "项目暂缓"), as_of=2022)
    assert (early.status.item(), early.reason.item()) == (NOT_ASSESSABLE, "paused")
    before = judged(plan, ("x", "2022-05", 0, "done"), as_of="2022-06")
    assert before.reason.item() == "not_reported", "May says nothing of June"
    late = judged(plan, ("x", "2022-06", "项目暂缓"), ("x", "2022-07", 1, "done"), as_of=2022)
    assert (late.status.item(), late.met_late.item()) == ("missed", "2022-07")


def test_additions_met_before_or_missed_after():
    plan = one("cumulative", 100, 0, year=2021)
    assert status(plan, ("x", 2020, 100), as_of=2022) == "achieved"
    assert status(plan, ("x", 2022, 99), as_of=2022) == "missed"
    assert status(plan, ("x", 2022, 120), as_of=2022) == NOT_ASSESSABLE


def test_secured_says_whether_it_can_be_lost():
    level = judged(one(value=60), ("x", 2021, 70), as_of=2021)
    assert (level.status.item(), bool(level.secured)) == ("achieved", False)
    count = judged(one("cumulative", 60, 0), ("x", 2021, 70), as_of=2021)
    assert (count.status.item(), bool(count.secured)) == ("achieved", True)


def test_a_share_of_one_hundred_percent():
    plan = five_years("share", base=80, targets=[at_least(100)], about={"unit": "%"})
    assert status(plan, ("x", 2024, 100), as_of=2024) == "achieved"
    assert status(plan, ("x", 2025, 99.9), as_of=2025) == "missed"


def test_three_of_one_or_two_lines():
    plan = five_years("cumulative", base=0, targets=[at_least(1), at_most(2)])
    made = judged(plan, ("x", 2023, 3), as_of=2023)
    assert (made.status.item(), made.reason.item()) == ("achieved", "above_range")
    assert made.achieved_share.item() == 1.0
    assert (made.target.item(), made.target_max.item()) == (1, 2)


def test_more_digits_where_rounding_would_lie():
    plan = five_years("growth", targets=[at_least(10)])
    rates = [10.0, 10.0, 10.0, 10.0, 9.9]
    rows = [("x", 2021 + i, rate, "growth") for i, rate in enumerate(rates)]
    made = assess(plan, figures(plan, *rows), 2025)
    assert made.status.sel(indicator="x").item() == "missed"
    said = explain(made, "x")
    assert "9.98" in said.zh
    assert "9.98" in said.en


# ------------------------------------------------------------------ other comparators


def test_strict_bounds_are_passed_not_touched():
    for sense, touched, passed in (("above", 60, 61), ("below", 40, 39)):
        plan = one(value=touched, base=50, role="aim", sense=sense)
        assert status(plan, ("x", 2022, touched), as_of=2022) == "missed"
        assert status(plan, ("x", 2022, passed), as_of=2022) == "achieved"
        made = judged(plan, ("x", 2022, touched), as_of=2022)
        assert made.gap.item() == 0


def test_about_needs_a_tolerance():
    plan = one(value=100, base=50, sense="about", tolerance=5)
    assert status(plan, ("x", 2022, 95), as_of=2022) == "achieved", "inclusive"
    assert status(plan, ("x", 2022, 106), as_of=2022) == "missed"
    vague = judged(one(value=100, base=50, sense="about"), ("x", 2022, 100), as_of=2022)
    assert (vague.status.item(), vague.reason.item()) == (NOT_ASSESSABLE, "not_quantified")


def higher_than(sense="above", promised=True, **row):
    """x must grow faster than g."""
    more = [target("g", 5, year=2025)] if promised else []
    rows = [{"value": None, "sense": sense, "relative_to": "g", **row}]
    return five_years("growth", targets=rows, others=[indicator("g", "growth")], more=more)


def test_higher_than_the_growth_of_another():
    plan = higher_than()
    both = [("x", 2021, 8.0, "growth"), ("g", 2021, 7.0, "growth")]
    made = judged(plan, *both, as_of=2021)
    assert (made.status.item(), made.target.item()) == ("ahead", pytest.approx(7.0))
    one_known = judged(plan, both[0], as_of=2021)
    assert (one_known.status.item(), one_known.reason.item()) == (NOT_ASSESSABLE, "bound_unknown")
    none = judged(plan, as_of=2021)
    assert none.status.item() == NOT_ASSESSABLE
    needed = cm.required_growth(plan)
    assert needed.loc["x", "required_rate"] == pytest.approx(0.05), "what g itself promises"
    alone = cm.required_growth(higher_than(promised=False))
    assert alone.loc["x", "reason"] == "bound_unknown"
    assert list(alone.index) == ["x"], "what is only compared with promises nothing"


def test_in_step_with_another():
    plan = higher_than("at_least", margin=0.0)
    final = [(n, year, 5.0, "growth") for n in ("x", "g") for year in range(2021, 2026)]
    assert status(plan, *final, as_of=2025) == "achieved"
    strict = higher_than()
    assert status(strict, *final, as_of=2025) == "missed", "the same is not higher"
    near = higher_than("about", tolerance=0.5)
    final[0] = ("x", 2021, 6.0, "growth")
    assert status(near, *final, as_of=2025) == "achieved"


# ------------------------------------------------------------------ changes


def test_a_change_in_points():
    about = {"nature": "ratio", "unit": "%"}
    rows = [at_least(0.6, kind="change")]
    plan = five_years("ratio", base=2.4, about=about, targets=rows)
    made = judged(plan, ("x", 2022, 2.64), as_of=2022)
    assert made.actual.item() == pytest.approx(0.24)
    assert made.achieved_share.item() == pytest.approx(0.4)
    assert (made.target.item(), made.status.item()) == (0.6, "on_schedule")
    assert cm.required_growth(plan).loc["x", "required_rate"] == pytest.approx(1.25**0.2 - 1)
    assert cm.required_growth(plan).loc["x", "required_step"] == pytest.approx(0.12)


def test_a_relative_fall_with_and_without_a_level():
    rows = [at_most(-13.5, kind="relative_change")]
    plan = five_years(base=0.5, targets=rows, about={"unit": "吨标准煤/万元"})
    made = judged(plan, ("x", 2022, 0.473), as_of=2022)
    assert (made.target.item(), made.actual.item()) == (-13.5, pytest.approx(-5.4))
    assert made.achieved_share.item() == pytest.approx(0.4)
    assert not bool(made.is_limit), "0 does not satisfy it"
    chain = five_years(targets=rows, about={"unit": "吨标准煤/万元"})
    made = judged(chain, ("x", 2021, -2.7, "growth"), ("x", 2022, -0.1, "growth"), as_of=2022)
    assert made.actual.item() == pytest.approx(100 * (0.973 * 0.999 - 1))
    assert made.status.item() == "behind"
    rate = cm.required_growth(chain).loc["x", "required_rate"]
    assert rate == pytest.approx(0.865**0.2 - 1)


def test_doubling():
    plan = five_years(base=100, targets=[at_least(100, kind="relative_change")])
    assert status(plan, ("x", 2025, 200), as_of=2025) == "achieved"
    assert status(plan, ("x", 2025, 199), as_of=2025) == "missed"
    assert cm.required_growth(plan).loc["x", "required_rate"] == pytest.approx(2**0.2 - 1)
    paths = cm.growth_paths(plan, rates=(0.15,))
    assert bool(paths.reached.sel(indicator="x", rate=0.15))


def test_a_change_that_may_be_lost_is_a_limit():
    plan = five_years(base=50, targets=[at_least(-2, kind="change")])
    made = judged(plan, ("x", 2021, 49), as_of=2021)
    assert (bool(made.is_limit), made.used_share.item()) == (True, 0.5)
    assert made.status.item() == "behind"


def test_against_another_year():
    plan = five_years(
        base=90,
        targets=[at_most(-40, kind="relative_change", base_year=1990)],
        about={"unit": "吨"},
    )
    unknown = cm.required_growth(plan).loc["x"]
    assert unknown["required_rate"] == pytest.approx(0.6 ** (1 / 35) - 1)
    assert np.isnan(unknown["baseline"]), "2020 is not 1990"


# ------------------------------------------------------------------ words, dates, tiers


def test_words_alone_and_no_date():
    words = five_years("qualitative", about={"unit": None}, targets=[{"value": None}])
    made = judged(words, as_of=2022)
    assert (made.status.item(), made.reason.item()) == (NOT_ASSESSABLE, "not_quantified")
    undated = five_years(base=30, targets=[at_most(15, year=None)])
    made = judged(undated, ("x", 2022, 14), as_of=2022)
    assert (made.status.item(), made.reason.item()) == (NOT_ASSESSABLE, "no_date")
    assert cm.required_growth(undated).loc["x", "reason"] == "no_date"
    assert cm.growth_paths(undated).value_reason.sel(indicator="x").values[0, 0] == "no_date"


def test_commit_and_stretch():
    rows = [at_least(42.5), at_least(45, tier="stretch"), at_least(6, kind="growth")]
    plan = five_years(base=30, targets=rows, about={"unit": "亿元"})
    assert list(plan.targets) == ["x", "x@stretch", "x@growth"]
    made = assess(plan, figures(plan, ("x", 2025, 43)), 2025)
    statuses = dict(zip(made.indicator.values.tolist(), made.status.values.tolist(), strict=True))
    assert (statuses["x"], statuses["x@stretch"]) == ("achieved", "missed")
    assert made.tier.values.tolist() == ["commit", "stretch", "commit"]
    assert plan.targets["x@growth"].unit == "%"
    lone = five_years(base=30, targets=[at_least(45, tier="stretch")])
    assert list(lone.targets) == ["x"]
    assert lone.targets["x"].tier == "stretch"


def test_a_stretch_target_of_an_earlier_year():
    rows = [at_least(10, year=2023), at_least(12, year=2023, tier="stretch"), at_least(20)]
    plan = five_years(base=5, targets=rows)
    assert list(plan.targets) == ["x", "x@2023", "x@2023@stretch"]


# ------------------------------------------------------------------ splits


@pytest.mark.parametrize(("values", "basis"), [((40, 40, 40), "year"), ((40, 80, 120), "to_date")])
def test_parts_and_running_sums_give_the_same_completion(values, basis):
    plan = one("cumulative", 120, 0)
    rows = [("x", 2020, 40), ("x", "2021-09", 64)]
    split = pd.DataFrame({"indicator": "x", "year": [2020, 2021, 2022], "value": values})
    made = judged(plan, *rows, as_of="2021-09", annual_targets=split)
    assert (made.completion.item(), made.year_gap.item()) == (0.6, -0.15)
    assert made.year_basis.item() == basis


def test_a_split_with_two_readings_is_asked_for_and_said():
    plan = one("cumulative", 120, 0)
    split = pd.DataFrame({"indicator": ["x"], "year": [2021], "value": [60]})
    rows = figures(plan, ("x", 2020, 40), ("x", "2021-09", 64))
    with pytest.warns(cm.errors.CorridorWarning, match="Add a column basis"):
        made = assess(plan, rows, "2021-09", annual_targets=split)
    assert made.completion_reason.sel(indicator="x").item() == "basis_unknown"
    stated = assess(plan, rows, "2021-09", annual_targets=split.assign(basis="year"))
    assert stated.completion.sel(indicator="x").item() == pytest.approx(0.4)


def test_splits_of_stocks_shares_and_growth():
    share = one("share", 65, 50, about={"unit": "%"})
    split = pd.DataFrame({"indicator": ["x"], "year": [2021], "value": [60.0]})
    made = judged(share, ("x", 2021, 58), as_of=2021, annual_targets=split)
    assert made.completion.item() == pytest.approx(0.8)
    rising = split.assign(value=5.0, basis="year")
    made = judged(share, ("x", 2020, 54), ("x", 2021, 58), as_of=2021, annual_targets=rising)
    assert made.completion.item() == pytest.approx(0.8)
    growth = one("growth", 10, None)
    rows = [("x", 2020, 9.0, "growth"), ("x", 2021, 11.0, "growth")]
    yearly = split.assign(value=12.0, basis="year")
    made = judged(growth, *rows, as_of=2021, annual_targets=yearly)
    assert made.completion.item() == pytest.approx(11 / 12)
    running = split.assign(value=10.0, basis="to_date")
    made = judged(growth, *rows, as_of=2021, annual_targets=running)
    assert made.completion.item() == pytest.approx(100 * ((1.09 * 1.11) ** 0.5 - 1) / 10)


# ------------------------------------------------------------------ what holds for all

KINDS = ("level", "share", "ratio", "rank", "cumulative", "annual", "growth", "change")
SENSES = ("at_least", "at_most", "above", "below")
PERIODS = (2020, 2021, 2022, 2023, "2021-06")


def rows_of(kind, values, last=2021):
    measure = "growth" if kind == "growth" else "level"
    return [("x", last - i, value, measure) for i, value in enumerate(reversed(values))]


@pytest.mark.slow
@given(
    kind=st.sampled_from(KINDS),
    sense=st.sampled_from(SENSES),
    base=st.integers(1, 90),
    goal=st.integers(1, 90),
    first=st.integers(1, 100),
    second=st.integers(1, 100),
    role=st.sampled_from([None, "aim", "limit"]),
    as_of=st.sampled_from(PERIODS),
    last=st.sampled_from([2020, 2021, 2022]),
)
def test_verdicts_never_flatter(kind, sense, base, goal, first, second, role, as_of, last):
    if kind == "rank" and sense in {"at_least", "above"}:
        return
    plan = one(kind, goal, base, sense, role=role)
    upward = sense in {"at_least", "above"}
    worse, better = sorted((first, second), reverse=not upward)
    before = [] if kind == "cumulative" else [base]  # a running total never falls
    good, bad = (
        judged(plan, *rows_of(kind, [*before, value], last), as_of=as_of)
        for value in (better, worse)
    )
    if NOT_ASSESSABLE not in (good.status.item(), bad.status.item()):
        assert worst_first(bad.status.item()) <= worst_first(good.status.item())
    year = as_of if isinstance(as_of, int) else 2021
    for made in (good, bad):
        if bool(made.is_limit) and year < 2022:
            assert made.status.item() != "achieved", "a limit is kept at its date alone"
        if year >= 2022:
            assert made.status.item() in {"achieved", "missed", NOT_ASSESSABLE}
        assert made.status.item() in STATUSES


@pytest.mark.uncounted
@given(
    used=st.integers(0, 150),
    more=st.integers(1, 150),
    kind=st.sampled_from(["cumulative", "level"]),
)
def test_the_more_of_a_limit_is_used_the_less_likely_it_holds(used, more, kind):
    plan = one(kind, 120, 0 if kind == "cumulative" else 60, "at_most", role="limit")
    rows = [("x", 2020, 20 if kind == "cumulative" else 65)]
    offset = 20 if kind == "cumulative" else 66
    less = judged(plan, *rows, ("x", 2021, offset + used), as_of=2021).p_reach.item()
    after = judged(plan, *rows, ("x", 2021, offset + used + more), as_of=2021).p_reach.item()
    if not np.isnan(less) and not np.isnan(after):
        assert after <= less + 1e-9


@pytest.mark.uncounted
@given(factor=st.sampled_from([1e-4, 1e-2, 100.0, 1e4]), value=st.integers(1, 200))
def test_units_change_nothing_of_a_limit(factor, value):
    statuses = set()
    for times in (1.0, factor):
        plan = one(value=100 * times, base=60 * times, sense="at_most")
        statuses.add(status(plan, ("x", 2021, value * times), as_of=2021))
    assert len(statuses) == 1


def test_a_split_of_no_promise_is_refused_or_said():
    plan = one("cumulative", 120, 0)
    split = pd.DataFrame({"indicator": ["y"], "year": [2021], "value": [60]})
    with pytest.raises(cm.CorridorError, match="annual_targets: the plan has no indicator 'y'"):
        assess(plan, figures(plan), 2021, annual_targets=split)
    milestone = one("milestone", 1, None)
    split = pd.DataFrame({"indicator": ["x"], "year": [2021], "value": [1], "basis": ["year"]})
    made = assess(milestone, figures(milestone), 2021, annual_targets=split)
    assert made.completion_reason.item() == "not_applicable"
    assert (made.year_target.item(), made.year_origin.item()) == (1, "user")


def test_a_split_below_zero_has_no_share():
    plan = one("growth", -2, None)
    split = pd.DataFrame({"indicator": ["x"], "year": [2020], "value": [-2], "basis": ["year"]})
    made = assess(plan, figures(plan, ("x", 2020, -3, "growth")), 2020, annual_targets=split)
    assert made.completion_reason.item() == "not_applicable", "-3 would be 150 % of -2"


# ------------------------------------------------------------------ added up


def test_what_is_missed_lights_the_lamp_and_stretch_is_named_apart():
    rows = [target("x", 300, year=2021), target("x", 400), target("x", 500, tier="stretch")]
    plan = plan_of(indicators=[indicator("x", binding="binding")], targets=rows)
    made = assess(plan, figures(plan, ("x", 2021, 290)), 2021, method=None)
    assert list(made.indicator.values) == ["x", "x@2021", "x@stretch"]
    whole = roll_up(plan, made, by="plan").iloc[0]
    assert (whole["total"], whole["missed"], whole["stretch"]) == (2, 1, "x@stretch")
    assert (whole["light"], whole["binding_behind"]) == ("red", 1)


def test_a_history_of_verdicts_is_by_promise():
    rows = [target("x", 300, year=2021), target("x", 400)]
    starts = [baseline("x", 200)]
    plan = plan_of(indicators=[indicator("x")], targets=rows, baselines=starts)
    made = verdict_history(
        plan, figures(plan, ("x", 2020, 220), ("x", 2021, 290)), 2021, periods=2, method=None
    )
    assert dict(made["status"]) == {"x": "behind", "x@2021": "missed"}
    assert dict(made["months_behind"]) == {"x": 24, "x@2021": 24}


# What a figure is and what it only points to (S17, S20).

FLOW = {"nature": "flow"}


def flow(value, sense="at_least", kind="level", base=100, **more):
    return five_years(
        kind, base=base, about=FLOW, targets=[{"value": value, "sense": sense} | more]
    )


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("value", "sense", "rows", "as_of", "expected"),
    [
        # 65 of 120 by June: the year points to 130, which nobody has yet
        (120, "at_least", [("x", "2025-06", 65)], "2025-06", ("ahead", "gap")),
        (120, "at_least", [("x", "2025-06", 60.2)], "2025-06", ("on_schedule", "gap")),
        (120, "at_least", [("x", "2025-09", 121)], "2025-09", ("achieved", "target_met")),
        (120, "at_least", [("x", "2023-09", 121)], "2023-09", ("achieved", "target_met")),
        # a running total never falls: over the ceiling it is over for good
        (120, "at_most", [("x", "2025-09", 121)], "2025-09", ("missed", "limit_broken")),
        (120, "at_most", [("x", "2025-09", 120)], "2025-09", ("behind", "limit_projected")),
        (120, "below", [("x", "2025-09", 120)], "2025-09", ("missed", "limit_broken")),
        (120, "at_most", [("x", "2024-09", 121)], "2024-09", ("behind", "limit_projected")),
        (80, "at_most", [("x", "2025-10", 81)], "2025-10", ("missed", "total_passed")),
        (80, "at_most", [("x", "2025-06", 39)], "2025-06", ("ahead", "gap")),
        (105, "exactly", [("x", "2025-11", 105.5)], "2025-11", ("missed", "total_passed")),
        (105, "exactly", [("x", "2025-11", 104)], "2025-11", ("behind", "gap")),
    ],
)
def test_a_full_year_that_is_only_projected(value, sense, rows, as_of, expected):
    made = judged(flow(value, sense), *rows, as_of=as_of)
    assert (made.status.item(), made.branch.item()) == expected
    if expected[0] == "missed":
        assert made.p_reach.item() == 0
        # where the year will end is still projected, whatever was promised of it
        months = int(as_of[-2:])
        if as_of.startswith("2025"):
            whole = rows[-1][2] * 12 / months
            assert made.projected.item() == pytest.approx(whole, rel=0.02)
            assert made.compared.item() == pytest.approx(whole)


def test_a_running_total_that_has_reached_its_least_is_secured():
    plan = flow(120)
    assert bool(judged(plan, ("x", "2025-09", 121), as_of="2025-09").secured)
    assert not bool(judged(plan, ("x", "2024-09", 121), as_of="2024-09").secured)
    assert not bool(judged(plan, ("x", "2025-06", 65), as_of="2025-06").secured)


def test_the_ceiling_of_a_flow_by_a_published_bound():
    plan = flow(120, "at_most")
    rows = figures(plan, ("x", "2025-09", "≥121"))
    made = assess(plan, rows, "2025-09").sel(indicator="x")
    assert (made.status.item(), made.p_reach.item()) == ("missed", 0)
    least = figures(flow(120), ("x", "2025-09", "≥121"))
    made = assess(flow(120), least, "2025-09").sel(indicator="x")
    assert made.status.item() == "achieved"


def test_under_every_rule_a_projected_year_has_a_verdict():
    plan = flow(120)
    made = assess(plan, figures(plan, ("x", "2025-06", 65)), "2025-06", rule="all")
    assert "achieved" not in made.status.values.ravel().tolist()
    kept = flow(80, role="aim")  # met at the start, and by the year as projected
    made = judged(kept, ("x", "2025-06", 45), as_of="2025-06")
    assert (made.status.item(), made.branch.item()) == ("on_schedule", "projected_met")


def test_growth_of_some_months_is_no_part_of_a_sum():
    doubled = flow(100, kind="relative_change", base=None)
    rows = [("x", 2021, 8, "growth"), ("x", "2022-06", 8, "growth")]
    made = judged(doubled, *rows, as_of="2022-06")
    assert made.actual.item() == made.compared.item() == pytest.approx(16.64)
    assert made.status.item() == "behind"  # 16.64 of 100 in two of five years
    assert made.projected.item() < 80
    stated = judged(doubled, ("x", "2022-06", 16.64, "change", None, None, "%"), as_of="2022-06")
    assert stated.compared.item() == pytest.approx(16.64)
    levels = flow(100, kind="relative_change")
    made = judged(levels, ("x", "2022-06", 58), as_of="2022-06")
    assert made.actual.item() == made.compared.item() == pytest.approx(16)
    text = sentence(
        row_of(assess(levels, figures(levels, ("x", "2022-06", 58)), "2022-06"), "x"), "en"
    )
    assert "January to 2022-06 a change of 16.0 % since 2020 (100), target >= 100 by 2025" in text


# A promise of each year of which one year is not known (S6, S20).


@pytest.mark.uncounted
@pytest.mark.parametrize("hole", range(2021, 2026))
@pytest.mark.parametrize("sense", ["at_least", "at_most", "above", "below"])
def test_a_year_that_nobody_knows_is_not_kept(sense, hole):
    plan = five_years("annual", targets=[{"value": 10, "sense": sense}])
    good = {"at_least": 10, "at_most": 10, "above": 11, "below": 9}[sense]
    bad = {"at_least": 9, "at_most": 11, "above": 10, "below": 10}[sense]
    rows = [("x", year, good) for year in range(2021, 2026)]
    assert status(plan, *rows, as_of=2025) == "achieved"
    known = [row for row in rows if row[1] != hole]
    made = judged(plan, *known, as_of=2026)
    assert (made.status.item(), made.reason.item()) == (NOT_ASSESSABLE, "not_reported")
    assert made.p_reach_reason.item() == "not_reported"
    # one year that is known to be missed decides alone
    broken = 2021 if hole != 2021 else 2025
    lost = [row if row[1] != broken else ("x", broken, bad) for row in known]
    assert status(plan, *lost, as_of=2026) == "missed"
    # a bound that was published of the year decides it
    sign = "≥" if sense in {"at_least", "above"} else "≤"
    bound = [*known, ("x", hole, f"{sign}{good}")]
    assert status(plan, *bound, as_of=2025) == "achieved"


def test_before_its_date_a_year_that_nobody_knows_leaves_it_open():
    plan = five_years("annual", targets=[at_least(10)])
    row = row_of(assess(plan, figures(plan, ("x", 2021, 12), ("x", 2023, 12)), 2023), "x")
    assert (row["status"], row["branch"]) == ("ahead", "year_met")
    assert "Of 2022 nothing is known" in sentence(row, "en")
    assert "2022年无数据" in sentence(row, "zh")
    rows = [("x", year, 12) for year in (2021, 2022, 2024, 2025)]
    row = row_of(assess(plan, figures(plan, *rows), 2025), "x")
    assert "not reported (missing: 2023)" in sentence(row, "en")
    assert status(plan, *[("x", y, 12) for y in (2021, 2022, 2023)], as_of=2023) == "achieved"


def test_a_growth_of_each_year_is_read_from_the_growths():
    plan = five_years("growth", targets=[at_least(7, kind="annual")])
    rows = [("x", year, 7.5, "growth") for year in range(2021, 2026)]
    assert status(plan, *rows, as_of=2025) == "achieved"
    assert status(plan, *rows[:2], *rows[3:], as_of=2025) == NOT_ASSESSABLE
    low = [*rows[:2], ("x", 2023, 6.9, "growth"), *rows[3:]]
    assert status(plan, *low, as_of=2025) == "missed"
    # 7 % on average is not 7 % in each year
    mean = five_years("growth", targets=[at_least(7)])
    assert status(mean, *low, as_of=2025) == "achieved"
    # a growth of six months is compared, not divided by them
    part = judged(plan, rows[0], ("x", "2022-06", 6.8, "growth"), as_of="2022-06")
    assert (part.status.item(), part.branch.item()) == ("behind", "below_bound")


# A measure on an indicator whose own figures are another's (S4).


@pytest.mark.parametrize("counted", [True, False], ids=["counts", "additions"])
def test_a_promise_of_each_year_on_a_count_is_held_to_what_each_year_adds(counted):
    plan = five_years(
        "cumulative",
        about={"nature": "flow"},
        targets=[at_least(50), at_least(8, kind="annual"), at_most(15, kind="annual", year=2024)],
    )
    measure = ("level",) if counted else ("addition",)

    def rows(*amounts):
        total = np.cumsum(amounts).tolist()
        return [
            ("x", 2021 + i, value, *measure)
            for i, value in enumerate(total if counted else amounts)
        ]

    each = judged(plan, *rows(12, 7), as_of=2022, name="x@annual")
    assert (each.status.item(), each.actual.item(), each.p_reach.item()) == ("missed", 7, 0)
    # 19 and 22 in all are neither 8 in each year nor more than 15 in one
    assert status(plan, *rows(12, 10), as_of=2022, name="x@2024@annual") == "ahead"
    assert status(plan, *rows(12, 16), as_of=2022, name="x@2024@annual") == "missed"
    assert judged(plan, *rows(12, 7), as_of=2022).actual.item() == 19
    hole = [rows(12, 9, 9)[i] for i in (0, 2)]
    alone = judged(plan, *hole, as_of=2023, name="x@annual")
    assert alone.status.item() == ("not_assessable" if counted else "ahead")
    last = ("x", "2022-03", 16, "level") if counted else ("x", "2022Q1", 4, "addition")
    part = judged(plan, *rows(12), last, as_of="2022-03", name="x@annual")
    assert (part.actual.item(), part.achieved_share.item()) == (4, 0.5)
    tenths = judged(plan, ("x", 2021, 1.2), ("x", 2022, 1.3), as_of=2022, name="x@annual")
    assert tenths.actual.item() == 0.1


@pytest.mark.parametrize("own", ["annual", "level"])
def test_a_sum_of_what_an_indicator_brings_each_year_is_added_up(own):
    about = {"nature": "flow"}
    plan = five_years(own, 90, about, [at_least(120), at_least(550, kind="cumulative")])
    name = "x@cumulative"
    rows = [("x", 2021, 100), ("x", 2022, 105)]
    total = judged(plan, *rows, as_of=2022, name=name)
    assert (total.status.item(), total.actual.item()) == ("on_schedule", 205)
    assert total.achieved_share.item() == pytest.approx(205 / 550)
    assert 0.3 < total.p_reach.item() < 0.9
    for plain in (cm.required_growth(plan), cm.required_growth(plan, figures(plan, *rows), 2022)):
        assert plain.loc[name, ["baseline", "required_step"]].tolist() == [0, 110]
    assert cm.growth_paths(plan).value.sel(indicator=name, year=2025).values.tolist() == [550] * 4
    under = cm.simulate(plan, [cm.Scenario("as planned")], figures(plan, *rows), draws=64)
    assert under.p_reach.sel(indicator=name).item() == pytest.approx(total.p_reach.item())
    # half of a year is half of it; a sum has no end behind a year that nobody knows
    half = judged(plan, *rows, ("x", "2023-06", 60), as_of="2023-06", name=name)
    assert half.actual.item() == 265
    hole = judged(plan, rows[0], ("x", 2023, 105), as_of=2023, name=name)
    assert hole.status.item() == NOT_ASSESSABLE
    ends = [("x", year, 110) for year in range(2021, 2026)]
    assert status(plan, *ends, as_of=2025, name=name) == "achieved"
    assert status(plan, *ends[:4], ("x", 2025, 109.9), as_of=2025, name=name) == "missed"
    ceiling = five_years(own, 90, about, [at_least(120), at_most(550, kind="cumulative")])
    assert status(ceiling, ("x", 2021, 551), as_of=2021, name=name) == "missed"
    late = five_years(
        own, 90, about, [at_least(9), at_least(200, kind="cumulative", from_year=2023)]
    )
    row = judged(late, *rows, ("x", 2023, 70), as_of=2023, name=name)
    assert (row.actual.item(), row.elapsed_share.item()) == (70, pytest.approx(1 / 3))


@pytest.mark.parametrize("base", [0, -10])
def test_nothing_is_a_percentage_of_a_base_that_is_not_above_zero(base):
    about = {"nature": "flow"}
    targets = [at_least(20), at_least(50, kind="relative_change")]
    plan, name = five_years("level", base, about, targets), "x@relative_change"
    needed = cm.required_growth(plan).loc[name]
    assert needed.reason == "undefined_rate"
    assert needed[["required_rate", "required_step", "already_met"]].isna().all()
    paths = cm.growth_paths(plan).sel(indicator=name)
    assert np.isnan(paths.value).all()
    assert set(paths.value_reason.values.ravel().tolist()) == {"undefined_rate"}
    assert not paths.reached.any()
    assert np.isnan(paths.target)
    for rows, as_of in ([("x", 2021, 4)], 2021), ([("x", 2025, 9)], 2025):
        made = judged(plan, *rows, as_of=as_of, name=name)
        assert (made.status.item(), made.reason.item()) == (NOT_ASSESSABLE, "no_scale")
        assert np.isnan(made.required_rate)
    # the level itself is as it was, and growths that are reported speak for themselves
    assert status(plan, ("x", 2021, 8), as_of=2021) in {"ahead", "on_schedule"}
    grown = judged(plan, ("x", 2021, 9, "growth"), as_of=2021, name=name)
    assert grown.actual.item() == pytest.approx(9)


def test_a_reported_change_has_no_level_that_could_grow():
    plan = five_years("change", about={"unit": "%", "nature": "ratio"}, targets=[at_least(6)])
    made = judged(plan, ("x", 2021, 1.5, "change"), as_of=2021)
    assert np.isnan(made.required_rate_remaining)
    assert made.required_rate_remaining_reason.item() == "no_baseline"
    assert made.required_step_remaining.item() == 1.125


def test_about_as_much_as_another_has_its_target():
    about = {"sense": "about", "tolerance": 0.5, "relative_to": "gdp", "margin": 1}
    more = [{**at_least(5), "indicator": "gdp", "year": 2025}]
    plan = five_years("growth", targets=[about], others=[indicator("gdp", "growth")], more=more)
    needed = cm.required_growth(plan).loc["x"]
    assert (needed.target, needed.required_rate) == (6, pytest.approx(0.055))


# What counts from the date on stands in every column (S20).


def test_figures_after_the_date_do_not_stand_beside_its_gap():
    plan = five_years(base=50, targets=[at_least(100, year=2023), at_least(200)])
    late = assess(plan, figures(plan, ("x", 2023, 96), ("x", 2024, 104)), 2024)
    row = row_of(late, "x@2023")
    assert (row["status"], row["met_late"]) == ("missed", "2024")
    assert (row["actual"], row["actual_period"], row["gap"]) == (96, "2023", -4)
    fell = assess(plan, figures(plan, ("x", 2023, 104), ("x", 2024, 96)), 2024)
    row = row_of(fell, "x@2023")
    assert (row["status"], row["actual"], row["gap"]) == ("achieved", 104, 4)
    # nothing of the date: what came later is shown and decides nothing
    only = row_of(assess(plan, figures(plan, ("x", 2024, 104)), 2024), "x@2023")
    assert (only["status"], only["reason"], only["actual"]) == (NOT_ASSESSABLE, "not_reported", 104)
    assert math.isnan(only["gap"])
    assert math.isnan(only["compared"])
    assert not only["secured"]


def test_a_milestone_met_late_was_not_met_at_its_date():
    plan = five_years("milestone", about={"unit": None, "nature": "event"},
                      targets=[at_least(1, year=2022)])  # fmt: skip
    row = row_of(assess(plan, figures(plan, ("x", "2023-03", 1)), 2023), "x")
    assert (row["status"], row["met_late"]) == ("missed", "2023-03")
    assert (row["actual"], row["actual_period"], row["gap"]) == (0, "2022", -1)
    assert math.isnan(row["achieved_share"])
    done = row_of(assess(plan, figures(plan, ("x", "2022-03", 1)), 2023), "x")
    assert (done["status"], done["actual"], done["gap"]) == ("achieved", 1, 0)


@pytest.mark.parametrize(
    ("kind", "base", "target", "value", "words"),
    [
        ("rank", 2, {"value": 3, "sense": "at_most"}, 4, "must fall by 9.1 % a year"),
        ("rank", 4, {"value": 5, "sense": "at_most"}, 4, "just holds at a rise of 7.7 % a year"),
        ("level", 100, {"value": 90, "sense": "at_least"}, 80, "must rise by 4.0 % a year"),
        ("level", 100, {"value": 90, "sense": "at_least"}, 96, "just holds at a fall of 2.1 %"),
        ("change", 100, {"value": -6, "sense": "at_least"}, 97, "It just holds at a fall of 1.0 %"),
        ("change", -5, {"value": -6, "sense": "at_least"}, -8, "It may fall by 1.00 "),
        ("change", -5, {"value": -6, "sense": "at_least"}, -14, "it must rise by 1.00 "),
        ("change", -8, {"value": 2, "sense": "at_most"}, -3, "it must fall by 1.00 "),
    ],
)
def test_what_a_limit_must_still_do(kind, base, target, value, words):
    plan = five_years(kind, base=base, about={"unit": "亿元"}, targets=[target])
    row = row_of(assess(plan, figures(plan, ("x", 2022, value)), 2022), "x")
    assert row["is_limit"]
    assert words in sentence(row, "en")


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([("x", 2024, 110)], 2024, (NOT_ASSESSABLE, "not_due_yet")),
        ([("x", 2024, 110), ("x", "2025-03", 20)], "2025-03", ("behind", "")),  # points to 40
        ([("x", "2025-03", 30)], "2025-03", ("on_schedule", "")),
        ([("x", "2025-03", 61)], "2025-03", ("achieved", "")),
        ([("x", "2025-06", 61), ("x", "2025-09", 62)], "2025-09", ("achieved", "")),
        ([("x", "2025-06", 59), ("x", "2025-09", 62)], "2025-09", ("missed", "")),
        # the whole year says nothing of its first half, unless even it falls short
        ([("x", 2025, 122)], 2025, (NOT_ASSESSABLE, "not_reported")),
        ([("x", 2025, 58)], 2025, ("missed", "")),
        ([("x", "2025-03", 61), ("x", 2025, 122)], 2025, ("achieved", "")),
    ],
)
def test_a_flow_that_is_due_in_june_is_the_total_of_six_months(rows, as_of, expected):
    made = judged(flow(60, month=6), *rows, as_of=as_of)
    assert (made.status.item(), made.reason.item()) == expected
    if made.p_reach_reason.item() == "":
        assert made.p_reach.item() == (expected[0] == "achieved")


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([("x", "2023-06", 60)], "2023-06", ("achieved", "")),
        ([("x", "2023-06", 58), ("x", 2023, 62)], 2023, ("missed", "2023")),
        ([("x", "2023-06", 60), ("x", 2023, 55)], 2023, ("achieved", "")),
        ([("x", 2023, 62)], 2023, (NOT_ASSESSABLE, "")),
        ([("x", "2023-09", 62)], "2023-09", (NOT_ASSESSABLE, "")),
        ([("x", 2023, 55)], 2023, (NOT_ASSESSABLE, "")),
    ],
)
@pytest.mark.parametrize("kind", ["level", "share", "change"])
def test_a_stock_that_is_due_in_june_is_that_of_june(kind, rows, as_of, expected):
    about = {"unit": "%" if kind == "share" else "家", "nature": "stock"}
    goal = at_least(20 if kind == "change" else 60, kind=kind, year=2023, month=6)
    plan = five_years("share" if kind == "share" else "level", 40, about, [goal])
    made = judged(plan, *rows, as_of=as_of)
    assert (made.status.item(), made.met_late.item()) == expected
    if expected[0] == NOT_ASSESSABLE:
        assert made.reason.item() == "not_reported"


UNKNOWN = (NOT_ASSESSABLE, "")
JUNE, YEAR, NEXT = "2023-06", 2023, 2024


@pytest.mark.parametrize(
    ("sense", "rows", "expected"),
    [
        # nobody knows of March what June says, unless even June falls short
        ("at_least", [(JUNE, 5)], UNKNOWN),
        ("at_least", [(JUNE, 4)], ("missed", "")),
        ("at_least", [(JUNE, 4), (YEAR, 5)], ("missed", "2023")),
        ("at_least", [(JUNE, 4), ("2024-02", 5), (NEXT, 6)], ("missed", "2024-02")),
        ("at_least", [(YEAR, 5)], UNKNOWN),
        ("at_least", [(YEAR, 4)], ("missed", "")),
        ("at_least", [("2024-02", 4), (NEXT, 5)], ("missed", "2024")),
        ("at_least", [("2024-02", 5), (NEXT, 5)], UNKNOWN),
        # of its own month, whatever came later
        ("at_least", [("2023-03", 5), (YEAR, 7)], ("achieved", "")),
        ("at_least", [("2023-03", 4), (JUNE, 5), (YEAR, 6)], ("missed", JUNE)),
        # what was there before was there then
        ("at_least", [("2023-02", 5), (JUNE, 6)], ("achieved", "")),
        ("at_least", [(2022, 5), (YEAR, 7)], ("achieved", "")),
        ("at_least", [("2023-02", 4), (JUNE, 5)], UNKNOWN),
        ("above", [("2023-02", 6), (YEAR, 7)], ("achieved", "")),
        ("above", [(JUNE, 5), (YEAR, 6)], ("missed", "2023")),
        # a ceiling: kept by then where it is kept later, broken where it was broken before
        ("at_most", [(JUNE, 5)], ("achieved", "")),
        ("at_most", [(JUNE, 6)], UNKNOWN),
        ("at_most", [("2023-02", 6)], ("missed", "")),
        ("below", [(JUNE, 5)], UNKNOWN),
        ("below", [("2023-02", 4), (JUNE, 4)], ("achieved", "")),
        # both ends: only what lies about the date on both sides decides
        ("exactly", [("2023-02", 5), (JUNE, 5)], ("achieved", "")),
        ("exactly", [("2023-02", 5), (JUNE, 6)], UNKNOWN),
        ("exactly", [("2023-02", 5)], UNKNOWN),
        ("exactly", [(JUNE, 4), (NEXT, 5)], ("missed", "2024")),
        ("exactly", [("2023-02", 6), (JUNE, 6)], ("missed", "")),
        ("about", [("2023-02", 4), (JUNE, 6)], ("achieved", "")),
        ("about", [("2023-02", 4), (JUNE, 7)], UNKNOWN),
        ("about", [(JUNE, 3), (YEAR, 4)], ("missed", "2023")),
    ],
)
def test_a_count_that_is_due_in_march_is_that_of_march(sense, rows, expected):
    about = {"tolerance": 1} if sense == "about" else {}
    goal = {"value": 5, "sense": sense, "year": 2023, "month": 3, **about}
    plan = five_years("cumulative", 0, targets=[goal])
    # figures of each year add up to the same
    yearly = five_years("annual", None, {"nature": "flow"}, [goal | {"kind": "cumulative"}])
    counts = [("x", at, value) for at, value in rows]
    made = judged(plan, *counts, as_of=2024)
    assert (made.status.item(), made.met_late.item()) == expected
    assert made.reason.item() == ("not_reported" if expected == UNKNOWN else "")
    if expected == UNKNOWN:
        late = counts[-1][1] != "2023-02"
        assert made.compared.isnull().item() == late, "what came later says nothing of the date"
        assert made.p_reach_reason.item() == "not_reported"
    else:
        assert made.p_reach.item() == (expected[0] == "achieved")
    if all(str(at)[:4] == "2023" for at, _ in rows):
        zero = [("x", year, 0) for year in (2021, 2022)]
        same = judged(yearly, *zero, *counts, as_of=2024)
        assert (same.status.item(), same.met_late.item()) == expected


@pytest.mark.parametrize(
    ("sense", "total", "expected"),
    [
        ("at_least", 61, "achieved"),
        ("at_least", 59, NOT_ASSESSABLE),
        ("at_most", 61, "missed"),
        ("at_most", 59, NOT_ASSESSABLE),
    ],
)
def test_a_running_total_has_passed_at_the_date_what_it_had_before(sense, total, expected):
    goal = {"value": 60, "sense": sense}
    base = 40 if sense == "at_least" else 100
    plan = five_years(base=base, about={"nature": "flow", "unit": "亿元"}, targets=[goal])
    september = ("x", "2025-09", total)
    assert status(plan, september, as_of=2025) == expected
    before = status(plan, september, as_of="2025-09")
    assert (before == expected) == (expected != NOT_ASSESSABLE)
    assert status(plan, ("x", "2024-09", total), as_of=2025) == NOT_ASSESSABLE


def test_what_is_known_only_later_says_so():
    plan = five_years("cumulative", 0, targets=[at_least(5, year=2023, month=3)])
    row = row_of(assess(plan, figures(plan, ("x", "2023-06", 5)), 2023), "x")
    assert "2023年6月为5家" in sentence(row, "zh")
    assert "2023年3月目标≥5家" in sentence(row, "zh")
    why = "缺2023年3月的数据，2023年6月的数据虽已达到目标，但不能说明到期时是否达到"
    assert f"无法评估：{why}。" in sentence(row, "zh")
    assert "to >= 5 in 2023-03." in sentence(row, "en")
    assert "the figure of 2023-03 is missing, and that of 2023-06, which" in sentence(row, "en")
    stock = five_years(base=3, targets=[at_least(5, year=2023, month=3)])
    row = row_of(assess(stock, figures(stock, ("x", 2023, 4)), 2023), "x")
    assert "缺2023年3月的数据，2023年的数据不能说明到期时的情况" in sentence(row, "zh")
    early = row_of(assess(plan, figures(plan, ("x", "2023-02", 4)), 2023), "x")
    assert "无法评估：未报送。" in sentence(early, "zh")


def test_limits_have_their_own_words_at_their_date():
    plan = five_years(base=50, targets=[at_most(60, year=2023), at_most(60)])
    rows = figures(plan, ("x", 2023, 61), ("x", 2024, 59))
    row = row_of(assess(plan, rows, 2024), "x@2023")
    assert "Not kept at its date, again in 2024: missed." in sentence(row, "en")
    assert "到期未守住，2024年才回到限内：未实现" in sentence(row, "zh")
    end = row_of(assess(plan, figures(plan, ("x", 2025, 61)), 2025), "x")
    assert "Not kept at its date: missed." in sentence(end, "en")


def test_a_bound_that_is_worked_out_is_shown_without_its_rounding():
    plan = five_years(
        "growth",
        targets=[{"value": None, "sense": "above", "relative_to": "gdp"}],
        others=[indicator("gdp", "growth")],
    )
    rows = [(n, y, v, "growth") for y in range(2021, 2026) for n, v in (("gdp", 5.0), ("x", 5.4))]
    row = row_of(assess(plan, figures(plan, *rows), 2025), "x")
    assert (row["status"], row["branch"]) == ("achieved", "target_met")
    assert "target > 5 %." in sentence(row, "en")
    falls = five_years("growth", targets=[at_most(0)])
    row = row_of(assess(falls, figures(falls, ("x", 2021, 1.0, "growth")), 2021), "x")
    assert "The years left must fall by 0.2 % a year at least." in sentence(row, "en")


def test_a_year_that_there_is_not_is_no_year_zero():
    plan = five_years(targets=[at_least(5)], base=None)
    made = assess(plan, figures(plan, ("x", 2021, 4)), 2021)
    assert made.baseline_year.item() == 0
    (row,) = to_rows(made, ("indicator",))
    assert (row["baseline_year"], row["target_year"]) == (None, 2025)
    assert explain(made, "x").inputs["baseline_year"] is None


def test_a_growth_of_each_year_by_a_published_bound():
    plan = five_years("growth", targets=[at_least(7, kind="annual")])
    rows = [("x", year, 7.5, "growth") for year in (2021, 2022, 2023, 2024)]
    least = figures(plan, *rows, ("x", 2025, "≥7", "growth"))
    made = assess(plan, least, 2025).sel(indicator="x")
    assert (made.status.item(), made.p_reach.item()) == ("achieved", 1)


def test_a_lost_promise_without_a_history_has_no_projection():
    plan = five_years("cumulative", base=0, targets=[at_most(10)])
    made = judged(plan, ("x", "2021-03", 0), ("x", "2021-06", 11), as_of="2021-06")
    assert (made.status.item(), made.p_reach.item()) == ("missed", 0)
    assert made.projected.item() > 11 or made.projected_reason.item() != ""


def test_what_a_broken_limit_of_growth_or_of_steps_must_do():
    floor = five_years("growth", targets=[at_least(-2)])
    row = row_of(assess(floor, figures(floor, ("x", 2021, -4.0, "growth")), 2021), "x")
    assert row["is_limit"]
    # 0.98 to the fifth over 0.96, its fourth root
    assert "The years left need a growth of -1.5 % a year." in sentence(row, "en")
