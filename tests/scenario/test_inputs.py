"""What people hand to scenarios: wrong types are named, NumPy's numbers are numbers."""

from __future__ import annotations

import inspect
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.helpers.paths import page

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.formatting import finite, short, whole
from corridor_model.plan.plan import Plan
from corridor_model.scenario.archive import load_result
from corridor_model.scenario.changes import KINDS, Settings
from corridor_model.scenario.profiles import PROFILES
from corridor_model.scenario.read_toml import load_scenarios, scenarios_from_toml
from corridor_model.scenario.resolve import resolve
from corridor_model.scenario.validation import scenario_words
from corridor_model.scenario.wording import profile_wording
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows
from corridor_model.text.scenario import change_text, scenario_text

PLAN = cm.load_plan()


@pytest.mark.parametrize(
    ("make", "said", "zh"),
    [
        (lambda: cm.Delay("x", 10**400), "months must be a number", "数字或分布"),
        (lambda: cm.Delay("x", 10**5000), "got int", "数字或分布"),
        (lambda: cm.Delay("x", "9" * 400), "months must be a number", "数字或分布"),
        (lambda: cm.SetGrowth("gdp", 10**400), "a finite number", "有限的数字"),
        (lambda: cm.SetTarget("gdp", 5, 2021.5), "must be a year", "年份"),
        (lambda: cm.AsPlanned("x", what=3), "got 3", "得到3"),
        (lambda: cm.AsForecast("gdp", what=3), "got 3", "得到3"),
        (lambda: cm.EffectAsPlanned(category="road"), "id of an indicator", "指标编号"),
        (lambda: cm.Cancel(all="no"), "without quotes", "不加引号"),
        (lambda: cm.Cancel(all=1), "true or false", "true或false"),
        (lambda: cm.Scenario("x", name_zh=5), "name_zh must be text; got 5", "name_zh应为文字"),
        (lambda: cm.Scenario("x", why_zh=5), "why_zh must be text", "why_zh应为文字"),
        (lambda: cm.Scenario("x", why_en=None), "why_en must be text", "why_en应为文字"),
        (lambda: cm.Scenario("x", settings=3), "settings must be Settings", "since='2021-07'"),
        (lambda: cm.Scenario("x", since=5), "not a date", "不是日期"),
        (lambda: cm.Scenario("x", since=["2021"]), "not a date", "不是日期"),
        (lambda: cm.Scenario("x", since=np.array([1, 2])), "not a date", "不是日期"),
        (lambda: cm.Scenario("x", duration="36"), "number of months", "整月数"),
        (lambda: cm.Scenario("x", duration=1.5), "number of months", "整月数"),
        (lambda: cm.Scenario("x", duration=1201), "a hundred years", "核对月数"),
        (lambda: cm.Scenario("x", escalation="3%"), "must be a number", "应为数字"),
        (lambda: cm.Scenario("a").diff(5), "A Scenario is needed; got 5", "应为情景"),
        (lambda: cm.Accelerate("x", -3), "months is negative (-3); use Delay", "推迟"),
        (lambda: cm.SetGrowth("gdp", -1), "mean must be above -1, which loses everything", "-1"),
        (lambda: cm.SetGrowth("gdp", 0.1, -0.01), "sd is negative (-0.01)", "-0.01"),
        (lambda: resolve(PLAN, "slow"), "A Scenario is needed; got 'slow'", "应为情景"),
        (lambda: resolve(PLAN, 0), "A Scenario is needed; got 0", "应为情景"),
        (lambda: cm.spending(PLAN, horizon="2022"), "horizon must be a year", "期末应为2020"),
        (lambda: cm.spending(PLAN, horizon=2022.5), "horizon must be a year", "期末应为2020"),
        (lambda: cm.spending(PLAN, horizon=2019), "2020, the plan's first", "规划第一年"),
        (lambda: cm.spending(PLAN, horizon=3000), "to 2400", "2400"),
    ],
)
def test_a_wrong_kind_of_value_is_named_in_both_languages(make, said, zh):
    with pytest.raises(cm.CorridorError) as caught:
        make()
    assert said in caught.value.text("en")
    assert zh in caught.value.text("zh")
    assert len(caught.value.text("en")) < 250


def test_all_as_a_target_is_every_work():
    assert cm.Delay("all", 3) == cm.Delay(all=True, months=3)
    assert cm.Delay("all", 3).selector == ("all", "")
    with pytest.raises(cm.CorridorError):
        cm.Delay("all", 3, category="road")


def test_what_is_no_scenario_is_not_added():
    with pytest.raises(TypeError, match="unsupported operand"):
        cm.Scenario("a") + 5


