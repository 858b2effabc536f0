"""What a bulletin speaks of: verdicts of now and of the period before, and who owes what.

Everything is asked once of the library; the bulletin words it and adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from corridor_model.assessment.assessment import assess
from corridor_model.assessment.rollup import FAILING, Promise, league, promises_of
from corridor_model.assessment.verdicts import tally
from corridor_model.assessment.works import WorksTotal, assess_tasks, assess_works, works_total
from corridor_model.codes import NOT_ASSESSABLE, STATUSES, worst_first
from corridor_model.errors import CorridorError
from corridor_model.messages import N_
from corridor_model.observations.forms import Due, missing_by_unit, responsible_units
from corridor_model.observations.model import KEY, Observations, known_from
from corridor_model.observations.validation import Doubt, doubts
from corridor_model.periods import Period, day_of, end_of, is_due
from corridor_model.plan.revisions import revisions_of
from corridor_model.rows import to_rows
from corridor_model.tabular.schema import nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.tabular.table import Table

Row: TypeAlias = Mapping[str, Any]


class Moves(NamedTuple):
    """What became of the promises since the period before, by id; the five sum to all."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    entered: tuple[str, ...]
    """Could not be assessed before."""
    left: tuple[str, ...]
    """Could be assessed before, and cannot now."""
    same: tuple[str, ...]


class Revision(NamedTuple):
    """A figure published anew, or a target revised: both values, and the verdicts on both.

    ``period`` is that of the figure, empty of a target; ``after`` is None where a target was
    withdrawn; ``status_before`` is empty where no verdict was possible.
    """

    indicator: str
    period: str
    since: str
    before: float | None
    after: float | None
    source: str
    status_before: str
    status: str


