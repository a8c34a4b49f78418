"""How old a value is, whatever the wall clock does meanwhile."""

from __future__ import annotations

from runtime.clock import Clock
from runtime.core.view import DeviceView


class ReadingAge:
    """Of one device's values: the larger of what the wall clock and what the monotonic clock tell.

    A wall clock that is set back makes no old value young.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first: dict[
            str, tuple[int, int]
        ] = {}  # quantity -> (its ts_ms, monotonic ms at which that was first seen)

    def of(self, view: DeviceView, quantity: str) -> int | None:
        """In ms. None = it was never read, or cannot be read now."""
        if view.state != "on" or quantity not in view.quantities:
            return None
        ts_ms = view.ts_ms[view.quantities.index(quantity)]
        if not ts_ms:
            return None
        now_ms = round(self._clock.monotonic() * 1000)
        if self._first.get(quantity, (None, 0))[0] != ts_ms:
            self._first[quantity] = (ts_ms, now_ms)
        return max(self._clock.now_ms() - ts_ms, now_ms - self._first[quantity][1], 0)
