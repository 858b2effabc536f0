"""Plans made in Python: the same plan, checks and words as from files; whole after a journey."""

from __future__ import annotations

import copy
import pickle
import re
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest
from tests.helpers.paths import BASE_PLAN, WRONG_PLANS

import corridor_model as cm
from corridor_model.tabular.frames import RowLabel, cell_text
from corridor_model.tabular.readers import read_csv

INDICATORS = pd.DataFrame(
    {"id": ["output", "firms"], "kind": ["level", "cumulative"], "unit": ["亿元", "家"]}
)
TARGETS = pd.DataFrame(
    {"indicator": ["output", "firms"], "value": [580, 40], "sense": "at_least", "year": 2022}
)
BASELINES = pd.DataFrame({"indicator": ["output"], "year": [2019], "value": [467.7]})
TABLES = {"indicators": INDICATORS, "targets": TARGETS, "baselines": BASELINES}


def in_english(error):
    return error.value.text("en")


@pytest.mark.uncounted
@pytest.mark.parametrize("name", ["longwan", "china_14fyp"])
def test_tables_of_a_plan_make_the_plan_again(name):
    plan = cm.load_plan(name)
    tables = {one: plan.table(one) for one in plan.tables}
    assert cm.Plan.from_tables(tables) == plan
    assert cm.load_plan(tables) == plan


def test_a_plan_in_three_lines_has_the_years_of_its_rows(tmp_path):
    plan = cm.Plan.from_tables(TABLES)
    assert (plan.about.first_year, plan.about.last_year) == (2020, 2022)
    assert plan.indicators["output"].name("zh") == "output"
    assert plan.indicators["output"].baseline.origin == "user"
    assert plan.targets["output"].places == ("targets[0]",)
    required = cm.required_growth(plan).loc["output", "required_rate"]
    assert required == pytest.approx((580 / 467.7) ** (1 / 3) - 1, rel=1e-12)
    assert cm.load_plan(plan.to_folder(tmp_path / "plan")) == plan


def test_rows_and_columns_will_do_as_well_as_frames():
    rows = {name: frame.to_dict("records") for name, frame in TABLES.items()}
    columns = {name: frame.to_dict("list") for name, frame in TABLES.items()}
    about = {"id": "mine", "name_en": "My plan", "first_year": 2020, "last_year": 2022}
    assert cm.Plan.from_tables(rows) == cm.Plan.from_tables(columns) == cm.Plan.from_tables(TABLES)
    assert cm.Plan.from_tables({**rows, "about": about}).about.name_zh == "My plan"
    assert cm.Plan.from_tables({**rows, "about": {"id": "mine"}}).about.name_zh == "mine"
    indexed = {**TABLES, "indicators": INDICATORS.set_index("id")}
    unnamed = {**TABLES, "indicators": INDICATORS.set_index("id").rename_axis(None)}
    assert cm.Plan.from_tables(indexed) == cm.Plan.from_tables(unnamed) == cm.Plan.from_tables(rows)


def test_chinese_names_of_tables_and_columns():
    chinese = {
        "指标": INDICATORS.rename(columns={"id": "编号", "kind": "目标类型"}),
        "目标": TARGETS.rename(columns={"value": "目标值"}),
        "基期": BASELINES,
    }
    assert cm.Plan.from_tables(chinese) == cm.Plan.from_tables(TABLES)


def test_units_in_titles_and_cells_are_converted():
    wan = TARGETS.astype({"value": object}).rename(columns={"value": "value（万元）"})
    wan = wan.drop(index=1).assign(**{"value（万元）": 5_800_000})
    tables = {**TABLES, "indicators": INDICATORS.drop(index=1), "targets": wan}
    assert cm.Plan.from_tables(tables).indicators["output"].target.value == 580


def test_dates_truths_and_lists_of_python():
    projects = pd.DataFrame(
        {
            "id": ["road"],
            "table": [1],
            "row": [np.int64(1)],
            "name_zh": ["路"],
            "category": ["road"],
            "start": [pd.Timestamp("2020-03-01")],
            "end": ["2021"],
            "investment": [np.float64(3.5)],
            "opens": [np.bool_(True)],
            "lead_units": [["甲", "乙"]],
        }
    )
    units = pd.DataFrame({"name": ["甲", "乙"]})
    plan = cm.Plan.from_tables({**TABLES, "projects": projects, "units": units})
    work = plan.projects["road"]
    assert (work.start, work.end, work.investment, work.opens) == ("2020-03-01", "2021", 3.5, True)
    assert work.lead_units == ("甲", "乙")


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_every_way_to_say_nothing_is_unknown(missing):
    indicators = INDICATORS.assign(price_basis=pd.Series([missing, missing], dtype=object))
    plan = cm.Plan.from_tables({**TABLES, "indicators": indicators})
    assert plan.table("indicators")["price_basis"].isna().all()


