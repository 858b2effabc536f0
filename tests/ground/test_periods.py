"""Moments: months as whole numbers, and years where time is divided by time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_model.errors import CellError, CorridorError
from corridor_model.periods import (
    Period,
    PrintedDate,
    date_of,
    day_of,
    end_of,
    in_years,
    is_due,
    is_next,
    last_day,
    month_end,
    period_of,
    start_of,
    year_before,
    year_end,
    year_start,
)

YEARS = st.integers(1901, 2199)
MONTHS = st.integers(1, 12)


@given(YEARS, MONTHS)
def test_a_month_ends_where_the_next_begins(year, month):
    printed = f"{year}-{month:02d}"
    end = end_of(printed)
    assert end == month_end(year, month) == Period(year, month, 1).end == start_of(printed) + 1
    assert year_before(end) == year
    assert is_due(printed, end)
    assert is_next(printed, end - 1)
    assert not is_due(printed, end - 1)
    assert last_day(printed) == Period(year, month, 1).last_day


@given(YEARS, MONTHS)
def test_years_are_the_quotient_that_divides_months(year, month):
    assert in_years(month_end(year, month)) == year + (month - 12) / 12
    assert in_years(year_end(year)) == year
    assert year_end(year) == year_start(year + 1)


@given(YEARS, st.sampled_from([1, 3, 6, 12]), st.integers(-24, 24))
def test_a_period_moved_there_and_back_is_itself(year, length, steps):
    period = Period(min(max(year, 1930), 2170), 12, length)
    assert period.moved(steps * length).moved(-steps * length) == period
    assert period.moved(length).end - period.end == length


def test_dates_that_are_not_printed_never_come():
    assert not is_due(None, math.inf)
    assert not is_due("", math.inf)
    assert not is_next(None, 0)


def test_a_printed_date_is_read_as_it_was_written():
    dates = ("2030", "2021-07", "2021-07-01")
    assert [str(PrintedDate(date)) for date in dates] == list(dates)
    assert [PrintedDate(d).text("zh") for d in dates] == ["2030年", "2021年7月", "2021年7月1日"]


@pytest.mark.parametrize("wrong", ["2021.1", "2021-13", "", "2021-02-30", "soon"])
def test_what_is_no_date_is_refused_in_both_languages(wrong):
    for read in (date_of, day_of):
        with pytest.raises(CorridorError) as error:
            read(wrong)
        assert error.value.text("zh") != error.value.text("en")


def test_an_empty_period_is_missing():
    with pytest.raises(CellError) as caught:
        period_of(" ")
    assert (str(caught.value.what), str(caught.value.remedy)) == (
        "the period is missing.",
        "Fill it in.",
    )
