"""Shares of a game: exact where a sum decides it, intervals that cover where it is sampled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.sensitivity import SensitivityError, VotingGame, attribute, shapley_values
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes

COUNCIL = VotingGame([7] * 5 + [1] * 10, quota=39)
"""Five vetoes, and at least four of ten others."""
VETO, OTHER = 0.19627039627039628, 0.0018648018648018648
"""421/2145 and 4/2145: Shapley and Shubik (1954)."""


def council(who):
    return sum(i < 5 for i in who) == 5 and len(who) >= 9


def test_the_security_council_is_exact():
    made = shapley_values(COUNCIL, 15)
    assert made.exact is True
    np.testing.assert_allclose(made.parts[:5, 0], VETO, rtol=1e-12)
    np.testing.assert_allclose(made.parts[5:, 0], OTHER, rtol=1e-12)
    assert float(made.parts.sum()) == pytest.approx(1, rel=1e-12)
    assert COUNCIL(range(9)) == council(range(9)) == 1
    assert COUNCIL([*range(4), *range(5, 15)]) == council([*range(4), *range(5, 15)]) == 0


@pytest.mark.parametrize("table", [None, 0])
@settings(max_examples=60)
@given(
    st.lists(st.integers(-40, 90), min_size=1, max_size=8),
    st.integers(-60, 200),
    st.sampled_from([1, 2, 10, 100]),
    st.sampled_from(["at_least", "at_most"]),
)
def test_a_game_of_a_sum_is_its_subsets(table, parts, quota, over, sense):
    import importlib

    module = importlib.import_module("corridor_model.sensitivity.attribution")
    game = VotingGame([one / over for one in parts], quota / over, sense)
    before, module.TABLE = module.TABLE, module.TABLE if table is None else table
    try:
        made = shapley_values(game, len(parts))
    finally:
        module.TABLE = before

    def worth(who):
        total = sum(parts[i] for i in who)
        return float(total >= quota if sense == "at_least" else total <= quota)

    want = shapley_values(worth, len(parts))
    np.testing.assert_allclose(made.parts, want.parts, atol=1e-12)
    assert made.none.tolist() == want.none.tolist()
    assert made.all.tolist() == want.all.tolist()


def test_tenths_are_tenths():
    """0.1 + 0.2 reaches 0.3, as on paper."""
    made = shapley_values(VotingGame([0.1, 0.2], 0.3), 2)
    assert made.parts.ravel().tolist() == [0.5, 0.5]


def test_forty_roads_of_two_decimals_sum_to_one_and_are_alike_where_they_are():
    rng = np.random.default_rng(1)
    km = np.round(rng.uniform(0.5, 20, 40), 2)
    km[1] = km[0]
    made = shapley_values(VotingGame(km, 200.0), 40)
    assert made.exact is True
    assert float(made.parts.sum()) == pytest.approx(1, rel=1e-12)
    assert made.parts[0] == made.parts[1]
    order = np.argsort(km)
    assert (np.diff(made.parts[order, 0]) >= 0).all()  # a longer road never counts less


def test_forty_equal_parts_share_alike():
    made = shapley_values(VotingGame([2.5] * 40, 51), 40)
    np.testing.assert_allclose(made.parts, 1 / 40, rtol=1e-12)


@pytest.mark.parametrize(
    ("parts", "quota", "sense", "said"),
    [
        ([], 1, "at_least", "at least one part"),
        ([1, float("nan")], 1, "at_least", "finite"),
        ([1, 2], float("inf"), "at_least", "finite"),
        ([1, 2], 1, "above", "at_least or at_most"),
        ([1e17, 1e-17], 1, "at_least", "18 digits"),
    ],
)
def test_a_game_that_is_none_is_refused(parts, quota, sense, said):
    with pytest.raises(SensitivityError, match=said) as error:
        VotingGame(parts, quota, sense)
    assert error.value.text("zh") != str(error.value)


def test_more_players_than_can_be_counted():
    with pytest.raises(SensitivityError, match="up to 40 players"):
        VotingGame([1] * 41, 20).shares()
    made = shapley_values(VotingGame([1] * 41, 20), 41, orders=8)
    assert made.exact is False


# Sampled shares: rare pivots, and intervals that cover.


@pytest.mark.uncounted
@pytest.mark.parametrize("seed", range(8))
def test_a_pivot_that_no_order_held_is_not_known_to_be_none(seed):
    made = shapley_values(council, 15, seed=seed)
    assert made.exact is False
    assert (made.error > 0).all()
    off = np.abs(made.parts[:, 0] - ([VETO] * 5 + [OTHER] * 10))
    assert (off <= 4 * made.error[:, 0]).all()
    assert float(made.parts.sum()) == pytest.approx(1)


def covered(value, players, want, repetitions, orders):
    """Return the share of 95 % intervals that hold the exact value, by player."""
    hits = np.zeros(players)
    for seed in range(repetitions):
        made = shapley_values(value, players, orders=orders, exact=0, seed=seed)
        hits += np.abs(made.parts[:, 0] - want) <= 1.96 * made.error[:, 0] + 1e-12
    return hits / repetitions


@pytest.mark.long
@pytest.mark.slow
def test_intervals_of_sampled_shares_cover_in_a_thousand_repetitions():
    rng = np.random.default_rng(0)
    worth = rng.normal(size=2**6)
    games = {
        "council": (council, 15, [VETO] * 5 + [OTHER] * 10, 64),
        "airport": (lambda who: max((i + 1 for i in who), default=0), 6, None, 64),
        "any": (lambda who: worth[sum(1 << i for i in who)], 6, None, 64),
        "one of many": (lambda who: float(len(who) >= 1 and min(who) < 2), 8, None, 64),
    }
    for name, (value, players, known, orders) in games.items():
        want = shapley_values(value, players).parts[:, 0] if known is None else np.array(known)
        share = covered(value, players, want, 1000, orders)
        assert share.min() > 0.93, (name, share)
        assert share.mean() > 0.945, (name, share)


# Attribution beyond twelve changes.


def test_many_changes_of_many_works_are_exact_where_works_sum_up(plan):
    works = [w for w in plan.projects.values() if w.investment][:14]
    changes = [cm.Delay(w.id, months=6 + i) for i, w in enumerate(works)]
    changes += [cm.Overrun(all=True, factor=1.1), cm.SetGrowth("gdp", 0.1)]
    scenario = cm.Scenario("many", *changes)
    asked = ["inside_plan", "km_open:2022", "spending:binhai_avenue:2022", "p_reach:gdp"]
    made = attribute(plan, scenario, asked, orders=4)
    assert made["exact"].values.tolist() == [True, True, True, False]
    assert made.attrs["exact"] == 0
    moved = made["after"] - made["before"]
    np.testing.assert_allclose(made["share"].sum("change"), moved, atol=1e-9)
    exact = made.isel(output=slice(3))
    assert (exact["share_low"] == exact["share_high"]).all()
    assert float(exact["share"].sel(output="inside_plan")[-1]) == 0
    # each delay by itself and half of what it does together with the cost, work by work
    reader = Reader(plan)
    money = outcomes(plan, "inside_plan")
    delay, cost = changes[0], changes[14]
    none, late, dear, both = (
        float(reader.read(money, some)[0]) for some in ((), (delay,), (cost,), (delay, cost))
    )
    want = ((late - none) + (both - dear)) / 2
    assert float(made["share"].sel(output="inside_plan")[0]) == pytest.approx(want, abs=1e-9)
    assert "1 of 4 outputs are sampled" in cm.describe(made, "en")
    assert "4项结果中有1项" in cm.describe(made, "zh")


def test_thirteen_changes_of_one_work_are_sampled(plan):
    changes = [cm.Overrun("binhai_avenue", factor=1 + i / 100) for i in range(13)]
    made = attribute(plan, cm.Scenario("one", *changes), "total", orders=4)
    assert not made["exact"].any()
    assert (made["share_high"] > made["share_low"]).any()
