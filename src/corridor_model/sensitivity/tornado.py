"""One input at a time: how far each moves an output, the largest first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.arguments import mapping
from corridor_model.draws import Seed, checked_seed
from corridor_model.frozen import distribution_of
from corridor_model.labels import label
from corridor_model.messages import N_, Listing
from corridor_model.plan.uncertainties import FASTEST
from corridor_model.sensitivity.evaluator import Reader, read_at, study_attrs
from corridor_model.sensitivity.inputs import SensitivityError, span
from corridor_model.sensitivity.outcomes import Outcome
from corridor_model.sensitivity.outcomes import outcome as outcome_of
from corridor_model.sensitivity.parameters import (
    Default,
    default_inputs,
    parameter,
    parameter_coords,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


LEVELS = (0.1, 0.9)
"""Quantiles of a distribution that stand for low and high."""


def tornado(
    plan: Plan,
    output: str,
    inputs: Inputs = None,
    *,
    scenario: Scenario | None = None,
    observations: ObservationsLike = None,
    share: float = 0.1,
    levels: tuple[float, float] = LEVELS,
    seed: Seed = 0,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> xr.Dataset:
    """Return how far each input moves an output, by itself, the largest first.

    Parameters
    ----------
    plan : Plan
        The plan.
    output : str
        Such as ``inside_plan``, ``km_open:2022``, ``value:gdp`` or ``p_reach:gdp``; see
        :func:`corridor_model.sensitivity.outcomes.outcome`.
    inputs : mapping or sequence of str, optional
        Name, such as ``delay:binhai_avenue`` or ``growth:gdp``, to a Distribution or a frozen
        one of scipy (its quantiles at ``levels``), to (low, high), or to a share x (±x of where
        it stands, the lower end first where that is below 0); names
        alone mean ±``share``. By default delay and cost of every work
        (:func:`corridor_model.sensitivity.parameters.default_inputs`), and for an output of an
        indicator the growth its forecast implies at ``levels``.
    scenario : Scenario, optional
        Where all other inputs stand; None is as planned.
    observations : Observations, path or DataFrame, optional
        As for :func:`corridor_model.simulate`.
    share : float, default 0.1
        Of inputs given by name alone.
    levels : (float, float), default (0.1, 0.9)
        Quantiles of a Distribution that stand for low and high.
    seed : int, Generator or None, default 0
        Of uncertain works that are not inputs.
    as_of, known_by, forecasts : optional
        As for :func:`corridor_model.simulate`.

    Returns
    -------
    xarray.Dataset
        By ``input``, sorted by swing: low, base, high (of the input; base is masked where it
        stands as forecast), output_low, output_high, swing (from the least to the most of low,
        base and high), share_of_swing, origin. Attributes: output, its base value and unit;
        ``remainder_low`` and ``remainder_high``, what all inputs together do beyond the sum of
        the single effects; ``additive``, 1 where that is nothing and the bars are exact.

    Raises
    ------
    SensitivityError
        For a name nothing carries, or an input that stands at 0 and is given as a share.

    References
    ----------
    Eschenbach (1992), Spiderplots versus tornado diagrams for sensitivity analysis, Interfaces
    22(6), 40-46.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ds = tornado(cm.load_plan(), "km_open:2022")
    >>> str(ds["input"].values[0]), round(float(ds["swing"][0]), 2)
    ('delay:wenzhou_avenue_east', 3.63)
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
    ranges = ranges_of(reader, outcome, inputs, share, checked_levels(levels))
    names = list(ranges)
    parameters = [parameter(plan, name) for name in names]
    low, high = np.array([ranges[n][:2] for n in names]).T
    base = float(reader.read([outcome])[0])

    def at(values: Mapping[str, float]) -> float:
        return float(read_at(reader, [outcome], parameters, values)[0])

    downs = np.array([at({name: value}) for name, value in zip(names, low, strict=True)])
    ups = np.array([at({name: value}) for name, value in zip(names, high, strict=True)])
    together = [at(dict(zip(names, side, strict=True))) for side in (low, high)]
    stands = [one.base(plan, reader.resolved) for one in parameters]
    ds = effects_dataset(names, (low, high), stands, base, (downs, ups), together)
    ds["origin"] = ("input", [ranges[str(name)][2] for name in ds["input"].values])
    ds["base_reason"] = ("input", np.where(np.isnan(ds["base"].values), "as_forecast", ""))
    by_name = {one.name: one for one in parameters}
    in_order = [by_name[str(name)] for name in ds["input"].values]
    ds = label(ds.assign_coords(parameter_coords(in_order, plan)), "tornado", outcome.unit(plan))
    return ds.assign_attrs(study_attrs("tornado", reader, [outcome], by_name))


