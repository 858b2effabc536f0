"""Is it on track: every target of a plan against its schedule, under the rule one prefers."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Texts
from corridor_model.assessment.case import has_series_break, holds_now, is_total
from corridor_model.assessment.columns import never_this_fast
from corridor_model.assessment.engine import AsOf, Assessment, evaluate
from corridor_model.assessment.probabilities import BASES
from corridor_model.assessment.verdicts import path_sensitive
from corridor_model.codes import (
    KINDS,
    MASKS,
    ORIGINS,
    REASONS,
    SENSES,
    STATUSES,
    RuleName,
    weakest,
)
from corridor_model.forecasting.base_rates import all_target_records
from corridor_model.labels import label
from corridor_model.periods import year_before
from corridor_model.plan.promises import promise_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.assessment.case import Case
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.revisions import Revision
    from corridor_model.tabular.table import Table


def assess(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    rule: RuleName = "schedule",
    *,
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
    method: str | None = "default",
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return where each target of a plan stands at a period.

    Parameters
    ----------
    plan : Plan
        The plan, with the observations that are bundled with it.
    observations : Observations, path or DataFrame, optional
        Your own figures; they win over those of the plan with the same key.
    as_of : int, str, Period or date, optional
        The period the verdict speaks of: 2021, ``"2021Q3"``, ``"2021-09"``; by default the last
        one that any figure speaks of (S15). The attribute ``as_of`` says which it was.
    known_by : str or date, optional
        The day on which the figures were known; later revisions are left out (S15).
    rule : str, default "schedule"
        ``schedule``, ``eurostat``, ``statcan``, ``escap``, ``destatis``, ``healthy_people``,
        ``servicenow``, or ``all`` for a dimension ``rule``.
    thresholds : mapping of str to float, optional
        Thresholds of that one rule that differ from its own, such as ``{"behind": -0.1}``.
    annual_targets : Table or DataFrame, optional
        年度分解目标 (indicator, year, value, basis, origin), added to those of the plan.
        Completion and schedule within the year follow from them (S17, S21).
    revisions : DataFrame or iterable, optional
        Targets revised while the plan runs; see :mod:`corridor_model.plan.revisions`.
    method : str or None, default "default"
        How the years ahead are forecast: ``default``, or for comparison ``random_walk``,
        ``drift``, ``damped_trend``, ``ets``; None leaves the probabilities out.
    forecasts : mapping of str to array, Predictive or callable, optional
        Your own forecasts by id of indicator (all its promises) or promise, of basis ``user``:
        samples of shape (draws, years), one column for each year from ``as_of`` + 1 (the year
        itself while it is not over) to the last target year; or a
        :class:`corridor_model.Predictive` that covers these years; or a function of the tuple
        of years (and, if it takes two, of a random generator) that returns either. They stand
        in the terms of the indicator's values; of a growth target they are an index, 100 in the
        base year. What a figure has settled stays.

    Returns
    -------
    xarray.Dataset
        By indicator, in the order of the plan. A float NaN is a mask, and ``x_reason`` beside
        each masked variable ``x`` says why (S7):

        - actual, actual_period (the latest figure up to ``as_of``, from the date on the one of
          the date, S20), actual_bound (on which side of it the figure lies where only a bound
          is published), compared and method (of a part year of a flow: the full year by
          ``seasonal_share`` or ``elapsed_time``, of a growth ``part_year_growth``);
        - achieved_share (目标实现程度), elapsed_share and plan_elapsed (序时进度), schedule_gap:
          fractions; of an annual target, within its year (S15, S17);
        - achieved_rate, required_rate, required_rate_remaining: yearly fractions (S2);
          achieved_step, required_step, required_step_remaining: the same in the unit;
        - acceleration: pace of the rest over pace so far, of rates, or of steps where a total
          has no rate; masked where there is no progress;
        - year_target, completion, year_elapsed, year_gap: this year's own target against the
          year (S17), with year_basis and year_origin; why a split is not used stands in
          ``completion_reason``: ``basis_unknown``, ``not_applicable`` ... (S21);
        - projected, lower, upper (median, 10 % and 90 % of the target year), p_reach and
          p_basis (``benchmarked``, ``unbenchmarked``, ``base_rate``, ``user`` of your own
          forecasts, or ``observed`` where the final figure is known), with forecast_history and
          forecast_kind (S14);
        - p_record, p_record_n: where p_reach is below 0.1 or above 0.9 of a year still open, the
          share of real national targets met after such a statement, and of how many statements;
          by family of targets in the attribute ``target_records`` (JSON);
        - series_break (S10), path_sensitive, never_this_fast with best_rate, best_year;
        - status, reason (why not assessable, a closed list), rule_word, rule_value, branch;
        - target, target_max, baseline, gap, promise (alternatives share one), origin and the
          other inputs.

    Raises
    ------
    CorridorError
        For an unknown rule, period or threshold.

    Notes
    -----
    A target met at ``as_of`` is achieved under every rule. A figure counts as current if it is
    not older than ``as_of``, less one month (错月), or than the deadline; a figure that is
    older is shown with the rates that follow from it, but gives no verdict. A count or a
    milestone, once met, stays met. Before the date a full year that is only projected is not
    achieved, nor is a promise of each year of which one year is unknown (``unknown_years``).

    See Also
    --------
    corridor_model.text.audit.explain : how one verdict came about.

    Examples
    --------
    >>> import corridor_model as cm
    >>> gdp = cm.assess(cm.load_plan(), as_of=2020).sel(indicator="gdp")
    >>> round(float(gdp["required_rate"]), 4), round(float(gdp["required_rate_remaining"]), 4)
    (0.0644, 0.1136)
    >>> str(gdp["status"].item()), bool(gdp["series_break"])
    ('behind', True)
    """
    assessment = evaluate(
        *(plan, observations, as_of, known_by, rule, thresholds, annual_targets, revisions, method),
        forecasts,
    )
    dataset = to_dataset(assessment, by_rule=rule == "all", method=method)
    if forecasts is not None:
        dataset.attrs["forecasts"] = "; ".join(map(str, forecasts))
    return dataset


