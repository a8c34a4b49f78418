"""How much of its rated power each kind of branch draws by weekday, hour, season and weather of one site."""

from __future__ import annotations

import datetime
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import shake_128
from zoneinfo import ZoneInfo

DAY_S = 86_400
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Hour:
    """One full hour as the people and the weather on site see it."""

    local: int  # 0..23
    weekday: int  # Monday is 0
    outdoor_c: float
    sun: float  # 0..1, clear sky
    cloud: float  # 0..1


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of branch.

    shape     permille of the rated power at a full hour
    spread    permille by which the hours scatter
    ripple    how lively the power is inside an hour, 0..6
    tan_phi   reactive to active power, permille
    thd_pct   of the current
    """

    shape: Callable[[Hour], int]
    spread: int
    ripple: float
    tan_phi: int
    thd_pct: float
    produces: bool = False


class Weather:
    """The hours of one site. Pure: the same seed, zone and day always give the same hours."""

    def __init__(self, seed: int, zone: str) -> None:
        self._seed = seed
        self._zone = ZoneInfo(zone)
        self._shapes: dict[int, dict[str, array[int]]] = {}

    def shape(self, profile: str, day: int) -> array[int]:
        """Permille at the 24 full UTC hours of a day since 1970."""
        if day not in self._shapes:
            hours = self._of_day(day)
            self._shapes[day] = {id: array("h", map(kind.shape, hours)) for id, kind in PROFILES.items()}
        return self._shapes[day][profile]

    def _of_day(self, day: int) -> list[Hour]:
        start = _EPOCH + datetime.timedelta(days=day)
        year = 2 * math.pi * (start.timetuple().tm_yday - 15) / 365.25
        warm, cloud = self._sky(day)
        next_warm, _ = self._sky(day + 1)
        half_day_h = 6.0 - 2.1 * math.cos(year + 0.43)
        hours = []
        for utc in range(24):
            local = (start + datetime.timedelta(hours=utc)).astimezone(self._zone)
            dst_h = (local.dst() or datetime.timedelta()).total_seconds() / 3600
            solar = (local.hour - dst_h - 12.8) / half_day_h
            drift = warm + (next_warm - warm) * utc / 24
            outdoor = 12 - 8.5 * math.cos(year) + drift + 3.5 * math.cos(2 * math.pi * (local.hour - 15) / 24)
            sun = max(0.0, math.cos(solar * math.pi / 2)) * (1 - 0.3 * math.cos(year)) / 1.3 if abs(solar) < 1 else 0.0
            hours.append(Hour(local.hour, local.weekday(), outdoor, sun, cloud))
        return hours

    def _sky(self, day: int) -> tuple[float, float]:
        drawn = shake_128(b"sky %d %d" % (self._seed, day)).digest(2)
        return (drawn[0] - 128) / 32, drawn[1] / 255


def _clamp(value: float) -> int:
    return max(0, min(1000, int(value)))


def _working(hour: Hour, start: int, end: int) -> bool:
    return hour.weekday < 5 and start <= hour.local < end


def _machines(hour: Hour) -> int:  # two shifts, a break, a short Saturday, stand-by at night
    if hour.weekday == 5:
        return 420 if 6 <= hour.local < 12 else 45
    if not _working(hour, 5, 21):
        return 45
    return 520 if hour.local in (12, 13) else 820


def _offices(hour: Hour) -> int:
    if not _working(hour, 8, 18):
        return 110
    return 480 if hour.local in (12, 13) else 760


def _lighting(hour: Hour) -> int:
    dark = 1 - hour.sun * (1 - 0.6 * hour.cloud)
    return _clamp(250 + 650 * dark) if _working(hour, 6, 20) else 40


def _lamps_outside(hour: Hour) -> int:
    return 900 if hour.sun <= 0.02 else 0


def _heating(hour: Hour) -> int:
    wanted_c = 19.5 if _working(hour, 5, 19) else 15.5
    return _clamp(45 * (wanted_c - hour.outdoor_c))


def _cooling(hour: Hour) -> int:
    return _clamp(30 + (70 if _working(hour, 7, 19) else 25) * (hour.outdoor_c - 19))


def _hot_water(hour: Hour) -> int:  # off-peak at night, a little after the meals
    if hour.local >= 23 or hour.local < 5:
        return 700
    return 260 if _working(hour, 11, 15) else 25


def _kitchen(hour: Hour) -> int:
    if hour.weekday >= 5:
        return 60
    return {9: 250, 10: 500, 11: 850, 12: 900, 13: 600, 14: 350}.get(hour.local, 70)


def _pv(hour: Hour) -> int:
    return _clamp(1000 * hour.sun * (1 - 0.75 * hour.cloud))


PROFILES: dict[str, Profile] = {
    "base": Profile(lambda hour: 700, 60, 0.5, 200, 12.0),
    "compressors": Profile(lambda hour: 780 if _working(hour, 5, 21) else 180, 250, 6.0, 620, 9.0),
    "cooling": Profile(_cooling, 150, 4.0, 480, 8.0),
    "heating": Profile(_heating, 120, 4.5, 60, 3.0),
    "hot_water": Profile(_hot_water, 150, 5.0, 0, 2.0),
    "kitchen": Profile(_kitchen, 350, 5.5, 120, 6.0),
    "lamps_outside": Profile(_lamps_outside, 20, 0.2, 250, 22.0),
    "lighting": Profile(_lighting, 120, 1.5, 250, 18.0),
    "machines": Profile(_machines, 200, 5.0, 540, 14.0),
    "offices": Profile(_offices, 200, 3.0, 180, 25.0),
    "pv": Profile(_pv, 100, 3.0, 0, 2.5, produces=True),
    "servers": Profile(lambda hour: 620 if _working(hour, 8, 18) else 520, 60, 0.8, 150, 16.0),
    "ventilation": Profile(lambda hour: 800 if _working(hour, 6, 20) else 250, 50, 1.0, 420, 10.0),
    "steady": Profile(lambda hour: 500, 0, 0.0, 0, 0.0),
}
