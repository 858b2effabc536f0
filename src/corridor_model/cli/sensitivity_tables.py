"""The tables of ``corridor sensitivity``: words first, then numbers, then how far to trust them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.cli import output
from corridor_model.cli.sensitivity_parts import more, notes, result
from corridor_model.cli.sensitivity_shares import attribution, indices
from corridor_model.sensitivity import grid_words, switching_words
from corridor_model.sensitivity.amounts import (
    bare,
    lever_bare,
    percents,
    unit_text,
)
from corridor_model.sensitivity.bound_words import bound
from corridor_model.sensitivity.phrases import field_of
from corridor_model.sensitivity.told import names_of, units_of
from corridor_model.sensitivity.words import method_of, told

if TYPE_CHECKING:
    import xarray as xr

AS_FORECAST = ("按预测", "as forecast")


def show(made: xr.Dataset, lang: str, top: int, *, named: bool = False) -> None:
    """Print a study.

    Parameters
    ----------
    made : Dataset
        Of any of the five.
    lang : {"zh", "en"}
        Language.
    top : int
        Rows of each table at most; the rest is counted.
    named : bool
        Whether the inputs were named one by one, so that none may be missing.
    """
    method, zh = method_of(made), lang == "zh"
    if method == "attribute":
        attribution(made, zh)
        return
    if method == "sobol":
        indices(made, zh, top)
        return
    words = told(made, lang)
    result(words, zh)
    if method == "tornado":
        _tornado(made, zh, top)
    elif method == "switching":
        _switching(made, zh, top, named)
    else:
        _grid(made, zh)
    notes(words.notes, zh)


def input_title(name: str, title: str, unit: str, zh: bool) -> str:
    """Return an input's name with the unit of its numbers."""
    said = "" if field_of(name) in {"growth", "forecast", "cancel"} else unit_text(unit, zh)
    said = "月" if said == "个月" else said
    if not said:
        return title
    return f"{title}（{said}）" if zh else f"{title} ({said})"


def _titles(made: xr.Dataset, zh: bool) -> list[str]:
    named = zip(
        made["input"].values, names_of(made, "zh" if zh else "en"), units_of(made), strict=True
    )
    return [input_title(str(name), title, unit, zh) for name, title, unit in named]


def _tornado(made: xr.Dataset, zh: bool, top: int) -> None:
    word, unit = str(made.attrs["output"]).partition(":")[0], str(made.attrs["unit"])
    of = unit_text(unit, zh, word)
    title = made.attrs["output_zh" if zh else "output_en"]
    output.heading(
        f"一次只变一项：{title}{f'，{of}' if of else ''}"
        if zh
        else f"One input at a time: {title}{f', {of}' if of else ''}"
    )
    moving = int(np.count_nonzero(made["swing"].values > 0))
    titles, units = _titles(made, zh), units_of(made)
    rows = []
    for i in range(min(top, moving)):
        field = field_of(str(made["input"].values[i]))
        at = made.isel(input=i)
        ends = [lever_bare(field, float(at[end]), zh, units[i]) for end in ("low", "high")]
        results = [bare(float(at[f"output_{end}"]), unit, word) for end in ("low", "high")]
        swing = bare(float(at["swing"]), unit, word)
        rows.append((titles[i], *ends, *results, swing, percents(float(at["share_of_swing"]), zh)))
    header = (
        ("输入", "低值", "高值", "低值时", "高值时", "幅度", "占比")
        if zh
        else ("input", "low", "high", "at low", "at high", "swing", "share")
    )
    if rows:
        output.table(header, rows, (False, *[True] * 6))
    more(moving - len(rows), zh)


def _switching(made: xr.Dataset, zh: bool, top: int, named: bool) -> None:
    found = [
        i
        for i in range(made.sizes["input"])
        if named or not np.isnan(float(made["switching_value"][i]))
    ]
    if not found:
        return
    output.heading("临界点：其余不变，只变一项" if zh else "Tipping points, all else unchanged")
    found.sort(key=lambda i: not switching_words.at_once(made, i))
    titles, units = _titles(made, zh), units_of(made)
    rows = []
    for i in found[:top]:
        at, name = made.isel(input=i), str(made["input"].values[i])
        base, value, slope = (float(at[v]) for v in ("base", "switching_value", "coefficient"))
        field = field_of(name)
        none = np.isnan(value)
        above = str(at["good_side"].values) == "above"
        rows.append(
            (
                titles[i],
                AS_FORECAST[not zh] if np.isnan(base) else lever_bare(field, base, zh, units[i]),
                ("无" if zh else "none") if none else lever_bare(field, value, zh, units[i]),
                ("范围内没有临界点" if zh else "none within its range")
                if none
                else bound(name, value, units[i], above, zh),
                "—" if np.isnan(slope) else bare(slope, "km"),
            )
        )
    header = (
        ("输入", "现值", "临界点", "含义", "敏感度系数")
        if zh
        else ("input", "now", "tips at", "what it means", "coefficient")
    )
    output.table(header, rows, (False, True, True, False, True))
    more(len(found) - len(rows), zh)


def _grid(made: xr.Dataset, zh: bool) -> None:
    """Print the frontier: for each x the y at which the target is just met."""
    lang = "zh" if zh else "en"
    output.heading("边界：恰好达到要求之处" if zh else "The frontier: where the target is just met")
    fields = [field_of(str(made[axis].attrs["input"])) for axis in "xy"]
    header = [
        input_title(str(held["input"]), str(held[f"name_{lang}"]), str(held["units"]), zh)
        for held in (made["x"].attrs, made["y"].attrs)
    ]
    units = [str(made[axis].attrs["units"]) for axis in "xy"]
    rows = []
    for i, x in enumerate(made["x"].values):
        code = str(made["frontier_reason"].values[i])
        at_y = (
            grid_words.REASONS[code][not zh]
            if code
            else lever_bare(fields[1], float(made["frontier"].values[i]), zh, units[1])
        )
        rows.append((lever_bare(fields[0], float(x), zh, units[0]), at_y))
    output.table([f"{header[0]}", f"{header[1]}"], rows, (False, False))
