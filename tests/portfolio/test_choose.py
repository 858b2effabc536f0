"""Choices on the shipped plan and small made ones: meaning, refusals, words, robustness."""

from __future__ import annotations

import json
import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.portfolio_plans import by_years, made_up_plan

import corridor_model as cm
from corridor_model import portfolio
from corridor_model.cli import main
from corridor_model.errors import CorridorWarning, PlanError
from corridor_model.portfolio import programme, solver
from corridor_model.portfolio.choose import answers
from corridor_model.portfolio.programme import Condition, choice_model, conditions_of, once
from corridor_model.portfolio.request import choice_request
from corridor_model.text.portfolio import choice_text, cut_text, robust_text

ALONE = {"runners_up": 0, "frontier": (), "one_more": 0}
SMALL = {2020: 5, 2021: 5, 2022: 5}
LATE = cm.Scenario(
    "late",
    cm.Delay(category="road", months=cm.PERT(0, 3, 18)),
    cm.Overrun(category="road", factor=cm.Lognormal(mean=1.204, sd=0.299)),
)


def chosen(made):
    return set(made["project"].values[made["funded"].values])


# --- what a choice means ---------------------------------------------------------------


def test_the_labels_say_everything(plan):
    made = cm.choose_projects(plan, SMALL)
    assert (made.attrs["n_known"], made.attrs["n_works"]) == (17, 24)
    assert made.attrs["plan_digest"] == plan.digest
    assert (made.attrs["n_lengths"], made.attrs["n_roads"]) == (8, 14)
    assert made.attrs["origin"] == "assumed"
    assert list(made["project"].values) == list(plan.projects)
    for name in made.data_vars:
        if made[name].dtype.kind == "f" and bool(made[name].isnull().any()):
            assert f"{name}_reason" in made, name
    assert made["spending"].attrs["units"] == "亿元"
    assert made["objective"].attrs["units"] == "km"
    money = made["spending"].sum("project").values
    assert made["spent"].values == pytest.approx(money)
    inside = made["slack"].dropna("spending_year")
    assert (inside >= -1e-9 * 5).all()
    json.dumps(made.attrs)


def test_money_is_that_of_the_scenario_floor(plan):
    scenario = cm.Scenario("x", cm.Overrun(all=True, factor=1.2), cm.Delay(all=True, months=3))
    made = cm.choose_projects(
        plan, {2020: 999, 2021: 999, 2022: 999}, scenario=scenario, leftover="plan", **ALONE
    )
    money = cm.spending(plan, scenario).isel(scenario=0, drop=True)["spending"]
    years = made["spending_year"].values
    both = money.reindex(spending_year=years).fillna(0)
    known = [p for p in plan.projects if plan.projects[p].investment is not None]
    assert made["spending"].sel(project=known).values == pytest.approx(
        both.sel(project=known).values, abs=1e-9
    )


def test_a_moved_work_spends_what_a_delay_of_whole_years_spends(plan):
    name = "tonghai_avenue_west"
    made = cm.choose_projects(plan, None, committed={name: 2022}, **ALONE)
    late = cm.spending(plan, cm.Scenario("x", cm.Delay(name, months=24))).isel(
        scenario=0, drop=True
    )["spending"]
    years = made["spending_year"].values
    assert made["spending"].sel(project=name).values == pytest.approx(
        late.sel(project=name).reindex(spending_year=years).fillna(0).values
    )
    assert made["status"].sel(project=name) == "postponed"
    assert made["end"].sel(project=name) == "2025-12"


def test_escalation_is_that_of_a_delay_of_whole_years(plan):
    name = "tonghai_avenue_west"
    dearer = cm.Scenario("x", escalation=0.05)
    made = cm.choose_projects(
        plan, {2020: 999, 2021: 999, 2022: 999}, scenario=dearer, committed={name: 2021}, **ALONE
    )
    late = cm.spending(plan, dearer + cm.Scenario("y", cm.Delay(name, months=12))).isel(
        scenario=0, drop=True
    )
    assert made["spending"].sel(project=name).sum().item() == pytest.approx(
        late["total"].sel(project=name).item()
    )


@settings(max_examples=40)
@given(
    st.sampled_from(["2018", "2019-06", "2020", "2020-07", "2021-03"]),
    st.sampled_from([cm.Delay, cm.Accelerate]),
    st.integers(0, 30),
    st.integers(2019, 2023),
)
def test_money_is_conserved_wherever_a_work_begins(since, change, months, year):
    plan = made_up_plan(
        [{"id": "a", "investment": 6.0, "start": "2020-04", "end": "2022-03"}], last=2023
    )
    scenario = cm.Scenario("x", change("a", months=months), since=since)
    try:
        made = cm.choose_projects(
            plan, {2023: None}, scenario=scenario, committed={"a": year}, benefit={}, **ALONE
        )
    except PlanError:
        return  # it runs already, or would begin before changes count
    assert made["spending"].sum().item() == pytest.approx(6.0)
    assert made["funded"].all()


