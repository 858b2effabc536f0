"""What every door does alike: seeds, names that are near, public names, errors, versions."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
import tomllib

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from tests.helpers.paths import ROOT

import corridor_model as cm
from corridor_model import draws, files, growth, portfolio, units
from corridor_model.forecasting.history import years_of

FACES = ("", "growth", "forecasting", "assessment", "sensitivity", "portfolio", "plot", "draws")
PLAN = cm.load_plan()
LATE = cm.Scenario("late", cm.Overrun(factor=cm.Uniform(low=1.0, high=1.5), all=True))


# Seeds.


def spent(seed):
    result = cm.spending(PLAN, LATE, draws=64, seed=seed)
    return result["programme"].to_numpy(), result.attrs["seed"]


def test_a_generator_gives_its_next_seed():
    first, one = spent(np.random.default_rng(5))
    again, same = spent(np.random.default_rng(5))
    np.testing.assert_array_equal(first, again)
    assert one == same
    rng = np.random.default_rng(5)
    assert spent(rng)[1] != spent(rng)[1]
    np.testing.assert_array_equal(spent(one)[0], first)  # what a result holds repeats it


def test_none_is_a_seed_of_its_own_that_the_result_holds():
    first, one = spent(None)
    assert one != spent(None)[1]
    assert 0 <= one < 2**63
    np.testing.assert_array_equal(spent(one)[0], first)


def test_0_is_a_seed_like_any_other():
    np.testing.assert_array_equal(spent(0)[0], spent(np.int64(0))[0])
    assert spent(0)[1] == 0


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "0", True, np.random.RandomState(0), [1]])
def test_what_is_no_seed(seed):
    with pytest.raises(cm.CorridorError, match="Generator or None"):
        spent(seed)


def test_every_public_function_with_a_seed_takes_one_of_each_kind():
    functions = {
        name: item
        for face in FACES
        for name, item in vars_of(face).items()
        if callable(item) and "seed" in parameters(item)
    }
    assert {"simulate", "spending", "sobol", "tornado", "latin_hypercube"} <= {*functions}
    for name, item in functions.items():
        annotation = str(parameters(item)["seed"].annotation)
        assert "Seed" in annotation or annotation == "<class 'inspect._empty'>", name


def vars_of(face):
    module = importlib.import_module(f"corridor_model.{face}".rstrip("."))
    return {name: getattr(module, name) for name in module.__all__}


def parameters(item):
    import inspect

    try:
        return inspect.signature(item).parameters
    except (TypeError, ValueError):
        return {}


def test_designs_take_a_generator():
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(
        draws.latin_hypercube(4, 2, np.random.default_rng(1)), draws.latin_hypercube(4, 2, rng)
    )
    assert draws.latin_hypercube(4, 2, None).shape == (4, 2)


# Names.


@pytest.mark.parametrize("mapping", ["indicators", "targets", "projects", "tasks", "conflicts"])
def test_a_name_that_is_none_is_an_error_of_a_mapping(mapping):
    records = getattr(PLAN, mapping)
    known = next(iter(records))
    assert records[known].id == known
    assert known in records
    assert records.get("nothing") is None
    assert "nothing" not in records
    assert len(records) == len(list(records))
    assert len(repr(records)) < 10_000
    for name in ("nothing", 3, None):
        with pytest.raises(KeyError, match=r"There is no"):
            records[name]
        with pytest.raises(cm.CorridorError):
            records[name]


def test_the_nearest_name_is_asked_for():
    for records in (PLAN.indicators, PLAN.targets):
        with pytest.raises(cm.CorridorError) as caught:
            records["GDP"]
        assert str(caught.value) == "There is no 'GDP'. Did you mean 'gdp'?"
        assert "gdp" in caught.value.text("zh")


def test_every_error_is_a_value_error():
    assert issubclass(cm.CorridorError, ValueError)
    assert issubclass(portfolio.InfeasibleError, ValueError)
    with pytest.raises(ValueError, match="A plan is needed"):
        cm.assess("plan")


@pytest.mark.parametrize("face", [*FACES, "distributions"])
def test_dir_shows_public_names_only(face):
    module = importlib.import_module(f"corridor_model.{face}".rstrip("."))
    assert sorted(dir(module)) == sorted(module.__all__)
    assert not [name for name in dir(module) if name[0] == "_" and name != "__version__"]


# Versions, extras, units.


def project(folder, text):
    """Return where a copy of the package stands in a source tree with this pyproject.toml."""
    (folder / "src/corridor_model").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return str(folder / "src/corridor_model/files.py")


def test_the_version_is_that_of_the_code_that_runs(monkeypatch, tmp_path):
    """A source tree says its own, whatever was installed once; an installation, the wheel's."""
    told = "99.1"
    monkeypatch.setattr(importlib.metadata, "version", lambda name: told)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert files.version() == cm.__version__ == tomllib.loads(text)["project"]["version"]
    for name, tree in {
        "another": '[project]\nname = "another"\nversion = "3"\n',
        "none": "[tool.x]\n",
        "broken": "[project\n",
    }.items():
        monkeypatch.setattr(files, "__file__", project(tmp_path / name, tree))
        assert files.version() == told
    monkeypatch.setattr(files, "__file__", str(tmp_path / "site-packages/corridor_model/files.py"))
    assert files.version() == told

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert files.version() == "0+unknown"


