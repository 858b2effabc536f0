"""Sobol indices of a plan: which delays, costs and outlooks decide each output, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.draws import checked_seed
from corridor_model.periods import last_month
from corridor_model.plan.plan import must_be_plan
from corridor_model.sensitivity.evaluator import Reader, study_attrs
from corridor_model.sensitivity.inputs import (
    SensitivityError,
    blocks,
    dependences,
    groups_of,
    spreads,
)
from corridor_model.sensitivity.outcomes import Output, output
from corridor_model.sensitivity.outcomes import outputs as outputs_of
from corridor_model.sensitivity.parameters import Default, Lever, default_inputs, lever
from corridor_model.sensitivity.plan_model import PlanModel
from corridor_model.sensitivity.sobol_indices import (
    Study,
    Sums,
    bootstrap_weights,
    check_study,
    checked_points,
    columns_of,
    decided,
    design,
    group_title,
    indices_dataset,
    values_at,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.load import Given
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
    seed: int = 0,
    *,
    scenario: Scenario | None = None,
    observations: Given = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    correlations: Mapping[str, Any] | None = None,
    level: float = 0.95,
    tolerance: float = 0.05,
) -> xr.Dataset:
    """Return first, total and second order Sobol indices of a plan's outputs.

    Parameters
    ----------
    plan : Plan
        The plan; its table ``design_columns`` holds the place of each input in the design, so
        that another input leaves the points of the others alone.
    outputs : str or iterable of str, optional
        Names, see :func:`corridor_model.sensitivity.outcomes.output`. By default money by year,
        openings by year, the odds of every target that works touch, the expected number of promises
        kept, and of every simulated indicator the logarithm (of a share the log-odds) of its
        value in each open year.
    inputs : mapping, optional
        Name of a lever (``delay:binhai_avenue``, ``overrun:road``, ``cancel:brt_line_9``,
        ``growth:gdp``, ``forecast:gdp``, ``effect:road:gdp``) to (low, high), a Distribution or
        a frozen scipy distribution. By default delay and cost of every work, and the forecast
        of every simulated indicator.
    n, second_order, resamples, seed, groups, correlations, level, tolerance
        As for :func:`corridor_model.sensitivity.sobol_indices`. Loadings ``paired`` and ``common``
        of the scenario make groups of the works' own delay and cost by themselves.
    scenario, observations
        As for :func:`corridor_model.simulate`.

    Returns
    -------
    xarray.Dataset
        As of :func:`corridor_model.sensitivity.sobol_indices`; with input_origin,
        design_column and names in both languages. Attributes name the outputs left out, and why.

    Raises
    ------
    SensitivityError
        For unknown names, for a plain value of a Student-t forecast, which has no variance, and
        for works that are uncertain in the scenario and no input.

    Notes
    -----
    ``p_reach`` is the probability given the works, the forecast integrated out. ``forecast:x``
    is where within its forecast x ends. Each output is exactly 0 towards an input that cannot
    reach it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = sobol(cm.load_plan(), "km_open:2022", n=256)
    >>> made["ST"].to_series().idxmax()
    ('km_open:2022', 'delay:wenzhou_avenue_east')
    """
    must_be_plan(plan)
    n, seed = checked_points(n), checked_seed(seed)
    check_study(resamples, level, tolerance)
    reader = Reader(plan, scenario, observations, seed)
    held, origins = _inputs(plan, reader, inputs)
    given, names = spreads(held), list(held)
    levers = [lever(plan, name) for name in names]
    left: dict[str, str] = {}
    if outputs is None:
        asked, left = default_outputs(reader, levers)
    else:
        asked = outputs_of(plan, outputs)
    model = PlanModel(reader, asked, levers)
    if groups is None and correlations is None:
        groups, correlations = _paired(reader.resolved, names)
    grouped = groups_of(names, groups)
    stored = reader.columns
    u, v = design(names, n, seed, stored, dependences(grouped, correlations))
    a, b = values_at(given, u), values_at(given, v)
    members = list(grouped.values())
    touched = model.touched(members)
    sums = _summed(
        model, (a, b), members, touched, bootstrap_weights(n, resamples, seed), second_order
    )
    study = Study(list(grouped), n, seed, resamples, level, tolerance, second_order, groups)
    made = indices_dataset(
        [o.name for o in asked], [decided(s.indices()) for s in sums], touched, study
    )
    return _described(made, reader, model, grouped, origins, columns_of(names, stored), left)


def _summed(
    model: PlanModel,
    samples: tuple[Array, Array],
    members: Sequence[Sequence[int]],
    touched: Sequence[Sequence[int]],
    weights: Array,
    second: bool,
) -> list[Sums]:
    """Return the sums of every output; each asks only the groups that touch it."""
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
    plan: Plan, reader: Reader, given: Mapping[str, object] | None
) -> tuple[dict[str, object], dict[str, str]]:
    """Return inputs and the origins of their ranges."""
    if given is not None:
        if not isinstance(given, Mapping):
            raise SensitivityError(
                "inputs is a mapping of names to ranges or distributions.",
                "inputs应为名称到范围或分布的映射。",
            )
        usual = {str(name): v for name, v in given.items() if isinstance(v, Default)}
        held = {name: v.distribution if isinstance(v, Default) else v for name, v in given.items()}
        origins = dict.fromkeys(map(str, given), "user")
        return held, origins | {name: one.origin for name, one in usual.items()}
    found = default_inputs(plan, reader.resolved)
    made: dict[str, object] = {name: one.distribution for name, one in found.items()}
    origins = {name: one.origin for name, one in found.items()}
    for name in plan.indicators:
        outlook = reader.outlook(reader.resolved, name)
        if not outlook.reason and np.isnan(outlook.known).any():
            made[f"forecast:{name}"] = (0.0, 1.0)
            origins[f"forecast:{name}"] = outlook.origin
    return made, origins


def _paired(
    resolved: Resolved, names: Sequence[str]
) -> tuple[dict[str, list[str]] | None, dict[str, Any] | None]:
    """Return the groups that the scenario's shared factors make of delays and costs."""
    paired, common = resolved.paired, resolved.common
    if not paired and not common:
        return None, None
    moved = [name for name in names if name.split(":")[0] in {"delay", "overrun"}]
    of = {name: name.partition(":")[2] for name in moved}
    groups: dict[str, list[str]] = {"works": moved} if common else {}
    if not common:
        for name in moved:
            groups.setdefault(f"work:{of[name]}", []).append(name)
    groups = {group: members for group, members in groups.items() if len(members) > 1}
    matrices = {}
    for group, members in groups.items():
        same = np.array([[of[one] == of[two] for two in members] for one in members])
        matrix = common**2 + paired**2 * same
        np.fill_diagonal(matrix, 1.0)
        matrices[group] = matrix
    return groups, matrices


