"""A grouped number does not begin with 0."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

HEAD = ["指标", "时期", "数值"]


@pytest.mark.parametrize("text", ["0,400", "-0,125", "0,400.5", "00,400", "0,123,456"])
def test_a_grouped_number_does_not_begin_with_0(read, tmp_path, text):
    refusal = read(csv(tmp_path, ",".join(HEAD), f'生产总值,2021,"{text}"')).refusal
    assert text in refusal.text("zh")
    assert "第2行" in refusal.text("zh")


@pytest.mark.parametrize(("text", "value"), [("1,234", 1234.0), ("1，234.5", 1234.5), ("0.4", 0.4)])
def test_grouped_numbers(read, tmp_path, text, value):
    assert read(csv(tmp_path, ",".join(HEAD), f'生产总值,2021,"{text}"')).values == [value]
