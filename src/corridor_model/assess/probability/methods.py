"""The methods that can stand beside the default, and how skilful each was where it was measured."""

from __future__ import annotations

from typing import NamedTuple


class Method(NamedTuple):
    """A way to forecast.

    Attributes
    ----------
    words : tuple of str
        Name in Chinese and English.
    skill : float or None
        Brier skill against the base rate on the benchmark's 13,968 tasks; None: not measured.
    coverage : float or None
        How often its 80 % interval held there.
    """

    words: tuple[str, str]
    skill: float | None
    coverage: float | None


METHODS = {
    "default": Method(("默认", "default"), 0.203, 0.801),
    "random_walk": Method(("随机游走", "random walk"), -0.003, 0.675),
    "drift": Method(("漂移", "drift"), 0.041, 0.674),
    "damped_trend": Method(("阻尼趋势", "damped trend"), -0.003, 0.624),
    "ets": Method(("ETS", "ETS"), -0.189, 0.276),
}
"""By name, measured by benchmarks/forecast_methods.py; default (weights taught on other entities)
and ETS (statsmodels, 1,791 tasks) from docs/forecast.md."""


def skill_text(lang: str) -> tuple[str, ...]:
    """Return what the skills mean, as paragraphs in ``"zh"`` or ``"en"``."""
    if lang == "zh":
        return (
            "检验技巧BSS：在13968个真实短序列任务上相对基准概率的布里尔技巧，越高越好，负值不如"
            "基准概率（ETS在1791个任务上；见docs/forecast.md）。只有默认方法的概率经过校准，其余仅供"
            "对照：由一两个年度值看不出波动时不给概率，ETS需五个连续年份。",
        )
    return (
        "BSS: Brier skill against the base rate on 13,968 tasks cut from real short series; "
        "higher is better, below 0 is worse than the base rate (ETS on 1,791 tasks; see "
        "docs/forecast.md). Only the default is calibrated, the others are there to compare: "
        "where one or two values show no size of change they give no probability, and ETS needs "
        "five consecutive years.",
    )
