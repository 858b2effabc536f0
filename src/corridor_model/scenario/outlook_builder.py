"""Outlooks of a plan's indicators: the assessment's forecasts, or growth that is set."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from corridor_model._typing import Array
from corridor_model.assessment.answers import Anchored, Answer, answers, coming
from corridor_model.assessment.engine import AsOf, plan_at
from corridor_model.assessment.own_forecasts import OwnForecastLike, own_answer, own_forecasts
from corridor_model.assessment.questions import Final, ForecastQuestion, Yearly, question_of
from corridor_model.codes import MASKS
from corridor_model.draws import generator
from corridor_model.errors import CorridorError
from corridor_model.forecasting.api import forecast_batch
from corridor_model.forecasting.history import Kind
from corridor_model.forecasting.predictive import Predictive
from corridor_model.messages import N_
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import EPSILON, year_end
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.uncertainties import UNFORESEEN
from corridor_model.scenario.changes import SetBaseline, SetGrowth, SetTarget
from corridor_model.scenario.outlook import (
    PATHS,
    Goal,
    Growth,
    MissProbability,
    Outlook,
    due_in,
    figures_until,
    goal_of,
    growth_paths,
    outlook_of_figures,
    value_paths,
    with_baselines,
    with_target,
)
from corridor_model.scenario.resolve import uncertainties_of
from corridor_model.tabular.schema import likely

if TYPE_CHECKING:
    from corridor_model.assessment.case import Case
    from corridor_model.observations.model import History
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.resolve import Aim


class _Subject(NamedTuple):
    """One indicator under what a scenario sets of it."""

    case: Case
    history: History


class Builder:
    """Makes outlooks of a plan's indicators; a forecast is made once and shared.

    Parameters
    ----------
    plan : Plan
        The plan.
    observations : Observations, path, DataFrame or None
        Figures beside the plan's own.
    seed : int
        Of paths, where there is no closed form.
    as_of : int, str, Period or date, optional
        The period that is looked from; by default the last one that figures speak of.
    known_by : str or date, optional
        The day on which the figures were known (S15).
    forecasts : mapping, optional
        Of the user's own, as for :func:`corridor_model.assess`; here samples.
    """

    def __init__(
        self,
        plan: Plan,
        observations: ObservationsLike,
        seed: int,
        *,
        as_of: AsOf | None = None,
        known_by: str | datetime.date | None = None,
        forecasts: Mapping[str, OwnForecastLike] | None = None,
    ):
        self.plan, self.seed = plan, seed
        self.first = plan.about.first_year
        observed = None if observations is None else as_observations(plan, observations)
        self.at = plan_at(plan, observed, as_of, known_by)
        self.subjects = {
            case.id: _Subject(case, self.at.histories[case.promise.of]) for case in self.at.cases
        }
        brought = own_forecasts(self.at.cases, forecasts, self.at.when, seed)
        sampled = {one.name: one.sampled() for one in brought.values()}
        self.own = {name: sampled[one.name] for name, one in brought.items()}
        self._outlooks: dict[tuple[str, tuple[Aim, ...]], Outlook] = {}
        self._uncertainties = uncertainties_of(plan)

    def period_attrs(self) -> dict[str, str]:
        """Return the period that is looked from, and that of the last figures (S15)."""
        when = self.at.when
        until = figures_until(self.plan, self.at.histories.values(), when.period)
        return {
            "as_of": str(when.period),
            "known_by": when.known_by or "",
            "figures_until": str(until),
        }

    def outlook(self, name: str, aims: tuple[Aim, ...]) -> Outlook:
        """Return the outlook of one indicator under what a scenario sets of it."""
        key = (name, aims)
        if key not in self._outlooks:
            self._outlooks[key] = self._outlook(name, aims)
        return self._outlooks[key]

    def outlook_at_rates(self, name: str, aims: tuple[Aim, ...], rates: Array) -> Outlook:
        """Return the outlook of an indicator that grows by each of several rates, one path each.

        Parameters
        ----------
        name : str
            Indicator.
        aims : tuple of Aim
            What is set of it; one of them sets its growth, whose rate is not used.
        rates : ndarray, shape (n,)
            Yearly fractions.
        """
        return self._outlook(name, aims, rates)

    def _outlook(self, name: str, aims: tuple[Aim, ...], rates: Array | None = None) -> Outlook:
        set_growth = next((a for a in aims if isinstance(a, SetGrowth)), None)
        growth = self._growth(self.subjects[name].case.promise.of, set_growth)
        subject = self._subject(name, aims)
        case, history = subject
        if not case.promise.targets or case.unbounded:
            year = case.target_year or self.plan.about.last_year
            years = np.arange(self.first, year + 1)
            blank = np.full(len(years), np.nan)
            base = Outlook(case.promise, Goal(None, None, year), years, blank)
            return self._forecast(base, subject)
        goal = goal_of(case, self.first)
        this_year = self.at.when.period.year
        if case.kind == "annual" and case.annual_target is not None:
            goal = replace(goal, own=((this_year, case.annual_target),))
        years = np.arange(self.first, max(goal.year, self.plan.about.last_year) + 1)
        base, points = outlook_of_figures(case, goal, history, self.at.when, years)
        if case.withdrawn or case.kind in UNFORESEEN:
            return self._forecast(base, subject)
        if growth is not None:
            return self._with_growth(base, points, growth, subject, rates)
        if (name, "value") in self._uncertainties:
            value, origin = self._uncertainties[name, "value"]
            out = value_paths(base, value, origin, self._count(case), self.seed)
            return self._with_settled_answer(out, subject)
        return self._forecast(base, subject)

    def _subject(self, name: str, aims: tuple[Aim, ...]) -> _Subject:
        """Return an indicator's case and history with the target and start that are set."""
        planned = self.subjects[name]
        target = next((a for a in aims if isinstance(a, SetTarget)), None)
        starts = [a for a in aims if isinstance(a, SetBaseline)]
        if target is None and not starts:
            return planned
        promise, history, withdrawn = planned.case.promise, planned.history, False
        if starts:
            history = with_baselines(history, starts)
        if target is None or not promise.targets:
            withdrawn = planned.case.withdrawn
        else:
            promise = with_target(promise, target)
        return _Subject(self.at.case(promise, history, withdrawn), history)

    @cached_property
    def _planned(self) -> dict[str, tuple[ForecastQuestion, Answer]]:
        """Questions and answers of the plan as planned: asked together, they cost little."""
        questions = [question_of(*subject, self.at.when) for subject in self.subjects.values()]
        replies = answers(questions)
        return dict(zip(self.subjects, zip(questions, replies, strict=True), strict=True))

    @cached_property
    def _cache(self) -> ForecastCache:
        return ForecastCache(question for question, _ in self._planned.values())

    def _question_and_answer(self, subject: _Subject) -> tuple[ForecastQuestion, Answer]:
        """Return what the assessment asks of an indicator, and its answer."""
        name = subject.case.id
        if subject is self.subjects[name]:
            return self._planned[name]
        question = question_of(*subject, self.at.when)
        return question, answers([question])[0]

    def _forecast(self, base: Outlook, subject: _Subject) -> Outlook:
        """Return the assessment's answer, and the years ahead that it rests on."""
        case, history = subject
        if case.id in self.own:
            answer = own_answer(case, history, self.at.when, self.own[case.id])
            if answer is not None:
                return self._brought(base, subject, answer)
        return self._by_default(base, subject)

    def _brought(self, base: Outlook, subject: _Subject, answer: Answer) -> Outlook:
        """Return the user's own samples; years they do not cover are the default's."""
        if answer.reason:
            return replace(base, reason=answer.reason)
        own = self.own[subject.case.id]
        rows = dict(zip(own.years, own.paths() * base.per_effect, strict=True))
        n = len(rows[own.years[0]])
        open_years = [int(y) for y, v in zip(base.years, base.known, strict=True) if np.isnan(v)]
        if any(year not in rows for year in open_years):
            rest = self._by_default(base, subject)
            rng = generator(f"rest:{subject.case.id}", self.seed, 0)
            if rest.predictive is not None:
                drawn = zip(rest.predictive.years, rest.predictive.sample(n, rng), strict=True)
            elif rest.paths is not None:
                drawn = zip(
                    rest.years.tolist(),
                    rest.paths[:, np.arange(n) % rest.paths.shape[1]],
                    strict=True,
                )
            else:
                return replace(base, reason="missing")
            rows = {int(year): row for year, row in drawn} | rows
        if any(year not in rows for year in open_years):
            return replace(base, reason="missing")
        paths = base.table(n, open_years, [rows[year] for year in open_years])
        missed = MissProbability(1.0 - answer.p, 0.0, True) if answer.settled else None
        return replace(base, paths=paths, basis=answer.basis, missed=missed)

    def _by_default(self, base: Outlook, subject: _Subject) -> Outlook:
        """Return the default forecast's answer, and the years ahead that it rests on."""
        case, history = subject
        question, answer = self._question_and_answer(subject)
        if answer.reason:
            return replace(base, reason=answer.reason)
        known, last = base.known, int(base.years[-1])
        settled = math.isnan(answer.quantiles[1])
        if answer.basis == "observed" and case.kind not in {"growth", "annual"} and not settled:
            known = known.copy()
            known[base.place(base.goal.year)] = answer.quantiles[1]  # of the month it was due
        out = replace(
            base, known=known, missed=miss_probability(question, answer), basis=answer.basis
        )
        if not np.isnan(known[-1]) or settled:
            # a published bound decides and is no figure: nothing is shown in its place
            return out
        if case.due != year_end(last):  # the years after the deadline, or the rest of its year
            case = self.at.case(due_in(case.promise, last), history)
            question = question_of(case, history, self.at.when)
        return self._with_open_years(out, question, case, history)

    def _with_open_years(
        self, out: Outlook, question: ForecastQuestion, case: Case, history: History
    ) -> Outlook:
        """Return an outlook with a forecast of its open years: a closed form, or paths.

        ``question`` is that of a target due at the end of the last year.
        """
        try:
            if isinstance(question, Final):
                predictive = _by_year(question, case, history, self._cache.of(question))
                return replace(out, predictive=predictive)
            if isinstance(question, Yearly):
                rest = coming(question, PATHS, generator(f"paths:{case.id}", self.seed, 0))
                if case.kind == "cumulative":
                    rest = question.start + np.cumsum(rest, axis=0)
                elif question.share and question.estimate is None:
                    rest[0] += question.part  # of the year that is partly counted
                years = range(question.open[0], question.open[0] + len(rest))
                return replace(out, paths=out.table(PATHS, years, rest))
        except CorridorError:  # the history is refused; the answer gives the reason
            pass
        return out

    def _growth(self, name: str, growth: SetGrowth | None) -> Growth | None:
        """Return growth set by the scenario, or by the plan's uncertainties."""
        if growth is not None:
            return Growth(growth.mean, growth.sd, growth.from_year, "user")
        if (name, "growth") in self._uncertainties:
            rate, origin = self._uncertainties[name, "growth"]
            return Growth(rate, 0.0, None, origin)
        return None

    def _with_growth(
        self,
        base: Outlook,
        points: dict[int, float],
        growth: Growth,
        subject: _Subject,
        rates: Array | None = None,
    ) -> Outlook:
        """Return growth that is set; what is settled already stays so."""
        paused = subject.case.state == "paused"
        if paused:  # growth that is set speaks in place of a forecast
            subject = _Subject(replace(subject.case, state=""), subject.history)
        last = int(base.years[-1])
        open_years = [int(y) for y, v in zip(base.years, base.known, strict=True) if np.isnan(v)]
        begin = growth.from_year or (open_years[0] if open_years else last + 1)
        if begin > last:
            return self._forecast(base, subject)  # it begins after all that is asked for
        earlier = any(year < begin for year in open_years)
        before = self._forecast(base, subject) if earlier else base
        if before.reason:
            return before
        count = self._count(subject.case)
        out = growth_paths(base, before, points, growth, begin, count, self.seed, rates)
        return self._with_settled_answer(out, subject)

    def _count(self, case: Case) -> float:
        """Return a count at the end of the year before the plan: printed, else 0 (S5)."""
        printed = case.start == year_end(self.first - 1)
        return case.base if case.base is not None and printed else 0.0

    def _with_settled_answer(self, out: Outlook, subject: _Subject) -> Outlook:
        """Return an outlook with the answer that is settled already, whatever is set."""
        question, answer = self._question_and_answer(subject)
        if out.reason or answer.reason or not answer.settled:
            return out
        return replace(out, missed=miss_probability(question, answer), basis=answer.basis)


