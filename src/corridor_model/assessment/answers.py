"""The forecast floor's answers to many questions at once (S14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from scipy.special import gammaincc, ndtr

from corridor_model._typing import Array, Index, Mask
from corridor_model.assessment.questions import INDEX, Final, Settled, Unasked, Yearly
from corridor_model.assessment.regional_numbers import rows_of
from corridor_model.errors import CorridorError
from corridor_model.forecasting.api import forecast_batch
from corridor_model.forecasting.counts import (
    CountForecast,
    RateExperts,
    learn,
    log_mass,
    poisson,
    shake,
)
from corridor_model.forecasting.counts import shipped_rates as rates
from corridor_model.forecasting.history import ForecastError, History, Kind, MethodName
from corridor_model.forecasting.mixture import BOUND, pick
from corridor_model.forecasting.pooling import MixtureForecast
from corridor_model.growth import average_growth_cumulative_method
from corridor_model.messages import N_, Listing, Message, context

if TYPE_CHECKING:
    from corridor_model.assessment.questions import ForecastQuestion
    from corridor_model.forecasting.history import Scale
    from corridor_model.forecasting.predictive import Core, Predictive


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


_KNOWN: dict[tuple[ForecastQuestion, str], Answer] = {}
"""Answers given before: the months of a year and the rules ask many questions again."""
_MANY = 20_000


def answers(questions: Sequence[ForecastQuestion], method: str = "default") -> list[Answer]:
    """Answer questions in their order; each as if it were asked alone.

    Raises
    ------
    CorridorError
        For a method that does not exist.
    """
    if method not in METHODS:
        raise CorridorError(
            N_("No method {name!r}; use one of {methods}."), name=method, methods=Listing(METHODS)
        )
    new = [q for q in dict.fromkeys(questions) if (q, method) not in _KNOWN]
    fresh = dict(zip(new, fresh_answers(new, method), strict=True))
    in_order = [fresh[q] if q in fresh else _KNOWN[q, method] for q in questions]
    if len(_KNOWN) + len(fresh) > _MANY:
        _KNOWN.clear()
    _KNOWN.update({(question, method): answer for question, answer in fresh.items()})
    return in_order


def fresh_answers(
    questions: Sequence[ForecastQuestion], method: str = "default", quantiles: bool = True
) -> list[Answer]:
    """Answer questions, those of one horizon together; nothing is kept.

    Without ``quantiles`` these are NaN, and the probabilities are the same.
    """
    out: list[Answer | None] = [_at_once(question, method, quantiles) for question in questions]
    places: dict[int, list[int]] = {}
    for i, question in enumerate(questions):
        if isinstance(question, Final):
            places.setdefault(question.horizon, []).append(i)
    for at in places.values():
        group = [questions[i] for i in at]
        finals = _finals(group, method, quantiles)  # type: ignore[arg-type]
        for i, answer in zip(at, finals, strict=True):
            out[i] = answer
    return [answer for answer in out if answer is not None]


def _at_once(question: ForecastQuestion, method: str, quantiles: bool) -> Answer | None:
    """Answer what is not asked in a batch."""
    if isinstance(question, Unasked):
        return Answer(NO[0], NO, "", question.reason)
    if isinstance(question, Settled):
        value = float("nan") if question.value is None else question.value
        return Answer(float(question.met), (value,) * 3, "observed", "", True)
    if isinstance(question, Yearly):
        try:
            return _of_years(question, method, quantiles)
        except CorridorError:
            return Answer(NO[0], NO, "", "no_forecast")
    return None


def _of_years(question: Yearly, method: str, with_quantiles: bool) -> Answer:
    """Answer a question about several years."""
    if is_whole(question) and method == "default":
        return _of_counts(question, with_quantiles)
    predictive = yearly_forecast(question, method)
    if predictive.reason:
        return Answer(NO[0], NO, "", predictive.reason)
    drawn = PATHS
    if question.score == "total" and isinstance(predictive.core, MixtureForecast):
        total = Total(question, predictive.core)
        p, drawn = total.p_within(), 0
        quantiles = total.quantiles() if with_quantiles else np.array(NO)
    else:
        paths = joint_values(question, predictive, PATHS, _rng())
        p, final = score(question, paths)
        quantiles = np.quantile(final, LEVELS) if with_quantiles else np.array(NO)
    if with_quantiles and (steps := question.steps):
        quantiles = np.array(
            [
                100 * average_growth_cumulative_method(INDEX, [total / steps] * steps)
                for total in quantiles
            ]
        )
    basis = str(predictive.p_basis)
    if basis == "benchmarked":
        basis = "unbenchmarked"
    return _answer(0.0 if question.missed else p, quantiles, basis, question.missed, drawn)


def _of_counts(question: Yearly, with_quantiles: bool) -> Answer:
    """Answer a question about whole yearly additions in closed form."""
    belief = Belief(question)
    if question.score == "total":
        total = belief.total()
        below = _mass(total, question.lower[0], question.start, True, 0.0)
        above = _mass(total, question.upper[0], question.start, False, 1.0)
        quantiles = question.start + _levels_of(total, with_quantiles)
        p = 0.0 if question.missed else max(0.0, above - below)
        return _answer(p, quantiles, "unbenchmarked", question.missed)
    parts = np.zeros(len(question.open))
    parts[0] = question.part
    lower = np.array([-np.inf if low is None else low for low in question.lower]) - parts
    upper = np.array([np.inf if high is None else high for high in question.upper]) - parts
    quantiles = parts[-1] + _levels_of(belief.year(-1), with_quantiles)
    p = 0.0 if question.missed else belief.each(lower, upper)
    drawn = DRAWS if len(question.open) > 1 else 0
    return _answer(p, quantiles, "unbenchmarked", question.missed, drawn)


def _levels_of(one: CountForecast, with_quantiles: bool) -> Array:
    """Return the quantiles of one year, shape (3,); NaN where nobody wants them."""
    return one.quantile(LEVELS)[0, 0] if with_quantiles else np.array(NO)


def _mass(
    total: CountForecast, bound: float | None, start: float, strict: bool, missing: float
) -> float:
    """Return P(start + total < bound), or <= if not strict; ``missing`` without a bound."""
    if bound is None:
        return missing
    rest = bound - start
    # a target may be missed by what subtraction rounds away (S3)
    rest = round(rest) if abs(rest - round(rest)) < 1e-9 else rest
    return float(total.cdf(np.array([[[float(rest)]]]), strict)[0, 0, 0])


def _answer(
    p: float, quantiles: Array, basis: str, settled: bool = False, draws: int = 0
) -> Answer:
    low, middle, high = map(float, quantiles)
    drawn = 0 if settled else draws
    return Answer(min(max(float(p), 0.0), 1.0), (low, middle, high), basis, "", settled, drawn)


def _finals(questions: Sequence[Final], method: str, with_quantiles: bool) -> list[Answer]:
    """Answer questions of one horizon; a comparison method may refuse a single one."""
    out: list[Answer] = [Answer(NO[0], NO, "", "no_forecast")] * len(questions)
    groups = (
        [list(range(len(questions)))]
        if method == "default"
        else [[i] for i in range(len(questions))]
    )
    for at in groups:
        some = [questions[i] for i in at]
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
                    out[i] = _finals([questions[i]], method, with_quantiles)[0]
            continue
        for i, row in zip(at, batch.rows, strict=True):
            if row.reason:
                out[i] = Answer(NO[0], NO, "", row.reason)
        for places, core in batch.groups:
            if method != "default" and not np.any(getattr(core, "sd", 1.0)):
                continue  # one or two values tell a comparison method no size of change
            values = _read_off(core, [some[j] for j in places], with_quantiles)
            for j, p, quantiles in zip(places, *values, strict=True):
                basis = basis_outside(str(batch.rows[j].p_basis), some[j])
                lost = some[j].missed
                out[at[j]] = _answer(
                    0.0 if lost else p, _as_growth(quantiles, some[j]), basis, lost
                )
    return out


def _read_off(core: Core, questions: list[Final], with_quantiles: bool) -> tuple[Array, Array]:
    """Return P(within the bounds), shape (N,), and quantiles, shape (N, 3)."""
    terms = terms_of(questions)
    reading = Reading(core, terms)
    chance = chance_within(reading, terms)
    if not with_quantiles:
        return chance, np.full((len(questions), len(LEVELS)), np.nan)
    return chance, reading.quantile(LEVELS)[:, 0]


def chance_within(reading: Reading, terms: Terms) -> Array:
    """Return P(within the bounds), shape (N,)."""
    below = reading.cdf(terms.lower[:, None, None], strict=True)
    above = reading.cdf(terms.upper[:, None, None])
    return np.asarray(np.maximum(above - below, 0.0)[:, 0, 0])


def basis_outside(basis: str, question: Final) -> str:
    """Name the basis outside what the benchmark covers (S10, S14)."""
    outside = question.broken or question.anchor is not None
    return "unbenchmarked" if outside and basis == "benchmarked" else basis


def _as_growth(quantiles: Array, question: Final) -> Array:
    """Return an index as the average growth it means, in percent."""
    if not question.steps:
        return quantiles
    grown = np.maximum(quantiles, 0.0) / question.index
    return np.asarray(100 * (grown ** (1 / question.steps) - 1))


# Yearly additions as counts when part of a year is known: exposures, totals, every year.

DRAWS = 4096
"""Paths of the rate behind «in every year»; the counts given the rates are exact."""
_STREAM = 20201231
_START = 0.5


class Belief:
    """Gamma beliefs about the rate of each open year, by expert.

    Attributes
    ----------
    weight : ndarray, shape (E,)
    shapes, rates : ndarray, shape (Y, E)
    weights : ndarray, shape (Y,)
        How much of each year is still to come.
    """

    def __init__(self, question: Yearly):
        self.experts = rates()
        shape, rate, evidence, year = _start(question, self.experts)
        shapes, scales = [], []
        for open_year in question.open:
            if question.share and open_year == question.open[0]:
                shape, rate, evidence = _part(question, shape, rate, evidence, self.experts, year)
            else:
                shape, rate = shake(shape, rate, self.experts, open_year - year)
            year = open_year
            shapes.append(shape)
            scales.append(rate)
        logs = self.experts.prior + evidence
        weight = np.exp(logs - logs.max())
        self.weight = weight / weight.sum()
        self.shapes, self.rates = np.stack(shapes), np.stack(scales)
        self.weights = np.array(question.weights)

    def total(self) -> CountForecast:
        """Return the distribution of what all open years add, as one horizon year."""
        mean = self.shapes / self.rates
        spread = self.shapes / self.rates**2
        middle = (self.weights[:, None] * mean).sum(axis=0)
        wide = (self.weights[:, None] ** 2 * spread).sum(axis=0)
        for i in range(len(mean)):
            for j in range(i + 1, len(mean)):
                both = spread[i] * mean[j] / mean[i]
                wide = wide + 2 * self.weights[i] * self.weights[j] * both
        return CountForecast(
            self.weight, (middle**2 / wide)[None], (middle / wide)[None], self.experts
        )

    def year(self, place: int) -> CountForecast:
        """Return the distribution of what is still to come in one open year."""
        rate = self.rates[place] / max(self.weights[place], 1e-12)
        return CountForecast(self.weight, self.shapes[place][None], rate[None], self.experts)

    def each(self, lower: Array, upper: Array) -> float:
        """Return P(every open year adds at least lower and at most upper).

        Rates are drawn (fixed stream, quantiles of one expert stratified by the draw); given
        them the years are independent and exact. The answer keeps within what the exact single
        years allow.
        """
        alone = np.array(
            [_within(self.year(i), low, high) for i, (low, high) in enumerate(zip(lower, upper))]  # noqa: B905
        )
        if len(alone) == 1:
            return float(alone[0])
        rng = np.random.Generator(np.random.SFC64(_STREAM))
        who = pick(self.weight, (np.arange(DRAWS) + 0.5) / DRAWS)
        chance = np.ones(DRAWS)
        for i, level in enumerate(self._levels(who, rng)):
            chance = chance * _given(self.weights[i] * level, lower[i], upper[i])
        least = max(0.0, float(alone.sum()) - len(alone) + 1)
        return float(np.clip(chance.mean(), least, alone.min()))

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Draw what is still to come in each open year, shape (Y, n)."""
        who = pick(self.weight, rng.random(n))
        rates = zip(self.weights, self._levels(who, rng), strict=True)
        return np.stack([poisson(rng, weight * level) for weight, level in rates])

    def _levels(self, who: Index, rng: np.random.Generator) -> Iterator[Array]:
        """Yield the rate of each open year by path: it moves on by beta shakes."""
        level = rng.standard_gamma(self.shapes[0, who]) / self.rates[0, who]
        yield level
        for i in range(1, len(self.shapes)):
            old, new = self.shapes[i - 1, who], self.shapes[i, who]
            shaken = rng.beta(new, np.maximum(old - new, 1e-12))
            level = level * shaken * (self.rates[i - 1, who] / self.rates[i, who])
            yield level


