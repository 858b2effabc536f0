"""A store of figures that only grows: every entry stays, a revision is a new one.

A wrong entry is taken back by another entry. How entries are kept on the disk stands in
:mod:`corridor_model.observations.ledger`.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from corridor_model.arguments import items
from corridor_model.errors import CellError, CorridorError, PlanError, Problem
from corridor_model.files import WAIT, write_csv
from corridor_model.messages import N_, Listing, context, message
from corridor_model.observations.ledger import (
    FIGURE,
    REMARK,
    RESTORE,
    WITHDRAWAL,
    Entry,
    Ledger,
    News,
    Row,
)
from corridor_model.observations.model import KEY, Observations, Remark
from corridor_model.observations.read import read_observations
from corridor_model.observations.validation import known_too_early
from corridor_model.periods import Period, day_of, last_day
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.rows import text_rows
from corridor_model.tabular.parse import rows_of_file
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Problems, Table
from corridor_model.tabular.workbooks import of_mappings

COLUMNS = TABLES["observations"].names
Rows = list[Row]
NewRows: TypeAlias = Observations | Table | Iterable[Mapping[str, Any]]


class Store:
    """A file of observations to which entries are added and from which none is taken.

    Parameters
    ----------
    path : str or path
        The file; made by the first entry. A store of lines of text, as former versions wrote
        it, becomes one of today when it is opened, and stays beside it as ``name.old``.
    wait : float, default 30
        Seconds to wait for another writer.

    Attributes
    ----------
    notes : tuple of Problem
        What a person should know of the file: that it was brought to today's form, or that a
        torn end was passed over.

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
        self._file = Ledger(self.path, wait)
        self._forget()

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What a person should know of the file."""
        return tuple(self._file.notes)

    def append(
        self,
        rows: NewRows,
        *,
        date: str | datetime.date | None = None,
        source: str | None = None,
        plan: Plan | None = None,
        reports: Iterable[Table] = (),
    ) -> int:
        """Add figures and remarks, all of them or none, and return how many were new.

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
        reports : iterable of Table, optional
            Reports on works and tasks that go in together with them, as :meth:`report` takes
            them.

        Raises
        ------
        PlanError
            For mistakes in mappings; if another value is there that was published no
            earlier; if a figure was published before its period; if the store cannot be read
            or written.
        """
        return self._add(
            rows, date, source, plan, revision=False, reports=tuple(items("reports", reports))
        )

    def report(self, *tables: Table) -> int:
        """Add reports on works and tasks, all or none, and return how many were new.

        Parameters
        ----------
        *tables : Table
            As :func:`corridor_model.observations.reports.load_reports` reads them; a report
            of the same work and period, or task and day, replaces the one before.

        Raises
        ------
        PlanError
            If the store cannot be read or written.
        """

        def entries(news: News) -> list[tuple[str, Row]]:
            self._take_in(news)
            return list(self._new_reports(tables))

        added = self._file.add(entries)
        self._take_in(added)
        return len(added.entries)

    def _new_reports(self, tables: Iterable[Table]) -> Iterator[tuple[str, Row]]:
        """Yield the reports that say something else than the last of the same."""
        for table in tables:
            name = table.schema.name
            known = self._reports(name)
            there = dict(zip(known.keys(), known.rows(), strict=True))
            for key, row in zip(table.keys(), table.rows(), strict=True):
                if there.get(key) != row:
                    yield name, {k: v for k, v in row.items() if v is not None}

    def reports(self) -> tuple[Table, ...]:
        """Return the reports on works and on tasks that were not taken back."""
        self._refresh()
        return tuple(table for name in REPORTS if len(table := self._reports(name)))

    def _reports(self, name: str) -> Table:
        rows = self._standing(name)
        table = rows_of_file(name, rows, self.path.name)
        last = {key: place for place, key in enumerate(table.keys())}
        return table.select(sorted(last.values()))

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

    def withdraw(
        self, figure: str | int, period: str | None = None, *, reason: str = "", **columns: Any
    ) -> Row:
        """Take a wrong entry back by a new one, and return the row that was taken back.

        Both stay in the history. A former value of the figure stands again, if there is one.

        Parameters
        ----------
        figure : str or int
            The number of the entry (see :meth:`list`), or an indicator.
        period : str, optional
            Of the indicator's entry.
        reason : str, optional
            Why it is wrong.
        **columns
            ``measure``, ``basis``, ``series``, ``published`` or ``value``, where indicator
            and period leave several figures.

        Raises
        ------
        PlanError
            If there is no such entry, it was taken back already, or several are meant.
        """
        row: Row = {}

        def withdrawal(news: News) -> list[tuple[str, Row]]:
            nonlocal row
            self._take_in(news)
            number = self._number_of(figure, period, columns)
            row = next(row for row in self._rows() if row["number"] == number)
            return [(WITHDRAWAL, {"withdraws": number, "reason": reason})]

        self._take_in(self._file.add(withdrawal))
        return row

    def list(self, indicator: str | None = None, period: str | None = None) -> Rows:
        """Return every entry in the order it came.

        Each row has the columns of the table ``observations`` and ``entered`` (the day),
        ``number``, ``kind`` (``figure``, ``remark``, ``withdrawal``, or the table of a report),
        ``withdrawn`` (the day it was taken back), ``withdraws`` (the number of the entry it
        takes back) and ``text`` (of a remark or report, or the reason of a withdrawal).

        Parameters
        ----------
        indicator, period : str, optional
            Only of this indicator or period.
        """
        self._refresh()
        return [
            row
            for row in self._rows()
            if indicator in {None, row["indicator"]} and period in {None, row["period"]}
        ]

    def open(self) -> Observations:
        """Return all figures with their vintages, and all remarks; not what was taken back.

        Raises
        ------
        PlanError
            If the file is no store, is damaged, or cannot be read.
        """
        self._refresh()
        return self._all()

    def history(self) -> Rows:
        """Return every entry with the columns of an export, which is read back whole."""
        self._refresh()
        return history_rows(self._entries, self._withdrawn)

    def export(self, file: str | Path) -> int:
        """Write the whole history as CSV, an entry a line, and return how many there are.

        The same entries give the same lines, so that two copies can be compared by any
        program that compares texts. Read back, an entry that was taken back stays so.
        """
        rows = self.history()
        write_history(rows, Path(file))
        return len(rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.list())

    def __len__(self) -> int:
        self._refresh()
        return len(self._entries)

    def _forget(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._withdrawn: dict[int, Entry] = {}
        self._latest: dict[tuple[Any, ...], Row] = {}
        self._series: dict[tuple[Any, ...], list[str | None]] = {}

    def _refresh(self) -> None:
        """Take in what was added since the last look."""
        self._take_in(self._file.news())

    def _take_in(self, news: News) -> None:
        if news.anew:
            self._forget()
        for entry in news.entries:
            if not _is_sound(entry, self._entries):
                what = message(
                    "entry {number} is damaged: it says what no entry can say.",
                    number=entry.number,
                )
                self._forget()
                self._file.forget()
                raise PlanError([Problem(what, RESTORE, self.path.name)])
            self._entries[entry.number] = entry
            if entry.kind == WITHDRAWAL:
                self._withdrawn[entry.body["withdraws"]] = entry
            elif entry.kind == FIGURE:
                self._stand(entry.body)
        if any(entry.kind == WITHDRAWAL for entry in news.entries):
            self._latest, self._series = {}, {}
            for row in self._standing(FIGURE):
                self._stand(row)

    def _standing(self, kind: str) -> Rows:
        """Return the entries of a kind that were not taken back."""
        return [
            entry.body
            for number, entry in self._entries.items()
            if entry.kind == kind and number not in self._withdrawn
        ]

    def _stand(self, row: Row) -> None:
        known = self._latest.get(_figure(row))
        if known is None or last_day(known["published"]) <= last_day(row["published"]):
            self._latest[_figure(row)] = row
        if known is None:
            self._series.setdefault(_figure({**row, "series": None}), []).append(row.get("series"))

    def _all(self) -> Observations:
        rows = [{name: row.get(name) for name in COLUMNS} for row in self._standing(FIGURE)]
        last = {tuple(row[name] for name in KEY): i for i, row in enumerate(rows)}
        table = rows_of_file("observations", rows, self.path.name)
        remarks = tuple(_remark(row) for row in self._standing(REMARK))
        return Observations(table.select(sorted(last.values())), remarks, self.notes)

    def _rows(self) -> Iterator[Row]:
        """Yield every entry as a row, all with the same columns."""
        return rows_of(self._entries, self._withdrawn)

    def _add(
        self,
        rows: NewRows,
        date: str | datetime.date | None,
        source: str | None,
        plan: Plan | None,
        *,
        revision: bool,
        reports: tuple[Table, ...] = (),
    ) -> int:
        day = day_of(datetime.date.today() if date is None else date)
        if not isinstance(rows, (Observations, Table)):
            rows = items("rows", rows)

        def entries(news: News) -> list[tuple[str, Row]]:
            self._take_in(news)  # what other writers added meanwhile counts as there
            new: list[tuple[str, Row]] = []
            problems = Problems(self.path.name)
            figures, remarks = self._read(rows, plan)
            for row in figures:
                if not revision and self._same(row):
                    continue
                dated = revision or date is not None or bool(row.get("published"))
                figure = _with_defaults(row, day, source)
                if error := self._refusal(figure, revision, dated):
                    problems.add(error)
                new.append((FIGURE, figure))
            for remark in remarks:
                if remark.reason == "not_reported":
                    continue  # an empty cell is no word on anything
                row = {k: v for k, v in dataclasses.asdict(remark).items() if v is not None}
                if not self._same_remark(row):
                    new.append((REMARK, _with_defaults(row, day, source)))
            problems.check()
            return [*new, *self._new_reports(reports)]

        added = self._file.add(entries)
        self._take_in(added)
        return len(added.entries)

    def _read(self, rows: NewRows, plan: Plan | None) -> tuple[Rows, tuple[Remark, ...]]:
        """Return rows as the table has them, and remarks; mappings are read like a file."""
        if isinstance(rows, Table):
            return list(rows_of_file("observations", list(rows.rows()), rows.file).rows()), ()
        if isinstance(rows, Observations):
            return self._read(rows.table, plan)[0], rows.remarks
        if not (mappings := list(rows)):
            return [], ()
        observations, warned = read_observations(
            of_mappings(mappings, self.path.name), plan or load_plan(), beside=self._all()
        )
        for warning in warned:
            warnings.warn(warning, stacklevel=6)
        return list(observations.table.rows()), observations.remarks

    def _same(self, row: Row) -> bool:
        """Return whether the latest entry of a figure says the same.

        An entry that names no series is of the same if its value is (S10).
        """
        known = self._known(row) or self._latest.get(_figure({**row, "series": None}))
        return (
            known is not None
            and all(row.get(name) == known.get(name) for name in ("value", "unit", "stage"))
            and row.get("published") in {None, known.get("published")}
        )

    def _known(self, row: Row) -> Row | None:
        """Return the latest entry of a figure; one that names no series is of the only one."""
        known = self._latest.get(_figure(row))
        series = self._series.get(_figure(row), ())
        if known is None and len(series) == 1:
            return self._latest[_figure({**row, "series": series[0]})]
        return known

    def _same_remark(self, row: Row) -> bool:
        return any(
            all(row.get(name) == known.get(name) for name in ("indicator", "period", "text"))
            and row.get("published") in {None, known.get("published")}
            for known in self._standing(REMARK)
        )

    def _refusal(self, row: Row, revision: bool, dated: bool) -> CellError | None:
        """Return why a row is not taken, or None.

        A figure that is there can be revised, never replaced: its date must be later. A
        different value without a date is more likely a slip than a revision.
        """
        if error := known_too_early(row["indicator"], row["period"], row["published"]):
            return error
        known = self._known(row)
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

    def _number_of(self, figure: str | int, period: str | None, columns: Row) -> int:
        """Return the number of the one entry that is meant."""
        rows = [row for row in self._rows() if row["kind"] != WITHDRAWAL]
        if isinstance(figure, int) or str(figure).isdecimal():
            meant = [row for row in rows if row["number"] == int(figure)]
            name = str(figure)
        else:
            wanted = {"indicator": figure, **columns}
            if period is not None:
                wanted["period"] = str(Period.of(period))
            meant = [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]
            name = " ".join(map(str, wanted.values()))
        live = [row for row in meant if not row["withdrawn"]]
        if meant and not live:
            what = message("{name} was taken back already.", name=name)
        elif not meant:
            what = message("{name} is not in the store.", name=name)
        elif len({_figure(row) for row in live}) > 1:
            numbers = Listing([str(row["number"]) for row in live])
            what = message(
                "{name} may be any of the entries {numbers}.", name=name, numbers=numbers
            )
        else:
            return int(live[-1]["number"])
        remedy = message("Give the number of the entry (corridor observe list).")
        raise PlanError([Problem(what, remedy, self.path.name)])


def rows_of(entries: Mapping[int, Entry], withdrawn: Mapping[int, Entry]) -> Iterator[Row]:
    """Yield entries as rows, all with the same columns; ``withdrawn`` are what takes them back."""
    for entry in entries.values():
        body, text = entry.body, None
        if entry.kind == REMARK:
            text = body.get("text")
        elif entry.kind == WITHDRAWAL:
            of = entries[body["withdraws"]].body
            text = body.get("reason") or None
            body = {**body, **{name: of.get(name) for name in KEY}}
        if entry.kind in REPORTS:
            text = "; ".join(f"{name} {value}" for name, value in _beside(body).items())
            subject = body.get("project") or body.get("task")
            period = body.get("period") or body.get("date")
            body = {**body, "indicator": subject, "period": period, "unit": None}
        row = {name: body.get(name) for name in COLUMNS}
        taken_back = withdrawn.get(entry.number)
        history = (
            entry.entered,
            entry.number,
            entry.kind,
            taken_back.entered if taken_back else None,
            body.get("withdraws"),
            text,
        )
        yield row | dict(zip(_HISTORY, history, strict=True))


def history_rows(entries: Mapping[int, Entry], withdrawn: Mapping[int, Entry]) -> Rows:
    """Return entries as rows in the order in which a history is kept, to be read back whole.

    The text of a report is its columns as JSON.
    """
    rows = []
    for row in rows_of(entries, withdrawn):
        if row["kind"] in REPORTS:
            said = _beside(entries[row["number"]].body)
            row["text"] = json.dumps(said, ensure_ascii=False)
        rows.append({name: row.get(name) for name in _IN_ORDER})
    return rows


def write_history(rows: Rows, file: Path) -> None:
    """Write a history as CSV; one without an entry is its header."""
    lines = list(text_rows(rows or [dict.fromkeys(_IN_ORDER)]))
    write_csv(file, lines[: len(rows) + 1], bom=True)


def _beside(body: Row) -> Row:
    """Return what a report says beside what it is of."""
    return {name: value for name, value in body.items() if name not in _NAMED}


REPORTS = ("work_reports", "task_reports")
"""Kinds of entries that are rows of these tables."""

_NAMED = frozenset({"project", "task", "period", "date", "published"})
_HISTORY = ("entered", "number", "kind", "withdrawn", "withdraws", "text")


_IN_ORDER = tuple(dict.fromkeys(("number", "entered", "kind", *COLUMNS, *_HISTORY)))


def _is_sound(entry: Entry, earlier: Mapping[int, Entry]) -> bool:
    """Whether an entry has what is looked for in one of its kind.

    A seal that fits says that nobody touched an entry since, not that it was sound.
    """
    body: Any = entry.body
    if not isinstance(body, dict):
        return False
    if entry.kind in REPORTS:
        return True  # its columns are checked as those of a table
    if not all(value is None or isinstance(value, (str, int, float)) for value in body.values()):
        return False
    match entry.kind:
        case "figure":
            return _is_day(body.get("published"))
        case "remark":
            words = (body.get(name) for name in ("indicator", "period", "reason", "text"))
            day = body.get("published")
            return all(isinstance(word, str) for word in words) and (day is None or _is_day(day))
        case "withdrawal":
            number = body.get("withdraws")
            return type(number) is int and number in earlier
    return False


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(day_of(value))
    except CorridorError:
        return False


def _figure(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return which figure a row is of, whatever its vintage."""
    return tuple(row.get(name) for name in KEY if name != "published")


def _remark(row: Row) -> Remark:
    names = {field.name for field in dataclasses.fields(Remark)}
    return Remark(**{name: value for name, value in row.items() if name in names})


def _with_defaults(row: Row, day: str, source: str | None) -> Row:
    known = {name: value for name, value in row.items() if value is not None}
    known.setdefault("published", day)
    if source:
        known.setdefault("source", source)
    return known
