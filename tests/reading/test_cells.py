"""Cells whole: value, look, merged ranges, notes, signs and dates (S22, S23)."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from tests.helpers.observation_tables import book, csv

HEAD = ["指标", "时期", "数值"]


# 1: a number format that scales, or carries a unit


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (12345678, '0!.0,"万元"', 0.12345678),
        (512.3, "0.0万元", 0.05123),
        (51230000, '#,##0,"千元"', 0.5123),
        (12345678, '0!.0000"万元"', 0.12345678),
        (512.3, '0.0_ "亿元"', 512.3),
        (5.123e10, '[>=100000000]0!.00,,"亿元";0"元"', 512.3),
    ],
)
def test_a_format_scales_and_names_the_unit(read, tmp_path, value, code, expected):
    file = book(tmp_path, [HEAD, ["生产总值", 2021, value]], formats={"C2": code})
    assert read(file).values == [expected]


@pytest.mark.parametrize(
    ("value", "code"), [(12345678, "0.0,"), (-5.1, "0.0;0.0"), (5.1, "(0.0)"), (5.1, '"▼"0.0')]
)
def test_a_look_that_contradicts_the_value_is_refused_with_both(read, tmp_path, value, code):
    file = book(tmp_path, [HEAD, ["生产总值", 2021, value]], formats={"C2": code})
    said = read(file).refusal.text("zh")
    assert "第2行" in said
    assert f"{value}" in said
    assert code in said


def test_struck_hidden_and_superscript(read, tmp_path):
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    rows = [HEAD, ["生产总值", 2021, "x"], ["企业数", 2021, 120], ["贷款余额", 2021, 700]]
    file = book(tmp_path, rows)
    work = openpyxl.load_workbook(file)
    sheet = work.active
    sheet["C2"] = CellRichText("580", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    sheet["C3"].font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    work.save(file)
    answer = read(file)
    assert answer.values == [580.0]
    assert answer.says("C3", "120", "删除线")
    assert answer.says("C4", "700", "隐藏")


def test_dates_counted_from_1904(read, tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    file = book(tmp_path, [HEAD, ["贷款余额", 44469 - 1462, 700]])
    work = openpyxl.load_workbook(file)
    work.epoch = CALENDAR_MAC_1904
    work.save(file)
    assert read(file).figures[0][1] == "2021-09"


# 2: merged cells of the body


def test_a_merged_period_holds_for_all_its_rows(read, tmp_path):
    rows = [["2021年1—9月主要指标"], HEAD, ["生产总值", "2021年1—6月", 236], ["企业数", None, 120]]
    rows += [["贷款余额", None, 700]]
    answer = read(book(tmp_path, rows, merged=["B3:B5"]))
    assert [row[1] for row in answer.figures] == ["2021-06"] * 3


@pytest.mark.parametrize(
    ("head", "first", "expected"),
    [
        (["指标", "年份", "数值"], 2021, ("2021", 236.0)),
        (["指标", "计量单位", "数值"], "亿元", ("2020", 236.0)),
        (["指标", "发布日期", "数值"], "2021-10-20", ("2020", 236.0)),
    ],
)
def test_a_merged_cell_of_any_column_holds_for_all(read, tmp_path, head, first, expected):
    rows = [head, ["生产总值", first, 236], ["贷款余额", None, 236]]
    answer = read(book(tmp_path, rows, merged=["B2:B3"]), period=2020)
    assert [(row[1], row[-1]) for row in answer.figures] == [expected] * 2
    if head[1] == "发布日期":
        assert set(answer.observations.table["published"]) == {"2021-10-20"}


def test_a_merged_value_is_one_value(read, tmp_path):
    rows = [HEAD, ["生产总值", 2021, 500], [None, 2021, None], [None, 2021, None]]
    answer = read(book(tmp_path, rows, merged=["A2:A4", "C2:C4"]))
    assert answer.values == [500.0]


# 3: grouped numbers


@pytest.mark.parametrize("text", ["0,400", "-0,125", "0,400.5", "00,400", "0,123,456"])
def test_a_grouped_number_does_not_begin_with_0(read, tmp_path, text):
    refusal = read(csv(tmp_path, ",".join(HEAD), f'生产总值,2021,"{text}"')).refusal
    assert text in refusal.text("zh")
    assert "第2行" in refusal.text("zh")


@pytest.mark.parametrize(("text", "value"), [("1,234", 1234.0), ("1，234.5", 1234.5), ("0.4", 0.4)])
def test_grouped_numbers(read, tmp_path, text, value):
    assert read(csv(tmp_path, ",".join(HEAD), f'生产总值,2021,"{text}"')).values == [value]


# 4: notes beside a figure


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


# 5: fractions for percentages


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["指标,时期,同比", "生产总值,2021,0.085"], "生产总值"),
        (["指标,时期,数值", "工业增加值增速,2021,0.095"], "工业增加值增速"),
        (["指标,时期,数值", "占比,2021,0.623"], "占比"),
        (["指标,时期,同比增减（%）", "生产总值,2021,-0.031"], "生产总值"),
    ],
)
def test_a_fraction_for_a_percentage_is_warned_of(read, tmp_path, rows, names):
    answer = read(csv(tmp_path, *rows))
    assert any(("%" in said and "0.0" in said) or "0.6" in said for said in answer.warned)


@pytest.mark.parametrize("rows", [
    ["指标,时期,同比", "生产总值,2021,8.5"], ["指标,时期,同比", "生产总值,2021,0.5"],
    ["指标,时期,数值", "工业增加值增速,2021,1.2"],
])  # fmt: skip
def test_no_warning_where_there_is_no_fraction(read, tmp_path, rows):
    assert read(csv(tmp_path, *rows)).warned == []


# 6: timestamps


def test_january_timestamps_are_years(read):
    frame = pd.DataFrame({
        "指标": "生产总值",
        "时期": pd.to_datetime(["2018-01-01", "2019-01-01", "2020-01-01"]),
        "数值": [451.8, 480.0, 467.7],
    })  # fmt: skip
    answer = read(frame)
    assert [row[1:4] for row in answer.figures] == [
        (year, "level", "year") for year in ("2018", "2019", "2020")
    ]
    assert answer.says("年", fate="remark")


@pytest.mark.parametrize("dates", [["2021"], ["2020-12-31", "2021-12-31"]])
def test_other_timestamps_of_years(read, dates):
    days = pd.to_datetime(dates)
    frame = pd.DataFrame({"指标": "生产总值", "时期": days, "数值": [480.0] * len(days)})
    assert [row[1] for row in read(frame).figures] == [date[:4] for date in dates]


def test_timestamps_of_quarters_and_months(read):
    frame = pd.DataFrame({
        "指标": "生产总值", "时期": pd.to_datetime(["2021-03-31", "2021-06-30"]), "数值": [1.0, 2.0]
    })  # fmt: skip
    assert [row[1] for row in read(frame).figures] == ["2021Q1", "2021Q2"]
    frame["时期"] = pd.to_datetime(["2021-02-01", "2021-03-01"])
    assert [row[1] for row in read(frame).figures] == ["2021-02", "2021-03"]


def test_a_lone_first_of_january_is_asked_about(read):
    frame = pd.DataFrame({
        "指标": "生产总值", "时期": pd.to_datetime(["2021-01-01", "2021-02-01"]), "数值": [1.0, 2.0]
    })  # fmt: skip
    assert "2021-01" in read(frame).refusal.text("zh")


def test_a_january_of_the_size_of_a_year_warns(read, tmp_path):
    answer = read(csv(tmp_path, ",".join(HEAD), "生产总值,2021年1月,467.7"))
    assert any("January" in said for said in answer.warned)
    assert read(csv(tmp_path, ",".join(HEAD), "生产总值,2021年1月,38")).warned == []


@pytest.mark.parametrize("text", ["2009/10", "2008-09", "2010-11"])
def test_a_double_year_is_no_month(read, tmp_path, text):
    answer = read(csv(tmp_path, ",".join(HEAD), f"生产总值,{text},400"))
    assert text in answer.refusal.text("zh")
    assert "年" in answer.refusal.text("zh")


def test_dates_of_a_workbook(read, tmp_path):
    rows = [
        HEAD,
        *[["生产总值", datetime.date(year, 1, 1), 400 + year - 2018] for year in (2018, 2019)],
    ]
    assert [row[1] for row in read(book(tmp_path, rows)).figures] == ["2018", "2019"]


@pytest.mark.parametrize("column", ["2021年", "数值"])
def test_a_nan_names_its_row(read, column):
    frame = pd.DataFrame({"指标": ["生产总值", "企业数"], column: [480.0, float("nan")]})
    assert "第3行" in read(frame, period=2021).refusal.text("zh")
    answer = read(frame, period=2021, missing="skip")
    assert answer.values == [480.0]
    assert answer.says("NaN")


# 7: blanks within words, marks of a fall


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


# neighbours


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