def test_what_is_no_saved_result_is_said(tmp_path):
    for name, data in (("a.nc", b"not netCDF"), ("b.nc", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(cm.CorridorError, match=f"{name} is not a saved result"):
            load_result(tmp_path / name)
    with pytest.raises(cm.CorridorError, match="There is no file c.nc"):
        load_result(tmp_path / "c.nc")
    with pytest.raises(cm.CorridorError, match="is not a saved result"):
        load_result(tmp_path)


def test_a_works_delay_that_has_no_end_is_refused():
    endless = cm.Scenario(
        "endless", cm.Delay("binhai_avenue", months=cm.Lognormal(mean=18, sd=131))
    )
    with pytest.raises(cm.CorridorError, match="Use a distribution with an upper end"):
        cm.spending(PLAN, endless, draws=2**16)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario = [3]", "[[scenario]] 1: must be a table."),
        ('[[scenario]]\nname = "a"\nchange = 5', "write changes as [[scenario.change]]."),
        ("", "holds no [[scenario]]"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, said):
    file = tmp_path / "s.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(cm.CorridorError) as caught:
        load_scenarios(file)
    assert said in caught.value.text("en")


def test_a_folder_without_scenarios_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("none here", encoding="utf-8")
    with pytest.raises(cm.CorridorError, match=f"{tmp_path.name} holds no scenario"):
        load_scenarios(tmp_path)


def test_a_file_in_another_encoding_is_named_beside_the_others(tmp_path):
    (tmp_path / "a.toml").write_bytes('[[scenario]]\nname = "慢"'.encode("gb18030"))
    (tmp_path / "b.toml").write_text("scenario = [3]", encoding="utf-8")
    with pytest.raises(cm.errors.PlanError) as caught:
        load_scenarios(tmp_path)
    assert [p.file.split()[0] for p in caught.value.problems] == ["a.toml", "b.toml"]
    assert "is not UTF-8 text. Save it as UTF-8." in caught.value.text("en")


def test_a_plan_without_works_has_none_to_delay():
    about = [{"id": "x", "name_zh": "x", "first_year": 2020, "last_year": 2022}]
    plan = Plan({n: from_rows(n, about) if n == "about" else empty(n) for n in TABLES})
    with pytest.raises(cm.CorridorError, match="the plan has no works"):
        resolve(plan, cm.Scenario("late", cm.Delay(all=True, months=3)))


def test_works_as_arrays_carry_the_mean_of_a_distribution():
    scenario = cm.Scenario("s", cm.Delay("binhai_avenue", cm.Uniform(0, 12)),
                           cm.Overrun("binhai_avenue", 1.25), cm.Cancel("weiken_road"))  # fmt: skip
    arrays = resolve(PLAN, scenario).arrays()
    place = list(arrays["project"]).index("binhai_avenue")
    assert (arrays["months"][place], arrays["factor"][place]) == (6.0, 1.25)
    assert list(arrays["project"][arrays["cancelled"]]) == ["weiken_road"]
    unknown = [p.id for p in PLAN.projects.values() if p.investment is None]
    assert list(arrays["project"][np.isnan(arrays["investment"])]) == unknown
    assert {len(column) for column in arrays.values()} == {len(PLAN.projects)}


def test_wordings_of_falls_and_of_steps():
    falls = cm.SetGrowth("gdp", -0.05, 0.02)
    assert "falls 5.0 % ± 2.0 % a year" in change_text(falls, PLAN, "en")
    assert "each year by itself" in change_text(falls, PLAN, "en")
    less = cm.SetEffect("binhai_avenue", "rd_to_gdp", -0.25)
    assert "-0.25 percentage points" in change_text(less, PLAN, "en")
    more = cm.SetEffect("binhai_avenue", "rd_to_gdp", 0.25)
    assert "+0.25 percentage points" in change_text(more, PLAN, "en")


def test_what_is_a_number():
    assert [finite(one) for one in (np.int64(3), np.float32(0.5), 7)] == [3.0, 0.5, 7.0]
    no_numbers = (np.nan, np.inf, True, np.True_, "3", Decimal(3), 1j, None, [3], np.array([3.0]))
    assert [finite(one) for one in no_numbers] == [None] * len(no_numbers)
    assert {type(finite(np.float64(2))), type(whole(np.int64(2)))} == {float, int}
    assert whole(2**60 + 1) == 2**60 + 1
    assert short("x") == "'x'"


def test_numpy_numbers_are_kept_as_plain_ones_and_read_back():
    i, f = np.int64, np.float64
    scenario = cm.Scenario(
        "x",
        cm.Delay("binhai_avenue", i(12)),
        cm.Accelerate("brt_line_9", np.float32(1.5)),
        cm.Overrun("binhai_avenue", factor=f(1.5)),
        cm.Overrun("brt_line_9", factor=cm.Triangular(i(1), f(1.2), np.float32(1.5))),
        cm.SetInvestment("brt_line_9", value=i(2)),
        cm.SetGrowth("gdp", f(0.07), f(0.01), from_year=i(2021)),
        cm.SetBaseline("gdp", i(2019), f(400)),
        cm.SetTarget("gdp", i(500), i(2022)),
        cm.SetEffect(all=np.True_, indicator="gdp", per_unit=f(0.1), lag=i(1), decay=f(0.5)),
        duration=i(36),
        escalation=f(0.03),
        paired=f(0.5),
        common=np.float32(0.5),
    )
    text = scenario.to_toml()
    assert "np." not in text
    assert scenarios_from_toml(text) == (scenario,)
    assert type(scenario.settings.duration) is int
    assert type(scenario.changes[0].months) is float
    assert scenario.changes[0] == cm.Delay("binhai_avenue", 12)
    resolve(PLAN, scenario)
    assert (
        cm.spending(PLAN, horizon=i(2022), threads=i(1))
        .isel(scenario=0, drop=True)
        .equals(cm.spending(PLAN).isel(scenario=0, drop=True))
    )


def test_help_shows_what_must_be_given():
    for kind, name in ((cm.Delay, "months"), (cm.Overrun, "factor"), (cm.SetInvestment, "value")):
        assert repr(inspect.signature(kind).parameters[name].default) == "<required>"
        assert "nan" not in str(inspect.signature(kind))
    with pytest.raises(cm.CorridorError, match="lacks months"):
        cm.Delay("binhai_avenue")


def test_a_whole_number_of_months_is_one_however_it_is_written():
    assert Settings(duration=36.0) == Settings(duration=36)
    assert "duration = 36\n" in cm.Scenario("x", duration=36.0).to_toml()


@pytest.mark.parametrize(
    ("make", "said", "zh"),
    [
        (lambda: cm.SCurve("2"), "alpha must be a number above 0; got '2'", "大于0的数字"),
        (lambda: cm.SCurve(2, None), "beta must be a number above 0", "大于0的数字"),
        (lambda: cm.SCurve(10**400), "must be a number above 0", "大于0的数字"),
        (lambda: cm.Rayleigh(1e200), "within 0.001 and 1000; got 1e+200", "0.001与1000之间"),
        (lambda: cm.Rayleigh(1e-200), "between 0.1 and 20", "0.1至20"),
        (lambda: cm.Logistic(1e-18), "steepness must lie within", "0.001与1000之间"),
        (lambda: cm.FrontLoaded(1e308), "power must lie within", "0.001与1000之间"),
        (lambda: cm.DHSS("a", 2), "c and k must be finite", "有限的数字"),
        (lambda: cm.DHSS(1e308, 1e308), "falls somewhere", "下降段"),
        (lambda: cm.ShareTable("12"), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable(b"12"), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable({1: 2}), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable(["1", "2"]), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable([1, True]), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable(np.array(3.0)), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable(3), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable([]), "shares must be numbers", "分段比例"),
        (lambda: cm.ShareTable([1e308] * 3), "sum to more than", "较小的数"),
        (lambda: cm.Overrun("x", factor=cm.Discrete([0, 1], [0.1, 0.9])), "may be 0", "可能为0"),
        (lambda: cm.Overrun("x", factor=cm.Lognormal(1, 1e200)), "sd is too large", "sd过大"),
        (lambda: cm.Lognormal(1e-300, 1), "sd is too large", "sd过大"),
        (lambda: cm.Normal(1, 1e200), "sd is too large", "sd过大"),
        (lambda: cm.Uniform(0, 1e200), "range is too wide", "范围过大"),
        (lambda: cm.Discrete("12", [0.5, 0.5]), "lists of finite numbers", "列表"),
        (lambda: cm.Discrete([10**400], [1]), "lists of finite numbers", "列表"),
    ],
)
def test_a_curve_or_distribution_that_cannot_be_reckoned_with_is_refused(make, said, zh):
    with pytest.raises(cm.CorridorError) as caught:
        make()
    assert said in caught.value.text("en")
    assert zh in caught.value.text("zh")


@pytest.mark.parametrize(
    "make",
    [cm.SCurve, cm.Logistic, cm.Rayleigh, cm.FrontLoaded, lambda p: cm.SCurve(1, p)],
)
@pytest.mark.parametrize("parameter", [0.001, 0.03, 0.5, 30, 1000])
def test_the_flattest_and_the_steepest_curve_are_curves(make, parameter):
    shares = make(parameter).cumulative(np.linspace(0, 1, 1001))
    assert (shares[0], shares[-1]) == (0, 1)
    assert (np.diff(shares) >= -1e-12).all()  # and no NaN


def test_profiles_of_numpy_numbers_read_back():
    i, f = np.int64, np.float64
    profiles = (
        cm.SCurve(f(2), i(3)),
        cm.Logistic(np.float32(8), f(0.4)),
        cm.Rayleigh(f(0.38)),
        cm.DHSS(f(0.134), f(3.884)),
        cm.FrontLoaded(i(2)),
        cm.ShareTable(np.array([1, 2, 1])),
    )
    for profile in profiles:
        scenario = cm.Scenario("x", cm.SetProfile("binhai_avenue", profile))
        assert "np." not in scenario.to_toml()
        assert scenarios_from_toml(scenario.to_toml()) == (scenario,)
    assert cm.SCurve(2, 3) == cm.SCurve(f(2), i(3))


@pytest.mark.parametrize(
    ("make", "said", "zh"),
    [
        (lambda: cm.Scenario("x", since=2021.10), 'in quotes, such as "2021-10"', "加引号"),
        (lambda: cm.Scenario("x", since=np.float32(2021.11)), "not a date", "加引号"),
        (lambda: cm.SetDates("x", 2021.1, 2022), "in quotes", "加引号"),
        (lambda: cm.Scenario("x", since="2021-07-15"), "Write '2021-07'", "请写成“2021-07”"),
        (lambda: cm.Scenario("x", since=date(2021, 7, 31)), "whole months", "按整月计算"),
        (lambda: cm.SetDates("x", "2021-07-31", "2022"), "Write '2021-07'", "请写成“2021-07”"),
        (lambda: cm.SetDates("x", "2021", "2022-07-01"), "Write '2022-07'", "请写成“2022-07”"),
    ],
)
def test_a_date_is_a_year_or_a_month(make, said, zh):
    with pytest.raises(cm.CorridorError) as caught:
        make()
    assert said in caught.value.text("en")
    assert zh in caught.value.text("zh")


def test_a_day_is_read_where_nothing_is_lost():
    changes = (cm.Delay("binhai_avenue", 6), cm.SetDates("brt_line_9", "2021", "2022-07"))
    days = (cm.Delay("binhai_avenue", 6), cm.SetDates("brt_line_9", "2021-01-01", "2022-07-31"))
    months = cm.Scenario("x", *changes, since="2021-07")
    for since in ("2021-07-01", date(2021, 7, 1), "2021年7月"):
        assert resolve(PLAN, cm.Scenario("x", *days, since=since)) == resolve(PLAN, months)
    assert cm.Scenario("x", since=np.int64(2021)) == cm.Scenario("x", since="2021")


# ---- every mistake at once ----

LATE = cm.Scenario("late", cm.Cancel("yandang_middle_road"), since="2022")
TYPED = cm.Scenario("typed", cm.Delay("binhai_avenu", 6), cm.SetGrowth("gpd", 0.1))
BOTH = cm.Scenario(
    "both", cm.Delay("binhai_avenu", 6), cm.Cancel("yandang_middle_road"), since="2022"
)


@pytest.mark.parametrize("ask", [cm.spending, cm.simulate])
def test_the_mistakes_of_all_scenarios_are_told_at_once(ask):
    with pytest.raises(cm.PlanError) as caught:
        ask(PLAN, [TYPED, cm.Scenario("good"), LATE, BOTH])
    told = [(problem.file, problem.what.text()) for problem in caught.value.problems]
    assert told == [
        ("typed #1 Delay", "there is no work 'binhai_avenu'."),
        ("typed #2 SetGrowth", "there is no indicator 'gpd'."),
        ("late #1 Cancel", told[2][1]),
        ("both #1 Delay", "there is no work 'binhai_avenu'."),
        ("both #2 Cancel", told[2][1]),
    ]
    assert "was finished before 2022-01" in told[2][1]


@pytest.mark.parametrize(
    "mend",
    [
        cm.AsPlanned("yandang_middle_raod", what="cancelled"),
        cm.SetDates("yandang_middle_raod", "2021", "2024"),
        cm.Cancel(category="raod"),
    ],
)
def test_a_cancellation_is_not_judged_where_a_wrong_name_may_have_meant_its_work(mend):
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, LATE + cm.Scenario("mend", mend))
    assert len(caught.value.problems) == 1
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, LATE + cm.Scenario("more", cm.Cancel("no_such_road")))
    assert len(caught.value.problems) == 2


