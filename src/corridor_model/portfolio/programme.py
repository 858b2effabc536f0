"""A question answered: the best choice, the next best, other budgets, one more 亿元."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor_model._typing import Array, Integers, Mask
from corridor_model.errors import CorridorError
from corridor_model.formatting import readable
from corridor_model.portfolio import question as logic
from corridor_model.portfolio.budget import Budget
from corridor_model.portfolio.question import Question
from corridor_model.portfolio.solver import EVEN, Choice, best, minimise
from corridor_model.scenario.resolve import months_and_factor
from corridor_model.scenario.spending import LAST_YEAR
from corridor_model.scenario.work import Drawn, Scores, Work, drawn, end_of_work


@dataclass(frozen=True)
class Problem:
    """A question as arrays."""

    question: Question
    options: Options
    rules: tuple[Rule, ...]
    seconds: float
    gap: float

    @property
    def aims(self) -> list[Array]:
        """What is maximised, one aim after another.

        First the objective. If money left over goes to the plan, then the planned investment
        carried out, the works kept as scheduled, and the works done at all. Last the least
        money and the fewest years of delay: nothing is spent for nothing. What is equal in
        all of that is decided by names alone.
        """
        options = self.options
        late = -np.abs(options.shift).astype(np.float64)
        last = [-options.spending.sum(axis=1), late, self._by_name()]
        if self.question.leftover == "save":
            return [options.value, *last]
        kept = (options.shift == 0).astype(np.float64)
        return [options.value, options.carried, kept, np.ones(len(options)), *last]

    def _by_name(self) -> Array:
        """Return a number of each option within 0 and 1 that only its name and year make."""
        works, options = self.question.works, self.options
        pairs = zip(options.owner, options.begins, strict=True)
        keys = [f"{works[owner].id} {year}".encode() for owner, year in pairs]
        digests = [hashlib.sha256(key).digest()[:6] for key in keys]
        return np.array([int.from_bytes(d, "big") / 2**48 for d in digests], dtype=np.float64)

    def rows(self, extra: Sequence[tuple[Array, float]] = ()) -> tuple[Array, Array]:
        """Return all conditions as one matrix, with further rows."""
        first, upper = once(self.question, self.options)
        parts = [first, *(rule.rows for rule in self.rules)]
        limits = [upper, *(rule.upper for rule in self.rules)]
        parts += [row[None, :] for row, _ in extra]
        limits += [np.array([limit]) for _, limit in extra]
        return np.vstack(parts), np.concatenate(limits)

    def under(self, budget: Budget) -> Problem:
        """Return the same problem under other money."""
        question = self.question.with_budget(budget)
        made = tuple(rules_of(question, self.options))
        return Problem(question, self.options, made, self.seconds, self.gap)

    def within(self, seconds: float) -> Problem:
        """Return the same problem with another time limit."""
        return Problem(self.question, self.options, self.rules, seconds, self.gap)

    def best(self, extra: Sequence[tuple[Array, float]] = ()) -> Choice | None:
        """Return the best choice, or None."""
        near: tuple[float, ...] = (
            () if self.question.leftover == "save" else (0.0, self.question.near)
        )
        rows, upper = self.rows(extra)
        able = self.affordable()
        aims = [aim[able] for aim in self.aims]
        asked = best(aims, rows[:, able], upper, near=near, seconds=self.seconds, gap=self.gap)
        if asked is None:
            return None
        chosen = np.zeros(len(able), dtype=bool)
        chosen[able] = asked.chosen
        return replace(asked, chosen=chosen)

    def affordable(self) -> Mask:
        """Return which options fit the money by themselves; the others cannot matter."""
        able = np.ones(len(self.options), dtype=np.bool_)
        for rule in self.rules:
            if rule.scale:
                able &= rule.rows[0] <= max(float(rule.upper[0]), 0.0)
        return able

    def even(self, a: float, b: float) -> bool:
        """Return whether two values of the objective are equal up to rounding."""
        size = float(np.abs(self.options.value).max(initial=0.0))
        return abs(a - b) <= 4 * EVEN * size


def problem_of(question: Question, seconds: float, gap: float) -> Problem:
    """Return a question as arrays."""
    options = build(question)
    return Problem(question, options, tuple(rules_of(question, options)), seconds, gap)


def solved(problem: Problem) -> Choice:
    """Return the best choice.

    Raises
    ------
    InfeasibleError
        Naming the fewest conditions that collide.
    """
    found = problem.best()
    if found is not None:
        return found
    fixed = once(problem.question, problem.options)
    colliding = smallest_conflict(problem.rules, *fixed, seconds=problem.seconds)
    projects = problem.question.plan.projects.values()
    names = {lang: {p.id: p.name(lang) for p in projects} for lang in ("zh", "en")}
    raise InfeasibleError(colliding, names)


# Every way to do every work: when it begins, what it spends by year, what it is worth.


@dataclass(frozen=True)
class Options:
    """The options of a question, in the order of its works; o options, w works, y years.

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

    def __len__(self) -> int:
        return len(self.owner)

    def of(self, work: int) -> Integers:
        """Return the places of the options of one work."""
        return np.asarray(np.flatnonzero(self.owner == work), dtype=np.int64)