def test_running_works_are_kept_or_stopped_and_never_moved(plan):
    running = {"weiken_road", "xingqu_road", "oujiang_road_east"}
    kept = cm.choose_projects(plan, SMALL, **ALONE)
    assert running <= chosen(kept)
    assert set(kept["status"].sel(project=sorted(running)).values) == {"running"}
    nothing = dict.fromkeys(SMALL, 0)
    stopped = cm.choose_projects(plan, nothing, running="free", **ALONE)
    assert chosen(stopped) == set()
    assert set(stopped["status"].sel(project=sorted(running)).values) == {"stopped"}
    # what was spent before the plan stays spent (S11)
    before = cm.spending(plan).isel(scenario=0, drop=True)["before_plan"].sum().item()
    assert stopped["spent"].sel(spending_year=2019).item() == pytest.approx(before)
    with pytest.raises(portfolio.InfeasibleError):
        cm.choose_projects(plan, nothing, **ALONE)
    with pytest.raises(PlanError, match="began in 2019-12"):
        cm.choose_projects(plan, SMALL, starts={"weiken_road": [2021]}, **ALONE)


def test_sunk_money_counts_against_the_budget_of_its_year():
    plan = made_up_plan([{"id": "a", "investment": 12.0, "end": "2021"}])
    half = cm.Scenario("x", since="2020-07")
    free = {"scenario": half, "running": "free", "benefit": {"a": 1.0}, **ALONE}
    stopped = cm.choose_projects(plan, {2020: 5.9}, **free)
    assert stopped["spent"].sel(spending_year=2020).item() == pytest.approx(3.0)
    kept = cm.choose_projects(plan, {2020: 6.0}, **free)
    assert kept["spent"].sel(spending_year=2020).item() == pytest.approx(6.0)


def test_unknown_costs_are_left_out_until_given(plan):
    made = cm.choose_projects(plan, {2020: 40, 2021: 50, 2022: 50}, **ALONE)
    name = "huanshan_north_road_phase_1"
    assert made["status"].sel(project=name) == "unknown_investment"
    assert np.isnan(made["spending"].sel(project=name)).all()
    given_ = cm.choose_projects(plan, {2020: 40, 2021: 50, 2022: 50}, costs={name: 9.0}, **ALONE)
    assert name in chosen(given_)
    assert given_["objective"].item() == pytest.approx(made["objective"].item() + 3.9)
    assert (given_.attrs["n_known"], given_.attrs["n_works"]) == (18, 24)
    for asked in (
        {"committed": [name]},
        {"works": [name]},
        {"requires": [("weiken_road", name)]},
        {"excludes": [(name, "weiken_road")]},
        {"same_year": [(name, "weiken_road")]},
    ):
        with pytest.raises(
            PlanError, match=r"the cost of 'huanshan_north_road_phase_1' is unknown"
        ):
            cm.choose_projects(plan, SMALL, **asked, **ALONE)


def test_a_length_that_is_not_printed_is_not_zero(plan):
    made = cm.choose_projects(plan, None, leftover="plan", **ALONE)
    at = made.sel(project="jinliwen_expressway")
    assert np.isnan(at["value"])
    assert at["value_reason"] == "no_length"
    assert "jinliwen_expressway" in made.attrs["no_length"]
    own = cm.choose_projects(plan, None, benefit={"jinliwen_expressway": 22.0}, **ALONE)
    assert "jinliwen_expressway" in chosen(own)
    assert own["value_reason"].sel(project="bus_lanes") == "not_in_table"


def test_budgets_totals_and_caps():
    plan = made_up_plan(
        [
            {"id": "a", "investment": 4.0, "lead_units": ("甲局",)},
            {"id": "b", "investment": 5.0, "lead_units": ("乙局",), "category": "environment"},
            {"id": "c", "investment": 6.0, "lead_units": ("甲局", "乙局")},
        ]
    )
    worth = {"a": 4.0, "b": 5.0, "c": 6.0}
    asked = {"benefit": worth, "starts": "printed", **ALONE}

    def of(*args, **more):
        return chosen(cm.choose_projects(plan, *args, **asked, **more))

    assert of({2020: 11}) == {"b", "c"}
    assert of(11) == {"b", "c"}
    assert of(total=11) == {"b", "c"}
    assert of({2020: None}) == {"a", "b", "c"}
    assert of({2021: 0}) == {"a", "b", "c"}  # 2020 has no cap
    assert of({2020: 15}, caps={"甲局": 6}) == {"b", "c"}
    assert of({2020: 15}, caps={"甲局": {2020: 5}}) == {"a", "b"}
    assert of({2020: 15}, caps={"road": 9, "乙局": 5}) == {"a", "b"}
    made = cm.choose_projects(plan, {2021: 0}, **asked)
    assert made["budget_reason"].sel(spending_year=2020) == "no_cap"


