"""The plan's table of uncertainties: read as distributions, or every row that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.plan.kinds import UNFORESEEN
from corridor_model.plan.limits import fraction_meant, free, too_dear, too_fast, too_long
from corridor_model.plan.names import unknown_name
from corridor_model.plan.problems import Tables, problem
from corridor_model.plan.table import Table

if TYPE_CHECKING:
    from corridor_model.distributions import Distribution

    Given = dict[tuple[str, str], tuple[Distribution, str]]

WORK_FIELDS = ("delay", "overrun")
AIM_FIELDS = ("growth", "value")
Said = tuple[tuple[str, str], tuple[str, str]]
"""What is wrong and what to do, each in Chinese and English."""


def uncertainties_are_usable(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield every row that cannot be used."""
    yield from read_uncertainties(table, tables)[1]


def read_uncertainties(table: Table, tables: Tables) -> tuple[Given, list[Problem]]:
    """Return distribution and origin by (work or indicator, field), and what cannot be read."""
    made: Given = {}
    found: list[Problem] = []
    if not len(table):  # as bundled: nothing to import for
        return made, found
    works = set(tables["projects"]["id"])
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    columns = (table[name] for name in ("target", "field", "distribution", "origin"))
    for row, (target, field, text, origin) in enumerate(zip(*columns, strict=True)):
        if target is None or field is None or text is None:
            continue  # an empty cell is reported as such
        if target not in works and target not in kinds:
            known = {*kinds, *works}
            found.append(problem(table, row, "target", *unknown_name(target, known, "indicators")))
            continue
        fields = WORK_FIELDS if target in works else _aim_fields(kinds[target], target, made)
        if field not in fields:
            found.append(problem(table, row, "field", *_unknown_field(target, field, fields)))
            continue
        read = _distribution(text, field)
        if isinstance(read, tuple):
            found.append(problem(table, row, "distribution", *read))
        else:
            made[target, field] = read, origin
    return made, found


def _aim_fields(kind: str, name: str, made: Given) -> tuple[str, ...]:
    """Return what can be said of an indicator: its growth or its value, once."""
    if kind in UNFORESEEN:
        return ()
    if kind == "growth":
        return ("growth",)  # an average is no value of a year
    return tuple(f for f in AIM_FIELDS if not any((name, g) in made for g in AIM_FIELDS if g != f))


def _unknown_field(target: str, field: str, known: tuple[str, ...]) -> Said:
    return (
        f"“{target}”没有可设定的“{field}”。",
        f"{target!r} has no field {field!r} that can be uncertain.",
    ), (f"可用：{'、'.join(known) or '无'}。", f"Known: {', '.join(known) or 'none'}.")


def _distribution(text: str, field: str) -> Distribution | Said:
    """Return a distribution, or what is wrong with it and what to do."""
    from corridor_model.distributions import DistributionError, distribution_from_text

    try:
        made = distribution_from_text(text)
    except DistributionError as error:
        p = error.problem
        return (p.what_zh, p.what_en), (p.remedy_zh, p.remedy_en)
    if field in WORK_FIELDS:
        return _beyond_limits(made, field, text) or made
    return (_in_percent(made) if field == "growth" else None) or made


def _in_percent(made: Distribution) -> Said | None:
    """Return what is wrong with a growth that was written in percent."""
    fast = too_fast(made)
    if fast is None:
        return None
    return fraction_meant(fast), (
        "growth是年增速的小数，如normal(0.15, 0.05)。",
        "Enter yearly fractions, such as normal(0.15, 0.05).",
    )


def _beyond_limits(made: Distribution, field: str, text: str) -> Said | None:
    """Return what a work cannot be: as a change of a scenario may not say it either."""
    if made.lowest < 0:
        return (f"{field}为{text}，可能为负。", f"{field} {text} can be negative."), (
            "请用从0起的分布，如pert、lognormal。",
            "Use one that begins at 0, such as pert or lognormal.",
        )
    if field == "delay":
        far = too_long(made)
        if far is None:
            return None
        return (
            f"{far:g}个月超过一百年。",
            f"{far:g} months are more than a hundred years.",
        ), ("单位是月，如pert(0, 6, 24)。", "Enter months, such as pert(0, 6, 24).")
    if free(made):
        return (
            f"overrun为{text}，可能为0，等于项目不花钱。",
            f"an overrun of {text} may be 0, which makes the work free.",
        ), (
            "overrun是造价的倍数，应大于0：贵20%写1.2。",
            "It is a factor on cost and must be above 0: 20 % dearer is 1.2.",
        )
    dear = too_dear(made)
    if dear is None:
        return None
    return (
        f"造价变为{dear:g}倍。",
        f"the work would cost {dear:g} times as much.",
    ), ("overrun是倍数：贵20%写1.2。", "Enter a factor: 20 % dearer is 1.2.")
