"""Every mistake of a scenario for a plan: names, what is set of indicators, what is too late.

A change that makes no sense by itself is refused when it is made. Here it meets a plan: names
that nothing carries, values that an indicator cannot have, works cancelled after their end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.files import data_dir
from corridor_model.formatting import value_text
from corridor_model.messages import Listing, Message, Name, context, message
from corridor_model.periods import end_of, first_month, start_of
from corridor_model.plan.display import printed_text
from corridor_model.plan.records import printed_values
from corridor_model.plan.uncertainties import UNFORESEEN, Mistake, times_off
from corridor_model.plan.validation import level_mistake, target_mistake
from corridor_model.scenario.changes import (
    CHANGE_WORDS,
    Accelerate,
    AimChange,
    AsPlanned,
    Cancel,
    Change,
    ChangeName,
    Delay,
    EffectAsPlanned,
    SetBaseline,
    SetDates,
    SetEffect,
    SetGrowth,
    SetTarget,
    WhatIf,
    WorkChange,
    as_in_files,
    date_name,
    works_of,
)
from corridor_model.tabular.schema import CHOICES_ZH, listed_zh, nearest, synonyms

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator, Project
    from corridor_model.scenario.work import Work


LISTED = 8
"""Names that a message lists where none is near."""
MANY = 1e12
"""Times from which on a power of ten says more than digits."""
_NO_START = frozenset({"growth", *UNFORESEEN})


def mistakes(plan: Plan, scenario: WhatIf, works: Mapping[str, Work]) -> list[Problem]:
    """Return what is wrong with a scenario.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario
        Its changes.
    works : mapping of str to Work
        With every change put on that names any.

    Returns
    -------
    list of Problem
        Names nothing carries, what an indicator cannot have, and works cancelled that were
        finished before ``since``.
    """
    problems: list[Problem] = []
    wrong: list[Change] = []
    for place, change in enumerate(scenario.changes, 1):
        own = [*_names(change, plan), *_aim(change, plan, scenario)]
        if isinstance(change, SetDates) and change.given != "both":
            own += _backwards(change, plan)
        problems += [_problem(scenario, place, change, mistake) for mistake in own]
        wrong += [change] if own else []
    # a change with a wrong name could, had it the right one, undo a late cancellation
    if not any(_could_mend(change) for change in wrong):
        problems += _too_late(plan, scenario, works)
    return problems


def _problem(scenario: WhatIf, place: int, change: Change, mistake: Mistake) -> Problem:
    """Return a problem at the place of a change, in the words of who wrote it: Python or a file."""
    what, remedy = mistake
    if scenario.file is None:
        return Problem(what, remedy, f"{scenario.name} #{place} {type(change).__name__}")
    where = f"{scenario.file} {scenario.name} #{place} {CHANGE_WORDS[type(change)]}".strip()
    return Problem(as_in_files(what), as_in_files(remedy), where)


# Names that nothing carries, with the one that was likely meant.


@cache
def scenario_words() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what people write, by the library's word for it, of each kind of word.

    Kinds are ``change`` and ``entry`` of scenario files, and ``category``: what stands behind
    the name of one. ``data/scenario_words.csv`` is the project's own list of the words that
    planning offices use, Chinese and English; add a row there.
    """
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    with (data_dir() / "scenario_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = words.setdefault(row["of"], {})
            known[row["word"]] = (*known.get(row["word"], ()), row["written"])
    return words


def _names(change: Change, plan: Plan) -> Iterator[Mistake]:
    """Yield what is wrong with the names in one change."""
    if isinstance(change, WorkChange) and not works_of(change, plan):
        yield _no_works(change, plan)
    if not isinstance(change, AimChange | SetEffect | EffectAsPlanned):
        return
    promised = isinstance(change, SetTarget) and change.indicator in plan.targets
    if change.indicator not in plan.indicators and not promised:
        yield (
            message("there is no indicator {id!r}.", id=change.indicator),
            _likely(change.indicator, plan.indicators, "indicators"),
        )


def _no_works(change: WorkChange, plan: Plan) -> Mistake:
    kind, name = change.selector
    works = plan.projects.values()
    if kind == "all":
        return message("the plan has no works."), Message("")
    if kind == "id":
        return message("there is no work {id!r}.", id=name), _likely(
            name, plan.projects, "projects"
        )
    if kind == "category":
        return _no_category(name, sorted({work.category for work in works}))
    known = sorted({unit for work in works for unit in work.lead_units})
    near = nearest(name, known)
    return message("no work is led by {unit!r}.", unit=name), (
        message("Did you mean {near!r}?", near=near)
        if near
        else message("Known: {names}", names=Listing(known[:LISTED]))
    )


def _no_category(category: str, known: list[str]) -> Mistake:
    """Return the mistake of a category no work is of; a Chinese name leads to the word."""
    words = synonyms(tuple(known))
    short = category.strip()
    for ending in scenario_words()["category"][""]:  # «works», «projects»
        short = short.removesuffix(ending)
    near = short if short in words else nearest(short, words)
    word = words.get(near, "")
    if not word:
        # the end mark that the Chinese has is missing in English alone
        names = Name(listed_zh(tuple(known)), ", ".join(known))
        remedy = context("category", "Known: {categories}", categories=names)
    elif near == short:
        remedy = message("Write {word!r}.", word=word)
    else:
        own = CHOICES_ZH.get(word, ("",))[0]
        remedy = message(
            "Did you mean {word!r}?", word=Name(f"{word}（{own}）" if own else word, word)
        )
    return message("there is no category {category!r}.", category=category), remedy


def _likely(
    word: str, known: Mapping[str, Project] | Mapping[str, Indicator], table: str
) -> Message:
    """Return what to do about an unknown id; a name leads to its id."""
    if near := nearest(word, known):
        return message("Did you mean {near!r}?", near=near)
    names = {
        name: key for key, one in known.items() for name in (one.name("zh"), one.name("en")) if name
    }
    parts = [name for name in names if word and word in name]
    if near := nearest(word, names) or (parts[0] if parts else ""):
        return message("Write its id: {id} ({name}).", id=names[near], name=near)
    return message("Ids: `corridor plan --table {table}`.", table=table)


# What an indicator cannot have: what its kind has not, what it can never reach.


def _aim(change: Change, plan: Plan, scenario: WhatIf) -> Iterator[Mistake]:
    """Yield what is wrong with what one change sets of a known indicator."""
    name = getattr(change, "indicator", "")
    indicator = plan.indicators.get(name)
    if isinstance(change, SetTarget) and name in plan.targets:
        indicator = plan.targets[name]  # of several promises of an indicator, one
    if indicator is None:
        return
    own: list[Mistake | None] = []
    if isinstance(change, SetBaseline):
        own = [_start(change, indicator, _due(indicator, scenario))]
    elif isinstance(change, SetGrowth | SetTarget | SetEffect) and indicator.kind in UNFORESEEN:
        own = [_not_simulated(indicator)]
    elif isinstance(change, SetTarget):
        beyond = target_mistake(indicator.kind, change.value)
        own = [
            _target(change, indicator, plan),
            beyond or _in_another_unit(change.value, indicator),
        ]
    yield from filter(None, own)


def _due(indicator: Indicator, scenario: WhatIf) -> int | None:
    """Return the last year of a target, also where the scenario moves it."""
    moved = (
        change.year
        for change in scenario.changes
        if isinstance(change, SetTarget) and change.indicator == indicator.id and change.year
    )
    due = (target.year for target in indicator.targets if target.year is not None)
    return max((*due, *moved), default=None)


def _start(change: SetBaseline, indicator: Indicator, due: int | None) -> Mistake | None:
    if indicator.kind in _NO_START:
        return message(
            "{id!r} has no starting value: it is a growth, a milestone or a completion.",
            id=indicator.id,
        ), message("To set a growth use {set_growth}.", set_growth=ChangeName(SetGrowth))
    if due is not None and change.year >= due:
        return message(
            "{year} is not before the target year {due}.", year=change.year, due=due
        ), message("Check the year.")
    beyond = level_mistake(indicator.kind, change.value, indicator.unit, indicator.nature)
    return beyond or _start_in_another_unit(change, indicator)


def _start_in_another_unit(change: SetBaseline, indicator: Indicator) -> Mistake | None:
    """Return what is wrong with a start far above where the target is to lead."""
    rises = all(target.sense in {"at_least", "above"} for target in indicator.targets)
    known = [base.value for base in indicator.baselines]
    if not rises or any(times_off(change.value, value) is None for value in known):
        return None
    above = abs(change.value) > max(map(abs, printed_values(indicator)), default=0)
    return _in_another_unit(change.value, indicator) if above else None


def _in_another_unit(value: float, indicator: Indicator) -> Mistake | None:
    """Return what is wrong with a value that lies far from every printed one."""
    printed = printed_values(indicator)
    off = [times for one in printed if (times := times_off(value, one)) is not None]
    if indicator.kind == "rank" or not printed or len(off) < len(printed):
        return None
    fields = {
        "value": Name(*(value_text(value, indicator.unit, lang) for lang in ("zh", "en"))),
        "target": Name(*(printed_text(indicator, lang) for lang in ("zh", "en"))),
        "times": f"{min(off):.0f}" if min(off) < MANY else f"{min(off):.0e}",
    }
    if abs(value) > max(map(abs, printed)):
        what = message(
            "{value} is {times} times the printed target of {target}: a slip of unit?", **fields
        )
    else:
        what = message(
            "{value} is 1/{times} of the printed target of {target}: a slip of unit?", **fields
        )
    if indicator.unit == "%":
        return what, message("Values here are in %: 12 % is 12, not 0.12.")
    return what, message("Values here are in {unit}: convert yours.", unit=indicator.unit)


def _target(change: SetTarget, indicator: Indicator, plan: Plan) -> Mistake | None:
    first = plan.about.first_year
    if not indicator.targets:
        return message("{id!r} has no target to change.", id=indicator.id), message(
            "Enter one in targets first."
        )
    if change.year is not None and change.year < first:
        return message(
            "{year} lies before the plan's first year {first}.", year=change.year, first=first
        ), message("Check the year.")
    return None


def _not_simulated(indicator: Indicator) -> Mistake:
    if indicator.kind == "milestone":
        what = message(
            "{id!r} is a milestone and is not simulated: a growth, target or effect would change "
            "nothing.",
            id=indicator.id,
        )
    else:
        what = message(
            "{id!r} is a completion and is not simulated: a growth, target or effect would change "
            "nothing.",
            id=indicator.id,
        )
    return what, message(
        "Change the schedule of the works it depends on: {delay}, {accelerate}, {set_dates}.",
        delay=ChangeName(Delay),
        accelerate=ChangeName(Accelerate),
        set_dates=ChangeName(SetDates),
    )


# What comes too late, or would end before it begins.


def _backwards(change: SetDates, plan: Plan) -> Iterator[Mistake]:
    """Yield the first work that would end before it begins: one date given, the other printed."""
    for name in works_of(change, plan):
        printed = plan.projects[name]
        start, end = change.start or printed.start, change.end or printed.end
        if not start or not end or start_of(start) < end_of(end):
            continue
        fields = {"name": name, "start": date_name(start), "end": date_name(end)}
        if change.given == "end":
            yield (
                message(
                    "the end {end} of {name!r} lies before the printed start, {start}.", **fields
                ),
                message("Give start, too."),
            )
        else:
            yield (
                message(
                    "the start {start} of {name!r} lies after the printed end, {end}.", **fields
                ),
                message("Give end, too."),
            )
        return


def _could_mend(change: Change) -> bool:
    """Return whether a change, had it the right name, could undo a late cancellation."""
    group = isinstance(change, Cancel) and change.selector[0] != "id"
    back = isinstance(change, AsPlanned) and change.what in {Cancel.field, SetDates.field}
    return group or back or isinstance(change, SetDates)


def _too_late(plan: Plan, scenario: WhatIf, works: Mapping[str, Work]) -> Iterator[Problem]:
    """Yield works that are cancelled though finished; of a group only if all of it was."""
    last: dict[str, WorkChange] = {}  # who has the last word on whether a work is built
    for change in scenario.changes:
        if isinstance(change, WorkChange) and change.field == Cancel.field:
            last.update(dict.fromkeys(works_of(change, plan), change))
    for place, change in enumerate(scenario.changes, 1):
        if not isinstance(change, Cancel) or not any(change is one for one in last.values()):
            continue
        names = works_of(change, plan)
        if all(works[name].finished and works[name].cancelled for name in names):
            since = date_name(first_month(works[names[0]].since))
            mistake = (
                message(
                    "{work!r} was finished before {since} and cannot be cancelled.",
                    work=names[0],
                    since=since,
                ),
                message("Leave this change out, or set an earlier since."),
            )
            yield _problem(scenario, place, change, mistake)
