"""Many regions at once: each judged as `assess` judges a plan of its targets and figures alone."""

from __future__ import annotations

import io
import json
import warnings
from contextlib import redirect_stdout

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.assessment.panel_blocks import NUMBERS
from corridor_model.assessment.panel_tables import series_kinds
from corridor_model.cli import main
from corridor_model.codes import STATUSES
from corridor_model.observations.histories import history_of
from corridor_model.observations.model import History, Point
from corridor_model.periods import Period
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows

FIRST, LAST = 2021, 2025
TARGET = ("value", "sense", "kind", "tolerance", "year", "month", "base_year", "from_year",
          "relative_to", "margin", "tier", "role", "beyond", "any_of")  # fmt: skip
OF_INDICATOR = ("unit", "nature", "average_method")
TEXTS = ("status", "reason", "branch", "p_basis", "p_basis_reason", "p_reach_reason",
         "actual_period", "kind", "sense", "tier")  # fmt: skip
EXACT = ("secured", "is_limit", "series_break", "baseline_year", "target_year")


def plan_of(targets, values, first_year=FIRST, last_year=LAST):
    """One region as a plan of its own: what it promises, and its figures as published."""
    names = list(dict.fromkeys(row["indicator"] for row in targets))
    kinds = dict(
        zip(
            (row["indicator"] for row in targets),
            series_kinds([r["indicator"] for r in targets], [r["kind"] for r in targets]),
            strict=True,
        )
    )
    others = {r["relative_to"]: r["kind"] for r in targets if r.get("relative_to")}
    kinds |= {name: kind for name, kind in others.items() if name not in kinds}
    indicators = []
    for name in [*names, *(n for n in others if n not in names)]:
        rows = [row for row in targets if row["indicator"] == name]
        known = {
            key: next((r[key] for r in rows if r.get(key) is not None), None)
            for key in OF_INDICATOR
        }
        percent = "%" if kinds[name] in {"growth", "relative_change", "share"} else ""
        if kinds[name] in {"share", "completion"}:
            percent = "%"
        unit = known.pop("unit") or percent
        indicators.append({"id": name, "name_zh": name, "kind": kinds[name], "unit": unit, **known})
    tables = {name: empty(name) for name in TABLES}
    tables["about"] = from_rows(
        "about",
        [{"id": "p", "name_zh": "p", "first_year": first_year, "last_year": last_year}],
    )
    tables["indicators"] = from_rows("indicators", indicators)
    tables["targets"] = from_rows(
        "targets",
        [{"indicator": r["indicator"], **{k: r.get(k) for k in TARGET}} for r in targets],
    )
    figures = [
        {"indicator": v["indicator"], "period": str(v["year"]), "value": float(v["value"]),
         "series": v.get("series"), "origin": "user"}
        for v in values
    ]  # fmt: skip
    tables["observations"] = from_rows("observations", figures)
    return Plan(tables)


def must_agree(panel, region, alone):
    """Every variable of a region is that of the plan, numbers to 1e-12."""
    mine = panel.sel(region=region)
    there = mine["indicator"].values[mine["has_target"].values]
    assert sorted(there) == sorted(alone["indicator"].values)
    mine = mine.sel(indicator=alone["indicator"].values)
    for name in TEXTS:
        assert mine[name].values.tolist() == alone[name].values.tolist(), name
    for name in EXACT:
        np.testing.assert_array_equal(mine[name].values, alone[name].values, name)
    for name in (*NUMBERS, "p_reach"):
        np.testing.assert_allclose(
            mine[name].values, alone[name].values, rtol=1e-12, atol=1e-12, err_msg=name
        )
        assert mine[f"{name}_reason"].values.tolist() == alone[f"{name}_reason"].values.tolist()


# --- what plans and regions may be ---------------------------------------------------------------

