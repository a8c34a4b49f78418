"""What a device shows and is told beside what it measures: its states, settings, inputs and outputs.

Whatever it is told stays until the next time, but for outputs with a time of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.core.map.devicemap import DeviceMap
from runtime.core.quantity.catalogue import QUANTITIES, to_n
from simulator.device.output import is_actuated, is_contact_closed
from simulator.plant.energies import ENERGIES

Value = int | str | None
TRIPPED = 2
USUAL: Mapping[str, Value] = {
    "breaker_state": 1, "contactor_state": 0, "control_state": 0, "phase_sequence": 1, "charge_permission": 1,
    "ev_plug_enabled": 1, "domestic_plug_enabled": 1, "charge_mode": 5, "station_state": 2, "rfid_reader": 1,
    "rated_current_a": 32_000, "limit_a": 32_000, "domestic_limit_a": 16_000, "cable_current_a": 32_000,
    "module_use": 1, "hardware": "1.0", "modules": 0,
}  # fmt: skip
CONTROLLED = ("contactor_state", "control_state")


class Panel:
    """told  what the scenario says otherwise, by quantity"""

    def __init__(self, map: DeviceMap, told: Mapping[str, Value]) -> None:
        self._own = {
            field.quantity
            for field in map.fields
            if QUANTITIES[field.quantity].kind != "counter" and field.quantity not in ENERGIES
        }
        self._known = {field.quantity: {count for _, count in field.enum} for field in map.fields if field.enum}
        self._values: dict[str, Value] = {id: told.get(id, self._usual(id)) for id in sorted(self._own)}
        self._outputs: dict[int, int | None] = {n: None for n in range(1, 17) if f"output_{n}_state" in self._own}
        self.revision = 0

    def __contains__(self, quantity: str) -> bool:
        return quantity in self._own

    def choose(self, quantity: str, *counts: int) -> Value:
        """The first count that the device has a raw number for; the lowest of its own when it has none for any."""
        known = self._known.get(quantity)
        return next((count for count in counts if known is None or count in known), min(known or counts))

    def _usual(self, quantity: str) -> Value:
        value = USUAL.get(quantity, _nothing(quantity))
        return self.choose(quantity, value) if isinstance(value, int) else value

    def get(self, quantity: str) -> Value:
        return self._values[quantity]

    def values(self, at_ms: int) -> dict[str, Value]:
        """All that it shows now."""
        shown = dict(self._values)
        for number in self._outputs:
            shown[f"output_{number}_state"] = int(self.is_actuated(number, at_ms))
        return shown

    def take(self, quantity: str, value: Value, at_ms: int) -> None:
        """It was told so, or it happened to it."""
        if quantity.startswith("output_") and quantity.endswith("_state"):
            self._outputs[int(quantity.split("_")[1])] = at_ms if value else None
        elif quantity == "breaker_state":
            self._turn(value)
        else:
            self._values[quantity] = value
        self.revision += 1

    def is_actuated(self, number: int, at_ms: int) -> bool:
        mode = self._values.get(f"output_{number}_mode", 0)
        on_time_n = self._values.get(f"output_{number}_on_time_s", 0)
        assert isinstance(mode, int) and isinstance(on_time_n, int)
        return is_actuated(self._outputs[number], mode, on_time_n * 100, at_ms)

    def contacts(self, at_ms: int) -> dict[str, bool]:
        """Output -> whether its contact is closed."""
        return {
            str(number): is_contact_closed(self.is_actuated(number, at_ms), int(self._normal(number)))
            for number in self._outputs
        }

    def _normal(self, number: int) -> int:
        normal = self._values.get(f"output_{number}_normal", 0)
        return normal if isinstance(normal, int) else 0

    def _turn(self, state: Value) -> None:
        """A breaker counts its trips and operations, and says why it tripped."""
        before, self._values["breaker_state"] = self._values["breaker_state"], state
        tripped = state == TRIPPED
        for quantity, value in (("alarm_tripped", int(tripped)), ("trip_cause", 1 if tripped else 0)):
            if quantity in self._own:
                self._values[quantity] = value
        for quantity, counts in (("trips", tripped), ("operations", True)):
            count = self._values.get(quantity)
            if isinstance(count, int) and counts and state != before:
                self._values[quantity] = count + 1


def _nothing(quantity: str) -> Value:
    return "" if QUANTITIES[quantity].kind == "text" else 0


def written_value(quantity: str, said: Any) -> Value:
    """A scenario's or a wish's word as the count that it means. Raises ValueError, for people."""
    row = QUANTITIES.get(quantity)
    if row is None:
        raise ValueError(f"there is no quantity {quantity!r}")
    if row.kind == "text":
        return str(said)
    if row.states and isinstance(said, str):
        if said not in row.states:
            raise ValueError(f"{quantity} is one of {', '.join(row.states)}")
        return row.states.index(said)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise ValueError(f"{quantity} is a number, not {said!r}")
    return to_n(quantity, said)


def named(quantity: str, value: Value) -> str | int | float | None:
    """A count as people say it: the inverse of ``written_value``."""
    row = QUANTITIES[quantity]
    if not isinstance(value, int):
        return value
    if row.states:
        return row.states[value] if 0 <= value < len(row.states) else value
    return value * 10**row.exp10 if row.exp10 < 0 else value
