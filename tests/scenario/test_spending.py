"""Spending and openings under any change: S11, the real programme by hand, origins (S5, S9)."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import CorridorError
from corridor_model.periods import end_of, first_month, last_month, start_of
from corridor_model.plan.plan import Plan
from corridor_model.scenario.changes import AsPlanned
from corridor_model.scenario.money_under_delay import end_of_work, yearly, yearly_work
from corridor_model.scenario.profiles import (
    PROFILES,
    Profile,
    ProfileError,
    profile_from_toml,
    profile_to_toml,
)
from corridor_model.scenario.resolve import resolve
from corridor_model.scenario.work import Timeline, Work, effects_of, spread
from corridor_model.tabular.table import from_rows

PLAN = cm.load_plan()
profiles = st.one_of(
    st.just(cm.Even()),
    st.just(cm.Smoothstep()),
    st.builds(cm.SCurve, st.floats(0.5, 8), st.floats(0.5, 8)),
    st.builds(cm.Logistic, st.floats(1, 30), st.floats(0.1, 0.9)),
    st.builds(cm.Rayleigh, st.floats(0.1, 2)),
    st.builds(cm.FrontLoaded, st.floats(0.3, 6)),
    st.just(cm.DHSS(0.134, 3.884)),
    st.lists(st.floats(0, 9), min_size=1, max_size=8)
    .filter(any)
    .map(lambda s: cm.ShareTable(tuple(s))),
)


@st.composite
def works(draw):
    start = 12 * 2018 + draw(st.integers(0, 72))
    return Work(
        id="w",
        start=start,
        end=start + draw(st.integers(1, 90)),
        dates_origin="document",
        rule="",
        investment=1.0,
        investment_origin="document",
        since=12 * 2018 + draw(st.integers(0, 90)),
        mode=draw(st.sampled_from(["move", "stretch", "accelerate"])),
        profile=draw(profiles),
    )


BOUNDS = 12.0 * np.arange(2010, 2160)
months = st.floats(0, 300).map(lambda x: round(x, 3))
factors = st.floats(0.1, 5)


@given(works(), st.lists(months, min_size=1, max_size=4), factors)
def test_money_is_conserved_under_any_delay_and_overrun(work, late, factor):
    """S11: before + inside + beyond = what was spent + factor × the rest, in every draw."""
    made = yearly_work(work, np.array(late), np.array([factor]), BOUNDS)
    settled = work.timeline.sunk
    total = settled + factor * (1 - settled)
    assert made.cost.sum(axis=0) == pytest.approx(np.full(len(late), total), rel=1e-12)
    assert made.progress.sum(axis=0) == pytest.approx(np.ones(len(late)), rel=1e-12)
    assert (made.cost >= 0).all()
    assert (made.progress >= 0).all()


@pytest.mark.uncounted
@settings(max_examples=40)
@given(
    st.sampled_from(["move", "stretch", "accelerate"]),
    st.integers(0, 120),
    st.sampled_from(["2012-01", "2016-07", "2020-01", "2022-06"]),
    st.floats(0.5, 2),
)
def test_the_plans_money_adds_up_from_any_date_on(mode, late, since, factor):
    """S11 on the real plan; changes may count from before the plan's first day."""
    change = (
        cm.Accelerate(all=True, months=late)
        if mode == "accelerate"
        else cm.Delay(all=True, months=late, mode=mode)
    )
    scenario = cm.Scenario("x", change, cm.Overrun(all=True, factor=factor), since=since)
    made = cm.spending(PLAN, scenario).isel(scenario=0, drop=True)
    parts = made["before_plan"] + made["inside_plan"] + made["beyond_horizon"]
    resolved = resolve(PLAN, scenario)
    for work in resolved.works:
        if work.investment is None:
            continue
        settled = 1.0 if work.finished else work.timeline.sunk
        want = work.investment * (settled + factor * (1 - settled))
        assert float(parts.sel(project=work.id)) == pytest.approx(want, rel=1e-9), work.id


@given(works())
def test_no_delay_and_factor_1_change_nothing_to_the_bit(work):
    plain = np.diff(work.timeline.planned(BOUNDS))
    made = yearly_work(work, np.array([0.0]), np.array([1.0]), BOUNDS, escalation=0.0)
    if work.mode == "move":
        assert made.progress[:, 0].tolist() == plain.tolist()
    assert made.progress[:, 0] == pytest.approx(plain, abs=1e-12)
    assert made.cost[:, 0] == pytest.approx(plain, abs=1e-12)
    assert float(made.end[0]) == work.end


