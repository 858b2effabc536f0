"""What a question about scenarios is asked with, checked: scenarios, quantiles, threads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.finite import short, whole
from corridor_model.scenario.language.model import Scenario

Array = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def listed_scenarios(scenarios: Scenario | Iterable[Scenario] | None) -> list[Scenario]:
    """Return scenarios as a list, each name once.

    Raises
    ------
    CorridorError
        If there is none, one is no scenario, or two share a name.
    """
    if scenarios is None:
        return [Scenario("as planned", name_zh="按计划")]
    single = isinstance(scenarios, (Scenario, str)) or not isinstance(scenarios, Iterable)
    listed: list[Scenario] = [scenarios] if single else list(scenarios)  # type: ignore[list-item, arg-type]
    if not listed or not all(isinstance(one, Scenario) for one in listed):
        raise CorridorError(
            "scenarios must be one or more Scenario values; load_scenarios reads them from a file.",
            "请给出一个或多个情景；load_scenarios可从文件载入。",
        )
    names = [one.name for one in listed]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise CorridorError(
            f"Two scenarios are called {doubled[0]!r}. Rename one.",
            f"有两个名为“{doubled[0]}”的情景。请改名。",
        )
    return listed


def checked_quantiles(quantiles: Sequence[float]) -> Array:
    """Return quantile levels in ascending order.

    Raises
    ------
    CorridorError
        If one is not strictly between 0 and 1, or given twice.
    """
    try:
        levels = np.sort(np.atleast_1d(np.asarray(quantiles, dtype=np.float64)))
    except (TypeError, ValueError):
        levels = np.zeros(0)
    good = levels.ndim == 1 and len(levels) and bool(((levels > 0) & (levels < 1)).all())
    if not good or len(np.unique(levels)) != len(levels):
        raise CorridorError(
            f"quantiles must lie between 0 and 1, each once; got {quantiles!r}.",
            f"分位数应在0与1之间且不重复；得到{quantiles!r}。",
        )
    return levels


def checked_threads(threads: int | None) -> int:
    """Return a number of threads; None is as many as there are processors.

    Raises
    ------
    CorridorError
        If it is no whole number of at least 1.
    """
    if threads is None:
        return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    made = whole(threads)
    if made is None or made < 1:
        raise CorridorError(
            f"threads must be a whole number of at least 1; got {short(threads)}.",
            f"线程数应为不小于1的整数；得到{short(threads)}。",
        )
    return made
