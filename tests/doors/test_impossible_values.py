"""Values that a kind or a unit cannot have are refused at every door, in the same words."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.observations.load import load_observations
from corridor_model.plan.validation import level_mistake

STATIONS = indicator("stations", unit="个", name_zh="院士工作站")
RANK = indicator("place", "rank", unit="名")
PERCENTILE = indicator("percentile", "rank", unit="%")
SHARE = indicator("cover", "share")
MONEY = indicator("balance", unit="亿元")
GROWTH = indicator("growth", "growth")
FLOW = indicator("migration", unit="万人", nature="flow")
CHANGE = indicator("points", "change", unit="%")
COUNT = indicator("new", "cumulative")
EVERY = [STATIONS, RANK, PERCENTILE, SHARE, MONEY, GROWTH, FLOW, CHANGE, COUNT]
IMPOSSIBLE = [
    ("stations", -3, "-3 is negative"),
    ("new", -1, "-1 is negative"),
    ("cover", -0.5, "outside 0 to 100"),
    ("cover", 100.5, "outside 0 to 100"),
    ("place", 0, "a rank of 0 is not positive"),
    ("place", 2.5, "a rank of 2.5 is none: places are 1, 2, 3"),
    ("place", 0.5, "a rank of 0.5 is none"),
    ("percentile", -1, "a rank of -1 is not positive"),
]
POSSIBLE = [
    ("stations", 0),
    ("place", 1),
    ("percentile", 0.5),
    ("balance", -3),
    ("migration", -2),
    ("growth", -3),
    ("points", -3),
    ("cover", 0),
    ("new", 0),
]


@pytest.fixture(scope="module")
def small():
    targets = [
        target(one["id"], 90, "at_most" if one["kind"] == "rank" else "at_least", places=("1",))
        for one in EVERY
    ]
    return plan_of(indicators=EVERY, targets=targets)


def frame(name, value, **more):
    return pd.DataFrame({"indicator": [name], "period": ["2020"], "value": [value], **more})


def doors(plan, name, value, tmp_path):
    """Yield every way in which a figure or a start comes in, as a function without arguments."""
    figures = tmp_path / "figures.csv"
    frame(name, value).to_csv(figures, index=False)
    yield lambda: load_observations(frame(name, value), plan)
    yield lambda: load_observations(figures, plan)
    yield lambda: cm.assess(plan, figures, 2020)
    start = pd.DataFrame({"indicator": [name], "year": [2019], "value": [value]})
    yield lambda: plan.with_baselines({name: value}, year=2019)
    yield lambda: plan.with_baselines(start)
    yield lambda: plan.with_tables(baselines=start)


@pytest.mark.parametrize(("name", "value", "words"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_everywhere(small, tmp_path, name, value, words):
    for door in doors(small, name, value, tmp_path):
        with pytest.raises(cm.PlanError, match="value") as error:
            door()
        assert words in str(error.value)
        assert error.value.text("zh") != str(error.value)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "value"), POSSIBLE)
def test_what_can_be_is_taken_everywhere(small, tmp_path, name, value):
    for door in doors(small, name, value, tmp_path):
        door()


def test_the_commands_and_the_store_refuse_it_too(tmp_path, capsys):
    store = tmp_path / "store.csv"
    known = cm.load_plan().indicators
    name = next(
        one for one, record in known.items() if record.kind == "rank" and record.unit == "名"
    )
    figures = tmp_path / "figures.csv"
    frame(name, 2.5).to_csv(figures, index=False)
    assert main(["observe", "add", str(figures), "--store", str(store), "--lang", "en"]) != 0
    assert "a rank of 2.5 is none" in "".join(capsys.readouterr())
    assert not store.exists()
    starts = tmp_path / "baselines.csv"
    starts.write_text(f"indicator,year,value\n{name},2019,2.5\n", encoding="utf-8")
    assert main(["required", "--baselines", str(starts), "--lang", "en"]) != 0
    assert "a rank of 2.5 is none" in "".join(capsys.readouterr())
    with pytest.raises(cm.PlanError, match="2.5"):
        cm.load_plan(baselines=starts)


def test_a_panel_refuses_it_too():
    rows = [
        ("stations", "level", "at_least", 9, "个", -3, "-3 is negative"),
        ("place", "rank", "at_most", 9, "名", 2.5, "a rank of 2.5 is none"),
        ("balance", "level", "at_least", 9, "亿元", -3, ""),
        ("percentile", "rank", "at_most", 9, "%", 2.5, ""),
    ]
    for name, kind, sense, goal, unit, value, words in rows:
        goals = {"kind": kind, "sense": sense, "value": goal, "year": 2022, "unit": unit}
        targets = pd.DataFrame([{"region": "a", "indicator": name, **goals}])
        figure = {"region": "a", "indicator": name, "year": 2020, "value": value}
        values = pd.DataFrame([figure])
        if not words:
            assert len(cm.assess_panel(targets, values)["status"]) == 1
            continue
        with pytest.raises(cm.PlanError) as error:
            cm.assess_panel(targets, values)
        assert words in str(error.value)


def test_a_scenario_refuses_it_too(small):
    plan = plan_of(
        indicators=[STATIONS], targets=[target("stations", 9)], baselines=[baseline("stations", 3)]
    )
    change = cm.Scenario("s", cm.SetBaseline("stations", 2018, -3))
    with pytest.raises(cm.CorridorError, match="-3 is negative"):
        cm.simulate(plan, [change], draws=64)


def test_a_stock_in_a_unit_that_counts_nothing_may_fall_below_none():
    assert level_mistake("level", -3, "℃") is None
    assert level_mistake("level", -3, None) is None
    assert level_mistake(None, -3) is None
    assert level_mistake("level", -3, "套") is not None
