"""The worked example shows every status, kind, reason and warning; corners of the kinds."""

from __future__ import annotations

import math
import re

import pytest
from tests.helpers.assess_plans import figures, one, remark

import corridor_model as cm
from corridor_model.assessment import assess, averages
from corridor_model.assessment.averages import Season, season
from corridor_model.assessment.rollup import league, roll_up
from corridor_model.assessment.rules import growth_ratio
from corridor_model.assessment.trail import verdict_history
from corridor_model.assessment.works import assess_tasks, assess_works, works_total
from corridor_model.codes import KINDS, REASONS, STATUSES
from corridor_model.observations.load import example_observations
from corridor_model.observations.model import History, Point
from corridor_model.text.audit import explain


@pytest.fixture(scope="module")
def example():
    return cm.load_plan(example=True)


@pytest.fixture(scope="module")
def seen():
    return example_observations()


def test_every_status_kind_reason_and_warning(example, seen):
    revision = [{"indicator": "rd_to_gdp", "valid_from": "2021-07-01", "value": None}]
    made = assess(example, seen, 2021, rule="all", revisions=revision)
    ours = made.sel(rule="schedule")
    unplanned = [{"project": "brt_line_9", "period": "2021-09"}]
    works = assess_works(example, unplanned, as_of="2021-09")
    tasks = assess_tasks(example, as_of="2021-09")
    said = {*ours.status.values, *works["status"], *tasks["status"]}
    assert said == set(STATUSES)
    reasons = {*made.reason.values.ravel(), *works["reason"], *tasks["reason"]}
    unseen = {"bound_unknown", "not_applicable"}  # of no promise of this plan
    assert reasons == {"", "published_substitution", "above_range", *REASONS} - unseen
    judged = ours.status.values != "not_assessable"
    assert set(ours.kind.values[judged]) == set(KINDS) - {
        "change",
        "relative_change",
        "qualitative",
    }
    assert ours.series_break.any()
    assert ours.path_sensitive.any()
    assert ours.never_this_fast.any()
    published = ours.indicator.values[judged & (ours.origin.values != "assumed")]
    assert list(published) == ["hitech_zone_rank_percentile"], "the rest is made up, and says so"


@pytest.mark.uncounted
def test_part_years_by_both_methods(example, seen):
    methods = set(assess(example, seen, "2021-06").method.values)
    assert {"seasonal_share", "elapsed_time", "chained_growth_part_year"} <= methods


@pytest.mark.slow
@pytest.mark.uncounted
def test_every_verdict_of_the_example_can_be_explained(example, seen):
    for as_of in (2020, 2021, "2021-09"):
        made = assess(example, seen, as_of, rule="all")
        for name in made.indicator.values:
            for rule in ("schedule", "destatis"):
                audit = explain(made, str(name), rule)
                assert audit.zh.endswith("。")
                assert audit.en.endswith(".")
                assert not re.search(r"\bnan\b", audit.zh + audit.en)


def test_the_example_rolls_up(example, seen):
    made = assess(example, seen, 2021)
    units = roll_up(example, made, "unit")
    assert len(units) > 20
    works = assess_works(example, as_of="2021-09")
    table = league(example, made, works, assess_tasks(example, as_of="2021-09"))
    assert set(table["note"]) == {"", "too_few_items"}
    assert table["rank"].max() <= (table["note"] == "").sum()
    whole = works_total(works)
    assert whole.completion is not None
    assert sum(whole.statuses.values()) == 24
    trail = verdict_history(example, seen, "2021-09", periods=3)
    assert {"newly_assessed", "same"} & set(trail["change"])


# ------------------------------------------------------------------ corners


def test_a_yearly_figure_is_due_once_its_predecessor_is_missing():
    plan = one("cumulative", value=120, base=0)

    def reason(*rows):
        return assess(plan, figures(plan, *rows), "2021-06").reason.item()

    assert reason(("x", 2020, 40)) == "not_due_yet"
    assert reason() == "not_reported"
    assert reason(("x", "2020-06", 20), ("x", 2020, 40)) == "not_reported"
    first = assess(plan, figures(plan), "2020-06").reason.item()
    assert first == "not_due_yet", "in the first year no yearly figure is due"


