"""What can be asked of a plan under a scenario, by name: ``km_open:2022``, ``p_reach:gdp``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.arguments import items
from corridor_model.codes import MASKS
from corridor_model.codes import REASONS as STATUS_REASONS
from corridor_model.messages import N_, Message, Name, context, message, translator
from corridor_model.sensitivity.inputs import SensitivityError, unknown
from corridor_model.units import ITEMS, MONEY, ROADS

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Kind:
    """What one word of an outcome means.

    Attributes
    ----------
    name : Message
        What people call it.
    unit : str
        Empty: that of the indicator.
    of : str
        ``plan``, ``project`` or ``indicator``.
    yearly : bool
        Whether it is asked year by year.
    sense : str
        ``at_least`` where more is better.
    """

    name: Message
    unit: str
    of: str = "plan"
    yearly: bool = False
    sense: str = "at_most"


KINDS: dict[str, Kind] = {
    "before_plan": Kind(context("outcome", "spent before the plan"), MONEY),
    "inside_plan": Kind(context("outcome", "spent inside the plan"), MONEY),
    "beyond_horizon": Kind(context("outcome", "spent after the plan"), MONEY),
    "total": Kind(context("outcome", "total investment"), MONEY),
    "programme": Kind(context("outcome", "spent in the year"), MONEY, yearly=True),
    "spending": Kind(context("outcome", "spent in the year"), MONEY, "project", yearly=True),
    "km_open": Kind(context("outcome", "road km open in the area"), "km", "plan", True, "at_least"),
    "roads_open": Kind(context("outcome", "roads open"), ROADS, "plan", True, "at_least"),
    "tasks_done": Kind(context("outcome", "tasks of works done"), ITEMS, "plan", True, "at_least"),
    "p_open_by": Kind(
        context("outcome", "open by the year's end"), "1", "project", True, "at_least"
    ),
    "expected_reached": Kind(
        context("outcome", "promises kept, expected"), ITEMS, sense="at_least"
    ),
    "p_reach": Kind(
        context("outcome", "probability of the target"), "1", "indicator", sense="at_least"
    ),
    "value": Kind(context("outcome", "value (median)"), "", "indicator", True, "at_least"),
    "gap": Kind(
        context("outcome", "distance to the target (median)"), "", "indicator", sense="at_least"
    ),
    "log_value": Kind(context("outcome", "log of the value"), "1", "indicator", True, "at_least"),
    "log_odds": Kind(
        context("outcome", "log-odds of the share"), "1", "indicator", True, "at_least"
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number read from a plan.

    Attributes
    ----------
    name : str
        ``word``, ``word:year``, ``word:id`` or ``word:id:year``.
    word, key, year : str, str, int
        Its parts; the year is 0 where none is meant.
    """

    name: str
    word: str
    key: str = ""
    year: int = 0

    @property
    def kind(self) -> Kind:
        """What the word means."""
        return KINDS[self.word]

    def title(self, plan: Plan, lang: str = "zh") -> str:
        """Return a name people read, in ``"zh"`` or ``"en"``."""
        title = {
            (True, True): N_("{subject}: {what}, {year}"),
            (True, False): N_("{subject}: {what}"),
            (False, True): N_("{what}, {year}"),
            (False, False): "{what}",
        }[self.kind.of != "plan", self.year > 0]
        subject = self.subject(plan, lang)
        return translator(lang)(title, subject=subject, what=self.kind.name, year=self.year)

    def subject(self, plan: Plan, lang: str = "zh") -> str:
        """Return the name of the indicator or work it speaks of, or nothing."""
        match self.kind.of:
            case "indicator":
                return plan.targets[self.key].name(lang)
            case "project":
                return plan.projects[self.key].name(lang)
        return ""

    def unit(self, plan: Plan) -> str:
        """Return the unit of the number; a growth target counts in points of its index."""
        if self.kind.unit or self.kind.of != "indicator":
            return self.kind.unit
        indicator = plan.targets[self.key]
        return f"{plan.about.base_year}=100" if indicator.kind == "growth" else indicator.unit


