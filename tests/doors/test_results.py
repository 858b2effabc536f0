"""Results people hold: tables, words, representations and HTML of whatever a verb returns."""

from __future__ import annotations

import pickle
import re
from functools import cache
from html import escape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.paths import OTHER_PLAN

import corridor_model as cm
from corridor_model import display
from corridor_model.codes import STATUSES, status_word
from corridor_model.results import ExplodingFrameError, Result
from corridor_model.text import summaries
from corridor_model.text.result_tables import BY_STUDY, BY_VARIABLES
from corridor_model.text.table import BY_CLASS, FRAMES

PLAN = cm.load_plan(OTHER_PLAN)
EXAMPLE = cm.load_plan(example=True)
LATE = cm.Scenario("late", cm.Delay("tram_1", months=12), cm.SetGrowth("output", mean=0.05))
DEAR = cm.Scenario("dear", cm.Overrun(factor=cm.Uniform(1.0, 1.5), all=True))
MONEY = {2024: None, 2025: 30.0, 2026: 30.0, 2027: 30.0}
RANGES = {"a": cm.Uniform(0, 1), "b": cm.Uniform(0, 2)}
TARGETS = pd.DataFrame(
    {
        "region": ["A", "B", "C"],
        "indicator": "gdp",
        "kind": "level",
        "value": [120.0, 130.0, 90.0],
        "sense": "at_least",
        "year": 2022,
    }
)
VALUES = pd.DataFrame(
    {
        "region": ["A", "A", "B", "B"],
        "indicator": "gdp",
        "year": [2019, 2020] * 2,
        "value": [100.0, 105.0, 100.0, 120.0],
    }
)


def _square(x):
    return x[0] + x[1] ** 2


def _history():
    years = range(2005, 2017)
    rows = [
        {"series_id": f"s{i}", "year": y, "value": 100 * 1.08 ** (y - 2005) + i, "kind": "level"}
        for i in range(3)
        for y in years
    ]
    return pd.DataFrame(rows)


FORECAST = cm.forecast([100.0, 108.0, 117.0, 121.0], [2016, 2017, 2018, 2019], 3, kind="level")
FIGURES = cm.load_observations(OTHER_PLAN / "observations.csv", PLAN)


@cache
def assessment():
    return cm.assess(PLAN, FIGURES)


@cache
def works():
    return cm.assessment.assess_works(PLAN)


def _inputs():
    return ("delay:tram_1", 0, 12), ("delay:ring_west", 0, 12)


