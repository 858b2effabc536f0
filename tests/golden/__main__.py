"""``python -m tests.golden --write``: take today's answers as the golden ones."""

from __future__ import annotations

import sys

from tests.golden import keep

if __name__ == "__main__":
    keep.write() if "--write" in sys.argv else print(__doc__)
