"""Scenarios as TOML files: read whole or refused whole, and written so that they read back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from corridor_model.distributions import (
    DistributionError,
    distribution_from_toml,
)
from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.plan.names import nearest
from corridor_model.scenario.language.changes import Change
from corridor_model.scenario.language.entries import (
    in_words_of_files,
    known_changes,
    unknown_change,
    unknown_entry,
)
from corridor_model.scenario.language.model import Scenario, Settings
from corridor_model.scenario.language.profile_forms import profile_from_toml
from corridor_model.scenario.language.toml_syntax import not_toml
from corridor_model.scenario.language.toml_writing import KINDS, SETTINGS, TEXTS


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
    from corridor_model.paths import data_dir

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
        return Problem(p.what_zh, p.what_en, p.remedy_zh, p.remedy_en, where)
    return _problem(where, error.text("zh"), str(error))


def _problem(where: str, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Problem:
    return Problem(zh, en, remedy_zh, remedy_en, where)


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