MAKE = {
    "plan": lambda: PLAN,
    "figures": lambda: FIGURES,
    "no figures": cm.Observations,
    "required": lambda: cm.required_growth(PLAN),
    "required with figures": lambda: cm.required_growth(PLAN, FIGURES),
    "paths": lambda: cm.growth_paths(PLAN),
    "assess": assessment,
    "assess by every rule": lambda: cm.assess(PLAN, FIGURES, rule="all"),
    "evaluate": lambda: cm.assessment.evaluate(PLAN, FIGURES),
    "simulate": lambda: cm.simulate(PLAN, [cm.Scenario("as planned"), LATE], draws=64),
    "spending": lambda: cm.spending(PLAN),
    "spending of several": lambda: cm.spending(PLAN, [cm.Scenario("as planned"), LATE]),
    "tornado": lambda: cm.tornado(PLAN, "programme:2027"),
    "one at a time": lambda: cm.sensitivity.one_at_a_time(
        _square, {"a": 0.5, "b": 1.0}, {"a": 0, "b": 0}, {"a": 1, "b": 2}
    ),
    "switching": lambda: cm.switching_values(PLAN, "programme:2027", threshold=1.0, points=5),
    "sobol": lambda: cm.sobol(PLAN, ["programme:2027", "programme:2026"], n=32),
    "attribution": lambda: cm.attribute(PLAN, LATE, ["programme:2027", "programme:2026"]),
    "two way": lambda: cm.sensitivity.two_way(
        PLAN, "programme:2027", *_inputs(), threshold=1.0, points=(5, 5)
    ),
    "morris": lambda: cm.sensitivity.morris(_square, RANGES),
    "choice": lambda: cm.choose_projects(PLAN, MONEY),
    "cut": lambda: cm.budget_cut(PLAN, MONEY),
    "robust": lambda: cm.portfolio.robust_choice(PLAN, MONEY, scenario=DEAR, draws=64),
    "least regret": lambda: cm.portfolio.robust_choice(
        PLAN, MONEY, scenario=[cm.Scenario("as planned"), LATE]
    ),
    "panel": lambda: cm.assess_panel(TARGETS, VALUES),
    "forecast": lambda: FORECAST,
    "predictive": lambda: cm.predictive(PLAN, "output", FIGURES),
    "samples": lambda: cm.Predictive.from_samples([[1.0, 2.0], [3.0, 5.0]], [2023, 2024]),
    "no scale": lambda: cm.forecast([0.0], [2019], 2, kind="additions"),
    "batch": lambda: cm.forecasting.forecast_batch(
        [[100.0, 110.0, 121.0], [0.0]], [[2018, 2019, 2020], [2020]], 3, ["level", "additions"]
    ),
    "explanation": FORECAST.explain,
    "base rate": lambda: cm.feasibility(100, 120, 3, kind="level"),
    "base rate of a share": lambda: cm.feasibility(40, 50, 3, kind="share"),
    "backtest": lambda: cm.backtest(_history()),
    "weights": cm.forecasting.shipped_weights,
    "history": lambda: cm.assessment.verdict_history(PLAN, FIGURES),
    "works": works,
    "tasks": lambda: cm.assessment.assess_tasks(PLAN),
    "total": lambda: cm.assessment.works_total(works()),
    "league": lambda: cm.assessment.league(PLAN, assessment()),
    "roll up": lambda: cm.assessment.roll_up(PLAN, assessment()),
    "openings": lambda: cm.openings(EXAMPLE),
    "long": lambda: cm.long_table(cm.spending(PLAN)),
    "scenario": lambda: LATE,
    "resolved": lambda: cm.resolve(PLAN, LATE),
    "change": lambda: cm.Delay("tram_1", months=6),
    "lognormal": lambda: cm.Lognormal(mean=1.2, sd=0.3),
    "fixed": lambda: cm.Fixed(2.0),
    "profile": lambda: cm.SCurve(2, 3.5),
    "verdict": lambda: cm.portfolio.minimax_regret({"a": [1, 2], "b": [2, 1]}),
    "shares": lambda: cm.sensitivity.shapley_values(
        cm.sensitivity.VotingGame([4, 3, 2], quota=5), 3
    ),
    "indicators": lambda: PLAN.indicators,
    "works of the plan": lambda: PLAN.projects,
    "promises": lambda: PLAN.targets,
    "indicator": lambda: PLAN.indicators["output"],
    "work": lambda: PLAN.projects["ring_west"],
}


@cache
def thing(name):
    return MAKE[name]()


@cache
def table(name, lang):
    return cm.table(thing(name), lang)


# Every result has a table, words, a short representation and HTML.


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", MAKE)
def test_every_result_has_a_table_in_words(name, lang):
    frame = table(name, lang)
    assert isinstance(frame, pd.DataFrame)
    headers = [str(column) for column in frame.columns]
    assert len(set(headers)) == len(headers)
    assert headers
    if frame.index.name is not None:
        headers.append(frame.index.name)
    for header in headers:
        assert "_" not in header or header in {"healthy_people"}, header
        own = "late" in header or "as planned" in header or header[:4].isdigit()
        assert re.search("[\\u3400-\\u9fff]", header) or lang == "en" or own, header
        if lang == "en":  # but for units, which are those of the plan
            assert not re.search("[\\u3400-\\u9fff]", re.sub(r"\(.*\)|[A-Z].*", "", header)), header
    for column in frame.select_dtypes("float"):
        assert np.isfinite(frame[column].dropna()).all()


