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
        # issue 18: decomposition of a variance
        # issue 15: the ledger of the store; headings, titles and figures of the grammar
        # issue 15: packages, measured before they are opened
        # issue 14: measures, splits, revisions
        # issue 15: the collection of what the units sent in
        # issue 14: measurement, taken out of the case, which had grown above 900 lines
        # issue 16: assembly of a plan's tables, frames of Python, shapes of figures
        # issue 16: arguments at the doors
        "modules with content": (
            len(content),
            # issue 16: the reader's language; labels around growth; pictures
            # issue 16: panels of regions
            # and their tables, own forecasts
            # issue 19: the bulletin: standing, blocks, body, annexes, Word, words, verb
            # issue 16: frozen distributions of scipy
            # issue 16: results: class, display, columns, tables of Datasets and the rest, summaries
            # issue 19: the page: file, sections, cards, charts, schedule, comparisons, calculator
            # issue 16: numbers of many regions, and the blocks of a panel
            # issue 15: columns of a table, taken out of the bulletins
            150
            + 6
            + 1
            + 3
            + 1
            + 3
            + 1
            + 1
            + 1
            + 1
            + 3
            + 1
            + 3
            + 3
            + 1
            + 1
            + 7
            + 1
            + 7
            + 9
            + 1
            + 2
            + 1,
            [m.name for m in content],
        ),
        "code lines": (
            sum(m.code_lines for m in modules.values()),
            # issue 16: results people hold, the first number below
            # issue 18: ends, roots, exact indices, votes; choices in whole fen, slips, labels
            # issue 15: the store in SQLite, export; packages, doors; forms go in whole
            # issue 15: the grammar of headings, labels and titles, cells whole, the report
            # issue 17: shares at their bounds, totals integrated, records of real targets
            # issue 14: measures, several promises, limits, dates, splits
            # issue 15: the collection of what the units sent in, its verb
            # issue 14: bounds on yearly growths, dates of works and tasks, all in the workbook
            # issue 16: the reader's language
            # issue 15: series that are kept, one warning of fractions; periods around a table,
            # exports and collections read back whole
            # issue 16: the last period with figures everywhere
            # issue 16: pictures on axes
            # issue 16: panels of regions, own forecasts
            # issue 19: the bulletin in Word, Markdown and HTML
            # issue 16: plans and figures of Python; labels, years of a series, one convention
            # issue 16: frozen distributions of scipy
            # small mends: one rule of the far end, of impossible levels, frames of splits
            # issue 19: the page
            # issue 14: what is only projected, lost sums, unknown years, words of limits, singulars
            # issue 19: the workbook; publish
            28000
            + 1530
            + 60
            + 750
            + 570
            + 2010
            + 700
            + 330
            + 1660
            + 180
            + 295
            + 500
            + 600
            + 50
            + 110
            + 245
            + 70
            + 90
            + 110
            + 470
            + 360
            + 1390
            + 1490
            + 450
            + 310
            + 2230
            + 140
            + 100
            + 1660
            + 3375
            + 212
            # issue 16: odd arguments of more kinds, histories checked whole
            + 330
            + 430
            # issue 19: sheets of units; issue 20: what comes back from files is checked
            + 60
            # issue 20: packages of the extras
            + 80
            # issue 16: regions that go through the rules together; whether studies converged;
            # slips at the doors
            + 535
            + 140
            + 115
            # issue 20: files all or none, what killed runs left, Ctrl-C; sealed entries checked
            + 280
            # issue 20: consoles, names and locks of Windows
            + 60
            # issue 19: figures in doubt, verdicts restated, who must act
            + 245
            # issue 14: years of counts, counts of years
            + 65
            # issue 15: parts of a year in columns, counts with a beginning, titles of targets
            + 137
            # issue 15: parts and areas beside headings, cut numbers, units below, marks of notes
            + 123
            # issue 20: figures that come once a year, of promises of each year
            + 4
            # issue 14: bases of 0, changes without a level; levels due within a year
            + 11
            + 5
            # and in the workbook
            + 7
            # issue 15: columns of a table; areas, separators, units and layouts of offices
            + 447
            # issue 20: what no correlation, no year and no search can be
            + 88
            # issue 17: Student's t by one series, quantiles by search, arrivals at 100
            + 16
            # issue 14: counts due within a year, in words, lists and the workbook
            + 72
            # issue 20: endless lists, names that no file has, results without their variables
            + 15,
            [f"{m.code_lines:5} {m.name}" for m in modules.values()],
        ),
    }


# beside each, what later issues add; issue 14: measures, splits, revisions, averages;
# issue 15: the readers of forms, works and tasks on the command line; issue 17: records of targets;
# issue 16: checks of arguments, labels, own forecasts, frozen distributions, assembly of tables;
# issue 20: consoles that lack a letter
JOURNEYS = {
    "assess": (28 + 10, "cm.assess(example, figures, as_of=2021)"),
    "simulate": (50 + 7, "cm.simulate(plan, scenarios[1:3], draws=1024, threads=1)"),
    "sobol": (45 + 12, 'cm.sobol(plan, "km_open:2022", n=64)'),
    "choose_projects": (23 + 2, "cm.choose_projects(plan, {2020: 20, 2021: 20, 2022: 20})"),
    "corridor assess": (52 + 15, 'main(["assess", "--lang", "zh"])'),
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
