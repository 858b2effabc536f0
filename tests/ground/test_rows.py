"""Rows of tables for programs and for people."""

from __future__ import annotations

import pandas as pd

from corridor_model.messages import Name
from corridor_model.rows import text_rows, to_rows


def test_columns_are_chosen_and_renamed():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, float("nan")]})
    assert to_rows(frame, columns=("c", "a")) == [{"c": 0.5, "a": 1}, {"c": None, "a": 2}]
    assert to_rows(frame, columns={"name": "b"}) == [{"name": "x"}, {"name": None}]


def test_no_rows_have_no_header():
    assert list(text_rows([])) == []
    assert list(text_rows([{"a": None, "b": True}])) == [["a", "b"], ["", "yes"]]


def test_a_name_is_english_where_nobody_asks():
    assert str(Name("龙湾", "Longwan")) == "Longwan"
