"""Sobol indices of a plan: which delays, costs and outlooks decide each outcome, all at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.arguments import flag
from corridor_model.codes import weakest
from corridor_model.distributions import Distribution
from corridor_model.draws import Seed, checked_seed
from corridor_model.messages import N_, Message, message
from corridor_model.periods import last_month
from corridor_model.plan.plan import must_be_plan
from corridor_model.sensitivity.evaluator import Reader, study_attrs
from corridor_model.sensitivity.inputs import (
    SensitivityError,
    Spread,
    blocks,
    dependences,
    groups_of,
    spreads,
)
from corridor_model.sensitivity.outcomes import Outcome, outcome, outcome_coords
from corridor_model.sensitivity.outcomes import outcomes as outcomes_of
from corridor_model.sensitivity.parameters import Default, Parameter, default_inputs, parameter
from corridor_model.sensitivity.plan_model import (
    PlanModel,
    Sample,
    sum_of_works,
    summed_places,
)
from corridor_model.sensitivity.sobol_indices import (
    Indices,
    Study,
    Sums,
    all_pairs,
    bootstrap_weights,
    check_study,
    checked_points,
    columns_of,
    design,
    indices_dataset,
    sole,
    unseen_variance,
    values_at,
    warn_of_doubt,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.resolve import Resolved
    from corridor_model.scenario.scenario import Scenario


def sobol(
    plan: Plan,
    outputs: Iterable[str] | str | None = None,
    inputs: Mapping[str, object] | None = None,
    n: int = 1024,
    second_order: bool = True,
    resamples: int = 100,
    seed: Seed = 0,
    *,
    scenario: Scenario | None = None,
    observations: ObservationsLike = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    correlations: Mapping[str, Any] | None = None,
    level: float = 0.95,
    tolerance: float = 0.05,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return first, total and second order Sobol indices of a plan's outputs.

    Parameters
    ----------
    plan : Plan
        The plan; its table ``design_columns`` holds the place of each input in the design, so
        that another input leaves the points of the others alone.
    outputs : str or iterable of str, optional
        Names, see :func:`corridor_model.sensitivity.outcomes.outcome`. By default money by year,
        openings by year, the odds of every target that works touch, the expected number of promises
        kept, and of every simulated indicator the logarithm (of a share the log-odds) of its
        value in each open year.
    inputs : mapping, optional
        Name of a parameter (``delay:binhai_avenue``, ``overrun:road``, ``cancel:brt_line_9``,
        ``growth:gdp``, ``forecast:gdp``, ``effect:road:gdp``) to (low, high), a Distribution or
        a frozen scipy distribution. By default delay and cost of every work, and the forecast
        of every simulated indicator.
    n, second_order, resamples, seed, groups, correlations, level, tolerance
        As for :func:`corridor_model.sensitivity.sobol_indices`. Loadings ``paired`` and ``common``
        of the scenario make groups of the works' own delay and cost by themselves.
    scenario, observations, as_of, known_by, forecasts
        As for :func:`corridor_model.simulate`.

    Returns
    -------
    xarray.Dataset
        As of :func:`corridor_model.sensitivity.sobol_indices`; with input_origin,
        design_column and names in both languages. Attributes name the outputs left out, and why.

    Warns
    -----
    ConvergenceWarning
        Once, if an output has not converged; it says how many points would do.

    Raises
    ------
    SensitivityError
        For unknown names, for a plain value of a Student-t forecast, which has no variance, and
        for works that are uncertain in the scenario and no input.

    Notes
    -----
    ``p_reach`` is the probability given the works, the forecast integrated out. ``forecast:x``
    is where within its forecast x ends. Each output is exactly 0 towards an input that cannot
    reach it. Kilometres, roads, tasks and money are sums over works, whose indices follow from
    each work by itself: ``exact`` is true of them, they need no points and know events of any
    rarity. They are sampled only where two correlated inputs move them. Of the others
    ``converged_reason`` says why the sample cannot tell, if it cannot; see
    :func:`corridor_model.sensitivity.sobol_indices`.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ds = sobol(cm.load_plan(), "km_open:2022", n=256)
    >>> ds["ST"].to_series().idxmax()
    ('km_open:2022', 'delay:wenzhou_avenue_east')
    """
    must_be_plan(plan)
    n, seed = checked_points(n), checked_seed(seed)
    level, tolerance = check_study(resamples, level, tolerance)
    second_order = flag("second_order", second_order)
    reader = Reader(
        plan, scenario, observations, seed, as_of=as_of, known_by=known_by, forecasts=forecasts
    )
    ranges, origins = _inputs(plan, reader, inputs)
    names = list(ranges)
    spread = spreads(ranges)
    parameters = [parameter(plan, name) for name in names]
    left: dict[str, str] = {}
    if outputs is None:
        outcomes, left = default_outcomes(reader, parameters)
    else:
        outcomes = outcomes_of(plan, outputs)
    model = PlanModel(reader, outcomes, parameters)
    if groups is None and correlations is None:
        groups, correlations = _paired(reader.resolved, names)
    grouped = groups_of(names, groups)
    tied = dependences(grouped, correlations)
    members = list(grouped.values())
    touched = model.touched(members)
    every = list(spread.values())
    indices = _exact(model, every, summed_places(model, every, tied), members, second_order)
    sampled = [place for place in range(len(outcomes)) if place not in indices]
    if sampled:
        some = PlanModel(reader, [outcomes[place] for place in sampled], parameters)
        felt = {i for groups in some.touched(members) for g in groups for i in members[g]}
        samples = [
            values_at(spread, points, felt)
            for points in design(names, n, seed, reader.columns, tied)
        ]
        weights = bootstrap_weights(n, resamples, seed)
        estimates = _estimated(some, every, samples, members, weights, second_order)
        indices |= dict(zip(sampled, estimates, strict=True))
    asked = n * (2 + len(grouped) * (2 if second_order else 1)) if sampled else 0
    study = Study(list(grouped), n, seed, resamples, level, tolerance, second_order, groups, asked)
    in_order = [indices[place] for place in range(len(outcomes))]
    ds = indices_dataset([one.name for one in outcomes], in_order, touched, study)
    ds = ds.assign_coords(outcome_coords(outcomes, plan) | _titles(plan, parameters, grouped))
    columns = columns_of(names, reader.columns)
    worst = [weakest([origins[names[i]] for i in places]) for places in members]
    ds["input_origin"] = ("input", worst)
    ds["design_column"] = ("input", [min(columns[names[i]] for i in places) for places in members])
    # a group of one work's delay and cost speaks of that work; others have but their own name
    of_one = {
        group: parameters[places[0]]
        for group, places in grouped.items()
        if len(places) == 1 or group.startswith("work:")
    }
    ds.attrs |= study_attrs("sobol", reader, outcomes, of_one)
    ds.attrs["left_out"] = "; ".join(f"{name} ({why})" for name, why in left.items()) or "none"
    warn_of_doubt(ds, stacklevel=2)
    return ds


