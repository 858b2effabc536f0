"""Faults at every write: the old files stay whole, nothing is left, the error says what to do.

One list of doors that write, one of faults. A new door that writes belongs in `DOORS`.
"""

from __future__ import annotations

import ast
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.helpers.paths import BASE_PLAN, ROOT
from tests.helpers.processes import (
    as_nobody,
    killed_after,
    moments,
    said_in_child,
    with_files_of,
)

import corridor_model as cm
from corridor_model import files
from corridor_model.cli import main
from corridor_model.forecasting.pooling import shipped_weights, write_weights
from corridor_model.observations.collection import Collection
from corridor_model.observations.forms import write_observation_template
from corridor_model.observations.store import Store
from corridor_model.plan.templates import baselines_form, new_plan

pytestmark = pytest.mark.uncounted

PLAN, FIGURES = cm.load_plan(example=True), cm.example_observations()
TYPED = cm.load_observations({"gdp": {2020: 467.7}}, PLAN)
SMALL = cm.load_plan(BASE_PLAN)
RESULT = cm.simulate(SMALL, draws=16)
REMEDIES = (
    "Make room on the drive",
    "Name a folder in which you may write",
    "Close the program that has it open",
    "Check its name, its folder and the drive",
    "Check the folder's permissions and the space left",
    "Free some space",
    "Copy it to where you may write",
)


@dataclass(frozen=True)
class Door:
    """A call that writes into a folder, and what it writes there."""

    name: str
    write: object
    files: tuple[str, ...]
    is_quick: bool = False
    is_new: bool = False
    """Whether it refuses to write over a file."""
    renames: bool = True
    """Whether our own `replacing` writes it; SQLite has its own ways."""


@cache
def returns() -> Collection:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.csv").write_text("indicator,period,value\ngdp,2021-09,370.1\n")
        return cm.collect(PLAN, folder, "2021-09")


def store_of(folder: Path) -> Store:
    return Store(folder / "a.store")


def figure(value: float) -> dict:
    return {"indicator": "gdp", "period": "2021Q1", "value": value, "source": "s" * 9000}


def text_store(folder: Path) -> None:
    """A store as former versions wrote it, which is brought over as it is opened."""
    from tests.observations.test_store import text_store

    (folder / "a.store").write_bytes(text_store(1, 2))


def filled_store(folder: Path) -> None:
    store_of(folder).append([figure(90.0)], date="2021-04-20")


PREPARED = {
    "observe revise": filled_store,
    "observe withdraw": filled_store,
    "observe export": filled_store,
    "a store of text brought over": text_store,
}

READ_AS_IT_IS = {"a store of text brought over": ""}
"""What can be read where nothing can be written."""

_TABLES = (*(f"{name}.csv" for name in SMALL.tables), "datapackage.json")
DOORS = (
    Door("plan to folder", SMALL.to_folder, _TABLES, True),
    Door("plan to workbook", lambda f: SMALL.to_workbook(f / "plan.xlsx"), ("plan.xlsx",)),
    Door("form of baselines", lambda f: baselines_form(PLAN, f / "b.csv"), ("b.csv",), True,
         is_new=True),
    Door("sheet of baselines", lambda f: baselines_form(PLAN, f / "b.xlsx"), ("b.xlsx",),
         is_new=True),
    Door(
        "form of the month",
        lambda f: write_observation_template(PLAN, f / "form.xlsx", "2021-09", FIGURES),
        ("form.xlsx",),
    ),
    Door("import report", lambda f: TYPED.save_report(f / "r.xlsx"), ("r.xlsx",)),
    Door("result", lambda f: cm.save_result(RESULT, f / "r.nc"), ("r.nc",)),
    Door("result as table", lambda f: cm.save_result(RESULT, f / "r.csv"), ("r.csv",)),
    Door("result as parquet", lambda f: cm.save_result(RESULT, f / "r.parquet"), ("r.parquet",)),
    Door("page", lambda f: cm.write_page(SMALL, f / "p.html"), ("p.html",)),
    Door("bulletin", lambda f: cm.write_bulletin(PLAN, f, "2021-09", FIGURES),
         tuple(f"bulletin_2021-09.{s}" for s in ("docx", "md", "html"))),
    Door("workbook", lambda f: cm.write_workbook(SMALL, f / "w.xlsx"), ("w.xlsx",)),
    Door("publish", lambda f: cm.write_report(SMALL, f, as_of="2021", draws=64),
         ("page.html", "workbook.xlsx", "bulletin_2021.docx", "bulletin_2021.md",
          "assessment.csv", "required.csv", "paths.csv", "paths.png")),
    Door("picture", lambda f: cm.plot.paths_figure(SMALL, f / "a.svg"), ("a.svg",)),
    Door("picture of dots", lambda f: cm.plot.paths_figure(SMALL, f / "a.png"), ("a.png",)),
    Door("observe add", lambda f: store_of(f).append([figure(1.0)], date="2021-04-20"), (), True,
         renames=False),
    Door("observe revise", lambda f: store_of(f).revise(
        "gdp", "2021Q1", 91.0, date="2021-05-20", source="s" * 9000), (), renames=False),
    Door("observe withdraw", lambda f: store_of(f).withdraw(
        1, because="w" * 9000, date="2021-05-20"), (), renames=False),
    Door("returns as workbook", lambda f: returns().save(f / "in.xlsx"), ("in.xlsx",)),
    Door("returns as history", lambda f: returns().save(f / "in.csv"), ("in.csv",)),
    Door("returns as folder", lambda f: returns().save(f), ("observations.csv",)),
    Door("weights", lambda f: write_weights(shipped_weights(), f),
         ("experts.csv", "gate.csv", "skill.csv", "weights.json")),
    Door("observe export", lambda f: store_of(f).export(f / "h.csv"), ("h.csv",), True),
    Door("a store of text brought over", lambda f: len(store_of(f)), (), renames=False),
)  # fmt: skip


