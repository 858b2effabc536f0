"""Headings and labels of offices taken apart: every character belongs to a part (S22).

A heading such as 1—9月累计同比增长（%） is cut into words that ``data/heading_words.csv`` knows,
periods and units; what is left over is unknown, and a column whose heading has an unknown part is
passed over with that part named. A heading that is stacked over several rows is a path of texts,
the uppermost first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corridor_model.errors import CellError
from corridor_model.files import data_dir
from corridor_model.formatting import excerpt
from corridor_model.messages import N_, Message
from corridor_model.observations.vocabulary import LONGEST_WORD
from corridor_model.tabular.cells import narrow
from corridor_model.units import scale


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a heading: its kind, what it means, and how it stands there.

    ``kind`` is one of period, years, since, basis, measure, comparison, direction, unit, scope,
    price, stage, role, decoration, filler and unknown.
    """

    kind: str
    meaning: str
    text: str


@lru_cache(maxsize=1)
def heading_words() -> dict[str, tuple[str, str]]:
    """Return kind and meaning of every word of headings, from ``data/heading_words.csv``.

    An office's own word is one line of that file: language, kind, meaning, word.
    """
    return {word: row for word, row in _rows().items() if row[0] != "alias"}


@lru_cache(maxsize=1)
def name_aliases() -> tuple[tuple[str, str], ...]:
    """Return words within indicators' names and the usual ones for them, the longest first."""
    aliases = ((word, usual) for word, (part, usual) in _rows().items() if part == "alias")
    return tuple(sorted(aliases, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[str, str]]:
    with (data_dir() / "heading_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"].lower(): (row["part"], row["meaning"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _longest() -> dict[str, tuple[int, ...]]:
    """Return by first letter how long the words are that begin with it, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in heading_words():
        lengths.setdefault(word[0], set()).add(len(word))
    return {letter: tuple(sorted(many, reverse=True)) for letter, many in lengths.items()}


_MONTHS_IN_WORDS = re.compile(
    r"(?<![一二三四五六七八九十第])(十[一二]?|[一二三四五六七八九])(月|(?=[至到-](?:十[一二]?|[一二三四五六七八九])月))"
)
NOTE_MARK = re.compile("[①-\u2473¹²³⁴-⁹]+")
"""Marks of notes: read as digits they would change what they stand beside."""
_TENS = "一二三四五六七八九十"


def _numeral(word: str) -> int:
    """Return the number of a month in words, 十二 as 12."""
    return sum(_TENS.index(letter) + 1 for letter in word)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a heading in narrow characters, without blanks, its dashes hyphens.

    Examples
    --------
    >>> plain("1 — 9 月　累 计（％）")
    '1-9月累计(%)'
    """
    text = NOTE_MARK.sub("", text)
    word = "".join(narrow(text).replace("\ufeff", "").replace("\u200b", "").split())
    word = re.sub("[【〔〖〈]", "(", re.sub("[】〕〗〉]", ")", word))
    word = _MONTHS_IN_WORDS.sub(lambda month: f"{_numeral(month[1])}{month[2]}", word)
    if "YR" in word.upper() and (year := _WORLD_BANK.fullmatch(word)):
        return year[1] or year[2]
    return re.sub(r"(?<=[\d月])[—–―‐−~至到-]+(?=\d)", "-", word).replace("—", "-")


# Periods and units.

_WORLD_BANK = re.compile(r"YR(\d{4})|(\d{4})\[YR\2\]", re.IGNORECASE)
"""Years as the World Bank heads them: ``2020 [YR2020]`` and ``YR2020``."""

_SPANS = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        r"\d{4}-\d{2}-\d{2}(?:T?00:00:00)?",
        r"(?:\d{4}年?[-/.]?)?\d{1,2}月?-\d{1,2}月份?",
        r"\d{4}年?[-/.]?前?[一二三四1-4]个?季度?(?![度\d])",
        r"(?:\d{4}年?度?)?(?:前[一二三123]个?季度|第?[一二三四1-4]季度?|[上下]半年|全年)",
        r"(?:\d{4}年?)?[Qq][1-4]",
        r"(?:\d{4}年?)?前\d{1,2}个?月份?",
        r"(?:\d{4}年?)?[一1][-至][二三23]季度",
        r"\d{4}[Hh][12]",
        r"\d{4}年\d{1,2}月份?(?:\d{1,2}日)?",
        r"\d{4}[-/.]\d{1,2}(?!\d)",
        r"(?:19|20|21)\d{2}(?:0[1-9]|1[0-2])(?!\d)",
        r"\d{1,2}月份?",
        r"(?:19|20|21)\d{2}年?度?(?!\d)",
    )
)
_YEARS = re.compile(r"(?:19|20|21)\d{2}年?度?-(?:19|20|21)?\d{2}年度?")
_AGAINST = re.compile(
    r"[比较与同](?P<year>\d{4})年?(?P<rest>\d{1,2}月?-\d{1,2}月|\d{1,2}月|前?第?[一二三四]个?季度|[上下]半年"
    r"|全年)?(?:同期|同月|同季|度)?(?:相比|比)?"
)
_SINCE = re.compile(
    r"[自从由]?(?:(?P<year>(?:19|20|21)\d{2})年?)?(?:(?P<month>\d{1,2})月份?(?:1日)?|年?初)?"
    r"(?<=[\d年月初份日])(?:以来|起至今|开始|起|-?至今|-?至本[月期])"
)
"""自2020年以来 and 2021年1月起 say where a count begins; the year is not that of the figure."""
_QUARTERS = {"4-6": "第二季度", "7-9": "第三季度", "10-12": "第四季度"}
"""Months of a quarter by itself."""

_BREAKS = frozenset("()[]、,，;；:：/ ")


def _span_at(text: str, start: int) -> str:
    """Return the longest period that begins at a place, or nothing."""
    if not (text[start].isdigit() or text[start] in "前第一二三四上下全Qq"):
        return ""
    matches = (pattern.match(text, start) for pattern in _SPANS)
    return max((match.group() for match in matches if match), key=len, default="")


def _unit_at(text: str, start: int) -> str:
    """Return the unit that begins at a place and ends where a word does, or nothing."""
    free = start == 0 or text[start - 1] in _BREAKS
    longest = 24 if text[start].isascii() else 12  # 10,000 yuan
    for end in range(min(len(text), start + longest), start, -1):
        word = text[start:end]
        ends = end == len(text) or text[end] in _BREAKS
        if word in {"%", "‰"} and ends:
            return word
        known = scale(word) if ends or word in {"百分点", "个百分点"} else None
        if known is None or known.dimension == "rank":  # 位次 says what it is, no unit
            continue
        if free or len(word) > 1:
            return word
    return ""


@lru_cache(maxsize=8192)
def span_text(text: str) -> str:
    """Return a period as :func:`corridor_model.periods.read_period` reads it.

    Examples
    --------
    >>> span_text("2021年1月-9月"), span_text("7-9月"), span_text("2021年度")
    ('2021年1-9月', '第三季度', '2021年')
    """
    word = re.sub(r"月(?=-)", "", text).removesuffix("份").replace("年度", "年")
    word = re.sub(r"前(\d{1,2})个?月$", r"1-\1月", word)
    word = re.sub(r"[一1][-至][三3]季度$", "前三季度", word)
    word = re.sub(r"[一1][-至][二2]季度$", "上半年", word)
    months = re.search(r"(\d{1,2}-\d{1,2})月$", word)
    if months and (quarter := _QUARTERS.get(months[1])):
        return word[: months.start()] + quarter
    return re.sub(r"T?00:00:00$", "", word)


@lru_cache(maxsize=8192)
def is_quarter_alone(text: str) -> bool:
    """Return whether a period is a quarter by itself, not the months since January (S23).

    Examples
    --------
    >>> [is_quarter_alone(t) for t in ("2021年第三季度", "前三季度", "2021Q3", "一季度")]
    [True, False, False, False]
    """
    word = span_text(plain(text))
    return bool(re.search(r"(?<!前)第?[二三四]季|第[234]季|(?<![前\d])[234]季", word))


@lru_cache(maxsize=8192)
def parts(text: str) -> tuple[Part, ...]:
    """Return the pieces of a heading, which together are the whole of it.

    Examples
    --------
    >>> [(p.kind, p.meaning) for p in parts("1—9月累计同比（%）") if p.kind != "filler"]
    [('period', '1-9月'), ('basis', 'ytd'), ('comparison', 'year_before'), ('unit', '%')]
    """
    if len(text) > LONGEST_WORD:
        return (Part("unknown", "", excerpt(text)),)
    word = plain(text)
    low, words, longest = word.lower(), heading_words(), _longest()
    pieces: list[Part] = []
    place, unknown = 0, ""
    while place < len(word):
        best = _piece(word, low, place, words, longest)
        if best is None:
            unknown += word[place]
            place += 1
            continue
        if unknown:
            pieces.append(Part("unknown", "", unknown))
            unknown = ""
        pieces.append(best)
        place += len(best.text)
    if unknown:
        pieces.append(Part("unknown", "", unknown))
    return tuple(pieces)


def _piece(
    word: str,
    low: str,
    place: int,
    words: dict[str, tuple[str, str]],
    longest: dict[str, tuple[int, ...]],
) -> Part | None:
    """Return the longest piece at a place, or None."""
    best: Part | None = None
    if years := _YEARS.match(word, place):
        return Part("years", years.group(), years.group())
    if (since := _SINCE.match(word, place)) and (since["year"] or since["month"]):
        begin = since["year"] or ""
        late = "" if since["month"] in {None, "1", "01"} else f"-{since['month']}"
        return Part("since", begin + late, since.group())
    if against := _AGAINST.match(word, place):
        return Part("comparison", f"year:{against['year']}", against.group())
    for length in longest.get(low[place], ()):
        known = words.get(low[place : place + length])
        ends = place + length <= len(low) and _may_end(low, place, length, known)
        if known is not None and ends:
            best = Part(known[0], known[1], word[place : place + length])
            break
    span = _span_at(word, place)
    if span and (best is None or len(span) >= len(best.text)):
        best = Part("period", span_text(span), span)
    unit = _unit_at(word, place)
    if unit and (best is None or len(unit) >= len(best.text)):
        best = Part("unit", unit, unit)
    return best


def _may_end(word: str, place: int, length: int, known: tuple[str, str] | None) -> bool:
    """Return whether a word may stand here: 增 stands in 同比增（%）, but not in 增值."""
    if length > 1 or known is None or known[0] != "direction":
        return True
    behind = word[place + 1 : place + 2]
    return not behind or behind in _BREAKS or behind in "%‰±增减降幅率+-0123456789"


# What a heading or label means.


@dataclass(frozen=True, slots=True)
class Sense:
    """What the parts of a heading, or of a label beside a name, mean together.

    Attributes
    ----------
    kind : str
        ``figure``, ``growth``, ``completion``, ``target``, ``schedule``, ``office``, ``note``,
        ``number``, ``skip``, or empty where nothing is said.
    basis : str
        ``month``, ``ytd``, ``year_to_date``, ``since_plan``, ``end``, ``ytd_end`` or empty.
    span : str
        Period, perhaps without a year, or empty.
    units : tuple of str
        Units, the lowest row's.
    sign : str
        ``-`` where a fall is printed without a sign, ``±`` where the sign is printed, or empty.
    since : str
        Year in which a count begins, 2020; with a later month than January 2020-07; or empty.
    against : int
        Year that a growth is compared with, 0 where it is the year before.
    scope, price, stage : str
        As in ``data/heading_words.csv``, or empty.
    why : CellError or None
        Why it is passed over.
    meaning : str
        Which of `MEANINGS` it is instead; empty where a part is not understood.
    """

    kind: str = ""
    basis: str = ""
    span: str = ""
    units: tuple[str, ...] = ()
    sign: str = ""
    against: int = 0
    since: str = ""
    scope: str = ""
    price: str = ""
    stage: str = ""
    why: CellError | None = None
    meaning: str = ""


NO_SENSE = Sense()

MEANINGS = {
    "rank": N_("a rank"),
    "contribution": N_("a contribution to another figure"),
    "share": N_("a part of another figure"),
    "score": N_("a score"),
    "index": N_("an index or a multiple"),
    "forecast": N_("an expectation"),
    "earlier": N_("a figure of an earlier period"),
    "target": N_("a target or plan"),
    "schedule": N_("a schedule"),
    "completion": N_("a completion"),
    "period_before": N_("a comparison with the period before"),
    "year_start": N_("a comparison with the start of the year"),
    "average": N_("an average over years"),
    "other_area": N_("a comparison with another area"),
    "other_row": N_("of another area"),
    "province": N_("of another area"),
    "country": N_("of another area"),
    "city": N_("of another area"),
    "part": N_("of a part only"),
    "difference": N_("a difference and no growth rate"),
    "year": N_("a comparison with another year than the one before"),
    "gap": N_("a gap"),
    "years": N_("of several years"),
    "since": N_("a count from another moment"),
    "constant": N_("at constant prices"),
}
"""What keeps a figure from being the indicator's own, by the meaning of the part that says so."""

_ORDER = ("rank", "contribution", "score", "index", "schedule", "completion", "forecast", "earlier",
          "target", "share")  # fmt: skip


_OTHER_COMPARISONS = ("period_before", "year_start", "average", "other_area", "target", "gap")
_AREAS = {"part": "part", "average": "other_area", "country": "country", "province": "province"}


def not_own(title: str, part: str, meaning: str) -> CellError:
    """Return why what stands under a heading is not the indicator's own figure."""
    return CellError(
        N_("{title!r} says {part!r}: {meaning}, not the indicator's own figure."),
        title=title,
        part=part,
        meaning=Message(MEANINGS[meaning]),
    )


_AREA_WORD = "[\u3400-\u9fff]{2,8}(?:省|市|区|县|州|镇|乡|街道|走廊)"
_AREA = "((?:[\u3400-\u9fff]{2,6}?[省市区县州])+)"
_OF_AREA = re.compile(rf"{_AREA}的?(?=.)|[(]{_AREA}[)]")
_COUNT = r"[一二三四五六七八九十\d]{1,3}"
_NUMBERED = re.compile(rf"^(?:{_COUNT}[、.]|[(]{_COUNT}[)])")
_LEVELS = {"市": "city", "区": "district", "县": "district"}


@dataclass(frozen=True, slots=True)
class Area:
    """The area that a plan is of, and how others are told from it.

    Attributes
    ----------
    level : str
        ``city``, ``district``, or empty where its name does not say.
    names : str
        Names of the plan in narrow lower-case characters.

    Examples
    --------
    >>> area = Area.of_names(["红河市青山区三年行动计划"])
    >>> area.level, [area.is_own(name) for name in ("青山区", "青山", "红河市", "白水区")]
    ('district', [True, True, False, False])
    """

    level: str = ""
    names: str = ""

    @classmethod
    def of_names(cls, names: Sequence[str]) -> Area:
        """Return the area that the names of a plan say, the Chinese one first."""
        words = re.findall("[市区县]", re.split("计划|规划|方案|纲要", (*names, "")[0])[0])
        return cls(_LEVELS.get((words or [""])[-1], ""), plain(" ".join(names)).lower())

    def is_own(self, text: str) -> bool:
        """Return whether a text names it; 温州市 of 温州市龙湾区 is another."""
        word = plain(text).lower()
        if not word or (word.isascii() and len(word) > 1):
            return bool(word) and word in self.names
        word = re.split("(?<=[省市州])(?=.)", word)[-1]  # 红河市青山区
        if self.level and _LEVELS.get(word[-1], self.level) != self.level:
            return False
        stem = word[:-1] if word[-1] in _LEVELS else word
        own = [word] if stem != word else [stem + end for end in _LEVELS]
        return len(stem) > 1 and any(name in self.names for name in (*own, f"({stem})"))

    def heading(self, text: str) -> str:
        """Return a title in which the area's own name is a word for it: 青山区累计."""
        unknown = (part.text for part in parts(text) if part.kind == "unknown")
        own = next(filter(self.is_own, unknown), "")
        return plain(text).replace(own, "本地", 1) if own else text

    def of_label(self, text: str) -> tuple[str, str]:
        """Return the area of a name and the name: 青山区生产总值, 生产总值(青山区)."""
        word = plain(text)
        first = _OF_AREA.match(word) or _OF_AREA.search(word, max(word.find("("), 0))
        if first is None:
            return "", text
        return first[1] or first[2], word[: first.start()] + word[first.end() :]

    def section(self, text: str, before: str) -> str:
        """Return the other area of which the rows below a title are; ``before`` for no area."""
        word = _NUMBERED.sub("", plain(text))
        scopes = {part.meaning for part in parts(word) if part.kind == "scope"}
        if self.is_own(word) or scopes & {"own", self.level}:
            return ""
        is_other = re.fullmatch(_AREA_WORD, word) or scopes & {"city", "province", "country"}
        is_alone = all(part.kind in {"scope", "unknown", "filler"} for part in parts(word))
        return word if is_other and is_alone else before

    def other_above(self, texts: Sequence[str]) -> str:
        """Return the other area that titles above a table name, or nothing.

        Examples
        --------
        >>> area = Area("district", "青山区计划")
        >>> area.other_above(["全市2021年1—9月"]), area.other_above(["青山区2021年1—9月"])
        ('全市', '')
        """
        wider = {"district": {"city"}, "city": {"district"}}.get(self.level, set())
        for text in map(plain, texts):
            dated = re.match(r"(.{1,8}?)(?:19|20)\d{2}年", text)
            scopes = [part for part in parts(dated[1]) if part.kind == "scope"] if dated else []
            if any(part.meaning in {"province", "country", *wider} for part in scopes):
                return scopes[0].text
            named = re.fullmatch("[\u3400-\u9fff]{2,5}[市区县]", dated[1]) if dated else None
            if named and not scopes and not self.is_own(named.group()):
                return named.group()
        return ""


NO_AREA = Area()


def not_understood(title: str, part: str) -> CellError:
    """Return that a part of a heading means nothing here."""
    return CellError(
        N_("{part!r} in {title!r} is not understood."),
        N_("Rename it, or add the word to data/heading_words.csv."),
        title=title,
        part=part,
    )


def sense(path: Sequence[str], title: str = "") -> Sense:
    """Return what a heading means, its rows from the uppermost to the lowest.

    Parameters
    ----------
    path : sequence of str
        Texts of its rows.
    title : str
        As it is named in messages; the texts joined by default.

    Examples
    --------
    >>> sense(["1—9月", "同比下降（%）"]).kind, sense(["同比下降（%）"]).sign
    ('growth', '-')
    >>> str(sense(["环比（%）"]).why)
    "'环比（%）' says '环比': a comparison with the period before, not the indicator's own figure."
    """
    return _sense(tuple(path), title or "/".join(path))


@lru_cache(maxsize=8192)
def _sense(path: tuple[str, ...], title: str) -> Sense:
    levels = [[part for part in parts(text) if part.kind != "filler"] for text in path or ("",)]
    every = [part for level in levels for part in level]
    by_kind: dict[str, list[Part]] = {}
    for part in every:
        by_kind.setdefault(part.kind, []).append(part)
    units = next((u for level in reversed(levels) if (u := _meanings(level, "unit"))), ())
    basis = _basis(levels) or (
        "end" if re.search(r"[月季度年][末底]", plain("".join(path[-1:]))) else ""
    )
    since = next((part.meaning for part in by_kind.get("since", ())), "")
    if "since" in by_kind:
        basis = "since_plan" if since else "year_to_date"  # 1月以来
    whole = Sense(span=_span(levels), units=units, basis=basis, since=since)
    if unknown := by_kind.get("unknown"):
        if others := [p.text for p in unknown if re.fullmatch(_AREA_WORD, p.text)]:
            why = not_own(title, others[0], "other_row")
            return replace(whole, kind="skip", why=why, meaning="other_row")
        return replace(whole, kind="skip", why=not_understood(title, unknown[0].text))
    if earlier := next(filter(None, map(_same_months, levels)), ""):
        why = not_own(title, earlier, "earlier")
        return replace(whole, kind="skip", why=why, meaning="earlier")
    for level in levels:
        ends = [part.text for part in level if part.kind == "period"]
        if len({text[:4] for text in ends if re.match(r"\d{4}", text)}) > 1:
            why = not_own(title, ends[0], "years")  # 2020年为2019年%
            return replace(whole, kind="skip", why=why, meaning="years")
    return _kind(by_kind, whole, title)


def _same_months(level: Sequence[Part]) -> str:
    """Return 2020年同期 of a heading, which are the same months of that year and not its whole."""
    for part, behind in pairwise(level):
        if re.fullmatch(r"\d{4}年?", part.text) and behind.text.startswith("同期"):
            return part.text + behind.text
    return ""


def _meanings(level: Sequence[Part], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.meaning for part in level if part.kind == kind))


