"""One figure: what its cell, its row's label and its column's heading say together (S22).

A cell may hold more than a number: a unit, a note in brackets, a word or mark for a fall. A
number stays a number whatever stands beside it, and what stands beside it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corridor_model import units
from corridor_model.errors import CellError
from corridor_model.formatting import excerpt
from corridor_model.messages import N_, Name
from corridor_model.observations import vocabulary
from corridor_model.observations.bulletins import Bulletin
from corridor_model.observations.columns import Heading
from corridor_model.observations.headings import NO_SENSE, Sense, not_own, parts, sense
from corridor_model.observations.semantics import adds_up, is_flow
from corridor_model.plan.records import Indicator
from corridor_model.tabular.cells import OTHER_SIDE, bound_of, narrow
from corridor_model.tabular.parse import two_bounds

# A cell.


class NotTakenError(Exception):
    """A figure that is no figure of the indicator, and why."""

    def __init__(self, why: CellError):
        self.why = why
        super().__init__(why)


# possessive: a long run of digits is tried once
_NUMBER = r"[+-]?+(?:\d++(?:,\d++)*+\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?+"
_BARE, _SMALL = re.compile(r"-?[0-9]++(?:\.[0-9]++)?+"), re.compile(r"-?[0-9]{1,3}(?:\.[0-9]++)?+")
_SHORT = 40
"""Characters of a plain number; of up to three digits before the point it is no date."""
_WITH_NOTE = re.compile(
    rf"(?P<figure>[^()\d]{{0,12}}?{_NUMBER}[^()\d,;、]{{0,12}}?)"
    r"(?:\((?P<bracket>[^()]*+(?:\([^()]*+\)[^()]*+)*+)\)|(?P<mark>[*#]+)|[,;、。]\s*(?P<tail>\D.*))",
    re.DOTALL,
)
_WITH_WORDS = re.compile(rf"(?P<figure>{_NUMBER})\s++(?P<tail>[^\d\s].*)", re.DOTALL)
_APART = re.compile(rf"({_NUMBER})\s++([^\d\s(),;、][^\d(),;、]*+)(.*)", re.DOTALL)
"""370 万元: a number and what may be its unit, with a blank between."""
_FOOTNOTED = re.compile(
    r"(?P<figure>.*?\d[^\d\s\[]{0,8}?)\s*+(?P<mark>[①-\u2473]++|\[[\d注]\d?\]|\(?注\d?\)?)", re.S
)
"""580①, 580亿元[1], 580注1: the mark of a footnote behind a figure."""
_IN_BRACKETS = re.compile(rf"\((?P<figure>{_NUMBER}\s*+(?:%|‰)?)\)(?P<rest>%?)")
_FALL_MARKS, _RISE_MARKS, _OPEN_MARKS = "▼▽△↓", "↑", "▲"
_WIDE_MINUS = re.compile(r"^\s*[－−‐–\ufe63]\s*\d")
_COUNTED_CHANGE = re.compile(
    r"(?:同比|比上年(?:同期)?)?(?:增长|增加|上升|提高|提升|下降|减少|降低|回落|净增)\s*[\d.,]+\s*"
    r"(?P<unit>(?!个?百分点)[^\d\s%‰.,]{1,8})"
)
"""减少3家: a change in the figure's own unit, and no rate."""
_ABOUT = re.compile(
    r"(?:大约|约[为有]?|大概|大致|[~≈])\s*+(?P<rest>[-+.\d].*)"
    rf"|(?P<number>{_NUMBER}\s*+[^\d\s()]{{0,8}}?)(?:左右|上下)(?:[(].*[)])?",
    re.DOTALL,
)
"""约370, 370亿元左右: about how much, and no figure."""
_UNCHANGED = frozenset({"持平", "与上年持平", "同比持平", "零增长", "与去年持平", "与上年同期持平"})


