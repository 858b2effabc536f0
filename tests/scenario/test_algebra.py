"""Scenarios as data: composition, difference, both forms, and what is refused whole."""

from __future__ import annotations

import json
import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.paths import TESTS

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import CorridorError, PlanError
from corridor_model.scenario.changes import KINDS
from corridor_model.scenario.read_toml import load_scenarios, scenarios_from_toml, shipped_scenarios
from corridor_model.scenario.resolve import resolve
from corridor_model.scenario.scenario import scenarios_to_toml
from corridor_model.text.scenario import scenario_text

PLAN = cm.load_plan()
WRONG = sorted((TESTS / "wrong_scenarios").glob("*.toml"))

selectors = st.one_of(
    st.sampled_from(["binhai_avenue", "maoyong_road", "community_bus"]).map(
        lambda i: {"target": i}
    ),
    st.sampled_from(["road", "public_transport"]).map(lambda c: {"category": c}),
    st.sampled_from(["区交通局", "龙湾城市中心区管委会"]).map(lambda u: {"unit": u}),
    st.just({"all": True}),
)
months = st.one_of(st.integers(0, 36), st.just(cm.PERT(0, 6, 24)))
factors = st.one_of(st.floats(0.5, 2), st.just(cm.Lognormal(mean=1.204, sd=0.299)), st.just(1))
indicators = st.sampled_from(["gdp", "tech_contract_growth", "rd_to_gdp"])


def works(kind, **more):
    return st.builds(lambda s, m: kind(**s, **m), selectors, st.fixed_dictionaries(more))


changes = st.one_of(
    works(cm.Delay, months=months, mode=st.sampled_from(["move", "stretch"])),
    works(cm.Accelerate, months=months),
    works(cm.Overrun, factor=factors),
    works(cm.Cancel),
    works(cm.SetInvestment, value=st.floats(0.1, 99)),
    works(cm.SetProfile, profile=st.sampled_from([cm.Smoothstep(), cm.Even(), cm.SCurve(2, 3)])),
    works(cm.SetDates, start=st.just("2020-03"), end=st.sampled_from(["2021", "2024-02"])),
    works(cm.SetDates, end=st.sampled_from(["2023", "2024-02"])),
    works(cm.SetDates, start=st.sampled_from(["2017", "2018-02"])),
    works(cm.AsPlanned, what=st.sampled_from(["schedule", "factor", "cancelled", "dates"])),
    works(cm.SetEffect, indicator=indicators, per_unit=st.floats(-1, 1), lag=st.integers(0, 2)),
    works(cm.EffectAsPlanned, indicator=indicators),
    st.builds(cm.SetGrowth, indicators, st.floats(-0.1, 0.3)),
    st.builds(
        cm.SetBaseline,
        st.sampled_from(["gdp", "rd_to_gdp"]),
        st.integers(2018, 2019),
        st.floats(1, 150),
    ),
    st.builds(cm.SetTarget, indicators, st.floats(12, 150)),
    st.builds(
        lambda i, w: cm.AsForecast(i, what=w), indicators, st.sampled_from(["growth", "target"])
    ),
)
scenarios = st.builds(
    lambda c, s: cm.Scenario("s", *c, **s),
    st.lists(changes, max_size=5),
    st.fixed_dictionaries(
        {},
        optional={
            "since": st.sampled_from(["2020-01-01", "2020-07", "2021", "plan"]),
            "escalation": st.sampled_from([0.0, 0.03]),
            "paired": st.sampled_from([0.0, 0.5]),
            "duration": st.sampled_from([0, 36]),
        },
    ),
)


def resolved(scenario):
    """Return what a scenario means, or the words of its refusal."""
    try:
        return resolve(PLAN, scenario)
    except PlanError:
        return None


