"""Methods beside the mixture, explanations, base rates, panels, calibration, backtest, weights."""

from __future__ import annotations

import itertools
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from benchmarks.forecast_gradient import FitSettings, fit
from tests.helpers.paths import CASES

import corridor_model as cm
from corridor_model import CorridorError, plot
from corridor_model.files import data_dir
from corridor_model.forecasting import (
    METHODS,
    ForecastError,
    backtest,
    calibrate,
    feasibility,
    forecast,
    forecast_batch,
    shipped_weights,
)
from corridor_model.forecasting.backtest import crps
from corridor_model.forecasting.base_rates import nearest_records, target_records
from corridor_model.forecasting.calibration import Window, training_sample
from corridor_model.forecasting.experts import KINDS, autocovariance, coefficients, grid, read
from corridor_model.forecasting.history import History, read_panel
from corridor_model.forecasting.pooling import NAMES, read_weights, write_weights
from corridor_model.text.forecasting import base_rate_text, explanation_text, record_text

YEARS = list(range(2012, 2020))
GROWING = [100.0, 109.0, 115.0, 128.0, 139.0, 150.0, 161.0, 175.0]


def panel(count=12, seed=0, years=14):
    rng = np.random.default_rng(seed)
    out = {}
    for i in range(count):
        steps = rng.normal(0.06, 0.03) + rng.normal(0, 0.05, years)
        values = 100 * np.exp(np.cumsum(steps))
        out[f"s{i}"] = (list(range(2005, 2005 + years)), values.tolist(), "level")
    return out


# --- the mathematics against brute force


def test_autocovariance_of_a_long_simulation():
    rng = np.random.default_rng(0)
    phi, theta = 0.7, -0.4
    e = rng.standard_normal(400_000)
    u = np.empty_like(e)
    last = 0.0
    for t in range(len(e)):
        last = phi * last + e[t] + (theta * e[t - 1] if t else 0.0)
        u[t] = last
    seen = [float((u[i:] * u[: len(u) - i]).mean()) for i in range(3)]
    assert np.allclose(seen, autocovariance(phi, theta, 2), atol=0.01)


@pytest.mark.parametrize("gaps", [(1, 1, 1), (2, 1), (3,), ()])
def test_prediction_equals_the_joint_normal(gaps):
    """Location and spread are those of a conditional normal, holes included."""
    phi, theta, horizon = 0.8, -0.5, 3
    total = sum(gaps) + horizon
    gamma = autocovariance(phi, theta, total)
    cov = gamma[np.abs(np.subtract.outer(np.arange(total), np.arange(total)))]
    sums = np.zeros((len(gaps), total))
    at = 0
    for row, gap in enumerate(gaps):
        sums[row, at : at + gap] = 1
        at += gap
    ahead = np.zeros(total)
    ahead[at:] = 1
    known = coefficients(gaps, horizon, ((phi, theta),))
    s11, s12 = sums @ cov @ sums.T, sums @ cov @ ahead
    rest = ahead @ cov @ ahead - (s12 @ np.linalg.solve(s11, s12) if gaps else 0)
    assert known.spread[-1, 0] == pytest.approx(rest)
    assert np.allclose(
        known.path[0] @ known.path[0].T @ np.eye(3)[2], known.path[0][2] @ known.path[0].T
    )
    if gaps:
        y = np.arange(1.0, len(gaps) + 1)
        expected = s12 @ np.linalg.solve(s11, y)
        assert known.pull[-1, 0] @ (known.whiten[0] @ y) == pytest.approx(expected)


def test_evidence_is_a_density_over_the_next_step():
    experts = grid([(0.0, 0.0), (0.7, -0.4)], [0.05], [0.03], [(1, 4, np.inf), (0.75, 3, 3)])
    past = np.array([0.02, 0.05, -0.01])
    base = read(past[None], (1, 1, 1), 1, experts).evidence[0]
    steps = np.linspace(-4, 4, 160_001)
    many = np.column_stack([np.tile(past, (len(steps), 1)), steps])
    after = read(many, (1,) * 4, 1, experts).evidence
    mass = np.exp(after - base).sum(axis=0) * (steps[1] - steps[0])
    assert np.allclose(mass, 1, atol=2e-3)


