"""Labels on Sobol indices: the Dataset, with bounds and whether there were points enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from corridor_model.sensitivity.estimators import Indices

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]
LONG_NAMES = {
    "S1": "first-order Sobol index: share of the variance by itself / 一阶指数",
    "ST": "total Sobol index: share with all interactions / 总指数",
    "S2": "second-order Sobol index: share of a pair beyond its parts / 二阶指数",
    "S2_reason": "why a pair is masked / 屏蔽原因",
    "variance": "variance over the inputs / 方差",
    "mean": "mean over the inputs / 均值",
    "zero_variance": "whether the output never moves / 输出是否不变",
    "converged": "whether every half width is within the tolerance / 是否收敛",
    "n_converge": "points that would bring every half width within the tolerance / 收敛所需点数",
}


@dataclass(frozen=True)
class Study:
    """How the indices were made."""

    inputs: list[str]
    n: int
    seed: int
    resamples: int
    level: float
    tolerance: float
    second: bool
    groups: Mapping[str, Sequence[str]] | None = None


def indices_dataset(
    outputs: Sequence[str], found: Sequence[Indices], touched: Sequence[Sequence[int]], study: Study
) -> xr.Dataset:
    """Return indices as a Dataset; what does not touch an output has exactly 0.

    Parameters
    ----------
    outputs : sequence of str
        Names.
    found : sequence of Indices
        One an output, over the inputs that touch it.
    touched : sequence of sequence of int
        Places of those inputs.
    study : Study
        How they were made.
    """
    import xarray as xr

    k = len(study.inputs)
    by = ("output", "input")
    data: dict[str, tuple[tuple[str, ...], Any]] = {}
    tables = [
        _spread_out(made, list(at), k, study) for made, at in zip(found, touched, strict=True)
    ]
    for name in ("S1", "ST"):
        for end in ("", "_low", "_high"):
            data[name + end] = by, np.array([table[name + end] for table in tables])
    if study.second:
        pairs = [_square(made, list(at), k, study) for made, at in zip(found, touched, strict=True)]
        for place, end in enumerate(("", "_low", "_high")):
            data["S2" + end] = (*by, "input_2"), np.array([pair[place] for pair in pairs])
        own = np.where(np.eye(k, dtype=bool), "not_applicable", "")
        data["S2_reason"] = ("input", "input_2"), own
    flat = np.array([bool(made.variance[0] == 0) for made in found])
    wide = np.array([_width(table) for table in tables])
    data["variance"] = ("output",), np.array([made.variance[0] for made in found])
    data["mean"] = ("output",), np.array([made.mean for made in found])
    data["zero_variance"] = ("output",), flat
    # no bounds, no claim
    data["converged"] = ("output",), (wide <= study.tolerance) & (study.resamples > 0)
    data["n_converge"] = ("output",), np.array([_enough(w, study) for w in wide], dtype=np.int64)
    coords: dict[str, Any] = {"output": list(outputs), "input": study.inputs}
    if study.second:
        coords["input_2"] = study.inputs
    made = xr.Dataset(data, coords=coords)
    for name in data:
        text = LONG_NAMES[name.removesuffix("_low").removesuffix("_high")]
        made[name].attrs["long_name"] = text
        if name[0] == "S" and name != "S2_reason":
            made[name].attrs["units"] = "1"
    made.attrs = {
        "n": study.n,
        "evaluations": study.n * (2 + k * (2 if study.second else 1)),
        "seed": study.seed,
        "resamples": study.resamples,
        "level": study.level,
        "tolerance": study.tolerance,
    }
    if study.groups:
        told = [f"{name}: {', '.join(parts)}" for name, parts in study.groups.items()]
        made.attrs["groups"] = "; ".join(told)
    return made


def group_title(plan: Plan, group: str, lang: str) -> str:
    """Return a name people read of a group; one the user made keeps its own."""
    zh = lang == "zh"
    if group == "works":
        return "全部项目·工期与造价" if zh else "all works: delay and cost"
    work = plan.projects.get(group.removeprefix("work:"))
    if work is None or not group.startswith("work:"):
        return group
    return f"{work.name(lang)}·工期与造价" if zh else f"{work.name(lang)}: delay and cost"


def bounds(made: Array, level: float) -> tuple[Array, Array, Array]:
    """Return estimate, lower and upper bound of rows whose column 0 is the estimate."""
    point = made[:, 0]
    if made.shape[1] < 3:
        return point, np.full(point.shape, np.nan), np.full(point.shape, np.nan)
    with np.errstate(invalid="ignore"):
        usable = made[:, 1:][:, np.isfinite(made[:, 1:]).all(axis=0)]
    sd = usable.std(axis=1, ddof=1) if usable.shape[1] > 1 else np.full(point.shape, np.nan)
    half = float(ndtri((1 + level) / 2)) * sd
    return point, point - half, point + half


def _spread_out(made: Indices, at: list[int], k: int, study: Study) -> dict[str, Array]:
    out = {}
    for name, rows in (("S1", made.first), ("ST", made.total)):
        for end, values in zip(("", "_low", "_high"), bounds(rows, study.level), strict=True):
            whole = np.zeros(k) if study.resamples > 1 or not end else np.full(k, np.nan)
            whole[at] = values
            out[name + end] = whole
    return out


def _square(made: Indices, at: list[int], k: int, study: Study) -> list[Array]:
    """Return estimate, lower and upper of pairs as symmetric squares, the diagonal masked."""
    rows, columns = (np.array(at, dtype=np.intp)[places] for places in made.pairs)
    out = []
    for end, values in zip(("", "_low", "_high"), bounds(made.second, study.level), strict=True):
        whole = np.zeros((k, k)) if study.resamples > 1 or not end else np.full((k, k), np.nan)
        whole[rows, columns] = whole[columns, rows] = values
        np.fill_diagonal(whole, np.nan)
        out.append(whole)
    return out


def _width(table: dict[str, Array]) -> float:
    """Return the largest half width of S1 and ST."""
    return max(float((table[f"{s}_high"] - table[s]).max(initial=0.0)) for s in ("S1", "ST"))


def _enough(width: float, study: Study) -> int:
    """Return the power of two of points whose half width would be within the tolerance.

    A half width shrinks at least as fast as one over the square root of n; -1 is not known.
    """
    if not math.isfinite(width):
        return -1
    needed = study.n * max(1.0, (width / study.tolerance) ** 2)
    return int(2 ** math.ceil(math.log2(needed) - 1e-9))
