"""Pictures on the caller's axes; fonts and styles are the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .explain import shown

if TYPE_CHECKING:
    from .backtesting import Backtest
    from .predictive import Predictive

_BLUE, _RED, _GREY = "#1f5fa8", "#b3261e", "#666666"
_WORDS = {
    "history": ("实际值", "history"),
    "middle": ("预测中位数", "median forecast"),
    "fan": ("50%、80%、90%区间", "50, 80 and 90 % intervals"),
    "target": ("目标", "target"),
    "p": ("达标概率", "P(target)"),
    "said": ("预测概率", "probability stated"),
    "came": ("实现频率", "how often it came true"),
    "perfect": ("完全可靠", "perfectly reliable"),
}


def word(key: str, lang: str) -> str:
    """Label in Chinese or English."""
    return _WORDS[key][0 if lang == "zh" else 1]


def fan(told: Predictive, ax: Any, target: float | None = None, lang: str = "en") -> Any:
    """Draw history, forecast fan and target."""
    history = told.history
    years = np.array([history.years[-1], *told.years])
    levels = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
    now = np.full((1, len(levels)), history.values[-1])
    bands = np.concatenate([now, told.quantile(levels)])
    for inner, (low, high) in enumerate(((0, 6), (1, 5), (2, 4))):
        label = word("fan", lang) if inner == 2 else None
        ax.fill_between(
            years, bands[:, low], bands[:, high], color=_BLUE, alpha=0.14, lw=0, label=label
        )
    ax.plot(years, bands[:, 3], color=_BLUE, lw=1.4, ls="--", label=word("middle", lang))
    ax.plot(history.years, history.values, color="black", marker="o", ms=4, lw=1.2,
            label=word("history", lang))  # fmt: skip
    if target is not None:
        chance = shown(float(told.prob_at_least(target)[-1]))
        label = f"{word('target', lang)} {target:g}  ({word('p', lang)} {chance})"
        ax.plot([years[0], years[-1]], [target, target], color=_RED, lw=1.2, label=label)
    ax.set_xticks(range(history.years[0], int(years[-1]) + 1, max(1, len(history.years) // 6)))
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def reliability(found: Backtest, ax: Any, lang: str = "en", label: str | None = None) -> Any:
    """Draw stated probability against observed frequency; areas grow with the cases."""
    rows = found.reliability
    said = np.array([r.stated for r in rows])
    came = np.array([r.observed for r in rows])
    count = np.array([r.cases for r in rows], float)
    ax.plot([0, 1], [0, 1], color=_GREY, lw=0.8, ls=":", label=word("perfect", lang))
    ax.plot(said, came, color=_BLUE, lw=1.0)
    ax.scatter(said, came, s=10 + 140 * count / count.max(), color=_BLUE, alpha=0.8, label=label)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=word("said", lang), ylabel=word("came", lang))
    ax.set_aspect("equal")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax
