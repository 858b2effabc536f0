"""What must hold in each table of a plan beyond the type of a cell, its key and its links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from corridor_model.errors import Problem, two_language_problem
from corridor_model.plan.records import UNFORESEEN
from corridor_model.tabular.cells import Quantity
from corridor_model.tabular.names import unknown_name
from corridor_model.tabular.schema import TABLES, Column
from corridor_model.tabular.table import Table, Tables, Value, problem

if TYPE_CHECKING:
    from corridor_model.distributions import Distribution

    Given = dict[tuple[str, str], tuple[Distribution, str]]


def _about_is_one_row(table: Table, tables: Tables) -> Iterator[Problem]:
    if len(table) > 1:
        yield two_language_problem(
            f"应有且只有一行，现有{len(table)}行。",
            f"has {len(table)} rows; a plan has exactly one.",
            "",
            "",
            table.file,
        )
    for row, (first, last) in enumerate(zip(table["first_year"], table["last_year"], strict=True)):
        if first is not None and last is not None and first > last:
            yield problem(
                table,
                row,
                "last_year",
                ("早于起始年份。", "lies before first_year."),
                ("请检查两个年份。", "Check the two years."),
            )


_PERCENT_KINDS = frozenset({"share", "growth", "completion"})
_BOUNDED_KINDS = frozenset({"share", "completion"})


def _units_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    for row, (kind, unit) in enumerate(zip(table["kind"], table["unit"], strict=True)):
        if kind in _PERCENT_KINDS and unit != "%":
            yield problem(
                table,
                row,
                "unit",
                (f"{kind}类目标的单位应为%。", f"a {kind} target is in %."),
                ("请填写%。", "Enter %."),
            )
        elif kind not in {"milestone", "rank", None} and unit is None:
            yield problem(
                table,
                row,
                "unit",
                ("缺少计量单位。", "is missing."),
                ("请填写，如亿元、家、%。", "Enter one, such as 亿元, 家 or %."),
            )


def _every_indicator_is_promised(table: Table, tables: Tables) -> Iterator[Problem]:
    promised = set(tables["targets"]["indicator"])
    if promised.issuperset(table["id"]):
        return
    for row, name in enumerate(table["id"]):
        if name is not None and name not in promised:
            yield problem(
                table,
                row,
                "id",
                (f"指标“{name}”没有目标。", f"{name!r} has no target."),
                ("请在targets表中补上目标，或删去该指标。", "Add one in targets, or remove it."),
            )


def _values_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    first = next(iter(tables["about"]["first_year"]), None)
    columns = (table[name] for name in ("indicator", "value", "sense", "year", "month"))
    for row, (indicator, value, sense, year, month) in enumerate(zip(*columns, strict=True)):
        kind = kinds.get(indicator)
        if month is not None and not 1 <= month <= 12:
            yield problem(
                table,
                row,
                "month",
                (f"没有{month}月。", f"there is no month {month}."),
                ("请填写1至12。", "Enter 1 to 12."),
            )
        if year is not None and first is not None and year < first:
            yield problem(
                table,
                row,
                "year",
                (
                    f"{year}年早于计划起始年份{first}年。",
                    f"{year} lies before the plan's first year {first}.",
                ),
                ("请检查年份。", "Check the year."),
            )
        if value is None:
            continue
        told = target_mistake(kind, value)
        if told:
            yield problem(table, row, "value", *told)
        if kind == "rank" and sense == "at_least":
            yield problem(
                table,
                row,
                "sense",
                (
                    "位次越小越好，不应为at_least。",
                    "a rank is better when lower, so it is not at_least.",
                ),
                ("请填写at_most。", "Enter at_most."),
            )


def target_mistake(
    kind: str | None, value: float
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return what and remedy, in Chinese and English, of a target that its kind cannot have."""
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."), (
            "占比不能超过100%；若可以超过，类型应为ratio。",
            "A share ends at 100 %; what can exceed it is a ratio.",
        )
    if kind == "milestone" and value != 1:
        return ("节点目标的数值应为1。", "a milestone has the value 1."), ("请填写1。", "Enter 1.")
    if kind == "growth" and value <= -100:
        return ("增速不能低于-100%。", "growth cannot fall to -100 % or below."), (
            "请检查数值。",
            "Check the figure.",
        )
    return None


