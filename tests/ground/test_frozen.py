"""Frozen distributions of scipy wherever one of ours goes, held to closed forms."""

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from tests.helpers.versions import since

import corridor_model as cm
from corridor_model.distributions import DistributionError
from corridor_model.frozen import (
    Frozen,
    distribution_from_toml,
    distribution_of,
    distribution_to_toml,
)

LEVELS = np.array([0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999])

OURS = [
    (scipy.stats.uniform(2, 3), cm.Uniform(2, 5)),
    (scipy.stats.uniform(loc=2, scale=3), cm.Uniform(2, 5)),
    (scipy.stats.uniform(), cm.Uniform(0, 1)),
    (scipy.stats.norm(0.1, scale=0.02), cm.Normal(0.1, 0.02)),
    (scipy.stats.triang(0.25, 10, 40), cm.Triangular(10, 20, 50)),
    (scipy.stats.beta(2, 3, loc=1, scale=4), cm.Beta(2, 3, 1, 5)),
    (scipy.stats.lognorm(0.25, scale=2), None),
    (scipy.stats.randint(1, 7), cm.Discrete(range(1, 7), [1 / 6] * 6)),
    (scipy.stats.bernoulli(0.25), cm.Discrete([0, 1], [0.75, 0.25])),
    (scipy.stats.binom(3, 0.5), cm.Discrete([0, 1, 2, 3], [1 / 8, 3 / 8, 3 / 8, 1 / 8])),
]


@pytest.mark.parametrize(("theirs", "ours"), OURS)
def test_what_one_of_ours_states_becomes_it_and_can_be_written(theirs, ours):
    turned = distribution_of(theirs)
    assert type(turned).__name__ in dir(cm)
    np.testing.assert_allclose(turned.ppf(LEVELS), theirs.ppf(LEVELS), rtol=1e-12)
    assert turned.mean == pytest.approx(theirs.mean(), rel=1e-12)
    assert turned.variance == pytest.approx(theirs.var(), rel=1e-12)
    assert distribution_to_toml(turned)["distribution"] == type(turned).__name__.lower()
    if ours is not None:
        assert type(turned) is type(ours)
        np.testing.assert_allclose(turned.ppf(LEVELS), ours.ppf(LEVELS), rtol=1e-12)


def test_others_are_held_equal_hashable_and_travel():
    late = distribution_of(scipy.stats.gamma(2, scale=3))
    assert isinstance(late, Frozen)
    assert late == distribution_of(scipy.stats.gamma(a=2, loc=0, scale=3))
    assert late != distribution_of(scipy.stats.gamma(2, scale=3.1))
    assert late != "gamma"
    assert len({late, distribution_of(scipy.stats.gamma(2.0, 0, 3.0))}) == 1
    assert pickle.loads(pickle.dumps(late)) == late == copy.deepcopy(late)
    with pytest.raises(AttributeError):
        late.mean = 1.0
    assert (late.mean, late.variance, late.sd) == pytest.approx((6, 18, math.sqrt(18)))
    assert (late.lowest, late.highest) == (0, math.inf)
    # the median of a gamma of shape 1 is scale × ln 2
    assert distribution_of(scipy.stats.gamma(1, scale=3)).ppf(0.5) == pytest.approx(3 * math.log(2))


def test_whole_numbers_without_end_are_held_within_their_support():
    rare = distribution_of(scipy.stats.poisson(2))
    assert isinstance(rare, Frozen)
    assert rare.is_discrete
    assert rare.ppf(0) == 0  # scipy says -1
    assert rare.cdf(np.array([0.0])) == pytest.approx(math.exp(-2))
    halves = scipy.stats.rv_discrete(values=([0.5, 1.2], [0.5, 0.5]))()
    assert isinstance(distribution_of(halves), Frozen)
    assert distribution_of(halves).ppf([0.2, 0.8]).tolist() == [0.5, 1.2]


@since("scipy", "1.15", "scipy.stats.Normal is new there")
def test_the_new_kind_of_scipy_is_held():
    new = distribution_of(scipy.stats.Normal(mu=1.2, sigma=0.1))
    np.testing.assert_allclose(new.ppf(LEVELS), scipy.stats.norm(1.2, 0.1).ppf(LEVELS))
    assert (new.mean, new.sd) == pytest.approx((1.2, 0.1))
    assert "Normal" in repr(new)
    assert distribution_of(scipy.stats.Normal) is None  # a family, not a distribution


def test_a_shifted_lognormal_and_a_vast_triangle_are_held():
    assert isinstance(distribution_of(scipy.stats.lognorm(0.2, loc=1)), Frozen)
    assert isinstance(distribution_of(scipy.stats.triang(0.5, 0, 1e200)), Frozen)


@pytest.mark.parametrize(
    "odd",
    [
        scipy.stats.norm,
        scipy.stats.norm([0, 1], 1),
        scipy.stats.norm(0, -1),
        scipy.stats.multivariate_normal([0, 0]),
        "norm",
        None,
        3.0,
        np.array([1.0, 2.0]),
    ],
)
def test_what_is_no_distribution_of_one_number_is_none(odd):
    assert distribution_of(odd) is None


def test_something_with_an_inverse_alone_is_held_by_its_ends():
    class Inverse:
        def ppf(self, q):
            return 2 + 3 * np.asarray(q)

    held = distribution_of(Inverse())
    assert (held.lowest, held.highest, float(held.ppf(0.5))) == (2, 5, 3.5)
    assert math.isnan(held.mean)
    assert "Inverse" in repr(held)


