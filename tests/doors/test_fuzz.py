"""Every public name answers odd arguments with CorridorError or a plain TypeError.

The names come from ``__all__`` of every public module and from the methods of the objects that
people hold; the arguments from a list of odd things, one of them or all of them odd at a time.
"""

from __future__ import annotations

import inspect
import random
import signal
import sys
import time
from decimal import Decimal
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.odd_calls import CIRCLE, SLOW, calls, raw_error, targets

import corridor_model as cm
from corridor_model import arguments, assessment, draws, forecasting, portfolio, sensitivity
from corridor_model.assessment.progress import ShareUndefinedError
from corridor_model.observations.store import Store
from corridor_model.plan.templates import baselines_form, new_plan

TARGETS = targets()
PLAN = cm.load_plan()
FRAME = pd.DataFrame({"a": [1, 2]})
LATE = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
WRITERS = {"to_folder", "to_workbook", "save_report"}
"""They write wherever a name says; odd names are tried in a folder of the test's own."""
FUZZED = sorted(name for name in TARGETS if name.rpartition(".")[2] not in SLOW)


def raw_errors(names, n, seed):
    rng = random.Random(seed)
    errors = {}
    for name in names:
        for args, named in calls(TARGETS[name], n, rng):
            if error := raw_error(TARGETS[name], args, named):
                errors[f"{name}: {error}"] = args or named
    return errors


def test_no_name_is_left_out():
    assert len(FUZZED) > 200
    for face in ("growth.cagr", "draws.sobol_points", "Predictive.cdf", "simulate", "Delay"):
        assert face in FUZZED


