"""Studies in words, Chinese and English: what a director reads before the numbers.

Each function returns short sentences, the result first, then how far to trust it: ranges that
are assumptions, points that were too few, what was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.codes import ORIGIN_WORDS
from corridor_model.formatting import rounded
from corridor_model.messages import message, translator
from corridor_model.plan.display import EXAMPLE
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import KINDS, reason_text
from corridor_model.sensitivity.parameters import FIELDS
from corridor_model.text.layout import Narrative
from corridor_model.text.numbers import (
    RATES,
    amount,
    difference,
    lever_bare,
    percents,
    share_text,
    trimmed,
    unit_text,
)

if TYPE_CHECKING:
    import xarray as xr


def tornado_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a tornado in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> tornado_text(cm.tornado(cm.load_plan(), "km_open:2022"), "zh")[0]
    '给定范围内，2022年底区内通车里程只随温州大道东延的工期变动。'
    """
    return tornado_words(made, lang).lines


def switching_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return tipping points in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = cm.switching_values(cm.load_plan(), "value:gdp", ["growth:gdp"])
    >>> switching_text(made, "zh")[1]
    '只变一项即可达到：生产总值年均增速不低于11.4%。'
    """
    return switching_words(made, lang).lines


def sobol_text(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> list[str]:
    """Return Sobol indices in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sobol`.
    output : str, optional
        One of its outputs; by default every one.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = cm.sobol(cm.load_plan(), "km_open:2022", second_order=False)
    >>> sobol_text(made, "km_open:2022", "zh")[0].partition("，")[0]
    '决定2022年底区内通车里程的主要是温州大道东延的工期'
    """
    return sobol_words(made, output, lang).lines


def attribute_text(made: xr.Dataset, lang: str = "zh", output: str | None = None) -> list[str]:
    """Return an attribution in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.attribute`.
    lang : {"zh", "en"}
        Language.
    output : str, optional
        One of its outputs; by default every one that the scenario moves.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> attribute_text(cm.attribute(cm.load_plan(), late, "inside_plan"), "zh")[0].split("，")[:2]
    ['情景“late”使规划期内投资由145.70亿元变为125.70亿元', '减少20.00亿元']
    """
    return attribution_words(made, output, lang).lines


def two_way_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a grid of two inputs in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    lang : {"zh", "en"}
        Language.
    """
    return grid_words(made, lang).lines


def method_of(made: xr.Dataset) -> str:
    """Return which study a Dataset is of: tornado, switching, sobol, attribute or grid.

    Raises
    ------
    SensitivityError
        For a Dataset of no study.
    """
    method = str(made.attrs.get("study", ""))
    if method in _METHODS:
        return _METHODS[method]
    raise SensitivityError(
        "This is no result of tornado, switching_values, sobol, attribute or two_way.",
        "这不是敏感性分析（tornado、switching_values、sobol、attribute、two_way）的结果。",
    )


_METHODS = {
    "tornado": "tornado",
    "switching": "switching",
    "sobol": "sobol",
    "attribution": "attribute",
    "two_way": "grid",
}


def told(made: xr.Dataset, lang: str = "zh") -> Narrative:
    """Return any study in words, result and notes apart."""
    method = method_of(made)
    if method == "tornado":
        return tornado_words(made, lang)
    if method == "switching":
        return switching_words(made, lang)
    if method == "sobol":
        return sobol_words(made, None, lang)
    if method == "attribute":
        return attribution_words(made, None, lang)
    return grid_words(made, lang)


# What every study has to say besides its result: names, origins, scenario, example figures.

_ORIGINS = ORIGIN_WORDS | {"user": message("given by you or the scenario")}


def names_of(made: xr.Dataset, lang: str) -> list[str]:
    """Return the inputs' names people read; their own where the study has no plan."""
    for coordinate in (f"name_{lang}", f"input_{lang}", "input"):
        if coordinate in made.coords:
            return [str(name) for name in made[coordinate].values]
    return []


def units_of(made: xr.Dataset) -> list[str]:
    """Return the inputs' units; empty where the study has no plan."""
    if "unit" in made.coords and made["unit"].dims == ("input",):
        return [str(unit) for unit in made["unit"].values]
    return [""] * made.sizes["input"]


def asked_phrase(made: xr.Dataset, lang: str) -> str:
    """Return the one output of a study as part of a sentence."""
    zh = lang == "zh"
    name = str(made.attrs.get("output", ""))
    if not name:
        return "结果" if zh else "the output"
    return output_phrase(name, str(made.attrs[f"output_{lang}"]), zh)


def capital(text: str) -> str:
    """Return an English sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def origin_lines(inputs: Iterable[tuple[str, str]], zh: bool) -> list[str]:
    """Return where ranges come from, assumptions first and named as such (S5).

    Parameters
    ----------
    inputs : iterable of (str, str)
        Name of a lever and origin of its range.
    zh : bool
        In Chinese.

    Examples
    --------
    >>> origin_lines([("delay:a", "assumed"), ("overrun:a", "literature")], True)
    ['变动范围是假设、没有统计依据的：推迟1项。', '变动范围的其他出处：超支系数1项（文献）。']
    """
    found = Counter((_kind(name), origin) for name, origin in inputs)
    at = 0 if zh else 1

    def text(field: str, count: int) -> str:
        word = _WORDS[field][at] if field in _WORDS else field
        return f"{word}{count}项" if zh else f"{word} ({count})"

    assumed = [text(f, n) for (f, o), n in found.items() if o == "assumed"]
    others = [
        text(f, n) + (f"（{_ORIGINS[o].text('zh')}）" if zh else f" [{_ORIGINS[o]}]")
        for (f, o), n in found.items()
        if o != "assumed"
    ]
    lines = []
    if assumed:
        told = ("、" if zh else ", ").join(assumed)
        lines.append(
            f"变动范围是假设、没有统计依据的：{told}。"
            if zh
            else f"Ranges that are assumptions, with no statistics behind them: {told}."
        )
    if others:
        told = ("、" if zh else ", ").join(others)
        lines.append(f"变动范围的其他出处：{told}。" if zh else f"Other ranges: {told}.")
    return lines


def _kind(name: str) -> str:
    """Return what an input turns; groups of one work's delay and cost are one kind."""
    grouped = name == "works" or name.startswith("work:")
    return "work" if grouped else field_of(name) or name


_WORDS = {field: words[:2] for field, words in FIELDS.items()}
_WORDS["work"] = ("工期与造价", "delay and cost")


def setting_lines(made: xr.Dataset, zh: bool) -> list[str]:
    """Return under which scenario a study stands, and whether figures are made up."""
    lines = []
    if "scenario" in made.attrs and not made.attrs.get("as_planned"):
        scenario = scenario_title(made, zh)
        lines.append(
            f"其余条件按情景“{scenario}”。"
            if zh
            else f"Everything else stands as in the scenario “{scenario}”."
        )
    if made.attrs.get("example"):
        lines.append(f"{translator('zh')(EXAMPLE)}。" if zh else f"{capital(EXAMPLE)}.")
    return lines


def scenario_title(made: xr.Dataset, zh: bool) -> str:
    """Return the name of a study's scenario in the reader's language."""
    return str(made.attrs.get("scenario_zh" if zh else "scenario", ""))


# Outputs and inputs as parts of a sentence, in Chinese and English.

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


# A tornado in words: which input moves the output most, and how far to trust the ranges.

MOSTLY = 0.5
"""Share from which on an output is said to be decided by one input."""
NEXT = 2
"""Inputs named after the first."""


