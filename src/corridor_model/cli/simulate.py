"""``corridor simulate``: what scenarios do to money, openings and the odds of each target."""

from __future__ import annotations

import re
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.cli import output
from corridor_model.codes import reason_word
from corridor_model.errors import CorridorError
from corridor_model.formatting import percent, plain, rounded
from corridor_model.periods import Period
from corridor_model.plan.plan import Plan
from corridor_model.scenario.archive import asked_of, load_result, rerun, save_result
from corridor_model.scenario.difference import settings_between
from corridor_model.scenario.read_toml import load_scenarios, shipped_scenarios
from corridor_model.scenario.scenario import (
    CHANGE_WORDS,
    FIRST_DAY,
    Scenario,
    changes_nothing,
    listed_scenarios,
)
from corridor_model.scenario.simulate import simulate
from corridor_model.scenario.spending import known_text, spending
from corridor_model.tabular.names import nearest
from corridor_model.text import layout
from corridor_model.text.assessment import BASIS
from corridor_model.text.scenario import change_text, idle_text

if TYPE_CHECKING:
    import xarray as xr


DRAWS, SEED = 8192, 0
_HELD = ("draws", "seed", "observations", "as_of", "known_by", "plan", "baselines", "example")
"""Options that say what a saved result holds already."""


def run(options: Namespace) -> int:
    """Simulate, save, and print in the form asked for."""
    saved = bool(options.file) and Path(options.file).suffix.lower() == ".nc"
    plan, listed, made = _again(options) if saved else _asked(options)
    if options.out:
        save_result(made, options.out)
    if options.format != "table":
        output.records(records(made), options.format)
        return 0
    if options.file:
        _read_back(plan, listed, options.lang)
    print_result(plan, made, options.lang)
    return 0


