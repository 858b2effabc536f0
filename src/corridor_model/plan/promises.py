"""What counts as one promise: the rows of an indicator that share a measure, a date and a tier.

An indicator can carry several (S4b): a level in 2023 and in 2025, a yearly growth beside them, a
stretch target. The two rows of a range are one. Each has an id: the indicator's own for the
promise people mean by it, and for the others what tells them apart: ``gdp@2023``,
``gdp@growth``, ``gdp@stretch``, ``gdp@2023@stretch``.

Targets that share a word in ``any_of`` are one promise, too («A or B»). Verdicts,
probabilities, counts and studies all ask here which belong together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple, cast

from corridor_model.codes import KIND_WORDS
from corridor_model.display import Displayed
from corridor_model.messages import message, translator
from corridor_model.plan.measures import MEASURES, Measure, holds_at_zero
from corridor_model.plan.records import (
    Baseline,
    Indicator,
    Target,
    bounds,
    keys_text,
    strict_ends,
    unknown_key,
    zero_start,
)


@dataclass(frozen=True, slots=True)
class Promise(Indicator):
    """One promise of an indicator: its record with the rows of this promise alone.

    Attributes
    ----------
    id : str
        ``gdp``, ``gdp@2023``, ``gdp@growth``, ``gdp@stretch`` ...
    of : str
        Id of the indicator.
    series_kind : str
        The indicator's own measure.
    kind : str
        The measure (S4).
    unit : str
        Of the bound: the indicator's, or % where the measure is in percent.
    targets : tuple of Target
        Its rows: one, or the two ends of a range; none of what is promised in words alone.
    """

    of: str = ""
    series_kind: str = ""

    @property
    def indicator(self) -> str:
        """Id of the indicator."""
        return self.of

    @property
    def measure(self) -> Measure:
        """How it is read."""
        return MEASURES[self.kind]

    @property
    def value(self) -> float | None:
        """Its bound; of a range the minimum. None where it has no number of its own."""
        if not self.targets:
            return None
        return min((t.value for t in self.targets if t.value is not None), default=None)

    @property
    def value_max(self) -> float | None:
        """The maximum of a range; None where there is but one bound."""
        if len(self.targets) < 2:
            return None
        return max((t.value for t in self.targets if t.value is not None), default=None)

    @property
    def sense(self) -> str | None:
        """Its comparator; ``range`` of a minimum and a maximum."""
        return "range" if len(self.targets) > 1 else cast("str | None", self._one("sense"))

    @property
    def year(self) -> int | None:
        """Calendar year by whose end it is due; None where nothing is dated."""
        return cast("int | None", self._one("year"))

    @property
    def month(self) -> int | None:
        """Month by whose end it is due, where printed."""
        return cast("int | None", self._one("month"))

    @property
    def tolerance(self) -> float | None:
        """Of ``about``, in the unit of the bound."""
        return cast("float | None", self._one("tolerance"))

    @property
    def base_year(self) -> int | None:
        """Year it is measured against, where not the plan's own."""
        return cast("int | None", self._one("base_year"))

    @property
    def from_year(self) -> int | None:
        """First year it holds for, where not the plan's first."""
        return cast("int | None", self._one("from_year"))

    @property
    def relative_to(self) -> str | None:
        """Indicator whose figure is the bound."""
        return cast("str | None", self._one("relative_to"))

    @property
    def margin(self) -> float:
        """What is added to the figure of ``relative_to``."""
        return float(self._one("margin") or 0.0)

    @property
    def tier(self) -> str:
        """``commit`` or ``stretch`` (S4b)."""
        return str(self._one("tier") or "commit")

    @property
    def role(self) -> str | None:
        """``aim`` or ``limit`` as the table says; None where it does not."""
        return cast("str | None", self._one("role"))

    @property
    def beyond(self) -> str | None:
        """``met`` or ``broken`` beyond the far end of a range; None where nothing is said."""
        return cast("str | None", self._one("beyond"))

    @property
    def any_of(self) -> str | None:
        """The word that alternatives share."""
        return cast("str | None", self._one("any_of"))

    @property
    def places(self) -> tuple[str, ...]:
        """Every place in the document that prints it."""
        return tuple(dict.fromkeys(place for target in self.targets for place in target.places))

    @property
    def reason(self) -> str:
        """Why no figure can decide it: ``not_quantified``, ``no_date``; empty where one can."""
        if self.kind == "qualitative" or not self.targets:
            return "not_quantified"
        if bounds(self) == (None, None) and self.kind != "milestone" and self.relative_to is None:
            return "not_quantified"
        if self.sense == "about" and self.tolerance is None:
            return "not_quantified"
        return "" if self.year is not None else "no_date"

    def _one(self, name: str) -> Any:
        """Return what the first row that says anything says."""
        if len(self.targets) == 1:  # mostly: an assessment asks this many times
            return getattr(self.targets[0], name)
        values = (getattr(target, name) for target in self.targets)
        return next((value for value in values if value is not None), None)


