"""Which row of the plan uses a number that the document prints."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from source_places import Line

from corridor_model.formatting import plain
from corridor_model.plan.plan import Plan

NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CHARACTERS = "零一二三四五六七八九十"
_NUMERALS = {1: "附件一", 2: "附件二", 3: "附件三", 4: "附件四"}
_FACTORS = {"公里": 1.0, "米": 0.001, "万元": 0.0001}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A number where it is printed."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The number as printed."""
        return self.line.text[self.start : self.end]

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def behind(self) -> str:
        """What stands behind it on its line."""
        return self.line.text[self.end :]

    @property
    def context(self) -> str:
        """The number with a few characters before and behind it."""
        return self.line.text[max(0, self.start - 8) : self.end + 8]

    def within(self, phrase: str) -> bool:
        """Whether the number is part of a phrase on its line."""
        begin = self.line.text.find(phrase)
        while begin >= 0:
            if begin <= self.start and self.end <= begin + len(phrase):
                return True
            begin = self.line.text.find(phrase, begin + 1)
        return False


@dataclass(frozen=True, slots=True)
class Use:
    """How a row uses a number: what it is there, and the ids of the rows."""

    what: str
    ids: tuple[str, ...]


def occurrences(lines: Iterable[Line]) -> list[Occurrence]:
    """Return every number of the document in digits, in the order of the text."""
    return [
        Occurrence(line, *found.span()) for line in lines for found in NUMBER.finditer(line.text)
    ]


def row_place(place: str) -> str:
    """Return a place without the cell: ``附件三/4.5`` lies in ``附件三/4``."""
    return place.split(".", maxsplit=1)[0]


def task_place(table: int, row: int, part: int | None) -> str:
    """Return the place of a row of the annexes, with its cell in the third table."""
    return f"{_NUMERALS[table]}/{row}" + (f".{part}" if table == 3 and part else "")


