"""What the units sent in for one period, in one go: merged, and what is amiss said of each.

A figure that several files print alike is one. Where they differ none is taken: which of them
is right only the units can say.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corridor_model.arguments import holding, items
from corridor_model.display import Displayed
from corridor_model.errors import CorridorError, Problem
from corridor_model.files import exists, name_of
from corridor_model.messages import N_, Message, Name, Worded, message, plural
from corridor_model.observations.forms import (
    Due,
    leading_units,
    missing_by_unit,
    responsible_units,
)
from corridor_model.observations.ledger import Entry
from corridor_model.observations.model import Observations, Remark, ReportLine
from corridor_model.observations.read import read_observations
from corridor_model.observations.reports import (
    KEYS,
    REPORTS,
    holds_reports_alone,
    load_reports,
    with_tables,
)
from corridor_model.observations.store import Store, history_rows, write_history
from corridor_model.observations.validation import check_figures
from corridor_model.periods import Period, day_of, last_day, period_of
from corridor_model.plan.plan import Plan, must_be_plan
from corridor_model.plan.save import tables_to_folder, tables_to_workbook
from corridor_model.tabular.table import Table, empty, from_rows
from corridor_model.tabular.workbooks import workbook_cache

FIGURES = "observations"


@dataclass(frozen=True, slots=True)
class Return:
    """One file of the folder.

    Attributes
    ----------
    file : str
        Its path within the folder.
    observations : Observations
        Its figures, remarks and import report; none where it was not read.
    reports : tuple of Table
        Its reports on works and tasks.
    why : CorridorError or None
        Why nothing of it was taken.
    """

    file: str
    observations: Observations = field(default_factory=Observations)
    reports: tuple[Table, ...] = ()
    why: CorridorError | None = None

    @property
    def summary(self) -> Worded:
        """What became of the file, in one line."""
        if self.why is not None:
            return Name(self.why.text("zh"), self.why.text("en"))
        n = sum(map(len, self.reports))
        if not n:
            return self.observations.summary
        works = plural("{n} report on works and tasks.", "{n} reports on works and tasks.", n)
        if not self.observations.lines:
            return works
        return message("{figures} {works}", figures=self.observations.summary, works=works)


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure or report as one file has it.

    Attributes
    ----------
    kind : str
        ``observations``, ``work_reports`` or ``task_reports``.
    row : mapping
        Columns of that table.
    file : str
        Its path within the folder, or the name of the store.
    place : str or Message
        File, sheet and cell; of a report, file, sheet and row.
    """

    kind: str
    row: Mapping[str, Any]
    file: str
    place: str | Worded

    @property
    def subject(self) -> str:
        """The indicator, work or task it speaks of."""
        return str(self.row["indicator" if self.kind == FIGURES else KEYS[self.kind]])

    @property
    def period(self) -> str:
        """The period, or of a task's report the day."""
        return str(self.row["date" if self.kind == "task_reports" else "period"])

    @property
    def published(self) -> str:
        """The day of publication, or nothing where none is printed."""
        return str(self.row.get("published") or "")

    @property
    def identity(self) -> tuple[Any, ...]:
        """What two statements have in common that speak of the same."""
        if self.kind == "task_reports":
            return self.kind, self.subject, self.period
        span = period_of(self.period)
        time = (span.year, span.month)
        if self.kind == "work_reports":
            return self.kind, self.subject, time
        basis = self.row["basis"]
        if basis == "month":  # a third quarter by itself is not its September
            return self.kind, self.subject, self.period, *_others(self.row, basis)
        # a year is the total of its twelve months, a quarter's end that of its last month
        return (
            self.kind,
            self.subject,
            time,
            *_others(self.row, "ytd" if basis == "year" else basis),
        )

    def agrees(self, other: Statement) -> bool:
        """Return whether both say the same of what both speak of."""
        mine, theirs = self.row, other.row
        if self.kind == FIGURES:
            return mine.get("bound") == theirs.get("bound") and math.isclose(
                mine["value"], theirs["value"], rel_tol=_ROUNDING
            )
        return not any(True for _ in self.differences(other))

    def differences(self, other: Statement) -> Iterator[str]:
        """Yield the columns in which two reports differ; silence differs from nothing."""
        for name, value in self.row.items():
            said = other.row.get(name)
            if name not in _BESIDE and None not in {value, said} and value != said:
                yield name


_ROUNDING = 1e-9
"""What 3720000万元 and 372亿元 may differ by."""

_BESIDE = frozenset({"period", "published", "unit"})


