"""The zone of a site, which may change: each holds from a local midnight on, what was booked before keeps its own.

A site whose zone never changed has a plain ``ZoneInfo``. One whose zone did has a ``SiteZone``, which is a ``ZoneInfo``
to everybody: the change is a change of the offset like any other, so hours, days and months nest across it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import tzinfo as TzInfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.site.installation import Installation, ZoneSince

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class SiteZone(ZoneInfo):
    """``key`` is that of the newest zone. Made by ``zone_of`` only, so that equal ones are the same object."""

    @classmethod
    def from_dated(cls, zones: tuple[ZoneSince, ...]) -> SiteZone:
        made = cls.no_cache(zones[-1].zone)
        made._starts = [since.from_ts for since in zones]
        made._zones = [ZoneInfo(since.zone) for since in zones]
        return made

    _starts: list[int]
    _zones: list[ZoneInfo]

    def at(self, ts: int) -> ZoneInfo:
        return self._zones[max(0, bisect_right(self._starts, ts) - 1)]

    def fromutc(self, dt: datetime) -> datetime:
        """The moment as people at the site wrote it then; what comes back carries the zone of then."""
        utc = dt.replace(tzinfo=UTC)
        return utc.astimezone(self.at((utc - _EPOCH) // _SECOND))

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else dt.replace(tzinfo=self._then(dt)).utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else dt.replace(tzinfo=self._then(dt)).dst()

    def tzname(self, dt: datetime | None) -> str | None:
        return None if dt is None else dt.replace(tzinfo=self._then(dt)).tzname()

    def _then(self, dt: datetime) -> TzInfo:
        """The first zone in which a wall clock's time falls into its own stretch; a skipped one is the newer's."""
        for number, zone in enumerate(self._zones[:-1]):
            if (dt.replace(tzinfo=zone) - _EPOCH) // _SECOND < self._starts[number + 1]:
                return zone
        return self._zones[-1]


def zone_of(installation: Installation) -> ZoneInfo:
    """The same object each time it is asked for the same zones."""
    return _build(installation.zones) if len(installation.zones) > 1 else ZoneInfo(installation.zone)


def key_at(zone: ZoneInfo, ts: int) -> str:
    """The name of the zone that holds at a moment."""
    return (zone.at(ts) if isinstance(zone, SiteZone) else zone).key


def date_zone(before: Installation, after: Installation, now_ts: int) -> Installation:
    """``after`` with a change of its zone dated from the next local midnight on.

    Where nothing can have been recorded yet, since there never was a device, it holds from ever.
    """
    if not (before.devices or before.assignments or before.used.get("device")):
        return replace(after, zones=())
    zones = before.zones or (ZoneSince(before.zone),)
    started = tuple(since for since in zones if since.from_ts <= now_ts)
    if after.zone == before.zone:
        return replace(after, zones=before.zones)
    now_held = ZoneInfo(started[-1].zone)
    if after.zone != now_held.key:
        started += (ZoneSince(after.zone, timegrid.day_start(timegrid.day_of(now_ts, now_held) + 1, now_held)),)
    return replace(after, zones=started if len(started) > 1 else ())


@lru_cache(maxsize=64)
def _build(zones: tuple[ZoneSince, ...]) -> SiteZone:
    return SiteZone.from_dated(zones)
