"""Which devices of a scenario may share an address: each register is one's alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError
from simulator.scenario.models import Models
from simulator.scenario.plan import DevicePlan


def refuse_shared_addresses(devices: Sequence[DevicePlan], rows: Mapping[str, Table], models: Models) -> None:
    """EMS modules, the sides of a station and meters on a concentrator share one; each register is one's alone."""
    first: dict[tuple[str, int, int], str] = {}
    taken: dict[tuple[str, int, int, str, int], str] = {}
    for device in devices:
        address = (device.gateway, device.unit, device.interface)
        shares, places = _addresses(device, models)
        other = first.setdefault(address, "" if shares else device.name)
        others = {other, *(taken.setdefault((*address, *place), device.name) for place in places)}
        for name in sorted(others - {device.name, ""}):
            rows[device.name].fault("unit", f"address {device.unit} is taken by {name!r} on the same gateway")


def _addresses(device: DevicePlan, models: Models) -> tuple[bool, set[tuple[str, int]]]:
    """Whether its kind shares addresses, and (space, address) of each of its registers.

    A meter with pulse output has none of its own: it is seen through the concentrator's.
    """
    if device.model.startswith("pulse-"):
        return True, set()
    try:
        map = models.map(device.model, device.map_parameters)
    except (ConfigError, KeyError):
        return True, set()
    values = (field for field in map.fields if field.role != "identity")
    places = {(field.space, at + i) for field in values for at, words in field.addresses for i in range(words)}
    is_carrier = any(field.quantity.startswith("pulses_") for field in map.fields)
    return bool(map.interface_stride or map.side_stride or is_carrier), places