@dataclass(frozen=True, slots=True)
class FigureText:
    """The text of a cell in its parts.

    Attributes
    ----------
    number : str
        Number and unit: ``512.3``, ``580亿元``.
    note : str
        What stands behind it: 年报数.
    sign : str
        ``-`` where a mark or a word says that it falls, ``+`` where one says that it rises.
    mark : str
        The mark, or the word 下降; empty where the number is plain.
    unit : str
        ``%`` or ``个百分点`` behind a number that follows a word.
    aside : str
        ``-`` or ``+`` where the note says no more than that it falls or rises: 3.1%（下降）.
    bound : str
        On which side of the number the figure lies, where only a bound is printed: ≥62.
    """

    number: str
    note: str = ""
    sign: str = ""
    mark: str = ""
    unit: str = ""
    aside: str = ""
    bound: str = ""


def _word(text: str) -> str:
    """Return a figure in narrow characters; what is too long for one is not looked into."""
    if len(text) > vocabulary.LONGEST_WORD:
        raise CellError(
            N_("{text!r} is longer than a figure."),
            N_("Write the number alone; remarks have a column of their own."),
            text=excerpt(text),
        )
    return narrow(text).strip()


def figure_text(text: str) -> FigureText:
    """Return the parts of a cell that holds a figure.

    Raises
    ------
    CellError
        For a mark that some use for a rise and others for a fall.
    NotTakenError
        For a change that is no rate, 减少3家.

    Examples
    --------
    >>> figure_text("512.3（年报数）").note, figure_text("▼5.1").sign, figure_text("下降2.7%").mark
    ('年报数', '-', '下降')
    """
    if len(text) < _SHORT and _BARE.fullmatch(text):
        return FigureText(text)  # most cells: looked into, it would come out the same
    if _ABOUT.fullmatch(_word(text)):
        raise _about(text)
    bound, rest = bound_of(text)
    if marked := _FOOTNOTED.fullmatch(rest):
        parts = figure_text(marked["figure"].strip())
        note = " ".join(filter(None, (parts.note, marked["mark"])))
        return replace(parts, bound=bound or parts.bound, note=note)
    figure = replace(_figure_text(_joined(rest)), bound=bound)
    if figure.note in _ROUGHLY:
        raise _about(text)
    return figure


_ROUGHLY = frozenset({"约", "约数", "大约", "左右", "概数", "近似值", "估计数", "估计"})
"""Notes that say of a figure what 约 before it does."""


def _about(text: str) -> CellError:
    return CellError(
        N_("{text!r} says about how much, which is no figure."),
        N_("Write the number alone if it may count as one, or ≥ or ≤ before a bound."),
        text=text.strip(),
    )


def _joined(text: str) -> str:
    """Return a figure without the blank before its unit, what stands behind in brackets."""
    apart = _APART.fullmatch(narrow(text).strip())
    for unit in (apart[2], apart[2].split()[0]) if apart else ():
        if units.scale(units.tidy(unit)) is not None and apart is not None:
            behind = (apart[2].removeprefix(unit) + apart[3]).strip()
            note = behind if behind[:1] in {"", "(", ",", ";", "、"} else f"({behind})"
            return f"{apart[1]}{units.tidy(unit)}{note}"
    return text


def _apart(word: str, text: str) -> tuple[str, str]:
    """Return a figure, a unit in brackets behind its number, and the note beside it.

    Raises
    ------
    CellError
        For a second figure: 370（8.1）.
    """
    noted = _WITH_NOTE.fullmatch(word) or _WITH_WORDS.fullmatch(word)
    groups = noted.groupdict() if noted else {}
    remark = next((groups[k] for k in ("bracket", "mark", "tail") if groups.get(k)), "").strip()
    if not remark or noted is None:
        return word, ""
    if "bracket" in groups and units.scale(units.tidy(remark)) is not None:
        return f"{noted['figure']}{remark}", ""  # 512.3（亿元）
    if re.fullmatch(r"[.,%‰+-]*+\d[\d.,%‰+-]*+", remark):
        raise CellError(
            N_("{text!r} holds two figures."),
            N_("Give each a column of its own."),
            text=text.strip(),
        )
    return noted["figure"].strip(), remark


