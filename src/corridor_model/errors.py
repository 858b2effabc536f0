"""What the library raises: one base class, and mistakes reported all at once."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass


class CorridorError(Exception):
    """Base class of every error this library raises on purpose.

    Parameters
    ----------
    said : str
        What is wrong and what to do, in English.
    zh : str, optional
        The same for a Chinese reader; the command line shows it.
    """

    def __init__(self, said: str = "", zh: str = ""):
        super().__init__(said)
        self.zh = zh

    def text(self, lang: str = "en") -> str:
        """Return the message in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" and self.zh else str(self)


class GrowthUndefinedError(CorridorError, ValueError):
    """A growth relation has no value for these numbers (S7)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a user's file: what, where, and what to do.

    Attributes
    ----------
    what_zh, what_en : str
        What is wrong, as a sentence.
    remedy_zh, remedy_en : str
        What to do about it.
    file : str
        File or sheet, as the user named it; empty where there is none.
    row : int or None
        Row as a spreadsheet counts it (the header is row 1).
    column : str
        Column name; empty where the whole row or file is meant.
    """

    what_zh: str
    what_en: str
    remedy_zh: str = ""
    remedy_en: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""

    def text(self, lang: str = "en") -> str:
        """Return the problem as one line in ``"zh"`` or ``"en"``."""
        if lang == "zh":
            row = "" if self.row is None else f"第{self.row}行"
            column = f"“{self.column}”列" if self.column else ""
            where = " ".join(part for part in (self.file, row + column) if part)
            return (
                f"{where}：{self.what_zh}{self.remedy_zh}"
                if where
                else self.what_zh + self.remedy_zh
            )
        row = "" if self.row is None else f"row {self.row}"
        column = f"column {self.column}" if self.column else ""
        where = ", ".join(part for part in (self.file, row, column) if part)
        said = " ".join(part for part in (self.what_en, self.remedy_en) if part)
        return f"{where}: {said}" if where else said


class CorridorWarning(UserWarning):
    """Something a person should look at; the result stands all the same.

    Attributes
    ----------
    problem : Problem
        What, where and what to do.
    """

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(problem.text("en"))

    def text(self, lang: str = "en") -> str:
        """Return the warning as one line in ``"zh"`` or ``"en"``."""
        return self.problem.text(lang)


class PlanError(CorridorError, ValueError):
    """A plan, or a table a user brought, has mistakes; all of them are listed.

    Attributes
    ----------
    problems : tuple of Problem
        Every mistake found, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, lang: str = "en") -> str:
        """Return all problems, one a line, in ``"zh"`` or ``"en"``."""
        count = len(self.problems)
        lines = [problem.text(lang) for problem in self.problems]
        if count == 1:
            return lines[0]
        head = f"共 {count} 处错误：" if lang == "zh" else f"{count} mistakes:"
        return "\n".join([head, *(f"  {line}" for line in lines)])


# Numbers as people hand them over, Python's or NumPy's, as plain numbers of Python.

LONGEST = 60
"""Signs of a wrong value that a message repeats."""


def finite(value: object) -> float | None:
    """Return a number as a plain float; None for what is no finite number.

    Texts and truth values are no numbers, also where ``float`` would take them.

    Examples
    --------
    >>> finite(12), finite("12"), finite(True), finite(10**400), finite(math.nan)
    (12.0, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        made = float(value)
    except OverflowError:
        return None
    return made if math.isfinite(made) else None


def whole(value: object) -> int | None:
    """Return a whole number as a plain int; None for anything else.

    Examples
    --------
    >>> whole(2022.0), whole(2022.5), whole("2022")
    (2022, None, None)
    """
    made = finite(value)
    return int(value) if made is not None and made.is_integer() else None  # type: ignore[call-overload]


def short(value: object) -> str:
    """Return a wrong value as a message can repeat it: a number plainly, and no page of digits.

    Examples
    --------
    >>> short("36"), len(short(10**4000))
    ("'36'", 60)
    """
    try:
        said = repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return f"{type(value).__name__} ..."
    return said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."


class CellError(Exception):
    """A cell that cannot be read; carries the mistake and the remedy in both languages."""

    def __init__(self, what_zh: str, what_en: str, remedy_zh: str = "", remedy_en: str = ""):
        super().__init__(what_en)
        self.what_zh, self.what_en = what_zh, what_en
        self.remedy_zh, self.remedy_en = remedy_zh, remedy_en
