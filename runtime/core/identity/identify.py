"""What a device is likely to be, from what its registers say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.core.decode.compiled import Block, CompiledMap, DeviceSettings
from runtime.core.map.devicemap import DeviceMap, Probe
from runtime.core.modbus.registers import BIT_SPACES, TEXT, TYPES
from runtime.core.modbus.request import READ_FUNCTIONS, Request
from runtime.core.quantity.catalogue import to_float

# what a meter at work shows whatever it measures
_LIKELY: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "frequency_hz": (45.0, 65.0),
        "voltage_l1_v": (80.0, 300.0),
        "voltage_l12_v": (140.0, 520.0),
        "power_factor": (-1.0, 1.0),
    }
)


def probe_request(probe: Probe, unit: int) -> Request:
    return Request(unit, READ_FUNCTIONS[probe.space], probe.at, probe.words)


def fits(probe: Probe, device_map: DeviceMap, payload: bytes) -> bool:
    """Does the answer to an identification register name this kind of device?"""
    if not probe.equals:
        return True
    if probe.type == TEXT:
        text = payload.decode("ascii", "replace")
        return any(text.startswith(str(wanted)) for wanted in probe.equals)
    if probe.space in BIT_SPACES:
        return payload[0] & 1 in probe.equals
    words = [payload[at : at + 2] for at in range(0, len(payload), 2)]
    words = words if device_map.word_order == "big" else words[::-1]
    pattern = int.from_bytes(b"".join(w if device_map.byte_order == "big" else w[::-1] for w in words))
    return TYPES[probe.type].from_pattern(pattern) in probe.equals


def identity_block(compiled: CompiledMap) -> int | None:
    """The block that holds most of what every meter shows; None when there is none."""
    plain = DeviceSettings()
    told = [
        (sum(compiled.quantities[slot] in _LIKELY for slot in compiled.indexes(number, plain)), -number)
        for number in range(len(compiled.blocks))
    ]
    count, number = max(told, default=(0, 0))
    return -number if count else None


def likeness(compiled: CompiledMap, block: int, payload: bytes) -> int:
    """How many of the block's values look like those of a meter at work; 0 as soon as one does not."""
    values = compiled.blank()
    compiled.apply(block, payload, values, DeviceSettings())
    likely = 0
    for slot in compiled.indexes(block, DeviceSettings()):
        id, value = compiled.quantities[slot], values[slot]
        if id in _LIKELY and isinstance(value, int):
            least, most = _LIKELY[id]
            if not least <= to_float(id, value) <= most:
                return 0
            likely += 1
    return likely


def block_request(block: Block, unit: int) -> Request:
    return Request(unit, block.function, block.at, block.words)
