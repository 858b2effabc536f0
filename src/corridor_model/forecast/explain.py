"""Why a forecast says what it says, in numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .experts import Expert
from .mixed import Mixed, alone

if TYPE_CHECKING:
    from .predictive import Predictive

#: Family: Chinese name, English name. A family is what an expert expects of change.
FAMILIES = {
    "persistent": ("增长有惯性", "persistent growth"),
    "reverting": ("回归趋势", "reversion to a trend"),
    "walk": ("随机游走", "random walk"),
    "jumpy": ("起伏突变", "jumpy"),
}


def family_of(expert: Expert) -> str:
    """Name what an expert expects of change.

    Examples
    --------
    >>> family_of(Expert(0.7, -0.4, 0.03, 0.03, 1, 4, float("inf")))
    'persistent'
    """
    if expert.phi + expert.theta < -0.05 or (expert.phi < 0.6 and expert.theta < -0.05):
        return "reverting"
    if expert.phi + expert.theta > 0.05:
        return "persistent"
    return "walk" if expert.delta == 1 else "jumpy"


@dataclass(frozen=True)
class Explanation:
    """What carried a forecast.

    Attributes
    ----------
    families : tuple of (family, share)
        Belief by family, largest first; shares sum to 1.
    experts : tuple of (Expert, share)
        The five most believed.
    points, effective_years : float
        Observations read, and how many years the noise's size is learned from, after old and
        outlying years are discounted.
    moved : float
        How far the history moved belief away from what one point alone would give: 0 not at
        all, 1 entirely (total variation distance).
    base_rate : tuple of (q10, median, q90)
        What the pooled prior alone would say of the last horizon year.
    p, p_base_rate : float or None
        Probability of reaching the target there, from the forecast and from the base rate.
    """

    families: tuple[tuple[str, float], ...]
    experts: tuple[tuple[Expert, float], ...]
    points: int
    effective_years: float
    moved: float
    base_rate: tuple[float, float, float]
    p: float | None
    p_base_rate: float | None

    def text(self, lang: str = "en") -> str:
        """Say it in a few sentences, in ``"zh"`` or ``"en"``."""
        at = 0 if lang == "zh" else 1
        parts = [
            f"{FAMILIES[name][at]} {share:.0%}" for name, share in self.families if share >= 0.01
        ]
        low, middle, high = self.base_rate
        if lang == "zh":
            said = [
                f"预测依据：{'，'.join(parts)}。",
                f"读入{self.points}个年度值，波动幅度约由{self.effective_years:.1f}年估计，"
                f"历史使判断改变{self.moved:.0%}。",
                f"仅凭同类序列的基准：中位数{middle:.4g}，80%区间{low:.4g}至{high:.4g}。",
            ]
            if self.p is not None:
                said.append(f"达标概率{shown(self.p)}，基准概率{shown(self.p_base_rate or 0.0)}。")
            return "".join(said)
        said = [
            f"Carried by {', '.join(parts)}.",
            f"{self.points} values read; the size of change rests on about "
            f"{self.effective_years:.1f} years; the history moved belief by {self.moved:.0%}.",
            f"The base rate alone: median {middle:.4g}, 80% interval {low:.4g} to {high:.4g}.",
        ]
        if self.p is not None:
            said.append(f"P(target) {shown(self.p)}; base rate {shown(self.p_base_rate or 0.0)}.")
        return " ".join(said)


def shown(p: float) -> str:
    """Show a probability of an open year: within 0.001-0.999 (S14).

    Examples
    --------
    >>> shown(1.0), shown(0.25)
    ('0.999', '0.250')
    """
    return f"{min(max(p, 0.001), 0.999):.3f}"


def explain(told: Predictive, target: float | None = None) -> Explanation | None:
    """Explain a forecast of the mixture; None for other routes and comparison methods."""
    core = told.core
    if not isinstance(core, Mixed):
        return None
    weight = core.weight[0]
    rows = core.weights.experts.rows
    families: dict[str, float] = dict.fromkeys(FAMILIES, 0.0)
    for row, share in zip(rows, weight, strict=True):
        families[family_of(row)] += float(share)
    leading = np.argsort(-weight, kind="stable")[:5]
    base_only = alone(core, told.kind)
    low, middle, high = (float(v) for v in base_only.quantile(np.array([0.1, 0.5, 0.9]))[0, -1])
    p = base = None
    if target is not None:
        goal = np.full((1, len(told.years), 1), float(target))
        p = float(told.prob_at_least(target)[-1])
        base = float(1 - base_only.cdf(goal, strict=True)[0, -1, 0])
    return Explanation(
        tuple(sorted(families.items(), key=lambda pair: -pair[1])),
        tuple((rows[i], float(weight[i])) for i in leading),
        len(told.history.values),
        _effective_years(core),
        float(0.5 * np.abs(weight - base_only.weight[0]).sum()),
        (low, middle, high),
        p,
        base,
    )


def _effective_years(core: Mixed) -> float:
    """Discounted number of steps, averaged over belief."""
    delta = core.weights.experts.column("delta")
    seen = np.zeros_like(delta)
    for _ in core.gaps:
        seen = delta * seen + 1
    return float((seen * core.weight[0]).sum())
