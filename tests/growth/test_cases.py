"""Published reference numbers of growth, and of the paths and totals that scenarios need."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.paths import cases

from corridor_model import growth
from corridor_model.errors import CorridorError, GrowthUndefinedError

CASES: list[dict[str, Any]] = cases("growth")
PATH_CASES = {case["id"]: case for case in cases("growth_paths")}
PERCENT = 0.01


def _two_methods(x: dict[str, Any]) -> dict[str, float]:
    return {
        "level_method": growth.average_growth_level_method(x["base"], x["values"]),
        "cumulative_method": growth.average_growth_cumulative_method(x["base"], x["values"]),
    }


def _remaining_decline(x: dict[str, Any]) -> float:
    done = (
        growth.chain(-PERCENT * np.array(x["annual_declines_pct"]))
        if "annual_declines_pct" in x
        else -PERCENT * x["cumulative_decline_pct"]
    )
    total = -PERCENT * x["target_total_decline_pct"]
    return -growth.remaining_rate(done, total, x["years_left"]) / PERCENT


def _remaining_level(x: dict[str, Any]) -> float:
    year, level = max((int(year), level) for year, level in x["actual"].items())
    return growth.required_rate(level, x["target"], x["target_year"] - year)


def _remaining_multiple(x: dict[str, Any]) -> float:
    done = growth.compound(1, x["done_rate"], x["done_years"])
    return growth.required_rate(done, x["multiple"], x["years_left"])


def _linear(x: dict[str, Any]) -> Any:
    steps = np.subtract(x["to_year"], x["base_year"])
    return growth.project_linear(x["base"], x["per_year"], steps)


SOLVERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "aarr_endpoints": lambda x: growth.aarr(x["start"], x["end"], x["years"]),
    "aarr_from_logslope": lambda x: growth.aarr_from_slope(x["slope"]),
    "average_growth_two_methods": _two_methods,
    "cagr": lambda x: growth.cagr(x["start"], x["end"], x["periods"]),
    "cumulative_from_annual_declines": lambda x: (
        -growth.chain(-PERCENT * np.array(x["annual_declines_pct"])) / PERCENT
    ),
    "cumulative_sum": lambda x: growth.cumulate(x["values"])[-1],
    "gap": lambda x: -growth.gap(x["value"], x["target"], "at_least"),
    "intensity_change_from_growth": lambda x: growth.intensity_change(
        x["numerator_growth"], x["denominator_growth"], x["years"]
    ),
    "mean_rate": lambda x: growth.linear_step(0, x["rise"], x["run"]),
    "pct_change": lambda x: growth.change(x["start"], x["end"]),
    "project_latest_growth": lambda x: growth.project_latest(
        x["prev"], x["last"], x["to_year"] - x["last_year"]
    ),
    "project_linear": _linear,
    "projection_constant_rate": lambda x: growth.project_linear(
        x["ytd"], x["rate_per_period"], x["periods_left"]
    ),
    "ratio": lambda x: growth.elasticity(x["numerator"], x["denominator"]),
    "required_aarr": lambda x: growth.aarr(x["current"], x["target"], x["years"]),
    "required_aarr_from_reduction": lambda x: growth.aarr(
        1, 1 - x["relative_reduction"], x["years"]
    ),
    "required_linear_change": lambda x: growth.linear_step(x["value"], x["target"], x["years"]),
    "required_path_end": lambda x: growth.path_to_target(
        x["base"], x["target"], x["target_year"] - x["base_year"]
    )[-1],
    "required_rate_log": lambda x: abs(growth.log_rate(x["current"], x["target"], x["years"])),
    "required_remaining_cagr": _remaining_multiple,
    "required_remaining_cagr_level": _remaining_level,
    "required_remaining_decline_pct": _remaining_decline,
    "required_remaining_per_period": lambda x: growth.linear_step(
        x["ytd"], x["target"], x["periods_left"]
    ),
    "share_pct": lambda x: growth.share_of(x["met"], x["total"]) / PERCENT,
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    solve = SOLVERS[case["kind"]]
    expected, within = case["expected"], case["tolerance"]
    if expected is None:
        with pytest.raises(GrowthUndefinedError, match="sign changes"):
            solve(case["inputs"])
        return
    found = solve(case["inputs"])
    if case["provenance"] == "published_wrong":
        assert found == pytest.approx(expected["correct"], rel=0, abs=within)
        assert abs(found - expected["published"]) > 10 * within, "the published error is repeated"
    elif isinstance(expected, dict) and set(expected) != {"value"}:
        assert found == pytest.approx(expected, rel=0, abs=within)
    else:
        wanted = expected["value"] if isinstance(expected, dict) else expected
        # half a unit in the last printed place is a tie in binary
        np.testing.assert_allclose(found, wanted, rtol=0, atol=within * (1 + 1e-9))


def test_no_case_is_idle() -> None:
    assert {case["kind"] for case in CASES} == set(SOLVERS)
    assert len({case["id"] for case in CASES}) == len(CASES) >= 44
    assert all(case["source"] and case["floor"] == "growth" for case in CASES)


def test_cases_are_complete(shared) -> None:
    given = json.loads((shared / "cases" / "targets.json").read_text("utf-8"))
    wanted = [case for case in given if case["floor"] == "growth"]
    ours = {case["id"]: case for case in CASES}
    assert [case["id"] for case in wanted if ours.get(case["id"]) != case] == []


def test_undefined_is_raised_as_a_library_error_that_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="sign changes") as caught:
        growth.cagr(13.65, -329.67, 2)
    assert isinstance(caught.value, CorridorError)


def test_no_case_of_the_floor_is_missing(shared):
    given = json.loads((shared / "cases" / "scenarios.json").read_text("utf-8"))
    assert {c["id"] for c in given if c["floor"] == "growth"} == set(PATH_CASES)


def test_accumulation_counts_both_ends():
    case = PATH_CASES["cumulative_pyam"]
    points = case["inputs"]["points"]
    total = growth.total_between(
        [int(year) for year in points],
        list(points.values()),
        case["inputs"]["first"],
        case["inputs"]["last"],
    )
    assert total == pytest.approx(case["expected"], rel=1e-9)


def test_sign_change_is_a_value_error():
    start, end = PATH_CASES["growth_sign_change_raises"]["inputs"]["values"]
    with pytest.raises(ValueError, match="sign"):
        growth.cagr(start, end, 1)


def test_rate_and_both_paths_half_way():
    x, expected = (PATH_CASES["cagr_100_150_2008_2022"][key] for key in ("inputs", "expected"))
    steps = x["target_year"] - x["base_year"]
    rate = growth.cagr(x["baseline"], x["target"], steps)
    assert rate == pytest.approx(expected["rate"], rel=1e-9)
    geometric = growth.geometric_path(x["baseline"], rate, steps)
    linear = growth.linear_path(x["baseline"], x["target"], steps)
    assert geometric[2015 - x["base_year"]] == pytest.approx(expected["value_2015"], rel=1e-9)
    assert linear[2015 - x["base_year"]] == pytest.approx(expected["linear_2015"], rel=1e-9)


def test_rate_between_two_years():
    case = PATH_CASES["growth_pyam_a"]
    (first, start), (last, end) = sorted(case["inputs"]["values"].items())
    rate = growth.cagr(start, end, int(last) - int(first))
    assert rate == pytest.approx(case["expected"], abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_total_of_known_years_is_their_sum_in_any_order(values, random):
    pairs = list(enumerate(values, 2000))
    expected = float(np.sum(values))
    random.shuffle(pairs)
    years, shuffled = zip(*pairs, strict=True)
    total = growth.total_between(years, shuffled, 2000, 2000 + len(values) - 1)
    assert total == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("years", "values", "first", "last", "words"),
    [
        ([2000, 2002], [1, 2], 1999, 2001, "within"),
        ([2000, 2002], [1, 2], 2001, 2003, "within"),
        ([2000, 2000], [1, 2], 2000, 2000, "twice"),
        ([2000, 2001], [1, np.nan], 2000, 2001, "NaN"),
        ([2000, 2001], [1], 2000, 2001, "one value"),
    ],
)
def test_totals_that_would_need_unknown_years_are_refused(years, values, first, last, words):
    with pytest.raises(GrowthUndefinedError, match=words):
        growth.total_between(years, values, first, last)


def test_series_are_paired_by_label_or_not_at_all():
    import pandas as pd

    start = pd.Series([100.0, 200.0], index=["a", "b"])
    end = pd.Series([121.0, 242.0], index=["a", "b"])
    assert growth.cagr(start, end, 2).to_list() == pytest.approx([0.1, 0.1])
    assert growth.cagr(start, end.to_numpy(), [2, 2]).to_list() == pytest.approx([0.1, 0.1])
    with pytest.raises(GrowthUndefinedError, match="labels"):
        growth.cagr(start, end.loc[["b", "a"]], 2)
    with pytest.raises(GrowthUndefinedError, match="labels"):
        growth.tried(growth.cagr, start, end.loc[["b", "a"]], 2)
