"""Sections of the page: the answer, groups of promises, who can supply what is missing, units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import Array
from corridor_model.assessment.rollup import FAILING, NOBODY, roll_up
from corridor_model.codes import (
    BEHIND,
    MISSED,
    NOT_ASSESSABLE,
    REASONS,
    STATUSES,
    reason_word,
    status_word,
    worst_first,
)
from corridor_model.formatting import rounded
from corridor_model.messages import N_, Translator
from corridor_model.report.annexes import item_name
from corridor_model.report.bulletin import KIND_TITLES
from corridor_model.report.cards import Line
from corridor_model.report.standing import Standing
from corridor_model.text.bulletin import counted, lacking, period_name, sentences

if TYPE_CHECKING:
    import xarray as xr


# The answer.

CLASSES = (*(status for status in STATUSES if status != NOT_ASSESSABLE), NOT_ASSESSABLE)
"""The six classes in the order of the strip."""


class Class(NamedTuple):
    """A verdict with its number, and what its count holds."""

    status: str
    word: str
    n: int
    note: str


class Part(NamedTuple):
    """A clause of the answer; ``fails`` where it speaks of what is behind or missed."""

    text: str
    fails: bool = False


def answer(standing: Standing, t: Translator) -> list[Part]:
    """Return the answer in one sentence, as clauses that no line break parts."""
    counts = standing.counts["targets"]
    good = counts["total"] - counts["behind"] - counts["missed"] - counts[NOT_ASSESSABLE]
    clauses = [
        Part(t("Of {n} targets ", n=counts["total"])),
        Part(t("{n} are achieved or on schedule, ", n=good)),
        Part(t("{n} are behind, ", n=counts[BEHIND]), bool(counts[BEHIND])),
        Part(t("{n} were missed, ", n=counts[MISSED]), bool(counts[MISSED])),
        Part(t("and {n} cannot be assessed.", n=counts[NOT_ASSESSABLE])),
    ]
    return [clause for clause in clauses if clause.text]


def classes(standing: Standing, t: Translator) -> list[Class]:
    """Return the six classes with their counts, which sum to all targets."""
    counts = standing.counts["targets"]
    late = sum(bool(standing.row_of(p)["met_late"]) for p in standing.promises)
    notes = {
        MISSED: t("{n} of them met later", n=late) if late else "",
        NOT_ASSESSABLE: t("reasons below") if counts[NOT_ASSESSABLE] else "",
    }
    return [
        Class(status, status_word(status, t.lang), counts[status], notes.get(status, ""))
        for status in CLASSES
    ]


def outlook(standing: Standing, simulation: xr.Dataset | None, t: Translator) -> str:
    """Return how many promises will be kept on average; empty without a simulation."""
    if simulation is None or not int(simulation.attrs["n_promises"]):
        return ""
    at = simulation.isel(scenario=0)
    low, high = (kept_at(at["n_reached"].values, level) for level in (0.05, 0.95))
    if low == high:
        return t(
            "Of {of} promises with known odds {n} are kept: every one is settled.",
            of=int(simulation.attrs["n_promises"]),
            n=low,
        )
    return t(
        "Of {of} promises with known odds, {mean} will be kept on average by the end of {year}; "
        "with nine chances in ten between {low} and {high}.",
        of=int(simulation.attrs["n_promises"]),
        mean=rounded(float(at["n_reached_mean"]), 2),
        year=int(simulation.attrs["horizon"]),
        low=low,
        high=high,
    )


def kept_at(chances: Array, level: float) -> int:
    """Return the least number of promises kept with at least this probability or fewer.

    Parameters
    ----------
    chances : ndarray, shape (N + 1,)
        Probability that exactly n are kept.
    level : float
        Of the distribution.

    Examples
    --------
    >>> import numpy as np
    >>> kept_at(np.array([0.02, 0.08, 0.8, 0.1]), 0.05)
    1
    """
    return int(np.searchsorted(np.cumsum(chances), level - 1e-12))


# Groups: where it is behind.


class Mark(NamedTuple):
    """A promise as a mark: its anchor, name and verdict."""

    number: int
    name: str
    status: str
    word: str


class Group(NamedTuple):
    """A group of promises, the worst first; what fails, and all."""

    name: str
    lines: tuple[Line, ...]
    failing: int
    total: int
    counts: str

    @property
    def marks(self) -> list[Mark]:
        """The promises as marks."""
        return [
            Mark(line.number, line.name, line.verdict.status, line.verdict.word)
            for line in self.lines
        ]


def groups(
    standing: Standing, assessment: xr.Dataset, lines: Mapping[str, Line], t: Translator
) -> list[Group]:
    """Return the groups of the plan, the worst first, each promise once; stretch ones apart.

    Parameters
    ----------
    standing : Standing
        Where the plan stands.
    assessment : Dataset
        Of ``assess``.
    lines : mapping of str to Line
        Rows by promise.
    t : Translator
        Of the language.
    """
    frame = roll_up(standing.plan, assessment, by="group")
    parted: list[Group] = []
    for _, row in frame.iterrows():
        ids = [one for one in str(row["parts"]).split(";") if one]
        if ids:
            name = str(row[f"name_{t.lang}"])
            parted.append(_group(name, [lines[one] for one in ids], t))
    if standing.stretch:
        stretch = [lines[promise.id] for promise in standing.stretch]
        parted.append(_group(t("Stretch targets, not counted above"), stretch, t))
    return parted


def _group(name: str, lines: Sequence[Line], t: Translator) -> Group:
    numbers = dict.fromkeys(reversed(CLASSES), 0)
    for line in lines:
        numbers[line.verdict.status] += 1
    failing = sum(numbers[status] for status in FAILING)
    words = [(status_word(s, t.lang), numbers[s]) for s in CLASSES if numbers[s]]
    return Group(name, tuple(lines), failing, len(lines), counted(words, t))


# What is behind: who leads it. What cannot be assessed: who can supply it, or only time can.


class Failing(NamedTuple):
    """Promises behind or missed that the same units lead."""

    who: str
    lines: tuple[Line, ...]


def failing(standing: Standing, lines: Mapping[str, Line], t: Translator) -> list[Failing]:
    """Return what is behind or missed by who leads it, the most first."""
    led: dict[str, list[Line]] = {}
    for promise in standing.failing:
        line = lines[promise.id]
        led.setdefault(line.lead or t.of(NOBODY), []).append(line)
    return [Failing(who, tuple(led[who])) for who in sorted(led, key=lambda who: -len(led[who]))]


def besides(standing: Standing, t: Translator) -> str:
    """Return in one sentence each what became of works and of tasks."""
    kinds = [
        t(
            "{kind}: {n}; {behind} behind, {missed} missed, {open} not assessable.",
            kind=t(KIND_TITLES[kind]),
            n=counts["total"],
            behind=counts[BEHIND],
            missed=counts[MISSED],
            open=counts[NOT_ASSESSABLE],
        )
        for kind, counts in standing.counts.items()
        if kind != "targets" and counts["total"]
    ]
    return sentences(kinds, t)


LACKING = {
    "not_reported": N_("no figure of {period}"),
    "no_baseline": N_("no baseline of {year}"),
    "bound_unknown": N_("the figure it is compared with is unknown"),
    "no_date": N_("the document names no date"),
}
"""Reasons that somebody can mend, the first ones soonest."""


SUPPLIES = 6
"""Promises that one row of the list names before it folds the rest."""


class Supply(NamedTuple):
    """Something lacking: who can supply it, what, and of which promises."""

    who: str
    what: str
    lines: tuple[Line, ...]

    @property
    def first(self) -> tuple[Line, ...]:
        """The promises named at once."""
        return self.lines[:SUPPLIES]

    @property
    def rest(self) -> tuple[Line, ...]:
        """Those that are folded."""
        return self.lines[SUPPLIES:]


class Waiting(NamedTuple):
    """Promises that wait for one reason."""

    reason: str
    lines: tuple[Line, ...]


def supplies(
    standing: Standing, lines: Mapping[str, Line], t: Translator
) -> tuple[list[Supply], list[Waiting]]:
    """Return what is lacking with who can supply it, and what waits for another reason.

    Both together are all promises that cannot be assessed.
    """
    wanted: dict[tuple[str, str], list[Line]] = {}
    waiting: dict[str, list[Line]] = {}
    order = list(LACKING)
    open_ = [p for p in standing.promises if p.status == NOT_ASSESSABLE]
    for promise in sorted(open_, key=lambda p: order.index(p.reason) if p.reason in order else 9):
        line = lines[promise.id]
        if promise.reason in LACKING:
            row = standing.row_of(promise)
            what = t(
                LACKING[promise.reason],
                period=lacking(row, standing.period, t) or period_name(standing.period, t),
                year=standing.plan.about.first_year - 1,
            )
            wanted.setdefault((line.lead or t.of(NOBODY), what), []).append(line)
        else:
            waiting.setdefault(promise.reason, []).append(line)
    supplied = [Supply(who, what, tuple(named)) for (who, what), named in wanted.items()]
    return supplied, [
        Waiting(reason_word(reason, t.lang), tuple(waiting[reason]))
        for reason in REASONS
        if reason in waiting
    ]


# Units: what each leads.


class Item(NamedTuple):
    """A target, work or task that a unit leads, with its verdict."""

    name: str
    kind: str
    status: str
    word: str


class UnitList(NamedTuple):
    """A unit: its place or why it has none, its numbers in words, what it leads, worst first."""

    name: str
    place: str
    counts: str
    items: tuple[Item, ...]


NOTES = {
    "too_few_items": N_("fewer than three assessed items, not ranked"),
    "left_out": N_("not ranked"),
}


def unit_lists(standing: Standing, t: Translator) -> list[UnitList]:
    """Return every unit with all it leads, ranked ones first; equal shares have equal places."""
    return [_unit_list(standing, unit, t) for unit in standing.units]


def _unit_list(standing: Standing, unit: Mapping[str, object], t: Translator) -> UnitList:
    name = str(unit["unit"])
    items = [
        Item(
            item_name(standing, one, t),
            t(KIND_TITLES[kind]),
            str(one["status"]),
            reason_word(str(one["reason"]), t.lang)
            if one["status"] == NOT_ASSESSABLE
            else status_word(str(one["status"]), t.lang),
        )
        for kind, rows in standing.by_unit[name].items()
        for one in rows
    ]
    items.sort(key=lambda item: worst_first(item.status))
    tied = sum(other["rank"] == unit["rank"] for other in standing.units) > 1
    if not unit["rank"]:
        place = t(NOTES.get(str(unit["note"]), "not ranked"))
    elif tied:
        place = t("place {rank}, shared", rank=unit["rank"])
    else:
        place = t("place {rank}", rank=unit["rank"])
    counts = t(
        "{behind} of {assessed} assessed items behind or missed, {open} not assessable",
        behind=unit["behind"], assessed=unit["assessed"], open=unit["not_assessable"],
    )  # fmt: skip
    return UnitList(name, place, counts, tuple(items))
