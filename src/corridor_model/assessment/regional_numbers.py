"""One number of many regions at once: the rules read it as if it were one region's.

Regions that promise alike and report alike go through the rules together. Sums and quotients are
worked out for all of them; where a comparison tells them apart, those that say yes and those that
say no begin anew, each by themselves. So a rule stands once, in the words of one promise, and a
panel of regions costs as much as the ways through the rules that its numbers take.

What only one region can answer (a growth relation that fails for some, an own way to round)
raises `OneByOne`: those regions are then read one by one, with plain numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from corridor_model._typing import Array, Index, Mask
from corridor_model.errors import CorridorError

_Result = TypeVar("_Result")

FEW = 4
"""Regions below this many are read one by one: arrays would cost more than they save."""


class Fork(Exception):  # noqa: N818
    """A comparison that regions answer differently.

    Attributes
    ----------
    yes : ndarray of bool
        The answer of every region.
    """

    def __init__(self, yes: Mask):
        super().__init__()
        self.yes = yes


class OneByOne(Exception):  # noqa: N818
    """Something that has no answer for several regions at once."""


class Regions:
    """Regions on their way through the rules.

    Attributes
    ----------
    count : int
        How many there are.
    rows : ndarray of int or None
        Which of them have come here; None between two walks.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.rows: Index | None = None

    def number(self, values: Array) -> float:
        """Return one number of each region, to be read like a single one."""
        return cast("float", RegionalNumber(np.asarray(values), self))

    def answer(self, yes: Mask) -> bool:
        """Return the answer of all that have come here.

        Raises
        ------
        Fork
            If they do not answer alike.
        """
        mine = yes[self._here()]
        count = np.count_nonzero(mine)
        if 0 < count < len(mine):
            raise Fork(yes)
        return bool(count)

    def of_each(self, function: Callable[..., Any], *inputs: Any) -> Any:
        """Return a Python function of every region that has come here, as plain numbers have it."""
        rows = self._here()
        columns = [
            x.values[rows].tolist() if isinstance(x, RegionalNumber) else [x] * len(rows)
            for x in inputs
        ]
        out = np.zeros(self.count)
        try:
            out[rows] = list(map(function, *columns))
        except (ArithmeticError, TypeError, ValueError) as error:
            raise OneByOne from error
        return self.number(out)

    def _here(self) -> Index:
        if self.rows is None:
            raise OneByOne
        return self.rows

    def walk(
        self, rows: Index, read: Callable[[], _Result]
    ) -> Iterator[tuple[Index, _Result | None]]:
        """Yield what is read of regions, for those together that go one way.

        Parameters
        ----------
        rows : ndarray of int
            Where they stand in their numbers.
        read : callable
            Reads numbers of these regions; it may be called several times.

        Yields
        ------
        rows : ndarray of int
            Some of them.
        result
            None of those that are to be read one by one.
        """
        waiting = [rows]
        while waiting:
            some, result = waiting.pop(), None
            self.rows = some
            try:
                if len(some) >= FEW:
                    with np.errstate(all="ignore"):
                        result = read()
            except Fork as fork:
                yes = fork.yes[some]
                waiting += [some[~yes], some[yes]]
                continue
            except OneByOne:
                pass
            finally:
                self.rows = None
            yield some, result


