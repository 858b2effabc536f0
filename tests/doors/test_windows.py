"""What offices run: Windows, Excel and WPS, as far as they can be played on another system."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote

import filelock
import openpyxl
import pytest
import xlsxwriter
from tests.helpers.paths import BASE_PLAN, DATA, OTHER_PLAN

import corridor_model as cm
from corridor_model import files
from corridor_model.cli import main
from corridor_model.files import locked, replacing, write_csv
from corridor_model.observations import ledger
from corridor_model.observations.model import ReportLine, _link
from corridor_model.observations.store import Store
from corridor_model.report import write


def denied(path=""):
    """Return what Windows answers where another program holds a file (error 32)."""
    return PermissionError(errno.EACCES, "The process cannot access the file", str(path))


# Consoles of Chinese Windows: code page 936.


class Console(io.TextIOWrapper):
    def isatty(self):
        return True


def shown(monkeypatch, words, stream, encoding, environment=""):
    """Return what a command writes to a stream of an encoding, as that console shows it."""
    monkeypatch.setenv("PYTHONIOENCODING", environment)
    out, err = stream(io.BytesIO(), encoding=encoding), stream(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    code = main(words)
    out.flush()
    err.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue()


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "line", ["required", "paths", "assess --as-of 2021", "plan --unit 区科技局", "--help"]
)
def test_a_console_of_cp936_shows_every_verb(monkeypatch, line, lang):
    words = line.split()
    if words != ["--help"]:
        words += ["--plan", str(BASE_PLAN), "--lang", lang]
        words = [word for word in words if word not in {"--unit", "区科技局"}]
    try:
        code, out, _ = shown(monkeypatch, words, Console, "gbk")
    except SystemExit as ended:  # argparse, when it has helped
        code, out = ended.code, sys.stdout.buffer.getvalue()
    assert code == 0
    assert "?" not in re.sub(r"[?？]\s", "", out.decode("gbk")) or line == "--help"


@pytest.mark.uncounted
def test_a_tick_and_a_minus_stay_what_they_are(monkeypatch):
    """A question mark in place of «reached» would be another answer."""
    words = ["paths", "--lang", "zh"]
    _, out, _ = shown(monkeypatch, words, Console, "gbk")
    _, whole, _ = shown(monkeypatch, words, Console, "utf-8")
    assert "✓" in whole.decode("utf-8")
    assert out.decode("gbk") == whole.decode("utf-8").replace("✓", "√").replace("−", "-")


def test_files_and_pipes_are_utf8_unless_an_encoding_is_named(monkeypatch, tmp_path):
    words = ["required", "--plan", str(BASE_PLAN), "--lang", "zh", "--format", "json"]
    _, out, _ = shown(monkeypatch, words, io.TextIOWrapper, "gbk")
    whole = json.loads(out.decode("utf-8"))
    shutil.copytree(BASE_PLAN, tmp_path / "plan")
    table = tmp_path / "plan/indicators.csv"
    text = table.read_text(encoding="utf-8")
    name = whole[0]["name_zh"]
    table.write_text(text.replace(name, f"{name}\U00020000"), encoding="utf-8")  # a rare letter
    words[2] = str(tmp_path / "plan")
    _, out, _ = shown(monkeypatch, words, io.TextIOWrapper, "gbk", "gbk")
    assert f"{name}\\U00020000" in out.decode("gbk")  # nothing is lost: a program can read it
    _, out, _ = shown(monkeypatch, words, io.TextIOWrapper, "gbk", "gbk:replace")
    assert f"{name}?" in out.decode("gbk")


def test_what_cannot_be_read_is_no_sign(monkeypatch):
    shown(monkeypatch, ["required", "--plan", str(BASE_PLAN)], Console, "gbk")
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", errors="corridor-file")


def test_mistakes_are_told_on_such_a_console(monkeypatch):
    code, _, err = shown(monkeypatch, ["validate", "不存在 ✓"], Console, "gbk")
    assert code == 1
    assert "不存在 √" in err.decode("gbk")


# A file that Excel holds open.


@pytest.fixture
def held(monkeypatch):
    """Names of files that another program holds open: Windows refuses to replace them."""
    names: set[str] = set()
    replace = os.replace

    def refuse(source, target, **more):
        if Path(target).name in names:
            raise denied(target)
        replace(source, target, **more)

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(files, "IS_WINDOWS", True)
    return names


def test_a_file_open_in_excel_is_named_and_stays(held, tmp_path):
    file = tmp_path / "我的 计划.csv"
    write_csv(file, [["old"]])
    held.add(file.name)
    with pytest.raises(cm.CorridorError) as caught:
        write_csv(file, [["new"]])
    for word in (file.name, "cannot be written", "Close the program that has it open"):
        assert word in caught.value.text("en")
    for word in (file.name, "无法写入", "关闭"):
        assert word in caught.value.text("zh")
    assert file.read_text() == "old\n"
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    held.clear()
    write_csv(file, [["new"]])
    assert file.read_text() == "new\n"


def test_it_shows_before_anything_is_written(held, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("old")
    held.add(file.name)
    with pytest.raises(cm.CorridorError, match="has it open"), replacing(file):
        pytest.fail("nobody should begin")


def test_one_that_is_opened_in_the_meantime_stays_too(held, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("old")

    def work():
        with replacing(file) as temporary:
            temporary.write_text("new")
            held.add(file.name)

    with pytest.raises(cm.CorridorError, match="has it open"):
        work()
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_of_several_files_none_is_replaced_while_one_is_open(held, tmp_path):
    """Half a month, new verdicts beside last month's workbook, would be worse than none."""
    plan = cm.load_plan(BASE_PLAN)
    plan.to_folder(tmp_path / "plan")
    before = {one.name: one.read_bytes() for one in (tmp_path / "plan").iterdir()}
    other = cm.load_plan(OTHER_PLAN)
    for name in ("targets.csv", "datapackage.json", "about.csv"):
        held.clear()
        held.add(name)
        with pytest.raises(cm.CorridorError, match=re.escape(name)):
            other.to_folder(tmp_path / "plan")
        assert {one.name: one.read_bytes() for one in (tmp_path / "plan").iterdir()} == before


