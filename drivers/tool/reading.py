"""One device read once, without a server: for ``wattkeeper read`` and for people who write maps."""

from __future__ import annotations

from typing import TypedDict

from drivers.line import Line
from runtime.core.decode.compiled import CompiledMap, DeviceSettings
from runtime.core.quantity.catalogue import quantity, to_float

TIMEOUT_S = 2.0


class Reading(TypedDict):
    """One value for people and programs: a number in the unit, a state or text as a word, None for no value."""

    value: float | str | None
    unit: str


def read_device(
    line: Line, compiled: CompiledMap, unit: int, settings: DeviceSettings | None = None
) -> dict[str, Reading]:
    """All quantities that the device tells now.

    line    not open yet; it stays open
    raises  DriverError of the first read that fails
    """
    settings = settings or DeviceSettings()
    values = compiled.blank()
    line.open()
    # parameters first: others cannot be scaled without them
    for block in sorted(range(len(compiled.blocks)), key=lambda block: compiled.blocks[block].kind != "parameter"):
        payload = line.transact(compiled.request(block, unit), TIMEOUT_S)
        compiled.apply(block, payload, values, settings)
    compiled.derive(values)
    return {
        id: Reading(value=describe_value(id, value), unit=quantity(id).unit)
        for id, value in zip(compiled.quantities, values, strict=True)
    }


def describe_value(id: str, value: int | str | None) -> float | str | None:
    """A value for people: in its unit, a state by its name."""
    if not isinstance(value, int):
        return value
    states = quantity(id).states
    return states[value] if 0 <= value < len(states) else to_float(id, value)
