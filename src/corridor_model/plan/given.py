"""The plan a question is asked of; a file or a name in its place is told how to become one."""

from __future__ import annotations

from corridor_model.errors import CorridorError
from corridor_model.finite import short
from corridor_model.plan.plan import Plan


def must_be_plan(given: object) -> None:
    """Refuse what is no plan.

    Raises
    ------
    CorridorError
        If it is anything else.
    """
    if not isinstance(given, Plan):
        raise CorridorError(
            f"A plan is needed; got {short(given)}. Read one with load_plan(), which also takes "
            "a folder or a workbook.",
            f"此处应为规划（Plan）；得到{short(given)}。请先用load_plan()载入，也可载入文件夹或工作簿。",
        )
