"""What three units, a bulletin and the rest of a folder hold together."""

from __future__ import annotations

import json
import shutil

import openpyxl
import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import CorridorError
from corridor_model.observations.forms import missing_figures, write_observation_template
from corridor_model.observations.load import load_observations
from corridor_model.observations.model import Observations
from corridor_model.observations.store import Store
from corridor_model.tabular.workbooks import workbook_cache

MONEY, MILESTONE = "本年累计完成投资（亿元）", "形象进度"


@pytest.fixture(scope="module")
def plan():
    return cm.load_plan()


@pytest.fixture(scope="module")
def blank(plan, tmp_path_factory):
    return write_observation_template(plan, tmp_path_factory.mktemp("blank") / "f.xlsx", "2021-09")


def fill(blank, file, figures, day=None, works=(), tasks=()):
    """Write a unit's form: figures by name, works and tasks by row."""
    book = openpyxl.load_workbook(blank)
    sheet = book["监测数据"]
    at = {sheet.cell(row, 2).value: row for row in range(2, sheet.max_row + 1)}
    titles = {cell.value: cell.column for cell in sheet[1]}
    for name, value in figures.items():
        sheet.cell(at[name], titles["数值"]).value = value
        sheet.cell(at[name], titles["发布日期"]).value = day
    for title, rows in (("项目进展", works), ("任务进展", tasks)):
        sheet = book[title]
        titles = {cell.value: cell.column for cell in sheet[1]}
        for row, cells in dict(rows).items():
            for name, value in cells.items():
                sheet.cell(row, titles[name]).value = value
    book.save(file)


@pytest.fixture
def folder(returns, tmp_path):
    return shutil.copytree(returns, tmp_path / "returns")