def test_logic_of_years():
    plan = made_up_plan([{"id": n, "investment": 3.0} for n in "abc"])
    asked = {"benefit": {"a": 2.0, "b": 1.0, "c": 1.0}, **ALONE}
    money = {2020: 3, 2021: 6, 2022: 0}
    free = cm.choose_projects(plan, money, **asked)
    assert free["objective"] == 4
    assert free["start_year"].sel(project="a") == 2020
    both = cm.choose_projects(plan, money, same_year=[("a", "b")], **asked)
    assert both["objective"] == 4
    assert set(both["start_year"].sel(project=["a", "b"]).values) == {2021.0}
    either = cm.choose_projects(plan, money, excludes=[("a", "b", "c")], **asked)
    assert chosen(either) == {"a"}
    led = cm.choose_projects(plan, {2020: 3, 2021: 0, 2022: 0}, requires=[("a", "b")], **asked)
    assert chosen(led) in ({"b"}, {"c"})


def test_a_benefit_table_with_years_and_discount():
    plan = made_up_plan([{"id": "a", "investment": 1.0}, {"id": "b", "investment": 1.0}])
    frame = pd.DataFrame(
        {"project": ["a", "a", "b"], "benefit": [1.0, 9.0, 5.0], "year": [2020, 2022, 2021]}
    )
    made = cm.choose_projects(plan, {2020: 9, 2021: 9, 2022: 9}, benefit=frame, **ALONE)
    assert made["objective"] == 14
    assert made["start_year"].values.tolist() == [2022, 2021]
    late = cm.choose_projects(
        plan, {2020: 9, 2021: 9, 2022: 9}, benefit=frame, discount=0.1, **ALONE
    )
    assert late["objective"].item() == pytest.approx(9 / 1.1**2 + 5 / 1.1)
    short = cm.choose_projects(plan, {2020: 9}, benefit=frame, horizon=2021, **ALONE)
    assert short["objective"] == 6


def test_runners_up_are_other_choices_and_ties_are_told():
    plan = made_up_plan([{"id": n, "investment": 1.0} for n in "abcd"])
    worth = {"a": 3.0, "b": 2.0, "c": 2.0, "d": 0.0}
    made = cm.choose_projects(plan, {2020: 2}, benefit=worth, starts="printed", runners_up=4)
    assert made["portfolio_objective"].values.tolist() == [5, 5, 4, 3, 2]
    assert made["portfolio_tied"].values.tolist() == [True, True, False, False, False]
    sets = [tuple(row) for row in made["portfolio_funded"].values]
    assert len(set(sets)) == 5
    assert not made["portfolio_funded"].sel(project="d").any()  # worth nothing: never funded
    assert "1 other choice is as good" in " ".join(choice_text(made, "en"))


@pytest.mark.uncounted
def test_the_frontier_never_falls_and_one_more_is_what_a_new_solve_gives(plan):
    made = cm.choose_projects(plan, SMALL)
    assert (np.diff(made["frontier_objective"].values) >= -1e-9).all()
    at_one = made["frontier_objective"].sel(budget_scale=1.0)
    assert at_one.item() == pytest.approx(made["objective"].item())
    needed = dict(zip(made["budget_year"].values, made["next_money"].values, strict=True))
    more = {year: money + needed[year] for year, money in SMALL.items()}
    after = cm.choose_projects(plan, more, **ALONE)
    assert after["objective"].item() == pytest.approx(made["next_objective"].item())
    assert after["objective"].item() > made["objective"].item()
    less = {y: m - 1e-3 * (needed[y] > 0) for y, m in more.items()}
    assert cm.choose_projects(plan, less, **ALONE)["objective"] < after["objective"]


def test_one_more_may_be_split_over_years():
    plan, scenario = by_years([[1.5, 1.5, 0.0]])
    made = cm.choose_projects(
        plan,
        {2020: 1, 2021: 1, 2022: 0},
        scenario=scenario,
        benefit={"w00": 7.0},
        starts="printed",
        frontier=(),
    )
    assert made["more_objective"].values.tolist() == [0, 0, 0]
    assert made["more_anywhere"] == 7
    assert made["next_money"].values == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)


def test_one_more_of_a_total():
    plan = made_up_plan([{"id": n, "investment": 1.5} for n in "ab"])
    made = cm.choose_projects(plan, 2.0, benefit={"a": 4.0, "b": 3.0}, starts="printed")
    assert made["objective"] == 4
    assert made["more_anywhere"] == 3
    assert made["next_money_total"].item() == pytest.approx(1.0, abs=1e-6)
    assert made["next_objective"] == 7
    assert "The next step takes 1.00 亿元: benefit 7.00." in choice_text(made, "en")[-1]
    assert "至少再需1.00亿元" in choice_text(made, "zh")[-1]


