"""The numbers of an assessment, for all indicators at once; a mask is NaN with a reason (S7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from corridor_model import growth
from corridor_model._typing import Array, Mask, Texts
from corridor_model.assessment import case as record
from corridor_model.assessment import progress
from corridor_model.assessment.case import Case, When
from corridor_model.assessment.progress import (
    achieved_share,
    achieved_share_of_range,
    elapsed_of_year,
    elapsed_share,
    schedule_gap,
)
from corridor_model.periods import in_years

LEVELS = frozenset({"level", "share", "ratio", "rank"})
STEPPED = frozenset({"cumulative", "completion"})
WIDTH = 20
"""Characters of the longest reason."""


class Column:
    """Values of one variable with their reasons; everything is masked until it is filled."""

    __slots__ = ("reasons", "values")

    def __init__(self, count: int, reason: str = "not_applicable"):
        self.values: Array = np.full(count, np.nan)
        self.reasons: Texts = np.full(count, reason, dtype=f"U{WIDTH}")

    def fill(self, where: Mask, values: Any) -> None:
        """Set values where a mask is True, and take the reason away."""
        if where.any():
            self.values[where] = np.add(values, 0.0)  # no -0.0
            self.reasons[where] = ""

    def put(self, i: int, value: float) -> None:
        """Set one value, and take its reason away."""
        self.values[i], self.reasons[i] = value, ""

    def hide(self, i: int, reason: str) -> None:
        """Mask one value."""
        self.values[i], self.reasons[i] = np.nan, reason

    def mask(self, where: Mask, reason: str | Sequence[str] | Texts) -> None:
        """Mask where a mask is True."""
        self.values[where] = np.nan
        self.reasons[where] = reason

    def tried(self, where: Mask, function: Any, *inputs: Array) -> None:
        """Fill with a growth relation, or with its reason where it is undefined."""
        if where.any():
            made = growth.tried(function, *(values[where] for values in inputs))
            self.values[where], self.reasons[where] = made.values, made.reasons


class Numbers:
    """Arrays of the inputs of all cases, and the columns made from them."""

    def __init__(self, cases: Sequence[Case], when: When):
        self.cases, self.when, self.count = cases, when, len(cases)
        self.base = _array(case.base for case in cases)
        # the one place where months become years: rates and shares of time are asked of them
        self.start: Array = in_years(_array(case.start for case in cases))
        self.value = _array(case.value for case in cases)
        self.now: Array = in_years(_array(case.now for case in cases))
        self.due: Array = in_years(_array(case.due for case in cases))
        self.goal = _array(case.goal for case in cases)
        self.lower = np.nan_to_num(_array(case.lower for case in cases), nan=-np.inf)
        self.upper = np.nan_to_num(_array(case.upper for case in cases), nan=np.inf)
        self.kind = np.array([case.kind for case in cases], dtype="U12")
        self.state = np.array([case.state for case in cases], dtype=f"U{WIDTH}")
        self.leveled = np.isin(self.kind, list(LEVELS))
        self.stepped = np.isin(self.kind, list(STEPPED))
        self.known = np.isfinite(self.value)
        self.based: Mask = np.isfinite(self.base) & np.isfinite(self.start)
        self.gap = self._gaps(self.value, self.known)
        self.met = self.known & (self.gap.values >= 0)
        self.base_met = self._base_met()
        self.columns: dict[str, Column] = {}
        self._shares()
        self._rates()
        self._steps()
        self._acceleration()

    def _gaps(self, value: Array, known: Mask) -> Column:
        """Return the distance to the target, at least 0 where it is met (S3)."""
        column = Column(self.count, "not_reported")
        made = np.full(self.count, np.inf)
        for bound, sense in ((self.lower, "at_least"), (self.upper, "at_most")):
            where = known & np.isfinite(bound)
            if where.any():
                made[where] = np.minimum(made[where], growth.gap(value[where], bound[where], sense))
        column.fill(known & np.isfinite(made), made[known & np.isfinite(made)])
        return column

    def _base_met(self) -> Mask:
        return self.based & (self._gaps(self.base, self.based).values >= 0)

    def _shares(self) -> None:
        ways = (self.leveled | self.stepped) & self.based & ~self.base_met
        share = self.columns["achieved_share"] = Column(self.count)
        applies = self.leveled | self.stepped
        share.mask(applies & self.base_met, "base_met")
        share.mask(applies & ~self.based, "no_baseline")
        share.mask(applies & ~self.known, self._states()[applies & ~self.known])
        two = np.array([case.two_sided for case in self.cases], dtype=bool)
        one = ways & self.known & ~two
        if one.any():
            share.fill(one, achieved_share(self.base[one], self.value[one], self.goal[one]))
        two &= ways & self.known
        if two.any():
            bounds = (self.lower[two], self.upper[two])
            share.fill(two, achieved_share_of_range(self.base[two], self.value[two], *bounds))
        elapsed = self.columns["elapsed_share"] = Column(self.count)
        elapsed.mask(applies & ~self.based, "no_baseline")
        timed = np.isfinite(self.start) & (self.due > self.start)
        as_of = in_years(self.when.moment)
        spoken = np.where((self.state == "") & np.isfinite(self.now), self.now, as_of)
        if timed.any():
            elapsed.fill(timed, elapsed_share(self.start[timed], spoken[timed], self.due[timed]))
        self._own_shares(share, elapsed)
        plan = self.columns["plan_elapsed"] = Column(self.count)
        gone = elapsed_share(self.when.base_year, as_of, self.when.last_year)
        plan.fill(np.ones(self.count, dtype=bool), gone)
        self._schedule_gap(share, elapsed)

    def _own_shares(self, share: Column, elapsed: Column) -> None:
        """Fill in what a kind measures by itself: a year's minimum, a milestone."""
        for i, case in enumerate(self.cases):
            if case.kind == "annual":
                if case.share is not None:
                    share.put(i, case.share)
                else:
                    share.hide(i, case.state or "not_applicable")
                of_year = elapsed_of_year(self.when.period.month)
                elapsed.put(i, of_year if case.elapsed is None else case.elapsed)
            elif case.kind == "milestone" and case.done:
                share.put(i, 1.0)

    def _schedule_gap(self, share: Column, elapsed: Column) -> None:
        gap = self.columns["schedule_gap"] = Column(self.count)
        both = np.isfinite(share.values) & np.isfinite(elapsed.values)
        both &= (self.state == "") & (self.kind != "milestone")
        if both.any():
            gap.fill(both, schedule_gap(share.values[both], elapsed.values[both]))
        why = np.where(share.reasons != "", share.reasons, elapsed.reasons)
        why = np.where(why == "", self.state, why)
        open_ = ~both & (self.leveled | self.stepped | (self.kind == "annual"))
        gap.reasons[open_] = np.where(why == "", "not_applicable", why)[open_]

    def _states(self) -> Texts:
        return np.where(self.state == "", "not_reported", self.state)

    def _rates(self) -> None:
        """Yearly rates from start to now, from start to target, and from now to target."""
        gone, whole, left = self.now - self.start, self.due - self.start, self.due - self.now
        levels = self.leveled | (self.kind == "cumulative")
        achieved = self.columns["achieved_rate"] = Column(self.count)
        required = self.columns["required_rate"] = Column(self.count)
        remaining = self.columns["required_rate_remaining"] = Column(self.count)
        for column in (achieved, required):
            column.mask(levels & ~self.based, "no_baseline")
        for column in (achieved, remaining):
            column.mask(levels & ~self.known, self._states()[levels & ~self.known])
        moved = levels & self.based & self.known
        unmoved = moved & ~(gone > 0)
        achieved.mask(unmoved, self._states()[unmoved])
        achieved.tried(moved & (gone > 0), growth.cagr, self.base, self.value, gone)
        required.tried(levels & self.based & (whole > 0), growth.cagr, self.base, self.goal, whole)
        # an addition counts from 0: its total has no rate, only a step (S16)
        from_zero = (self.kind == "cumulative") & ~(self.base > 0)
        open_ = levels & self.known & ~from_zero
        remaining.mask(levels & self.known & from_zero, "undefined_rate")
        remaining.mask(open_ & (left <= 0), "deadline_passed")
        remaining.tried(open_ & (left > 0), growth.cagr, self.value, self._goal_now(), left)
        for i, case in enumerate(self.cases):
            if case.kind == "growth":
                self._growth_rates(i, case, achieved, required, remaining)

    def _growth_rates(
        self, i: int, case: Case, achieved: Column, required: Column, remaining: Column
    ) -> None:
        if case.needed is not None:
            required.put(i, case.needed)
        why = case.state or "not_reported"
        for column, rate in ((achieved, case.rate), (remaining, case.remaining)):
            if rate is not None:
                column.put(i, rate)
            else:
                passed = case.rate is not None and case.now >= case.due
                column.hide(i, "deadline_passed" if passed else why)

    def _goal_now(self) -> Array:
        """Return the bound that a path from now on reaches first."""
        below = np.where(self.value < self.lower, self.lower, self.goal)
        return np.where(self.value > self.upper, self.upper, below)

    def _steps(self) -> None:
        """Yearly steps in the indicator's unit, for every level and count."""
        gone, whole, left = self.now - self.start, self.due - self.start, self.due - self.now
        kinds = self.leveled | self.stepped
        for name, amount, years in (
            ("achieved_step", self.value - self.base, gone),
            ("required_step", self.goal - self.base, whole),
            ("required_step_remaining", self._goal_now() - self.value, left),
        ):
            column = self.columns[name] = Column(self.count)
            needs_value = name != "required_step"
            column.mask(kinds & ~self.based, "no_baseline")
            if needs_value:
                column.mask(kinds & ~self.known, self._states()[kinds & ~self.known])
            if name == "required_step_remaining":
                column.mask(kinds & self.known & (left <= 0), "deadline_passed")
            where = kinds & np.isfinite(amount) & (np.nan_to_num(years, nan=-1.0) > 0)
            column.fill(where, amount[where] / years[where])
            if name == "achieved_step":
                unmoved = kinds & self.based & self.known & ~(gone > 0)
                column.mask(unmoved, self._states()[unmoved])

    def _acceleration(self) -> None:
        """How many times as fast the rest must be: rates, or steps where a total has no rate."""
        column = self.columns["acceleration"] = Column(self.count)
        rising = np.where(self.goal > self.base, 1.0, -1.0)
        rising[self.kind == "growth"] = 1.0
        for where, done, left in (
            (self.leveled | (self.kind == "growth"), "achieved_rate", "required_rate_remaining"),
            (self.stepped, "achieved_step", "required_step_remaining"),
        ):
            first, second = self.columns[done], self.columns[left]
            masked = np.where(second.reasons != "", second.reasons, first.reasons)
            column.reasons[where] = masked[where]
            both = where & np.isfinite(first.values) & np.isfinite(second.values)
            moving = both & (first.values * rising > 0)
            column.mask(both & ~moving, "no_progress")
            column.tried(moving, growth.acceleration, second.values * rising, first.values * rising)


