"""One device read once, without a server: for ``wattkeeper read`` and for people who write maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from drivers.line import Line
from runtime.core.decode.decoder import Decoder
from runtime.core.device.onereading import OneReading
from runtime.core.map.normalise import DeviceSettings
from runtime.core.quantity.catalogue import quantity, to_float
from runtime.core.source.query import Query

TIMEOUT_S = 2.0


class Reading(TypedDict):
    """One value for people and programs: a number in the unit, a state or text as a word, None for no value."""

    value: float | str | None
    unit: str


def read_device(line: Line, compiled: Decoder, unit: int, settings: DeviceSettings | None = None) -> dict[str, Reading]:
    """All quantities that the device tells now; None for those that it does not have.

    line    may be open or not; it stays open
    raises  DriverError when the device refuses all, or falls silent
    """
    values = OneReading(compiled, settings or DeviceSettings(), unit, ask_through(line)).run()
    return {
        id: Reading(value=describe_value(id, value), unit=quantity(id).unit)
        for id, value in zip(compiled.quantities, values.values_n, strict=True)
    }


def ask_through(line: Line) -> Callable[[Query], bytes]:
    """One transaction after the other on a line that is opened again when it was lost."""

    def ask(request: Query) -> bytes:
        if not line.is_open:
            line.open()
        return line.transact(request, TIMEOUT_S)

    return ask


def describe_value(id: str, value: int | str | None) -> float | str | None:
    """A value for people: in its unit, a state by its name."""
    if not isinstance(value, int):
        return value
    states = quantity(id).states
    return states[value] if 0 <= value < len(states) else to_float(id, value)
