"""A request as a mixed-integer programme: options, conditions, optimum, or what collides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from corridor_model._typing import Array, Integers, Mask
from corridor_model.arguments import holding, items
from corridor_model.errors import CorridorError
from corridor_model.formatting import readable
from corridor_model.messages import N_, Listing, Message, Name, message
from corridor_model.portfolio import request as logic
from corridor_model.portfolio.budget import Budget
from corridor_model.portfolio.request import ChoiceRequest
from corridor_model.portfolio.solver import Choice, Whole, best, maximise, whole
from corridor_model.scenario.money_under_delay import Scores, YearlyWork, end_of_work, yearly_work
from corridor_model.scenario.resolve import months_and_factor
from corridor_model.scenario.spending import LAST_YEAR
from corridor_model.scenario.work import Work
from corridor_model.units import MONEY


@dataclass(frozen=True)
class ChoiceModel:
    """A request as arrays."""

    request: ChoiceRequest
    options: Options
    conditions: tuple[Condition, ...]
    seconds: float
    gap: float

    @property
    def aims(self) -> list[Integers]:
        """What is maximised, one aim after another.

        First the objective. If money left over goes to the plan, then the planned investment
        carried out, the works kept as scheduled, and the works done at all. Last the least
        money and the fewest years of delay: nothing is spent for nothing. What is equal in
        all of that is decided by names alone.
        """
        options = self.options
        money = in_fen(options.spending.sum(axis=1)).numbers
        last = [-money, -np.abs(options.shift), self._by_name()]
        if self.request.leftover == "save":
            return [self.worth.numbers, *last]
        kept = (options.shift == 0).astype(np.int64)
        every = np.ones(len(options), dtype=np.int64)
        return [self.worth.numbers, self.carried.numbers, kept, every, *last]

    @cached_property
    def worth(self) -> Whole:
        """The objective as whole numbers."""
        return whole(self.options.value)

    @cached_property
    def carried(self) -> Whole:
        """Planned investment carried out in the budget's years, in whole fen."""
        return in_fen(self.options.carried)

    @property
    def rounding(self) -> int:
        """What rounding the objective to whole numbers may move in a choice: half a work each."""
        return 0 if self.worth.exact else len(self.request.works)

    def worth_of(self, chosen: Mask) -> int:
        """Return the objective of a choice as a whole number."""
        return int(self.worth.numbers @ chosen)

    def _by_name(self) -> Integers:
        """Return a number of each option that only its name and year make."""
        works, options = self.request.works, self.options
        pairs = zip(options.owner, options.begins, strict=True)
        keys = [f"{works[owner].id} {year}".encode() for owner, year in pairs]
        digests = [hashlib.sha256(key).digest()[:3] for key in keys]
        return np.array([int.from_bytes(d, "big") for d in digests], dtype=np.int64)

    def rows(self, extra: Sequence[tuple[Integers, int]] = ()) -> tuple[Integers, Integers]:
        """Return all conditions as one matrix, with further rows."""
        first, upper = once(self.request, self.options)
        parts = [first, *(condition.rows for condition in self.conditions)]
        limits = [upper, *(condition.upper for condition in self.conditions)]
        parts += [row[None, :] for row, _ in extra]
        limits += [np.array([limit]) for _, limit in extra]
        return np.vstack(parts), np.concatenate(limits)

    def under(self, budget: Budget) -> ChoiceModel:
        """Return the same model under other money."""
        request = self.request.with_budget(budget)
        return replace(
            self, request=request, conditions=tuple(conditions_of(request, self.options))
        )

    def within(self, seconds: float) -> ChoiceModel:
        """Return the same model with another time limit."""
        return replace(self, seconds=seconds)

    def best(self, extra: Sequence[tuple[Integers, int]] = ()) -> Choice | None:
        """Return the best choice, or None."""
        near: tuple[float, ...] = (
            () if self.request.leftover == "save" else (0.0, self.request.near)
        )
        rows, upper = self.rows(extra)
        # what must be done and can be done in one way only is no question
        must = self.settled()
        able = self.affordable() & ~must
        base = [int(aim @ must) for aim in self.aims]
        answer = best(
            [aim[able] for aim in self.aims],
            rows[:, able],
            upper - rows[:, must].sum(axis=1),
            near=near,
            base=base,
            slack=self.rounding,
            seconds=self.seconds,
            gap=self.gap,
        )
        if answer is None:
            return None
        _, choice = answer
        chosen = must.copy()
        chosen[able] = choice.chosen
        return replace(
            choice,
            chosen=chosen,
            objective=self.worth_of(chosen) / self.worth.per,
            bound=(int(choice.bound) + base[0]) / self.worth.per,
            levels=tuple(map(sum, zip(choice.levels, base, strict=True))),
        )

    def affordable(self) -> Mask:
        """Return which options fit the money by themselves; the others cannot matter."""
        able = np.ones(len(self.options), dtype=np.bool_)
        for condition in self.conditions:
            if condition.limit is not None:
                able &= condition.rows[0] <= max(int(condition.upper[0]), 0)
        return able

    def settled(self) -> Mask:
        """Return the options without which no choice is possible."""
        works, owner = self.request.works, self.options.owner
        once = np.bincount(owner, minlength=len(works)) == 1
        must = {*self.request.committed, *self.request.running}
        named = np.array([work.id in must for work in works], dtype=np.bool_)
        return np.asarray((named & once)[owner], dtype=np.bool_)

    def even(self, a: float, b: float) -> bool:
        """Return whether two values of the objective are equal up to rounding."""
        return abs(a - b) * self.worth.per <= self.rounding + 0.5


