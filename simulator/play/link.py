"""Links between EMS modules: what happens at one makes another act by itself; their interface tells of them."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.device.device import Device
from simulator.device.panel import CONTROLLED, TRIPPED, Value
from simulator.scenario.plan import DevicePlan, LinkPlan

RIGHT, BROKEN = 1, 2
MEASURE, STATE, COMMAND = 1, 2, 3
_DOES = {"open": 1, "close": 2}


def links(plan: DevicePlan, devices: Mapping[str, Device], plans: Mapping[str, DevicePlan]) -> None:
    """Set up what an interface tells and what its modules do."""
    interface = devices[plan.name]
    for number, link in enumerate(plan.links, 1):
        shown: dict[str, Value] = {"state": RIGHT if link.event and link.action else BROKEN, "action": _DOES[link.does]}
        for end, name in (("event", link.event), ("action", link.action)):
            if name:
                shown[f"{end}_unit"] = plans[name].unit
                shown[f"{end}_function"] = _function(devices[name])
        for what, value in shown.items():
            interface.happen(f"link_{number}_{what}", value, 0)
        if link.event and link.action:
            _join(devices[link.event], devices[link.action], link)


def _join(event: Device, action: Device, link: LinkPlan) -> None:
    def follow(quantity: str, value: Value, at_ms: int) -> None:
        if quantity != "breaker_state" or value != TRIPPED:
            return
        for controlled in CONTROLLED:
            if action.panel is not None and controlled in action.panel:
                action.happen(controlled, int(link.does == "close"), at_ms)

    event.on_happening.append(follow)


def _function(device: Device) -> int:
    if device.map.commands:
        return COMMAND
    return MEASURE if device.meter is not None else STATE
