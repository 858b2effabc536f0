"""Where the shipped data lie: inside the wheel, or beside ``src`` in a checkout."""

from __future__ import annotations

from pathlib import Path

from corridor_model.errors import CorridorError


def data_dir() -> Path:
    """Return the folder that holds ``longwan/``, ``forecast/``, ``fonts/`` and ``example/``.

    Raises
    ------
    CorridorError
        If the installation lacks its data.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parents[1] / "data"):
        if (folder / "longwan").is_dir():
            return folder
    raise CorridorError(
        "The plan's data are missing from this installation. Install corridor-model again."
    )
