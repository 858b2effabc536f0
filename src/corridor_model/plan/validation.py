"""What must hold in a plan beyond the type of a cell: keys, links, and the rules of each table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from corridor_model.errors import Problem
from corridor_model.messages import N_, Message, context, message
from corridor_model.plan.measures import measures
from corridor_model.plan.promises import is_sum_of_years
from corridor_model.plan.uncertainties import Mistake, read_uncertainties
from corridor_model.tabular.cells import Quantity
from corridor_model.tabular.schema import TABLES, Column, unknown_name
from corridor_model.tabular.table import Table, Tables, Value
from corridor_model.units import MONEY, counts, scale

HINTS = 20
"""So many unknown names of a column are compared with the known ones; the search is slow."""


def check(tables: Tables) -> list[Problem]:
    """Return every mistake of a plan, table by table, in the order of the rows."""
    return [problem for table in tables.values() for problem in check_table(table, tables)]


def check_table(table: Table, tables: Tables) -> list[Problem]:
    """Return every mistake of one table beside the others, in the order of its rows."""
    problems = [*_doubled_keys(table), *_broken_links(table, tables)]
    for rule in _RULES.get(table.schema.name, ()):
        problems.extend(rule(table, tables))
    return sorted(problems, key=lambda problem: problem.row or 0)


def check_targets(table: Table, tables: Tables) -> list[Problem]:
    """Return what is wrong with targets wherever they stand; ``tables`` has their indicators."""
    rules = (_rows_are_whole, _values_fit_kinds, _roles_fit, _targets_agree)
    problems = [problem for rule in rules for problem in rule(table, tables)]
    return sorted(problems, key=lambda problem: problem.row or 0)


# Keys and links, of every table alike.


def _doubled_keys(table: Table) -> Iterator[Problem]:
    """Yield rows that repeat the key of an earlier one."""
    key = table.schema.key
    if len(set(table[key[0]])) == len(table):
        return
    rows = list(zip(*(table[name] for name in key), strict=True))
    first_row: dict[Value, int] = {}
    for row, value in enumerate(rows):
        first = first_row.setdefault(value, row)
        if first != row and value != (None,) * len(key):
            yield table.problem(
                row,
                key[0],
                N_("{key!r} repeats row {line}."),
                N_("Keep one of the two rows."),
                key=", ".join(str(part) for part in value if part),
                line=_line(table, first),
            )


def _broken_links(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield cells that name something no table carries."""
    for column in table.schema.columns:
        if not column.links:
            continue
        known = _linked_names(column, tables)
        values = table[column.name]
        if column.type == "list":
            pairs = [(row, part) for row, parts in enumerate(values) for part in parts]
            named = {part for _, part in pairs}
        else:
            pairs = []
            named = {value for value in values if value is not None}
        unknown = named - known
        if not unknown:
            continue
        mistakes: dict[str, Mistake] = {}
        for row, value in pairs or enumerate(values):
            if value in unknown and value not in mistakes:
                hints = known if len(mistakes) < HINTS else ()
                mistakes[value] = unknown_name(value, hints, column.links)
            if value in mistakes:
                yield table.problem(row, column.name, *mistakes[value])


def _linked_names(column: Column, tables: Tables) -> set[str]:
    name, _, field = column.links.partition(".")
    target = tables[name]
    known = set(target[field])
    if name == "units":
        known.update(alias for aliases in target["aliases"] for alias in aliases)
    return known


def _line(table: Table, row: int) -> int:
    """Return the row as the file counts it."""
    return table.lines[row] if table.lines else row


# The plan itself and its indicators.


def _about_is_one_row(table: Table, tables: Tables) -> Iterator[Problem]:
    if len(table) > 1:
        what = message("has {rows} rows; a plan has exactly one.", rows=len(table))
        yield Problem(what, file=table.file)
    for row, (first, last) in enumerate(zip(table["first_year"], table["last_year"], strict=True)):
        if first is not None and last is not None and first > last:
            yield table.problem(
                row, "last_year", N_("lies before first_year."), N_("Check the two years.")
            )


_PERCENT_KINDS = measures(percent=True)
_BOUNDED_KINDS = measures(bounded=True)
_WITHOUT_UNIT = frozenset({"milestone", "rank", "qualitative"})


def _units_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    for row, (kind, unit) in enumerate(zip(table["kind"], table["unit"], strict=True)):
        if kind in _PERCENT_KINDS and unit != "%":
            yield table.problem(
                row, "unit", N_("a {kind} target is in %."), N_("Enter %."), kind=kind
            )
        elif kind is not None and kind not in _WITHOUT_UNIT and unit is None:
            yield table.problem(
                row,
                "unit",
                N_("is missing."),
                N_("Enter one, such as {money}, 家 or %."),
                money=MONEY,
            )