@pytest.mark.uncounted
def test_a_choice_is_saved_and_read(plan, tmp_path):
    import xarray as xr

    made = cm.choose_projects(plan, pd.Series(SMALL))
    made.to_netcdf(tmp_path / "c.nc", engine="h5netcdf")
    read = xr.load_dataset(tmp_path / "c.nc", engine="h5netcdf")
    assert choice_text(read, "zh") == choice_text(made, "zh")


def test_the_gap_of_a_choice_that_is_not_proven(plan):
    choice = solver.Choice(np.zeros(1, bool), 90.0, 100.0, (False,), (90.0,))
    assert choice.gap == pytest.approx(0.1)
    assert solver.Choice(np.zeros(1, bool), 5.0, 5.0, (True,), (5.0,)).gap == 0
    made = cm.choose_projects(plan, SMALL, **ALONE)
    made.attrs["status"], made["gap"] = "time_limit", made["gap"] + 0.0123
    assert "within 1.23 % of the best" in choice_text(made, "en")[0]


@pytest.mark.uncounted
def test_nothing_global_changes(plan):
    state, filters = np.random.get_state()[1].copy(), list(warnings.filters)  # noqa: NPY002
    first = cm.choose_projects(plan, SMALL, scenario=LATE, draws=256)
    second = cm.choose_projects(plan, SMALL, scenario=LATE, draws=256)
    assert first.identical(second)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert warnings.filters == filters


def test_a_plan_without_candidates(plan):
    with pytest.warns(CorridorWarning, match="run already"):
        made = cm.choose_projects(plan, SMALL, works=[])
    assert made["objective"] == 0
    assert chosen(made) == set()
    assert choice_text(made, "zh")[0].startswith("投资已知的0项中选0项")


# --- refusals --------------------------------------------------------------------------


def test_every_mistake_is_reported_at_once(plan):
    with pytest.raises(PlanError) as error:
        cm.choose_projects(
            plan,
            {2018: 3, 2020: -1, "x": 2},
            works=None,
            costs={"bus_terminal": 1.0, "brt_line_9": "much"},
            starts={"binhai_avenue": [2019]},
            committed=["weiken_rd"],
            requires=[("a",), ("jinliwen_expressway", "binhai_avenu")],
            excludes=["ab"],
            caps={"roads": 3},
            benefit={"xingqu_rod": 1.0, "weiken_road": float("nan")},
            horizon=1999,
            discount=-2,
            leftover="burn",
            running="jog",
        )
    zh, en = error.value.text("zh"), error.value.text("en")
    assert len(error.value.problems) == 17
    for word in ("weiken_road", "binhai_avenue", "bus_terminals", "xingqu_road", "road"):
        assert f"Did you mean {word!r}?" in en
        assert f"是否应为“{word}”？" in zh
    for where in ("budget 2020", "horizon", "discount", "leftover", "running", "benefit"):
        assert where in en


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"budget": {2020: 1, 2022: 1}}, "2021 is missing between other years"),
        ({"budget": "many"}, "'many' is not a number"),
        ({"budget": {2020: float("nan")}}, "nan is not a number"),
        ({"total": -1}, "-1 is not a number of at least 0"),
        ({"works": ["jinliwen_expresway"]}, "Did you mean"),
        ({"starts": "late"}, "must be 'printed'"),
        ({"starts": {"binhai_avenue": []}}, "are no years"),
        ({"caps": [1]}, "must map a category or a unit"),
        ({"benefit": 3}, "must map works to numbers"),
        ({"benefit": pd.DataFrame({"project": ["xingqu_road"]})}, "no column benefit"),
        ({"costs": [1]}, "must be a mapping"),
        ({"works": 3}, "must be a list of ids"),
        ({"committed": 3}, "must be a list of ids"),
        ({"committed": {"bus_lanes": "soon"}}, "not a year"),
        ({"horizon": "soon"}, "is no year from 2020 on"),
        (
            {"benefit": pd.DataFrame({"project": ["xingqu_road"] * 2, "benefit": [1, 2]})},
            "is given twice",
        ),
        ({"runners_up": -1}, "-1 is not a count"),
        ({"budget": {10**9: 1}}, "1000000000 is not a year. Write a year from 1900 to 2200"),
        ({"budget": dict.fromkeys(range(2020, 2202), 1)}, "2201 is not a year"),
        ({"caps": {"road": {10**12: 1}}}, "is not a year"),
        ({"committed": {"bus_lanes": 2021.5}}, "2021.5 is not a year"),
        ({"committed": {"bus_lanes": 10**7}}, "committed bus_lanes: 10000000 is not a year"),
        ({"starts": {"binhai_avenue": [2021, 10**9]}}, "1000000000 is not a year"),
        ({"near": 2}, "must lie within 0 and 1"),
        ({"time_limit": 0}, "time_limit"),
        ({"frontier": (-1,)}, "frontier"),
        (
            {"committed": ["bus_lanes"], "works": ["binhai_avenue"]},
            "'bus_lanes' is no candidate",
        ),
    ],
)
def test_a_mistake_says_what_to_do(plan, asked, said):
    with pytest.raises(PlanError, match=said) as error:
        cm.choose_projects(plan, **asked)
    assert error.value.text("zh") != error.value.text("en")