@pytest.fixture(scope="module")
def returns(blank, tmp_path_factory):
    """Three units' forms; of each kind of trouble one."""
    folder = tmp_path_factory.mktemp("units") / "returns"
    (folder / "科技城").mkdir(parents=True)
    fill(
        blank,
        folder / "发改局.xlsx",
        {"生产总值": 372.0, "院士专家工作站": 11},
        "2021-10-10",
        {2: {MONEY: 1.2}, 3: {MONEY: 0.5}},
        {2: {"状态": "正常推进"}},
    )
    fill(
        blank,
        folder / "科技局.xlsx",
        {"院士专家工作站": 11, "技术合同交易额年均增速": 17.5},
        "2021-10-25",
        {2: {MONEY: 1.2, MILESTONE: "路基完成"}, 3: {MONEY: 0.6}},
    )
    fill(blank, folder / "科技城" / "招商局.xlsx", {"每年落地1亿元以上项目": 7})
    (folder / "通报.csv").write_text(
        "指标,2021年1—9月（亿元）,环比（%）\n生产总值,371,1.2\n外区收入,5,\n", encoding="utf-8"
    )
    shutil.copy(folder / "科技局.xlsx", folder / "科技局（副本）.xlsx")
    (folder / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    (folder / "~$科技局.xlsx").write_bytes(b"lock")
    (folder / "错.csv").write_text("指标,时期,数值\n生产总值,2021-13,1\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def collection(plan, returns):
    return cm.collect(plan, returns, "2021-09", due="2021-10-20")


def cell_of(folder, place):
    file, _, cell = place.rpartition("!")
    name, _, sheet = file.partition("[")
    if not sheet:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return float(lines[int(cell[1:]) - 1].split(",")["ABC".index(cell[0])])
    return openpyxl.load_workbook(folder / name)[sheet.rstrip("]")][cell].value


@pytest.mark.uncounted
def test_every_figure_is_taken_repeated_or_contradictory(returns, collection):
    result, folder = collection, returns
    values = dict(zip(result.observations.table["indicator"], result.observations.table["value"],
                      strict=True))  # fmt: skip
    assert values == {
        "academician_workstations": 11,
        "tech_contract_growth": 17.5,
        "annual_projects_100m": 7,
    }
    figures, works = result.contradictions
    assert {(s.file, s.row["value"]) for s in figures} == {("发改局.xlsx", 372), ("通报.csv", 371)}
    assert {s.row["invested_year"] for s in works} == {0.5, 0.6}
    assert list(works[0].differences(works[1])) == ["invested_year"]
    said = [*result.taken, *result.repeated, *(s for group in result.contradictions for s in group)]
    for one in result.returns:
        of_file = [s for s in said if s.file == one.file]
        assert sum(s.kind == "observations" for s in of_file) == len(one.observations)
        assert len(of_file) == len(one.observations) + sum(map(len, one.reports))
    for statement in said:
        if statement.kind == "observations":
            assert cell_of(folder, statement.place) == statement.row["value"]
    # what one unit leaves empty and another fills in is one report
    (work,) = [dict(row) for row in result.reports[0].rows()]
    assert (work["invested_year"], work["milestone"]) == (1.2, "路基完成")
    assert {s.file for s in result.late} == {"科技局.xlsx", "科技局（副本）.xlsx"}
    assert "annual_projects_100m" in {s.subject for s in result.undated}


def test_files_that_cannot_be_read_are_listed_and_not_fatal(collection):
    result = collection
    why = {one.file: one.why.text("zh") for one in result.returns if one.why is not None}
    assert set(why) == {"扫描件.pdf", "~$科技局.xlsx", "错.csv"}
    assert ".pdf是打印页" in why["扫描件.pdf"]
    assert "临时文件" in why["~$科技局.xlsx"]
    assert "2021-13" in why["错.csv"]
    assert "科技城/招商局.xlsx" in {one.file for one in result.returns}
    assert ("通报.csv", "外区收入") in {(file, line.text) for file, line in result.skipped}


def test_what_is_missing_is_what_the_merged_figures_lack(plan, collection):
    result = collection
    alone = missing_figures(plan, result.observations, "2021-09")
    missing = {item.id for item in result.missing}
    assert missing < set(alone.index)
    assert "gdp" in alone.index  # not taken, but it came in
    assert {"gdp", "academician_workstations", "tech_contract_growth"}.isdisjoint(missing)
    assert len(result.units_missing) == len({u for item in result.missing for u in item.units})


def test_the_store_takes_what_is_new_once(plan, folder):
    store = Store(folder / "figures.store")  # within the folder: no return
    first = cm.collect(plan, folder, "2021-09", store=store)
    assert first.added == len(store) == 3 + 1 + 1
    assert {e["source"] for e in store.list() if e["kind"] == "figure"} == {
        "科技局.xlsx", "发改局.xlsx", "科技城/招商局.xlsx",
    }  # fmt: skip
    again = cm.collect(plan, folder, "2021-09", store=store)
    assert (again.added, len(again.taken)) == (0, 0)
    assert len(again.repeated) == len(first.taken) + len(first.repeated)
    assert [i.id for i in again.missing] == [i.id for i in first.missing]


def test_a_store_that_says_otherwise_contradicts_unless_a_later_day_is_printed(plan, tmp_path):
    store = Store(tmp_path / "figures.store")
    store.append([{"indicator": "gdp", "period": "2021-09", "value": 370}], date="2021-10-10")
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "a.csv"
    for day, added, contradictory in (
        ("", 0, 1),
        ("2021-10-10", 0, 1),
        ("2021-10-09", 0, 1),
        ("2021-11-05", 1, 0),
    ):
        file.write_text(f"indicator,period,value,published\ngdp,2021Q3,372,{day}\n")
        result = cm.collect(plan, file.parent, "2021-09", store=store)
        assert (result.added, len(result.contradictions)) == (added, contradictory)
    assert [entry["value"] for entry in store.list()] == [370, 372]


def pair(tmp_path, first, second):
    head = "indicator,period,value,measure,basis,published\n"
    for name, rows in (("a.csv", first), ("b.csv", second)):
        (tmp_path / name).write_text(head + "\n".join(rows) + "\n")
    return tmp_path


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (["gdp,2021Q3,372,,,"], ["gdp,2021-09,3720000万元,,,"], [372]),
        (["gdp,2021Q3,372,,,"], ["gdp,2021-09,371.9,,,"], None),
        (["gdp,2021,520,,,"], ["gdp,2021-12,521,,,"], None),
        (["gdp,2021-09,372,,,"], ["gdp,2021-09,42,,month,"], [372, 42]),
        (["gdp,2021-09,372,,,"], ["gdp,2021-08,330,,,"], [372, 330]),
        (["gdp,2021-09,8.1,growth,,"], ["gdp,2021-09,372,,,"], [8.1, 372]),
        # a file that prints both revises
        (
            ["gdp,2021-09,372,,,2021-10-10"],
            ["gdp,2021-09,372,,,2021-10-10", "gdp,2021-09,373,,,2021-11-10"],
            [372, 373],
        ),
        # later is not right, where nobody says that it revises
        (["gdp,2021-09,372,,,2021-10-10"], ["gdp,2021-09,373,,,2021-11-10"], None),
        # the former value comes back later
        (
            ["gdp,2021-09,372,,,2021-12-10"],
            ["gdp,2021-09,372,,,2021-10-10", "gdp,2021-09,373,,,2021-11-10"],
            None,
        ),
        (
            ["gdp,2021-09,372,,,"],
            ["gdp,2021-09,372,,,2021-10-10", "gdp,2021-09,373,,,2021-11-10"],
            None,
        ),
        # a bound is no level
        (["academician_workstations,2021-09,≥11,,,"], ["academician_workstations,2021-09,11,,,"],
         None),
    ],
)  # fmt: skip
def test_which_figures_are_the_same(plan, tmp_path, first, second, values):
    for folder in (pair(tmp_path, first, second), pair(tmp_path, second, first)):
        result = cm.collect(plan, folder, "2021-09")
        assert sorted(result.observations.table["value"]) == sorted(values or [])
        assert len(result.contradictions) == (values is None)