@pytest.mark.uncounted
def test_nothing_is_published_while_the_workbook_is_open(held, tmp_path, monkeypatch):
    (tmp_path / "workbook.xlsx").write_text("last month")
    held.add("workbook.xlsx")
    begun = []
    monkeypatch.setattr(write, "print_figure", lambda *_, **__: begun.append(1))
    with pytest.raises(cm.CorridorError, match=r"workbook\.xlsx.*has it open"):
        cm.write_report(cm.load_plan(BASE_PLAN), tmp_path, draws=64)
    assert not begun
    assert [one.name for one in tmp_path.iterdir()] == ["workbook.xlsx"]


def test_what_cannot_be_removed_hides_no_failure(held, tmp_path, monkeypatch):
    """A virus scanner that looks into the new file must not be what is told."""
    file = tmp_path / "a.csv"
    file.write_text("old")

    def busy(self, missing_ok=False):
        raise denied(self)

    def work():
        with replacing(file):
            held.add(file.name)
            monkeypatch.setattr(Path, "unlink", busy)

    with pytest.raises(cm.CorridorError, match=r"a\.csv cannot"):
        work()
    monkeypatch.undo()
    assert file.read_text() == "old"


def test_a_full_disk_is_not_blamed_on_another_program(tmp_path):
    with pytest.raises(cm.CorridorError) as caught, replacing(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "No space left" in caught.value.text("en")
    assert "open" not in caught.value.text("en")


# Paths.


@pytest.mark.uncounted
@pytest.mark.parametrize("name", ["a b", "规划 （终稿）", "100%", "a#b", "it's", "é;[x]"])
def test_folders_may_be_called_as_people_call_them(name, tmp_path, monkeypatch):
    place = tmp_path / name
    shutil.copytree(BASE_PLAN, place / "my plan")
    plan = cm.load_plan(place / "my plan")
    assert cm.load_plan(plan.to_workbook(place / f"{name}.xlsx")) == plan
    store = Store(place / f"{name}.store")
    figure = {"indicator": "gdp", "period": "2021-06", "value": 236.2, "unit": "亿元"}
    store.append([figure], date="2021-07-28")
    assert len(Store(place / f"{name}.store").open()) == 1
    monkeypatch.chdir(place)
    assert cm.load_plan("my plan") == plan


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("C:\\Users\\张三\\a b#1.store", "file:///C:/Users/%E5%BC%A0%E4%B8%89/a%20b%231.store"),
        ("\\\\server\\share\\a.store", "file:////server/share/a.store"),
        ("D:a?mode=memory", "file:///D:a%3Fmode%3Dmemory"),
    ],
)
def test_a_store_on_a_drive_or_a_server_is_opened_by_its_name(path, uri):
    class There(PureWindowsPath):
        def absolute(self):
            return self

    assert ledger._uri(There(path), create=False) == f"{uri}?mode=rw"


