"""Tipping points in words: how far each input may go before the verdict changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.sensitivity.amounts import amount
from corridor_model.sensitivity.bound_words import AT_ONCE, bound
from corridor_model.sensitivity.levers import FIELDS
from corridor_model.sensitivity.phrases import field_of, input_phrase, setting, subject_of
from corridor_model.sensitivity.told import (
    Told,
    asked_phrase,
    capital,
    names_of,
    setting_lines,
    units_of,
)

if TYPE_CHECKING:
    import xarray as xr

NAMED = 2
"""Inputs of one kind that the result names."""


def switching_words(made: xr.Dataset, lang: str = "zh") -> Told:
    """Return tipping points in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    return Told(
        [_state(made, lang), *_tipping(made, lang)], _notes(made, zh) + setting_lines(made, zh)
    )


def goal_phrase(made: xr.Dataset, zh: bool) -> str:
    """Return from where on the output is good enough."""
    limit, sense = float(made.attrs["threshold"]), str(made.attrs["sense"])
    asked = str(made.attrs["threshold_of"])
    word = asked.partition(":")[0]
    if word == "gap" and limit == 0:
        return "目标" if zh else "the target"
    said = amount(limit, str(made.attrs["unit"]), zh, word)
    if zh:
        return f"{'不低于' if sense == 'at_least' else '不超过'}{said}"
    return f"at {'least' if sense == 'at_least' else 'most'} {said}"


def _state(made: xr.Dataset, lang: str) -> str:
    """Say whether the output is good enough where everything stands."""
    zh, what = lang == "zh", asked_phrase(made, lang)
    word = str(made.attrs["output"]).partition(":")[0]
    here = amount(float(made.attrs["base"]), str(made.attrs["unit"]), zh, word)
    return verdict(what, here, goal_phrase(made, zh), bool(made.attrs["met"]), zh)


def verdict(what: str, here: str, goal: str, met: bool, zh: bool) -> str:
    """Return a sentence on where an output stands and whether that is good enough."""
    if zh:
        if goal == "目标":
            return f"{what}现为{here}，{'已达到目标' if met else '没有达到目标'}。"
        return f"{what}现为{here}，{'满足' if met else '不满足'}“{goal}”的要求。"
    return f"{capital(what)} stands at {here}: {goal} is {'met' if met else 'not met'}."


def tipping_text(made: xr.Dataset, place: int, lang: str) -> str:
    """Return the tipping point of one input as a clause.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    place : int
        Of the input.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    name, title = str(made["input"].values[place]), names_of(made, lang)[place]
    value, above = float(made["switching_value"][place]), _above(made, place)
    unit = units_of(made)[place]
    who = subject_of(title, zh)
    if np.isnan(value):
        phrase = input_phrase(name, title, zh)
        return f"{phrase}在搜索范围内没有临界点" if zh else f"{phrase} has none within its range"
    told = bound(name, value, unit, above, zh)
    return f"{who}{told}" if zh else f"{who}: {told}"


def _above(made: xr.Dataset, place: int) -> bool:
    return str(made["good_side"].values[place]) == "above"


def at_once(made: xr.Dataset, place: int) -> bool:
    """Return whether any move at all changes the verdict."""
    base, value = float(made["base"][place]), float(made["switching_value"][place])
    return abs(value - base) <= AT_ONCE * max(1.0, abs(base))


def _tipping(made: xr.Dataset, lang: str) -> list[str]:
    """Say what tips first: what does at any move, then the nearest of each kind of input."""
    zh = lang == "zh"
    places = [i for i in range(made.sizes["input"]) if not np.isnan(made["switching_value"][i])]
    if not places:
        return [
            "单独变动任何一项，在搜索范围内都不改变这一结论。"
            if zh
            else "No single input changes that within the range searched."
        ]
    chosen: list[int] = []
    by_field: dict[str, list[int]] = {}
    for i in places:
        by_field.setdefault(field_of(str(made["input"].values[i])), []).append(i)
    for members in by_field.values():
        chosen += sorted(members, key=lambda i: _far(made, i))[:NAMED]
    told = [tipping_text(made, i, lang) for i in sorted(chosen, key=lambda i: not at_once(made, i))]
    if zh:
        head = "只变一项即可达到" if not made.attrs["met"] else "其余不变时"
        return [f"{head}：{'；'.join(told)}。"]
    head = "Either of these alone reaches it" if not made.attrs["met"] else "All else unchanged"
    if len(told) == 1 and not made.attrs["met"]:
        head = "This alone reaches it"
    return [f"{head}: {'; '.join(told)}."]


def _far(made: xr.Dataset, place: int) -> float:
    """Return how far an input has to go, in its own unit; inputs of one kind share it."""
    base, value = float(made["base"][place]), float(made["switching_value"][place])
    return 0.0 if np.isnan(base) else abs(value - base)


def _notes(made: xr.Dataset, zh: bool) -> list[str]:
    none = [
        i
        for i in range(made.sizes["input"])
        if str(made["switching_value_reason"].values[i]) == "none_in_range"
    ]
    lines = []
    if none:
        lines.append(_none(made, none, zh))
    several = int(np.count_nonzero(made["crossings"].values > 1))
    if several:
        lines.append(
            f"{several}项在范围内翻转不止一次，所列为离现值最近的一处。"
            if zh
            else f"{several} change the verdict more than once; what is listed is the nearest."
        )
    if not np.isnan(made["coefficient"].values).all():
        lines.append(
            "敏感度系数：输入增加10%时，结果的变化率除以输入的变化率；现值为0的没有系数。"
            if zh
            else "Coefficient: relative change of the output over that of the input, at +10 %; an "
            "input that stands at 0 has none."
        )
    return lines


def _none(made: xr.Dataset, none: list[int], zh: bool) -> str:
    """Say how many inputs have no tipping point, and how far the search went."""
    found = Counter()  # type: Counter[tuple[str, str]]
    for i in none:
        name, unit = str(made["input"].values[i]), units_of(made)[i]
        low, high = (setting(name, float(made[end][i]), unit, zh) for end in ("low", "high"))
        word = FIELDS.get(field_of(name), (name, name))[0 if zh else 1]
        found[word, f"{low}至{high}" if zh else f"{low} to {high}"] += 1
    told = [
        f"{word}{n}项（{span}）" if zh else f"{word} ({n}; from {span})"
        for (word, span), n in found.items()
    ]
    if zh:
        return f"以下各项在搜索范围内没有临界点，单独变动改变不了结论：{'、'.join(told)}。"
    return f"No tipping point within the range searched: {', '.join(told)}."
