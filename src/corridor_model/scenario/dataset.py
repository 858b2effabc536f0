"""Labels on a simulation: the Dataset, with what is needed to read it and to run it again."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array, Integers, Texts
from corridor_model.arguments import holding
from corridor_model.draws import checked_draws
from corridor_model.errors import CorridorError, PlanError
from corridor_model.forecasting.base_rates import all_target_records, nearest_records
from corridor_model.formatting import share_label
from corridor_model.labels import label, label_of
from corridor_model.messages import N_, Listing
from corridor_model.observations.model import Observations, Remark
from corridor_model.plan.display import goal_text
from corridor_model.plan.plan import Plan
from corridor_model.plan.validation import check
from corridor_model.scenario.read_toml import scenarios_from_toml
from corridor_model.scenario.scenario import Scenario, scenarios_to_toml
from corridor_model.tabular.parse import rows_of_file

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.scenario.joint_counts import JointQuestion
    from corridor_model.scenario.per_target import PerTarget


def to_dataset(
    plan: Plan,
    scenarios: list[Scenario],
    results: list[PerTarget],
    question: JointQuestion,
    counted: tuple[Integers, Integers],
    money: xr.Dataset,
    levels: Array,
    settings: dict[str, Any],
) -> xr.Dataset:
    """Return a simulation as a Dataset, beside what its works spend and open."""
    from corridor_model.results import Result

    ds = Result(
        _by_indicator(plan, results, len(levels)),
        coords={
            "scenario": [one.name for one in scenarios],
            "indicator": list(plan.targets),
            "year": np.arange(plan.about.first_year, plan.about.last_year + 1),
            "quantile": levels,
            "n_targets": np.arange(question.promises + 1),
            "of": ("indicator", [promise.of for promise in plan.targets.values()]),
            "name_zh": ("indicator", [i.name_zh for i in plan.targets.values()]),
            "name_en": ("indicator", [i.name("en") for i in plan.targets.values()]),
            "unit": ("indicator", [_unit(plan, name) for name in plan.targets]),
        },
    )
    counts, hits = counted
    share = counts / question.draws
    error = np.sqrt(share * (1 - share) / question.draws)
    ds["n_reached"] = (("scenario", "n_targets"), share)
    ds["n_reached_error"] = ds["n_reached"].copy(data=error)
    ds["n_reached_independent"] = (
        ("scenario", "n_targets"),
        np.array([result.independent for result in results]),
    )
    # exact: promises that move together spread the number, and leave its mean
    ds["n_reached_mean"] = (ds["n_reached_independent"] * ds["n_targets"]).sum("n_targets")
    by_draws = np.full(ds["p_reach"].shape, np.nan)
    places = [list(plan.targets).index(name) for name in question.names]
    by_draws[:, places] = hits / question.draws
    ds["p_reach_sampled"] = (("scenario", "indicator"), by_draws)
    whole = ds.merge(money, combine_attrs="drop_conflicts")
    request = {"draws": question.draws, "seed": question.seed, "quantiles": levels.tolist()}
    text = pack(plan, scenarios, request, settings)
    whole["rerun"] = ((), len(text))
    whole.attrs = {
        **money.attrs,
        "money_draws": money.attrs["draws"],
        **_attrs(plan, results, question),
        "as_of": settings["as_of"],
        "figures_until": settings["figures_until"],
        "known_by": settings["known_by"] or "",
        "target_records": json.dumps([asdict(record) for record in all_target_records()]),
    }
    label(whole, "simulation")["rerun"].attrs[ARCHIVE] = text
    for name in ("n_reached", "n_reached_independent", "n_reached_mean"):
        whole[name].attrs |= {key: whole.attrs[key] for key in _COUNTED}
    return whole


_COUNTED = ("n_reached_over", "n_reached_stretch", "not_simulated")
"""What is counted, what is not because it is only striven for, and what cannot be (S4b)."""


def _unit(plan: Plan, name: str) -> str:
    indicator = plan.targets[name]
    return f"{plan.about.base_year}=100" if indicator.kind == "growth" else indicator.unit


def _by_indicator(
    plan: Plan, results: list[PerTarget], quantiles: int
) -> dict[str, tuple[tuple[str, ...], Any]]:
    shape = (len(results), len(plan.targets))
    years = plan.about.last_year - plan.about.first_year + 1
    value = np.full((*shape, years, quantiles), np.nan)
    gap = np.full((*shape, quantiles), np.nan)
    no_figure = np.zeros(shape, dtype=bool)
    origin = np.full(shape, "", dtype="U12")
    breaks = np.zeros(shape, dtype=bool)
    # the targets that are asked for, revised or set, if so
    goals = [
        [goal_text(o.indicator) if o.indicator.targets else "" for o in result.outlooks.values()]
        for result in results
    ]
    fields = results[0].odds._fields
    odds = {name: np.array([getattr(one.odds, name) for one in results]) for name in fields}
    for i, result in enumerate(results):
        for j, (name, outlook) in enumerate(result.outlooks.items()):
            origin[i, j] = outlook.origin
            if outlook.reason:
                continue
            value[i, j] = outlook.printed(result.value[name][:years])
            # what a published bound settled has no value of its date, and no distance to it
            no_figure[i, j] = np.isnan(result.value[name][outlook.place(outlook.goal.year)]).any()
            if not no_figure[i, j]:
                gap[i, j] = result.gap[name] * outlook.scale
            breaks[i, j] = outlook.series_break
    by = ("scenario", "indicator")
    record, statements = nearest_records(odds["p"])
    no_end = np.where(odds["reason"] == "", "not_applicable", odds["reason"])
    unrecorded = np.where(np.isnan(record), no_end, "")
    return {
        "p_reach": (by, odds["p"]),
        "p_record": (by, record),
        "p_record_reason": (by, unrecorded),
        "p_record_n": (by, statements),
        "p_reach_reason": (by, odds["reason"]),
        "p_basis": (by, odds["basis"]),
        "p_reach_error": (by, odds["error"]),
        "p_reach_alone": (by, odds["alone"]),
        "p_reach_alone_reason": (by, odds["alone_reason"]),
        "value": ((*by, "year", "quantile"), value),
        "value_reason": ((*by, "year"), _by_year(value, odds["alone_reason"])),
        "gap": ((*by, "quantile"), gap),
        "gap_reason": (by, np.where(no_figure, "not_reported", odds["alone_reason"])),
        "goal": (by, np.array(goals, dtype=np.str_)),
        "value_origin": (by, origin),
        "series_break": (by, breaks),
    }


def _by_year(value: Array, reason: Texts) -> Texts:
    """Return why a year's value is masked: the indicator's reason, or a year without figure."""
    masked = np.isnan(value[..., 0])
    why = np.where(reason == "", "not_reported", reason)
    return np.where(masked, why[..., None], "").astype("U20")


def _attrs(plan: Plan, results: list[PerTarget], question: JointQuestion) -> dict[str, Any]:
    import scipy

    model = question.correlation
    is_matrix = model.root is not None
    why: dict[str, set[str]] = {}
    for result in results:
        for name, outlook in result.outlooks.items():
            if outlook.reason:
                why.setdefault(outlook.reason, set()).add(name)
    stretch = [name for name, promise in plan.targets.items() if promise.tier == "stretch"]
    rates = sorted({n for r in results for n, o in r.outlooks.items() if o.basis == "base_rate"})
    same = len(np.unique(model.loadings, axis=0)) == 1
    rows = model.loadings[:1] if same else model.loadings
    loadings = "; ".join(" ".join(f"{value:g}" for value in row) for row in rows)
    return {
        "draws": question.draws,
        "n_reached_over": "; ".join(question.names) or "none",
        "n_reached_stretch": "; ".join(stretch) or "none",
        "n_promises": question.promises,
        "not_simulated": "; ".join(f"{len(names)} {code}" for code, names in why.items()) or "none",
        "base_rate": "; ".join(rates) or "none",
        "correlation": "matrix" if is_matrix else f"factors {', '.join(model.factors)}",
        "correlation_loadings": "matrix" if is_matrix else (loadings or "none"),
        "correlation_moved": model.adjustment,
        "correlation_origin": model.origin,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


# A result as long tables: one number a row, and the columns that pyam opens.

_BY_WORK = ("project", "spending_year")
_MONEY, _ODDS = "spending_reason", "p_reach_reason"
_LONG_VARIABLES: dict[str, tuple[tuple[str, ...], str]] = {
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

    Examples
    --------
    >>> import corridor_model as cm
    >>> table = long_table(cm.simulate(cm.load_plan(), draws=64))
    >>> len(table) > 100
    True
    """
    holding("result", result, "Dataset", "data_vars", "coords")
    import pandas as pd

    names_zh = dict(
        [*_pairs(result, "project", "project_zh"), *_pairs(result, "indicator", "name_zh")]
    )
    scenario, scenario_zh = _scenario_of(result)
    parts = []
    for name, (dims, why) in _LONG_VARIABLES.items():
        if name not in result:
            continue
        values = _unselected(result[name], dims)
        frame = values.to_series().rename("value").reset_index()
        frame["reason"] = ""
        if why in result:
            reasons = _unselected(result[why], dims).broadcast_like(values).transpose(*values.dims)
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
    if not parts:
        raise CorridorError(
            N_("result: none of {names} is in it; a result of simulate or spending is needed."),
            names=Listing(_LONG_VARIABLES),
        )
    types = {"scenario": "object", "item": "object", "year": "Int64", "quantile": "Float64"}
    whole: pd.DataFrame = pd.concat([part.astype(types) for part in parts], ignore_index=True)
    for name in ("scenario", "item"):
        whole[name] = _texts(whole[name])
    titles = {scenario: scenario_zh, **dict(_pairs(result, "scenario", "scenario_zh"))}
    whole["scenario_zh"] = whole["scenario"].map(titles)
    whole["item_zh"] = _texts(whole["item"].map(names_zh))
    return whole


