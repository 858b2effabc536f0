"""A store only grows: many writers, killed writers, foreign files, and what was known when."""

from __future__ import annotations

import csv
import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

import pandas as pd
import pytest
from tests.helpers.versions import posix

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import PlanError
from corridor_model.observations import ledger as module
from corridor_model.observations.ledger import Ledger
from corridor_model.observations.load import load_observations
from corridor_model.observations.model import Observations, Remark
from corridor_model.observations.reports import load_reports
from corridor_model.observations.store import Store
from corridor_model.tabular.table import from_rows
from corridor_model.text import layout

WRITERS, ENTRIES = 8, 500


def figure(indicator="gdp", period="2021Q3", value=370.1, **more):
    row = {"indicator": indicator, "period": period, "value": value, "unit": "亿元"}
    return row | {"measure": "level", "basis": "ytd", "origin": "user"} | more


def table(*rows):
    return from_rows("observations", rows)


def encode(record):
    """Return a line of a store as former versions wrote it."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return b"%d %08x %s\n" % (len(body), zlib.crc32(body), body)


def quarters(path, *numbers, date="2021-12-20", **more):
    store = Store(path)
    for quarter in numbers:
        store.append(table(figure(period=f"2021Q{quarter}", **more)), date=date)
    return store


def fails(path, *words, add=False):
    """Reading fails with these words, English or Chinese, and so does writing."""
    calls = [Store(path).list, Store(path).open]
    if add:
        calls.append(lambda: Store(path).append(table(figure(period="2020")), date="2022-01-20"))
    for call in calls:
        with pytest.raises(PlanError) as caught:
            call()
        said = caught.value.text("en") + caught.value.text("zh")
        for word in words:
            assert word in said


def edited(path, statement, *triggers):
    """Change a store behind its back."""
    with module.closed(sqlite3.connect(path)) as db:
        sql = {t: db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (t,)).fetchone()[0]
               for t in triggers}  # fmt: skip
        for trigger in triggers:
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(statement)
        for text in sql.values():
            db.execute(text)
        db.commit()


# Writers.


def write_many(path, writer, start, batches):
    start.wait()
    # SQLite lends its lock to whoever asks first: one that writes without a pause lets the others
    # wait until it is done, on a busy machine longer than the 30 seconds a person would
    store = Store(path, wait=600)
    for batch in batches:
        rows = [figure(value=float(n), series=f"writer {writer}, entry {n}") for n in batch]
        store.append(table(*rows), date="2021-10-20")


def many_writers(path, batches):
    context = multiprocessing.get_context("fork")
    start = context.Event()
    writers = [
        context.Process(target=write_many, args=(path, n, start, batches)) for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join(600)
        assert writer.exitcode == 0
    count = sum(map(len, batches))
    rows = Store(path).list()
    wanted = {f"writer {w}, entry {e}" for w in range(WRITERS) for e in range(count)}
    assert {row["series"] for row in rows} == wanted
    assert len(rows) == WRITERS * count
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    for writer in range(WRITERS):
        own = [r["value"] for r in rows if r["series"].startswith(f"writer {writer},")]
        assert own == sorted(own)


@pytest.mark.uncounted
def test_eight_writers_lose_nothing(tmp_path):
    # one by one and in batches: a batch waits for the disk once
    many_writers(
        tmp_path / "figures.store",
        [*([n] for n in range(5)), *(range(n, n + 99) for n in range(5, ENTRIES, 99))],
    )
    # no lock and no journal stays behind
    assert [file.name for file in tmp_path.iterdir()] == ["figures.store"]


@pytest.mark.slow
@pytest.mark.long
def test_eight_writers_of_five_hundred_single_entries(tmp_path):
    many_writers(tmp_path / "figures.store", [[n] for n in range(ENTRIES)])


def test_who_waits_too_long_is_told_and_loses_nothing(tmp_path):
    path = tmp_path / "figures.store"
    Store(path).append(table(figure()), date="2021-10-20")
    with module.closed(sqlite3.connect(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(PlanError) as caught:
            Store(path, wait=0.1).append(table(figure(period="2021Q2")), date="2021-10-20")
        assert "稍后再试" in caught.value.text("zh")
    assert Store(path).append(table(figure(period="2021Q2")), date="2021-10-20") == 1
    assert len(Store(path)) == 2


@pytest.mark.uncounted
def test_threads_of_one_process(tmp_path):
    path = tmp_path / "figures.store"
    failures = []

    def write(writer):
        try:
            for n in range(10):
                rows = table(figure(value=float(n), series=f"{writer} {n}"))
                Store(path).append(rows, date="2021-10-20")
                assert len(Store(path).open()) > n
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(Store(path)) == 40


KILLED = """
import sys
from corridor_model.observations.store import Store
from corridor_model.tabular.table import from_rows
store = Store(sys.argv[1])
number = int(sys.argv[2])
while True:
    row = {"indicator": "gdp", "period": "2021Q3", "measure": "level", "basis": "ytd",
           "value": float(number), "unit": "亿元", "series": str(number), "source": "s" * 3000}
    store.append(from_rows("observations", [row]), date="2021-10-20")
    print(number, flush=True)
    number += 1
