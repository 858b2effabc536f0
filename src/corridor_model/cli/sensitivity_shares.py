"""Shares of ``corridor sensitivity``: of the variance, and of what a scenario does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.cli import output
from corridor_model.cli.sensitivity_parts import more, notes, result
from corridor_model.sensitivity import attribution_words, sobol_words
from corridor_model.sensitivity.amounts import amount, bare, bare_difference, share_text, unit_text
from corridor_model.sensitivity.told import names_of

if TYPE_CHECKING:
    import xarray as xr

FEW = 3
"""Outputs that get a table each; more share one."""


def indices(made: xr.Dataset, zh: bool, top: int) -> None:
    """Print Sobol indices: a table an output, or one row an output where there are many."""
    lang = "zh" if zh else "en"
    moving = [
        str(n) for n in made["output"].values if not bool(made["zero_variance"].sel(output=n))
    ]
    words = sobol_words.sobol_words(made, None, lang)
    if made.sizes["output"] <= FEW:
        result(words, zh)
        for name in moving:
            _indices(made, name, zh, top)
    else:
        _shares(made, moving, zh, top)
    notes(words.notes, zh)


def _indices(made: xr.Dataset, name: str, zh: bool, top: int) -> None:
    """Print the indices of one output."""
    at = made.sel(output=name)
    level = round(100 * float(made.attrs["level"]))
    title = str(at["output_zh" if zh else "output_en"].values)
    output.heading(f"占方差的份额，%：{title}" if zh else f"Shares of the variance, %: {title}")
    order = [i for i in sobol_words.ranked(at) if at["ST"].values[i] != 0]
    names = names_of(made, "zh" if zh else "en")
    rows = []
    for i in order[:top]:
        cells = []
        for index in ("S1", "ST"):
            cells.append(_hundredth(float(at[index].values[i])))
            cells.append(
                " – ".join(_hundredth(float(at[f"{index}_{e}"].values[i])) for e in ("low", "high"))
            )
        rows.append((names[i], *cells))
    header = (
        ("输入", "一阶", f"{level}%区间", "总指数", f"{level}%区间")
        if zh
        else ("input", "S1", f"{level} % bounds", "ST", f"{level} % bounds")
    )
    output.table(header, rows, (False, True, True, True, True))
    more(len(order) - len(rows), zh)


def _hundredth(share: float) -> str:
    return "—" if np.isnan(share) else bare(share, "1", "p_reach")


def _shares(made: xr.Dataset, moving: list[str], zh: bool, top: int) -> None:
    """Print one row an output: mean, and the two inputs with the largest share."""
    lang = "zh" if zh else "en"
    output.heading(
        "每项结果由什么决定（总指数）" if zh else "What decides each output (total index)"
    )
    names = names_of(made, lang)
    rows = []
    for name in moving[:top]:
        at = made.sel(output=name)
        unit, word = str(at["unit"].values), name.partition(":")[0]
        order, total = sobol_words.ranked(at), at["ST"].values
        first, second = order[0], order[1] if len(order) > 1 else None
        known = second is not None and total[second] > 0.005
        rows.append(
            (
                str(at[f"output_{lang}"].values),
                amount(float(at["mean"]), unit, zh, word),
                names[first],
                share_text(float(total[first]), zh),
                names[second] if known and second is not None else "—",
                share_text(float(total[second]), zh) if known and second is not None else "—",
            )
        )
    header = (
        ("结果", "均值", "最要紧", "份额", "其次", "份额")
        if zh
        else ("output", "mean", "first", "share", "second", "share")
    )
    if rows:
        output.table(header, rows, (False, True, False, True, False, True))
    more(len(moving) - len(rows), zh)
    still = made.sizes["output"] - len(moving)
    if still:
        output.say("")
        output.paragraph(
            f"另有{still}项结果在所设范围内不变。"
            if zh
            else f"{still} more outputs never move within these ranges."
        )


def attribution(made: xr.Dataset, zh: bool) -> None:
    """Print for each output the words, and a table where more than one change moves it."""
    lang = "zh" if zh else "en"
    whole = attribution_words.attribution_words(made, None, lang)
    moved = [n for n in made["output"].values if attribution_words.moves(made.sel(output=n))]
    output.heading("结论" if zh else "The result")
    for name in moved:
        at = made.sel(output=name)
        for line in attribution_words.attribution_words(made, str(name), lang).result:
            output.paragraph(line)
        _waterfall(at, zh)
        output.say("")
    if len(moved) < made.sizes["output"]:
        output.paragraph(whole.result[-1])
    notes(whole.notes, zh)


def _waterfall(at: xr.Dataset, zh: bool) -> None:
    order = attribution_words.ranked(at)
    if len(order) < 2:
        return
    unit, word = str(at["unit"].values), str(at["output"].values).partition(":")[0]
    rows = [("改动前" if zh else "before", *[bare(float(at["before"]), unit, word)] * 2)]
    for i in sorted(order):
        cells = (bare_difference(float(at[v].values[i]), unit, word) for v in ("share", "ordered"))
        rows.append((attribution_words.change(at, i, zh), *cells))
    rows.append(("改动后" if zh else "after", *[bare(float(at["after"]), unit, word)] * 2))
    of = unit_text(unit, zh, word)
    tail = f"，{of}" if zh and of else f", {of}" if of else ""
    header = ("改动", f"份额{tail}", "按序") if zh else ("change", f"share{tail}", "in order")
    output.say("")
    output.table(header, rows, (False, True, True))
