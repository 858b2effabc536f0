"""Files as offices make them are understood: encodings, full width, units, titles, WPS."""

from __future__ import annotations

import datetime
import re
import shutil
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from tests.helpers.paths import BASE_PLAN

from corridor_model.errors import CorridorWarning, PlanError
from corridor_model.plan.load import load_plan


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(BASE_PLAN, tmp_path / "plan")
    return tmp_path / "plan"


@pytest.fixture(scope="module")
def base():
    return load_plan(BASE_PLAN)


@pytest.fixture
def book(base, tmp_path):
    """A workbook with the plan's tables and no empty ones."""
    base.to_workbook(tmp_path / "base.xlsx")
    book = openpyxl.load_workbook(tmp_path / "base.xlsx")
    for sheet in book.worksheets:
        if sheet.max_row == 1:
            book.remove(sheet)
    return book


def loaded(book, tmp_path):
    book.save(tmp_path / "plan.xlsx")
    return load_plan(tmp_path / "plan.xlsx")


def refill(book, name, rows):
    """Replace a sheet's cells."""
    at = book.sheetnames.index(name)
    book.remove(book[name])
    sheet = book.create_sheet(name, at)
    for row in rows:
        sheet.append(row)
    return sheet


def rewritten(file, change, where="xl/worksheets/sheet"):
    """Change the XML of every sheet of a workbook, or of another part."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            text = change(data) if name.startswith(where) else data
            new.writestr(name, text)


# --- text files ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(base, folder, encoding, end):
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes(text.replace("\n", end).encode(encoding))
    assert load_plan(folder) == base


def test_other_programs_leave_files_about(base, folder):
    (folder / "._targets.csv").write_bytes(b"\0\5\x16\7macOS")
    (folder / ".17-0123456789ab.csv").write_text("a run that was killed")
    (folder / "~$targets.csv").write_bytes(b"\x01lock")
    (folder / "说明 GUIDE.md").write_text("x")
    assert load_plan(folder) == base


def test_tables_may_have_their_chinese_names(base, folder):
    (folder / "targets.csv").rename(folder / "目标.csv")
    (folder / "units.csv").rename(folder / "责任单位.CSV")
    assert load_plan(folder) == base


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("３．３％", 3.3),
        ("3.3 %", 3.3),
        (" 3.3　", 3.3),
        ("\u00a03.3\u00a0%", 3.3),
        ("+3.3", 3.3),
        ("＋３．３", 3.3),
        ("33‰", 3.3),
        ("3.3\n%", 3.3),
        (".33e1", 3.3),
    ],
)
def test_numbers_as_they_are_typed(folder, cell, value):
    text = (folder / "targets.csv").read_text("utf-8").replace("rd_share,3.3", f'rd_share,"{cell}"')
    (folder / "targets.csv").write_text(text, "utf-8")
    assert load_plan(folder).indicators["rd_share"].target.value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "cell", ["1,580", "１，５８０", "1,580.00", "1580亿元", "15800000万元", "1,580 亿元"]
)
def test_thousands_and_units_beside_the_number(folder, cell):
    text = (folder / "targets.csv").read_text("utf-8").replace("gdp,580", f'gdp,"{cell}"')
    (folder / "targets.csv").write_text(text, "utf-8")
    assert load_plan(folder).indicators["gdp"].target.value == 1580


@pytest.mark.parametrize(
    "mark",
    ["", " ", "—", "——", "－", "/", "／", "…", "……", "*", "无", "暂无", "\u3000", "'-", "＊", "﹣"],
)
def test_marks_for_missing(folder, mark):
    text = (folder / "projects.csv").read_text("utf-8").replace(",3.6,", f",{mark},")
    (folder / "projects.csv").write_text(text, "utf-8")
    assert load_plan(folder).projects["road"].investment is None


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("investment", "36000万元"),
        ("investment（万元）", "36000"),
        ("总投资(万元)", "36,000"),
        ("投资额【单位：亿元】", "3.6"),
        ("总 投 资\n（万元）", "36000"),
    ],
)
def test_money_of_works(folder, header, cell):
    text = (folder / "projects.csv").read_text("utf-8")
    text = text.replace("investment", f'"{header}"').replace(",3.6,", f',"{cell}",')
    unit = "万元" in header
    text = text.replace(",0.8,", ",8000," if unit else ",0.8,")
    (folder / "projects.csv").write_text(text, "utf-8")
    plan = load_plan(folder)
    assert plan.projects["road"].investment == 3.6  # to the last bit
    assert plan.projects["river"].investment == 0.8


def test_lengths_of_works(folder):
    text = (folder / "projects.csv").read_text("utf-8").replace("5.8,4.2", "5800米,4.2km")
    (folder / "projects.csv").write_text(text, "utf-8")
    road = load_plan(folder).projects["road"]
    assert (road.length_km, road.length_in_area_km) == (5.8, 4.2)


def test_unit_nobody_listed_is_asked_of_pint(folder):
    text = (folder / "projects.csv").read_text("utf-8").replace("5.8,4.2", "5 mile,4.2")
    (folder / "projects.csv").write_text(text, "utf-8")
    assert load_plan(folder).projects["road"].length_km == pytest.approx(8.04672)


def test_chinese_headers_and_names_of_indicators(base, folder):
    text = "指标名称,目标值,方向,年度,月份,任选组,出处\n"
    for row in base.tables["targets"].rows():
        name = base.indicators[row["indicator"]].name_zh
        month = row["month"] or ""
        places = ";".join(row["places"])
        text += f"{name},{row['value']},{row['sense']},{row['year']}年,{month},,{places}\n"
    (folder / "targets.csv").write_text(text, "utf-8")
    tasks = (folder / "tasks.csv").read_text("utf-8")
    (folder / "tasks.csv").write_text(tasks.replace("firms;", "新增高新技术企业；"), "utf-8")
    assert load_plan(folder) == base


def test_works_may_be_called_by_their_names(folder):
    files = {
        "effects.csv": "target,indicator,per_unit,origin\n"
        "青石路,地区生产总值,0.2,user\nenvironment,gdp,0.1,user\n",
        "uncertainties.csv": "target,field,distribution,origin\n"
        '河道整治,delay,"pert(0, 6, 24)",user\n地区生产总值,growth,"normal(0.05, 0.01)",user\n',
        "annual_investment.csv": "project,year,value,origin\nStone road,2024,1.2,user\n",
    }
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    plan = load_plan(folder)
    assert plan.tables["effects"]["target"] == ("road", "environment")
    assert plan.tables["effects"]["indicator"] == ("gdp", "gdp")
    assert plan.tables["uncertainties"]["target"] == ("river", "gdp")
    assert plan.tables["annual_investment"]["project"] == ("road",)


def test_name_of_two_indicators_is_no_name(folder):
    for file, old, new in (
        ("indicators.csv", "创新位次", "地区生产总值"),
        ("baselines.csv", "gdp,", "地区生产总值,"),
    ):
        text = (folder / file).read_text("utf-8").replace(old, new)
        (folder / file).write_text(text, "utf-8")
    with pytest.raises(PlanError, match="'地区生产总值' is not in the table indicators"):
        load_plan(folder)


def test_offices_are_separated_as_people_do(base, folder):
    text = (
        (folder / "projects.csv")
        .read_text("utf-8")
        .replace("区交通局,区财政局", "区交通局、区水利局，区财政局 ;,；区财政局")
    )
    (folder / "projects.csv").write_text(text, "utf-8")
    road = load_plan(folder).projects["road"]
    assert road.lead_units == ("区交通局", "区水利局", "区财政局")
    assert road.other_units == ("区财政局",)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2024年3月", "2024-03"),
        ("2024.3", "2024-03"),
        ("202403", "2024-03"),
        ("２０２４／３／５", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024-03-05 00:00:00", "2024-03-05"),
        ("2024年", "2024"),
        ("2024", "2024"),
    ],
)
def test_dates_keep_their_precision(folder, cell, date):
    text = (folder / "projects.csv").read_text("utf-8").replace("2024-03", cell)
    (folder / "projects.csv").write_text(text, "utf-8")
    assert load_plan(folder).projects["road"].start == date


def test_title_units_sums_and_notes_in_a_csv_file(base, folder):
    (folder / "baselines.csv").write_text(
        ",,,,\n青石区基期数据表,,,,\n,,,,单位：万元\n指标,年份,数值,数据性质,来源\n,,,,\n"
        "gdp,2023,4518400,published,bulletin\n合计,,4518400,,\n注：统计公报,,,,\n",
        "utf-8",
    )
    plan = load_plan(folder)
    assert [(b.indicator, b.value, b.unit) for b in plan.baselines] == [("gdp", 451.84, "亿元")]


def test_mistake_below_a_title_names_the_row_of_the_sheet(folder):
    (folder / "baselines.csv").write_text(
        "基期数据\n\n指标,年份,数值,数据性质\ngdp,2023,很多,published\n", "utf-8"
    )
    with pytest.raises(PlanError, match=r"baselines.csv, row 4, column value: '很多'"):
        load_plan(folder)
    (folder / "baselines.csv").write_text("基期数据\n\n指标,年份,数值,数据性质,愿望\n", "utf-8")
    with pytest.raises(PlanError, match=r"baselines.csv, row 3, column 愿望"):
        load_plan(folder)


def test_office_that_reports_is_no_unit(folder):
    (folder / "baselines.csv").write_text(
        "填报单位：区统计局,,,\n指标,年份,数值,数据性质\ngdp,2023,451.84,published\n", "utf-8"
    )
    assert load_plan(folder).indicators["gdp"].baseline.value == 451.84


def test_sum_that_is_filled_in_like_a_row_is_not_dropped(folder):
    text = (folder / "baselines.csv").read_text("utf-8")
    (folder / "baselines.csv").write_text(text + "合计,2023,9,亿元,published,,,,\n", "utf-8")
    with pytest.raises(PlanError, match="row 5, column indicator: '合计'"):
        load_plan(folder)


# --- workbooks -------------------------------------------------------------------------------


def test_sheets_may_have_their_chinese_names(base, book, tmp_path):
    book["targets"].title = "目标"
    book.create_sheet("填写说明", 0).append(["请逐表填写"])
    book.create_sheet("Sheet2")
    assert loaded(book, tmp_path) == base


def test_title_unit_merged_header_units_row_sums_and_notes(base, book, tmp_path):
    sheet = refill(
        book,
        "projects",
        [
            ["青石区重点项目表"],
            [None] * 9 + ["单位：万元"],
            ["编号", "项目", None, None, "表", "序号", "工期", None, "规模", "总投资", "牵头单位"],
            [None, "名称", "英文名称", "项目类别", None, None, "开工时间", "完工时间", "长度"],
            [None, None, None, None, None, None, None, None, "公里", None, None],
            [
                "road",
                "青石路",
                "Stone road",
                "road",
                2,
                1,
                "2024-03",
                "2025-12",
                5.8,
                36000,
                "交通局",
            ],
            ["合计", None, None, None, None, None, None, None, 5.8, 36000, None],
            ["注：投资为概算数"],
        ],
    )
    for cells in ("A1:K1", "B3:D3", "G3:H3", "A3:A4", "E3:E4", "F3:F4", "J3:J4", "K3:K4"):
        sheet.merge_cells(cells)
    road = loaded(book, tmp_path).projects["road"]
    assert (road.investment, road.length_km, road.end) == (3.6, 5.8, "2025-12")
    assert road.name_zh == "青石路"


def test_row_of_units_under_the_header(book, tmp_path):
    rows = [
        ["指标", "年份", "数值", "数据性质"],
        ["—", "年", "（万元）", None],
        ["gdp", 2023, 4518400, "published"],
    ]
    refill(book, "baselines", rows)
    assert loaded(book, tmp_path).indicators["gdp"].baseline.value == 451.84


def test_unit_above_does_not_overrule_a_rows_own(book, tmp_path):
    rows = [
        ["单位：万元"],
        ["指标", "年份", "数值", "计量单位", "数据性质"],
        ["gdp", 2023, 4518400, None, "published"],
        ["rd_share", 2023, 2.7, "％", "published"],
        ["rank", 2023, "15位", None, "published"],
    ]
    refill(book, "baselines", rows)
    plan = loaded(book, tmp_path)
    assert [plan.indicators[i].baseline.value for i in ("gdp", "rd_share", "rank")] == [
        451.84,
        2.7,
        15,
    ]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        (0.033, "0.0%", 3.3),
        (3.3, '0.0"%"', 3.3),
        (3.3, "0.0\\%", 3.3),
        (0.07, "0%", 7.0),
        (3.3, "General", 3.3),
        ("3.3%", "@", 3.3),
    ],
)
def test_percent(book, tmp_path, value, shown, expected):
    book["targets"]["B4"] = value
    book["targets"]["B4"].number_format = shown
    assert loaded(book, tmp_path).indicators["rd_share"].target.value == expected


def test_unit_in_the_format_of_a_number(book, tmp_path):
    sheet = book["projects"]
    at = [cell.value for cell in sheet[1]].index("investment") + 1
    sheet.cell(2, at, 36000).number_format = '#,##0.0"万元";[Red]-0'
    sheet.cell(3, at, 0.8).number_format = '0.0"约"'
    works = loaded(book, tmp_path).projects
    assert (works["road"].investment, works["river"].investment) == (3.6, 0.8)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("yyyy-mm-dd", "2024-03-01"),
        ('yyyy"年"m"月"', "2024-03"),
        ("mmm-yy", "2024-03"),
        ("[Red]yyyy/m", "2024-03"),
        ('yyyy"年"', "2024"),
        ("m/d/yy h:mm", "2024-03-01"),
    ],
)
def test_dates_are_read_as_they_are_shown(book, tmp_path, shown, expected):
    sheet = book["projects"]
    at = [cell.value for cell in sheet[1]].index("start") + 1
    sheet.cell(2, at, datetime.datetime(2024, 3, 1)).number_format = shown
    assert loaded(book, tmp_path).projects["road"].start == expected


def test_true_and_false_cells(book, tmp_path):
    sheet = book["projects"]
    at = [cell.value for cell in sheet[1]].index("opens") + 1
    sheet.cell(2, at, False)
    sheet.cell(3, at, True)
    works = loaded(book, tmp_path).projects
    assert (works["road"].opens, works["river"].opens) == (False, True)


def test_wrong_dimension_of_wps(base, book, tmp_path):
    book.save(tmp_path / "wps.xlsx")
    rewritten(
        tmp_path / "wps.xlsx",
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', xml),
    )
    with zipfile.ZipFile(tmp_path / "wps.xlsx") as saved:
        assert b'ref="A1:A1"' in saved.read("xl/worksheets/sheet1.xml")
    assert load_plan(tmp_path / "wps.xlsx") == base


def test_cell_pictures_are_empty_and_noted(book, tmp_path):
    sheet = book["projects"]
    at = [cell.value for cell in sheet[1]].index("note") + 1
    sheet.cell(2, at, '=_xlfn.DISPIMG("ID_0123",1)')
    book.save(tmp_path / "plan.xlsx")
    with pytest.warns(CorridorWarning, match="a cell picture was passed over") as said:
        plan = load_plan(tmp_path / "plan.xlsx")
    assert plan.projects["road"].note is None
    assert said[0].message.text("zh") == "plan.xlsx[projects] 第2行“Q”列：单元格图片已略过。"
    assert said[0].filename == __file__


def test_array_formula_nobody_calculated(book, tmp_path):
    book["targets"]["B2"] = ArrayFormula("B2:B2", "=SUM(B3:B4*2)")
    with pytest.raises(PlanError, match=r"row 2, column B: holds a formula without"):
        loaded(book, tmp_path)


def test_formula_with_its_value(base, book, tmp_path):
    book["targets"]["B2"] = "=290*2"
    book.save(tmp_path / "plan.xlsx")
    rewritten(
        tmp_path / "plan.xlsx", lambda xml: re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>580</v>", xml)
    )
    assert load_plan(tmp_path / "plan.xlsx") == base


def test_carriage_return_of_a_workbook(book, tmp_path):
    book["about"]["B2"] = "青石区_x000D_\n三年计划"
    assert loaded(book, tmp_path).about.name_zh == "青石区\n三年计划"


@pytest.mark.slow
def test_stray_cell_in_the_last_corner_costs_nothing(base, book, tmp_path):
    book["tasks"]["XFD1048576"] = " "
    assert loaded(book, tmp_path) == base
    book["targets"]["XFD3"] = "draft"
    with pytest.raises(PlanError, match="column 16384 has cells but no title"):
        loaded(book, tmp_path)


def test_merged_to_the_end_of_the_sheet_is_refused_in_time(book, tmp_path):
    book.save(tmp_path / "plan.xlsx")
    rewritten(
        tmp_path / "plan.xlsx",
        lambda xml: xml.replace(
            b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>',
        ),
    )
    with pytest.raises(PlanError, match="too large for a plan"):
        load_plan(tmp_path / "plan.xlsx")


def test_workbook_that_unpacks_to_gigabytes_is_refused(book, tmp_path, monkeypatch):
    monkeypatch.setattr("corridor_model.tabular.packages.LARGEST", 1000)
    with pytest.raises(PlanError, match="too large for a plan"):
        loaded(book, tmp_path)


def test_baselines_are_found_in_a_workbook_of_several_sheets(book, tmp_path):
    for kept in ("基期", "Sheet1"):
        book = openpyxl.Workbook()
        book.active.title = "说明"
        book.active.append(["请填写"])
        book.create_sheet("空")
        sheet = book.create_sheet(kept)
        sheet.append(["指标", "年份", "数值"])
        sheet.append(["gdp", 2022, 440])
        book.save(tmp_path / "mine.xlsx")
        plan = load_plan(BASE_PLAN, baselines=tmp_path / "mine.xlsx")
        assert plan.indicators["gdp"].baseline.value == 440


def test_workbook_without_a_sheet(book, tmp_path):
    file = tmp_path / "mine.xlsx"
    book.save(file)
    rewritten(file, lambda xml: re.sub(rb"<sheet [^>]*/>", b"", xml), where="xl/workbook.xml")
    with pytest.raises(PlanError, match="not a valid xlsx"):
        load_plan(BASE_PLAN, baselines=file)
    with pytest.raises(PlanError, match="not a valid xlsx"):
        load_plan(file)


def test_workbook_of_guides_alone(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请填写"])
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(PlanError, match="required column is missing"):
        load_plan(BASE_PLAN, baselines=tmp_path / "mine.xlsx")


def test_merged_range_beside_the_table(base, book, tmp_path):
    book["targets"].merge_cells("S1:U2")
    book["targets"].merge_cells("A40:C41")
    assert loaded(book, tmp_path) == base


def test_frame_of_any_dtype(base):
    frame = pd.DataFrame(
        {
            "indicator": pd.Series(["gdp", "rank"], dtype="category"),
            "year": pd.Series([2022, 2022], dtype="Int16"),
            "value": np.array([440, 15], dtype="float32"),
            "unit": pd.Series([pd.NA, pd.NaT], dtype=object),
            "note": [None, ("a", "b")],
            "source": [np.str_("公报"), datetime.date(2023, 3, 1)],
        }
    )
    plan = load_plan(BASE_PLAN, baselines=frame)
    gdp, rank = (plan.indicators[name].baselines[0] for name in ("gdp", "rank"))
    assert (gdp.value, gdp.unit, gdp.source, gdp.note) == (440, "亿元", "公报", None)
    assert (rank.value, rank.source, rank.note) == (15, "2023-03-01", "a;b")
    assert base.baselines == plan.baselines[:3]
