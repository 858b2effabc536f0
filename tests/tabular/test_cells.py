"""Cells: a value, or a mistake said in both languages; one by one and ten thousand at once."""

from __future__ import annotations

import csv
import io
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridor_model import formatting, periods
from corridor_model.errors import CellError, PlanError
from corridor_model.formatting import plain
from corridor_model.tabular import cells
from corridor_model.tabular.cells import LONGEST, Quantity, parse_column, parse_quantity, parser_of
from corridor_model.tabular.readers import EvenRows, cells_at, csv_rows, widest
from corridor_model.tabular.schema import TABLES

DIGITS = str.maketrans("0123456789.,-+%", "０１２３４５６７８９．，－＋％")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_survives_its_text(value):
    for text in (repr(value), plain(value), f" {value!r}\u00a0", f"{value:.17g}"):
        assert parse_quantity(text) == Quantity(value)
        assert parse_quantity(text.translate(DIGITS)) == Quantity(value)


def test_minus_zero_is_zero():
    assert repr(parse_quantity("-0").value) == "0.0"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_thousands_separators(value):
    assert parse_quantity(f"{value:,}").value == float(value)
    assert parse_quantity(f"{value:,}亿元".translate(DIGITS)) == Quantity(float(value), "亿元")


@given(st.integers(0, 10**7))
def test_a_minus_of_any_kind(value):
    for minus in "-−－‐":
        assert parse_quantity(f"{minus}{value}").value == -value


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("580亿元", "亿元"),
        ("17.7 万元/人", "万元/人"),
        ("3.3%", "%"),
        ("３．３％", "%"),
        ("3.3个百分点", "个百分点"),
        ("5\nkm", "km"),
        ("1e3 m", "m"),
        ("5家", "家"),
    ],
)
def test_unit_beside_a_number(cell, unit):
    assert parse_quantity(cell).unit == unit


@pytest.mark.parametrize(
    "cell",
    [
        "约580", "五百", "580-600", "580~600", "5–6", "3/4", "1,23", "12,34,567", "1.2.3",
        "1,234,56",
        "1 234", "1_000", "nan", "inf", "-inf", "NaN", "Infinity", "e5", "580①", "①580", "10²",
        ".", "+", "½", "1½",
        "5亿\n元", "2020-05", "(5)", "5,", "--5", "+-5", "二〇二〇", "1" * 300 + "x\ny", "=5",
    ],
)  # fmt: skip
def test_what_is_no_number(cell):
    with pytest.raises(CellError, match="is not a number") as caught:
        parse_quantity(cell)
    assert caught.value.what.text("zh").endswith("不是数字。")
    assert caught.value.remedy.text("zh")
    assert caught.value.remedy.text()


@pytest.mark.parametrize("cell", ["0x10", "1e"])
def test_a_word_behind_a_number_may_be_a_unit_nobody_listed(cell):
    assert parse_quantity(cell).unit in {"x10", "e"}  # refused when it is used


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "9" * 400, "9" * 400 + "亿元", "１e999"])
def test_number_too_large(cell):
    with pytest.raises(CellError, match="too large"):
        parse_quantity(cell)


@pytest.mark.parametrize("cell", [*sorted(cells.MISSING), " — ", "'-", "\u200b"])
def test_missing_is_none_everywhere(cell):
    for parse in (
        cells.parse_text,
        parse_quantity,
        cells.parse_integer,
        cells.parse_year,
        cells.parse_date,
        cells.parse_flag,
        cells.parse_unit,
        cells.choice_parser(("a",)),
    ):
        assert parse(cell) is None
    assert cells.list_parser(";")(cell) == ()


@pytest.mark.parametrize(
    ("cell", "value"), [("3", 3), ("３", 3), ("1,200", 1200), ("-2", -2), ("2.0", 2), ("5.", 5)]
)
def test_integers(cell, value):
    assert cells.parse_integer(cell) == value


@pytest.mark.parametrize("cell", ["2.5", "3个", "x", "1e-3"])
def test_what_is_no_integer(cell):
    with pytest.raises(CellError, match="not a whole number|not a number"):
        cells.parse_integer(cell)


