"""One input at a time: how far each moves an output, the largest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.distributions import Distribution
from corridor_model.draws import checked_seed
from corridor_model.labels import label
from corridor_model.plan.uncertainties import FASTEST
from corridor_model.sensitivity.evaluator import Reader, read_at, study_attrs
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import Output
from corridor_model.sensitivity.outcomes import output as output_of
from corridor_model.sensitivity.parameters import Default, default_inputs, lever

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.load import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


# How far each input of a tornado goes: quantiles, ends, or a share of where it stands.

LEVELS = (0.1, 0.9)
"""Quantiles of a distribution that stand for low and high."""


def tornado(
    plan: Plan,
    output: str,
    inputs: Inputs = None,
    *,
    scenario: Scenario | None = None,
    observations: Given = None,
    share: float = 0.1,
    levels: tuple[float, float] = LEVELS,
    seed: int = 0,
) -> xr.Dataset:
    """Return how far each input moves an output, by itself, the largest first.

    Parameters
    ----------
    plan : Plan
        The plan.
    output : str
        Such as ``inside_plan``, ``km_open:2022``, ``value:gdp`` or ``p_reach:gdp``; see
        :func:`corridor_model.sensitivity.outcomes.output`.
    inputs : mapping or sequence of str, optional
        Name, such as ``delay:binhai_avenue`` or ``growth:gdp``, to a Distribution (its
        quantiles at ``levels``), to (low, high), or to a share x (±x of where it stands); names
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
    seed : int, default 0
        Of uncertain works that are not inputs.

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
    >>> made = tornado(cm.load_plan(), "km_open:2022")
    >>> str(made["input"].values[0]), round(float(made["swing"][0]), 2)
    ('delay:wenzhou_avenue_east', 3.63)
    """
    reader = Reader(plan, scenario, observations, checked_seed(seed))
    asked = output_of(plan, output)
    chosen = ranges_of(reader, asked, inputs, share, checked_levels(levels))
    names = list(chosen)
    turns = [lever(plan, name) for name in names]
    low, high = np.array([chosen[n][:2] for n in names]).T
    base = float(reader.read([asked])[0])

    def at(values: Mapping[str, float]) -> float:
        return float(read_at(reader, [asked], turns, values)[0])

    downs = np.array([at({name: value}) for name, value in zip(names, low, strict=True)])
    ups = np.array([at({name: value}) for name, value in zip(names, high, strict=True)])
    together = [at(dict(zip(names, side, strict=True))) for side in (low, high)]
    stands = [turn.base(plan, reader.resolved) for turn in turns]
    made = effects_dataset(names, (low, high), stands, base, (downs, ups), together)
    origins = {name: origin for name, (_, _, origin) in chosen.items()}
    return described(made, asked, reader, origins)


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
        Values by input; all three name the same ones.

    Returns
    -------
    xarray.Dataset
        As of :func:`tornado`.

    Examples
    --------
    >>> made = one_at_a_time(lambda x: x[0] * x[1], {"a": 2, "b": 3}, {"a": 1, "b": 2},
    ...                      {"a": 4, "b": 5})
    >>> made["swing"].to_series().to_dict()
    {'a': 9.0, 'b': 6.0}
    """
    names = list(base)
    if set(low) != set(base) or set(high) != set(base) or not names:
        raise SensitivityError(
            "base, low and high must name the same inputs.", "base、low、high的输入名称应相同。"
        )
    start, down, up = (np.array([float(of[n]) for n in names]) for of in (base, low, high))
    k = len(names)
    x = np.tile(start[:, None], (1, 2 * k + 3))
    x[np.arange(k), np.arange(k)] = down
    x[np.arange(k), k + np.arange(k)] = up
    x[:, 2 * k + 1], x[:, 2 * k + 2] = down, up
    y = np.asarray(func(x), dtype=np.float64)
    if y.shape != (2 * k + 3,) or not np.isfinite(y).all():
        raise SensitivityError(
            f"func must answer {2 * k + 3} finite numbers to {2 * k + 3} columns.",
            f"函数对{2 * k + 3}列输入应返回同样多的有限数。",
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
    """Return the effects sorted by swing; of equal ones, as they were told."""
    import xarray as xr

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
    made = xr.Dataset(
        {name: ("input", np.asarray(values)[order]) for name, values in data.items()},
        coords={"input": [names[i] for i in order]},
    )
    made.attrs = {
        "study": "tornado",
        "base": float(base),
        "remainder_low": float(remainder[0]),
        "remainder_high": float(remainder[1]),
        "additive": int(max(map(abs, remainder)) <= EXACT * scale),
    }
    return made


def described(
    made: xr.Dataset, asked: Output, reader: Reader, origins: Mapping[str, str]
) -> xr.Dataset:
    """Return a tornado of a plan with names, units and origins."""
    plan, unit = reader.plan, asked.unit(reader.plan)
    turns = [lever(plan, str(name)) for name in made["input"].values]
    made["origin"] = ("input", [origins[turn.name] for turn in turns])
    unset = np.isnan(made["base"].values)
    made["base_reason"] = ("input", np.where(unset, "as_forecast", ""))
    made = made.assign_coords(
        name_zh=("input", [turn.title(plan, "zh") for turn in turns]),
        name_en=("input", [turn.title(plan, "en") for turn in turns]),
        unit=("input", [turn.unit(plan) for turn in turns]),
    )
    label(made, "tornado", unit)
    made.attrs |= {
        "output": asked.name,
        "output_zh": asked.title(plan, "zh"),
        "output_en": asked.title(plan, "en"),
        "unit": unit,
        **study_attrs("tornado", reader, [asked], {turn.name: turn for turn in turns}),
    }
    return made


Inputs = Mapping[str, Any] | Sequence[str] | None


def checked_levels(levels: tuple[float, float]) -> tuple[float, float]:
    """Return the two probabilities that stand for low and high."""
    low, high = levels
    if not 0 < low < high < 1:
        raise SensitivityError(
            f"levels must be two probabilities in ascending order; got {levels!r}.",
            f"levels应为升序的两个概率；现为{levels!r}。",
        )
    return low, high


def ranges_of(
    reader: Reader, asked: Output, inputs: Inputs, share: float, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return low, high and origin of every input."""
    plan = reader.plan
    if inputs is None:
        found = default_inputs(plan, reader.resolved)
        made = {}
        for name, one in found.items():
            low, high = one.distribution.ppf(levels)
            made[name] = float(low), float(high), one.origin
        if asked.kind.of == "indicator":
            made |= growth_range(reader, asked.key, levels)
        if not made:
            raise SensitivityError(
                "Nothing can be varied by itself here: no work is open and nothing is forecast. "
                "Give inputs.",
                "没有可变动的输入：没有未完工的工程，也没有预测。请给出输入。",
            )
        return made
    given = inputs if isinstance(inputs, Mapping) else dict.fromkeys(inputs, share)
    if not given:
        raise SensitivityError("Give at least one input.", "请至少给出一个输入。")
    made = {}
    for name, value in given.items():
        said, origin = value, "user"
        if isinstance(value, Default):
            said, origin = value.distribution, value.origin
        made[str(name)] = *_ends(reader, str(name), said, levels), origin
    return made


def _ends(
    reader: Reader, name: str, given: Any, levels: tuple[float, float]
) -> tuple[float, float]:
    turn = lever(reader.plan, name)
    if isinstance(given, Distribution):
        low, high = given.ppf(levels)
        return float(low), float(high)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        base = turn.base(reader.plan, reader.resolved)
        if not base:
            raise SensitivityError(
                f"{name} stands at {'0' if base == 0 else 'no single number'}, so that a share "
                f"of it means nothing. Give (low, high): {{{name!r}: (low, high)}}.",
                f"“{name}”现值为0或没有唯一数值，不能按百分比变动，请给出（低，高）。",
            )
        return base * (1 - given), base * (1 + given)
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise SensitivityError(
            f"{name}: give a Distribution, (low, high) with low <= high, or a share; "
            f"got {given!r}.",
            f"“{name}”：请给出分布、（低，高）或百分比；现为{given!r}。",
        )
    return low, high


# The yearly growth that a forecast implies: the same end value, said as a rate.

LOWEST, HIGHEST = -0.95, FASTEST


def growth_range(
    reader: Reader, indicator: str, levels: tuple[float, float]
) -> dict[str, tuple[float, float, str]]:
    """Return by ``growth:indicator`` the rates that end at two quantiles of its forecast.

    Nothing where growth is set already, the target year is known, nothing is forecast, or no
    rate leads there.
    """
    turn = lever(reader.plan, f"growth:{indicator}")
    outlook = reader.outlook(reader.resolved, indicator)
    if outlook.reason or turn.base(reader.plan, reader.resolved) is not None:
        return {}
    asked = output_of(reader.plan, f"value:{indicator}:{outlook.goal.year}")
    if not np.isnan(outlook.known[outlook.goal.year - int(outlook.years[0])]):
        return {}

    def ends(rate: float) -> float:
        return float(reader.read([asked], turn.change(rate, reader.resolved))[0])

    found = []
    for level in levels:
        wanted = float(reader.read([asked], (), {indicator: level})[0])
        found.append(_solved(ends, wanted))
    if any(rate is None for rate in found):
        return {}
    low, high = sorted(float(rate) for rate in found if rate is not None)
    return {turn.name: (low, high, outlook.origin)}


def _solved(ends: object, wanted: float) -> float | None:
    from scipy.optimize import brentq

    def off(rate: float) -> float:
        return float(ends(rate) - wanted)  # type: ignore[operator]

    if off(LOWEST) * off(HIGHEST) > 0:
        return None
    return float(brentq(off, LOWEST, HIGHEST, xtol=1e-10))
