"""Fuzz a reader by coverage (atheris, libFuzzer): a valid object or a CorridorError, in seconds.

    make fuzz-coverage                                          every reader, a minute each
    python scripts/fuzz_readers.py figures_text --seconds 3600  one, an hour
    python scripts/fuzz_readers.py figures_text --keep          keep the inputs that reach most

What is kept stands in tests/data/fuzz/READER, as does every input that once raised another error,
took longer than 5 seconds or more than 1 GiB; tests/doors/test_fuzz_corpus.py reads them all.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "data" / "fuzz"
SECONDS, HANG, MEGABYTES, LONGEST = 20, 300, 1024, 20_000
"""What a reader may take for a file: of its processor, where instruments slow it, 5 seconds
without; of the clock, however busy the machine; of memory. Then bytes of what is tried."""
KEPT, LARGEST = 40, 4_000
"""How many inputs of a reader are kept, and of how many bytes."""


def fuzz(name: str, work: Path, seconds: int) -> None:
    """Fuzz until the time is over or an input does harm; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["corridor_model"]):
        from tests.helpers import readers

        import corridor_model as cm

        read = readers.READERS[name]
        for i, seed in enumerate(readers.seeds(name)):
            (work / f"seed{i}").write_bytes(seed)
        with tempfile.TemporaryDirectory() as home, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for file in work.glob("seed*"):  # what is imported at first use is instrumented, too
                _tried(read, cm.CorridorError, file.read_bytes(), Path(home))
    warnings.simplefilter("ignore")
    home = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def one_input(data: bytes) -> None:
        start = time.process_time()
        _tried(read, cm.CorridorError, data, home)
        if (seconds := time.process_time() - start) > SECONDS:
            raise TimeoutError(f"{name} took {seconds:.0f} s of its processor")

    atheris.Setup(
        [
            *(sys.argv[0], str(work), f"-max_total_time={seconds}", f"-timeout={HANG}"),
            *(f"-rss_limit_mb={before + MEGABYTES}", f"-max_len={LONGEST}", "-print_final_stats=1"),
            f"-artifact_prefix={work.parent}/{name}-",
        ],
        one_input,
    )
    atheris.Fuzz()


def _tried(read: object, refusal: type[Exception], data: bytes, home: Path) -> None:
    try:
        read(data, home)  # type: ignore[operator]
    except refusal:
        return


def keep(name: str, work: Path) -> None:
    """Keep the smallest inputs of a run, the seeds aside."""
    files = sorted(work.iterdir(), key=lambda file: file.stat().st_size)
    new = [f for f in files if not f.name.startswith("seed") and f.stat().st_size <= LARGEST]
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in new[:: max(1, len(new) // KEPT)][:KEPT]:
        shutil.copy(file, folder / f"{file.name[:12]}.bin")


def main(arguments: list[str]) -> int:
    """Fuzz readers one after another, each in a process of its own."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    seconds = int(arguments[arguments.index("--seconds") + 1]) if "--seconds" in arguments else 60
    if "--here" in arguments:
        fuzz(arguments[0], Path(arguments[arguments.index("--here") + 1]), seconds)
        return 0
    from tests.helpers.readers import READERS

    wrong, before = 0, 0.0
    for name in [one for one in arguments if one in READERS] or list(READERS):
        work = ROOT / "out" / "fuzz" / name
        work.mkdir(parents=True, exist_ok=True)
        for kept in (CORPUS / name).glob("*.bin"):
            shutil.copy(kept, work / kept.name)
        command = [sys.executable, __file__, name, "--here", str(work), "--seconds", str(seconds)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        wrong |= run.returncode
        lines = run.stderr.splitlines()
        stats = [x for x in lines if "stat::number_of_executed" in x or "stat::peak" in x]
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = used.ru_utime + used.ru_stime - before
        before += spent
        stats.append(f"{spent:.0f} s of the processor")
        print(f"{name}: exit {run.returncode}; {'; '.join(stats)}", flush=True)
        if run.returncode:
            print("\n".join(lines[-40:]))
        if "--keep" in arguments:
            keep(name, work)
    return int(bool(wrong))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