def is_whole(question: Yearly) -> bool:
    """Return whether additions are counted one by one."""
    amounts = (*question.values, question.part)
    return question.kind == "additions" and all(v >= 0 and v == int(v) for v in amounts)


def _start(question: Yearly, experts: RateExperts) -> tuple[Array, Array, Array, int]:
    """Return shape, rate, evidence and year after the whole years."""
    ones = np.ones(len(experts.prior))
    if not question.values:
        return ones * _START, 0 * ones, 0 * ones, question.open[0]
    shape, rate, evidence = learn(History(question.values, question.years, "additions"), experts)
    return shape, rate, evidence, question.years[-1]


def _part(
    question: Yearly, shape: Array, rate: Array, evidence: Array, experts: RateExperts, year: int
) -> tuple[Array, Array, Array]:
    """Let a part of the first open year speak with its exposure."""
    if question.values:
        shape, rate = shake(shape, rate, experts, question.open[0] - year)
        evidence = evidence + log_mass(question.part, shape, rate / question.share)
    return shape + question.part, rate + question.share, evidence


def _within(one: CountForecast, low: float, high: float) -> float:
    """Return P(low <= additions <= high)."""
    values = np.array([[[low]]]), np.array([[[high]]])
    below = 0.0 if low <= 0 else float(one.cdf(values[0], strict=True)[0, 0, 0])
    above = 1.0 if np.isinf(high) else float(one.cdf(values[1])[0, 0, 0])
    return max(0.0, above - below)


