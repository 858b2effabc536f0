"""A result: a Dataset of xarray that notebooks show in words, and that never explodes.

A result holds what belongs to indicators, works, years and scenarios side by side. As one frame
it would be their product, every number repeated thousands of times.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from html import escape
from math import prod
from typing import TYPE_CHECKING, Any

import xarray as xr

from corridor_model.display import shown
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing, message, translator
from corridor_model.options import language

if TYPE_CHECKING:
    import pandas as pd

REPEATS = 10
"""How often a frame may repeat the longest of its variables."""


class ExplodingFrameError(CorridorError):
    """A frame of all variables would be the product of dimensions that have nothing in common."""


class Result(xr.Dataset):  # type: ignore[no-untyped-call]
    """What a verb returns: a Dataset with everything that a Dataset has.

    Only `to_dataframe` asks first whether the variables have their dimensions in common, and a
    notebook shows words and a table in the language set, all variables below it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> result = cm.simulate(cm.load_plan(), draws=64)
    >>> result[["p_reach", "p_basis"]].to_dataframe().index.names
    FrozenList(['scenario', 'indicator'])
    >>> result.to_dataframe()
    Traceback (most recent call last):
    corridor_model.results.ExplodingFrameError: One frame of this result would have ...
    """

    __slots__ = ()

    def to_dataframe(self, dim_order: Sequence[Hashable] | None = None) -> pd.DataFrame:
        """Return the variables as one frame, indexed by all dimensions.

        Parameters
        ----------
        dim_order : sequence of str, optional
            Order of the dimensions; see :meth:`xarray.Dataset.to_dataframe`.

        Raises
        ------
        ExplodingFrameError
            If the dimensions are those of different things, so that the frame would repeat every
            number more than `REPEATS` times.
        """
        rows = prod(self.sizes.values())
        longest = max((variable.size for variable in self.variables.values()), default=0)
        if self.sizes and rows > REPEATS * longest:
            raise ExplodingFrameError(
                N_(
                    "One frame of this result would have {rows} rows: its variables belong to "
                    "{dims}, which have nothing in common. {way} Take what belongs together, "
                    "{parts}."
                ),
                rows=f"{rows:,}",
                dims=Listing(map(str, self.sizes)),
                way=_way(self),
                parts=Listing(_parts(self), "；", "; "),
            )
        return super().to_dataframe(dim_order)

    def __repr__(self) -> str:
        whole = super().__repr__()
        if whole.count("\n") < MOST_LINES:
            return whole
        sizes = ", ".join(f"{name}: {size}" for name, size in self.sizes.items())
        lines = [
            f"  ({', '.join(map(str, dims))}) {_cut(names)}"
            for dims, names in _groups(self).items()
        ]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES:] = [f"  … {len(lines) - MOST_LINES} more"]
        return "\n".join([f"<Result ({sizes})>", *lines, f"  {len(self.attrs)} attributes"])

    def _repr_html_(self) -> str:
        whole = str(super()._repr_html_())
        words = shown(self)
        if not words:
            return whole
        t = translator(language())
        title = t("All variables, as xarray shows them")
        return f"{words}<details><summary>{escape(title)}</summary>{whole}</details>"


def _way(result: Result) -> Any:
    """Return which calls give what a person reads, and all of it in long form."""
    if "programme" in result.data_vars:
        return message("cm.table(result) is what a person reads, cm.long_table(result) holds all.")
    return message("cm.table(result) is what a person reads.")


PARTS = 4
"""Groups of variables that a message names."""


def _parts(result: Result) -> list[str]:
    """Return calls that take the variables of the same dimensions, those of most first."""
    largest = sorted(
        (names for dims, names in _groups(result).items() if dims), key=len, reverse=True
    )
    return [f"result[{names[:2]!r}].to_dataframe()" for names in largest[:PARTS]]


def _groups(result: Result) -> dict[tuple[Hashable, ...], list[str]]:
    """Return the names of the variables by their dimensions, without the reasons of masks."""
    groups: dict[tuple[Hashable, ...], list[str]] = {}
    for name, variable in result.data_vars.items():
        if not str(name).endswith("_reason"):
            groups.setdefault(variable.dims, []).append(str(name))
    return groups


MOST_LINES, WIDEST = 20, 90
"""Lines of a representation, and characters of each."""


def _cut(names: Sequence[str]) -> str:
    """Return as many names as a line holds, and how many more there are."""
    kept: list[str] = []
    for name in names:
        if len(", ".join([*kept, name])) > WIDEST and kept:
            break
        kept.append(name)
    more = len(names) - len(kept)
    return ", ".join(kept) + (f", … {more} more" if more else "")