def _every_indicator_is_promised(table: Table, tables: Tables) -> Iterator[Problem]:
    promised = {*tables["targets"]["indicator"], *tables["targets"]["relative_to"]}
    if promised.issuperset(table["id"]):
        return
    for row, (name, kind) in enumerate(zip(table["id"], table["kind"], strict=True)):
        # what is promised in words alone needs no row
        if name is not None and name not in promised and kind != "qualitative":
            yield table.problem(
                row,
                "id",
                N_("{name!r} has no target."),
                N_("Add one in targets, or remove it. What has no number is of kind qualitative."),
                name=name,
            )


# Targets: what a kind of target can be, where it is printed, and that no two contradict.


def _rows_are_whole(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield rows that lack what their measure needs, or have what it cannot have (S3, S4)."""
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    names = ("indicator", "kind", "value", "sense", "relative_to", "margin", "tolerance")
    for row, cells in enumerate(zip(*(table[name] for name in names), strict=True)):
        indicator, kind, value, sense, other, margin, tolerance = cells
        if (kind or kinds.get(indicator)) == "qualitative":
            if value is not None:
                what = N_("what is promised in words alone has no number.")
                yield table.problem(row, "value", what, N_("Leave it empty, or choose a measure."))
            continue
        if value is None and other is None:
            what = N_("is required but empty.")
            remedy = N_("Fill it in; a promise without a number is of kind qualitative.")
            yield table.problem(row, "value", what, remedy)
        elif value is not None and other is not None:
            what = N_("a promise relative to {other!r} has no number of its own.")
            remedy = N_("Enter what is to be added in margin, and leave value empty.")
            yield table.problem(row, "value", what, remedy, other=other)
        if sense is None:
            what = N_("is required but empty.")
            yield table.problem(row, "sense", what, N_("Say at least or at most."))
        if other is not None and other == indicator:
            what = N_("an indicator cannot be compared with itself.")
            yield table.problem(row, "relative_to", what, N_("Name the other indicator."))
        if margin is not None and other is None:
            what = N_("a margin needs an indicator to be added to.")
            yield table.problem(row, "margin", what, N_("Name it in relative_to."))
        if tolerance is not None and (sense != "about" or tolerance < 0):
            what = N_("a tolerance of at least 0 belongs to the sense about alone.")
            yield table.problem(row, "tolerance", what, N_("Write about, or leave it empty."))


def _roles_fit(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield rows whose role or far end would be passed over in silence (S4, S19)."""
    about = tables["indicators"]
    kinds = dict(zip(about["id"], about["kind"], strict=True))
    # a panel says nothing of its indicators but their kind
    natures = dict(zip(about["id"], about["nature"], strict=False))
    apart = ("indicator", "kind", "year", "month", "tier", "base_year", "from_year")
    promises = [
        (cells[0], cells[1] or kinds.get(cells[0]), *cells[2:4], cells[4] or "commit", *cells[5:])
        for cells in zip(*(table[name] for name in apart), strict=True)
    ]
    counts = Counter(promises)
    names = ("indicator", "kind", "sense", "role", "beyond")
    for row, cells in enumerate(zip(*(table[name] for name in names), strict=True)):
        indicator, kind, sense, role, beyond = cells
        capped = sense in {"at_most", "below"}
        if role == "aim" and capped and (kind or kinds.get(indicator)) in {"cumulative", "annual"}:
            what = N_("at most of a sum or of each year is kept, not reached: it is a limit.")
            yield table.problem(row, "role", what, N_("Enter limit, or leave it empty."))
        if is_sum_of_years(str(kind), str(kinds.get(indicator, kind))) and indicator in natures:
            own, nature = kinds[indicator], natures[indicator]
            yearly = nature in {None, "flow", "event"} if own == "annual" else nature == "flow"
            if own not in {"level", "annual"} or not yearly:
                what = N_("only amounts of years add up to a total: the indicator is no flow.")
                how = N_("Of a stock or a share write change, what is added to its baseline.")
                yield table.problem(row, "kind", what, how)
        if beyond is not None and counts[promises[row]] < 2:
            what = N_("only a range of two rows has an end to go beyond.")
            yield table.problem(row, "beyond", what, N_("Add the other end, or leave it empty."))


def _splits_are_in_time(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield yearly splits of years in which nothing is promised (S21)."""
    last: dict[Value, int] = {}
    for name, year in zip(tables["targets"]["indicator"], tables["targets"]["year"], strict=True):
        if year is not None:
            last[name] = max(year, last.get(name, year))
    for row, (name, year) in enumerate(zip(table["indicator"], table["year"], strict=True)):
        if year is not None and name in last and year > last[name]:
            yield table.problem(
                row,
                "year",
                N_("{year} lies after the last target year {due}."),
                N_("Check the year."),
                year=year,
                due=last[name],
            )


def _values_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    first = next(iter(tables["about"]["first_year"]), None)
    names = ("indicator", "kind", "value", "sense", "year", "month", "base_year", "from_year")
    for row, cells in enumerate(zip(*(table[name] for name in names), strict=True)):
        indicator, own, value, sense, year, month, base_year, from_year = cells
        kind = own or kinds.get(indicator)
        if month is not None and not 1 <= month <= 12:
            yield table.problem(
                row, "month", N_("there is no month {month}."), N_("Enter 1 to 12."), month=month
            )
        if year is not None and first is not None and year < first:
            yield table.problem(
                row,
                "year",
                N_("{year} lies before the plan's first year {first}."),
                N_("Check the year."),
                year=year,
                first=first,
            )
        for name, early in (("base_year", base_year), ("from_year", from_year)):
            if early is not None and year is not None and early - (name == "from_year") >= year:
                yield table.problem(
                    row,
                    name,
                    N_("{early} does not lie before the target year {year}."),
                    N_("Check the year."),
                    early=early,
                    year=year,
                )
        if value is not None and (mistake := target_mistake(kind, value, sense)):
            yield table.problem(row, "value", *mistake)
        if kind == "rank" and sense in {"at_least", "above"}:
            yield table.problem(
                row,
                "sense",
                N_("a rank is better when lower, so it is not at_least."),
                N_("Enter at_most."),
            )


def target_mistake(kind: str | None, value: float, sense: str | None = None) -> Mistake | None:
    """Return what is wrong with a bound that its kind cannot have, and what to do.

    Examples
    --------
    >>> what, _ = target_mistake("share", 100, "above")
    >>> what.text()
    'no share lies above 100 %.'
    """
    if kind in _BOUNDED_KINDS and (sense, value) in {("above", 100), ("below", 0)}:
        what = (
            message("no share lies above 100 %.") if value else message("no share lies below 0 %.")
        )
        return what, message("Check figure and sign: 100 % itself is at least 100.")
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return _outside_percent(value), (
            message("A share ends at 100 %; what can exceed it is a ratio.")
        )
    if kind == "milestone" and value != 1:
        return message("a milestone has the value 1."), message("Enter 1.")
    if kind in {"growth", "relative_change"} and value <= -100:
        return message("growth cannot fall to -100 % or below."), message("Check the figure.")
    return None


def level_mistake(
    kind: str | None, value: float, unit: str | None = None, nature: str | None = None
) -> Mistake | None:
    """Return what is wrong with a level that its kind or unit cannot have, and what to do.

    Starting values and figures ask here, whatever door they come through. What grows, changes or
    is money may lie below 0, and so may a flow: more people may leave than come.

    Examples
    --------
    >>> what, _ = level_mistake("level", -3, "个", "stock")
    >>> what.text()
    '-3 is negative.'
    >>> level_mistake("level", -3, "亿元", "stock"), level_mistake("level", -3, "万人", "flow")
    (None, None)
    """
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return _outside_percent(value), message("Check figure and unit.")
    if kind == "rank" and value <= 0:
        return message("a rank of {value:g} is not positive.", value=value), message(
            "Check the figure."
        )
    known = scale(unit or "")
    percentile = known is not None and known.dimension == "share"
    if kind == "rank" and not percentile and (value < 1 or value != int(value)):
        what = message("a rank of {value:g} is none: places are 1, 2, 3.", value=value)
        return what, message("Check the figure.")
    if kind in {"cumulative", "annual"} and value < 0:
        return message("{value:g} is negative.", value=value), message("Leave it empty if unknown.")
    if kind == "level" and nature != "flow" and value < 0 and counts(unit or ""):
        return message("{value:g} is negative.", value=value), message(
            "A number in {unit} is 0 or more; what may fall below 0 has the nature flow.",
            unit=unit,
        )
    return None


def _outside_percent(value: float) -> Message:
    return message("{value:g} is outside 0 to 100.", value=value)


def _targets_have_places(table: Table, tables: Tables) -> Iterator[Problem]:
    if () not in table["places"]:
        return
    for row, (indicator, places) in enumerate(
        zip(table["indicator"], table["places"], strict=True)
    ):
        if not places:
            yield table.problem(
                row,
                "places",
                N_("the target of {indicator!r} has no place."),
                N_("Say where the document prints it, such as 二/3."),
                indicator=indicator,
            )


def _targets_agree(table: Table, tables: Tables) -> Iterator[Problem]:
    """A range is one minimum and one maximum; anything else at one date is a contradiction."""
    if len(set(table["indicator"])) == len(table):
        return
    earlier: dict[tuple[Value, ...], list[tuple[int, str, float]]] = {}
    own = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    apart = ("indicator", "kind", "year", "month", "tier", "base_year", "from_year")
    columns = (table[name] for name in (*apart, "sense", "value"))
    for row, (*promise, sense, value) in enumerate(zip(*columns, strict=True)):
        if value is None or sense is None:
            continue
        promise[1] = promise[1] or own.get(promise[0])
        promise[4] = promise[4] or "commit"
        same_date = earlier.setdefault(tuple(promise), [])
        for other, its_sense, its_value in same_date:
            if _agree(sense, value, its_sense, its_value):
                continue
            mistake = (
                N_("contradicts the target in row {line}."),
                (N_("Keep one; write the other into conflicts.")),
            )
            if {_SIDES.get(sense), _SIDES.get(its_sense)} == {"minimum", "maximum"}:
                mistake = (
                    N_("the minimum lies above the maximum (with row {line})."),
                    (N_("Check sense and value of the two rows.")),
                )
            yield table.problem(row, "value", *mistake, line=_line(table, other))
            break
        same_date.append((row, sense, value))


_SIDES = {"at_least": "minimum", "above": "minimum", "at_most": "maximum", "below": "maximum"}


def _agree(sense: str, value: float, its_sense: str, its_value: float) -> bool:
    """Return whether one figure can meet both targets, and both are worth stating."""
    if sense == its_sense:
        return value == its_value
    if _SIDES.get(sense, sense) == _SIDES.get(its_sense, its_sense):
        return False  # two minimums, of which one is strict
    sides = ((sense, value), (its_sense, its_value))
    highs = [v for s, v in sides if _SIDES.get(s) != "minimum"]
    lows = [v for s, v in sides if _SIDES.get(s) != "maximum"]
    return max(lows) <= min(highs)


# Starting values, works and units.


def _baselines_precede(table: Table, tables: Tables) -> Iterator[Problem]:
    if not len(table):
        return
    last: dict[str, int] = {}
    for indicator, year in zip(
        tables["targets"]["indicator"], tables["targets"]["year"], strict=True
    ):
        if year is not None:
            last[indicator] = max(year, last.get(indicator, year))
    about = tables["indicators"]
    columns = (about[name] for name in ("kind", "unit", "nature"))
    known = dict(zip(about["id"], zip(*columns, strict=True), strict=True))
    for row, (indicator, year, value) in enumerate(
        zip(table["indicator"], table["year"], table["value"], strict=True)
    ):
        if year is not None and indicator in last and year >= last[indicator]:
            yield table.problem(
                row,
                "year",
                N_("{year} is not before the target year {due}."),
                N_("Check the year."),
                year=year,
                due=last[indicator],
            )
        kind, unit, nature = known.get(indicator, (None, None, None))
        if value is not None and (mistake := level_mistake(kind, value, unit, nature)):
            yield table.problem(row, "value", *mistake)


def _works_are_possible(table: Table, tables: Tables) -> Iterator[Problem]:
    yield from _ends_follow(table, "start", "end", N_("lies before start."))
    for name in ("investment", "length_km", "length_in_area_km"):
        for row, value in enumerate(table[name]):
            if value is not None and value < 0:
                yield table.problem(
                    row,
                    name,
                    N_("{value:g} is negative."),
                    context("work", "Leave it empty if unknown."),
                    value=value,
                )
    for row, (whole, inside) in enumerate(
        zip(table["length_km"], table["length_in_area_km"], strict=True)
    ):
        if whole is not None and inside is not None and inside > whole:
            yield table.problem(
                row,
                "length_in_area_km",
                N_("is longer than length_km."),
                N_("Check the two lengths."),
            )


def _ends_follow(table: Table, first: str, last: str, what: str) -> Iterator[Problem]:
    for row, (start, end) in enumerate(zip(table[first], table[last], strict=True)):
        # compared at the coarser precision: 2020 to 2020-01 is in order
        if start and end and start[: len(end)] > end[: len(start)]:
            yield table.problem(row, last, what, N_("Check the two dates."))


def _units_are_told_apart(table: Table, tables: Tables) -> Iterator[Problem]:
    yield from _ends_follow(table, "valid_from", "valid_to", N_("lies before valid_from."))
    owner: dict[str, str] = {name: name for name in table["name"] if name}
    for row, (name, aliases) in enumerate(zip(table["name"], table["aliases"], strict=True)):
        for alias in aliases:
            if owner.setdefault(alias, name) != name:
                yield table.problem(
                    row,
                    "aliases",
                    N_("{alias!r} already belongs to {owner!r}."),
                    N_("A name belongs to one unit."),
                    alias=alias,
                    owner=owner[alias],
                )


# Effects of works: whose they are, when they show, how they fade; and what is uncertain.


def _effects_have_a_target(table: Table, tables: Tables) -> Iterator[Problem]:
    categories = next(c for c in TABLES["projects"].columns if c.name == "category").choices
    known = {*tables["projects"]["id"], *categories, "all"}
    for row, target in enumerate(table["target"]):
        if target is not None and target not in known:
            yield table.problem(row, "target", *unknown_name(target, known, "projects.id"))


def _effects_follow_their_cause(table: Table, tables: Tables) -> Iterator[Problem]:
    for row, (lag, decay) in enumerate(zip(table["lag"], table["decay"], strict=True)):
        if lag is not None and lag < 0:
            yield table.problem(
                row,
                "lag",
                N_("{lag:g} years: the effect would come before the work."),
                N_("Enter whole years from 0; 0 is at once."),
                lag=lag,
            )
        elif lag is not None and lag != int(lag):
            yield table.problem(
                row,
                "lag",
                N_("{lag:g} is no whole number; effects are counted by year."),
                N_("Enter whole years, such as 0 or 1."),
                lag=lag,
            )
        if decay is not None and not 0 <= decay <= 1:
            yield table.problem(
                row,
                "decay",
                N_("{decay:g} is outside 0 to 1: it is the share of the effect lost a year."),
                N_("Enter 1 for one year only, 0 for good, 0.2 to lose a fifth a year."),
                decay=decay,
            )


def effect_with_unit(column: str, number: Quantity) -> Mistake | None:
    """Return what is wrong with a number of an effect that has a unit: 50%, 12个月, 0.2年."""
    what = message("{value:g} {unit} has a unit.", value=number.value, unit=number.unit)
    if column == "decay" and number.unit == "%":
        return what, message(
            "The share lost a year is a fraction: {percent:g} % is {fraction:g}.",
            percent=number.value,
            fraction=number.value / 100,
        )
    if column == "decay":
        return what, message("The share lost a year is a fraction.")
    if column == "lag":
        years = number.value / 12
        if number.unit in {"月", "个月"} and years.is_integer():
            return what, message(
                "Enter whole years: {months:g} months are {years:g}.",
                months=number.value,
                years=years,
            )
        return what, message("Enter whole years, such as 1.")
    if column == "per_unit":
        return what, message(
            "Enter by how much 1 {money} carried out moves the indicator, in its unit: the number "
            "alone.",
            money=MONEY,
        )
    return None


def _uncertainties_are_usable(table: Table, tables: Tables) -> Iterator[Problem]:
    if len(table):  # as bundled it is empty, and distributions are not read for nothing
        yield from read_uncertainties(table, tables)[1]


def _loadings_are_possible(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield loadings that would give an indicator more variance than it has."""
    squares: dict[Value, float] = defaultdict(float)
    for row, (name, loading) in enumerate(zip(table["indicator"], table["loading"], strict=True)):
        squares[name] += (loading or 0.0) * (loading or 0.0)  # a power would overflow, raw
        if squares[name] > 1 + 1e-12:
            yield table.problem(
                row,
                "loading",
                N_("the squared loadings of {name} add up to {total:.3g}; the most is 1."),
                N_("Enter loadings within -1 and 1 whose squares add up to at most 1."),
                name=name,
                total=squares[name],
            )


_RULES: dict[str, tuple[Callable[[Table, Tables], Iterator[Problem]], ...]] = {
    "about": (_about_is_one_row,),
    "indicators": (_units_fit_kinds, _every_indicator_is_promised),
    "targets": (
        *(_rows_are_whole, _values_fit_kinds, _roles_fit),
        *(_targets_have_places, _targets_agree),
    ),
    "annual_targets": (_splits_are_in_time,),
    "baselines": (_baselines_precede,),
    "projects": (_works_are_possible,),
    "units": (_units_are_told_apart,),
    "correlations": (_loadings_are_possible,),
    "effects": (_effects_have_a_target, _effects_follow_their_cause),
    "uncertainties": (_uncertainties_are_usable,),
}
