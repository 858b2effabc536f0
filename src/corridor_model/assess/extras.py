"""What stands beside a verdict: whether it hangs on the path, and whether it was ever done."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from corridor_model.assess import paths, record
from corridor_model.assess.numbers import Column

if TYPE_CHECKING:
    from corridor_model.assess.numbers import Numbers


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
        shares = paths.path_shares(case.base, case.value, case.goal, case.kind == "share")
        if not numbers.met[i]:
            flags[i] = paths.is_path_sensitive(shares, float(elapsed.values[i]))
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
