"""``corridor choose``: which works to fund under a budget, and what a cut drops."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model import units
from corridor_model.cli import output
from corridor_model.errors import CellError, PlanError, Problem, two_language_problem
from corridor_model.formatting import plain, rounded
from corridor_model.plan.plan import Plan
from corridor_model.portfolio import (
    BudgetCut,
    choice_text,
    choose_projects,
    robust_choice,
    robust_text,
)
from corridor_model.portfolio.budget_cut import budget_cut
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO
from corridor_model.tabular.cells import parse_quantity, parse_year
from corridor_model.tabular.readers import csv_rows, read_csv
from corridor_model.text.portfolio import CHANGES, REASONS, STATUS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def run(options: Namespace) -> int:
    """Choose, draw, and print in the form asked for."""
    plan = output.plan_of(options)
    asked = _asked(plan, options)
    budget = budget_choose_inputs(options.budget)
    cut = None
    with output.solver_silent():
        if options.cut is not None:
            cut = budget_cut(plan, budget, _share(options.cut), **asked)
        made = choose_projects(plan, budget, **asked) if cut is None else cut.after
    if options.figure:
        from corridor_model.plot.portfolio import choice_figure

        choice_figure(made, options.figure, lang=options.lang)
    if options.format != "table":
        output.records(records(made, cut), options.format)
        return 0
    zh = options.lang == "zh"
    if cut is not None:
        _print_cut(cut, zh)
    else:
        _print_choice(made, zh)
    works(made, zh)
    years(made, zh)
    if cut is None:
        next_best(made, zh)
        frontier(made, zh)
        _robust(plan, budget, asked, zh)
    _origin(made, zh)
    return 0


def _asked(plan: Plan, options: Namespace) -> dict[str, Any]:
    """Return the conditions that the options name."""
    asked: dict[str, Any] = {
        "committed": names(options.committed) or (),
        "works": names(options.works),
        "costs": amounts(options.costs, "--costs"),
        "caps": amounts(options.caps, "--caps"),
        "starts": starts(options.starts),
        "horizon": options.horizon,
        "leftover": options.leftover,
        "running": options.running,
    }
    if options.benefit:
        asked["benefit"] = benefit(options.benefit)
    if options.scenario:
        from corridor_model.cli.simulate import scenario_named

        asked["scenario"] = scenario_named(options.scenario)
    return asked


def _share(text: str) -> float:
    try:
        percent = float(text.rstrip("%％ "))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        zh, en = f"“{text}”应为0至100的百分数。", f"{text!r} must be a percentage from 0 to 100."
        raise PlanError([two_language_problem(zh, en, file="--cut")])
    return percent / 100


def records(made: xr.Dataset, cut: BudgetCut | None) -> list[dict[str, Any]]:
    """Return one row a work; a mask is null, with its reason beside it."""
    rows = []
    for i, name in enumerate(made["project"].values):
        at = made.isel(project=i)
        start = float(at["start_year"])
        row: dict[str, Any] = {
            "project": str(name),
            "name_zh": str(at["name_zh"].values),
            "status": str(at["status"].values),
            "start_scheduled": int(at["start_scheduled"]),
            "start_year": None if np.isnan(start) else int(start),
            "start_year_reason": str(at["start_year_reason"].values),
            "end": str(at["end"].values) or None,
            "investment": float(at["investment"]),
            "value": float(at["value"]),
            "value_reason": str(at["value_reason"].values),
        }
        for year in made["spending_year"].values:
            row[f"spending_{year}"] = float(at["spending"].sel(spending_year=year))
        row["spending_reason"] = str(at["spending_reason"].values)
        row["origin"] = str(at["origin"].values)
        if cut is not None:
            known = name in cut.table.index
            row["change"] = str(cut.table.loc[name, "change"]) if known else None
        rows.append(row)
    return rows


def _print_choice(made: xr.Dataset, zh: bool) -> None:
    output.heading("选择" if zh else "The choice")
    for line in choice_text(made, "zh" if zh else "en"):
        output.paragraph(line)


def _print_cut(cut: BudgetCut, zh: bool) -> None:
    output.heading("预算削减" if zh else "The budget cut")
    for line in cut.text("zh" if zh else "en"):
        output.paragraph(line)
    if cut.table.empty:
        return
    header = (
        ("调整", "工程", "总投资", "原开工", "现开工", "本期腾出")
        if zh
        else ("change", "work", "亿元", "from", "to", "freed")
    )
    rows = [
        (
            CHANGES[row["change"]][0 if zh else 1],
            str(row["name_zh" if zh else "name_en"]),
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


def _robust(plan: Plan, budget: Any, asked: dict[str, Any], zh: bool) -> None:
    """Where the scenario is uncertain, say which choices hold."""
    from corridor_model.scenario.resolve import resolve

    scenario = asked.get("scenario") or AS_PLANNED_SCENARIO
    if not any(work.uncertain for work in resolve(plan, scenario).works):
        return
    with output.solver_silent():
        made = robust_choice(plan, budget, **{**asked, "scenario": scenario})
    output.heading("推迟、超支之下" if zh else "When works are late or dearer")
    for line in robust_text(made, "zh" if zh else "en"):
        output.paragraph(line)


def _origin(made: xr.Dataset, zh: bool) -> None:
    output.say("")
    if made.attrs["budget_origin"] == "assumed":
        output.paragraph(
            "没有给出预算：以原计划的分年投资代替（假设）。自定预算：--budget 2020=40,2021=50。"
            if zh
            else "No budget was given: the plan's own yearly spending stands for it (assumed). "
            "Your own: --budget 2020=40,2021=50."
        )
    output.paragraph(
        "分年投资按逐月平均分摊（假设）。" if zh else "Money is spread evenly by month (assumed)."
    )


# What ``corridor choose`` is told: budgets, lists and tables, from the line or a CSV file.

MONEY = "亿元"


def budget_choose_inputs(text: str | None) -> dict[int, float | None] | float | None:
    """Return a budget: ``40`` in all, ``2020=40,2021=50``, or a CSV file of year and money.

    Raises
    ------
    PlanError
        With everything that cannot be read.

    Examples
    --------
    >>> budget_choose_inputs("2020=40,2021=5000万元")
    {2020: 40.0, 2021: 0.5}
    >>> budget_choose_inputs("120")
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
        found.append(two_language_problem("没有预算数。", "holds no budget.", file=text))
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
    raise PlanError([two_language_problem(zh, en, file="--starts")])


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
        found.append(
            two_language_problem(zh, f"{year!r} must be a year, each once.", file=where, row=line)
        )
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
        found.append(two_language_problem(zh, f"{text!r} is not money.", file=where, row=line))
    return None