@pytest.mark.parametrize(
    ("unit", "square_metres"),
    [("亩", 10_000 / 15), ("acre", 4046.8564224), ("英亩", 4046.8564224), ("hectare", 1e4)],
)
def test_areas_have_factors_of_their_own(unit, square_metres, monkeypatch):
    """International acre: NIST Special Publication 811, appendix B.8; 15 mu are a hectare."""

    def ask(*_):
        raise AssertionError("pint was asked")

    monkeypatch.setattr(units, "_ask_pint", ask)
    assert units.factor(unit, "平方米") == pytest.approx(square_metres, rel=1e-15)
    assert units.convert(15.0, "亩", "公顷") == pytest.approx(1.0, rel=1e-15)


# A history with its years.

LEVELS = pd.Series([100.0, 108.0, 115.0, 126.0], index=[2016, 2017, 2018, 2019])
ARRAY = xr.DataArray(LEVELS.to_numpy(), {"year": LEVELS.index.to_numpy()}, "year")


@pytest.mark.parametrize(
    "history",
    [
        LEVELS,
        LEVELS.set_axis(pd.to_datetime(["2016", "2017", "2018", "2019"])),
        LEVELS.set_axis(pd.date_range("2016", periods=4, freq="YE")),
        LEVELS.set_axis(pd.period_range("2016", periods=4, freq="Y")),
        LEVELS.to_dict(),
        ARRAY,
        ARRAY.assign_coords(year=pd.to_datetime(["2016", "2017", "2018", "2019"])),
        LEVELS[::-1],
    ],
    ids=str,
)
def test_forecast_reads_the_years_of_a_history(history):
    expected = cm.forecast(LEVELS.to_list(), [2016, 2017, 2018, 2019], 3, "level")
    own = cm.forecast(history, horizon=3, kind="level")
    assert own.years == expected.years == (2020, 2021, 2022)
    np.testing.assert_array_equal(own.quantile([0.1, 0.9]), expected.quantile([0.1, 0.9]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((LEVELS,), "needs a horizon and a kind"),
        ((LEVELS, None, 3), "needs a horizon and a kind"),
        ((LEVELS.to_list(), None, 3, "level"), "The years of the values are missing"),
        ((LEVELS.reset_index(drop=True), None, 3, "level"), "counts them and holds no years"),
        ((LEVELS, [2015, 2016, 2017, 2018], 3, "level"), "has other years"),
        (
            (LEVELS.set_axis(pd.period_range("2016", periods=4, freq="Y-MAR")), None, 3, "level"),
            "no calendar year",
        ),
        (
            (LEVELS.set_axis(pd.date_range("2016-05", periods=4, freq="MS")), None, 3, "level"),
            "no calendar year",
        ),
        ((LEVELS.set_axis([*"abcd"]), None, 3, "level"), "no calendar year"),
        (("abc", [1, 2, 3], 3, "level"), "a row of values"),
        ((3.0, [2019], 3, "level"), "a row of values"),
        (([[1.0]], [2019], 3, "level"), "the value of 2019"),
        ((np.ones((1, 1)), [2019], 3, "level"), "a row of values"),
        ((["x"], [2019], 3, "level"), "the value of 2019"),
        (([1.0], "2019", 3, "level"), "no row of calendar years"),
        (([1.0], 2019, 3, "level"), "no row of calendar years"),
        (([1.0], [True], 3, "level"), "no calendar year"),
        (([1.0], [10**9], 3, "level"), "no calendar year"),
        (([1.0], [2019], "x", "level"), "horizon must be"),
        (([1.0], [2019], True, "level"), "horizon must be"),
        (([1.0], [2019], 3, 3), "unknown kind"),
        (([1.0], [2019], 3, "lvl"), "unknown kind"),
    ],
)
def test_forecast_refuses_in_words(arguments, words):
    with pytest.raises(cm.CorridorError) as caught:
        cm.forecast(*arguments)
    assert words.replace("no row", "not a row").replace("no calendar", "not a calendar") in str(
        caught.value
    )
    assert caught.value.text("zh")


