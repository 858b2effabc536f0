"""Scenarios over a whole plan: money, openings, values, and the probability of each target."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.ready import AsOf
from corridor_model.errors import CorridorError
from corridor_model.scenario import contributions
from corridor_model.scenario.builder import Builder
from corridor_model.scenario.correlation import Together, together
from corridor_model.scenario.draws import checked_draws, checked_seed
from corridor_model.scenario.gaps import gaps, values
from corridor_model.scenario.joint import CELLS, SCORES, Asked, Limits, Question, count, groups_of
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.model import Scenario
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.progress import shown
from corridor_model.scenario.reach import Reach, limits, reach
from corridor_model.scenario.resolve import Resolved, resolve
from corridor_model.scenario.spending import (
    QUANTILES,
    checked_quantiles,
    listed_scenarios,
    spending,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]
MONEY_DRAWS = 8192
"""Draws of uncertain money, at most; the first of them, so that more draws keep them (S13)."""


@dataclass(slots=True)
class Result:
    """One scenario's numbers, before labels."""

    resolved: Resolved
    outlooks: dict[str, Outlook]
    added: dict[str, Array]
    moved: list[contributions.Touch]
    reached: dict[str, Reach]
    value: dict[str, Array]
    gap: dict[str, Array]


def simulate(
    plan: Plan,
    scenarios: Scenario | Iterable[Scenario] | None = None,
    observations: Observations | None = None,
    draws: int = 8192,
    seed: int = 0,
    quantiles: Sequence[float] = QUANTILES,
    threads: int | None = None,
    client: Any = None,
    *,
    correlation: Any = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
) -> xr.Dataset:
    """Return money, openings, values and probabilities of a plan under scenarios.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenarios : Scenario or iterable of Scenario, optional
        None is as planned.
    observations : Observations, optional
        Figures beside the plan's own.
    draws : int, default 8192
        For joint questions and uncertain money; single targets need none.
    seed : int, default 0
        Of all draws, which are keyed by name (S13).
    quantiles : sequence of float
        Of values, gaps and money.
    threads : int, optional
        By default as many as there are processors.
    client : dask.distributed.Client, optional
        Counts the joint questions on workers instead.
    correlation : float or DataFrame, optional
        One loading for all indicators, or a full matrix; by default the plan's table
        ``correlations`` and 0.3 for what it does not name (origin ``assumed``).
    as_of : int, str, Period or date, optional
        The period that is looked from: later figures are left out, and targets are those
        valid then. By default the last period that the figures speak of (S15).
    known_by : str or date, optional
        The day on which the figures were known; later revisions are left out (S15).

    Returns
    -------
    xarray.Dataset
        p_reach, p_basis, p_reach_error, p_reach_alone (scenario, indicator): as planned
        those of :func:`corridor_model.assess`, of alternatives the union and each alone;
        value (scenario, indicator, year, quantile); gap (scenario, indicator, quantile);
        n_reached and n_reached_independent (scenario, n_targets); and everything
        :func:`corridor_model.spending` gives. A masked variable has ``*_reason`` beside it.
        Attributes name the indicators counted, and hold scenarios, seed and versions.

    See Also
    --------
    corridor_model.rerun : a saved result computed again.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = simulate(cm.load_plan(), cm.shipped_scenarios(), draws=2048)
    >>> slow = made["p_reach"].sel(indicator="tech_contract_growth", scenario="slow")
    >>> float(slow), str(slow["scenario"].item())
    (0.001, 'slow')
    """
    from corridor_model.scenario.result import labelled

    listed = listed_scenarios(scenarios)
    levels = checked_quantiles(quantiles)
    draws, seed = checked_draws(draws), checked_seed(seed)
    workers = _threads(threads)
    resolved = [resolve(plan, one) for one in listed]
    few = min(draws, MONEY_DRAWS)

    def money_of() -> xr.Dataset:
        return spending(plan, listed, draws=few, seed=seed, quantiles=levels.tolist())

    with ThreadPoolExecutor(1) as beside:
        # money and odds share nothing but their names, so that they can be made side by side
        money = beside.submit(money_of) if workers > 1 else None
        builder = Builder(plan, observations, seed, as_of=as_of, known_by=known_by)
        marginals: dict[int, Marginal] = {}
        results = [
            _result(plan, builder, scenario, one, levels, seed, marginals)
            for scenario, one in zip(listed, resolved, strict=True)
        ]
        names = [n for n in plan.indicators if all(not r.outlooks[n].reason for r in results)]
        tied = together(plan, names, correlation)
        question = _question(plan, names, tied, results, marginals, draws, seed)
        counted = count(question, workers, client, shown("corridor simulate"))
        spent = money_of() if money is None else money.result()
    when = builder.ready.when
    asked = {
        "correlation": correlation,
        "observations": observations,
        "as_of": str(when.period),
        "known_by": when.known_by,
    }
    return labelled(plan, listed, results, question, counted, spent, levels, asked)