@given(works(), months, factors, st.floats(-0.1, 0.2))
def test_what_was_spent_before_since_stays(work, late, factor, escalation):
    year = work.since // 12
    bounds = np.array([12.0 * 2000, work.since, 12.0 * (year + 200)])
    made = yearly_work(work, np.array([late]), np.array([factor]), bounds, escalation)
    assert made.cost[0, 0] == pytest.approx(work.timeline.sunk, abs=1e-12)


@given(works(), months, months)
def test_a_longer_delay_is_never_ahead(work, less, more):
    less, more = sorted((less, more))
    made = yearly_work(work, np.array([less, more]), np.array([1.0]), BOUNDS)
    done = made.progress.cumsum(axis=0)
    if work.mode == "accelerate":
        done = done[:, ::-1]
        assert made.end[1] <= made.end[0]
        assert made.end[1] >= min(work.since, work.end)
    else:
        assert made.end[1] >= made.end[0]
    if work.mode != "accelerate" or work.start >= work.since:
        assert (done[:, 0] >= done[:, 1] - 1e-9).all()


@given(works(), months)
def test_a_moved_work_keeps_its_duration_and_a_stretched_one_its_start(work, late):
    begins, ends = work.timeline.rest(work.mode, np.array([late]))
    line = work.timeline
    if line.finished:
        assert ends[0] == work.end
    elif work.mode == "move":
        assert ends[0] - begins[0] == pytest.approx(work.end - line.pivot)
    elif work.mode == "stretch":
        assert begins[0] == line.pivot
    else:
        assert begins[0] >= work.since
        assert ends[0] > begins[0]


@given(works(), months, factors)
def test_a_cancelled_work_has_spent_what_it_had_spent(work, late, factor):
    from dataclasses import replace

    gone = replace(work, cancelled=True)
    made = yearly_work(gone, np.array([late]), np.array([factor]), BOUNDS, 0.1)
    assert made.cost.sum() == pytest.approx(work.timeline.sunk, abs=1e-12)
    expected = work.end if work.finished else np.inf
    assert end_of_work(gone, np.array([late]))[0] == expected


def test_escalation_of_a_moved_work_is_the_years_it_moved():
    work = resolve(PLAN).work("jinliwen_expressway")
    made = yearly_work(work, np.array([24.0]), np.array([1.0]), BOUNDS, escalation=0.05)
    assert 80 * made.cost.sum() == pytest.approx(80 * 1.05**2, rel=1e-12)
    assert made.progress.sum() == pytest.approx(1)


@given(profiles)
def test_profiles_rise_from_0_to_1_and_survive_their_form(profile: Profile):
    x = np.linspace(0, 1, 201)
    y = profile.cumulative(x)
    assert y[0] == 0
    assert y[-1] == 1
    assert (np.diff(y) >= -1e-12).all()
    assert profile.cumulative([-1, 2]).tolist() == [0, 1]
    assert profile_from_toml(profile_to_toml(profile)) == profile
    assert hash(profile) == hash(profile_from_toml(profile_to_toml(profile)))