@pytest.mark.slow
@given(scenarios, scenarios)
@settings(max_examples=300)
def test_a_plus_the_difference_means_b(a, b):
    meant = resolved(b)
    if meant is None:
        return
    assert resolve(PLAN, a + a.diff(b)) == meant
    if resolved(a) is not None:
        assert resolve(PLAN, a + a.diff(b, PLAN)) == meant
        assert (resolved(a) != meant) or not a.diff(b, PLAN).changes


@pytest.mark.uncounted
@given(scenarios, scenarios, scenarios)
def test_composition_is_associative(a, b, c):
    assert ((a + b) + c).changes == (a + (b + c)).changes
    assert ((a + b) + c).settings == (a + (b + c)).settings
    assert resolved((a + b) + c) == resolved(a + (b + c))


@pytest.mark.uncounted
@given(scenarios)
def test_nothing_added_and_twice_the_same_change_nothing(a):
    nothing = cm.Scenario("as planned")
    assert resolved(a + nothing) == resolved(nothing + a) == resolved(a)
    assert resolved(a + a) == resolved(a)
    assert a.diff(a).changes == ()


FIELDS = {
    "schedule": cm.Delay(category="road", months=6),
    "factor": cm.Overrun(all=True, factor=1.3),
    "cancelled": cm.Cancel(unit="区交通局"),
    "investment": cm.SetInvestment("brt_line_9", value=2.0),
    "growth": cm.SetGrowth("gdp", 0.07),
    "effect": cm.SetEffect(category="road", indicator="gdp", per_unit=0.1),
}


@given(st.permutations(list(FIELDS)))
def test_changes_of_different_fields_commute(order):
    made = resolve(PLAN, cm.Scenario("x", *(FIELDS[name] for name in order)))
    assert made == resolve(PLAN, cm.Scenario("y", *FIELDS.values()))


def test_the_later_change_wins_on_the_same_field_only():
    a = cm.Scenario("a", cm.Delay("binhai_avenue", 24), cm.Overrun("binhai_avenue", factor=1.5))
    b = cm.Scenario("b", cm.Delay("binhai_avenue", 6))
    work = resolve(PLAN, a + b).work("binhai_avenue")
    assert (work.months, work.factor) == (6.0, 1.5)
    work = resolve(PLAN, b + a).work("binhai_avenue")
    assert (work.months, work.factor) == (24.0, 1.5)


def test_as_planned_is_no_scenario():
    plain = resolve(PLAN)
    assert resolve(PLAN, cm.Scenario("as planned")) == plain
    still = cm.Scenario("still", cm.Delay(all=True, months=0), cm.Overrun(all=True, factor=1.0))
    assert resolve(PLAN, still) == plain
    assert resolve(PLAN, cm.Scenario("x", since="2020-01-01")) == plain
    a, b = (
        cm.spending(PLAN).isel(scenario=0, drop=True),
        cm.spending(PLAN, still).isel(scenario=0, drop=True),
    )
    assert (a["spending"].fillna(-1) == b["spending"].fillna(-1)).all()


def test_cancel_is_remove(tmp_path):
    """A work cancelled before it began leaves the rest exactly as if it had never been."""
    import csv

    PLAN.to_folder(tmp_path)
    for name in ("projects", "effects"):
        file = tmp_path / f"{name}.csv"
        rows = list(csv.reader(file.read_text("utf-8").splitlines()))
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(r for r in rows if r[0] != "maoyong_road")
    less = cm.load_plan(tmp_path)
    assert "maoyong_road" not in less.projects
    roads = cm.Overrun(category="road", factor=cm.Lognormal(mean=1.204, sd=0.299))
    without = cm.spending(less, cm.Scenario("x", roads)).isel(scenario=0, drop=True)
    cancelled = cm.spending(PLAN, cm.Scenario("x", roads, cm.Cancel("maoyong_road"))).isel(
        scenario=0, drop=True
    )
    years = without["spending_year"].values
    others = [name for name in PLAN.projects if name != "maoyong_road"]
    left = cancelled["spending"].sel(project=others, spending_year=years).fillna(-1)
    assert (left.values == without["spending"].sel(project=others).fillna(-1).values).all()
    assert cancelled["programme"].sel(spending_year=years).values == pytest.approx(
        without["programme"].values, rel=1e-15
    )
    assert float(cancelled["total"].sel(project="maoyong_road")) == 0


