"""A difference in percentage points is no growth of a share."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize("text", ["+1.2个百分点", "提高1.2个百分点", "1.2个百分点"])
def test_a_difference_of_a_share_is_no_growth(read, tmp_path, text):
    answer = read(csv(tmp_path, TITLE, "指标,累计,同比", f"占比,62.3,{text}"))
    assert answer.values == [62.3]
    assert answer.says("C3", text)
