"""Scenarios written as TOML, and the words that name changes in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from corridor_model.distributions import Distribution, distribution_to_toml
from corridor_model.scenario.language.aims import AIM_CHANGES, EFFECT_CHANGES
from corridor_model.scenario.language.changes import WORK_CHANGES, Change
from corridor_model.scenario.language.model import Scenario, Settings
from corridor_model.scenario.language.profile_forms import profile_to_toml
from corridor_model.scenario.language.profiles import Profile

CHANGE_WORDS: dict[type[Change], str] = {}
for _kind in (*WORK_CHANGES, *AIM_CHANGES, *EFFECT_CHANGES):
    CHANGE_WORDS[_kind] = "".join(
        f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(_kind.__name__)
    )
KINDS: dict[str, type[Change]] = {word: kind for kind, word in CHANGE_WORDS.items()}
"""Every change by the word that names it in a file: ``delay``, ``set_growth`` ..."""

TEXTS = ("name", "name_zh", "why_zh", "why_en")
SETTINGS = tuple(field.name for field in fields(Settings))


def scenarios_to_toml(scenarios: Iterable[Scenario]) -> str:
    """Return scenarios as the text of a TOML file; :func:`scenarios_from_toml` reads it back."""
    return "\n".join(_scenario_text(scenario) for scenario in scenarios)


def _scenario_text(scenario: Scenario) -> str:
    lines = ["[[scenario]]"]
    lines += [f"{k} = {_toml(v)}" for k in TEXTS if (v := getattr(scenario, k))]
    lines += [
        f"{name} = {_toml(value)}"
        for name in SETTINGS
        if (value := getattr(scenario.settings, name)) is not None
    ]
    for change in scenario.changes:
        lines += ["", "[[scenario.change]]", f"change = {_toml(CHANGE_WORDS[type(change)])}"]
        for field in fields(change):
            value = getattr(change, field.name)
            if value is not None and value is not False and value != "":
                lines.append(f"{field.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """Return one value as TOML; floats that are whole numbers stay floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Distribution):
        value = distribution_to_toml(value)
    if isinstance(value, Profile):
        value = profile_to_toml(value)
    return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
