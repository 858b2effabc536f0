"""What each measure reads off its history: starts, figures, splits, holes, worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from tests.helpers.assess_plans import (
    figures,
    five_years,
    indicator,
    one,
    plan_of,
    remark,
    target,
)

from corridor_model.assessment.case import case_of, when_of
from corridor_model.assessment.engine import evaluate
from corridor_model.assessment.measurement import fill
from corridor_model.observations.model import History, Point
from corridor_model.periods import month_end, year_end


def five(of="level", value=100.0, base=None, sense="at_least", about=None, **more):
    """Return a plan of 2021-2025 with the indicator ``x``, its start in 2020."""
    return five_years(of, base, about, [{"value": value, "sense": sense, **more}])


def case(plan, *rows, at, split=None, basis=None, seen=None):
    """Return what is known of the promise ``x`` at a period; a split is of that year."""
    annual = None
    if split is not None:
        year = int(str(at)[:4])
        annual = pd.DataFrame(
            {"indicator": ["x"], "year": [year], "value": [float(split)], "basis": [basis]}
        )
    known = figures(plan, *rows) if seen is None else seen + figures(plan, *rows)
    return evaluate(plan, known, at, annual_targets=annual).cases[0]


def completion(made):
    """Return how much of the year's own target is done, of how much by now, and how that counts."""
    if made.annual_completion is None:
        return made.annual_reason
    assert made.annual_reason == ""
    return (
        pytest.approx(made.annual_completion),
        pytest.approx(made.annual_elapsed),
        made.annual_method,
    )


FLOW = {"nature": "flow", "unit": "亿元"}


# ------------------------------------------------------------------ levels


def test_a_figure_from_before_the_start_is_no_figure():
    plan = one(base=50)
    early = case(plan, ("x", 2018, 45), at=2020)
    assert (early.value, early.base, early.start) == (None, 50, year_end(2019))
    same = case(plan, ("x", 2018, 45), ("x", 2019, 51), at=2019)
    assert (same.value, same.at) == (51, year_end(2019)), "that of the start itself is one"
    unknown = case(one(base=None), ("x", 2020, 45), at=2020)
    assert (unknown.value, unknown.base) == (45, None)


def test_a_whole_year_of_a_flow_is_what_was_reported():
    whole = case(five(about=FLOW), ("x", 2021, 60), at=2021)
    assert (whole.value, whole.method, whole.now) == (60, "reported", year_end(2021))
    part = case(five(about=FLOW), ("x", "2022-06", 20), at="2022-06")
    assert (part.reported, part.value, part.method) == (20, 40, "elapsed_time")
    assert (part.at, part.now) == (month_end(2022, 6), year_end(2022))
    rows = [("x", "2021-06", 15), ("x", 2021, 60), ("x", "2022-06", 20)]
    own = case(five(about=FLOW), *rows, at="2022-06")
    assert (own.value, own.method) == (80, "seasonal_share")
    stock = case(five(), ("x", "2022-06", 20), at="2022-06")
    assert (stock.value, stock.now, stock.method) == (20, month_end(2022, 6), "reported")


def test_a_flow_due_in_september_points_to_its_own_nine_months():
    plan = five(base=100, about=FLOW, month=9)
    made = case(plan, ("x", 2024, 110), ("x", "2025-06", 30), at="2025-06")
    assert (made.base, made.start, made.base_origin) == (0.0, year_end(2024), "definition")
    assert (made.value, made.now) == (pytest.approx(45), month_end(2025, 9))
    assert (made.reported, made.at, made.base_series) == (30, month_end(2025, 6), None)
    assert made.state == ""
    season = [("x", "2024-06", 30), ("x", "2024-09", 60), ("x", 2024, 120)]
    own = case(plan, *season, ("x", "2025-06", 25), at="2025-06")
    assert own.value == pytest.approx(50)
    assert [(p.year, p.months) for p in own.points] == [(2025, 6)]
    early = case(plan, ("x", 2024, 110), at=2024)
    assert (early.state, early.value) == ("not_due_yet", None)
    due = case(plan, ("x", "2025-03", 10), ("x", "2025-09", 90), at="2025-09")
    assert (due.value, due.state, due.at, due.method) == (90, "", month_end(2025, 9), "reported")
    whole = five(base=100, about=FLOW)
    assert case(whole, ("x", "2025-06", 30), at="2025-06").base == 100


