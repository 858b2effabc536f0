"""The words of choice columns as an office writes them in Chinese."""

from __future__ import annotations

CHOICES_ZH: dict[str, tuple[str, ...]] = {
    "level": ("水平值", "水平"),
    "share": ("占比",),
    "ratio": ("比率",),
    "growth": ("年均增速", "增速"),
    "cumulative": ("累计新增", "累计"),
    "annual": ("每年", "每年下限"),
    "rank": ("位次", "排名"),
    "milestone": ("节点",),
    "completion": ("完成进度", "进度"),
    "at_least": ("不低于", "不少于", "以上", "达到", "≥", ">="),
    "at_most": ("不高于", "不超过", "以内", "≤", "<="),
    "exactly": ("等于", "="),
    "document": ("文件",),
    "definition": ("定义", "按口径为零"),
    "published": ("公开发布",),
    "user": ("本单位填报", "填报"),
    "literature": ("文献",),
    "assumed": ("假设",),
    "stock": ("存量", "期末数"),
    "flow": ("流量", "期间数"),
    "event": ("事件",),
    "nominal": ("现价", "名义"),
    "real": ("可比价", "不变价"),
    "binding": ("约束性",),
    "expected": ("预期性",),
    "high": ("高",),
    "medium": ("中",),
    "low": ("低",),
    "road": ("道路", "公路"),
    "public_transport": ("公共交通", "公交"),
    "environment": ("环境整治", "环境"),
    "addition": ("新增",),
    "done": ("完成", "已完成"),
    "year": ("全年",),
    "ytd": ("累计", "本年累计"),
    "month": ("当月", "本月"),
    "end": ("期末",),
    "on_schedule": ("按序时", "正常推进"),
    "behind": ("滞后",),
    "paused": ("暂缓",),
    "not_reported": ("未报送",),
}
"""By the word in the schema; the first one is shown in messages."""


def synonyms(choices: tuple[str, ...]) -> dict[str, str]:
    """Return every way to write one of the choices, in lower case, by what it means.

    Examples
    --------
    >>> synonyms(("at_least", "at_most"))["不低于"]
    'at_least'
    """
    known = {said: choice for choice in choices for said in CHOICES_ZH.get(choice, ())}
    return known | {choice.lower(): choice for choice in choices}


def listed_zh(choices: tuple[str, ...]) -> str:
    """Return the choices for a Chinese message: ``不低于（at_least）``."""
    return "、".join(
        f"{CHOICES_ZH[choice][0]}（{choice}）" if choice in CHOICES_ZH else choice
        for choice in choices
    )
