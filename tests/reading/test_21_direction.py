"""Direction counts: a fall of 2.7 is -2.7."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["指标,同比下降（%）", "单位能耗,2.7"], -2.7),
        (["指标,同比（%）", "单位GDP能耗降低,3.1"], -3.1),
        (["指标,数值", "单位能耗降低（%）,3.1"], -3.1),
        (["指标,同比（%）", "单位能耗,下降3.1%"], -3.1),
        (["指标,同比增减（%）", "单位能耗,-2.7"], -2.7),
        (["指标,同比降低（%）", "单位能耗,2.7"], -2.7),
        (["指标,比上年同期减少%", "生产总值,2.7"], -2.7),
        (["指标,同比下降（%）", "单位能耗,增长2.7%"], 2.7),
        (["指标,同比增长（%）", "单位能耗,下降2.7%"], -2.7),
        (["指标,降幅（%）", "单位能耗,2.7"], -2.7),
        (["指标,同比回落（%）", "生产总值,2.7"], -2.7),
        (["指标,同比收窄（%）", "生产总值,2.7"], -2.7),
        (["指标,增长（下降）（%）", "生产总值,-2.7"], -2.7),
    ],
)
def test_direction_counts(read, tmp_path, rows, value):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert [row[2:3] + row[4:] for row in answer.figures] == [("growth", value)]


@pytest.mark.parametrize("text", ["-2.7", "+2.7"])
def test_a_fall_with_a_sign_is_asked_about(read, tmp_path, text):
    refusal = read(csv(tmp_path, TITLE, "指标,同比下降（%）", f"单位能耗,{text}")).refusal
    assert "第3行" in refusal.text("zh")
    assert "同比下降" in refusal.text("zh")


@pytest.mark.parametrize("cell", ["降低了3.1%", "下降了3.1%", "负增长3.1%", "同比减少了3.1%"])
def test_a_fall_in_other_words(read, tmp_path, cell):
    answer = read(csv(tmp_path, "2021年1—9月", "指标,同比", f"生产总值,{cell}"))
    assert answer.figures == [("output", "2021-09", "growth", "ytd", -3.1)]


@pytest.mark.parametrize("word", ["回落", "收窄", "提高", "下降"])
def test_the_fall_of_a_rate_is_no_rate(read, tmp_path, word):
    rows = ["2021年1—9月", "指标,数值", f"工业增加值增速{word},3.2", "工业增加值增速,9.8"]
    answer = read(csv(tmp_path, *rows))
    assert answer.values == [9.8]
    assert answer.says("3.2", word)
