"""Distributions: their laws, their edges, their two written forms, and what they refuse."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_model.distributions import (
    KINDS,
    PERT,
    Beta,
    Discrete,
    DistributionError,
    Fixed,
    Lognormal,
    Negative,
    Normal,
    Triangular,
    Uniform,
    distribution_from_text,
    distribution_from_toml,
    distribution_to_toml,
)
from corridor_model.errors import CorridorError

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
sizes = st.floats(1e-3, 1e6)


@st.composite
def three(draw):
    low, width = draw(numbers), draw(st.floats(1e-2, 1e6))
    return low, low + width * draw(st.sampled_from([0.0, 0.3, 1.0])), low + width


distributions = st.one_of(
    st.builds(Fixed, numbers),
    st.builds(Normal, numbers, st.one_of(st.just(0.0), sizes)),
    st.builds(Lognormal, sizes, st.one_of(st.just(0.0), sizes)),
    three().map(lambda t: Uniform(t[0], t[2])),
    three().map(lambda t: Triangular(*t)),
    st.builds(lambda t, s: PERT(*t, s), three(), st.floats(0, 20)),
    st.builds(
        lambda a, b, t: Beta(a, b, t[0], t[2]), st.floats(0.3, 30), st.floats(0.3, 30), three()
    ),
    st.lists(numbers, min_size=1, max_size=6).map(lambda v: Discrete(v, [1 / len(v)] * len(v))),
)


@given(distributions)
def test_mean_and_variance_are_those_of_the_quantiles(made):
    """Gauss quadrature in 64 pieces of probability, finer in the tails, against the formulas."""
    u = np.concatenate([10.0 ** np.arange(-12, -2), np.linspace(0.01, 0.99, 197)])
    u = np.unique(np.concatenate([[0.0], u, 1 - 10.0 ** np.arange(-12, -2), [1.0]]))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    middle, half = (u[1:] + u[:-1]) / 2, (u[1:] - u[:-1]) / 2
    values = made.ppf(np.clip(middle[:, None] + half[:, None] * nodes, 0, 1))
    mean = float((values * weights * half[:, None]).sum())
    scale = abs(made.mean) + made.sd + 1e-12
    heavy = isinstance(made, Lognormal) and made.sd > made.mean
    if not heavy:
        within = 2e-2 if isinstance(made, Discrete) else 1e-3
        assert abs(mean - made.mean) <= within * scale
        spread = float((((values - made.mean) ** 2) * weights * half[:, None]).sum())
        if not (isinstance(made, (Discrete, Beta, Lognormal))):
            assert spread == pytest.approx(made.variance, rel=1e-2, abs=1e-9 * scale**2)
    assert made.variance == pytest.approx(made.sd**2, rel=1e-12)


@given(distributions, st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_quantiles_rise_and_stay_inside_the_support(made, levels):
    q = np.sort(levels)
    values = made.ppf(q)
    assert values.shape == q.shape
    assert (values[1:] >= values[:-1]).all()
    assert (values >= made.lowest).all()
    assert (values <= made.highest).all()
    inside = made.ppf(np.clip(q, 1e-6, 1 - 1e-6))
    assert np.isfinite(inside).all()


@given(distributions)
def test_every_distribution_survives_both_forms_and_is_hashable(made):
    assert distribution_from_text(repr(made)) == made
    assert distribution_from_toml(distribution_to_toml(made)) == made
    assert hash(distribution_from_text(repr(made))) == hash(made)
    assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises((AttributeError, TypeError)):
        made.extra = 1
    assert made.ppf([[0.2, 0.4]]).shape == (1, 2)


def test_every_kind_is_tested_above():
    assert set(KINDS) == {
        *("fixed", "normal", "lognormal", "uniform"),
        *("triangular", "pert", "beta", "discrete"),
    }


@pytest.mark.parametrize("mode", [0.0, 0.25, 1.0])
def test_a_triangle_is_exact_at_its_corners(mode):
    made = Triangular(0, mode, 1)
    assert made.ppf([0.0, 1.0]).tolist() == [0.0, 1.0]
    assert float(made.ppf(mode)) == pytest.approx(mode, abs=1e-15)  # P(below the mode) = mode


def test_pert_with_weight_0_is_uniform_and_its_ends_are_reached():
    assert PERT(0, 3, 12, shape=0).ppf([0.25, 0.5]).tolist() == pytest.approx([3.0, 6.0])
    for mode in (0, 12):
        assert PERT(0, mode, 12).ppf([0, 1]).tolist() == [0.0, 12.0]
        assert PERT(0, mode, 12).mean == pytest.approx((0 + 4 * mode + 12) / 6)


def test_a_beta_pert_has_not_the_textbook_variance():
    assert PERT(10, 20, 40).variance == pytest.approx(30.555555555555554)
    assert PERT(10, 20, 40).variance != pytest.approx(((40 - 10) / 6) ** 2)


def test_discrete_is_left_continuous_and_merges_what_is_equal():
    made = Discrete([12, 0, 12, 24], [0.1, 0.5, 0.2, 0.2])
    assert made.values == (0.0, 12.0, 24.0)
    assert made.ppf([0, 0.5, 0.5000001, 0.8, 0.81, 1]).tolist() == [0, 0, 12, 12, 24, 24]
    assert Discrete([1, 2], [1, 0]).highest == 1
    tenths = Discrete(range(10), [0.1] * 10)
    assert tenths.ppf(np.arange(1, 11) / 10).tolist() == list(range(10))


def test_the_road_overrun_of_the_literature():
    """Flyvbjerg et al. (2003): mean 20.4 %, s.d. 29.9 %."""
    roads = Lognormal(mean=1.204, sd=0.299)
    assert roads.mean == 1.204
    assert math.exp(roads.mu + roads.sigma**2 / 2) == pytest.approx(1.204, rel=1e-14)
    spread = math.expm1(roads.sigma**2) * math.exp(2 * roads.mu + roads.sigma**2)
    assert spread == pytest.approx(0.299**2, rel=1e-13)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Lognormal(mean=0, sd=1), "above 0"),
        (lambda: Lognormal(mean=1, sd=-1), "negative"),
        (lambda: Normal(mean=math.nan, sd=1), "finite"),
        (lambda: Normal(mean="5", sd=1), "finite"),
        (lambda: Normal(mean=True, sd=1), "finite"),
        (lambda: Fixed(math.inf), "finite"),
        (lambda: Uniform(3, 3), "Fixed"),
        (lambda: Uniform(4, 3), "below high"),
        (lambda: Uniform(-1.7e308, 1.7e308), "too wide"),
        (lambda: Triangular(0, 13, 12), "between"),
        (lambda: PERT(0, -1, 12), "between"),
        (lambda: PERT(0, 1, 12, shape=-1), "negative"),
        (lambda: Beta(0, 1), "above 0"),
        (lambda: Discrete([], []), "0 values"),
        (lambda: Discrete([1, 2], [1]), "2 values"),
        (lambda: Discrete([1, 2], [0.5, 0.6]), "sum to 1.1"),
        (lambda: Discrete([1, 2], [-0.5, 1.5]), "at least 0"),
        (lambda: Discrete(5, [1]), "lists"),
        (lambda: Fixed(1).ppf(1.2), "between 0 and 1"),
        (lambda: Fixed(1).ppf(math.nan), "between 0 and 1"),
        (lambda: distribution_from_text("__import__('os').getcwd()"), "no distribution"),
        (lambda: distribution_from_text("normal(mean=1,"), "lognormal(mean="),
        (lambda: distribution_from_text("gauss(1, 2)"), "Known: fixed"),
        (lambda: distribution_from_text("uniform(1, 2, 3)"), "no parameter #3"),
        (lambda: distribution_from_text("uniform(1, low=2)"), "no parameter #low"),
        (lambda: distribution_from_text("uniform(1)"), "lacks high"),
        (lambda: distribution_from_toml({"mean": 1}), "lacks the name of a distribution"),
    ],
)
def test_what_is_refused_says_why(make, word):
    with pytest.raises(DistributionError, match=word.replace("(", r"\(")) as caught:
        make()
    assert isinstance(caught.value, CorridorError)
    assert isinstance(caught.value, ValueError)
    assert any("一" <= c <= "鿿" for c in caught.value.text("zh"))


@pytest.mark.uncounted
def test_scipy_stats_stays_out():
    code = "import sys, corridor_model.distributions\nassert 'scipy.stats' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_beta_at_probabilities_where_the_search_gives_up():
    for q in (3.2e-245, 1e-300, 5e-324):
        x = float(Beta(2, 4).ppf(q))
        # to first order q = x² / (2 B(2, 4)) = 10 x²
        assert x == pytest.approx(np.sqrt(q / 10), rel=1e-6)
    assert PERT(0, 6, 24).ppf(1e-300) >= 0


def test_the_quantiles_people_ask_for():
    assert Uniform(0, 1).quantiles() == pytest.approx([0.05, 0.25, 0.5, 0.75, 0.95])
    assert Uniform(0, 10).quantiles([0.2]) == pytest.approx([2.0])


def test_a_beta_at_normal_scores_is_its_quantile_there():
    # Beta(2, 1) has the distribution function x^2, Beta(1, 2) has 1 - (1 - x)^2
    z = np.array([-2.5, -1.0, 0.0, 0.7, 3.0])
    below = np.array([0.5 * math.erfc(-one / math.sqrt(2)) for one in z])
    assert Beta(2, 1).at_scores(z) == pytest.approx(np.sqrt(below), abs=2e-5)
    assert Beta(1, 2).at_scores(z) == pytest.approx(1 - np.sqrt(1 - below), abs=2e-5)


def test_the_negative_of_another_mirrors_it():
    earlier = Negative(Triangular(0, 3, 12))
    assert (earlier.mean, earlier.sd) == (-5.0, Triangular(0, 3, 12).sd)
    assert earlier.variance == pytest.approx((0 + 9 + 144 - 0 - 0 - 36) / 18)
    assert earlier.ppf([0.2]) == pytest.approx(-Triangular(0, 3, 12).ppf([0.8]))
