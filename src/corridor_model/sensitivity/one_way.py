"""One input at a time: how far each moves an output, the largest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_model.scenario.draws.keyed import checked_seed
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import lever
from corridor_model.sensitivity.one_way_labels import described, effects_dataset
from corridor_model.sensitivity.outputs import output as output_of
from corridor_model.sensitivity.ranges import LEVELS, Inputs, checked_levels, ranges_of
from corridor_model.sensitivity.reader import Reader
from corridor_model.sensitivity.turning import read_at

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.given import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario

Array = NDArray[np.float64]


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
        :func:`corridor_model.sensitivity.outputs.output`.
    inputs : mapping or sequence of str, optional
        Name, such as ``delay:binhai_avenue`` or ``growth:gdp``, to a Distribution (its
        quantiles at ``levels``), to (low, high), or to a share x (±x of where it stands); names
        alone mean ±``share``. By default delay and cost of every work
        (:func:`corridor_model.sensitivity.defaults.default_inputs`), and for an output of an
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