def test_the_smallest_collision_is_named(plan):
    with pytest.raises(portfolio.InfeasibleError) as error:
        cm.choose_projects(
            plan,
            {2020: 25, 2021: 30, 2022: 30},
            committed=["jinliwen_expressway", "yongchang_road", "bus_lanes"],
            requires=[("bus_lanes", "xingqu_road")],
        )
    kinds = [(rule.kind, *rule.names) for rule in error.value.constraints]
    assert kinds == [
        ("budget",),
        ("committed", "jinliwen_expressway"),
        ("committed", "yongchang_road"),
    ]
    assert "2020年预算25.00亿元；必须实施：金丽温高速公路东延线" in error.value.text("zh")
    assert "budget of 2020: 25.00 亿元; committed: Jinliwen" in error.value.text("en")


@pytest.mark.uncounted
@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=2),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=2),
    st.lists(st.integers(0, 3), max_size=4, unique=True),
)
def test_no_smaller_set_collides(costs, budget, requires, excludes, committed):
    n = len(costs)
    costs = [row if any(row) else (1, 0) for row in costs]
    plan, scenario = by_years([list(map(float, row)) for row in costs])
    names = list(plan.projects)

    def pairs(given_):
        return [(names[a], names[b]) for a, b in given_ if a != b and max(a, b) < n]

    question = choice_request(
        plan,
        {2020: budget[0], 2021: budget[1]},
        scenario=scenario,
        starts="printed",
        committed=[names[i] for i in committed if i < n],
        requires=pairs(requires),
        excludes=pairs(excludes),
    )
    problem = choice_model(question, 60.0, 0.0)
    x = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(float)
    met = [
        (rule.rows @ x.T <= rule.upper[:, None] + 1e-12).all(axis=0) for rule in problem.conditions
    ]

    def collide(places):
        return not np.all([met[i] for i in places], axis=0).any() if places else False

    every = range(len(met))
    if problem.best() is not None:
        assert not collide(list(every))
        return
    found = programme.smallest_conflict(problem.conditions, *once(question, problem.options))
    least = next(
        k for k in range(1, len(met) + 1) if any(collide(list(c)) for c in combinations(every, k))
    )
    assert len(found) == least
    assert collide([problem.conditions.index(rule) for rule in found])


def test_the_solver_is_checked_by_our_own_arithmetic():
    # one part in 10^13 over the limit passes for feasible in the solver, and not here
    row = np.array([[5 * 10**12, 5 * 10**12 + 1]])
    _, found = solver.best([np.ones(2, dtype=np.int64)], row, np.array([10**13]))
    assert found.objective == 1
    assert found.proven == (True,)
    nothing = np.zeros(0, dtype=np.int64)
    assert solver.maximise(nothing, nothing.reshape(1, 0), np.array([-1])).infeasible


@pytest.mark.parametrize(
    ("kind", "year", "limit", "en", "zh"),
    [
        ("budget", 2020, 3.0, "budget of 2020: 3.00 亿元", "2020"),
        ("total", None, 3.0, "budget in all: 3.00 亿元", "3.00亿元"),
        ("cap", None, 3.0, "cap of a, b: 3.00 亿元", "3.00亿元"),
        ("cap", 2021, 3.0, "cap of a, b 2021: 3.00 亿元", "2021"),
        ("committed", None, None, "committed: a, b", "a、b"),
        ("running", None, None, "already running: a, b", "a、b"),
        ("requires", None, None, "a requires b", "b"),
        ("excludes", None, None, "at most one of a, b", "a、b"),
        ("same_year", None, None, "same year: a, b", "a、b"),
    ],
)
def test_every_condition_has_words(kind, year, limit, en, zh):
    rule = Condition(kind, ("a", "b"), year, limit, np.zeros((1, 1)), np.zeros(1))
    assert rule.text("en") == en
    assert zh in rule.text("zh")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"starts": {"x": 2021}}, "'x'"),
        ({"starts": {"a": 2021.5}}, "2021.5 is not a year"),
        ({"starts": {"a": ()}}, "() are no years"),
        ({"caps": {"road": "much"}}, "caps road"),
        ({"committed": 3}, "must be a list of ids of works"),
        (
            {"benefit": pd.DataFrame({"project": ["a"], "benefit": [1.0], "year": [2021.5]})},
            "2021.5 is not a year",
        ),
    ],
)
def test_what_is_no_request_is_said(asked, said):
    plan = made_up_plan([{"id": "a", "investment": 1.0}])
    with pytest.raises(cm.CorridorError) as caught:
        cm.choose_projects(plan, 3.0, **asked, **ALONE)
    assert said in caught.value.text("en")