# The years ahead as the assessment reads them: one question, its answer, its distribution.


def miss_probability(question: ForecastQuestion, answer: Answer) -> MissProbability | None:
    """Return an answer as probabilities of missing the target below and above."""
    if answer.reason:
        return None
    missed = 1.0 - answer.p
    if not isinstance(question, (Final, Yearly)):
        return MissProbability(missed, 0.0, answer.settled)
    lower, upper = question.lower, question.upper
    if isinstance(question, Yearly):
        lower, upper = question.lower[0], question.upper[0]
    if lower is None:
        return MissProbability(0.0, missed, answer.settled, answer.draws)
    if upper is None or (isinstance(question, Yearly) and question.score == "each"):
        return MissProbability(missed, 0.0, answer.settled, answer.draws)
    # of a range both ends are told apart by asking for one alone
    open_above = (
        replace(question, upper=None)
        if isinstance(question, Final)
        else replace(question, upper=(None,) * len(question.upper))
    )
    below = 1.0 - answers([open_above])[0].p
    return MissProbability(below, max(0.0, missed - below), answer.settled, answer.draws)


def _by_year(
    question: Final, case: Case, history: History, predictive: Predictive
) -> Predictive | None:
    """Return a forecast of every open year, each read from the same latest figure."""
    if predictive.core is None:
        return None
    end, last = case.target_year, question.years[-1]
    if question.anchor is None and question.horizon == end - last:
        return predictive
    first, least = last, None
    if question.anchor is not None and question.steps:
        first = max(p.year for p in history.growths)
    elif question.anchor is not None and is_flow(case.promise):
        # of the year that is partly counted, what is counted stays
        least = max(history.points[-1].value, 0.0) or None
    questions = {year: _for_year(question, end - year, least) for year in range(first, end + 1)}
    rows = {year: row for year, row in questions.items() if row is not None}
    core = Anchored(predictive.core, tuple(rows.values()))
    return Predictive(
        predictive.history, tuple(rows), predictive.route, predictive.p_basis, None, core
    )


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


