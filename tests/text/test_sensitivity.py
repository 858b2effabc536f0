"""Studies in words: every number is the Dataset's, and nothing sounds surer than it is."""

from __future__ import annotations

import re

import numpy as np
import pytest

import corridor_model as cm
from corridor_model.formatting import percent, rounded
from corridor_model.messages import translator
from corridor_model.sensitivity import one_at_a_time, sobol_indices, two_way
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import KINDS, REASONS, outcome, reason_text
from corridor_model.sensitivity.parameters import FIELDS, parameter
from corridor_model.text import sensitivity
from corridor_model.text.numbers import amount, difference, share_text
from corridor_model.text.studies import InputWords, OutcomeWords, origin_lines, study_of

LANGS = ("zh", "en")
ZH, EN = map(translator, LANGS)


def joined(lines):
    return "\n".join(lines)


def paragraphs(result, lang="zh"):
    return cm.describe(result, lang).split("\n")


@pytest.fixture(scope="module")
def money(plan):
    return cm.tornado(plan, "inside_plan")


@pytest.fixture(scope="module")
def roads(plan):
    return cm.sobol(plan, ["km_open:2022", "km_open:2028"], n=256, second_order=False)


@pytest.fixture(scope="module")
def slow():
    return next(s for s in cm.shipped_scenarios() if s.name == "slow")


@pytest.fixture(scope="module")
def blame(plan, slow):
    return cm.attribute(plan, slow, ["inside_plan", "total", "roads_open:2022"])


@pytest.fixture(scope="module")
def tipping(plan):
    return cm.switching_values(plan, "km_open:2022", threshold=12.195)


def test_the_tornado_names_the_first_its_share_and_both_ends(money):
    first = money.isel(input=0)
    share = rounded(float(first["share_of_swing"]), 0, shift=2)
    ends = [rounded(float(first[f"output_{end}"]), 2) for end in ("low", "high")]
    zh, en = (paragraphs(money, lang) for lang in LANGS)
    assert zh[0].startswith("对规划期内投资影响最大的是金丽温高速公路东延线的造价")
    assert f"{share}%" in zh[0]
    assert f"{share} %" in en[0]
    for text in (zh[1], en[1]):
        assert all(end in text for end in ends)
        assert rounded(money.attrs["base"], 2) in text
    assert f"{percent(float(first['high']) - 1, 1)} dearer" in en[1]


def test_assumed_ranges_are_named_as_assumptions(money):
    assumed = [str(n) for n, o in zip(money["input"].values, money["origin"].values, strict=True)
               if o == "assumed"]  # fmt: skip
    delays = sum(name.startswith("delay:") for name in assumed)
    zh, en = (cm.describe(money, lang) for lang in LANGS)
    assert f"变动范围是假设、没有统计依据的：推迟{delays}项" in zh
    assert f"超支系数{len(assumed) - delays}项" in zh
    assert f"assumptions, with no statistics behind them: delay ({delays})" in en
    assert "文献" in zh
    assert "[literature]" in en


def test_effects_that_do_not_add_up_are_confessed(plan, money):
    left = money.attrs["remainder_high"]
    assert f"比逐项相加少{rounded(-left, 2)}亿元" in cm.describe(money, "zh")
    told = cm.describe(cm.tornado(plan, "km_open:2022"), "en")
    assert "Single effects add up" in told
    assert "alone" in told


def test_nothing_moves(plan):
    made = cm.tornado(plan, "km_open:2022", {"delay:binhai_avenue": (0, 12)})
    zh, en = (paragraphs(made, lang)[0] for lang in LANGS)
    assert zh == "给定范围内没有一项能改变2022年底区内通车里程（现为12.20公里）。"
    assert en.startswith("Nothing moves road length open")


@pytest.mark.slow
@pytest.mark.uncounted
def test_any_delay_at_all_breaks_it(tipping):
    zh, en = (paragraphs(tipping, lang) for lang in LANGS)
    assert "满足“不低于12.20公里”的要求" in zh[0]
    assert "温州大道东延一推迟就不满足" in zh[1]
    assert "Wenzhou Avenue eastern extension: any delay at all breaks it" in en[1]
    assert "围垦路最多可推迟12个月" in zh[1]


