"""Published bounds, reported changes, and reported averages since the start (S4)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, target

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