@pytest.mark.parametrize("name", MAKE)
def test_both_languages_have_the_same_rows_and_numbers(name):
    zh, en = table(name, "zh"), table(name, "en")
    assert zh.shape == en.shape
    for a, b in zip(zh, en, strict=True):
        if zh[a].dtype.kind in "fi":
            pd.testing.assert_series_equal(zh[a], en[b], check_names=False, check_index=False)


@pytest.mark.parametrize("name", MAKE)
def test_every_result_has_words_in_both_languages(name):
    zh, en = (cm.describe(thing(name), lang) for lang in ("zh", "en"))
    assert zh.strip()
    assert en.strip()
    assert zh != en or name in {"profile"}
    assert "None" not in zh + en
    assert not re.search(r"\bnan\b", zh + en)


@pytest.mark.parametrize("name", MAKE)
def test_representations_are_short(name):
    text = repr(thing(name))
    if isinstance(thing(name), pd.DataFrame):
        return  # pandas' own
    assert len(text.splitlines()) < 25
    assert len(text) < 3000
    assert not text.startswith("<corridor_model")


class Page(HTMLParser):
    """Counts tags, and holds that every one is closed."""

    VOID = frozenset({"br", "input", "meta", "hr", "path", "use"})

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.scopes, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.scopes += [value for key, value in attrs if key == "scope"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parsed(html):
    page = Page()
    page.feed(html)
    page.close()
    assert not page.open
    return page


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", [name for name in MAKE if name != "no figures"])
def test_a_notebook_shows_it_on_any_ground(name, lang):
    if type(thing(name)).__name__ == "DataFrame":
        return  # pandas' own
    with cm.set_options(lang=lang):
        html = thing(name)._repr_html_()
    own = html.partition("<details>")[0]  # what is behind it is xarray's
    page = parsed(own)
    assert page.tags.count("table") == page.tags.count("caption") == 1
    assert "col" in page.scopes or page.scopes[0] == "row"
    assert {*page.scopes} <= {"row", "col"}
    assert page.tags.count("th") == len(page.scopes)
    assert not re.search(r"color|background|border|class=|<style|<script|#[0-9a-f]{3}", own)
    # no meaning in style alone: without it, the same words stand there
    assert parsed(re.sub(' style="[^"]*"', "", own)).text == page.text
    assert "NaN" not in own
    assert "nan" not in page.text
    assert page.tags.count("tr") <= 40


def test_xarray_stands_behind_the_words():
    html = thing("simulate")._repr_html_()
    assert html.count("<details><summary>全部变量（xarray格式）</summary>") == 1
    assert "xr-wrap" in html
    part = thing("simulate")[["n_reached"]]  # of which no words speak
    assert part._repr_html_().startswith("<div>")
    assert "<caption" not in part._repr_html_()
    assert repr(part) == repr(part.copy())
    assert "n_reached" in repr(part)


def test_an_empty_result_is_left_to_xarray():
    with pytest.raises(ValueError, match="0-dimensional"):
        Result().to_dataframe()


def test_every_kind_is_tabulated_and_described():
    assert set(FRAMES) <= set(summaries.BY_KIND)
    assert {kind for kind, _ in BY_VARIABLES.values()} <= set(summaries.BY_KIND)
    for name in MAKE:
        held = thing(name)
        if isinstance(held, Result):
            assert cm.describe(held)
    covered = {kind.__name__ for name in MAKE for kind in type(thing(name)).__mro__}
    assert set(BY_CLASS) - covered <= {"Collection"}  # of a folder, see tests/observations
    studies = {str(thing(name).attrs.get("study")) for name in MAKE if name in thing_names()}
    assert set(BY_STUDY) - studies <= {"morris"}  # known by its variables


def thing_names():
    return {name for name in MAKE if isinstance(thing(name), Result)}


# What tables say.


def test_the_worst_verdict_stands_first_and_counts_agree():
    ds, frame = assessment(), table("assess", "zh")
    words = [word.partition("（")[0] for word in frame["评价"]]
    order = ["missed", "behind", "not_assessable", "on_schedule", "ahead", "achieved"]
    places = [[status_word(code, "zh") for code in order].index(word) for word in words]
    assert places == sorted(places)
    for code in STATUSES:
        assert words.count(status_word(code, "zh")) == int((ds["status"] == code).sum())
    assert sorted(frame.index) == sorted(ds["indicator"].values)


def test_numbers_of_a_table_are_those_of_the_result():
    ds, frame = assessment(), table("assess", "en")
    for name, row in frame.iterrows():
        at = ds.sel(indicator=name)
        for column, variable in (("time (%)", "elapsed_share"), ("gap (points)", "schedule_gap")):
            if column not in row:
                assert ds[variable].isnull().all()
                continue
            value = float(at[variable])
            if np.isnan(value):
                assert pd.isna(row[column])
            else:
                assert row[column] == float(cm.formatting.rounded(value, 1, shift=2))
        done = "used_share" if bool(at["is_limit"]) else "achieved_share"
        shown = row.get("used of a limit (%)" if bool(at["is_limit"]) else "done (%)", np.nan)
        assert pd.isna(shown) == bool(np.isnan(float(at[done])))


def test_odds_of_an_open_year_are_never_certain():
    frame = table("simulate", "en")
    for column in ("as planned (%)", "late (%)"):
        p = frame[column].dropna()
        assert len(p) > 2
        assert (((p >= 0.1) & (p <= 99.9)) | p.isin([0.0, 100.0])).all()
    first = frame["as planned (%)"]
    assert list(first.dropna()) == sorted(first.dropna())
    assert first.isna().to_numpy().tolist() == sorted(first.isna())  # what has none comes last
    assert (frame["why not"][first.isna()] != "").all()


def test_the_least_likely_target_is_named():
    frame, said = table("simulate", "en"), cm.describe(thing("simulate"), "en")
    assert frame["indicator"].iloc[0] in said
    assert f"{frame['as planned (%)'].iloc[0]} %" in said


def test_money_of_a_table_adds_up():
    frame = table("spending", "en")
    years = [column for column in frame if re.match(r"\d{4} ", column)]
    known = frame["total (亿元)"].notna()
    assert known.sum() == int(cm.spending(PLAN).attrs["n_known"])
    sums = frame.loc[known, years].sum(axis=1)
    assert np.allclose(sums, frame.loc[known, "total (亿元)"], atol=0.05)
    assert (frame["why not"][~known] != "").all()
    several = table("spending of several", "zh")
    assert list(several.index) == ["as planned", "late"]


def test_a_choice_is_a_table_by_work():
    ds, frame = thing("choice"), table("choice", "en")
    assert sorted(frame.index) == sorted(PLAN.projects)
    chosen = frame["start"].notna()
    assert chosen.sum() == int(ds["funded"].sum())
    assert set(frame.index[chosen]) == set(ds["project"].values[ds["funded"].values.astype(bool)])


def test_growth_is_listed_from_the_fastest():
    frame, needs = table("required", "en"), cm.required_growth(PLAN)
    rates = frame["a year (%)"]
    assert list(rates.dropna()) == sorted(rates.dropna(), reverse=True)
    assert rates.notna().sum() == needs["required_rate"].notna().sum()
    assert frame.loc["output", "target"] == "≥ 800"
    without = rates.isna() & frame["step a year"].isna()
    assert (frame["why not"][without] != "").all()
    named = cm.table(needs, "en", plan=PLAN)
    assert named.loc["output", "indicator"] == PLAN.targets["output"].name("en")


def test_a_path_says_year_start_or_reason():
    paths, frame = cm.growth_paths(PLAN), table("paths", "en")
    for name in frame.index:
        for rate in paths["rate"].values:
            cell = frame.loc[name, f"at {rate * 100:.0f} % a year"]
            at = paths.sel(indicator=name, rate=rate)
            year = re.match(r"(\d{4})( ✓)?$", cell)
            if year:
                assert int(year[1]) == int(at["year_reached"])
                assert bool(year[2]) == bool(at["reached"])
            else:
                assert str(at["year_reached_reason"].values)


def test_counts_of_regions_sum_to_their_promises():
    frame = table("panel", "en")
    words = [word.text("en") for word in STATUSES.values()]
    assert (frame[words].sum(axis=1) == frame["promises"]).all()
    assert frame.loc["C", "not assessable"] == 1
    assert frame.index[0] == "A"  # behind


def test_quantiles_of_draws_are_those_of_the_draws():
    frame = table("samples", "en")
    draws = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert list(frame["median"]) == list(np.quantile(draws, 0.5, axis=0))
    assert list(frame["80 %, to"]) == [2.8, 4.7]


def test_shapley_values_of_three_players():
    # 4, 3, 2 with quota 5: any two win
    assert list(table("shares", "en")["output"]) == [0.33, 0.33, 0.33]
    assert "every subset" in cm.describe(thing("shares"), "en")


def test_an_estimate_says_its_error():
    shares = cm.sensitivity.shapley_values(
        lambda members: [float(len(members)) ** 2 + (0 in members)], 14, orders=8
    )
    frame = cm.table(shares, "en")
    assert len(frame) == 14
    assert "estimated" in cm.describe(shares, "en")


# Parts of a result.


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("assess", lambda ds: ds.sel(indicator="output")),
        ("assess by every rule", lambda ds: ds.sel(rule="schedule")),
        ("simulate", lambda ds: ds.sel(scenario="late", indicator="output")),
        ("spending of several", lambda ds: ds.sel(scenario="late", drop=True)),
        ("spending of several", lambda ds: ds.sel(project=["tram_1"])),
        ("paths", lambda ds: ds.isel(rate=0).sel(indicator="output")),
        ("tornado", lambda ds: ds.isel(input=0)),
        ("tornado", lambda ds: ds.isel(input=[1, 0])),
        ("sobol", lambda ds: ds.isel(output=0)),
        ("switching", lambda ds: ds.isel(input=[0])),
        ("attribution", lambda ds: ds.isel(output=0)),
        ("panel", lambda ds: ds.sel(region="A")),
        ("morris", lambda ds: ds.isel(output=0)),
    ],
)
def test_a_part_of_a_result_is_one(name, part):
    piece = part(thing(name))
    assert isinstance(piece, Result)
    frame = cm.table(piece, "en")
    assert 1 <= len(frame) <= max(len(table(name, "en")), len(PLAN.projects))
    assert list(frame.columns)
    assert piece._repr_html_()
    if name not in {"tornado", "switching"}:
        assert cm.describe(piece, "en")


