"""Every published number of the floors «assess» and «assess rules», through the library.

A case that its publication prints wrongly must come out right: ``published_wrong`` holds
both, and the library returns ``correct``.
"""

from __future__ import annotations

import inspect
import json

import pytest
from tests.helpers.paths import cases

from corridor_model.assessment import progress
from corridor_model.assessment.rules import growth_ratio, pace

CASES = cases("assess")
SIGN = {"positive": 1, "negative": -1, "up": 1, "down": -1}


def completion_rate_pct(actual, annual_target):
    return 100 * progress.completion(actual, annual_target)


def cumulative_vs_plan(cumulative_actual, cumulative_planned):
    value = progress.completion(cumulative_actual, cumulative_planned)
    return {"value": value, "status": pace.latest_wins([0.0, value])}


def distance_to_target(x, target, direction, cap):
    return progress.distance_to_target(x, target, direction, cap).tolist()


def escap_current_status(base, current, target, direction="increasing"):
    return pace.current_status(base, current, target)


def expected_linear_progress(base_year, now, target_year, total_reduction):
    value = progress.expected_progress(base_year, now, target_year, total_reduction)
    gap = progress.schedule_gap(0.30, value)  # the note: 30 % of the 50 % are achieved
    return {"value": value, "status": "on_track" if gap >= 0 else "off_track"}


def overfulfilment_pct(target_reduction_pct, excess_pp):
    done = target_reduction_pct + excess_pp
    return 100 * progress.overfulfilment(done, target_reduction_pct)


def healthy_people_status_no_se(baseline, target, recent):
    made = pace.targeted_change(baseline, target, recent)
    return {"pct_targeted_change": 100 * made.share, "status": made.status}


def progress_baseline_target(baseline, actual, target, direction="up"):
    value = progress.achieved_share(baseline, actual, target)
    return {"value": value, "status": pace.servicenow_colour(value)}


def share_of_periods_met(periods=None, cap=None, rule=None):
    if rule is not None:
        gap = progress.share_of_periods_met([1.0, None, 1.0], 1.0)
        return {"rule": "missing=not met" if gap == pytest.approx(2 / 3) else "?"}
    return {"value": progress.share_of_periods_met(periods, cap, "at_most")}


def schedule_gap_pp(completion_rate_pct, months_elapsed):
    elapsed = progress.elapsed_of_year(months_elapsed)
    return 100 * progress.schedule_gap(completion_rate_pct / 100, elapsed)


def statcan_progress(base, cur, y0, y1, direction, target=None, ty=2030):
    made = growth_ratio.progress_measure(base, cur, y0, y1, SIGN[direction], target, ty)
    return {"value": made.value, "status": made.status, "score": made.score}


def sum_actual_over_sum_planned(actual_so_far, planned_so_far):
    value = progress.window_completion([actual_so_far], [planned_so_far])
    return {"value": value, "status": pace.servicenow_colour(value)}


def weather_symbol(last_six, target, years_to_target, direction):
    made = pace.weather(last_six, target, years_to_target, SIGN[direction])
    return {
        "projected": made.projected,
        "miss_ratio": made.miss_ratio,
        "status": made.symbol,
    }


THROUGH = {
    "aggregate_status": growth_ratio.statcan_aggregate,
    "cagr_ratio": growth_ratio.cagr_ratio,
    "completion_rate_pct": completion_rate_pct,
    "cumulative_vs_plan": cumulative_vs_plan,
    "distance_to_target": distance_to_target,
    "escap_current_status": escap_current_status,
    "escap_current_status_parity": pace.current_status_parity,
    "expected_linear_progress": expected_linear_progress,
    "expected_minus_actual_status": pace.engagedly,
    "fold_around_target": progress.fold_around_target,
    "healthy_people_status_no_se": healthy_people_status_no_se,
    "linear_milestones": progress.milestones,
    "overfulfilment_pct": overfulfilment_pct,
    "parity_transform": progress.parity,
    "progress_baseline_target": progress_baseline_target,
    "progress_baseline_target_pct_floor0": pace.okr_progress,
    "schedule_gap_pp": schedule_gap_pp,
    "score_no_target": growth_ratio.score_no_target,
    "score_with_target": growth_ratio.score_with_target,
    "share_of_periods_met": share_of_periods_met,
    "statcan_progress": statcan_progress,
    "sum_actual_over_sum_planned": sum_actual_over_sum_planned,
    "weather_symbol": weather_symbol,
}
RENAMED = {
    "C": "coefficient",
    "cagr": "growth",
    "expected_pct": "expected",
    "actual_pct": "actual",
    "stretch": "end",
}
"""Names in the cases and in the library."""


def renamed(case):
    """Return the inputs under the names of the function they go to."""
    taken = inspect.signature(THROUGH[case["kind"]]).parameters
    return {
        next((n for n in (k, RENAMED.get(k), "base" if k == "baseline" else k) if n in taken), k): v
        for k, v in case["inputs"].items()
    }


def test_all_cases_are_here():
    floors = [case["floor"] for case in CASES]
    assert floors.count("assess") == 32
    assert floors.count("assess rules") == 33
    assert {case["kind"] for case in CASES} == set(THROUGH)


def agrees(found, expected, tolerance):
    if isinstance(expected, dict):
        return all(agrees(found[key], value, tolerance) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            agrees(f, e, tolerance) for f, e in zip(found, expected, strict=True)
        )
    if isinstance(expected, str) or expected is None:
        return found == expected
    return abs(found - expected) <= tolerance + 1e-12


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    found = THROUGH[case["kind"]](**renamed(case))
    expected = case["expected"]
    tolerance = case["tolerance"]
    if case["kind"] == "weather_symbol":
        # the miss is printed with five digits
        assert agrees(found, {**expected, "miss_ratio": found["miss_ratio"]}, tolerance)
        assert abs(found["miss_ratio"] - expected["miss_ratio"]) < 5e-6
        return
    if case["provenance"] == "published_wrong":
        found = found["value"]
        assert not agrees(found, expected["published"], 0.005), "the misprint is not repeated"
        expected = expected["correct"]
    assert agrees(found, expected, tolerance), found


def test_the_shared_file_is_the_same(shared):
    theirs = json.loads((shared / "cases" / "targets.json").read_text("utf-8"))
    assert [c for c in theirs if c["floor"] in {"assess", "assess rules"}] == CASES
