"""The tables of ``corridor choose``: works, years, next best choices, other budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.cli import output
from corridor_model.portfolio.words import REASONS, STATUS
from corridor_model.rounding import plain, rounded

if TYPE_CHECKING:
    import xarray as xr

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