# Labels on an assessment: the Dataset that people and other floors read.


def to_dataset(assessment: Assessment, by_rule: bool, method: str | None = "default") -> xr.Dataset:
    """Return an assessment as a Dataset by indicator, and by rule where there are several."""
    import xarray as xr

    from corridor_model.results import Result

    cases, columns, forecasts = assessment.cases, assessment.columns, assessment.forecasts
    data: dict[str, Any] = {}

    def put(name: str, values: Any) -> None:
        data[name] = xr.Variable(("indicator",), values)

    for name, values in _inputs(assessment).items():
        put(name, values)
    for name, column in columns.items():
        put(name, column.values)
        put(f"{name}_reason", _texts(column.reasons, MASKS))
    put("never_this_fast", np.array(never_this_fast(cases, columns), dtype=bool))
    for name, column in forecasts.columns.items():
        put(name, column.values)
        put(f"{name}_reason", _texts(column.reasons, MASKS))
    put("p_basis", _texts(forecasts.basis, BASES))
    put("p_basis_reason", _texts(forecasts.reasons, MASKS))
    put("forecast_history", _texts(forecasts.history))
    put("forecast_kind", _texts(forecasts.kind))
    flags, reasons = path_sensitive(cases, columns)
    put("path_sensitive", np.array(flags, dtype=bool))
    put("path_sensitive_reason", _texts(reasons, MASKS))
    data |= _verdicts(assessment, by_rule)
    for name, (values, why) in _flags(assessment).items():
        put(name, values)
        put(f"{name}_reason", _texts(why, MASKS))
    coords: dict[str, Any] = {
        "indicator": [case.id for case in cases],
        "of": ("indicator", [case.promise.of for case in cases]),
    }
    if by_rule:
        coords["rule"] = [rule.name for rule in assessment.rules]
    attrs = {**_attrs(assessment, by_rule), "method": method or ""}
    return label(Result(data, coords=coords, attrs=attrs), "assessment")


def is_kept(case: Case, met: bool) -> bool:
    """Return whether a promise is met: by a figure, not by a full year that is projected."""
    return (met and (case.value is None or holds_now(case))) or bool(case.done)


def is_secured(case: Case, moment: int) -> bool:
    """Return whether what is met cannot be lost again.

    What cannot: additions, a milestone, the running total of a flow that has reached its least
    in the year that counts, and whatever was met at its date.
    """
    if case.met_late:
        return False
    if moment >= case.due:
        return not case.state
    return case.lasting or (case.upper is None and is_total(case, case.at))


def _flags(assessment: Assessment) -> dict[str, tuple[Any, list[str]]]:
    """Return what is yes or no of a promise, each with why it is not asked."""
    cases = assessment.cases
    applies = [not case.unbounded and not case.withdrawn for case in cases]
    kept = [is_kept(case, met) for case, met in zip(cases, cases.met.tolist(), strict=True)]
    moment = assessment.when.moment
    secured = [k and is_secured(case, moment) for k, case in zip(kept, cases, strict=True)]
    based = [a and bool(b) for a, b in zip(applies, cases.based, strict=True)]
    return {
        "secured": (np.array(secured), ["" if k else "not_applicable" for k in kept]),
        "already_met": (
            np.array([bool(m) and b for m, b in zip(cases.base_met, based, strict=True)]),
            [
                "" if b else "no_baseline" if a else "not_applicable"
                for a, b in zip(applies, based, strict=True)
            ],
        ),
    }


def _texts(values: Iterable[str], codes: Iterable[str] = ()) -> Texts:
    """Return texts as an array that holds the longest of them, and of a closed list's codes."""
    listed = [str(value) for value in values]
    return np.array(listed, dtype=f"U{max(map(len, (*listed, *codes)), default=1) or 1}")