def test_odd_arguments_are_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert raw_errors(FUZZED, 1, seed=1) == {}


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(12))
def test_many_odd_arguments(tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    assert raw_errors(FUZZED, 40, seed=100 + seed) == {}


# One odd argument beside sound ones reaches further than many odd ones.


def joint(x):
    return x[0] * x[1]


STUDIES = {
    "tornado": (cm.tornado, {"plan": PLAN, "output": "total"}),
    "switching_values": (cm.switching_values, {"plan": PLAN, "output": "value:gdp",
                                               "inputs": ["growth:gdp"], "points": 5}),
    "two_way": (sensitivity.two_way, {"plan": PLAN, "output": "value:gdp", "points": (2, 2),
                                      "x": ("target:gdp", 500, 600),
                                      "y": ("growth:gdp", 0.0, 0.2)}),
    "sobol": (cm.sobol, {"plan": PLAN, "outputs": "total", "n": 16}),
    "attribute": (cm.attribute, {"plan": PLAN, "scenario": LATE, "outputs": "total"}),
    "morris": (sensitivity.morris, {"func": joint, "inputs": {"a": (0, 1), "b": (0, 1)}}),
    "sobol_indices": (sensitivity.sobol_indices, {"func": joint, "n": 16,
                                                  "inputs": {"a": (0, 1), "b": (0, 1)}}),
    "shapley_values": (sensitivity.shapley_values, {"value": len, "players": 3}),
    "assess": (cm.assess, {"plan": PLAN}),
    "paths": (cm.plot.paths, {"x": PLAN}),
}  # fmt: skip
ODD = [
    [], (), {}, "", "x", b"x", 0, -1, 0.5, 2**70, float("nan"), float("inf"), True, object(),
    [None], [[]], (1, 2, 3), {"x": 1}, {1}, np.array([]), np.array([[1, 2]]), pd.Series([1.0]),
    pd.NaT, pd.DataFrame(), ["gdp"], {"gdp": None}, range(3), 1j, type,
]  # fmt: skip


@pytest.mark.fuzz
@pytest.mark.parametrize("name", STUDIES)
def test_one_odd_argument_beside_sound_ones(name):
    function, sound = STUDIES[name]
    errors = {}
    for parameter in inspect.signature(function).parameters:
        for odd in ODD:
            if error := raw_error(function, (), {**sound, parameter: odd}):
                errors[f"{parameter}={odd!r:.40}: {error}"] = odd
    assert errors == {}


# Names that are sound and odd arguments that are not odd enough to be refused.


def test_what_leaves_nothing_out_is_passed_over(tmp_path):
    (tmp_path / "a.csv").write_text("indicator,period,value\ngdp,2021-09,370.1\n")
    result = cm.collect(PLAN, tmp_path, "2021-09", apart=["\0", tmp_path / "nowhere"])
    assert len(result.observations) == 1
    apart = [tmp_path / "a.csv"]
    with pytest.raises(cm.CorridorError, match="holds no file"):
        cm.collect(PLAN, tmp_path, "2021-09", apart=apart)


@pytest.mark.parametrize("read", [cm.load_plan, cm.load_scenarios, cm.load_result])
def test_a_name_that_cannot_be_printed_stands_as_escapes(read):
    with pytest.raises(cm.CorridorError) as caught:
        read("\udcc4\udce3")
    for lang in ("zh", "en"):
        assert rb"\udcc4\udce3" in caught.value.text(lang).encode()


def test_a_text_is_made_of_an_argument_once():
    class Word:
        made = 0

        def __str__(self):
            Word.made += 1
            return "眼谷"

    assert len(PLAN.promises(text=Word())) == len(PLAN.promises(text="眼谷")) > 0
    assert Word.made == 1


def test_thresholds_are_the_rules_whatever_their_order():
    assert assessment.servicenow_colour(0.95, {"yellow": 0.75, "green": 0.9}) == "green"
    assert assessment.servicenow_colour(0.8, {"green": 0.7}) == "green"
    assert assessment.servicenow_colour(0.8, {"green": 0.95}) == "yellow"
    assert assessment.weather([10, 11], 20, 8, thresholds={"sun": 0.2}).symbol == "sun"
    assert assessment.targeted_change(10, 20, 11, {"improved": 0.2}).status == (
        "little_or_no_detectable_change"
    )


# The checks themselves.


def test_an_odd_call_is_held_to_its_time_and_memory(monkeypatch):
    monkeypatch.setattr("tests.helpers.odd_calls.LONGEST", 0.05)
    if hasattr(signal, "SIGALRM"):
        assert "TooLongError" in raw_error(lambda: [None for _ in count()], [], {})
        assert "TooLongError" in raw_error(lambda: time.sleep(60), [], {})
    monkeypatch.setattr("tests.helpers.odd_calls.LONGEST", 20)
    if sys.platform.startswith("linux"):
        assert "MemoryError" in raw_error(lambda: bytes(2**40), [], {})
        assert "MemoryError" in raw_error(lambda: bytes(3 * 2**30), [], {})
    assert raw_error(lambda: bytes(2**20), [], {}) == ""


def words_of(function, *args, **named):
    with pytest.raises(cm.CorridorError) as caught:
        function(*args, **named)
    assert caught.value.text("zh")
    return str(caught.value)


def test_numbers():
    np.testing.assert_array_equal(arguments.numbers("q", [1, True, 2.5]), [1.0, 1.0, 2.5])
    np.testing.assert_array_equal(arguments.numbers("q", [None]), [np.nan])
    np.testing.assert_array_equal(arguments.numbers("q", pd.Series([1])), [1.0])
    for odd in ("x", ["x"], [1, "2"], object(), {"a": 1}, 1j, [[1], [1, 2]], b"1"):
        assert "q: numbers are needed" in words_of(arguments.numbers, "q", odd)


def test_one_number():
    assert arguments.number("x", np.array([[2]])) == 2.0
    for odd in ([1], [1, 2], (1,), np.array([1, 2]), "1"):
        assert "x: " in words_of(arguments.number, "x", odd)


def test_counts():
    assert arguments.count("n", np.int64(3)) == 3
    for odd in (0, 1.5, "3", 2**40, np.array([3]), True if arguments.count("n", 1) else 1, None):
        if odd is True:
            continue
        assert "n: a whole number from 1" in words_of(arguments.count, "n", odd)


def test_single_values():
    arguments.single(a="x", b=[1, 2], c=np.float64(1))
    for odd in (np.array([1]), pd.DataFrame(), pd.Series([1]), xr.Dataset(), xr.DataArray([1])):
        assert "a: one value is needed" in words_of(arguments.single, a=odd)


def test_kinds():
    arguments.holding("result", xr.Dataset(), "Dataset", "data_vars")
    for odd in (3, xr.Dataset, {"data_vars": 1}):
        assert "a Dataset is needed" in words_of(
            arguments.holding, "result", odd, "Dataset", "data_vars"
        )


def two_way(**odd):
    """A small grid with one argument that is odd."""
    function, sound = STUDIES["two_way"]
    return function(**{**sound, **odd})


@given(st.lists(st.floats() | st.text(max_size=2) | st.none(), max_size=3))
@settings(max_examples=50, deadline=None)
def test_any_list_is_numbers_or_refused(values):
    try:
        assert arguments.numbers("x", values).shape == (len(values),)
    except cm.CorridorError:
        assert any(isinstance(value, str) for value in values)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assessment.achieved_share([1, 2], [1, 2, 3], 5), "do not go together"),
        (lambda: assessment.path_shares(1.0, 2.0, 1.0), "no way to go"),
        (lambda: assessment.weather([1.0], 2.0, 3), "two values or more"),
        (lambda: assessment.worst_wins(["blue"]), "colours are some of"),
        (lambda: assessment.worst_wins([]), "colours are some of"),
        (lambda: assessment.latest_wins([]), "at least one check-in"),
        (lambda: assessment.parity(1.0, (1.0,)), "band: two numbers"),
        (lambda: assessment.distance_to_target([], 1.0), "no period has a value"),
        (lambda: assessment.works_total(pd.DataFrame()), "no result of assess_works"),
        (lambda: assessment.roll_up(cm.load_plan(), xr.Dataset()), "no result of assess"),
        (lambda: cm.assess(cm.load_plan(), annual_targets=[1]), "a DataFrame is needed"),
        (lambda: cm.long_table(3), "a Dataset is needed"),
        (lambda: cm.tornado(PLAN, "total", levels=[]), "levels must be two probabilities"),
        (lambda: cm.switching_values(PLAN, "value:gdp", threshold="x"), "threshold: numbers"),
        (lambda: cm.switching_values(PLAN, "value:gdp", threshold=np.inf), "threshold: a finite"),
        (lambda: cm.switching_values(PLAN, "value:gdp", points=2**70), "points must be a whole"),
        (lambda: cm.switching_values(PLAN, "value:gdp", sense=pd.Series([1.0])), "sense: one"),
        (lambda: two_way(x=[]), "x is a name, low and high"),
        (lambda: two_way(y="growth:gdp"), "y is a name, low and high"),
        (lambda: two_way(points=(2, 2, 2)), "points are two whole numbers"),
        (lambda: sensitivity.morris(joint, {"a": (0, 1)}, trajectories=2**70), "trajectories must"),
        (lambda: sensitivity.morris(joint, {"a": (0, 1)}, level=np.array([])), "level: "),
        (lambda: sensitivity.sobol_indices(joint, {"a": (0, 1)}, columns=["a"]), "columns: "),
        (lambda: sensitivity.sobol_indices(joint, {"a": (0, 1)}, columns={"a": 1.0}), "columns"),
        (lambda: sensitivity.shapley_values(len, 3, exact=np.array([])), "exact: a whole number"),
        (lambda: cm.plot.paths(PLAN, np.array([[1, 2]])), "is no name of an indicator"),
        (lambda: cm.save_result(3, "x.nc"), "a Dataset is needed"),
        (lambda: cm.load_observations({}, beside=[1]), "a Observations is needed"),
        (lambda: draws.tolerance_confidence(10, 2.0), "p must lie within"),
        (lambda: forecasting.forecast([1.0], [2019], 1, "level", weights=3), "come from calibrate"),
        (lambda: portfolio.InfeasibleError([1], {}), "a Condition is needed"),
        (lambda: cm.load_plan().with_tables([1]), "a mapping is needed"),
        (lambda: cm.Plan.from_tables("x"), "a mapping of names to DataFrames"),
        (lambda: assessment.assess_works(cm.load_plan(), [1]), "Rows are a DataFrame"),
        (lambda: cm.forecast([1.0], [2019], 1, "level").cdf(np.ones((3, 2))), "fits none of"),
        (lambda: cm.load_observations({}).save_report(""), "needs a name"),
        (lambda: cm.load_observations({}).save_report("\0"), "cannot be written"),
        (lambda: cm.load_observations({}).save_report("\ud800"), "cannot be written"),
        (lambda: PLAN.to_workbook("\0"), "cannot be written"),
        (lambda: PLAN.to_folder(""), "A folder needs a name"),
        (lambda: PLAN.to_folder("\0"), "cannot be written"),
        (lambda: PLAN.to_folder("\ud800/x"), "cannot be written"),
        (lambda: cm.collect(PLAN, "x" * 5000, "2021"), "is no folder"),
        (lambda: cm.collect(PLAN, ".", "2021", store="\0"), "cannot be opened"),
        (lambda: cm.collect(PLAN, ".", "2021", store=3), "store: a Store is needed"),
        (lambda: cm.collect(PLAN, ".", "2021", apart="ab"), "apart: a list is needed"),
        (lambda: Store("s.store").append(count()), "rows: more than"),
        (lambda: Store("s.store").append([], reports=count()), "reports: more than"),
        (lambda: new_plan(Path("x" * 5000)), "cannot be written"),
        (lambda: baselines_form(PLAN, Path("x" * 5000 + ".csv")), "cannot be written"),
        (lambda: cm.choose_projects(PLAN, 9, works=count()), "works: more than"),
        (lambda: cm.choose_projects(PLAN, 9, committed=count()), "committed: more than"),
        (lambda: cm.choose_projects(PLAN, 9, requires=count()), "requires: more than"),
        (lambda: cm.choose_projects(PLAN, 9, excludes=[count()]), "excludes: more than"),
        (lambda: cm.choose_projects(PLAN, 9, same_year=[3]), "same_year: a list is needed"),
        (lambda: cm.choose_projects(PLAN, 9, starts={"x": count()}), "starts: more than"),
        (lambda: assessment.roll_up(PLAN, cm.growth_paths(PLAN)), "it lacks indicator"),
        (lambda: assessment.league(PLAN, cm.assess(PLAN).drop_vars("status")), "it lacks"),
        (lambda: cm.rerun(count()), "result: a Dataset is needed"),
        (lambda: cm.plot.fan(cm.simulate(PLAN, draws=512), scenario=FRAME), "scenario: one value"),
        (lambda: cm.simulate(PLAN, count()), "scenarios: more than"),
        (lambda: cm.spending(PLAN, b"x"), "scenarios: a list is needed"),
        (lambda: assessment.weather([1, 2], 5, 3, 1, {"rain": 1}), "rule 'destatis', which has"),
        (lambda: assessment.weather([1, 2], 5, 3, 1, np.zeros((0, 3))), "a mapping is needed"),
        (lambda: assessment.targeted_change(1, 3, 2, {"x": 1, 2: 3}), "do not belong to rule"),
        (lambda: assessment.targeted_change(1, 3, 2, {"improved": "x"}), "thresholds: numbers"),
        (lambda: assessment.servicenow_colour(1, {"green": np.inf}), "finite numbers"),
        (lambda: assessment.completion([], [[1.0, 2.0]]), "do not go together"),
        (lambda: assessment.expected_progress(1, 2, 3, FRAME), "total: one number"),
        (lambda: assessment.path_shares(1, 2, 3, []), "bounded: True or False"),
        (lambda: assessment.path_shares(1, 2, 3, "no"), "bounded: True or False"),
        (lambda: assessment.distance_to_target([1, 2], 3, 1, FRAME), "cap: True or False"),
        (lambda: assessment.pace_ratios(1, 2, 3, [1], 2), "years_so_far: one number"),
        (lambda: assessment.pace_ratios(1, 2, 3, 0, 2), "must be above 0"),
        (lambda: assessment.share_of_periods_met([1, "x"], 3), "values: numbers"),
        (lambda: assessment.share_of_periods_met(count(), 3), "values: more than"),
        (lambda: assessment.worst_wins(count()), "colours: more than"),
        (lambda: assessment.league(PLAN, {}, min_items=Decimal("NaN")), "min_items: a whole"),
        (lambda: assessment.assess(PLAN, {}, revisions=xr.Dataset({"a": 1})), "mapping is needed"),
        (lambda: cm.forecast([1], [2019], 1, "level", series_break=[]), "series_break: True"),
        (lambda: forecasting.forecast_batch(3, [], 1, "level"), "histories: a list"),
        (lambda: forecasting.prob_reach_lognormal(1, 1, 0, Decimal("NaN"), 1), "must be positive"),
        (lambda: cm.growth.total_between([1], [1], [1, 2], 1), "first: a whole number"),
        (lambda: cm.growth.total_between([1, 3], [1, 1], 1.5, 3), "first: a whole number"),
        (lambda: cm.growth.periods_to_reach(1, 2, 3, [[1], [1, 2]]), "sense: one direction"),
        (lambda: cm.growth.whole_periods_to_reach(1, 2, 3, CIRCLE), "sense: one direction"),
        (lambda: cm.growth_paths(PLAN, rates=-(10**400)), "rates must be numbers"),
        (lambda: cm.sobol(PLAN, groups=FRAME), "groups: a mapping"),
        (lambda: cm.sobol(PLAN, groups={}, correlations=FRAME), "correlations: a mapping"),
        (lambda: cm.sobol(PLAN, count()), "outcome: more than"),
        (lambda: cm.attribute(PLAN, LATE, level=10**400), "level: numbers are needed"),
        (lambda: cm.attribute(PLAN, LATE, level=5), "level: a number between 0 and 1"),
        (lambda: sensitivity.one_at_a_time(len, count(), {}, {}), "base: a mapping"),
        (lambda: sensitivity.VotingGame(count(), 1), "finite numbers"),
        (lambda: portfolio.robust_choice(PLAN, 9, scenario=["x"]), "a Scenario is needed"),
        (lambda: portfolio.cvar([1], Decimal("NaN")), "level must lie within"),
        (lambda: portfolio.maximin(count()), "A payoff table"),
        (lambda: cm.budget_cut(PLAN, 9, share=10**400), "must lie within 0 and 1"),
        (lambda: cm.ShareTable(count()), "shares must be numbers"),
        (lambda: cm.Discrete(count(), [1]), "lists of finite numbers"),
        (lambda: PLAN.with_baselines(FRAME, year=KeyError), "year is one calendar year"),
        (lambda: cm.assess(PLAN, {}, thresholds={"ahead": float("nan")}), "finite numbers"),
        (lambda: cm.assess(PLAN, {}, thresholds={"ahead": "x"}), "thresholds: numbers"),
        (lambda: cm.simulate(PLAN, draws=10**12), "draws must be at most"),
        (lambda: cm.long_table(xr.Dataset({"a": 1})), "a result of simulate or spending"),
    ],
)
def test_what_was_raw_has_words(call, words):
    assert words in words_of(call)


def test_a_language_that_is_none():
    error = ShareUndefinedError("x")
    for lang in ("fr", 3, None, pd.DataFrame()):
        with pytest.raises(TypeError, match="lang is 'zh' or 'en'"):
            error.message.text(lang)
    with pytest.raises(TypeError, match="a warning is of a Problem"):
        cm.CorridorWarning("x")


def test_samples_take_a_seed():
    predictive = cm.forecast([1.0, 2.0], [2019, 2020], 2, "level")
    one = predictive.sample(5, 3)
    np.testing.assert_array_equal(one, predictive.sample(5, np.random.default_rng(3)))
    assert predictive.sample_paths(4, None).shape == (2, 4)
    assert "n: a whole number" in words_of(predictive.sample, 0, 1)
