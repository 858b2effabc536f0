"""Growth on a year earlier, in every spelling."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

from corridor_model.observations.headings import parts, plain

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    "heading",
    [
        "比上年同期增长（%）", "比上年同期增减%", "较上年同期增长(%)", "比上年增长%",
        "比去年同期±%",
        "与上年同期相比增长(%)", "同比 增 长（％）", "增幅（%）", "同比（±%）",
        "比2020年同期增长（%）",
        "同比增速（按可比价计算）%", "比上年同月增减（%）",
    ],
)  # fmt: skip
def test_growth_on_a_year_earlier(read, tmp_path, heading):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "生产总值,370.1,8.8"))
    assert answer.figures[1] == ("output", "2021-09", "growth", "ytd", 8.8)


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("环比（%）", "环比"), ("比上月增长%", "比上月"), ("两年平均（%）", "两年平均"),
        ("比2019年同期增长（%）", "2019"), ("全市排名", "排名"), ("贡献率（%）", "贡献率"),
        ("上年同期", "上年同期"), ("比年初增长（%）", "比年初"), ("占比（%）", "占比"),
        ("全省增速（%）", "全省"), ("预计全年", "预计全年"), ("颜色", "颜色"),
        ("同比增速（规上口径甲）", "规上"), ("增速回落（个百分点）", "回落"),
        ("同比增减额（亿元）", "增减额"), ("高于全市（百分点）", "高于全市"),
    ],
)  # fmt: skip
def test_what_is_not_the_indicators_own_growth_is_skipped_and_named(read, tmp_path, heading, part):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "生产总值,370.1,8.8"))
    assert answer.values == [370.1]
    assert answer.says("C2", part) or answer.says("C3", part)
    assert answer.says("C3", "8.8")


def test_every_character_of_a_heading_belongs_to_a_part():
    for text in ("1—9月累计同比增长（%）", "颜色（红）", "比2019年同期±%", "完成年度计划（%）甲"):
        assert "".join(part.text for part in parts(text)) == plain(text)