def _others(row: Mapping[str, Any], basis: str) -> tuple[Any, ...]:
    return row["measure"], basis, row.get("series")


@dataclass(frozen=True)
class Collection(Displayed):
    """What a folder of returns holds together.

    Attributes
    ----------
    as_of : Period
        The period asked for.
    returns : tuple of Return
        Every file, in the order of their names.
    observations : Observations
        The figures taken, each once, and all remarks; a figure that states no source has the
        name of its file.
    reports : tuple of Table
        The reports on works and tasks taken.
    taken : tuple of Statement
        The same figures and reports, each with its place.
    repeated : tuple of Statement
        What another file or the store says, too.
    contradictions : tuple of tuple of Statement
        Of each figure or report on which files, or they and the store, differ, all that is
        said. None of it is taken.
    missing : tuple of Due
        What is due and in no file, nor in the store, by unit.
    late : tuple of Statement
        What was published after the due day.
    undated : tuple of Statement
        Figures and reports on works without a day of publication; empty without a due day.
    doubts : tuple of Problem
        Mistakes that show only between files: a running total that falls.
    added : int or None
        How many entries the store took; None without one.
    """

    as_of: Period
    returns: tuple[Return, ...]
    observations: Observations
    reports: tuple[Table, ...]
    taken: tuple[Statement, ...]
    repeated: tuple[Statement, ...]
    contradictions: tuple[tuple[Statement, ...], ...]
    missing: tuple[Due, ...]
    late: tuple[Statement, ...]
    undated: tuple[Statement, ...]
    doubts: tuple[Problem, ...]
    added: int | None = None

    def __repr__(self) -> str:
        return f"Collection({self.as_of}: {self.summary.text('en')})"

    @property
    def skipped(self) -> list[tuple[str, ReportLine]]:
        """Every place that was passed over, with its file."""
        return [
            (one.file, line)
            for one in self.returns
            for line in one.observations.lines
            if line.fate == "skipped" and not line.within
        ]

    def tables(self) -> dict[str, Table]:
        """Return figures, with remarks in their place, and reports by the name of their table."""
        rows = [*self.observations.table.rows(), *map(_row_of_remark, self.observations.remarks)]
        return {FIGURES: from_rows(FIGURES, rows), **{t.schema.name: t for t in self.reports}}

    def save(self, path: str | Path) -> Path:
        """Write all that was taken: figures, remarks, reports on works and tasks.

        Parameters
        ----------
        path : str or path
            A workbook (``.xlsx``) with a sheet a table, one ``.csv`` as a store exports its
            history, or a folder for a CSV file a table. Each is read back whole.

        Raises
        ------
        CorridorError
            If it cannot be written.
        """
        target = Path(path)
        match target.suffix.lower():
            case ".csv":
                write_history(self._history(), target)
            case ".xlsx":
                tables_to_workbook(self.tables(), target)
            case _:
                tables_to_folder(self.tables(), target, bom=True)
        return target

    def _history(self) -> list[dict[str, Any]]:
        """Return what was taken as the entries of a history, none of them entered anywhere."""
        remarks = [dataclasses.asdict(remark) for remark in self.observations.remarks]
        said = [
            *(("figure", row) for row in self.observations.table.rows()),
            *(("remark", remark) for remark in remarks),
            *((table.schema.name, row) for table in self.reports for row in table.rows()),
        ]
        entries = [
            Entry(n, "", kind, {name: value for name, value in row.items() if value is not None})
            for n, (kind, row) in enumerate(said, 1)
        ]
        return history_rows({entry.number: entry for entry in entries}, {})

    @property
    def units_missing(self) -> list[str]:
        """The units that owe something, each once; what names no unit is owed by none."""
        return list(dict.fromkeys(unit for item in self.missing for unit in item.units))

    @property
    def summary(self) -> Message:
        """All in one line."""
        unread = sum(one.why is not None for one in self.returns)
        return message(
            "{files} ({unread} not read): {figures} and {reports} taken, {repeated} there "
            "already, {skipped}, {contradictions}; {missing} missing, owed by {units}.",
            files=plural("{n} file", "{n} files", len(self.returns)),
            unread=unread,
            figures=plural("{n} figure", "{n} figures", len(self.observations)),
            reports=plural("{n} report", "{n} reports", sum(map(len, self.reports))),
            repeated=len(self.repeated),
            skipped=plural("{n} place skipped", "{n} places skipped", len(self.skipped)),
            contradictions=plural(
                "{n} contradiction", "{n} contradictions", len(self.contradictions)
            ),
            missing=len(self.missing),  # of some no unit is named
            units=plural("{n} unit", "{n} units", len(self.units_missing)),
        )


