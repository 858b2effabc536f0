"""What stops a text from being TOML, in the words of who wrote it: line, sign, what to write."""

from __future__ import annotations

import re
import unicodedata

from corridor_model.errors import Problem

LONGEST = 60
"""Signs of a line that a message quotes."""

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_CURLY = "“”„‟‘’「」『』＂＇"
_WIDE = "＝，：；［］｛｝（）＃．、。【】　－"
_NARROW = dict(zip("，、。【】", ",,.[]", strict=True))
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％‰]")
_DATE = re.compile(r"=\s*(\d{4}\s*(?:-\s*\d{1,2}|年[\d月日]*))\s*$")
_UNIT = re.compile(r"=\s*[-+]?\d[\d._]*\s*([^\W\d_]+)\s*(?=[,}\]]|$)")
_WORD = re.compile(r"=\s*([^\W\d][\w -]*?)\s*(?=[,}\]]|$)")
_BARE = frozenset({"true", "false", "inf", "nan"})
"""Words that are values without quotes."""
_SINGLE = re.compile(r"^\s*\[\s*scenario[^\[\]]*\]\s*$")
_KEY = re.compile(r"^\s*([^=#\[\]\"']*[^\x00-\x7f][^=#\[\]\"']*?)\s*=")


def not_toml(text: str, error: ValueError, file: str) -> Problem:
    r"""Return the problem of a text that is no TOML; a parser stops at its first.

    Examples
    --------
    >>> import tomllib
    >>> text = "[[scenario]]\nname = “late”\n"
    >>> try:
    ...     tomllib.loads(text)
    ... except tomllib.TOMLDecodeError as error:
    ...     print(not_toml(text, error, "mine.toml").text("zh"))
    mine.toml：第2行（name = “late”）有中文引号“ ”。请改为英文引号"。
    """
    found = _AT.search(str(error))
    lines = text.replace("\r\n", "\n").split("\n")
    if found is None:  # at the end of the text: something was opened and not closed
        return Problem(
            "TOML语法有误：到文件末尾仍有括号或引号没有闭合。",
            f"is not valid TOML: a bracket or quote is still open at its end ({error}).",
            "请补上]、}或引号。",
            "Close it.",
            file,
        )
    number = min(int(found[1]), len(lines))
    line = lines[number - 1]
    what, remedy = _mistake(line) or (_other(str(error), found), _CHECK)
    quoted = line.strip()
    quoted = quoted if len(quoted) <= LONGEST else quoted[: LONGEST - 3] + "..."
    shown = (f"（{quoted}）", f" ({quoted})") if quoted else ("", "")
    return Problem(
        f"第{number}行{shown[0]}{what[0]}。",
        f"is not valid TOML: line {number}{shown[1]} {what[1]}.",
        *remedy,
        file,
    )


Pair = tuple[str, str]
_CHECK: Pair = (
    "请检查引号和括号是否成对，每行只写一项，形如months = 12。",
    "Check that quotes and brackets come in pairs, and write one entry a line: months = 12.",
)


def _other(said: str, found: re.Match[str]) -> Pair:
    if "overwrite" in said or "twice" in said.lower():
        return "重复写了同一项", "gives an entry a second time"
    if r"character '\n'" in said or r"character '\r'" in said:
        return "的引号没有闭合", "has a quote that is not closed"
    return "不合TOML语法", f"cannot be read ({said.replace(found[0], '').strip()})"


def _mistake(line: str) -> tuple[Pair, Pair] | None:
    """Return what is wrong in a line and what to do, where a sign tells it."""
    bare = _QUOTED.sub('""', line)
    bare = bare.partition("#")[0]
    curly = "".join(dict.fromkeys(sign for sign in bare if sign in _CURLY))
    if curly:
        signs = " ".join(curly)
        return (f"有中文引号{signs}", f"has curly quotes {signs}"), (
            '请改为英文引号"。',
            'Write straight ones: ".',
        )
    wide = "".join(
        dict.fromkeys(s for s in bare if s in _WIDE or (s.isdigit() and not s.isascii()))
    )
    if wide:
        narrow = "".join(_NARROW.get(s) or unicodedata.normalize("NFKC", s) for s in wide)
        kind = (
            ("全角数字", "full-width digits")
            if wide.isdigit()
            else ("全角符号", "full-width signs")
        )
        if not narrow.strip():
            return ("有全角空格", "has a full-width blank"), (
                "请改为半角空格。",
                "Write a plain blank.",
            )
        return (f"有{kind[0]}{wide}", f"has {kind[1]} {wide}"), (
            f"请改为半角{narrow}。",
            f"Write {narrow}.",
        )
    return _value_mistake(bare)


def _value_mistake(bare: str) -> tuple[Pair, Pair] | None:
    """Return what is wrong with the key or the value of a line without full-width signs."""
    if _SINGLE.match(bare):
        return ("的方括号只有一层", "has single brackets"), (
            "请写成[[scenario]]或[[scenario.change]]，两层方括号。",
            "Write [[scenario]] or [[scenario.change]], in double brackets.",
        )
    if found := _PERCENT.search(bare):
        part = float(found[1]) / (1000 if "‰" in found[0] else 100)
        return ("有百分号", "has a percent sign"), (
            f"数字后不写百分号：比例和增速写小数，如{part:g}；目标值等以%计的数写{found[1]}。",
            f"Numbers have none: a share or growth is a fraction, such as {part:g}; a target that "
            f"is in % is {found[1]}.",
        )
    if found := _DATE.search(bare):
        date = re.sub(r"\s", "", found[1])
        return ("的日期没有加引号", "has a date without quotes"), (
            f'请加英文引号："{date}"。',
            f'Put it in quotes: "{date}".',
        )
    if found := _UNIT.search(bare):
        unit = found[1]
        return (f"的数字后有单位“{unit}”", f"has {unit!r} behind a number"), (
            "只写数字：月数、亿元、倍数都不带单位。",
            "Write the number alone.",
        )
    if found := _KEY.search(bare):
        return (f"的项名“{found[1]}”不是英文", f"has an entry {found[1]!r} that is not English"), (
            "项名写英文，如change、target、months、value。",
            "Entries are English: change, target, months, value.",
        )
    for found in _WORD.finditer(bare):
        word = found[1]
        if word in _BARE:
            continue
        if word.lower() in {"true", "false"}:
            return (f"的{word}应为小写", f"has {word}"), (
                f"请写{word.lower()}。",
                f"Write {word.lower()}.",
            )
        return (f"的文字“{word}”没有加引号", f"has the text {word!r} without quotes"), (
            f'请加英文引号："{word}"。',
            f'Put it in quotes: "{word}".',
        )
    return None
