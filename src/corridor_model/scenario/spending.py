"""What is spent when, what is finished when: the works of a plan under scenarios (S11, S12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array, Integers
from corridor_model.draws import Seed, checked_draws, checked_seed, sorted_quantiles
from corridor_model.errors import CorridorError
from corridor_model.formatting import short, whole
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.periods import first_month, last_month
from corridor_model.plan.plan import must_be_plan
from corridor_model.scenario.money_under_delay import Scores, last_moment, yearly_work
from corridor_model.scenario.profiles import profile_to_toml
from corridor_model.scenario.resolve import (
    Resolved,
    months_and_factor,
    must_be_scenario,
    resolve_all,
)
from corridor_model.scenario.scenario import (
    QUANTILES,
    Scenario,
    checked_quantiles,
    checked_threads,
    scenario_list,
)
from corridor_model.scenario.work import Work, printed_of, tasks_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan


LAST_YEAR = 2400
HALF = np.array([0.5])


def spending(
    plan: Plan,
    scenarios: Scenario | Iterable[Scenario] | None = None,
    *,
    horizon: int | None = None,
    draws: int = 8192,
    seed: Seed = 0,
    quantiles: Sequence[float] = QUANTILES,
    threads: int | None = 1,
) -> xr.Dataset:
    """Return yearly spending and openings of the works of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenarios : Scenario or iterable of Scenario, optional
        None is as planned.
    horizon : int, optional
        Year whose end closes the plan's money; the plan's last year by default.
    draws : int, default 8192
        For delays and overruns that are distributions; more draws keep the first (S13).
    seed : int, Generator or None, default 0
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

        The dimensions are those of :func:`corridor_model.simulate`, also of a single scenario:
        ``money.squeeze("scenario")`` drops that one.

        Attributes speak of the plan, whatever a scenario sets: how many works have known
        money (``n_known`` of ``n_works``), how many roads a known length in the area
        (``n_lengths`` of ``n_roads``), and which dates follow a rule.

    Raises
    ------
    PlanError
        For scenarios with mistakes, all at once.
    CorridorError
        For a horizon before the plan's first year, or wrong draws, seed or quantiles.

    Examples
    --------
    >>> import corridor_model as cm
    >>> money = spending(cm.load_plan()).squeeze("scenario")
    >>> money.attrs["n_known"], money.attrs["n_works"]
    (17, 24)
    >>> money["programme"].sel(spending_year=[2020, 2022]).round(2).values
    array([39.98, 53.94])
    >>> float(money["spending"].sel(project="jinliwen_expressway", spending_year=2021))
    20.0
    """
    must_be_plan(plan)
    scenarios = scenario_list(scenarios)
    first = plan.about.first_year
    until = plan.about.last_year if horizon is None else whole(horizon)
    if until is None or not first <= until <= LAST_YEAR:
        raise CorridorError(
            N_("horizon must be a year from {first}, the plan's first, to {last}; got {got}."),
            first=first,
            last=LAST_YEAR,
            got=short(horizon),
        )
    levels = checked_quantiles(quantiles)
    n, first_draw, workers = checked_draws(draws), checked_seed(seed), checked_threads(threads)
    resolved = resolve_all(plan, scenarios)
    return spending_of(plan, scenarios, resolved, until, levels, n, first_draw, workers)


def spending_of(
    plan: Plan,
    scenarios: list[Scenario],
    resolved: list[Resolved],
    horizon: int,
    levels: Array,
    draws: int,
    seed: int,
    threads: int,
) -> xr.Dataset:
    """Return `spending` of scenarios that are resolved and arguments that are checked."""
    scores: Scores = {}
    samples = [
        [_Sample(work, *months_and_factor(work, one, draws, seed, scores)) for work in one.works]
        for one in resolved
    ]
    years = _years(plan, samples, horizon)
    pool = ThreadPoolExecutor(threads)
    try:
        tables = list(
            pool.map(lambda one, sample: _Table(one, sample, years, levels), resolved, samples)
        )
    finally:  # Ctrl-C does not wait for tables that are half done
        pool.shutdown(wait=False, cancel_futures=True)
    return to_dataset(plan, scenarios, tables, horizon, draws, seed)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Delay and cost factor of one work in every draw."""

    work: Work
    months: Array
    factor: Array

    def span(self) -> tuple[int, int]:
        """Return the first and the last year in which any draw may spend."""
        line, mode = self.work.timeline, self.work.mode
        first = int(line.earliest(mode, self.months) // 12)
        return first, max(first, int(np.ceil(line.ends(mode, self.months).max() / 12)) - 1)


def _years(plan: Plan, scenarios: list[list[_Sample]], horizon: int) -> Integers:
    """Return all years in which any scenario works, and those of the plan."""
    first, last = plan.about.first_year, max(plan.about.last_year, horizon)
    for samples in scenarios:
        for sample in samples:
            begins, ends = sample.span()
            first, last = min(first, begins), max(last, ends)
    if last > LAST_YEAR:
        raise CorridorError(
            N_("A delay reaches the year {year}. Use a distribution with an upper end."), year=last
        )
    return np.arange(first, last + 1)


class _Table:
    """One scenario's numbers by work and year."""

    def __init__(self, resolved: Resolved, samples: list[_Sample], years: Integers, levels: Array):
        self.works, self.years, self.levels = resolved.works, years, levels
        shape = (len(samples), len(years))
        self.mean = np.full(shape, np.nan)
        self.quantile = np.full((*shape, len(levels)), np.nan)
        self.p_done = np.zeros(shape)
        self.end = np.full(len(samples), np.nan)
        # as many as there are draws, or 1 where nothing is uncertain
        n = max((max(len(s.months), len(s.factor)) for s in samples), default=1)
        total = np.zeros((len(years), n))
        over_by = last_moment(years)
        for i, sample in enumerate(samples):
            begin, last = sample.span()  # outside these years no draw spends anything
            inside = slice(begin - int(years[0]), last + 1 - int(years[0]))
            bounds: Array = 12.0 * np.arange(begin, last + 2, dtype=np.float64)
            by_year = yearly_work(
                sample.work, sample.months, sample.factor, bounds, resolved.escalation
            )
            ends = np.sort(by_year.end)
            self.p_done[i] = np.searchsorted(ends, over_by, side="right") / len(ends)
            middle = float(sorted_quantiles(ends, HALF)[0])
            self.end[i] = middle if np.isfinite(middle) else np.nan
            if sample.work.investment is None:
                continue
            money = by_year.cost
            money *= sample.work.investment
            total[inside] += money
            self.mean[i], self.quantile[i] = 0.0, 0.0
            self.mean[i, inside] = money.mean(axis=1)
            money.sort(axis=1)
            self.quantile[i, inside] = sorted_quantiles(money, levels)
        self.programme = total.mean(axis=1)
        total.sort(axis=1)
        self.programme_quantile = sorted_quantiles(total, levels)


# Labels on spending and openings: the Dataset that people and other floors read.

UNKNOWN = "unknown_investment"


def to_dataset(
    plan: Plan,
    scenarios: list[Scenario],
    tables: list[_Table],
    horizon: int,
    draws: int,
    seed: int,
) -> xr.Dataset:
    """Return the tables of all scenarios as one Dataset."""
    from corridor_model.results import Result

    years = tables[0].years
    data: dict[str, tuple[tuple[str, ...], Any]] = {}

    def put(name: str, dims: tuple[str, ...], values: list[Any]) -> None:
        data[name] = (("scenario", *dims), np.asarray(values))

    put("spending", ("project", "spending_year"), [t.mean for t in tables])
    by_level = ("project", "spending_year", "quantile")
    put("spending_quantile", by_level, [t.quantile for t in tables])
    first = plan.about.first_year
    for name, inside in (
        ("before_plan", years < first),
        ("inside_plan", (years >= first) & (years <= horizon)),
        ("beyond_horizon", years > horizon),
    ):
        put(name, ("project",), [t.mean[:, inside].sum(axis=1) for t in tables])
    put("total", ("project",), [t.mean.sum(axis=1) for t in tables])
    known = [[w.investment is not None for w in t.works] for t in tables]
    put("known", ("project",), known)
    put("known_works", (), [sum(one) for one in known])
    put("spending_reason", ("project",), np.where(known, "", UNKNOWN).tolist())
    put("programme", ("spending_year",), [t.programme for t in tables])
    put("programme_quantile", ("spending_year", "quantile"), [t.programme_quantile for t in tables])
    put("p_done_by", ("project", "spending_year"), [t.p_done for t in tables])
    _openings(plan, tables, put)
    for name, values in _texts(tables).items():
        put(name, ("project",), values)
    coords = {
        "scenario": [one.name for one in scenarios],
        "project": list(plan.projects),
        "spending_year": years,
        "quantile": tables[0].levels,
        "project_zh": ("project", [p.name("zh") for p in plan.projects.values()]),
        "project_en": ("project", [p.name("en") for p in plan.projects.values()]),
    }
    attrs = _attrs(plan, horizon, draws, seed)
    result = Result(data, coords=coords, attrs=attrs)
    result["scenario_text"] = ("scenario", [one.to_toml() for one in scenarios])
    scenario_zh = ("scenario", [one.title("zh") for one in scenarios])
    return label(result.assign_coords(scenario_zh=scenario_zh), "simulation")


def _openings(plan: Plan, tables: list[_Table], put: Any) -> None:
    opens = np.array([bool(p.opens) for p in plan.projects.values()])
    length = np.array([p.length_in_area_km or 0.0 for p in plan.projects.values()])
    tasks = np.array([len(ids) for ids in tasks_of(plan).values()], dtype=np.float64)
    masked = [np.where(opens[:, None], t.p_done, np.nan) for t in tables]
    put("p_open_by", ("project", "spending_year"), masked)
    reason = np.where(opens, "", "not_applicable").tolist()
    put("p_open_by_reason", ("project",), [reason for _ in tables])
    put("km_open", ("spending_year",), [(opens * length) @ t.p_done for t in tables])
    put("tasks_done", ("spending_year",), [tasks @ t.p_done for t in tables])


def _texts(tables: list[_Table]) -> dict[str, list[list[str]]]:
    """Return dates, origins, rules and profiles of works, as text."""
    by_table = [table.works for table in tables]
    ends = [["" if np.isnan(end) else last_month(end) for end in t.end] for t in tables]
    return {
        "end": ends,
        "end_origin": [[w.end_origin for w in works] for works in by_table],
        "start_planned": [[first_month(w.start) for w in works] for works in by_table],
        "end_planned": [[last_month(w.end) for w in works] for works in by_table],
        "origin": [[w.money_origin for w in works] for works in by_table],
        "rule": [[w.rule for w in works] for works in by_table],
        "profile": [
            [str(profile_to_toml(w.profile)["profile"]) for w in works] for works in by_table
        ],
    }


def _attrs(plan: Plan, horizon: int, draws: int, seed: int) -> dict[str, Any]:
    """Return what holds of the plan itself, whatever scenarios set, and of the request."""
    from corridor_model.files import version

    works = list(plan.projects.values())
    known = sum(p.investment is not None for p in works)
    rules = {p.id: printed_of(p, plan.about, 0).dates()[2] for p in works}
    roads = [p for p in works if p.opens]
    lengths = sum(p.length_in_area_km is not None for p in roads)
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "n_known": known,
        "n_works": len(works),
        "n_lengths": lengths,
        "n_roads": len(roads),
        "unknown": "; ".join(p.id for p in works if p.investment is None) or "none",
        "assumed_dates": "; ".join(f"{n} ({rule})" for n, rule in rules.items() if rule) or "none",
        "horizon": horizon,
        "draws": draws,
        "seed": seed,
        "version": version(),
    }


