"""The works of a plan in one line, in the order in which offices report it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.words import NOT_ASSESSABLE, REASONS, STATUSES

if TYPE_CHECKING:
    import pandas as pd


class KnownSum(NamedTuple):
    """A sum over unknowns: what is known, and how many of how many (S6)."""

    value: float | None
    known: int
    of: int

    def text(self, lang: str = "zh") -> str:
        """Return the sum with how much of it is known, unless all is.

        Examples
        --------
        >>> KnownSum(219.0, 14, 24).text("en"), KnownSum(None, 0, 24).text("zh")
        ('219.00 (14 of 24 known)', '未知')
        """
        from corridor_model.rounding import rounded

        if self.value is None:
            return "未知" if lang == "zh" else "unknown"
        said = rounded(self.value, 2)
        if self.known == self.of:
            return said
        more = (
            f"（{self.of}项中{self.known}项已知）"
            if lang == "zh"
            else (f" ({self.known} of {self.of} known)")
        )
        return said + more


class WorksTotal(NamedTuple):
    """Works of a plan at a period; counts of statuses sum to ``works``."""

    works: int
    investment: KnownSum
    annual_plan: KnownSum
    invested_month: KnownSum
    invested_year: KnownSum
    completion: float | None
    year_gap: float | None
    start_due: int
    started: int
    start_rate: float | None
    finished: int
    overdue: int
    statuses: dict[str, int]
    reasons: dict[str, int]


def works_total(works: pd.DataFrame) -> WorksTotal:
    """Return the totals of :func:`corridor_model.assess.works.assess_works`.

    The completion compares like with like: only works of which both the money of the year and
    its plan are known.
    """

    def known_sum(name: str) -> KnownSum:
        values = works[name].dropna()
        total = float(values.sum()) if len(values) else None
        return KnownSum(total, len(values), len(works))

    both = works.dropna(subset=["completion"])
    done = planned = None
    if len(both):
        done, planned = float(both["invested_year"].sum()), float(both["annual_plan"].sum())
    completion = done / planned if done is not None and planned else None
    elapsed = float(both["year_elapsed"].max()) if len(both) else 0.0
    due = works[works["start_due"].astype(bool)]
    started = int(sum(value is True or value == 1 for value in due["started"]))
    return WorksTotal(
        works=len(works),
        investment=known_sum("investment"),
        annual_plan=known_sum("annual_plan"),
        invested_month=known_sum("invested_month"),
        invested_year=known_sum("invested_year"),
        completion=completion,
        year_gap=None if completion is None else round(completion - elapsed, 12),
        start_due=len(due),
        started=started,
        start_rate=started / len(due) if len(due) else None,
        finished=int(works["finished"].sum()),
        overdue=int(works["overdue"].sum()),
        statuses={status: int((works["status"] == status).sum()) for status in STATUSES},
        reasons={
            reason: int(((works["status"] == NOT_ASSESSABLE) & (works["reason"] == reason)).sum())
            for reason in REASONS
        },
    )
