"""How often it happened: series that moved as fast as a target asks, statements that came true.

The first is a base rate, not a forecast (`feasibility`); the second says how far to trust a
probability near 0 or 1 (`target_records`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corridor_model._deprecated import moved
from corridor_model._typing import Array, Integers
from corridor_model.arguments import single
from corridor_model.codes import Side
from corridor_model.display import Displayed
from corridor_model.forecasting.experts import KINDS
from corridor_model.forecasting.history import (
    WHOLE,
    ForecastError,
    Kind,
    check_sense,
    shipped_rows,
)
from corridor_model.messages import N_, Listing

LONGEST_SPAN = 5
_NEARLY = 99.95
"""What would print as 100.0 stands for 100, whose log-odds have no end."""


@dataclass(frozen=True)
class BaseRate(Displayed):
    """How often comparable series did it.

    Attributes
    ----------
    share : float
        Share of comparable series' spans that moved at least as far (each series counts once).
    series : int
        Comparable series behind it.
    kind : str
    years : int
    yearly : float
        Change asked for a year: a fraction, or for shares a change of log-odds.
    p_basis : str
        Always ``base_rate`` (S14).
    """

    share: float
    series: int
    kind: str
    years: int
    yearly: float
    p_basis: str = "base_rate"

    def text(self, lang: str = "en") -> str:
        """Put it into words: deprecated, use :func:`corridor_model.describe`."""
        sentence = moved("BaseRate.text", "text.forecasting.base_rate_text", "describe")
        return str(sentence(self, lang))


def feasibility(
    start: float, target: float, years: int, kind: Kind, sense: Side = "at_least"
) -> BaseRate:
    """Compare what a target asks with what comparable series did over as many years.

    Parameters
    ----------
    start, target : float
        Positive values; a share above 100 is taken as a ratio.
    years : int
        1 to 5.
    kind : str
        ``level``, ``share``, ``ratio`` or ``count``.
    sense : {"at_least", "at_most"}

    Returns
    -------
    BaseRate

    References
    ----------
    Flyvbjerg, B. (2008). Curbing optimism bias and strategic misrepresentation in planning:
    reference class forecasting in practice, European Planning Studies 16, 3-21.

    Examples
    --------
    >>> slow, fast = feasibility(100, 106, 3, "level"), feasibility(100, 180, 3, "level")
    >>> slow.share > fast.share, fast.p_basis
    (True, 'base_rate')
    """
    single(start=start, target=target, years=years, kind=kind, sense=sense)
    if kind not in KINDS:
        raise ForecastError(
            N_("Base rates are known for {kinds}; not for {kind!r}."),
            kinds=Listing(KINDS),
            kind=kind,
        )
    if years not in range(1, LONGEST_SPAN + 1):
        raise ForecastError(
            N_("Base rates are known for 1 to {longest} years."), longest=LONGEST_SPAN
        )
    if not (start > 0 and target > 0):
        raise ForecastError(N_("A base rate needs a positive start and target."))
    check_sense(sense)
    bounded = kind == "share" and max(start, target) <= WHOLE
    row = "ratio" if kind == "share" and not bounded else kind
    step = (_coordinate(target, bounded) - _coordinate(start, bounded)) / years
    steps, shares, series = _table()[row, years]
    share = float(np.interp(step, steps, shares))
    if sense == "at_most":
        share = 1 - share
    return BaseRate(share, series, kind, years, step if bounded else float(np.expm1(step)))


def _coordinate(value: float, bounded: bool) -> float:
    if not bounded:
        return float(np.log(value))
    share = min(value, _NEARLY)
    return float(np.log(share) - np.log(WHOLE - share))


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, int], tuple[Array, Array, int]]:
    """The shipped table: yearly steps, shares that reached them, number of series."""
    groups: dict[tuple[str, int], list[dict[str, str]]] = {}
    for row in shipped_rows("base_rates.csv"):
        groups.setdefault((row["kind"], int(row["years"])), []).append(row)
    return {
        key: (
            np.array([float(row["log_step"]) for row in rows]),
            np.array([float(row["share_reaching"]) for row in rows]),
            int(rows[0]["series"]),
        )
        for key, rows in groups.items()
    }


# How often statements near 0 and 1 came true on real government targets.

LOW, HIGH = 0.1, 0.9
"""A probability below or above sounds like an end."""
NEAREST = "plan"
"""The family of national plans, nearest to a plan's own targets."""


@dataclass(frozen=True)
class TargetRecord:
    """What became of real targets about which something near 0 or 1 was stated.

    Attributes
    ----------
    family : str
        ``plan`` (national plans and directives of Europe), ``GVAP2015``, ``GVAP2020`` (vaccination
        by country) or ``MDG4`` (child mortality by country).
    end : str
        ``low`` (below `LOW`) or ``high`` (above `HIGH`).
    statements, entities : int
        How many statements, one to five years before the target year, about how many countries.
    stated, met : float
        Their mean probability, and the share of them whose target was met.
    """

    family: str
    end: str
    statements: int
    entities: int
    stated: float
    met: float


@lru_cache(maxsize=1)
def all_target_records() -> tuple[TargetRecord, ...]:
    """Return the shipped table (data/forecast/real_targets.csv)."""
    return tuple(
        TargetRecord(
            row["family"],
            row["end"],
            int(row["statements"]),
            int(row["entities"]),
            float(row["stated"]),
            float(row["met"]),
        )
        for row in shipped_rows("real_targets.csv")
    )


def end_of(p: float) -> str:
    """Return ``low`` or ``high`` for a probability near 0 or 1 of a year still open, else ``""``.

    0 and 1 themselves are settled: an open year never has them (S14).

    Examples
    --------
    >>> end_of(0.03), end_of(0.5), end_of(0.999), end_of(1.0)
    ('low', '', 'high', '')
    """
    return "low" if 0 < p < LOW else "high" if HIGH < p < 1 else ""


def target_records(p: float) -> tuple[TargetRecord, ...]:
    """Return what became of real targets about which the like was stated, by family.

    Examples
    --------
    >>> [record.family for record in target_records(0.02)], target_records(0.5)
    (['GVAP2015', 'GVAP2020', 'MDG4', 'plan'], ())
    """
    end = end_of(p)
    return tuple(record for record in all_target_records() if record.end == end)


def nearest_records(p: Array) -> tuple[Array, Integers]:
    """Return how often national plans' targets were met after the like, and of how many.

    NaN and 0 where a probability is not near 0 or 1; shapes as ``p``.
    """
    met, statements = np.full(p.shape, np.nan), np.zeros(p.shape, np.int64)
    for record in all_target_records():
        if record.family == NEAREST:
            near = (p > 0) & (p < LOW) if record.end == "low" else (p > HIGH) & (p < 1)
            met = np.where(near, record.met, met)
            statements = np.where(near, record.statements, statements)
    return met, statements