BOUNDED = {"share", "completion"}
RANGES = {
    "level": (5.0, 900.0), "share": (1.0, 99.0), "ratio": (0.5, 150.0), "rank": (1.0, 80.0),
    "growth": (-6.0, 15.0), "cumulative": (0.0, 400.0), "annual": (1.0, 60.0),
    "change": (-40.0, 60.0), "relative_change": (-50.0, 80.0), "completion": (1.0, 99.0),
}  # fmt: skip


@st.composite
def target_rows(draw, name):
    kind = draw(st.sampled_from([*RANGES, "milestone"]))
    senses = ["at_most", "below"] if kind == "rank" else ["at_least", "at_most", "above", "below"]
    row = {"indicator": name, "kind": kind, "year": draw(st.integers(2022, 2027))}
    row["sense"] = draw(st.sampled_from(senses))
    if kind == "milestone":
        return [row | {"value": 1.0, "sense": "at_least"}]
    row["value"] = round(draw(st.floats(*RANGES[kind])), 0 if kind == "rank" else 2)
    if row["sense"] == "at_least" and draw(st.booleans()):
        row |= draw(st.sampled_from([{"sense": "about", "tolerance": 3.0}, {"sense": "exactly"}]))
    if draw(st.integers(0, 3)) == 0 and kind not in {"cumulative", "annual"}:
        row["role"] = draw(st.sampled_from(["aim", "limit"]))
    if draw(st.integers(0, 2)) == 0:
        row["base_year"] = draw(st.integers(2017, 2021))
    if draw(st.integers(0, 2)) == 0:
        row["month"] = draw(st.integers(1, 12))
    if kind in {"level", "annual"}:
        row["nature"] = draw(st.sampled_from([None, "stock", "flow"]))
        row["unit"] = draw(st.sampled_from([None, "家", "亿元"]))
    if kind == "growth":
        row["average_method"] = draw(st.sampled_from([None, "累计法"]))
    rows = [row]
    if row["sense"] == "at_least" and kind not in {"milestone"} and draw(st.integers(0, 4)) == 0:
        upper = min(row["value"] + 10, 100.0) if kind in BOUNDED else row["value"] + 10
        other = {k: row.get(k) for k in ("base_year", "month", "role", "kind", "year", "nature")}
        rows.append({**row, **other, "sense": "at_most", "value": upper})
        row.pop("role", None)
        rows[1].pop("role", None)
    return rows


@st.composite
def figure_rows(draw, name, kind):
    if kind == "milestone":
        years = draw(st.lists(st.integers(2021, 2024), unique=True, max_size=2))
        return [{"indicator": name, "year": y, "value": draw(st.sampled_from([0.0, 1.0]))}
                for y in sorted(years)]  # fmt: skip
    years = sorted(draw(st.lists(st.integers(2015, 2025), unique=True, max_size=9)))
    low, high = {"change": (5.0, 300.0), "relative_change": (5.0, 300.0)}.get(kind, RANGES[kind])
    digits = 0 if kind == "rank" else 2
    values = [round(draw(st.floats(low, high)), digits) for _ in years]
    if kind == "cumulative":
        years = [year for year in years if year >= FIRST]
        values = np.cumsum(np.round(values[: len(years)])).tolist()
    if kind == "completion":
        values = sorted(values)
    if kind == "rank":
        values = [round(value) for value in values]
    old = draw(st.integers(0, 4)) == 0
    return [
        {"indicator": name, "year": y, "value": v, "series": "old" if old and y < 2018 else None}
        for y, v in zip(years, values, strict=True)
    ]


@st.composite
def region_rows(draw):
    targets, values = [], []
    for place in range(draw(st.integers(1, 4))):
        rows = draw(target_rows(f"i{place}"))
        targets += rows
        values += draw(figure_rows(f"i{place}", rows[0]["kind"]))
    if len(targets) > 1 and targets[0]["kind"] == "level" and draw(st.booleans()):
        group = [r for r in targets if r["indicator"] in {"i0", "i1"}]
        for row in group:
            row["any_of"] = "either"
    return targets, values