def test_none_in_range_says_how_far_was_searched(tipping):
    none = int((tipping["switching_value_reason"] == "none_in_range").sum())
    costs = sum(str(n).startswith("overrun:") for n in tipping["input"].values)
    zh, en = (cm.describe(tipping, lang) for lang in LANGS)
    assert f"推迟{none - costs}项（提前24个月至推迟60个月）" in zh
    assert f"超支系数{costs}项（造价减少50.0%至造价增加200.0%）" in zh
    assert f"delay ({none - costs}; from 24 months early to 60 months late)" in en


def test_no_single_input_reaches_it(plan):
    made = cm.switching_values(plan, "km_open:2022", ["delay:binhai_avenue"], threshold=99)
    zh, en = (paragraphs(made, lang) for lang in LANGS)
    assert "不满足“不低于99.00公里”" in zh[0]
    assert zh[1] == "单独变动任何一项，在搜索范围内都不改变这一结论。"
    assert en[1] == "No single input changes that within the range searched."


def test_the_growth_a_target_needs(plan):
    made = cm.switching_values(plan, "value:gdp", ["growth:gdp", "target:gdp"])
    need = percent(float(made["switching_value"].sel(input="growth:gdp")), 1)
    zh, en = (paragraphs(made, lang) for lang in LANGS)
    assert zh[0] == "2022年生产总值（中位值）现为500.36亿元，没有达到目标。"
    assert f"年均增速不低于{need.replace(' ', '')}" in zh[1]
    assert f"yearly growth at least {need}" in en[1]
    assert "目标值不高于500.36亿元" in zh[1]
    assert made["good_side"].values.tolist() == ["above", "below"]


@pytest.mark.parametrize(
    ("field", "value", "above", "zh", "en"),
    [
        ("delay", 0.0, False, "一推迟就不满足", "any delay at all breaks it"),
        ("delay", 0.0, True, "一提前就不满足", "being early at all breaks it"),
        ("delay", 12.0, False, "最多可推迟12个月", "may be at most 12 months late"),
        ("delay", 12.0, True, "须推迟至少12个月", "must be at least 12 months late"),
        ("delay", -3.25, True, "最多可提前3.2个月", "may be at most 3.2 months early"),
        ("delay", -3.25, False, "须提前至少3.3个月", "must be at least 3.3 months early"),
        ("delay", 0.01, False, "最多可推迟不到0.1个月", "at most less than 0.1 months late"),
        ("overrun", 1.0, False, "造价一增加就不满足", "any overrun at all breaks it"),
        ("overrun", 1.072, False, "造价最多可增加7.2%", "may be at most 7.2 % dearer"),
        ("overrun", 0.9, False, "造价须减少至少10.0%", "must be at least 10.0 % cheaper"),
        ("cancel", 0.0, False, "不能取消", "must be kept"),
        ("growth", -0.02, True, "年均增速不低于-2.0%", "yearly growth at least -2.0 %"),
        ("forecast", 0.73, True, "走势不低于73.0%", "outlook at least 73.0 %"),
    ],
)
def test_a_bound_says_how_far_one_may_go(field, value, above, zh, en):
    unit = FIELDS[field].unit
    chinese, english = (InputWords(t, f"{field}:x", unit_code=unit) for t in (ZH, EN))
    assert chinese.bound(value, above=above) == zh
    assert en in english.bound(value, above=above)


def test_shares_of_the_variance(roads):
    at = roads.sel(output="km_open:2022")
    share = rounded(float(at["ST"].max()), 0, shift=2)
    zh = paragraphs(roads.sel(output=["km_open:2022"]), "zh")
    assert zh[0].startswith(f"决定2022年底区内通车里程的主要是温州大道东延的工期，占方差的{share}%")
    en = paragraphs(roads.sel(output=["km_open:2022"]), "en")
    assert f"the schedule of Wenzhou Avenue eastern extension: {share} % of its variance" in en[0]


def test_zero_variance_has_nothing_to_share(roads):
    zh, en = (paragraphs(roads.sel(output=["km_open:2028"]), lang) for lang in LANGS)
    assert zh[0] == "2028年底区内通车里程在所设范围内不变，没有方差可分。"
    assert "never moves" in en[0]
    assert "收敛" not in joined(zh)
    assert "converged" not in joined(en)


