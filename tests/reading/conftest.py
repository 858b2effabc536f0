"""A plan with one indicator of each kind, and tables written for it."""

from __future__ import annotations

import warnings

import pytest
from tests.helpers.observation_tables import write_plan

import corridor_model as cm
from corridor_model.errors import CorridorError
from corridor_model.observations.load import load_observations


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A plan of a district in which every kind of indicator occurs once."""
    return cm.load_plan(write_plan(tmp_path_factory.mktemp("plan")))


class Answer:
    """What became of a table: figures by indicator, the report, or the refusal."""

    def __init__(self, small, source, **options):
        self.refusal, self.observations = None, None
        self.warned = []
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                self.observations = load_observations(source, small, **options)
            except CorridorError as error:
                self.refusal = error
        self.warned = [str(warning.message) for warning in caught]

    @property
    def figures(self):
        """Rows as (indicator, period, measure, basis, value)."""
        assert self.refusal is None, self.refusal.text("zh")
        table = self.observations.table
        names = ("indicator", "period", "measure", "basis", "value")
        return list(zip(*(table[name] for name in names), strict=True))

    @property
    def values(self):
        """Values alone, rounded to twelve digits."""
        return [float(f"{row[-1]:.12g}") for row in self.figures]

    def lines(self, fate="skipped"):
        """Texts and reasons of the report with one fate."""
        report = self.observations.report
        report = report[report.fate == fate]
        return list(zip(report.cell, report.text, report.why, strict=True))

    def says(self, *words, fate="skipped"):
        """Whether a line of the report holds all of some words."""
        return any(all(word in " ".join(line) for word in words) for line in self.lines(fate))


@pytest.fixture
def read(small):
    """Read a table: rows of a CSV file, or anything that can be loaded."""

    def read(source, **options):
        return Answer(small, source, **options)

    return read