def tornado_words(made: xr.Dataset, lang: str = "zh") -> Narrative:
    """Return a tornado in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado` or
        :func:`corridor_model.sensitivity.one_at_a_time`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    return Narrative(
        _result_tornado_words(made, lang), _notes_tornado_words(made, zh) + setting_lines(made, zh)
    )


def _result_tornado_words(made: xr.Dataset, lang: str) -> list[str]:
    zh = lang == "zh"
    what = asked_phrase(made, lang)
    moving = int(np.count_nonzero(made["swing"].values > 0))
    here = _amount(made, float(made.attrs["base"]), zh)
    if not moving:
        return [
            f"给定范围内没有一项能改变{what}（现为{here}）。"
            if zh
            else f"Nothing moves {what} within the ranges given: it stays at {here}."
        ]
    names = names_of(made, lang)
    phrases = [
        input_phrase(str(name), title, zh)
        for name, title in zip(made["input"].values, names, strict=True)
    ]
    shares = [share_text(float(share), zh) for share in made["share_of_swing"].values]
    lines = [_first(made, what, phrases[0], shares[0], moving, zh), _ends(made, zh, here)]
    rest = list(zip(phrases, shares, strict=True))[1 : min(moving, 1 + NEXT)]
    if rest and zh:
        lines.append(f"其次是{'、'.join(f'{p}（{s}）' for p, s in rest)}。")
    elif rest:
        lines.append(f"Next come {' and '.join(f'{p} ({s})' for p, s in rest)}.")
    return lines


def _first(made: xr.Dataset, what: str, phrase: str, share: str, moving: int, zh: bool) -> str:
    if moving == 1:
        return (
            f"给定范围内，{what}只随{phrase}变动。"
            if zh
            else f"Within these ranges {what} moves with {phrase} alone."
        )
    if float(made["share_of_swing"][0]) >= MOSTLY:
        return (
            f"决定{what}的主要是{phrase}，占各项变动幅度之和的{share}。"
            if zh
            else f"{capital(what)} hangs mainly on {phrase}: {share} of all swings."
        )
    return (
        f"对{what}影响最大的是{phrase}，占各项变动幅度之和的{share}。"
        if zh
        else f"{capital(what)} is moved most by {phrase}: {share} of all swings."
    )


def _ends(made: xr.Dataset, zh: bool, here: str) -> str:
    """Say what the first input's two ends do."""
    name, unit = str(made["input"].values[0]), units_of(made)[0]
    low, high = (setting(name, float(made[end][0]), unit, zh) for end in ("low", "high"))
    down, up = (_amount(made, float(made[f"output_{end}"][0]), zh) for end in ("low", "high"))
    if zh:
        return f"{low}时为{down}，{high}时为{up}（现为{here}）。"
    return f"{capital(low)}: {down}; {high}: {up}; now: {here}."


def _amount(made: xr.Dataset, value: float, zh: bool) -> str:
    word = str(made.attrs.get("output", "")).partition(":")[0]
    return amount(value, str(made.attrs.get("unit", "")), zh, word)


def _notes_tornado_words(made: xr.Dataset, zh: bool) -> list[str]:
    lines = []
    if "origin" in made:
        pairs = zip(made["input"].values, made["origin"].values, strict=True)
        lines += origin_lines([(str(name), str(origin)) for name, origin in pairs], zh)
    still = int(np.count_nonzero(made["swing"].values == 0))
    if 0 < still < made.sizes["input"]:
        lines.append(
            f"其余{still}项在给定范围内不改变结果。"
            if zh
            else "One more input does not move it within its range."
            if still == 1
            else f"{still} more inputs do not move it within their ranges."
        )
    lines.append(_together(made, zh))
    lines += _unset(made, zh)
    return lines


def _unset(made: xr.Dataset, zh: bool) -> list[str]:
    """Say which inputs stand at no number of their own."""
    names = names_of(made, "zh" if zh else "en")
    unset = [name for name, base in zip(names, made["base"].values, strict=True) if np.isnan(base)]
    if not unset:
        return []
    if zh:
        return [f"{'、'.join(unset)}目前没有设定值，按预测的中位走势。"]
    return [f"{'; '.join(unset)}: set by nobody, it follows the median forecast."]


def _together(made: xr.Dataset, zh: bool) -> str:
    """Say whether single effects add up, and by how much they fail to."""
    if made.attrs["additive"]:
        return (
            "各项同时变动的结果等于逐项相加。"
            if zh
            else "Single effects add up to what all inputs do together."
        )
    word, unit = str(made.attrs.get("output", "")).partition(":")[0], made.attrs.get("unit", "")
    parts = []
    for end, side in (("low", ("低值", "low")), ("high", ("高值", "high"))):
        left = float(made.attrs[f"remainder_{end}"])
        if abs(left) <= 1e-9 * max(1.0, abs(float(made.attrs["base"]))):
            continue
        by = difference(left, str(unit), zh, word)
        if zh:
            parts.append(f"同取{side[0]}比逐项相加{'多' if left > 0 else '少'}{by}")
        else:
            more = "more" if left > 0 else "less"
            parts.append(f"all at their {side[1]} give {by} {more} than the sum of single effects")
    told = ("，" if zh else "; ").join(parts)
    return f"各项相互影响，不能相加：{told}。" if zh else f"Effects interact: {told}."


