"""Remote IDs: the numbers by which one server reads the energy of a device, load or group of another (LINK-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.core.site.installation import Installation

ENERGY_UNIT = 247
DEVICES, LOADS, GROUPS, ALL = 10_000, 20_000, 30_000, 29_999
KINDS = {DEVICES: "device", LOADS: "load", GROUPS: "group"}


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """What a Remote ID stands for. ``kind`` is "device", "load", "group", or "all" without a number."""

    remote_id: int
    kind: str
    id: int
    name: str


def remote_objects(site: Installation, electric: frozenset[int]) -> Iterator[RemoteObject]:
    """All that a master may ask for. ``electric``: devices that count energy."""
    yield RemoteObject(ALL, "all", 0, "")
    for device in site.devices:
        if device.id in electric:
            yield RemoteObject(DEVICES + device.id, "device", device.id, device.name)
    for load in site.loads:
        yield RemoteObject(LOADS + load.id, "load", load.id, load.name)
    for group in site.groups:
        yield RemoteObject(GROUPS + group.id, "group", group.id, group.name)