def panel_frames(regions):
    """Regions as the two tables of a panel."""
    names = [f"r{i}" for i in range(len(regions))]
    targets = [{"region": n, **row} for n, (rows, _) in zip(names, regions, strict=True)
               for row in rows]  # fmt: skip
    values = [{"region": n, **row} for n, (_, rows) in zip(names, regions, strict=True)
              for row in rows]  # fmt: skip
    columns = ["region", "indicator", "year", "value", "series"]
    return pd.DataFrame(targets), pd.DataFrame(values, columns=columns)


def agree(regions, as_of):
    frames = panel_frames(regions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        panel = cm.assess_panel(*frames, as_of=as_of, first_year=FIRST, threads=1)
        last = max(row["year"] for rows, _ in regions for row in rows)
        for place, (targets, values) in enumerate(regions):
            plan = plan_of(targets, values, last_year=max(last, FIRST))
            must_agree(panel, f"r{place}", cm.assess(plan, as_of=as_of))
    return panel


UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A plan is assessed for every step of a search for a smaller one: that takes minutes."""


@settings(max_examples=12, deadline=None, phases=UNSHRUNK)
@given(st.lists(region_rows(), min_size=1, max_size=3), st.sampled_from([2021, 2023, 2026]))
def test_a_region_is_judged_as_a_plan_of_its_own(regions, as_of):
    agree(regions, as_of)


@pytest.mark.slow
@pytest.mark.long
@settings(max_examples=200, deadline=None, phases=UNSHRUNK)
@given(
    st.lists(region_rows(), min_size=1, max_size=4),
    st.sampled_from([2020, 2021, 2022, 2023, 2024, 2025, 2026, 2028, "2023-06", "2024Q3"]),
)
def test_a_region_is_judged_as_a_plan_of_its_own_in_many_shapes(regions, as_of):
    agree(regions, as_of)


def redrawn(rows, rng, spread):
    """Rows with other numbers, everything else alike; the ends of a range move together."""
    out, moved = [], {}
    for row in rows:
        value = row["value"]
        if value is not None and row.get("kind") != "milestone":
            end = row["indicator"], row["year"]
            by = moved.setdefault(end, float(rng.uniform(1 - spread, 1 + spread)))
            rounded = round(float(value) * by, 1)
            whole = row.get("kind") in {"rank", "cumulative"}
            value = max(1.0, round(rounded)) if whole else rounded
        out.append({**row, "value": value})
    return out


def of_one_shape(targets, values, count, seed):
    """Regions that promise and report alike: among them some whose figure is the bound."""
    rng = np.random.default_rng(seed)
    kinds = {row["indicator"]: row["kind"] for row in targets}
    values = [{**row, "kind": kinds[row["indicator"]]} for row in values]
    regions = []
    for place in range(count):
        figures = redrawn(values, rng, 0.4 if place % 3 else 0.05)
        mine = redrawn(targets, rng, 0.2)
        if place % 4 == 0 and figures and len(mine) == len(kinds):
            same = {row["indicator"]: row["value"] for row in figures}
            mine = [{**row, "value": same.get(row["indicator"], row["value"])} for row in mine]
        for row in (*mine, *figures):
            most = 99.9 if row.get("sense") == "above" else 100.0  # no share is above 100
            top = most if row["kind"] in {"share", "completion"} else np.inf
            if row["value"] is not None:
                row["value"] = min(row["value"], top)
        totals = {}
        for row in figures:
            if row["kind"] == "cumulative":  # a count never falls
                row["value"] = totals[row["indicator"]] = max(
                    row["value"], totals.get(row["indicator"], 0.0)
                )
        figures = [{k: v for k, v in row.items() if k != "kind"} for row in figures]
        regions.append((mine, figures))
    return regions


ALIKE = {
    "level": ({"kind": "level", "value": 150.0, "sense": "at_least"}, (100, 110, 118, 131)),
    "flow": ({"kind": "level", "value": 90.0, "sense": "at_most", "nature": "flow"},
             (100, 96, 97, 93)),
    "share": ({"kind": "share", "value": 96.0, "sense": "above", "unit": "%"}, (80, 88, 93, 95)),
    "range": ({"kind": "ratio", "value": 20.0, "sense": "at_least"}, (15, 17, 24, 26)),
    "change": ({"kind": "relative_change", "value": 18.0, "sense": "at_least"},
               (100, 104, 111, 117)),
    "growth": ({"kind": "growth", "value": 6.0, "sense": "at_least"}, (5.0, 7.0, 6.5, 5.5)),
    "count": ({"kind": "cumulative", "value": 60.0, "sense": "at_least"}, (None, 12, 25, 41)),
    "yearly": ({"kind": "annual", "value": 11.0, "sense": "at_least"}, (12, 12, 12.5, 13)),
    "rank": ({"kind": "rank", "value": 12.0, "sense": "at_most"}, (15, 14, 13, 12)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "due"), [(2022, (2025, 12)), (2025, (2025, 12)), (2023, (2022, 6))]
)
def test_regions_that_go_together_are_judged_as_each_alone(as_of, due):
    """Every kind, with numbers that part the regions: bounds that are hit, falls, starts met."""
    targets, values = [], []
    for name, (row, figures) in ALIKE.items():
        dated = dict(zip(("year", "month"), due, strict=True))
        targets.append({"indicator": name, **dated, "base_year": 2020, **row})
        if name == "range":
            targets.append({**targets[-1], "sense": "at_most", "value": 26.0})
        if name == "level":
            targets.append({**targets[-1], "year": 2023, "value": 125.0})
        values += [
            {"indicator": name, "year": 2019 + i, "value": float(v), "series": None}
            for i, v in enumerate(figures)
            if v is not None and not (name == "count" and i < 1)
        ]
    agree(of_one_shape(targets, values, 6, as_of), as_of)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, phases=UNSHRUNK)
@given(region_rows(), st.integers(0, 10**6), st.sampled_from([2021, 2022, 2024, 2026, "2023-06"]))
def test_regions_of_one_shape_are_judged_as_each_alone(region, seed, as_of):
    regions = of_one_shape(*region, 12, seed)
    try:
        cm.assess_panel(*panel_frames(regions), as_of=as_of, first_year=FIRST, threads=1)
    except cm.CorridorError:  # numbers that no plan could promise
        reject()
    agree(regions, as_of)


def test_regions_of_one_kind_go_together():
    """Of levels, shares and ratios nothing is read one by one: that is what makes it fast."""
    from corridor_model.assessment import panel_blocks
    from corridor_model.assessment.case import when_of
    from corridor_model.assessment.panel_tables import (
        panel_targets,
        panel_values,
        read_panel_table,
    )

    frames = many(60)
    promised, first, _ = panel_targets(read_panel_table(frames[0], "targets"), None)
    rows = read_panel_table(frames[1], "values")
    figures, period = panel_values(rows, promised, lambda year: year, "error")
    (block,) = panel_blocks.blocks_of(promised, figures, when_of(period, first, 2025))
    cases = list(
        panel_blocks._regional_cases(block, panel_blocks.units_of(block.targets, block.values))
    )
    assert sum(len(one.rows) for one in cases) == len(frames[0])
    assert len(cases) < len(frames[0]) / 4


def test_alternatives_and_comparisons_stay_within_their_region():
    targets = [
        {"indicator": "a", "kind": "level", "value": 100.0, "sense": "at_least", "year": 2025,
         "any_of": "x"},
        {"indicator": "b", "kind": "level", "value": 10.0, "sense": "at_least", "year": 2025,
         "any_of": "x"},
        {"indicator": "c", "kind": "growth", "value": None, "sense": "above", "year": 2025,
         "relative_to": "d", "margin": 1.0},
    ]  # fmt: skip
    figures = {
        "a": {2020: 90.0, 2022: 105.0},
        "b": {2020: 5.0, 2022: 5.5},
        "c": {2021: 8.0, 2022: 7.0},
        "d": {2021: 6.0, 2022: 5.0},
    }
    kept = [
        {"indicator": name, "year": year, "value": value}
        for name, known in figures.items()
        for year, value in known.items()
    ]
    lost = [{**row, "value": row["value"] / 2} for row in kept]
    panel = agree([(targets, kept), (targets, lost)], 2022)
    assert panel["status"].sel(region="r0", indicator="b").item() == "achieved"
    assert panel["branch"].sel(region="r0", indicator="b").item() == "alternative_achieved"
    assert panel["status"].sel(region="r1", indicator="b").item() != "achieved"
    assert panel["reason"].sel(region="r0", indicator="c").item() != "bound_unknown"


# --- one shape for all ---------------------------------------------------------------------------

TARGETS = pd.DataFrame(
    {
        "region": ["330303", "330303", "110101"],
        "indicator": ["income", "cover", "income"],
        "kind": ["level", "share", "level"],
        "value": [150.0, 60.0, 90.0],
        "sense": "at_least",
        "year": 2025,
        "base_year": 2020,
    }
)
VALUES = pd.DataFrame(
    {
        "region": ["330303"] * 6 + ["110101"] * 3,
        "indicator": ["income"] * 3 + ["cover"] * 3 + ["income"] * 3,
        "year": [2020, 2021, 2022] * 3,
        "value": [100.0, 112.0, 121.0, 50.0, 51.0, 52.0, 80.0, 80.5, 80.8],
    }
)


def test_rows_may_stand_in_any_order():
    panel = cm.assess_panel(TARGETS, VALUES)
    for seed in range(3):
        other = cm.assess_panel(TARGETS, VALUES.sample(frac=1, random_state=seed))
        xr.testing.assert_identical(panel, other)
    turned = cm.assess_panel(TARGETS[::-1], VALUES)
    assert turned["region"].values.tolist() == ["110101", "330303"]
    same = turned.sel(region=panel["region"], indicator=panel["indicator"])
    xr.testing.assert_equal(panel, same)


def test_what_a_region_does_not_promise_is_masked_and_counts_sum_up():
    panel = cm.assess_panel(TARGETS, VALUES)
    none = panel.sel(region="110101", indicator="cover")
    assert not none["has_target"]
    assert none["status"].item() == ""
    assert np.isnan(none["p_reach"])
    assert none["p_reach_reason"].item() == "not_applicable"
    assert none["rank_p_reach_reason"].item() == "not_applicable"
    assert panel["verdict"].values.tolist() == list(STATUSES)
    assert panel["n_regions"].sum("verdict").values.tolist() == [2, 1]
    assert panel["n_promises"].sum("verdict").values.tolist() == [2, 1]
    assert panel["rank_p_reach"].sel(indicator="income").values.tolist() == [1.0, 2.0]
    frame = panel[["status", "p_reach"]].to_dataframe()
    assert frame.loc[("330303", "income"), "status"] == "on_schedule"


def test_equal_regions_share_a_place():
    targets = pd.DataFrame({"region": list("abcd"), "indicator": "x", "kind": "level"})
    targets = targets.assign(value=200.0, sense="at_least", year=2025, base_year=2020)
    values = pd.DataFrame({"region": sorted("abc" * 2), "indicator": "x", "year": [2020, 2022] * 3})
    values["value"] = [100.0, 150.0, 100.0, 120.0, 100.0, 150.0]
    panel = cm.assess_panel(targets, values)
    assert panel["rank_achieved_share"].values[:3, 0].tolist() == [1.0, 3.0, 1.0]
    assert panel["reason"].sel(region="d").values.tolist() == ["not_reported"]
    assert panel.attrs["regions_without_values"] == 1


def test_the_period_and_the_first_year_are_said():
    panel = cm.assess_panel(TARGETS, VALUES)
    assert (panel.attrs["as_of"], panel.attrs["first_year"]) == ("2022", 2021)
    assert panel.attrs["first_year_origin"] == "user"
    plain = TARGETS.drop(columns="base_year")
    assumed = cm.assess_panel(plain, VALUES)
    assert (assumed.attrs["first_year"], assumed.attrs["first_year_origin"]) == (2021, "assumed")
    later = cm.assess_panel(plain, VALUES, first_year=2022)
    assert later["baseline_year"].max().item() == 2021
    assert cm.assess_panel(TARGETS, VALUES, as_of=2021).attrs["as_of"] == "2021"
    nothing = VALUES.iloc[:0]
    assert cm.assess_panel(TARGETS, nothing).attrs["as_of"] == "2020"
    with pytest.raises(cm.CorridorError, match="first_year"):
        cm.assess_panel(plain, nothing)


def test_whole_numbers_are_codes_like_their_texts():
    numbers = TARGETS.assign(region=TARGETS["region"].astype(int))
    xr.testing.assert_identical(cm.assess_panel(numbers, VALUES), cm.assess_panel(TARGETS, VALUES))


def test_words_and_titles_may_be_chinese():
    zh = TARGETS.assign(sense="不低于", kind=["水平", "占比", "水平"])
    zh = zh.rename(
        columns={"region": "地区", "indicator": "指标", "value": "目标值", "year": "年份"}
    )
    xr.testing.assert_identical(cm.assess_panel(zh, VALUES), cm.assess_panel(TARGETS, VALUES))


# --- nothing is lost in silence ------------------------------------------------------------------


def test_what_is_not_used_is_counted_and_said():
    more = pd.DataFrame(
        {"region": ["330303", "999999", "330303", "330303"],
         "indicator": ["income", "income", "rain", "income"],
         "year": [2024, 2022, 2022, 2020], "value": [130.0, 1.0, 2.0, 100.0]}
    )  # fmt: skip
    with pytest.warns(cm.CorridorWarning) as told:
        panel = cm.assess_panel(TARGETS, pd.concat([VALUES, more]), as_of=2022)
    unused = json.loads(panel.attrs["values_unused"])
    assert unused == {"no_target": 2, "after_as_of": 1, "repeated": 1}
    assert panel.attrs["values_used"] + sum(unused.values()) == len(VALUES) + len(more)
    text = "\n".join(str(one.message) for one in told)
    assert "999999 / income / 2022" in text
    assert "330303 / rain / 2022" in text
    holes = VALUES.assign(value=VALUES["value"].where(VALUES["year"] != 2021))
    with pytest.warns(cm.CorridorWarning, match="3 figures are empty"):
        skipped = cm.assess_panel(TARGETS, holes, missing="skip")
    assert json.loads(skipped.attrs["values_unused"]) == {"empty": 3}
    with pytest.warns(cm.CorridorWarning, match="colour"):
        assert cm.assess_panel(TARGETS.assign(colour=1), VALUES).attrs["columns_unused"] == "colour"


WRONG = [
    ("targets", {"kind": "income"}, ("row 2", "kind", "income", "level")),
    ("targets", {"sense": "more"}, ("row 2", "sense", "at_least")),
    ("targets", {"value": 130.0, "kind": "share"}, ("row 2", "value", "outside 0 to 100")),
    ("targets", {"value": np.nan}, ("row 2", "value", "required but empty")),
    ("targets", {"value": True}, ("row 2", "value", "True is no number")),
    ("targets", {"value": "12,5"}, ("row 2", "value", "12,5")),
    ("targets", {"value": np.inf}, ("row 2", "value", "finite")),
    ("targets", {"year": 2025.5}, ("row 2", "year", "2025.5")),
    ("targets", {"year": 25}, ("row 2", "year", "25")),
    ("targets", {"base_year": 2026}, ("row 2", "base_year", "2026", "2025")),
    ("targets", {"region": None}, ("row 2", "region", "empty")),
    ("targets", {"region": 3.5}, ("row 2", "region", "3.5")),
    ("targets", {"kind": None}, ("row 2", "kind", "empty")),
    ("targets", {"kind": "milestone", "value": 2.0}, ("row 2", "value", "milestone")),
    ("values", {"value": np.nan}, ("row 2", "value", "no number", "skip")),
    ("values", {"value": True}, ("row 2", "value", "True")),
    ("values", {"value": "about 5"}, ("row 2", "value", "about 5")),
    ("values", {"value": -np.inf}, ("row 2", "value", "finite")),
    ("values", {"year": None}, ("row 2", "year", "empty")),
    ("values", {"year": "2020年"}, ("row 2", "year", "2020年")),
    ("values", {"indicator": ""}, ("row 2", "indicator", "empty")),
    ("values", {"region": True}, ("row 2", "region", "True")),
]


@pytest.mark.parametrize(("table", "cells", "words"), WRONG)
def test_a_wrong_cell_is_named(table, cells, words):
    frames = {"targets": TARGETS.astype(object), "values": VALUES.astype(object)}
    for name, cell in cells.items():
        frames[table].at[0, name] = cell
    with pytest.raises(cm.PlanError) as error:
        cm.assess_panel(frames["targets"], frames["values"])
    for word in words:
        assert word in str(error.value)
    assert error.value.problems[0].file == table
    assert error.value.text("zh") != error.value.text("en")


def test_all_mistakes_of_a_table_are_named_at_once():
    wrong = VALUES.astype(object)
    wrong.loc[[0, 4, 7], "value"] = ["x", True, None]
    with pytest.raises(cm.PlanError) as error:
        cm.assess_panel(TARGETS, wrong)
    assert [problem.row for problem in error.value.problems] == [2, 6, 9]


def test_two_figures_of_one_year_must_agree():
    twice = pd.concat([VALUES, VALUES.head(1).assign(value=101.0)])
    with pytest.raises(cm.PlanError, match="says 101 where row 2 says 100"):
        cm.assess_panel(TARGETS, twice)
    with pytest.raises(cm.PlanError, match="contradicts the target in row 2"):
        cm.assess_panel(pd.concat([TARGETS, TARGETS.head(1).assign(value=7.0)]), VALUES)
    out_of_range = VALUES.assign(value=VALUES["value"].where(VALUES["indicator"] != "cover", 120.0))
    with pytest.raises(cm.PlanError, match="outside 0 to 100"):
        cm.assess_panel(TARGETS, out_of_range)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((TARGETS.drop(columns="kind"), VALUES), "the column kind is missing"),
        ((TARGETS, VALUES.drop(columns="value")), "the column value is missing"),
        ((TARGETS, 5), "cannot be read"),
        ((TARGETS, "nowhere.csv"), "nowhere.csv"),
        ((TARGETS, VALUES, "soon"), "soon"),
    ],
)
def test_what_is_no_panel_is_refused(arguments, words):
    with pytest.raises(cm.CorridorError, match=words):
        cm.assess_panel(*arguments)
    for options in ({"missing": "drop"}, {"threads": 0}, {"first_year": "2021"}, {"client": 3}):
        with pytest.raises(cm.CorridorError):
            cm.assess_panel(TARGETS, VALUES, **options)


def test_files_say_what_frames_say(tmp_path):
    for end in ("csv", "parquet", "xlsx"):
        files = [tmp_path / f"{name}.{end}" for name in ("targets", "values")]
        for frame, file in zip((TARGETS, VALUES), files, strict=True):
            writer = {"csv": frame.to_csv, "parquet": frame.to_parquet, "xlsx": frame.to_excel}
            writer[end](file, index=False)
        told = cm.assess_panel(*files)
        xr.testing.assert_identical(told, cm.assess_panel(TARGETS, VALUES))


def printed(*arguments):
    with redirect_stdout(io.StringIO()) as out:
        code = main(list(map(str, arguments)))
    return code, out.getvalue()


def test_the_terminal_counts_and_lists(tmp_path):
    files = [tmp_path / "targets.csv", tmp_path / "values.csv"]
    TARGETS.drop(columns="base_year").to_csv(files[0], index=False)
    VALUES.to_csv(files[1], index=False)
    code, text = printed("assess-panel", *files, "--lang", "en")
    assert code == 0
    for words in ("2 regions as of 2022", "3 targets", "taken as the first", "110101"):
        assert words in " ".join(text.split())
    code, text = printed("assess-panel", *files, "--first-year", 2021, "--lang", "zh")
    assert "2个地区" in text
    assert "2021" not in text
    code, text = printed("assess-panel", *files, "--as-of", 2021, "--format", "json")
    rows = json.loads(text)
    assert [(row["region"], row["indicator"]) for row in rows] == [
        ("330303", "income"),
        ("330303", "cover"),
        ("110101", "income"),
    ]
    assert rows[0]["actual"] == 112.0
    assert printed("assess-panel", *files, "--first-year", "soon")[0] == 1
    nobody = VALUES.iloc[:3].assign(value=[100.0, 160.0, 170.0])
    nobody.to_csv(files[1], index=False)
    code, text = printed("assess-panel", *files, "--lang", "en")
    assert "1 region has no figure" in " ".join(text.split())


# --- the same bits, wherever blocks are worked out -----------------------------------------------


def many(regions, indicators=3, seed=0):
    """A made-up panel of levels, shares and ratios over ten years."""
    rng = np.random.default_rng(seed)
    kinds = [("level", "share", "ratio")[i % 3] for i in range(indicators)]
    shape = (regions, indicators, 10)
    paths = np.exp(np.cumsum(rng.normal(0.03, 0.05, shape), axis=2)) * 40
    paths = np.where(np.array(kinds)[None, :, None] == "share", np.clip(paths, 1, 95), paths)
    names = [f"{i:06d}" for i in range(regions)]
    series = [f"i{j}" for j in range(indicators)]
    values = pd.DataFrame(
        {
            "region": np.repeat(names, indicators * 10),
            "indicator": np.tile(np.repeat(series, 10), regions),
            "year": np.tile(np.arange(2013, 2023), regions * indicators),
            "value": paths.ravel().round(3),
        }
    )
    goals = np.minimum(paths[:, :, -3] * 1.15, 99.0).round(3)
    targets = pd.DataFrame(
        {"region": np.repeat(names, indicators), "indicator": np.tile(series, regions),
         "kind": np.tile(kinds, regions), "value": goals.ravel(), "sense": "at_least",
         "year": 2025, "base_year": 2020}
    )  # fmt: skip
    return targets, values


def test_blocks_and_threads_change_no_bit(monkeypatch):
    from corridor_model.assessment import panel_blocks

    frames = many(24)
    whole = cm.assess_panel(*frames, threads=1)
    xr.testing.assert_identical(whole, cm.assess_panel(*frames, threads=2))
    monkeypatch.setattr(panel_blocks, "BLOCK", 7)
    xr.testing.assert_identical(whole, cm.assess_panel(*frames, threads=2))


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["level", "growth", "done"]),
    st.lists(st.integers(2015, 2025), max_size=6),
    st.sampled_from(["level", "cumulative", "annual", "share"]),
    st.sampled_from([None, "flow", "stock"]),
    st.booleans(),
)
def test_whole_years_are_read_as_the_sums_of_their_parts(measure, years, kind, nature, twice):
    """The short way of `history_of` says what the long one says."""
    from corridor_model.observations import histories

    one = Indicator("x", "x", None, None, kind, "", nature, None, None, None, None)
    years = years if twice else sorted(set(years))
    points = [
        (Period.of(year), Point(year, 12, float(year % 7 + 1), "", measure, "year", origin="user"))
        for year in years
    ]
    short = history_of(one, points, FIRST)
    kept = histories._whole_years
    try:
        histories._whole_years = lambda *_: None
        assert history_of(one, points, FIRST) == short
    finally:
        histories._whole_years = kept
    assert isinstance(short, History)
