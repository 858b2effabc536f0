"""Outputs and inputs as parts of a sentence, in Chinese and English."""

from __future__ import annotations

from corridor_model.rounding import rounded
from corridor_model.sensitivity.amounts import RATES, lever_bare, percents, trimmed, unit_text
from corridor_model.sensitivity.levers import FIELDS
from corridor_model.sensitivity.outputs import KINDS

NOUNS = {
    "delay": ("工期", "schedule"),
    "overrun": ("造价", "cost"),
    "cancel": ("取消与否", "cancellation"),
    "investment": ("总投资", "investment"),
    "growth": ("年均增速", "yearly growth"),
    "baseline": ("基期值", "baseline"),
    "target": ("目标值", "target"),
    "effect": ("投资影响", "effect of investment"),
    "forecast": ("自身走势", "own outlook"),
}
"""What a lever turns, as a noun."""
_OUTPUTS = {
    "before_plan": ("规划期前投资", "money spent before the plan"),
    "inside_plan": ("规划期内投资", "money spent inside the plan"),
    "beyond_horizon": ("规划期后投资", "money spent after the plan"),
    "total": ("总投资", "total investment"),
    "programme": ("{year}年投资", "money spent in {year}"),
    "spending": ("{of}{year}年投资", "money spent on {of} in {year}"),
    "km_open": ("{year}年底区内通车里程", "road length open in the area by the end of {year}"),
    "roads_open": ("{year}年底通车道路条数", "the number of roads open by the end of {year}"),
    "tasks_done": ("{year}年底完成的工程任务数", "the number of works' tasks done by {year}"),
    "p_open_by": (
        "{of}{year}年底前通车的概率",
        "the probability that {of} opens by the end of {year}",
    ),
    "expected_reached": ("预期实现的承诺项数", "the expected number of promises kept"),
    "p_reach": ("{of}达标概率", "the probability of the target of {of}"),
    "value": ("{year}年{of}（中位值）", "the median of {of} in {year}"),
    "gap": ("{of}与目标之差", "the distance of {of} to its target"),
    "log_value": ("{year}年{of}（取对数）", "the logarithm of {of} in {year}"),
    "log_odds": ("{year}年{of}（取对数几率）", "the log-odds of {of} in {year}"),
}


def output_phrase(name: str, title: str, zh: bool) -> str:
    """Return an output as part of a sentence.

    Parameters
    ----------
    name, title : str
        Such as ``km_open:2022`` and the name people read.
    zh : bool
        In Chinese.

    Examples
    --------
    >>> output_phrase("value:gdp", "2022年生产总值·数值（中位）", True)
    '2022年生产总值（中位值）'
    """
    word = name.partition(":")[0]
    if word not in _OUTPUTS:
        return f"“{title or name}”"
    kind = KINDS[word]
    if zh:
        head = title.removesuffix(kind.zh).removesuffix("·")
        year, mark, of = head.partition("年") if kind.yearly else ("", "", head)
        return _OUTPUTS[word][0].format(year=year if mark else "", of=of)
    of, year = title, ""
    if kind.yearly:
        of, _, year = title.rpartition(", ")
    of = of.removesuffix(kind.en).removesuffix(": ")
    return _OUTPUTS[word][1].format(year=year, of=of)


def field_of(name: str) -> str:
    """Return what an input turns; empty for inputs that are no levers of a plan."""
    word, mark, _ = name.partition(":")
    return word if mark and word in FIELDS else ""


def subject_of(title: str, zh: bool) -> str:
    """Return whose input it is: the title without its last word."""
    return title.rpartition("·" if zh else ": ")[0] or title


def input_phrase(name: str, title: str, zh: bool) -> str:
    """Return an input as part of a sentence.

    Examples
    --------
    >>> input_phrase("delay:binhai_avenue", "滨海大道·推迟", True)
    '滨海大道的工期'
    >>> input_phrase("growth:gdp", "Gross domestic product: yearly growth", False)
    'the yearly growth of Gross domestic product'
    """
    field = field_of(name)
    if not field:
        of, mark, word = title.rpartition("·" if zh else ": ")
        if not mark:
            return f"“{title or name}”"
        return f"{of}的{word}" if zh else f"the {word} of {of}"
    noun, of = NOUNS[field][0 if zh else 1], subject_of(title, zh)
    return f"{of}的{noun}" if zh else f"the {noun} of {of}"


def setting(name: str, value: float, unit: str, zh: bool) -> str:
    """Return what an input at a value means.

    Examples
    --------
    >>> setting("delay:x", 12.0, "months", True), setting("delay:x", 0.0, "months", False)
    ('推迟12个月', 'on time')
    >>> setting("overrun:x", 1.072, "1", True), setting("growth:gdp", -0.05, "1", False)
    ('造价增加7.2%', 'falling 5.0 % a year')
    >>> setting("baseline:gdp", 400.0, "亿元", True)
    '基期值400.00亿元'
    """
    field = field_of(name)
    if field == "delay":
        return _moved(value, zh)
    if field == "overrun":
        if rounded(value - 1, 3).strip("-0.") == "":
            return "造价不变" if zh else "cost as planned"
        by = percents(abs(value - 1), zh)
        up = value > 1
        return (
            f"造价{'增加' if up else '减少'}{by}" if zh else f"{by} {'dearer' if up else 'cheaper'}"
        )
    if field == "growth":
        by = percents(abs(value), zh)
        up = value >= 0
        return (
            f"年均{'增长' if up else '下降'}{by}"
            if zh
            else f"{'growing' if up else 'falling'} {by} a year"
        )
    if field == "forecast":
        return (
            f"走势取{percents(value, zh)}分位"
            if zh
            else f"outlook at its {percents(value, zh)} quantile"
        )
    if field == "cancel":
        yes = value >= 0.5
        return ("取消" if yes else "不取消") if zh else ("cancelled" if yes else "kept")
    noun, said = NOUNS[field][0 if zh else 1] if field else "", level(name, value, unit, zh)
    return f"{noun}{said}" if zh else f"{noun} {said}".lstrip()


def level(name: str, value: float, unit: str, zh: bool) -> str:
    """Return an input's number with its unit.

    Examples
    --------
    >>> level("target:gdp", 580.0, "亿元", True)
    '580.00亿元'
    """
    field = field_of(name)
    said = lever_bare(field, value, zh, unit)
    of = "" if field in RATES else unit_text(unit, zh)
    return f"{said}{of}" if zh else f"{said} {of}".rstrip()


def _moved(months: float, zh: bool) -> str:
    by = trimmed(abs(months))
    if by == "0":
        return "按期" if zh else "on time"
    if zh:
        return f"{'推迟' if months > 0 else '提前'}{by}个月"
    return f"{by} month{'' if by == '1' else 's'} {'late' if months > 0 else 'early'}"
