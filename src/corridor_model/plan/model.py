"""The records of a plan: what is promised, from where, by whom, with which works.

All are frozen. They are made from a plan's tables on request and hold nothing that is not
in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from corridor_model.errors import CorridorError


class Shown:
    """A record that a notebook shows as a table of its fields."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from corridor_model.plan.show import record_html

        return record_html(self)


@dataclass(frozen=True, slots=True)
class Target(Shown):
    """One promised value.

    Attributes
    ----------
    indicator : str
        Id of the indicator.
    value : float
        In the unit of the indicator; percent for growth, share and ratio targets (S2).
    unit : str
        Unit as printed.
    sense : str
        ``at_least``, ``at_most`` or ``exactly`` (S3).
    year : int
        Calendar year by whose end it is due.
    month : int or None
        Month by whose end it is due, where printed.
    any_of : str or None
        Targets that share this word are one promise.
    places : tuple of str
        Every place in the document that prints it.
    """

    indicator: str
    value: float
    unit: str
    sense: str
    year: int
    month: int | None = None
    any_of: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline(Shown):
    """A known starting value of an indicator, with its origin and vintage (S5, S10)."""

    indicator: str
    year: int
    value: float
    unit: str
    origin: str
    series: str | None = None
    source: str | None = None
    confidence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator(Shown):
    """Something the plan measures, with its targets and what is known of its start.

    Attributes
    ----------
    id, name_zh, name_en : str
        Slug and names.
    kind : str
        How its target is meant (S4).
    unit : str
        Unit of target, baselines and observations; empty for a milestone.
    targets : tuple of Target
        All targets, in the order of the table.
    baselines : tuple of Baseline
        All known starting values, the one in use first.
    """

    id: str
    name_zh: str
    name_en: str | None
    group: str | None
    kind: str
    unit: str
    nature: str | None
    price_basis: str | None
    average_method: str | None
    scope: str | None
    binding: str | None
    targets: tuple[Target, ...] = ()
    baselines: tuple[Baseline, ...] = ()

    @property
    def target(self) -> Target:
        """The single target.

        Raises
        ------
        CorridorError
            If the indicator has no target, or several (a range, or several deadlines).
        """
        if len(self.targets) == 1:
            return self.targets[0]
        how_many = "no target" if not self.targets else f"{len(self.targets)} targets"
        raise CorridorError(f"{self.id} has {how_many}; use .targets.")

    @property
    def baseline(self) -> Baseline | None:
        """The starting value in use, or None where nothing is known (S6).

        A user's own figure comes first, then the strongest origin, then the latest year.
        """
        return self.baselines[0] if self.baselines else None

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class Project(Shown):
    """One work: where it stands in the annex, what it costs, when it runs, what it opens."""

    id: str
    table: int
    row: int
    part: int | None
    name_zh: str
    name_en: str | None
    category: str
    class_: str | None
    length_km: float | None
    length_in_area_km: float | None
    opens: bool | None
    start: str | None
    end: str | None
    investment: float | None
    lead_units: tuple[str, ...]
    other_units: tuple[str, ...]
    note: str | None

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class Task(Shown):
    """One task of the annex tables, with who answers for it and which targets it carries."""

    id: str
    table: int
    row: int
    part: int | None
    area: str | None
    name: str
    deadline: str | None
    indicators: tuple[str, ...]
    lead_units: tuple[str, ...]
    other_units: tuple[str, ...]
    summary_en: str | None


@dataclass(frozen=True, slots=True)
class Conflict(Shown):
    """A place where the document contradicts itself or stays silent, and what was done."""

    id: str
    subject: str
    readings: tuple[str, ...]
    used: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About(Shown):
    """The plan itself: its names, its years, and where it was issued."""

    id: str
    name_zh: str
    name_en: str | None
    first_year: int
    last_year: int
    issued: str | None
    number: str | None
    source: str | None

    @property
    def base_year(self) -> int:
        """The year before the plan begins, to whose end counts and indices refer."""
        return self.first_year - 1

    def name(self, lang: str = "zh") -> str:
        """Return the name in ``"zh"`` or ``"en"``; the Chinese one where no other is given."""
        return self.name_zh if lang == "zh" or not self.name_en else self.name_en