def test_a_total_that_falls_between_files_is_a_doubt(plan, tmp_path):
    folder = pair(tmp_path, ["gdp,2021-08,400,,,"], ["gdp,2021-09,372,,,"])
    (problem,) = cm.collect(plan, folder, "2021-09").doubts
    assert "falls from 400 (2021-08) to 372 (2021-09)" in problem.text()


def test_a_wrong_due_day_writes_nothing_and_a_bound_stays_one(tmp_path, capsys):
    folder = pair(tmp_path, ["gdp,2021-09,≥372,,,"], [])
    arguments = ["collect", str(folder), "--as-of", "2021-09", "--format", "json"]
    store = ["--store", str(tmp_path / "figures.store")]
    assert main([*arguments, *store, "--due", "soon"]) == 1
    assert not (tmp_path / "figures.store").exists()
    assert main([*arguments, *store]) == 0
    rows = json.loads(capsys.readouterr().out)
    (figure,) = [row for row in rows if row["what"] == "figure"]
    assert (figure["bound"], figure["value"]) == ("at_least", 372)


def test_no_folder_and_an_empty_one(plan, tmp_path):
    with pytest.raises(CorridorError, match="is no folder"):
        cm.collect(plan, tmp_path / "nowhere", 2021)
    with pytest.raises(CorridorError, match="holds no file"):
        cm.collect(plan, tmp_path, 2021)


@pytest.mark.uncounted
def test_figures_and_reports_go_into_the_store_together_or_not_at_all(plan, blank, tmp_path):
    fill(blank, tmp_path / "f.xlsx", {}, works={2: {MONEY: 1.2}})
    result = cm.collect(plan, tmp_path, "2021-09")
    store = Store(tmp_path / "figures.store")
    early = load_observations(pair(tmp_path, ["gdp,2021-09,372,,,"], []) / "a.csv", plan)
    with pytest.raises(CorridorError, match="before its period was over"):
        store.append(early, date="2021-01-01", reports=result.reports)
    assert len(store) == 0
    assert store.append(Observations(), reports=result.reports) == 1


