"""A choice in words, Chinese and English: what a director reads before the tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.formatting import percent, plain, readable, rounded

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.portfolio.budget_cut import BudgetCut


STATUS: dict[str, tuple[str, str]] = {
    "as_scheduled": ("按原定开工", "as scheduled"),
    "postponed": ("推迟", "postponed"),
    "brought_forward": ("提前", "brought forward"),
    "running": ("续建", "already running"),
    "finished": ("已完工", "finished"),
    "stopped": ("停建", "stopped"),
    "not_chosen": ("未选", "not chosen"),
    "unknown_investment": ("投资未知", "cost unknown"),
    "not_asked": ("未列入", "not asked for"),
    "cancelled": ("情景取消", "cancelled"),
}
REASONS: dict[str, tuple[str, str]] = {
    "no_length": ("区内里程未印", "length unknown"),
    "opens_no_road": ("不新开道路", "opens no road"),
    "not_in_table": ("表中未列", "not in the table"),
    "after_horizon": ("期后完工", "after horizon"),
    "not_chosen": ("", ""),
    "unknown_investment": ("", ""),
    "not_asked": ("", ""),
    "cancelled": ("", ""),
    "": ("", ""),
}
CHANGES: dict[str, tuple[str, str]] = {
    "dropped": ("本期不安排", "dropped"),
    "postponed": ("推迟", "postponed"),
    "brought_forward": ("提前", "brought forward"),
    "added": ("增加", "added"),
}


def choice_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a choice in words, one paragraph a line, the result first.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.choose_projects`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = cm.choose_projects(cm.load_plan(), {2020: 5, 2021: 5, 2022: 5})
    >>> choice_text(made, "en")[0]
    '5 of 17 works with known cost are chosen: 4.67 km open by the end of 2022 (proven optimal).'
    """
    zh = lang == "zh"
    lines = [_headline(made, zh), _left(made, zh), _unknown(made, zh)]
    lines += [_later(made, zh), _next_best(made, zh), _more(made, zh)]
    return [line for line in lines if line]


def value_text(made: xr.Dataset, value: float, zh: bool) -> str:
    """Return a value of the objective with what it is."""
    unit, horizon = made.attrs["unit"], made.attrs["horizon"]
    shown = rounded(value, 2)
    if unit == "km":
        open_ = (
            f"{horizon}年底前通车{shown}公里" if zh else f"{shown} km open by the end of {horizon}"
        )
        if made.attrs["discount"]:
            rate = percent(made.attrs["discount"], 1)
            return f"{open_}（按{rate}贴现）" if zh else f"{open_} (discounted at {rate})"
        return open_
    return f"效益{shown}" if zh else f"benefit {shown}"


def _headline(made: xr.Dataset, zh: bool) -> str:
    chosen, candidates = made.attrs["chosen"], made.attrs["candidates"]
    value = value_text(made, float(made["objective"]), zh)
    gap = float(made["gap"])
    if made.attrs["status"] == "optimal" and not gap:
        proof = "已证明最优" if zh else "proven optimal"
    else:
        apart = percent(gap, 2)
        proof = f"与最优相差不超过{apart}" if zh else f"within {apart} of the best"
    if zh:
        return f"投资已知的{candidates}项中选{chosen}项：{value}（{proof}）。"
    return f"{chosen} of {candidates} works with known cost are chosen: {value} ({proof})."


def _names(made: xr.Dataset, projects: list[str], zh: bool) -> str:
    names = made["name_zh" if zh else "name_en"].sel(project=projects).values
    return ("、" if zh else "; ").join(str(name) for name in names)


def _left(made: xr.Dataset, zh: bool) -> str:
    """Say what becomes of the money the objective does not need."""
    if made.attrs["leftover"] == "plan":
        invested = readable(float(made["invested"]))
        if zh:
            return f"其余预算用于原计划的工程，预算年份内共完成计划投资{invested}亿元。"
        return (
            "The rest of the budget goes to the works of the plan: "
            f"{invested} 亿元 of planned investment carried out."
        )
    spent = readable(float(made["spent"].sum()))
    if zh:
        return f"所选工程共需{spent}亿元；不增加目标的工程不安排，预算结余。"
    return f"They cost {spent} 亿元 in all; what adds nothing to the aim is not funded."


def _unknown(made: xr.Dataset, zh: bool) -> str:
    """Say what could not be valued or chosen, as n of m (S6)."""
    known = made.attrs["known_zh" if zh else "known"]
    lengths = made.attrs["lengths_zh" if zh else "lengths"]
    if made.attrs["unit"] != "km":
        return f"{known}，其余不参与选择。" if zh else f"Costs: {known}; the rest is no candidate."
    if zh:
        return f"{known}，其余不参与选择；{lengths}，其余里程不当作0，也无法计入目标。"
    return (
        f"Costs: {known}; the rest is no candidate. {lengths}: "
        "the others are not 0, and cannot count."
    )


def _later(made: xr.Dataset, zh: bool) -> str:
    money = made.attrs["uncapped_money"]
    if money < 0.005:
        return ""
    shown = readable(money)
    if zh:
        return f"预算年份以后还需{shown}亿元，那些年没有预算上限。"
    return f"{shown} 亿元 fall into years after the budget, which have no cap."