@pytest.mark.parametrize("hole", [np.nan, pd.NA, float("nan")])
def test_a_nan_is_a_mistake_or_a_year_that_is_left_out(hole):
    holes = LEVELS.astype(object)
    holes[2017] = hole
    with pytest.raises(cm.CorridorError, match='missing="skip"'):
        cm.forecast(holes, horizon=3, kind="level")
    skipped = cm.forecast(holes, horizon=3, kind="level", missing="skip")
    without = cm.forecast(LEVELS.drop(2017), horizon=3, kind="level")
    np.testing.assert_array_equal(skipped.quantile(0.5), without.quantile(0.5))
    with pytest.raises(cm.CorridorError, match='missing is "error" or "skip"'):
        cm.forecast(holes, horizon=3, kind="level", missing="drop")


def test_a_series_whose_index_only_counts_takes_years():
    counted = LEVELS.reset_index(drop=True)
    assert cm.forecast(counted, [2016, 2017, 2018, 2019], 1, "level").years == (2020,)
    with pytest.raises(cm.CorridorError):
        years_of(np.array([1.0]))


def test_infinite_values_are_refused():
    with pytest.raises(cm.CorridorError, match="the value of 2019 is inf"):
        cm.forecast([np.inf], [2019], 1, "level")


def test_the_modules_of_the_tests_are_those_of_the_tree():
    assert sys.modules["corridor_model"] is cm
    assert growth.cagr is cm.growth.cagr


# Closed lists of words in the types, and names that are nearly right.


def test_closed_lists_in_types_are_those_of_the_library():
    from typing import get_args, get_type_hints

    from corridor_model import codes
    from corridor_model.assessment import RULES, rollup
    from corridor_model.forecasting import METHODS, history
    from corridor_model.portfolio import request
    from corridor_model.report import bulletin

    assert set(get_args(codes.RuleName)) == {*RULES, "all"}
    assert get_args(codes.Origin) == codes.ORIGINS
    assert set(get_args(history.MethodName)) == {"default", *METHODS}
    assert get_args(request.Leftover) == request.LEFTOVER
    assert get_args(request.Running) == request.RUNNING
    assert get_args(bulletin.Form) == bulletin.FORMS
    assert get_args(rollup.By) == rollup.BY
    assert set(get_args(get_type_hints(cm.set_options.__init__)["lang"])) == {"zh", "en"}


@pytest.mark.parametrize(
    ("mapping", "wrong", "near"),
    [
        ("indicators", "GDP", "gdp"),
        ("targets", "gdp@2032", "gdp@2022"),
        ("projects", "binhai_avenu", "binhai_avenue"),
        ("tasks", "annex1_0l", "annex1_01"),
        ("units", "区科技", "区科技局"),
    ],
)
def test_every_mapping_of_a_plan_names_what_was_meant(mapping, wrong, near):
    with pytest.raises(KeyError, match=r"There is no ") as missed:
        getattr(PLAN, mapping)[wrong]
    assert isinstance(missed.value, cm.CorridorError)
    assert isinstance(missed.value, ValueError)
    assert "Did you mean" in str(missed.value) or mapping == "targets"
    assert near in getattr(PLAN, mapping)


def test_no_mapping_of_a_plan_can_be_written():
    for mapping in ("indicators", "targets", "projects", "tasks", "units", "conflicts"):
        with pytest.raises(TypeError):
            getattr(PLAN, mapping)["x"] = None