# --- comparison methods


@pytest.mark.parametrize("method", METHODS)
def test_methods_answer_in_order_and_silently(method):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = forecast(GROWING, YEARS, 3, "level", method=method)
    q = told.quantile([0.05, 0.5, 0.95])
    assert (np.diff(q, axis=1) > 0).all()
    assert told.p_basis == "unbenchmarked"
    assert told.route == method
    assert np.allclose(told.cdf(q[2])[2], [0.05, 0.5, 0.95])
    paths = told.sample_paths(50_000, np.random.default_rng(0))
    assert np.abs((paths[2] <= q[2, 1]).mean() - 0.5) < 0.02


def test_drift_goes_on_and_the_random_walk_stays():
    drift = forecast(GROWING, YEARS, 2, "level", method="drift").quantile(0.5)
    assert drift[0] == pytest.approx(175 * (1.75) ** (1 / 7))
    walk = forecast(GROWING, YEARS, 2, "level", method="random_walk").quantile(0.5)
    assert walk == pytest.approx([175, 175])


def test_certain_method_hits_exactly():
    told = forecast([100.0], [2019], 2, "level", method="random_walk")
    assert told.prob_at_least(100.0).tolist() == [1, 1]
    assert told.prob_at_least(100.0001).tolist() == [0, 0]
    assert told.cdf(100.0).tolist() == [1, 1]


def test_unknown_method():
    with pytest.raises(ForecastError, match="random_walk"):
        forecast(GROWING, YEARS, 2, "level", method="prophet")


def test_ets_refuses_what_it_cannot_fit():
    with pytest.raises(ForecastError, match="ets"):
        forecast([1.0, 2.0], [2018, 2019], 2, "level", method="ets")


# --- explanations, base rates, pictures


def test_explanation_adds_up():
    told = forecast(GROWING, YEARS, 3, "level")
    why = told.explain(target=200)
    assert sum(share for _, share in why.families) == pytest.approx(1)
    assert why.families[0][0] == "persistent"
    assert 0 < why.moved < 1
    assert 0 < why.effective_years <= 7
    assert why.p == told.prob_at_least(200)[2]
    assert why.p_base_rate < why.p
    assert "persistent" in explanation_text(why)
    assert "预测依据" in explanation_text(why, "zh")
    assert forecast([100.0], [2019], 3, "level").explain().moved == 0
    ends_at_zero = forecast([3.0, 1.0, 0.0], [2017, 2018, 2019], 3, "level").explain()
    assert ends_at_zero.base_rate[0] < 0 < ends_at_zero.base_rate[2]


def test_no_explanation_without_the_mixture():
    assert forecast([1, 2, 3], [2017, 2018, 2019], 2, "additions").explain() is None
    assert forecast(GROWING, YEARS, 2, "level", method="drift").explain() is None


def test_base_rates_fall_with_ambition_and_name_themselves():
    goals = [90, 100, 105, 120, 150, 200, 400]
    for kind in ("level", "count", "ratio"):
        shares = [feasibility(100, goal, 3, kind).share for goal in goals]
        assert shares == sorted(shares, reverse=True)
        assert shares[-1] < 0.1
    found = feasibility(100, 150, 3, "level")
    assert found.p_basis == "base_rate"
    assert "Base rate" in base_rate_text(found)
    assert "基准概率" in base_rate_text(found, "zh")
    assert found.series > 1000
    down = feasibility(100, 90, 3, "level", sense="at_most")
    assert down.share + feasibility(100, 90, 3, "level").share == pytest.approx(1)


