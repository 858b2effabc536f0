"""Every published or closed-form reference case of the scenario floor, through the library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.helpers.paths import cases

from corridor_model import draws
from corridor_model.distributions import PERT, Lognormal, Triangular
from corridor_model.scenario.money_under_delay import yearly
from corridor_model.scenario.profiles import DHSS, Even, SCurve, Smoothstep
from corridor_model.scenario.work import Timeline

CASES: list[dict[str, Any]] = cases("scenario")


def _attainment(x: dict[str, Any]) -> dict[str, Any]:
    path = {int(year): value for year, value in x["path"].items()}
    year = draws.first_year_met(path, x["target"], x["direction"])
    return {"attained": year is not None, "year": year}


def _lognormal(x: dict[str, Any]) -> dict[str, float]:
    made = Lognormal(mean=x["mean"], sd=x["cv"] * x["mean"])
    p50, p80, p90 = made.ppf([0.5, 0.8, 0.9])
    return {"mu": made.mu, "sigma": made.sigma, "P50": p50, "P80": p80, "P90": p90}


def _pert(x: dict[str, Any]) -> dict[str, float]:
    made = PERT(x["min"], x["mode"], x["max"], shape=x["lambda"])
    p10, p50, p90 = made.ppf([0.1, 0.5, 0.9])
    told = {"alpha": made.alpha, "beta": made.beta, "mean": made.mean, "variance": made.variance}
    return {**told, "P10": p10, "P50": p50, "P90": p90}


def _triangular(x: dict[str, Any]) -> dict[str, float]:
    made = Triangular(x["min"], x["mode"], x["max"])
    p10, p50, p90 = made.ppf([0.1, 0.5, 0.9])
    # Gauss nodes in the root of probability, in which this corner is a straight line
    nodes, weights = np.polynomial.legendre.leggauss(40)
    u, w = (nodes + 1) / 2, weights / 2
    third = float((((made.ppf(u**2) - made.mean) ** 3) * 2 * u * w).sum())
    told = {"mean": made.mean, "variance": made.variance, "skewness": third / made.sd**3}
    return {**told, "P10": p10, "P50": p50, "P90": p90}


def _tolerance(x: dict[str, Any]) -> dict[str, float]:
    n = draws.tolerance_draws(x["p"], x["c"], k=x["k"], sides=2)
    return {"n": n, "confidence": draws.tolerance_confidence(n, x["p"], k=x["k"], sides=2)}


def _wilks(x: dict[str, Any]) -> dict[str, float]:
    confidence = draws.tolerance_confidence
    return {
        "n_one_sided": draws.tolerance_draws(x["p"], x["c"]),
        "n_two_sided": draws.tolerance_draws(x["p"], x["c"], sides=2),
        "conf_one_sided_59": confidence(59, x["p"]),
        "conf_two_sided_93": confidence(93, x["p"], sides=2),
    }


def _s_curve(x: dict[str, Any]) -> Any:
    if "formula" in x:
        return {"y": DHSS(x["C"], x["K"]).cumulative(x["x"])}
    n = x["n_periods"]
    profile = SCurve(x["alpha"], x["beta"]) if "alpha" in x else Smoothstep()
    annual = yearly(x["total"], 12 * 2020, 12 * (2020 + n), profile, 2020, n)
    if "alpha" in x:
        return {"annual": annual}
    return {"annual": annual, "cumulative": np.cumsum(annual)}


def _spending(x: dict[str, Any]) -> Any:
    start, end = 12 * x["start"], 12 * x["end"]
    if "delay_years" not in x:
        first, last = int(x["start"]), int(x["end"])
        made = yearly(x["total"], start, end, Even(), first, last - first)
        return dict(zip(map(str, range(first, last)), made, strict=True))
    line = Timeline(start, end, start, Even())
    bounds = 12.0 * np.arange(2020, 2031)
    money = x["total"] * np.diff(line.done(bounds, "move", 12 * x["delay_years"]))
    inside = np.arange(2020, 2030) < x["horizon_end"]
    by_year = {str(y): m for y, m in zip(range(2020, 2030), money, strict=True) if m}
    return {
        "by_year": {y: m for y, m in by_year.items() if int(y) < x["horizon_end"]},
        "spent_within_horizon": money[inside].sum(),
        "unspent": money[~inside].sum(),
    }


def _sampling(x: dict[str, Any]) -> Any:
    if "scramble" in x:
        return draws.sobol_points(x["n"], x["d"])
    return {
        "first_total": draws.design_size(x["d"], x["n"]),
        "with_second_order": draws.design_size(x["d"], x["n"], second_order=True),
    }


def _latin(x: dict[str, Any]) -> str:
    u = draws.latin_hypercube(x["n"], x["d"], seed=3)
    places = np.sort(np.floor(x["n"] * u).astype(int), axis=0)
    assert u.shape == (x["n"], x["d"])
    assert (places == np.arange(x["n"])[:, None]).all()
    return "floor(n*u[:,j]) is a permutation of 0..n-1 for every j"


SOLVERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "attainment_already_met": _attainment,
    "attainment_decreasing_indicator": _attainment,
    "spearman_from_pearson_gaussian": lambda x: draws.rank_correlation(x["rho"]),
    "lognormal_overrun_mean_cv": _lognormal,
    "pert_10_20_40": _pert,
    "triangular_right_edge": _triangular,
    "monaco_tolerance_interval": _tolerance,
    "wilks_95_95": _wilks,
    "spend_beta_2_35_5": _s_curve,
    "spend_dhss_C0134_K3884": _s_curve,
    "spend_smoothstep_4": _s_curve,
    "mc_standard_error_n": lambda x: draws.draws_for_error(x["error"], x["stdev"], x["conf"]),
    "saltelli_design_size": _sampling,
    "sobol_seq_first10_3d": _sampling,
    "lhs_stratification": _latin,
    "spend_delay_truncated": _spending,
    "spend_uniform_partial_years": _spending,
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found, expected = SOLVERS[case["id"]](case["inputs"]), case["expected"]
    rel, absolute = case["tolerance"].get("rtol", 0), case["tolerance"].get("atol", 0)
    _compare(found, expected, rel, absolute)


def _compare(found: Any, expected: Any, rel: float, absolute: float) -> None:
    if isinstance(expected, dict):
        assert set(found) == set(expected)
        for name, value in expected.items():
            _compare(found[name], value, rel, absolute)
    elif isinstance(expected, (str, bool)) or expected is None:
        assert found == expected
    else:
        assert np.asarray(found) == pytest.approx(np.asarray(expected), rel=rel, abs=absolute)


def test_no_case_is_left_out() -> None:
    assert {case["id"] for case in CASES} == set(SOLVERS)


def test_the_cases_are_those_given(shared: Path) -> None:
    given = json.loads((shared / "cases" / "scenarios.json").read_text("utf-8"))
    assert [case for case in given if case["floor"] == "scenario"] == CASES
