"""cm.simulate: two routes that agree, bits that do not move, and results that run again (S13)."""

from __future__ import annotations

import base64
import dataclasses
import json
import pickle
import tracemalloc

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from benchmarks.scenario import made_up_plan
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.draws import UNIT, Streams
from corridor_model.errors import CorridorError
from corridor_model.plan.plan import Plan
from corridor_model.plan.validation import check_table
from corridor_model.scenario import joint_counts as joint
from corridor_model.scenario.correlation import (
    STREAM,
    CorrelationModel,
    Delays,
    correlation_model,
    nearest_correlation,
    scores_of,
)
from corridor_model.scenario.joint_counts import (
    TASK,
    JointQuestion,
    ScenarioLimits,
    count,
    delays_of,
)
from corridor_model.scenario.marginals import NODES, Marginal
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.tabular.table import from_rows

pytestmark = pytest.mark.uncounted  # other tests run these lines with fewer figures

PLAN = cm.load_plan()
MADE_UP = made_up_plan()
LATE = cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 8, 30)))
PLAIN = cm.Scenario("as planned")


@pytest.fixture(scope="module")
def shipped():
    return cm.simulate(PLAN, cm.shipped_scenarios(), draws=2**15)


@pytest.fixture(scope="module")
def both():
    return cm.simulate(MADE_UP, [PLAIN, LATE], draws=2**16)


def without(plan, table, drop):
    """Return a plan without some rows of a table."""
    rows = [row for row in plan.tables[table].rows() if not drop(row)]
    return Plan({**plan.tables, table: from_rows(table, rows)})


def test_what_the_dataset_holds(shipped):
    dims = {name: shipped[name].dims for name in shipped}
    assert dims["p_reach"] == dims["p_basis"] == ("scenario", "indicator")
    assert dims["value"] == ("scenario", "indicator", "year", "quantile")
    assert dims["gap"] == ("scenario", "indicator", "quantile")
    assert dims["spending"] == ("scenario", "project", "spending_year")
    assert dims["spending_quantile"] == ("scenario", "project", "spending_year", "quantile")
    assert dims["n_reached"] == ("scenario", "n_targets")
    assert dims["before_plan"] == dims["beyond_horizon"] == ("scenario", "project")
    assert shipped["year"].values.tolist() == [2020, 2021, 2022]
    assert shipped["n_reached"].sum("n_targets").values == pytest.approx(1)
    assert shipped["n_reached_independent"].sum("n_targets").values == pytest.approx(1)
    names = shipped.attrs["n_reached_over"].split("; ")
    assert len(names) == shipped.attrs["n_promises"] == len(shipped["n_targets"]) - 1
    for name in ("p_reach", "value", "spending", "n_reached"):
        assert shipped[name].attrs["long_name"]
    masked = shipped["p_reach"].isnull().values
    assert ((shipped["p_reach_reason"].values != "") == masked).all()
    value = shipped["value"].isel(quantile=0).isnull().values
    assert ((shipped["value_reason"].values != "") == value).all()
    p = shipped["p_reach"].values[~masked]
    assert (p >= 0.001).all()
    assert (p <= 0.999).all()
    assert set(np.unique(shipped["p_basis"].values[~masked])) <= {
        *("benchmarked", "unbenchmarked", "base_rate", "scenario", "observed")
    }
    assert (np.diff(shipped["value"].values, axis=-1)[~value] >= 0).all()
    assert (np.diff(shipped["gap"].values, axis=-1)[~masked] >= 0).all()


def test_the_mean_number_of_promises_is_the_sum_of_their_odds(shipped, both):
    """Exact: no draw enters it, and what moves together does not move a mean (S13)."""
    summed = shipped["p_reach"].sum("indicator")  # no promise here is an alternative
    open_ = summed.sel(scenario=["as planned", "expressway and avenue 24 months late"])
    exact = shipped["n_reached_mean"].sel(scenario=open_["scenario"])
    assert exact.values == pytest.approx(open_.values, rel=1e-12)
    # growth that is set is certain, and shown as 0.001 or 0.999 (S14)
    assert (np.abs(shipped["n_reached_mean"] - summed) <= 0.001 * 5 + 1e-12).all()
    for made, draws in ((shipped, 2**15), (both, 2**16)):
        mean = made["n_reached_mean"]
        sampled = (made["n_reached"] * made["n_targets"]).sum("n_targets")
        spread = (made["n_reached"] * (made["n_targets"] - mean) ** 2).sum("n_targets")
        assert (np.abs(sampled - mean) <= 4.5 * np.sqrt(spread / draws) + 1e-9).all()
    few = cm.simulate(PLAN, cm.shipped_scenarios(), draws=16, seed=7)
    assert few["n_reached_mean"].values == pytest.approx(shipped["n_reached_mean"].values, rel=1e-9)


