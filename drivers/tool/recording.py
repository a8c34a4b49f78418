"""What a device answers, written down as the frame that tests its map: for ``wattkeeper map record``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.line import Line
from runtime.core.decode.compiled import CompiledMap, DeviceSettings
from runtime.core.device.identify import probe_request
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.request import Request
from runtime.core.quantity.catalogue import decimal_text
from runtime.errors import Refused

TIMEOUT_S = 2.0
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
    """Read all that the map names, each once.

    line    not open yet; it stays open
    raises  DriverError of the first read that fails; only identification registers may be refused
    """
    replies: list[tuple[Request, bytes]] = []
    values = compiled.blank()
    line.open()
    # parameters first: others cannot be scaled without them
    for block in sorted(range(len(compiled.blocks)), key=lambda block: compiled.blocks[block].kind != "parameter"):
        request = compiled.request(block, unit)
        payload = line.transact(request, TIMEOUT_S)
        compiled.apply(block, payload, values, DeviceSettings())
        replies.append((request, payload))
    compiled.derive(values)
    replies += _identity(line, device_map, unit)
    return Recording(tuple(replies), dict(zip(compiled.quantities, values, strict=True)))


def _identity(line: Line, device_map: DeviceMap, unit: int) -> Iterator[tuple[Request, bytes]]:
    for probe in device_map.identify:
        request = probe_request(probe, unit)
        try:
            yield request, line.transact(request, TIMEOUT_S)
        except Refused:
            continue


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
