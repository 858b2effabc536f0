"""Scenarios read from TOML files, whole or not at all, with every mistake in the author's words.

Files must use the library's own words for changes and entries; what people write instead is
known only so that a message can say which one was meant.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from corridor_model.distributions import DistributionError
from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.files import contents, data_dir, exists, name_of
from corridor_model.formatting import short
from corridor_model.frozen import distribution_from_toml
from corridor_model.messages import N_, Listing, Message, Name, context, message
from corridor_model.scenario.changes import KINDS, Change, ScenarioError, Settings, as_in_files
from corridor_model.scenario.profiles import profile_from_toml
from corridor_model.scenario.scenario import SETTINGS, TEXTS, Scenario
from corridor_model.scenario.validation import scenario_words
from corridor_model.tabular.cells import WRITTEN_DATE
from corridor_model.tabular.schema import nearest

SELECTORS = ("target", "category", "unit", "all")


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

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> file = Path(tempfile.mkdtemp()) / "late.toml"
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> _ = file.write_text(late.to_toml(), encoding="utf-8")
    >>> [scenario.name for scenario in load_scenarios(file)]
    ['late']
    """
    path = Path(source)
    if not exists(path):
        raise CorridorError(N_("There is no file {file}."), file=name_of(path))
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            text = contents(file).decode("utf-8-sig")
            scenarios += scenarios_from_toml(text, file.name)
        except PlanError as error:
            problems += error.problems
        except UnicodeDecodeError:
            problems.append(
                Problem(message("is not UTF-8 text."), message("Save it as UTF-8."), file.name)
            )
    names = [scenario.name for scenario in scenarios]
    problems += [
        Problem(
            message("two scenarios are called {name!r}.", name=name),
            message("Rename one."),
            path.name,
        )
        for place, name in enumerate(names)
        if name in names[:place]
    ]
    if problems:
        raise PlanError(problems)
    if not scenarios:
        raise CorridorError(N_("{file} holds no scenario."), file=path.name)
    return tuple(scenarios)


def shipped_scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios that travel with the bundled plan.

    Examples
    --------
    >>> [scenario.name for scenario in shipped_scenarios()][:2]
    ['as planned', 'expressway and avenue 12 months late']
    """
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
        what = message("holds a number of too many digits, or brackets nested too deep.")
        raise PlanError([Problem(what, message("Mend it."), file)]) from None
    tables = document.get("scenario")
    extra = [name for name in document if name != "scenario"]
    if extra or not isinstance(tables, list):
        if extra and extra[0]:
            what = message("only [[scenario]] may stand outermost; found {name!r}.", name=extra[0])
        else:
            what = message("holds no [[scenario]].")
        remedy = message("Begin each scenario with [[scenario]], in double brackets.")
        raise PlanError([Problem(what, remedy, file)])
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for place, table in enumerate(tables, 1):
        scenario, wrong = _scenario(table, file, place)
        problems += wrong
        scenarios += [scenario] if scenario else []
    if problems:
        raise PlanError(problems)
    return tuple(scenarios)


def _scenario(table: Any, file: str, number: int) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a table, or all its mistakes."""
    where = f"{file} [[scenario]] {number}".strip()
    if not isinstance(table, dict):
        return None, [Problem(message("must be a table."), file=where)]
    name = table.get("name")
    if isinstance(name, str) and name.strip():
        where = f"{file} {name.strip()}".strip()
    known = (*TEXTS, *SETTINGS, "change")
    problems = [_unknown_key(where, key, known) for key in table if key not in known]
    texts = {key: table[key] for key in TEXTS if key in table}
    problems += [
        Problem(message("{key} must be text.", key=key), file=where)
        for key, value in texts.items()
        if not isinstance(value, str)
    ]
    tables = table.get("change", [])
    if not isinstance(tables, list):
        tables = []
        problems.append(Problem(message("write changes as [[scenario.change]]."), file=where))
    changes: list[Change] = []
    for place, entries in enumerate(tables, 1):
        change, wrong = _change(entries, f"{where} #{place}")
        problems += wrong
        changes += [change] if change else []
    settings = {}
    for key in SETTINGS:
        if key not in table:
            continue
        try:
            Settings(**{key: table[key]})  # one by one, so that every wrong one is named
            settings[key] = table[key]
        except CorridorError as error:
            problems.append(_at(where, error))
    try:
        valid: dict[str, Any] = {k: value for k, value in texts.items() if isinstance(value, str)}
        # a name that is no text was named already; the place stands in for it
        name = valid.pop("name", where if "name" in texts else "")
        scenario = Scenario(name, *changes, **valid, **settings)
        object.__setattr__(scenario, "file", file)
    except CorridorError as error:
        return None, [*problems, _at(where, error)]
    return (None, problems) if problems else (scenario, [])


