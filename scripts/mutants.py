"""Does a test fall when the arithmetic is wrong?  One small mistake at a time is put in.

    python scripts/mutants.py                        every room of ROOMS, a line each
    python scripts/mutants.py growth money           these rooms
    python scripts/mutants.py growth --limit 50      a sample of each
    python scripts/mutants.py growth --limit 50 --seed 1     another one
    python scripts/mutants.py growth --twice         what survives is imported, too

A comparison, an operator, a number, a truth or a word like ``any`` is exchanged for another. A test
that walks the line must then fail. The tests of the room are collected once; each mutant lives in
a fork of that process, whose functions get other code. What stands outside of functions is
imported in a new process; with --twice so is what survived, since what was computed on import is
not computed again in a fork. Survivors are printed.

``scripts/mutants_alive.csv`` has those that change nothing that could be seen, each with why;
where a function has several alike, ``line`` says in which line of its text.
"""

from __future__ import annotations

import ast
import copy
import csv
import gc
import importlib
import importlib.abc
import importlib.util
import os
import random
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "corridor_model"
ALIVE = Path(__file__).with_name("mutants_alive.csv")
SECONDS = 15
"""Processor time of one mutant's tests, those that walk its line; quick ones come first."""

ROOMS = {
    "growth": (
        ("rates", "averages", "changes", "additions", "targets", "paths", "_elementwise"),
        "growth",
        ("tests/growth", "tests/doors/test_growth_labels.py", "tests/plan/test_growth.py"),
    ),
    "required": (
        ("requirements", "growth_paths"),
        "plan",
        ("tests/plan/test_requirements.py", "tests/plan/test_growth.py",
         "tests/plan/test_tables.py", "tests/plan/test_promises.py",
         "tests/plan/test_longwan_targets.py", "tests/plan/test_china_14fyp.py"),
    ),
    "progress": (
        ("progress", "measurement"),
        "assessment",
        ("tests/assessment/test_progress.py", "tests/assessment/test_progress_edges.py",
         "tests/assessment/test_promises.py",
         "tests/assessment/test_cases.py", "tests/assessment/test_bounded_figures.py",
         "tests/assessment/test_as_of.py", "tests/assessment/test_example.py",
         "tests/assessment/test_rules.py", "tests/assessment/test_measurement.py",
         "tests/plan/test_china_14fyp.py"),
    ),
    "limits": (
        ("verdicts",),
        "assessment",
        ("tests/assessment/test_promises.py", "tests/assessment/test_cases.py",
         "tests/assessment/test_bounded_figures.py", "tests/assessment/test_progress.py",
         "tests/assessment/test_example.py", "tests/assessment/test_rules.py",
         "tests/assessment/test_properties.py", "tests/assessment/test_verdicts.py"),
    ),
    "spending": (("spending", "profiles"), "scenario",
                 ("tests/scenario/test_spending.py", "tests/scenario/test_cases.py",
                  "tests/scenario/test_algebra.py", "tests/scenario/test_inputs.py")),
    "money": (("money_under_delay",), "scenario",
              ("tests/scenario/test_spending.py", "tests/scenario/test_cases.py",
               "tests/scenario/test_slips.py", "tests/scenario/test_algebra.py")),
    "estimators": (("sobol_indices",), "sensitivity",
                   ("tests/sensitivity/test_sobol_indices.py", "tests/sensitivity/test_sobol.py",
                    "tests/sensitivity/test_exact_shares.py", "tests/sensitivity/test_cases.py")),
}  # fmt: skip
"""The modules of a room, the package they stand in, and the tests that should see a mistake."""


# The mistakes.

_COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
_NAMES = {
    "any": "all", "all": "any", "min": "max", "max": "min", "minimum": "maximum",
    "maximum": "minimum", "floor": "ceil", "ceil": "floor", "log1p": "log", "expm1": "exp",
    "nanmin": "nanmax", "nanmax": "nanmin", "argmin": "argmax", "argmax": "argmin",
    "isnan": "isinf",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One mistake in one module."""

    module: str
    number: int
    """Which of the module's mistakes it is."""
    line: int
    before: str
    after: str
    inside: tuple[str, ...]
    """The functions around it, outermost first; none if it stands in a class or a module."""

    @property
    def name(self) -> str:
        """Where it is and what it is."""
        return f"{self.module}:{self.line} {self.before} -> {self.after}"

    @property
    def key(self) -> str:
        """What it is, wherever its line has moved."""
        return f"{self.module} {'.'.join(self.inside)} {self.before} -> {self.after}"

    @property
    def text(self) -> str:
        """The line it stands in."""
        return _file(self.module).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()

    @property
    def code(self) -> CodeType:
        """The module with this mistake, compiled."""
        tree = _tree(self.module)
        for mutant in _walk(self.module, tree):
            if mutant.number == self.number:  # the tree holds the mistake now, and no other
                return compile(ast.fix_missing_locations(tree), str(_file(self.module)), "exec")
        raise LookupError(self.name)


def exchanges(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node with a mistake in it, one at a time."""
    other = copy.copy(node)
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            for kind in _COMPARED[type(operator)]:
                other = copy.copy(node)
                other.ops = [*node.ops[:i], kind(), *node.ops[i + 1 :]]
                yield other
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        other.op = _OPERATORS[type(node.op)]()
        yield other
    elif isinstance(node, ast.BoolOp):
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield other
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.copy_location(ast.Constant(not node.value), node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.copy_location(ast.Constant(node.value + 1), node)
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield ast.copy_location(ast.Name(_NAMES[node.id], node.ctx), node)
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        other.attr = _NAMES[node.attr]
        yield other
    elif isinstance(node, ast.IfExp):
        other.body, other.orelse = node.orelse, node.body
        yield other
    elif isinstance(node, ast.If) and not isinstance(
        node.test, ast.Compare | ast.BoolOp | ast.UnaryOp
    ):
        other.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        yield other


_NOT_ENTERED = ("annotation", "returns", "decorator_list", "type_params")
"""Fields of a tree that compute nothing while it runs."""


def mutants(module: str) -> list[Mutant]:
    """Return every mistake of a module."""
    return list(_walk(module, _tree(module)))


def _file(module: str) -> Path:
    return PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")


def _tree(module: str) -> ast.Module:
    return ast.parse(_file(module).read_text(encoding="utf-8"))


def _walk(module: str, tree: ast.Module) -> Iterator[Mutant]:
    """Put each mistake into a tree, yield it, and take it out again."""
    numbers = count()

    def walk(node: ast.AST, inside: tuple[str, ...]) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in _NOT_ENTERED:
                continue
            # what an argument is by default is computed outside of its function
            body = isinstance(node, ast.FunctionDef) and field == "body"
            here = (*inside, node.name) if body else inside  # type: ignore[attr-defined]
            many = isinstance(value, list)
            for i, child in enumerate(list(value) if many else [value]):
                if not isinstance(child, ast.AST) or _is_words(child):
                    continue
                for other in exchanges(child):
                    _put(node, field, i, other, many)
                    words = (_short(child), _short(other))
                    yield Mutant(module, next(numbers), child.lineno, *words, here)
                    _put(node, field, i, child, many)
                yield from walk(child, here)

    yield from walk(tree, ())


def _put(node: ast.AST, field: str, i: int, child: ast.AST, many: bool) -> None:
    if many:
        getattr(node, field)[i] = child
    else:
        setattr(node, field, child)


def _is_words(node: ast.AST) -> bool:
    """Whether it is a text, a message, an import for types or a check of lengths: no arithmetic."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"message", "N_", "Problem"}
    )


def _short(node: ast.AST) -> str:
    text = ast.unparse(node.test if isinstance(node, ast.If) else node)
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:87]}..."


# Their lives.


