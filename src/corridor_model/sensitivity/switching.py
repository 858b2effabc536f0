"""Tipping points: the value of each input at which a target is just met (临界点).

Each input is varied alone along a range, from where it stands to both sides. Where the verdict
flips, the flip is closed in by halving, so that jumps (a road that opens a month too late)
are located as surely as smooth crossings; what is reported lies on the good side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.draws import checked_seed
from corridor_model.labels import label
from corridor_model.messages import N_
from corridor_model.sensitivity.evaluator import (
    Reader,
    margin_at,
    read_at,
    study_attrs,
    threshold_of,
)
from corridor_model.sensitivity.inputs import SensitivityError, span
from corridor_model.sensitivity.outcomes import Outcome
from corridor_model.sensitivity.outcomes import outcome as outcome_of
from corridor_model.sensitivity.parameters import Parameter, parameter, parameter_coords, range_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


POINTS = 65
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
    sense: str | None = None,
    scenario: Scenario | None = None,
    observations: ObservationsLike = None,
    points: int = POINTS,
    seed: int = 0,
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
    scenario, observations, seed
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
    if isinstance(points, bool) or not isinstance(points, int) or points < 3:
        raise SensitivityError(N_("points must be at least 3; got {points!r}."), points=points)
    reader = Reader(plan, scenario, observations, checked_seed(seed))
    outcome = outcome_of(plan, output)
    limit = threshold_of(reader, outcome, threshold, sense)
    ranges = _ranges(reader, outcome.key if outcome.kind.of == "indicator" else "", inputs)
    met = limit.margin(float(reader.read([limit.outcome])[0])) >= 0
    base = float(reader.read([outcome])[0])
    rows = []
    for one, (low, high) in ranges:
        stands = one.base(plan, reader.resolved)

        def good(value: float, one: Parameter = one) -> bool:
            return margin_at(reader, limit, [one], {one.name: value}) >= 0

        whole = one.field == "cancel"
        grid = np.array([0.0, 1.0]) if whole else np.linspace(low, high, points)
        flip = nearest_flip(good, met, stands, grid, 0 if whole else HALVINGS)
        slope = _coefficient(reader, outcome, one, stands, base)
        rows.append(Tipping(stands, low, high, flip, *slope))
    parameters = {one.name: one for one, _ in ranges}
    return switching_dataset(plan, list(parameters.values()), rows).assign_attrs(
        {
            "base": base,
            **limit.attrs,
            "met": int(met),
            **study_attrs("switching_values", reader, [outcome], parameters),
        }
    )


class Flip(NamedTuple):
    """Where a verdict changes, nearest to where the input stands.

    Attributes
    ----------
    value : float
        On the good side; NaN where there is none.
    crossings : int
        How often the verdict changes along the range.
    good_side : str
        Of the value: ``above`` or ``below``; empty where there is none.
    """

    value: float
    crossings: int
    good_side: str


def nearest_flip(
    good: Callable[[float], bool],
    met: bool,
    stands: float | None,
    grid: np.ndarray,
    halvings: int = HALVINGS,
) -> Flip:
    """Return where a verdict changes, nearest to where an input stands.

    Parameters
    ----------
    good : callable
        Verdict at a value.
    met : bool
        Verdict where the input stands.
    stands : float or None
        Where that is; None takes the nearest to the middle of the range.
    grid : ndarray, shape (points,)
        Values that are tried first, ascending.
    halvings : int
        How often the interval is halved; 0 where only the grid's values have a meaning.

    Examples
    --------
    >>> nearest_flip(lambda x: x * x <= 2, True, 0.0, np.linspace(-3, 3, 13))
    Flip(value=-1.414213562373095, crossings=2, good_side='above')
    """
    verdicts = [bool(good(float(x))) for x in grid]
    values = list(map(float, grid))
    if stands is not None and stands not in values and grid[0] <= stands <= grid[-1]:
        place = int(np.searchsorted(grid, stands))
        values.insert(place, stands)
        verdicts.insert(place, met)
    changes = [i for i in range(len(values) - 1) if verdicts[i] != verdicts[i + 1]]
    if not changes:
        return Flip(np.nan, 0, "")
    middle = (values[0] + values[-1]) / 2 if stands is None else stands
    nearest = min(changes, key=lambda i: min(abs(values[i] - middle), abs(values[i + 1] - middle)))
    left, right = values[nearest], values[nearest + 1]
    of_left = verdicts[nearest]
    for _ in range(halvings):
        half = (left + right) / 2
        if half in {left, right}:
            break
        if bool(good(half)) == of_left:
            left = half
        else:
            right = half
    value = left if of_left else right
    if stands is not None and abs(value - stands) <= SNAP * (values[-1] - values[0]):
        value = stands  # any move at all
    return Flip(value, len(changes), "below" if of_left else "above")


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
    flip : Flip
        What was found.
    coefficient, reason : float, str
        Sensitivity coefficient, or why there is none.
    """

    stands: float | None
    low: float
    high: float
    flip: Flip
    coefficient: float
    reason: str


def switching_dataset(
    plan: Plan, parameters: Sequence[Parameter], rows: Sequence[Tipping]
) -> xr.Dataset:
    """Return tipping points as a Dataset by input."""
    import xarray as xr

    stands = np.array(
        [np.nan if row.stands is None else row.stands for row in rows], dtype=np.float64
    )
    value = np.array([row.flip.value for row in rows])
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
        "crossings": np.array([row.flip.crossings for row in rows], dtype=np.int64),
        "good_side": np.array([row.flip.good_side for row in rows], dtype=np.str_),
        "coefficient": np.array([row.coefficient for row in rows]),
        "coefficient_reason": np.array([row.reason for row in rows], dtype=np.str_),
    }
    ds = xr.Dataset(
        {name: ("input", values) for name, values in data.items()},
        coords=parameter_coords(parameters, plan),
    )
    return label(ds, "switching_values")
