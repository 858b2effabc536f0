"""Published plans as tables of the library, loaded once."""

from __future__ import annotations

import functools
import warnings

import pytest
from scripts.plans_from_facts import plan_tables, write

import corridor_model as cm


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Return a function: the name of a plan of the facts -> the plan, loaded from its folder."""
    folder = tmp_path_factory.mktemp("published")

    @functools.cache
    def load(name):
        tables, _, _ = plan_tables(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", cm.CorridorWarning)  # two vintages of a statistic
            return cm.load_plan(write(tables, folder / name))

    return load


@pytest.fixture(scope="session")
def verdicts(published):
    """Return a function: plan and period -> a table of verdicts by promise."""

    @functools.cache
    def ask(name, as_of):
        result = cm.assess(published(name), as_of=as_of)
        columns = ["status", "reason", "actual", "achieved_share", "elapsed_share", "p_reach"]
        return result[columns].reset_coords(drop=True).to_dataframe()

    return ask