def test_a_word_about_an_older_figure_is_over():
    plan = one()
    told = remark("x", "2020", "not_due_yet", "预计2021年3月公布")
    assert assess(plan, told, 2021).reason.item() == "not_reported"
    assert assess(plan, told, 2020).reason.item() == "not_due_yet"
    paused = remark("x", "2020", "paused", "项目暂缓")
    assert assess(plan, paused, 2021).reason.item() == "paused", "until a figure follows"


def test_a_season_is_that_of_earlier_years_with_something_in_them():
    whole = {2019: 400.0, 2020: 500.0, 2021: 600.0, 2022: 700.0}
    part = {2019: 0.0, 2020: 350.0, 2021: 60.0, 2022: 70.0}
    known = History(
        "x",
        tuple(level(year, value) for year, value in whole.items()),
        part_years={y: (Point(y, 9, v, "亿元", "level", "ytd"),) for y, v in part.items()},
    )
    assert season(known, 2021, 9) == Season(0.7, "seasonal_share", (2020,))


def test_what_was_known_three_months_later():
    plan = one("cumulative", value=36, base=0)
    late = [("x", 2020, 12, "level", None, "2021-04-01"), ("x", 2021, 30)]
    early = [("x", 2020, 12, "level", None, "2021-03-31"), ("x", 2021, 30)]
    for rows, word in ((late, "not_assessable"), (early, "on_schedule")):
        seen_ = figures(plan, *rows)
        made = verdict_history(plan, seen_, 2021, periods=2, as_known=True)
        assert made.loc["x", "2020"] == word


def test_statcan_counts_an_exact_hit():
    assert growth_ratio.progress_measure(10, 20, 2015, 2020, 1, 20).status == "target_achieved"
    assert growth_ratio.progress_measure(10, 5, 2015, 2020, -1, 5).status == "target_achieved"
    assert growth_ratio.score_no_target(0.0) == -2.5


def test_a_hole_in_additions_is_named():
    plan = one("cumulative", value=120, base=0)
    rows = [("x", f"2020-{month:02d}", 3, "addition") for month in range(1, 13) if month != 4]
    made = assess(plan, figures(plan, *rows), 2020)
    assert made.reason.item() == "not_reported"
    assert made.missing_periods.item() == "2020-04"
    audit = explain(made, "x")
    assert "缺2020-04" in audit.zh
    assert "missing: 2020-04" in audit.en


def rate(year, value, months=12):
    return Point(year, months, value, "%", "growth", "year")


def level(year, value, series=None):
    return Point(year, 12, value, "亿元", "level", "year", series)


def test_average_growth_that_is_undefined():
    lost = History("x", growths=(rate(2020, -100.0), rate(2021, 5.0)))
    assert averages.since(lost, 2019, None) is None
    impossible = History("x", growths=(rate(2020, -150.0),))
    assert averages.since(impossible, 2019, None) is None
    assert averages.since(History("x", (level(2019, 0), level(2020, 5))), 2019, None) is None
    assert averages.since(History("x", (level(2019, 5),)), 2019, None) is None
    holed = History("x", (level(2019, 5), level(2021, 6)))
    assert averages.since(holed, 2019, "累计法") is None
    assert averages.since(holed, 2019, None).rate == pytest.approx(1.2**0.5 - 1)


def test_what_average_growth_still_needs():
    fast = averages.since(History("x", growths=(rate(2020, 300.0),)), 2019, "累计法")
    assert averages.still_needed(fast, 0.1, 2) == -1.0
    gone = averages.since(History("x", growths=(rate(2020, -100.0),)), 2019, None)
    assert gone.rate == -1
    assert averages.still_needed(gone, 0.1, 2) is None


def test_bounds_that_are_met_have_no_record_to_beat():
    plan = one(value=40, base=50)
    made = assess(plan, figures(plan, ("x", 2021, 45)), 2021)
    assert not made.never_this_fast.item()
    assert math.isnan(made.best_rate.item()) or made.best_rate.item() < 0
    assert made.required_rate_remaining.item() < 0


@pytest.mark.uncounted
def test_what_is_called_late_is_missed():
    plan, figures = cm.load_plan(example=True), cm.example_observations()
    for as_of, count in ((2020, 11), (2021, 15), (2022, 15)):
        made = cm.assess(plan, figures, as_of=as_of, method=None)
        late = made["met_late"].values != ""
        assert late.sum() == count
        assert set(made["status"].values[late]) == {"missed"}