def _figure_text(text: str) -> FigureText:
    """Return the parts of a cell but for the sign of a bound."""
    word = _word(text)
    if word in _UNCHANGED:
        return FigureText("0", word, "+", word, "%")
    if negative := _IN_BRACKETS.fullmatch(word):
        return FigureText(negative["figure"] + negative["rest"], sign="-", mark="()")
    figure, note = _apart(word, text)
    is_whole, word = figure == word and not note, figure
    if counted := _COUNTED_CHANGE.fullmatch(word):
        raise NotTakenError(not_own(text.strip(), counted["unit"], "difference"))
    change = vocabulary.CHANGE.fullmatch(word)
    if change:
        sign = "-" if change["sign"] in vocabulary.FALLS else "+"
        return FigureText(change["value"], note, sign, change["sign"], change["unit"])
    if word and word[-1] in _FALL_MARKS + _RISE_MARKS + _OPEN_MARKS:
        word = word[-1] + word[:-1].strip()  # 5.1↓
    if re.match(r"负\s*\d", word):
        return FigureText(word[1:].strip(), note, "-", "负")
    first = word[:1]
    if first and first in _OPEN_MARKS:
        raise CellError(
            N_("{text!r}: some write {mark} for a rise, others for a fall."),
            N_("Write the number with its sign."),
            text=text.strip(),
            mark=first,
        )
    if first and first in _FALL_MARKS + _RISE_MARKS:
        sign = "-" if first in _FALL_MARKS else "+"
        return FigureText(word[1:].strip(), note, sign, first)
    if _WIDE_MINUS.match(text):
        bare = re.sub(r"^[-−‐–]\s*", "", word)
        return FigureText(bare, note, "-", text.strip()[0])
    return FigureText(text if is_whole else word, note, aside=_aside(note))


def _aside(note: str) -> str:
    """Return the sign that a note is nothing but a word for."""
    directions = {p.meaning for p in parts(note) if p.kind == "direction"} if note else set()
    others = {p.kind for p in parts(note)} - {"direction", "comparison", "filler"}
    if others or len(directions) != 1:
        return ""
    return {"down": "-", "up": "+"}.get(directions.pop(), "")


_NUMERIC = re.compile(
    rf"[▼▽△▲↓↑]?\(?\s*+{_NUMBER}\s*+\)?(?:%|‰|[^\d\s:/\-]{{0,8}})?(?:\(.*\)|\*+|[,;、].*)?",
    re.DOTALL,
)
_WORDED = re.compile(
    r"[^\d]{0,8}(?:增长|增加|上升|提高|下降|减少|降低|回落)\s*[\d.]+\s*(?:%|个?百分点)"
)
_MARKED = re.compile(rf"(?:负\s*+)?{_NUMBER}\s*+%?\s*+[▼▽△▲↓↑]?")
_DATED = re.compile(
    r"(?:19|20)\d{2}(?:年.*|[-/.]\d{1,2}.*)?|\d+月.*|\d+-\d+月?|.*季度|\d+日|\d{6}(?!\.)"
)


def is_numeric(text: str) -> bool:
    """Return whether a cell holds a figure, perhaps with a unit or a note, and no date.

    Examples
    --------
    >>> [is_numeric(text) for text in ("512.3亿元", "2021年9月", "下降3.1%", "暂无", "1-9月")]
    [True, False, True, False, False]
    """
    if len(text) < _SHORT and _SMALL.fullmatch(text):
        return True
    bare = bound_of(text)[1]
    marked = _FOOTNOTED.fullmatch(bare) if len(bare) < 60 else None
    word = narrow(marked["figure"] if marked else bare).strip()
    if not any(letter.isdigit() for letter in word) or len(word) > 60:
        return False
    if about := _ABOUT.fullmatch(word):
        word = about["rest"] or about["number"]
    if _WORDED.fullmatch(word) or _MARKED.fullmatch(word):
        return _DATED.fullmatch(word) is None
    return _NUMERIC.fullmatch(word) is not None and _DATED.fullmatch(word) is None


