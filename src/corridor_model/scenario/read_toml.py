"""Scenarios as TOML files: read whole or refused whole, and written so that they read back."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from corridor_model.distributions import DistributionError, distribution_from_toml
from corridor_model.errors import CorridorError, PlanError, Problem, two_language_problem
from corridor_model.scenario.changes import Change
from corridor_model.scenario.profiles import profile_from_toml
from corridor_model.scenario.scenario import (
    KINDS,
    SETTINGS,
    TEXTS,
    Scenario,
    Settings,
    in_words_of_files,
    known_changes,
    unknown_change,
    unknown_entry,
)
from corridor_model.tabular.names import nearest


def load_scenarios(source: str | Path) -> tuple[Scenario, ...]:
    """Read the scenarios of a TOML file, or of every ``*.toml`` of a folder, by file name.

    Parameters
    ----------
    source : str or Path
        File or folder.

    Returns
    -------
    tuple of Scenario

    Raises
    ------
    PlanError
        With every mistake of all files; of a file that is no TOML, the first.
    CorridorError
        If there is no such file, or no scenario in it.
    """
    path = Path(source)
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    made: list[Scenario] = []
    found: list[Problem] = []
    for file in files:
        try:
            made += scenarios_from_toml(file.read_text(encoding="utf-8-sig"), file.name)
        except PlanError as error:
            found += error.problems
        except FileNotFoundError:
            raise CorridorError(
                f"There is no file {file.name}.", f"没有文件{file.name}。"
            ) from None
        except OSError as error:
            raise CorridorError(
                f"{file.name} cannot be read: {error.strerror}.",
                f"{file.name}无法读取：{error.strerror}。",
            ) from None
        except UnicodeDecodeError:
            found.append(
                _problem(file.name, "不是UTF-8文本。", "is not UTF-8 text.", "另存为UTF-8。")
            )
    found += _doubled(made, path.name)
    if found:
        raise PlanError(found)
    if not made:
        raise CorridorError(f"{path.name} holds no scenario.", f"{path.name}中没有情景。")
    return tuple(made)


def shipped_scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios that travel with the bundled plan.

    Examples
    --------
    >>> [scenario.name for scenario in shipped_scenarios()][:2]
    ['as planned', 'expressway and avenue 12 months late']
    """
    from corridor_model.files import data_dir

    return load_scenarios(data_dir() / "longwan" / "scenarios")


