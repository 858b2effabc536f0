"""Whatever stands in a cell, a heading or a line of TOML, it is read or refused in a moment."""

from __future__ import annotations

import time

import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.messages import message
from corridor_model.observations.load import load_observations
from corridor_model.scenario.read_toml import scenarios_from_toml

COLUMNS = ["指标", "时期", "数值", "单位", "年份", "备注"]
ROW = ["生产总值", "2021-09", "370", "亿元", "", "备注"]
LONG = ("-", "9", "累计", "—", "2021年", "1,", "(", "、", "其中", " ", "同比增长", "100", "截至")


def said(call):
    """Return what a call answers, within two seconds of this process."""
    before = time.process_time()
    try:
        call()
        text = ""
    except CorridorError as error:
        text = error.text("en") + error.text("zh")
    assert time.process_time() - before < 2
    return text


@pytest.mark.parametrize("letters", LONG)
def test_a_long_text_in_a_cell_or_heading(plan, letters):
    text = (letters * 30_000)[:30_000] + "x"
    for place in range(len(COLUMNS)):
        row, columns = list(ROW), list(COLUMNS)
        row[place] = text
        frame = pd.DataFrame([row], columns=COLUMNS)
        assert len(said(lambda frame=frame: load_observations(frame, plan))) < 7_000
        columns[place] = text
        frame = pd.DataFrame([ROW], columns=columns)
        assert len(said(lambda frame=frame: load_observations(frame, plan))) < 7_000


@pytest.mark.parametrize(
    "line",
    ["x = " + "9" * 40_000 + "y", "9" * 40_000, "x=" + "9 " * 20_000, "é" * 20_000 + "=",
     '"' * 40_000, "x = " + "a " * 20_000, "[" * 40_000, "x = " + "-" * 40_000,
     "x = 1" + "_" * 40_000, "x =" + " " * 40_000 + "y", "x = 9%" + "9" * 40_000],
)  # fmt: skip
def test_a_long_line_of_toml(line):
    text = f"[[scenario]]\nname = 'a'\n{line}"
    assert 0 < len(said(lambda: scenarios_from_toml(text, "mine.toml"))) < 7_000


def test_a_page_of_mistakes_is_cut_and_kept_whole_beside():
    error = PlanError(Problem(message("is wrong."), file="a.csv", row=n) for n in range(5_000))
    assert len(error.problems) == 5_000
    assert error.text("en").startswith("5000 mistakes:")
    assert error.text("en").count("\n") == 101
    assert "4900 more" in error.text("en")
    assert "4900" in error.text("zh")
    long = cm.CorridorError("x" * 5_000_000)
    assert len(str(long)) < 4_000