@pytest.mark.parametrize("bad", [(0, 1, 3, "level"), (1, 2, 6, "level"), (1, 2, 3, "rank")])
def test_base_rates_refuse(bad):
    with pytest.raises(ForecastError):
        feasibility(*bad)


@pytest.mark.uncounted
def test_figures_draw_on_the_callers_axes():
    import matplotlib as mpl
    from matplotlib.figure import Figure

    before = dict(mpl.rcParams)
    axes = Figure().subplots(1, 2)
    told = forecast(GROWING, YEARS, 3, "level")
    assert plot.fan(told, axes[0], target=230) is axes[0]
    found = backtest(panel(3))
    assert plot.reliability(found, axes[1], lang="en") is axes[1]
    labels = axes[0].get_legend_handles_labels()[1]
    assert any("230" in label for label in labels)
    assert dict(mpl.rcParams) == before


def test_old_methods_still_answer_and_name_the_new_functions():
    from matplotlib.figure import Figure

    axes = Figure().subplots(1, 2)
    told, found = forecast(GROWING, YEARS, 3, "level"), backtest(panel(3))
    rate = feasibility(100, 150, 3, "level")
    with pytest.warns(DeprecationWarning, match=r"corridor_model\.plot\.fan"):
        assert told.figure(axes[0], target=230) is axes[0]
    with pytest.warns(DeprecationWarning, match=r"corridor_model\.plot\.reliability"):
        assert found.figure(axes[1]) is axes[1]
    with pytest.warns(DeprecationWarning, match=r"corridor_model\.describe"):
        assert told.explain().text("zh") == explanation_text(told.explain(), "zh")
    with pytest.warns(DeprecationWarning, match=r"corridor_model\.describe"):
        assert rate.text() == base_rate_text(rate)


# --- panels, calibration, backtest


def test_panel_reads_tables_and_names_mistakes():
    import pandas as pd

    table = pd.DataFrame(
        {"series": ["a", "a", "b"], "year": [2001, 2000, 2000], "value": [2.0, 1.0, 3.0],
         "kind": ["level", "level", "share"]}
    )  # fmt: skip
    one, two = read_panel(table)
    assert one.values == (1.0, 2.0)
    assert two.kind == "share"
    assert [s.name for s in read_panel(table, until=2000)] == ["a", "b"]
    with pytest.raises(ForecastError, match=r"'a'.*2001"):
        read_panel(table.assign(value=[float("nan"), 1.0, 1.0]))
    with pytest.raises(ForecastError, match="kind"):
        read_panel(table.drop(columns="kind"))
    with pytest.raises(ForecastError, match="two kinds"):
        read_panel(table.assign(kind=["level", "share", "share"]))


def test_calibration_looks_at_nothing_later():
    whole = panel()
    cut = {k: ([y for y in ys if y <= 2012], vs[:8], kind) for k, (ys, vs, kind) in whole.items()}
    a, b = calibrate(whole, until=2012), calibrate(cut)
    assert (a.prior == b.prior).all()
    assert (a.plain == b.plain).all()


def test_calibration_is_deterministic_and_helps_at_home():
    rng = np.random.default_rng(4)
    odd = {}
    for i in range(40):
        values = 50 * np.exp(np.cumsum(0.12 + 0.01 * rng.standard_normal(16)))
        odd[f"x{i}"] = (list(range(2004, 2020)), values.tolist(), "level")
    own = calibrate(odd, until=2012)
    again = calibrate(odd, until=2012)
    assert (own.prior == again.prior).all()
    plain, tuned = backtest(odd, since=2013), backtest(odd, since=2013, weights=own)
    assert tuned.crps < plain.crps


def test_empty_panel_changes_nothing():
    own = calibrate({"a": ([2019], [1.0], "level")})
    assert (own.prior == shipped_weights().prior).all()
    assert own.about["calibrated"]["lessons"] == 0