"""


def killed(path, times):
    moments = random.Random(7)
    acknowledged: list[int] = []
    number = 0
    for _ in range(times):
        command = [sys.executable, "-c", KILLED, str(path), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged.append(int(writer.stdout.readline()))
            time.sleep(moments.random() * 0.15)
            writer.send_signal(signal.SIGKILL)
            acknowledged.extend(int(line) for line in writer.stdout.read().split())
        rows = [int(row["value"]) for row in Store(path).list()]
        assert set(acknowledged) <= set(rows)
        assert len(set(rows)) == len(rows)
        number = max(rows) + 1
    assert len(acknowledged) > times


@pytest.mark.uncounted
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill like that")
def test_killed_at_any_moment_it_opens_with_what_was_acknowledged(tmp_path):
    killed(tmp_path / "figures.store", 4)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill like that")
def test_killed_two_hundred_times(tmp_path):
    killed(tmp_path / "figures.store", 200)


def killed_at(path, step):
    """Add an entry in this process, and end before the given statement of SQL."""
    connect, count = sqlite3.connect, 0

    def trace(_):
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*args, **more):
        db = connect(*args, **more)
        db.set_trace_callback(trace)
        return db

    sqlite3.connect = traced
    try:
        Store(path).append(table(figure(value=float(step), series=str(step))))
    finally:
        os._exit(0)


@posix
@pytest.mark.uncounted
def test_killed_between_every_two_statements(tmp_path, monkeypatch):
    """Whatever a writer did last, the next one finds the store whole, with or without its entry."""
    path = tmp_path / "figures.store"
    quarters(path, 1)
    for step in range(1, 31):
        child = os.fork()
        if child == 0:
            killed_at(path, step)
        os.waitpid(child, 0)
        rows = Store(path).list()
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    # the last steps came after the commit, the first ones before it
    added = {int(row["series"]) for row in Store(path).list() if row["series"]}
    assert 30 in added
    assert 1 not in added


def test_a_second_writer_waits_and_then_says_so(tmp_path):
    path = tmp_path / "figures.store"
    quarters(path, 1)
    with module.closed(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PlanError) as caught:
            Store(path, wait=0.05).append(table(figure()), date="2021-10-20")
        with pytest.raises(PlanError):
            Store(path, wait=0.05).list()
    assert "being written by another program" in caught.value.text("en")
    assert "另一程序正在写入" in caught.value.text("zh")
    assert Store(path, wait=0.05).append(table(figure()), date="2021-10-20") == 1


@posix
def test_a_drive_that_lends_no_locks(tmp_path, monkeypatch):
    path = tmp_path / "figures.store"
    quarters(path, 1)
    import fcntl

    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "lockf", refuse)
    fails(path, "lends no locks (ENOLCK)", "不支持文件锁", add=True)
    monkeypatch.undo()
    assert len(Store(path)) == 1


# What may go wrong with the file.


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlanError):
        Store(tmp_path / "file" / "figures.store").append(table(figure()), date="2021-10-20")


@pytest.fixture
def open_folder():
    """A folder that any user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_read_only(open_folder):
    from tests.helpers.processes import as_nobody

    path = open_folder / "figures.store"
    quarters(path, 1)
    before = path.read_bytes()
    path.chmod(0o444)
    open_folder.chmod(0o555)
    add = lambda: Store(path).append(table(figure()), date="2021-10-20")  # noqa: E731
    said = as_nobody(add)
    assert "read-only" in said
    assert "只读" in said
    assert as_nobody(lambda: len(Store(path).open()) == 1 or 1 / 0) == ""
    # a store that is not there yet
    new = open_folder / "new.store"
    said = as_nobody(lambda: Store(new).append(table(figure()), date="2021-10-20"))
    assert "cannot be" in said
    assert "raw" not in said
    assert path.read_bytes() == before
    assert [file.name for file in open_folder.iterdir()] == ["figures.store"]


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_store_of_text_where_nothing_can_be_written_is_read_all_the_same(open_folder):
    import filelock  # noqa: F401 - a process without rights may not read libraries
    from tests.helpers.processes import as_nobody

    path = open_folder / "figures.store"
    path.write_bytes(text_store(1, 2))
    open_folder.chmod(0o555)
    assert as_nobody(lambda: len(Store(path).open()) == 2 or 1 / 0) == ""
    add = lambda: Store(path).append(table(figure()), date="2021-10-20")  # noqa: E731
    assert "cannot be written" in as_nobody(add)
    assert path.read_bytes() == text_store(1, 2)