@dataclass(frozen=True)
class Standing:
    """A plan at a period, as the library has it.

    Attributes
    ----------
    plan : Plan
        With its reports on works and tasks.
    period, before : Period
        The period of the bulletin and the one before it; None before the plan began.
    rows, rows_before : mapping of str to mapping
        The variables of `assess`, by promise.
    promises, stretch : tuple of Promise
        What is counted, alternatives as one; and what is named apart (S4b).
    works, tasks, units : list of dict
        Rows of `assess_works`, `assess_tasks` and `league`.
    total : WorksTotal
        The works in one line; None where the plan has none.
    statuses_before : mapping of str to mapping
        Verdicts of the period before on ``targets``, ``works`` and ``tasks``, by id.
    missing, rest : list of Due
        What is owed and what is not there and not owed.
    figure_revisions, target_revisions : tuple
        Revisions known by the period of this year, the latest first.
    restated : mapping of str to str
        Promises whose verdict of the period before is another since figures were revised, and
        the verdict they had.
    doubts : tuple of Doubt
        Figures that count and look slipped.
    """

    plan: Plan
    period: Period
    before: Period | None
    rows: Mapping[str, Row]
    rows_before: Mapping[str, Row]
    promises: tuple[Promise, ...]
    stretch: tuple[Promise, ...]
    works: list[dict[str, Any]]
    total: WorksTotal | None
    tasks: list[dict[str, Any]]
    statuses_before: Mapping[str, Mapping[str, str]]
    units: list[dict[str, Any]]
    missing: list[Due]
    rest: list[Due]
    figure_revisions: tuple[Revision, ...]
    target_revisions: tuple[Revision, ...]
    restated: Mapping[str, str]
    doubts: tuple[Doubt, ...]

    @property
    def as_of(self) -> str:
        """The period as text."""
        return str(self.period)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Counts by status and by reason of ``targets``, ``works`` and ``tasks``.

        Of each, the statuses sum to what there is and the reasons to what is not assessable.
        """
        return {
            "targets": _counted((p.status, p.reason) for p in self.promises),
            "works": _counted((w["status"], w["reason"]) for w in self.works),
            "tasks": _counted((k["status"], k["reason"]) for k in self.tasks),
        }

    def moves(self, kind: str = "targets") -> Moves:
        """Return what became of ``targets``, ``works`` or ``tasks`` since the period before."""
        now = {
            "targets": {p.id: p.status for p in self.promises},
            "works": {w["project"]: w["status"] for w in self.works},
            "tasks": {k["task"]: k["status"] for k in self.tasks},
        }[kind]
        past = self.statuses_before[kind]
        lists: dict[str, list[str]] = {name: [] for name in Moves._fields}
        for name, status in now.items():
            lists[move(past.get(name, NOT_ASSESSABLE), status)].append(name)
        return Moves(**{name: tuple(ids) for name, ids in lists.items()})

    @cached_property
    def failing(self) -> tuple[Promise, ...]:
        """Promises behind or missed: what is late first, by deadline, and last what came late."""
        return tuple(
            sorted(
                (promise for promise in self.promises if promise.status in FAILING),
                key=lambda p: (
                    p.status != "behind",
                    bool(self.row_of(p)["met_late"]),
                    self.row_of(p)["due"],
                ),
            )
        )

    def row_of(self, promise: Promise) -> Row:
        """Return the variables of a promise; of alternatives those that gave its verdict."""
        return next(
            self.rows[name]
            for name in promise.indicators
            if self.rows[name]["status"] == promise.status
        )

    def due_tasks(self, first: int, last: int) -> list[dict[str, Any]]:
        """Return tasks whose deadline comes after one moment and by another."""
        return [
            task
            for task in self.tasks
            if task["deadline"] and first < end_of(str(task["deadline"])) <= last
        ]

    def overdue_tasks(self) -> list[dict[str, Any]]:
        """Return tasks whose deadline has come and that are not done, whatever was reported."""
        end = self.period.end
        return [k for k in self.tasks if is_due(k["deadline"], end) and k["state"] != "done"]

    @cached_property
    def by_unit(self) -> dict[str, dict[str, list[Row]]]:
        """What each unit leads: ``targets``, ``works``, ``tasks``, as name and status."""
        units: dict[str, dict[str, list[Row]]] = {}

        def put(unit: str, kind: str, item: Row) -> None:
            kinds = units.setdefault(unit, {"targets": [], "works": [], "tasks": []})
            kinds[kind].append(item)

        for promise in self.promises:
            for unit in promise.units:
                put(unit, "targets", {**self.row_of(promise), "status": promise.status})
        for kind, rows in (("works", self.works), ("tasks", self.tasks)):
            for row in rows:
                for unit in self.leads(row):
                    put(unit, kind, row)
        return units

    def of_unit(self, unit: str) -> Standing:
        """Return what one unit answers for, and what of it was not reported.

        Raises
        ------
        CorridorError
            If the unit answers for nothing, with the nearest name.
        """
        import pandas as pd

        if unit not in self.by_unit:
            raise no_such_unit(unit, self.by_unit)
        promises, stretch = (
            tuple(one for one in every if unit in one.units)
            for every in (self.promises, self.stretch)
        )
        names = {name for one in (*promises, *stretch) for name in one.indicators}
        indicators = {str(self.rows[name]["of"]) for name in names}
        works, tasks = (
            [row for row in rows if unit in self.leads(row)] for rows in (self.works, self.tasks)
        )
        known_works = pd.DataFrame(works)
        missing, rest = (
            [due for due in every if unit in due.units] for every in (self.missing, self.rest)
        )
        of_figures, of_targets = (
            tuple(one for one in every if one.indicator in names)
            for every in (self.figure_revisions, self.target_revisions)
        )
        return replace(
            self,
            rows={name: row for name, row in self.rows.items() if name in names},
            promises=promises,
            stretch=stretch,
            works=works,
            total=works_total(known_works) if works else None,
            tasks=tasks,
            units=[],
            missing=missing,
            rest=rest,
            figure_revisions=of_figures,
            target_revisions=of_targets,
            restated={p.id: self.restated[p.id] for p in promises if p.id in self.restated},
            doubts=tuple(doubt for doubt in self.doubts if doubt.indicator in indicators),
        )

    def leads(self, row: Row) -> tuple[str, ...]:
        """Return who leads a work or a task, by today's names."""
        names = str(row["lead_units"] or "").split(";")
        return tuple(dict.fromkeys(self.plan.units.get(n, n) for n in names if n))


def no_such_unit(unit: str, known: Collection[str]) -> CorridorError:
    """Return the error of a unit that answers for nothing, with the nearest name."""
    near = nearest(unit, known)
    return CorridorError(
        N_("{unit} answers for nothing in this plan. Did you mean {near}?")
        if near
        else N_("{unit} answers for nothing in this plan."),
        unit=unit,
        near=near,
    )


def _counted(verdicts: Iterable[tuple[str, str]]) -> dict[str, int]:
    pairs = list(verdicts)
    counts: dict[str, int] = dict(tally([s for s, _ in pairs], [r for _, r in pairs]))
    # what a bulletin prints adds up, or it is not printed
    assert sum(counts[status] for status in STATUSES) == len(pairs)
    return counts | {"total": len(pairs), "assessed": len(pairs) - counts[NOT_ASSESSABLE]}


