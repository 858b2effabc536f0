"""Names of the variables of results, and the version that these names have."""

from __future__ import annotations

import json

import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.labels import SCHEMA_VERSION, label_of


@pytest.fixture(scope="module")
def results():
    plan = cm.load_plan(example=True)
    figures = cm.example_observations()
    return {
        "assessment": cm.assess(plan, figures, 2021, rule="all", method=None),
        "growth_paths": cm.growth_paths(plan),
    }


@pytest.mark.uncounted
@pytest.mark.parametrize("kind", ["assessment", "growth_paths"])
def test_every_variable_has_a_name_in_both_languages(results, kind):
    result = results[kind]
    assert [name for name in result.variables if "long_name" not in result[name].attrs] == []
    for name in result.variables:
        entry = label_of(kind, str(name))
        assert any("\u4e00" <= sign <= "\u9fff" for sign in entry.zh), name
        assert entry.en.isascii(), name


@pytest.mark.uncounted
def test_results_say_the_version_of_their_names(results, capsys):
    for result in results.values():
        assert result.attrs["schema_version"] == SCHEMA_VERSION
    assert cm.required_growth(cm.load_plan()).attrs["schema_version"] == SCHEMA_VERSION
    for verb in ("required", "paths", "assess"):
        assert main([verb, "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert {row["schema_version"] for row in rows} == {SCHEMA_VERSION}
        assert all(row["indicator"] for row in rows)
