"""Files are whole or not there; cells are never formulas."""

from __future__ import annotations

import csv
import errno
import io
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.paths import BASE_PLAN, OTHER_PLAN
from tests.helpers.versions import posix

from corridor_model import files
from corridor_model.errors import CorridorError, PlanError
from corridor_model.files import guarded, lends_locks, locked, replacing, unguarded, write_csv
from corridor_model.plan.load import load_plan
from corridor_model.tabular.table import from_rows


def listed(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def failing(file: Path, error: BaseException) -> None:
    with replacing(file) as temporary:
        temporary.write_text("half of it")
        raise error


def test_a_failed_run_leaves_the_old_file(tmp_path):
    file = tmp_path / "a.csv"
    write_csv(file, [["old"]])
    for error in (ValueError("in between"), KeyboardInterrupt(), SystemExit(3)):
        with pytest.raises(type(error)):
            failing(file, error)
    assert file.read_text() == "old\n"
    assert listed(tmp_path) == ["a.csv"]


def test_a_row_that_cannot_be_written_leaves_the_old_file(tmp_path):
    file = tmp_path / "a.csv"
    write_csv(file, [["old"]])
    with pytest.raises(UnicodeEncodeError):
        write_csv(file, [["new"], ["\ud800"]])
    assert file.read_text() == "old\n"
    assert listed(tmp_path) == ["a.csv"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_run_leaves_the_old_plan_whole(tmp_path):
    plan = load_plan(BASE_PLAN)
    plan.to_folder(tmp_path)
    program = (
        "import sys, time; from pathlib import Path\n"
        "from corridor_model.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as t:\n"
        "    t.write_text('half of it'); print('ready', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "targets.csv")], stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    left = [name for name in listed(tmp_path) if name.startswith(".")]
    assert len(left) == 1
    assert load_plan(tmp_path) == plan  # what is left behind is nobody's table


def test_a_plan_is_saved_whole_or_not_at_all(tmp_path, monkeypatch):
    load_plan(BASE_PLAN).to_folder(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    other = load_plan(OTHER_PLAN)
    written = []

    def full(self, text, *args, **kwargs):
        written.append(self)
        if len(written) == 7:
            raise OSError(28, "No space left on device")
        return original(self, text, *args, **kwargs)

    original = Path.write_text
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CorridorError, match="No space left"):
        other.to_folder(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_workbook_that_fails_leaves_the_old_one(tmp_path, monkeypatch):
    plan = load_plan(BASE_PLAN)
    file = plan.to_workbook(tmp_path / "plan.xlsx")
    before = file.read_bytes()

    def torn(self, package):
        package.write(before[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(openpyxl.Workbook, "save", torn)
    with pytest.raises(CorridorError, match="No space left"):
        plan.to_workbook(file)
    assert file.read_bytes() == before
    assert listed(tmp_path) == ["plan.xlsx"]


@posix
def test_two_writers_one_whole_file(tmp_path):
    """Threads write different texts over one another; whoever reads sees one of them whole."""
    file = tmp_path / "a.csv"
    texts = [[[str(i) * 50_000]] for i in range(4)]
    whole = {"".join(rows[0]) + "\n" for rows in texts}
    write_csv(file, texts[0])
    mask = os.umask(0o027)
    seen: set[str] = set()
    try:
        threads = [
            threading.Thread(target=lambda rows=rows: [write_csv(file, rows) for _ in range(25)])
            for rows in texts
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            seen.add(file.read_text())
            time.sleep(0.001)
        for thread in threads:
            thread.join()
    finally:
        left = os.umask(mask)
    assert left == 0o027  # nobody's mask was changed on the way
    assert seen <= whole
    assert listed(tmp_path) == ["a.csv"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_modes(tmp_path):
    file = tmp_path / "a.csv"
    mask = os.umask(0o022)
    try:
        write_csv(file, [["x"]])
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        file.chmod(0o660)  # the group writes too, and still does after a new run
        write_csv(file, [["y"]])
        assert stat.S_IMODE(file.stat().st_mode) == 0o660
    finally:
        os.umask(mask)


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(CorridorError, match=r"a\.csv cannot be written"):
        write_csv(tmp_path / "taken" / "a.csv", [["x"]])
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(CorridorError, match=r"b\.csv cannot be written"):
        write_csv(tmp_path / "b.csv", [["x"]])
    assert listed(tmp_path) == ["b.csv", "taken"]


def test_long_chinese_names_have_room(tmp_path):
    write_csv(tmp_path / ("名" * 83 + ".csv"), [["x"]])


FORMULAS = st.one_of(
    st.builds("{}{}".format, st.sampled_from("=+-@\t"), st.text(max_size=10)),
    st.text(max_size=10),
    st.builds("{}{}".format, st.sampled_from(["'", "''"]), st.text("=+-@'1a", max_size=5)),
)


@given(FORMULAS)
def test_guarded_text_is_no_formula_and_comes_back(text):
    safe = guarded(text)
    if safe[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        float(safe)  # a signed number, which no spreadsheet computes
    assert unguarded(safe) == text


@pytest.mark.uncounted
def test_formulas_are_text_in_csv_and_workbook(tmp_path):
    plan = load_plan(BASE_PLAN)
    notes = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1", "-5.2", "+7"]
    rows = [
        {"id": f"c{i}", "subject": note, "used": note, "reason": "r", "readings": (note, note)}
        for i, note in enumerate(notes)
    ]
    tables = {**plan.tables, "conflicts": from_rows("conflicts", rows)}
    plan = type(plan)(tables)
    plan.to_folder(tmp_path)
    text = (tmp_path / "conflicts.csv").read_text("utf-8")
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert cell[:1] not in set("=+-@") or float(cell)
    file = plan.to_workbook(tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(file)["conflicts"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {
        "s"
    }
    assert sheet["B2"].value == "=1+1"  # a person sees what was meant, without an apostrophe
    assert load_plan(tmp_path) == load_plan(file) == plan


def test_excel_finds_chinese_at_once(tmp_path):
    write_csv(tmp_path / "a.csv", [["指标"]], bom=True)
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + "指标\n".encode()


def test_a_file_that_another_program_writes_is_waited_for_and_then_named(tmp_path):
    file = tmp_path / "a.store"
    with locked(file), pytest.raises(PlanError) as busy, locked(file, wait=0.02):
        pytest.fail("two writers at once")
    assert busy.value.text("en") == "a.store: is being written by another program. Try again later."
    with locked(file, wait=0.02):  # the first has given it back
        file.write_text("free")
    assert file.read_text() == "free"


def test_a_lock_in_a_folder_that_cannot_be_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(PlanError) as wrong, locked(tmp_path / "file" / "a.store"):
        pytest.fail("there is no such folder")
    said = wrong.value.text("en")
    assert said.startswith("a.store: cannot be written (")
    assert said.endswith("Check the folder's permissions and the space left.")


def test_what_cannot_be_opened_is_said_by_whoever_opens_it(tmp_path):
    assert lends_locks(tmp_path / "nowhere") is True
    file = tmp_path / "a.csv"
    file.write_text("x")
    assert lends_locks(file) is True


def test_a_drive_without_locks_is_known(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="Windows always lends locks")
    file = tmp_path / "a.csv"
    file.write_text("x")

    def refuse(number):
        def lockf(*_):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(fcntl, "lockf", lockf)
        return lends_locks(file)

    assert refuse(errno.ENOLCK) is False
    assert refuse(errno.EAGAIN) is True, "another program holds it: so it lends them"


def test_an_installation_without_its_data_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "src" / "corridor_model" / "files.py"))
    with pytest.raises(CorridorError, match="data are missing from this installation"):
        files.data_dir()
    (tmp_path / "data" / "longwan").mkdir(parents=True)
    assert files.data_dir() == tmp_path / "data"


def test_a_file_that_another_writer_takes_for_a_left_over_is_made_again(tmp_path, monkeypatch):
    """Between its making and its lock a temporary file looks like what a killed run left."""
    hold, taken = files._hold, []

    def taken_away_first(handle):
        if len(taken) < 2:
            taken.append(handle)
            for one in tmp_path.glob(".corridor-*"):
                one.unlink()
            return len(taken) > 1  # once the other one has its lock still, once it is gone
        return hold(handle)

    monkeypatch.setattr(files, "_hold", taken_away_first)
    write_csv(tmp_path / "a.csv", [["x"]])
    assert len(taken) == 2
    assert listed(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "x\n"


def test_a_drive_without_locks_takes_files_too(tmp_path, monkeypatch):
    def none(handle):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(files, "_hold", none)
    write_csv(tmp_path / "a.csv", [["x"]])
    assert listed(tmp_path) == ["a.csv"]