def _change(table: Any, where: str) -> tuple[Change | None, list[Problem]]:
    """Return the change of a table, or all its mistakes."""
    entries = dict(table) if isinstance(table, dict) else {}
    word = entries.pop("change", None)
    kind = KINDS.get(word) if isinstance(word, str) else None
    if word is None:
        return None, [Problem(message("lacks change: the kind of change."), _known(), where)]
    if kind is None:
        return None, [unknown_change(where, word)]
    names = [field.name for field in fields(kind)]
    where = f"{where} {word}"
    wrong = [unknown_entry(where, key, names) for key in entries if key not in names]
    if wrong:
        return None, wrong
    needed = [one.name for one in fields(kind) if one.default is MISSING and not one.kw_only]
    if lacking := [name for name in needed if name not in entries]:
        return None, [Problem(message("lacks {name}.", name=Listing(lacking)), file=where)]
    try:
        return kind(**{key: _value(key, value) for key, value in entries.items()}), []
    except CorridorError as error:
        return None, [_at(where, error)]


def _value(key: str, value: Any) -> Any:
    if key == "profile":
        return profile_from_toml(value)
    if isinstance(value, Mapping):
        return distribution_from_toml(value)
    return value


def _at(where: str, error: CorridorError) -> Problem:
    """Return what an error of Python says as the problem of a file."""
    if isinstance(error, DistributionError):
        return Problem(error.problem.what, error.problem.remedy, where)
    if isinstance(error, ScenarioError):  # without the class that Python names first
        return Problem(as_in_files(error.message), file=where)
    return Problem(error, file=where)


# Names that there are not, with the one that was likely meant.


def _known() -> Message:
    """Return every change, in Chinese with what it is called there."""
    written = scenario_words()["change"]
    names = [Name(f"{written[word][0]} {word}", word) for word in KINDS]
    return message("Known: {known}.", known=Listing(names))


def unknown_change(where: str, word: object) -> Problem:
    """Return the problem of a change that there is not, with the one that was likely meant."""
    text = word.strip().lower() if isinstance(word, str) else ""
    written = [(one, name) for one, names in scenario_words()["change"].items() for name in names]
    likely = next((one for one, name in written if text == name), "")
    if not likely:  # «delay by 12 months»: what it begins with, the longest first
        longest = sorted(written, key=lambda pair: -len(pair[1]))
        likely = next((one for one, name in longest if text.startswith(name)), "")
    near = "" if likely or not text else nearest(text, list(KINDS))
    if likely:
        remedy = message("Write {word!r}.", word=likely)
    elif near:
        own = scenario_words()["change"][near][0]
        remedy = message("Did you mean {word!r}?", word=Name(f"{near}（{own}）", near))
    else:
        remedy = _known()
    return Problem(message("there is no change {got}.", got=short(word)), remedy, where)


def unknown_entry(where: str, key: str, known: Sequence[str]) -> Problem:
    """Return the problem of an entry that a change does not take, with all those it takes."""
    written = scenario_words()["entry"].items()
    likely = [name for name, names in written if key.lower() in names and name in known]
    near = likely[0] if likely else nearest(key, [n for n in known if n not in SELECTORS[1:]])
    takes = Listing(known)
    return Problem(
        message("there is no entry {key!r}.", key=key),
        message("Did you mean {near!r}? It takes {known}.", near=near, known=takes)
        if near
        else message("It takes {known}.", known=takes),
        where,
    )


def _unknown_key(where: str, key: str, known: Sequence[str]) -> Problem:
    near = nearest(key, list(known))
    return Problem(
        message("there is no entry {key!r}.", key=key),
        message("Did you mean {word!r}?", word=near)
        if near
        else message("Known: {known}.", known=Listing(known)),
        where,
    )


# What stops a text from being TOML, in the words of who wrote it: line, sign, what to write.

LONGEST = 60
"""Signs of a line that a message quotes."""