# Forecasts behind the questions of a plan: those of one horizon are made together.

Key = tuple[tuple[float, ...], tuple[int, ...], str]


class ForecastCache:
    """Forecasts, each as if it were made alone.

    Parameters
    ----------
    questions : iterable of ForecastQuestion
        What will mostly be asked; anything else is forecast when it is asked.
    """

    def __init__(self, questions: Iterable[ForecastQuestion]):
        keys_by_horizon: dict[int, list[Key]] = {}
        for question in questions:
            if isinstance(question, Final):
                keys_by_horizon.setdefault(question.horizon, []).append(_key(question))
        self._forecasts: dict[tuple[int, Key], Predictive] = {}
        for horizon, keys in keys_by_horizon.items():
            values, years, kinds = zip(*keys, strict=True)
            try:
                batch = forecast_batch(values, years, horizon, kinds)
            except CorridorError:  # one of them is refused; the others are made when asked for
                continue
            self._forecasts.update(zip(((horizon, key) for key in keys), batch, strict=True))

    def of(self, question: Final) -> Predictive:
        """Return the forecast a question rests on, over the years to its horizon.

        Raises
        ------
        CorridorError
            Where the history is refused.
        """
        key = question.horizon, _key(question)
        if key not in self._forecasts:
            values, years, kind = key[1]
            (self._forecasts[key],) = forecast_batch(
                [values], [years], question.horizon, cast("Kind", kind)
            )
        return self._forecasts[key]


