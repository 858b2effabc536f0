"""A tornado in words: which input moves the output most, and how far to trust the ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.sensitivity.amounts import amount, difference, share_text
from corridor_model.sensitivity.phrases import input_phrase, setting
from corridor_model.sensitivity.told import (
    Told,
    asked_phrase,
    capital,
    names_of,
    origin_lines,
    setting_lines,
    units_of,
)

if TYPE_CHECKING:
    import xarray as xr

MOSTLY = 0.5
"""Share from which on an output is said to be decided by one input."""
NEXT = 2
"""Inputs named after the first."""


def tornado_words(made: xr.Dataset, lang: str = "zh") -> Told:
    """Return a tornado in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado` or
        :func:`corridor_model.sensitivity.one_at_a_time`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    return Told(_result(made, lang), _notes(made, zh) + setting_lines(made, zh))


def _result(made: xr.Dataset, lang: str) -> list[str]:
    zh = lang == "zh"
    what = asked_phrase(made, lang)
    moving = int(np.count_nonzero(made["swing"].values > 0))
    here = _amount(made, float(made.attrs["base"]), zh)
    if not moving:
        return [
            f"给定范围内没有一项能改变{what}（现为{here}）。"
            if zh
            else f"Nothing moves {what} within the ranges given: it stays at {here}."
        ]
    names = names_of(made, lang)
    phrases = [
        input_phrase(str(name), title, zh)
        for name, title in zip(made["input"].values, names, strict=True)
    ]
    shares = [share_text(float(share), zh) for share in made["share_of_swing"].values]
    lines = [_first(made, what, phrases[0], shares[0], moving, zh), _ends(made, zh, here)]
    rest = list(zip(phrases, shares, strict=True))[1 : min(moving, 1 + NEXT)]
    if rest and zh:
        lines.append(f"其次是{'、'.join(f'{p}（{s}）' for p, s in rest)}。")
    elif rest:
        lines.append(f"Next come {' and '.join(f'{p} ({s})' for p, s in rest)}.")
    return lines


def _first(made: xr.Dataset, what: str, phrase: str, share: str, moving: int, zh: bool) -> str:
    if moving == 1:
        return (
            f"给定范围内，{what}只随{phrase}变动。"
            if zh
            else f"Within these ranges {what} moves with {phrase} alone."
        )
    if float(made["share_of_swing"][0]) >= MOSTLY:
        return (
            f"决定{what}的主要是{phrase}，占各项变动幅度之和的{share}。"
            if zh
            else f"{capital(what)} hangs mainly on {phrase}: {share} of all swings."
        )
    return (
        f"对{what}影响最大的是{phrase}，占各项变动幅度之和的{share}。"
        if zh
        else f"{capital(what)} is moved most by {phrase}: {share} of all swings."
    )


def _ends(made: xr.Dataset, zh: bool, here: str) -> str:
    """Say what the first input's two ends do."""
    name, unit = str(made["input"].values[0]), units_of(made)[0]
    low, high = (setting(name, float(made[end][0]), unit, zh) for end in ("low", "high"))
    down, up = (_amount(made, float(made[f"output_{end}"][0]), zh) for end in ("low", "high"))
    if zh:
        return f"{low}时为{down}，{high}时为{up}（现为{here}）。"
    return f"{capital(low)}: {down}; {high}: {up}; now: {here}."


def _amount(made: xr.Dataset, value: float, zh: bool) -> str:
    word = str(made.attrs.get("output", "")).partition(":")[0]
    return amount(value, str(made.attrs.get("unit", "")), zh, word)


def _notes(made: xr.Dataset, zh: bool) -> list[str]:
    lines = []
    if "origin" in made:
        pairs = zip(made["input"].values, made["origin"].values, strict=True)
        lines += origin_lines([(str(name), str(origin)) for name, origin in pairs], zh)
    still = int(np.count_nonzero(made["swing"].values == 0))
    if 0 < still < made.sizes["input"]:
        lines.append(
            f"其余{still}项在给定范围内不改变结果。"
            if zh
            else "One more input does not move it within its range."
            if still == 1
            else f"{still} more inputs do not move it within their ranges."
        )
    lines.append(_together(made, zh))
    lines += _unset(made, zh)
    return lines


def _unset(made: xr.Dataset, zh: bool) -> list[str]:
    """Say which inputs stand at no number of their own."""
    names = names_of(made, "zh" if zh else "en")
    unset = [name for name, base in zip(names, made["base"].values, strict=True) if np.isnan(base)]
    if not unset:
        return []
    if zh:
        return [f"{'、'.join(unset)}目前没有设定值，按预测的中位走势。"]
    return [f"{'; '.join(unset)}: set by nobody, it follows the median forecast."]


def _together(made: xr.Dataset, zh: bool) -> str:
    """Say whether single effects add up, and by how much they fail to."""
    if made.attrs["additive"]:
        return (
            "各项同时变动的结果等于逐项相加。"
            if zh
            else "Single effects add up to what all inputs do together."
        )
    word, unit = str(made.attrs.get("output", "")).partition(":")[0], made.attrs.get("unit", "")
    parts = []
    for end, side in (("low", ("低值", "low")), ("high", ("高值", "high"))):
        left = float(made.attrs[f"remainder_{end}"])
        if abs(left) <= 1e-9 * max(1.0, abs(float(made.attrs["base"]))):
            continue
        by = difference(left, str(unit), zh, word)
        if zh:
            parts.append(f"同取{side[0]}比逐项相加{'多' if left > 0 else '少'}{by}")
        else:
            more = "more" if left > 0 else "less"
            parts.append(f"all at their {side[1]} give {by} {more} than the sum of single effects")
    told = ("，" if zh else "; ").join(parts)
    return f"各项相互影响，不能相加：{told}。" if zh else f"Effects interact: {told}."
