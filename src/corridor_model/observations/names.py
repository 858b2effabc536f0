"""Names as offices write them, brought to the ids of a plan."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from corridor_model.errors import CellError
from corridor_model.formatting import excerpt
from corridor_model.messages import N_
from corridor_model.observations.figures import Label
from corridor_model.observations.headings import NOTE_MARK, name_aliases, not_own, parts, sense
from corridor_model.observations.vocabulary import (
    ANNEXES,
    BRACKET,
    DROPPED,
    LONGEST_WORD,
    NUMBERING,
)
from corridor_model.plan.plan import Plan
from corridor_model.tabular.cells import narrow


@dataclass(frozen=True)
class Names:
    """Ids of one table by every spelling that means one of them.

    Attributes
    ----------
    column : str
        The column the ids belong in: ``indicator``, ``project`` or ``task``.
    ids : mapping of str to str
        Id by normalised spelling.
    names : mapping of str to str
        Name by id, for suggestions.
    levels : mapping of str to str
        Id of a growth indicator by the name of what grows: 工业增加值 of 工业增加值增速.
    """

    column: str
    ids: Mapping[str, str]
    names: Mapping[str, str]
    levels: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str) -> str | None:
        """Return the id a text means, or None.

        Quotes, blanks, numbering and a bracket at the end are forgiven; another word is not.
        """
        if len(text) > LONGEST_WORD:
            return None
        word = normal_form(text)
        unnumbered = NUMBERING.sub("", word)
        spellings = (word, BRACKET.sub("", word), unnumbered, BRACKET.sub("", unnumbered))
        return next((self.ids[name] for name in spellings if name in self.ids), None)

    def label(self, text: str) -> Label | None:
        """Return the indicator that a label names and what it says besides, or None (S22).

        Everything beside the name must be understood; a bracket that is not makes the row one
        that is passed over.

        Examples
        --------
        >>> import corridor_model as cm
        >>> label = names_of(cm.load_plan(), "indicator").label("生产总值同比下降（%）")
        >>> label.identifier, label.sense.kind, label.sense.sign
        ('gdp', 'growth', '-')
        """
        if len(text) > LONGEST_WORD:
            return None
        word = normal_form(NOTE_MARK.sub("", text))
        unnumbered = NUMBERING.sub("", word)
        for spelling in (word, unnumbered):
            if spelling in self.ids:
                return Label(self.ids[spelling])
        usual = _canonical(unnumbered)
        forms = ((unnumbered, self.ids), (usual, self._by_canonical))
        levels = ((unnumbered, self.levels), (usual, _by_canonical(self.levels)))
        for spelling, ids in (*forms, *levels):
            if spelling in ids:
                label: Label | None = Label(ids[spelling])
            else:
                label = _with_parts(spelling, ids, text)
            if label is not None:
                is_level = (spelling, ids) in levels and label.sense.kind != "growth"
                return replace(label, is_level=is_level)
        return None

    @cached_property
    def _by_canonical(self) -> dict[str, str]:
        return _by_canonical(self.ids)

    def unknown(self, text: str) -> CellError:
        """Return the mistake of a name that means nothing here, with the nearest known one."""
        near = difflib.get_close_matches(
            normal_form(text[:LONGEST_WORD]), self.ids, n=1, cutoff=0.5
        )
        meant = self.ids[near[0]] if near else ""
        return CellError(
            N_("{name!r} is not in {table}."),
            N_("Did you mean {id!r} ({name_zh})?")
            if near
            else N_("Use an id or a name of the plan (corridor plan --table {table})."),
            name=excerpt(text),
            table=f"{self.column}s",
            id=meant,
            name_zh=self.names.get(meant, meant),
        )


def _by_canonical(names: Mapping[str, str]) -> dict[str, str]:
    """Return ids by names in which an alias of ``data/heading_words.csv`` is its usual word."""
    ids: dict[str, str] = {}
    doubled: set[str] = set()
    for name, identifier in names.items():
        word = _canonical(name)
        if ids.setdefault(word, identifier) != identifier:
            doubled.add(word)
    return {word: identifier for word, identifier in ids.items() if word not in doubled}


def _canonical(name: str) -> str:
    """Return a name with each alias of ``data/heading_words.csv`` as its usual word."""
    for alias, usual in name_aliases():
        name = name.replace(alias, usual)
    return name


_NOT_BEFORE = frozenset({"measure", "direction", "comparison", "unit", "decoration"})
"""What makes a name another one when it stands before it: 实际 生产总值 is the real one."""
_DONE = frozenset({"完成", "实现"})


def _with_parts(word: str, ids: Mapping[str, str], text: str) -> Label | None:
    """Return the label whose name stands in a word, everything beside it understood."""
    inside = sorted((name for name in ids if name in word), key=len, reverse=True)
    for name in inside:
        before, _, behind = word.partition(name)
        if any(p.kind in _NOT_BEFORE and p.text not in _DONE for p in parts(before)):
            continue
        meant = sense(tuple(part for part in (before, behind) if part), text)
        turned = [part.text for part in parts(behind) if part.kind == "direction"]
        if turned and any(part.meaning == "growth" for part in parts(name)):
            why = not_own(text, turned[0], "difference")  # 增速回落: of the rate
            meant = replace(meant, kind="skip", why=why, meaning="difference")
        if meant.why is None or meant.meaning:
            return Label(ids[name], meant)
    for name in inside:
        if re.fullmatch(re.escape(name) + r"(?:\([^()]*\))+", word):
            return Label(ids[name], sense((word.removeprefix(name),), text))
    return None


def normal_form(text: str) -> str:
    """Return a name without blanks, quotes and stars, in narrow lower-case characters.

    Examples
    --------
    >>> normal_form("规上工业企业 发明专利申请“清零”率")
    '规上工业企业发明专利申请清零率'
    """
    return DROPPED.sub("", narrow(text)).lower()


def names_of(plan: Plan, column: str) -> Names:
    """Return the spellings of a plan's indicators, projects or tasks."""
    table = plan.tables[f"{column}s"]
    ids: dict[str, str] = {}
    ambiguous: set[str] = set()
    columns = ("name",) if column == "task" else ("name_zh", "name_en")
    for name in columns:
        for text, identifier in zip(table[name], table["id"], strict=True):
            word = normal_form(text or "")
            if word and ids.setdefault(word, identifier) != identifier:
                ambiguous.add(word)
    for word in ambiguous:
        del ids[word]
    levels = _levels(plan, ids) if column == "indicator" else {}
    if column == "task":
        ids |= _places(plan)
    ids |= {normal_form(identifier): identifier for identifier in table["id"]}
    return Names(column, ids, dict(zip(table["id"], table[columns[0]], strict=True)), levels)


