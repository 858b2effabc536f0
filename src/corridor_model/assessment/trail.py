"""Verdicts over time: the last one, what changed, and how long one is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_model.arguments import flag, single
from corridor_model.assessment.engine import AsOf, evaluate
from corridor_model.codes import BEHIND, MISSED, NOT_ASSESSABLE, worst_first
from corridor_model.errors import CorridorError
from corridor_model.messages import N_
from corridor_model.observations.histories import last_period
from corridor_model.observations.load import as_observations
from corridor_model.periods import Period
from corridor_model.plan.plan import must_be_plan

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan


def earlier(as_of: AsOf, count: int) -> list[Period]:
    """Return a period and those of its length before it, oldest first.

    Examples
    --------
    >>> [str(period) for period in earlier("2021-02", 3)]
    ['2020-12', '2021-01', '2021-02']
    """
    last = Period.of(as_of)
    return [last.moved(-back * last.length) for back in reversed(range(count))]


def verdict_history(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: AsOf | None = None,
    periods: int = 12,
    as_known: bool = False,
    **options: Any,
) -> pd.DataFrame:
    """Return each verdict beside the one before, and for how long it has been behind.

    Parameters
    ----------
    plan : Plan
        The plan.
    observations : Observations, path or DataFrame, optional
        Your own figures.
    as_of : int, str or Period, optional
        The last period, by default the last one with figures; the others lie before it in steps
        of its length (S15).
    periods : int, default 12
        How many to look at.
    as_known : bool, default False
        Judge each period by what was known three months after its end, so that a later
        revision does not change what was said.
    **options
        Further arguments of :func:`corridor_model.assess`, such as ``rule``.

    Returns
    -------
    pandas.DataFrame
        Indexed by promise: status, last_status (the verdict one period before), change
        (better, worse, same, newly_assessed, no_longer_assessed, or empty), months_behind (in
        a row up to now; a period without a verdict neither counts nor ends the row), and a
        column of statuses for each period.

    Raises
    ------
    CorridorError
        If fewer than two periods are asked for.

    Examples
    --------
    >>> import corridor_model as cm
    >>> figures = cm.example_observations()
    >>> history = verdict_history(cm.load_plan(example=True), figures, as_of=2021, periods=2)
    >>> "change" in history
    True
    """
    import pandas as pd

    must_be_plan(plan)
    single(periods=periods)
    as_known = flag("as_known", as_known)
    if periods < 2:
        raise CorridorError(N_("periods must be at least 2, not {n}."), n=periods)
    figures = as_observations(plan, observations)
    if as_of is None:
        as_of = last_period(plan, figures, options.get("known_by"))
    steps = earlier(as_of, periods)
    columns: dict[str, list[str]] = {}
    for step in steps:
        known = step.moved(3, length=1).last_day if as_known else options.get("known_by")
        at = evaluate(plan, figures, step, **{**options, "known_by": known})
        columns[str(step)] = [verdict.status for verdict in at.verdicts[at.rules[0].name]]
    names = list(columns)
    rows = {}
    for i, indicator in enumerate(plan.targets):
        statuses = [columns[name][i] for name in names]
        rows[indicator] = {
            "status": statuses[-1],
            "last_status": statuses[-2],
            "change": change(statuses[-2], statuses[-1]),
            "months_behind": in_a_row(statuses) * steps[-1].length,
            **dict(zip(names, statuses, strict=True)),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "indicator"
    return frame


def change(before: str, now: str) -> str:
    """Return how a verdict moved.

    Examples
    --------
    >>> change("behind", "on_schedule"), change("ahead", "not_assessable"), change("ahead", "ahead")
    ('better', 'no_longer_assessed', 'same')
    """
    if before == now:
        return "" if now == NOT_ASSESSABLE else "same"
    if now == NOT_ASSESSABLE:
        return "no_longer_assessed"
    if before == NOT_ASSESSABLE:
        return "newly_assessed"
    return "better" if worst_first(now) > worst_first(before) else "worse"


def in_a_row(statuses: list[str]) -> int:
    """Return how many of the last verdicts are behind or missed; none counts for nothing.

    Examples
    --------
    >>> in_a_row(["behind", "on_schedule", "behind", "not_assessable", "behind"])
    2
    """
    count = 0
    for status in reversed(statuses):
        if status in {BEHIND, MISSED}:
            count += 1
        elif status != NOT_ASSESSABLE:
            break
    return count
