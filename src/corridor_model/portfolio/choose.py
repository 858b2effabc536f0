"""Which works start when, under yearly budgets: the floor's main function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from corridor_model.arguments import items
from corridor_model.errors import PlanError, Problem
from corridor_model.messages import message
from corridor_model.portfolio.alternatives import ChoiceResult, frontier, more, runners_up
from corridor_model.portfolio.arguments import number_problem
from corridor_model.portfolio.dataset import to_dataset
from corridor_model.portfolio.programme import choice_model, optimum
from corridor_model.portfolio.request import (
    ChoiceOptions,
    ChoiceRequest,
    choice_request,
    names_conditions,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

FURTHEST = 10.0
"""Times the budget beyond which a percentage is likelier than a multiple."""
FRONTIER = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)


@names_conditions
def choose_projects(
    plan: Plan,
    budget: Mapping[int, float | None] | float | None = None,
    *,
    runners_up: int = 3,
    frontier: Sequence[float] = FRONTIER,
    one_more: float = 1.0,
    time_limit: float = 60.0,
    mip_rel_gap: float = 0.0,
    **conditions: Unpack[ChoiceOptions],
) -> xr.Dataset:
    """Return which works start when: the best choice under a budget, proven.

    Parameters
    ----------
    plan : Plan
        The plan.
    budget : mapping of int to float, or float, optional
        亿元 by year. A year that is not named, or whose money is None, has no cap; the money
        that falls into later years is in ``uncapped_money``. A year missing between two
        others is refused. One number is the total of the plan's years. None is what the
        plan's own works spend as scheduled, origin ``assumed``.
    scenario : Scenario, optional
        Delays, overruns, dates, money and profiles that hold whatever is chosen; the choice
        moves works by whole years beside them. Where they are distributions, money and
        kilometres are means over the draws; see :func:`robust_choice`.
    works : iterable of str, optional
        Only these may be chosen. Running works left out are warned of: the budget does not
        count their money.
    costs : mapping of str to float, optional
        亿元 of works whose money the plan does not print, origin ``user``. Without it they
        cannot be chosen, and naming one is refused.
    starts : None, "printed", int or mapping, optional
        Years in which works may begin. None: the scheduled year and every later one up to
        the last of plan, horizon and budget. ``"printed"``: only the scheduled one. A
        number: at most so many years later. A mapping from works to years: these, for these
        works. Not to begin at all is always allowed. The month is kept.
    committed : iterable of str, or mapping of str to int, optional
        Works that must be done, as scheduled or beginning in the year given.
    running : {"keep", "free"}
        Works begun before changes count (the scenario's ``since``) must be kept, or may be
        stopped: then what was spent stays spent. They are never moved.
    requires : iterable of (str, str), optional
        The first is done only if the second is.
    excludes, same_year : iterable of tuples of str, optional
        At most one of these; all of these beginning in one year, or none.
    caps : mapping, optional
        亿元 by category, or by leading unit: a number for the plan's years, or by year.
    total : float, optional
        亿元 over the plan's years (to the budget's last, if that is later).
    benefit : mapping of str to float, Series or DataFrame, optional
        What each work is worth once finished; a DataFrame has columns project, benefit and,
        if it depends on it, year (of completion; other years are worth 0). By default the
        road-kilometres within the area that are open by the horizon.
    horizon : int, optional
        Year by whose end a work must be finished to count; the plan's last for kilometres,
        none for a benefit table.
    discount : float, default 0
        Yearly fraction: worth (1 + discount)^-(year of completion - plan's first year).
    leftover : {"save", "plan"}
        Money the objective does not need is saved; or it goes to the plan: as much planned
        investment as possible is carried out in the budget's years, and within ``near`` of
        that as many works as possible are kept as scheduled, then done at all.
    near : float, default 0.02
        That share, origin ``assumed``: no promise is broken for little money. Which works a
        cut touches can depend on it; try 0.01 and 0.05, too.
    runners_up : int, default 3
        How many next best choices of other works to look for.
    frontier : sequence of float
        Multiples of the yearly budgets and the total to solve for, too.
    one_more : float, default 1
        亿元 whose worth is asked for, in each year and in any; 0 does not ask.
    draws, seed : int
        Of delays and overruns that are distributions (S13).
    time_limit : float, default 60
        Seconds for the choice; the questions around it have as much again together.
    mip_rel_gap : float, default 0
        Relative gap at which the solver may stop; 0 proves the choice.

    Returns
    -------
    xarray.Dataset
        Dimensions project, spending_year, portfolio, budget_scale, budget_year:

        - start_year, funded, status, end, spending, value (project): the choice; status is
          ``as_scheduled``, ``postponed``, ``brought_forward``, ``running``, ``finished``,
          ``stopped``, ``not_chosen``, or why it is no candidate;
        - budget, spent, slack (spending_year); objective, objective_bound, gap; invested is
          the planned investment carried out in the budget's years;
        - objective_scheduled, objective_left_out: what all works are worth as scheduled, as
          :func:`corridor_model.simulate` counts them, and how much of it belongs to works that
          are no candidates, such as those of unknown cost;
        - portfolio_start_year, portfolio_objective, portfolio_money, portfolio_tied: the
          choice (0) and the next best; ``portfolio_tied`` marks those as good as the best;
          portfolio_regret: mean loss against the best of them in the same draw;
        - frontier_objective, frontier_money (budget_scale);
        - more_objective (budget_year), more_anywhere: what ``one_more`` 亿元 buys;
        - next_money (budget_year), next_money_total, next_objective: the least money that
          buys anything; more_proven: whether all of these are proven.

        NaN is a mask; x_reason says why. :func:`corridor_model.describe` says it in words.

    Raises
    ------
    PlanError
        With every mistake in the arguments.
    InfeasibleError
        If no choice meets all conditions; ``.constraints`` are the fewest that collide.
    CorridorError
        If not even whether there is any choice was settled within an hour.

    Warns
    -----
    CorridorWarning
        If ``works`` leaves out works that run.

    Notes
    -----
    Money is whole fen: a budget is kept when the money of its year, rounded to fen, does not
    exceed it (S3). Every choice, what more money adds to it, the next step and the conditions
    that collide are checked in whole numbers; ``status`` and ``more_proven`` say what is
    proven, ``gap`` how far a choice that is not may lie below the best. Some choice is
    returned whenever there is one, whatever the time limit. Among choices of equal objective
    the one with the least money is taken, then the one with the fewest years of delay, so
    that nothing is spent for nothing; ``leftover="plan"`` serves the plan first. What is
    equal in all of that is decided by a number made of the work's name. Works are sorted by
    id first, so that the order of the plan changes nothing. A run that stops at its time limit
    (``status``) may differ from machine to machine.

    References
    ----------
    Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical
    Programming Computation 10, 119-142: the solver HiGHS.

    Examples
    --------
    >>> import corridor_model as cm
    >>> choice = cm.choose_projects(cm.load_plan(), {2020: 5, 2021: 5, 2022: 5})
    >>> float(choice["objective"].round(3)), float(choice["gap"])
    (4.665, 0.0)
    >>> choice["project"].values[choice["funded"].values].tolist()[:2]
    ['weiken_road', 'yandang_middle_road']
    """
    request = choice_request(plan, budget, **conditions)
    check_search(runners_up, frontier, one_more, time_limit, mip_rel_gap)
    return to_dataset(
        answers(request, runners_up, frontier, one_more, float(time_limit), float(mip_rel_gap))
    )


def answers(
    request: ChoiceRequest,
    count: int = 3,
    scales: Sequence[float] = FRONTIER,
    by: float = 1.0,
    seconds: float = 60.0,
    gap: float = 0.0,
) -> ChoiceResult:
    """Return the best choice of a request and what lies around it, before labels."""
    model = choice_model(request, seconds, gap)
    first = optimum(model)
    years = len(request.budget.yearly) + 2 if by else 0
    around = model.within(seconds / max(1, count + len(scales) + years))
    return ChoiceResult(
        model,
        first,
        runners_up(around, first, count),
        tuple(float(scale) for scale in scales),
        frontier(around, scales),
        by,
        more(around, first, by) if by else None,
    )


def check_search(count: object, scales: Any, by: object, seconds: object, gap: object) -> None:
    """Refuse settings of the search that make no sense, all at once."""
    scales = items("frontier", scales)
    problems = [
        number_problem(by, "one_more"),
        number_problem(seconds, "time_limit", lowest=1e-3),
        number_problem(gap, "mip_rel_gap"),
        *(number_problem(scale, "frontier") for scale in scales),
    ]
    if number_problem(gap, "") is None and float(gap) >= 1:  # type: ignore[arg-type]
        what = message("{value!r} must lie within 0 and 1, such as {such}.", value=gap, such=0.01)
        problems.append(Problem(what, file="mip_rel_gap"))
    far = [scale for scale in scales if number_problem(scale, "") is None and scale > FURTHEST]
    if far:
        what = message(
            "{scale:g} is {scale:g} times the budget; {scale:g} % of it is {share:g}.",
            scale=far[0],
            share=far[0] / 100,
        )
        problems.append(Problem(what, message("Write multiples of the budget."), "frontier"))
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        problems.append(
            Problem(message("{count!r} is not a count.", count=count), file="runners_up")
        )
    wrong = [problem for problem in problems if problem is not None]
    if wrong:
        raise PlanError(wrong)