def _threads(threads: int | None) -> int:
    if threads is None:
        return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise CorridorError(
            f"threads must be a whole number of at least 1; got {threads!r}.",
            f"线程数应为不小于1的整数；得到{threads!r}。",
        )
    return threads


def _result(
    plan: Plan,
    builder: Builder,
    scenario: Scenario,
    resolved: Resolved,
    levels: Array,
    seed: int,
    marginals: dict[int, Marginal],
) -> Result:
    duration = scenario.settings.duration
    planned = resolve(plan, Scenario("as planned", duration=duration))
    moved = contributions.touches(resolved, planned)
    outlooks = {
        name: builder.outlook(name, tuple(a for a in resolved.aims if a.indicator == name))
        for name in plan.indicators
    }
    first = plan.about.first_year
    longest = max((len(o.years) for o in outlooks.values()), default=1)
    added = contributions.added_by_indicator(moved, resolved, first, longest, seed)
    out = Result(resolved, outlooks, {}, moved, {}, {}, {})
    for name, outlook in outlooks.items():
        if outlook.reason:
            continue
        if id(outlook) not in marginals:
            marginals[id(outlook)] = Marginal(outlook)
        marginal = marginals[id(outlook)]
        here = added.get(name, np.zeros((longest, 1)))[: len(outlook.years)]
        here = np.where(np.isnan(outlook.known)[:, None], here, 0.0)
        out.added[name] = here
        out.reached[name] = reach(marginal, outlook.goal, here)
        out.value[name] = values(marginal, levels, here)
        out.gap[name] = gaps(marginal, outlook.goal, levels, here, out.value[name])
    return out


def _question(
    plan: Plan,
    names: list[str],
    tied: Together,
    results: list[Result],
    marginals: dict[int, Marginal],
    draws: int,
    seed: int,
) -> Question:
    """Return what the joint engine is asked."""
    works = tuple(dict.fromkeys(t.work.id for r in results for t in r.moved if t.uncertain))
    asked = []
    for result in results:
        lower, upper = np.empty(len(names)), np.empty(len(names))
        for i, name in enumerate(names):
            found = result.reached[name]
            mean = Reach(np.array([found.below.mean()]), np.array([found.above.mean()]))
            low, high = limits(mean, one_sided(result.outlooks[name]))
            lower[i], upper[i] = low[0], high[0]
        asked.append(
            Asked(
                lower.astype(np.float32),
                upper.astype(np.float32),
                tuple(_varying(names, works, result, marginals)),
                result.resolved.paired,
                result.resolved.common,
            )
        )
    any_of = [
        next((t.any_of for t in plan.indicators[name].targets if t.any_of), None) for name in names
    ]
    singles, groups = groups_of(names, any_of)
    return Question(tuple(names), tied, tuple(asked), works, groups, draws, seed, singles)


def one_sided(outlook: Outlook) -> bool:
    """Whether a target has one bound only, or is read as a distance to the nearer one."""
    goal = outlook.goal
    return goal.score != "final" or goal.lower is None or goal.upper is None


def _varying(
    names: list[str], works: tuple[str, ...], result: Result, marginals: dict[int, Marginal]
) -> Iterable[Limits]:
    """Yield the limits of indicators that works with an uncertain delay add to."""
    touching: dict[str, list[tuple[int, Array]]] = {}
    places = {name: i for i, name in enumerate(names)}
    fixed: dict[str, float] = {}
    for touch in result.moved:
        z = SCORES if touch.uncertain else np.zeros(1)
        first = min(int(o.years[0]) for o in result.outlooks.values())
        longest = max(len(o.years) for o in result.outlooks.values())
        for name, rows in touch.added(touch.months(z), first, longest).items():
            if name not in places:
                continue
            outlook = result.outlooks[name]
            place = outlook.goal.year - int(outlook.years[0])
            if outlook.goal.score != "final" or not np.isnan(outlook.known[place]):
                continue
            row = rows[place]
            if touch.uncertain:
                touching.setdefault(name, []).append((works.index(touch.work.id), row))
            else:
                fixed[name] = fixed.get(name, 0.0) + float(row[0])
    for name in names:
        if name not in touching:
            continue
        base = fixed.get(name, 0.0)
        low = base + sum(row.min() for _, row in touching[name])
        high = base + sum(row.max() for _, row in touching[name])
        if high == low:
            continue
        outlook = result.outlooks[name]
        grid = np.zeros((len(outlook.years), CELLS + 1))
        grid[outlook.goal.year - int(outlook.years[0])] = np.linspace(low, high, CELLS + 1)
        found = reach(marginals[id(outlook)], outlook.goal, grid)
        lower, upper = limits(found, one_sided(outlook))
        rising = [np.clip(table, -40, 40).astype(np.float32) for table in (lower, upper)]
        responses = tuple((work, row.astype(np.float32)) for work, row in touching[name])
        top = None if one_sided(outlook) else rising[1]
        step = (high - low) / CELLS
        yield Limits(places[name], responses, base, low, step, rising[0], top)
