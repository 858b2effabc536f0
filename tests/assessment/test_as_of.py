"""The period a verdict speaks of: by default the last one that any figure speaks of (S15)."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import pandas as pd
import pytest
import xarray as xr

import corridor_model as cm
from corridor_model.assessment import assess_tasks, assess_works, evaluate, verdict_history
from corridor_model.cli import main
from corridor_model.observations.histories import last_period
from corridor_model.sensitivity import two_way

PLAN = cm.load_plan()
LATE = pd.DataFrame({"indicator": ["gdp"], "period": ["2022Q1"], "value": [130.0]})


def studies(**options):
    slow = next(one for one in cm.shipped_scenarios() if one.name == "slow")
    return {
        "tornado": cm.tornado(PLAN, "value:gdp", {"growth:gdp": (0.05, 0.1)}, **options),
        "switching": cm.switching_values(PLAN, "p_reach:gdp", ["growth:gdp"], **options),
        "sobol": cm.sobol(PLAN, "km_open:2022", n=8, resamples=1, **options),
        "attribute": cm.attribute(PLAN, slow, "km_open:2022", **options),
        "two_way": two_way(
            *(PLAN, "value:gdp", ("growth:gdp", 0.0, 0.1), ("delay:binhai_avenue", 0, 12)),
            points=(3, 3),
            **options,
        ),
        "simulate": cm.simulate(PLAN, draws=64, **options),
        "assess": cm.assess(PLAN, **options),
        "required": cm.required_growth(PLAN, **options),
    }


@pytest.mark.uncounted
def test_every_answer_looks_from_the_last_figure_and_says_so():
    told = {name: answer.attrs["as_of"] for name, answer in studies(observations=LATE).items()}
    assert told == dict.fromkeys(told, "2022Q1")


@pytest.mark.uncounted
def test_an_answer_of_the_last_period_is_that_of_the_default():
    explicit = cm.assess(PLAN, LATE, as_of="2022Q1")
    xr.testing.assert_identical(cm.assess(PLAN, LATE), explicit)
    pd.testing.assert_frame_equal(
        cm.required_growth(PLAN, LATE), cm.required_growth(PLAN, LATE, as_of="2022Q1")
    )


def test_figures_that_were_not_known_yet_do_not_move_the_period():
    later = LATE.assign(published="2022-04-20")
    assert cm.assess(PLAN, later, known_by="2022-03-31").attrs["as_of"] == "2020"
    assert cm.assess(PLAN, later, known_by="2022-04-30").attrs["as_of"] == "2022Q1"
    assert cm.assess(PLAN, known_by="2020-06-30").attrs["as_of"] == "2019"


@pytest.mark.uncounted
def test_reordering_figures_does_not_move_the_period():
    frame = pd.DataFrame(
        {
            "indicator": ["gdp", "fiscal_st_share", "gdp", "rd_to_gdp"],
            "period": ["2021", "2021Q4", "2020", "2022-03"],
            "value": [500.0, 3.0, 467.7, 3.0],
        }
    )
    for rows in (frame, frame[::-1], frame.iloc[[3, 0, 2, 1]]):
        assert cm.assess(PLAN, rows.reset_index(drop=True)).attrs["as_of"] == "2022-03"
    two = pd.DataFrame(
        {"indicator": ["gdp", "rd_to_gdp"], "period": ["2022Q4", "2022"], "value": [580.0, 3.0]}
    )
    for rows in (two, two[::-1]):
        assert cm.assess(PLAN, rows.reset_index(drop=True)).attrs["as_of"] == "2022"


def test_without_any_figure_it_is_the_year_before_the_plan(tmp_path):
    from corridor_model.plan.plan import Plan
    from corridor_model.tabular.table import empty

    bare = {name: empty(name) for name in ("observations", "baselines")}
    plan = Plan({**PLAN.tables, **bare})
    assert str(last_period(plan)) == str(plan.about.base_year)
    assert set(cm.assess(plan, method=None)["reason"].values) <= {
        "not_due_yet",
        "no_baseline",
        "not_reported",
        "no_date",
        "not_quantified",
    }


def test_a_history_of_verdicts_ends_with_the_last_figure():
    frame = verdict_history(PLAN, LATE, periods=2)
    assert list(frame.columns[-2:]) == ["2021Q4", "2022Q1"]
    assert evaluate(PLAN, LATE).when.period.year == 2022


def test_works_and_tasks_look_from_their_last_report():
    report = {"project": "weiken_road", "period": "2021-09", "invested_year": 1.5}
    spent = [{"project": "weiken_road", "year": 2021, "value": 1.8}]
    works = assess_works(PLAN, [report], spent)
    assert works.attrs["as_of"] == "2021-09"
    assert works.loc["weiken_road", "status"] == "ahead"
    late = [report, {**report, "period": "2021-11", "published": "2021-12-05"}]
    assert assess_works(PLAN, late, known_by="2021-11-30").attrs["as_of"] == "2021-09"
    assert assess_works(PLAN).attrs["as_of"] == "2021"
    done = [{"task": "annex1_01", "date": "2020-11-30", "state": "on_schedule"}]
    assert assess_tasks(PLAN, done).attrs["as_of"] == "2020-11"
    assert assess_tasks(PLAN, done, known_by="2020-11-01").attrs["as_of"] == "2019"


def printed(*arguments):
    with redirect_stdout(io.StringIO()) as out:
        main(list(arguments))
    return out.getvalue()


@pytest.mark.uncounted
def test_the_terminal_prints_the_period(tmp_path):
    file = tmp_path / "late.csv"
    LATE.to_csv(file, index=False)
    own = ("--observations", str(file), "--lang", "en")
    assert "as of 2022Q1" in printed("assess", *own)
    rows = json.loads(printed("assess", *own, "--format", "json"))
    assert len(rows) == len(PLAN.targets)
    tornado = ("sensitivity", "--output", "value:gdp", "--input", "growth:gdp=5%..10%")
    assert "From figures up to 2022Q1." in printed(*tornado, *own)
    seen = printed(*tornado, *own, "--as-of", "2022-05")
    assert "Seen from 2022-05; the last figures are of 2022Q1." in seen
    assert "as of 2022Q1" in printed("assess", "--league", *own)
    assert "as of 2021" in printed("assess", "--works", "--lang", "en")
