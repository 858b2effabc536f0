"""The tables of ``corridor simulate``: money, roads, odds, and promises kept at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model import grid
from corridor_model.assess.probability.words import BASIS
from corridor_model.assess.words import reason_word
from corridor_model.cli import output
from corridor_model.observations.periods import Period
from corridor_model.rounding import percent, rounded
from corridor_model.scenario.labels import known_text

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

BASES = {
    "benchmarked": ("已检验", "benchmarked"),
    "unbenchmarked": ("未检验", "unbenchmarked"),
    "base_rate": ("仅先验", "base rate"),
    "scenario": ("情景设定", "set by scenario"),
    "observed": ("已公布", "observed"),
    "": ("", ""),
}
"""What odds rest on, as short as a column; :func:`_legend` says it in full."""

SET = ("数值由情景或使用者给定，不是预测", "given by the scenario or the user, not forecast")
MEANS = ("有分布的为均值", "means where uncertain")
PARTS = ("before_plan", "inside_plan", "beyond_horizon", "total")
ROOM = 20
"""Places for the names of scenarios, below which years become a table of their own."""
FEW = 5
"""Years of money at most that stand beside each other in a table of their own."""
SHOWN = 7
"""Years of roads at most; of more, the first and the last."""


def print_result(plan: Plan, made: xr.Dataset, lang: str) -> None:
    """Print money and roads by year, odds, and how many targets are reached at once."""
    zh = lang == "zh"
    titles = [str(title) for title in made["scenario_zh" if zh else "scenario"].values]
    _money(plan, made, titles, zh)
    _roads(plan, made, titles, zh)
    _odds(plan, made, titles, zh)
    _together(made, titles, zh)


def _years(plan: Plan) -> list[int]:
    return list(range(plan.about.first_year, plan.about.last_year + 1))


def _uncertain(made: xr.Dataset) -> bool:
    """Return whether money is a mean of draws under any scenario."""
    away = made["programme_quantile"] - made["programme"]
    return bool((np.abs(away.values) > 1e-9).any())


def _money(plan: Plan, made: xr.Dataset, titles: list[str], zh: bool) -> None:
    note = known_text(made, "zh" if zh else "en")
    if _uncertain(made):
        note += f"；{MEANS[0]}" if zh else f"; {MEANS[1]}"
    output.heading(f"投资，亿元（{note}）" if zh else f"Money, 亿元 ({note})")
    words = (
        ("计划前", "计划期内", "计划后", "合计") if zh else ("before", "inside", "beyond", "total")
    )
    parts = {
        word: made[part].sum("project").values for word, part in zip(words, PARTS, strict=True)
    }
    years = {str(y): made["programme"].sel(spending_year=y).values for y in _years(plan)}
    before, *rest = words
    whole = {before: parts[before]} | years | {word: parts[word] for word in rest}
    if _room(whole, titles, zh) >= ROOM:
        _numbers(whole, titles, zh)
        return
    _numbers(parts, titles, zh)
    listed = list(years)
    for i in range(0, len(listed), FEW):
        output.say("")
        _numbers({year: years[year] for year in listed[i : i + FEW]}, titles, zh)


def _rows(columns: dict[str, Any], titles: list[str]) -> list[tuple[str, ...]]:
    return [
        (title, *(rounded(float(values[i]), 2) for values in columns.values()))
        for i, title in enumerate(titles)
    ]


def _numbers(columns: dict[str, Any], titles: list[str], zh: bool) -> None:
    """Print one row a scenario, with two decimals."""
    header = ("情景" if zh else "scenario", *columns)
    output.table(header, _rows(columns, titles), (False, *(True for _ in columns)))


def _room(columns: dict[str, Any], titles: list[str], zh: bool) -> int:
    """Return how many places columns of numbers leave for names, or all that names need."""
    widths = [max(map(grid.width, column)) for column in zip(*_rows(columns, titles), strict=True)]
    names = max(widths[0], grid.width("情景" if zh else "scenario"))
    used = sum(
        max(size, grid.width(word)) + grid.GAP
        for size, word in zip(widths[1:], columns, strict=True)
    )
    left = output.places() - used
    return max(left, ROOM) if left >= names else left


def _roads(plan: Plan, made: xr.Dataset, titles: list[str], zh: bool) -> None:
    """Print the roads and kilometres open, under the first scenario and where others differ."""
    if not any(work.opens for work in plan.projects.values()):
        return
    last = int(made["spending_year"].values[-1])
    years = list(range(plan.about.first_year, last + 1))
    years = years if len(years) <= SHOWN else [*years[: SHOWN - 1], last]
    at = made.sel(spending_year=years)
    roads, km = at["p_open_by"].sum("project").values, at["km_open"].values
    cells = [
        ([_count(number) for number in one], [rounded(float(k), 2) for k in length])
        for one, length in zip(roads, km, strict=True)
    ]
    different = [i for i, rows in enumerate(cells) if i and rows != cells[0]]
    units = ("条", "公里") if zh else ("roads", "km")
    output.heading(
        "年底累计通车道路，条数和区内公里"
        if zh
        else "Roads open at year end, and km within the area"
    )
    output.table(
        ("情景" if zh else "scenario", "", *map(str, years)),
        [
            (title, unit, *row)
            for i in (0, *different)
            for title, unit, row in zip((titles[i], ""), units, cells[i], strict=True)
        ],
        (False, True, *(True for _ in years)),
    )
    said = str(made.attrs["lengths_zh" if zh else "lengths"])
    told = (
        [f"{said}，公里数只计这些，是下限"]
        if zh
        else [f"{said}; kilometres count these alone, so at least"]
    )
    open_by = at["p_open_by"].values
    if ((open_by > 0) & (open_by < 1)).any():
        told.append(MEANS[0] if zh else MEANS[1])
    if len(different) < len(titles) - 1:
        told.append(f"其他情景与“{titles[0]}”相同" if zh else f"others: as “{titles[0]}”")
    output.paragraph(f"{'；'.join(told)}。" if zh else f"{'; '.join(told)}.")


def _count(number: float) -> str:
    """Return a number of roads, with a decimal where it is a mean."""
    whole = round(float(number))
    return str(whole) if abs(number - whole) < 1e-9 else rounded(float(number), 1)


def _odds(plan: Plan, made: xr.Dataset, titles: list[str], zh: bool) -> None:
    """Print the odds under the first scenario, and under the others where they differ."""
    names = [n for n in made.attrs["n_reached_over"].split("; ") if n in plan.indicators]
    at = made.sel(indicator=names)
    odds = [["—" if np.isnan(p) else percent(float(p), 1) for p in row] for row in at["p_reach"]]
    lang = "zh" if zh else "en"
    first = titles[0] if grid.width(titles[0]) <= 12 else ("首个情景" if zh else "first")
    target, goal, likely, rests = (
        ("指标", "目标", "概率", "依据") if zh else ("target of", "goal", "odds", "basis")
    )
    used: set[str] = set()
    same = []
    for i, title in enumerate(titles):
        rows = []
        for j, name in enumerate(names):
            if i and odds[i][j] == odds[0][j]:
                continue
            basis = str(at["p_basis"].values[i, j])
            used.add(basis)
            planned = (odds[0][j],) if i else ()
            told = (plan.indicators[name].name(lang), str(at["goal"].values[i, j]))
            rows.append((*told, *planned, odds[i][j], BASES[basis][not zh]))
        if rows:
            output.heading(f"达标概率：{title}" if zh else f"Odds of each target: {title}")
            between = (first,) if i else ()
            header = (target, goal, *between, likely, rests)
            output.table(header, rows, (False, False, *(True for _ in between), True, False))
        elif i:
            same.append(title)
    output.say("")
    for line in (_legend(used, zh), _seen(made, zh), _others(titles, same, zh), _left(made, zh)):
        if line:
            output.paragraph(line)


def _legend(used: set[str], zh: bool) -> str:
    """Return what the short words for what odds rest on stand for."""
    told = [
        f"{short[not zh]}{'＝' if zh else ': '}{BASIS.get(basis, SET)[not zh]}"
        for basis, short in BASES.items()
        if basis in used and basis
    ]
    if not told:
        return ""
    return f"依据：{'；'.join(told)}。" if zh else f"Basis — {'; '.join(told)}."


def _seen(made: xr.Dataset, zh: bool) -> str:
    """Return the period looked from, and of which period the last figures are."""
    when, until = str(made.attrs["as_of"]), str(made.attrs["figures_until"])
    if when == until:
        return f"按截至{period_zh(when)}的数据。" if zh else f"From figures up to {when}."
    if zh:
        return f"时点{period_zh(when)}，最后的数据为{period_zh(until)}。"
    return f"Seen from {when}; the last figures are of {until}."


def period_zh(text: str) -> str:
    """Return a period in Chinese.

    Examples
    --------
    >>> [period_zh(text) for text in ("2021", "2021Q3", "2021H1", "2021-09")]
    ['2021年', '2021年三季度', '2021年上半年', '2021年9月']
    """
    period = Period.of(text)
    within = {
        "year": "",
        "half": ("上半年", "下半年")[period.month > 6],
        "quarter": f"{'一二三四'[(period.month - 1) // 3]}季度",
        "month": f"{period.month}月",
    }
    return f"{period.year}年{within[period.kind]}"


def _others(titles: Sequence[str], same: Sequence[str], zh: bool) -> str:
    """Return how to read the tables of further scenarios, where there are any."""
    if len(titles) == 1:
        return ""
    if zh:
        said = f"其他情景只列出与“{titles[0]}”不同的概率"
        return f"{said}；{'、'.join(same)}：各项概率不变。" if same else f"{said}。"
    said = f"Of the other scenarios only odds that differ from “{titles[0]}” are shown"
    return f"{said}; none does under: {', '.join(same)}." if same else f"{said}."


def _left(made: xr.Dataset, zh: bool) -> str:
    """Return how many indicators are not simulated, by reason."""
    reasons = [str(one) for one in made["gap_reason"].isel(scenario=0).values if one]
    lang = "zh" if zh else "en"
    said = [f"{reason_word(one, lang)} {n}" for one, n in Counter(reasons).items()]
    if zh:
        return f"未模拟的指标：{'、'.join(said) or '无'}。"
    return f"Not simulated: {', '.join(said) or 'none'}."


def _together(made: xr.Dataset, titles: list[str], zh: bool) -> None:
    count = int(made.attrs["n_promises"])
    if not count:
        return
    output.heading(
        f"{count}项承诺中同时实现的项数" if zh else f"How many of {count} promises are kept at once"
    )
    expected = made["n_reached_mean"].values
    half = made["n_reached"].isel(n_targets=slice((count + 1) // 2, None)).sum("n_targets").values
    header = ("情景", "平均项数", "至少一半") if zh else ("scenario", "mean", "at least half")
    rows = [
        (title, rounded(float(expected[i]), 2), percent(float(half[i]), 1))
        for i, title in enumerate(titles)
    ]
    output.table(header, rows, (False, True, True))
