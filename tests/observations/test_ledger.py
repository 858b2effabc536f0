"""What a file of entries says where it cannot be read or written, in the words for each cause."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import zlib

import pytest

from corridor_model.errors import PlanError
from corridor_model.files import cannot_write
from corridor_model.observations import ledger as module
from corridor_model.observations.ledger import Ledger, migrate, text_entries


def note(ledger, *numbers):
    return ledger.add(lambda news: [("note", {"n": n}) for n in numbers])


def line(record):
    """Return a line of a store as former versions wrote it."""
    body = json.dumps(record, separators=(",", ":")).encode()
    return b"%d %08x %s\n" % (len(body), zlib.crc32(body), body)


def said(error):
    return error.value.text("en")


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "a.store", 0.05)
    note(ledger, 1, 2)
    return ledger


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_BUSY", "is being written by another program. Try again later."),
        ("SQLITE_LOCKED", "is being written by another program."),
        ("SQLITE_PROTOCOL", "lies on a drive that lends no locks"),
        ("SQLITE_IOERR_LOCK", "Copy it to a drive of this computer"),
        ("SQLITE_CORRUPT", "the file is damaged. Restore the file from a copy"),
        ("SQLITE_CONSTRAINT", "the file is damaged."),
        ("SQLITE_FULL", "the disk is full. Free some space; nothing was added."),
        ("SQLITE_READONLY", "the file or its folder is read-only. Copy it to where you may write"),
        ("SQLITE_PERM", "is read-only"),
        ("SQLITE_IOERR", "cannot be written (SQLITE_IOERR). Check the folder's permissions"),
    ],
)
def test_every_cause_has_its_words(ledger, name, words):
    error = sqlite3.OperationalError(name)
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    text = ledger._trouble(error, writing=True).text("en")
    assert text.startswith("a.store: ")
    assert words in text


def test_what_sqlite_does_not_number_is_damage_and_reading_is_not_writing(ledger):
    assert "the file is damaged" in ledger._trouble(sqlite3.DatabaseError("?"), False).text("en")
    error = sqlite3.OperationalError("?")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR, "SQLITE_IOERR"
    assert "cannot be opened (SQLITE_IOERR)" in ledger._trouble(error, False).text("en")


def test_a_drive_without_locks_is_named_before_anything_is_written(ledger, monkeypatch):
    monkeypatch.setattr(module, "lends_locks", lambda path: False)
    with pytest.raises(PlanError) as wrong:
        note(ledger, 3)
    assert "lends no locks (ENOLCK)" in said(wrong)
    error = sqlite3.OperationalError("?")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert "lends no locks" in ledger._trouble(error, True).text("en")
    monkeypatch.undo()
    assert len(Ledger(ledger.path, 1).news().entries) == 2


def test_a_file_that_another_program_holds_is_waited_for_and_then_named(ledger):
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(PlanError) as wrong:
        note(ledger, 3)
    other.close()
    assert "is being written by another program" in said(wrong)
    assert [e.number for e in note(ledger, 3).entries] == [3]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(PlanError) as wrong:
        note(Ledger(tmp_path / "file" / "a.store", 0.05), 1)
    assert "cannot be" in said(wrong)
    assert "a.store" in said(wrong)


def test_a_file_that_is_replaced_again_and_again_is_given_up(ledger, monkeypatch):
    tries = []

    def replaced(entries_of):
        tries.append(1)
        raise module._ReplacedError

    monkeypatch.setattr(ledger, "_add", replaced)
    with pytest.raises(PlanError, match="is being replaced again and again"):
        note(ledger, 3)
    assert len(tries) == module._RETRIES
    error = sqlite3.OperationalError("?")
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED
    assert isinstance(ledger._trouble(error, True), module._ReplacedError)


def test_an_entry_written_to_a_file_that_was_put_away_is_written_again(ledger, monkeypatch):
    copy = ledger.path.with_name("copy.store")
    shutil.copy(ledger.path, copy)
    stands, calls = ledger._stands, []

    def put_away():
        if not calls:  # somebody puts the copy in the place of the file, just now
            calls.append(copy.replace(ledger.path))
        return stands()

    monkeypatch.setattr(ledger, "_stands", put_away)
    note(ledger, 3)
    assert [entry.body for entry in Ledger(ledger.path, 1).news().entries] == [
        {"n": 1},
        {"n": 2},
        {"n": 3},
    ]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["DELETE FROM entries WHERE number = 1"], "entry 1 is missing."),
        (["DELETE FROM entries"], "entries 1 to 2 are missing."),
        (["UPDATE entries SET body = '{}' WHERE number = 2"], "entry 2 is damaged"),
        (["UPDATE entries SET body = '[NaN]' WHERE number = 1"], "entry 1 is damaged"),
        (["UPDATE sqlite_sequence SET seq = 1"], "the file is damaged."),
        (["DELETE FROM store"], "has lost the id of the store."),
        (["INSERT INTO store VALUES ('again')"], "has lost the id of the store."),
        (["DROP TABLE store"], "has other tables or triggers than a store."),
    ],
)
def test_what_another_program_changed_is_seen(ledger, statements, words):
    with sqlite3.connect(ledger.path) as db:
        triggers = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
    db.close()
    kept = []
    with sqlite3.connect(ledger.path) as db:
        for name in triggers:  # a store has them against changes; another program needs none
            (text,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            kept.append(text)
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for text in kept:
            if "DROP TABLE" not in statements[0]:
                db.execute(text)
    db.close()
    with pytest.raises(PlanError) as wrong:
        Ledger(ledger.path, 1).news()
    assert words in said(wrong)
    assert "Restore the file from a copy" in said(wrong)


def test_text_in_a_folder_that_cannot_be_written_is_read_and_not_added_to(tmp_path, monkeypatch):
    path = tmp_path / "a.store"
    whole = line({"entered": "2021-10-20", "rows": [{"n": 1}, {"n": 2}]})
    torn = line({"entered": "2021-10-21", "rows": [{"n": 3}]})[:20]
    path.write_bytes(whole + torn)

    def refused(path, wait):
        failure = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        raise cannot_write(path, failure) from failure

    monkeypatch.setattr(module, "migrate", refused)
    ledger = Ledger(path, 0.05)
    news = ledger.news()
    assert [(e.number, e.entered, e.body) for e in news.entries] == [
        (1, "2021-10-20", {"n": 1}),
        (2, "2021-10-20", {"n": 2}),
    ]
    assert "its last line was cut while it was being written" in ledger.notes[0].text("en")
    with pytest.raises(PlanError, match="Permission denied"):
        note(ledger, 4)
    assert path.read_bytes() == whole + torn


def test_text_that_is_no_record_is_damage(tmp_path):
    path = tmp_path / "a.store"
    for body in (b"{broken}", b'{"n": NaN}'):
        path.write_bytes(b"%d %08x %s\n" % (len(body), zlib.crc32(body), body))
        with pytest.raises(PlanError) as wrong:
            text_entries(path)
        assert "the entry is damaged: its checksum does not fit" in said(wrong)
        assert wrong.value.problems[0].row == 1


def test_an_old_file_of_that_name_is_kept_and_a_migration_that_fails_changes_nothing(
    tmp_path, monkeypatch
):
    path = tmp_path / "a.store"
    text = line({"entered": "2021-10-20", "rows": [{"n": 1}]})
    path.write_bytes(text)
    (tmp_path / "a.store.old").write_bytes(b"of another year")

    def failing(*_):
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(module, "make_tables", failing)
        with pytest.raises(PlanError, match="disk I/O error|Input/output"):
            migrate(path, 1)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_put_aside", lambda path: (tmp_path / "nowhere").stat())
        with pytest.raises(PlanError, match="cannot be written"):
            migrate(path, 1)
    assert path.read_bytes() == text
    assert not list(tmp_path.glob(".corridor-*"))
    (moved,) = migrate(path, 1)
    assert "the old file is a.store.old2" in moved.text("en")
    assert (tmp_path / "a.store.old").read_bytes() == b"of another year"
    assert (tmp_path / "a.store.old2").read_bytes() == text
    # another process brings it there between the look and the lock
    monkeypatch.setattr(module, "contents", lambda _: text)
    assert migrate(path, 1) == []
