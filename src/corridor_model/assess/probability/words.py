"""Probabilities as people read them: a number, a word, and what it rests on (S14, S18).

The cut points are ours: the official reports publish none. From 0.9 very likely, from 0.6
likely, from 0.4 about even, from 0.1 unlikely, below that very unlikely.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from corridor_model.rounding import plain, rounded

WORDS = (
    (0.9, "很可能", "very likely"),
    (0.6, "较可能", "likely"),
    (0.4, "五五开", "about even"),
    (0.1, "较难", "unlikely"),
    (0.0, "很难", "very unlikely"),
)
"""From which probability on each word is used."""

SETTLED = (("已定：未达到", "settled: missed"), ("已定：达到", "settled: reached"))

BASIS = {
    "benchmarked": ("经基准检验", "benchmarked"),
    "unbenchmarked": ("同一方法，未经基准检验", "same method, not benchmarked"),
    "base_rate": ("仅为同类序列的基准概率", "base rate of comparable series only"),
    "observed": ("已有最终数据", "the final figure is known"),
}


def probability_word(p: float, lang: str, settled: bool = False) -> str:
    """Return the word for a probability in ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> [probability_word(p, "zh") for p in (0.95, 0.6, 0.5, 0.39, 0.02)]
    ['很可能', '较可能', '五五开', '较难', '很难']
    >>> probability_word(1.0, "en", settled=True)
    'settled: reached'
    """
    en = lang == "en"
    if settled and p in (0.0, 1.0):
        return SETTLED[int(p)][en]
    _, word_zh, word_en = next(word for word in WORDS if p >= word[0])
    return word_en if en else word_zh


def basis_word(basis: str, lang: str) -> str:
    """Return what a probability rests on in ``"zh"`` or ``"en"``."""
    return BASIS.get(basis, (basis, basis))[lang == "en"]


def probability_text(p: float) -> str:
    """Return a probability as a number with three digits; 0 and 1 only where settled.

    Examples
    --------
    >>> probability_text(0.18895), probability_text(1.0)
    ('0.189', '1')
    """
    return plain(p) if p in (0.0, 1.0) else rounded(p, 3)


def is_settled(row: Mapping[str, Any]) -> bool:
    """Return whether a row's probability is exact: 0 and 1 are never shown of an open year."""
    return row["p_reach"] in (0.0, 1.0)


def probability_sentence(row: Mapping[str, Any], lang: str) -> str:
    """Return what is projected and how likely the target is; empty where masked.

    ``row`` holds the variables of the assessment, see
    :func:`corridor_model.assess.explain.row_of`.
    """
    zh, p = lang == "zh", row["p_reach"]
    if math.isnan(p):
        return ""
    word, basis = probability_word(p, lang, is_settled(row)), basis_word(row["p_basis"], lang)
    said = ""
    if not math.isnan(row["projected"]) and row["p_basis"] != "observed":
        middle, low, high = (short(row[name]) for name in ("projected", "lower", "upper"))
        year, unit = row["target_year"], row["unit"]
        said = (
            f"{year}年预测中位数{middle}{unit}，80 %区间{low}至{high}；"
            if zh
            else f"Projected for {year}: {middle} {unit} (80 % interval {low} to {high}). "
        )
    number, read = probability_text(p), _read(row, zh)
    if zh:
        return f"{said}达标概率{number}，{word}（依据：{basis}{read}）。"
    return f"{said}Probability of the target {number}, {word} (basis: {basis}{read})."


def _read(row: Mapping[str, Any], zh: bool) -> str:
    """Return from which years a forecast was made, and that it does not cross a break (S10)."""
    years = [part.partition("=")[0] for part in row["forecast_history"].split(";") if part]
    if not years or row["p_basis"] == "observed" or row["kind"] == "growth":
        return ""
    said = (
        f"；{len(years)}个年度值：{'、'.join(years)}"
        if zh
        else f"; {len(years)} yearly value{'s' * (len(years) > 1)}: {', '.join(years)}"
    )
    if row["series_break"]:
        said += "，不跨口径" if zh else ", not across the break of series"
    return said


def short(value: float) -> str:
    """Return a projected value with about four digits.

    Examples
    --------
    >>> short(500.6235), short(3.41525), short(0.2098), short(10400.0)
    ('500.6', '3.42', '0.21', '10400')
    """
    if value == round(value):
        return plain(value)
    return rounded(value, 1 if abs(value) >= 100 else 2)