@pytest.mark.parametrize(
    "starts", ["printed", 0, {"a": "printed"}, {"a": 2020}, {"a": np.int64(2020)}]
)
def test_starts_as_printed_in_every_form(starts):
    plan = made_up_plan([{"id": "a", "investment": 1.0}])
    made = cm.choose_projects(
        plan, {2020: 1, 2021: 1}, committed="a", starts=starts, benefit={"a": 1.0}, **ALONE
    )
    assert made["start_year"].values.tolist() == [2020]


def test_a_delay_without_an_end_has_no_last_year():
    plan = made_up_plan([{"id": "a", "investment": 1.0}])
    endless = cm.Scenario("endless", cm.Delay("a", months=cm.Lognormal(mean=18, sd=131)))
    with pytest.raises(cm.CorridorError, match="Use a distribution with an upper end"):
        cm.choose_projects(plan, 3.0, scenario=endless, draws=2**16, **ALONE)


def test_money_of_any_size_is_counted_in_whole_parts():
    # hundreds of billions of 亿元 fill 64 bits: parts are coarser, and no sum overflows
    plan = made_up_plan([{"id": n, "investment": 3e8} for n in "ab"])
    made = cm.choose_projects(
        plan, {2020: 4e8}, starts="printed", benefit={"a": 2.0, "b": 1.0}, **ALONE
    )
    assert chosen(made) == {"a"}
    assert made["spent"].sum().item() == pytest.approx(3e8)


# --- cuts ------------------------------------------------------------------------------


@pytest.mark.uncounted
def test_a_cut_is_the_choice_under_less_money(plan):
    cut = cm.budget_cut(plan, share=0.3)
    assert cut.before.attrs["chosen"] == 17
    years = [2020, 2021, 2022]
    budgets = [one["budget"].sel(spending_year=years).values for one in (cut.before, cut.after)]
    assert budgets[1] == pytest.approx(0.7 * budgets[0])
    changed = {
        p
        for p, a, b in zip(
            cut.before["project"].values,
            cut.before["start_year"].values,
            cut.after["start_year"].values,
            strict=True,
        )
        if not (a == b or (np.isnan(a) and np.isnan(b)))
    }
    assert set(cut.table.index) == changed
    freed = [
        one["spending"].sel(spending_year=years).sum().item() for one in (cut.before, cut.after)
    ]
    assert cut.table["freed"].sum() == pytest.approx(freed[0] - freed[1])
    assert cm.budget_cut(plan, share=0.0).table.empty
    for lang in ("zh", "en"):
        assert all(cut_text(cut, lang))
    with pytest.raises(PlanError, match="share"):
        cm.budget_cut(plan, share=20)


def test_a_cut_of_a_benefit_tells_what_is_lost():
    plan = made_up_plan([{"id": n, "investment": 1.0} for n in "ab"])
    cut = cm.budget_cut(
        plan, {2020: 2}, 0.5, benefit={"a": 3.0, "b": 2.0}, starts="printed", leftover="save"
    )
    assert cut.table["change"].to_dict() == {"b": "dropped"}
    assert cut.table["value_lost"].to_dict() == {"b": 2.0}
    assert cut_text(cut, "en")[0] == "With 50 % less: benefit 3.00, instead of 5.00."


# --- robust choices and payoff tables ----------------------------------------------------


def test_robust_choices_on_the_draws_of_simulate(plan):
    made = portfolio.robust_choice(plan, SMALL, scenario=LATE, draws=2048, frontier=(0.8, 1.0))
    assert (made["regret_mean"] >= 0).all()
    assert (made["regret_mean"] <= made["regret_max"]).all()
    assert ((made["p_within_budget"] >= 0) & (made["p_within_budget"] <= 1)).all()
    assert (made["overspending_cvar"] >= made["overspending_mean"] - 1e-12).all()
    # the same draws as the scenario floor: its yearly odds are ours
    best = made.isel(portfolio=0)
    picked = [
        p for p, y in zip(made["project"].values, best["start_year"].values, strict=True) if y > 0
    ]
    drop = [p for p in plan.projects if p not in picked]
    only = cm.Scenario("only", *LATE.changes, *(cm.Cancel(p) for p in drop))
    money = cm.spending(plan, only, draws=2048).isel(scenario=0, drop=True)
    moved = best["start_year"].sel(project=picked).values
    as_printed = all(
        year == int(money["start_planned"].sel(project=p).item()[:4])
        for p, year in zip(picked, moved, strict=True)
    )
    assert as_printed
    open_by = money["p_open_by"].sel(spending_year=2022, project=picked)
    km = sum(
        (plan.projects[p].length_in_area_km or 0) * float(open_by.sel(project=p)) for p in picked
    )
    assert best["objective_mean"].item() == pytest.approx(km)
    text = robust_text(made, "zh")
    assert "2048次抽取" in text[0]
    assert robust_text(made, "en")[0].startswith("In 2048 draws")


