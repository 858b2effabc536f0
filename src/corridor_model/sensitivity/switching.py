"""Tipping points: the value of each input at which a target is just met (临界点).

Each input is varied alone along a range, from where it stands to both sides. Everywhere the
verdict flips, the flip is closed in by halving, so that jumps (a road that opens a month too late)
are located as surely as smooth crossings; what is reported lies on the good side, the nearest
by the distance of the flip itself. A good stretch has two ends, and both are reported.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model.codes import Side
from corridor_model.draws import Seed, checked_seed
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.sensitivity.evaluator import (
    Reader,
    margin_at,
    read_at,
    study_attrs,
    threshold_of,
)
from corridor_model.sensitivity.inputs import SensitivityError, span, whole_number
from corridor_model.sensitivity.outcomes import Outcome
from corridor_model.sensitivity.outcomes import outcome as outcome_of
from corridor_model.sensitivity.parameters import Parameter, parameter, parameter_coords, range_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


POINTS = 65
MOST = 100_000
"""Points tried along a range, at most."""
HALVINGS = 60
SNAP = 1e-9
"""Share of the range within which a tipping point is where the input stands."""
STEP = 0.1
"""Relative change of an input from which its coefficient is computed."""


def switching_values(
    plan: Plan,
    output: str,
    inputs: Mapping[str, tuple[float, float]] | Sequence[str] | None = None,
    *,
    threshold: float | None = None,
    sense: Side | None = None,
    scenario: Scenario | None = None,
    observations: ObservationsLike = None,
    points: int = POINTS,
    seed: Seed = 0,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return for each input the value at which a target is just met, all others as they stand.

    Parameters
    ----------
    plan : Plan
        The plan.
    output : str
        ``value:gdp`` or ``gap:gdp`` (the target of gdp), ``p_reach:gdp``, ``km_open:2022``,
        ``inside_plan`` ...
    inputs : mapping or sequence of str, optional
        Names to ranges that are searched, or names alone. By default the growth, baseline
        and target of the indicator asked for, and the delay and cost of every work.
    threshold : float, optional
        From where on the output is good enough; needed unless the output has a target or is a
        probability, for which it is 0.5.
    sense : {"at_least", "at_most"}, optional
        Of the threshold; more is better of openings, values and odds, less of money.
    scenario, observations, seed, as_of, known_by, forecasts
        As for :func:`corridor_model.tornado`.
    points : int, default 65
        Of the search along each range.

    Returns
    -------
    xarray.Dataset
        By ``input``: base, switching_value (临界点, on the good side), change (relative, of
        where it stands), low, high (of the search), crossings (how often the verdict changes
        along the range), good_side (of the switching value: above or below), coefficient
        (敏感度系数: relative change of the output over that of the input, at +10 %) with
        ``*_reason``: none_in_range, zero_base, as_forecast.
        Attributes: met (1 or 0), base output, threshold, sense.

    Raises
    ------
    SensitivityError
        For unknown names, or without a threshold where none follows.

    References
    ----------
    国家发展改革委、建设部 (2006), 建设项目经济评价方法与参数, 第三版: 敏感度系数 S = (ΔA/A)/(ΔF/F);
    临界点. HM Treasury (2022), The Green Book, on switching values.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ds = switching_values(cm.load_plan(), "value:gdp", ["growth:gdp"])
    >>> round(float(ds["switching_value"][0]), 4)
    0.1136
    """
    points = whole_number("points", points, 3, MOST)
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
    ranges = _ranges(reader, outcome.key if outcome.kind.of == "indicator" else "", inputs)
    here = limit.margin(float(reader.read([limit.outcome])[0]))
    base = float(reader.read([outcome])[0])
    rows = []
    for one, (low, high) in ranges:
        stands = one.base(plan, reader.resolved)

        def margin(value: float, one: Parameter = one) -> float:
            return margin_at(reader, limit, [one], {one.name: value})

        whole = one.field == "cancel"
        grid = [0.0, 1.0] if whole else np.linspace(low, high, points).tolist()
        found = flips(margin, stands, here, grid, 0 if whole else HALVINGS)
        slope = _coefficient(reader, outcome, one, stands, base)
        rows.append(Tipping(stands, low, high, found, *slope))
    parameters = {one.name: one for one, _ in ranges}
    return switching_dataset(plan, list(parameters.values()), rows).assign_attrs(
        {
            "base": base,
            **limit.attrs,
            "met": int(here >= 0),
            **study_attrs("switching_values", reader, [outcome], parameters),
        }
    )


