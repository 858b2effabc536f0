"""A result as long tables: one number a row, and the columns that pyam opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

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
        frame["variable_zh"] = str(result[name].attrs.get("long_name", "")).rpartition(" / ")[2]
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
    from corridor_model.scenario.language.toml import scenarios_from_toml

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
