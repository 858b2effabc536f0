"""Required growth of the real plan and of made-up indicators (S1, S3, S4, S6, S7)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.plan.records import Baseline, Indicator, Target
from corridor_model.plan.required_growth import requirement

FIGURES = st.floats(min_value=1e-6, max_value=1e9, allow_nan=False)


def made(kind="level", *, start=None, year=2019, goals=((100.0, "at_least", 2022),), unit="亿元"):
    """Return an indicator with these targets and perhaps a baseline."""
    targets = tuple(Target("x", value, unit, sense, due) for value, sense, due in goals)
    baselines = () if start is None else (Baseline("x", year, start, unit, "user"),)
    return Indicator(
        "x", "某指标", "X", None, kind, unit, None, None, None, None, None, targets, baselines
    )


def test_gdp_needs_644_percent_over_four_steps(plan):
    row = cm.required_growth(plan).loc["gdp"]
    assert row["steps"] == 4
    assert row["required_rate"] == pytest.approx((580 / 451.84) ** 0.25 - 1, rel=1e-14)
    assert round(row["required_rate"] * 100, 2) == 6.44
    assert row["required_step"] == pytest.approx((580 - 451.84) / 4)
    assert row["baseline_origin"] == row["origin"] == "published"
    assert "census" in row["series"]


def test_rd_needs_692_percent_or_a_fifth_of_a_point(plan):
    row = cm.required_growth(plan).loc["rd_to_gdp"]
    assert round(row["required_rate"] * 100, 2) == 6.92
    assert row["required_step"] == pytest.approx(0.2)


def test_the_rank_must_fall_and_its_rate_is_negative(plan):
    row = cm.required_growth(plan).loc["hitech_zone_rank_percentile"]
    assert row["required_rate"] == pytest.approx((45 / 84) ** (1 / 6) - 1)
    assert row["sense"] == "at_most"


def test_growth_target_is_its_own_requirement(plan):
    row = cm.required_growth(plan).loc["hightech_investment_growth"]
    assert (row["target"], row["required_rate"], row["origin"]) == (15, 0.15, "document")
    assert math.isnan(row["baseline"])
    assert row["reason"] == ""


def test_a_count_from_zero_has_a_step_and_no_rate(plan):
    row = cm.required_growth(plan).loc["new_hightech_enterprises"]
    assert math.isnan(row["required_rate"])
    assert (row["required_step"], row["reason"], row["origin"]) == (
        40,
        "undefined_rate",
        "definition",
    )


def test_every_mask_has_a_reason_and_every_reason_a_mask(plan):
    frame = cm.required_growth(plan)
    assert ((frame["reason"] == "") == frame["required_rate"].notna()).all()
    assert list(frame.index) == list(plan.indicators)


@pytest.mark.parametrize("kind", ["annual", "milestone"])
def test_floors_and_promises_have_neither_rate_nor_step(kind):
    row = requirement(made(kind, start=3.0))
    assert (row.required_rate, row.required_step, row.reason) == (None, None, "not_applicable")


def test_completion_is_added_up():
    row = requirement(made("completion", start=10.0, goals=((85.0, "at_least", 2022),), unit="%"))
    assert (row.required_rate, row.required_step) == (None, 25.0)


def test_unknown_baseline_is_a_mask():
    row = requirement(made())
    assert (row.required_rate, row.required_step, row.already_met) == (None, None, None)
    assert row.reason == "no_baseline"


@pytest.mark.parametrize(
    ("start", "rate", "reason"),
    [
        (100.0, 0.0, ""),
        (0.0, None, "undefined_rate"),
        (-5.0, None, "undefined_rate"),
        (121.0, None, ""),
    ],
)
def test_edges_of_a_level(start, rate, reason):
    row = requirement(made(start=start))
    assert row.reason == reason
    if rate is not None:
        assert row.required_rate == rate
    assert row.required_step == (100 - start) / 3
    assert row.already_met == (start >= 100)


def test_a_range_is_one_row_and_goes_to_the_nearer_bound():
    goals = ((1.0, "at_least", 2022), (2.0, "at_most", 2022))
    above = requirement(made(start=4.0, goals=goals, unit="条"))
    below = requirement(made(start=0.5, goals=goals, unit="条"))
    inside = requirement(made(start=1.5, goals=goals, unit="条"))
    assert (above.target, above.target_max) == (1.0, 2.0)
    assert above.required_rate == pytest.approx(0.5 ** (1 / 3) - 1)
    assert below.required_rate == pytest.approx(2 ** (1 / 3) - 1)
    assert inside.already_met
    assert not above.already_met


def test_several_deadlines_use_the_last():
    row = requirement(made(start=50.0, goals=((80.0, "at_least", 2021), (100.0, "at_least", 2022))))
    assert (row.target, row.target_year, row.steps) == (100.0, 2022, 3)


@given(FIGURES, FIGURES, st.integers(2010, 2021))
def test_the_required_rate_leads_to_the_target(start, goal, year):
    row = requirement(made(start=start, year=year, goals=((goal, "at_least", 2022),)))
    # near -100 % a double holds fewer digits of the level that is left
    held = 1e-12 + 1e-15 * row.steps / (1 + row.required_rate)
    assert start * (1 + row.required_rate) ** row.steps == pytest.approx(goal, rel=held)
    scale = max(start, goal)  # a difference is only as fine as the larger of the two
    assert start + row.required_step * row.steps == pytest.approx(goal, abs=1e-12 * scale)


@given(FIGURES, FIGURES, st.sampled_from([1e-4, 1e4, 12.5]))
def test_the_rate_does_not_depend_on_the_unit(start, goal, factor):
    plain = requirement(made(start=start, goals=((goal, "at_least", 2022),)))
    scaled = requirement(made(start=start * factor, goals=((goal * factor, "at_least", 2022),)))
    assert scaled.required_rate == pytest.approx(plain.required_rate, rel=1e-9, abs=1e-12)


def test_a_users_baseline_wins_and_keeps_its_origin(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(
        "indicator,year,value,unit,source\ngdp,2019,4900000,万元,年鉴\n", encoding="utf-8"
    )
    plan = cm.load_plan(baselines=file)
    row = cm.required_growth(plan).loc["gdp"]
    assert (row["baseline"], row["baseline_year"], row["baseline_origin"]) == (490.0, 2019, "user")
    assert row["origin"] == "user"
    assert [b.origin for b in plan.indicators["gdp"].baselines] == ["user", "published"]


def test_reordering_the_plan_reorders_the_rows_and_nothing_else(plan, tmp_path):
    plan.to_folder(tmp_path)
    for name in ("indicators", "targets", "baselines"):
        file = tmp_path / f"{name}.csv"
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    turned = cm.required_growth(cm.load_plan(tmp_path))
    expected = cm.required_growth(plan)
    assert list(turned.index) == list(reversed(expected.index))
    assert turned.loc[expected.index].equals(expected)


def test_a_count_nobody_gave_a_start_begins_at_an_assumed_zero(tmp_path, plan):
    plan.to_folder(tmp_path)
    file = tmp_path / "baselines.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("new_hightech_enterprises,")]
    file.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    row = cm.required_growth(cm.load_plan(tmp_path)).loc["new_hightech_enterprises"]
    assert (row["baseline"], row["baseline_year"], row["required_step"]) == (0, 2019, 40)
    assert row["origin"] == "assumed"
