"""What a figure means and the history it becomes; laws for any input (S1, S4, S9, S10, S15)."""

from __future__ import annotations

import datetime
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.errors import CellError, CorridorError, PlanError
from corridor_model.observations.histories import histories
from corridor_model.observations.load import load_observations
from corridor_model.observations.model import Gap, Observations
from corridor_model.observations.reports import KEYS, load_table
from corridor_model.observations.validation import SeriesBreakWarning
from corridor_model.observations.vocabulary import STAGES
from corridor_model.periods import Period, last_day, read_period
from corridor_model.tabular.workbooks import of_mappings
from corridor_model.units import UnitSlipWarning


def made(plan, *rows, **options):
    """Load rows written as (indicator, period, value) with further columns by name."""
    names = ("indicator", "period", "value")
    frame = pd.DataFrame([dict(zip(names, row[:3], strict=True)) | dict(*row[3:]) for row in rows])
    return load_observations(frame, plan, **options)


def history(plan, name, *rows, **options):
    return histories(plan, made(plan, *[(name, *row) for row in rows]), **options)[name]


def points(found):
    return [(point.year, point.months, point.value) for point in found.points]


# periods


@pytest.mark.parametrize(
    ("text", "canonical", "kind", "month"),
    [
        ("2021", "2021", "year", 12),
        ("2021H1", "2021H1", "half", 6),
        ("2021Q3", "2021Q3", "quarter", 9),
        ("2021-09", "2021-09", "month", 9),
        ("2021年12月", "2021-12", "month", 12),
        ("2021年第四季度", "2021Q4", "quarter", 12),
        ("2021年三季度", "2021Q3", "quarter", 9),
        ("2021.12", "2021-12", "month", 12),
        ("截至2021年9月30日", "2021-09", "month", 9),
    ],
)
def test_a_period_in_canonical_form(text, canonical, kind, month):
    period = Period.of(text)
    assert (str(period), period.kind, period.month) == (canonical, kind, month)
    assert Period.of(canonical) == period


@pytest.mark.parametrize("text", ["2021.1", "２０２１．１", " 2021.1 "])
def test_a_numeric_october_is_refused_with_its_remedy(text):
    with pytest.raises(CellError) as caught:
        read_period(text)
    assert "2021-10" in caught.value.remedy.text("zh")


@pytest.mark.parametrize(
    "text", ["", "—", "2021-00", "1899", "2021Q5", "2021-02-30", "21-09", "9月"]
)
def test_what_is_no_period(text):
    with pytest.raises(CorridorError):
        Period.of(text)


def test_periods_in_order():
    shuffled = ["2021", "2020", "2021Q3", "2021-09", "2021H1", "2021-10", "2020Q4"]
    ordered = [str(p) for p in sorted(Period.of(text) for text in shuffled)]
    assert ordered == ["2020Q4", "2020", "2021H1", "2021-09", "2021Q3", "2021-10", "2021"]


@pytest.mark.parametrize(("year", "month", "length"), [(2021, 7, 3), (2021, 13, 1), (2021, 9, 2)])
def test_impossible_periods(year, month, length):
    with pytest.raises(CorridorError):
        Period(year, month, length)


def test_days():
    assert Period(2020, 2).last_day == "2020-02-29"
    assert Period.of(datetime.date(2021, 9, 30)) == Period(2021, 9)
    assert [last_day(d) for d in ("2021", "2021-02", "2021-02-03")] == [
        "2021-12-31",
        "2021-02-28",
        "2021-02-03",
    ]


# flows


def test_quarters_of_a_flow_are_totals_since_january(plan):
    found = history(plan, "gdp", ("2021Q1", 110), ("2021Q2", 236), ("2021Q3", 372))
    assert points(found)[-1] == (2021, 9, 372.0)
    assert [(p.months, p.value) for p in found.part_years[2021]] == [(3, 110), (6, 236), (9, 372)]


def test_months_by_themselves_are_added_up_when_complete(plan):
    rows = [(f"2021-{m:02d}", 10.0 + m, {"measure": "addition"}) for m in range(1, 13)]
    found = history(plan, "gdp", *rows)
    assert points(found)[-1] == (2021, 12, sum(10.0 + m for m in range(1, 13)))
    assert found.latest.measure == "level"
    assert found.latest.basis == "year"
    assert found.gaps == ()