def test_backtest_counts_and_scores():
    found = backtest(panel(4), horizons=(1, 3), fewest=5)
    assert found.tasks == 4 * (9 + 7)
    assert found.crps > 0
    assert set(found.coverage) == {50, 80, 90}
    assert sum(b.cases for b in found.reliability) == found.tasks * 5
    drift = backtest(panel(4), horizons=(1, 3), fewest=5, method="drift")
    assert drift.crps_random_walk == found.crps_random_walk


def test_backtest_needs_a_later_year():
    with pytest.raises(ForecastError, match="later year"):
        backtest({"a": ([2018, 2019], [1.0, 2.0], "level")})


def test_crps_of_a_normal():
    draws = np.sort(np.random.default_rng(0).standard_normal((1, 40_000)), axis=1)
    # the closed form at the mean: (sqrt(2) - 1) / sqrt(pi)
    assert crps(draws, np.array([0.0]))[0] == pytest.approx((2**0.5 - 1) / np.pi**0.5, abs=5e-3)


# --- weights


def test_weights_round_trip(tmp_path):
    weights = shipped_weights()
    write_weights(weights, tmp_path)
    again = read_weights(tmp_path)
    for name in ("prior", "gate", "plain"):
        assert (getattr(weights, name) == getattr(again, name)).all()
    assert again.experts.rows == weights.experts.rows
    assert again.skill == weights.skill
    assert again.about == weights.about


def test_shipped_tables_name_their_origin():
    about = json.loads((data_dir() / "forecast" / "weights.json").read_text(encoding="utf-8"))
    for key in ("sources", "license", "script", "seed", "date", "series"):
        assert about[key]
    size = sum(f.stat().st_size for f in (data_dir() / "forecast").iterdir())
    assert size < 200_000


def test_weights_sum_to_one():
    told = forecast(GROWING, YEARS, 2, "level")
    assert told.core.weight.sum() == pytest.approx(1)
    assert shipped_weights().gate.shape == (len(NAMES), len(shipped_weights().experts))


def test_the_fit_finds_the_better_expert():
    experts = grid([(0.0, 0.0)], [0.01, 0.3], [0.0], [(1, 4, np.inf)])
    rng = np.random.default_rng(0)
    windows = []
    for _ in range(400):
        x = 100 * np.exp(np.cumsum(0.01 * rng.standard_normal(5)))
        windows.append(Window(tuple(x[:4]), 1, float(x[4]), "level"))
    sample = training_sample(windows, experts)
    fitted = fit(sample, FitSettings(rounds=60, batch=200), gated=False)
    level = KINDS.index("level")
    assert fitted.prior[level, 0] > fitted.prior[level, 1]
    assert (fitted.gate == 0).all()


# --- skill must not rot


@pytest.mark.uncounted
def test_skill_on_frozen_tasks():
    """A few hundred real tasks; figures may improve, not silently fall."""
    path = CASES / "forecast_tasks.json"
    frozen = json.loads(path.read_text(encoding="utf-8"))
    tasks, floor = frozen["tasks"], frozen["floor"]
    levels = (np.arange(99) + 0.5) / 99
    ratio, hits, inside = [], [], []
    for t in tasks:
        years = range(t["origin"] - len(t["history"]) + 1, t["origin"] + 1)
        told = forecast_batch([t["history"]], [years], t["h"], t["kind"])
        q = np.maximum(np.asarray(told.last_year_quantile(levels)), 1e-3 * t["history"][-1])
        ratio.append([crps(np.log(q), np.log([t["actual"]]))[0], t["drift_crps"]])
        goal = t["history"][-1] * 1.05 ** t["h"]
        hits.append((float(told.prob_at_least(goal)[0, -1]), t["actual"] >= goal))
        inside.append(q[0, 9] <= t["actual"] <= q[0, 89])
    score = np.sum(ratio, axis=0)
    p, came = np.array(hits, float).T
    assert score[0] / score[1] < floor["logCRPSr"]
    assert ((p - came) ** 2).mean() < floor["brier"]
    assert abs(np.mean(inside) - 0.8) < 0.05


