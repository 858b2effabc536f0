"""The kinds of target in words, and a target as people read it (S4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.rounding import plain

if TYPE_CHECKING:
    from corridor_model.plan.model import Indicator

KINDS_ZH = {
    "level": "水平值",
    "share": "占比",
    "ratio": "比率",
    "growth": "年均增速",
    "cumulative": "累计新增",
    "annual": "每年",
    "rank": "位次",
    "milestone": "节点",
    "completion": "完成进度",
}
KINDS_EN = {
    "level": "level",
    "share": "share",
    "ratio": "ratio",
    "growth": "average growth",
    "cumulative": "cumulative",
    "annual": "yearly minimum",
    "rank": "rank",
    "milestone": "milestone",
    "completion": "completion",
}
UNFORESEEN = frozenset({"milestone", "completion"})
"""A milestone is done or not, the completion of a work follows its builder."""
_SET_OFF = frozenset({"%", "‰"})
SENSE_SIGNS = {"at_least": "≥", "at_most": "≤", "exactly": "="}


def bounds(indicator: Indicator) -> tuple[float | None, float | None]:
    """Return minimum and maximum of the last targets due; a range has both (S4)."""
    due = max((target.year, target.month or 12) for target in indicator.targets)
    last = [t for t in indicator.targets if (t.year, t.month or 12) == due]
    lower = [t.value for t in last if t.sense in {"at_least", "exactly"}]
    upper = [t.value for t in last if t.sense in {"at_most", "exactly"}]
    return (max(lower) if lower else None), (min(upper) if upper else None)


def printed_values(indicator: Indicator) -> tuple[float, ...]:
    """Return the values of the last targets due: one, or the two ends of a range."""
    if not indicator.targets:
        return ()
    return tuple(dict.fromkeys(value for value in bounds(indicator) if value is not None))


def value_text(value: float | str, unit: str, lang: str = "zh") -> str:
    """Return a value with its unit, as Chinese and as English people write it.

    Examples
    --------
    >>> value_text(580.0, "亿元"), value_text(580.0, "亿元", "en"), value_text(3.3, "%")
    ('580亿元', '580 亿元', '3.3 %')
    """
    said = value if isinstance(value, str) else plain(value)
    return f"{said}{'' if lang == 'zh' and unit not in _SET_OFF else ' '}{unit}".rstrip()


def printed_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as values with their unit, without sign and year."""
    said = "–".join(plain(value) for value in printed_values(indicator))
    return value_text(said, indicator.unit, lang) if said else ""


def goal_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due without their year: ``≥ 580 亿元``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> goal_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元'
    """
    last = max(indicator.targets, key=lambda target: (target.year, target.month or 12))
    if indicator.kind == "milestone":
        return "完成" if lang == "zh" else "done"
    lower, upper = bounds(indicator)
    if lower is not None and upper is not None and lower != upper:
        said = f"{plain(lower)}–{plain(upper)}"
    else:
        said = f"{SENSE_SIGNS[last.sense]} {plain(last.value)}"
    return f"{said} {indicator.unit}".rstrip()


def target_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as people read them.

    Examples
    --------
    >>> import corridor_model as cm
    >>> target_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元（2022年）'
    """
    if not indicator.targets:
        return "无目标" if lang == "zh" else "no target"
    year = max(target.year for target in indicator.targets)
    return goal_text(indicator, lang) + (f"（{year}年）" if lang == "zh" else f" ({year})")
