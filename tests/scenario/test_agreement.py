"""One plan, one set of figures, one answer: simulate as planned is what assess says."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.assessment.probabilities import union
from corridor_model.observations.histories import last_period
from corridor_model.observations.load import load_observations
from corridor_model.scenario.attainment import _by_distribution
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook_builder import Builder

PLAN = cm.load_plan()
EXAMPLE = cm.load_plan(example=True)
TAUGHT = cm.example_observations()
PERIODS = (2018, 2019, "2020-06", 2020, "2021Q1", "2021-05", "2021Q3", 2021, 2022, 2024)
EXCEPTIONS: dict[str, str] = {}
"""Indicators on which the two may differ, and why; there is none."""
# one part of a year of every kind that can have one
PARTS = [
    ("gdp", "2020", 520.0),
    ("gdp", "2020Q3", 370.0),
    ("gdp", "2021Q3", 402.0),
    ("rd_to_gdp", "2021-06", 2.9),
    ("labor_productivity", "2020", 15.0),
    ("labor_productivity", "2021-09", 16.0),
    ("hitech_zone_rank_percentile", "2021-09", 43.0),
    ("new_hightech_enterprises", "2020", 50.0),
    ("new_hightech_enterprises", "2021-09", 88.0),
    ("vc_investment_total", "2020", 3.5),
    ("vc_investment_total", "2021-09", 6.2),
    ("annual_projects_100m", "2020", 9.0),
    ("annual_projects_100m", "2021-06", 4.0),
    ("hdu_granted_patents", "2020-06", 6.0),
]


def figures(plan, *rows):
    frame = pd.DataFrame(rows, columns=["indicator", "period", "value"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_observations(frame, plan)


@pytest.fixture(scope="module")
def as_planned():
    """The example as planned, looked at from the last of its figures."""
    return cm.simulate(EXAMPLE, None, TAUGHT, draws=64)


def growths():
    rows = {"indicator": ["tech_contract_growth", "hightech_investment_growth"] * 2}
    rows |= {"period": ["2020", "2020", "2021Q3", "2021Q3"], "value": [11.0, 9.0, 14.0, 12.0]}
    return load_observations(pd.DataFrame(rows | {"measure": "growth"}), PLAN)


def assert_same(made, judged, plan):
    """Compare probability, basis and reason of every indicator, but for the rounding of 1 - p."""
    for name in plan.indicators:
        if name in EXCEPTIONS:
            continue
        mine, theirs = made.sel(indicator=name), judged.sel(indicator=name)
        for field in ("p_reach_reason", "p_basis"):
            assert mine[field].item() == theirs[field].item(), (name, field)
        p, said = float(mine["p_reach"]), float(theirs["p_reach"])
        assert p == pytest.approx(said, abs=1e-12, nan_ok=True), name


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("as_of", PERIODS)
@pytest.mark.parametrize("taught", [False, True])
def test_every_indicator_has_the_probability_of_the_assessment(as_of, taught):
    given = (EXAMPLE, TAUGHT) if taught else (PLAN, None)
    made = cm.simulate(given[0], None, given[1], draws=64, as_of=as_of).isel(scenario=0)
    assert_same(made, cm.assess(*given, as_of), given[0])


@pytest.mark.slow
@pytest.mark.parametrize("known_by", ["2020-12-31", "2021-11-01"])
def test_also_as_it_was_known_on_a_day(known_by):
    asked = {"as_of": 2021, "known_by": known_by}
    made = cm.simulate(EXAMPLE, None, TAUGHT, draws=64, **asked).isel(scenario=0)
    assert_same(made, cm.assess(EXAMPLE, TAUGHT, **asked), EXAMPLE)
    assert made.attrs["known_by"] == known_by


@pytest.mark.uncounted
@pytest.mark.parametrize("observed", [figures(PLAN, *PARTS), growths()], ids=["parts", "growths"])
@pytest.mark.parametrize("as_of", [2020, "2021-06", "2021Q3"])
def test_parts_of_a_year_are_read(observed, as_of):
    made = cm.simulate(PLAN, None, observed, draws=64, as_of=as_of).isel(scenario=0)
    assert_same(made, cm.assess(PLAN, observed, as_of), PLAN)


@pytest.mark.uncounted
def test_the_last_period_of_the_figures_is_the_one_looked_from():
    assert str(last_period(PLAN, None)) == "2021"
    assert str(last_period(PLAN, figures(PLAN, *PARTS))) == "2021"  # the rank of the year 2021
    late = figures(PLAN, ("gdp", "2022Q1", 130.0))
    assert str(last_period(PLAN, late)) == "2022Q1"
    made = cm.simulate(PLAN, None, late, draws=64)
    assert made.attrs["as_of"] == "2022Q1"
    assert_same(made.isel(scenario=0), cm.assess(PLAN, late, "2022Q1"), PLAN)


# ---- the distribution by year says the same as the answer ----


def builders():
    for as_of in (2019, 2020, "2021-05", "2021Q3", 2021, 2022):
        yield pytest.param(EXAMPLE, TAUGHT, as_of, id=f"example {as_of}")
    yield pytest.param(PLAN, figures(PLAN, *PARTS), "2021Q3", id="parts")
    yield pytest.param(PLAN, figures(PLAN, *PARTS), "2021-06", id="half a year")
    yield pytest.param(PLAN, growths(), "2021Q3", id="growths")


@pytest.mark.slow
@pytest.mark.parametrize(("plan", "observed", "as_of"), list(builders()))
def test_values_by_year_lead_to_the_same_probability(plan, observed, as_of):
    """What works move is the distribution by year: alone it must give the answer within error."""
    builder = Builder(plan, observed, 0, as_of=as_of)
    judged = cm.assess(plan, observed, as_of)
    checked = 0
    for name in plan.indicators:
        outlook = builder.outlook(name, ())
        if outlook.reason:
            continue
        marginal = Marginal(outlook)
        found = _by_distribution(marginal, outlook.goal, np.zeros((len(outlook.years), 1)))
        told = outlook.missed
        p = 1 - told.below - told.above
        drawn = p * (1 - p) / told.draws if told.draws else 0.0
        assert found.p == pytest.approx(p, abs=4.5 * np.hypot(found.error, drawn**0.5) + 1e-4), name
        if outlook.goal.score == "final" and outlook.indicator.kind != "growth":
            at = judged.sel(indicator=name)
            theirs = [float(at[part]) for part in ("lower", "projected", "upper")]
            mine = marginal.quantile(np.array([0.1, 0.5, 0.9]))[marginal.place(outlook.goal.year)]
            slack = 1.0 if outlook.indicator.kind == "cumulative" else 0.0  # a count has steps
            assert mine == pytest.approx(theirs, rel=0.03, abs=slack), name
        checked += 1
    assert checked >= 5


@pytest.mark.uncounted
def test_a_year_that_is_partly_known_is_narrower_and_never_below_what_is_counted():
    parts = [row for row in PARTS if row[0] == "gdp"]
    year = figures(PLAN, *(row for row in parts if row[1] == "2020"))
    made = [
        cm.simulate(PLAN, None, one, draws=64, quantiles=(0.001, 0.1, 0.5, 0.9), as_of="2021Q3")
        for one in (year, figures(PLAN, *parts))
    ]
    value = [one["value"].sel(indicator="gdp").isel(scenario=0) for one in made]
    width = [float(v.sel(year=2021, quantile=0.9) - v.sel(year=2021, quantile=0.1)) for v in value]
    assert width[1] < 0.8 * width[0]
    assert float(value[1].sel(year=2021, quantile=0.001)) >= 402.0
    assert (value[1].sel(year=2020) == 520.0).all()
    counts = cm.simulate(PLAN, None, figures(PLAN, *PARTS), draws=64, quantiles=(1e-9, 0.5))
    firms = counts["value"].sel(indicator="new_hightech_enterprises").isel(scenario=0)
    assert (firms.sel(year=2020) == 50).all()
    assert float(firms.sel(year=2021, quantile=1e-9)) >= 88
    assert (firms.sel(year=2022) >= firms.sel(year=2021)).all()


# ---- works, targets and starts that a scenario moves ----


@pytest.mark.slow
def test_a_target_that_is_set_is_the_target_revised():
    wanted = {"gdp": 540.0, "new_hightech_enterprises": 130.0, "vc_investment_total": 9.0}
    wanted |= {"hightech_investment_growth": 6.0, "annual_projects_100m": 7.0}
    set_ = cm.Scenario("set", *(cm.SetTarget(name, value) for name, value in wanted.items()))
    revised = [
        {"indicator": name, "valid_from": "2020-01-01", "value": value}
        for name, value in wanted.items()
    ]
    made = cm.simulate(EXAMPLE, set_, TAUGHT, draws=64, as_of="2021Q3").isel(scenario=0)
    judged = cm.assess(EXAMPLE, TAUGHT, "2021Q3", revisions=revised)
    for name in wanted:
        p, said = (float(x["p_reach"].sel(indicator=name)) for x in (made, judged))
        assert p == pytest.approx(said, abs=1e-12), name


@pytest.mark.slow
@pytest.mark.parametrize("name", ["new_hightech_enterprises", "vc_investment_total", "gdp"])
def test_what_works_add_is_a_target_that_much_lower(name, as_planned):
    gone = cm.Cancel(all=True)
    with_effect = cm.Scenario("with", gone, cm.SetEffect(all=True, indicator=name, per_unit=0.02))
    lower = cm.simulate(EXAMPLE, with_effect, TAUGHT, draws=64).isel(scenario=0)
    builder = Builder(EXAMPLE, TAUGHT, 0)
    plain = Marginal(builder.outlook(name, ())).outlook
    with_works = lower["value"].sel(indicator=name, year=2022, quantile=0.5)
    alone = as_planned.isel(scenario=0)
    added = float(with_works - alone["value"].sel(indicator=name, year=2022, quantile=0.5))
    assert added < -0.1
    moved = cm.Scenario("moved", cm.SetTarget(name, plain.goal.lower - added))
    asked = cm.simulate(EXAMPLE, moved, TAUGHT, draws=64).isel(scenario=0)
    p, said = (float(x["p_reach"].sel(indicator=name)) for x in (lower, asked))
    error = float(np.hypot(*(x["p_reach_error"].sel(indicator=name) for x in (lower, asked))))
    assert p == pytest.approx(said, abs=4 * error + 2e-3)
    assert p < float(alone["p_reach"].sel(indicator=name))


def test_what_is_settled_no_work_and_no_growth_can_move():
    missed = "annual_projects_1bn"
    tried = cm.Scenario(
        "tried",
        cm.SetGrowth(missed, 1.0),
        cm.SetEffect(all=True, indicator=missed, per_unit=1.0),
        cm.Accelerate(category="public_transport", months=6),
    )
    made = cm.simulate(EXAMPLE, tried, TAUGHT, draws=64).sel(indicator=missed, scenario="tried")
    assert float(made["p_reach"]) == 0.0
    assert float(made["p_reach_error"]) == 0.0


def test_a_paused_target_has_no_odds_until_growth_is_set(as_planned):
    name, stopped = "rd_to_gdp", figures(PLAN, ("rd_to_gdp", "2021", "项目暂缓"))
    grown = cm.Scenario("grown", cm.SetGrowth(name, 0.1))
    made = cm.simulate(PLAN, [cm.Scenario("as planned"), grown], stopped, draws=64)
    at = made.sel(indicator=name)
    assert at["p_reach_reason"].values.tolist() == ["paused", ""]
    assert at["p_basis"].values.tolist() == ["", "scenario"]
    assert "paused" in made.attrs["not_simulated"]
    withdrawn = as_planned.sel(indicator="new_gazelle_enterprises")
    assert set(withdrawn["p_reach_reason"].values) == {"target_revised"}


# ---- alternatives ----


def test_alternatives_show_the_union_and_what_each_does_alone():
    names = ["hdu_new_patent_applications", "hdu_granted_patents"]
    observed = figures(PLAN, ("hdu_granted_patents", "2020-06", 6.0))
    made = cm.simulate(PLAN, None, observed, draws=2**14, as_of="2020-06").sel(indicator=names)
    made = made.isel(scenario=0)
    assert made["p_reach_reason"].values.tolist() == ["", ""]
    assert made["p_reach_alone_reason"].values[1] == ""
    assert made["p_reach_alone_reason"].values[0] != ""
    alone = float(made["p_reach_alone"][1])
    assert made["p_reach"].values.tolist() == [alone, alone]  # of the other nothing is known
    both = figures(
        PLAN, ("hdu_granted_patents", "2020-06", 4.0), ("hdu_new_patent_applications", "2020-06", 9)
    )
    made = cm.simulate(PLAN, None, both, draws=2**15, as_of="2020-06", correlation=0.0)
    at = made.sel(indicator=names).isel(scenario=0)
    one, other = at["p_reach_alone"].values
    assert at["p_reach"].values == pytest.approx(1 - (1 - one) * (1 - other), abs=1e-12)
    sampled = at["p_reach_sampled"].values
    assert sampled == pytest.approx([one, other], abs=0.012)
    for name in ("p_reach", "p_reach_alone"):
        assert " / " in made[name].attrs["long_name"]


def test_a_union_is_settled_when_one_is_reached_or_all_are_known():
    half, sure, never = np.array([0.5]), np.array([1.0]), np.array([0.0])
    assert union([half, sure], [False, True])[1]
    assert not union([half, never], [False, True])[1]
    assert union([never, never], [True, True])[1]
    moved = union([np.array([0.2, 0.4]), half], [False, False])[0]
    assert moved == pytest.approx([0.6, 0.7])


# ---- run again ----


@pytest.mark.slow
def test_period_day_and_remarks_travel_with_a_result(tmp_path, as_planned):
    made = cm.simulate(EXAMPLE, None, TAUGHT, draws=64, as_of="2021Q3", known_by="2021-12-01")
    assert (made.attrs["as_of"], made.attrs["known_by"]) == ("2021Q3", "2021-12-01")
    again = cm.rerun(cm.save_result(made, tmp_path / "r.nc"))
    assert again.identical(made)
    assert len(TAUGHT.remarks) > 0
    assert "target_revised" in as_planned["p_reach_reason"].values
    assert cm.rerun(as_planned).identical(as_planned)
