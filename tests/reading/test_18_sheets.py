"""Every visible sheet is read, and what is not is said."""

from __future__ import annotations

from tests.helpers.observation_tables import book


def test_every_visible_sheet_is_read(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("科技", [head, ["企业数", 2021, 120]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0, 120.0]
    assert set(answer.observations.report.sheet) == {"综合", "科技"}


def test_a_hidden_sheet_is_skipped_and_said(read, tmp_path):
    import openpyxl

    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("旧", [head, ["企业数", 2021, 120]])]
    file = book(tmp_path, *sheets)
    work = openpyxl.load_workbook(file)
    work["旧"].sheet_state = "hidden"
    work.save(file)
    answer = read(file)
    assert answer.values == [480.0]
    assert answer.says("旧", "隐藏")
    assert answer.says("120")


def test_a_figure_that_an_earlier_sheet_has_too(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("甲", [head, ["生产总值", 2021, 480]]), ("乙", [head, ["生产总值", 2021, 480]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0]
    assert answer.says("C2", "480")
    sheets[1] = ("乙", [head, ["生产总值", 2021, 490]])
    assert "乙" in read(book(tmp_path, *sheets)).refusal.text("zh")


def test_a_sheet_without_indicators_is_said(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("图", [["甲", "乙"], [1, 2]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0]
    assert answer.says("图")
    assert answer.says("A2", "1")
