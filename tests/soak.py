"""How much a heavy check does: a tenth in `make test`, all of it in `make soak`."""

import os

FULL = os.environ.get("WATTKEEPER_SOAK") == "full"


def tenth(whole: int) -> int:
    """So many now."""
    return whole if FULL else whole // 10
