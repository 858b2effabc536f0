"""A cell as an office wrote it, turned into a value.

Full-width digits, thousands separators, percent signs, units behind a number, several
marks for «missing» and several ways to write a date all occur in real files. Each parser
takes the text of one cell and returns a value or raises :class:`CellError` with the
mistake in both languages. Nothing here knows of tables.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from corridor_model import units
from corridor_model.errors import CellError
from corridor_model.files import unguarded
from corridor_model.formatting import BLANKS, LONGEST, clean, excerpt
from corridor_model.messages import N_, Name
from corridor_model.periods import read_date
from corridor_model.tabular.schema import Column, listed_zh, synonyms
from corridor_model.tabular.table import Value

MISSING = frozenset({"", "—", "——", "–", "-", "－", "/", "／", "…", "……", "*", "无", "暂无"})
"""What offices write where there is no figure. Never 0."""

# possessive: a long run of digits before a letter would otherwise be tried in every split
_DIGITS = r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?"
_PLAIN_NUMBER = re.compile(_DIGITS)
# as text: compiled when a cell first needs them, which those of the bundled plan do not
_QUANTITY = rf"(?P<number>{_DIGITS})\s*+(?P<unit>\D.*)?"
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
_YEAR = re.compile(r"(\d{4})(?:\.0+)?年?")
WRITTEN_DATE = r"\d{4}\s*(?:-\s*\d{1,2}|年[\d月日]*)"
"""Pattern of what can only be a date, written without quotes in a file that needs them."""
_NO_UNIT = frozenset(",._-+/~–—\u2044") | frozenset("0123456789")
"""What no unit begins with: after a number these make a range, a date or a slip."""

_TRUE = frozenset({"yes", "true", "y", "1", "是", "√", "✓"})
_FALSE = frozenset({"no", "false", "n", "0", "否", "×", "✗"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit that stood beside it in the cell, or an empty unit."""

    value: float
    unit: str = ""


def parse_text(cell: str) -> str | None:
    """Return clean text, or None for a missing mark."""
    text = unguarded(clean(cell)).strip(BLANKS)
    return None if text in MISSING else text


def parse_unit(cell: str) -> str | None:
    """Return a unit in half width and without blanks."""
    text = parse_text(cell)
    return None if text is None else units.tidy(text)


def parse_quantity(cell: str) -> Quantity | None:
    """Return number and unit of a cell such as ``1,234.5``, ``３．３％`` or ``580亿元``.

    Raises
    ------
    CellError
        If there is no number, or one that is not finite.
    """
    if _PLAIN_NUMBER.fullmatch(cell):
        return _finite(cell, float(cell), "")
    text = unguarded(clean(cell))
    if text in MISSING:
        return None
    if not text.isascii() and _has_note_mark(text):
        raise _no_number(text)
    narrow = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‐", "-").strip()
    if narrow in MISSING:
        return None
    if re.match(r"[+-]?0\d{0,2},\d", narrow):
        raise CellError(
            N_("{text!r} begins with 0 and has a comma: it may be 0.4 or 400."),
            N_("Write it with a decimal point, or without the comma."),
            text=excerpt(text),
        )
    grouped = re.match(_GROUPED, narrow)
    if grouped:
        narrow = grouped.group().replace(",", "") + narrow[grouped.end() :]
    match = re.fullmatch(_QUANTITY, narrow)
    unit = (match["unit"] or "").strip() if match else ""
    if match is None or unit[:1] in _NO_UNIT:
        raise _no_number(text)
    return _finite(text, float(match["number"]), unit)


def _has_note_mark(text: str) -> bool:
    """Return whether a figure carries the mark of a note: 580① would be read as 5801."""
    return any(
        unicodedata.category(mark) == "No" and digit.isdecimal()
        for pair in pairwise(text)
        for mark, digit in (pair, pair[::-1])
    )


def _no_number(text: str) -> CellError:
    return CellError(
        N_("{text!r} is not a number."),
        N_("Enter a number, or leave the cell empty where there is no figure."),
        text=excerpt(text),
    )


def parse_integer(cell: str) -> int | None:
    """Return a whole number."""
    quantity = parse_quantity(cell)
    if quantity is None:
        return None
    if quantity.unit or quantity.value != int(quantity.value):
        raise CellError(
            N_("{text!r} is not a whole number."), N_("Enter a whole number."), text=excerpt(cell)
        )
    return int(quantity.value)


