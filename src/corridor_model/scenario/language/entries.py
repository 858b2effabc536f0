"""The words of scenario files: changes and entries, as people write them, and where one stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.finite import short
from corridor_model.plan.names import nearest
from corridor_model.scenario.language.toml_writing import CHANGE_WORDS, KINDS

if TYPE_CHECKING:
    from corridor_model.scenario.language.changes import Change
    from corridor_model.scenario.language.model import Scenario

CHANGES_ZH: dict[str, tuple[str, ...]] = {
    "delay": ("推迟", "延期", "延迟", "延后", "推后", "滞后", "缓建"),
    "accelerate": ("提前", "加快", "加速"),
    "overrun": ("超支", "超概算", "涨价", "造价"),
    "cancel": ("取消", "停建", "不建"),
    "set_investment": ("设定总投资", "总投资", "投资"),
    "set_dates": ("设定起止", "起止", "起止时间", "工期", "开工", "完工"),
    "set_profile": ("设定投资曲线", "投资曲线", "投资进度"),
    "as_planned": ("恢复原计划", "按计划"),
    "set_growth": ("设定增速", "增速", "增长"),
    "set_baseline": ("设定基期值", "基期值", "基期"),
    "set_target": ("设定目标值", "目标值", "目标"),
    "as_forecast": ("恢复原预测",),
    "set_effect": ("设定项目影响", "项目影响", "影响"),
    "effect_as_planned": ("恢复原影响",),
}
"""What each change is called in Chinese; messages show the first."""

SELECTORS = ("target", "category", "unit", "all")
_WRITTEN = {
    "value": ("amount", "investment", "money", "total", "cost", "baseline", "金额", "总投资"),
    "months": ("delay", "duration", "time", "月数", "个月"),
    "factor": ("amount", "overrun", "ratio", "times", "percent", "value", "cost", "倍数"),
    "mean": ("growth", "rate", "value", "amount", "percent", "average", "增速"),
    "sd": ("std", "sigma", "stdev", "deviation", "标准差"),
    "from_year": ("year", "start", "from", "since"),
    "per_unit": ("effect", "value", "amount", "影响"),
    "target": ("project", "work", "works", "id", "name", "项目", "工程"),
    "indicator": ("target", "aim", "id", "name", "goal", "指标"),
    "start": ("begin", "from", "开工"),
    "end": ("finish", "until", "to", "completion", "完工"),
    "profile": ("curve", "shape", "曲线"),
    "what": ("field", "part"),
    "category": ("kind", "type", "class", "类别"),
    "unit": ("office", "department", "lead", "led_by", "单位", "牵头单位"),
}
MEANT: dict[str, tuple[str, ...]] = {}
"""Entries by what people write for them; of several, that which the change takes."""
for _name, _said_so in _WRITTEN.items():
    for _other in _said_so:
        MEANT[_other] = (*MEANT.get(_other, ()), _name)

_CLASSES = {kind.__name__: word for kind, word in CHANGE_WORDS.items()}
_CLASS = re.compile(rf"\b(?:{'|'.join(_CLASSES)})\b")
_PREFIX = re.compile(rf"\A(?:{'|'.join(_CLASSES)}):? ")


def where_of(scenario: Scenario, place: int, change: Change) -> str:
    """Return where a change stands, as its author wrote it: file, scenario, number, word."""
    if scenario.file is None:
        return f"{scenario.name} #{place} {type(change).__name__}"
    return f"{scenario.file} {scenario.name} #{place} {CHANGE_WORDS[type(change)]}".strip()


def in_words_of_files(problem: Problem) -> Problem:
    """Return a problem that calls changes as files do: ``delay``, where Python says Delay."""
    what, remedy = (
        _CLASS.sub(lambda found: _CLASSES[found[0]], text)
        for text in (_PREFIX.sub("", problem.what_en), problem.remedy_en)
    )
    return replace(problem, what_en=what, remedy_en=remedy)


def known_changes() -> tuple[str, str]:
    """Return every change, in Chinese with what it is called there, and in English."""
    listed = "、".join(f"{CHANGES_ZH[word][0]} {word}" for word in KINDS)
    return f"可用：{listed}。", f"Known: {', '.join(KINDS)}."


def unknown_change(where: str, word: object) -> Problem:
    """Return the problem of a change that there is not, with the one that was likely meant."""
    said = word.strip().lower() if isinstance(word, str) else ""
    meant = next((one for one, names in CHANGES_ZH.items() if said in names), "")
    if not meant:  # «推迟12个月»: what it begins with, the longest first
        begun = [(name, one) for one, names in CHANGES_ZH.items() for name in names]
        meant = next(
            (one for name, one in sorted(begun, key=_longest) if said.startswith(name)), ""
        )
    near = "" if meant or not said else nearest(said, list(KINDS))
    if meant:
        hint = f"请写{meant}。", f"Write {meant!r}."
    elif near:
        hint = f"是否应为{near}（{CHANGES_ZH[near][0]}）？", f"Did you mean {near!r}?"
    else:
        hint = known_changes()
    got = short(word)
    return Problem(f"没有名为{got}的改动。", f"there is no change {got}.", *hint, where)


def _longest(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def unknown_entry(where: str, key: str, known: Sequence[str]) -> Problem:
    """Return the problem of an entry that a change does not take, with all those it takes."""
    meant = next((one for one in MEANT.get(key.lower(), ()) if one in known), "")
    near = meant or nearest(key, [name for name in known if name not in SELECTORS[1:]])
    listed_zh, listed_en = f"可用：{'、'.join(known)}。", f"It takes {', '.join(known)}."
    return Problem(
        f"没有名为{key!r}的项。",
        f"there is no entry {key!r}.",
        f"是否应为{near}？{listed_zh}" if near else listed_zh,
        f"Did you mean {near!r}? {listed_en}" if near else listed_en,
        where,
    )
