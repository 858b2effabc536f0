"""Is it on track: every target of a plan against its schedule, under the rule one prefers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.assess.dataset import to_dataset
from corridor_model.assess.engine import run
from corridor_model.assess.ready import AsOf

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.assess.revisions import Revision
    from corridor_model.observations.given import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.table import Table


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
        Targets revised while the plan runs; see :mod:`corridor_model.assess.revisions`.
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
    corridor_model.assess.explain.explain : how one verdict came about.

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
