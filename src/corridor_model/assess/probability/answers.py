"""The forecast floor's answers to many questions at once (S14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.probability.counts import DRAWS, Belief, is_whole
from corridor_model.assess.probability.methods import METHODS
from corridor_model.assess.probability.paths import PATHS, score, yearly_paths
from corridor_model.assess.probability.question import INDEX, Final, Settled, Unasked, Yearly
from corridor_model.assess.probability.reading import Reading
from corridor_model.errors import CorridorError
from corridor_model.forecast.api import forecast_batch
from corridor_model.growth import average_growth_cumulative_method

if TYPE_CHECKING:
    from corridor_model.assess.probability.question import Question
    from corridor_model.forecast.additions import Counted
    from corridor_model.forecast.predictive import Core

Array = NDArray[np.float64]
LEVELS = np.array([0.1, 0.5, 0.9])
NO = (float("nan"),) * 3


class Answer(NamedTuple):
    """A probability before it is shown, what is projected, and on what it rests.

    ``quantiles`` are those of 10, 50 and 90 % in the target year. ``settled`` says that the
    probability is exact: the year is closed, or an earlier one was missed. ``draws`` is how
    many fixed paths it rests on, 0 for a closed form.
    """

    p: float
    quantiles: tuple[float, float, float]
    basis: str
    reason: str
    settled: bool = False
    draws: int = 0


_KNOWN: dict[tuple[Question, str], Answer] = {}
"""Answers given before: the months of a year and the rules ask many questions again."""
_MANY = 20_000


def answers(questions: Sequence[Question], method: str = "default") -> list[Answer]:
    """Answer questions in their order; each as if it were asked alone.

    Raises
    ------
    CorridorError
        For a method that does not exist.
    """
    if method not in METHODS:
        raise CorridorError(f"No method {method!r}; use one of {', '.join(METHODS)}.")
    new = [q for q in dict.fromkeys(questions) if (q, method) not in _KNOWN]
    made = dict(zip(new, _answers(new, method), strict=True))
    out = [made[q] if q in made else _KNOWN[q, method] for q in questions]
    if len(_KNOWN) + len(made) > _MANY:
        _KNOWN.clear()
    _KNOWN.update({(question, method): answer for question, answer in made.items()})
    return out


def _answers(questions: Sequence[Question], method: str) -> list[Answer]:
    """Answer questions, those of one horizon together."""
    out: list[Answer | None] = [_at_once(question, method) for question in questions]
    places: dict[int, list[int]] = {}
    for i, question in enumerate(questions):
        if isinstance(question, Final):
            places.setdefault(question.horizon, []).append(i)
    for at in places.values():
        asked = [questions[i] for i in at]
        for i, answer in zip(at, _finals(asked, method), strict=True):  # type: ignore[arg-type]
            out[i] = answer
    return [answer for answer in out if answer is not None]


def _at_once(question: Question, method: str) -> Answer | None:
    """Answer what is not asked in a batch."""
    if isinstance(question, Unasked):
        return Answer(NO[0], NO, "", question.reason)
    if isinstance(question, Settled):
        return Answer(float(question.met), (question.value,) * 3, "observed", "", True)
    if isinstance(question, Yearly):
        try:
            return _yearly(question, method)
        except CorridorError:
            return Answer(NO[0], NO, "", "no_forecast")
    return None


def _yearly(asked: Yearly, method: str) -> Answer:
    """Answer a question about several years."""
    if is_whole(asked) and method == "default":
        return _counts(asked)
    paths, told = yearly_paths(asked, method)
    if told.reason:
        return Answer(NO[0], NO, "", told.reason)
    p, drawn = score(asked, paths)
    quantiles = np.quantile(drawn, LEVELS)
    if asked.steps:
        quantiles = np.array(
            [
                100 * average_growth_cumulative_method(INDEX, [value / asked.steps] * asked.steps)
                for value in quantiles
            ]
        )
    basis = str(told.p_basis)
    if basis == "benchmarked":
        basis = "unbenchmarked"
    return _made(0.0 if asked.missed else p, quantiles, basis, asked.missed, PATHS)


def _counts(asked: Yearly) -> Answer:
    """Answer a question about whole yearly additions in closed form."""
    belief = Belief(asked)
    if asked.score == "total":
        total = belief.total()
        below = _mass(total, asked.lower[0], asked.start, True, 0.0)
        above = _mass(total, asked.upper[0], asked.start, False, 1.0)
        quantiles = asked.start + total.quantile(LEVELS)[0, 0]
        return _made(max(0.0, above - below), quantiles, "unbenchmarked")
    parts = np.zeros(len(asked.open))
    parts[0] = asked.part
    lower = np.array([-np.inf if low is None else low for low in asked.lower]) - parts
    upper = np.array([np.inf if high is None else high for high in asked.upper]) - parts
    quantiles = parts[-1] + belief.year(-1).quantile(LEVELS)[0, 0]
    p = 0.0 if asked.missed else belief.each(lower, upper)
    drawn = DRAWS if len(asked.open) > 1 else 0
    return _made(p, quantiles, "unbenchmarked", asked.missed, drawn)


def _mass(total: Counted, bound: float | None, start: float, strict: bool, missing: float) -> float:
    """Return P(start + total < bound), or <= if not strict; ``missing`` without a bound."""
    if bound is None:
        return missing
    rest = bound - start
    # a target may be missed by what subtraction rounds away (S3)
    rest = round(rest) if abs(rest - round(rest)) < 1e-9 else rest
    return float(total.cdf(np.array([[[float(rest)]]]), strict)[0, 0, 0])


def _made(p: float, quantiles: Array, basis: str, settled: bool = False, draws: int = 0) -> Answer:
    low, middle, high = (float(value) for value in quantiles)
    drawn = 0 if settled else draws
    return Answer(float(np.clip(p, 0.0, 1.0)), (low, middle, high), basis, "", settled, drawn)


def _finals(asked: Sequence[Final], method: str) -> list[Answer]:
    """Answer questions of one horizon; a comparison method may refuse a single one."""
    out: list[Answer] = [Answer(NO[0], NO, "", "no_forecast")] * len(asked)
    groups = [list(range(len(asked)))] if method == "default" else [[i] for i in range(len(asked))]
    for at in groups:
        some = [asked[i] for i in at]
        try:
            batch = forecast_batch(
                [a.values for a in some],
                [a.years for a in some],
                some[0].horizon,
                [a.kind for a in some],
                method=method,
            )
        except CorridorError:
            if len(at) > 1:  # only a history too old to reach the target year is refused
                for i in at:
                    out[i] = _finals([asked[i]], method)[0]
            continue
        for i, row in zip(at, batch.rows, strict=True):
            if row.reason:
                out[i] = Answer(NO[0], NO, "", row.reason)
        for places, core in batch.groups:
            if method != "default" and not np.any(getattr(core, "sd", 1.0)):
                continue  # one or two values tell a comparison method no size of change
            told = _tell(core, [some[j] for j in places])
            for j, p, quantiles in zip(places, *told, strict=True):
                basis = _basis(str(batch.rows[j].p_basis), some[j])
                out[at[j]] = _made(p, _as_growth(quantiles, some[j]), basis)
    return out


def _tell(core: Core, asked: list[Final]) -> tuple[Array, Array]:
    """Return P(within the bounds), shape (N,), and quantiles, shape (N, 3)."""
    made = Reading(core, asked)
    lower = np.array([-np.inf if a.lower is None else a.lower for a in asked])[:, None, None]
    upper = np.array([np.inf if a.upper is None else a.upper for a in asked])[:, None, None]
    below, above = made.cdf(lower, strict=True), made.cdf(upper)
    return np.maximum(above - below, 0.0)[:, 0, 0], made.quantile(LEVELS)[:, 0]


def _basis(basis: str, asked: Final) -> str:
    """Name the basis outside what the benchmark covers (S10, S14)."""
    outside = asked.broken or asked.anchor is not None
    return "unbenchmarked" if outside and basis == "benchmarked" else basis


def _as_growth(quantiles: Array, asked: Final) -> Array:
    """Return an index as the average growth it means, in percent."""
    if not asked.steps:
        return quantiles
    grown = np.maximum(quantiles, 0.0) / asked.index
    return np.asarray(100 * (grown ** (1 / asked.steps) - 1))