class RegionalNumber:
    """A number of each region: counts like one, and is compared for all that have come here."""

    __slots__ = ("regions", "values")

    def __init__(self, values: Array, regions: Regions):
        self.values, self.regions = values, regions

    def __repr__(self) -> str:
        return f"RegionalNumber({len(self.values)} regions)"

    def _new(self, values: Array) -> Any:
        return RegionalNumber(values, self.regions)

    def __add__(self, other: Any) -> Any:
        return self._new(self.values + plain(other))

    def __sub__(self, other: Any) -> Any:
        return self._new(self.values - plain(other))

    def __rsub__(self, other: Any) -> Any:
        return self._new(plain(other) - self.values)

    def __mul__(self, other: Any) -> Any:
        return self._new(self.values * plain(other))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._over(self.values, plain(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._over(plain(other), self.values)

    def _over(self, above: Any, below: Any) -> Any:
        if self.regions.answer(np.broadcast_to(np.asarray(below == 0), self.values.shape)):
            raise ZeroDivisionError
        return self._new(above / below)

    def __pow__(self, other: Any) -> Any:
        # by Python: NumPy's own power may end in another last digit
        return self.regions.of_each(pow, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.regions.of_each(pow, other, self)

    def __round__(self, digits: int | None = None) -> Any:
        return self.regions.of_each(round, self, digits)

    def __neg__(self) -> Any:
        return self._new(-self.values)

    def __abs__(self) -> Any:
        return self._new(np.abs(self.values))

    def __lt__(self, other: Any) -> bool:
        return self._compared(operator.lt, other)

    def __le__(self, other: Any) -> bool:
        return self._compared(operator.le, other)

    def __gt__(self, other: Any) -> bool:
        return self._compared(operator.gt, other)

    def __ge__(self, other: Any) -> bool:
        return self._compared(operator.ge, other)

    def __eq__(self, other: object) -> bool:
        return self._compared(operator.eq, other)

    def __ne__(self, other: object) -> bool:
        return self._compared(operator.ne, other)

    def __bool__(self) -> bool:
        return self.regions.answer(self.values != 0)

    def _compared(self, comparison: Callable[[Any, Any], Mask], other: Any) -> bool:
        return self.regions.answer(comparison(self.values, plain(other)))

    def _alone(self, *_: Any, **__: Any) -> Any:
        raise OneByOne

    # what has one answer only is never guessed from several
    __array__ = __array_ufunc__ = __float__ = __int__ = __index__ = _alone
    __hash__ = _alone


def plain(value: Any) -> Any:
    """Return what a number of one or of many regions holds."""
    return value.values if isinstance(value, RegionalNumber) else value


def rows_of(value: Any, rows: Index) -> Any:
    """Return a number of some regions as an array, or the one that they share; None is NaN."""
    if isinstance(value, RegionalNumber):
        return value.values[rows]
    return np.nan if value is None else value


def elementwise(function: Callable[..., Any], *inputs: Any) -> Any:
    """Return an elementwise function of numbers: of one region, or of all that have come here.

    A yes or no is one answer of them all (`Fork`).

    Examples
    --------
    >>> elementwise(np.nextafter, 1.0, 2.0) > 1, elementwise(np.isfinite, 1.0)
    (True, True)
    """
    many = next((x for x in inputs if isinstance(x, RegionalNumber)), None)
    if many is None:
        answer = function(*inputs)
        return answer.item() if isinstance(answer, np.generic) else answer
    rows = many.regions._here()
    try:
        part = function(*(x.values[rows] if isinstance(x, RegionalNumber) else x for x in inputs))
    except CorridorError as error:
        raise OneByOne from error
    out = np.zeros(many.regions.count, dtype=part.dtype)
    out[rows] = part
    return many.regions.answer(out) if out.dtype == bool else many.regions.number(out)


def along(function: Callable[..., Any], numbers: Sequence[Any]) -> float:
    """Return a function of a row of numbers, such as a chain: of one region, or of all here.

    Examples
    --------
    >>> along(np.prod, [2.0, 3.0])
    6.0
    """
    many: Any = next((x for x in numbers if isinstance(x, RegionalNumber)), None)
    if many is None:
        return float(function(numbers))

    def of_rows(*columns: Array) -> Any:
        return function(np.stack(np.broadcast_arrays(*columns), axis=-1))

    return cast("float", elementwise(of_rows, *numbers))


def alone(thing: Any, row: int) -> Any:
    """Return records and rows of numbers as those of one region.

    Examples
    --------
    >>> pair = Regions(2).number(np.array([3.0, 4.0])), "level"
    >>> alone(pair, 1)
    (4.0, 'level')
    """
    if isinstance(thing, RegionalNumber):
        return thing.values[row].item()
    if isinstance(thing, tuple):
        inner = [alone(part, row) for part in thing]
        return type(thing)(*inner) if hasattr(thing, "_fields") else tuple(inner)
    if isinstance(thing, list):
        return [alone(part, row) for part in thing]
    if is_dataclass(thing) and not isinstance(thing, type):
        own = ((field.name, getattr(thing, field.name)) for field in fields(thing))
        changed = {name: alone(part, row) for name, part in own if _may_hold(part)}
        return replace(thing, **changed) if changed else thing
    return thing


def _may_hold(part: Any) -> bool:
    return isinstance(part, (RegionalNumber, tuple, list)) or is_dataclass(part)


def read_together(
    count: int, read: Callable[[Callable[[Array], float], bool], _Result]
) -> Iterator[tuple[Regions | None, Index, _Result]]:
    """Yield what is read of regions, for those together that go one way through the rules.

    Parameters
    ----------
    count : int
        How many there are.
    read : callable
        Is told how an array of one number of each region becomes a number, and whether that is
        one of many regions; reads the rest.

    Yields
    ------
    regions : Regions or None
        What the numbers of the result belong to; None of a single region.
    rows : ndarray of int
        Which of the regions.
    result
        Of them all.
    """
    regions = Regions(count)
    for rows, result in regions.walk(np.arange(count), lambda: read(regions.number, True)):
        if result is not None:
            yield regions, rows, result
            continue
        for row in rows.tolist():
            plain_number = partial(_number_of, row)
            yield None, np.array([row]), read(plain_number, False)


def _number_of(row: int, values: Array) -> float:
    return cast("float", values[row].item())