class Draws:
    """Delay and cost factor of every work in every draw, keyed by name (S13)."""

    def __init__(self, question: Question):
        self.question = question
        scores: Scores = {}
        at = (question.resolved, question.draws, question.seed, scores)
        self.made = {w.id: months_and_factor(w, *at) for w in question.works}

    def end(self, work: Work, shift: int) -> Array:
        """Return the moment a work is over, moved by whole years, shape (n,) or (1,)."""
        return end_of_work(moved(work, shift), self.made[work.id][0])

    def earliest(self, work: Work, shift: int) -> float:
        """Return the first moment at which a work, moved by whole years, may run."""
        return moved(work, shift).timeline.earliest(work.mode, self.made[work.id][0])

    def money(self, work: Work, shift: int, bounds: Array) -> tuple[Array, Array]:
        """Return 亿元 spent, and carried out, by year in every draw, shape (years, n or 1)."""
        assert work.investment is not None
        escalation = self.question.resolved.escalation
        made: Drawn = drawn(moved(work, shift), *self.made[work.id], bounds, escalation)
        # what moves by whole years is dearer by as many years' price rise
        spent = work.investment * made.cost * (1 + escalation) ** shift
        return spent, work.investment * made.progress


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


def build(question: Question) -> Options:
    """Return all options of a question.

    Raises
    ------
    CorridorError
        If a delay without an upper end reaches a far year.
    """
    draws = Draws(question)
    pairs = [(i, w, k) for i, w in enumerate(question.works) for k in question.shifts[w.id]]
    ends = [draws.end(work, shift) for _, work, shift in pairs]
    years = _years(question, [draws.earliest(work, shift) for _, work, shift in pairs], ends)
    bounds = 12.0 * np.arange(years[0], years[-1] + 2)
    sunk = np.array([_sunk(work, bounds) for work in question.works]).reshape(-1, len(years))
    inside = (years >= question.budget.first) & (years <= question.budget.last)
    spending, carried = [], []
    for i, work, shift in pairs:
        spent, done = draws.money(work, shift, bounds)
        spending.append(spent.mean(axis=1) - sunk[i])
        carried.append(float(done[inside].mean(axis=1).sum()))
    worth = question.worth
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
    )


