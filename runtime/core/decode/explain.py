"""What the answer to one read says, in quantities: for people who look at a bus."""

from __future__ import annotations

from runtime.core.decode.decoder import Decoder
from runtime.core.map.normalise import DeviceSettings
from runtime.core.map.scalar import Values
from runtime.core.source.query import Query

Explained = tuple[tuple[str, int | str | None], ...]  # (quantity, count of its step)


def explain(
    decoder: Decoder, settings: DeviceSettings, query: Query, payload: bytes, known: Values | None = None
) -> Explained:
    """The values in ``payload``, that of a block or of a part of one; () when the device is not read so.

    known  values of the device, one per slot: some need a parameter that stands in another block
    """
    located = decoder.locate(query, payload, settings)
    if located is None:
        return ()
    block, whole, slots = located
    values = list(known) if known and len(known) == len(decoder.quantities) else decoder.blank()
    decoder.apply(block, whole, values, settings)
    return tuple((decoder.quantities[slot], values[slot]) for slot in slots)