def test_names_in_messages_are_names_on_windows_too():
    assert files.name_of(PureWindowsPath("C:\\Users\\张三\\my plan\\targets.csv")) == "targets.csv"
    assert files.name_of(PurePosixPath("/home/a/targets.csv")) == "targets.csv"


def test_a_folder_is_no_file_where_windows_may_not_open_it(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("x")
    monkeypatch.setattr(os, "open", lambda *_, **__: (_ for _ in ()).throw(denied()))
    with pytest.raises(cm.CorridorError, match=r"is no file\. Give the name of a file"):
        files.contents(tmp_path)
    with pytest.raises(cm.CorridorError, match="close the program that has it open"):
        files.contents(file)


def test_sheets_of_units_have_names_that_windows_has(tmp_path):
    names = ["区发改局/统计局", "区发改局:统计局", "a\nb", "CON", "Bureau", "bureau"]

    class Unit:
        by_unit = dict.fromkeys(names)
        rows = period = assessment = None

    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(write, "unit_blocks", lambda *_: [])
        patch.setattr(write, "rows_by_id", lambda _: {})
        patch.setattr(write, "replace", lambda standing, **_: standing)
        results = type("Results", (), {"standing": Unit, "assessment": None})
        stems = [name for _, name, _, _ in write._unit_parts(results, "all", "zh")]
    assert len({stem.casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert not set(stem) & set('\\/:*?"<>|\n')
        assert stem.startswith("unit_")  # CON, NUL and the like are devices


@pytest.mark.parametrize("name", ["9月.xlsx", "a b.xlsx", "1#楼.xlsx", "50% 9月.xlsx"])
def test_a_link_leads_to_the_cell_whatever_the_file_is_called(name, tmp_path):
    line = ReportLine(name, "O'Brien 表", "C3", "", "taken", cm.CorridorError("x"))
    with xlsxwriter.Workbook(str(tmp_path / "report.xlsx")) as book:
        book.add_worksheet().write_url(0, 0, _link(line), string="C3")
    link = openpyxl.load_workbook(tmp_path / "report.xlsx").active["A1"].hyperlink
    assert unquote(link.target) == name
    assert link.location == "'O''Brien 表'!C3"


# Locks.


def test_a_folder_that_may_not_be_written_is_no_lock_that_is_held(tmp_path, monkeypatch):
    """On Windows filelock waits as if another writer held it."""
    monkeypatch.setattr(
        filelock.FileLock, "acquire", lambda *_, **__: (_ for _ in ()).throw(filelock.Timeout("x"))
    )
    file, opened = tmp_path / "a.store", os.open
    with pytest.raises(cm.CorridorError, match="by another program"), locked(file):
        pytest.fail("nobody has it")
    assert not list(tmp_path.iterdir())

    def refuse(path, *flags, **more):
        if Path(path).parent == tmp_path:
            raise denied(path)
        return opened(path, *flags, **more)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(cm.CorridorError) as caught, locked(file):
        pytest.fail("nobody may have it")
    assert "a.store: cannot be written (The process cannot access" in caught.value.text("en")
    assert "权限" in caught.value.text("zh")


# Line ends, and what git makes of them.


def test_line_ends_of_windows_change_no_plan_and_no_scenario(tmp_path):
    shutil.copytree(DATA, tmp_path / "plan")
    for file in (tmp_path / "plan").rglob("*"):
        if file.suffix in {".csv", ".toml"}:
            text = file.read_bytes()
            assert b"\r\n" not in text, file
            file.write_bytes(text.replace(b"\n", b"\r\n"))
    plan = cm.load_plan(tmp_path / "plan")
    assert plan.digest == cm.load_plan().digest
    folder = tmp_path / "plan/scenarios"
    assert cm.load_scenarios(folder) == cm.shipped_scenarios()


# Workbooks as WPS writes them, and as older programs do.


def shared_texts(file, sheets):
    """Write sheets of values as WPS and Excel do: texts in a table of their own."""
    with xlsxwriter.Workbook(str(file)) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(number, column, cell)
    return file


def package(file, change):
    """Write a workbook anew, its parts changed."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in change(parts).items():
            new.writestr(name, data)


APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>WPS 表格</Application><DocSecurity>0</DocSecurity></Properties>"
).encode()


def of_wps(parts):
    """The marks of WPS: its name, a part and namespaces of its own, no dimension."""
    sheet = parts["xl/worksheets/sheet1.xml"]
    sheet = re.sub(rb"<dimension [^>]*/>", b"", sheet)
    sheet = sheet.replace(
        b"<worksheet ",
        b'<worksheet xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" ',
        1,
    )
    return parts | {
        "docProps/app.xml": APP,
        "docProps/custom.xml": b'<?xml version="1.0"?><Properties xmlns="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/custom-properties"/>',
        "xl/worksheets/sheet1.xml": sheet,
    }


def rich_texts(parts):
    """Texts in runs, with hints of how they are spoken, and blanks that count."""
    shared = parts["xl/sharedStrings.xml"]
    shared = re.sub(
        rb"<si><t( [^>]*)?>([^<]+)</t></si>",
        lambda found: (
            b'<si><r><rPr><sz val="11"/></rPr><t xml:space="preserve">'
            + found[2]
            + b'</t></r><rPh sb="0" eb="1"><t>yin</t></rPh><phoneticPr fontId="1"/></si>'
        ),
        shared,
    )
    assert b"rPh" in shared
    return parts | {"xl/sharedStrings.xml": shared}


def wrong_counts(parts):
    """A table of texts that says it holds none."""
    shared = re.sub(rb'(unique)?[cC]ount="\d+"', rb'\1count="0"', parts["xl/sharedStrings.xml"])
    return parts | {"xl/sharedStrings.xml": shared}


def absolute_targets(parts):
    """Parts that are named from the root of the package."""
    rels = parts["xl/_rels/workbook.xml.rels"]
    rels = re.sub(rb'Target="/?(xl/)?', b'Target="/xl/', rels)
    return parts | {"xl/_rels/workbook.xml.rels": rels}


def names_of_windows(parts):
    """Parts whose names have the backslashes of Windows, which some tools write."""
    return {name.replace("/", "\\"): data for name, data in parts.items()}


QUIRKS = {
    one.__name__: one
    for one in (of_wps, rich_texts, wrong_counts, absolute_targets, names_of_windows)
}


@pytest.mark.uncounted
@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_plan_saved_by_wps_is_the_same_plan(quirk, tmp_path):
    plan = cm.load_plan(BASE_PLAN)
    sheets = openpyxl.load_workbook(plan.to_workbook(tmp_path / "plan.xlsx"))
    file = shared_texts(tmp_path / "wps.xlsx", {one.title: one.values for one in sheets})
    package(file, QUIRKS[quirk])
    assert cm.load_plan(file) == plan


@pytest.mark.uncounted
@pytest.mark.parametrize("quirk", QUIRKS)
def test_figures_saved_by_wps_are_the_same_figures(quirk, tmp_path):
    rows = [["指标", "2021年1—9月累计"], ["生产总值（亿元）", 372], [" ", None]]
    file = shared_texts(tmp_path / "9月.xlsx", {"综合": rows})
    before = cm.load_observations(file, cm.load_plan())
    assert before.table["value"] == (372.0,)
    package(file, QUIRKS[quirk])
    after = cm.load_observations(file, cm.load_plan())
    assert list(after.table["value"]) == [372.0]
    assert after.report.drop(columns="file").equals(before.report.drop(columns="file"))


def test_a_part_that_is_there_twice_is_no_workbook(tmp_path):
    file = shared_texts(tmp_path / "a.xlsx", {"综合": [["指标", "2021"], ["生产总值", 372]]})
    twice = "xl\\worksheets\\sheet1.xml"
    package(file, lambda parts: parts | {twice: parts["xl/worksheets/sheet1.xml"]})
    with pytest.raises(cm.CorridorError, match="not a valid xlsx"):
        cm.load_observations(file, cm.load_plan())


def test_formulas_that_wps_did_not_compute_are_named(tmp_path):
    """WPS keeps no value where calculation is by hand: empty is not zero."""
    book = openpyxl.Workbook()
    for row in (["指标", "2021年1—9月累计"], ["生产总值（亿元）", "=300+72"]):
        book.active.append(row)
    book.save(tmp_path / "9月.xlsx")
    package(tmp_path / "9月.xlsx", of_wps)
    with pytest.raises(cm.CorridorError) as caught:
        cm.load_observations(tmp_path / "9月.xlsx", cm.load_plan())
    assert "row 2, column B: holds a formula" in caught.value.text("en")
    assert "WPS" in caught.value.text("zh")
