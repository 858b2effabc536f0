"""What to choose: works under budgets, next best choices, cuts, and choices that hold.

>>> import corridor_model as cm
>>> cm.portfolio.maximin({"wait": [50, 60], "build": [20, 80]}).names
('wait',)
"""

from __future__ import annotations

from corridor_model.portfolio.budget_cut import BudgetCut, budget_cut
from corridor_model.portfolio.choose import choose_projects
from corridor_model.portfolio.programme import InfeasibleError
from corridor_model.portfolio.robust import (
    Verdict,
    cvar,
    hurwicz,
    laplace,
    maximax,
    maximin,
    minimax_regret,
    regret_table,
    robust_choice,
    satisficing_share,
)
from corridor_model.text.portfolio import choice_text, cut_text, robust_text

__all__ = [
    "BudgetCut",
    "InfeasibleError",
    "Verdict",
    "budget_cut",
    "choice_text",
    "choose_projects",
    "cut_text",
    "cvar",
    "hurwicz",
    "laplace",
    "maximax",
    "maximin",
    "minimax_regret",
    "regret_table",
    "robust_choice",
    "robust_text",
    "satisficing_share",
]