def test_changes_take_them_and_money_follows_the_closed_form():
    plan = cm.load_plan()
    work = next(w for w in plan.projects.values() if w.investment is not None)
    dear = cm.Scenario("dear", cm.Overrun(work.id, factor=scipy.stats.uniform(1, 0.5)))
    assert dear == cm.Scenario("dear", cm.Overrun(work.id, factor=cm.Uniform(1, 1.5)))
    total = cm.spending(plan, [dear])["total"]
    total = total.sel(project=work.id).squeeze()
    assert float(total) == pytest.approx(1.25 * work.investment, rel=1e-3)
    assert "uniform" in dear.to_toml()


def test_changes_take_what_only_scipy_states_and_write_it_by_name(tmp_path):
    plan = cm.load_plan()
    work = next(w for w in plan.projects.values() if w.investment is not None)
    rough = cm.Scenario("rough", cm.Overrun(work.id, factor=scipy.stats.gamma(4, 1, 0.05)))
    assert hash(rough) == hash(
        cm.Scenario("rough", cm.Overrun(work.id, factor=scipy.stats.gamma(4, loc=1, scale=0.05)))
    )
    total = cm.spending(plan, [rough])["total"].sel(project=work.id).squeeze()
    assert float(total) == pytest.approx((1 + 4 * 0.05) * work.investment, rel=1e-3)
    assert "scipy.stats.gamma" in rough.to_toml()
    assert cm.describe(rough, "en", plan=plan)
    (again,) = cm.load_scenarios(_file(tmp_path, rough.to_toml()))
    assert again == rough
    own = scipy.stats.rv_histogram(np.histogram([1.0, 1.2, 1.4, 1.5], bins=3)).freeze()
    with pytest.raises(DistributionError, match=r"has no form in a file\. Every result carries"):
        cm.Scenario("own", cm.Overrun(work.id, factor=own)).to_toml()


def _file(folder, text):
    path = folder / "scenarios.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_names_them_and_their_mistakes_are_said():
    with pytest.raises(DistributionError, match="no distribution 'scipy.stats.gama'"):
        distribution_from_toml({"distribution": "scipy.stats.gama", "a": 2})
    for wrong in ({}, {"a": 2, "b": 1}, {"a": -2.0}, {"a": "2"}):
        with pytest.raises(DistributionError, match="Its parameters are a, loc, scale"):
            distribution_from_toml({"distribution": "scipy.stats.gamma", **wrong})
    rare = distribution_of(scipy.stats.poisson(2))
    assert distribution_from_toml(distribution_to_toml(rare)) == rare
    assert distribution_from_toml(distribution_to_toml(cm.Fixed(1))) == cm.Fixed(1)


def test_a_delay_of_scipy_gives_the_odds_of_the_same_one_of_ours():
    plan = cm.load_plan()
    of = "jinliwen_expressway"
    months = [scipy.stats.uniform(0, 24), cm.Uniform(0, 24), scipy.stats.gamma(2, scale=3)]
    late = [cm.Scenario(f"late {i}", cm.Delay(of, months=m)) for i, m in enumerate(months)]
    reach = cm.simulate(plan, late, draws=64)["p_reach"]
    np.testing.assert_array_equal(reach.isel(scenario=0), reach.isel(scenario=1))
    known = reach.isel(scenario=2).dropna("indicator")
    assert known.size
    assert bool(((known >= 0) & (known <= 1)).all())


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (scipy.stats.norm(6, 3), "can be negative"),
        (scipy.stats.pareto(0.5), "has no mean"),
        (scipy.stats.gamma, "must be a number or a Distribution"),
    ],
)
def test_a_delay_refuses_what_ours_would_be_refused_for(amount, words):
    with pytest.raises(cm.CorridorError, match=words):
        cm.Delay("jinliwen_expressway", months=amount)


def test_a_plan_takes_them_in_its_table_of_uncertainties():
    plan = cm.load_plan()
    row = {"target": "jinliwen_expressway", "field": "delay", "source": "test"}
    good = pd.DataFrame([{**row, "distribution": scipy.stats.triang(0.25, 0, 24)}])
    table = plan.with_tables(uncertainties=good).table("uncertainties")
    assert table["distribution"].tolist() == ["Triangular(low=0.0, mode=6.0, high=24.0)"]
    bad = pd.DataFrame([{**row, "distribution": scipy.stats.gamma(2)}])
    with pytest.raises(cm.PlanError, match="gamma"):
        plan.with_tables(uncertainties=bad)


def test_studies_take_them():
    plan = cm.load_plan()
    name = "delay:jinliwen_expressway"
    theirs, ours = (
        cm.tornado(plan, "km_open:2022", inputs={name: m})
        for m in (scipy.stats.uniform(0, 24), cm.Uniform(0, 24))
    )
    assert theirs.drop_attrs().equals(ours.drop_attrs())
    shares = cm.sensitivity.sobol_indices(
        lambda x: x[0] + 2 * x[1],
        {"a": scipy.stats.gamma(2), "b": scipy.stats.poisson(2)},
        n=256,
        resamples=0,
    )
    # both have variance 2; b counts four times as much
    np.testing.assert_allclose(shares["S1"].to_numpy(), [[0.2, 0.8]], atol=0.03)