def test_a_part_without_what_its_table_needs_is_refused():
    part = thing("choice").drop_vars("name_en")
    with pytest.raises(cm.CorridorError, match="name_en is missing"):
        cm.table(part, "en")
    with cm.set_options(lang="en"):
        assert part._repr_html_()  # xarray's own


@pytest.mark.parametrize(
    "other", [3, "gdp", None, [], {}, pd.DataFrame({"a": [1]}), pd.Series([1])]
)
def test_what_is_no_result_is_refused(other):
    with pytest.raises(cm.CorridorError, match="no result") as table_of:
        cm.table(other)
    assert "不是" in table_of.value.text("zh")
    with pytest.raises(cm.CorridorError, match="no result"):
        cm.describe(other)


def test_a_dataset_of_something_else_is_refused():
    other = thing("tornado").drop_attrs().drop_vars(["share_of_swing"])
    with pytest.raises(cm.CorridorError, match="no result"):
        cm.table(other)
    with pytest.raises(cm.CorridorError, match="no result"):
        cm.describe(other)


@pytest.mark.parametrize("call", [cm.table, cm.describe])
def test_a_language_and_a_plan_are_checked(call):
    with pytest.raises(cm.CorridorError, match="'fr' is unknown"):
        call(assessment(), "fr")
    with pytest.raises(cm.CorridorError, match="A plan is needed"):
        call(assessment(), "en", plan="longwan")


