"""Questions of forecasts from figures that say little, and verdicts where a bound is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, target

from corridor_model.assessment import assess
from corridor_model.assessment.case import case_of, decision


def judged(plan, *rows, as_of, name="x", **options):
    return assess(plan, figures(plan, *rows), as_of, **options).sel(indicator=name)


def why(made):
    return made.p_reach_reason.item()


def growth(*rows, as_of=2021, method=None, goal=7.0):
    plan = one("growth", goal, None, about={"average_method": method} if method else None)
    return judged(plan, *[("x", y, v, "growth") for y, v in rows], as_of=as_of)


# ---- questions ----


def test_a_share_of_all_is_asked_like_a_ratio():
    made = judged(one("share", 95, 90), ("x", 2020, 98.0), ("x", 2021, 100.0), as_of=2021)
    assert why(made) == ""
    assert 0.5 < made.p_reach.item() < 1


def test_a_level_that_fell_below_nothing_has_no_rate():
    plan = one("level", 60, 50, about={"unit": "亿元"})
    made = judged(plan, ("x", "2020-06", -5.0), as_of="2020-06")
    assert why(made) == "undefined_rate"
    assert np.isnan(made.p_reach.item())


def test_a_part_of_a_year_counts_only_until_the_whole_is_known():
    both = growth(("2021-06", 2.0), (2021, 9.0), (2020, 8.0))
    whole = growth((2021, 9.0), (2020, 8.0))
    assert both.p_reach.item() == whole.p_reach.item() > 0
    part = growth(("2021-06", 2.0), (2020, 8.0), as_of="2021-06")
    assert part.p_reach.item() < whole.p_reach.item()


def test_the_cumulative_method_does_not_step_over_a_year():
    made = growth((2021, 9.0), method="累计法")
    assert why(made) == "missing"
    assert why(growth((2020, 8.0), (2021, 9.0), method="累计法")) == ""


# ---- verdicts without a bound ----


def compared(kind="level", sense="at_least", base=50, **more):
    """A promise of x against y, of which nothing is reported."""
    bound = target("x", 0, sense, relative_to="y", **more) | {"value": None}
    return plan_of(
        indicators=[indicator("x", kind), indicator("y", kind)],
        targets=[bound],
        baselines=[baseline("x", base)],
    )


@pytest.mark.parametrize("as_of", [2021, 2022])
@pytest.mark.parametrize("sense", ["at_least", "at_most"])
@pytest.mark.parametrize("kind", ["level", "growth"])
def test_while_the_other_figure_is_unknown_nothing_is_judged(kind, sense, as_of):
    measure = ("growth",) if kind == "growth" else ()
    rows = [("x", year, 55.0, *measure) for year in (2020, 2021, 2022) if year <= as_of]
    made = judged(compared(kind, sense), *rows, as_of=as_of)
    assert (made.status.item(), made.reason.item()) == ("not_assessable", "bound_unknown")


def test_a_limit_against_another_figure_waits_for_it_too():
    made = judged(compared("level", "at_most", role="limit"), ("x", 2021, 55.0), as_of=2021)
    assert (made.status.item(), made.reason.item()) == ("not_assessable", "bound_unknown")


def test_what_must_be_passed_and_is_only_touched_has_no_way_to_go():
    made = judged(one("level", 50, 50, "above", role="aim"), ("x", 2021, 50.0), as_of=2021)
    assert (made.status.item(), made.branch.item()) == ("behind", "no_way")


def test_a_year_beyond_a_range_that_breaks_is_lost_before_it_is_over():
    rows = [
        target("x", 40, "at_least", beyond="broken"),
        target("x", 60, "at_most", beyond="broken"),
    ]
    plan = plan_of(indicators=[indicator("x", "annual")], targets=rows)
    made = judged(plan, ("x", 2020, 50.0), ("x", "2021-06", 70.0), as_of="2021-06")
    assert (made.status.item(), made.branch.item()) == ("missed", "limit_broken")


def test_a_promise_in_words_is_decided_by_no_bound():
    plan = plan_of(indicators=[indicator("x", "qualitative", unit=None)], targets=[])
    assert decision(case_of(plan.targets["x"]), "at_least", 5.0) is None


# ---- a year's own target ----


def test_a_split_of_nothing_has_no_share():
    split = pd.DataFrame({"indicator": ["x"], "year": [2021], "value": [0], "basis": ["year"]})
    made = judged(
        one("cumulative", 120, 0), ("x", 2020, 40), ("x", 2021, 40), as_of=2021,
        annual_targets=split,
    )  # fmt: skip
    assert made.completion_reason.item() == "not_applicable"
    assert made.year_target.item() == 0


def test_a_growth_whose_last_year_is_not_reported_is_not_judged_by_the_others():
    made = growth((2020, 8.0), (2021, 9.0), as_of=2022)
    assert (made.status.item(), made.reason.item()) == ("not_assessable", "not_reported")


def test_a_reported_average_by_the_cumulative_method_says_no_level():
    plan = one("growth", 7, None, about={"average_method": "累计法"})
    made = judged(plan, ("x", 2021, 8.0, "average_growth"), as_of=2021)
    usual = judged(one("growth", 7, None), ("x", 2021, 8.0, "average_growth"), as_of=2021)
    assert usual.actual.item() == made.actual.item() == 8.0
    assert usual.status.item() == made.status.item() == "ahead"
    # 1.07^3 / 1.08^2 = 1.0503 is left where 8 % is compounded
    assert usual.required_rate_remaining.item() == pytest.approx(1.07**3 / 1.08**2 - 1)
    assert made.required_rate_remaining_reason.item() == "not_reported"