# ------------------------------------------------------------------ changes

RELATIVE = {"kind": "relative_change"}


def test_a_change_stands_as_a_level_of_the_series():
    plan = five(base=200, value=20, **RELATIVE)
    made = case(plan, ("x", 2022, 230), at=2022)
    assert (made.zero, made.scale, made.lower) == (200, 0.5, 240)
    assert (made.value, made.printed(made.value)) == (230, 15)
    points = five(base=2.4, value=0.5, about={"unit": "%"}, kind="change")
    made = case(points, ("x", 2022, 2.5), at=2022)
    assert (made.zero, made.scale, made.lower) == (2.4, 1.0, pytest.approx(2.9))
    falls = five(base=200, value=-10, sense="at_most", **RELATIVE)
    assert case(falls, ("x", 2022, 190), at=2022).upper == 180


def test_levels_after_the_start_come_before_growths_and_growths_before_none():
    plan = five(base=100, value=20, about=FLOW, **RELATIVE)
    both = case(plan, ("x", 2021, 110), ("x", 2021, 5, "growth"), at=2021)
    assert both.printed(both.value) == pytest.approx(10)
    growths = case(plan, ("x", 2021, 5, "growth"), ("x", 2022, 5, "growth"), at=2022)
    assert (growths.base, growths.printed(growths.value)) == (100.0, pytest.approx(10.25))
    assert (growths.base_origin, growths.method) == ("definition", "reported")
    older = case(plan, ("x", 2019, 90), ("x", 2021, 5, "growth"), at=2021)
    assert older.printed(older.value) == pytest.approx(5), "a level before the start is none"
    later = case(plan, ("x", 2019, 90), ("x", 2021, 110), ("x", 2021, 5, "growth"), at=2021)
    assert later.printed(later.value) == pytest.approx(10), "one level after it is enough"
    neither = case(plan, at=2021)
    assert (neither.value, neither.base_origin) == (None, "user")


def test_nothing_is_a_percentage_of_nothing():
    zero = five(base=0, value=20, **RELATIVE)
    made = case(zero, ("x", 2021, 5), at=2021)
    assert (made.value, made.zero, made.scale, made.state) == (None, 0.0, 1.0, "no_scale")
    steps = case(five(base=0, value=20, kind="change"), ("x", 2021, 5), at=2021)
    assert (steps.value, steps.printed(steps.value)) == (5, 5)
    below = case(five(base=-4, value=20, kind="change"), ("x", 2021, 5), at=2021)
    assert below.printed(below.value) == 9


def test_a_reported_change_counts_after_the_start_where_no_level_stands():
    plan = five(base=200, value=20, **RELATIVE)
    rows = [("x", 2020, 3, "change", None, None, "%"), ("x", 2022, 10, "change", None, None, "%")]
    made = case(plan, *rows, ("x", 2021, 204), at=2022)
    assert [(p.year, p.value) for p in made.points] == [(2021, 204), (2022, 220)]
    levels = case(plan, rows[1], ("x", 2022, 214), at=2022)
    assert [(p.year, p.value) for p in levels.points] == [(2022, 214)]
    steps = five(base=2.5, value=0.5, about={"unit": "人"}, kind="change")
    made = case(steps, ("x", 2022, 0.25, "change", None, None, "人"), at=2022)
    assert made.value == 2.75


def test_growths_are_chained_until_one_is_missing():
    plan = five(value=30, about=FLOW, **RELATIVE)

    def chained(*rows, at):
        made = case(plan, *((*row, "growth") for row in rows), at=at)
        return made.state or round(made.printed(made.value), 9)

    assert chained(("x", 2021, 10), ("x", 2022, 10), at=2022) == 21
    assert chained(("x", 2020, 50), ("x", 2021, 10), at=2021) == 10, "2020 is before the start"
    assert chained(("x", 2021, 10), ("x", 2023, 10), at=2023) == "not_reported"
    assert chained(("x", 2022, 10), at=2022) == "not_reported"
    assert chained(("x", 2021, 10), ("x", "2022-06", 20), at="2022-06") == 32
    # half a year's growth is not that of the year: the chain ends there
    assert chained(("x", 2021, 10), ("x", "2022-06", 20), ("x", 2023, 10), at=2023) == (
        "not_reported"
    )
    since = five(value=30, about=FLOW, base_year=2022, **RELATIVE)
    rows = [("x", 2022, 50, "growth"), ("x", 2023, 10, "growth")]
    made = case(since, *rows, at=2023)
    assert (made.start, made.printed(made.value)) == (year_end(2022), pytest.approx(10))