def test_too_few_points_are_confessed_and_how_many_would_do(plan):
    made = cm.sobol(plan, "p_reach:gdp", n=256, second_order=False)
    needed = int(made["n_converge"][0])
    assert needed > 256
    zh, en = (cm.describe(made, lang) for lang in LANGS)
    assert f"尚未收敛：256点时区间半宽超过5个百分点，约需{needed}点。" in zh
    assert f"about {needed} would do" in en


def test_convergence_is_claimed_only_with_bounds():
    def func(x):
        return x[0] + 0.1 * x[1]

    inputs = {"a": (0, 1), "b": (0, 1)}
    good = sobol_indices(func, inputs, n=8192, second_order=False)
    assert bool(good["converged"][0])
    assert "已收敛：8192点" in cm.describe(good, "zh")
    blind = sobol_indices(func, inputs, n=64, resamples=0)
    assert "不能判断是否收敛" in cm.describe(blind, "zh")
    assert "no saying whether it has converged" in cm.describe(blind, "en")


def test_joint_effects_are_told_once_they_are_sure():
    made = sobol_indices(lambda x: x[0] * x[1], {"a": (-1, 1), "b": (-1, 1)}, n=16384)
    told = cm.describe(made, "en")
    assert bool(made["converged"][0]) == ("acting jointly" in told)


@pytest.mark.uncounted
def test_what_was_left_out_is_counted_by_reason(plan):
    made = cm.sobol(plan, n=16, second_order=False, resamples=10)
    count = made.attrs["left_out"].count(";") + 1
    zh = cm.describe(made, "zh")
    line = next(part for part in zh.splitlines() if part.startswith("未列入的指标"))
    assert line.startswith(f"未列入的指标{count}项")
    told = [int(n) for n in re.findall(r"\D(\d+)项", line.partition("：")[2])]
    assert sum(told) == count
    assert "no_" not in zh


@pytest.mark.uncounted
def test_an_attribution_says_before_after_and_which_change(blame):
    at = blame.sel(output="inside_plan")
    zh = paragraphs(blame.sel(output=["inside_plan"]), "zh")
    before, after = (rounded(float(at[name]), 2) for name in ("before", "after"))
    less = rounded(float(at["before"] - at["after"]), 2)
    assert zh[0] == f"情景“慢”使规划期内投资由{before}亿元变为{after}亿元，减少{less}亿元。"
    assert "金丽温高速公路东延线推迟24个月" in zh[1]
    assert f"−{rounded(-float(at['share'].min()), 2)}亿元" in zh[1]
    assert "方向相反的是“道路项目造价" in zh[2]


def test_one_change_alone_and_outputs_that_stay(blame):
    zh, en = (cm.describe(blame, lang) for lang in LANGS)
    assert "使总投资由219.72亿元变为264.22亿元，增加44.49亿元，全部来自“道路项目造价" in zh
    assert "情景“慢”不改变2022年底通车道路条数。" in zh
    assert "The scenario “slow” does not move the number of roads open" in en


def test_a_grid_says_where_the_plan_stands(plan):
    made = two_way(
        plan, "inside_plan", ("delay:jinliwen_expressway", 0, 12),
        ("overrun:jinliwen_expressway", 0.8, 1.8), points=(3, 5), threshold=150,
    )  # fmt: skip
    assert (made["x"].attrs["base"], made["y"].attrs["base"]) == (0.0, 1.0)
    assert made.attrs["base"] == pytest.approx(145.6993, abs=1e-4)
    zh, en = (paragraphs(made, lang) for lang in LANGS)
    assert zh[0] == "规划期内投资现为145.70亿元，满足“不超过150.00亿元”的要求。"
    # a bound is rounded to the side on which it holds
    tip = rounded(float(made["frontier"][0]) - 1.0005, 1, shift=2)
    assert f"按期时，造价最多可增加{tip}%" in zh[2]
    assert f"on time: may be at most {tip} % dearer" in en[2]


def test_a_grid_without_a_base_number_is_made_all_the_same(plan):
    made = two_way(
        plan, "value:profit_margin", ("baseline:profit_margin", 5.0, 9.0),
        ("growth:profit_margin", 0.0, 0.1), points=(3, 3),
    )  # fmt: skip
    assert "base" not in made.attrs
    assert "base" not in made["x"].attrs
    assert "现为" not in cm.describe(made, "zh")


