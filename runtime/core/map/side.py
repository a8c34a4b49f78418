"""The registers of one side of a device that has two behind one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.modbus.registers import Field

SIDES = ("left", "right")


def map_of_side(found: DeviceModel, parameters: Mapping[str, object]) -> DeviceModel:
    """The map of the side that ``parameters`` name, if any; the left side's registers are those of the map."""
    if parameters.get("side") != "right" or not isinstance(found, DeviceMap) or not found.side_stride:
        return found
    by = found.side_stride
    return replace(
        found,
        fields=tuple(_shift(field, by) for field in found.fields),
        commands=tuple(replace(command, at=command.at + by) for command in found.commands),
    )


def _shift(field: Field, by: int) -> Field:
    """What a device says of itself as a whole stays where it is."""
    if field.role == "identity":
        return field
    aside = {key: getattr(field, key) for key in ("low_at", "high_at", "sign_at", "scale_at")}
    return replace(field, at=field.at + by, **{key: at + by for key, at in aside.items() if at is not None})
