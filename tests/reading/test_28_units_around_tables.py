"""Units between tables, in brackets and in English; counts; what is said with «about»."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

import corridor_model as cm
from corridor_model import units
from corridor_model.errors import CorridorError

TITLE = "2021年1—9月主要指标"
FIRST, SECOND = ("指标,累计", "生产总值,370"), ("指标,累计", "贷款余额,7000000")


@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, *FIRST, "单位：万元", *SECOND],
        [TITLE, "单位：亿元", *FIRST, "单位：万元", *SECOND],
        [TITLE, *FIRST, "", "二、金融,单位：万元", *SECOND],
        [TITLE, *FIRST, "单位：万元", "表2,金融指标,2021年9月", *SECOND],
        [TITLE, *FIRST, "二、金融（万元）", *SECOND],
        [TITLE, *FIRST, '"Unit: 10,000 yuan"', *SECOND],
    ],
)
def test_a_unit_between_two_tables_is_of_the_one_below(read, tmp_path, rows):
    assert read(csv(tmp_path, *rows)).values == [370.0, 700.0]


@pytest.mark.parametrize("note", ["注：单位为万元", "注：本表单位：万元"])
def test_a_note_below_a_table_is_of_the_one_above(read, tmp_path, note):
    rows = ["指标,累计", "生产总值,3700000", note, "指标,累计", "贷款余额,700"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [370.0, 700.0]


def test_a_unit_between_two_tables_of_a_sheet(read, tmp_path):
    rows = [[TITLE], ["指标", "累计"], ["生产总值", 370], ["企业数", "预计10月公布"],
            [None, "单位：万元"], ["指标", "累计"], ["贷款余额", 7000000]]  # fmt: skip
    answer = read(book(tmp_path, rows))
    assert answer.values == [370.0, 700.0]
    assert [(r.indicator, r.reason) for r in answer.observations.remarks] == [
        ("firms", "not_due_yet")
    ]


@pytest.mark.parametrize(
    ("above", "heading", "text"),
    [
        ("（万元）", "累计", "3700000"),
        (TITLE + "（万元）", "累计", "3700000"),
        (",万元", "累计", "3700000"),
        ("Unit: 10000 yuan", "累计", "3700000"),
        ("Unit: 100 million yuan", "累计", "370"),
        ("(RMB million)", "累计", "37000"),
        ("Amounts in millions of RMB", "累计", "37000"),
        ("Unit: ten thousand yuan", "累计", "3700000"),
        ("（金额均以万元计）", "累计", "3700000"),
        ("（单位：万元人民币）", "累计", "3700000"),
        ("", "累计 (RMB million)", "37000"),
        ("", "累计（100 million yuan）", "370"),
        ("", "累计", "37 billion yuan"),
        ("", "累计", "3700000 万元"),
        ("", "累计", "3700000 万元（快报数）"),
        ("", "累计", "3700000 万元 快报数"),
    ],
)
def test_units_in_brackets_and_in_english(read, tmp_path, above, heading, text):
    rows = [row for row in (above, f"指标,{heading}", f"生产总值,{text}") if row]
    assert read(csv(tmp_path, *rows), period="2021-09").values == [370.0]


@pytest.mark.parametrize("above", ["All figures expressed in billions", "单位：million", "(RMB x)"])
def test_an_unknown_unit_above_is_asked_about(read, tmp_path, above):
    refusal = read(csv(tmp_path, TITLE, above, "指标,累计", "生产总值,37")).refusal.text("zh")
    assert "单位" in refusal


@pytest.mark.parametrize("head", ["指标（万元）,累计", "指标（单位：万元）,累计,目标（亿元）"])
def test_a_unit_beside_the_heading_of_names(read, tmp_path, head):
    assert read(csv(tmp_path, TITLE, head, "生产总值,3700000,530")).values == [370.0]


def test_a_currency_in_english_stays_one(read, tmp_path):
    rows = ["指标,累计（USD million）", "出口额,500"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [5.0]
    assert "亿美元" in read(
        csv(tmp_path, TITLE, "(RMB million)", "指标,累计", rows[1])
    ).refusal.text("zh")


@pytest.mark.parametrize(
    ("unit", "into", "value"),
    [("个", "家", 1.0), ("万个", "家", 1e4), ("个", "件", 1.0), ("个/万人", "家/万人", 1.0),
     ("10,000 persons", "万人", 1.0), ("million USD", "亿美元", 0.01), ("10k yuan", "万元", 1.0),
     ("households", "户", 1.0)],
)  # fmt: skip
def test_units_that_convert(unit, into, value):
    assert units.convert(1.0, unit, into) == value


@pytest.mark.parametrize(
    ("unit", "into"), [("件", "家"), ("个", "亿元"), ("个", "家/万人"), ("RMB million", "亿美元"),
                       ("USD yuan", "元"), ("10 apples", "个")]
)  # fmt: skip
def test_units_that_do_not(unit, into):
    with pytest.raises(units.UnitError):
        units.convert(1.0, unit, into)


def test_enterprises_counted_by_other_words(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,累计", "企业数,280个", "累计新增企业,70户"))
    assert answer.values == [280.0, 70.0]
    assert read(csv(tmp_path, TITLE, "指标,单位,累计", "企业数,个,280")).values == [280.0]


@pytest.mark.parametrize(
    "text",
    [
        "约370",
        "大约370亿元",
        "370左右",
        "370亿元上下（快报数）",
        "≈370",
        "~370",
        "约为 370",
        "约有370家",
    ],
)
def test_about_a_number_is_no_figure(read, tmp_path, text):
    refusal = read(csv(tmp_path, TITLE, "指标,累计", f"生产总值,{text}")).refusal.text("zh")
    assert all(word in refusal for word in (text, "约数", "第3行"))


@pytest.mark.parametrize("text", [">100", "超过100%", "低于0"])
def test_no_share_lies_beyond_its_ends(read, tmp_path, text):
    refusal = read(csv(tmp_path, TITLE, "指标,累计", f"占比,{text}")).refusal.text("zh")
    assert "占比" in refusal
    assert read(csv(tmp_path, TITLE, "指标,累计", "占比,≥100")).values == [100.0]


@pytest.mark.parametrize(("sense", "value"), [("above", 100), ("below", 0)])
def test_no_share_is_promised_beyond_its_ends(small, sense, value):
    tables = {name: small.table(name) for name in ("about", "indicators", "targets")}
    row = tables["targets"].indicator == "part"
    tables["targets"].loc[row, ["sense", "value"]] = [sense, value]
    with pytest.raises(CorridorError) as refused:
        cm.Plan.from_tables(tables)
    assert f"{value}" in refused.value.text("zh")


@pytest.mark.parametrize(
    "rows",
    [
        ["指标,累计", "单位：万元,", "生产总值,3700000", "单位：亿元,", "贷款余额,700"],
        ["单位：亿元", "指标,累计", "生产总值,370", "（单位：万元）,", "贷款余额,7000000"],
        ["指标,累计", "生产总值,3700000", "贷款余额,7000000", "Unit: 10000 yuan"],
        ["指标,累计", "生产总值,3700000", "贷款余额,7000000", "备注：1.单位：万元；2.快报数"],
        ["指标：,累计：", "生产总值：,370亿元", "贷款余额：,700"],
    ],
)
def test_a_unit_within_a_table_is_of_the_rows_below_it(read, tmp_path, rows):
    assert read(csv(tmp_path, TITLE, *rows)).values == [370.0, 700.0]


@pytest.mark.parametrize("text", ["370（8.1）", '"370\n(8.1%)"', "370（2）"])
def test_two_figures_in_a_cell_are_refused(read, tmp_path, text):
    refusal = read(csv(tmp_path, TITLE, "指标,累计", f"生产总值,{text}")).refusal.text("zh")
    assert "两个数" in refusal


def test_a_heading_cut_at_the_comma_of_its_unit(read, tmp_path):
    refusal = read(csv(tmp_path, TITLE, "指标,累计（RMB 10,000）", "生产总值,3700000")).refusal
    assert "RMB10" in refusal.text("zh")
    rows = ['指标,"累计（RMB 10,000）"', "生产总值,3700000"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [370.0]
