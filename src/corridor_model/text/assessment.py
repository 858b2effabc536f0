"""A verdict as a sentence that an office can print, in Chinese and English (S18)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from corridor_model.codes import reason_word, status_word
from corridor_model.formatting import plain, rounded

SIGNS = {"at_least": ">=", "at_most": "<=", "exactly": "=", "range": ""}
SIGNS_ZH = {"at_least": "≥", "at_most": "≤", "exactly": "=", "range": ""}
METHODS = {
    "seasonal_share": ("按本指标往年同期占比推算全年", "Full year by the season of earlier years"),
    "elapsed_time": ("按月数推算全年", "Full year by months elapsed"),
}


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """Return one indicator's verdict in ``"zh"`` or ``"en"``.

    ``row`` holds the variables of the assessment, see
    :func:`corridor_model.text.audit.row_of`.
    """
    zh = lang == "zh"
    parts = [_figure(row, zh), _verdict(row, zh), _rest(row, zh), _warnings(row, zh)]
    return ("" if zh else " ").join(part for part in parts if part)


def percent(share: float, digits: int = 1) -> str:
    """Return a fraction as percent with a number of decimals, half up."""
    return f"{rounded(share * 100, digits)} %"


def target_words(row: Mapping[str, Any], zh: bool) -> str:
    """Return what must be reached: ``≥ 580``, ``1-2``, ``≤ 0.4``."""
    if math.isnan(row["target"]):
        return "无" if zh else "none"
    if not math.isnan(row["target_max"]) and row["sense"] == "range":
        return f"{plain(row['target'])}-{plain(row['target_max'])}"
    signs = SIGNS_ZH if zh else SIGNS
    return f"{signs[row['sense']]} {plain(row['target'])}"


def _figure(row: Mapping[str, Any], zh: bool) -> str:
    name = row["name_zh"] if zh else row["name_en"]
    if row["kind"] == "milestone":
        due = _when(row["due"])
        return f"{name}（期限{due}）" if zh else f"{name} (due {due})."
    unit = row["unit"]
    goal, year = target_words(row, zh), row["target_year"]
    goal = goal.replace(" ", "") if zh else goal
    if math.isnan(row["actual"]):
        said = f"{year}年目标{goal}{unit}" if zh else f"target {goal} {unit} in {year}".rstrip()
        return f"{name}：{said}" if zh else f"{name}: {said}."
    digits = 1 if row["kind"] == "growth" else None
    value = plain(row["actual"]) if digits is None else rounded(row["actual"], digits)
    period = _period(row, zh)
    start = ""
    if not math.isnan(row["baseline"]) and row["actual_period"] != str(row["baseline_year"]):
        since, base = row["baseline_year"], plain(row["baseline"])
        start = f"，{since}年为{base}" if zh else f", from {base} in {since}"
    if row["kind"] == "growth":
        since = row["base_year"]
        return (
            f"{name}：{since}年以来（至{period}）年均{value} %，目标{goal} %"
            if zh
            else f"{name}: {value} % a year since {since} up to {period}, target {goal} %."
        )
    if row["kind"] == "annual":
        return (
            f"{name}：{period}为{value}{unit}，每年目标{goal}{unit}"
            if zh
            else f"{name}: {value} {unit} in {period}, each year {goal}."
        )
    return (
        f"{name}：{period}为{value}{unit}{start}，{year}年目标{goal}{unit}"
        if zh
        else f"{name}: {value} {unit} in {period}{start} to {goal} in {year}."
    )


def _verdict(row: Mapping[str, Any], zh: bool) -> str:
    word = status_word(row["status"], "zh" if zh else "en")
    if row["status"] == "not_assessable":
        why = reason_word(row["reason"], "zh" if zh else "en")
        remark = f"“{row['remark']}”" if row["remark"] else ""
        if row["missing_periods"]:
            missing = row["missing_periods"].replace(";", "、" if zh else ", ")
            remark += f"（缺{missing}）" if zh else f" (missing: {missing})"
        return f"，{word}：{why}{remark}。" if zh else f"Not assessable: {why}{remark}."
    branches = {
        "target_met": ("，目标值已达到：", "The target is met:"),
        "alternative_achieved": ("，二者之一已完成：", "One of the alternatives is met:"),
        "done": ("，已完成：", "Done:"),
        "done_late": ("，逾期完成：", "Done late:"),
        "not_done_when_due": ("，到期未完成：", "Not done when due:"),
        "deadline_passed": ("，到期未达到：", "Not met at the deadline:"),
        "lost": ("，基期已达标、现已回落：", "Met at the start, lost since:"),
        "below_target_growth": ("，低于目标增速：", "Below the target growth:"),
        "missed_earlier_year": (
            f"，{row['missed_years']}年未达到：",
            f"Missed in {row['missed_years']}:",
        ),
        "year_missed": ("，本年未达到：", "The year is missed:"),
        "above_range": ("，超出上限：", "Above the range:"),
    }
    if row["branch"] in branches:
        said = branches[row["branch"]]
        return f"{said[0]}{word}。" if zh else f"{said[1]} {word}."
    return _by_shares(row, word, zh)


def _by_shares(row: Mapping[str, Any], word: str, zh: bool) -> str:
    done, gone, gap = row["achieved_share"], row["elapsed_share"], row["schedule_gap"]
    if any(math.isnan(value) for value in (done, gone, gap)):
        return f"，评价：{word}。" if zh else f"Verdict: {word}."
    points = rounded(abs(gap) * 100, 1)
    if row["kind"] == "annual":
        way = ("完成率", "年度序时进度") if zh else ("of the year's target", "of the year")
    else:
        way = ("目标实现程度", "时间进度") if zh else ("of the way", "of the time")
    if zh:
        side = "超序时" if gap >= 0 else "欠序时"
        shares = f"；{way[0]}{percent(done)}，{way[1]}{percent(gone)}"
        return f"{shares}，{side}{points}个百分点，评价：{word}。"
    side = "ahead" if gap >= 0 else "short"
    return (
        f"Achieved {percent(done)} {way[0]} in {percent(gone)} {way[1]}, {points} points {side}: "
        f"{word}."
    )


def _rest(row: Mapping[str, Any], zh: bool) -> str:
    if row["status"] == "achieved":
        return ""
    years = row["due"] - row["compared_at"]
    needed, so_far = row["required_rate_remaining"], row["achieved_rate"]
    if not math.isnan(needed) and years > 0:
        return _rate_left(plain(round(years, 2)), needed, so_far, zh)
    step = row["required_step_remaining"]
    if math.isnan(step):
        return ""
    unit = row["unit"]
    amount = rounded(step, 2 if abs(step) < 100 else 1)
    return f"剩余期每年需增加{amount}{unit}。" if zh else f"The rest needs {amount} {unit} a year."


def _rate_left(years: str, needed: float, so_far: float, zh: bool) -> str:
    """Return what the years left need; a rate that must fall is said as a fall."""
    past = "" if math.isnan(so_far) else percent(so_far)
    if zh:
        move = "增长" if needed >= 0 else "下降"
        more = f"，此前年均{past}。" if past else "。"
        return f"剩余{years}年年均需{move}{percent(abs(needed))}{more}"
    left = "The year left needs" if years == "1" else f"The {years} years left need"
    return f"{left} {percent(needed)} a year" + (f", so far {past}." if past else ".")


def _period(row: Mapping[str, Any], zh: bool) -> str:
    """Return the period of the figure: ``2021年``, ``2021年9月``, of a flow ``2021年1—9月``."""
    year, _, month = row["actual_period"].partition("-")
    if not month:
        return f"{year}年" if zh else str(year)
    since = row["kind"] in {"annual", "growth"} or row["method"] in METHODS
    if zh:
        return f"{year}年{'1—' if since else ''}{int(month)}月"
    return f"January to {row['actual_period']}" if since else str(row["actual_period"])


def _warnings(row: Mapping[str, Any], zh: bool) -> str:
    said = []
    if row["method"] in METHODS:
        whole = rounded(row["compared"], 2)
        how = METHODS[row["method"]][not zh]
        said.append(f"{how}为{whole}{row['unit']}" if zh else f"{how}: {whole} {row['unit']}")
    if row["series_break"]:
        said.append("基期与现值统计口径不同" if zh else "Start and figure are of different series")
    if row["path_sensitive"]:
        said.append("评价取决于路径假设" if zh else "The verdict hangs on the shape of the path")
    if row["never_this_fast"]:
        if math.isnan(row["best_year"]):
            return ""
        best = row["best_rate"]
        if not math.isnan(best) and not row["series_break"]:
            said.append(
                f"所需增速高于有记录的最高增速{percent(best)}"
                if zh
                else f"That is above the best year on record, {percent(best)}"
            )
    if row["status_before"]:
        before = status_word(row["status_before"], "zh" if zh else "en")
        said.append(
            f"目标调整前（{plain(row['target_before'])}）评价：{before}"
            if zh
            else f"Against the target before revision ({plain(row['target_before'])}): {before}"
        )
    if not said:
        return ""
    return "；".join(said) + "。" if zh else ". ".join(said) + "."


def _when(moment: float) -> str:
    year = math.ceil(moment - 1e-9)
    month = 12 + round((moment - year) * 12)
    return f"{year}" if month == 12 else f"{year}-{month:02d}"


# Probabilities as people read them: a number, a word, and what it rests on (S14, S18).

WORDS = (
    (0.9, "很可能", "very likely"),
    (0.6, "较可能", "likely"),
    (0.4, "五五开", "about even"),
    (0.1, "较难", "unlikely"),
    (0.0, "很难", "very unlikely"),
)
"""From which probability on each word is used."""

SETTLED = (("已定：未达到", "settled: missed"), ("已定：达到", "settled: reached"))

BASIS = {
    "benchmarked": ("经基准检验", "benchmarked"),
    "unbenchmarked": ("同一方法，未经基准检验", "same method, not benchmarked"),
    "base_rate": ("仅为同类序列的基准概率", "base rate of comparable series only"),
    "observed": ("已有最终数据", "the final figure is known"),
}


def probability_word(p: float, lang: str, settled: bool = False) -> str:
    """Return the word for a probability in ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> [probability_word(p, "zh") for p in (0.95, 0.6, 0.5, 0.39, 0.02)]
    ['很可能', '较可能', '五五开', '较难', '很难']
    >>> probability_word(1.0, "en", settled=True)
    'settled: reached'
    """
    en = lang == "en"
    if settled and p in (0.0, 1.0):
        return SETTLED[int(p)][en]
    _, word_zh, word_en = next(word for word in WORDS if p >= word[0])
    return word_en if en else word_zh


def basis_word(basis: str, lang: str) -> str:
    """Return what a probability rests on in ``"zh"`` or ``"en"``."""
    return BASIS.get(basis, (basis, basis))[lang == "en"]


def probability_text(p: float) -> str:
    """Return a probability as a number with three digits; 0 and 1 only where settled.

    Examples
    --------
    >>> probability_text(0.18895), probability_text(1.0)
    ('0.189', '1')
    """
    return plain(p) if p in (0.0, 1.0) else rounded(p, 3)


def is_settled(row: Mapping[str, Any]) -> bool:
    """Return whether a row's probability is exact: 0 and 1 are never shown of an open year."""
    return row["p_reach"] in (0.0, 1.0)