def test_studies_of_any_function_have_words():
    made = one_at_a_time(
        lambda x: x[0] * x[1], {"a": 2, "b": 3}, {"a": 1, "b": 2}, {"a": 4, "b": 5}
    )
    assert paragraphs(made, "en")[0] == "The output hangs mainly on “a”: 60 % of all swings."
    with pytest.raises(cm.CorridorError, match="no result of tornado"):
        study_of(made.drop_attrs())


def test_the_scenario_and_made_up_figures_are_named(plan, slow):
    made = cm.tornado(plan, "km_open:2022", {"delay:weiken_road": (0, 24)}, scenario=slow)
    assert "其余条件按情景“慢”。" in paragraphs(made, "zh")
    assert "Everything else stands as in the scenario “slow”." in paragraphs(made, "en")
    taught = made.assign_attrs(example=1)
    assert any("教学示例" in line for line in paragraphs(taught, "zh"))


def test_every_lever_and_output_has_its_phrase(plan):
    for word, kind in KINDS.items():
        name = word
        if kind.of != "plan":
            name += ":gdp" if kind.of == "indicator" else ":binhai_avenue"
        asked = outcome(plan, name)
        for t in (ZH, EN):
            of = asked.subject(plan, t.lang)
            phrase = OutcomeWords(t, asked.word, of, asked.year, asked.title(plan, t.lang)).phrase
            assert phrase
            assert "{" not in phrase
            assert "·" not in phrase
            if kind.yearly:
                assert "2022" in phrase
            if kind.of != "plan":
                subject = plan.indicators if kind.of == "indicator" else plan.projects
                assert subject[asked.key].name(t.lang) in phrase
    for field, (_, _, owner) in FIELDS.items():
        what = {"work": "binhai_avenue", "indicator": "gdp", "effect": "road:gdp"}[owner]
        turn = parameter(plan, f"{field}:{what}")
        for t in (ZH, EN):
            title, of = (say(plan, t.lang) for say in (turn.title, turn.subject))
            one = InputWords(t, turn.name, title, turn.unit(plan), of)
            assert of in one.phrase
            assert one.at(0.5)


@pytest.mark.parametrize("share", [0.0, 1e-6, 0.0049, 0.005, 0.5, 0.994, 0.9951, 1.0, 1.04, -0.01])
def test_a_share_never_claims_nothing_or_everything_too_soon(share):
    zh = share_text(share, ZH)
    assert (zh == "0%") == (share == 0)
    assert (zh == "100%") == (share == 1)


def test_numbers_are_rounded_once_and_for_people():
    assert amount(2.675, "亿元", ZH) == "2.68亿元"
    assert difference(0.00045, "1", ZH, "p_reach") == "不到0.1个百分点"
    assert difference(-0.125, "1", EN, "p_reach", sign=True) == "−12.5 points"
    assert difference(0.25, "%", ZH) == "0.3个百分点"
    assert amount(np.float64(8.0), "条", ZH) == "8条"


def test_origins_are_told_with_the_assumed_first():
    lines = origin_lines(
        [(InputWords(ZH, name), origin) for name, origin in
         (("delay:a", "user"), ("delay:b", "assumed"), ("overrun:a", "literature"))], ZH
    )  # fmt: skip
    assert lines == [
        "变动范围是假设、没有统计依据的：推迟1项。",
        "变动范围的其他出处：推迟1项（自行给定或情景给定）、超支系数1项（文献）。",
    ]


def test_chinese_has_no_codes_and_english_no_chinese_but_units(money, tipping, roads, blame):
    for made in (money, tipping, roads, blame):
        zh, en = (cm.describe(made, lang) for lang in LANGS)
        assert not re.search(r"[a-z]+_[a-z]+", zh)
        assert not re.search(r"[a-z]+_[a-z]+", en)
        assert not re.search(r"[\u4e00-\u9fff]", en.replace("亿元", ""))
        assert not re.search(r"\bnan\b|\bNone\b", zh + en)


def test_delay_and_cost_of_one_work_are_told_together(plan):
    late = cm.Scenario(
        "late", cm.Delay(all=True, months=cm.Uniform(0, 12)),
        cm.Overrun(all=True, factor=cm.Lognormal(mean=1.2, sd=0.3)), paired=0.5,
    )  # fmt: skip
    made = cm.sobol(plan, "inside_plan", n=128, second_order=False, scenario=late)
    zh, en = (paragraphs(made, lang) for lang in LANGS)
    assert "金丽温高速公路东延线的工期与造价" in zh[0]
    assert "the delay and cost of Jinliwen Expressway" in en[0]
    assert "变动范围的其他出处：工期与造价17项（自行给定或情景给定）。" in zh


