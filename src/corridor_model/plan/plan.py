"""The plan: its tables, and records made from them when someone asks.

Records and hashes are imported with their first use: loading a plan is what everyone waits
for, and many need only a table or a growth rate of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.formatting import short
from corridor_model.tabular.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.records import About, Baseline, Conflict, Indicator, Project, Task


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """A plan with targets and a deadline, as data. Frozen.

    Made by :func:`corridor_model.load_plan`.

    Attributes
    ----------
    tables : mapping of str to Table
        Every table of the schema, also the empty ones.
    example : bool
        Whether figures made up for teaching were added; every output then says so.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> plan.indicators["gdp"].target.value
    580.0
    """

    tables: Mapping[str, Table]
    example: bool = False

    @cached_property
    def about(self) -> About:
        """Names, years and issue of the plan."""
        from corridor_model.plan import records

        return records.about(self.tables)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id, in the order of the table, with their targets and baselines."""
        from corridor_model.plan import records

        return MappingProxyType(records.indicators(self.tables))

    @cached_property
    def projects(self) -> Mapping[str, Project]:
        """Works by id."""
        from corridor_model.plan import records

        return MappingProxyType(records.projects(self.tables))

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """Tasks by id."""
        from corridor_model.plan import records
        from corridor_model.plan.records import Task

        return MappingProxyType(records.by_id(self.tables["tasks"], Task))

    @cached_property
    def conflicts(self) -> Mapping[str, Conflict]:
        """Contradictions and silences of the document by id."""
        from corridor_model.plan import records
        from corridor_model.plan.records import Conflict

        return MappingProxyType(records.by_id(self.tables["conflicts"], Conflict))

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """Every known starting value, in the order of the table."""
        from corridor_model.plan import records

        return records.baselines(self.tables)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Name in use of every responsible unit, by each name it is printed under."""
        from corridor_model.plan import records

        return MappingProxyType(records.unit_names(self.tables["units"]))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, free of file names and row numbers.

        Two plans are equal exactly when their digests are.
        """
        import hashlib

        content = hashlib.sha256()
        for name in sorted(self.tables):
            content.update(name.encode())
            for row in self.tables[name].row_tuples():
                content.update(repr(row).encode())
        return content.hexdigest()

    def table(self, name: str) -> pd.DataFrame:
        """Return one table as a DataFrame.

        Parameters
        ----------
        name : str
            Such as ``"indicators"``, ``"targets"`` or ``"projects"``.

        Returns
        -------
        pandas.DataFrame
            Columns as in the files, ids as a column. Lists are joined with ``;``. Unknown
            is a missing value.

        Raises
        ------
        CorridorError
            If there is no such table.

        Examples
        --------
        >>> import corridor_model as cm
        >>> cm.load_plan().table("baselines")[["indicator", "year", "value"]].head(1)
          indicator  year   value
        0       gdp  2018  451.84
        """
        if name not in self.tables:
            known = ", ".join(self.tables)
            raise CorridorError(
                f"No table {name!r}. Known: {known}.", f"没有“{name}”表。可用：{known}。"
            )
        return self.tables[name].frame()

    def search(self, text: str) -> pd.DataFrame:
        """Return indicators, tasks, works and conflicts that mention a text.

        See :func:`corridor_model.plan.query.search`.
        """
        from corridor_model.plan.query import search

        return search(self, text)

    def promises(
        self,
        *,
        unit: str | None = None,
        area: str | None = None,
        group: str | None = None,
        due: int | str | None = None,
        kind: str | None = None,
        text: str | None = None,
    ) -> pd.DataFrame:
        """Return the targets, tasks and works that meet every condition.

        See :func:`corridor_model.plan.query.promises`.
        """
        from corridor_model.plan.query import promises

        return promises(self, unit=unit, area=area, group=group, due=due, kind=kind, text=text)

    def to_folder(self, folder: str | Path) -> Path:
        """Write every table as CSV with its data package; see :mod:`corridor_model.plan.save`."""
        from corridor_model.plan.save import to_folder

        return to_folder(self, Path(folder))

    def to_workbook(self, file: str | Path) -> Path:
        """Write one workbook with a sheet a table; see :mod:`corridor_model.plan.save`."""
        from corridor_model.plan.save import to_workbook

        return to_workbook(self, Path(file))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plan):
            return NotImplemented
        return self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        from corridor_model.plan.display import plan_text

        return plan_text(self)

    def _repr_html_(self) -> str:
        from corridor_model.plan.display import plan_html

        return plan_html(self)


# The plan a question is asked of; a file or a name in its place is told how to become one.


def must_be_plan(given: object) -> None:
    """Refuse what is no plan.

    Raises
    ------
    CorridorError
        If it is anything else.
    """
    if not isinstance(given, Plan):
        raise CorridorError(
            f"A plan is needed; got {short(given)}. Read one with load_plan(), which also takes "
            "a folder or a workbook.",
            f"此处应为规划（Plan）；得到{short(given)}。请先用load_plan()载入，也可载入文件夹或工作簿。",
        )
