"""What can be varied in a plan, by name: ``delay:binhai_avenue``, ``growth:gdp``.

A parameter is one number. Set to a value it is a change of a scenario, so that every study
asks the same model that :func:`corridor_model.simulate` does. The one exception is
``forecast:gdp``: where within its forecast an indicator ends, as a probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from corridor_model.codes import CATEGORIES
from corridor_model.distributions import Discrete, Distribution, Lognormal, Negative
from corridor_model.messages import N_, Message, context, translator
from corridor_model.plan.records import printed_values
from corridor_model.scenario.changes import (
    Accelerate,
    AsPlanned,
    Cancel,
    Change,
    Delay,
    Overrun,
    SetBaseline,
    SetEffect,
    SetGrowth,
    SetInvestment,
    SetTarget,
    WorkChange,
    in_study,
    works_of,
)
from corridor_model.scenario.resolve import uncertainties_of
from corridor_model.sensitivity.inputs import SensitivityError, unknown
from corridor_model.units import MONEY

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator
    from corridor_model.scenario.resolve import Resolved
    from corridor_model.scenario.work import Work


class Field(NamedTuple):
    """What a word of a parameter's name means.

    Attributes
    ----------
    word : Message
        What people call it.
    unit : str
        Empty: that of the indicator.
    owner : str
        What it belongs to: ``work``, ``indicator`` or ``effect``.
    """

    word: Message
    unit: str
    owner: str


FIELDS: dict[str, Field] = {
    "delay": Field(context("parameter", "delay"), "months", "work"),
    "overrun": Field(context("parameter", "cost factor"), "1", "work"),
    "cancel": Field(context("parameter", "cancelled"), "1", "work"),
    "investment": Field(context("parameter", "investment"), MONEY, "work"),
    "growth": Field(context("parameter", "yearly growth"), "1", "indicator"),
    "baseline": Field(context("parameter", "baseline"), "", "indicator"),
    "target": Field(context("parameter", "target"), "", "indicator"),
    "effect": Field(context("parameter", "effect per 亿元"), "", "effect"),
    "forecast": Field(context("parameter", "outlook"), "1", "indicator"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a plan that can be varied.

    Attributes
    ----------
    name : str
        As the caller wrote it.
    field : str
        A word of `FIELDS`.
    works : str
        Id of a work, a category, ``all``, or ``unit=`` and a responsible unit.
    indicator : str
        Id.
    year : int
        Of a baseline.
    """

    name: str
    field: str
    works: str = ""
    indicator: str = ""
    year: int = 0

    def title(self, plan: Plan, lang: str = "zh") -> str:
        """Return a name people read, in ``"zh"`` or ``"en"``."""
        t, subject = translator(lang), self.subject(plan, lang)
        return t("{subject}: {what}", subject=subject, what=FIELDS[self.field].word)

    def subject(self, plan: Plan, lang: str = "zh") -> str:
        """Return whose number it is, in ``"zh"`` or ``"en"``."""
        t = translator(lang)
        works = plan.projects[self.works].name(lang) if self.works in plan.projects else ""
        if self.works == "all":
            works = t("all works")
        elif self.works in CATEGORIES:
            works = t.of(CATEGORIES[self.works])
        works = works or self.works.removeprefix("unit=")
        if not self.indicator:
            return works
        indicator = _record(plan, self.field, self.indicator).name(lang)
        return t("{work} on {indicator}", work=works, indicator=indicator) if works else indicator

    def unit(self, plan: Plan) -> str:
        """Return the unit of the number."""
        unit = FIELDS[self.field].unit
        if unit:
            return unit
        own = _record(plan, self.field, self.indicator).unit
        return f"{own}/{MONEY}" if self.field == "effect" else own

    def change(self, value: float, resolved: Resolved) -> tuple[Change, ...]:
        """Return what setting it to a value means in a scenario; a negative delay is earlier."""
        work = _selector(self.works)
        match self.field:
            case "delay" if value < 0:
                return (in_study(Accelerate, "months", -value, **work),)
            case "delay":
                # a work that the scenario stretches is stretched; a group is moved
                own = next((w.mode for w in resolved.works if w.id == self.works), "move")
                mode: Literal["move", "stretch"] = "stretch" if own == "stretch" else "move"
                return (in_study(Delay, "months", value, mode=mode, **work),)
            case "overrun":
                return (in_study(Overrun, "factor", value, **work),)
            case "cancel":
                return (Cancel(**work) if value >= 0.5 else AsPlanned(what="cancelled", **work),)
            case "investment":
                return (SetInvestment(self.works, value),)
            case "growth":
                was = _growth(self.indicator, resolved)
                sd, since = (was.sd, was.from_year) if was else (0.0, None)
                return (SetGrowth(self.indicator, value, sd, since),)
            case "baseline":
                return (SetBaseline(self.indicator, self.year, value),)
            case "target":
                return (SetTarget(self.indicator, value),)
            case "effect":
                return (self._effect(value, resolved),)
        return ()  # forecast: no change of the plan, but a place within what it may become

    def _effect(self, value: float, resolved: Resolved) -> SetEffect:
        effects = [e for e in resolved.effects if e.indicator == self.indicator]
        lags = {(e.lag, e.decay) for e in effects}
        lag, decay = lags.pop() if len(lags) == 1 else (0, 1.0)
        works = _selector(self.works)
        return SetEffect(indicator=self.indicator, per_unit=value, lag=lag, decay=decay, **works)

    def base(self, plan: Plan, resolved: Resolved) -> float | None:
        """Return where it stands now; the median of what is uncertain, None where unset."""
        if self.works:
            named = set(works_of(probe(self.works), plan))
            return self._of_works([w for w in resolved.works if w.id in named], resolved)
        if self.field == "forecast":
            return 0.5
        if self.field == "growth":
            was = _growth(self.indicator, resolved)
            return None if was is None else float(was.mean)
        aims = {a.part: a for a in resolved.aims if a.indicator == self.indicator}
        indicator = _record(plan, self.field, self.indicator)
        if self.field == "baseline":
            aim = aims.get(f"baseline {self.year}")
            if isinstance(aim, SetBaseline):
                return aim.value
            starts = [b.value for b in indicator.baselines if b.year == self.year]
            return starts[0] if starts else None
        aim = aims.get("target")
        if isinstance(aim, SetTarget):
            return aim.value
        values = set(printed_values(indicator))
        return values.pop() if len(values) == 1 else None

    def _of_works(self, works: Sequence[Work], resolved: Resolved) -> float | None:
        """Return the one number that all the works share, or None."""
        if self.field == "effect":
            ids = {w.id for w in works}
            sizes = {
                e.per_unit
                for e in resolved.effects
                if e.project in ids and e.indicator == self.indicator
            }
            return sizes.pop() if len(sizes) == 1 else None if sizes else 0.0
        numbers: set[float | None] = set()
        for work in works:
            if self.field == "delay":
                months = middle(work.months)
                numbers.add(-months if work.mode == "accelerate" else months)
            elif self.field == "overrun":
                numbers.add(middle(work.factor))
            elif self.field == "cancel":
                numbers.add(float(work.cancelled))
            else:
                numbers.add(work.investment)
        return numbers.pop() if len(numbers) == 1 else None


