"""``corridor diff``: the settings of scenarios, beside their changes."""

from __future__ import annotations

import csv
import io
import json

import pytest

import corridor_model as cm
from corridor_model.cli import main

LATE = cm.Delay("binhai_avenue", 6)
SET = {"since": "2021-07", "escalation": 0.03, "paired": 0.5, "common": 0.2, "duration": 36}
WORDS = {
    "zh": [
        "· 改动从何时起算：规划第一天 → 2021-07",
        "· 移动的投资每年调价：0.0 % → 3.0 %",
        "· 同一项目超支与推迟的共同因子载荷：0 → 0.5",
        "· 全部项目超支与推迟的共同因子载荷：0 → 0.2",
        "· 没有印的开工或完工时间：规划首月或末月 → 按工期36个月推算",
    ],
    "en": [
        "· changes count from: the plan's first day → 2021-07",
        "· money that moves is dearer each year by: 0.0 % → 3.0 %",
        "· loading of overrun and delay of one work: 0 → 0.5",
        "· loading of overruns and delays of all works: 0 → 0.2",
        "· a date that is not printed lies at: the plan's first or last month → 36",
    ],
}


@pytest.fixture
def files(tmp_path):
    """Return the files of a scenario with all settings, and of one with none."""
    for name, changes, said in (("set", (LATE,), SET), ("bare", (), {}), ("only", (), SET)):
        scenario = cm.Scenario(name, *changes, **said)
        (tmp_path / f"{name}.toml").write_text(scenario.to_toml(), encoding="utf-8")
    return tmp_path


def printed(capsys, *asked):
    assert main(["diff", *map(str, asked)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["set", "only"])
def test_settings_that_differ_are_shown_with_and_without_changes(capsys, files, name, lang):
    said = printed(capsys, "as planned", files / f"{name}.toml", "--lang", lang)
    for line in WORDS[lang]:
        assert line in said
    assert said.count("· ") == len(SET) + (name == "set")  # dates that duration moves are its own
    back = printed(capsys, files / f"{name}.toml", files / "bare.toml", "--lang", lang)
    assert ("2021-07 → 规划第一天" if lang == "zh" else "2021-07 → the plan's first") in back
    same = printed(capsys, files / "set.toml", files / "set.toml", "--lang", lang)
    assert "→" not in same


@pytest.mark.parametrize("form", ["json", "csv"])
def test_settings_that_differ_are_rows_for_programs(capsys, files, form):
    said = printed(capsys, "as planned", files / "set.toml", "--format", form)
    rows = json.loads(said) if form == "json" else list(csv.DictReader(io.StringIO(said)))
    found = {row["setting"]: row for row in rows if row["change"] == "setting"}
    assert {name: str(row["value"]) for name, row in found.items()} == {
        name: str(value) for name, value in SET.items()
    }
    assert found["since"]["was"] == "plan"
    assert [row["months"] for row in rows if row["change"] == "delay"] == (
        [6.0] if form == "json" else ["6"]
    )
