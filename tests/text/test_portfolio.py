"""Choices in words: what is proven and what is not, on a plan of two works.

A road of 3.6 亿元 opens 4.2 km at the end of 2025; a river of 0.8 亿元 opens nothing.
"""

from __future__ import annotations

import pytest
from tests.helpers.paths import BASE_PLAN
from tests.helpers.portfolio_plans import made_up_plan

import corridor_model as cm
from corridor_model import portfolio


@pytest.fixture(scope="module")
def small():
    return cm.load_plan(BASE_PLAN)


@pytest.fixture(scope="module")
def short(small):
    """Of 3 亿元, which the road does not fit into."""
    return cm.choose_projects(small, 3.0, starts="printed", runners_up=0, frontier=())


def test_where_more_money_helps_it_says_how_many_kilometres(short):
    assert "1 亿元 more, where it helps most, adds 4.20 km." in cm.describe(short, "en")
    assert "4.20" in cm.describe(short, "zh")


def test_what_was_not_settled_in_time_is_not_said_to_be_nothing(short):
    nothing = short.assign(more_anywhere=0.0)
    settled = cm.describe(nothing.assign(more_proven=True), "en")
    assert "1 亿元 more adds nothing to the aim." in settled
    open_ = cm.describe(nothing.assign(more_proven=False), "en")
    assert "Whether 1 亿元 more adds anything was not settled in time." in open_
    assert "more adds nothing" not in open_


def test_a_next_step_that_was_not_found_is_claimed_only_where_proven(small):
    # both works are held back by a cap, whatever the money
    held = cm.choose_projects(
        small, 3.0, starts="printed", caps={"road": 1.0}, runners_up=0, frontier=()
    )
    assert "No more money in these years allows a better choice" in cm.describe(held, "en")
    unknown = cm.describe(held.assign(more_proven=False), "en")
    assert "No more money" not in unknown


def test_a_discount_is_named_with_its_rate(small):
    # 4.2 km at the end of 2025 are worth 4.2 / 1.04 at the end of 2024, the first year
    made = cm.choose_projects(
        small, 10.0, discount=0.04, starts="printed", runners_up=0, frontier=()
    )
    plain = made["objective"].item()
    assert plain < 4.2
    assert f"{plain:.2f} km open by the end of 2026 (discounted at 4.0 %)" in cm.describe(
        made, "en"
    )


def test_a_cut_says_what_is_left_and_what_changes(small):
    none = cm.budget_cut(small, 10.0, 0.5)
    assert "With 50 % less, 4.20 of 4.20 km are still open by the end of 2026." in (
        cm.describe(none, "en")
    )
    assert "No work changes." in cm.describe(none, "en")
    half = cm.describe(cm.budget_cut(small, share=0.5), "en")
    assert "With 50 % less, 0.00 of 4.20 km are still open by the end of 2026." in half
    assert "No work changes." not in half
    with pytest.warns(DeprecationWarning, match="describe"):
        assert none.text("en") == cm.describe(none, "en").split("\n")


def test_no_candidate_is_sure_enough():
    plan = made_up_plan([{"id": "a", "investment": 5.0}])
    dear = cm.Scenario("dear", cm.Overrun("a", factor=cm.Uniform(1.0, 1.2)))
    made = portfolio.robust_choice(
        plan, 5.6, scenario=dear, committed=["a"], starts="printed", frontier=(), draws=512
    )
    assert "no candidate does" in cm.describe(made, "en")