def collect(
    plan: Plan,
    folder: str | Path,
    as_of: int | str | Period,
    *,
    due: str | datetime.date | None = None,
    published: str | datetime.date | None = None,
    store: Store | str | Path | None = None,
    apart: Iterable[str | Path] = (),
) -> Collection:
    r"""Read all that the units sent in for a period, and merge it.

    A file goes in whole or not at all: one that cannot be read, or has mistakes, is listed with
    the reason, and the others are read. A figure that several files print alike is one; where
    they differ none of them is taken, unless one of the files prints the other's figure as the
    earlier one of two (a revision).

    Parameters
    ----------
    plan : Plan
        What is reported on.
    folder : str or path
        Forms, bulletins and tables; folders within it are read, too.
    as_of : int, str or Period
        The period that was due.
    due : str or date, optional
        The last day on which it was to be published; what came later is ``late``.
    published : str or date, optional
        Day of publication of figures that print none.
    store : Store, str or path, optional
        What it holds counts as reported, and what is new is added, all or nothing. A figure
        that differs from the store's and was not published later is a contradiction.
    apart : iterable of paths
        Files and folders within the folder that are no returns.

    Returns
    -------
    Collection

    Raises
    ------
    CorridorError
        If there is no such folder, it holds no file, or the store cannot be read or written.

    Examples
    --------
    >>> import tempfile, corridor_model as cm
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("indicator,period,value\ngdp,2021-09,370.1\n")
    >>> _ = (folder / "b.csv").write_text("indicator,period,value\ngdp,2021-09,371\n")
    >>> result = collect(cm.load_plan(), folder, "2021-09")
    >>> [statement.place for statement in result.contradictions[0]], len(result.observations)
    (['a.csv!C2', 'b.csv!C2'], 0)
    """
    must_be_plan(plan)
    end, root = Period.of(as_of), Path(folder)
    day = None if due is None else day_of(due)
    if not exists(root) or not root.is_dir():
        raise CorridorError(N_("{folder} is no folder."), folder=name_of(str(folder)))
    store = Store(store) if isinstance(store, (str, Path)) else store
    if store is not None:
        holding("store", store, "Store", "path", "append")
    known = Observations() if store is None else store.open()  # refuses what cannot be a name
    others = (path for path in map(Path, items("apart", apart)) if exists(path))
    left_out = {path.resolve() for path in others} - {root.resolve()}
    if store is not None:
        left_out |= {store.path.resolve(), Path(f"{store.path}-journal").resolve()}
    files = sorted(
        p
        for p in root.rglob("*")
        if not p.is_dir() and left_out.isdisjoint({p.resolve(), *p.resolve().parents})
    )
    if not files:
        raise CorridorError(N_("{folder} holds no file."), folder=str(folder))
    returns = tuple(_return_of(file, root, plan, published) for file in files)

    said = [statement for one in returns for statement in _statements(one)]
    kept, repeated, contradictions = _settled(said, _known(known, store))
    observations = _observations(kept, returns)
    reports = tuple(table for name in REPORTS if len(table := _table(kept, name)))
    added = None
    doubts = tuple(check_figures(observations.table, known.table, plan)[0])
    if store is not None:
        before = store.reports()
        added = store.append(observations, plan=plan, reports=reports)
        whole = with_tables(plan, *before, *reports)
    else:
        whole = with_tables(plan, *reports)
    dated = [statement for statement in said if statement.kind != "task_reports"]
    return Collection(
        end,
        returns,
        observations,
        reports,
        tuple(kept),
        tuple(repeated),
        tuple(contradictions),
        tuple(_missing(whole, known + observations, end, contradictions)),
        tuple(s for s in dated if day and s.published and last_day(s.published) > day),
        tuple(s for s in dated if day and not s.published),
        doubts,
        added,
    )


def units_of(plan: Plan, statement: Statement) -> tuple[str, ...]:
    """Return who answers for what a statement speaks of."""
    name = statement.subject
    if statement.kind == FIGURES:
        return tuple(responsible_units(plan).get(name, ()))
    item = plan.projects[name] if statement.kind == "work_reports" else plan.tasks[name]
    return leading_units(plan, item)


def _row_of_remark(remark: Remark) -> dict[str, Any]:
    names = ("indicator", "period", "published")
    return {**{name: getattr(remark, name) for name in names}, "value": remark.text or "—"}


# One file.


