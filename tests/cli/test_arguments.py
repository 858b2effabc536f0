"""What people pass by mistake is read if it can be, and named if it cannot, in both languages."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

import corridor_model as cm

PLAN = cm.load_plan()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("figures") / "mine.csv"
    path.write_text("indicator,period,value,unit\ngdp,2021,520,亿元\n", encoding="utf-8")
    return path


def asked(observations):
    """Return what every floor makes of the same figures."""
    gdp = {"indicator": "gdp"}
    return (
        float(cm.required_growth(PLAN, observations).loc["gdp", "actual"]),
        float(cm.assess(PLAN, observations)["p_reach"].sel(gdp)),
        float(cm.simulate(PLAN, observations=observations, draws=8)["p_reach"].sel(gdp).item()),
        cm.tornado(PLAN, "p_reach:gdp", observations=observations).attrs["base"],
    )


@pytest.mark.uncounted
def test_figures_may_be_given_as_a_file_or_a_table(file):
    loaded = asked(cm.load_observations(file, PLAN))
    assert loaded[0] == 520.0
    assert asked(file) == asked(str(file)) == asked(pd.read_csv(file)) == loaded


@pytest.mark.uncounted
def test_a_simulation_of_a_file_runs_again(file, tmp_path):
    made = cm.simulate(PLAN, observations=file, draws=64)
    cm.save_result(made, tmp_path / "result.nc")
    file.write_text("indicator,period,value,unit\ngdp,2021,100,亿元\n", encoding="utf-8")
    assert cm.rerun(tmp_path / "result.nc")["p_reach"].identical(made["p_reach"])


@pytest.mark.parametrize(
    ("call", "word", "zh"),
    [
        (lambda: cm.load_plan(3), "folder or a workbook", "路径"),
        (lambda: cm.load_plan(baselines=5), "5 cannot be read", "无法读取"),
        (lambda: cm.assess(PLAN, 3), "int cannot be read", ""),
        (lambda: cm.simulate(PLAN, observations=3), "int cannot be read", ""),
        (lambda: cm.simulate(PLAN, observations="no.csv"), "no.csv", ""),
        (lambda: cm.simulate(PLAN, 3), "load_scenarios", "载入"),
        (lambda: cm.simulate(PLAN, "late.toml"), "load_scenarios", "载入"),
        (lambda: cm.simulate(PLAN, quantiles="median"), "between 0 and 1", "分位数"),
        (lambda: cm.simulate(PLAN, client=3), "dask.distributed client", "客户端"),
        (lambda: cm.simulate(PLAN, correlation="high"), "a DataFrame; got 'high'", "因子载荷"),
        (lambda: cm.spending(PLAN, threads=0), "at least 1", "线程数"),
        (lambda: cm.write_workbook(PLAN, "plan.txt"), "ends in .xlsx", "改名"),
        (lambda: cm.growth_paths(PLAN, rates="10%"), "0.10 for 10 %", "小数"),
    ],
)
def test_what_cannot_be_read_is_named(call, word, zh):
    with pytest.raises(cm.CorridorError) as caught:
        call()
    assert word in str(caught.value)
    assert zh in caught.value.text("zh")


def takes_a_plan():
    """Return the public functions whose first argument is a plan, by name."""
    public = {name: getattr(cm, name) for name in dir(cm) if not name.startswith("_")}
    return {
        name: one
        for name, one in public.items()
        if callable(one) and next(iter(inspect.signature(one).parameters), "") == "plan"
    } | {"assess": cm.assess}  # a room that is called


NEEDED = {"output": "p_reach:gdp", "scenario": cm.Scenario("late"), "out": "out", "file": "x.xlsx"}
NEEDED |= {"folder": "forms", "as_of": "2021-09", "id": "gdp", "period": "2021-09"}


@pytest.mark.parametrize("name", takes_a_plan())
@pytest.mark.parametrize("wrong", [None, "data/longwan", cm.Scenario("late")], ids=str)
def test_what_is_no_plan_is_told_how_to_become_one(name, wrong):
    function = takes_a_plan()[name]
    parameters = inspect.signature(function).parameters
    with pytest.raises(cm.CorridorError, match=r"A plan is needed.*load_plan") as caught:
        function(wrong, **{key: value for key, value in NEEDED.items() if key in parameters})
    assert "请先用load_plan()载入" in caught.value.text("zh")


def test_that_speaks_of_every_floor():
    floors = {"growth_paths", "assess", "simulate", "tornado", "choose_projects", "write_report"}
    assert floors <= set(takes_a_plan())


def test_what_the_package_lists_is_public():
    for room in (cm, cm.sensitivity):
        listed = {name for name in dir(room) if not name.startswith("__")}
        assert listed == {name for name in room.__all__ if not name.startswith("__")}
