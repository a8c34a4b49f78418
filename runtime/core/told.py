"""What the answer to one read says, in quantities: for people who look at a bus."""

from __future__ import annotations

from runtime.core.compiled import CompiledMap, DeviceSettings
from runtime.core.lanes import Values
from runtime.core.request import Request

Told = tuple[tuple[str, int | str | None], ...]  # (quantity, count of its step)


def told(
    compiled: CompiledMap, settings: DeviceSettings, request: Request, payload: bytes, known: Values | None = None
) -> Told:
    """The values in ``payload``; () when the map has no such read.

    known  values of the device, one per slot: some need a parameter that stands in another block
    """
    for number, block in enumerate(compiled.blocks):
        if (block.function, block.at, block.words) == (request.function, request.at, request.count):
            values = list(known) if known and len(known) == len(compiled.quantities) else compiled.blank()
            compiled.apply(number, payload, values, settings)
            slots = compiled.slots(number, settings)
            return tuple((compiled.quantities[slot], values[slot]) for slot in slots)
    return ()
