"""Labels on a simulation: the Dataset, with what is needed to read it and to run it again."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array, Integers, Texts
from corridor_model.labels import label, label_of
from corridor_model.observations.model import Observations, Remark
from corridor_model.plan.display import goal_text
from corridor_model.plan.plan import Plan
from corridor_model.scenario.read_toml import scenarios_from_toml
from corridor_model.scenario.scenario import Scenario, scenarios_to_toml
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Table, from_rows

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.records import Indicator
    from corridor_model.scenario.joint_counts import Question
    from corridor_model.scenario.per_target import PerTarget


def labelled(
    plan: Plan,
    scenarios: list[Scenario],
    results: list[PerTarget],
    question: Question,
    counted: tuple[Integers, Integers],
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
    label(whole, "simulation")["rerun"].attrs[PACKED] = text
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
    plan: Plan, results: list[PerTarget], quantiles: int
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


def _by_year(value: Array, reason: Texts) -> Texts:
    """Return why a year's value is masked: the indicator's reason, or a year without figure."""
    masked = np.isnan(value[..., 0])
    why = np.where(reason == "", "not_reported", reason)
    return np.where(masked, why[..., None], "").astype("U20")


def _attrs(plan: Plan, results: list[PerTarget], question: Question) -> dict[str, Any]:
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


# A result as long tables: one number a row, and the columns that pyam opens.

_BY_WORK = ("project", "spending_year")
_MONEY, _ODDS = "spending_reason", "p_reach_reason"
_TOLD: dict[str, tuple[tuple[str, ...], str]] = {
    "p_reach": (("indicator",), _ODDS),
    "p_reach_alone": (("indicator",), "p_reach_alone_reason"),
    "value": (("indicator", "year", "quantile"), "value_reason"),
    "gap": (("indicator", "quantile"), "gap_reason"),
    "n_reached": (("n_targets",), ""),
    "n_reached_independent": (("n_targets",), ""),
    "n_reached_mean": ((), ""),
    "spending": (_BY_WORK, _MONEY),
    "spending_quantile": ((*_BY_WORK, "quantile"), _MONEY),
    "before_plan": (("project",), _MONEY),
    "inside_plan": (("project",), _MONEY),
    "beyond_horizon": (("project",), _MONEY),
    "p_open_by": (_BY_WORK, "p_open_by_reason"),
    "p_done_by": (_BY_WORK, ""),
    "programme": (("spending_year",), ""),
    "km_open": (("spending_year",), ""),
}
"""What a long table tells: by what, and which variable says why a number is masked."""

_RENAMED = {
    "indicator": "item",
    "project": "item",
    "n_targets": "item",
    "spending_year": "year",
}
COLUMNS = (
    *("scenario", "scenario_zh", "variable", "variable_zh", "item", "item_zh"),
    *("year", "quantile", "value", "unit", "reason"),
)


def long_table(result: xr.Dataset) -> pd.DataFrame:
    """Return a result with one number a row; a masked one is empty, with its reason.

    Parameters
    ----------
    result : Dataset
        Of :func:`corridor_model.simulate` or :func:`corridor_model.spending`, whole or with
        one scenario, indicator, work, year or quantile selected.

    Returns
    -------
    pandas.DataFrame
        Columns scenario, variable and item (indicator, work, or number of targets), each with
        its Chinese name beside it; year, quantile, value, unit, and the reason of a mask.
    """
    import pandas as pd

    names_zh = _names_zh(result)
    scenario, scenario_zh = _scenario_of(result)
    parts = []
    for name, (dims, why) in _TOLD.items():
        if name not in result:
            continue
        told = _unselected(result[name], dims)
        frame = told.to_series().rename("value").reset_index()
        frame["reason"] = ""
        if why in result:
            reasons = _unselected(result[why], dims).broadcast_like(told).transpose(*told.dims)
            masked = frame["value"].isna()
            frame.loc[masked, "reason"] = reasons.to_numpy().reshape(-1)[masked.to_numpy()]
        frame = frame.rename(columns=_RENAMED)
        unit = str(result[name].attrs.get("units", ""))
        frame["unit"] = unit
        if unit == "see unit":
            frame["unit"] = frame["item"].map(dict(_pairs(result, "indicator", "unit")))
        frame["variable"] = name
        title = label_of("simulation", name)
        frame["variable_zh"] = title.zh if title else ""
        if "scenario" not in frame:
            frame["scenario"] = scenario
        parts.append(frame.reindex(columns=list(COLUMNS)))
    types = {"scenario": "str", "item": "str", "year": "Int64", "quantile": "Float64"}
    whole: pd.DataFrame = pd.concat([part.astype(types) for part in parts], ignore_index=True)
    titles = {scenario: scenario_zh, **dict(_pairs(result, "scenario", "scenario_zh"))}
    whole["scenario_zh"] = whole["scenario"].map(titles)
    whole["item_zh"] = whole["item"].map(names_zh).astype("str")
    return whole


def _unselected(told: xr.DataArray, dims: tuple[str, ...]) -> xr.DataArray:
    """Return a variable with the dimension back of which one place was selected."""
    for axis in ("scenario", *dims):
        if axis in told.coords and axis not in told.dims:
            told = told.expand_dims(axis)
    return told.reset_coords(drop=True)


def _pairs(result: xr.Dataset, axis: str, name: str) -> list[tuple[str, str]]:
    """Return the places of an axis and what a coordinate says of them; a selected one, too."""
    if axis not in result.coords or name not in result.coords:
        return []
    keys, said = (result[one].values.reshape(-1).tolist() for one in (axis, name))
    return [(str(key), str(text)) for key, text in zip(keys, said, strict=True)]


def _names_zh(result: xr.Dataset) -> dict[str, str]:
    """Return the Chinese names of indicators and works."""
    return dict([*_pairs(result, "project", "project_zh"), *_pairs(result, "indicator", "name_zh")])


def _scenario_of(result: xr.Dataset) -> tuple[str, str]:
    """Return the names of the scenario of a result without that dimension."""
    from corridor_model.scenario.read_toml import scenarios_from_toml

    if "scenario" in result.coords or "scenario_text" not in result:
        return "", ""
    (only,) = scenarios_from_toml(str(result["scenario_text"].item()))
    return only.name, only.title("zh")


def to_iamc(result: xr.Dataset, region: str = "Longwan") -> pd.DataFrame:
    """Return yearly values and money in the column convention that pyam opens.

    Parameters
    ----------
    result : Dataset
        Of :func:`corridor_model.simulate`.
    region : str
        What stands in ``region``.

    Returns
    -------
    pandas.DataFrame
        Columns model, scenario, region, variable, unit, year, value; quantiles stand in the
        name of the variable, such as ``Value|gdp|P50``.

    References
    ----------
    The IAMC data format, https://pyam-iamc.readthedocs.io
    """
    import pandas as pd

    rows = long_table(result)
    rows = rows[rows["variable"].isin(["value", "spending", "programme"]) & rows["value"].notna()]
    level = rows["quantile"].map(lambda q: "" if pd.isna(q) else f"|P{round(100 * q):02d}")
    item = rows["item"].map(lambda one: "" if pd.isna(one) else f"|{one}")
    name = rows["variable"].str.capitalize() + item + level
    model = f"corridor_model {result.attrs['version']}"
    return pd.DataFrame(
        {
            "model": model,
            "scenario": rows["scenario"],
            "region": region,
            "variable": name,
            "unit": rows["unit"],
            "year": rows["year"].astype("int64"),
            "value": rows["value"],
        }
    ).reset_index(drop=True)


# What a saved result needs to be run again: plan, observations, scenarios, settings.

PACKED = "packed"
"""The attribute of ``rerun`` that holds the text.

