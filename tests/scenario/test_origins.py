"""Where dates and yearly money of works under a scenario come from (S5, S9)."""

from __future__ import annotations

import pytest

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.scenario.changes import AsPlanned
from corridor_model.scenario.resolve import resolve
from corridor_model.tabular.table import from_rows

PLAN = cm.load_plan()
ROAD = "binhai_avenue"  # both dates are printed
TABLE = cm.SetProfile(ROAD, profile=cm.ShareTable((1, 2, 1)))


def uncertain(field, distribution, origin):
    return {"target": ROAD, "field": field, "distribution": distribution, "origin": origin}


def opening(*changes, plan=PLAN, **settings):
    return cm.openings(plan, cm.Scenario("x", *changes, **settings), draws=64)["origin"]


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ((), "document"),
        ((cm.SetDates(ROAD, start="2021", end="2024"),), "user"),
        ((cm.Delay(ROAD, 6),), "user"),
        ((cm.Delay(ROAD, cm.PERT(0, 6, 24), "stretch"),), "user"),
        ((cm.Accelerate(ROAD, 3),), "user"),
        ((cm.Cancel(ROAD),), "user"),
        ((cm.Delay(ROAD, 0),), "document"),
        ((cm.Delay(ROAD, 6), AsPlanned(ROAD, what="schedule")), "document"),
        ((cm.Overrun(ROAD, 1.2), TABLE), "document"),
    ],
)
def test_a_date_that_a_scenario_moves_is_not_the_documents(changes, origin):
    found = opening(*changes)
    assert found[ROAD] == origin
    assert set(found.drop(ROAD)) == {"document"}


def test_a_delay_of_what_was_finished_moves_no_date():
    """The printed end of 2020 stands, whoever speaks of a delay afterwards."""
    found = opening(cm.Delay(all=True, months=6), since="2021-07")
    assert found["yandang_middle_road"] == "document"
    assert found[ROAD] == "user"


def test_a_date_that_a_rule_gives_or_an_uncertainty_moves_has_the_origin_of_that():
    rows = [uncertain("delay", "pert(0, 6, 24)", "literature")]
    plan = Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", rows)})
    assert opening(plan=plan)[ROAD] == "literature"
    assert opening(cm.Delay(ROAD, 6), plan=plan)[ROAD] == "user"
    works = {work.id: work for work in resolve(PLAN).works}
    assert works["wenzhou_avenue_east"].rule == "start"
    assert works["wenzhou_avenue_east"].end_origin == "document"
    assert works["huanshan_east_road"].end_origin == "assumed"
    assert cm.spending(PLAN)["end_origin"].sel(project="huanshan_east_road") == "assumed"


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ((), "assumed"),
        ((cm.SetProfile(ROAD, profile=cm.SCurve()),), "assumed"),
        ((TABLE,), "user"),
        ((TABLE, AsPlanned(ROAD, what="profile")), "assumed"),
        ((TABLE, cm.Delay(ROAD, 6), cm.Overrun(ROAD, 1.2)), "user"),
    ],
)
def test_a_table_of_shares_is_the_users_and_a_curve_is_assumed(changes, origin):
    made = cm.spending(PLAN, cm.Scenario("x", *changes))["origin"]
    assert made.sel(project=ROAD).item() == origin
    assert set(made.drop_sel(project=ROAD).values) == {"assumed"}


def test_an_overrun_that_is_assumed_outweighs_a_table():
    rows = [uncertain("overrun", "pert(1, 1.1, 2)", "assumed")]
    plan = Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", rows)})
    made = cm.spending(plan, cm.Scenario("x", TABLE), draws=64)["origin"]
    assert made.sel(project=ROAD).item() == "assumed"
    own = cm.spending(plan, cm.Scenario("x", TABLE, cm.Overrun(ROAD, 1.2)), draws=64)["origin"]
    assert own.sel(project=ROAD).item() == "user"