def outcome(plan: Plan, name: str) -> Outcome:
    """Return the outcome of a name.

    Parameters
    ----------
    plan : Plan
        The plan.
    name : str
        A word of `KINDS`, then the id it speaks of, then the year; without a year the last
        one of the plan, or of the indicator's target.

    Raises
    ------
    SensitivityError
        For a name nothing carries, with the nearest known one.

    Examples
    --------
    >>> import corridor_model as cm
    >>> outcome(cm.load_plan(), "km_open").year, outcome(cm.load_plan(), "value:gdp:2021").key
    (2022, 'gdp')
    """
    word, *rest = str(name).split(":")
    if word not in KINDS:
        raise unknown("output", name, word, list(KINDS))
    kind, key, year = KINDS[word], "", plan.about.last_year
    if kind.of != "plan":
        known = plan.targets if kind.of == "indicator" else plan.projects
        key = rest.pop(0) if rest else ""
        if key not in known:
            raise unknown("output", name, key, list(known))
        if kind.of == "indicator":
            key = plan.targets[key].id  # `gdp@2025` is `gdp` where that is due then (S4b)
        if kind.of == "indicator":
            year = plan.targets[key].year or plan.about.last_year
    if rest and kind.yearly and rest[0].isdigit() and len(rest) == 1:
        year = int(rest[0])
        if not 1900 <= year <= 2400:
            raise unknown("output", name, rest[0], [])
    elif rest:
        wrong = (
            N_("There is no output {name!r}: {what} is asked for one year, such as 2022.")
            if kind.yearly
            else N_("There is no output {name!r}: {what} is asked without a year.")
        )
        raise SensitivityError(wrong, name=name, what=Name(kind.name.text("zh"), word))
    return Outcome(str(name), word, key, year if kind.yearly else 0)


def outcomes(plan: Plan, names: str | Iterable[str]) -> list[Outcome]:
    """Return the outcomes of several names, each once."""
    listed = [names] if isinstance(names, str) else items("outcome", names)
    if not listed:
        raise SensitivityError(N_("Ask for at least one output."))
    return [outcome(plan, name) for name in dict.fromkeys(listed)]


def is_summed(outcome: Outcome) -> bool:
    """Whether an outcome is a sum over works: money, kilometres, roads, tasks."""
    return outcome.kind.of != "indicator" and outcome.word != "expected_reached"


def outcome_attrs(outcome: Outcome, plan: Plan) -> dict[str, Any]:
    """Return the attributes of a study of one outcome: its names, unit, subject and year."""
    return {
        "output": outcome.name,
        "output_zh": outcome.title(plan, "zh"),
        "output_en": outcome.title(plan, "en"),
        "unit": outcome.unit(plan),
        "outcome_key": outcome.word,
        "outcome_subject": outcome.key,
        "outcome_year": outcome.year,
    }


def outcome_coords(outcomes: Sequence[Outcome], plan: Plan) -> dict[str, Any]:
    """Return the coordinates of a study of several outcomes: names and units by ``output``."""
    return {
        "output": [one.name for one in outcomes],
        "output_zh": ("output", [one.title(plan, "zh") for one in outcomes]),
        "output_en": ("output", [one.title(plan, "en") for one in outcomes]),
        "unit": ("output", [one.unit(plan) for one in outcomes]),
    }


# Outcomes without a number: why, and what to do about it.

REASONS = {
    **STATUS_REASONS,
    **MASKS,
    "observed": message("known already"),
    "no_logarithm": message("no logarithm"),
    "unknown_investment": message("investment unknown"),
}
"""Why an outcome has no number."""
REMEDIES = {
    "no_baseline": N_("Give one with baselines=, or SetBaseline in the scenario."),
    "no_scale": N_("Enter figures first, or SetGrowth in the scenario."),
    "unknown_investment": N_("Give its money with SetInvestment in the scenario."),
    "not_reported": N_("Ask for another year."),
}
"""What to do about a reason."""


def reason_text(reason: str, lang: str) -> str:
    """Return a reason code in words, in ``"zh"`` or ``"en"``; an unknown code as it is."""
    return REASONS[reason].text(lang) if reason in REASONS else reason


def masked(name: str, reason: str) -> SensitivityError:
    """Return the error of an outcome without a number, and what to do about it."""
    why = Name(reason_text(reason, "zh"), reason)
    if reason not in REMEDIES:
        return SensitivityError(
            N_("Output {name!r} has no number here: {why}."), name=name, why=why
        )
    return SensitivityError(
        N_("Output {name!r} has no number here: {why}. {remedy}"),
        name=name,
        why=why,
        remedy=Message(REMEDIES[reason]),
    )


def logged(outcome: Outcome, value: Array) -> Array:
    """Return the logarithm, or the log-odds of a percent.

    Raises
    ------
    SensitivityError
        Where it does not exist for every value.
    """
    share = outcome.word == "log_odds"
    good = (value > 0) & (value < 100) if share else value > 0
    if not good.all():
        wrong = (
            N_("{name}: {wrong} of {n} values lie outside 0-100.")
            if share
            else N_("{name}: {wrong} of {n} values lie outside what has a logarithm.")
        )
        raise SensitivityError(
            wrong, name=outcome.name, wrong=np.count_nonzero(~good), n=value.size
        )
    return np.log(value) - np.log(100 - value) if share else np.log(value)
