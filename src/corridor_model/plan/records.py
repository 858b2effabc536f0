"""The records of a plan: what is promised, from where, by whom, with which works.

`PlanRecords` makes them from the plan's tables when someone asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from corridor_model.codes import CATEGORIES, KIND_WORDS, ORIGIN_WORDS, preference
from corridor_model.display import Displayed, fields_html
from corridor_model.errors import CorridorError, UnknownNameError
from corridor_model.formatting import plain, short
from corridor_model.messages import N_, Worded, message, translator
from corridor_model.options import language
from corridor_model.tabular.schema import SHEETS_ZH, TITLES_ZH, nearest
from corridor_model.tabular.table import Table

Record = TypeVar("Record")


class HtmlRecord:
    """A record that a notebook shows as a table of its fields."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return record_html(self)


@dataclass(frozen=True, slots=True)
class Target(HtmlRecord):
    """One row of the targets: a bound, and when it is due.

    Attributes
    ----------
    indicator : str
        Id of the indicator.
    value : float or None
        In the unit of the indicator; percent for growth, share, ratio and relative changes
        (S2). None where the promise has no number of its own.
    unit : str
        Unit as printed.
    sense : str or None
        ``at_least``, ``at_most``, ``above``, ``below``, ``exactly`` or ``about`` (S3).
    year : int or None
        Calendar year by whose end it is due; None where the document dates nothing.
    month : int or None
        Month by whose end it is due, where printed.
    any_of : str or None
        Targets that share this word are one promise.
    places : tuple of str
        Every place in the document that prints it.
    kind : str or None
        The measure, where it is not that of the indicator (S4).
    tolerance : float or None
        Of ``about``, in the unit of the target, inclusive.
    base_year, from_year : int or None
        Year it is measured against, and first year it holds for, where not the plan's.
    relative_to : str or None
        Indicator whose figure, plus ``margin``, is the bound.
    margin : float or None
        None is 0.
    tier : str or None
        ``commit`` or ``stretch``; None is commit (S4b).
    role : str or None
        ``aim`` or ``limit``; None leaves it to S19.
    beyond : str or None
        ``met`` or ``broken``: what a value beyond the far end of a range is (S4).
    """

    indicator: str
    value: float | None
    unit: str
    sense: str | None
    year: int | None
    month: int | None = None
    any_of: str | None = None
    places: tuple[str, ...] = ()
    kind: str | None = None
    tolerance: float | None = None
    base_year: int | None = None
    from_year: int | None = None
    relative_to: str | None = None
    margin: float | None = None
    tier: str | None = None
    role: str | None = None
    beyond: str | None = None

    @property
    def number(self) -> float:
        """Its value, of a target that has one."""
        assert self.value is not None
        return self.value

    @property
    def deadline(self) -> int:
        """Its year, of a target that is dated."""
        assert self.year is not None
        return self.year

    @property
    def lower(self) -> float | None:
        """The least value that meets it; None where it sets none, or none that is known."""
        if self.value is None or self.sense in {"at_most", "below"}:
            return None
        if self.sense == "about":
            return None if self.tolerance is None else self.value - self.tolerance
        return self.value

    @property
    def upper(self) -> float | None:
        """The greatest value that meets it; None where it sets none, or none that is known."""
        if self.value is None or self.sense in {"at_least", "above"}:
            return None
        if self.sense == "about":
            return None if self.tolerance is None else self.value + self.tolerance
        return self.value


@dataclass(frozen=True, slots=True)
class Baseline(HtmlRecord):
    """A known starting value of an indicator, with its origin and vintage (S5, S10)."""

    indicator: str
    year: int
    value: float
    unit: str
    origin: str
    series: str | None = None
    source: str | None = None
    confidence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator(HtmlRecord):
    """Something the plan measures, with its targets and what is known of its start.

    Attributes
    ----------
    id, name_zh, name_en : str
        Slug and names.
    kind : str
        How its target is meant (S4).
    unit : str
        Unit of target, baselines and observations; empty for a milestone.
    targets : tuple of Target
        All targets, in the order of the table.
    baselines : tuple of Baseline
        All known starting values, the one in use first.
    """

    id: str
    name_zh: str
    name_en: str | None
    group: str | None
    kind: str
    unit: str
    nature: str | None
    price_basis: str | None
    average_method: str | None
    scope: str | None
    binding: str | None
    targets: tuple[Target, ...] = ()
    baselines: tuple[Baseline, ...] = ()

    @property
    def target(self) -> Target:
        """The single target.

        Raises
        ------
        CorridorError
            If the indicator has no target, or several (a range, or several deadlines).
        """
        if len(self.targets) == 1:
            return self.targets[0]
        if not self.targets:
            raise CorridorError(N_("{id} has no target; use .targets."), id=self.id)
        raise CorridorError(
            N_("{id} has {n} targets; use .targets."), id=self.id, n=len(self.targets)
        )

    @property
    def baseline(self) -> Baseline | None:
        """The starting value in use, or None where nothing is known (S6).

        A user's own figure comes first, then the strongest origin, then the latest year.
        """
        return self.baselines[0] if self.baselines else None

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class Project(HtmlRecord):
    """One work: where it stands in the annex, what it costs, when it runs, what it opens."""

    id: str
    table: int
    row: int
    part: int | None
    name_zh: str
    name_en: str | None
    category: str
    class_: str | None
    length_km: float | None
    length_in_area_km: float | None
    opens: bool | None
    start: str | None
    end: str | None
    investment: float | None
    lead_units: tuple[str, ...]
    other_units: tuple[str, ...]
    note: str | None

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class Task(HtmlRecord):
    """One task of the annex tables, with who answers for it and which targets it carries."""

    id: str
    table: int
    row: int
    part: int | None
    area: str | None
    name: str
    deadline: str | None
    indicators: tuple[str, ...]
    lead_units: tuple[str, ...]
    other_units: tuple[str, ...]
    summary_en: str | None


