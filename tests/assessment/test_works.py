"""Works and tasks: money against the year, dates due, states (S11, S15, S17)."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from tests.helpers.assess_plans import plan_of

from corridor_model.assessment.works import (
    KnownSum,
    assess_tasks,
    assess_works,
    is_finished,
    works_total,
)
from corridor_model.codes import REASONS, STATUSES
from corridor_model.periods import is_due, is_next, year_end
from corridor_model.tabular.table import from_rows, rows_of


def work(name, **more):
    return {
        "id": name,
        "table": 2,
        "row": 1,
        "name_zh": name,
        "category": "road",
        "lead_units": ("区交通局",),
        "start": "2020",
        "end": "2022-06",
        "investment": 10.0,
    } | more


def report(name, period="2021-09", **more):
    return {"project": name, "period": period} | more


def plans(**values):
    return [{"project": name, "year": 2021, "value": value} for name, value in values.items()]


def one_work(reported=None, planned=None, as_of="2021-09", known_by=None, **more):
    plan = plan_of(projects=[work("a", **more)])
    reports = [] if reported is None else [report("a", **reported)]
    return assess_works(plan, reports, plans(a=planned) if planned else None, as_of, known_by).loc[
        "a"
    ]


def test_ahead_and_short_in_points():
    made = one_work({"invested_year": 194.54}, 211.83)
    assert made["completion"] == pytest.approx(0.9184, abs=5e-5)
    assert made["year_gap"] == pytest.approx(0.1684, abs=5e-5)
    assert made["status"] == "ahead"
    made = one_work({"invested_year": 53.3}, 100)
    assert made["year_gap"] == pytest.approx(-0.217)
    assert made["status"] == "behind"
    assert one_work({"invested_year": 75}, 100)["status"] == "on_schedule"


def test_money_since_the_start():
    made = one_work({"invested_total": 2.5, "invested_month": 0.4})
    assert made["invested_share"] == 0.25
    assert made["started"]
    assert math.isnan(
        one_work({"invested_total": 2.5}, investment=None)["invested_share"] or math.nan
    )


NOT_REPORTED = ("not_assessable", "not_reported", "not_reported")
PAUSED = ("not_assessable", "paused", "paused")


@pytest.mark.parametrize(
    ("reported", "planned", "more", "expected"),
    [
        (None, None, {}, ("not_assessable", "not_reported", "not_reported")),
        (None, None, {"start": "2021-11"}, ("not_assessable", "not_due_yet", "not_due_yet")),
        (None, None, {"start": None}, ("not_assessable", "not_reported", "not_reported")),
        ({"milestone": "已竣工通车"}, None, {}, ("achieved", "", "finished")),
        (
            {"milestone": "预计年底竣工"},
            None,
            {},
            ("not_assessable", "not_quantified", "not_quantified"),
        ),
        ({"milestone": "项目暂缓"}, 5, {}, ("not_assessable", "paused", "paused")),
        ({"problem": "因征迁停工"}, 5, {}, ("not_assessable", "paused", "paused")),
        ({"invested_year": 9}, 10, {"end": "2021-06"}, ("missed", "", "overdue")),
        ({"milestone": "项目暂缓"}, 5, {"end": "2021-06"}, ("missed", "", "overdue")),
        ({"period": "2021-05"}, 5, {"end": "2021-06"}, NOT_REPORTED),
        ({"period": "2021-08", "milestone": "因征迁停工"}, 5, {"end": "2021-09"}, PAUSED),
        (None, None, {"end": "2021-06"}, NOT_REPORTED),
        ({"milestone": "已竣工"}, None, {"end": "2021-09"}, ("achieved", "", "finished")),
        ({"milestone": "已竣工"}, None, {"end": "2021-08"}, ("missed", "", "met_late")),
        ({"milestone": "已于8月底竣工"}, None, {"end": "2021-08"}, ("achieved", "", "finished")),
        ({"milestone": "12月竣工"}, None, {"end": "2020"}, ("achieved", "", "finished")),
        ({"milestone": "2020年12月竣工"}, None, {"end": "2020-11"}, ("missed", "", "met_late")),
        ({"started": False}, None, {"start": "2021-06"}, ("behind", "", "not_started")),
        (
            {"started": False},
            None,
            {"start": "2021-12"},
            ("not_assessable", "not_due_yet", "not_due_yet"),
        ),
        ({"invested_year": 9}, None, {}, ("not_assessable", "not_quantified", "not_quantified")),
        (
            {"period": "2021-07", "invested_year": 9},
            10,
            {},
            ("not_assessable", "not_reported", "not_reported"),
        ),
    ],
)
def test_verdicts_on_works(reported, planned, more, expected):
    made = one_work(reported, planned, **more)
    assert (made["status"], made["reason"], made["branch"]) == expected


def test_what_a_work_reports_after_its_end():
    plan = plan_of(projects=[work("a", end="2021-06")])

    def told(*milestones, as_of="2021-12"):
        reports = [report("a", period, milestone=text) for period, text in milestones]
        return assess_works(plan, reports, as_of=as_of).loc["a"]

    late = told(("2021-06", "路面施工"), ("2021-09", "全线通车"), ("2021-12", "绿化收尾"))
    assert (late["status"], late["met_late"], late["overdue"]) == ("missed", "2021-09", False)
    assert works_total(late.to_frame().T).statuses["missed"] == 1
    kept = told(("2021-06", "全线通车"), ("2021-09", "办理竣工验收"))
    assert (kept["status"], kept["met_late"]) == ("achieved", None), "once finished, finished"
    back = told(("2021-06", "全线通车"), ("2021-09", "尚未通车"))
    assert (back["status"], back["branch"]) == ("missed", "overdue"), "unless it is taken back"
    silent = told(("2021-07", "路面施工"), as_of="2021-12")
    assert silent["status"] == "missed", "what was not done at its date stays so in silence"
    before = told(("2021-05", "路面施工"), as_of="2021-06")
    assert (before["status"], before["reason"]) == ("not_assessable", "not_reported")


def test_a_month_of_lag_is_measured_at_its_own_month():
    made = one_work({"period": "2021-08", "invested_year": 8}, 12)
    assert made["year_elapsed"] == pytest.approx(8 / 12)
    assert made["status"] == "on_schedule"


def test_last_years_money_is_not_this_years():
    made = one_work({"period": "2020-12", "invested_year": 8}, 12, as_of="2021-01")
    assert made["completion"] is None or math.isnan(made["completion"])


def test_the_last_report_of_a_period_wins_and_known_by_hides_it():
    plan = plan_of(projects=[work("a")])
    reports = [
        report("a", invested_year=9, published="2021-10-20"),
        report("a", invested_year=7, published="2021-10-05"),
        report("a", "2021-10", invested_year=99, published="2021-10-06"),
    ]
    money = plans(a=10)
    assert assess_works(plan, reports, money, "2021-09").loc["a", "invested_year"] == 9
    early = assess_works(plan, reports, money, "2021-09", known_by="2021-10-10")
    assert early.loc["a", "invested_year"] == 7


def test_rows_come_from_tables_frames_and_the_plan():
    rows = [report("a", invested_year=9.0)]
    money = plans(a=10.0)
    own = plan_of(
        projects=[work("a")],
        work_reports=rows,
        annual_investment=[{**money[0], "origin": "document"}],
    )
    assert assess_works(own, as_of="2021-09").loc[
        "a", ["completion", "annual_origin"]
    ].tolist() == [
        0.9,
        "document",
    ]
    bare = plan_of(projects=[work("a")])
    for given in (rows, pd.DataFrame(rows), from_rows("work_reports", rows)):
        made = assess_works(bare, given, pd.DataFrame(money), "2021-09")
        assert made.loc["a", "completion"] == 0.9
        assert made.loc["a", "annual_origin"] == "user"
    assert rows_of(None, ("a",)) == []
    blank = pd.DataFrame({"a": [float("nan"), 1.0], "b": ["", pd.NA]})
    assert rows_of(blank, ("a", "b", "c")) == [
        {"a": None, "b": None, "c": None},
        {"a": 1.0, "b": None, "c": None},
    ]


def test_dates_at_the_precision_printed():
    made = one_work({"invested_year": 1}, 1, as_of="2022-05", end="2022-06")
    assert made["end_next_month"]
    assert not made["overdue"]
    assert one_work(as_of="2022-06", end="2022-06")["overdue"]
    assert not one_work(as_of="2022-11", end="2022")["overdue"]
    assert one_work(as_of=2022, end="2022")["overdue"]
    assert not one_work(as_of=2022, end=None)["overdue"]
    assert one_work(as_of="2020-12")["start_due"]
    assert not one_work(as_of="2020-11")["start_due"]
    assert one_work(as_of="2020-11")["start_next_month"]
    assert not is_due("", math.inf)
    assert is_due("2020-06", year_end(2020))
    assert not is_next(None, year_end(2020))


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("全线建成通车", True),
        ("主线已建成通车", False),
        ("半幅通车", False),
        ("桥梁完工", False),
        ("9月底完工", True),
        ("投入使用", True),
        ("力争年底完工", False),
        ("尚未完工", False),
        ("完成桩基100根", False),
        ("", False),
        (None, False),
    ],
)
def test_what_a_site_report_says(text, finished):
    assert is_finished(text) is finished


def test_totals_in_the_order_of_the_office(plan):
    empty = works_total(assess_works(plan, as_of="2021-09"))
    assert empty.works == 24
    assert empty.investment.known < 24
    assert "已知" in empty.investment.text("zh")
    assert empty.completion is None
    assert sum(empty.statuses.values()) == 24
    assert sum(empty.reasons.values()) == empty.statuses["not_assessable"]
    made = assess_works(
        plan_of(projects=[work("a"), work("b"), work("c", start="2023")]),
        [
            report("a", invested_year=6.0, invested_month=1.0, started=True),
            report("b", invested_year=3.0, started=False),
        ],
        plans(a=6, b=6),
        "2021-09",
    )
    whole = works_total(made)
    assert whole.completion == 0.75
    assert whole.year_gap == 0.0
    assert (whole.start_due, whole.started, whole.start_rate) == (2, 1, 0.5)
    assert whole.invested_month == KnownSum(1.0, 1, 3)
    assert whole.investment.text() == "30.00"
    assert (whole.finished, whole.overdue) == (0, 0)
    assert KnownSum(None, 0, 2).text("en") == "unknown"
    none_due = works_total(made[made.index == "c"])
    assert none_due.start_rate is None


# ------------------------------------------------------------------ tasks


def task(name, **more):
    return {"id": name, "table": 1, "row": 1, "name": name, "deadline": "2021-06"} | more


@pytest.mark.parametrize(
    ("state", "as_of", "expected"),
    [
        ("done", "2021-09", ("achieved", "", "done")),
        ("on_schedule", "2021-05", ("on_schedule", "", "reported")),
        ("behind", "2021-05", ("behind", "", "reported")),
        ("on_schedule", "2021-06", NOT_REPORTED),
        ("paused", "2021-09", ("not_assessable", "paused", "paused")),
        ("not_reported", "2021-05", ("not_assessable", "not_reported", "not_reported")),
    ],
)
def test_task_states(state, as_of, expected):
    plan = plan_of(tasks=[task("t")])
    made = assess_tasks(plan, [{"task": "t", "date": "2021-04-30", "state": state}], as_of).loc["t"]
    assert (made["status"], made["reason"], made["branch"]) == expected


def test_a_task_from_its_deadline_on():
    plan = plan_of(tasks=[task("t")])

    def told(*states, as_of="2021-12"):
        reports = [{"task": "t", "date": day, "state": state} for day, state in states]
        return assess_tasks(plan, reports, as_of).loc["t"]

    for state in ("on_schedule", "behind", "paused"):
        open_ = told(("2021-06-30", state))
        assert (open_["status"], open_["branch"], open_["overdue"]) == ("missed", "overdue", True)
    late = told(("2021-06-30", "behind"), ("2021-07-31", "done"), ("2021-09-30", "not_reported"))
    assert (late["status"], late["branch"], late["met_late"]) == (
        *("missed", "met_late"),
        "2021-07-31",
    )
    kept = told(("2021-06-30", "done"), ("2021-08-31", "done"))
    assert (kept["status"], kept["met_late"]) == ("achieved", None)
    back = told(("2021-05-31", "done"), ("2021-06-30", "behind"), ("2021-08-31", "done"))
    assert (back["status"], back["met_late"]) == ("missed", "2021-08-31"), "the last time counts"
    silent = told(("2021-07-31", "behind"), ("2021-09-30", "not_reported"))
    assert silent["status"] == "missed"


def test_the_last_task_report_up_to_the_period_counts():
    plan = plan_of(
        tasks=[task("t", deadline=None)],
        task_reports=[{"task": "t", "date": "2021-03-31", "state": "behind"}],
    )
    later = [
        {"task": "t", "date": "2021-06-30", "state": "done", "sentence": "已完成"},
        {"task": "t", "date": "2021-05-31", "state": "paused"},
    ]
    states = {as_of: assess_tasks(plan, later, as_of).loc["t", "state"] for as_of in
              ("2021-02", "2021-03", "2021-05", "2021-09")}  # fmt: skip
    assert list(states.values()) == ["not_reported", "behind", "paused", "done"]
    known = assess_tasks(plan, later, "2021-09", known_by="2021-05-31")
    assert known.loc["t", "state"] == "paused"
    assert not known.loc["t", "overdue"], "no deadline is printed"


def test_tasks_of_the_plan(plan):
    made = assess_tasks(plan, as_of="2020-05")
    assert len(made) == 160
    assert set(made["status"]) == {"not_assessable"}
    assert set(made["status"]) <= set(STATUSES)
    assert set(made["reason"]) <= set(REASONS)
    assert made["due_next_month"].any()
