"""Of several units the nearest wins; a label that says something else is skipped."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["指标,时期,数值", "贷款余额（万元）,2021,7200"], 0.72),
        (["单位：万元", "指标,时期,数值", "人均收入（元）,2021,51000"], 51000.0),
        (["指标,时期,数值", "生产总值（万元）,2021,5123000"], 512.3),
        (["指标,时期,数值", "生产总值（现价、万元）,2021,5123000"], 512.3),
        (["单位：亿元", "指标,时期,数值（万元）", "生产总值,2021,5123000"], 512.3),
        (["单位：亿元", "指标,时期,数值", "生产总值,2021,5123000万元"], 512.3),
        (["单位：万元", "指标,计量单位,时期,数值", "生产总值,亿元,2021,512.3"], 512.3),
        (["计量单位：,人民币万元", "指标,时期,数值", "生产总值,2021,5123000"], 512.3),
    ],
)
def test_the_nearest_unit_wins(read, tmp_path, rows, value):
    assert read(csv(tmp_path, *rows)).values == [value]


@pytest.mark.parametrize(
    ("label", "word"),
    [("生产总值（不含甲乡）", "不含"), ("生产总值排名", "排名"), ("生产总值目标", "目标"),
     ("全省生产总值", "全省"), ("生产总值占全市比重", "占全市比重")],
)  # fmt: skip
def test_a_label_that_says_something_else_is_skipped_and_named(read, tmp_path, label, word):
    rows = ["指标,时期,数值", f"{label},2021,512.3", "企业数,2021,120"]
    answer = read(csv(tmp_path, *rows))
    assert answer.values == [120.0]
    assert answer.says("A2", word)
    assert answer.says("C2", "512.3")


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["指标,时期,数值", "生产总值,2021,480.5亿"], 480.5),
        (["指标,时期,数值（元）", "生产总值,2021,480.5亿"], 480.5),
        (["指标,时期,数值（亿元）", "生产总值,2021,480.5亿"], 480.5),
        (["指标,时期,数值", "企业数,2021,3.2万"], 32_000.0),
        (["指标,时期,数值", "人均收入,2021,5.1万"], 51_000.0),
    ],
)
def test_a_number_with_a_word_that_multiplies_it(read, tmp_path, rows, value):
    assert read(csv(tmp_path, *rows)).values == [value]


@pytest.mark.parametrize(
    "rows",
    [
        ["指标,时期,数值（万元）", "生产总值,2021,480.5亿"],
        ["单位：万元", "指标,时期,数值", "生产总值,2021,480.5亿"],
        ["指标,时期,数值", "占比,2021,6.2千"],
    ],
)
def test_a_word_that_multiplies_another_multiple_is_asked_about(read, tmp_path, rows):
    refusal = read(csv(tmp_path, *rows)).refusal
    assert "行" in refusal.text("zh")
    assert rows[-1][-1] in refusal.text("zh")


def test_the_unit_behind_the_office_in_one_cell(read, tmp_path):
    rows = ["填报单位：区发改局 单位：万元", "指标,时期,数值", "生产总值,2021,4805000"]
    assert read(csv(tmp_path, *rows)).values == [480.5]


def test_percent_above_a_level_is_refused(read, tmp_path):
    rows = ["2021年1—9月", "单位：%", "指标,数值"]
    refusal = read(csv(tmp_path, *rows, "生产总值,8.8")).refusal.text("zh")
    assert "%" in refusal
    assert "第4行" in refusal
    answer = read(csv(tmp_path, *rows, "占比,62.5", "工业增加值增速,9.8"))
    assert answer.values == [62.5, 9.8]
