"""Load a plan: the bundled one, a folder of CSV files, a workbook, or DataFrames."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.arguments import flag
from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.files import data_dir, other_format, unreadable
from corridor_model.formatting import short
from corridor_model.messages import N_, message
from corridor_model.plan.assembly import assemble, filled_in, raw_tables
from corridor_model.plan.plan import Plan
from corridor_model.tabular.frames import Tabular, frame_of, read_frame
from corridor_model.tabular.headers import laid_out
from corridor_model.tabular.readers import RawTable, csv_rows
from corridor_model.tabular.schema import TABLES, doubled_table, table_named, unknown_table

if TYPE_CHECKING:
    import pandas as pd


_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})

BUNDLED = ("longwan", "china_14fyp")
"""Plans that come with the library; the first is the default."""

_EXAMPLE = (
    "baselines",
    "annual_targets",
    "target_revisions",
    "annual_investment",
    "work_reports",
    "task_reports",
)
"""What the worked example adds to the plan; its figures are ``example_observations()``."""


def load_plan(
    source: str | Path | Mapping[str, Tabular] | None = None,
    *,
    baselines: str | Path | pd.DataFrame | None = None,
    example: bool = False,
) -> Plan:
    """Load a plan.

    Parameters
    ----------
    source : str, path or mapping, optional
        A folder of CSV files or an ``.xlsx`` workbook with a sheet a table; or DataFrames by
        table, see :meth:`Plan.from_tables`; or the name of a bundled plan where there is no
        such path: ``"longwan"``, the Longwan innovation corridor, 2020-2022 (the default), or
        ``"china_14fyp"``, the main indicators of China's 14th five-year plan, 2021-2025.
    baselines : str, path or DataFrame, optional
        Starting values of your own (CSV or xlsx with the columns indicator, year, value,
        unit, source). They are merged over the plan's and carry the origin ``user`` (S5).
    example : bool, default False
        Add the bundled worked example: figures made up for teaching, of origin
        ``assumed``. They belong to the bundled plan.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        With every mistake of the files: file, row, column and remedy.
    CorridorError
        If what is given is no path, or no table.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> plan.indicators["gdp"].baseline.value, plan.indicators["gdp"].baseline.origin
    (451.84, 'published')
    """
    example = flag("example", example)
    if isinstance(source, Mapping):
        raw, problems = raw_tables(source)
    elif source is None or isinstance(source, (str, Path)):
        raw, problems = _read(data_dir() / BUNDLED[0] if source is None else _location(source))
    else:
        raise CorridorError(
            N_(
                "A plan is loaded from a folder or a workbook, or from DataFrames by table; got "
                "{value}. Give its path."
            ),
            value=short(source),
        )
    added: list[tuple[str, RawTable, str]] = []
    if example:
        folder = data_dir() / "example"
        added += [(name, _read_csv(folder / f"{name}.csv", name), "assumed") for name in _EXAMPLE]
    if baselines is not None:
        added.append(("baselines", filled_in(_read_one(baselines, "baselines")), "user"))
    return Plan(assemble(raw, added, problems), example=example)


def _location(source: str | Path) -> Path:
    """Return where a plan lies; a bundled name counts where nothing else is called so."""
    path = Path(source)
    if str(source) in BUNDLED and not path.exists():
        return data_dir() / path
    return path


def _read(path: Path) -> tuple[dict[str, RawTable | None], list[Problem]]:
    """Return the tables as text, None for one that cannot be read, and what is wrong so far."""
    if path.suffix.lower() in _WORKBOOKS:
        from corridor_model.tabular.workbooks import read_workbook

        return read_workbook(path)
    try:
        files = sorted(file for file in path.iterdir() if _is_table(file))
    except NotADirectoryError:
        if (error := other_format(path)) is not None:
            raise error from None
        what = message("is neither a folder nor an xlsx workbook.")
        remedy = message("Give a folder of CSV files or an xlsx file.")
        raise PlanError([Problem(what, remedy, path.name)]) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise unreadable(str(path), error) from error
    raw: dict[str, RawTable | None] = {}
    problems: list[Problem] = []
    for file in files:
        name = table_named(file.stem)
        if name not in TABLES:
            problems.append(unknown_table(file.name, name))
        elif name in raw:
            problems.append(doubled_table(file.name, name))
        else:
            try:
                raw[name] = _read_csv(file, name)
            except PlanError as error:
                raw[name] = None
                problems.extend(error.problems)
    return raw, problems


def _is_table(file: Path) -> bool:
    """Return whether a folder's file is meant as a table; hidden ones are other programs'."""
    return file.suffix.lower() == ".csv" and not file.name.startswith((".", "~$"))


def _read_csv(path: Path, name: str) -> RawTable:
    rows = csv_rows(path)
    return laid_out(path.name, rows, range(1, len(rows) + 1), TABLES[name])


def _read_one(source: str | Path | pd.DataFrame, name: str) -> RawTable:
    """Read a table that a user brings: a DataFrame, a CSV file or a workbook's first sheet."""
    if not isinstance(source, (str, Path)):
        return read_frame(frame_of(source, name), name, numbered=True)
    path = Path(source)
    if path.suffix.lower() in _WORKBOOKS:
        from corridor_model.tabular.workbooks import read_first_sheet

        return read_first_sheet(path, name)
    return _read_csv(path, name)
