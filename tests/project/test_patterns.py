"""No pattern of the source takes longer than in proportion to what it looks at.

A cell of a thousand dashes, a line of forty thousand nines: whatever a person or an enemy writes
is looked into in a moment. Each pattern is called as the source calls it.
"""

from __future__ import annotations

import ast
import importlib
import re
import re._parser as grammar
import time

import pytest
from tests.helpers.paths import ROOT

LENGTHS = (300, 3_000)
"""Of texts: a moment each. In time proportional to the square the second would take longer."""

METHODS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")
SOURCE = ROOT / "src"
PROBES = (" ", "0", "9", "-", ",", "a", "、", "月", "（", '"', "\n", "=", "_", "[", ".", "一", "\\")


def uses():
    """Return every pattern of the source with the ways in which it is called."""
    texts = {file: file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    calls = {}  # of a name: all methods that any module calls on it
    for text in texts.values():
        for name, method in re.findall(rf"\b([A-Z_]+)(?:\[\d\])?\.({'|'.join(METHODS)})\(", text):
            calls.setdefault(name, set()).add(method)
        for method, name in re.findall(rf"\bre\.({'|'.join(METHODS)})\(([A-Z_]+)\b", text):
            calls.setdefault(name, set()).add(method)
    there = {}

    def keep(pattern, methods, room):
        key = (pattern.pattern, pattern.flags, room)
        there.setdefault(key, (pattern, set(), room))[1].update(methods)

    for file, text in texts.items():
        parts = file.relative_to(SOURCE).with_suffix("").parts
        if parts[-1] == "__main__" or "import re\n" not in text:
            continue
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for name, value in vars(module).items():
            for one in value if isinstance(value, (tuple, list)) else (value,):
                named = one[-1] if isinstance(one, tuple) and one else one
                if isinstance(named, re.Pattern):
                    keep(named, calls.get(name, METHODS[:3]), parts[1])
                elif isinstance(named, str) and name in calls:
                    keep(re.compile(named), calls[name], parts[1])
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in METHODS
                and isinstance(node.args[0], ast.Constant)
            ):
                keep(re.compile(node.args[0].value), {node.func.attr}, parts[1])
    return sorted(there.values(), key=lambda one: str(one[0].pattern))


def letters(pattern):
    """Return characters that some part of a pattern takes, beside those that people write."""
    taken = set(PROBES)

    def walk(tokens):
        for operation, argument in tokens:
            name = str(operation)
            if name in {"LITERAL", "NOT_LITERAL"}:
                taken.add(chr(argument))
            elif name == "RANGE":
                taken.add(chr(argument[0]))
            elif isinstance(argument, grammar.SubPattern):
                walk(argument)
            elif isinstance(argument, (list, tuple)):
                for part in argument:
                    if isinstance(part, grammar.SubPattern):
                        walk(part)
                    elif isinstance(part, list):
                        for inner in part:
                            walk(inner if isinstance(inner, grammar.SubPattern) else [inner])
                    elif isinstance(part, tuple) and len(part) == 2:
                        walk([part])

    walk(grammar.parse(pattern.pattern, pattern.flags & (re.VERBOSE | re.DOTALL)))
    return sorted(taken)


def call(pattern, method, text):
    if method == "sub":
        pattern.sub("" if isinstance(text, str) else b"", text)
    elif method == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, method)(text)


def seconds(pattern, method, text):
    """Return the time of a call; of three where the first is long, as another program may be."""
    took = 1.0
    for _ in range(3):
        before = time.process_time()
        call(pattern, method, text)
        took = min(took, time.process_time() - before)
        if took < 0.02:
            break
    return took


USES = uses()


def test_the_patterns_are_there():
    assert len(USES) > 40


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("pattern", "methods", "room"), USES, ids=[str(use[0].pattern)[:50] for use in USES]
)
def test_a_pattern_takes_time_in_proportion(pattern, methods, room):
    for letter in letters(pattern):
        for length in LENGTHS:
            n = length
            for text in (letter * n + "\x01", f"1{letter}" * (n // 2), "9" * n + letter):
                subject = text.encode() if isinstance(pattern.pattern, bytes) else text
                for method in methods:
                    took = seconds(pattern, method, subject)
                    assert took < 0.02, (
                        pattern.pattern,
                        method,
                        text[:9],
                        n,
                        took,
                    )