def middle(value: float | Distribution) -> float:
    """Return a number, or the median of a distribution."""
    return float(value.ppf(0.5)) if isinstance(value, Distribution) else float(value)


def _growth(indicator: str, resolved: Resolved) -> SetGrowth | None:
    return next(
        (a for a in resolved.aims if isinstance(a, SetGrowth) and a.indicator == indicator), None
    )


def _selector(works: str) -> dict[str, Any]:
    """Return how a change names the works."""
    if works == "all":
        return {"all": True}
    if works.startswith("unit="):
        return {"unit": works.removeprefix("unit=")}
    return {"category": works} if works in CATEGORIES else {"target": works}


def probe(works: str) -> WorkChange:
    """Return some change of the works, to ask which they are."""
    return Cancel(**_selector(works))


def parameter(plan: Plan, name: str) -> Parameter:
    """Return the parameter of a name.

    Parameters
    ----------
    plan : Plan
        The plan.
    name : str
        ``field:what``: ``delay``, ``overrun``, ``cancel`` or ``investment`` of a work, and the
        first three also of a category, ``all`` or ``unit=NAME``; ``growth``, ``baseline``
        (``baseline:gdp:2018`` for another year), ``target`` or ``forecast`` of an indicator;
        ``effect:WORKS:INDICATOR``.

    Raises
    ------
    SensitivityError
        For a name nothing carries, with the nearest known one.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> parameter(plan, "delay:binhai_avenue").title(plan, "en")
    'Binhai Avenue expressway (national road 228): delay'
    """
    field, _, rest = str(name).partition(":")
    if field not in FIELDS:
        raise unknown("input", name, field, list(FIELDS))
    owner = FIELDS[field].owner
    if owner == "work":
        _check_works(plan, name, rest, one=field == "investment")
        return Parameter(name, field, works=rest)
    if owner == "effect":
        works, _, indicator = rest.rpartition(":")
        _check_works(plan, name, works)
        _check_indicator(plan, name, indicator)
        return Parameter(name, field, works=works, indicator=indicator)
    indicator, _, year = rest.partition(":")
    if field in OF_A_PROMISE and indicator in plan.targets:
        indicator = plan.targets[indicator].id
    else:
        _check_indicator(plan, name, indicator)
    if year and (field != "baseline" or not year.isdigit()):
        raise unknown("input", name, rest, list(plan.indicators))
    starts = _record(plan, field, indicator).baselines
    default = starts[0].year if starts else plan.about.base_year
    return Parameter(name, field, indicator=indicator, year=int(year) if year else default)


