"""What a bus has read since its gateway last heard of it: the newest of each block, handed over together.

Where a minute ended meanwhile, also the newest before: an interval may have ended with it, and its counters need both.
"""

from __future__ import annotations

from collections.abc import Callable

from actors.message.device import BlockRead
from runtime.core.sample.interval import MINUTE_MS

BATCH_S = 0.1


class Batch:
    """``post`` takes what is handed over, oldest block first. Times are monotonic seconds."""

    def __init__(self, post: Callable[[BlockRead], object]) -> None:
        self._post = post
        self._newest: dict[tuple[int, int, int], BlockRead] = {}
        self._since = 0.0

    def add(self, read: BlockRead, now: float, *, at_once: bool = False) -> None:
        """It waits for others, no longer than BATCH_S; what was read of its block before is outdated."""
        if not self._newest:
            self._since = now
        self._newest[read.device, read.block, read.ts_ms // MINUTE_MS] = read
        if at_once or now - self._since >= BATCH_S:
            self.hand_over()

    def hand_over(self) -> None:
        """Nothing more comes for a while, or something else has to come after it."""
        if self._newest:
            newest, self._newest = self._newest, {}
            for read in newest.values():
                self._post(read)
