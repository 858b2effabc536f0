"""Every published or closed-form reference case of the sensitivity floor, through the library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.helpers.paths import cases
from tests.helpers.study_functions import ishigami, modified_g, sobol_g

import corridor_model as cm
from corridor_model.distributions import Normal, Triangular, Uniform
from corridor_model.sensitivity import morris, one_at_a_time, shapley_values, sobol_indices
from corridor_model.sensitivity.inputs import dependences
from corridor_model.sensitivity.morris import elementary_effects

CASES: list[dict[str, Any]] = cases("sensitivity")
BY_ID = {case["id"]: case for case in CASES}
PI = (-np.pi, np.pi)


def names(count: int) -> list[str]:
    return [f"x{i + 1}" for i in range(count)]


def analytic() -> dict[str, Any]:
    """Return function and inputs of each case with closed-form indices."""
    g = BY_ID["sobol_g_8"]["inputs"]["a"]
    product = BY_ID["sobol_product_normal"]["inputs"]
    costs = BY_ID["sobol_three_triangular_projects"]["inputs"]["triangular_min_mode_max"]
    return {
        "sobol_g_8": (lambda x: sobol_g(x, g), dict.fromkeys(names(8), Uniform(0, 1))),
        "sobol_ishigami_a7_b005": (
            lambda x: ishigami(x, b=0.05),
            dict.fromkeys(names(3), PI),
        ),
        "sobol_linear_equal5": (lambda x: x.sum(axis=0), dict.fromkeys(names(5), (0, 1))),
        "sobol_product_normal": (
            lambda x: x[0] * x[1],
            {
                name: Normal(mean, sd)
                for name, mean, sd in zip(names(2), product["mu"], product["sigma"], strict=True)
            },
        ),
        "sobol_product_uniform": (
            lambda x: 10 * x[0] * x[1] - 1,
            dict.fromkeys(names(2), (0, 1)),
        ),
        "sobol_three_triangular_projects": (
            lambda x: x.sum(axis=0),
            {name: Triangular(*ends) for name, ends in zip(names(3), costs, strict=True)},
        ),
    }


@pytest.mark.uncounted
@pytest.mark.parametrize("case", sorted(analytic()))
def test_indices_with_a_closed_form(case):
    func, inputs = analytic()[case]
    made = sobol_indices(func, inputs, n=2**14, resamples=20)
    want = BY_ID[case]["expected"]
    loose = BY_ID[case]["tolerance"].get("mc", {"atol": 0.01})["atol"]
    for index in ("S1", "ST"):
        np.testing.assert_allclose(made[index].values[0], want[index], rtol=0, atol=loose / 2)
    for pair in ("S2_13", "S2_12"):
        if pair in want:
            j, k = (int(digit) - 1 for digit in pair[-2:])
            assert abs(float(made["S2"][0, j, k]) - want[pair]) < loose / 2
            assert made["S2"][0, k, j] == made["S2"][0, j, k]
    if "variance" in want:
        assert float(made["variance"][0]) == pytest.approx(want["variance"], rel=0.02)
        assert float(made["mean"][0]) == pytest.approx(want.get("mean", 2.5), rel=0.005)
    # a sum has no interactions: first and total are one
    if want["S1"] == want["ST"]:
        assert abs(made["S1"] - made["ST"]).max() < 0.01


def test_groups_that_are_closed_under_interaction():
    case = BY_ID["sobol_ishigami_groups"]
    groups = {"G1": ["x1", "x3"], "G2": ["x2"]}
    made = sobol_indices(ishigami, dict.fromkeys(names(3), PI), n=2**14, groups=groups)
    assert made["input"].values.tolist() == ["G1", "G2"]
    for index in ("S1", "ST"):
        np.testing.assert_allclose(made[index][0], case["expected"][index], atol=0.005)
    assert abs(float(made["S2"][0, 0, 1])) < 0.005


def test_a_constant_output_says_so_and_is_told_from_nan():
    made = sobol_indices(lambda x: np.full(x.shape[1], 10.0), dict.fromkeys(names(3), (0, 1)))
    want = BY_ID["sobol_constant_output"]["expected"]
    assert made["S1"].values[0].tolist() == want["S1"]
    assert made["ST"].values[0].tolist() == want["ST"]
    assert bool(made["zero_variance"][0])
    assert float(made["variance"][0]) == 0


def test_an_unused_input_has_exactly_nothing():
    made = sobol_indices(lambda x: x[0] + x[1], dict.fromkeys(names(3), (0, 1)))
    want = BY_ID["sobol_dummy_input"]["expected"]
    np.testing.assert_allclose(made["S1"][0], want["S1"], atol=0.02)
    np.testing.assert_allclose(made["ST"][0], want["ST"], atol=0.02)
    for name in ("S1", "ST", "S1_low", "S1_high", "ST_low", "ST_high"):
        assert float(made[name][0, 2]) == 0


def test_nan_is_refused_with_the_output_and_the_count():
    def func(x):
        return {"fine": x[1], "torn": np.where(x[0] > 0.5, np.nan, x[0])}

    with pytest.raises(ValueError, match=r"'torn': 2048 of 4096 draws") as error:
        sobol_indices(func, dict.fromkeys(names(3), (0, 1)), n=4096)
    assert isinstance(error.value, cm.CorridorError)
    assert "fine" not in str(error.value)


def test_points_of_the_g_functions():
    zero = BY_ID["sobol_g_point_zero"]
    x = np.array(zero["inputs"]["x"], float)[:, None]
    assert sobol_g(x, zero["inputs"]["a"])[0] == pytest.approx(zero["expected"], rel=1e-12)
    case = BY_ID["sobol_g_modified_point"]
    told = case["inputs"]
    x = np.array(told["x"], float)[:, None]
    made = modified_g(x, told["a"], told["alpha"], told["delta"])[0]
    assert made == pytest.approx(case["expected"], rel=1e-12)


def test_morris_on_the_grid_of_the_published_case():
    case = BY_ID["morris_ishigami_population_4levels"]
    made = morris(ishigami, dict.fromkeys(names(3), PI), trajectories=10_000, levels=4)
    for name in ("mu_star", "sigma"):
        np.testing.assert_allclose(made[name].values[0], case["expected"][name], rtol=0.03)
    assert float(made["mu_star"][0, 1]) == pytest.approx(7.875, rel=1e-12)
    np.testing.assert_allclose(made["mu"].values[0], case["expected"]["mu"], atol=0.3)


def test_the_elementary_effects_of_the_book():
    case = BY_ID["morris_saltelli2008_ex4"]
    points = np.array(case["inputs"]["X"]).reshape(6, 3, 2)
    answers = np.array(case["inputs"]["Y"]).reshape(1, 6, 3)
    steps = np.diff(points, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[:, :, None], axis=2)[:, :, 0]
    effects = elementary_effects(answers, moved, size)[0]
    want = case["expected"]
    np.testing.assert_allclose(effects.T, want["elementary_effects"], rtol=1e-9)
    np.testing.assert_allclose(effects.mean(axis=0), want["mu"], rtol=1e-9)
    np.testing.assert_allclose(np.abs(effects).mean(axis=0), want["mu_star"], rtol=1e-9)
    np.testing.assert_allclose(effects.std(axis=0, ddof=1), want["sigma"], rtol=1e-9)


def test_shapley_values():
    costs = BY_ID["shapley_airport"]["inputs"]["costs"]
    made = shapley_values(lambda who: max((costs[i] for i in who), default=0), len(costs))
    np.testing.assert_allclose(made.parts[:, 0], BY_ID["shapley_airport"]["expected"], rtol=1e-9)
    case = BY_ID["shapley_two_packages"]
    values = case["inputs"]["v"]
    made = shapley_values(lambda who: values["".join("AB"[i] for i in who)], 2)
    assert dict(zip("AB", made.parts[:, 0].tolist(), strict=True)) == case["expected"]["phi"]


def test_a_tornado_of_a_function():
    case = BY_ID["tornado_product"]["inputs"]
    base, low, high = (
        dict(zip(names(3), case[side], strict=True)) for side in ("base", "low", "high")
    )
    made = one_at_a_time(lambda x: x[0] * x[1] + x[2], base, low, high)
    want = BY_ID["tornado_product"]["expected"]
    assert made["input"].values.tolist() == want["order"]
    assert made.attrs["base"] == want["base"]
    assert made["output_low"].values.tolist() == want["low"]
    assert made["output_high"].values.tolist() == want["high"]
    assert made["swing"].values.tolist() == want["swing"]
    assert made.attrs["additive"] == 0


def test_the_variance_of_correlated_inputs():
    case = BY_ID["correlated_linear_variance"]
    told = case["inputs"]
    c, sigma = np.array(told["c"]), np.array(told["sigma"])
    (tied,) = dependences({"both": (0, 1)}, {"both": told["rho"]})
    exact = float(((tied.root.T @ (c * sigma)) ** 2).sum())
    assert exact == pytest.approx(case["expected"], rel=1e-9)
    inputs = {name: Normal(0, sd) for name, sd in zip(names(2), sigma, strict=True)}
    made = sobol_indices(
        lambda x: c @ x, inputs, n=2**13, groups={"both": names(2)},
        correlations={"both": told["rho"]},
    )  # fmt: skip
    assert float(made["variance"][0]) == pytest.approx(case["expected"], rel=0.01)
    assert float(made["ST"][0, 0]) == pytest.approx(1, abs=0.02)


def test_the_cases_are_those_given(shared: Path) -> None:
    given = json.loads((shared / "cases" / "scenarios.json").read_text("utf-8"))
    assert [case for case in given if case["floor"] == "sensitivity"] == CASES
    tested = Path(__file__).read_text("utf-8")
    assert not [case["id"] for case in CASES if f'"{case["id"]}"' not in tested and
                case["id"] != "sobol_nan_output_must_raise"]  # fmt: skip