def _titles(
    plan: Plan, parameters: Sequence[Parameter], grouped: Mapping[str, Sequence[int]]
) -> dict[str, Any]:
    """Return the names of inputs and groups in both languages; a user's group keeps its own."""
    title = N_("{subject}: {word}")
    both = message("delay and cost")

    def named(group: str, places: Sequence[int], lang: str) -> str:
        if len(places) == 1:
            return parameters[places[0]].title(plan, lang)
        if group == "works":
            return Message(title, {"subject": message("all works"), "word": both}).text(lang)
        if group.startswith("work:"):
            subject = parameters[places[0]].subject(plan, lang)
            return Message(title, {"subject": subject, "word": both}).text(lang)
        return group

    return {
        f"input_{lang}": ("input", [named(*item, lang) for item in grouped.items()])
        for lang in ("zh", "en")
    }


NOTHING = 1e-12
"""Share of a variance that is rounding."""


def _exact(
    model: PlanModel,
    spread: Sequence[Spread],
    places: Sequence[int],
    members: Sequence[Sequence[int]],
    second: bool,
) -> dict[int, Indices]:
    """Return the indices of outcomes that are sums over works, by place: nothing is sampled."""
    if not places:
        return {}
    whole = sum_of_works(model, spread, places)
    touched = model.touched(members)
    scale = np.where(whole.variance > 0, whole.variance, np.inf)

    def share(variance: Array) -> Array:
        part = variance / scale
        return np.where(np.abs(part) > NOTHING, part, 0.0)

    own = [share(whole.closed(group)) for group in members]
    total = [share(whole.total(group)) for group in members]
    joint: dict[tuple[int, int], Array] = {}
    by_place = {}
    for row, place in enumerate(places):
        at = touched[place]
        pairs = model.pairs(place, [members[g] for g in at]) if second else all_pairs(0)
        for j, k in zip(*pairs, strict=True):
            one, two = at[j], at[k]
            if (one, two) not in joint:
                both = whole.closed([*members[one], *members[two]])
                joint[one, two] = share(both - (own[one] + own[two]) * whole.variance)
        beyond = [joint[at[j], at[k]][row] for j, k in zip(*pairs, strict=True)]
        by_place[place] = Indices(
            np.array([[own[g][row]] for g in at]).reshape(-1, 1),
            np.array([[total[g][row]] for g in at]).reshape(-1, 1),
            np.array(beyond).reshape(-1, 1),
            pairs,
            whole.variance[row : row + 1],
            float(whole.mean[row]),
            exact=True,
        )
    return by_place