# Tipping points in words: how far each input may go before the verdict changes.

NAMED = 2
"""Inputs of one kind that the result names."""


def switching_words(made: xr.Dataset, lang: str = "zh") -> Narrative:
    """Return tipping points in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    return Narrative(
        [_state(made, lang), *_tipping(made, lang)],
        _notes_switching_words(made, zh) + setting_lines(made, zh),
    )


def goal_phrase(made: xr.Dataset, zh: bool) -> str:
    """Return from where on the output is good enough."""
    limit, sense = float(made.attrs["threshold"]), str(made.attrs["sense"])
    asked = str(made.attrs["threshold_of"])
    word = asked.partition(":")[0]
    if word == "gap" and limit == 0:
        return "目标" if zh else "the target"
    said = amount(limit, str(made.attrs["unit"]), zh, word)
    if zh:
        return f"{'不低于' if sense == 'at_least' else '不超过'}{said}"
    return f"at {'least' if sense == 'at_least' else 'most'} {said}"


def _state(made: xr.Dataset, lang: str) -> str:
    """Say whether the output is good enough where everything stands."""
    zh, what = lang == "zh", asked_phrase(made, lang)
    word = str(made.attrs["output"]).partition(":")[0]
    here = amount(float(made.attrs["base"]), str(made.attrs["unit"]), zh, word)
    return verdict(what, here, goal_phrase(made, zh), bool(made.attrs["met"]), zh)


def verdict(what: str, here: str, goal: str, met: bool, zh: bool) -> str:
    """Return a sentence on where an output stands and whether that is good enough."""
    if zh:
        if goal == "目标":
            return f"{what}现为{here}，{'已达到目标' if met else '没有达到目标'}。"
        return f"{what}现为{here}，{'满足' if met else '不满足'}“{goal}”的要求。"
    return f"{capital(what)} stands at {here}: {goal} is {'met' if met else 'not met'}."


def tipping_text(made: xr.Dataset, place: int, lang: str) -> str:
    """Return the tipping point of one input as a clause.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    place : int
        Of the input.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    name, title = str(made["input"].values[place]), names_of(made, lang)[place]
    value, above = float(made["switching_value"][place]), _above(made, place)
    unit = units_of(made)[place]
    who = subject_of(title, zh)
    if np.isnan(value):
        phrase = input_phrase(name, title, zh)
        return f"{phrase}在搜索范围内没有临界点" if zh else f"{phrase} has none within its range"
    told = bound(name, value, unit, above, zh)
    return f"{who}{told}" if zh else f"{who}: {told}"


def _above(made: xr.Dataset, place: int) -> bool:
    return str(made["good_side"].values[place]) == "above"


def at_once(made: xr.Dataset, place: int) -> bool:
    """Return whether any move at all changes the verdict."""
    base, value = float(made["base"][place]), float(made["switching_value"][place])
    return abs(value - base) <= AT_ONCE * max(1.0, abs(base))


def _tipping(made: xr.Dataset, lang: str) -> list[str]:
    """Say what tips first: what does at any move, then the nearest of each kind of input."""
    zh = lang == "zh"
    places = [i for i in range(made.sizes["input"]) if not np.isnan(made["switching_value"][i])]
    if not places:
        return [
            "单独变动任何一项，在搜索范围内都不改变这一结论。"
            if zh
            else "No single input changes that within the range searched."
        ]
    chosen: list[int] = []
    by_field: dict[str, list[int]] = {}
    for i in places:
        by_field.setdefault(field_of(str(made["input"].values[i])), []).append(i)
    for members in by_field.values():
        chosen += sorted(members, key=lambda i: _far(made, i))[:NAMED]
    told = [tipping_text(made, i, lang) for i in sorted(chosen, key=lambda i: not at_once(made, i))]
    if zh:
        head = "只变一项即可达到" if not made.attrs["met"] else "其余不变时"
        return [f"{head}：{'；'.join(told)}。"]
    head = "Either of these alone reaches it" if not made.attrs["met"] else "All else unchanged"
    if len(told) == 1 and not made.attrs["met"]:
        head = "This alone reaches it"
    return [f"{head}: {'; '.join(told)}."]