def one_at_a_time(
    func: Callable[[Array], ArrayLike],
    base: Mapping[str, float],
    low: Mapping[str, float],
    high: Mapping[str, float],
) -> xr.Dataset:
    """Return a tornado of any function.

    Parameters
    ----------
    func : callable
        From an array of shape (inputs, n), one row an input in the order of ``base``, to (n,).
    base, low, high : mapping
        Values by input; all three name the same ones, and none is higher at its low end.

    Raises
    ------
    SensitivityError
        If they do not name the same inputs, or ends are not finite and in order.

    Returns
    -------
    xarray.Dataset
        As of :func:`tornado`.

    Examples
    --------
    >>> ds = one_at_a_time(lambda x: x[0] * x[1], {"a": 2, "b": 3}, {"a": 1, "b": 2},
    ...                      {"a": 4, "b": 5})
    >>> ds["swing"].to_series().to_dict()
    {'a': 9.0, 'b': 6.0}
    """
    base, low, high = mapping("base", base), mapping("low", low), mapping("high", high)
    names = list(base)
    if set(low) != set(base) or set(high) != set(base) or not names:
        raise SensitivityError(N_("base, low and high must name the same inputs."))
    start = np.array([float(base[n]) for n in names])
    ends = [span((low[n], high[n])) for n in names]
    wrong = [n for n, one in zip(names, ends, strict=True) if one is None]
    if wrong:
        raise SensitivityError(
            N_("low must not be above high, and both finite: {names}."), names=Listing(wrong)
        )
    down, up = np.array([one for one in ends if one is not None]).T
    k = len(names)
    x = np.tile(start[:, None], (1, 2 * k + 3))
    x[np.arange(k), np.arange(k)] = down
    x[np.arange(k), k + np.arange(k)] = up
    x[:, 2 * k + 1], x[:, 2 * k + 2] = down, up
    y = np.asarray(func(x), dtype=np.float64)
    if y.shape != (2 * k + 3,) or not np.isfinite(y).all():
        raise SensitivityError(
            N_("func must answer {n} finite numbers to {n} columns."), n=2 * k + 3
        )
    return effects_dataset(
        names, (down, up), start.tolist(), y[2 * k], (y[:k], y[k : 2 * k]), y[-2:].tolist()
    )


# Labels on a tornado: the effects sorted by swing, and how far they add up.

EXACT = 1e-9
"""Relative remainder below which single effects add up."""


def effects_dataset(
    names: Sequence[str],
    ends: tuple[Array, Array],
    stands: Sequence[float | None],
    base: float,
    answers: tuple[Array, Array],
    together: Sequence[float],
) -> xr.Dataset:
    """Return the effects sorted by swing; of equal ones, in the order given."""
    from corridor_model.results import Result

    low, high = answers
    # the base may lie outside: a road due at the year's end is late at both ends of a delay
    ends_of = np.array([low, np.full(len(names), base), high])
    swing = ends_of.max(axis=0) - ends_of.min(axis=0)
    order = np.argsort(-swing, kind="stable")
    both = zip(together, answers, strict=True)
    remainder = [float(whole - base - (one - base).sum()) for whole, one in both]
    scale = max(abs(base), float(np.abs(np.array(together)).max()), 1e-300)
    data = {
        "low": ends[0],
        "base": np.array([np.nan if b is None else b for b in stands], dtype=np.float64),
        "high": ends[1],
        "output_low": low,
        "output_high": high,
        "swing": swing,
        "share_of_swing": swing / swing.sum() if swing.sum() > 0 else np.zeros(len(names)),
    }
    ds = Result(
        {name: ("input", np.asarray(values)[order]) for name, values in data.items()},
        coords={"input": [names[i] for i in order]},
    )
    ds.attrs = {
        "study": "tornado",
        "base": float(base),
        "remainder_low": float(remainder[0]),
        "remainder_high": float(remainder[1]),
        "additive": int(max(map(abs, remainder)) <= EXACT * scale),
    }
    return ds


