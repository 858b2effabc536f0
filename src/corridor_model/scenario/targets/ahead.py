"""The years ahead as the assessment reads them: one question, its answer, its distribution.

What is asked of the forecast, and how likely a target is, is the assessment's
(:mod:`corridor_model.assess.probability`); a simulation of the plan as planned gives the same
answer. Here the question's distribution is laid out by year, so that works can add to it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.case import EPSILON
from corridor_model.assess.probability.answers import answers
from corridor_model.assess.probability.paths import coming
from corridor_model.assess.probability.question import Final, Question, Yearly
from corridor_model.assess.probability.reading import Anchored
from corridor_model.errors import CorridorError
from corridor_model.forecast.predictive import Predictive
from corridor_model.observations.meaning import is_flow
from corridor_model.scenario.targets.foreseen import Foreseen
from corridor_model.scenario.targets.outlook import Told

if TYPE_CHECKING:
    from corridor_model.assess.case import Case
    from corridor_model.assess.probability.answers import Answer
    from corridor_model.observations.model import History

Array = NDArray[np.float64]


class Ahead(NamedTuple):
    """Open years: a closed form, or paths with the first year they begin in."""

    predictive: Predictive | None = None
    paths: Array | None = None
    first: int = 0


def told(question: Question, answer: Answer) -> Told | None:
    """Return an answer as probabilities of missing the target below and above."""
    if answer.reason:
        return None
    missed = 1.0 - answer.p
    if not isinstance(question, (Final, Yearly)):
        return Told(missed, 0.0, answer.settled)
    lower, upper = question.lower, question.upper
    if isinstance(question, Yearly):
        lower, upper = question.lower[0], question.upper[0]
    if lower is None:
        return Told(0.0, missed, answer.settled, answer.draws)
    if upper is None or (isinstance(question, Yearly) and question.score == "each"):
        return Told(missed, 0.0, answer.settled, answer.draws)
    # of a range both ends are told apart by asking for one alone
    open_above = (
        replace(question, upper=None)
        if isinstance(question, Final)
        else replace(question, upper=(None,) * len(question.upper))
    )
    below = 1.0 - answers([open_above])[0].p
    return Told(below, max(0.0, missed - below), answer.settled, answer.draws)


def ahead(
    question: Question,
    case: Case,
    history: History,
    foreseen: Foreseen,
    n: int,
    rng: np.random.Generator,
) -> Ahead:
    """Return the distribution of the years that are open.

    Parameters
    ----------
    question : Question
        Of a target due at the end of the last year wanted.
    case, history : Case, History
        What it was asked of.
    foreseen : Foreseen
        Forecasts made already.
    n, rng : int, Generator
        Paths, where there is no closed form.
    """
    try:
        if isinstance(question, Yearly):
            rest = coming(question, n, rng)
            if case.kind == "cumulative":
                return Ahead(None, question.start + np.cumsum(rest, axis=0), question.open[0])
            if question.share and question.estimate is None:
                rest[0] += question.part
            return Ahead(None, rest, question.open[0])
        if isinstance(question, Final):
            return Ahead(_by_year(question, case, history, foreseen.of(question)))
    except CorridorError:  # the answer gives the reason
        return Ahead()
    return Ahead()


def _by_year(question: Final, case: Case, history: History, made: Predictive) -> Predictive | None:
    """Return a forecast of every open year, each read from the same latest figure."""
    if made.core is None:
        return None
    end, last = case.target_year, question.years[-1]
    if question.anchor is None and question.horizon == end - last:
        return made
    first, least = last, None
    if question.anchor is not None and question.steps:
        first = max(p.year for p in history.growths)
    elif question.anchor is not None and is_flow(case.indicator):
        # of the year that is partly counted, what is counted stays
        least = max(history.points[-1].value, 0.0) or None
    asked = {year: _for_year(question, end - year, least) for year in range(first, end + 1)}
    rows = {year: row for year, row in asked.items() if row is not None}
    core = Anchored(made.core, tuple(rows.values()))
    return Predictive(made.history, tuple(rows), made.route, made.p_basis, None, core)


def _for_year(question: Final, earlier: int, least: float | None) -> Final | None:
    """Return what is asked some years before the last one; None for a year that is over."""
    if not earlier:
        return question
    if question.anchor is None:
        left = question.horizon - earlier
        return replace(question, horizon=left) if left > 0 else None
    drift, spread = question.drift - earlier, question.spread - earlier
    if spread <= EPSILON or drift < -EPSILON:
        return None
    return replace(
        question,
        horizon=max(1, math.ceil(spread - EPSILON)),
        drift=drift,
        spread=spread,
        floor=least if drift < EPSILON else None,
    )
