"""Clocks that several processes can share: one whose wall time runs at another speed, and one that a test turns on."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path

_MS = struct.Struct("q")


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


class TurnedClock(QuickClock):
    """One that is turned on besides; whoever opens the same ``file`` sees the same time."""

    def __init__(self, ts: int, speed: float, file: Path, began: float | None = None) -> None:
        super().__init__(ts, speed, began)
        self.file = file
        if not file.exists():
            file.write_bytes(_MS.pack(0))
        with file.open("r+b") as opened:
            self._turned = mmap.mmap(opened.fileno(), _MS.size)

    def now_ms(self) -> int:
        return super().now_ms() + int(_MS.unpack_from(self._turned)[0])

    def turn(self, seconds: float) -> None:
        _MS.pack_into(self._turned, 0, int(_MS.unpack_from(self._turned)[0]) + round(seconds * 1000))
