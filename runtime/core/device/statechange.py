"""What the states of a device tell as events: what switches, modules that raise alarms, stations that fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from runtime.core.device.stationerror import errors_in
from runtime.core.quantity.catalogue import QUANTITIES

BREAKER, OVERRUN, ERRORS = "breaker_state", "overrun", ("station_errors", "charge_errors")
CONTACTS = ("contactor_state", "control_state")
ALARMS = tuple(id for id in QUANTITIES if id.startswith("alarm_") and id != "alarm_bits")
REPORTED = frozenset((BREAKER, OVERRUN, *ALARMS, *ERRORS))  # what is wrong stands in them
WATCHED = REPORTED | frozenset(CONTACTS)
SWITCHED = ("breaker_opened", "breaker_closed", "contact_opened", "contact_closed")  # somebody or something did so
_BREAKER_CODES: Mapping[int, str] = MappingProxyType({0: "breaker_opened", 1: "breaker_closed", 2: "breaker_tripped"})

Event = tuple[str, str]  # code, detail


class StateChanges:
    """Of one device. Its first value of a state is how it is, no event; one that cannot be read changes nothing.

    quantities  of its slots
    """

    def __init__(self, quantities: Sequence[str]) -> None:
        self._watched = tuple((slot, quantity) for slot, quantity in enumerate(quantities) if quantity in WATCHED)
        self._last: dict[int, int] = {}

    def look(self, values_n: Sequence[int | str | None]) -> Sequence[Event]:
        """After each reading: the events, mostly none."""
        if not self._watched:
            return ()
        events: list[Event] = []
        for slot, quantity in self._watched:
            n = values_n[slot]
            if isinstance(n, int):
                before = self._last.get(slot, n)
                self._last[slot] = n
                if n != before:
                    events += _events_of(quantity, before, n)
        return events


def _events_of(quantity: str, before: int, n: int) -> Iterator[Event]:
    if quantity == BREAKER:
        if n in _BREAKER_CODES:
            yield _BREAKER_CODES[n], ""
    elif quantity in CONTACTS:
        yield "contact_closed" if n else "contact_opened", QUANTITIES[quantity].label
    elif quantity == OVERRUN:
        yield "overrun_began" if n else "overrun_ended", ""
    elif quantity in ERRORS:
        yield from (("station_failed", code) for code in errors_in(n & ~before))
        yield from (("station_well", code) for code in errors_in(before & ~n))
    else:
        yield "alarm_raised" if n else "alarm_gone", QUANTITIES[quantity].label