@pytest.mark.uncounted
def test_order_of_works_changes_nothing_but_the_order(tmp_path):
    import csv

    PLAN.to_folder(tmp_path)
    file = tmp_path / "projects.csv"
    head, *rows = csv.reader(file.read_text("utf-8").splitlines())
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *reversed(rows)])
    asked = shipped_scenarios()
    a, b = (
        cm.spending(PLAN, asked).isel(scenario=0, drop=True),
        cm.spending(cm.load_plan(tmp_path), asked).isel(scenario=0, drop=True),
    )
    same = b["spending"].sel(project=a["project"].values).fillna(-1)
    assert (a["spending"].fillna(-1).values == same.values).all()


def test_a_scenario_is_a_value():
    a = cm.Scenario("a", cm.Delay("binhai_avenue", 12), since="2020-01-01")
    assert {a: 1}[cm.Scenario("a", cm.Delay("binhai_avenue", months=12.0), since="2020-01-01")] == 1
    assert pickle.loads(pickle.dumps(a)) == a
    with pytest.raises(AttributeError):
        a.name = "b"
    with pytest.raises(AttributeError):
        a.changes[0].months = 1


@given(st.lists(scenarios, min_size=1, max_size=4))
def test_toml_both_ways(listed):
    named = [
        cm.Scenario(f"s{i}", *s.changes, settings=s.settings, why_zh='引"号\n')
        for i, s in enumerate(listed)
    ]
    assert list(scenarios_from_toml(scenarios_to_toml(named))) == named


@given(scenarios)
def test_words_in_both_languages(scenario):
    for lang in ("zh", "en"):
        lines = scenario_text(scenario, PLAN, lang)
        assert all(line and "None" not in line for line in lines)
        assert len(lines) >= len(scenario.changes)


def test_the_difference_names_what_differs():
    a = cm.Scenario("a", cm.Delay("binhai_avenue", 12), cm.Overrun(category="road", factor=1.2))
    b = cm.Scenario("b", cm.Delay("binhai_avenue", 24), cm.Overrun(category="road", factor=1.2))
    assert a.diff(b).changes == (cm.Delay("binhai_avenue", 24),)
    assert a.diff(cm.Scenario("none")).changes == (
        cm.AsPlanned("binhai_avenue", what="schedule"),
        cm.AsPlanned(category="road", what="factor"),
    )
    group = cm.Scenario("g", cm.Delay(category="road", months=12))
    by_work = group.diff(b, PLAN)
    assert cm.AsPlanned("maoyong_road", what="schedule") in by_work.changes


def test_what_stands_in_both_is_not_said_again():
    # the second change of a field stands on the first, which both share
    first, second = cm.Delay(category="road", months=6), cm.Delay("binhai_avenue", 12)
    a, b = cm.Scenario("a", first), cm.Scenario("b", first, second)
    assert a.diff(b).changes == (second,)
    # what is taken back may have stood on the shared one: it is set again
    assert b.diff(a).changes == (cm.AsPlanned("binhai_avenue", what="schedule"), first)
    assert resolve(PLAN, b + b.diff(a)) == resolve(PLAN, a)


