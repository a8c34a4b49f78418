"""Links between EMS modules as their interfaces tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from webui.model.bridge import Bridge

MOST = 30
NONE, RIGHT, BROKEN = range(3)


@dataclass(frozen=True, slots=True)
class End:
    """One module of a link. ``device`` None = nobody has configured it here; ``function`` measure, state or command."""

    unit: int
    function: str
    gateway: GatewaySpec | None
    device: DeviceSpec | None


@dataclass(frozen=True, slots=True)
class Link:
    """``action`` is what the second module does, "" = not told; ``is_broken``: so says the interface."""

    interface: DeviceSpec
    event: End
    end: End
    action: str
    is_broken: bool


def links(bridge: Bridge) -> Iterator[Link]:
    """All that are told now, in the order of the devices."""
    for spec in bridge.installation().devices:
        compiled = bridge.map_of(spec.id)
        if compiled is not None and "link_1_state" in compiled.quantities:
            yield from _links_of(bridge, spec)


def linked_devices(bridge: Bridge) -> set[int]:
    """Ids of the devices that take part in a link."""
    ends = (end for link in links(bridge) for end in (link.event, link.end))
    return {end.device.id for end in ends if end.device is not None}


def _links_of(bridge: Bridge, spec: DeviceSpec) -> Iterator[Link]:
    view = bridge.view_of(spec)
    told = dict(zip(view.quantities, view.values_n, strict=True))
    for number in range(1, MOST + 1):
        if told.get(f"link_{number}_state") not in (RIGHT, BROKEN):
            continue
        ends = [_end(bridge, spec, told, f"link_{number}_{which}") for which in ("event", "action")]
        yield Link(spec, ends[0], ends[1], _name(told, f"link_{number}_action"), told[f"link_{number}_state"] == BROKEN)


def _end(bridge: Bridge, spec: DeviceSpec, told: dict[str, int | str | None], stem: str) -> End:
    unit, function = told.get(f"{stem}_unit"), _name(told, f"{stem}_function")
    unit = unit if isinstance(unit, int) else 0
    found = [
        each
        for each in bridge.installation().devices_of(spec.gateway)
        if each.unit == unit and each.interface == spec.interface and function in _functions(bridge, each)
    ]
    return End(unit, function, bridge.installation().gateway(spec.gateway), found[0] if found else None)


def _functions(bridge: Bridge, spec: DeviceSpec) -> set[str]:
    compiled = bridge.map_of(spec.id)
    if compiled is None:
        return set()
    functions = {"command"} if compiled.commands else set()
    if any(id.startswith(("breaker_", "contactor_", "input_")) for id in compiled.quantities):
        functions.add("state")
    if any(QUANTITIES[id].kind == "counter" for id in compiled.quantities):
        functions.add("measure")
    return functions


def _name(told: dict[str, int | str | None], quantity: str) -> str:
    n, states = told.get(quantity), QUANTITIES[quantity].states
    return states[n] if isinstance(n, int) and 0 < n < len(states) else ""