def test_growth_targets_that_are_set(shipped):
    for name, p in (("missed by a third", 0.001), ("met", 0.999), ("exceeded by a third", 0.999)):
        at = shipped.sel(scenario=f"growth targets {name}", indicator="tech_contract_growth")
        assert float(at["p_reach"]) == p
        assert str(at["p_basis"].item()) == "scenario"
    index = shipped["value"].sel(
        scenario="growth targets met", indicator="tech_contract_growth", quantile=0.5
    )
    assert index.values == pytest.approx([120, 144, 172.8])
    gap = shipped["gap"].sel(scenario="growth targets met", indicator="tech_contract_growth")
    assert gap.values == pytest.approx(np.zeros(5), abs=1e-9)


def test_effects_act_on_work_carried_out_and_never_on_overrun():
    """S12: 0.2 of every 亿元 not carried out in 2022 is missing from GDP, whatever it costs."""
    dear = cm.Scenario("dear", cm.Overrun(all=True, factor=3.0))
    gone = cm.Scenario("gone", cm.Cancel(all=True))
    made = cm.simulate(PLAN, [PLAIN, dear, gone], draws=64)
    gdp = made["value"].sel(indicator="gdp", year=2022)
    assert (gdp.sel(scenario="dear") == gdp.sel(scenario="as planned")).all()
    planned = made["programme"].sel(scenario="as planned", spending_year=2022).item()
    moved = gdp.sel(scenario="gone") - gdp.sel(scenario="as planned")
    assert moved.values == pytest.approx(np.full(5, -0.2 * planned), rel=1e-9)
    known = made["value"].sel(indicator="gdp", year=2020)
    assert (known == 467.7).all()


def test_both_routes_agree_within_sampling_error(both, shipped):
    for made, draws in ((both, 2**16), (shipped, 2**15)):
        ok = made["p_reach"].notnull().values & (made["p_basis"].values != "scenario")
        p, sampled = made["p_reach_alone"].values[ok], made["p_reach_sampled"].values[ok]
        error = np.sqrt(p * (1 - p) / draws)
        assert (np.abs(p - sampled) <= 4.5 * error + 1e-9).all()


def test_joint_draws_at_zero_correlation_are_the_exact_answer():
    made = cm.simulate(MADE_UP, [PLAIN, LATE], draws=2**16, correlation=0.0)
    found, exact = made["n_reached"].values, made["n_reached_independent"].values
    error = np.sqrt(exact * (1 - exact) / 2**16)
    assert (np.abs(found - exact) <= 5 * error + 1e-6).all()
    tied = cm.simulate(MADE_UP, PLAIN, draws=2**14, correlation=0.6)
    spread = (tied["n_reached"] * (tied["n_targets"] - 12) ** 2).sum().item()
    assert spread > 2 * (made["n_reached"][0] * (made["n_targets"] - 12) ** 2).sum().item()


def test_uncertain_works_against_plain_draws():
    """The convolution of a forecast and late works, against two million draws of their sum."""
    rng = np.random.default_rng(5)
    big = cm.Scenario(
        "big",
        cm.Delay(all=True, months=cm.Uniform(0, 24)),
        cm.SetEffect(all=True, indicator="i00", per_unit=2.0, lag=0, decay=0.0),
    )
    made = cm.simulate(MADE_UP, big, draws=2**16)
    builder = Builder(MADE_UP, None, 0)
    marginal = Marginal(builder.outlook("i00", ()))
    n = 400_000
    value = np.interp(rng.standard_normal(n), NODES, marginal.values[3])
    for i, project in enumerate(MADE_UP.projects.values()):
        months, end = rng.uniform(0, 24, n), 12 * (int(project.end) - 2019)
        done = np.clip((48 - months) / end, 0, 1) - min(48 / end, 1)
        value += 2.0 * (5 + i) * done
    made = made.isel(scenario=0)
    found = made["value"].sel(indicator="i00", year=2023).values
    expected = np.quantile(value, made["quantile"].values)
    assert found == pytest.approx(expected, rel=4e-3)
    target = MADE_UP.indicators["i00"].target.value
    p = float((value >= target).mean())
    assert float(made["p_reach"].sel(indicator="i00")) == pytest.approx(p, abs=3e-3)
    assert float(made["p_reach_sampled"].sel(indicator="i00")) == pytest.approx(p, abs=8e-3)