def test_more_draws_keep_the_first_and_a_certain_scenario_is_one_draw(plan):
    for several in (LATE, [LATE, cm.Scenario("later", *LATE.changes)]):
        for asked, words in (
            ({"level": 1.0}, "level must lie within 0 and 1"),
            ({"level": "0.9"}, "level: numbers are needed"),
            ({"threshold": float("nan")}, "threshold: a number is needed, not NaN"),
            ({"threshold": [1]}, "threshold: one number is needed"),
            ({"time_limit": float("nan")}, "time_limit"),
            ({"mip_rel_gap": "small"}, "mip_rel_gap"),
            ({"frontier": 5}, "frontier: a list is needed"),
        ):
            with pytest.raises(cm.CorridorError, match=words):
                portfolio.robust_choice(plan, SMALL, scenario=several, **asked)
    made = portfolio.robust_choice(plan, SMALL, scenario=cm.Scenario("plain"), frontier=())
    assert made.attrs["draws"] == 1
    assert made["p_within_budget"].values.tolist() == [1.0] * made.sizes["portfolio"]
    assert "best" in made.attrs["minimax_regret"]


def test_where_no_choice_is_sure_none_is_named():
    # 5 times a factor of 1.0 to 1.2 exceeds 5.6 in two of five draws
    plan = made_up_plan([{"id": "a", "investment": 5.0}])
    dear = cm.Scenario("dear", cm.Overrun("a", factor=cm.Uniform(1.0, 1.2)))
    asked = {"scenario": dear, "committed": ["a"], "starts": "printed", "frontier": ()}
    for budget in ({2020: 5.6}, 5.6):  # of one year, or in all
        made = portfolio.robust_choice(plan, budget, level=0.9, draws=4096, **asked)
        assert made.attrs["sure_enough"] == "none"
        assert made["p_within_budget"].item() == pytest.approx(0.6, abs=0.03)
        # on average 5 x 0.1 x 0.4 / 2 above it
        assert made["overspending_mean"].item() == pytest.approx(0.08, abs=0.02)
    sure = portfolio.robust_choice(plan, 5.6, level=0.5, draws=4096, **asked)
    assert sure.attrs["sure_enough"] == "best"


def test_a_reserve_lowers_the_risk():
    plan = made_up_plan([{"id": n, "investment": 1.0} for n in "abc"])
    dear = cm.Scenario("dear", cm.Overrun(all=True, factor=cm.Uniform(0.8, 1.2)))
    made = portfolio.robust_choice(
        plan, {2020: 3.05}, scenario=dear, benefit=dict.fromkeys("abc", 1.0),
        starts="printed", frontier=(0.7, 1.0),
    )  # fmt: skip
    reserve = made.isel(portfolio=list(made["source"].values).index("runner-up 1"))
    best = made.isel(portfolio=0)
    assert reserve["overspending_cvar"] < best["overspending_cvar"]
    assert reserve["regret_max"] == 1
    assert made.attrs["sure_enough"] == "runner-up 1"
    assert 0.4 < best["p_within_budget"] < 0.6


payoffs = st.integers(1, 5).flatmap(
    lambda states: st.dictionaries(
        st.text("abcdef", min_size=1, max_size=2),
        st.lists(st.integers(-50, 50), min_size=states, max_size=states),
        min_size=1,
        max_size=5,
    )
)


@given(payoffs)
def test_regret_is_never_negative_and_zero_in_each_state(payoff):
    table = np.array(list(portfolio.regret_table(payoff).values()))
    assert (table >= 0).all()
    assert (table.min(axis=0) == 0).all()
    worst = portfolio.minimax_regret(payoff)
    assert all(worst.scores[name] == table.max(axis=1).min() for name in worst.names)
    assert set(portfolio.hurwicz(payoff, 1.0).names) == set(portfolio.maximax(payoff).names)
    assert set(portfolio.hurwicz(payoff, 0.0).names) == set(portfolio.maximin(payoff).names)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=30), st.floats(0, 0.99))
def test_cvar_lies_between_mean_and_worst_and_grows_with_the_level(losses, level):
    value = portfolio.cvar(losses, level)
    assert np.mean(losses) - 1e-9 <= value <= max(losses) + 1e-9
    assert portfolio.cvar(losses, min(0.99, level + 0.01)) >= value - 1e-9
    assert portfolio.cvar(losses, 0.0) == pytest.approx(np.mean(losses))