def _texts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as texts; pandas 2 would make a text 'nan' of what is missing."""
    return column.astype("str").where(column.notna())


def _unselected(values: xr.DataArray, dims: tuple[str, ...]) -> xr.DataArray:
    """Return a variable with the dimension back of which one place was selected."""
    for axis in ("scenario", *dims):
        if axis in values.coords and axis not in values.dims:
            values = values.expand_dims(axis)
    return values.reset_coords(drop=True)


def _pairs(result: xr.Dataset, axis: str, name: str) -> list[tuple[str, str]]:
    """Return the places of an axis and what a coordinate says of them; a selected one, too."""
    if axis not in result.coords or name not in result.coords:
        return []
    keys, texts = (result[one].values.reshape(-1).tolist() for one in (axis, name))
    return [(str(key), str(text)) for key, text in zip(keys, texts, strict=True)]


def _scenario_of(result: xr.Dataset) -> tuple[str, str]:
    """Return the names of the scenario of a result without that dimension."""
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
        name of the variable, such as ``Value|gdp|P50`` and ``Value|gdp|P2.5``.

    References
    ----------
    The IAMC data format, https://pyam-iamc.readthedocs.io

    Examples
    --------
    >>> import corridor_model as cm
    >>> to_iamc(cm.simulate(cm.load_plan(), draws=64)).columns.to_list()[:3]
    ['model', 'scenario', 'region']
    """
    import pandas as pd

    rows = long_table(result)
    rows = rows[rows["variable"].isin(["value", "spending", "programme"]) & rows["value"].notna()]
    level = rows["quantile"].map(lambda q: "" if pd.isna(q) else f"|P{share_label(q)}")
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