@pytest.mark.slow
def test_the_error_with_1024_project_draws_beats_ten_million_plain_ones(both):
    """For continuous forecasts: seeds move p_reach by less than plain sampling would."""
    runs = [
        cm.simulate(MADE_UP, LATE, draws=64, seed=seed)["p_reach"].values.ravel()
        for seed in range(12)
    ]
    spread = np.std(runs, axis=0, ddof=1)
    p = np.mean(runs, axis=0)
    assert (spread <= np.sqrt(p * (1 - p) / 1e7)).all()


@pytest.mark.slow
@pytest.mark.parametrize("per_unit", [4, 20])
def test_so_it_does_where_works_move_the_odds_by_points(per_unit):
    """On the real plan, whose stored columns give the works joint Sobol points."""
    plan = cm.load_plan()
    scenario = cm.Scenario(
        "late",
        cm.Delay(all=True, months=cm.PERT(0, 6, 24)),
        cm.SetEffect(all=True, indicator="gdp", per_unit=per_unit),
    )
    planned = float(cm.simulate(plan, draws=8)["p_reach"].sel(indicator="gdp").item())
    runs = [
        float(
            cm.simulate(plan, scenario, draws=8, seed=seed)["p_reach"].sel(indicator="gdp").item()
        )
        for seed in range(10)
    ]
    p = np.mean(runs)
    assert planned - p > 0.01
    assert np.std(runs, ddof=1) <= np.sqrt(p * (1 - p) / 1e7)


# ---- bits that do not move (S13) ----


class OneByOne:
    """A client that pickles what it is given and forgets everything else, like a worker."""

    def map(self, function, items):
        return [(pickle.dumps(function), item) for item in items]

    def gather(self, future):
        function, item = future
        return pickle.loads(pickle.dumps(pickle.loads(function)(item)))


def test_threads_and_workers_change_no_bit():
    asked = [PLAIN, LATE]
    first = cm.simulate(MADE_UP, asked, draws=30_000, threads=1)
    for more in ({"threads": 2}, {"threads": 3}, {"client": OneByOne()}, {}):
        assert cm.simulate(MADE_UP, asked, draws=30_000, **more).identical(first)


@pytest.mark.counted
def test_more_draws_keep_the_first():
    names = ("a", "b")
    limits = np.array([0.0, 0.5], dtype=np.float32)
    asked = (ScenarioLimits(limits, np.full(2, np.inf, dtype=np.float32)),)
    tied = CorrelationModel(("f",), np.full((2, 1), 0.5))

    def counted(draws):
        return count(JointQuestion(names, tied, asked, (), (), draws, 0, (0, 1)))[1][0]

    question = JointQuestion(names, tied, asked, (), (), 3 * TASK, 0, (0, 1))
    scores = scores_of(question.names, question.correlation, question.seed, 0, 3 * TASK)
    met = scores >= limits[:, None]
    for draws in (1, 100, 2048, TASK, TASK + 1, 2 * TASK + 77):
        assert counted(draws).tolist() == met[:, :draws].sum(axis=1).tolist()


def test_another_indicator_leaves_the_others_alone():
    less = without(MADE_UP, "observations", lambda row: row["indicator"] == "i07")
    a, b = (cm.simulate(plan, [LATE], draws=4096) for plan in (MADE_UP, less))
    others = [name for name in MADE_UP.indicators if name != "i07"]
    for name in ("p_reach", "p_reach_sampled", "value", "gap"):
        x, y = (made[name].sel(indicator=others).values for made in (a, b))
        assert np.array_equal(x, y), name
    assert b["p_reach_reason"].sel(indicator="i07").item() == "no_baseline"


def test_another_work_leaves_untouched_indicators_alone():
    fewer = without(MADE_UP, "projects", lambda row: row["id"] == "w00")
    fewer = without(fewer, "effects", lambda row: row["target"] == "w00")
    a, b = (cm.simulate(plan, [LATE], draws=4096) for plan in (MADE_UP, fewer))
    touched = {e["indicator"] for e in MADE_UP.tables["effects"].rows() if e["target"] == "w00"}
    others = [name for name in MADE_UP.indicators if name not in touched]
    for name in ("p_reach", "p_reach_sampled", "value"):
        x, y = (made[name].sel(indicator=others).values for made in (a, b))
        assert np.array_equal(x, y), name


def test_a_quantile_does_not_depend_on_how_many_are_asked():
    plan, scenario = (
        made_up_plan(),
        cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 8, 30))),
    )
    few = cm.simulate(plan, scenario, draws=8, quantiles=(0.05, 0.5, 0.95))
    many = cm.simulate(
        plan, scenario, draws=8, quantiles=sorted({0.05, 0.5, 0.95, *np.linspace(0.06, 0.94, 180)})
    )
    for level in (0.05, 0.5, 0.95):
        alone, among = (made["value"].sel(quantile=level).values for made in (few, many))
        assert np.array_equal(alone, among)