def _estimated(
    model: PlanModel,
    spread: Sequence[Spread],
    samples: Sequence[Array],
    members: Sequence[Sequence[int]],
    weights: Array,
    second: bool,
) -> list[Indices]:
    """Return the indices of every outcome from two samples."""
    touched = model.touched(members)
    sums = _summed(model, samples, members, touched, weights, second)
    most = np.zeros((len(sums), len(members)))
    for one, groups, row in zip(sums, touched, most, strict=True):
        row[groups] = one.most

    def answers(x: Array) -> Array:
        sample = model.sample(x)
        return np.array([_loosely(model, place, sample) for place in range(len(sums))])

    felt = sorted({g for groups in touched for g in groups})
    few = [members[g] for g in felt]
    hidden = np.zeros_like(most)
    hidden[:, felt] = unseen_variance(answers, spread, samples[0], few, most[:, felt])
    return [
        sole(one.indices(rare[groups]))
        for one, groups, rare in zip(sums, touched, hidden, strict=True)
    ]


def _loosely(model: PlanModel, place: int, sample: Sample) -> Array:
    """Return one outcome, or nothing finite where rare values have no number."""
    try:
        return model.answer(place, sample)
    except SensitivityError:
        return np.full(sample.values.shape[1], np.nan)


def _summed(
    model: PlanModel,
    samples: Sequence[Array],
    members: Sequence[Sequence[int]],
    touched: Sequence[Sequence[int]],
    weights: Array,
    second: bool,
) -> list[Sums]:
    """Return the sums of every outcome; each asks only the groups that touch it."""
    sums: list[Sums] = []
    for rows in blocks(samples[0].shape[1]):
        one, other = model.sample(samples[0][:, rows]), model.sample(samples[1][:, rows])
        model.compare(one, other, members)
        if second:
            model.compare(other, one, members)
        for place, groups in enumerate(touched):
            a, b = model.answer(place, one), model.answer(place, other)
            ab = [model.answer(place, one, other, g, members[g]) for g in groups]
            ba = [model.answer(place, other, one, g, members[g]) for g in groups if second]
            if len(sums) <= place:
                pairs = model.pairs(place, [members[g] for g in groups]) if second else None
                sums.append(Sums(len(groups), weights.shape[1] - 1, pairs, float(a.mean())))
            shape = (len(groups), len(a))
            swapped = np.array(ba).reshape(shape) if second else None
            sums[place].add(a, b, np.array(ab).reshape(shape), swapped, weights[rows])
    return sums


def _inputs(
    plan: Plan, reader: Reader, inputs: Mapping[str, object] | None
) -> tuple[dict[str, object], dict[str, str]]:
    """Return the ranges of inputs, and where each comes from."""
    if inputs is None:
        usual = default_inputs(plan, reader.resolved)
        ranges: dict[str, object] = {name: one.distribution for name, one in usual.items()}
        origins = {name: one.origin for name, one in usual.items()}
        for name in plan.targets:
            outlook = reader.outlook(reader.resolved, name)
            if not outlook.reason and np.isnan(outlook.known).any():
                ranges[f"forecast:{name}"] = (0.0, 1.0)
                origins[f"forecast:{name}"] = outlook.origin
        return ranges, origins
    if not isinstance(inputs, Mapping):
        raise SensitivityError(N_("inputs is a mapping of names to ranges or distributions."))
    ranges, origins = {}, {}
    for name, value in inputs.items():
        one = value if isinstance(value, Default) else None
        ranges[name] = one.distribution if one else value
        origins[str(name)] = one.origin if one else "user"
    return ranges, origins


