"""What the library raises: one base class, and mistakes reported all at once."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corridor_model.messages import N_, Listing, Message, Worded, message, plural, printable

MOST_LINES = 100
"""Mistakes that a text lists; all of them stand in ``problems``."""

LONGEST_TEXT = 3_000
"""Characters of one message: what is quoted from a file or a command line may be of any length."""


def _bounded(text: str) -> str:
    """Return a message that a terminal can show, its beginning and its end kept."""
    text = printable(text)
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT * 2 // 3]} … {text[-LONGEST_TEXT // 3 :]}"


class CorridorError(ValueError):
    """Base class of every error this library raises on purpose.

    Parameters
    ----------
    message : str or Message
        What is wrong and what to do: a template marked by ``N_``, or a message.
    **fields
        Fields of the template.
    """

    def __init__(self, message: str | Message = "", /, **fields: Any):
        self.message = message if isinstance(message, Message) else Message(message, fields)
        super().__init__(self.message)

    def text(self, lang: str = "en") -> str:
        """Return the message in ``"zh"`` or ``"en"``."""
        return _bounded(self.message.text(lang))

    def __str__(self) -> str:
        return self.text("en")


class GrowthUndefinedError(CorridorError):
    """A growth relation has no value for these numbers (S7)."""


_PLACES = {
    (True, True, True): N_("{file}, row {row}, column {column}: {what}"),
    (True, True, False): N_("{file}, row {row}: {what}"),
    (True, False, True): N_("{file}, column {column}: {what}"),
    (True, False, False): N_("{file}: {what}"),
    (False, True, True): N_("row {row}, column {column}: {what}"),
    (False, True, False): N_("row {row}: {what}"),
    (False, False, True): N_("column {column}: {what}"),
    (False, False, False): "{what}",
}


NOTHING = Message("")
"""A sentence that says nothing, such as the remedy where none can be advised."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a user's file: what, where, and what to do.

    Attributes
    ----------
    what : Message
        What is wrong, as a sentence.
    remedy : Message
        What to do about it; an empty one where nothing can be advised.
    file : str
        File or sheet, as the user named it; empty where there is none.
    row : int or None
        Row as a spreadsheet counts it (the header is row 1).
    column : str
        Column name; empty where the whole row or file is meant.
    """

    what: Worded
    remedy: Worded = NOTHING
    file: str = ""
    row: int | None = None
    column: str = ""

    def text(self, lang: str = "en") -> str:
        """Return the problem as one line in ``"zh"`` or ``"en"``."""
        place = _PLACES[bool(self.file), self.row is not None, bool(self.column)]
        what = _with_remedy(self.what, self.remedy)
        fields = {"file": self.file, "row": self.row, "column": self.column, "what": what}
        return _bounded(Message(place, fields).text(lang))


def _with_remedy(what: Worded, remedy: Worded) -> Message:
    if not remedy.text():
        return Message("{what}", {"what": what})
    return message("{what} {remedy}", what=what, remedy=remedy)


class CellError(Exception):
    """What is wrong with one cell, and what to do; the caller knows where it stands.

    Attributes
    ----------
    what, remedy : Message
        As of a `Problem`.
    """

    def __init__(self, what: str | Worded, remedy: str | Worded = "", **fields: Any):
        self.what = Message(what, fields) if isinstance(what, str) else what
        self.remedy = Message(remedy, fields) if isinstance(remedy, str) else remedy
        super().__init__(self.what, self.remedy)

    def __str__(self) -> str:
        return self.message.text()

    @property
    def message(self) -> Message:
        """Mistake and remedy in one, for where there is no place to name."""
        return _with_remedy(self.what, self.remedy)

    def at(self, file: str = "", row: int | None = None, column: str = "") -> Problem:
        """Return the problem this is at a place."""
        return Problem(self.what, self.remedy, file, row, column)


class CorridorWarning(UserWarning):
    """Something a person should look at; the result stands all the same.

    Attributes
    ----------
    problem : Problem
        What, where and what to do.
    """

    def __init__(self, problem: Problem):
        if not isinstance(problem, Problem):
            raise TypeError(f"a warning is of a Problem, not {problem!r:.60}")
        self.problem = problem
        super().__init__(problem.text("en"))

    def text(self, lang: str = "en") -> str:
        """Return the warning as one line in ``"zh"`` or ``"en"``."""
        return self.problem.text(lang)


class ConvergenceWarning(CorridorWarning):
    """A study has drawn too little to be relied on."""


NAMED = 3
"""Results that a warning names."""


def warn_not_converged(
    what: Callable[..., Message], names: Sequence[str], remedy: Message, stacklevel: int
) -> None:
    """Warn once of all results that have not converged.

    Parameters
    ----------
    what : callable
        From a count and the field ``outputs`` to what is said of them.
    names : sequence of str
        Of the results; nothing is said of none.
    remedy : Message
        How many draws would do.
    stacklevel : int
        Of the frame that asked, as :func:`warnings.warn` counts.
    """
    if names:
        some = Listing([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])
        problem = Problem(what(len(names), outputs=some), remedy)
        warnings.warn(ConvergenceWarning(problem), stacklevel=stacklevel + 1)


class UnknownNameError(CorridorError, KeyError):
    """A mapping of a plan has no entry of that name; also a KeyError, as of any mapping."""


_MOST_PROBLEMS = 1_000_000
"""An endless list of mistakes is not waited for."""


class PlanError(CorridorError):
    """A plan, or a table a user brought, has mistakes; all of them are listed.

    Attributes
    ----------
    problems : tuple of Problem
        Every mistake, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(islice(problems, _MOST_PROBLEMS))
        super().__init__()
        self.args = (self.problems,)

    def text(self, lang: str = "en") -> str:
        """Return the problems, one a line, in ``"zh"`` or ``"en"``; the first of very many."""
        lines = [problem.text(lang) for problem in self.problems[:MOST_LINES]]
        if len(lines) == 1:
            return lines[0]
        head = plural("{n} mistake:", "{n} mistakes:", len(self.problems)).text(lang)
        if more := len(self.problems) - len(lines):
            tail = plural("{n} more; mend these first.", "{n} more; mend these first.", more)
            lines.append(tail.text(lang))
        return "\n".join([head, *(f"  {line}" for line in lines)])

    def __str__(self) -> str:
        return self.text("en")