def scenarios_from_toml(text: str, file: str = "") -> tuple[Scenario, ...]:
    """Read scenarios from TOML text; see docs/scenarios.md for the form.

    Raises
    ------
    PlanError
        With every mistake; where the text is no TOML, the first.

    Examples
    --------
    >>> text = Scenario("late", KINDS["delay"]("x", months=12)).to_toml()
    >>> scenarios_from_toml(text)[0].changes[0].months
    12.0
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError([not_toml(text, error, file)]) from None
    except (ValueError, RecursionError):  # tomllib hands on what Python itself cannot read
        said = (
            "有一个数位数过多，或括号嵌套过深。",
            "holds a number of too many digits, or brackets nested too deep.",
        )
        raise PlanError([_problem(file, *said, "请改正。", "Mend it.")]) from None
    tables = document.get("scenario")
    extra = [name for name in document if name != "scenario"]
    if extra or not isinstance(tables, list):
        name = extra[0] if extra else ""
        raise PlanError(
            [
                _problem(
                    file,
                    f"最外层只能是[[scenario]]，现有{name!r}。" if name else "没有[[scenario]]。",
                    f"only [[scenario]] may stand outermost; found {name!r}."
                    if name
                    else "holds no [[scenario]].",
                    "每个情景以[[scenario]]开头，两层方括号。",
                    "Begin each scenario with [[scenario]], in double brackets.",
                )
            ]
        )
    made: list[Scenario] = []
    found: list[Problem] = []
    for place, table in enumerate(tables, 1):
        scenario, wrong = _scenario(table, file, place)
        found += wrong
        made += [scenario] if scenario else []
    if found:
        raise PlanError(found)
    return tuple(made)


def _scenario(table: Any, file: str, number: int) -> tuple[Scenario | None, list[Problem]]:
    found: list[Problem] = []
    where = f"{file} [[scenario]] {number}".strip()
    if not isinstance(table, dict):
        return None, [_problem(where, "应为表。", "must be a table.")]
    name = table.get("name")
    if isinstance(name, str) and name.strip():
        where = f"{file} {name.strip()}".strip()
    known = (*TEXTS, *SETTINGS, "change")
    found += [_unknown_key(where, key, known) for key in table if key not in known]
    texts = {key: table[key] for key in TEXTS if key in table}
    found += [
        _problem(where, f"{key}应为文字。", f"{key} must be text.")
        for key, value in texts.items()
        if not isinstance(value, str)
    ]
    listed = table.get("change", [])
    if not isinstance(listed, list):
        listed = []
        found.append(
            _problem(
                where, "改动应写成[[scenario.change]]。", "write changes as [[scenario.change]]."
            )
        )
    changes: list[Change] = []
    for place, given in enumerate(listed, 1):
        change, wrong = _change(given, f"{where} #{place}")
        found += wrong
        changes += [change] if change else []
    settings = {}
    for key in SETTINGS:
        if key not in table:
            continue
        try:
            Settings(**{key: table[key]})  # one by one, so that every wrong one is told
            settings[key] = table[key]
        except CorridorError as error:
            found.append(_said(where, error))
    try:
        read: dict[str, Any] = {
            key: value for key, value in texts.items() if isinstance(value, str)
        }
        name = read.pop("name", where if "name" in texts else "")
        scenario = Scenario(name, *changes, **read, **settings)
        object.__setattr__(scenario, "file", file)
    except CorridorError as error:
        return None, [*found, _said(where, error)]
    return (None, found) if found else (scenario, [])


def _change(given: Any, where: str) -> tuple[Change | None, list[Problem]]:
    told = dict(given) if isinstance(given, dict) else {}
    word = told.pop("change", None)
    kind = KINDS.get(word) if isinstance(word, str) else None
    if word is None:
        said = "缺少change：改动的种类。", "lacks change: the kind of change."
        return None, [_problem(where, *said, *known_changes())]
    if kind is None:
        return None, [unknown_change(where, word)]
    names = [field.name for field in fields(kind)]
    wrong = [unknown_entry(f"{where} {word}", key, names) for key in told if key not in names]
    if wrong:
        return None, wrong
    try:
        return kind(**{key: _value(key, value) for key, value in told.items()}), []
    except CorridorError as error:
        return None, [in_words_of_files(_said(f"{where} {word}", error))]
    except TypeError:
        text = (
            f"缺少参数；共有{'、'.join(names)}。",
            f"lacks a parameter; it has {', '.join(names)}.",
        )
        return None, [_problem(f"{where} {word}", *text)]


def _value(key: str, value: Any) -> Any:
    if key == "profile":
        return profile_from_toml(value)
    if isinstance(value, Mapping):
        return distribution_from_toml(value)
    return value


def _unknown_key(where: str, key: str, known: Sequence[str]) -> Problem:
    near = nearest(key, list(known))
    return _problem(
        where,
        f"没有名为{key!r}的项。",
        f"there is no entry {key!r}.",
        f"是否应为{near}？" if near else f"可用：{'、'.join(known)}。",
        f"Did you mean {near!r}?" if near else f"Known: {', '.join(known)}.",
    )


def _said(where: str, error: CorridorError) -> Problem:
    if isinstance(error, DistributionError):
        p = error.problem
        return two_language_problem(p.what_zh, p.what_en, p.remedy_zh, p.remedy_en, where)
    return _problem(where, error.text("zh"), str(error))


def _problem(where: str, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Problem:
    return two_language_problem(zh, en, remedy_zh, remedy_en, where)


def _doubled(scenarios: Iterable[Scenario], where: str) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for scenario in scenarios:
        if scenario.name in seen:
            name = scenario.name
            said = f"有两个名为“{name}”的情景。", f"two scenarios are called {name!r}."
            found.append(_problem(where, *said, "请改名。", "Rename one."))
        seen.add(scenario.name)
    return found


# What stops a text from being TOML, in the words of who wrote it: line, sign, what to write.

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
        return two_language_problem(
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
    return two_language_problem(
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
