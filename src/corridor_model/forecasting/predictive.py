"""What a forecast answers: quantiles, probabilities, draws, paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._deprecated import moved
from corridor_model._typing import Array
from corridor_model.arguments import count, number, numbers
from corridor_model.codes import Side
from corridor_model.display import Displayed
from corridor_model.draws import Seed, rng_of
from corridor_model.forecasting.experts import Expert
from corridor_model.forecasting.history import (
    ForecastError,
    History,
    NoScaleError,
    check_sense,
    years_from,
)
from corridor_model.forecasting.pooling import MixtureForecast, prior_only
from corridor_model.messages import N_

PATHS = 16384
"""Joint questions are answered from this many paths, drawn once from a fixed stream."""
_STREAM = 20201231


class Core(Protocol):
    """What every kind of forecast can do; N histories, H years."""

    @property
    def shape(self) -> tuple[int, int]: ...  # noqa: D102
    def cdf(self, values: Array, strict: bool = False) -> Array: ...  # noqa: D102
    def quantile(self, levels: Array, polish: bool = True) -> Array: ...  # noqa: D102
    def sample(self, n: int, rng: np.random.Generator) -> Array: ...  # noqa: D102
    def paths(self, n: int, rng: np.random.Generator) -> Array: ...  # noqa: D102


def levels_of(q: ArrayLike) -> Array:
    """Check probabilities; shape (Q,)."""
    levels = np.atleast_1d(numbers("q", q))
    if levels.ndim != 1 or not ((levels >= 0) & (levels <= 1)).all():
        raise ForecastError(N_("Quantile levels must lie between 0 and 1."))
    return levels


def check_targets(targets: Array) -> None:
    """Refuse a target that is no number."""
    if np.isnan(targets).any():
        raise ForecastError(N_("A target must be a number, not NaN."))


def values_of(x: ArrayLike, shape: tuple[int, int]) -> Array:
    """Spread values over histories and years, shape (N, H, Q)."""
    raw = np.atleast_1d(numbers("x", x))
    check_targets(raw)
    if raw.shape[:-1] not in {(), shape[1:], shape}:
        raise ForecastError(
            N_("x has the shape {shape}, which fits none of the {n} years."),
            shape=str(raw.shape),
            n=shape[1],
        )
    return np.array(np.broadcast_to(raw, (*shape, raw.shape[-1])))


@dataclass(frozen=True, eq=False)
class Predictive(Displayed):
    """Forecast of one history, one entry per horizon year (H years).

    Attributes
    ----------
    history : History
        What was read.
    years : tuple of int
        Calendar years forecast.
    route : str
        ``log``, ``log_odds``, ``additive``, ``gamma_poisson``, ``no_scale``, or the name of a
        comparison method.
    p_basis : str or None
        ``benchmarked``, ``unbenchmarked`` or ``base_rate`` (S14); None without a scale.
    reason : str or None
        ``no_scale`` where nothing but 0 is known.
    core : Core or None
        The mathematics behind it.
    """

    history: History
    years: tuple[int, ...]
    route: str
    p_basis: str | None
    reason: str | None = None
    core: Core | None = None

    @classmethod
    def from_samples(
        cls, samples: ArrayLike, years: Iterable[int], kind: str = "level"
    ) -> Predictive:
        """Return the forecast that samples are.

        Parameters
        ----------
        samples : array_like, shape (draws, years)
            Joint draws of the years; one draw a row.
        years : iterable of int
            Calendar years of the columns, ascending without a hole.
        kind : str
            Kind of indicator.

        Raises
        ------
        ForecastError
            For another shape, years out of order, and what is no finite number.

        Examples
        --------
        >>> import numpy as np
        >>> p = Predictive.from_samples([[1.0, 2.0], [3.0, 5.0]], [2023, 2024])
        >>> p.prob_at_least(3).tolist(), p.quantile(0.5).tolist(), p.p_basis
        ([0.5, 0.5], [2.0, 3.5], 'user')
        """
        dates = tuple(years_from(years))
        try:
            values = np.array(samples, dtype=np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise ForecastError(N_("Samples are numbers of shape (draws, years).")) from error
        if values.ndim != 2 or values.shape[1] != len(dates) or not values.size:
            raise ForecastError(
                N_("Samples have the shape (draws, years): {shape} does not fit {n} years."),
                shape=str(values.shape),
                n=len(dates),
            )
        if dates != tuple(range(dates[0], dates[0] + len(dates))):
            raise ForecastError(
                N_("The years of samples ascend one by one; got {years}."), years=str(dates)
            )
        if not np.isfinite(values).all():
            raise ForecastError(N_("Samples are finite numbers; leave out what is missing."))
        core = Samples(np.ascontiguousarray(values.T)[None])
        return cls(History((), (), kind), dates, "samples", "user", None, core)

    def __repr__(self) -> str:
        years = f"{self.years[0]}-{self.years[-1]}" if self.years else "no year"
        rests = f"p_basis={self.p_basis!r}" if self.core else f"reason={self.reason!r}"
        points = len(self.history.values)
        return f"Predictive({self.kind!r}, {years}, points={points}, route={self.route!r}, {rests})"

    @property
    def kind(self) -> str:
        """Kind of indicator."""
        return self.history.kind

    def _core(self) -> Core:
        if self.core is None:
            raise NoScaleError(
                N_(
                    "Nothing but 0 is known of this series, so there is no scale to forecast on. "
                    "Give at least one value other than 0."
                )
            )
        return self.core

    def quantile(self, q: ArrayLike) -> Array:
        """Return the values reached with probability ``1 - q``.

        Parameters
        ----------
        q : float or sequence of float
            Probabilities, shape () or (Q,).

        Returns
        -------
        ndarray, shape (H,) or (H, Q)
        """
        out = self._core().quantile(levels_of(q))[0]
        return np.asarray(out[:, 0] if np.ndim(q) == 0 else out)

    def cdf(self, x: ArrayLike) -> Array:
        """Return P(value <= x), shape (H,) for a number, (H, Q) for Q of them."""
        core = self._core()
        out = core.cdf(values_of(x, core.shape))[0]
        return np.asarray(out[:, 0] if np.ndim(x) == 0 else out)

    prob_at_most = cdf

    def prob_at_least(self, x: ArrayLike) -> Array:
        """Return P(value >= x): an exact hit counts (S3). Shapes as in `cdf`."""
        core = self._core()
        out = 1.0 - core.cdf(values_of(x, core.shape), strict=True)[0]
        return np.asarray(out[:, 0] if np.ndim(x) == 0 else out)

    def sample(self, n: int, rng: Seed) -> Array:
        """Draw n values of each year, years independent of one another, shape (H, n).

        ``rng`` is a generator, or a seed of one.
        """
        return np.asarray(self._core().sample(count("n", n), rng_of(rng))[0])

    def sample_paths(self, n: int, rng: Seed) -> Array:
        """Draw n joint paths over all years, shape (H, n); each year's margin is exact."""
        return np.asarray(self._core().paths(count("n", n), rng_of(rng))[0])

    @cached_property
    def _paths(self) -> Array:
        return self.sample_paths(PATHS, np.random.Generator(np.random.SFC64(_STREAM)))

    def prob_some_year(self, x: float, sense: Side = "at_least") -> Array:
        """Return P(the value is met in some year up to each), shape (H,): first passage.

        From `PATHS` fixed joint paths (standard error below 0.004), never less than the
        exact probability of any single year.
        """
        return self._over_years(x, sense, np.maximum)

    def prob_every_year(self, x: float, sense: Side = "at_least") -> Array:
        """Return P(the value is met in every year up to each), shape (H,)."""
        return self._over_years(x, sense, np.minimum)

    def prob_total_at_least(self, x: float) -> Array:
        """Return P(sum of the years up to each >= x), shape (H,): for cumulative targets."""
        x = number("x", x)
        total = np.cumsum(self._paths, axis=0)
        sampled = (total >= x).mean(axis=1)
        sampled[0] = self.prob_at_least(x)[0]
        return np.asarray(sampled)

    def _over_years(self, x: float, sense: Side, join: np.ufunc) -> Array:
        """Join the years up to each: path by path, and as exact as a single year allows."""
        check_sense(sense)
        x = number("x", x)
        up = sense == "at_least"
        met = self._paths >= x if up else self._paths <= x
        exact = self.prob_at_least(x) if up else self.cdf(x)
        return np.asarray(join(join.accumulate(met, axis=0).mean(axis=1), join.accumulate(exact)))

    def explain(self, target: float | None = None) -> Explanation | None:
        """Return which experts carry it, how much history counted, and the base rate.

        None for other routes than the mixture's, and for comparison methods.
        """
        core = self.core
        if not isinstance(core, MixtureForecast):
            return None
        weight, experts = core.weight[0], core.weights.experts
        families = dict.fromkeys(FAMILIES, 0.0)
        for expert, share in zip(experts.rows, weight, strict=True):
            families[family_of(expert)] += float(share)
        leading = np.argsort(-weight, kind="stable")[:5]
        prior = prior_only(core, self.kind)
        low, middle, high = (float(v) for v in prior.quantile(np.array([0.1, 0.5, 0.9]))[0, -1])
        p = p_prior = None
        if target is not None:
            p = float(self.prob_at_least(target)[-1])
            p_prior = float(1 - prior.cdf(values_of(target, core.shape), strict=True)[0, -1, 0])
        return Explanation(
            families=tuple(sorted(families.items(), key=lambda pair: -pair[1])),
            experts=tuple((experts.rows[i], float(weight[i])) for i in leading),
            points=len(self.history.values),
            effective_years=float((experts.memory(len(core.gaps)) * weight).sum()),
            moved=float(0.5 * np.abs(weight - prior.weight[0]).sum()),
            base_rate=(low, middle, high),
            p=p,
            p_base_rate=p_prior,
        )

    def figure(self, ax: Any, target: float | None = None, lang: str = "en") -> Any:
        """Draw it: deprecated, use :func:`corridor_model.plot.fan`."""
        return moved("Predictive.figure", "plot.fan")(self, ax=ax, target=target, lang=lang)