def _far(made: xr.Dataset, place: int) -> float:
    """Return how far an input has to go, in its own unit; inputs of one kind share it."""
    base, value = float(made["base"][place]), float(made["switching_value"][place])
    return 0.0 if np.isnan(base) else abs(value - base)


def _notes_switching_words(made: xr.Dataset, zh: bool) -> list[str]:
    none = [
        i
        for i in range(made.sizes["input"])
        if str(made["switching_value_reason"].values[i]) == "none_in_range"
    ]
    lines = []
    if none:
        lines.append(_none(made, none, zh))
    several = int(np.count_nonzero(made["crossings"].values > 1))
    if several:
        lines.append(
            f"{several}项在范围内翻转不止一次，所列为离现值最近的一处。"
            if zh
            else f"{several} change the verdict more than once; what is listed is the nearest."
        )
    if not np.isnan(made["coefficient"].values).all():
        lines.append(
            "敏感度系数：输入增加10%时，结果的变化率除以输入的变化率；现值为0的没有系数。"
            if zh
            else "Coefficient: relative change of the output over that of the input, at +10 %; an "
            "input that stands at 0 has none."
        )
    return lines


def _none(made: xr.Dataset, none: list[int], zh: bool) -> str:
    """Say how many inputs have no tipping point, and how far the search went."""
    found = Counter()  # type: Counter[tuple[str, str]]
    for i in none:
        name, unit = str(made["input"].values[i]), units_of(made)[i]
        low, high = (setting(name, float(made[end][i]), unit, zh) for end in ("low", "high"))
        word = FIELDS.get(field_of(name), (name, name))[0 if zh else 1]
        found[word, f"{low}至{high}" if zh else f"{low} to {high}"] += 1
    told = [
        f"{word}{n}项（{span}）" if zh else f"{word} ({n}; from {span})"
        for (word, span), n in found.items()
    ]
    if zh:
        return f"以下各项在搜索范围内没有临界点，单独变动改变不了结论：{'、'.join(told)}。"
    return f"No tipping point within the range searched: {', '.join(told)}."


# Sobol indices in words: whose variance it is, whether there were points enough, what is left.

SLIGHT = 0.05
"""Total index below which an input is not named, and joint effects are not."""
NAMED_SOBOL_WORDS = 3