def test_the_difference_tells_the_mistakes_of_both():
    with pytest.raises(cm.PlanError) as caught:
        TYPED.diff(LATE, PLAN)
    assert len(caught.value.problems) == 3


def test_a_file_tells_its_wrong_settings_beside_its_wrong_changes(tmp_path, capsys):
    text = "[[scenario]]\nsince = 'spring'\nduration = -1\nname_zh = 5\n"
    text += "[[scenario.change]]\nchange = 'delay'\ntarget = 'binhai_avenue'\n"
    text += "[[scenario]]\nname = 3\npaired = 2\n"
    with pytest.raises(cm.PlanError) as caught:
        scenarios_from_toml(text, "mine.toml")
    said = str(caught.value)
    for word in ("'spring'", "duration is", "name_zh must", "lacks months", "needs a name"):
        assert said.count(word) == 1
    assert "name must be text" in said
    assert "paired must lie" in said
    assert len(caught.value.problems) == 7


def test_the_command_line_tells_the_mistakes_of_all_scenarios(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    file.write_text("\n".join(one.to_toml() for one in (TYPED, LATE)), encoding="utf-8")
    assert main(["simulate", str(file), "--lang", "zh", "--draws", "16"]) != 0
    said = capsys.readouterr().err
    assert "共 3 处错误" in said
    assert "之前已完工" in said


# ---- what cannot be set of an indicator ----

SHARE, MILESTONE, COMPLETION = "hightech_va_share", "five_g_coverage", "beidou_base_completion"


@pytest.mark.parametrize(
    ("change", "said", "zh"),
    [
        (cm.SetTarget(SHARE, 300), "300 is outside 0 to 100", "超出0至100"),
        (cm.SetTarget(SHARE, -1), "what can exceed it is a ratio", "类型应为ratio"),
        (cm.SetTarget("tech_contract_growth", -100), "-100 % or below", "-100%"),
        (cm.SetBaseline(SHARE, 2019, 300), "300 is outside 0 to 100", "数值和单位"),
        (cm.SetTarget("gdp", 500, 1950), "1950 lies before the plan's first year", "1950年早于"),
        (cm.SetTarget("gdp", 500, 2019), "2019 lies before the plan's first year", "2019年早于"),
        (cm.SetBaseline("gdp", 2100, 500), "2100 is not before the target year 2022", "2100年不早"),
        (cm.SetBaseline("gdp", 2022, 500), "2022 is not before the target year 2022", "2022年不早"),
        (cm.SetGrowth(MILESTONE, 0.1), "is a milestone and is not simulated", "节点目标，不作模拟"),
        (cm.SetTarget(MILESTONE, 1, 2021), "Delay, Accelerate, SetDates", "delay、accelerate"),
        (cm.SetEffect(all=True, indicator=MILESTONE, per_unit=1), "change nothing", "不起作用"),
        (cm.SetGrowth(COMPLETION, 0.1), "is a completion and is not simulated", "工程进度"),
        (cm.SetBaseline(MILESTONE, 2019, 1), "no starting value", "基期值"),
        (
            cm.SetTarget("tech_contract_growth", 0.12),
            "0.12 % is 1/167 of the printed target of 20 %: a slip of unit? Values here are in %: "
            "12 % is 12, not 0.12.",
            "0.12 %只有规划目标20 %的1/167，可能用错了单位。这里的数按“%”计，12%写12，不写0.12。",
        ),
        (cm.SetTarget("rd_to_gdp", 330), "330 % is 100 times the printed", "规划目标3.3 %的100倍"),
        (
            cm.SetTarget("gdp", 5_800_000),
            "5800000 亿元 is 10000 times the printed target of 580 亿元: a slip of unit? Values "
            "here are in 亿元: convert yours.",
            "5800000亿元是规划目标580亿元的10000倍，可能用错了单位。这里的数按“亿元”计，请换算",
        ),
        (cm.SetTarget("gdp", 1e308), "2e+305 times the printed", "2e+305倍"),
        (cm.SetTarget("gdp", 5e-324), "1/inf of the printed", "可能用错了单位"),
        (cm.SetBaseline("gdp", 2019, 145_000), "250 times the printed", "规划目标580亿元的250倍"),
    ],
)
def test_what_an_indicator_cannot_have_is_refused(change, said, zh):
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, cm.Scenario("x", change))
    assert len(caught.value.problems) == 1
    assert said in caught.value.text("en")
    assert zh in caught.value.text("zh")