def test_a_reported_change_stands_in_the_chain():
    plan = five(value=30, about=FLOW, **RELATIVE)
    total = ("x", 2022, 20, "change", None, None, "%")
    rows = [("x", 2021, 10, "growth"), total, ("x", 2023, 10, "growth")]
    made = case(plan, *rows, at=2023)
    assert [(p.year, round(p.value, 9)) for p in made.points] == [
        (2021, 110), (2022, 120), (2023, 132)
    ]  # fmt: skip
    both = case(plan, total, ("x", 2022, 10, "growth"), at=2022)
    assert both.value == 120, "and no growth beside it"
    early = case(plan, ("x", 2020, 20, "change", None, None, "%"), at=2021)
    assert (early.value, early.base) == (None, 100.0)


def test_a_change_in_a_unit_without_a_start_needs_reports_of_itself():
    plan = five(value=6, about={"unit": "人"}, kind="change")
    none = case(plan, at=2021)
    assert (none.base, none.start, none.base_origin, none.state) == (None, None, "", "not_reported")
    levels = case(plan, ("x", 2021, 50), at=2021)
    assert levels.state == "no_baseline"
    stated = case(plan, ("x", 2021, 3, "change", None, None, "人"), at=2021)
    assert (stated.base, stated.start, stated.value) == (0.0, year_end(2020), 3)
    assert (stated.base_origin, stated.state, stated.lower) == ("definition", "", 6)


# ------------------------------------------------------------------ this year's own target


def test_the_year_of_a_stock_is_its_change_over_the_planned_one():
    plan = one(base=50, value=80)
    rows = [("x", 2020, 54), ("x", "2021-06", 57)]
    to_date = case(plan, *rows, at="2021-06", split=60, basis="to_date")
    assert completion(to_date) == (0.7, 18 / 24, "elapsed_time")
    year = case(plan, *rows, at="2021-06", split=5, basis="year")
    assert completion(year) == (0.6, 0.5, "elapsed_time")
    hole = case(plan, rows[1], at="2021-06", split=5, basis="year")
    assert completion(hole) == "no_baseline"
    part = case(plan, ("x", "2020-06", 54), rows[1], at="2021-06", split=5, basis="year")
    assert completion(part) == "no_baseline", "half a year before is not the year before"
    first = case(plan, ("x", "2020-03", 51), at="2020-03", split=4, basis="year")
    assert completion(first) == (0.25, 0.25, "elapsed_time")
    none = case(one(base=None), ("x", 2021, 57), at=2021, split=60, basis="to_date")
    assert completion(none) == "no_baseline"
    falls = case(one(base=50, value=30, sense="at_most"), ("x", 2021, 45), at=2021, split=40,
                 basis="to_date")  # fmt: skip
    assert completion(falls) == (0.5, 1.0, "elapsed_time")
    older = case(plan, ("x", 2018, 40), *rows, at="2021-06", split=5, basis="year")
    assert completion(older) == (0.6, 0.5, "elapsed_time"), "of the year before and of no other"
    gone = case(one(base=50, value=0, sense="at_most"), ("x", 2021, 0), at=2021, split=10,
                basis="to_date")  # fmt: skip
    assert completion(gone) == (1.25, 1.0, "elapsed_time")
    small = case(plan, ("x", 2021, 50.5), at=2021, split=51, basis="to_date")
    assert completion(small) == (0.5, 1.0, "elapsed_time")
    at_start = case(plan, ("x", 2019, 52), at=2019, split=60, basis="to_date")
    assert completion(at_start) == (0.2, 1.0, "elapsed_time")
    nothing = case(plan, ("x", 2021, 57), at=2021, split=50, basis="to_date")
    assert completion(nothing) == "not_applicable"
    back = case(plan, ("x", 2021, 47), at=2021, split=60, basis="to_date")
    assert completion(back) == (-0.3, 1.0, "elapsed_time")


