"""How every relation here is evaluated: in blocks, and refused by element where undefined (S7).

A relation is a kernel and a list of rules. The kernel fills a block and says, from a few
cheap reductions, whether all of it is surely defined. Only if it doubts are the rules asked
which element is to blame; so a sound call never pays for the search.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache, reduce
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array, Index, Mask
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth._labels import bare, is_labelled
from corridor_model.messages import N_, Listing, Message, message

# A float for scalar inputs, an array otherwise: what NumPy's own stubs call Any.
FloatOrArray: TypeAlias = Any

BLOCK = 32768  # elements: the five arrays a kernel touches then stay in a 1 MB L2 cache
SHOWN = 3  # culprits that a message names

REASONS = {
    "missing": N_("an input is NaN or masked"),
    "undefined_rate": N_("the relation has no value for these numbers (S7)"),
    "never_reached": N_("the path never gets to the target"),
    "above_bound": N_("a share lies on or beyond its bound"),
    "out_of_range": N_("the result exceeds the range of double precision"),
}
_signature = cache(inspect.signature)  # those of few functions, each asked for very often
SENSES = {"at_least": 1.0, "at_most": -1.0, "above": 1.0, "below": -1.0, "exactly": 0.0}


class Rule(NamedTuple):
    """One way in which a relation can be undefined: words, a test, and a reason code.

    The names of the test's parameters say which inputs it wants.
    """

    words: Message
    broken: Callable[..., Any]
    code: str = "undefined_rate"


class Tried(NamedTuple):
    """Values with their reason codes.

    Attributes
    ----------
    values : float or ndarray
        Results; NaN exactly where `reasons` is not empty.
    reasons : str or ndarray of str
        ``""`` where there is a value, otherwise a key of `REASONS`.
    """

    values: FloatOrArray
    reasons: Any


class Relation:
    """A relation between numbers: elementwise, broadcasting, undefined where its rules say.

    The parameters of the kernel, after the array it fills, name the inputs.
    """

    def __init__(
        self,
        name: str,
        kernel: Callable[..., bool],
        *rules: Rule,
        inputs: tuple[str, ...] = (),
        listed: bool = True,
    ):
        self.name, self.kernel, self.rules = name, kernel, rules
        # a kernel that serves several relations cannot name the inputs of each
        self.inputs = inputs or tuple(inspect.signature(kernel).parameters)[1:]
        self.remedy = message("Correct the numbers.")
        if listed:  # by its name `tried` finds it
            RELATIONS[name] = self
            self.remedy = message(
                "Correct the numbers, or ask tried({relation}, ...) for a reason code.",
                relation=name,
            )

    def __call__(self, *values: ArrayLike) -> FloatOrArray:
        """Evaluate; raise for the elements that are undefined."""
        arrays, shape = self._read(values)
        out = np.empty(shape)
        broken = [] if self._fill(out, arrays) else self._search(arrays, shape, out)
        if broken:
            raise GrowthUndefinedError(self._message(arrays, broken))
        return out if shape else float(out)

    def tried(self, *values: ArrayLike) -> Tried:
        """Evaluate; give a reason code where the relation is undefined."""
        arrays, shape = self._read(values)
        out = np.empty(shape)
        reasons = np.zeros(shape, dtype=f"<U{max(map(len, REASONS))}")
        if not self._fill(out, arrays):
            for rule, mask in self._search(arrays, shape, out):
                reasons[mask] = rule.code
                out[mask] = np.nan
        return Tried(out, reasons) if shape else Tried(float(out), str(reasons))

    def _read(self, values: tuple[ArrayLike, ...]) -> tuple[list[Array], tuple[int, ...]]:
        arrays = [read(name, value) for name, value in zip(self.inputs, values, strict=True)]
        try:
            return arrays, np.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError:
            shapes = ", ".join(
                f"{name} {array.shape}" for name, array in zip(self.inputs, arrays, strict=True)
            )
            raise GrowthUndefinedError(
                N_("{relation}: these shapes do not broadcast: {shapes}."),
                relation=self.name,
                shapes=shapes,
            ) from None

    def _fill(self, out: Array, arrays: list[Array]) -> bool:
        """Fill `out` block by block; False if some element may be undefined."""
        if out.size == 0:
            return True
        fixed = [array.reshape(()) if array.size == 1 else None for array in arrays]
        moving = [array for array in arrays if array.size > 1]
        sound = True
        with np.errstate(all="ignore"):
            if not moving:
                return self.kernel(out.reshape(1), *fixed)
            with _blocks(out, moving) as blocks:
                for target, *parts in blocks:
                    rest = iter(parts)
                    args = [next(rest) if one is None else one for one in fixed]
                    sound = self.kernel(target, *args) and sound
        return sound

    def _search(
        self, arrays: list[Array], shape: tuple[int, ...], out: Array
    ) -> list[tuple[Rule, Mask]]:
        """Return each broken rule with the elements it is the first to catch."""
        full = {
            name: np.broadcast_to(array, shape)
            for name, array in zip(self.inputs, arrays, strict=True)
        }
        left = np.ones(shape, dtype=bool)
        broken = []
        with np.errstate(all="ignore"):
            for rule, inputs in self._checks(full, out):
                mask = left & np.asarray(rule.broken(*inputs))
                if mask.any():
                    broken.append((rule, mask))
                left &= ~mask
        return broken

    def _checks(self, full: dict[str, Array], out: Array) -> Iterator[tuple[Rule, list[Array]]]:
        """Yield the rules in their order: sound numbers, the relation's own, the result."""
        for name, array in full.items():
            yield Rule(message("{input} is NaN", input=name), np.isnan, "missing"), [array]
            yield Rule(message("{input} is infinite", input=name), np.isinf), [array]
        for rule in self.rules:
            yield rule, [full[name] for name in _signature(rule.broken).parameters]
        range_ = Message(REASONS["out_of_range"])
        yield Rule(range_, lambda result: ~np.isfinite(result), "out_of_range"), [out]

    def _message(self, arrays: list[Array], broken: list[tuple[Rule, Mask]]) -> Message:
        """Name the first culprits in the order of the elements, and what to do."""
        shape = broken[0][1].shape
        full = [np.broadcast_to(array, shape) for array in arrays]
        culprits = [
            (tuple(map(int, index)), rule.words)
            for rule, mask in broken
            for index in np.argwhere(mask)[:SHOWN]
        ]
        culprits.sort(key=lambda culprit: (culprit[0], str(culprit[1])))
        lines = []
        for index, words in culprits[:SHOWN]:
            inputs = ", ".join(
                f"{name}={array[index]:.6g}"
                for name, array in zip(self.inputs, full, strict=True)
                if name != "sense"
            )
            line = message("{words} ({inputs})", words=words, inputs=inputs)
            if shape:
                line = message("element {index}: {culprit}", index=index, culprit=line)
            lines.append(line)
        listed = reduce(lambda one, other: message("{one}; {other}", one=one, other=other), lines)
        more = sum(int(mask.sum()) for _, mask in broken) - len(lines)
        if more > 0:
            listed = message("{one}; {n} more", one=listed, n=more)
        return message(
            "{relation} is undefined: {culprits}. {remedy}",
            relation=self.name,
            culprits=listed,
            remedy=self.remedy,
        )


