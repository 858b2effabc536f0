"""Forecasts in sentences: what carries one, and how often comparable series moved as fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.messages import N_, translator

if TYPE_CHECKING:
    from corridor_model.forecasting.base_rates import BaseRate
    from corridor_model.forecasting.predictive import Explanation

FAMILIES = {
    "persistent": N_("persistent growth"),
    "reverting": N_("reversion to a trend"),
    "walk": N_("random walk"),
    "jumpy": N_("jumpy"),
}
"""What an expert expects of change."""
LEAST_SHARE = 0.01
"""Belief below which a family is not mentioned."""


def probability_text(p: float) -> str:
    """Return the probability of an open year: within 0.001-0.999 (S14).

    Examples
    --------
    >>> probability_text(1.0), probability_text(0.25)
    ('0.999', '0.250')
    """
    return f"{min(max(p, 0.001), 0.999):.3f}"


def explanation_text(explanation: Explanation, lang: str = "en") -> str:
    """Return why a forecast says what it says, in a few sentences.

    Parameters
    ----------
    explanation : Explanation
        Of :meth:`corridor_model.Predictive.explain`.
    lang : {"en", "zh"}
        Language.

    Examples
    --------
    >>> from corridor_model.forecasting import forecast
    >>> p = forecast([100.0, 108.0, 115.0, 126.0], [2016, 2017, 2018, 2019], 3, "level")
    >>> explanation_text(p.explain()).partition(",")[0]
    'Carried by persistent growth 84%'
    """
    t = translator(lang)
    families = [
        t("{family} {share:.0%}", family=t(FAMILIES[name]), share=share)
        for name, share in explanation.families
        if share >= LEAST_SHARE
    ]
    low, middle, high = explanation.base_rate
    sentences = [
        t("Carried by {families}.", families=t.context("between clauses", ", ").join(families)),
        t(
            "{points} values read; the size of change rests on about {years:.1f} years; "
            "the history moved belief by {moved:.0%}.",
            points=explanation.points,
            years=explanation.effective_years,
            moved=explanation.moved,
        ),
        t(
            "The base rate alone: median {middle:.4g}, 80% interval {low:.4g} to {high:.4g}.",
            middle=middle,
            low=low,
            high=high,
        ),
    ]
    if explanation.p is not None:
        sentences.append(
            t(
                "P(target) {p}; base rate {base}.",
                p=probability_text(explanation.p),
                base=probability_text(explanation.p_base_rate or 0.0),
            )
        )
    return ("" if lang == "zh" else " ").join(sentences)


def base_rate_text(rate: BaseRate, lang: str = "en") -> str:
    """Return how often comparable series moved as fast as a target asks, as a sentence.

    Parameters
    ----------
    rate : BaseRate
        Of :func:`corridor_model.feasibility`.
    lang : {"en", "zh"}
        Language.

    Examples
    --------
    >>> from corridor_model.forecasting import feasibility
    >>> base_rate_text(feasibility(100, 133.1, 3, "level"))
    'Base rate: one series in 4 moved that fast over 3 years.'
    """
    t = translator(lang)
    if rate.share >= 0.5:
        return t.plural(
            "Base rate: about {share:.0%} of comparable series moved that fast over a year.",
            "Base rate: about {share:.0%} of comparable series moved that fast over {n} years.",
            rate.years,
            share=rate.share,
        )
    if rate.share > 1 / rate.series:
        return t.plural(
            "Base rate: one series in {count} moved that fast over a year.",
            "Base rate: one series in {count} moved that fast over {n} years.",
            rate.years,
            count=round(1 / rate.share),
        )
    return t.plural(
        "Base rate: fewer than one series in {count} moved that fast over a year.",
        "Base rate: fewer than one series in {count} moved that fast over {n} years.",
        rate.years,
        count=rate.series,
    )
