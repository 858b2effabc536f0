"""Which change of a scenario did it: shares free of order, beside the ordered waterfall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from corridor_model.plan.given import must_be_plan
from corridor_model.scenario.draws.keyed import checked_seed
from corridor_model.scenario.language.changes import Change
from corridor_model.scenario.language.model import Scenario, must_be_scenario
from corridor_model.scenario.language.words import change_text
from corridor_model.scenario.works.resolve import resolve
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.outputs import outputs as outputs_of
from corridor_model.sensitivity.reader import Reader
from corridor_model.sensitivity.shapley import Shares, shapley_values
from corridor_model.sensitivity.study import study_attrs

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.given import Given
    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]


def attribute(
    plan: Plan,
    scenario: Scenario,
    outputs: Iterable[str] | str | None = None,
    *,
    observations: Given = None,
    orders: int = 256,
    level: float = 0.95,
    seed: int = 0,
) -> xr.Dataset:
    """Return how much of what a scenario does comes from each of its changes.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario
        Whose changes are judged, against the same settings without changes.
    outputs : str or iterable of str, optional
        Names such as ``inside_plan``, ``km_open:2022``, ``p_reach:gdp``. By default money inside
        and after the plan, roads and kilometres open by its end, the expected number of
        promises kept, and the odds of every target that the scenario moves.
    observations : Observations, path or DataFrame, optional
        As for :func:`corridor_model.simulate`.
    orders : int, default 256
        Random orders beyond 12 changes.
    level : float, default 0.95
        Of the interval of sampled shares.
    seed : int, default 0
        Of uncertain works and random orders.

    Returns
    -------
    xarray.Dataset
        share (change, output): the Shapley value, exact up to 12 changes; share_low and
        share_high; ordered (change, output): what each adds in the order written; before
        and after (output). Shares sum to after less before, and so does the ordered column.
        Coordinates change_zh and change_en say each change in words; ``exact`` in the
        attributes.

    Raises
    ------
    PlanError
        For a scenario with mistakes.
    SensitivityError
        For a scenario without changes, or an output that has no number.

    Notes
    -----
    Subsets keep the order in which changes are written, so that a later change of the same field
    still wins over an earlier one.

    Examples
    --------
    >>> import corridor_model as cm
    >>> both = cm.Scenario("both", cm.Delay("jinliwen_expressway", months=12),
    ...                    cm.Overrun("jinliwen_expressway", factor=1.2))
    >>> attribute(cm.load_plan(), both, "inside_plan")["share"].round(2).values.ravel()
    array([-22.,  10.])
    """
    must_be_plan(plan)
    must_be_scenario(scenario)
    seed = checked_seed(seed)
    changes = scenario.changes
    base = Scenario("as planned", settings=scenario.settings)
    resolve(plan, scenario)  # refused whole, before anything is computed
    reader = Reader(plan, base, observations, seed)
    asked = _asked(plan, reader, changes, outputs)

    def value(who: tuple[int, ...]) -> Array:
        return reader.read(asked, tuple(changes[i] for i in who))

    shares = shapley_values(value, len(changes), orders=orders, seed=seed)
    steps = np.array([value(tuple(range(i))) for i in range(len(changes) + 1)])
    return _dataset(plan, scenario, asked, shares, np.diff(steps, axis=0), level, reader)


def _asked(
    plan: Plan, reader: Reader, changes: tuple[Change, ...], given: Iterable[str] | str | None
) -> list[Output]:
    if given is not None:
        return outputs_of(plan, given)
    names = ["inside_plan", "beyond_horizon", "total", "roads_open", "km_open", "expected_reached"]
    names = names if plan.projects else names[-1:]
    after = reader.turned(changes)
    odds = [
        f"p_reach:{name}"
        for name in plan.indicators
        if not reader.outlook(reader.resolved, name).reason
        and not reader.outlook(after, name).reason
    ]
    listed = outputs_of(plan, odds) if odds else []
    moved = reader.read(listed) != reader.read_resolved(listed, after)
    return outputs_of(plan, names) + [one for one, does in zip(listed, moved, strict=True) if does]


def _dataset(
    plan: Plan,
    scenario: Scenario,
    asked: list[Output],
    shares: Shares,
    ordered: Array,
    level: float,
    reader: Reader,
) -> xr.Dataset:
    import xarray as xr

    half = float(ndtri((1 + level) / 2)) * shares.error
    by = ("change", "output")
    made = xr.Dataset(
        {
            "share": (by, shares.parts),
            "share_low": (by, shares.parts - half),
            "share_high": (by, shares.parts + half),
            "ordered": (by, ordered),
            "before": ("output", shares.none),
            "after": ("output", shares.all),
        },
        coords={
            "change": np.arange(1, len(scenario.changes) + 1),
            "change_zh": ("change", [change_text(c, plan, "zh") for c in scenario.changes]),
            "change_en": ("change", [change_text(c, plan, "en") for c in scenario.changes]),
            "output": [one.name for one in asked],
            "output_zh": ("output", [one.title(plan, "zh") for one in asked]),
            "output_en": ("output", [one.title(plan, "en") for one in asked]),
            "unit": ("output", [one.unit(plan) for one in asked]),
        },
    )
    for name, text in {
        "share": "Shapley value of the change / 归因（与次序无关）",
        "share_low": "lower bound / 下限",
        "share_high": "upper bound / 上限",
        "ordered": "what it adds in the order written / 按书写次序",
        "before": "without the changes / 改动前",
        "after": "with all changes / 改动后",
    }.items():
        made[name].attrs = {"long_name": text, "units": "see unit"}
    told = study_attrs(reader) | {"scenario": scenario.name, "scenario_text": scenario.to_toml()}
    made.attrs = {"exact": int(shares.exact), "level": level, **told}
    return made