def test_a_hole_among_months_is_a_reason_and_no_smaller_sum(plan):
    rows = [(f"2021-{m:02d}", 10.0, {"measure": "addition"}) for m in (1, 2, 4, 5)]
    found = history(plan, "gdp", *rows)
    assert points(found)[-1] == (2021, 2, 20.0)
    assert found.gaps == (Gap(2021, "months_missing", ("2021-03",)),)


def test_a_total_and_the_months_after_it(plan):
    rows = [("2021H1", 236), *[(f"2021-{m:02d}", 45.0, {"measure": "addition"}) for m in (7, 8)]]
    assert points(history(plan, "gdp", *rows))[-1] == (2021, 8, 326.0)
    # a hole that a total closes is none
    rows += [("2021Q4", 140, {"measure": "addition"}), ("2021Q3", 372)]
    found = history(plan, "gdp", *rows)
    assert points(found)[-1] == (2021, 12, 512.0)
    assert found.gaps == ()


def test_seasonal_shares_of_whole_years_only(plan):
    rows = [("2019", 400), ("2019Q3", 280), ("2020Q3", 330), ("2021Q3", 372)]
    found = history(plan, "gdp", *rows)
    assert found.ytd_shares(9) == pytest.approx({2019: 0.7, 2020: 330 / 467.7})
    assert found.ytd_shares(6) == {}


# stocks, ratios, ranks


def test_stocks_and_ratios_are_the_latest_value(plan):
    rows = [("2021Q1", 10), ("2021Q3", 8), ("2020", 9)]
    found = history(plan, "academician_workstations", *rows)
    assert points(found) == [(2020, 12, 9.0), (2021, 9, 8.0)]
    found = history(plan, "profit_margin", ("2021Q1", 5.2), ("2021Q2", 6.3))
    assert points(found) == [(2021, 6, 6.3)]


def test_a_ratio_of_one_month_is_not_that_of_the_year(plan):
    found = history(plan, "profit_margin", ("2021-09", 9.9, {"basis": "month"}))
    assert found.points == ()
    assert found.gaps == (Gap(2021, "month_only"),)


# counts


def test_counts_run_since_the_plan_began(plan):
    rows = [("2020", 31), ("2021Q3", 70)]
    found = history(plan, "new_hightech_enterprises", *rows)
    assert points(found) == [(2020, 12, 31.0), (2021, 9, 70.0)]
    assert found.additions == ()


def test_additions_are_added_up_over_complete_years(plan):
    rows = [(str(y), v, {"measure": "addition"}) for y, v in ((2017, 13), (2020, 31), (2021, 53))]
    found = history(plan, "new_hightech_enterprises", *rows)
    # 2017 lies before the plan: not part of the count, but kept
    assert points(found) == [(2020, 12, 31.0), (2021, 12, 84.0)]
    assert [(p.year, p.value) for p in found.additions] == [(2017, 13), (2020, 31), (2021, 53)]


def test_a_missing_year_is_a_reason_and_not_a_sum(plan):
    found = history(plan, "new_hightech_enterprises", ("2021", 53, {"measure": "addition"}))
    assert found.points == ()
    assert found.gaps == (Gap(2021, "year_missing", ("2020",)),)


def test_additions_go_on_from_a_count(plan):
    rows = [("2020", 31), ("2021", 53, {"measure": "addition"})]
    assert points(history(plan, "new_hightech_enterprises", *rows))[-1] == (2021, 12, 84.0)
    rows = [("2020", 31), ("2021Q2", 21, {"measure": "addition", "basis": "ytd"})]
    assert points(history(plan, "new_hightech_enterprises", *rows))[-1] == (2021, 6, 52.0)


def test_yearly_counts_stand_for_themselves(plan):
    rows = [("2020", 9), ("2021Q3", 7)]
    found = history(plan, "annual_projects_100m", *rows)
    assert points(found) == [(2020, 12, 9.0), (2021, 9, 7.0)]


