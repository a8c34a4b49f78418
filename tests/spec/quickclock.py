"""A clock that several processes can share and whose wall time may run faster than life."""

from __future__ import annotations

import time


class QuickClock:
    """Wall time that is ``ts`` when the monotonic clock is ``began`` and runs ``speed`` times as fast.

    The monotonic clock is the real one: time-outs and pauses stay what they are.
    """

    def __init__(self, ts: int, speed: float, began: float | None = None) -> None:
        self.ts, self.speed = ts, speed
        self.began = time.monotonic() if began is None else began

    def now_ms(self) -> int:
        return self.ts * 1000 + round((time.monotonic() - self.began) * 1000 * self.speed)

    def now_ts(self) -> int:
        return self.now_ms() // 1000

    def monotonic(self) -> float:
        return time.monotonic()
