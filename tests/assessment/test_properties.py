"""What holds for any input: worse is never better, units and order change nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.helpers.assess_plans import baseline, indicator, one, plan_of, target

from corridor_model.assessment import assess
from corridor_model.assessment.case import case_of, when_of
from corridor_model.assessment.columns import Cases, columns_of
from corridor_model.assessment.engine import evaluate
from corridor_model.assessment.measurement import fill
from corridor_model.assessment.rollup import BY, roll_up
from corridor_model.assessment.rules import RULES
from corridor_model.assessment.verdicts import tally, verdicts
from corridor_model.codes import NOT_ASSESSABLE, REASONS, STATUSES, worst_first
from corridor_model.observations.load import load_observations
from corridor_model.observations.model import History, Point

VALUES = st.integers(-400, 4000).map(lambda n: n / 4)
LEVELED = ("level", "share", "ratio", "rank", "cumulative", "completion")
WHEN = [when_of(period, 2020, 2022) for period in (2020, 2021, "2021-06", 2022)]


def judged(plan, history, when):
    """Return the status of the indicator ``x`` under every rule."""
    case = case_of(plan.targets["x"])
    fill(case, history, when)
    cases = Cases([case])
    columns = columns_of(cases, when)
    return {name: verdicts(cases, when, columns, rule)[0].status for name, rule in RULES.items()}


def point(year, value, months=12, measure="level"):
    return Point(year, months, value, "家", measure, "year")


def history_of(kind, when, value, earlier=()):
    months = when.period.month
    if kind == "growth":
        rates = [point(year, rate, measure="growth") for year, rate in earlier]
        return History("x", growths=(*rates, point(when.period.year, value, months, "growth")))
    points = [point(year, known) for year, known in earlier if year < when.period.year]
    return History("x", (*points, point(when.period.year, value, months)))


@pytest.mark.uncounted
@given(
    kind=st.sampled_from(LEVELED),
    sense=st.sampled_from(["at_least", "at_most", "exactly"]),
    when=st.sampled_from(WHEN),
    base=VALUES,
    goal=VALUES,
    first=VALUES,
    second=VALUES,
    earlier=st.lists(VALUES, max_size=5),
)
def test_a_worse_value_never_has_a_better_status(
    kind, sense, when, base, goal, first, second, earlier
):
    plan = one(kind, value=goal, base=base, sense=sense)
    better, worse = sorted((first, second), reverse=sense == "at_least")
    if sense == "exactly":
        better, worse = sorted((first, second), key=lambda value: abs(value - goal))
        # what a count has passed is lost, what it has not come to is still open
        assume(kind not in ("cumulative", "completion") or (first < goal) == (second < goal))
    past = [(2019 - i, value) for i, value in enumerate(earlier, start=1)][::-1]
    good = judged(plan, history_of(kind, when, better, past), when)
    bad = judged(plan, history_of(kind, when, worse, past), when)
    for rule in RULES:
        if NOT_ASSESSABLE not in (good[rule], bad[rule]):
            assert worst_first(bad[rule]) <= worst_first(good[rule]), rule


@given(
    when=st.sampled_from(WHEN),
    goal=st.integers(1, 60),
    first=st.integers(0, 90),
    second=st.integers(0, 90),
    earlier=st.lists(st.integers(0, 90), max_size=2),
)
def test_worse_is_never_better_for_a_yearly_minimum(when, goal, first, second, earlier):
    plan = one("annual", value=goal, base=None)
    past = [(2020 + i, value) for i, value in enumerate(earlier)]
    good = judged(plan, history_of("annual", when, max(first, second), past), when)
    bad = judged(plan, history_of("annual", when, min(first, second), past), when)
    for rule in RULES:
        assert worst_first(bad[rule]) <= worst_first(good[rule])


@pytest.mark.uncounted
@given(
    method=st.sampled_from(["水平法", "累计法"]),
    goal=st.integers(1, 40),
    first=st.integers(-90, 90),
    second=st.integers(-90, 90),
    before=st.integers(-50, 50),
)
def test_worse_is_never_better_for_growth(method, goal, first, second, before):
    plan = one("growth", value=goal, base=None, about={"average_method": method})
    when = when_of(2021, 2020, 2022)
    good = judged(plan, history_of("growth", when, max(first, second), [(2020, before)]), when)
    bad = judged(plan, history_of("growth", when, min(first, second), [(2020, before)]), when)
    assert worst_first(bad["schedule"]) <= worst_first(good["schedule"])


@pytest.mark.uncounted
@given(
    lower=VALUES,
    width=st.integers(0, 200),
    base=VALUES,
    near=st.integers(0, 1000),
    far=st.integers(0, 1000),
    above=st.booleans(),
)
def test_further_outside_a_range_is_never_better(lower, width, base, near, far, above):
    upper = lower + width
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", lower), target("x", upper, "at_most")],
        baselines=[baseline("x", base)],
    )
    near, far = sorted((near, far))
    values = [upper + step if above else lower - step for step in (near, far)]
    when = when_of(2021, 2020, 2022)
    good, bad = (judged(plan, history_of("level", when, value), when) for value in values)
    for rule in set(RULES) - {"destatis"}:
        if NOT_ASSESSABLE not in (good[rule], bad[rule]):
            assert worst_first(bad[rule]) <= worst_first(good[rule]), rule


@pytest.mark.uncounted
@given(base=VALUES, goal=VALUES, value=VALUES, factor=st.sampled_from([1e-4, 1e-2, 100.0, 1e4]))
def test_shares_do_not_depend_on_the_unit(base, goal, value, factor):
    assume(base != goal)
    when = when_of(2021, 2020, 2022)
    made = []
    for times in (1.0, factor):
        plan = one("level", value=goal * times, base=base * times)
        case = case_of(plan.targets["x"])
        fill(case, history_of("level", when, value * times), when)
        columns = columns_of(Cases([case]), when)
        made.append((columns["achieved_share"], columns["schedule_gap"]))
    for one_unit, other in zip(*made, strict=True):
        assert list(one_unit.reasons) == list(other.reasons)
        assert one_unit.values == pytest.approx(other.values, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.fixture(scope="module")
def office(plan):
    """Return the rows of a month as an office would enter them."""
    rows = []
    for i, (name, promise) in enumerate(plan.indicators.items()):
        kind = promise.kind
        goal = promise.targets[0].value
        if kind == "milestone":
            rows += [(name, "2021-09", float(i % 2))]
        elif kind == "growth":
            rows += [(name, "2020", goal * 0.9), (name, "2021-09", goal * 1.2)]
        elif kind == "annual":
            rows += [(name, "2020", goal), (name, "2021-09", goal * (i % 4) // 3)]
        elif i % 5:
            first = max(goal * 0.3, 1.0) if kind != "cumulative" else goal // 4
            rows += [
                (name, "2020", first),
                (name, "2021-09", max(goal * (0.5 + i % 6 / 10), first)),
            ]
    frame = pd.DataFrame(rows, columns=["indicator", "period", "value"])
    percent = {n for n, p in plan.indicators.items() if p.unit == "%"}
    capped = frame["indicator"].isin(percent) & (frame["value"] > 100)
    frame.loc[capped, "value"] = 100.0
    return frame


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(0, 200))
def test_counts_sum_and_order_changes_nothing(plan, office, seed, size):
    rng = np.random.default_rng(seed)
    kept = office.iloc[rng.permutation(len(office))[:size]]
    made = assess(plan, load_observations(kept, plan), "2021-09")
    again = assess(plan, load_observations(kept.sort_values("indicator"), plan), "2021-09")
    assert made.identical(again)
    counts = tally(made.status.values, made.reason.values)
    assert sum(counts[status] for status in STATUSES) == len(plan.indicators)
    assert sum(counts[reason] for reason in REASONS) == counts[NOT_ASSESSABLE]
    for by in BY:
        frame = roll_up(plan, made, by)
        assert (frame[list(STATUSES)].sum(axis=1) == frame["total"]).all()
        assert (frame[list(REASONS)].sum(axis=1) == frame[NOT_ASSESSABLE]).all()
        listed = frame["parts"].str.split(";").map(len)
        assert (listed == frame["total"]).all()


def test_the_empty_month(plan):
    empty = plan_of()
    made = assess(empty, as_of="2021-09", rule="all")
    assert made.sizes["indicator"] == 0
    assert made.status.shape == (len(RULES), 0)
    assert not len(roll_up(empty, assess(empty), "group"))
    nothing = evaluate(one(base=None), None, "2021-09")
    assert nothing.verdicts["schedule"][0].status == NOT_ASSESSABLE


@pytest.mark.uncounted
def test_a_reordered_plan_gives_the_same(plan):
    from corridor_model.plan.plan import Plan

    tables = dict(plan.tables)
    for name in ("indicators", "targets", "baselines", "observations"):
        table = tables[name]
        tables[name] = table.select(range(len(table) - 1, -1, -1))
    other = Plan(tables)
    made = assess(plan, as_of=2020, rule="all")
    again = assess(other, as_of=2020, rule="all").sel(indicator=made.indicator)
    for name in made.data_vars:
        assert made[name].identical(again[name]), name


@pytest.mark.filterwarnings("ignore::corridor_model.observations.validation.SeriesBreakWarning")
@pytest.mark.slow
@given(day=st.sampled_from(["2021-03-31", "2021-10-31"]), value=st.integers(400, 700))
def test_a_revision_never_changes_what_was_known(plan, day, value):
    first = pd.DataFrame(
        {"indicator": ["gdp"], "period": ["2020"], "value": [470.0], "published": ["2021-01-20"]}
    )
    later = first.assign(value=float(value), published="2021-11-15")
    before = load_observations(first, plan)
    after = load_observations(pd.concat([first, later]), plan)
    assert assess(plan, before, 2020, known_by=day).identical(
        assess(plan, after, 2020, known_by=day)
    )


@pytest.mark.uncounted
@given(
    sense=st.sampled_from(["at_least", "at_most", "above", "below", "exactly"]),
    kind=st.sampled_from(["level", "change", "relative_change"]),
    goal=st.integers(-20, 140),
    base=st.sampled_from([None, 50.0, 100.0]),
    when=st.tuples(st.integers(2020, 2022), st.integers(1, 12)),
    totals=st.tuples(st.integers(0, 150), st.integers(0, 150)),
    role=st.sampled_from([None, "aim", "limit"]),
)
def test_a_worse_running_total_never_has_a_better_status(
    sense, kind, goal, base, when, totals, role
):
    assume(sense != "exactly" or kind == "level")
    rows = [target("x", goal, sense, kind=kind, role=None if sense == "exactly" else role)]
    starts = [] if base is None else [baseline("x", base)]
    plan = plan_of(
        indicators=[indicator("x", nature="flow", unit="亿元")], targets=rows, baselines=starts
    )
    better, worse = sorted(totals, reverse=sense in {"at_least", "above"})
    year, month = when
    at = when_of(str(year) if month == 12 else f"{year}-{month:02d}", 2020, 2022)
    good, bad = (
        judged(plan, History("x", (point(year, total, month),)), at) for total in (better, worse)
    )
    for total, made in ((better, good), (worse, bad)):
        known = made["schedule"]
        # what is only projected is not achieved, and what is over for good is missed at once
        if known == "achieved" and kind == "level" and month < 12:
            assert sense in {"at_least", "above"}
            assert total >= goal
        over = total >= goal if sense == "below" else total > goal
        if kind == "level" and year == 2022 and over and sense in {"at_most", "below", "exactly"}:
            assert set(made.values()) == {"missed"}
    if sense != "exactly":
        for rule in RULES:
            assert worst_first(bad[rule]) <= worst_first(good[rule]), rule


MONTHS_OF_PLAN = [(year, month) for year in (2020, 2021, 2022) for month in range(1, 13)]


def history_by_month(counts):
    """Return a history of counts by (year, month), as the floor below keeps them."""
    last = dict(sorted(counts))
    points = tuple(point(year, counts[year, last[year]], last[year]) for year in sorted(last))
    parts = {
        year: tuple(point(y, v, m) for (y, m), v in sorted(counts.items()) if y == year and m < 12)
        for year in last
    }
    return History("x", points, part_years={year: some for year, some in parts.items() if some})


@settings(max_examples=40)
@given(
    sense=st.sampled_from(["at_least", "at_most", "above", "below", "exactly", "about"]),
    goal=st.integers(0, 12),
    due=st.sampled_from(MONTHS_OF_PLAN[:30]),
    steps=st.lists(st.integers(0, 2), min_size=36, max_size=36),
    reported=st.sets(st.sampled_from(MONTHS_OF_PLAN), max_size=5),
)
def test_a_count_is_judged_by_all_that_is_known_of_its_date_and_by_nothing_else(
    sense, goal, due, steps, reported
):
    """What lies between the last figure before the date and the first after it (S20)."""
    counts = dict(zip(MONTHS_OF_PLAN, np.cumsum(steps).tolist(), strict=True))
    more = {"tolerance": 1} if sense == "about" else {}
    plan = one("cumulative", goal, 0, sense, year=due[0], month=due[1], **more)
    known = {at: float(counts[at]) for at in reported}
    made = judged(plan, history_by_month(known), when_of(2022, 2020, 2022))
    least = max((value for at, value in known.items() if at <= due), default=-np.inf)
    most = min((value for at, value in known.items() if at >= due), default=np.inf)
    slack = {"above": -0.5, "below": -0.5, "about": 1}.get(sense, 0)  # of whole numbers
    low = -np.inf if sense in {"at_most", "below"} else goal - slack
    high = np.inf if sense in {"at_least", "above"} else goal + slack
    sure = low <= least and most <= high
    expected = "missed" if most < low or least > high else "achieved" if sure else NOT_ASSESSABLE
    assert set(made.values()) == {expected}


@settings(max_examples=40)
@given(
    sense=st.sampled_from(["at_least", "at_most", "above", "below", "exactly"]),
    goal=st.integers(1, 12),
    due=st.sampled_from(MONTHS_OF_PLAN[:30]),
    steps=st.lists(st.integers(0, 2), min_size=36, max_size=36),
    sides=st.dictionaries(
        st.sampled_from(MONTHS_OF_PLAN),
        st.tuples(st.sampled_from(["", "at_least", "above", "at_most", "below"]),
                  st.integers(0, 3)),
        max_size=4,
    ),
    kind=st.sampled_from(["cumulative", "level"]),
)  # fmt: skip
def test_no_figure_and_no_bound_of_another_time_says_what_is_not_so(
    sense, goal, due, steps, sides, kind
):
    """Whatever is known, the verdict is that of the true value of the date, or there is none."""
    counts = dict(zip(MONTHS_OF_PLAN, np.cumsum(steps).tolist(), strict=True))
    if kind == "level":  # it goes up and down
        counts = dict(zip(counts, np.array(steps) * 5, strict=True))
    figures, bounds = {}, []
    for (year, month), (side, away) in sorted(sides.items()):
        value = float(counts[year, month])
        if not side:
            figures[year, month] = value
            continue
        far = away + (side in {"above", "below"})
        value += -far if side in {"at_least", "above"} else far
        bounds.append(point(year, value, month)._replace(bound=side))
    plan = one(kind, goal, 0, sense, year=due[0], month=due[1])
    history = replace(history_by_month(figures), bounded=tuple(bounds))
    made = judged(plan, history, when_of(2022, 2020, 2022))["schedule"]
    truth = "achieved" if case_of(plan.targets["x"]).meets(float(counts[due])) else "missed"
    assert made in {truth, NOT_ASSESSABLE}
