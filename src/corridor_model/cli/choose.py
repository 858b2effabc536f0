"""``corridor choose``: which works to fund under a budget, and what a cut drops."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model import units
from corridor_model.cli import output
from corridor_model.errors import CellError, PlanError, Problem
from corridor_model.formatting import plain, rounded
from corridor_model.messages import Translator, message, translator
from corridor_model.plan.plan import Plan
from corridor_model.portfolio.budget_cut import BudgetCut, budget_cut
from corridor_model.portfolio.choose import choose_projects
from corridor_model.portfolio.robust import robust_choice
from corridor_model.rows import to_rows
from corridor_model.scenario.scenario import Scenario
from corridor_model.tabular.cells import parse_quantity, parse_year
from corridor_model.tabular.readers import csv_rows, read_csv
from corridor_model.text.portfolio import (
    CHANGES,
    REASONS,
    STATUS,
    choice_text,
    cut_text,
    robust_text,
    unit_text,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def run(options: Namespace) -> None:
    """Choose, draw, and print in the form asked for."""
    plan = output.plan_of(options)
    conditions = _conditions(options)
    budget = parse_budget(options.budget)
    cut = None
    with output.solver_silent():
        if options.cut is not None:
            cut = budget_cut(plan, budget, parse_share(options.cut), **conditions)
        ds = choose_projects(plan, budget, **conditions) if cut is None else cut.after
    if options.figure:
        from corridor_model.plot.portfolio import choice_figure

        choice_figure(ds, options.figure, lang=options.lang)
    if options.format != "table":
        output.records(records(ds, cut), options.format)
        return
    t = translator(options.lang)
    if cut is None:
        output.heading(t("The choice"), *choice_text(ds, t.lang))
    else:
        output.heading(t("The budget cut"), *cut_text(cut, t.lang))
        _print_changes(cut, t)
    _print_works(ds, t)
    _print_years(ds, t)
    if cut is None:
        _print_next_best(ds, t)
        _print_frontier(ds, t)
        _print_robust(plan, budget, conditions, t)
    output.say("")
    if ds.attrs["budget_origin"] == "assumed":
        output.paragraph(
            t(
                "No budget was given: the plan's own yearly spending stands for it (assumed). "
                "Your own: --budget 2020=40,2021=50."
            )
        )
    output.paragraph(t("Money is spread evenly by month (assumed)."))


def _conditions(options: Namespace) -> dict[str, Any]:
    """Return the conditions that the options name."""
    conditions: dict[str, Any] = {
        "committed": parse_names(options.committed) or (),
        "works": parse_names(options.works),
        "costs": parse_amounts(options.costs, "--costs"),
        "caps": parse_amounts(options.caps, "--caps"),
        "starts": parse_starts(options.starts),
        "horizon": options.horizon,
        "leftover": options.leftover,
        "running": options.running,
    }
    if options.benefit:
        conditions["benefit"] = read_benefit(options.benefit)
    if options.scenario:
        from corridor_model.cli.simulate import scenario_named

        conditions["scenario"] = scenario_named(options.scenario)
    return conditions


COLUMNS = (
    *("project", "name_zh", "status", "start_scheduled", "start_year", "start_year_reason", "end"),
    *("investment", "value", "value_reason", "spending", "spending_reason", "origin"),
)
"""Of a work, for programs."""


def records(ds: xr.Dataset, cut: BudgetCut | None) -> list[dict[str, Any]]:
    """Return one row a work; a mask is null, with its reason beside it."""
    rows = to_rows(ds, ("project",), COLUMNS)
    for row in rows:
        row["start_year"] = None if row["start_year"] is None else int(row["start_year"])
        row["end"] = row["end"] or None
        if cut is not None:
            row["change"] = cut.table["change"].get(row["project"])
    return rows


def _print_changes(cut: BudgetCut, t: Translator) -> None:
    if cut.table.empty:
        return
    header = (
        t("change"),
        t("work"),
        t.context("total investment", "亿元"),
        t.context("year before the cut", "from"),
        t.context("year after the cut", "to"),
        t("freed"),
    )
    rows = [
        (
            t.of(CHANGES[row["change"]]),
            str(row[f"name_{t.lang}"]),
            rounded(row["investment"], 2),
            _year(row["start_before"]),
            _year(row["start_after"]),
            rounded(row["freed"], 2),
        )
        for row in cut.table.to_dict("records")
    ]
    output.say("")
    output.table(header, rows, (False, False, True, True, True, True))


def _year(value: Any) -> str:
    return str(value) if isinstance(value, int | np.integer) else "—"


def _print_works(ds: xr.Dataset, t: Translator) -> None:
    """Print every work, the chosen ones first."""
    order = tuple(STATUS)
    works = [ds.isel(project=i) for i in range(ds.sizes["project"])]
    works.sort(key=lambda work: order.index(str(work["status"].values)))
    rows = []
    for work in works:
        money = float(work["investment"])
        rows.append(
            (
                str(work[f"name_{t.lang}"].values),
                _status(work, t),
                "—" if np.isnan(money) else rounded(money, 2),
                _worth(work, t),
            )
        )
    output.heading(t("The works"))
    header = (
        t("work"),
        t("what becomes of it"),
        t.context("total investment", "亿元"),
        t("counted km") if ds.attrs["unit"] == "km" else t.context("counted", "benefit"),
    )
    output.table(header, rows, (False, False, True, True))


def _status(work: xr.Dataset, t: Translator) -> str:
    status = str(work["status"].values)
    word = t.of(STATUS[status])
    if status not in {"postponed", "brought_forward"}:
        return word
    return t("{status} to {year}", status=word, year=int(work["start_year"]))


def _worth(work: xr.Dataset, t: Translator) -> str:
    """Return what a work adds to the objective, or why it adds nothing."""
    value, code = float(work["value"]), str(work["value_reason"].values)
    reason = "—" if code in {"unknown_investment", "cancelled"} else t(REASONS.get(code, ""))
    return reason if np.isnan(value) or (reason and not value) else rounded(value, 2)


def _print_years(ds: xr.Dataset, t: Translator) -> None:
    """Print budget, spending and what is left, year by year."""
    output.heading(t("Money by year, 亿元"))
    rows = []
    for year in ds["spending_year"].values:
        at = ds.sel(spending_year=year)
        budget, spent = float(at["budget"]), float(at["spent"])
        capped = not np.isnan(budget)
        if not capped and not spent:
            continue
        left = rounded(float(at["slack"]), 2) if capped else ""
        cap = rounded(budget, 2) if capped else t("no cap")
        rows.append((str(year), cap, rounded(spent, 2), left))
    header = (t("year"), t("budget"), t("spent"), t("left"))
    output.table(header, rows, (False, True, True, True))


def _print_next_best(ds: xr.Dataset, t: Translator) -> None:
    """Print the next best choices by what they do otherwise."""
    if ds.sizes["portfolio"] < 2:
        return
    output.heading(t("The next best choices"))
    names = ds[f"name_{t.lang}"].values
    begins = ds["portfolio_start_year"].values
    rows = []
    for i in range(1, ds.sizes["portfolio"]):
        other = ds.isel(portfolio=i)
        value = rounded(float(other["portfolio_objective"]), 2)
        if bool(other["portfolio_tied"]):
            value = t("{value} (tied)", value=value)
        money = rounded(float(other["portfolio_money"]), 2)
        rows.append((_otherwise(names, begins[0], begins[i], t), value, money))
    header = (t("differs from the choice"), unit_text(ds.attrs["unit"], t), t("money in all"))
    output.table(header, rows, (False, True, True))


def _otherwise(names: Any, first: Any, other: Any, t: Translator) -> str:
    parts = []
    for name, a, b in zip(names, first, other, strict=True):
        if np.isnan(a) and np.isnan(b):
            continue
        if np.isnan(a):
            parts.append(t("+ {work}", work=name))
        elif np.isnan(b):
            parts.append(t("- {work}", work=name))
        elif a != b:
            parts.append(f"{name}→{int(b)}")
    return t.listing(parts, zh="；", en="; ")


def _print_frontier(ds: xr.Dataset, t: Translator) -> None:
    """Print what smaller and larger budgets reach."""
    output.heading(t("Under other budgets"))
    rows = []
    for i, scale in enumerate(ds["budget_scale"].values):
        at = ds.isel(budget_scale=i)
        values = [float(at["frontier_objective"]), float(at["frontier_invested"])]
        cells = [t("infeasible") if np.isnan(v) else rounded(v, 2) for v in values]
        rows.append((plain(scale), *cells))
    header = (t("times the budget"), unit_text(ds.attrs["unit"], t), t("planned investment done"))
    output.table(header, rows, (True, True, True))


def _print_robust(plan: Plan, budget: Any, conditions: dict[str, Any], t: Translator) -> None:
    """Where the scenario is uncertain, say which choices hold."""
    from corridor_model.scenario.resolve import resolve

    scenario = conditions.get("scenario") or Scenario("as planned")
    if not any(work.uncertain for work in resolve(plan, scenario).works):
        return
    with output.solver_silent():
        candidates = robust_choice(plan, budget, **{**conditions, "scenario": scenario})
    output.heading(t("When works are late or dearer"), *robust_text(candidates, t.lang))


# What the command line gives: budgets, lists and tables, from the line or a CSV file.

MONEY = "亿元"


def parse_share(text: str) -> float:
    """Return a percentage from 0 to 100 as a fraction.

    Raises
    ------
    PlanError
        If it is anything else.
    """
    try:
        percent = float(text.rstrip("%％ "))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        what = message("{text!r} must be a percentage from 0 to 100.", text=text)
        raise PlanError([Problem(what, file="--cut")])
    return percent / 100


def parse_budget(text: str | None) -> dict[int, float | None] | float | None:
    """Return a budget: ``40`` in all, ``2020=40,2021=50``, or a CSV file of year and money.

    Raises
    ------
    PlanError
        With everything that cannot be read.

    Examples
    --------
    >>> parse_budget("2020=40,2021=5000万元")
    {2020: 40.0, 2021: 0.5}
    >>> parse_budget("120")
    120.0
    """
    if text is None:
        return None
    problems: list[Problem] = []
    by_year: dict[int, float | None] = {}
    if text.lower().endswith(".csv"):
        by_year = _budget_file(Path(text), problems)
    elif "=" not in text:
        alone = _money(text, "--budget", None, problems)
        if not problems and alone is not None:
            return alone
    else:
        for part in text.replace("，", ",").split(","):
            year, _, money = part.partition("=")
            _add_year(by_year, year, money, "--budget", None, problems)
    if not by_year and not problems:
        problems.append(Problem(message("holds no budget."), file=text))
    if problems:
        raise PlanError(problems)
    return by_year


def parse_names(text: str | None) -> list[str] | None:
    """Return a list written with commas; None without a text."""
    if text is None:
        return None
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def parse_amounts(text: str | None, option: str) -> dict[str, float] | None:
    """Return numbers by work, as in ``bus_terminals=0.5,brt_line_9=12``.

    Raises
    ------
    PlanError
        With every part that is not of this form.

    Examples
    --------
    >>> parse_amounts("brt_line_9=12", "--costs")
    {'brt_line_9': 12.0}
    """
    if text is None:
        return None
    problems: list[Problem] = []
    amounts = {}
    for part in parse_names(text) or []:
        work, _, money = (piece.strip() for piece in part.partition("="))
        before = len(problems)
        value = _money(money, option, None, problems)
        if value is None or work in amounts:
            if len(problems) == before:
                what = message("{part!r} must be a name and its money, each once.", part=part)
                problems.append(Problem(what, file=option))
            continue
        amounts[work] = value
    if problems:
        raise PlanError(problems)
    return amounts


def parse_starts(text: str | None) -> str | int | None:
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
    raise PlanError([Problem(message("must be printed or a number of years."), file="--starts")])


def _budget_file(path: Path, problems: list[Problem]) -> dict[int, float | None]:
    """Return year and money from the first two columns; a header is passed over."""
    by_year: dict[int, float | None] = {}
    rows = [(line, row) for line, row in enumerate(csv_rows(path), 1) if any(row)]
    for place, (line, row) in enumerate(rows):
        cells = [*row, "", ""]
        if not place and not any(character.isdecimal() for character in cells[0]):
            continue
        _add_year(by_year, cells[0], cells[1], path.name, line, problems)
    return by_year


def _add_year(
    by_year: dict[int, float | None],
    year: str,
    money: str,
    where: str,
    line: int | None,
    problems: list[Problem],
) -> None:
    try:
        when = parse_year(year.strip())
    except CellError as error:
        problems.append(error.at(where, line))
        return
    if when is None or when in by_year:
        what = message("{year!r} must be a year, each once.", year=year)
        problems.append(Problem(what, file=where, row=line))
        return
    before = len(problems)
    value = _money(money, where, line, problems)
    if len(problems) == before:
        by_year[when] = value


def _money(text: str, where: str, line: int | None, problems: list[Problem]) -> float | None:
    """Return 亿元; an empty cell, or ``-``, is no cap."""
    try:
        quantity = parse_quantity(text.strip())
        if quantity is None:
            return None
        return units.convert(quantity.value, quantity.unit or MONEY, MONEY)
    except CellError as error:
        problems.append(error.at(where, line))
    except units.UnitError:
        what = message("{text!r} is not money.", text=text)
        problems.append(Problem(what, file=where, row=line))
    return None


def read_benefit(file: str) -> pd.DataFrame:
    """Return a benefit table: CSV with columns project, benefit and maybe year.

    Raises
    ------
    PlanError
        If a column is missing, or a cell is no number.
    """
    import pandas as pd

    table = read_csv(Path(file))
    problems: list[Problem] = []
    header = [title.strip().lower() for title in table.header]
    for column in ("project", "benefit"):
        if column not in header:
            problems.append(
                Problem(message("has no column {column}.", column=column), file=table.file)
            )
    if problems:
        raise PlanError(problems)
    rows = []
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = dict(zip(header, row, strict=False))
        try:
            value = parse_quantity(cells.get("benefit", "").strip())
            year = parse_year(cells.get("year", "").strip())
        except CellError as error:
            problems.append(error.at(table.file, line))
            continue
        if value is None:
            problems.append(Problem(message("holds no number."), file=table.file, row=line))
            continue
        rows.append((cells["project"].strip(), value.value, year))
    if problems:
        raise PlanError(problems)
    columns = ["project", "benefit", "year"]
    frame = pd.DataFrame(rows, columns=columns).astype({"year": "object"})
    return frame if frame["year"].notna().any() else frame[columns[:2]]