@dataclass(frozen=True, slots=True)
class Conflict(HtmlRecord):
    """A place where the document contradicts itself or stays silent, and what was done."""

    id: str
    subject: str
    readings: tuple[str, ...]
    used: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About(HtmlRecord):
    """The plan itself: its names, its years, and where it was issued."""

    id: str
    name_zh: str
    name_en: str | None
    first_year: int
    last_year: int
    issued: str | None
    number: str | None
    source: str | None

    @property
    def base_year(self) -> int:
        """The year before the plan begins, to whose end counts and indices refer."""
        return self.first_year - 1

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en


# Records from the rows of a plan's tables.


class Records(Mapping[str, Record], Displayed):
    """Records by id, in the order of their table. Frozen.

    Raises
    ------
    UnknownNameError
        For an id that is none, with the nearest one; it is a KeyError, too.

    Examples
    --------
    >>> import corridor_model as cm
    >>> indicators = cm.load_plan().indicators
    >>> "GDP" in indicators, indicators.get("GDP"), len(indicators) > 30
    (False, None, True)
    """

    def __init__(self, records: Mapping[str, Record]):
        self._records = dict(records)

    def __getitem__(self, name: str) -> Record:
        try:
            return self._records[name]
        except (KeyError, TypeError):
            raise unknown_key(name, self._records) from None

    # `Mapping` asks by the error of `self[name]`, which looks for the nearest name each time
    def __contains__(self, name: object) -> bool:
        try:
            return name in self._records
        except TypeError:  # of no hash
            return False

    def get(self, name: str, default: Any = None) -> Any:
        """Return the record of an id, or the default."""
        return self._records[name] if name in self else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return keys_text(self)


MOST_KEYS = 6
"""Ids that a representation lists."""


def keys_text(records: Mapping[str, Any]) -> str:
    """Return a mapping as its first ids, and how many there are."""
    keys = list(records)
    listed = ", ".join(map(repr, keys[:MOST_KEYS]))
    more = f", … {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
    return f"{type(records).__name__}({listed}{more})"


def unknown_key(name: object, known: Collection[str]) -> UnknownNameError:
    """Return the error of an id that is none, with the one that was likely meant."""
    near = _meant(str(name), known)
    return UnknownNameError(
        message("There is no {name}. Did you mean {near!r}?", name=short(name), near=near)
        if near
        else message("There is no {name}.", name=short(name))
    )


def _meant(name: str, known: Collection[str]) -> str:
    """Return the id that was likely meant: of that name, the nearest, or the only one so begun."""
    titles: dict[str, str] = {}
    for key, record in known.items() if isinstance(known, Mapping) else ():
        for title in ("name_zh", "name_en"):
            titles.setdefault(str(getattr(record, title, None) or key).lower(), key)
    if name.lower() in titles and name.lower() not in known:
        return titles[name.lower()]
    if near := nearest(name, known):
        return near
    begun = [key for key in known if key.startswith(name)] if name else []
    if len(begun) == 1:
        return begun[0]
    return titles.get(nearest(name, titles), "")


def by_id(record: type[Record], rows: Iterable[dict[str, Any]]) -> Mapping[str, Record]:
    """Return one record a row, by id, from those of its columns that are the record's fields."""
    names = [field.name for field in fields(record)]  # type: ignore[arg-type]
    return Records({row["id"]: record(**{n: row[n] for n in names}) for row in rows})


def indicators_of(
    tables: Mapping[str, Table], baselines: Iterable[Baseline], base_year: int
) -> Mapping[str, Indicator]:
    """Return indicators by id with their targets and baselines, the baseline in use first."""
    table = tables["indicators"]
    units = dict(zip(table["id"], table["unit"], strict=True))
    targets: dict[str, list[Target]] = {}
    for row in tables["targets"].rows():
        unit = "%" if row["kind"] in {"growth", "relative_change"} else units[row["indicator"]]
        target = Target(unit=unit or "", **row)
        targets.setdefault(target.indicator, []).append(target)
    starts: dict[str, list[Baseline]] = {}
    for baseline in baselines:
        starts.setdefault(baseline.indicator, []).append(baseline)
    for row in table.rows():
        # what is counted since the plan began was 0 when it began (S4, S5)
        if row["kind"] == "cumulative" and row["id"] not in starts:
            starts[row["id"]] = [zero_start(row["id"], row["unit"], base_year)]
    indicators = {
        row["id"]: Indicator(
            **{**row, "unit": row["unit"] or ""},
            targets=tuple(targets.get(row["id"], ())),
            baselines=tuple(sorted(starts.get(row["id"], ()), key=_first_in_use)),
        )
        for row in table.rows()
    }
    return Records(indicators)


