"""Words that stand where a figure is expected, and what they mean (never 0, never N/A)."""

from __future__ import annotations

import re
import unicodedata

from corridor_model.plan.cells import MISSING

REASONS = ("not_due_yet", "paused", "not_started", "not_reported")
"""Why there is no figure."""

PAUSED = re.compile(r"暂缓|暂停|停工|停建|缓建")
_MEANINGS = (
    ("paused", PAUSED),
    ("not_started", re.compile(r"未启动|未开工|未实施|未动工")),
    (
        "not_due_yet",
        re.compile(r"预计.*(?:公布|发布|反馈|出)|(?:未|待|尚未)(?:公布|发布|反馈)|年度指标|年报"),
    ),
    ("not_reported", re.compile(r"未报送?|未上报|未填报|漏报|缺报")),
)


def reason_for(text: str) -> str | None:
    """Return why a cell holds no figure, or None where it should hold one.

    Examples
    --------
    >>> reason_for("预计10月下旬公布"), reason_for("项目暂缓"), reason_for("——"), reason_for("3.5")
    ('not_due_yet', 'paused', 'not_reported', None)
    """
    word = unicodedata.normalize("NFKC", text).strip(" \t\n\u00a0\u3000\ufeff")
    if text.strip() in MISSING or word in MISSING:
        return "not_reported"
    return next((reason for reason, pattern in _MEANINGS if pattern.search(word)), None)