def test_the_year_of_a_change_is_counted_in_its_own_terms():
    plan = five(base=200, value=20, **RELATIVE)
    rows = [("x", 2021, 204), ("x", "2022-06", 209)]
    to_date = case(plan, *rows, at="2022-06", split=6, basis="to_date")
    assert completion(to_date) == (0.75, 18 / 24, "elapsed_time")
    year = case(plan, *rows, at="2022-06", split=5, basis="year")
    assert completion(year) == (0.5, 0.5, "elapsed_time")
    # half of a flow points to the whole year, which is then over
    flow = five(base=200, value=20, about=FLOW, **RELATIVE)
    rows = [("x", 2021, 204), ("x", "2022-06", 104.5)]
    year = case(flow, *rows, at="2022-06", split=5, basis="year")
    assert completion(year) == (0.5, 1.0, "elapsed_time")
    to_date = case(flow, *rows, at="2022-06", split=6, basis="to_date")
    assert completion(to_date) == (0.75, 1.0, "elapsed_time")


def test_the_year_of_additions_is_what_came_since_it_began():
    plan = one("cumulative", value=120, base=0)
    rows = [("x", 2020, 40), ("x", "2021-09", 64)]
    assert completion(case(plan, *rows, at="2021-09", split=60, basis="year")) == (
        0.4, 0.75, "elapsed_time"
    )  # fmt: skip
    assert completion(case(plan, *rows, at="2021-09", split=100, basis="to_date")) == (
        0.4, 0.75, "elapsed_time"
    )  # fmt: skip
    # of fewer than there are already no part is left to plan
    assert completion(case(plan, *rows, at="2021-09", split=40, basis="to_date")) == (
        "not_applicable"
    )
    assert completion(case(plan, *rows, at="2021-09", split=30, basis="to_date")) == (
        "not_applicable"
    )
    little = case(plan, rows[0], ("x", "2021-09", 40.25), at="2021-09", split=0.5, basis="year")
    assert completion(little) == (0.5, 0.75, "elapsed_time")
    assert completion(case(plan, rows[1], at="2021-09", split=60, basis="year")) == "no_record"
    part = case(plan, ("x", "2020-06", 40), rows[1], at="2021-09", split=60, basis="year")
    assert completion(part) == "no_record"
    first = case(plan, ("x", "2020-03", 10), at="2020-03", split=40, basis="year")
    assert completion(first) == (0.25, 0.25, "elapsed_time")


def test_the_year_of_a_flow_is_its_part_of_the_year():
    plan = five(base=100, about=FLOW)
    made = case(plan, ("x", "2022-06", 30), at="2022-06", split=80, basis="year")
    assert completion(made) == (0.375, 0.5, "elapsed_time")
    rows = [("x", "2021-06", 15), ("x", 2021, 60), ("x", "2022-06", 20)]
    made = case(plan, *rows, at="2022-06", split=80, basis="year")
    assert completion(made) == (0.25, 0.25, "seasonal_share")


def test_a_figure_of_another_year_says_nothing_of_this_one():
    plan = one(base=50, value=80)
    last = case(plan, ("x", 2020, 57), at="2021-01", split=60, basis="to_date")
    assert (last.state, completion(last)) == ("", "not_reported")
    old = case(plan, ("x", 2020, 57), at="2021-06", split=60, basis="to_date")
    assert completion(old) == old.state == "not_due_yet"
    none = case(plan, at=2021, split=60, basis="to_date")
    assert completion(none) == "not_reported"
    assert case(plan, ("x", 2021, 57), at=2021).annual_reason == "no_annual_target"


# ------------------------------------------------------------------ a bound in each year


def yearly(value=10.0, sense="at_least", **more):
    return five("annual", value, sense=sense, **more)


def test_years_that_are_known_missed_and_unknown():
    plan = yearly()
    rows = [("x", 2021, 10), ("x", 2022, 9), ("x", "2023-06", 12), ("x", 2024, 11)]
    made = case(plan, *rows, at=2024)
    assert (made.year, made.missed, made.unknown, made.kept) == (2024, (2022,), (2023,), ())
    assert made.value == 11
    this = case(plan, rows[0], ("x", 2022, 9), at=2022)
    assert (this.missed, this.unknown) == ((), ()), "the year in question is none of the earlier"
    late = case(plan, *rows, at=2027)
    assert (late.year, late.due, late.unknown) == (2025, year_end(2025), (2023,))
    first = case(plan, ("x", 2020, 5), ("x", 2021, 10), at=2021)
    assert (first.missed, first.unknown) == ((), ())


