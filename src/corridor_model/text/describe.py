"""Any result in words: what a director reads before the numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Translator, translator
from corridor_model.options import Language, language
from corridor_model.plan.plan import must_be_plan
from corridor_model.text import forecasting, portfolio, scenario, sensitivity, summaries
from corridor_model.text.layout import Narrative
from corridor_model.text.result_tables import kind_of
from corridor_model.text.table import frame_kind

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


def describe(result: Any, lang: Language | None = None, *, plan: Plan | None = None) -> str:
    """Return any result in words: one text, a paragraph a line, what matters first.

    Parameters
    ----------
    result : Dataset, DataFrame, Plan, Observations, Predictive, Scenario, ...
        What any verb of the library returns, as of :func:`corridor_model.table`. Of a study of
        several outputs some may be selected first:
        ``describe(shares.sel(output=["km_open:2022"]))``.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.
    plan : Plan, optional
        Names the works and indicators of a scenario, and what growth knows by ids alone; other
        results carry their names.

    Raises
    ------
    CorridorError
        For what is no result, and for another language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> cm.describe(cm.tornado(cm.load_plan(), "km_open:2022")).splitlines()[0]
    '给定范围内，2022年底区内通车里程只随温州大道东延的工期变动。'
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> cm.describe(late, "en", plan=cm.load_plan())
    'Jinliwen Expressway eastern extension (G1513): 12 months later, duration kept'
    """
    lang = language(lang)
    t = translator(lang)
    if plan is not None:
        must_be_plan(plan)
    kinds = [kind.__name__ for kind in type(result).__mro__]
    if "Scenario" in kinds:
        return "\n".join(scenario.scenario_text(result, plan, lang))
    study = str(getattr(result, "attrs", {}).get("study", ""))
    paragraphs = next((PARAGRAPHS[name] for name in (*kinds, study) if name in PARAGRAPHS), None)
    if paragraphs is not None:
        return "\n".join(paragraphs(result, t))
    summary = _summary(result, kinds)
    if summary is None:
        raise CorridorError(N_("This is no result that can be put into words."))
    return "\n".join(summary(result, t, plan))


def _summary(result: Any, kinds: list[str]) -> summaries.Lines | None:
    """Return what sums up a result without words of its own."""
    if hasattr(result, "data_vars"):
        return summaries.BY_KIND.get(kind_of(result))
    if "DataFrame" in kinds:
        return summaries.BY_KIND.get(frame_kind(result))
    ours = (name for name in kinds if name in summaries.BY_CLASS)
    return summaries.BY_CLASS[name] if (name := next(ours, "")) else None


Paragraphs = Callable[[Any, Translator], list[str]]


def _all(narrate: Callable[[Any, Translator], Narrative]) -> Paragraphs:
    return lambda result, t: narrate(result, t).lines


PARAGRAPHS: dict[str, Paragraphs] = {
    **{name: _all(narrate) for name, narrate in sensitivity.NARRATORS.items()},
    "choice": lambda ds, t: portfolio.choice_text(ds, t.lang),
    "robust": lambda ds, t: portfolio.robust_text(ds, t.lang),
    "minimax_regret": lambda ds, t: portfolio.regret_text(ds, t.lang),
    "BudgetCut": lambda cut, t: portfolio.cut_text(cut, t.lang),
    "Explanation": lambda explanation, t: [forecasting.explanation_text(explanation, t.lang)],
    "BaseRate": lambda rate, t: [forecasting.base_rate_text(rate, t.lang)],
}
"""What puts a result into words: a Dataset by its attribute ``study``, others by their class."""
