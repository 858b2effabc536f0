"""Sobol indices in words: whose variance it is, whether there were points enough, what is left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.rounding import rounded
from corridor_model.sensitivity.amounts import share_text
from corridor_model.sensitivity.masks import reason_text
from corridor_model.sensitivity.phrases import input_phrase, output_phrase
from corridor_model.sensitivity.told import (
    Told,
    capital,
    names_of,
    origin_lines,
    setting_lines,
)

if TYPE_CHECKING:
    import xarray as xr

MOSTLY = 0.5
SLIGHT = 0.05
"""Total index below which an input is not named, and joint effects are not."""
NAMED = 3


def sobol_words(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> Told:
    """Return Sobol indices in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sobol` or :func:`corridor_model.sensitivity.sobol_indices`.
    output : str, optional
        One of its outputs; by default every one.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    asked = [output] if output is not None else [str(name) for name in made["output"].values]
    result = [line for name in asked for line in _result(made.sel(output=name), lang)]
    return Told(result, _notes(made, asked, zh) + setting_lines(made, zh))


def _what(at: xr.Dataset, lang: str) -> str:
    name = str(at["output"].values)
    title = str(at[f"output_{lang}"].values) if f"output_{lang}" in at.coords else name
    return output_phrase(name, title, lang == "zh")


def ranked(at: xr.Dataset) -> list[int]:
    """Return the places of the inputs of one output, the largest total index first."""
    return [int(i) for i in np.argsort(-at["ST"].values, kind="stable")]


def _result(at: xr.Dataset, lang: str) -> list[str]:
    zh, what = lang == "zh", _what(at, lang)
    if bool(at["zero_variance"]):
        return [
            f"{what}在所设范围内不变，没有方差可分。"
            if zh
            else f"{capital(what)} never moves within these ranges: there is no variance to share."
        ]
    names, inputs = names_of(at, lang), at["input"].values
    order = ranked(at)
    total = at["ST"].values
    shown = [i for i in order if total[i] >= SLIGHT][:NAMED] or order[:1]
    told = [
        (input_phrase(str(inputs[i]), names[i], zh), share_text(float(total[i]), zh)) for i in shown
    ]
    lines = [_first(what, told, float(total[order[0]]), zh), *_integrated(at, zh)]
    joint = 1 - float(at["S1"].values.sum())
    if joint >= SLIGHT and bool(at["converged"]):
        by = share_text(joint, zh)
        lines.append(
            f"另有{by}来自各项的相互作用。"
            if zh
            else f"{by} of it comes from inputs acting jointly."
        )
    return lines


def _integrated(at: xr.Dataset, zh: bool) -> list[str]:
    """Say how little odds may move where forecasts are integrated out of them."""
    word = str(at["output"].values).partition(":")[0]
    if word not in {"p_reach", "expected_reached"}:
        return []
    sd = float(np.sqrt(at["variance"]))
    odds = word == "p_reach"
    zh_by = f"{rounded(100 * sd, 1)}个百分点" if odds else f"{rounded(sd, 2)}项"
    en_by = f"{rounded(100 * sd, 1)} percentage points" if odds else rounded(sd, 2)
    return [
        f"各项走势已算在概率之内；这里的输入只使它有{zh_by}的标准差。"
        if zh
        else "Forecasts are inside the odds already; these inputs move them with a standard "
        f"deviation of {en_by} only."
    ]


def _first(what: str, told: list[tuple[str, str]], share: float, zh: bool) -> str:
    (phrase, by), rest = told[0], told[1:]
    others = ("、" if zh else " and ").join(f"{p}（{s}）" if zh else f"{p} ({s})" for p, s in rest)
    if zh:
        head = (
            f"决定{what}的主要是{phrase}，占方差的{by}"
            if share >= MOSTLY
            else f"对{what}影响最大的是{phrase}，占方差的{by}"
        )
        return f"{head}；其次是{others}。" if rest else f"{head}。"
    verb = "hangs mainly on" if share >= MOSTLY else "is moved most by"
    head = f"{capital(what)} {verb} {phrase}: {by} of its variance"
    return f"{head}; next {others}." if rest else f"{head}."


def _notes(made: xr.Dataset, asked: list[str], zh: bool) -> list[str]:
    at = made.sel(output=asked)
    touching = (at["ST"].values != 0).any(axis=0)
    lines = [convergence(at, made, zh)]
    if "input_origin" in made:
        pairs = zip(made["input"].values, made["input_origin"].values, touching, strict=True)
        lines += origin_lines([(str(n), str(o)) for n, o, t in pairs if t], zh)
    still = int(np.count_nonzero(~touching))
    if still:
        lines.append(
            f"另有{still}项输入与所列结果无关，指数恰好是0。"
            if zh
            else f"Inputs that cannot reach what is listed, and have exactly 0: {still}."
        )
    left = left_out(made, zh)
    return [line for line in (*lines, left) if line]


def convergence(at: xr.Dataset, made: xr.Dataset, zh: bool) -> str:
    """Return whether the points were enough, and how many would be."""
    moving = ~at["zero_variance"].values
    if not moving.any():
        return ""
    n, tolerance = int(made.attrs["n"]), float(made.attrs["tolerance"])
    points = share_text(tolerance, zh).replace("%", "").strip()
    if not int(made.attrs["resamples"]):
        return (
            "没有做重抽样，没有区间，不能判断是否收敛。"
            if zh
            else "Nothing was resampled: no intervals, and no saying whether it has converged."
        )
    open_ = moving & ~at["converged"].values
    if not open_.any():
        return (
            f"已收敛：{n}点，区间半宽都不超过{points}个百分点。"
            if zh
            else f"Converged: at {n} points every half width is within {points} percentage points."
        )
    needed = at["n_converge"].values[open_]
    count = int(np.count_nonzero(open_))
    enough = (
        ("所需点数未知" if zh else "how many would do is not known")
        if (needed < 0).any()
        else (f"约需{int(needed.max())}点" if zh else f"about {int(needed.max())} would do")
    )
    if zh:
        which = f"{count}项结果" if len(moving) > 1 else ""
        return f"{which}尚未收敛：{n}点时区间半宽超过{points}个百分点，{enough}。"
    which = f"{count} outputs have not converged" if len(moving) > 1 else "Not converged"
    return f"{which}: with {n} points a half width exceeds {points} percentage points; {enough}."


def left_out(made: xr.Dataset, zh: bool) -> str:
    """Return how many indicators have no output, by reason."""
    told = str(made.attrs.get("left_out", "none"))
    if told in {"none", ""}:
        return ""
    codes = Counter(part.rpartition(" (")[2].rstrip(")") for part in told.split("; "))
    words = [
        f"{reason_text(code, zh)}{'' if zh else ' '}{count}" for code, count in codes.most_common()
    ]
    total = sum(codes.values())
    if zh:
        return f"未列入的指标{total}项：{'、'.join(f'{w}项' for w in words)}。"
    return f"{total} indicators are left out: {', '.join(words)}."
