"""A store of figures that only grows: every entry stays, a revision is a new one.

One line of text an entry, each with its own checksum; one writer at a time. An entry is
acknowledged when it is on the disk; a writer killed in the middle leaves a torn end, which
readers pass over and the next writer puts aside.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from corridor_model.errors import CellError, PlanError
from corridor_model.files import WAIT, cannot_write, locked
from corridor_model.messages import N_, context
from corridor_model.observations.model import KEY, Observations
from corridor_model.observations.read import read_observations
from corridor_model.periods import day_of, last_day
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.tabular.readers import unreadable
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Problems, Table, from_rows
from corridor_model.tabular.workbooks import of_mappings

COLUMNS = TABLES["observations"].names
Row = dict[str, Any]
Rows = list[Row]
NewRows: TypeAlias = Observations | Table | Iterable[Mapping[str, Any]]


class Store:
    """A file of observations to which entries are added and from which none is taken.

    Parameters
    ----------
    path : str or path
        The file; made by the first entry. Copy it to keep it.
    wait : float, default 30
        Seconds to wait for another writer.

    Examples
    --------
    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()) / "figures.store")
    >>> row = {"indicator": "gdp", "period": "2021Q3", "value": 370.1, "unit": "亿元"}
    >>> store.append([row], date="2021-10-20", source="区统计局快报")
    1
    >>> store.revise("gdp", "2021Q3", 371.6, date="2021-11-05", source="区统计局")
    >>> [entry["value"] for entry in store.list()]
    [370.1, 371.6]
    >>> store.open().known_by("2021-10-31").table["value"]
    (370.1,)
    """

    def __init__(self, path: str | Path, wait: float = WAIT):
        self.path = Path(path)
        self.wait = wait
        self._journal = Journal(self.path)
        self._rows: Rows = []
        self._latest: dict[tuple[Any, ...], Row] = {}

    def append(
        self,
        rows: NewRows,
        *,
        date: str | datetime.date | None = None,
        source: str | None = None,
        plan: Plan | None = None,
    ) -> int:
        """Add figures, all of them or none, and return how many were new.

        A figure that is there with the same value is passed over, so that a file of last
        month can be added again with this month's rows in it.

        Parameters
        ----------
        rows : Observations, Table or iterable of mappings
            Mappings have the columns of the table ``observations``; they are checked like a
            file, beside what the store holds.
        date : str or date, optional
            Day of publication of rows that state none; today by default. Another value of a
            figure that is there must have a date, here or of its own.
        source : str, optional
            Source of rows that state none.
        plan : Plan, optional
            What mappings speak of; the bundled plan by default.

        Raises
        ------
        PlanError
            For mistakes in mappings; if another value is there that was published no
            earlier; if the store cannot be read or written.
        """
        return self._add(rows, date, source, plan, revision=False)

    def revise(
        self,
        indicator: str,
        period: str,
        value: float,
        *,
        date: str | datetime.date | None = None,
        source: str | None = None,
        plan: Plan | None = None,
        **columns: Any,
    ) -> None:
        """Add a later value of a figure that is there; both are kept.

        Parameters
        ----------
        indicator, period : str
            Which figure.
        value : float
            The new one, in the unit of the indicator unless ``unit`` is given.
        date : str or date, optional
            Its publication; today by default.
        source : str, optional
            Where it can be looked up.
        **columns
            ``measure``, ``basis``, ``series``, ``unit``, ``stage`` where they differ from the
            usual.

        Raises
        ------
        PlanError
            If there is no such figure, or it was published no earlier.
        """
        row = {"indicator": indicator, "period": period, "value": value, **columns}
        self._add([row], date, source, plan, revision=True)

    def list(self, indicator: str | None = None, period: str | None = None) -> Rows:
        """Return every entry in the order it came, with the day it was entered.

        Parameters
        ----------
        indicator, period : str, optional
            Only of this indicator or period.
        """
        self._refresh()
        return [
            dict(row)
            for row in self._rows
            if indicator in {None, row["indicator"]} and period in {None, row["period"]}
        ]

    def open(self) -> Observations:
        """Return all figures with their vintages.

        Raises
        ------
        PlanError
            If the file is damaged elsewhere than at its end, or cannot be read.
        """
        self._refresh()
        return self._all()

    def _all(self) -> Observations:
        rows = [{name: row.get(name) for name in COLUMNS} for row in self._rows]
        last = {tuple(row[name] for name in KEY): i for i, row in enumerate(rows)}
        table = from_rows("observations", rows, self.path.name)
        return Observations(table.select(sorted(last.values())))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.list())

    def __len__(self) -> int:
        self._refresh()
        return len(self._rows)

    def _add(
        self,
        rows: NewRows,
        date: str | datetime.date | None,
        source: str | None,
        plan: Plan | None,
        *,
        revision: bool,
    ) -> int:
        day = day_of(datetime.date.today() if date is None else date)
        with locked(self.path, self.wait):
            torn = self._refresh()  # what other writers added meanwhile counts as there
            new: Rows = []
            problems = Problems(self.path.name)
            for row in self._read(rows, plan):
                if not revision and self._same(row):
                    continue
                dated = revision or date is not None or bool(row.get("published"))
                new.append(_with_defaults(row, day, source))
                if error := self._refusal(new[-1], revision, dated):
                    problems.add(error)
            problems.check()
            if new:
                record = {"entered": datetime.date.today().isoformat(), "rows": new}
                self._journal.write(record, torn)
                self._take(record)
        return len(new)

    def _read(self, rows: NewRows, plan: Plan | None) -> Rows:
        """Return rows as the table has them; mappings are read like a file."""
        if isinstance(rows, (Observations, Table)):
            table = rows.table if isinstance(rows, Observations) else rows
            return list(table.rows())
        if not (mappings := list(rows)):
            return []
        observations, warned = read_observations(
            of_mappings(mappings, self.path.name), plan or load_plan(), beside=self._all()
        )
        for warning in warned:
            warnings.warn(warning, stacklevel=4)
        return list(observations.table.rows())

    def _same(self, row: Row) -> bool:
        """Return whether the latest entry of a figure says the same."""
        known = self._latest.get(_figure(row))
        return (
            known is not None
            and all(row.get(name) == known.get(name) for name in ("value", "unit", "stage"))
            and row.get("published") in {None, known.get("published")}
        )

    def _refusal(self, row: Row, revision: bool, dated: bool) -> CellError | None:
        """Return why a row is not taken, or None.

        A figure that is there can be revised, never replaced: its date must be later. A
        different value without a date is more likely a slip than a revision.
        """
        known = self._latest.get(_figure(row))
        figure = f"{row['indicator']} {row['period']}"
        if known is None:
            what = N_("{figure} is not in the store, so that it cannot be revised.")
            return CellError(what, context("store", "Add it."), figure=figure) if revision else None
        if dated and last_day(row["published"]) > last_day(known["published"]):
            return None
        fields = {"figure": figure, "known": known["value"], "day": known["published"]}
        if not dated:
            return CellError(
                N_("{figure} is there with {known:g}, published {day}, not {value:g}."),
                N_("For a revision give its date of publication, or use corridor observe revise."),
                **fields,
                value=row["value"],
            )
        return CellError(
            N_("{figure} is there with {known:g}, published {day}."),
            N_("A revision needs a later date than that, not {published}."),
            **fields,
            published=row["published"],
        )

    def _refresh(self) -> bytes:
        """Take in what was added since the last look, and return a torn end."""
        records, torn = self._journal.news()
        for record in records:
            self._take(record)
        return torn

    def _take(self, record: Mapping[str, Any]) -> None:
        for row in record.get("rows", ()):
            self._rows.append({**row, "entered": record.get("entered")})
            known = self._latest.get(_figure(row))
            if known is None or last_day(known["published"]) <= last_day(row["published"]):
                self._latest[_figure(row)] = row


def _figure(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return which figure a row is of, whatever its vintage."""
    return tuple(row.get(name) for name in KEY if name != "published")