ARCHIVE = "packed"
"""The attribute of ``rerun`` that holds the text.

A dimension of its own would repeat every number of a flat table, and a text without dimension
does not pass through ``where``.
"""


def pack(
    plan: Plan, scenarios: list[Scenario], request: dict[str, Any], settings: dict[str, Any]
) -> str:
    """Return everything a run was given, packed into one text."""
    correlation, observations = settings["correlation"], settings["observations"]
    if correlation is not None and hasattr(correlation, "loc"):
        correlation = {
            "names": [str(name) for name in correlation.index],
            "columns": [str(name) for name in correlation.columns],
            "values": np.asarray(correlation, dtype=np.float64).tolist(),
        }
    content = {
        "plan": {name: list(table.rows()) for name, table in plan.tables.items()},
        "example": plan.example,
        "observations": None if observations is None else list(observations.table.rows()),
        "remarks": [] if observations is None else [asdict(r) for r in observations.remarks],
        "as_of": settings["as_of"],
        "known_by": settings["known_by"],
        "scenarios": scenarios_to_toml(scenarios),
        "correlation": correlation,
        **request,
    }
    if own := settings["forecasts"]:
        content["forecasts"] = {one.name: _packed(one.paths().T) for one in own.values()}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def _packed(samples: Array) -> dict[str, Any]:
    """Return samples, shape (draws, years), to the bit."""
    data = np.ascontiguousarray(samples, dtype="<f8").tobytes()
    return {"shape": list(samples.shape), "data": base64.b64encode(data).decode("ascii")}


