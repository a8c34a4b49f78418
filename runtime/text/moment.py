"""Times as the API writes and reads them: ISO 8601 with the site's offset out, the same or epoch seconds in."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local


def iso(ts: int, zone: ZoneInfo) -> str:
    """``2026-10-25T02:30:00+01:00``"""
    return local(ts, zone).isoformat()


def iso_ms(ts_ms: int, zone: ZoneInfo) -> str:
    """The same with milliseconds: ``2026-10-25T02:30:00.250+01:00``"""
    seconds, rest_ms = divmod(ts_ms, 1000)
    return (local(seconds, zone) + timedelta(milliseconds=rest_ms)).isoformat(timespec="milliseconds")


def parse_ts(text: str, zone: ZoneInfo | None = None) -> int:
    """UTC seconds, 1970 to 2106. Raises ValueError for all but epoch seconds and ISO 8601 with an offset.

    zone  of times without an offset; None = they are refused
    """
    ts = int(text) if text.isascii() and text.isdigit() else _from_iso(text, zone)
    if not 0 <= ts < 1 << 32:
        raise ValueError("out of range")
    return ts


def _from_iso(text: str, zone: ZoneInfo | None) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        if zone is None:
            raise ValueError("no offset")
        at = at.replace(tzinfo=zone)
    return int(at.timestamp())
