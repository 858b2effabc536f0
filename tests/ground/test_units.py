"""Units convert within a dimension, exactly, and never across one (S9)."""

from __future__ import annotations

import contextlib
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_model import units
from corridor_model.units import UnitError, convert, factor, fraction_slip, scale, tidy

WORDS = sorted(units._WORDS)
UNITS = st.one_of(
    st.sampled_from(WORDS),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map("/".join),
)


@given(UNITS, UNITS)
def test_there_and_back(unit, into):
    if scale(unit).dimension != scale(into).dimension:
        for a, b in ((unit, into), (into, unit)):
            with pytest.raises(UnitError, match="does not convert"):
                factor(a, b)
        return
    assert factor(unit, into) * factor(into, unit) == pytest.approx(1, rel=4e-16)
    assert factor(unit, unit) == 1


@given(st.decimals(-(10**8), 10**8, places=4), st.sampled_from(["元", "万元", "百万元", "亿元"]))
def test_money_is_rounded_once(value, into):
    for unit in ("元", "万元", "千万元", "亿元"):
        exact = Fraction(value) * int(scale(unit).factor) / int(scale(into).factor)
        got = convert(float(value), unit, into)
        # the value itself is the nearest double; what is done to it adds half a last place
        assert got == pytest.approx(float(exact), rel=3e-16, abs=0)
    assert convert(8710.0, "万元", "亿元") == 0.871
    assert convert(36000.0, "万元", "亿元") == 3.6


@pytest.mark.parametrize(
    ("unit", "into", "times"),
    [
        ("亿元", "万元", 1e4),
        ("元/人", "万元/人", 1e-4),
        ("万元/亩", "元/亩", 1e4),
        ("公里", "米", 1000),
        ("km", "公里", 1),
        ("亩", "公顷", 1 / 15),
        ("亿元/平方公里", "万元/公顷", 100),
        ("‰", "%", 0.1),
        ("万名", "人", 1e4),
        ("万元/人/年", "元/人/年", 1e4),
        ("CNY", "元", 1),
        ("小时", "分钟", 60),
    ],
)
def test_known_factors(unit, into, times):
    if "年" in unit:
        with pytest.raises(UnitError):  # a year is no unit of the table yet
            factor(unit, into)
    else:
        assert factor(unit, into) == pytest.approx(times, rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "into"),
    [
        ("万元", "家"), ("个百分点", "%"), ("%", "个百分点"), ("元", "美元"), ("人", "家"), ("家",
        "亩"),
        ("元/人", "元"), ("万元/人", "万元/家"), ("", "元"), ("元", ""), ("亿圆", "亿元"), ("元",
        "亿圆"),
        ("人/", "人"), ("/人", "人"), ("元/人/人/人", "元"),
    ],
)  # fmt: skip
def test_another_dimension_is_refused(unit, into):
    with pytest.raises(UnitError):
        convert(1.0, unit, into)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("unit", "into", "times"),
    [
        ("mile", "公里", 1.609344),
        ("公里", "mile", 1 / 1.609344),
        ("acre", "亩", 4046.8564224 / (10_000 / 15)),
        ("MWh", "千瓦时", 1000),
        ("hour", "分钟", 60),
        ("km/h", "m/s", 1 / 3.6),
        ("平方公里", "km^2", 1),
    ],
)
def test_pint_is_asked_about_the_rest(unit, into, times):
    assert factor(unit, into) == pytest.approx(times, rel=1e-12)


@pytest.mark.parametrize(
    "unit",
    ["9**9**9**9", "m**4", "1/0", "degC", "dB", "m" * 5000, "人/" * 5000 + "人",
    "__import__('os')", "(",
     "m*" * 40 + "m", "0m", "delta_degC**3", "nan", "inf", " "],
)  # fmt: skip
def test_pint_computes_nothing_for_strangers(unit):
    started = time.perf_counter()
    for into in ("米", "degF", "m", "亿元"):
        for pair in ((unit, into), (into, unit)):
            with pytest.raises(UnitError):
                convert(1.0, *pair)
    assert time.perf_counter() - started < 5


@given(st.text(max_size=12), st.sampled_from(["亿元", "%", "km", "公里"]))
def test_any_text_as_a_unit(unit, into):
    with contextlib.suppress(UnitError):
        assert convert(1.0, unit, into) > 0


def test_tidy():
    assert [tidy(t) for t in ("％", " 万 元 ", "ｋｍ", "\u00a0家")] == ["%", "万元", "km", "家"]


# Percentages written as fractions: one function for shares, ratios and growth.


@pytest.mark.parametrize(
    ("value", "known", "words"),
    [
        (0.65, [65.0], ("0.65 %", "65 % is known", "Was 65 % meant")),
        (0.623, [65.0, 3.0], ("0.623 %", "65 % is known", "Was 62.3 % meant")),
        (-0.031, [-3.2], ("-0.031 %", "-3.2 % is known", "Was -3.1 % meant")),
        (0.085, [], ("0.085 %", "looks like a fraction", "Was 8.5 % meant")),
    ],
)
def test_a_fraction_is_named_with_the_case_at_hand(value, known, words):
    said = str(fraction_slip(value, known, "The growth of output"))
    for word in ("The growth of output", *words):
        assert word in said


@pytest.mark.parametrize(
    ("value", "known", "unit"),
    [(0.65, [], "%"), (0.5, [], "%"), (0.65, [0.7], "%"), (0.65, [65.0], "吨"), (65.0, [0.65], "%"),
     (0.0, [65.0], "%")],
)  # fmt: skip
def test_what_is_no_fraction(value, known, unit):
    assert fraction_slip(value, known, "x", unit) is None
