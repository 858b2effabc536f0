"""The printed document line by line, each line with the place it belongs to.

Places are written as everywhere in the data: ``二/总述``, ``三/4``, ``附件一/12``; for the
third annex table only the row (``附件三/4``), because several cells share a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SECTIONS = {"一、指导思想": "一", "二、行动目标": "二", "三、具体任务": "三", "四、保障措施": "四"}
ANNEXES = {
    "一、重点区块建设大会战": "附件一",
    "二、交通路网建设大会战": "附件二",
    "三、环境整治提升大会战": "附件三",
    "四、三年行动计划重点工作": "附件四",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its number in the file, its text and its place."""

    number: int
    text: str
    place: str


def read_lines(source: Path) -> list[Line]:
    """Return the lines that hold text."""
    part, item, annex = "文头", 0, False
    lines = []
    for number, raw in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if not text:
            continue
        annex = annex or text == "附件"
        opened = _opened(text, ANNEXES if annex else SECTIONS)
        if opened:
            part, item = opened, 0
        elif _opens_item(part, item, text):
            item += 1
        lines.append(Line(number, text, _place(part, item)))
        if not opened and part == "二":
            item += 1  # every line of section two is a paragraph of its own
    return lines


def heading_counts(lines: list[Line]) -> dict[str, int]:
    """Return how many items the heading of each annex table announces."""
    return {
        line.place: int(found[1])
        for line in lines
        if line.place in ANNEXES.values() and (found := re.search(r"\((\d+)项\)", line.text))
    }


def _opened(text: str, heads: dict[str, str]) -> str:
    return next((part for head, part in heads.items() if text.startswith(head)), "")


def _opens_item(part: str, item: int, text: str) -> bool:
    if part.startswith("附件"):
        return text == str(item + 1)
    if part == "三":
        return text.startswith(f"{item + 1}.")
    return part == "四" and re.match(r"\([一二三四五]\)", text) is not None


def _place(part: str, item: int) -> str:
    if part == "二":
        return f"二/{item}" if item else "二/总述"
    return f"{part}/{item}" if item else part
