"""Many regions at once: each one's promises judged as `corridor_model.assess` judges a plan's.

A region is a plan of its own: its targets become promises, its figures histories, and from there
on everything is what an assessment does. Blocks of regions are worked out one by one, so that
memory stays bounded, and the bits are the same wherever a block is worked out.
"""

from __future__ import annotations

import gc
import json
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from corridor_model._typing import Array, Integers
from corridor_model.assessment.case import when_of
from corridor_model.assessment.engine import AsOf
from corridor_model.assessment.panel_blocks import Block, BlockAnswer, assess_block, blocks_of
from corridor_model.assessment.panel_tables import (
    PanelTable,
    PanelTargets,
    panel_targets,
    panel_values,
    read_panel_table,
    unused_lines,
)
from corridor_model.codes import STATUSES
from corridor_model.errors import CorridorError, CorridorWarning, Problem
from corridor_model.labels import label
from corridor_model.messages import N_, Listing, message
from corridor_model.periods import MONTHS, Period

if TYPE_CHECKING:
    import xarray as xr


def assess_panel(
    targets: PanelTable,
    values: PanelTable,
    as_of: AsOf | None = None,
    client: Any = None,
    *,
    first_year: int | None = None,
    missing: Literal["error", "skip"] = "error",
    threads: int | None = None,
) -> xr.Dataset:
    """Return where every target of many regions stands.

    What is said of a region is what :func:`corridor_model.assess` says of a plan of its targets
    and figures alone.

    Parameters
    ----------
    targets : DataFrame, str or path
        One target a row (a CSV, Parquet or xlsx file will do): region, indicator, kind, value,
        sense, year, and where wanted base_year, from_year, month, unit, nature,
        average_method, tolerance, relative_to, margin, tier, role, beyond, any_of; they mean
        what they mean in the tables ``targets`` and ``indicators`` of a plan (S3, S4). Kind and
        sense may be Chinese.
    values : DataFrame, str or path
        One yearly figure a row: region, indicator, year, value, and where wanted series (S10).
        Of a growth target it is that year's growth in percent, of a cumulative one the count
        since the plan began, of a milestone 1 once it is reached.
    as_of : int, str, Period or date, optional
        The period all verdicts speak of, by default the last year with figures (S15).
    client : dask.distributed.Client, optional
        Works the blocks of regions out on workers; the bits are the same.
    first_year : int, optional
        The first year of the plans: counts and averages begin with it, and a target without a
        base year starts from the last figure before it. By default the year after the earliest
        ``base_year``; where no target has one, the year after the first figure, and the
        attribute ``first_year_origin`` is then ``assumed``.
    missing : {"error", "skip"}
        Whether an empty value is a mistake that is named, or left out and counted.
    threads : int, optional
        By default as many as there are processors, at most two; changes nothing but the time.

    Returns
    -------
    xarray.Dataset
        By region and promise (dimension ``indicator``, coordinate ``of`` the indicator; S4b):

        - has_target: whether the region promises it; where it does not, all else is masked
          ``not_applicable``, and status and other texts are empty;
        - status, reason, branch as of :func:`corridor_model.assess`; secured, is_limit,
          series_break;
        - actual, actual_period, baseline, baseline_year, target, target_max, target_year, gap,
          achieved_share, used_share, elapsed_share, schedule_gap, achieved_rate, required_rate,
          required_rate_remaining, achieved_step, required_step, required_step_remaining,
          acceleration; p_reach and p_basis (S14), each with ``*_reason``;
        - rank_p_reach, rank_achieved_share: the place of the region among all that have the
          number, the largest first, equal ones on the same place;
        - n_regions (verdict, indicator) and n_promises (region, verdict): how many stand where.

        Attributes: as_of, first_year, last_year, values_used, values_unused (JSON: why and how
        many), regions_without_values.

    Raises
    ------
    CorridorError
        With every mistake of a table: its row, column and remedy.

    Warns
    -----
    CorridorWarning
        Where figures belong to no target, or a column means nothing here.

    Examples
    --------
    >>> import pandas as pd
    >>> import corridor_model as cm
    >>> targets = pd.DataFrame({"region": ["A", "B"], "indicator": "income", "kind": "level",
    ...     "value": [150.0, 90.0], "sense": "at_least", "year": 2025, "base_year": 2020})
    >>> values = pd.DataFrame({"region": ["A"] * 3 + ["B"] * 3, "indicator": "income",
    ...     "year": [2020, 2021, 2022] * 2, "value": [100.0, 112.0, 121.0, 80.0, 80.5, 80.8]})
    >>> panel = cm.assess_panel(targets, values)
    >>> panel["status"].sel(indicator="income").to_series().to_dict()
    {'A': 'on_schedule', 'B': 'behind'}
    """
    if missing not in {"error", "skip"}:
        raise CorridorError(
            N_('missing is "error" or "skip", not {missing!r}.'), missing=str(missing)
        )
    if client is not None and not (hasattr(client, "map") and hasattr(client, "gather")):
        raise CorridorError(
            N_("client must be a dask.distributed client ({command}); got {client!r}."),
            client=client,
            command='pip install "corridor-model[dask]"',
        )
    rows = [read_panel_table(targets, "targets"), read_panel_table(values, "values")]
    promised, first, is_said = panel_targets(rows[0], _year(first_year))
    until = None if as_of is None else Period.of(as_of)

    def last(year: int) -> int:
        if until is None:
            return max(year, first - 1)
        return until.year - (until.month < MONTHS)

    figures, period = panel_values(rows[1], promised, last, missing)
    if not is_said:
        if not len(figures):
            raise CorridorError(
                N_("No target has a base year and there is no figure: say first_year=.")
            )
        first = int(figures.year.min()) + 1
    last_year = max((year for year in promised.columns["year"] if year), default=first)
    when = when_of(until or period, first, max(last_year, first))
    unused = [*_unused_columns(rows), *unused_lines(figures, but=("after_as_of",))]
    for line in unused:
        warnings.warn(CorridorWarning(Problem(line)), stacklevel=2)
    blocks = list(blocks_of(promised, figures, when))
    with _without_collector():
        answers = _answers(blocks, client, threads)
    dataset = _dataset(promised, answers)
    dataset.attrs |= {
        "study": "panel",
        "as_of": str(when.period),
        "rule": "schedule",
        "first_year": first,
        "first_year_origin": "user" if is_said else "assumed",
        "last_year": when.last_year,
        "values_used": len(figures),
        "values_unused": json.dumps(figures.unused),
        "columns_unused": "; ".join(chain.from_iterable(table.unused for table in rows)),
        "regions_without_values": len(promised.regions) - len(np.unique(figures.region)),
    }
    return dataset


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python's search for circular rubbish off: a block makes none, and a million records.

    It would look through all of them again and again, which takes a seventh of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _year(first_year: Any) -> int | None:
    """Check the first year of the plans."""
    if first_year is None:
        return None
    whole = hasattr(first_year, "__index__") and not isinstance(first_year, bool)
    if not whole or not 1000 <= int(first_year) <= 3000:
        raise CorridorError(
            N_("first_year is a calendar year such as 2021, not {value!r}."), value=first_year
        )
    return int(first_year)