def test_growth_and_effects_that_are_set_are_taken_back():
    growth, effect = cm.SetGrowth("gdp", 0.08), cm.SetEffect("binhai_avenue", "gdp", 0.5)
    none = cm.Scenario("none")
    aim, work = cm.Scenario("g", growth), cm.Scenario("e", effect)
    assert none.diff(aim).changes == (growth,)
    assert aim.diff(aim + none).changes == ()
    assert aim.diff(none).changes == (cm.AsForecast("gdp", what="growth"),)
    assert work.diff(none).changes == (cm.EffectAsPlanned("binhai_avenue", indicator="gdp"),)
    # with a plan, values are compared: one effect is set, one taken back, one stays
    assert none.diff(work, PLAN).changes == (effect,)
    assert work.diff(none, PLAN).changes == (cm.EffectAsPlanned("binhai_avenue", indicator="gdp"),)
    assert work.diff(work + cm.Scenario("same"), PLAN).changes == ()


def test_with_a_plan_every_field_of_a_work_is_named():
    none = cm.Scenario("none")
    for change in (
        cm.Cancel("binhai_avenue"),
        cm.SetProfile("binhai_avenue", profile=cm.Smoothstep()),
        cm.Accelerate("binhai_avenue", 3),
        cm.SetInvestment("binhai_avenue", 7.5),
    ):
        assert none.diff(cm.Scenario("b", change), PLAN).changes == (change,)


# ---- the shipped set ----


def test_the_shipped_scenarios_say_why_in_both_languages():
    shipped = shipped_scenarios()
    assert [s.name for s in shipped] == [
        "as planned",
        "expressway and avenue 12 months late",
        "expressway and avenue 24 months late",
        "roads at reference-class overrun",
        "bus and BRT brought forward",
        "growth targets missed by a third",
        "growth targets met",
        "growth targets exceeded by a third",
        "slow",
        "fast",
        "the office's question",
    ]
    for scenario in shipped:
        assert scenario.why_en.endswith((".", "?"))
        assert re.search("[一-鿿]", scenario.why_zh)
        assert re.search("[一-鿿]", scenario.name_zh)
        resolve(PLAN, scenario)
    growing = {c.indicator for c in shipped[6].changes}
    assert growing == {i.id for i in PLAN.indicators.values() if i.kind == "growth"}
    for change in shipped[6].changes:
        assert change.mean * 100 == pytest.approx(PLAN.indicators[change.indicator].target.value)


def test_what_the_shipped_scenarios_say_of_the_programme():
    made = cm.spending(PLAN, shipped_scenarios())
    beyond = made["beyond_horizon"].sum("project")
    at = {name: beyond.sel(scenario=name).item() for name in made["scenario"].values}
    # half a year of 80/4 and of 42/4 each, for every half year they move
    assert at["expressway and avenue 12 months late"] - at["as planned"] == pytest.approx(20 + 10.5)
    assert at["expressway and avenue 24 months late"] - at["as planned"] == pytest.approx(40 + 21)
    done = made["p_done_by"].sel(project="bus_terminals", spending_year=2021)
    assert done.sel(scenario="as planned").item() == 0
    assert done.sel(scenario="bus and BRT brought forward").item() == 1
    total = made["total"].sel(project="jinliwen_expressway")
    assert total.sel(scenario="the office's question").item() == pytest.approx(96)


# ---- what is refused ----


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_wrong_scenarios_are_refused_with_a_remedy(file):
    words = file.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").split(" | ")
    with pytest.raises(CorridorError) as caught:
        cm.spending(PLAN, load_scenarios(file))
    for word in words:
        assert re.search(word, str(caught.value)), str(caught.value)
    if isinstance(caught.value, PlanError):
        assert re.search("[一-鿿]", caught.value.text("zh"))


def test_all_mistakes_of_a_scenario_are_told_at_once():
    wrong = cm.Scenario("x", cm.Cancel("a"), cm.Delay("b", 3), cm.SetGrowth("c", 0.1))
    with pytest.raises(PlanError) as caught:
        resolve(PLAN, wrong)
    assert len(caught.value.problems) == 3
    text = "[[scenario]]\nname='x'\nsinse=1\n"
    text += "[[scenario.change]]\nchange='dellay'\n[[scenario.change]]\n"
    with pytest.raises(PlanError) as caught:
        scenarios_from_toml(text, "mine.toml")
    assert len(caught.value.problems) == 3
    assert all("mine.toml" in p.file for p in caught.value.problems)