# One frame of everything.


def test_a_frame_of_unlike_dimensions_is_refused_with_the_way_out():
    result = thing("simulate")
    with pytest.raises(ExplodingFrameError) as wrong:
        result.to_dataframe()
    said = str(wrong.value)
    rows = int(np.prod(list(result.sizes.values())))
    assert f"{rows:,} rows" in said
    assert "cm.long_table(result)" in said
    assert "行" in wrong.value.text("zh")
    ways = re.findall(r"result\[\[.*?\]\]\.to_dataframe\(\)", said)
    assert len(ways) == 4
    for way in ways:  # what it says works
        frame = eval(way, {"result": result})
        assert 0 < len(frame) <= 10_000
    assert isinstance(wrong.value, ValueError)


def test_a_choice_is_refused_as_one_frame_too():
    with pytest.raises(ExplodingFrameError, match=r"cm\.table\(result\)") as wrong:
        thing("choice").to_dataframe()
    assert "long_table" not in str(wrong.value)


@pytest.mark.uncounted
@pytest.mark.parametrize("name", ["assess", "assess by every rule", "paths", "spending", "panel"])
def test_a_frame_of_what_belongs_together_is_xarrays(name):
    import xarray as xr

    result = thing(name)
    pd.testing.assert_frame_equal(result.to_dataframe(), xr.Dataset.to_dataframe(result))


