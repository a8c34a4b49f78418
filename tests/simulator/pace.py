"""How long something takes on a machine that does other things too."""

from __future__ import annotations

import time
from collections.abc import Callable

ATTEMPTS = 200


def keeps_pace(attempt: Callable[[], object], least_s: float, slack_s: float) -> bool:
    """No attempt is quicker than ``least_s``, and one of them is no more than ``slack_s`` slower.

    A busy machine is late now and then, and never early: what is always late is too slow by itself.
    """
    for _ in range(ATTEMPTS):
        began = time.monotonic()
        attempt()
        took_s = time.monotonic() - began
        if took_s < least_s:
            return False
        if took_s <= least_s + slack_s:
            return True
    return False
