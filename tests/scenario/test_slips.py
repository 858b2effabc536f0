"""What a scenario sets without saying it, or says by a slip of the pen, is refused in words."""

from __future__ import annotations

import inspect
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.scenario.changes import KINDS, ScenarioError
from corridor_model.scenario.read_toml import scenarios_from_toml

SETS = {
    "delay": "months", "accelerate": "months", "overrun": "factor", "set_investment": "value",
    "set_growth": "mean", "set_baseline": "value", "set_target": "value", "set_effect": "per_unit",
}  # fmt: skip


@pytest.mark.parametrize("word", SETS)
def test_no_change_has_a_default_for_the_number_it_sets(word):
    parameter = inspect.signature(KINDS[word]).parameters[SETS[word]]
    assert repr(parameter.default) == "<required>" or parameter.default is parameter.empty
    about = {} if word in {"set_growth", "set_baseline", "set_target"} else {"all": True}
    about |= {"indicator": "gdp"} if word == "set_effect" or not about else {}
    about |= {"year": 2019} if word == "set_baseline" else {}
    with pytest.raises(TypeError, match=SETS[word]):
        KINDS[word](**about)
    entries = "\n".join(
        f"{key} = {str(value).lower() if value in (True, 2019) else repr(value)}"
        for key, value in about.items()
    )
    text = f'[[scenario]]\nname = "x"\n[[scenario.change]]\nchange = "{word}"\n{entries}'
    with pytest.raises(cm.CorridorError, match=f"lacks {SETS[word]}") as error:
        scenarios_from_toml(text)
    assert f"缺少{SETS[word]}" in error.value.text("zh")


WORK = {"target": "jinliwen_expressway"}
SOUND = {
    "delay": WORK | {"months": 3}, "accelerate": WORK | {"months": 3},
    "overrun": WORK | {"factor": 1.2}, "set_investment": WORK | {"value": 3.0},
    "set_dates": WORK | {"start": "2020-01", "end": "2024-06"},
    "set_growth": {"indicator": "gdp", "mean": 0.05, "sd": 0.01, "from_year": 2021},
    "set_baseline": {"indicator": "gdp", "year": 2018, "value": 400.0},
    "set_target": {"indicator": "gdp", "value": 600.0, "year": 2022},
    "set_effect": WORK | {"indicator": "gdp", "per_unit": 1.0, "lag": 1.0, "decay": 0.9},
}  # fmt: skip
NO_NUMBER = (
    True, np.bool_(True), math.nan, math.inf, -math.inf, np.float64("nan"), "x", "", [1], (1, 2),
    {}, b"1", 1j, Decimal("NaN"), 10**400, np.array([1.0]), np.array(3.0), np.datetime64("NaT"),
    pd.NA, pd.NaT, pd.Series([1.0]), object(), int, ...,
)  # fmt: skip


@pytest.mark.parametrize("word", SOUND)
def test_what_is_no_number_is_refused_by_every_change(word):
    assert KINDS[word](**SOUND[word])
    for name in SOUND[word]:
        if name in {"target", "indicator"}:
            continue
        for odd in NO_NUMBER:
            if word == "set_dates" and isinstance(odd, str) and not odd:
                continue  # one of the two dates is enough
            with pytest.raises(cm.CorridorError) as error:
                KINDS[word](**SOUND[word] | {name: odd})
            assert error.value.text("zh")
            assert error.value.text("en")


@pytest.mark.uncounted
@pytest.mark.parametrize("word", SOUND)
@pytest.mark.parametrize("odd", [3, 1.5, True, b"x", ["gdp"], {}, (), object(), float("nan")])
def test_a_name_that_is_no_text_is_refused_by_every_change(word, odd):
    for name in {"target", "indicator"} & set(SOUND[word]):
        with pytest.raises(cm.CorridorError):
            cm.simulate(
                cm.load_plan(),
                [cm.Scenario("x", KINDS[word](**SOUND[word] | {name: odd}))],
                draws=16,
            )


def test_a_baseline_needs_its_year_too():
    with pytest.raises(TypeError, match="year"):
        cm.SetBaseline("gdp", value=400)


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        (lambda: cm.Overrun("x", factor=0.204), r"20\.4 % dearer is 1\.204", "贵20.4%应写1.204"),
        (lambda: cm.Overrun("x", factor=0.1), "90 % cheaper", "便宜90%"),
        (lambda: cm.Overrun("x", cm.PERT(0.05, 0.2, 0.4)), "cheaper", "便宜"),
        (lambda: cm.Overrun("x", 9), r"9 % dearer is 1\.09", "贵9%应写1.09"),
        (lambda: cm.Overrun("x", 5), r"5 % dearer is 1\.05", "SetInvestment|set_investment"),
        (lambda: cm.Overrun("x", cm.Uniform(4, 20)), r"12 % dearer is 1\.12", "贵12%"),
        (lambda: cm.Delay("x", 500), "500 days are 16 months", "500天是16个月"),
        (lambda: cm.Delay("x", 365), "365 days are 12 months", "365天是12个月"),
        (lambda: cm.Delay("x", cm.PERT(90, 180, 360)), "more than ten years", "超过十年"),
        (lambda: cm.Accelerate("x", 180), "180 days are 6 months", "180天是6个月"),
    ],
)
def test_a_slip_of_a_change_says_what_was_meant(change, en, zh):
    with pytest.raises(ScenarioError, match=en) as error:
        change()
    assert any(part in error.value.text("zh") for part in zh.split("|"))


def test_what_is_likely_is_taken():
    for factor in (0.5, 0.8, 1.204, 2, 3, cm.Lognormal(mean=1.204, sd=0.299)):
        assert cm.Overrun("x", factor).factor == factor
    for months in (0, 1, 36, 120, cm.PERT(0, 12, 144)):
        assert cm.Delay("x", months).months == months


def test_a_study_may_go_further_than_a_person(plan):
    far = cm.switching_values(
        plan, "total", {"overrun:all": (0.2, 5.0)}, threshold=800, sense="at_most"
    )
    assert far["switching_value"].item() == pytest.approx(800 / 219.72, rel=1e-3)