@workbook_cache()
def _return_of(path: Path, root: Path, plan: Plan, published: str | datetime.date | None) -> Return:
    """Return what a file holds, or why nothing of it can be taken."""
    name = path.relative_to(root).as_posix()
    if path.name.startswith(("~$", ".")):
        what = N_("{file}: is hidden, or left behind by a program that has a file open.")
        return Return(name, why=CorridorError(what, file=name))
    if path.suffix.lower() == ".store":
        what = N_("{file}: is a store, not a return; name it with --store.")
        return Return(name, why=CorridorError(what, file=name))
    try:
        reports = load_reports(path, plan, published=published)
        if holds_reports_alone(path):
            return Return(name, reports=reports)
        observations, warned = read_observations(path, plan, published=published)
    except CorridorError as error:
        return Return(name, why=error)
    for warning in warned:
        warnings.warn(warning, stacklevel=4)
    return Return(name, observations, reports)


def _statements(one: Return) -> Iterator[Statement]:
    """Yield every figure and report of a file with its place."""
    cells: dict[tuple[int, str, str], list[ReportLine]] = defaultdict(list)
    for line in one.observations.lines:
        why = line.why
        while isinstance(why, Message) and "figure" in why.fields:
            why = why.fields["figure"]  # what is remarked of a figure is said around it
        if line.fate == "taken" and isinstance(why, Message):
            at = int(re.sub(r"\D", "", line.cell))
            cells[at, why.fields["indicator"].en, str(why.fields["period"])].append(line)
    table = one.observations.table
    for number, row in zip(table.lines, table.rows(), strict=True):
        # several figures of a row stand in the order of its columns, here and there
        lines = cells[number, row["indicator"], row["period"]]
        place: str | Worded = message("{file}, row {row}", file=one.file, row=number)
        if lines:
            line = lines.pop(0)
            sheet = f"[{line.sheet}]" if line.sheet else ""
            place = f"{one.file}{sheet}!{line.cell}"
        cited = {**row, "source": row["source"] or one.file}
        yield Statement(FIGURES, cited, one.file, place)
    for reports in one.reports:
        within = reports.file[reports.file.find("[") :] if "[" in reports.file else ""
        for number, row in zip(reports.lines, reports.rows(), strict=True):
            book = f"{one.file}{within}"
            where = message("{file}, row {row}", file=book, row=number)
            yield Statement(reports.schema.name, row, one.file, where)


# All files.


def _known(known: Observations, store: Store | None) -> dict[tuple[Any, ...], list[Statement]]:
    """Return what the store has of each figure and report, the latest last."""
    by_identity: dict[tuple[Any, ...], list[Statement]] = defaultdict(list)
    if store is None:
        return by_identity
    file = store.path.name
    for table in (known.table, *store.reports()):
        for row in table.rows():
            statement = Statement(table.schema.name, row, file, file)
            by_identity[statement.identity].append(statement)
    for statements in by_identity.values():
        statements.sort(key=lambda s: last_day(s.published) if s.published else "")
    return by_identity


def _settled(
    said: Sequence[Statement], known: Mapping[tuple[Any, ...], Sequence[Statement]]
) -> tuple[list[Statement], list[Statement], list[tuple[Statement, ...]]]:
    """Return what is taken, what is said again, and what contradicts itself."""
    groups: dict[tuple[Any, ...], list[Statement]] = defaultdict(list)
    for statement in said:
        groups[statement.identity].append(statement)
    kept: list[Statement] = []
    repeated: list[Statement] = []
    contradictions: list[tuple[Statement, ...]] = []
    for identity, group in groups.items():
        is_figure, there = identity[0] == FIGURES, known.get(identity, ())
        agreed = _vintages(group) if is_figure else _united(group)
        if agreed is not None and there:
            agreed = _beyond(agreed, there) if is_figure else _added(agreed, there[-1])
        if agreed is None:
            contradictions.append((*group, *there[-1:]))
            continue
        kept += agreed
        places = [s.place for s in agreed]
        repeated += [s for s in group if s.place not in places]
    return kept, repeated, contradictions


def _beyond(agreed: Sequence[Statement], there: Sequence[Statement]) -> list[Statement] | None:
    """Return the vintages that the store lacks, or None if one of them is no later than its own."""
    new = [s for s in agreed if not any(_is_there(s, old, there) for old in there)]
    return new if all(_is_later(s, there[-1]) for s in new) else None


def _added(agreed: Sequence[Statement], last: Statement) -> list[Statement] | None:
    """Return the reports that say more than the store's last, or None if one contradicts it."""
    new = []
    for one in agreed:
        if one.agrees(last):
            one = _united_row(last, one)  # noqa: PLW2901 - the store's columns and the new ones
            if all(one.row.get(name) == value for name, value in last.row.items()):
                continue
        elif not _is_later(one, last):
            return None
        new.append(one)
    return new