def test_a_full_disk(tmp_path, monkeypatch):
    path = tmp_path / "figures.store"
    store = quarters(path, 1, 2)
    before = path.read_bytes()
    connect = sqlite3.connect

    def small(*args, **more):
        db = connect(*args, **more)
        db.execute(f"PRAGMA max_page_count = {len(before) // 4096}")
        return db

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(PlanError) as caught:
        store.append(table(figure(source="s" * 9000)), date="2021-10-20")
    assert "the disk is full" in caught.value.text("en")
    assert "磁盘已满" in caught.value.text("zh")
    assert path.read_bytes() == before
    monkeypatch.undo()
    assert len(store) == 2
    assert store.append(table(figure(source="s" * 9000)), date="2021-10-20") == 1
    assert len(Store(path)) == 3


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_file_that_may_not_grow(tmp_path):
    path = tmp_path / "figures.store"
    quarters(path, 1)
    limit = path.stat().st_size

    from tests.helpers.processes import with_files_of

    add = lambda: Store(path).append(table(figure(source="s" * 30000)), date="2021-10-20")  # noqa: E731
    said = with_files_of(limit, add)
    assert "cannot be written" in said
    assert "raw" not in said
    assert [row["period"] for row in Store(path).list()] == ["2021Q1"]
    assert quarters(path, 2).list()[-1]["number"] == 2


FOREIGN = {
    "README.md": b"# A project\n\nNothing of a store.\n",
    "short": b"x",
    "lines of digits": b"12 00000000 {}\nxx",
    "zeros": b"\0" * 8192,
    "a workbook": b"PK\x03\x04" + b"\0" * 200,
    "only the first bytes": b"SQLite format 3\0",
    "a damaged text store": b"x" + encode({"entered": "2021-10-20", "rows": [figure()]}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_never_written(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FOREIGN[name])
    fails(path, name, add=True)
    assert path.read_bytes() == FOREIGN[name]
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_database_of_another_program_is_never_written(tmp_path):
    path = tmp_path / "ledger.db"
    with module.closed(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entries (number INTEGER, entered, kind, body, seal)")
        db.commit()
    before = path.read_bytes()
    fails(path, "another program", "其他程序的数据库", add=True)
    assert path.read_bytes() == before


def test_a_store_of_a_later_version_is_not_touched(tmp_path):
    path = tmp_path / "figures.store"
    quarters(path, 1)
    edited(path, "PRAGMA user_version = 2")
    before = path.read_bytes()
    fails(path, "version 2", add=True)
    assert path.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.store")
    fails(tmp_path / "pipe.store", "no file", "不是文件", add=True)
    fails(tmp_path, "no file", add=True)
    fails(Path("/dev/zero"), "no file", add=True)
    fails(tmp_path / ("n" * 5000), "cannot be opened", add=True)
    fails(tmp_path / "a\0b", "cannot be opened", add=True)


def test_an_empty_file_becomes_a_store(tmp_path):
    path = tmp_path / "figures.store"
    path.touch()
    assert Store(path).list() == []
    assert path.stat().st_size == 0
    quarters(path, 1)
    assert len(Store(path)) == 1


def test_mistakes_make_no_file(tmp_path):
    path = tmp_path / "figures.store"
    with pytest.raises(PlanError):
        Store(path).append([{"indicator": "gdp", "period": "2021Q2", "value": "abc"}])
    with pytest.raises(PlanError):
        Store(path).revise("gdp", "2021Q2", 12)
    assert Store(path).append([]) == 0
    assert list(tmp_path.iterdir()) == []


# Damage is found, and named.


def test_an_edited_byte_is_found_in_its_entry(tmp_path):
    path = tmp_path / "figures.store"
    quarters(path, 1, 2, 3)
    data = path.read_bytes()
    for quarter in (1, 2, 3):
        at = data.index(f'"2021Q{quarter}"'.encode()) + 5
        path.write_bytes(data[:at] + b"0" + data[at + 1 :])
        fails(path, f"entry {quarter} is damaged", f"第{quarter}条", add=True)
    path.write_bytes(data)
    assert len(Store(path)) == 3


@pytest.mark.uncounted
@pytest.mark.parametrize("step", [pytest.param(1, marks=[pytest.mark.slow, pytest.mark.long]), 23])
def test_any_flipped_byte_is_found_or_harmless(tmp_path, step):
    path = tmp_path / "figures.store"
    quarters(path, 1, 2, 3)
    whole, data = Store(path).list(), path.read_bytes()
    found = 0
    for at in range(0, len(data), step):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x11]) + data[at + 1 :])
        try:
            assert Store(path).list() == whole, at
        except PlanError:
            found += 1
    assert found > 20


