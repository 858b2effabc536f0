"""A remark in the place of a figure is kept."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


@pytest.mark.parametrize("text", ["预计12月下旬公布", "待反馈", "未开工", "暂无"])
def test_a_remark_in_the_place_of_a_figure(read, tmp_path, text):
    answer = read(csv(tmp_path, "指标,时期,数值", f"企业数,2021,{text}"))
    assert [(r.indicator, r.text) for r in answer.observations.remarks] == [("firms", text)]
    assert answer.says("C2", text, fate="remark")