def _years(question: Question, begins: list[float], ends: list[Array]) -> Integers:
    about, last = question.plan.about, question.budget.last
    first = min([about.first_year, *(int(moment // 12) for moment in begins)])
    furthest = max([12.0 * (last + 1), *(float(e.max()) for e in ends)])
    until = int(np.ceil(furthest / 12 - 1e-9)) - 1
    if until > LAST_YEAR:
        raise CorridorError(
            f"A delay reaches the year {until}. Use a distribution with an upper end.",
            f"推迟到了{until}年。请改用有上限的分布。",
        )
    return np.arange(first, until + 1)


def _sunk(work: Work, bounds: Array) -> Array:
    """Return what a work has spent by year before changes count."""
    assert work.investment is not None
    line = work.timeline
    return np.asarray(work.investment * np.diff(np.minimum(line.planned(bounds), line.settled)))


# The conditions of a choice as rows of a linear programme, each with its words.

EXACT = 1e-9
"""An overspending of this share of a cap is rounding, and counts as an exact hit (S3)."""


@dataclass(frozen=True, eq=False)
class Rule:
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
    rows : ndarray, shape (r, o)
        Coefficients.
    upper : ndarray, shape (r,)
        Right-hand sides.
    scale : float
        亿元 that stand for 1 in the row of a money rule.
    """

    kind: str
    names: tuple[str, ...]
    year: int | None
    limit: float | None
    rows: Array
    upper: Array
    scale: float = 0.0

    def text(self, lang: str = "en", title: dict[str, str] | None = None) -> str:
        """Return the condition in words, ``"zh"`` or ``"en"``; ``title`` names works."""
        names = [(title or {}).get(name, name) for name in self.names]
        money = "" if self.limit is None else readable(self.limit)
        at = 0 if lang == "zh" else 1
        listed = ("、", ", ")[at].join(names)
        when = ("" if self.year is None else f"{self.year}年", f" {self.year}")[at]
        match self.kind:
            case "budget":
                return (f"{self.year}年预算{money}亿元", f"budget of {self.year}: {money} 亿元")[at]
            case "total":
                return (f"总预算{money}亿元", f"budget in all: {money} 亿元")[at]
            case "cap":
                when = "" if self.year is None else when
                return (f"{listed}{when}上限{money}亿元", f"cap of {listed}{when}: {money} 亿元")[
                    at
                ]
            case "committed":
                return (f"必须实施：{listed}", f"committed: {listed}")[at]
            case "running":
                return (f"续建：{listed}", f"already running: {listed}")[at]
            case "requires":
                return (f"{names[0]}须以{names[-1]}为前提", f"{names[0]} requires {names[-1]}")[at]
            case "excludes":
                return (f"只能选其一：{listed}", f"at most one of {listed}")[at]
        return (f"同年开工：{listed}", f"same year: {listed}")[at]


def rules_of(question: Question, options: Options) -> list[Rule]:
    """Return every condition of a question."""
    place = {work.id: i for i, work in enumerate(question.works)}
    done = np.array([options.owner == i for i in range(len(place))], dtype=np.float64)
    made = money_rules(question, options, question.budget)
    for kind, names in (("committed", question.committed), ("running", question.running)):
        for name in names:
            made.append(Rule(kind, (name,), None, None, -done[[place[name]]], np.array([-1.0])))
    for link in question.logic:
        at = [place[name] for name in link.works]
        made.append(Rule(link.kind, link.works, None, None, *_linked(link, at, done, options)))
    return made


def once(question: Question, options: Options) -> tuple[Array, Array]:
    """Return the rows that let each work be done at most once."""
    works = np.arange(len(question.works))
    return (options.owner == works[:, None]).astype(np.float64), np.ones(len(works))


def money_rules(question: Question, options: Options, budget: Budget) -> list[Rule]:
    """Return the yearly budgets, the total, and the caps of groups."""
    everyone = np.ones(len(question.works), dtype=bool)
    made = [
        _spent(question, options, everyone, "budget", (), year, money)
        for year, money in budget.yearly.items()
    ]
    if budget.total is not None:
        made.append(_spent(question, options, everyone, "total", (), None, budget.total))
    for cap in budget.caps:
        within = np.array([work.id in cap.works for work in question.works], dtype=bool)
        for year, money in cap.yearly.items():
            made.append(_spent(question, options, within, "cap", (cap.name,), year, money))
        if cap.total is not None:
            made.append(_spent(question, options, within, "cap", (cap.name,), None, cap.total))
    return [rule for rule in made if rule is not None]


def _spent(
    question: Question,
    options: Options,
    within: Mask,
    kind: str,
    names: tuple[str, ...],
    year: int | None,
    limit: float,
) -> Rule | None:
    """Return the row that keeps the money of some works in some years under a limit."""
    if np.isinf(limit):
        return None
    budget = question.budget
    years = (
        options.years == year
        if year is not None
        else (options.years >= budget.first) & (options.years <= budget.last)
    )
    row = options.spending[:, years].sum(axis=1) * within[options.owner]
    sunk = float(options.sunk[within][:, years].sum())
    scale = max(limit, float(row.max(initial=0.0)))
    if not scale:
        return None  # nothing is spent there at all
    # half of what counts as exact here, the other half where a solution is checked
    upper = (limit + 0.5 * EXACT * limit - sunk) / scale
    return Rule(kind, names, year, limit, row[None, :] / scale, np.array([upper]), scale)


def _linked(link: logic.Link, at: list[int], done: Array, options: Options) -> tuple[Array, Array]:
    if link.kind == logic.REQUIRES:
        return (done[at[0]] - done[at[1]])[None, :], np.zeros(1)
    if link.kind == logic.EXCLUDES:
        return done[at].sum(axis=0)[None, :], np.ones(1)
    rows = []
    for year in np.unique(options.begins):
        each = done[at] * (options.begins == year)
        rows += [sign * (each[0] - other) for other in each[1:] for sign in (1.0, -1.0)]
    return np.array(rows), np.zeros(len(rows))


# Why nothing is possible: the fewest conditions that already collide.


class InfeasibleError(CorridorError):
    """No choice meets all conditions.

    Attributes
    ----------
    constraints : tuple of Rule
        The fewest conditions that collide: without any one of them the others can be met.
    """

    def __init__(self, constraints: Sequence[Rule], names: dict[str, dict[str, str]]):
        self.constraints = tuple(constraints)
        zh = "；".join(rule.text("zh", names["zh"]) for rule in self.constraints)
        en = "; ".join(rule.text("en", names["en"]) for rule in self.constraints)
        count = len(self.constraints)
        super().__init__(
            f"No choice meets all conditions. These {count} collide: {en}. Relax one of them.",
            f"没有方案能同时满足全部条件。相互冲突的{count}个条件：{zh}。请放宽其中一个。",
        )


def smallest_conflict(
    rules: Sequence[Rule], rows: Array, upper: Array, *, seconds: float = 60.0
) -> tuple[Rule, ...]:
    """Return the fewest rules that cannot be met together.

    Parameters
    ----------
    rules : sequence of Rule
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
        kept = _hitting(sets, len(rules), seconds)
        broken = _broken(rules, kept, rows, upper, seconds)
        if broken is None:
            return tuple(rule for rule, keep in zip(rules, kept, strict=True) if keep)
        sets.append(broken)


def _hitting(sets: list[Mask], count: int, seconds: float) -> Mask:
    """Return a smallest set that meets all others; between equals the earlier rules."""
    if not sets:
        return np.zeros(count, dtype=bool)
    # far less than one rule in all, so that it only decides between equals
    cost = 1.0 + np.arange(count) / (10.0 * count * count)
    rows = -np.array(sets, dtype=np.float64)
    found = minimise(cost, rows, -np.ones(len(sets)), seconds=seconds)
    if found.x is None or not found.proven:
        raise CorridorError(
            "No choice meets all conditions, and which of them collide was not found in time.",
            "没有方案能同时满足全部条件；限定时间内未能查明哪些条件冲突。",
        )
    return found.x > 0.5


def _broken(
    rules: Sequence[Rule],
    kept: Mask,
    rows: Array,
    upper: Array,
    seconds: float,
) -> Mask | None:
    """Return the fewest rules that go when others are kept; None if those cannot be kept."""
    options, count = rows.shape[1], len(rules)
    parts = [np.hstack([rows, np.zeros((len(rows), count))])]
    limits = [upper]
    for place, rule in enumerate(rules):
        slack = np.zeros((len(rule.rows), count))
        if not kept[place]:
            # enough for any choice, so that the rule no longer binds
            most = np.clip(rule.rows, 0.0, None).sum(axis=1) - rule.upper
            slack[:, place] = -np.maximum(most, 0.0)
        parts.append(np.hstack([rule.rows, slack]))
        limits.append(rule.upper)
    cost = np.concatenate([np.zeros(options), np.ones(count)])
    found = minimise(cost, np.vstack(parts), np.concatenate(limits), seconds=seconds)
    if found.infeasible:
        return None
    if found.x is None:
        raise CorridorError("Which conditions collide was not found in time.", "未能查明冲突条件。")
    return (found.x[options:] > 0.5) & ~kept
