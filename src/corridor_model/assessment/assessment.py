"""Is it on track: every target of a plan against its schedule, under the rule one prefers."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.assessment.case import has_series_break
from corridor_model.assessment.engine import AsOf, Assessment, run
from corridor_model.assessment.measures import (
    WIDTH,
    Column,
    over_record,
    path_column,
    record_columns,
)
from corridor_model.assessment.probabilities import forecast_columns
from corridor_model.codes import weakest
from corridor_model.labels import label
from corridor_model.periods import in_years, year_before
from corridor_model.plan.promises import promise_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.assessment.engine import Revision
    from corridor_model.observations.load import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.tabular.table import Table


def assess(
    plan: Plan,
    observations: Given = None,
    as_of: AsOf = 2021,
    known_by: str | datetime.date | None = None,
    rule: str = "schedule",
    *,
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
    method: str | None = "default",
) -> xr.Dataset:
    """Return where each target of a plan stands at a period.

    Parameters
    ----------
    plan : Plan
        The plan, with the observations that are bundled with it.
    observations : Observations, path or DataFrame, optional
        Your own figures; they win over those of the plan with the same key.
    as_of : int, str, Period or date, default 2021
        The period the verdict speaks of: 2021, ``"2021Q3"``, ``"2021-09"`` (S15).
    known_by : str or date, optional
        The day on which the figures were known; later revisions are left out (S15).
    rule : str, default "schedule"
        ``schedule``, ``eurostat``, ``statcan``, ``escap``, ``destatis``, ``healthy_people``,
        ``servicenow``, or ``all`` for a dimension ``rule``.
    thresholds : mapping of str to float, optional
        Thresholds of that one rule that differ from its own, such as ``{"behind": -0.1}``.
    annual_targets : Table or DataFrame, optional
        年度分解目标 (indicator, year, value, origin): the value by the end of the year, added to
        those of the plan. Completion and schedule within the year follow from them (S17).
    revisions : DataFrame or iterable, optional
        Targets revised while the plan runs; see :mod:`corridor_model.assessment.engine`.
    method : str or None, default "default"
        How the years ahead are forecast: ``default``, or for comparison ``random_walk``,
        ``drift``, ``damped_trend``, ``ets``; None leaves the probabilities out.

    Returns
    -------
    xarray.Dataset
        By indicator, in the order of the plan. A float NaN is a mask, and ``x_reason`` beside
        each masked variable ``x`` says why (S7):

        - actual, actual_period (the latest figure up to ``as_of``), compared and method (of a
          part year of a flow: the full year by ``seasonal_share`` or ``elapsed_time``);
        - achieved_share (目标实现程度), elapsed_share and plan_elapsed (序时进度), schedule_gap:
          fractions; of an annual target, within its year (S15, S17);
        - achieved_rate, required_rate, required_rate_remaining: yearly fractions (S2);
          achieved_step, required_step, required_step_remaining: the same in the unit;
        - acceleration: pace of the rest over pace so far, of rates, or of steps where a total
          has no rate; masked where there is no progress;
        - completion, year_elapsed, year_gap: this year's own target against the year (S17);
        - projected, lower, upper (median, 10 % and 90 % of the target year), p_reach and
          p_basis (``benchmarked``, ``unbenchmarked``, ``base_rate``, or ``observed`` where the
          final figure is known), with forecast_history and forecast_kind (S14);
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
    milestone, once met, stays met.

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
    made = run(plan, observations, as_of, known_by, rule, thresholds, annual_targets, revisions)
    return to_dataset(made, rule == "all", method)


# Labels on an assessment: the Dataset that people and other floors read.


def to_dataset(assessment: Assessment, by_rule: bool, method: str | None = "default") -> xr.Dataset:
    """Return an assessment as a Dataset by indicator, and by rule where several were asked."""
    import xarray as xr

    data: dict[str, Any] = {}

    def put(name: str, values: Any, dtype: Any = None) -> None:
        data[name] = xr.Variable(("indicator",), np.asarray(values, dtype=dtype))

    def column(name: str, made: Column) -> None:
        put(name, made.values)
        put(f"{name}_reason", made.reasons)

    for name, values, dtype in _inputs(assessment):
        put(name, values, dtype)
    columns = _columns(assessment)
    for name, made in columns.items():
        column(name, made)
    never = over_record(assessment.numbers, columns["best_rate"], columns["best_step"])
    put("never_this_fast", never, bool)
    told = forecast_columns(assessment, method)
    for name, made in told.columns.items():
        column(name, made)
    put("p_basis", told.basis, f"U{WIDTH}")
    put("p_basis_reason", told.reasons, f"U{WIDTH}")
    put("forecast_history", told.history, np.str_)
    put("forecast_kind", told.kind, f"U{WIDTH}")
    flags, reasons = path_column(assessment.numbers)
    put("path_sensitive", flags, bool)
    put("path_sensitive_reason", reasons, f"U{WIDTH}")
    data |= _verdicts(assessment, by_rule)
    coords: dict[str, Any] = {"indicator": [case.id for case in assessment.cases]}
    if by_rule:
        coords["rule"] = [rule.name for rule in assessment.rules]
    attrs = {**_attrs(assessment, by_rule), "method": method or ""}
    return label(xr.Dataset(data, coords=coords, attrs=attrs), "assessment")


