"""``corridor assess``: what it prints where there is little to print, and of one unit alone."""

from __future__ import annotations

import json

import pytest
from tests.helpers.observation_tables import csv, write_rows

from corridor_model.cli import main


def run(capsys, *words, lang="en"):
    code = main(["assess", *words, "--lang", lang])
    captured = capsys.readouterr()
    return code, " ".join(captured.out.split()), captured.err


@pytest.fixture
def level(tmp_path):
    """One level from 50 in 2019 to 80 in 2022."""
    return write_rows(
        tmp_path / "plan",
        ["x,甲,First,level,家,stock"],
        ["x,2022,80,at_least,一"],
        baselines=["x,2019,50,家,published"],
    )


def test_what_is_all_judged_leaves_nothing_unsaid(capsys, level, tmp_path):
    figures = csv(tmp_path, "indicator,period,value,unit", "x,2020,60,家", "x,2021,70,家")
    words = ("--plan", level, "--observations", str(figures), "--as-of", "2021")
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert "1 target: " in out
    assert "What cannot be said" not in out
    # 60 and 70 lie on the straight way from 50 to 80
    assert "66.7 %" in out


def test_another_method_is_named_as_one_to_compare(capsys, level, tmp_path):
    figures = csv(tmp_path, "indicator,period,value,unit", "x,2020,60,家", "x,2021,70,家")
    words = ("--plan", level, "--observations", str(figures), "--as-of", "2021")
    _, usual, _ = run(capsys, *words)
    code, out, _ = run(capsys, *words, "--method", "drift")
    assert code == 0
    assert "Method: drift, to compare." in out
    assert "to compare" not in usual


def test_a_target_in_words_has_no_probability_and_no_figure_to_list(capsys, tmp_path):
    plan = write_rows(tmp_path / "plan", ["x,甲,First,qualitative,,"], ["x,,,,一"])
    code, out, _ = run(capsys, "--plan", plan, "--as-of", "2021", "--explain", "x")
    assert code == 0
    assert "not quantified" in out
    assert "Behind the probability" not in out
    code, out, _ = run(capsys, "--plan", plan, "--as-of", "2021")
    assert code == 0
    assert "What cannot be said: 1 target " in out
    assert "How likely" not in out


def test_splits_that_cannot_be_used_are_named_without_a_table(capsys, tmp_path):
    plan = write_rows(
        tmp_path / "plan",
        ["x,甲,First,cumulative,家,flow"],
        ["x,2022,120,at_least,一"],
        annual_targets=["x,2021,60,,user"],
    )
    code, out, err = run(capsys, "--plan", plan, "--as-of", "2021")
    assert code == 0
    assert "Not compared, year or to date, not stated: First." in out
    assert "this year's target" not in out.split("This year's own targets")[1]
    assert "Add a column basis" in err


def test_the_league_of_one_unit_under_a_former_name(capsys):
    whole = ("--league", "--format", "json")
    main(["assess", *whole])
    rows = {row["unit"]: row for row in json.loads(capsys.readouterr().out)}
    for name in ("区卫生健康局", "区卫健局"):  # the second is what it was called before
        assert main(["assess", *whole, "--unit", name]) == 0
        assert json.loads(capsys.readouterr().out) == [rows["区卫生健康局"]]
    code, _, err = run(capsys, "--league", "--unit", "区卫建局")
    assert code == 1
    assert "'区卫建局' is no unit of the plan (corridor plan --table units)." in err


def test_works_and_tasks_are_printed_apart(capsys):
    unit = ("--unit", "区卫生健康局")
    _, works, _ = run(capsys, "--works", *unit)
    _, tasks, _ = run(capsys, "--tasks", *unit)
    _, both, _ = run(capsys, *unit)
    assert "Works as of" in works
    assert "Tasks as of" in tasks
    assert "Tasks as of" not in works
    assert "Works as of" not in tasks
    assert both == f"{works} {tasks}"
