"""What devices can be told, as pages and API show it; modules at one address are told things together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.core.device.permit import permit_for
from runtime.core.map.commandrow import CommandRow
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from webui.model.bridge import Bridge

STATION = "charge_state"  # what has it is a charging station


@dataclass(frozen=True, slots=True)
class AvailableCommand:
    """One command, and the device that carries it. ``locked``: why nothing is written now, "" = it may be."""

    spec: DeviceSpec
    row: CommandRow
    locked: str = ""


def available_commands(bridge: Bridge, spec: DeviceSpec) -> Iterator[AvailableCommand]:
    """Own commands first, then those of the modules at the same address."""
    names: set[str] = set()
    for each in (spec, *modules_at_address(bridge, spec)):
        compiled = bridge.map_of(each.id)
        if compiled is None or not each.on:
            continue
        locked = lock_of(bridge, each)
        for name, row in compiled.commands.items():
            if name not in names:
                names.add(name)
                yield AvailableCommand(each, row, locked)


def modules_at_address(bridge: Bridge, spec: DeviceSpec) -> Iterator[DeviceSpec]:
    """EMS modules that share the address: the measure, the state and the command of one circuit."""
    own = bridge.map_of(spec.id)
    if own is None or not own.interface_stride:
        return
    place = (spec.gateway, spec.unit, spec.interface)
    for each in bridge.installation().devices:
        if each.id != spec.id and (each.gateway, each.unit, each.interface) == place:
            found = bridge.map_of(each.id)
            if found is not None and found.interface_stride:
                yield each


def carrier(bridge: Bridge, spec: DeviceSpec, command: str) -> DeviceSpec:
    """The device at the address of ``spec`` that a command reaches; ``spec`` itself when none knows it."""
    return next((each.spec for each in available_commands(bridge, spec) if each.row.name == command), spec)


def is_station(bridge: Bridge, spec: DeviceSpec) -> bool:
    compiled = bridge.map_of(spec.id)
    return compiled is not None and STATION in compiled.quantities


def lock_of(bridge: Bridge, spec: DeviceSpec) -> str:
    """Code of why nothing may be written to it now."""
    compiled = bridge.map_of(spec.id)
    if compiled is None:
        return "model_unknown"
    try:
        permit_for(spec, spec.unit, compiled.trust, bridge.clock.now_ts(), demo=bridge.demo)
    except WattkeeperError as error:
        return error.code
    return ""
