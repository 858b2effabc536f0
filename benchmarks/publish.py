"""What it costs to publish a month: beside importing pandas, xarray and matplotlib.

Run with ``python -m benchmarks.publish``; the exit code is 1 if a ratio is above its limit.

Each round starts fresh processes in turn: one that only imports, and one that publishes the
worked example (145 promises, 24 works, every scenario, 8,192 draws) as ``corridor publish
--example --as-of 2021-09`` does, imports included.

publish     the process beside the imports, without the results below: at most 12
results     assess, simulate, tornado and choice: reported apart
page        the page from given results: at most 2

With Playwright and a Chromium on the machine the page is opened from disk as well, and the
milliseconds until it answers a click are printed; they are no ratio and have no limit here.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
LIMITS = {"publish": 12.0, "page": 2.0}
IMPORTS = "import pandas, xarray, matplotlib"
PUBLISH = """
import json, sys, time
import corridor_model as cm
from corridor_model.report import write
spent = {}

def clocked(name, call):
    def run(*args, **options):
        start = time.perf_counter()
        answer = call(*args, **options)
        spent[name] = time.perf_counter() - start
        return answer
    return run

write.results_of = clocked("results", write.results_of)
write.page = clocked("page", write.page)
from corridor_model.cli import main
code = main(["publish", "--example", "--as-of", "2021-09", "--out", sys.argv[1]])
assert code == 0, code
print(json.dumps(spent))
"""


def seconds(code: str, *arguments: str) -> tuple[float, str]:
    """Return how long a fresh process takes, and the last line it prints."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start, done.stdout.rpartition("\n{")[2]


def opening(page: Path) -> list[float]:
    """Return the milliseconds until a page opened from disk is interactive, per opening."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    if browser is None:
        return []
    ask = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    times = []
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(ROUNDS):
            tab = running.new_page()
            tab.goto(page.as_uri())
            times.append(float(tab.evaluate(ask)))
            tab.close()
        running.close()
    return times


def main() -> int:
    """Print the ratios beside their limits."""
    imports, whole, parts = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        seconds(PUBLISH, folder)  # compiles what was never imported
        for _ in range(ROUNDS):
            imports.append(seconds(IMPORTS)[0])
            took, said = seconds(PUBLISH, folder)
            whole.append(took)
            parts.append(json.loads("{" + said))
        opened = opening(Path(folder) / "page.html")
    unit = statistics.median(imports)
    shown = {
        "publish": statistics.median(
            took - part["results"] for took, part in zip(whole, parts, strict=True)
        )
        / unit,
        "page": statistics.median(part["page"] for part in parts) / unit,
        "results": statistics.median(part["results"] for part in parts) / unit,
    }
    missed = 0
    for name, ratio in shown.items():
        limit = LIMITS.get(name)
        missed += limit is not None and ratio > limit
        print(f"{name:12} {ratio:6.2f}" + (f"  (limit {limit:g})" if limit else ""))
    if opened:
        print(f"interactive  {statistics.median(opened):.0f} ms")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
