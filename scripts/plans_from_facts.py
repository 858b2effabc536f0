"""Turn a table of published plans, as printed, into plans of this library.

Run from anywhere::

    python scripts/plans_from_facts.py                      # counts what becomes of every row
    python scripts/plans_from_facts.py --out FOLDER [PLAN]  # writes a folder of tables a plan

The facts stand in ``tests/data/plans``: ``tables.csv`` (a row an indicator, as printed),
``yearly.csv`` (published figures), ``plans.csv`` (the years of each plan) and ``readings.csv``:
how the rows are written whose cell says more than one number, one sign and one date.

Every row becomes promises or is listed with the reason, nothing else happens to it. A wording
is read by its sign and its kind: a number without a sign is a floor, a ceiling where the base
lies above it; ``[13.5]`` of a row called a fall is -13.5; a second cell is a second promise,
unless it only repeats target minus base.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

FACTS = Path(__file__).resolve().parents[1] / "tests" / "data" / "plans"

Row = dict[str, str]

TARGET_COLUMNS = (
    "indicator value sense kind tolerance year month base_year from_year relative_to margin",
    "tier role beyond any_of places",
)
_COLUMNS = {
    "about": "id name_zh name_en first_year last_year issued number source",
    "groups": "id name_zh name_en",
    "indicators": "id name_zh name_en group kind unit nature price_basis average_method scope "
    "binding",
    "targets": " ".join(TARGET_COLUMNS),
    "baselines": "indicator year value unit origin series source confidence note",
    "observations": "indicator period measure basis value unit stage series published source "
    "origin bound",
    "annual_targets": "indicator year value basis origin",
}
COLUMNS = {name: words.split() for name, words in _COLUMNS.items()}

FALL = re.compile(r"降|减少|下降|\bless\b|\blower\b|\bfall|decline|reduc", re.IGNORECASE)
GROWTH = re.compile(r"增长|增速|涨幅|growth|Growth|Pertumbuhan|tăng trưởng|^Up ")
KEEP = re.compile(r"控制在|以内|不超过|保持在|稳定在|不低于|Maintaining")
MOVE = re.compile(r"缩小|下降|降到|提高")
AT_LEAST, MORE = re.compile(r"以上"), re.compile(r"超过|突破|跨越|[Oo]ver |^\[?>")
AT_MOST = re.compile(r"以内")
PERCENT = {"%", "% of GDP"}
LOWER_IS_BETTER = re.compile(
    r"unemployment|poverty|deficit|mortality|Gini|gini|infla|pengangguran|kemiskinan|"
    r"死亡率|失业率|倍差|劣V类|school leavers|weight of coal"
)
UNBOUNDED = re.compile(r"指数|[Ii]ndex|普及率|deficit|% of GDP|R&D")
SENSES = {
    "eq": "at_least",
    "ge": "at_least",
    "gt": "above",
    "le": "at_most",
    "lt": "below",
    "approx": "about",
}
TURNED = {"at_least": "at_most", "at_most": "at_least", "above": "below", "below": "above"}


@dataclass(frozen=True)
class Promise:
    """One target row to be, and the indicator it belongs to."""

    part: str
    kind: str
    unit: str
    measure: str = ""
    sense: str = ""
    value: float | None = None
    year: str = ""
    from_year: str = ""
    base_year: str = ""
    relative_to: str = ""
    tier: str = ""
    role: str = ""
    any_of: str = ""
    name: str = ""
    why: str = ""

    @property
    def of(self) -> str:
        """The measure that counts: the target's own, else the indicator's."""
        return self.measure or self.kind


@dataclass
class Reading:
    """What a row of the facts became."""

    row: Row
    promises: list[Promise] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    listed: str = ""


@cache
def facts(name: str, folder: Path = FACTS) -> list[Row]:
    """Return the rows of one of the tables of facts."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    """Return the number of a cell of figures, None for an empty one."""
    return float(text) if text else None


def slug(text: str) -> str:
    """Return an id: the words of an English name, joined."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:48].strip("_")


