"""What is spent when, what is finished when: the works of a plan under scenarios (S11, S12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.finite import short, whole
from corridor_model.plan.given import must_be_plan
from corridor_model.scenario.asked import (
    QUANTILES,
    checked_quantiles,
    checked_threads,
    listed_scenarios,
)
from corridor_model.scenario.draws.keyed import checked_draws, checked_seed
from corridor_model.scenario.draws.sampling import sorted_quantiles
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.works.money import Drawn, Scores, drawn, months_and_factor
from corridor_model.scenario.works.resolve import Resolved, resolve_all
from corridor_model.scenario.works.work import Work

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]
LAST_YEAR = 2400
HALF = np.array([0.5])


def spending(
    plan: Plan,
    scenarios: Scenario | Iterable[Scenario] | None = None,
    *,
    horizon: int | None = None,
    draws: int = 8192,
    seed: int = 0,
    quantiles: Sequence[float] = QUANTILES,
    threads: int | None = 1,
) -> xr.Dataset:
    """Return yearly spending and openings of the works of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenarios : Scenario or iterable of Scenario, optional
        None is as planned, without a dimension ``scenario``; so is a single one.
    horizon : int, optional
        Year whose end closes the plan's money; the plan's last year by default.
    draws : int, default 8192
        For delays and overruns that are distributions; more draws keep the first (S13).
    seed : int, default 0
        Of those draws.
    quantiles : sequence of float
        Of ``spending_quantile`` and ``programme_quantile``.
    threads : int, default 1
        Scenarios worked on at a time; None is one a processor. The answer is the same.

    Returns
    -------
    xarray.Dataset
        In 亿元, dimensions scenario, project, spending_year, quantile:

        - spending, spending_quantile: by work and year, over all years of any scenario;
        - before_plan, inside_plan, beyond_horizon, total: which add up (S11);
        - programme, programme_quantile: all works with known money, by year;
        - known: whether the money is known; the rest is masked, reason ``unknown_investment``;
        - known_works: how many works have known money under each scenario;
        - p_done_by, p_open_by (project, spending_year): probability that the work is over,
          or open to traffic, by the end of each year;
        - km_open: expected road-kilometres opened within the area by the end of each year,
          a lower bound where lengths are unknown;
        - tasks_done: expected number of tasks of the annexes done whose work this is;
        - end, start_planned, end_planned, rule, profile: what was used;
        - end_origin, origin: weakest origin of the month it ends in, of its yearly money;
        - scenario_text: the scenario as TOML; coordinates scenario_zh, project_zh and
          project_en give names.

        Attributes speak of the plan, whatever a scenario sets: how many works have known
        money («17 of 24 known») and lengths, and which dates follow a rule.

    Raises
    ------
    PlanError
        For scenarios with mistakes, all at once.
    CorridorError
        For a horizon before the plan's first year, or wrong draws, seed or quantiles.

    Examples
    --------
    >>> import corridor_model as cm
    >>> money = spending(cm.load_plan())
    >>> money.attrs["known"]
    '17 of 24 known'
    >>> money["programme"].sel(spending_year=[2020, 2022]).round(2).values
    array([39.98, 53.94])
    >>> float(money["spending"].sel(project="jinliwen_expressway", spending_year=2021))
    20.0
    """
    from corridor_model.scenario.labels import to_dataset

    must_be_plan(plan)
    single = scenarios is None or isinstance(scenarios, Scenario)
    listed = listed_scenarios(scenarios)
    first = plan.about.first_year
    until = plan.about.last_year if horizon is None else whole(horizon)
    if until is None or not first <= until <= LAST_YEAR:
        raise CorridorError(
            f"horizon must be a year from {first}, the plan's first, to {LAST_YEAR}; "
            f"got {short(horizon)}.",
            f"期末应为{first}（规划第一年）至{LAST_YEAR}之间的年份；得到{short(horizon)}。",
        )
    levels = checked_quantiles(quantiles)
    asked = checked_draws(draws), checked_seed(seed)
    workers = checked_threads(threads)
    resolved = resolve_all(plan, listed)
    scores: Scores = {}
    made = [_sampled(one, *asked, scores) for one in resolved]
    years = _years(plan, made, until)
    with ThreadPoolExecutor(workers) as pool:
        tables = list(
            pool.map(lambda one, sampled: _Table(one, sampled, years, levels), resolved, made)
        )
    return to_dataset(plan, listed, tables, single, until, *asked)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Delay and cost factor of one work in every draw."""

    work: Work
    months: Array
    factor: Array

    @property
    def size(self) -> int:
        """Draws, or 1 where nothing is uncertain."""
        return max(len(self.months), len(self.factor))

    def span(self) -> tuple[int, int]:
        """Return the first and the last year in which any draw may spend."""
        line, mode = self.work.timeline, self.work.mode
        first = int(line.earliest(mode, self.months) // 12)
        return first, max(first, int(np.ceil(line.ends(mode, self.months).max() / 12)) - 1)

    def by_year(self, first: int, last: int, escalation: float) -> Drawn:
        bounds: Array = 12.0 * np.arange(first, last + 2, dtype=np.float64)
        return drawn(self.work, self.months, self.factor, bounds, escalation)


def _sampled(resolved: Resolved, draws: int, seed: int, scores: Scores) -> list[_Sample]:
    return [
        _Sample(work, *months_and_factor(work, resolved, draws, seed, scores))
        for work in resolved.works
    ]


def _years(plan: Plan, made: list[list[_Sample]], horizon: int) -> NDArray[np.int64]:
    """Return all years in which any scenario works, and those of the plan."""
    first, last = plan.about.first_year, max(plan.about.last_year, horizon)
    for samples in made:
        for sample in samples:
            begins, ends = sample.span()
            first, last = min(first, begins), max(last, ends)
    if last > LAST_YEAR:
        raise CorridorError(
            f"A delay reaches the year {last}. Use a distribution with an upper end.",
            f"推迟到了{last}年。请用有上限的分布。",
        )
    return np.arange(first, last + 1)


class _Table:
    """One scenario's numbers by work and year."""

    def __init__(
        self,
        resolved: Resolved,
        samples: list[_Sample],
        years: NDArray[np.int64],
        levels: Array,
    ):
        self.resolved, self.years, self.levels = resolved, years, levels
        shape = (len(samples), len(years))
        self.mean = np.full(shape, np.nan)
        self.quantile = np.full((*shape, len(levels)), np.nan)
        self.p_done = np.zeros(shape)
        self.end = np.full(len(samples), np.nan)
        total = np.zeros((len(years), max((s.size for s in samples), default=1)))
        by_year = 12.0 * (years + 1) + 1e-9
        for i, sample in enumerate(samples):
            begin, last = sample.span()  # outside these years no draw spends anything
            inside = slice(begin - int(years[0]), last + 1 - int(years[0]))
            made = sample.by_year(begin, last, resolved.escalation)
            ends = np.sort(made.end)
            self.p_done[i] = np.searchsorted(ends, by_year, side="right") / len(ends)
            middle = float(sorted_quantiles(ends, HALF)[0])
            self.end[i] = middle if np.isfinite(middle) else np.nan
            if sample.work.investment is None:
                continue
            money = made.cost
            money *= sample.work.investment
            total[inside] += money
            self.mean[i], self.quantile[i] = 0.0, 0.0
            self.mean[i, inside] = money.mean(axis=1)
            money.sort(axis=1)
            self.quantile[i, inside] = sorted_quantiles(money, levels)
        self.programme = total.mean(axis=1)
        total.sort(axis=1)
        self.programme_quantile = sorted_quantiles(total, levels)

    @property
    def works(self) -> tuple[Work, ...]:
        """The resolved works."""
        return self.resolved.works
