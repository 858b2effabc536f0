"""Names, ranges and values of inputs and outputs: where they stand, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.helpers.paths import BASE_PLAN

import corridor_model as cm
from corridor_model.distributions import Fixed, Normal, Uniform
from corridor_model.scenario.resolve import resolve
from corridor_model.sensitivity import SensitivityError, attribute, one_at_a_time, sobol_indices
from corridor_model.sensitivity.decomposition import discrete_nodes, linear_nodes, switch_nodes
from corridor_model.sensitivity.evaluator import Reader, read_at, threshold_of
from corridor_model.sensitivity.inputs import span
from corridor_model.sensitivity.outcomes import outcome
from corridor_model.sensitivity.parameters import parameter, range_of
from corridor_model.sensitivity.sobol_indices import design, values_at
from corridor_model.sensitivity.tornado import growth_range

SMALL = cm.load_plan(BASE_PLAN)


@pytest.mark.parametrize(
    "value",
    ["0 12", b"12", 3, (1,), (1, 2, 3), (True, 2), (0, "12"), (None, 1), (0, {}), (0, np.inf)],
)
def test_what_is_no_range(value):
    assert span(value) is None


def test_ranges_of_any_numbers():
    assert span((0, 12)) == span([0.0, 12]) == span(np.array([0, 12])) == (0.0, 12.0)
    assert span((3, 3)) == (3.0, 3.0)


def test_where_an_input_stands_as_planned_and_in_a_scenario(plan):
    planned = resolve(plan)
    assert parameter(plan, "forecast:gdp").base(plan, planned) == 0.5
    assert parameter(plan, "forecast:gdp").change(0.9, planned) == ()
    assert parameter(plan, "growth:gdp").base(plan, planned) is None
    assert parameter(plan, "baseline:gdp:2018").base(plan, planned) == 451.84
    assert parameter(plan, "target:gdp").base(plan, planned) == 580
    set_to = resolve(
        plan, cm.Scenario("s", cm.SetBaseline("gdp", 2018, 460), cm.SetTarget("gdp", 600),
                          cm.SetGrowth("gdp", 0.07))
    )  # fmt: skip
    stands = [parameter(plan, n).base(plan, set_to) for n in
              ("baseline:gdp:2018", "target:gdp", "growth:gdp")]  # fmt: skip
    assert stands == [460, 600, 0.07]


def test_a_range_around_nothing_is_asked_for(plan):
    with pytest.raises(SensitivityError, match="has no value other than 0 to take a range from"):
        range_of(parameter(plan, "target:gdp"), None)
    with pytest.raises(SensitivityError, match="target:gdp"):
        range_of(parameter(plan, "target:gdp"), 0.0)
    low, high = range_of(parameter(plan, "target:gdp"), 580.0)
    assert low < 580 < high


@pytest.mark.parametrize("name", ["growth:gdp:2020", "baseline:gdp:then", "target:gdp:2022"])
def test_a_year_belongs_to_baselines_alone(plan, name):
    with pytest.raises(SensitivityError, match=name):
        parameter(plan, name)


@pytest.mark.parametrize("name", ["km_open:1800", "km_open:9999"])
def test_a_year_outside_any_plan_is_refused(plan, name):
    with pytest.raises(SensitivityError, match=name):
        outcome(plan, name)


def test_how_good_is_good_enough():
    reader = Reader(SMALL, None, None, 0)
    money = outcome(SMALL, "total")
    with pytest.raises(SensitivityError, match="sense is at_least or at_most; got 'best'"):
        threshold_of(reader, money, 3.0, "best")
    with pytest.raises(SensitivityError, match="total: say from where on it is good enough"):
        threshold_of(reader, money, None, None)
    limit = threshold_of(reader, money, 3.0, None)
    assert (limit.sense, limit.margin(2.5), limit.margin(3.5)) == ("at_most", 0.5, -0.5)
    floor = threshold_of(reader, money, 3.0, "at_least")
    assert (floor.margin(2.5), floor.margin(3.0 + 1e-14)) == (-0.5, 0.0)


def test_a_value_of_what_has_none_gives_its_reason(plan):
    reader = Reader(plan, None, None, 0)
    name = next(i.id for i in plan.targets.values() if i.kind == "level" and i.baseline is None)
    with pytest.raises(SensitivityError, match="no_baseline"):
        reader.read([outcome(plan, f"value:{name}")])


# ---- spreads as nodes ----


def test_what_does_not_vary_has_one_node():
    nodes = discrete_nodes(Fixed(3.0))
    assert (nodes.values.tolist(), nodes.weights.tolist()) == ([3.0], [1.0])
    assert discrete_nodes(Uniform(0, 1)) is None


def test_a_linear_input_counts_by_mean_and_variance_alone():
    nodes = linear_nodes(Uniform(0, 12))
    assert nodes.weights @ nodes.values == pytest.approx(6.0)
    assert nodes.weights @ (nodes.values - 6) ** 2 == pytest.approx(144 / 12)
    assert linear_nodes((0, 12)) is None, "a pair says no distribution"


def test_a_switch_is_thrown_with_the_probability_below_it():
    nodes = switch_nodes(Uniform(0, 12), 3.0)
    assert nodes.values.tolist() == [0.0, 1.0]
    assert nodes.weights == pytest.approx([0.25, 0.75], abs=1e-9)


# ---- functions ----

UNIT = {"a": (0, 1), "b": (0, 1)}


def test_a_function_of_changing_outputs_is_refused():
    calls = []

    def fickle(x):
        calls.append(1)
        return np.vstack([x] * len(calls))

    with pytest.raises(SensitivityError, match="another number of outputs from call to call"):
        sobol_indices(fickle, UNIT, n=64)


def test_values_at_the_very_ends_of_an_unbounded_input_are_refused():
    with pytest.raises(SensitivityError, match="Input 'a' is not finite at some probabilities"):
        values_at({"a": Normal(0, 1)}, np.array([[0.0, 0.5]]))
    assert values_at({"a": Uniform(2, 4)}, np.array([[0.0, 0.5]])).tolist() == [[2.0, 3.0]]


def test_a_design_of_more_columns_than_there_are_is_refused():
    names = [f"x{i}" for i in range(11_000)]
    with pytest.raises(SensitivityError, match="The design has 11000 columns; it can hold 10600"):
        design(names, 2, 0)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ({"a": 3, "b": 0}, {"a": 1, "b": 1}, "low must not be above high, and both finite: a"),
        ({"a": 0, "b": 0}, {"a": np.inf, "b": 1}, "and both finite: a"),
        ({"a": 0}, {"a": 1, "b": 1}, "must name the same inputs"),
    ],
)
def test_a_tornado_of_ends_out_of_order_is_refused(low, high, said):
    with pytest.raises(SensitivityError, match=said):
        one_at_a_time(lambda x: x[0] + x[1], {"a": 1, "b": 1}, low, high)


def test_one_order_is_no_sample(plan):
    changes = [cm.Delay(name, 6) for name in list(plan.projects)[:13]]
    with pytest.raises(cm.CorridorError, match="orders: a whole number from 2 to"):
        attribute(plan, cm.Scenario("s", *changes), "expected_reached", orders=1)


# ---- outcomes that cannot be read, and inputs that lead nowhere ----


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("spending:bus_terminals:2021", "unknown_investment"),
        ("value:gdp:2000", "not_reported"),
        ("p_reach:tax_per_mu", "no_baseline"),
    ],
)
def test_what_cannot_be_read_says_why(plan, name, said):
    with pytest.raises(SensitivityError, match=said):
        Reader(plan, None, None, 0).read([outcome(plan, name)])


def test_a_ceiling_is_good_below_and_odds_from_a_half(plan):
    reader = Reader(plan, None, None, 0)
    rank = outcome(plan, "value:hitech_zone_rank_percentile:2022")
    assert threshold_of(reader, rank, 45.0, None).sense == "at_most"
    odds = threshold_of(reader, outcome(plan, "p_reach:gdp"), None, None)
    assert (odds.value, odds.sense) == (0.5, "at_least")


def test_a_place_within_a_forecast_moves_a_value_and_no_plan(plan):
    reader = Reader(plan, None, None, 0)
    value, place = outcome(plan, "value:gdp:2022"), parameter(plan, "forecast:gdp")
    low, middle, high = (
        read_at(reader, [value], [place], {"forecast:gdp": level})[0] for level in (0.1, 0.5, 0.9)
    )
    assert low < middle < high
    assert middle == pytest.approx(reader.read([value])[0])


def test_a_function_that_answers_something_else_is_refused():
    with pytest.raises(SensitivityError, match="must answer 7 finite numbers to 7 columns"):
        one_at_a_time(lambda x: np.full(x.shape[1], np.nan),
                      {"a": 1, "b": 1}, {"a": 0, "b": 0}, {"a": 2, "b": 2})  # fmt: skip


@pytest.mark.parametrize("levels", [(0.9, 0.1), (0.0, 0.9), (0.1, 1.0), (0.5, 0.5)])
def test_levels_out_of_order_are_refused(levels):
    with pytest.raises(SensitivityError, match="two probabilities in ascending order"):
        cm.tornado(SMALL, "total", levels=levels)


def test_no_growth_leads_to_a_value_that_is_known(plan):
    known = cm.Scenario("s", cm.SetGrowth("gdp", 0.05))
    assert growth_range(Reader(plan, known, None, 0), "gdp", (0.1, 0.9)) == {}
    (span_of_rates,) = growth_range(Reader(plan, None, None, 0), "gdp", (0.1, 0.9)).values()
    low, high, _ = span_of_rates
    assert low < high
