"""The tables of a plan: every column, its type, its constraints and its links.

What a plan looks like on disk is data, ``data/schema.json``: a data package in the words of the
Frictionless standard, and beside them what only this library knows: Chinese titles and the
words of choices, units. Readers and checks follow it, and the ``datapackage.json`` of a saved
plan is written from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corridor_model.files import data_dir

ColumnType = Literal["text", "list", "number", "integer", "year", "date", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
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
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    links: str = ""
    unit: str = ""
    title_zh: str = ""
    synonyms_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns, the columns that make a row unique, and its Chinese title."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    title_zh: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(column.name for column in self.columns)


_OF_TABLE = ("title_zh", "key", "required")
_OF_COLUMN = ("title_zh", "synonyms_zh", "unit", "links", "kind")
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
    )


def _table(resource: Mapping[str, Any]) -> TableSchema:
    columns = tuple([_column(field) for field in resource["schema"]["fields"]])
    required = resource.get("required", False)
    key = tuple(resource["key"])
    return TableSchema(resource["name"], columns, key, required, resource["title_zh"])


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