def choice_model(request: ChoiceRequest, seconds: float, gap: float) -> ChoiceModel:
    """Return a request as arrays."""
    options = options_of(request)
    return ChoiceModel(request, options, tuple(conditions_of(request, options)), seconds, gap)


def optimum(model: ChoiceModel) -> Choice:
    """Return the best choice.

    Raises
    ------
    InfeasibleError
        Naming the fewest conditions that collide.
    """
    choice = model.best()
    if choice is not None:
        return choice
    fixed = once(model.request, model.options)
    colliding = smallest_conflict(model.conditions, *fixed, seconds=model.seconds)
    projects = model.request.plan.projects.values()
    raise InfeasibleError(colliding, {p.id: Name(p.name("zh"), p.name("en")) for p in projects})


# Every way to do every work: when it begins, what it spends by year, what it is worth.


@dataclass(frozen=True)
class Options:
    """The options of a request, in the order of its works; o options, w works, y years.

    Attributes
    ----------
    years : ndarray, shape (y,)
        Every year in which any option spends.
    owner, shift, begins : ndarray, shape (o,)
        Place of the work, the years it moves, and the year it then begins in.
    spending : ndarray, shape (o, y)
        Expected 亿元, beyond what is sunk.
    carried : ndarray, shape (o,)
        Expected 亿元 of planned investment carried out in the budget's years; overruns do
        not add to it (S12).
    value : ndarray, shape (o,)
        Expected worth.
    end : ndarray, shape (o,)
        Median moment at which the work is over.
    sunk : ndarray, shape (w, y)
        亿元 spent before changes count; they stay whatever is chosen (S11).
    per : float
        Parts of an 亿元 in which money is whole: thousandths of a fen, so that a third of
        one is not lost; coarser where sums would not fit.
    """

    years: Integers
    owner: Integers
    shift: Integers
    begins: Integers
    spending: Array
    carried: Array
    value: Array
    end: Array
    sunk: Array
    per: float

    def __len__(self) -> int:
        return len(self.owner)

    def of(self, work: int) -> Integers:
        """Return the places of the options of one work."""
        return np.asarray(np.flatnonzero(self.owner == work), dtype=np.int64)