@given(profiles, st.integers(0, 200), st.integers(1, 200))
def test_years_add_up_whatever_the_profile(profile, start, length):
    begins = 12 * 2000 + start
    years = -(-(start + length) // 12)
    made = yearly(120.0, begins, begins + length, profile, 2000, years)
    assert made.sum() == pytest.approx(120.0, rel=1e-13)
    assert len(made) == years


def test_smoothstep_is_the_beta_curve():
    x = np.linspace(0, 1, 50)
    assert cm.Smoothstep().cumulative(x) == pytest.approx(cm.SCurve(2, 2).cumulative(x), abs=1e-14)


@pytest.mark.parametrize(
    "make",
    [
        lambda: cm.SCurve(0, 1),
        lambda: cm.SCurve(float("nan"), 1),
        lambda: cm.Logistic(10, 1.0),
        lambda: cm.Rayleigh(-1),
        lambda: cm.FrontLoaded(True),
        lambda: cm.DHSS(3.0, 2.0),
        lambda: cm.DHSS(0.1, 0),
        lambda: cm.ShareTable(()),
        lambda: cm.ShareTable((0, 0)),
        lambda: cm.ShareTable((1, -1)),
        lambda: cm.ShareTable("ab"),
        lambda: profile_from_toml({"profile": "wave"}),
        lambda: profile_from_toml({"profile": "even", "power": 2}),
    ],
)
def test_profiles_that_are_none(make):
    with pytest.raises(ProfileError):
        make()


def test_every_profile_has_a_word():
    assert all(issubclass(kind, Profile) for kind in PROFILES.values())
    assert len(PROFILES) == 8


def test_printed_dates_are_months():
    assert (start_of("2020"), end_of("2020")) == (24240, 24252)
    assert (start_of("2019-12"), end_of("2021-12")) == (24239, 24264)
    assert last_month(end_of("2020")) == "2020-12"
    assert first_month(start_of("2020")) == "2020-01"


# ---- the real programme, recomputed by hand from the printed cells ----

PRINTED = {  # start, end (inclusive months), money
    "jinliwen_expressway": ("2020-01", "2023-12", 80),
    "binhai_avenue": ("2021-01", "2024-12", 42),
    "weiken_road": ("2019-12", "2021-12", 4),
    "tonghai_avenue_west": ("2020-01", "2023-12", 7.45),
    "yongchang_road": ("2020-01", "2023-12", 20.58),
    "maoyong_road": ("2022-01", "2025-12", 17.8),
    "airport_link_road": ("2021-01", "2025-12", 20.8),
    "yandang_middle_road": ("2020-01", "2020-12", 1.68),
    "xingqu_road": ("2019-12", "2021-12", 0.27),
    "oujiang_road_east": ("2019-12", "2020-12", 0.2),
    "tiedao_south_road": ("2020-01", "2021-12", 0.46),
    "bus_lanes": ("2020-01", "2022-12", 0.03),
    "key_block_bus_routes": ("2020-01", "2022-12", 0.2),
}
ASSUMED = {
    "huanshan_east_road": ("2020-01", "2022-12", 10.5),
    "wenzhou_avenue_east": ("2020-01", "2022-12", 12.75),
    "nanyang_avenue_overhaul": ("2020-01", "2020-01", 0.871),
    "wenzhou_avenue_brt_station": ("2020-01", "2020-06", 0.132),
}


def by_month(start, end, money):
    """Spread money month by month, the slow way."""
    first, last = (int(d[:4]) * 12 + int(d[5:]) - 1 for d in (start, end))
    out: dict[int, float] = {}
    for month in range(first, last + 1):
        out[month // 12] = out.get(month // 12, 0.0) + money / (last - first + 1)
    return out


def test_the_real_programme_by_year_and_work():
    made = cm.spending(PLAN).isel(scenario=0, drop=True)
    assert made["spending_year"].values.tolist() == list(range(2019, 2026))
    for name, cells in {**PRINTED, **ASSUMED}.items():
        found = made["spending"].sel(project=name)
        for year, money in by_month(*cells).items():
            assert float(found.sel(spending_year=year)) == pytest.approx(money, rel=1e-12), name
        assert float(found.sum()) == pytest.approx(cells[2], rel=1e-13)
    assert (made.attrs["n_known"], made.attrs["n_works"]) == (17, 24)
    unknown = made["spending"].isnull().all("spending_year").values
    assert unknown.sum() == 7
    assert (made["spending_reason"].values[unknown] == "unknown_investment").all()
    assert (made["known"].values == ~unknown).all()
    assert float(made["programme"].sum()) == pytest.approx(219.723, rel=1e-13)


@pytest.mark.uncounted
def test_known_money_is_counted_in_each_scenario_and_in_the_plan():
    set_ = cm.Scenario("set", cm.SetInvestment(all=True, value=2.0))
    for asked in ([set_, cm.Scenario("as planned")], [cm.Scenario("as planned"), set_], set_):
        for made in (cm.spending(PLAN, asked), cm.simulate(PLAN, asked, draws=16)):
            assert (made.attrs["n_known"], made.attrs["n_works"]) == (17, 24)
            assert len(made.attrs["unknown"].split("; ")) == 7
            names = np.atleast_1d(made["scenario"].values) if "scenario" in made.coords else ["set"]
            counts = np.atleast_1d(made["known_works"].values).tolist()
            assert counts == [24 if name == "set" else 17 for name in names]


@pytest.mark.parametrize(
    ("lang", "both", "same"),
    [
        ("zh", "24项中17至18项投资已知，因情景而异", "24项中18项投资已知；"),
        ("en", "17 to 18 of 24 known, by scenario", "(18 of 24 known; "),
    ],
)
def test_the_command_line_says_how_much_is_known_in_its_scenarios(
    tmp_path, capsys, lang, both, same
):
    set_ = cm.SetInvestment(
        str(cm.spending(PLAN).isel(scenario=0, drop=True).attrs["unknown"]).split("; ")[0], 2.0
    )
    for name, more in (("set", ()), ("late", (cm.Delay("binhai_avenue", 6),))):
        text = cm.Scenario(name, set_, *more).to_toml()
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    mine, late = str(tmp_path / "set.toml"), str(tmp_path / "late.toml")
    assert main(["diff", "as planned", mine, "--lang", lang]) == 0
    assert both in capsys.readouterr().out
    assert main(["diff", mine, late, "--lang", lang]) == 0
    assert same in capsys.readouterr().out


@pytest.mark.uncounted
@pytest.mark.parametrize("asked", [None, cm.Scenario("x"), [cm.Scenario("x"), cm.Scenario("y")]])
def test_spending_and_simulate_have_the_same_dimensions(asked):
    money, whole = cm.spending(PLAN, asked), cm.simulate(PLAN, asked, draws=16)
    names = [name for name in money.data_vars if name in whole]
    assert len(names) > 20
    for name in names:
        assert money[name].dims == whole[name].dims, name
        np.testing.assert_array_equal(money[name].values, whole[name].values, err_msg=str(name))
    for name in ("scenario", "scenario_zh"):
        assert money[name].values.tolist() == whole[name].values.tolist()


def test_the_docstring_names_what_a_result_holds():
    listed = re.search(r"quantile:\n\n(.*?)\n\n", cm.spending.__doc__, re.S)[1]
    heads = re.findall(r"- ([^:(]*)", listed)
    held = {
        str(name)
        for name in cm.spending(PLAN).isel(scenario=0, drop=True).data_vars
        if not name.endswith("_reason")
    }
    assert {name.strip() for head in heads for name in head.split(",")} == held


def test_the_parts_of_the_plan_add_up():
    made = cm.spending(PLAN).isel(scenario=0, drop=True)
    parts = made["before_plan"] + made["inside_plan"] + made["beyond_horizon"]
    assert parts.values == pytest.approx(made["total"].values, rel=1e-13, nan_ok=True)
    assert float(made["before_plan"].sel(project="weiken_road")) == pytest.approx(4 / 25)
    early = cm.spending(PLAN, horizon=2021).isel(scenario=0, drop=True)
    assert float(early["beyond_horizon"].sum()) > float(made["beyond_horizon"].sum())
    with pytest.raises(CorridorError, match="horizon"):
        cm.spending(PLAN, horizon=2019)


def test_assumed_dates_say_so():
    made = cm.spending(PLAN).isel(scenario=0, drop=True)
    assert str(made["rule"].sel(project="huanshan_east_road").item()) == "both"
    assert str(made["rule"].sel(project="jinliwen_expressway").item()) == ""
    assert "huanshan_east_road (both)" in made.attrs["assumed_dates"]
    own = cm.Scenario("own", cm.SetDates("huanshan_east_road", start="2017", end="2020"))
    edited = cm.spending(PLAN, own).isel(scenario=0, drop=True)
    assert float(edited["before_plan"].sel(project="huanshan_east_road")) == pytest.approx(7.875)
    longer = cm.spending(PLAN, cm.Scenario("rule", duration=48)).isel(scenario=0, drop=True)
    row = longer["spending"].sel(project="wenzhou_avenue_east")
    assert float(row.sel(spending_year=2019)) == pytest.approx(12.75 / 4)


def test_openings_and_kilometres():
    made = cm.spending(PLAN).isel(scenario=0, drop=True)
    opened = made["p_open_by"].sel(project="jinliwen_expressway")
    assert opened.values.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert made["p_open_by"].sel(project="bus_lanes").isnull().all()
    km = made["km_open"].sel(spending_year=2020).item()
    assert km == pytest.approx(3.9 + 0.625 + 0.36)  # phase 1, Yandang, Oujiang; branches unknown
    assert (made.attrs["n_lengths"], made.attrs["n_roads"]) == (8, 14)
    late = cm.spending(PLAN, cm.Scenario("late", cm.Delay("jinliwen_expressway", months=1))).isel(
        scenario=0, drop=True
    )
    assert late["p_open_by"].sel(project="jinliwen_expressway", spending_year=2023).item() == 0
    assert late["end"].sel(project="jinliwen_expressway").item() == "2024-01"


def test_a_dearer_road_is_no_further_along():
    """S12: overrun moves money, not progress nor openings."""
    dear = cm.spending(PLAN, cm.Scenario("dear", cm.Overrun(category="road", factor=2.0))).isel(
        scenario=0, drop=True
    )
    plain = cm.spending(PLAN).isel(scenario=0, drop=True)
    assert (dear["p_done_by"] == plain["p_done_by"]).all()
    since = plain["before_plan"].sel(project="weiken_road").item()
    total = dear["total"].sel(project="weiken_road").item()
    assert total == pytest.approx(since + 2 * (4 - since))


def test_uncertain_overrun_has_the_mean_and_quantiles_it_was_given():
    roads = cm.Lognormal(mean=1.204, sd=0.299)
    asked = cm.Scenario("dear", cm.Overrun("jinliwen_expressway", factor=roads))
    made = cm.spending(PLAN, asked, draws=2**16, quantiles=(0.1, 0.5, 0.9)).isel(
        scenario=0, drop=True
    )
    year = made.sel(project="jinliwen_expressway", spending_year=2021)
    assert year["spending"].item() == pytest.approx(20 * 1.204, rel=0.005)
    assert year["spending_quantile"].values == pytest.approx(
        20 * roads.ppf([0.1, 0.5, 0.9]), rel=0.01
    )


def test_an_uncertain_delay_opens_with_its_probability():
    late = cm.Discrete([0, 12, 24], [0.5, 0.3, 0.2])
    made = cm.spending(
        PLAN, cm.Scenario("late", cm.Delay("binhai_avenue", months=late)), draws=2**15
    ).isel(scenario=0, drop=True)
    chance = made["p_open_by"].sel(project="binhai_avenue", spending_year=[2024, 2025, 2026])
    assert chance.values == pytest.approx([0.5, 0.8, 1.0], abs=0.01)


def test_overrun_and_delay_of_one_work_share_a_factor():
    from corridor_model.draws import scores_of_work

    alone = np.corrcoef(*scores_of_work("x", 2**15, 0, 0.0, 0.0))[0, 1]
    tied = np.corrcoef(*scores_of_work("x", 2**15, 0, 0.8, 0.0))[0, 1]
    assert abs(alone) < 0.02
    assert tied == pytest.approx(0.64, abs=0.02)
    one, other = (scores_of_work(n, 2**15, 0, 0.0, 0.6)[0] for n in "xy")
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0.36, abs=0.02)


def test_names_make_the_draws():
    """S13: more draws keep the first; another work leaves the others alone; seed 0 is a seed."""
    from corridor_model.draws import normals

    assert (normals("a", 3000)[:100] == normals("a", 100)).all()
    assert abs(np.corrcoef(normals("a", 4096), normals("b", 4096))[0, 1]) < 0.06
    assert (normals("a", 10, seed=0) != normals("a", 10, seed=1)).all()
    roads = cm.Lognormal(mean=1.204, sd=0.299)
    one = cm.Scenario("one", cm.Overrun("binhai_avenue", factor=roads))
    two = one + cm.Scenario("two", cm.Overrun("maoyong_road", factor=roads))
    a, b = (
        cm.spending(PLAN, s).isel(scenario=0, drop=True)["spending"].sel(project="binhai_avenue")
        for s in (one, two)
    )
    assert (a.values == b.values).all()
    for wrong in (-1, 1.5, True):
        with pytest.raises(CorridorError, match="seed"):
            cm.spending(PLAN, seed=wrong)
        with pytest.raises(CorridorError, match="draws"):
            cm.spending(PLAN, draws=wrong if wrong != 1.5 else 0)


def test_effects_are_per_work_and_act_with_lag_and_decay():
    made = effects_of(PLAN)
    assert len(made) == 24
    assert {e.origin for e in made} == {"literature"}
    carried = np.array([10.0, 0, 0, 0])
    assert spread(carried, 0, 1.0).tolist() == [10, 0, 0, 0]
    assert spread(carried, 1, 0.5).tolist() == [0, 10, 5, 2.5]
    assert spread(carried, 0, 0.0).tolist() == [10, 10, 10, 10]
    assert spread(carried, 9, 0.0).tolist() == [0, 0, 0, 0]


def test_a_timeline_never_runs_backwards():
    line = Timeline(24240.0, 24288.0, 24252.0, cm.Even())
    at = np.linspace(24200, 24400, 500)
    for mode in ("move", "stretch", "accelerate"):
        moved = line.planned_moments(at, mode, 18.0)
        assert (np.diff(moved) >= 0).all(), mode


ROAD = "binhai_avenue"  # both dates are printed
TABLE = cm.SetProfile(ROAD, profile=cm.ShareTable((1, 2, 1)))


def uncertain(field, distribution, origin):
    return {"target": ROAD, "field": field, "distribution": distribution, "origin": origin}


def opening(*changes, plan=PLAN, **settings):
    return cm.openings(plan, cm.Scenario("x", *changes, **settings), draws=64)["origin"]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ((), "document"),
        ((cm.SetDates(ROAD, start="2021", end="2024"),), "user"),
        ((cm.Delay(ROAD, 6),), "user"),
        ((cm.Delay(ROAD, cm.PERT(0, 6, 24), "stretch"),), "user"),
        ((cm.Accelerate(ROAD, 3),), "user"),
        ((cm.Cancel(ROAD),), "user"),
        ((cm.Delay(ROAD, 0),), "document"),
        ((cm.Delay(ROAD, 6), AsPlanned(ROAD, what="schedule")), "document"),
        ((cm.Overrun(ROAD, 1.2), TABLE), "document"),
    ],
)
def test_a_date_that_a_scenario_moves_is_not_the_documents(changes, origin):
    found = opening(*changes)
    assert found[ROAD] == origin
    assert set(found.drop(ROAD)) == {"document"}


