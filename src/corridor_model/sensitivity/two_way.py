"""Two inputs at once: a grid of the outcome, and the frontier on which a target is just met."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from corridor_model._typing import Array, Mask
from corridor_model.arguments import items
from corridor_model.codes import Side
from corridor_model.draws import Seed, checked_seed
from corridor_model.labels import both, label
from corridor_model.messages import N_
from corridor_model.sensitivity.evaluator import (
    Reader,
    Threshold,
    margin_at,
    read_at,
    study_attrs,
    threshold_of,
)
from corridor_model.sensitivity.inputs import SensitivityError, span
from corridor_model.sensitivity.outcomes import Outcome
from corridor_model.sensitivity.outcomes import outcome as outcome_of
from corridor_model.sensitivity.parameters import Parameter, parameter
from corridor_model.sensitivity.switching import (
    HALVINGS,
    Flips,
    edge_variables,
    edges_along,
    nearest_of,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


MOST = 250_000
"""Points of a grid, at most."""


def two_way(
    plan: Plan,
    output: str,
    x: tuple[str, float, float],
    y: tuple[str, float, float],
    *,
    points: tuple[int, int] = (25, 25),
    threshold: float | None = None,
    sense: Side | None = None,
    scenario: Scenario | None = None,
    observations: ObservationsLike = None,
    seed: Seed = 0,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return an output over two inputs, and for each x the y at which its target is just met.

    Parameters
    ----------
    plan : Plan
        The plan.
    output : str
        As for :func:`corridor_model.switching_values`.
    x, y : (str, float, float)
        Name of an input, low and high: ``("growth:gdp", 0.0, 0.2)``.
    points : (int, int), default (25, 25)
        Of x and y.
    threshold, sense, scenario, observations, seed, as_of, known_by, forecasts
        As for :func:`corridor_model.switching_values`.

    Returns
    -------
    xarray.Dataset
        output (y, x), met (y, x), and frontier (x): the value of y on the good side (good_side),
        masked where the verdict is the same along the whole range (``frontier_reason``:
        always_met, never_met). Of several crossings it is the one nearest to where y stands, or
        else to the middle; crossings (x), band_low, band_high (x) and edge_value (x, edge) say all
        of them, as in :func:`corridor_model.switching_values`. Coordinates x and y carry the
        inputs' values, and in their attribute ``base`` where the input stands, if that is a
        number. Attributes: the output where both stand, ``base``, and whether that meets the
        target, ``base_met``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ds = two_way(cm.load_plan(), "value:gdp",
    ...              ("target:gdp", 500, 600), ("growth:gdp", 0.0, 0.2), points=(3, 5))
    >>> ds["frontier"].round(4).values
    array([0.034 , 0.0844, 0.1326])
    """
    reader = Reader(
        plan,
        scenario,
        observations,
        checked_seed(seed),
        as_of=as_of,
        known_by=known_by,
        forecasts=forecasts,
    )
    outcome = outcome_of(plan, output)
    limit = threshold_of(reader, outcome, threshold, sense)
    parameters, axes = _axes(plan, (x, y), points)
    values, margins = np.empty((len(axes[1]), len(axes[0]))), np.empty(len(axes[1]))
    met = np.empty(values.shape, dtype=bool)
    found, reasons = [], []
    stands = parameters[1].base(plan, reader.resolved)
    if stands is None or not axes[1][0] <= stands <= axes[1][-1]:
        stands = float(axes[1].mean())
    for i, at_x in enumerate(axes[0]):
        column = {parameters[0].name: float(at_x)}
        for j, at_y in enumerate(axes[1]):
            pair = {**column, parameters[1].name: float(at_y)}
            number, judged = read_at(reader, [outcome, limit.outcome], parameters, pair)
            values[j, i], margins[j] = number, limit.margin(float(judged))

        def margin(value: float, column: dict[str, float] = column) -> float:
            return margin_at(reader, limit, parameters, {**column, parameters[1].name: value})

        met[:, i] = margins >= 0
        # there is nothing between yes and no
        halvings = 0 if parameters[1].field == "cancel" else HALVINGS
        edges = edges_along(margin, axes[1].tolist(), margins.tolist(), halvings)
        found.append(nearest_of(edges, stands))
        reasons.append("" if edges else "always_met" if met[0, i] else "never_met")
    ds = _dataset(plan, outcome, parameters, axes, (values, met, found, reasons))
    inputs = {one.name: one for one in parameters}
    ds.attrs = {**limit.attrs, **study_attrs("two_way", reader, [outcome], inputs)}
    _mark_base(ds, reader, outcome, limit, parameters)
    return ds