def move(before: str, now: str) -> str:
    """Return which of `Moves` a pair of verdicts is."""
    if before == now:
        return "same"
    if NOT_ASSESSABLE in {before, now}:
        return "entered" if before == NOT_ASSESSABLE else "left"
    return "better" if worst_first(now) > worst_first(before) else "worse"


def standing_of(
    plan: Plan,
    period: Period,
    observations: Observations | None = None,
    known_by: str | None = None,
    method: str | None = None,
) -> Standing:
    """Return where a plan stands at a period.

    Parameters
    ----------
    plan : Plan
        With its reports on works and tasks.
    period : Period
        Of the bulletin.
    observations : Observations, optional
        Figures besides the plan's own.
    known_by : str, optional
        The day on which the figures were known (S15).
    method : str, optional
        How the years ahead are forecast; without one there are no probabilities.
    """
    before: Period | None = period.moved(-period.length)
    if before is not None and before.year < plan.about.first_year:
        before = None
    now = assess(plan, observations, period, known_by, method=method)
    then = None if before is None else assess(plan, observations, before, known_by, method=None)
    works = assess_works(plan, as_of=period, known_by=known_by)
    tasks = assess_tasks(plan, as_of=period, known_by=known_by)
    known = None if works.empty else works, None if tasks.empty else tasks
    every = promises_of(plan, now)
    table = _counting(plan, observations, period, known_by)
    pairs = _revised(table, period)
    return Standing(
        plan=plan,
        period=period,
        before=before,
        rows=rows_by_id(now),
        rows_before={} if then is None else rows_by_id(then),
        promises=tuple(p for p in every if p.tier != "stretch"),
        stretch=tuple(p for p in every if p.tier == "stretch"),
        works=to_rows(works),
        total=None if works.empty else works_total(works),
        tasks=to_rows(tasks),
        statuses_before={
            "targets": {} if then is None else {p.id: p.status for p in promises_of(plan, then)},
            "works": _statuses(assess_works, plan, before, known_by),
            "tasks": _statuses(assess_tasks, plan, before, known_by),
        },
        units=to_rows(league(plan, now, *known)),
        missing=missing_by_unit(plan, observations, period, known_by),
        rest=missing_by_unit(plan, observations, period, known_by, rest=True),
        figure_revisions=_figure_revisions(
            plan, observations, pairs, period, known_by, rows_by_id(now)
        ),
        target_revisions=_target_revisions(plan, period, rows_by_id(now)),
        restated=_restated(plan, observations, pairs, before, known_by, then),
        doubts=tuple(doubts(_in_force(table), plan)),
    )


def doubtful_figures(
    plan: Plan, observations: Observations | None, period: Period, known_by: str | None = None
) -> list[Doubt]:
    """Return the figures that count at a period and look slipped."""
    return doubts(_in_force(_counting(plan, observations, period, known_by)), plan)


def _counting(
    plan: Plan, observations: Observations | None, period: Period, known_by: str | None
) -> Table:
    """Return every vintage of the figures until a period that were known."""
    table = plan.tables["observations"]
    if observations is not None:
        table = table.merge(observations.table)
    return table.select(
        [
            place
            for place, (text, day) in enumerate(
                zip(table["period"], table["published"], strict=True)
            )
            if Period.of(text).end <= period.end and known_from(text, day) <= (known_by or "9999")
        ]
    )


def _vintages(table: Table) -> Iterator[list[int]]:
    """Yield the rows of each figure, the latest last."""
    vintages: dict[tuple[Any, ...], list[int]] = {}
    columns = [table[name] for name in KEY if name != "published"]
    for place, key in enumerate(zip(*columns, strict=True)):
        vintages.setdefault(key, []).append(place)
    days = list(map(known_from, table["period"], table["published"]))
    for places in vintages.values():
        yield sorted(places, key=lambda place: days[place])


def _in_force(table: Table) -> Table:
    """Return the latest vintage of each figure."""
    return table.select(sorted(places[-1] for places in _vintages(table)))


def _statuses(
    verdicts: Callable[..., pd.DataFrame], plan: Plan, before: Period | None, known_by: str | None
) -> dict[str, str]:
    frame = None if before is None else verdicts(plan, as_of=before, known_by=known_by)
    return {} if frame is None or frame.empty else dict(frame["status"])


