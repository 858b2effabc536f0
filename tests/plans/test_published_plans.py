"""Real plans, loaded and asked: answers worked by hand from the printed numbers.

The plans are those of tests/data/plans: five national five-year plans of China, Zhejiang,
Wenzhou, Europe 2020 with a member state, Indonesia, Viet Nam, Rwanda, Healthy China 2030 and
the plan for informatization.
"""

from __future__ import annotations

import math

import pytest
from scripts.plans_from_facts import facts, plan_tables

import corridor_model as cm

NAMES = [row["plan"] for row in facts("plans")]


def test_every_promise_of_every_plan_arrives(published):
    """Rows in the tables are rows of promises; the two ends of a range are one promise."""
    rows_in = rows_out = 0
    for name in NAMES:
        tables, _, _ = plan_tables(name)
        plan = published(name)
        rows_in += len(tables["targets"])
        printed = {
            (row["indicator"], row["value"], row["sense"], row["year"], row["tier"], row["kind"])
            for row in tables["targets"]
        }
        arrived = set()
        for promise in plan.targets.values():
            for target in promise.targets:
                rows_out += 1
                cells = (target.value, target.sense, target.year, target.tier, target.kind)
                value, *others = ("" if cell is None else cell for cell in cells)
                value = value if value == "" else f"{value:.12g}"
                arrived.add((promise.of, value, *map(str, others)))
        assert arrived == printed, name
        of_promises = {promise.of for promise in plan.targets.values()}
        compared = {row["relative_to"] for row in tables["targets"]}
        assert of_promises | compared >= set(plan.indicators), name
    assert rows_in == rows_out


# What is needed a year.

NEEDED = [
    # national plans: a share in 5 steps; a fall of 16 % in five years; a level to a level
    ("CN-FYP12", "services_share_of_gdp", "required_step", (47 - 43) / 5),
    ("CN-FYP12", "gdp@growth", "required_rate", 0.07),
    ("CN-FYP12", "gdp", "required_rate", (55.8 / 39.8) ** (1 / 5) - 1),
    ("CN-FYP12", "energy_per_unit_of_gdp_reduction", "required_rate", 0.84 ** (1 / 5) - 1),
    ("CN-FYP12", "population@growth", "required_rate", 0.0072),
    ("CN-FYP13", "invention_patents_per_10_000", "required_rate", (12 / 6.3) ** (1 / 5) - 1),
    ("CN-FYP15", "life_expectancy", "required_step", (80 - 79.25) / 5),
    ("CN-FYP15", "core_digital_industries_share_of_gdp", "required_step", (12.5 - 10.5) / 6),
    ("CN-FYP14", "co2_per_unit_of_gdp_reduction", "required_rate", 0.82 ** (1 / 5) - 1),
    # 77.3 in 2019 and one year more by 2025: six steps
    ("CN-FYP14", "life_expectancy", "required_step", 1 / 6),
    ("ZJ-FYP14", "gdp_per_head", "required_rate", (13 / 10.5) ** (1 / 5) - 1),
    ("ZJ-2035", "gdp", "required_rate", 2 ** (1 / 15) - 1),
    ("WZ-FYP14", "gdp", "required_rate", (10000 / 6871) ** (1 / 5) - 1),
    ("EU2020", "employment_rate_20_64", "required_step", (75 - 69) / 10),
    # 20 million fewer than the 115.9 of 2008, in twelve steps
    (
        "EU2020",
        "people_at_risk_of_poverty_or_social_exclusion_re",
        "required_rate",
        (95.9 / 115.9) ** (1 / 12) - 1,
    ),
    ("EU2020", "greenhouse_gas_emissions", "required_rate", 0.8 ** (1 / 30) - 1),
    ("ID-RPJMN2024", "gini_ratio", "required_rate", (0.374 / 0.382) ** (1 / 5) - 1),
    ("VN-SEDP2020", "gdp_per_capita", "required_rate", (3200 / 2019) ** (1 / 5) - 1),
    ("RW-NST2", "export_revenues", "required_rate", (7.3 / 3.5) ** (1 / 6) - 1),
    ("RW-NST2", "export_revenues@relative_change", "required_rate", 2 ** (1 / 6) - 1),
    ("CN-HEALTH2030", "infant_mortality", "required_rate", (5 / 8.1) ** (1 / 15) - 1),
    ("CN-HEALTH2030", "life_expectancy@2020", "required_step", (77.3 - 76.34) / 5),
    ("CN-INFO14", "row_5g_users", "required_rate", (56 / 15) ** (1 / 5) - 1),
    ("CN-INFO14", "gigabit_fibre_users", "required_rate", (6000 / 640) ** (1 / 5) - 1),
]


@pytest.mark.uncounted
@pytest.mark.parametrize(("name", "promise", "column", "answer"), NEEDED)
def test_what_is_needed_a_year(published, name, promise, column, answer):
    needed = cm.required_growth(published(name))
    assert needed.loc[promise, column] == pytest.approx(answer)


# Where it stood on the way.