def test_what_an_indicator_can_have_is_not():
    fine = (
        cm.SetTarget(SHARE, 100),
        cm.SetTarget("rd_to_gdp", 150),
        cm.SetTarget("tech_contract_growth", 0.41),
        cm.SetTarget("gdp", 0),
        cm.SetTarget("gdp", 700, 2025),
        cm.SetBaseline("gdp", 2023, 600),  # before the year the target is moved to
        cm.AsForecast(MILESTONE, what="growth"),
        cm.EffectAsPlanned(all=True, indicator=MILESTONE),
    )
    resolve(PLAN, cm.Scenario("x", *fine))


# ---- what is read back ----


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            cm.Delay("x", cm.PERT(0, 6, 24)),
            "x推迟时间为三点分布（最短0、最可能6、最长24个月），工期不变",
            "x: later by PERT 0 to 24 months, most likely 6; duration kept",
        ),
        (cm.Delay("x", 12), "x推迟12个月，工期不变", "x: 12 months later, duration kept"),
        (
            cm.Accelerate("x", cm.Triangular(0, 3, 6)),
            "x提前时间为三角分布（最短0、最可能3、最长6个月）",
            "x: earlier by triangular 0 to 6 months, most likely 3",
        ),
        (cm.Accelerate("x", 3), "x提前3个月", "x: 3 months earlier"),
        (
            cm.Delay("x", cm.Uniform(0, 6), mode="stretch"),
            "x推迟时间为均匀分布（最短0、最长6个月），开工不变",
            "x: later by uniform 0 to 6 months; start kept",
        ),
        (
            cm.Delay("x", cm.Lognormal(8, 3)),
            "x推迟时间为对数正态分布（均值8、标准差3个月），工期不变",
            "x: later by lognormal, mean 8 months, s.d. 3; duration kept",
        ),
        (
            cm.Delay("x", cm.Discrete([0, 12], [0.5, 0.5])),
            "x推迟时间为0个月（50 %）、12个月（50 %），工期不变",
            "x: later by 0 months (50 %), 12 months (50 %); duration kept",
        ),
        (
            cm.Overrun("x", factor=cm.PERT(1, 1.2, 2, shape=6)),
            "x造价乘以三点分布（最低1、最可能1.2、最高2，最可能值权重6）",
            "x: cost times PERT 1 to 2, most likely 1.2 with weight 6",
        ),
        (
            cm.Overrun("x", factor=cm.Beta(2, 3, 1, 2)),
            "x造价乘以贝塔分布（最低1、最高2，参数2和3）",
            "x: cost times beta 1 to 2, parameters 2 and 3",
        ),
        (
            cm.SetProfile("x", cm.SCurve()),
            "x投资进度曲线改为S形曲线（α 2、β 2）",
            "x: spending profile S-curve (alpha 2, beta 2)",
        ),
        (
            cm.SetProfile("x", cm.Rayleigh()),
            "x投资进度曲线改为瑞利曲线（工期38 %处最高）",
            "x: spending profile Rayleigh curve (peak at 38 % of the time)",
        ),
        (
            cm.SetProfile("x", cm.ShareTable([1, 2, 1])),
            "x投资进度曲线改为工期等分3段，各占25.0 %、50.0 %、25.0 %",
            "x: spending profile 25.0 %, 50.0 %, 25.0 % in 3 equal parts of the time",
        ),
    ],
)
def test_a_change_is_told_without_python(change, zh, en):
    assert change_text(change, None, "zh") == zh
    assert change_text(change, None, "en") == en