def test_an_entry_that_was_removed_is_missed(tmp_path):
    path = tmp_path / "figures.store"
    whole = tmp_path / "whole.store"
    quarters(whole, 1, 2, 3, 4)
    for statement, *words in (
        ("DELETE FROM entries WHERE number = 2", "entry 2 is missing", "第2条记录缺失"),
        ("DELETE FROM entries WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM entries WHERE number = 4", "entry 4 is missing"),
        ("DELETE FROM entries WHERE number > 2", "entries 3 to 4 are missing"),
        ("DELETE FROM entries", "entries 1 to 4 are missing"),
    ):
        shutil.copy(whole, path)
        edited(path, statement, "entries_stay")
        fails(path, *words, add=True)
    for statement, *words in (
        ("UPDATE entries SET entered = '2020-01-01' WHERE number = 3", "entry 3 is damaged"),
        ("UPDATE entries SET body = replace(body, '370.1', '999.9') WHERE number = 4", "entry 4"),
        ("UPDATE entries SET body = 12 WHERE number = 2", "entry 2 is damaged"),
    ):
        shutil.copy(whole, path)
        edited(path, statement, "entries_hold")
        fails(path, *words, add=True)
    shutil.copy(whole, path)
    edited(path, "INSERT INTO entries VALUES (5, '2021-10-20', 'figure', '{}', 'x')")
    fails(path, "entry 5 is damaged", add=True)
    shutil.copy(whole, path)
    edited(path, "DROP TRIGGER entries_stay")
    fails(path, "other tables or triggers", add=True)


def test_entries_can_neither_be_changed_nor_removed(tmp_path):
    path = tmp_path / "figures.store"
    quarters(path, 1, 2)
    for statement in (
        "DELETE FROM entries",
        "UPDATE entries SET body = '{}'",
        "INSERT OR REPLACE INTO entries VALUES (1, '2021', 'figure', '{}', '')",
        "INSERT INTO entries VALUES (9, '2021', 'figure', '{}', '')",
    ):
        with module.closed(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)
    assert len(Store(path)) == 2


def test_a_file_replaced_under_an_open_store(tmp_path):
    path, backup = tmp_path / "figures.store", tmp_path / "backup.store"
    store = quarters(path, 1)
    shutil.copy(path, backup)
    store.append(table(figure(period="2021Q2")), date="2021-07-20")
    assert len(store) == 2
    backup.replace(path)  # another file at the path
    assert [row["period"] for row in store.list()] == ["2021Q1"]
    assert store.append(table(figure(period="2021Q3")), date="2021-10-20") == 1
    assert [row["period"] for row in Store(path)] == ["2021Q1", "2021Q3"]
    assert [row["number"] for row in store] == [1, 2]
    # written over in place, by one that is longer, and that has another past
    quarters(backup, 1, 2, 3, 4, value=12.0)
    path.write_bytes(backup.read_bytes())
    assert {row["value"] for row in store} == {12.0}
    assert store.append(table(figure(period="2020")), date="2021-02-20") == 1
    assert len(Store(path)) == 5
    path.unlink()
    assert store.list() == []


def test_a_file_replaced_while_an_entry_is_written(tmp_path, monkeypatch):
    path, backup = tmp_path / "figures.store", tmp_path / "backup.store"
    store = quarters(path, 1)
    shutil.copy(path, backup)
    insert = module.insert

    def replaced(db, entry, seal):
        if backup.exists():
            backup.replace(path)
        return insert(db, entry, seal)

    monkeypatch.setattr(module, "insert", replaced)
    assert store.append(table(figure(period="2021Q2")), date="2021-07-20") == 1
    assert [row["period"] for row in Store(path)] == ["2021Q1", "2021Q2"]


@pytest.mark.uncounted
def test_copied_while_it_is_written(tmp_path):
    path, copy = tmp_path / "figures.store", tmp_path / "copy.store"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), "0"], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        sound, torn = 0, []
        for _ in range(25):
            acknowledged = int(writer.stdout.readline())
            shutil.copy(path, copy)
            try:
                values = [row["value"] for row in Store(copy).list()]
            except PlanError as error:
                torn.append(error.text("en"))
                continue
            sound += 1
            assert values[: acknowledged + 1] == [float(n) for n in range(acknowledged + 1)]
        writer.kill()
    assert sound > 0
    assert all("copy it again" in said for said in torn)


def test_reading_makes_no_file(tmp_path):
    store = Store(tmp_path / "figures.store")
    assert len(store) == 0
    assert store.list() == []
    assert len(store.open()) == 0
    assert list(tmp_path.iterdir()) == []


# Stores of text, as former versions wrote them.


def text_store(*numbers):
    rows = [figure(period=f"2021Q{n}", published="2021-12-20") for n in numbers]
    return b"".join(encode({"entered": "2021-12-21", "rows": [row]}) for row in rows)


