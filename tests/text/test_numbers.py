"""Units and rates as a person reads them."""

from __future__ import annotations

from corridor_model.forecasting.base_rates import BaseRate
from corridor_model.messages import translator
from corridor_model.text.forecasting import base_rate_text
from corridor_model.text.numbers import unit_text


def test_a_number_of_promises_is_counted_in_chinese_alone():
    zh, en = translator("zh"), translator("en")
    assert (unit_text("1", zh, "expected_reached"), unit_text("1", en, "expected_reached")) == (
        "项",
        "",
    )
    assert [unit_text("1", t, "p_reach") for t in (zh, en)] == ["%", "%"]


def test_what_no_series_did_is_rarer_than_one_in_all():
    rates = [BaseRate(share, 200, "level", years, 0.5) for share, years in ((0.0, 1), (0.005, 3))]
    assert [base_rate_text(rate) for rate in rates] == [
        "Base rate: fewer than one series in 200 moved that fast over a year.",
        "Base rate: fewer than one series in 200 moved that fast over 3 years.",
    ]
    assert base_rate_text(BaseRate(0.01, 200, "level", 1, 0.5)) == (
        "Base rate: one series in 100 moved that fast over a year."
    )
    assert "66%" in base_rate_text(BaseRate(0.66, 200, "level", 2, 0.5))