def test_a_missed_year_says_whose_figure_it_was():
    points = [Point(2021, 12, 9.0, "家", "level", "year", origin="published"),
              Point(2022, 12, 12.0, "家", "level", "year", origin="assumed")]  # fmt: skip
    made = case_of(yearly().targets["x"])
    fill(made, History("x", tuple(points)), when_of(2023, 2021, 2025))
    assert (made.missed, made.origin, made.state) == ((2021,), "published", "not_reported")


def test_a_flow_may_be_reported_within_its_year_and_a_ratio_once_it_is_over():
    assert case(yearly(), at="2021-06").state == "not_reported"
    ratio = yearly(about={"nature": "ratio", "unit": "%"})
    assert case(ratio, at="2021-06").state == "not_due_yet"
    assert case(ratio, at=2021).state == "not_reported"
    for rows, at, state in (
        ([("x", 2021, 12)], "2022-06", "not_due_yet"),  # 2021 is known, 2022 is not over
        ([("x", 2021, 12)], 2022, "not_reported"),
        ([("x", 2021, 12)], "2023-06", "not_reported"),  # 2022 is owed
        ([("x", "2021-06", 11), ("x", 2021, 12)], "2022-06", "not_reported"),  # twice a year
        ([("x", 2024, 12)], "2026-06", "not_reported"),  # of its last year nothing is known
    ):
        assert case(ratio, *rows, at=at).state == state, (rows, at)
    assert case(yearly(), ("x", 2021, 12), at="2022-06").state == "not_reported"
    resting = remark("x", "2022-06", "not_reported", "待报")
    assert case(ratio, ("x", 2021, 12), at="2022-06", seen=resting).state == "not_reported"


def test_a_promise_of_later_years_asks_for_no_earlier_one():
    plan = yearly(from_year=2023)
    early = case(plan, ("x", 2021, 1), ("x", 2022, 1), at=2022)
    assert (early.state, early.due, early.missed) == ("not_due_yet", year_end(2025), ())
    begun = case(plan, ("x", 2022, 1), ("x", 2023, 12), at=2023)
    assert (begun.state, begun.missed, begun.unknown, begun.value) == ("", (), (), 12)
    later = case(plan, ("x", 2022, 1), ("x", 2024, 12), at=2024)
    assert (later.missed, later.unknown) == ((), (2023,))


def test_bounds_that_were_published_of_a_year_decide_it():
    plan = yearly()
    rows = [("x", 2020, "≥10"), ("x", 2021, "≥10"), ("x", 2022, "<10"), ("x", 2023, "≥9")]
    made = case(plan, *rows, ("x", 2024, 12), at=2024)
    assert (made.missed, made.kept, made.unknown) == ((2022,), (2021,), (2023,))
    stages = [("x", 2021, "≥10", None, None, "2022-01"), ("x", 2021, 9, None, None, "2022-03")]
    both = case(plan, *stages, ("x", 2022, 12, None, None, "2023-01"), at=2022)
    assert (both.missed, both.kept, both.unknown) == ((2021,), (), ()), "a figure says more"
    part = case(plan, ("x", "2021-06", "≥10"), ("x", 2022, 12), at=2022)
    assert (part.kept, part.unknown) == ((), (2021,))
    now = case(plan, ("x", 2021, 12), ("x", 2022, "≥10"), at=2022)
    assert (now.kept, now.decided, now.value) == ((2022,), True, None)


def test_this_year_is_its_share_of_the_bound_by_the_month_or_the_season():
    made = case(yearly(), ("x", 2021, 10), ("x", "2022-09", 6), at="2022-09")
    assert (made.share, made.elapsed, made.annual_method) == (0.6, 0.75, "elapsed_time")
    assert (made.annual_completion, made.annual_elapsed, made.annual_reason) == (0.6, 0.75, "")
    own = [("x", "2021-09", 6), ("x", 2021, 12), ("x", "2022-09", 6)]
    made = case(yearly(), *own, at="2022-09")
    assert (made.elapsed, made.annual_method) == (0.5, "seasonal_share")
    ratio = yearly(about={"nature": "ratio", "unit": "%"})
    made = case(ratio, *own, at="2022-09")
    assert (made.share, made.elapsed, made.annual_method) == (0.6, 0.75, "elapsed_time")
    nothing = case(yearly(0.0), ("x", 2021, 5), at=2021)
    assert (nothing.share, nothing.elapsed) == (None, 1.0)
    ceiling = case(yearly(10, "at_most"), ("x", "2021-06", 4), at="2021-06")
    assert (ceiling.share, ceiling.elapsed) == (0.4, 0.5)