class Edge(NamedTuple):
    """Where a verdict changes.

    Attributes
    ----------
    value : float
        On the good side.
    good_side : str
        Of the value: ``above`` or ``below``.
    """

    value: float
    good_side: str


def edges_along(
    margin: Callable[[float], float],
    values: Sequence[float],
    margins: Sequence[float],
    halvings: int = HALVINGS,
) -> list[Edge]:
    """Return every place where a verdict changes, ascending.

    Parameters
    ----------
    margin : callable
        How far the outcome is on the good side at a value; at least 0 is good.
    values, margins : sequence of float
        Values that were tried, ascending, and the margins there.
    halvings : int
        How often an interval is halved; 0 where only the values tried have a meaning.

    Notes
    -----
    Where the margin turns between values of one verdict, the turn is closed in by golden section,
    so that a good stretch narrower than the steps, and a gap in one, are not stepped over.

    Examples
    --------
    >>> x = np.linspace(-3.0, 3.0, 4)
    >>> [edge.value for edge in edges_along(lambda x: 0.25 - x * x, x, 0.25 - x * x)]
    [-0.5, 0.5]
    """
    points = [(float(x), float(m)) for x, m in zip(values, margins, strict=True)]
    if halvings:
        points = sorted({*points, *_turns(margin, points)})
    found = []
    for (low, at_low), (high, at_high) in pairwise(points):
        good = at_low >= 0
        if good == (at_high >= 0):
            continue
        left, right = low, high
        for _ in range(halvings):
            half = (left + right) / 2
            if half in {left, right}:
                break
            if (margin(half) >= 0) == good:
                left = half
            else:
                right = half
        found.append(Edge(left, "below") if good else Edge(right, "above"))
    return found


GOLDEN = (5**0.5 - 1) / 2
TURNS = 60
"""Steps by which a turn of the margin is closed in, at most."""
BESIDE = 1e-3
"""Share of the outermost step at which the margin is asked whether it turns there."""


