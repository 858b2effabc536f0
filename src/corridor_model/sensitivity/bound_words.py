"""How far an input may go, or must: the good side of a tipping point as a clause."""

from __future__ import annotations

from corridor_model.sensitivity.amounts import percents, trimmed
from corridor_model.sensitivity.levers import FIELDS
from corridor_model.sensitivity.phrases import field_of, level

AT_ONCE = 1e-12
"""Distance from where an input stands within which any move at all tips."""
HALVED = 1e-6
"""Months within which halving has closed in on no delay at all."""


def bound(name: str, value: float, unit: str, above: bool, zh: bool) -> str:
    """Return on which side of a value an input must stay.

    Parameters
    ----------
    name : str
        Of the lever.
    value : float
        Tipping point.
    unit : str
        Its unit.
    above : bool
        Whether the good side is above.
    zh : bool
        In Chinese.

    Examples
    --------
    >>> bound("delay:x", 0.0, "months", False, True), bound("delay:x", 12.0, "months", False, True)
    ('一推迟就不满足', '最多可推迟12个月')
    >>> bound("growth:x", 0.1136, "1", True, False)
    'yearly growth at least 11.4 %'
    """
    field = field_of(name)
    if field == "delay":
        return _months(value, above, zh)
    if field == "overrun":
        return _dearer(value, above, zh)
    if field == "cancel":
        return (
            ("须取消" if above else "不能取消") if zh else ("must go" if above else "must be kept")
        )
    noun = FIELDS.get(field, (name, name))[0 if zh else 1]
    said = level(name, value, unit, zh)
    if zh:
        return f"{noun}{'不低于' if above else '不高于'}{said}"
    return f"{noun} at {'least' if above else 'most'} {said}"


def _months(value: float, above: bool, zh: bool) -> str:
    by = trimmed(abs(value))
    if by == "0" and abs(value) <= HALVED:
        if zh:
            return "一提前就不满足" if above else "一推迟就不满足"
        return "being early at all breaks it" if above else "any delay at all breaks it"
    by = ("不到0.1" if zh else "less than 0.1") if by == "0" else by
    late = value > 0
    if late != above:  # the good side holds the plan: how far it may go
        if zh:
            return f"最多可{'推迟' if late else '提前'}{by}个月"
        return f"may be at most {by} months {'late' if late else 'early'}"
    if zh:
        return f"须{'推迟' if late else '提前'}至少{by}个月"
    return f"must be at least {by} months {'late' if late else 'early'}"


def _dearer(value: float, above: bool, zh: bool) -> str:
    off = value - 1
    if abs(off) <= AT_ONCE:
        if zh:
            return "造价一减少就不满足" if above else "造价一增加就不满足"
        return "being cheaper at all breaks it" if above else "any overrun at all breaks it"
    by, dearer = percents(abs(off), zh), off > 0
    if dearer != above:
        if zh:
            return f"造价最多可{'增加' if dearer else '减少'}{by}"
        return f"may be at most {by} {'dearer' if dearer else 'cheaper'}"
    if zh:
        return f"造价须{'增加' if dearer else '减少'}至少{by}"
    return f"must be at least {by} {'dearer' if dearer else 'cheaper'}"