def _unpacked(packed: dict[str, Any]) -> Array:
    data = np.frombuffer(base64.b64decode(packed["data"]), dtype="<f8")
    return np.array(data.reshape(packed["shape"]), dtype=np.float64)


MOST, MOST_DRAWS = 2**28, 2**26
"""Bytes of what a run was asked with, once unpacked; draws that a file may ask for."""


def unpack(text: str) -> tuple[Plan, tuple[Scenario, ...], dict[str, Any]]:
    """Return the plan, the scenarios and all other arguments of a run.

    Raises
    ------
    CorridorError
        If the text is damaged; its tables are checked as those of a file are.
    """
    try:
        return _unpack(text)
    except CorridorError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
            zlib.error) as error:  # fmt: skip
        raise CorridorError(
            N_("What the run was asked with is damaged: {why}."), why=str(error)[:80]
        ) from error


def _unpack(text: str) -> tuple[Plan, tuple[Scenario, ...], dict[str, Any]]:
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(base64.b64decode(text), MOST)
    if unpacking.unconsumed_tail:
        raise ValueError(f"more than {MOST // 2**20} MiB")
    content = json.loads(whole)
    if checked_draws(content["draws"]) > MOST_DRAWS:
        raise CorridorError(
            N_("draws: a file may ask for {most} at most, not {draws}."),
            most=MOST_DRAWS,
            draws=content["draws"],
        )
    rows, remarks = content["observations"], tuple(Remark(**row) for row in content["remarks"])
    correlation = content["correlation"]
    if isinstance(correlation, dict):
        import pandas as pd

        correlation = pd.DataFrame(
            correlation["values"], index=correlation["names"], columns=correlation["columns"]
        )
    tables = {name: rows_of_file(name, rows, ARCHIVE) for name, rows in content["plan"].items()}
    if problems := check(tables):
        raise PlanError(problems)
    others = {
        "observations": None
        if rows is None
        else Observations(rows_of_file("observations", rows, ARCHIVE), remarks),
        "correlation": correlation,
        "forecasts": {
            name: _unpacked(samples) for name, samples in content.get("forecasts", {}).items()
        }
        or None,
        **{name: content[name] for name in ("draws", "seed", "quantiles", "as_of", "known_by")},
    }
    return Plan(tables, content["example"]), scenarios_from_toml(content["scenarios"]), others
