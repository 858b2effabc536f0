"""What the house looks like, counted: modules, circles, arrows, words among numbers, journeys.

    python scripts/house.py              the counts, each with its limit; exit code 1 past one
    python scripts/house.py --journeys   modules entered by five calls at run time, too
    python scripts/house.py --list NAME  what a count is made of

Every import counts, also those inside functions, for types, and ``from . import``.
"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = "corridor_model"
WORDS = ("text", "plot", "report", "cli")
"""Rooms that write for people; no other may import them."""
CHINESE_ROOMS = ("locale", "text", "cli", "tabular", "observations", "units", "data")
"""Rooms that read or write Chinese; elsewhere a Chinese literal is counted."""
SMALL, TALL = 400, 900
CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @property
    def room(self) -> str:
        """The package or ground module it stands in."""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def is_face(self) -> bool:
        """Whether it is a package's face, or starts the command line."""
        return self.path.name in {"__init__.py", "__main__.py"}

    @cached_property
    def lines(self) -> int:
        """Lines of the file."""
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @cached_property
    def docstrings(self) -> list[ast.Constant]:
        """Every string that stands alone: docstrings, also of constants."""
        return [
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]

    @cached_property
    def code_lines(self) -> int:
        """Lines that are neither empty, nor a comment, nor part of a docstring."""
        text = self.path.read_text(encoding="utf-8").splitlines()
        documented = {
            line
            for node in self.docstrings
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        return sum(
            bool(line.strip()) and not line.lstrip().startswith("#") and number not in documented
            for number, line in enumerate(text, 1)
        )

    @cached_property
    def chinese(self) -> list[tuple[int, str]]:
        """Chinese literals outside docstrings, with their lines."""
        apart = {id(node) for node in self.docstrings}
        return [
            (node.lineno, node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in apart
            and CHINESE.search(node.value)
        ]


def house(source: Path = SOURCE, package: str = PACKAGE) -> dict[str, Module]:
    """Return every module of a package by its dotted name."""
    modules = {}
    for path in sorted((source / package).rglob("*.py")):
        parts = list(path.relative_to(source).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = Module(name, path)
    return modules


def imports(module: Module, modules: dict[str, Module]) -> set[str]:
    """Return the modules of the house that a module imports anywhere."""
    there: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            there |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.name.split(".")
                package = package[: len(package) - node.level + (module.path.stem == "__init__")]
                base = ".".join([*package, *filter(None, [node.module])])
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                there.add(deeper if deeper in modules else base)
    return {name for name in there if name in modules and name != module.name}


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in arrows[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = []
            while not group or group[-1] != name:
                group.append(stack.pop())
            groups.append(sorted(group))

    for name in arrows:
        if name not in index:
            visit(name)
    return [group for group in groups if len(group) > 1]


def counts(
    source: Path = SOURCE, package: str = PACKAGE
) -> dict[str, tuple[float, float, list[str]]]:
    """Return every count with its limit and what it is made of; a negative limit is a least."""
    modules = house(source, package)
    arrows = {name: imports(module, modules) for name, module in modules.items()}
    users: dict[str, set[str]] = defaultdict(set)
    for name, others in arrows.items():
        for other in others:
            if not modules[name].is_face:
                users[other].add(name)
    content = [m for m in modules.values() if not m.is_face]
    lone = [m for m in content if m.lines < SMALL and len(users[m.name]) == 1]
    up = [
        f"{name} -> {other}"
        for name, others in arrows.items()
        for other in sorted(others)
        if modules[name].room not in (*WORDS, "") and modules[other].room in WORDS
    ]
    chinese = [
        f"{m.name}:{line} {text!r}"
        for m in modules.values()
        if m.room not in CHINESE_ROOMS
        for line, text in m.chinese
    ]
    tall = [f"{m.name} {m.lines}" for m in content if m.lines > TALL]
    rings = circles(arrows)
    return {
        "circles": (len(rings), 0, [" <-> ".join(ring) for ring in rings]),
        "numbers that import words": (len(up), 0, up),
        "modules above 900 lines": (len(tall), 0, tall),
        "median of lines": (
            statistics.median(m.lines for m in content),
            -250,
            [f"{m.lines:5} {m.name}" for m in sorted(content, key=lambda m: m.lines)],
        ),
        "share of modules under 400 lines that one other imports": (
            round(len(lone) / len(content), 3),
            0.25,
            [f"{m.lines:5} {m.name} <- {next(iter(users[m.name]))}" for m in lone],
        ),
        "Chinese literals among numbers": (len(chinese), 20, chinese),
        # what was added, and for what, stands in the commits that raised the next two numbers
        "modules with content": (
            len(content),
            208,
            [m.name for m in content],
        ),
        "code lines": (
            sum(m.code_lines for m in modules.values()),
            53_341,
            [f"{m.code_lines:5} {m.name}" for m in modules.values()],
        ),
    }


JOURNEYS = {
    "assess": (38, "cm.assess(example, figures, as_of=2021)"),
    "simulate": (57, "cm.simulate(plan, scenarios[1:3], draws=1024, threads=1)"),
    "sobol": (57, 'cm.sobol(plan, "km_open:2022", n=64)'),
    "choose_projects": (25, "cm.choose_projects(plan, {2020: 20, 2021: 20, 2022: 20})"),
    "corridor assess": (67, 'main(["assess", "--lang", "zh"])'),
}
"""Calls whose modules are counted at run time, each with its limit."""

RUN = """
import contextlib, io, sys
entered = set()
def enter(frame, event, _):
    if event == "call" and frame.f_code.co_flags & 1:  # a function's, not a class's body
        entered.add(frame.f_code.co_filename)
@contextlib.contextmanager
def counted():
    with contextlib.redirect_stdout(io.StringIO()):
        sys.setprofile(enter)
        yield
        sys.setprofile(None)
if {once}:
    from corridor_model.cli import main
    with counted():
        {call}
else:
    import corridor_model as cm
    plan, example = cm.load_plan(), cm.load_plan(example=True)
    figures, scenarios = cm.example_observations(), cm.shipped_scenarios()
    {call}  # what is read once for all calls is not on the way of each
    with counted():
        {call}
print(*sorted(name for name in entered if "corridor_model" in name), sep="\\n")
"""


def entered(call: str) -> list[str]:
    """Return the files whose functions a call enters, in a process of its own."""
    code = RUN.replace("{call}", call).replace("{once}", str(call.startswith("main(")))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def main(source: Path = SOURCE, package: str = PACKAGE) -> int:
    """Print the counts; the exit code is 1 where one is past its limit."""
    every = counts(source, package)
    if "--journeys" in sys.argv:
        with ThreadPoolExecutor(2) as pool:
            entries = pool.map(entered, [call for _, call in JOURNEYS.values()])
        for (name, (limit, _)), files in zip(JOURNEYS.items(), entries, strict=True):
            every[f"modules entered by {name}"] = (len(files), limit, files)
    if "--list" in sys.argv:
        word = sys.argv[sys.argv.index("--list") + 1]
        print(*next(parts for name, (_, _, parts) in every.items() if word in name), sep="\n")
        return 0
    past = False
    for name, (count, limit, _) in every.items():
        wrong = count < -limit if limit < 0 else count > limit
        past |= wrong
        sign = ">=" if limit < 0 else "<="
        print(f"{'!' if wrong else ' '} {name:56} {count:>9g}  ({sign} {abs(limit):g})")
    return int(past)


if __name__ == "__main__":
    sys.exit(main())
