"""The columns of a table of figures: what each holds, and what they say of each other (S22).

What a title means comes from its parts; which figure a growth speaks of, and whether a column is
of another area, only its neighbours say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corridor_model.errors import CellError
from corridor_model.observations.headings import (
    NO_SENSE,
    Area,
    Sense,
    heading_words,
    is_quarter_alone,
    not_own,
    not_understood,
    parts,
    plain,
    sense,
)
from corridor_model.observations.vocabulary import (
    AREA,
    FIGURES,
    HEADINGS,
    IGNORED,
    LAST,
    NAME,
    PARTS_OF_YEAR,
    PASSED,
    PERIOD_IN_HEADING,
    UNKNOWN,
)
from corridor_model.periods import read_period
from corridor_model.tabular.headers import column_of, split_header
from corridor_model.tabular.schema import TABLES


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: what it holds and what its title says of unit and period.

    Attributes
    ----------
    position : int
        Its place in the row.
    role : str
        A column of the schema, or one of the words with ``@``.
    title : str
        As printed, for messages.
    unit : str
        Unit in the title, or empty.
    span : str
        Period in the title, perhaps without a year, or empty.
    follows : str
        Role of the figure that a growth column speaks of.
    sense : Sense
        What the parts of its title mean together.
    row : int
        Place of its lowest title among the grid's rows.
    """

    position: int
    role: str
    title: str
    unit: str = ""
    span: str = ""
    follows: str = ""
    sense: Sense = NO_SENSE
    row: int = 0


# One column by its titles.


def heading_of(position: int, texts: list[str], name: str) -> Heading:
    """Return a column of a table of the schema by its titles, the uppermost first."""
    titles, units = zip(*map(split_header, texts), strict=True)
    unit = next((text for text in reversed(units) if text), "").lstrip("±+-")
    joined = "".join(titles)
    title = "/".join(texts)
    # the lowest row that the schema knows decides; 责任单位 is an office and no unit
    for text in reversed(titles):
        column = column_of(text, (*TABLES[name].names, "year"))
        if column is not None and not (column == "unit" and "责任" in joined):
            return Heading(position, column, title, unit)
    role = _role(joined, HEADINGS[name])
    if role == "@year":
        return Heading(position, role, title, unit, _with_hyphens(joined)[:4])
    span = PERIOD_IN_HEADING.search(_with_hyphens(joined))
    return Heading(position, role, title, unit, span.group() if span else "")


def _role(title: str, words: Sequence[tuple[str, str]]) -> str:
    text = _with_hyphens(title)
    return next((role for role, pattern in words if re.search(pattern, text)), UNKNOWN)


def _with_hyphens(text: str, signs: str = "—–―~至") -> str:
    """Return a text in which every sign between two months is a hyphen."""
    return re.sub(f"(?<![{signs}])[{signs}]++(?=\\d)", "-", text)


@lru_cache(maxsize=4096)
def is_key(text: str) -> bool:
    """Return whether a title says that names of indicators stand below it."""
    if not text or len(text) > 24:
        return False
    title = split_header(plain(text).removesuffix(":"))[0]
    known = heading_words().get(title.lower(), ("", ""))[0]
    return known == "name" or column_of(title, ("indicator",)) is not None


def is_weak_key(text: str) -> bool:
    """Return whether a title may say so, where no other does: 项目, 名称."""
    return bool(text) and split_header(plain(text))[0] in _WEAK_KEYS


YEAR = re.compile(r"\d{4}年?")
_OTHERS = frozenset({"part", "average", "city", "province", "country"})
_WEAK_KEYS = frozenset({"项目", "名称", "项目名称", "内容"})
_COLUMNS = tuple(name for name in (*TABLES["observations"].names, "year") if name != "value")


def figure_heading(
    position: int, path: Sequence[str], row: int, is_head: Callable[[str], bool], area: Area
) -> Heading:
    """Return a column of figures by its titles, the uppermost first."""
    title = "/".join(path)
    for text in reversed(path):
        name = split_header(text)[0]
        if part := PARTS_OF_YEAR.get(name.lower()):
            return Heading(position, "period", title, span=part, row=row)
        column = "indicator" if is_head(text) else column_of(name, _COLUMNS)
        if column is not None and column != "indicator":
            return Heading(position, column, title, row=row)
        if column == "indicator" and text is path[-1]:
            return Heading(position, column, title, row=row)
    meaning = sense([area.heading(text) for text in path if not is_head(text)], title)
    unit = next(iter(meaning.units), "")
    roles = {
        "figure": _role_of(meaning),
        "growth": "@growth",
        "completion": "@completion",
        "target": "@plan",
        "note": "@note",
        "schedule": IGNORED,
        "office": IGNORED,
        "number": IGNORED,
        "last": LAST,
        "area": AREA,
        "skip": PASSED,
    }
    role = roles.get(meaning.kind, PASSED)
    if role == PASSED and meaning.why is None:
        if re.search(r"(?:单位\*?|人|部门)$", plain(title)):
            role = IGNORED
        else:
            meaning = replace(meaning, why=not_understood(title, title))
    elif role == PASSED and re.fullmatch(r".*(?:单位\*?|[^万千]人|部门)", plain(path[-1])):
        role = IGNORED
    return Heading(position, role, title, unit, meaning.span, sense=meaning, row=row)