def probability_sentence(row: Mapping[str, Any], lang: str) -> str:
    """Return what is projected and how likely the target is; empty where masked.

    ``row`` holds the variables of the assessment, see
    :func:`corridor_model.text.audit.row_of`.
    """
    zh, p = lang == "zh", row["p_reach"]
    if math.isnan(p):
        return ""
    word, basis = probability_word(p, lang, is_settled(row)), basis_word(row["p_basis"], lang)
    said = ""
    if not math.isnan(row["projected"]) and row["p_basis"] != "observed":
        middle, low, high = (short(row[name]) for name in ("projected", "lower", "upper"))
        year, unit = row["target_year"], row["unit"]
        said = (
            f"{year}年预测中位数{middle}{unit}，80 %区间{low}至{high}；"
            if zh
            else f"Projected for {year}: {middle} {unit} (80 % interval {low} to {high}). "
        )
    number, read = probability_text(p), _read(row, zh)
    if zh:
        return f"{said}达标概率{number}，{word}（依据：{basis}{read}）。"
    return f"{said}Probability of the target {number}, {word} (basis: {basis}{read})."


def _read(row: Mapping[str, Any], zh: bool) -> str:
    """Return from which years a forecast was made, and that it does not cross a break (S10)."""
    years = [part.partition("=")[0] for part in row["forecast_history"].split(";") if part]
    if not years or row["p_basis"] == "observed" or row["kind"] == "growth":
        return ""
    said = (
        f"；{len(years)}个年度值：{'、'.join(years)}"
        if zh
        else f"; {len(years)} yearly value{'s' * (len(years) > 1)}: {', '.join(years)}"
    )
    if row["series_break"]:
        said += "，不跨口径" if zh else ", not across the break of series"
    return said


def short(value: float) -> str:
    """Return a projected value with about four digits.

    Examples
    --------
    >>> short(500.6235), short(3.41525), short(0.2098), short(10400.0)
    ('500.6', '3.42', '0.21', '10400')
    """
    if value == round(value):
        return plain(value)
    return rounded(value, 1 if abs(value) >= 100 else 2)