@dataclass(frozen=True, eq=False)
class Samples:
    """A forecast that is its draws; stands where the other cores stand.

    Attributes
    ----------
    values : ndarray, shape (N, H, draws)
        Joint draws of the years.
    """

    values: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Histories and years."""
        return self.values.shape[0], self.values.shape[1]

    @cached_property
    def _ordered(self) -> Array:
        return np.sort(self.values, axis=-1)

    def only(self, year: int) -> Samples:
        """Keep one year (0 is the first; -1 the last)."""
        at = range(self.shape[1])[year]
        return Samples(self.values[:, at : at + 1])

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """Return the share of draws at or below x, or below it if strict, shape (N, H, Q)."""
        out = np.empty(values.shape)
        for i, k in np.ndindex(self.shape):
            ordered, x = self._ordered[i, k], values[i, k]
            out[i, k] = ordered.searchsorted(x, "left" if strict else "right")
        return np.asarray(out / self.values.shape[-1])

    def quantile(self, levels: Array, polish: bool = True) -> Array:  # noqa: ARG002
        """Return values at probabilities, linear between draws, shape (N, H, Q)."""
        return np.moveaxis(np.quantile(self._ordered, levels, axis=-1), 0, -1)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw each year by itself, shape (N, H, n)."""
        at = rng.integers(self.values.shape[-1], size=(*self.shape, n))
        return np.take_along_axis(self.values, at, axis=-1)

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Draw whole draws again, shape (N, H, n)."""
        return self.values[..., rng.integers(self.values.shape[-1], size=n)]


# Why a forecast says what it says.

FAMILIES = ("persistent", "reverting", "walk", "jumpy")
"""What an expert expects of change."""


@dataclass(frozen=True)
class Explanation(Displayed):
    """What carried a forecast.

    Attributes
    ----------
    families : tuple of (family, share)
        Belief by family, largest first; shares sum to 1.
    experts : tuple of (Expert, share)
        The five most believed.
    points, effective_years : float
        Observations read, and how many years the noise's size is learned from, after old and
        outlying years are discounted.
    moved : float
        How far the history moved belief away from what one point alone would give: 0 not at
        all, 1 entirely (total variation distance).
    base_rate : tuple of (q10, median, q90)
        What the pooled prior alone would say of the last horizon year.
    p, p_base_rate : float or None
        Probability of reaching the target there, from the forecast and from the base rate.
    """

    families: tuple[tuple[str, float], ...]
    experts: tuple[tuple[Expert, float], ...]
    points: int
    effective_years: float
    moved: float
    base_rate: tuple[float, float, float]
    p: float | None
    p_base_rate: float | None

    def text(self, lang: str = "en") -> str:
        """Put it into words: deprecated, use :func:`corridor_model.describe`."""
        sentences = moved("Explanation.text", "text.forecasting.explanation_text", "describe")
        return str(sentences(self, lang))


def family_of(expert: Expert) -> str:
    """Name what an expert expects of change.

    Examples
    --------
    >>> family_of(Expert(0.7, -0.4, 0.03, 0.03, 1, 4, float("inf")))
    'persistent'
    """
    if expert.phi + expert.theta < -0.05 or (expert.phi < 0.6 and expert.theta < -0.05):
        return "reverting"
    if expert.phi + expert.theta > 0.05:
        return "persistent"
    return "walk" if expert.delta == 1 else "jumpy"


# Many forecasts at once.


@dataclass(frozen=True, eq=False)
class PredictiveBatch(Sequence[Predictive], Displayed):
    """Forecasts of N histories over H years; ``batch[i]`` has the bits of a single call.

    Attributes
    ----------
    rows : tuple of Predictive
        Without their cores.
    groups : tuple of (positions, Core)
        Histories that were read together.
    horizon : int
    """

    rows: tuple[Predictive, ...]
    groups: tuple[tuple[tuple[int, ...], Core], ...]
    horizon: int

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"PredictiveBatch({len(self)} forecasts, horizon={self.horizon})"

    @cached_property
    def _place(self) -> dict[int, tuple[Core, int]]:
        return {i: (core, j) for at, core in self.groups for j, i in enumerate(at)}

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        position = range(len(self))[index]
        row = self.rows[position]
        if position not in self._place:
            return row
        core, at = self._place[position]
        return replace(row, core=core.take(at) if hasattr(core, "take") else core)

    def _gather(
        self, width: int, answer: Any, years: int | None = None
    ) -> np.ma.MaskedArray[Any, Any]:
        """Put each group's answer in its rows; what no group holds stays masked."""
        shape = (len(self), years or self.horizon, width)
        out = np.ma.array(np.zeros(shape), mask=np.ones(shape, bool))
        for at, core in self.groups:
            out[list(at)] = answer(core, list(at))
        return out

    def quantile(self, q: ArrayLike, polish: bool = True) -> np.ma.MaskedArray[Any, Any]:
        """Quantiles, shape (N, H, Q), masked where there is no scale.

        ``polish=False`` interpolates (about 1e-4 in probability) and is several times faster.
        """
        levels = levels_of(q)
        return self._gather(len(levels), lambda core, _: core.quantile(levels, polish))

    def last_year_quantile(self, q: ArrayLike) -> np.ma.MaskedArray[Any, Any]:
        """Interpolated quantiles of the last horizon year alone, shape (N, Q)."""
        levels = levels_of(q)

        def answer(core: Core, _: list[int]) -> Array:
            ends = core.only(-1) if hasattr(core, "only") else core
            return np.asarray(ends.quantile(levels, False)[:, -1:])

        return np.ma.asarray(self._gather(len(levels), answer, years=1)[:, 0])

    def prob_at_least(self, x: ArrayLike) -> np.ma.MaskedArray[Any, Any]:
        """P(value >= x), shape (N, H); x is a number or one per history (N,)."""
        target = np.broadcast_to(np.asarray(x, float), (len(self),))
        check_targets(target)

        def answer(core: Core, at: list[int]) -> Array:
            values = np.array(np.broadcast_to(target[at][:, None, None], (*core.shape, 1)))
            return 1.0 - core.cdf(values, strict=True)

        return np.ma.asarray(self._gather(1, answer)[:, :, 0])