def test_history_keeps_the_last_twenty_years():
    long = forecast([1.0] * 30 + GROWING, range(1982, 2020), 2, "level")
    short = forecast([1.0] * 12 + GROWING, range(2000, 2020), 2, "level")
    assert long.history == short.history
    assert isinstance(long.history, History)
    assert (long.quantile([0.1, 0.9]) == short.quantile([0.1, 0.9])).all()


@pytest.mark.uncounted
def test_backtest_coverage_is_that_of_exact_intervals():
    """Read between 99 quantiles at np.quantile's own positions the intervals were narrower."""
    series = panel(6)
    score = backtest(series, horizons=(1, 2))
    ends = np.array([[0.5 - width / 200, 0.5 + width / 200] for width in (50, 80, 90)])
    inside = np.zeros(3)
    for years, values, kind in series.values():
        for n in range(3, len(values)):
            for h in (1, 2):
                if n - 1 + h < len(values):
                    told = forecast(values[:n], years[:n], h, kind)
                    below = told.cdf(values[n - 1 + h])[-1]
                    inside += (ends[:, 0] <= below) & (below <= ends[:, 1])
    assert list(score.coverage.values()) == pytest.approx(inside / score.tasks, abs=1e-12)


# --- how often statements near 0 and 1 came true


def test_records_stand_beside_ends_alone():
    for p in (0.1, 0.5, 0.9, 0.0, 1.0):
        assert target_records(p) == ()
        assert record_text(p) == record_text(p, "zh") == ""
    low, high = target_records(0.001), target_records(0.999)
    assert {r.family for r in low} == {r.family for r in high}
    assert {r.end for r in low} == {"low"}
    for record in (*low, *high):
        assert record.statements > record.entities > 5
        assert 0 <= record.met <= 1
        assert (record.stated < 0.1) == (record.end == "low")
    # what is stated of national plans near 0 came true far more often: that is why it is said
    plan = next(r for r in low if r.family == "plan")
    assert plan.met > 3 * plan.stated


def test_records_in_words_name_every_family_with_its_n():
    for lang in ("en", "zh"):
        for p in (0.02, 0.97):
            said = record_text(p, lang)
            for record in target_records(p):
                assert str(record.statements) in said
                assert f"{record.met:.0%}" in said
    assert "impossible" not in record_text(0.001)
    assert "certain" not in record_text(0.999)


def test_the_nearest_record_of_arrays():
    met, statements = nearest_records(np.array([[0.05, 0.5], [0.95, 1.0]]))
    assert np.isnan(met).tolist() == [[False, True], [False, True]]
    assert (statements > 0).tolist() == [[True, False], [True, False]]


def test_what_is_no_table_of_series_is_told_so(plan):
    for door in (cm.backtest, cm.calibrate):
        with pytest.raises(cm.CorridorError, match="Series are a table .* not Plan"):
            door(plan)


@pytest.mark.parametrize(
    "one", [{}, 3, ([2019, 2020], [1.0], "level"), ([2019], [1.0]), (None, [1.0], "level")], ids=str
)
def test_a_panel_of_other_things_is_refused_in_words(one):
    for call in (backtest, calibrate):
        with pytest.raises(CorridorError, match="as many years as values and a kind"):
            call({"gdp": one})


def test_weights_are_those_of_calibrate():
    panel = {"gdp": (range(2010, 2020), [float(2**i) for i in range(10)], "level")}
    with pytest.raises(CorridorError, match="weights come from calibrate"):
        calibrate(panel, weights=pd.DataFrame({"a": [1]}))
    with pytest.raises(CorridorError, match="kinds"):
        forecast_batch([[1.0, 2.0]], [[2019, 2020]], 1, itertools.repeat("level"))
