"""How one verdict came about: an audit record, and a sentence in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.questions import INDEX
from corridor_model.assessment.rules import rule_of
from corridor_model.codes import reason_word
from corridor_model.errors import CorridorError
from corridor_model.forecasting.api import forecast_batch
from corridor_model.forecasting.base_rates import LONGEST_SPAN, BaseRate, feasibility
from corridor_model.forecasting.experts import KINDS
from corridor_model.messages import Translator, message, translator
from corridor_model.plan.records import HtmlRecord
from corridor_model.text.assessment import (
    basis_word,
    is_settled,
    probability_sentence,
    probability_word,
    row_of,
    sentence,
    thresholds_text,
)
from corridor_model.text.forecasting import base_rate_text, explanation_text

if TYPE_CHECKING:
    import xarray as xr


FORMULAS = {
    "achieved_share": "(actual - baseline) / (target - baseline)",
    "achieved_share_of_range": "1 - distance(actual) / distance(baseline)",
    "average_growth": "((1 + g1) ... (1 + gn))^(1/n) - 1, or 累计法",
    "completion_of_year": "actual / target of the year, against the share of the year",
    "milestone": "done = 1",
    "schedule_gap": "achieved_share - elapsed_share",
    "cagr_ratio": "achieved_rate / required_rate",
    "statcan_ratio": (
        "sign x direction x achieved_rate / |required_rate|; the rate alone for a range to 100 %"
    ),
    "anticipated_gap": "1 - achieved_share / elapsed_share",
    "miss_ratio": "(target - projected) x direction / |target - actual|",
    "achievement_to_date": "achieved_share / elapsed_share",
}
"""Ids of the formulas an audit record names; docs/assess.md has their references."""

INPUTS = (
    "kind",
    "unit",
    "sense",
    "target",
    "target_max",
    "target_year",
    "baseline",
    "baseline_year",
    "baseline_origin",
    "actual",
    "actual_bound",
    "actual_period",
    "actual_origin",
    "compared",
    "method",
    "missing_periods",
    "missed_years",
    "unknown_years",
    "remark",
)
YEARS = frozenset({"target_year", "baseline_year"})
"""Inputs of which 0 stands for none."""
STEPS = (
    "achieved_share",
    "elapsed_share",
    "plan_elapsed",
    "schedule_gap",
    "achieved_rate",
    "required_rate",
    "required_rate_remaining",
    "acceleration",
    "required_step_remaining",
    "completion",
    "year_elapsed",
    "year_gap",
    "gap",
)


@dataclass(frozen=True, slots=True)
class Audit(HtmlRecord):
    """Everything that led to one verdict.

    Attributes
    ----------
    inputs : mapping
        What was put in, each with its origin; None is a mask.
    steps : mapping
        The numbers in between; a mask is the word of its reason.
    formulas : mapping of str to str
        Ids and texts of the formulas used.
    rule, source, thresholds : str
        The rule, where it is published, and what it compares with.
    branch : str
        Which case of the rule was taken.
    status, reason : str
        The verdict.
    zh, en : str
        One sentence.
    forecast : mapping
        What stands behind the probability: see
        :func:`corridor_model.text.audit.story`.
    """

    indicator: str
    as_of: str
    known_by: str
    inputs: Mapping[str, Any]
    steps: Mapping[str, Any]
    formulas: Mapping[str, str]
    rule: str
    source: str
    thresholds: str
    branch: str
    status: str
    reason: str
    zh: str
    en: str
    forecast: Mapping[str, Any] = field(default_factory=dict)


def explain(assessment: xr.Dataset, indicator: str, rule: str | None = None) -> Audit:
    """Return how a verdict came about.

    Parameters
    ----------
    assessment : xarray.Dataset
        From :func:`corridor_model.assess`.
    indicator : str
        Id of the indicator.
    rule : str, optional
        Which rule, where the assessment has several; by default the first.

    Returns
    -------
    Audit

    Raises
    ------
    CorridorError
        If the assessment has no such indicator or rule.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.assessment import assess
    >>> print(explain(assess(cm.load_plan(), as_of=2020), "gdp").en)
    Gross domestic product: 467.7 亿元 in 2020, from 451.84 in 2018 to >= 580 in 2022. Achieved \
