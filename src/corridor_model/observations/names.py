"""Names as offices write them, brought to the ids of a plan."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corridor_model.errors import CellError
from corridor_model.formatting import excerpt
from corridor_model.messages import N_
from corridor_model.observations.figures import Label
from corridor_model.observations.headings import NOTE_MARK, name_aliases, parts, sense
from corridor_model.observations.vocabulary import (
    ANNEXES,
    BRACKET,
    DROPPED,
    LONGEST_WORD,
    NUMBERING,
    narrow,
)
from corridor_model.plan.plan import Plan


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
    """

    column: str
    ids: Mapping[str, str]
    names: Mapping[str, str]

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
        forms = ((unnumbered, self.ids), (_canonical(unnumbered), self._by_canonical))
        for spelling, ids in forms:
            if spelling in ids:
                return Label(ids[spelling])
            if (label := _with_parts(spelling, ids, text)) is not None:
                return label
        return None

    @cached_property
    def _by_canonical(self) -> dict[str, str]:
        """Ids by names in which an alias of ``data/heading_words.csv`` is its usual word."""
        ids: dict[str, str] = {}
        doubled: set[str] = set()
        for name, identifier in self.ids.items():
            word = _canonical(name)
            if ids.setdefault(word, identifier) != identifier:
                doubled.add(word)
        return {word: identifier for word, identifier in ids.items() if word not in doubled}

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


def _canonical(name: str) -> str:
    """Return a name with each alias of ``data/heading_words.csv`` as its usual word."""
    for alias, usual in name_aliases():
        name = name.replace(alias, usual)
    return name


_NOT_BEFORE = frozenset({"measure", "direction", "comparison", "unit"})
"""What makes a name another one when it stands before it: 实际 生产总值 is the real one."""
_DONE = frozenset({"完成", "实现"})


def _with_parts(word: str, ids: Mapping[str, str], text: str) -> Label | None:
    """Return the label whose name stands in a word, everything beside it understood."""
    inside = sorted((name for name in ids if name in word), key=len, reverse=True)
    for name in inside:
        before, _, behind = word.partition(name)
        if any(p.kind in _NOT_BEFORE and p.text not in _DONE for p in parts(before)):
            continue
        said = sense(tuple(part for part in (before, behind) if part), text)
        if said.why is None or said.meaning:
            return Label(ids[name], said)
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
    if column == "task":
        ids |= _places(plan)
    ids |= {normal_form(identifier): identifier for identifier in table["id"]}
    return Names(column, ids, dict(zip(table["id"], table[columns[0]], strict=True)))


def _places(plan: Plan) -> dict[str, str]:
    """Return task ids by their place, as 附件三/4.5 and 表三第4行5项."""
    places = {}
    for task in plan.tasks.values():
        annex = ANNEXES.get(task.table, str(task.table))
        part = f".{task.part}" if task.part else ""
        places[normal_form(f"附件{annex}/{task.row}{part}")] = task.id
        places[normal_form(f"{task.table}-{task.row}{part.replace('.', '-')}")] = task.id
    return places