@pytest.mark.uncounted
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 9)), min_size=1, max_size=4))
def test_a_frame_never_repeats_its_longest_variable_more_than_ten_times(variables):
    sizes = dict(variables)
    result = Result({f"v{d}": (d, np.zeros(n)) for d, n in sizes.items()})
    rows = int(np.prod(list(sizes.values())))
    if rows > 10 * max(sizes.values()):
        with pytest.raises(ExplodingFrameError):
            result.to_dataframe()
    else:
        assert len(result.to_dataframe()) == rows


@pytest.mark.slow
def test_results_stay_results(tmp_path):
    result = cm.simulate(PLAN, draws=16)
    file = cm.save_result(result, tmp_path / "result.nc")
    for other in (
        pickle.loads(pickle.dumps(result)),
        cm.load_result(file),
        cm.rerun(file),
        result.copy(deep=True),
        result.assign(x=1),
        result.isel(scenario=0),
    ):
        assert type(other) is Result
    assert cm.load_result(file).identical(cm.rerun(file))
    for name in thing_names():
        assert type(thing(name)) is Result, name


# What a user writes is no markup.


def test_what_a_user_writes_is_escaped(tmp_path):
    nasty = "<script>alert('x')</script>&\u202e"
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "kind": "level",
            "unit": "<b>家</b>",
            "name_zh": nasty,
            "name_en": nasty,
        }
    )
    targets = pd.DataFrame(
        {"indicator": ["a", "b"], "value": [5.0, 6.0], "sense": "at_least", "year": 2022}
    )
    plan = cm.Plan.from_tables(
        {
            "about": {"id": "x", "first_year": 2020, "last_year": 2022},
            "indicators": frame,
            "targets": targets,
        }
    ).with_baselines({"a": 3.0, "b": 4.0}, year=2019)
    figures = cm.load_observations({"a": {2020: 3.5}, "b": {2020: 4.5}}, plan)
    scenario = cm.Scenario(nasty.replace("\u202e", ""), cm.SetGrowth("a", mean=0.1))
    shown = (
        plan,
        figures,
        cm.assess(plan, figures),
        cm.simulate(plan, [scenario], draws=16),
        scenario,
        plan.indicators,
        plan.indicators["a"],
        cm.growth_paths(plan),
    )
    for one in shown:
        html = one._repr_html_().partition("<details>")[0]
        assert "<script" not in html
        assert "<b>" not in html
        assert "\u202e" not in html
        parsed(html)
    assert "&lt;script&gt;" in plan._repr_html_()
    assert "<script>" in cm.table(plan, "en")["indicator"].iloc[0]  # a table holds the text


@pytest.mark.uncounted
@given(st.text(max_size=20), st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=9)))
def test_html_of_any_text_is_closed_and_says_it(caption, value):
    html = display.table_html(["a", caption], [["x", value]], caption, [caption])
    page = parsed(html)
    assert page.tags.count("td") == 1
    if caption.isprintable() and caption.strip():
        assert html.count(escape(caption)) >= 3


