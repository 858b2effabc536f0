"""The plan's own area in headings and labels counts; another one is passed over and said."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    ("rows", "values", "passed"),
    [
        (["指标,青山区,同比", "生产总值,370,8"], [370.0, 8.0], ""),
        (["指标,青山,红河区", "生产总值,370,500"], [370.0], "C3"),
        (["指标,青山区累计,红河区累计,同比", "生产总值,370,500,7"], [370.0], "D3"),
        (["指标,累计（青山区）,累计（红河区）", "生产总值,370,500"], [370.0], "C3"),
        (["指标,红河市,青山区", "生产总值,5000,370"], [370.0], "B3"),
        (
            [",青山区,,全市,", "指标,累计,同比,累计,同比", "生产总值,370,8,5000,7"],
            [370.0, 8.0],
            "E4",
        ),
        (
            [",红河区,,青山区,", "指标,累计,同比,累计,同比", "生产总值,500,7,370,8"],
            [370.0, 8.0],
            "C4",
        ),
        ([",红河区,青山区", "指标,同比,同比", "生产总值,7,8"], [8.0], "B4"),
        (["指标,累计", "青山区生产总值,370", "红河区生产总值,500"], [370.0], "B4"),
        (["指标,累计", "红河市青山区的生产总值,370", "红河市生产总值,500"], [370.0], "B4"),
        (["指标,累计", "生产总值（青山区）,370", "企业数（红河区）,500"], [370.0], "B4"),
        (["指标,累计", "青山区生产总值同比下降（%）,8", "社会用电量,5"], [-8.0], "B4"),
    ],
)
def test_own_area_counts(read, tmp_path, rows, values, passed):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert answer.values == values
    assert {line[0] for line in answer.lines()} >= ({passed} if passed else set())
    assert bool(answer.lines()) == bool(passed)


def test_own_area_over_merged_columns(read, tmp_path):
    rows = [[TITLE], ["指标", "白水县", None, "青山区", None],
            [None, "累计", "同比", "累计", "同比"], ["生产总值", 500, 7, 370, 8]]  # fmt: skip
    answer = read(book(tmp_path, rows, merged=["A2:A3", "B2:C2", "D2:E2"]))
    assert answer.values == [370.0, 8.0]
    assert answer.says("B4", "白水县")


def test_a_city_in_the_name_of_a_district_is_another_area(tmp_path):
    import corridor_model as cm

    file = csv(
        tmp_path, TITLE, "地区,指标,累计", "温州市龙湾区,生产总值,370", "温州市,生产总值,5000"
    )
    answer = cm.load_observations(file)
    assert [float(value) for value in answer.table["value"]] == [370.0]


@pytest.mark.parametrize("other", ["红河区,", "二、红河区,", "（二）全市,"])
def test_rows_below_another_area_are_of_it(read, tmp_path, other):
    rows = ["指标,累计", "一、青山区,", "生产总值,370", other, "企业数,500"]
    answer = read(csv(tmp_path, TITLE, *rows, "三、全区,", "贷款余额,700"))
    assert answer.values == [370.0, 700.0]
    assert answer.says("B6", "500")


def test_sections_that_are_no_areas(read, tmp_path):
    rows = ["指标,累计", "一、综合,", "生产总值,370", "二、城市建设,", "企业数,500"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [370.0, 500.0]


def test_a_sheet_of_another_area_beside_the_own(read, tmp_path):
    rows = {"青山区": ["生产总值", 370], "红河区": ["企业数", 500], "工业": ["贷款余额", 700]}
    sheets = [(name, [[TITLE], ["指标", "累计"], row]) for name, row in rows.items()]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [370.0, 700.0]
    assert answer.says("B3", "红河区")
