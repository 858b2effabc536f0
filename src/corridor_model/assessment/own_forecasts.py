"""Forecasts that a person brings: samples, a `Predictive` or a function, in place of the default's.

They stand in the terms of the indicator's values, as `simulate` shows them: a level, share, ratio,
rank or count as it is reported, of a growth target an index that is 100 in the base year. Every
promise of the indicator is asked of the same samples.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array, Mask
from corridor_model.assessment.answers import LEVELS, NO, Answer, inside
from corridor_model.assessment.case import Case, When
from corridor_model.assessment.questions import (
    INDEX,
    index_points,
    per_effect,
    strict_bounds,
    whole,
    yearly_rates,
)
from corridor_model.draws import generator
from corridor_model.errors import CorridorError
from corridor_model.forecasting.predictive import Predictive, Samples
from corridor_model.formatting import short
from corridor_model.growth import average_growth_cumulative_method
from corridor_model.messages import N_, Listing, message
from corridor_model.observations.semantics import CUMULATIVE_METHOD
from corridor_model.periods import MONTHS
from corridor_model.plan.promises import base_year_of
from corridor_model.plan.records import bounds
from corridor_model.plan.uncertainties import UNFORESEEN
from corridor_model.tabular.schema import likely
from corridor_model.units import UnitSlipWarning, fraction_slip

if TYPE_CHECKING:
    from corridor_model.observations.model import History

OwnForecastLike: TypeAlias = ArrayLike | Predictive | Callable[..., Any]
"""Samples (draws, years), a `Predictive`, or a function of the years that returns either."""

USER = "user"
"""The basis of what a person brings (S14)."""
PATHS = 16_384
"""Draws of a `Predictive` where only paths can answer."""


@dataclass(frozen=True, eq=False)
class OwnForecast:
    """What a person forecasts of one indicator.

    Attributes
    ----------
    name : str
        The id under which it was brought.
    years : tuple of int
        From the first open year to the last target year, without a hole.
    predictive : Predictive
        Covers these years.
    seed : int
        Of the paths of a closed form.
    """

    name: str
    years: tuple[int, ...]
    predictive: Predictive
    seed: int = 0

    @property
    def is_sampled(self) -> bool:
        """Whether it is samples, not a closed form."""
        return isinstance(self.predictive.core, Samples)

    def sampled(self) -> OwnForecast:
        """Return it as samples: what a saved result can hold."""
        if self.is_sampled:
            return self
        samples = Predictive.from_samples(self.paths().T, self.years, self.predictive.kind)
        return OwnForecast(self.name, self.years, samples, self.seed)

    def paths(self) -> Array:
        """Return joint paths of the years, shape (years, draws)."""
        core = self.predictive.core
        if isinstance(core, Samples):
            rows = core.values[0]
        else:
            rng = generator(f"forecast:{self.name}", self.seed, 0)
            rows = self.predictive.sample_paths(PATHS, rng)
        at = [self.predictive.years.index(year) for year in self.years]
        return np.asarray(rows[at])


def own_forecasts(
    cases: Sequence[Case],
    forecasts: Mapping[str, OwnForecastLike] | None,
    when: When,
    seed: int = 0,
) -> dict[str, OwnForecast]:
    """Return by promise what a person forecasts of it, checked.

    A forecast of an indicator's id speaks of all its promises, unless one has its own.

    Raises
    ------
    CorridorError
        For unknown ids, wrong shapes and years, and what is no finite number.
    """
    if forecasts is None:
        return {}
    if not isinstance(forecasts, Mapping):
        raise CorridorError(
            N_("forecasts maps ids to samples, not {value}."), value=short(forecasts)
        )
    ids = {case.id for case in cases}
    series = {case.promise.of for case in cases}
    out: dict[str, OwnForecast] = {}
    for name in sorted(forecasts, key=lambda one: str(one) not in series):
        if name not in ids | series:
            known = likely(str(name), sorted(ids | series))
            raise CorridorError(
                N_("forecasts: there is no indicator {name!r}. {hint}"), name=name, hint=known
            )
        mine = [case for case in cases if name in {case.id, case.promise.of}]
        if name in ids and name not in series:
            mine = [case for case in mine if case.id == name]
        years = open_years(mine, when)
        if not years:
            raise CorridorError(
                N_(
                    "forecasts: {name!r} has no open year to forecast as of {period}: its date is "
                    "over, or no figure decides it."
                ),
                name=name,
                period=str(when.period),
            )
        one = OwnForecast(
            name, years, _predictive(name, forecasts[name], years, mine[0], seed), seed
        )
        out |= {case.id: one for case in mine}
    return out


def open_years(cases: Sequence[Case], when: When) -> tuple[int, ...]:
    """Return the years that a forecast must cover: from the first open one to the last target.

    A year of which only a part is over is open.
    """
    first = when.period.year + (when.period.month == MONTHS)
    dues = [c.target_year for c in cases if c.kind not in UNFORESEEN and not c.withdrawn]
    return tuple(range(first, max(dues, default=0) + 1))


def _predictive(name: str, value: Any, years: tuple[int, ...], case: Case, seed: int) -> Predictive:
    """Return what was brought as a forecast that covers the years."""
    if callable(value) and not isinstance(value, Predictive):
        value = _called(value, years, generator(f"forecast:{name}", seed, 0))
    if isinstance(value, Predictive):
        if value.core is None:
            raise CorridorError(
                N_("forecasts: that of {name!r} has no scale: it says nothing."), name=name
            )
        missing = [year for year in years if year not in value.years]
        if missing:
            raise CorridorError(
                N_("forecasts: that of {name!r} lacks {missing}; it covers {covered}."),
                name=name,
                missing=Listing(missing),
                covered=Listing(value.years),
            )
        return value
    return Predictive.from_samples(_samples(name, value, years, case), years, kind=case.kind)


def _called(function: Callable[..., Any], years: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Call a function with the years, and with a random generator where it takes one."""
    try:
        takes = len(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        takes = 1
    return function(years, rng) if takes > 1 else function(years)


def _samples(name: str, value: Any, years: tuple[int, ...], case: Case) -> Array:
    """Return samples as an array, shape (draws, years), checked."""
    columns = getattr(value, "columns", None)
    if columns is not None:
        there = [int(c) if str(c).isdecimal() else c for c in columns]
        if sorted(map(str, there)) != sorted(map(str, years)):
            raise CorridorError(
                N_("forecasts: the columns of {name!r} are {there}; they must be {years}."),
                name=name,
                there=Listing(there),
                years=Listing(years),
            )
        value = value.to_numpy()[:, [there.index(year) for year in years]]
    raw = np.asarray(value)
    if raw.dtype.kind not in "iuf":
        raise CorridorError(
            N_("forecasts: those of {name!r} are {value}, not numbers (draws, years)."),
            name=name,
            value=short(value),
        )
    samples = raw.astype(np.float64)
    if samples.ndim == 1 and len(years) == 1:
        samples = samples[:, None]
    if samples.ndim != 2 or samples.shape[1] != len(years) or not len(samples):
        raise CorridorError(
            N_(
                "forecasts: {name!r} has the shape {shape}; it must be (draws, {n}), one column "
                "for each of {years}."
            ),
            name=name,
            shape=str(raw.shape),
            n=len(years),
            years=Listing(years),
        )
    if not np.isfinite(samples).all():
        draw, column = np.argwhere(~np.isfinite(samples))[0].tolist()
        raise CorridorError(
            N_("forecasts: {name!r}, draw {draw}, year {year} is {value}."),
            name=name,
            draw=draw,
            year=years[column],
            value=float(samples[draw, column]),
        )
    _check_share(name, samples, case)
    return samples


def _check_share(name: str, samples: Array, case: Case) -> None:
    """Refuse shares beyond 0 to 100, and warn of fractions."""
    if case.promise.series_kind != "share" and case.kind != "share":
        return
    if samples.min() < 0 or samples.max() > 100:
        raise CorridorError(
            N_("forecasts: {name!r} is a share in percent; {value:g} is outside 0 to 100."),
            name=name,
            value=float(samples.min() if samples.min() < 0 else samples.max()),
        )
    goals = [bound for bound in bounds(case.promise) if bound is not None]
    subject = message("forecasts: the median of {name!r}", name=name)
    if (slip := fraction_slip(float(np.median(samples)), goals, subject)) is not None:
        warnings.warn(UnitSlipWarning(slip.at()), stacklevel=6)


# What samples say of a promise.


def own_answers(
    cases: Sequence[Case],
    histories: Mapping[str, History],
    when: When,
    own: Mapping[str, OwnForecast],
) -> dict[int, Answer]:
    """Return the answers of a person's forecasts by place; figures that decide come first."""
    out = {}
    for i, case in enumerate(cases):
        if case.id in own:
            answer = own_answer(case, histories[case.promise.of], when, own[case.id])
            if answer is not None:
                out[i] = answer
    return out


def own_answer(case: Case, history: History, when: When, own: OwnForecast) -> Answer | None:
    """Return what a person's forecast says of a promise; None where a figure decides it already."""
    if when.moment >= case.due or case.kind in UNFORESEEN or case.withdrawn:
        return None
    if case.unbounded or case.state == "paused":
        return None
    factor = per_effect(case, history, when)
    if not factor:
        return _nothing("no_baseline")
    if case.measure.event == "each":
        return _each(case, history, when, own)
    if case.measure.event == "average":
        return _average(case, history, when, own, factor)
    lower, upper = strict_bounds(case)
    if not own.is_sampled and case.measure.event == "final":
        return _closed(case, own, lower, upper)
    final = own.paths()[own.years.index(case.target_year)]
    return _of_draws(inside(final, lower, upper), final)


def _nothing(reason: str) -> Answer:
    return Answer(NO[0], NO, "", reason)


def _of_draws(good: Mask, values: Array, settled: bool = False) -> Answer:
    """Return the share of good draws, and the quantiles of their values."""
    low, middle, high = np.quantile(values, LEVELS).tolist()
    return Answer(float(np.mean(good)), (low, middle, high), USER, "", settled, len(values))


def _closed(case: Case, own: OwnForecast, lower: float | None, upper: float | None) -> Answer:
    """Answer from the distribution function itself."""
    core: Any = own.predictive.core
    at = own.predictive.years.index(case.target_year)
    shape = core.shape

    def below(bound: float, strict: bool) -> float:
        return float(core.cdf(np.full((*shape, 1), bound), strict)[0, at, 0])

    p = (1.0 if upper is None else below(upper, False)) - (
        0.0 if lower is None else below(lower, True)
    )
    low, middle, high = core.quantile(LEVELS)[0, at].tolist()
    return Answer(min(max(p, 0.0), 1.0), (low, middle, high), USER, "")


def _each(case: Case, history: History, when: When, own: OwnForecast) -> Answer:
    """Answer a bound in each year: known years as they are, open ones by the draws."""
    lower, upper = bounds(case.promise)
    if case.far_end is not None:
        upper = None
    known = {point.year: point.value for point in whole(list(history.points))}
    paths = own.paths()
    good, missed = np.ones(paths.shape[1], dtype=bool), bool(case.missed)
    for year in range(case.promise.from_year or when.first_year, case.target_year + 1):
        low, high = lower, upper
        if year == when.period.year and case.annual_target is not None:
            low, high = (
                (case.annual_target, high) if low is not None else (None, case.annual_target)
            )
        low, high = _strict(case, low, high)
        if year in own.years:
            good &= inside(paths[own.years.index(year)], low, high)
        elif year in known:
            kept = bool(inside(np.array([known[year]]), low, high)[0])
            missed, good = missed or not kept, good & kept
        else:
            return _nothing("missing")
    final = paths[own.years.index(case.target_year)]
    return _of_draws(good & (not missed), final, missed)


def _strict(case: Case, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return bounds; one that must be passed is moved by the least that a double can."""
    low = float(np.nextafter(low, np.inf)) if low is not None and case.lower_open else low
    high = float(np.nextafter(high, -np.inf)) if high is not None and case.upper_open else high
    return low, high


def _average(case: Case, history: History, when: When, own: OwnForecast, factor: float) -> Answer:
    """Answer an average growth: the index of the target year, or by 累计法 the sum of indices."""
    base, end = base_year_of(case.promise, when.base_year), case.target_year
    steps = end - base
    lower, upper = strict_bounds(case)
    if case.promise.average_method != CUMULATIVE_METHOD:
        reached = [None if b is None else INDEX * (1 + b / 100) ** steps for b in (lower, upper)]
        if not own.is_sampled and factor == 1.0:
            answer = _closed(case, own, *reached)
            low, middle, high = (_grown(np.array(q), steps).item() for q in answer.quantiles)
            return answer._replace(quantiles=(low, middle, high))
        final = own.paths()[own.years.index(end)] * factor
        return _of_draws(inside(final, *reached), _grown(final, steps))
    index = own.paths() * factor
    known = index_points(yearly_rates(history), base)
    total = np.zeros(index.shape[1])
    for year in range(base + 1, end + 1):
        if year in own.years:
            total = total + index[own.years.index(year)]
        elif year in known:
            total = total + known[year]
        else:
            return _nothing("missing")
    sums = [
        None if b is None else float((INDEX * (1 + b / 100) ** np.arange(1, steps + 1)).sum())
        for b in (lower, upper)
    ]
    levels = np.quantile(total, LEVELS)
    rates = [
        100 * float(average_growth_cumulative_method(INDEX, [value / steps] * steps))
        for value in levels
    ]
    answer = _of_draws(inside(total, *sums), total)
    return answer._replace(quantiles=(rates[0], rates[1], rates[2]))


def _grown(index: Array, steps: int) -> Array:
    """Return the average growth in percent that an index means."""
    return np.asarray(100 * (np.maximum(index, 0.0) / INDEX) ** (1 / steps) - 100)
