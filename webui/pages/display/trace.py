"""The bus monitor: what goes over one bus, as it goes."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text.wording import label_parts
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class TracePage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/gateways/<id:int>/trace", self.show)

    @needs(("panel_board", "see"), ("system_configuration", "see"))
    def show(self, id: int) -> str:
        view = self._bridge.gateway(id)
        if view is None:
            raise not_found("gateway")
        devices = self._bridge.installation().devices_of(id)
        shown = [device for spec in devices if (device := self._bridge.device(spec.id)) is not None]
        quantities = dict.fromkeys(quantity for device in shown for quantity in device.quantities)
        return self._shell.page(
            "trace.html",
            gateway=view,
            devices=devices,
            labels={quantity: label_parts(QUANTITIES[quantity].label) for quantity in quantities},
            states=dict.fromkeys(state for quantity in quantities for state in QUANTITIES[quantity].states),
        )