# A figure.


@dataclass(frozen=True, slots=True)
class Label:
    """What the cell that names an indicator says besides.

    Attributes
    ----------
    identifier : str
        The indicator.
    sense : Sense
        What stands beside its name: a unit, 增速, 降低.
    is_level : bool
        Whether it names what grows where the indicator is its growth: 工业增加值.
    """

    identifier: str
    sense: Sense = NO_SENSE
    is_level: bool = False


def figure_cells(
    indicator: Indicator,
    bulletin: Bulletin,
    heading: Heading,
    text: FigureText,
    cells: dict[str, str],
    label: Sense,
    is_alone: bool = False,
    is_level: bool = False,
) -> dict[str, str]:
    """Return measure, basis, value and unit of one figure as cells of the schema.

    Parameters
    ----------
    indicator : Indicator
        What it is a figure of.
    bulletin : Bulletin
        Where it stands.
    heading : Heading
        Its column.
    text : FigureText
        Its cell: ``1,234.5``, ``580亿元``, ``增长18%``, ``已完成``.
    cells : dict of str to str
        The other cells of the row.
    label : Sense
        What its row's label says besides the name.
    is_alone : bool
        Whether its period is a quarter by itself.
    is_level : bool
        Whether its row names what grows, and the indicator is its growth.

    Raises
    ------
    CellError
        If parts contradict each other.
    NotTakenError
        If it is no figure of the indicator itself.
    """
    measure, basis = cells.get("measure", "").strip(), cells.get("basis", "").strip()
    measure = vocabulary.MEASURES.get(measure, measure)
    role = heading.follows or heading.role
    if role == "value" and label.basis:
        role = {"month": "@month", "end": "@end"}.get(label.basis, "@ytd")
    basis = vocabulary.BASES.get(basis, basis) or vocabulary.BASIS_OF_ROLE.get(role, "")
    _must_agree(label, role, heading)
    word = text.number.strip()
    grows = heading.role == "@growth" or label.kind == "growth" or measure == "growth"
    is_word = bool(text.mark and text.unit)
    bound = _bound(text, cells)
    _must_say_basis(indicator, bulletin, heading, cells, role)
    if is_level and not (grows or is_word or measure):
        _must_be_rate(indicator, bulletin, heading, cells, label, word)
    if measure in {"average_growth", "change"}:
        return _since_start(measure, text, bound, heading, cells, bulletin, label)
    if grows or (not measure and (is_word or indicator.kind == "growth")):
        unit = cells.get("unit", "").strip() if heading.role == "value" and not is_word else ""
        unit = text.unit or unit or _rate_unit(label, bulletin, heading)
        # a share changes by points, and a heading without a unit says nothing else
        is_open = heading.role == "@growth" and not heading.sense.units and "%" not in word
        in_points = (
            unit in vocabulary.POINTS
            or word.endswith("百分点")
            or (is_open and not bulletin.column_unit(heading) and not text.unit)
            or bool(vocabulary.POINTS & {*heading.sense.units})
        )
        if in_points and indicator.unit == "%" and indicator.kind != "growth":
            raise NotTakenError(
                CellError(
                    N_(
                        "the change of a share in percentage points was passed over; its value "
                        "counts."
                    )
                )
            )
        basis = basis or ("month" if is_alone else "")
        value = _signed(text, heading, label)
        return _growth(value, unit, basis) | {"bound": _turned(bound, text, value)}
    if text.mark:
        raise CellError(
            N_("{text!r} is written like a fall, but {title!r} holds no change."),
            N_("Write -5.1 if the figure itself is negative."),
            text=f"({word})" if text.mark == "()" else text.mark + word,
            title=heading.title,
        )
    if indicator.kind == "milestone" and word.lower() in vocabulary.REACHED:
        value = vocabulary.REACHED[word.lower()]
        return {"measure": measure or "done", "basis": basis, "value": value, "unit": ""}
    if "constant" in {heading.sense.price, label.price} and not _is_constant(indicator):
        raise NotTakenError(not_own(heading.title, heading.title, "constant"))
    is_of_month = heading.role == "@month" or (heading.role == "value" and role == "@month")
    if not measure and is_of_month and adds_up(indicator):
        measure = "addition"
    if not measure and is_alone and not basis and adds_up(indicator):
        measure, basis = "addition", "month"
    if not measure and role == "@ytd" and indicator.kind == "cumulative":
        within = heading.sense.basis != "since_plan" and (
            "year_to_date" in {heading.sense.basis, label.basis}
            or bool(vocabulary.WITHIN_YEAR.search(heading.title))
        )
        measure = "addition" if within else "level"
    if role == "@end" and is_flow(indicator):
        basis = "ytd"  # 期末 over a table of stocks and flows: what a flow has reached by then
    unit = _unit(indicator, bulletin, heading, cells, label, word)
    number, unit = _multiplied(text.number, unit, indicator, heading)
    return {
        "measure": measure,
        "basis": basis,
        "value": number,
        "unit": unit,
        "bound": bound,
    }


