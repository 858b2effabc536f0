"""The plan: its tables, the records made from them, and what can be asked of it.

Pandas, hashes and writers are imported with their first use: loading a plan is what everyone
waits for.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.formatting import short
from corridor_model.messages import N_
from corridor_model.plan.contents import PlanRecords

if TYPE_CHECKING:
    import pandas as pd


class Plan(PlanRecords):
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
            raise CorridorError(
                N_("No table {name!r}. Known: {known}."), name=name, known=", ".join(self.tables)
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


def must_be_plan(value: object) -> None:
    """Refuse what is no plan: a file or a name, from which one is to be loaded first.

    Raises
    ------
    CorridorError
        If it is anything else.
    """
    if not isinstance(value, Plan):
        raise CorridorError(
            N_(
                "A plan is needed; got {value}. Read one with load_plan(), which also takes "
                "a folder or a workbook."
            ),
            value=short(value),
        )