FORGIVEN = {"target_without_place"}
"""Cases of what a frame need not say."""


def raw_tables(case):
    """Return the tables of a wrong plan as text, by name."""
    files = {file.stem: file for file in BASE_PLAN.glob("*.csv")}
    files |= {file.stem: file for file in (WRONG_PLANS / case).glob("*.csv")}
    return {name: read_csv(file) for name, file in files.items()}


def fits_frames(case):
    """Whether a wrong plan can be read at all, and no row is longer than its header."""
    try:
        raw = raw_tables(case)
    except cm.PlanError:
        return False
    return all(len(row) <= len(one.header) for one in raw.values() for row in one.rows)


CASES = sorted(
    folder.name
    for folder in WRONG_PLANS.iterdir()
    if (folder / "expect.toml").exists() and [*folder.glob("*.csv")] and fits_frames(folder.name)
)
CASES.remove("blank_rows_only")  # a frame is no page on which a table might stand
QUICK = CASES[::8]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "case", [c if c in QUICK else pytest.param(c, marks=pytest.mark.slow) for c in CASES]
)
def test_wrong_tables_are_refused_with_the_words_of_wrong_files(case):
    """Each wrong plan whose files can be read at all, as frames: the same mistakes."""
    expected = tomllib.loads((WRONG_PLANS / case / "expect.toml").read_text(encoding="utf-8"))
    raw = raw_tables(case)
    removed = {name.partition(".")[0] for name in expected.get("remove", ())}
    tables = {
        name: pd.DataFrame(
            [[*row, *[""] * (len(one.header) - len(row))] for row in one.rows],
            columns=list(one.header),
            index=list(one.lines),  # labels that are the rows of the files
        )
        for name, one in raw.items()
        if name not in removed
    }
    try:
        with pytest.raises(cm.PlanError) as caught:
            cm.Plan.from_tables(tables)
    except pytest.fail.Exception:
        assert case in FORGIVEN
        return
    for words in expected["en"]:
        text = re.sub(r"DataFrame\[(\w+)\]", r"\1", in_english(caught))
        assert words.replace(".csv", "") in text
        assert caught.value.text("zh")


def test_mistakes_name_table_label_and_column():
    wrong = TARGETS.set_axis(["first", "second"], axis=0).assign(indicator=["output", "firmz"])
    with pytest.raises(cm.PlanError) as caught:
        cm.Plan.from_tables({**TABLES, "targets": wrong})
    text = in_english(caught)
    assert "DataFrame[targets], row second, column indicator" in text
    assert "Did you mean 'firms'?" in text
    assert "第second行" in caught.value.text("zh")
    assert "DataFrame[indicators], row 1, column id" in text  # all mistakes at once
    with pytest.raises(cm.PlanError, match="column year: the required column is missing"):
        cm.Plan.from_tables({**TABLES, "targets": TARGETS.drop(columns="year")})


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({}, "the table indicators is missing"),
        ({"indicatorz": INDICATORS}, "Did you mean 'indicators'?"),
        ({"indicators": 3}, "3 cannot be read"),
        ({"indicators": [1, 2]}, "cannot be read"),
        ({"indicators": {"id": ["a"], "kind": ["level", "share"]}}, "do not make a table"),
        ({"indicators": INDICATORS, "指标": INDICATORS}, "second table"),
        ({"indicators": INDICATORS, "targets": TARGETS}, "column first_year"),
        (
            {**TABLES, "baselines": pd.concat([BASELINES, BASELINES.assign(year=2018)])},
            "column first_year",
        ),
        ({**TABLES, "targets": TARGETS.iloc[:0]}, "has a header and no rows"),
    ],
)
def test_what_is_no_plan_is_refused(tables, words):
    with pytest.raises(cm.CorridorError) as caught:
        cm.Plan.from_tables(tables)
    assert words in in_english(caught)
    assert caught.value.text("zh")


def test_a_plan_needs_a_source_of_its_kind():
    with pytest.raises(cm.CorridorError, match="from DataFrames by table; got 3"):
        cm.load_plan(3)


# Baselines and tables of one's own over a plan's.


