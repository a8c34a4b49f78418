"""Quiet hours: minutes of the site's day in which only what is critical is delivered."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def quiet_until_ms(now_ms: int, start: str, end: str, zone: ZoneInfo) -> int:
    """When the quiet hours that hold now are over, in UTC ms; 0 = they do not hold. An end before the start is on
    the next day; the same for both = there are none."""
    if start == end:
        return 0
    now = datetime.fromtimestamp(now_ms // 1000, zone)
    for days in (-1, 0):
        begun = _at(now + timedelta(days=days), start)
        over = _at(now + timedelta(days=days + (end < start)), end)
        if begun <= now < over:
            return int(over.timestamp()) * 1000
    return 0


def _at(day: datetime, minute: str) -> datetime:
    hours, _, minutes = minute.partition(":")
    return day.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0, fold=0)
