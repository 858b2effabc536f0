"""Labels on a simulation: the Dataset, with what is needed to read it and to run it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.plan.kinds import goal_text
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.names import named
from corridor_model.scenario.packing import PACKED, packed

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.joint.counting import Counts, Question
    from corridor_model.scenario.targets.single import Result

Array = NDArray[np.float64]


def labelled(
    plan: Plan,
    scenarios: list[Scenario],
    results: list[Result],
    question: Question,
    counted: tuple[Counts, Counts],
    money: xr.Dataset,
    levels: Array,
    asked: dict[str, Any],
) -> xr.Dataset:
    """Return a simulation as a Dataset, beside what its works spend and open."""
    import xarray as xr

    made = xr.Dataset(
        _by_indicator(plan, results, len(levels)),
        coords={
            "scenario": [one.name for one in scenarios],
            "indicator": list(plan.indicators),
            "year": np.arange(plan.about.first_year, plan.about.last_year + 1),
            "quantile": levels,
            "n_targets": np.arange(question.promises + 1),
            "name_zh": ("indicator", [i.name_zh for i in plan.indicators.values()]),
            "name_en": ("indicator", [i.name("en") for i in plan.indicators.values()]),
            "unit": ("indicator", [_unit(plan, name) for name in plan.indicators]),
        },
    )
    counts, hits = counted
    share = counts / question.draws
    made["n_reached"] = (("scenario", "n_targets"), share)
    made["n_reached_error"] = made["n_reached"].copy(data=_error(share, question.draws))
    made["n_reached_independent"] = (
        ("scenario", "n_targets"),
        np.array([result.independent for result in results]),
    )
    # exact: promises that move together spread the number, and leave its mean
    made["n_reached_mean"] = (made["n_reached_independent"] * made["n_targets"]).sum("n_targets")
    sampled = np.full(made["p_reach"].shape, np.nan)
    places = [list(plan.indicators).index(name) for name in question.names]
    sampled[:, places] = hits / question.draws
    made["p_reach_sampled"] = (("scenario", "indicator"), sampled)
    whole = xr.merge([made, _with_scenario(money, scenarios)], combine_attrs="drop_conflicts")
    request = {"draws": question.draws, "seed": question.seed, "quantiles": levels.tolist()}
    text = packed(plan, scenarios, request, asked)
    whole["rerun"] = ((), len(text))
    whole.attrs = {
        **money.attrs,
        "money_draws": money.attrs["draws"],
        **_attrs(plan, results, question),
        "as_of": asked["as_of"],
        "figures_until": asked["figures_until"],
        "known_by": asked["known_by"] or "",
    }
    named(whole)["rerun"].attrs[PACKED] = text
    return whole


def _unit(plan: Plan, name: str) -> str:
    indicator = plan.indicators[name]
    return f"{plan.about.base_year}=100" if indicator.kind == "growth" else indicator.unit


def _error(share: Array, draws: int) -> Array:
    return np.asarray(np.sqrt(share * (1 - share) / draws))


def _with_scenario(money: xr.Dataset, scenarios: list[Scenario]) -> xr.Dataset:
    if "scenario" in money.dims:
        return money
    zh = ("scenario", [scenarios[0].title("zh")])
    return money.expand_dims(scenario=[scenarios[0].name]).assign_coords(scenario_zh=zh)


def _by_indicator(
    plan: Plan, results: list[Result], quantiles: int
) -> dict[str, tuple[tuple[str, ...], Any]]:
    shape = (len(results), len(plan.indicators))
    years = plan.about.last_year - plan.about.first_year + 1
    value = np.full((*shape, years, quantiles), np.nan)
    gap = np.full((*shape, quantiles), np.nan)
    origin = np.full(shape, "", dtype="U12")
    breaks = np.zeros(shape, dtype=bool)
    goals = [[_goal(o.indicator) for o in result.outlooks.values()] for result in results]
    fields = results[0].odds._fields
    told = {name: np.array([getattr(one.odds, name) for one in results]) for name in fields}
    for i, result in enumerate(results):
        for j, (name, outlook) in enumerate(result.outlooks.items()):
            origin[i, j] = outlook.origin
            if outlook.reason:
                continue
            value[i, j] = result.value[name][:years]
            gap[i, j] = result.gap[name]
            breaks[i, j] = outlook.series_break
    by = ("scenario", "indicator")
    return {
        "p_reach": (by, told["p"]),
        "p_reach_reason": (by, told["reason"]),
        "p_basis": (by, told["basis"]),
        "p_reach_error": (by, told["error"]),
        "p_reach_alone": (by, told["alone"]),
        "p_reach_alone_reason": (by, told["alone_reason"]),
        "value": ((*by, "year", "quantile"), value),
        "value_reason": ((*by, "year"), _by_year(value, told["alone_reason"])),
        "gap": ((*by, "quantile"), gap),
        "gap_reason": (by, told["alone_reason"]),
        "goal": (by, np.array(goals, dtype=np.str_)),
        "value_origin": (by, origin),
        "series_break": (by, breaks),
    }


def _goal(indicator: Indicator) -> str:
    """Return the target that was asked for, as people read it: revised or set, if so."""
    return goal_text(indicator) if indicator.targets else ""


def _by_year(value: Array, reason: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return why a year's value is masked: the indicator's reason, or a year without figure."""
    masked = np.isnan(value[..., 0])
    why = np.where(reason == "", "not_reported", reason)
    return np.where(masked, why[..., None], "").astype("U20")


def _attrs(plan: Plan, results: list[Result], question: Question) -> dict[str, Any]:
    import scipy

    tied = question.together
    why: dict[str, set[str]] = {}
    for result in results:
        for name, outlook in result.outlooks.items():
            if outlook.reason:
                why.setdefault(outlook.reason, set()).add(name)
    rates = sorted({n for r in results for n, o in r.outlooks.items() if o.basis == "base_rate"})
    same = len(np.unique(tied.loadings, axis=0)) == 1
    rows = tied.loadings[:1] if same else tied.loadings
    loadings = "; ".join(" ".join(f"{value:g}" for value in row) for row in rows)
    return {
        "draws": question.draws,
        "n_reached_over": "; ".join(question.names) or "none",
        "n_promises": question.promises,
        "not_simulated": "; ".join(f"{len(names)} {code}" for code, names in why.items()) or "none",
        "base_rate": "; ".join(rates) or "none",
        "correlation": "matrix" if tied.root is not None else f"factors {', '.join(tied.factors)}",
        "correlation_loadings": "matrix" if tied.root is not None else (loadings or "none"),
        "correlation_moved": tied.moved,
        "correlation_origin": tied.origin,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
