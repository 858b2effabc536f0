"""``corridor paths``: what given yearly rates reach, and the start each would need."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from corridor_model.cli import output
from corridor_model.cli.words import reason
from corridor_model.errors import CorridorError
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.kinds import SENSE_SIGNS, goal_text
from corridor_model.plan.plan import Plan
from corridor_model.plan.show import headline
from corridor_model.report.tables import paths_records
from corridor_model.rounding import plain, readable, rounded

if TYPE_CHECKING:
    import xarray as xr

GEOMETRIC = frozenset({"level", "share", "ratio", "rank"})


def run(options: Namespace) -> int:
    """Print paths in the form asked for."""
    plan = output.plan_of(options)
    paths = growth_paths(plan, _rates(options.rates))
    if options.format != "table":
        output.records(paths_records(paths), options.format)
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