@pytest.mark.parametrize(
    ("cell", "year"), [("2022", 2022), ("２０２２年", 2022), ("2022.0", 2022), ("'2022", None)]
)
def test_years(cell, year):
    if year is None:
        with pytest.raises(CellError):
            cells.parse_year(cell)
    else:
        assert cells.parse_year(cell) == year


@pytest.mark.parametrize("cell", ["22", "1899", "2201", "2022-05", "去年", "2022.5", "20220"])
def test_what_is_no_year(cell):
    with pytest.raises(CellError, match="not a year"):
        cells.parse_year(cell)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2020", "2020"),
        ("2020年", "2020"),
        ("2020-5", "2020-05"),
        ("2020.05", "2020-05"),
        ("2020.10", "2020-10"),
        ("2020.12", "2020-12"),
        ("2020/5/1", "2020-05-01"),
        ("２０２０年５月３１日", "2020-05-31"),
        ("202012", "2020-12"),
        ("2020-02-29", "2020-02-29"),
        ("2000-02-29 00:00", "2000-02-29"),
    ],
)
def test_dates(cell, date):
    assert cells.parse_date(cell) == date


@pytest.mark.parametrize(
    "cell",
    ["2020-13", "2020-00", "2020-02-30", "2021-02-29", "1900-02-29", "2020-04-31", "43831",
    "202013",
     "2020-05-31 12:30", "明年", "1850", "2020-1-0", "2020年底"],
)  # fmt: skip
def test_what_is_no_date(cell):
    with pytest.raises(CellError, match="not a date"):
        cells.parse_date(cell)


@pytest.mark.parametrize("cell", ["2021.1", "２０２１．１"])
def test_a_cut_october_is_refused(cell):
    with pytest.raises(CellError, match="October") as caught:
        cells.parse_date(cell)
    assert caught.value.remedy.text() == "Write 2021-01 or 2021-10."


@given(st.dates(min_value=__import__("datetime").date(1900, 1, 1)).filter(lambda d: d.year < 2200))
def test_every_day_there_is(day):
    assert cells.parse_date(day.isoformat()) == day.isoformat()
    assert periods.days_in(day.year, day.month) >= day.day


def test_flags():
    for cell in ("yes", "Yes", "TRUE", "是", "√", "1"):
        assert cells.parse_flag(cell) is True
    for cell in ("no", "False", "否", "×", "0"):
        assert cells.parse_flag(cell) is False
    with pytest.raises(CellError, match="neither yes nor no"):
        cells.parse_flag("maybe")


def test_choices_keep_their_spelling():
    parse = cells.choice_parser(("at_least", "水平法"))
    assert (parse("AT_LEAST "), parse("水平法")) == ("at_least", "水平法")
    with pytest.raises(CellError, match="allowed"):
        parse("at least")


def test_lists():
    parse = cells.list_parser(";；、，")
    assert parse(" a ；b、 c，;—; ") == ("a", "b", "c")
    assert parse(";\ufeff\u2003b;") == ("b",)


@given(st.text(max_size=30))
def test_reading_twice_is_reading_once(cell):
    try:
        text = cells.parse_text(cell)
        parts = cells.list_parser(";")(cell)
    except CellError:
        return
    from corridor_model.files import guarded

    assert cells.parse_text(guarded(text or "")) == text
    assert cells.list_parser(";")(guarded(";".join(parts))) == parts


@pytest.mark.parametrize("bad", ["\0", "\x1b[31m", "\x07", "\ud800", "\ufffe", "\x7f"])
def test_unprintable_characters_are_refused(bad):
    with pytest.raises(CellError, match="unprintable"):
        cells.clean(f"a{bad}b")


def test_longest_cell():
    assert len(cells.clean("长" * cells.LONGEST)) == cells.LONGEST
    with pytest.raises(CellError, match="longer than 32000"):
        cells.clean("长" * (cells.LONGEST + 1))


def test_messages_are_one_short_line():
    with pytest.raises(CellError) as caught:
        parse_quantity("很多\n" * 100)
    assert "\n" not in caught.value.what.text("zh")
    assert len(caught.value.what.text("zh")) < 60
    assert formatting.excerpt("a\ud800\x00\tb") == "a\ufffd\ufffd b"


