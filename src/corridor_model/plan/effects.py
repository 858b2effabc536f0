"""What must hold of a plan's effects: whose they are, when they show, how they fade."""

from __future__ import annotations

from collections.abc import Iterator

from corridor_model.errors import Problem
from corridor_model.plan.cells import Quantity
from corridor_model.plan.names import unknown_name
from corridor_model.plan.problems import Tables, problem
from corridor_model.plan.schema import TABLES
from corridor_model.plan.table import Table


def effects_have_a_target(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield rows of works that are none."""
    categories = next(c for c in TABLES["projects"].columns if c.name == "category").choices
    known = {*tables["projects"]["id"], *categories, "all"}
    for row, target in enumerate(table["target"]):
        if target is not None and target not in known:
            yield problem(table, row, "target", *unknown_name(target, known, "projects.id"))


def effects_follow_their_cause(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield lags that are no whole years from 0, and decays outside 0-1."""
    for row, (lag, decay) in enumerate(zip(table["lag"], table["decay"], strict=True)):
        if lag is not None and lag < 0:
            yield problem(
                table,
                row,
                "lag",
                (
                    f"滞后{lag:g}年，影响先于投资。",
                    f"{lag:g} years: the effect would come before the work.",
                ),
                ("请填写不小于0的整年数；当年见效填0。", "Enter whole years from 0; 0 is at once."),
            )
        elif lag is not None and lag != int(lag):
            yield problem(
                table,
                row,
                "lag",
                (
                    f"{lag:g}不是整年数；影响按年计算。",
                    f"{lag:g} is no whole number; effects are counted by year.",
                ),
                ("请填写整年数，如0或1。", "Enter whole years, such as 0 or 1."),
            )
        if decay is not None and not 0 <= decay <= 1:
            yield problem(
                table,
                row,
                "decay",
                (
                    f"{decay:g}不在0至1之间：这是影响每年减弱的份额。",
                    f"{decay:g} is outside 0 to 1: it is the share of the effect lost a year.",
                ),
                (
                    "只影响一年填1，长期不减填0，每年减弱两成填0.2。",
                    "Enter 1 for one year only, 0 for good, 0.2 to lose a fifth a year.",
                ),
            )


def effect_without_unit(
    column: str, given: Quantity
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return what and remedy of a number of an effect that has a unit: 50%, 12个月, 0.2年."""
    what = (
        f"“{given.value:g}{given.unit}”带有单位。",
        f"{given.value:g} {given.unit} has a unit.",
    )
    if column == "decay":
        share = ("写小数", "a fraction")
        if given.unit == "%":
            part = f"{given.value / 100:g}"
            share = (
                f"写小数：{given.value:g}%写{part}",
                f"a fraction: {given.value:g} % is {part}",
            )
        return what, (f"影响每年减弱的份额{share[0]}。", f"The share lost a year is {share[1]}.")
    if column == "lag":
        years = given.value / 12
        whole = given.unit in {"月", "个月"} and years.is_integer()
        return what, (
            "滞后以年计，填整年数"
            + (f"：{given.value:g}个月填{years:g}。" if whole else "，如1。"),
            "Enter whole years"
            + (f": {given.value:g} months are {years:g}." if whole else ", such as 1."),
        )
    if column == "per_unit":
        return what, (
            "填每完成1亿元投资使指标变动多少，按指标的单位，只写数字。",
            "Enter by how much 1 亿元 carried out moves the indicator, in its unit: the number "
            "alone.",
        )
    return None