class WorkDraws:
    """Delay and cost factor of every work in every draw, keyed by name (S13)."""

    def __init__(self, request: ChoiceRequest, works: Sequence[Work] | None = None):
        self.request = request
        scores: Scores = {}
        at = (request.resolved, request.draws, request.seed, scores)
        known = request.works if works is None else works
        self.delay_and_factor = {w.id: months_and_factor(w, *at) for w in known}

    def end(self, work: Work, shift: int) -> Array:
        """Return the moment a work is over, moved by whole years, shape (n,) or (1,)."""
        return end_of_work(moved(work, shift), self.delay_and_factor[work.id][0])

    def earliest(self, work: Work, shift: int) -> float:
        """Return the first moment at which a work, moved by whole years, may run."""
        return moved(work, shift).timeline.earliest(work.mode, self.delay_and_factor[work.id][0])

    def money(self, work: Work, shift: int, bounds: Array) -> tuple[Array, Array]:
        """Return 亿元 spent, and carried out, by year in every draw, shape (years, n or 1)."""
        assert work.investment is not None
        escalation = self.request.resolved.escalation
        by_year: YearlyWork = yearly_work(
            moved(work, shift), *self.delay_and_factor[work.id], bounds, escalation
        )
        # what moves by whole years is dearer by as many years' price rise
        spent = work.investment * by_year.cost * (1 + escalation) ** shift
        return spent, work.investment * by_year.progress


def moved(work: Work, shift: int) -> Work:
    """Return a work whose schedule lies whole years later; delays come on top.

    Examples
    --------
    >>> import corridor_model as cm
    >>> work = cm.resolve(cm.load_plan()).work("binhai_avenue")
    >>> moved(work, 1).start - work.start
    12
    """
    return replace(work, start=work.start + 12 * shift, end=work.end + 12 * shift)