def _given(rate: Array, low: float, high: float) -> Array:
    """Return P(low <= Poisson(rate) <= high) for each rate."""
    below: Array | float = 0.0 if low <= 0 else gammaincc(np.ceil(low), rate)
    if high < 0:
        return np.zeros_like(rate)
    above: Array | float = 1.0 if np.isinf(high) else gammaincc(np.floor(high) + 1, rate)
    return np.maximum(np.asarray(above - below) * np.ones_like(rate), 0.0)


# A forecast read from a later figure than its history ends with: part of a year is known.

_MEDIAN = np.array([0.5])


class Terms(NamedTuple):
    """What N questions about the target year say beside their histories, each of shape (N,).

    Attributes
    ----------
    lower, upper : ndarray
        Bounds, infinite where there is none.
    anchor : ndarray
        A later figure that stands for the last value; NaN where there is none.
    floor : ndarray
        What the value cannot be less than; -inf where there is nothing.
    drift, spread : ndarray
        Parts of the horizon's drift and chance that lie between anchor and target year.
    """

    lower: Array
    upper: Array
    anchor: Array
    floor: Array
    drift: Array
    spread: Array


def terms_of(questions: Sequence[Final], rows: Sequence[Index] | None = None) -> Terms:
    """Return what questions say, one entry each or one for each of its regions."""
    rows = rows or [np.zeros(1, dtype=np.int64)] * len(questions)
    counts = list(map(len, rows))
    cells = [
        (q.lower, q.upper, q.anchor, q.floor, q.drift / q.horizon, max(q.spread, 1e-9) / q.horizon)
        for q in questions
    ]
    lower, upper, anchor, floor, drift, spread = (
        np.concatenate(
            [np.broadcast_to(rows_of(x, at), n) for x, at, n in zip(c, rows, counts, strict=True)]
        ).astype(np.float64)
        for c in zip(*cells, strict=True)
    )
    return Terms(
        np.where(np.isnan(lower), -np.inf, lower),
        np.where(np.isnan(upper), np.inf, upper),
        anchor,
        np.where(np.isnan(floor), -np.inf, floor),
        drift,
        spread,
    )


