"""``python -m corridor_model.cli`` is ``corridor``."""

import sys

from corridor_model.cli import main

sys.exit(main())
