"""Run every benchmark: ``python -m benchmarks``; the exit code is 1 if any is over its limit.

Each module of this folder that has a ``main`` is run in a process of its own, so that none
pays for another's imports.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def modules() -> list[str]:
    """Return the modules that can be run."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return [
        file.stem
        for file in files
        if not file.stem.startswith("_") and "\ndef main(" in file.read_text(encoding="utf-8")
    ]


def run() -> int:
    """Run them one after another."""
    failed = []
    for name in modules():
        print(f"\n# benchmarks.{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)
        if done.returncode:
            failed.append(name)
    print(f"\nover their limit: {', '.join(failed)}" if failed else "\nall within their limits")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run())