class Promises(Mapping[str, Promise], Displayed):
    """A plan's promises by id, in the order of its indicators.

    ``gdp@2025`` is accepted for the promise whose id is ``gdp`` where it is due in 2025; so is
    every other way to spell out what a promise is.
    """

    def __init__(self, promises: Iterable[Promise]):
        self._promises = {promise.id: promise for promise in promises}

    @cached_property
    def _other_ids(self) -> dict[str, str]:
        """Every other way to spell an id; many plans are never asked by one."""
        ids: dict[str, str] = {}
        for promise in self._promises.values():
            for name in _spellings(promise):
                ids.setdefault(name, promise.id)
        return ids

    def __getitem__(self, name: str) -> Promise:
        if name in self._promises:
            return self._promises[name]
        if name in self._other_ids:
            return self._promises[self._other_ids[name]]
        raise unknown_key(name, self._promises)

    def __iter__(self) -> Iterator[str]:
        return iter(self._promises)

    def __len__(self) -> int:
        return len(self._promises)

    def __contains__(self, name: object) -> bool:
        return name in self._promises or name in self._other_ids

    def __repr__(self) -> str:
        return keys_text(self)


def promises_of(
    indicators: Iterable[Indicator], last_year: int, base_year: int | None = None
) -> Promises:
    """Return the promises of a plan.

    An indicator without a row is promised in words alone, unless it is only what another one
    is compared with.

    Parameters
    ----------
    indicators : iterable of Indicator
        With all their targets.
    last_year : int
        Of the plan: what is due then carries the indicator's own id.
    base_year : int, optional
        The year before the plan: a sum of what an indicator brings each year starts at its end.
    """
    promises: list[Promise] = []
    indicators = list(indicators)
    compared = {target.relative_to for one in indicators for target in one.targets}
    for indicator in indicators:
        if len(indicator.targets) == 1:
            kind = indicator.targets[0].kind or indicator.kind
            promises.append(_promise(indicator, indicator.id, kind, indicator.targets, base_year))
            continue
        groups: dict[Hashable, list[Target]] = {}
        for target in indicator.targets:
            groups.setdefault(_group(target, indicator), []).append(target)
        if not groups:
            if indicator.id not in compared:
                promises.append(_promise(indicator, indicator.id, indicator.kind, ()))
            continue
        main = min(groups, key=lambda group: _precedence(groups[group], indicator, last_year))
        ordered = [main, *(group for group in groups if group != main)]
        taken: set[str] = set()
        for group in ordered:
            rows = tuple(groups[group])
            name = indicator.id
            if group != main:
                name = _name(indicator, rows[0], groups[main][0], taken)
            taken.add(name)
            kind = rows[0].kind or indicator.kind
            promises.append(_promise(indicator, name, kind, rows, base_year))
    return Promises(promises)


def own_promise(indicator: Indicator) -> Promise:
    """Return the promise that carries an indicator's own id; a promise is its own."""
    if isinstance(indicator, Promise):
        return indicator
    last = max((target.year or 0 for target in indicator.targets), default=0)
    return promises_of([indicator], last)[indicator.id]


def _group(target: Target, indicator: Indicator) -> Hashable:
    """Return what the rows of one promise share; a range is two rows of it."""
    relative = (target.relative_to, target.sense) if target.relative_to else None
    return (
        *(target.kind or indicator.kind, target.year, target.month, target.tier or "commit"),
        *(target.base_year, target.from_year, relative),
    )


def _precedence(rows: list[Target], indicator: Indicator, last_year: int) -> tuple[object, ...]:
    """Return the place of a promise in the contest for the indicator's own id (S4b)."""
    row = rows[0]
    year = row.year
    if year is None:
        date: tuple[int, int] = (3, 0)
    elif year == last_year:
        date = (0, 0)
    else:
        date = (1, -year) if year < last_year else (2, year)
    own = (row.kind or indicator.kind) == indicator.kind
    late = -(row.month or 12)
    return row.tier == "stretch", date, not own, row.relative_to is not None, late