class Server:
    """A pytest plugin: measures which test walks which line, then tries mutants in forks."""

    def __init__(self, chosen: list[Mutant], twice: bool) -> None:
        self.mutants, self.twice = chosen, twice
        self.fate: dict[Mutant, str] = {}
        self.failed: list[str] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        """Stand in for pytest's own loop."""
        self.items = {item.nodeid: item for item in session.items}
        for module in {mutant.module for mutant in self.mutants}:
            importlib.import_module(module)
        gc.unfreeze()  # what conftest has frozen would not be among the objects
        self.functions = [
            one
            for one in gc.get_objects()
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(PACKAGE))
        ]
        gc.freeze()  # forks touch no page of what is there
        self.measure()
        began = time.monotonic()
        for n, mutant in enumerate(self.mutants, 1):
            self.fate[mutant] = self.try_one(mutant)
            if n % 25 == 0:
                counts = Counter(self.fate.values())
                print(f"  {n}/{len(self.mutants)} {dict(counts)} "
                      f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)  # fmt: skip
        return True

    def measure(self) -> None:
        """Run every test once in a fork and keep its seconds and lines."""
        import pickle

        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reader)
            try:
                found = self._lines()
                with os.fdopen(writer, "wb") as pipe:
                    pickle.dump(found, pipe)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            self.seconds, self.lines = pickle.load(pipe)  # from our own fork
        os.waitpid(pid, 0)
        print(f"  {len(self.seconds)} tests, {sum(self.seconds.values()):.0f} s", file=sys.stderr)

    def _lines(self) -> tuple[dict[str, float], dict[tuple[str, int], set[str]]]:
        import coverage

        _quiet()
        for module in list(sys.modules.values()):  # every example counts here
            if {"counting", "FORBID_SKIPS"} <= set(getattr(module, "__dict__", ())):  # conftest
                module.counting = lambda _: None
        files = sorted({str(_file(m.module)) for m in self.mutants})
        cover = coverage.Coverage(data_file=None, include=files, config_file=False)
        seconds: dict[str, float] = {}
        lines: dict[tuple[str, int], set[str]] = defaultdict(set)
        names = list(self.items)
        self.failed: list[str] = []
        for i, name in enumerate(names):
            cover.start()
            cover.switch_context(name)
            began = time.process_time()  # a busy machine makes no test longer
            self._run(name, names[i + 1] if i + 1 < len(names) else None)
            seconds[name] = time.process_time() - began
            cover.stop()
        data = cover.get_data()
        for file in data.measured_files():
            for line, contexts in data.contexts_by_lineno(file).items():
                lines[file, line] |= set(contexts) - {""} - set(self.failed)
        return seconds, dict(lines)

    def _run(self, name: str, following: str | None) -> None:
        from _pytest.runner import runtestprotocol

        item = self.items[name]
        reports = runtestprotocol(
            item, log=False, nextitem=self.items[following] if following else None
        )
        if any(report.failed for report in reports):
            self.failed.append(name)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that walk its line, quick ones first, as many as there is time for."""
        file = str(_file(mutant.module))
        walked = self.lines.get((file, mutant.line), set())
        if not mutant.inside:  # computed on import
            walked = {test for (f, _), tests in self.lines.items() if f == file for test in tests}
        chosen, total = [], 0.0
        for test in sorted(walked, key=self.seconds.__getitem__):
            total += self.seconds[test]
            if total > SECONDS and chosen:
                break
            chosen.append(test)
        return chosen

    def try_one(self, mutant: Mutant) -> str:
        """Return what becomes of a mutant."""
        tests = self.tests_of(mutant)
        if not tests:
            print(f"    {mutant.name} (no test)", flush=True)
            return "no test"
        limit = 20 + 5 * int(sum(self.seconds[test] for test in tests))
        pid = os.fork()
        if not pid:
            _quiet()
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
            try:
                if not _exchange(mutant, self.functions):
                    os._exit(3)
                self.failed = []
                for i, test in enumerate(tests):
                    self._run(test, tests[i + 1] if i + 1 < len(tests) else None)
                    if self.failed:
                        os._exit(1)
            except BaseException:
                os._exit(1)
            os._exit(0)
        code = _waited(pid, 20 * limit)
        if code == 3 or (code == 0 and self.twice):
            code = _imported_anew(mutant, tests, 20 * limit + 60)
        if code == 0:  # None is of one that went on and on, which is seen, too
            print(f"    {mutant.name}", flush=True)
        return "survived" if code == 0 else "killed"


def _waited(pid: int, limit: float) -> int | None:
    """Return the exit code of a process, or None if it took too long."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _exchange(mutant: Mutant, functions: list[FunctionType]) -> bool:
    """Give the functions of a module the code of a mutant; False if that is not possible."""
    if not mutant.inside:
        return False
    file = str(_file(mutant.module))
    codes = dict(_functions(mutant.code))
    done = False
    for one in functions:
        if one.__code__.co_filename != file:
            continue
        code = codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
        if code is None or code == one.__code__ or code.co_freevars != one.__code__.co_freevars:
            continue
        one.__code__ = code
        done = True
    return done


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield (one.co_qualname, one.co_firstlineno), one
            yield from _functions(one)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, *_: Any) -> Any:
        """Return where the module comes from."""
        if name != self.mutant.module:
            return None
        return importlib.util.spec_from_file_location(name, _file(name), loader=self)

    def exec_module(self, module: Any) -> None:
        """Run the mutant's text as the module."""
        exec(self.mutant.code, module.__dict__)


