"""Tables, schema and data package: what the files hold, what others can open, what is written."""

from __future__ import annotations

import json
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import pytest
from tests.helpers.counting import a_third
from tests.helpers.paths import BASE_PLAN, DATA, OTHER_PLAN

import corridor_model as cm
from corridor_model.codes import ORIGINS, preference, weakest
from corridor_model.plan.save import data_package
from corridor_model.plan.validation import check_table
from corridor_model.tabular.headers import (
    column_of,
    find_header,
    is_total,
    split_header,
    unit_above,
    units_row,
)
from corridor_model.tabular.readers import read_csv
from corridor_model.tabular.schema import SHEETS_ZH, TABLES, TITLES_ZH, nearest
from corridor_model.tabular.table import empty, from_rows
from corridor_model.tabular.workbooks import read_grid


@pytest.mark.uncounted
@pytest.mark.parametrize("source", [None, OTHER_PLAN, BASE_PLAN], ids=["longwan", "other", "base"])
def test_data_package_is_valid(source, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    folder = cm.load_plan(source).to_folder(tmp_path / "plan")
    report = frictionless.validate(str(folder / "datapackage.json"))
    errors = report.flatten(["path", "rowNumber", "fieldName", "message"])
    assert not errors, errors[:5]


@pytest.mark.uncounted
def test_data_package_finds_a_mistake(tmp_path):
    frictionless = pytest.importorskip("frictionless")
    folder = cm.load_plan(BASE_PLAN).to_folder(tmp_path / "plan")
    text = (folder / "baselines.csv").read_text("utf-8").replace("gdp,", "gpd,")
    (folder / "baselines.csv").write_text(text, "utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_data_package_names_every_table_and_column(tmp_path):
    package = json.loads(
        (cm.load_plan().to_folder(tmp_path) / "datapackage.json").read_text("utf-8")
    )
    assert [table["name"] for table in package["resources"]] == list(TABLES)
    for table in package["resources"]:
        fields = [field["name"] for field in table["schema"]["fields"]]
        assert fields == list(TABLES[table["name"]].names)
        header = (tmp_path / table["path"]).read_text("utf-8").splitlines()[0]
        assert header == ",".join(fields)


def test_every_table_and_column_has_a_chinese_title():
    assert set(SHEETS_ZH) == set(TABLES)
    for schema in TABLES.values():
        for name in schema.names:
            assert column_of(TITLES_ZH[name], schema.names) is not None, (schema.name, name)
        assert set(schema.key) <= set(schema.names)
        for column in schema.columns:
            if column.links:
                table, _, field = column.links.partition(".")
                assert field in TABLES[table].names


def test_no_title_means_two_columns_of_one_table():
    for schema in TABLES.values():
        titles = [TITLES_ZH[name] for name in schema.names]
        assert len(set(titles)) == len(titles), schema.name


@pytest.mark.parametrize(
    ("cell", "title", "unit"),
    [
        ("总投资（万元）", "总投资", "万元"),
        ("总投资 (单位：万元)", "总投资", "万元"),
        ("value [%]", "value", "%"),
        (" Value ", "Value", ""),
        ("总 投\n资", "总投资", ""),
        ("完成率（％）", "完成率", "%"),
        ("（一）指标", "(一)指标", ""),
        ("", "", ""),
        ("\ufeffid", "id", ""),
        ("(" + " " * 20_000 + "x", "(x", ""),
    ],
)
def test_headers(cell, title, unit):
    assert split_header(cell) == (title, unit)


def test_layout_pieces():
    assert unit_above([["表一", "单位：万元"]]) == "万元"
    assert unit_above([["填报单位：区统计局"], ["计量单位: 亿元、%"]]) == "亿元"
    assert unit_above([["责任单位：家家乐超市"]]) == ""
    assert units_row(["", "（万元）", "%"]) == ({1: "万元", 2: "%"}, True)
    assert units_row(["gdp", "万元"]) == ({}, False)
    assert units_row(["", ""]) == ({}, False)
    assert is_total(["", "合计", "5"])
    assert is_total(["注：来源"])
    assert not is_total(["合计数", "5"])
    assert find_header([], TABLES["targets"]) == (-1, 1, [])
    assert find_header([["a"], ["指标"]], TABLES["targets"])[0] == -1


def test_read_csv_and_read_grid_are_what_observations_stand_on(tmp_path):
    (tmp_path / "a.csv").write_text("\n\n指标,2021\ngdp,5\n\n合计,5\n", "utf-8")
    raw = read_csv(tmp_path / "a.csv")
    assert (raw.header, list(raw.lines), raw.top) == (("指标", "2021"), [4, 6], 3)
    (tmp_path / "b.csv").write_text("\n,\n")
    with pytest.raises(cm.PlanError, match="the file is empty"):
        read_csv(tmp_path / "b.csv")
    file = cm.load_plan(BASE_PLAN).to_workbook(tmp_path / "a.xlsx")
    name, rows, top, notes = read_grid(file, "targets")
    assert name == "a.xlsx[targets]"
    assert rows[0] == list(TABLES["targets"].names)
    assert len({len(row) for row in rows}) == 1
    assert top == rows
    assert notes == []


def test_a_workbook_of_tables_holds_no_hour_of_saving(tmp_path):
    plan = cm.load_plan(BASE_PLAN)
    with zipfile.ZipFile(plan.to_workbook(tmp_path / "a.xlsx")) as package:
        assert {item.date_time for item in package.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        about = package.read("docProps/core.xml").decode()
    assert re.findall(r">(\d{4}-[^<]*)<", about) == ["2020-01-01T00:00:00Z"] * 2


def test_tables_are_frozen_and_know_their_rows():
    table = from_rows("groups", [{"id": "a", "name_zh": "甲"}, {"id": "b", "name_zh": "乙"}])
    assert len(table) == 2
    assert [row["id"] for row in table.rows()] == ["a", "b"]
    assert table.select([1])["id"] == ("b",)
    assert (table + table)["id"] == ("a", "b", "a", "b")
    assert len(empty("groups")) == 0
    assert empty("groups").select([]) == empty("groups")
    with pytest.raises(AttributeError):
        table.file = "x"


def test_problems_of_a_table_without_lines_count_rows():
    plan = cm.load_plan(BASE_PLAN)
    doubled = plan.tables["groups"].select([0, 0])
    bare = type(doubled)(doubled.schema, doubled.columns)
    (problem,) = check_table(bare, {**plan.tables, "groups": bare})
    assert problem.row is None
    assert "'economy' repeats row 0" in problem.what.text()


def test_nearest_among_many():
    known = [f"indicator_{i:05d}" for i in range(3000)]
    assert nearest("indicator_00O17", known) in known
    assert nearest("nothing_like_it", known) == ""
    assert nearest("GDP", ["gdp", "gdp_growth"]) == "gdp"


def test_origins():
    assert weakest(["document", "user", "definition"]) == "user"
    assert max(ORIGINS, key=preference) == "assumed"
    assert min(ORIGINS, key=preference) == "user"


def test_frames():
    plan = cm.load_plan(OTHER_PLAN)
    for name, table in plan.tables.items():
        frame = plan.table(name)
        assert list(frame.columns) == list(table.schema.names)
        assert len(frame) == len(table)
    assert str(plan.table("projects")["part"].dtype) == "Int64"
    assert plan.table("projects")["investment"].isna().sum() == 2
    with pytest.raises(cm.CorridorError, match="No table 'target'"):
        plan.table("target")


def test_places_a_plan_can_be(tmp_path):
    with pytest.raises(cm.PlanError, match="cannot be opened"):
        cm.load_plan(tmp_path / "nowhere")
    with pytest.raises(cm.PlanError, match="neither a folder nor an xlsx"):
        cm.load_plan(BASE_PLAN / "targets.csv")
    with pytest.raises(cm.PlanError) as caught:
        cm.load_plan(tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["about", "indicators", "targets"]
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(cm.PlanError, match="cannot be opened"):
            cm.load_plan(name)
    (tmp_path / "targets.csv").mkdir()
    with pytest.raises(cm.PlanError, match="targets.csv: is no file"):
        cm.load_plan(tmp_path)


def test_a_cell_that_outgrows_a_workbook_is_said(tmp_path):
    rows = [{"id": "c", "subject": "s", "used": "u", "reason": "_x0041_" * 4500}]
    plan = cm.load_plan(BASE_PLAN)
    plan = type(plan)({**plan.tables, "conflicts": from_rows("conflicts", rows)})
    assert cm.load_plan(plan.to_folder(tmp_path / "plan")) == plan
    with pytest.raises(cm.CorridorError, match="does not fit into a cell"):
        plan.to_workbook(tmp_path / "plan.xlsx")
    assert not (tmp_path / "plan.xlsx").exists()


def valid(package: Path):
    """Return the report of the frictionless package on a datapackage.json."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own dependencies warn when imported
        from frictionless import Package
    return Package(str(package)).validate()


def test_the_folder_is_what_to_folder_writes_byte_for_byte(plan, tmp_path):
    plan.to_folder(tmp_path)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(written) == {f"{name}.csv" for name in TABLES} | {"datapackage.json"}
    shipped = {file.name: file.read_bytes() for file in DATA.iterdir() if file.is_file()}
    for name, data in written.items():
        assert shipped[name] == data, f"{name}: write the folder again with plan.to_folder"


def test_the_shipped_package_is_generated_from_the_schema(plan):
    shipped = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert shipped == data_package(plan.about)
    assert [resource["name"] for resource in shipped["resources"]] == list(TABLES)
    for resource in shipped["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert tuple(fields) == TABLES[resource["name"]].names
        for column in TABLES[resource["name"]].columns:
            constraints = fields[column.name].get("constraints", {})
            assert constraints.get("required", False) == column.required
            assert tuple(constraints.get("enum", ())) == column.choices


@pytest.mark.uncounted
def test_frictionless_finds_every_table_valid():
    report = valid(DATA / "datapackage.json")
    assert report.valid, report.flatten(["title", "message"])
    assert [task.name for task in report.tasks] == list(TABLES)
    assert {task.stats["rows"] for task in report.tasks if task.name == "tasks"} == {160}


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("table", "printed", "changed", "error"),
    a_third(
        [
            ("targets", "gdp,580,", "gpd,580,", "foreign-key"),
            ("targets", "gdp,580,", "gdp,580亿元,", "type-error"),
            ("targets", "gdp,580,at_least", "gdp,580,at-least", "constraint-error"),
            ("indicators", "\nsei_va_share,", "\nhightech_va_share,", "primary-key"),
            ("projects", ",2020,2023,80,", ",2020,2023/12,80,", "constraint-error"),
            ("projects", ",yes,2020,2023,80,", ",maybe,2020,2023,80,", "type-error"),
            ("tasks", "annex1_01,1,1,,zhenan_core,", "annex1_01,1,1,,zhenan,", "foreign-key"),
            ("about", "id,name_zh", "id,name", "incorrect-label"),
        ]
    ),
)
def test_frictionless_finds_a_mistake(tmp_path, table, printed, changed, error):
    shutil.copytree(DATA, tmp_path / "plan")
    file = tmp_path / "plan" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert printed in text
    file.write_text(text.replace(printed, changed, 1), encoding="utf-8")
    report = valid(tmp_path / "plan" / "datapackage.json")
    assert error in {found[0] for found in report.flatten(["type"])}