def read_row(row: Row, readings: Sequence[Row]) -> Reading:
    """Return the promises of one row, or why it has none."""
    reading = Reading(row)
    if row["target_kind"] == "not_read":
        reading.listed = "no target was read on any page"
        return reading
    if row["target_kind"] == "not_set":
        reading.listed = f"the plan prints no target: {row['target_printed']}"
        return reading
    own = _own_reading(row, readings)
    reading.promises = own or list(_main_promises(row))
    if not own:
        reading.promises += _interim_promises(row, reading.promises)
    _second_cell(row, reading, bool(own))
    if row["plan"] == "CN-ANNUAL":  # one plan for each year, printed as one table
        reading.promises = [
            replace(p, from_year=row["target_year"])
            if p.of in {"growth", "annual", "cumulative"}
            else p
            for p in reading.promises
        ]
    return reading


def _own_reading(row: Row, readings: Sequence[Row]) -> list[Promise]:
    """Return the promises that stand in the readings: exact rows win over patterns."""
    plan, name = row["plan"], row["row"]
    mine = [r for r in readings if r["plan"] == plan and r["row"] == name] or [
        r for r in readings if r["plan"] == plan and fnmatchcase(name, r["row"])
    ]
    year = row["target_year"]
    return [
        Promise(
            part=r["part"],
            kind=r["kind"],
            unit=r["unit"],
            measure=r["measure"],
            sense=r["sense"],
            value=number(r["value"]),
            year=r["year"].replace("year", year),
            from_year=r["from_year"].replace("year", year),
            base_year=r["base_year"],
            relative_to=r["relative_to"].replace("{year}", year),
            tier=r["tier"],
            role=r["role"],
            any_of=r["any_of"],
            name=r["name"],
            why=r["why"],
        )
        for r in mine
    ]


def _main_promises(row: Row) -> Iterator[Promise]:
    """Yield what the target cell promises: one row, two for a range."""
    kind, unit, measure = _measure(row)
    falls = _is_fall(row, measure)
    printed = row["target_printed"]
    common = Promise(
        part="",
        kind=kind,
        unit=unit,
        measure="" if measure == kind else measure,
        year=row["target_year"],
        base_year=_base_year(row, measure),
        tier="stretch" if "力争" in printed else "",
        role="limit" if KEEP.search(printed) and not MOVE.search(printed) else "",
        why=printed,
    )
    if measure in {"qualitative", "milestone"}:
        sense, value = ("", None) if measure == "qualitative" else ("at_least", 1.0)
        yield replace(common, sense=sense, value=value)
        return
    if row["target_low"]:
        low, high = float(row["target_low"]), float(row["target_high"])
        yield replace(common, sense="at_least", value=low)
        yield replace(common, sense="at_most", value=high)
        return
    value = number(row["target_value"])
    assert value is not None, (row["plan"], row["row"])
    sense = SENSES[row["comparator"]]
    if measure == "relative_change" and row["target_kind"] == "multiple":
        value = (value - 1) * 100
    elif falls:
        value, sense = -abs(value), _turned_down(sense)
    elif row["comparator"] == "eq" and _is_ceiling(row, kind, value):
        sense = "at_most"
    yield replace(common, sense=sense, value=value)


def _turned_down(sense: str) -> str:
    """Return the sense of a fall: «a fall of at least 3» is a change of at most -3."""
    return {"at_least": "at_most", "above": "below"}.get(sense, sense)


def _measure(row: Row) -> tuple[str, str, str]:
    """Return kind and unit of the indicator, and the measure of the promise."""
    printed, name, unit = row["target_printed"], row["name_original"], row["unit"]
    meant, yearly = row["target_kind"], row["annual_or_cumulative"] == "annual"
    if row["change_printed"] and row["annual_or_cumulative"]:
        yearly = False  # that word belongs to the second cell
    grows = bool(GROWTH.search(printed) or (GROWTH.search(name) and yearly))
    in_percent = unit in PERCENT or (not unit and "%" in printed)
    if meant == "cumulative_percent":
        kind = "growth" if yearly else "relative_change"
        return kind, "%", kind
    if meant in _FIXED:
        return _FIXED[meant]
    if meant == "cumulative_units":
        value = number(row["target_value"]) or number(row["target_low"]) or 0
        if value < 0 or unit == "Mtoe":
            return "level", unit, "change"
        return ("annual", unit, "annual") if yearly else ("cumulative", unit, "cumulative")
    if meant == "qualitative":
        if grows or row["outcome_printed"].startswith("Up ") or "growth" in printed:
            return "growth", "%", "qualitative"
        kind = "growth" if yearly and unit == "%" else "level" if unit else "milestone"
        return kind, unit, "qualitative"
    if meant == "average_growth" or grows:
        return "growth", "%", "growth"
    if meant == "coverage" or (in_percent and meant != "milestone"):
        values = [row["target_value"], row["target_high"], row["outcome_value"]]
        above = any(v and not 0 <= float(v) <= 100 for v in values)
        loose = UNBOUNDED.search(f"{name} {unit} {row['name_en']}")
        kind = "ratio" if above or loose else "share"
        return kind, "%", kind
    if unit in {"‰", "1/10万", "倍"}:
        return "ratio", unit, "ratio"
    if meant == "milestone" and not row["target_value"]:
        return "milestone", "", "milestone"
    if in_percent:
        kind = "ratio" if UNBOUNDED.search(name) else "share"
        return kind, "%", kind
    return "level", unit or "index", "level"


