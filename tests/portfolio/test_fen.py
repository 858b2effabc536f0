"""Money is whole fen inside a choice: brute force over whole numbers is the oracle."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from tests.helpers.portfolio_plans import by_years, made_up_plan, subsets

import corridor_model as cm
from corridor_model import portfolio
from corridor_model.errors import CorridorWarning, PlanError
from corridor_model.portfolio import solver
from corridor_model.text.portfolio import choice_text

pytestmark = pytest.mark.slow

ALONE = {"runners_up": 0, "frontier": (), "one_more": 0}
PRINTED = {"starts": "printed", "runners_up": 0, "frontier": ()}
FEN = Decimal(10**10)


def fen(values):
    whole = [round(Decimal(repr(float(v))) * FEN) for v in np.ravel(values)]
    return np.array(whole).reshape(np.shape(values))


def choice(costs, worth, budget, **more):
    """The choice among works of one year that cost and are worth this."""
    names = [f"w{i:02d}" for i in range(len(costs))]
    plan = made_up_plan(
        [{"id": n, "investment": float(c)} for n, c in zip(names, costs, strict=True)]
    )
    benefit = dict(zip(names, map(float, worth), strict=True))
    return cm.choose_projects(plan, {2020: budget}, benefit=benefit, **{**PRINTED, **more})


# --- the cases and their neighbours ------------------------------------------------------


@pytest.mark.parametrize(
    ("costs", "worth", "budget", "need", "words"),
    [
        ([200, 1.0001], [100, 7], 200, 1.0001, "1.01"),
        ([200, 1.00005], [100, 7], 200, 1.00005, "1.01"),
        ([200, 1.00000001], [100, 7], 200, 1.00000001, "1.01"),  # 1 元
        ([2000, 1.0000000001], [100, 7], 2000, 1.0000000001, "1.01"),  # 1 fen
        ([5000.00000001, 1], [8, 7], 5000, 0.00000001, "0.000000010"),
    ],
)
def test_a_need_is_never_rounded_down(costs, worth, budget, need, words):
    made = choice(costs, worth, budget)
    assert made["more_anywhere"].item() == (0 if need > 1 else made["more_anywhere"].item())
    assert made["next_money_total"].item() == pytest.approx(need, rel=1e-14)
    text = choice_text(made, "en")[-1]
    if need > 1:
        assert "1 亿元 more adds nothing to the aim." in text
        assert made["next_objective"].item() == 107
    assert words in text


@pytest.mark.parametrize("large", [1e6, 1e9, 1e12])
def test_worth_of_every_size_counts(large):
    made = choice([10, 5, 50], [large, 1, large], 10)
    assert made["next_money_total"].item() == 5
    assert made["next_objective"].item() == large + 1
    two = choice([10, 5], [large, 1], 10, one_more=5)
    assert two["more_anywhere"].item() == 1
    said = choice_text(two, "en")[-1]
    assert "5 亿元 more, where it helps most, adds 1.00" in said
    assert "Every work that can count is chosen" not in said
    both = choice([10, 5], [large, 1], 15)
    assert both["objective"].item() == large + 1
    assert "Every work that can count is chosen" in choice_text(both, "en")[-1]


def test_what_other_conditions_forbid_is_not_called_chosen():
    made = choice([10, 5], [3, 2], 100, excludes=[("w00", "w01")])
    said = choice_text(made, "en")[-1]
    assert np.isnan(made["next_objective"])
    assert "other conditions bind" in said
    assert "受其他条件约束" in choice_text(made, "zh")[-1]


def _sums(a, b, modulus, plus, step, works=40):
    i = np.arange(works)
    return ((a * i * i + b * i) % modulus + plus) / 10, step * np.ones(works)


SUMS = {
    "case 6": (*_sums(7, 3, 55, 5, 3e-8), 10),
    "a fen each": (*_sums(7, 3, 55, 5, 1e-10), 10),
    "other sums": (*_sums(11, 5, 49, 3, 1e-8), 12),
    "sixty works": (*_sums(13, 1, 61, 4, 2e-9, 60), 20),
}


def _largest_sum(costs, limit):
    """The largest sum of whole numbers up to a limit."""
    sums = {0}
    for cost in costs.tolist():
        sums |= {s + cost for s in sums if s + cost <= limit}
    return max(sums)


@pytest.mark.parametrize("name", SUMS)
def test_sums_just_above_a_budget(name):
    tenths, above, budget = SUMS[name]
    costs = tenths + above
    made = choice(costs, costs, budget, one_more=0)
    best = _largest_sum(fen(costs), int(budget * FEN))
    assert fen(made["objective"].item()) == best
    assert fen(costs)[made["funded"].values].sum() == best
    assert made["gap"].item() == 0
    assert made.attrs["status"] == "optimal"


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("committed", [(), ("w00", "w07")])
def test_a_choice_is_returned_whatever_the_time(name, committed):
    tenths, above, budget = SUMS[name]
    costs = tenths + above
    made = choice(costs, costs, budget, one_more=0, time_limit=0.001, committed=committed)
    spent = fen(costs)[made["funded"].values].sum()
    assert 0 < spent <= int(budget * FEN)
    best = _largest_sum(fen(costs), int(budget * FEN))
    assert fen(made["objective_bound"].item()) >= (best if not committed else spent)
    assert made["gap"].item() <= 0.2
    assert (made.attrs["status"] == "optimal") == (made["gap"].item() == 0)


def test_what_was_not_settled_in_time_is_said():
    tenths, above, budget = SUMS["case 6"]
    costs = tenths + above
    made = choice(costs, costs, budget, time_limit=0.001)
    assert not made["more_proven"].item()
    said = choice_text(made, "en")[-1]
    assert "not settled" in said or "at most" in said or "where it helps most" in said
    assert "adds nothing" not in said


def test_nothing_is_a_choice_too_and_no_choice_is_said():
    costs = np.full(30, 1.0) + 1e-9 * np.arange(1, 31)
    made = choice(costs, costs, 0.5, time_limit=0.001)
    assert made["objective"].item() == 0
    with pytest.raises(portfolio.InfeasibleError) as error:
        choice(costs, costs, 1.0, committed=["w00"])
    assert [rule.kind for rule in error.value.constraints] == ["budget", "committed"]


def test_thirds_of_an_amount_meet_it():
    rows = [{"id": n, "investment": 1.0, "end": "2022"} for n in "abc"]
    plan = made_up_plan(rows)
    worth = dict.fromkeys("abc", 1.0)
    thirds = cm.choose_projects(
        plan, dict.fromkeys((2020, 2021, 2022), 1.0), benefit=worth, **PRINTED
    )
    assert thirds["objective"].item() == 3
    less = dict.fromkeys((2020, 2021, 2022), 1.0) | {2021: 1.0 - 1e-9}
    assert cm.choose_projects(plan, less, benefit=worth, **PRINTED)["objective"].item() == 2


@pytest.mark.parametrize("more", [1e-10, 3e-10, 1e-8])
def test_a_fen_above_is_above(more):
    made = choice([60, 40 + more, 40], [5, 4, 3], 100)
    assert made["funded"].values.tolist() == [True, False, True]
    assert made["next_money_total"].item() == pytest.approx(more, rel=1e-12)
    assert choice([60, 40 + more, 40], [5, 4, 3], 100 + more)["objective"].item() == 9


def test_the_sum_of_tenths_is_not_above():
    assert choice([0.1] * 3, [1] * 3, 0.3)["objective"].item() == 3
    assert choice([0.1] * 3, [1] * 3, 0.3 - 1e-10)["objective"].item() == 2


# --- brute force -------------------------------------------------------------------------


def programme(seed):
    """A made-up programme with near ties: costs by year, worth, budget, all in whole fen."""
    rng = np.random.default_rng(seed)
    n, years = int(rng.integers(2, 10)), int(rng.integers(1, 4))
    unit = 10 ** int(rng.integers(8, 11))
    costs = rng.integers(0, 40, (n, years)) * unit * (rng.random((n, years)) < 0.8)
    costs = np.where(costs > 0, costs + rng.integers(-3, 4, (n, years)), 0)
    costs[~costs.any(axis=1), 0] = unit
    some = rng.random(n) < 0.5
    budget = costs[some].sum(axis=0) + rng.integers(-2, 3, years)
    if seed % 3 == 0:
        worth = costs.sum(axis=1)
    else:
        size = 10 ** int(rng.integers(0, 9))
        worth = rng.integers(0, 40, n) * size + rng.integers(0, 3, n)
    pairs = rng.integers(0, n, (2, 2))
    return costs, worth, np.maximum(budget, 0), [p for p in pairs.tolist() if p[0] != p[1]]


class Oracle:
    """Every subset of a programme in whole numbers."""

    def __init__(self, seed):
        self.costs, self.worth, self.budget, pairs = programme(seed)
        self.requires, self.excludes = pairs[: seed % 2], pairs[seed % 2 :]
        self.sets = subsets(len(self.worth))
        self.linked = np.ones(len(self.sets), dtype=bool)
        for a, b in self.requires:
            self.linked &= ~self.sets[:, a] | self.sets[:, b]
        for a, b in self.excludes:
            self.linked &= ~(self.sets[:, a] & self.sets[:, b])
        self.money = self.sets @ self.costs
        self.value = self.sets @ self.worth
        self.need = np.maximum(self.money - self.budget, 0).sum(axis=1)
        self.best = self.value[self.linked & (self.need == 0)].max()

    def asked(self, **more):
        plan, scenario = by_years((self.costs / 1e10).tolist())
        names = list(plan.projects)
        pairs = {
            kind: [(names[a], names[b]) for a, b in getattr(self, kind)]
            for kind in ("requires", "excludes")
        }
        budget = {2020 + i: float(b) / 1e10 for i, b in enumerate(self.budget)}
        worth = dict(zip(names, map(float, self.worth), strict=True))
        return cm.choose_projects(
            plan, budget, scenario=scenario, benefit=worth, **pairs, **{**PRINTED, **more}
        )


def _equals_brute_force(seeds):
    for seed in seeds:
        oracle = Oracle(seed)
        made = oracle.asked(one_more=0)
        assert made["objective"].item() == oracle.best, seed
        assert made["gap"].item() == 0, seed
        chosen = made["funded"].values
        assert (chosen @ oracle.costs <= oracle.budget).all(), seed
        ties = oracle.linked & (oracle.need == 0) & (oracle.value == oracle.best)
        least = oracle.money[ties].sum(axis=1).min()
        assert (chosen @ oracle.costs).sum() == least, seed


def test_choices_equal_brute_force():
    _equals_brute_force(range(60))


@pytest.mark.slow
@pytest.mark.long
def test_five_hundred_choices_equal_brute_force():
    _equals_brute_force(range(1000, 1500))


def _around_equals_brute_force(seeds):
    for seed in seeds:
        oracle = Oracle(seed)
        by = int(np.random.default_rng(seed).integers(1, 60)) * 10**8
        made = oracle.asked(one_more=by / 1e10, runners_up=2, frontier=(0.5, 2.0))
        feasible = oracle.linked & (oracle.need == 0)
        assert made["more_proven"].item(), seed
        reach = oracle.value[oracle.linked & (oracle.need <= by)].max() - oracle.best
        assert made["more_anywhere"].item() == reach, seed
        for year, gain in enumerate(made["more_objective"].values):
            wider = oracle.budget + by * (np.arange(len(oracle.budget)) == year)
            best = oracle.value[oracle.linked & (oracle.money <= wider).all(axis=1)].max()
            assert gain == best - oracle.best, seed
        better = oracle.linked & (oracle.value > oracle.best)
        if not better.any():
            assert np.isnan(made["next_money_total"]), seed
        else:
            least = oracle.need[better].min()
            assert made["next_money_total"].item() * 1e10 == pytest.approx(least, abs=1e-3), seed
            most = oracle.value[better & (oracle.need == least)].max()
            assert made["next_objective"].item() == most, seed
        counted = oracle.sets[:, oracle.worth > 0] if (oracle.worth > 0).any() else oracle.sets
        values = {}
        for row, value in zip(counted[feasible], oracle.value[feasible], strict=True):
            values[row.tobytes()] = max(value, values.get(row.tobytes(), 0))
        ranked = sorted(values.values(), reverse=True)
        listed = made["portfolio_objective"].values
        assert listed.tolist() == ranked[: len(listed)], seed
        assert len(listed) == min(3, len(ranked)), seed
        assert (made["portfolio_tied"].values == (listed == listed[0])).all(), seed
        for scale, reached in zip((0.5, 2.0), made["frontier_objective"].values, strict=True):
            cap = np.floor(oracle.budget * scale + 0.5)
            best = oracle.value[oracle.linked & (oracle.money <= cap).all(axis=1)].max()
            assert reached == best, seed


def test_what_lies_around_equals_brute_force():
    _around_equals_brute_force(range(2000, 2012))


@pytest.mark.slow
@pytest.mark.long
def test_what_lies_around_a_hundred_choices_equals_brute_force():
    _around_equals_brute_force(range(2100, 2200))


@pytest.mark.parametrize("seed", range(40))
def test_the_solver_is_exact_for_numbers_of_every_size(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(3, 12)), int(rng.integers(1, 4))
    base = rng.integers(1, 60, (k, n)) * 10 ** int(rng.integers(0, 13))
    rows = np.maximum(base * (rng.random((k, n)) < 0.7) + rng.integers(-3, 4, (k, n)), 0)
    upper = base.sum(axis=1) // 2
    aim = rng.integers(1, 60, n) * 10 ** int(rng.integers(0, 13)) + rng.integers(0, 4, n)
    everything = subsets(n)
    fits = (everything @ rows.T <= upper).all(axis=1)
    answer = solver.maximise(aim, rows, upper)
    assert answer.proven
    assert int(aim @ answer.x) == answer.bound == (everything @ aim)[fits].max()
    assert (rows @ answer.x <= upper).all()


# --- slips -------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", [{2030: 30}, {2023: 30}, {2024: 5, 2025: None}])
def test_a_budget_outside_the_plan_is_refused(plan, budget):
    with pytest.raises(PlanError, match="lies outside 2020-2022") as error:
        cm.choose_projects(plan, budget, **ALONE)
    assert "没有预算约束" in error.value.text("zh")
    with pytest.raises(PlanError, match="caps road"):
        cm.choose_projects(plan, {2020: 30}, caps={"road": {2030: 5}}, **ALONE)


@pytest.mark.parametrize(
    ("asked", "en", "zh"),
    [
        ({"discount": 5}, r"5 is 500 % a year; 5 % is 0\.05", "5"),
        ({"frontier": (80, 100, 120)}, r"80 % of it is 0\.8", "80%应写0.8"),
        ({"mip_rel_gap": 5}, "must lie within 0 and 1", "0"),
    ],
)
def test_percentages_are_refused(plan, asked, en, zh):
    with pytest.raises(PlanError, match=en) as error:
        cm.choose_projects(plan, {2020: 30, 2021: 30, 2022: 30}, **asked)
    assert zh in error.value.text("zh")


def test_a_budget_that_goes_on_after_the_plan_is_taken(plan):
    years = dict.fromkeys(range(2020, 2025), 50)
    assert cm.choose_projects(plan, years, **ALONE)["budget"].notnull().sum() == 5


def test_running_works_left_out_are_told(plan):
    asked = {"works": ["binhai_avenue"], **ALONE}
    with pytest.warns(CorridorWarning, match="run already and are not among works") as caught:
        made = cm.choose_projects(plan, {2020: 40, 2021: 50, 2022: 50}, **asked)
    assert "weiken_road" in str(caught[0].message)
    assert "weiken_road" in made.attrs["running_left_out"]
    assert any("not counted against the budget" in line for line in choice_text(made, "en"))
    assert any("未计入预算" in line for line in choice_text(made, "zh"))
    every = [name for name in plan.projects if plan.projects[name].investment is not None]
    named = cm.choose_projects(plan, {2020: 40, 2021: 50, 2022: 50}, works=every, **ALONE)
    assert named.attrs["running_left_out"] == "none"


def test_a_choice_and_a_simulation_say_the_same_kilometres(plan):
    made = cm.choose_projects(plan, leftover="plan", **ALONE)
    km = cm.spending(plan).isel(scenario=0, drop=True)["km_open"].sel(spending_year=2022).item()
    assert made["objective_scheduled"].item() == pytest.approx(km)
    assert made["objective"].item() + made["objective_left_out"].item() == pytest.approx(km)
    said = " ".join(choice_text(made, "en"))
    assert "12.20 km open by the end of 2022 (3.90 km of it by works that are no candidates" in said
    late = cm.Scenario("late", cm.Delay(category="road", months=12))
    moved = cm.choose_projects(plan, scenario=late, starts="printed", leftover="plan", **ALONE)
    km = (
        cm.spending(plan, late)
        .isel(scenario=0, drop=True)["km_open"]
        .sel(spending_year=2022)
        .item()
    )
    assert moved["objective_scheduled"].item() == pytest.approx(km)