def _told(error: CellError, where: str, line: int | None) -> Problem:
    said = (error.what_zh, error.what_en, error.remedy_zh, error.remedy_en)
    return two_language_problem(*said, where, line)


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
            found.append(two_language_problem(zh, en, file=table.file))
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
            found.append(
                two_language_problem("没有数值。", "holds no number.", file=table.file, row=line)
            )
            continue
        rows.append((cells["project"].strip(), value.value, year))
    if found:
        raise PlanError(found)
    columns = ["project", "benefit", "year"]
    made = pd.DataFrame(rows, columns=columns).astype({"year": "object"})
    return made if made["year"].notna().any() else made[columns[:2]]


# The tables of ``corridor choose``: works, years, next best choices, other budgets.

ORDER = tuple(STATUS)


def works(made: xr.Dataset, zh: bool) -> None:
    """Print every work, the chosen ones first."""
    at = 0 if zh else 1
    km = made.attrs["unit"] == "km"
    frame = [made.isel(project=i) for i in range(made.sizes["project"])]
    frame.sort(key=lambda one: ORDER.index(str(one["status"].values)))
    rows = []
    for one in frame:
        status, start = str(one["status"].values), float(one["start_year"])
        moved = status in {"postponed", "brought_forward"}
        colon = "到" if zh else " to "
        said = STATUS[status][at] + (f"{colon}{int(start)}" if moved else "")
        money, value = float(one["investment"]), float(one["value"])
        code = str(one["value_reason"].values)
        reason = "—" if code in {"unknown_investment", "cancelled"} else REASONS[code][at]
        rows.append(
            (
                str(one["name_zh" if zh else "name_en"].values),
                said,
                "—" if np.isnan(money) else rounded(money, 2),
                reason if np.isnan(value) or (reason and not value) else rounded(value, 2),
            )
        )
    output.heading("各项工程" if zh else "The works")
    header = (
        ("工程", "安排", "总投资", "计入公里" if km else "计入效益")
        if zh
        else ("work", "what becomes of it", "亿元", "counted km" if km else "benefit")
    )
    output.table(header, rows, (False, False, True, True))


