"""The plan: its tables, the records made from them, and what can be asked of it.

Pandas, hashes and writers are imported with their first use: loading a plan is what everyone
waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.arguments import holding, single
from corridor_model.display import Displayed
from corridor_model.errors import CorridorError
from corridor_model.formatting import short
from corridor_model.messages import N_
from corridor_model.plan.assembly import assemble, filled_in, raw_tables, start_rows
from corridor_model.plan.contents import PlanRecords
from corridor_model.tabular.frames import Tabular, read_frame
from corridor_model.tabular.schema import nearest

if TYPE_CHECKING:
    import pandas as pd


class Plan(PlanRecords, Displayed):
    """A plan with targets and a deadline, as data. Frozen.

    Made by :func:`corridor_model.load_plan`, or from tables of Python by `from_tables`.

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

    @classmethod
    def from_tables(cls, tables: Mapping[str, Tabular]) -> Plan:
        """Return the plan that DataFrames hold, checked like one of files.

        Parameters
        ----------
        tables : mapping of str to DataFrame, mapping or sequence of mappings
            By name of the table, such as ``indicators`` and ``targets``: what the files of
            a plan hold, see ``corridor template``. Not needed are ``name_zh`` (the English
            name, or the id), ``origin`` (``user``, S5) and ``places`` (the row); of ``about``
            the first year (the year after the baselines, where these are of one year) and the
            last (that of the latest target).

        Returns
        -------
        Plan

        Raises
        ------
        PlanError
            With every mistake of the tables: table, label of the row, column and remedy.

        Examples
        --------
        >>> import corridor_model as cm
        >>> plan = cm.Plan.from_tables({
        ...     "indicators": {"id": ["output"], "kind": ["level"], "unit": ["亿元"]},
        ...     "targets": {"indicator": ["output"], "value": [580], "sense": ["at_least"],
        ...                 "year": [2022]},
        ...     "baselines": {"indicator": ["output"], "year": [2019], "value": [467.7]}})
        >>> float(cm.required_growth(plan).loc["output", "required_rate"].round(4))
        0.0744
        """
        raw, problems = raw_tables(tables)
        return cls(assemble(raw, problems=problems))

    def with_tables(self, tables: Mapping[str, Tabular] | None = None, /, **named: Tabular) -> Plan:
        """Return the plan with other tables in place of its own, checked as a whole.

        Parameters
        ----------
        tables, **named : DataFrame, mapping or sequence of mappings
            By name of the table, as of `from_tables`.

        Examples
        --------
        >>> import corridor_model as cm
        >>> plan = cm.load_plan()
        >>> targets = plan.table("targets")
        >>> targets.loc[targets["indicator"] == "gdp", "value"] = 600
        >>> plan.with_tables(targets=targets).indicators["gdp"].target.value
        600.0
        """
        if tables is not None:
            single(tables=tables)
            holding("tables", tables, "mapping", "items", "keys")
        raw, problems = raw_tables({**(tables or {}), **named}, whole=False)
        return Plan(assemble(raw, problems=problems, beside=self.tables), self.example)

    def with_baselines(
        self,
        values: Mapping[str, object] | pd.Series[Any] | pd.DataFrame,
        *,
        year: int | None = None,
    ) -> Plan:
        """Return the plan with starting values of your own, of origin ``user`` (S5).

        They are merged over the plan's: one of the same indicator, year and series takes the
        place of the plan's.

        Parameters
        ----------
        values : mapping, Series or DataFrame
            By indicator: a value, or values by year; or a table with the columns indicator,
            year, value, unit, source.
        year : int, optional
            The year of values that are not by year.

        Examples
        --------
        >>> import corridor_model as cm
        >>> plan = cm.load_plan().with_baselines({"tax_per_mu": 25}, year=2019)
        >>> plan.indicators["tax_per_mu"].baseline.origin
        'user'
        """
        text = filled_in(read_frame(start_rows(values, year, self.about.base_year), "baselines"))
        added = [("baselines", text, "user")]
        return Plan(assemble({}, added, beside=self.tables), self.example)

    def __reduce__(self) -> tuple[Any, ...]:
        # the tables alone: records are made again where they are asked for
        return Plan, (dict(self.tables), self.example)

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
            if near := nearest(str(name), self.tables):
                raise CorridorError(
                    N_("No table {name!r}. Did you mean {near!r}?"), name=name, near=near
                )
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

        if not str(folder):
            raise CorridorError(N_('A folder needs a name; "." is the one you are in.'))
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
