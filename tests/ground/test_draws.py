"""How many draws a statement needs, and what is refused."""

from __future__ import annotations

import math

import pytest

from corridor_model.draws import draws_for_error, first_year_met, tolerance_draws
from corridor_model.errors import CorridorError


def test_a_path_that_never_meets_its_target_has_no_year():
    path = {2021: 90.0, 2020: 80.0, 2022: 95.0}
    assert first_year_met(path, 100, "at_least") is None
    assert first_year_met(path, 90, "at_least") == 2021
    assert first_year_met(path, 80, "below") is None


@pytest.mark.parametrize(
    ("error", "sd", "confidence"),
    [(0, 0.5, 0.95), (0.01, -1, 0.95), (0.01, 0.5, 1), (math.nan, 1, 0.9)],
)
def test_an_error_of_nothing_needs_no_number_of_draws(error, sd, confidence):
    with pytest.raises(CorridorError, match="error must be above 0, sd at least 0"):
        draws_for_error(error, sd, confidence)
    assert draws_for_error(0.01, 0.0) == 1, "what does not vary is known after one draw"


@pytest.mark.parametrize("asked", [{"p": 1}, {"confidence": 0}, {"k": 0}, {"sides": 3}])
def test_limits_that_are_none_have_no_number_of_draws(asked):
    with pytest.raises(CorridorError, match="k be at least 1, sides 1 or 2"):
        tolerance_draws(**{"p": 0.95, "confidence": 0.95} | asked)
    # Wilks: 1 - 0.95**n must reach 0.95, which 59 does and 58 does not
    assert 1 - 0.95**58 < 0.95 <= 1 - 0.95**59
    assert tolerance_draws(0.95, 0.95) == 59
