"""Required growth with what has happened since: how fast so far, how fast from now on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from corridor_model.assessment.engine import AsOf, run
from corridor_model.plan import required_growth as at_the_start
from corridor_model.plan.plan import must_be_plan

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.load import Given
    from corridor_model.plan.plan import Plan


ADDED = ("achieved_rate", "required_rate_remaining", "acceleration")


def required_growth(
    plan: Plan,
    observations: Given = None,
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
        Leave out what ends later; by default the plan's last year.
    known_by : str or date, optional
        Leave out what was published later (S15).

    Returns
    -------
    pandas.DataFrame
        One row an indicator, as :func:`corridor_model.plan.required_growth.required_growth` says.
        With any of the optional arguments also actual, actual_period, achieved_rate,
        required_rate_remaining, acceleration, required_step_remaining, each with a
        ``*_reason`` column, and series_break.

    See Also
    --------
    corridor_model.growth_paths : what given rates reach, and the baseline each would need.
    corridor_model.assess : the verdict on each target.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> float(cm.required_growth(plan).loc["gdp", "required_rate"].round(4))
    0.0644
    >>> now = cm.required_growth(plan, as_of=2020)
    >>> float(now.loc["gdp", "required_rate_remaining"].round(4))
    0.1136
    """
    must_be_plan(plan)
    if observations is None and as_of is None and known_by is None:
        return at_the_start.required_growth(plan)
    import pandas as pd

    from corridor_model.assessment.case import has_series_break

    made = run(plan, observations, plan.about.last_year if as_of is None else as_of, known_by)
    frame = at_the_start.required_growth(plan)
    frame["actual"] = [case.reported for case in made.cases]
    frame["actual"] = frame["actual"].astype("float64")
    frame["actual_period"] = pd.Series([c.period for c in made.cases], frame.index, dtype="str")
    for name in (*ADDED, "required_step_remaining"):
        column = made.numbers.columns[name]
        frame[name] = column.values
        frame[f"{name}_reason"] = pd.Series(column.reasons.tolist(), frame.index, dtype="str")
    frame["series_break"] = [has_series_break(case) for case in made.cases]
    return frame
