"""The sampling intervals of a site, and whether the end of one has passed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid

MINUTE_MS = 60_000  # intervals begin and end at full minutes


class Intervals:
    """``interval_s`` is the length of each, ``zone`` where the site is."""

    def __init__(self, interval_s: int, zone: ZoneInfo) -> None:
        self._interval_s = interval_s
        self._zone = zone
        self._edge_ts = 0

    def interval_of(self, ts: int) -> tuple[int, int]:
        """[start, end) in UTC s."""
        start_ts = timegrid.interval_start(ts, self._interval_s, self._zone)
        return start_ts, timegrid.next_boundary(ts, self._interval_s, self._zone)

    def has_passed(self, now_ms: int) -> bool:
        """Whether one ended since this was asked last."""
        passed = bool(self._edge_ts) and now_ms >= self._edge_ts * 1000
        self._edge_ts = self.interval_of(now_ms // 1000)[1]
        return passed

    def next_in_s(self, now_ms: int) -> float:
        return self._edge_ts - now_ms / 1000

    def begin_anew(self) -> None:
        """The clock was put right: the end of the one before is none that passed."""
        self._edge_ts = 0