RELATIONS: dict[str, Relation] = {}
_READ: list[Literal["readonly"]] = ["readonly"]
_WRITE: list[Literal["writeonly"]] = ["writeonly"]


def _blocks(out: Array, moving: list[Array]) -> Any:
    """Walk all arrays in step, broadcast, in contiguous blocks."""
    return np.nditer(
        [out, *moving],
        flags=("external_loop", "buffered"),
        op_flags=[_WRITE, *[_READ] * len(moving)],
        order="C",
        buffersize=BLOCK,
    )


def read(name: str, value: ArrayLike) -> Array:
    """Return an input as float64; what is masked becomes NaN, so that it cannot pass unseen."""
    if name == "sense":
        return read_sense(value)
    # touching np.ma imports it, and who never did has no masked array
    if "numpy.ma" in sys.modules and isinstance(value, np.ma.MaskedArray):
        value = np.ma.filled(value.astype(np.float64), np.nan)
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biufO":
            raise TypeError
        return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise GrowthUndefinedError(
            N_("{input}: numbers are needed, not {value}."), input=name, value=f"{value!r:.80}"
        ) from None


def read_sense(value: Any) -> Array:
    """Return directions as 1 (at_least), -1 (at_most) and 0 (exactly)."""
    try:
        words = np.asarray(value)
    except ValueError:  # lists of lists of several lengths
        raise GrowthUndefinedError(
            N_("{input}: one direction, or an array of them, is needed, not {value}."),
            input="sense",
            value=f"{value!r:.80}",
        ) from None
    codes = np.empty(words.shape)
    for index, word in np.ndenumerate(words):
        if str(word) not in SENSES:
            wrong = message(
                "{word!r} is none of {senses} (S3)", word=str(word), senses=Listing(SENSES)
            )
            if words.shape:
                wrong = message("element {index}: {culprit}", index=index, culprit=wrong)
            raise GrowthUndefinedError(N_("sense: {wrong}."), wrong=wrong)
        codes[index] = SENSES[str(word)]
    return codes


