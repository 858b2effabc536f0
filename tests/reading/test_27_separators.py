"""Files whose cells are parted by something else than commas, and decimal commas."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

HEAD = "指标;时期;数值"


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        ([HEAD, "生产总值;2021年9月;370.5"], [370.5]),
        ([HEAD, "生产总值;2021.9;370,5"], [370.5]),
        ([HEAD, "生产总值;2021年9月;370,5亿元"], [370.5]),
        ([HEAD, "人均收入;2021年9月;51.234,5", "占比;2021年9月;62,3%"], [51234.5, 62.3]),
        ([HEAD, "人均收入;2021年9月;51,234.5", "占比;2021年9月;62.3"], [51234.5, 62.3]),
        ([HEAD, "单位能耗;2021年;0,412"], [0.412]),
        ([HEAD + ";备注", '生产总值;2021年9月;370,5;"甲;乙"'], [370.5]),
        (["sep=;", HEAD, "生产总值;2021年9月;370"], [370.0]),
        (["2021年1—9月", "指标\t累计\t同比", "人均收入\t51,234\t8.1"], [51234.0, 8.1]),
        (["主要指标,2021年9月;单位：亿元", "指标;时期;数值", "生产总值;2021年9月;370,5"], [370.5]),
        (["指标,时期,数值", "生产总值,2021年9月,370", "注：甲;乙", "注：丙;丁"], [370.0]),
        (["指标，时期，数值", "生产总值，2021年9月，370.5"], [370.5]),
        (["指标；时期；数值", "生产总值；2021年9月；370.5"], [370.5]),
        (["指标|时期|数值", "生产总值|2021年9月|370.5"], [370.5]),
        (["指标,时期,数值,备注", "生产总值,2021年9月,370,甲;乙", "占比,2021年9月,62,丙;丁"],
         [370.0, 62.0]),
    ],
)  # fmt: skip
def test_cells_parted_by_other_marks(read, tmp_path, rows, values):
    assert read(csv(tmp_path, *rows)).values == values


def test_a_decimal_comma_is_said(read, tmp_path):
    answer = read(csv(tmp_path, HEAD, "生产总值;2021年9月;370,5"))
    assert ["370,5" in note.text("zh") for note in answer.observations.notes] == [True]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([HEAD, "人均收入;2021年9月;51,234"], ("第2行", "“C”", "51,234", "小数")),
        ([HEAD, "人均收入;2021年9月;51,5", "占比;2021年9月;62.3"], ("51,5", "62.3")),
        ([HEAD, "人均收入;2021年9月;51.234", "占比;2021年9月;62,3"], ("51.234", "62,3")),
        (["指标;\t时期;\t数值", "生产总值;\t2021年9月;\t370.5"], ("制表符", "分号")),
        (["指标 时期 数值", "生产总值 2021年9月 370.5"], ("分隔", "逗号")),
    ],
)
def test_what_leaves_two_readings_is_refused(read, tmp_path, rows, words):
    text = read(csv(tmp_path, *rows)).refusal.text("zh")
    assert all(word in text for word in words), text


def test_a_plan_parted_by_semicolons_is_read(tmp_path):
    from tests.helpers.observation_tables import write_plan

    import corridor_model as cm

    write_plan(tmp_path)
    for file in tmp_path.glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace(",", ";").replace("0.4;", "0,4;")
        file.write_text(text, encoding="utf-8")
    plan = cm.load_plan(str(tmp_path))
    assert plan.targets["energy"].value == 0.4
    assert len(plan.indicators) == 10