def parse_year(cell: str) -> int | None:
    """Return a calendar year between 1900 and 2200, also written ``2020年``."""
    text = parse_text(cell)
    if text is None:
        return None
    match = _YEAR.fullmatch(unicodedata.normalize("NFKC", text))
    if match and 1900 <= int(match[1]) <= 2200:
        return int(match[1])
    raise CellError(
        N_("{text!r} is not a year."),
        N_("Enter a year of four digits, such as 2022."),
        text=excerpt(text),
    )


def parse_date(cell: str) -> str | None:
    """Return ``2020``, ``2020-05`` or ``2020-05-31``: the precision is kept as written."""
    text = parse_text(cell)
    return None if text is None else read_date(text)


def parse_flag(cell: str) -> bool | None:
    """Return yes or no, also written 是 and 否."""
    text = parse_text(cell)
    if text is None:
        return None
    word = text.lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise CellError(
        N_("{text!r} is neither yes nor no."), N_("Enter yes or no."), text=excerpt(text)
    )


def list_parser(separators: str) -> Callable[[str], tuple[str, ...]]:
    """Return a parser that splits a cell at any of the separators and drops empty parts."""
    split = re.compile(f"[{re.escape(separators)}]").split

    def parse_list(cell: str) -> tuple[str, ...]:
        text = parse_text(cell)
        if text is None:
            return ()
        pieces = (piece.strip(BLANKS) for piece in split(text))
        return tuple(part for part in pieces if part not in MISSING)

    return parse_list


def choice_parser(choices: tuple[str, ...]) -> Callable[[str], str | None]:
    """Return a parser that accepts one of the words, in any case, or its Chinese name."""
    known = synonyms(choices)

    def parse_choice(cell: str) -> str | None:
        text = parse_text(cell)
        if text is None:
            return None
        try:
            return known[text.lower()]
        except KeyError:
            raise CellError(
                N_("{text!r} is not one of the allowed words."),
                N_("Allowed: {words}."),
                text=excerpt(text),
                words=Name(listed_zh(choices), " | ".join(choices)),
            ) from None

    return parse_choice


def _finite(text: str, value: float, unit: str) -> Quantity:
    if not math.isfinite(value):
        raise CellError(
            N_("{text!r} is too large to be a number here."),
            N_("Check the digits."),
            text=excerpt(text),
        )
    return Quantity(value + 0.0, unit)  # -0 is 0


# A column of cells at once: where all of them are plain, none is looked at alone.

_NUMERIC = frozenset("0123456789.-+eE")

_ODD = (" ;", "; ", *(f";{mark};" for mark in sorted(MISSING)))
"""A part of a list that is missing, or has blanks around it."""

Values = tuple[Value, ...]
Wrong = list[tuple[int, CellError]]


def parse_column(texts: tuple[str, ...], column: Column) -> tuple[Values, tuple[str, ...], Wrong]:
    """Return what the cells of a column say.

    Parameters
    ----------
    texts : tuple of str
        One text a row.
    column : Column
        What the schema says of it.

    Returns
    -------
    values : tuple
        One value a row; unknown where a cell is wrong.
    units : tuple of str
        Unit beside each number, or nothing at all if there is none.
    wrong : list of (int, CellError)
        Rows that cannot be read.
    """
    plain = _PLAIN.get(column.type, _nothing)(texts, column)
    if plain is not None:
        return plain, (), []
    parse = parser_of(column)
    known: dict[str, Value] = {}
    errors: dict[str, CellError] = {}
    for text in set(texts):
        try:
            known[text] = parse(text)
        except CellError as error:
            known[text] = () if column.type == "list" else None
            errors[text] = error
    wrong: Wrong = []
    if errors:
        wrong = [(row, errors[text]) for row, text in enumerate(texts) if text in errors]
    values = tuple(map(known.__getitem__, texts))
    if column.type != "number":
        return values, (), wrong
    numbers = tuple(None if quantity is None else quantity.value for quantity in values)
    return numbers, tuple("" if quantity is None else quantity.unit for quantity in values), wrong


def parser_of(column: Column) -> Callable[[str], Value]:
    """Return what reads one cell of a column."""
    match column.type:
        case "number":
            return parse_quantity
        case "integer":
            return parse_integer
        case "year":
            return parse_year
        case "date":
            return parse_date
        case "flag":
            return parse_flag
        case "choice":
            return choice_parser(column.choices)
        case "list":
            return list_parser(_separators(column))
        case _ if column.name == "unit" and not column.links:
            return parse_unit
        case _:
            return parse_text


def _separators(column: Column) -> str:
    """Offices are also listed with 、 and ，, which other texts contain."""
    return ";；、，" if column.links == "units.name" else ";；"


def _nothing(texts: tuple[str, ...], column: Column) -> Values | None:
    return None