def test_a_year_beyond_its_range_is_done_and_not_more():
    plan = plan_of(
        indicators=[indicator("x", "annual")],
        targets=[target("x", 10), target("x", 20, "at_most", beyond="met")],
    )
    assert case(plan, ("x", 2020, 25), at=2020).share == 1.0
    assert case(plan, ("x", 2020, 5), at=2020).share == 0.5
    assert case(one("annual", 10, None), ("x", 2020, 25), at=2020).share == 2.5


def test_the_split_is_of_this_year_alone():
    rows = [("x", 2021, 11), ("x", 2022, 11)]
    made = case(yearly(), *rows, at=2022, split=12, basis="year")
    assert (made.lower, made.missed, made.share) == (12, (), pytest.approx(11 / 12))
    most = case(yearly(20, "at_most"), *rows, at=2022, split=10, basis="year")
    assert (most.upper, most.lower, most.missed) == (10, None, ())
    assert case(yearly(20, "at_most"), *rows, at=2022).upper == 20


def test_the_last_year_is_over_with_a_whole_figure_alone():
    years = [("x", year, 12) for year in (2021, 2022, 2023, 2024)]
    plan = yearly()
    part = case(plan, *years, ("x", "2025-11", 11), at=2025)
    assert part.state == "not_reported", "what was there in November may not be all"
    whole = case(plan, *years, ("x", 2025, 11), at=2025)
    assert (whole.state, whole.value) == ("", 11)
    later = case(plan, *years, ("x", 2025, 11), at=2027)
    assert (later.state, later.value) == ("", 11)
    assert case(plan, *years, at=2025).state == "not_reported"
    hole = case(plan, *years[1:], ("x", 2025, 11), at=2025)
    assert (hole.state, hole.unknown) == ("not_reported", (2021,)), "no promise of every year"
    lost = case(plan, *years[1:], ("x", 2025, 9), at=2025)
    assert (lost.state, lost.unknown) == ("", (2021,)), "one that was missed decides alone"
    missed = case(plan, ("x", 2022, 9), *years[2:], ("x", 2025, 12), at=2025)
    assert (missed.state, missed.missed, missed.unknown) == ("", (2022,), (2021,))
    below = case(plan, *years[1:], ("x", 2025, "<10"), at=2025)
    assert (below.state, below.decided, below.unknown) == ("", False, (2021,))
    above = case(plan, *years[1:], ("x", 2025, "≥10"), at=2025)
    assert (above.state, above.decided, above.unknown) == ("not_reported", None, (2021,))
    known = case(plan, *years, ("x", 2025, "≥10"), at=2025)
    assert (known.state, known.decided) == ("", True)
    open_ = case(plan, *years[1:], at=2024)
    assert (open_.state, open_.unknown) == ("", (2021,))


# ------------------------------------------------------------------ averages


def growth(value=8.0, **more):
    return five("growth", value, **more)


def rates(*pairs):
    return [("x", period, rate, "growth") for period, rate in pairs]


def test_an_average_that_was_reported_counts_unless_the_years_say_more():
    known = rates((2021, 5), (2022, 5))
    same = case(growth(), *known, ("x", 2022, 6, "average_growth"), at=2022)
    assert (same.rate, same.value, same.now) == (pytest.approx(0.06), 6, year_end(2022))
    older = case(growth(), *known, ("x", 2021, 9, "average_growth"), at=2022)
    assert (older.rate, older.value) == (pytest.approx(0.05), pytest.approx(5))
    assert (older.method, older.reported) == ("chained_growth", pytest.approx(5))
    alone = case(growth(), ("x", 2022, 6, "average_growth"), at=2022)
    assert (alone.value, alone.state) == (6, "")