def _paired(
    resolved: Resolved, names: Sequence[str]
) -> tuple[dict[str, list[str]] | None, dict[str, Any] | None]:
    """Return the groups that the scenario's shared factors make of delays and costs."""
    paired, common = resolved.paired, resolved.common
    if not paired and not common:
        return None, None
    moved = [name for name in names if name.split(":")[0] in {"delay", "overrun"}]
    of = {name: name.partition(":")[2] for name in moved}
    forward = {
        f"delay:{work.id}"
        for work in resolved.works
        if work.mode == "accelerate" and isinstance(work.months, Distribution)
    }
    groups: dict[str, list[str]] = {"works": moved} if common else {}
    if not common:
        for name in moved:
            groups.setdefault(f"work:{of[name]}", []).append(name)
    groups = {group: members for group, members in groups.items() if len(members) > 1}
    matrices = {}
    for group, members in groups.items():
        same = np.array([[of[one] == of[two] for two in members] for one in members])
        # what comes earlier is counted as a delay below 0, and leads the other way
        sign = np.array([-1.0 if one in forward else 1.0 for one in members])
        matrix = (common**2 + paired**2 * same) * np.outer(sign, sign)
        np.fill_diagonal(matrix, 1.0)
        matrices[group] = matrix
    return groups, matrices


# Every outcome of a plan that has a number and a variance, and why the others are left out.

AFTER = 3
"""Years after the last planned end for which money and openings are asked."""


def default_outcomes(
    reader: Reader, parameters: Sequence[Parameter]
) -> tuple[list[Outcome], dict[str, str]]:
    """Return all outcomes of a study, and those left out with the reason.

    Parameters
    ----------
    reader : Reader
        Plan and scenario.
    parameters : sequence of Parameter
        Inputs; a probability is asked only where works, or growth that is set, can move it.
    """
    plan = reader.plan
    names: list[str] = []
    if plan.projects:
        ends = [int(last_month(work.end)[:4]) for work in reader.resolved.works]
        last = max(*ends, plan.about.last_year) + AFTER
        years = range(plan.about.first_year, last + 1)
        names += ["before_plan", "inside_plan", "beyond_horizon", "total"]
        names += [f"programme:{year}" for year in years]
        names += [f"{word}:{y}" for word in ("km_open", "roads_open", "tasks_done") for y in years]
    moved = {e.indicator for e in reader.resolved.effects if e.per_unit}
    moved |= {one.indicator for one in parameters if one.field in {"effect", "growth"}}
    outlooks = {name: reader.outlook(reader.resolved, name) for name in plan.targets}
    left = {name: outlook.reason for name, outlook in outlooks.items() if outlook.reason}
    if len(left) < len(outlooks):
        names.append("expected_reached")
    for name, outlook in outlooks.items():
        if name in left:
            continue
        if name in moved and outlook.goal.score == "final":
            names.append(f"p_reach:{name}")
        word, why = _word(reader, name)
        if not word:
            left[name] = why
            continue
        for year, known in zip(outlook.years, outlook.known, strict=True):
            if np.isnan(known) and year <= plan.about.last_year:
                names.append(f"{word}:{name}:{year}")
    return [outcome(plan, name) for name in names], left


def _word(reader: Reader, name: str) -> tuple[str, str]:
    """Return how an indicator's value is decomposed, or why it cannot be."""
    outlook = reader.outlook(reader.resolved, name)
    values = reader.marginal(outlook).values[np.isnan(outlook.known)]
    if not len(values):
        return "", "observed"
    if outlook.indicator.kind == "share":
        return ("log_odds", "") if values.min() > 0 and values.max() < 100 else ("value", "")
    if values.min() > 0:
        return "log_value", ""
    counted = outlook.predictive is not None and outlook.predictive.route == "gamma_poisson"
    return ("value", "") if counted else ("", "no_logarithm")