def sobol_words(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> Narrative:
    """Return Sobol indices in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sobol` or :func:`corridor_model.sensitivity.sobol_indices`.
    output : str, optional
        One of its outputs; by default every one.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    asked = [output] if output is not None else [str(name) for name in made["output"].values]
    result = [line for name in asked for line in _result_sobol_words(made.sel(output=name), lang)]
    return Narrative(result, _notes_sobol_words(made, asked, zh) + setting_lines(made, zh))


def _what(at: xr.Dataset, lang: str) -> str:
    name = str(at["output"].values)
    title = str(at[f"output_{lang}"].values) if f"output_{lang}" in at.coords else name
    return output_phrase(name, title, lang == "zh")


def ranked(at: xr.Dataset) -> list[int]:
    """Return the places of the inputs of one output, the largest total index first."""
    return [int(i) for i in np.argsort(-at["ST"].values, kind="stable")]


def _result_sobol_words(at: xr.Dataset, lang: str) -> list[str]:
    zh, what = lang == "zh", _what(at, lang)
    if bool(at["zero_variance"]):
        return [
            f"{what}在所设范围内不变，没有方差可分。"
            if zh
            else f"{capital(what)} never moves within these ranges: there is no variance to share."
        ]
    names, inputs = names_of(at, lang), at["input"].values
    order = ranked(at)
    total = at["ST"].values
    shown = [i for i in order if total[i] >= SLIGHT][:NAMED_SOBOL_WORDS] or order[:1]
    told = [
        (input_phrase(str(inputs[i]), names[i], zh), share_text(float(total[i]), zh)) for i in shown
    ]
    lines = [_first_sobol_words(what, told, float(total[order[0]]), zh), *_integrated(at, zh)]
    joint = 1 - float(at["S1"].values.sum())
    if joint >= SLIGHT and bool(at["converged"]):
        by = share_text(joint, zh)
        lines.append(
            f"另有{by}来自各项的相互作用。"
            if zh
            else f"{by} of it comes from inputs acting jointly."
        )
    return lines


def _integrated(at: xr.Dataset, zh: bool) -> list[str]:
    """Say how little odds may move where forecasts are integrated out of them."""
    word = str(at["output"].values).partition(":")[0]
    if word not in {"p_reach", "expected_reached"}:
        return []
    sd = float(np.sqrt(at["variance"]))
    odds = word == "p_reach"
    zh_by = f"{rounded(100 * sd, 1)}个百分点" if odds else f"{rounded(sd, 2)}项"
    en_by = f"{rounded(100 * sd, 1)} percentage points" if odds else rounded(sd, 2)
    return [
        f"各项走势已算在概率之内；这里的输入只使它有{zh_by}的标准差。"
        if zh
        else "Forecasts are inside the odds already; these inputs move them with a standard "
        f"deviation of {en_by} only."
    ]


def _first_sobol_words(what: str, told: list[tuple[str, str]], share: float, zh: bool) -> str:
    (phrase, by), rest = told[0], told[1:]
    others = ("、" if zh else " and ").join(f"{p}（{s}）" if zh else f"{p} ({s})" for p, s in rest)
    if zh:
        head = (
            f"决定{what}的主要是{phrase}，占方差的{by}"
            if share >= MOSTLY
            else f"对{what}影响最大的是{phrase}，占方差的{by}"
        )
        return f"{head}；其次是{others}。" if rest else f"{head}。"
    verb = "hangs mainly on" if share >= MOSTLY else "is moved most by"
    head = f"{capital(what)} {verb} {phrase}: {by} of its variance"
    return f"{head}; next {others}." if rest else f"{head}."


def _notes_sobol_words(made: xr.Dataset, asked: list[str], zh: bool) -> list[str]:
    at = made.sel(output=asked)
    touching = (at["ST"].values != 0).any(axis=0)
    lines = [convergence(at, made, zh)]
    if "input_origin" in made:
        pairs = zip(made["input"].values, made["input_origin"].values, touching, strict=True)
        lines += origin_lines([(str(n), str(o)) for n, o, t in pairs if t], zh)
    still = int(np.count_nonzero(~touching))
    if still:
        lines.append(
            f"另有{still}项输入与所列结果无关，指数恰好是0。"
            if zh
            else f"Inputs that cannot reach what is listed, and have exactly 0: {still}."
        )
    left = left_out(made, zh)
    return [line for line in (*lines, left) if line]


def convergence(at: xr.Dataset, made: xr.Dataset, zh: bool) -> str:
    """Return whether the points were enough, and how many would be."""
    moving = ~at["zero_variance"].values
    if not moving.any():
        return ""
    n, tolerance = int(made.attrs["n"]), float(made.attrs["tolerance"])
    points = share_text(tolerance, zh).replace("%", "").strip()
    if not int(made.attrs["resamples"]):
        return (
            "没有做重抽样，没有区间，不能判断是否收敛。"
            if zh
            else "Nothing was resampled: no intervals, and no saying whether it has converged."
        )
    open_ = moving & ~at["converged"].values
    if not open_.any():
        return (
            f"已收敛：{n}点，区间半宽都不超过{points}个百分点。"
            if zh
            else f"Converged: at {n} points every half width is within {points} percentage points."
        )
    needed = at["n_converge"].values[open_]
    count = int(np.count_nonzero(open_))
    enough = (
        ("所需点数未知" if zh else "how many would do is not known")
        if (needed < 0).any()
        else (f"约需{int(needed.max())}点" if zh else f"about {int(needed.max())} would do")
    )
    if zh:
        which = f"{count}项结果" if len(moving) > 1 else ""
        return f"{which}尚未收敛：{n}点时区间半宽超过{points}个百分点，{enough}。"
    which = f"{count} outputs have not converged" if len(moving) > 1 else "Not converged"
    return f"{which}: with {n} points a half width exceeds {points} percentage points; {enough}."


def left_out(made: xr.Dataset, zh: bool) -> str:
    """Return how many indicators have no output, by reason."""
    told = str(made.attrs.get("left_out", "none"))
    if told in {"none", ""}:
        return ""
    codes = Counter(part.rpartition(" (")[2].rstrip(")") for part in told.split("; "))
    words = [
        f"{reason_text(code, zh)}{'' if zh else ' '}{count}" for code, count in codes.most_common()
    ]
    total = sum(codes.values())
    if zh:
        return f"未列入的指标{total}项：{'、'.join(f'{w}项' for w in words)}。"
    return f"{total} indicators are left out: {', '.join(words)}."


# An attribution in words: what a scenario does, and which of its changes did it.

NOTHING = 1e-9
"""Change, relative to where an output stands, that counts as none."""


def attribution_words(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> Narrative:
    """Return an attribution in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.attribute`.
    output : str, optional
        One of its outputs; by default every one that the scenario moves.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    asked = [output] if output is not None else [str(name) for name in made["output"].values]
    moved = [name for name in asked if moves(made.sel(output=name))]
    still = [name for name in asked if name not in moved]
    title = scenario_title(made, zh)
    result = [
        line
        for name in moved
        for line in _result_attribution_words(made.sel(output=name), title, lang)
    ]
    if still:
        listed = [what(made.sel(output=name), lang) for name in still]
        result.append(
            f"情景“{title}”不改变{'、'.join(listed)}。"
            if zh
            else f"The scenario “{title}” does not move {', '.join(listed)}."
        )
    return Narrative(result, _notes_attribution_words(made, zh))


def moves(at: xr.Dataset) -> bool:
    """Return whether any change of the scenario moves an output."""
    scale = max(abs(float(at["before"])), abs(float(at["after"])), 1e-300)
    return bool(np.abs(at["share"].values).max(initial=0.0) > NOTHING * scale)


def what(at: xr.Dataset, lang: str) -> str:
    """Return the output as part of a sentence."""
    return output_phrase(str(at["output"].values), str(at[f"output_{lang}"].values), lang == "zh")


def ranked_attribution_words(at: xr.Dataset) -> list[int]:
    """Return the places of the changes that move an output, the largest first."""
    share = at["share"].values
    scale = max(abs(float(at["before"])), abs(float(at["after"])), 1e-300)
    order = np.argsort(-np.abs(share), kind="stable")
    return [int(i) for i in order if abs(share[i]) > NOTHING * scale]


def change(at: xr.Dataset, place: int, zh: bool) -> str:
    """Return a change in words; Chinese print sets no blank before %."""
    told = str(at["change_zh" if zh else "change_en"].values[place])
    return told.replace(" %", "%") if zh else told


def _result_attribution_words(at: xr.Dataset, title: str, lang: str) -> list[str]:
    zh, unit = lang == "zh", str(at["unit"].values)
    word = str(at["output"].values).partition(":")[0]
    before, after = float(at["before"]), float(at["after"])
    share, order = at["share"].values, ranked_attribution_words(at)
    start, end = (amount(value, unit, zh, word) for value in (before, after))
    by = difference(after - before, unit, zh, word)
    grown = after > before
    gone = f"{'增加' if grown else '减少'}{by}" if zh else f"{by} {'more' if grown else 'less'}"
    if zh:
        head = f"情景“{title}”使{what(at, lang)}由{start}变为{end}，{gone}"
    else:
        head = f"The scenario “{title}” takes {what(at, lang)} from {start} to {end}: {gone}"
    if len(order) == 1:
        only = change(at, order[0], zh)
        return [f"{head}，全部来自“{only}”。" if zh else f"{head}, all of it by “{only}”."]
    head += "。" if zh else "."
    with_it = [i for i in order if (share[i] > 0) == grown]
    against = [i for i in order if (share[i] > 0) != grown]
    lines = [head]
    if with_it:
        lines.append(_listed(at, with_it, zh, "起作用最大的", "Most of it comes from"))
    if against:
        lines.append(_listed(at, against, zh, "方向相反的", "Against it works"))
    return lines


def _listed(at: xr.Dataset, places: list[int], zh: bool, head_zh: str, head_en: str) -> str:
    """Return the two largest changes of one direction with what each did."""
    unit, word = str(at["unit"].values), str(at["output"].values).partition(":")[0]
    parts = []
    for i in places[:2]:
        by = difference(float(at["share"].values[i]), unit, zh, word, sign=True)
        parts.append(f"“{change(at, i, zh)}”（{by}）" if zh else f"“{change(at, i, zh)}” ({by})")
    if zh:
        return f"{head_zh}是{'，其次是'.join(parts)}。"
    return f"{capital(head_en)} {', then '.join(parts)}."


def _notes_attribution_words(made: xr.Dataset, zh: bool) -> list[str]:
    lines = [
        "“份额”是各项改动在所有次序下的平均作用（夏普利值），相加等于总变化；“按序”随书写次序而变。"
        if zh
        else "“Share” is what a change does on average over all orders (Shapley); shares sum to "
        "the whole. “In order” depends on the order written."
    ]
    if not made.attrs["exact"]:
        level = round(100 * float(made.attrs["level"]))
        lines.append(
            f"改动超过12项，份额由抽样得出，带{level}%区间。"
            if zh
            else f"With more than 12 changes shares are sampled, with {level} % intervals."
        )
    if made.attrs.get("example"):
        lines.append(f"{translator('zh')(EXAMPLE)}。" if zh else f"{capital(EXAMPLE)}.")
    return lines


# A grid of two inputs in words: where the plan stands, and where the frontier runs.

REASONS = {
    "always_met": ("全部达到", "always met"),
    "never_met": ("都达不到", "never met"),
    "": ("", ""),
}


def grid_words(made: xr.Dataset, lang: str = "zh") -> Narrative:
    """Return a grid of two inputs in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    lines = [_here(made, lang), _share(made, zh), _frontier(made, lang)]
    return Narrative([line for line in lines if line], setting_lines(made, zh))


def axis_phrase(made: xr.Dataset, axis: str, lang: str) -> str:
    """Return an axis' input as part of a sentence."""
    held = made[axis].attrs
    return input_phrase(str(held["input"]), str(held[f"name_{lang}"]), lang == "zh")


def at(made: xr.Dataset, axis: str, value: float, zh: bool) -> str:
    """Return what an axis' input at a value means."""
    held = made[axis].attrs
    return setting(str(held["input"]), value, str(held["units"]), zh)


def with_unit(made: xr.Dataset) -> xr.Dataset:
    """Return the grid with the output's unit where the words of other studies look for it."""
    return made.assign_attrs(unit=str(made["output"].attrs["units"]))


def _here(made: xr.Dataset, lang: str) -> str:
    zh = lang == "zh"
    if "base" not in made.attrs:
        return ""
    word = str(made.attrs["output"]).partition(":")[0]
    here = amount(float(made.attrs["base"]), str(made["output"].attrs["units"]), zh, word)
    goal, met = goal_phrase(with_unit(made), zh), bool(made.attrs["base_met"])
    return verdict(asked_phrase(made, lang), here, goal, met, zh)


def _share(made: xr.Dataset, zh: bool) -> str:
    met = made["met"].values
    by = percents(float(met.mean()), zh, 0)
    if zh:
        return f"所列{met.size}种组合中，{by}达到要求。"
    return f"Of {met.size} combinations {by} meet it."


def _frontier(made: xr.Dataset, lang: str) -> str:
    """Say where the frontier begins and ends."""
    zh = lang == "zh"
    line = made["frontier"].values
    known = np.flatnonzero(~np.isnan(line))
    if not len(known):
        return (
            "这一范围内没有边界：结论处处相同。"
            if zh
            else "There is no frontier here: the verdict is the same everywhere."
        )
    who_x, who_y = (subject_of(str(made[axis].attrs[f"name_{lang}"]), zh) for axis in "xy")
    parts: list[str] = []
    for i in dict.fromkeys((int(known[0]), int(known[-1]))):
        at_x = at(made, "x", float(made["x"][i]), zh)
        held = made["y"].attrs
        side = bound(
            str(held["input"]), float(line[i]), str(held["units"]), _above_grid_words(made, i), zh
        )
        first = not parts
        x, y = who_x if first else "", who_y if first and who_x != who_y else ""
        parts.append(
            f"{x}{at_x}时，{y}{side}"
            if zh
            else f"{x} {at_x}: {y} {side}".strip().replace(":  ", ": ")
        )
    return f"边界：{'；'.join(parts)}。" if zh else f"The frontier: {'; '.join(parts)}."


def _above_grid_words(made: xr.Dataset, place: int) -> bool:
    """Return whether the target is met above the frontier."""
    column, y = made["met"].values[:, place], made["y"].values
    higher = y > float(made["frontier"][place])
    return bool(higher.any() and column[higher].mean() > column[~higher].mean())


# How far an input may go, or must: the good side of a tipping point as a clause.

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
