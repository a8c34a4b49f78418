"""What a device answers, written down as the frame that tests its map: for ``wattkeeper map record``."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from drivers.line import Line
from drivers.tool.reading import ask_through
from runtime.core.decode.compiled import CompiledMap, DeviceSettings
from runtime.core.device.onereading import OneReading
from runtime.core.identity.identify import probe_request
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.request import Request
from runtime.core.quantity.catalogue import decimal_text
from runtime.core.source.query import Query
from runtime.errors import Refused

_HEAD = """# Recorded from a device with the map {id}. The values below are what the map makes of the answers:
# hold each against the display of the device, correct what differs, and the map until its test agrees.
origin = "device"
replies = [
"""


@dataclass(frozen=True, slots=True)
class Recording:
    """``replies`` as they came; ``values`` as the map decodes them, counts of each quantity's step."""

    replies: tuple[tuple[Request, bytes], ...]
    values: dict[str, int | str | None]


def record(line: Line, device_map: DeviceMap, compiled: CompiledMap, unit: int) -> Recording:
    """Read all that the map names, each once, in the pieces that the device takes.

    line    may be open or not; it stays open
    raises  DriverError when the device refuses all, or falls silent
    """
    replies: list[tuple[Request, bytes]] = []
    ask = ask_through(line)

    def keep(request: Query) -> bytes:
        payload = ask(request)
        if isinstance(request, Request):
            replies.append((request, payload))
        return payload

    values = OneReading(compiled, DeviceSettings(), unit, keep).run()
    for probe in device_map.identify:
        with suppress(Refused):
            keep(probe_request(probe, unit))
    return Recording(tuple(dict.fromkeys(replies)), dict(zip(compiled.quantities, values.values_n, strict=True)))


def frame_text(id: str, recording: Recording) -> str:
    """The file ``tests/frames/ID.toml``."""
    replies = [
        f'  {{function = {request.function}, at = 0x{request.at:04X}, hex = "{_write_payload(payload)}"}},\n'
        for request, payload in recording.replies
    ]
    expected = [f"{quantity} = {_write_value(quantity, value)}\n" for quantity, value in recording.values.items()]
    return "".join([_HEAD.format(id=id), *replies, "]\n\n[expect]\n", *expected])


def _write_payload(payload: bytes) -> str:
    return payload.hex(" ", 2).upper() if len(payload) % 2 == 0 else payload.hex(" ").upper()


def _write_value(quantity: str, value: int | str | None) -> str:
    if isinstance(value, int):
        return decimal_text(quantity, value)
    return '"none"' if value is None else json.dumps(value)