def _unused_columns(tables: Iterable[Any]) -> Iterator[Any]:
    for table in tables:
        if table.unused:
            yield message(
                "{table}: the columns {names} mean nothing here.",
                table=table.file,
                names=Listing(table.unused),
            )


# Blocks of regions, worked out here or on workers.


def _answers(blocks: Sequence[Block], client: Any, threads: int | None) -> list[BlockAnswer]:
    """Work the blocks out, here or on workers; in their order."""
    if client is not None:
        # a worker that dies is not the block's fault: it is tried elsewhere
        futures = client.map(assess_block, blocks, pure=False, retries=4)
        try:
            return [client.gather(future) for future in futures]
        except KeyboardInterrupt:
            client.cancel(futures)
            raise
    workers = min(2, os.cpu_count() or 1) if threads is None else threads
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise CorridorError(N_("threads must be at least 1, not {threads!r}."), threads=threads)
    if workers == 1:
        return [assess_block(block) for block in blocks]
    pool = ThreadPoolExecutor(workers)
    try:
        return list(pool.map(assess_block, blocks))
    finally:  # Ctrl-C does not wait for blocks that are half done
        pool.shutdown(wait=False, cancel_futures=True)


# Labels on the answers of all blocks, places and counts.


def _dataset(targets: PanelTargets, answers: Sequence[BlockAnswer]) -> xr.Dataset:
    """Return the answers of all blocks by region and promise."""
    from corridor_model.results import Result

    order: dict[str, int] = {}
    for answer in answers:
        for name, place in zip(answer.ids, answer.indicator.tolist(), strict=True):
            order.setdefault(name, place)
    ids = sorted(order, key=lambda name: (order[name], list(order).index(name)))
    column = {name: i for i, name in enumerate(ids)}
    shape = len(targets.regions), len(ids)
    flat: list[Integers] = []
    begin = 0
    for answer in answers:
        at = np.array([column[name] for name in answer.ids], dtype=np.int64)
        flat.append((answer.region + begin) * len(ids) + at)
        begin += int(answer.region.max(initial=-1)) + 1
    data: dict[str, Any] = {}
    for name in list(answers[0].data) if answers else ():
        dtype = np.result_type(*(answer.data[name].dtype for answer in answers))
        blank: Any = "not_applicable" if name.endswith("_reason") else np.zeros((), dtype)[()]
        if dtype.kind == "f":
            blank = np.nan
        whole = np.full(shape[0] * shape[1], blank, dtype=dtype)
        for at, answer in zip(flat, answers, strict=True):
            whole[at] = answer.data.pop(name)
        data[name] = (("region", "indicator"), whole.reshape(shape))
    has = np.zeros(shape[0] * shape[1], dtype=bool)
    has[np.concatenate(flat)] = True
    data["has_target"] = (("region", "indicator"), has.reshape(shape))
    status = data["status"][1]
    counts = np.stack([status == word for word in STATUSES])
    data["n_regions"] = (("verdict", "indicator"), counts.sum(axis=1))
    data["n_promises"] = (("region", "verdict"), counts.sum(axis=2).T)
    for name in ("p_reach", "achieved_share"):
        data[f"rank_{name}"] = (("region", "indicator"), _ranks(data[name][1]))
        data[f"rank_{name}_reason"] = data[f"{name}_reason"]
    coords = {
        "region": targets.regions,
        "indicator": ids,
        "of": ("indicator", [targets.indicators[order[name]] for name in ids]),
        "verdict": list(STATUSES),
    }
    return label(label(Result(data, coords=coords), "assessment"), "panel")


def _ranks(values: Array) -> Array:
    """Return the place of each value in its column, the largest first; equal ones share it."""
    ranks = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        known = np.isfinite(values[:, column])
        some = values[known, column]
        ordered = np.sort(some)
        ranks[known, column] = 1 + len(some) - np.searchsorted(ordered, some, side="right")
    return ranks