def _with_defaults(row: Row, day: str, source: str | None) -> Row:
    known = {name: value for name, value in row.items() if value is not None}
    known.setdefault("published", day)
    if source:
        known.setdefault("source", source)
    return known


# A file of checksummed lines that is read on from where the last look ended.


class Journal:
    """An append-only file, which this process has read up to ``end``.

    Parameters
    ----------
    path : Path
        The file; made by the first line.
    """

    def __init__(self, path: Path):
        self.path = path
        self.end = 0

    def news(self) -> tuple[list[dict[str, Any]], bytes]:
        """Return the records added since the last look, and a torn end.

        Raises
        ------
        PlanError
            If the file cannot be read, or is damaged elsewhere than at its end.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self.end)
                data = file.read()
        except FileNotFoundError:
            return [], b""
        except OSError as error:
            raise unreadable(self.path.name, error) from error
        try:
            records, length = sound_records(data)
        except DamagedError as error:
            before = self.path.read_bytes()[: self.end].count(b"\n")
            damage = CellError(
                N_("the entry is damaged: its checksum does not fit."),
                N_("Restore the file from a copy."),
            )
            raise PlanError([damage.at(self.path.name, before + error.line)]) from error
        self.end += length
        return records, data[length:]

    def write(self, record: dict[str, Any], torn: bytes) -> None:
        """Put a record on the disk; a torn end is put aside first. Call under the lock.

        Raises
        ------
        PlanError
            If the file cannot be written; it then ends where it did.
        """
        line = encode(record)
        new = not self.path.exists()
        try:
            if torn:
                with self.path.with_name(f".{self.path.name}.torn").open("ab") as aside:
                    aside.write(torn)
            with self.path.open("ab") as file:
                if torn:
                    file.truncate(self.end)
                try:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    with suppress(OSError):
                        file.truncate(self.end)
                    raise
            if new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        self.end += len(line)


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on the disk too, where the system lets us."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Lines of a store: each carries its own length and checksum, so that a torn one is known.

_LINE = re.compile(rb"([1-9]\d{0,8}) ([0-9a-f]{8}) (\{.*\})", re.DOTALL)


class DamagedError(Exception):
    """A line that is not the last one is broken."""

    def __init__(self, line: int):
        super().__init__(line)
        self.line = line


def encode(record: Mapping[str, Any]) -> bytes:
    r"""Return the line of a record, line feed included.

    Examples
    --------
    >>> encode({"value": 1})
    b'11 efd1e2d2 {"value":1}\n'
    """
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return b"%d %08x %s\n" % (len(body), zlib.crc32(body), body)


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line without its line feed, or None if it is broken."""
    match = _LINE.fullmatch(line)
    if match is None or int(match[1]) != len(match[3]) or int(match[2], 16) != zlib.crc32(match[3]):
        return None
    record = json.loads(match[3])
    return record if isinstance(record, dict) else None


def sound_records(data: bytes) -> tuple[list[dict[str, Any]], int]:
    """Return the records of a file and how many bytes of it are sound.

    What stands after that was being written when its writer stopped.

    Raises
    ------
    DamagedError
        If a broken line is followed by a sound one: no crash does that.
    """
    records: list[dict[str, Any]] = []
    end = broken = 0
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        record = decode(line)
        if record is None:
            broken = broken or number
        elif broken:
            raise DamagedError(broken)
        else:
            records.append(record)
            end += len(line) + 1
    return records, end