def test_on_the_command_line(folder, capsys):
    out = folder / "汇总.csv"
    arguments = ["collect", str(folder), "--as-of", "2021-09", "--due", "2021-10-20"]
    assert main([*arguments, "--lang", "zh", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "2处不一致，均未采用" in text
    assert "发改局.xlsx[监测数据]!F" in text.replace("\n", "").replace(" ", "")
    assert "科技局.xlsx：2条，最晚为2021-10-25。" in text
    last = "".join(text[text.rindex("共") :].split())
    assert last.startswith(
        "共8个文件（3个未读）：采用3个数、进展2条，重复5条，跳过2处，不一致2处；"
    )
    assert len(load_observations(out)) == 3
    # what was written into the folder is no return of the next time
    assert main([*arguments, "--format", "json", "--lang", "en", "--out", str(out)]) == 0
    rows = json.loads(capsys.readouterr().out)
    kinds = [row["what"] for row in rows]
    assert kinds.count("figure") == 3
    assert kinds.count("unreadable") == 3
    assert kinds.count("contradictory") == 5
    assert rows[-1]["text"].startswith("8 files (3 not read): 3 figures and 2 reports taken")
    assert len({tuple(row) for row in rows}) == 1
    assert main([*arguments[:2], "--as-of", "2021-09", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("what,file,place,id,name,")


@pytest.mark.parametrize("name", ["汇总.csv", "汇总.xlsx", "汇总"])
def test_what_is_written_is_read_back_whole(plan, collection, tmp_path, name):
    result = collection
    assert len(result.reports) > 0
    out = result.save(tmp_path / "out" / name)
    again = cm.collect(plan, tmp_path / "out", "2021-09")
    assert [one.why for one in again.returns if one.why] == []
    assert again.contradictions == ()
    assert keyed(again.observations.table) == keyed(result.observations.table)
    assert list(map(keyed, again.reports)) == list(map(keyed, result.reports))
    worded = [remark for remark in result.observations.remarks if remark.text]
    assert {remark.text for remark in again.observations.remarks} >= {r.text for r in worded}
    assert out.exists()


def keyed(table):
    return sorted(str({k: v for k, v in row.items() if k != "source"}) for row in table.rows())


@pytest.mark.uncounted
def test_a_folder_within_the_folder_is_no_return(plan, folder, capsys):
    out = folder / "汇总"
    arguments = ["collect", str(folder), "--as-of", "2021-09", "--lang", "zh", "--out", str(out)]
    assert main(arguments) == 0
    first = capsys.readouterr().out
    assert "进展" in first.replace("\n", "")
    assert {file.name for file in out.iterdir()} >= {"observations.csv", "work_reports.csv"}
    assert main(arguments) == 0
    assert capsys.readouterr().out == first


@pytest.mark.uncounted
def test_a_file_is_opened_once_and_again_when_it_changes(plan, blank, tmp_path, monkeypatch):
    opened = []
    load = openpyxl.load_workbook
    monkeypatch.setattr(
        openpyxl, "load_workbook", lambda *args, **kw: opened.append(kw) or load(*args, **kw)
    )
    file = tmp_path / "f.xlsx"
    shutil.copy(blank, file)
    cm.collect(plan, tmp_path, "2021-09")
    values = [kw for kw in opened if kw.get("data_only")]
    assert len(values) == 1
    with workbook_cache():
        for value in (370.0, 371.0):
            fill(blank, file, {"生产总值": value})
            opened.clear()
            assert load_observations(file, plan).table["value"] == (value,)
            assert load_observations(file, plan).table["value"] == (value,)
            assert len([kw for kw in opened if kw.get("data_only")]) == 1
