"""Brute force is the oracle for programmes small enough; published cases are for the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.paths import cases
from tests.helpers.portfolio_plans import by_years, every, made_up_plan, subsets

import corridor_model as cm
from corridor_model import portfolio

ALONE = {"runners_up": 0, "frontier": (), "one_more": 0}
ALONE_PRINTED = {"starts": "printed"} | ALONE
CASES: list[dict[str, Any]] = cases("portfolio")
YEARS = (2020, 2021, 2022)
FITS = 1 + 1e-9


@pytest.fixture(scope="module")
def real(plan):
    """Spending by year, all money, and kilometres, of the works whose money is known."""
    made = cm.spending(plan).isel(scenario=0, drop=True)
    known = [n for n in plan.projects if plan.projects[n].investment is not None]
    money = made["spending"].sel(project=known)
    opened = made["p_open_by"].sel(project=known, spending_year=2022).fillna(0).values
    length = [plan.projects[n].length_in_area_km or 0.0 for n in known]
    return known, money.sel(spending_year=list(YEARS)).values, money.values.sum(1), opened * length


@pytest.mark.uncounted
@pytest.mark.parametrize("seed", range(12))
def test_every_subset_of_the_real_works(plan, real, seed):
    known, money, whole, km = real
    assert len(known) == 17
    rng = np.random.default_rng(seed)
    worth = km if seed < 4 else rng.integers(1, 60, len(known)).astype(float)
    budget = money.sum(axis=0) * rng.uniform(0.05, 1.0, 3)
    everything = subsets(17)
    fits = (everything @ money <= budget * FITS).all(axis=1)
    value = np.where(fits, everything @ worth, -1.0)
    best = value.max()
    ties = everything[value >= best - 1e-9]
    cheapest = ties[np.argmin(ties @ whole)]
    made = cm.choose_projects(
        plan,
        dict(zip(YEARS, budget.tolist(), strict=True)),
        benefit=None if seed < 4 else dict(zip(known, worth, strict=True)),
        starts="printed",
        running="free",
        **ALONE,
    )
    assert made["objective"].item() == pytest.approx(best, abs=1e-9)
    assert made["gap"].item() == 0
    chosen = made["funded"].sel(project=known).values
    # stopped works keep what they had spent before the plan: money counts from there
    before = cm.spending(plan).isel(scenario=0, drop=True)["before_plan"].sel(project=known).values
    assert chosen @ (whole - before) == pytest.approx(cheapest @ (whole - before), abs=1e-6)


programmes = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=n, max_size=n),
        st.lists(st.integers(0, 60), min_size=n, max_size=n),
        st.lists(st.integers(0, 60), min_size=3, max_size=3),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=3),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=3),
    )
)


def _some(costs):
    return [[float(c) for c in row] if any(row) else [1.0, 0.0, 0.0] for row in costs]


@pytest.mark.slow
@settings(max_examples=200)
@given(programmes)
def test_made_up_programmes_equal_brute_force(made_up):
    costs, benefit, budget, requires, excludes = made_up
    costs = _some(costs)
    requires = [pair for pair in requires if pair[0] != pair[1]]
    excludes = [pair for pair in excludes if pair[0] != pair[1]]
    plan, scenario = by_years(costs)
    names = list(plan.projects)
    everything = subsets(len(names))
    money = np.array(costs)
    fits = (everything @ money <= np.array(budget) * FITS).all(axis=1)
    for a, b in requires:
        fits &= ~everything[:, a] | everything[:, b]
    for a, b in excludes:
        fits &= ~(everything[:, a] & everything[:, b])
    value = np.where(fits, everything @ np.array(benefit), -1)
    ties = everything[value == value.max()]
    made = cm.choose_projects(
        plan,
        dict(zip(YEARS, budget, strict=True)),
        scenario=scenario,
        benefit=dict(zip(names, benefit, strict=True)),
        requires=[(names[a], names[b]) for a, b in requires],
        excludes=[(names[a], names[b]) for a, b in excludes],
        starts="printed",
        **ALONE,
    )
    chosen = made["funded"].values
    assert made["objective"].item() == pytest.approx(value.max(), abs=1e-9)
    assert (chosen @ money <= np.array(budget) * FITS).all()
    # of equally good ones the cheapest: nothing is spent for nothing
    assert (chosen @ money).sum() == pytest.approx((ties @ money).sum(axis=1).min(), abs=1e-6)


small = st.lists(
    st.tuples(
        st.integers(1, 20),  # money
        st.integers(1, 3),  # years it takes
        st.integers(0, 2),  # first year
        st.integers(0, 9),  # worth
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.uncounted
@settings(max_examples=60)
@given(small, st.lists(st.integers(0, 20), min_size=3, max_size=3), st.booleans())
def test_start_years_equal_brute_force(works, budget, discounted):
    rows = [
        {
            "id": f"w{i}",
            "investment": float(money),
            "start": str(2020 + first),
            "end": str(2020 + first + years - 1),
        }
        for i, (money, years, first, _) in enumerate(works)
    ]
    plan = made_up_plan(rows)
    rate = 0.07 if discounted else 0.0
    best = 0.0
    for starts in every([(None, *range(2020 + w[2], 2023)) for w in works]):
        spent, value = np.zeros(8), 0.0
        for start, (money, years, _, worth) in zip(starts, works, strict=True):
            if start is not None:
                spent[start - 2020 : start - 2020 + years] += money / years
                opened = start + years - 1
                value += worth * (1 + rate) ** -(opened - 2020) if opened <= 2022 else 0.0
        if (spent[:3] <= np.array(budget) * FITS + 1e-12).all():
            best = max(best, value)
    made = cm.choose_projects(
        plan,
        dict(zip(YEARS, budget, strict=True)),
        benefit={f"w{i}": w[3] for i, w in enumerate(works)},
        horizon=2022,
        discount=rate,
        **ALONE,
    )
    assert made["objective"].item() == pytest.approx(best, abs=1e-7)
    assert (made["spent"].values[:3] <= np.array(budget) * FITS + 1e-12).all()


@pytest.mark.slow
@settings(max_examples=60)
@given(programmes, st.integers(1, 40), st.integers(0, 2))
def test_a_larger_budget_never_lowers_the_optimum(made_up, more, year):
    costs, benefit, budget, *_ = made_up
    plan, scenario = by_years(_some(costs))
    worth = dict(zip(plan.projects, benefit, strict=True))
    asked = {"scenario": scenario, "benefit": worth, "starts": "printed", **ALONE}
    first = cm.choose_projects(plan, dict(zip(YEARS, budget, strict=True)), **asked)
    budget[year] += more
    second = cm.choose_projects(plan, dict(zip(YEARS, budget, strict=True)), **asked)
    assert second["objective"].item() >= first["objective"].item() - 1e-9


@pytest.mark.slow
@settings(max_examples=60)
@given(programmes, st.randoms(use_true_random=False))
def test_order_and_unit_of_money_and_irrelevant_works_change_nothing(made_up, random):
    costs, benefit, budget, *_ = made_up
    costs = _some(costs)
    worth = {f"w{i:02d}": float(b) for i, b in enumerate(benefit)}
    money = dict(zip(YEARS, map(float, budget), strict=True))
    plan, scenario = by_years(costs)
    asked = {"benefit": worth, "starts": "printed", "scenario": scenario, **ALONE}
    first = cm.choose_projects(plan, money, **asked)
    rows = [
        {"id": n, "investment": sum(row), "start": "2020", "end": "2022"}
        for n, row in zip(plan.projects, costs, strict=True)
    ]
    mixed = random.sample(rows, len(rows))
    second = cm.choose_projects(made_up_plan(mixed), money, **asked)
    # in 万元, with a work nobody can pay for and one that is worth nothing
    dear = [{**row, "investment": row["investment"] * 1e4} for row in rows]
    more = [{"id": "a_dear", "investment": 1e9}, {"id": "z_idle", "investment": 1.0}]
    third = cm.choose_projects(
        made_up_plan([more[0], *dear, more[1]]),
        {year: m * 1e4 for year, m in money.items()},
        **{**asked, "benefit": {**worth, "a_dear": 1e3, "z_idle": 0.0}},
    )
    for other in (second, third):
        assert other["objective"].item() == pytest.approx(first["objective"].item(), rel=1e-12)
        picked = {
            p for p, f in zip(other["project"].values, other["funded"].values, strict=True) if f
        }
        assert picked == set(first["project"].values[first["funded"].values])


def test_an_exact_hit_of_the_budget_counts(plan):
    made = cm.choose_projects(plan, leftover="plan", **ALONE)
    assert made.attrs["chosen"] == 17
    assert set(made["status"].values) <= {"as_scheduled", "running", "unknown_investment"}
    assert made["slack"].sel(spending_year=[2020, 2021, 2022]).values == pytest.approx(0, abs=1e-9)
    tenths = made_up_plan([{"id": f"w{i}", "investment": 0.1} for i in range(3)])
    worth = {f"w{i}": 1.0 for i in range(3)}
    # 0.1 + 0.1 + 0.1 is 0.30000000000000004 in binary
    assert cm.choose_projects(tenths, {2020: 0.3}, benefit=worth, **ALONE)["objective"] == 3
    less = cm.choose_projects(
        tenths, {2020: 0.3 * (1 - 1e-7)}, benefit=worth, starts="printed", **ALONE
    )
    assert less["objective"] == 2


def _knapsack(x: dict[str, Any]) -> dict[str, Any]:
    weights, profits = x["weights"], x["profits"]
    names = [f"w{i:02d}" for i in range(len(weights))]
    plan = made_up_plan(
        [{"id": n, "investment": float(w)} for n, w in zip(names, weights, strict=True)]
    )
    made = cm.choose_projects(
        plan, {2020: x["capacity"]}, benefit=dict(zip(names, profits, strict=True)), **ALONE_PRINTED
    )
    assert made["gap"].item() == 0
    assert made.attrs["status"] == "optimal"
    return {"optimum": made["objective"].item(), "selection": made["funded"].values.astype(int)}


def _logic(x: dict[str, Any]) -> dict[str, Any]:
    assert x["constraints"] == ["x3 requires x0", "x1 and x2 exclude each other"]
    plan, scenario = by_years(x["cost_by_year"])
    made = cm.choose_projects(
        plan,
        {2020 + i: float(money) for i, money in enumerate(x["annual_budget"])},
        scenario=scenario,
        benefit={f"w{i:02d}": float(b) for i, b in enumerate(x["benefit"])},
        requires=[("w03", "w00")],
        excludes=[("w01", "w02")],
        **ALONE_PRINTED,
    )
    return {"optimum": made["objective"].item(), "selection": made["funded"].values.astype(int)}


def _regret(x: dict[str, Any]) -> dict[str, Any]:
    payoff = x["payoff"]
    found: dict[str, Any] = {}
    for name in ("maximax", "maximin", "minimax_regret"):
        verdict = getattr(portfolio, name)(payoff)
        (found[name],) = verdict.names
    found["max_regret"] = portfolio.minimax_regret(payoff).scores
    for name, verdict in (
        ("laplace", portfolio.laplace(payoff)),
        ("hurwicz", portfolio.hurwicz(payoff, x["hurwicz_alpha"])),
    ):
        # a tie is named, never broken in silence
        assert verdict.names == ("do_nothing", "subcontract")
        found[name] = verdict.scores
    return found


def _share(x: dict[str, Any]) -> float:
    return portfolio.satisficing_share(x["outcomes"], x["threshold"], x["direction"])


SOLVERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "knapsack_p02": _knapsack,
    "knapsack_p07": _knapsack,
    "portfolio_multi_year_logic": _logic,
    "regret_stevenson": _regret,
    "satisficing_share": _share,
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found, expected = SOLVERS[case["id"]](case["inputs"]), case["expected"]
    rel = case["tolerance"].get("rtol", 1e-12)
    if not isinstance(expected, dict):
        assert found == pytest.approx(expected, rel=rel)
        return
    assert set(found) == set(expected)
    for name, value in expected.items():
        if isinstance(value, str):
            assert found[name] == value
        elif isinstance(value, list):
            assert list(found[name]) == value
        else:
            assert found[name] == pytest.approx(value, rel=rel)


def test_no_case_is_left_out() -> None:
    assert {case["id"] for case in CASES} == set(SOLVERS)


def test_the_cases_are_those_given(shared: Path) -> None:
    given = json.loads((shared / "cases" / "scenarios.json").read_text("utf-8"))
    assert [case for case in given if case["floor"] == "portfolio"] == CASES
    assert all(case["provenance"] for case in CASES)