def test_decimals_of_a_column_are_even_where_they_are_few():
    html = display.table_html(["a", "b"], [[5.0, 1.0], [5.25, 0.0625], [None, 3.0]], "x")
    assert re.findall(r">([^<>]+)</t[dh]>", html)[2:] == ["5.00", "1", "5.25", "0.0625", "—", "3"]


def test_a_table_without_rows_or_columns_is_one():
    page = parsed(display.frame_html(pd.DataFrame(), "nothing"))
    assert page.tags.count("table") == 1
    assert "nothing" in page.text


def test_what_has_no_table_is_shown_as_it_is():
    assert display.display(object.__new__(type("<X>", (), {}))).startswith("<pre>&lt;")


# What a result knows by ids alone, a plan names.


@pytest.mark.parametrize(
    ("name", "plan", "who", "title"),
    [
        ("openings", EXAMPLE, "tiedao_south_road", "Tiedao South Road"),
        ("resolved", PLAN, "tram_1", "Tram line 1"),
        ("paths", PLAN, "output", None),
        ("history", PLAN, "output", None),
        ("figures", PLAN, None, None),
    ],
)
def test_a_plan_names_what_has_ids_alone(name, plan, who, title):
    bare, named = table(name, "en"), cm.table(thing(name), "en", plan=plan)
    assert named.shape[1] == bare.shape[1] + 1
    assert len(named) == len(bare)
    if who:
        assert named.loc[who].iloc[0] == (title or plan.targets[who].name("en"))
    stranger = cm.table(thing(name), "en", plan=cm.load_plan("china_14fyp"))
    assert len(stranger) == len(bare)  # a plan that does not know them leaves the ids


def test_the_fastest_growth_is_named_where_a_plan_is_there():
    needs = cm.required_growth(PLAN)
    fastest = str(needs["required_rate"].astype(float).idxmax())
    assert f"is {fastest}:" in cm.describe(needs, "en")
    assert PLAN.targets[fastest].name("en") in cm.describe(needs, "en", plan=PLAN)
    none = needs[needs["required_rate"].isna()]
    assert "fastest" not in cm.describe(none, "en")


def test_what_the_units_sent_in_is_a_table_by_file(tmp_path):
    rows = pd.DataFrame({"indicator": ["output"], "period": ["2025"], "value": [700.0]})
    rows.to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "b.docx").write_bytes(b"PK")
    both = cm.collect(PLAN, tmp_path, "2025")
    frame = cm.table(both, "en")
    assert list(frame.index) == ["a.csv", "b.docx"]
    assert frame["figures"].tolist() == [1, 0]
    assert frame["why not"].tolist()[0] == ""
    assert "b.docx" in frame["why not"].tolist()[1] or frame["why not"].tolist()[1]
    assert cm.describe(both, "zh").startswith("共2个文件")
    assert repr(both).startswith("Collection(2025: 2 files")
    parsed(both._repr_html_())


def test_a_table_of_one_scenario_without_a_name():
    money = cm.spending(PLAN).isel(scenario=0, drop=True)
    assert cm.describe(money, "en").startswith(tuple("0123456789"))
    assert len(cm.table(money, "en")) == len(PLAN.projects)


def test_scenarios_that_read_the_same_keep_a_column_each():
    twins = [cm.Scenario("a", name_zh="推迟"), cm.Scenario("b", LATE.changes[1], name_zh="推迟")]
    frame = cm.table(cm.simulate(PLAN, twins, draws=16), "zh")
    assert [column for column in frame if "推迟" in column] == ["推迟（%）", "推迟（%） #2"]


def test_figures_with_remarks_say_so():
    figures = cm.load_observations(
        pd.DataFrame(
            {"indicator": ["output", "trees"], "period": "2025", "value": [700.0, "未报送"]}
        ),
        PLAN,
    )
    assert "remark" in cm.describe(figures, "en") or len(figures) == 1
    assert cm.describe(cm.Observations(), "en") == "No figures."


def test_a_simulation_without_odds_says_so():
    result = thing("simulate").sel(indicator=["hospital"])
    said = cm.describe(result.drop_attrs(), "en")
    assert said == "No target has a probability."