def _next_best(made: xr.Dataset, zh: bool) -> str:
    if made.sizes["portfolio"] < 2:
        return ""
    ties = int(made["portfolio_tied"].values[1:].sum())
    if ties:
        if zh:
            return f"另有{ties}个方案目标值相同（并列），所选方案在其余标准上更优。"
        others = "choice is" if ties == 1 else "choices are"
        return f"{ties} other {others} as good by the aim (tied); this one is ahead by the rest."
    value = value_text(made, float(made["portfolio_objective"][1]), zh)
    return f"次优方案：{value}。" if zh else f"The next best choice: {value}."


def _more(made: xr.Dataset, zh: bool) -> str:
    """Say what one more 亿元 buys, and if nothing, what would."""
    if "more_anywhere" not in made:
        return ""
    by, gained = plain(made.attrs["more_by"]), float(made["more_anywhere"])
    unit = made.attrs["unit"]
    shown = f"{rounded(gained, 2)}公里" if zh and unit == "km" else f"{rounded(gained, 2)} {unit}"
    if gained > 0:
        first = (
            f"再多{by}亿元（用于最有利的年份）：多{shown}。"
            if zh
            else f"{by} 亿元 more, where it helps most, adds {shown}."
        )
    else:
        first = f"再多{by}亿元，目标不变。" if zh else f"{by} 亿元 more adds nothing to the aim."
    return first + ("" if zh else " ") + _next_step(made, zh) + _invested(made, zh)


def _next_step(made: xr.Dataset, zh: bool) -> str:
    needed = made["next_money"].values
    if np.isnan(float(made["next_money_total"])):
        return "可计入目标的工程均已选入。" if zh else "Every work that can count is chosen."
    value = value_text(made, float(made["next_objective"]), zh)
    years = [int(y) for y in made["budget_year"].values]
    pairs = [(y, m) for y, m in zip(years, needed, strict=True) if m > 5e-4]
    if not years:
        money = readable(float(made["next_money_total"]))
        if zh:
            return f"下一步改进至少再需{money}亿元，可达{value}。"
        return f"The next step takes {money} 亿元: {value}."
    if zh:
        listed = "、".join(f"{y}年{readable(float(m))}" for y, m in pairs)
        return f"下一步改进至少再需{listed}亿元，可达{value}。"
    listed = ", ".join(f"{readable(float(m))} in {y}" for y, m in pairs)
    return f"The next step takes {listed} 亿元: {value}."


def _invested(made: xr.Dataset, zh: bool) -> str:
    gained = made["more_invested"].values
    if not gained.size or np.isnan(gained).any():
        return ""
    by = plain(made.attrs["more_by"])
    years = [int(y) for y in made["budget_year"].values]
    pairs = list(zip(years, gained, strict=True))
    if zh:
        listed = "、".join(f"加在{y}年{readable(float(g))}" for y, g in pairs)
        return f"{by}亿元可多完成的计划投资（亿元）：{listed}。"
    listed = ", ".join(f"{readable(float(g))} if in {y}" for y, g in pairs)
    return f" Planned investment that {by} 亿元 adds: {listed}."


def cut_text(cut: BudgetCut, lang: str = "zh") -> list[str]:
    """Return a budget cut in words, one paragraph a line, the result first."""
    zh = lang == "zh"
    before, after = cut.before, cut.after
    less = percent(cut.share, 0)
    had, has = float(before["objective"]), float(after["objective"])
    whole = value_text(after, has, zh)
    if before.attrs["unit"] == "km":
        horizon = after.attrs["horizon"]
        change = "仍为" if rounded(had, 2) == rounded(has, 2) else f"由{rounded(had, 2)}减为"
        head = (
            f"预算削减{less}：{horizon}年底前通车里程{change}{rounded(has, 2)}公里。"
            if zh
            else f"With {less} less, {rounded(has, 2)} of {rounded(had, 2)} km are still open by "
            f"the end of {horizon}."
        )
    else:
        head = (
            f"预算削减{less}：{whole}，原为{rounded(had, 2)}。"
            if zh
            else (f"With {less} less: {whole}, instead of {rounded(had, 2)}.")
        )
    lines = [head]
    for change, words in CHANGES.items():
        rows = cut.table[cut.table["change"] == change]
        if rows.empty:
            continue
        told = [_changed(row, change, zh) for row in rows.to_dict("records")]
        colon, comma = ("：", "、") if zh else (": ", "; ")
        title = words[0] if zh else words[1].capitalize()
        lines.append(f"{title}{colon}{comma.join(told)}{'。' if zh else '.'}")
    if cut.table.empty:
        lines.append("没有工程需要调整。" if zh else "No work changes.")
    if cut.after.attrs["leftover"] == "plan":
        pair = [readable(float(one["invested"])) for one in (before, after)]
        lines.append(
            f"预算年份内完成计划投资由{pair[0]}亿元变为{pair[1]}亿元。"
            if zh
            else f"Planned investment carried out: {pair[1]} instead of {pair[0]} 亿元."
        )
    return [*lines, *filter(None, [_more(after, zh)])]


def _changed(row: Mapping[Hashable, Any], change: str, zh: bool) -> str:
    name = str(row["name_zh" if zh else "name_en"])
    money = readable(float(row["investment"]))
    if change == "dropped":
        return f"{name}（{money}亿元）" if zh else f"{name} ({money} 亿元)"
    year = row["start_after"]
    return f"{name}（{year}年开工）" if zh else f"{name} (to {year})"


# Choices that hold, in words, Chinese and English.


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
