"""What else a SunSpec inverter has in its chain: nameplate, limits, inputs, storage, each a table of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from drivers.families.register import register
from runtime.core.map.devicemap import Derived, DeviceMap, Field, Probe
from runtime.core.text.tomltable import Table

# parameter -> SunSpec's model; where two tell the same, the first counts
PARTS: Mapping[str, int] = MappingProxyType(
    {
        "battery": 802,
        "capacity": 713,
        "storage": 124,
        "mppt": 160,
        "nameplate": 120,
        "settings": 121,
        "measurements": 122,
        "controls": 123,
    }
)
INPUTS = ("inputs", "charging", "discharging")  # how many model 160 has, and which of them are the battery's
MOST_INPUTS = 12
HEAD, STRIDE = 8, 20  # registers of model 160 before its inputs, and of each
USUAL_INPUTS = 2
_CHARGING = {"dc_1_power_w": ("battery_charging_w", 1), "dc_1_energy_wh": ("battery_charged_wh", 1)}
_DISCHARGING = {"dc_1_power_w": ("battery_discharging_w", -1), "dc_1_energy_wh": ("battery_discharged_wh", 1)}
_BOTH = ("battery_charging_w", "battery_discharging_w")


def shift(field: Field, by: int) -> Field:
    return replace(field, at=field.at + by, scale_at=None if field.scale_at is None else field.scale_at + by)


def shift_probe(probe: Probe, by: int) -> Probe:
    return replace(probe, at=probe.at + by)


def join_parts(device: DeviceMap, parts: Mapping[int, DeviceMap], told: Table) -> DeviceMap:
    """The map with the rows of the parts whose registers ``told`` has; faults go there."""
    fields = {field.quantity: field for field in device.fields}
    for key, model in PARTS.items():
        if key in told.rows:
            at = register(told, key=key)
            for field in _inputs(parts[model], told) if model == PARTS["mppt"] else parts[model].fields:
                fields.setdefault(field.quantity, shift(field, at))
    derived = device.derived
    if "battery_power_w" not in fields and all(part in fields for part in _BOTH):
        derived = (*derived, Derived("battery_power_w", "sum", _BOTH))
    return replace(device, fields=tuple(fields.values()), derived=derived)


def _inputs(part: DeviceMap, told: Table) -> Iterator[Field]:
    """Rows of all inputs, those of the battery by their own names."""
    count = told.integer("inputs", 1, MOST_INPUTS, USUAL_INPUTS) or USUAL_INPUTS
    charging, discharging = (told.integer(key, 1, MOST_INPUTS) for key in INPUTS[1:])
    for number in range(1, count + 1):
        names = _CHARGING if number == charging else _DISCHARGING if number == discharging else None
        for field in part.fields:
            moved = replace(field, at=field.at + STRIDE * (number - 1))
            if names is None:
                yield replace(moved, quantity=field.quantity.replace("dc_1_", f"dc_{number}_"))
            elif field.quantity in names:
                quantity, sign = names[field.quantity]
                yield replace(moved, quantity=quantity, scale=(sign * field.scale[0], field.scale[1]))
