"""Which sums over works a study needs, and which levers turn which work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor_model.distributions import Distribution
from corridor_model.scenario.language.select import works_of
from corridor_model.scenario.works.effects import Effect
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import Lever, probe
from corridor_model.sensitivity.numbers import SPANS, span_of
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.reader import Reader
from corridor_model.sensitivity.work_terms import Addition, Opening, Spending, WorkTerms

if TYPE_CHECKING:
    from corridor_model.scenario.works.work import Work

ByWork = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Layout:
    """The table of sums: its rows, and what each work adds to them.

    Attributes
    ----------
    works : tuple of WorkTerms
        In the order of the plan.
    by_work : dict
        Work to field to the place of the lever that turns it.
    linear : dict of int to int
        Outputs that are a row, by place.
    added : dict of str to (int, int)
        First row and number of years of what works add to an indicator.
    rows : int
        How many.
    """

    works: tuple[WorkTerms, ...]
    by_work: ByWork
    linear: dict[int, int]
    added: dict[str, tuple[int, int]]
    rows: int


def lay_out(
    reader: Reader, asked: Sequence[Output], levers: Sequence[Lever], indicators: Sequence[str]
) -> Layout:
    """Return the layout of a study.

    Parameters
    ----------
    reader : Reader
        Plan and scenario.
    asked : sequence of Output
        Outputs.
    levers : sequence of Lever
        Inputs.
    indicators : sequence of str
        Indicators whose outlook any output reads.

    Raises
    ------
    SensitivityError
        If two levers turn the same number, or an uncertain work is turned by none.
    """
    by_work = _by_work(reader, levers)
    linear = {i: row for row, i in enumerate(i for i, one in enumerate(asked) if _summed(one))}
    rows = len(linear)
    added: dict[str, tuple[int, int]] = {}
    for name in indicators:
        turned = any(one.field == "effect" and one.indicator == name for one in levers)
        if turned or any(e.indicator == name for e in reader.resolved.effects):
            years = len(reader.outlook(reader.resolved, name).years)
            added[name] = rows, years
            rows += years
    works = tuple(
        _work(
            reader,
            _led(work, levers, by_work),
            planned,
            asked,
            linear,
            added,
            by_work.get(work.id, {}),
        )
        for work, planned in zip(reader.resolved.works, reader.planned.works, strict=True)
    )
    return Layout(works, by_work, linear, added, rows)


def _summed(one: Output) -> bool:
    return one.kind.of != "indicator" and one.word != "expected_reached"


def _by_work(reader: Reader, levers: Sequence[Lever]) -> ByWork:
    made: ByWork = {}
    for place, one in enumerate(levers):
        if not one.works:
            continue
        field = f"effect:{one.indicator}" if one.field == "effect" else one.field
        for name in works_of(probe(one.works), reader.plan):
            fields = made.setdefault(name, {})
            if field in fields:
                other = levers[fields[field]].name
                raise SensitivityError(
                    f"{other} and {one.name} turn the same number of {name!r}. Keep one.",
                    f"“{other}”与“{one.name}”改变的是“{name}”的同一个数，请只留一个。",
                )
            fields[field] = place
    return made


def _led(work: Work, levers: Sequence[Lever], by_work: ByWork) -> Work:
    """Return a work as its lever turns it: one of a group is moved, not stretched."""
    place = by_work.get(work.id, {}).get("delay")
    if place is None or levers[place].works == work.id:
        return work
    return replace(work, mode="move") if work.mode == "stretch" else work


def _work(
    reader: Reader,
    work: Work,
    planned: Work,
    asked: Sequence[Output],
    linear: dict[int, int],
    added: dict[str, tuple[int, int]],
    turned: dict[str, int],
) -> WorkTerms:
    """Return one work's rows; what is uncertain of it must be turned by a lever."""
    known = work.investment is not None or "investment" in turned
    fixed = _certain(work, turned, known)
    spendings, openings = [], []
    for place, row in linear.items():
        one = asked[place]
        if one.word in SPANS or one.word == "spending":
            first, last = span_of(one, reader.plan)
            if known and one.key in {"", work.id}:
                spendings.append(Spending(row, first, last))
        else:
            weight = reader.weight(one, work.id)
            if weight:
                openings.append(Opening(row, one.year, weight))
    additions = tuple(_additions(reader, work.id, added, turned)) if known else ()
    return WorkTerms(
        fixed, planned, reader.resolved.escalation, tuple(spendings), tuple(openings), additions
    )


def _certain(work: Work, turned: dict[str, int], known: bool) -> Work:
    """Return a work without distributions: a lever turns each of them that can do anything."""
    still = work.finished or (work.cancelled and "cancel" not in turned)
    for value, field, idle in (
        (work.months, "delay", still),
        (work.factor, "overrun", still or not known),
    ):
        if isinstance(value, Distribution) and field not in turned and not idle:
            raise SensitivityError(
                f"{field}:{work.id} is uncertain in the scenario and no input. Add it to "
                "the inputs, or set it to a number.",
                f"情景中“{field}:{work.id}”是不确定的，却不在输入中；请加入输入，或设为定值。",
            )
    if isinstance(work.months, Distribution):
        work = replace(work, months=0.0)
    return replace(work, factor=1.0) if isinstance(work.factor, Distribution) else work


def _additions(
    reader: Reader, work: str, added: dict[str, tuple[int, int]], turned: dict[str, int]
) -> Iterator[Addition]:
    held = {e.indicator: e for e in reader.resolved.effects if e.project == work}
    for indicator, (row, years) in added.items():
        effect = held.get(indicator)
        if effect is None and f"effect:{indicator}" in turned:
            effect = Effect(work, indicator, 0.0, 0, 1.0, "user", "")
        if effect is not None:
            yield Addition(row, indicator, reader.plan.about.first_year, years, effect)
