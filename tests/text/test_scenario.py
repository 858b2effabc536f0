"""Scenarios in words: periods and settings."""

from __future__ import annotations

import pytest

import corridor_model as cm
from corridor_model.text.scenario import period_name, scenario_text


@pytest.mark.parametrize(
    ("period", "en", "zh"),
    [
        ("2021", "2021", "2021年"),
        ("2021H1", "2021H1", "2021年上半年"),
        ("2021H2", "2021H2", "2021年下半年"),
        ("2021Q1", "2021Q1", "2021年一季度"),
        ("2021Q2", "2021Q2", "2021年二季度"),
        ("2021Q3", "2021Q3", "2021年三季度"),
        ("2021Q4", "2021Q4", "2021年四季度"),
        ("2021-09", "2021-09", "2021年9月"),
    ],
)
def test_periods_as_people_read_them(period, en, zh):
    assert (period_name(period).text("en"), period_name(period).text("zh")) == (en, zh)


def test_a_correlation_is_the_square_of_the_loading():
    lines = scenario_text(cm.Scenario("s", common=0.5, paired=0.3), lang="en")
    assert "overruns and delays of all works correlate (0.25)" in "; ".join(lines)
    assert "overrun and delay of one work correlate (0.09)" in "; ".join(lines)