def test_a_cancellation_that_a_later_one_replaces_is_not_asked_about():
    """A group may hold finished works, also where one of them was cancelled by name before."""
    a = cm.Scenario("a", cm.Cancel("yandang_middle_road"))
    b = cm.Scenario("b", cm.Cancel(category="road"), since="2022")
    assert resolve(PLAN, a + a.diff(b)) == resolve(PLAN, b)
    with pytest.raises(PlanError, match="yandang_middle_road"):
        resolve(PLAN, b + a)


def test_a_group_may_hold_finished_works():
    made = cm.spending(PLAN, cm.Scenario("x", cm.Cancel(category="road"), since="2022")).isel(
        scenario=0, drop=True
    )
    assert float(made["total"].sel(project="yandang_middle_road")) == pytest.approx(1.68)
    assert float(made["total"].sel(project="jinliwen_expressway")) == pytest.approx(40)
    assert made["p_done_by"].sel(project="yandang_middle_road", spending_year=2022).item() == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: cm.Scenario(""),
        lambda: cm.Scenario("x", "late"),
        lambda: cm.Scenario("x", sinse="2020"),
        lambda: cm.Scenario("x", escalation=5),
        lambda: cm.Scenario("x", duration=-1),
        lambda: cm.Delay("x", "12"),
        lambda: cm.Delay("x", True),
        lambda: cm.Delay("x", float("inf")),
        lambda: cm.Delay("x", 5000),
        lambda: cm.Delay(3, 12),
        lambda: cm.Delay("", 12),
        lambda: cm.SetInvestment("x", cm.Fixed(3)) and cm.SetInvestment("x", cm.Uniform(1, 2)),
        lambda: cm.SetProfile("x", "even"),
        lambda: cm.SetEffect("x", "gdp", 0.2, lag=0.5),
        lambda: cm.SetEffect("x", "gdp", 0.2, decay=2),
        lambda: cm.SetBaseline("gdp", 19, 3),
        lambda: cm.SetGrowth("gdp", float("nan")),
        lambda: cm.AsPlanned("x", what="colour"),
        lambda: cm.AsForecast("gdp", what="baseline"),
        lambda: cm.spending(PLAN, []),
        lambda: cm.spending(PLAN, [cm.Scenario("a"), cm.Scenario("a")]),
        lambda: cm.spending(PLAN, quantiles=(0, 0.5)),
        lambda: load_scenarios("no_such_file.toml"),
    ],
)
def test_changes_that_are_none(make):
    with pytest.raises(CorridorError):
        make()


def test_every_change_has_a_word_in_files():
    assert set(KINDS) == {
        *("delay", "accelerate", "overrun", "cancel", "set_investment", "set_dates"),
        *("set_profile", "as_planned", "set_growth", "set_baseline", "set_target"),
        *("as_forecast", "set_effect", "effect_as_planned"),
    }


# ---- corridor diff ----


@pytest.mark.uncounted
def test_diff_on_the_command_line(capsys, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(cm.Scenario("mine", cm.Delay("binhai_avenue", 6)).to_toml(), encoding="utf-8")
    assert main(["diff", "as planned", str(file), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "Binhai Avenue expressway (national road 228): 6 months later" in out
    assert main(["diff", "按计划", "慢", "--lang", "zh"]) == 0
    assert "推迟24个月" in capsys.readouterr().out
    assert main(["diff", "as planned", "slow", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"change", "target", "months"} <= set(rows[0])
    assert main(["diff", "slow", "slow", "--lang", "en"]) == 0
    assert "same" in capsys.readouterr().out
    assert main(["diff", "slow", "sloww", "--lang", "en"]) == 1
    assert "Did you mean 'slow'" in capsys.readouterr().err