def zero_start(indicator: str, unit: str | None, base_year: int) -> Baseline:
    """Return the start of a count since the plan began, where none is known: 0, assumed (S5)."""
    return Baseline(indicator, base_year, 0.0, unit or "", "assumed")


def _first_in_use(baseline: Baseline) -> tuple[int, int]:
    return preference(baseline.origin), -baseline.year


# The last targets due, and a record as a notebook shows it.


def last_target(indicator: Indicator) -> Target:
    """Return the last target due; of several on one date the first of the table."""
    return max(indicator.targets, key=_due)


def _due(target: Target) -> tuple[int, int]:
    return target.year or 0, target.month or 12


def is_part_of_a_year(indicator: Indicator) -> bool:
    """Return whether the last target is on the total of the first months of its year.

    The total of a whole year is no start of it and says nothing of it.
    """
    months = last_target(indicator).month or 12
    return indicator.kind == "level" and indicator.nature == "flow" and months < 12


def last_targets(indicator: Indicator) -> list[Target]:
    """Return the last targets due: one, or the two ends of a range."""
    if len(indicator.targets) == 1:
        return list(indicator.targets)
    due = _due(last_target(indicator))
    return [target for target in indicator.targets if _due(target) == due]


def bounds(indicator: Indicator) -> tuple[float | None, float | None]:
    """Return minimum and maximum of the last targets due; a range has both (S4)."""
    if not indicator.targets:
        return None, None
    if len(indicator.targets) == 1:  # mostly: an assessment asks this many times
        target = indicator.targets[0]
        return target.lower, target.upper
    last = last_targets(indicator)
    lower = [t.lower for t in last if t.lower is not None]
    upper = [t.upper for t in last if t.upper is not None]
    return (max(lower) if lower else None), (min(upper) if upper else None)


def strict_ends(indicator: Indicator) -> tuple[bool, bool]:
    """Return whether minimum and maximum must be passed, not only touched (S3)."""
    if len(indicator.targets) == 1:
        sense = indicator.targets[0].sense
        return sense == "above", sense == "below"
    senses = {target.sense for target in last_targets(indicator)} if indicator.targets else set()
    return "above" in senses, "below" in senses


def printed_values(indicator: Indicator) -> tuple[float, ...]:
    """Return the values of the last targets due: one, or the two ends of a range."""
    if not indicator.targets:
        return ()
    values = (target.value for target in last_targets(indicator))
    return tuple(sorted({value for value in values if value is not None}))


def record_html(record: object) -> str:
    """Return a record as an HTML table of its fields; what is unknown has a mark."""
    lang = language()
    kind = type(record).__name__
    caption = SHEETS_ZH.get(f"{kind.lower()}s", kind) if lang == "zh" else kind
    return fields_html(record_fields(record, lang), caption)


def record_fields(record: object, lang: str) -> dict[str, str]:
    """Return the fields of a record by their titles, as texts; empty where nothing is known.

    Examples
    --------
    >>> import corridor_model as cm
    >>> record_fields(cm.load_plan().indicators["gdp"].target, "en")["value"]
    '580'
    """
    titled = {}
    for own in _field_names(record):
        name = own.rstrip("_")
        zh = TITLES_ZH.get(name, SHEETS_ZH.get(name, name))
        title = zh if lang == "zh" else name.replace("_", " ")
        value = getattr(record, own)
        word = _CODES.get(name, {}).get(value) if isinstance(value, str) else None
        titled[title] = word.text(lang) if word else _value_text(value, lang)
    return titled


_CODES: dict[str, Mapping[str, Worded]] = {
    "kind": KIND_WORDS,
    "origin": ORIGIN_WORDS,
    "category": CATEGORIES,
}
"""Fields that hold a code, and its words."""


def _value_text(value: object, lang: str) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        t = translator(lang)
        return t.context("flag", "yes") if value else t.context("flag", "no")
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, tuple):
        return "\n".join(part if isinstance(part, str) else record_line(part) for part in value)
    return str(value)


def record_line(record: object) -> str:
    """Return a target or a baseline as one line."""
    known = [
        _value_text(getattr(record, name), "zh").replace("\n", " ")
        for name in _field_names(record)
        if name != "indicator" and getattr(record, name) not in (None, "", ())
    ]
    return " · ".join(known)


def _field_names(record: object) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a named tuple."""
    named: tuple[str, ...] = getattr(record, "_fields", ())
    return named or tuple(field.name for field in fields(record))  # type: ignore[arg-type]