# How far each input goes: quantiles, ends, or a share of where it stands.

Inputs = Mapping[str, Any] | Sequence[str] | None


def checked_levels(levels: tuple[float, float]) -> tuple[float, float]:
    """Return the two probabilities that stand for low and high."""
    try:
        low, high = map(float, levels)
    except (TypeError, ValueError):
        low = high = 0.0
    if not 0 < low < high < 1:
        raise SensitivityError(
            N_("levels must be two probabilities in ascending order; got {levels!r}."),
            levels=levels,
        )
    return low, high


def ranges_of(
    reader: Reader, outcome: Outcome, inputs: Inputs, share: float, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return low, high and origin of every input."""
    ranges = {}
    if inputs is None:
        for name, usual in default_inputs(reader.plan, reader.resolved).items():
            ranges[name] = *_ends(reader, name, usual.distribution, levels), usual.origin
        if outcome.kind.of == "indicator":
            ranges |= growth_range(reader, outcome.key, levels)
        if not ranges:
            raise SensitivityError(
                N_(
                    "Nothing can be varied by itself here: no work is open and nothing is "
                    "forecast. Give inputs."
                )
            )
        return ranges
    values = inputs if isinstance(inputs, Mapping) else dict.fromkeys(inputs, share)
    if not values:
        raise SensitivityError(N_("Give at least one input."))
    for name, value in values.items():
        span, origin = value, "user"
        if isinstance(value, Default):
            span, origin = value.distribution, value.origin
        ranges[str(name)] = *_ends(reader, str(name), span, levels), origin
    return ranges


def _ends(
    reader: Reader, name: str, value: Any, levels: tuple[float, float]
) -> tuple[float, float]:
    one = parameter(reader.plan, name)
    spread = distribution_of(value)
    if spread is not None:
        low, high = spread.ppf(levels)
        return float(low), float(high)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        base = one.base(reader.plan, reader.resolved)
        if not base:
            raise SensitivityError(
                N_(
                    "{name} stands at 0, so that a share of it means nothing. Give (low, high): "
                    "{{{name!r}: (low, high)}}."
                )
                if base == 0
                else N_(
                    "{name} stands at no single number, so that a share of it means nothing. "
                    "Give (low, high): {{{name!r}: (low, high)}}."
                ),
                name=name,
            )
        # a share of what stands below 0 leads down where it is added
        low, high = sorted((base * (1 - value), base * (1 + value)))
        value = low, high
    ends = span(value)
    if ends is None:
        raise SensitivityError(
            N_(
                "{name}: give a Distribution, (low, high) with low <= high, or a share; got "
                "{value!r}."
            ),
            name=name,
            value=value,
        )
    return ends


# The yearly growth that a forecast implies: the same end value, said as a rate.

LOWEST, HIGHEST = -0.95, FASTEST


def growth_range(
    reader: Reader, indicator: str, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return by ``growth:indicator`` the rates that end at two quantiles of its forecast.

    Nothing where growth is set already, the target year is known, nothing is forecast, or no
    rate leads there.
    """
    growth = parameter(reader.plan, f"growth:{indicator}")
    outlook = reader.outlook(reader.resolved, indicator)
    if outlook.reason or growth.base(reader.plan, reader.resolved) is not None:
        return {}
    value = outcome_of(reader.plan, f"value:{indicator}:{outlook.goal.year}")
    if not np.isnan(outlook.known[outlook.goal.year - int(outlook.years[0])]):
        return {}

    def ends(rate: float) -> float:
        return float(reader.read([value], growth.change(rate, reader.resolved))[0])

    targets = [float(reader.read([value], (), {indicator: level})[0]) for level in levels]
    rates = [rate for rate in (_solved(ends, one) for one in targets) if rate is not None]
    if len(rates) < len(targets):
        return {}
    return {growth.name: (min(rates), max(rates), outlook.origin)}


def _solved(ends: Callable[[float], float], target: float) -> float | None:
    from scipy.optimize import brentq

    def off(rate: float) -> float:
        return ends(rate) - target

    if off(LOWEST) * off(HIGHEST) > 0:
        return None
    return float(brentq(off, LOWEST, HIGHEST, xtol=1e-10))