class Reading:
    """The target year of N forecasts of one horizon, each read from its question's anchor.

    Of the change c over the horizon h with median m, the time left keeps drift / h of the
    median and sqrt(spread / h) of the distance to it.

    Parameters
    ----------
    core : Core
        N histories.
    terms : Terms
        Of N questions.
    """

    def __init__(self, core: Any, terms: Terms):
        self.ends = core.only(-1)
        self.scale: Scale = self.ends.scale
        self.moved = np.isfinite(terms.anchor)[:, None, None]
        self.least = terms.floor[:, None, None]
        if self.moved.any():
            last = np.where(np.isfinite(terms.anchor), terms.anchor, self.scale.last)
            self.here = replace(self.scale, last=last)
            self.drift = terms.drift[:, None, None]
            self.root = np.sqrt(terms.spread)[:, None, None]
            self.middle = self.ends.change_quantile(_MEDIAN)

    def quantile(self, levels: Array) -> Array:
        """Return values at probabilities, shape (N, 1, Q)."""
        change = self.ends.change_quantile(levels)
        values = self.ends.quantile(levels)
        if self.moved.any():
            beyond = self._back(self.here.nearly[:, None, None])
            below = self.ends.change_cdf(beyond) if self.scale.route == "log_odds" else 0.0
            lot = (levels - below) / np.maximum(1.0 - below, 1e-300)
            values = np.where(self.moved, self.carried(change, lot), values)
        return np.asarray(np.maximum(values, self.least))

    def _back(self, change: Array) -> Array:
        """Return changes from the anchor as changes of the plain forecast."""
        return np.asarray(self.middle + (change - self.drift * self.middle) / self.root)

    def carried(self, change: Array, lot: Array | float = 1.0) -> Array:
        """Return where changes of the plain forecast lead, read from the anchor if there is one.

        ``lot`` as for :meth:`Scale.value`.
        """
        values = self.scale.value(change, lot)
        if self.moved.any():
            near = self.drift * self.middle + self.root * (change - self.middle)
            values = np.where(self.moved, self.here.value(near, lot), values)
        return np.asarray(np.maximum(values, self.least), dtype=np.float64)

    def cdf(self, points: Array, strict: bool = False) -> Array:
        """Return P(value <= x), or P(value < x) if strict, shape (N, 1, Q); x may be infinite."""
        finite = np.isfinite(points)
        place = np.where(finite, points, self.scale.last[:, None, None])
        inside = self.ends.cdf(place, strict=strict)
        if self.moved.any():
            near = self.ends.change_cdf(self._back(self.here.change(place)), strict)
            inside = np.where(self.moved, self.here.bounded(near, place, strict), inside)
        inside = np.where(finite, inside, np.where(points > 0, 1.0, 0.0))
        under = points <= self.least if strict else points < self.least
        return np.where(under, 0.0, inside)


