"""The probability of any of several alternatives, which the same works may move together (S4).

Their forecasts are independent; what works add to them is not. Given the works the chance to
miss all is a product, and its mean over the works is what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import Array, Texts
from corridor_model.assessment.probabilities import BASES, never_certain, union
from corridor_model.draws import generator
from corridor_model.plan.promises import promises
from corridor_model.scenario.attainment import (
    PLAIN,
    STRIPS,
    Programme,
    Reach,
    chance_at,
    enough,
    mean,
)
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook import Outlook

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


ROUNDS = 256
"""Times that every strip of every work is drawn once, at most: four million draws."""
DULL = 1e-10
"""Share of variance below which a direction is rounding."""


class Alternatives:
    """One scenario's alternatives, each group made once.

    Parameters
    ----------
    reach : callable
        Gives each indicator by itself.
    marginal : callable
        Gives it without works.
    programme : Programme
        The works.
    seed : int
        Of draws, where they are needed.
    """

    def __init__(
        self,
        reach: Callable[[str], Reach],
        marginal: Callable[[str], Marginal],
        programme: Programme,
        seed: int,
    ):
        self.reach, self._marginal = reach, marginal
        self._programme, self._seed = programme, seed
        self._unions: dict[tuple[str, ...], Reach] = {}

    def any_of(self, names: Sequence[str]) -> Reach:
        """Return the probability of reaching any; ``below`` is that of missing all."""
        key = tuple(names)
        if key not in self._unions:
            self._unions[key] = self._any_of(key)
        return self._unions[key]

    def _any_of(self, names: tuple[str, ...]) -> Reach:
        alone = [self.reach(name) for name in names]
        if len(alone) == 1:
            return alone[0]
        joint = self._joint(names, alone)
        # never less than the likeliest alone, not even by an error
        likeliest = max(one.p for one in alone)
        if joint.p >= likeliest:
            return joint
        return replace(joint, mean=likeliest, mean_error=joint.error)

    def _joint(self, names: Sequence[str], alone: Sequence[Reach]) -> Reach:
        missed_all, _ = union([one.chance for one in alone], [False] * len(alone))
        paths = min((one.paths for one in alone if one.paths), default=0)
        any_one = Reach(1 - missed_all, np.zeros(1), paths)
        moving = [i for i, one in enumerate(alone) if one.chance.min() != one.chance.max()]
        still = float(np.prod([1 - one.p for i, one in enumerate(alone) if i not in moving]))
        if not moving or not still:
            return any_one
        known, error = alone[moving[0]].mean, 0.0
        if len(moving) > 1:
            marginals = [self._marginal(names[i]) for i in moving]
            final = all(marginal.outlook.goal.score == "final" for marginal in marginals)
            if self._programme.common or not final or enough(any_one, None):
                return any_one
            known, error = self._by_rounds(marginals)
        if known is None:
            return any_one
        return replace(any_one, mean=1 - still * (1 - known), mean_error=still * error)

    def _by_rounds(self, marginals: Sequence[Marginal]) -> tuple[float, float]:
        """Return the mean and its error over draws of works, until they are as good as ten million.

        Each round is a Latin hypercube of the works' strips. Where the mean of one alternative
        is known, what its draws miss of it says what those of the union miss: a control
        variate.

        References
        ----------
        Owen (2013), Monte Carlo theory, methods and examples, sections 8.9 and 10.3.
        """
        goals = [marginal.outlook.goal for marginal in marginals]
        amounts = [self._programme.by_work(marginal.outlook) for marginal in marginals]
        # one order of strips for each work, whatever alternatives it moves: they move together
        works = dict.fromkeys(work for each in amounts for work in each)
        means = [
            mean(marginal, goal, list(each.values()))
            for marginal, goal, each in zip(marginals, goals, amounts, strict=True)
        ]
        known = [i for i, each in enumerate(means) if each is not None]
        aims = np.array([means[i] for i in known], dtype=np.float64)
        sums, products = np.zeros(len(known) + 1), np.zeros((len(known) + 1, len(known) + 1))
        p = error = 0.0
        for unit in range(ROUNDS):
            order = {
                work: generator(f"alternatives:{work}", self._seed, unit).permutation(STRIPS)
                for work in works
            }
            chances = []
            for marginal, goal, each in zip(marginals, goals, amounts, strict=True):
                added = np.zeros(STRIPS)
                for work, part in each.items():
                    added += part[order[work]] if len(part) > 1 else part[0]
                chances.append(chance_at(marginal, goal, added))
            joint, _ = union(chances, [False] * len(chances))
            # about the means that are known, so that little is lost when squares are subtracted
            rows = np.array([*(chances[i] - aims[k] for k, i in enumerate(known)), joint])
            sums += rows.sum(axis=1)
            products += rows @ rows.T
            p, error = _control_variate(sums, products, (unit + 1) * STRIPS)
            if 2 * error**2 <= p * (1 - p) / PLAIN:
                break
        return p, error


def _control_variate(sums: Array, products: Array, n: int) -> tuple[float, float]:
    """Return the mean of the last row, put right by the others, whose means are 0."""
    average = sums / n
    spread = products / n - np.outer(average, average)
    slopes = np.linalg.pinv(spread[:-1, :-1], rcond=DULL, hermitian=True) @ spread[:-1, -1]
    left = max(0.0, float(spread[-1, -1] - slopes @ spread[:-1, -1]))
    p = float(average[-1] - slopes @ average[:-1])
    return min(max(p, 0.0), 1.0), float(np.sqrt(left / n))


# Probabilities as they are shown: alternatives joined, open years never certain (S4, S14).

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
    basis: Texts
    reason: Texts
    alone: Array
    alone_reason: Texts


def odds_of(
    outlooks: Mapping[str, Outlook], groups: Sequence[Sequence[int]], alternatives: Alternatives
) -> Odds:
    """Return what is shown of each indicator.

    Parameters
    ----------
    outlooks : mapping of str to Outlook
        All indicators.
    groups : sequence of sequences of int
        Places of alternatives.
    alternatives : Alternatives
        Gives the probability of one, and of any of several, that are not masked.
    """
    names = list(outlooks)
    p, error = np.full(len(names), np.nan), np.full(len(names), np.nan)
    basis, reason = np.full(len(names), "", "U16"), np.full(len(names), "", "U20")
    for i, (name, outlook) in enumerate(outlooks.items()):
        reason[i], basis[i] = outlook.reason, outlook.basis
        if not outlook.reason:
            own = alternatives.reach(name)
            p[i], error[i] = never_certain(own.p, is_settled(outlook)), own.error
        else:
            basis[i] = ""
    out = Odds(p.copy(), error, basis, reason.copy(), p, reason)
    for group in groups:
        known = [i for i in group if not reason[i]]
        if known:
            _join(out, group, [outlooks[names[i]] for i in known], alternatives)
    return out


def _join(
    out: Odds, group: Sequence[int], outlooks: Sequence[Outlook], alternatives: Alternatives
) -> None:
    """Put the union in place of alternatives, as the assessment does."""
    names = [outlook.indicator.id for outlook in outlooks]
    chances = [alternatives.reach(name).chance for name in names]
    _, sure = union(chances, [is_settled(outlook) for outlook in outlooks])
    joint = alternatives.any_of(names)
    basis = min((outlook.basis for outlook in outlooks), key=WEAKEST_FIRST.index)
    for i in group:
        if out.alone_reason[i] == "not_applicable":
            continue
        out.p[i], out.error[i] = never_certain(joint.p, sure), 0.0 if sure else joint.error
        out.basis[i], out.reason[i] = basis, ""


def is_settled(outlook: Outlook) -> bool:
    """Whether the probability is exact: the year is closed, or an earlier one was missed."""
    if outlook.missed is not None:
        return outlook.missed.settled
    return not np.isnan(outlook.known[outlook.place(outlook.goal.year)])


# How many promises are kept if targets had nothing in common but works: no draws of targets.

PART = 256
"""Draws that are worked on at a time, so that they stay in a processor's own memory."""
SEEN = 1e-3
"""Standard deviation of probabilities over draws below which they say nothing of weights."""


