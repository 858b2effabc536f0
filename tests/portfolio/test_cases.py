"""Every published or closed-form reference case of the portfolio floor, through the library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.portfolio_plans import by_years, made_up_plan

import corridor_model as cm
from corridor_model import portfolio

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "portfolio.json").read_text("utf-8")
)
ALONE = {"starts": "printed", "runners_up": 0, "frontier": (), "one_more": 0}


def _knapsack(x: dict[str, Any]) -> dict[str, Any]:
    weights, profits = x["weights"], x["profits"]
    names = [f"w{i:02d}" for i in range(len(weights))]
    plan = made_up_plan(
        [{"id": n, "investment": float(w)} for n, w in zip(names, weights, strict=True)]
    )
    made = cm.choose_projects(
        plan, {2020: x["capacity"]}, benefit=dict(zip(names, profits, strict=True)), **ALONE
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
        **ALONE,
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