def counted_since(
    heading: Heading, label: Sense, indicator: Indicator, period: str, first_year: int
) -> Heading:
    """Return a heading with the moment from which its figures are counted as their basis.

    自2020年以来 is since the plan began where that is its first year, and since January in a
    table of 2020.

    Raises
    ------
    NotTakenError
        If they are counted from another moment, or the indicator is not.
    """
    span = heading.sense if heading.sense.basis == "since_plan" else label
    if span.basis != "since_plan":
        return heading
    if span.since and span.since == period[:4]:
        return replace(heading, sense=replace(heading.sense, basis="year_to_date"))
    is_counted = indicator.kind == "cumulative" and heading.role != "@growth"
    is_stock = not adds_up(indicator) and heading.role != "@growth"
    if span.since not in {"", f"{first_year}"} or not (is_counted or (is_stock and not span.since)):
        raise NotTakenError(not_own(heading.title, span.since or heading.title, "since"))
    return replace(heading, sense=replace(heading.sense, basis="since_plan"))


def _must_agree(label: Sense, role: str, heading: Heading) -> None:
    """Refuse a row of the month by itself in a column since January, and the other way round."""
    own = {"month": "@month"}.get(label.basis, "@ytd")
    if label.basis in {"month", "ytd", "year_to_date"} and role in {"@month", "@ytd"} - {own}:
        raise CellError(
            N_("the name of the row says another basis than its column {title!r}."),
            N_("Write 当月 or 累计 in one of the two."),
            title=heading.title,
        )


def _must_say_basis(
    indicator: Indicator, bulletin: Bulletin, heading: Heading, cells: dict[str, str], role: str
) -> None:
    """Ask whether a figure of a bare month is of that month or since January.

    So it is beside a column of months, and under months of a title that says 各月累计.
    """
    measure = cells.get("measure", "").strip()
    measure = vocabulary.MEASURES.get(measure, measure)
    if cells.get("basis", "").strip() or measure not in {"", "growth"}:
        return
    months, period = bulletin.header.of("period"), narrow(cells.get("period", "")).strip()
    period = period or heading.span
    is_month = re.fullmatch(r"(?:\d{4}年)?(?:0?[2-9]|1[0-2])月份?", period)
    is_running = bulletin.is_running and heading.role == "@month" and not heading.sense.basis
    is_beside = role == "value" and months is not None and months.span == "月"
    if not is_month or not (is_running or is_beside):
        return
    if adds_up(indicator) or indicator.kind == "growth":
        raise CellError(
            N_("{indicator} of {period}: of the month alone, or since January?"),
            N_("Write 当月 or 累计 in the heading of the figures, or add the column 期别."),
            indicator=Name(f"“{indicator.name_zh}”", indicator.id),
            period=period,
        )