def _key(question: Final) -> Key:
    return question.values, question.years, question.kind


# One indicator's forecast as it stands behind every answer.


def predictive(
    plan: Plan,
    id: str,
    observations: ObservationsLike = None,
    as_of: AsOf | None = None,
) -> Predictive:
    """Return the forecast of an indicator on which `assess` and `simulate` rest.

    Parameters
    ----------
    plan : Plan
        The plan.
    id : str
        Of an indicator or a promise.
    observations : Observations, path or DataFrame, optional
        Figures beside the plan's own.
    as_of : int, str, Period or date, optional
        The period looked from, by default the last one with figures (S15).

    Returns
    -------
    Predictive
        Of the years that are open until the target year, in the terms in which `simulate`
        shows values: of a growth target an index, 100 in the base year; of a count since the
        plan began that count. Where only paths can answer (counts, yearly minimums) it is their
        samples.

    Raises
    ------
    CorridorError
        For an unknown id, and where nothing can be forecast: with the reason.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> gdp = cm.predictive(plan, "gdp", as_of=2021)
    >>> gdp.years, [round(float(p), 3) for p in gdp.prob_at_least(580.0)[-1:]]
    ((2021, 2022), [0.188])
    """
    must_be_plan(plan)
    if id not in plan.targets:
        known = likely(str(id), list(plan.targets))
        raise CorridorError(N_("There is no indicator {name!r}. {hint}"), name=id, hint=known)
    promise = plan.targets[id]
    outlook = Builder(plan, observations, 0, as_of=as_of).outlook(promise.id, ())
    if outlook.reason or (outlook.predictive is None and outlook.paths is None):
        reason = outlook.reason or "deadline_passed"
        raise CorridorError(
            N_("{name!r} is not forecast: {reason}."),
            name=id,
            reason=MASKS.get(reason, reason),
        )
    if outlook.predictive is not None:
        return outlook.predictive
    assert outlook.paths is not None
    open_ = np.isnan(outlook.known)
    samples = Predictive.from_samples(outlook.paths[open_].T, outlook.years[open_], promise.kind)
    return replace(samples, p_basis=outlook.basis)