def test_every_profile_has_words_in_both_languages():
    made = [kind() for kind in PROFILES.values() if kind not in {cm.DHSS, cm.ShareTable}]
    made += [cm.DHSS(0.134, 3.884), cm.ShareTable([1] * 60)]
    for lang in ("zh", "en"):
        told = [profile_wording(profile).text(lang) for profile in made]
        assert len(set(told)) == len(PROFILES)
        assert not any(mark in text for text in told for mark in ("=", "2.0", "own", "自定"))


def test_the_command_line_reads_distributions_back_in_words(tmp_path, capsys):
    change = cm.Delay("binhai_avenue", cm.PERT(0, 6, 24))
    scenario = cm.Scenario("x", change, cm.SetProfile("binhai_avenue", cm.SCurve()))
    file = tmp_path / "mine.toml"
    file.write_text(scenario.to_toml(), encoding="utf-8")
    assert main(["simulate", str(file), "--lang", "zh", "--draws", "16"]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert "三点分布（最短0、最可能6、最长24个月）" in said
    assert "S形曲线（α 2、β 2）" in said
    assert "PERT" not in said
    assert "SCurve" not in said


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            cm.SetTarget("tech_contract_growth", 12),
            "目标值改为12 %（原20 %）",
            "target 12 % (printed: 20 %)",
        ),
        (
            cm.SetTarget("gdp", 700, 2025),
            "目标改为2025年700亿元（原2022年580亿元）",
            "target 700 亿元 in 2025 (printed: 580 亿元 in 2022)",
        ),
        (
            cm.SetTarget("gdp", 600, 2022),
            "目标改为2022年600亿元（原580亿元）",
            "target 600 亿元 in 2022 (printed: 580 亿元)",
        ),
        (
            cm.SetBaseline("hightech_va_share", 2019, 30),
            "2019年基期值改为30 %",
            "baseline of 2019: 30 %",
        ),
    ],
)
def test_what_is_set_of_an_indicator_is_told_with_its_unit_and_what_it_was(change, zh, en):
    assert change_text(change, PLAN, "zh").endswith(f"：{zh}")
    assert change_text(change, PLAN, "en").endswith(f": {en}")