# growth, milestones


def test_growth_without_a_level(plan):
    found = history(plan, "tech_contract_growth", ("2020", 24.6), ("2021Q3", "增长17.5%"))
    assert [(p.year, p.months, p.value) for p in found.growths] == [
        (2020, 12, 24.6),
        (2021, 9, 17.5),
    ]
    assert found.points == ()


def test_levels_behind_a_growth_target_keep_their_unit(plan):
    name = "smart_equipment_revenue_growth"
    rows = [("2019", 86.4), ("2020", 93.7)]
    rows = [(p, v, {"measure": "level", "unit": "亿元"}) for p, v in rows]
    found = history(plan, name, *rows)
    assert points(found) == [(2019, 12, 86.4), (2020, 12, 93.7)]
    assert found.latest.unit == "亿元"
    with pytest.raises(PlanError, match="has no unit"):
        made(plan, (name, "2020", 93.7, {"measure": "level"}))


def test_milestones(plan):
    found = history(plan, "zhenan_bus_hub_in_use", ("2020", 0), ("2021-05", 1))
    assert [(p.year, p.months, p.value) for p in found.done] == [(2020, 12, 0.0), (2021, 5, 1.0)]
    assert found.points == ()


# vintages


def test_the_strongest_stage_and_the_latest_vintage(plan):
    rows = [
        ("2021", 519, {"stage": "快报", "published": "2022-01-20"}),
        ("2021", 525, {"stage": "最终核实", "published": "2022-12-01"}),
        ("2021", 522, {"stage": "初步核算", "published": "2022-12-20"}),
    ]
    assert history(plan, "gdp", *rows).latest.value == 525
    rows += [("2021", 526, {"published": "2023-02-01"})]  # a revision of what was final
    assert history(plan, "gdp", *rows).latest.value == 526
    assert history(plan, "gdp", *rows, known_by="2022-12").latest.value == 525
    assert history(plan, "gdp", *rows, known_by="2022-06-30").latest.value == 519
    assert list(STAGES) == ["快报", "初步核算", "最终核实"]


def test_what_a_user_says_wins_over_what_is_bundled(plan):
    assert histories(plan)["gdp"].at(2020).value == 467.7
    series = {"series": "after the 4th economic census"}
    found = histories(plan, made(plan, ("gdp", "2020", 470, series)))["gdp"].at(2020)
    assert (found.value, found.origin) == (470, "user")


def test_a_coarse_date_counts_as_its_last_day(plan):
    # published in 2021-03, by the table
    assert histories(plan, known_by="2021-03-30")["gdp"].at(2020) is None
    assert histories(plan, known_by="2021-03-31")["gdp"].at(2020).value == 467.7
    assert histories(plan, known_by="2021")["gdp"].at(2020).value == 467.7


def test_a_figure_without_a_date_is_known_from_the_end_of_its_period(plan):
    observations = made(plan, ("gdp", "2021Q3", 372))
    assert len(observations.known_by("2021-09-29")) == 0
    assert len(observations.known_by(datetime.date(2021, 9, 30))) == 1


def test_as_of_leaves_out_what_ends_later(plan):
    observations = made(plan, ("gdp", "2021Q3", 372), ("gdp", "2021", 520))
    assert histories(plan, observations, as_of="2021-10")["gdp"].latest.months == 9
    assert histories(plan, observations, as_of=2020)["gdp"].latest.year == 2020
    assert histories(plan, observations, as_of=Period(2021, 9, 3))["gdp"].latest.value == 372


@pytest.mark.parametrize("date", ["yesterday", "", "2021-13-01"])
def test_a_known_by_that_is_no_date(plan, date):
    with pytest.raises(CorridorError):
        histories(plan, known_by=date)


def test_merging_keeps_the_later_of_one_key(plan):
    first = made(plan, ("gdp", "2021", 519), ("gdp", "2021Q3", 372))
    second = made(plan, ("生产总值", "2021年", 522))
    assert sorted((first + second).table["value"]) == [372, 522]
    assert len(Observations() + first) == 2
    assert (first + Observations()).table == first.table