LOOKED_AT = 300
"""Signs of a line that are looked into for what is wrong: more would take its square in time."""

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_CURLY = "“”„‟‘’「」『』＂＇"
_WIDE = "＝，：；［］｛｝（）＃．、。【】　－"
_NARROW = dict(zip("，、。【】", ",,.[]", strict=True))
_PERCENT = re.compile(r"(?<!\d)(\d++(?:\.\d++)?+)\s*+[%％‰]")
_DATE = re.compile(rf"=\s*({WRITTEN_DATE})\s*$")
_UNIT = re.compile(r"=\s*[-+]?\d[\d._]*\s*([^\W\d_]+)\s*(?=[,}\]]|$)")
_WORD = re.compile(r"=\s*([^\W\d][\w -]*?)\s*(?=[,}\]]|$)")
_BARE = frozenset({"true", "false", "inf", "nan"})
"""Words that are values without quotes."""
_SINGLE = re.compile(r"^\s*\[\s*scenario[^\[\]]*\]\s*$")
_KEY = re.compile(r"([^=#\[\]\"']*+)=")


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
    at = _AT.search(str(error))
    lines = text.replace("\r\n", "\n").split("\n")
    if at is None:  # at the end of the text: something was opened and not closed
        what = message(
            "is not valid TOML: a bracket or quote is still open at its end{detail}.",
            detail=Name("", f" ({error})"),
        )
        # braces are doubled in a template that has fields; the Chinese names one
        return Problem(what, message("Close it.", brace="}"), file)
    number = min(int(at[1]), len(lines))
    line = lines[number - 1][:LOOKED_AT]
    quoted = line.strip()
    quoted = quoted if len(quoted) <= LONGEST else quoted[: LONGEST - 3] + "..."
    place = (
        context("line of a file", "{number} ({line})", number=number, line=quoted)
        if quoted
        else context("line of a file", "{number}", number=number)
    )
    # what stands in quotes or behind # cannot be wrong
    bare = _QUOTED.sub('""', line).partition("#")[0]
    mistake = _wrong_signs(bare) or _wrong_value(bare) or _other(str(error).replace(at[0], ""))
    template, remedy, fields = mistake
    return Problem(Message(template, {"at": place, **fields}), Message(remedy, fields), file)


Mistake = tuple[str, str, dict[str, Any]]
"""What is wrong in a line, and what to do: two templates, and the fields of both."""


def _other(error: str) -> Mistake:
    """Return what the parser itself says."""
    if "overwrite" in error or "twice" in error.lower():
        what = N_("is not valid TOML: line {at} gives an entry a second time.")
    elif r"character '\n'" in error or r"character '\r'" in error:
        what = N_("is not valid TOML: line {at} has a quote that is not closed.")
    else:
        what = N_("is not valid TOML: line {at} cannot be read{detail}.")
    remedy = N_(
        "Check that quotes and brackets come in pairs, and write one entry a line: months = 12."
    )
    return what, remedy, {"detail": Name("", f" ({error.strip()})")}


def _wrong_signs(bare: str) -> Mistake | None:
    """Return what is wrong with curly quotes and full-width signs."""
    curly = "".join(dict.fromkeys(sign for sign in bare if sign in _CURLY))
    if curly:
        what = N_("is not valid TOML: line {at} has curly quotes {signs}.")
        return what, N_('Write straight ones: ".'), {"signs": " ".join(curly)}
    wide = "".join(
        dict.fromkeys(s for s in bare if s in _WIDE or (s.isdigit() and not s.isascii()))
    )
    if not wide:
        return None
    narrow = "".join(_NARROW.get(s) or unicodedata.normalize("NFKC", s) for s in wide)
    if not narrow.strip():
        what = N_("is not valid TOML: line {at} has a full-width blank.")
        return what, N_("Write a plain blank."), {}
    what = N_("is not valid TOML: line {at} has full-width signs {signs}.")
    if wide.isdigit():
        what = N_("is not valid TOML: line {at} has full-width digits {signs}.")
    return what, N_("Write {narrow}."), {"signs": wide, "narrow": narrow}


def _wrong_value(bare: str) -> Mistake | None:
    """Return what is wrong with the key or the value of a line without full-width signs."""
    if _SINGLE.match(bare):
        what = N_("is not valid TOML: line {at} has single brackets.")
        return what, N_("Write [[scenario]] or [[scenario.change]], in double brackets."), {}
    if percent := _PERCENT.search(bare):
        part = float(percent[1]) / (1000 if "‰" in percent[0] else 100)
        what = N_("is not valid TOML: line {at} has a percent sign.")
        remedy = N_(
            "Numbers have none: a share or growth is a fraction, such as {part:g}; a target that "
            "is in % is {number}."
        )
        return what, remedy, {"part": part, "number": percent[1]}
    in_quotes = N_('Put it in quotes: "{word}".')
    if date := _DATE.search(bare):
        what = N_("is not valid TOML: line {at} has a date without quotes.")
        return what, in_quotes, {"word": re.sub(r"\s", "", date[1])}
    if unit := _UNIT.search(bare):
        what = N_("is not valid TOML: line {at} has {unit!r} behind a number.")
        return what, N_("Write the number alone."), {"unit": unit[1]}
    if (key := _KEY.match(bare)) and not key[1].isascii():
        what = N_("is not valid TOML: line {at} has an entry {key!r} that is not English.")
        return (
            what,
            N_("Entries are English: change, target, months, value."),
            {"key": key[1].strip()},
        )
    for match in _WORD.finditer(bare):
        word = match[1]
        fields = {"word": word, "lower": word.lower()}
        if word in _BARE:
            continue
        if word.lower() in {"true", "false"}:
            what = N_("is not valid TOML: line {at} has {word}.")
            return what, N_("Write {lower}."), fields
        what = N_("is not valid TOML: line {at} has the text {word!r} without quotes.")
        return what, in_quotes, fields
    return None