def test_a_start_is_told_with_the_one_it_replaces():
    held = PLAN.indicators["gdp"].baselines[0]
    said = change_text(cm.SetBaseline("gdp", held.year, 500), PLAN, "zh")
    assert said.endswith(f"{held.year}年基期值改为500亿元（原{held.value:g}亿元）")


SET_PROFILE = "[[scenario]]\nname = 'x'\n[[scenario.change]]\nchange = 'set_profile'\n"


@pytest.mark.parametrize("word", sorted(set(PROFILES) - {"dhss", "table"}))
def test_a_profile_that_has_defaults_is_called_by_its_name(word):
    (made,) = scenarios_from_toml(f"{SET_PROFILE}all = true\nprofile = '{word}'\n")
    assert made.changes == (cm.SetProfile(all=True, profile=PROFILES[word]()),)
    assert scenarios_from_toml(made.to_toml()) == (made,)


def test_what_is_no_profile_is_told_in_chinese_how_to_write_one():
    for given, said in (
        ("{ 2020 = 0.3, 2021 = 0.7 }", '写成{ profile = "table", shares = [0.3, 0.7] }。'),
        ("3", '写名称，如"s_curve"'),
        ("'table'", 'table应写明shares，如{ profile = "table", shares = [0.3, 0.7] }。'),
        ("{ profile = 'even', alpha = 2 }", "even的参数有误，可用：无。"),
    ):
        with pytest.raises(cm.PlanError) as caught:
            scenarios_from_toml(f"{SET_PROFILE}all = true\nprofile = {given}\n")
        assert said in caught.value.text("zh")


def test_one_date_alone_leaves_the_other_as_the_plan_has_it():
    """Printed, or by the rule; what an earlier change said of it is replaced as ever."""
    for work, change, kept in (
        ("binhai_avenue", cm.SetDates("binhai_avenue", end="2025-06"), "start"),
        ("binhai_avenue", cm.SetDates("binhai_avenue", start="2022"), "end"),
    ):
        planned, made = resolve(PLAN).work(work), resolve(PLAN, cm.Scenario("x", change)).work(work)
        assert getattr(made, kept) == getattr(planned, kept)
        assert (made.start, made.end) != (planned.start, planned.end)
        assert made.dates_origin == "user"
        assert made.end_origin == ("user" if kept == "start" else "document")
        twice = cm.Scenario("y", cm.SetDates(work, "2021-05", "2021-07"), change)
        assert resolve(PLAN, twice) == resolve(PLAN, cm.Scenario("x", change))
    late = cm.Scenario("x", cm.SetDates("huanshan_east_road", end="2021-06"), duration=12)
    made = resolve(PLAN, late).work("huanshan_east_road")
    assert (made.start, made.rule) == (12 * 2020 + 6, "start")
    assert (made.dates_origin, made.end_origin) == ("assumed", "user")
    assert scenarios_from_toml(late.to_toml()) == (late,)
    assert resolve(PLAN, cm.Scenario("y") + cm.Scenario("y").diff(late, PLAN)) == resolve(
        PLAN, late
    )


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (cm.SetDates("x", end="2025-06"), "x完工改为2025年6月", "x: ends 2025-06"),
        (cm.SetDates("x", start="2022"), "x开工改为2022年", "x: starts 2022"),
        (cm.SetDates("x", "2022", "2023"), "x起止改为2022年至2023年", "x: from 2022 to 2023"),
    ],
)
def test_dates_are_told_as_far_as_they_are_set(change, zh, en):
    assert (change_text(change, None, "zh"), change_text(change, None, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("make", "en", "zh"),
    [
        (
            lambda: cm.SetDates("binhai_avenue"),
            "lacks start and end: give one or both",
            "缺少start（开工）和end（完工）：至少写一个",
        ),
        (
            lambda: resolve(PLAN, cm.Scenario("x", cm.SetDates("binhai_avenue", end="2020-06"))),
            "the end 2020-06 of 'binhai_avenue' lies before the printed start, 2021. Give start",
            "“binhai_avenue”的完工2020年6月早于规划所印的开工2021年。请同时写明start。",
        ),
        (
            lambda: resolve(PLAN, cm.Scenario("x", cm.SetDates(category="road", start="2024"))),
            "the start 2024 of 'huanshan_north_road_phase_1' lies after the printed end, 2020.",
            "开工2024年晚于规划所印的完工2020年。请同时写明end。",
        ),
    ],
)
def test_dates_that_cannot_be_are_told_by_name(make, en, zh):
    with pytest.raises(cm.CorridorError) as caught:
        make()
    assert en in caught.value.text("en")
    assert zh in caught.value.text("zh")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "amount = 3",
            "没有名为'amount'的项。是否应为value？可用：target、category、unit、all、value。",
        ),
        ("value = 3\nunit = '亿元'", "unit指牵头单位，不是计量单位：请删去unit = “亿元”。"),
        ("value = 3\ncategory = 'road'", "请用一种方式指明项目；现有target、category：项目编号"),
    ],
)
def test_an_entry_that_a_change_does_not_take_is_told_with_those_it_takes(entry, said):
    text = "[[scenario]]\nname = 'x'\n[[scenario.change]]\nchange = 'set_investment'\n"
    with pytest.raises(cm.PlanError) as caught:
        scenarios_from_toml(f"{text}target = 'binhai_avenue'\n{entry}\n")
    assert said in caught.value.text("zh")