def test_order_changes_nothing_but_the_order():
    turned = {
        name: from_rows(name, list(table.rows())[::-1]) for name, table in MADE_UP.tables.items()
    }
    a, b = (cm.simulate(plan, [PLAIN, LATE], draws=4096) for plan in (MADE_UP, Plan(turned)))
    same = b.sel(indicator=a["indicator"].values)
    for name in ("p_reach", "p_reach_sampled"):
        assert np.array_equal(a[name].values, same[name].values), name
    assert np.array_equal(a["n_reached"].values, b["n_reached"].values)
    c = cm.simulate(MADE_UP, [LATE, PLAIN], draws=4096)
    assert np.array_equal(c["value"].sel(scenario="late"), a["value"].sel(scenario="late"))


def test_as_planned_is_no_scenario():
    a, b = cm.simulate(PLAN, draws=512), cm.simulate(PLAN, PLAIN, draws=512)
    for name in ("p_reach", "value", "n_reached", "spending"):
        assert np.array_equal(a[name].values, b[name].values, equal_nan=True)


# ---- saved, and run again ----


def test_a_saved_result_is_the_result_and_runs_again(shipped, tmp_path):
    file = cm.save_result(shipped, tmp_path / "result.nc")
    kept = cm.load_result(file)
    assert kept.identical(shipped)
    assert cm.rerun(file, threads=2).identical(shipped)
    assert cm.rerun(shipped).identical(shipped)


def test_what_runs_again_widens_no_flat_table(shipped, tmp_path):
    """It had a dimension of its own, of tens of thousands: a flat table wanted terabytes."""
    file = cm.save_result(shipped, tmp_path / "result.nc")
    place = {"indicator": "gdp", "n_targets": 1, "project": "binhai_avenue", "quantile": 0.5}
    for made in (shipped, cm.load_result(file)):
        assert made["rerun"].dims == ()
        assert made.where(made["indicator"] == "gdp").sel(place)["p_reach"].notnull().all()
        flat = made.sel(place).to_dataframe()
        assert (
            len(flat) == made.sizes["scenario"] * made.sizes["year"] * made.sizes["spending_year"]
        )


def test_a_large_plan_is_saved_with_its_result(shipped, tmp_path):
    """An attribute of netCDF may be larger than the 64 KiB that HDF5 keeps in place."""
    text = "x" * 2_000_000
    large = shipped.assign(rerun=shipped["rerun"].assign_attrs(packed=text))
    assert cm.load_result(cm.save_result(large, tmp_path / "r.nc"))["rerun"].attrs["packed"] == text


def test_a_result_without_what_it_was_asked_says_so(shipped):
    for less in (
        shipped.drop_vars("rerun"),
        shipped.assign(rerun=0),
        cm.spending(PLAN).isel(scenario=0, drop=True),
    ):
        with pytest.raises(CorridorError, match="nothing to run again"):
            cm.rerun(less)
    assert cm.rerun(shipped[["p_reach", "rerun"]].sel(scenario="slow")).identical(shipped)


def test_a_result_of_bytes_runs_again(shipped):
    """As results were saved before."""
    packed = np.frombuffer(base64.b64decode(shipped["rerun"].attrs["packed"]), dtype=np.uint8)
    older = shipped.drop_vars("rerun").assign(rerun=("byte", packed))
    assert cm.rerun(older).identical(shipped)


def test_a_run_with_everything_runs_again(tmp_path):
    from corridor_model.observations.load import load_observations

    rows = pd.DataFrame({"indicator": ["gdp"], "period": ["2021"], "value": [520.0]})
    figures = load_observations(rows, PLAN)
    base = cm.simulate(PLAN, draws=16).attrs["n_reached_over"].split("; ")
    matrix = pd.DataFrame(np.eye(len(base)), index=base, columns=base)
    matrix.iloc[0, 1] = matrix.iloc[1, 0] = 0.4
    tied = cm.Scenario("x", cm.Delay(all=True, months=cm.PERT(0, 3, 9)), paired=0.5, common=0.3)
    made = cm.simulate(PLAN, tied, figures, 5000, 3, (0.1, 0.9), correlation=matrix)
    assert made["value"].sel(indicator="gdp", year=2021).values == pytest.approx(520)
    assert cm.rerun(cm.save_result(made, tmp_path / "r.nc")).identical(made)


