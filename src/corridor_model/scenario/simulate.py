"""Scenarios over a whole plan: money, openings, values, and the probability of each target."""

from __future__ import annotations

import datetime
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scipy.special import ndtri

from corridor_model.assessment.engine import AsOf
from corridor_model.draws import Seed, checked_draws, checked_seed
from corridor_model.errors import CorridorError, warn_not_converged
from corridor_model.messages import N_, Message, message, plural
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.plan.plan import must_be_plan
from corridor_model.scenario.correlation import correlation_model
from corridor_model.scenario.joint_counts import count, joint_question
from corridor_model.scenario.outlook import figures_until
from corridor_model.scenario.per_target import Evaluator, UnderScenario
from corridor_model.scenario.promise_odds import counted_promises
from corridor_model.scenario.resolve import resolve_all
from corridor_model.scenario.scenario import (
    QUANTILES,
    Scenario,
    checked_quantiles,
    checked_threads,
    scenario_list,
)
from corridor_model.scenario.spending import MONEY_DRAWS, spending_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.plan.plan import Plan


def simulate(
    plan: Plan,
    scenarios: Scenario | Iterable[Scenario] | None = None,
    observations: ObservationsLike = None,
    draws: int = 8192,
    seed: Seed = 0,
    quantiles: Sequence[float] = QUANTILES,
    threads: int | None = None,
    client: Any = None,
    *,
    correlation: Any = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return money, openings, values and probabilities of a plan under scenarios.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenarios : Scenario or iterable of Scenario, optional
        None is as planned.
    observations : Observations, path or DataFrame, optional
        Figures beside the plan's own.
    draws : int, default 8192
        For joint questions and uncertain money; single targets need none.
    seed : int, Generator or None, default 0
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
    forecasts : mapping of str to array, Predictive or callable, optional
        Your own forecasts, as for :func:`corridor_model.assess`, of basis ``user``. Works add to
        them, growth that a scenario sets takes their place. They are kept as samples with the
        result (of a closed form 16,384, so that its odds differ by up to 0.01), so that a rerun
        has the same bits.

    Returns
    -------
    xarray.Dataset
        p_reach, p_basis, p_reach_error, p_reach_alone (scenario, indicator): as planned
        those of :func:`corridor_model.assess`, of alternatives the union and each alone;
        value (scenario, indicator, year, quantile); gap (scenario, indicator, quantile);
        n_reached and n_reached_independent (scenario, n_targets), and n_reached_mean
        (scenario), without a draw of targets the mean of the latter, and of the former but
        for alternatives, which move together there; and everything
        :func:`corridor_model.spending` gives. A masked variable has ``*_reason`` beside it.
        Attributes name the indicators counted, the period looked from (as_of) and that of
        the last figures (figures_until), and hold scenarios, seed and versions.

    Warns
    -----
    ConvergenceWarning
        Once, if a half width of n_reached (at 95 %) is above 0.05; it says how many draws would
        do. 385 always do.

    See Also
    --------
    corridor_model.rerun : a saved result computed again.

    Examples
    --------
    >>> import corridor_model as cm
    >>> result = simulate(cm.load_plan(), cm.shipped_scenarios(), draws=2048)
    >>> slow = result["p_reach"].sel(indicator="tech_contract_growth", scenario="slow")
    >>> float(slow), str(slow["scenario"].item())
    (0.001, 'slow')
    """
    from corridor_model.scenario.dataset import to_dataset

    must_be_plan(plan)
    figures = as_observations(plan, observations)
    scenarios = scenario_list(scenarios)
    levels = checked_quantiles(quantiles)
    draws, seed = checked_draws(draws), checked_seed(seed)
    workers = checked_threads(threads)
    if client is not None and not (hasattr(client, "map") and hasattr(client, "gather")):
        raise CorridorError(
            N_("client must be a dask.distributed client ({command}); got {client!r}."),
            client=client,
            command='pip install "corridor-model[dask]"',
        )
    resolved = resolve_all(plan, scenarios)

    evaluator = Evaluator(plan, figures, seed, as_of=as_of, known_by=known_by, forecasts=forecasts)
    counted = counted_promises(plan, [evaluator.outlooks(one) for one in resolved])
    # one after another, for what is drawn of each is large
    results = [
        UnderScenario(evaluator, one, evaluator.as_planned(scenario.settings.duration)).per_target(
            counted, levels
        )
        for scenario, one in zip(scenarios, resolved, strict=True)
    ]
    series = [plan.targets[name].of for name in counted.names]
    model = correlation_model(plan, series, correlation)
    question = joint_question(counted, model, results, evaluator.marginal, draws, seed)

    # one after another: many short calls beside long ones would only wait for the lock
    counts = count(question, workers, client, progress_bar("corridor simulate"))
    money = spending_of(
        plan,
        scenarios,
        resolved,
        plan.about.last_year,
        levels,
        min(draws, MONEY_DRAWS),
        seed,
        workers,
    )
    at = evaluator.builder.at
    request = {
        "correlation": correlation,
        "observations": figures,
        "as_of": str(at.when.period),
        "known_by": at.when.known_by,
        "forecasts": evaluator.builder.own,
        "figures_until": str(figures_until(plan, at.histories.values(), at.when.period)),
    }
    result = to_dataset(plan, scenarios, results, question, counts, money, levels, request)
    _warn_of_few_draws(result, stacklevel=2)
    return result


# Whether the draws were enough for what they answer.

TOLERANCE = 0.05
"""Half width of a 95 % interval of a drawn probability that counts as converged."""


def _warn_of_few_draws(result: xr.Dataset, stacklevel: int) -> None:
    """Warn where so few draws stand behind the odds of a number of promises kept.

    Nothing else of it is asked of the draws: single targets have closed forms.
    """
    half = float(ndtri(0.975)) * result["n_reached_error"]
    wide = half.max("n_targets").values > TOLERANCE
    draws = int(result.attrs["draws"])
    enough = math.ceil(draws * (float(half.max()) / TOLERANCE) ** 2)

    def what(n: int, **fields: Any) -> Message:
        return plural(
            "Not converged at {draws} draws: the odds of how many promises are kept under "
            "{outputs}.",
            "Not converged at {draws} draws ({n} scenarios): the odds of how many promises are "
            "kept under {outputs}.",
            n,
            draws=draws,
            **fields,
        )

    names = [str(name) for name in result["scenario"].values[wide]]
    warn_not_converged(
        what, names, message("draws={enough} would do.", enough=enough), stacklevel + 1
    )


# A bar for long runs, in a terminal or a notebook; silent in pipes.

LONG = 64
"""Tasks from which a run is worth a bar."""


def progress_bar(title: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
    """Return a wrapper of the results of tasks, with a bar where someone looks."""

    def wrap(results: Iterable[Any], total: int) -> Iterable[Any]:
        if total < LONG or not _is_interactive():
            return results
        from tqdm import tqdm

        bar: Iterable[Any] = tqdm(results, total=total, desc=title, leave=False)
        return bar

    return wrap


def _is_interactive() -> bool:
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    shell = sys.modules.get("IPython")
    kernel = shell.get_ipython() if shell is not None else None
    return kernel is not None and type(kernel).__name__ == "ZMQInteractiveShell"
