"""``corridor collect``: a folder in which little came, or nothing is missing."""

from __future__ import annotations

import json

import pytest
from tests.helpers.observation_tables import csv, write_rows

from corridor_model.cli import main

HEAD = "indicator,period,value,unit,published"


@pytest.fixture
def level(tmp_path):
    """One level from 50 in 2019 to 80 in 2022, and an empty folder of returns."""
    (tmp_path / "returns").mkdir()
    plan = write_rows(
        tmp_path / "plan",
        ["x,甲,First,level,家,stock"],
        ["x,2022,80,at_least,一"],
        baselines=["x,2019,50,家,published"],
    )
    return plan, tmp_path / "returns"


def collect(capsys, plan, folder, *more):
    line = ["collect", str(folder), "--plan", plan, "--as-of", "2021", "--lang", "en", *more]
    code = main(line)
    captured = capsys.readouterr()
    return code, " ".join(captured.out.split())


def test_all_that_is_owed_came_in_time(capsys, level, tmp_path, monkeypatch):
    plan, folder = level
    csv(folder, HEAD, "x,2021,70,家,2022-01-10")
    monkeypatch.chdir(tmp_path)
    store = "figures.store"  # a long path would be broken in two
    code, out = collect(capsys, plan, folder, "--due", "2022-01-20", "--store", store)
    assert code == 0
    assert "Nothing is missing." in out
    assert "Nothing is dated after 2022-01-20." in out
    assert "no day of publication" not in out
    assert "contradiction;" not in out
    assert f"1 added to {store}." in out
    _, again = collect(capsys, plan, folder, "--store", store)
    assert f"0 added to {store}." in again
    assert "dated after" not in again, "nobody said by when"


def test_figures_without_reports_are_all_in_the_file(capsys, level, tmp_path):
    plan, folder = level
    csv(folder, HEAD, "x,2021,70,家,2022-01-10")
    out_file = tmp_path / "all.csv"
    _, out = collect(capsys, plan, folder, "--out", str(out_file))
    assert "1 figure and 0 reports on works and tasks written to" in out
    assert str(out_file) in "".join(out.split()), "however long the path of the folder"
    assert "x,2021" in out_file.read_text(encoding="utf-8-sig")


def test_what_is_to_be_checked_is_printed_and_is_a_row(capsys, tmp_path):
    plan = write_rows(tmp_path / "plan", ["x,甲,First,level,亿元,flow"], ["x,2022,580,at_least,一"])
    folder = tmp_path / "returns"
    folder.mkdir()
    csv(folder, "indicator,period,value", "x,2021-08,400", name="a.csv")
    csv(folder, "indicator,period,value", "x,2021-09,372", name="b.csv")
    words = ("--as-of", "2021-09")
    _, out = collect(capsys, plan, folder, *words)
    assert "Please check:" in out
    assert "falls from 400 (2021-08) to 372 (2021-09)" in out
    main(["collect", str(folder), "--plan", plan, *words, "--lang", "en", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    (doubt,) = [row for row in rows if row["what"] == "doubt"]
    assert "falls from 400 (2021-08) to 372 (2021-09)" in doubt["text"]
