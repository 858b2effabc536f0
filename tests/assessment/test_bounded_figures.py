"""Published bounds, reported changes, and reported averages since the start (S4)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, target

import corridor_model as cm
from corridor_model.assessment import assess
from corridor_model.assessment.case import case_of, decision
from corridor_model.errors import PlanError
from corridor_model.observations.load import load_observations
from corridor_model.text.assessment import row_of, sentence


def bounds_of(plan, *rows):
    """Return figures: (period, value as it is printed[, measure])."""
    frame = pd.DataFrame(
        [dict(zip(("period", "value", "measure", "published"), r, strict=False)) for r in rows]
    ).assign(indicator="x")
    return load_observations(frame.astype({"value": "str", "period": "str"}), plan)


def verdict(plan, *rows, at=2022, **more):
    return assess(plan, bounds_of(plan, *rows), at, **more).isel(indicator=0)


# ------------------------------------------------------------------ a bound decides where it can


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("sense", "printed", "status"),
    [
        ("at_least", "≥62", "achieved"),
        ("at_least", "≥60", "achieved"),
        ("at_least", ">60", "achieved"),
        ("at_least", "60以上", "achieved"),
        ("at_least", "超过60", "achieved"),
        ("at_least", "60余", "achieved"),
        ("at_least", "≥50", "not_assessable"),
        ("at_least", "<60", "missed"),
        ("at_least", "≤60", "not_assessable"),
        ("at_least", "不足55", "missed"),
        ("above", "≥60", "not_assessable"),
        ("above", ">60", "achieved"),
        ("above", "≤60", "missed"),
        ("at_most", "≤60", "achieved"),
        ("at_most", "60以内", "achieved"),
        ("at_most", "<60", "achieved"),
        ("at_most", "≥60", "not_assessable"),
        ("at_most", ">60", "missed"),
        ("below", "<60", "achieved"),
        ("below", "≥60", "missed"),
        ("below", "≤60", "not_assessable"),
    ],
)
def test_a_bound_decides_where_it_can(sense, printed, status):
    plan = one("level", value=60, base=40 if sense in {"at_least", "above"} else 80, sense=sense)
    made = verdict(plan, ("2022", printed))
    assert made.status.item() == status
    assert made.actual_bound.item() != ""
    assert made.reason.item() == ("not_reported" if status == "not_assessable" else "")
    # it is no level: no share, no rate, no projection
    for name in ("compared", "achieved_share", "achieved_rate", "projected", "gap"):
        assert made[name].isnull().item(), name
    if status != "not_assessable":
        assert made.p_reach.item() == (status == "achieved")
        assert made.p_basis.item() == "observed"


def test_a_bound_that_decides_nothing_is_shown():
    plan = one("level", value=60, base=40)
    made = verdict(plan, ("2022", "≥50"))
    assert (made.actual.item(), made.actual_bound.item()) == (50, "at_least")
    assert (made.status.item(), made.reason.item()) == ("not_assessable", "not_reported")
    whole = assess(plan, bounds_of(plan, ("2022", "≥50")), 2022)
    assert "≥50" in sentence(row_of(whole, "x"), "zh")


def test_a_figure_says_more_than_a_bound():
    plan = one("level", value=60, base=40)
    made = verdict(plan, ("2022", "≥62", None, "2023-01"), ("2022", "58", None, "2023-02"))
    assert (made.status.item(), made.actual.item(), made.actual_bound.item()) == ("missed", 58, "")


def test_before_the_date_a_bound_meets_but_never_falls_behind():
    plan = one("level", value=60, base=40)
    met = verdict(plan, ("2021", "≥62"), at=2021)
    assert (met.status.item(), bool(met.secured.item())) == ("achieved", False)
    open_ = verdict(plan, ("2021", "≤50"), at=2021)
    assert (open_.status.item(), open_.reason.item()) == ("not_assessable", "not_reported")
    # the forecast is that of the figures alone
    assert met.p_reach.item() == pytest.approx(assess(plan, None, 2021).p_reach.item())


def test_what_was_counted_stays_counted():
    plan = one("cumulative", value=60, base=0)
    made = verdict(plan, ("2021", "超过62"))
    assert (made.status.item(), made.actual_bound.item()) == ("achieved", "above")
    late = verdict(plan, ("2023", "不足60"), at=2023)
    assert late.status.item() == "missed"


@pytest.mark.parametrize(
    ("kind", "sense", "rows", "expected"),
    [
        # at least 60 in December may have come after May; less than 60 was less in May
        ("cumulative", "at_least", [("2022", "≥60")], "not_assessable"),
        ("cumulative", "at_least", [("2022", "<60")], "missed"),
        ("cumulative", "at_least", [("2022-05", "≥60"), ("2022", "≥90")], "achieved"),
        ("cumulative", "at_least", [("2022-02", "≥60")], "achieved"),
        ("cumulative", "at_most", [("2022", "≤60")], "achieved"),
        ("cumulative", "at_most", [("2022", ">60")], "not_assessable"),
        # what goes up and down is that of May alone
        ("level", "at_least", [("2022", "≥60")], "not_assessable"),
        ("level", "at_least", [("2022", "<60")], "not_assessable"),
        ("level", "at_least", [("2022-05", "≥60"), ("2022", "<60")], "achieved"),
    ],
)
def test_a_bound_of_the_year_says_no_more_of_may_than_it_may(kind, sense, rows, expected):
    plan = one(kind, value=60, base=0, sense=sense, month=5)
    made = verdict(plan, *rows)
    assert made.status.item() == expected
    if expected == "not_assessable":  # it is shown
        assert (made.reason.item(), made.actual_period.item()) == ("not_reported", "2022")
        said = sentence(row_of(assess(plan, bounds_of(plan, *rows), 2022), "x"), "zh")
        assert "缺2022年5月的数据，2022年的数据不能说明到期时的情况" in said


def test_a_bound_of_the_first_months_of_a_flow():
    about = {"nature": "flow", "unit": "亿元"}
    floor = one(value=60, base=None, about=about, month=6)
    assert verdict(floor, ("2022-06", "<60")).status.item() == "missed"
    assert verdict(floor, ("2022-03", "≥60")).status.item() == "achieved"
    assert verdict(floor, ("2022-09", "<60")).status.item() == "missed"
    assert verdict(floor, ("2022", "≥60")).reason.item() == "not_reported"
    cap = one(value=60, base=None, sense="at_most", about=about, month=6)
    assert verdict(cap, ("2022", "≤60")).status.item() == "achieved"
    assert verdict(cap, ("2022-03", "≤60")).reason.item() == "not_reported"


def test_a_limit_is_held_or_broken_by_a_bound():
    plan = one("ratio", value=60, base=50, sense="at_most", role="limit")
    assert verdict(plan, ("2021", "≤55"), at=2021).status.item() == "on_schedule"
    assert verdict(plan, ("2021", ">60"), at=2021).status.item() == "behind"
    assert verdict(plan, ("2022", "<60")).status.item() == "achieved"


def test_a_year_is_missed_by_a_bound():
    plan = one("annual", value=10, base=None)
    held = verdict(plan, ("2020", "≥10"), ("2021", "≥11"), at=2021)
    assert held.status.item() == "achieved"
    assert held.unknown_years.item() == ""
    assert verdict(plan, ("2020", "<10"), ("2021", "≥11"), at=2021).status.item() == "missed"
    # of a part of a year only that it is passed can be known
    part = verdict(plan, ("2020", "12"), ("2021-06", "<5"), at="2021-06")
    assert part.status.item() == "not_assessable"


def test_a_sum_of_bounds_is_no_sum():
    plan = one("cumulative", value=60, base=0)
    made = verdict(plan, ("2020", "≥30", "addition"), ("2021", "≥31", "addition"), at=2021)
    assert made.status.item() == "not_assessable"


def test_the_sign_turns_with_a_fall():
    plan = one("growth", value=-4, base=None, sense="at_most")
    seen = load_observations(
        pd.DataFrame({"indicator": ["x"], "period": ["2021"], "同比下降（%）": ["≥5"]}), plan
    )
    rows = seen.frame()
    assert rows[["measure", "value", "bound"]].values.tolist() == [["growth", -5.0, "at_most"]]


ENDS = st.floats(-1e6, 1e6, allow_nan=False)


@given(
    ENDS,
    ENDS,
    ENDS,
    st.sampled_from(["at_least", "above", "at_most", "below"]),
    st.sampled_from(["at_least", "above", "at_most", "below"]),
)
def test_what_a_bound_decides_holds_of_every_figure_it_allows(goal, end, away, sense, bound):
    plan = one("level", value=goal, base=None, sense=sense)
    case = case_of(plan.targets["x"])
    says = decision(case, bound, end)
    figure = end + abs(away) if bound in {"at_least", "above"} else end - abs(away)
    allowed = bound in {"at_least", "at_most"} or figure != end
    if says is not None and allowed:
        assert case.meets(figure) == says


# ------------------------------------------------------------------ changes and averages


def change_plan(kind, value, base=None, unit="%", of="ratio", **more):
    return plan_of(
        indicators=[indicator("x", of, unit=unit)],
        targets=[target("x", value, "at_least" if value > 0 else "at_most", kind=kind, **more)],
        baselines=[] if base is None else [baseline("x", base)],
    )


def test_a_reported_change_counts_without_a_level():
    plan = change_plan("change", 0.6)
    seen = figures(plan, ("x", 2022, 0.7, "change", None, None, "个百分点"))
    made = assess(plan, seen, 2022).isel(indicator=0)
    assert (made.status.item(), made.actual.item()) == ("achieved", pytest.approx(0.7))
    seen = figures(plan, ("x", 2022, 0.5, "change"))
    assert assess(plan, seen, 2022).status.item() == "missed"


def test_a_reported_change_moves_the_baseline():
    # 累计降低〔13.5〕%: from 0.8 it is 0.692; -14 % reported is 0.688
    plan = change_plan("relative_change", -13.5, base=0.8, unit="吨", of="level")
    seen = figures(plan, ("x", 2022, -14.0, "change", None, None, "%"))
    made = assess(plan, seen, 2022).isel(indicator=0)
    assert (made.status.item(), made.actual.item()) == ("achieved", pytest.approx(-14.0))
    behind = assess(plan, figures(plan, ("x", 2021, -5.0, "change")), 2021).isel(indicator=0)
    assert behind.achieved_share.item() == pytest.approx(5 / 13.5)
    # a level of the same time says more
    both = figures(plan, ("x", 2022, 0.72, "level"), ("x", 2022, -14.0, "change"))
    assert assess(plan, both, 2022).status.item() == "missed"


def test_growths_go_on_from_a_reported_change():
    plan = change_plan("relative_change", 20, unit="家", of="level")
    seen = figures(plan, ("x", 2021, 10, "change", None, None, "%"), ("x", 2022, 10, "growth"))
    made = assess(plan, seen, 2022).isel(indicator=0)
    assert (made.status.item(), made.actual.item()) == ("achieved", pytest.approx(21.0))


def test_a_bound_on_a_change_decides():
    plan = change_plan("change", 0.6)
    assert verdict(plan, ("2022", "≥0.6", "change")).status.item() == "achieved"
    assert verdict(plan, ("2022", ">0.3", "change")).reason.item() == "not_reported"
    plan = change_plan("relative_change", -13.5, base=0.8, unit="吨", of="level")
    made = verdict(plan, ("2022", "≤-14", "change"))
    assert (made.status.item(), made.actual.item()) == ("achieved", pytest.approx(-14.0))


def test_a_reported_average_counts_without_the_years():
    plan = one("growth", value=6.5, base=None)
    made = assess(plan, figures(plan, ("x", 2022, 6.7, "average_growth")), 2022).isel(indicator=0)
    assert (made.status.item(), made.actual.item()) == ("achieved", pytest.approx(6.7))
    assert verdict(plan, ("2022", "≥6.5", "average_growth")).status.item() == "achieved"
    assert verdict(plan, ("2022", "<6.5", "average_growth")).status.item() == "missed"
    ahead = verdict(plan, ("2021", ">7", "average_growth"), at=2021)
    assert (ahead.status.item(), ahead.actual_bound.item()) == ("ahead", "above")


def test_a_reported_average_is_where_the_rest_begins():
    # 5 % a year in two of three years: 6 % on average ask for 8.03 % in the third
    plan = one("growth", value=6, base=None)
    by_average = assess(plan, figures(plan, ("x", 2021, 5.0, "average_growth")), 2021)
    by_years = assess(plan, figures(plan, ("x", 2020, 5.0), ("x", 2021, 5.0)), 2021)
    assert by_average.required_rate_remaining.item() == pytest.approx(1.06**3 / 1.05**2 - 1)
    assert by_average.gap.item() == pytest.approx(by_years.gap.item())
    assert by_average.p_basis.item() != ""
    assert by_average.projected.item() < 6


@pytest.mark.parametrize(
    ("kind", "measure", "words"),
    [
        ("level", "change", "no promise of .* is a change"),
        ("level", "average_growth", "no promise of .* is an average growth"),
    ],
)
def test_what_no_promise_speaks_of_is_refused(kind, measure, words):
    plan = one(kind)
    with pytest.raises(PlanError, match=words):
        bounds_of(plan, ("2022", "3", measure))


def test_a_change_of_two_readings_asks_for_its_unit():
    plan = plan_of(
        indicators=[indicator("x", "level", unit="家")],
        targets=[
            target("x", 20, kind="relative_change"),
            target("x", 40, kind="change"),
        ],
        baselines=[baseline("x", 200)],
    )
    with pytest.raises(PlanError, match="may be in"):
        bounds_of(plan, ("2022", "20", "change"))
    rows = pd.DataFrame({"indicator": "x", "period": "2022", "measure": "change"}, index=[0])
    seen = load_observations(rows.assign(value=41.0, unit="家"), plan)
    made = assess(plan, seen, 2022)
    assert dict(zip(made.indicator.values, made.status.values, strict=True)) == {
        "x": "achieved",
        "x@change": "achieved",
    } or set(made.status.values) == {"achieved", "not_assessable"}


# ------------------------------------------------------------------ bounds on yearly growths


def growths(value=6, sense="at_least", **row):
    return one("growth", value, None, sense, **row)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("plan", "rows", "at", "expected"),
    [
        # (1.07 x 1.07 x 1.05)^(1/3) - 1 is 6.33 %, with 1.03 it is 5.65 %
        (growths(), [(2020, 7), (2021, 7), (2022, "≥5")], 2022, "achieved"),
        (growths(), [(2020, 7), (2021, 7), (2022, "≥3")], 2022, "not_assessable"),
        (growths(), [(2020, 5), (2021, "≤6"), (2022, "<6")], 2022, "missed"),
        (growths(), [(2020, 7), (2022, "≥9")], 2022, "not_assessable"),
        (growths(), [(2020, 7), (2021, "超过7")], 2021, "ahead"),
        (growths(), [(2020, 5), (2021, "≤6")], 2021, "behind"),
        (growths(), [(2020, 5), (2021, "≥5")], 2021, "not_assessable"),
        (growths(from_year=2022), [(2022, "≥6")], 2022, "achieved"),
        (growths(from_year=2022), [(2022, "不足6")], 2022, "missed"),
        (growths(from_year=2022), [(2022, "超过5")], 2022, "not_assessable"),
        (growths(sense="above", from_year=2022), [(2022, "≥6")], 2022, "not_assessable"),
        (growths(sense="above", from_year=2022), [(2022, ">6")], 2022, "achieved"),
        (growths(3, "at_most"), [(2020, 2), (2021, "≥5")], 2021, "behind"),
        (growths(3, "at_most"), [(2020, 2), (2021, "≤3")], 2021, "ahead"),
        (growths(), [(2020, "≥5"), (2021, "≥5"), (2022, "≥5")], 2022, "not_assessable"),
        (growths(), [(2020, ">7"), (2021, "≥5"), (2022, "≥6")], 2022, "not_assessable"),
        (growths(), [(2020, ">7"), (2021, "≥6"), (2022, "≥6")], 2022, "achieved"),
    ],
)
def test_a_bound_on_the_growth_of_one_year(plan, rows, at, expected):
    made = verdict(plan, *((*row, "growth") for row in rows), at=at)
    assert made.status.item() == expected
    if expected == "not_assessable":
        assert made.reason.item() == "not_reported"
    if at == 2022:
        chance = {"achieved": 1.0, "missed": 0.0}.get(expected)
        assert (made.p_reach.item() == chance) if chance is not None else made.p_reach.isnull()


def test_a_bound_says_why_it_decides_nothing():
    rows = [(2020, 7, "growth"), (2021, 7, "growth"), (2022, "≥3", "growth")]
    plan = growths()
    row = row_of(assess(plan, bounds_of(plan, *rows), 2022), "x")
    assert "only a bound is published" in sentence(row, "en")
    assert "只公布了界限" in sentence(row, "zh")
    assert "≥5.6" in sentence(row, "zh")


def test_bounds_on_growths_go_on_from_what_was_reported_since_the_start():
    plan = growths()
    rows = [(2021, 7.0, "average_growth"), (2022, "≥5", "growth")]
    assert verdict(plan, *rows).status.item() == "achieved"  # 1.07 x 1.07 x 1.05, as above
    rows = [(2021, "≥7", "average_growth"), (2022, "≥5", "growth")]
    assert verdict(plan, *rows).status.item() == "achieved"
    rows = [(2021, "≤7", "average_growth"), (2022, "≥5", "growth")]
    assert verdict(plan, *rows).reason.item() == "not_reported", "two sides make no bound"
    rows = [(2021, 7.0, "average_growth"), (2022, "≥3", "growth")]
    assert verdict(plan, *rows).reason.item() == "not_reported"
    summed = one("growth", 6, None, about={"average_method": "累计法"})
    whole = [(2020, 7, "growth"), (2021, 7, "growth"), (2022, "≥5", "growth")]
    assert verdict(summed, *whole).status.item() == "achieved"
    assert verdict(summed, (2021, 7.0, "average_growth"), whole[2]).status.item() == (
        "not_assessable"
    ), "by the sum of all years an average says nothing of the years"


def test_a_relative_change_is_decided_by_bounds_on_growths():
    about = {"unit": "亿元", "nature": "flow"}
    plan = plan_of(
        indicators=[indicator("x", "level", **about)],
        targets=[target("x", 20, kind="relative_change")],
    )
    rows = [(2020, 6, "growth"), (2021, 6, "growth")]
    kept = verdict(plan, *rows, (2022, "≥7", "growth"))  # 1.06 x 1.06 x 1.07 = 1.2022
    assert (kept.status.item(), kept.actual.item()) == ("achieved", pytest.approx(20.2252))
    assert verdict(plan, *rows, (2022, "≥5", "growth")).reason.item() == "not_reported"
    since = [(2021, 12.36, "change"), (2022, "≥7", "growth")]
    assert verdict(plan, *since).status.item() == "achieved"


@pytest.mark.uncounted
@given(
    st.lists(st.floats(2, 30), min_size=3, max_size=3),
    st.integers(0, 2),
    st.floats(2, 30),
    st.booleans(),
)
def test_what_bounds_on_growths_decide_holds_of_every_growth_they_allow(rates, at, goal, low):
    """A bound below (or above) the true growth never says what the true growths deny."""
    plan = growths(goal)
    true = [(2020 + i, rate, "growth") for i, rate in enumerate(rates)]
    loose = list(true)
    slack = rates[at] - 0.9 if low else rates[at] + 0.9
    loose[at] = (2020 + at, f"{'≥' if low else '≤'}{slack!r}", "growth")
    said, truth = verdict(plan, *loose), verdict(plan, *true)
    if said.status.item() != "not_assessable":
        assert said.status.item() == truth.status.item()


# ------------------------------------------------------------------ what a bound leaves open


def sim(plan, *rows, at):
    result = cm.simulate(plan, None, bounds_of(plan, *rows), draws=64, as_of=at)
    return result.isel(scenario=0, indicator=0)


@pytest.mark.parametrize(
    ("kind", "printed", "measure"),
    [
        ("level", "≥62", None),
        ("share", "≥62", None),
        ("cumulative", "≥62", None),
        ("annual", "≥62", None),
        ("growth", "≥62", "average_growth"),
    ],
)
def test_a_simulation_shows_no_figure_where_a_bound_settled_the_date(kind, printed, measure):
    plan = one(kind, value=60, base={"cumulative": 0}.get(kind, 44))
    early = {"growth": [(2020, 61, "growth"), (2021, 62, "growth")]}.get(kind, [])
    early = early or [
        (2020, 61 if kind == "annual" else 30),
        (2021, 62 if kind == "annual" else 40),
    ]
    made = sim(plan, *early, (2022, printed, measure), at=2022)
    assert (made.p_reach.item(), made.p_basis.item()) == (1.0, "observed")
    assert made.value.sel(year=2022).isnull().all()
    assert made.value_reason.sel(year=2022).item() == "not_reported"
    assert made.gap.isnull().all()
    assert made.gap_reason.item() == "not_reported"


def test_counts_only_grow_and_a_limit_on_them_is_broken_for_good():
    limit = one("cumulative", value=60, base=0, sense="at_most")
    assert verdict(limit, (2020, 20)).reason.item() == "not_reported", "more may have come since"
    assert verdict(limit, (2020, 61)).status.item() == "missed"
    assert verdict(limit, (2020, 20), (2021, ">60")).status.item() == "missed"
    assert verdict(limit, (2020, 20), (2021, "≤50")).reason.item() == "not_reported"
    assert verdict(limit, (2020, 20), (2023, 50), at=2023).status.item() == "achieved"
    assert verdict(limit, (2020, 20), (2023, 70), at=2023).reason.item() == "not_reported"
    assert verdict(limit, (2020, 20), (2023, "≤50"), at=2023).status.item() == "achieved"
    early = verdict(limit, (2020, 20), (2021, ">60"), at=2021)
    assert (early.status.item(), early.p_reach.item()) == ("missed", 0.0)
    assert verdict(limit, (2020, 20), (2021, 61), at=2021).p_reach.item() == 0.0
    aim = one("cumulative", value=60, base=0)
    met = verdict(aim, (2020, 20), (2021, ">60"), at=2021)
    assert (met.status.item(), met.p_reach.item()) == ("achieved", 0.999)
    assert met.projected.item() > 60


def test_a_range_that_must_not_be_passed_is_not_secured():
    plan = plan_of(
        indicators=[indicator("x", "cumulative")],
        targets=[target("x", 100, beyond="broken"), target("x", 120, "at_most", beyond="broken")],
        baselines=[baseline("x", 0)],
    )
    made = verdict(plan, (2020, 50), (2021, 110), at=2021)
    assert (made.status.item(), bool(made.secured)) == ("achieved", False)
    passed = verdict(plan, (2020, 50), (2021, 121), at=2021)
    assert (passed.status.item(), passed.p_reach.item()) == ("missed", 0.0)
    assert verdict(plan, (2020, 50), (2021, ">120"), at=2021).status.item() == "missed"
    assert verdict(plan, (2020, 110)).reason.item() == "not_reported"


def test_a_year_kept_by_a_bound_is_no_open_year():
    plan = one("annual", value=60)
    figures_ = [(2020, 70), (2021, ">60")]
    alone = verdict(plan, (2020, 70), at=2021).p_reach.item()
    assert verdict(plan, *figures_, at=2021).p_reach.item() > alone
    missed = verdict(plan, (2020, "<60"), (2021, "项目暂缓"), at=2021)
    assert (missed.status.item(), missed.p_reach.item()) == ("missed", 0.0)
    assert verdict(plan, (2020, 50), at=2022).p_reach.item() == 0.0
    strict = one("annual", 5.5, None, "below", about={"nature": "ratio", "unit": "%"})
    touched = verdict(strict, (2020, 5.1), (2021, 5.1), (2022, 5.5))
    assert (touched.status.item(), touched.p_reach.item()) == ("missed", 0.0)


# ------------------------------------------------------------------ a plan's own figures


@pytest.mark.parametrize(
    ("value", "unit", "bound", "expected"),
    [
        ("2.5", "%", "", ("", 2.5)),
        ("≥2.5", "%", "", ("at_least", 2.5)),
        ("2.5", "%", "at_least", ("at_least", 2.5)),
        ("≥2.5", "", "at_least", ("at_least", 2.5)),
        ("2.5%以上", "", "", ("at_least", 2.5)),
        ("2.5", "个百分点", "at_least", ("at_least", 2.5)),
        ("超过2.5个百分点", "", "", ("above", 2.5)),
    ],
)
def test_a_plan_of_its_own_takes_bounds_in_its_cells(value, unit, bound, expected, tmp_path):
    plan = plan_of(
        indicators=[indicator("x", "share")],
        targets=[target("x", 2.5, kind="change", places=("一/1",))],
        baselines=[baseline("x", 44)],
    )
    plan.to_folder(tmp_path)
    row = f"indicator,period,measure,value,unit,bound\nx,2022,change,{value},{unit},{bound}\n"
    (tmp_path / "observations.csv").write_text(row, encoding="utf-8")
    made = assess(cm.load_plan(tmp_path), None, 2022).isel(indicator=0)
    assert made.status.item() == "achieved", "a change of a share in % is in points"
    assert (made.actual_bound.item(), made.actual.item()) == expected


def test_a_sign_that_contradicts_the_column_bound_is_refused(tmp_path):
    plan = one("level", value=60, base=44, places=("一/1",))
    plan.to_folder(tmp_path)
    row = "indicator,period,value,bound\nx,2022,≥62,at_most\n"
    (tmp_path / "observations.csv").write_text(row, encoding="utf-8")
    with pytest.raises(PlanError, match="the column bound says 'at_most'"):
        cm.load_plan(tmp_path)
    rows = pd.DataFrame(
        {"indicator": ["x"], "period": ["2022"], "value": ["≥62"], "bound": ["at_most"]}
    )
    with pytest.raises(PlanError, match="the column bound says 'at_most'"):
        load_observations(rows, plan)


def test_growth_starts_from_a_baseline_of_the_plan():
    plan = plan_of(
        indicators=[indicator("x", "level", unit="亿元", nature="flow")],
        targets=[target("x", 6, kind="growth")],
        baselines=[baseline("x", 100.0)],
    )
    rows = [(2020, 107), (2021, 112)]
    made = verdict(plan, *rows, at=2021)
    assert made.actual.item() == pytest.approx(100 * (1.12**0.5 - 1))
    assert made.status.item() == "behind"
    observed = [(2019, 100), *rows]
    bare = plan_of(
        indicators=[indicator("x", "level", unit="亿元", nature="flow")],
        targets=[target("x", 6, kind="growth")],
    )
    same = verdict(bare, *observed, at=2021)
    assert same.actual.item() == made.actual.item()
    assert same.p_reach.item() == made.p_reach.item()
    simulated = sim(plan, *rows, at=2021)
    assert simulated.p_reach.item() == made.p_reach.item()
    assert simulated.value.sel(year=2021).values == pytest.approx([112.0] * 5)
    percent = one("growth", 6, 5.0)
    assert verdict(percent, (2020, 7, "growth"), at=2020).actual.item() == pytest.approx(7)


def test_levels_without_a_start_say_nothing_of_a_change():
    plan = plan_of(
        indicators=[indicator("x", "level", unit="人", nature="stock")],
        targets=[target("x", -235000, "at_most", kind="change")],
    )
    for at in (2021, 2022):
        made = verdict(plan, (2021, 1550000.0), (2022, 1400000.0), at=at)
        assert (made.status.item(), made.reason.item()) == ("not_assessable", "no_baseline")
        assert made.actual.isnull().item()
        assert (made.p_reach.isnull().item(), made.p_reach_reason.item()) == (True, "no_baseline")
