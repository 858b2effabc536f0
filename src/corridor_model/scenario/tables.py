"""A result as long tables: one number a row, and the columns that pyam opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_PLAIN = (
    "p_reach",
    "p_reach_alone",
    "value",
    "gap",
    "n_reached",
    "n_reached_independent",
    "spending",
    "spending_quantile",
    "before_plan",
    "inside_plan",
    "beyond_horizon",
    "p_open_by",
    "p_done_by",
    "programme",
    "km_open",
)
_RENAMED = {
    "indicator": "item",
    "project": "item",
    "n_targets": "item",
    "spending_year": "year",
}
COLUMNS = ("scenario", "variable", "item", "year", "quantile", "value", "unit")


def long_table(result: xr.Dataset) -> pd.DataFrame:
    """Return a result with one number a row; masked numbers are left out.

    Returns
    -------
    pandas.DataFrame
        Columns scenario, variable, item (indicator, work, or number of targets), year,
        quantile, value, unit.
    """
    import pandas as pd

    parts = []
    for name in _PLAIN:
        if name not in result:
            continue
        numbers = result[name].reset_coords(drop=True).to_series().dropna()
        frame = numbers.rename("value").reset_index().rename(columns=_RENAMED)
        unit = str(result[name].attrs.get("units", ""))
        frame["unit"] = unit
        if unit == "see unit":
            units = result["unit"].to_series()
            frame["unit"] = frame["item"].map(units)
        frame["variable"] = name
        parts.append(frame.reindex(columns=list(COLUMNS)))
    whole: pd.DataFrame = pd.concat(
        [part.astype({"item": "str", "year": "Int64", "quantile": "Float64"}) for part in parts],
        ignore_index=True,
    )
    return whole


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
    rows = rows[rows["variable"].isin(["value", "spending", "programme"])]
    level = rows["quantile"].map(lambda q: "" if pd.isna(q) else f"|P{round(100 * q):02d}")
    item = rows["item"].where(rows["item"] != "nan", "")
    name = rows["variable"].str.capitalize() + item.map(lambda i: f"|{i}" if i else "") + level
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