def _stripped(texts: tuple[str, ...]) -> list[str] | None:
    """Return the texts without blanks around them, or None if they need more than that."""
    joined = "".join(texts)
    # printable: no control characters, no line breaks, no blank but the common one
    if not joined.isprintable() or "'" in joined or max(map(len, texts)) > LONGEST:
        return None
    return list(map(str.strip, texts))


def _texts(texts: tuple[str, ...], column: Column) -> Values | None:
    stripped = None if column.name == "unit" else _stripped(texts)
    if stripped is None or MISSING.isdisjoint(stripped):
        return stripped if stripped is None else tuple(stripped)
    return tuple(None if text in MISSING else text for text in stripped)


def _lists(texts: tuple[str, ...], column: Column) -> Values | None:
    stripped = _stripped(texts)
    if stripped is None:
        return None
    joined = f";{';'.join(filter(None, stripped))};"
    if any(odd in joined for odd in (*_separators(column)[1:], *_ODD)):
        return None
    return tuple([tuple(text.split(";")) if text else () for text in stripped])


def _numbers(texts: tuple[str, ...], column: Column) -> Values | None:
    distinct = set(texts)
    if not _NUMERIC.issuperset("".join(distinct)):
        return None
    try:
        known = {text: float(text) + 0.0 if text else None for text in distinct}
    except ValueError:
        return None
    if not all(map(math.isfinite, filter(None, known.values()))):
        return None
    return tuple(map(known.__getitem__, texts))


_PLAIN: dict[str, Callable[[tuple[str, ...], Column], Values | None]] = {
    "text": _texts,
    "list": _lists,
    "number": _numbers,
}


# A figure of which only a bound is published: ≥62, 超过6000家, 60%以上.

LONGEST_BOUND = 300
"""A longer text is prose."""
_BOUND_SIGNS = {
    **dict.fromkeys(("≥", ">=", "=>", "⩾", "≧", "不低于", "不少于", "不小于", "至少"), "at_least"),
    **dict.fromkeys((">", "超过", "超", "逾", "突破", "高于", "大于", "多于"), "above"),
    **dict.fromkeys(("≤", "<=", "=<", "⩽", "≦", "不超过", "不高于", "不大于", "不多于"), "at_most"),
    **dict.fromkeys(("<", "低于", "小于", "少于", "不足", "不到", "近", "将近", "接近"), "below"),
}
"""What stands before a number of which only a bound is published, the longest first."""
_BOUND_TAILS = {
    **dict.fromkeys(("以上", "及以上"), "at_least"),
    **dict.fromkeys(("以下", "以内", "及以下"), "at_most"),
    **dict.fromkeys(("余", "多"), "above"),
}
_BEFORE = "|".join(re.escape(word) for word in sorted(_BOUND_SIGNS, key=len, reverse=True))
_BOUND = rf"(?s)\s*(?P<sign>{_BEFORE})\s*(?P<rest>[-+]?[\d.].*)"
_BOUND_TAIL = (
    r"(?s)(?P<rest>[-+]?[\d.,]+\s*)(?:(?P<unit>[^\d\s()]{0,8}?)(?P<tail>及?以[上下]|以内)"
    r"|(?P<over>[余多])(?P<counted>[^\d\s()]{0,4}))(?P<note>\(.*\))?"
)
"""60%以上, 6000余家: the tail stands before or behind the unit."""
OTHER_SIDE = {"at_least": "at_most", "at_most": "at_least", "above": "below", "below": "above"}
"""The bound of a number whose sign is turned: a fall of more than 5 is less than -5."""


def bound_of(text: str) -> tuple[str, str]:
    """Return the bound that a cell prints in place of a figure, or nothing, and the rest.

    Examples
    --------
    >>> bound_of("≥62"), bound_of("超过6000家"), bound_of("60%以上"), bound_of("512.3")
    (('at_least', '62'), ('above', '6000家'), ('at_least', '60%'), ('', '512.3'))
    """
    if len(text) > LONGEST_BOUND or _PLAIN_NUMBER.fullmatch(text):
        return "", text
    word = narrow(text).strip()
    if match := re.fullmatch(_BOUND, word):
        return _BOUND_SIGNS[match["sign"]], match["rest"]
    if match := re.fullmatch(_BOUND_TAIL, word):
        unit = match["unit"] or match["counted"] or ""
        tail = match["tail"] or match["over"]
        return _BOUND_TAILS[tail], match["rest"] + unit + (match["note"] or "")
    return "", text


def narrow(text: str) -> str:
    """Return a text with full-width digits, letters and marks in their common width."""
    return unicodedata.normalize("NFKC", text)
