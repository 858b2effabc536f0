"""What is read ten thousand cells at once is what is read cell by cell."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridor_model.errors import CellError, PlanError
from corridor_model.tabular.cells import LONGEST, Quantity, parse_column, parser_of
from corridor_model.tabular.readers import EvenRows, cells_at, csv_rows, widest
from corridor_model.tabular.schema import TABLES

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
