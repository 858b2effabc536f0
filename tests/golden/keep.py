"""The kept answers on disk: texts in sections, arrays with their bits, attributes as JSON."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from tests.golden.commands import FORMATS, answer, calls
from tests.golden.names import signatures
from tests.golden.once import study_result
from tests.golden.sayings import SAYINGS
from tests.golden.studies import STUDIES

HERE = Path(__file__).parent
TEXTS, DIGESTS = HERE / "texts", HERE / "digests.json"
ARRAYS, ATTRS = HERE / "arrays.npz", HERE / "attrs.json"
SIGNATURES = HERE / "signatures.txt"
MARK = "=== "


def file_of(call: str) -> Path:
    """Return the file that keeps a call's text: one a verb and language."""
    name, _, lang = call.rpartition(".")
    return TEXTS / f"{re.match('wrong_[a-z]+|[a-z]+', name)[0]}.{lang}.txt"  # type: ignore[index]


def kept_texts() -> dict[str, str]:
    """Return the kept text of every call."""
    texts: dict[str, str] = {}
    for file in TEXTS.glob("*.txt"):
        for section in file.read_text(encoding="utf-8").split(f"\n{MARK}")[1:]:
            name, _, text = section.partition("\n")
            texts[name] = text
    return texts


def rounded(text: str) -> str:
    """Return a text with its numbers at nine digits: processors differ in the last ones."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda number: f"{float(number[0]):.9g}", text.strip())


def digest(text: str) -> str:
    """Return what is kept of a table for programs; its numbers stand among the arrays."""
    return hashlib.sha256(rounded(text).encode()).hexdigest()


def flat(result: Any) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return a result as plain arrays by name, and its attributes."""
    if isinstance(result, dict):
        return {key: np.asarray(value) for key, value in result.items()}, {}
    if hasattr(result, "columns"):
        frame = result.reset_index()
        return {str(name): plain(frame[name].to_numpy()) for name in frame.columns}, {}
    arrays = {str(name): plain(result[name].to_numpy()) for name in result.variables}
    attrs = {"": dict(result.attrs)} | {
        str(name): dict(result[name].attrs) for name in result.variables if result[name].attrs
    }
    return arrays, json.loads(json.dumps(attrs, default=str, ensure_ascii=False))


def plain(values: Any) -> np.ndarray:
    """Return an array that a file can hold: texts as texts, an unknown as nan or empty."""
    array = np.asarray(values)
    if array.dtype == object:
        try:
            return np.asarray([np.nan if v is None else float(v) for v in array.ravel()]).reshape(
                array.shape
            )
        except (TypeError, ValueError):
            # v != v: what pandas 2 has as None is nan in a column of texts of pandas 3
            return np.asarray(
                [
                    "" if v is None or (isinstance(v, float) and v != v) else str(v)
                    for v in array.ravel()
                ]
            ).reshape(array.shape)
    return array if array.dtype.kind in "biufU" else array.astype(str)


def study(name: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return one study as arrays and attributes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return flat(study_result(name))


def write() -> None:
    """Write all answers anew."""
    TEXTS.mkdir(exist_ok=True)
    sections: dict[Path, list[str]] = defaultdict(list)
    digests: dict[str, str] = {}
    for call, arguments in calls().items():
        form = call.rpartition(".")[2]
        text = answer(arguments, form)
        if form in FORMATS:
            digests[call] = digest(text)
        else:
            sections[file_of(call)].append(f"\n{MARK}{call}\n{text}")
    for name, say in SAYINGS.items():
        for lang in ("zh", "en"):
            sections[TEXTS / f"sayings.{lang}.txt"].append(
                f"\n{MARK}saying {name}.{lang}\n{say(lang)}\n"
            )
    for file in TEXTS.glob("*.txt"):
        file.unlink()
    for file, parts in sections.items():
        file.write_text("".join(parts), encoding="utf-8")
    DIGESTS.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    arrays: dict[str, np.ndarray] = {}
    attrs: dict[str, Any] = {}
    for name in STUDIES:
        values, attrs[name] = study(name)
        arrays |= {f"{name}/{key}": value for key, value in values.items()}
    np.savez_compressed(ARRAYS, **arrays)
    ATTRS.write_text(json.dumps(attrs, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    SIGNATURES.write_text(signatures(), encoding="utf-8")
