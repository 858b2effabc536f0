"""``datapackage.json``: the schema in the words of the Frictionless standard."""

from __future__ import annotations

from typing import Any

from corridor_model.plan.model import About
from corridor_model.plan.schema import TABLES, Column, TableSchema

_TYPES = {"number": "number", "integer": "integer", "year": "year", "flag": "boolean"}
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"


def data_package(about: About) -> dict[str, Any]:
    """Return the data package of a plan's folder.

    See Also
    --------
    corridor_model.plan.schema : the one source of what stands here.

    References
    ----------
    Data Package standard, https://datapackage.org
    """
    return {
        "name": about.id.replace("_", "-").lower(),
        "title": about.name_zh,
        "description": about.name_en or about.name_zh,
        "sources": [{"title": about.source or about.name_zh}],
        "resources": [_resource(schema) for schema in TABLES.values()],
    }


def _resource(schema: TableSchema) -> dict[str, Any]:
    described: dict[str, Any] = {"fields": [_field(column) for column in schema.columns]}
    if all(column.required for column in schema.columns if column.name in schema.key):
        described["primaryKey"] = list(schema.key)
    foreign = [_foreign_key(column) for column in schema.columns if _is_plain_link(column)]
    if foreign:
        described["foreignKeys"] = foreign
    return {
        "name": schema.name,
        "path": f"{schema.name}.csv",
        "description": schema.meaning,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": described,
    }


def _is_plain_link(column: Column) -> bool:
    """A list, or a unit that may be an alias, is checked by the library alone."""
    return bool(column.links) and column.type != "list" and not column.links.startswith("units.")


def _foreign_key(column: Column) -> dict[str, Any]:
    table, _, field = column.links.partition(".")
    return {"fields": [column.name], "reference": {"resource": table, "fields": [field]}}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.type, "string")}
    if column.meaning:
        field["description"] = column.meaning
    if column.type == "flag":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.type == "date":
        constraints["pattern"] = _DATE
    if constraints:
        field["constraints"] = constraints
    return field
