"""Tables with periods in their rows and indicators over their columns."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

YEARS = [("output", "2020", 467.0), ("output", "2021", 504.0),
         ("firms", "2020", 250.0), ("firms", "2021", 260.0)]  # fmt: skip


def _brief(answer):
    return [(row[0], row[1], row[4]) for row in answer.figures]


@pytest.mark.parametrize(
    "rows",
    [
        ["年份,生产总值,企业数", "2020,467,250", "2021,504,260"],
        ["时间,生产总值（亿元）,企业数（家）", "2020年,467,250", "2021年,504,260"],
        ["指标,生产总值,企业数", "2020年,467,250", "2021年,504,260"],
        [",生产总值,企业数", "2020年度,467,250", "2021年度,504,260"],
        ["主要指标", "单位：亿元", "年份,生产总值,企业数", "2020,467,250", "2021,504,260"],
        ["年份,生产总值,企业数", ",万元,家", "2020,4670000,250", "2021,5040000,260"],
        [",2020年,,2021年,", "时期,生产总值,企业数,生产总值,企业数", "全年,467,250,504,260"],
        ["生产总值,企业数,年份", "467,250,2020", "504,260,2021"],
        ["年份,生产总值,企业数", "2020,467,250", "2021,504,260", "2022年目标,580,300"],
        ["序号,年份,生产总值,企业数,备注", "1,2020,467,250,甲", "2,2021,504,260,乙", "注：甲,,,"],
        ["年份,生产总值,,企业数", ",完成,同比,年末", "2020,467,,250", "2021,504,,260"],
    ],
)
def test_years_in_rows(read, tmp_path, rows):
    assert sorted(_brief(read(csv(tmp_path, *rows)))) == sorted(YEARS)


def test_growths_below_their_indicator(read, tmp_path):
    rows = [["青山区主要指标"], ["时期", "生产总值", None, "企业数", "用电量"],
            [None, "累计", "同比下降(%)", "期末", "累计"],
            ["2021年1-3月", 120, 8, 250, 77]]  # fmt: skip
    answer = read(book(tmp_path, rows, merged=["A2:A3", "B2:C2"]))
    assert answer.figures == [
        ("output", "2021-03", "level", "ytd", 120.0),
        ("output", "2021-03", "growth", "ytd", -8.0),
        ("firms", "2021-03", "level", "end", 250.0),
    ]
    assert answer.says("E4", "77", "用电量")


def test_other_areas_remarks_and_sums(read, tmp_path):
    rows = [
        "时期,青山区生产总值,红河区生产总值,企业数",
        "2021年1-6月,240,900,预计10月公布",
        "合计,1,2,3",
    ]
    answer = read(csv(tmp_path, *rows))
    assert _brief(answer) == [("output", "2021-06", 240.0)]
    assert answer.says("C2", "红河区")
    assert answer.says("D3", "合计")
    assert [(r.indicator, r.reason) for r in answer.observations.remarks] == [
        ("firms", "not_due_yet")
    ]


def test_one_indicator_above_its_periods(read, tmp_path):
    rows = ["青山区生产总值（万元）", "时期,累计,同比（%）", "2021年1-3月,1200000,8"]
    assert _brief(read(csv(tmp_path, *rows))) == [
        ("output", "2021-03", 120.0),
        ("output", "2021-03", 8.0),
    ]


@pytest.mark.parametrize("head", ["地区", ""])
def test_areas_in_rows(read, tmp_path, head):
    rows = [f"{head},生产总值,企业数", "青山区,370,280", "红河区,500,300"]
    answer = read(csv(tmp_path, *rows), period="2021-09")
    assert answer.values == [370.0, 280.0]
    assert answer.says("B3", "红河区")


@pytest.mark.parametrize(
    "rows",
    [
        ["区县,生产总值（亿元）,位次,同比（%）,位次", "青山区,370,3,8,2", "红河区,500,1,7,5"],
        ["各县（市、区）生产总值（亿元）", "地区,累计,同比（%）", "青山区,370,8", "红河区,500,7"],
        ["生产总值", ",,单位：万元", "区县,累计,同比", "全市合计,1,7", "青山区,3700000,8"],
        ["生产总值（亿元）", ",累计,同比（%）", "全市,5000,7", "青山区,370,8"],
    ],
)
def test_areas_in_rows_of_one_indicator(read, tmp_path, rows):
    answer = read(csv(tmp_path, *rows), period="2021-09")
    assert answer.figures == [
        ("output", "2021-09", "level", "ytd", 370.0),
        ("output", "2021-09", "growth", "ytd", 8.0),
    ]
    assert answer.says("B", "红河区") or answer.says("B", "全市")


def test_a_growth_is_of_what_stands_left_of_it(read, tmp_path):
    rows = ["年份,生产总值,增长（%）,用电量,增长（%）,企业数,增长（%）", "2021,504,8,77,9,260,4"]
    answer = read(csv(tmp_path, *rows))
    assert [(row[0], row[2], row[4]) for row in answer.figures] == [
        ("output", "level", 504.0),
        ("output", "growth", 8.0),
        ("firms", "level", 260.0),
        ("firms", "growth", 4.0),
    ]
    assert answer.says("E2", "用电")


def test_rows_shorter_than_their_header(read, tmp_path):
    answer = read(csv(tmp_path, "年份,生产总值,企业数", "2020,467", "2021"))
    assert _brief(answer) == [("output", "2020", 467.0)]
    assert "指标" in read(csv(tmp_path, "生产总值,企业数", "467"), period=2021).refusal.text("zh")


def test_one_row_without_a_period(read, tmp_path):
    rows = ["生产总值,企业数,责任单位", "370,280,发改局"]
    assert read(csv(tmp_path, *rows), period="2021-09").values == [370.0, 280.0]
    refusal = read(csv(tmp_path, "生产总值,企业数,", "370,280,围垦路"), period="2021-09").refusal
    assert "指标" in refusal.text("zh")


def test_two_tables_below_each_other(read, tmp_path):
    rows = ["一、产出", "时期,生产总值", "2021年1-3月,120", "2021年1-6月,待反馈",
            "二、金融（万元）", "时期,企业数,贷款余额", "2021年1-3月,250,7000000"]  # fmt: skip
    answer = read(csv(tmp_path, *rows))
    assert [row[2] for row in _brief(answer)] == [120.0, 250.0, 700.0]
    assert [r.period for r in answer.observations.remarks] == ["2021-06"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2021年", "月份,生产总值", "3,120", "6,240"], ("当月", "累计")),
        (["时期,生产总值,生产总值", "2021年1-3月,120,121"], ("两次",)),
        (["序号,生产总值", "1,467"], ("指标",)),
        (["年份,生产总值", "2020,467", "明年,504"], ("第3行", "明年")),
    ],
)
def test_what_leaves_two_readings_is_refused(read, tmp_path, rows, words):
    text = read(csv(tmp_path, *rows)).refusal.text("zh")
    assert all(word in text for word in words), text
