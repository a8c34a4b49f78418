"""Where slots, hours, days, months and years begin at a site; the only place that knows its time zone.

All times are UTC epoch seconds, all stretches half open. Slots and hours begin where the local wall clock shows a
multiple of their length and at every change of the zone's offset, so that slots nest in hours, hours in days, days in
months and months in years whatever the zone does. A day begins where the wall clock shows its date for good: midnight
that comes twice counts the second time, midnight that is skipped counts as the moment of the skip.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_S = 3600
DAY_S = 86_400
EPOCH_DAY = date(1970, 1, 1).toordinal()
NEVER = 1 << 62

_BLOCK_S = 1 << 25  # offset changes are looked up in blocks of about a year
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grid:
    """The slots of a site. Before ``coarse_until`` they are whole hours: a long gap is spread over hours, not slots."""

    interval_s: int
    zone: ZoneInfo
    coarse_until: int = 0

    def start(self, ts: int) -> int:
        """Start of the slot that holds ``ts``."""
        return interval_start(ts, HOUR_S if ts < self.coarse_until else self.interval_s, self.zone)

    def after(self, ts: int) -> int:
        """First edge after ``ts``."""
        return next_boundary(ts, HOUR_S if ts < self.coarse_until else self.interval_s, self.zone)


def interval_start(ts: int, interval_s: int, zone: ZoneInfo) -> int:
    """Start of the slot that holds ``ts``; ``interval_s`` divides an hour."""
    since, _, offset = _stretch(ts, zone)
    return max(since, ts - (ts + offset) % interval_s)


def next_boundary(ts: int, interval_s: int, zone: ZoneInfo) -> int:
    """End of the slot that holds ``ts``: the first slot start after it."""
    _, until, offset = _stretch(ts, zone)
    return min(until, ts - (ts + offset) % interval_s + interval_s)


def intervals(start_ts: int, end_ts: int, interval_s: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The slots that tile [start_ts, end_ts), both of which are edges."""
    ts = start_ts
    while ts < end_ts:
        edge = next_boundary(ts, interval_s, zone)
        yield ts, edge
        ts = edge


def hour_start(ts: int, zone: ZoneInfo) -> int:
    return interval_start(ts, HOUR_S, zone)


def next_hour(ts: int, zone: ZoneInfo) -> int:
    return next_boundary(ts, HOUR_S, zone)


def hours(start_ts: int, end_ts: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The hours that tile [start_ts, end_ts), both of which are edges."""
    return intervals(start_ts, end_ts, HOUR_S, zone)


def day_of(ts: int, zone: ZoneInfo) -> int:
    """Local day as ``date.toordinal()`` counts."""
    _, until, offset = _stretch(ts, zone)
    day = (ts + offset) // DAY_S
    if until - ts < DAY_S:  # the clock may still go back into the day before
        day = min(day, (until + _stretch(until, zone)[2]) // DAY_S)
    return day + EPOCH_DAY


def day_start(day: int, zone: ZoneInfo) -> int:
    """First moment of a local day; a day that the zone skipped is empty and starts where the next one does."""
    midnight = (day - EPOCH_DAY) * DAY_S
    ts = midnight + 2 * DAY_S
    while True:
        since, until, offset = _stretch(ts, zone)
        if since < midnight - offset:
            return min(until, midnight - offset)
        ts = since - 1


def month_of(ts: int, zone: ZoneInfo) -> int:
    """Local month as year * 12 + month - 1."""
    return month_of_day(day_of(ts, zone))


def month_of_day(day: int) -> int:
    at = date.fromordinal(day)
    return at.year * 12 + at.month - 1


def first_day(month: int) -> int:
    """Ordinal of the first day of a month."""
    return date(month // 12, month % 12 + 1, 1).toordinal()


def month_start(month: int, zone: ZoneInfo) -> int:
    return day_start(first_day(month), zone)


def year_of(ts: int, zone: ZoneInfo) -> int:
    return date.fromordinal(day_of(ts, zone)).year


def year_start(year: int, zone: ZoneInfo) -> int:
    return day_start(date(year, 1, 1).toordinal(), zone)


def offset_s(ts: int, zone: ZoneInfo) -> int:
    """How far local time is ahead of UTC."""
    return _stretch(ts, zone)[2]


def local(ts: int, zone: ZoneInfo) -> datetime:
    """The same moment as people at the site write it."""
    return (_EPOCH + timedelta(seconds=ts)).astimezone(zone)


def _stretch(ts: int, zone: ZoneInfo) -> tuple[int, int, int]:
    """(since, until, offset) around ``ts``; bounds further than a day away may be given as farther still."""
    starts, offsets = _changes(zone, ts // _BLOCK_S)
    at = bisect_right(starts, ts)
    return starts[at - 1], starts[at] if at < len(starts) else NEVER, offsets[at - 1]


@lru_cache(maxsize=256)
def _changes(zone: ZoneInfo, block: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Starts of constant offset and the offsets, from five days before the block to five days after it."""
    ts, end = block * _BLOCK_S - 5 * DAY_S, (block + 1) * _BLOCK_S + 5 * DAY_S
    starts, offsets = [-NEVER], [_offset(ts, zone)]
    while ts < end:
        after = _offset(ts + DAY_S, zone)
        if after != offsets[-1]:
            starts.append(_change_between(ts, ts + DAY_S, zone))
            offsets.append(after)
        ts += DAY_S
    return tuple(starts), tuple(offsets)


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """First second of the new offset, which holds at ``after`` but not at ``before``."""
    offset = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(ts: int, zone: ZoneInfo) -> int:
    offset = local(ts, zone).utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1)
