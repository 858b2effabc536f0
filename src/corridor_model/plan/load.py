"""Load a plan: the bundled one, a folder of CSV files, or a workbook."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError, CorridorWarning, PlanError, Problem
from corridor_model.paths import data_dir
from corridor_model.plan import checks, settle
from corridor_model.plan.cells import MISSING
from corridor_model.plan.headers import column_of, split_header
from corridor_model.plan.layout import laid_out
from corridor_model.plan.names import doubled_table, missing_table, table_named, unknown_table
from corridor_model.plan.parse import parse_table
from corridor_model.plan.plan import Plan
from corridor_model.plan.raw import RawTable, csv_rows, unreadable
from corridor_model.plan.schema import TABLES
from corridor_model.plan.table import Table, empty

if TYPE_CHECKING:
    import pandas as pd

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})


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
    source: str | Path | None = None,
    *,
    baselines: str | Path | pd.DataFrame | None = None,
    example: bool = False,
) -> Plan:
    """Load a plan.

    Parameters
    ----------
    source : str or path, optional
        A folder of CSV files or an ``.xlsx`` workbook with a sheet a table. By default the
        bundled plan of the Longwan innovation corridor, 2020-2022.
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
    if source is not None and not isinstance(source, (str, Path)):
        raise CorridorError(
            f"A plan is loaded from a folder or a workbook; got {source!r}. Give its path.",
            f"规划应从文件夹或工作簿载入；得到{source!r}。请给出路径。",
        )
    path = data_dir() / "longwan" if source is None else Path(source)
    raw, problems = _read(path)
    added: list[tuple[str, RawTable, str]] = []
    if example:
        folder = data_dir() / "example"
        added += [(name, _read_csv(folder / f"{name}.csv", name), "assumed") for name in _EXAMPLE]
    if baselines is not None:
        added.append(("baselines", _filled_in(_read_one(baselines, "baselines")), "user"))
    return Plan(_assemble(raw, added, problems), example=example)


def _read(path: Path) -> tuple[dict[str, RawTable | None], list[Problem]]:
    """Return the tables as text, None for one that cannot be read, and what is wrong so far."""
    if path.suffix.lower() in _WORKBOOKS:
        from corridor_model.plan.sheets import read_workbook

        return read_workbook(path)
    try:
        files = sorted(file for file in path.iterdir() if _is_table(file))
    except NotADirectoryError:
        raise PlanError(
            [
                Problem(
                    "不是文件夹，也不是xlsx工作簿。",
                    "is neither a folder nor an xlsx workbook.",
                    "请给出存放CSV的文件夹或xlsx文件。",
                    "Give a folder of CSV files or an xlsx file.",
                    path.name,
                )
            ]
        ) from None
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
        if not hasattr(source, "columns"):
            raise CorridorError(
                f"{name}: {source!r} cannot be read. Give a CSV or xlsx file, or a DataFrame.",
                f"{name}：{source!r}无法读取。请给出CSV、xlsx文件或DataFrame。",
            )
        from corridor_model.plan.sheets import read_frame

        return read_frame(source, name)
    path = Path(source)
    if path.suffix.lower() in _WORKBOOKS:
        from corridor_model.plan.sheets import read_first_sheet

        return read_first_sheet(path, name)
    return _read_csv(path, name)


