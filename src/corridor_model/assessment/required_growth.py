"""Required growth with what has happened since: how fast so far, how fast from now on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from corridor_model.assessment.engine import AsOf, evaluate
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.requirements import requirements

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan


ADDED = ("achieved_rate", "required_rate_remaining", "acceleration")


def required_growth(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
) -> pd.DataFrame:
    """Return how fast each indicator must grow from its start, and from now on.

    Parameters
    ----------
    plan : Plan
        The plan; its baselines say where each indicator starts.
    observations : Observations, path or DataFrame, optional
        What has happened since; the plan's own published figures are used beside it.
    as_of : int, str or Period, optional
        Leave out what ends later; by default the last period that any figure speaks of (S15).
        The attribute ``as_of`` of the frame says which it was.
    known_by : str or date, optional
        Leave out what was published later (S15).

    Returns
    -------
    pandas.DataFrame
        One row an indicator, indexed by ``indicator``:

        - kind, sense, unit, target, target_max (the upper end of a range), target_year;
        - baseline, baseline_year, baseline_origin, series, steps: the start and the number
          of yearly steps, which follows from the two years (S1);
        - required_rate: yearly fraction, compounded (水平法); negative where a value must fall;
        - required_step: yearly addition in the indicator's unit;
        - already_met: whether the baseline meets the target; is_limit: whether the promise is
          kept by holding (S19), so that rate and step say how much may be used or lost;
        - reason: why a rate is masked (``no_baseline``, ``undefined_rate``,
          ``deadline_passed`` of an interim target no later than the start,
          ``not_applicable``, ``not_quantified``, ``no_date``, ``bound_unknown``,
          ``target_revised``), otherwise empty;
        - origin: the weakest origin of what was used (S5).

        A growth target is its own requirement. A cumulative target from zero has no rate
        but a yearly addition. An annual target is a floor in each year and needs neither.

        With any of the optional arguments also actual, actual_period, achieved_rate,
        required_rate_remaining, acceleration, required_step_remaining, each with a
        ``*_reason`` column, and series_break.

    See Also
    --------
    corridor_model.growth_paths : what given rates reach, and the baseline each would need.
    corridor_model.assess : the verdict on each target.

    References
    ----------
    Compound annual growth rate as in Excel's RRI; see docs/formulas.md.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> float(cm.required_growth(plan).loc["gdp", "required_rate"].round(4))
    0.0644
    >>> cm.required_growth(plan).loc["sei_va_share", "reason"]
    'no_baseline'
    >>> now = cm.required_growth(plan, as_of=2020)
    >>> float(now.loc["gdp", "required_rate_remaining"].round(4))
    0.1136
    """
    must_be_plan(plan)
    if observations is None and as_of is None and known_by is None:
        return requirements(plan)
    import pandas as pd

    from corridor_model.assessment.case import has_series_break

    now = evaluate(plan, observations, as_of, known_by)
    frame = requirements(plan, now.when.period.last_day)
    frame["actual"] = now.columns["actual"].values
    frame["actual_period"] = pd.Series([c.period for c in now.cases], frame.index, dtype="str")
    for name in (*ADDED, "required_step_remaining"):
        column = now.columns[name]
        frame[name] = column.values
        frame[f"{name}_reason"] = pd.Series(column.reasons.tolist(), frame.index, dtype="str")
    frame["series_break"] = [has_series_break(case) for case in now.cases]
    frame.attrs["as_of"] = str(now.when.period)
    return frame
