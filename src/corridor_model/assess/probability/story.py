"""Why a probability says what it says: for the audit record, worked out only when asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from corridor_model.assess.probability.question import INDEX
from corridor_model.assess.probability.words import (
    basis_word,
    is_settled,
    probability_sentence,
    probability_word,
)
from corridor_model.errors import CorridorError
from corridor_model.forecast.api import forecast
from corridor_model.forecast.base_rates import LONGEST_SPAN, BaseRate, feasibility
from corridor_model.forecast.experts import KINDS


def story(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands behind a row's probability, in numbers and words.

    Returns
    -------
    dict
        projected, lower, upper, p_reach, p_basis; in words: said, word, basis; history and
        kind as the forecast floor read them; base_rate (the share of comparable series that
        moved as fast for as long) and its sentence; experts (what carries the forecast, how
        much history counted, what the base rate alone would say). None where there is none.
    """
    found: dict[str, Any] = {}
    for name in ("projected", "lower", "upper", "p_reach"):
        value = row[name]
        found[name] = None if math.isnan(value) else value
    found["p_basis"] = row["p_basis"] or None
    found["reason"] = row["p_reach_reason"] or None
    found["history"], found["kind"] = row["forecast_history"] or None, row["forecast_kind"] or None
    rate = base_rate(row)
    found["base_rate"] = None if rate is None else rate.share
    for lang in ("zh", "en"):
        p = row["p_reach"]
        masked = math.isnan(p)
        found[f"said_{lang}"] = probability_sentence(row, lang) or None
        found[f"word_{lang}"] = None if masked else probability_word(p, lang, is_settled(row))
        found[f"basis_{lang}"] = None if masked else basis_word(row["p_basis"], lang)
        found[f"feasibility_{lang}"] = None if rate is None else rate.text(lang)
        found[f"experts_{lang}"] = _experts(row, lang)
    return found


def read_history(text: str) -> tuple[list[int], list[float]]:
    """Return years and values of ``2017=416.35;2018=451.84``.

    Examples
    --------
    >>> read_history("2017=416.35;2018=451.84")
    ([2017, 2018], [416.35, 451.84])
    """
    pairs = [part.split("=") for part in text.split(";") if part]
    return [int(year) for year, _ in pairs], [float(value) for _, value in pairs]


def base_rate(row: Mapping[str, Any]) -> BaseRate | None:
    """Return how often comparable series moved as fast as the target asks, from the last value.

    None where the table of comparable series does not reach: additions, ranges, values at or
    below 0, spans of more than five years.
    """
    years, values = read_history(row["forecast_history"])
    kind, sense = row["forecast_kind"], row["sense"]
    if not values or kind not in KINDS or sense not in ("at_least", "at_most"):
        return None
    goal, span = _goal(row), row["target_year"] - years[-1]
    if not 1 <= span <= LONGEST_SPAN or min(values[-1], goal) <= 0:
        return None
    return feasibility(values[-1], goal, span, kind, sense)


def _goal(row: Mapping[str, Any]) -> float:
    """Return the target in the unit of the history: of a growth, the index."""
    if row["kind"] != "growth":
        return float(row["target"])
    steps = row["target_year"] - row["base_year"]
    return float(INDEX * (1 + row["target"] / 100) ** steps)


def _experts(row: Mapping[str, Any], lang: str) -> str | None:
    """Return which experts carry a forecast; of additions, what they are counted from."""
    years, values = read_history(row["forecast_history"])
    zh = lang == "zh"
    if row["forecast_kind"] == "additions":
        listed = ("、" if zh else ", ").join(
            f"{y}: {v:g}" for y, v in zip(years, values, strict=True)
        )
        listed = listed or ("本年已报部分" if zh else "the part of this year that is reported")
        return (
            f"按历年新增推算（伽马-泊松）：{listed}。"
            if zh
            else f"From yearly additions (gamma-Poisson where whole): {listed}."
        )
    if not values:
        return None
    try:
        told = forecast(values, years, row["target_year"] - years[-1], row["forecast_kind"])
        found = told.explain()
    except CorridorError:
        return None
    return None if found is None else found.text(lang)
