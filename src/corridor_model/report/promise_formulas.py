"""The arithmetic of one promise as formulas of a spreadsheet: bounds, value, shares, pace.

They follow :mod:`corridor_model.assessment` question by question, so that a changed figure,
baseline or split changes what follows from it. Which figures are current, and whether a target
was withdrawn, stand beside them as words: a spreadsheet is not asked what was due.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.assessment.case import (
    Case,
    When,
    around_date,
    is_projected,
    of_count,
    only_rises,
)
from corridor_model.codes import REASONS
from corridor_model.messages import Translator
from corridor_model.observations.semantics import CUMULATIVE_METHOD, is_flow
from corridor_model.periods import MONTHS, in_years, month_end, year_before, year_end
from corridor_model.plan.measures import measures
from corridor_model.plan.promises import is_sum_of_years
from corridor_model.report.figure_sheet import Figures
from corridor_model.report.spreadsheet import DASH, points_between, quoted, verdict_words

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point

LEVELED = measures(value="level") | measures(value="change")
STEPPED = measures(value="additions")
GEOMETRIC = LEVELED | {"cumulative"}
_FUZZ = "4E-15"
"""Sixteen roundings of a double, within which a target counts as touched (S3)."""

Number = float | str
"""A constant, or the formula of a cell."""


def is_number(cell: str) -> str:
    """Return the formula of whether a cell holds a number."""
    return f"ISNUMBER({cell})"


def within(value: str, bound: str, side: int, is_open: bool = False) -> str:
    """Return the formula of whether a value meets a minimum (1) or a maximum (-1) (S3)."""
    away = f"{value}-{bound}" if side > 0 else f"{bound}-{value}"
    fuzz = f"{_FUZZ}*MAX(ABS({value}),ABS({bound}))"
    return f"{away}>{fuzz}" if is_open else f"{away}>=-{fuzz}"


def rate(first: str, last: str, years: str) -> str:
    """Return the guarded formula of a yearly rate: (-2)^(1/3) is a number in no office."""
    return f"IF(AND({first}>0,{last}>=0,{years}>0),({last}/{first})^(1/({years}))-1,{quoted(DASH)})"


def of_sum(total: str, years: str) -> str:
    """Return the rate at which 1 a year before adds up to a total over some years (累计法).

    The sum of (1 + r)^i over i = 1..n is the value at the end of n payments of 1 at the
    beginning of each year.
    """
    return f"RATE({years},-1,0,{total},1)"


@dataclass
class PromiseValues:
    """One promise, its case and where its figures stand.

    Attributes
    ----------
    case : Case
        From the assessment.
    history : History
        Of its indicator.
    figures : Figures
        Where formulas look figures up.
    when : When
        The period.
    t : Translator
        Whose words the formulas speak.
    at : callable
        Returns the cell of a column in the promise's line.
    names : mapping of str to str
        Names of cells: moment, thresholds, columns of baselines.
    split : str
        The cell of this year's own target, or empty.
    of : str
        The indicator whose figures count: its own, or that which sets its bound.
    """

    case: Case
    history: History
    figures: Figures
    when: When
    t: Translator
    at: Callable[[str], str]
    names: Mapping[str, str]
    split: str = ""
    of: str = ""

    def __post_init__(self) -> None:
        self.of = self.of or self.case.promise.of
        self.words = verdict_words(self.t)
        self.is_change = self.case.measure.value == "change"
        self.is_chained = self.is_change and self.case.base_origin == "definition"
        counts = of_count(self.case, self.history)
        # from the date on the figures about it, which may decide for it
        self.about_date = (
            around_date(self.case, counts) if self.when.moment >= self.case.due else None
        )
        self.is_summed = is_sum_of_years(self.case.kind, self.case.promise.series_kind)

    # Words.

    def word(self, status: str) -> str:
        """Return a verdict as a formula has it."""
        return quoted(self.words[status])

    def reason(self, code: str) -> str:
        """Return why something is not assessable as a formula has it."""
        return quoted(self.t.of(REASONS[code]))

    @property
    def state(self) -> str:
        """Why nothing can be said, whatever the figures are; empty where something can."""
        case = self.case
        if case.withdrawn:
            return "target_revised"
        if case.state and case.state != "no_baseline":
            return case.state
        return case.unbounded

    # Start, bounds, moments.

    def base(self) -> Number:
        """Return the start in the unit of the series."""
        case = self.case
        if case.kind in {"annual", "growth", "milestone", "qualitative"}:
            return DASH
        if self.is_chained or self.is_summed:
            # a level of the indicator is no start of what adds up from nothing
            return DASH if case.base is None else case.base
        name, dash = quoted(self.of), quoted(DASH)
        at = f"MATCH({name},{self.names['baseline_indicator']},0)"
        own = f"INDEX({self.names['baseline_value']},{at})"
        other: str = dash
        baseline = case.promise.baseline
        used = baseline is not None and case.base == baseline.value
        if case.base is not None and not used and case.start is not None:
            point = self._point(year_end(year_before(case.start)))
            formula = None if point is None else self.figures.of_point(self.of, point)
            if formula is None:
                return case.base
            other = formula
        valid = f"ISNUMBER({own})"
        if case.promise.base_year is not None:
            year = self._base_year_cell()
            valid = f"AND({valid},{year}={case.promise.base_year})"
        if case.kind == "relative_change":
            valid = f"AND({valid},N({own})>0)"  # nothing is a percentage of 0 or of a loss
        return f"IF({valid},{own},{other})"

    def _base_year_cell(self) -> str:
        name = quoted(self.of)
        return (
            f"INDEX({self.names['baseline_year']},MATCH({name},"
            f"{self.names['baseline_indicator']},0))"
        )

    def start(self) -> Number:
        """Return the moment of the start, in years."""
        case = self.case
        baseline = case.promise.baseline
        if case.kind == "growth" or self.is_chained or self.is_summed:
            return DASH if case.start is None else float(in_years(case.start))
        if case.base is None or (baseline is not None and case.base == baseline.value):
            year = self._base_year_cell()
            return f"IF({is_number(self.at('base_level'))},{year},{quoted(DASH)})"
        return DASH if case.start is None else float(in_years(case.start))

    def bounds(self) -> tuple[Number, Number]:
        """Return minimum and maximum in the unit of the series, as they stand for the start."""
        return self._bound("lower", "upper", 1), self._bound("upper", "lower", -1)

    def _bound(self, own: str, other: str, side: int) -> Number:
        case, cell = self.case, self.at(own)
        raw = self.printed_bounds[0 if side > 0 else 1]
        if raw is None:
            return ""
        if case.kind == "relative_change" and case.base is None:
            return raw  # there is no level of it
        level = self._level(cell)
        promise = case.promise
        counts = case.measure.value in {"additions", "year"}
        if (
            self.printed_bounds[1 if side > 0 else 0] is None
            or promise.sense != "range"
            or promise.beyond == "broken"
            or case.limit
        ):
            return level
        base, far = self.at("base_level"), self._level(self.at(other))
        if counts:
            return level if side > 0 else '""'
        # beyond the far end a range is met: that end is no bound then (S4)
        gone = f"{base}>{far}" if side > 0 else f"{base}<{far}"
        if promise.beyond == "met":
            gone = f"{base}>{far}" if side > 0 else f"NOT({base}>{level})"
            return f'IF({is_number(base)},IF({gone},"",{level}),{level})'
        return f'IF({is_number(base)},IF({gone},"",{level}),{level})'

    @property
    def printed_bounds(self) -> tuple[float | None, float | None]:
        """Minimum and maximum in the promise's own terms."""
        case = self.case
        lower, upper = case.lower, case.upper
        if case.far_end is not None:
            lower, upper = (case.far_end, upper) if lower is None else (lower, case.far_end)
        if self.is_change:
            lower = None if lower is None else case.printed(lower)
            upper = None if upper is None else case.printed(upper)
        return lower, upper

    def _level(self, cell: str) -> str:
        """Return a change as the level it means (S4)."""
        case = self.case
        if not self.is_change:
            return cell
        if self.is_chained:
            return f"{case.zero!r}+{cell}/{case.scale!r}"
        base = self.at("base_level")
        if case.kind == "change":
            return f"({base}+{cell})"
        return f"({base}*(1+{cell}/100))"

    def limit(self) -> Number:
        """Return 1 where the promise is kept by holding, by its start where that decides (S19)."""
        case = self.case
        promise = case.promise
        by_start = (
            case.measure.limit != "never"
            and promise.role is None
            and case.measure.value == "level"
            and promise.relative_to is None
        )
        if not by_start:
            return int(case.limit)
        base = self.at("base_level")
        low, high = self.printed_bounds
        tests = []
        if low is not None:
            tests.append(f"{base}>{'' if case.lower_open else '='}{self.at('lower')}")
        if high is not None:
            tests.append(f"{base}<{'' if case.upper_open else '='}{self.at('upper')}")
        capped = int(promise.sense in {"at_most", "below"})
        if not tests:
            return int(case.limit)
        return f"IF({is_number(base)},IF(AND({','.join(tests)}),1,0),{capped})"

    # Figures.

    def _point(self, moment: float) -> Point | None:
        """Return the figure of a moment; within a year that is due the parts of it, too."""
        about = self.about_date
        dated = [] if about is None else [*about.earlier, about.of_date, *about.later]
        points = [p for p in (*self.case.points, *dated) if p is not None]
        return next((p for p in points if month_end(p.year, p.months) == moment), None)

    def _figure(self, point: Point) -> str | None:
        """Return the formula of a figure as a level of the series."""
        case = self.case
        if point.measure == "change" and self.is_change:
            formula = self.figures.of_point(self.of, point, case.printed(point.value))
            if formula is None:
                return None
            if self.is_chained:
                return f"{case.zero!r}+{formula}/{case.scale!r}"
            base = self.at("base_level")
            return f"{base}+{formula}" if case.kind == "change" else f"{base}*(1+{formula}/100)"
        if point.measure == "growth" and case.kind != "growth":
            return self._index(point.year)
        return self.figures.of_point(self.of, point)

    def _index(self, year: int) -> str | None:
        """Return the formula of an index chained from yearly growths."""
        case = self.case
        if case.start is None:
            return None
        factors, value = [], case.zero
        growths = {p.year: p for p in self.history.growths}
        for one in range(year_before(case.start) + 1, year + 1):
            point = growths.get(one)
            formula = None if point is None else self.figures.of_point(self.of, point)
            if point is None or formula is None:
                return None
            factors.append(f"(1+{formula}/100)")
            value *= 1 + point.value / 100
        reached = next((p.value for p in case.points if p.year == year), None)
        if reached is None or not math.isclose(value, reached, rel_tol=1e-12):
            return None
        return f"{case.zero!r}*{'*'.join(factors)}"

    def reported(self) -> tuple[Number, bool]:
        """Return the latest figure, and whether it follows the figures of the sheet."""
        case = self.case
        if case.reported is None:
            return DASH, True
        if case.reported_bound:
            return case.reported, False
        if case.kind == "growth":
            return self._average()
        if case.kind == "milestone":
            point = next(
                (p for p in self.history.done if month_end(p.year, p.months) == case.at), None
            )
            formula = None if point is None else self.figures.of_point(self.of, point)
            return (case.reported, False) if formula is None else (formula, True)
        point = self._point(case.at)
        formula = None if point is None else self._figure(point)
        return (case.reported, False) if formula is None else (formula, True)

    def _average(self) -> tuple[Number, bool]:
        """Return the average growth since the start in percent."""
        case, promise = self.case, self.case.promise
        assert case.reported is not None
        cumulative = promise.average_method == CUMULATIVE_METHOD
        if case.method == "reported":
            point = next(
                (p for p in self.history.averages if month_end(p.year, p.months) == case.at), None
            )
            formula = None if point is None else self.figures.of_point(self.of, point)
            return (case.reported, False) if formula is None else (formula, True)
        levels = self.levels()
        if levels is None:
            return case.reported, False
        n = len(levels)
        if cumulative:
            return f"100*{of_sum('+'.join(levels), str(n))}", True
        return f"100*(({levels[-1]})^(1/{n})-1)", True

    def levels(self) -> list[str] | None:
        """Return the level of each year since the start of a growth, 1 at the start."""
        case, promise = self.case, self.case.promise
        assert case.start is not None
        first, last = year_before(case.start) + 1, year_before(case.at)
        if case.method.startswith("chained_growth"):
            growths = {p.year: p for p in self.history.growths}
            factors, levels = [], []
            for year in range(first, last + 1):
                point = growths.get(year)
                formula = None if point is None else self.figures.of_point(self.of, point)
                if formula is None:
                    return None
                factors.append(f"(1+{formula}/100)")
                levels.append("*".join(factors))
            return levels
        if not case.method.startswith("levels"):
            return None
        baseline = promise.baseline
        points = {p.year: p for p in self.history.points if p.months == MONTHS}
        base: str | None = None
        if first - 1 in points:
            base = self.figures.of_point(self.of, points[first - 1])
        elif baseline is not None and baseline.year == first - 1:
            name = quoted(self.of)
            base = (
                f"INDEX({self.names['baseline_value']},"
                f"MATCH({name},{self.names['baseline_indicator']},0))"
            )
        if base is None:
            return None
        if not all(year in points for year in range(first, last + 1)):
            if last not in points or promise.average_method == CUMULATIVE_METHOD:
                return None
            whole = self.figures.of_point(self.of, points[last])
            n = last - first + 1
            if whole is None:
                return None
            return [*(["1"] * (n - 1)), f"({whole}/{base})"]
        levels = []
        for year in range(first, last + 1):
            formula = self.figures.of_point(self.of, points[year])
            if formula is None:
                return None
            levels.append(f"({formula}/{base})")
        return levels

    def actual(self) -> str:
        """Return the latest figure as the promise speaks of it."""
        cell = self.at("reported")
        if not self.is_change:
            return cell
        return f"IF({is_number(cell)},{self._printed(cell)},{quoted(DASH)})"

    def _printed(self, cell: str) -> str:
        case = self.case
        if self.is_chained:
            return f"({cell}-{case.zero!r})*{case.scale!r}"
        if case.kind == "relative_change" and case.base is None:
            return cell
        base = self.at("base_level")
        return f"{cell}-{base}" if case.kind == "change" else f"({cell}-{base})*100/{base}"

    def season(self) -> Number:
        """Return the share of the year that a part of it is held to be (S17)."""
        case = self.case
        flow = is_flow(case.promise)
        point = self._point(case.at) if case.reported is not None else None
        if not flow or point is None or point.months == MONTHS:
            return DASH
        months = point.months
        past = [
            (part, whole)
            for whole in self.history.points
            if whole.year < point.year and whole.months == MONTHS and whole.value > 0
            for part in self.history.part_years.get(whole.year, ())
            if part.months == months and part.value > 0
        ]
        if not past:
            return f"{months}/{MONTHS}"
        shares = []
        for part, whole in past:
            pair = [self.figures.of_point(self.of, one) for one in (part, whole)]
            if None in pair:
                return sum(p.value / w.value for p, w in past) / len(past)
            shares.append(f"{pair[0]}/{pair[1]}")
        return f"({'+'.join(shares)})/{len(shares)}"

    def _candidates(self) -> tuple[Point | None, Point | None] | None:
        """Return the figures before and after the date that may decide; None where one of it does.

        What only rises had reached by the date what an earlier figure had, and had not reached
        what a later one has not (S20).
        """
        case, about = self.case, self.about_date
        if about is None or about.of_date is not None or case.decided is not None:
            return None
        least = next((p for p in reversed(about.earlier) if only_rises(case, p)), None)
        most = next((p for p in about.later if only_rises(case, p)), None)
        bounded = case.lower is not None or case.upper is not None
        return (least, most) if bounded and (least or most) else None

    def _deciding(self) -> tuple[str, str] | None:
        """Return the formulas of whether an earlier, or a later, figure decides."""
        pair, case = self._candidates(), self.case
        if pair is None:
            return None

        def keeps(point: Point, side: int) -> str:
            key, is_open = ("low", case.lower_open) if side > 0 else ("high", case.upper_open)
            return within(f"({self.value_of(point)})", self.at(key), side, is_open)

        least, most = pair
        early = late = "FALSE"
        if least is not None:
            early = keeps(least, 1) if case.upper is None else f"NOT({keeps(least, -1)})"
        if most is not None:
            late = keeps(most, -1) if case.lower is None else f"NOT({keeps(most, 1)})"
        if least is not None and most is not None and None not in {case.lower, case.upper}:
            sides = [keeps(least, 1), keeps(most, 1), keeps(most, -1)]
            early = f"OR({early},AND({','.join(sides)}))"
        return early, late

    def value_of(self, point: Point) -> str:
        """Return the formula of a figure; the number where it has none."""
        return self._figure(point) or repr(float(point.value))

    def _by_date(self, of_point: Callable[[Point], str], otherwise: str) -> str | None:
        """Return a formula that takes what belongs to the figure that decides the date."""
        pair, tests = self._candidates(), self._deciding()
        if pair is None or tests is None:
            return None
        first, second = (otherwise if p is None else of_point(p) for p in pair)
        return f"IF({tests[0]},{first},IF({tests[1]},{second},{otherwise}))"

    def now(self) -> Number:
        """Return the moment of the figure that is compared, in years."""
        case = self.case
        if math.isnan(case.now):
            return DASH
        fixed = float(in_years(case.now))
        pair = self._by_date(
            lambda p: repr(float(in_years(month_end(p.year, p.months)))), repr(fixed)
        )
        return fixed if pair is None else pair

    def value(self) -> tuple[Number, bool]:
        """Return what is compared: the full year of a part of it; at the date, that of it."""
        case, reported = self.case, self.at("reported")
        # what came later says nothing of the date, what is projected is no figure of the sheet
        late = bool(self.about_date and self.about_date.later) or case.value is None
        otherwise = repr(case.value) if is_projected(case) else reported
        dated = self._by_date(
            lambda p: f"({self.value_of(p)})", quoted(DASH) if late else otherwise
        )
        if dated is not None:
            return dated, True
        if case.value is None:
            return DASH, True
        if case.method in {"seasonal_share", "elapsed_time"} and case.kind in LEVELED:
            season = self.at("season")
            return f"IF({is_number(reported)},{reported}/{season},{quoted(DASH)})", True
        if case.kind == "growth" or case.now == case.at:
            return reported, True
        point = self._point(case.now)
        if point is None and case.start == case.now:
            return self.at("base_level"), True
        formula = None if point is None else self._figure(point)
        return (case.value, False) if formula is None else (formula, True)

    # What follows from them.

    def met(self, value: str) -> str:
        """Return the formula of whether a value lies within the bounds."""
        case = self.case
        low, high = self.printed_bounds
        tests = []
        for raw, key, side, is_open in (
            (low, "low", 1, case.lower_open),
            (high, "high", -1, case.upper_open),
        ):
            if raw is None:
                continue
            bound = self.at(key)
            tests.append(f"IF({is_number(bound)},{within(value, bound, side, is_open)},TRUE)")
        if not tests:
            return "FALSE"
        return f"IF({is_number(value)},AND({','.join(tests)}),FALSE)"

    def goal(self) -> str:
        """Return the bound that a path from the start reaches first."""
        low, high = self.at("low"), self.at("high")
        base = self.at("base_level")
        lower, upper = self.printed_bounds
        if lower is None and upper is None:
            return DASH
        if lower is not None and upper is not None:
            both = f"AND({is_number(low)},{is_number(high)},{is_number(base)})"
            one = f"IF({is_number(low)},{low},{high})"
            return f"IF({both},IF({base}>{high},{high},{low}),{one})"
        return low if lower is not None else high

    def share(self) -> Number:
        """Return the part of the way that is done (目标实现程度)."""
        case, dash = self.case, quoted(DASH)
        value, base, low, high = (self.at(key) for key in ("value", "base_level", "low", "high"))
        if case.kind == "milestone":
            return f"IF({is_number(value)},IF({value}>=1,1,{dash}),{dash})"
        if case.kind == "annual":
            if case.share is None:
                return DASH
            bound = low if self.printed_bounds[0] is not None else high
            part = f"{value}/{bound}"
            part = f"MIN(1,{part})" if case.far_end is not None else part
            return f"IF(AND({is_number(value)},{is_number(bound)}),{part},{dash})"
        if case.kind not in LEVELED | STEPPED or case.unbounded:
            return DASH
        goal = self.at("goal")
        one = f"({value}-{base})/({goal}-{base})"
        lower, upper = self.printed_bounds
        if lower is not None and upper is not None:
            outside = f"MAX(0,{low}-{{x}},{{x}}-{high})"
            way, left = outside.format(x=base), outside.format(x=value)
            two = f"({way}-({left}))/({way})"
            one = f"IF(AND({is_number(low)},{is_number(high)}),{two},MIN(1,{one}))"
        known = f"AND({is_number(value)},{is_number(base)})"
        met, goal_met = self.at("base_met"), f"{goal}={base}"
        return f"IF({known},IF({met}=1,{dash},IF({goal_met},{dash},{one})),{dash})"

    def used(self) -> Number:
        """Return what a limit has used of its bound or room (S19)."""
        case, dash = self.case, quoted(DASH)
        value, base, low, high = (self.at(key) for key in ("value", "base_level", "low", "high"))
        lower, upper = self.printed_bounds
        if case.kind in {"growth", "milestone", "qualitative", "completion"} or case.unbounded:
            return DASH
        if self.limit() == 0:
            return DASH
        if case.kind == "annual":
            if not is_flow(case.promise) or upper is None:
                return DASH
            part = f"IF({high}>0,{value}/{high},{dash})"
            known = is_number(value)
        else:
            sides = []
            if upper is not None:
                sides.append((f"({high}-{base})", f"({value}-{base})"))
            if lower is not None:
                sides.append((f"({base}-{low})", f"({base}-{value})"))
            if len(sides) == 2:
                (room, used), (room2, used2) = sides
                part = (
                    f"IF({used}>={used2},IF({room}>0,{used}/{room},{dash}),"
                    f"IF({room2}>0,{used2}/{room2},{dash}))"
                )
            else:
                room, used = sides[0]
                part = f"IF({room}>0,{used}/{room},{dash})"
            known = f"AND({is_number(value)},{is_number(base)})"
        return f"IF({self.at('limit')}=1,IF({known},{part},{dash}),{dash})"

    def elapsed(self) -> Number:
        """Return the part of the time that is gone (S15, S17)."""
        case, dash = self.case, quoted(DASH)
        if case.kind == "annual":
            if case.elapsed is not None and is_flow(case.promise) and self.season() != DASH:
                return f"IF({is_number(self.at('season'))},{self.at('season')},{dash})"
            if case.elapsed is not None:
                return float(case.elapsed)
            return f"{self.when.period.month}/{MONTHS}"
        if case.kind in {"milestone", "qualitative"} or math.isinf(case.due):
            return DASH
        start, due, now = (self.at(key) for key in ("start", "due_at", "now"))
        current = case.state in {"", "no_baseline"} and not math.isnan(case.now)
        moment = now if current else self.names["moment"]
        if (tests := self._deciding()) is not None:
            moment = f"IF(OR({','.join(tests)}),{now},{self.names['moment']})"
        return (
            f"IF({is_number(start)},IF({due}>{start},"
            f"MAX(0,MIN(1,({moment}-{start})/({due}-{start}))),{dash}),{dash})"
        )

    def gap(self) -> Number:
        """Return the share less the time, of a limit the time less what is used."""
        case, dash = self.case, quoted(DASH)
        if case.kind not in LEVELED | STEPPED | {"annual"}:
            return DASH
        tests = self._deciding()
        if case.state not in {"", "no_baseline"} and tests is None:
            return DASH
        share, used, elapsed, limit = (self.at(k) for k in ("share", "used", "elapsed", "limit"))
        both = f"AND({is_number(share)},{is_number(elapsed)})"
        aim = f"IF({both},{points_between(share, elapsed)},{dash})"
        both = f"AND({is_number(used)},{is_number(elapsed)})"
        cap = f"IF({both},{points_between(elapsed, used)},{dash})"
        fixed = self.limit()
        gap = aim if fixed == 0 else cap if fixed == 1 else f"IF({limit}=1,{cap},{aim})"
        return gap if tests is None else f"IF(OR({','.join(tests)}),{gap},{dash})"

    def points(self) -> Number:
        """Return the distance to the bound, at least 0 where it is met, in the promise's unit."""
        case, dash = self.case, quoted(DASH)
        value, low, high = (self.at(key) for key in ("value", "low", "high"))
        lower, upper = self.printed_bounds
        if lower is None and upper is None:
            return DASH
        sides = []
        for raw, bound, away in (
            (lower, low, f"{value}-{low}"),
            (upper, high, f"{high}-{value}"),
        ):
            if raw is not None:
                sides.append(f"IF({is_number(bound)},{away},1E+300)")
        least = sides[0] if len(sides) == 1 else f"MIN({','.join(sides)})"
        scale = ""
        if case.kind == "relative_change" and not self.is_chained:
            scale = f"*100/{self.at('base_level')}"
        return f"IF({is_number(value)},({least}){scale},{dash})"

    def rate_left(self) -> Number:
        """Return the yearly growth that the time left needs."""
        case, dash = self.case, quoted(DASH)
        value, due, now = (self.at(key) for key in ("value", "due_at", "now"))
        if case.kind == "growth":
            return self._growth_left()
        if case.kind not in GEOMETRIC or case.unbounded or case.value is None:
            return DASH
        left = f"{due}-{now}"
        goal = self._next_goal()
        formula = self._still_open(f"IF({due}>{now},{rate(value, goal, left)},{dash})")
        if case.kind == "cumulative":
            base = self.at("base_level")
            formula = f"IF({is_number(base)},IF({base}>0,{formula},{dash}),{dash})"
        return f"IF({is_number(value)},{formula},{dash})"

    def _next_goal(self) -> str:
        """Return the bound that a path from now on reaches first."""
        value, low, high = (self.at(key) for key in ("value", "low", "high"))
        lower, upper = self.printed_bounds
        goal = self.at("goal")
        if lower is not None and upper is not None:
            goal = f"IF(AND({is_number(low)},{value}<{low}),{low},{goal})"
            return f"IF(AND({is_number(high)},{value}>{high}),{high},{goal})"
        return goal

    def step_left(self) -> Number:
        """Return the yearly step that the time left needs."""
        case, dash = self.case, quoted(DASH)
        if case.kind not in LEVELED | STEPPED or case.unbounded or case.value is None:
            return DASH
        value, due, now, base = (self.at(key) for key in ("value", "due_at", "now", "base_level"))
        amount = f"({self._next_goal()}-{value}){self._scale()}"
        known = is_number(value)
        if self._scale():
            known = f"AND({known},{is_number(base)})"
        step = self._still_open(f"IF({due}>{now},{amount}/({due}-{now}),{dash})")
        return f"IF({known},{step},{dash})"

    def _still_open(self, formula: str) -> str:
        """Return what the time left needs; nothing where a figure decides at the date already."""
        dash = quoted(DASH)
        if self.when.moment < self.case.due:
            return formula
        if (tests := self._deciding()) is not None:
            return f"IF(OR({','.join(tests)}),{dash},{formula})"
        return formula if self.case.state else dash

    def _scale(self) -> str:
        if self.case.kind != "relative_change" or self.is_chained:
            return ""
        return f"*100/{self.at('base_level')}"

    def _growth_left(self) -> Number:
        """Return the growth that the years left of an average need."""
        case, dash = self.case, quoted(DASH)
        if case.remaining is None or case.needed is None or case.value is None:
            return DASH
        left = in_years(case.due) - in_years(case.now)
        levels = self.levels() if case.method != "reported" else None
        target = f"{self.at('low' if self.printed_bounds[0] is not None else 'high')}/100"
        done = round(in_years(case.now) - in_years(case.start or 0))
        years = round(done + left)
        if case.promise.average_method == CUMULATIVE_METHOD and case.method != "reported":
            if levels is None:
                return case.remaining
            planned = "+".join(f"(1+{target})^{year}" for year in range(1, years + 1))
            rest = f"({planned}-({'+'.join(levels)}))"
            return f"IF({rest}<=0,-1,{of_sum(f'{rest}/({levels[-1]})', str(years - done))})"
        last = f"(1+{self.at('value')}/100)^{done}" if levels is None else f"({levels[-1]})"
        needed = f"((1+{target})^{years}/({last}))^(1/{left!r})-1"
        return f"IF({is_number(self.at('value'))},{needed},{dash})"
