"""The one place where probabilities enter an assessment: answers as masked columns (S14).

What is asked stands in :mod:`.probability.ask`, how it is answered in :mod:`.probability.answers`.
Here alternatives are joined, and what is shown of an open year is kept within 0.001-0.999.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import Array
from corridor_model.assessment.measures import Column
from corridor_model.plan.promises import alternatives
from corridor_model.plan.records import UNFORESEEN

if TYPE_CHECKING:
    from corridor_model.assessment.answers import Answer
    from corridor_model.assessment.case import Case
    from corridor_model.assessment.engine import Assessment


NUMBERS = ("projected", "lower", "upper", "p_reach")
SHOWN = (0.001, 0.999)
"""What is shown of an open year lies within; a closed one is 0 or 1 (S14)."""
BASES = ("base_rate", "unbenchmarked", "benchmarked", "observed")
"""What a probability rests on, weakest first; ``observed``: the final figure itself."""


class Told(NamedTuple):
    """The columns of a forecast.

    Attributes
    ----------
    columns : dict of str to Column
        Median, 10 % and 90 % quantile of the target year, and probability.
    basis, reasons : list of str
        p_basis, empty where masked, and why it is masked.
    history, kind : list of str
        What was read, as ``2017=416.35;2018=451.84``, and the kind the floor was told; empty
        where nothing was forecast.
    """

    columns: dict[str, Column]
    basis: list[str]
    reasons: list[str]
    history: list[str]
    kind: list[str]


def forecast_columns(assessment: Assessment, method: str | None = "default") -> Told:
    """Return projected, lower, upper, p_reach and p_basis of every target.

    Parameters
    ----------
    assessment : Assessment
        With the cases and the histories.
    method : str or None, default "default"
        A method of the forecast floor, or None: then all is masked ``no_forecast``.
    """
    cases = assessment.cases
    count = len(cases)
    columns = {name: Column(count, "no_forecast") for name in NUMBERS}
    told = Told(columns, [""] * count, ["no_forecast"] * count, [""] * count, [""] * count)
    if method is None:
        for i, case in enumerate(cases):
            if case.kind in UNFORESEEN:
                _mask(told, i, "not_applicable")
        return told
    made = forecasts(assessment, method, told)
    for i, (answer, joint) in enumerate(zip(made, with_alternatives(cases, made), strict=True)):
        if joint.reason:
            told.reasons[i] = joint.reason
            columns["p_reach"].hide(i, joint.reason)
        else:
            told.basis[i], told.reasons[i] = joint.basis, ""
            columns["p_reach"].put(i, shown(joint))
        for name, value in zip(("lower", "projected", "upper"), answer.quantiles, strict=True):
            if answer.reason:
                columns[name].hide(i, answer.reason)
            else:
                columns[name].put(i, value)
    return told


def forecasts(assessment: Assessment, method: str, told: Told | None = None) -> list[Answer]:
    """Return the answer for each target by itself, and write down what was read."""
    from corridor_model.assessment.answers import answers
    from corridor_model.assessment.questions import Final, Yearly, question_of

    questions = [
        question_of(case, assessment.histories[case.id], assessment.when)
        for case in assessment.cases
    ]
    for i, question in enumerate(questions):
        if told is not None and isinstance(question, Final | Yearly):
            pairs = zip(question.years, question.values, strict=True)
            told.history[i] = ";".join(f"{year}={value!r}" for year, value in pairs)
            told.kind[i] = question.kind
    return answers(questions, method)


def shown(answer: Answer) -> float:
    """Return a probability as it may be shown: an open year is never certain (S14)."""
    if answer.settled:
        return answer.p
    return min(max(answer.p, SHOWN[0]), SHOWN[1])


def with_alternatives(cases: Sequence[Case], made: Sequence[Answer]) -> list[Answer]:
    """Return each answer with the union in place of alternatives («A or B», S4).

    Alternatives are taken as independent; if they rise and fall together the union is as low
    as the likelier of the two, which it never undercuts. An alternative without a probability
    adds nothing: the union is then a lower bound. It rests on the weakest basis of its parts.
    """
    out = list(made)
    for group in alternatives([case.indicator for case in cases]):
        places = [i for i in group if made[i].reason != "not_applicable"]
        known = [made[i] for i in places if not made[i].reason]
        if not known:
            continue
        chances = [np.array([a.p]) for a in known]
        p, sure = union(chances, [a.settled for a in known])
        basis = min((a.basis for a in known), key=BASES.index)
        for i in places:
            out[i] = made[i]._replace(p=float(p[0]), basis=basis, reason="", settled=sure)
    return out


def union(chances: Sequence[Array], settled: Sequence[bool]) -> tuple[Array, bool]:
    """Return P(any of some independent alternatives), and whether that is settled.

    Parameters
    ----------
    chances : sequence of ndarray, shape (n,) or (1,)
        Of each alternative, draw by draw where draws move it.
    settled : sequence of bool
        Whether each is exact: a final figure, or a year that was missed.

    Examples
    --------
    >>> p, sure = union([np.array([0.5]), np.array([0.5])], [False, False])
    >>> p.tolist(), sure
    ([0.75], False)
    """
    rows = np.stack(np.broadcast_arrays(*chances))
    # never less than the likeliest alone, not even by rounding
    reached = np.maximum(1.0 - np.prod(1.0 - rows, axis=0), rows.max(axis=0))
    done = any(sure and bool((p == 1).all()) for p, sure in zip(chances, settled, strict=True))
    return reached, done or all(settled)


def _mask(told: Told, i: int, reason: str) -> None:
    told.reasons[i] = reason
    for column in told.columns.values():
        column.hide(i, reason)
