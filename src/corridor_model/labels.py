"""What the variables of a result are called, and in what unit: read from ``variables.csv``.

A name means one thing in one kind of result (``gap`` of an assessment is a distance to a
target, ``gap`` of a choice what is proven of it), so that the table is read by both.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.files import data_dir

if TYPE_CHECKING:
    import xarray as xr

SCHEMA_VERSION = 1
"""Of results: counted up when a variable, a field of JSON or a code changes its meaning."""

REASON = "_reason"
"""End of the variable beside a masked one; of any of them the row ``*_reason`` speaks."""


class Label(NamedTuple):
    """Of one variable.

    Attributes
    ----------
    units : str
        ``{unit}`` is that of what the result is about; empty for text.
    en, zh : str
        What it holds.
    """

    units: str
    en: str
    zh: str

    @property
    def long_name(self) -> str:
        """Both names, as they stand in a file that people of either language open."""
        return both(self.en, self.zh)


def both(en: str, zh: str) -> str:
    """Return an English and a Chinese name as one text."""
    return f"{en} / {zh}"


def label(result: xr.Dataset, kind: str, unit: str = "") -> xr.Dataset:
    """Set long name and units of every variable and coordinate that the table knows.

    The version of the names themselves stands in the attribute ``schema_version``.

    Parameters
    ----------
    result : Dataset
        Changed in place, and returned.
    kind : str
        Kind of result, such as ``simulation`` or ``tornado``.
    unit : str
        Of what the result is about, where that depends on the question.

    Examples
    --------
    >>> import xarray as xr
    >>> label(xr.Dataset({"swing": 2.0}), "tornado", unit="km")["swing"].attrs
    {'long_name': 'from the least to the most / 变动幅度', 'units': 'km'}
    """
    for name, variable in result.variables.items():
        entry = label_of(kind, str(name))
        if entry is not None:
            variable.attrs["long_name"] = entry.long_name
            if entry.units:
                variable.attrs["units"] = entry.units.format(unit=unit)
    result.attrs["schema_version"] = SCHEMA_VERSION
    return result


def label_of(kind: str, name: str) -> Label | None:
    """Return the label of a variable; None where the table does not know it.

    Examples
    --------
    >>> label_of("simulation", "p_reach_reason").en
    'why p_reach is masked'
    """
    labels = _labels()
    entry = labels.get((kind, name))
    if entry is None and name.endswith(REASON):
        entry = labels.get((kind, f"*{REASON}"))
        if entry is not None:
            masked = name.removesuffix(REASON)
            return Label(entry.units, entry.en.format(name=masked), entry.zh.format(name=masked))
    return entry


@cache
def _labels() -> dict[tuple[str, str], Label]:
    """Return every row by kind of result and name."""
    import csv

    with (data_dir() / "variables.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            (row["result"], row["name"]): Label(row["units"], row["en"], row["zh"]) for row in rows
        }