def test_a_store_of_text_becomes_one_of_today(tmp_path):
    for name, text in (
        ("lf.store", text_store(1, 2, 3)),
        ("crlf.store", text_store(1, 2, 3).replace(b"\n", b"\r\n")),
        ("no_last_line_feed.store", text_store(1, 2, 3)[:-1]),
    ):
        path = tmp_path / name
        path.write_bytes(text)
        store = Store(path)
        assert [row["period"] for row in store] == ["2021Q1", "2021Q2", "2021Q3"], name
        assert {row["entered"] for row in store} == {"2021-12-21"}
        assert path.read_bytes().startswith(b"SQLite format 3")
        assert (tmp_path / f"{name}.old").read_bytes() == text
        assert f"{name}.old" in store.notes[0].text("zh")
        assert store.open().notes == store.notes
        assert Store(path).notes == ()
        assert quarters(path, 4).list()[-1]["number"] == 4
        assert len(load_observations(path)) == 4


def test_a_former_file_put_aside_is_never_written_over(tmp_path):
    path = tmp_path / "figures.store"
    (tmp_path / "figures.store.old").write_text("mine")
    path.write_bytes(text_store(1))
    assert "figures.store.old2" in Store(path).open().notes[0].text("en")
    assert (tmp_path / "figures.store.old").read_text() == "mine"


@pytest.mark.uncounted
def test_text_cut_at_every_byte_of_the_last_entry(tmp_path):
    path = tmp_path / "figures.store"
    acknowledged = text_store(1, 2)
    last = figure(period="2021Q3", published="2021-10-20", source="前三季度，“含引号”\n换行")
    whole = acknowledged + encode({"entered": "2021-10-20", "rows": [last]})
    for length in range(len(acknowledged) + 1, len(whole) - 1, 7):
        for end in (b"", b"\0" * 300):
            path.write_bytes(whole[:length] + end)
            store = Store(path)
            assert [row["period"] for row in store] == ["2021Q1", "2021Q2"]
            assert "Add those figures again" in store.notes[-1].text("en")


def test_text_that_is_not_torn_but_damaged_is_refused_and_left(tmp_path):
    path = tmp_path / "figures.store"
    whole = text_store(1, 2, 3)
    line = len(text_store(1))
    for text, row in (
        # a flipped bit, in the first entry and in the last: it was acknowledged
        (whole[: line - 9] + b"#" + whole[line - 8 :], 1),
        (whole[:-9] + b"#" + whole[-8:], 3),
        # torn, and saved by an editor since
        (whole.replace(b"\n", b"\r\n")[:-40], 3),
        (whole + b"a remark of somebody", 4),
        (whole + b"\n\n", 4),
        (whole + b"12 00000000 {}\nxx", 4),
    ):
        path.write_bytes(text)
        fails(path, f"row {row}", "checksum", "校验", add=True)
        assert path.read_bytes() == text
        assert not (tmp_path / "figures.store.old").exists()


