"""What must hold for an installation as a whole, whoever edited it (SYS-1, SYS-4, SYS-10, SYS-12)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence

from runtime.core.installation import DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.errors import Fault

MOST_GROUPS = 5
NEVER_A_LOAD = 9999  # 29999 stands for all electrical loads on the Modbus server

Places = Mapping[tuple[str, int], str]
Tell = Callable[..., None]  # (kind, id, key, message, hint)
Spec = GatewaySpec | DeviceSpec | LoadSpec | GroupSpec


def check(
    whole: Installation,
    models: Collection[str],
    schemes: Collection[str],
    file: str,
    places: Places,
    faults: list[Fault],
) -> None:
    """Append every fault found. ``places`` says where in the file an object stands, for the messages."""

    def tell(kind: str, id: int, key: str, message: str, hint: str = "") -> None:
        faults.append(Fault(file, f"{places.get((kind, id), f'{kind} {id}')}.{key}", message, hint))

    for gateway in whole.gateways:
        scheme = gateway.url.partition("://")[0]
        if scheme not in schemes:
            hint = "a URL starts with one of: " + ", ".join(f"{known}://" for known in sorted(schemes))
            tell("gateway", gateway.id, "url", f"{gateway.url!r} has no known scheme", hint)
    for load in whole.loads:
        if load.id == NEVER_A_LOAD:
            tell("load", load.id, "id", f"{NEVER_A_LOAD} is never given to a load")
    for device in whole.devices:
        _check_device(device, whole, models, tell)
    _check_addresses(whole, tell)
    _check_names("gateway", whole.gateways, tell)
    _check_names("device", whole.devices, tell)
    _check_names("load", whole.loads, tell)
    _check_names("group", whole.groups, tell)


def _check_device(device: DeviceSpec, whole: Installation, models: Collection[str], tell: Tell) -> None:
    if device.model not in models:
        close = difflib.get_close_matches(device.model, list(models), 1)
        hint = f"did you mean {close[0]!r}?" if close else "'wattkeeper models' lists them"
        tell("device", device.id, "model", f"there is no model {device.model!r}", hint)
    if whole.gateway(device.gateway) is None:
        tell("device", device.id, "gateway", f"there is no gateway {device.gateway}")
    if device.load and all(load.id != device.load for load in whole.loads):
        tell("device", device.id, "load", f"there is no load {device.load}")
    if len(device.groups) > MOST_GROUPS:
        tell("device", device.id, "groups", f"{len(device.groups)} groups, {MOST_GROUPS} at most")
    for group in device.groups:
        if all(known.id != group for known in whole.groups):
            tell("device", device.id, "groups", f"there is no group {group}")


def _check_addresses(whole: Installation, tell: Tell) -> None:
    taken: dict[tuple[int, int], DeviceSpec] = {}
    for device in whole.devices:
        other = taken.setdefault((device.gateway, device.unit), device)
        if other is not device:
            message = f"address {device.unit} is taken by {other.name!r} on the same gateway"
            tell("device", device.id, "unit", message, "each device on a bus has an address of its own")


def _check_names(kind: str, listed: Sequence[Spec], tell: Tell) -> None:
    first: dict[str, int] = {}
    for spec in listed:
        if spec.name in first:
            tell(kind, spec.id, "name", f"{spec.name!r} is taken by {kind} {first[spec.name]}", "names are unique")
        first.setdefault(spec.name, spec.id)
