"""Names in both languages and units of everything a result holds; set by hand (S9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

MONEY = "亿元"
NAMES: dict[str, tuple[str, str]] = {
    # targets
    "p_reach": (
        "probability of the promise: of alternatives, of any / 承诺实现的概率",
        "1",
    ),
    "p_reach_alone": ("probability of this target by itself / 该目标单独达标的概率", "1"),
    "p_reach_error": ("Monte Carlo standard error of p_reach / 达标概率的抽样误差", "1"),
    "p_reach_sampled": ("share of joint draws that reach it / 联合抽样中达标的比例", "1"),
    "p_basis": ("what the probability rests on / 概率的依据", ""),
    "value": ("value by year, quantile / 各年数值分位数", "see unit"),
    "value_origin": ("weakest origin of what was read / 所用数据中最弱的出处", ""),
    "gap": ("distance to the target, quantile / 与目标之差分位数", "see unit"),
    "goal": ("target that was asked for / 所用目标值", ""),
    "series_break": ("figures of an earlier series left out / 口径变化，未用此前数据", "1"),
    "n_reached": ("probability of reaching exactly n promises / 恰好实现n项的概率", "1"),
    "n_reached_mean": (
        "mean number of promises kept, without draws of targets / 平均实现项数（不抽样）",
        "1",
    ),
    "n_reached_error": (
        "Monte Carlo standard error of n_reached / n_reached的抽样误差",
        "1",
    ),
    "n_reached_independent": (
        "probability of exactly n promises if targets were independent"
        " / 各目标相互独立时恰好实现n项的概率",
        "1",
    ),
    # works
    "spending": ("yearly spending, mean / 年度投资（均值）", MONEY),
    "spending_quantile": ("yearly spending, quantile / 年度投资分位数", MONEY),
    "before_plan": ("spent before the plan, mean / 规划期前投资（均值）", MONEY),
    "inside_plan": (
        "spent from the plan to the horizon, mean / 规划期内投资（均值）",
        MONEY,
    ),
    "beyond_horizon": ("spent after the horizon, mean / 期末以后投资（均值）", MONEY),
    "total": ("total over all years, mean / 总投资（均值）", MONEY),
    "programme": ("all works with known money, mean / 已知投资合计（均值）", MONEY),
    "programme_quantile": ("all works with known money, quantile / 已知投资合计分位数", MONEY),
    "p_done_by": ("probability of being finished by the end of the year / 年底前完工概率", "1"),
    "p_open_by": ("probability of being open by the end of the year / 年底前通车概率", "1"),
    "km_open": (
        "road length open at year end, expected / 年底区内通车里程（期望）",
        "km",
    ),
    "tasks_done": (
        "tasks of works done by year end, expected / 年底累计完成任务数（期望）",
        "1",
    ),
    "known": ("whether its money is known / 投资是否已知", "1"),
    "known_works": ("number of works with known money / 投资已知的项目数", "1"),
    "end": (
        "month it ends under the scenario, median / 情景下完工月份（中位数）",
        "",
    ),
    "end_origin": ("weakest origin of the month it ends / 情景下完工月份的出处等级", ""),
    "start_planned": (
        "start before any delay: printed, by rule or set / 推迟或提前之前的开工月份",
        "",
    ),
    "end_planned": ("end before any delay: printed, by rule or set / 推迟或提前之前的完工月份", ""),
    "origin": ("weakest origin of its yearly money / 分年投资的出处等级", ""),
    "rule": ("which date follows a rule / 按规则补的时间", ""),
    "profile": ("spending profile / 投资曲线", ""),
    # what it is read by
    "scenario": ("scenario / 情景", ""),
    "scenario_zh": ("scenario in Chinese / 情景中文名", ""),
    "scenario_text": ("scenario as TOML / 情景原文", ""),
    "indicator": ("indicator / 指标", ""),
    "name_zh": ("name in Chinese / 中文名称", ""),
    "name_en": ("name in English / 英文名称", ""),
    "unit": ("unit of value and gap / 计量单位", ""),
    "project": ("work / 项目", ""),
    "project_zh": ("name of the work in Chinese / 项目中文名称", ""),
    "project_en": ("name of the work in English / 项目英文名称", ""),
    "year": ("year of the plan / 规划年份", "year"),
    "spending_year": ("year of spending / 投资年份", "year"),
    "quantile": ("probability of lying below / 分位水平", "1"),
    "n_targets": ("number of promises kept / 实现项数", "1"),
    "rerun": ("length of packed: plan, scenarios, settings / 重算所需内容的长度", "1"),
}
"""Long name and unit; text has no unit."""


def named(result: xr.Dataset) -> xr.Dataset:
    """Return a result with names and units on every variable and coordinate."""
    for name in result.variables:
        key = str(name)
        if key in NAMES:
            text, unit = NAMES[key]
        else:
            masked = key.removesuffix("_reason")
            text, unit = f"why {masked} is masked / {masked}为空的原因", ""
        result[name].attrs = {"long_name": text, **({"units": unit} if unit else {})}
    return result