@dataclass(frozen=True, eq=False)
class Anchored:
    """One history's forecast by year, every year read from the same later figure.

    Stands where the forecast floor's own cores stand.

    Attributes
    ----------
    core : Core
        The plain forecast, over as many steps as the last year needs.
    questions : tuple of Final
        One question a year, of Y years; its horizon names the row of ``core``.
    """

    core: Any
    questions: tuple[Final, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Histories (always 1) and years."""
        return 1, len(self.questions)

    @cached_property
    def readings(self) -> list[Reading]:
        """Each year's reading."""
        return [Reading(self.core.only(a.horizon - 1), terms_of([a])) for a in self.questions]

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """Return P(value <= x), or < x if strict, shape (1, Y, Q)."""
        rows = [one.cdf(values[:, i : i + 1], strict) for i, one in enumerate(self.readings)]
        return np.concatenate(rows, axis=1)

    def quantile(self, levels: Array, polish: bool = True) -> Array:  # noqa: ARG002
        """Return values at probabilities, shape (1, Y, Q)."""
        return np.concatenate([one.quantile(levels) for one in self.readings], axis=1)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw each year by itself, shape (1, Y, n)."""
        change = self.core.change_sample(n, rng)
        return self._carried(change, self.core.scale.lots(change.shape, rng))

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Draw paths over all years, shape (1, Y, n)."""
        change = self.core.change_paths(n, rng)
        return self._carried(change, self.core.scale.lots(change[:, :1].shape, rng))

    def _carried(self, change: Array, lots: Array | float) -> Array:
        lots = np.broadcast_to(lots, change.shape)
        rows = []
        for question, one in zip(self.questions, self.readings, strict=True):
            year = slice(question.horizon - 1, question.horizon)
            rows.append(one.carried(change[:, year], lots[:, year]))
        return np.concatenate(rows, axis=1)


# Years that must be added up or each be met, from joint paths of a forecast.

PATHS = 4096


def _rng() -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.SFC64(_STREAM))


def yearly_forecast(question: Yearly, method: str) -> Predictive:
    """Return the forecast of the open years, from the last whole year on."""
    values, years = question.values, question.years
    estimate = _estimate(question)
    if not any(values) and estimate:
        values, years = (estimate,), (question.open[0] - 1,)
    horizon = question.open[-1] - years[-1]
    (predictive,) = forecast_batch(
        [values], [years], horizon, cast("Kind", question.kind), method=cast("MethodName", method)
    )
    if method != "default" and not np.any(getattr(predictive.core, "sd", 1.0)):
        raise ForecastError(
            N_("{method} knows no size of change from {n} values."), method=method, n=len(values)
        )
    return predictive


def _estimate(question: Yearly) -> float | None:
    """Return the first open year as a whole, where a part of it is known."""
    if question.estimate is None and question.share:
        return question.part / question.share
    return question.estimate


def joint_values(
    question: Yearly, predictive: Predictive, n: int, rng: np.random.Generator
) -> Array:
    """Return values of the open years along drawn paths, shape (Y, n).

    Of a year that is partly known the forecast is of the whole: it lies around its estimate, with
    the chance of the time left.
    """
    first = len(predictive.years) - len(question.open)
    estimate, left = _estimate(question), 1.0 - question.share
    core: Any = predictive.core
    if not (question.share and estimate):
        return predictive.sample_paths(n, rng)[first:]
    if isinstance(core, CountForecast):
        drawn = core.paths(n, rng)[0, first:]
        around = estimate + np.sqrt(left) * (drawn[0] - np.median(drawn[0]))
        return np.vstack([around[None], drawn[1:] - drawn[0] + around])
    change = core.change_paths(n, rng)[0, first:]
    moved = _anchored(change, float(np.median(change[0])), left)
    return np.asarray(replace(core.scale, last=np.array([estimate])).value(moved[None])[0])


def _anchored(change: Array, middle: float, left: float) -> Array:
    """Return changes since the estimate of their first year, shape (Y, n): less is open there."""
    around = np.sqrt(left) * (change[0] - middle)
    return np.vstack([around[None], change[1:] - change[0] + around])


NODES = 65536
"""Behind a total; ten million draws differ by less than 0.0005."""


class Total:
    """What is counted and what the open years bring, together: its distribution.

    Given the years before it the last year is integrated in closed form; those are spread evenly
    over what may come.

    Parameters
    ----------
    question : Yearly
        With the score ``total``.
    core : MixtureForecast
        Forecast of one history until the last open year.
    """

    def __init__(self, question: Yearly, core: MixtureForecast):
        self.question, self.scale = question, core.scale
        nodes = core.nodes(NODES)
        self.weight, centre, self.width = nodes.weight, nodes.centre, nodes.width
        years = len(question.open)
        change = np.vstack([nodes.earlier, centre[None]])[-years:]
        estimate = _estimate(question)
        if question.share and estimate:
            left = 1.0 - question.share
            first = core.only(core.shape[1] - years)
            change = _anchored(change, float(first.change_quantile(_MEDIAN)[0, 0, 0]), left)
            self.scale = replace(core.scale, last=np.array([estimate]))
            if years == 1:
                self.width = self.width * np.sqrt(left)
        self.centre = change[-1]
        earlier = np.zeros((1, len(centre)))
        if years > 1:
            values = self.scale.value(np.clip(change[:-1], -BOUND, BOUND)[None])[0]
            # the last row is left out, so that its weight is not put on another year
            earlier = still_to_come(question, np.vstack([values, values[:1]]))[:-1]
        self.before = question.start + earlier.sum(axis=0)

    def cdf(self, total: float) -> float:
        """Return P(total <= x)."""
        question = self.question
        rest = total - self.before
        alone = len(question.open) == 1
        if alone and question.share and question.estimate is None:
            least, value = rest >= 0, rest + question.part
        else:
            weight = question.weights[-1] if not (alone and question.share) else 1.0
            least, value = np.ones(rest.shape, bool), rest / max(weight, 1e-12)
        with np.errstate(invalid="ignore"):
            far = (self.scale.change(value[None])[0] - self.centre) / self.width
        chance = self.scale.bounded(ndtr(far)[None], value[None], False)[0]
        return float((self.weight * np.where(least, chance, 0.0)).sum())

    def quantile(self, level: float) -> float:
        """Return the total reached with probability ``1 - level``."""
        low = high = float((self.weight * self.before).sum())
        step = max(abs(low), abs(float(self.scale.last[0])), 1e-9)
        under, over = self.cdf(low) - level, self.cdf(high) - level
        while under > 0:
            low, step = low - step, 2 * step
            under = self.cdf(low) - level
        while over < 0:
            high, step = high + step, 2 * step
            over = self.cdf(high) - level
        # regula falsi that halves an end which stays twice (Illinois; Dowell and Jarratt, 1971)
        side = 0
        while high - low > 1e-9 * max(abs(low), abs(high)):
            x = (low * over - high * under) / (over - under) if over > under else low
            x = x if low < x < high else (low + high) / 2
            off = self.cdf(x) - level
            if abs(off) < 1e-9:
                return x
            if off < 0:
                low, under = x, off
                over, side = (over / 2 if side < 0 else over), -1
            else:
                high, over = x, off
                under, side = (under / 2 if side > 0 else under), 1
        return high

    def p_within(self) -> float:
        """Return P(within the bounds)."""
        lower, upper = self.question.lower[0], self.question.upper[0]
        slack = 64 * np.finfo(float).eps  # a bound is not missed by rounding (S3)
        below = 0.0 if lower is None else self.cdf(lower - slack * abs(lower))
        above = 1.0 if upper is None else self.cdf(upper + slack * abs(upper))
        return max(0.0, above - below)

    def quantiles(self) -> Array:
        """Return the totals at 10, 50 and 90 %, shape (3,)."""
        return np.array([self.quantile(level) for level in LEVELS])


