"""Probabilities as they are shown: alternatives joined, open years never certain (S4, S14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.forecasts import BASES, SHOWN, union
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import Reach

Array = NDArray[np.float64]
WEAKEST_FIRST = ("scenario", *BASES)
"""Of alternatives the weakest basis is named; what is set is no forecast at all."""


class Odds(NamedTuple):
    """Of every indicator of one scenario, in the order of the plan.

    Attributes
    ----------
    p, error : ndarray
        Probability of the promise, NaN where masked, and its standard error.
    basis, reason : ndarray of str
        What it rests on (S14), and why it is masked.
    alone, alone_reason : ndarray
        The same of the target by itself.
    """

    p: Array
    error: Array
    basis: NDArray[np.str_]
    reason: NDArray[np.str_]
    alone: Array
    alone_reason: NDArray[np.str_]


def odds_of(
    outlooks: Mapping[str, Outlook],
    reached: Mapping[str, Reach],
    groups: Sequence[Sequence[int]],
    any_of: Callable[[Sequence[str]], Reach],
) -> Odds:
    """Return what is shown of each indicator.

    Parameters
    ----------
    outlooks : mapping of str to Outlook
        All indicators.
    reached : mapping of str to Reach
        Those that are not masked.
    groups : sequence of sequences of int
        Places of alternatives.
    any_of : callable
        Gives the probability of reaching any of several indicators.
    """
    names = list(outlooks)
    p, error = np.full(len(names), np.nan), np.full(len(names), np.nan)
    basis, reason = np.full(len(names), "", "U16"), np.full(len(names), "", "U20")
    for i, (name, outlook) in enumerate(outlooks.items()):
        reason[i], basis[i] = outlook.reason, outlook.basis
        if not outlook.reason:
            p[i] = shown(reached[name].p, is_settled(outlook))
            error[i] = reached[name].error
        else:
            basis[i] = ""
    out = Odds(p.copy(), error, basis, reason.copy(), p, reason)
    for group in groups:
        known = [i for i in group if not reason[i]]
        if known:
            _join(out, group, [outlooks[names[i]] for i in known], reached, any_of)
    return out


def _join(
    out: Odds,
    group: Sequence[int],
    outlooks: Sequence[Outlook],
    reached: Mapping[str, Reach],
    any_of: Callable[[Sequence[str]], Reach],
) -> None:
    """Put the union in place of alternatives, as the assessment does."""
    names = [outlook.indicator.id for outlook in outlooks]
    chances = [reached[name].chance for name in names]
    _, sure = union(chances, [is_settled(outlook) for outlook in outlooks])
    found = any_of(names)
    basis = min((outlook.basis for outlook in outlooks), key=WEAKEST_FIRST.index)
    for i in group:
        if out.alone_reason[i] == "not_applicable":
            continue
        out.p[i], out.error[i] = shown(found.p, sure), 0.0 if sure else found.error
        out.basis[i], out.reason[i] = basis, ""


def is_settled(outlook: Outlook) -> bool:
    """Whether the probability is exact: the year is closed, or an earlier one was missed."""
    if outlook.told is not None:
        return outlook.told.settled
    return not np.isnan(outlook.known[outlook.goal.year - int(outlook.years[0])])


def shown(p: float, settled: bool) -> float:
    """Return a probability as it may be shown: an open year is never certain (S14)."""
    return p if settled else float(np.clip(p, *SHOWN))
