"""The tables of a plan: every column, its type, its constraints and its links, and its names.

What a plan looks like on disk is data, ``data/schema.json``: a data package in the words of the
Frictionless standard, and beside them what only this library knows: Chinese titles and the
words of choices, units. Readers and checks follow it, and the ``datapackage.json`` of a saved
plan is written from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Literal, NamedTuple

from corridor_model.errors import NOTHING, Problem
from corridor_model.files import data_dir
from corridor_model.messages import Listing, Message, Name, message

ColumnType = Literal["text", "list", "number", "integer", "year", "date", "flag", "choice"]


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    name : str
        Header in the file.
    type : str
        ``text``; ``list`` (parts separated by ``;``); ``number``; ``integer``; ``year``;
        ``date`` (``2020``, ``2020-05`` or ``2020-05-31``: the precision is what was printed);
        ``flag`` (``yes`` | ``no``); ``choice``.
    required : bool
        Whether an empty cell is a mistake.
    choices : tuple of str
        The allowed words of a ``choice``.
    links : str
        ``table.column`` that each value must exist in.
    unit : str
        Unit of a number that has no unit column beside it (S9).
    title_zh : str
        What a Chinese header says.
    synonyms_zh : tuple of str
        What else it may say.
    present : bool
        Whether the column must be there, though a cell of it may be empty.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    links: str = ""
    unit: str = ""
    title_zh: str = ""
    synonyms_zh: tuple[str, ...] = ()
    present: bool = False


class TableSchema(NamedTuple):
    """One table: its columns and their names in the order of the file, and what it is called.

    ``key`` are the columns that make a row unique.
    """

    name: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    key: tuple[str, ...]
    required: bool
    title_zh: str


_OF_TABLE = ("title_zh", "key", "required")
_OF_COLUMN = ("title_zh", "synonyms_zh", "unit", "links", "kind", "present")
"""What the descriptor says beyond the standard; ``kind`` where its types are too few."""

_TYPES: dict[str, ColumnType] = {"string": "text", "boolean": "flag"}


def _column(field: Mapping[str, Any]) -> Column:
    constraints = field.get("constraints", {})
    type_ = field.get("kind") or _TYPES.get(field["type"], field["type"])
    return Column(
        field["name"],
        "choice" if "enum" in constraints else type_,
        constraints.get("required", False),
        tuple(constraints.get("enum", ())),
        field.get("links", ""),
        field.get("unit", ""),
        field["title_zh"],
        tuple(field.get("synonyms_zh", ())),
        constraints.get("required", field.get("present", False)),
    )


def _table(resource: Mapping[str, Any]) -> TableSchema:
    columns = tuple([_column(field) for field in resource["schema"]["fields"]])
    required = resource.get("required", False)
    key = tuple(resource["key"])
    names = tuple([column.name for column in columns])
    return TableSchema(resource["name"], columns, names, key, required, resource["title_zh"])


_SCHEMA: dict[str, Any] = json.loads((data_dir() / "schema.json").read_bytes())

TABLES: dict[str, TableSchema] = {
    resource["name"]: _table(resource) for resource in _SCHEMA["resources"]
}

SHEETS_ZH: dict[str, str] = {name: table.title_zh for name, table in TABLES.items()}
"""Chinese title of a workbook's sheet by table name; a sheet may carry either."""

TITLES_ZH: dict[str, str] = {
    column.name: column.title_zh for t in TABLES.values() for column in t.columns
}
"""Chinese title by column name, the same in every table."""

SYNONYMS_ZH = {column.name: column.synonyms_zh for t in TABLES.values() for column in t.columns}

CHOICES_ZH: dict[str, list[str]] = _SCHEMA["choices_zh"]
"""How an office writes the words of choice columns; the first one is shown in messages."""


def standard_resources() -> list[dict[str, Any]]:
    """Return the tables in the words of the data package standard alone.

    References
    ----------
    Data Package standard, https://datapackage.org
    """
    resources = []
    for resource in _SCHEMA["resources"]:
        fields = [_without(field, _OF_COLUMN) for field in resource["schema"]["fields"]]
        schema = resource["schema"] | {"fields": fields}
        resources.append(_without(resource, _OF_TABLE) | {"schema": schema})
    return resources


def _without(entries: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name not in names}


def synonyms(choices: tuple[str, ...]) -> dict[str, str]:
    """Return every way to write one of the choices, in lower case, by what it means.

    Examples
    --------
    >>> synonyms(("at_least", "at_most"))["不低于"]
    'at_least'
    """
    known = {word: choice for choice in choices for word in CHOICES_ZH.get(choice, ())}
    return known | {choice.lower(): choice for choice in choices}


def listed_zh(choices: tuple[str, ...]) -> str:
    """Return the choices for a Chinese message: ``不低于（at_least）``."""
    return "、".join(
        f"{CHOICES_ZH[choice][0]}（{choice}）" if choice in CHOICES_ZH else choice
        for choice in choices
    )


# Names as people write them: which table a file or sheet is, which id a word meant.

_BY_TITLE = {title: name for name, title in SHEETS_ZH.items()}

MANY = 2_000
"""Among more names than this only those that begin or end alike are compared."""


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