_FIXED = {
    "multiple": ("relative_change", "%", "relative_change"),
    "cumulative_points": ("share", "%", "change"),
}


def _is_fall(row: Row, measure: str) -> bool:
    """Return whether the printed figure is the size of a fall."""
    if measure not in {"relative_change", "change", "growth"}:
        return False
    if row["plan"] == "CN-ANNUAL":
        return row["row"].endswith(("energy", "co2"))
    value = number(row["target_value"])
    if row["target_kind"] == "multiple" or value is None:
        return False
    if value < 0 or (row["unit"] == "Mtoe" and measure == "change"):
        return True
    said = f"{row['name_original']} {row['target_printed']}"
    return measure == "relative_change" and bool(FALL.search(said))


def _is_ceiling(row: Row, kind: str, value: float) -> bool:
    """Return whether a number without a sign is a ceiling."""
    if row["target_kind"] == "keep_below":
        return True
    if kind in {"cumulative", "annual", "growth"}:
        return False
    base = number(row["base_value"])
    if base is not None and row["base_printed"] and "〔" not in row["base_printed"]:
        return value < base
    return bool(LOWER_IS_BETTER.search(f"{row['name_original']} {row['name_en']}"))


def _base_year(row: Row, measure: str) -> str:
    """Return the year compared with, where it is not the one before the plan."""
    against = re.search(r"(?:than|to|比|较)\s*(\d{4})", row["target_printed"])
    if against and measure in {"relative_change", "change"}:
        return against[1]
    usable = row["base_value"] and measure in {"level", "share", "ratio", "change"}
    later = row["base_year"] >= row["target_year"] or row["plan"] in NO_BASE
    return row["base_year"] if usable and not later else ""


NO_BASE = frozenset({"CN-BB2020", "CN-HEALTHSTAFF14"})
"""Plans whose base column holds a milestone, or a value of a year inside the plan."""


def _interim_promises(row: Row, promises: Sequence[Promise]) -> list[Promise]:
    """Return waypoints that the plan itself sets; results and yearly paths are none."""
    main = promises[0]
    if row["plan"] == "CN-BB2020":
        points = [f"2013={row['base_printed']}"] if row["base_printed"] else []
        points += [row["interim"]] if row["interim"] else []
        return [
            replace(main, year=year, value=value, sense=sense, why=text)
            for year, value, sense, text in _points("; ".join(points))
        ]
    if (row["plan"], row["row"]) in WAYPOINTS:
        return [
            replace(main, year=year, value=value, why=text)
            for year, value, _, text in _points(row["interim"])
        ]
    return []


WAYPOINTS = {("CN-HEALTH2030", "1"), ("RW-EDPRS", "2")}
"""Rows whose interim cell is a target of that year; elsewhere it is a result or a yearly path."""


def _points(text: str) -> Iterator[tuple[str, float, str, str]]:
    for point in filter(None, text.split("; ")):
        year, _, printed = point.partition("=")
        value = re.search(r"\d+(?:\.\d+)?", printed)
        assert value is not None, point
        sense = "above" if "大于" in printed or ">" in printed else "at_least"
        yield year, float(value[0]), sense, point