# what a person should look at


@pytest.mark.parametrize(
    ("name", "value", "unit", "words"),
    [
        ("gdp", 4677000, "亿元", "factor of 8,064"),
        ("labor_productivity", 17.7, "元/人", "factor of"),
        ("eye_valley_output_total", 56000, "亿元", "万元"),
        ("hightech_va_share", 0.65, "%", "65 %"),
    ],
)
def test_slips_of_units(plan, name, value, unit, words):
    with pytest.warns(UnitSlipWarning, match=words) as caught:
        made(plan, (name, "2021", value, {"unit": unit}))
    assert "列" in caught[0].message.text("zh")
    assert "row 2" in str(caught[0].message)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("gdp", 5000000, "万元"),
        ("tech_market_needs_and_results", 1, "项"),
        ("rd_to_gdp", 2.9, "%"),
        ("eye_valley_tax_total", 0.01, "亿元"),
    ],
)
def test_no_slip(plan, name, value, unit):
    made(plan, (name, "2021", value, {"unit": unit}))


def test_a_series_break_is_a_named_warning(plan):
    with pytest.warns(SeriesBreakWarning, match="2018"):
        made(plan, ("gdp", "2019", 480, {"series": "some other series"}))
    # a figure that says nothing of its series breaks nothing
    made(plan, ("gdp", "2021", 500))


def test_a_falling_count_across_revisions(plan):
    rows = [
        ("new_hightech_enterprises", "2020", 35, {"published": "2021-01"}),
        ("new_hightech_enterprises", "2020", 28, {"published": "2021-06"}),
        ("new_hightech_enterprises", "2021", 30, {"published": "2022-01"}),
    ]
    made(plan, *rows)  # 35 was revised to 28
    with pytest.raises(PlanError, match="falls from 35"):
        made(plan, rows[0], rows[2])


def test_a_falling_count_beside_known_figures(plan):
    known = made(plan, ("new_hightech_enterprises", "2020", 35))
    with pytest.raises(PlanError, match="falls from 35"):
        made(plan, ("new_hightech_enterprises", "2021", 30), beside=known)


def test_remarks_reach_the_history(plan):
    observations = made(plan, ("first_hospital_relocated", "2021", "项目暂缓"))
    found = histories(plan, observations)["first_hospital_relocated"]
    assert [(r.period, r.reason, r.text) for r in found.remarks] == [("2021", "paused", "项目暂缓")]
    assert histories(plan, observations, as_of=2020)["first_hospital_relocated"].remarks == ()


PLAN = cm.load_plan()
NAMES = ("gdp", "new_hightech_enterprises", "rd_to_gdp", "academician_workstations",
         "annual_projects_100m", "tech_contract_growth", "zhenan_bus_hub_in_use")  # fmt: skip

values = st.floats(0, 1, exclude_min=True)
periods = st.builds(
    lambda year, text: f"{year}{text}",
    st.integers(2019, 2022),
    st.sampled_from(["", "H1", "Q1", "Q2", "Q3", "-01", "-05", "-09", "-12"]),
)
dates = st.dates(datetime.date(2021, 1, 1), datetime.date(2023, 12, 31)).map(str)
rows = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(NAMES),
        "period": periods,
        "measure": st.sampled_from(["", "", "addition", "growth"]),
        "published": st.none() | dates,
        "stage": st.sampled_from([None, "快报", "初步核算", "最终核实"]),
        "rank": values,
    }
)


def rising(found: list[dict]) -> list[dict]:
    """Give each row a value that no check can mind: running totals rise with time."""
    out = []
    for row in found:
        time = Period.of(row["period"])
        value = 1.0 if row["indicator"].endswith("in_use") else (
            (time.year - 2018) * 12 + time.month + row["rank"] * 0.5
        ) / 4  # fmt: skip
        out.append({k: v for k, v in row.items() if k != "rank"} | {"value": value})
    return out


def loaded(found: list[dict]):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_observations(of_mappings(found, "file"), PLAN)


def accepted(found: list[dict]):
    """Return what loads; rows that contradict others are of no interest here."""
    good: list[dict] = []
    for row in found:
        try:
            loaded([*good, row])
        except PlanError:
            continue
        good.append(row)
    return good


