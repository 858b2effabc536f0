"""Lamps as some offices print them: a word, a shape and a colour, with the thresholds.

Three real offices differ, so a lamp is a profile. It is never the only carrier: the word
and the shape say the same as the colour, and the number stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.assessment.progress import elapsed_of_year, schedule_gap
from corridor_model.errors import CorridorError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp: words in Chinese and English, a shape, a colour; colour "" is no lamp."""

    word_zh: str
    word_en: str
    shape: str
    colour: str


GREEN = Lamp("绿灯", "green", "●", "green")
BLUE = Lamp("蓝灯", "blue", "◆", "blue")
YELLOW = Lamp("黄灯", "yellow", "▲", "yellow")
RED = Lamp("红灯", "red", "■", "red")
UNSAID = Lamp("未规定", "not defined there", "○", "")


@dataclass(frozen=True, slots=True)
class Profile:
    """An office's rule: ``light(completion, months)`` and what is printed under the table."""

    name: str
    light: Callable[[float, int], Lamp]
    thresholds_zh: str
    thresholds_en: str
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
        "银川 2025",
        _yinchuan,
        "绿灯：达到序时进度；黄灯：低于序时进度10—30个百分点；红灯：低于30个百分点以上；"
        "低于0—10个百分点未规定",
        "green: on schedule; yellow: 10-30 points below; red: more than 30 below; "
        "0-10 below is not defined",
        "银川市 2025, progress lamps",
    ),
    "jinhua": Profile(
        "金华 2020",
        _jinhua,
        "蓝灯：达到年度计划的序时进度（5月底42%）；黄灯：5月底25%—42%；红灯：5月底低于25%",
        "blue: the month's share of the annual plan (42 % at the end of May); "
        "yellow: 25-42 %; red: below 25 %",
        "金华市 2020, end of May",
        "for other months than May the 25 % grow in proportion",
    ),
    "xuancheng": Profile(
        "宣城 2020-21",
        _xuancheng,
        "两类：达到当月序时进度；低于序时进度为滞后",
        "two classes: at the month's share of the annual target, or behind",
        "宣城市 2020-21",
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
        raise CorridorError(f"No lamps {profile!r}. Known: {', '.join(PROFILES)}.")
    return PROFILES[profile].light(completion, months)


def lamps_for(frame: pd.DataFrame, profile: str) -> pd.DataFrame:
    """Return the lamps of works, or of targets that have a yearly plan.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``completion`` and ``year_elapsed``: works, or an assessment as a DataFrame.
    profile : str
        Whose rule.

    Returns
    -------
    pandas.DataFrame
        With the index of ``frame``: word_zh, word_en, shape, colour, completion; empty words
        where the completion is not known. The thresholds stand in ``attrs``.
    """
    import pandas as pd

    rows = []
    for done, gone in zip(frame["completion"], frame["year_elapsed"], strict=True):
        if pd.isna(done) or pd.isna(gone):
            rows.append(("", "", "", "", float("nan")))
            continue
        lit = lamp(profile, float(done), round(float(gone) * 12))
        rows.append((lit.word_zh, lit.word_en, lit.shape, lit.colour, float(done)))
    columns = ["word_zh", "word_en", "shape", "colour", "completion"]
    made = pd.DataFrame(rows, index=frame.index, columns=columns)
    chosen = PROFILES[profile]
    made.attrs = {"thresholds_zh": chosen.thresholds_zh, "thresholds_en": chosen.thresholds_en}
    return made


def growth_lamp(growth: float, target: float) -> Lamp:
    """Return Xuancheng's lamp of a growth target: compared, never divided (S17)."""
    return GREEN if growth >= target else RED