@pytest.mark.parametrize(
    "values",
    [
        {"tax_per_mu": 25},
        pd.Series({"tax_per_mu": 25}),
        {"tax_per_mu": {2019: 25}},
        pd.Series([25], index=pd.MultiIndex.from_tuples([("tax_per_mu", 2019)])),
        pd.DataFrame({"indicator": ["tax_per_mu"], "value": [25]}),
        pd.DataFrame({"indicator": ["tax_per_mu"], "year": [2019], "value": [25]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_baselines_of_the_user(values):
    plan = cm.load_plan()
    mine = plan.with_baselines(values, year=2019)
    baseline = mine.indicators["tax_per_mu"].baseline
    assert (baseline.value, baseline.year, baseline.origin) == (25, 2019, "user")
    assert plan.indicators["tax_per_mu"].baseline is None  # the plan itself stays
    assert mine == cm.load_plan(
        baselines=pd.DataFrame({"indicator": ["tax_per_mu"], "year": [2019], "value": [25]})
    )
    assert mine.indicators["gdp"].baseline == plan.indicators["gdp"].baseline


@pytest.mark.parametrize(
    ("values", "year", "words"),
    [
        ({"tax_per_mu": 25}, None, "a baseline needs its year"),
        ({"tax_per_mu": float("nan")}, 2019, "the baseline of 2019 is nan"),
        ({"tax_per_mu": pd.NA}, 2019, "the baseline of 2019 is"),
        ({"tax_per_my": 25}, 2019, "Did you mean 'tax_per_mu'?"),
        ({"tax_per_mu": "much"}, 2019, "is not a number"),
        ({"tax_per_mu": 25}, 2022, "row tax_per_mu, column year"),
        (3, 2019, "Baselines are values by indicator"),
        (["tax_per_mu"], 2019, "Baselines are values by indicator"),
    ],
)
def test_wrong_baselines(values, year, words):
    with pytest.raises(cm.CorridorError) as caught:
        cm.load_plan().with_baselines(values, year=year)
    assert words in in_english(caught)
    assert caught.value.text("zh")


def test_the_example_stays_an_example():
    example = cm.load_plan(example=True)
    assert example.with_baselines({"tax_per_mu": 25}, year=2019).example
    assert example.with_tables(conflicts=example.table("conflicts")) == example


def test_other_tables_take_the_place_of_a_plans():
    plan = cm.load_plan()
    targets = plan.table("targets")
    targets.loc[targets["indicator"] == "gdp", "value"] = 600
    for other in (plan.with_tables(targets=targets), plan.with_tables({"targets": targets})):
        assert other.indicators["gdp"].target.value == 600
        assert other.tables["projects"] == plan.tables["projects"]
    with pytest.raises(cm.PlanError, match="'gdp' has no target"):
        plan.with_tables(targets=targets[targets["indicator"] != "gdp"])
    with pytest.raises(cm.PlanError, match="is not a table of a plan"):
        plan.with_tables(target=targets)


# Journeys.


def used(plan):
    """Return a plan of which everything was asked once."""
    for part in ("about", "indicators", "targets", "projects", "tasks", "conflicts", "baselines"):
        getattr(plan, part)
    assert plan.units is not None
    assert plan.digest
    assert repr(plan)
    assert plan._repr_html_()
    return plan


def first_rate(plan):
    return float(cm.required_growth(plan)["required_rate"].iloc[0])


@pytest.mark.parametrize("plan", [cm.load_plan(), cm.Plan.from_tables(TABLES)], ids=["file", "own"])
def test_plans_pickle_and_copy_after_use(plan):
    cm.required_growth(used(plan))
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(plan, protocol)) == plan
    for again in (copy.copy(plan), copy.deepcopy(plan)):
        assert again == plan
        assert again.table("targets").equals(plan.table("targets"))
    assert len(pickle.dumps(used(plan))) == len(pickle.dumps(copy.copy(plan)))


@pytest.mark.slow
def test_a_plan_travels_to_a_process_and_back():
    plan = used(cm.Plan.from_tables(TABLES))
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        assert pool.submit(first_rate, plan).result() == first_rate(plan)
        assert pool.submit(used, plan).result() == plan


def test_the_package_is_pickled_by_name():
    """So travels a notebook's own function that says `cm.assess` to workers."""
    assert pickle.loads(pickle.dumps(cm)) is cm


def test_results_and_figures_pickle():
    plan = cm.load_plan()
    figures = cm.load_observations({"gdp": {2020: 467.7}}, plan)
    assert pickle.loads(pickle.dumps(figures)) == figures
    error = cm.PlanError([])
    assert isinstance(pickle.loads(pickle.dumps(error)), cm.PlanError)


def test_labels_of_rows():
    row = RowLabel(5, "x" * 500)
    assert (row, str(RowLabel(2, 0))) == (5, "0")
    assert len(str(row)) < 200
    again = pickle.loads(pickle.dumps(row))
    assert (again, str(again)) == (5, str(row))
    assert cell_text(0.1) == "0.1"