def test_an_index_keeps_its_base_apart(plan):
    made = cm.tornado(plan, "value:hightech_investment_growth", {"growth:"
                      "hightech_investment_growth": (0.0, 0.1)})  # fmt: skip
    assert re.search(r"\d（2019=100）", paragraphs(made, "zh")[1])


def test_a_baseline_is_named_in_front_of_its_number(plan):
    made = cm.tornado(plan, "value:gdp", {"baseline:gdp": (400, 500)})
    assert paragraphs(made, "zh")[1].startswith("基期值400.00亿元时为")
    assert paragraphs(made, "en")[1].startswith("Baseline 400.00 亿元: ")


@pytest.mark.uncounted
def test_every_reason_of_an_indicator_has_words(plan):
    taught = cm.load_plan(example=True)
    for one, figures in ((plan, None), (taught, cm.example_observations())):
        reader = Reader(one, None, figures)
        codes = {reader.outlook(reader.resolved, name).reason for name in one.indicators}
        assert not codes - set(REASONS)
        assert all(reason_text(code, "zh") != code for code in codes if code)


def test_the_old_names_still_answer_and_say_where_to_go(money, tipping, roads, blame, plan):
    grid = two_way(plan, "value:gdp", ("growth:gdp", 0, 0.2), ("target:gdp", 500, 640),
                   points=(2, 2))  # fmt: skip
    old = {
        "tornado_text": money,
        "switching_text": tipping,
        "sobol_text": roads,
        "attribute_text": blame,
        "two_way_text": grid,
    }
    for name, made in old.items():
        with pytest.deprecated_call(match="describe"):
            lines = getattr(sensitivity, name)(made, lang="en")
        assert lines == paragraphs(made, "en")
    with pytest.deprecated_call():
        lines = sensitivity.sobol_text(roads, "km_open:2028")
    assert lines == paragraphs(roads.sel(output=["km_open:2028"]))
    assert lines == paragraphs(roads.sel(output="km_open:2028"))


def test_describe_knows_every_study_and_refuses_the_rest(plan, money):
    with pytest.raises(cm.CorridorError, match="no result") as wrong:
        cm.describe(money.drop_attrs())
    assert "文字" in wrong.value.text("zh")
    with pytest.raises(cm.CorridorError, match="no result"):
        cm.describe({"plan": plan})
    with pytest.raises(cm.CorridorError, match="language"):
        cm.describe(money, "fr")


@pytest.mark.uncounted
def test_a_saved_study_says_the_same(money, roads, blame, tmp_path):
    xr = pytest.importorskip("xarray")
    for made in (money, roads, blame):
        made.to_netcdf(tmp_path / "study.nc")
        with xr.open_dataset(tmp_path / "study.nc") as back:
            assert cm.describe(back, "zh") == cm.describe(made, "zh")


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        ((900, 2000), "about 2000 would do"),
        ((900, -1), "how many would do is not known"),
    ],
)
def test_outputs_that_have_not_converged_are_counted(needed, said):
    ds = sobol_indices(
        lambda x: np.array([x[0] * x[1], x[0] + x[1] ** 3]), {"a": (0, 1), "b": (0, 1)}, n=64
    )
    wide = ds.assign(converged=("output", [False, False]), n_converge=("output", list(needed)))
    (line,) = sensitivity._wide(wide, np.array([True, True]), EN)
    assert line.startswith("2 outputs have not converged: with 64 points a half width exceeds")
    assert said in line
    (line,) = sensitivity._wide(wide.assign(converged=("output", [True, True])),
                                np.array([True, True]), EN)  # fmt: skip
    assert line.startswith("Converged: at 64 points every half width is within")


def test_a_target_that_is_met_is_said_to_be(plan):
    easy = cm.Scenario("easy", cm.SetTarget("gdp", 400))
    words = {"inputs": {"growth:gdp": (0.0, 0.2)}}
    met = cm.switching_values(plan, "gap:gdp", scenario=easy, **words)
    assert "the target is met." in cm.describe(met, "en")
    planned = cm.switching_values(plan, "gap:gdp", **words)
    assert "the target is not met." in cm.describe(planned, "en")