def test_what_lies_outside_the_years_of_a_promise_does_not_count():
    plan = growth(year=2022)
    made = case(plan, *rates((2020, 50), (2021, 5), (2022, 5), (2023, 50)), at=2023)
    assert made.value == pytest.approx(5)
    assert [p.year for p in made.points] == [2020, 2021, 2022]
    late = case(plan, *rates((2021, 5), (2022, 5)), ("x", 2023, 9, "average_growth"), at=2023)
    assert late.value == pytest.approx(5)
    last = case(plan, ("x", 2022, 9, "average_growth"), at=2023)
    assert (last.value, last.state) == (9, "")
    before = case(growth(), ("x", 2020, 9, "average_growth"), at=2021)
    assert before.value is None
    levels = five("level", 8, base=100, kind="growth", year=2022, about=FLOW)
    made = case(levels, ("x", 2022, 121), ("x", 2023, 500), at=2023)
    assert made.value == pytest.approx(10)


def test_what_the_years_left_must_grow():
    made = case(growth(), *rates((2021, 5), (2022, 5)), at=2022)
    assert made.needed == 0.08
    assert made.remaining == pytest.approx((1.08**5 / 1.05**2) ** (1 / 3) - 1)
    stated = case(growth(), ("x", 2022, 5, "average_growth"), at=2022)
    assert stated.remaining == pytest.approx(made.remaining)
    for lost in (-100.0, -150.0):
        average = Point(2022, 12, lost, "%", "average_growth", "year")
        made = case(growth(), at=2022)
        fill(made, History("x", averages=(average,)), when_of(2022, 2021, 2025))
        assert (made.value, made.remaining) == (lost, None)
    summed = growth(about={"average_method": "累计法"})
    assert case(summed, ("x", 2022, 5, "average_growth"), at=2022).remaining is None
    done = case(growth(), *rates(*((y, 5) for y in range(2021, 2026))), at=2025)
    assert done.remaining is None
    undated = case(growth(year=None), *rates((2021, 5), (2022, 5)), at=2022)
    assert (undated.remaining, undated.due, undated.needed) == (None, math.inf, 0.08)
    near = case(growth(), *rates(*((y, 8) for y in range(2021, 2025))), at=2024)
    assert near.remaining == pytest.approx(0.08)


def test_an_average_with_a_hole_names_it():
    made = case(growth(), *rates((2021, 5), (2024, 5)), at=2024)
    assert (made.state, made.holes) == ("not_reported", ("2022", "2023"))
    first = case(growth(), *rates((2022, 5)), at=2022)
    assert (first.state, first.holes) == ("not_reported", ("2021",))
    resting = remark("x", "2023", "paused", "停")
    worded = case(growth(), *rates((2022, 5)), at=2023, seen=resting)
    assert (worded.state, worded.holes) == ("paused", ())


def test_an_average_before_its_start_and_at_its_date():
    assert case(growth(), *rates((2020, 5)), at=2020).state == "not_due_yet"
    later = growth(from_year=2023)
    assert case(later, *rates((2021, 5), (2022, 5)), at=2022).state == "not_due_yet"
    assert case(later, *rates((2022, 5), (2023, 6)), at=2023).value == pytest.approx(6)
    # once a year it is not due within one; once it has come in March it is
    assert case(growth(), *rates((2021, 5)), at="2022-06").state == "not_due_yet"
    assert case(growth(), *rates((2021, 5), ("2022-03", 5)), at="2022-06").state == "not_reported"
    years = rates(*((y, 8) for y in range(2021, 2025)))
    november = case(growth(), *years, ("x", "2025-11", 8, "growth"), at=2025)
    assert november.state == "not_reported"
    assert case(growth(), *years, ("x", 2025, 8, "growth"), at=2025).state == ""


def test_this_years_growth_is_compared_with_its_split():
    known = rates((2021, 9), (2022, 11))
    year = case(growth(), *known, at=2022, split=10, basis="year")
    assert completion(year) == (1.1, 1.0, "compared")
    average = 100 * ((1.09 * 1.11) ** 0.5 - 1)
    to_date = case(growth(), *known, at=2022, split=10, basis="to_date")
    assert completion(to_date) == (average / 10, 1.0, "compared")
    assert completion(case(growth(), *known, at=2022, split=0, basis="year")) == "not_reported"
    half = case(growth(), *known, at=2022, split=0.5, basis="year")
    assert completion(half) == (22, 1.0, "compared")
    assert completion(case(growth(), *known, at=2022, split=-1, basis="year")) == "not_applicable"
    assert completion(case(growth(), known[0], at=2022, split=5, basis="year")) == "not_reported"
    hole = case(growth(), known[1], at=2022, split=10, basis="year")
    assert completion(hole) == (1.1, 1.0, "compared"), "the year itself is known"
    assert completion(case(growth(), known[1], at=2022, split=10, basis="to_date")) == (
        "not_reported"
    )


