"""What an installation need not have: the library works without, and each absence has words."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pandas as pd
import pytest
from tests.helpers.paths import BASE_PLAN, ROOT

import corridor_model as cm
from corridor_model import files
from corridor_model.cli import main
from corridor_model.observations.forms import write_observation_template
from corridor_model.plan.templates import baselines_form

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REPORT, PARQUET = (f'pip install "corridor-model[{one}]"' for one in ("report", "parquet"))


def name_of(requirement: str) -> str:
    return requirement.partition(">")[0].partition("[")[0].lower()


def test_the_words_name_the_extra_that_has_the_package():
    for package, extra in files._EXTRAS.values():
        assert package.lower() in {name_of(one) for one in EXTRAS[extra]}
    assert set(files._EXTRAS) == set(files._WITHOUT)
    offered = {one for extra in ("report", "parquet") for one in map(name_of, EXTRAS[extra])}
    assert {package.lower() for package, _ in files._EXTRAS.values()} == offered
    assert EXTRAS["all"] == ["corridor-model[report,dask,parquet]"]


def test_the_core_pulls_no_part_of_reports():
    core = {name_of(one) for one in PROJECT["dependencies"]}
    optional = {name_of(one) for extra in ("report", "dask", "parquet") for one in EXTRAS[extra]}
    assert not core & optional


def small_plan():
    return cm.load_plan(BASE_PLAN)


def figures():
    return cm.load_observations(
        pd.DataFrame(
            {"indicator": ["gdp"], "period": ["2021-06"], "value": [236.2], "unit": ["亿元"]}
        ),
        cm.load_plan(),
    )


# door: what it lacks, what it does, the words in English and Chinese
DOORS = {
    "write_bulletin .docx": (
        "docx", lambda out: cm.write_bulletin(small_plan(), out / "a.docx", "2025"),
        ["python-docx", "Word", REPORT], ["python-docx", "尚未安装"],
    ),
    "write_bulletin folder": (
        "docx", lambda out: cm.write_bulletin(small_plan(), out / "whole", "2025"),
        ["python-docx", REPORT], ["Word文档"],
    ),
    "write_page": (
        "jinja2", lambda out: cm.write_page(small_plan(), out / "page.html"),
        ["Jinja2", REPORT], ["网页", "尚未安装"],
    ),
    "write_workbook": (
        "xlsxwriter", lambda out: cm.write_workbook(small_plan(), out / "a.xlsx"),
        ["XlsxWriter", "CSV", REPORT], ["工作簿", "尚未安装"],
    ),
    "import report": (
        "xlsxwriter", lambda out: figures().save_report(out / "a.xlsx"),
        ["XlsxWriter", REPORT], ["尚未安装"],
    ),
    "form of figures": (
        "xlsxwriter", lambda out: write_observation_template(small_plan(), out / "a.xlsx", 2025),
        ["form", "XlsxWriter", REPORT], ["填报表"],
    ),
    "form of baselines": (
        "xlsxwriter", lambda out: baselines_form(small_plan(), out / "a.xlsx"),
        ["form", "XlsxWriter", REPORT], ["填报表"],
    ),
    "save_result": (
        "pyarrow",
        lambda out: cm.save_result(cm.simulate(small_plan(), draws=64), out / "a.parquet"),
        ["parquet", PARQUET, ".csv"], ["读写parquet", "尚未安装"],
    ),
    "assess_panel": (
        "pyarrow", lambda out: cm.assess_panel(out / "no.parquet", out / "no.parquet"),
        ["parquet", PARQUET], ["读写parquet"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_an_absent_package_is_named_with_the_command_and_nothing_is_written(
    door, tmp_path, monkeypatch
):
    package, go, words, chinese = DOORS[door]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(cm.CorridorError) as caught:
        go(tmp_path)
    assert all(one in caught.value.text("en") for one in words), caught.value.text("en")
    assert all(one in caught.value.text("zh") for one in chinese), caught.value.text("zh")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lack", [("docx",), ("docx", "jinja2", "xlsxwriter")])
def test_publishing_asks_for_all_before_it_works(tmp_path, monkeypatch, capsys, lack):
    """Also before a figure is stored: a month must not count as published when it is not."""
    for package in lack:
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(cm.CorridorError) as caught:
        cm.write_report(small_plan(), tmp_path / "out")
    (tmp_path / "returns").mkdir()
    store = tmp_path / "figures.store"
    line = f"publish --figures {tmp_path}/returns --store {store} --as-of 2021-09"
    assert main([*line.split(), "--out", str(tmp_path / "out"), "--lang", "zh"]) == 1
    said = capsys.readouterr().err
    for package in lack:
        assert files._EXTRAS[package][0] in caught.value.text("en")
        assert files._EXTRAS[package][0] in said
    assert REPORT in caught.value.text("en")
    assert REPORT in said
    assert "安装" in said
    assert not store.exists()
    assert not (tmp_path / "out").exists()


def test_packages_of_two_extras_are_one_command(monkeypatch):
    for package in ("docx", "pyarrow"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(cm.CorridorError) as caught:
        files.require_packages("docx", "pyarrow")
    assert "python-docx, pyarrow" in caught.value.text("en")
    assert 'pip install "corridor-model[parquet,report]"' in caught.value.text("en")
    assert "均未安装" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("raise ImportError('DLL load failed')", "DLL load failed"),
        ("import nothing_of_the_kind", "nothing_of_the_kind"),  # what it needs itself is absent
    ],
)
@pytest.mark.parametrize("ask", [files.extra_package, files.require_packages])
def test_a_package_that_is_there_and_broken_is_not_called_absent(
    tmp_path, monkeypatch, content, reason, ask
):
    (tmp_path / "docx.py").write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "docx", raising=False)
    with pytest.raises(cm.CorridorError) as caught:
        ask("docx")
    assert "not installed" not in caught.value.text("en")
    for word in (reason, "cannot be loaded", "pip install --force-reinstall python-docx"):
        assert word in caught.value.text("en")
    assert "无法加载" in caught.value.text("zh")


@pytest.mark.parametrize("go", [
    lambda: cm.simulate(small_plan(), client="tcp://10.0.0.1:8786"),
    lambda: cm.assess_panel([], [], client="tcp://10.0.0.1:8786"),
])  # fmt: skip
def test_an_address_is_no_client(go):
    with pytest.raises(cm.CorridorError) as caught:
        go()
    assert 'pip install "corridor-model[dask]"' in caught.value.text("en")
    assert "客户端" in caught.value.text("zh")


CORE = """
import sys, tempfile
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            return None
        return PathFinder.find_spec(name, path, target)