def _second_cell(row: Row, reading: Reading, complete: bool) -> None:
    """Add what the average or total column promises beside the target cell.

    A cell that repeats target minus base adds nothing; nor does any where the promises are
    complete already, because they stand in the readings.
    """
    printed = row["change_printed"]
    if not printed or not reading.promises:
        return
    main = reading.promises[0]
    value = float(row["change_value"])
    if row["annual_or_cumulative"] == "cumulative" and "年均" not in printed:
        base, target = number(row["base_value"]), number(row["target_value"])
        if base is not None and target is not None and round(target - base - value, 6) == 0:
            reading.repeats.append(f"{printed} is {target:g} - {base:g}")
            return
        if not complete:
            change = replace(main, measure="change", value=value, why=printed)
            reading.promises.append(change)
        return
    if complete:
        return
    if "‰" in printed:
        value /= 10
    sense = "at_least"
    if printed.startswith(("<", "＜")):
        sense = "below"
    elif printed.startswith((">", "＞")):
        sense = "above"
    elif "左右" in printed:
        sense = "about"
    elif main.sense in {"at_most", "below"}:
        sense = "at_most"
    growth = replace(
        main, measure="growth", value=value, sense=sense, role="", base_year="", why=printed
    )
    if main.kind == "growth":
        growth = replace(growth, measure="")
    reading.promises.append(growth)
    stretch = re.search(r"力争(\d+(?:\.\d+)?)%", printed)
    if stretch:
        reading.promises.append(replace(growth, value=float(stretch[1]), tier="stretch"))


# The tables of one plan.


@dataclass
class Tables:
    """The tables of a plan as they grow, row by row of the facts."""

    plan: Row
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    of_row: dict[tuple[str, str], str] = field(default_factory=dict)
    figures: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, table: str, **cells: object) -> None:
        """Append one row, its numbers as they are written."""
        text = {k: _written(v) for k, v in cells.items()}
        row = {column: text.pop(column, "") for column in COLUMNS[table]}
        assert not text, text
        if table != "observations":
            self.tables[table].append(row)
            return
        if row["value"][:1] in BOUNDS:
            row["bound"], row["value"] = BOUNDS[row["value"][0]], row["value"][1:]
        # A figure that is printed twice, as outcome and among the yearly ones, is one figure.
        key = tuple(row[name] for name in ("indicator", "period", "measure", "series"))
        if key not in self.figures:
            self.figures.add(key)
            self.tables[table].append(row)

    def indicator(self, row: Row, promise: Promise) -> str:
        """Return the id of a promise's indicator; a new one is added."""
        key = (row["row"], promise.part)
        if key in self.of_row:
            return self.of_row[key]
        name = row["name_original"] if not promise.part else promise.name
        name = promise.name or name
        same = f"{name} {promise.kind} {promise.unit}"
        if same not in self.names:
            english = row["name_en"] or slug(name)
            wanted = slug(english) + (f"_{promise.part}" if promise.part else "")
            if not wanted[:1].isalpha():
                wanted = f"row_{wanted or slug(row['row'])}"
            if wanted in self.names.values():
                wanted += f"_{slug(row['row'])}"
            self.names[same] = wanted
            self.add(
                "indicators",
                id=self.names[same],
                name_zh=name if name not in self.chinese_names() else f"{name}（{row['row']}）",
                name_en=f"{row['name_en']}: {promise.name}" if promise.part else english,
                kind=promise.kind,
                unit=promise.unit,
                nature=_nature(promise.kind, row),
                binding={"约束性": "binding", "binding": "binding"}.get(
                    row["binding"], "expected" if row["binding"] else ""
                ),
            )
        self.of_row[key] = self.names[same]
        return self.names[same]

    def chinese_names(self) -> set[str]:
        """Names in use."""
        return {row["name_zh"] for row in self.tables["indicators"]}


