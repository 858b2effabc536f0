"""The words of the command line in Chinese and English."""

from __future__ import annotations

import os


def default_language() -> str:
    """Return ``"zh"`` on a Chinese system, otherwise ``"en"``.

    ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` are asked in this order, as POSIX has it; where
    none is set (Windows) the system's own locale.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    import locale

    system = (locale.getlocale()[0] or "").lower()
    return "zh" if system.startswith(("zh", "chinese")) else "en"


REASONS = {
    "no_baseline": ("无基期", "no baseline"),
    "undefined_rate": ("无法计算", "undefined"),
    "not_applicable": ("不适用", "not applicable"),
    "before_baseline": ("早于基期", "before the baseline"),
    "above_bound": ("超过100%", "above 100 %"),
    "never_reached": ("达不到", "never"),
}


def reason(code: str, lang: str) -> str:
    """Return a reason code in words (S7)."""
    return REASONS[code][lang == "en"]
