"""How often a promise is tried: few times in `make test`, at full count in `make prove`."""

from __future__ import annotations

import os


def runs(*, few: int, full: int) -> int:
    """Return how many trials to make; `PROVE=full` asks for all of them."""
    return full if os.environ.get("PROVE") == "full" else few
