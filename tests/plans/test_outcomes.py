"""What `assess` says at the end of real plans, against the outcomes that were printed.

The printed cells are compared with each other without the library; where `assess` says
something else, tests/data/plans/differences.csv has the reason: another price base, a revised
base, an outcome of another measure, a bound that does not decide.
"""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from scripts.plans_from_facts import facts
from scripts.wordings_page import final_verdicts

import corridor_model as cm

pytestmark = pytest.mark.uncounted  # other tests run these lines with fewer figures

PLANS = sorted({row["plan"] for row in facts("tables") if row["outcome_printed"]})
WHY = {(r["plan"], r["row"], r["promise"]): r for r in facts("differences")}


@pytest.fixture(scope="module")
def outcomes():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CorridorWarning)
        return [outcome for plan in PLANS for outcome in final_verdicts(plan)]


def test_verdicts_are_those_of_the_printed_outcomes(outcomes):
    differ = {
        (o.plan, o.row["row"], o.promise): o.verdict
        for o in outcomes
        if o.is_final and not o.agrees and o.verdict != "not_quantified"
    }
    assert differ == {key: row["verdict"] for key, row in WHY.items()}
    assert all(len(row["why"]) > 20 for row in WHY.values())
    counts = Counter(o.verdict for o in outcomes if o.is_final and o.agrees)
    assert counts == {"achieved": 126, "missed": 17}


def test_what_is_not_quantified_prints_no_bound(outcomes):
    for outcome in outcomes:
        if outcome.is_final and outcome.verdict == "not_quantified":
            kinds = {"approx", "qualitative", "relative", "two_tier", "average_growth"}
            loose = outcome.row["comparator"] == "approx" or "左右" in outcome.row["change_printed"]
            assert loose or outcome.row["target_kind"] in kinds
            assert outcome.printed == ""


def test_an_outcome_before_the_date_decides_no_miss(outcomes):
    """Of an earlier year's figure nothing is called missed, however far it is."""
    early = [o for o in outcomes if not o.is_final]
    assert len(early) == 32
    assert {o.verdict for o in early} <= {
        *("achieved", "ahead", "on_schedule", "behind"),
        *("no_baseline", "not_reported", "not_due_yet"),
    }


MISSED = {
    "CN-FYP12": {"r_d_spending_share_of_gdp"},
    "CN-FYP11": {
        "services_share_of_gdp",
        "services_share_of_employment",
        "r_d_spending_share_of_gdp",
        "energy_per_unit_of_gdp_reduction",
    },
    "WZ-FYP14": {"urban_disposable_income_per_head", "rural_disposable_income_per_head"},
}
"""What the next plan's own table, or the page itself, calls missed."""


@pytest.mark.parametrize("plan", MISSED)
def test_what_was_missed_as_published(verdicts, plan):
    end = {"CN-FYP12": 2015, "CN-FYP11": 2010, "WZ-FYP14": 2025}[plan]
    table = verdicts(plan, end)
    assert set(table.index[table["status"] == "missed"]) == MISSED[plan]
