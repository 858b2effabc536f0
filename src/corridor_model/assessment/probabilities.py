"""The one place where probabilities enter an assessment: answers as masked columns (S14).

What is asked stands in :mod:`.questions`, how it is answered in :mod:`.answers`. Here
alternatives are joined, and what is shown of an open year is kept within 0.001-0.999.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import Array, Mask
from corridor_model.assessment.columns import Cases, Column
from corridor_model.plan.promises import alternatives
from corridor_model.plan.uncertainties import UNFORESEEN

if TYPE_CHECKING:
    from corridor_model.assessment.answers import Answer
    from corridor_model.assessment.case import Case, When
    from corridor_model.assessment.own_forecasts import OwnForecast
    from corridor_model.observations.model import History


NUMBERS = ("projected", "lower", "upper", "p_reach")
RECORD = ("p_record", "p_record_n")
"""Of a probability near 0 or 1: how often the like came true of real targets, and of how many."""
SHOWN = (0.001, 0.999)
"""What is shown of an open year lies within; a closed one is 0 or 1 (S14)."""
BASES = ("user", "base_rate", "unbenchmarked", "benchmarked", "observed")
"""What a probability rests on, weakest first; ``observed``: the final figure itself."""


class ForecastColumns(NamedTuple):
    """The columns of a forecast.

    Attributes
    ----------
    columns : dict of str to Column
        Median, 10 % and 90 % quantile of the target year, and probability; of one below 0.1 or
        above 0.9 of an open year, how often such statements about national plans' targets came
        true, and of how many (`RECORD`).
    basis, reasons : list of str
        p_basis, empty where masked, and why it is masked.
    history, kind : list of str
        What was read, as ``2017=416.35;2018=451.84``, and the kind as which it was forecast;
        empty where nothing was.
    """

    columns: dict[str, Column]
    basis: list[str]
    reasons: list[str]
    history: list[str]
    kind: list[str]


def forecast_columns(
    cases: Cases,
    histories: Mapping[str, History],
    when: When,
    method: str | None = "default",
    own: Mapping[str, OwnForecast] | None = None,
) -> ForecastColumns:
    """Return projected, lower, upper, p_reach and p_basis of every target.

    Parameters
    ----------
    cases : Cases
        What is asked.
    histories : mapping of str to History
        What is known of each indicator.
    when : When
        The period.
    method : str or None, default "default"
        A method of :mod:`corridor_model.forecasting`, or None: then all is masked
        ``no_forecast``.
    own : mapping of str to OwnForecast, optional
        By promise, what a person forecasts instead.
    """
    count = len(cases)
    columns = {name: Column(count, "no_forecast") for name in (*NUMBERS, *RECORD)}
    forecasts = ForecastColumns(
        columns, [""] * count, ["no_forecast"] * count, [""] * count, [""] * count
    )
    if method is None:
        _without_forecasts(forecasts, cases)
        return forecasts

    from corridor_model.assessment.answers import answers
    from corridor_model.assessment.questions import Final, Yearly, question_of

    questions = [question_of(case, histories[case.promise.of], when) for case in cases]
    for i, question in enumerate(questions):
        if isinstance(question, Final | Yearly):
            pairs = zip(question.years, question.values, strict=True)
            forecasts.history[i] = ";".join(f"{year}={value!r}" for year, value in pairs)
            forecasts.kind[i] = question.kind
    single = answers(questions, method)
    if own:
        from corridor_model.assessment.own_forecasts import own_answers

        for i, answer in own_answers(cases, histories, when, own).items():
            single[i], forecasts.history[i], forecasts.kind[i] = answer, "", ""
    for i, (answer, joint) in enumerate(zip(single, with_alternatives(cases, single), strict=True)):
        forecasts.reasons[i] = joint.reason
        if joint.reason:
            columns["p_reach"].mask(i, joint.reason)
        else:
            forecasts.basis[i] = joint.basis
            columns["p_reach"].put(i, float(never_certain(joint.p, joint.settled)))
        _put_record(columns, i, joint, method)
        for name, value in zip(("lower", "projected", "upper"), answer.quantiles, strict=True):
            # what a published bound or an earlier year decides has no figure of its date
            undecided = cases[i].state or "not_reported"
            if why := answer.reason or (undecided if np.isnan(value) else ""):
                columns[name].mask(i, why)
            else:
                columns[name].put(i, cases[i].printed(value))
    return forecasts


def _without_forecasts(forecasts: ForecastColumns, cases: Cases) -> None:
    """Mask what no forecast could speak of."""
    for i, case in enumerate(cases):
        if case.kind in UNFORESEEN:
            forecasts.reasons[i] = "not_applicable"
            for column in forecasts.columns.values():
                column.mask(i, "not_applicable")


def _put_record(columns: Mapping[str, Column], place: int, answer: Answer, method: str) -> None:
    """Put down how often the like of a probability came true, or why that is not said."""
    from corridor_model.forecasting.base_rates import nearest_records

    # the record is that of the default method
    own = method != "default" or answer.basis == "user"
    p = np.array(float("nan") if answer.reason or own else never_certain(answer.p, answer.settled))
    for name, value in zip(RECORD, nearest_records(p), strict=True):
        if value > 0:
            columns[name].put(place, float(value))
        else:
            columns[name].mask(place, answer.reason or "not_applicable")


def never_certain(p: Array | float, settled: Mask | bool) -> Array:
    """Return probabilities as results hold them: an open year is never certain (S14)."""
    return np.where(settled, p, np.clip(p, *SHOWN))


def with_alternatives(cases: Sequence[Case], single: Sequence[Answer]) -> list[Answer]:
    """Return each answer with the union in place of alternatives («A or B», S4).

    Alternatives are taken as independent; if they rise and fall together the union is as low
    as the likelier of the two, which it never undercuts. An alternative without a probability
    adds nothing: the union is then a lower bound. It rests on the weakest basis of its parts.
    """
    joint = list(single)
    for group in alternatives([case.promise for case in cases]):
        places = [i for i in group if single[i].reason != "not_applicable"]
        known = [single[i] for i in places if not single[i].reason]
        if not known:
            continue
        chances = [np.array([a.p]) for a in known]
        p, sure = union(chances, [a.settled for a in known])
        basis = min((a.basis for a in known), key=BASES.index)
        for i in places:
            joint[i] = single[i]._replace(p=float(p[0]), basis=basis, reason="", settled=sure)
    return joint


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