def marked(doors):
    return [
        pytest.param(door, id=door.name, marks=[] if door.is_quick else [pytest.mark.slow])
        for door in doors
    ]


every_door = pytest.mark.parametrize("door", marked(DOORS))


@pytest.fixture
def folder():
    """A folder that anybody can reach, and that lies on a drive."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    made.chmod(0o777)
    shutil.rmtree(made)


def prepared(door: Door, folder: Path) -> dict[str, bytes]:
    """The folder before: old files where the door writes, or a store."""
    PREPARED.get(door.name, lambda _: None)(folder)
    for name in () if door.is_new else door.files:
        (folder / name).write_bytes(b"old")
    for file in folder.iterdir():
        file.chmod(0o666)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(file for file in folder.iterdir() if file.suffix != ".lock")
    return {file.name: file.read_bytes() for file in files}


def is_an_answer(said: str, door: Door) -> bool:
    """Whether an error names a file and what to do, in both languages."""
    names = [*door.files, "a.store"]
    english, _, chinese = said.partition("\n")
    return (
        not said.startswith("raw")
        and any(name in english for name in names)
        and any(remedy in english for remedy in REMEDIES)
        and any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    )


def sizes(door: Door, folder: Path) -> list[int]:
    """Sizes above which no file may grow: none, half of the largest, and all but a byte."""
    if not door.files:  # what stands beside a store while it is brought over
        return [0, 2000, 9000] if door.name in READ_AS_IT_IS else [0]
    largest = max((folder / name).stat().st_size for name in door.files)
    return sorted({0, largest // 2, largest - 1})


@pytest.mark.parametrize("links", [True, False])
def test_an_old_store_is_put_aside_whole(links, folder, monkeypatch):
    """Also on a drive that gives a file one name only, when it is full or the run is killed."""
    text_store(folder)
    text = (folder / "a.store").read_bytes()
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(1, "none")))
        said = said_in_child(lambda: len(store_of(folder)), failing("fsync", 1, errno.ENOSPC))
        assert is_an_answer(said.replace("a.store.old", "a.store"), DOORS[-1])
        assert contents(folder) == {"a.store": text}
    (folder / "a.store.old").write_bytes(b"of another day")
    assert len(store_of(folder)) == 2
    assert (folder / "a.store.old").read_bytes() == b"of another day"
    assert (folder / "a.store.old2").read_bytes() == text


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_a_device_and_a_folder_are_replaced_by_no_file(folder):
    """Who may write everywhere would have a file where /dev/null was."""
    os.mkfifo(folder / "pipe.svg")
    (folder / "in.svg").mkdir()
    for name in ("pipe.svg", "in.svg"):
        before = (folder / name).stat()
        with pytest.raises(cm.CorridorError) as caught:
            cm.plot.paths_figure(SMALL, folder / name)
        assert f"{name} cannot be written: a folder or a device, no file." in str(caught.value)
        assert os.path.samestat(before, (folder / name).stat())
    assert sorted(file.name for file in folder.iterdir()) == ["in.svg", "pipe.svg"]
    os.mkfifo(folder / ".corridor-1-x.svg")  # nobody writes to it: it is not waited for
    SMALL.to_folder(folder)


@every_door
def test_a_full_drive(door, folder, tmp_path):
    PREPARED.get(door.name, lambda _: None)(tmp_path)
    door.write(tmp_path)
    before = prepared(door, folder)
    for limit in sizes(door, tmp_path):
        said = with_files_of(limit, lambda: door.write(folder))
        assert is_an_answer(said, door) or said == "" == READ_AS_IT_IS.get(door.name), (limit, said)
        assert contents(folder) == before, limit


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
@every_door
def test_a_read_only_folder(door, folder, tmp_path):
    import filelock  # noqa: F401 - a process without rights may not read libraries

    PREPARED.get(door.name, lambda _: None)(tmp_path)
    door.write(tmp_path)
    before = prepared(door, folder)
    if not door.files:
        for file in folder.iterdir():
            file.chmod(0o444)
    folder.chmod(0o555)
    said = as_nobody(lambda: door.write(folder))
    assert is_an_answer(said, door) or said == "" == READ_AS_IT_IS.get(door.name), said
    assert contents(folder) == before


def failing(name: str, at: int, number: int):
    """Let the nth call of a function of os fail."""

    def put_in() -> None:
        original, calls = getattr(os, name), []

        def call(*args, **named):
            calls.append(args)
            if len(calls) == at:
                raise OSError(number, os.strerror(number), *map(str, args[:1]))
            return original(*args, **named)

        setattr(os, name, call)

    return put_in


@pytest.mark.parametrize(
    ("name", "number", "at"),
    [
        ("replace", errno.EACCES, "first"),
        ("replace", errno.EBUSY, "last"),
        ("fsync", errno.ENOSPC, "first"),
        ("fsync", errno.EIO, "last"),
    ],
)
@pytest.mark.parametrize("door", marked(door for door in DOORS if door.renames))
def test_a_rename_or_a_late_write_that_fails(door, folder, name, number, at):
    before = prepared(door, folder)
    nth = 1 if at == "first" else len(door.files)
    said = said_in_child(lambda: door.write(folder), failing(name, nth, number))
    assert is_an_answer(said, door), said
    assert contents(folder) == before


SAFE = {"replacing", "replacing_all", "workbook_at", "write_csv", "write_text"}
"""What puts a file in its place whole."""
BARE = {"write_bytes", "savefig", "to_netcdf", "to_parquet", "to_csv", "to_excel", "mkdir", "touch"}
INSIDE = {
    "plot/style.py print_figure",  # for a caller who replaces the file himself
    *(f"report/write.py {name}" for name in ("bulletin", "workbook", "sheet", "text")),
    "observations/ledger.py _connection",  # the folder of a store
    "cli/output.py solver_silent",  # nowhere
}
"""Functions that write and replace nothing: their caller does."""


def writers() -> tuple[set[str], set[str]]:
    """Functions of the source that write safely, and those that write at all."""
    safe, bare, source = set(), set(), ROOT / "src/corridor_model"
    for path in source.rglob("*.py"):
        name = path.relative_to(source).as_posix()
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef) or name == "files.py":
                continue
            for call in ast.walk(function):
                if not isinstance(call, ast.Call):
                    continue
                word = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
                modes = [a.value for a in call.args if isinstance(a, ast.Constant)]
                if isinstance(call.func, ast.Name) and word in SAFE:
                    safe.add(f"{name} {function.name}")
                elif word in BARE | {"write_text"} or (
                    word == "open" and any(set("wxa+") & set(str(mode)) for mode in modes)
                ):
                    bare.add(f"{name} {function.name}")
    return safe, bare


@pytest.mark.slow
def test_no_function_writes_past_the_safe_way():
    safe, bare = writers()
    assert bare - safe - {f"report/write.py {one}" for one in ("_parts", "_unit_parts")} == INSIDE


@pytest.mark.slow
@pytest.mark.long
def test_every_function_that_writes_stands_behind_a_door(folder, monkeypatch):
    """Else a new one would be tested against no fault."""
    entered, begin = set(), files._Replacement.__init__

    def noted(self, path):
        frame = sys._getframe()
        while frame := frame.f_back:
            file = Path(frame.f_code.co_filename)
            if file.is_relative_to(ROOT / "src/corridor_model"):
                name = file.relative_to(ROOT / "src/corridor_model").as_posix()
                entered.add(f"{name} {frame.f_code.co_name}")
        begin(self, path)

    monkeypatch.setattr(files._Replacement, "__init__", noted)
    for door in DOORS:
        prepared(door, folder)
        door.write(folder)
        for file in folder.iterdir():
            file.unlink()
    new_plan(folder / "new")  # in a folder that is empty: with the folders that were not there
    assert writers()[0] - entered == set()


def test_folders_that_were_not_there_are_not_left_behind(folder):
    before = contents(folder)
    for write in (SMALL.to_folder, new_plan):
        said = said_in_child(
            lambda write=write: write(folder / "new" / "plan"), failing("fsync", 4, errno.ENOSPC)
        )
        assert "Make room on the drive" in said
        assert contents(folder) == before


def test_a_file_that_another_writer_put_there_meanwhile_stays(folder, monkeypatch):
    """A failed run takes back what it wrote itself, and no more."""
    original = os.replace
    done = []

    def replace(source, target):
        if len(done) == 1:
            (folder / "mine").write_text("another writer's")
            original(folder / "mine", done[0])
            raise OSError(errno.EACCES, "Permission denied", str(source))
        done.append(target)
        original(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(cm.CorridorError, match="Close the program"):
        SMALL.to_folder(folder)
    assert {Path(done[0]).name: b"another writer's"} == contents(folder)


def kept(folder: Path) -> list[str]:
    return sorted(name for name in contents(folder) if not name.startswith(".corridor-old-"))


def is_whole_after_kills(door: Door, folder: Path, kills: int) -> None:
    before = prepared(door, folder)
    began = time.monotonic()
    door.write(folder)
    longest = 1.2 * (time.monotonic() - began)
    after = contents(folder)
    for moment in moments(door.name, kills, longest):
        for name, data in before.items():
            (folder / name).write_bytes(data)
        killed_after(moment, lambda: door.write(folder))
        for name in door.files:
            assert (folder / name).read_bytes() in {before[name], after[name]}, name
    door.write(folder)
    assert kept(folder) == sorted(before), "the next run takes away what was left"


def test_killed_at_any_moment_a_plan_has_whole_tables(folder):
    is_whole_after_kills(DOORS[0], folder, 3)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("door", marked(d for d in DOORS if d.renames and not d.is_new))
def test_killed_at_any_moment_files_are_whole(door, folder):
    is_whole_after_kills(door, folder, 12)


def test_what_was_left_is_taken_away_where_nobody_holds_it(folder):
    held = folder / ".corridor-1-held.csv"
    from corridor_model.files import replacing

    with replacing(folder / "slow.csv") as temporary:  # another writer, at work
        held.write_bytes(b"of a killed run")
        former = folder / ".corridor-old-1-x.csv"
        former.write_bytes(b"perhaps still wanted")
        SMALL.to_workbook(folder / "plan.xlsx")
        assert temporary.exists()
        temporary.write_bytes(b"done")
    assert not held.exists()
    assert kept(folder) == ["plan.xlsx", "slow.csv"]
    assert former.exists(), "a day has not passed"


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_on_a_drive_without_locks_a_day_is_waited(folder, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="locks of POSIX")

    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    left = folder / ".corridor-1-left.csv"
    left.write_bytes(b"of a killed run")
    SMALL.to_workbook(folder / "plan.xlsx")
    assert left.exists()
    monkeypatch.setattr(files, "_LEFT_SECONDS", -1.0)
    SMALL.to_workbook(folder / "plan.xlsx")
    assert kept(folder) == ["plan.xlsx"]


@pytest.mark.parametrize("door", ["corridor template", "corridor observe export"])
def test_the_command_line_says_it_in_a_line(door, folder, monkeypatch, capsys):
    filled_store(folder)
    before = contents(folder)
    failing("fsync", 1, errno.ENOSPC)  # only made, not put in
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    argv = {
        "corridor template": ["template", str(folder / "new"), "--lang", "en"],
        "corridor observe export": [
            *("observe", "export", "--store", str(folder / "a.store")),
            *("--out", str(folder / "h.csv"), "--lang", "en"),
        ],
    }[door]
    assert main(argv) == 1
    said = capsys.readouterr().err
    assert "cannot be written: full. Make room on the drive" in said
    assert said.count("\n") == 1
    assert contents(folder) == before


CAN_MOUNT = os.name != "nt" and os.getuid() == 0 and shutil.which("mount") is not None


@pytest.fixture
def small_drive(tmp_path):
    """A drive of 64 KiB, where this machine lets one be made."""
    folder = tmp_path / "drive"
    folder.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=64k", "corridor", str(folder)]
    is_made = CAN_MOUNT and subprocess.run(made, capture_output=True, check=False).returncode == 0
    yield folder if is_made else None
    if is_made:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.long
def test_a_drive_that_is_full_indeed(small_drive):
    """Where nothing can be mounted, limits of files stand for it above."""
    if small_drive is None:
        return
    (small_drive / "ballast").write_bytes(b"x" * 61_000)
    for door in DOORS:
        if door.name in PREPARED or door.name.startswith("form of b"):
            continue
        before = contents(small_drive)
        said = said_in_child(lambda door=door: door.write(small_drive))
        assert is_an_answer(said, door), (door.name, said)
        assert contents(small_drive) == before, door.name