def independent(kept: Sequence[Reach]) -> Array:
    """Return P(exactly n promises kept), shape (promises + 1,), given the works.

    The Poisson binomial distribution for each draw of the works, exact_average over them with
    `weights`, so that its mean is the sum of the promises' probabilities.

    Parameters
    ----------
    kept : sequence of Reach
        Each promise.

    References
    ----------
    Wang (1993), On the number of successes in independent trials, Statistica Sinica 3(2).
    """
    weight = weights(kept)
    total = np.zeros(len(kept) + 1)
    for start in range(0, len(weight), PART):
        part = slice(start, start + PART)
        chances = [one.chance[part] if len(one.chance) > 1 else one.chance for one in kept]
        total += _sums(chances, weight[part])
    # weights may be negative by a little, and so may what is all but impossible
    total = np.maximum(total, 0.0)
    return np.asarray(total / total.sum())


def weights(kept: Sequence[Reach]) -> Array:
    """Return weights of the draws of works under which each promise has its own probability.

    Of all that do, those nearest to even. Probabilities that draws hardly move are left out.

    References
    ----------
    Deville and Särndal (1992), Calibration estimators in survey sampling, Journal of the
    American Statistical Association 87(418).
    """
    n = max((len(one.chance) for one in kept), default=1)
    even = np.full(n, 1 / n)
    moving = [one for one in kept if len(one.chance) == n > 1]
    missed = np.array([one.p - one.sample_mean for one in moving])
    if not missed.any():
        return even
    away = np.array([one.chance - one.sample_mean for one in moving])
    size, ways = np.linalg.eigh(away @ away.T)
    # directions in which draws hardly move a probability would ask for huge weights
    large = size > n * SEEN**2
    return np.asarray(even + (ways[:, large] @ (missed @ ways[:, large] / size[large])) @ away)


def _sums(promises: Sequence[Array], weight: Array) -> Array:
    """Return the distributions of a sum, added up over draws, shape (promises + 1,)."""
    out, kept = np.zeros((2, len(promises) + 1, len(weight)))
    out[0] = 1.0
    # promise by promise: n are kept by n of those before and not this, or n - 1 of them and this
    for k, p in enumerate(promises, 1):
        np.multiply(out[:k], p, out=kept[:k])
        out[: k + 1] *= 1 - p
        out[1 : k + 1] += kept[:k]
    return np.asarray(out @ weight)


# What is counted: targets, and alternatives of which any one will do (S4).


class CountedPromises(NamedTuple):
    """The promises that every scenario can answer for.

    Attributes
    ----------
    names : tuple of str
        Indicators.
    singles : tuple of int
        Places of those that are promises of their own.
    groups : tuple of tuple of int
        Places of alternatives: any of them is one promise.
    """

    names: tuple[str, ...]
    singles: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]


def counted_promises(plan: Plan, outlooks: Sequence[Mapping[str, Outlook]]) -> CountedPromises:
    """Return what is counted: commit promises that are simulated in all of several scenarios."""
    names = [
        name
        for name, promise in plan.targets.items()
        if promise.tier == "commit" and all(not each[name].reason for each in outlooks)
    ]
    every = promises(plan.targets[name] for name in names)
    singles = tuple(group[0] for group in every if len(group) == 1)
    groups = tuple(tuple(group) for group in every if len(group) > 1)
    return CountedPromises(tuple(names), singles, groups)
