"""Distributions, courses of effects and spending profiles in words, Chinese and English."""

from __future__ import annotations

from corridor_model.distributions import (
    PERT,
    Beta,
    Discrete,
    Distribution,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
)
from corridor_model.rounding import percent, plain
from corridor_model.scenario.language.amounts import Number
from corridor_model.scenario.language.profiles import (
    DHSS,
    Even,
    FrontLoaded,
    Logistic,
    Profile,
    Rayleigh,
    SCurve,
    ShareTable,
    Smoothstep,
)

MONTHS = ("个月", " months")
NAMES: dict[type[Distribution], tuple[str, str]] = {
    PERT: ("三点分布", "PERT"),
    Triangular: ("三角分布", "triangular"),
    Uniform: ("均匀分布", "uniform"),
    Beta: ("贝塔分布", "beta"),
    Lognormal: ("对数正态分布", "lognormal"),
    Normal: ("正态分布", "normal"),
}
LONGEST = 12
"""Parts of a table of shares that are listed."""


def number_text(value: Number, at: int, unit: tuple[str, str] = ("", "")) -> str:
    """Return a number, or a distribution, as people read it.

    Parameters
    ----------
    value : float or Distribution
        What is told.
    at : {0, 1}
        Chinese or English.
    unit : tuple of str
        Stands behind numbers, in both languages.

    Examples
    --------
    >>> from corridor_model.distributions import PERT
    >>> number_text(PERT(0, 6, 24), 0, MONTHS)
    '三点分布（最短0、最可能6、最长24个月）'
    >>> number_text(PERT(0, 6, 24), 1, MONTHS)
    'PERT 0 to 24 months, most likely 6'
    """
    by = unit[at]
    if not isinstance(value, Distribution):
        return f"{plain(value)}{by}"
    if isinstance(value, Discrete):
        pairs = zip(value.values, value.probabilities, strict=True)
        if at == 0:
            return "、".join(f"{plain(v)}{by}（{percent(p, 0)}）" for v, p in pairs)
        return ", ".join(f"{plain(v)}{by} ({percent(p, 0)})" for v, p in pairs)
    name = NAMES.get(type(value), ("分布", "distribution"))[at]
    if not isinstance(value, (PERT, Triangular, Uniform, Beta)):
        mean, sd = plain(value.mean), plain(value.sd)
        return (f"{name}（均值{mean}、标准差{sd}{by}）", f"{name}, mean {mean}{by}, s.d. {sd}")[at]
    low, high = plain(value.low), plain(value.high)
    least, most = ("最短", "最长") if unit == MONTHS else ("最低", "最高")
    middle, more = "", ("", "")
    if isinstance(value, (PERT, Triangular)):
        mode = plain(value.mode)
        middle, more = f"、最可能{mode}", ("", f", most likely {mode}")
    if isinstance(value, Beta):
        alpha, beta = plain(value.alpha), plain(value.beta)
        more = (f"，参数{alpha}和{beta}", f", parameters {alpha} and {beta}")
    if isinstance(value, PERT) and value.shape != 4:
        shape = plain(value.shape)
        more = (f"，最可能值权重{shape}", f"{more[1]} with weight {shape}")
    return (
        f"{name}（{least}{low}{middle}、{most}{high}{by}{more[0]}）",
        f"{name} {low} to {high}{by}{more[1]}",
    )[at]


def course_text(lag: float, decay: float, at: int) -> str:
    """Return when an effect shows and how it fades, in Chinese (0) or English (1).

    Nothing is said of what is usual: at once, and in that year only.

    Examples
    --------
    >>> course_text(2, 0.2, 1)
    ', after 2 years, losing 20.0 % of itself each year after'
    >>> course_text(0, 0.0, 0)
    '，此后一直保持'
    """
    said = ""
    if lag:
        years = "year" if lag == 1 else "years"
        said += (f"，滞后{plain(lag)}年见效", f", after {plain(lag)} {years}")[at]
    if decay == 0:
        said += ("，此后一直保持", ", and for good")[at]
    elif decay < 1:
        lost = percent(decay, 1)
        said += (f"，此后每年减弱{lost}", f", losing {lost} of itself each year after")[at]
    return said


def profile_text(profile: Profile | None, at: int) -> str:
    """Return a spending profile as people read it, in Chinese (0) or English (1).

    Examples
    --------
    >>> profile_text(SCurve(2, 3.5), 0), profile_text(SCurve(2, 3.5), 1)
    ('S形曲线（α 2、β 3.5）', 'S-curve (alpha 2, beta 3.5)')
    """
    match profile:
        case Even():
            return ("均匀投资", "even")[at]
        case Smoothstep():
            return ("平滑S形曲线", "smooth S-curve")[at]
        case SCurve():
            a, b = plain(profile.alpha), plain(profile.beta)
            return (f"S形曲线（α {a}、β {b}）", f"S-curve (alpha {a}, beta {b})")[at]
        case Logistic():
            steep, middle = plain(profile.steepness), _share(profile.middle)
            return (
                f"逻辑斯谛曲线（陡度{steep}，工期{middle}处最快）",
                f"logistic curve (steepness {steep}, fastest at {middle} of the time)",
            )[at]
        case Rayleigh():
            peak = _share(profile.peak)
            return (
                f"瑞利曲线（工期{peak}处最高）",
                f"Rayleigh curve (peak at {peak} of the time)",
            )[at]
        case DHSS():
            c, k = plain(profile.c), plain(profile.k)
            return (f"DHSS曲线（C {c}、K {k}）", f"DHSS curve (C {c}, K {k})")[at]
        case FrontLoaded():
            power = plain(profile.power)
            return (f"先多后少的曲线（幂次{power}）", f"front-loaded curve (power {power})")[at]
        case ShareTable():
            return _table_text(profile, at)
    return ("自定曲线", "a curve of one's own")[at]


def _table_text(table: ShareTable, at: int) -> str:
    count, whole = len(table.shares), sum(table.shares)
    if count > LONGEST:
        return (f"分{count}段的比例表", f"a table of {count} shares")[at]
    parts = ("、", ", ")[at].join(percent(share / whole, 1) for share in table.shares)
    return (f"工期等分{count}段，各占{parts}", f"{parts} in {count} equal parts of the time")[at]


def _share(value: float) -> str:
    return f"{plain(round(100 * value, 4))} %"
