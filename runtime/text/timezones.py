"""The time zones that forms offer."""

from __future__ import annotations

from zoneinfo import available_timezones

_KEPT_FOR_OLD_TIMES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def offered_zones(*also: str) -> list[tuple[str, str]]:
    """(id, words) of the zones that are named after places, and of ``also``; reads the folder of zones."""
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(_KEPT_FOR_OLD_TIMES)}
    return [(zone, zone.replace("_", " ")) for zone in sorted({*places, *also})]