def test_a_delay_of_what_was_finished_moves_no_date():
    """The printed end of 2020 stands, whoever speaks of a delay afterwards."""
    found = opening(cm.Delay(all=True, months=6), since="2021-07")
    assert found["yandang_middle_road"] == "document"
    assert found[ROAD] == "user"


def test_a_date_that_a_rule_gives_or_an_uncertainty_moves_has_the_origin_of_that():
    rows = [uncertain("delay", "pert(0, 6, 24)", "literature")]
    plan = Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", rows)})
    assert opening(plan=plan)[ROAD] == "literature"
    assert opening(cm.Delay(ROAD, 6), plan=plan)[ROAD] == "user"
    works = {work.id: work for work in resolve(PLAN).works}
    assert works["wenzhou_avenue_east"].rule == "start"
    assert works["wenzhou_avenue_east"].end_origin == "document"
    assert works["huanshan_east_road"].end_origin == "assumed"
    assert (
        cm.spending(PLAN)
        .isel(scenario=0, drop=True)["end_origin"]
        .sel(project="huanshan_east_road")
        == "assumed"
    )


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ((), "assumed"),
        ((cm.SetProfile(ROAD, profile=cm.SCurve()),), "assumed"),
        ((TABLE,), "user"),
        ((TABLE, AsPlanned(ROAD, what="profile")), "assumed"),
        ((TABLE, cm.Delay(ROAD, 6), cm.Overrun(ROAD, 1.2)), "user"),
    ],
)
def test_a_table_of_shares_is_the_users_and_a_curve_is_assumed(changes, origin):
    made = cm.spending(PLAN, cm.Scenario("x", *changes)).isel(scenario=0, drop=True)["origin"]
    assert made.sel(project=ROAD).item() == origin
    assert set(made.drop_sel(project=ROAD).values) == {"assumed"}