def test_payoffs_that_make_no_sense():
    for wrong in ({}, {"a": [1], "b": [1, 2]}, {"a": [float("nan")]}, {"a": "x"}):
        with pytest.raises(cm.CorridorError):
            portfolio.maximax(wrong)
    for call in (
        lambda: portfolio.hurwicz({"a": [1]}, 2),
        lambda: portfolio.cvar([], 0.9),
        lambda: portfolio.cvar([1], 1.0),
        lambda: portfolio.satisficing_share([float("nan")], 1),
    ):
        with pytest.raises(cm.CorridorError):
            call()


# --- the command -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words", [[], ["--cut", "30"], ["--budget", "2020=20,2021=20,2022=20", "--leftover", "save"]]
)
def test_the_command_fits_eighty_columns(capfd, monkeypatch, lang, words):
    from corridor_model.text.layout import width

    monkeypatch.setenv("COLUMNS", "80")
    assert main(["choose", "--lang", lang, *words]) == 0
    out = capfd.readouterr().out
    assert all(width(line) <= 80 for line in out.splitlines())
    assert "8.30" in out
    assert "Highs" not in out


def test_the_command_in_json_and_csv(capsys, tmp_path):
    assert main(["choose", "--format", "json", "--cut", "30%"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 24
    by_name = {row["project"]: row for row in rows}
    assert by_name["bus_terminals"]["investment"] is None
    assert by_name["bus_terminals"]["start_year_reason"] == "unknown_investment"
    assert by_name["yongchang_road"]["change"] == "dropped"
    budget = tmp_path / "预算.csv"
    budget.write_bytes(
        "年份,预算（亿元）\n2020,5\n2021年,50000万元\n2022,5亿元\n".encode("gb18030")
    )
    assert main(["choose", "--format", "csv", "--budget", str(budget), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("project,name_zh,status,start_scheduled")
    assert len(lines) == 25


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--budget", "2020=x,2020=3,abc=1"], "mistakes"),
        (["--budget", "2020=3公里"], "is not money"),
        (["--budget", ""], "holds no budget"),
        (["--budget", "nothing.csv"], "nothing.csv"),
        (["--cut", "lots"], "must be a percentage"),
        (["--starts", "soon"], "must be printed or a number of years"),
        (["--costs", "bus_lanes=many"], "--costs"),
        (["--committed", "bus_lane"], "Did you mean 'bus_lanes'?"),
        (["--committed", "bus_terminals"], "cost of 'bus_terminals' is unknown"),
        (["--budget", "2020=0,2021=0,2022=0"], "These 2 collide"),
        (["--figure", "x.doc"], "written as .svg, .png or .pdf"),
        (["--scenario", "slo"], "Did you mean 'slow'?"),
    ],
)
def test_the_command_refuses(capsys, words, said):
    assert main(["choose", "--lang", "en", *words]) == 1
    assert said in capsys.readouterr().err


def test_the_command_with_a_scenario_benefits_and_a_figure(capsys, tmp_path):
    table = tmp_path / "benefit.csv"
    table.write_text("project,benefit\nbinhai_avenue,10\nweiken_road,3\n", encoding="utf-8")
    scenario = tmp_path / "s.toml"
    scenario.write_text(LATE.to_toml(), encoding="utf-8")
    figure = tmp_path / "c.svg"
    words = ["--benefit", str(table), "--scenario", str(scenario), "--starts", "printed"]
    assert main(["choose", "--lang", "zh", *words, "--figure", str(figure)]) == 0
    out = capsys.readouterr().out
    assert "计入效益" in out
    assert "推迟、超支之下" in out
    assert figure.read_text("utf-8").startswith("<?xml")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("project,benefit\nbinhai_avenue,\nweiken_road,x\n", encoding="utf-8")
    assert main(["choose", "--lang", "en", "--benefit", str(wrong)]) == 1
    assert "2 mistakes" in capsys.readouterr().err


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figure_has_every_character_and_the_same_bytes(plan, tmp_path, lang):
    from corridor_model.plot.portfolio import choice_figure

    made = cm.choose_projects(plan, SMALL, frontier=(0.9, 1.0), runners_up=0, one_more=0)
    files = [
        choice_figure(made, tmp_path / f"{i}.svg", lang=lang, installed_fonts=False)
        for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_answers_can_be_asked_for_without_labels(plan):
    found = answers(choice_request(plan, SMALL), 0, (), 0.0)
    assert found.first.gap == 0
    assert found.more is None
    assert len(conditions_of(found.model.request, found.model.options)) == 6


def test_a_choice_says_what_it_regrets_beside_the_next_best(plan):
    budget = {2020: 6, 2021: 6, 2022: 6}
    certain = cm.choose_projects(plan, budget, one_more=0, frontier=())
    short = certain["portfolio_objective"].max() - certain["portfolio_objective"]
    np.testing.assert_allclose(certain["portfolio_regret"], short, atol=1e-9)
    late = cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 3, 12)))
    made = cm.choose_projects(plan, budget, scenario=late, draws=256, one_more=0, frontier=())
    assert (made["portfolio_regret"] >= 0).all()
