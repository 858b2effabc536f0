"""Timestamps are the years, quarters or months they stand for (S23)."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from tests.helpers.observation_tables import book, csv

HEAD = ["指标", "时期", "数值"]


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