@pytest.mark.counted
def test_tables_for_other_programs(shipped, tmp_path):
    long = cm.long_table(shipped)
    assert list(long.columns) == [
        *("scenario", "scenario_zh", "variable", "variable_zh", "item", "item_zh"),
        *("year", "quantile", "value", "unit", "reason"),
    ]
    assert (long["value"].isna() == (long["reason"] != "")).all()
    one = long.query("variable == 'p_reach' and scenario == 'slow' and item == 'gdp'")
    assert one["value"].item() == float(shipped["p_reach"].sel(scenario="slow", indicator="gdp"))
    table = cm.to_iamc(shipped)
    assert list(table.columns) == [
        *("model", "scenario", "region", "variable", "unit", "year", "value")
    ]
    assert not table.duplicated(["model", "scenario", "region", "variable", "year"]).any()
    assert not table.isna().any().any()
    file = cm.save_result(shipped, tmp_path / "long.csv")
    assert len(pd.read_csv(file)) == len(long)
    assert len(pd.read_parquet(cm.save_result(shipped, tmp_path / "long.parquet"))) == len(long)
    with pytest.raises(CorridorError, match="xyz"):
        cm.save_result(shipped, tmp_path / "long.xyz")


@pytest.mark.counted
def test_an_interrupted_run_leaves_no_half_file(shipped, tmp_path, monkeypatch):
    file = tmp_path / "result.nc"
    file.write_bytes(b"old")

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("xarray.Dataset.dump_to_store", stop)
    with pytest.raises(KeyboardInterrupt):
        cm.save_result(shipped, file)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["result.nc"]


# ---- what a scenario or a user sets ----


def test_growth_with_a_spread_is_the_product_of_its_years():
    rng = np.random.default_rng(1)
    set_ = cm.Scenario("x", cm.SetGrowth("tech_contract_growth", 0.2, sd=0.1))
    made = cm.simulate(PLAN, set_, draws=64)
    at = {"scenario": "x", "indicator": "tech_contract_growth"}
    drawn = np.prod(1 + rng.normal(0.2, 0.1, (400_000, 3)), axis=1)
    p = float((drawn >= 1.2**3).mean())
    assert made["p_reach"].sel(at).item() == pytest.approx(p, abs=0.02)
    assert made["p_reach_error"].sel(at).item() > 0


def test_a_baseline_and_a_target_that_are_set():
    name = "labor_productivity"
    based = cm.Scenario("based", cm.SetBaseline(name, 2019, 15.0))
    easier = based + cm.Scenario("easier", cm.SetTarget(name, 15.5))
    made = cm.simulate(PLAN, [PLAIN, based, easier], draws=64)
    p = made["p_reach"].sel(indicator=name)
    assert np.isnan(p.values[0])
    assert 0 < p.values[1] < p.values[2] < 1
    assert made["p_basis"].sel(indicator=name).values[1] == "base_rate"
    assert made["value_origin"].sel(indicator=name).values[1] == "user"


@pytest.mark.counted
def test_growth_from_a_later_year_keeps_the_forecast_before():
    later = cm.Scenario("x", cm.SetGrowth("gdp", 0.5, from_year=2022))
    made = cm.simulate(PLAN, [PLAIN, later], draws=64)
    gdp = made["value"].sel(indicator="gdp", quantile=0.5)
    assert gdp.sel(scenario="x", year=2021).item() == pytest.approx(
        gdp.sel(scenario="as planned", year=2021).item(), rel=0.01
    )
    grown = gdp.sel(scenario="x", year=2022) / gdp.sel(scenario="x", year=2021)
    assert grown.item() == pytest.approx(1.5, rel=0.01)


def test_an_uncertainty_of_the_plan_replaces_the_forecast():
    row = {
        "target": "gdp",
        "field": "growth",
        "distribution": "uniform(0.04, 0.06)",
        "origin": "user",
    }
    given_ = Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", [row])})
    made = cm.simulate(given_, draws=64)
    gdp = made["value"].sel(indicator="gdp", year=2022)
    assert float(gdp.min()) > 467.7 * 1.04**2 * 0.999
    assert float(gdp.max()) < 467.7 * 1.06**2 * 1.001


@pytest.mark.counted
def test_loadings_of_the_plan_take_the_place_of_the_usual_one():
    rows = [
        {"indicator": "b", "factor": "exports", "loading": 0.8, "origin": "user"},
        {"indicator": "b", "factor": "corridor", "loading": 0.6, "origin": "user"},
        {"indicator": "elsewhere", "factor": "exports", "loading": 0.9, "origin": "user"},
    ]
    tables = {**MADE_UP.tables, "correlations": from_rows("correlations", rows)}
    model = correlation_model(Plan(tables), ["a", "b", "c"])
    assert model.factors == ("corridor", "exports")
    # what the table does not name keeps 0.3 on the common factor
    assert model.loadings.tolist() == [[0.3, 0.0], [0.6, 0.8], [0.3, 0.0]]
    assert model.rest == pytest.approx([0.91**0.5, 0.0, 0.91**0.5], abs=1e-9)
    heavy = [{**rows[0], "loading": 0.9}, rows[1]]  # 0.81 + 0.36 is more than all of it
    tables = {**MADE_UP.tables, "correlations": from_rows("correlations", heavy)}
    found = check_table(tables["correlations"], tables)
    (wrong,) = (one for one in found if one.column == "loading")
    assert wrong.what.fields == {"name": "b", "total": 0.9**2 + 0.6**2}
    assert wrong.row == 3


