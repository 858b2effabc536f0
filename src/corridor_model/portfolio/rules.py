"""The conditions of a choice as rows of a linear programme, each with its words.

A choice is a 0/1 vector over options, at most one a work. Each rule is one or more rows
``A x <= b``; money is scaled by its cap, so that the unit of money changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor_model.portfolio import logic
from corridor_model.portfolio.budgets import Budget
from corridor_model.portfolio.options import Options
from corridor_model.portfolio.question import Question
from corridor_model.rounding import readable

Array = NDArray[np.float64]
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
    within: NDArray[np.bool_],
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
