"""Words with blanks inside, and marks of a fall."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

HEAD = ["指标", "时期", "数值"]


@pytest.mark.parametrize("word", ["合  计", "小 计", "总　计", "合计"])
def test_words_with_blanks_inside(read, tmp_path, word):
    answer = read(csv(tmp_path, "指 标,时  期,数　值", "生产总值,2021,480", f"{word},2021,990"))
    assert answer.values == [480.0]
    assert answer.says("990")


@pytest.mark.parametrize("text", ["(12.3)", "▼5.1", "△5.1", "－5.1", "↓5.1", "（12.3）%"])
def test_marks_of_a_fall(read, tmp_path, text):
    size = -12.3 if "12" in text else -5.1
    answer = read(csv(tmp_path, "指标,时期,同比（%）", f"生产总值,2021,{text}"))
    assert answer.values == [size]
    refusal = read(csv(tmp_path, ",".join(HEAD), f"生产总值,2021,{text}")).refusal
    assert "第2行" in refusal.text("zh")


def test_a_mark_that_some_use_for_a_rise_is_asked_about(read, tmp_path):
    refusal = read(csv(tmp_path, "指标,时期,同比（%）", "生产总值,2021,▲5.1")).refusal
    assert "▲" in refusal.text("zh")


@pytest.mark.parametrize(
    ("text", "value"),
    [("3.1%（下降）", -3.1), ("5.1↓", -5.1), ("5.1↑", 5.1), ("负3.1", -3.1), ("降3.1%", -3.1),
     ("8.8%（上升）", 8.8), ("较上年同期下滑3.1%", -3.1), ("-3.1（下降）", -3.1), ("持平", 0.0)],
)  # fmt: skip
def test_a_sign_in_words_or_behind_the_number(read, tmp_path, text, value):
    assert read(csv(tmp_path, "指标,时期,同比（%）", f"生产总值,2021,{text}")).values == [value]


def test_a_note_against_the_sign_is_asked_about(read, tmp_path):
    refusal = read(csv(tmp_path, "指标,时期,同比（%）", "生产总值,2021,-3.1（上升）")).refusal
    assert "第2行" in refusal.text("zh")


@pytest.mark.parametrize("text", ["减少3家", "增加30亿元"])
def test_a_change_in_its_own_unit_is_no_rate(read, tmp_path, text):
    answer = read(csv(tmp_path, "指标,2021年,同比", f"企业数,12,{text}"))
    assert answer.values == [12.0]
    assert answer.says("C2", text)


def test_marks_of_notes_at_names_and_headings(read, tmp_path):
    answer = read(csv(tmp_path, "2021年1—9月", "指标,累计①,同比²", "生产总值③,370,8.8"))
    assert answer.values == [370.0, 8.8]


def test_marks_with_blanks_inside(read, tmp_path):
    answer = read(csv(tmp_path, ",".join(HEAD), "企业数,2021,暂 无", "生产总值,2021,预计 9月 公布"))
    reasons = [remark.reason for remark in answer.observations.remarks]
    assert reasons == ["not_reported", "not_due_yet"]
