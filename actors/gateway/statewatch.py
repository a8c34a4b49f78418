"""What the states of devices tell as events: breakers that trip, modules that raise alarms, stations that fail."""

from __future__ import annotations

from collections.abc import Callable

from runtime.core.device.livedevice import LiveDevice
from runtime.core.device.stationerror import errors_in
from runtime.core.quantity.catalogue import QUANTITIES

BREAKER, ERRORS = "breaker_state", ("station_errors", "charge_errors")
ALARMS = tuple(id for id in QUANTITIES if id.startswith("alarm_") and id != "alarm_bits")
WATCHED = (BREAKER, *ALARMS, *ERRORS)

Tell = Callable[[int, LiveDevice, str, str], None]  # UTC ms, device, code, detail


class StateWatch:
    """The first value of a state is how it is, not an event; a value that cannot be read changes nothing."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._watched: dict[int, tuple[str, ...]] = {}
        self._last: dict[tuple[int, str], int] = {}

    def look(self, device: LiveDevice, ts_ms: int) -> None:
        """After each reading."""
        id = device.spec.id
        watched = self._watched.get(id)
        if watched is None:
            watched = self._watched[id] = tuple(q for q in WATCHED if q in device.compiled.quantities)
        for quantity in watched:
            n = device.value_of(quantity)
            if not isinstance(n, int):
                continue
            before = self._last.get((id, quantity), n)
            self._last[id, quantity] = n
            if n != before:
                self._changed(device, ts_ms, quantity, before, n)

    def _changed(self, device: LiveDevice, ts_ms: int, quantity: str, before: int, n: int) -> None:
        if quantity == BREAKER:
            codes = {0: "breaker_opened", 1: "breaker_closed", 2: "breaker_tripped"}
            if n in codes:
                self._tell(ts_ms, device, codes[n], "")
        elif quantity in ERRORS:
            self._report_errors(device, ts_ms, before, n)
        else:
            self._tell(ts_ms, device, "alarm_raised" if n else "alarm_gone", QUANTITIES[quantity].label)

    def _report_errors(self, device: LiveDevice, ts_ms: int, before: int, n: int) -> None:
        for code in errors_in(n & ~before):
            self._tell(ts_ms, device, "station_failed", code)
        for code in errors_in(before & ~n):
            self._tell(ts_ms, device, "station_well", code)
