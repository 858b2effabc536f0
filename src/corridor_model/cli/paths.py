"""``corridor paths``: what given yearly rates reach, and the start each would need."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from corridor_model.cli import output
from corridor_model.cli.words import reason
from corridor_model.errors import CorridorError
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.kinds import target_text
from corridor_model.plan.plan import Plan
from corridor_model.report.tables import paths_records
from corridor_model.rounding import percent, plain, rounded

if TYPE_CHECKING:
    import xarray as xr


def run(options: Namespace) -> int:
    """Print paths in the form asked for."""
    plan = output.plan_of(options)
    paths = growth_paths(plan, _rates(options.rates))
    if options.format != "table":
        output.records(paths_records(paths), options.format)
        return 0
    print_paths(plan, paths, options.lang)
    return 0


def _rates(text: str) -> list[float]:
    """Return fractions from ``10,12.5``: percent, as people say it."""
    try:
        return [
            float(part.strip().rstrip("%％")) / 100 for part in text.replace("，", ",").split(",")
        ]
    except ValueError:
        raise CorridorError(
            f"--rates {text!r}: give percentages separated by commas, such as 10,12,15,20."
        ) from None


def print_paths(plan: Plan, paths: xr.Dataset, lang: str) -> None:
    """Print four tables: what is reached, index paths, yearly additions, and back-casts."""
    zh = lang == "zh"
    kinds = {name: indicator.kind for name, indicator in plan.indicators.items()}
    known = [n for n, i in plan.indicators.items() if i.baseline is not None]
    geometric = {"level", "share", "ratio", "rank"}
    year = plan.about.last_year
    base = plan.about.base_year
    _block(
        plan,
        paths,
        lang,
        [n for n in known if kinds[n] in geometric],
        "到目标年份能达到（✓ 达到目标；括号内为首次达到的年份）"
        if zh
        else "Value in the target year (✓ met; in brackets the first year that meets it)",
        _reached_cell,
    )
    _block(
        plan,
        paths,
        lang,
        [n for n, kind in kinds.items() if kind == "growth"],
        f"年均增速目标：以{base}年为100，{year}年的指数"
        if zh
        else f"Growth targets: index in {year}, {base} = 100",
        _reached_cell,
        index=True,
    )
    _block(
        plan,
        paths,
        lang,
        [n for n in known if kinds[n] == "cumulative"],
        "累计目标：逐年新增按此增速，首年需要新增"
        if zh
        else "Cumulative targets: first-year addition if additions grow at the rate",
        _addition_cell,
    )
    _block(
        plan,
        paths,
        lang,
        [n for n, i in plan.indicators.items() if i.baseline is None and kinds[n] in geometric],
        f"无基期：要按此增速达到目标，{base}年末需要已达到"
        if zh
        else f"No baseline: the {base} value each rate would need",
        _back_cast_cell,
    )


def _block(
    plan: Plan,
    paths: xr.Dataset,
    lang: str,
    names: list[str],
    title: str,
    cell: object,
    index: bool = False,
) -> None:
    if not names:
        return
    output.heading(title)
    rates = paths["rate"].to_numpy()
    chosen = paths.sel(indicator=names)
    arrays = {name: chosen[name].to_numpy() for name in chosen.data_vars}
    ends = chosen["year"].to_numpy()
    rows = []
    for i, name in enumerate(names):
        indicator = plan.indicators[name]
        target = f"≥ {rounded(arrays['target'][i], 2)}" if index else target_text(indicator, lang)
        end = int((ends == max(t.year for t in indicator.targets)).argmax())
        cells = [cell(arrays, i, r, end, lang) for r in range(len(rates))]  # type: ignore[operator]
        rows.append((indicator.name(lang), target, *cells))
    header = (
        "指标" if lang == "zh" else "indicator",
        "目标" if lang == "zh" else "target",
        *(percent(rate, 0 if float(rate * 100).is_integer() else 1) for rate in rates.round(12)),
    )
    output.table(header, rows, (False, False, *[True] * len(rates)))


def _reached_cell(arrays: dict[str, object], i: int, r: int, end: int, lang: str) -> str:
    masked = str(arrays["value_reason"][i, r, end])  # type: ignore[index]
    if masked:
        return reason(masked, lang)
    value = rounded(arrays["value"][i, r, end], 2)  # type: ignore[index]
    if arrays["reached"][i, r]:  # type: ignore[index]
        return f"{value} ✓"
    why = str(arrays["year_reached_reason"][i, r])  # type: ignore[index]
    first = reason(why, lang) if why else plain(arrays["year_reached"][i, r])  # type: ignore[index]
    return f"{value} ({first})"


def _addition_cell(arrays: dict[str, object], i: int, r: int, end: int, lang: str) -> str:
    return rounded(arrays["first_addition"][i, r], 1)  # type: ignore[index]


def _back_cast_cell(arrays: dict[str, object], i: int, r: int, end: int, lang: str) -> str:
    masked = str(arrays["required_baseline_reason"][i, r])  # type: ignore[index]
    return reason(masked, lang) if masked else rounded(arrays["required_baseline"][i, r], 2)  # type: ignore[index]