def _asked(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return the plan, the scenarios as the file has them, and what becomes of them."""
    plan = output.plan_of(options)
    if options.file:
        must_be_no_result(options.file)
        listed = load_scenarios(Path(options.file))
    else:
        listed = shipped_scenarios()
    observations = output.figures_of(options, plan)
    made = simulate(
        plan,
        beside_planned(listed),
        observations,
        draws=DRAWS if options.draws is None else options.draws,
        seed=SEED if options.seed is None else options.seed,
        threads=options.threads,
        as_of=options.as_of,
        known_by=options.known_by,
    )
    return plan, listed, made


def _again(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return a saved result, computed again from what it holds."""
    given = [f"--{name.replace('_', '-')}" for name in _HELD if _is_given(getattr(options, name))]
    if given:
        raise CorridorError(
            f"A saved result holds its plan, figures, scenarios, draws and seed. Run it again "
            f"without {', '.join(given)}, or name the scenario file instead.",
            f"保存的结果里已有规划、数据、情景、抽取次数和种子。重算时请去掉{'、'.join(given)}，"
            "或改用情景文件。",
        )
    held = load_result(options.file)
    plan, listed, _ = asked_of(held)
    return plan, listed, rerun(held, threads=options.threads)


def _is_given(value: object) -> bool:
    return value is not None and value is not False


def beside_planned(listed: Sequence[Scenario]) -> list[Scenario]:
    """Return scenarios with the plan as printed first, where they do not hold it."""
    planned = listed_scenarios(None)[0]
    # one that bears the name keeps it, whatever it changes: names are the coordinate of results
    held = any(one.name == planned.name or changes_nothing(one) for one in listed)
    return list(listed) if held else [planned, *listed]


def _read_back(plan: Plan, scenarios: Sequence[Scenario], lang: str) -> None:
    """Say what a person's own scenarios mean, so that a slip of the pen is seen."""
    zh = lang == "zh"
    output.heading("情景" if zh else "Scenarios")
    for one in scenarios:
        why = one.why_zh if zh else one.why_en
        lines = [line for line in one.text(plan, lang) if line != why]
        lines += idle_text(plan, one, lang)
        nothing = "照规划，不作改动" if zh else "nothing changed"
        said = ("；" if zh else "; ").join(lines) or nothing
        output.paragraph(f"{one.title(lang)}：{said}。" if zh else f"{one.title(lang)}: {said}.")


def records(made: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator and scenario; rates and probabilities as fractions.

    The median is masked where a saved result was asked for other quantiles.
    """
    rows = []
    last = int(made["year"].values[-1])
    for i, scenario in enumerate(made["scenario"].values):
        at = made.isel(scenario=i)
        median = at["value"].sel(year=last).reindex(quantile=[0.5]).squeeze("quantile").values
        for j, indicator in enumerate(made["indicator"].values):
            rows.append(
                {
                    "indicator": str(indicator),
                    "indicator_zh": str(made["name_zh"].values[j]),
                    "scenario": str(scenario),
                    "scenario_zh": str(at["scenario_zh"].item()),
                    "p_reach": float(at["p_reach"].values[j]),
                    "p_reach_error": float(at["p_reach_error"].values[j]),
                    "p_basis": str(at["p_basis"].values[j]),
                    "median": float(median[j]),
                    "reason": str(at["p_reach_reason"].values[j]),
                }
            )
    return rows


# The tables of ``corridor simulate``: money, roads, odds, and promises kept at once.

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
    widths = [
        max(map(layout.width, column)) for column in zip(*_rows(columns, titles), strict=True)
    ]
    names = max(widths[0], layout.width("情景" if zh else "scenario"))
    used = sum(
        max(size, layout.width(word)) + layout.GAP
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
    first = titles[0] if layout.width(titles[0]) <= 12 else ("首个情景" if zh else "first")
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


# ``corridor diff A B``: what differs between two scenarios, and what it does to the money.

SETTINGS = {
    "since": ("改动从何时起算", "changes count from"),
    "escalation": ("移动的投资每年调价", "money that moves is dearer each year by"),
    "paired": ("同一项目超支与推迟的共同因子载荷", "loading of overrun and delay of one work"),
    "common": ("全部项目超支与推迟的共同因子载荷", "loading of overruns and delays of all works"),
    "duration": ("没有印的开工或完工时间", "a date that is not printed lies at"),
}
"""The settings of a scenario as people read them."""

_IN_FILE = re.compile(r"(?P<file>.+?\.toml)(?:[:：](?P<name>.*))?", re.IGNORECASE)
WIDE = 28
"""Places for the name of a scenario over its money: two of them fit a terminal."""


def run_diff(options: Namespace) -> int:
    """Print the difference in the form asked for."""
    plan = output.plan_of(options)
    a, b = (scenario_named(name) for name in (options.a, options.b))
    difference = a.diff(b, plan)
    if options.format != "table":
        rows = [*_settings_records(a, b), *(_record(change) for change in difference.changes)]
        columns = dict.fromkeys(name for row in rows for name in row)
        whole = [{name: row.get(name) for name in columns} for row in rows]
        output.records(whole, options.format)
        return 0
    zh = options.lang == "zh"
    settings = _settings_lines(a, b, zh)
    if not difference.changes and not settings:
        output.paragraph("两个情景相同。" if zh else "The two scenarios mean the same.")
        return 0
    arrow = f"{a.title('zh')} → {b.title('zh')}" if zh else f"{a.name} → {b.name}"
    output.heading(arrow)
    changes = [change_text(change, plan, options.lang) for change in difference.changes]
    for line in (*settings, *changes):
        output.paragraph(f"· {line}")
    _money_diff(plan, a, b, zh)
    return 0


def scenario_named(name: str) -> Scenario:
    """Return a shipped scenario by its name, or the one scenario of a TOML file.

    ``file.toml:name`` takes one of several; the colon may be a Chinese one.

    Raises
    ------
    CorridorError
        If there is no such scenario, with the nearest name; if a file holds several and
        none is named; for a saved result.
    """
    must_be_no_result(name)
    found = _IN_FILE.fullmatch(name)
    if found:
        file, name = found["file"], found["name"] or ""
        listed = load_scenarios(Path(file))
        if not name and len(listed) == 1:
            return listed[0]
        if not name:
            raise _several(file, listed)
    else:
        listed = shipped_scenarios()
    for scenario in listed:
        if name in {scenario.name, scenario.name_zh}:
            return scenario
    known = [title for s in listed for title in (s.name, s.name_zh) if title]
    near = nearest(name, known)
    hint = f"Did you mean {near!r}?" if near else f"Known: {'; '.join(known)}."
    zh = f"是否应为“{near}”？" if near else f"可用：{'；'.join(known)}。"
    raise CorridorError(f"There is no scenario {name!r}. {hint}", f"没有名为“{name}”的情景。{zh}")


def must_be_no_result(name: str) -> None:
    """Refuse a saved result where a scenario is asked for.

    Raises
    ------
    CorridorError
        With the command that reads it.
    """
    kind = Path(name).suffix.lower()
    if kind == ".nc":
        raise CorridorError(
            f"{name} is a saved result, not a scenario file. corridor simulate {name} runs it "
            "again; scenarios are .toml files.",
            f"{name}是保存的模拟结果，不是情景文件。用corridor simulate {name}可以重算；"
            "情景文件以.toml结尾。",
        )
    if kind in {".csv", ".parquet"}:
        raise CorridorError(
            f"{name} is a table, not a scenario file: scenarios are .toml files, and of saved "
            "results only .nc can be run again.",
            f"{name}是数据表，不是情景文件：情景文件以.toml结尾；保存的结果只有.nc可以重算。",
        )


def _several(file: str, listed: Sequence[Scenario]) -> CorridorError:
    """Return the error of a file of which one scenario must be named."""
    en, zh = ("; ".join(one.name for one in listed), "、".join(one.title("zh") for one in listed))
    return CorridorError(
        f"{Path(file).name} holds {len(listed)} scenarios: {en}. Say which, such as "
        f'"{file}:{listed[0].name}".',
        f"{Path(file).name}里有{len(listed)}个情景：{zh}。请写明是哪一个，"
        f"如“{file}:{listed[0].title('zh')}”。",
    )


def _settings_lines(a: Scenario, b: Scenario, zh: bool) -> list[str]:
    """Return the settings that differ in words, before and after."""
    colon, at = ("：", 0) if zh else (": ", 1)
    return [
        f"{SETTINGS[name][at]}{colon}{_setting(name, old, at)} → {_setting(name, new, at)}"
        for name, (old, new) in settings_between(a, b).items()
    ]


def _setting(name: str, value: Any, at: int) -> str:
    if name == "since" and value == FIRST_DAY:
        return ("规划第一天", "the plan's first day")[at]
    if name == "duration":
        if not value:
            return ("规划首月或末月", "the plan's first or last month")[at]
        return (f"按工期{value}个月推算", f"{value} months from the other")[at]
    if name == "escalation":
        return percent(value, 1)
    return value if name == "since" else plain(value)


def _settings_records(a: Scenario, b: Scenario) -> list[dict[str, Any]]:
    """Return one row a setting that differs, its values as a scenario file writes them."""
    return [
        {"change": "setting", "setting": name, "was": old, "value": new}
        for name, (old, new) in settings_between(a, b).items()
    ]


def _record(change: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"change": CHANGE_WORDS[type(change)]}
    for field in fields(change):
        value = getattr(change, field.name)
        told[field.name] = value if isinstance(value, (int, float, str, bool)) else _text(value)
    return told


def _text(value: object) -> str | None:
    return None if value is None else repr(value)


def _money_diff(plan: Plan, a: Scenario, b: Scenario, zh: bool) -> None:
    """Print the programme's yearly money under both."""
    one, other = (
        Scenario("a", *a.changes, settings=a.settings),
        Scenario("b", *b.changes, settings=b.settings),
    )
    made = spending(plan, [one, other])
    years = made["spending_year"].values
    note = known_text(made, "zh" if zh else "en")
    output.heading(
        f"年度投资，亿元（{note}；有分布的为均值）"
        if zh
        else f"Yearly money, 亿元 ({note}; means where uncertain)"
    )
    money = made["programme"].values
    rows = [
        (str(year), *(rounded(value, 2) for value in (x, y, y - x)))
        for year, x, y in zip(years, money[0], money[1], strict=True)
    ]
    rows.append(
        (
            "合计" if zh else "total",
            *(rounded(v, 2) for v in (*money.sum(axis=1), money[1].sum() - money[0].sum())),
        )
    )
    year, less = ("年份", "差额") if zh else ("year", "difference")
    header = (year, *_headings(a, b, zh), less)
    output.table(header, rows, (False, True, True, True))


def _headings(a: Scenario, b: Scenario, zh: bool) -> tuple[str, str]:
    """Return the names of both over their money, told apart where they read the same."""
    names = [s.title("zh" if zh else "en") for s in (a, b)]
    one, other = (layout.shortened(name, WIDE) for name in names)
    if one != other:
        return one, other
    one, other = (layout.shortened(name, WIDE - 3) for name in names)
    return (f"甲 {one}", f"乙 {other}") if zh else (f"A {one}", f"B {other}")
