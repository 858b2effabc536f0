"""Columns of a table that a person reads: headers in words with their units, numbers rounded once.

A column of numbers stays one of numbers, as people see them (S18); what is masked is missing in
it, and a column of words says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.codes import ORIGIN_WORDS, reason_word
from corridor_model.formatting import finite, plain, readable, rounded
from corridor_model.labels import label_of
from corridor_model.messages import Translator

if TYPE_CHECKING:
    import pandas as pd


class Columns:
    """The columns of one table, in the order in which they are added.

    Parameters
    ----------
    t : Translator
        Of the reader.
    kind : str
        Kind of result, whose variables have names in ``variables.csv``.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> columns = Columns(translator("en"))
    >>> columns.percent("share", [0.285, None])
    >>> columns.text("name", ["a", "b"])
    >>> columns.frame(["x", "y"], "id").to_dict("index")
    {'x': {'share (%)': 28.5, 'name': 'a'}, 'y': {'share (%)': nan, 'name': 'b'}}
    """

    def __init__(self, t: Translator, kind: str = ""):
        self.t, self.kind = t, kind
        self._columns: dict[str, list[Any]] = {}

    def title(self, name: str) -> str:
        """Return what a variable of this kind of result is called."""
        entry = label_of(self.kind, name)
        if entry is None:
            return name
        return entry.zh if self.t.lang == "zh" else entry.en

    def _add(self, title: str, unit: str, values: Iterable[Any]) -> None:
        header = self.t("{name} ({more})", name=title, more=unit) if unit else title
        alike = sum(name == header or name.startswith(f"{header} #") for name in self._columns)
        # two scenarios may read the same in one language: none goes lost
        held: Any = values if hasattr(values, "dtype") else list(values)
        self._columns[f"{header} #{alike + 1}" if alike else header] = held

    def text(self, title: str, values: Iterable[Any]) -> None:
        """Add texts; None is nothing."""
        self._add(title, "", ("" if value is None else self.t.of(value) for value in values))

    def words(self, title: str, codes: Iterable[Any], words: Mapping[str, Any]) -> None:
        """Add the words of codes; a code without one stands as it is."""
        self.text(title, (words.get(str(code), str(code)) for code in codes))

    def reasons(self, title: str, codes: Iterable[Any]) -> None:
        """Add why something is masked."""
        self.text(title, (reason_word(str(code), self.t.lang) if code else "" for code in codes))

    def origins(self, title: str, codes: Iterable[Any]) -> None:
        """Add where numbers come from (S5)."""
        self.words(title, codes, {"": "", **ORIGIN_WORDS})

    def exact(self, title: str, values: Iterable[Any], unit: str = "") -> None:
        """Add numbers with all their digits, as they were promised or reported."""
        self._add(title, unit, (_exact(value) for value in values))

    def number(
        self, title: str, values: Iterable[Any], unit: str = "", digits: int | None = None
    ) -> None:
        """Add numbers, with as many decimals as people read where none are given."""
        self._add(title, unit, (_rounded(value, digits) for value in values))

    def percent(self, title: str, shares: Iterable[Any], digits: int = 1) -> None:
        """Add fractions as percent."""
        self._add(title, "%", (_rounded(share, digits, shift=2) for share in shares))

    def points(self, title: str, shares: Iterable[Any]) -> None:
        """Add differences of fractions as percentage points."""
        unit = self.t.context("unit", "points")
        self._add(title, unit, (_rounded(share, 1, shift=2) for share in shares))

    def whole(self, title: str, values: Iterable[Any], unit: str = "") -> None:
        """Add counts and years; 0 is a number."""
        import pandas as pd

        known = (finite(getattr(value, "item", lambda v=value: v)()) for value in values)
        numbers = [None if value is None else round(value) for value in known]
        self._add(title, unit, pd.array(numbers, dtype="Int64"))

    def frame(
        self, index: Iterable[Any] | None = None, title: str = "", *, keep: Iterable[str] = ()
    ) -> pd.DataFrame:
        """Return the table; a column in which nothing is known is left out, unless kept."""
        import pandas as pd

        kept = set(keep)
        columns = {
            header: values
            for header, values in self._columns.items()
            if header in kept or not len(values) or not all(map(_is_nothing, values))
        }
        if index is None:
            return pd.DataFrame(columns)
        return pd.DataFrame(columns, index=pd.Index(list(index), name=title or None))


def _is_nothing(value: Any) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or type(value).__name__ == "NAType" or value == ""


def _exact(value: Any) -> float:
    """Return a number without what binary adds to its decimals; NaN where there is none."""
    number = finite(value.item() if hasattr(value, "item") else value)
    return math.nan if number is None else float(f"{number:.12g}")


def _rounded(value: Any, digits: int | None, shift: int = 0) -> float:
    """Return a number as people read it; NaN where there is none."""
    number = finite(value.item() if hasattr(value, "item") else value)
    if number is None:
        return math.nan
    return float(readable(number) if digits is None else rounded(number, digits, shift))


def of_language(t: Translator, zh: Iterable[Any], en: Iterable[Any]) -> list[str]:
    """Return the names of the reader's language."""
    return [str(name) for name in (zh if t.lang == "zh" else en)]


def fields_frame(t: Translator, fields: Mapping[str, Any]) -> pd.DataFrame:
    """Return one thing as a table with a row a field.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> fields_frame(translator("en"), {"mean": 1.5, "kind": "normal"})["value"].tolist()
    ['1.5', 'normal']
    """
    import pandas as pd

    values = [
        plain(value) if isinstance(value, float) else t.of(value) for value in fields.values()
    ]
    title = t.context("table", "field")
    names = pd.Index([str(name) for name in fields], name=title)
    return pd.DataFrame({t.context("column", "value"): values}, index=names)