def _mark_base(
    ds: xr.Dataset,
    reader: Reader,
    outcome: Outcome,
    limit: Threshold,
    parameters: Sequence[Parameter],
) -> None:
    """Note where both inputs stand, and the outcome there; what has no number is left out."""
    for axis, one in zip("xy", parameters, strict=True):
        stands = one.base(reader.plan, reader.resolved)
        if stands is not None:
            ds[axis].attrs["base"] = stands
    # a grid over a baseline is asked just where the plan has none
    with suppress(SensitivityError):
        here, judged = (float(one) for one in reader.read([outcome, limit.outcome]))
        ds.attrs |= {"base": here, "base_met": int(limit.margin(judged) >= 0)}


def _axes(
    plan: Plan, ranges: Sequence[tuple[str, float, float]], points: tuple[int, int]
) -> tuple[list[Parameter], list[Array]]:
    """Return the two parameters and the values they take."""
    parameters, axes = [], []
    for axis, one in zip("xy", ranges, strict=True):
        if isinstance(one, str) or len(items(axis, one)) != 3:
            raise SensitivityError(
                N_("{axis} is a name, low and high, such as {example}; got {value!r}."),
                axis=axis,
                example='("growth:gdp", 0.0, 0.2)',
                value=one,
            )
    if len(counts := items("points", points)) != len(ranges):
        raise SensitivityError(
            N_("points are two whole numbers, one for x and one for y; got {value!r}."),
            value=points,
        )
    for (name, low, high), count in zip(ranges, counts, strict=True):
        pair = span((low, high))
        if pair is None or pair[0] == pair[1] or isinstance(count, bool) or count < 2:
            raise SensitivityError(
                N_("{name}: give low < high and at least two points."), name=name
            )
        parameters.append(parameter(plan, name))
        axes.append(np.linspace(*pair, count))
    if parameters[0].name == parameters[1].name or math.prod(counts) > MOST:
        raise SensitivityError(
            N_("Give two different inputs, and at most {most} points."), most=MOST
        )
    return parameters, axes


def _dataset(
    plan: Plan,
    outcome: Outcome,
    parameters: Sequence[Parameter],
    axes: Sequence[Array],
    results: tuple[Array, Mask, list[Flips], list[str]],
) -> xr.Dataset:
    from corridor_model.results import Result

    values, met, found, reasons = results
    ds = Result(
        {
            "output": (("y", "x"), values),
            "met": (("y", "x"), met),
            "frontier": ("x", np.array([one.edge.value for one in found])),
            "frontier_reason": ("x", reasons),
            "good_side": ("x", np.array([one.edge.good_side for one in found], dtype=np.str_)),
        },
        coords={"x": axes[0], "y": axes[1]},
    ).assign(edge_variables("x", found))
    for axis, one in zip("xy", parameters, strict=True):
        zh, en = one.title(plan, "zh"), one.title(plan, "en")
        ds[axis].attrs = {
            "input": one.name,
            "long_name": both(en, zh),
            "name_zh": zh,
            "name_en": en,
            "units": one.unit(plan),
        }
    ds["output"].attrs = {
        "long_name": both(outcome.title(plan, "en"), outcome.title(plan, "zh")),
        "units": outcome.unit(plan),
    }
    return label(ds, "two_way", parameters[1].unit(plan))
