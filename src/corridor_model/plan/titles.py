"""Chinese titles of a workbook's sheets."""

from __future__ import annotations

SHEETS_ZH = {
    "about": "计划",
    "groups": "指标类别",
    "areas": "区块",
    "indicators": "指标",
    "targets": "目标",
    "baselines": "基期",
    "observations": "监测数据",
    "annual_targets": "年度分解目标",
    "target_revisions": "目标调整",
    "projects": "项目",
    "annual_investment": "年度计划投资",
    "tasks": "任务",
    "work_reports": "项目进展",
    "task_reports": "任务进展",
    "units": "责任单位",
    "conflicts": "疑义",
    "effects": "项目影响",
    "uncertainties": "不确定性",
    "correlations": "相关性",
    "design_columns": "抽样列",
}
"""By table name; a sheet may carry either."""