def rows_by_id(assessment: xr.Dataset) -> dict[str, Row]:
    """Return the variables of each promise as plain Python; a mask stays NaN."""
    columns = {
        str(name): variable.to_numpy().tolist()
        for name, variable in assessment.variables.items()
        if variable.dims == ("indicator",)
    }
    base = {"base_year": assessment.attrs["base_year"]}
    lines = (dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True))
    return {line["indicator"]: line | base for line in lines}


# Revisions of the year of the bulletin, each with the verdict on the former value.


def _revised(table: Table, period: Period) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the figures that got another value in the year of a period: the old, the new."""
    lines = [line | {"day": known_from(line["period"], line["published"])} for line in table.rows()]
    return [
        (lines[old], lines[new])
        for places in _vintages(table)
        for old, new in pairwise(places)
        if lines[new]["day"][:4] >= str(period.year) and lines[old]["value"] != lines[new]["value"]
    ]


def _restated(
    plan: Plan,
    observations: Observations | None,
    revised: Sequence[tuple[dict[str, Any], dict[str, Any]]],
    before: Period | None,
    known_by: str | None,
    then: xr.Dataset | None,
) -> Mapping[str, str]:
    """Return the verdicts of the period before that its revised figures changed, as they were."""
    if before is None or then is None:
        return {}
    since = [
        (old, new)
        for old, new in revised
        if Period.of(old["period"]).end <= before.end and new["day"] > before.last_day
    ]
    if not since:
        return {}
    now = {promise.id: promise.status for promise in promises_of(plan, then)}
    former = promises_of(plan, _without(plan, observations, since, before, known_by))
    return {one.id: one.status for one in former if one.status != now[one.id]}


def _figure_revisions(
    plan: Plan,
    observations: Observations | None,
    revised: Sequence[tuple[dict[str, Any], dict[str, Any]]],
    period: Period,
    known_by: str | None,
    rows: Mapping[str, Row],
) -> tuple[Revision, ...]:
    if not revised:
        return ()
    former = rows_by_id(_without(plan, observations, revised, period, known_by))
    every = [
        Revision(
            old["indicator"],
            old["period"],
            new["day"],
            float(old["value"]),
            float(new["value"]),
            new["source"] or "",
            former[old["indicator"]]["status"],
            rows[old["indicator"]]["status"],
        )
        for old, new in revised
        if old["indicator"] in rows
    ]
    return tuple(sorted(every, key=lambda one: (one.since, one.indicator), reverse=True))


def _without(
    plan: Plan,
    observations: Observations | None,
    revised: Sequence[tuple[dict[str, Any], dict[str, Any]]],
    period: Period,
    known_by: str | None,
) -> xr.Dataset:
    """Return the verdicts as they would be without the later values."""
    later = {tuple(new[name] for name in KEY) for _, new in revised}

    def without(source: Observations) -> Observations:
        keys = source.table.keys()
        keep = [place for place, key in enumerate(keys) if key not in later]
        return replace(source, table=source.table.select(keep))

    own = without(Observations(plan.tables["observations"])).table
    bare = type(plan)({**plan.tables, "observations": own}, plan.example)
    rest = None if observations is None else without(observations)
    return assess(bare, rest, period, known_by, method=None)


def _target_revisions(plan: Plan, period: Period, rows: Mapping[str, Row]) -> tuple[Revision, ...]:
    known = [
        one
        for one in revisions_of(None, plan)
        if str(period.year) <= one.valid_from[:4] and one.valid_from <= period.last_day
    ]
    return tuple(
        Revision(
            one.indicator,
            "",
            one.valid_from,
            plan.targets[one.indicator].value,
            one.value,
            one.source or "",
            str(rows[one.indicator]["status_before"]),
            str(rows[one.indicator]["status"]),
        )
        for one in reversed(known)
    )


# Who owes how much, so that it sums.


def owed_by_unit(missing: Iterable[Due]) -> list[tuple[str, int]]:
    """Return how many items each unit owes, the first that leads; "" where none is named."""
    counts = Counter(item.units[0] if item.units else "" for item in missing)
    return sorted(counts.items(), key=lambda pair: (not pair[0], -pair[1], pair[0]))


def units_of(standing: Standing, row: Row) -> tuple[str, ...]:
    """Return the units that lead a promise."""
    return responsible_units(standing.plan).get(str(row["of"]), ())


def day_known(known_by: Any) -> str | None:
    """Return a day as text, or None."""
    return None if known_by is None else day_of(known_by)
