"""Laws of observations for any input: order, vintages, and cells of any text."""

from __future__ import annotations

import datetime
import warnings

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.errors import CellError, PlanError
from corridor_model.observations.histories import histories
from corridor_model.observations.load import load_observations
from corridor_model.observations.reports import KEYS, load_table
from corridor_model.periods import Period, read_period
from corridor_model.tabular.workbooks import of_mappings

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


@settings(max_examples=40)
@given(st.lists(rows, min_size=1, max_size=12).map(rising), st.randoms(use_true_random=False))
def test_a_reordered_file_gives_the_same_result(found, random):
    good = accepted(found)
    if not good:
        return
    shuffled = random.sample(good, len(good))
    assert histories(PLAN, loaded(good)) == histories(PLAN, loaded(shuffled))


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


@settings(max_examples=500)
@given(st.text(max_size=20) | texts, st.none() | st.integers(1900, 2200))
def test_any_text_is_a_period_or_a_cell_error(text, year):
    try:
        period = read_period(text, year)
    except CellError:
        return
    if period is not None:
        assert read_period(str(period)) == period
