"""Cars, stations, a meter and other loads as they are outside: nothing of the rules is known here.

Moved on second by second. A station obeys its limit, falls back when nobody spoke to it for its watchdog's time, and
loses its limit when it starts anew. A car follows a lower limit after up to five seconds, a higher one when it likes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LEAST = 6_000


@dataclass
class Car:
    takes: tuple[int, ...]  # most in mA by phase of the station
    mas_left: int  # mA s of its largest phase until it is full
    slow_s: int  # to follow a lower limit
    wakes_s: int  # to follow a higher one
    draws: int = 0
    limits: list[int] = field(default_factory=list)  # that it saw second by second, the newest last

    def move(self, limit: int) -> None:
        self.limits.append(limit)
        may = max(self.limits[-1 - self.slow_s :])  # a lower limit need not be followed at once
        rises = min(self.limits[-1 - self.wakes_s :]) if len(self.limits) > self.wakes_s else 0
        self.draws = min(may, max(self.draws, rises), max(self.takes)) if self.mas_left > 0 else 0
        self.draws = 0 if self.draws < LEAST else self.draws
        self.mas_left -= self.draws

    def currents(self) -> tuple[int, ...]:
        return tuple(min(self.draws, most) for most in self.takes)


@dataclass
class Station:
    id: int
    phases: tuple[int, ...]
    rated: int
    watchdog_s: int  # 0 = none
    fallback: int
    limit: int = 0
    heard_s: int = 0
    car: Car | None = None
    plugged_s: int = 0
    charged_mas: int = 0
    cut: bool = False  # nobody reaches it
    deaf: bool = False  # it answers, and takes no set-point
    switched: list[int] = field(default_factory=list)  # s when its contactor moved during a charge
    closed: bool = False

    def plug(self, car: Car, now_s: int) -> None:
        self.car, self.plugged_s, self.charged_mas, self.switched, self.closed = car, now_s, 0, [], False

    def unplug(self) -> None:
        self.car = None

    def in_force(self, now_s: int) -> int:
        lost = self.watchdog_s and now_s - self.heard_s >= self.watchdog_s
        return self.fallback if lost else self.limit

    def move(self, now_s: int) -> None:
        limit = min(self.rated, self.in_force(now_s))
        limit = limit if limit >= LEAST else 0
        if self.car is None:
            return
        if bool(limit) != self.closed:
            self.switched.append(now_s)
            self.closed = bool(limit)
        self.car.move(limit)
        self.charged_mas += max(self.car.currents())

    def read(self, now_s: int) -> tuple[int, tuple[int, ...]] | None:
        """Limit and currents; whoever asks feeds the watchdog. None = it does not answer."""
        if self.cut:
            return None
        if self.watchdog_s and now_s - self.heard_s >= self.watchdog_s:
            self.limit = self.fallback
        self.heard_s = now_s
        return self.limit, self.car.currents() if self.car else (0,) * len(self.phases)

    def write(self, limit: int, now_s: int) -> None:
        if self.read(now_s) is not None and not self.deaf:
            self.limit = min(limit, self.rated)

    def restart(self) -> None:
        self.limit = self.rated


class Plant:
    """One circuit of three phases. ``others``: (s, mA on each phase) from then on."""

    def __init__(self, stations: list[Station], others: list[tuple[int, tuple[int, int, int]]]) -> None:
        self.stations = stations
        self.others = (0, 0, 0)
        self._coming = sorted(others)

    def move(self, now_s: int) -> None:
        while self._coming and self._coming[0][0] <= now_s:
            self.others = self._coming.pop(0)[1]
        for station in self.stations:
            station.move(now_s)

    def currents(self) -> tuple[int, int, int]:
        level = list(self.others)
        for station in self.stations:
            if station.car is not None:
                for phase, current in zip(station.phases, station.car.currents(), strict=True):
                    level[phase - 1] += current
        return level[0], level[1], level[2]
