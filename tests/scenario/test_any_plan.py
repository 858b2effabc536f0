"""Any small plan under any scenario: nothing stops, and both routes to a probability agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.scenario_plans import levels, small_plan

import corridor_model as cm

DRAWS = 20_000
SENSES = st.sampled_from(["at_least", "at_most"])
UNCERTAIN = st.sampled_from(
    [
        cm.PERT(0, 6, 24),
        cm.Discrete([0, 6, 24], [0.5, 0.3, 0.2]),
        cm.Lognormal(mean=8, sd=6),
        cm.Uniform(0, 18),
    ]
)


@st.composite
def indicators(draw, name):
    """One of every kind, with a target or a range about the last figure, or no figure at all."""
    kind = draw(st.sampled_from(["level", "annual", "growth", "累计法", "cumulative", "range"]))
    history = levels(draw(st.integers(0, 999)), draw(st.integers(1, 10)))
    last = list(history.values())[-1]
    value = last * draw(st.floats(0.7, 1.5))
    made = {"id": name, "history": history, "targets": [(value, draw(SENSES))]}
    if kind in {"growth", "累计法"}:
        made |= {"kind": "growth", "targets": [(draw(st.floats(1.0, 15.0)), draw(SENSES))]}
        made |= {"average_method": kind} if kind == "累计法" else {}
    elif kind == "cumulative":
        made |= {"kind": kind, "history": {}, "targets": [(value, "at_least")]}
    elif kind == "range":
        made |= {"targets": [(0.8 * value, "at_least"), (1.2 * value, "at_most")]}
        made |= {"kind": draw(st.sampled_from(["level", "annual"]))}
    elif kind == "annual":
        made |= {"kind": kind}
    return made | ({"any_of": "either"} if draw(st.booleans()) else {})


@st.composite
def questions(draw):
    """A plan and a scenario of it."""
    names = [f"i{i}" for i in range(draw(st.integers(1, 3)))]
    known = [draw(indicators(name)) for name in names]
    works = [
        (f"w{j}", str(draw(st.integers(2020, 2021))), str(draw(st.integers(2021, 2024))), money)
        for j, money in enumerate(draw(st.lists(st.floats(1, 80), min_size=1, max_size=3)))
    ]
    effects = [
        (work, name, draw(st.floats(-3, 3)))
        for work, *_ in works
        for name in names
        if draw(st.booleans())
    ]
    changes = []
    for work, *_ in works:
        mode = draw(st.sampled_from(["move", "stretch"]))
        delayed = cm.Delay(work, months=draw(UNCERTAIN), mode=mode)
        earlier = cm.Accelerate(work, months=draw(UNCERTAIN))
        changes.append(draw(st.sampled_from([delayed, delayed, earlier, cm.Cancel(work)])))
    for name in names:
        if draw(st.integers(0, 3)) == 0:
            growth = draw(st.floats(-0.2, 0.3)), draw(st.sampled_from([0.0, 0.05]))
            changes.append(cm.SetGrowth(name, growth[0], sd=growth[1]))
    loadings = {"common": draw(st.sampled_from([0.0, 0.0, 0.6])), "paired": 0.3}
    return small_plan(known, works, effects), cm.Scenario("s", *changes, **loadings)


@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(0, 2**40))
def test_draws_agree_with_probabilities_and_nothing_is_lost(question, seed):
    plan, scenario = question
    asked = [cm.Scenario("as planned"), scenario]
    made = cm.simulate(plan, asked, draws=DRAWS, seed=seed, threads=1)
    alone, sampled = made["p_reach_alone"].values, made["p_reach_sampled"].values
    told = np.nan_to_num(made["p_reach_error"].values)
    # 0.001 for what is shown of an open year; the rest is sampling
    room = 5 * (told + np.sqrt(0.25 / DRAWS)) + 0.001
    known = ~np.isnan(alone)
    assert (np.abs(alone - sampled)[known] <= room[known]).all()
    either = np.nan_to_num(made["p_reach"].values)
    assert (either >= np.nan_to_num(alone) - 1e-12).all()
    for name in ("n_reached", "n_reached_independent"):
        shares = made[name].values
        assert shares.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-9)
        assert (shares >= 0).all()
    steps = np.diff(made["value"].values, axis=-1)
    assert (steps[~np.isnan(steps)] >= -1e-6).all()
    parts = made["before_plan"] + made["inside_plan"] + made["beyond_horizon"]
    assert parts.values == pytest.approx(made["total"].values, rel=1e-9)
    # each scenario alone says the same
    one = cm.simulate(plan, scenario, draws=DRAWS, seed=seed, threads=2).isel(scenario=0)
    both = made.isel(scenario=1)
    if one.attrs["n_reached_over"] == made.attrs["n_reached_over"]:
        assert one["n_reached"].identical(both["n_reached"])
    assert one["p_reach"].identical(both["p_reach"])
