"""What must hold for a device by its catalogue number, and which devices may share an address."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.labels import CatalogueEntry, Entries
from runtime.core.map.side import SIDES
from runtime.core.modbus.wireaddress import wire_unit
from runtime.core.resource.resource import Report
from runtime.core.site.installation import DeviceSpec


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where devices of a model stand.

    interface_stride, side_stride  as in DeviceMap
    shares  the functions that it takes at an address of several
    beside  models of what it may stand beside, each with registers of its own
    """

    interface_stride: int = 0
    side_stride: int = 0
    shares: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


_PLAIN = Addressing()
Kinds = Mapping[str, Addressing]  # by model


def check_entry(device: DeviceSpec, entries: Entries, report: Report) -> None:
    """What the catalogue number asks the installer for, and what it has no use for."""
    entry = entries.get(device.number)
    if entry is None:
        message = f"there is no catalogue number {device.number!r}"
        close = difflib.get_close_matches(device.number, list(entries), 1)
        report("device", device.id, "number", "number_unknown", message, f"did you mean {close[0]!r}?" if close else "")
        return
    if device.model and device.model != entry.map:
        message = f"{entry.number} is read as {entry.map}, not as {device.model}"
        report("device", device.id, "model", "model_other", message)
    _check_position(device, entry, entries, report)
    _check_asked(device, entry, report)


def _check_position(device: DeviceSpec, entry: CatalogueEntry, entries: Entries, report: Report) -> None:
    if "position" not in entry.parameters:
        if device.position:
            message = f"{entry.number} hangs on no concentrator"
            report("device", device.id, "position", "position_unasked", message, "leave it out")
        return
    carrier = entries.get(str(device.parameters.get("concentrator", "")))
    most = carrier.inputs if carrier and carrier.inputs else entry.most or 99
    if not 1 <= device.position <= most:
        message = f"{entry.number} needs its input on {carrier.number if carrier else 'the concentrator'}, 1 to {most}"
        report("device", device.id, "position", "position_missing", message)


def _check_asked(device: DeviceSpec, entry: CatalogueEntry, report: Report) -> None:
    asked = entry.parameters
    if "side" in asked and device.side not in SIDES:
        choose = f"{entry.number} has two sides: choose one"
        report("device", device.id, "side", "side_missing", choose, "left or right")
    elif device.side and "side" not in asked:
        report("device", device.id, "side", "side_unasked", f"{entry.number} has one side", "leave it out")
    if "phase" in asked and device.phase not in (1, 2, 3):
        report("device", device.id, "phase", "phase_missing", f"{entry.number} is single-phase: choose its phase")
    elif device.phase and entry.phases == 3:
        report("device", device.id, "phase", "phase_unasked", f"{entry.number} is on all phases", "leave it out")


def check_addresses(devices: Sequence[DeviceSpec], kinds: Kinds, report: Report) -> None:
    """Each device has an address of its own; those of different functions behind an EMS interface may share one."""
    taken: dict[tuple[object, ...], list[DeviceSpec]] = {}
    for device in devices:
        kind = kinds.get(device.model, _PLAIN)
        place = _address(device, kind, report)
        for other in taken.setdefault(place, []):
            if _clash(device, other, kinds, report):
                break
        taken[place].append(device)


def _address(device: DeviceSpec, kind: Addressing, report: Report) -> tuple[object, ...]:
    """What no other device may have: sides with addresses of their own are told apart by these alone."""
    side = device.side if kind.side_stride or kind is _PLAIN else ""
    try:
        unit: object = wire_unit(device.unit, device.interface, kind.interface_stride)
    except ValueError as why:
        unit = (device.unit, device.interface)
        if kind is not _PLAIN:
            report("device", device.id, "interface", "interface_range", f"{device.address}: {why}")
    return device.gateway, unit, device.position, side


def _stand_together(device: DeviceSpec, other: DeviceSpec, kinds: Kinds) -> bool:
    """Whether both are read at one address: parts of one machine, or the same part at registers of its own."""
    own, theirs = (kinds.get(each.model, _PLAIN).beside for each in (device, other))
    together = other.model in own or device.model in theirs
    return together and (device.model, device.parameters) != (other.model, other.parameters)


def _clash(device: DeviceSpec, other: DeviceSpec, kinds: Kinds, report: Report) -> bool:
    if _stand_together(device, other, kinds):
        return False
    own, theirs = (kinds.get(each.model, _PLAIN).shares for each in (device, other))
    doubled = [function for function in own if function in theirs]
    if own and theirs and not doubled:
        return False
    if doubled:
        message = f"{other.name!r} does the {doubled[0]} at address {device.address} already"
        report("device", device.id, "unit", "function_doubled", message, "modules of one address do different things")
        return True
    message = f"address {device.address} is taken by {other.name!r} on the same gateway"
    own_side = kinds.get(device.model, _PLAIN).side_stride or device.model not in kinds
    field = "position" if device.position else "side" if device.side and own_side else "unit"
    hint, facts = "each device on a bus has an address of its own", (("address", device.address), ("name", other.name))
    report("device", device.id, field, "address_taken", message, hint, facts)
    return True


def addressing_of(maps: Mapping[str, DeviceModel], entries: Entries) -> dict[str, Addressing]:
    """What each map and the catalogue say of where a device may stand."""
    shares = {entry.map: entry.shares for entry in entries.values()}
    return {
        model: Addressing(found.interface_stride, found.side_stride, shares.get(model, ()), found.beside)
        for model, found in maps.items()
    }