def _assemble(
    raw: dict[str, RawTable | None],
    added: Iterable[tuple[str, RawTable, str]],
    problems: list[Problem],
) -> dict[str, Table]:
    """Parse, settle and check everything; raise once with all that is wrong."""
    tables: dict[str, Table] = {}
    for name, schema in TABLES.items():
        text = raw.get(name)
        tables[name] = empty(name)
        if text is not None:
            tables[name], found = parse_table(text, name)
            problems.extend(found)
        elif schema.required and name not in raw:
            problems.append(missing_table(name))
        if text is not None and schema.required and not text.rows:
            problems.append(_without_rows(text))
    # A missing table or column would make every later check speak of its absence only.
    whole = None not in raw.values() and not any(problem.row is None for problem in problems)
    names = settle.Names(tables)
    for name, table in tables.items():
        tables[name], found = _settled(table, names, tables["indicators"])
        problems.extend(found)
    if whole:
        problems.extend(_beyond(problems, checks.check(tables)))
    merged = dict(tables)
    suspects = [tables["baselines"]]
    for name, text, origin in added:
        stamped = _with_origin(text, origin) if "origin" in TABLES[name].names else text
        table, found = parse_table(stamped, name)
        if not any(problem.row is None for problem in found):
            table, unsettled = _settled(table, names, tables["indicators"])
            found += unsettled
            found += _beyond(found, checks.check_table(table, {**tables, name: table}))
            if name == "baselines":
                suspects.append(table)
        problems.extend(sorted(dict.fromkeys(found), key=lambda problem: problem.row or 0))
        merged[name] = _merged(merged[name], table)
    if problems:
        raise PlanError(dict.fromkeys(problems))
    _say_what_was_passed_over([*raw.values(), *(text for _, text, _ in added)])
    for table in suspects:  # only now: a file with mistakes gets its mistakes and no more
        settle.warn_of_slips(table, tables)
    return merged


def _say_what_was_passed_over(texts: Iterable[RawTable | None]) -> None:
    for text in texts:
        for note in text.notes if text else ():
            warnings.warn(CorridorWarning(note), stacklevel=4)


def _beyond(said: Iterable[Problem], found: Iterable[Problem]) -> list[Problem]:
    """Return what was found in cells of which nothing was said yet."""
    cells = {(problem.file, problem.row, problem.column) for problem in said}
    return [p for p in found if (p.file, p.row, p.column) not in cells]


def _without_rows(text: RawTable) -> Problem:
    return Problem(
        "只有表头，没有数据。",
        "has a header and no rows.",
        "请至少填写一行。",
        "Fill in at least one row.",
        text.file,
    )


def _settled(table: Table, names: settle.Names, indicators: Table) -> tuple[Table, list[Problem]]:
    return settle.values_to_units(names.to_ids(table), indicators)


def _filled_in(text: RawTable) -> RawTable:
    """Return a form's rows that have a value: what nobody filled in stays unknown (S6).

    Raises
    ------
    PlanError
        If there is none.
    """
    titles = [column_of(split_header(title)[0], TABLES["baselines"].names) for title in text.header]
    if "value" not in titles:
        return text  # the missing column is reported with the rest
    at = titles.index("value")
    keep = [
        i for i, row in enumerate(text.rows) if at < len(row) and row[at].strip() not in MISSING
    ]
    if not keep:
        raise PlanError(
            [
                Problem(
                    "没有填写任何数值。",
                    "has no value filled in.",
                    "请至少填写一行的数值。",
                    "Fill in the value of at least one row.",
                    text.file,
                    None,
                    "value",
                )
            ]
        )
    return replace(text, rows=[text.rows[i] for i in keep], lines=[text.lines[i] for i in keep])


def _with_origin(text: RawTable, origin: str) -> RawTable:
    """Stamp the origin on every row of a file that has no say in it (S5)."""
    keep = [
        i
        for i, title in enumerate(text.header)
        if title.strip().lower() not in {"origin", "数据性质"}
    ]
    width = len(text.header)
    rows = [
        [*(row[i] if i < len(row) else "" for i in keep), origin, *row[width:]] for row in text.rows
    ]
    places = {old: new for new, old in enumerate(keep)}
    units = {places[i]: unit for i, unit in text.units.items() if i in places}
    return replace(text, header=(*(text.header[i] for i in keep), "origin"), rows=rows, units=units)


def _merged(table: Table, added: Table) -> Table:
    """Return both, a row of ``added`` replacing one with the same key."""
    key = table.schema.key
    new = set(zip(*(added[name] for name in key), strict=True))
    old = list(zip(*(table[name] for name in key), strict=True))
    return table.select([row for row, value in enumerate(old) if value not in new]) + added
