"""How fast one station may speak: who is faster is read later, so that the others are not kept waiting."""

from __future__ import annotations

PER_S, BURST = 20.0, 60.0


class Pace:
    """Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._left, self._at = BURST, now

    def rest_s(self, now: float) -> float:
        """After each message: how long to wait before the next is read, 0.0 = not at all."""
        self._left = min(BURST, self._left + (now - self._at) * PER_S) - 1
        self._at = now
        return 0.0 if self._left >= 0 else -self._left / PER_S
