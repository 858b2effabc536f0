"""``corridor required``: the yearly growth each target needs, and what is not known."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from corridor_model.cli import output
from corridor_model.cli.parser import reason
from corridor_model.codes import ORIGIN_WORDS
from corridor_model.errors import CorridorError
from corridor_model.formatting import percent, plain, readable, rounded
from corridor_model.growth import compound
from corridor_model.plan.display import (
    EXAMPLE_EN,
    EXAMPLE_ZH,
    SENSE_SIGNS,
    goal_text,
    headline,
    in_language,
)
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.plan.required_growth import Requirement, requirement
from corridor_model.report.write import path_rows, required_rows

if TYPE_CHECKING:
    import xarray as xr


Needed = dict[str, Requirement]


def run(options: Namespace) -> int:
    """Print required growth in the form asked for."""
    plan = output.plan_of(options)
    if options.format != "table":
        output.records(required_rows(plan), options.format)
        return 0
    print_required(plan, options.lang, options.all)
    return 0


def print_required(plan: Plan, lang: str, everything: bool = False) -> None:
    """Print what can be said, the plain rates first, then what cannot and why.

    Counts of single blocks and institutes are many and small; they are listed only where
    ``everything`` is asked for.
    """
    zh = lang == "zh"
    needed = {name: requirement(indicator) for name, indicator in plan.indicators.items()}
    title = "各项目标所需的年均增速" if zh else "Yearly growth that each target needs"
    note = (EXAMPLE_ZH if zh else EXAMPLE_EN) if plan.example else ""
    _print_rates(plan, needed, lang, f"{title} [{note}]" if note else title)
    _print_growth(plan, needed, lang)
    _print_steps(plan, needed, lang, everything)
    _print_unknown(plan, needed, lang)


def _print_rates(plan: Plan, needed: Needed, lang: str, title: str) -> None:
    """Print indicators with a known start and a compounded rate."""
    zh = lang == "zh"
    rows = {n: r for n, r in needed.items() if r.required_rate is not None and r.kind != "growth"}
    output.heading(title)
    if not rows:
        output.say("  " + ("没有已知基期的指标。" if zh else "No indicator has a known baseline."))
        return
    output.table(
        ("指标", "基期", "目标", "年份", "年均增速", "每年增减", "数据性质")
        if zh
        else ("indicator", "baseline", "target", "year", "a year", "step a year", "baseline is"),
        [
            (
                plan.indicators[name].name(lang),
                f"{plain(row.baseline)} ({row.baseline_year})",
                goal_text(plan.indicators[name], lang) + (_met(lang) if row.already_met else ""),
                str(row.target_year),
                percent(row.required_rate),
                _step(row, lang),
                ORIGIN_WORDS[row.origin].text("zh" if zh else "en"),
            )
            for name, row in rows.items()
            if row.baseline is not None and row.required_rate is not None
        ],
        (False, False, False, True, True, True, False),
    )
    for name in rows:
        for note in _cautions(plan.indicators[name], lang):
            output.paragraph(note)


def _cautions(indicator: Indicator, lang: str) -> Iterator[str]:
    """Yield what a reader must know of a starting value: its vintage, and a weak source."""
    start, label, zh = indicator.baseline, indicator.name(lang), lang == "zh"
    if start is not None and start.series:
        series = in_language(start.series, lang)
        yield (
            f"{label}：{start.year}年数的口径为“{series}”。"
            if zh
            else f"{label}: the {start.year} figure is of the series {series!r}."
        )
    if start is not None and start.confidence == "low":
        yield (
            f"{label}：{start.year}年数来自转载，可信度低，请核实后使用。"
            if zh
            else f"{label}: the {start.year} figure comes from a weak mirror; check it before use."
        )


def _met(lang: str) -> str:
    return "（已达到）" if lang == "zh" else " (met)"


def _print_growth(plan: Plan, needed: Needed, lang: str) -> None:
    """Print growth targets with the multiple they imply."""
    zh, base = lang == "zh", plan.about.base_year
    rows = {name: row for name, row in needed.items() if row.kind == "growth"}
    if not rows:
        return
    output.heading(
        f"目标即为年均增速（{base}年=100，基期为假设）"
        if zh
        else f"The target is a growth rate ({base} = 100, an assumed base)"
    )
    output.table(
        ("指标", "年均增速", "年份", "届时指数")
        if zh
        else ("indicator", "a year", "year", "index"),
        [
            (
                plan.indicators[name].name(lang),
                goal_text(plan.indicators[name], lang),
                str(row.target_year),
                rounded(float(compound(100.0, row.target / 100, row.target_year - base)), 2),
            )
            for name, row in rows.items()
        ],
        (False, False, True, True),
    )


def _print_steps(plan: Plan, needed: Needed, lang: str, everything: bool) -> None:
    """Print what is counted up: a rate from zero does not exist, a yearly addition does."""
    zh = lang == "zh"
    rows = {
        n: r for n, r in needed.items() if r.required_rate is None and r.required_step is not None
    }
    counts = {n: r for n, r in rows.items() if r.kind in {"cumulative", "completion"}}
    others = {n: r for n, r in rows.items() if n not in counts}
    chosen = counts.keys() if everything else headline(plan)
    shown = {name: row for name, row in counts.items() if name in chosen}
    _step_table(
        plan,
        shown,
        lang,
        "从零起算的累计目标：平均每年需新增" if zh else "Counts that start at zero: needed a year",
    )
    if len(shown) < len(counts):
        output.paragraph(
            f"另有分区块、分单位的 {len(counts) - len(shown)} 项，加 --all 显示。"
            if zh
            else f"{len(counts) - len(shown)} more of single blocks and institutes: add --all."
        )
    _step_table(
        plan,
        others,
        lang,
        "基期为零或负数，增速无法计算，只列每年增减"
        if zh
        else "The start is zero or negative: no rate exists, only a step",
    )


def _step_table(plan: Plan, rows: Needed, lang: str, title: str) -> None:
    if not rows:
        return
    zh = lang == "zh"
    output.heading(title)
    output.table(
        ("指标", "基期", "目标", "年份", "每年增减", "数据性质")
        if zh
        else ("indicator", "baseline", "target", "year", "a year", "start is"),
        [
            (
                plan.indicators[name].name(lang),
                "" if row.baseline is None else f"{plain(row.baseline)} ({row.baseline_year})",
                goal_text(plan.indicators[name], lang) + (_met(lang) if row.already_met else ""),
                str(row.target_year),
                _step(row, lang),
                ORIGIN_WORDS[row.origin].text("zh" if zh else "en"),
            )
            for name, row in rows.items()
        ],
        (False, False, False, True, True, False),
    )


def _step(row: Requirement, lang: str) -> str:
    assert row.required_step is not None
    points = "个百分点" if lang == "zh" else "points"
    unit = points if row.unit == "%" else row.unit
    return f"{readable(row.required_step)} {unit}".rstrip()


def _print_unknown(plan: Plan, needed: Needed, lang: str) -> None:
    zh = lang == "zh"
    unknown = [name for name, row in needed.items() if row.reason == "no_baseline"]
    if unknown:
        names = [plan.indicators[name].name(lang) for name in unknown]
        output.heading(
            f"无基期，无法计算增速：{len(unknown)} 项"
            if zh
            else f"No baseline, so no rate: {len(unknown)} indicators"
        )
        output.paragraph(("；" if zh else "; ").join(names) + ("。" if zh else "."))
        output.paragraph(
            f"所需的{plan.about.base_year}年基期值见 corridor paths；"
            "已有数据可用 corridor template baselines.csv 填报，再加 --baselines baselines.csv。"
            if zh
            else f"`corridor paths` shows the {plan.about.base_year} value each rate would need. "
            "To give yours: `corridor template baselines.csv`, fill it in, add --baselines "
            "baselines.csv."
        )
    floors = [n for n, row in needed.items() if row.kind == "annual"]
    dated = [n for n, row in needed.items() if row.kind == "milestone"]
    if floors or dated:
        output.say("")
        output.paragraph(
            f"另有每年下限目标 {len(floors)} 项、节点目标 {len(dated)} 项，不计算增速。"
            if zh
            else f"Besides: {len(floors)} yearly minimums and {len(dated)} milestones, "
            "for which a growth rate has no meaning."
        )


# ``corridor paths``: what given yearly rates reach, and the start each would need.

GEOMETRIC = frozenset({"level", "share", "ratio", "rank"})


def run_paths(options: Namespace) -> int:
    """Print paths in the form asked for."""
    plan = output.plan_of(options)
    paths = growth_paths(plan, _rates(options.rates))
    if options.format != "table":
        output.records(path_rows(paths), options.format)
        return 0
    print_paths(plan, paths, options.lang, options.all)
    return 0


def _rates(text: str) -> list[float]:
    """Return fractions from ``10,12.5``: percent, as people say it."""
    try:
        parts = text.replace("，", ",").replace("、", ",").split(",")
        rates = [float(part.strip().rstrip("%％")) / 100 for part in parts]
    except ValueError:
        rates = []
    # 0.10 is meant as 10 % by whoever knows the Python side
    if not rates or any(0 < abs(rate) < 0.005 for rate in rates):
        raise CorridorError(
            f"--rates {text!r}: give percentages separated by commas, such as 10,12,15,20.",
            f"--rates“{text}”：增速请用百分数、以逗号分隔，如10,12,15,20。",
        )
    return rates


def print_paths(plan: Plan, paths: xr.Dataset, lang: str, everything: bool = False) -> None:
    """Print four tables: what is reached, index paths, yearly additions, and back-casts."""
    zh, base, last = lang == "zh", plan.about.base_year, plan.about.last_year
    chosen = plan.indicators.keys() if everything else headline(plan)
    shown = [indicator for name, indicator in plan.indicators.items() if name in chosen]
    known = [i.id for i in shown if i.baseline is not None and i.kind in GEOMETRIC]
    unknown = [i.id for i in shown if i.baseline is None and i.kind in GEOMETRIC]
    counts = [i.id for i in shown if i.baseline is not None and i.kind == "cumulative"]
    growing = [i.id for i in shown if i.kind == "growth"]
    block = _Blocks(plan, paths, lang).block
    block(
        "到目标年份能达到的数值（✓ 达到目标；括号内为首次达到的年份；≤ 目标按该比率下降）"
        if zh
        else "Value in the target year (✓ met; in brackets the first year that meets it; "
        "what must fall falls by the rate)",
        known,
        _reached,
    )
    block(
        f"年均增速目标：以{base}年为100，{last}年的指数"
        if zh
        else f"Growth targets: index in {last}, {base} = 100",
        growing,
        _reached,
    )
    block(
        "累计目标：若逐年新增按此增速递增，首年需新增"
        if zh
        else "Counts: first-year addition if additions grow at the rate",
        counts,
        _addition,
    )
    block(
        f"无基期：要按此增速达到目标，{base}年末需要已达到"
        if zh
        else f"No baseline: the {base} value each rate would need",
        unknown,
        _back_cast,
    )
    drawn = {
        i.id for i in plan.indicators.values() if i.kind in GEOMETRIC | {"growth", "cumulative"}
    }
    hidden = len(drawn - {indicator.id for indicator in shown})
    without = len(plan.indicators) - len(drawn)
    if without:
        output.say("")
        output.paragraph(
            f"另有节点、每年下限和完成进度目标 {without} 项，不按增速计算。"
            if zh
            else f"Besides: {without} milestones, yearly minimums and completions without a path."
        )
    if hidden:
        output.say("")
        output.paragraph(
            f"另有分区块、分单位的 {hidden} 项，加 --all 显示。"
            if zh
            else f"{hidden} more of single blocks and institutes: add --all."
        )


class _Blocks:
    """Tables of indicators by rate over one dataset of paths."""

    def __init__(self, plan: Plan, paths: xr.Dataset, lang: str):
        self.plan, self.paths, self.lang = plan, paths, lang
        self.rates = paths["rate"].to_numpy()

    def block(
        self, title: str, names: Sequence[str], cell: Callable[[xr.Dataset, str], str]
    ) -> None:
        """Print one table; nothing if no indicator belongs into it."""
        if not names:
            return
        output.heading(title)
        zh = self.lang == "zh"
        rates = (f"{plain(float(rounded(rate * 100, 6)))} %" for rate in self.rates)
        header = ("指标" if zh else "indicator", "目标" if zh else "target", *rates)
        rows = [(*self._promise(name), *self._cells(name, cell)) for name in names]
        output.table(header, rows, (False, False, *[True] * len(self.rates)))

    def _promise(self, name: str) -> tuple[str, str]:
        indicator = self.plan.indicators[name]
        if indicator.kind != "growth":
            return indicator.name(self.lang), goal_text(indicator, self.lang)
        index = rounded(float(self.paths["target"].sel(indicator=name)), 2)
        return indicator.name(self.lang), f"{SENSE_SIGNS[indicator.target.sense]} {index}"

    def _cells(self, name: str, cell: Callable[[xr.Dataset, str], str]) -> list[str]:
        due = max(target.year for target in self.plan.indicators[name].targets)
        at_end = self.paths.sel(indicator=name, year=due)
        return [cell(at_end.isel(rate=i), self.lang) for i in range(len(self.rates))]


def _reached(path: xr.Dataset, lang: str) -> str:
    masked = str(path["value_reason"].item())
    if masked:
        return reason(masked, lang)
    value = readable(path["value"].item())
    if path["reached"].item():
        return f"{value} ✓"
    never = str(path["year_reached_reason"].item())
    return f"{value} ({reason(never, lang) if never else plain(path['year_reached'].item())})"


def _addition(path: xr.Dataset, lang: str) -> str:
    masked = str(path["first_addition_reason"].item())
    return reason(masked, lang) if masked else rounded(path["first_addition"].item(), 1)


def _back_cast(path: xr.Dataset, lang: str) -> str:
    masked = str(path["required_baseline_reason"].item())
    return reason(masked, lang) if masked else readable(path["required_baseline"].item())