@pytest.mark.counted
@pytest.mark.parametrize("entry", [np.nan, 0.5])
def test_a_matrix_with_holes_or_two_halves_is_refused(entry):
    matrix = pd.DataFrame([[1.0, entry], [0.2, 1.0]], list("ab"), list("ab"))
    with pytest.raises(cm.CorridorError, match="must be finite and symmetric"):
        correlation_model(MADE_UP, ["a", "b"], matrix)


def square(value=0.0, names="ab", **cells):
    frame = pd.DataFrame(value, list(names), list(names), dtype=object)
    for name in names:
        frame.loc[name, name] = 1.0
    for pair, cell in cells.items():
        frame.loc[pair[0], pair[1]] = cell
    return frame


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (square(5.0), "a and b stand at 5. A correlation lies within -1 and 1"),
        (square(aa=4.0, bb=4.0), "a and a stand at 4"),
        (square(aa=0.0), "a and a stand at 0"),
        (square(ab=0.5), "finite and symmetric"),
        (square(ab="strong"), "correlation: numbers are needed"),
        (square(ab=1j), "correlation: numbers are needed"),
        (pd.concat([square(), square().iloc[:1]]), "names a twice"),
        (pd.concat([square(), square()[["b"]]], axis=1), "names b twice"),
        (square()["a"], "a loading within -1 and 1, or a DataFrame"),
        (xr.DataArray(np.eye(2)), "a loading within -1 and 1, or a DataFrame"),
    ],
)
def test_what_is_no_correlation_is_said(matrix, words):
    with pytest.raises(cm.CorridorError) as caught:
        correlation_model(MADE_UP, ["a", "b"], matrix)
    assert words in caught.value.text("en")


def test_a_matrix_written_with_few_digits_is_taken_without_a_word():
    third = square(0.3333333, "abc").astype(float)
    model = correlation_model(MADE_UP, list("abc"), third)
    assert model.adjustment < 1e-6
    assert model.root @ model.root.T == pytest.approx(third.to_numpy(), abs=1e-6)


@given(st.integers(2, 8), st.integers(0, 10_000))
@settings(max_examples=40)
def test_the_nearest_correlation_is_one(size, seed):
    raw = np.random.default_rng(seed).uniform(-1, 1, (size, size))
    raw = (raw + raw.T) / 2
    np.fill_diagonal(raw, 1)
    made = nearest_correlation(raw)
    assert np.diag(made) == pytest.approx(1)
    assert np.linalg.eigvalsh(made).min() >= -1e-7
    assert np.array_equal(made, nearest_correlation(raw))


@pytest.mark.counted
def test_a_matrix_that_moved_says_by_how_much():
    names = cm.simulate(PLAN, draws=16).attrs["n_reached_over"].split("; ")
    wrong = np.full((len(names), len(names)), -0.9)
    np.fill_diagonal(wrong, 1)
    with pytest.warns(cm.CorridorWarning, match="no indicators move together like that"):
        made = cm.simulate(PLAN, draws=64, correlation=pd.DataFrame(wrong, names, names))
    assert made.attrs["correlation_moved"] > 0.5
    with pytest.raises(CorridorError, match="lacks"):
        cm.simulate(PLAN, draws=64, correlation=pd.DataFrame(np.eye(1), ["gdp"], ["gdp"]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"draws": 0},
        {"seed": -1},
        {"threads": 0},
        {"quantiles": (0.5, 0.5)},
        {"correlation": 1.5},
        {"scenarios": ["late"]},
    ],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(CorridorError):
        cm.simulate(PLAN, **wrong)


def test_a_global_random_state_is_left_alone():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    cm.simulate(PLAN, LATE, draws=64)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


# ---- corridor simulate ----