def test_an_overrun_that_is_assumed_outweighs_a_table():
    rows = [uncertain("overrun", "pert(1, 1.1, 2)", "assumed")]
    plan = Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", rows)})
    made = cm.spending(plan, cm.Scenario("x", TABLE), draws=64).isel(scenario=0, drop=True)[
        "origin"
    ]
    assert made.sel(project=ROAD).item() == "assumed"
    own = cm.spending(plan, cm.Scenario("x", TABLE, cm.Overrun(ROAD, 1.2)), draws=64).isel(
        scenario=0, drop=True
    )["origin"]
    assert own.sel(project=ROAD).item() == "user"


# ------------------------------------------------------------------ every curve by its formula


def stretched(curve, at):
    """Return a curve cut at 0 and 1 and stretched to the whole."""
    return (curve(at) - curve(0)) / (curve(1) - curve(0))


AT = (0.1, 0.25, 0.5, 0.9)
FORMULAS = [
    (cm.Logistic(6, 0.3), lambda x: stretched(lambda y: 1 / (1 + math.exp(-6 * (y - 0.3))), x)),
    (cm.Rayleigh(0.6), lambda x: stretched(lambda y: 1 - math.exp(-(y * y) / 0.72), x)),
    # Hudson and Maunick (1974): y = x + C x² - C x - (6 x³ - 9 x² + 3 x) / K
    (cm.DHSS(-0.2, 5.0), lambda x: x - 0.2 * (x * x - x) - (6 * x**3 - 9 * x * x + 3 * x) / 5),
    (cm.SCurve(3, 1), lambda x: x**3),
    (cm.SCurve(1, 3), lambda x: 1 - (1 - x) ** 3),
    (cm.FrontLoaded(3), lambda x: 1 - (1 - x) ** 3),
    (cm.Smoothstep(), lambda x: 3 * x**2 - 2 * x**3),
    (
        cm.ShareTable((0, 3, 1)),
        lambda x: float(np.interp(x, [0, 1 / 3, 2 / 3, 1], [0, 0, 0.75, 1])),
    ),
]