def _array(values: Any) -> Array:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


# What stands beside a verdict: whether it hangs on the path, and whether it was ever done.


def path_column(numbers: Numbers) -> tuple[list[bool], list[str]]:
    """Return whether each verdict hangs on the shape of the path, or why that is not asked."""
    flags, reasons = [False] * numbers.count, ["not_applicable"] * numbers.count
    share, elapsed = numbers.columns["achieved_share"], numbers.columns["elapsed_share"]
    for i, case in enumerate(numbers.cases):
        if not numbers.leveled[i] or case.two_sided:
            continue
        reasons[i] = str(share.reasons[i] or elapsed.reasons[i] or case.state)
        if reasons[i]:
            continue
        assert case.base is not None
        assert case.value is not None
        shares = progress.path_shares(case.base, case.value, case.goal, case.kind == "share")
        if not numbers.met[i]:
            flags[i] = progress.is_path_sensitive(shares, float(elapsed.values[i]))
    return flags, reasons


def record_columns(numbers: Numbers) -> tuple[Column, Column, Column]:
    """Return the best yearly rate and step on record, and the year."""
    rate, step, year = (Column(numbers.count, "no_record") for _ in range(3))
    for i, case in enumerate(numbers.cases):
        if case.kind in {"milestone", "growth"}:
            for column in (rate, step, year):
                column.hide(i, "not_applicable")
            continue
        best = record.best_on_record(case)
        if best.rate is not None and numbers.leveled[i]:
            rate.put(i, best.rate)
        if best.step is not None and best.year is not None:
            step.put(i, best.step)
            year.put(i, best.year)
    return rate, step, year


def over_record(numbers: Numbers, rate: Column, step: Column) -> list[bool]:
    """Return whether the years left need more than the best year on record.

    It never was so fast: possible, but without precedent. Where nothing is on record, or the
    target is met, the answer is False and ``best_year_reason`` says why.
    """
    flags = [False] * numbers.count
    for i, case in enumerate(numbers.cases):
        if numbers.met[i] or not (numbers.leveled[i] or numbers.stepped[i]):
            continue
        name = "required_rate_remaining" if numbers.leveled[i] else "required_step_remaining"
        best = (rate if numbers.leveled[i] else step).values[i]
        needed = numbers.columns[name].values[i]
        if math.isnan(best) or math.isnan(needed):
            continue
        rising = case.upper is None or needed > 0
        flags[i] = bool(needed > best if rising else needed < best)
    return flags
