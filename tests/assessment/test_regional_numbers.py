"""One number of many regions: read like a single one, parted where a comparison parts them."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_model.assessment.regional_numbers import (
    FEW,
    OneByOne,
    RegionalNumber,
    Regions,
    alone,
    along,
    elementwise,
    read_together,
    rows_of,
)
from corridor_model.growth import cagr, chain, meets
from corridor_model.observations.model import Point

NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def rule(a, b):
    """A rule as any: sums, quotients, powers, branches, an early answer."""
    if b == 0:
        return "nothing", None
    if a > b:
        return ("far", a / b) if a > 2 * b else ("near", round(a - b, 2))
    if not a:
        return "zero", 1 - a
    if a < 0 and not -a <= 10:
        return "below", abs(a) ** 0.5 + 2**-1
    return "other", min(a, b) + max(a, 3.0) * (2 - b)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=40))
def test_many_regions_answer_as_each_alone(pairs):
    columns = np.array(pairs).T
    answers = [None] * len(pairs)
    for regions, rows, (word, value) in read_together(
        len(pairs), lambda number, _: rule(*map(number, columns))
    ):
        assert regions is not None or len(rows) == 1
        assert regions is not None or not isinstance(value, RegionalNumber)
        each = np.broadcast_to(rows_of(value, rows), rows.shape)
        for row, one in zip(rows.tolist(), each, strict=True):
            assert answers[row] is None
            answers[row] = word, None if value is None else float(one)
    assert answers == [rule(*pair) for pair in pairs]


def walked(values, read):
    regions = Regions(len(values))
    number = regions.number(np.asarray(values, dtype=float))
    return list(regions.walk(np.arange(len(values)), lambda: read(number)))


def test_a_comparison_parts_them_and_few_go_alone():
    ways = walked([1, 2, 3, 4, 5, 6, 7, 8], lambda x: "high" if x > 4 else "low")
    assert sorted((rows.tolist(), word) for rows, word in ways) == [
        ([0, 1, 2, 3], "low"),
        ([4, 5, 6, 7], "high"),
    ]
    ways = walked(range(6), lambda x: x > 3)
    assert [(rows.tolist(), word) for rows, word in ways if len(rows) < FEW] == [([4, 5], None)]


@pytest.mark.parametrize(
    "read",
    [
        float, int, hash, math.sqrt, np.asarray, np.sqrt, operator.index,
        lambda x: {x: 1}, lambda x: x ** x, lambda x: elementwise(cagr, x - 3, x, 2),
        lambda x: (x - 100) ** 0.5,
    ],
)  # fmt: skip
def test_what_has_one_answer_only_is_never_guessed(read):
    """A root of what is negative is a complex number to Python, and no number here."""
    ways = walked([-1.0, 0.5, 2.0, 3.0, 700.0], read)
    assert [(len(rows), answer) for rows, answer in ways] == [(5, None)]


def test_a_division_by_zero_fails_as_that_of_one():
    def read(x):
        try:
            return "defined", 1 / x
        except ZeroDivisionError:
            return "undefined", None

    ways = {word: rows.tolist() for rows, (word, _) in walked([0, 1, 0, 2, 0, 3, 0, 4], read)}
    assert ways == {"undefined": [0, 2, 4, 6], "defined": [1, 3, 5, 7]}


def test_functions_are_asked_of_those_alone_that_have_come():
    """The others may hold what the function refuses."""

    def read(x):
        return (x, elementwise(cagr, 1.0, x, 2)) if x > 0 else (x, None)

    values = [-1.0, 4.0, -2.0, 9.0, -3.0, 16.0, 25.0, -8.0]
    for rows, (_, rate) in walked(values, read):
        if rate is not None:
            assert rows_of(rate, rows).tolist() == [1.0, 2.0, 3.0, 4.0]


def test_rows_of_numbers_are_chained_for_all():
    rates = [0.1, 0.2, 0.3, 0.4, 0.5]
    ((rows, grown),) = walked(rates, lambda x: along(chain, [x, 0.5, x]))
    want = [along(chain, [rate, 0.5, rate]) for rate in rates]
    np.testing.assert_allclose(rows_of(grown, rows), want, rtol=1e-15)
    # one of them falls below nothing: they go one by one
    ways = walked([*rates, -2.0], lambda x: along(chain, [x, 0.5]))
    assert [answer for _, answer in ways] == [None]


def test_yes_and_no_are_one_answer():
    ways = walked([1, 2, 3, 4, 5, 6, 7, 8], lambda x: elementwise(meets, x, 4.5, "at_least"))
    assert sorted((rows.tolist(), met) for rows, met in ways) == [
        ([0, 1, 2, 3], False),
        ([4, 5, 6, 7], True),
    ]
    assert elementwise(meets, 5.0, 4.5, "at_least") is True
    assert type(elementwise(np.nextafter, 1.0, 2.0)) is float


def test_records_become_those_of_one_region():
    number = Regions(2).number(np.array([3.0, 4.0]))
    point = Point(2020, 12, number, "%", "level", "year")
    one = alone([point, (number, None, "x")], 1)
    assert one == [point._replace(value=4.0), (4.0, None, "x")]
    assert repr(number) == "RegionalNumber(2 regions)"


def test_between_two_walks_nothing_is_answered():
    number = Regions(5).number(np.arange(5.0))
    for read in (bool, lambda x: x > 2, round):
        with pytest.raises(OneByOne):
            read(number)
