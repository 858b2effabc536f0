"""Names as offices write them, brought to the ids of a plan."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from corridor_model.errors import CellError
from corridor_model.plan.plan import Plan

_DROPPED = re.compile("[\\s\"'“”‘’《》「」·*★]")
_PREFIX = re.compile(
    r"^(?:其中[:：]?|#|\(?[一二三四五六七八九十]+[)、.]|\(\d{1,3}\)|\d{1,3}[、.．])"
)
_BRACKET = re.compile(r"\([^()]*\)$")
_ANNEX = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Names:
    """Ids of one table by every spelling that means one of them.

    Attributes
    ----------
    column : str
        The column the ids belong in: ``indicator``, ``project`` or ``task``.
    ids : mapping of str to str
        Id by normalised spelling.
    shown : mapping of str to str
        Name by id, for suggestions.
    """

    column: str
    ids: Mapping[str, str]
    shown: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """Return the id a text means, or None.

        Quotes, blanks, numbering and a bracket at the end are forgiven; another word is not.
        """
        word = normalised(text)
        tried = [word, _BRACKET.sub("", word), _PREFIX.sub("", word)]
        tried.append(_BRACKET.sub("", tried[2]))
        return next((self.ids[name] for name in tried if name in self.ids), None)

    def unknown(self, text: str) -> CellError:
        """Return the mistake of a name that means nothing here, with the nearest known one."""
        word = normalised(text)
        near = difflib.get_close_matches(word, self.ids, n=1, cutoff=0.5)
        short = text if len(text) <= 40 else text[:37] + "..."
        what = (f"“{short}”不在{self.column}s表中。", f"{short!r} is not in {self.column}s.")
        if not near:
            return CellError(
                *what,
                f"请填写编号或规划中的名称（corridor plan --table {self.column}s）。",
                f"Use an id or a name of the plan (corridor plan --table {self.column}s).",
            )
        found = self.ids[near[0]]
        name = self.shown.get(found, found)
        return CellError(
            *what, f"是否应为“{name}”（{found}）？", f"Did you mean {found!r} ({name})?"
        )


def normalised(text: str) -> str:
    """Return a name without blanks, quotes and stars, in narrow lower-case characters.

    Examples
    --------
    >>> normalised("规上工业企业 发明专利申请“清零”率")
    '规上工业企业发明专利申请清零率'
    """
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).lower()


def names_of(plan: Plan, column: str) -> Names:
    """Return the spellings of a plan's indicators, projects or tasks."""
    table = plan.tables[f"{column}s"]
    ids: dict[str, str] = {}
    doubled: set[str] = set()
    named = ("name",) if column == "task" else ("name_zh", "name_en")
    for name in named:
        for text, identifier in zip(table[name], table["id"], strict=True):
            word = normalised(text or "")
            if word and ids.setdefault(word, identifier) != identifier:
                doubled.add(word)
    for word in doubled:
        del ids[word]
    if column == "task":
        ids |= _places(plan)
    ids |= {normalised(identifier): identifier for identifier in table["id"]}
    shown = dict(zip(table["id"], table[named[0]], strict=True))
    return Names(column, ids, shown)


def _places(plan: Plan) -> dict[str, str]:
    """Return task ids by their place, as 附件三/4.5 and 表三第4行5项."""
    found = {}
    digits = {number: word for word, number in _ANNEX.items()}
    for task in plan.tasks.values():
        annex = digits.get(task.table, str(task.table))
        part = f".{task.part}" if task.part else ""
        found[normalised(f"附件{annex}/{task.row}{part}")] = task.id
        found[normalised(f"{task.table}-{task.row}{part.replace('.', '-')}")] = task.id
    return found