@pytest.mark.parametrize(
    "cell", ["1" * 31000 + "x\n\n", "1" * 31000 + "\n", "," * 31000, "1," * 15000]
)
def test_long_junk_takes_no_time(cell):
    started = time.perf_counter()
    for parse in (parse_quantity, cells.parse_date, cells.parse_year, cells.parse_integer):
        try:
            parse(cell)
        except CellError:
            continue
    assert time.perf_counter() - started < 1


def test_half_of_a_cent_is_not_lost():
    assert Decimal(repr(parse_quantity("0.1").value)) == Decimal("0.1")


COLUMNS = {
    f"{column.type} {'linked' if column.links else ''}": column
    for schema in TABLES.values()
    for column in schema.columns
} | {"unit": next(c for c in TABLES["indicators"].columns if c.name == "unit")}
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "-0", "1e5", "1e999", "nan", "1_000", "３", "-", "—", " a ", "a;b", ";", "a；b",
         "a;—", " ;a", "a; b", "'=1", "'", "\u3000", "\u200bx", "x\ny", "\0", "yes", "2024",
         "2024-05", "at_least", "a、b", "/", "二/1;附件/2", "580亿元", "5.", ".5", "+5", ".", "e",
         "a;/;b", "无", "x" * (LONGEST + 1), "％", "\x85", "\u2028"]
    ),
    st.text(max_size=5),
    st.floats(allow_nan=False).map(repr),
)  # fmt: skip


def one_by_one(texts, column):
    values, units, wrong = [], [], []
    for row, text in enumerate(texts):
        try:
            value = parser_of(column)(text)
        except CellError as error:
            value = () if column.type == "list" else None
            wrong.append((row, error.what.text()))
        if column.type == "number":
            units.append(value.unit if isinstance(value, Quantity) else "")
            value = value.value if isinstance(value, Quantity) else value
        values.append(value)
    return values, units, wrong


@pytest.mark.uncounted
@given(st.sampled_from(sorted(COLUMNS)), st.lists(CELLS, min_size=1, max_size=6))
@example("list ", ["a", "b;c", ""])
@example("list ", ["a;", "b"])
@example("text ", ["—", "b"])
def test_a_column_is_its_cells(name, texts):
    column = COLUMNS[name]
    values, units, wrong = parse_column(tuple(texts), column)
    expected = one_by_one(texts, column)
    assert (list(values), [repr(v) for v in values]) == (
        expected[0],
        [repr(v) for v in expected[0]],
    )
    assert list(units) == expected[1] or not any(expected[1])
    assert [(row, error.what.text()) for row, error in wrong] == expected[2]


@given(st.text(st.sampled_from('ab,\n\r" 单\u2028\x85'), max_size=40))
@example("a,b\nc,d\n")
@example("a,b\r\nc,d")
@example("\n\na")
@example("a\n")
@example("\r\r\na")
def test_rows_are_those_of_csv(text):
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "a.csv")
        file.write_bytes(text.encode())
        try:
            expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error:
            with pytest.raises(PlanError, match="not a valid CSV"):
                csv_rows(file)
            return
        rows = list(csv_rows(file))

    def held(table):
        """Rows with their numbers; an empty line is a row of one empty cell or of none."""
        return [
            (number, [cell.replace("\r\n", "\n") for cell in row])
            for number, row in enumerate(table)
            if any(row)
        ]

    assert held(rows) == held(expected)


def test_even_rows_are_a_sequence_of_rows():
    rows = EvenRows(list("abcdef"), 2)
    plain = [["a", "b"], ["c", "d"], ["e", "f"]]
    assert list(rows) == plain
    assert (rows[-1], rows[0], len(rows)) == (["e", "f"], ["a", "b"], 3)
    assert list(rows[1:]) == plain[1:]
    assert list(rows[:0]) == []
    assert list(rows[5:]) == []
    for table in (rows, plain):
        assert cells_at(table, 1) == ("b", "d", "f")
        assert widest(table) == 2
    assert cells_at([["a"], []], 0) == ("a", "")
    assert widest(rows[:0]) == widest([]) == 0
    with pytest.raises(IndexError):
        rows[3]
