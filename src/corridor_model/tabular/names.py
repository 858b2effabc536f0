"""Names as people write them: which table a file or sheet is, which id a word meant."""

from __future__ import annotations

from collections.abc import Collection

from corridor_model.errors import NOTHING, Problem
from corridor_model.messages import Listing, Message, Name, message
from corridor_model.tabular.schema import SHEETS_ZH, TABLES

MANY = 2_000
"""Among more names than this only those that begin or end alike are compared."""

_BY_TITLE = {title: name for name, title in SHEETS_ZH.items()}


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known name most like a word, or an empty text.

    Examples
    --------
    >>> nearest("gpd", ["gdp", "rd_to_gdp"])
    'gdp'
    """
    from difflib import get_close_matches

    lower = word.lower()
    by_lower = {name.lower(): name for name in known if name}
    if len(by_lower) > MANY:
        by_lower = {
            text: name
            for text, name in by_lower.items()
            if abs(len(text) - len(lower)) <= 2
            and (text[:1] == lower[:1] or text[-1:] == lower[-1:])
        }
    near = get_close_matches(lower, by_lower, n=1)
    return by_lower[near[0]] if near else ""


def likely(word: str, known: Collection[str], otherwise: Message = NOTHING) -> Message:
    """Return the question which known name was meant, or another remedy where none is near."""
    near = nearest(word, known)
    return message("Did you mean {near!r}?", near=near) if near else otherwise


def unknown_name(value: str, known: Collection[str], links: str) -> tuple[Message, Message]:
    """Return what and remedy for a name that nothing carries, with the nearest known one."""
    table = links.partition(".")[0]
    what = message("{name!r} is not in the table {table}.", name=value, table=table)
    return what, likely(value, known, message("Enter it in {table} first.", table=table))


def table_named(title: str) -> str:
    """Return the table a file or sheet is called after, in English or Chinese."""
    title = title.strip()
    return _BY_TITLE.get(title, title.lower())


def unknown_table(file: str, name: str) -> Problem:
    """Return the problem of a file or sheet that is no table of a plan."""
    what = message("is not a table of a plan.")
    if near := nearest(name, [*TABLES, *_BY_TITLE]):
        remedy = message("Did you mean {near}?", near=Name(near, repr(near)))
        return Problem(what, remedy, file)
    return Problem(what, message("Known: {known}.", known=Listing(TABLES)), file)


def doubled_table(file: str, name: str) -> Problem:
    """Return the problem of a second file or sheet for one table."""
    what = message("is a second table {name}.", name=name)
    return Problem(what, message("Keep one of the two."), file)


def missing_table(name: str) -> Problem:
    """Return the problem of a table a plan cannot be without."""
    what = message("the table {name} is missing.", name=name)
    remedy = message(
        "Add {name}.csv or a sheet of that name; `corridor template` makes a set.", name=name
    )
    return Problem(what, remedy, name)


def place_of(table: int, row: int, part: int | None) -> str:
    """Return the place of an annex row as targets print it: ``附件三/4.5``."""
    numeral = "一二三四五六七八九"[table - 1] if 1 <= table <= 9 else str(table)
    return f"附件{numeral}/{row}" + (f".{part}" if part is not None else "")