A dimension of its own would repeat every number of a flat table, and a text without dimension
does not pass through ``where``.
"""


def packed(
    plan: Plan, scenarios: list[Scenario], request: dict[str, Any], asked: dict[str, Any]
) -> str:
    """Return everything a run was given, packed into one text."""
    correlation, observations = asked["correlation"], asked["observations"]
    if correlation is not None and hasattr(correlation, "loc"):
        correlation = {
            "names": [str(name) for name in correlation.index],
            "columns": [str(name) for name in correlation.columns],
            "values": np.asarray(correlation, dtype=np.float64).tolist(),
        }
    told = {
        "plan": {name: list(table.rows()) for name, table in plan.tables.items()},
        "example": plan.example,
        "observations": None if observations is None else list(observations.table.rows()),
        "remarks": [] if observations is None else [asdict(r) for r in observations.remarks],
        "as_of": asked["as_of"],
        "known_by": asked["known_by"],
        "scenarios": scenarios_to_toml(scenarios),
        "correlation": correlation,
        **request,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(held: str) -> tuple[Plan, tuple[Scenario, ...], dict[str, Any]]:
    """Return the plan, the scenarios and all other arguments of a run."""
    told = json.loads(zlib.decompress(base64.b64decode(held)))
    rows, remarks = told["observations"], tuple(Remark(**row) for row in told["remarks"])
    correlation = told["correlation"]
    if isinstance(correlation, dict):
        import pandas as pd

        correlation = pd.DataFrame(
            correlation["values"], index=correlation["names"], columns=correlation["columns"]
        )
    tables = {name: _table(name, rows) for name, rows in told["plan"].items()}
    others = {
        "observations": None
        if rows is None
        else Observations(_table("observations", rows), remarks),
        "correlation": correlation,
        **{name: told[name] for name in ("draws", "seed", "quantiles", "as_of", "known_by")},
    }
    return Plan(tables, told["example"]), scenarios_from_toml(told["scenarios"]), others


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    lists = {column.name for column in TABLES[name].columns if column.type == "list"}
    typed = [{k: tuple(v) if k in lists else v for k, v in row.items()} for row in rows]
    return from_rows(name, typed)