def _span(levels: Sequence[Sequence[Part]]) -> str:
    """Return the period of a path: the lowest, its year perhaps from above, or its months."""
    span = ""
    for level in levels:
        for below in _meanings(level, "period"):
            has_year, had_year = bool(re.match(r"\d{4}", below)), bool(re.match(r"\d{4}", span))
            is_year = bool(re.fullmatch(r"\d{4}年?", below))
            if span and had_year and not has_year:
                span = f"{span[:4]}年{below}"
            elif span and is_year and not had_year:
                span = f"{below[:4]}年{span}"
            else:
                span = below
    return span


def _basis(levels: Sequence[Sequence[Part]]) -> str:
    """Return the basis of a path: the lowest that one says; 累计 beside 期末 is either."""
    for level in reversed(levels):
        bases = _meanings(level, "basis")
        if "end" in bases and {"ytd", "year_to_date"} & {*bases}:
            return "ytd_end"
        if bases:
            order = ("since_plan", "year_to_date", "month", "ytd", "end")
            return next(word for word in order if word in bases)
    return ""


def _kind(by_kind: dict[str, list[Part]], whole: Sense, title: str) -> Sense:
    """Return what the parts mean together; `by_kind` holds no unknown one."""

    def of(kind: str) -> dict[str, str]:
        return {part.meaning: part.text for part in by_kind.get(kind, ())}

    def passed(text: str, meaning: str) -> Sense:
        return replace(whole, kind="skip", why=not_own(title, text, meaning), meaning=meaning)

    roles, compared, scopes, prices = of("role"), of("comparison"), of("scope"), of("price")
    measures, falls = of("measure"), [p.meaning for p in by_kind.get("direction", ())]
    decoration = next(iter(of("decoration")), "")
    if decoration and not (roles or compared or measures or by_kind.get("basis")):
        return replace(whole, kind=decoration)
    grows = bool(compared or "growth" in measures or falls)
    for role in _ORDER:
        if role not in roles:
            continue
        if role in {"schedule", "completion"} and not scopes:
            return replace(whole, kind=role)
        # 目标 beside 完成 or 同比 is no target of the indicator either
        if role == "target" and not (grows or measures or scopes):
            return replace(whole, kind=role)
        return passed(roles[role], role)
    denied = {**{k: compared[k] for k in _OTHER_COMPARISONS if k in compared},
              **{_AREAS[k]: scopes[k] for k in _AREAS if k in scopes}}  # fmt: skip
    if years := by_kind.get("years"):
        denied["years"] = years[0].text
    if "difference" in measures:
        denied["difference"] = measures["difference"]
    for meaning, text in denied.items():
        return passed(text, meaning)
    stage, scope = next(iter(of("stage")), ""), next(iter(scopes), "")
    whole = replace(whole, stage=stage, scope=scope, price=next(iter(prices), ""))
    if grows:
        return _growth(by_kind, whole, title, falls, measures)
    if measures or whole.basis or whole.span or prices or stage or scope:
        return replace(whole, kind="figure")
    return whole


def _growth(
    by_kind: dict[str, list[Part]],
    whole: Sense,
    title: str,
    falls: list[str],
    measures: dict[str, str],
) -> Sense:
    last = by_kind["direction"][-1].text if falls else title
    rates = [unit for unit in whole.units if unit in {"%", "‰"}]
    # 增速回落 and 降幅收窄 are changes of a rate; 增长（亿元） and （百分点） are no rates
    turned = falls.count("down") > 1 or ("growth" in measures and {"down", "up"} & {*falls})
    if turned or (whole.units and not rates):
        why = not_own(title, last if turned else whole.units[0], "difference")
        return replace(whole, kind="skip", why=why, meaning="difference")
    years = [p.meaning for p in by_kind.get("comparison", ()) if p.meaning.startswith("year:")]
    both = "either" in falls or {"up", "down"} <= {*falls}
    sign = "±" if both else "-" if "down" in falls else ""
    against = int(years[0][5:]) if years else 0
    return replace(whole, kind="growth", sign=sign, against=against)
