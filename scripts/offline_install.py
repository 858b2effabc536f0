"""Install from a folder of wheels with every index switched off, and publish from there.

    python scripts/offline_install.py [FOLDER]

On a machine with a network: fills FOLDER (a new temporary one by default) with the wheels of the
library and of all that `[report]` needs. Then, as on a machine of an intranet: a new environment,
`pip install --no-index --find-links FOLDER`, and what an office does first, from an empty
directory. It prints what it did; the exit code is 0 if all of it worked, 3 if the wheels could
not be fetched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NO_NETWORK = 3
OFFICE = (
    ["--version"],
    ["required", "--format", "csv"],
    ["publish", "--example", "--as-of", "2021-09", "--out", "out"],
)
"""What is run after the installation, each by the command of the new environment."""


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead pip or Python back to this machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PIP_") and name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    }
    # a configuration could name an index or a folder of its own
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PYTHONUTF8": "1"}


def fetch(folder: Path) -> bool:
    """Fill a folder with wheels; return whether the registry, or pip's cache, had them all."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--wheel-dir", str(folder), "--constraint", "constraints.txt", ".[report]"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        print(done.stderr.strip()[-2000:], file=sys.stderr)
    return not done.returncode


def install(folder: Path, place: Path) -> Path:
    """Install from a folder alone into a new environment; return where its commands are."""
    venv.create(place, with_pip=True, symlinks=os.name != "nt")
    commands = place / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-index", "--find-links", str(folder), "corridor-model[report]"],
        check=True, env=clean_environment(), cwd=place,
    )  # fmt: skip
    return commands


def main() -> int:
    """Fetch, install, publish; say what each took."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/wheels").resolve()
        begun = time.monotonic()
        if not fetch(folder):
            return NO_NETWORK
        wheels = sorted(folder.glob("*.whl"))
        size = sum(one.stat().st_size for one in wheels) / 1e6
        print(f"{len(wheels)} wheels, {size:.0f} MB, {time.monotonic() - begun:.0f} s")
        begun = time.monotonic()
        commands = install(folder, Path(temporary, "environment"))
        print(f"installed without an index, {time.monotonic() - begun:.0f} s")
        office = Path(temporary, "an office")
        office.mkdir()
        for words in OFFICE:
            done = subprocess.run(
                [commands / "corridor", *words],
                cwd=office, env=clean_environment(), check=True, capture_output=True,
            )  # fmt: skip
            first = done.stdout.decode("utf-8").strip().partition("\n")[0]
            print(f"corridor {' '.join(words)}: {first}")
        print(", ".join(sorted(file.name for file in Path(office, "out").iterdir())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