@pytest.mark.parametrize(("profile", "formula"), FORMULAS, ids=lambda one: str(one)[:12])
def test_a_curve_is_its_formula(profile, formula):
    assert profile.cumulative(AT) == pytest.approx([formula(x) for x in AT], rel=1e-12)


def test_what_a_profile_is_by_default():
    assert cm.SCurve() == cm.SCurve(2.0, 2.0)
    assert cm.Logistic() == cm.Logistic(10.0, 0.5)
    assert cm.FrontLoaded() == cm.FrontLoaded(2.0)
    # Putnam's usual choice: uncut, it has spent 97 % by the end
    assert round(1 - math.exp(-0.5 / cm.Rayleigh().peak ** 2), 2) == 0.97
    assert cm.Rayleigh().peak == 0.38


def test_no_curve_leaves_0_and_1_by_a_rounding():
    """Each of these does where it is not held: by 1e-25 below, by a last digit above and at 1."""
    falling = cm.DHSS(9e-13, 3).cumulative([1.5e-13, 0.0])
    assert falling.tolist() == [0, 0]
    assert cm.DHSS(-1.5, -6).cumulative(0.9999969025595182) == 1
    for peak in (0.297, 0.622):
        assert cm.Rayleigh(peak).cumulative(1.0) == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"profile": "dhss", "c": 1}, "dhss needs c and k, such as { profile = "),
        ({"profile": "dhss", "c": 1, "x": 1}, "dhss: wrong parameters; it has c, k."),
        ({"profile": "table"}, "table needs shares, such as { profile = "),
        ({"profile": "s_curve", "x": 1}, "s_curve: wrong parameters; it has alpha, beta."),
        ({"profile": "even", "x": 1}, "even: wrong parameters; it has none."),
    ],
)
def test_which_parameters_a_profile_has(table, words):
    with pytest.raises(ProfileError) as caught:
        profile_from_toml(table)
    assert words in str(caught.value)


