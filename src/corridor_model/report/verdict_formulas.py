"""The verdict on one promise as a formula of a spreadsheet, question by question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corridor_model.assessment.case import is_projected, is_sum, of_each_year
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import MONTHS, year_end
from corridor_model.plan.promises import alternatives
from corridor_model.plan.records import bounds
from corridor_model.report.promise_formulas import PromiseValues, is_number, within
from corridor_model.report.spreadsheet import by_gap, points_between, quoted

if TYPE_CHECKING:
    from corridor_model.assessment.case import Case


class PromiseFormulas(PromiseValues):
    """One promise with its verdict, in the order of `corridor_model.assessment.verdicts`."""

    fixed: str = ""
    """The verdict as a text, where a published bound alone decides."""

    def judged(self) -> str:
        """Return the formula of the verdict, or of the reason why there is none."""
        case, when = self.case, self.when
        if case.withdrawn:
            return self.reason("target_revised")
        if case.unbounded in {"not_quantified", "no_date"}:
            return self.reason(case.unbounded)
        if case.kind == "milestone":
            return self._milestone()
        rest = self._at_date() if when.moment >= case.due else self._before_date()
        if when.moment < case.due and (broken := self._broken()):
            rest = f"IF({broken},{self.word('missed')},{rest})"
        missed = self._missed_years()
        return rest if missed is None else f"IF({missed},{self.word('missed')},{rest})"

    def _missed_years(self) -> str | None:
        """Return the formula of whether an earlier year of a yearly bound was missed."""
        case = self.case
        if case.kind != "annual":
            return None
        first = case.promise.from_year or self.when.first_year
        tests = []
        for point in of_each_year(case, self.history).points:
            if not (first <= point.year < case.year and point.months == MONTHS):
                continue
            formula = self.figures.of_point(self.of, point)
            if formula is None:
                return "TRUE" if case.missed else None
            low, high = self._printed_of_promise()
            for bound, side, is_open in (
                (low, 1, case.lower_open),
                (high, -1, case.upper_open),
            ):
                if bound is not None:
                    tests.append(f"NOT({within(f'({formula})', repr(bound), side, is_open)})")
        if case.missed and not tests:
            return "TRUE"
        return f"OR({','.join(tests)})" if tests else None

    def _printed_of_promise(self) -> tuple[float | None, float | None]:
        """Return the bounds of a yearly promise: earlier years were held to it, not to a split."""
        low, high = bounds(self.case.promise)
        if self.case.far_end is not None:
            return (None, high) if self.case.lower is None else (low, None)
        return low, high

    def _broken(self) -> str:
        """Return the formula of whether a sum has passed its upper bound for good."""
        case = self.case
        if case.kind not in {"cumulative", "annual"} or case.decided is not None:
            return "TRUE" if case.decided is False and case.upper is not None else ""
        if self.printed_bounds[1] is None:
            return ""
        if case.kind == "annual" and not is_flow(case.promise) and case.at < year_end(case.year):
            return ""
        value, high = self.at("value"), self.at("high")
        inside = within(value, high, -1, case.upper_open)
        return f"IF(AND({is_number(value)},{is_number(high)}),NOT({inside}),FALSE)"

    def _unsaid(self) -> str:
        """Return why nothing can be said, or an empty text."""
        return self.reason(self.state) if self.state else ""

    def _at_date(self) -> str:
        if (tests := self._deciding()) is not None and not self.case.unbounded:
            why = self.reason(self.case.state or "not_reported")
            met = f"IF({self.at('met')}=1,{self.word('achieved')},{self.word('missed')})"
            return f"IF(OR({','.join(tests)}),{met},{why})"
        if unsaid := self._unsaid():
            return unsaid
        if self.case.decided is not None:
            return self.word("achieved" if self.case.decided else "missed")
        met = f"IF({self.at('met')}=1,{self.word('achieved')},{self.word('missed')})"
        return f"IF({is_number(self.at('value'))},{met},{self._without_value()})"

    def _without_value(self) -> str:
        """Return why there is no value: of a change without a start that, else no figure."""
        if self.is_change and not self.is_chained:
            return self.reason("no_baseline")
        return self.reason("not_reported")

    def _before_date(self) -> str:
        fixed = self.limit()
        if fixed == 1:
            return self._limit()
        if fixed == 0:
            return self._aim()
        return f"IF({self.at('limit')}=1,{self._limit()},{self._aim()})"

    def _limit(self) -> str:
        case, words = self.case, self.words
        if unsaid := self._unsaid():
            return unsaid
        if case.kind == "growth":
            return self._growth()
        met, gap = f"{self.at('met')}=1", self.at("gap")
        if case.decided is not None:
            return self.word("on_schedule" if case.decided else "behind")
        behind = quoted(words["behind"])
        if case.measure.limit == "use":
            judged = by_gap(gap, self.names["ahead"], self.names["behind"], words)
            on = quoted(words["on_schedule"])
            kept = f"IF({is_number(gap)},{judged},{on})"
        else:
            value, base = self.at("value"), self.at("base_level")
            tests = []
            lower, upper = self.printed_bounds
            if upper is not None:
                tests.append(f"IF({is_number(self.at('high'))},{value}<={base},TRUE)")
            if lower is not None:
                tests.append(f"IF({is_number(self.at('low'))},{value}>={base},TRUE)")
            ahead, on = quoted(words["ahead"]), quoted(words["on_schedule"])
            kept = f"IF({is_number(base)},IF(AND({','.join(tests)}),{ahead},{on}),{on})"
        held = f"IF({met},{kept},{behind})"
        return f"IF({is_number(self.at('value'))},{held},{self.reason('not_reported')})"

    def _growth(self) -> str:
        case = self.case
        if unsaid := self._unsaid():
            return unsaid
        if case.decided is not None:
            return self.fixed
        gap = f"ROUND({self.at('points')},12)"
        judged = by_gap(gap, self.names["growth_ahead"], self.names["growth_behind"], self.words)
        return f"IF({is_number(self.at('points'))},{judged},{self.reason('not_reported')})"

    def _aim(self) -> str:
        case = self.case
        if case.kind == "growth":
            return self._growth()
        if case.decided is not None:
            return self.fixed
        met = f"{self.at('met')}=1"
        achieved = self.word("achieved")
        if unsaid := self._unsaid():
            return f"IF({met},{achieved},{unsaid})" if self._stays_met() else unsaid
        yearly = case.kind == "annual"
        rest = self._year() if yearly else self._way()
        best = self.word("ahead") if yearly and case.unknown else achieved
        return f"IF({self._kept()},{best},{rest})"

    def _kept(self) -> str:
        """Return whether a figure itself meets the bounds: a projected full year is none (S20)."""
        case = self.case
        if not is_projected(case):
            return f"{self.at('met')}=1"
        total = case.points[-1]
        figure = self._figure(total) if case.upper is None and is_sum(total) else None
        return "FALSE" if figure is None else self.met(f"({figure})")

    def _stays_met(self) -> bool:
        """Return whether what is met stays so, also where no figure is current."""
        case = self.case
        return bool(case.lasting) and case.value is not None and not case.withdrawn

    def _way(self) -> str:
        """Return the verdict by the way that is done."""
        base, start, now, due, value = (
            self.at(key) for key in ("base_level", "start", "now", "due_at", "value")
        )
        gap = points_between(self.at("share"), self.at("elapsed"))
        judged = by_gap(gap, self.names["ahead"], self.names["behind"], self.words)
        behind = self.word("behind")
        nowhere = f"OR({self.at('base_met')}=1,{base}={self.at('goal')})"
        steps = (
            f"IF(NOT({is_number(base)}),{self.reason('no_baseline')},"
            f"IF({now}<={start},{self.reason('not_due_yet')},"
            f"IF({nowhere},{behind},"
            f"IF({due}<={start},{self.reason('no_scale')},{judged}))))"
        )
        if self.is_change and not self.is_chained:
            return steps
        return f"IF({is_number(value)},{steps},{self.reason('not_reported')})"

    def _year(self) -> str:
        """Return the verdict on this year of a yearly bound."""
        case, missed = self.case, self.word("missed")
        if case.share is None or case.elapsed is None or case.at >= year_end(case.year):
            return missed
        value, high = self.at("value"), self.at("high")
        if not is_flow(case.promise):
            return self.word("behind")
        gap = points_between(self.at("share"), self.at("elapsed"))
        judged = by_gap(gap, self.names["ahead"], self.names["behind"], self.words)
        if self.printed_bounds[1] is not None:
            over = f"IF({is_number(high)},{value}>{high},FALSE)"
            judged = f"IF({over},{self.word('behind')},{judged})"
        return f"IF({is_number(self.at('share'))},{judged},{missed})"

    def _milestone(self) -> str:
        case, value = self.case, self.at("value")
        otherwise = self.reason(
            case.state or ("not_reported" if self.when.moment >= case.due else "not_due_yet")
        )
        if case.done is None:
            return otherwise
        if math.isnan(case.at) or case.reported is None:
            return self.word("missed") if case.at >= case.due else otherwise
        late = bool(case.met_late) or (not case.done and case.at > case.due)
        done = self.word("missed" if late else "achieved")
        undone = self.word("missed") if case.at >= case.due else otherwise
        return f"IF({is_number(value)},IF({value}>=1,{done},{undone}),{otherwise})"


def alternatives_of(cases: Sequence[Case]) -> dict[int, list[int]]:
    """Return by place the places of the other alternatives of a promise (S4)."""
    others: dict[int, list[int]] = {}
    for members in alternatives([case.promise for case in cases]):
        for place in members:
            others[place] = [one for one in members if one != place]
    return others
