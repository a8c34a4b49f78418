"""The calendar of a site: hours, days, months and years of its wall clock, by walking through time.

An hour begins where the wall clock shows a full hour and where its offset changes. A day begins once its date will not
be left for an earlier one any more: where the clock goes back into the day before, the second midnight counts, and
midnight that is skipped counts as the moment of the skip; a date that is skipped has no hours. A new zone holds from a
moment on, like a changed offset. (docs/architecture.md, Time)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

STEP_S = 900
LENGTHS = ("hour", "day", "month", "year")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AROUND_S = 3 * 86_400


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time [start_ts, end_ts) in which the wall clock is ``offset_s`` ahead of UTC."""

    start_ts: int
    end_ts: int
    offset_s: int


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin. ``label`` is the first moment of an hour in UTC s, else "2026-03-29", "2026-03" or "2026"."""

    length: str
    label: int | str
    start_ts: int
    end_ts: int


def offset_s(ts: int, zone: ZoneInfo) -> int:
    moment = (EPOCH + timedelta(seconds=ts)).astimezone(zone)
    offset = moment.utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


class SiteCalendar:
    """All bins of [from_ts, to_ts). Hours and days are whole, months and years are cut three days outside.

    zones  (UTC s from which it holds, name of a zone), oldest first, the first from 0; or one name
    """

    def __init__(self, zones: str | Iterable[tuple[int, str]], from_ts: int, to_ts: int) -> None:
        listed = [(0, zones)] if isinstance(zones, str) else list(zones)
        self._zones = [(since, ZoneInfo(name)) for since, name in listed]
        self.stretches = tuple(self._walk(from_ts - AROUND_S, to_ts + AROUND_S))
        self._hours = tuple(self._dated_hours())
        self._span = from_ts, to_ts
        self._bins = {length: tuple(self._grouped(length)) for length in LENGTHS}
        self._starts = [hour.start_ts for hour in self._bins["hour"]]

    def bins(self, length: str) -> tuple[Bin, ...]:
        """The bins that have a part in the span."""
        return self._bins[length]

    def hourly(self, start_ts: int, end_ts: int) -> Iterator[tuple[int, int]]:
        """The parts of a stretch that lie in one hour each."""
        for hour in self._bins["hour"][max(0, bisect_right(self._starts, start_ts) - 1) :]:
            if hour.start_ts >= end_ts:
                return
            yield max(start_ts, hour.start_ts), min(end_ts, hour.end_ts)

    def _grouped(self, length: str) -> Iterator[Bin]:
        from_ts, to_ts = self._span
        for label, hours in groupby(self._hours, key=lambda hour: _label(length, *hour)):
            listed = list(hours)
            bin = Bin(length, label, listed[0][0], listed[-1][1])
            if bin.start_ts < to_ts and bin.end_ts > from_ts:
                yield bin

    def bin_of(self, length: str, ts: int) -> Bin:
        return next(bin for bin in self.bins(length) if bin.start_ts <= ts < bin.end_ts)

    def hours_of(self, day: str) -> tuple[tuple[int, int], ...]:
        """[start, end) of each hour of a date, () for a date that was skipped."""
        return tuple((start, end) for start, end, at in self._hours if at.isoformat() == day)

    def intervals(self, interval_s: int) -> Iterator[tuple[int, int]]:
        """Sampling slots of the span: they divide each hour by the wall clock."""
        for hour in self.bins("hour"):
            stretch = self._stretch(hour.start_ts)
            start = hour.start_ts
            while start < hour.end_ts:
                into_s = (start + stretch.offset_s) % interval_s
                end = min(hour.end_ts, start - into_s + interval_s)
                yield start, end
                start = end

    def wall(self, ts: int) -> datetime:
        """What the wall clock shows, without a zone."""
        return datetime(1970, 1, 1) + timedelta(seconds=ts + self._stretch(ts).offset_s)

    def _stretch(self, ts: int) -> Stretch:
        return next(stretch for stretch in self.stretches if stretch.start_ts <= ts < stretch.end_ts)

    def _zone_at(self, ts: int) -> ZoneInfo:
        return [zone for since, zone in self._zones if since <= ts or not since][-1]

    def _offset_at(self, ts: int) -> int:
        return offset_s(ts, self._zone_at(ts))

    def _walk(self, from_ts: int, to_ts: int) -> Iterator[Stretch]:
        """By quarters of an hour, and by seconds of minutes where the offset is another one a quarter later."""
        from_ts -= from_ts % STEP_S
        cuts = {since for since, _ in self._zones}
        start_ts, offset = from_ts, self._offset_at(from_ts)
        for ts in range(from_ts, to_ts, STEP_S):
            after = self._offset_at(ts + STEP_S)
            if after != offset or any(ts < cut <= ts + STEP_S for cut in cuts):
                changed = next((at for at in range(ts, ts + STEP_S + 1, 60) if self._offset_at(at) != offset), None)
                if changed is not None:
                    yield Stretch(start_ts, changed, offset)
                    start_ts, offset = changed, self._offset_at(changed)
        yield Stretch(start_ts, to_ts, offset)

    def _dated_hours(self) -> Iterator[tuple[int, int, date]]:
        hours = []
        for stretch in self.stretches:
            start = stretch.start_ts
            while start < stretch.end_ts:
                end = min(stretch.end_ts, start - (start + stretch.offset_s) % 3600 + 3600)
                hours.append((start, end, (EPOCH + timedelta(seconds=start + stretch.offset_s)).date()))
                start = end
        earliest = date.max  # of this hour and all later ones
        dated = []
        for start, end, at in reversed(hours):
            earliest = min(earliest, at)
            dated.append((start, end, earliest))
        return reversed(dated)


def _label(length: str, start_ts: int, end_ts: int, at: date) -> int | str:
    if length == "hour":
        return start_ts
    return at.isoformat()[: {"day": 10, "month": 7, "year": 4}[length]]