@pytest.mark.parametrize(
    ("word", "zh", "en"),
    [
        ("推迟", "没有名为'推迟'的改动。请写delay。", "there is no change '推迟'. Write 'delay'."),
        ("超支", "请写overrun。", "Write 'overrun'."),
        ("取消项目", "请写cancel。", "Write 'cancel'."),
        ("设定增速", "请写set_growth。", "Write 'set_growth'."),
        ("dellay", "是否应为delay（推迟）？", "Did you mean 'delay'?"),
        (
            "喷泉",
            "可用：推迟 delay、提前 accelerate、超支 overrun、取消 cancel、",
            "Known: delay, acc",
        ),
        ("", "可用：推迟 delay、", "Known: delay, "),
    ],
)
def test_a_change_in_chinese_is_told_its_word(word, zh, en):
    text = f"[[scenario]]\nname = 'x'\n[[scenario.change]]\nchange = '{word}'\nall = true\n"
    with pytest.raises(cm.PlanError) as caught:
        scenarios_from_toml(text, "mine.toml")
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")
    assert caught.value.text("zh").startswith("mine.toml x #1：")


def test_every_change_has_a_name_in_chinese_and_no_two_the_same():
    written = scenario_words()["change"]
    names = [name for said in written.values() for name in said]
    assert set(written) == set(KINDS)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("word", "zh", "en"),
    [
        ("公交", "没有类别“公交”。请写public_transport。", "Write 'public_transport'."),
        ("道路", "请写road。", "Write 'road'."),
        ("道路项目", "请写road。", "Write 'road'."),
        ("raod", "是否应为road（道路）？", "Did you mean 'road'?"),
        (
            "喷泉",
            "可用：环境整治（environment）、公共交通（public_transport）、道路（road）。",
            "Known: ",
        ),
    ],
)
def test_a_category_in_chinese_is_told_its_word(word, zh, en):
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, cm.Scenario("x", cm.Cancel(category=word)))
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")


def test_mistakes_name_the_file_and_the_word_their_author_wrote(tmp_path):
    """Those of the text and those of the plan alike; what Python made is called as in Python."""
    file = tmp_path / "mine.toml"
    made = (cm.SetGrowth("gpd", 0.1), cm.SetBaseline("tech_contract_growth", 2019, 20))
    scenario = cm.Scenario("late", cm.Delay("binhai_avenu", 6), *made)
    file.write_text(scenario.to_toml(), encoding="utf-8")
    (read,) = cm.load_scenarios(file)
    assert read == scenario
    assert hash(read) == hash(scenario)
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, read)
    where = [problem.file for problem in caught.value.problems]
    assert where == [
        "mine.toml late #1 delay",
        "mine.toml late #2 set_growth",
        "mine.toml late #3 set_baseline",
    ]
    assert "To set a growth use set_growth." in caught.value.text("en")
    with pytest.raises(cm.PlanError) as caught:
        resolve(PLAN, scenario)
    assert caught.value.problems[0].file == "late #1 Delay"
    assert "To set a growth use SetGrowth." in caught.value.text("en")
    file.write_text(scenario.to_toml().replace("months = 6.0", "months = -6"), encoding="utf-8")
    with pytest.raises(cm.PlanError) as caught:
        cm.load_scenarios(file)
    said = (
        "mine.toml late #1 delay: months is negative (-6); use accelerate to bring works forward."
    )
    assert caught.value.text("en") == said


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (
            "months = “12”",
            '有中文引号“ ”。请改为英文引号"。',
            "has curly quotes “ ”. Write straight",
        ),
        ("months ＝ 12", "有全角符号＝。请改为半角=。", "has full-width signs ＝. Write =."),
        (
            "months = １２",
            "有全角数字１２。请改为半角12。",
            "has full-width digits １２. Write 12.",
        ),
        (
            "months = 12%",
            "有百分号。数字后不写百分号：比例和增速写小数，如0.12；",
            "fraction, such as 0.12",
        ),
        ("start = 2021-07", '的日期没有加引号。请加英文引号："2021-07"。', 'quotes: "2021-07".'),
        ("推迟 = 3", "的项名“推迟”不是英文。项名写英文，如change、", "'推迟' that is not English"),
        ("months = 12个月", "的数字后有单位“个月”。只写数字", "has '个月' behind a number"),
        (
            "unit = 区交通局",
            '的文字“区交通局”没有加引号。请加英文引号："区交通局"',
            'quotes: "区交通局"',
        ),
        ("months = { distribution = pert }", "的文字“pert”没有加引号", "'pert' without quotes"),
        ("all = True", "的True应为小写。请写true。", "has True. Write true."),
        ("months = { low = 0， mode = 6 }", "有全角符号，。请改为半角,。", "Write ,."),
        ("months　= 12", "有全角空格。请改为半角空格。", "Write a plain blank."),
        ('target = "a', "的引号没有闭合。", "has a quote that is not closed."),
        ('change = "cancel"', "重复写了同一项。", "gives an entry a second time."),
        ("[scenario.change]", "的方括号只有一层。请写成[[scenario]]", "in double brackets."),
        ("months 12", "不合TOML语法。请检查引号和括号是否成对", "cannot be read (Expected '='"),
    ],
)
def test_what_is_no_toml_is_told_by_line_and_sign(line, zh, en):
    text = (
        f"[[scenario]]\nname = '“ok”， 12%'\n[[scenario.change]]\nchange = 'delay' # ，\n{line}\n"
    )
    with pytest.raises(cm.PlanError) as caught:
        scenarios_from_toml(text, "mine.toml")
    assert caught.value.text("zh").startswith(f"mine.toml：第5行（{line}）")
    assert caught.value.text("en").startswith(f"mine.toml: is not valid TOML: line 5 ({line}) ")
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")


