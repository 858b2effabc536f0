"""Which roads open when, as a table people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.plan.given import must_be_plan
from corridor_model.scenario.language.model import Scenario, must_be_scenario
from corridor_model.scenario.spending import spending

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.plan import Plan


def openings(
    plan: Plan, scenario: Scenario | None = None, *, draws: int = 8192, seed: int = 0
) -> pd.DataFrame:
    """Return the works whose end opens a road, by the month of opening.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario, optional
        None is as planned.
    draws, seed
        For delays that are distributions.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``project``: opens (month; the median where uncertain, empty where
        cancelled), year, length_in_area_km (missing where not printed), length_km, p_in_plan
        (probability of opening within the plan), origin of the date: ``document`` as printed,
        ``assumed`` where a rule gave it, ``user`` where a scenario sets, moves or cancels it.

    Raises
    ------
    CorridorError
        For several scenarios at once, or what is none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> openings(cm.load_plan()).loc["binhai_avenue", "opens"]
    '2024-12'
    """
    import pandas as pd

    must_be_plan(plan)
    if isinstance(scenario, (list, tuple)):
        raise CorridorError(
            f"openings takes one scenario at a time; got {len(scenario)} in a list. Ask for each, "
            "or take p_open_by and km_open of spending, which takes several.",
            f"openings每次只列一个情景；得到一个有{len(scenario)}个的列表。请逐个列出，"
            "或用spending同时计算多个情景，读其中的p_open_by和km_open。",
        )
    if scenario is not None:
        must_be_scenario(scenario)
    made = spending(plan, scenario, draws=draws, seed=seed)
    roads = [p for p in plan.projects.values() if p.opens]
    chosen = made.sel(project=[p.id for p in roads])
    ends = [str(end) for end in chosen["end"].values]
    by_end = chosen["p_open_by"].sel(spending_year=plan.about.last_year).values
    frame = pd.DataFrame(
        {
            "opens": ends,
            "year": pd.array([int(end[:4]) if end else None for end in ends], dtype="Int64"),
            "length_in_area_km": [p.length_in_area_km for p in roads],
            "length_km": [p.length_km for p in roads],
            "p_in_plan": by_end,
            # of the date alone: the money's profile does not move it
            "origin": [str(origin) for origin in chosen["end_origin"].values],
        },
        index=pd.Index([p.id for p in roads], name="project"),
    ).astype({"length_in_area_km": "float64", "length_km": "float64"})
    last = frame["opens"].where(frame["opens"] != "", "9999")
    return frame.assign(_last=last).sort_values(["_last", "project"]).drop(columns="_last")