@pytest.mark.uncounted
@settings(max_examples=40)
@given(st.lists(rows, min_size=1, max_size=12).map(rising), st.randoms(use_true_random=False))
def test_a_reordered_file_gives_the_same_result(found, random):
    good = accepted(found)
    if not good:
        return
    shuffled = random.sample(good, len(good))
    assert histories(PLAN, loaded(good)) == histories(PLAN, loaded(shuffled))


@pytest.mark.uncounted
@settings(max_examples=40)
@given(st.lists(rows, min_size=1, max_size=10).map(rising), st.data())
def test_later_revisions_never_change_what_was_known(found, data):
    good = accepted(found)
    if not good:
        return
    day = data.draw(st.dates(datetime.date(2020, 1, 1), datetime.date(2022, 6, 1)).map(str))
    revised = [
        row | {"value": row["value"] * 1.01, "published": "2024-01-05"}
        for row in data.draw(st.lists(st.sampled_from(good), unique_by=str, max_size=4))
    ]
    base = loaded(good)
    try:
        more = base + loaded(revised) if revised else base
    except PlanError:
        return
    assert histories(PLAN, more, known_by=day) == histories(PLAN, base, known_by=day)
    assert more.known_by(day).table == base.known_by(day).table


@settings(max_examples=30)
@given(st.lists(rows, min_size=1, max_size=8).map(rising))
def test_one_point_a_year_in_order(found):
    good = accepted(found)
    for history in histories(PLAN, loaded(good) if good else None).values():
        years = [point.year for point in history.points]
        assert years == sorted(set(years))
        assert all(1 <= point.months <= 12 for point in history.points)
        for year, parts in history.part_years.items():
            months = [part.months for part in parts]
            assert months == sorted(set(months))
            assert max(months) < 12
            assert all(part.year == year for part in parts)


TEXTS = """
2021 2021Q3 2021.1 gdp 生产总值 500亿元 １２．３％ —— =1+1 增长18% 项目暂缓 1e400 -5 nan 1,23 ٠ ²
完成 亿元/0 2021-12-31 99999 0 -0 100 ∞
"""
TITLES = """
indicator period value unit measure basis published project task state 指标 时期 数值 单位 累计
本月 同比(%) 完成率 年度目标 备注 2021年 2021年9月 year 1—9月完成投资 项目名称 任务 进展情况
"""
texts = st.text(max_size=12) | st.sampled_from([*TEXTS.split(), "9" * 400, "\u00a0", "\x00"])
headers = st.sampled_from([*TITLES.split(), ""])


@pytest.mark.slow
@settings(max_examples=150)
@given(st.data())
def test_any_text_gives_figures_or_a_plan_error(data):
    width = data.draw(st.integers(1, 6))
    header = data.draw(st.lists(headers | texts, min_size=width, max_size=width, unique=True))
    body = st.lists(texts, min_size=width, max_size=width)
    grid = [header, *data.draw(st.lists(body, max_size=4))]
    frame = pd.DataFrame(grid[1:], columns=header, dtype=str)
    said = []
    for name in ("observations", *KEYS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if name == "observations":
                    histories(PLAN, load_observations(frame, PLAN))
                else:
                    load_table(frame, name, PLAN)
        except PlanError as error:
            said.append((error.text("zh"), error.text("en")))
    assert all(zh and en for zh, en in said)


@settings(max_examples=300)
@given(texts, texts, texts, st.sampled_from([*NAMES, ""]))
def test_any_text_in_a_sound_header(period, value, unit, name):
    row = {"indicator": name, "period": period, "value": value, "unit": unit}
    try:
        found = loaded([row])
    except PlanError:
        return
    histories(PLAN, found)


@pytest.mark.uncounted
@settings(max_examples=500)
@given(st.text(max_size=20) | texts, st.none() | st.integers(1900, 2200))
def test_any_text_is_a_period_or_a_cell_error(text, year):
    try:
        period = read_period(text, year)
    except CellError:
        return
    if period is not None:
        assert read_period(str(period)) == period
