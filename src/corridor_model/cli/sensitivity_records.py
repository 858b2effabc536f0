"""Rows of ``corridor sensitivity`` for programs; a mask is null with its reason beside it (S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_model.sensitivity.words import method_of

if TYPE_CHECKING:
    import xarray as xr

Row = dict[str, Any]


def records(made: xr.Dataset) -> list[Row]:
    """Return a study as rows keyed ``input`` and ``output``; rates and shares as fractions."""
    return {
        "tornado": _by_input,
        "switching": _by_input,
        "sobol": _sobol,
        "attribute": _attribute,
        "grid": _grid,
    }[method_of(made)](made)


def _by_input(made: xr.Dataset) -> list[Row]:
    """Return one row an input: ranges and what they do, or tipping points."""
    rows = []
    for i, name in enumerate(made["input"].values):
        at = made.isel(input=i)
        row: Row = {
            "input": str(name),
            "output": made.attrs["output"],
            "name_zh": str(at["name_zh"].values),
            "unit": str(at["unit"].values),
            "output_unit": made.attrs["unit"],
            "output_base": made.attrs["base"],
        }
        row |= {str(variable): at[variable].values.item() for variable in made.data_vars}
        for word in ("threshold", "threshold_of", "sense"):
            if word in made.attrs:
                row[word] = made.attrs[word]
        if "met" in made.attrs:
            row["met"] = bool(made.attrs["met"])
        rows.append(row)
    return rows


def _sobol(made: xr.Dataset) -> list[Row]:
    """Return one row an output and input."""
    rows = []
    for name in made["output"].values:
        at = made.sel(output=name)
        needed = int(at["n_converge"])
        whole: Row = {
            "mean": float(at["mean"]),
            "variance": float(at["variance"]),
            "output_unit": str(at["unit"].values),
            "zero_variance": bool(at["zero_variance"]),
            "converged": bool(at["converged"]),
            "n": made.attrs["n"],
            "n_converge": None if needed < 0 else needed,
            "n_converge_reason": "no_bounds" if needed < 0 else "",
        }
        for i, given in enumerate(made["input"].values):
            row: Row = {"input": str(given), "output": str(name)}
            for index in ("S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high"):
                row[index] = float(at[index].values[i])
            row["bounds_reason"] = "" if made.attrs["resamples"] else "no_bounds"
            rows.append({**row, "origin": str(made["input_origin"].values[i]), **whole})
    return rows


def _attribute(made: xr.Dataset) -> list[Row]:
    """Return one row an output and change; ``input`` is the place of the change."""
    rows = []
    for name in made["output"].values:
        at = made.sel(output=name)
        for i, place in enumerate(made["change"].values):
            row: Row = {
                "input": int(place),
                "output": str(name),
                "change_zh": str(at["change_zh"].values[i]),
                "change_en": str(at["change_en"].values[i]),
            }
            for variable in ("share", "share_low", "share_high", "ordered"):
                row[variable] = float(at[variable].values[i])
            row |= {word: float(at[word]) for word in ("before", "after")}
            row |= {"output_unit": str(at["unit"].values), "exact": bool(made.attrs["exact"])}
            rows.append({**row, "scenario": made.attrs["scenario"]})
    return rows


def _grid(made: xr.Dataset) -> list[Row]:
    """Return one row a point, with the frontier of its x."""
    rows = []
    one, other = (str(made[axis].attrs["input"]) for axis in "xy")
    for i, x in enumerate(made["x"].values):
        for j, y in enumerate(made["y"].values):
            rows.append(
                {
                    "input": one,
                    "input_2": other,
                    "output": made.attrs["output"],
                    "x": float(x),
                    "y": float(y),
                    "value": float(made["output"].values[j, i]),
                    "met": bool(made["met"].values[j, i]),
                    "frontier": float(made["frontier"].values[i]),
                    "frontier_reason": str(made["frontier_reason"].values[i]),
                    "output_unit": str(made["output"].attrs["units"]),
                    "threshold": made.attrs["threshold"],
                    "threshold_of": made.attrs["threshold_of"],
                    "sense": made.attrs["sense"],
                }
            )
    return rows