def _must_be_rate(
    indicator: Indicator,
    bulletin: Bulletin,
    heading: Heading,
    cells: dict[str, str],
    label: Sense,
    word: str,
) -> None:
    """Pass over the level of what grows, where the indicator is its growth."""
    printed = {*label.units, *heading.sense.units, bulletin.column_unit(heading)}
    if word.endswith("%") or "%" in {units.tidy(cells.get("unit", "")), *printed}:
        return
    raise NotTakenError(
        CellError(
            N_("{indicator} is promised; a figure of what grows is not its growth."),
            N_("Give the growth under 同比增长（%）."),
            indicator=Name(f"“{indicator.name_zh}”", indicator.id),
        )
    )


def _bound(text: FigureText, cells: dict[str, str]) -> str:
    """Return the bound that a cell's own sign, or the column of bounds, says."""
    stated = cells.get("bound", "").strip()
    if text.bound and stated and text.bound != stated:
        raise two_bounds(text.bound, stated)
    return text.bound or stated


def _turned(bound: str, text: FigureText, value: str) -> str:
    """Return the bound of a number whose sign a word may have turned."""
    turned = value.startswith("-") and not narrow(text.number).strip().startswith("-")
    return OTHER_SIDE[bound] if bound and text.bound and turned else bound


def _since_start(
    measure: str,
    text: FigureText,
    bound: str,
    heading: Heading,
    cells: dict[str, str],
    bulletin: Bulletin,
    label: Sense,
) -> dict[str, str]:
    """Return the cells of an average growth, or of a change, since the start."""
    value = _signed(text, heading, label)
    unit = text.unit or cells.get("unit", "").strip() or bulletin.column_unit(heading)
    if measure == "average_growth":
        unit = unit or "%"
    return {
        "measure": measure,
        "basis": "",
        "value": value,
        "unit": unit,
        "bound": _turned(bound, text, value),
    }


def _is_constant(indicator: Indicator) -> bool:
    return bool(re.search("不变|可比|constant", indicator.price_basis or ""))


def _growth(value: str, unit: str, basis: str) -> dict[str, str]:
    # a growth at the end of a period is that since January
    basis = "" if basis == "end" else basis
    return {"measure": "growth", "basis": basis, "value": value, "unit": unit}


def _rate_unit(label: Sense, bulletin: Bulletin, heading: Heading) -> str:
    if label.kind == "growth" and heading.role != "@growth":
        return next(iter(label.units), "%")
    return bulletin.column_unit(heading) or "%"


def _signed(text: FigureText, heading: Heading, label: Sense) -> str:
    """Return a growth with its sign: 下降 2.7 is -2.7, in a cell, a heading or a label."""
    word = text.number.strip()
    has_sign = narrow(word)[:1] in {"-", "+"}
    asked = CellError(
        N_("{text!r} under {title!r}: the word says a fall, and so does the sign, or not."),
        N_("Write the growth itself with its sign under 同比增减, or the fall without one."),
        text=(text.mark + word) if text.unit else word,
        title=heading.title,
    )
    falls = heading.sense.sign == "-" or label.sign == "-"
    if text.sign:
        if has_sign and text.mark:
            raise asked
        return f"-{word}" if text.sign == "-" else word
    if text.aside and has_sign and text.aside != narrow(word)[:1]:
        raise asked
    if text.aside or not falls:
        return f"-{word}" if text.aside == "-" and not has_sign else word
    if has_sign:
        raise asked
    return f"-{word}"