@pytest.mark.slow
def test_simulate_on_the_command_line(capsys, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(PLAIN.to_toml() + "\n" + cm.shipped_scenarios()[-1].to_toml(), encoding="utf-8")
    out = tmp_path / "result.nc"
    arguments = ["simulate", str(file), "--draws", "512", "--out", str(out)]
    assert main([*arguments, "--lang", "zh"]) == 0
    said = capsys.readouterr()
    assert "办公室的提问" in said.out
    assert "235.49" in said.out
    assert said.err == ""
    assert cm.rerun(out).identical(cm.load_result(out))
    assert main([*arguments, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 2 * len(PLAN.indicators)
    at = {(row["indicator"], row["scenario"]): row for row in rows}
    assert at["tech_contract_growth", "the office's question"]["p_reach"] == 0.001
    assert at["sei_va_share", "as planned"]["p_reach"] is None
    assert main(["simulate", "--draws", "64", "--lang", "en"]) == 0
    assert "Odds of each target" in capsys.readouterr().out


def test_a_question_is_small_enough_to_travel():
    question = JointQuestion(("a",), CorrelationModel((), np.zeros((1, 0))), (), (), (), 1, 0, (0,))
    assert len(pickle.dumps(question)) < 2000
    assert dataclasses.is_dataclass(question)


def uncertain(*rows):
    """Return the bundled plan with rows of uncertainties."""
    names = ("target", "field", "distribution", "origin")
    made = [dict(zip(names, (*row, "user"), strict=True)) for row in rows]
    return Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", made)})


def test_the_users_uncertainties_of_works_hold_in_every_scenario():
    given_ = uncertain(
        ("binhai_avenue", "delay", "pert(0, 6, 24)"),
        ("binhai_avenue", "overrun", "lognormal(mean=1.204, sd=0.299)"),
    )
    work = cm.resolve(given_).work("binhai_avenue")
    assert work.months == cm.PERT(0, 6, 24)
    certain = cm.Scenario("c", cm.Overrun("binhai_avenue", factor=1), cm.Delay("binhai_avenue", 0))
    assert cm.resolve(given_, certain).work("binhai_avenue").factor == 1.0
    for a, b in ((PLAIN, certain), (certain, PLAIN)):
        for plan in (given_, None):
            assert cm.resolve(given_, a + a.diff(b, plan)) == cm.resolve(given_, b)
    money = (
        cm.spending(given_, draws=2**14)
        .isel(scenario=0, drop=True)["spending_quantile"]
        .sel(project="binhai_avenue")
    )
    assert float(money.max()) > 10.5 * 1.2


def test_uncertainties_that_cannot_be_used_are_told_at_once():
    wrong = uncertain(
        ("binhai_avenue", "colour", "uniform(0, 1)"),
        ("gdp", "growth", "unform(0, 1)"),
        ("maoyong_road", "delay", "normal(3, 9)"),
    )
    with pytest.raises(cm.PlanError) as caught:
        cm.simulate(wrong, draws=16)
    assert len(caught.value.problems) == 3


@pytest.mark.slow
def test_the_worked_example_runs_with_every_shipped_scenario():
    plan = cm.load_plan(example=True)
    figures = cm.example_observations()
    made = cm.simulate(plan, cm.shipped_scenarios(), figures, draws=2048)
    assert made.attrs["example"] == 1
    assert made.attrs["n_promises"] > 80
    ok = made["p_reach"].notnull()
    assert (made["p_reach"].where(ok, 0.5) >= 0).all()
    assert cm.rerun(made).identical(made)


@pytest.mark.counted
def test_growth_set_from_a_year_that_is_over_or_far_away():
    past = cm.Scenario("past", cm.SetGrowth("gdp", 0.1, from_year=2019))
    far = cm.Scenario("far", cm.SetGrowth("gdp", 0.1, from_year=2030))
    made = cm.simulate(PLAN, [PLAIN, past, far], draws=64)
    gdp = made["value"].sel(indicator="gdp", quantile=0.5)
    assert gdp.sel(scenario="past").values == pytest.approx([467.7, 467.7 * 1.1, 467.7 * 1.21])
    assert (gdp.sel(scenario="far") == gdp.sel(scenario="as planned")).all()
    assert made["p_basis"].sel(indicator="gdp", scenario="far").item() != "scenario"


DRAWS = 5 * STREAM + 777
"""No whole number of tasks, streams or units."""
SCENARIOS = (
    cm.Scenario("as planned"),
    cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 8, 30))),
    cm.Scenario("tied", cm.Delay(all=True, months=cm.PERT(0, 3, 9)), paired=0.5, common=0.3),
)


@pytest.fixture(scope="module")
def first():
    return cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, threads=1)


@pytest.mark.slow
@pytest.mark.parametrize("units", [1, 3, 4, 16])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_sizes_of_a_task_change_no_bit(first, monkeypatch, units, threads):
    monkeypatch.setattr(joint, "UNITS", units)
    made = cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, threads=threads)
    assert made.identical(first)