def coming(question: Yearly, n: int, rng: np.random.Generator) -> Array:
    """Draw what each open year brings from now on, shape (Y, n): counts are whole numbers."""
    if is_whole(question):
        return Belief(question).paths(n, rng)
    predictive = yearly_forecast(question, "default")
    return still_to_come(question, joint_values(question, predictive, n, rng))


def still_to_come(question: Yearly, paths: Array) -> Array:
    """Return what the paths bring from now on, shape (Y, PATHS)."""
    rest = np.array(paths)
    if question.share and question.estimate is None:
        rest[0] = np.maximum(rest[0] - question.part, 0.0)
    elif not question.share:
        rest[0] *= question.weights[0]
    if len(rest) > 1:
        rest[-1] *= question.weights[-1]
    return rest


def score(question: Yearly, paths: Array) -> tuple[float, Array]:
    """Return P(within the bounds), and draws of what is projected for the target year."""
    rest = still_to_come(question, paths)
    if question.score == "total":
        total = question.start + rest.sum(axis=0)
        good = inside(total, question.lower[0], question.upper[0])
        return float(good.mean()), total
    whole = np.maximum(paths, question.part) if question.share and len(paths) == 1 else paths
    good = np.ones(paths.shape[1], bool)
    for i, year in enumerate(whole):
        least = np.maximum(year, question.part) if i == 0 and question.share else year
        good &= inside(least, question.lower[i], question.upper[i])
    return float(good.mean()), whole[-1]


def inside(values: Array, lower: float | None, upper: float | None) -> Mask:
    """Return where values lie within bounds; an exact hit counts, rounding too (S3)."""
    slack = 64 * np.finfo(float).eps
    good = np.ones(values.shape, bool)
    if lower is not None:
        good &= values >= lower - slack * abs(lower)
    if upper is not None:
        good &= values <= upper + slack * abs(upper)
    return good


# The methods that can stand beside the default, and how skilful each was where it was measured.


class Method(NamedTuple):
    """A way to forecast.

    Attributes
    ----------
    title : Message
        What it is called.
    skill : float or None
        Brier skill against the base rate on the benchmark's 13,968 tasks; None: not measured.
    coverage : float or None
        How often its 80 % interval held there.
    """

    title: Message
    skill: float | None
    coverage: float | None


METHODS = {
    "default": Method(context("forecast method", "default"), 0.203, 0.806),
    "random_walk": Method(context("forecast method", "random walk"), -0.003, 0.675),
    "drift": Method(context("forecast method", "drift"), 0.041, 0.674),
    "damped_trend": Method(context("forecast method", "damped trend"), -0.003, 0.624),
    "ets": Method(context("forecast method", "ETS"), -0.189, 0.276),
}
"""By name, measured by benchmarks/forecast_methods.py; default (weights taught on other entities)
and ETS (statsmodels, 1,791 tasks) from docs/forecast.md."""
