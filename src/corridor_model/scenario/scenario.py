"""A scenario: a name, changes, and what holds for them. Immutable, hashable, kept as TOML."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._deprecated import moved
from corridor_model._typing import Array
from corridor_model.arguments import items
from corridor_model.display import Displayed
from corridor_model.distributions import Distribution
from corridor_model.errors import CellError, CorridorError
from corridor_model.formatting import clean, excerpt, short, whole
from corridor_model.frozen import distribution_to_toml
from corridor_model.messages import N_, Listing, context
from corridor_model.scenario.changes import CHANGE_WORDS, Change, ScenarioError, Settings
from corridor_model.scenario.difference import difference
from corridor_model.scenario.profiles import Profile, profile_to_toml
from corridor_model.scenario.resolve import must_be_scenario

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

TEXTS = ("name", "name_zh", "why_zh", "why_en")
SETTINGS = tuple(field.name for field in fields(Settings))


@dataclass(frozen=True, slots=True, init=False)
class Scenario(Displayed):
    """What if: changes to a plan, as data.

    Parameters
    ----------
    name : str
        Short name; the coordinate of results.
    *changes : Change
        In order; a later one wins where both set the same field of the same work or
        indicator.
    since, escalation, paired, common, duration
        See `Settings`.
    name_zh, why_zh, why_en : str
        A Chinese name, and one sentence each of why this scenario is asked.

    Attributes
    ----------
    file : str or None
        Name of the file it was read from, empty for TOML text; None where it was made here.
        Scenarios that differ in it alone are the same.

    Notes
    -----
    ``a + b`` applies b after a. ``a.diff(b)`` is what must be added to a to mean b.

    Examples
    --------
    >>> from corridor_model.scenario.changes import Cancel, Delay
    >>> late = Scenario("late", Delay("jinliwen_expressway", months=12))
    >>> less = Scenario("less", Cancel(category="public_transport"))
    >>> (late + less).name, len((late + less).changes)
    ('late + less', 2)
    """

    name: str
    changes: tuple[Change, ...]
    settings: Settings
    name_zh: str
    why_zh: str
    why_en: str
    file: str | None = field(default=None, compare=False, repr=False)

    def __init__(
        self,
        name: str,
        *changes: Change,
        name_zh: str = "",
        why_zh: str = "",
        why_en: str = "",
        settings: Settings | None = None,
        **said: Any,
    ):
        if not isinstance(name, str) or not name.strip():
            raise ScenarioError(N_("A scenario needs a name."))
        for change in changes:
            if not isinstance(change, Change):
                raise ScenarioError(
                    N_("Scenario {name!r}: {got} is not a change."), name=name, got=short(change)
                )
        texts = {"name_zh": name_zh, "why_zh": why_zh, "why_en": why_en}
        for part, text in texts.items():
            if not isinstance(text, str):
                raise ScenarioError(
                    N_("Scenario {name!r}: {part} must be text; got {got}."),
                    name=name,
                    part=part,
                    got=short(text),
                )
        for text in (name, *texts.values()):
            try:
                clean(text)
            except CellError as error:
                raise ScenarioError(
                    N_("Scenario: {text!r} {what}"), text=excerpt(text), what=error.message
                ) from None
        if settings is not None and not isinstance(settings, Settings):
            raise ScenarioError(
                N_(
                    "Scenario {name!r}: settings must be Settings; got {got}. Single ones are "
                    "given by name, such as since='2021-07'."
                ),
                name=name,
                got=short(settings),
            )
        unknown = sorted(set(said) - set(SETTINGS))
        if unknown:
            raise ScenarioError(
                N_("Scenario {name!r} has no setting {unknown!r}. Settings: {settings}."),
                name=name,
                unknown=unknown[0],
                settings=Listing(SETTINGS),
            )
        own = Settings(**said)
        values = {
            "name": name.strip(),
            "changes": tuple(changes),
            "settings": own if settings is None else settings + own,
            **{part: text.strip() for part, text in texts.items()},
            "file": None,
        }
        for part, value in values.items():
            object.__setattr__(self, part, value)

    @property
    def since(self) -> str | None:
        """Date from which changes count; None is the plan's first day."""
        return self.settings.since

    def title(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``."""
        return self.name_zh or self.name if str(lang) == "zh" else self.name

    def __add__(self, later: Scenario) -> Scenario:
        if not isinstance(later, Scenario):
            return NotImplemented
        named = self.name_zh or later.name_zh
        return Scenario(
            f"{self.name} + {later.name}",
            *self.changes,
            *later.changes,
            settings=self.settings + later.settings,
            name_zh=f"{self.title('zh')}＋{later.title('zh')}" if named else "",
            why_zh=self.why_zh + later.why_zh,
            why_en=f"{self.why_en} {later.why_en}".strip(),
        )

    def diff(self, other: Scenario, plan: Plan | None = None) -> Scenario:
        """Return what must be added to this scenario to mean another.

        Parameters
        ----------
        other : Scenario
            Any other.
        plan : Plan, optional
            With it the fields whose resolved values differ are named work by work; without it
            the changes are compared as they are written, which holds for every plan.

        Returns
        -------
        Scenario
            ``resolve(plan, a + a.diff(b)) == resolve(plan, b)``, always.

        Examples
        --------
        >>> from corridor_model.scenario.changes import Delay, Overrun
        >>> a = Scenario("a", Delay("x", 12), Overrun("x", factor=1.2))
        >>> b = Scenario("b", Delay("x", 24), Overrun("x", factor=1.2))
        >>> [change.months for change in a.diff(b).changes]
        [24.0]
        """
        must_be_scenario(other)
        changes, settings = difference(self, other, plan)
        return Scenario(f"{self.name} → {other.name}", *changes, settings=settings)

    def text(self, plan: Plan | None = None, lang: str = "zh") -> list[str]:
        """Put it into words: deprecated, use :func:`corridor_model.describe`."""
        return list(moved("Scenario.text", "text.scenario.scenario_text")(self, plan, lang))

    def to_toml(self) -> str:
        """Return the scenario as a TOML file of one."""
        return scenarios_to_toml([self])


AS_PLANNED_SCENARIO = Scenario("as planned")
"""The plan as it stands, by the name that results carry."""


def changes_nothing(scenario: Scenario) -> bool:
    """Return whether a scenario is the plan as it stands, whatever it is called."""
    return not scenario.changes and scenario.settings == Settings()


# Scenarios written as TOML.


def scenarios_to_toml(scenarios: Iterable[Scenario]) -> str:
    """Return scenarios as the text of a TOML file; :func:`scenarios_from_toml` reads it back."""
    return "\n".join(_table(scenario) for scenario in scenarios)


def _table(scenario: Scenario) -> str:
    lines = ["[[scenario]]"]
    lines += [f"{k} = {_toml(v)}" for k in TEXTS if (v := getattr(scenario, k))]
    settings = scenario.settings
    lines += [f"{k} = {_toml(v)}" for k in SETTINGS if (v := getattr(settings, k)) is not None]
    for change in scenario.changes:
        lines += ["", "[[scenario.change]]", f"change = {_toml(CHANGE_WORDS[type(change)])}"]
        for part in fields(change):
            value = getattr(change, part.name)
            if value is not None and value is not False and value != "":
                lines.append(f"{part.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """Return one value as TOML; floats that are whole numbers stay floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Distribution):
        value = distribution_to_toml(value)
    if isinstance(value, Profile):
        value = profile_to_toml(value)
    return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"