def _unit(
    indicator: Indicator,
    bulletin: Bulletin,
    heading: Heading,
    cells: dict[str, str],
    label: Sense,
    word: str,
) -> str:
    """Return the unit that a figure's row, column or table prints, the nearest first."""
    column = bulletin.column_unit(heading)
    # 累计（亿元、%）: of several the one that is the indicator's
    column = next((u for u in heading.sense.units if converts(u, indicator.unit)), column)
    own = cells.get("unit", "").strip()
    beside = next((u for u in label.units if units.scale(u) is not None), "")
    if beside and own and units.tidy(own) != beside and converts(own, beside):
        raise _two_units(beside, own)
    own = beside or own
    if own and column and own != column and converts(column, own):
        raise _two_units(column, own)
    if own or column:
        return own or column
    if re.search(r"\d\s*[^\d\s.,]", word) and not _TIMES.fullmatch(word):
        return ""  # the cell has its own
    if bulletin.wrong_unit is not None and _is_money(indicator.unit):
        raise bulletin.wrong_unit
    if converts(bulletin.unit, indicator.unit):
        return bulletin.unit
    is_share = bulletin.unit in {"%", "‰"} and indicator.unit not in {"", bulletin.unit}
    if is_share or (_is_money(bulletin.unit) and _is_money(indicator.unit)):
        raise CellError(
            N_("unit {unit!r} does not convert into {into!r}."),
            N_("Give the value in {into}."),
            unit=bulletin.unit,
            into=indicator.unit,
        )
    if bulletin.growth_above and indicator.kind not in {"milestone", "completion"}:
        raise CellError(
            N_("the title says {word!r}, and the column does not: a level or a growth?"),
            N_("Write 增速 or 累计（亿元） in the heading of the figures."),
            word=bulletin.growth_above,
        )
    return ""


_TIMES = re.compile(rf"(?P<number>{_NUMBER})\s*+(?P<word>[十百千万亿]{{1,2}})")
"""A number with a word that multiplies it: 480.5亿."""


def _multiplied(text: str, printed: str, indicator: Indicator, heading: Heading) -> tuple[str, str]:
    """Return a number and its unit; with a word that multiplies it, 480.5亿, that of 亿元."""
    times = _TIMES.fullmatch(text.strip())
    if times is None:
        return text, printed
    word = times["word"]
    base = printed or indicator.unit
    bare = base.lstrip("十百千万亿")
    known = units.scale(f"{word}{bare}")
    # 480.5亿 under 单位：万元 may be either
    if known is None or (printed and printed not in {bare, f"{word}{bare}"}):
        raise _two_units(printed or heading.title, word)
    return times["number"], f"{word}{bare}"


def _two_units(title: str, row: str) -> CellError:
    return CellError(
        N_("the unit {title!r} in the title contradicts {row!r} in the row."),
        N_("Give one unit only."),
        title=title,
        row=row,
    )


def _is_money(unit: str) -> bool:
    known = units.scale(unit) if unit else None
    return known is not None and known.dimension.split("/")[0] in units.CURRENCIES


def converts(unit: str, into: str) -> bool:
    """Return whether a unit converts into another."""
    have, want = units.scale(units.tidy(unit)), units.scale(into)
    return bool(unit) and have is not None and want is not None and units.comparable(have, want)


def note_denies(note: str) -> CellError | None:
    """Return why a note beside a figure says that it is not the indicator's own, or None.

    Examples
    --------
    >>> note_denies("年报数"), str(note_denies("预计数")).startswith("'预计数'")
    (None, True)
    """
    said = sense([note])
    if said.meaning:
        return said.why
    if said.kind in {"target", "completion", "schedule"}:
        return not_own(note, note, said.kind)
    return None


def ask_since_when(name: Name, title: str) -> CellError:
    """Return the question whether a count runs since January or since the plan began."""
    return CellError(
        N_("{indicator} is counted since the plan began; {title!r} may mean since January."),
        N_("Write 本年累计 or 自2020年以来累计 in the heading, or add the column 量别."),
        indicator=name,
        title=title,
    )