def _is_later(statement: Statement, other: Statement) -> bool:
    """Return whether a statement says that it was published later."""
    if not statement.published:
        return False
    return not other.published or last_day(statement.published) > last_day(other.published)


def _is_there(statement: Statement, old: Statement, there: Sequence[Statement]) -> bool:
    """Return whether the store has a figure: its latest one, or the vintage of that day."""
    is_dated_alike = statement.published == old.published
    return statement.agrees(old) and (is_dated_alike or old is there[-1])


def _vintages(group: Sequence[Statement]) -> list[Statement] | None:
    """Return the vintages of a figure as the file with most of them has it, or None.

    A file that prints two, each with its day, revises the first: others may still have that.
    """
    by_file: dict[str, list[Statement]] = defaultdict(list)
    for statement in group:
        by_file[statement.file].append(statement)
    fullest = max(by_file.values(), key=len)
    by_day: dict[str, Statement] = {}
    for statement in fullest:
        if not by_day.setdefault(statement.published, statement).agrees(statement):
            return None
    if len(by_day) > 1 and "" in by_day:
        first = by_day.pop("")
        if not all(first.agrees(other) for other in by_day.values()):
            return None  # which of the two is the later one is not said
    days = sorted(by_day, key=lambda day: last_day(day) if day else "")
    last = by_day[days[-1]]
    for statement in group:
        is_earlier = bool(statement.published and days[-1]) and last_day(
            statement.published
        ) < last_day(days[-1])
        former = is_earlier and any(statement.agrees(one) for one in by_day.values())
        if not statement.agrees(last) and not former:
            return None
    return [by_day[day] for day in days]


def _united(group: Sequence[Statement]) -> list[Statement] | None:
    """Return what all reports on one work or task say together, or None where they differ."""
    if len({statement.file for statement in group}) == 1:
        return list(group)  # a file's own later reports replace its earlier ones
    first = group[0]
    for other in group[1:]:
        if not first.agrees(other):
            return None
        first = replace(_united_row(first, other), place=first.place, file=first.file)
    return [first]


def _united_row(first: Statement, other: Statement) -> Statement:
    """Return the other statement with what the first says, and its own where that is silent."""
    said = {name: value for name, value in first.row.items() if value is not None}
    return replace(other, row={**other.row, **said})


def _observations(kept: Sequence[Statement], returns: Sequence[Return]) -> Observations:
    remarks = [remark for one in returns for remark in one.observations.remarks]
    worded = {(r.indicator, r.period) for r in remarks if r.reason != "not_reported"}
    reported = {(s.subject, s.period) for s in kept if s.kind == FIGURES} | worded
    # an empty cell of one unit's form says nothing where another unit filled it in
    remarks = [
        r for r in remarks if r.reason != "not_reported" or (r.indicator, r.period) not in reported
    ]
    lines = tuple(line for one in returns for line in one.observations.lines)
    notes = tuple(note for one in returns for note in one.observations.notes)
    return Observations(_table(kept, FIGURES), tuple(dict.fromkeys(remarks)), notes, lines)


def _table(kept: Sequence[Statement], name: str) -> Table:
    rows = [statement.row for statement in kept if statement.kind == name]
    # the rows stood in several files: a row number would name none of them
    return replace(from_rows(name, rows), lines=()) if rows else empty(name)


def _missing(
    plan: Plan,
    observations: Observations,
    end: Period,
    contradictions: Sequence[Sequence[Statement]],
) -> Iterator[Due]:
    """Yield what is due; what came in twice, and differs, is not missing but to be settled."""
    came = {(group[0].subject, _month(group[0])) for group in contradictions}
    for item in missing_by_unit(plan, observations, end):
        if not came & {(item.id, item.period.last_day[:7]), (item.id, "")}:
            yield item


def _month(statement: Statement) -> str:
    """Return the month a statement ends with; a task's report stands for any."""
    is_task = statement.kind == "task_reports"
    return "" if is_task else period_of(statement.period).last_day[:7]


def owed(missing: Iterable[Due]) -> list[tuple[tuple[str, ...], list[Due]]]:
    """Return what is missing, each unit's together (of a joint duty: those units')."""
    by_units: dict[tuple[str, ...], list[Due]] = defaultdict(list)
    for item in missing:
        by_units[item.units].append(item)
    return list(by_units.items())
