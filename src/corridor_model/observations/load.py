"""Load what the statistics say: CSV, xlsx or a DataFrame, checked cell by cell."""

from __future__ import annotations

import datetime
import warnings
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from corridor_model.arguments import flag, holding, single
from corridor_model.codes import Origin
from corridor_model.errors import CorridorError, CorridorWarning, PlanError, Problem
from corridor_model.files import data_dir, exists, unreadable
from corridor_model.messages import N_, Listing, message
from corridor_model.observations.model import Observations
from corridor_model.observations.read import read_observations
from corridor_model.observations.semantics import settle_units, spell_out
from corridor_model.observations.shapes import Figures
from corridor_model.periods import Period
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan, must_be_plan
from corridor_model.tabular.workbooks import Source


def load_observations(
    source: Source | Figures,
    plan: Plan | None = None,
    *,
    period: int | str | Period | None = None,
    published: str | datetime.date | None = None,
    origin: Origin = "user",
    beside: Observations | None = None,
    strict: bool = False,
    missing: Literal["error", "skip"] = "error",
) -> Observations:
    """Load observations, and report every mistake at once.

    Nothing is lost in silence (S22): ``report`` of the result says of every cell whether it was
    taken, skipped or is a remark, and why.

    Parameters
    ----------
    source : str, path, DataFrame, Series, DataArray or mapping
        CSV (UTF-8 or GB18030) or xlsx: one figure a row (indicator, period, value, unit,
        and if wanted measure, basis, stage, series, published, source; Chinese titles too),
        or a bulletin with the columns 本月, 累计, 同比, 完成率, or a column a period; or a
        store (``.store``, see :class:`~corridor_model.observations.store.Store`). Of Python:
        a long DataFrame (also with unique_id, ds, y), a wide one with years in the columns
        (``2020``, ``2020 [YR2020]``) or in the index; a Series by year, named like its
        indicator, or by indicator; a DataArray by year, indicator or both; a mapping
        of indicators to values by year. Years may be numbers, Periods or Timestamps (S23).
    plan : Plan, optional
        What the figures speak of; the bundled plan by default.
    period : int, str or Period, optional
        Period of a table that prints none, and the year of periods without one.
    published : str or date, optional
        Day of publication of rows that print none.
    origin : str, default "user"
        S5.
    beside : Observations, optional
        Earlier figures that these must agree with, besides the plan's own.
    strict : bool, default False
        Whether to refuse a file of which anything is skipped.
    missing : {"error", "skip"}
        Whether a NaN in a frame's figures is a mistake, or skipped and reported.

    Returns
    -------
    Observations

    Raises
    ------
    PlanError
        With file, row, column and remedy of every mistake.

    Warns
    -----
    UnitSlipWarning
        Where a figure lies a factor of about 10,000 from what is known.
    SeriesBreakWarning
        Where a figure is of another series than the one it would be compared with (S10).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"指标": ["生产总值", "累计新增高新技术企业"], "时期": ["2021年1—9月", "2021Q3"],
    ...         "数值": ["3701000万元", 70]}
    >>> load_observations(pd.DataFrame(rows)).frame()[["indicator", "period", "value", "unit"]]
                      indicator   period  value unit
    0                       gdp  2021-09  370.1   亿元
    1  new_hightech_enterprises   2021Q3   70.0    家
    """
    if isinstance(source, (str, Path)) and Path(source).suffix.lower() == ".store":
        return _stored(Path(source), plan)
    plan = load_plan() if plan is None else plan
    must_be_plan(plan)
    single(missing=missing, origin=origin)
    strict = flag("strict", strict)
    if beside is not None:
        holding("beside", beside, "Observations", "table", "remarks")
    if missing not in {"error", "skip"}:
        raise CorridorError(
            N_('missing is "error" or "skip", not {missing!r}.'), missing=str(missing)
        )
    observations, warned = read_observations(
        source,
        plan,
        period=period,
        published=published,
        origin=origin,
        beside=beside,
        strict=strict,
        missing=missing,
    )
    for warning in warned:
        warnings.warn(warning, stacklevel=3)
    return observations


def _stored(path: Path, plan: Plan | None) -> Observations:
    """Return what a store holds, in the units of the plan; what is not of the plan is named."""
    from corridor_model.observations.store import Store

    if not exists(path):
        raise unreadable(path, FileNotFoundError(2, "No such file or directory"))
    whole = Store(path).open()
    if plan is None:
        return whole
    must_be_plan(plan)
    foreign = sorted(set(whole.table["indicator"]) - set(plan.indicators))
    table, problems = settle_units(whole.table, plan.indicators)
    _, senseless = spell_out(table, plan.indicators)
    if problems := [*problems, *senseless]:
        raise PlanError(problems)
    if foreign:
        what = message(
            "holds figures of what this plan does not have: {names}.", names=Listing(foreign[:5])
        )
        remedy = message("Use the store with the plan that it was filled for.")
        warnings.warn(CorridorWarning(Problem(what, remedy, path.name)), stacklevel=3)
    return replace(whole, table=table)


# Figures a question is asked with: observations, or a file or table they are read from.

ObservationsLike: TypeAlias = Observations | str | Path | Figures | None
"""What public functions take for ``observations``."""


class SkippedWarning(CorridorWarning):
    """Not every figure of a file was taken; its import report says which were not (S22)."""


def as_observations(plan: Plan, observations: ObservationsLike) -> Observations | None:
    """Return observations as they are, or read them by `load_observations`.

    Raises
    ------
    CorridorError
        If they are neither figures nor a source of figures, or have mistakes.

    Warns
    -----
    SkippedWarning
        If figures of a source are skipped, with its import report in one line.
    """
    if observations is None or isinstance(observations, Observations):
        return observations
    loaded = load_observations(observations, plan)
    if any(line.fate == "skipped" for line in loaded.lines):
        warnings.warn(SkippedWarning(Problem(loaded.summary)), stacklevel=3)
    return loaded


# Figures made up for teaching: every one of origin ``assumed``.


@lru_cache(maxsize=1)
def example_observations() -> Observations:
    """Return the figures of the worked example, for the bundled plan.

    They are made up. Their origin is ``assumed``, and every result that uses them says so.

    Examples
    --------
    >>> figures = example_observations()
    >>> set(figures.table["origin"])
    {'assumed'}
    """
    file = data_dir() / "example" / "observations.csv"
    observations, _ = read_observations(file, load_plan(), origin="assumed")
    return observations
