"""Lamps as some offices print them: a word, a shape and a colour, with the thresholds.

Three real offices differ, so a lamp is a profile. It is never the only carrier: the word
and the shape say the same as the colour, and the number stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corridor_model.assessment.progress import elapsed_of_year, schedule_gap
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing, Message, context, message


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp: a word, a shape, a colour; colour "" is no lamp."""

    word: Message
    shape: str
    colour: str

    @property
    def word_zh(self) -> str:
        """The word in Chinese."""
        return self.word.text("zh")

    @property
    def word_en(self) -> str:
        """The word in English."""
        return self.word.text("en")


GREEN = Lamp(context("lamp", "green"), "●", "green")
BLUE = Lamp(context("lamp", "blue"), "◆", "blue")
YELLOW = Lamp(context("lamp", "yellow"), "▲", "yellow")
RED = Lamp(context("lamp", "red"), "■", "red")
UNSAID = Lamp(context("lamp", "not defined there"), "○", "")


@dataclass(frozen=True, slots=True)
class Profile:
    """An office's rule: ``light(completion, months)`` and what is printed under the table."""

    title: Message
    light: Callable[[float, int], Lamp]
    thresholds: Message
    source: str
    ours: str = ""


def _yinchuan(completion: float, months: int) -> Lamp:
    gap = schedule_gap(completion, elapsed_of_year(months))
    if gap >= 0:
        return GREEN
    if gap > -0.10:
        return UNSAID
    return YELLOW if gap >= -0.30 else RED


def _jinhua(completion: float, months: int) -> Lamp:
    due = elapsed_of_year(months)
    if schedule_gap(completion, due) >= 0:
        return BLUE
    # printed for the end of May: 25 % where 5/12 are due
    return YELLOW if schedule_gap(completion, due * 0.25 * 12 / 5) >= 0 else RED


def _xuancheng(completion: float, months: int) -> Lamp:
    return GREEN if schedule_gap(completion, elapsed_of_year(months)) >= 0 else RED


PROFILES = {
    "yinchuan": Profile(
        context("office", "Yinchuan 2025"),
        _yinchuan,
        message(
            "green: on schedule; yellow: 10-30 points below; red: more than 30 below; "
            "0-10 below is not defined"
        ),
        "Yinchuan 2025, progress lamps",
    ),
    "jinhua": Profile(
        context("office", "Jinhua 2020"),
        _jinhua,
        message(
            "blue: the month's share of the annual plan (42 % at the end of May); "
            "yellow: 25-42 %; red: below 25 %"
        ),
        "Jinhua 2020, end of May",
        "for other months than May the 25 % grow in proportion",
    ),
    "xuancheng": Profile(
        context("office", "Xuancheng 2020-21"),
        _xuancheng,
        message("two classes: at the month's share of the annual target, or behind"),
        "Xuancheng 2020-21",
    ),
}


def lamp(profile: str, completion: float, months: int) -> Lamp:
    """Return the lamp of a completion of the annual plan at the end of a month.

    Parameters
    ----------
    profile : str
        ``yinchuan``, ``jinhua`` or ``xuancheng``.
    completion : float
        Fraction of the annual plan.
    months : int
        Months gone.

    Raises
    ------
    CorridorError
        For a profile that is not known.

    Examples
    --------
    >>> lamp("yinchuan", 0.70, 9).word_en, lamp("yinchuan", 0.44, 9).word_en
    ('not defined there', 'red')
    >>> lamp("jinhua", 0.42, 5).word_en, lamp("jinhua", 0.25, 5).word_en
    ('blue', 'yellow')
    """
    if profile not in PROFILES:
        raise CorridorError(
            N_("No lamps {name!r}. Known: {profiles}."), name=profile, profiles=Listing(PROFILES)
        )
    return PROFILES[profile].light(completion, months)