def _columns(assessment: Assessment) -> dict[str, Column]:
    """Return the masked numbers in the order in which they are read."""
    numbers = assessment.numbers
    count, cases = numbers.count, assessment.cases
    made: dict[str, Column] = {
        "actual": _known((case.reported for case in cases), numbers.state),
        "compared": _known((case.value for case in cases), numbers.state),
        "target": _known((case.target for case in cases), "target_revised"),
        "target_max": _known(
            (case.upper if case.two_sided else None for case in cases), "not_applicable"
        ),
        "baseline": _known((case.base for case in cases), "no_baseline"),
        "gap": numbers.gap,
        **numbers.columns,
        "completion": _known((case.annual_completion for case in cases), "no_annual_target"),
        "year_elapsed": _known((case.annual_elapsed for case in cases), "no_annual_target"),
    }
    for i, case in enumerate(cases):
        if case.kind in {"annual", "growth", "milestone"}:
            made["baseline"].hide(i, "not_applicable")
    gap = made["year_gap"] = Column(count, "no_annual_target")
    both = made["completion"].values - made["year_elapsed"].values
    gap.fill(np.isfinite(both), np.round(both[np.isfinite(both)], 12))
    made |= zip(("best_rate", "best_step", "best_year"), record_columns(numbers), strict=True)
    return made


def _known(values: Iterable[float | None], reason: Any) -> Column:
    listed = [math.nan if value is None else value for value in values]
    column = Column(len(listed), "")
    column.values[:] = listed
    why = np.broadcast_to(np.asarray(reason, dtype=f"U{WIDTH}"), (len(listed),))
    masked = np.isnan(column.values)
    column.reasons[masked] = np.where(why[masked] == "", "not_reported", why[masked])
    return column


def _inputs(assessment: Assessment) -> list[tuple[str, Any, Any]]:
    """Return what was put in, by name, with a dtype: words, years and origins."""
    cases = assessment.cases
    before = [assessment.before.get(case.id, (math.nan, "")) for case in cases]
    return [
        ("name_zh", [c.indicator.name_zh for c in cases], np.str_),
        ("name_en", [c.indicator.name_en or c.indicator.name_zh for c in cases], np.str_),
        ("kind", [c.kind for c in cases], "U12"),
        ("unit", [c.indicator.unit for c in cases], np.str_),
        ("sense", [_sense(c.lower, c.upper) for c in cases], "U8"),
        ("target_year", [c.target_year for c in cases], np.int64),
        ("due", [in_years(c.due) for c in cases], np.float64),
        (
            "baseline_year",
            [0 if c.start is None else year_before(c.start) for c in cases],
            np.int64,
        ),
        ("baseline_origin", [c.base_origin for c in cases], "U12"),
        ("origin", [_origin(c.base_origin, c.origin) for c in cases], "U12"),
        ("actual_period", [c.period for c in cases], np.str_),
        ("compared_at", [in_years(c.now) for c in cases], np.float64),
        ("actual_origin", [c.origin for c in cases], "U12"),
        ("method", [c.method for c in cases], np.str_),
        ("year_method", [c.annual_method for c in cases], np.str_),
        ("remark", [c.remark for c in cases], np.str_),
        ("missing_periods", [";".join(c.holes) for c in cases], np.str_),
        ("missed_years", [";".join(map(str, c.missed)) for c in cases], np.str_),
        ("unknown_years", [";".join(map(str, c.unknown)) for c in cases], np.str_),
        ("series_break", [has_series_break(c) for c in cases], bool),
        ("promise", [promise_of(c.indicator) for c in cases], np.str_),
        ("target_before", [value for value, _ in before], np.float64),
        ("status_before", [status for _, status in before], "U14"),
    ]


def _sense(lower: float | None, upper: float | None) -> str:
    if lower is not None and upper is not None:
        return "exactly" if lower == upper else "range"
    return "at_most" if upper is not None else "at_least"


def _origin(base: str, actual: str) -> str:
    return weakest(origin for origin in ("document", base, actual) if origin)


def _verdicts(assessment: Assessment, by_rule: bool) -> dict[str, Any]:
    import xarray as xr

    made = [assessment.verdicts[rule.name] for rule in assessment.rules]
    data: dict[str, Any] = {}
    for name, place, dtype in (
        ("status", 0, "U14"),
        ("reason", 3, "U22"),
        ("rule_word", 1, "U32"),
        ("rule_value", 2, np.float64),
        ("branch", 4, "U24"),
    ):
        values = np.array([[verdict[place] for verdict in one] for one in made], dtype=dtype)
        dims: tuple[str, ...] = ("rule", "indicator") if by_rule else ("indicator",)
        data[name] = xr.Variable(dims, values.reshape(len(made), -1) if by_rule else values[0])
    return data


def _attrs(assessment: Assessment, by_rule: bool) -> dict[str, Any]:
    plan, when = assessment.plan, assessment.when
    limits = [
        f"{rule.name}: "
        + ", ".join(f"{name} {value:g}" for name, value in assessment.thresholds[rule.name].items())
        for rule in assessment.rules
    ]
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "as_of": str(when.period),
        "known_by": assessment.known_by or "",
        "rule": "all" if by_rule else assessment.rules[0].name,
        "thresholds": "; ".join(limits),
        "thresholds_ours": "; ".join(f"{r.name}: {r.ours}" for r in assessment.rules if r.ours),
        "sources": "; ".join(f"{rule.name}: {rule.source}" for rule in assessment.rules),
        "base_year": when.base_year,
        "last_year": when.last_year,
    }