# ------------------------------------------------------------------ milestones


def milestone(**more):
    return one("milestone", 1, None, year=2021, month=6, **more)


def test_a_milestone_is_done_by_its_date_or_late():
    done = case(milestone(), ("x", "2021-06", 1), at=2021)
    assert (done.done, done.met_late, done.value) == (True, "", 1)
    late = case(milestone(), ("x", "2021-07", 1), at=2021)
    assert (late.met_late, late.value, late.at, late.period) == (
        "2021-07", 0.0, month_end(2021, 6), "2021-06"
    )  # fmt: skip
    assert (late.now, late.reported) == (month_end(2021, 6), 0.0)
    # a report of the whole year does not say that June was over
    whole = case(milestone(), ("x", 2021, 1), at=2021)
    assert (whole.done, whole.met_late, whole.value) == (True, "", 1)
    next_year = case(milestone(), ("x", 2022, 1), at=2022)
    assert next_year.met_late == "2022"
    undone = case(milestone(), ("x", "2021-03", 0), ("x", "2021-05", 0), at="2021-05")
    assert (undone.done, undone.value, undone.period) == (False, 0, "2021-05")
    at_date = case(milestone(), ("x", "2021-06", 0), at="2021-06")
    assert (at_date.done, at_date.state) == (False, "")
    assert case(milestone(), ("x", "2021-05", 0), at="2021-09").state == "not_reported"
    nothing = case(milestone(), at="2021-05")
    assert (nothing.done, nothing.state) == (None, "not_due_yet")
    assert case(milestone(), at="2021-06").state == "not_reported"
    first = case(milestone(), ("x", "2021-03", 1), ("x", "2021-05", 1), at=2021)
    assert first.period == "2021-03"


@pytest.mark.parametrize(
    ("period", "at", "done"),
    [("2021-05", 2021, None), ("2021-06", 2021, False), ("2021-09", 2021, False),
     ("2021-06", "2021-06", False), ("2021-09", "2021-08", None)],
)  # fmt: skip
def test_what_rested_at_its_date_was_not_done_by_then(period, at, done):
    made = case(milestone(), at=at, seen=remark("x", period, "paused", "停"))
    assert made.done is done
    if done is False:
        assert (made.state, made.period, made.remark) == ("", period, "停")
        assert made.at == month_end(*map(int, period.split("-")))


def test_what_was_not_yet_reported_at_its_date_may_still_have_been_done():
    made = case(milestone(), at=2021, seen=remark("x", "2021-06", "not_reported", "待报"))
    assert (made.done, made.state) == (None, "not_reported")
    assert math.isnan(made.at)


def test_the_part_of_a_year_knows_no_date_within_it():
    """A split is of the year's end: what came after March counts, which says nothing of March."""
    plan = five("cumulative", 5, 0, month=3)
    made = case(plan, ("x", 2024, 2), ("x", "2025-06", 6), at="2025-06", split=10, basis="to_date")
    assert (made.state, made.value) == ("not_reported", None)
    assert completion(made) == (0.5, 0.5, "elapsed_time")
    stock = five(base=40, value=60, month=3)
    rows = [("x", "2025-03", 50), ("x", "2025-06", 55)]
    made = case(stock, *rows, at="2025-06", split=70, basis="to_date")
    assert (made.value, made.state) == (50, "")
    assert completion(made) == (0.5, 0.9, "elapsed_time")
    # six months of an amount are no change of the year
    fall = five(base=100, value=-10, sense="at_most", about=FLOW, month=3, kind="relative_change")
    made = case(fall, ("x", "2025-06", 48), at="2025-06", split=-10, basis="to_date")
    assert (made.state, made.value, completion(made)) == ("not_reported", None, "not_reported")