def options_of(request: ChoiceRequest) -> Options:
    """Return all options of a request.

    Raises
    ------
    CorridorError
        If a delay without an upper end reaches a far year.
    """
    draws = WorkDraws(request)
    pairs = [(i, w, k) for i, w in enumerate(request.works) for k in request.shifts[w.id]]
    ends = [draws.end(work, shift) for _, work, shift in pairs]
    years = _years(request, [draws.earliest(work, shift) for _, work, shift in pairs], ends)
    bounds = 12.0 * np.arange(years[0], years[-1] + 2)
    sunk = np.array([_sunk(work, bounds) for work in request.works]).reshape(-1, len(years))
    inside = (years >= request.budget.first) & (years <= request.budget.last)
    spending, carried = [], []
    for i, work, shift in pairs:
        spent, done = draws.money(work, shift, bounds)
        spending.append(spent.mean(axis=1) - sunk[i])
        carried.append(float(done[inside].mean(axis=1).sum()))
    worth = request.worth
    value = [worth.of(work.id, e).mean() for (_, work, _), e in zip(pairs, ends, strict=True)]
    return Options(
        years,
        np.array([i for i, _, _ in pairs], dtype=np.int64),
        np.array([k for _, _, k in pairs], dtype=np.int64),
        np.array([w.start // 12 + k for _, w, k in pairs], dtype=np.int64),
        np.array(spending).reshape(-1, len(years)),
        np.array(carried, dtype=np.float64),
        np.array(value, dtype=np.float64),
        np.array([float(np.median(e)) for e in ends]),
        sunk,
        _parts(sunk, spending),
    )


def _years(request: ChoiceRequest, begins: list[float], ends: list[Array]) -> Integers:
    about, last = request.plan.about, request.budget.last
    first = min([about.first_year, *(int(moment // 12) for moment in begins)])
    furthest = max([12.0 * (last + 1), *(float(e.max()) for e in ends)])
    until = int(np.ceil(furthest / 12 - 1e-9)) - 1
    if until > LAST_YEAR:
        raise CorridorError(
            N_("A delay reaches the year {year}. Use a distribution with an upper end."), year=until
        )
    return np.arange(first, until + 1)


def _sunk(work: Work, bounds: Array) -> Array:
    """Return what a work has spent by year before changes count."""
    assert work.investment is not None
    line = work.timeline
    return np.asarray(work.investment * np.diff(np.minimum(line.planned(bounds), line.sunk)))


# Money as whole numbers: budgets in fen, spending in parts of one.

FEN = 1e10
"""Of an 亿元."""
PARTS = 1000
"""Of a fen."""
DUST = 2
"""Parts of a fen by which a product of doubles may miss a whole one."""
LARGEST = 2.0**61
"""Above all sums of whole numbers."""


def in_fen(money: Array) -> Whole:
    """Return 亿元 in whole fen, half up; coarser where sums would not fit.

    Examples
    --------
    >>> in_fen(np.array([1.0001, 0.00000003])).numbers.tolist()
    [10001000000, 300]
    """
    size = float(np.abs(money).sum())
    per = FEN if size * FEN < LARGEST else float(f"1e{int(np.log10(LARGEST / size))}")
    return Whole(np.floor(money * per + 0.5 + 1 / PARTS).astype(np.int64), per, False)


def _parts(sunk: Array, spending: Sequence[Array]) -> float:
    size = float(np.abs(sunk).sum()) + sum(float(np.abs(row).sum()) for row in spending)
    fine = FEN * PARTS
    return fine if size * fine < LARGEST / 8 else float(f"1e{int(np.log10(LARGEST / 8 / size))}")


def _whole_money(money: Array, per: float) -> Integers:
    """Return 亿元 in whole parts; what is a whole fen but for binary dust is one."""
    parts = np.floor(money * per + 0.5)
    if per == FEN * PARTS:
        fen = np.floor(parts / PARTS + 0.5) * PARTS
        parts = np.where(np.abs(parts - fen) <= DUST, fen, parts)
    return parts.astype(np.int64)


def parts_of_fen(per: float) -> int:
    """Return the parts in the smallest money that is told apart: a fen, or one of them."""
    return PARTS if per == FEN * PARTS else 1


def in_parts(money: float, per: float) -> int:
    """Return a limit, rounded to whole fen, in parts."""
    step = parts_of_fen(per)
    return int(np.floor(min(money * per / step, LARGEST / step) + 0.5)) * step


# The conditions of a choice as rows of a programme.


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition.

    Attributes
    ----------
    kind : str
        ``budget``, ``total``, ``cap``, ``committed``, ``running``, ``requires``, ``excludes``
        or ``same_year``.
    names : tuple of str
        Works, or the category or unit of a cap.
    year : int or None
        Of a yearly budget or cap.
    limit : float or None
        亿元.
    rows : ndarray of int, shape (r, o)
        Coefficients; of money in the parts that the options name.
    upper : ndarray of int, shape (r,)
        Right-hand sides.
    room : int
        Of a money condition: the limit without what is spent already, in parts; what
        ``upper`` has beyond it is rounding.
    """

    kind: str
    names: tuple[str, ...]
    year: int | None
    limit: float | None
    rows: Integers
    upper: Integers
    room: int = 0

    def message(self, names: Mapping[str, Name] | None = None) -> Message:
        """Return the condition in words; ``names`` are those of the works, by id."""
        works = [(names or {}).get(name, name) for name in self.names]
        fields = {
            "year": self.year,
            "money": "" if self.limit is None else readable(self.limit),
            "unit": MONEY,
            "works": Listing(works),
        }
        match self.kind:
            case "budget":
                return message("budget of {year}: {money} {unit}", **fields)
            case "total":
                return message("budget in all: {money} {unit}", **fields)
            case "cap" if self.year is None:
                return message("cap of {works}: {money} {unit}", **fields)
            case "cap":
                return message("cap of {works} {year}: {money} {unit}", **fields)
            case "committed":
                return message("committed: {works}", **fields)
            case "running":
                return message("already running: {works}", **fields)
            case "requires":
                return message("{first} requires {second}", first=works[0], second=works[-1])
            case "excludes":
                return message("at most one of {works}", **fields)
        return message("same year: {works}", **fields)

    def text(self, lang: str = "en") -> str:
        """Return the condition in ``"zh"`` or ``"en"``."""
        return self.message().text(lang)


def conditions_of(request: ChoiceRequest, options: Options) -> list[Condition]:
    """Return every condition of a request."""
    place = {work.id: i for i, work in enumerate(request.works)}
    done = np.array([options.owner == i for i in range(len(place))], dtype=np.int64)
    conditions = money_conditions(request, options, request.budget)
    for kind, names in (("committed", request.committed), ("running", request.running)):
        for name in names:
            conditions.append(
                Condition(kind, (name,), None, None, -done[[place[name]]], np.array([-1]))
            )
    for link in request.links:
        at = [place[name] for name in link.works]
        conditions.append(
            Condition(link.kind, link.works, None, None, *_linked(link, at, done, options))
        )
    return conditions


def once(request: ChoiceRequest, options: Options) -> tuple[Integers, Integers]:
    """Return the rows that let each work be done at most once."""
    works = np.arange(len(request.works))
    once_each = (options.owner == works[:, None]).astype(np.int64)
    return once_each, np.ones(len(works), dtype=np.int64)


def money_conditions(request: ChoiceRequest, options: Options, budget: Budget) -> list[Condition]:
    """Return the yearly budgets, the total, and the caps of groups."""
    everyone = np.ones(len(request.works), dtype=bool)
    rows = [
        _spent(request, options, everyone, "budget", (), year, money)
        for year, money in budget.yearly.items()
    ]
    if budget.total is not None:
        rows.append(_spent(request, options, everyone, "total", (), None, budget.total))
    for cap in budget.caps:
        within = np.array([work.id in cap.works for work in request.works], dtype=bool)
        for year, money in cap.yearly.items():
            rows.append(_spent(request, options, within, "cap", (cap.name,), year, money))
        if cap.total is not None:
            rows.append(_spent(request, options, within, "cap", (cap.name,), None, cap.total))
    return [row for row in rows if row is not None]


def _spent(
    request: ChoiceRequest,
    options: Options,
    within: Mask,
    kind: str,
    names: tuple[str, ...],
    year: int | None,
    limit: float,
) -> Condition | None:
    """Return the row that keeps the money of some works in some years under a limit."""
    if np.isinf(limit):
        return None
    budget = request.budget
    years = (
        options.years == year
        if year is not None
        else (options.years >= budget.first) & (options.years <= budget.last)
    )
    row = _whole_money(options.spending[:, years].sum(axis=1), options.per)
    row = row * within[options.owner]
    # what each work has spent is rounded by itself, as what it will spend is
    sunk = int(_whole_money(options.sunk[within][:, years].sum(axis=1), options.per).sum())
    if not limit and not row.any() and not sunk:
        return None  # nothing is spent there at all
    room = in_parts(limit, options.per) - sunk
    # a sum is compared when it is rounded to whole fen: three thirds of an 亿元 are one, though
    # each work may have been rounded by half a part
    step = parts_of_fen(options.per)
    upper = room + min(step // 2 + len(request.works), step - 1)
    return Condition(kind, names, year, limit, row[None, :], np.array([upper]), room)


def _linked(
    link: logic.Link, at: list[int], done: Integers, options: Options
) -> tuple[Integers, Integers]:
    if link.kind == logic.REQUIRES:
        return (done[at[0]] - done[at[1]])[None, :], np.zeros(1, dtype=np.int64)
    if link.kind == logic.EXCLUDES:
        return done[at].sum(axis=0)[None, :], np.ones(1, dtype=np.int64)
    rows = []
    for year in np.unique(options.begins):
        each = done[at] * (options.begins == year)
        rows += [sign * (each[0] - other) for other in each[1:] for sign in (1, -1)]
    return np.array(rows), np.zeros(len(rows), dtype=np.int64)


# Why nothing is possible: the fewest conditions that already collide.


class InfeasibleError(CorridorError):
    """No choice meets all conditions.

    Attributes
    ----------
    constraints : tuple of Condition
        The fewest conditions that collide: without any one of them the others can be met.
    """

    def __init__(self, constraints: Sequence[Condition], names: Mapping[str, Name]):
        self.constraints = tuple(items("constraints", constraints))
        for one in self.constraints:
            holding("constraints", one, "Condition", "message")
        super().__init__(
            N_(
                "No choice meets all conditions. These {n} collide: {conditions}. "
                "Relax one of them."
            ),
            n=len(self.constraints),
            conditions=Listing(
                [condition.message(names) for condition in self.constraints], zh="；", en="; "
            ),
        )


def smallest_conflict(
    conditions: Sequence[Condition], rows: Integers, upper: Integers, *, seconds: float = 60.0
) -> tuple[Condition, ...]:
    """Return the fewest conditions that cannot be met together.

    Parameters
    ----------
    conditions : sequence of Condition
        Conditions that could be given up; together they cannot be met.
    rows, upper : ndarray
        What always holds: each work once.
    seconds : float
        Limit for each programme.

    References
    ----------
    Ignatiev, Previti, Liffiton and Marques-Silva (2015), Smallest MUS extraction with minimal
    hitting set dualization, CP 2015, LNCS 9255, 173-182.
    """
    sets: list[Mask] = []
    while True:
        kept = _hitting(sets, len(conditions), seconds)
        broken = _broken(conditions, kept, rows, upper, seconds)
        if broken is None:
            return tuple(one for one, keep in zip(conditions, kept, strict=True) if keep)
        sets.append(broken)


def _hitting(sets: list[Mask], count: int, seconds: float) -> Mask:
    """Return a smallest set that meets all others; between equals the earlier ones."""
    if not sets:
        return np.zeros(count, dtype=bool)
    # the places come to less than one condition in all: they only decide between equals
    cost = count * count + np.arange(count)
    rows = -np.array(sets, dtype=np.int64)
    solution = maximise(-cost, rows, -np.ones(len(sets), dtype=np.int64), seconds=seconds)
    if solution.x is None or not solution.proven:
        raise CorridorError(
            N_("No choice meets all conditions, and which of them collide was not found in time.")
        )
    return np.asarray(solution.x > 0)


def _broken(
    conditions: Sequence[Condition],
    kept: Mask,
    rows: Integers,
    upper: Integers,
    seconds: float,
) -> Mask | None:
    """Return the fewest conditions that go when others are kept; None if those cannot be kept."""
    options, count = rows.shape[1], len(conditions)
    parts = [np.hstack([rows, np.zeros((len(rows), count), dtype=np.int64)])]
    limits = [upper]
    for place, condition in enumerate(conditions):
        slack = np.zeros((len(condition.rows), count), dtype=np.int64)
        if not kept[place]:
            # enough for any choice, so that the condition no longer binds
            most = np.clip(condition.rows, 0, None).sum(axis=1) - condition.upper
            slack[:, place] = -np.maximum(most, 0)
        parts.append(np.hstack([condition.rows, slack]))
        limits.append(condition.upper)
    aim = np.concatenate([np.zeros(options, np.int64), np.full(count, -1)])
    solution = maximise(aim, np.vstack(parts), np.concatenate(limits), seconds=seconds)
    if solution.infeasible:
        return None
    if solution.x is None:
        raise CorridorError(N_("Which conditions collide was not found in time."))
    return np.asarray((solution.x[options:] > 0) & ~kept)
