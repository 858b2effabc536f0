"""The shipped folder is a data package that others can open, and what ``to_folder`` writes."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import pytest

from corridor_model.plan.save import data_package
from corridor_model.tabular.schema import TABLES

DATA = Path(__file__).resolve().parents[2] / "data" / "longwan"


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


def test_frictionless_finds_every_table_valid():
    report = valid(DATA / "datapackage.json")
    assert report.valid, report.flatten(["title", "message"])
    assert [task.name for task in report.tasks] == list(TABLES)
    assert {task.stats["rows"] for task in report.tasks if task.name == "tasks"} == {160}


@pytest.mark.parametrize(
    ("table", "printed", "changed", "error"),
    [
        ("targets", "gdp,580,", "gpd,580,", "foreign-key"),
        ("targets", "gdp,580,", "gdp,580亿元,", "type-error"),
        ("targets", "gdp,580,at_least", "gdp,580,at-least", "constraint-error"),
        ("indicators", "\nsei_va_share,", "\nhightech_va_share,", "primary-key"),
        ("projects", ",2020,2023,80,", ",2020,2023/12,80,", "constraint-error"),
        ("projects", ",yes,2020,2023,80,", ",maybe,2020,2023,80,", "type-error"),
        ("tasks", "annex1_01,1,1,,zhenan_core,", "annex1_01,1,1,,zhenan,", "foreign-key"),
        ("about", "id,name_zh", "id,name", "incorrect-label"),
    ],
)
def test_frictionless_finds_a_mistake(tmp_path, table, printed, changed, error):
    shutil.copytree(DATA, tmp_path / "plan")
    file = tmp_path / "plan" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert printed in text
    file.write_text(text.replace(printed, changed, 1), encoding="utf-8")
    report = valid(tmp_path / "plan" / "datapackage.json")
    assert error in {found[0] for found in report.flatten(["type"])}