def baseline_mistake(
    kind: str | None, value: float
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return the same of a starting value."""
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."), (
            "请检查数值和单位。",
            "Check figure and unit.",
        )
    return None


def _targets_have_places(table: Table, tables: Tables) -> Iterator[Problem]:
    if () not in table["places"]:
        return
    for row, (indicator, places) in enumerate(
        zip(table["indicator"], table["places"], strict=True)
    ):
        if not places:
            yield problem(
                table,
                row,
                "places",
                (f"“{indicator}”的目标没有出处。", f"the target of {indicator!r} has no place."),
                (
                    "请写明文件中的章节或附件和行号，如“二/3”。",
                    "Say where the document prints it, such as 二/3.",
                ),
            )


def _targets_agree(table: Table, tables: Tables) -> Iterator[Problem]:
    """A range is one minimum and one maximum; anything else at one date is a contradiction."""
    if len(set(table["indicator"])) == len(table):
        return
    seen: dict[tuple[Value, ...], list[tuple[int, str, float]]] = {}
    columns = (table[name] for name in ("indicator", "year", "month", "sense", "value"))
    for row, (indicator, year, month, sense, value) in enumerate(zip(*columns, strict=True)):
        if value is None or sense is None:
            continue
        earlier = seen.setdefault((indicator, year, month), [])
        for other, its_sense, its_value in earlier:
            if _agree(sense, value, its_sense, its_value):
                continue
            line = table.lines[other] if table.lines else other
            both_ends = {sense, its_sense} == {"at_least", "at_most"}
            yield problem(
                table,
                row,
                "value",
                (
                    f"与第{line}行合起来，下限高于上限。",
                    f"the minimum lies above the maximum (with row {line}).",
                )
                if both_ends
                else (f"与第{line}行的目标值矛盾。", f"contradicts the target in row {line}."),
                ("请检查两行的方向和数值。", "Check sense and value of the two rows.")
                if both_ends
                else (
                    "请保留一个，另一个写入conflicts表。",
                    "Keep one; write the other into conflicts.",
                ),
            )
            break
        earlier.append((row, sense, value))


def _agree(sense: str, value: float, its_sense: str, its_value: float) -> bool:
    """Return whether one figure can meet both targets, and both are worth stating."""
    if sense == its_sense or value == its_value:
        return value == its_value
    highs = [v for s, v in ((sense, value), (its_sense, its_value)) if s != "at_least"]
    lows = [v for s, v in ((sense, value), (its_sense, its_value)) if s != "at_most"]
    return max(lows) <= min(highs)


def _baselines_precede(table: Table, tables: Tables) -> Iterator[Problem]:
    if not len(table):
        return
    last: dict[str, int] = {}
    for indicator, year in zip(
        tables["targets"]["indicator"], tables["targets"]["year"], strict=True
    ):
        if year is not None:
            last[indicator] = max(year, last.get(indicator, year))
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    for row, (indicator, year, value) in enumerate(
        zip(table["indicator"], table["year"], table["value"], strict=True)
    ):
        if year is not None and indicator in last and year >= last[indicator]:
            yield problem(
                table,
                row,
                "year",
                (
                    f"基期{year}年不早于目标年份{last[indicator]}年。",
                    f"{year} is not before the target year {last[indicator]}.",
                ),
                ("请检查年份。", "Check the year."),
            )
        told = None if value is None else baseline_mistake(kinds.get(indicator), value)
        if told:
            yield problem(table, row, "value", *told)


def _ends_follow(table: Table, first: str, last: str, shown_zh: str) -> Iterator[Problem]:
    for row, (start, end) in enumerate(zip(table[first], table[last], strict=True)):
        # compared at the coarser precision: 2020 to 2020-01 is in order
        if start and end and start[: len(end)] > end[: len(start)]:
            yield problem(
                table,
                row,
                last,
                (f"早于{shown_zh}。", f"lies before {first}."),
                ("请检查两个日期。", "Check the two dates."),
            )


def _works_are_possible(table: Table, tables: Tables) -> Iterator[Problem]:
    yield from _ends_follow(table, "start", "end", "开工时间")
    for name in ("investment", "length_km", "length_in_area_km"):
        for row, value in enumerate(table[name]):
            if value is not None and value < 0:
                yield problem(
                    table,
                    row,
                    name,
                    (f"{value:g}为负数。", f"{value:g} is negative."),
                    ("未知请留空。", "Leave it empty if unknown."),
                )
    for row, (whole, inside) in enumerate(
        zip(table["length_km"], table["length_in_area_km"], strict=True)
    ):
        if whole is not None and inside is not None and inside > whole:
            yield problem(
                table,
                row,
                "length_in_area_km",
                ("超过全长。", "is longer than length_km."),
                ("请检查两个长度。", "Check the two lengths."),
            )


def _units_are_told_apart(table: Table, tables: Tables) -> Iterator[Problem]:
    yield from _ends_follow(table, "valid_from", "valid_to", "启用日期")
    owner: dict[str, str] = {name: name for name in table["name"] if name}
    for row, (name, aliases) in enumerate(zip(table["name"], table["aliases"], strict=True)):
        for alias in aliases:
            if owner.setdefault(alias, name) != name:
                yield problem(
                    table,
                    row,
                    "aliases",
                    (
                        f"“{alias}”已属于“{owner[alias]}”。",
                        f"{alias!r} already belongs to {owner[alias]!r}.",
                    ),
                    ("一个名称只能属于一个单位。", "A name belongs to one unit."),
                )


Rule = Callable[[Table, Tables], Iterator[Problem]]


# What must hold of a plan's effects: whose they are, when they show, how they fade.


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


# The plan's table of uncertainties: read as distributions, or every row that cannot be.


def uncertainties_are_usable(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield every row that cannot be used."""
    yield from read_uncertainties(table, tables)[1]


WORK_FIELDS = ("delay", "overrun")
AIM_FIELDS = ("growth", "value")


# What a work or an indicator may be said to become: one limit for tables and for scenarios.

LONGEST = 1200
"""Months of delay beyond which a slip of the pen is likelier than a plan."""
DEAREST = 10.0
"""Times the planned cost beyond which a percentage is likelier than a factor."""

FASTEST = 1.0
"""Yearly growth, or deviation of it, beyond which a percentage is likelier than a fraction."""


RULES: dict[str, tuple[Rule, ...]] = {
    "about": (_about_is_one_row,),
    "indicators": (_units_fit_kinds, _every_indicator_is_promised),
    "targets": (_values_fit_kinds, _targets_have_places, _targets_agree),
    "baselines": (_baselines_precede,),
    "projects": (_works_are_possible,),
    "units": (_units_are_told_apart,),
    "effects": (effects_have_a_target, effects_follow_their_cause),
    "uncertainties": (uncertainties_are_usable,),
}


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


Said = tuple[tuple[str, str], tuple[str, str]]
"""What is wrong and what to do, each in Chinese and English."""


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


SLIP = 50.0
"""Times a printed value from which on a figure is likelier in another unit than meant."""


def too_long(months: float | Distribution) -> float | None:
    """Return the months, or all but the last thousandth of them, where beyond `LONGEST`."""
    if isinstance(months, (int, float)):
        return months if months > LONGEST else None
    if months.highest <= LONGEST:
        return None
    far = float(months.ppf(0.999))
    return far if far > LONGEST else None


def too_dear(factor: float | Distribution) -> float | None:
    """Return a factor on money, or its median, where beyond `DEAREST`."""
    middle = factor if isinstance(factor, (int, float)) else float(factor.ppf(0.5))
    return middle if middle > DEAREST else None


def free(factor: float | Distribution) -> bool:
    """Whether a factor on money may be 0: works that cost nothing."""
    if isinstance(factor, (int, float)):
        return factor <= 0
    return factor.lowest <= 0 and float(factor.ppf(1e-9)) <= 0


def too_fast(*growths: float | Distribution) -> float | None:
    """Return a yearly growth, or the mean, median or deviation of one, beyond `FASTEST`."""
    for growth in growths:
        parts = [growth] if isinstance(growth, (int, float)) else _middle_and_spread(growth)
        for part in parts:
            if abs(part) > FASTEST:
                return part
    return None


def _middle_and_spread(growth: Distribution) -> list[float]:
    return [growth.mean, float(growth.ppf(0.5)), growth.sd]


def fraction_meant(growth: float) -> tuple[str, str]:
    """Return how a growth beyond `FASTEST` reads, and what was meant, in Chinese and English."""
    read, meant = f"{100 * growth:g}", f"{growth / 100:g}"
    return (
        f"{growth:g}即每年{read}%；{growth:g}%应写{meant}。",
        f"{growth:g} is {read} % a year; {growth:g} % is {meant}.",
    )


def times_off(value: float, printed: float) -> float | None:
    """Return how many times as large one of two values is, where that is `SLIP` or more.

    Examples
    --------
    >>> times_off(5_800_000, 580), times_off(0.25, 20), times_off(600, 580)
    (10000.0, 80.0, None)
    """
    less, more = sorted((abs(value), abs(printed)))
    if less == 0 or more / less < SLIP:
        return None
    return more / less


# Keys and links of a plan's tables, and the rules of each table on top of them.

HINTS = 20
"""So many unknown names of a column are compared with the known ones; the search is slow."""


def check(tables: Tables) -> list[Problem]:
    """Return every mistake of a plan, table by table, in the order of the rows."""
    return [problem for table in tables.values() for problem in check_table(table, tables)]


def check_table(table: Table, tables: Tables) -> list[Problem]:
    """Return every mistake of one table beside the others, in the order of its rows."""
    found = [*doubled_keys(table), *broken_links(table, tables)]
    for rule in RULES.get(table.schema.name, ()):
        found.extend(rule(table, tables))
    return sorted(found, key=lambda problem: problem.row or 0)


def doubled_keys(table: Table) -> Iterator[Problem]:
    """Yield rows that repeat the key of an earlier one."""
    key = table.schema.key
    if len(set(table[key[0]])) == len(table):
        return
    rows = list(zip(*(table[name] for name in key), strict=True))
    seen: dict[Value, int] = {}
    for row, value in enumerate(rows):
        first = seen.setdefault(value, row)
        if first != row and value != (None,) * len(key):
            line = table.lines[first] if table.lines else first
            shown = ", ".join(str(part) for part in value if part)
            yield problem(
                table,
                row,
                key[0],
                (f"“{shown}”与第{line}行重复。", f"{shown!r} repeats row {line}."),
                ("请删去重复的一行。", "Keep one of the two rows."),
            )


def broken_links(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield cells that name something no table carries."""
    for column in table.schema.columns:
        if not column.links:
            continue
        known = _linked_names(column, tables)
        values = table[column.name]
        if column.type == "list":
            pairs = [(row, part) for row, parts in enumerate(values) for part in parts]
            used = {part for _, part in pairs}
        else:
            pairs = []
            used = {value for value in values if value is not None}
        unknown = used - known
        if not unknown:
            continue
        said: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {}
        for row, value in pairs or enumerate(values):
            if value in unknown and value not in said:
                hints = known if len(said) < HINTS else ()
                said[value] = unknown_name(value, hints, column.links)
            if value in said:
                yield problem(table, row, column.name, *said[value])


def _linked_names(column: Column, tables: Tables) -> set[str]:
    name, _, field = column.links.partition(".")
    target = tables[name]
    known = set(target[field])
    if name == "units":
        known.update(alias for aliases in target["aliases"] for alias in aliases)
    return known
