"""What a gateway shows beside its live devices: a view of itself, and of the devices that it does not read."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BusView, DeviceView, GatewayView, Trouble


def gateway_view(
    spec: GatewaySpec, devices: Sequence[DeviceSpec], link: Trouble | None, bus: BusView | None
) -> GatewayView:
    """``link`` is why nothing can be reached, None when it can; ``bus`` the view of its bus, if there is one."""
    state = "off" if not spec.on else "on" if link is None else "communication_error"
    round_s = 0.0 if bus is None else bus.round_s
    ids = tuple(device.id for device in devices)
    return GatewayView(spec.id, spec.name, spec.url, state, ids, round_s, link)


def unread_view(spec: DeviceSpec, trouble: Trouble | None) -> DeviceView:
    """A device that is not polled: switched off, or configured so that it cannot be."""
    state = "configuration_error" if trouble else "off"
    return DeviceView(spec.id, spec.name, spec.gateway, state, trouble=trouble, model=spec.model, address=spec.address)
