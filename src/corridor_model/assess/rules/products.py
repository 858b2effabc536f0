"""Two more products, for comparison; no assessment uses them.

Engagedly compares expected with actual percent in points; puzzle OKR floors progress at 0.
"""

from __future__ import annotations

from corridor_model.assess.arithmetic import achieved_share

BEHIND_FROM, AT_RISK_ABOVE = 16.5, 33.0


def engagedly(expected: float, actual: float) -> str:
    """Return the status of a goal by expected less actual, both in percent.

    References
    ----------
    https://help.engagedly.com/automatic-status-updates-for-goals

    Examples
    --------
    >>> engagedly(50, 34), engagedly(50, 33), engagedly(50, 17), engagedly(90, 50)
    ('on_track', 'behind', 'behind', 'at_risk')
    """
    if actual >= 100:
        return "achieved"
    gap = expected - actual
    if gap < BEHIND_FROM:
        return "on_track"
    return "behind" if gap <= AT_RISK_ABOVE else "at_risk"


def okr_progress(baseline: float, target: float, actual: float) -> float:
    """Return progress in percent as puzzle OKR shows it: never below 0.

    A move away from the target is hidden; :func:`corridor_model.assess.arithmetic.achieved_share`
    returns the negative share.

    References
    ----------
    puzzle/okr@ccd79d5, ``frontend/src/app/shared/common.spec.ts``.

    Examples
    --------
    >>> okr_progress(100, 0, 20), okr_progress(0, 100, -10)
    (80.0, 0.0)
    """
    return max(0.0, 100.0 * float(achieved_share(baseline, actual, target)))
