"""What the answer to one read says, in quantities: for people who look at a bus."""

from __future__ import annotations

from runtime.core.decode.compiled import CompiledMap, DeviceSettings
from runtime.core.map.scalar import Values
from runtime.core.modbus.request import Request

Explained = tuple[tuple[str, int | str | None], ...]  # (quantity, count of its step)


def explain(
    compiled: CompiledMap, settings: DeviceSettings, request: Request, payload: bytes, known: Values | None = None
) -> Explained:
    """The values in ``payload``, that of a block or of a part of one; () when the map has no such read.

    known  values of the device, one per slot: some need a parameter that stands in another block
    """
    first, after = request.at, request.at + request.count
    for number, block in enumerate(compiled.blocks):
        whole = (block.at, block.words) == (first, request.count)
        within = block.at <= first and after <= block.at + block.words and block.function > 2
        if block.function == request.function and (whole or within):
            values = list(known) if known and len(known) == len(compiled.quantities) else compiled.blank()
            before, behind = bytes(2 * (first - block.at)), bytes(2 * (block.at + block.words - after))
            compiled.apply(number, payload if whole else before + payload + behind, values, settings)
            asked = zip(compiled.slots(number, settings), compiled.spans(number), strict=True)
            slots = [slot for slot, (low, high) in asked if first <= low and high <= after]
            return tuple((compiled.quantities[slot], values[slot]) for slot in slots)
    return ()
