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
    'Carried by persistent growth 85%'
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
        t.plural(
            "{n} value read; the size of change rests on about {years:.1f} years; "
            "the history moved belief by {moved:.0%}.",
            "{n} values read; the size of change rests on about {years:.1f} years; "
            "the history moved belief by {moved:.0%}.",
            explanation.points,
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


TARGETS = {
    "plan": N_("{met:.0%} of {n} about national plans for 2010 and 2020"),
    "GVAP2015": N_("{met:.0%} of {n} about vaccination by 2015"),
    "GVAP2020": N_("{met:.0%} of {n} about vaccination by 2020"),
    "MDG4": N_("{met:.0%} of {n} about child mortality by 2015"),
}
"""Families of real targets about which the like was stated."""


def record_text(p: float, lang: str = "en") -> str:
    """Return how often real targets were met after a probability near 0 or 1; else nothing.

    Parameters
    ----------
    p : float
        Of a year still open.
    lang : {"en", "zh"}
        Language.

    Examples
    --------
    >>> record_text(0.02).partition(":")[0]
    'Of real targets given less than 0.1 were met'
    >>> record_text(0.5)
    ''
    """
    from corridor_model.forecasting.base_rates import target_records

    t = translator(lang)
    records = {record.family: record for record in target_records(p)}
    families = [
        t(TARGETS[name], met=records[name].met, n=records[name].statements)
        for name in TARGETS
        if name in records
    ]
    if not families:
        return ""
    listed = t.context("between clauses", ", ").join(families)
    if p < 0.5:
        return t("Of real targets given less than 0.1 were met: {families}.", families=listed)
    return t("Of real targets given more than 0.9 were met: {families}.", families=listed)


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
