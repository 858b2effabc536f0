"""A file of entries in SQLite that only grows, each sealed by all before it.

Triggers refuse to change or remove an entry, each entry has a checksum over itself and the one
before, and an entry is acknowledged when it is on the disk of the file that stands at the path.
What the entries mean is the business of :mod:`corridor_model.observations.store`.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import json
import os
import re
import sqlite3
import stat
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from corridor_model.errors import NOTHING, CellError, PlanError, Problem
from corridor_model.files import (
    cannot_write,
    contents,
    exists,
    lends_locks,
    locked,
    replacing,
    temporary_name,
    unreadable,
)
from corridor_model.messages import N_, Message, message

FIGURE, REMARK, WITHDRAWAL = "figure", "remark", "withdrawal"
"""Kinds of entries; reports on works and tasks are entries of the kinds of their tables."""

Row = dict[str, Any]

APPLICATION = 0x436F7244
"""Application id in the header of the file, by which a store is known from other databases."""

VERSION = 1
"""Of the tables below; a file of a later one is not touched."""

TABLES_OF_STORE = (
    "CREATE TABLE store (id TEXT NOT NULL)",
    "CREATE TABLE entries (number INTEGER PRIMARY KEY AUTOINCREMENT, entered TEXT NOT NULL, "
    "kind TEXT NOT NULL, body TEXT NOT NULL, seal TEXT NOT NULL)",
    "CREATE TRIGGER entries_stay BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END",
    "CREATE TRIGGER entries_hold BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END",
    # also what INSERT OR REPLACE would do, for which no trigger on deletion is called
    "CREATE TRIGGER entries_follow BEFORE INSERT ON entries "
    "WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entries) "
    "BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END",
)
"""What a store is made of; opening one compares its own with these."""

_ENTRIES = "SELECT number, entered, kind, body, seal FROM entries"
_MAGIC = b"SQLite format 3\0"
_RETRIES = 5

_door = threading.RLock()
"""One connection a process: on POSIX closing any handle of a file gives up all its locks."""


class Entry(NamedTuple):
    """One line of the history of a store.

    Attributes
    ----------
    number : int
        1, 2, 3 and so on, without a hole.
    entered : str
        Day on which it was entered.
    kind : str
        ``figure``, ``remark`` or ``withdrawal``.
    body : dict
        The figure or remark; of a withdrawal the number of the entry it takes back, and why.
    """

    number: int
    entered: str
    kind: str
    body: Row


class News(NamedTuple):
    """What a file holds beyond what was read of it so far.

    ``anew`` says that another file stands at the path, so that what was read is void.
    """

    entries: Sequence[Entry]
    anew: bool = False


class Ledger:
    """An append-only SQLite file, which this process has read up to an entry.

    No connection outlives a call. The file's identity is compared within each, so that one put
    in its place (a backup, a checkout) is seen, and an entry written to a file that stands at
    the path no more is written again to the one that does.

    Parameters
    ----------
    path : Path
        The file; made by the first entry.
    wait : float
        Seconds to wait for other writers.
    """

    def __init__(self, path: Path, wait: float):
        self.path, self.wait = path, wait
        self.notes: list[Problem] = []
        self._identity: tuple[int, int] | None = None
        self._number, self._seal = 0, ""

    def news(self) -> News:
        """Return the entries added since the last look.

        Raises
        ------
        PlanError
            If the file is no store, is damaged, or cannot be read.
        """
        with _door:
            form = self._form()
            if form is None:
                return self._news_of_nothing()
            if form == "text":
                return self._news_of_text()
            with self._connection() as db:
                db.execute("BEGIN")
                return self._read(db)

    def _stands(self) -> bool:
        """Return whether the last entry is in the file that stands at the path now."""
        try:
            with self._connection() as db:
                return self._is_continued(db)
        except PlanError:
            return False

    def add(self, entries_of: Callable[[News], list[tuple[str, Row]]]) -> News:
        """Put entries on the disk, all or none, and return them.

        Parameters
        ----------
        entries_of : callable
            Called under the lock with the news; returns kinds and bodies of new entries.

        Raises
        ------
        PlanError
            If the file cannot be written; it then holds what it did.
        """
        with _door:
            for _ in range(_RETRIES):
                with suppress(_ReplacedError):
                    return self._add(entries_of)
        busy = message("is being replaced again and again by another program.")
        raise PlanError([Problem(busy, message("Try again later."), self.path.name)])

    def _add(self, entries_of: Callable[[News], list[tuple[str, Row]]]) -> News:
        form = self._form()
        if form == "text":
            raise cannot_write(self.path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        is_ours = form is None and not exists(self.path)
        added: list[Entry] = []
        try:
            with self._connection(writing=True, create=form is None) as db:
                db.execute("BEGIN IMMEDIATE")
                # a file that another process makes now has its tables by now
                is_new = not db.execute("SELECT 1 FROM sqlite_master").fetchone()
                news = self._read(db)
                entries = entries_of(news)
                if entries and is_new:
                    make_tables(db)
                    self._seal = db.execute("SELECT id FROM store").fetchone()[0].decode()
                added = [self._insert(db, kind, body) for kind, body in entries]
                if added:
                    db.execute("COMMIT")
        except BaseException:
            added = []
            self._identity = None  # what was not written is not to be taken for read
            raise
        finally:
            if is_ours and not added:  # and what was half written is rolled back
                self._remove_empty()
        self._identity = self._identity_now()
        if added and not self._stands():
            self._identity = None
            raise _ReplacedError
        return News(added)

    def forget(self) -> None:
        """Read everything anew at the next look."""
        self._identity = None

    def _remove_empty(self) -> None:
        """Take away the file that this call has made and left without an entry."""
        self._identity = None
        with suppress(OSError):
            if self.path.stat().st_size == 0:
                self.path.unlink()

    def _news_of_nothing(self) -> News:
        self._identity, self._number, self._seal = None, 0, ""
        return News((), anew=True)

    def _identity_now(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _form(self) -> str | None:
        """Return what stands at the path: ``store``, ``text`` or nothing.

        Nothing that is no store is ever opened by SQLite, which would bring a database of
        another program out of an interrupted write.

        Raises
        ------
        PlanError
            If something else stands there.
        """
        try:
            status = self.path.stat()
            is_file = stat.S_ISREG(status.st_mode)
            head = _head(self.path) if is_file and status.st_size else b""
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            raise unreadable(self.path, error) from error
        if not is_file:
            raise self._foreign(message("is no file."))
        if not status.st_size:
            return None
        if head.startswith(_MAGIC):
            if int.from_bytes(head[68:72], "big") != APPLICATION:
                raise self._foreign(message("is the database of another program, not a store."))
            version = int.from_bytes(head[60:64], "big")
            if version != VERSION:
                raise self._problem(
                    message(
                        "is a store of version {version}, not {known}.",
                        version=version,
                        known=VERSION,
                    ),
                    message("Install a later version of corridor-model."),
                )
            return "store"
        if not _LINE.match(head) and not _HEAD.match(head):
            raise self._foreign(message("is no store."))
        return "text" if self._keeps_text() else "store"

    def _keeps_text(self) -> bool:
        """Bring a store of text to today's form; return whether it cannot be, and is read."""
        try:
            note = migrate(self.path, self.wait)
        except PlanError as error:
            if isinstance(error.__cause__, OSError):
                return True  # a folder that cannot be written
            raise
        if note:
            self.notes = note
        return False

    def _news_of_text(self) -> News:
        """Return the entries of a store of text that stands where nothing can be written."""
        entries, torn = text_entries(self.path)
        self.notes = [torn_end(self.path)] if torn else []
        self._identity = None
        return News(entries, anew=True)

    @contextmanager
    def _connection(
        self, writing: bool = False, create: bool = False
    ) -> Iterator[sqlite3.Connection]:
        """Yield a connection; what SQLite has to say is said in words."""
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            elif not lends_locks(self.path):
                raise self._no_locks()
            db = sqlite3.connect(
                _uri(self.path, create), timeout=self.wait, isolation_level=None, uri=True
            )
        except OSError as error:
            raise cannot_write(self.path, error) from error
        except sqlite3.Error as error:
            raise self._trouble(error, writing) from error
        try:
            db.text_factory = bytes
            # EXTRA and fullfsync: what is acknowledged outlives a power cut. No WAL: one file
            # is the whole store, whoever copies it, and network drives know no WAL.
            for pragma in ("synchronous = EXTRA", "fullfsync = 1", "trusted_schema = 0"):
                db.execute(f"PRAGMA {pragma}")
            yield db
        except sqlite3.Error as error:
            raise self._trouble(error, writing) from error
        except UnicodeDecodeError as error:  # SQLite's own tables are damaged
            raise self._problem(
                message("has other tables or triggers than a store."), RESTORE
            ) from error
        finally:
            with suppress(sqlite3.Error):
                if db.in_transaction:
                    db.execute("ROLLBACK")
            db.close()

    def _read(self, db: sqlite3.Connection) -> News:
        """Return what is new in an open file, every seal verified."""
        identity = self._identity_now()
        anew = identity != self._identity or not self._is_continued(db)
        self._identity = None  # until all is read
        if anew:
            self._number, self._seal = 0, ""
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                return News((), anew)
            self._verify(db)
        # all at once: a statement left open by an error would keep the file locked
        after = f"{_ENTRIES} WHERE number > ? ORDER BY number"
        lines = db.execute(after, (self._number,)).fetchall()
        entries = [self._sound(line) for line in lines]
        (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()
        if last != self._number:
            raise self._missing(self._number + 1, last)
        self._identity = identity
        return News(entries, anew)

    def _is_continued(self, db: sqlite3.Connection) -> bool:
        """Return whether the file still ends, or goes on, from where it was read to."""
        if self._number == 0:
            return False
        line = db.execute("SELECT seal FROM entries WHERE number = ?", (self._number,)).fetchone()
        return line is not None and line[0] == self._seal.encode()

    def _verify(self, db: sqlite3.Connection) -> None:
        """Check a file that is read for the first time, and find its id."""
        own = {sql.decode() for (sql,) in db.execute("SELECT sql FROM sqlite_master") if sql}
        if not own.issuperset(TABLES_OF_STORE):
            raise self._problem(message("has other tables or triggers than a store."), RESTORE)
        ids = db.execute("SELECT id FROM store").fetchall()
        if len(ids) != 1 or not isinstance(ids[0][0], bytes):
            raise self._problem(message("has lost the id of the store."), RESTORE)
        self._seal = ids[0][0].decode("utf-8", "replace")
        reports = db.execute("PRAGMA quick_check(1)").fetchall()
        if reports != [(b"ok",)]:
            # the seals name the entry, where it is one that is damaged
            for line in db.execute(f"{_ENTRIES} ORDER BY number").fetchall():
                self._sound(line)
            raise self._problem(_DAMAGED, RESTORE)

    def _sound(self, line: tuple[Any, ...]) -> Entry:
        """Return an entry that follows the last one and has its seal.

        Raises
        ------
        PlanError
            If entries are missing before it, or any of it was changed.
        """
        number = line[0]
        if number != self._number + 1:
            raise self._missing(self._number + 1, number - 1)
        try:
            entered, kind, body, seal = (text.decode() for text in line[1:])
            if seal != sealed(self._seal, number, entered, kind, body):
                raise ValueError("seal")
            row = json.loads(body, parse_constant=_no_number)
        except (AttributeError, ValueError) as error:
            what = message("entry {number} is damaged: its checksum does not fit.", number=number)
            raise self._problem(what, RESTORE) from error
        self._number, self._seal = number, seal
        return Entry(number, entered, kind, row)

    def _insert(self, db: sqlite3.Connection, kind: str, body: Row) -> Entry:
        entry = Entry(self._number + 1, datetime.date.today().isoformat(), kind, body)
        self._seal = insert(db, entry, self._seal)
        self._number = entry.number
        return entry

    def _missing(self, first: int, last: int) -> PlanError:
        if last < first:
            return self._problem(_DAMAGED, RESTORE)
        return self._problem(
            message("entry {number} is missing.", number=first)
            if first == last
            else message("entries {first} to {last} are missing.", first=first, last=last),
            RESTORE,
        )

    def _foreign(self, what: Message) -> PlanError:
        return self._problem(
            what, message("Nothing was written to it. Give another name with --store.")
        )

    def _problem(self, what: Message, remedy: Message = NOTHING) -> PlanError:
        return PlanError([Problem(what, remedy, self.path.name)])

    def _no_locks(self) -> PlanError:
        return self._problem(
            message("lies on a drive that lends no locks (ENOLCK)."),
            message("Copy it to a drive of this computer and work there."),
        )

    def _trouble(self, error: sqlite3.Error, writing: bool) -> Exception:
        """Return what SQLite says in words, with what to do."""
        code = getattr(error, "sqlite_errorcode", 0)
        primary = code & 0xFF
        if code == sqlite3.SQLITE_READONLY_DBMOVED:
            return _ReplacedError()
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            if not lends_locks(self.path):
                return self._no_locks()
            busy = message("is being written by another program.")
            return self._problem(busy, message("Try again later."))
        if primary in {sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS} or code in {
            sqlite3.SQLITE_IOERR_LOCK,
            sqlite3.SQLITE_IOERR_RDLOCK,
            sqlite3.SQLITE_IOERR_UNLOCK,
        }:
            return self._no_locks()
        if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or (
            type(error) is sqlite3.DatabaseError and not code
        ):
            return self._problem(_DAMAGED, RESTORE)
        if primary == sqlite3.SQLITE_FULL:
            return self._problem(
                message("cannot be written: the disk is full."),
                message("Free some space; nothing was added."),
            )
        if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
            return self._problem(
                message("cannot be written: the file or its folder is read-only."),
                message("Copy it to where you may write; nothing was added."),
            )
        if primary == sqlite3.SQLITE_CONSTRAINT:
            return self._problem(_DAMAGED, RESTORE)
        reason = getattr(error, "sqlite_errorname", type(error).__name__)
        what = (
            message("cannot be written ({reason}).", reason=reason)
            if writing
            else message("cannot be opened ({reason}).", reason=reason)
        )
        return self._problem(what, message("Check the folder's permissions and the space left."))


class _ReplacedError(Exception):
    """Another file stands at the path than the one an entry was written to."""


_DAMAGED = message("the file is damaged.")
RESTORE = message(
    "Restore the file from a copy; if it is one, copy it again while nobody writes to it."
)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


def _no_number(word: str) -> None:
    raise ValueError(word)


def _uri(path: Path, create: bool) -> str:
    posix = path.absolute().as_posix()
    name = quote(os.fsencode(posix), safe="/:")
    return f"file://{'' if posix.startswith('/') else '/'}{name}?mode={'rwc' if create else 'rw'}"


def sealed(before: str, number: int, entered: str, kind: str, body: str) -> str:
    """Return the seal of an entry: SHA-256 over the seal before it and the entry itself.

    The seal before the first entry is the id of the store.
    """
    text = "\n".join((before, str(number), entered, kind, body))
    return hashlib.sha256(text.encode()).hexdigest()


def make_tables(db: sqlite3.Connection) -> None:
    """Make the tables of a store within a transaction."""
    for statement in TABLES_OF_STORE:
        db.execute(statement)
    db.execute("INSERT INTO store VALUES (?)", (os.urandom(16).hex(),))
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def insert(db: sqlite3.Connection, entry: Entry, before: str) -> str:
    """Insert an entry behind the seal before it, and return its own."""
    body = json.dumps(entry.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    seal = sealed(before, entry.number, entry.entered, entry.kind, body)
    db.execute(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
        (entry.number, entry.entered, entry.kind, body, seal),
    )
    return seal


# Stores of former versions: a line of text an entry, each with its length and checksum.

_LINE = re.compile(rb"([1-9]\d{0,8}) ([0-9a-f]{8}) (\{.*\})\r?", re.DOTALL)
_HEAD = re.compile(rb'[1-9]\d{0,8} [0-9a-f]{8} \{"entered":')


def migrate(path: Path, wait: float) -> list[Problem]:
    """Turn a store of text into one of SQLite, and return what there is to say of it.

    The new file is whole before it takes the old one's place, which stays as ``name.old``.

    Raises
    ------
    PlanError
        If the text is damaged, or the folder cannot be written.
    """
    path = path.resolve()
    try:
        text_entries(path)  # what is damaged is left as it is, without a lock beside it
    except PlanError:
        if _head(path).startswith(_MAGIC):
            return []  # another process brought it up to date between two looks
        raise
    with locked(path, wait):  # also against writers of former versions
        if path.read_bytes()[: len(_MAGIC)] == _MAGIC:
            return []  # another process has done it
        before = path.stat()
        entries, torn = text_entries(path)
        new = temporary_name(path, is_kept=True)
        try:
            new.unlink(missing_ok=True)
            with closed(
                sqlite3.connect(_uri(new, create=True), isolation_level=None, uri=True)
            ) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                db.execute("BEGIN IMMEDIATE")
                make_tables(db)
                (seal,) = db.execute("SELECT id FROM store").fetchone()
                for entry in entries:
                    seal = insert(db, entry, seal)
                db.execute("COMMIT")
            new.chmod(before.st_mode & 0o777)
            old = _put_aside(path)
            new.replace(path)
        except sqlite3.Error as error:
            failure = OSError(errno.EIO, str(error))
            raise cannot_write(path, failure) from failure
        except OSError as error:
            raise cannot_write(path, error) from error
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)
    what = message("was a store of text and is now a database; the old file is {old}.", old=old)
    return [Problem(what, NOTHING, path.name), *([torn_end(path)] if torn else [])]


@contextmanager
def closed(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Close a connection in the end, whatever happens."""
    try:
        yield db
    finally:
        db.close()


def _put_aside(path: Path) -> str:
    """Give a file a second name that nothing has yet, and return it."""
    text = path.read_bytes()
    for number in range(1, 1000):
        old = path.with_name(f"{path.name}.old{number if number > 1 else ''}")
        if exists(old):
            if old.read_bytes() != text:
                continue
            return old.name
        try:
            os.link(path, old)
        except OSError:  # a drive that gives a file one name only
            with replacing(old) as temporary:
                temporary.write_bytes(text)
        return old.name
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


def torn_end(path: Path) -> Problem:
    """Return what to say of a store of text whose last line was never finished."""
    what = message("its last line was cut while it was being written and was passed over.")
    return Problem(what, message("Add those figures again."), path.name)


def text_entries(path: Path) -> tuple[list[Entry], bytes]:
    """Return the entries of a store of text, and a torn end.

    Raises
    ------
    PlanError
        If a line is damaged. A torn end is the beginning of a line, or zeros, in a file that
        no editor has saved since; anything else that is unreadable is damage.
    """
    data = contents(path)
    records, length = [], 0
    lines = data.split(b"\n")
    for number, line in enumerate(lines[:-1], 1):
        record = decode(line)
        if record is None:
            raise _damaged_line(path, number)
        records.append(record)
        length += len(line) + 1
    torn = data[length:]
    if torn and not decode(torn) and (b"\r\n" in data[:length] or not _is_torn(torn)):
        raise _damaged_line(path, len(lines))
    if torn and (record := decode(torn)):  # whole but for its line feed, which editors take away
        records.append(record)
        torn = b""
    rows = [(str(r.get("entered") or ""), row) for r in records for row in r.get("rows", ())]
    return [Entry(n, entered, FIGURE, row) for n, (entered, row) in enumerate(rows, 1)], torn


def _damaged_line(path: Path, number: int) -> PlanError:
    damage = CellError(N_("the entry is damaged: its checksum does not fit."), RESTORE)
    return PlanError([damage.at(path.name, number)])


def _is_torn(text: bytes) -> bool:
    """Return whether a write that was cut short leaves this."""
    text = text.rstrip(b"\0")
    head = re.match(rb"(\d{1,9}) [0-9a-f]{8} ", text)
    if head is None:
        return re.fullmatch(rb"(\d{1,9}( [0-9a-f]{0,8})?)?", text) is not None
    return len(text) - head.end() < int(head[1])


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line without its line feed, or None if it is broken."""
    match = _LINE.fullmatch(line)
    if match is None or int(match[1]) != len(match[3]) or int(match[2], 16) != zlib.crc32(match[3]):
        return None
    try:
        record = json.loads(match[3], parse_constant=_no_number)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
