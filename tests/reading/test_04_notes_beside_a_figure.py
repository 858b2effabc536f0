"""What stands beside a figure is kept, and so is the figure."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

HEAD = ["指标", "时期", "数值"]


@pytest.mark.parametrize(
    ("name", "text", "value", "note"),
    [
        ("生产总值", "512.3（年报数）", 512.3, "年报数"),
        ("企业数", "160（其中停工3家）", 160.0, "停工3家"),
        ("企业数", "160，其中2家未开工", 160.0, "未开工"),
        ("企业数", "160家（待反馈）", 160.0, "待反馈"),
        ("企业数", "160*", 160.0, "*"),
        ("生产总值", "512.3（亿元）", 512.3, ""),
        ("生产总值", "512.3亿元（暂停更新）", 512.3, "暂停更新"),
    ],
)
def test_a_remark_beside_a_figure_keeps_the_figure(read, tmp_path, name, text, value, note):
    answer = read(csv(tmp_path, ",".join(HEAD), f"{name},2021,{text}"))
    assert answer.values == [value]
    assert not answer.observations.remarks
    assert note in answer.lines("taken")[0][2]


@pytest.mark.parametrize("text", ["512.3（预计数）", "512.3（目标）", "512.3（全省）"])
def test_a_note_that_denies_the_figure(read, tmp_path, text):
    answer = read(csv(tmp_path, ",".join(HEAD), f"生产总值,2021,{text}", "企业数,2021,1"))
    assert answer.values == [1.0]
    assert answer.says(text)