def _name(indicator: Indicator, row: Target, main: Target, taken: set[str]) -> str:
    """Return the id of a further promise: what tells it apart, in the order of S4b."""
    parts = []
    if (row.year, row.month) != (main.year, main.month):
        parts.append(_date(row, row.year == main.year))
    kind = row.kind or indicator.kind
    if kind != (main.kind or indicator.kind):
        parts.append(kind)
    if row.tier == "stretch" != main.tier:
        parts.append("stretch")
    name = "@".join([indicator.id, *parts])
    more = [row.relative_to, *(str(year) for year in (row.base_year, row.from_year) if year)]
    for part in more:
        if part and (name in taken or name == indicator.id):
            name += f"@{part}"
    # nothing in its rows tells it apart: it is counted
    count, alone = 2, name
    while name in taken:
        name, count = f"{alone}@{count}", count + 1
    return name


def _date(row: Target, with_month: bool) -> str:
    if row.year is None:
        return "undated"
    return f"{row.year}-{row.month or 12:02d}" if with_month else f"{row.year}"


def _spellings(promise: Promise) -> Iterator[str]:
    """Yield the other ids by which a promise may be asked for."""
    if promise.year is None:
        return
    kind = "" if promise.id.endswith(f"@{promise.kind}") else f"@{promise.kind}"
    tier = f"@{promise.tier}"
    year = f"@{promise.year}"
    for parts in ((year,), (kind,), (tier,), (year, kind), (year, tier), (year, kind, tier)):
        yield promise.of + "".join(parts)


_FIELDS = tuple(field.name for field in fields(Indicator))
_CELLS = attrgetter(*_FIELDS)


def _promise(
    indicator: Indicator,
    name: str,
    kind: str,
    rows: tuple[Target, ...],
    base_year: int | None = None,
) -> Promise:
    """Return one promise of an indicator, named by what tells it apart."""
    own = dict(zip(_FIELDS, _CELLS(indicator), strict=True))
    percent = kind in {"growth", "relative_change"}
    unit = "%" if percent else indicator.unit
    apart = name.removeprefix(indicator.id)
    own |= {"id": name, "kind": kind, "targets": rows, "unit": unit}
    if kind == "annual" and indicator.kind == "growth":
        own["nature"] = "ratio"  # a growth of a year is compared, never added up (S17)
    if kind == "annual" and indicator.kind == "cumulative":
        own["nature"] = "flow"  # what a year adds to a count is an amount
    if apart:
        own["name_zh"] = _apart(indicator.name_zh, apart, "zh")
        own["name_en"] = _apart(indicator.name_en or indicator.name_zh, apart, "en")
    own["baselines"] = _start(indicator, rows)
    if is_sum_of_years(kind, indicator.kind):
        # the level of a year is no start of a sum: what adds up from here was nothing (S4)
        begins = next((row.base_year for row in rows if row.base_year is not None), base_year)
        begins = next((row.from_year - 1 for row in rows if row.from_year is not None), begins)
        zero = () if begins is None else (zero_start(indicator.id, indicator.unit, begins),)
        own["baselines"] = zero
    return Promise(**own, of=indicator.id, series_kind=indicator.kind)


def _start(indicator: Indicator, rows: tuple[Target, ...]) -> tuple[Baseline, ...]:
    """Return the baselines, first those of the year a promise is measured against."""
    year = next((row.base_year for row in rows if row.base_year is not None), None)
    if year is None:
        return indicator.baselines
    return tuple(sorted(indicator.baselines, key=lambda baseline: baseline.year != year))


def _apart(name: str, apart: str, lang: str) -> str:
    """Return an indicator's name with what tells a promise apart, in words."""
    t = translator(lang)
    words = [_part(part, lang) for part in apart.strip("@").split("@")]
    return t("{name} ({part})", name=name, part=t.listing(words))


def _part(part: str, lang: str) -> str:
    t = translator(lang)
    if part in KIND_WORDS:
        return t.of(KIND_WORDS[part])
    if part == "stretch":
        return t.context("tier", "stretch")
    if part == "undated":
        return t.context("target", "undated")
    return t.of(message("by {year}", year=part)) if part[:4].isdigit() else part


# When it begins; aim or limit (S19).


def is_sum_of_years(kind: str, series_kind: str) -> bool:
    """Return whether a promise adds up what is no count itself: 100 flats in all, of flats a year.

    Parameters
    ----------
    kind, series_kind : str
        The measure of the promise, and the indicator's own.

    Examples
    --------
    >>> is_sum_of_years("cumulative", "annual"), is_sum_of_years("cumulative", "cumulative")
    (True, False)
    """
    return kind == "cumulative" != series_kind


def base_year_of(promise: Promise, plan_base_year: int) -> int:
    """Return the year since which a promise counts: its own, or the one before the plan."""
    if promise.base_year is not None:
        return promise.base_year
    return plan_base_year if promise.from_year is None else promise.from_year - 1