# What a question about scenarios is asked with, checked: scenarios, quantiles, threads.

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def scenario_list(scenarios: Scenario | Iterable[Scenario] | None) -> list[Scenario]:
    """Return scenarios as a list, each name once; none is the plan as it stands.

    Raises
    ------
    CorridorError
        If there is none, one is no scenario, or two share a name.
    """
    if scenarios is None:
        name = AS_PLANNED_SCENARIO.name
        return [Scenario(name, name_zh=context("scenario", "as planned").text("zh"))]
    single = isinstance(scenarios, (Scenario, str)) or not isinstance(scenarios, Iterable)
    listed: list[Any] = [scenarios] if single else items("scenarios", scenarios)
    if not listed or not all(isinstance(one, Scenario) for one in listed):
        raise CorridorError(
            N_(
                "scenarios must be one or more Scenario values; load_scenarios reads them from "
                "a file."
            )
        )
    names = [one.name for one in listed]
    for name in sorted(set(names)):
        if names.count(name) > 1:
            raise CorridorError(N_("Two scenarios are called {name!r}. Rename one."), name=name)
    return listed


def checked_quantiles(quantiles: Sequence[float]) -> Array:
    """Return quantile levels in ascending order.

    Raises
    ------
    CorridorError
        If one is not strictly between 0 and 1, or given twice.
    """
    try:
        levels = np.sort(np.atleast_1d(np.asarray(quantiles, dtype=np.float64)))
    except (TypeError, ValueError):
        levels = np.zeros(0)
    good = levels.ndim == 1 and len(levels) and bool(((levels > 0) & (levels < 1)).all())
    if not good or len(np.unique(levels)) != len(levels):
        raise CorridorError(
            N_("quantiles must lie between 0 and 1, each once; got {got}."), got=repr(quantiles)
        )
    return levels


def checked_threads(threads: int | None) -> int:
    """Return a number of threads; None is as many as there are processors.

    Raises
    ------
    CorridorError
        If it is no whole number of at least 1.
    """
    if threads is None:
        return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    number = whole(threads)
    if number is None or number < 1:
        raise CorridorError(
            N_("threads must be a whole number of at least 1; got {got}."), got=short(threads)
        )
    return number
