"""One side of a charging station: cars come, charge as far as they may, and go.

Between two moments that anybody looked at it everything runs straight, so only arrivals, departures and what it is told
make a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import shake_128

from simulator.device.panel import Panel, Value

VOLT = 230
LEAST_MA = 6_000
EV, DOMESTIC = 1, 2
# letters of the states as the station's inner link tells them
FREE, ENDED, STOPPED, FAILED, ASLEEP = "A", "L", "M", "R", "Y"
_LETTERS = {EV: ("B", "D", "C", "N"), DOMESTIC: ("F", "G", "I", "O")}  # waits, charges, held by vehicle, by station
_COUNTS = {
    "A": 0, "B": 1, "F": 1, "D": 2, "G": 2, "C": 3, "I": 3, "N": 4, "O": 4, "L": 5, "M": 6, "R": 7, "Y": 10,
}  # fmt: skip
_LESS_EXACT = (12, 3, 4, 14)  # connected, held by the vehicle, by the station, not ready: where there is no other word


@dataclass(slots=True)
class Car:
    """``wants_ma`` at most, until it has ``left_n`` (0.001 Wh) more; ``leaves_ms`` 0 = when somebody unplugs it."""

    plug: int = EV
    wants_ma: int = 16_000
    left_n: int = 10_000_000
    badge: str = ""
    leaves_ms: int = 0
    came_ms: int = 0
    charged_n: int = 0
    charging_ms: int = 0
    stopped: bool = False


class Station:
    """panel    what it shows and is told
    phases   1 or 3
    key      makes its cars others than those of the next one
    every_s  a car comes once in so long, 0 = only when it is told
    """

    def __init__(self, panel: Panel, phases: int, key: bytes, every_s: int = 0) -> None:
        self._panel = panel
        self._phases = phases
        self._key = key
        self._every_ms = every_s * 1000
        self._car: Car | None = None
        self._at_ms = 0
        self._heard_ms = 0  # when it was last read or written to
        self._counted_n = 0

    # ---- the outside world

    def arrive(self, car: Car, at_ms: int) -> None:
        """A place that is taken stays taken."""
        self.advance(at_ms)
        if self._car is None:
            self._plug(car, at_ms)

    def leave(self, at_ms: int) -> None:
        self.advance(at_ms)
        self._unplug()

    def take(self, quantity: str, value: Value, at_ms: int) -> None:
        """It was told so: what flowed until now flowed by the old word."""
        self.advance(at_ms)
        self._heard_ms = at_ms
        if quantity == "cable_lock" and value == 0 and self._car is not None:
            self._car.stopped = True
        self._panel.take(quantity, value, at_ms)

    # ---- what it shows

    def values(self, at_ms: int) -> dict[str, Value]:
        self.advance(at_ms)
        self._heard_ms = at_ms
        letter, current_ma = self._state()
        car = self._car
        vehicle = 0 if car is None or car.plug == DOMESTIC else 2 if current_ma else 1
        shown: dict[str, Value] = {
            "charge_state": self._panel.choose("charge_state", _COUNTS[letter], *_LESS_EXACT[letter == FREE and 3 :]),
            "charge_plug": 0 if car is None else car.plug,
            "vehicle_state": self._panel.choose("vehicle_state", vehicle, min(vehicle, 1)),
            "session_energy_wh": 0 if car is None else car.charged_n,
            "session_time_s": 0 if car is None else car.charging_ms // 100,
            "waiting_time_s": 0 if car is None else max(0, at_ms - car.came_ms - car.charging_ms) // 100,
            "rfid": "" if car is None else car.badge,
            "station_state": self._station(letter),
        }
        for phase in ("l1", "l2", "l3")[: self._phases]:
            shown[f"current_{phase}_a"] = current_ma
        return shown

    def letter(self, at_ms: int) -> str:
        self.advance(at_ms)
        return self._state()[0]

    def drawn_ma(self, at_ms: int) -> tuple[int, ...]:
        """What its car draws on each of its own phases. Who measures it before the station does not speak to it."""
        self.advance(at_ms)
        return (self._state()[1],) * self._phases

    def counted_n(self, at_ms: int) -> int:
        """What all its cars drew so far, by 0.001 Wh."""
        self.advance(at_ms)
        return self._counted_n

    def advance(self, at_ms: int) -> None:
        """Live on until then. The first look begins it."""
        if not self._at_ms:
            self._at_ms = max(at_ms - self._every_ms, 1)
            self._heard_ms = at_ms
        lapse_ms = self._lapse_ms()
        if lapse_ms is not None and lapse_ms < at_ms:
            self._live_until(lapse_ms)
            self._panel.take("limit_a", self._number("fallback_a"), lapse_ms)
        self._live_until(at_ms)

    def _lapse_ms(self) -> int | None:
        """When its watchdog takes the limit back unless somebody speaks to it before; None = it has none to take."""
        if not all(quantity in self._panel for quantity in ("watchdog_s", "fallback_a", "limit_a")):
            return None
        watchdog_ms = self._number("watchdog_s") * 100
        is_taken = self._number("limit_a") == self._number("fallback_a")
        return None if is_taken or not watchdog_ms else max(self._heard_ms + watchdog_ms, self._at_ms)

    def _live_until(self, at_ms: int) -> None:
        while (edge_ms := self._next_edge(at_ms)) < at_ms:
            self._flow(edge_ms)
            self._change(edge_ms)
        self._flow(at_ms)

    # ---- inside

    def _station(self, letter: str) -> Value:
        if letter == FAILED:
            return self._panel.choose("station_state", 3)
        return self._panel.get("station_state") if "station_state" in self._panel else 2

    def _state(self) -> tuple[str, int]:
        """Its letter, and the current of each phase in mA."""
        if self._number("station_errors") or self._number("charge_errors"):
            return FAILED, 0
        car = self._car
        if car is None:
            return FREE, 0
        waits, charges, by_vehicle, by_station = _LETTERS[car.plug]
        enabled = self._number("ev_plug_enabled" if car.plug == EV else "domestic_plug_enabled", 1)
        if car.stopped:
            return STOPPED, 0
        if not enabled:
            return by_station, 0
        if not self._number("charge_permission", 1):
            return (by_station if car.charged_n else waits), 0
        if car.left_n <= 0:
            return by_vehicle, 0
        limit_ma = min(
            car.wants_ma, self._number("rated_current_a", 32_000),
            *(
                (self._number("limit_a", 32_000), self._number("cable_current_a", 32_000))
                if car.plug == EV
                else (self._number("domestic_limit_a", 16_000),)
            ),
        )  # fmt: skip
        return (charges, limit_ma) if limit_ma >= LEAST_MA else (by_station, 0)

    def _number(self, quantity: str, otherwise: int = 0) -> int:
        value = self._panel.get(quantity) if quantity in self._panel else otherwise
        return value if isinstance(value, int) else otherwise

    def _flow(self, until_ms: int) -> None:
        passed_ms = until_ms - self._at_ms
        self._at_ms = max(until_ms, self._at_ms)
        _, current_ma = self._state()
        if passed_ms <= 0 or self._car is None or not current_ma:
            return
        flowed_n = min(current_ma * VOLT * self._phases * passed_ms // 3_600_000, self._car.left_n)
        self._car.left_n -= flowed_n
        self._car.charged_n += flowed_n
        self._counted_n += flowed_n
        self._car.charging_ms += passed_ms
        if flowed_n == 0:
            self._at_ms -= passed_ms  # too short a time to count: it counts with the next
            self._car.charging_ms -= passed_ms

    def _next_edge(self, before_ms: int) -> int:
        """The next arrival or departure after where it is, ``before_ms`` when there is none until then."""
        if self._car is not None:
            leaves_ms = self._car.leaves_ms
            return min(leaves_ms, before_ms) if leaves_ms else before_ms
        if not self._every_ms:
            return before_ms
        visit = self._at_ms // self._every_ms
        coming = (self._visit(number) for number in (visit, visit + 1))
        return min((car.came_ms for car in coming if car.came_ms > self._at_ms), default=before_ms)

    def _change(self, at_ms: int) -> None:
        if self._car is not None:
            self._unplug()
        else:
            self._plug(self._visit(at_ms // self._every_ms), at_ms)
        self._at_ms = max(self._at_ms, at_ms)

    def _visit(self, number: int) -> Car:
        drawn = shake_128(b"%s %d" % (self._key, number)).digest(6)
        start_ms = number * self._every_ms
        return Car(
            plug=DOMESTIC if drawn[0] < 40 and "domestic_plug_enabled" in self._panel else EV,
            wants_ma=(10_000, 16_000, 20_000, 32_000)[drawn[1] % 4],
            left_n=1_000_000 + drawn[2] * 30_000,
            badge=f"04{drawn[3]:02X}{drawn[4]:02X}A1",
            came_ms=start_ms + self._every_ms * drawn[4] // 1024,
            leaves_ms=start_ms + self._every_ms * (640 + drawn[5]) // 1024,
        )

    def _plug(self, car: Car, at_ms: int) -> None:
        car.came_ms = at_ms
        self._car = car
        if "cable_lock" in self._panel:
            self._panel.take("cable_lock", int(car.plug == EV), at_ms)

    def _unplug(self) -> None:
        """What held for this charge only is over with it."""
        self._car = None
        for quantity, usual in (("cable_lock", 0), ("charge_permission", 1), ("charge_priority", 0)):
            if quantity in self._panel:
                self._panel.take(quantity, usual, self._at_ms)