def years(made: xr.Dataset, zh: bool) -> None:
    """Print budget, spending and what is left, year by year."""
    output.heading("分年投资，亿元" if zh else "Money by year, 亿元")
    header = ("年份", "预算", "安排", "结余") if zh else ("year", "budget", "spent", "left")
    none = "不设上限" if zh else "no cap"
    rows = []
    for year in made["spending_year"].values:
        at = made.sel(spending_year=year)
        budget, spent = float(at["budget"]), float(at["spent"])
        capped = not np.isnan(budget)
        if not capped and not spent:
            continue
        left = rounded(float(at["slack"]), 2) if capped else ""
        shown = rounded(budget, 2) if capped else none
        rows.append((str(year), shown, rounded(spent, 2), left))
    output.table(header, rows, (False, True, True, True))


def next_best(made: xr.Dataset, zh: bool) -> None:
    """Print the next best choices by what they do otherwise."""
    if made.sizes["portfolio"] < 2:
        return
    output.heading("次优方案" if zh else "The next best choices")
    names = made["name_zh" if zh else "name_en"].values
    begins = made["portfolio_start_year"].values
    rows = []
    for i in range(1, made.sizes["portfolio"]):
        one = made.isel(portfolio=i)
        value = rounded(float(one["portfolio_objective"]), 2)
        tied = bool(one["portfolio_tied"])
        value += ("（并列）" if zh else " (tied)") if tied else ""
        money = rounded(float(one["portfolio_money"]), 2)
        rows.append((_otherwise(names, begins[0], begins[i], zh), value, money))
    unit = made.attrs["unit"]
    header = (
        ("与所选方案的不同", "公里" if unit == "km" else "效益", "投资合计")
        if zh
        else ("differs from the choice", unit, "money in all")
    )
    output.table(header, rows, (False, True, True))


def _otherwise(names: Any, first: Any, other: Any, zh: bool) -> str:
    parts = []
    for name, a, b in zip(names, first, other, strict=True):
        if np.isnan(a) and np.isnan(b):
            continue
        if np.isnan(a):
            parts.append(f"＋{name}" if zh else f"+ {name}")
        elif np.isnan(b):
            parts.append(f"－{name}" if zh else f"- {name}")
        elif a != b:
            parts.append(f"{name}→{int(b)}")
    return ("；" if zh else "; ").join(parts)


def frontier(made: xr.Dataset, zh: bool) -> None:
    """Print what smaller and larger budgets reach."""
    if not made.sizes["budget_scale"]:
        return
    output.heading("预算增减时" if zh else "Under other budgets")
    km = made.attrs["unit"] == "km"
    header = (
        ("预算的倍数", "公里" if km else "效益", "完成计划投资")
        if zh
        else ("times the budget", made.attrs["unit"], "planned investment done")
    )
    none = "不可行" if zh else "infeasible"
    rows = []
    for i, scale in enumerate(made["budget_scale"].values):
        one = made.isel(budget_scale=i)
        values = [float(one["frontier_objective"]), float(one["frontier_invested"])]
        shown = [none if np.isnan(v) else rounded(v, 2) for v in values]
        rows.append((plain(round(float(scale), 6)), *shown))
    output.table(header, rows, (True, True, True))