LONGEST_PATH = 1_000_000
"""Periods of a path, each a level that is kept."""


def whole_periods(periods: Any) -> int:
    """Return the length of a path; a path has whole periods, at least one."""
    count = read("periods", periods)
    if count.shape or not (1 <= count <= LONGEST_PATH) or count % 1:
        raise GrowthUndefinedError(
            N_("periods: a path needs one whole number of periods from 1 up, not {periods}."),
            periods=f"{periods!r:.80}",
        )
    return int(count)


def tried(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Tried:
    """Evaluate a relation that may be undefined: values with reason codes, no error.

    Parameters
    ----------
    function : callable
        An elementwise function of this package, such as `cagr` or `periods_to_reach`.
    *args, **kwargs
        Its arguments.

    Returns
    -------
    Tried
        ``values`` (NaN exactly where there is a reason) and ``reasons`` (``""`` or a key of
        `REASONS`), in the broadcast shape of the arguments.

    Raises
    ------
    GrowthUndefinedError
        If an argument is no number at all, or the shapes do not broadcast.

    Examples
    --------
    >>> from corridor_model.growth import cagr, tried
    >>> values, reasons = tried(cagr, [100, 0, 5], [121, 5, -5], 2)
    >>> [round(float(v), 12) for v in values], [str(r) for r in reasons]
    ([0.1, nan, nan], ['', 'undefined_rate', 'undefined_rate'])
    """
    ours = getattr(function, "__module__", "").startswith(__package__)
    relation = RELATIONS.get(getattr(function, "__name__", "")) if ours else None
    if relation is None:
        raise GrowthUndefinedError(
            N_("tried: {function!r} is not elementwise. Use one of {relations}."),
            function=function,
            relations=Listing(sorted(RELATIONS)),
        )
    bound = _signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    if not any(map(is_labelled, bound.args)):
        return relation.tried(*bound.args)
    values, dress = bare(relation.name, bound.args, "same")
    result = relation.tried(*values)
    return Tried(dress(result.values), dress(result.reasons))


# Arithmetic that keeps twelve digits where the plain expression loses them.

# Below this ln(end / start), (end - start) / start is so near -1 that log1p loses digits.
FAR = float(np.log(1e-3))
# Up to this many periods the rounding of 1 + rate stays below 1e-14 in its power.
FEW = 64.0
# A power beyond exp(±ROOM) leaves no room to be multiplied by a start of the other extreme.
ROOM = 665.0


def lowest(array: Array) -> float:
    """Return the smallest element, NaN if there is one."""
    return float(np.minimum.reduce(array, axis=None))


def highest(array: Array) -> float:
    """Return the largest element, NaN if there is one."""
    return float(np.maximum.reduce(array, axis=None))


def pick(places: Index, *arrays: Array) -> list[Array]:
    """Return the elements at some places of a block, also from arrays without a shape."""
    return [array[places] if array.ndim else array for array in arrays]


def log_ratio(out: Array, start: Array, end: Array) -> bool:
    """Fill `out` with ln(end / start); True if `end` is surely finite and not below 0.

    Far from a ratio of 1 the difference of two logarithms serves better than log1p.
    """
    np.subtract(end, start, out=out)
    np.divide(out, start, out=out)
    np.log1p(out, out=out)
    if lowest(out) > FAR and highest(out) < np.inf:
        return True
    far = np.flatnonzero(~((out > FAR) & (out < np.inf)))
    first, last = pick(far, start, end)
    out[far] = np.log(last) - np.log(first)
    return lowest(last) >= 0 and highest(last) < np.inf and highest(first) < np.inf


def power(out: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with (1 + rate)^periods; True if no rate is below -1 and no result tiny."""
    least, fewest, longest = lowest(rate), lowest(periods), highest(periods)
    if fewest > FEW:
        _long_power(out, rate, periods)
    else:
        np.add(rate, 1.0, out=out)
        np.power(out, periods, out=out)
    if not longest <= FEW and periods.ndim:  # a NaN in between hides how long the others are
        many = np.empty_like(out)
        _long_power(many, rate, periods)
        out[...] = np.where(periods > FEW, many, out)
    if not (least >= -1 and longest < np.inf) or (fewest <= 0 and highest(rate) == np.inf):
        return False  # 0 periods would hide an infinite rate; with others the result shows it
    return bool(longest * np.log1p(least) > -ROOM)


def _long_power(out: Array, rate: Array, periods: Array) -> None:
    np.log1p(rate, out=out)
    np.multiply(out, periods, out=out)
    np.exp(out, out=out)


def grow(out: Array, start: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with start × (1 + rate)^periods; True if surely defined."""
    sound = power(out, rate, periods)
    if sound:
        np.multiply(out, start, out=out)
        sound = highest(out) < np.inf
    if not sound:
        half = np.empty_like(out)  # two halves do not overflow before their product does
        power(half, rate, 0.5 * periods)
        nothing = (start == 0) | (half == 0)
        out[...] = np.where(nothing, 0.0, start * half * half)
    return sound


def discount(out: Array, end: Array, rate: Array, periods: Array) -> bool:
    """Fill `out` with end / (1 + rate)^periods; True if surely defined."""
    sound = power(out, rate, periods) and highest(out) < np.inf
    if sound:
        np.divide(end, out, out=out)
    else:
        half = np.empty_like(out)
        power(half, rate, 0.5 * periods)
        out[...] = np.where(end == 0, 0.0, end / half / half)
    return sound


def between(path: Array, first: Array, last: Array) -> Array:
    """Keep a path between its ends, which rounding may overstep."""
    return np.maximum(np.minimum(path, np.maximum(first, last)), np.minimum(first, last))


def two_sum(one: Array, other: Array) -> tuple[Array, Array]:
    """Return a sum and exactly what its rounding lost."""
    total = one + other
    virtual = total - one
    return total, (one - (total - virtual)) + (other - virtual)


def two_product(one: Array, other: Array) -> tuple[Array, Array]:
    """Return a product and exactly what its rounding lost."""
    product = one * other
    high, low = _halves(one)
    head, tail = _halves(other)
    return product, low * tail - (((product - high * head) - low * head) - high * tail)


def _halves(value: Array) -> tuple[Array, Array]:
    scaled = 134217729.0 * value  # 2^27 + 1
    high = scaled - (scaled - value)
    return high, value - high


def exact_sum(terms: list[Array]) -> Array:
    """Sum as if in twice the precision (Ogita, Rump and Oishi 2005, Sum2)."""
    total, lost = np.zeros_like(terms[0]), np.zeros_like(terms[0])
    for term in terms:
        total, error = two_sum(total, term)
        lost = lost + error
    return total + lost