def test_what_is_left_open_is_told_at_the_end():
    with pytest.raises(cm.PlanError) as caught:
        scenarios_from_toml("[[scenario]]\nname = [1, 2\n", "mine.toml")
    assert "到文件末尾仍有括号或引号没有闭合。请补上" in caught.value.text("zh")


def test_a_year_is_read_as_dates_are():
    for written in ("2021年", "2021", "２０２１年", 2021, 2021.0):
        assert cm.SetTarget("gdp", 600, written) == cm.SetTarget("gdp", 600, 2021)
        assert cm.SetBaseline("gdp", written, 400) == cm.SetBaseline("gdp", 2021, 400)
        assert cm.SetGrowth("gdp", 0.1, from_year=written) == cm.SetGrowth("gdp", 0.1, 0.0, 2021)
    for wrong in ("2021年7月", "21年", "去年", "", "—"):
        with pytest.raises(cm.CorridorError, match="must be a year, such as 2019; got") as caught:
            cm.SetTarget("gdp", 600, wrong)
        assert "year应为年份，如2019" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            cm.SetGrowth("gdp", 0.065, 0.02, from_year=2021),
            "生产总值：2021年起每年增长6.5 % ± 2.0 %，各年独立",
            "Gross domestic product: grows 6.5 % ± 2.0 % a year from 2021, each year by itself",
        ),
        (
            cm.SetGrowth("gdp", -0.05),
            "生产总值：年均下降5.0 %",
            "Gross domestic product: falls 5.0 % a year",
        ),
        (
            cm.AsPlanned("weiken_road", what="cancelled"),
            "围垦路恢复实施",
            "Weiken Road: not cancelled",
        ),
        (
            cm.AsPlanned("weiken_road", what="factor"),
            "围垦路造价恢复原计划",
            "Weiken Road: cost as planned",
        ),
        (cm.Overrun("weiken_road", factor=1), "围垦路造价不变", "Weiken Road: cost as planned"),
        (
            cm.AsForecast("gdp", what="growth"),
            "生产总值：增速恢复按预测",
            "Gross domestic product: growth as forecast",
        ),
        (
            cm.AsForecast("gdp", what="baseline 2019"),
            "生产总值：2019年基期值恢复原值",
            "Gross domestic product: baseline 2019 as it was",
        ),
        (
            cm.SetEffect("weiken_road", "gdp", -0.2, lag=1),
            "围垦路每完成1亿元投资，生产总值减少0.2亿元，滞后1年见效",
            "Weiken Road: -0.2 亿元 of Gross domestic product per 亿元 carried out, after 1 year",
        ),
        (
            cm.SetEffect("weiken_road", "rd_to_gdp", 0.1),
            "围垦路每完成1亿元投资，研究与试验发展经费支出占GDP比重提高0.1个百分点",
            "Weiken Road: +0.1 percentage points of R&D expenditure relative to GDP per 亿元 "
            "carried out",
        ),
        (
            cm.SetEffect("weiken_road", "gdp", 0),
            "围垦路对生产总值没有影响",
            "Weiken Road: no effect on Gross domestic product",
        ),
    ],
)
def test_a_change_is_told_as_an_office_writes(change, zh, en):
    assert (change_text(change, PLAN, "zh"), change_text(change, PLAN, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("settings", "zh"),
    [
        ({"since": "2030"}, "2030年以前已完成的投资不变"),
        ({"since": "2021-07"}, "2021年7月以前已完成的投资不变"),
        ({"escalation": 0.03}, "移到别的年份的投资按每年3.0 %调价"),
        ({"paired": 0.5}, "同一项目的超支与推迟相关（相关系数0.25）"),
        ({"duration": 36}, "只印了开工或完工的项目，另一个日期按工期36个月推算"),
    ],
)
def test_settings_are_told_as_an_office_writes(settings, zh):
    assert scenario_text(cm.Scenario("x", **settings), PLAN, "zh") == [zh]


def test_the_text_of_a_scenario_is_a_function_now_and_the_method_works_for_one_release():
    with pytest.warns(DeprecationWarning, match=r"Scenario\.text .* use corridor_model"):
        lines = LATE.text(PLAN, "en")
    assert lines == scenario_text(LATE, PLAN, "en")
    assert "\n".join(lines) == cm.describe(LATE, "en", plan=PLAN)


def test_help_and_page_say_how_growth_spreads():
    assert "sd / sqrt(n)" in cm.SetGrowth.__doc__
    text = page("scenarios")
    assert "各年独立抽取" in text
    assert "sd/√n" in text
