"""The probability of any of several alternatives, which the same works may move together (S4).

Their forecasts are independent; what works add to them is not. Given the works the chance to
miss all is a product, and its mean over the works is what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.forecasts import union
from corridor_model.scenario.draws.keyed import generator
from corridor_model.scenario.targets.averages import (
    PLAIN,
    STRIPS,
    Programme,
    chance_at,
    enough,
    mean,
)
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.reach import Reach

Array = NDArray[np.float64]
ROUNDS = 256
"""Times that every strip of every work is drawn once, at most: four million draws."""
DULL = 1e-10
"""Share of variance below which a direction is rounding."""


class Alternatives:
    """One scenario's alternatives, each group made once.

    Parameters
    ----------
    reached : mapping of str to Reach
        Each indicator by itself.
    marginals : mapping of str to Marginal
        Without works.
    programme : Programme
        The works.
    seed : int
        Of draws, where they are needed.
    """

    def __init__(
        self,
        reached: Mapping[str, Reach],
        marginals: Mapping[str, Marginal],
        programme: Programme,
        seed: int,
    ):
        self._reached, self._marginals = reached, marginals
        self._programme, self._seed = programme, seed
        self._made: dict[tuple[str, ...], Reach] = {}

    def any_of(self, names: Sequence[str]) -> Reach:
        """Return the probability of reaching any; ``below`` is that of missing all."""
        key = tuple(names)
        if key not in self._made:
            self._made[key] = self._any_of(key)
        return self._made[key]

    def _any_of(self, names: tuple[str, ...]) -> Reach:
        found = [self._reached[name] for name in names]
        if len(found) == 1:
            return found[0]
        made = self._joint(names, found)
        # never less than the likeliest alone, not even by an error
        likeliest = max(one.p for one in found)
        return made if made.p >= likeliest else replace(made, mean=likeliest, mean_error=made.error)

    def _joint(self, names: Sequence[str], found: Sequence[Reach]) -> Reach:
        joint, _ = union([one.chance for one in found], [False] * len(found))
        paths = min((one.paths for one in found if one.paths), default=0)
        made = Reach(1 - joint, np.zeros(1), paths)
        moved = [i for i, one in enumerate(found) if one.chance.min() != one.chance.max()]
        still = float(np.prod([1 - one.p for i, one in enumerate(found) if i not in moved]))
        if not moved or not still:
            return made
        known, error = found[moved[0]].mean, 0.0
        if len(moved) > 1:
            marginals = [self._marginals[names[i]] for i in moved]
            final = all(marginal.outlook.goal.score == "final" for marginal in marginals)
            if self._programme.common or not final or enough(made, None):
                return made
            known, error = self._drawn(marginals)
        if known is None:
            return made
        return replace(made, mean=1 - still * (1 - known), mean_error=still * error)

    def _drawn(self, marginals: Sequence[Marginal]) -> tuple[float, float]:
        """Return the mean and its error over draws of works, until they are as good as ten million.

        Each round is a Latin hypercube of the works' strips. Where the mean of one alternative
        is known, what its draws miss of it says what those of the union miss: a control
        variate.

        References
        ----------
        Owen (2013), Monte Carlo theory, methods and examples, sections 8.9 and 10.3.
        """
        goals = [marginal.outlook.goal for marginal in marginals]
        amounts = [
            self._programme.by_work(marginal.outlook.indicator.id, goal.year)
            for marginal, goal in zip(marginals, goals, strict=True)
        ]
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
            p, error = _controlled(sums, products, (unit + 1) * STRIPS)
            if 2 * error**2 <= p * (1 - p) / PLAIN:
                break
        return p, error


def _controlled(sums: Array, products: Array, n: int) -> tuple[float, float]:
    """Return the mean of the last row, put right by the others, whose means are 0."""
    average = sums / n
    spread = products / n - np.outer(average, average)
    slopes = np.linalg.pinv(spread[:-1, :-1], rcond=DULL, hermitian=True) @ spread[:-1, -1]
    left = max(0.0, float(spread[-1, -1] - slopes @ spread[:-1, -1]))
    p = float(average[-1] - slopes @ average[:-1])
    return min(max(p, 0.0), 1.0), float(np.sqrt(left / n))