OF_A_PROMISE = frozenset({"forecast", "target"})
"""What is turned of one promise; growth, starts and effects are the series' (S4b)."""


def _record(plan: Plan, field: str, name: str) -> Indicator:
    """Return the promise, or the indicator, that a parameter speaks of."""
    if field in OF_A_PROMISE and name in plan.targets:
        return plan.targets[name]
    return plan.indicators[name]


def _check_works(plan: Plan, name: str, works: str, *, one: bool = False) -> None:
    if works in plan.projects:
        return
    if not one and works and works_of(probe(works), plan):
        return
    known = [*plan.projects, *([] if one else [*CATEGORIES, "all"])]
    raise unknown("input", name, works, known)


def _check_indicator(plan: Plan, name: str, indicator: str) -> None:
    if indicator not in plan.indicators:
        raise unknown("input", name, indicator, list(plan.indicators))


def parameter_coords(parameters: Sequence[Parameter], plan: Plan) -> dict[str, Any]:
    """Return the coordinates of a study by ``input``: names in both languages, and units."""
    return {
        "input": [one.name for one in parameters],
        "name_zh": ("input", [one.title(plan, "zh") for one in parameters]),
        "name_en": ("input", [one.title(plan, "en") for one in parameters]),
        "unit": ("input", [one.unit(plan) for one in parameters]),
    }


# What a study varies where nothing is said, and how far: every range with its origin.

DELAY = Discrete((0, 3, 6, 12, 24), (0.5, 0.15, 0.15, 0.15, 0.05))
"""Months, of every work: half are on time, one in five a year or more late; origin ``assumed``."""
OVERRUN = Lognormal(mean=1.204, sd=0.299)
"""Cost factor of roads: Flyvbjerg, Skamris Holm, Buhl (2003), Transport Reviews 23(1), 71-88."""


@dataclass(frozen=True, slots=True)
class Default:
    """A distribution and where it comes from (S5)."""

    distribution: Distribution
    origin: str


def default_inputs(plan: Plan, resolved: Resolved) -> dict[str, Default]:
    """Return delay and cost of every work that can still move.

    A distribution of the scenario, or of the plan's table ``uncertainties``, comes first. Works
    without known money have no overrun; works finished or cancelled have neither.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> ranges = default_inputs(plan, cm.resolve(plan))
    >>> ranges["overrun:binhai_avenue"].origin, ranges["delay:binhai_avenue"].origin
    ('literature', 'assumed')
    """
    return dict(_defaults(plan, resolved))


def _defaults(plan: Plan, resolved: Resolved) -> Iterator[tuple[str, Default]]:
    uncertainties = uncertainties_of(plan)
    for work in resolved.works:
        if work.finished or work.cancelled:
            continue
        cost = "literature" if plan.projects[work.id].category == "road" else "assumed"
        fields = (
            ("delay", work.months, work.months != 0, DELAY, "assumed"),
            ("overrun", work.factor, work.factor != 1, OVERRUN, cost),
        )
        for field, current, is_set, usual, origin in fields:
            if field == "overrun" and work.investment is None:
                continue
            if isinstance(current, Distribution):
                own = uncertainties.get((work.id, field))
                # a delay below 0 is earlier
                earlier = field == "delay" and work.mode == "accelerate"
                spread = Negative(current) if earlier else current
                yield f"{field}:{work.id}", Default(spread, own[1] if own else "user")
            elif not is_set:
                yield f"{field}:{work.id}", Default(usual, origin)


def range_of(parameter: Parameter, base: float | None) -> tuple[float, float]:
    """Return how far a search for a tipping point goes, where nothing is said.

    Raises
    ------
    SensitivityError
        If the range follows from where the input stands and that is unknown.
    """
    fixed: Mapping[str, tuple[float, float]] = {
        "delay": (-24.0, 60.0),
        "overrun": (0.5, 3.0),
        "cancel": (0.0, 1.0),
        "growth": (-0.3, 1.0),
        "forecast": (0.001, 0.999),
    }
    if parameter.field in fixed:
        return fixed[parameter.field]
    if not base:
        raise SensitivityError(
            N_(
                "{name} has no value other than 0 to take a range from. Give one: "
                "{{{name!r}: (low, high)}}."
            ),
            name=parameter.name,
        )
    low, high = sorted((0.1 * base, 3 * base))
    return low, high
