"""Intervals whose samples are not committed yet, and who is in."""

from __future__ import annotations

from collections.abc import Iterable

from actors.message.device import SampleClosed
from actors.recorder.waitingsample import WaitingSample


class OpenIntervals:
    """By their ends, UTC seconds."""

    def __init__(self) -> None:
        self._in: dict[int, set[int]] = {}
        self._committed_ts = 0  # newest end that was committed

    def __contains__(self, end_ts: int) -> bool:
        return end_ts in self._in

    def __bool__(self) -> bool:
        return bool(self._in)

    @property
    def oldest_ts(self) -> int:
        """End of the oldest one; 0 = none is open."""
        return min(self._in, default=0)

    def is_late(self, end_ts: int, latest_ts: int) -> bool:
        """Whether samples of that interval, or of a later one, are on disk already.

        latest_ts  no interval ends later now: what is on disk of one that does, a clock dated that was put back
        """
        if self._committed_ts > latest_ts:
            self._committed_ts = 0
        return end_ts <= self._committed_ts

    def begin(self, end_ts: int) -> None:
        self._in[end_ts] = set()

    def add(self, sample: SampleClosed, due: set[int]) -> bool:
        """Whether all devices that are ``due`` are in now."""
        self._in[sample.end_ts].add(sample.device)
        return self._in[sample.end_ts] >= due

    def commit(self, samples: Iterable[WaitingSample]) -> None:
        """These are on disk, and with them all that were open."""
        ended = [sample.end_ts for sample in samples if not sample.is_open]
        self._committed_ts = max([self._committed_ts, *ended])
        self._in.clear()