def _described(
    made: xr.Dataset,
    reader: Reader,
    model: PlanModel,
    grouped: Mapping[str, Sequence[int]],
    origins: Mapping[str, str],
    columns: Mapping[str, int],
    left: Mapping[str, str],
) -> xr.Dataset:
    from corridor_model.codes import weakest

    plan, levers = reader.plan, model.levers
    single = {g: places[0] if len(places) == 1 else None for g, places in grouped.items()}
    for lang in ("zh", "en"):
        titles = [
            group_title(plan, g, lang) if place is None else levers[place].title(plan, lang)
            for g, place in single.items()
        ]
        made = made.assign_coords(
            {
                f"input_{lang}": ("input", titles),
                f"output_{lang}": ("output", [one.title(plan, lang) for one in model.asked]),
            }
        )
    worst = [weakest([origins[levers[i].name] for i in places]) for places in grouped.values()]
    made["input_origin"] = ("input", worst)
    made["design_column"] = (
        "input",
        [min(columns[levers[i].name] for i in places) for places in grouped.values()],
    )
    made = made.assign_coords(unit=("output", [one.unit(plan) for one in model.asked]))
    # a group of one work's delay and cost speaks of that work; others have but their own name
    of_one = {
        group: levers[places[0]]
        for group, places in grouped.items()
        if len(places) == 1 or group.startswith("work:")
    }
    made.attrs |= study_attrs("sobol", reader, model.asked, of_one)
    made.attrs["left_out"] = "; ".join(f"{name} ({why})" for name, why in left.items()) or "none"
    return made


# Every output of a plan that has a number and a variance, and why the others are left out.

AFTER = 3
"""Years after the last planned end for which money and openings are asked."""


def default_outputs(reader: Reader, levers: Sequence[Lever]) -> tuple[list[Output], dict[str, str]]:
    """Return all outputs of a study, and those left out with the reason.

    Parameters
    ----------
    reader : Reader
        Plan and scenario.
    levers : sequence of Lever
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
    left: dict[str, str] = {}
    moved = {e.indicator for e in reader.resolved.effects if e.per_unit}
    moved |= {one.indicator for one in levers if one.field in {"effect", "growth"}}
    found = [n for n in plan.indicators if not reader.outlook(reader.resolved, n).reason]
    left |= {
        n: reader.outlook(reader.resolved, n).reason for n in plan.indicators if n not in found
    }
    if found:
        names.append("expected_reached")
    for name in found:
        outlook = reader.outlook(reader.resolved, name)
        if name in moved and outlook.goal.score == "final":
            names.append(f"p_reach:{name}")
        word, why = _word(reader, name)
        if not word:
            left[name] = why
            continue
        for year, known in zip(outlook.years, outlook.known, strict=True):
            if np.isnan(known) and year <= plan.about.last_year:
                names.append(f"{word}:{name}:{year}")
    return [output(plan, name) for name in names], left


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
