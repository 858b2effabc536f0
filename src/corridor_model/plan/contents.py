"""A plan's tables as records, each kind made once, when someone asks for it.

Loading a plan makes none: their classes are imported with the first question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corridor_model.tabular.table import Table

if TYPE_CHECKING:
    from corridor_model.plan.promises import Promises
    from corridor_model.plan.records import About, Baseline, Conflict, Indicator, Project, Task


@dataclass(frozen=True, eq=False, repr=False)
class PlanRecords:
    """What a plan says, as records: the part of a `Plan` that questions are asked of.

    Attributes
    ----------
    tables : mapping of str to Table
        Every table of the schema, also the empty ones.
    example : bool
        Whether figures made up for teaching were added; every output then says so.
    """

    tables: Mapping[str, Table]
    example: bool = False

    @cached_property
    def about(self) -> About:
        """Names, years and issue of the plan."""
        from corridor_model.plan.records import About

        return next(About(**row) for row in self.tables["about"].rows())

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id, in the order of the table, with their targets and baselines."""
        from corridor_model.plan.records import indicators_of

        return indicators_of(self.tables, self.baselines, self.about.base_year)

    @cached_property
    def targets(self) -> Promises:
        """Promises by id: ``gdp``, ``gdp@2023``, ``gdp@stretch`` (S4b), see `Promises`."""
        from corridor_model.plan.promises import promises_of

        return promises_of(self.indicators.values(), self.about.last_year, self.about.base_year)

    @cached_property
    def projects(self) -> Mapping[str, Project]:
        """Works by id."""
        from corridor_model.plan.records import Project, by_id

        # the column ``class`` is a Python keyword
        works = ({**row, "class_": row["class"]} for row in self.tables["projects"].rows())
        return by_id(Project, works)

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """Tasks by id."""
        from corridor_model.plan.records import Task, by_id

        return by_id(Task, self.tables["tasks"].rows())

    @cached_property
    def conflicts(self) -> Mapping[str, Conflict]:
        """Contradictions and silences of the document by id."""
        from corridor_model.plan.records import Conflict, by_id

        return by_id(Conflict, self.tables["conflicts"].rows())

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """Every known starting value, in the order of the table."""
        from corridor_model.plan.records import Baseline

        rows = self.tables["baselines"].rows()
        return tuple(Baseline(**{**row, "unit": row["unit"] or ""}) for row in rows)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Name in use of every responsible unit, by each name it is printed under."""
        from corridor_model.plan.records import Records

        table = self.tables["units"]
        names = {name: name for name in table["name"]}
        for name, aliases in zip(table["name"], table["aliases"], strict=True):
            for alias in aliases:
                names.setdefault(alias, name)
        return Records(names)