_OF_GROWTH = frozenset({"measure", "direction", "comparison", "filler", "unit"})


def _levels(plan: Plan, ids: Mapping[str, str]) -> dict[str, str]:
    """Return growth indicators by the name of what grows, unless that is an indicator itself."""
    levels: dict[str, str] = {}
    doubled: set[str] = set()
    growing = {name for name, indicator in plan.indicators.items() if indicator.kind == "growth"}
    for name, identifier in ids.items():
        if identifier not in growing:
            continue
        pieces = list(parts(name))
        behind = []
        while pieces and pieces[-1].kind in _OF_GROWTH:
            behind.append(pieces.pop())
        word = name[: len(name) - sum(len(piece.text) for piece in behind)]
        grows = any(p.kind in {"direction", "comparison"} or p.meaning == "growth" for p in behind)
        if not word or not grows or word in ids:
            continue
        if levels.setdefault(word, identifier) != identifier:
            doubled.add(word)
    return {word: identifier for word, identifier in levels.items() if word not in doubled}


def _places(plan: Plan) -> dict[str, str]:
    """Return task ids by their place, as 附件三/4.5 and 表三第4行5项."""
    places = {}
    for task in plan.tasks.values():
        annex = ANNEXES.get(task.table, str(task.table))
        part = f".{task.part}" if task.part else ""
        places[normal_form(f"附件{annex}/{task.row}{part}")] = task.id
        places[normal_form(f"{task.table}-{task.row}{part.replace('.', '-')}")] = task.id
    return places
