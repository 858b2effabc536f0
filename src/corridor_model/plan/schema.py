"""The tables of a plan: every column, its type, its constraints and its links.

This is the one place that says what a plan looks like on disk. ``datapackage.json``
is written from it (:mod:`corridor_model.plan.package`), checks read it, records follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "list", "number", "integer", "year", "date", "flag", "choice"]

KINDS = (
    "level",
    "share",
    "ratio",
    "growth",
    "cumulative",
    "annual",
    "rank",
    "milestone",
    "completion",
)
SENSES = ("at_least", "at_most", "exactly")
ORIGINS = ("document", "definition", "published", "user", "literature", "assumed")


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
    meaning : str
        What stands here, for people and for the data package.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    links: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns, the columns that make a row unique, and its purpose."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    meaning: str
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(column.name for column in self.columns)


def _text(name: str, meaning: str = "", required: bool = False, links: str = "") -> Column:
    return Column(name, "text", required, links=links, meaning=meaning)


def _list(name: str, meaning: str, links: str = "") -> Column:
    return Column(name, "list", links=links, meaning=meaning)


def _number(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "number", required, meaning=meaning)


def _integer(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "integer", required, meaning=meaning)


def _year(name: str, meaning: str = "", required: bool = True) -> Column:
    return Column(name, "year", required, meaning=meaning)


def _date(name: str, meaning: str = "", required: bool = False) -> Column:
    return Column(name, "date", required, meaning=meaning)


def _choice(
    name: str, choices: tuple[str, ...], meaning: str = "", required: bool = False
) -> Column:
    return Column(name, "choice", required, choices, meaning=meaning)


_ID = _text("id", "short English slug", required=True)
_INDICATOR = _text("indicator", "id of an indicator", required=True, links="indicators.id")
_PROJECT = _text("project", "id of a work", required=True, links="projects.id")
_ORIGIN = _choice("origin", ORIGINS, "how the number came to be, strongest first", required=True)
_SOURCE = _text("source", "where the number can be looked up")
_LEAD = _list("lead_units", "responsible units that lead, as printed", links="units.name")
_OTHER = _list("other_units", "the other responsible units, as printed", links="units.name")
_NAMES = (_text("name_zh", required=True), _text("name_en"))

_TABLES = (
    TableSchema(
        "about",
        (
            _ID,
            *_NAMES,
            _year("first_year", "first year of the plan"),
            _year("last_year", "last year of the plan, and the horizon of its money"),
            _date("issued", "date of issue"),
            _text("number", "document number"),
            _SOURCE,
        ),
        ("id",),
        "the plan itself, one row",
        required=True,
    ),
    TableSchema("groups", (_ID, *_NAMES), ("id",), "headings under which indicators stand"),
    TableSchema(
        "areas", (_ID, *_NAMES), ("id",), "areas, blocks and institutes a promise speaks of"
    ),
    TableSchema(
        "indicators",
        (
            _ID,
            *_NAMES,
            _text("group", "id of a group", links="groups.id"),
            _choice("kind", KINDS, "how the target is meant (S4)", required=True),
            _text("unit", "unit of target, baselines and observations"),
            _choice("nature", ("stock", "flow", "ratio", "rank", "event")),
            _choice("price_basis", ("nominal", "real"), "for money; empty where not printed"),
            _choice("average_method", ("水平法", "累计法"), "for average growth"),
            _text("scope", "id of an area", links="areas.id"),
            _choice(
                "binding", ("binding", "expected"), "约束性 or 预期性; empty where not printed"
            ),
        ),
        ("id",),
        "what is measured",
        required=True,
    ),
    TableSchema(
        "targets",
        (
            _INDICATOR,
            _number("value", required=True),
            _choice("sense", SENSES, "the direction is data, never guessed (S3)", required=True),
            _year("year", "calendar year by whose end it is due"),
            _integer("month", "month by whose end it is due, where printed"),
            _text("any_of", "targets that share this word are one promise: any of them will do"),
            _list("places", "every place in the document that prints it"),
        ),
        ("indicator", "value", "sense", "year", "month"),
        "what is promised",
        required=True,
    ),
    TableSchema(
        "baselines",
        (
            _INDICATOR,
            _year("year"),
            _number("value", required=True),
            _text("unit"),
            _ORIGIN,
            _text("series", "vintage of the statistic; two vintages are two series (S10)"),
            _SOURCE,
            _choice("confidence", ("high", "medium", "low")),
            _text("note"),
        ),
        ("indicator", "year", "series"),
        "where each indicator started, as far as known",
    ),
    TableSchema(
        "observations",
        (
            _INDICATOR,
            _text("period", "2021, 2021H1, 2021Q3 or 2021-09", required=True),
            _choice("measure", ("level", "addition", "growth", "done")),
            _choice("basis", ("year", "ytd", "month", "end")),
            _number("value", required=True),
            _text("unit"),
            _choice("stage", ("快报", "初步核算", "最终核实")),
            _text("series"),
            _date("published"),
            _SOURCE,
            _choice("origin", ORIGINS, "S5; empty means published"),
        ),
        ("indicator", "period", "measure", "basis", "series", "published"),
        "what the statistics say; append-only",
    ),
    TableSchema(
        "annual_targets",
        (_INDICATOR, _year("year"), _number("value", required=True), _ORIGIN),
        ("indicator", "year"),
        "年度分解目标",
    ),
    TableSchema(
        "target_revisions",
        (
            _INDICATOR,
            _date("valid_from", "day from which the revision holds", required=True),
            _number("value", "the new target; empty where it was withdrawn"),
            _year("year", "new deadline; empty keeps the old one", required=False),
            _choice("sense", SENSES, "new direction; empty keeps the old one"),
            _SOURCE,
        ),
        ("indicator", "valid_from"),
        "targets revised while the plan runs; the first ones stay in targets",
    ),
    TableSchema(
        "projects",
        (
            _ID,
            _integer("table", "annex table", required=True),
            _integer("row", "row in it", required=True),
            _integer("part", "phase or part of the row, where it has several"),
            *_NAMES,
            _choice("category", ("road", "public_transport", "environment"), required=True),
            _text("class", "two-ring road, link road ..."),
            _number("length_km", "length as printed"),
            _number("length_in_area_km", "road length that its end opens inside the area"),
            Column("opens", "flag", meaning="whether its end opens a road"),
            _date("start", "at the precision printed"),
            _date("end", "at the precision printed"),
            _number("investment", "total, 亿元; empty where unknown (视情而定)"),
            _LEAD,
            _OTHER,
            _text("note"),
        ),
        ("id",),
        "works",
    ),
    TableSchema(
        "annual_investment",
        (_PROJECT, _year("year"), _number("value", "亿元", required=True), _ORIGIN),
        ("project", "year"),
        "年度计划投资",
    ),
    TableSchema(
        "tasks",
        (
            _ID,
            _integer("table", "annex table, 1-4", required=True),
            _integer("row", required=True),
            _integer("part", "task cell within a row that has several"),
            _text("area", "id of an area", links="areas.id"),
            _text("name", "name or scene as printed", required=True),
            _date("deadline", "at the precision printed"),
            _list("indicators", "targets the task carries", links="indicators.id"),
            _LEAD,
            _OTHER,
            _text("summary_en", "short English summary of our own"),
        ),
        ("id",),
        "tasks of the annex tables",
    ),
    TableSchema(
        "work_reports",
        (
            _PROJECT,
            _text("period", required=True),
            _number("invested_month", "亿元"),
            _number("invested_year", "亿元, since 1 January"),
            _number("invested_total", "亿元, since the start of the work"),
            _text("milestone", "形象进度"),
            Column("started", "flag"),
            Column("in_statistics", "flag", meaning="入统"),
            _text("problem"),
            _text("next_step"),
            _text("unit", "who reports", links="units.name"),
            _date("published"),
        ),
        ("project", "period", "published"),
        "reports on works",
    ),
    TableSchema(
        "task_reports",
        (
            _text("task", "id of a task", required=True, links="tasks.id"),
            _date("date", required=True),
            _choice(
                "state", ("done", "on_schedule", "behind", "paused", "not_reported"), required=True
            ),
            _text("sentence"),
        ),
        ("task", "date"),
        "reports on tasks",
    ),
    TableSchema(
        "units",
        (
            _text("name", required=True),
            _list("aliases", "other names of the same office"),
            _date("valid_from"),
            _date("valid_to"),
        ),
        ("name",),
        "responsible units",
    ),
    TableSchema(
        "conflicts",
        (
            _ID,
            _text("subject", required=True),
            _list("readings", "every reading, each with its place"),
            _text("used", "the reading the data follows", required=True),
            _text("reason", required=True),
            _list("places", "places in the document"),
        ),
        ("id",),
        "where the document contradicts itself or stays silent",
    ),
    TableSchema(
        "effects",
        (
            _text("target", "a work, a category of works, or all", required=True),
            _INDICATOR,
            _number("per_unit", "change of the indicator per 亿元 carried out", required=True),
            _number("lag", "whole years until it shows; empty is 0"),
            _number("decay", "share of the effect lost a year, 0 to 1; empty is 1"),
            _ORIGIN,
            _SOURCE,
        ),
        ("target", "indicator"),
        "how works move indicators",
    ),
    TableSchema(
        "uncertainties",
        (
            _text("target", "an indicator or a work", required=True),
            _text("field", required=True),
            _text("distribution", required=True),
            _ORIGIN,
            _SOURCE,
        ),
        ("target", "field"),
        "distributions in place of the default forecast",
    ),
    TableSchema(
        "correlations",
        (
            _INDICATOR,
            _text("factor", required=True),
            _number("loading", required=True),
            _ORIGIN,
            _SOURCE,
        ),
        ("indicator", "factor"),
        "loadings of the common factor",
    ),
    TableSchema(
        "design_columns",
        (
            _text(
                "input", "an input of a sensitivity study, such as delay:some_road", required=True
            ),
            _integer("column", "its place in the design, from 0", required=True),
        ),
        ("input",),
        "places of inputs in sensitivity designs, so that another input leaves their points alone",
    ),
)

TABLES: dict[str, TableSchema] = {table.name: table for table in _TABLES}