class Uses:
    """Looks up the rows of one plan by place."""

    def __init__(self, plan: Plan, lines: list[Line]) -> None:
        self.plan = plan
        self.numbers = occurrences(lines)
        self.text: dict[str, str] = defaultdict(str)
        for line in lines:
            self.text[line.place] += line.text + "\n"
        self.not_found: list[str] = []
        self._values = self._target_values()
        self._dates: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_place()

    def of(self, number: Occurrence) -> Use | None:
        """Return the first use of a number, or None."""
        if number in self._values:
            return self._values[number]
        for find in (self._work, self._date, self._row, self._name, self._about, self._conflict):
            if use := find(number):
                return use
        return None

    def _target_values(self) -> dict[Occurrence, Use]:
        """Tie the value of every target to one printed number at each of its places."""
        at: dict[str, list[Occurrence]] = defaultdict(list)
        for number in self.numbers:
            at[number.line.place].append(number)
        used: dict[Occurrence, Use] = {}
        for name, indicator in self.plan.indicators.items():
            if indicator.kind == "milestone":
                continue
            for target in indicator.targets:
                value = plain(target.value)
                unit = re.escape(indicator.unit)
                for i, place in enumerate(target.places):
                    free = [n for n in at[row_place(place)] if n not in used and n.text == value]
                    fit = [n for n in free if re.match(rf"(-\d+)?{unit}", n.behind)]
                    if not fit and i:  # a second place may print another unit: see conflicts
                        fit = free
                    if fit:
                        used[fit[0]] = Use("target", (name,))
                    elif not self._in_characters(target.value, place):
                        self.not_found.append(f"{name} {value} {indicator.unit} @ {place}")
        return used

    def _in_characters(self, value: float, place: str) -> bool:
        """Whether a value is written out: 五大平台."""
        small = value.is_integer() and value < len(_CHARACTERS)
        return small and f"{_CHARACTERS[int(value)]}大" in self.text[row_place(place)]

    def _by_place(self) -> None:
        for name, indicator in self.plan.indicators.items():
            for target in indicator.targets:
                due = f"{target.year}" + (f"-{target.month:02}" if target.month else "")
                for place in target.places:
                    self._dates[row_place(place)].append((due, name))
                    self._names[row_place(place)].append((indicator.name_zh, name))
        for task in self.plan.tasks.values():
            place = f"{_NUMERALS[task.table]}/{task.row}"
            self._names[place].append((task.name, task.id))
            if task.deadline:
                self._dates[place].append((task.deadline, task.id))
        for work in self.plan.projects.values():
            place = f"{_NUMERALS[work.table]}/{work.row}"
            self._names[place].append((work.name_zh, work.id))
            self._dates[place] += [(date, work.id) for date in (work.start, work.end) if date]

    def _work(self, number: Occurrence) -> Use | None:
        for work in self.plan.projects.values():
            if f"{_NUMERALS[work.table]}/{work.row}" != number.line.place:
                continue
            for unit, factor in _FACTORS.items():
                if number.behind.startswith(unit):
                    amount = round(number.value * factor, 9)
                    if unit == "万元" and amount == work.investment:
                        return Use("money", (work.id,))
                    if unit != "万元" and amount in (work.length_km, work.length_in_area_km):
                        return Use("length", (work.id,))
            if number.text == number.line.text and number.value == work.investment:
                return Use("money", (work.id,))
        return None

    def _date(self, number: Occurrence) -> Use | None:
        behind, dates = number.behind, self._dates[number.line.place]
        if re.fullmatch(r"20\d\d\.\d{1,2}", number.text):
            year, month = number.text.split(".")
            ids = [name for date, name in dates if date == f"{year}-{int(month):02}"]
        elif re.fullmatch(r"20\d\d", number.text) and re.match(r"年|-20\d\d年", behind):
            ids = [name for date, name in dates if date[:4] == number.text]
        elif behind.startswith("月"):
            ids = [name for date, name in dates if date[5:] == f"{number.value:02.0f}"]
        else:
            return None
        return Use("date", tuple(dict.fromkeys(ids))) if ids else None

    def _row(self, number: Occurrence) -> Use | None:
        part, _, item = number.line.place.partition("/")
        if part.startswith("附件") and number.text == number.line.text == item:
            ids = [
                task.id
                for task in self.plan.tasks.values()
                if f"{_NUMERALS[task.table]}/{task.row}" == number.line.place
            ]
            return Use("row", tuple(ids)) if ids else None
        if part == "三" and number.start == 0 and number.behind.startswith("."):
            return Use("row", (number.line.place,))
        return None

    def _name(self, number: Occurrence) -> Use | None:
        phrase = number.text + number.behind[:2]
        for name, owner in self._names[number.line.place]:
            if re.search(rf"(?<![\d.]){re.escape(phrase)}", name):
                return Use("name", (owner,))
        return None

    def _about(self, number: Occurrence) -> Use | None:
        about = self.plan.about
        if number.line.place != "文头":
            return None
        year, month, day = (int(part) for part in (about.issued or "0-0-0").split("-"))
        printed = {f"{year}年{month}月{day}日"}
        printed |= {f"{about.first_year}{dash}{about.last_year}年" for dash in "-—"}
        printed |= set(re.findall(r"〔\d+〕|\d+号", about.number or ""))
        printed |= set(re.findall(r"\d{9,}/\d+-\d+|\d{4}-\d\d-\d\d", about.source or ""))
        return Use("plan", (about.id,)) if any(number.within(p) for p in printed) else None

    def _conflict(self, number: Occurrence) -> Use | None:
        ids = [
            conflict.id
            for conflict in self.plan.conflicts.values()
            if any(number.within(q) for q in _quotes(conflict.readings, number.line.place))
        ]
        return Use("conflict", tuple(ids)) if ids else None


def _quotes(readings: Iterable[str], place: str) -> Iterator[str]:
    """Yield what readings quote from a place; a title stands outside the places."""
    for reading in readings:
        head, _, words = reading.partition(": ")
        if any(_is_at(spot, place) for spot in head.split()):
            yield from re.findall("「(.+?)」", words)


def _is_at(spot: str, place: str) -> bool:
    return row_place(spot) == place or ("/" not in spot and "/" not in place)