# Which roads open when, as a table people read.


def openings(
    plan: Plan, scenario: Scenario | None = None, *, draws: int = 8192, seed: Seed = 0
) -> pd.DataFrame:
    """Return the works whose end opens a road, by the month of opening.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario, optional
        None is as planned.
    draws, seed
        For delays that are distributions.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``project``: opens (month; the median where uncertain, empty where
        cancelled), year, length_in_area_km (missing where not printed), length_km, p_in_plan
        (probability of opening within the plan), origin of the date: ``document`` as printed,
        ``assumed`` where a rule gave it, ``user`` where a scenario sets, moves or cancels it.

    Raises
    ------
    CorridorError
        For several scenarios at once, or what is none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> openings(cm.load_plan()).loc["binhai_avenue", "opens"]
    '2024-12'
    """
    import pandas as pd

    must_be_plan(plan)
    if isinstance(scenario, (list, tuple)):
        raise CorridorError(
            N_(
                "openings takes one scenario at a time; got {n} in a list. Ask for each, or take "
                "p_open_by and km_open of spending, which takes several."
            ),
            n=len(scenario),
        )
    if scenario is not None:
        must_be_scenario(scenario)
    roads = [p for p in plan.projects.values() if p.opens]
    money = spending(plan, scenario, draws=draws, seed=seed).isel(scenario=0)
    chosen = money.sel(project=[p.id for p in roads])
    ends = [str(end) for end in chosen["end"].values]
    by_end = chosen["p_open_by"].sel(spending_year=plan.about.last_year).values
    frame = pd.DataFrame(
        {
            "opens": ends,
            "year": pd.array([int(end[:4]) if end else None for end in ends], dtype="Int64"),
            "length_in_area_km": [p.length_in_area_km for p in roads],
            "length_km": [p.length_km for p in roads],
            "p_in_plan": by_end,
            # of the date alone: the money's profile does not move it
            "origin": [str(origin) for origin in chosen["end_origin"].values],
        },
        index=pd.Index([p.id for p in roads], name="project"),
    ).astype({"length_in_area_km": "float64", "length_km": "float64"})
    last = frame["opens"].where(frame["opens"] != "", "9999")
    return frame.assign(_last=last).sort_values(["_last", "project"]).drop(columns="_last")


MONEY_DRAWS = 8192
"""Draws of uncertain money, at most; the first of them, so that more draws keep them (S13)."""