def _inputs(assessment: Assessment) -> dict[str, Any]:
    """Return what was put in, by name: words, years and origins."""
    cases = assessment.cases
    before = [assessment.before.get(case.id, (math.nan, "")) for case in cases]
    indicators = [case.promise for case in cases]
    compared = [assessment.plan.indicators.get(i.relative_to or "") for i in indicators]
    # what an alternative kept in time is not late (S4)
    verdicts = next(iter(assessment.verdicts.values()))
    kept = [verdict.branch == "alternative_achieved" for verdict in verdicts]
    late = ["" if k else case.met_late for case, k in zip(cases, kept, strict=True)]
    return {
        "tier": _texts((i.tier for i in indicators), ("commit", "stretch")),
        "is_limit": np.array([c.limit for c in cases], dtype=bool),
        "limit_origin": _texts((c.limit_origin for c in cases), ORIGINS),
        "met_late": _texts(late),
        "met_late_reason": _texts(("" if period else "not_applicable" for period in late), MASKS),
        "is_limit_reason": _texts((c.unbounded for c in cases), MASKS),
        "target_year_reason": _texts(("" if c.target_year else "no_date" for c in cases), MASKS),
        "year_origin": _texts((c.annual_origin for c in cases), ORIGINS),
        "year_basis": _texts((c.annual_basis for c in cases), ("year", "to_date")),
        "relative_to": _texts(i.relative_to or "" for i in indicators),
        "relative_zh": _texts(other.name_zh if other else "" for other in compared),
        "relative_en": _texts(other.name("en") if other else "" for other in compared),
        "margin": np.array([i.margin for i in indicators], dtype=np.float64),
        "name_zh": _texts(i.name_zh for i in indicators),
        "name_en": _texts(i.name_en or i.name_zh for i in indicators),
        "kind": _texts((i.kind for i in indicators), KINDS),
        "unit": _texts(i.unit for i in indicators),
        "sense": _texts((c.promise.sense or "" for c in cases), (*SENSES, "range")),
        "target_year": np.array([c.target_year for c in cases], dtype=np.int64),
        "due": np.where(np.isfinite(cases.due), cases.due, np.nan),
        "baseline_year": np.array(
            [0 if c.start is None else year_before(c.start) for c in cases], dtype=np.int64
        ),
        "baseline_origin": _texts((c.base_origin for c in cases), ORIGINS),
        "origin": _texts(
            (_origin(c.base_origin, c.origin, c.limit_origin) for c in cases), ORIGINS
        ),
        "actual_period": _texts(c.period for c in cases),
        "actual_bound": _texts((c.reported_bound for c in cases), SENSES),
        "compared_at": cases.now,
        "actual_origin": _texts((c.origin for c in cases), ORIGINS),
        "method": _texts(c.method for c in cases),
        "year_method": _texts(c.annual_method for c in cases),
        "remark": _texts(c.remark for c in cases),
        "missing_periods": _texts(";".join(c.holes) for c in cases),
        "missed_years": _texts(";".join(map(str, c.missed)) for c in cases),
        "unknown_years": _texts(";".join(map(str, c.unknown)) for c in cases),
        "series_break": np.array([has_series_break(c) for c in cases], dtype=bool),
        "promise": _texts(map(promise_of, indicators)),
        "target_before": np.array([value for value, _ in before], dtype=np.float64),
        "status_before": _texts((status for _, status in before), STATUSES),
    }


def _origin(*origins: str) -> str:
    return weakest(origin for origin in ("document", *origins) if origin)


def _verdicts(assessment: Assessment, by_rule: bool) -> dict[str, Any]:
    """Return the verdicts by rule and indicator, or by indicator under the only rule."""
    import xarray as xr

    verdicts = [verdict for rule in assessment.rules for verdict in assessment.verdicts[rule.name]]
    values = {
        "status": _texts((verdict.status for verdict in verdicts), STATUSES),
        "reason": _texts((verdict.reason for verdict in verdicts), REASONS),
        "rule_word": _texts(verdict.word for verdict in verdicts),
        "rule_value": np.array([verdict.value for verdict in verdicts], dtype=np.float64),
        "branch": _texts(verdict.branch for verdict in verdicts),
    }
    if not by_rule:
        return {name: xr.Variable(("indicator",), array) for name, array in values.items()}
    shape = len(assessment.rules), len(assessment.cases)
    return {
        name: xr.Variable(("rule", "indicator"), array.reshape(shape))
        for name, array in values.items()
    }


def _attrs(assessment: Assessment, by_rule: bool) -> dict[str, Any]:
    plan, when = assessment.plan, assessment.when
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "as_of": str(when.period),
        "known_by": when.known_by or "",
        "rule": "all" if by_rule else assessment.rules[0].name,
        "thresholds": json.dumps(assessment.thresholds),
        "thresholds_ours": "; ".join(f"{r.name}: {r.ours}" for r in assessment.rules if r.ours),
        "target_records": json.dumps([asdict(record) for record in all_target_records()]),
        "sources": "; ".join(f"{rule.name}: {rule.source}" for rule in assessment.rules),
        "base_year": when.base_year,
        "last_year": when.last_year,
    }
