"""The choice with the least largest regret over several scenarios: brute force is the oracle."""

from __future__ import annotations

import numpy as np
import pytest
from tests.helpers.portfolio_plans import every, made_up_plan, subsets

import corridor_model as cm
from corridor_model import portfolio

YEARS = (2020, 2021, 2022)
END = {0: "2020", 1: "2021", 2: "2022"}


def _made_up(seed):
    """Works, their worth, and scenarios in which some are dearer, late or cancelled."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    money = rng.integers(1, 20, n)
    length = rng.integers(0, 3, n)
    worth = rng.integers(1, 30, n) / 10
    rows = [
        {"id": f"w{i}", "investment": float(money[i]), "end": END[int(length[i])]} for i in range(n)
    ]
    plan = made_up_plan(rows)
    scenarios = []
    for s in range(int(rng.integers(2, 5))):
        changes = []
        for i in range(n):
            what = rng.integers(0, 4)
            if what == 1:
                changes.append(cm.Delay(f"w{i}", months=int(rng.integers(1, 30))))
            elif what == 2:
                changes.append(cm.Overrun(f"w{i}", factor=float(rng.integers(6, 20)) / 10))
        scenarios.append(cm.Scenario(f"s{s}", *changes))
    budget = {y: float(m) for y, m in zip(YEARS, rng.integers(3, 30, 3), strict=True)}
    benefit = {f"w{i}": float(worth[i]) for i in range(n)}
    return plan, scenarios, budget, benefit


def _brute_force(plan, scenarios, budget, benefit):
    """The least largest regret over all subsets as scheduled; None if none keeps all budgets."""
    names = list(plan.projects)
    sets = subsets(len(names))
    fits, values, best = np.ones(len(sets), dtype=bool), [], []
    for scenario in scenarios:
        made = cm.spending(plan, scenario).isel(scenario=0, drop=True)
        years = [y for y in YEARS if y in made["spending_year"].values]
        money = made["spending"].sel(project=names, spending_year=years).values
        done = made["p_done_by"].sel(project=names, spending_year=2022).values >= 1
        cap = np.array([budget[y] for y in years])
        own = (sets @ money <= cap * (1 + 1e-12)).all(axis=1)
        value = sets @ (np.array([benefit[name] for name in names]) * done)
        fits &= own
        values.append(value)
        best.append(value[own].max())
    regret = np.max([b - v for b, v in zip(best, values, strict=True)], axis=0)
    return regret[fits].min(), best


def _equals_brute_force(seeds):
    for seed in seeds:
        plan, scenarios, budget, benefit = _made_up(seed)
        made = portfolio.robust_choice(
            plan, budget, scenario=scenarios, benefit=benefit, horizon=2022, starts="printed"
        )
        least, best = _brute_force(plan, scenarios, budget, benefit)
        own = made.isel(portfolio=0)
        assert own["regret_max"].item() == pytest.approx(least, abs=1e-9), seed
        assert made["regret_bound"].item() == pytest.approx(least, abs=1e-9), seed
        assert made["best_objective"].values == pytest.approx(best, abs=1e-9), seed
        assert made.attrs["status"] == "optimal", seed
        assert own["keeps_budgets"].item(), seed
        kept = made["keeps_budgets"].values
        assert (made["regret_max"].values[kept] >= least - 1e-9).all(), seed


@pytest.mark.uncounted
def test_the_search_equals_brute_force():
    _equals_brute_force(range(6))


@pytest.mark.long
@pytest.mark.slow
def test_the_search_equals_brute_force_for_two_hundred():
    _equals_brute_force(range(100, 300))


def test_starts_are_searched_too():
    plan = made_up_plan([{"id": n, "investment": 4.0} for n in "abc"])
    slow = [cm.Scenario("a late", cm.Delay("a", 12)), cm.Scenario("b late", cm.Delay("b", 12))]
    worth, budget = {"a": 3.0, "b": 2.0, "c": 1.5}, {2020: 4, 2021: 4, 2022: 4}
    made = portfolio.robust_choice(plan, budget, scenario=slow, benefit=worth, horizon=2022)
    worst = np.inf
    shown = []
    for scenario, late in zip(slow, "ab", strict=True):
        shown.append(
            cm.choose_projects(
                plan, budget, scenario=scenario, benefit=worth, horizon=2022,
                runners_up=0, frontier=(), one_more=0,
            )["objective"].item()
        )  # fmt: skip
        assert late in scenario.name
    for starts in every([(None, 0, 1, 2)] * 3):
        regrets = []
        for late, best in zip("ab", shown, strict=True):
            spent, value = np.zeros(6), 0.0
            for name, start in zip("abc", starts, strict=True):
                if start is not None:
                    at = start + (name == late)
                    spent[at] += 4
                    value += worth[name] if at <= 2 else 0.0
            regrets.append(best - value if (spent[:3] <= 4).all() else np.inf)
        worst = min(worst, max(regrets))
    assert made["regret_max"].values[0] == pytest.approx(worst)


def test_searching_beats_comparing():
    """The best of each scenario loses 8; the third choice, best in none, loses 2."""
    plan = made_up_plan([{"id": n, "investment": 5.0} for n in "abc"])
    first = cm.Scenario("first", cm.Delay("b", 12))
    second = cm.Scenario("second", cm.Delay("a", 12))
    made = portfolio.robust_choice(
        plan, 5.0, scenario=(first, second), benefit={"a": 8.0, "b": 8.0, "c": 6.0},
        horizon=2020, starts="printed",
    )  # fmt: skip
    own = made.isel(portfolio=0)
    assert made["source"].values[0] == "minimax regret"
    assert own["start_year"].notnull().values.tolist() == [False, False, True]
    assert made["regret_max"].values.tolist() == [2, 8, 8]
    for lang, said in (("en", "loses at most 2.00"), ("zh", "最多少2.00")):
        assert said in cm.describe(made, lang)


def test_a_cancelled_work_neither_costs_nor_adds():
    plan = made_up_plan([{"id": n, "investment": 5.0} for n in "ab"])
    gone = cm.Scenario("gone", cm.Cancel("a"))
    made = portfolio.robust_choice(
        plan, {2020: 5}, scenario=[cm.Scenario("plan"), gone], benefit={"a": 3.0, "b": 2.0},
        horizon=2022, starts="printed",
    )  # fmt: skip
    # under `plan` only one fits: b costs 1 there, a costs 2 under `gone`
    assert made["regret_max"].values[0] == 1
    assert made["objective"].sel(scenario="gone").values[0] == 2


def test_what_no_choice_keeps_is_named(plan):
    dear = [cm.Scenario("plan"), cm.Scenario("dear", cm.Overrun("weiken_road", 2.0))]
    with pytest.raises(portfolio.InfeasibleError) as error:
        portfolio.robust_choice(plan, {2020: 1.5, 2021: 9, 2022: 9}, scenario=dear)
    assert any(rule.kind == "budget" for rule in error.value.constraints)
    with pytest.raises(cm.CorridorError, match="need a name each"):
        portfolio.robust_choice(plan, {2020: 5}, scenario=[])


def test_the_real_works_under_shipped_scenarios(plan):
    late = cm.Scenario("late", cm.Delay(category="road", months=6))
    dear = cm.Scenario("dear", cm.Overrun(category="road", factor=1.2))
    made = portfolio.robust_choice(
        plan, {2020: 6, 2021: 6, 2022: 6}, scenario=[cm.Scenario("plan"), late, dear]
    )
    assert made.attrs["status"] == "optimal"
    assert (made["regret_max"] >= made["regret_bound"] - 1e-9).all()
    for name in made.data_vars:
        if made[name].dtype.kind == "f" and bool(made[name].isnull().any()):
            assert f"{name}_reason" in made, name