def test_how_flat_and_how_steep_a_curve_may_be():
    assert cm.SCurve(0.001, 1000).beta == 1000
    for wrong in (0.00099, 1000.5):
        with pytest.raises(ProfileError, match=r"alpha must lie within 0\.001 and 1000"):
            cm.SCurve(wrong, 2)
    with pytest.raises(ProfileError, match="must be a number above 0"):
        cm.FrontLoaded(0)
    assert cm.ShareTable((1e15,)).shares == (1e15,)
    with pytest.raises(ProfileError, match="sum to more than 1e"):
        cm.ShareTable((1e15, 1))
    assert cm.ShareTable((0, 1)).cumulative([0.5, 0.75]).tolist() == [0, 0.5]


# The slope of a DHSS curve is 1 - c + 2cx - (18x² - 18x + 3)/k: 1 - c - 3/k at the start,
# 1 + c - 3/k at the end, and 1 + c²k/18 + 3/(2k) where it turns, at 1/2 + ck/18.
LEVEL = [
    (0.0, 3.0), (0.4, 5.0), (-0.4, 5.0), (0.5, 6.0), (-0.5, 6.0),
    (math.sqrt(3), -3.0), (-math.sqrt(3), -3.0), (1.5, -2.0), (-1.5, -2.0), (1.5, -6.0),
    (1.25, -12.0), (-1.25, -12.0),  # where the slope would turn lies outside of the work
]  # fmt: skip


