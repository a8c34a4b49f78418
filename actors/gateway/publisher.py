"""What a gateway shows: a view of itself and one of each of its devices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from runtime.core.device.livedevice import LiveDevice
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BUS_VIEWS, DEVICE_VIEWS, GATEWAY_VIEWS, DeviceView, GatewayView, Trouble
from runtime.viewboard import ViewKey, Views


class Publisher:
    """Makes ``gateway.ID`` and ``device.ID``.

    publish  pins a view to the board; views: the board itself
    """

    def __init__(
        self,
        spec: GatewaySpec,
        devices: Iterable[DeviceSpec],
        publish: Callable[[ViewKey[Any], Any], None],
        views: Views,
    ) -> None:
        self._publish = publish
        self._views = views
        self._spec = spec
        self._devices = tuple(device.id for device in devices)

    def device(self, device: LiveDevice) -> None:
        self._publish(DEVICE_VIEWS.of(device.spec.id), device.view())

    def unread(self, spec: DeviceSpec, state: str, trouble: Trouble | None) -> None:
        """A device that is not polled."""
        view = DeviceView(
            spec.id, spec.name, spec.gateway, state, trouble=trouble, model=spec.model, address=spec.address
        )
        self._publish(DEVICE_VIEWS.of(spec.id), view)

    def gateway(self, link: Trouble | None) -> None:
        """``link`` is why nothing can be reached, None when it can."""
        spec = self._spec
        state = "off" if not spec.on else "on" if link is None else "communication_error"
        bus = self._views.get(BUS_VIEWS.of(spec.id))
        round_s = 0.0 if bus is None else bus.round_s
        view = GatewayView(spec.id, spec.name, spec.url, state, self._devices, round_s, link)
        self._publish(GATEWAY_VIEWS.of(spec.id), view)
