"""The one rounding for people, against decimal arithmetic (S18)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_model.formatting import percent, plain, rounded

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.675, 2, "2.68"),
        (12.25, 1, "12.3"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.04, 1, "0.0"),
        (0.0, 2, "0.00"),
        (-0.0, 0, "0"),
        (580, 2, "580.00"),
        (1e22, 1, "10000000000000000000000.0"),
        (5e-324, 2, "0.00"),
        (149, -2, "100"),
    ],
)
def test_as_a_spreadsheet_shows_it(value, digits, text):
    assert rounded(value, digits) == text


@given(FINITE, st.integers(0, 8))
def test_against_decimal(value, digits):
    with localcontext() as context:
        context.prec = 400
        expected = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    said = rounded(value, digits)
    assert Decimal(said) == expected
    assert not said.startswith("-0") or expected != 0
    assert abs(Decimal(said) - Decimal(repr(value))) * 2 <= Decimal(1).scaleb(-digits)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_halves_go_away_from_zero(n, digits):
    half = Decimal(2 * n + 1).scaleb(-digits) / 2
    away = rounded(float(half), digits)
    assert abs(Decimal(away)) > abs(half)


@given(FINITE)
def test_plain_is_short_and_exact(value):
    assert float(plain(value)) == value
    assert not plain(value).endswith(".0")


@pytest.mark.parametrize(
    ("rate", "digits", "text"),
    [
        (0.06441, 2, "6.44 %"),
        (0.285, 0, "29 %"),  # 0.285 * 100 is 28.499999999999996
        (0.00575, 1, "0.6 %"),
        (0.14499999999999999, 0, "15 %"),  # prints as 0.145
        (-0.5, 0, "-50 %"),
        (1e-9, 2, "0.00 %"),
        (-1e-9, 2, "0.00 %"),
    ],
)
def test_percent(rate, digits, text):
    assert percent(rate, digits) == text


@given(st.decimals(-5, 5, places=6), st.integers(0, 3))
def test_percent_moves_the_point_and_nothing_else(rate, digits):
    exact = (rate * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert Decimal(percent(float(rate), digits).removesuffix(" %")) == exact
