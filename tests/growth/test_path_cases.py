"""The growth cases that come with the scenario references: paths, totals, a refusal."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_model import growth
from corridor_model.errors import GrowthUndefinedError

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "cases/growth_paths.json").read_text("utf-8")
    )
}


def test_no_case_of_the_floor_is_missing(shared):
    given = json.loads((shared / "cases" / "scenarios.json").read_text("utf-8"))
    assert {c["id"] for c in given if c["floor"] == "growth"} == set(CASES)


def test_accumulation_counts_both_ends():
    case = CASES["cumulative_pyam"]
    points = case["inputs"]["points"]
    total = growth.total_between(
        [int(year) for year in points],
        list(points.values()),
        case["inputs"]["first"],
        case["inputs"]["last"],
    )
    assert total == pytest.approx(case["expected"], rel=1e-9)


def test_sign_change_is_a_value_error():
    start, end = CASES["growth_sign_change_raises"]["inputs"]["values"]
    with pytest.raises(ValueError, match="sign"):
        growth.cagr(start, end, 1)


def test_rate_and_both_paths_half_way():
    x, expected = (CASES["cagr_100_150_2008_2022"][key] for key in ("inputs", "expected"))
    steps = x["target_year"] - x["base_year"]
    rate = growth.cagr(x["baseline"], x["target"], steps)
    assert rate == pytest.approx(expected["rate"], rel=1e-9)
    geometric = growth.geometric_path(x["baseline"], rate, steps)
    linear = growth.linear_path(x["baseline"], x["target"], steps)
    assert geometric[2015 - x["base_year"]] == pytest.approx(expected["value_2015"], rel=1e-9)
    assert linear[2015 - x["base_year"]] == pytest.approx(expected["linear_2015"], rel=1e-9)


def test_rate_between_two_years():
    case = CASES["growth_pyam_a"]
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
    assert growth.cagr(start, end, 2) == pytest.approx([0.1, 0.1])
    assert growth.cagr(start, end.to_numpy(), [2, 2]) == pytest.approx([0.1, 0.1])
    with pytest.raises(GrowthUndefinedError, match="labels"):
        growth.cagr(start, end.loc[["b", "a"]], 2)
    with pytest.raises(GrowthUndefinedError, match="labels"):
        growth.tried(growth.cagr, start, end.loc[["b", "a"]], 2)
