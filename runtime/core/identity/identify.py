"""What a device is likely to be, from what its registers say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.core.map.devicemap import DeviceMap, Probe
from runtime.core.modbus.registers import BIT_SPACES, TEXT, TYPES
from runtime.core.modbus.request import READ_FUNCTIONS, Request
from runtime.core.quantity.catalogue import to_float

_PHASE_V, _LINE_V = (80.0, 300.0), (140.0, 520.0)
# what a meter at work shows whatever it measures
SHOWN_AT_WORK: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "frequency_hz": (45.0, 65.0),
        "voltage_l1_v": _PHASE_V,
        "voltage_l2_v": _PHASE_V,
        "voltage_l3_v": _PHASE_V,
        "voltage_l12_v": _LINE_V,
        "power_factor": (-1.0, 1.0),
    }
)
OTHER_PHASES = ("voltage_l2_v", "voltage_l3_v")
ANCHORS = ("voltage_l1_v", "voltage_l12_v", "frequency_hz")  # what a device is asked for first


def probe_request(probe: Probe, unit: int) -> Request:
    return Request(unit, READ_FUNCTIONS[probe.space], probe.at, probe.words)


def fits(probe: Probe, device_map: DeviceMap, payload: bytes) -> bool:
    """Does the answer to an identification register name this kind of device?"""
    if not probe.equals:
        return True
    if probe.type == TEXT:
        text = payload.decode("ascii", "replace").casefold()
        return any(text.startswith(str(wanted).casefold()) for wanted in probe.equals)
    if probe.space in BIT_SPACES:
        return payload[0] & 1 in probe.equals
    words = [payload[at : at + 2] for at in range(0, len(payload), 2)]
    words = words if device_map.word_order == "big" else words[::-1]
    pattern = int.from_bytes(b"".join(w if device_map.byte_order == "big" else w[::-1] for w in words))
    return TYPES[probe.type].from_pattern(pattern) in probe.equals


def is_likely(quantity: str, value: int | str | None) -> bool:
    """Whether a meter at work may show this count of one of ``SHOWN_AT_WORK``."""
    least, most = SHOWN_AT_WORK[quantity]
    return isinstance(value, int) and least <= to_float(quantity, value) <= most
