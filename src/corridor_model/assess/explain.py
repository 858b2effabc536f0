"""How one verdict came about: an audit record, and a sentence in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor_model.assess.rules import rule_of
from corridor_model.assess.sentences import sentence
from corridor_model.assess.words import reason_word
from corridor_model.errors import CorridorError
from corridor_model.plan.model import Shown

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
    "statcan_ratio": "sign x direction x achieved_rate / |required_rate|",
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
    "actual_period",
    "actual_origin",
    "compared",
    "method",
    "missing_periods",
    "missed_years",
    "unknown_years",
    "remark",
)
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
class Audit(Shown):
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
        :func:`corridor_model.assess.probability.story.story`.
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
        From :func:`corridor_model.assess.assess`.
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
    >>> from corridor_model.assess import assess
    >>> print(explain(assess(cm.load_plan(), as_of=2020), "gdp").en)
    Gross domestic product: 467.7 亿元 in 2020, from 451.84 in 2018 to >= 580 in 2022. Achieved \
12.4 % of the way in 50.0 % of the time, 37.6 points short: behind. The 2 years left need \
11.4 % a year, so far 1.7 %. Start and figure are of different series.
    """
    from corridor_model.assess.probability.story import story

    row = row_of(assessment, indicator, rule)
    name = rule or str(assessment.attrs["rule"]).replace("all", "schedule")
    attrs = assessment.attrs
    return Audit(
        indicator=indicator,
        as_of=str(attrs["as_of"]),
        known_by=str(attrs["known_by"]),
        inputs={key: _plain(row[key]) for key in INPUTS},
        steps={key: _step(row, key) for key in STEPS},
        formulas={key: FORMULAS[key] for key in formulas_of(row, name)},
        rule=name,
        source=rule_of(name).source,
        thresholds=_part(str(attrs["thresholds"]), name),
        branch=str(row["branch"]),
        status=str(row["status"]),
        reason=str(row["reason"]),
        zh=sentence(row, "zh"),
        en=sentence(row, "en"),
        forecast=story(row),
    )


def row_of(assessment: xr.Dataset, indicator: str, rule: str | None = None) -> dict[str, Any]:
    """Return one indicator's values as plain Python, by variable name."""
    names = list(assessment["indicator"].to_numpy())
    if indicator not in names:
        raise CorridorError(f"The assessment has no indicator {indicator!r}.")
    place = names.index(indicator)
    which = None
    if "rule" in assessment.dims:
        rules = list(assessment["rule"].to_numpy())
        if rule is not None and rule not in rules:
            raise CorridorError(f"The assessment has no rule {rule!r}; it has {', '.join(rules)}.")
        which = 0 if rule is None else rules.index(rule)
    row = {}
    for name, variable in assessment.variables.items():
        values = variable.to_numpy()
        if variable.dims == ("indicator",):
            row[str(name)] = values[place].item()
        elif variable.dims == ("rule", "indicator"):
            row[str(name)] = values[which, place].item()
    row["base_year"] = assessment.attrs["base_year"]
    return row


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


def _part(text: str, rule: str) -> str:
    """Return a rule's part of ``rule: text; rule: text``."""
    for part in text.split("; "):
        if part.startswith(f"{rule}: "):
            return part[len(rule) + 2 :]
    return text
