"""The solver when its time is over, and conflicts that are not found in time."""

from __future__ import annotations

import numpy as np
import pytest
from tests.helpers.portfolio_plans import made_up_plan

import corridor_model as cm
from corridor_model import portfolio
from corridor_model.portfolio import programme, robust, solver
from corridor_model.portfolio.solver import Solution

NO_TIME = Solution(None, None, False, False)
WORTH, MONEY = np.array([3, 2, 2]), np.array([[5, 3, 2]])


def numbers(*values):
    return np.array(values, dtype=np.int64)


def late(monkeypatch, room, calls):
    """Let these calls of the solver, counted from 0, end without an answer."""
    solve, count = room.maximise, iter(range(100))

    def slow(*arguments, **options):
        return NO_TIME if next(count) in calls else solve(*arguments, **options)

    monkeypatch.setattr(room, "maximise", slow)


def test_out_of_time_there_is_some_choice_and_a_bound_that_holds(monkeypatch):
    # the best of 5 is the second and third: 4; nothing but the first is 3
    late(monkeypatch, solver, {0})
    x, choice = solver.best([WORTH], MONEY, numbers(5))
    assert MONEY[0] @ x <= 5
    assert choice.proven == (False,)
    assert choice.objective <= 4 <= choice.bound <= 7
    assert choice.gap == (choice.bound - choice.objective) / choice.bound
    late(monkeypatch, solver, {0})
    assert solver.best([WORTH], np.vstack([MONEY, -MONEY]), numbers(5, -11)) is None


def test_a_choice_that_must_hold_something_is_looked_for():
    # at least one of two of which one alone fits
    rows, upper = np.array([[1, 1], [-1, -1]]), numbers(1, -1)
    found = solver._whatever_the_time(numbers(3, 2), rows, upper, None, None)
    assert int(found.x.sum()) == 1
    assert (found.bound, found.proven, found.infeasible) == (3, False, False)
    assert solver._whatever_the_time(numbers(3, 2), rows, upper, None, 2).bound == 2
    none = solver._whatever_the_time(numbers(3, 2), rows, numbers(0, -1), None, None)
    assert none.infeasible


def test_whether_anything_fits_may_not_be_settled_in_time(monkeypatch):
    late(monkeypatch, solver, {0, 1})
    with pytest.raises(cm.CorridorError, match="was not settled in time"):
        solver.best([WORTH], np.vstack([MONEY, -MONEY]), numbers(5, -1))


def test_a_solver_that_fails_says_why(monkeypatch):
    from scipy import optimize

    failed = optimize.OptimizeResult(status=4, message="numerical trouble", x=None)
    monkeypatch.setattr(optimize, "milp", lambda *a, **k: failed)
    with pytest.raises(cm.CorridorError, match="The solver failed: numerical trouble"):
        solver.maximise(WORTH, MONEY, numbers(5))


@pytest.fixture
def collision():
    """Two works of 5 that must be done, and money for one."""
    plan = made_up_plan([{"id": n, "investment": 5.0} for n in "ab"])
    return plan, {"budget": {2020: 5}, "committed": ["a", "b"], "starts": "printed"}


@pytest.mark.parametrize(
    ("calls", "said"),
    [({0}, "Which conditions collide was not found in time"), ({1}, "was not found in time")],
)
def test_which_conditions_collide_may_not_be_found_in_time(monkeypatch, collision, calls, said):
    plan, asked = collision
    with pytest.raises(portfolio.InfeasibleError):
        cm.choose_projects(plan, **asked)
    late(monkeypatch, programme, calls)
    with pytest.raises(cm.CorridorError, match=said) as caught:
        cm.choose_projects(plan, **asked)
    assert not isinstance(caught.value, portfolio.InfeasibleError)


# ------------------------------------------------------------------ the least regret


@pytest.fixture
def three():
    """The best of each scenario loses 8; the third choice, best in none, loses 2."""
    plan = made_up_plan([{"id": n, "investment": 5.0} for n in "abc"])
    late_works = [cm.Scenario(f"late {n}", cm.Delay(n, 12)) for n in "ba"]
    worth = {"a": 8.0, "b": 8.0, "c": 6.0}
    return plan, {
        "budget": 5.0, "scenario": late_works, "benefit": worth,
        "horizon": 2020, "starts": "printed",
    }  # fmt: skip


def test_the_search_does_not_hang_on_how_near_it_starts(monkeypatch, three):
    plan, asked = three
    monkeypatch.setattr(robust, "STEPS", 1)  # the first answer may be as far off as the best is
    made = portfolio.robust_choice(plan, **asked)
    assert made["regret_max"].values[0] == 2
    assert made.attrs["status"] == "optimal"


def test_out_of_time_the_regret_has_a_bound_that_holds(monkeypatch, three):
    plan, asked = three
    late(monkeypatch, robust, {0, 2})
    made = portfolio.robust_choice(plan, **asked)
    assert made.attrs["status"] != "optimal"
    assert made["regret_bound"].min().item() <= 2 <= made["regret_max"].values[0]


def test_scenarios_of_which_no_choice_keeps_all_are_named():
    # late, a must begin in 2020 to spend in 2021; on time it must begin in 2021
    plan = made_up_plan([{"id": "a", "investment": 5.0, "name_en": "Work A"}])
    pair = [cm.Scenario("on time"), cm.Scenario("late", cm.Delay("a", 12))]
    asked = {
        "budget": {2020: 0, 2021: 5, 2022: 0},
        "committed": "a",
        "starts": {"a": np.array([2020, 2021])},
        "benefit": {"a": 1.0},
    }
    for scenario in pair:
        alone = cm.choose_projects(plan, scenario=scenario, **asked)
        assert alone["funded"].values.tolist() == [True]
    with pytest.raises(portfolio.InfeasibleError) as error:
        portfolio.robust_choice(plan, scenario=pair, **asked)
    assert {rule.kind for rule in error.value.constraints} == {"budget", "committed"}
    assert "Work A" in error.value.text("en")