def _role_of(meaning: Sense) -> str:
    """Return the role of a column of figures by its basis and period, empty where it has none."""
    match meaning.basis:
        case "month":
            return "@month"
        case "ytd" | "year_to_date" | "since_plan" | "ytd_end":
            return "@ytd"
        case "end":
            return "@end"
    if not meaning.span:
        return "value"
    if is_quarter_alone(meaning.span):
        return "@month"
    if re.match(r"\d{4}", meaning.span):
        return "@period"
    return "@month" if re.fullmatch(r"\d{1,2}月份?", meaning.span) else "@ytd"


# What the columns of one table say of each other.


def in_context(headings: Sequence[Heading], area: Area) -> list[Heading]:
    """Return columns with the figure that each growth speaks of, other areas passed over."""
    ranges = {_moment(h.span) for h in headings if h.role == "@ytd" or "-" in h.span}
    scopes = {h.sense.scope for h in headings if h.role in FIGURES}
    named = [h for h in headings if h.role == "indicator"]
    key = next((h for h in named if not re.search("编号|代码|indicator_id", h.title)), None)
    if key is not None:
        # one title merged over two columns: groups, and the names within them
        others = {h: NAME if h.title == key.title else IGNORED for h in named if h is not key}
        headings = [replace(h, role=others[h]) if h in others else h for h in headings]
    settled: list[Heading] = []
    run: list[Heading] = []
    is_closed = False
    other: Heading | None = None
    for title in headings:
        heading = _own_area(title, area.level, scopes)
        # 2021年9月 beside 2021年1—9月 is the month by itself
        is_month = heading.role == "@period" and re.search(r"\d月", heading.span)
        if is_month and "-" not in heading.span and _moment(heading.span) in ranges:
            heading = replace(heading, role="@month")
        if heading.role == PASSED and _is_of_other(heading):
            other = heading
        elif heading.role == "@growth" and other is not None and not heading.sense.scope:
            # 全市 | 同比, 其中：民营 | 同比: of what stands left of it
            heading = replace(heading, role=PASSED, sense=other.sense)
        elif heading.role in {*FIGURES} - {"@growth"}:
            other = None
        if heading.role == "@growth":
            heading = _following(heading, run)
            is_closed = True
        elif heading.role in FIGURES:
            run = [heading] if is_closed else [*run, heading]
            is_closed = False
        settled.append(heading)
    return _without_differences(settled)


def _without_differences(headings: Sequence[Heading]) -> list[Heading]:
    """Return columns with 同比增减 beside 同比增减% as the difference that it is there."""
    growths = [h for h in headings if h.role == "@growth"]
    marks = {(h.follows, h.span) for h in growths if "%" in h.sense.units}
    settled = []
    for heading in headings:
        is_bare = heading in growths and not heading.sense.units and heading.sense.sign
        if is_bare and (heading.follows, heading.span) in marks:
            why = not_own(heading.title, heading.title, "difference")
            meant = replace(heading.sense, why=why, meaning="difference")
            settled.append(replace(heading, role=PASSED, sense=meant))
        else:
            settled.append(heading)
    return settled


def _is_of_other(heading: Heading) -> bool:
    """Return whether a column that is passed over is of another area, or of a part."""
    if heading.sense.meaning == "other_row":
        return True
    pieces = parts(heading.title)
    scopes = {part.meaning for part in pieces if part.kind == "scope" and part.text != "平均"}
    return bool(scopes & _OTHERS) and not {"role", "comparison"} & {part.kind for part in pieces}


def _own_area(heading: Heading, level: str, scopes: set[str]) -> Heading:
    """Return a column, passed over where it is of another area than the plan's."""
    scope = heading.sense.scope
    is_wider = scope == "city" and (level == "district" or "district" in scopes)
    if heading.role not in FIGURES or not (is_wider or (scope == "district" and level == "city")):
        return heading
    meaning = "city" if is_wider else "part"
    part = next((p.text for p in parts(heading.title) if p.kind == "scope"), heading.title)
    why = not_own(heading.title, part, meaning)
    return replace(heading, role=PASSED, sense=replace(heading.sense, why=why, meaning=meaning))


def _moment(span: str) -> tuple[int, int]:
    """Return year and last month of a period in a heading, as far as it says them."""
    years = re.match(r"\d{4}", span)
    try:
        period = read_period(span, None if years else 2000)
    except CellError:
        return 0, 0
    return (period.year if years else 0, period.month) if period else (0, 0)


def _following(growth: Heading, run: Sequence[Heading]) -> Heading:
    """Return a column of growth with the figure that it speaks of (S22).

    What its own title says of basis and period comes first; otherwise it speaks of the latest
    period among the figures to its left, of two alike of the nearer.
    """
    own = _role_of(growth.sense)
    if own == "@period" and YEAR.fullmatch(growth.span):
        # a year that stands over both: the months are those of its figure
        same_year = [h for h in run if h.span[:4] == growth.span[:4]]
        if same_year:
            return _following(
                replace(growth, span="", sense=replace(growth.sense, span="")), same_year
            )
    if own != "value":
        alike = [h for h in run if h.role == own]
        span = growth.span or (alike[-1].span if alike else "")
        years = [h.span[:4] for h in run if re.match(r"\d{4}", h.span)]
        if span and years and not re.match(r"\d{4}", span):
            span = f"{max(years)}年{span}"
        return replace(growth, follows=own, span=span)
    if not run:
        return replace(growth, follows="value")
    nearest = run[-1]
    latest = max(_moment(h.span) for h in run)
    best = [h for h in run if _moment(h.span) == latest]
    same = [h for h in best if ("-" in h.span) == ("-" in nearest.span)]
    figure = (same or best)[-1]
    return replace(growth, follows=figure.role, span=figure.span)
