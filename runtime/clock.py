"""The only place that asks the machine what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from runtime.core.clock.clocktrust import ClockTrust, ClockView


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

    monotonic = staticmethod(time.monotonic)


def since_boot() -> float:
    """Seconds that never step, those of suspension included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class TrustedClock:
    """A machine's clock that is believed only when it can be; see ``ClockTrust``.

    newest_ts  newest time that is stored, 0 = nothing
    is_synced  does the network's time steer the machine?
    elapsed    seconds that never step
    ahead_ms   by how much the newest time may be ahead, as ``ahead_ms`` told before the restart
    """

    def __init__(
        self, machine: Clock, newest_ts: int, is_synced: Callable[[], bool],
        elapsed: Callable[[], float] = since_boot, ahead_ms: int = 0,
    ) -> None:  # fmt: skip
        self._machine = machine
        self.monotonic: Callable[[], float] = machine.monotonic
        self._is_synced = is_synced
        self._elapsed = elapsed
        self._trust = ClockTrust(newest_ts * 1000, machine.now_ms(), self._elapsed_ms(), is_synced(), ahead_ms)

    @property
    def ahead_ms(self) -> int:
        """By how much what is stored may be ahead of the true time; to be kept over a restart."""
        return self._trust.ahead_ms

    def now_ms(self) -> int:
        return self._trust.now_ms(self._machine.now_ms(), self._elapsed_ms())

    def now_ts(self) -> int:
        return self.now_ms() // 1000

    def look(self) -> ClockView:
        """Think again. One caller, each second or so."""
        elapsed_ms = self._elapsed_ms()
        self._trust.look(self._machine.now_ms(), elapsed_ms, self._is_synced())
        return self._trust.view(elapsed_ms)

    def _elapsed_ms(self) -> int:
        return round(self._elapsed() * 1000)
