"""Another currency is refused."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


def test_dollars_convert_into_dollars(read, tmp_path):
    answer = read(csv(tmp_path, "单位：万美元", "指标,时期,数值", "出口额,2021,51000"))
    assert answer.values == [5.1]


@pytest.mark.parametrize(
    "rows",
    [
        ["单位：万元", "指标,时期,数值", "出口额,2021,5100"],
        ["指标,时期,数值（万元）", "出口额,2021,5100"],
        ["指标,时期,数值", "出口额（万元）,2021,5100"],
        ["指标,时期,数值", "出口额,2021,5100万元"],
        ["单位：万欧元", "指标,时期,数值", "出口额,2021,5100"],
        ["单位：万美元", "指标,时期,数值", "生产总值,2021,5100"],
        ["单位：万卢布", "指标,时期,数值", "生产总值,2021,5100"],
    ],
)
def test_another_currency_is_refused(read, tmp_path, rows):
    refusal = read(csv(tmp_path, *rows)).refusal
    assert "行" in refusal.text("zh")
    assert any(word in refusal.text("zh") for word in ("万元", "万欧元", "万美元", "万卢布"))