def _written(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _nature(kind: str, row: Row) -> str:
    if kind in {"growth", "annual", "cumulative"}:
        return "flow"
    if kind in {"share", "ratio", "relative_change"}:
        return "ratio"
    if kind == "rank":
        return "rank"
    if kind == "milestone":
        return "event"
    flows = (
        "元",
        "收入",
        "产量",
        "产值",
        "进出口",
        "外资",
        "消费品",
        "GDP",
        "revenue",
        "investment",
    )
    said = f"{row['name_original']} {row['name_en']} {row['unit']}"
    return "flow" if any(word in said for word in flows) else "stock"


@cache
def plan_tables(
    plan: str, folder: Path = FACTS
) -> tuple[dict[str, list[Row]], list[Reading], dict[str, list[int]]]:
    """Return the tables of one plan, what became of its rows, and each row's target rows.

    Examples
    --------
    >>> tables, readings, _ = plan_tables("CN-HEALTHSTAFF14")
    >>> [row["value"] for row in tables["targets"]], [r.listed for r in readings]
    (['1600', '3.2', '3.8'], ['', '', ''])
    """
    about = next(row for row in facts("plans", folder) if row["plan"] == plan)
    rows = [row for row in facts("tables", folder) if row["plan"] == plan]
    readings = facts("readings", folder)
    result = Tables(about)
    result.add(
        "about",
        id=slug(plan),
        name_zh=about["name"],
        name_en=about["name"],
        first_year=about["first_year"],
        last_year=about["last_year"],
        source="tests/data/plans/tables.csv",
    )
    all_readings = [read_row(row, readings) for row in rows]
    for reading in all_readings:
        for promise in reading.promises:
            result.indicator(reading.row, promise)
    targets: dict[str, list[int]] = {}
    for reading in all_readings:
        for promise in reading.promises:
            _add_target(result, reading.row, promise)
            place = result.tables["targets"].index(result.tables["targets"][-1])
            targets.setdefault(reading.row["row"], []).append(place)
        if reading.promises:
            _add_base(result, reading.row, reading.promises[0])
            _add_yearly_path(result, reading.row, reading.promises[0])
    from_figures(result, all_readings, facts("yearly", folder))
    return result.tables, all_readings, targets


def _add_target(result: Tables, row: Row, promise: Promise) -> None:
    relative = promise.relative_to
    if relative.startswith("row "):
        relative = result.of_row[relative.removeprefix("row "), ""]
    elif relative:
        other = slug(relative)
        if other not in {r["id"] for r in result.tables["indicators"]}:
            result.add(
                "indicators",
                id=other,
                name_zh=relative,
                name_en=relative,
                kind=promise.kind,
                unit=promise.unit,
                nature=_nature(promise.kind, row),
            )
        relative = other
    first = int(result.plan["first_year"])
    own_base = promise.base_year and int(promise.base_year) != first - 1
    result.add(
        "targets",
        indicator=result.indicator(row, promise),
        value=promise.value,
        sense=promise.sense,
        kind=promise.measure,
        year=promise.year,
        base_year=promise.base_year if own_base else "",
        from_year=promise.from_year,
        relative_to=relative,
        margin=0.0 if relative else None,
        tier=promise.tier,
        role=promise.role,
        any_of=promise.any_of,
        places=f"{row['plan']}/{row['row']}",
    )


def _source(row: Row) -> str:
    return row["source"] or row["source_class"] or row["plan"]


def _add_base(result: Tables, row: Row, promise: Promise) -> None:
    value = number(row["base_value"])
    year = row["base_year"]
    if value is None or not year or "〔" in row["base_printed"] or row["plan"] == "CN-BB2020":
        return
    name, first = result.indicator(row, promise), int(result.plan["first_year"])
    source = _source(row)
    if promise.kind == "growth":
        value = -value if _is_fall(row, "growth") else value
        result.add(
            "observations",
            indicator=name,
            period=year,
            measure="growth",
            value=value,
            unit="%",
            source=source,
            origin="document",
        )
    elif promise.kind in {"cumulative", "annual", "relative_change"} or int(year) >= first:
        if promise.kind in {"annual", "level", "share", "ratio"}:
            result.add(
                "observations",
                indicator=name,
                period=year,
                measure="level",
                value=value,
                unit=promise.unit,
                source=source,
                origin="document",
            )
    else:
        result.add(
            "baselines",
            indicator=name,
            year=year,
            value=value,
            unit=promise.unit,
            origin="document",
            source=source,
            note=row["base_printed"],
        )


def _add_yearly_path(result: Tables, row: Row, promise: Promise) -> None:
    """Add the yearly targets that a plan prints (not the results that an interim cell quotes)."""
    if (row["plan"], row["row"]) not in {("RW-EDPRS", "1"), ("ID-RPJMN2024", "1")}:
        return
    for year, value, _, _ in _points(row["interim"]):
        result.add(
            "annual_targets",
            indicator=result.indicator(row, promise),
            year=year,
            value=value,
            basis="year",
            origin="document",
        )


# Published figures: yearly ones and outcomes.


def from_figures(result: Tables, readings: Iterable[Reading], yearly: Sequence[Row]) -> None:
    """Add the published figures of a plan's rows as observations."""
    for reading in readings:
        if not reading.promises:
            continue
        row, promise = reading.row, reading.promises[0]
        _add_outcome(result, row, reading.promises)  # first: where two pages differ it counts
        for figure in yearly:
            if figure["plan"] == row["plan"] and figure["row"] == row["row"]:
                _add_figure(result, row, promise, figure)


def _add_figure(result: Tables, row: Row, promise: Promise, figure: Row) -> None:
    value, unit = float(figure["value"]), figure["unit"]
    measure = "level"
    if promise.kind == "growth" or "real growth" in figure["note"]:
        measure = "growth"
    elif promise.kind == "relative_change":
        measure = "growth"
        value = -value if _is_fall(row, "relative_change") else value
    elif promise.kind == "cumulative":
        measure = "addition"
    if row["unit"] == "% of GDP" or unit == "% of GDP":
        unit = "%"
    if "unit 万亿元" in figure["note"]:
        unit = "万亿元"
    result.add(
        "observations",
        indicator=result.indicator(row, promise),
        period=figure["year"],
        measure=measure,
        value=_bounded(value, figure["printed"]),
        unit=unit if promise.kind != "growth" else "%",
        series=figure["note"] if OTHER_SERIES.search(figure["note"]) else "",
        source=_source(figure),
        origin="published",
    )


OTHER_SERIES = re.compile(
    r"sections|not capacity|scope changed|non-fossil energy deducted|2010 prices"
)
"""Notes that make a figure one of another series (S10)."""


BOUNDS = {">": "above", "≥": "at_least", "≤": "at_most"}


def _bounded(value: float, printed: str) -> str:
    """Return a figure with the sign that its cell says in words."""
    signs = {">": MORE, "≥": AT_LEAST, "≤": AT_MOST}
    sign = next((sign for sign, words in signs.items() if words.search(printed)), "")
    return f"{sign}{value:.12g}"


_PAIR = re.compile(r"^\[?(?P<first>[^;]+?)\]?; \[?(?P<second>-?\d+(?:\.\d+)?)")


def _add_outcome(result: Tables, row: Row, promises: Sequence[Promise]) -> None:
    """Add the printed outcome in the measure it speaks of."""
    for measure, value, unit, part in outcome(row, promises):
        promise = next(p for p in promises if p.part == part)
        if measure == "level" and promise.kind == "growth" and unit in {"", "%"}:
            continue
        result.add(
            "observations",
            indicator=result.indicator(row, promise),
            period=row["outcome_year"].replace(" ", ""),
            measure=measure,
            value=value,
            unit=unit,
            source=row["outcome_source"] or row["source_class"] or "printed outcome",
            origin="published",
        )


def outcome(row: Row, promises: Sequence[Promise]) -> Iterator[tuple[str, str, str, str]]:
    """Yield measure, value, unit and part of what a row's outcome cell prints."""
    printed, value = row["outcome_printed"], number(row["outcome_value"])
    main = promises[0]
    if (row["plan"], row["row"]) in OUTCOMES:
        yield from OUTCOMES[row["plan"], row["row"]]
    elif pair := _PAIR.match(printed):
        first = re.sub(r"[^\d.\-]", "", pair["first"])
        if first:
            yield "level", first, row["unit"] if main.kind == "growth" else main.unit, ""
        if main.kind == "growth" or any(p.of == "growth" for p in promises):
            yearly = row["plan"].startswith("WZ-PLAN")
            yield "growth" if yearly else "average_growth", pair["second"], "%", ""
    elif value is not None:
        measure, unit = _outcome_measure(row, main)
        if measure in {"growth", "change"} and value > 0 and _is_fall(row, main.kind):
            value = -value
        yield measure, "1" if measure == "done" else _bounded(value, printed), unit, ""


def _outcome_measure(row: Row, main: Promise) -> tuple[str, str]:
    """Return measure and unit of an outcome cell with one number."""
    printed = row["outcome_printed"]
    if main.kind == "growth":
        longer = row["plan"] not in {"CN-ANNUAL", "CN-PLAN2018", "WZ-PLAN2015", "WZ-PLAN2022"}
        of_years = "年均" in printed or (longer and main.from_year != main.year)
        return ("average_growth" if of_years else "growth"), "%"
    if main.kind == "relative_change":
        return "change", "%"
    if main.kind == "milestone":
        return "done", ""
    if main.of == "change" and printed.startswith(("[", "〔")):
        return "change", "个百分点" if main.unit == "%" else main.unit
    if main.kind != "cumulative" and main.unit != "%" and re.match(r"^\d+(\.\d+)?%$", printed):
        return "average_growth", "%"  # a rate beside a target in money
    return "level", main.unit


OUTCOMES: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {
    ("CN-FYP11", "13"): [("change", "-14.29", "%", "so2"), ("change", "-12.45", "%", "cod")],
    ("CN-FYP13", "1"): [],  # current prices beside a target at those of 2015
    ("CN-FYP12", "1"): [("average_growth", "7.8", "%", "")],  # as above, the growth is comparable
    ("CN-FYP11", "1"): [("average_growth", "11.2", "%", "")],
    ("CN-FYP11", "2"): [("average_growth", "10.6", "%", "")],
    ("CN-FYP11", "7"): [("level", "134100", "万人", ""), ("average_growth", "0.51", "%", "")],
    ("CN-FYP11", "12"): [("level", "1.212", "亿公顷", ""), ("average_growth", "-0.13", "%", "")],
    ("CN-FYP12", "16"): [("average_growth", "7.7", "%", "")],
    ("CN-FYP12", "17"): [("average_growth", "9.6", "%", "")],
    ("CN-FYP14", "2"): [],  # the growth of 2025, among the yearly figures
    ("ZJ-FYP14", "32"): [("change", "-49.9", "%", "accidents"), ("change", "-45", "%", "deaths")],
    ("WZ-FYP14", "11"): [("change", "≥100", "%", "hightech")],
    ("WZ-FYP14", "30"): [("level", "28", "", "national")],
    ("WZ-PLAN2015", "12"): [("growth", "-5.5", "%", "")],
    ("WZ-PLAN2022", "2"): [],  # 暂无数据
    ("WZ-PLAN2024", "1"): [("growth", "6.2", "%", "")],
    ("WZ-PLAN2024", "2"): [("growth", "4.2", "%", "")],
    ("WZ-PLAN2024", "3"): [("growth", "11.2", "%", "")],
    ("WZ-PLAN2024", "4"): [("growth", "5.2", "%", "")],
    ("WZ-PLAN2024", "7"): [("growth", "2.1", "%", "")],
    ("WZ-PLAN2024", "8"): [("growth", "0.7", "%", "")],
    ("WZ-PLAN2024", "9"): [("growth", "9.9", "%", "")],
    ("IT2020", "8"): [("change", "2.4", "million persons", "")],
    ("CN-PLAN2018", "12"): [],  # an amount beside a target in words
    ("CN-PLAN2018", "14"): [],
}
"""Outcomes whose cell holds another measure, another price base or words."""


# The command.


def main(arguments: Sequence[str] | None = None) -> int:
    """Count every row, and write folders where they are wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("plans", nargs="*", help="plans, such as CN-FYP12; all by default")
    parser.add_argument("--facts", type=Path, default=FACTS, help="folder of the facts")
    parser.add_argument("--out", type=Path, help="where a folder a plan is written")
    options = parser.parse_args(arguments)
    plans = options.plans or [row["plan"] for row in facts("plans", options.facts)]
    measures: Counter[str] = Counter()
    listed = []
    rows = promises = repeats = 0
    for plan in plans:
        tables, readings, _ = plan_tables(plan, options.facts)
        if options.out:
            write(tables, options.out / slug(plan))
        for reading in readings:
            rows += 1
            promises += len(reading.promises)
            repeats += len(reading.repeats)
            measures[", ".join(dict.fromkeys(p.of for p in reading.promises)) or "listed"] += 1
            if reading.listed:
                listed.append((plan, reading.row["row"], reading.row["name_en"], reading.listed))
    with_promises = rows - len(listed)
    print(f"{rows} rows = {with_promises} with {promises} promises + {len(listed)} listed")
    print(f"{repeats} second cells repeat target minus base")
    for measure, count in measures.most_common():
        print(f"{count:5} {measure}")
    for entry in listed:
        print("listed:", *entry)
    return 0


def write(tables: dict[str, list[Row]], folder: Path) -> Path:
    """Write the tables of a plan as CSV files; empty ones are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if not rows:
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


if __name__ == "__main__":
    sys.exit(main())