sys.meta_path = [Without if one is PathFinder else one for one in sys.meta_path]
import corridor_model as cm

plan = cm.load_plan()
folder = tempfile.mkdtemp()
plan.to_workbook(folder + "/plan.xlsx")
assert cm.load_plan(folder + "/plan.xlsx").digest == plan.digest
figures = cm.load_observations({example!r}, plan)
print(cm.assess(plan, figures, as_of="2021-09").status.shape)
result = cm.simulate(plan, cm.shipped_scenarios()[:2], draws=256)
cm.load_result(cm.save_result(result, folder + "/a.nc"))
print(len(cm.sobol(plan, "km_open:2022", n=64)))
years = [2015, 2016, 2017, 2018, 2019]
values = [1.0, 1.1, 1.2, 1.3, 1.5]
print(cm.forecast(values, years, 2, "level").quantile(0.5))
print(cm.forecast(values, years, 1, "level", method="ets"))
cm.budget_cut(plan, share=0.2)
print(cm.describe(cm.required_growth(plan), "zh")[:10])
cm.plot.paths(plan, "gdp").figure.savefig(folder + "/a.png")
cm.write_bulletin(plan, folder + "/a.html", "2021-09")
assert not {absent} & {{one.partition(".")[0] for one in sys.modules}}
"""


@pytest.mark.slow
def test_the_questions_are_answered_by_the_core_alone():
    absent = {*files._EXTRAS, "lxml", "dask", "distributed", "babel", "hypothesis"}
    code = CORE.format(absent=absent, example=str(ROOT / "data/example/observations.csv"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
