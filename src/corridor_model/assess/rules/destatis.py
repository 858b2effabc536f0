"""Destatis: four weather symbols for where the last five yearly changes would lead.

The mean of the last five yearly changes (the last six points) goes on to the target year.
The miss is compared with the distance between target and current value: less than 5 % is
sun, 5 % to 20 % slight cloud, more than 20 % cloud; no move towards the target is a
thunderstorm. Sun and slight cloud are published as on track, the others as off track. In
exceptional cases four consecutive points are enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from corridor_model.assess.rules.facts import Facts, Rule, Verdict, undefined

THRESHOLDS = {"sun": 0.05, "slight_cloud": 0.20}
POINTS, FEWEST = 6, 4


class Weather(NamedTuple):
    """Projected value, miss as a part of the distance still to go, and symbol."""

    projected: float
    miss_ratio: float
    symbol: str


def weather(
    values: Sequence[float],
    target: float,
    years_to_target: float,
    direction: int = 1,
    thresholds: Mapping[str, float] = THRESHOLDS,
) -> Weather:
    """Return the weather of yearly values whose target is not met.

    Parameters
    ----------
    values : sequence of float
        Yearly values, oldest first; the change is the mean over all of them.
    target : float
        The target, not met by the last value.
    years_to_target : float
        Years from the last value to the target year.
    direction : {1, -1}
        Whether more is better.

    References
    ----------
    Statistisches Bundesamt, Indicators of the German Sustainable Development Strategy,
    "Status of indicators – Methodology", https://dns-indikatoren.de/en/status; likewise
    Vanuatu NSDP, https://nsdp.vnso.gov.vu/methodology

    Examples
    --------
    >>> weather([10, 11, 12, 13, 14, 15], 20, 5)
    Weather(projected=20.0, miss_ratio=0.0, symbol='sun')
    >>> weather([15, 14, 13, 12, 11, 10], 20, 4).symbol
    'thunderstorm'
    """
    change = (values[-1] - values[0]) / (len(values) - 1)
    projected = values[-1] + change * years_to_target
    # twelve decimals: a miss of exactly 20 % must not become more by floating point
    miss = round((target - projected) * direction / abs(target - values[-1]), 12)
    if change * direction <= 0:
        return Weather(projected, miss, "thunderstorm")
    if miss < thresholds["sun"]:
        return Weather(projected, miss, "sun")
    return Weather(
        projected, miss, "slight_cloud" if miss <= thresholds["slight_cloud"] else "cloud"
    )


def judge(facts: Facts, thresholds: Mapping[str, float]) -> Verdict:
    """Judge by the last six consecutive yearly points, or at least the last four."""
    values = _consecutive(facts.points)[-POINTS:]
    if len(values) < FEWEST:
        return undefined("too_few_points")
    made = weather(
        [*values[:-1], facts.actual], facts.goal, facts.due - facts.now, facts.direction, thresholds
    )
    on_track = made.symbol in {"sun", "slight_cloud"}
    status = "on_schedule" if on_track else "behind"
    return Verdict(status, made.symbol, made.miss_ratio, branch=f"{len(values)}_points")


def _consecutive(points: Sequence[tuple[float, float]]) -> list[float]:
    """Return the values of the last run of points that lie one year apart."""
    run: list[tuple[float, float]] = []
    for point in points:
        if run and point[0] - run[-1][0] != 1:
            run = []
        run.append(point)
    return [value for _, value in run]


RULE = Rule(
    name="destatis",
    name_zh="德国联邦统计局",
    judge=judge,
    thresholds=THRESHOLDS,
    words={
        "achieved": ("已达标", "target met"),
        "sun": ("晴", "sun"),
        "slight_cloud": ("少云", "slightly cloudy"),
        "cloud": ("阴", "cloudy"),
        "thunderstorm": ("雷雨", "thunderstorm"),
        "not_available": ("数据不足", "too few points"),
    },
    measure="miss_ratio",
    source=(
        "Statistisches Bundesamt, Indicators of the German Sustainable Development Strategy, "
        "Status of indicators – Methodology, https://dns-indikatoren.de/en/status"
    ),
)
