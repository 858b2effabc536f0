"""An attribution in words: what a scenario does, and which of its changes did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH
from corridor_model.sensitivity.amounts import amount, difference
from corridor_model.sensitivity.phrases import output_phrase
from corridor_model.sensitivity.told import Told, capital, scenario_title

if TYPE_CHECKING:
    import xarray as xr

NOTHING = 1e-9
"""Change, relative to where an output stands, that counts as none."""


def attribution_words(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> Told:
    """Return an attribution in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.attribute`.
    output : str, optional
        One of its outputs; by default every one that the scenario moves.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    asked = [output] if output is not None else [str(name) for name in made["output"].values]
    moved = [name for name in asked if moves(made.sel(output=name))]
    still = [name for name in asked if name not in moved]
    title = scenario_title(made, zh)
    result = [line for name in moved for line in _result(made.sel(output=name), title, lang)]
    if still:
        listed = [what(made.sel(output=name), lang) for name in still]
        result.append(
            f"情景“{title}”不改变{'、'.join(listed)}。"
            if zh
            else f"The scenario “{title}” does not move {', '.join(listed)}."
        )
    return Told(result, _notes(made, zh))


def moves(at: xr.Dataset) -> bool:
    """Return whether any change of the scenario moves an output."""
    scale = max(abs(float(at["before"])), abs(float(at["after"])), 1e-300)
    return bool(np.abs(at["share"].values).max(initial=0.0) > NOTHING * scale)


def what(at: xr.Dataset, lang: str) -> str:
    """Return the output as part of a sentence."""
    return output_phrase(str(at["output"].values), str(at[f"output_{lang}"].values), lang == "zh")


def ranked(at: xr.Dataset) -> list[int]:
    """Return the places of the changes that move an output, the largest first."""
    share = at["share"].values
    scale = max(abs(float(at["before"])), abs(float(at["after"])), 1e-300)
    order = np.argsort(-np.abs(share), kind="stable")
    return [int(i) for i in order if abs(share[i]) > NOTHING * scale]


def change(at: xr.Dataset, place: int, zh: bool) -> str:
    """Return a change in words; Chinese print sets no blank before %."""
    told = str(at["change_zh" if zh else "change_en"].values[place])
    return told.replace(" %", "%") if zh else told


def _result(at: xr.Dataset, title: str, lang: str) -> list[str]:
    zh, unit = lang == "zh", str(at["unit"].values)
    word = str(at["output"].values).partition(":")[0]
    before, after = float(at["before"]), float(at["after"])
    share, order = at["share"].values, ranked(at)
    start, end = (amount(value, unit, zh, word) for value in (before, after))
    by = difference(after - before, unit, zh, word)
    grown = after > before
    gone = f"{'增加' if grown else '减少'}{by}" if zh else f"{by} {'more' if grown else 'less'}"
    if zh:
        head = f"情景“{title}”使{what(at, lang)}由{start}变为{end}，{gone}"
    else:
        head = f"The scenario “{title}” takes {what(at, lang)} from {start} to {end}: {gone}"
    if len(order) == 1:
        only = change(at, order[0], zh)
        return [f"{head}，全部来自“{only}”。" if zh else f"{head}, all of it by “{only}”."]
    head += "。" if zh else "."
    with_it = [i for i in order if (share[i] > 0) == grown]
    against = [i for i in order if (share[i] > 0) != grown]
    lines = [head]
    if with_it:
        lines.append(_listed(at, with_it, zh, "起作用最大的", "Most of it comes from"))
    if against:
        lines.append(_listed(at, against, zh, "方向相反的", "Against it works"))
    return lines


def _listed(at: xr.Dataset, places: list[int], zh: bool, head_zh: str, head_en: str) -> str:
    """Return the two largest changes of one direction with what each did."""
    unit, word = str(at["unit"].values), str(at["output"].values).partition(":")[0]
    parts = []
    for i in places[:2]:
        by = difference(float(at["share"].values[i]), unit, zh, word, sign=True)
        parts.append(f"“{change(at, i, zh)}”（{by}）" if zh else f"“{change(at, i, zh)}” ({by})")
    if zh:
        return f"{head_zh}是{'，其次是'.join(parts)}。"
    return f"{capital(head_en)} {', then '.join(parts)}."


def _notes(made: xr.Dataset, zh: bool) -> list[str]:
    lines = [
        "“份额”是各项改动在所有次序下的平均作用（夏普利值），相加等于总变化；“按序”随书写次序而变。"
        if zh
        else "“Share” is what a change does on average over all orders (Shapley); shares sum to "
        "the whole. “In order” depends on the order written."
    ]
    if not made.attrs["exact"]:
        level = round(100 * float(made.attrs["level"]))
        lines.append(
            f"改动超过12项，份额由抽样得出，带{level}%区间。"
            if zh
            else f"With more than 12 changes shares are sampled, with {level} % intervals."
        )
    if made.attrs.get("example"):
        lines.append(f"{EXAMPLE_ZH}。" if zh else f"{capital(EXAMPLE_EN)}.")
    return lines