def _imported_anew(mutant: Mutant, tests: list[str], limit: float) -> int | None:
    """Run tests in a new process that imports the mutant."""
    pid = os.fork()
    if not pid:
        _quiet()
        os.execv(
            sys.executable,
            [sys.executable, __file__, "--anew", mutant.module, str(mutant.number), *tests],
        )
    return _waited(pid, limit)


def anew(module: str, number: int, tests: list[str]) -> int:
    """Run tests with one mutant imported; for a process of its own."""
    import pytest

    sys.meta_path.insert(0, Finder(mutants(module)[number]))
    importlib.import_module(module)  # before pytest imports its file for the examples in it
    return int(pytest.main(["-q", "-x", "--no-cov", "-p", "no:cacheprovider", *tests]) != 0)


def invisible() -> set[tuple[str, str]]:
    """Return the key, and the line's text if it matters, of what changes nothing to be seen."""
    if not ALIVE.is_file():
        return set()
    with ALIVE.open(encoding="utf-8", newline="") as file:
        return {
            (f"{row['module']} {row['function']} {row['before']} -> {row['after']}",
             row["line"] or "")
            for row in csv.DictReader(file)
        }  # fmt: skip


def try_room(room: str, limit: int | None, seed: int, twice: bool) -> dict[Mutant, str]:
    """Return what became of the mutants of a room."""
    import pytest

    modules, package, tests = ROOMS[room]
    every = [m for name in modules for m in mutants(f"corridor_model.{package}.{name}")]
    if limit is not None and limit < len(every):
        every = random.Random(seed).sample(every, limit)
    server = Server(every, twice)
    doctests = [str(_file(m)) for m in dict.fromkeys(m.module for m in every)]
    print(f"{room}: {len(every)} mutants", file=sys.stderr, flush=True)
    pytest.main(
        [
            "-q",
            "--no-cov",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow and not fuzz",
            *tests,
            *doctests,
        ],
        plugins=[server],
    )
    return server.fate


def main(arguments: list[str]) -> int:
    """Try rooms; the exit code is 1 where less than 90 % are killed."""
    if arguments[:1] == ["--anew"]:
        return anew(arguments[1], int(arguments[2]), arguments[3:])

    def number(option: str) -> int | None:
        return int(arguments[arguments.index(option) + 1]) if option in arguments else None

    limit, seed = number("--limit"), number("--seed") or 0
    rooms = [one for one in arguments if one in ROOMS] or list(ROOMS)
    known, poor = invisible(), False
    for room in rooms:
        fate = try_room(room, limit, seed, "--twice" in arguments)
        left = [m for m in fate if fate[m] != "killed"]
        alike = [m for m in left if not known.isdisjoint({(m.key, ""), (m.key, m.text)})]
        real = len(fate) - len(alike)
        killed = len(fate) - len(left)
        share = killed / max(1, real)
        poor |= share < 0.9
        print(f"{room:12} {len(fate):5} mutants, {len(alike):3} change nothing, "
              f"{killed:5} of {real:5} killed: {share:.1%}")  # fmt: skip
        sys.stdout.flush()
    return int(poor)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    sys.exit(main(sys.argv[1:]))
