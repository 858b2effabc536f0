"""Forecasts that a person brings: samples, a Predictive, a function; everywhere of basis `user`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.test_panel import plan_of

import corridor_model as cm
from corridor_model.forecasting import ForecastError
from corridor_model.sensitivity import two_way

PLAN = cm.load_plan()
RNG = np.random.default_rng(7)
GDP = RNG.normal(570.0, 20.0, (4000, 1))


def of(result, name):
    return result.sel(indicator=name)


def several(target="gdp"):
    """A plan with four promises of one indicator, three of a count and one of each year."""
    level = {"indicator": "gdp", "kind": "level", "sense": "at_least", "nature": "flow"}
    targets = [
        {**level, "value": 150.0, "year": 2025},
        {**level, "value": 125.0, "year": 2023},
        {**level, "kind": "growth", "value": 7.0, "year": 2025},
        {**level, "kind": "relative_change", "value": 40.0, "year": 2025},
        {"indicator": "jobs", "kind": "cumulative", "value": 50.0, "sense": "at_least",
         "year": 2025},
        {"indicator": "fairs", "kind": "annual", "value": 4.0, "sense": "at_least", "year": 2025},
        {"indicator": "sum", "kind": "growth", "value": 6.0, "sense": "at_least", "year": 2025,
         "average_method": "累计法"},
    ]  # fmt: skip
    figures = {
        "gdp": {2018: 90.0, 2019: 95.0, 2020: 100.0, 2021: 108.0, 2022: 113.0},
        "jobs": {2021: 9.0, 2022: 17.0},
        "fairs": {2020: 4.0, 2021: 5.0, 2022: 4.0},
        "sum": {2020: 5.0, 2021: 8.0, 2022: 4.0},
    }
    values = [
        {"indicator": name, "year": year, "value": value}
        for name, known in figures.items()
        for year, value in known.items()
    ]
    return plan_of(targets, values)


# --- what samples say ----------------------------------------------------------------------------


def test_the_probability_is_the_share_of_the_draws():
    alone = of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": GDP}), "gdp")
    assert alone["p_reach"].item() == (GDP >= 580).mean()
    assert alone["p_basis"].item() == "user"
    assert alone["projected"].item() == pytest.approx(np.quantile(GDP, 0.5), rel=1e-12)
    assert alone["lower"].item() == pytest.approx(np.quantile(GDP, 0.1), rel=1e-12)
    # national targets say nothing of a forecast that is not the default's
    assert alone["p_record_reason"].item() == "not_applicable"
    others = cm.assess(PLAN, as_of=2021, forecasts={"gdp": GDP}).drop_sel(indicator="gdp")
    plain = cm.assess(PLAN, as_of=2021).drop_sel(indicator="gdp")
    xr.testing.assert_equal(others, plain)


def test_certain_draws_are_shown_as_of_an_open_year():
    low, high = np.full((10, 1), 100.0), np.full((10, 1), 900.0)
    assert of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": low}), "gdp")["p_reach"] == 0.001
    assert of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": high}), "gdp")["p_reach"] == 0.999


def test_every_promise_of_an_indicator_is_asked_of_the_same_draws():
    plan = several()
    paths = 113.0 * np.cumprod(1 + RNG.normal(0.08, 0.04, (3000, 3)), axis=1)
    told = cm.assess(plan, as_of=2022, forecasts={"gdp": paths})
    level, growth, rise = paths[:, 2], (paths[:, 2] / 100) ** (1 / 5) - 1, paths[:, 2] / 100 - 1
    assert of(told, "gdp")["p_reach"] == pytest.approx((level >= 150).mean())
    assert of(told, "gdp@2023")["p_reach"] == pytest.approx((paths[:, 0] >= 125).mean())
    assert of(told, "gdp@growth")["p_reach"] == pytest.approx((growth >= 0.07).mean())
    assert of(told, "gdp@relative_change")["p_reach"] == pytest.approx((rise >= 0.4).mean())
    assert of(told, "gdp@growth")["projected"] == pytest.approx(100 * np.median(growth))
    assert of(told, "gdp@relative_change")["projected"] == pytest.approx(100 * np.median(rise))
    for name in ("gdp", "gdp@2023", "gdp@growth", "gdp@relative_change"):
        assert of(told, name)["p_basis"].item() == "user"
    one = cm.assess(plan, as_of=2022, forecasts={"gdp@2023": np.full((5, 1), 130.0)})
    assert of(one, "gdp@2023")["p_basis"].item() == "user"
    assert of(one, "gdp")["p_basis"].item() != "user"
    both = {"gdp": paths, "gdp@2023": np.full((5, 1), 130.0)}
    assert of(cm.assess(plan, as_of=2022, forecasts=both), "gdp@2023")["p_reach"] == 0.999


def test_counts_and_years_and_sums_are_asked_of_the_draws():
    plan = several()
    jobs = 17 + np.cumsum(RNG.poisson(11, (2000, 3)), axis=1).astype(float)
    fairs = RNG.poisson(6, (2000, 3)).astype(float)
    index = 100 * 1.08 * 1.04 * np.cumprod(1 + RNG.normal(0.06, 0.03, (2000, 3)), axis=1)
    told = cm.assess(plan, as_of=2022, forecasts={"jobs": jobs, "fairs": fairs, "sum": index})
    assert of(told, "jobs")["p_reach"] == pytest.approx((jobs[:, 2] >= 50).mean())
    assert of(told, "fairs")["p_reach"] == pytest.approx((fairs >= 4).all(axis=1).mean())
    needed = sum(100 * 1.06**year for year in range(1, 6))
    total = 108.0 + 108.0 * 1.04 + index.sum(axis=1)
    assert of(told, "sum")["p_reach"] == pytest.approx((total >= needed).mean(), abs=1e-12)


def test_a_year_that_is_not_over_is_open():
    paths = np.full((4, 2), 600.0)
    assert of(cm.assess(PLAN, as_of="2021-09", forecasts={"gdp": paths}), "gdp")["p_reach"] == 0.999
    with pytest.raises(cm.CorridorError, match="2021.*2022"):
        cm.assess(PLAN, as_of="2021-09", forecasts={"gdp": GDP})


def test_what_a_figure_has_settled_stays():
    final = pd.DataFrame({"indicator": ["gdp"], "period": ["2022"], "value": [600.0]})
    with pytest.raises(cm.CorridorError, match="no open year"):
        cm.assess(PLAN, final, as_of=2022, forecasts={"gdp": GDP})
    plan = several()
    met = cm.assess(plan, as_of=2023, forecasts={"gdp": np.full((3, 2), 1.0)})
    assert of(met, "gdp@2023")["p_basis"].item() != "user"
    assert of(met, "gdp")["p_basis"].item() == "user"
    lost = {"indicator": "fairs", "period": "2022", "value": 1.0}
    broken = cm.assess(
        plan, pd.DataFrame([lost]), as_of=2022, forecasts={"fairs": np.full((3, 3), 9.0)}
    )
    assert of(broken, "fairs")["p_reach"] == 0.0


# --- a Predictive, a function --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gdp", "rd_to_gdp", "tech_contract_growth"])
def test_the_forecast_behind_an_answer_gives_it_back(name):
    plain = of(cm.assess(PLAN), name)
    brought = of(cm.assess(PLAN, forecasts={name: cm.predictive(PLAN, name)}), name)
    assert brought["p_reach"].item() == pytest.approx(plain["p_reach"].item(), abs=1e-12)
    assert brought["projected"].item() == pytest.approx(plain["projected"].item(), rel=1e-9)
    assert brought["p_basis"].item() == "user"


def test_where_only_paths_can_answer_they_are_samples():
    plan = several()
    for name in ("jobs", "fairs"):
        one = cm.predictive(plan, name, as_of=2022)
        assert (one.route, one.years) == ("samples", (2023, 2024, 2025))
        plain = of(cm.assess(plan, as_of=2022), name)["p_reach"].item()
        again = of(cm.assess(plan, as_of=2022, forecasts={name: one}), name)["p_reach"].item()
        assert again == pytest.approx(plain, abs=0.02)
    for name, words in (("gdp@1990", "no indicator"), ("sei_va_share", "no baseline")):
        with pytest.raises(cm.CorridorError, match=words):
            cm.predictive(PLAN, name)


def test_a_function_is_asked_for_the_years():
    asked = []

    def own(years, rng):
        asked.append(years)
        return rng.normal(570, 20, (500, len(years)))

    first = of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": own}), "gdp")["p_reach"].item()
    assert asked == [(2022,)]
    assert first == of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": own}), "gdp")["p_reach"].item()
    flat = of(cm.assess(PLAN, as_of=2021, forecasts={"gdp": lambda years: [[600.0]] * 3}), "gdp")
    assert flat["p_reach"] == 0.999


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=1, max_size=9),
    st.floats(-1e6, 1e6),
    st.floats(0, 1),
)
def test_samples_answer_as_they_are_counted(draws, x, level):
    samples = np.array(draws)
    one = cm.Predictive.from_samples(samples, (2024, 2025))
    np.testing.assert_array_equal(one.cdf(x), (samples <= x).mean(axis=0))
    np.testing.assert_allclose(one.prob_at_least(x), (samples >= x).mean(axis=0), atol=1e-15)
    np.testing.assert_allclose(one.quantile(level), np.quantile(samples, level, axis=0))
    rng = np.random.default_rng(1)
    paths = one.sample_paths(20, rng).T.tolist()
    assert all(path in samples.tolist() for path in paths)
    assert np.isin(one.sample(20, rng)[1], samples[:, 1]).all()


@pytest.mark.parametrize(
    ("samples", "years"),
    [([1.0, 2.0], [2024]), ([[1.0]], [2024, 2025]), ([[1.0, 2.0]], [2024, 2026]),
     ([[np.nan]], [2024]), ([["x"]], [2024]), (np.zeros((0, 1)), [2024])],
)  # fmt: skip
def test_samples_of_another_shape_are_refused(samples, years):
    with pytest.raises(ForecastError):
        cm.Predictive.from_samples(samples, years)


# --- refused in words ----------------------------------------------------------------------------

WRONG = [
    ({"gpd": GDP}, "Did you mean 'gdp'"),
    ({"gdp": np.ones((5, 2))}, r"shape \(5, 2\).*\(draws, 1\).*2022"),
    ({"gdp": np.ones(())}, "shape"),
    ({"gdp": np.ones((0, 1))}, "shape"),
    ({"gdp": [[570.0], [np.nan]]}, "draw 1, year 2022 is nan"),
    ({"gdp": [[np.inf]]}, "inf"),
    ({"gdp": "high"}, "not numbers"),
    ({"gdp": [[True]]}, "not numbers"),
    ({"gdp": pd.DataFrame({2021: [1.0], 2022: [2.0]})}, "columns"),
    ({"gdp": cm.Predictive.from_samples([[1.0]], [2023])}, "lacks 2022"),
    ({"gdp": cm.forecast([450.0, 460.0], [2018, 2019], 2, "level")}, "lacks 2022"),
    ({"fiscal_st_share": [[400.0]]}, "outside 0 to 100"),
    ([GDP], "forecasts maps ids"),
    ({"gdp": cm.forecast([0.0, 0.0], [2020, 2021], 1, "level")}, "no scale"),
]


@pytest.mark.parametrize(("forecasts", "words"), WRONG)
def test_what_is_no_forecast_is_refused(forecasts, words):
    with pytest.raises(cm.CorridorError, match=words) as error:
        cm.assess(PLAN, as_of=2021, forecasts=forecasts)
    assert error.value.text("zh") != error.value.text("en")
    with pytest.raises(cm.CorridorError):
        cm.simulate(PLAN, as_of=2021, forecasts=forecasts, draws=64)


def test_a_milestone_has_nothing_to_forecast():
    name = next(n for n, p in PLAN.targets.items() if p.kind == "milestone")
    with pytest.raises(cm.CorridorError, match="no open year"):
        cm.assess(PLAN, forecasts={name: [[1.0]]})
    with pytest.raises(cm.CorridorError, match="method=None"):
        cm.assess(PLAN, method=None, forecasts={"gdp": GDP})


def test_fractions_in_place_of_percent_are_warned_of():
    name = next(n for n, p in PLAN.targets.items() if p.kind == "share" and (p.value or 0) > 20)
    fraction = (PLAN.targets[name].value or 0) / 100
    with pytest.warns(cm.CorridorWarning, match=name):
        cm.assess(PLAN, as_of=2021, forecasts={name: np.full((9, 1), fraction)})


def test_columns_of_a_frame_are_years():
    plan = several()
    paths = RNG.normal(140, 10, (500, 3))
    frame = pd.DataFrame(paths, columns=[2023, 2024, 2025])[[2025, 2023, 2024]]
    xr.testing.assert_equal(
        cm.assess(plan, as_of=2022, forecasts={"gdp": frame}),
        cm.assess(plan, as_of=2022, forecasts={"gdp": paths}),
    )


# --- scenarios and studies -----------------------------------------------------------------------


def test_simulate_and_studies_read_the_same_draws():
    told = cm.simulate(PLAN, as_of=2021, forecasts={"gdp": GDP}, draws=256)
    gdp = told.sel(indicator="gdp", scenario=told["scenario"][0])
    assert gdp["p_reach"].item() == pytest.approx((GDP >= 580).mean(), abs=1e-12)
    assert gdp["p_basis"].item() == "user"
    final = gdp["value"].sel(year=2022, quantile=[0.25, 0.5, 0.75]).values
    np.testing.assert_allclose(final, np.quantile(GDP, [0.25, 0.5, 0.75]), rtol=2e-3)
    studied = cm.sobol(PLAN, "p_reach:gdp", n=8, resamples=1, as_of=2021, forecasts={"gdp": GDP})
    assert studied["mean"].item() == pytest.approx((GDP >= 580).mean(), abs=0.02)
    grid = two_way(
        *(PLAN, "value:gdp", ("delay:binhai_avenue", 0, 12), ("overrun:road", 1.0, 1.5)),
        points=(2, 2),
        as_of=2021,
        forecasts={"gdp": GDP},
    )
    assert grid["output"].values == pytest.approx(np.median(GDP), rel=1e-3)


def test_growth_that_a_scenario_sets_takes_their_place():
    fast = cm.Scenario("fast", cm.SetGrowth("gdp", 0.5))
    told = cm.simulate(PLAN, fast, as_of=2021, forecasts={"gdp": GDP}, draws=64)
    assert told["p_basis"].sel(indicator="gdp", scenario="fast").item() == "scenario"


@pytest.mark.slow
def test_a_saved_result_is_run_again_to_the_bit(tmp_path):
    own = {"gdp": lambda years, rng: rng.normal(570, 20, (333, len(years)))}
    told = cm.simulate(PLAN, as_of=2021, forecasts=own, draws=128)
    file = cm.save_result(told, tmp_path / "own.nc")
    xr.testing.assert_identical(cm.rerun(file), cm.rerun(told))
    xr.testing.assert_equal(cm.rerun(file), told)
    closed = cm.simulate(PLAN, as_of=2021, forecasts={"gdp": cm.predictive(PLAN, "gdp")}, draws=128)
    xr.testing.assert_equal(cm.rerun(closed), closed)
    plain = cm.assess(PLAN).sel(indicator="gdp")["p_reach"].item()
    assert closed["p_reach"].sel(indicator="gdp").item() == pytest.approx(plain, abs=0.01)


def test_several_promises_keep_their_odds_under_scenarios():
    plan = several()
    paths = 113.0 * np.cumprod(1 + RNG.normal(0.08, 0.04, (3000, 3)), axis=1)
    names = ["gdp", "gdp@2023", "gdp@growth", "gdp@relative_change"]
    told = cm.simulate(plan, as_of=2022, forecasts={"gdp": paths}, draws=64)
    plain = cm.assess(plan, as_of=2022, forecasts={"gdp": paths})
    np.testing.assert_allclose(
        told["p_reach"].sel(indicator=names).values[0],
        plain["p_reach"].sel(indicator=names).values,
        atol=1e-12,
    )