def relative_bounds(promise: Promise, bound: float) -> tuple[float | None, float | None]:
    """Return minimum and maximum of a promise whose bound is another indicator's figure (S4).

    Parameters
    ----------
    promise : Promise
        With its comparator, and its tolerance where that is ``about``.
    bound : float
        The other's figure plus the margin, in the unit of the promise.

    Examples
    --------
    >>> import corridor_model as cm
    >>> relative_bounds(cm.load_plan().targets["gdp"], 500.0)
    (500.0, None)
    """
    slack = promise.tolerance or 0.0
    lower = None if promise.sense in {"at_most", "below"} else bound - slack
    upper = None if promise.sense in {"at_least", "above"} else bound + slack
    return lower, upper


def is_limit(promise: Promise, base: float | None) -> tuple[bool, str]:
    """Return whether a promise is kept by holding, and whether that is ``document`` or assumed.

    Parameters
    ----------
    promise : Promise
        The promise.
    base : float or None
        Its start, in the unit of the bound; None where it is unknown.

    Examples
    --------
    >>> import corridor_model as cm
    >>> is_limit(cm.load_plan().targets["gdp"], 451.84)
    (False, 'document')
    """
    measure = promise.measure
    if measure.limit == "never":
        return False, "document"
    lower, upper = bounds(promise)
    capped = promise.sense in {"at_most", "below"}
    if promise.kind in {"cumulative", "annual"} and capped:
        return True, "document"
    amount = promise.kind == "annual" and promise.nature in {None, "flow", "event"}
    if (amount or measure.value == "additions") and upper is None:
        return False, "document"  # what adds up from nothing is reached, not held
    if promise.role is not None:
        return promise.role == "limit", "document"
    low_open, high_open = strict_ends(promise)
    if measure.value in {"growth", "change"} and promise.relative_to is None:
        # no change at all does not keep a bound of 0 that must be passed (S3)
        touched = (low_open and lower == 0) or (high_open and upper == 0)
        return holds_at_zero(lower, upper) and not touched, "document"
    if measure.value in {"additions", "year"}:
        return False, "document"
    if base is not None and promise.relative_to is None:
        met = (lower is None or base >= lower) and (upper is None or base <= upper)
        touched = (low_open and base == lower) or (high_open and base == upper)
        return met and not touched, "document"
    return capped, "assumed"


class Span(NamedTuple):
    """The bounds that a value must keep, and the end of a range that it may pass (S4)."""

    lower: float | None
    upper: float | None
    far_end: float | None = None


def span_of(promise: Promise, base: float | None, lower: float | None, upper: float | None) -> Span:
    """Return which end of a range may be passed: 3 of «1-2» lines is met (S4).

    Parameters
    ----------
    promise : Promise
        The promise; ``beyond`` of its rows decides where they say anything.
    base : float or None
        Its start, in the unit of the bounds; None where it is unknown.
    lower, upper : float or None
        Minimum and maximum.

    Examples
    --------
    >>> import corridor_model as cm
    >>> lines = cm.load_plan().targets["annual_bus_lines"]
    >>> span_of(lines, None, 1.0, 2.0)
    Span(lower=1.0, upper=None, far_end=2.0)
    """
    limit, _ = is_limit(promise, base)
    if limit or lower is None or upper is None or lower == upper or promise.sense != "range":
        return Span(lower, upper)
    counts = promise.measure.value in {"additions", "year"}
    below = counts or (base is not None and base < lower)
    above = not counts and base is not None and base > upper
    if promise.beyond == "broken" or (promise.beyond is None and not (below or above)):
        return Span(lower, upper)
    return Span(None, upper, lower) if above else Span(lower, None, upper)


# Alternatives.


def promise_of(indicator: Indicator) -> str:
    """Return the name of an indicator's promise: the word its alternatives share, or its id."""
    return _shared_word(indicator) or indicator.id


def promises(indicators: Iterable[Indicator]) -> list[list[int]]:
    """Return the places of indicators, those of one promise together.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> len(plan.targets), len(promises(plan.targets.values()))
    (146, 145)
    """
    # an id never joins what shares a word of the same spelling
    return places_by(_shared_word(i) or (i.id,) for i in indicators)


def alternatives(indicators: Iterable[Indicator]) -> list[list[int]]:
    """Return the places of indicators that are alternatives of one another."""
    words = [_shared_word(indicator) for indicator in indicators]
    groups = places_by(word or i for i, word in enumerate(words))
    return [places for places in groups if len(places) > 1]


def places_by(keys: Iterable[Hashable]) -> list[list[int]]:
    """Return the places that hold the same key, in the order of the first of each."""
    places: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        places.setdefault(key, []).append(i)
    return list(places.values())


def _shared_word(indicator: Indicator) -> str | None:
    return next((target.any_of for target in indicator.targets if target.any_of), None)