def _turns(
    margin: Callable[[float], float], points: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return points of the other verdict between neighbours that share one."""
    turned = []
    for i, (x, at) in enumerate(points):
        good = at >= 0
        around = points[max(i - 1, 0) : i + 2]
        heights = [abs(other) for _, other in around]
        # the least of those beside it, and not level with them
        if any((other >= 0) != good for _, other in around) or abs(at) > min(heights):
            continue
        low, high = around[0][0], around[-1][0]
        if max(heights) == min(heights):
            continue
        if len(around) == 2 and abs(margin(x + BESIDE * (low + high - 2 * x))) >= abs(at):
            continue
        crossing = _other_side(margin, good, low, high)
        if crossing is not None:
            turned.append((crossing, margin(crossing)))
    return turned


def _other_side(
    margin: Callable[[float], float], good: bool, low: float, high: float
) -> float | None:
    """Return where a margin that turns between two ends is of the other verdict."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = margin(left), margin(right)
    for _ in range(TURNS):
        for x, at in ((left, at_left), (right, at_right)):
            if (at >= 0) != good:
                return x
        if not low < left < right < high:
            return None
        if abs(at_left) <= abs(at_right):
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = margin(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = margin(right)
    return None


class Flips(NamedTuple):
    """Where a verdict changes along a range, and which of it is near.

    Attributes
    ----------
    edges : tuple of Edge
        All, ascending.
    nearest : int
        Place of the edge nearest to where the input stands; -1 where there is none.
    """

    edges: tuple[Edge, ...]
    nearest: int

    @property
    def edge(self) -> Edge:
        """The nearest edge; NaN and no side where there is none."""
        return self.edges[self.nearest] if self.edges else Edge(np.nan, "")

    @property
    def band(self) -> tuple[float, float]:
        """The ends of the good values at the nearest edge; NaN where no edge ends them."""
        if not self.edges:
            return np.nan, np.nan
        first = self.nearest - (self.edge.good_side == "below")
        low = self.edges[first].value if first >= 0 else np.nan
        high = self.edges[first + 1].value if first + 1 < len(self.edges) else np.nan
        return low, high


def flips(
    margin: Callable[[float], float],
    stands: float | None,
    here: float,
    grid: Sequence[float],
    halvings: int = HALVINGS,
) -> Flips:
    """Return where a verdict changes along a range, by the distance from where an input stands.

    Parameters
    ----------
    margin : callable
        How far the outcome is on the good side at a value; at least 0 is good.
    stands : float or None
        Where the input stands; None takes the nearest to the middle of the range.
    here : float
        The margin there.
    grid : sequence of float, shape (points,)
        Values that are tried first, ascending.
    halvings : int
        How often an interval is halved; 0 where only the grid's values have a meaning.

    Examples
    --------
    >>> found = flips(lambda x: 2 - x * x, 1.0, 1.0, np.linspace(-3, 3, 13))
    >>> found.edge, found.band
    (Edge(value=1.414213562373095, good_side='below'), (-1.414213562373095, 1.414213562373095))
    """
    values = [float(x) for x in grid]
    margins = [float(margin(x)) for x in values]
    if stands is not None and stands not in values and values[0] <= stands <= values[-1]:
        place = int(np.searchsorted(values, stands))
        values.insert(place, stands)
        margins.insert(place, here)
    edges = edges_along(margin, values, margins, halvings)
    snap = SNAP * (values[-1] - values[0])
    if stands is not None:  # any move at all
        edges = [e._replace(value=stands) if abs(e.value - stands) <= snap else e for e in edges]
    return nearest_of(edges, (values[0] + values[-1]) / 2 if stands is None else stands)


def nearest_of(edges: Sequence[Edge], stands: float) -> Flips:
    """Return edges with the nearest to a value marked; of two as near, the first."""
    if not edges:
        return Flips((), -1)
    nearest = min(range(len(edges)), key=lambda i: abs(edges[i].value - stands))
    return Flips(tuple(edges), nearest)


def _ranges(
    reader: Reader, indicator: str, inputs: Mapping[str, tuple[float, float]] | Sequence[str] | None
) -> list[tuple[Parameter, tuple[float, float]]]:
    plan = reader.plan
    if inputs is None:
        inputs = _usual(reader, indicator)
    ranges = []
    listed = inputs.items() if isinstance(inputs, Mapping) else [(name, None) for name in inputs]
    for name, ends in listed:
        one = parameter(plan, str(name))
        pair = span(ends or range_of(one, one.base(plan, reader.resolved)))
        if pair is None or pair[0] == pair[1]:
            raise SensitivityError(
                N_("{name}: a range is (low, high) with low < high; got {ends!r}."),
                name=name,
                ends=ends,
            )
        ranges.append((one, pair))
    return ranges


def _usual(reader: Reader, indicator: str) -> list[str]:
    """Return what is searched where nothing is said: the indicator's own numbers, and works."""
    names = []
    if indicator:
        growth, target, start = (
            parameter(reader.plan, f"{word}:{indicator}")
            for word in ("growth", "target", "baseline")
        )
        names.append(growth.name)
        # a forecast reads more than its start; growth that is set begins there
        grown = growth.base(reader.plan, reader.resolved) is not None
        names += [
            one.name
            for one in (target, *([start] if grown else []))
            if one.base(reader.plan, reader.resolved)
        ]
    for work in reader.resolved.works:
        if not work.finished and not work.cancelled:
            names.append(f"delay:{work.id}")
            names += [f"overrun:{work.id}"] if work.investment is not None else []
    return names


def _coefficient(
    reader: Reader, outcome: Outcome, one: Parameter, stands: float | None, base: float
) -> tuple[float, str]:
    """Return the relative change of the output over that of the input, or why there is none."""
    if stands is None:
        return np.nan, "as_forecast" if one.field == "growth" else "no_single_base"
    if stands == 0 or base == 0:
        return np.nan, "zero_base"
    moved = stands * (1 + STEP)
    if one.field == "forecast":
        moved = min(moved, 0.999)
    after = float(read_at(reader, [outcome], [one], {one.name: moved})[0])
    return ((after - base) / base) / ((moved - stands) / stands), ""


# Labels on tipping points: masks with their reasons, names and units.


class Tipping(NamedTuple):
    """One input's tipping point.

    Attributes
    ----------
    stands : float or None
        Where the input stands; None where nothing sets it.
    low, high : float
        The range that was searched.
    flips : Flips
        Where the verdict changes.
    coefficient, reason : float, str
        Sensitivity coefficient, or why there is none.
    """

    stands: float | None
    low: float
    high: float
    flips: Flips
    coefficient: float
    reason: str


def switching_dataset(
    plan: Plan, parameters: Sequence[Parameter], rows: Sequence[Tipping]
) -> xr.Dataset:
    """Return tipping points as a Dataset by input."""
    from corridor_model.results import Result

    stands = np.array(
        [np.nan if row.stands is None else row.stands for row in rows], dtype=np.float64
    )
    value = np.array([row.flips.edge.value for row in rows])
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(stands == 0, np.nan, (value - stands) / np.abs(stands))
    nothing = np.isnan(value)
    unset = np.where(np.isnan(stands), "as_forecast", np.where(stands == 0, "zero_base", ""))
    data = {
        "base": stands,
        "base_reason": np.where(np.isnan(stands), "as_forecast", ""),
        "switching_value": value,
        "switching_value_reason": np.where(nothing, "none_in_range", ""),
        "change": change,
        "change_reason": np.where(nothing, "none_in_range", unset),
        "low": np.array([row.low for row in rows]),
        "high": np.array([row.high for row in rows]),
        "good_side": np.array([row.flips.edge.good_side for row in rows], dtype=np.str_),
        "coefficient": np.array([row.coefficient for row in rows]),
        "coefficient_reason": np.array([row.reason for row in rows], dtype=np.str_),
    }
    ds = Result(
        {name: ("input", values) for name, values in data.items()},
        coords=parameter_coords(parameters, plan),
    ).assign(edge_variables("input", [row.flips for row in rows]))
    return label(ds, "switching_values")


def edge_variables(dim: str, found: Sequence[Flips]) -> dict[str, tuple[Any, Any]]:
    """Return all edges and the ends of the good values at the nearest one, as variables.

    Parameters
    ----------
    dim : str
        What they stand along; ``edge`` is the dimension beside it.
    found : sequence of Flips
        In the order of that dimension.
    """
    most = max((len(one.edges) for one in found), default=0)
    value = np.full((len(found), max(most, 1)), np.nan)
    side = np.full(value.shape, "", dtype="<U5")
    for row, one in enumerate(found):
        for k, edge in enumerate(one.edges):
            value[row, k], side[row, k] = edge
    band = np.array([one.band for one in found]).reshape(-1, 2)
    variables: dict[str, tuple[Any, Any]] = {
        "crossings": (dim, np.array([len(one.edges) for one in found], dtype=np.int64)),
        "edge_value": ((dim, "edge"), value),
        "edge_value_reason": ((dim, "edge"), np.where(np.isnan(value), "none_in_range", "")),
        "edge_good_side": ((dim, "edge"), side),
    }
    for name, ends in zip(("band_low", "band_high"), band.T, strict=True):
        variables[name] = dim, ends
        variables[f"{name}_reason"] = dim, np.where(np.isnan(ends), "none_in_range", "")
    return variables
