"""Choices that hold, in words, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.rounding import percent, rounded

if TYPE_CHECKING:
    import xarray as xr


def robust_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return in words which candidates hold, one paragraph a line."""
    zh = lang == "zh"
    goal, draws = rounded(made.attrs["threshold"], 2), made.attrs["draws"]
    tail = percent(1 - made.attrs["level"], 0)
    best = made.isel(portfolio=0)
    satisfied, kept = (percent(float(best[n]), 1) for n in ("p_satisfied", "p_within_budget"))
    risk = rounded(float(best["overspending_cvar"]), 2)
    rules = ("minimax_regret", "most_satisficing", "least_cvar")
    regret, happy, safe = (_some(made.attrs[name], zh) for name in rules)
    sure, reserve = _sure(made, zh), percent(made.attrs["level"], 0)
    if zh:
        return [
            f"{draws}次抽取中，最优方案达到门槛（{goal}）的占{satisfied}，"
            f"各年均不超预算的占{kept}，最差{tail}的抽取平均超预算{risk}亿元。",
            f"最大后悔值最小：{regret}；达到门槛最多：{happy}；超预算风险最小：{safe}。",
            f"要有{reserve}的把握不超预算：{sure}。",
        ]
    return [
        f"In {draws} draws the best choice meets the threshold ({goal}) in {satisfied} and keeps "
        f"every budget in {kept}; the worst {tail} overspend by {risk} 亿元 on average.",
        f"Least largest regret: {regret}. Most often good enough: {happy}. Least risk of "
        f"overspending: {safe}.",
        f"To keep every budget with {reserve}: {sure}.",
    ]


def _sure(made: xr.Dataset, zh: bool) -> str:
    """Say which candidate keeps the budgets often enough, and what it does."""
    source = made.attrs["sure_enough"]
    if source == "none":
        return "没有这样的方案" if zh else "no candidate does"
    one = made.isel(portfolio=list(made["source"].values).index(source))
    value, money = rounded(float(one["objective_mean"]), 2), rounded(float(one["invested"]), 2)
    kept = percent(float(one["p_within_budget"]), 1)
    name = _some(source, zh)
    if zh:
        return f"采用“{name}”（目标{value}，完成计划投资{money}亿元，把握{kept}）"
    return f"take {name} (objective {value}, {money} 亿元 of planned investment, {kept})"


def _some(names: str, zh: bool) -> str:
    """Return the sources of tied candidates, the first three and how many more there are."""
    listed = names.split("; ")
    more = len(listed) - 3
    if not zh:
        return ", ".join(listed[:3]) + (f" and {more} more (tied)" if more > 0 else "")
    said = "、".join(listed[:3]).replace("best", "最优方案").replace("runner-up ", "次优")
    return said.replace("budget x ", "预算×") + (f"等{len(listed)}个（并列）" if more > 0 else "")
