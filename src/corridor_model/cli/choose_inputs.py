"""What ``corridor choose`` is told: budgets, lists and tables, from the line or a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import PlanError, Problem
from corridor_model.plan import units
from corridor_model.plan.cells import CellError, parse_quantity, parse_year
from corridor_model.plan.raw import csv_rows, read_csv

if TYPE_CHECKING:
    import pandas as pd

MONEY = "亿元"


def budget(text: str | None) -> dict[int, float | None] | float | None:
    """Return a budget: ``40`` in all, ``2020=40,2021=50``, or a CSV file of year and money.

    Raises
    ------
    PlanError
        With everything that cannot be read.

    Examples
    --------
    >>> budget("2020=40,2021=5000万元")
    {2020: 40.0, 2021: 0.5}
    >>> budget("120")
    120.0
    """
    if text is None:
        return None
    found: list[Problem] = []
    if text.lower().endswith(".csv"):
        made = _from_file(Path(text), found)
    elif "=" not in text:
        alone = _money(text, "--budget", None, found)
        if not found and alone is not None:
            return alone
        made = {}
    else:
        made = {}
        for part in text.replace("，", ",").split(","):
            year, _, money = part.partition("=")
            _add(made, year, money, "--budget", None, found)
    if not made and not found:
        found.append(Problem("没有预算数。", "holds no budget.", file=text))
    if found:
        raise PlanError(found)
    return made


def names(text: str | None) -> list[str] | None:
    """Return a list written with commas; None if nothing was said."""
    if text is None:
        return None
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def amounts(text: str | None, option: str) -> dict[str, float] | None:
    """Return numbers by work, as in ``bus_terminals=0.5,brt_line_9=12``.

    Raises
    ------
    PlanError
        With every part that is not of this form.

    Examples
    --------
    >>> amounts("brt_line_9=12", "--costs")
    {'brt_line_9': 12.0}
    """
    if text is None:
        return None
    found: list[Problem] = []
    made = {}
    for part in names(text) or []:
        work, _, money = part.partition("=")
        value = _money(money, option, None, found)
        if value is not None:
            made[work.strip()] = value
    if found:
        raise PlanError(found)
    return made


def starts(text: str | None) -> str | int | None:
    """Return ``printed``, a number of years, or None.

    Raises
    ------
    PlanError
        If it is anything else.
    """
    if text is None or text == "printed":
        return text
    if text.isdecimal():
        return int(text)
    zh, en = "应为printed或年数。", "must be printed or a number of years."
    raise PlanError([Problem(zh, en, file="--starts")])


def _from_file(path: Path, found: list[Problem]) -> dict[int, float | None]:
    """Return year and money from the first two columns; a header is passed over."""
    made: dict[int, float | None] = {}
    rows = [(line, row) for line, row in enumerate(csv_rows(path), 1) if any(row)]
    for place, (line, row) in enumerate(rows):
        cells = [*row, "", ""]
        if not place and not any(character.isdecimal() for character in cells[0]):
            continue
        _add(made, cells[0], cells[1], path.name, line, found)
    return made


def _add(
    made: dict[int, float | None],
    year: str,
    money: str,
    where: str,
    line: int | None,
    found: list[Problem],
) -> None:
    try:
        when = parse_year(year.strip())
    except CellError as error:
        found.append(_told(error, where, line))
        return
    if when is None or when in made:
        zh = f"“{year}”应为年份，各写一次。"
        found.append(Problem(zh, f"{year!r} must be a year, each once.", file=where, row=line))
        return
    before = len(found)
    value = _money(money, where, line, found)
    if len(found) == before:
        made[when] = value


def _money(text: str, where: str, line: int | None, found: list[Problem]) -> float | None:
    """Return 亿元; an empty cell, or ``-``, is no cap."""
    try:
        quantity = parse_quantity(text.strip())
        if quantity is None:
            return None
        return units.convert(quantity.value, quantity.unit or MONEY, MONEY)
    except CellError as error:
        found.append(_told(error, where, line))
    except units.UnitError:
        zh = f"“{text}”的单位不是金额。"
        found.append(Problem(zh, f"{text!r} is not money.", file=where, row=line))
    return None


def _told(error: CellError, where: str, line: int | None) -> Problem:
    said = (error.what_zh, error.what_en, error.remedy_zh, error.remedy_en)
    return Problem(*said, where, line)


def benefit(file: str) -> pd.DataFrame:
    """Return a benefit table: CSV with columns project, benefit and maybe year.

    Raises
    ------
    PlanError
        If a column is missing, or a cell is no number.
    """
    import pandas as pd

    table = read_csv(Path(file))
    found: list[Problem] = []
    header = [title.strip().lower() for title in table.header]
    for column in ("project", "benefit"):
        if column not in header:
            zh, en = f"缺少{column}列。", f"has no column {column}."
            found.append(Problem(zh, en, file=table.file))
    if found:
        raise PlanError(found)
    rows = []
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = dict(zip(header, row, strict=False))
        try:
            value = parse_quantity(cells.get("benefit", "").strip())
            year = parse_year(cells.get("year", "").strip())
        except CellError as error:
            found.append(_told(error, table.file, line))
            continue
        if value is None:
            found.append(Problem("没有数值。", "holds no number.", file=table.file, row=line))
            continue
        rows.append((cells["project"].strip(), value.value, year))
    if found:
        raise PlanError(found)
    columns = ["project", "benefit", "year"]
    made = pd.DataFrame(rows, columns=columns).astype({"year": "object"})
    return made if made["year"].notna().any() else made[columns[:2]]
