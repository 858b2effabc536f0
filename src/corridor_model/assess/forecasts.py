"""The one place where probabilities enter an assessment; the forecast floor fills it (S14).

Until it does, the five variables are masked with the reason ``no_forecast``. What has no
probability by its kind says ``not_applicable`` already now: a milestone is done or not, the
completion of a work follows its builder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.assess.numbers import Column

if TYPE_CHECKING:
    from corridor_model.assess.engine import Assessment

NUMBERS = ("projected", "lower", "upper", "p_reach")
UNFORESEEN = frozenset({"milestone", "completion"})


def forecast_columns(assessment: Assessment) -> tuple[dict[str, Column], list[str], list[str]]:
    """Return projected, lower, upper and p_reach, then p_basis and its reasons.

    Parameters
    ----------
    assessment : Assessment
        With the cases, whose points are the histories.

    Returns
    -------
    columns : dict of str to Column
        Median, 10 % and 90 % quantile of the target year, and probability.
    basis, reasons : list of str
        ``benchmarked``, ``unbenchmarked`` or ``base_rate``; empty where masked.
    """
    reasons = [
        "not_applicable" if case.kind in UNFORESEEN else "no_forecast" for case in assessment.cases
    ]
    columns = {name: Column(len(reasons)) for name in NUMBERS}
    for column in columns.values():
        column.reasons[:] = reasons
    return columns, [""] * len(reasons), reasons
