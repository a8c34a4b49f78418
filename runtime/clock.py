"""The only place that asks the machine what time it is."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for what is stored and shown, monotonic time for how long things take."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""

    def now_ts(self) -> int:
        """UTC seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds that never step."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def now_ts(self) -> int:
        return time.time_ns() // 1_000_000_000

    def monotonic(self) -> float:
        return time.monotonic()
