"""The text of one figure: its unit, and whether it is a level, an addition or a growth."""

from __future__ import annotations

import re
import unicodedata

from corridor_model.observations.columns import Heading
from corridor_model.observations.entries import Around, basis_of
from corridor_model.observations.meaning import adds_up, is_flow
from corridor_model.plan import units
from corridor_model.plan.cells import CellError
from corridor_model.plan.model import Indicator

_CHANGE = re.compile(
    r"(?:同比|比上年)?(?P<sign>增长|增加|上升|提高|提升|下降|减少|降低|回落)\s*(?P<value>[\d.]+)\s*"
    r"(?P<unit>%|个百分点)"
)
_FALLS = frozenset({"下降", "减少", "降低", "回落"})
_DONE = {"是": "1", "已完成": "1", "完成": "1", "√": "1", "✓": "1", "yes": "1", "建成": "1"}
_NOT_DONE = {"否": "0", "未完成": "0", "×": "0", "✗": "0", "no": "0"}
MEASURES = {"水平": "level", "水平值": "level", "当期新增": "addition", "同比增速": "growth"}
BASES = {"全年": "year", "累计": "ytd", "当月": "month", "当期": "month", "期末": "end"}
"""Words of the forms for measures and bases; those of the schema hold too."""

_WITHIN_YEAR = re.compile(r"本年|今年|年初|\d+\s*[—–―~至-]\s*\d+月|前.季度|上半年")


def fields_of(
    indicator: Indicator, heading: Heading, text: str, cells: dict[str, str], around: Around
) -> dict[str, str]:
    """Return measure, basis, value and unit of one figure as cells of the schema.

    Nothing is returned for the change of a share in 个百分点, which its value says already.

    Parameters
    ----------
    indicator : Indicator
        What it is a figure of.
    heading : Heading
        Its column.
    text : str
        As it stands in the cell: ``1,234.5``, ``580亿元``, ``增长18%``, ``已完成``.
    cells : dict of str to str
        The other cells of the row.
    around : Around
        What stands around the table.

    Raises
    ------
    CellError
        If the units in title and row contradict each other.
    """
    narrow = unicodedata.normalize("NFKC", text).strip()
    measure, basis = cells.get("measure", "").strip(), cells.get("basis", "").strip()
    measure = MEASURES.get(measure, "done" if measure == "完成" else measure)
    basis = BASES.get(basis, basis) or basis_of(heading)
    if heading.role == "@growth":
        measure = "growth"
    in_percent = indicator.unit == "%" and indicator.kind != "growth"
    if heading.role == "@growth" and in_percent and "百分点" in narrow:
        return {}
    change = _CHANGE.fullmatch(narrow)
    if change and measure in {"", "growth"}:
        sign = "-" if change["sign"] in _FALLS else ""
        return _growth(sign + change["value"], change["unit"], _running(basis))
    if indicator.kind == "milestone" and narrow.lower() in _DONE | _NOT_DONE:
        value = (_DONE | _NOT_DONE)[narrow.lower()]
        return {"measure": measure or "done", "basis": basis, "value": value, "unit": ""}
    if measure == "growth" or (not measure and indicator.kind == "growth"):
        unit = cells.get("unit", "") if heading.role == "value" else ""
        unit = unit.strip() or heading.unit or around.column_units.get(heading.position, "")
        return _growth(text, unit or "%", _running(basis))
    if not measure and heading.role == "@month" and adds_up(indicator):
        measure = "addition"
    if not measure and heading.role == "@ytd" and indicator.kind == "cumulative":
        measure = "addition" if _WITHIN_YEAR.search(heading.title) else "level"
    if heading.role == "@end" and is_flow(indicator):
        basis = "ytd"  # 期末 over a table of stocks and flows: what a flow has reached by then
    unit = _unit(indicator, heading, cells, around)
    return {"measure": measure, "basis": basis, "value": text, "unit": unit}


def _growth(value: str, unit: str, basis: str) -> dict[str, str]:
    return {"measure": "growth", "basis": basis, "value": value, "unit": unit}


def _running(basis: str) -> str:
    """Return the basis of growth: a growth at the end of a period is that since January."""
    return "" if basis == "end" else basis


def _unit(indicator: Indicator, heading: Heading, cells: dict[str, str], around: Around) -> str:
    """Return the unit that a figure's row, column or table prints, the nearest first."""
    own = cells.get("unit", "").strip()
    column = heading.unit or around.column_units.get(heading.position, "")
    if own and column and own != column and converts(column, own):
        raise CellError(
            f"列标题的单位“{column}”与本行的单位“{own}”矛盾。",
            f"the unit {column!r} in the title contradicts {own!r} in the row.",
            "请只写一个单位。",
            "Give one unit only.",
        )
    if own or column:
        return own or column
    return around.unit if converts(around.unit, indicator.unit) else ""


def converts(unit: str, into: str) -> bool:
    """Return whether a unit converts into another."""
    have, want = units.scale(unit), units.scale(into)
    return bool(unit) and have is not None and want is not None and have.dimension == want.dimension