12.4 % of the way in 50.0 % of the time, 37.6 points short: behind. The 2 years left need \
11.4 % a year, so far 1.7 %. Start and figure are of different series.
    """
    row = row_of(assessment, indicator, rule)
    attrs = assessment.attrs
    name = rule or ("schedule" if attrs["rule"] == "all" else str(attrs["rule"]))
    return Audit(
        indicator=indicator,
        as_of=str(attrs["as_of"]),
        known_by=str(attrs["known_by"]),
        inputs={key: _plain(row[key] or None if key in YEARS else row[key]) for key in INPUTS},
        steps={key: _step(row, key) for key in STEPS},
        formulas={key: FORMULAS[key] for key in formulas_of(row, name)},
        rule=name,
        source=rule_of(name).source,
        thresholds=thresholds_text(assessment, name),
        branch=str(row["branch"]),
        status=str(row["status"]),
        reason=str(row["reason"]),
        zh=sentence(row, "zh"),
        en=sentence(row, "en"),
        forecast=story(row),
    )


def formulas_of(row: Mapping[str, Any], rule: str) -> tuple[str, ...]:
    """Return the ids of the formulas that a verdict used."""
    kind = row["kind"]
    if kind == "milestone":
        return ("milestone",)
    if kind == "growth":
        return ("average_growth",)
    if kind == "annual":
        return ("completion_of_year", "schedule_gap")
    share = "achieved_share" if math.isnan(row["target_max"]) else "achieved_share_of_range"
    return tuple(dict.fromkeys((share, rule_of(rule).measure)))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _step(row: Mapping[str, Any], name: str) -> Any:
    value = _plain(row[name])
    return reason_word(row[f"{name}_reason"], "en") if value is None else value


# Why a probability says what it says: for the audit record, worked out only when asked.


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
    p, rate = row["p_reach"], base_rate(row)
    record = {name: _plain(row[name]) for name in ("projected", "lower", "upper", "p_reach")}
    record["p_basis"] = row["p_basis"] or None
    record["reason"] = row["p_reach_reason"] or None
    record["history"] = row["forecast_history"] or None
    record["kind"] = row["forecast_kind"] or None
    record["base_rate"] = None if rate is None else rate.share
    for lang in ("zh", "en"):
        masked = math.isnan(p)
        record[f"said_{lang}"] = probability_sentence(row, lang) or None
        record[f"word_{lang}"] = None if masked else probability_word(p, lang, is_settled(row))
        record[f"basis_{lang}"] = None if masked else basis_word(row["p_basis"], lang)
        record[f"feasibility_{lang}"] = None if rate is None else base_rate_text(rate, lang)
        record[f"experts_{lang}"] = _experts(row, translator(lang))
    return record


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


def _experts(row: Mapping[str, Any], t: Translator) -> str | None:
    """Return which experts carry a forecast; of additions, what they are counted from."""
    years, values = read_history(row["forecast_history"])
    if row["forecast_kind"] == "additions":
        counted = t.listing(f"{y}: {v:g}" for y, v in zip(years, values, strict=True))
        return t(
            "From yearly additions (gamma-Poisson where whole): {counted}.",
            counted=counted or message("the part of this year that is reported"),
        )
    if not values:
        return None
    try:
        horizon, kind = row["target_year"] - years[-1], row["forecast_kind"]
        (distribution,) = forecast_batch([values], [years], horizon, kind)
        explanation = distribution.explain()
    except CorridorError:
        return None
    return None if explanation is None else explanation_text(explanation, t.lang)