ON_THE_WAY = [
    # (71.1 - 69) / (75 - 69) of the way in 6 of 10 years
    ("EU2020", "employment_rate_20_64", 2016, "behind", 2.1 / 6, 0.6),
    ("EU2020", "early_school_leavers_18_24", 2016, "ahead", 4.3 / 5, 0.6),
    ("EU2020", "tertiary_education_30_34", 2016, "ahead", 8.1 / 9, 0.6),
    # 2.9 million more where 20 million fewer were promised, 8 of 12 years
    (
        "EU2020",
        "people_at_risk_of_poverty_or_social_exclusion_re",
        2016,
        "behind",
        -2.9 / 20,
        8 / 12,
    ),
    ("ID-RPJMN2024", "manufacturing_share_of_gdp", 2023, "behind", -1.03 / 1.3, 0.8),
    # 7.5 of 2021 from 6.3 towards 12
    (
        "CN-FYP14",
        "high_value_invention_patents_per_10_000_people",
        2021,
        "on_schedule",
        1.2 / 5.7,
        0.2,
    ),
    ("CN-FYP14", "high_value_invention_patents_per_10_000_people", 2022, "ahead", 3.1 / 5.7, 0.4),
]


@pytest.mark.uncounted
@pytest.mark.parametrize(("name", "promise", "as_of", "status", "share", "elapsed"), ON_THE_WAY)
def test_where_it_stood(verdicts, name, promise, as_of, status, share, elapsed):
    row = verdicts(name, as_of).loc[promise]
    assert row["status"] == status
    assert row["achieved_share"] == pytest.approx(share)
    assert row["elapsed_share"] == pytest.approx(elapsed)


def test_falls_of_single_years_are_chained(verdicts):
    # energy per GDP fell by 2.7 and 0.1 %: 2.7973 of the 13.5 promised
    row = verdicts("CN-FYP14", 2022).loc["energy_use_per_unit_of_gdp_reduction"]
    assert row["actual"] == pytest.approx((0.973 * 0.999 - 1) * 100)
    assert row["status"] == "behind"


def test_an_average_is_never_achieved_before_its_date(verdicts):
    for year in range(2021, 2025):
        row = verdicts("CN-FYP14", year).loc["growth_of_r_d_spending"]
        assert row["status"] == "ahead", year
    assert verdicts("CN-FYP14", 2025).loc["growth_of_r_d_spending", "status"] == "achieved"


def test_growth_is_compared_with_the_growth_of_another(verdicts):
    """高于GDP增长: 8.7, 4.2, 5.7, 4.9 and 6.1 against 8.1, 3.0, 5.2, 5.0 and 5.0 %."""
    row = verdicts("CN-FYP14", 2025).loc["growth_of_labour_productivity"]
    mean = math.prod(1 + x / 100 for x in (8.7, 4.2, 5.7, 4.9, 6.1)) ** (1 / 5)
    assert row["actual"] == pytest.approx((mean - 1) * 100)
    assert row["status"] == "achieved"


def test_a_ceiling_for_every_year_is_missed_once_it_broke(verdicts):
    name = "surveyed_urban_unemployment_rate"
    statuses = [verdicts("CN-FYP14", year).loc[name, "status"] for year in range(2021, 2026)]
    assert statuses == ["on_schedule", "missed", "missed", "missed", "missed"]


def test_without_a_base_there_is_a_reason_and_a_start_that_would_do(published):
    """Viet Nam prints no bases: nothing is invented, the back-cast stands in their place."""
    plan = published("VN-SEDP2020")
    needed = cm.required_growth(plan)
    assert needed.loc["forest_coverage", "reason"] == "no_baseline"
    paths = cm.growth_paths(plan, rates=(0.02,)).sel(indicator="safe_water_rural", rate=0.02)
    assert paths["required_baseline"].item() == pytest.approx(90 / 1.02**5)


def test_two_tiers_and_a_waypoint_are_promises_of_their_own(published):
    europe = published("EU2030").targets
    assert (europe["renewable_energy_share"].value, europe["renewable_energy_share"].tier) == (
        42.5,
        "commit",
    )
    assert europe["renewable_energy_share@stretch"].value == 45
    assert published("CN-HEALTH2030").targets["life_expectancy@2020"].value == 77.3
    indonesia = published("ID-RPJMN2024").targets
    assert indonesia["greenhouse_gas_reduction"].value == 27.3
    assert indonesia["greenhouse_gas_reduction@2030"].value == 29


def test_either_of_two_is_one_promise(published):
    europe = published("EU2030").targets
    either = [name for name, promise in europe.items() if promise.any_of == "transport"]
    assert either == ["transport_intensity", "transport_renewables"]


def test_words_without_a_number_are_kept_and_counted(published, verdicts):
    row = verdicts("CN-FYP15", 2026).loc["gdp_growth"]
    assert (row["status"], row["reason"]) == ("not_assessable", "not_quantified")
    assert published("CN-ENERGY2030").targets["total_energy_consumption"].value == 60


def test_a_promise_without_a_date_is_counted_with_its_reason(verdicts):
    """尽早达峰: the stretch of a peak around 2030 has no date of its own."""
    table = verdicts("CN-ENERGY2030", 2020)
    undated = table[table["reason"] == "no_date"]
    assert list(undated.index) == ["co2_peak@undated@stretch"]
    assert set(undated["status"]) == {"not_assessable"}