@pytest.mark.slow
def test_sizes_of_a_task_change_no_bit_of_a_full_matrix(monkeypatch):
    names = list(MADE_UP.indicators)
    tied = 0.2 + 0.8 * np.eye(len(names))
    matrix = pd.DataFrame(tied, index=names, columns=names)
    made = []
    for units in (1, 4, 6):
        monkeypatch.setattr(joint, "UNITS", units)
        made.append(cm.simulate(MADE_UP, SCENARIOS, draws=20_000, correlation=matrix, threads=2))
    assert made[0].identical(made[1])
    assert made[0].identical(made[2])


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 4])
def test_dask_workers_change_no_bit(first, workers):
    """Processes of their own, reached over the network as on a cluster."""
    distributed = pytest.importorskip("distributed")
    where = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(**where) as cluster, distributed.Client(cluster) as client:
        client.wait_for_workers(workers, timeout=60)
        made = cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, client=client)
    assert made.identical(first)


def test_any_range_of_draws_is_cut_from_the_same_streams():
    tied = CorrelationModel(("f",), np.full((2, 1), 0.5))
    whole = scores_of(("a", "b"), tied, 3, 0, 3 * STREAM)
    for begin, end in ((0, 1), (UNIT, 2 * UNIT), (STREAM - 5, STREAM + 9), (100, 3 * STREAM)):
        assert np.array_equal(scores_of(("a", "b"), tied, 3, begin, end), whole[:, begin:end])
    limits = np.zeros(1, dtype=np.float32)
    asked = (ScenarioLimits(limits, limits + np.float32(np.inf), None, 0.5, 0.3),)
    question = JointQuestion(("a",), tied, asked, ("w",), (), 10, 3, (0,))
    (cells,) = delays_of(question, 0, 3 * UNIT).places((0,), 0.5, 0.3)
    (part,) = delays_of(question, UNIT + 7, 2 * UNIT + 9).places((0,), 0.5, 0.3)
    assert np.array_equal(part, cells[:, UNIT + 7 : 2 * UNIT + 9])


@pytest.mark.slow
def test_scenarios_in_turn_find_the_same_places_and_keep_the_last_alone():
    """Whatever was asked between, and in memory that their number does not change."""
    works, n = [f"w{i}" for i in range(20)], 4 * STREAM
    made = Delays(works, 3, 0, n, paired=True, common=True)
    asked = [((i, (i + 7) % 20), 0.4, round(0.05 * (i % 3), 2)) for i in range(20)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    seen = {each: np.concatenate(made.places(*each), axis=1).astype(np.int16) for each in asked}
    kept = tracemalloc.get_traced_memory()[0] - before - sum(p.nbytes for p in seen.values())
    tracemalloc.stop()
    row = n * np.dtype(np.intp).itemsize
    assert kept < (2 + len(works)) * row
    for works_, paired, common in reversed(asked):
        alone = Delays(works, 3, 0, n, paired=True, common=True).places(works_, paired, common)
        again = np.concatenate(made.places(works_, paired, common), axis=1)
        assert np.array_equal(again, np.concatenate(alone, axis=1))
        assert np.array_equal(again, seen[works_, paired, common])


def test_streams_are_normal_and_have_nothing_in_common():
    streams = Streams()
    keys = [("a", 0, 0), ("b", 0, 0), ("a", 1, 0), ("a", 0, 1), ("a0", 0, 0)]
    made = np.array([streams.at(*key).standard_normal(2**16) for key in keys])
    again = np.array([streams.at(*key).standard_normal(2**16) for key in keys])
    assert np.array_equal(made, again)
    assert made.mean(axis=1) == pytest.approx(0, abs=4.5 / 2**8)
    assert made.var(axis=1) == pytest.approx(1, abs=4.5 * 2**0.5 / 2**8)
    apart = np.corrcoef(made)[~np.eye(len(keys), dtype=bool)]
    assert apart == pytest.approx(0, abs=4.5 / 2**8)
    first = np.array([streams.at("a", 0, unit).standard_normal() for unit in range(4096)])
    assert first.mean() == pytest.approx(0, abs=4.5 / 2**6)
    assert np.corrcoef(first[1:], first[:-1])[0, 1] == pytest.approx(0, abs=4.5 / 2**6)


def test_a_task_is_as_long_as_it_is_told():
    limits = np.zeros(1, dtype=np.float32)
    asked = (ScenarioLimits(limits, limits + np.float32(np.inf)),)
    tied = CorrelationModel((), np.zeros((1, 0)))
    question = JointQuestion(("a",), tied, asked, (), (), DRAWS, 0, (0,))
    ended = []

    def watched(tasks, total):
        ended.append(total)
        return tasks

    for units in (1, 4, 100):
        count(question, 1, None, watched, units)
    assert ended == [-(-DRAWS // (UNIT * units)) for units in (1, 4, 100)]