def test_several_open_a_store_of_text_at_once(tmp_path):
    path = tmp_path / "figures.store"
    path.write_bytes(text_store(1, 2, 3))
    context = multiprocessing.get_context("fork")
    start = context.Event()

    workers = [context.Process(target=add_to_text, args=(path, start)) for _ in range(4)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert len(Store(path)) == 7
    assert (tmp_path / "figures.store.old").read_bytes() == text_store(1, 2, 3)


def test_a_store_that_another_process_brings_up_to_date_between_two_looks(tmp_path, monkeypatch):
    """Its head was text a moment ago, and what is read now is a database: that is no damage."""
    path = tmp_path / "figures.store"
    path.write_bytes(text_store(1, 2, 3))
    entries_of = module.text_entries

    def after_another(file):
        monkeypatch.setattr(module, "text_entries", entries_of)
        assert len(Store(path)) == 3
        return entries_of(file)

    monkeypatch.setattr(module, "text_entries", after_another)
    assert len(Store(path)) == 3


def add_to_text(path, start):
    start.wait()
    Store(path).append(table(figure(value=1.0, series=str(os.getpid()))), date="2021-10-20")


# Entries.


def test_a_revision_keeps_both_values(tmp_path, plan):
    store = Store(tmp_path / "figures.store")
    store.append(
        [{"indicator": "生产总值", "period": "2021年1—9月", "value": "3704000万元"}],
        date="2021-10-20",
        source="快报",
    )
    store.revise("gdp", "2021-09", 372, date="2021-11-15", source="初步核算", stage="初步核算")
    assert [row["value"] for row in store.list("gdp")] == [370.4, 372.0]
    assert store.open().known_by("2021-10-31").table["value"] == (370.4,)
    assert len(store.open().known_by("2021-11-15").table["value"]) == 2
    with pytest.raises(PlanError, match="later date"):
        store.revise("gdp", "2021-09", 373, date="2021-11-15")
    with pytest.raises(PlanError, match="cannot be revised"):
        store.revise("gdp", "2020-09", 300, date="2021-11-15")
    with pytest.raises(PlanError, match="372"):
        store.append([{"indicator": "gdp", "period": "2021-09", "value": 370}], date="2021-11-01")
    with pytest.raises(PlanError, match="Did you mean 'gdp'"):
        store.append([{"indicator": "gpd", "period": "2021-09", "value": 370}])
    assert len(store) == 2


def test_a_batch_is_taken_whole_or_not_at_all(tmp_path):
    store = Store(tmp_path / "figures.store")
    rows = [{"indicator": "gdp", "period": "2021Q1", "value": 100}]
    store.append(rows, date="2021-04-20")
    before = store.path.read_bytes()
    bad = [*rows, {"indicator": "gdp", "period": "2021Q2", "value": "abc"}]
    with pytest.raises(PlanError):
        store.append(bad, date="2021-07-20")
    assert store.path.read_bytes() == before
    # last month's file, with this month's row in it
    assert store.append([*rows, {"indicator": "gdp", "period": "2021Q2", "value": 210}]) == 1


def test_a_falling_total_is_refused_beside_what_the_store_holds(tmp_path):
    store = Store(tmp_path / "figures.store")
    store.append([{"indicator": "gdp", "period": "2021Q2", "value": 236}], date="2021-07-20")
    with pytest.raises(PlanError, match="falls from 236"):
        store.append([{"indicator": "gdp", "period": "2021Q3", "value": 140}], date="2021-10-20")


def test_reports_are_listed_in_words_and_within_the_width(tmp_path, capsys, monkeypatch):
    """One long report on a work pressed every other column to four places."""
    monkeypatch.setenv("COLUMNS", "100")
    works = "project,period,invested_year,started,milestone,problem\n"
    works += "jinliwen_expressway,2021-07,8.2,是,桥梁下部结构完成60%,征迁剩余3户未签约; 其余已签\n"
    tasks = "task,date,state,sentence\nannex2_03,2021-07-31,正常推进,按计划推进。\n"
    words = ["--store", str(tmp_path / "s.store"), "--lang", "zh"]
    for name, text in (("work_reports.csv", works), ("task_reports.csv", tasks)):
        (tmp_path / name).write_text(text, "utf-8")
        assert main(["observe", "add", str(tmp_path / name), *words]) == 0
    capsys.readouterr()
    assert main(["observe", "list", *words]) == 0
    shown = capsys.readouterr().out
    assert max(map(layout.width, shown.splitlines())) <= 100
    said = "".join(shown.split())
    for part in ("本年累计完成投资8.2；", "是否开工是；", "其余已签", "状态正常推进；"):
        assert part in said
    assert "invested" not in said
    assert main(["observe", "list", *words[:2], "--lang", "en"]) == 0
    assert "invested_year" in capsys.readouterr().out


def test_words_of_a_report_that_look_like_columns_stay_as_they_were_written(tmp_path, capsys):
    store = Store(tmp_path / "s.store")
    text = "task,date,state,sentence\n"
    text += "annex2_03,2021-07-31,正常推进,见说明; state behind; problem True\n"
    (tmp_path / "task_reports.csv").write_text(text, "utf-8")
    words = ["--store", str(store.path), "--lang", "zh"]
    assert main(["observe", "add", str(tmp_path / "task_reports.csv"), *words]) == 0
    capsys.readouterr()
    assert main(["observe", "list", *words]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "见说明;statebehind;problemTrue" in shown
    assert "状态正常推进" in shown


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["observe", "add", "gdp", "2021Q3", "370.4", "--date", "2021-10-20"]) == 0
    assert (
        main(["observe", "revise", "gdp", "2021Q3", "372", "--date", "2021-11-15", "--lang", "en"])
        == 0
    )
    assert "stays in observations.store" in capsys.readouterr().out
    file = Path(tmp_path / "month.csv")
    file.write_text("指标,时期,数值\n院士专家工作站,2021-09,11\n生产总值,2021Q3,372\n", "utf-8")
    assert main(["observe", "add", "month.csv", "--date", "2021-11-20", "--lang", "zh"]) == 0
    assert "已录入 1 条" in capsys.readouterr().out
    assert main(["observe", "list", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("indicator,period")
    assert main(["observe", "list", "生产总值", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "370.4" in shown
    assert "372" in shown
    assert main(["observe", "add", "gdp", "2021Q3", "1", "--lang", "zh"]) == 1
    assert "corridor observe revise" in capsys.readouterr().err
    assert main(["observe", "add", "gdp", "--lang", "en"]) == 1
    assert main(["observe", "revise", "gdp", "2021Q3", "--lang", "zh"]) == 1
    assert "应为：指标 时期 数值" in capsys.readouterr().err
    assert main(["observe", "withdraw", "gdp", "2021Q3", "--reason", "错", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "第2条" in said
    assert "372" in said
    assert main(["observe", "withdraw", "2", "--lang", "en"]) == 1
    assert "taken back already" in capsys.readouterr().err
    assert main(["observe", "withdraw", "--lang", "zh"]) == 1
    assert "序号" in capsys.readouterr().err
    assert main(["observe", "list", "gdp", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "已撤回" in shown
    assert "撤回第2条" in shown
    assert main(["observe", "export"]) == 0
    assert capsys.readouterr().out.startswith("number,entered,kind,indicator")
    assert main(["observe", "export", "--out", "history.csv", "--lang", "zh"]) == 0
    assert "4条" in capsys.readouterr().out
    assert main(["observe", "export", "gdp", "--lang", "zh"]) == 1


def test_withdrawn_entries_stay_in_the_history_alone(tmp_path):
    store = Store(tmp_path / "figures.store")
    store.append(table(figure(value=370.1)), date="2021-10-20")
    store.append(table(figure(value=3701.0)), date="2021-11-05")  # a slip
    assert store.open().table["value"] == (370.1, 3701.0)
    row = store.withdraw("gdp", "2021Q3", reason="单位写错")
    assert (row["number"], row["value"]) == (2, 3701.0)
    for again in (store, Store(store.path)):
        assert again.open().table["value"] == (370.1,)
        kinds = [(r["kind"], r["value"], r["withdraws"]) for r in again.list()]
        assert kinds == [("figure", 370.1, None), ("figure", 3701.0, None), ("withdrawal", None, 2)]
        assert again.list()[1]["withdrawn"] == again.list()[2]["entered"]
        assert again.list()[2]["text"] == "单位写错"
    # the same day and value may come again, since neither stands any more
    assert store.append(table(figure(value=371.0)), date="2021-11-05") == 1
    with pytest.raises(PlanError, match="taken back already"):
        store.withdraw(2)
    with pytest.raises(PlanError, match="not in the store"):
        store.withdraw(3)  # a withdrawal is not taken back
    with pytest.raises(PlanError, match="not in the store"):
        store.withdraw("gdp", "2020Q3")
    store.append(table(figure(measure="growth", unit="%", value=7.0)), date="2021-10-20")
    with pytest.raises(PlanError) as caught:
        store.withdraw("gdp", "2021Q3")
    assert "entries 1, 4, 5" in caught.value.text("en")
    store.withdraw("gdp", "2021Q3", measure="growth")
    assert len(store.open()) == 2


def test_remarks_survive_the_store(tmp_path):
    store = Store(tmp_path / "figures.store")
    remark = Remark("rd_to_gdp", "2021-09", "not_due_yet", "预计12月下旬公布")
    figures = Observations(table(figure()), (remark,))
    assert store.append(figures, date="2021-10-20") == 2
    assert store.append(figures, date="2021-10-21") == 0
    (kept,) = Store(store.path).open().remarks
    assert (kept.reason, kept.text, kept.published) == ("not_due_yet", remark.text, "2021-10-20")
    assert store.open().known_by("2021-10-19").remarks == ()
    assert [row["text"] for row in store.list("rd_to_gdp")] == ["预计12月下旬公布"]
    store.withdraw("rd_to_gdp", "2021-09")
    assert store.open().remarks == ()


def test_the_history_as_csv(tmp_path):
    store = quarters(tmp_path / "figures.store", 1, 2, source="=cmd|' /C calc'!A0")
    store.withdraw(1, reason="错")
    assert store.export(tmp_path / "history.csv") == 3
    text = (tmp_path / "history.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0])[:6] == ["number", "entered", "kind", "indicator", "period", "measure"]
    assert [row["kind"] for row in rows] == ["figure", "figure", "withdrawal"]
    assert rows[0]["source"].startswith("'=")
    assert rows[0]["withdrawn"]
    assert rows[2]["withdraws"] == "1"
    # the history only grows at its end, but for the mark of what was taken back
    store.append(table(figure(period="2021Q4")), date="2022-01-20")
    store.export(tmp_path / "later.csv")
    later = (tmp_path / "later.csv").read_text(encoding="utf-8-sig")
    assert later.startswith(text)
    assert Store(tmp_path / "nothing.store").export(tmp_path / "empty.csv") == 0
    assert (tmp_path / "empty.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_an_export_is_read_back_whole(tmp_path, plan):
    given = cm.load_plan(example=True)
    store = quarters(tmp_path / "figures.store", 1, 2, source="=cmd|' /C calc'!A0")
    store.append(table(figure(period="2011-12", value=300.0)), date="2012-01-20")
    rows = [{"indicator": "rd_to_gdp", "period": "2021-09", "value": "预计12月下旬公布"}]
    store.append(rows, date="2021-10-20", plan=plan)
    store.report(given.tables["work_reports"], given.tables["task_reports"])
    store.withdraw(1, reason="错")
    report = next(row for row in store.list() if row["kind"] == "work_reports")
    store.withdraw(report["number"])
    store.revise("gdp", "2021Q2", 380.0, date="2022-01-05", plan=plan)
    file = tmp_path / "history.csv"
    store.export(file)
    read = load_observations(file, plan)
    lines = read.report[read.report.fate == "skipped"]
    assert len(lines) == 1
    assert "撤回" in lines.why.iloc[0]
    assert float(lines.text.iloc[0]) == store.list()[0]["value"]
    copy = Store(tmp_path / "copy.store")
    copy.append(read, plan=plan, reports=load_reports(file, plan))
    for mine, theirs in (
        (store.open().table, copy.open().table),
        *zip(store.reports(), copy.reports(), strict=True),
    ):
        assert sorted(map(str, mine.rows())) == sorted(map(str, theirs.rows()))
    assert store.open().remarks == copy.open().remarks
    # as a frame, and saved as a workbook by a spreadsheet, too
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    frame.to_excel(tmp_path / "history.xlsx", index=False)
    for source in (frame, tmp_path / "history.xlsx"):
        assert load_observations(source, plan).table["value"] == read.table["value"]


def test_an_export_whose_reports_were_edited_is_refused(tmp_path, plan):
    store = Store(tmp_path / "figures.store")
    store.report(cm.load_plan(example=True).tables["work_reports"])
    file = tmp_path / "history.csv"
    store.export(file)
    file.write_text(file.read_text("utf-8-sig").replace('"{""', '"""'), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_reports(file, plan)
    assert "第2行" in caught.value.text("zh")
    assert "重新导出" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("period", "date"),
    [("2021Q3", "2020-01-01"), ("2021-09", "2021-08-31"), ("2021", "2021-06-30")],
)
def test_what_was_known_before_it_happened_is_refused(tmp_path, plan, period, date):
    store = Store(tmp_path / "figures.store")
    row = {"indicator": "gdp", "period": period, "value": 370}
    for call in (
        lambda: store.append([row], date=date),
        lambda: store.append([row | {"published": date}]),
        lambda: store.append(table(figure(period=period)), date=date),
        lambda: load_observations(frame([row | {"published": date}]), plan),
        lambda: load_observations(frame([row]), plan, published=date),
    ):
        with pytest.raises(PlanError) as caught:
            call()
        assert f"is dated {date}, before its period was over" in caught.value.text("en")
        assert "早于" in caught.value.text("zh")
    assert store.append([row], date="2021-12-31") == 1


def test_books_are_closed_some_days_before_a_month_ends(tmp_path):
    row = {"indicator": "gdp", "period": "2021Q3", "value": 370}
    assert Store(tmp_path / "figures.store").append([row], date="2021-09-25") == 1


def frame(rows):
    import pandas as pd

    return pd.DataFrame(rows)


def test_the_ledger_knows_no_figures(tmp_path):
    ledger = Ledger(tmp_path / "any", 1)
    added = ledger.add(lambda news: [("note", {"a": 1}), ("note", {"a": 2})])
    assert [entry.body for entry in added.entries] == [{"a": 1}, {"a": 2}]
    assert ledger.news().entries == []
    assert [entry.number for entry in Ledger(tmp_path / "any", 1).news().entries] == [1, 2]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"unit": "公里"}, "does not convert"),
        ({"value": True}, "is not a number"),
        ({"value": float("nan")}, "is not a number"),
        ({"value": float("inf")}, "is not a number"),
        ({"bound": "about"}, "is not one of the allowed words"),
        ({"basis": "hourly"}, "is not one of the allowed words"),
    ],
)
def test_typed_rows_are_checked_like_cells(tmp_path, cells, words):
    """A checksum that fits says that nobody touched an entry, not that it was sound."""
    row = {"indicator": "gdp", "period": "2021", "value": 530.0, "unit": "亿元",
           "measure": "level", "basis": "year", "published": "2022-01-20"}  # fmt: skip
    file = tmp_path / "figures.store"

    def through_the_store():
        Store(file).append(from_rows("observations", [{**row, **cells}]), date="2022-01-20")
        return cm.load_observations(file, cm.load_plan())

    with pytest.raises(cm.CorridorError, match=words):
        through_the_store()


def test_a_store_of_another_plan_is_named(tmp_path):
    rows = [{"indicator": "output", "period": "2021", "value": 3.0, "unit": "亿元",
             "measure": "level", "basis": "year"}]  # fmt: skip
    file = tmp_path / "figures.store"
    Store(file).append(from_rows("observations", rows), date="2022-01-20")
    with pytest.warns(cm.CorridorWarning, match="does not have: output"):
        cm.load_observations(file, cm.load_plan())
    assert len(cm.load_observations(file).table) == 1