@pytest.mark.parametrize(("c", "k"), LEVEL)
def test_a_dhss_curve_may_stand_still_and_never_fall(c, k):
    """Pairs just inside those whose curve rises, and just outside, wherever the slope is least."""

    def lowest(c):
        ends = (1 - c - 3 / k, 1 + c - 3 / k)
        turn = 0.5 + c * k / 18
        inside = (1 + c * c * k / 18 + 1.5 / k,) if 0 < turn < 1 and k < 0 else ()
        return min(*ends, *inside)

    beside = (c * (1 - 1e-6), c * (1 + 1e-6), c - 1e-6, c + 1e-6)
    for each in beside:
        if lowest(each) >= 0:
            assert (np.diff(cm.DHSS(each, k).cumulative(np.linspace(0, 1, 999))) >= -1e-12).all()
        else:
            with pytest.raises(ProfileError, match="falls somewhere"):
                cm.DHSS(each, k)
    assert any(lowest(each) < 0 for each in beside)


# ------------------------------------------------------------------ years, quantiles, openings


def money_of(*changes, **more):
    return cm.spending(PLAN, cm.Scenario("x", *changes), **more).isel(scenario=0, drop=True)


def test_the_horizon_and_the_years_it_opens():
    for horizon, last in ((2020, 2025), (2030, 2030), (2400, 2400)):
        made = cm.spending(PLAN, horizon=horizon)
        assert made["spending_year"].values[[0, -1]].tolist() == [2019, last]
        assert made.attrs["horizon"] == horizon
    with pytest.raises(CorridorError, match="horizon must be a year from 2020"):
        cm.spending(PLAN, horizon=2401)
    assert (made.attrs["draws"], made.attrs["seed"]) == (8192, 0)
    assert made["tasks_done"].values[0, [0, -1]].tolist() == [0, 24]


def test_the_end_is_the_median_of_its_draws():
    for chances, end in (([0.2, 0.6, 0.2], "2025-12"), ([0.6, 0.2, 0.2], "2024-12"),
                         ([0.2, 0.2, 0.6], "2026-12")):  # fmt: skip
        late = cm.Discrete([0, 12, 24], chances)
        assert money_of(cm.Delay(ROAD, late), draws=512)["end"].sel(project=ROAD) == end


def test_quantiles_are_0_in_years_without_work_and_add_to_the_programme():
    made = money_of(cm.Overrun(ROAD, cm.Lognormal(mean=1.2, sd=0.3)), draws=512)
    known = made.sel(project=made["known"])
    idle = (known["spending"] == 0).values
    assert idle.any()
    assert (known["spending_quantile"].values[idle] == 0).all()
    rest = known["spending"].drop_sel(project=ROAD).sum("project")
    want = known["spending_quantile"].sel(project=ROAD) + rest
    assert made["programme_quantile"].values == pytest.approx(want.values)


def test_openings_are_in_the_order_of_their_months():
    table = cm.openings(PLAN, cm.Scenario("x", cm.Cancel(ROAD)), draws=16)
    assert table.index[-1] == ROAD
    ends = table["opens"].tolist()
    assert ends == [*sorted(ends[:-1]), ""]
    assert table["year"].tolist()[:-1] == [int(end[:4]) for end in ends[:-1]]
    assert table["year"].isna().tolist() == [False] * (len(table) - 1) + [True]
    # like months stay in the order of their names
    assert table.index[:-1].tolist() == sorted(table.index[:-1], key=lambda n: (
        table.loc[n, "opens"], n))  # fmt: skip
    late = cm.Scenario("late", cm.Delay("weiken_road", cm.PERT(0, 6, 36)))
    chance = cm.spending(PLAN, late, draws=8192, seed=0)["p_open_by"].squeeze("scenario")
    want = float(chance.sel(project="weiken_road", spending_year=2022))
    assert cm.openings(PLAN, late).loc["weiken_road", "p_in_plan"] == want
