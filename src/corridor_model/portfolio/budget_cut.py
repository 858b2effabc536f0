"""A budget cut: what is dropped or postponed against the choice without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from corridor_model._deprecated import moved
from corridor_model.display import Displayed
from corridor_model.errors import PlanError, Problem
from corridor_model.messages import message
from corridor_model.plan.plan import must_be_plan
from corridor_model.portfolio.arguments import number_problem
from corridor_model.portfolio.choose import answers
from corridor_model.portfolio.dataset import to_dataset
from corridor_model.portfolio.request import (
    ChoiceConditions,
    Leftover,
    choice_request,
    names_conditions,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


CHANGES = ("dropped", "postponed", "brought_forward", "added")


@dataclass(frozen=True, eq=False)
class BudgetCut(Displayed):
    """What a budget cut does.

    Attributes
    ----------
    share : float
        Of every yearly budget, and of the total.
    before, after : xarray.Dataset
        The choices without and with it; see :func:`corridor_model.choose_projects`.
    table : pandas.DataFrame
        The works that change, indexed by ``project``: name_zh, name_en, change (``dropped``,
        ``postponed``, ``brought_forward``, ``added``), start_before, start_after,
        investment, freed (亿元 not spent in the budget's years), value_lost.
    """

    share: float
    before: xr.Dataset
    after: xr.Dataset
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"BudgetCut(share={self.share}, {len(self.table)} works changed)"

    def text(self, lang: str = "zh") -> list[str]:
        """Put the cut into words: deprecated, use :func:`corridor_model.describe`."""
        lines: list[str] = moved("BudgetCut.text", "text.portfolio.cut_text")(self, lang)
        return lines


@names_conditions
def budget_cut(
    plan: Plan,
    budget: Mapping[int, float | None] | float | None = None,
    share: float = 0.2,
    *,
    scenario: Scenario | None = None,
    leftover: Leftover = "plan",
    one_more: float = 1.0,
    time_limit: float = 60.0,
    mip_rel_gap: float = 0.0,
    **conditions: Unpack[ChoiceConditions],
) -> BudgetCut:
    """Return what a cut of the budget drops or postpones.

    Parameters
    ----------
    plan : Plan
        The plan.
    budget : mapping or float, optional
        Before the cut; see :func:`corridor_model.choose_projects`. None is the planned
        spending.
    share : float, default 0.2
        Of each yearly budget and of the total; caps of categories and units stay.
    scenario : Scenario, optional
        As there.
    leftover : {"plan", "save"}
        As there; by default money that the objective does not need goes to the plan.
    one_more : float, default 1
        亿元 whose worth after the cut is asked for; 0 does not ask.
    time_limit, mip_rel_gap : float
        As there, for each of the two choices.
    **conditions
        The other conditions of :func:`corridor_model.choose_projects`.

    Returns
    -------
    BudgetCut

    Raises
    ------
    PlanError
        With every mistake in the arguments.
    InfeasibleError
        If nothing fits into what is left.

    Examples
    --------
    >>> import corridor_model as cm
    >>> cut = cm.budget_cut(cm.load_plan(), share=0.3, starts="printed", leftover="save")
    >>> len(cut.table), float(cut.after["objective"].round(2))
    (0, 8.3)
    """
    must_be_plan(plan)
    if number_problem(share, "") is not None or share > 1:
        what = message("{value!r} must lie within 0 and 1, such as {such}.", value=share, such=0.2)
        raise PlanError([Problem(what, file="share")])
    request = choice_request(plan, budget, scenario=scenario, leftover=leftover, **conditions)
    less = request.with_budget(request.budget.scaled(1.0 - share))
    limits = float(time_limit), float(mip_rel_gap)
    before = to_dataset(answers(request, 0, (), 0.0, *limits))
    after = to_dataset(answers(less, 0, (), one_more, *limits))
    table = _changes(before, after, request.budget.first, request.budget.last)
    return BudgetCut(float(share), before, after, table)


def _changes(before: xr.Dataset, after: xr.Dataset, first: int, last: int) -> pd.DataFrame:
    """Return the works whose start differs, dropped ones first, then by money freed."""
    import pandas as pd

    years = (before["spending_year"] >= first) & (before["spending_year"] <= last)
    spent = [x["spending"].where(years, drop=True).sum("spending_year") for x in (before, after)]
    starts = [
        pd.array([None if np.isnan(y) else int(y) for y in x["start_year"].values], dtype="Int64")
        for x in (before, after)
    ]
    frame = pd.DataFrame(
        {
            "name_zh": before["name_zh"].values,
            "name_en": before["name_en"].values,
            "start_before": starts[0],
            "start_after": starts[1],
            "investment": before["investment"].values,
            "freed": (spent[0] - spent[1]).values,
            "value_lost": (before["value"].fillna(0) - after["value"].fillna(0)).values,
        },
        index=pd.Index(before["project"].values, name="project"),
    )
    change = [_change(a, b) for a, b in zip(*starts, strict=True)]
    frame.insert(2, "change", change)
    frame = frame[frame["change"] != ""]
    frame = frame.assign(_order=[CHANGES.index(c) for c in frame["change"]])
    by = ["_order", "freed", "project"]
    return frame.sort_values(by, ascending=[True, False, True]).drop(columns="_order")


def _change(before: Any, after: Any) -> str:
    import pandas as pd

    had, has = not pd.isna(before), not pd.isna(after)
    if had and has:
        return "" if before == after else "postponed" if after > before else "brought_forward"
    return "dropped" if had else "added" if has else ""
